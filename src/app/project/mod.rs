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
mod presence;
mod queue;
pub mod search;
mod statistics;
mod walking;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::App;
use super::data::DataDir;
use super::dialog::{AfterClosing, Dialog};
use super::importing::Within;
use super::messages::Message;
use super::schema_editor::{Running, SchemaEditor, State, Unfinished, forget_old, state_of};
use crate::canvas::Ghosts;
use crate::model::Problem;
use crate::project::adding::Progress;
use crate::project::index::{Catalogue, Index, IndexPlace, Looked, Scanned};
use crate::project::queue::{Counts, Query};
use crate::project::{Layout, Name, Place, Project};
use crate::review::statistics::Figures;
use crate::ui::project::queue::QueueState;
use crate::ui::statistics::Drawing;

pub use adding::{Adding, Addition, Outlook};
pub use beneath::Beneath;
pub use clock::{Clock, Pace, time_text};
pub use counting::{Counted, CountingProgress};
pub use dataset::DatasetDone;
pub use guidelines::{FromFile, Guidelines};
pub use presence::Presence;
pub use queue::ProjectAction;
pub use search::{Search, SearchAction};
pub use statistics::{Counting, SavedFigure};

/// How often documents that a scan has found are shown while it goes on.
const SHOW: Duration = Duration::from_millis(900);

/// So many times as long as reading the list takes, a scan goes on before the list is read again.
const SELDOM: u32 = 10;

/// After how long the files are looked at again when the window is come back to, in seconds.
const SCAN_AGAIN_SECS: f64 = 5.0;

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

/// Opens the project in a folder, with what its index knows.
fn open_project(root: &Path, data: &DataDir, then: Option<Layer>) -> Result<Opened, String> {
    let project = Project::open(root).map_err(|error| error.to_string())?;
    let place = IndexPlace::of(&project.layout).map_err(|error| error.to_string())?;
    let catalogue = Index::open(&place).and_then(|index| index.catalogue()).map_err(|error| error.to_string())?;
    let operations = state_of(&project, data);
    Ok(Opened { project, place, catalogue, operations, then })
}

/// What of a project a path names, if it names any: the folder, or a document in it. Asks the disk.
pub(super) fn project_at(path: &Path) -> Option<(PathBuf, Option<Layer>)> {
    let layout = Layout::around(path)?;
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path == layout.root() || path == layout.project_file() {
        return Some((layout.root().to_owned(), None));
    }
    match layout.place_of(&path)? {
        Place::Document(name) => Some((layout.root().to_owned(), Some((name, None)))),
        Place::Layer { folder, document } => Some((layout.root().to_owned(), Some((document, Some(folder))))),
    }
}

impl App {
    /// Opens the project in a folder, and a document of it.
    pub(super) fn open_project(&mut self, ctx: &egui::Context, root: PathBuf, then: Option<Layer>) {
        if let Some(open) = self.project.as_ref().filter(|open| open.project.layout.root() == root) {
            // It is open already.
            let is_mine = |folder: &Option<Name>| folder.is_none() || *folder == open.me;
            match then.filter(|(_, folder)| is_mine(folder)) {
                Some((name, _)) => self.open_document(ctx, &name),
                None => self.toasts.done("This project is open; Project, Annotator chooses whose layers are"),
            }
            return;
        }
        self.project_request += 1;
        let request = self.project_request;
        let failed = (root.clone(), "the program made a mistake while it read the folder".to_owned());
        let data = self.data.clone();
        let otherwise = move || ProjectMessage::Opened { request, result: Box::new(Err(failed)) };
        self.jobs.spawn_or(
            "Opening a project",
            move || Message::Project(otherwise()),
            move || {
                let result = open_project(&root, &data, then).map_err(|why| (root, why));
                Message::Project(ProjectMessage::Opened { request, result: Box::new(result) })
            },
        );
    }

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

