//! Which entity does a mention refer to?

use egui::{Key, RichText, Ui};

use super::{buttons, title_ui};
use crate::app::action::Action;
use crate::edit::Intent;
use crate::model::{Document, Id, Kind};
use crate::theme::{Theme, size};
use crate::ui::widgets::{elided, label_tag, row};
use crate::ui::{Actions, View};

/// Draws a filter and the entities, likely ones first. Enter takes the first.
pub fn join_ui(
    ui: &mut Ui,
    theme: &Theme,
    view: Option<&View<'_>>,
    mention: &Id,
    filter: &mut String,
    actions: &mut Actions,
) {
    let Some(view) = view else { return };
    let words = view.document.excerpt_of(mention);
    title_ui(ui, &format!("Who or what is “{words}”?"));
    let response = ui.add(egui::TextEdit::singleline(filter).hint_text("Type a name").desired_width(f32::INFINITY));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Filter entities"));
    let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    if !response.has_focus() && !entered {
        response.request_focus();
    }
    let all = view.cache.entities.iter().map(|row| (&row.id, row.mentions.len())).collect();
    let ranked = rank(view.document, mention, filter, all);
    let mut chosen: Option<Option<Id>> = None;
    egui::ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
        for (i, (id, count)) in ranked.iter().enumerate() {
            let name = view.document.excerpt_of(id);
            let response = row(ui, &format!("Join to {name}"), i == 0, |ui| {
                ui.horizontal(|ui| {
                    label_tag(ui, view, Kind::Entity, view.document.label_of(id));
                    elided(ui, &name);
                    ui.label(RichText::new(format!("{count}")).size(size::SMALL).color(theme.muted));
                });
            });
            if response.clicked() || (entered && i == 0) {
                chosen = Some(Some((*id).clone()));
            }
        }
        let response = row(ui, "New entity", ranked.is_empty(), |ui| {
            elided(ui, RichText::new(format!("New entity “{words}”")).color(theme.accent));
        });
        if response.clicked() || (entered && ranked.is_empty()) {
            chosen = Some(None);
        }
    });
    let cancelled = buttons(ui, theme, &[("Cancel", true)]).is_some();
    if let Some(entity) = chosen {
        actions.push(match entity {
            Some(entity) => Action::Edit(Intent::Join { mentions: vec![mention.clone()], entity: Some(entity) }),
            None => Action::Edit(Intent::Split { mention: mention.clone(), own_entity: true }),
        });
        actions.push(Action::CloseDialog);
    } else if cancelled {
        actions.push(Action::CloseDialog);
    }
}

/// Entities that fit the filter: those that share a word with the mention first, then those of its type, then by
/// how often they are mentioned.
fn rank<'a>(document: &Document, mention: &Id, filter: &str, mut all: Vec<(&'a Id, usize)>) -> Vec<(&'a Id, usize)> {
    let filter = filter.trim().to_lowercase();
    let words: Vec<String> = document.excerpt_of(mention).split_whitespace().map(str::to_lowercase).collect();
    let names = |id: &Id| {
        document
            .entities()
            .get(id)
            .map_or(String::new(), |n| format!("{} {}", n.name, n.aliases.join(" ")).to_lowercase())
    };
    all.retain(|(id, _)| names(id).contains(&filter));
    let own_entity = document.mentions().get(mention).and_then(|m| m.entity.clone());
    all.retain(|(id, _)| Some(*id) != own_entity.as_ref());
    all.sort_by_key(|(id, count)| {
        let name = names(id);
        let shares_word = name.split_whitespace().any(|word| words.iter().any(|w| w == word));
        let same_type = document.label_of(id) == document.label_of(mention);
        (!shares_word, !same_type, std::cmp::Reverse(*count))
    });
    all
}
