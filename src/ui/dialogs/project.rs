//! Dialogs of projects: making one, who works on it, what came of adding documents.

use std::path::{Path, PathBuf};

use egui::{RichText, ScrollArea, Ui};

use super::{buttons, focus_first, title_ui};
use crate::app::action::Action;
use crate::app::project::ProjectAction;
use crate::model::schema::{BUILTIN, builtin};
use crate::project::adding::{Added, Report};
use crate::theme::{Theme, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{counted, elided, row, told};

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
        Some(_) => actions.push(Action::CloseDialog),
        None if entered && is_given => actions.push(ProjectAction::WorkAs(state.name.clone()).into()),
        None => {}
    }
}

/// What came of adding documents, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct AddReport {
    documents: usize,
    layers: usize,
    is_stopped: bool,
    /// Texts that were there already, and which document has each.
    duplicates: Vec<(String, String)>,
    passed_over: Vec<(String, String)>,
    problems: Vec<crate::model::Problem>,
}

impl AddReport {
    /// In words.
    pub fn new(report: &Report) -> Self {
        let shown = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let duplicates = report.added.iter().filter_map(|added| match added {
            Added::Duplicate { source, of, .. } => Some((shown(source), of.to_string())),
            _ => None,
        });
        let is_layer = |added: &&Added| matches!(added, Added::Layer { .. } | Added::Document { has_layer: true, .. });
        Self {
            documents: report.documents(),
            layers: report.added.iter().filter(is_layer).count(),
            is_stopped: report.is_stopped,
            duplicates: duplicates.collect(),
            passed_over: report.passed_over.iter().map(|(path, why)| (shown(path), why.clone())).collect(),
            problems: report.problems.clone(),
        }
    }

    /// Whether there is more to say than how many were added.
    pub fn needs_reading(&self) -> bool {
        self.documents == 0 || !self.duplicates.is_empty() || !self.problems.is_empty()
    }

    /// What was added, in one sentence.
    pub fn summary(&self) -> String {
        let documents = counted(self.documents, "document");
        let layers = match self.layers {
            0 => String::new(),
            1 => ", one of them with annotations".to_owned(),
            layers => format!(", {layers} with annotations"),
        };
        let stopped = if self.is_stopped { "; stopped before the end" } else { "" };
        format!("Added {documents}{layers}{stopped}")
    }
}

/// Says what came of adding documents.
pub fn added_ui(ui: &mut Ui, theme: &Theme, state: &AddReport, actions: &mut Actions) {
    /// Lines of one kind that are shown.
    const MOST: usize = 200;
    title_ui(ui, &state.summary());
    ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
        let mut section = |heading: String, lines: Vec<(String, String)>| {
            if lines.is_empty() {
                return;
            }
            ui.add_space(space::S);
            crate::ui::widgets::heading(ui, theme, &heading);
            let more = lines.len().saturating_sub(MOST);
            for (name, what) in lines.into_iter().take(MOST) {
                ui.add(egui::Label::new(RichText::new(told(&name)).color(theme.text)).wrap());
                ui.add(egui::Label::new(RichText::new(told(&what)).size(size::SMALL).color(theme.muted)).wrap());
            }
            if more > 0 {
                ui.label(RichText::new(format!("and {more} more")).color(theme.muted));
            }
        };
        let duplicates = state.duplicates.iter().map(|(name, of)| (name.clone(), format!("the same text as {of}")));
        section(format!("{} there already", counted(state.duplicates.len(), "text")), duplicates.collect());
        let problems = state.problems.iter().map(|problem| {
            let file = problem.place.file.as_deref().and_then(Path::file_name).unwrap_or_default();
            let line = problem.place.line.map(|line| format!(", line {line}")).unwrap_or_default();
            let name = format!("{}{line}: {}", file.to_string_lossy(), problem.message);
            (name, problem.hint.clone())
        });
        section("Remarks".to_owned(), problems.collect());
        section("Passed over".to_owned(), state.passed_over.clone());
    });
    if buttons(ui, theme, &[("Close", true)]).is_some() {
        actions.push(Action::CloseDialog);
    }
}
