//! Draws what lies over the page: caret, outline and handles of the selected annotation, links, hints.

use egui::epaint::CubicBezierShape;
use egui::{Color32, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::hit::{self, Handle, fill_rect, row_of};
use super::marks::plain;
use super::page::{Page, TAG_HEIGHT};
use super::paint::Drawing;
use super::{Link, Placed, TextSelection, chunks::Setting};
use crate::model::{Id, Part};
use crate::text::{BytePos, Span};
use crate::theme::{self, size};

/// Height of the letters' badge.
const HINT_HEIGHT: f32 = 15.0;

/// Where an end of a link is.
enum End {
    /// On the screen.
    Here(Rect),
    /// Above the view.
    Above,
    /// Below the view.
    Below,
}

/// Draws over what [`Drawing::chunks`] has drawn.
pub struct Overlay<'a> {
    /// Colours and geometry.
    pub drawing: &'a Drawing<'a>,
    /// What is on the screen.
    pub placed: &'a [Placed],
}

/// Where the caret is, if its chunk is on the screen.
pub fn caret_rect(page: &Page, placed: &[Placed], head: BytePos) -> Option<Rect> {
    let chunk = placed.iter().rfind(|p| p.span.start <= head)?;
    // Behind the last chunk on the screen there may be others.
    if head > chunk.span.end && head.0 > chunk.span.end.0 + 2 {
        return None;
    }
    let (row, x) = chunk.layout.caret(head.min(chunk.span.end).0.saturating_sub(chunk.span.start.0));
    let (metrics, baseline) = row_of(page, chunk, row);
    // An empty line is half a row high; its caret stands in the middle of that.
    let baseline =
        if chunk.setting == Setting::Empty { chunk.top + chunk.height / 2.0 + 0.3 * metrics.size } else { baseline };
    let x = (page.column.min + x).round();
    let top = baseline + metrics.fill_top - 1.0;
    Some(Rect::from_min_max(pos2(x - 1.0, top), pos2(x + 1.0, baseline + metrics.fill_bottom + 1.0)))
}

