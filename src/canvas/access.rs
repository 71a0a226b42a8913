//! The article for screen readers, and for tests: a node per visible line and per visible annotation.
//!
//! Costs nothing unless somebody listens. The middle of an annotation's node is a point at which a click picks
//! that annotation, also where others lie inside it.

use egui::accesskit::{self, Action, Role};
use egui::{Rect, Response, Sense, Ui, UiBuilder, pos2};

use super::hit::{fill_rect, lane_rect, rank, tag_rect};
use super::marks::Fragment;
use super::page::Page;
use super::{Placed, Reader, ReaderEvent, ReaderInput, TextSelection, chunks::Setting};
use crate::limits;
use crate::model::{Id, Part};

/// Adds the nodes of what is on the screen, and answers what assistive programs ask for.
pub fn nodes(
    ui: &mut Ui,
    response: &Response,
    input: &ReaderInput<'_>,
    page: &Page,
    placed: &[Placed],
    events: &mut Vec<ReaderEvent>,
) {
    let ctx = ui.ctx();
    if !ctx.has_accesskit_node(response.id) {
        return;
    }
    let document = input.document;
    for chunk in placed.iter().filter(|c| c.setting != Setting::Empty) {
        let rect = Rect::from_x_y_ranges(page.column, chunk.top..=chunk.top + chunk.height).intersect(page.view);
        if !rect.is_positive() {
            continue;
        }
        let id = Reader::id().with(("paragraph", chunk.span.start.0));
        add(ui, id, rect, if chunk.setting == Setting::Headline { Role::Heading } else { Role::Paragraph }, |node| {
            node.set_value(document.text().slice(chunk.span).trim().to_owned());
        });
    }
    let mut seen = std::collections::HashSet::new();
    for chunk in placed {
        for fragment in chunk.marks.fragments.iter().filter(|f| f.part != Part::Argument) {
            let is_own = matches!(fragment.part, Part::Mention | Part::Trigger | Part::Content);
            let is_visible = page.view.y_range().contains(fill_rect(page, chunk, fragment).center().y);
            if !is_own || !is_visible || seen.len() >= limits::NODES_SHOWN || !seen.insert(&fragment.id) {
                continue;
            }
            let rect = target(page, placed, &fragment.id).unwrap_or_else(|| fill_rect(page, chunk, fragment));
            annotation(ui, input, fragment, rect, events);
        }
    }
}

fn annotation(ui: &mut Ui, input: &ReaderInput<'_>, fragment: &Fragment, rect: Rect, events: &mut Vec<ReaderEvent>) {
    let node_id = Reader::node_id(&fragment.id);
    add(ui, node_id, rect, Role::Mark, |node| {
        node.set_label(format!("{}: {}", fragment.label, input.document.brief_of(&fragment.id)));
        node.set_author_id(fragment.id.to_string());
        node.set_selected(input.selected == Some(&fragment.id));
        if let Some(hint) = input.hints.iter().find(|hint| hint.id == fragment.id) {
            node.set_keyboard_shortcut(hint.keys.clone());
        }
        node.add_action(Action::Click);
    });
    if ui.input(|i| i.has_accesskit_action_request(node_id, Action::Click)) {
        events.push(ReaderEvent::Select(TextSelection::caret(fragment.span.start)));
        events.push(ReaderEvent::Pick { id: fragment.id.clone() });
    }
}

/// A visible place at which a click picks this annotation.
fn target(page: &Page, placed: &[Placed], id: &Id) -> Option<Rect> {
    let mut best: Option<Rect> = None;
    for chunk in placed {
        for fragment in chunk.marks.fragments.iter().filter(|f| &f.id == id && f.part != Part::Argument) {
            let rect = fill_rect(page, chunk, fragment);
            if !page.view.y_range().contains(rect.center().y) {
                continue;
            }
            for (left, right) in free_pieces(fragment, chunk.marks.row(fragment.row)) {
                let x = page.column.min;
                let piece = Rect::from_min_max(pos2(x + left, rect.min.y), pos2(x + right, rect.max.y));
                if piece.width() > best.map_or(2.0, |b| b.width()) {
                    best = Some(piece);
                }
            }
        }
    }
    best.or_else(|| placed.iter().find_map(|chunk| tag_or_lane(page, chunk, id)))
}

/// The pieces of a fragment where nothing that would be picked first covers it.
fn free_pieces(fragment: &Fragment, row: &[Fragment]) -> Vec<(f32, f32)> {
    let mut pieces = vec![(fragment.left, fragment.right)];
    let before = row.iter().filter(|f| f.id != fragment.id && f.part != Part::Argument && rank(f) <= rank(fragment));
    for other in before {
        // A point of slack belongs to the words of each.
        let (left, right) = (other.left - 1.5, other.right + 1.5);
        let cut = |(a, b): (f32, f32)| [(a, b.min(left)), (a.max(right), b)].into_iter().filter(|(a, b)| a < b);
        pieces = pieces.into_iter().flat_map(cut).collect();
    }
    pieces
}

fn tag_or_lane(page: &Page, chunk: &Placed, id: &Id) -> Option<Rect> {
    for row in 0..chunk.layout.rows().len() {
        let tags = chunk.marks.tags_of(row).filter(|(_, fragment)| &fragment.id == id);
        for (tag, fragment) in tags {
            if let Some(x) = tag.x {
                return Some(tag_rect(page, chunk, row, x, tag.galley.size().x, fragment.part == Part::Trigger));
            }
        }
    }
    chunk.marks.fragments.iter().filter(|f| &f.id == id).find_map(|f| lane_rect(page, chunk, f))
}

/// Adds a node below the canvas. Only a [`Ui`] can say what its parent is.
pub fn add(ui: &mut Ui, id: egui::Id, rect: Rect, role: Role, fill: impl FnOnce(&mut accesskit::Node)) {
    let builder = UiBuilder::new().scope_id(id).accessibility_parent(Reader::id()).accessibility_role(role);
    let node = ui.new_child(builder.max_rect(rect).sense(Sense::hover()));
    ui.ctx().accesskit_node_builder(node.unique_id(), |node| {
        node.set_bounds(bounds(rect));
        fill(node);
    });
}

fn bounds(rect: Rect) -> accesskit::Rect {
    accesskit::Rect { x0: rect.min.x.into(), y0: rect.min.y.into(), x1: rect.max.x.into(), y1: rect.max.y.into() }
}
