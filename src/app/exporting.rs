//! The export dialog: what is set in it, what an export would be, and writing.
//!
//! Looking and writing are jobs; only the answer to the latest look counts. Nothing is written before the losses were
//! shown, nothing that is there is replaced without a question, and a stopped export leaves nothing behind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::App;
use super::dialog::{Dialog, FilePurpose};
use super::messages::Message;
use crate::formats::choice::Choice;
use crate::formats::tally::Tally;
use crate::formats::{self, FORMATS, Format, Info, Loss, Named, Options, OutputFile};
use crate::model::{Document, Id, Kind, Schema};
use crate::store::stage::Stage;

/// Lines of a preview, and characters of each.
const PREVIEW_LINES: usize = 60;
const PREVIEW_COLUMNS: usize = 160;

/// The kinds in the order in which they are offered.
pub const KINDS: [Kind; 5] = [Kind::Mention, Kind::Entity, Kind::Event, Kind::Quote, Kind::Relation];

/// What the dialog holds while it is open.
#[derive(Clone, Debug)]
pub struct Export {
    /// The number of the session whose document is exported.
    session: u64,
    /// The id of the format.
    pub format: &'static str,
    /// What was chosen for the formats, by format and option.
    chosen: BTreeMap<(&'static str, &'static str), &'static str>,
    /// What is left out.
    pub choice: Choice,
    /// Every label of the document with how often it occurs.
    pub labels: Vec<(Kind, String, usize)>,
    /// The name of the file that is proposed.
    pub name: String,
    /// Which look is waited for.
    request: u64,
    /// What the export would be; `None` until it is known.
    pub looked: Option<Looked>,
    /// How far writing is, while it goes on.
    pub writing: Option<Arc<Progress>>,
    /// Files that are there already, and where the export was to go.
    pub existing: Option<(PathBuf, Vec<PathBuf>)>,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// What an export would be.
#[derive(Clone, Debug)]
pub struct Looked {
    /// What would be lost, by what happens to it.
    pub losses: Vec<Loss>,
    /// The same, counted.
    pub tally: Tally,
    /// How many annotations are not chosen.
    pub left_out: usize,
    /// The first lines, or why there are none.
    pub preview: Result<String, String>,
}

/// What is said of an export when the program failed.
const FAILED: &str = "the program made a mistake; nothing was written; choose another format, and report the mistake";

impl Looked {
    /// The program failed while it looked.
    fn failed() -> Self {
        Self { losses: Vec::new(), tally: Tally::default(), left_out: 0, preview: Err(FAILED.to_owned()) }
    }
}

/// How far an export is.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    stop: AtomicBool,
}

impl Progress {
    /// The steps of an export: choose, check, put into the form of the format, write.
    const STEPS: usize = 4;

    /// From 0 to 1.
    pub fn share(&self) -> f32 {
        self.done.load(Ordering::Relaxed) as f32 / Self::STEPS as f32
    }

    /// One step is done. Whether to go on.
    fn step(&self) -> Result<(), Outcome> {
        self.done.fetch_add(1, Ordering::Relaxed);
        if self.stop.load(Ordering::Relaxed) { Err(Outcome::Stopped) } else { Ok(()) }
    }
}

/// How an export ended.
enum Outcome {
    /// So many files were written.
    Written(usize, Tally),
    /// Files are there that may not be replaced without a question.
    Exist(Vec<PathBuf>),
    /// The user stopped it.
    Stopped,
    /// In words.
    Failed(String),
}

/// What an export job brings back.
pub struct Exported {
    session: u64,
    path: PathBuf,
    outcome: Outcome,
}

/// What is asked for in the dialog.
#[derive(Clone, Debug)]
pub enum ExportAction {
    /// Another format.
    Format(&'static str),
    /// Another value of an option of the format.
    Option(&'static str, &'static str),
    /// Take these labels, or leave them out.
    Take {
        /// The labels.
        labels: Vec<(Kind, String)>,
        /// Whether they are taken.
        is_taken: bool,
    },
    /// Show an annotation that would be lost.
    GoTo(Id),
    /// Choose a file.
    Choose,
    /// Write over what is there.
    Replace,
    /// Stop writing.
    Stop,
}

impl Export {
    /// The format.
    pub fn info(&self) -> Info {
        self.writer().info()
    }

