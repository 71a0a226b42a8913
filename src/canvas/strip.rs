//! The strip in the scroll bar: where annotations stand, what is wrong, and where hits of a search are.
//!
//! A bar is a few hundred rows high, and each stands for a part of the article. What stands in each is looked up in
//! lists that are in the order of the text, so the strip costs its rows and not what the article holds; and it is made
//! anew only when something has changed, a frame after a change of the document, whose own frame has enough to do: hundreds
//! of rows in a list of a million cost as much as all the rest of it.

use egui::{Color32, Painter, Rect, pos2};

use super::chunks::Chunk;
use super::heights::Heights;
use super::outlines::Found;
use crate::model::{PlaceList, Problem, Severity};
use crate::text::{BytePos, Span};
use crate::theme::Theme;

/// How high a row is, in points.
const ROW: f32 = 2.0;
/// So many rows beside the pointer count as under it.
const NEAR: usize = 2;
/// Of so many problems of one row the worst is looked for.
const LOOKED_AT: usize = 64;

/// What the strip shows, each in the order of the text.
#[derive(Clone, Copy)]
pub struct Density<'a> {
    /// Where mentions, events and quotes begin.
    pub annotations: &'a PlaceList,
    /// What is wrong; what has no place comes last.
    pub problems: &'a [Problem],
}

/// What one row stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Row {
    /// Where its part of the article begins.
    start: BytePos,
    annotations: usize,
    /// The worst of them.
    problem: Option<Severity>,
    is_hit: bool,
}

/// What rows depend on.
#[derive(Clone, Debug, Default, PartialEq)]
struct Key {
    revision: u64,
    counts: [usize; 3],
    found: u64,
    rows: usize,
    range: (f64, f64),
}

impl Key {
    /// Whether rows begin where they did. Heights are corrected while the reader scrolls; that moves no row by much.
    fn has_rows_of(&self, other: &Self) -> bool {
        let is_near = |a: f64, b: f64| (a - b).abs() < 0.5 * self.range.1 / self.rows as f64;
        self.rows == other.rows && is_near(other.range.0, self.range.0) && is_near(other.range.1, self.range.1)
    }
}

/// The rows, as made last.
#[derive(Clone, Debug, Default)]
pub struct Strip {
    key: Key,
    rows: Vec<Row>,
    /// Of the document, in the last frame.
    revision: u64,
}

/// Where the article is on the bar.
#[derive(Clone, Copy)]
pub struct Scale<'a> {
    /// The pieces of the article.
    pub chunks: &'a [Chunk],
    /// How high they are.
    pub heights: &'a Heights,
    /// The bar on the screen.
    pub area: Rect,
    /// Which place of the article its upper end is, and how far it reaches.
    pub range: (f64, f64),
}

impl Scale<'_> {
    /// What of the text is at a distance from the top of the article.
    fn position(&self, top: f64) -> BytePos {
        if top <= 0.0 {
            return BytePos(0);
        }
        let (index, offset) = self.heights.find(top);
        let Some(chunk) = self.chunks.get(index) else { return BytePos(0) };
        let share = (offset / self.heights.get(index).max(1.0)).clamp(0.0, 1.0);
        chunk.span.start.plus((share * f64::from(chunk.span.len())) as usize)
    }

    /// Where the parts of all rows begin, and where the last one ends.
    fn edges(&self, rows: usize) -> Vec<BytePos> {
        let (first, all) = self.range;
        let mut edges: Vec<BytePos> =
            (0..rows).map(|row| self.position(first + all * row as f64 / rows as f64)).collect();
        edges.push(BytePos(u32::MAX));
        edges
    }
}

impl Strip {
    /// Makes the rows anew if anything has changed that they show; for a document that has changed since the last frame,
    /// only the next time. Gives whether there must be a next time.
    pub fn refresh(
        &mut self,
        scale: &Scale<'_>,
        density: &Density<'_>,
        found: Option<&Found<'_>>,
        revision: u64,
    ) -> bool {
        let hits = found.map_or(&[][..], |found| found.spans);
        let rows = (scale.area.height() / ROW).floor().max(1.0) as usize;
        let key = Key {
            revision,
            counts: [density.annotations.len(), density.problems.len(), hits.len()],
            found: found.map_or(0, |found| found.number),
            rows,
            range: scale.range,
        };
        let old = &self.key;
        let begins_same = key.has_rows_of(old) && !self.rows.is_empty();
        let is_same_search = (old.counts[2], old.found) == (key.counts[2], key.found);
        if begins_same && is_same_search && (old.revision, old.counts) == (revision, key.counts) {
            return false;
        }
        let is_in_change = std::mem::replace(&mut self.revision, revision) != revision;
        if begins_same && is_same_search && is_in_change {
            return true;
        }
        self.key = key;
        let edges = scale.edges(rows);
        let (mut next, mut problems, mut hits) = (0, density.problems, hits);
        self.rows = edges
            .windows(2)
            .map(|edge| {
                let (start, end) = (edge[0], edge[1]);
                let first = next;
                next = density.annotations.count_before(end);
                let here;
                (here, problems) = problems.split_at(problems.partition_point(|problem| is_before(problem, end)));
                let problem = here.iter().map(|problem| problem.severity).take(LOOKED_AT).max();
                let here;
                (here, hits) = hits.split_at(hits.partition_point(|hit| hit.start < end));
                Row { start, annotations: next.saturating_sub(first), problem, is_hit: !here.is_empty() }
            })
            .collect();
        false
    }

