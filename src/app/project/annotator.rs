//! Who works here: chosen once, and from then on whose layers are opened and saved.

use super::ProjectMessage;
use crate::app::App;
use crate::app::dialog::Dialog;
use crate::app::messages::Message;
use crate::project::{Name, Project};
use crate::ui::dialogs::project::WhoAmI;

impl App {
    /// Asks who works here.
    pub(in crate::app) fn choose_annotator(&mut self) {
        let Some(project) = &self.project else {
            return self.toasts.refused("That is for projects; open a folder first");
        };
        let known: Vec<String> =
            project.project.file.annotators.iter().map(|annotator| annotator.name.clone()).collect();
        let name = self.settings.annotator.clone().filter(|name| !known.contains(name)).unwrap_or_default();
        let current = project.my_name().map(str::to_owned);
        let is_first = current.is_none() && !project.only_looks;
        self.dialog = Some(Dialog::WhoAmI(WhoAmI { known, name, current, is_first }));
    }

    /// Whether the dialog that is open asks for the first time who works here.
    pub(in crate::app) fn is_first_asked_who(&self) -> bool {
        matches!(&self.dialog, Some(Dialog::WhoAmI(who)) if who.is_first)
    }

    /// Works as nobody: documents are shown and nothing is changed, until the user says who they are.
    pub(in crate::app) fn only_look(&mut self, ctx: &egui::Context) {
        self.dialog = None;
        self.save_clock();
        let Some(open) = &mut self.project else { return };
        open.only_looks = true;
        open.me = None;
        open.query.label = None;
        let current = self.pending_document.take().or_else(|| open.current.clone());
        self.load_clock();
        self.order();
        self.tell_of_project();
        if let Some(current) = current {
            self.open_document(ctx, &current);
        }
    }

    /// Works as the annotator of this name, who gets a folder if there is none.
    pub(super) fn work_as(&mut self, ctx: &egui::Context, name: &str) {
        self.dialog = None;
        let name = name.trim().to_owned();
        let Some(open) = &self.project else { return };
        if name.is_empty() || open.my_name() == Some(name.as_str()) {
            return;
        }
        let (project, number) = (open.project.clone(), open.number);
        if let Some(folder) = project.folder_of(&name) {
            return self.annotator_made(ctx, Ok((project, folder)));
        }
        self.jobs.spawn("Making a folder for an annotator", move || {
            let made = || -> Result<(Project, Name), String> {
                let project = project.with_annotator(&name).map_err(|error| error.to_string())?;
                let folder = project.folder_of(&name).ok_or("the folder of the annotator is none")?;
                Ok((project, folder))
            };
            Message::Project(ProjectMessage::Annotated { number, result: Box::new(made()) })
        });
    }

    pub(super) fn annotator_made(&mut self, ctx: &egui::Context, result: Result<(Project, Name), String>) {
        let (project, folder) = match result {
            Ok(made) => made,
            Err(why) => return self.toasts.refused(why),
        };
        self.save_clock();
        let Some(open) = &mut self.project else { return };
        open.project = project;
        open.me = Some(folder);
        open.only_looks = false;
        open.query.label = None;
        let name = open.my_name().map(str::to_owned);
        let current = self.pending_document.take().or_else(|| open.current.clone());
        self.settings.annotator = name;
        self.load_clock();
        self.order();
        self.tell_of_project();
        // The document that is open is another annotator's.
        if let Some(current) = current {
            self.open_document(ctx, &current);
        }
    }
}
