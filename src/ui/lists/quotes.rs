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
pub fn quotes_ui(ui: &mut Ui, view: &View<'_>, by_speaker: &mut BySpeaker, actions: &mut Actions) {
    if view.cache.quotes.is_empty() {
        let how = crate::app::command::Command::MarkQuote.how(ui.ctx());
        empty(ui, view, &format!("No quotes yet. Select what was said and {how}"));
        return;
    }
    if by_speaker.revision != Some(view.revision) {
        *by_speaker = BySpeaker { revision: Some(view.revision), rows: group(view) };
    }
    super::rows(ui, "quotes", 33.0, by_speaker.rows.len(), |ui, i| match by_speaker.rows.get(i) {
        Some(Row::Speaker(speaker)) => {
            let (name, color) = match speaker {
                Some(name) => (name.as_str(), view.theme.text),
                None => ("No speaker yet", view.theme.warning),
            };
            ui.add_space(space::M);
            elided(ui, RichText::new(name).font(semibold(size::BODY)).color(color));
        }
        Some(Row::Quote(id)) => {
            if let Some(quote) = view.document.quotes().get(id) {
                quote_row(ui, view, quote, actions);
            }
        }
        None => {}
    });
}

/// The rows, worked out once per change.
#[derive(Default)]
pub struct BySpeaker {
    revision: Option<u64>,
    rows: Vec<Row>,
}

enum Row {
    /// A heading; `None` for quotes whose speaker is not known yet.
    Speaker(Option<String>),
    Quote(Id),
}

fn group(view: &View<'_>) -> Vec<Row> {
    let mut groups: Vec<(Option<String>, Vec<Row>)> = Vec::new();
    for quote in view.cache.quotes.iter().filter_map(|id| view.document.quotes().get(id)) {
        let speaker = quote.speaker.as_ref().map(|filler| speaker_name(view.document, filler));
        let row = Row::Quote(quote.id.clone());
        match groups.iter_mut().find(|(name, _)| *name == speaker) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((speaker, vec![row])),
        }
    }
    groups.into_iter().flat_map(|(speaker, rows)| std::iter::once(Row::Speaker(speaker)).chain(rows)).collect()
}

fn quote_row(ui: &mut Ui, view: &View<'_>, quote: &Quote, actions: &mut Actions) {
    let words = view.document.brief_of(&quote.id);
    let response = row(ui, &format!("Quote {}: {words}", quote.kind), view.selected == Some(&quote.id), |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        elided(ui, &words);
        let cue = quote
            .cue
            .as_ref()
            .map(|cue| format!(" · “{}”", view.document.text().brief(cue, crate::limits::LINE_SHOWN)))
            .unwrap_or_default();
        elided(ui, RichText::new(format!("{}{cue}", quote.kind)).size(size::SMALL).color(view.theme.muted));
    });
    if response.clicked() {
        actions.push(Action::Reveal(quote.id.clone()));
    }
    if response.hovered() {
        actions.push(Action::Hover(quote.id.clone()));
    }
}
