//! Questions before steps that touch annotations, as dialogs.

use egui::{RichText, ScrollArea, TextEdit, Ui};

use crate::app::action::Action;
use crate::app::dialog::AfterClosing;
use crate::app::schema_editor::SchemaAction;
use crate::app::schema_editor::question::{Question, Removal, Split};
use crate::edit::{Owner, SchemaStep, Unfit};
use crate::theme::{Theme, size, space};
use crate::ui::Actions;
use crate::ui::dialogs::{buttons, title_ui};
use crate::ui::widgets::{counted, named, told};

/// Draws a question.
pub fn question_ui(ui: &mut Ui, theme: &Theme, question: &mut Question, actions: &mut Actions) {
    let button = match question {
        Question::Remove { what, candidates, to, used } => {
            remove_ui(ui, theme, what, candidates, to, *used);
            "Remove"
        }
        Question::Merge { into, candidates } => {
            title_ui(ui, &format!("Merge into {}", named(into.name())));
            let hint = "Their annotations get this label; roles and attributes that only they have come along";
            ui.add(egui::Label::new(RichText::new(hint).color(theme.muted)).wrap());
            ScrollArea::vertical().max_height(300.0).show(ui, |ui| {
                for (name, is_chosen) in candidates {
                    ui.checkbox(is_chosen, told(name));
                }
            });
            "Merge"
        }
        Question::Split(split) => {
            split_ui(ui, theme, split);
            "Split"
        }
        Question::Tighten { .. } => {
            tighten_ui(ui, theme, question);
            "Go on"
        }
    };
    let is_whole = !question.steps().is_empty();
    match buttons(ui, theme, &[(button, is_whole), ("Cancel", true)]) {
        Some(0) => actions.push(SchemaAction::Answer(Box::new(question.clone())).into()),
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}

fn remove_ui(
    ui: &mut Ui,
    theme: &Theme,
    what: &Removal,
    candidates: &[String],
    to: &mut Option<String>,
    used: Option<u32>,
) {
    let (name, other, gone) = match what {
        Removal::Label(_, name) => (name, "Give its annotations another label", "Remove its annotations, too"),
        Removal::Role(_, name) => (name, "Let its fillers fill another role", "Take its fillers out"),
        Removal::Value(_, name) => (name, "Use another value instead", "Take the value away"),
    };
    title_ui(ui, &format!("Remove {}", named(name)));
    if let Some(used) = used {
        let text = format!("You have used it in {}.", counted(used as usize, "document"));
        ui.label(RichText::new(text).color(theme.muted));
    }
    if ui.add_enabled(!candidates.is_empty(), egui::RadioButton::new(to.is_some(), other)).clicked() {
        *to = candidates.first().cloned();
    }
    if let Some(chosen) = to {
        ui.horizontal(|ui| {
            ui.add_space(22.0);
            let combo = egui::ComboBox::from_id_salt("instead").selected_text(told(chosen)).width(240.0);
            let shown = chosen.clone();
            let combo = combo.show_ui(ui, |ui| {
                for candidate in candidates {
                    if ui.add(egui::Button::selectable(*candidate == shown, told(candidate))).clicked() {
                        chosen.clone_from(candidate);
                        ui.close();
                    }
                }
            });
            ui.ctx().accesskit_node_builder(combo.response.id, |node| node.set_label("Instead"));
        });
    }
    if ui.radio(to.is_none(), gone).clicked() {
        *to = None;
    }
    ui.add_space(space::XS);
    let hint = "Nothing is done yet: Apply shows first what is touched";
    ui.label(RichText::new(hint).size(size::SMALL).color(theme.muted));
}

fn split_ui(ui: &mut Ui, theme: &Theme, split: &mut Split) {
    title_ui(ui, &format!("Split {}", named(&split.label)));
    ui.horizontal(|ui| {
        ui.label("By the attribute");
        let shown = split.by.get(split.chosen).map(|(id, _)| id.clone()).unwrap_or_default();
        let combo = egui::ComboBox::from_id_salt("split by").selected_text(told(&shown)).show_ui(ui, |ui| {
            for nth in 0..split.by.len() {
                let id = split.by.get(nth).map(|(id, _)| id.clone()).unwrap_or_default();
                if ui.add(egui::Button::selectable(nth == split.chosen, told(&id))).clicked() {
                    split.chosen = nth;
                    split.rest.clone_from(&split.label);
                    ui.close();
                }
            }
        });
        ui.ctx().accesskit_node_builder(combo.response.id, |node| node.set_label("By the attribute"));
    });
    let hint = "A label for each value; without one, annotations with this value stay with the rest";
    ui.add(egui::Label::new(RichText::new(hint).size(size::SMALL).color(theme.muted)).wrap());
    let chosen = split.chosen;
    ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
        egui::Grid::new("split values").num_columns(2).show(ui, |ui| {
            for (value, label) in split.by.get_mut(chosen).into_iter().flat_map(|(_, values)| values) {
                let name = ui.label(told(value)).id;
                ui.add(TextEdit::singleline(label).desired_width(240.0)).labelled_by(name);
                ui.end_row();
            }
        });
    });
    let rests = split.rests();
    if !rests.contains(&split.rest) {
        split.rest.clone_from(&split.label);
    }
    ui.horizontal(|ui| {
        ui.label("All others become");
        let combo = egui::ComboBox::from_id_salt("rest").selected_text(told(&split.rest).into_owned());
        let combo = combo.show_ui(ui, |ui| {
            for rest in rests {
                if ui.add(egui::Button::selectable(split.rest == rest, told(&rest))).clicked() {
                    split.rest = rest;
                    ui.close();
                }
            }
        });
        ui.ctx().accesskit_node_builder(combo.response.id, |node| node.set_label("All others become"));
    });
    ui.checkbox(&mut split.keeps, "Annotations keep the value that became their label");
}

fn tighten_ui(ui: &mut Ui, theme: &Theme, question: &mut Question) {
    let words = question.steps().first().map(ToString::to_string).unwrap_or_default();
    title_ui(ui, "Fewer fillers are allowed");
    ui.add(egui::Label::new(told(&words)).wrap());
    ui.add_space(space::XS);
    let gone = match question {
        Question::Tighten { step: SchemaStep::Limit { .. } } => {
            "What does not fit is taken out; the first in the text stay"
        }
        Question::Tighten {
            step:
                SchemaStep::RemoveFiller { of: Owner::Relation(_), .. }
                | SchemaStep::OnlyFillers { of: Owner::Relation(_), .. },
        } => "Relations that do not fit are removed",
        _ => "What does not fit is taken out of the role",
    };
    let Some(unfit) = question.unfit_mut() else { return };
    ui.radio_value(unfit, Unfit::Leave, "What does not fit stays, and is a problem to be solved by hand");
    ui.radio_value(unfit, Unfit::Remove, gone);
    let hint = "Nothing is done yet: Apply shows first what is touched";
    ui.label(RichText::new(hint).size(size::SMALL).color(theme.muted));
}

/// Asks before changes of the label set are thrown away.
pub fn discard_ui(ui: &mut Ui, theme: &Theme, then: &Option<AfterClosing>, actions: &mut Actions) {
    title_ui(ui, "Throw the changes of the label set away?");
    ui.label("They are not applied, and nothing else holds them.");
    match buttons(ui, theme, &[("Keep editing", true), ("Throw away", true)]) {
        Some(0) => actions.push(Action::CloseDialog),
        Some(_) => actions.push(SchemaAction::Discard(then.clone()).into()),
        None => {}
    }
}
