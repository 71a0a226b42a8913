//! Gestures: what the pointer does on the canvas becomes [`ReaderEvent`]s.

use egui::{CursorIcon, Modifiers, PointerButton, Pos2, Response, Ui};

use super::ghosts;
use super::hit::{self, CELL_ABOVE, Handle};
use super::page::Page;
use super::{Placed, Reader, ReaderEvent, ReaderInput, TextSelection, chunks::Setting};
use crate::model::Id;
use crate::text::{BytePos, Span, Spans, Text};

/// Two clicks this near to each other are at the same place.
const SAME_PLACE: f32 = 5.0;

/// What the pointer is doing.
#[derive(Debug, Default)]
pub struct Pointer {
    /// The annotation under it.
    pub hovered: Option<Id>,
    gesture: Option<Gesture>,
    last_click: Option<Pos2>,
}

#[derive(Debug)]
enum Gesture {
    /// Selecting words from here on.
    Select { anchor: BytePos, more: Spans },
    /// Moving one end of a span.
    Resize { handle: Handle, span: Span },
}

impl Pointer {
    /// The span as it would be if the handle were let go now.
    pub fn resizing(&self) -> Option<(&Handle, Span)> {
        match &self.gesture {
            Some(Gesture::Resize { handle, span }) => Some((handle, *span)),
            _ => None,
        }
    }
}

impl Reader {
    /// Turns what happened since the last frame into events.
    pub(super) fn follow_pointer(
        &mut self,
        ui: &Ui,
        response: &Response,
        input: &ReaderInput<'_>,
        page: &Page,
    ) -> Vec<ReaderEvent> {
        let mut events = Vec::new();
        let modifiers = ui.input(|i| i.modifiers);
        let pos = response.interact_pointer_pos().or_else(|| response.hover_pos());
        self.begin_drag(ui, response, input, page, modifiers);
        if let Some(pos) = pos {
            self.drag(ui, response, input, page, pos, modifiers, &mut events);
        }
        if response.drag_stopped_by(PointerButton::Primary) {
            match self.pointer.gesture.take() {
                Some(Gesture::Resize { handle, span }) if span != handle.span => {
                    events.push(ReaderEvent::Resize { id: handle.id, part: handle.part, index: handle.index, span });
                }
                Some(Gesture::Select { .. }) => events.push(ReaderEvent::SelectionDone),
                _ => {}
            }
        }
        if !response.dragged() {
            // Also when the release was never seen, because another document was shown meanwhile.
            self.pointer.gesture = None;
        }
        // Not `clicked`: that is also true when Space or Enter is pressed, wherever the pointer rests.
        if response.clicked_by(PointerButton::Primary) {
            response.request_focus();
            let is_on_handle =
                |pos| input.selected.is_some_and(|id| hit::handle_at(page, &self.placed, id, pos).is_some());
            if let Some(pos) = pos.filter(|pos| !is_on_handle(*pos)) {
                self.click(response, input, page, pos, modifiers, &mut events);
            }
        }
        if response.secondary_clicked()
            && let Some(pos) = pos
        {
            response.request_focus();
            let id = hit::annotations_at(page, &self.placed, pos).into_iter().next();
            events.push(ReaderEvent::ContextMenu { pos_in_ui: pos, id });
        }
        // What scrolls past a resting pointer is not pointed at.
        if !self.scroll.is_gliding() {
            self.hover(ui, response, input, page, &mut events);
        }
        events
    }

    fn begin_drag(&mut self, ui: &Ui, response: &Response, input: &ReaderInput<'_>, page: &Page, modifiers: Modifiers) {
        if !response.drag_started_by(PointerButton::Primary) {
            return;
        }
        let Some(origin) = ui.input(|i| i.pointer.press_origin()) else {
            return;
        };
        response.request_focus();
        let handle = input.selected.and_then(|id| hit::handle_at(page, &self.placed, id, origin));
        self.pointer.gesture = Some(match handle {
            Some(handle) => Gesture::Resize { span: handle.span, handle },
            None if modifiers.shift => {
                Gesture::Select { anchor: input.selection.anchor, more: input.selection.more.clone() }
            }
            None => {
                let more = if modifiers.command { input.selection.spans() } else { Spans::new() };
                Gesture::Select { anchor: byte_at(page, &self.placed, input.document.text(), origin), more }
            }
        });
    }

