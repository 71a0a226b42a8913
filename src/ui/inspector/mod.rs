//! The inspector: what is selected, with all its fields.

mod attributes;
mod document;
mod entity;
mod mention;
mod relation;
mod roles;
mod suggestion;

use egui::{RichText, Ui};

use super::widgets::{Drafts, elided, label_tag};
use super::{Actions, View};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::fields::Field;
use crate::app::filling::Mode;
use crate::edit::Intent;
use crate::model::{Id, Kind, Origin, Provenance};
use crate::theme::{semibold, size, space};

/// What the inspector remembers between frames.
#[derive(Default)]
pub struct InspectorState {
    /// Fields that are being typed into.
    pub drafts: Drafts,
    /// The list of the preview of all occurrences.
    pub again: super::again::AgainState,
}

/// Draws the inspector of the selection, or of the document if nothing is selected.
pub fn inspector_ui(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, actions: &mut Actions) {
    egui::ScrollArea::vertical().auto_shrink([false, false]).id_salt("inspector").show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 5.0;
        if let Mode::Propose(proposing) = view.mode {
            suggestion::suggestion_ui(ui, view, proposing, actions);
            return;
        }
        let selected = view.selected.and_then(|id| Some((id, view.document.kind_of(id)?)));
        let Some((id, kind)) = selected else {
            document::document_ui(ui, view, state, actions);
            return;
        };
        header(ui, view, id, kind, actions);
        match kind {
            Kind::Mention => mention::mention_ui(ui, view, state, id, actions),
            Kind::Entity => entity::entity_ui(ui, view, state, id, actions),
            Kind::Event | Kind::Quote => roles::roles_ui(ui, view, id, kind, actions),
            Kind::Relation => relation::relation_ui(ui, view, id, actions),
        }
        if kind != Kind::Relation {
            used_in(ui, view, id, actions);
        }
        attributes::attributes_ui(ui, view, state, id, actions);
        note(ui, view, state, id, actions);
        problems(ui, view, id);
        history(ui, view, id);
        ui.add_space(space::L);
    });
}

/// Kind, words and label.
fn header(ui: &mut Ui, view: &View<'_>, id: &Id, kind: Kind, actions: &mut Actions) {
    ui.horizontal(|ui| {
        label_tag(ui, view, kind, view.document.label_of(id));
        ui.label(RichText::new(format!("{} {id}", kind.word())).color(view.theme.muted).size(size::SMALL));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let hint = format!("{} ({})", Command::Delete.info().help, Command::Delete.key_text(ui.ctx()));
            if super::widgets::quiet_button(ui, "Delete").on_hover_text(hint).clicked() {
                actions.push(Action::Run(Command::Delete));
            }
            let again = Command::AllOccurrences;
            let hint = format!("{} ({})", again.info().help, again.key_text(ui.ctx()));
            if kind == Kind::Mention
                && super::widgets::quiet_button(ui, again.info().name).on_hover_text(hint).clicked()
            {
                actions.push(Action::Run(again));
            }
        });
    });
    if kind != Kind::Entity {
        let words = view.document.excerpt_of(id);
        let shown: String =
            if words.chars().count() > 160 { words.chars().take(159).chain(['…']).collect() } else { words };
        ui.add(egui::Label::new(RichText::new(shown).font(crate::theme::reading(size::HEADING))).wrap());
    }
    label_choice(ui, view, id, kind, actions);
}

/// A choice of all labels of this kind.
fn label_choice(ui: &mut Ui, view: &View<'_>, id: &Id, kind: Kind, actions: &mut Actions) {
    let current = view.document.label_of(id);
    let labels: Vec<&str> = match kind {
        Kind::Mention | Kind::Entity => view.schema.mentions.iter().map(|m| m.label.as_str()).collect(),
        Kind::Event => view.schema.events.iter().map(|e| e.r#type.as_str()).collect(),
        Kind::Quote => view.schema.quotes.iter().flat_map(|q| &q.kinds).map(|k| k.kind.as_str()).collect(),
        Kind::Relation => view.schema.relations.iter().map(|r| r.label.as_str()).collect(),
    };
    let name = match kind {
        Kind::Mention | Kind::Relation => "Label",
        Kind::Event | Kind::Entity => "Type",
        Kind::Quote => "Kind",
    };
    field(ui, view, name, |ui| {
        let combo =
            egui::ComboBox::from_id_salt(("label", id.as_str())).selected_text(current).width(ui.available_width());
        let response = combo.show_ui(ui, |ui| {
            for label in labels {
                if !choice(ui, label == current, label) {
                    continue;
                }
                if label != current {
                    actions.push(Action::Edit(Intent::Relabel { id: id.clone(), label: label.to_owned() }));
                }
            }
        });
        name_combo(ui, &response.response, name);
    });
}

/// A name on the left, a control on the right.
pub(super) fn field<R>(ui: &mut Ui, view: &View<'_>, name: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        let width = 84.0;
        ui.allocate_ui_with_layout(egui::vec2(width, 24.0), egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_width(width);
            elided(ui, RichText::new(name).color(view.theme.muted)).on_hover_text(name);
        });
        add(ui)
    })
    .inner
}

