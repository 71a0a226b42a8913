//! Entities, each with its mentions.

use std::collections::BTreeSet;

use egui::{RichText, Ui};

use super::empty;
use crate::app::action::Action;
use crate::model::{Id, Kind};
use crate::theme::{medium, size};
use crate::ui::widgets::{annotation_link, elided, heading, label_tag, quiet_button, row};
use crate::ui::{Actions, View};

/// Beyond this many rows, mentions without entity are only counted.
const MOST_UNJOINED: usize = 200;

/// Draws the list.
pub fn entities_ui(ui: &mut Ui, view: &View<'_>, open: &mut BTreeSet<Id>, actions: &mut Actions) {
    if view.cache.entities.is_empty() && view.cache.unjoined.is_empty() {
        empty(ui, view.theme, "No mentions yet. Select words and press a label's key");
        return;
    }
    egui::ScrollArea::vertical().auto_shrink([false, false]).id_salt("entities").show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for entity in &view.cache.entities {
            entity_row(ui, view, entity, open, actions);
        }
        let unjoined = &view.cache.unjoined;
        if !unjoined.is_empty() {
            heading(ui, view.theme, &format!("Mentions without entity ({})", unjoined.len()));
            for mention in unjoined.iter().take(MOST_UNJOINED) {
                annotation_link(ui, view, mention, actions);
            }
        }
    });
}

fn entity_row(
    ui: &mut Ui,
    view: &View<'_>,
    entity: &crate::app::cache::EntityRow,
    open: &mut BTreeSet<Id>,
    actions: &mut Actions,
) {
    let id = &entity.id;
    let (name, count) = (view.document.excerpt_of(id), entity.mentions.len());
    let is_open = open.contains(id);
    let accessible = format!("Entity {name}, {count} mentions");
    let response = row(ui, &accessible, view.selected == Some(id), |ui| {
        ui.horizontal(|ui| {
            label_tag(ui, view, Kind::Entity, view.document.label_of(id));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let toggle = quiet_button(ui, &format!("{count} {}", if is_open { "▲" } else { "▼" }));
                let toggle_name = format!("{} the mentions of {name}", if is_open { "Hide" } else { "Show" });
                ui.ctx().accesskit_node_builder(toggle.id, |node| node.set_label(toggle_name));
                if toggle.clicked() {
                    if is_open {
                        open.remove(id)
                    } else {
                        open.insert(id.clone())
                    };
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    elided(ui, RichText::new(&name).font(medium(size::BODY)));
                });
            });
        });
    });
    if response.clicked() {
        actions.push(Action::Reveal(id.clone()));
    }
    if response.hovered()
        && let Some(first) = entity.mentions.first()
    {
        actions.push(Action::Hover(first.clone()));
    }
    if open.contains(id) {
        ui.indent(("mentions", id.as_str()), |ui| {
            for mention in &entity.mentions {
                annotation_link(ui, view, mention, actions);
            }
        });
    }
}