    #[expect(clippy::too_many_arguments, reason = "one gesture needs all of the frame")]
    fn drag(
        &mut self,
        ui: &Ui,
        response: &Response,
        input: &ReaderInput<'_>,
        page: &Page,
        pos: Pos2,
        modifiers: Modifiers,
        events: &mut Vec<ReaderEvent>,
    ) {
        if !response.dragged_by(PointerButton::Primary) && !response.drag_stopped_by(PointerButton::Primary) {
            return;
        }
        let text = input.document.text();
        let at = byte_at(page, &self.placed, text, pos);
        match &mut self.pointer.gesture {
            Some(Gesture::Select { anchor, more }) => {
                let selection = if modifiers.alt {
                    TextSelection { anchor: *anchor, head: at, more: more.clone() }
                } else {
                    TextSelection { more: more.clone(), ..TextSelection::snapped(text, *anchor, at) }
                };
                if &selection != input.selection {
                    events.push(ReaderEvent::Select(selection));
                }
            }
            Some(Gesture::Resize { handle, span }) => *span = resized(text, handle, at, modifiers.alt),
            None => return,
        }
        // Beyond an edge the article scrolls, faster the further out the pointer is.
        let beyond = (pos.y - page.view.max.y).max(0.0) - (page.view.min.y - pos.y).max(0.0);
        if beyond != 0.0 {
            let secs = ui.input(|i| i.stable_dt).min(0.05);
            self.scroll.by(f64::from(beyond.clamp(-80.0, 80.0) * 10.0 * secs));
            ui.ctx().request_repaint();
        }
    }

    fn click(
        &mut self,
        response: &Response,
        input: &ReaderInput<'_>,
        page: &Page,
        pos: Pos2,
        modifiers: Modifiers,
        events: &mut Vec<ReaderEvent>,
    ) {
        let text = input.document.text();
        let at = byte_at(page, &self.placed, text, pos);
        if response.triple_clicked() {
            events.push(ReaderEvent::Select(TextSelection::select_sentence(text, at)));
            events.push(ReaderEvent::SelectionDone);
        } else if response.double_clicked() {
            events.push(ReaderEvent::Select(TextSelection::select_word(text, at)));
            events.push(ReaderEvent::SelectionDone);
        } else if modifiers.command {
            let word = TextSelection::select_word(text, at);
            events.push(ReaderEvent::Select(TextSelection { more: input.selection.spans(), ..word }));
        } else if modifiers.shift {
            let anchor = input.selection.anchor;
            let exact = TextSelection { anchor, head: at, more: Spans::new() };
            let extended = if modifiers.alt { exact } else { TextSelection::snapped(text, anchor, at) };
            events.push(ReaderEvent::Select(TextSelection { more: input.selection.more.clone(), ..extended }));
        } else {
            events.push(ReaderEvent::Select(TextSelection::caret(at)));
            events.push(self.pick(input, page, pos));
        }
    }

    /// The shortest annotation under the pointer; clicking again at the same place goes outwards from it.
    fn pick(&mut self, input: &ReaderInput<'_>, page: &Page, pos: Pos2) -> ReaderEvent {
        let under = hit::annotations_at(page, &self.placed, pos);
        let is_again = self.pointer.last_click.is_some_and(|last| last.distance(pos) <= SAME_PLACE);
        self.pointer.last_click = Some(pos);
        let current = input.selected.filter(|_| is_again).and_then(|id| under.iter().position(|u| u == id));
        let next = current.map_or(0, |i| (i + 1) % under.len().max(1));
        let ghost = input.ghosts.and_then(|layer| ghosts::at(page, &self.placed, layer, pos));
        let length = |id: &Id| input.document.spans_of(id).iter().map(|span| span.len()).sum();
        match (under.into_iter().nth(next), ghost) {
            (None, Some(ghost)) => ReaderEvent::PickGhost { key: ghost.key },
            (Some(id), Some(ghost)) if !is_again && ghosts::wins(ghost, length(&id)) => {
                ReaderEvent::PickGhost { key: ghost.key }
            }
            (Some(id), _) => ReaderEvent::Pick { id },
            (None, None) => ReaderEvent::PickNothing,
        }
    }

