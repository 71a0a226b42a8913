//! Setting a field of what is selected: attributes, roles, names, notes, found by typing.

use egui::{Align, Layout, RichText, Ui};

use super::finder::Finder;
use super::fuzzy::Haystack;
use super::title_ui;
use crate::app::action::Action;
use crate::app::fields::Offer;
use crate::theme::{Theme, medium, size, space};
use crate::ui::Actions;
use crate::ui::widgets::elided;

/// What the dialog holds while it is open.
#[derive(Clone, Debug)]
pub struct FieldSearch {
    title: String,
    finder: Finder,
    offers: Vec<Offer>,
}

impl FieldSearch {
    /// A search in what can be set of something, which the title names.
    pub fn new(title: String, offers: Vec<Offer>) -> Self {
        let haystack = |offer: &Offer| Haystack::new(&offer.name, &offer.explanation);
        Self { title, finder: Finder::new(offers.iter().map(haystack).collect()), offers }
    }
}

/// Draws the field and what can be set. Enter sets the highlighted one.
pub fn set_field_ui(ui: &mut Ui, theme: &Theme, state: &mut FieldSearch, actions: &mut Actions) {
    title_ui(ui, &super::short(&state.title, 56));
    let entered = state.finder.field_ui(ui, "Find a field", "Type a value, or the name of a field");
    ui.add_space(space::XS);
    let height = (ui.ctx().content_rect().height() - 260.0).clamp(120.0, 332.0);
    let offers = &state.offers;
    let name = |i: usize| offers.get(i).map_or(String::new(), |offer| offer.name.clone());
    let clicked = state.finder.list_ui(ui, height, name, |ui, i| {
        if let Some(offer) = offers.get(i) {
            row_ui(ui, theme, offer);
        }
    });
    let highlighted = state.finder.highlighted().filter(|_| entered);
    if let Some(offer) = clicked.or(highlighted).and_then(|i| offers.get(i)) {
        actions.push(Action::CloseDialog);
        actions.push(offer.action.clone());
    }
}

fn row_ui(ui: &mut Ui, theme: &Theme, offer: &Offer) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if offer.is_set {
            ui.label(RichText::new("set; Enter takes it away").size(size::SMALL).color(theme.accent));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let color = if offer.is_set { theme.accent } else { theme.text };
            // The name keeps its room; the explanation has what is left.
            let name = super::short(&offer.name, 48);
            ui.label(RichText::new(name).font(medium(size::BODY)).color(color));
            elided(ui, RichText::new(&offer.explanation).size(size::SMALL).color(theme.muted));
        });
    });
}
