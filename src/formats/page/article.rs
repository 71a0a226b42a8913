//! The marked article, drawn: lines, underlines in lanes, tags beneath, quotes with their speakers in the margin.

use std::collections::BTreeMap;
use std::ops::Range;

use super::drawing::{Area, Drawing, Ink};
use super::faces::Face;
use super::lines::{Line, Setting, cut};
use super::marks::{Mark, Paragraph, Shape, has_line};
use super::svg::{GUTTER, LEFT, MARGIN, MEASURE};
use super::view::View;
use crate::model::lanes::assign_lanes;
use crate::model::{Part, colors::Shades};
use crate::text::Span;

const LANE: f32 = 4.0;
const TAG: f32 = 9.5;
const TAG_PITCH: f32 = 11.0;
const NAME: f32 = 10.5;
const NAME_PITCH: f32 = 13.0;
/// Free space inside the box of a trigger.
const BOX: f32 = 3.0;

/// A mark in one line.
struct Placed<'a> {
    mark: &'a Mark,
    shades: Shades,
    places: Vec<(f32, f32)>,
    begins: bool,
}

impl Placed<'_> {
    fn left(&self) -> f32 {
        self.places.first().map_or(0.0, |(left, _)| *left)
    }

    fn right(&self) -> f32 {
        self.places.iter().map(|(_, right)| *right).fold(self.left(), f32::max)
    }
}

/// A tag under a line.
struct Tag<'a> {
    placed: &'a Placed<'a>,
    words: String,
    x: f32,
    row: usize,
}

/// The bar of a quote beside its lines.
struct Bar<'a> {
    mark: &'a Mark,
    lane: usize,
    rows: Range<usize>,
    /// The speaker, in lines; none where the quote goes on.
    names: Vec<String>,
}

/// Draws all paragraphs from `top` on; gives where they end.
pub fn draw(drawing: &mut Drawing, view: &View<'_>, ink: &Ink, top: f32) -> f32 {
    view.paragraphs.iter().fold(top, |y, paragraph| draw_paragraph(drawing, view, ink, paragraph, y))
}