impl Overlay<'_> {
    /// Draws all of it.
    pub fn draw(&self, selection: &TextSelection, has_focus: bool, resizing: Option<(&Handle, Span)>) {
        let d = self.drawing;
        if let Some(id) = d.input.selected {
            self.outline(id, resizing.is_some());
        }
        if let Some((handle, span)) = resizing {
            self.preview(handle, span);
        }
        self.found();
        self.outlines();
        // All lines first: no arc crosses a label.
        let labels: Vec<(Pos2, String)> = d.input.links.iter().filter_map(|link| self.link(link)).collect();
        let mut taken = Vec::new();
        for (at, label) in &labels {
            self.pill(*at, label, &mut taken);
        }
        if has_focus && let Some(rect) = caret_rect(d.page, self.placed, selection.head) {
            d.painter.rect_filled(rect, 1.0, d.theme.accent);
        }
        self.hints();
    }

    fn outline(&self, id: &Id, is_resizing: bool) {
        let d = self.drawing;
        let mut grip_color = d.theme.accent;
        let mut bands: Vec<(usize, Rect)> = Vec::new();
        for chunk in self.placed {
            for fragment in chunk.marks.fragments.iter().filter(|f| &f.id == id && f.part != Part::Argument) {
                let colors = d.colors(fragment);
                grip_color = colors.chip;
                if fragment.part == Part::Content {
                    bands.push((fragment.index, d.band_rect(chunk, fragment)));
                    continue;
                }
                let rect = fill_rect(d.page, chunk, fragment).expand(0.5);
                let width = if fragment.part == Part::Cue { 1.0 } else { 1.5 };
                d.painter.rect_stroke(rect, 4.0, Stroke::new(width, colors.chip), StrokeKind::Middle);
            }
        }
        for part in bands.chunk_by(|a, b| a.0 == b.0 && (a.1.max.y - b.1.min.y).abs() < 2.0) {
            let rows: Vec<Rect> = part.iter().map(|(_, rect)| *rect).collect();
            self.block(&rows, Stroke::new(1.5, grip_color));
        }
        if is_resizing {
            return;
        }
        for handle in hit::handles(d.page, self.placed, id) {
            self.grip(handle.pos, grip_color);
        }
    }

    /// One outline around rows that stand under each other.
    fn block(&self, rows: &[Rect], stroke: Stroke) {
        let is_one = rows.windows(2).all(|pair| pair[0].min.x < pair[1].max.x && pair[1].min.x < pair[0].max.x);
        if !is_one {
            for rect in rows {
                self.drawing.painter.rect_stroke(*rect, 3.0, stroke, StrokeKind::Middle);
            }
            return;
        }
        let right = rows.iter().flat_map(|r| [r.right_top(), r.right_bottom()]);
        let left = rows.iter().rev().flat_map(|r| [r.left_bottom(), r.left_top()]);
        let mut points: Vec<Pos2> = right.chain(left).collect();
        points.dedup_by(|a, b| a.distance(*b) < 0.5);
        self.drawing.painter.add(Shape::closed_line(points, stroke));
    }

    fn grip(&self, pos: Pos2, color: Color32) {
        let d = self.drawing;
        d.painter.circle(pos, 3.75, d.theme.paper, Stroke::new(1.75, color));
    }

    /// The span as it will be when the handle is let go.
    fn preview(&self, handle: &Handle, span: Span) {
        let d = self.drawing;
        for chunk in self.placed {
            let Some(shown) = span.intersect(chunk.span) else {
                continue;
            };
            let bytes = shown.start.0 - chunk.span.start.0..shown.end.0 - chunk.span.start.0;
            for part in chunk.layout.byte_range_rects(bytes) {
                let (metrics, baseline) = row_of(d.page, chunk, part.row);
                let x = d.page.column.min;
                let rect = Rect::from_min_max(
                    pos2(x + part.left - 2.0, baseline + metrics.fill_top - 2.0),
                    pos2(x + part.right + 2.0, baseline + metrics.fill_bottom + 2.0),
                );
                d.painter.rect_stroke(rect, 4.0, Stroke::new(2.0, d.theme.accent), StrokeKind::Middle);
                if handle.is_start
                    && shown.start == span.start
                    && part.row == chunk.layout.row_of(shown.start.0 - chunk.span.start.0)
                {
                    self.grip(rect.left_top(), d.theme.accent);
                }
            }
        }
    }

    fn end(&self, id: &Id) -> Option<End> {
        let d = self.drawing;
        let view = d.page.view;
        for chunk in self.placed {
            let own = chunk
                .marks
                .fragments
                .iter()
                .filter(|f| &f.id == id && matches!(f.part, Part::Mention | Part::Trigger | Part::Content));
            let mut rects = own.map(|f| fill_rect(d.page, chunk, f));
            if let Some(rect) = rects.find(|r| view.y_range().contains(r.center().y)) {
                return Some(End::Here(rect));
            }
        }
        let start = d.input.document.spans_of(id).first()?.start;
        let first = self.placed.first()?.span.start;
        let middle = self.placed.get(self.placed.len() / 2).map_or(first, |p| p.span.start);
        Some(if start < middle { End::Above } else { End::Below })
    }

    /// Draws the line of a link; returns its label and where that goes.
    fn link(&self, link: &Link) -> Option<(Pos2, String)> {
        let view = self.drawing.page.view;
        let (from, to) = (self.end(&link.from)?, self.end(&link.to)?);
        let excerpt = |id: &Id| {
            let words: String = self.drawing.input.document.brief_of(id).chars().take(28).collect();
            format!("{}: {words}", link.label)
        };
        let (top, bottom) = (view.min.y + 5.0, view.max.y - 5.0);
        Some(match (from, to) {
            (End::Here(from), End::Here(to)) => (self.arc(from, to), link.label.clone()),
            (End::Here(from), End::Above) => (self.stub(from, top, false), excerpt(&link.to)),
            (End::Here(from), End::Below) => (self.stub(from, bottom, false), excerpt(&link.to)),
            (End::Above, End::Here(to)) => (self.stub(to, top, true), excerpt(&link.from)),
            (End::Below, End::Here(to)) => (self.stub(to, bottom, true), excerpt(&link.from)),
            _ => return None,
        })
    }

    /// An arc with an arrow at its end. Within a row it rises above the words; between rows it leaves one on
    /// the side of the other.
    fn arc(&self, from: Rect, to: Rect) -> Pos2 {
        let is_same_row = (from.center().y - to.center().y).abs() < from.height() * 0.6;
        let (start, end, bend_start, bend_end);
        if is_same_row {
            let distance = (from.center().x - to.center().x).abs();
            // No higher than the room between two rows.
            let rise = (8.0 + distance * 0.05).min(17.0);
            start = from.center_top();
            end = to.center_top() - vec2(0.0, 2.0);
            bend_start = vec2((end.x - start.x) * 0.15, -rise * 1.3);
            bend_end = vec2((start.x - end.x) * 0.15, -rise * 1.3);
        } else {
            let is_down = to.center().y > from.center().y;
            let sign = if is_down { 1.0 } else { -1.0 };
            start = if is_down { self.below(from) } else { from.center_top() };
            end = if is_down { to.center_top() } else { to.center_bottom() } - vec2(0.0, 2.0 * sign);
            let reach = ((end.y - start.y).abs() * 0.55).clamp(12.0, 120.0) * sign;
            bend_start = vec2(0.0, reach);
            bend_end = vec2(0.0, -reach);
        }
        let points = [start, start + bend_start, end + bend_end, end];
        self.curve(points);
        self.arrow(end, -bend_end);
        let curve = CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, Stroke::NONE);
        // Nearer to the filler, where the roles of one trigger have parted.
        curve.sample(0.68)
    }

    /// A line to the edge of the view, for what is beyond it.
    fn stub(&self, here: Rect, edge: f32, is_target: bool) -> Pos2 {
        let is_down = edge > here.center().y;
        let start = if is_down { self.below(here) } else { here.center_top() };
        let end = pos2(start.x + 14.0, edge);
        let bend = vec2(0.0, (end.y - start.y) * 0.4);
        self.curve([start, start + bend, end - bend, end]);
        if is_target {
            self.arrow(start, -bend);
        } else {
            self.arrow(end, bend);
        }
        let inwards = if is_down { -16.0 } else { 16.0 };
        pos2(end.x, edge + inwards)
    }

    /// Where a line leaves downwards: below the tag, so that it does not cross it.
    fn below(&self, rect: Rect) -> Pos2 {
        let tag = if self.drawing.page.key.show_tags { TAG_HEIGHT + 7.0 } else { 0.0 };
        rect.center_bottom() + vec2(0.0, tag)
    }

    fn curve(&self, points: [Pos2; 4]) {
        let d = self.drawing;
        // A halo of paper keeps the arc apart from the letters it crosses.
        for (width, color) in [(4.0, d.theme.paper.gamma_multiply(0.8)), (1.75, d.theme.accent)] {
            let stroke = Stroke::new(width, color);
            d.painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
        }
    }

    fn arrow(&self, tip: Pos2, direction: Vec2) {
        let d = self.drawing;
        let along = direction.normalized();
        let across = along.rot90();
        let back = tip - along * 6.5;
        let points = vec![tip + along, back + across * 3.5, back - across * 3.5];
        d.painter.add(Shape::convex_polygon(points, d.theme.accent, Stroke::NONE));
    }

    fn pill(&self, center: Pos2, label: &str, taken: &mut Vec<Rect>) {
        let d = self.drawing;
        let galley = plain(d.painter.ctx(), label, theme::semibold(size::TAG), 220.0);
        let size = galley.size() + vec2(10.0, 3.0);
        let room = d.page.view.shrink(2.0);
        let mut rect = Rect::from_center_size(center, size);
        rect = rect.translate(vec2((room.min.x - rect.min.x).max(0.0) - (rect.max.x - room.max.x).max(0.0), 0.0));
        // Away from the nearer edge, until it lies over no other; few links are drawn at once.
        let is_low = center.y > room.max.y - 40.0;
        for _ in 0..8 {
            let Some(other) = taken.iter().find(|other| other.expand(1.0).intersects(rect)) else {
                break;
            };
            let down = if is_low { other.min.y - 2.0 - rect.max.y } else { other.max.y + 2.0 - rect.min.y };
            rect = rect.translate(vec2(0.0, down));
        }
        taken.push(rect);
        d.painter.rect(rect, rect.height() / 2.0, d.theme.paper, Stroke::new(1.0, d.theme.accent), StrokeKind::Inside);
        d.painter.galley(rect.center() - galley.size() / 2.0, galley, d.theme.accent);
    }

    /// Where the letters of an annotation stand: their lower left corner, or the lower right one of those that grow to the
    /// left. Those of a quote stand on its bar in the gutter, so that they leave the place over the words to what is
    /// marked inside it.
    fn hint_corner(&self, id: &Id) -> Option<(Pos2, bool)> {
        let d = self.drawing;
        let is_seen = |rect: &Rect| d.page.view.y_range().contains(rect.min.y) && d.page.view.intersects(*rect);
        let on_bar = self.placed.iter().find_map(|chunk| {
            let bars = chunk.marks.bars.iter().filter(|bar| &bar.id == id && bar.starts);
            bars.map(|bar| hit::bar_rect(d.page, chunk, bar)).find(is_seen)
        });
        if let Some(bar) = on_bar {
            return Some((bar.right_top() + vec2(2.0, 3.0), true));
        }
        self.placed.iter().find_map(|chunk| {
            let own = chunk.marks.fragments.iter().filter(|f| &f.id == id && f.part != Part::Argument);
            let rect = own.map(|f| fill_rect(d.page, chunk, f)).find(|r| d.page.view.intersects(*r))?;
            Some((rect.left_top() + vec2(-3.0, 0.5), false))
        })
    }

    /// Letters above the beginning of each annotation that has some: in the gap between the rows, clear of the words.
    fn hints(&self) {
        let d = self.drawing;
        let mut taken: Vec<Rect> = Vec::new();
        for hint in d.input.hints {
            let Some((corner, is_leftwards)) = self.hint_corner(&hint.id) else {
                continue;
            };
            let typed: String = hint.keys.chars().take(hint.typed).collect();
            let rest: String = hint.keys.chars().skip(hint.typed).collect();
            let font = || theme::semibold(size::SMALL);
            let (typed, rest) = (
                plain(d.painter.ctx(), &typed, font(), f32::INFINITY),
                plain(d.painter.ctx(), &rest, font(), f32::INFINITY),
            );
            let width = typed.size().x + rest.size().x + 9.0;
            // Into the view, where the first row stands close to its upper edge.
            let top = (corner.y - HINT_HEIGHT).max(d.page.view.min.y + 1.0);
            let size = vec2(width.max(HINT_HEIGHT), HINT_HEIGHT);
            let left = if is_leftwards { corner.x - size.x } else { corner.x };
            let mut rect = Rect::from_min_size(pos2(left, top), size);
            // Several begin at the same word: side by side.
            while let Some(other) = taken.iter().find(|other| other.shrink(0.5).intersects(rect)) {
                let by = if is_leftwards { other.min.x - 2.0 - rect.max.x } else { other.max.x + 2.0 - rect.min.x };
                rect = rect.translate(vec2(by, 0.0));
            }
            taken.push(rect);
            d.painter.rect(rect, 4.0, d.theme.ink, Stroke::new(1.0, d.theme.paper), StrokeKind::Outside);
            let x = rect.center().x - f32::midpoint(typed.size().x, rest.size().x);
            let y = rect.center().y - rest.size().y.max(typed.size().y) / 2.0;
            let typed_width = typed.size().x;
            d.painter.galley(pos2(x, y), typed, d.theme.paper.gamma_multiply(0.5));
            d.painter.galley(pos2(x + typed_width, y), rest, d.theme.paper);
        }
    }
}
