//! The inspector: what is selected, with all its fields.

mod attributes;
mod document;
mod entity;
mod history;
mod mention;
mod relation;
mod roles;
mod suggestion;

pub use history::change_ui;

use egui::{RichText, Ui};

use super::widgets::{Drafts, elided, label_tag, named, told};
use super::{Actions, View};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::fields::Field;
use crate::app::filling::Mode;
use crate::edit::{Intent, arguments_of};
use crate::model::{Id, Kind};
use crate::theme::{semibold, size, space};

/// Lines of a list in the inspector that are drawn; of the others only the number is.
const SHOWN: usize = 200;

/// What the inspector remembers between frames.
#[derive(Default)]
pub struct InspectorState {
    /// Fields that are being typed into.
    pub drafts: Drafts,
    /// The history of what is selected.
    pub history: history::HistoryState,
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
        history::history_ui(ui, view, &mut state.history, id, actions);
        ui.add_space(space::L);
    });
}

/// Kind, words and label.
fn header(ui: &mut Ui, view: &View<'_>, id: &Id, kind: Kind, actions: &mut Actions) {
    ui.horizontal(|ui| {
        label_tag(ui, view, kind, view.document.label_of(id));
        ui.label(
            RichText::new(format!("{} {}", kind.word(), named(id.as_str()))).color(view.theme.muted).size(size::SMALL),
        );
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
        let words = view.document.brief_of(id);
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
        let combo = egui::ComboBox::from_id_salt(("label", id.as_str()))
            .selected_text(named(current))
            .width(ui.available_width());
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
            elided(ui, RichText::new(name).color(view.theme.muted)).on_hover_text(told(name));
        });
        add(ui)
    })
    .inner
}

/// One of several in a combo box; gives whether it was chosen, and closes the box then. egui does so for the pointer,
/// not for Enter.
pub(super) fn choice(ui: &mut Ui, is_current: bool, text: &str) -> bool {
    let is_chosen = ui.selectable_label(is_current, named(text)).clicked();
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
    let document = view.document;
    let is_relation = |id: &&Id| document.relations().contains_key(id);
    let at = || document.references().others_at(id);
    // An event that is claimed in a quote refers to it without a role.
    let roles = |owner: &Id| {
        let arguments = arguments_of(document, owner).into_iter().filter(|a| a.filler.target() == Some(id));
        arguments.map(|argument| argument.role.to_string()).collect::<Vec<String>>()
    };
    let used =
        || at().filter(|id| !is_relation(id)).map(|owner| (owner, roles(owner))).filter(|(_, roles)| !roles.is_empty());
    let shown: Vec<(&Id, Vec<String>)> = used().take(SHOWN).collect();
    let relations: Vec<&Id> = at().filter(is_relation).take(SHOWN).collect();
    if shown.is_empty() && relations.is_empty() {
        return;
    }
    super::widgets::heading(ui, view.theme, "Used in");
    for (owner, roles) in shown {
        for role in roles {
            super::widgets::annotation_link(ui, view, owner, actions).on_hover_text(format!("As {}", named(&role)));
        }
    }
    if used().nth(SHOWN).is_some() {
        let all = document.references().others_at(id).count();
        super::widgets::muted(ui, view.theme, format!("and more, of {all} in all"));
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
    for problem in view.cache.problems_of(id).take(SHOWN) {
        let color = super::lists::severity_color(view.theme, problem.severity);
        let text = format!("{}: {}", told(&problem.message), told(&problem.hint));
        ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
    }
}

/// A heading with a button at its right end.
pub(super) fn section(ui: &mut Ui, view: &View<'_>, text: &str, add: impl FnOnce(&mut Ui)) {
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        ui.label(RichText::new(text).font(semibold(size::SMALL)).color(view.theme.muted));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), add);
    });
}
