//! Events as cards: type, trigger, who claims it, who filled which role.

use egui::{Color32, RichText, Ui};
use strum::IntoEnumIterator as _;

use super::empty;
use crate::app::action::Action;
use crate::app::filling::{claim_text, filler_text};
use crate::model::{Event, Kind, Severity};
use crate::theme::{medium, size};
use crate::ui::widgets::{elided, label_tag, row};
use crate::ui::{Actions, View};

/// Which events are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumIter)]
pub enum Claims {
    /// All.
    #[default]
    All,
    /// Those that happen inside a quote: somebody claims them.
    Claimed,
    /// Those that the text itself asserts.
    Asserted,
}

impl Claims {
    fn text(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Claimed => "Claimed",
            Self::Asserted => "Asserted by the text",
        }
    }
}

/// Draws the filter and the cards in the order of the text.
pub fn events_ui(ui: &mut Ui, view: &View<'_>, shown: &mut Claims, actions: &mut Actions) {
    if view.cache.events.is_empty() {
        empty(ui, view, "No events yet. Select the words that name one and press an event's key");
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(2.0, 2.0);
        for claims in Claims::iter() {
            let is_current = *shown == claims;
            let color = if is_current { view.theme.text } else { view.theme.muted };
            let text = RichText::new(claims.text()).size(size::SMALL).color(color);
            if ui.add(egui::Button::selectable(is_current, text)).clicked() {
                *shown = claims;
            }
        }
    });
    let events = match *shown {
        Claims::All => &view.cache.events,
        Claims::Claimed => &view.cache.claimed,
        Claims::Asserted => &view.cache.asserted,
    };
    if events.is_empty() {
        let message = match *shown {
            Claims::Asserted => "Every event is claimed in a quote",
            _ => "No event is claimed in a quote",
        };
        empty(ui, view, message);
        return;
    }
    super::rows(ui, "events", 41.0, events.len(), |ui, i| {
        if let Some(event) = events.get(i).and_then(|id| view.document.events().get(id)) {
            let is_incomplete = view.cache.problems_of(&event.id).any(|problem| problem.severity == Severity::Error);
            event_row(ui, view, event, is_incomplete, actions);
        }
    });
}

fn event_row(ui: &mut Ui, view: &View<'_>, event: &Event, is_incomplete: bool, actions: &mut Actions) {
    let words = view.document.brief_of(&event.id);
    let response = row(ui, &format!("Event {}: {words}", event.r#type), view.selected == Some(&event.id), |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.horizontal(|ui| {
            label_tag(ui, view, Kind::Event, &event.r#type);
            let words = RichText::new(&words).font(medium(size::BODY));
            let aside = asides(view, event, is_incomplete);
            let taken: f32 = aside.iter().map(|(text, _)| width_of(ui, text) + ui.spacing().item_spacing.x).sum();
            // What the event is comes first; who claims it is cut off where both do not fit.
            let room = ui.available_width();
            ui.scope(|ui| {
                ui.set_max_width((room - taken).max(room * 0.5));
                elided(ui, words);
            });
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                for (text, ink) in aside {
                    elided(ui, RichText::new(text).size(size::SMALL).color(ink));
                }
            });
        });
        let roles: Vec<String> =
            event.arguments.iter().map(|a| format!("{}: {}", a.role, filler_text(view.document, &a.filler))).collect();
        let line = if roles.is_empty() { "no roles filled".to_owned() } else { roles.join(" · ") };
        elided(ui, RichText::new(line).size(size::SMALL).color(view.theme.muted));
    });
    if response.clicked() {
        actions.push(Action::Reveal(event.id.clone()));
    }
    if response.hovered() {
        actions.push(Action::Hover(event.id.clone()));
    }
}

/// What stands at the end of an event's line, the outermost first, and in which colours.
fn asides(view: &View<'_>, event: &Event, is_incomplete: bool) -> Vec<(String, Color32)> {
    let claim = claim_text(view.document, event).map(|claim| (claim, view.palette.of(Kind::Quote, "").ink));
    let incomplete = is_incomplete.then(|| ("incomplete".to_owned(), view.theme.error));
    incomplete.into_iter().chain(claim).collect()
}

/// How wide small text is.
fn width_of(ui: &Ui, text: &str) -> f32 {
    let font = egui::FontId::proportional(size::SMALL);
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x
}
