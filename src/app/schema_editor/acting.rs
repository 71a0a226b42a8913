//! What the editor of the label set asks for, carried out.

use std::path::PathBuf;

use super::conflicts::Field;
use super::entry::{Entry, Part, remove_group, rename_group};
use super::import::Beside;
use super::question::{Question, Removal, Split};
use super::{SchemaEditor, Stage};
use crate::app::App;
use crate::app::command::Command;
use crate::app::dialog::{AfterClosing, Dialog, FilePurpose};
use crate::app::messages::Message;
use crate::edit::SchemaStep;
use crate::model::{Problem, Schema, Severity};
use crate::project::{Name, Project};

use super::applying::SchemaMessage;

/// What the editor of the label set asks for.
#[derive(Clone, Debug)]
pub enum SchemaAction {
    /// Select an entry.
    Select(Entry),
    /// Select an entry, and give a field of it the keyboard.
    Go(Entry, Field),
    /// Add an entry.
    Add(Part),
    /// Add one like the selected one.
    Duplicate,
    /// Move the selected one.
    Shift {
        /// Down, or up.
        down: bool,
    },
    /// Something was added or described.
    Edit {
        /// What is done, for the list of steps.
        title: String,
        /// What is typed into; nothing for a single edit.
        field: Option<String>,
        /// What the label set becomes.
        schema: Box<Schema>,
    },
    /// Give an entry another name.
    Rename(Entry, String),
    /// A step that annotations follow.
    Step(SchemaStep),
    /// Ask before such a step.
    Ask(Box<Question>),
    /// Remove the selected entry.
    Remove,
    /// Make others one with the selected entry.
    Merge,
    /// Split the selected label.
    Split,
    /// The question that is open was answered.
    Answer(Box<Question>),
    /// Take an edit back.
    Undo,
    /// Do it again.
    Redo,
    /// Go to the state after so many edits.
    GoTo(usize),
    /// Leave out what was done by an edit, counted from 1, and keep those after it.
    LeaveOut(usize),
    /// Look at what the change touches.
    Review,
    /// Look no longer, and edit again.
    Back,
    /// Do it.
    Apply,
    /// Choose a file with another label set.
    Import,
    /// Choose a file to compare with.
    Compare,
    /// Choose where the label set is written to.
    Export,
    /// Believe a renaming that was guessed, or not, from 0.
    Believe(usize),
    /// Take over the label set that is beside this one.
    Take,
    /// Show a document; the editor waits.
    Show(Name),
    /// Leave the editor.
    Close,
    /// Throw the changes away, then do this.
    Discard(Option<AfterClosing>),
    /// Take back what was applied last.
    TakeBack,
    /// Finish what was interrupted.
    Finish,
}

/// Whether the label set of the project is none that was read.
fn is_unread(project: &Project) -> bool {
    let file = project.schema_file();
    let is_about = |problem: &Problem| problem.severity == Severity::Error && problem.place.file == file;
    file.is_none() || project.problems.iter().any(is_about)
}

impl App {
    /// The editor, while it is shown.
    pub(in crate::app) fn shown_schema_editor(&mut self) -> Option<&mut SchemaEditor> {
        let editor = self.project.as_mut()?.schema_editor.as_deref_mut()?;
        editor.is_shown.then_some(editor)
    }

    /// Whether the editor is in the place of the reader.
    pub(in crate::app) fn shows_schema_editor(&self) -> bool {
        let editor = self.project.as_ref().and_then(|project| project.schema_editor.as_ref());
        editor.is_some_and(|editor| editor.is_shown)
    }

    /// Whether it holds changes that nobody has applied.
    pub(in crate::app) fn has_schema_edits(&self) -> bool {
        let editor = self.project.as_ref().and_then(|project| project.schema_editor.as_ref());
        editor.is_some_and(|editor| editor.edited().is_changed())
    }

