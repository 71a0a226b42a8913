//! Problems: what is wrong, and what to do about it.

use egui::{RichText, Ui};

use super::{empty, severity_color};
use crate::app::action::Action;
use crate::theme::size;
use crate::ui::widgets::{elided, row};
use crate::ui::{Actions, View};

/// Draws the list in the order of the text.
pub fn problems_ui(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    if view.cache.problems.is_empty() {
        empty(ui, view.theme, "No problems. Missing roles, quotes without speaker and the like are listed here");
        return;
    }
    super::rows(ui, "problems", 44.0, view.cache.problems.len(), |ui, i| {
        let Some(problem) = view.cache.problems.get(i) else { return };
        let selected = problem.place.id.is_some() && problem.place.id.as_ref() == view.selected;
        let response = row(ui, &format!("Problem: {}", problem.message), selected, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            elided(ui, RichText::new(&problem.message).color(severity_color(view.theme, problem.severity)));
            let words = problem
                .place
                .id
                .as_ref()
                .map(|id| format!("“{}” · ", view.document.excerpt_of(id)))
                .unwrap_or_default();
            elided(ui, RichText::new(format!("{words}{}", problem.hint)).size(size::SMALL).color(view.theme.muted));
        });
        if response.clicked() {
            match (&problem.place.id, problem.place.span) {
                (Some(id), _) if view.document.kind_of(id).is_some() => actions.push(Action::Reveal(id.clone())),
                (_, Some(span)) => actions.push(Action::RevealSpan(span)),
                _ => {}
            }
        }
        response.on_hover_text(format!("{}\n{}", problem.message, problem.hint));
    });
}
