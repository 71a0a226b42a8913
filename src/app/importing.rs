//! Reading a file of any format: one document of it is opened, with its schema and its journal.
//!
//! A document of another format is new work: nothing goes back into the file that it came from, its annotations are the
//! base of its journal, its schema is kept, and saving writes a native file beside.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::App;
use super::beside::{self, Beside};
use super::data::DataDir;
use super::dialog::Dialog;
use super::files::notify;
use super::journal::{Found, base_document};
use super::opening::OpeningFile;
use super::outside::{self, Diverged};
use super::project::{Layer, project_at};
use super::read_only::{Elsewhere, ReadOnly};
use super::ready::Ready;
use super::schemas;
use super::session::{Origin, Session};
use super::unsaved::{Resumed, resume};
use crate::formats::native::Version;
use crate::formats::watch::Watch;
use crate::model::{Problem, Schema};
use crate::project::{Name, Project};
use crate::store::{self, Base, JournalError, Key, Notify, OpenError, OpenOptions, Opened};
use crate::ui::dialogs::choose_document::{FileContents, Offered};

/// A document of a project, and whose work on it is opened.
#[derive(Clone, Debug)]
pub struct Within {
    /// The project.
    pub project: Project,
    /// The annotator's layer, whose file may not exist yet; `None` for somebody who only looks at the text.
    pub layer: Option<PathBuf>,
    /// The document.
    pub document: Name,
    /// The annotator.
    pub annotator: Option<String>,
}

/// What was found in a file.
pub enum ReadFile {
    /// The document to open.
    One(Box<OpenedFile>),
    /// Several documents to choose from.
    Several(FileContents),
    /// The folder of a project, and the document of it that was asked for, with the annotator's folder.
    Project(PathBuf, Option<Layer>),
    /// There was no file, and the document comes from its journal; or why it does not.
    Resumed(Box<Result<Resumed, String>>),
}

/// A file that was read, with its schema and what its journal holds.
pub struct OpenedFile {
    path: PathBuf,
    /// Which document of the file it is, if the file holds several.
    nth: Option<usize>,
    opened: Opened,
    ready: Ready,
    /// Why the schema that the document names was not found.
    no_schema: Option<String>,
    found: Found,
    /// Whether its journal has work that no file holds.
    has_unsaved: bool,
    /// What its journal knows, if another program changed the file.
    diverged: Option<Diverged>,
    /// Why it cannot be changed here, if it cannot, and the key of its journal, if another window has it.
    read_only: Option<(ReadOnly, Option<Key>)>,
    /// What lies where its annotations would be saved.
    beside: Option<(PathBuf, Beside)>,
    /// The document of a project that it is, and the text of that if this annotator has not saved anything of it.
    of_project: Option<(Name, Option<PathBuf>)>,
}

impl Within {
    /// The file that is opened.
    fn path(&self) -> PathBuf {
        self.layer.clone().unwrap_or_else(|| self.project.layout.text_of(&self.document))
    }
}

/// The code of the problem that a project is not there any more.
pub(super) const PROJECT_GONE: &str = "project-gone";

fn failed_on_reading() -> Problem {
    let hint = "the file is as it was; open it in the form of another format, and report the mistake";
    Problem::error("program-failed", "the program made a mistake while it read the file", hint)
}

/// Whether files of this format are saved as they were opened.
pub(super) fn is_native(format: &str) -> bool {
    matches!(format, "ron" | "json")
}

/// Reads an annotator's layer over a document of a project, or the document if there is none yet.
fn read_within(within: Within, data: &DataDir, notify: Notify, watch: &dyn Watch) -> Result<ReadFile, OpenError> {
    let path = within.path();
    if let Err(error) = crate::project::look_for(&within.project.layout) {
        let problem =
            Problem::error(PROJECT_GONE, error.to_string(), "connect its disk or share; it is looked for by itself");
        return Err(OpenError { path, problems: vec![problem] });
    }
    let Within { project, layer, document: name, annotator } = within;
    let only_looks = layer.is_none();
    let layer = layer.unwrap_or_default();
    let is_there = layer.is_file();
    let mut opened = if is_there {
        let options = OpenOptions { format: Some("ron".to_owned()), ..OpenOptions::default() };
        let mut all = store::open_all_watched(&layer, &options, watch)?;
        all.pop().ok_or_else(|| {
            let problem = Problem::error("empty-file", "the file holds no document", "take it back from git");
            OpenError { path: layer.clone(), problems: vec![problem.in_file(&layer)] }
        })?
    } else {
        let fresh = project.fresh(&name, annotator.as_deref())?;
        Opened {
            document: fresh.document,
            problems: fresh.problems,
            format: "ron",
            encoding: None,
            line: None,
            schema: None,
            sha256: String::new(),
            version: Version::Current,
        }
    };
    if let Some(parent) = layer.parent().filter(|parent| project.is_writable && !only_looks && !parent.exists())
        && let Err(error) = std::fs::create_dir_all(parent)
    {
        // Told again when it is saved; the work is in the journal until then.
        tracing::warn!("{}: {error}", parent.display());
    }
    let base = Base::native(&path, &opened.sha256, &opened.document);
    let text = (!is_there).then(|| project.layout.text_of(&name));
    let schema = opened_with(&mut opened, &project);
    let read_only = match project.newer() {
        Some(format) => Some(ReadOnly::NewerFormat { format: format.to_owned() }),
        None if !project.is_writable => Some(ReadOnly::Folder),
        None => only_looks.then_some(ReadOnly::Looking),
    };
    finish(Reading {
        path,
        nth: None,
        schema: Ok(schema),
        opened,
        base,
        data,
        notify,
        of_project: Some((name, text)),
        read_only,
        keeps_encoding: false,
    })
}

