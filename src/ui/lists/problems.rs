//! Problems: what is wrong, what to do about it, and a button where that is one thing.

use std::collections::HashMap;

use egui::{RichText, Ui};

use super::{empty, severity_color};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::edit::{Offer, mend};
use crate::text::quoted;
use crate::theme::size;
use crate::ui::widgets::{elided, row, told};
use crate::ui::{Actions, View};

const ROW: f32 = 33.0;
/// How wide a hint may be, in points.
const HINT_WIDTH: f32 = 420.0;

/// What the list remembers between frames.
#[derive(Default)]
pub struct ProblemsState {
    /// Whether to bring the selected one into view, once.
    pub show: bool,
    revision: Option<u64>,
    /// What would mend the rows that were in view: worked out once per change, since it looks at every entity.
    offers: HashMap<usize, Option<Offer>>,
}

/// Draws the list in the order of the text.
pub fn problems_ui(ui: &mut Ui, view: &View<'_>, state: &mut ProblemsState, actions: &mut Actions) {
    let problems = &view.cache.problems;
    if problems.is_empty() {
        empty(ui, view, "No problems. Missing roles, quotes without speaker and the like are listed here");
        return;
    }
    if state.revision != Some(view.revision) {
        state.revision = Some(view.revision);
        state.offers.clear();
    }
    let wanted =
        view.problem.filter(|_| std::mem::take(&mut state.show)).and_then(|p| problems.iter().position(|q| q == p));
    super::rows_from(ui, "problems", ROW, problems.len(), wanted, |ui, i| {
        let Some(problem) = problems.get(i) else { return };
        let selected = match view.problem {
            Some(current) => current == problem,
            None => problem.place.id.is_some() && problem.place.id.as_ref() == view.selected,
        };
        let offer = state.offers.entry(i).or_insert_with(|| mend(view.document, view.schema, problem));
        let response = row(ui, &format!("Problem: {}", problem.message), selected, |ui| {
            let size = egui::vec2(ui.available_width(), ROW - 2.0);
            ui.allocate_ui_with_layout(size, egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if let Some(offer) = &*offer {
                    let button = ui.small_button("Fix");
                    let name = format!("Fix: {}", offer.text);
                    ui.ctx().accesskit_node_builder(button.id, |node| node.set_label(name));
                    let hint = format!("{} ({})", offer.text, Command::FixProblem.key_text(ui.ctx()));
                    if button.on_hover_text(hint).clicked() {
                        actions.push(Action::FixProblem(Box::new(problem.clone())));
                    }
                }
                ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    elided(ui, RichText::new(&problem.message).color(severity_color(view.theme, problem.severity)));
                    let words = problem
                        .place
                        .id
                        .as_ref()
                        .map(|id| format!("{} · ", quoted(&view.document.brief_of(id))))
                        .unwrap_or_default();
                    let hint = offer.as_ref().map_or(problem.hint.as_str(), |offer| offer.text.as_str());
                    elided(ui, RichText::new(format!("{words}{hint}")).size(size::SMALL).color(view.theme.muted));
                });
            });
        });
        if response.clicked() {
            actions.push(Action::ShowProblem(Box::new(problem.clone())));
        }
        response.on_hover_ui(|ui| {
            ui.set_max_width(HINT_WIDTH);
            ui.label(format!("{}\n{}", told(&problem.message), told(&problem.hint)));
        });
    });
}
