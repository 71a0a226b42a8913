//! What is said about the article, drawn: where it is from, what the colours mean, and the cards.

use super::cards::{Card, Section, Value};
use super::drawing::{Area, Drawing, Ink};
use super::faces::Face;
use super::lines::{Setting, cut};
use super::svg::{LEFT, MARGIN, MEASURE, WIDTH};
use super::view::View;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::Kind;
use crate::model::colors::Shades;

const INNER: f32 = WIDTH - 2.0 * MARGIN;
const GAP: f32 = 16.0;
const COLUMN: f32 = (INNER - GAP) / 2.0;
const SMALL: f32 = 12.0;
const PADDING: f32 = 12.0;
/// Width of the names of a card's rows.
const NAMES: f32 = 92.0;

/// Title, unless the article has it, facts and legend, from `top` on; gives where they end.
pub fn head(drawing: &mut Drawing, view: &View<'_>, ink: &Ink, top: f32) -> f32 {
    let mut y = top;
    if !view.has_headline {
        let setting = Setting::new(&view.title, Face::Headline, 27.0);
        y = block(drawing, &setting, (LEFT, y), MEASURE, 36.0, ink.text) + 8.0;
    }
    let mut x = LEFT;
    for (name, value) in &view.facts {
        let named = Face::Label.width(SMALL, name) + 6.0;
        let width = named + Face::Label.width(SMALL, value);
        if x > LEFT && x + width > WIDTH - MARGIN {
            (x, y) = (LEFT, y + 18.0);
        }
        drawing.words(x, y + SMALL, (Face::Label, SMALL), name, ink.soft);
        let setting = Setting::new(value, Face::Label, SMALL);
        let bottom = block(drawing, &setting, (x + named, y), (WIDTH - MARGIN - x - named).max(120.0), 18.0, ink.text);
        if bottom > y + 18.5 {
            (x, y) = (LEFT, bottom);
        } else {
            x += width + 20.0;
        }
    }
    if !view.facts.is_empty() {
        y += if x > LEFT { 18.0 } else { 0.0 } + 8.0;
    }
    if !view.legend.is_empty() {
        drawing.line((MARGIN, y), (WIDTH - MARGIN, y), 1.0, ink.rule, "");
        y += 13.0;
    }
    for group in &view.legend {
        drawing.words(MARGIN, y + SMALL, (Face::Label, SMALL), group.name, ink.soft);
        let mut x = LEFT;
        for item in &group.items {
            let count = item.count.to_string();
            let label = cut(&item.label, Face::Strong, SMALL, MEASURE - 60.0);
            let width = Face::Strong.width(SMALL, &label) + 12.0;
            let whole = width + 5.0 + Face::Label.width(SMALL, &count);
            if x > LEFT && x + whole > WIDTH - MARGIN {
                (x, y) = (LEFT, y + 24.0);
            }
            chip(drawing, group.kind, &view.shades(item.style, ink.is_dark), &label, (x, y));
            drawing.words(x + width + 5.0, y + SMALL, (Face::Label, SMALL), &count, ink.soft);
            x += whole + 16.0;
        }
        y += 27.0;
    }
    y + 14.0
}

/// A label in its colours; gives its width.
fn chip(drawing: &mut Drawing, kind: Kind, shades: &Shades, label: &str, (x, y): (f32, f32)) -> f32 {
    let width = Face::Strong.width(SMALL, label) + 12.0;
    let (fill, line, ink) = (shades.fill.to_string(), shades.line.to_string(), shades.ink.to_string());
    let area = Area { x, y: y - 1.5, width, height: 18.0 };
    match kind {
        Kind::Event => drawing.area(area, 4.0, &shades.fill_strong.to_string(), &line),
        Kind::Quote => {
            drawing.area(area, 0.0, &fill, "");
            drawing.line((x, area.y), (x, area.y + area.height), 2.5, &line, "");
        }
        Kind::Relation => drawing.area(area, 4.0, "none", &line),
        Kind::Mention | Kind::Entity => {
            drawing.area(area, 2.0, &fill, "");
            let y = area.y + area.height;
            drawing.line((x, y), (x + width, y), 2.0, &line, "");
        }
    }
    drawing.words(x + 6.0, y + SMALL - 0.5, (Face::Strong, SMALL), label, &ink);
    width
}