    fn project_opened(&mut self, ctx: &egui::Context, opened: Opened) {
        self.close_project();
        self.session_count += 1;
        let then = opened.then.clone();
        let root = opened.project.layout.root().to_owned();
        self.settings.remember(&root);
        let mut project = OpenProject::new(opened, self.session_count, ctx);
        project.me = self.settings.annotator.as_deref().and_then(|name| project.project.folder_of(name));
        if let Some((_, Some(folder))) = &then
            && project.project.file.annotators.iter().any(|annotator| annotator.folder == folder.as_str())
        {
            project.me = Some(folder.clone());
        }
        let remembered = self.settings.projects.get(&root).cloned().unwrap_or_default();
        project.query.sort = remembered.sort;
        project.query.descending = remembered.descending;
        project.query.statuses = remembered.statuses;
        project.current = remembered.document.as_deref().and_then(Name::new);
        project.search.remembered = remembered.searches;
        project.search.order = remembered.search_order;
        if project.project.is_writable {
            self.data = self.data.with_journals(Some(&project.project.layout));
        }
        let first = then.map(|(name, _)| name).or_else(|| project.current.clone());
        self.project = Some(project);
        self.load_clock();
        self.look_for_unsaved();
        self.order();
        self.scan();
        if self.project.as_ref().is_some_and(|project| project.project.is_writable) {
            self.forget_operations();
            self.finish_operations();
        }
        if self.project.as_ref().is_some_and(|project| project.me.is_none()) {
            self.pending_document = first;
            return self.choose_annotator();
        }
        self.tell_of_project();
        if let Some(name) = first {
            self.open_document(ctx, &name);
        }
    }

    /// Forgets old changes of many documents, on a job.
    fn forget_operations(&mut self) {
        let Some(open) = &self.project else { return };
        let (project, data) = (open.project.clone(), self.data.clone());
        self.jobs.spawn("Forgetting old changes", move || {
            forget_old(&project, &data);
            Message::Project(ProjectMessage::Forgotten)
        });
    }

    /// Says once what is wrong with the project, if anything is.
    fn tell_of_project(&mut self) {
        let Some(project) = &mut self.project else { return };
        if project.project.problems.is_empty() || std::mem::replace(&mut project.is_told, true) {
            return;
        }
        self.dialog = Some(Dialog::Problems {
            title: "The project was opened, with remarks".to_owned(),
            message: project.project.layout.root().display().to_string(),
            problems: project.project.problems.clone(),
        });
    }

    fn project_not_opened(&mut self, root: PathBuf, why: String) {
        let is_folder_without = !root.join(crate::project::layout::PROJECT_FILE).exists();
        if is_folder_without && root.is_dir() {
            self.offer_to_make(root);
            return;
        }
        self.settings.recent.retain(|known| known != &root);
        let problem = Problem::error("project", why, "");
        let title = "The project cannot be opened".to_owned();
        self.dialog = Some(Dialog::Problems { title, message: root.display().to_string(), problems: vec![problem] });
    }

    /// Leaves the project; its document must have been left before.
    pub(super) fn close_project(&mut self) {
        self.remember_project();
        self.save_clock();
        self.keep_guidelines();
        if let Some(project) = self.project.take() {
            if let Some(scan) = &project.scan {
                scan.is_stopped.store(true, Ordering::Relaxed);
            }
            if let Some(adding) = &project.adding {
                adding.stop();
            }
            if let Some(progress) = &project.counting.progress {
                progress.stop();
            }
            project.search.stop();
            if let Some(running) = &project.work {
                // What is left is done when it is opened again.
                running.work.stop();
            }
            self.jobs.throw_away(project.catalogue);
            self.data = self.data.with_journals(None);
            self.look_for_unsaved();
        }
    }

    /// Remembers where the user is in the project.
    pub(super) fn remember_project(&mut self) {
        let Some(project) = &self.project else { return };
        let remembered = super::settings::ProjectSettings {
            document: project.current.as_ref().map(ToString::to_string),
            sort: project.query.sort,
            descending: project.query.descending,
            statuses: project.query.statuses.clone(),
            searches: project.search.remembered.clone(),
            search_order: project.search.order,
        };
        self.settings.projects.insert(project.project.layout.root().to_owned(), remembered);
    }

    /// Looks at all files of the project, on a job.
    pub(super) fn scan(&mut self) {
        let Some(open) = &mut self.project else { return };
        if open.presence.is_away() {
            // Looked at when it is back; what is known of it stays.
            return;
        }
        if open.scan.is_some() {
            open.scan_again = true;
            return;
        }
        let progress = Arc::new(ScanProgress::default());
        open.scan = Some(Arc::clone(&progress));
        let (project, place, number) = (open.project.clone(), open.place.clone(), open.number);
        let ctx = self.ctx.clone();
        let failed = || Box::new(Err("the program made a mistake while it looked at the files".to_owned()));
        self.jobs.spawn_or(
            "Looking at the documents",
            move || Message::Project(ProjectMessage::Scanned { number, result: failed() }),
            move || {
                let result = Box::new(scan(&project, &place, &progress, &ctx));
                Message::Project(ProjectMessage::Scanned { number, result })
            },
        );
    }

