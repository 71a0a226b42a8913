//! Applying a change of the label set to all of a project, taking it back, finishing one that was interrupted.
//!
//! All of it is an operation of the project ([`crate::project::operation`]), run on a job while no document of the project is
//! open: whatever was open is saved and left first, and opened again afterwards.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::edited::Edited;
use super::fits::{may_be_narrower, new_problems};
use super::import::Beside;
use super::operating::{Begun, lock, now, operations, run, words};
use super::review::{Reviewed, Work};
use super::{Review, Stage};
use crate::app::App;
use crate::app::action::Action;
use crate::app::banner::{Banner, BannerKind};
use crate::app::data::DataDir;
use crate::app::dialog::{AfterClosing, Dialog};
use crate::app::messages::Message;
use crate::app::project::OpenProject;
use crate::model::{Document, Problem, Schema};
use crate::project::operation::{
    Operation, OperationError, OperationId, OperationKind, Outcome, Replacement, last_to_take_back,
};
use crate::project::{Name, Project, documents};
use crate::store::confined;

/// What goes on over all files of the project.
#[derive(Clone, Debug)]
pub struct Running {
    /// What it is called.
    pub title: String,
    /// How far it is.
    pub work: Arc<Work>,
}

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// Which.
    pub id: OperationId,
    /// What it is called.
    pub title: String,
}

/// What came of it.
pub struct Done {
    begun: Begun,
    title: String,
    outcome: Result<Outcome, String>,
    /// The project as it is now.
    project: Result<Project, String>,
    state: State,
}

/// What the records of operations say.
#[derive(Default)]
pub struct State {
    /// The last change of the label set that can be taken back.
    pub last: Option<Unfinished>,
    /// Operations that were begun and have to be finished, in their order.
    pub unfinished: Vec<Unfinished>,
}

/// What jobs of the editor bring back.
pub enum SchemaMessage {
    /// A label set was written, or not, in words.
    Exported {
        /// Where.
        path: PathBuf,
        /// Whether it was.
        result: Result<(), String>,
    },
    /// Another label set was read, or not, in words.
    Beside {
        /// Of which project.
        number: u64,
        /// What it says beside the edited one.
        result: Box<Result<Beside, String>>,
    },
    /// What a change would touch, or why that cannot be told.
    Reviewed {
        /// Of which project.
        number: u64,
        /// Which look it was.
        work: Arc<Work>,
        /// What it would touch.
        result: Box<Result<Reviewed, String>>,
    },
    /// An operation was run.
    Done {
        /// Of which project.
        number: u64,
        /// What came of it.
        done: Box<Done>,
    },
}

/// What the records of operations in a project say. Reads files: not for a frame.
pub fn state_of(project: &Project, data: &DataDir) -> State {
    let operations = operations(project, data);
    let unfinished = operations.unfinished().inspect_err(|error| tracing::warn!("{error}")).unwrap_or_default();
    let all = operations.list().inspect_err(|error| tracing::warn!("{error}")).unwrap_or_default();
    let titled = |id: &OperationId| {
        let title = all.iter().find(|standing| standing.id == *id).map(|standing| standing.operation.title.clone());
        Unfinished { id: id.clone(), title: title.unwrap_or_else(|| "A change of many documents".to_owned()) }
    };
    let last = last_to_take_back(&all);
    State { last: last.map(|standing| titled(&standing.id)), unfinished: unfinished.iter().map(titled).collect() }
}

/// Forgets operations that nobody needs any more. Reads and removes files: not for a frame. Other windows may do the same.
pub fn forget_old(project: &Project, data: &DataDir) {
    match operations(project, data).forget_old() {
        Ok(0) => {}
        Ok(count) => tracing::info!("{count} old changes of many documents are forgotten"),
        Err(error) => tracing::warn!("{error}"),
    }
}

/// The files of all layers, from the project's folder on.
fn layers(project: &Project) -> Result<Vec<PathBuf>, String> {
    let root = project.layout.root();
    let all = documents::layers(&project.layout).map_err(words)?;
    Ok(all.into_iter().filter_map(|(.., path)| path.strip_prefix(root).map(Path::to_owned).ok()).collect())
}

