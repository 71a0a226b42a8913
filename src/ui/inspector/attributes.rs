//! Attributes of an annotation, as the schema allows.

use egui::Ui;

use super::{InspectorState, choice, field, name_combo};
use crate::app::action::Action;
use crate::app::fields::{Field, attributes_of, toggled};
use crate::edit::Intent;
use crate::model::schema::{AttributeKind, AttributeType};
use crate::model::{AttributeValue, Id};
use crate::ui::widgets::{heading, named, told};
use crate::ui::{Actions, View};

/// Draws a control for every attribute of the schema, and what else the annotation carries.
pub fn attributes_ui(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, id: &Id, actions: &mut Actions) {
    let (schema, document) = (view.schema, view.document);
    let Some((ids, values)) = attributes_of(document, schema, id) else { return };
    if ids.is_empty() && values.is_empty() {
        return;
    }
    heading(ui, view.theme, "Attributes");
    for attribute in schema.attributes_of(ids) {
        let value = values.get(&attribute.name);
        let response = field(ui, view, &attribute.name.replace('_', " "), |ui| match attribute.kind {
            AttributeKind::Choice if attribute.multiple => many(ui, attribute, value),
            AttributeKind::Choice => one(ui, attribute, value),
            AttributeKind::Flag => flag(ui, attribute, value),
            AttributeKind::Text => {
                let current = value.map(|v| v.texts().join(", ")).unwrap_or_default();
                let field = Field::Attribute(id.clone(), attribute.name.clone());
                let text = state.drafts.field(
                    ui,
                    field,
                    &attribute.name,
                    &current,
                    attribute.default.as_deref().unwrap_or(""),
                    1,
                );
                text.map(|text| (!text.is_empty()).then_some(AttributeValue::Text(text)))
            }
        });
        if let Some(value) = response {
            actions.push(Action::Edit(Intent::SetAttribute { id: id.clone(), name: attribute.name.clone(), value }));
        }
    }
    let known: Vec<&str> = schema.attributes_of(ids).map(|a| a.name.as_str()).collect();
    for (name, value) in values.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        field(ui, view, name, |ui| {
            ui.label(told(&value.texts().join(", ")));
            if crate::ui::widgets::remove_button(ui, &format!("Remove {name}")).clicked() {
                actions.push(Action::Edit(Intent::SetAttribute { id: id.clone(), name: name.clone(), value: None }));
            }
        });
    }
}

/// What a control asks for: nothing, a value, or that the attribute be removed.
type Wish = Option<Option<AttributeValue>>;

fn default_text(attribute: &AttributeType) -> String {
    attribute.default.as_ref().map_or("–".to_owned(), |default| format!("{default} (default)"))
}

fn hover(attribute: &AttributeType, value: &str) -> String {
    attribute.value_definitions.get(value).cloned().unwrap_or_default()
}

fn one(ui: &mut Ui, attribute: &AttributeType, value: Option<&AttributeValue>) -> Wish {
    let current = value.map(|v| v.texts().join(", "));
    let mut wish = None;
    let shown = current.clone().unwrap_or_else(|| default_text(attribute));
    let combo = egui::ComboBox::from_id_salt(("attribute", &attribute.id))
        .selected_text(named(&shown))
        .width(ui.available_width());
    let response = combo.show_ui(ui, |ui| {
        if choice(ui, current.is_none(), &default_text(attribute)) {
            wish = Some(None);
        }
        for value in &attribute.values {
            let response = ui.selectable_label(current.as_ref() == Some(value), named(value));
            let clicked = response.clicked();
            let definition = hover(attribute, value);
            if !definition.is_empty() {
                response.on_hover_text(definition);
            }
            if clicked {
                wish = Some(Some(AttributeValue::Text(value.clone())));
                ui.close();
            }
        }
    });
    name_combo(ui, &response.response, &attribute.name);
    response.response.on_hover_text(&attribute.definition);
    wish
}

fn many(ui: &mut Ui, attribute: &AttributeType, value: Option<&AttributeValue>) -> Wish {
    let chosen: Vec<String> = value.map(|v| v.texts().into_iter().map(str::to_owned).collect()).unwrap_or_default();
    let mut wish = None;
    let shown = if chosen.is_empty() { default_text(attribute) } else { chosen.join(", ") };
    let combo = egui::ComboBox::from_id_salt(("attribute", &attribute.id))
        .selected_text(named(&shown))
        .truncate()
        .width(ui.available_width())
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    let response = combo.show_ui(ui, |ui| {
        for value in &attribute.values {
            let mut is_on = chosen.contains(value);
            let response = ui.checkbox(&mut is_on, named(value));
            if response.changed() {
                wish = Some(toggled(attribute, &chosen, value));
            }
            let definition = hover(attribute, value);
            if !definition.is_empty() {
                response.on_hover_text(definition);
            }
        }
    });
    name_combo(ui, &response.response, &attribute.name);
    response.response.on_hover_text(&attribute.definition);
    wish
}

fn flag(ui: &mut Ui, attribute: &AttributeType, value: Option<&AttributeValue>) -> Wish {
    let mut is_on = matches!(value, Some(AttributeValue::Flag(true)));
    let response = ui.checkbox(&mut is_on, "");
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(attribute.name.clone()));
    let changed = response.changed();
    response.on_hover_text(&attribute.definition);
    changed.then_some(is_on.then_some(AttributeValue::Flag(true)))
}
