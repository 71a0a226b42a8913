//! Leaving a document: what has to be done first, and what comes after.

use std::path::Path;
use std::time::{Duration, Instant};

use super::App;
use super::dialog::{AfterClosing, Dialog};
use super::project::ProjectAction;
use super::session::Session;
use crate::store::OpenOptions;

impl App {
    /// Does `then` once the open document may be left: at once, or after asking about unsaved work.
    pub(super) fn leave_then(&mut self, ctx: &egui::Context, then: AfterClosing) {
        let Some(then) = self.leave_or_wait(then) else { return };
        if self.has_schema_edits() && self.leaves_project(&then) {
            self.dialog = Some(Dialog::SchemaDiscard { then: Some(then) });
            return;
        }
        if self.session.as_ref().is_some_and(Session::is_saving) {
            // Decided when it is known how the save went.
            self.after_saving = Some(then);
        } else if self.has_trouble() && self.session.as_ref().is_some_and(Session::is_dirty) {
            self.ask_about_unwritten(then);
        } else if self.session.as_ref().is_some_and(|s| s.is_dirty() && s.document_name().is_some()) {
            // Documents of a project are saved when they are left.
            self.after_saving = Some(then);
            self.save();
        } else if self.session.as_ref().is_some_and(Session::is_dirty) {
            self.dialog = Some(Dialog::Unsaved { then });
        } else {
            self.proceed(ctx, then);
        }
    }

    /// Whether this closes the project: a file outside it does.
    fn leaves_project(&self, then: &AfterClosing) -> bool {
        let is_inside = |path: &Path| {
            let layout = self.project.as_ref().map(|open| &open.project.layout);
            layout.is_some_and(|layout| layout.place_of(path).is_some())
        };
        match then {
            AfterClosing::Quit | AfterClosing::CloseProject | AfterClosing::Project(_) => true,
            AfterClosing::Open(path) | AfterClosing::OpenDocument(path, _) => !is_inside(path),
            AfterClosing::Recover(work) => work.path.as_deref().is_some_and(|path| !is_inside(path)),
            AfterClosing::Close
            | AfterClosing::Sample
            | AfterClosing::New { .. }
            | AfterClosing::ProjectDocument(_)
            | AfterClosing::HitsChange
            | AfterClosing::SchemaChange
            | AfterClosing::SchemaTakeBack
            | AfterClosing::FinishOperations => false,
        }
    }

    /// Does what was waiting for the document to be left.
    pub(super) fn proceed(&mut self, ctx: &egui::Context, then: AfterClosing) {
        match then {
            AfterClosing::Close => {
                self.close_session();
                self.look_for_unsaved();
                if let Some(name) = self.pending_removal.take() {
                    self.actions.push(ProjectAction::Remove(name).into());
                }
            }
            AfterClosing::CloseProject => {
                self.close_session();
                self.close_project();
            }
            AfterClosing::Project(root) => self.open_project(ctx, root, None),
            AfterClosing::HitsChange
            | AfterClosing::SchemaChange
            | AfterClosing::SchemaTakeBack
            | AfterClosing::FinishOperations
                if self.refuse_if_away() => {}
            AfterClosing::HitsChange => self.change_hits(),
            AfterClosing::SchemaChange => self.apply_schema_change(),
            AfterClosing::SchemaTakeBack => self.take_back_schema_change(),
            AfterClosing::FinishOperations => self.finish_operations(),
            AfterClosing::ProjectDocument(name) => self.open_left(ctx, &name),
            AfterClosing::Quit => {
                self.close_session();
                self.remember_project();
                self.save_clock();
                self.may_quit = true;
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            AfterClosing::Open(path) => self.open(ctx, path, OpenOptions::default()),
            AfterClosing::OpenDocument(path, nth) => {
                self.open(ctx, path, OpenOptions { document: Some(nth), ..OpenOptions::default() });
            }
            AfterClosing::Sample => self.open_sample(ctx),
            AfterClosing::New { title, text } => self.new_from_text(ctx, &title, text),
            AfterClosing::Recover(work) => self.recover(ctx, &work),
        }
    }

    pub(super) fn close_session(&mut self) {
        if self.session.as_ref().is_some_and(Session::is_being_opened) {
            self.stop_opening();
        }
        if let Some(mut session) = self.session.take() {
            session.journal.snapshot(session.editor.document());
            if let Err(error) = session.journal.close() {
                self.toasts.refused(error.to_string());
            }
        }
    }

    /// Lets the journal make a snapshot when the document has been still for a while, or much has changed.
    pub(super) fn make_snapshot(&mut self, ctx: &egui::Context) {
        let Some(session) = &mut self.session else { return };
        match session.journal.snapshot_due(Instant::now()) {
            Some(Duration::ZERO) => session.journal.snapshot(session.editor.document()),
            Some(rest) => ctx.request_repaint_after(rest),
            None => {}
        }
    }
}
