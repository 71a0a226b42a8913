//! Dialogs. At most one is open; Escape closes it.

pub mod adding;
pub mod choose_document;
pub mod dataset;
mod export;
mod file;
pub mod find_label;
mod finder;
mod fuzzy;
pub mod history;
mod hits;
pub mod join;
mod keymap;
mod keys;
pub mod merge;
pub mod palette;
pub mod project;
pub mod set_field;

use egui::{Id as WidgetId, Modal, RichText, Ui};

use super::widgets::{named, told};
use super::{Actions, View};
use crate::app::action::{Action, UnsavedAnswer};
use crate::app::beside::Beside;
use crate::app::dialog::Dialog;
use crate::app::outside::OutsideAction;
use crate::model::{Filler, Problem};
use crate::theme::{Theme, semibold, size, space};

/// Draws the dialog that is open.
pub fn dialog_ui(ctx: &egui::Context, dialog: &mut Dialog, view: Option<&View<'_>>, actions: &mut Actions) {
    let theme = Theme::current(ctx);
    let frame = egui::Frame::popup(&ctx.global_style()).inner_margin(space::L).corner_radius(8);
    // An identifier for each kind: egui remembers the size of a window by it.
    let id = WidgetId::unique(("dialog", std::mem::discriminant(dialog)));
    let modal = Modal::new(id).frame(frame).show(ctx, |ui| {
        ui.set_width(width(dialog).min(ui.ctx().content_rect().width() - 2.0 * space::XL));
        match dialog {
            Dialog::Paste { title, text } => paste_ui(ui, title, text, actions),
            Dialog::Unsaved { .. } => unsaved_ui(ui, theme, actions),
            Dialog::NotWritten { is_kept, .. } => not_written_ui(ui, theme, *is_kept, actions),
            Dialog::Problems { title, message, problems } => problems_ui(ui, theme, title, message, problems, actions),
            Dialog::File(state) => file::file_ui(ui, theme, state, actions),
            Dialog::ChooseDocument(state) => choose_document::choose_document_ui(ui, theme, state, actions),
            Dialog::Export(state) => export::export_ui(ui, theme, view, state, actions),
            Dialog::History(state) => history::history_ui(ui, theme, view, state, actions),
            Dialog::NewProject(state) => project::new_project_ui(ui, theme, state, actions),
            Dialog::WhoAmI(state) => project::who_am_i_ui(ui, theme, state, actions),
            Dialog::HitsChange(change) => hits::hits_change_ui(ui, theme, change, actions),
            Dialog::Dataset(state) => dataset::dataset_ui(ui, theme, state, actions),
            Dialog::Adding(state) => adding::question_ui(ui, theme, state, actions),
            Dialog::Added(state) => adding::added_ui(ui, theme, state, actions),
            Dialog::SchemaQuestion(question) => {
                crate::ui::schema_editor::questions::question_ui(ui, theme, question, actions);
            }
            Dialog::SchemaDiscard { then } => {
                crate::ui::schema_editor::questions::discard_ui(ui, theme, then, actions);
            }
            Dialog::Keys => keys::keys_ui(ui, theme, view, actions),
            Dialog::Keymap { path, is_new } => keymap::keymap_ui(ui, theme, path, *is_new, actions),
            Dialog::Palette(state) => palette::palette_ui(ui, theme, state, actions),
            Dialog::FindLabel(state) => find_label::find_label_ui(ui, theme, view, state, actions),
            Dialog::About => about_ui(ui, theme, actions),
            Dialog::Report { path, text } => report_ui(ui, theme, path, text, actions),
            Dialog::Implicit { text } => implicit_ui(ui, theme, text, actions),
            Dialog::Join(state) => join::join_ui(ui, theme, view, state, actions),
            Dialog::SetField(state) => set_field::set_field_ui(ui, theme, state, actions),
            Dialog::ChangedOnDisk { path, is_other_text } => changed_ui(ui, theme, path, *is_other_text, actions),
            Dialog::Merge(state) => merge::merge_ui(ui, theme, state, actions),
            Dialog::Replace { path, held } => {
                let shown = path.display();
                let (title, message) = match held {
                    Beside::Annotations(contents) => (
                        "Replace the annotations of this article?",
                        format!(
                            "{shown} holds annotations of this article already: {contents}. They are not part of what \
                             is open here, and would be lost. To go on with them, open that file"
                        ),
                    ),
                    Beside::OtherText => {
                        ("Replace the file?", format!("{shown} holds annotations of another text. Replace it?"))
                    }
                    Beside::Unknown => ("Replace the file?", format!("{shown} exists already. Replace it?")),
                };
                replace_ui(ui, theme, title, &message, path, actions);
            }
            Dialog::Annotated { path, contents, .. } => annotated_ui(ui, theme, path, contents, actions),
        }
    });
    if modal.should_close() {
        actions.push(match dialog {
            Dialog::Unsaved { .. } => Action::Unsaved(UnsavedAnswer::Cancel),
            _ => Action::CloseDialog,
        });
    }
}