/// What a change would touch.
fn review(
    project: &Project,
    data: &DataDir,
    edited: &Edited,
    work: &Work,
    wake: &dyn Fn(),
) -> Result<Reviewed, String> {
    let migration = edited.migration().map_err(words)?;
    let after = edited.result();
    let needs_a_look = edited.steps().len() > 0 || may_be_narrower(&edited.base, &after);
    let paths = if needs_a_look { layers(project)? } else { Vec::new() };
    let (total, at) = (paths.len(), now());
    let look = |path: &Path, document: &Document| {
        let migrated = migration.plan(document, &at, None);
        let problems = new_problems(document, &edited.base, migrated.transaction.as_ref(), &after);
        let mut one = Reviewed::default();
        one.add(&project.layout, path, document, &migrated, &problems);
        one
    };
    let mut reviewed = Reviewed::default();
    let mut looked = 0;
    let surveyed = operations(project, data).survey(&paths, look, |path, one| {
        match one {
            Ok(one) => reviewed.append(one),
            Err(left) => reviewed.unread.push((path.to_owned(), left.to_string())),
        }
        looked += 1;
        work.reached(looked, total);
        wake();
        if work.goes_on() { Ok(()) } else { Err(OperationError::Cancelled) }
    });
    match surveyed {
        Err(OperationError::Cancelled) => Err("it was stopped".to_owned()),
        surveyed => surveyed.map(|()| reviewed).map_err(words),
    }
}

/// Changes the label set and all annotations.
fn apply(
    project: &Project,
    data: &DataDir,
    edited: &Edited,
    by: Option<String>,
    work: &Work,
    wake: &dyn Fn(),
) -> Result<Outcome, String> {
    let _lock = lock(project)?;
    let schema_path = project.schema_file().ok_or("the label set lies outside the project")?;
    let place = |error: std::io::Error| format!("{}: {error}", schema_path.display());
    // Else all documents would be changed before it is known that the label set cannot be.
    if std::fs::metadata(&schema_path).map_err(place)?.permissions().readonly() {
        return Err(format!("{}: it is read-only; nothing was changed", schema_path.display()));
    }
    let text = confined::read(&schema_path).map_err(place)?;
    let text = String::from_utf8(text).map_err(words)?;
    if Schema::parse(&text, None).ok().as_ref() != Some(&*edited.base) {
        let message = "it was changed by another program since it was read; look at the files again, and edit it anew";
        return Err(format!("{}: {message}", schema_path.display()));
    }
    let title = edited.title();
    let migration = edited.migration().map_err(words)?.titled(&title);
    let (result, at) = (migration.schema().clone(), now());
    let paths = if edited.steps().len() == 0 { Vec::new() } else { layers(project)? };
    let total = paths.len() + 1;
    let kind =
        OperationKind::SchemaChange { change: edited.change(), before: edited.base.to_ron(), after: result.to_ron() };
    let operation = Operation { title, made_at: at.clone(), by: by.clone(), kind };
    let plan = |_: &Path, document: &Document| migration.plan(document, &at, by.as_deref()).transaction;
    let schema_name = schema_path.strip_prefix(project.layout.root()).unwrap_or(&schema_path);
    let schema_name: Vec<_> = schema_name.iter().map(|part| part.to_string_lossy()).collect();
    let after = Some(result.to_ron_over(&text));
    let replacement = Replacement { path: schema_name.join("/"), before: Some(text), after };
    let operations = operations(project, data);
    let mut planned = |done: usize| {
        work.reached(done, total);
        wake();
        work.goes_on()
    };
    let id =
        operations.begin(&operation, operations.plan(&paths, &plan), &[replacement], &mut planned).map_err(words)?;
    run(&operations, &id, work, wake).map_err(words)
}

impl OpenProject {
    /// Lets nobody wait for what a change would touch.
    pub(in crate::app) fn stop_reviewing(&mut self) {
        if let Some(editor) = &self.schema_editor
            && let Stage::Review(Review::Looking(work)) = &editor.stage
        {
            work.stop();
        }
    }
}

