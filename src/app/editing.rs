//! Changes the document, and takes changes back: the way from an intention to the journal.

use std::sync::Arc;

use super::App;
use super::changing::{LARGE, weight_of_ops};
use super::command::Command;
use super::dialog::Dialog;
use super::filling::{self, Mode};
use crate::canvas::TextSelection;
use crate::edit::{Done, EditError, Group, Intent, State};
use crate::model::Id;
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
        let done = self.change_now(|changing| changing.execute(intent, group))?;
        match done {
            Ok(done) => {
                if let Some(session) = &mut self.session {
                    session.tidy();
                }
                Some(done)
            }
            Err(error) => {
                self.edit_refused(error);
                None
            }
        }
    }

    pub(super) fn undo_or_redo(&mut self, is_undo: bool) {
        if !self.may_change() {
            return;
        }
        self.end_filling();
        let Some(session) = &self.session else { return };
        let history = session.editor.history();
        let (step, title) = if is_undo {
            (history.undo_step(), history.undo_title())
        } else {
            (history.redo_step(), history.redo_title())
        };
        let Some(title) = title else {
            self.toasts.done(if is_undo { "Nothing to undo" } else { "Nothing to redo" });
            return;
        };
        let is_large = weight_of_ops(session.document(), step.iter().map(Arc::as_ref)) >= LARGE;
        let words = is_large.then(|| format!("{}: {title}", if is_undo { "Undoing" } else { "Doing again" }));
        self.change(words, move |changing| {
            let step = changing.step(is_undo);
            let document = changing.document();
            let shown =
                step.as_ref().and_then(|step| step.ids.iter().find(|id| document.kind_of(id).is_some())).cloned();
            Box::new(move |app| {
                if let Some(step) = step {
                    app.stepped(is_undo, &step.title, shown);
                }
            })
        });
    }

    /// A step was taken back or done again; `shown` is what it has left.
    fn stepped(&mut self, is_undo: bool, title: &str, shown: Option<Id>) {
        self.follow_schema();
        let Some(session) = &mut self.session else { return };
        session.tidy();
        if let Some(id) = shown {
            if let Some(span) = session.document().spans_of(&id).first().copied() {
                session.reader.scroll_to(span);
            }
            session.selected = Some(id);
        }
        self.toasts.done(format!("{}: {title}", if is_undo { "Undone" } else { "Done again" }));
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
        let Some(session) = &self.session else { return };
        let way = session.editor.history().way_to(state).unwrap_or_default();
        let is_large = weight_of_ops(session.document(), way.back.into_iter().chain(way.forth)) >= LARGE;
        if is_large {
            // It is under way, as the status bar says; the dialog lies over that.
            self.dialog = None;
        }
        self.change(is_large.then(|| "Going back".to_owned()), move |changing| {
            let done = changing.go_back_to(state);
            Box::new(move |app| app.gone_back(done))
        });
    }

    /// The document was made what it was, or not.
    fn gone_back(&mut self, done: Result<Done, EditError>) {
        match done {
            Ok(Done { transaction: Some(transaction), .. }) => {
                self.dialog = None;
                self.follow_schema();
                if let Some(session) = &mut self.session {
                    session.tidy();
                }
                let how = self.how(Command::Undo);
                self.toasts.done(format!("{}; to take that back, {how}", transaction.title));
            }
            Ok(Done { transaction: None, .. }) => self.toasts.done("The document is like that now"),
            Err(error) => self.edit_refused(error),
        }
    }

    /// Escape: leaves what is going on, then the selected words, then the selected annotation, then the brush.
    pub(super) fn cancel(&mut self) {
        if self.shows_statistics() {
            return self.toggle_statistics();
        }
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