    /// Where a click on the bar goes: what is marked there, a problem before a hit before an annotation. Nothing where
    /// nothing is marked.
    pub fn place_at(&self, area: Rect, y: f32, density: &Density<'_>, found: Option<&Found<'_>>) -> Option<Span> {
        let at = ((y - area.min.y) / ROW).max(0.0) as usize;
        let hits = found.map_or(&[][..], |found| found.spans);
        // From the row under the pointer outwards.
        let mut near = (0..=NEAR).flat_map(|by| [at.checked_sub(by), at.checked_add(by)]).flatten();
        let marked = |index: usize| {
            let row = self.rows.get(index)?;
            let end = self.rows.get(index + 1).map_or(BytePos(u32::MAX), |next| next.start);
            let problem = problems_in(density.problems, row.start, end).iter().take(LOOKED_AT);
            let problem = problem.max_by_key(|problem| problem.severity).and_then(|problem| problem.place.span);
            let hit = || hits_in(hits, row.start, end).first().copied();
            let annotation = || density.annotations.place(density.annotations.count_before(row.start));
            let annotation = || annotation().filter(|at| *at < end).map(Span::empty);
            problem.or_else(hit).or_else(annotation)
        };
        near.find_map(marked)
    }

    /// Draws the rows: annotations on the left, problems on the right, hits across.
    pub fn draw(&self, painter: &Painter, area: Rect, theme: &Theme) {
        for (i, row) in self.rows.iter().enumerate() {
            let top = area.min.y + i as f32 * ROW;
            let fill = |from: f32, to: f32, color: Color32| {
                painter.rect_filled(Rect::from_min_max(pos2(from, top), pos2(to, top + ROW)), 0.0, color);
            };
            if row.annotations > 0 {
                // Twice as many are a step darker.
                let strength = 0.3 + 0.1 * row.annotations.ilog2().min(6) as f32;
                fill(area.min.x, area.min.x + 2.5, theme.muted.gamma_multiply(strength));
            }
            if row.is_hit {
                fill(area.min.x + 1.0, area.max.x - 1.0, theme.rubric);
            }
            if let Some(severity) = row.problem {
                let color = if severity == Severity::Error { theme.error } else { theme.warning };
                fill(area.max.x - 3.0, area.max.x, color);
            }
        }
    }
}

/// Those that begin in a part of the text.
fn hits_in(hits: &[Span], start: BytePos, end: BytePos) -> &[Span] {
    let first = hits.partition_point(|hit| hit.start < start);
    let last = first + hits.get(first..).unwrap_or_default().partition_point(|hit| hit.start < end);
    hits.get(first..last).unwrap_or_default()
}

fn is_before(problem: &Problem, pos: BytePos) -> bool {
    problem.place.span.is_some_and(|span| span.start < pos)
}

