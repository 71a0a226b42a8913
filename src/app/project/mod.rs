//! The open project: its documents as a queue, what is known of them, and which of them is open.
//!
//! Everything that reads files or orders many documents runs on jobs; the newest answer wins. A document of the project is
//! a session like any other, saved when it is left; its journal lies in the project.

mod adding;
mod annotator;
mod beneath;
mod changed;
mod clock;
mod counting;
mod dataset;
mod guidelines;
mod hits;
mod making;
mod opening;
mod presence;
mod queue;
mod scanning;
pub mod search;
mod statistics;
mod walking;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::App;
use super::dialog::AfterClosing;
use super::importing::Within;
use super::schema_editor::{Running, SchemaEditor, State, Unfinished};
use crate::canvas::Ghosts;
use crate::model::Problem;
use crate::project::adding::Progress;
use crate::project::index::{Catalogue, IndexPlace, Looked, Scanned};
use crate::project::queue::{Counts, Query};
use crate::project::{Name, Project};
use crate::review::statistics::Figures;
use crate::ui::project::queue::QueueState;
use crate::ui::statistics::Drawing;

pub use adding::{Adding, Addition, Outlook};
pub use beneath::Beneath;
pub use clock::{Clock, Pace, time_text};
pub use counting::{Counted, CountingProgress};
pub use dataset::DatasetDone;
pub use guidelines::{FromFile, Guidelines};
pub(super) use opening::project_at;
pub use presence::Presence;
pub use queue::ProjectAction;
pub use search::{Search, SearchAction};
pub use statistics::{Counting, SavedFigure};

/// The project that is open.
pub struct OpenProject {
    /// What it says of itself, and its schema.
    pub project: Project,
    /// Where its index lies.
    pub place: IndexPlace,
    /// Whether its folder is there.
    pub presence: Presence,
    /// Its documents, as far as they are known.
    pub catalogue: Catalogue,
    /// Which of them are shown, and in which order.
    pub query: Query,
    /// These, as positions in the catalogue.
    pub shown: Arc<Vec<u32>>,
    /// How many are how far.
    pub counts: Counts,
    /// The folder of the annotator who works here.
    pub me: Option<Name>,
    /// Whether the user has said not to be one of them: documents are shown, and nobody is asked again.
    pub only_looks: bool,
    /// The document that was opened last.
    pub current: Option<Name>,
    /// How far looking at the files is, while somebody looks.
    pub scan: Option<Arc<ScanProgress>>,
    /// How far adding is, while documents are added.
    pub adding: Option<Arc<Adding>>,
    /// What is wrong with its folders.
    pub scan_problems: Vec<Problem>,
    /// How the list is shown.
    pub view: QueueState,
    /// The numbers of the project.
    pub counting: Counting,
    /// How to annotate.
    pub guidelines: Guidelines,
    /// Whose layer is shown beneath.
    pub beneath: Option<Beneath>,
    /// How the hits of a search are shown.
    pub search_view: crate::ui::project::search::SearchState,
    /// What is looked for in its documents.
    pub search: Search,
    /// Time spent on documents.
    pub clock: Clock,
    /// The editor of its label set, while it is open.
    pub schema_editor: Option<Box<SchemaEditor>>,
    /// What goes on over all of its files.
    pub work: Option<Running>,
    /// The change of its label set that can be taken back.
    pub last_change: Option<Unfinished>,
    /// Changes of many files that were begun and have to be finished.
    pub unfinished: Vec<Unfinished>,
    /// The document to open once that is done.
    pub(super) reopen: Option<Name>,
    /// Which project of this window it is; results of jobs carry it.
    pub number: u64,
    /// How often the list was asked for, and which of these answers is shown.
    asked: u64,
    answered: u64,
    /// Whether the user was told what is wrong with it.
    is_told: bool,
    /// When the files were looked at last, in seconds of the context's clock.
    scanned_secs: f64,
    /// What another scan is to follow the one that goes on.
    scan_again: bool,
    /// Documents to be looked at again.
    changed: changed::Changed,
    /// What is to be asked about documents to be added, when no other dialog is open.
    add_question: Option<Box<crate::ui::dialogs::adding::AddQuestion>>,
}

/// How far a scan is.
#[derive(Default)]
pub struct ScanProgress {
    done: AtomicU64,
    of: AtomicU64,
    is_stopped: AtomicBool,
    /// Documents that were found meanwhile, until the window takes them.
    found: Mutex<Option<Catalogue>>,
}

