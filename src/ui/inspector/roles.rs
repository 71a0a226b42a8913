//! The card of an event or a quote: its slots and what fills them.

use egui::{RichText, Ui};

use super::{choice, field, name_combo};
use crate::app::action::{Action, Slot};
use crate::app::filling::{Mode, claim_text, count, filler_text, has_room, slots};
use crate::edit::{Intent, fillers_of, roles_of};
use crate::model::{Filler, Id, Kind, Part};
use crate::text::{Spans, quoted};
use crate::theme::{medium, semibold, size, space};
use crate::ui::widgets::{elided, heading, label_tag, muted, named, quiet_button, remove_button, row, told};
use crate::ui::{Actions, View};

/// Draws all slots, and for an event the quote in which it is claimed.
pub fn roles_ui(ui: &mut Ui, view: &View<'_>, id: &Id, kind: Kind, actions: &mut Actions) {
    heading(ui, view.theme, if kind == Kind::Event { "Roles" } else { "Who said it" });
    let all = slots(view.document, view.schema, id);
    if all.is_empty() {
        muted(ui, view.theme, "The schema gives it no roles");
    }
    for (slot, number) in all.iter().zip(1..) {
        slot_ui(ui, view, id, slot, number, actions);
    }
    if kind == Kind::Event {
        claimed_in(ui, view, id, actions);
    } else if let Some(quote) = view.document.quotes().get(id)
        && quote.content.len() > 1
    {
        muted(ui, view.theme, format!("{} parts", quote.content.len()));
    }
}

/// A slot, and below it how to answer while it is asked for, so that both come into view together.
fn slot_ui(ui: &mut Ui, view: &View<'_>, id: &Id, slot: &Slot, number: usize, actions: &mut Actions) {
    let role = roles_of(view.document, view.schema, id).iter().find(|r| Slot::Role(r.role.clone()) == *slot);
    let is_required = role.is_some_and(|r| r.min > 0);
    let filled = count(view.document, id, slot);
    let is_missing = role.is_some_and(|r| filled < r.min as usize);
    let is_filling = matches!(view.mode, Mode::Fill(f) if &f.owner == id);
    let is_asked = matches!(view.mode, Mode::Fill(f) if &f.owner == id && &f.slot == slot);
    let frame = egui::Frame::NONE.inner_margin(egui::Margin::symmetric(6, 2)).corner_radius(space::RADIUS);
    let frame = if is_asked { frame.fill(view.theme.accent_soft) } else { frame };
    let response = frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            if is_filling && number < 10 {
                ui.label(RichText::new(number.to_string()).size(size::SMALL).color(view.theme.muted));
            }
            let color = if is_missing { view.theme.error } else { view.theme.text };
            let name = if is_required { format!("{} *", slot.name()) } else { slot.name().to_owned() };
            let font = if filled > 0 || is_asked { semibold(size::BODY) } else { medium(size::BODY) };
            let response = ui.label(RichText::new(named(&name)).font(font).color(color));
            if let Some(role) = role {
                let takes = view.schema.in_words(&role.fillers);
                response.on_hover_text(format!("{}\nTakes {}", told(&role.definition), told(&takes)));
            }
            if is_missing {
                ui.label(RichText::new("required").size(size::SMALL).color(view.theme.error));
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if has_room(view.document, view.schema, id, slot) && !is_asked {
                    let button = quiet_button(ui, if filled == 0 { "Fill" } else { "Add" });
                    ui.ctx().accesskit_node_builder(button.id, |node| node.set_label(format!("Fill {}", slot.name())));
                    if button.on_hover_text(format!("Choose the {}", named(slot.name()))).clicked() {
                        actions.push(Action::Fill { owner: id.clone(), slot: slot.clone() });
                    }
                }
            });
        });
        match slot {
            Slot::Cue => cue(ui, view, id, actions),
            Slot::Role(role) => {
                for (nth, filler) in fillers_of(view.document, id, role).iter().enumerate().take(super::SHOWN) {
                    filler_ui(ui, view, id, role, nth, filler, actions);
                }
            }
        }
        if is_asked {
            asking(ui, view, slot, filled, actions);
        }
    });
    // The slot that is asked for comes into view when it changes, and may be scrolled away then.
    let asked = egui::Id::unique("asked slot");
    let place = format!("{id} {}", slot.name());
    if is_asked && ui.data(|data| data.get_temp::<String>(asked)) != Some(place.clone()) {
        ui.data_mut(|data| data.insert_temp(asked, place));
        response.response.scroll_to_me(None);
    }
}

