//! Attributes with their values, and labels of the whole document.

use egui::{RichText, Ui};

use super::fields::{caption, name_field, text_field};
use super::{Page, SchemaView};
use crate::app::schema_editor::SchemaAction;
use crate::app::schema_editor::conflicts::Field;
use crate::app::schema_editor::edited::Named;
use crate::app::schema_editor::entry::Entry;
use crate::app::schema_editor::question::{Question, Removal};
use crate::edit::{LabelKind, SchemaStep};
use crate::model::Schema;
use crate::model::schema::{AttributeKind, AttributeType, DocumentLabel};
use crate::theme::size;
use crate::ui::Actions;
use crate::ui::widgets::{quiet_button, remove_button, told};

/// Draws an attribute.
pub fn attribute_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, id: &str, actions: &mut Actions) {
    let Some(attribute) = page.schema.attribute(id) else { return };
    let at = |schema: &mut Schema, change: &mut dyn FnMut(&mut AttributeType)| {
        schema.attributes.iter_mut().filter(|a| a.id == id).for_each(change);
    };
    let title = |what: &str| format!("Change the {what} of {id}");
    caption(ui, page.theme, "Name in files");
    let width = 280.0_f32.min(ui.available_width());
    if let Some(to) =
        name_field(ui, view, ("attribute", id), "Name in files", &attribute.name, Some(Field::Name), width)
    {
        actions.push(SchemaAction::Rename(Entry::Attribute(id.to_owned()), to).into());
    }
    ui.label(RichText::new(told(&format!("The label set calls it {id}"))).size(size::SMALL).color(page.theme.muted));
    caption(ui, page.theme, "Takes");
    ui.horizontal(|ui| {
        for (kind, words) in [
            (AttributeKind::Choice, "one of a list"),
            (AttributeKind::Flag, "yes or no"),
            (AttributeKind::Text, "free text"),
        ] {
            if ui.selectable_label(attribute.kind == kind, words).clicked() {
                page.edit(actions, &title("type"), None, |s| at(s, &mut |a| a.kind = kind));
            }
        }
    });
    if attribute.kind != AttributeKind::Flag {
        let mut is_multiple = attribute.multiple;
        if ui.checkbox(&mut is_multiple, "Several values may be given").changed() {
            page.edit(actions, &title("number of values"), None, |s| at(s, &mut |a| a.multiple = is_multiple));
        }
    }
    if attribute.kind == AttributeKind::Choice {
        values_ui(ui, page, view, attribute, actions);
    }
    caption(ui, page.theme, "Holds when nothing is said");
    let shown = attribute.default.clone().unwrap_or_else(|| "nothing".to_owned());
    let choices = match attribute.kind {
        AttributeKind::Choice => attribute.values.clone(),
        AttributeKind::Flag => vec!["true".to_owned(), "false".to_owned()],
        AttributeKind::Text => Vec::new(),
    };
    let combo = egui::ComboBox::from_id_salt(("default", id)).selected_text(told(&shown)).show_ui(ui, |ui| {
        for choice in std::iter::once(None).chain(choices.iter().map(Some)) {
            let words = choice.map_or("nothing", String::as_str);
            if ui.add(egui::Button::selectable(attribute.default.as_ref() == choice, told(words))).clicked() {
                page.edit(actions, &title("default"), None, |s| at(s, &mut |a| a.default = choice.cloned()));
                ui.close();
            }
        }
    });
    ui.ctx().accesskit_node_builder(combo.response.id, |node| node.set_label("Default"));
    caption(ui, page.theme, "Definition");
    let typed = text_field(ui, ("attribute definition", id), "Definition", &attribute.definition, 2, "What it means");
    if let Some(text) = typed {
        let field = format!("definition of attribute {id}");
        page.edit(actions, &title("definition"), Some(&field), |s| at(s, &mut |a| a.definition.clone_from(&text)));
    }
    owners_ui(ui, page, id, actions);
}

