//! Draws what is proposed: dashes and no fill, so that it is never taken for what is marked.
//!
//! Knows nothing of who proposes and why: the caller hands over words, labels and names. A frame costs what is on the
//! screen.

use std::collections::HashSet;

use egui::accesskit::{Action, Role};
use egui::epaint::CubicBezierShape;
use egui::{Color32, Galley, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::access::add;
use super::hit::{CELL_ABOVE, row_of, tag_rect};
use super::marks::{plain, tag_words};
use super::page::Page;
use super::paint::Drawing;
use super::{Placed, Reader, ReaderEvent, ReaderInput, TextSelection};
use crate::model::{Kind, Part};
use crate::text::{BytePos, Span, Spans};
use crate::theme::{self, size};

/// Something proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    /// Comes back in [`ReaderEvent::PickGhost`].
    pub key: u64,
    /// A mention or a quote.
    pub kind: Kind,
    /// As what: decides the colour, and is shown in the tag.
    pub label: String,
    /// The words that would be marked; not empty.
    pub spans: Spans,
    /// The words that introduce a quote.
    pub cue: Spans,
    /// Who would have said it: words of the text, marked or not.
    pub speaker: Spans,
    /// Who would have said it, for the gutter.
    pub speaker_name: String,
    /// For screen readers: the label and the words.
    pub name: String,
}

impl Ghost {
    fn start(&self) -> BytePos {
        self.spans.first().map_or(BytePos(0), |span| span.start)
    }

    fn end(&self) -> BytePos {
        self.spans.last().map_or(BytePos(0), |span| span.end)
    }

    fn len(&self) -> u32 {
        self.spans.iter().map(|span| span.len()).sum()
    }
}

/// Everything that is proposed for a document, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ghosts {
    list: Vec<Ghost>,
    /// How far the ghosts up to each one reach, to find those that begin before the view and end in it.
    reach: Vec<BytePos>,
}

impl Ghosts {
    /// Puts them in order.
    pub fn new(mut list: Vec<Ghost>) -> Self {
        list.retain(|ghost| !ghost.spans.is_empty());
        list.sort_by_key(Ghost::start);
        let mut reach = Vec::with_capacity(list.len());
        let mut far = BytePos(0);
        for ghost in &list {
            far = far.max(ghost.end());
            reach.push(far);
        }
        Self { list, reach }
    }

    /// All of them.
    pub fn list(&self) -> &[Ghost] {
        &self.list
    }

    /// Takes out those with these keys.
    pub fn take_out(&mut self, keys: &HashSet<u64>) {
        // How far the others reach stays right: what begins nowhere only makes it look further.
        let mut is_kept = self.list.iter().map(|ghost| !keys.contains(&ghost.key)).collect::<Vec<bool>>().into_iter();
        self.reach.retain(|_| is_kept.next().unwrap_or(true));
        self.list.retain(|ghost| !keys.contains(&ghost.key));
    }

    /// Those that reach into `span`.
    fn within(&self, span: Span) -> impl Iterator<Item = &Ghost> {
        let first = self.reach.partition_point(|end| *end <= span.start);
        let last = self.list.partition_point(|ghost| ghost.start() < span.end);
        self.list.get(first..last).unwrap_or_default().iter().filter(move |ghost| ghost.end() > span.start)
    }
}

/// What is proposed, and which of it is being decided on.
#[derive(Clone, Copy)]
pub struct GhostLayer<'a> {
    /// Everything.
    pub all: &'a Ghosts,
    /// The one that is being decided on; need not be among them.
    pub current: Option<&'a Ghost>,
}

impl<'a> GhostLayer<'a> {
    /// Those on the screen, the current one last.
    fn visible(self, placed: &[Placed]) -> impl Iterator<Item = &'a Ghost> {
        let shown = match (placed.first(), placed.last()) {
            (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
            _ => Span::empty(BytePos(0)),
        };
        let current = self.current.map(|ghost| ghost.key);
        self.all.within(shown).filter(move |ghost| Some(ghost.key) != current).chain(self.current)
    }
}

/// What stands in one row of a span.
struct Piece<'a> {
    chunk: &'a Placed,
    row: usize,
    /// Behind the words.
    words: Rect,
    /// The whole height of the row.
    cell: Rect,
    /// Whether the span begins and ends here.
    ends: (bool, bool),
}