    /// Shows the editor in the place of the reader, or leaves it.
    pub(in crate::app) fn toggle_schema_editor(&mut self) {
        let reserved = self.keymap.reserved();
        let Some(project) = &mut self.project else {
            return self.toasts.refused("That is for projects; open or make one first");
        };
        match &mut project.schema_editor {
            Some(editor) if editor.is_shown => self.close_schema_editor(),
            Some(editor) => {
                editor.is_shown = true;
                project.counting.is_shown = false;
            }
            None if !project.project.is_writable => {
                self.toasts.refused("The folder of the project may not be written, so its label set stays as it is");
            }
            None if is_unread(&project.project) => {
                self.toasts
                    .refused("The label set cannot be read; mend its file first (see the problems of the project)");
            }
            None if project.work.is_some() => {
                self.toasts.refused("Annotations are being changed; the label set can be edited after that");
            }
            none => {
                *none = Some(Box::new(SchemaEditor::new(project.project.schema.clone(), reserved)));
                project.counting.is_shown = false;
                self.end_filling();
            }
        }
    }

    /// Leaves the editor; asks where changes would be lost.
    fn close_schema_editor(&mut self) {
        if self.has_schema_edits() {
            self.dialog = Some(Dialog::SchemaDiscard { then: None });
        } else if let Some(project) = &mut self.project {
            project.stop_reviewing();
            project.schema_editor = None;
        }
    }

    /// What commands mean while the editor is shown. Answers whether it took the command.
    pub(in crate::app) fn schema_editor_takes(&mut self, command: Command) -> bool {
        let Some(editor) = self.shown_schema_editor() else { return false };
        match command {
            Command::Undo => editor.step_back(true),
            Command::Redo => editor.step_back(false),
            Command::Cancel if !matches!(editor.stage, Stage::Edit) => self.back_to_editing(),
            Command::Cancel => self.close_schema_editor(),
            Command::Delete => self.act_on_schema(SchemaAction::Remove),
            Command::Save => self.act_on_schema(SchemaAction::Review),
            Command::SearchProject => {
                // Hits are shown in the article; the editor waits.
                editor.is_shown = false;
                return false;
            }
            // What works on the article, which is not there.
            _ if command.info().needs_document => {}
            _ => return false,
        }
        true
    }

    /// Carries out what the editor asked for.
    pub(in crate::app) fn schema_action(&mut self, ctx: &egui::Context, action: SchemaAction) {
        match action {
            SchemaAction::Show(name) => {
                if let Some(editor) = self.shown_schema_editor() {
                    editor.is_shown = false;
                }
                self.open_document(ctx, &name);
            }
            SchemaAction::Discard(then) => {
                self.dialog = None;
                if let Some(project) = &mut self.project {
                    project.stop_reviewing();
                    project.schema_editor = None;
                }
                if let Some(then) = then {
                    self.leave_then(ctx, then);
                }
            }
            SchemaAction::Apply => self.begin_schema_change(ctx),
            SchemaAction::TakeBack => self.take_schema_change_back(ctx),
            SchemaAction::Finish => self.leave_then(ctx, AfterClosing::FinishOperations),
            action => self.act_on_schema(action),
        }
    }

