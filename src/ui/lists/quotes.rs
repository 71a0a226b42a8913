//! Quotes, by speaker in the order in which speakers first speak.

use egui::{RichText, Ui};

use super::empty;
use crate::app::action::Action;
use crate::app::filling::speaker_name;
use crate::model::{Id, Quote};
use crate::theme::{semibold, size, space};
use crate::ui::widgets::{elided, row};
use crate::ui::{Actions, View};

/// Draws the list.
pub fn quotes_ui(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    if view.cache.quotes.is_empty() {
        empty(ui, view.theme, "No quotes yet. Select what was said and press q");
        return;
    }
    let mut groups: Vec<(Option<String>, Vec<&Quote>)> = Vec::new();
    for quote in view.cache.quotes.iter().filter_map(|id: &Id| view.document.quotes().get(id)) {
        let speaker = quote.speaker.as_ref().map(|filler| speaker_name(view.document, filler));
        match groups.iter_mut().find(|(name, _)| *name == speaker) {
            Some((_, quotes)) => quotes.push(quote),
            None => groups.push((speaker, vec![quote])),
        }
    }
    egui::ScrollArea::vertical().auto_shrink([false, false]).id_salt("quotes").show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for (speaker, quotes) in groups {
            ui.add_space(space::XS);
            let (name, color) = match &speaker {
                Some(name) => (name.as_str(), view.theme.text),
                None => ("No speaker yet", view.theme.warning),
            };
            ui.label(RichText::new(name).font(semibold(size::BODY)).color(color));
            for quote in quotes {
                quote_row(ui, view, quote, actions);
            }
        }
    });
}

fn quote_row(ui: &mut Ui, view: &View<'_>, quote: &Quote, actions: &mut Actions) {
    let words = view.document.excerpt_of(&quote.id);
    let response = row(ui, &format!("Quote {}: {words}", quote.kind), view.selected == Some(&quote.id), |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        elided(ui, &words);
        let cue =
            quote.cue.as_ref().map(|cue| format!(" · “{}”", view.document.text().excerpt(cue))).unwrap_or_default();
        elided(ui, RichText::new(format!("{}{cue}", quote.kind)).size(size::SMALL).color(view.theme.muted));
    });
    if response.clicked() {
        actions.push(Action::Reveal(quote.id.clone()));
    }
    if response.hovered() {
        actions.push(Action::Hover(quote.id.clone()));
    }
}