/// Who may have the attribute.
fn owners_ui(ui: &mut Ui, page: &Page<'_>, id: &str, actions: &mut Actions) {
    let has = |ids: &Vec<String>| ids.iter().any(|known| known == id);
    let mentions = page.schema.mentions.iter().filter(|m| has(&m.attributes)).map(|m| Entry::Mention(m.label.clone()));
    let events = page.schema.events.iter().filter(|e| has(&e.attributes)).map(|e| Entry::Event(e.r#type.clone()));
    let quotes = page.schema.quotes.iter().filter(|q| has(&q.attributes)).map(|_| Entry::Quotes);
    let relations =
        page.schema.relations.iter().filter(|r| has(&r.attributes)).map(|r| Entry::Relation(r.label.clone()));
    let owners: Vec<Entry> = mentions.chain(events).chain(quotes).chain(relations).collect();
    caption(ui, page.theme, "Who may have it");
    ui.horizontal_wrapped(|ui| {
        if owners.is_empty() {
            ui.label(RichText::new("nobody yet; give it to a label there").color(page.theme.muted));
        }
        for owner in owners {
            if quiet_button(ui, owner.name()).clicked() {
                actions.push(SchemaAction::Go(owner, Field::Attributes).into());
            }
        }
    });
}

fn values_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, attribute: &AttributeType, actions: &mut Actions) {
    let id = &attribute.id;
    caption(ui, page.theme, "Values, and what they mean");
    ui.spacing_mut().interact_size.y = 26.0;
    for value in &attribute.values {
        ui.horizontal(|ui| {
            if let Some(to) = name_field(ui, view, (id, "value", value), &format!("Value {value}"), value, None, 130.0)
            {
                let step = SchemaStep::RenameValue { attribute: id.clone(), from: value.clone(), to };
                actions.push(SchemaAction::Step(step).into());
            }
            if remove_button(ui, &format!("Remove the value {value}")).clicked() {
                let what = Removal::Value(id.clone(), value.clone());
                let step = SchemaStep::DeleteValue { attribute: id.clone(), value: value.clone(), to: None };
                if page.editor.edited().is_known(&Named::Value(id.clone(), value.clone())) {
                    let question = Question::remove(page.schema, what, &std::collections::BTreeMap::new());
                    actions.push(SchemaAction::Ask(Box::new(question)).into());
                } else {
                    actions.push(SchemaAction::Step(step).into());
                }
            }
            let meaning = attribute.value_definitions.get(value).map_or("", String::as_str);
            let typed =
                text_field(ui, (id, "meaning", value), &format!("Meaning of {value}"), meaning, 1, "What it means");
            if let Some(text) = typed {
                let field = format!("meaning of {value} of {id}");
                page.edit(actions, &format!("Change the meaning of {value}"), Some(&field), |schema| {
                    for known in schema.attributes.iter_mut().filter(|a| a.id == *id) {
                        if text.is_empty() {
                            known.value_definitions.remove(value);
                        } else {
                            known.value_definitions.insert(value.clone(), text.clone());
                        }
                    }
                });
            }
        });
    }
    if quiet_button(ui, "+ Add a value").clicked() {
        page.edit(actions, &format!("Add a value to {id}"), None, |schema| {
            for known in schema.attributes.iter_mut().filter(|a| a.id == *id) {
                known.values.push(free(&known.values));
            }
        });
    }
}

/// A value that is not among these.
fn free(values: &[String]) -> String {
    let mut names = std::iter::once("new".to_owned()).chain((2..).map(|n| format!("new{n}")));
    names.find(|name| !values.contains(name)).unwrap_or_default()
}

/// Draws a group of labels for the whole document.
pub fn document_labels_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, group: &str, actions: &mut Actions) {
    let Some(labels) = page.schema.document_labels.iter().find(|d| d.group == group) else { return };
    let at = |schema: &mut Schema, change: &mut dyn FnMut(&mut DocumentLabel)| {
        schema.document_labels.iter_mut().filter(|d| d.group == group).for_each(change);
    };
    caption(ui, page.theme, "Name");
    let entry = Entry::Document(group.to_owned());
    let width = 280.0_f32.min(ui.available_width());
    if let Some(to) = name_field(ui, view, &entry, "Name", group, Some(Field::Name), width) {
        actions.push(SchemaAction::Rename(entry, to).into());
    }
    caption(ui, page.theme, "Definition");
    if let Some(text) = text_field(ui, ("labels", group), "Definition", &labels.definition, 2, "What it means") {
        let field = format!("definition of labels {group}");
        let title = format!("Change the definition of {group}");
        page.edit(actions, &title, Some(&field), |s| at(s, &mut |d| d.definition.clone_from(&text)));
    }
    let mut is_multiple = labels.multiple;
    if ui.checkbox(&mut is_multiple, "A document may have several").changed() {
        let title = format!("Change how many labels of {group} a document has");
        page.edit(actions, &title, None, |s| at(s, &mut |d| d.multiple = is_multiple));
    }
    caption(ui, page.theme, "Labels");
    let kind = LabelKind::DocumentValue(group.to_owned());
    ui.spacing_mut().interact_size.y = 26.0;
    for value in &labels.values {
        ui.horizontal(|ui| {
            if let Some(to) =
                name_field(ui, view, (group, "label", value), &format!("Label {value}"), value, None, 220.0)
            {
                let step = SchemaStep::Rename { of: kind.clone(), from: value.clone(), to };
                actions.push(SchemaAction::Step(step).into());
            }
            if remove_button(ui, &format!("Remove the label {value}")).clicked() {
                if page.editor.edited().is_known(&Named::Label(kind.clone(), value.clone())) {
                    let what = Removal::Label(kind.clone(), value.clone());
                    let question = Question::remove(page.schema, what, &std::collections::BTreeMap::new());
                    actions.push(SchemaAction::Ask(Box::new(question)).into());
                } else {
                    let step = SchemaStep::Delete { of: kind.clone(), label: value.clone(), to: None };
                    actions.push(SchemaAction::Step(step).into());
                }
            }
        });
    }
    if quiet_button(ui, "+ Add a label").clicked() {
        page.edit(actions, &format!("Add a label to {group}"), None, |s| {
            at(s, &mut |d| d.values.push(free(&d.values)));
        });
    }
}
