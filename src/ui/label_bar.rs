//! The label bar: every mention and event type with its key, quote and relation.

use egui::{RichText, Ui};

use super::widgets::{LabelChip, named, told};
use super::{Actions, View};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::model::Kind;
use crate::model::schema::LabelTarget;
use crate::theme::{semibold, size, space};

/// The bar scrolls when the labels need more than this, in points.
const MAX_HEIGHT: f32 = 142.0;

/// Draws the bar. Labels wrap; a large set scrolls.
pub fn label_bar_ui(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    // A bar that scrolls must show that it does.
    ui.spacing_mut().scroll = egui::style::ScrollStyle::solid();
    egui::ScrollArea::vertical()
        .max_height(MAX_HEIGHT)
        .min_scrolled_height(MAX_HEIGHT)
        .auto_shrink([false, true])
        .id_salt("labels")
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = egui::vec2(4.0, 5.0);
            let mentions = view.schema.mentions.iter().map(|m| (Kind::Mention, m.label.as_str()));
            group(ui, view, "Mentions", mentions.collect(), actions);
            let events = view.schema.events.iter().map(|e| (Kind::Event, e.r#type.as_str()));
            group(ui, view, "Events", events.collect(), actions);
        });
}

fn group(ui: &mut Ui, view: &View<'_>, title: &str, labels: Vec<(Kind, &str)>, actions: &mut Actions) {
    if labels.is_empty() {
        return;
    }
    let is_first = title == "Mentions";
    ui.horizontal_wrapped(|ui| {
        let width = 60.0;
        ui.allocate_ui_with_layout(egui::vec2(width, 22.0), egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_width(width);
            ui.label(RichText::new(title).font(semibold(size::SMALL)).color(view.theme.muted));
        });
        let selected =
            view.selected.and_then(|id| view.document.kind_of(id).map(|kind| (kind, view.document.label_of(id))));
        for (kind, label) in labels {
            let target = LabelTarget { kind, label: label.to_owned() };
            let is_active = view.brush == Some(&target) || selected == Some((kind, label));
            let key = view.keys.key_of(kind, label).map(|key| key.to_string());
            let chip = LabelChip {
                text: label,
                colors: view.palette.of(kind, label),
                key,
                is_active,
                is_filled: kind == Kind::Event,
            };
            let response = chip.ui(ui);
            if response.clicked() {
                actions.push(Action::ApplyLabel(target));
            }
            response.on_hover_ui(|ui| tooltip(ui, view, kind, label));
        }
        if is_first && view.schema.quotes.is_some() {
            ui.add_space(space::XS);
            let colors = view.palette.of(Kind::Quote, "");
            let chip = LabelChip {
                text: "Quote",
                colors,
                key: key_of(ui, Command::MarkQuote),
                is_active: false,
                is_filled: false,
            };
            if chip.ui(ui).on_hover_text(Command::MarkQuote.info().help).clicked() {
                actions.push(Action::Run(Command::MarkQuote));
            }
        }
        if is_first && !view.schema.relations.is_empty() {
            let colors = view.palette.of(Kind::Relation, "");
            let chip = LabelChip {
                text: "Relation",
                colors,
                key: key_of(ui, Command::Relation),
                is_active: false,
                is_filled: false,
            };
            if chip.ui(ui).on_hover_text(Command::Relation.info().help).clicked() {
                actions.push(Action::Run(Command::Relation));
            }
        }
    });
}

fn key_of(ui: &Ui, command: Command) -> Option<String> {
    Some(command.key_text(ui.ctx())).filter(|key| !key.is_empty())
}

/// Definition and examples of a label.
fn tooltip(ui: &mut Ui, view: &View<'_>, kind: Kind, label: &str) {
    ui.set_max_width(340.0);
    let (definition, examples) = match kind {
        Kind::Event => view.schema.event(label).map(|e| (&e.definition, &e.examples)),
        _ => view.schema.mention(label).map(|m| (&m.definition, &m.examples)),
    }
    .unzip();
    ui.label(RichText::new(named(label)).font(semibold(size::BODY)));
    ui.label(told(definition.map_or("", String::as_str)));
    for example in examples.into_iter().flatten() {
        ui.label(RichText::new(told(example)).color(view.theme.muted));
    }
    if let Some(event) = view.schema.event(label).filter(|_| kind == Kind::Event) {
        let roles: Vec<String> = event
            .roles
            .iter()
            .map(|r| if r.min > 0 { format!("{} (required)", r.role) } else { r.role.clone() })
            .collect();
        ui.label(RichText::new(told(&format!("Roles: {}", roles.join(", ")))).size(size::SMALL));
    }
}
