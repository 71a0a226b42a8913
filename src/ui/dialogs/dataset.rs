//! The project as a dataset: what, from whom, how far, in which parts and format; remembered as a recipe.

use std::path::{Path, PathBuf};

use egui::{RichText, ScrollArea, TextEdit, Ui};
use strum::{IntoEnumIterator as _, VariantNames as _};

use super::{buttons, title_ui};
use crate::app::action::Action;
use crate::app::project::ProjectAction;
use crate::cli::export::Exported;
use crate::formats::split::{Parts, Stratify};
use crate::formats::{self, FORMATS, Info};
use crate::model::Status;
use crate::project::{Name, Recipe};
use crate::theme::{Theme, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{heading, told};

/// What is chosen.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The recipe as it is now.
    pub recipe: Recipe,
    /// Those that the project remembers.
    known: Vec<Recipe>,
    annotators: Vec<String>,
    /// The folder, as it is typed.
    path: String,
    /// The shares, as they are typed; empty = one part.
    split: String,
    seed: String,
    overwrite: bool,
    parent: PathBuf,
    is_typed: bool,
    /// Whether it is being written.
    pub is_running: bool,
    /// What came of the last attempt.
    pub told: Option<std::sync::Arc<Exported>>,
}

impl Dataset {
    /// By the first recipe of the project, or everything in JSON Lines.
    pub fn new(first: Option<Recipe>, known: &[Recipe], annotators: Vec<String>, parent: &Path) -> Self {
        let recipe = first.unwrap_or_else(|| Recipe::new("everything", "jsonl"));
        let mut dataset = Self {
            split: String::new(),
            seed: String::new(),
            path: String::new(),
            recipe,
            known: known.to_vec(),
            annotators,
            overwrite: false,
            parent: parent.to_owned(),
            is_typed: false,
            is_running: false,
            told: None,
        };
        dataset.take_recipe();
        dataset
    }

    /// The folder that was chosen.
    pub fn choose(&mut self, folder: &Path) {
        self.path = folder.display().to_string();
        self.is_typed = true;
    }

    fn take_recipe(&mut self) {
        self.split = self.recipe.split.clone().unwrap_or_default();
        self.seed = self.recipe.seed.to_string();
        self.told = None;
    }

    fn follow_name(&mut self) {
        if !self.is_typed {
            let name = Name::of_words(&self.recipe.name, "dataset");
            self.path = self.parent.join(name.as_str()).display().to_string();
        }
    }

    /// Why it cannot be written as it is; `None` if it can.
    fn refusal(&self) -> Option<String> {
        if self.recipe.name.trim().is_empty() {
            return Some("Give it a name".to_owned());
        }
        if !Path::new(self.path.trim()).is_absolute() {
            return Some("Name a folder".to_owned());
        }
        if !self.split.trim().is_empty()
            && let Err(why) = Parts::parse(self.split.trim())
        {
            return Some(why);
        }
        self.seed.trim().parse::<u64>().is_err().then(|| "The seed is a whole number".to_owned())
    }

    fn finished(&self) -> Recipe {
        let split = self.split.trim();
        Recipe {
            name: self.recipe.name.trim().to_owned(),
            split: (!split.is_empty()).then(|| split.to_owned()),
            seed: self.seed.trim().parse().unwrap_or(1),
            ..self.recipe.clone()
        }
    }
}

