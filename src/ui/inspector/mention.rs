//! A mention: its entity, and where it is used.

use egui::Ui;

use super::{InspectorState, section};
use crate::app::action::Action;
use crate::app::again::AgainAction;
use crate::app::command::Command;
use crate::edit::Intent;
use crate::model::{Id, Mention, Origin};
use crate::ui::widgets::{annotation_link, muted, quiet_button};
use crate::ui::{Actions, View};

/// Draws what a mention refers to and what it takes part in.
pub fn mention_ui(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, id: &Id, actions: &mut Actions) {
    let Some(mention) = view.document.mentions().get(id) else { return };
    batch(ui, view, mention, actions);
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

/// Which batch made it, as a link to the list of batches.
fn batch(ui: &mut Ui, view: &View<'_>, mention: &Mention, actions: &mut Actions) {
    let Some(id) = mention.provenance.by.batch().map(Id::new) else { return };
    let Some(batch) = view.document.batches().get(&id) else { return };
    let texts: Vec<String> = batch.search.texts.iter().map(|text| format!("“{text}”")).collect();
    let is_edited = matches!(mention.provenance.by, Origin::Edited(_));
    let edited = if is_edited { ", edited by hand since" } else { "" };
    ui.horizontal_wrapped(|ui| {
        muted(ui, view.theme, format!("Marked with all {}{edited}", texts.join(", ")));
        let link =
            quiet_button(ui, "Show batch").on_hover_text("Show it in the list of batches, where it can be retracted");
        if link.clicked() {
            actions.push(Action::Again(AgainAction::List(id)));
        }
    });
}
