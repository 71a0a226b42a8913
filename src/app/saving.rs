//! Saving: when, where to, and what may be replaced.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::App;
use super::action::Action;
use super::beside;
use super::command::Command;
use super::dialog::{Dialog, FilePurpose};
use super::messages::Message;
use super::trouble::Attempt;
use crate::model::{Document, Problem};
use crate::store::{self, Journals, Key, OnDisk, SaveError, SaveOptions, Saved};

fn failed_on_saving(path: &std::path::Path) -> SaveError {
    let source = std::io::Error::other("the program made a mistake while it wrote the file");
    SaveError::Io { path: path.to_owned(), source, hint: "save again, or under another name" }
}

/// Why another document's file must not be replaced by that of the journal `own`, if it must not.
fn refuse(journals: &Journals, path: &Path, own: Option<&Key>) -> Option<SaveError> {
    let (path, key) = (path.to_owned(), journals.key_of(path, None));
    if own == Some(&key) {
        None
    } else if journals.is_open(&key) {
        Some(SaveError::OpenElsewhere { path })
    } else {
        journals.is_newer(&key).then_some(SaveError::HasNewerWork { path })
    }
}

/// What exactly may be replaced, where the user said that anything may.
fn agreed(on_disk: OnDisk, path: &Path) -> OnDisk {
    match on_disk {
        OnDisk::Any => match store::confined::read(path) {
            Ok(bytes) => OnDisk::Agreed(store::sha256_of(&bytes)),
            Err(_) => OnDisk::Any,
        },
        known => known,
    }
}

