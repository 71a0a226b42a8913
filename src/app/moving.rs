//! Moves the caret, and walks from annotation to annotation.

use super::App;
use super::cache::place_of;
use super::command::Command;
use super::filling::Mode;
use crate::canvas::{Motion, TextSelection};
use crate::model::{Id, Part};
use crate::text::{BytePos, Span};

impl App {
    /// Moves the caret, if that is what the command is for; gives whether it is.
    pub(super) fn move_by(&mut self, command: Command) -> bool {
        let Some(session) = &mut self.session else { return false };
        if let Some((motion, extend)) = motion(command) {
            let text = session.document().text().clone();
            let moved = session.current_part().moved(&text, motion, extend);
            self.move_to(moved, extend);
            return true;
        }
        if let Some((rows, extend)) = rows(command, session.reader.page_rows()) {
            let moved = session.reader.vertical(session.editor.document(), &session.current_part(), rows, extend);
            self.move_to(moved, extend);
            return true;
        }
        if let Some((to_end, extend)) = row_edge(command) {
            let moved = session.reader.row_edge(session.editor.document(), &session.current_part(), to_end, extend);
            self.move_to(moved, extend);
            return true;
        }
        false
    }

    pub(super) fn move_to(&mut self, selection: TextSelection, extend: bool) {
        let Some(session) = &mut self.session else { return };
        let more = if session.is_adding_part { std::mem::take(&mut session.selection.more) } else { selection.more };
        session.selection = TextSelection { more, ..selection };
        if session.mode.is_review() {
            session.mode = Mode::Mark;
        }
        if !extend && session.mode == Mode::Mark {
            session.selected = None;
        }
        let head = session.selection.head;
        session.reader.reveal(Span::empty(head));
    }

    pub(super) fn walk(&mut self, forward: bool) {
        let Some(session) = &mut self.session else { return };
        if session.mode.is_review() {
            session.mode = Mode::Mark;
        }
        let list = &session.cache.walk;
        let document = session.editor.document();
        let at = session.selected.as_ref().and_then(|id| list.position(place_of(document, id), id));
        let from_caret = || {
            let head = session.selection.head;
            // Before the head, or at it too.
            list.count_before(if forward { head } else { BytePos(head.0.saturating_add(1)) })
        };
        let next = match (at, forward) {
            (Some(at), true) => at.checked_add(1),
            (Some(at), false) => at.checked_sub(1),
            (None, true) => Some(from_caret()),
            (None, false) => from_caret().checked_sub(1),
        };
        match next.and_then(|at| list.get(at)).cloned() {
            Some(id) => self.reveal(&id),
            None => {
                self.toasts.done(if forward {
                    "No annotation after this one"
                } else {
                    "No annotation before this one"
                });
            }
        }
    }

    pub(super) fn reveal(&mut self, id: &Id) {
        let Some(session) = &mut self.session else { return };
        if let Some(span) = session.document().spans_of(id).first().copied() {
            session.reader.scroll_to(span);
            session.selection = TextSelection::caret(span.start);
        }
        let is_left = match &session.mode {
            Mode::Fill(filling) => &filling.owner != id,
            // What letters are on the page for changes with the selection.
            Mode::Relate(_) | Mode::Jump(_) => true,
            _ => false,
        };
        if is_left {
            session.mode = Mode::Mark;
        }
        session.selected = Some(id.clone());
    }

    /// Selects the annotation at the caret, the shortest first; again: the next longer one.
    pub(super) fn pick_at_caret(&mut self) {
        let Some(session) = &mut self.session else { return };
        let at = Span::empty(session.selection.head);
        let kept = session.selected.as_ref();
        let mut found = session.document().span_index().crowd(at, 1_000, kept, &mut |_| ());
        found.retain(|anchor| matches!(anchor.part, Part::Mention | Part::Trigger | Part::Content));
        found.sort_by_key(|anchor| (anchor.span.len(), anchor.id.clone()));
        let current = session.selected.as_ref().and_then(|id| found.iter().position(|anchor| &anchor.id == id));
        let next = current.map_or(0, |at| (at + 1) % found.len().max(1));
        match found.get(next) {
            Some(anchor) => session.selected = Some(anchor.id.clone()),
            None if self.pick_suggestion_at_caret() => {}
            None => self.toasts.done("No annotation at the caret"),
        }
    }
}

/// Commands that move the caret without layout, and whether they extend the selection.
fn motion(command: Command) -> Option<(Motion, bool)> {
    Some(match command {
        Command::NextToken => (Motion::NextToken, false),
        Command::PreviousToken => (Motion::PreviousToken, false),
        Command::NextCharacter => (Motion::NextCharacter, false),
        Command::PreviousCharacter => (Motion::PreviousCharacter, false),
        Command::NextSentence => (Motion::NextSentence, false),
        Command::PreviousSentence => (Motion::PreviousSentence, false),
        Command::DocumentStart => (Motion::DocumentStart, false),
        Command::DocumentEnd => (Motion::DocumentEnd, false),
        Command::SelectNextToken => (Motion::NextToken, true),
        Command::SelectPreviousToken => (Motion::PreviousToken, true),
        Command::SelectNextCharacter => (Motion::NextCharacter, true),
        Command::SelectPreviousCharacter => (Motion::PreviousCharacter, true),
        Command::SelectNextSentence => (Motion::NextSentence, true),
        Command::SelectPreviousSentence => (Motion::PreviousSentence, true),
        _ => return None,
    })
}

/// Commands that move the caret to an end of its row on screen, and whether they extend the selection.
fn row_edge(command: Command) -> Option<(bool, bool)> {
    Some(match command {
        Command::RowStart => (false, false),
        Command::RowEnd => (true, false),
        Command::SelectRowStart => (false, true),
        Command::SelectRowEnd => (true, true),
        _ => return None,
    })
}

/// Commands that move the caret by rows, and whether they extend the selection.
fn rows(command: Command, page: i32) -> Option<(i32, bool)> {
    Some(match command {
        Command::RowUp => (-1, false),
        Command::RowDown => (1, false),
        Command::PageUp => (-page, false),
        Command::PageDown => (page, false),
        Command::SelectRowUp => (-1, true),
        Command::SelectRowDown => (1, true),
        _ => return None,
    })
}
