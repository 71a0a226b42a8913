//! Entities, each with its mentions.

use std::collections::BTreeSet;

use egui::{RichText, Ui};

use super::empty;
use crate::app::action::Action;
use crate::app::cache::EntityRow;
use crate::model::{Id, Kind};
use crate::theme::{medium, size, space};
use crate::ui::widgets::{annotation_link, counted, elided, heading, label_tag, quiet_button, row};
use crate::ui::{Actions, View};

/// One line of the list.
enum Row<'a> {
    Entity(&'a EntityRow),
    /// A mention of an entity whose mentions are shown.
    Mention(&'a Id),
    /// The heading of mentions without entity.
    Unjoined,
    /// A mention without entity.
    Single(&'a Id),
}

/// Draws the list; only the rows in view.
pub fn entities_ui(ui: &mut Ui, view: &View<'_>, open: &mut BTreeSet<Id>, actions: &mut Actions) {
    let (entities, unjoined) = (&view.cache.entities, &view.cache.unjoined);
    if entities.is_empty() && unjoined.is_empty() {
        empty(ui, view.theme, "No mentions yet. Select words and press a label's key");
        return;
    }
    open.retain(|id| view.document.entities().contains_key(id));
    // Where the rows of each open entity begin, so that a row is found without walking the list.
    let opened: Vec<(usize, &EntityRow)> = if open.is_empty() {
        Vec::new()
    } else {
        entities.iter().enumerate().filter(|(_, row)| open.contains(&row.id)).collect()
    };
    let extra: usize = opened.iter().map(|(_, row)| row.mentions.len()).sum();
    let above = entities.len() + extra;
    let count = above + if unjoined.is_empty() { 0 } else { unjoined.len() + 1 };
    super::rows(ui, "entities", 26.0, count, |ui, i| {
        let row = match i.checked_sub(above) {
            None => in_entities(entities, &opened, i),
            Some(0) => Some(Row::Unjoined),
            Some(nth) => unjoined.get(nth - 1).map(Row::Single),
        };
        match row {
            Some(Row::Entity(entity)) => entity_row(ui, view, entity, open, actions),
            Some(Row::Mention(id)) => {
                ui.horizontal(|ui| {
                    ui.add_space(space::L);
                    annotation_link(ui, view, id, actions);
                });
            }
            Some(Row::Single(id)) => drop(annotation_link(ui, view, id, actions)),
            Some(Row::Unjoined) => heading(ui, view.theme, &format!("Mentions without entity ({})", unjoined.len())),
            None => {}
        }
    });
}

fn in_entities<'a>(entities: &'a [EntityRow], opened: &[(usize, &'a EntityRow)], i: usize) -> Option<Row<'a>> {
    let mut before = 0;
    for (at, row) in opened {
        // The entity itself stands at `at`, moved by the mentions of those opened before it.
        if i <= at + before {
            break;
        }
        if i <= at + before + row.mentions.len() {
            return row.mentions.get(i - at - before - 1).map(Row::Mention);
        }
        before += row.mentions.len();
    }
    entities.get(i - before).map(Row::Entity)
}

fn entity_row(ui: &mut Ui, view: &View<'_>, entity: &EntityRow, open: &mut BTreeSet<Id>, actions: &mut Actions) {
    let id = &entity.id;
    let (name, count) = (view.document.brief_of(id), entity.mentions.len());
    let is_open = open.contains(id);
    let accessible = format!("Entity {name}, {}", counted(count, "mention"));
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_open_entities_stand_under_them() {
        let entity = |name: &str, mentions: &[&str]| EntityRow {
            id: name.into(),
            mentions: mentions.iter().map(|id| Id::from(*id)).collect(),
        };
        let entities = [entity("n1", &["m1", "m2"]), entity("n2", &["m3"]), entity("n3", &["m4"])];
        let opened = [(0, &entities[0]), (2, &entities[2])];
        let names: Vec<String> = (0..6)
            .map(|i| match in_entities(&entities, &opened, i) {
                Some(Row::Entity(row)) => row.id.to_string(),
                Some(Row::Mention(id)) => id.to_string(),
                _ => "nothing".into(),
            })
            .collect();
        assert_eq!(names, ["n1", "m1", "m2", "n2", "n3", "m4"]);
    }
}