/// The label set of a project, for whatever a layer says: a project has one.
fn opened_with(opened: &mut Opened, project: &Project) -> Arc<Schema> {
    let named = &opened.document.header().schema;
    let is_same = *named == project.schema_ref() || named.name.is_empty();
    if !is_same {
        let message = format!("it was made with version {} of the label set {:?}", named.version, named.name);
        let hint =
            format!("its labels are compared with {:?}, version {}", project.schema.name, project.schema.version);
        opened.problems.push(Problem::warning("other-schema", message, hint));
    }
    Arc::clone(&project.schema)
}

/// Reads a file, finds its schema and opens its journal.
fn read_file(
    path: PathBuf,
    options: &OpenOptions,
    annotator: Option<String>,
    data: &DataDir,
    notify: Notify,
    watch: &dyn Watch,
) -> Result<ReadFile, OpenError> {
    let mut opened = match options.document {
        Some(_) => store::open_path(&path, options)?,
        None => {
            let mut all = store::open_all_watched(&path, options, watch)?;
            if all.len() > 1 {
                let offered = all.iter().map(|opened| Offered::new(&opened.document, opened.line)).collect();
                return Ok(ReadFile::Several(FileContents::new(path, offered)));
            }
            all.pop().ok_or_else(|| {
                let problem = Problem::error("empty-file", "the file holds no document", "choose another file");
                OpenError { path: path.clone(), problems: vec![problem.in_file(&path)] }
            })?
        }
    };
    let schema = match opened.schema.take() {
        Some(schema) => Ok(schemas::keep(schema, data)),
        None => schemas::find(&opened.document.header().schema, &path, data),
    };
    let base = if is_native(opened.format) {
        Base::native(&path, &opened.sha256, &opened.document)
    } else {
        let fallback = schema.clone().unwrap_or_else(|_| schemas::default_schema());
        opened.document = opened.document.prepared(&fallback, annotator);
        Base::text(&path, &opened.sha256, opened.encoding.as_ref().map(|e| e.name), &opened.document)
    };
    let base = options.document.map_or(base.clone(), |nth| base.of_several(&path, nth));
    finish(Reading {
        path,
        nth: options.document,
        schema,
        opened,
        base,
        data,
        notify,
        of_project: None,
        read_only: None,
        keeps_encoding: options.encoding.is_some(),
    })
}

/// What was read, and what is needed to put it together with its journal.
struct Reading<'a> {
    path: PathBuf,
    /// Which document of the file it is, if the file holds several.
    nth: Option<usize>,
    schema: Result<Arc<Schema>, String>,
    opened: Opened,
    base: Base,
    data: &'a DataDir,
    notify: Notify,
    /// The document of a project that it is, and the text of that if nothing of it is saved yet.
    of_project: Option<(Name, Option<PathBuf>)>,
    /// Why it cannot be changed, whatever its journal says.
    read_only: Option<ReadOnly>,
    /// Whether the user chose the encoding of the text.
    keeps_encoding: bool,
}

