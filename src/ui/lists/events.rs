//! Events as cards: type, trigger, who filled which role.

use egui::{RichText, Ui};

use super::empty;
use crate::app::action::Action;
use crate::app::filling::filler_text;
use crate::model::{Kind, Severity};
use crate::theme::{medium, size};
use crate::ui::widgets::{elided, label_tag, row};
use crate::ui::{Actions, View};

/// Draws the cards in the order of the text.
pub fn events_ui(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    if view.cache.events.is_empty() {
        empty(ui, view.theme, "No events yet. Select the words that name one and press an event's key");
        return;
    }
    super::rows(ui, "events", 46.0, view.cache.events.len(), |ui, i| {
        let Some(event) = view.cache.events.get(i).and_then(|id| view.document.events().get(id)) else { return };
        let words = view.document.excerpt_of(&event.id);
        let is_incomplete =
            view.cache.problems.iter().any(|p| p.place.id.as_ref() == Some(&event.id) && p.severity == Severity::Error);
        let response = row(ui, &format!("Event {}: {words}", event.r#type), view.selected == Some(&event.id), |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.horizontal(|ui| {
                label_tag(ui, view, Kind::Event, &event.r#type);
                elided(ui, RichText::new(&words).font(medium(size::BODY)));
                if is_incomplete {
                    ui.label(RichText::new("incomplete").size(size::SMALL).color(view.theme.error));
                }
            });
            let roles: Vec<String> = event
                .arguments
                .iter()
                .map(|a| format!("{}: {}", a.role, filler_text(view.document, &a.filler)))
                .collect();
            let line = if roles.is_empty() { "no roles filled".to_owned() } else { roles.join(" · ") };
            elided(ui, RichText::new(line).size(size::SMALL).color(view.theme.muted));
        });
        if response.clicked() {
            actions.push(Action::Reveal(event.id.clone()));
        }
        if response.hovered() {
            actions.push(Action::Hover(event.id.clone()));
        }
    });
}
