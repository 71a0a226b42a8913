//! Another label set beside this one: what differs, and which renamings are believed.

use egui::{RichText, ScrollArea, Ui};

use super::Page;
use crate::app::schema_editor::SchemaAction;
use crate::app::schema_editor::import::Beside;
use crate::edit::Difference;
use crate::theme::{reading_bold, semibold, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{counted, told};

/// Draws it.
pub fn beside_ui(ui: &mut Ui, page: &Page<'_>, beside: &Beside, actions: &mut Actions) {
    let theme = page.theme;
    let title = if beside.is_import {
        format!("Import {}", beside.file)
    } else {
        format!("The project's label set and {}", beside.file)
    };
    ui.add(egui::Label::new(RichText::new(told(&title)).font(reading_bold(20.0)).color(theme.ink)).wrap());
    let hint = match (beside.diff.is_empty(), beside.is_import) {
        (true, _) => "They say the same.",
        (false, true) => "It takes the place of what is edited; nothing is applied before you say so.",
        (false, false) => "What one would have to change to come from the first to the second.",
    };
    ui.label(RichText::new(hint).color(theme.muted));
    ui.add_space(space::S);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(760.0);
        if beside.is_import && !beside.renames.is_empty() {
            heading(ui, page, "Renamed?");
            let hint = "What is not renamed is removed with its annotations, and the other one is new";
            ui.label(RichText::new(hint).size(size::SMALL).color(theme.muted));
            for (nth, (step, believed)) in beside.renames.iter().enumerate() {
                let mut is_believed = *believed;
                if ui.checkbox(&mut is_believed, told(&step.to_string())).changed() {
                    actions.push(SchemaAction::Believe(nth).into());
                }
            }
        }
        type Is = fn(&Difference) -> bool;
        let groups: [(&str, Is); 4] = [
            ("Removed", |difference| matches!(difference, Difference::Removed { .. })),
            ("Renamed", |difference| matches!(difference, Difference::Renamed { .. })),
            ("Added", |difference| matches!(difference, Difference::Added { .. })),
            ("Changed", |difference| matches!(difference, Difference::Changed { .. })),
        ];
        for (title, is_of) in groups {
            let of: Vec<&Difference> = beside.told().filter(|difference| is_of(difference)).collect();
            if of.is_empty() {
                continue;
            }
            heading(ui, page, &format!("{title}: {}", counted(of.len(), "difference")));
            for difference in of.into_iter().take(400) {
                let color = if title == "Removed" { theme.error } else { theme.text };
                let words = difference.to_string();
                let words = words.split_once(": ").map_or(words.as_str(), |(_, rest)| rest);
                ui.add(egui::Label::new(RichText::new(format!("· {}", told(words))).color(color)).wrap());
            }
        }
    });
}

fn heading(ui: &mut Ui, page: &Page<'_>, text: &str) {
    ui.add_space(space::S);
    ui.label(RichText::new(text).font(semibold(size::BODY)).color(page.theme.text));
}
