//! After a panic in the window: the journal is on disk already (see `ending`), and a plain screen asks how to go on.
//!
//! Going on means reading the document again from what is on disk, since nobody knows what the panic left half done.
//! Only if something could not be written, what is in memory stays: it is the only copy. A panic that comes again leads
//! to the same screen again, never to a loop; if not even that screen can be drawn, the program ends.

use std::path::PathBuf;

use egui::{Context, Ui};

use super::App;
use super::dialog::AfterClosing;
use super::ending;
use super::session::Session;
use crate::panics;
use crate::store::OpenOptions;
use crate::ui::fallen::{Answer, Work, fallen_ui};
use crate::ui::inspector::InspectorState;
use crate::ui::status_bar::SavedState;

/// What is known of the panic.
pub(super) struct Fallen {
    report: Option<PathBuf>,
    /// The text of the report, while it is shown.
    shown: Option<String>,
    /// What was answered in the last frame.
    answer: Option<Answer>,
}

impl App {
    /// What happens before a frame, whatever happens in it.
    pub(super) fn guarded_logic(&mut self, ctx: &Context) {
        self.show_journal_to_ending();
        if self.fallen.is_some() {
            self.guarded(ctx, |app| app.after_fall(ctx));
        } else {
            self.guarded(ctx, |app| app.before_frame(ctx));
        }
        self.show_journal_to_ending();
    }

    /// Draws the window, whatever happens in it.
    pub(super) fn guarded_ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        if self.fallen.is_none() {
            return self.guarded(&ctx, |app| app.draw(ui));
        }
        if panics::catch(|| self.draw_fallen(ui)).is_err() {
            self.ending.wait_for_journal();
            std::process::exit(101);
        }
    }

    fn guarded(&mut self, ctx: &Context, work: impl FnOnce(&mut Self)) {
        let Err(fallen) = panics::catch(|| work(self)) else { return };
        // What was going on may be what made it panic.
        self.actions.clear();
        self.dialog = None;
        self.export = None;
        self.context_menu = None;
        self.after_saving = None;
        self.saving_from = None;
        self.is_leaving = false;
        self.composing_at = None;
        ctx.memory_mut(egui::Memory::stop_text_input);
        if let Some(before) = &mut self.fallen {
            // It comes again with every frame: the next one is drawn when the user does something, not before.
            before.report = fallen.report.or(before.report.take());
            return;
        }
        self.fallen = Some(Fallen { report: fallen.report, shown: None, answer: None });
        ctx.request_repaint();
    }

    /// Whether the work is safe.
    fn work(&mut self) -> Work {
        match self.session.as_ref().map(Session::saved_state) {
            None => Work::None,
            Some(SavedState::Failed(why)) => Work::InMemory(why),
            Some(SavedState::Saving | SavedState::Typing) => Work::BeingWritten,
            Some(
                SavedState::Saved
                | SavedState::InJournal
                | SavedState::Untouched
                | SavedState::ReadOnly(_)
                | SavedState::Opening,
            ) => Work::Safe,
        }
    }

    /// Instead of everything that happens before a frame.
    fn after_fall(&mut self, ctx: &Context) {
        if self.end(ctx) {
            return;
        }
        self.take_messages(ctx);
        let is_leaving = ctx.input(|i| i.viewport().close_requested()) && !self.may_quit;
        if is_leaving && !matches!(self.work(), Work::Safe | Work::None) {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        }
        let answer = self.fallen.as_mut().and_then(|fallen| fallen.answer.take());
        match answer {
            None => {}
            Some(Answer::Report) => {
                let report = self.fallen.as_ref().and_then(|fallen| fallen.report.clone());
                let text = report.and_then(|report| std::fs::read_to_string(report).ok());
                if let Some(fallen) = &mut self.fallen {
                    fallen.shown = if fallen.shown.is_some() { None } else { text };
                }
            }
            Some(Answer::GoOn) => self.go_on(ctx),
            Some(Answer::CloseDocument) => {
                self.was_told_of_fall();
                self.proceed(ctx, AfterClosing::Close);
            }
            Some(Answer::Quit) => {
                self.was_told_of_fall();
                self.proceed(ctx, AfterClosing::Quit);
            }
        }
    }

    fn was_told_of_fall(&mut self) {
        self.fallen = None;
        ending::was_told(&self.data);
    }

    fn draw_fallen(&mut self, ui: &mut Ui) {
        let work = self.work();
        let Some(fallen) = &mut self.fallen else { return };
        if let Some(answer) = fallen_ui(ui, &work, fallen.report.as_deref(), fallen.shown.as_deref()) {
            fallen.answer = Some(answer);
            ui.ctx().request_repaint();
        }
        // The journal says when it is written; a save that has ended is a message.
        if work == Work::BeingWritten {
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
        }
    }

    /// Reads the document again from what is on disk; if not everything is, goes on with what is in memory.
    fn go_on(&mut self, ctx: &Context) {
        self.stop_opening();
        let is_safe = self.work() == Work::Safe;
        self.was_told_of_fall();
        self.inspector = InspectorState::default();
        self.lists.forget_document();
        let Some(session) = &mut self.session else { return };
        if !is_safe {
            return session.view_anew();
        }
        let (path, nth) = (session.origin.shown().map(std::path::Path::to_owned), session.origin.nth);
        let key = session.journal.key().filter(|_| session.journal.is_begun());
        match (path, key) {
            (Some(path), _) => self.open(ctx, path, OpenOptions { document: nth, ..OpenOptions::default() }),
            (None, Some(key)) => {
                self.close_session();
                self.resume(ctx, key);
            }
            // Nothing was done in it.
            (None, _) => self.close_session(),
        }
    }
}
