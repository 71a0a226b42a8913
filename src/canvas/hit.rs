//! Which annotations lie under a point.

use egui::{Pos2, Rect, pos2, vec2};

use super::lanes::MAX_LANES;
use super::marks::{Fragment, PILL_PADDING};
use super::page::{Page, RowMetrics, TAG_HEIGHT, UNDERLINE};
use super::{Placed, chunks::Setting};
use crate::model::{Id, Part};

/// How far above its fills a row begins for the pointer; the row's underlines and tags belong to it.
pub const CELL_ABOVE: f32 = 3.0;
/// Radius in which a handle can be grasped.
const GRIP: f32 = 7.0;

/// Where on the screen the words of a fragment are.
pub fn fill_rect(page: &Page, placed: &Placed, fragment: &Fragment) -> Rect {
    let (metrics, baseline) = row_of(page, placed, fragment.row);
    // Outer fills reach out a little, so that nested ones can be told apart.
    let nested = fragment.nested.min(3) as f32;
    let out = if fragment.part == Part::Trigger { 2.0 } else { 1.0 } + nested;
    let left = page.column.min + fragment.left;
    let right = page.column.min + fragment.right;
    Rect::from_min_max(
        pos2(left - out, baseline + metrics.fill_top - nested * 1.5),
        pos2(right + out, baseline + metrics.fill_bottom + nested.min(1.0)),
    )
}

/// The metrics of a placed chunk's rows and the baseline of one of them on the screen.
pub fn row_of<'a>(page: &'a Page, placed: &Placed, row: usize) -> (&'a RowMetrics, f32) {
    let baseline = placed.layout.rows().get(row).map_or(0.0, |r| r.baseline);
    (page.metrics(placed.setting), placed.top + baseline)
}

/// Where on the screen a tag is, if it has a place.
pub fn tag_rect(page: &Page, placed: &Placed, row: usize, x: f32, width: f32, is_pill: bool) -> Rect {
    let (metrics, baseline) = row_of(page, placed, row);
    let deepest = placed.marks.rows.get(row).and_then(|r| r.deepest);
    let top = baseline + metrics.tag_top(deepest);
    let width = width + if is_pill { 2.0 * PILL_PADDING } else { 0.0 };
    Rect::from_min_size(pos2(page.column.min + x, top), vec2(width, TAG_HEIGHT))
}

/// Where on the screen the underline of a fragment is, if it has one.
pub fn lane_rect(page: &Page, placed: &Placed, fragment: &Fragment) -> Option<Rect> {
    let lane = fragment.lane.filter(|lane| *lane < MAX_LANES)?;
    let deepest = placed.marks.rows.get(fragment.row).and_then(|r| r.deepest).unwrap_or(lane);
    let (metrics, baseline) = row_of(page, placed, fragment.row);
    let y = baseline + metrics.lane(lane, deepest);
    let (left, right) = (page.column.min + fragment.left, page.column.min + fragment.right);
    Some(Rect::from_min_max(pos2(left, y - UNDERLINE / 2.0), pos2(right, y + UNDERLINE / 2.0)))
}

/// Where on the screen the bar of a quote in the gutter is.
pub fn bar_rect(page: &Page, placed: &Placed, bar: &super::marks::QuoteBar) -> Rect {
    let (metrics, first) = row_of(page, placed, bar.rows.0);
    let (_, last) = row_of(page, placed, bar.rows.1);
    let x = page.gutter().max - 5.0 * bar.lane.min(3) as f32;
    Rect::from_min_max(
        pos2(x - 3.0, first + metrics.fill_top - CELL_ABOVE),
        pos2(x, last + metrics.fill_top - CELL_ABOVE + metrics.pitch),
    )
}

