//! Dialogs about adding documents to a project: what of them is there already, before anything is written, and what came of
//! it.

use std::path::{Path, PathBuf};

use egui::{RichText, ScrollArea, Ui};

use super::{buttons, title_ui};
use crate::app::action::Action;
use crate::app::project::ProjectAction;
use crate::project::adding::{Added, Report};
use crate::theme::{Theme, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{counted, told};

/// Lines of one kind that are shown.
const MOST: usize = 200;

/// What came of adding documents, or would come of it, in words.
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
    /// In words. `is_told`: what was there already need not be told again.
    pub fn new(report: &Report, is_told: bool) -> Self {
        let shown = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let duplicates = report.added.iter().filter_map(|added| match added {
            Added::Duplicate { source, of, .. } if !is_told => Some((shown(source), of.to_string())),
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

/// What is to be added, of which something is there already.
#[derive(Clone, Debug, PartialEq)]
pub struct AddQuestion {
    sources: Vec<PathBuf>,
    told: AddReport,
    /// Texts there already over which somebody's annotations are new.
    layers_only: usize,
    adds_known: bool,
}

impl AddQuestion {
    /// About these files and folders, which were looked at.
    pub fn new(sources: Vec<PathBuf>, report: &Report) -> Self {
        let layers_only = report.added.iter().filter(|added| matches!(added, Added::Layer { .. })).count();
        Self { sources, told: AddReport::new(report, false), layers_only, adds_known: false }
    }

    fn title(&self) -> String {
        let there = format!("{} there already", counted(self.told.duplicates.len(), "document"));
        match (self.told.documents, self.layers_only) {
            (0, 0) => "Nothing of this is new".to_owned(),
            (0, layers) => format!("{} on known texts, {there}", counted(layers, "new layer")),
            (documents, _) => format!("{}, {there}", counted(documents, "new document")),
        }
    }

    /// What the button says, and whether there is anything to do.
    fn button(&self) -> (String, bool) {
        let known = if self.adds_known { self.told.duplicates.len() } else { 0 };
        match self.told.documents + known {
            0 if self.layers_only > 0 => ("Add the annotations".to_owned(), true),
            0 => ("Add".to_owned(), false),
            count => (format!("Add {}", counted(count, "document")), true),
        }
    }
}

/// Asks what becomes of what is there already.
pub fn question_ui(ui: &mut Ui, theme: &Theme, state: &mut AddQuestion, actions: &mut Actions) {
    title_ui(ui, &state.title());
    let hint = "What is there already is passed over. Nothing has been written yet";
    ui.add(egui::Label::new(RichText::new(hint).size(size::SMALL).color(theme.muted)).wrap());
    lists_ui(ui, theme, &state.told);
    ui.add_space(space::S);
    let words = match state.told.duplicates.len() {
        1 => "Add the one that is there already, too, as a document of its own".to_owned(),
        count => format!("Add the {count} that are there already, too, as documents of their own"),
    };
    ui.checkbox(&mut state.adds_known, words);
    let (text, is_possible) = state.button();
    match buttons(ui, theme, &[(text.as_str(), is_possible), ("Cancel", true)]) {
        Some(0) => {
            let (sources, adds_known) = (state.sources.clone(), state.adds_known);
            actions.push(ProjectAction::AddChosen { sources, adds_known }.into());
        }
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}

/// Says what came of adding documents.
pub fn added_ui(ui: &mut Ui, theme: &Theme, state: &AddReport, actions: &mut Actions) {
    title_ui(ui, &state.summary());
    lists_ui(ui, theme, state);
    if buttons(ui, theme, &[("Close", true)]).is_some() {
        actions.push(Action::CloseDialog);
    }
}

/// What was there already, what is wrong with files, what was passed over.
fn lists_ui(ui: &mut Ui, theme: &Theme, state: &AddReport) {
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
}
