//! Entities, each with its mentions.

use std::collections::BTreeSet;

use egui::{RichText, Ui};

use super::empty;
use crate::app::action::Action;
use crate::app::cache::place_of;
use crate::model::{Id, Kind, PlaceList};
use crate::theme::{medium, size, space};
use crate::ui::widgets::{annotation_link, counted, elided, heading, label_tag, number, quiet_button, row};
use crate::ui::{Actions, View};

/// One line of the list.
enum Row<'a> {
    Entity(&'a Id),
    /// A mention of an entity whose mentions are shown.
    Mention(&'a Id),
    /// The heading of mentions without entity.
    Unjoined,
    /// A mention without entity.
    Single(&'a Id),
}

/// An entity whose mentions are shown: its number in the list, and they.
type Opened<'a> = (usize, &'a PlaceList);

/// Draws the list; only the rows in view.
pub fn entities_ui(ui: &mut Ui, view: &View<'_>, open: &mut BTreeSet<Id>, actions: &mut Actions) {
    let (entities, unjoined) = (&view.cache.entities, &view.cache.unjoined);
    if entities.is_empty() && unjoined.is_empty() {
        empty(ui, view, "No mentions yet. Select words and press a label's key");
        return;
    }
    let document = view.document;
    open.retain(|id| document.entities().contains_key(id));
    // Where the rows of each open entity begin, so that a row is found without walking the list.
    let place = |id: &Id| entities.position(place_of(document, id), id);
    let mut opened: Vec<Opened<'_>> =
        open.iter().filter_map(|id| Some((place(id)?, document.references().mentions_of(id)?))).collect();
    opened.sort_by_key(|(at, _)| *at);
    let extra: usize = opened.iter().map(|(_, mentions)| mentions.len()).sum();
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
            Some(Row::Unjoined) => {
                heading(ui, view.theme, &format!("Mentions without entity ({})", number(unjoined.len())));
            }
            None => {}
        }
    });
}

fn in_entities<'a>(entities: &'a PlaceList, opened: &[Opened<'a>], i: usize) -> Option<Row<'a>> {
    let mut before = 0;
    for (at, mentions) in opened {
        // The entity itself stands at `at`, moved by the mentions of those opened before it.
        if i <= at + before {
            break;
        }
        if i <= at + before + mentions.len() {
            return mentions.get(i - at - before - 1).map(Row::Mention);
        }
        before += mentions.len();
    }
    entities.get(i - before).map(Row::Entity)
}

fn entity_row(ui: &mut Ui, view: &View<'_>, id: &Id, open: &mut BTreeSet<Id>, actions: &mut Actions) {
    let (name, count) = (view.document.brief_of(id), view.document.mention_count_of(id));
    let is_open = open.contains(id);
    let accessible = format!("Entity {name}, {}", counted(count, "mention"));
    let response = row(ui, &accessible, view.selected == Some(id), |ui| {
        ui.horizontal(|ui| {
            label_tag(ui, view, Kind::Entity, view.document.label_of(id));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let toggle = quiet_button(ui, &format!("{} {}", number(count), if is_open { "▲" } else { "▼" }));
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
        && let Some(first) = view.document.first_mention_of(id)
    {
        actions.push(Action::Hover(first.id.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::BytePos;

    #[test]
    fn rows_of_open_entities_stand_under_them() {
        let list = |ids: &[&str]| {
            PlaceList::of(ids.iter().enumerate().map(|(i, id)| (BytePos(i as u32), Id::from(*id))).collect())
        };
        let entities = list(&["n1", "n2", "n3"]);
        let (first, third) = (list(&["m1", "m2"]), list(&["m4"]));
        let opened = [(0, &first), (2, &third)];
        let names: Vec<String> = (0..6)
            .map(|i| match in_entities(&entities, &opened, i) {
                Some(Row::Entity(id) | Row::Mention(id)) => id.to_string(),
                _ => "nothing".into(),
            })
            .collect();
        assert_eq!(names, ["n1", "m1", "m2", "n2", "n3", "m4"]);
    }
}
