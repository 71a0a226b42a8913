//! The export dialog: the format and what it cannot hold, what is taken, what would be lost, and how it would look.

use egui::{Align, ComboBox, Label, Layout, RichText, ScrollArea, Ui};

use super::{buttons, focus_first, title_ui};
use crate::app::action::Action;
use crate::app::exporting::{Export, ExportAction, KINDS, Looked};
use crate::formats::{FORMATS, Loss};
use crate::model::Kind;
use crate::theme::{Theme, medium, size, space};
use crate::ui::widgets::{elided, heading, muted, named, row, told};
use crate::ui::{Actions, View};

/// Height of a line of the list of losses, in points.
const ROW: f32 = 22.0;

/// Height of a line of the list of formats, in points.
const LINE: f32 = 30.0;

/// Draws the dialog.
pub fn export_ui(ui: &mut Ui, theme: &Theme, view: Option<&View<'_>>, state: &Export, actions: &mut Actions) {
    title_ui(ui, "Export");
    let height = (ui.ctx().content_rect().height() - 190.0).clamp(180.0, 560.0);
    let left = (ui.available_width() * 0.36).clamp(200.0, 320.0);
    ui.add_enabled_ui(state.writing.is_none(), |ui| {
        let whole = egui::vec2(ui.available_width(), height);
        // The height is given: a dialog that takes what there is would grow beyond the window.
        ui.allocate_ui_with_layout(whole, Layout::left_to_right(Align::Min), |ui| {
            ui.set_max_height(height);
            ui.allocate_ui_with_layout(egui::vec2(left, height), Layout::top_down(Align::Min), |ui| {
                ui.set_width(left);
                let area = ScrollArea::vertical().id_salt("what is exported").max_height(height);
                area.auto_shrink([false, false]).show(ui, |ui| settings_ui(ui, theme, state, actions));
            });
            ui.separator();
            let rest = egui::vec2(ui.available_width(), height);
            ui.allocate_ui_with_layout(rest, Layout::top_down(Align::Min), |ui| {
                result_ui(ui, theme, view, state, height, actions);
            });
        });
    });
    foot_ui(ui, theme, state, actions);
}

/// Format, options and labels.
fn settings_ui(ui: &mut Ui, theme: &Theme, state: &Export, actions: &mut Actions) {
    let info = state.info();
    let width = ui.available_width() - space::M;
    heading(ui, theme, "Format");
    let combo = ComboBox::from_id_salt("export format").selected_text(info.name).width(width).truncate();
    // Half a line more than whole lines: the line that is cut tells that there are more.
    let lines = ((ui.ctx().content_rect().bottom() - ui.cursor().top() - 80.0) / LINE).floor().max(8.0);
    let response = combo.height((lines + 0.5) * LINE).show_ui(ui, |ui| {
        for other in FORMATS.iter().map(|format| format.info()).filter(|other| other.writes) {
            let response = ui.selectable_label(other.id == info.id, other.name);
            let missing = other.holds.missing();
            let response = if missing.is_empty() {
                response.on_hover_text("Holds everything")
            } else {
                response.on_hover_text(format!("Cannot hold {}", missing.join(", ")))
            };
            if response.gained_focus() {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                actions.push(Action::Export(ExportAction::Format(other.id)));
                ui.close();
            }
        }
    });
    name(ui, &response.response, "Format");
    focus_first(ui, &response.response);
    let missing = info.holds.missing();
    let holds =
        if missing.is_empty() { "Holds everything".to_owned() } else { format!("Cannot hold {}", missing.join(", ")) };
    ui.add(Label::new(RichText::new(holds).size(size::SMALL).color(theme.muted)).wrap());
    let counts = format!("Positions in {}", info.unit.text());
    if info.unit != crate::formats::Unit::None {
        ui.add(Label::new(RichText::new(counts).size(size::SMALL).color(theme.muted)).wrap());
    }
    for option in info.options.iter().filter(|option| !option.values.is_empty()) {
        heading(ui, theme, &option.name.replace(['_', '-'], " "));
        let current = state.value(option);
        let combo = ComboBox::from_id_salt(("export option", info.id, option.name)).selected_text(current).width(width);
        let response = combo.show_ui(ui, |ui| {
            for value in option.values {
                if ui.selectable_label(*value == current, *value).clicked() {
                    actions.push(Action::Export(ExportAction::Option(option.name, value)));
                    ui.close();
                }
            }
        });
        name(ui, &response.response, option.name);
        response.response.on_hover_text(option.help);
        ui.add(Label::new(RichText::new(option.help).size(size::SMALL).color(theme.muted)).wrap());
    }
    for kind in KINDS {
        labels_ui(ui, kind, state, actions);
    }
}