/// Lines of words; gives where they end.
fn block(drawing: &mut Drawing, setting: &Setting<'_>, (x, y): (f32, f32), width: f32, pitch: f32, color: &str) -> f32 {
    let mut y = y;
    for line in setting.lines(width) {
        drawing.set(setting, &line, (x, y + setting.size), color, &[]);
        y += pitch;
    }
    y
}

/// A section in two columns, from `top` on; gives where it ends.
pub fn section(drawing: &mut Drawing, view: &View<'_>, ink: &Ink, section: &Section, top: f32) -> f32 {
    let kind = match section.title {
        "Events" => Kind::Event,
        "Quotes" => Kind::Quote,
        "Relations" => Kind::Relation,
        _ => Kind::Mention,
    };
    drawing.line((MARGIN, top), (WIDTH - MARGIN, top), 1.0, ink.rule, "");
    let y = top + 20.0;
    drawing.words(MARGIN, y + 15.0, (Face::Strong, 15.0), section.title, ink.text);
    let after = MARGIN + Face::Strong.width(15.0, section.title) + 8.0;
    drawing.words(after, y + 15.0, (Face::Label, 13.0), &section.cards.len().to_string(), ink.soft);
    drawing.out.push('\n');
    let mut columns = [y + 32.0; 2];
    for card in &section.cards {
        let which = usize::from(columns[1] < columns[0]);
        let x = MARGIN + (COLUMN + GAP) * which as f32;
        if let Some(y) = columns.get_mut(which) {
            *y = draw_card(drawing, view, ink, (card, kind, section.is_quoted), (x, *y)) + 12.0;
        }
    }
    columns[0].max(columns[1]) + 14.0
}

fn draw_card(
    drawing: &mut Drawing,
    view: &View<'_>,
    ink: &Ink,
    (card, kind, is_quoted): (&Card, Kind, bool),
    (x, top): (f32, f32),
) -> f32 {
    let shades = view.shades(card.style, ink.is_dark);
    let mut inner = Drawing { out: String::new(), is_for_own_fonts: drawing.is_for_own_fonts };
    let (left, width) = (x + PADDING + 3.0, COLUMN - 2.0 * PADDING - 3.0);
    let mut y = top + PADDING - 1.0;
    let taken = chip(&mut inner, kind, &shades, &cut(&card.tag, Face::Strong, SMALL, width - 12.0), (left, y)) + 9.0;
    let head = said(&Value { to: String::new(), ..card.head.clone() });
    let (face, size, pitch) = if is_quoted { (Face::Text, 14.0, 20.0) } else { (Face::Strong, 13.0, 18.0) };
    let setting = Setting::new(&head, face, size);
    let fits = !is_quoted && face.width(size, &head) <= width - taken && !head.contains('\n');
    let (at, room) = if fits { ((left + taken, y), width - taken) } else { ((left, y + 23.0), width) };
    let bottom = block(&mut inner, &setting, (at.0, at.1 - 0.5), room, pitch, ink.text);
    y = bottom.max(y + 20.0) + 3.0;
    for row in &card.rows {
        let values: Vec<String> = row.values.iter().map(said).collect();
        let values = values.join(" · ");
        let name = Setting::new(&row.name, Face::Label, SMALL);
        let value = Setting::new(&values, Face::Label, SMALL);
        let named = block(&mut inner, &name, (left, y), NAMES - 8.0, 16.5, ink.soft);
        y = block(&mut inner, &value, (left + NAMES, y), width - NAMES, 16.5, ink.text).max(named) + 1.5;
    }
    y += PADDING - 4.0;
    drawing.open(&card.anchor, &format!("{}: {head}", card.tag));
    drawing.area(Area { x, y: top, width: COLUMN, height: y - top }, 4.0, ink.panel, "");
    drawing.area(Area { x, y: top, width: 3.0, height: y - top }, 1.5, &shades.line.to_string(), "");
    drawing.out.push_str(&inner.out);
    drawing.close();
    y
}

fn said(value: &Value) -> String {
    // What stands elsewhere on the page in full need not be said in full.
    let words = if value.to.is_empty() { value.words.clone() } else { shortened(&value.words) };
    if value.more.is_empty() { words } else { format!("{words} ({})", value.more) }
}

fn shortened(words: &str) -> String {
    const MOST: usize = 84;
    let Some((most, _)) = words.grapheme_indices(true).nth(MOST) else { return words.to_owned() };
    let kept = words.get(..most).unwrap_or_default();
    let end = kept.rfind(char::is_whitespace).filter(|end| end * 2 > most).unwrap_or(most);
    format!("{}…", kept.get(..end).unwrap_or_default().trim_end())
}