fn width(dialog: &Dialog) -> f32 {
    match dialog {
        Dialog::Paste { .. } | Dialog::Problems { .. } | Dialog::File(_) | Dialog::Keymap { .. } => 600.0,
        Dialog::Keys | Dialog::FindLabel(_) | Dialog::Report { .. } => 760.0,
        Dialog::Export(_) | Dialog::History(_) | Dialog::Merge(_) => 900.0,
        Dialog::Palette(_) | Dialog::SetField(_) | Dialog::ChooseDocument(_) => 640.0,
        Dialog::Unsaved { .. } | Dialog::About | Dialog::Implicit { .. } | Dialog::WhoAmI(_) => 420.0,
        Dialog::ChangedOnDisk { .. }
        | Dialog::NewProject(_)
        | Dialog::Adding(_)
        | Dialog::Added(_)
        | Dialog::Dataset(_) => 560.0,
        Dialog::Replace { .. }
        | Dialog::Annotated { .. }
        | Dialog::Join(_)
        | Dialog::NotWritten { .. }
        | Dialog::SchemaQuestion(_)
        | Dialog::SchemaDiscard { .. }
        | Dialog::HitsChange(_) => 460.0,
    }
}

/// The beginning of a text, in at most so many characters.
fn short(text: &str, most: usize) -> String {
    crate::text::visible::line(text, most).into_owned()
}

pub(super) fn title_ui(ui: &mut Ui, text: &str) {
    ui.label(
        RichText::new(crate::text::visible::line(text, crate::limits::LINE_SHOWN)).font(semibold(size::HEADING + 2.0)),
    );
    ui.add_space(space::XS);
}

/// A row of buttons at the right; gives the number of the one that was pressed. The first is the one that Enter takes.
pub(super) fn buttons(ui: &mut Ui, theme: &Theme, names: &[(&str, bool)]) -> Option<usize> {
    let mut pressed = None;
    ui.add_space(space::M);
    let size = egui::vec2(ui.available_width(), 28.0);
    ui.allocate_ui_with_layout(size, egui::Layout::right_to_left(egui::Align::Center), |ui| {
        for (i, (name, is_enabled)) in names.iter().enumerate() {
            let text = RichText::new(*name);
            let button = if i == 0 {
                egui::Button::new(text.color(theme.on_accent)).fill(theme.accent)
            } else {
                egui::Button::new(text)
            };
            let response = ui.add_enabled(*is_enabled, button.min_size(egui::vec2(72.0, 28.0)));
            if i == 0 && *is_enabled {
                focus_first(ui, &response);
            }
            if response.clicked() {
                pressed = Some(i);
            }
        }
    });
    pressed
}

/// Gives the focus to the first field of a dialog that has just opened; without fields, to its first button.
fn focus_first(ui: &Ui, response: &egui::Response) {
    if crate::ui::focus::is_new_layer(ui.ctx(), ui.layer_id())
        && !crate::ui::focus::is_in_layer(ui.ctx(), ui.layer_id())
    {
        response.request_focus();
    }
}

fn paste_ui(ui: &mut Ui, title: &mut String, text: &mut String, actions: &mut Actions) {
    let theme = Theme::current(ui.ctx());
    title_ui(ui, "New article from text");
    let name = ui.label("Title (empty: the first line that looks like one)").id;
    ui.add(egui::TextEdit::singleline(title).desired_width(f32::INFINITY)).labelled_by(name);
    let label = ui.label("Text; it is kept exactly as it is pasted").id;
    egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        let response =
            ui.add(egui::TextEdit::multiline(text).desired_rows(14).desired_width(f32::INFINITY)).labelled_by(label);
        if text.is_empty() && !ui.ctx().text_edit_focused() {
            response.request_focus();
        }
    });
    match buttons(ui, theme, &[("Annotate", !text.trim().is_empty()), ("Cancel", true)]) {
        Some(0) => actions.push(Action::NewFromText { title: title.clone(), text: text.clone() }),
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}