/// Labels of a kind that have boxes of their own.
const LABELS: usize = 500;

/// A box for the kind and one for each of its labels.
fn labels_ui(ui: &mut Ui, kind: Kind, state: &Export, actions: &mut Actions) {
    let of_kind = || state.labels.iter().filter(|(k, ..)| *k == kind);
    let total: usize = of_kind().map(|(.., count)| count).sum();
    if total == 0 {
        return;
    }
    let is_taken = |label: &str| state.choice.takes_label(kind, label);
    let (taken, all) = (of_kind().filter(|(_, label, _)| is_taken(label)).count(), of_kind().count());
    ui.add_space(space::S);
    let plural = match kind {
        Kind::Entity => "Entities",
        Kind::Mention => "Mentions",
        Kind::Event => "Events",
        Kind::Quote => "Quotes",
        Kind::Relation => "Relations",
    };
    let mut take = |labels: Vec<(Kind, String)>, is_taken: bool| {
        actions.push(Action::Export(ExportAction::Take { labels, is_taken }));
    };
    let mut is_on = taken == all;
    let text = RichText::new(format!("{plural} {total}")).font(medium(size::BODY));
    let response = ui.add(egui::Checkbox::new(&mut is_on, text).indeterminate(taken > 0 && taken < all));
    if response.changed() {
        take(of_kind().map(|(kind, label, _)| (*kind, label.clone())).collect(), taken < all);
    }
    ui.indent(("labels of", kind), |ui| {
        for (_, label, count) in of_kind().take(LABELS) {
            let mut is_on = is_taken(label);
            if ui.checkbox(&mut is_on, format!("{} {count}", named(label))).changed() {
                take(vec![(kind, label.clone())], is_on);
            }
        }
        if all > LABELS {
            ui.label(format!("and {} more, which the box above takes with it", all - LABELS));
        }
    });
}

/// What would be lost, and the first lines.
fn result_ui(ui: &mut Ui, theme: &Theme, view: Option<&View<'_>>, state: &Export, height: f32, actions: &mut Actions) {
    let Some(looked) = &state.looked else {
        muted(ui, theme, "Looking at what would be exported…");
        return;
    };
    let losses_height = if looked.losses.is_empty() { 0.0 } else { ((height - 90.0) * 0.5).max(60.0) };
    heading(ui, theme, "What would be lost");
    if looked.losses.is_empty() {
        let text = if looked.left_out > 0 { "Nothing of what is chosen" } else { "Nothing" };
        ui.label(RichText::new(text).color(theme.success));
    } else {
        ui.add(Label::new(RichText::new(looked.tally.to_string()).color(theme.warning)).wrap());
        losses_ui(ui, theme, view, looked, losses_height, actions);
    }
    heading(ui, theme, "The first lines");
    let rest = (height - losses_height - 100.0).max(60.0);
    match &looked.preview {
        Ok(preview) => {
            let area = ScrollArea::both().id_salt("preview").max_height(rest).auto_shrink([false, false]);
            area.show(ui, |ui| {
                let text = RichText::new(preview).monospace().size(size::SMALL);
                let response = ui.add(Label::new(text).extend());
                name(ui, &response, "Preview");
            });
        }
        Err(why) => drop(ui.add(Label::new(RichText::new(why).color(theme.error)).wrap())),
    }
}