fn draw_paragraph(drawing: &mut Drawing, view: &View<'_>, ink: &Ink, paragraph: &Paragraph, top: f32) -> f32 {
    let (face, size, after) = match paragraph.shape {
        Shape::Headline => (Face::Headline, 27.0, 14.0),
        Shape::Small => (Face::Text, 15.0, 8.0),
        Shape::Body => (Face::Text, 18.0, 10.0),
    };
    let words = view.document.text().slice(paragraph.span);
    let base = paragraph.span.start.to_usize();
    let range = |mark: &Mark| mark.span.start.to_usize() - base..mark.span.end.to_usize() - base;
    let triggers: Vec<Range<usize>> = paragraph.marks.iter().filter(|m| m.part == Part::Trigger).map(range).collect();
    let setting = Setting::with_boxes(words, face, size, &triggers, BOX);
    let mut cuts: Vec<usize> = paragraph.marks.iter().map(range).flat_map(|range| [range.start, range.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let lines = setting.lines(MEASURE);
    let bars = bars(&lines, paragraph, range);
    let by_line = by_line(&lines, paragraph, range);
    // All lines of a paragraph with tags have room for one row of them, so that it reads evenly.
    let least = if paragraph.marks.iter().any(|m| !m.tag.is_empty()) { size + 23.0 } else { size * 1.6 };
    let mut y = top;
    let mut baselines = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let marks = by_line.get(row).into_iter().flatten().filter_map(|i| paragraph.marks.get(*i));
        let placed: Vec<Placed<'_>> = marks
            .map(|mark| {
                let Range { start, end } = range(mark);
                let here = start.max(line.range.start)..end.min(line.range.end);
                let begins = mark.is_first && start >= line.range.start;
                let shades = view.shades(mark.style, ink.is_dark);
                Placed { mark, shades, places: setting.places(line, here), begins }
            })
            .collect();
        let tags = tags(&placed);
        let lanes = placed.iter().filter(|p| has_line(p.mark.part)).map(|p| p.mark.lane + 1).max().unwrap_or_default();
        let rows = tags.iter().map(|tag| tag.row + 1).max().unwrap_or_default();
        let baseline = y + size * 1.02;
        let under = baseline + 5.0 + LANE * lanes as f32;
        let needed = size * 1.02 + 5.0 + LANE * lanes as f32 + TAG_PITCH * rows as f32 + 3.0;
        for p in &placed {
            let is_main = p.begins && !matches!(p.mark.part, Part::Cue | Part::Argument);
            drawing.open(if is_main { &p.mark.anchor } else { "" }, &p.mark.told);
            draw_mark(drawing, p, baseline, size);
            drawing.close();
        }
        drawing.set(&setting, line, (LEFT, baseline), ink.text, &cuts);
        drawing.out.push('\n');
        for tag in &tags {
            let y = under + TAG_PITCH * tag.row as f32 + 6.5;
            let color = tag.placed.shades.ink.to_string();
            drawing.words(LEFT + tag.x, y, (Face::Strong, TAG), &tag.words, &color);
        }
        let mut names = 0;
        for bar in bars.iter().filter(|bar| bar.rows.start == row) {
            let color = view.shades(bar.mark.style, ink.is_dark).ink.to_string();
            for name in &bar.names {
                let at = bar_left(&bars, bars.iter().map(|b| b.lane).max().unwrap_or_default()) - 8.0;
                let at = at - Face::Strong.width(NAME, name);
                drawing.words(
                    at,
                    baseline - size * 0.16 + NAME_PITCH * names as f32,
                    (Face::Strong, NAME),
                    name,
                    &color,
                );
                names += 1;
            }
        }
        drawing.out.push('\n');
        baselines.push(baseline);
        y += needed.max(least).max(NAME_PITCH * names as f32 + 6.0);
    }
    for bar in &bars {
        let color = view.shades(bar.mark.style, ink.is_dark).line.to_string();
        let (first, last) = (baselines.get(bar.rows.start), baselines.get(bar.rows.end.saturating_sub(1)));
        if let (Some(first), Some(last)) = (first, last) {
            let x = bar_left(&bars, bar.lane);
            drawing.line((x, first - size * 0.86), (x, last + size * 0.28), 2.5, &color, "");
        }
    }
    drawing.out.push('\n');
    y + after
}

/// Where the bars of a lane stand; many share the room of a few.
fn bar_left(bars: &[Bar<'_>], lane: usize) -> f32 {
    let deepest = bars.iter().map(|bar| bar.lane).max().unwrap_or_default();
    LEFT - 11.0 - lane as f32 * (30.0 / deepest.max(1) as f32).min(5.0)
}

/// Which marks are seen in each line.
fn by_line(lines: &[Line], paragraph: &Paragraph, range: impl Fn(&Mark) -> Range<usize>) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new(); lines.len()];
    for (i, mark) in paragraph.marks.iter().enumerate() {
        for row in rows_of(lines, &range(mark)) {
            if let Some(of_line) = found.get_mut(row) {
                of_line.push(i);
            }
        }
    }
    found
}

/// The lines in which a range is seen, at least one. What covers nothing belongs to the line that goes on there.
fn rows_of(lines: &[Line], range: &Range<usize>) -> Range<usize> {
    let last = lines.len().saturating_sub(1);
    let first = lines.partition_point(|line| line.range.end <= range.start).min(last);
    let end = lines.partition_point(|line| line.range.start < range.end);
    first..end.max(first + 1).min(lines.len())
}

/// The bars of quotes. One quote has one bar in a paragraph, over all its parts.
fn bars<'a>(lines: &[Line], paragraph: &'a Paragraph, range: impl Fn(&Mark) -> Range<usize>) -> Vec<Bar<'a>> {
    let mut found: BTreeMap<usize, (&Mark, Range<usize>)> = BTreeMap::new();
    for mark in paragraph.marks.iter().filter(|m| m.part == Part::Content) {
        let rows = rows_of(lines, &range(mark));
        let (first, all) = found.entry(mark.owner).or_insert_with(|| (mark, rows.clone()));
        *all = all.start.min(rows.start)..all.end.max(rows.end);
        if mark.span.start < first.span.start {
            *first = mark;
        }
    }
    let spans: Vec<Span> = found.values().map(|(_, rows)| Span::of(rows.start as u32, rows.end as u32)).collect();
    let lanes = assign_lanes(&spans);
    let deepest = lanes.iter().copied().max().unwrap_or_default();
    let room = GUTTER - 22.0 - 5.0 * deepest.min(6) as f32;
    let bar = |((mark, rows), lane): ((&'a Mark, Range<usize>), usize)| {
        let names = if mark.is_first { names(&mark.tag, room) } else { Vec::new() };
        Bar { mark, lane, rows, names }
    };
    let mut bars: Vec<Bar<'_>> = found.into_values().zip(lanes).map(bar).collect();
    bars.sort_by_key(|bar| (bar.mark.span.start, bar.mark.owner));
    bars
}