impl ScanProgress {
    /// How many documents were looked at, and how many there are.
    pub fn looked(&self) -> Looked {
        let read = |number: &AtomicU64| usize::try_from(number.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
        Looked { done: read(&self.done), of: read(&self.of) }
    }
}

impl OpenProject {
    /// The first document that the list shows.
    pub fn first_shown(&self) -> Option<&Name> {
        let nth = usize::try_from(*self.shown.first()?).ok()?;
        self.catalogue.entries.get(nth).map(|entry| &entry.name)
    }

    fn new(opened: Opened, number: u64, ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let presence = Presence::new(&opened.project.layout, move || ctx.request_repaint());
        Self {
            presence,
            project: opened.project,
            place: opened.place,
            catalogue: opened.catalogue,
            query: Query::default(),
            shown: Arc::default(),
            counts: Counts::default(),
            me: None,
            only_looks: false,
            current: None,
            scan: None,
            adding: None,
            scan_problems: Vec::new(),
            view: QueueState::default(),
            counting: Counting::default(),
            guidelines: Guidelines::default(),
            beneath: None,
            search_view: Default::default(),
            search: Search::default(),
            clock: Clock::default(),
            schema_editor: None,
            work: None,
            last_change: opened.operations.last,
            unfinished: opened.operations.unfinished,
            reopen: None,
            number,
            asked: 0,
            answered: 0,
            is_told: false,
            scanned_secs: 0.0,
            scan_again: false,
            changed: Default::default(),
            add_question: None,
        }
    }

    /// The name of the annotator who works here.
    pub fn my_name(&self) -> Option<&str> {
        let folder = self.me.as_ref()?;
        let annotators = self.project.file.annotators.iter();
        annotators
            .filter(|annotator| annotator.folder == folder.as_str())
            .map(|annotator| annotator.name.as_str())
            .next()
    }

    /// The folder of that annotator.
    pub fn folder(&self) -> Option<&str> {
        self.me.as_ref().map(Name::as_str)
    }

    /// Where the work of that annotator on a document is, and what else is needed to open it; `None` as long as nobody
    /// has said whose layers are meant.
    fn within(&self, document: &Name) -> Option<Within> {
        let layer = self.me.as_ref().map(|folder| self.project.layout.layer_of(folder, document));
        if layer.is_none() && !self.only_looks {
            return None;
        }
        Some(Within {
            project: self.project.clone(),
            layer,
            document: document.clone(),
            annotator: self.my_name().map(str::to_owned),
        })
    }

    /// What is wrong with the project as a whole.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.project.problems.iter().chain(&self.scan_problems)
    }
}

/// A document, and the folder of the annotator whose layer is meant, if one is.
pub type Layer = (Name, Option<Name>);

/// A project that was opened on a job.
pub struct Opened {
    project: Project,
    place: IndexPlace,
    catalogue: Catalogue,
    /// What its records of changes of many files say.
    operations: State,
    /// The document to open then, and whose layer of it.
    then: Option<Layer>,
}

/// What a look at all files has found.
pub(in crate::app) struct Seen {
    /// The project with which it began.
    began_with: Project,
    /// The project as its files said then.
    project: Project,
    scanned: Scanned,
    catalogue: Catalogue,
}

