//! Dialogs of projects: making one, and who works on it.

use std::path::{Path, PathBuf};

use egui::{RichText, ScrollArea, Ui};

use super::{buttons, focus_first, title_ui};
use crate::app::action::Action;
use crate::app::project::ProjectAction;
use crate::model::schema::{BUILTIN, builtin};
use crate::theme::{Theme, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{elided, row, told};

/// The label set of a new project.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemaChoice {
    /// One that ships, by its name.
    Builtin(&'static str),
    /// One in a file.
    File(PathBuf),
}

/// What a new project needs.
#[derive(Clone, Debug, PartialEq)]
pub struct NewProject {
    /// What people call it.
    pub title: String,
    /// The folder, as it is typed.
    pub path: String,
    /// Whether the folder was typed and does not follow the title any more.
    is_typed: bool,
    parent: PathBuf,
    /// The label set.
    pub schema: SchemaChoice,
    /// A schema file, as it is typed.
    schema_path: String,
    /// Who works on it first.
    pub annotator: String,
}

impl NewProject {
    /// In this folder, or in one of the title's name in `parent`.
    pub fn new(folder: Option<PathBuf>, parent: &Path, annotator: String) -> Self {
        let title = folder.as_deref().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        let path = folder.as_ref().map(|folder| folder.display().to_string()).unwrap_or_default();
        let first = BUILTIN.first().map_or("news", |(name, _)| *name);
        Self {
            title,
            path,
            is_typed: folder.is_some(),
            parent: parent.to_owned(),
            schema: SchemaChoice::Builtin(first),
            schema_path: String::new(),
            annotator,
        }
    }

    /// Where it will be.
    pub fn folder(&self) -> PathBuf {
        PathBuf::from(self.path.trim())
    }

    /// The folder that the system's dialog chose.
    pub fn choose(&mut self, folder: &Path) {
        self.path = folder.display().to_string();
        self.is_typed = true;
        if self.title.trim().is_empty() {
            self.title = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        }
    }

    /// The schema file that was chosen.
    pub fn choose_schema(&mut self, path: &Path) {
        self.schema_path = path.display().to_string();
        self.schema = SchemaChoice::File(path.to_owned());
    }

    fn follow_title(&mut self) {
        if !self.is_typed {
            let name = crate::project::Name::of_words(self.title.trim(), "project");
            let folder = self.parent.join(name.as_str());
            self.path = if self.title.trim().is_empty() { String::new() } else { folder.display().to_string() };
        }
    }
}

/// Asks for what a new project needs.
pub fn new_project_ui(ui: &mut Ui, theme: &Theme, state: &mut NewProject, actions: &mut Actions) {
    title_ui(ui, "New project");
    let hint = "A folder with your articles, one label set and everybody's annotations, as plain files";
    ui.label(RichText::new(hint).size(size::SMALL).color(theme.muted));
    ui.add_space(space::S);
    let label = ui.label("Title").id;
    let title = ui.add(egui::TextEdit::singleline(&mut state.title).desired_width(f32::INFINITY)).labelled_by(label);
    focus_first(ui, &title);
    state.follow_title();
    let label = ui.label("Folder").id;
    ui.horizontal(|ui| {
        let width = ui.available_width() - 90.0;
        let field = ui.add(egui::TextEdit::singleline(&mut state.path).desired_width(width)).labelled_by(label);
        state.is_typed |= field.changed();
        if ui.button("Choose…").on_hover_text("Choose a folder").clicked() {
            actions.push(ProjectAction::ChooseFolder.into());
        }
    });
    ui.label(RichText::new("Files that are in it already stay as they are").size(size::SMALL).color(theme.muted));
    ui.add_space(space::XS);
    schema_ui(ui, theme, state, actions);
    ui.add_space(space::XS);
    let label = ui.label("Your name, as it stands in the files").id;
    ui.add(egui::TextEdit::singleline(&mut state.annotator).desired_width(f32::INFINITY)).labelled_by(label);
    let is_whole = !state.title.trim().is_empty() && state.folder().is_absolute() && !state.annotator.trim().is_empty();
    let entered = ui.input(|input| input.key_pressed(egui::Key::Enter)) && ui.ctx().text_edit_focused();
    match buttons(ui, theme, &[("Make the project", is_whole), ("Cancel", true)]) {
        Some(0) => actions.push(ProjectAction::Make(Box::new(state.clone())).into()),
        Some(_) => actions.push(Action::CloseDialog),
        None if entered && is_whole => actions.push(ProjectAction::Make(Box::new(state.clone())).into()),
        None => {}
    }
}

fn schema_ui(ui: &mut Ui, theme: &Theme, state: &mut NewProject, actions: &mut Actions) {
    let label = ui.label("Label set").id;
    let shown = match &state.schema {
        SchemaChoice::Builtin(name) => builtin(name).map_or((*name).to_owned(), |schema| schema.title.clone()),
        SchemaChoice::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    };
    let combo =
        egui::ComboBox::from_id_salt("schema of a new project").selected_text(shown).width(ui.available_width());
    let response = combo.show_ui(ui, |ui| {
        for (name, _) in BUILTIN {
            let title = builtin(name).map_or(*name, |schema| schema.title.as_str());
            let is_it = state.schema == SchemaChoice::Builtin(name);
            if ui.add(egui::Button::selectable(is_it, title)).clicked() {
                state.schema = SchemaChoice::Builtin(name);
                ui.close();
            }
        }
        ui.separator();
        if ui.button("From a file…").clicked() {
            actions.push(Action::LoadSchema);
            ui.close();
        }
    });
    response.response.labelled_by(label);
    let description = match &state.schema {
        SchemaChoice::Builtin(name) => builtin(name).map(|schema| schema.description.clone()).unwrap_or_default(),
        SchemaChoice::File(path) => path.display().to_string(),
    };
    ui.add(egui::Label::new(RichText::new(told(&description)).size(size::SMALL).color(theme.muted)).wrap());
}

/// Who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhoAmI {
    /// Annotators of the project.
    pub known: Vec<String>,
    /// The name that is typed.
    pub name: String,
    /// Who works here now.
    pub current: Option<String>,
    /// Whether nobody has answered yet: then closing the dialog is an answer, too.
    pub is_first: bool,
}