    fn act_on_schema(&mut self, action: SchemaAction) {
        let used =
            self.project.as_ref().map(|project| project.labels().map(|(label, n)| (label.to_owned(), n)).collect());
        let used: std::collections::BTreeMap<String, u32> = used.unwrap_or_default();
        let Some(editor) = self.shown_schema_editor() else { return };
        match action {
            SchemaAction::Select(entry) => {
                editor.stage = Stage::Edit;
                editor.select(entry);
            }
            SchemaAction::Go(entry, field) => {
                editor.stage = Stage::Edit;
                editor.select(entry);
                editor.wanted = Some(field);
            }
            SchemaAction::Add(part) => editor.add(part),
            SchemaAction::Duplicate => editor.duplicate(),
            SchemaAction::Shift { down } => editor.shift(down),
            SchemaAction::Edit { title, field, schema } => editor.edit(*schema, &title, field),
            SchemaAction::Rename(entry, to) => self.rename_entry(&entry, &to),
            SchemaAction::Step(step) => self.do_steps(vec![step]),
            SchemaAction::Ask(question) => self.dialog = Some(Dialog::SchemaQuestion(question)),
            SchemaAction::Remove => {
                let used = used.iter().map(|(label, n)| (label.as_str(), *n)).collect();
                self.remove_entry(&used);
            }
            SchemaAction::Merge => match Question::merge(editor.schema(), editor.selected()) {
                Some(question) => self.dialog = Some(Dialog::SchemaQuestion(Box::new(question))),
                None => self.toasts.refused("There is nothing that it could be made one with"),
            },
            SchemaAction::Split => {
                let entry = editor.selected();
                let split = entry.kind().and_then(|kind| Split::new(editor.schema(), kind, entry.name()));
                match split {
                    Some(split) => {
                        self.dialog = Some(Dialog::SchemaQuestion(Box::new(Question::Split(Box::new(split)))));
                    }
                    None => self.toasts.refused("It has no attribute with values to be split by; give it one first"),
                }
            }
            SchemaAction::Answer(question) => {
                self.dialog = None;
                self.do_steps(question.steps());
            }
            SchemaAction::Undo => editor.step_back(true),
            SchemaAction::Redo => editor.step_back(false),
            SchemaAction::GoTo(at) => editor.go_to(at),
            SchemaAction::LeaveOut(at) => self.leave_out(at),
            SchemaAction::Review => self.review_schema_change(),
            SchemaAction::Back => self.back_to_editing(),
            SchemaAction::Import => self.choose_file(FilePurpose::ImportLabels),
            SchemaAction::Compare => self.choose_file(FilePurpose::CompareLabels),
            SchemaAction::Export => self.choose_file(FilePurpose::ExportLabels),
            SchemaAction::Believe(nth) => {
                if let Stage::Beside(beside) = &mut editor.stage
                    && let Some((_, believed)) = beside.renames.get_mut(nth)
                {
                    *believed = !*believed;
                }
            }
            SchemaAction::Take => self.take_beside(),
            SchemaAction::Close => self.close_schema_editor(),
            // These need no editor.
            SchemaAction::Show(_)
            | SchemaAction::Discard(_)
            | SchemaAction::Apply
            | SchemaAction::TakeBack
            | SchemaAction::Finish => {}
        }
    }

    fn back_to_editing(&mut self) {
        if let Some(project) = &mut self.project {
            project.stop_reviewing();
        }
        if let Some(editor) = self.shown_schema_editor() {
            editor.stage = Stage::Edit;
        }
    }

    fn leave_out(&mut self, at: usize) {
        let Some(editor) = self.shown_schema_editor() else { return };
        if let Err(depending) = editor.leave_out(at) {
            let (shown, more) = depending.split_at(depending.len().min(3));
            let named: Vec<String> = shown.iter().map(|title| format!("“{title}”")).collect();
            let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
            let verb = if depending.len() == 1 { "depends" } else { "depend" };
            let text = format!("{}{more} {verb} on it; take that back first", named.join(", "));
            self.toasts.refused(text);
        }
    }

    fn do_steps(&mut self, steps: Vec<SchemaStep>) {
        let Some(editor) = self.shown_schema_editor() else { return };
        if let Err(error) = editor.steps(steps) {
            self.toasts.refused(error.to_string());
        }
    }

    fn rename_entry(&mut self, entry: &Entry, to: &str) {
        let Some(editor) = self.shown_schema_editor() else { return };
        let (to, from) = (to.trim().to_owned(), entry.name().to_owned());
        if to == from {
            return;
        }
        match (entry, entry.kind()) {
            (_, Some(of)) => self.do_steps(vec![SchemaStep::Rename { of, from, to }]),
            (Entry::Attribute(id), None) => {
                let is_same = editor.schema().attribute(id).is_some_and(|attribute| attribute.name == to);
                if !is_same {
                    self.do_steps(vec![SchemaStep::RenameAttribute { id: id.clone(), to }]);
                }
            }
            (Entry::Group(_), None) => {
                let mut schema = (**editor.schema()).clone();
                if rename_group(&mut schema, &from, &to) {
                    editor.edit(schema, &format!("Rename the group {from} to {to}"), None);
                    editor.select(Entry::Group(to));
                } else {
                    self.toasts.refused(format!("There is a group {to:?} already, or the name is empty"));
                }
            }
            _ => {}
        }
    }