/// Draws the dialog.
pub fn dataset_ui(ui: &mut Ui, theme: &Theme, state: &mut Dataset, actions: &mut Actions) {
    title_ui(ui, "Export dataset");
    let hint = "Everybody's layers as training data. The choice is remembered by its name, and runs again from the command line";
    ui.add(egui::Label::new(RichText::new(hint).size(size::SMALL).color(theme.muted)).wrap());
    ui.add_space(space::S);
    let height = (ui.ctx().content_rect().height() - 260.0).clamp(160.0, 420.0);
    ScrollArea::vertical().max_height(height).show(ui, |ui| {
        egui::Grid::new("dataset").num_columns(2).spacing([space::M, space::S]).show(ui, |ui| {
            fields_ui(ui, theme, state, actions);
        });
    });
    if let Some(exported) = &state.told {
        ui.add_space(space::S);
        heading(ui, theme, if exported.is_written { "Written" } else { "Not written" });
        ScrollArea::vertical().id_salt("told").max_height(110.0).show(ui, |ui| {
            let color = if exported.is_written { theme.text } else { theme.error };
            ui.add(egui::Label::new(RichText::new(told(&exported.told)).size(size::SMALL).color(color)).wrap());
        });
    }
    let refusal = state.refusal();
    if let Some(why) = &refusal {
        ui.label(RichText::new(why).size(size::SMALL).color(theme.warning));
    }
    let name = if state.is_running { "Writing…" } else { "Export" };
    match buttons(ui, theme, &[(name, refusal.is_none() && !state.is_running), ("Close", true)]) {
        Some(0) => actions.push(
            ProjectAction::ExportDataset {
                recipe: Box::new(state.finished()),
                output: PathBuf::from(state.path.trim()),
                overwrite: state.overwrite,
            }
            .into(),
        ),
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}

fn fields_ui(ui: &mut Ui, theme: &Theme, state: &mut Dataset, actions: &mut Actions) {
    let label = ui.label("Recipe").id;
    ui.horizontal(|ui| {
        ui.add(TextEdit::singleline(&mut state.recipe.name).desired_width(260.0)).labelled_by(label);
        if !state.known.is_empty() {
            ui.menu_button("Remembered", |ui| {
                for recipe in state.known.clone() {
                    if ui.button(told(&recipe.name)).clicked() {
                        state.recipe = recipe;
                        state.take_recipe();
                        ui.close();
                    }
                }
            });
        }
    });
    ui.end_row();
    state.follow_name();
    format_ui(ui, state);
    ui.label("Annotators");
    ui.horizontal_wrapped(|ui| {
        choose_ui(ui, &state.annotators.clone(), &mut state.recipe.annotators);
    });
    ui.end_row();
    ui.label("Status");
    ui.horizontal_wrapped(|ui| {
        for status in Status::iter() {
            let mut is_on = state.recipe.status.contains(&status);
            if ui.checkbox(&mut is_on, status.text()).changed() {
                state.recipe.status.retain(|known| *known != status);
                if is_on {
                    state.recipe.status.push(status);
                }
            }
        }
        if state.recipe.status.is_empty() {
            ui.label(RichText::new("any").color(theme.muted));
        }
    });
    ui.end_row();
    let label = ui.label("Split").id;
    ui.horizontal(|ui| {
        let field = TextEdit::singleline(&mut state.split).desired_width(160.0).hint_text("none");
        ui.add(field).labelled_by(label).on_hover_text("80/10/10 for train, dev and test, or train=80/test=20");
        for example in ["80/10/10", ""] {
            let shown = if example.is_empty() { "No split" } else { example };
            if ui.small_button(shown).clicked() {
                example.clone_into(&mut state.split);
            }
        }
    });
    ui.end_row();
    if !state.split.trim().is_empty() {
        let label = ui.label("Spread evenly").id;
        ui.horizontal(|ui| {
            let combo = egui::ComboBox::from_id_salt("stratify").selected_text(state.recipe.stratify.as_str());
            let combo = combo.show_ui(ui, |ui| {
                for what in Stratify::VARIANTS {
                    ui.selectable_value(&mut state.recipe.stratify, (*what).to_owned(), *what);
                }
            });
            combo.response.labelled_by(label);
            let seed = ui.label("Seed").id;
            ui.add(TextEdit::singleline(&mut state.seed).desired_width(60.0)).labelled_by(seed);
        });
        ui.end_row();
    }
    let label = ui.label("Folder").id;
    ui.horizontal(|ui| {
        let field = ui.add(TextEdit::singleline(&mut state.path).desired_width(320.0)).labelled_by(label);
        state.is_typed |= field.changed();
        if ui.button("Choose…").clicked() {
            actions.push(ProjectAction::ChooseDatasetFolder.into());
        }
    });
    ui.end_row();
    ui.label("");
    ui.vertical(|ui| {
        ui.checkbox(&mut state.overwrite, "Replace files that exist");
        ui.checkbox(&mut state.recipe.strict, "Write nothing if the format cannot hold everything");
    });
    ui.end_row();
}

fn format_ui(ui: &mut Ui, state: &mut Dataset) {
    let label = ui.label("Format").id;
    let shown = formats::by_id(&state.recipe.format).map_or(state.recipe.format.clone(), |f| f.info().name.to_owned());
    let combo = egui::ComboBox::from_id_salt("dataset format").selected_text(shown).width(260.0).show_ui(ui, |ui| {
        for info in FORMATS.iter().map(|format| format.info()).filter(|info: &Info| info.writes) {
            if ui.add(egui::Button::selectable(state.recipe.format == info.id, info.name)).clicked() {
                info.id.clone_into(&mut state.recipe.format);
                // Choices of another format are none of this one.
                state.recipe.options.clear();
                ui.close();
            }
        }
    });
    combo.response.labelled_by(label);
    ui.end_row();
    let options = formats::by_id(&state.recipe.format).map(|f| f.info().options).unwrap_or_default();
    for option in options {
        let label = ui.label(option.name).on_hover_text(option.help).id;
        let default = option.values.first().copied().unwrap_or_default();
        let value = state.recipe.options.get(option.name).cloned().unwrap_or_else(|| default.to_owned());
        let mut chosen = value.clone();
        if option.values.is_empty() {
            let field = ui.add(TextEdit::singleline(&mut chosen).desired_width(160.0)).labelled_by(label);
            field.on_hover_text(option.help);
        } else {
            let combo = egui::ComboBox::from_id_salt(option.name).selected_text(value.as_str()).show_ui(ui, |ui| {
                for value in option.values {
                    ui.selectable_value(&mut chosen, (*value).to_owned(), *value);
                }
            });
            combo.response.labelled_by(label).on_hover_text(option.help);
        }
        if chosen != value {
            if chosen.trim() == default || chosen.trim().is_empty() {
                state.recipe.options.remove(option.name);
            } else {
                state.recipe.options.insert(option.name.to_owned(), chosen);
            }
        }
        ui.end_row();
    }
}

/// Boxes for names; none checked means all.
fn choose_ui(ui: &mut Ui, all: &[String], chosen: &mut Vec<String>) {
    for name in all {
        let mut is_on = chosen.contains(name);
        if ui.checkbox(&mut is_on, told(name)).changed() {
            chosen.retain(|known| known != name);
            if is_on {
                chosen.push(name.clone());
            }
        }
    }
    if chosen.is_empty() {
        ui.label(RichText::new("everybody").weak());
    }
}
