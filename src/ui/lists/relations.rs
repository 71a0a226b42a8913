//! Relations: from, label, to.

use egui::{RichText, Ui};

use super::empty;
use crate::app::action::Action;
use crate::theme::{semibold, size};
use crate::ui::widgets::{elided, named, row};
use crate::ui::{Actions, View};

/// Draws the list.
pub fn relations_ui(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    if view.cache.relations.is_empty() {
        let how = crate::app::command::Command::Relation.how(ui.ctx());
        empty(ui, view, &format!("No relations yet. Select an annotation and {how}"));
        return;
    }
    super::rows(ui, "relations", 33.0, view.cache.relations.len(), |ui, i| {
        let Some(relation) = view.cache.relations.get(i).and_then(|id| view.document.relations().get(id)) else {
            return;
        };
        let (from, to) = (view.document.brief_of(&relation.from), view.document.brief_of(&relation.to));
        let name = format!("Relation {}: {from} → {to}", named(&relation.label));
        let response = row(ui, &name, view.selected == Some(&relation.id), |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.label(RichText::new(named(&relation.label)).font(semibold(size::SMALL)).color(view.theme.muted));
            elided(ui, format!("{from} → {to}"));
        });
        if response.clicked() {
            actions.push(Action::Reveal(relation.id.clone()));
        }
    });
}