impl App {
    /// Works out what the change touches; what is open is saved first, so that it counts.
    pub(in crate::app) fn review_schema_change(&mut self) {
        let Some(editor) = self.shown_schema_editor() else { return };
        if !editor.edited().is_changed() {
            return self.toasts.refused("Nothing is changed yet");
        }
        if !editor.may_apply() {
            return self.toasts.refused("The label set contradicts itself; mend what is listed under Conflicts first");
        }
        let work = Arc::new(Work::default());
        editor.stage = Stage::Review(Review::Looking(Arc::clone(&work)));
        let is_dirty = self.session.as_ref().is_some_and(|s| s.is_dirty() && s.document_name().is_some());
        if is_dirty {
            self.pending_review = Some(work);
            return self.save();
        }
        self.look_at_layers(work);
    }

    /// Goes on with a review that waited for the document to be saved.
    pub(in crate::app) fn review_after_saving(&mut self) {
        if let Some(work) = self.pending_review.take() {
            self.look_at_layers(work);
        }
    }

    fn look_at_layers(&mut self, work: Arc<Work>) {
        let Some(open) = &self.project else { return };
        let Some(editor) = &open.schema_editor else { return };
        let (edited, project, number) = (editor.edited().clone(), open.project.clone(), open.number);
        let (data, ctx) = (self.data.clone(), self.ctx.clone());
        let other = Arc::clone(&work);
        let failed = move || {
            let result = Box::new(Err("the program made a mistake while it looked at the documents".to_owned()));
            Message::Schema(SchemaMessage::Reviewed { number, work: other, result })
        };
        self.jobs.spawn_or("Looking at what changes", failed, move || {
            let result = Box::new(review(&project, &data, &edited, &work, &|| ctx.request_repaint()));
            Message::Schema(SchemaMessage::Reviewed { number, work, result })
        });
    }

    /// Applies the change that was looked at, once the open document is left.
    pub(super) fn begin_schema_change(&mut self, ctx: &egui::Context) {
        let Some(editor) = self.shown_schema_editor() else { return };
        if matches!(editor.stage, Stage::Review(Review::Known(_)))
            && editor.may_apply()
            && !self.refuse_while_files_change()
        {
            self.leave_then(ctx, AfterClosing::SchemaChange);
        }
    }

    /// Takes back what was applied last, once the open document is left.
    pub(in crate::app) fn take_schema_change_back(&mut self, ctx: &egui::Context) {
        if self.has_schema_edits() {
            return self.toasts.refused("Apply the changes of the label set first, or throw them away");
        }
        match self.project.as_ref().map(|project| project.last_change.is_some()) {
            None => self.toasts.refused("That is for projects; open or make one first"),
            Some(false) => self.toasts.refused("There is no change of all documents that could be taken back"),
            Some(true) if self.refuse_while_files_change() => {}
            Some(true) => self.leave_then(ctx, AfterClosing::SchemaTakeBack),
        }
    }

    /// Says that something is done to all files already, if it is: one such thing at a time.
    pub(in crate::app) fn refuse_while_files_change(&mut self) -> bool {
        let Some(open) = &self.project else { return false };
        let why = match (open.work.is_some(), open.adding.is_some()) {
            (true, _) => "Annotations are being changed; wait until that is done",
            (false, true) => "Documents are being added; wait until they are there",
            (false, false) => return false,
        };
        self.toasts.refused(why);
        true
    }

    /// Applies the change, now that no document is open.
    pub(in crate::app) fn apply_schema_change(&mut self) {
        let Some(open) = &self.project else { return };
        let Some(editor) = &open.schema_editor else { return };
        let (edited, by) = (editor.edited().clone(), open.my_name().map(str::to_owned));
        let title = edited.title();
        self.operate(Begun::Change, title, move |project, data, work, wake| {
            apply(project, data, &edited, by, work, wake)
        });
    }

