//! Adding documents: what is chosen, how far it is, what came of it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::ProjectMessage;
use crate::app::App;
use crate::app::dialog::Dialog;
use crate::app::files::Message;
use crate::project::adding::{self as core, Known, Progress, Report};
use crate::project::{Project, ProjectError};
use crate::store::disk::Disk;
use crate::ui::dialogs::project::AddReport;

/// How far adding is.
#[derive(Default)]
pub struct Adding {
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
        super::progress_text(*self.progress.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The share that is done, from 0 to 1.
    pub fn share(&self) -> f32 {
        let progress = *self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.done as f32 / progress.of.max(1) as f32
    }
}

/// What came of it.
pub struct Addition {
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

    /// Adds files and folders to the project.
    pub(in crate::app) fn add_documents(&mut self, sources: Vec<PathBuf>) {
        let Some(open) = &mut self.project else { return };
        if open.adding.is_some() {
            return self.toasts.refused("Documents are being added already; wait until they are there");
        }
        let adding = Arc::new(Adding::default());
        open.adding = Some(Arc::clone(&adding));
        let (project, number) = (open.project.clone(), open.number);
        let annotator = open.my_name().map(str::to_owned);
        let ctx = self.ctx.clone();
        let root = project.layout.root().to_owned();
        let failed = move || {
            let error = std::io::Error::other("the program made a mistake while it added documents");
            Box::new(Addition { result: Err(ProjectError::io(&root, error)) })
        };
        self.jobs.spawn_or(
            "Adding documents",
            move || Message::Project(ProjectMessage::Added { number, addition: failed() }),
            move || {
                let what = core::Adding { sources, annotator, ..core::Adding::default() };
                let go_on = |progress| {
                    *adding.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
                    ctx.request_repaint();
                    !adding.is_stopped.load(Ordering::Relaxed)
                };
                let known = Known::read(&project);
                let result = known.and_then(|known| core::add(&Disk::default(), &project, known, &what, go_on));
                Message::Project(ProjectMessage::Added { number, addition: Box::new(Addition { result }) })
            },
        );
    }

    pub(super) fn documents_added(&mut self, ctx: &egui::Context, addition: Addition) {
        let Some(project) = &mut self.project else { return };
        project.adding = None;
        match addition.result {
            Ok((with_annotators, report)) => {
                project.project = with_annotators;
                let said = AddReport::new(&report);
                if said.needs_reading() {
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