fn cue(ui: &mut Ui, view: &View<'_>, id: &Id, actions: &mut Actions) {
    let Some(cue) = view.document.quotes().get(id).and_then(|q| q.cue.as_ref()) else { return };
    ui.horizontal(|ui| {
        if remove_button(ui, "Remove the cue").clicked() {
            actions.push(Action::Edit(Intent::SetSpans { id: id.clone(), part: Part::Cue, spans: Spans::new() }));
        }
        elided(ui, quoted(&view.document.text().brief(cue, crate::limits::LINE_SHOWN)));
    });
}

fn filler_ui(ui: &mut Ui, view: &View<'_>, id: &Id, role: &str, nth: usize, filler: &Filler, actions: &mut Actions) {
    ui.horizontal(|ui| {
        let words = filler_text(view.document, filler);
        if remove_button(ui, &format!("Remove {role} {}", quoted(&words))).clicked() {
            actions.push(Action::Edit(Intent::SetArgument {
                id: id.clone(),
                role: role.to_owned(),
                nth,
                filler: None,
            }));
        }
        match filler {
            Filler::Mention(target) | Filler::Event(target) => {
                crate::ui::widgets::annotation_link(ui, view, target, actions);
            }
            Filler::Span(spans) => {
                let response = row(ui, &format!("{role}: {words}"), false, |ui| {
                    elided(ui, quoted(&words));
                });
                if let (true, Some(span)) = (response.clicked(), spans.first()) {
                    actions.push(Action::RevealSpan(*span));
                }
            }
            Filler::Implicit(words) => {
                elided(ui, RichText::new(words).color(view.theme.text)).on_hover_text("Known, but not in the text");
                ui.label(RichText::new("implicit").size(size::SMALL).color(view.theme.muted));
            }
        }
    });
}

/// What is being asked for, and how to answer.
fn asking(ui: &mut Ui, view: &View<'_>, slot: &Slot, filled: usize, actions: &mut Actions) {
    egui::Frame::NONE
        .fill(view.theme.accent_soft)
        .corner_radius(space::RADIUS)
        .inner_margin(egui::Margin::same(8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let text = match slot {
                Slot::Cue => "Select the words of the cue, then press Enter".to_owned(),
                Slot::Role(role) if filled > 0 => {
                    format!("{role}: type the letters of another one, or press Space for the next role")
                }
                Slot::Role(role) => {
                    format!("{role}: type the letters, click a mention, or select words and press Enter")
                }
            };
            ui.label(told(&text));
            ui.horizontal(|ui| {
                if matches!(slot, Slot::Role(_)) && ui.button("Implicit…").clicked() {
                    actions.push(Action::FillImplicit);
                }
                if ui.button("Skip").clicked() {
                    actions.push(Action::NextSlot);
                }
                if ui.button("Done").clicked() {
                    actions.push(Action::StopFilling);
                }
            });
        });
}

/// The quote in which an event is claimed to have happened.
fn claimed_in(ui: &mut Ui, view: &View<'_>, id: &Id, actions: &mut Actions) {
    let Some(event) = view.document.events().get(id) else { return };
    heading(ui, view.theme, "Claimed in");
    let show = |id: &Id| {
        let words = view.document.brief_of(id);
        let short: String = words.chars().take(36).collect();
        if short == words { words } else { format!("{short}…") }
    };
    field(ui, view, "Quote", |ui| {
        let current = event.claimed_in.as_ref();
        let shown = current.map_or("–".to_owned(), show);
        let combo = egui::ComboBox::from_id_salt(("claimed", id.as_str())).selected_text(shown).truncate();
        let response = combo.width(ui.available_width()).show_ui(ui, |ui| {
            let mut wish = |quote: Option<&Id>| {
                actions.push(Action::Edit(Intent::SetClaimedIn { id: id.clone(), quote: quote.cloned() }));
            };
            if choice(ui, current.is_none(), "–") {
                wish(None);
            }
            for quote in view.cache.quotes.iter().take(super::SHOWN) {
                if choice(ui, current == Some(quote), &show(quote)) {
                    wish(Some(quote));
                }
            }
        });
        name_combo(ui, &response.response, "Claimed in");
    });
    if let Some(claim) = claim_text(view.document, event) {
        ui.label(RichText::new(told(&claim)).color(view.palette.of(Kind::Quote, "").ink));
    }
    if let Some(quote) = &event.claimed_in {
        ui.horizontal(|ui| {
            label_tag(ui, view, Kind::Quote, view.document.label_of(quote));
            if quiet_button(ui, "Go to the quote").clicked() {
                actions.push(Action::Reveal(quote.clone()));
            }
        });
    }
}
