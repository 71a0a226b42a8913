//! Opening a project and leaving it.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::super::App;
use super::super::data::DataDir;
use super::super::dialog::Dialog;
use super::super::messages::Message;
use super::super::schema_editor::{forget_old, state_of};
use super::{Layer, OpenProject, Opened, ProjectMessage};
use crate::model::Problem;
use crate::project::index::{Index, IndexPlace};
use crate::project::{Layout, Name, Place, Project};

/// Opens the project in a folder, with what its index knows.
fn open_project(root: &Path, data: &DataDir, then: Option<Layer>) -> Result<Opened, String> {
    let project = Project::open(root).map_err(|error| error.to_string())?;
    let place = IndexPlace::of(&project.layout).map_err(|error| error.to_string())?;
    let catalogue = Index::open(&place).and_then(|index| index.catalogue()).map_err(|error| error.to_string())?;
    let operations = state_of(&project, data);
    Ok(Opened { project, place, catalogue, operations, then })
}

/// What of a project a path names, if it names any: the folder, or a document in it. Asks the disk.
pub(in crate::app) fn project_at(path: &Path) -> Option<(PathBuf, Option<Layer>)> {
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
    pub(in crate::app) fn open_project(&mut self, ctx: &egui::Context, root: PathBuf, then: Option<Layer>) {
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

    pub(super) fn project_opened(&mut self, ctx: &egui::Context, opened: Opened) {
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
    pub(super) fn tell_of_project(&mut self) {
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

    pub(super) fn project_not_opened(&mut self, root: PathBuf, why: String) {
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
    pub(in crate::app) fn close_project(&mut self) {
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
    pub(in crate::app) fn remember_project(&mut self) {
        let Some(project) = &self.project else { return };
        let remembered = super::super::settings::ProjectSettings {
            document: project.current.as_ref().map(ToString::to_string),
            sort: project.query.sort,
            descending: project.query.descending,
            statuses: project.query.statuses.clone(),
            searches: project.search.remembered.clone(),
            search_order: project.search.order,
        };
        self.settings.projects.insert(project.project.layout.root().to_owned(), remembered);
    }
}
