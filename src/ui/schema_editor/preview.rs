//! What the selected label will look like: the label bar, and an example as the reader draws it.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, CornerRadius, Frame, Margin, RichText, Sense, Stroke, StrokeKind, Ui, vec2};

use super::Page;
use crate::app::schema_editor::entry::Entry;
use crate::model::Kind;
use crate::theme::{LabelColors, reading, semibold, size, space};
use crate::ui::widgets::{LabelChip, named, told};

/// The article's text in the preview, in points.
const TEXT: f32 = 16.0;

/// Draws the label bar as it will be.
pub fn bar_ui(ui: &mut Ui, page: &Page<'_>) {
    let mentions = page.schema.mentions.iter().map(|m| (Kind::Mention, m.label.as_str()));
    let events = page.schema.events.iter().map(|e| (Kind::Event, e.r#type.as_str()));
    let (kind, name) = selected(page);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 5.0);
        for (of, label) in mentions.chain(events) {
            let chip = LabelChip {
                text: label,
                colors: page.palette.of(of, label),
                key: page.look.keys.key_of(of, label).map(|key| key.to_string()),
                is_active: kind == Some(of) && name == label,
                is_filled: of == Kind::Event,
            };
            let response = chip.ui(ui);
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(format!("Preview of {label}")));
        }
    });
}

fn selected<'p>(page: &'p Page<'_>) -> (Option<Kind>, &'p str) {
    let entry = page.editor.selected();
    let kind = match entry {
        Entry::Mention(_) => Some(Kind::Mention),
        Entry::Event(_) => Some(Kind::Event),
        Entry::Quotes | Entry::QuoteKind(_) => Some(Kind::Quote),
        Entry::Relation(_) => Some(Kind::Relation),
        _ => None,
    };
    (kind, entry.name())
}

/// Draws the first example of the selected label, with the label in it.
pub fn example_ui(ui: &mut Ui, page: &Page<'_>) {
    let (Some(kind), name) = selected(page) else {
        ui.label(RichText::new("Select a label to see it in a sentence").color(page.theme.muted));
        return;
    };
    let schema = page.schema;
    let kinds = || schema.quotes.iter().flat_map(|q| &q.kinds);
    let examples = match page.editor.selected() {
        Entry::Mention(label) => schema.mention(label).map(|m| &m.examples),
        Entry::Event(label) => schema.event(label).map(|e| &e.examples),
        Entry::Quotes => schema.quotes.as_ref().map(|q| &q.examples),
        Entry::QuoteKind(kind) => kinds().find(|k| k.kind == *kind).map(|k| &k.examples),
        Entry::Relation(label) => schema.relation(label).map(|r| &r.examples),
        _ => None,
    };
    // What a quote is tagged with in the reader is its kind.
    let name = match page.editor.selected() {
        Entry::Quotes => kinds().next().map_or(name, |kind| kind.kind.as_str()),
        _ => name,
    };
    let given = examples.into_iter().flatten().find(|example| !example.trim().is_empty());
    let example = given.map_or("The words [that carry the label] stand in brackets.", String::as_str);
    let frame = Frame::NONE.fill(page.theme.paper).stroke(page.theme.hairline()).corner_radius(5);
    frame.inner_margin(Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        sentence_ui(ui, page, kind, name, example);
    });
    if given.is_none() {
        ui.label(RichText::new("There is no example yet").size(size::SMALL).color(page.theme.muted));
    }
}

/// The parts of an example, with whether they stand in brackets.
fn parts(example: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = example;
    while let Some(open) = rest.find('[') {
        let (before, after) = rest.split_at(open);
        let after = after.get(1..).unwrap_or_default();
        let Some(close) = after.find(']') else { break };
        let (inside, following) = after.split_at(close);
        parts.extend([(before, false), (inside, true)]);
        rest = following.get(1..).unwrap_or_default();
    }
    parts.push((rest, false));
    parts.retain(|(text, _)| !text.is_empty());
    parts
}