/// The annotations under a point: what it points at most precisely first. Over words the shortest comes first;
/// over an underline, a tag or a bar the annotation whose that is.
pub fn annotations_at(page: &Page, placed: &[Placed], pos: Pos2) -> Vec<Id> {
    let mut found: Vec<Id> = Vec::new();
    for chunk in placed.iter().filter(|p| p.setting != Setting::Empty) {
        // Marks of the last row may hang below the chunk.
        if chunk.top - 40.0 <= pos.y && pos.y < chunk.top + chunk.height + 40.0 {
            collect(page, chunk, pos, &mut found);
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|id| seen.insert(id.clone()));
    found
}

fn collect(page: &Page, chunk: &Placed, pos: Pos2, found: &mut Vec<Id>) {
    let x = pos.x - page.column.min;
    for row in 0..chunk.layout.rows().len() {
        let (metrics, baseline) = row_of(page, chunk, row);
        let top = baseline + metrics.fill_top - CELL_ABOVE;
        if !(top..top + metrics.pitch).contains(&pos.y) {
            continue;
        }
        let fragments = chunk.marks.row(row);
        let before = found.len();
        found.extend(chunk.marks.tags_of(row).filter_map(|(tag, fragment)| {
            let rect = tag_rect(page, chunk, row, tag.x?, tag.galley.size().x, fragment.part == Part::Trigger);
            rect.expand2(vec2(2.0, 0.0)).contains(pos).then(|| fragment.id.clone())
        }));
        let is_on_line =
            |f: &&Fragment| lane_rect(page, chunk, f).is_some_and(|r| r.expand2(vec2(0.0, 0.4)).contains(pos));
        found.extend(fragments.iter().filter(is_on_line).map(|f| f.id.clone()));
        if found.len() > before || pos.y <= baseline + metrics.fill_bottom + 2.0 {
            found.extend(covering(fragments, x));
        }
    }
    let bars = chunk.marks.bars.iter().filter(|bar| {
        let rect = bar_rect(page, chunk, bar).expand(3.0);
        let name = Rect::from_min_max(pos2(page.gutter().min, rect.min.y), pos2(rect.max.x, rect.min.y + 28.0));
        rect.contains(pos) || (bar.starts && name.contains(pos))
    });
    found.extend(bars.map(|bar| bar.id.clone()));
}

/// The annotations whose words in this row cover `x`, the shortest first.
fn covering(row: &[Fragment], x: f32) -> Vec<Id> {
    let mut here: Vec<&Fragment> =
        row.iter().filter(|f| f.part != Part::Argument && f.left - 1.0 <= x && x <= f.right + 1.0).collect();
    here.sort_by_key(|f| rank(f));
    here.into_iter().map(|f| f.id.clone()).collect()
}

/// The order in which fragments at the same place are picked.
pub fn rank(fragment: &Fragment) -> (u32, u8) {
    let order = match fragment.part {
        Part::Trigger => 0,
        Part::Mention => 1,
        Part::Cue => 2,
        Part::Content => 3,
        Part::Argument => 4,
    };
    (fragment.span.len(), order)
}

/// An end of a span of the selected annotation, to be dragged.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle {
    /// Whose.
    pub id: Id,
    /// Which part.
    pub part: Part,
    /// Which span of the part.
    pub index: usize,
    /// The span.
    pub span: crate::text::Span,
    /// Whether it is its start.
    pub is_start: bool,
    /// Where its grip is on the screen.
    pub pos: Pos2,
}

/// The handles of an annotation that are on the screen.
pub fn handles(page: &Page, placed: &[Placed], id: &Id) -> Vec<Handle> {
    let mut found = Vec::new();
    for chunk in placed {
        for fragment in chunk.marks.fragments.iter().filter(|f| &f.id == id && f.part != Part::Argument) {
            let rect = fill_rect(page, chunk, fragment);
            let mut add = |is_start: bool, pos: Pos2| {
                found.push(Handle {
                    id: id.clone(),
                    part: fragment.part,
                    index: fragment.index,
                    span: fragment.span,
                    is_start,
                    pos,
                });
            };
            if fragment.starts {
                add(true, rect.left_top());
            }
            if fragment.ends {
                add(false, rect.right_bottom());
            }
        }
    }
    found
}

/// The handle under a point.
pub fn handle_at(page: &Page, placed: &[Placed], id: &Id, pos: Pos2) -> Option<Handle> {
    let near = handles(page, placed, id).into_iter().filter(|h| h.pos.distance(pos) <= GRIP);
    near.min_by(|a, b| a.pos.distance(pos).total_cmp(&b.pos.distance(pos)))
}