/// One of several in a combo box; gives whether it was chosen, and closes the box then. egui does so for the pointer,
/// not for Enter.
pub(super) fn choice(ui: &mut Ui, is_current: bool, text: &str) -> bool {
    let is_chosen = ui.selectable_label(is_current, text).clicked();
    if is_chosen {
        ui.close();
    }
    is_chosen
}

/// Gives a combo box an accessible name.
pub(super) fn name_combo(ui: &Ui, response: &egui::Response, name: &str) {
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name.to_owned()));
}

/// Roles that it fills, and relations at it.
fn used_in(ui: &mut Ui, view: &View<'_>, id: &Id, actions: &mut Actions) {
    let used = view.cache.used_in.get(id);
    let relations: Vec<&Id> =
        view.document.relations().values().filter(|r| &r.from == id || &r.to == id).map(|r| &r.id).collect();
    if used.is_none() && relations.is_empty() {
        return;
    }
    super::widgets::heading(ui, view.theme, "Used in");
    for (owner, role) in used.into_iter().flatten() {
        super::widgets::annotation_link(ui, view, owner, actions).on_hover_text(format!("As {role}"));
    }
    for relation in relations {
        super::widgets::annotation_link(ui, view, relation, actions);
    }
}

fn note(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, id: &Id, actions: &mut Actions) {
    let document = view.document;
    let note = (document.mentions().get(id).map(|a| &a.note))
        .or_else(|| document.events().get(id).map(|a| &a.note))
        .or_else(|| document.quotes().get(id).map(|a| &a.note))
        .or_else(|| document.relations().get(id).map(|a| &a.note))
        .or_else(|| document.entities().get(id).map(|a| &a.note));
    let current = note.and_then(|n| n.as_deref()).unwrap_or_default();
    super::widgets::heading(ui, view.theme, "Note");
    if let Some(note) =
        state.drafts.field(ui, Field::Note(id.clone()), "Note", current, "Remark for whoever comes next", 2)
    {
        actions.push(Action::Edit(Intent::SetNote { id: id.clone(), note }));
    }
}

/// What is wrong with this annotation.
fn problems(ui: &mut Ui, view: &View<'_>, id: &Id) {
    for problem in view.cache.problems.iter().filter(|p| p.place.id.as_ref() == Some(id)) {
        let color = super::lists::severity_color(view.theme, problem.severity);
        ui.add(egui::Label::new(RichText::new(format!("{}: {}", problem.message, problem.hint)).color(color)).wrap());
    }
}

/// Where it came from, and when.
fn history(ui: &mut Ui, view: &View<'_>, id: &Id) {
    let document = view.document;
    let provenance = (document.mentions().get(id).map(|a| &a.provenance))
        .or_else(|| document.events().get(id).map(|a| &a.provenance))
        .or_else(|| document.quotes().get(id).map(|a| &a.provenance))
        .or_else(|| document.relations().get(id).map(|a| &a.provenance))
        .or_else(|| document.entities().get(id).map(|a| &a.provenance));
    let Some(Provenance { by, at, .. }) = provenance else { return };
    let by = match by {
        Origin::Hand => "Made by hand".to_owned(),
        Origin::Suggestion(name) => format!("Suggested by {name}"),
        Origin::Rule(batch) => format!("Made by the batch {batch}"),
        Origin::Edited(batch) => format!("Made by the batch {batch}, edited by hand since"),
        Origin::Import(name) => format!("Read from {name}"),
    };
    let at = at.as_deref().map(|at| format!(", {}", at.replace('T', " ").trim_end_matches('Z'))).unwrap_or_default();
    ui.add_space(space::S);
    ui.label(RichText::new(format!("{by}{at}")).size(size::SMALL).color(view.theme.muted));
}

/// A heading with a button at its right end.
pub(super) fn section(ui: &mut Ui, view: &View<'_>, text: &str, add: impl FnOnce(&mut Ui)) {
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        ui.label(RichText::new(text).font(semibold(size::SMALL)).color(view.theme.muted));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), add);
    });
}