/// Those that begin in a part of the text.
fn problems_in(problems: &[Problem], start: BytePos, end: BytePos) -> &[Problem] {
    let first = problems.partition_point(|problem| is_before(problem, start));
    let last = first + problems.get(first..).unwrap_or_default().partition_point(|problem| is_before(problem, end));
    problems.get(first..last).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::chunks::{Setting, chunks};
    use crate::model::{Id, Place};
    use crate::text::Text;
    use egui::{Color32, vec2};
    use proptest::prelude::*;

    fn text(lines: usize) -> Text {
        Text::new("Nothing happened.\n".repeat(lines)).expect("short")
    }

    fn annotations(at: &[u32]) -> PlaceList {
        PlaceList::of(at.iter().map(|at| (BytePos(*at), Id::new(format!("m{at}")))).collect())
    }

    fn problem(at: u32, severity: Severity) -> Problem {
        let place = Place { span: Some(Span::of(at, at + 1)), ..Place::default() };
        Problem { severity, place, ..Problem::warning("some-code", "wrong", "") }
    }

    /// A strip over lines of twenty points, on a bar so many points high.
    fn strip(text: &Text, height: f32, density: &Density<'_>, hits: &[Span]) -> (Strip, Rect) {
        let chunks = chunks(text, "");
        let heights = |c: &Chunk| if c.setting == Setting::Empty { 10.0 } else { 20.0 };
        let heights = Heights::new(chunks.iter().map(heights).collect());
        let area = Rect::from_min_size(pos2(5.0, 7.0), vec2(10.0, height));
        let range = (-20.0, heights.total() + 120.0);
        let scale = Scale { chunks: &chunks, heights: &heights, area, range };
        let mut strip = Strip::default();
        let found = Found { spans: hits, number: 1, current: None };
        strip.refresh(&scale, density, Some(&found), 1);
        (strip, area)
    }

    #[test]
    fn a_click_goes_to_what_is_marked_there_and_the_worst_first() {
        let text = text(1000);
        let (annotations, problems) =
            (annotations(&[180]), [problem(9000, Severity::Warning), problem(9001, Severity::Error)]);
        let density = Density { annotations: &annotations, problems: &problems };
        let hits = [Span::of(9000, 9007), Span::of(17_000, 17_004)];
        let (strip, area) = strip(&text, 400.0, &density, &hits);
        let found = Found { spans: &hits, number: 1, current: None };
        let place = |y| strip.place_at(area, y, &density, Some(&found));
        let y_of = |at: u32| {
            let row = strip.rows.iter().rposition(|row| row.start <= BytePos(at)).expect("every place has a row");
            area.min.y + (row as f32 + 0.5) * ROW
        };
        assert_eq!(place(y_of(180)), Some(Span::of(180, 180)));
        assert_eq!(place(y_of(9000)), Some(Span::of(9001, 9002)));
        assert_eq!(place(y_of(17_000)), Some(hits[1]));
        assert_eq!(place(y_of(17_000) + ROW * NEAR as f32), Some(hits[1]), "the hand is not exact");
        assert_eq!(place(y_of(4000)), None);
        assert_eq!([place(-100.0), place(1e9)], [Some(Span::of(180, 180)), None]);
        assert!(strip.rows.iter().any(|row| row.problem == Some(Severity::Error)));
    }

    #[test]
    fn it_is_made_anew_only_when_something_has_changed() {
        let text = text(100);
        let chunks = chunks(&text, "");
        let heights = Heights::new(vec![20.0; chunks.len()]);
        let area = Rect::from_min_size(pos2(0.0, 0.0), vec2(10.0, 100.0));
        let range = (0.0, heights.total());
        let mut strip = Strip::default();
        let (few, more) = (annotations(&[0]), annotations(&[5]));
        let mut made = |annotations: &PlaceList, revision, range| {
            let scale = Scale { chunks: &chunks, heights: &heights, area, range };
            let is_to_come = strip.refresh(&scale, &Density { annotations, problems: &[] }, None, revision);
            (strip.rows.clone(), is_to_come)
        };
        let first = made(&few, 1, range);
        assert_eq!(made(&more, 1, (range.0, range.1 + 1.0)), first, "by half a row at most");
        let other = annotations(&[900]);
        assert_eq!(made(&other, 2, range), (first.0.clone(), true), "not in the frame of the change");
        let second = made(&other, 2, range);
        assert!(second.0 != first.0 && !second.1);
        assert!(!made(&few, 3, (range.0, range.1 * 2.0)).1, "a bar of other rows is made at once");
    }

    #[test]
    fn what_is_drawn_lies_on_the_bar() {
        let text = text(50);
        let annotations = annotations(&[0, 1, 800]);
        let problems = [problem(400, Severity::Error)];
        let density = Density { annotations: &annotations, problems: &problems };
        let (strip, area) = strip(&text, 90.0, &density, &[Span::of(0, 2)]);
        let ctx = egui::Context::default();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| strip.draw(ui.painter(), area, Theme::of(false)));
        output.textures_delta.clear();
        let rects = output.shapes.iter().filter_map(|shape| match &shape.shape {
            egui::Shape::Rect(rect) => Some((rect.rect, rect.fill)),
            _ => None,
        });
        let rects: Vec<(Rect, Color32)> = rects.collect();
        assert_eq!(rects.len(), 4, "two rows with annotations, a hit and a problem: {rects:?}");
        assert!(rects.iter().all(|(rect, _)| area.contains_rect(*rect)));
        assert!(rects.iter().any(|(_, fill)| *fill == Theme::of(false).error));
    }

    proptest! {
        /// Everything stands in exactly one row, the one that its place belongs to.
        #[test]
        fn nothing_is_left_out_and_nothing_counted_twice(
            mut at in prop::collection::vec(0u32..900, 0..40), lines in 1usize..60, height in 1f32..300.0,
        ) {
            let text = text(lines);
            at.retain(|at| *at < text.end().0);
            at.sort_unstable();
            at.dedup();
            let annotations = annotations(&at);
            let problems: Vec<Problem> = at.iter().map(|at| problem(*at, Severity::Warning)).collect();
            let hits: Vec<Span> = at.iter().map(|at| Span::of(*at, at + 1)).collect();
            let (strip, _) = strip(&text, height, &Density { annotations: &annotations, problems: &problems }, &hits);
            prop_assert_eq!(strip.rows.iter().map(|row| row.annotations).sum::<usize>(), at.len());
            prop_assert!(strip.rows.is_sorted_by_key(|row| row.start));
            for (i, row) in strip.rows.iter().enumerate() {
                let end = strip.rows.get(i + 1).map_or(u32::MAX, |next| next.start.0);
                let here = at.iter().filter(|at| (row.start.0..end).contains(at)).count();
                prop_assert_eq!((row.annotations, row.is_hit, row.problem.is_some()), (here, here > 0, here > 0));
            }
        }
    }
}