    /// Takes the last change back, now that no document is open.
    pub(in crate::app) fn take_back_schema_change(&mut self) {
        let Some(open) = &self.project else { return };
        let Some(last) = open.last_change.clone() else { return };
        let by = open.my_name().map(str::to_owned);
        let title = format!("Take back “{}”", last.title);
        self.operate(Begun::TakeBack, title, move |project, data, work, wake| {
            let _lock = lock(project)?;
            let operations = operations(project, data);
            let mut planned = |done: usize| {
                work.reached(done, done + 1);
                wake();
                work.goes_on()
            };
            let id = operations.begin_undo(&last.id, &now(), by.as_deref(), &mut planned).map_err(words)?;
            run(&operations, &id, work, wake).map_err(words)
        });
    }

    /// Finishes operations that were interrupted.
    pub(in crate::app) fn finish_operations(&mut self) {
        let Some(open) = &mut self.project else { return };
        let unfinished = std::mem::take(&mut open.unfinished);
        let Some(first) = unfinished.first() else { return };
        let title = first.title.clone();
        self.operate(Begun::Finish, title, move |project, data, work, wake| {
            let _lock = lock(project)?;
            let operations = operations(project, data);
            let mut all = Outcome::default();
            for one in &unfinished {
                let outcome = run(&operations, &one.id, work, wake).map_err(words)?;
                all.changed += outcome.changed;
                all.left_alone += outcome.left_alone;
                all.left.extend(outcome.left);
                all.is_finished = outcome.is_finished;
            }
            Ok(all)
        });
    }

    /// Runs work over all files of the project on a job, and reads the project again.
    pub(in crate::app) fn operate(
        &mut self,
        begun: Begun,
        title: String,
        operation: impl FnOnce(&Project, &DataDir, &Work, &dyn Fn()) -> Result<Outcome, String> + Send + 'static,
    ) {
        let open_document = self.session.as_ref().and_then(|session| session.document_name().cloned());
        self.close_session();
        let takes_back = |action: &Action| matches!(action, Action::Schema(super::SchemaAction::TakeBack));
        self.toasts.withdraw(takes_back);
        let Some(open) = &mut self.project else { return };
        let work = Arc::new(Work::default());
        open.work = Some(Running { title: title.clone(), work: Arc::clone(&work) });
        open.reopen = open_document.or(open.reopen.take());
        let (project, number) = (open.project.clone(), open.number);
        let (data, ctx) = (self.data.clone(), self.ctx.clone());
        let failed = {
            let (title, project) = (title.clone(), project.clone());
            move || {
                let outcome = Err("the program made a mistake while it changed the files".to_owned());
                let done = Done { begun, title, outcome, project: Ok(project), state: State::default() };
                Message::Schema(SchemaMessage::Done { number, done: Box::new(done) })
            }
        };
        self.jobs.spawn_or("Changing all documents", failed, move || {
            let outcome = operation(&project, &data, &work, &|| ctx.request_repaint());
            let state = state_of(&project, &data);
            let project = Project::open(project.layout.root()).map_err(words);
            let done = Done { begun, title, outcome, project, state };
            Message::Schema(SchemaMessage::Done { number, done: Box::new(done) })
        });
    }

