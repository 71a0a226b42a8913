//! The suggestion that is being decided on: what, why, who may have said it; accept or reject.

use egui::{Frame, Margin, RichText, Ui};

use crate::app::action::Action;
use crate::app::filling::speaker_name;
use crate::app::proposing::Proposing;
use crate::app::suggesting::key_of;
use crate::model::{Filler, Kind};
use crate::suggest::{Proposal, QuoteProposal};
use crate::theme::{medium, reading, semibold, size, space};
use crate::ui::widgets::{elided, heading, label_tag, muted, named, row, told};
use crate::ui::{Actions, View};

/// Most characters of a quote that are shown.
const MOST: usize = 220;

/// Draws the card.
pub fn suggestion_ui(ui: &mut Ui, view: &View<'_>, proposing: &Proposing, actions: &mut Actions) {
    let suggestion = &proposing.suggestion;
    let kind = if proposing.quote().is_some() { Kind::Quote } else { Kind::Mention };
    let frame = Frame::NONE.fill(view.theme.raised).corner_radius(space::RADIUS).inner_margin(Margin::same(10));
    frame.stroke(egui::Stroke::new(1.0, view.theme.border)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            label_tag(ui, view, kind, suggestion.label());
            let what = format!("suggested {}", kind.word());
            ui.label(RichText::new(what).size(size::SMALL).color(view.theme.muted));
        });
        let words = view.document.text().brief(suggestion.spans(), crate::limits::LINE_SHOWN);
        let is_long = words.chars().count() > MOST;
        let shown: String = if is_long { words.chars().take(MOST - 1).chain(['…']).collect() } else { words };
        ui.add(egui::Label::new(RichText::new(shown).font(reading(size::HEADING))).wrap());
        if !suggestion.reason.is_empty() {
            let reason = RichText::new(told(&suggestion.reason)).size(size::SMALL).color(view.theme.muted);
            ui.add(egui::Label::new(reason).wrap());
        }
        match &suggestion.proposal {
            Proposal::Mention { entity, .. } => {
                if let Some(entity) = entity.as_ref().and_then(|id| view.document.entities().get(id)) {
                    ui.label(format!("Joins {}", named(&entity.name)));
                }
            }
            Proposal::Quote(quote) => quote_ui(ui, view, proposing, quote, actions),
        }
        ui.add_space(space::XS);
        buttons(ui, view, proposing, actions);
    });
}

fn quote_ui(ui: &mut Ui, view: &View<'_>, proposing: &Proposing, quote: &QuoteProposal, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Cue").font(semibold(size::SMALL)).color(view.theme.muted));
        match &quote.cue {
            Some(cue) => elided(ui, format!("“{}”", view.document.text().brief(cue, crate::limits::LINE_SHOWN))),
            None => muted(ui, view.theme, "none found"),
        };
    });
    heading(ui, view.theme, if proposing.typed.is_empty() { "Speaker" } else { "Speaker by name" });
    if !proposing.typed.is_empty() {
        ui.label(
            RichText::new(format!("“{}”", named(&proposing.typed))).font(medium(size::BODY)).color(view.theme.accent),
        );
    }
    let candidates = proposing.candidates();
    if candidates.is_empty() {
        muted(ui, view.theme, "Nobody found; click a mention, select words, or type a name");
    }
    for (nth, candidate) in candidates.iter().enumerate() {
        let name = speaker_name(view.document, &candidate.filler);
        let words = match &candidate.filler {
            Filler::Mention(id) => Some(view.document.brief_of(id)).filter(|words| *words != name),
            Filler::Span(_) => Some("not marked yet".to_owned()),
            Filler::Event(_) | Filler::Implicit(_) => None,
        };
        let response = row(ui, &format!("Speaker {name}"), nth == proposing.chosen, |ui| {
            ui.horizontal(|ui| {
                let number = if nth < 9 { (nth + 1).to_string() } else { String::new() };
                ui.label(RichText::new(number).font(medium(size::SMALL)).color(view.theme.muted));
                ui.label(RichText::new(named(&name)).font(medium(size::BODY)));
                let why =
                    [words.as_deref(), Some(candidate.reason)].into_iter().flatten().filter(|why| !why.is_empty());
                let why = why.collect::<Vec<_>>().join(" · ");
                elided(ui, RichText::new(why).size(size::SMALL).color(view.theme.muted));
            });
        });
        if response.clicked() {
            actions.push(Action::ChooseSpeaker(nth));
        }
        if let (true, Filler::Mention(id)) = (response.hovered(), &candidate.filler) {
            actions.push(Action::Hover(id.clone()));
        }
    }
}

fn buttons(ui: &mut Ui, view: &View<'_>, proposing: &Proposing, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        let accept = egui::Button::new(RichText::new("Accept").color(view.theme.on_accent)).fill(view.theme.accent);
        if ui.add(accept).on_hover_text("Make it part of the document (Enter)").clicked() {
            actions.push(Action::Accept);
        }
        // What was only asked for and is proposed nowhere need not be refused.
        let is_proposed = view.suggestions.is_some_and(|all| all.contains(key_of(&proposing.suggestion)));
        if is_proposed {
            let hint = "Keep it away for good; undo brings it back (Backspace)";
            let reject = ui.button("Reject");
            // A label may have this name too.
            ui.ctx().accesskit_node_builder(reject.id, |node| node.set_label("Reject the suggestion"));
            if reject.on_hover_text(hint).clicked() {
                actions.push(Action::Reject);
            }
        }
        if proposing.quote().is_some() {
            if proposing.is_asked && ui.button("Implicit…").on_hover_text("Somebody not in the text").clicked() {
                actions.push(Action::FillImplicit);
            }
            if ui.button("No speaker").on_hover_text("Accept it and leave the speaker open").clicked() {
                actions.push(Action::AcceptWithoutSpeaker);
            }
        }
    });
}