    fn writer(&self) -> &'static dyn Format {
        formats::by_id(self.format).unwrap_or(&formats::native::NativeRon)
    }

    /// What is chosen for an option of the format.
    pub fn value(&self, option: &formats::capabilities::OptionInfo) -> &'static str {
        let default = || option.values.first().copied().unwrap_or_default();
        self.chosen.get(&(self.format, option.name)).copied().unwrap_or_else(default)
    }

    fn options(&self) -> Options {
        let (info, mut options) = (self.info(), Options::default());
        for option in info.options {
            // Values come from the format's own list.
            let _ = options.set(&info, option.name, self.value(option));
        }
        options
    }

    /// The proposed name with the ending of the format.
    fn rename(&mut self) {
        let extension = self.info().extensions.first().copied().unwrap_or_default();
        let stem = Path::new(&self.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        self.name = if extension.is_empty() { stem } else { format!("{stem}.{extension}") };
    }
}

impl ExportAction {
    /// Whether the export would be another one by it.
    fn changes_export(&self) -> bool {
        matches!(self, Self::Format(_) | Self::Option(..) | Self::Take { .. })
    }
}

fn labels_of(document: &Document) -> Vec<(Kind, String, usize)> {
    let mut counts: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for id in formats::order::ids(document) {
        let Some(kind) = document.kind_of(&id) else { continue };
        let place = KINDS.iter().position(|k| *k == kind).unwrap_or_default();
        *counts.entry((place, document.label_of(&id).to_owned())).or_default() += 1;
    }
    let labelled = |((place, label), count): ((usize, String), usize)| Some((*KINDS.get(place)?, label, count));
    counts.into_iter().filter_map(labelled).collect()
}