    /// Takes what a job of the editor brings.
    pub(in crate::app) fn take_schema_message(&mut self, ctx: &egui::Context, message: SchemaMessage) {
        let current = self.project.as_ref().map(|project| project.number);
        match message {
            SchemaMessage::Exported { path, result: Ok(()) } => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                self.toasts.done(format!("Wrote the label set to {name}"));
            }
            SchemaMessage::Exported { result: Err(why), .. } => self.toasts.refused(why),
            SchemaMessage::Beside { number, result } if Some(number) == current => match *result {
                Ok(beside) => {
                    if let Some(editor) = self.shown_schema_editor() {
                        editor.stage = Stage::Beside(Box::new(beside));
                    }
                }
                Err(why) => self.toasts.refused(why),
            },
            SchemaMessage::Reviewed { number, work, result } if Some(number) == current => {
                self.reviewed(&work, *result);
            }
            SchemaMessage::Done { number, done } if Some(number) == current => self.operated(ctx, *done),
            // Of a project that is no longer open.
            _ => {}
        }
    }

    fn reviewed(&mut self, work: &Arc<Work>, result: Result<Reviewed, String>) {
        let Some(editor) = self.project.as_mut().and_then(|project| project.schema_editor.as_mut()) else { return };
        let Stage::Review(review) = &mut editor.stage else { return };
        // Another look may have begun since.
        if matches!(review, Review::Looking(current) if Arc::ptr_eq(current, work)) {
            *review = match result {
                Ok(reviewed) => Review::Known(Arc::new(reviewed)),
                Err(why) => Review::Failed(why),
            };
        }
    }

    fn operated(&mut self, ctx: &egui::Context, done: Done) {
        let Done { begun, title, outcome, project, state } = done;
        let Some(open) = &mut self.project else { return };
        open.work = None;
        // Also what was stopped has changed some files.
        open.search.outdate();
        open.last_change = state.last;
        open.unfinished = state.unfinished;
        match project {
            Ok(project) => open.project = project,
            Err(why) => self.toasts.refused(why),
        }
        let is_applied = outcome.is_ok();
        if is_applied && matches!(begun, Begun::Change | Begun::TakeBack) {
            open.schema_editor = None;
        }
        let reopen = open.reopen.take();
        match outcome {
            Err(why) => self.toasts.refused(format!("{title}: {why}")),
            Ok(outcome) if !outcome.is_finished => {
                self.toasts
                    .refused(format!("{title}: stopped after {} files; it goes on when you say so", outcome.changed));
            }
            Ok(outcome) => self.tell_of_operation(begun, &title, &outcome),
        }
        self.scan();
        self.count_anew();
        if let Some(name) = reopen {
            self.open_document(ctx, &name);
        }
    }

    fn tell_of_operation(&mut self, begun: Begun, title: &str, outcome: &Outcome) {
        let files = crate::ui::widgets::counted(outcome.changed, "file");
        let text = match begun {
            Begun::Finish => format!("Finished: {title}; {files} changed"),
            _ => format!("{title}: done, {files} changed"),
        };
        let text = match outcome.left_alone {
            0 => text,
            left => format!("{text}; {left} stay as they are, because they were edited since"),
        };
        match begun {
            Begun::Change | Begun::Hits => {
                let undo = Action::Schema(super::SchemaAction::TakeBack);
                self.toasts.offer(text, "Undo", undo);
            }
            _ => self.toasts.done(text),
        }
        if !outcome.left.is_empty() {
            let problem = |(path, why): &(PathBuf, crate::project::operation::Left)| {
                Problem::warning("left", why.to_string(), "it stays as it was").in_file(path)
            };
            self.dialog = Some(Dialog::Problems {
                title: format!("{} as they were", crate::ui::widgets::counted(outcome.left.len(), "file")),
                message: title.to_owned(),
                problems: outcome.left.iter().map(problem).collect(),
            });
        }
    }

    /// What the strip says of work over all files.
    pub(in crate::app) fn operation_banners(&self) -> Vec<Banner> {
        let Some(open) = &self.project else { return Vec::new() };
        if let Some(running) = &open.work {
            let (done, total) = (running.work.done(), running.work.total());
            let number = crate::ui::widgets::number;
            let text = match total {
                0 => format!("{}…", running.title),
                _ => format!("{}: {} of {} files", running.title, number(done.min(total)), number(total)),
            };
            return vec![Banner::new(BannerKind::Info, text).share(running.work.share())];
        }
        let unfinished = open.unfinished.first().map(|one| {
            let text = format!("{} is not finished: some files are changed, some are not yet", one.title);
            let go_on = crate::app::action::Action::Schema(super::SchemaAction::Finish);
            Banner::new(BannerKind::Warning, text).button("Go on", go_on)
        });
        unfinished.into_iter().collect()
    }

    /// Whether documents have to wait because all of them are being changed; then this one is opened afterwards.
    pub(in crate::app) fn waits_for_operation(&mut self, name: &Name) -> bool {
        let Some(open) = self.project.as_mut().filter(|open| open.work.is_some()) else { return false };
        open.reopen = Some(name.clone());
        true
    }
}