/// A name in at most two lines.
fn names(name: &str, room: f32) -> Vec<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let setting = Setting::new(&name, Face::Strong, NAME);
    let lines = setting.lines(room);
    let first = lines.first().map_or(name.len(), |line| line.range.end);
    let (first, rest) = (name.get(..first).unwrap_or_default(), name.get(first..).unwrap_or_default());
    [first.trim_end().to_owned(), cut(rest, Face::Strong, NAME, room)].into_iter().filter(|n| !n.is_empty()).collect()
}

/// Tags stand under where their marks begin; where that is taken, in the next row. Equal ones become one.
fn tags<'a>(placed: &'a [Placed<'a>]) -> Vec<Tag<'a>> {
    let mut wanted: Vec<(&Placed<'_>, usize)> = Vec::new();
    for p in placed.iter().filter(|p| p.begins && !p.mark.tag.is_empty() && p.mark.part != Part::Content) {
        let is_same = |(other, _): &&mut (&Placed<'_>, usize)| {
            other.mark.tag == p.mark.tag && other.mark.style == p.mark.style && (other.left() - p.left()).abs() < 0.05
        };
        match wanted.iter_mut().find(is_same) {
            Some((_, count)) => *count += 1,
            None => wanted.push((p, 1)),
        }
    }
    wanted.sort_by(|(a, _), (b, _)| a.left().total_cmp(&b.left()));
    let mut free: Vec<f32> = Vec::new();
    let mut tags = Vec::new();
    for (placed, count) in wanted {
        let words = if count > 1 { format!("{} ×{count}", placed.mark.tag) } else { placed.mark.tag.clone() };
        let words = cut(&words, Face::Strong, TAG, MEASURE);
        let width = Face::Strong.width(TAG, &words);
        let x = placed.left().min(MEASURE + MARGIN * 0.6 - width).max(0.0);
        // It may move a little to the right, as long as it still begins under its mark.
        let slack = (placed.right() - x - 8.0).clamp(0.0, 24.0);
        let row = free.iter().position(|free| *free <= x + slack).unwrap_or(free.len());
        if row == free.len() {
            free.push(f32::NEG_INFINITY);
        }
        if let Some(free) = free.get_mut(row) {
            let x = x.max(*free);
            *free = x + width + 6.0;
            tags.push(Tag { placed, words, x, row });
        }
    }
    tags
}

fn draw_mark(drawing: &mut Drawing, placed: &Placed<'_>, baseline: f32, size: f32) {
    let Placed { mark, shades, places, .. } = placed;
    let (fill, strong, line) = (shades.fill.to_string(), shades.fill_strong.to_string(), shades.line.to_string());
    let (above, below) = (baseline - size * 0.86, baseline + size * 0.28);
    let boxed = |left: f32, right: f32, pad: f32| Area {
        x: LEFT + left - pad,
        y: above,
        width: right - left + 2.0 * pad,
        height: below - above,
    };
    let y = baseline + 6.5 + LANE * mark.lane as f32;
    for (left, right) in places.iter().copied() {
        if right - left < 0.05 {
            drawing.line((LEFT + left, above), (LEFT + left, below), 1.5, &line, "");
            continue;
        }
        let ends = ((LEFT + left, y), (LEFT + right, y));
        match mark.part {
            Part::Content => drawing.area(boxed(left, right, 1.5), 2.0, &fill, ""),
            Part::Trigger => drawing.area(boxed(left, right, 0.0), 4.0, &strong, &line),
            Part::Mention => {
                drawing.area(boxed(left, right, 0.0), 2.0, &fill, "");
                drawing.line(ends.0, ends.1, 2.0, &line, "");
            }
            Part::Cue => drawing.line(ends.0, ends.1, 1.75, &line, "1.75 2"),
            Part::Argument => drawing.line(ends.0, ends.1, 1.75, &line, "5 3"),
        }
    }
}
