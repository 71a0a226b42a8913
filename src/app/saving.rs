//! Saving: when, where to, and what may be replaced.

use std::path::PathBuf;

use super::App;
use super::beside;
use super::dialog::{Dialog, FilePurpose};
use super::files::Message;
use crate::model::Problem;
use crate::store::{self, OnDisk, SaveError, SaveOptions, Saved};

fn failed_on_saving(path: &std::path::Path) -> SaveError {
    let source = std::io::Error::other("the program made a mistake while it wrote the file");
    SaveError::Io { path: path.to_owned(), source, hint: "save again, or under another name" }
}

impl App {
    /// Saves; first leaves the field that is being typed into, since its text becomes an edit only then.
    pub(super) fn save_with_what_is_typed(&mut self) {
        let is_typing = self.dialog.is_none() && self.composing_at.is_none() && self.ctx.text_edit_focused();
        match self.ctx.memory(egui::Memory::focused).filter(|_| is_typing) {
            Some(field) => {
                self.ctx.memory_mut(|memory| memory.surrender_focus(field));
                self.saving_from = Some(field);
                self.ctx.request_repaint();
            }
            None => self.save(),
        }
    }

    /// Saves what was typed when that was asked for in the last frame, and gives the field the keyboard again.
    pub(super) fn save_what_was_typed(&mut self) {
        if let Some(field) = self.saving_from.take() {
            self.save();
            if self.dialog.is_none() {
                self.ctx.memory_mut(|memory| memory.request_focus(field));
            }
        }
    }

    /// Saves to the document's file, beside the text it came from, or asks where.
    pub(super) fn save(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.is_saving {
            session.save_again = true;
            return;
        }
        match (session.origin.native.clone(), session.origin.proposed()) {
            (Some(path), _) => self.save_to(path, false),
            (None, Some(proposed)) if !proposed.exists() => self.save_to(proposed, false),
            // Something of that name is there and is not ours: ask.
            (None, Some(proposed)) => self.ask_to_replace(proposed),
            (None, None) => self.choose_file(FilePurpose::SaveAs),
        }
    }

    /// Looks at the file on a thread of its own, and asks once it is known what would be lost.
    fn ask_to_replace(&mut self, path: PathBuf) {
        let Some(session) = &self.session else { return };
        let (document, source, session) = (session.document().clone(), session.origin.source(), session.number);
        // What cannot be looked at is asked about all the same.
        let unknown = Message::WouldReplace { session, path: path.clone(), held: beside::Beside::Unknown };
        self.jobs.spawn_or(
            "Looking at a file",
            move || unknown,
            move || {
                let held = beside::look(&path, &document, source.as_ref());
                Message::WouldReplace { session, path, held }
            },
        );
    }

    /// Writes the document to `path` on a thread of its own; `replace` = the user agreed to replace what is there.
    pub(super) fn save_to(&mut self, path: PathBuf, replace: bool) {
        let Some(session) = &mut self.session else { return };
        if session.is_saving {
            self.toasts.refused("It is just being saved; try again in a moment");
            return;
        }
        let own = session.origin.native.as_ref() == Some(&path);
        let on_disk = match (&session.origin.native_sha256, own, replace) {
            (_, _, true) => OnDisk::Any,
            (Some(sha256), true, false) => OnDisk::Unchanged(sha256.clone()),
            _ => OnDisk::Absent,
        };
        session.is_saving = true;
        let marker = session.journal.begin_saving();
        let (document, revision) = (session.document().clone(), session.editor.revision());
        let session = session.number;
        let failed = Message::Saved { session, path: path.clone(), revision, result: Err(failed_on_saving(&path)) };
        self.jobs.spawn_or(
            "Saving",
            move || failed,
            move || {
                let options = SaveOptions::over(on_disk);
                let result = store::save_with(&document, &path, &options, |sha256| marker.put(&path, sha256));
                Message::Saved { session, path, revision, result }
            },
        );
    }

    /// Takes the result of a save of the open document.
    pub(super) fn saved(
        &mut self,
        ctx: &egui::Context,
        path: PathBuf,
        revision: u64,
        result: Result<Saved, SaveError>,
    ) {
        let Some(session) = &mut self.session else { return };
        session.is_saving = false;
        let again = std::mem::take(&mut session.save_again);
        if let Err(error) = session.journal.end_saving(result.is_ok().then_some(path.as_path())) {
            self.toasts.refused(error.to_string());
        }
        match result {
            Ok(saved) => {
                self.settings.remember(&path);
                session.saved_revision = Some(revision);
                session.is_homeless = false;
                session.origin.native_sha256 = Some(saved.sha256);
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                session.origin.native = Some(path);
                self.toasts.done(format!("Saved {name}"));
                if again && self.session.as_ref().is_some_and(super::session::Session::is_dirty) {
                    self.save();
                }
                if let Some(then) = self.after_saving.take() {
                    self.leave_then(ctx, then);
                }
            }
            // What was to be done after saving waits until the user has answered.
            Err(SaveError::ChangedOnDisk { path }) => self.dialog = Some(Dialog::ChangedOnDisk { path }),
            Err(SaveError::Exists { path }) => self.ask_to_replace(path),
            Err(SaveError::Gone { path }) => self.save_to(path, true),
            Err(error) => {
                self.after_saving = None;
                let problem = Problem::error("save", error.to_string(), "your work is safe in the journal");
                let title = "The file cannot be saved".to_owned();
                self.dialog = Some(Dialog::Problems { title, message: String::new(), problems: vec![problem] });
            }
        }
    }
}