fn unsaved_ui(ui: &mut Ui, theme: &Theme, actions: &mut Actions) {
    title_ui(ui, "Save your work?");
    ui.label("There are changes that are not in the file yet.");
    let pressed = buttons(ui, theme, &[("Save", true), ("Do not save", true), ("Cancel", true)]);
    let answers = [UnsavedAnswer::Save, UnsavedAnswer::Discard, UnsavedAnswer::Cancel];
    let enter = ui.input(|i| i.key_pressed(egui::Key::Enter)) && ui.memory(|m| m.focused().is_none());
    if let Some(answer) = pressed.or(enter.then_some(0)).and_then(|i| answers.get(i)) {
        actions.push(Action::Unsaved(*answer));
    }
}

/// The file cannot be written now. What the journal keeps is offered again next time.
fn not_written_ui(ui: &mut Ui, theme: &Theme, is_kept: bool, actions: &mut Actions) {
    title_ui(ui, "Your work is not in the file");
    let (text, leave) = if is_kept {
        (
            "The file cannot be written now. The journal keeps your work: the program offers it when it starts again.",
            "Close, keep the journal",
        )
    } else {
        (
            "The file cannot be written now, nor can the journal. What is not saved elsewhere is lost.",
            "Close, lose the work",
        )
    };
    ui.add(egui::Label::new(text).wrap());
    match buttons(ui, theme, &[("Save elsewhere…", true), (leave, true), ("Cancel", true)]) {
        Some(0) => actions.push(Action::SaveElsewhere),
        Some(1) => actions.push(Action::LeaveUnwritten),
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}

fn problems_ui(ui: &mut Ui, theme: &Theme, title: &str, message: &str, problems: &[Problem], actions: &mut Actions) {
    title_ui(ui, title);
    if !message.is_empty() {
        ui.add(egui::Label::new(told(message)).wrap());
    }
    egui::ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
        for problem in problems.iter().take(200) {
            ui.add_space(space::XS);
            let color = super::lists::severity_color(theme, problem.severity);
            ui.add(egui::Label::new(RichText::new(told(&problem.message)).color(color)).wrap());
            let mut place = String::new();
            if let Some(line) = problem.place.line {
                place.push_str(&format!("line {line}, column {} · ", problem.place.column.unwrap_or(1)));
            }
            if let Some(id) = &problem.place.id {
                place.push_str(&format!("{} · ", named(id.as_str())));
            }
            if let Some((start, end)) = problem.place.codepoints {
                place.push_str(&format!("characters {start}–{end} · "));
            }
            let hint = format!("{place}{}", told(&problem.hint));
            ui.add(egui::Label::new(RichText::new(hint).size(size::SMALL).color(theme.muted)).wrap());
        }
        if problems.len() > 200 {
            ui.label(format!("and {} more; manicule validate lists all", problems.len() - 200));
        }
    });
    match buttons(ui, theme, &[("Close", true), ("Copy all", !problems.is_empty())]) {
        Some(0) => actions.push(Action::CloseDialog),
        Some(_) => ui.ctx().copy_text(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        None => {}
    }
}

fn about_ui(ui: &mut Ui, theme: &Theme, actions: &mut Actions) {
    title_ui(ui, "Manicule");
    ui.label(concat!("Version ", env!("CARGO_PKG_VERSION")));
    ui.label("A workbench for marking up news articles: who, what happened, and who said what.");
    ui.label("Licence MIT or Apache-2.0. Fonts Inter and Charis SIL under the SIL Open Font License.");
    ui.label("Nothing leaves this machine.");
    if buttons(ui, theme, &[("Close", true)]).is_some() {
        actions.push(Action::CloseDialog);
    }
}