/// How a save went.
#[derive(Debug)]
pub struct SaveEnded {
    /// Which of the window's saves it is.
    number: u64,
    /// Where to.
    path: PathBuf,
    /// What was to be replaced.
    on_disk: OnDisk,
    /// The revision of what was written.
    revision: u64,
    /// What was written.
    document: Arc<Document>,
    /// Whether it was.
    result: Result<Saved, SaveError>,
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
            // What was typed may be a large change, for which saving waits.
            if let Some(Action::Run(Command::Save)) = self.or_wait(Action::Run(Command::Save)) {
                self.save();
            }
            if self.dialog.is_none() {
                self.ctx.memory_mut(|memory| memory.request_focus(field));
            }
        }
    }

    /// Saves to the document's file, beside the text it came from, or asks where.
    pub(super) fn save(&mut self) {
        if !self.may_change() {
            return;
        }
        let Some(session) = &mut self.session else { return };
        match (session.origin.native.clone(), session.origin.proposed()) {
            (Some(path), _) => self.save_to(path, false),
            // If something of that name is there and is not ours, that is found out on the way.
            (None, Some(proposed)) => self.save_to(proposed, false),
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
        self.write_to(path, replace, false);
    }

    /// The same; `is_retry` = the program tries again by itself, and nothing is asked.
    pub(super) fn write_to(&mut self, path: PathBuf, replace: bool, is_retry: bool) {
        let Some(session) = &self.session else { return };
        let own = session.origin.native.as_ref() == Some(&path);
        let on_disk = match (&session.origin.native_sha256, own, replace) {
            (_, _, true) => OnDisk::Any,
            (Some(sha256), true, false) => OnDisk::Unchanged(sha256.clone()),
            _ => OnDisk::Absent,
        };
        self.write_over(on_disk, path, is_retry);
    }

    /// Writes the document to `path` if that is there what is believed to be.
    pub(super) fn write_over(&mut self, on_disk: OnDisk, path: PathBuf, is_retry: bool) {
        let begun_secs = self.ctx.input(|input| input.time);
        if !self.is_all_read() {
            return;
        }
        let Some(session) = &self.session else { return };
        let own = session.origin.native.as_ref() == Some(&path);
        if own && !self.may_change() {
            return;
        }
        let Some(session) = &mut self.session else { return };
        match &session.saving {
            Some(attempt) if attempt.path == path && attempt.is_slow => {
                self.toasts.refused("It is still being written; Save as writes it elsewhere");
                return;
            }
            Some(attempt) if attempt.path == path => {
                session.save_again = true;
                return;
            }
            // Nobody waits for that one any more: it comes to nothing, or is told about when it ends.
            Some(attempt) => {
                let stray = attempt.path.clone();
                if !session.journal.give_up_saving() {
                    session.strays.push(stray);
                }
            }
            None => {}
        }
        if session.strays.contains(&path) {
            self.toasts.refused("An earlier save is still writing this file; choose another name");
            return;
        }
        self.save_count += 1;
        let number = self.save_count;
        session.saving = Some(Attempt {
            number,
            path: path.clone(),
            on_disk: on_disk.clone(),
            is_retry,
            begun_secs,
            patience_secs: super::trouble::patience_secs(session.document()),
            is_slow: false,
        });
        session.save_again = false;
        let journals = self.data.journals().ok().filter(|_| !own);
        let own_key = session.journal.key();
        let marker = session.journal.begin_saving();
        let (document, revision) = (Arc::new(session.document().clone()), session.editor.revision());
        let session = session.number;
        let ended = |path: PathBuf| {
            let result = Err(failed_on_saving(&path));
            SaveEnded { number, path, on_disk: on_disk.clone(), revision, document: Arc::clone(&document), result }
        };
        let (failed, ended) = (Box::new(ended(path.clone())), ended(path.clone()));
        self.jobs.spawn_or(
            "Saving",
            move || Message::Saved { session, ended: failed },
            move || {
                let refused = journals.and_then(|journals| refuse(&journals, &path, own_key.as_ref()));
                // The user has agreed to what is there now, not to what another program writes before the next attempt.
                let on_disk = if refused.is_none() { agreed(ended.on_disk, &path) } else { ended.on_disk };
                let options = SaveOptions::over(on_disk.clone());
                let result = match refused {
                    Some(error) => Err(error),
                    None => {
                        let may_replace = |sha256: &str| marker.put(&path, sha256);
                        store::save_unless_given_up(&ended.document, &path, &options, may_replace)
                    }
                };
                Message::Saved { session, ended: Box::new(SaveEnded { on_disk, result, ..ended }) }
            },
        );
    }

    /// Takes the result of a save of the open document.
    pub(super) fn saved(&mut self, ctx: &egui::Context, ended: SaveEnded) {
        let SaveEnded { number, path, on_disk, revision, document, result } = ended;
        let Some(session) = &mut self.session else { return };
        let Some(attempt) = session.saving.take_if(|current| current.number == number) else {
            return self.stray_saved(&path, (revision, document), result);
        };
        let attempt = Attempt { on_disk, ..attempt };
        let is_own = session.origin.native.as_ref() == Some(&path);
        let again = std::mem::take(&mut session.save_again);
        session.journal.end_saving(result.is_ok().then_some(path.as_path()));
        match result {
            Ok(saved) => {
                if session.document_name().is_none() {
                    self.settings.remember(&path);
                }
                session.origin.target = None;
                session.saved_revision = Some(revision);
                session.is_homeless = false;
                session.held = Some(document);
                // Seen before it was written.
                session.outside.native = None;
                session.trouble = None;
                session.origin.native_sha256 = Some(saved.sha256);
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                session.origin.native = Some(path);
                self.look_at_files();
                // Of an older version: whoever wants it back must know where it is.
                let kept = saved.backup.as_deref().and_then(Path::file_name);
                let kept = kept.map(|kept| format!("; as it was before it is kept in {}", kept.to_string_lossy()));
                let document = self.session.as_ref().and_then(|session| session.document_name().cloned());
                if let Some(document) = &document {
                    self.document_changed(document);
                    self.count_anew();
                    self.export_after_saving();
                    self.review_after_saving();
                }
                // On the way to another document it would only be noise.
                if document.is_none() || self.after_saving.is_none() {
                    self.toasts.done(format!("Saved {name}{}", kept.unwrap_or_default()));
                }
                self.dialog.take_if(|dialog| matches!(dialog, Dialog::NotWritten { .. }));
                if self.read_only().is_some() {
                    self.became_a_copy(ctx);
                } else if self.session.as_ref().is_some_and(|session| session.journal.is_missing()) {
                    self.reopen_journal();
                }
                if again && self.session.as_ref().is_some_and(super::session::Session::is_dirty) {
                    self.save();
                }
                if let Some(then) = self.after_saving.take() {
                    self.leave_then(ctx, then);
                }
            }
            // The disk answers again: now what the document has become meanwhile.
            // What was agreed to was agreed to long ago.
            Err(SaveError::GivenUp { path }) => self.write_to(path, false, attempt.is_retry),
            // It is made again, unless another one has come there in between.
            Err(SaveError::Gone { path }) => self.write_over(OnDisk::Absent, path, attempt.is_retry),
            // What was to be done after saving waits until the user has answered.
            Err(SaveError::ChangedOnDisk { path }) if !attempt.is_retry && is_own => {
                self.dialog = Some(Dialog::ChangedOnDisk { path, is_other_text: false });
                self.look_at_files();
            }
            Err(SaveError::Exists { path } | SaveError::ChangedOnDisk { path }) if !attempt.is_retry => {
                self.ask_to_replace(path);
            }
            Err(
                error @ (SaveError::Io { .. }
                | SaveError::ChangedOnDisk { .. }
                | SaveError::Exists { .. }
                | SaveError::OpenElsewhere { .. }
                | SaveError::HasNewerWork { .. }),
            ) => {
                self.after_saving = None;
                self.save_failed(&attempt, &error);
                self.look_at_files();
            }
            Err(error) => {
                self.after_saving = None;
                let problem = Problem::error("save", error.to_string(), "your work is safe in the journal");
                let title = "The file cannot be saved".to_owned();
                self.dialog = Some(Dialog::Problems { title, message: String::new(), problems: vec![problem] });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_agrees_to_replace_is_what_is_there() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.ron");
        assert_eq!(agreed(OnDisk::Any, &path), OnDisk::Any);
        std::fs::write(&path, "theirs").expect("writable");
        assert_eq!(agreed(OnDisk::Any, &path), OnDisk::Agreed(store::sha256_of(b"theirs")));
        let unchanged = OnDisk::Unchanged("as it was".to_owned());
        assert_eq!(agreed(unchanged.clone(), &path), unchanged);
    }

    #[test]
    fn the_file_of_unsaved_work_of_a_newer_program_is_not_replaced() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let (journals, path) = (Journals::in_folder(folder.path().to_owned()), folder.path().join("a.ron"));
        let key = Key::of_path(&path);
        assert!(refuse(&journals, &path, None).is_none());
        std::fs::write(journals.journal_path(&key), "{\"journal\": \"manicule-journal/9\"}\n").expect("writable");
        assert!(matches!(refuse(&journals, &path, None), Some(SaveError::HasNewerWork { .. })));
        assert!(refuse(&journals, &path, Some(&key)).is_none());
    }
}