/// Opens the journal of what was read, and puts both together.
fn finish(reading: Reading<'_>) -> Result<ReadFile, OpenError> {
    let Reading { path, nth, schema, mut opened, base, data, notify, of_project, read_only, keeps_encoding } = reading;
    let named = opened.document.header().schema.clone();
    let key = data.journals().ok().map(|journals| journals.key_for(&base));
    let newer = |format: &str| Some((ReadOnly::NewerFormat { format: format.to_owned() }, None));
    let (mut found, read_only) = match (read_only, opened.newer()) {
        // What is never changed here needs no journal.
        (Some(why), _) => (Found::default(), Some((why, None))),
        (None, Some(format)) => (Found::default(), newer(format)),
        (None, None) => match Found::open(data, base, notify) {
            Ok(found) => (found, None),
            Err(JournalError::Newer { format, .. }) => (Found::default(), newer(&format)),
            Err(JournalError::AlreadyOpen { owner, .. }) => {
                (Found::default(), Some((ReadOnly::OpenElsewhere { owner }, key)))
            }
            Err(error) => {
                let problem = Problem::error("journal", error.to_string(), "").in_file(&path);
                return Err(OpenError { path, problems: vec![problem] });
            }
        },
    };
    // Work on the text as it was read then, perhaps in an encoding that the user chose. The same native file is the same
    // document, and putting the words of a long one together again takes longer than reading it.
    let is_base = is_native(opened.format)
        && found.recovered.as_ref().is_some_and(|recovered| recovered.header.is_of(&opened.sha256));
    if !keeps_encoding
        && !is_base
        && let Some(document) = found.recovered.as_ref().and_then(base_document)
    {
        opened.document = document;
    }
    let known = schema.clone().unwrap_or_else(|_| schemas::default_schema());
    let diverged = outside::diverge(&mut opened, &mut found, &known);
    // What the journal began with may name another one.
    let now = &opened.document.header().schema;
    let schema = if *now == named || of_project.is_some() { schema } else { schemas::find(now, &path, data) };
    let beside = if is_native(opened.format) { None } else { look_beside(&path, nth, &opened) };
    let has_unsaved = found.recovered.as_ref().is_some_and(store::Recovered::has_unsaved);
    let no_schema = schema.as_ref().err().cloned();
    let ready = Ready::new(opened.document.clone(), schema.ok(), found.recovered.take());
    let file =
        OpenedFile { path, nth, opened, ready, no_schema, found, has_unsaved, diverged, read_only, beside, of_project };
    Ok(ReadFile::One(Box::new(file)))
}

fn look_beside(path: &Path, nth: Option<usize>, opened: &Opened) -> Option<(PathBuf, Beside)> {
    let origin = Origin { text: Some(path.to_owned()), nth, ..Origin::default() };
    let proposed = origin.proposed().filter(|proposed| proposed.is_file())?;
    let beside = beside::look(&proposed, &opened.document, origin.source().as_ref());
    Some((proposed, beside))
}

impl Origin {
    /// The title and the first line of the list of what is worth saying about a file that was opened.
    pub(super) fn remarks(&self, count: usize) -> (String, String) {
        let place = self.shown().unwrap_or(Path::new("")).display().to_string();
        match (&self.format, &self.native) {
            (Some(format), None) => {
                let remarks = if count == 1 { "1 remark".to_owned() } else { format!("{count} remarks") };
                let message = format!("{place}\nRead as {format}; what was not understood is not in the document");
                (format!("Imported, with {remarks}"), message)
            }
            _ => ("Opened, with remarks".to_owned(), place),
        }
    }
}

impl App {
    /// Opens a file, or a document of it.
    pub(super) fn open(&mut self, ctx: &egui::Context, path: PathBuf, options: OpenOptions) {
        self.open_or_resume(ctx, path, options, None);
    }

    /// Opens a file, or, if there is none, what the journal with this key holds.
    pub(super) fn open_or_resume(
        &mut self,
        ctx: &egui::Context,
        path: PathBuf,
        options: OpenOptions,
        journal: Option<Key>,
    ) {
        self.stop_opening();
        // The journal of the same document must be free; any other document stays until the new one is read.
        let is_same = |o: &Origin| {
            o.native.as_ref() == Some(&path) || (o.text.as_ref() == Some(&path) && o.nth == options.document)
        };
        // One that is only read has no journal and stays until then too.
        if self.session.as_ref().is_some_and(|session| is_same(&session.origin) && session.read_only.is_none()) {
            self.close_session();
        }
        self.open_request += 1;
        let request = self.open_request;
        let (opening, watcher) = OpeningFile::new(ctx, &path, &self.data);
        self.opening = Some(opening);
        let (annotator, data, notify) = (self.settings.annotator.clone(), self.data.clone(), notify(ctx));
        let error = OpenError { path: path.clone(), problems: vec![failed_on_reading().in_file(&path)] };
        let not_opened = move || super::messages::Message::Opened { request, result: Box::new(Err(error)) };
        self.jobs.spawn_or("Opening a file", not_opened, move || {
            let result = match journal.filter(|_| !path.is_file()) {
                Some(key) => Ok(ReadFile::Resumed(Box::new(resume(&data, &key, notify)))),
                None => match project_at(&path) {
                    Some((root, then)) => Ok(ReadFile::Project(root, then)),
                    None if path.is_dir() => Ok(ReadFile::Project(path, None)),
                    None => read_file(path, &options, annotator, &data, notify, &watcher),
                },
            };
            super::messages::Message::Opened { request, result: Box::new(result) }
        });
    }

