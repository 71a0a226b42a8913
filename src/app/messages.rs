//! What jobs bring back, and who takes it.

use std::path::PathBuf;
use std::sync::Arc;

use super::App;
use super::beside::Beside;
use super::dialog::{Dialog, FilePurpose};
use super::importing::ReadFile;
use super::saving::SaveEnded;
use super::system_dialog::NoDialog;
use super::unsaved::Resumed;
use crate::model::{Problem, Schema, SchemaRef};
use crate::store::{OpenError, Unsaved};

/// What a job brings back.
pub enum Message {
    /// A file was read; only the answer to the latest request counts.
    Opened { request: u64, result: Box<Result<ReadFile, OpenError>> },
    /// Unsaved work was deleted, or not, in words.
    Discarded(Result<(), String>),
    /// Unsaved work of a pasted article was read.
    Resumed(Box<Result<Resumed, String>>),
    /// A file was written, or not.
    Saved { session: u64, ended: Box<SaveEnded> },
    /// The file of a session that another program changed was read.
    TheirsRead {
        session: u64,
        purpose: super::outside::Purpose,
        result: Box<Result<super::outside::Theirs, OpenError>>,
    },
    /// A file lies where a session would be saved.
    WouldReplace { session: u64, path: PathBuf, held: Beside },
    /// The system's file dialog was closed; with the folder that it began in.
    Chosen { purpose: FilePurpose, folder: Option<PathBuf>, result: Result<Vec<PathBuf>, NoDialog> },
    /// Something of the editor of the label set.
    Schema(super::schema_editor::SchemaMessage),
    /// Something about a project.
    Project(super::project::ProjectMessage),
    /// Work that no file holds; only the answer to the latest request counts.
    UnsavedFound { request: u64, unsaved: Vec<Unsaved> },
    /// What an export would be.
    ExportLooked { request: u64, looked: Box<super::exporting::Looked> },
    /// A document was exported, or not.
    Exported(Box<super::exporting::Exported>),
    /// Suggesters have looked at the document.
    Suggested(Box<super::suggesting::Found>),
    /// Suggesters failed on this revision of a session.
    NotSuggested { session: u64, revision: u64 },
    /// What going back in the history would change.
    LookedAhead(Box<super::looking_ahead::LookedAhead>),
    /// The hit after the caret, or before it.
    Sought(Box<super::find::Sought>),
    /// All hits of a search.
    Counted(Box<super::find::Counted>),
    /// A schema file was read.
    SchemaRead(Result<Arc<Schema>, Vec<Problem>>),
    /// The schema that the document of a session names was looked for; or why there is none, in words.
    SchemaFound { session: u64, named: SchemaRef, result: Result<Arc<Schema>, String> },
    /// Occurrences were looked for in a long article; `None` if that failed, or nobody waits any more.
    OccurrencesLooked { session: u64, number: u64, looked: Option<Box<super::looking::Looked>> },
    /// A large change of a session was worked out.
    Worked { session: u64, number: u64, worked: Box<super::changing::Worked> },
}

impl App {
    /// Takes what jobs bring back.
    pub(super) fn take_messages(&mut self, ctx: &egui::Context) {
        while let Some(message) = self.jobs.poll() {
            match message {
                Ok(message) => {
                    if let Some(message) = self.take_or_wait(message) {
                        self.take_message(ctx, message);
                    }
                }
                Err(failed) => {
                    self.job_failed(&failed);
                    self.job_fell();
                }
            }
        }
    }

    /// Takes what one job brings back.
    pub(super) fn take_message(&mut self, ctx: &egui::Context, message: Message) {
        match message {
            Message::Opened { request, .. } if request != self.open_request => {}
            Message::Opened { result, .. } => {
                let shown = self.opening_ended();
                match *result {
                    Ok(ReadFile::One(file)) => self.opened(ctx, *file, shown),
                    Ok(ReadFile::Several(search)) => self.dialog = Some(Dialog::ChooseDocument(search)),
                    Ok(ReadFile::Resumed(result)) => self.resumed(ctx, *result),
                    Ok(ReadFile::Project(root, then)) => self.open_project(ctx, root, then),
                    Err(error) => self.open_failed(&error),
                }
            }
            Message::Discarded(result) => {
                if let Err(why) = result {
                    self.toasts.refused(why);
                }
                self.look_for_unsaved();
            }
            Message::Resumed(result) => self.resumed(ctx, *result),
            Message::Saved { session, ended } => {
                if self.session.as_ref().is_some_and(|s| s.number == session) {
                    self.saved(ctx, *ended);
                }
            }
            Message::TheirsRead { session, purpose, result } => {
                if self.dialog.is_none() && self.session.as_ref().is_some_and(|s| s.number == session) {
                    self.theirs_read(ctx, purpose, *result);
                }
            }
            Message::WouldReplace { session, path, held } => {
                if self.dialog.is_none() && self.session.as_ref().is_some_and(|s| s.number == session) {
                    self.dialog = Some(Dialog::Replace { path, held });
                }
            }
            Message::Chosen { purpose, folder, result } => {
                self.is_choosing_file = false;
                self.chosen(ctx, purpose, folder, result);
            }
            Message::Project(message) => self.take_project_message(ctx, message),
            Message::Schema(message) => self.take_schema_message(ctx, message),
            Message::UnsavedFound { request, .. } if request != self.unsaved_request => {}
            Message::UnsavedFound { unsaved, .. } => {
                self.unsaved = unsaved;
                // A document that is being opened tells more.
                if self.session.is_none() && self.opening.is_none() && self.actions.is_empty() {
                    self.tell_of_last_time(None);
                }
            }
            Message::ExportLooked { request, looked } => self.export_looked(request, *looked),
            Message::Exported(exported) => self.exported(*exported),
            Message::Suggested(found) => self.suggested(*found),
            Message::NotSuggested { session, revision } => self.not_suggested(session, revision),
            Message::LookedAhead(looked) => self.looked_ahead(*looked),
            Message::Sought(sought) => self.sought(*sought),
            Message::Counted(counted) => self.counted(*counted),
            Message::SchemaRead(Ok(schema)) => self.use_schema(schema),
            Message::SchemaRead(Err(problems)) => {
                let title = "The schema cannot be used".to_owned();
                let file = problems.first().and_then(|problem| problem.place.file.as_ref());
                let message = file.map(|path| path.display().to_string()).unwrap_or_default();
                self.dialog = Some(Dialog::Problems { title, message, problems });
            }
            Message::SchemaFound { session, named, result } => self.schema_found(session, &named, result),
            Message::OccurrencesLooked { session, number, looked } => {
                self.occurrences_looked(session, number, looked.map(|looked| *looked));
            }
            Message::Worked { session, number, worked } => self.worked(session, number, *worked),
        }
    }
}