/// The rows of spans that are on the screen.
fn pieces<'a>(page: &Page, placed: &'a [Placed], spans: &[Span]) -> Vec<Piece<'a>> {
    let mut found = Vec::new();
    for chunk in placed {
        for span in spans {
            let Some(shown) = span.intersect(chunk.span) else { continue };
            let parts =
                chunk.layout.byte_range_rects(shown.start.0 - chunk.span.start.0..shown.end.0 - chunk.span.start.0);
            let last = parts.len().saturating_sub(1);
            for (i, part) in parts.iter().enumerate() {
                let (metrics, baseline) = row_of(page, chunk, part.row);
                let (left, right) = (page.column.min + part.left, page.column.min + part.right);
                let top = baseline + metrics.fill_top;
                let words =
                    Rect::from_min_max(pos2(left - 1.5, top), pos2(right + 1.5, baseline + metrics.fill_bottom));
                if words.max.y < page.view.min.y - metrics.pitch || words.min.y > page.view.max.y {
                    continue;
                }
                let cell = Rect::from_min_max(
                    pos2(left - 3.0, top - CELL_ABOVE),
                    pos2(right + 3.0, top - CELL_ABOVE + metrics.pitch),
                );
                let ends = (i == 0 && shown.start == span.start, i == last && shown.end == span.end);
                found.push(Piece { chunk, row: part.row, words, cell, ends });
            }
        }
    }
    found
}

/// Draws all of it. `has_tags`: whether labels stand under the words.
pub fn draw(drawing: &Drawing<'_>, placed: &[Placed], layer: GhostLayer<'_>, has_tags: bool) {
    let mut taken = taken_by_names(drawing, placed);
    for ghost in layer.visible(placed) {
        let is_current = layer.current.is_some_and(|current| current.key == ghost.key);
        let found = pieces(drawing.page, placed, &ghost.spans);
        let ghosts = Painting { drawing, ghost, is_current };
        match ghost.kind {
            Kind::Quote => {
                ghosts.quote(&found, &mut taken);
                ghosts.cue(&pieces(drawing.page, placed, &ghost.cue));
                if is_current {
                    let from = pieces(drawing.page, placed, &ghost.cue);
                    let from = if from.is_empty() { &found } else { &from };
                    ghosts.speaker(from, &pieces(drawing.page, placed, &ghost.speaker));
                }
            }
            _ => ghosts.mention(&found, has_tags, &mut taken),
        }
    }
}

/// Where the names of quotes stand in the gutter.
fn taken_by_names(drawing: &Drawing<'_>, placed: &[Placed]) -> Vec<Rect> {
    let bars = placed.iter().flat_map(|chunk| chunk.marks.bars.iter().map(move |bar| (chunk, bar)));
    let named = bars.filter(|(_, bar)| bar.starts);
    let name = |(chunk, bar): (&Placed, &super::marks::QuoteBar)| {
        let bar = super::hit::bar_rect(drawing.page, chunk, bar);
        Rect::from_min_size(pos2(drawing.page.gutter().min, bar.min.y), vec2(drawing.page.gutter().span(), 30.0))
    };
    named.map(name).collect()
}

struct Painting<'a> {
    drawing: &'a Drawing<'a>,
    ghost: &'a Ghost,
    is_current: bool,
}