/// Asks who works here.
pub fn who_am_i_ui(ui: &mut Ui, theme: &Theme, state: &mut WhoAmI, actions: &mut Actions) {
    title_ui(ui, "Who are you?");
    let hint = "Everybody's annotations are kept apart. Choose yourself once; Project, Annotator changes it";
    ui.add(egui::Label::new(RichText::new(hint).size(size::SMALL).color(theme.muted)).wrap());
    ui.add_space(space::S);
    ScrollArea::vertical().max_height(200.0).show(ui, |ui| {
        for name in &state.known {
            let is_it = state.current.as_ref() == Some(name);
            let response = row(ui, &format!("Work as {name}"), is_it, |ui| {
                elided(ui, RichText::new(told(name)).color(theme.text));
            });
            if response.clicked() {
                actions.push(ProjectAction::WorkAs(name.clone()).into());
            }
        }
    });
    let label =
        ui.label(if state.known.is_empty() { "Your name, as it stands in the files" } else { "Somebody else" }).id;
    let field = ui.add(egui::TextEdit::singleline(&mut state.name).desired_width(f32::INFINITY)).labelled_by(label);
    focus_first(ui, &field);
    let is_given = !state.name.trim().is_empty();
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    let all = [("Work as this", is_given), ("Only look", state.is_first || state.current.is_some()), ("Cancel", true)];
    let shown = if state.is_first { all.get(..2) } else { all.get(..) }.unwrap_or_default();
    match buttons(ui, theme, shown) {
        Some(0) => actions.push(ProjectAction::WorkAs(state.name.clone()).into()),
        Some(1) => actions.push(ProjectAction::OnlyLook.into()),
        Some(_) => actions.push(Action::CloseDialog),
        None if entered && is_given => actions.push(ProjectAction::WorkAs(state.name.clone()).into()),
        None => {}
    }
}
