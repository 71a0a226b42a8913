//! Changes the document, and takes changes back: the way from an intention to the journal.

use super::App;
use super::command::Command;
use super::dialog::Dialog;
use super::filling::{self, Mode};
use crate::canvas::TextSelection;
use crate::edit::{Done, Group, Intent, Op, State};
use crate::ui::dialogs::history::HistoryDialog;

impl App {
    /// Changes the document; says why if that is refused.
    ///
    /// While roles are being filled, a change of their owner belongs to that; any other change ends it.
    pub(super) fn edit(&mut self, intent: &Intent) -> Option<Done> {
        let session = self.session.as_mut()?;
        let group = match &mut session.mode {
            Mode::Fill(filling) if filling::is_about(intent, &filling.owner) => {
                // What was filled before can no longer be taken back one by one.
                filling.run.trail.clear();
                Some(filling.run.group)
            }
            _ => None,
        };
        if group.is_none() {
            self.end_filling();
        }
        self.edit_in(intent, group)
    }

    /// Changes the document as part of a group; says why if that is refused.
    pub(super) fn edit_in(&mut self, intent: &Intent, group: Option<Group>) -> Option<Done> {
        if !self.may_change() {
            return None;
        }
        let session = self.session.as_mut()?;
        match session.editor.execute_in(intent, group) {
            Ok(done) => {
                if let Some(transaction) = &done.transaction {
                    self.teller.does(&session.editor);
                    session.journal.applied(transaction);
                    session.touch(transaction.ops.iter().filter_map(Op::id).cloned());
                }
                session.tidy();
                Some(done)
            }
            Err(crate::edit::EditError::Twice { label, id }) => {
                session.selected = Some(id);
                self.toasts.refused(format!("These words are marked as {label} already"));
                None
            }
            Err(error) => {
                self.toasts.refused(capitalised(&error.to_string()));
                None
            }
        }
    }

    pub(super) fn undo_or_redo(&mut self, is_undo: bool) {
        if !self.may_change() {
            return;
        }
        self.end_filling();
        let Some(session) = &mut self.session else { return };
        let step = if is_undo { session.editor.undo() } else { session.editor.redo() };
        let Some(step) = step else {
            self.toasts.done(if is_undo { "Nothing to undo" } else { "Nothing to redo" });
            return;
        };
        self.teller.does(&session.editor);
        session.journal.stepped(is_undo);
        session.touch(step.ids.iter().cloned());
        self.follow_schema();
        let Some(session) = &mut self.session else { return };
        session.tidy();
        let shown = step.ids.iter().find(|id| session.document().kind_of(id).is_some()).cloned();
        if let Some(id) = shown {
            if let Some(span) = session.document().spans_of(&id).first().copied() {
                session.reader.scroll_to(span);
            }
            session.selected = Some(id);
        }
        self.toasts.done(format!("{}: {}", if is_undo { "Undone" } else { "Done again" }, step.title));
    }

    /// Shows every step, with one selected: the present one if none is given.
    pub(super) fn show_history(&mut self, state: Option<State>) {
        let Some(session) = self.session.as_ref().filter(|_| self.dialog.is_none()) else { return };
        let state = state.unwrap_or_else(|| session.editor.history().now());
        self.dialog = Some(Dialog::History(HistoryDialog::at(state)));
    }

    /// Makes the document what it was in a state; a step like any other.
    pub(super) fn go_back(&mut self, state: State) {
        if !self.may_change() {
            return;
        }
        self.end_filling();
        let Some(session) = &mut self.session else { return };
        match session.editor.go_back_to(state) {
            Ok(Done { transaction: Some(transaction), .. }) => {
                session.journal.applied(&transaction);
                session.touch(transaction.ops.iter().filter_map(Op::id).cloned());
                self.dialog = None;
                self.follow_schema();
                if let Some(session) = &mut self.session {
                    session.tidy();
                }
                let how = self.how(Command::Undo);
                self.toasts.done(format!("{}; to take that back, {how}", transaction.title));
            }
            Ok(Done { transaction: None, .. }) => self.toasts.done("The document is like that now"),
            Err(error) => self.toasts.refused(capitalised(&error.to_string())),
        }
    }

    /// Escape: leaves what is going on, then the selected words, then the selected annotation, then the brush.
    pub(super) fn cancel(&mut self) {
        let Some(session) = &mut self.session else { return };
        if let Mode::Fill(filling) = &session.mode {
            let filling = filling.clone();
            self.give_up_filling(filling);
        } else if matches!(session.mode, Mode::Propose(_)) {
            self.leave_proposing();
        } else if session.mode != Mode::Mark {
            self.set_mode(Mode::Mark);
        } else if session.find.is_some() {
            self.close_find(&self.ctx.clone());
        } else if !session.selection.is_caret() || !session.selection.more.is_empty() {
            session.selection = TextSelection::caret(session.selection.head);
            session.is_adding_part = false;
        } else if session.selected.is_some() {
            session.selected = None;
        } else {
            session.brush = None;
        }
    }
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