    /// Shows what a scan has found so far.
    pub(super) fn watch_project(&mut self, ctx: &egui::Context) {
        self.tick_clock(ctx);
        self.read_beneath();
        if self.dialog.is_none() {
            self.dialog = self.project.as_mut().and_then(|open| open.add_question.take()).map(Dialog::Adding);
        }
        // Whoever comes back from another program may have changed files there.
        let has_come_back = ctx.input(|input| input.events.contains(&egui::Event::WindowFocused(true)));
        let now = ctx.input(|input| input.time);
        self.watch_presence(now);
        if has_come_back && self.project.as_ref().is_some_and(|project| now - project.scanned_secs > SCAN_AGAIN_SECS) {
            self.scan();
        }
        let Some(project) = &self.project else { return };
        let Some(scan) = &project.scan else { return };
        ctx.request_repaint_after(Duration::from_millis(250));
        let found = scan.found.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(catalogue) = found {
            self.has_catalogue(catalogue);
        }
    }

    fn scanned(&mut self, ctx: &egui::Context, result: Result<Seen, String>) {
        let Some(project) = &mut self.project else { return };
        project.scan = None;
        project.scanned_secs = ctx.input(|input| input.time);
        match result {
            Ok(Seen { began_with, project: now, scanned, catalogue }) => {
                project.scan_problems = scanned.problems;
                // What this window has read or written since is newer than what the scan saw.
                let is_current = project.project.is_same_reading(&began_with);
                self.has_catalogue(catalogue);
                if is_current {
                    self.project_is(now);
                } else if let Some(project) = &mut self.project {
                    project.scan_again = true;
                }
                self.changed_beside_scan();
            }
            Err(why) => {
                self.toasts.refused(why);
                self.look_for_project();
            }
        }
        if self.project.as_mut().is_some_and(|project| std::mem::take(&mut project.scan_again)) {
            self.scan();
        }
        self.documents_known(ctx);
        ctx.request_repaint();
    }

    /// The project's own files say this now: by hand, by git, by another window.
    fn project_is(&mut self, now: Project) {
        let Some(open) = &mut self.project else { return };
        let has_other_schema = now.schema != open.project.schema;
        let is_worse = now.problems.len() > open.project.problems.len();
        open.project = now;
        if is_worse {
            open.is_told = false;
        }
        if has_other_schema && let Some(session) = self.session.as_mut().filter(|s| s.document_name().is_some()) {
            session.use_schema(Arc::clone(&open.project.schema));
            session.set_keys(&self.keymap.reserved());
            self.toasts.done("The label set of the project was changed by another program");
        }
        if is_worse && self.dialog.is_none() {
            self.tell_of_project();
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

fn scan(
    began_with: &Project,
    place: &IndexPlace,
    progress: &ScanProgress,
    ctx: &egui::Context,
) -> Result<Seen, String> {
    let project = &Project::open(began_with.layout.root()).map_err(|error| error.to_string())?;
    let mut index = Index::open(place).map_err(|error| error.to_string())?;
    let reader = Index::open(place).map_err(|error| error.to_string())?;
    let (mut shown_at, mut wait) = (Instant::now(), SHOW);
    let scanned = index.scan(project, |looked| {
        progress.done.store(looked.done as u64, Ordering::Relaxed);
        progress.of.store(looked.of as u64, Ordering::Relaxed);
        if shown_at.elapsed() > wait {
            let began = Instant::now();
            if let Ok(catalogue) = reader.catalogue() {
                *progress.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(catalogue);
                ctx.request_repaint();
            }
            // Of many documents the list is read less often, or reading it would take longer than finding them.
            wait = SHOW.max(began.elapsed() * SELDOM);
            shown_at = Instant::now();
        }
        !progress.is_stopped.load(Ordering::Relaxed)
    });
    let scanned = scanned.map_err(|error| error.to_string())?;
    let catalogue = reader.catalogue().map_err(|error| error.to_string())?;
    Ok(Seen { began_with: began_with.clone(), project: project.clone(), scanned, catalogue })
}

/// How far adding is, in words.
fn progress_text(progress: Progress) -> String {
    format!("{} of {} files", progress.done, progress.of)
}