    fn hover(
        &mut self,
        ui: &Ui,
        response: &Response,
        input: &ReaderInput<'_>,
        page: &Page,
        events: &mut Vec<ReaderEvent>,
    ) {
        let pos = response.hover_pos().filter(|_| self.pointer.gesture.is_none());
        let under = pos.and_then(|pos| hit::annotations_at(page, &self.placed, pos).into_iter().next());
        if let Some(pos) = response.hover_pos() {
            let handle = input.selected.and_then(|id| hit::handle_at(page, &self.placed, id, pos));
            let is_resizing = self.pointer.resizing().is_some();
            let is_in_column = page.column.expand(8.0).contains(pos.x);
            ui.ctx().set_cursor_icon(match () {
                () if handle.is_some() || is_resizing => CursorIcon::ResizeHorizontal,
                () if is_in_column && input.brush => CursorIcon::Crosshair,
                () if is_in_column => CursorIcon::Text,
                () if under.is_some() => CursorIcon::PointingHand,
                () => CursorIcon::Default,
            });
        }
        if under != self.pointer.hovered && self.pointer.gesture.is_none() {
            self.pointer.hovered.clone_from(&under);
            events.push(ReaderEvent::Hover(under));
        }
    }
}

/// The position in the text whose caret is nearest to a point.
pub fn byte_at(page: &Page, placed: &[Placed], text: &Text, pos: Pos2) -> BytePos {
    let top_of = |p: &Placed| {
        let row = p.layout.rows().first().filter(|_| p.setting != Setting::Empty);
        p.top + row.map_or(0.0, |r| r.baseline + page.metrics(p.setting).fill_top - CELL_ABOVE)
    };
    let Some(chunk) = placed.iter().rfind(|p| top_of(p) <= pos.y).or_else(|| placed.first()) else {
        return BytePos(0);
    };
    let byte = chunk.layout.hit(egui::vec2(pos.x - page.column.min, pos.y - top_of(chunk)));
    text.floor_boundary(chunk.span.start.plus(byte as usize).min(chunk.span.end))
}

/// The span of a handle with that end at `at`. The other end stays; the span never becomes empty.
fn resized(text: &Text, handle: &Handle, at: BytePos, is_exact: bool) -> Span {
    let Span { start, end } = handle.span;
    let moved = if handle.is_start {
        (at < end).then_some(Span { start: at, end })
    } else {
        (start < at).then_some(Span { start, end: at })
    };
    let Some(moved) = moved else {
        // Dragged past the other end: what is left is the token there.
        let edge = if handle.is_start { text.previous_token_start(end) } else { text.next_token_end(start) };
        let (a, b) = if handle.is_start { (edge.max(start), end) } else { (start, edge.min(end)) };
        return if a < b { Span::new(a, b) } else { handle.span };
    };
    if is_exact {
        return moved;
    }
    match text.snap_to_tokens(moved) {
        // Only the end that is dragged snaps; the other one may be inside a token on purpose.
        Some(snapped) if handle.is_start => Span::new(snapped.start.min(end), end),
        Some(snapped) => Span::new(start, snapped.end.max(start)),
        None => handle.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Part;

    fn handle(span: Span, is_start: bool) -> Handle {
        Handle { id: Id::from("m1"), part: Part::Mention, index: 0, span, is_start, pos: Pos2::ZERO }
    }

    #[test]
    fn a_dragged_end_snaps_to_tokens_and_never_passes_the_other() {
        let text = Text::new("Anna met Bob today").expect("short");
        let span = Span::of(5, 12);
        assert_eq!(resized(&text, &handle(span, false), BytePos(14), false), Span::of(5, 18));
        assert_eq!(resized(&text, &handle(span, false), BytePos(14), true), Span::of(5, 14));
        assert_eq!(resized(&text, &handle(span, true), BytePos(2), false), Span::of(0, 12));
        assert_eq!(resized(&text, &handle(span, false), BytePos(2), false), Span::of(5, 8));
        assert_eq!(resized(&text, &handle(span, true), BytePos(15), false), Span::of(9, 12));
    }
}