    /// Opens an annotator's layer over a document of the project.
    pub(super) fn open_within(&mut self, ctx: &egui::Context, within: Within) {
        self.stop_opening();
        let path = within.path();
        // The journal of the same layer must be free; any other document stays until this one is read.
        let is_same = |o: &Origin| o.native.as_ref() == Some(&path) || o.target.as_ref() == Some(&path);
        if self.session.as_ref().is_some_and(|session| is_same(&session.origin) && session.read_only.is_none()) {
            self.close_session();
        }
        self.open_request += 1;
        let request = self.open_request;
        let (opening, watcher) = OpeningFile::new(ctx, &path, &self.data);
        self.opening = Some(opening);
        let (data, notify) = (self.data.clone(), notify(ctx));
        let error = OpenError { path: path.clone(), problems: vec![failed_on_reading().in_file(&path)] };
        let not_opened = move || super::messages::Message::Opened { request, result: Box::new(Err(error)) };
        self.jobs.spawn_or("Opening a document", not_opened, move || {
            let result = read_within(within, &data, notify, &watcher);
            super::messages::Message::Opened { request, result: Box::new(result) }
        });
    }

    /// Shows a document that was read.
    /// `shown`: its text, if that was shown already.
    pub(super) fn opened(&mut self, ctx: &egui::Context, file: OpenedFile, shown: Option<Session>) {
        let OpenedFile {
            path,
            nth,
            opened,
            ready,
            no_schema,
            found,
            has_unsaved,
            diverged,
            read_only,
            beside,
            of_project,
        } = file;
        // As our journal knows the file, so that what is there now is noticed.
        let sha256 = diverged.as_ref().map_or(&opened.sha256, |diverged| &diverged.held_sha256).clone();
        let origin = if let Some((document, text)) = of_project {
            let native = text.is_none().then(|| path.clone());
            let native_sha256 = native.is_some().then_some(sha256);
            // Whoever only looks saves nothing there.
            let target = text.as_ref().is_some_and(|text| *text != path).then_some(path);
            Origin { native, native_sha256, text, target, document: Some(document), ..Origin::default() }
        } else if is_native(opened.format) {
            Origin { native: Some(path), native_sha256: Some(sha256), ..Origin::default() }
        } else {
            let has_encoding = opened.encoding.is_some();
            let format = crate::formats::by_id(opened.format).map(|f| f.info().name);
            let format = format.filter(|_| opened.format != "text");
            Origin { text: Some(path), nth, has_encoding, format, text_sha256: Some(sha256), ..Origin::default() }
        };
        if origin.document.is_none() {
            // A file outside is not a document of the project.
            self.close_project();
            if let Some(path) = origin.shown() {
                self.settings.remember(path);
            }
        }
        let mut problems = opened.problems;
        if let Some(why) = &no_schema {
            problems.push(Problem::warning(
                "schema-not-found",
                why.as_str(),
                "load it with Mark, Schema, or choose another",
            ));
        }
        if let Some(encoding) = opened.encoding.filter(|e| e.is_guess && e.name != "UTF-8") {
            self.toasts
                .done(format!("Read as {}; if letters look wrong, choose File, Read the text as", encoding.name));
        }
        let what = if origin.has_encoding { "text" } else { "file" };
        let is_again =
            |s: &mut Session| s.read_only.is_some() && s.origin.shown() == origin.shown() && s.origin.nth == nth;
        let before = shown.or_else(|| self.session.take_if(is_again));
        self.start_with(ctx, ready, origin, found, problems);
        if let Some(diverged) = diverged {
            self.diverged(diverged);
        }
        if let (Some(session), Some((why, key))) = (&mut self.session, read_only) {
            session.read_only = Some(why);
            session.elsewhere = key.map(Elsewhere::new);
        }
        if let Some(before) = before {
            self.reopened(before);
        }
        let Some((path, beside)) = beside else { return };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match beside {
            // Work that is in no file comes before a question.
            Beside::Annotations(contents) if !has_unsaved => {
                let remarks = self.dialog.take().map(Box::new);
                self.dialog = Some(Dialog::Annotated { path, contents, remarks });
            }
            Beside::Annotations(_) => {
                self.toasts.done(format!(
                    "{name} beside this {what} holds its annotations; open that file to go on with them"
                ));
            }
            Beside::OtherText => {
                self.toasts.done(format!("{name} beside this {what} is of another text; it is not replaced unasked"));
            }
            Beside::Unknown => {
                self.toasts
                    .done(format!("{name} beside this {what} is not its annotation; it is not replaced unasked"));
            }
        }
    }
}
