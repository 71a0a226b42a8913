//! From document to document: opening one, the next, the one before, done and next; taking one out.

use std::path::PathBuf;

use super::{OpenProject, ProjectMessage};
use crate::app::App;
use crate::app::command::Command;
use crate::app::dialog::AfterClosing;
use crate::app::messages::Message;
use crate::edit::Intent;
use crate::model::Status;
use crate::project::queue::neighbour;
use crate::project::{Name, documents};
use crate::store::disk::Disk;

impl App {
    /// Opens a document of the project; the one that is open is saved first.
    pub(in crate::app) fn open_document(&mut self, ctx: &egui::Context, name: &Name) {
        if self.project.is_none() || self.waits_for_operation(name) || self.refuse_if_away() {
            return;
        }
        if let Some(editor) = self.shown_schema_editor() {
            // It waits until it is asked for again.
            editor.is_shown = false;
        }
        self.leave_then(ctx, AfterClosing::ProjectDocument(name.clone()));
    }

    /// Opens a document of the project, now that the one before is left.
    pub(in crate::app) fn open_left(&mut self, ctx: &egui::Context, name: &Name) {
        let Some(project) = &mut self.project else { return };
        let Some(within) = project.within(name) else {
            self.pending_document = Some(name.clone());
            return self.choose_annotator();
        };
        project.current = Some(name.clone());
        project.counting.is_shown = false;
        self.remember_project();
        self.open_within(ctx, within);
    }

    /// Opens the next document of the list, or the one before.
    pub(in crate::app) fn step_document(&mut self, ctx: &egui::Context, forwards: bool) {
        match self.project.as_ref().map(|project| project.step(forwards)) {
            None => self.toasts.refused("That is for projects; open a folder first"),
            Some(Some(name)) => self.open_document(ctx, &name),
            Some(None) if forwards => self.toasts.done("This is the last document of the list"),
            Some(None) => self.toasts.done("This is the first document of the list"),
        }
    }

    /// Sets the document to done, saves it, and opens the next one of the list that is neither done nor this one.
    pub(in crate::app) fn done_and_next(&mut self, ctx: &egui::Context) {
        let Some(project) = &self.project else { return self.toggle_status(Status::Done) };
        let next = project.next_open();
        let is_done = self.document().is_none_or(|document| document.header().status == Status::Done);
        if !is_done {
            if !self.may_change() {
                return;
            }
            self.edit_then(Intent::SetStatus(Status::Done), |_, _| ());
        }
        match next {
            Some(name) => self.open_document(ctx, &name),
            None => {
                self.save();
                self.toasts.done("That was the last document of the list that was not done");
            }
        }
    }

    /// Takes the document whose row has the keyboard out of the project, or else the open one.
    pub(in crate::app) fn remove_chosen(&mut self, ctx: &egui::Context) {
        let Some(open) = &self.project else {
            return self.toasts.refused("That is for projects; open a folder first");
        };
        let is_listed = self.settings.show_queue;
        let focused = open.view.focused.clone().filter(|_| is_listed);
        let shown = || self.session.as_ref().and_then(|session| session.document_name().cloned());
        match focused.or_else(shown) {
            Some(name) => self.remove_document(ctx, &name),
            None => {
                let how = Command::FocusQueue.how(ctx);
                self.toasts.refused(format!("Open a document first, or choose one in the list: {how}"));
            }
        }
    }

    /// Takes a document out of the project; the one that is open is left first.
    pub(super) fn remove_document(&mut self, ctx: &egui::Context, name: &Name) {
        if self.refuse_if_away() {
            return;
        }
        let Some(open) = &self.project else { return };
        let is_open = self.session.as_ref().is_some_and(|session| session.document_name() == Some(name));
        if is_open {
            self.pending_removal = Some(name.clone());
            return self.leave_then(ctx, AfterClosing::Close);
        }
        let (project, number, name) = (open.project.clone(), open.number, name.clone());
        self.jobs.spawn("Taking out a document", move || {
            let result = documents::remove(&Disk::default(), &project, &name).map_err(|error| error.to_string());
            Message::Project(ProjectMessage::Removed { number, name, result })
        });
    }

    pub(super) fn removed(&mut self, name: Name, result: Result<PathBuf, String>) {
        match result {
            Ok(place) => {
                let Some(project) = &mut self.project else { return };
                if project.current.as_ref() == Some(&name) {
                    project.current = None;
                }
                project.view.removed = Some((name.clone(), place));
                self.toasts.done(format!("{name} is taken out of the project; Put back is at the foot of the list"));
                self.document_changed(&name);
                self.count_anew();
            }
            Err(why) => self.toasts.refused(why),
        }
    }

    pub(super) fn put_back(&mut self) {
        if self.refuse_if_away() {
            return;
        }
        let Some(open) = &mut self.project else { return };
        let Some((name, place)) = open.view.removed.take() else { return };
        let (layout, number) = (open.project.layout.clone(), open.number);
        self.jobs.spawn("Putting back a document", move || {
            let result = documents::put_back(&Disk::default(), &layout, &place).map_err(|error| error.to_string());
            Message::Project(ProjectMessage::PutBack { number, name, result })
        });
    }

    pub(super) fn was_put_back(&mut self, name: Name, result: Result<(), String>) {
        match result {
            Ok(()) => {
                self.document_changed(&name);
                self.count_anew();
            }
            Err(why) => self.toasts.refused(why),
        }
    }
}

impl OpenProject {
    fn name_at(&self, row: usize) -> Option<Name> {
        let at = *self.shown.get(row)?;
        self.catalogue.entries.get(at as usize).map(|entry| entry.name.clone())
    }

    /// The next document of the list, or the one before.
    fn step(&self, forwards: bool) -> Option<Name> {
        self.name_at(neighbour(&self.catalogue, &self.shown, self.current.as_ref(), forwards)?)
    }

    /// The next document of the list that is not done, from its beginning when there is none below.
    fn next_open(&self) -> Option<Name> {
        let from = neighbour(&self.catalogue, &self.shown, self.current.as_ref(), true).unwrap_or(self.shown.len());
        let is_open = |row: &usize| {
            let entry = self.shown.get(*row).and_then(|at| self.catalogue.entries.get(*at as usize));
            entry.is_some_and(|entry| {
                entry.status(self.folder()) != Status::Done && Some(&entry.name) != self.current.as_ref()
            })
        };
        let row = (from..self.shown.len()).chain(0..from).find(is_open)?;
        self.name_at(row)
    }
}