/// What an export would be.
fn look(document: &Document, schema: &Schema, export: &Export) -> Looked {
    let (document, left_out) = export.choice.of(document);
    let (format, options) = (export.writer(), export.options());
    let mut losses = format.losses(&document, &options);
    // The order of the text within what happens.
    losses.sort_by_key(|loss| loss.treatment);
    let mut tally = Tally::default();
    tally.add(&document, &losses);
    let stem = Path::new(&export.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let named = Named { name: &stem, document: &document, schema: Some(schema) };
    let written = format.write(&[named], &options).map_err(|error| error.to_string());
    Looked { losses, tally, left_out, preview: written.map(|files| preview(&files)) }
}

/// The first lines of each file.
fn preview(files: &[OutputFile]) -> String {
    let mut out = String::new();
    for file in files {
        if files.len() > 1 {
            out.push_str(&format!("── {} ──\n", file.name.display()));
        }
        let head = file.bytes.get(..file.bytes.len().min(PREVIEW_LINES * 4096)).unwrap_or_default();
        let text = match str::from_utf8(head) {
            Ok(text) => text,
            // A character that is cut in two at the end is no sign of another encoding.
            Err(error) if error.error_len().is_none() => {
                str::from_utf8(head.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
            }
            Err(_) => "\0",
        };
        if text.contains('\0') {
            out.push_str(&format!("{} bytes that are not text\n", file.bytes.len()));
            continue;
        }
        for line in text.lines().take(PREVIEW_LINES) {
            out.extend(line.chars().take(PREVIEW_COLUMNS));
            out.push_str(if line.chars().nth(PREVIEW_COLUMNS).is_some() { "…\n" } else { "\n" });
        }
        if text.lines().nth(PREVIEW_LINES).is_some() || head.len() < file.bytes.len() {
            out.push_str("…\n");
        }
    }
    out
}

/// Writes the document; `may_replace` = the user agreed to replace what is at `path`, `may_replace_all` = also the files
/// beside it.
fn write(
    document: &Document,
    schema: &Schema,
    export: &Export,
    path: &Path,
    (may_replace, may_replace_all): (bool, bool),
    progress: &Progress,
) -> Result<Outcome, Outcome> {
    let failed = |error: String| Outcome::Failed(error);
    let (document, _) = export.choice.of(document);
    progress.step()?;
    let (format, options) = (export.writer(), export.options());
    let mut tally = Tally::default();
    tally.add(&document, &format.losses(&document, &options));
    progress.step()?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let named = Named { name: &stem, document: &document, schema: Some(schema) };
    let files = format.write(&[named], &options).map_err(|error| failed(error.to_string()))?;
    progress.step()?;
    let io = |error: std::io::Error| failed(format!("{}: it cannot be written: {error}", path.display()));
    let stage = Stage::beside(path).map_err(io)?;
    let (is_one, folder) = (files.len() == 1, path.parent().unwrap_or(Path::new("")));
    let mut placed = Vec::new();
    for file in files {
        // What the user named may be a link; what lies beside it has names that the format makes.
        let is_named = is_one || folder.join(&file.name) == path;
        let place = if is_named { path.to_owned() } else { beside(folder, &file.name).map_err(failed)? };
        placed.push((place, stage.write(&file.bytes).map_err(io)?));
    }
    let is_in_the_way = |(place, staged): &&(PathBuf, crate::store::stage::Staged)| {
        let is_agreed = may_replace_all || (may_replace && place == path);
        !is_agreed && place.exists() && !staged.is_at(place)
    };
    let existing: Vec<PathBuf> = placed.iter().filter(is_in_the_way).map(|(place, _)| place.clone()).collect();
    if !existing.is_empty() {
        return Ok(Outcome::Exist(existing));
    }
    progress.step()?;
    stage.commit(&placed).map_err(|error| failed(error.to_string()))?;
    Ok(Outcome::Written(placed.len(), tally))
}

/// The place of a file beside the one that the user named.
fn beside(folder: &Path, name: &Path) -> Result<PathBuf, String> {
    crate::store::confined::inside(folder, name).map_err(|error| error.to_string())
}

impl App {
    /// Opens the dialog as it was left, or with the format of last time.
    pub(super) fn open_export(&mut self) {
        let Some(session) = self.session.as_ref().filter(|_| self.dialog.is_none()) else { return };
        let labels = labels_of(session.document());
        let mut export = self.export.take().filter(|export| export.session == session.number).unwrap_or_else(|| {
            let format = self.settings.export_format.as_deref().and_then(formats::by_id);
            let format = format.map(Format::info).filter(|info| info.writes);
            let first = || FORMATS.iter().map(|f| f.info()).find(|info| info.writes && info.id != "ron");
            let format = format.or_else(first).map_or("ron", |info| info.id);
            Box::new(Export {
                session: session.number,
                format,
                chosen: remembered(&self.settings.export_options),
                choice: Choice::default(),
                labels: Vec::new(),
                name: self.export_name(),
                request: 0,
                looked: None,
                writing: None,
                existing: None,
                error: None,
            })
        });
        export.labels = labels;
        export.rename();
        self.dialog = Some(Dialog::Export(export));
        self.look_at_export();
    }

    fn export_name(&self) -> String {
        let name = self.proposed_name(FilePurpose::Export);
        if name.is_empty() { "document".to_owned() } else { name }
    }

    /// Finds out what the export would be, on a thread of its own.
    fn look_at_export(&mut self) {
        let (Some(Dialog::Export(export)), Some(session)) = (&mut self.dialog, &self.session) else { return };
        export.request += 1;
        export.error = None;
        export.existing = None;
        let (request, export) = (export.request, export.clone());
        let (document, schema) = (session.document().clone(), session.editor.schema().clone());
        let failed = move || Message::ExportLooked { request, looked: Box::new(Looked::failed()) };
        self.jobs.spawn_or("Looking at what would be exported", failed, move || {
            let looked = Box::new(look(&document, &schema, &export));
            Message::ExportLooked { request, looked }
        });
    }

    /// It is known what the export would be.
    pub(super) fn export_looked(&mut self, request: u64, looked: Looked) {
        if let Some(Dialog::Export(export)) = &mut self.dialog
            && export.request == request
        {
            export.looked = Some(looked);
        }
    }

    /// Carries out what was asked for in the dialog.
    pub(super) fn export_action(&mut self, action: ExportAction) {
        let Some(Dialog::Export(export)) = &mut self.dialog else { return };
        let changes = action.changes_export();
        match action {
            ExportAction::Format(format) => {
                export.format = format;
                export.rename();
                self.settings.export_format = Some(format.to_owned());
            }
            ExportAction::Option(option, value) => {
                export.chosen.insert((export.format, option), value);
                self.settings.export_options.insert(format!("{}.{option}", export.format), value.to_owned());
            }
            ExportAction::Take { labels, is_taken } => {
                for label in labels {
                    if is_taken {
                        export.choice.left_out.remove(&label);
                    } else {
                        export.choice.left_out.insert(label);
                    }
                }
            }
            ExportAction::GoTo(id) => {
                self.close_dialog();
                self.reveal(&id);
            }
            ExportAction::Choose => {
                self.export = Some(export.clone());
                self.choose_file(FilePurpose::Export);
            }
            ExportAction::Replace => {
                if let Some((path, _)) = export.existing.take() {
                    self.write_export(path, (true, true));
                }
            }
            ExportAction::Stop => {
                if let Some(progress) = &export.writing {
                    progress.stop.store(true, Ordering::Relaxed);
                }
            }
        }
        if changes {
            self.look_at_export();
        }
    }

    /// A file was chosen; `may_replace` = and the user was asked whether it may be replaced.
    pub(super) fn export_to(&mut self, path: PathBuf, may_replace: bool) {
        self.show_export_again(FilePurpose::Export);
        let Some(Dialog::Export(export)) = &self.dialog else { return };
        let extension = export.info().extensions.first().copied().unwrap_or_default();
        let path = if path.extension().is_none() { path.with_extension(extension) } else { path };
        self.write_export(path, (may_replace, false));
    }

    fn write_export(&mut self, path: PathBuf, may_replace: (bool, bool)) {
        let (Some(Dialog::Export(export)), Some(session)) = (&mut self.dialog, &self.session) else { return };
        if export.session != session.number || export.writing.is_some() {
            return;
        }
        let progress = Arc::new(Progress::default());
        export.error = None;
        export.existing = None;
        export.name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        export.writing = Some(progress.clone());
        let (session, export, document, schema) =
            (session.number, export.clone(), session.document().clone(), session.editor.schema().clone());
        let outcome = Outcome::Failed(FAILED.to_owned());
        let failed = Message::Exported(Box::new(Exported { session, path: path.clone(), outcome }));
        self.jobs.spawn_or(
            "Exporting",
            move || failed,
            move || {
                let result = write(&document, &schema, &export, &path, may_replace, &progress);
                let outcome = result.unwrap_or_else(|outcome| outcome);
                Message::Exported(Box::new(Exported { session, path, outcome }))
            },
        );
    }

    /// An export ended.
    pub(super) fn exported(&mut self, exported: Exported) {
        let Exported { session, path, outcome } = exported;
        let mut open = match (&mut self.dialog, &mut self.export) {
            (Some(Dialog::Export(export)), _) | (_, Some(export)) if export.session == session => Some(export),
            _ => None,
        };
        if let Some(export) = &mut open {
            export.writing = None;
        }
        match (outcome, open) {
            (Outcome::Written(files, tally), _) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let more = if files > 1 { format!(" and {} more files", files - 1) } else { String::new() };
                let lost = if tally.total() > 0 { format!("; {tally}") } else { String::new() };
                self.settings.last_folder = path.parent().map(Path::to_owned);
                self.toasts.done(format!("Exported {name}{more}{lost}"));
                if matches!(self.dialog, Some(Dialog::Export(_))) {
                    self.close_dialog();
                }
            }
            (Outcome::Exist(files), Some(export)) => export.existing = Some((path, files)),
            (Outcome::Failed(error), Some(export)) => export.error = Some(error),
            (Outcome::Failed(error), None) => self.toasts.refused(error),
            (Outcome::Stopped | Outcome::Exist(_), _) => self.toasts.refused("Not exported; nothing was written"),
        }
    }

    /// Shows the export dialog again after a file was chosen for it, or not.
    pub(super) fn show_export_again(&mut self, purpose: FilePurpose) {
        if purpose == FilePurpose::Export
            && !matches!(self.dialog, Some(Dialog::Export(_)))
            && let Some(export) = self.export.take()
        {
            self.dialog = Some(Dialog::Export(export));
        }
    }

    /// Closes the dialog. What was set in the export dialog is kept for the next time.
    pub(super) fn close_dialog(&mut self) {
        match self.dialog.take() {
            Some(Dialog::Export(export)) => self.export = Some(export),
            Some(Dialog::File(file)) => self.show_export_again(file.purpose),
            Some(Dialog::Annotated { remarks, .. }) => self.dialog = remarks.map(|remarks| *remarks),
            _ => {}
        }
    }
}

/// What was chosen last time, as far as the formats still have it.
fn remembered(options: &BTreeMap<String, String>) -> BTreeMap<(&'static str, &'static str), &'static str> {
    let mut known = BTreeMap::new();
    for info in FORMATS.iter().map(|format| format.info()) {
        for option in info.options {
            let chosen = options.get(&format!("{}.{}", info.id, option.name));
            if let Some(value) = option.values.iter().find(|value| chosen.is_some_and(|chosen| chosen == *value)) {
                known.insert((info.id, option.name), *value);
            }
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;
    use crate::text::Text;

    fn export(format: &'static str) -> Export {
        Export {
            session: 1,
            format,
            chosen: BTreeMap::new(),
            choice: Choice::default(),
            labels: Vec::new(),
            name: "a".to_owned(),
            request: 0,
            looked: None,
            writing: None,
            existing: None,
            error: None,
        }
    }

    #[test]
    fn a_stopped_export_leaves_nothing_and_what_is_there_is_asked_about() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.json");
        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        let schema = Schema::empty("none", 1);
        let run = |progress: &Progress, may_replace| {
            write(&document, &schema, &export("json"), &path, may_replace, progress).unwrap_or_else(|outcome| outcome)
        };
        let stopped = Progress { stop: AtomicBool::new(true), ..Progress::default() };
        assert!(matches!(run(&stopped, (true, true)), Outcome::Stopped));
        assert_eq!(std::fs::read_dir(folder.path()).expect("there").count(), 0);
        std::fs::write(&path, "mine").expect("writable");
        let Outcome::Exist(files) = run(&Progress::default(), (false, false)) else { panic!("it was written") };
        assert_eq!((files, std::fs::read(&path).expect("there")), (vec![path.clone()], b"mine".to_vec()));
        let progress = Progress::default();
        assert!(matches!(run(&progress, (true, false)), Outcome::Written(1, _)));
        assert_eq!((progress.share(), std::fs::read_dir(folder.path()).expect("there").count()), (1.0, 1));
    }

    #[test]
    fn a_preview_is_short_whatever_is_in_the_file() {
        let file = |bytes: &[u8]| OutputFile { name: "a".into(), bytes: bytes.to_vec() };
        assert_eq!(preview(&[file(b"one\ntwo")]), "one\ntwo\n");
        assert_eq!(preview(&[file(b"\xff\xfe\0")]), "3 bytes that are not text\n");
        let long = preview(&[file("ä".repeat(1_000_000).as_bytes())]);
        assert_eq!(long.chars().count(), PREVIEW_COLUMNS + 4, "one line, cut, and a sign that there is more");
        assert!(preview(&[file("x\n".repeat(1000).as_bytes())]).lines().count() <= PREVIEW_LINES + 1);
    }
}
