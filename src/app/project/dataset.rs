//! Exporting the project as a dataset, by a recipe that it remembers.

use std::path::PathBuf;

use super::ProjectMessage;
use crate::app::App;
use crate::app::dialog::{Dialog, FilePurpose};
use crate::app::messages::Message;
use crate::cli::export::{Exported, export};
use crate::project::{Project, Recipe};
use crate::ui::dialogs::dataset::Dataset;

/// What came of an export.
pub struct DatasetDone {
    /// The project, with the recipe in it; or why it could not be kept, in words.
    kept: Result<Project, String>,
    exported: Exported,
}

impl App {
    /// Asks what of the project is exported, and how.
    pub(in crate::app) fn open_dataset(&mut self) {
        let Some(project) = &self.project else {
            return self.toasts.refused("That is for projects; open or make one first");
        };
        let file = &project.project.file;
        let annotators = file.annotators.iter().map(|annotator| annotator.name.clone()).collect();
        let folder = self.settings.last_folder.clone().or_else(std::env::home_dir).unwrap_or_default();
        let first = file.recipes.first().cloned();
        self.dialog = Some(Dialog::Dataset(Box::new(Dataset::new(first, &file.recipes, annotators, &folder))));
    }

    /// Exports by a recipe, which the project remembers under its name.
    pub(super) fn export_dataset(&mut self, recipe: Recipe, output: PathBuf, overwrite: bool) {
        let Some(open) = &self.project else { return };
        if let Some(Dialog::Dataset(dataset)) = &mut self.dialog {
            dataset.is_running = true;
        }
        // What is in the journal only is work, too; it is written first.
        let is_dirty = self.session.as_ref().is_some_and(|s| s.is_dirty() && s.document_name().is_some());
        if is_dirty {
            self.pending_export = Some((recipe, output, overwrite));
            return self.save();
        }
        let (project, number) = (open.project.clone(), open.number);
        let failed = {
            let project = project.clone();
            move || {
                let told = "the program made a mistake while it exported".to_owned();
                let exported = Exported { is_written: false, told };
                Message::Project(ProjectMessage::Dataset {
                    number,
                    done: Box::new(DatasetDone { kept: Ok(project), exported }),
                })
            }
        };
        self.jobs.spawn_or("Exporting a dataset", failed, move || {
            let exported = export(&recipe, project.layout.root(), &output, overwrite);
            let kept = if exported.is_written { remember(&project, recipe) } else { Ok(project) };
            Message::Project(ProjectMessage::Dataset { number, done: Box::new(DatasetDone { kept, exported }) })
        });
    }

    /// Goes on with an export that waited for the document to be saved.
    pub(in crate::app) fn export_after_saving(&mut self) {
        if let Some((recipe, output, overwrite)) = self.pending_export.take() {
            self.export_dataset(recipe, output, overwrite);
        }
    }

    pub(super) fn dataset_done(&mut self, done: DatasetDone) {
        let DatasetDone { kept, exported } = done;
        match kept {
            Ok(project) => {
                if let Some(open) = &mut self.project {
                    open.project = project;
                }
            }
            Err(why) => self.toasts.refused(format!("The recipe is not remembered: {why}")),
        }
        if let Some(Dialog::Dataset(dataset)) = &mut self.dialog {
            dataset.is_running = false;
            dataset.told = Some(std::sync::Arc::new(exported));
        } else {
            let first = exported.told.lines().last().unwrap_or_default().to_owned();
            if exported.is_written { self.toasts.done(first) } else { self.toasts.refused(first) }
        }
    }

    /// Chooses the folder of a dataset.
    pub(super) fn choose_dataset_folder(&mut self) {
        self.choose_file(FilePurpose::Dataset);
    }
}

fn remember(project: &Project, recipe: Recipe) -> Result<Project, String> {
    if project.file.recipes.contains(&recipe) {
        return Ok(project.clone());
    }
    let kept = project.with_file(|file| match file.recipes.iter_mut().find(|known| known.name == recipe.name) {
        Some(known) => *known = recipe,
        None => file.recipes.push(recipe),
    });
    kept.map_err(|error| error.to_string())
}
