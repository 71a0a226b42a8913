//! Lists of everything in the document: entities, events, quotes, relations, problems.

pub mod batches;
mod entities;
pub mod events;
mod problems;
pub mod quotes;
mod relations;

use egui::{Color32, RichText, Ui};

use super::{Actions, View};
use crate::model::Severity;
use crate::theme::{Theme, medium, size};

/// Which list is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, strum::EnumIter)]
pub enum Tab {
    /// Entities, each with its mentions.
    #[default]
    Entities,
    /// Events as cards.
    Events,
    /// Quotes by speaker.
    Quotes,
    /// Relations.
    Relations,
    /// What is wrong.
    Problems,
    /// Propagations.
    Batches,
}

/// What the lists remember between frames.
#[derive(Default)]
pub struct ListsState {
    /// Which list is shown.
    pub tab: Tab,
    /// Entities whose mentions are shown.
    pub open: std::collections::BTreeSet<crate::model::Id>,
    /// Quotes by speaker.
    pub by_speaker: quotes::BySpeaker,
    /// Batches, with what can be done with them.
    pub batches: batches::BatchesState,
    /// Events by who asserts them.
    pub events: events::Filtered,
    /// Whether to bring the selected problem into view.
    pub show_problem: bool,
}

/// Draws the tabs and the list that is chosen.
pub fn lists_ui(ui: &mut Ui, view: &View<'_>, state: &mut ListsState, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(0.0, 2.0);
        ui.spacing_mut().button_padding.x = 5.0;
        for (tab, name, count) in [
            (Tab::Entities, "Entities", view.cache.entities.len()),
            (Tab::Events, "Events", view.cache.events.len()),
            (Tab::Quotes, "Quotes", view.cache.quotes.len()),
            (Tab::Relations, "Relations", view.cache.relations.len()),
            (Tab::Problems, "Problems", view.cache.problems.len()),
            (Tab::Batches, "Batches", view.document.batches().len()),
        ] {
            // Rare; shown where there are some.
            if tab == Tab::Batches && count == 0 && state.tab != tab {
                continue;
            }
            let is_current = state.tab == tab;
            let color = match tab {
                Tab::Problems if count > 0 => view.theme.error,
                _ if is_current => view.theme.text,
                _ => view.theme.muted,
            };
            let text = RichText::new(format!("{name} {count}")).font(medium(size::SMALL)).color(color);
            if ui.add(egui::Button::selectable(is_current, text)).clicked() {
                state.tab = tab;
            }
        }
    });
    ui.separator();
    match state.tab {
        Tab::Entities => entities::entities_ui(ui, view, &mut state.open, actions),
        Tab::Events => events::events_ui(ui, view, &mut state.events, actions),
        Tab::Quotes => quotes::quotes_ui(ui, view, &mut state.by_speaker, actions),
        Tab::Relations => relations::relations_ui(ui, view, actions),
        Tab::Problems => problems::problems_ui(ui, view, &mut state.show_problem, actions),
        Tab::Batches => batches::batches_ui(ui, view, &mut state.batches, actions),
    }
}

/// What an empty list says: what will be here, and how it gets here.
fn empty(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add_space(crate::theme::space::M);
    ui.vertical_centered(|ui| ui.add(egui::Label::new(RichText::new(text).color(theme.muted)).wrap()));
}

/// Draws only the rows of equal height that are in view.
fn rows(ui: &mut Ui, salt: &str, height: f32, count: usize, add: impl FnMut(&mut Ui, usize)) {
    rows_from(ui, salt, height, count, None, add);
}

/// The same, with the row of this number in the middle of the view.
fn rows_from(
    ui: &mut Ui,
    salt: &str,
    height: f32,
    count: usize,
    shown: Option<usize>,
    mut add: impl FnMut(&mut Ui, usize),
) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let mut area = egui::ScrollArea::vertical().auto_shrink([false, false]).id_salt(salt);
    if let Some(shown) = shown {
        let middle = (shown as f32 + 0.5) * (height + 2.0) - ui.available_height() / 2.0;
        area = area.vertical_scroll_offset(middle.max(0.0));
    }
    area.show_rows(ui, height, count, |ui, range| {
        for i in range {
            add(ui, i);
        }
    });
}

/// The colour of a problem.
pub fn severity_color(theme: &Theme, severity: Severity) -> Color32 {
    match severity {
        Severity::Error => theme.error,
        Severity::Warning => theme.warning,
    }
}