/// What jobs of a project bring back.
pub(in crate::app) enum ProjectMessage {
    /// A project was opened; or why not, with the folder, in words.
    Opened { request: u64, result: Box<Result<Opened, (PathBuf, String)>> },
    /// A project was made, or not, in words.
    Made(Box<Result<PathBuf, String>>),
    /// All files were looked at.
    Scanned { number: u64, result: Box<Result<Seen, String>> },
    /// The documents that are shown.
    Ordered { number: u64, asked: u64, shown: Vec<u32>, counts: Counts },
    /// Documents that changed were looked at again.
    Updated { number: u64, looked: Box<changed::LookedAgain> },
    /// The documents that have a label.
    Labelled { number: u64, label: String, names: Vec<Name> },
    /// The annotators are others.
    Annotated { number: u64, result: Box<Result<(Project, Name), String>> },
    /// Layers were counted; `None` if that was stopped; or why not, in words.
    Counted { number: u64, asked: u64, counted: Box<Result<Option<Counted>, String>> },
    /// What was counted is kept for the next time, as far as that goes.
    Kept,
    /// Figures were worked out of what was counted.
    Figured { number: u64, asked: u64, figures: Arc<Figures> },
    /// What is drawn of them was worked out.
    Drawn { number: u64, drawing: Box<Drawing> },
    /// A figure was saved, or not, in words.
    FigureSaved(Result<PathBuf, String>),
    /// Another's layer was read.
    Beneath { number: u64, folder: Name, document: Name, ghosts: Result<Ghosts, String> },
    /// A dataset was exported, or not.
    Dataset { number: u64, done: Box<DatasetDone> },
    /// The guidelines were read or written.
    Guidelines { number: u64, from: FromFile },
    /// What is to be added was looked at.
    AdditionSeen { number: u64, outlook: Box<Outlook> },
    /// Documents were added.
    Added { number: u64, addition: Box<Addition> },
    /// A document was taken out, or not, in words.
    Removed { number: u64, name: Name, result: Result<PathBuf, String> },
    /// Old changes of many documents were forgotten.
    Forgotten,
    /// A job of the search brings something.
    Search { number: u64, message: search::SearchMessage },
    /// It was put back, or not.
    PutBack { number: u64, name: Name, result: Result<(), String> },
}

impl App {
    /// Takes what a job of a project brings.
    pub(super) fn take_project_message(&mut self, ctx: &egui::Context, message: ProjectMessage) {
        let current = self.project.as_ref().map(|project| project.number);
        let is_current = |number: u64| current == Some(number);
        match message {
            ProjectMessage::Opened { request, .. } if request != self.project_request => {}
            ProjectMessage::Opened { result, .. } => match *result {
                Ok(opened) => self.project_opened(ctx, opened),
                Err((root, why)) => self.project_not_opened(root, why),
            },
            ProjectMessage::Made(result) => match *result {
                Ok(root) => self.leave_then(ctx, AfterClosing::Project(root)),
                Err(why) => self.toasts.refused(why),
            },
            ProjectMessage::Scanned { number, result } if is_current(number) => self.scanned(ctx, *result),
            ProjectMessage::Ordered { number, asked, shown, counts } if is_current(number) => {
                self.ordered(asked, shown, counts);
            }
            ProjectMessage::Updated { number, looked } if is_current(number) => self.looked_at_changed(*looked),
            ProjectMessage::Labelled { number, label, names } if is_current(number) => self.labelled(label, names),
            ProjectMessage::Annotated { number, result } if is_current(number) => self.annotator_made(ctx, *result),
            ProjectMessage::Counted { number, asked, counted } if is_current(number) => {
                self.files_counted(asked, *counted);
            }
            ProjectMessage::Figured { number, asked, figures } if is_current(number) => {
                self.figures_worked_out(asked, figures);
            }
            ProjectMessage::Drawn { number, drawing } if is_current(number) => self.drawn(*drawing),
            ProjectMessage::FigureSaved(Ok(path)) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                self.toasts.done(format!("Saved {name}"));
            }
            ProjectMessage::FigureSaved(Err(why)) => self.toasts.refused(why),
            ProjectMessage::Beneath { number, folder, document, ghosts } if is_current(number) => {
                self.beneath_read(&folder, document, ghosts);
            }
            ProjectMessage::Dataset { number, done } if is_current(number) => self.dataset_done(*done),
            ProjectMessage::Guidelines { number, from } if is_current(number) => self.guidelines_done(from),
            ProjectMessage::AdditionSeen { number, outlook } if is_current(number) => self.addition_seen(*outlook),
            ProjectMessage::Added { number, addition } if is_current(number) => self.documents_added(ctx, *addition),
            ProjectMessage::Removed { number, name, result } if is_current(number) => self.removed(name, result),
            ProjectMessage::PutBack { number, name, result } if is_current(number) => self.was_put_back(name, result),
            ProjectMessage::Search { number, message } if is_current(number) => self.take_search_message(ctx, message),
            // Of a project that is no longer open.
            _ => {}
        }
    }

    /// Takes documents as they are known now.
    pub(super) fn has_catalogue(&mut self, catalogue: Catalogue) {
        let Some(project) = &mut self.project else { return };
        let before = std::mem::replace(&mut project.catalogue, catalogue);
        self.jobs.throw_away(before);
        self.order();
    }
}

/// How far adding is, in words.
fn progress_text(progress: Progress) -> String {
    format!("{} of {} files", progress.done, progress.of)
}
