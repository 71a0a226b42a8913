//! An entity: its name, aliases, identifier, mentions.

use egui::Ui;

use super::{InspectorState, field, section};
use crate::app::action::Action;
use crate::app::fields::Field;
use crate::edit::Intent;
use crate::model::Id;
use crate::ui::widgets::{annotation_link, heading, muted, named, remove_button};
use crate::ui::{Actions, View};

/// Draws an entity.
pub fn entity_ui(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, id: &Id, actions: &mut Actions) {
    fields(ui, view, state, id, actions);
    let count = view.document.mention_count_of(id);
    heading(ui, view.theme, &format!("Mentions ({count})"));
    if count == 0 {
        muted(ui, view.theme, "No mention refers to it");
    }
    for mention in view.document.mentions_of(id).take(super::SHOWN).map(|mention| &mention.id) {
        ui.horizontal(|ui| {
            let words = view.document.brief_of(mention);
            if remove_button(ui, &format!("Split off “{}”", named(&words))).clicked() {
                actions.push(Action::Edit(Intent::Split { mention: mention.clone(), own_entity: true }));
            }
            annotation_link(ui, view, mention, actions);
        });
    }
    if count > super::SHOWN {
        muted(ui, view.theme, format!("and {} more; the list of entities has all", count - super::SHOWN));
    }
    merge(ui, view, id, actions);
}

/// Name, aliases and identifier; also part of the inspector of a mention.
pub fn fields(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, id: &Id, actions: &mut Actions) {
    let Some(entity) = view.document.entities().get(id) else { return };
    let mut update = |name: Option<String>, aliases: Option<Vec<String>>, link: Option<String>| {
        actions.push(Action::Edit(Intent::UpdateEntity { id: id.clone(), name, aliases, link }));
    };
    let drafts = &mut state.drafts;
    field(ui, view, "Name", |ui| {
        if let Some(name) = drafts.field(ui, Field::Name(id.clone()), "Name", &entity.name, "", 1)
            && !name.trim().is_empty()
        {
            update(Some(name.trim().to_owned()), None, None);
        }
    });
    field(ui, view, "Aliases", |ui| {
        let current = entity.aliases.join("; ");
        if let Some(text) = drafts.field(ui, Field::Aliases(id.clone()), "Aliases", &current, "Separate with ;", 1) {
            let aliases = text.split(';').map(str::trim).filter(|a| !a.is_empty()).map(str::to_owned).collect();
            update(None, Some(aliases), None);
        }
    });
    field(ui, view, "Identifier", |ui| {
        let current = entity.link.as_deref().unwrap_or_default();
        if let Some(link) = drafts.field(ui, Field::Link(id.clone()), "Identifier", current, "wikidata:Q42", 1) {
            update(None, None, Some(link));
        }
    });
}

/// A choice of other entities to take in.
fn merge(ui: &mut Ui, view: &View<'_>, id: &Id, actions: &mut Actions) {
    let mut others = view.cache.entities.iter().filter(|other| *other != id).peekable();
    if others.peek().is_none() {
        return;
    }
    section(ui, view, "Same as another entity?", |_| {});
    let combo =
        egui::ComboBox::from_id_salt(("merge", id.as_str())).selected_text("Merge with…").width(ui.available_width());
    let response = combo.show_ui(ui, |ui| {
        for other in others.take(super::SHOWN) {
            let text = format!("{} ({})", named(&view.document.brief_of(other)), named(view.document.label_of(other)));
            if ui.selectable_label(false, text).clicked() {
                actions.push(Action::Edit(Intent::MergeEntities { into: id.clone(), from: other.clone() }));
            }
        }
    });
    super::name_combo(ui, &response.response, "Merge with another entity");
}