/// A line of the list: what happens to the next ones, or one of them.
enum Line<'a> {
    Heading(&'static str, usize),
    Loss(&'a Loss),
}

/// The losses by what happens to them; a click shows the annotation.
fn losses_ui(ui: &mut Ui, theme: &Theme, view: Option<&View<'_>>, looked: &Looked, height: f32, actions: &mut Actions) {
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(looked.losses.len() + 5);
    for group in looked.losses.chunk_by(|a, b| a.treatment == b.treatment) {
        let Some(first) = group.first() else { continue };
        lines.push(Line::Heading(first.treatment.word(), group.len()));
        lines.extend(group.iter().map(Line::Loss));
    }
    let area = ScrollArea::vertical().id_salt("losses").max_height(height).auto_shrink([false, false]);
    area.show_rows(ui, ROW, lines.len(), |ui, range| {
        for line in lines.get(range).unwrap_or_default() {
            match line {
                Line::Heading(word, count) => {
                    let size_of_line = egui::vec2(ui.available_width(), ROW);
                    ui.allocate_ui_with_layout(size_of_line, Layout::left_to_right(Align::Center), |ui| {
                        let mut chars = word.chars();
                        let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
                        let text = format!("{first}{} {count}", chars.as_str());
                        ui.label(RichText::new(text).font(medium(size::SMALL)).color(theme.muted));
                    });
                }
                Line::Loss(loss) => loss_ui(ui, theme, view, loss, actions),
            }
        }
    });
}

fn loss_ui(ui: &mut Ui, theme: &Theme, view: Option<&View<'_>>, loss: &Loss, actions: &mut Actions) {
    let id = loss.id.as_ref().filter(|id| view.is_some_and(|view| view.document.kind_of(id).is_some()));
    let line = |ui: &mut Ui| {
        let size_of_line = egui::vec2(ui.available_width(), ROW - 4.0);
        ui.allocate_ui_with_layout(size_of_line, Layout::left_to_right(Align::Center), |ui| {
            let color = if id.is_some() { theme.text } else { theme.muted };
            elided(ui, RichText::new(&loss.what).color(color));
        });
    };
    let Some(id) = id else {
        egui::Frame::NONE.inner_margin(egui::Margin::symmetric(6, 1)).show(ui, line);
        return;
    };
    let response = row(ui, &format!("Loss: {}", loss.what), false, line).on_hover_text(told(&loss.what));
    if response.clicked() {
        actions.push(Action::Export(ExportAction::GoTo(id.clone())));
    }
}

/// Progress, questions, and the buttons.
fn foot_ui(ui: &mut Ui, theme: &Theme, state: &Export, actions: &mut Actions) {
    let mut export = |action| actions.push(Action::Export(action));
    if let Some(progress) = &state.writing {
        ui.add_space(space::S);
        let bar = ui.add(egui::ProgressBar::new(progress.share()).text("Exporting"));
        name(ui, &bar, "Progress of the export");
        if buttons(ui, theme, &[("Stop", true)]).is_some() {
            export(ExportAction::Stop);
        }
        return;
    }
    if let Some(error) = &state.error {
        ui.add(Label::new(RichText::new(error).color(theme.error)).wrap());
    }
    if let Some((_, files)) = &state.existing {
        let names: Vec<String> = files.iter().take(3).map(|f| f.display().to_string()).collect();
        let more = if files.len() > 3 { format!(" and {} more", files.len() - 3) } else { String::new() };
        let verb = if files.len() == 1 { "exists" } else { "exist" };
        let question = format!("{}{more} {verb} already. Replace?", names.join(", "));
        ui.add(Label::new(RichText::new(question).color(theme.warning)).wrap());
        let pressed = buttons(ui, theme, &[("Another name…", true), ("Replace", true), ("Cancel", true)]);
        match pressed {
            Some(0) => export(ExportAction::Choose),
            Some(1) => export(ExportAction::Replace),
            Some(_) => actions.push(Action::CloseDialog),
            None => {}
        }
        return;
    }
    let is_ready = state.looked.as_ref().is_some_and(|looked| looked.preview.is_ok());
    let is_lossy = state.looked.as_ref().is_some_and(|looked| !looked.losses.is_empty());
    let save = if is_lossy { "Export with losses…" } else { "Export to…" };
    match buttons(ui, theme, &[(save, is_ready), ("Cancel", true)]) {
        Some(0) => export(ExportAction::Choose),
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}

fn name(ui: &Ui, response: &egui::Response, name: &str) {
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name.to_owned()));
}
