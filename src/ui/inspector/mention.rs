//! A mention: its entity, and where it is used.

use egui::Ui;

use super::{InspectorState, section};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::edit::Intent;
use crate::model::Id;
use crate::ui::widgets::{annotation_link, muted, quiet_button};
use crate::ui::{Actions, View};

/// Draws what a mention refers to and what it takes part in.
pub fn mention_ui(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, id: &Id, actions: &mut Actions) {
    let Some(mention) = view.document.mentions().get(id) else { return };
    section(ui, view, "Entity", |ui| {
        if mention.entity.is_some()
            && quiet_button(ui, "Split off").on_hover_text(Command::SplitEntity.info().help).clicked()
        {
            actions.push(Action::Run(Command::SplitEntity));
        }
        if quiet_button(ui, "Join…").on_hover_text(Command::JoinEntity.info().help).clicked() {
            actions.push(Action::Run(Command::JoinEntity));
        }
    });
    match &mention.entity {
        Some(entity) => {
            annotation_link(ui, view, entity, actions);
            super::entity::fields(ui, view, state, entity, actions);
            if quiet_button(ui, "Refers to no entity").clicked() {
                actions.push(Action::Edit(Intent::Split { mention: id.clone(), own_entity: false }));
            }
        }
        None => {
            muted(ui, view.theme, "Refers to no entity yet");
            if ui.button("New entity").clicked() {
                actions.push(Action::Edit(Intent::Join { mentions: vec![id.clone()], entity: None }));
            }
        }
    }
}
