//! Making a project of a folder.

use std::path::PathBuf;

use super::ProjectMessage;
use crate::app::App;
use crate::app::dialog::Dialog;
use crate::app::messages::Message;
use crate::model::Schema;
use crate::model::schema::builtin;
use crate::project::{Project, default_schema};
use crate::store::confined;
use crate::ui::dialogs::project::{NewProject, SchemaChoice};

impl App {
    /// Asks for what a new project needs; `folder`: where it is to be, if that is known.
    pub(in crate::app) fn new_project(&mut self, folder: Option<PathBuf>) {
        let annotator = self.settings.annotator.clone().unwrap_or_default();
        let parent = self.settings.last_folder.clone().or_else(std::env::home_dir).unwrap_or_default();
        self.dialog = Some(Dialog::NewProject(NewProject::new(folder, &parent, annotator)));
    }

    /// The folder is no project yet; it can become one.
    pub(super) fn offer_to_make(&mut self, root: PathBuf) {
        self.new_project(Some(root));
    }

    pub(super) fn make_project(&mut self, new: NewProject) {
        self.dialog = None;
        let annotator = new.annotator.trim().to_owned();
        if !annotator.is_empty() {
            self.settings.annotator = Some(annotator.clone());
        }
        let root = new.folder();
        let failed = || Err("the program made a mistake while it made the project".to_owned());
        self.jobs.spawn_or(
            "Making a project",
            move || Message::Project(ProjectMessage::Made(Box::new(failed()))),
            move || {
                let made = make(&new, &annotator).map(|()| root);
                Message::Project(ProjectMessage::Made(Box::new(made)))
            },
        );
    }
}

fn make(new: &NewProject, annotator: &str) -> Result<(), String> {
    let schema = match &new.schema {
        SchemaChoice::Builtin(name) => builtin(name).cloned().unwrap_or_else(default_schema),
        SchemaChoice::File(path) => {
            let bytes = confined::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let ron = String::from_utf8_lossy(&bytes);
            Schema::parse(&ron, Some(path))
                .map_err(|problems| problems.first().map(ToString::to_string).unwrap_or_default())?
        }
    };
    let project = Project::create(&new.folder(), &new.title, &schema).map_err(|error| error.to_string())?;
    if !annotator.is_empty() {
        project.with_annotator(annotator).map_err(|error| error.to_string())?;
    }
    Ok(())
}
