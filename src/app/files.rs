//! Opening, saving, closing: what is asked for, what is done on a thread of its own, what comes back.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::App;
use super::beside::Beside;
use super::data::DataDir;
use super::dialog::{AfterClosing, Dialog, FileDialog, FilePurpose};
use super::importing::{PROJECT_GONE, ReadFile};
use super::journal::{Found, base_document};
use super::project::ProjectAction;
use super::read_only::ReadOnly;
use super::ready::Ready;
use super::saving::SaveEnded;
use super::schemas;
use super::session::{Origin, Session};
use super::system_dialog::{self, Filter, NoDialog};
use crate::formats::{FORMATS, Format as _, Info};
use crate::model::{Document, Header, Metadata, Problem, Schema, SchemaRef, guess_title};
use crate::store::{Base, Key, Notify, OpenError, OpenOptions, Unsaved};
use crate::text::Text;
use crate::ui::inspector::InspectorState;

/// The sample article and its annotation, which ship with the program.
const SAMPLE: &[u8] = include_bytes!("../../seeds/000_1a5c9ff20c0ee09c.ron");

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

/// A document that is in no file, from its journal.
pub struct Resumed {
    ready: Ready,
    found: Found,
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

    // --- leaving -----------------------------------------------------------------------------------------------

    /// Does `then` once the open document may be left: at once, or after asking about unsaved work.
    pub(super) fn leave_then(&mut self, ctx: &egui::Context, then: AfterClosing) {
        let Some(then) = self.leave_or_wait(then) else { return };
        let leaves_project = matches!(then, AfterClosing::Quit | AfterClosing::CloseProject | AfterClosing::Project(_));
        if leaves_project && self.has_schema_edits() {
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

    // --- opening -----------------------------------------------------------------------------------------------

    /// Shows a document that was just read or made. Its schema is looked for then, unless it is at hand.
    pub(super) fn start(
        &mut self,
        ctx: &egui::Context,
        document: Document,
        origin: Origin,
        found: Found,
        problems: Vec<Problem>,
    ) {
        let in_use = self.session.as_ref().map_or(&[][..], |session| &session.schemas);
        let at_hand = schemas::at_hand(&document.header().schema, in_use);
        let is_at_hand = at_hand.is_some();
        let mut found = found;
        let ready = Ready::new(document, at_hand, found.recovered.take());
        self.start_with(ctx, ready, origin, found, problems);
        if !is_at_hand {
            self.look_for_schema();
        }
    }

    /// Shows a document that was made ready.
    pub(super) fn start_with(
        &mut self,
        _ctx: &egui::Context,
        ready: Ready,
        origin: Origin,
        found: Found,
        mut problems: Vec<Problem>,
    ) {
        self.close_session();
        let Ready { read, editor, restored, cache, schema } = ready;
        problems.extend(found.problems);
        let is_misfit = found.diverged.is_some();
        let mut session = Session::new(editor, read, origin, found.journal);
        session.schemas.extend(schema);
        session.set_keys(&self.keymap.reserved());
        session.has_lists(cache);
        session.editor.set_author(self.settings.annotator.clone());
        self.session_count += 1;
        session.number = self.session_count;
        let held = found.held;
        let restored = restored.map(|changes| changes.map(|changes| changes.saturating_sub(held)));
        // The remark about a damaged journal says what was recovered.
        let is_told = self.last_time.is_some() || problems.iter().any(|problem| problem.code == "damaged-journal");
        self.tell_of_last_time(Some(restored.as_ref().map_or(0, |restored| *restored.as_ref().unwrap_or(&0))));
        match restored {
            None | Some(Ok(0)) => {}
            Some(Ok(_)) if is_told => {}
            Some(Ok(1)) => self.toasts.done("Recovered 1 unsaved change of last time"),
            Some(Ok(changes)) => self.toasts.done(format!("Recovered {changes} unsaved changes of last time")),
            Some(Err(problem)) => problems.push(begin_anew(&mut session, problem)),
        }
        if is_misfit {
            problems.push(begin_anew(&mut session, super::outside::misfit()));
        }
        if !problems.is_empty() {
            let (title, message) = session.origin.remarks(problems.len());
            self.dialog = Some(Dialog::Problems { title, message, problems });
        }
        self.session = Some(session);
        self.lists.forget_document();
        self.inspector = InspectorState::default();
        self.follow_schema();
        self.look_at_files();
    }

    fn open_failed(&mut self, error: &OpenError) {
        self.tell_of_last_time(None);
        // Whoever tried to open it knows; its disk may hang by now.
        if error.problems.iter().any(|problem| problem.code == PROJECT_GONE) {
            // The strip tells it as soon as it is seen.
            self.look_for_project();
            return self.toasts.refused("The document cannot be opened: the folder of the project is gone");
        }
        if error.problems.iter().any(|problem| problem.code == "no-such-file") {
            self.settings.recent.retain(|known| known != &error.path);
        }
        self.dialog = Some(Dialog::Problems {
            title: "The file cannot be opened".into(),
            message: error.path.display().to_string(),
            problems: error.problems.clone(),
        });
    }

    fn open_sample(&mut self, ctx: &egui::Context) {
        let input = crate::formats::Input::of_bytes(SAMPLE);
        match crate::formats::native::NativeRon.read(&input).map(|mut read| read.pop()) {
            Ok(Some(read)) => self.start_without_file(ctx, read.document),
            Ok(None) => {}
            Err(problems) => self.open_failed(&OpenError { path: "sample".into(), problems }),
        }
    }

    fn new_from_text(&mut self, ctx: &egui::Context, title: &str, text: String) {
        let text = match Text::new(text) {
            Ok(text) => text,
            Err(error) => return self.toasts.refused(error.to_string()),
        };
        let title = if title.trim().is_empty() { guess_title(&text) } else { title.trim().to_owned() };
        let id = format!("pasted-{}", text.sha256().get(..12).unwrap_or_default());
        let header = Header { metadata: Metadata { id, title, ..Metadata::default() }, ..Header::default() };
        let schema = schemas::default_schema();
        let document = Document::new(text, header).prepared(&schema, self.settings.annotator.clone());
        self.start_without_file(ctx, document);
        self.make_homeless();
        if let Some(session) = &mut self.session {
            session.journal.begun();
        }
    }

    /// The text of the open document is in no file.
    fn make_homeless(&mut self) {
        if let Some(session) = &mut self.session {
            session.is_homeless = true;
        }
    }

    fn start_without_file(&mut self, ctx: &egui::Context, document: Document) {
        match Found::open(&self.data, Base::pasted(&document), notify(ctx)) {
            Ok(found) => self.start(ctx, document, Origin::default(), found, Vec::new()),
            Err(error) => self.toasts.refused(error.to_string()),
        }
    }

    /// Reads the open text file again, in another encoding. Only before anything is marked.
    pub(super) fn reencode(&mut self, ctx: &egui::Context, encoding: &'static str) {
        let Some(session) = &self.session else { return };
        match (&session.origin.text, session.editor.revision()) {
            (Some(path), 0) => {
                let document = session.origin.nth;
                let options = OpenOptions { encoding: Some(encoding.to_owned()), document, ..OpenOptions::default() };
                let path = path.clone();
                self.open(ctx, path, options);
            }
            _ => self.toasts.refused("The text can be read in another encoding only before something is marked"),
        }
    }

    // --- unsaved work of before --------------------------------------------------------------------------------

    /// Finds work that no file holds, on a thread of its own: the files are looked at too, and their disks may hang.
    pub(super) fn look_for_unsaved(&mut self) {
        self.unsaved_request += 1;
        let (request, data) = (self.unsaved_request, self.data.clone());
        self.jobs.spawn("Looking for unsaved work", move || {
            let unsaved = data.journals().map(|journals| journals.list_unsaved()).unwrap_or_default();
            Message::UnsavedFound { request, unsaved }
        });
    }

    fn recover(&mut self, ctx: &egui::Context, work: &Unsaved) {
        let key = work.key.clone();
        let Some(path) = work.path.clone() else { return self.resume(ctx, key) };
        let options = OpenOptions { document: work.document, ..OpenOptions::default() };
        self.open_or_resume(ctx, path, options, Some(key));
    }

    fn resumed(&mut self, ctx: &egui::Context, result: Result<Resumed, String>) {
        match result {
            Ok(Resumed { ready, found }) => {
                self.start_with(ctx, ready, Origin::default(), found, Vec::new());
                self.make_homeless();
            }
            Err(why) => self.toasts.refused(why),
        }
    }

    /// Opens the journal of an article that is in no file.
    pub(super) fn resume(&mut self, ctx: &egui::Context, key: Key) {
        let (data, notify) = (self.data.clone(), notify(ctx));
        self.jobs.spawn("Recovering", move || Message::Resumed(Box::new(resume(&data, &key, notify))));
    }

    pub(super) fn discard_unsaved(&mut self, key: &Key) {
        let (data, key) = (self.data.clone(), key.clone());
        self.jobs.spawn("Discarding unsaved work", move || {
            let discarded = data.journals().and_then(|journals| journals.discard(&key));
            Message::Discarded(discarded.map_err(|error| error.to_string()))
        });
    }

    // --- choosing ----------------------------------------------------------------------------------------------

    pub(super) fn choose_file(&mut self, purpose: FilePurpose) {
        let folders = self.proposed_folders();
        let name = self.proposed_name(purpose);
        let filters = self.filters(purpose);
        // Where the system's dialog fails, ours takes its place.
        let first = |folders: Vec<PathBuf>| folders.into_iter().find(|folder| folder.is_dir());
        let known = folders.clone();
        self.is_choosing_file = true;
        let ours = move || Message::Chosen { purpose, folder: first(known), result: Err(NoDialog) };
        self.jobs.spawn_or("The file dialog", ours, move || {
            let folder = first(folders);
            let result = system_dialog::choose(purpose, &filters, folder.as_deref(), &name);
            Message::Chosen { purpose, folder, result }
        });
    }

    /// Where a dialog may begin, best first; they need not exist.
    fn proposed_folders(&self) -> Vec<PathBuf> {
        // The texts of a project are no place for copies.
        let of_session = self.session.as_ref().filter(|s| s.read_only != Some(ReadOnly::Looking));
        let of_session = of_session.and_then(|s| s.origin.shown()).and_then(Path::parent).map(Path::to_owned);
        let in_trouble = self.folder_in_trouble();
        let known = of_session.into_iter().chain(self.settings.last_folder.clone());
        // A disk that hangs would make the dialog hang too.
        let known = known.filter(|folder| in_trouble.is_none_or(|other| !folder.starts_with(other)));
        known.chain(std::env::home_dir()).chain(std::env::current_dir().ok()).collect()
    }

    /// What the system's dialog offers to show.
    fn filters(&self, purpose: FilePurpose) -> Vec<Filter> {
        let of = |info: &Info| Filter { name: info.name.to_owned(), extensions: info.extensions.to_vec() };
        let infos = || FORMATS.iter().map(|format| format.info());
        match purpose {
            FilePurpose::Open | FilePurpose::AddFiles => {
                let reading: Vec<Info> = infos().filter(|info| info.reads).collect();
                let mut all: Vec<&'static str> = reading.iter().flat_map(|info| info.extensions).copied().collect();
                all.sort_unstable();
                all.dedup();
                let everything = Filter { name: "Articles and annotations".to_owned(), extensions: all };
                std::iter::once(everything).chain(reading.iter().map(of)).collect()
            }
            FilePurpose::Export => self.export.iter().map(|export| of(&export.info())).collect(),
            FilePurpose::SaveAs
            | FilePurpose::Schema
            | FilePurpose::AddFolder
            | FilePurpose::OpenProject
            | FilePurpose::NewProject
            | FilePurpose::Dataset
            | FilePurpose::Figure
            | FilePurpose::ImportLabels
            | FilePurpose::CompareLabels
            | FilePurpose::ExportLabels => Vec::new(),
        }
    }

    pub(super) fn proposed_name(&self, purpose: FilePurpose) -> String {
        if purpose == FilePurpose::Figure {
            let ending = if self.pending_figure == Some(super::project::SavedFigure::Table) { "csv" } else { "png" };
            return format!("figure.{ending}");
        }
        if let (FilePurpose::ExportLabels, Some(project)) = (purpose, &self.project) {
            return format!("{}.ron", project.project.schema.name);
        }
        if let (FilePurpose::Export, Some(export)) = (purpose, &self.export) {
            return export.name.clone();
        }
        let Some(session) =
            self.session.as_ref().filter(|_| matches!(purpose, FilePurpose::SaveAs | FilePurpose::Export))
        else {
            return String::new();
        };
        if let Some(proposed) = session.origin.proposed() {
            if purpose == FilePurpose::SaveAs && session.read_only.is_some() {
                let stem = proposed.file_stem().unwrap_or_default().to_string_lossy();
                let extension = proposed.extension().unwrap_or_default().to_string_lossy();
                return format!("{stem}-copy.{extension}");
            }
            return proposed.file_name().unwrap_or_default().to_string_lossy().into_owned();
        }
        let title: String =
            session.title().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
        let words: Vec<&str> = title.split('-').filter(|word| !word.is_empty()).collect();
        format!("{}.ron", words.join("-").to_lowercase())
    }

    fn chosen(
        &mut self,
        ctx: &egui::Context,
        purpose: FilePurpose,
        folder: Option<PathBuf>,
        result: Result<Vec<PathBuf>, NoDialog>,
    ) {
        match result {
            Ok(paths) if paths.is_empty() => {
                self.after_saving = None;
                self.show_export_again(purpose);
            }
            Ok(paths) if purpose == FilePurpose::AddFiles => self.add_documents(paths),
            Ok(paths) => {
                for path in paths {
                    match purpose {
                        // The system's dialog has asked whether a file may be replaced.
                        FilePurpose::Export => self.export_to(path, true),
                        _ => self.use_file(ctx, purpose, path),
                    }
                }
            }
            Err(NoDialog) => {
                let folder = folder.unwrap_or_default();
                let name = self.proposed_name(purpose);
                self.beneath_dialog =
                    self.dialog.take_if(|dialog| matches!(dialog, Dialog::NewProject(_) | Dialog::Dataset(_)));
                self.dialog = Some(Dialog::File(FileDialog { purpose, folder, name, error: None }));
            }
        }
    }

    /// Our own dialog chose a file.
    pub(super) fn file_chosen(&mut self, ctx: &egui::Context, path: PathBuf) {
        let Some(Dialog::File(dialog)) = self.dialog.take() else { return };
        // It stood over the one for which the folder is chosen.
        self.dialog = self.beneath_dialog.take();
        self.use_file(ctx, dialog.purpose, path);
    }

    fn use_file(&mut self, ctx: &egui::Context, purpose: FilePurpose, path: PathBuf) {
        match purpose {
            FilePurpose::Open => self.leave_then(ctx, AfterClosing::Open(path)),
            FilePurpose::SaveAs => {
                let path = if path.extension().is_none() { path.with_extension("ron") } else { path };
                self.save_to(path, false);
            }
            FilePurpose::Export => self.export_to(path, false),
            FilePurpose::AddFiles | FilePurpose::AddFolder => self.add_documents(vec![path]),
            FilePurpose::OpenProject => self.leave_then(ctx, AfterClosing::Project(path)),
            FilePurpose::NewProject => {
                if let Some(Dialog::NewProject(new)) = &mut self.dialog {
                    new.choose(&path);
                }
            }
            FilePurpose::Figure => self.save_figure_to(path),
            FilePurpose::Dataset => {
                if let Some(Dialog::Dataset(dataset)) = &mut self.dialog {
                    dataset.choose(&path);
                }
            }
            FilePurpose::Schema if matches!(self.dialog, Some(Dialog::NewProject(_))) => {
                if let Some(Dialog::NewProject(new)) = &mut self.dialog {
                    new.choose_schema(&path);
                }
            }
            FilePurpose::ImportLabels | FilePurpose::CompareLabels | FilePurpose::ExportLabels => {
                self.schema_file_chosen(purpose, path);
            }
            FilePurpose::Schema => {
                let data = self.data.clone();
                self.jobs.spawn("Reading a schema", move || Message::SchemaRead(schemas::load(&path, &data)));
            }
        }
    }
}

/// The journal does not fit: it is kept, and a new one begins with the document as it is now.
fn begin_anew(session: &mut Session, problem: Problem) -> Problem {
    // Some of its changes may fit; they are in no file.
    let lacking = usize::try_from(session.editor.revision()).unwrap_or(usize::MAX);
    let base = base_of(session, session.editor.document()).lacking(lacking);
    match session.journal.begin_anew(base) {
        Ok(kept) => Problem { hint: format!("the record is kept in {}", kept.display()), ..problem },
        Err(error) => Problem { hint: format!("save now under another name: {error}"), ..problem },
    }
}

/// What the journal of a session is about, if `document` is what its file holds.
pub(super) fn base_of(session: &Session, document: &Document) -> Base {
    match (&session.origin.native, &session.origin.text, &session.origin.native_sha256) {
        // It was not read from the file just now.
        (Some(path), _, Some(sha256)) => Base::native(path, sha256, document).lacking(0),
        // A document of a project that is in no file yet.
        _ if session.origin.target.is_some() => {
            Base::native(session.origin.target.as_deref().unwrap_or(Path::new("")), "", document).lacking(0)
        }
        (_, Some(path), _) => {
            // As it was read: what is there now may be another text.
            let sha256 = session.origin.text_sha256.as_deref().unwrap_or_default();
            let base = Base::text(path, sha256, document.header().metadata.encoding.as_deref(), document);
            session.origin.nth.map_or(base.clone(), |nth| base.of_several(path, nth))
        }
        _ => Base::pasted(document),
    }
}

/// Opens the journal of a pasted article and the document that it began with.
pub(super) fn resume(data: &DataDir, key: &Key, notify: Notify) -> Result<Resumed, String> {
    let mut found = Found::resume(data, key, notify).map_err(|error| error.to_string())?;
    let document = found.recovered.as_ref().and_then(base_document);
    let document = document.ok_or_else(|| "the article of this unsaved work is gone".to_owned())?;
    let schema = schemas::find(&document.header().schema, Path::new(""), data).ok();
    let ready = Ready::new(document, schema, found.recovered.take());
    Ok(Resumed { ready, found })
}

/// Wakes the window when the journal has reached the disk.
pub(super) fn notify(ctx: &egui::Context) -> Notify {
    let ctx = ctx.clone();
    Box::new(move || ctx.request_repaint())
}
