//! The keyboard sheet, made from the table of commands and the schema.

use egui::{RichText, Ui};
use strum::IntoEnumIterator as _;

use super::{buttons, title_ui};
use crate::app::action::Action;
use crate::app::command::{Command, Section, key_text};
use crate::app::keymap::Keymap;
use crate::model::Kind;
use crate::theme::{Theme, semibold, size, space};
use crate::ui::{Actions, View};

/// Draws the sheet.
pub fn keys_ui(ui: &mut Ui, theme: &Theme, view: Option<&View<'_>>, actions: &mut Actions) {
    title_ui(ui, "Keys");
    let keymap = Keymap::current(ui.ctx());
    let of_labels = view.map_or(&[][..], |view| &view.keys.notices);
    for notice in keymap.notices.iter().chain(of_labels) {
        ui.add(egui::Label::new(RichText::new(notice).size(size::SMALL).color(theme.warning)).wrap());
    }
    egui::ScrollArea::vertical().max_height(ui.ctx().content_rect().height() - 190.0).show(ui, |ui| {
        ui.columns(2, |columns| {
            if let [left, right] = columns {
                for section in Section::iter() {
                    let ui = if matches!(section, Section::Move) { &mut *right } else { &mut *left };
                    section_ui(ui, theme, section);
                }
                if let Some(view) = view {
                    labels_ui(right, view);
                }
            }
        });
    });
    if buttons(ui, theme, &[("Close", true)]).is_some() {
        actions.push(Action::CloseDialog);
    }
}

fn section_ui(ui: &mut Ui, theme: &Theme, section: Section) {
    ui.add_space(space::S);
    ui.label(RichText::new(section.text()).font(semibold(size::BODY)));
    for command in Command::of(section) {
        let keymap = Keymap::current(ui.ctx());
        let keys: Vec<String> = keymap.of(command).iter().map(|key| key_text(ui.ctx(), key)).collect();
        if !keys.is_empty() {
            line(ui, theme, command.plain_name(), &keys.join("  or  "));
        }
    }
}

fn labels_ui(ui: &mut Ui, view: &View<'_>) {
    for (title, kind, labels) in [
        ("Mentions", Kind::Mention, view.schema.mentions.iter().map(|m| m.label.as_str()).collect::<Vec<_>>()),
        ("Events", Kind::Event, view.schema.events.iter().map(|e| e.r#type.as_str()).collect()),
    ] {
        ui.add_space(space::S);
        ui.label(RichText::new(title).font(semibold(size::BODY)));
        for label in labels {
            let key = view.keys.key_of(kind, label).map(spoken).unwrap_or_default();
            line(ui, view.theme, label, &key);
        }
    }
}

/// A capital letter is typed with Shift; say so.
fn spoken(key: char) -> String {
    if key.is_ascii_uppercase() { format!("Shift+{key}") } else { key.to_string() }
}

fn line(ui: &mut Ui, theme: &Theme, name: &str, keys: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(name).size(size::BODY - 0.5));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(space::M);
            ui.label(RichText::new(keys).size(size::SMALL).color(theme.muted));
        });
    });
}
