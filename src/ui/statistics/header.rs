//! What is counted, and what can be done with it.

use egui::{Align, Button, ComboBox, Layout, RichText, Ui};
use strum::IntoEnumIterator as _;

use super::Asked;
use crate::model::Status;
use crate::review::statistics::plots::counted as number_of;
use crate::review::statistics::{Figures, Wanted};
use crate::theme::{Theme, semibold, size, space};
use crate::ui::widgets::named;

/// What was counted, in one line.
pub fn counted(figures: &Figures) -> String {
    let mut line =
        format!("{}, {}", number_of(figures.documents.into(), "document"), number_of(figures.marks.total(), "mark"));
    if let Some(annotator) = &figures.wanted.annotator {
        line.push_str(&format!(" by {}", named(annotator)));
    }
    if !figures.wanted.statuses.is_empty() {
        let names: Vec<&str> = figures.wanted.statuses.iter().map(|status| status.text()).collect();
        line.push_str(&format!(" · {}", names.join(", ")));
    }
    if figures.documents_cut > 0 {
        let cut = number_of(figures.documents_cut.into(), "document");
        line.push_str(&format!(" · {cut} too crowded to count all quotes and sentences of"));
    }
    line
}

/// Draws the bar. `can_save` tells whether there is a picture, and a table.
pub fn ui(ui: &mut Ui, theme: &Theme, figures: &Figures, can_save: (bool, bool), asked: &mut Vec<Asked>) {
    let frame = egui::Frame::NONE.fill(theme.bar).inner_margin(egui::Margin::symmetric(16, 8));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.label(RichText::new("Statistics").font(semibold(size::HEADING + 2.0)));
            ui.add_space(space::S);
            annotators(ui, figures, asked);
            statuses(ui, figures, asked);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button("Close").clicked() {
                    asked.push(Asked::Close);
                }
                if ui.add_enabled(can_save.1, Button::new("Save table…")).clicked() {
                    asked.push(Asked::SaveTable);
                }
                if ui.add_enabled(can_save.0, Button::new("Save picture…")).clicked() {
                    asked.push(Asked::SavePicture);
                }
                let line = RichText::new(counted(figures)).color(theme.muted);
                ui.add_space(space::S);
                ui.add(egui::Label::new(line).truncate().selectable(false));
            });
        });
    });
    let bar = shown.response.rect;
    ui.painter().hline(bar.x_range(), bar.bottom(), theme.hairline());
    ui.add_space(-ui.spacing().item_spacing.y + 1.0);
}

fn name(ui: &Ui, response: &egui::Response, name: &str, value: &str) {
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        node.set_value(value);
    });
}

fn annotators(ui: &mut Ui, figures: &Figures, asked: &mut Vec<Asked>) {
    let current = figures.wanted.annotator.as_deref();
    let shown = current.map_or("Everybody".into(), named);
    let combo = ComboBox::from_id_salt("statistics annotator").selected_text(shown.as_ref()).width(120.0).truncate();
    let response = combo.show_ui(ui, |ui| {
        let mut choose = |ui: &mut Ui, text: &str, annotator: Option<&str>| {
            if ui.selectable_label(current == annotator, text).clicked() && current != annotator {
                let annotator = annotator.map(Into::into);
                asked.push(Asked::Count(Wanted { annotator, ..figures.wanted.clone() }));
            }
        };
        choose(ui, "Everybody", None);
        // Looked for only while they are seen.
        for annotator in figures.statistics.annotators() {
            choose(ui, &named(annotator), Some(annotator));
        }
    });
    name(ui, &response.response, "Whose work is counted", &shown);
}

fn statuses(ui: &mut Ui, figures: &Figures, asked: &mut Vec<Asked>) {
    let current = &figures.wanted.statuses;
    let shown = match current.as_slice() {
        [] => "Any status".to_owned(),
        [one] => one.text().to_owned(),
        more => format!("{} statuses", more.len()),
    };
    let combo = ComboBox::from_id_salt("statistics status").selected_text(&shown).width(104.0).truncate();
    let combo = combo.close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    let response = combo.show_ui(ui, |ui| {
        for status in Status::iter() {
            let mut is_chosen = current.contains(&status);
            if ui.checkbox(&mut is_chosen, status.text()).changed() {
                let is_wanted = |other: &Status| if *other == status { is_chosen } else { current.contains(other) };
                let statuses = Status::iter().filter(is_wanted).collect();
                asked.push(Asked::Count(Wanted { statuses, ..figures.wanted.clone() }));
            }
        }
    });
    name(ui, &response.response, "Which statuses are counted", &shown);
}