impl Painting<'_> {
    fn colors(&self) -> theme::LabelColors {
        self.drawing.input.palette.of(self.ghost.kind, &self.ghost.label)
    }

    fn dashes(&self, points: &[Pos2], stroke: Stroke) {
        self.drawing.painter.extend(Shape::dashed_line(points, stroke, 4.0, 3.0));
    }

    fn stroke(&self) -> Stroke {
        let colors = self.colors();
        if self.is_current { Stroke::new(2.0, colors.chip) } else { Stroke::new(1.25, colors.line) }
    }

    /// An outline around the words, open where they go on in another row, with a tag under them.
    fn mention(&self, pieces: &[Piece<'_>], has_tags: bool, taken: &mut Vec<Rect>) {
        for piece in pieces {
            self.outline(piece.words, piece.ends, self.stroke());
        }
        let Some(first) = pieces.first().filter(|piece| piece.ends.0 && (has_tags || self.is_current)) else { return };
        let d = self.drawing;
        let tag = tag_words(d.painter.ctx(), &format!("{}?", self.ghost.label), d.page.tag_font());
        let marks = &first.chunk.marks;
        let left = first.words.min.x + 1.5 - d.page.column.min;
        let rect = tag_rect(d.page, first.chunk, first.row, left, tag.size().x, false);
        let tags = marks.tags_of(first.row).filter_map(|(tag, fragment)| {
            let is_pill = fragment.part == Part::Trigger;
            Some(tag_rect(d.page, first.chunk, first.row, tag.x?, tag.galley.size().x, is_pill))
        });
        let is_free = !tags.chain(taken.iter().copied()).any(|other| other.expand2(vec2(3.0, -1.0)).intersects(rect));
        if self.is_current {
            d.painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, d.theme.paper);
        } else if !is_free {
            return;
        }
        taken.push(rect);
        d.painter.galley(rect.center() - tag.size() / 2.0, tag, self.colors().ink);
    }

    fn outline(&self, rect: Rect, (starts, ends): (bool, bool), stroke: Stroke) {
        self.dashes(&[rect.left_top(), rect.right_top()], stroke);
        self.dashes(&[rect.left_bottom(), rect.right_bottom()], stroke);
        if starts {
            self.dashes(&[rect.left_top(), rect.left_bottom()], stroke);
        }
        if ends {
            self.dashes(&[rect.right_top(), rect.right_bottom()], stroke);
        }
    }

    /// Brackets at the ends of each part and a bar in the gutter; around the current one a line.
    fn quote(&self, pieces: &[Piece<'_>], taken: &mut Vec<Rect>) {
        let stroke = self.stroke();
        for piece in pieces.iter().filter(|_| !self.is_current) {
            let rect = piece.cell;
            let arm = (rect.width() * 0.5).min(25.0);
            if piece.ends.0 {
                let corner = rect.left_top() + vec2(-0.5, 0.5);
                self.corner(corner, arm, 1.0, stroke);
            }
            if piece.ends.1 {
                let corner = rect.right_bottom() + vec2(0.5, -0.5);
                self.corner(corner, arm, -1.0, stroke);
            }
        }
        if self.is_current {
            for block in pieces.chunk_by(|a, b| !a.ends.1 && !b.ends.0 && is_below(a.cell, b.cell)) {
                self.block(&block.iter().map(|piece| piece.cell).collect::<Vec<_>>(), stroke);
            }
        }
        self.gutter(pieces, stroke, taken);
    }

    /// Two dashed arms that meet; `sign` says whether they go right and down, or left and up.
    fn corner(&self, corner: Pos2, arm: f32, sign: f32, stroke: Stroke) {
        let stroke = Stroke { width: 1.5, ..stroke };
        self.dashes(&[corner, corner + vec2(arm * sign, 0.0)], stroke);
        self.dashes(&[corner, corner + vec2(0.0, 11.0 * sign)], stroke);
    }

    /// A bar in the gutter, with the name of whoever would have said it.
    fn gutter(&self, pieces: &[Piece<'_>], stroke: Stroke, taken: &mut Vec<Rect>) {
        let d = self.drawing;
        let x = d.page.gutter().max - 1.5;
        // Around the current one is a line already.
        let barred = if self.is_current { &[] } else { pieces };
        for block in barred.chunk_by(|a, b| a.cell.min.y == b.cell.min.y || is_below(a.cell, b.cell)) {
            let (Some(first), Some(last)) = (block.first(), block.last()) else { continue };
            self.dashes(&[pos2(x, first.cell.min.y), pos2(x, last.cell.max.y)], stroke);
        }
        let room = d.page.gutter().span() - 12.0;
        let Some(first) = pieces.first().filter(|_| room >= 48.0) else { return };
        let line = |words: &str, font| plain(d.painter.ctx(), words, font, room);
        let name = match self.ghost.speaker_name.as_str() {
            "" => line("Quote?", theme::medium(size::SMALL)),
            name => line(&format!("{name}?"), theme::medium(size::SMALL)),
        };
        let kind = line(&format!("{}?", self.ghost.label), d.page.tag_font());
        let top = first.cell.min.y + 2.0;
        let rect = Rect::from_min_max(pos2(x - 8.0 - name.size().x.max(kind.size().x), top), pos2(x - 8.0, top + 26.0));
        if !self.is_current && taken.iter().any(|other| other.intersects(rect)) {
            return;
        }
        taken.push(rect);
        if self.is_current {
            d.painter.rect_filled(rect.expand2(vec2(2.0, 1.0)), 2.0, d.theme.paper);
        }
        let color = if self.is_current { self.colors().ink } else { d.theme.muted };
        let put = |galley: std::sync::Arc<Galley>, top: f32, color: Color32| {
            d.painter.galley(pos2(rect.max.x - galley.size().x, top), galley, color);
        };
        put(name, top, color);
        put(kind, top + size::SMALL + 3.0, d.theme.muted);
    }

    /// One line around rows that stand under each other.
    fn block(&self, rows: &[Rect], stroke: Stroke) {
        let right = rows.iter().flat_map(|r| [r.right_top(), r.right_bottom()]);
        let left = rows.iter().rev().flat_map(|r| [r.left_bottom(), r.left_top()]);
        let mut points: Vec<Pos2> = right.chain(left).collect();
        points.dedup_by(|a, b| a.distance(*b) < 0.5);
        points.extend(points.first().copied());
        self.dashes(&points, stroke);
    }

    fn cue(&self, pieces: &[Piece<'_>]) {
        for piece in pieces {
            let y = piece.words.max.y + 2.0;
            let ends = [pos2(piece.words.min.x + 2.0, y), pos2(piece.words.max.x - 1.0, y)];
            let color = if self.is_current { self.colors().chip } else { self.colors().line };
            self.drawing.painter.extend(Shape::dotted_line(&ends, color, 3.6, 1.1));
        }
    }

    /// An outline around the words of the speaker, and a line to them.
    fn speaker(&self, from: &[Piece<'_>], pieces: &[Piece<'_>]) {
        let color = self.drawing.theme.accent;
        for piece in pieces {
            self.outline(piece.words.expand(1.5), piece.ends, Stroke::new(1.5, color));
        }
        let Some(to) = pieces.first().map(|piece| piece.words.expand(1.5)) else { return };
        let near = from.iter().map(|piece| piece.words).min_by(|a, b| {
            let distance = |r: &Rect| r.center().distance(to.center());
            distance(a).total_cmp(&distance(b))
        });
        let Some(from) = near else { return };
        let is_same_row = (from.center().y - to.center().y).abs() < from.height() * 0.6;
        let is_down = to.center().y > from.center().y;
        let (start, end, reach) = if is_same_row {
            (from.center_top(), to.center_top(), vec2(0.0, -9.0))
        } else if is_down {
            (from.center_bottom(), to.center_top(), vec2(0.0, (to.min.y - from.max.y).clamp(8.0, 90.0) * 0.6))
        } else {
            (from.center_top(), to.center_bottom(), vec2(0.0, -(from.min.y - to.max.y).clamp(8.0, 90.0) * 0.6))
        };
        let back = if is_same_row { reach } else { -reach };
        let points = [start, start + reach, end + back, end];
        let curve = CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, Stroke::NONE);
        self.drawing.painter.extend(Shape::dashed_line(&curve.flatten(Some(0.5)), Stroke::new(1.0, color), 3.0, 3.0));
    }
}

/// Whether `b` is the row under `a`, and they share some width.
fn is_below(a: Rect, b: Rect) -> bool {
    (a.max.y - b.min.y).abs() < 2.0 && a.min.x < b.max.x && b.min.x < a.max.x
}

/// The proposal under a point: its words, the shortest first.
pub fn at<'a>(page: &Page, placed: &[Placed], layer: GhostLayer<'a>, pos: Pos2) -> Option<&'a Ghost> {
    let hits = layer.visible(placed).filter(|ghost| {
        pieces(page, placed, &ghost.spans).iter().any(|piece| match ghost.kind {
            Kind::Quote => piece.cell.contains(pos),
            _ => piece.words.expand2(vec2(0.0, 1.0)).contains(pos),
        })
    });
    hits.min_by_key(|ghost| ghost.len())
}

