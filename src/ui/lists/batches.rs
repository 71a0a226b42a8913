//! Batches: what was propagated, by which rule, and what can be done with it now.

use std::collections::BTreeMap;

use egui::{RichText, Ui};

use super::empty;
use crate::app::action::Action;
use crate::app::again::AgainAction;
use crate::app::batches::new_texts;
use crate::app::command::Command;
use crate::edit::retraction;
use crate::model::{Batch, Id, Kind, Search};
use crate::suggest::occurrences::{HitState, find};
use crate::theme::{medium, size};
use crate::ui::widgets::{elided, label_tag, number, quiet_button, row};
use crate::ui::{Actions, View};

/// What the list remembers between frames.
#[derive(Default)]
pub struct BatchesState {
    /// The batch that a mention's link led to.
    pub highlighted: Option<Id>,
    revision: Option<u64>,
    rows: BTreeMap<Id, Row>,
}

/// What is worked out once per change, for the rows in view: it looks at every mention, and may search the text.
struct Row {
    removable: usize,
    kept: usize,
    /// How many occurrences new names of the entity would add, and the first of these names.
    new: Option<(usize, String)>,
}

/// Draws the list, the oldest first.
pub fn batches_ui(ui: &mut Ui, view: &View<'_>, state: &mut BatchesState, actions: &mut Actions) {
    if view.document.batches().is_empty() {
        let how = Command::AllOccurrences.how(ui.ctx());
        empty(ui, view, &format!("No batches yet. Select a mention and {how} to mark its name everywhere"));
        return;
    }
    if state.revision != Some(view.revision) {
        state.revision = Some(view.revision);
        state.rows.clear();
    }
    let selected = view.selected.and_then(|id| view.document.mentions().get(id));
    let of_selected = selected.and_then(|m| m.provenance.by.batch());
    super::rows(ui, "batches", 67.0, view.document.batches().len(), |ui, i| {
        let Some(batch) = view.document.batches().values().nth(i) else { return };
        let is_lit = of_selected.map_or(state.highlighted.as_ref() == Some(&batch.id), |id| id == batch.id.as_str());
        let found = state.rows.entry(batch.id.clone()).or_insert_with(|| work_out(view, batch));
        batch_row(ui, view, batch, found, is_lit, actions);
    });
}

fn work_out(view: &View<'_>, batch: &Batch) -> Row {
    let plan = retraction(view.document, &batch.id);
    let texts: Vec<String> =
        new_texts(view.document, &batch.id).into_iter().filter(|t| t.is_on).map(|t| t.text).collect();
    let first = texts.first().cloned();
    let search = Search { texts, ignore_case: batch.search.ignore_case };
    let new = first.map(|first| {
        let hits = find(view.document, &batch.label, &search);
        (hits.iter().filter(|hit| hit.state == HitState::Free).count(), first)
    });
    Row { removable: plan.removed.len(), kept: plan.kept(), new: new.filter(|(n, _)| *n > 0) }
}

/// The texts of a rule as shown.
fn rule(batch: &Batch) -> String {
    let texts: Vec<String> = batch.search.texts.iter().map(|text| format!("“{text}”")).collect();
    format!("{}{}", texts.join(", "), if batch.search.ignore_case { ", any case" } else { "" })
}

fn batch_row(ui: &mut Ui, view: &View<'_>, batch: &Batch, found: &Row, is_lit: bool, actions: &mut Actions) {
    let id = &batch.id;
    let mut act = |action: AgainAction| actions.push(Action::Again(action));
    let name = format!("Batch {id}: {} {}", batch.label, rule(batch));
    let mut button = None;
    let response = row(ui, &name, is_lit, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.horizontal(|ui| {
            label_tag(ui, view, Kind::Mention, &batch.label);
            elided(ui, RichText::new(rule(batch)).font(medium(size::BODY)));
        });
        let kept = if found.kept > 0 { format!(", {} edited or in use", number(found.kept)) } else { String::new() };
        let at = batch.at.as_deref().map(|at| format!(" · {}", at.replace('T', " ").trim_end_matches('Z')));
        let line = format!("{} marked{kept}{}", number(found.removable + found.kept), at.unwrap_or_default());
        elided(ui, RichText::new(line).size(size::SMALL).color(view.theme.muted));
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            let mut offer = |text: String, hint: String, action: AgainAction| {
                let response = quiet_button(ui, &text).on_hover_text(hint);
                ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(format!("{text}, batch {id}")));
                if response.clicked() {
                    button = Some(action);
                }
            };
            let hint = "Select its mentions one after the other";
            offer("Show".into(), hint.into(), AgainAction::Show(id.clone()));
            let (text, hint) = match &found.new {
                Some((count, text)) => (
                    format!("Extend +{}", number(*count)),
                    format!("+{} since “{text}” stands for the entity; see them first", number(*count)),
                ),
                None => ("Extend".into(), "Look for what the batch misses".into()),
            };
            offer(text, hint, AgainAction::Extend(id.clone()));
            let stay = if found.kept > 0 { format!(", {} stay", found.kept) } else { String::new() };
            let hint = "Removes what the batch marked, but not what was edited since or is in use; one step of undo";
            offer(format!("Retract {}{stay}", number(found.removable)), hint.into(), AgainAction::Retract(id.clone()));
        });
    });
    match button {
        Some(action) => act(action),
        None if response.clicked() => act(AgainAction::Show(id.clone())),
        None => {}
    }
}
