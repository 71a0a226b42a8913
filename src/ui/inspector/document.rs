//! The document itself: metadata, status, labels, who annotates.

use egui::{RichText, Ui};
use strum::IntoEnumIterator as _;

use super::{InspectorState, choice, field, name_combo};
use crate::app::action::Action;
use crate::app::fields::{Field, METADATA};
use crate::edit::Intent;
use crate::model::{Metadata, Status};
use crate::theme::{semibold, size};
use crate::ui::widgets::{heading, muted, named, number, told};
use crate::ui::{Actions, View};

/// Puts a text into a field.
type Set = fn(&mut Metadata, String);

/// Draws the fields of the document.
pub fn document_ui(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, actions: &mut Actions) {
    let header = view.document.header();
    ui.label(RichText::new("Document").font(semibold(size::HEADING)));
    metadata(ui, view, state, actions);

    field(ui, view, "Status", |ui| {
        let combo =
            egui::ComboBox::from_id_salt("status").selected_text(header.status.text()).width(ui.available_width());
        let response = combo.show_ui(ui, |ui| {
            for status in Status::iter() {
                if choice(ui, status == header.status, status.text()) {
                    actions.push(Action::Edit(Intent::SetStatus(status)));
                }
            }
        });
        name_combo(ui, &response.response, "Status");
    });
    field(ui, view, "Annotator", |ui| {
        let current = header.annotator.as_deref().unwrap_or_default();
        if let Some(name) = state.drafts.field(ui, Field::Annotator, "Annotator", current, "Your name", 1) {
            let name = name.trim().to_owned();
            actions.push(Action::Edit(Intent::SetAnnotator((!name.is_empty()).then_some(name))));
        }
    });

    if !view.schema.document_labels.is_empty() || !header.labels.is_empty() {
        heading(ui, view.theme, "Labels of the document");
        labels(ui, view, actions);
    }

    heading(ui, view.theme, "Note");
    let current = header.note.as_deref().unwrap_or_default();
    if let Some(note) = state.drafts.field(ui, Field::DocumentNote, "Note", current, "Remark about the document", 2) {
        actions.push(Action::Edit(Intent::SetDocumentNote(note)));
    }

    heading(ui, view.theme, "Text");
    let text = view.document.text();
    let encoding = header.metadata.encoding.as_deref().unwrap_or("UTF-8");
    let bom = if header.metadata.bom { ", with byte order mark" } else { "" };
    // A long text is not cut into tokens for this.
    let tokens = text.token_count().map(|count| format!(", {} tokens", number(count))).unwrap_or_default();
    muted(ui, view.theme, format!("{} characters{tokens}", number(text.codepoints() as usize)));
    muted(ui, view.theme, format!("Read as {encoding}{bom}"));
    muted(ui, view.theme, format!("Schema {} {}", header.schema.name, header.schema.version));
}

fn metadata(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, actions: &mut Actions) {
    let metadata = &view.document.header().metadata;
    let optional = |text: String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let fields: [(&str, &str, Set); 4] = [
        (&metadata.title, "Headline of the article", |m, text| m.title = text),
        (metadata.source.as_deref().unwrap_or_default(), "Where it was published", |m, text| {
            m.source = Some(text);
        }),
        (metadata.published.as_deref().unwrap_or_default(), "2026-01-31", |m, text| {
            m.published = Some(text);
        }),
        (metadata.language.as_deref().unwrap_or_default(), "en", |m, text| m.language = Some(text)),
    ];
    for (name, (current, hint, set)) in METADATA.into_iter().zip(fields) {
        let text = field(ui, view, name, |ui| state.drafts.field(ui, Field::Metadata(name), name, current, hint, 1));
        if let Some(text) = text {
            let mut changed = metadata.clone();
            set(&mut changed, text);
            changed.source = changed.source.and_then(optional);
            changed.published = changed.published.and_then(optional);
            changed.language = changed.language.and_then(optional);
            actions.push(Action::Edit(Intent::SetMetadata(Box::new(changed))));
        }
    }
}

fn labels(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    let chosen_of = |group: &str| view.document.header().labels.get(group).cloned().unwrap_or_default();
    for group in &view.schema.document_labels {
        let chosen = chosen_of(&group.group);
        field(ui, view, &group.group, |ui| {
            let shown = if chosen.is_empty() { "–".to_owned() } else { chosen.join(", ") };
            let mut combo =
                egui::ComboBox::from_id_salt(("document label", &group.group)).selected_text(told(&shown)).truncate();
            combo = combo.width(ui.available_width());
            if group.multiple {
                combo = combo.close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
            }
            let response = combo.show_ui(ui, |ui| {
                for value in &group.values {
                    let mut is_on = chosen.contains(value);
                    if !ui.checkbox(&mut is_on, value).changed() {
                        continue;
                    }
                    let keep = |v: &&String| group.multiple && *v != value;
                    let mut values: Vec<String> = chosen.iter().filter(keep).cloned().collect();
                    if is_on {
                        values.push(value.clone());
                        values.sort_by_key(|v| group.values.iter().position(|known| known == v));
                    }
                    actions.push(Action::Edit(Intent::SetDocumentLabels { group: group.group.clone(), values }));
                }
            });
            name_combo(ui, &response.response, &group.group);
        });
    }
    // Labels that a file carries and the schema does not know stay visible.
    for (group, values) in &view.document.header().labels {
        if !view.schema.document_labels.iter().any(|g| &g.group == group) {
            field(ui, view, &named(group), |ui| muted(ui, view.theme, values.join(", ")));
        }
    }
}
