//! Adding documents: what is chosen, what is new of it, how far it is, what came of it.
//!
//! Everything is looked at before anything is written. Only where something is there already, the user is asked.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::ProjectMessage;
use crate::app::App;
use crate::app::dialog::Dialog;
use crate::app::messages::Message;
use crate::project::adding::{self as core, Known, Progress, Report};
use crate::project::{Project, ProjectError};
use crate::store::disk::Disk;
use crate::ui::dialogs::adding::{AddQuestion, AddReport};

/// How far adding is.
#[derive(Default)]
pub struct Adding {
    /// Whether it is only looked what is new.
    is_look: bool,
    progress: Mutex<Progress>,
    is_stopped: AtomicBool,
}

impl Adding {
    /// Lets it end after the file that is being read.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// How far it is, in words.
    pub fn text(&self) -> String {
        let what = if self.is_look { "Looking" } else { "Adding" };
        let progress = super::progress_text(*self.progress.lock().unwrap_or_else(PoisonError::into_inner));
        format!("{what}: {progress}")
    }

    /// Tells how far it is; answers whether to go on.
    fn go_on(&self, progress: Progress, ctx: &egui::Context) -> bool {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
        ctx.request_repaint();
        !self.is_stopped.load(Ordering::Relaxed)
    }

    /// The share that is done, from 0 to 1.
    pub fn share(&self) -> f32 {
        let progress = *self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.done as f32 / progress.of.max(1) as f32
    }
}

/// What would be added.
pub struct Outlook {
    sources: Vec<PathBuf>,
    /// The report, and what the project had before.
    result: Result<(Report, Known), ProjectError>,
}

/// What came of it.
pub struct Addition {
    /// Whether the user has been told what was there already.
    is_told: bool,
    /// The project with which it began.
    begun_with: Project,
    result: Result<(Project, Report), ProjectError>,
}

impl App {
    /// Asks which documents are to be added.
    pub(in crate::app) fn choose_documents(&mut self, purpose: crate::app::dialog::FilePurpose) {
        match &self.project {
            None => self.toasts.refused("That is for projects; open or make one first"),
            Some(project) if !project.project.is_writable => {
                self.toasts.refused("The folder of the project may not be written");
            }
            Some(_) => self.choose_file(purpose),
        }
    }

    /// Adds files and folders to the project, after a look at what of them is there already.
    pub(in crate::app) fn add_documents(&mut self, sources: Vec<PathBuf>) {
        let Some((project, adding, ctx)) = self.begin_adding(true) else { return };
        let (number, annotator) = self.number_and_name();
        let failed = Outlook { sources: Vec::new(), result: Err(fallen(&project)) };
        self.jobs.spawn_or(
            "Looking at what is to be added",
            move || Message::Project(ProjectMessage::AdditionSeen { number, outlook: Box::new(failed) }),
            move || {
                let what = core::Adding { sources: sources.clone(), annotator, ..core::Adding::default() };
                let seen = Known::read(&project).and_then(|known| {
                    let report = core::look(&project, known.clone(), &what, |progress| adding.go_on(progress, &ctx))?;
                    Ok((report, known))
                });
                let outlook = Box::new(Outlook { sources, result: seen });
                Message::Project(ProjectMessage::AdditionSeen { number, outlook })
            },
        );
    }

    /// It is known what of the sources is new: goes on, or asks about what is there already.
    pub(super) fn addition_seen(&mut self, outlook: Outlook) {
        let Some(project) = &mut self.project else { return };
        project.adding = None;
        match outlook.result {
            Ok((report, _)) if report.is_stopped => self.toasts.done("Nothing was added"),
            Ok((report, known)) if report.duplicates() == 0 => self.add_chosen(outlook.sources, false, Some(known)),
            // Whatever else was opened meanwhile comes first.
            Ok((report, _)) => project.add_question = Some(Box::new(AddQuestion::new(outlook.sources, &report))),
            Err(error) => {
                self.look_for_project();
                self.toasts.refused(error.to_string());
            }
        }
    }

    /// Adds what was looked at; with `adds_known` also what is there already. `known`: what the project has, if nobody was
    /// asked meanwhile.
    pub(super) fn add_chosen(&mut self, sources: Vec<PathBuf>, adds_known: bool, known: Option<Known>) {
        self.dialog.take_if(|dialog| matches!(dialog, Dialog::Adding(_)));
        let Some((project, adding, ctx)) = self.begin_adding(false) else { return };
        let (number, annotator) = self.number_and_name();
        let is_told = known.is_none();
        let failed = Addition { is_told, begun_with: project.clone(), result: Err(fallen(&project)) };
        self.jobs.spawn_or(
            "Adding documents",
            move || Message::Project(ProjectMessage::Added { number, addition: Box::new(failed) }),
            move || {
                let what = core::Adding { sources, annotator, adds_known, ..core::Adding::default() };
                let known = known.map_or_else(|| Known::read(&project), Ok);
                let go_on = |progress| adding.go_on(progress, &ctx);
                let result = known.and_then(|known| core::add(&Disk::default(), &project, known, &what, go_on));
                let addition = Box::new(Addition { is_told, begun_with: project, result });
                Message::Project(ProjectMessage::Added { number, addition })
            },
        );
    }

    /// What adding needs, unless it cannot be begun, which is said.
    fn begin_adding(&mut self, is_look: bool) -> Option<(Project, Arc<Adding>, egui::Context)> {
        if self.refuse_if_away() {
            return None;
        }
        if self.refuse_while_files_change() {
            return None;
        }
        let open = self.project.as_mut()?;
        let adding = Arc::new(Adding { is_look, ..Adding::default() });
        open.adding = Some(Arc::clone(&adding));
        Some((open.project.clone(), adding, self.ctx.clone()))
    }

    fn number_and_name(&self) -> (u64, Option<String>) {
        let open = self.project.as_ref();
        (open.map_or(0, |open| open.number), open.and_then(|open| open.my_name()).map(str::to_owned))
    }

    pub(super) fn documents_added(&mut self, ctx: &egui::Context, addition: Addition) {
        let Some(project) = &mut self.project else { return };
        project.adding = None;
        match addition.result {
            Ok((with_annotators, report)) => {
                // What was read or made meanwhile is newer; the look at all files finds new annotators.
                if project.project.is_same_reading(&addition.begun_with) {
                    project.project = with_annotators;
                }
                let said = AddReport::new(&report, addition.is_told);
                if said.needs_reading() && self.dialog.is_none() {
                    self.dialog = Some(Dialog::Added(Box::new(said)));
                } else {
                    self.toasts.done(said.summary());
                }
                let is_first = self.session.is_none();
                let first = report.added.iter().find_map(|added| match added {
                    core::Added::Document { name, .. } => Some(name.clone()),
                    _ => None,
                });
                self.scan();
                if let Some(first) = first.filter(|_| is_first) {
                    self.open_document(ctx, &first);
                }
            }
            Err(error) => {
                self.toasts.refused(error.to_string());
                self.scan();
            }
        }
    }
}

/// What is said where the program makes a mistake while it adds documents.
fn fallen(project: &Project) -> ProjectError {
    let error = std::io::Error::other("the program made a mistake while it added documents");
    ProjectError::io(project.layout.root(), error)
}