fn report_ui(ui: &mut Ui, theme: &Theme, path: &std::path::Path, text: &str, actions: &mut Actions) {
    title_ui(ui, "Report");
    ui.add(
        egui::Label::new("Send this file to whoever gave you the program; it holds no text of your articles").wrap(),
    );
    ui.add(egui::Label::new(RichText::new(path.display().to_string()).monospace().color(theme.accent)).wrap());
    ui.add_space(space::S);
    egui::ScrollArea::both().max_height(ui.ctx().content_rect().height() * 0.5).show(ui, |ui| {
        ui.add(egui::Label::new(RichText::new(text).monospace().size(size::SMALL)).extend());
    });
    match buttons(ui, theme, &[("Close", true), ("Copy the report", true), ("Copy the path", true)]) {
        Some(0) => actions.push(Action::CloseDialog),
        Some(1) => ui.ctx().copy_text(text.to_owned()),
        Some(_) => ui.ctx().copy_text(path.display().to_string()),
        None => {}
    }
}

fn implicit_ui(ui: &mut Ui, theme: &Theme, text: &mut String, actions: &mut Actions) {
    title_ui(ui, "Implicit filler");
    let label = ui.label("Who or what is it? It is known, but not in the text").id;
    let response = ui.add(egui::TextEdit::singleline(text).desired_width(f32::INFINITY)).labelled_by(label);
    let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
    if !response.has_focus() && !entered {
        response.request_focus();
    }
    let is_filled = !text.trim().is_empty();
    let pressed = buttons(ui, theme, &[("Fill", is_filled), ("Cancel", true)]);
    if (entered && is_filled) || pressed == Some(0) {
        actions.push(Action::FillWith(Filler::Implicit(text.trim().to_owned())));
        actions.push(Action::CloseDialog);
    } else if pressed.is_some() {
        actions.push(Action::CloseDialog);
    }
}

/// The article that was opened has an annotation: most likely it is that which was meant.
fn annotated_ui(ui: &mut Ui, theme: &Theme, path: &std::path::Path, contents: &str, actions: &mut Actions) {
    title_ui(ui, "This article is annotated already");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    ui.add(egui::Label::new(format!("{name} beside it holds the same text with {contents}")).wrap());
    match buttons(ui, theme, &[("Open it instead", true), ("Begin anew", true)]) {
        Some(0) => actions.push(Action::OpenFile(path.to_owned())),
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}

/// The file that is saved to is not as it was.
fn changed_ui(ui: &mut Ui, theme: &Theme, path: &std::path::Path, is_other_text: bool, actions: &mut Actions) {
    title_ui(ui, "The file on disk has changed");
    let shown = path.display();
    let message = if is_other_text {
        format!(
            "{shown} holds another text now. Annotations of two texts cannot be merged: replace the file with your work, \
             save your work elsewhere, or reload the file; what is unsaved here is then kept apart"
        )
    } else {
        format!("{shown} was changed by another program since it was opened. Merge what it did into your work?")
    };
    ui.add(egui::Label::new(message).wrap());
    let merge = ("Merge…", OutsideAction::Merge);
    let reload = ("Reload theirs", OutsideAction::Reload);
    let offered: &[_] = if is_other_text { &[reload] } else { &[merge, reload] };
    let names: Vec<(&str, bool)> = std::iter::once("Cancel")
        .chain(offered.iter().map(|(name, _)| *name))
        .chain(["Replace", "Save as…"])
        .map(|name| (name, true))
        .collect();
    let Some(pressed) = buttons(ui, theme, &names) else { return };
    match offered.get(pressed.wrapping_sub(1)) {
        Some((_, action)) => actions.push(Action::Outside(*action)),
        None if pressed == 0 => actions.push(Action::CloseDialog),
        None if pressed == offered.len() + 1 => actions.push(Action::Replace(path.to_owned())),
        None => {
            actions.push(Action::CloseDialog);
            actions.push(Action::Run(crate::app::command::Command::SaveAs));
        }
    }
}

fn replace_ui(ui: &mut Ui, theme: &Theme, title: &str, message: &str, path: &std::path::Path, actions: &mut Actions) {
    title_ui(ui, title);
    ui.add(egui::Label::new(message).wrap());
    match buttons(ui, theme, &[("Cancel", true), ("Replace", true), ("Save as…", true)]) {
        Some(0) => actions.push(Action::CloseDialog),
        Some(1) => actions.push(Action::Replace(path.to_owned())),
        Some(_) => {
            actions.push(Action::CloseDialog);
            actions.push(Action::Run(crate::app::command::Command::SaveAs));
        }
        None => {}
    }
}