fn sentence_ui(ui: &mut Ui, page: &Page<'_>, kind: Kind, label: &str, example: &str) {
    let theme = page.theme;
    let colors: LabelColors = page.palette.of(kind, label);
    let shown = told(example);
    let format = || TextFormat {
        font_id: reading(TEXT),
        color: theme.ink,
        line_height: Some(TEXT * 2.1),
        ..TextFormat::default()
    };
    let mut job = LayoutJob::default();
    let mut marked = Vec::new();
    let mut at = 0;
    for (text, is_marked) in parts(&shown) {
        let length = text.chars().count();
        if is_marked {
            marked.push((at, at + length));
        }
        at += length;
        job.append(text, 0.0, format());
    }
    job.wrap.max_width = ui.available_width();
    let galley = ui.painter().layout_job(job);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(0.0, 4.0), Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, format!("Example of {}: {shown}", named(label)))
    });
    let origin = rect.min;
    // A tag for each, where there is room for it.
    let mut free_from = egui::pos2(f32::NEG_INFINITY, f32::NEG_INFINITY);
    for (nth, (from, to)) in marked.into_iter().enumerate() {
        let pieces: Vec<egui::Rect> =
            pieces(&galley, from, to).into_iter().map(|piece| piece.translate(origin.to_vec2())).collect();
        for piece in &pieces {
            // As the reader draws them: a fill with a line below, a bordered chip, a band.
            match kind {
                Kind::Event => {
                    ui.painter().rect(
                        piece.expand2(vec2(2.0, 1.0)),
                        CornerRadius::same(3),
                        colors.fill,
                        Stroke::new(1.5, colors.line),
                        StrokeKind::Inside,
                    );
                }
                Kind::Quote => {
                    ui.painter().rect_filled(piece.expand2(vec2(1.0, 5.0)), CornerRadius::ZERO, colors.fill);
                }
                _ => {
                    ui.painter().rect_filled(*piece, CornerRadius::same(2), colors.fill);
                    ui.painter().hline(piece.x_range(), piece.bottom() + 1.0, Stroke::new(2.0, colors.line));
                }
            }
        }
        let Some(first) = pieces.first().filter(|_| nth == 0 || kind != Kind::Quote) else { continue };
        if first.top() > free_from.y + 1.0 || first.left() >= free_from.x {
            let right = tag(ui, kind, label, colors, first.left_top(), theme.paper);
            free_from = egui::pos2(right + 4.0, first.top());
        }
    }
    ui.painter().galley(origin, galley, theme.ink);
}

/// Where characters from `from` to before `to` stand, row by row.
fn pieces(galley: &egui::Galley, from: usize, to: usize) -> Vec<egui::Rect> {
    let mut pieces: Vec<egui::Rect> = Vec::new();
    for at in from..to {
        // Where a row is broken, a letter stands at the beginning of the next one.
        let start =
            galley.pos_from_cursor(egui::text::CCursor { prefer_next_row: true, ..egui::text::CCursor::new(at) });
        let end = galley.pos_from_cursor(egui::text::CCursor::new(at + 1));
        let middle = start.center().y;
        // The words, without what is above and below them in a high row.
        let right = if end.top() > start.top() { start.left() } else { end.left() };
        let cell = egui::Rect::from_min_max(
            egui::pos2(start.left(), middle - TEXT * 0.62),
            egui::pos2(right, middle + TEXT * 0.72),
        );
        match pieces.last_mut().filter(|last| (last.top() - cell.top()).abs() < 1.0) {
            Some(last) => *last = last.union(cell),
            None => pieces.push(cell),
        }
    }
    pieces
}

/// Draws the label's tag above its words; answers where it ends.
fn tag(ui: &Ui, kind: Kind, label: &str, colors: LabelColors, at: egui::Pos2, paper: Color32) -> f32 {
    let is_pill = kind == Kind::Event;
    let color = if is_pill { colors.on_chip } else { colors.ink };
    let text = ui.painter().layout_no_wrap(named(label).into_owned(), semibold(size::TAG), color);
    let padding = if is_pill { vec2(4.0, 1.0) } else { vec2(1.0, 0.0) };
    let place =
        egui::Rect::from_min_size(at - vec2(0.0, text.size().y + 2.0 * padding.y + 1.0), text.size() + 2.0 * padding);
    let fill = if is_pill { colors.chip } else { paper };
    ui.painter().rect_filled(place, CornerRadius::same(3), fill);
    ui.painter().galley(place.min + padding, text, color);
    place.right()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_mark_what_carries_the_label() {
        assert_eq!(
            parts("She met [the mayor] in [Paris]."),
            [("She met ", false), ("the mayor", true), (" in ", false), ("Paris", true), (".", false)]
        );
        assert_eq!(parts("no [end"), [("no [end", false)]);
        assert_eq!(parts(""), []);
    }
}