/// Whether a click picks the proposal rather than the annotation whose words are so long.
pub fn wins(ghost: &Ghost, annotation: u32) -> bool {
    ghost.kind != Kind::Quote && ghost.len() <= annotation
}

/// A node for each proposal on the screen; a click on it makes it the current one.
pub fn nodes(ui: &mut Ui, input: &ReaderInput<'_>, page: &Page, placed: &[Placed], events: &mut Vec<ReaderEvent>) {
    let Some(layer) = input.ghosts else { return };
    if !ui.ctx().has_accesskit_node(Reader::id()) {
        return;
    }
    for ghost in layer.visible(placed) {
        let found = pieces(page, placed, &ghost.spans);
        let Some(piece) = found.iter().find(|piece| page.view.y_range().contains(piece.words.center().y)) else {
            continue;
        };
        let id = Reader::id().with(("suggestion", ghost.key));
        let is_current = layer.current.is_some_and(|current| current.key == ghost.key);
        add(ui, id, piece.words, Role::Mark, |node| {
            node.set_label(format!("Suggestion: {}", ghost.name));
            node.set_selected(is_current);
            node.add_action(Action::Click);
        });
        if ui.input(|i| i.has_accesskit_action_request(id, Action::Click)) {
            events.push(ReaderEvent::Select(TextSelection::caret(ghost.start())));
            events.push(ReaderEvent::PickGhost { key: ghost.key });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ghost(key: u64, start: u32, end: u32) -> Ghost {
        Ghost {
            key,
            kind: Kind::Mention,
            label: "Person".into(),
            spans: Spans::from_slice(&[Span::of(start, end)]),
            cue: Spans::new(),
            speaker: Spans::new(),
            speaker_name: String::new(),
            name: String::new(),
        }
    }

    #[test]
    fn those_in_view_are_found_also_when_they_begin_before_it() {
        let ghosts = Ghosts::new(vec![ghost(1, 50, 60), ghost(2, 0, 100), ghost(3, 10, 12), ghost(4, 90, 95)]);
        let within = |a, b| ghosts.within(Span::of(a, b)).map(|g| g.key).collect::<Vec<_>>();
        assert_eq!(within(20, 55), [2, 1]);
        assert_eq!(within(0, 11), [2, 3]);
        assert_eq!(within(95, 99), [2]);
        assert!(within(100, 200).is_empty());
    }
}