    fn remove_entry(&mut self, used: &std::collections::BTreeMap<&str, u32>) {
        let Some(editor) = self.shown_schema_editor() else { return };
        let (entry, schema) = (editor.selected().clone(), editor.schema().clone());
        match (&entry, entry.kind()) {
            (_, Some(kind)) => {
                let named = super::edited::Named::Label(kind.clone(), entry.name().to_owned());
                let what = Removal::Label(kind.clone(), entry.name().to_owned());
                if editor.edited().is_known(&named) {
                    let question = Question::remove(&schema, what, used);
                    self.dialog = Some(Dialog::SchemaQuestion(Box::new(question)));
                } else {
                    let label = entry.name().to_owned();
                    self.do_steps(vec![SchemaStep::Delete { of: kind, label, to: None }]);
                }
            }
            (Entry::Attribute(id), None) => {
                self.do_steps(vec![SchemaStep::DeleteAttribute { id: id.clone(), of: None }]);
            }
            (Entry::Group(name), None) => {
                let mut schema = (*schema).clone();
                remove_group(&mut schema, name);
                editor.edit(schema, &format!("Remove the group {name}"), None);
                let next = Entry::of(Part::Groups, editor.schema()).into_iter().next();
                editor.select(next.unwrap_or(Entry::Whole));
            }
            _ => self.toasts.refused("Remove the kinds of quotes one by one; with the last one, quotes are gone"),
        }
    }

    // --- other label sets --------------------------------------------------------------------------------------

    /// A file was chosen.
    pub(in crate::app) fn schema_file_chosen(&mut self, purpose: FilePurpose, path: PathBuf) {
        let Some(project) = &self.project else { return };
        let number = project.number;
        let Some(editor) = &project.schema_editor else { return };
        if purpose == FilePurpose::ExportLabels {
            let ron = editor.schema().to_ron();
            let path = if path.extension().is_none() { path.with_extension("ron") } else { path };
            self.jobs.spawn("Writing a label set", move || {
                let result = crate::store::write_atomically(&path, ron.as_bytes());
                let result = result.map_err(|error| format!("{}: {error}", path.display()));
                Message::Schema(SchemaMessage::Exported { path, result })
            });
            return;
        }
        let is_import = purpose == FilePurpose::ImportLabels;
        let edited = if is_import { editor.schema().clone() } else { project.project.schema.clone() };
        self.jobs.spawn("Reading a label set", move || {
            let read = crate::store::confined::read(&path).map_err(|error| format!("{}: {error}", path.display()));
            let text = read.and_then(|bytes| {
                String::from_utf8(bytes).map_err(|_| format!("{}: the file is not in UTF-8", path.display()))
            });
            let result = text.and_then(|ron| {
                let problems = |all: Vec<crate::model::Problem>| {
                    all.first().map_or_else(String::new, |first| format!("{first}; {}", first.hint))
                };
                let schema = Schema::parse(&ron, Some(&path)).map_err(problems)?;
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Ok(Beside::new(&edited, schema, file, is_import))
            });
            Message::Schema(SchemaMessage::Beside { number, result: Box::new(result) })
        });
    }

    fn take_beside(&mut self) {
        let Some(editor) = self.shown_schema_editor() else { return };
        let Stage::Beside(beside) = std::mem::take(&mut editor.stage) else { return };
        let failed = editor.take(&beside);
        match failed.first() {
            None => self.toasts.done(format!("{} is taken over; nothing is applied yet", beside.file)),
            Some(first) => self.toasts.refused(format!("Taken over, but for {}: {first}", failed.len())),
        }
    }
}
