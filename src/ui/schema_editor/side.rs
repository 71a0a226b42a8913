//! Beside the fields: what it will look like, what is wrong, what was changed.

use egui::{RichText, ScrollArea, Ui};

use super::{Page, preview};
use crate::app::schema_editor::SchemaAction;
use crate::theme::{semibold, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{elided, row, told};

/// Draws all of it, one above the other.
pub fn side_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    heading(ui, page, "Preview");
    preview::example_ui(ui, page);
    ui.add_space(space::S);
    preview::bar_ui(ui, page);
    ui.add_space(space::M);
    conflicts_ui(ui, page, actions);
    changes_ui(ui, page, actions);
}

/// The same beside each other, where the window is narrow.
pub fn foot_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    ui.columns(2, |columns| {
        let [left, right] = columns else { return };
        ScrollArea::vertical().id_salt("preview").auto_shrink(false).show(left, |ui| {
            heading(ui, page, "Preview");
            preview::example_ui(ui, page);
            ui.add_space(space::S);
            preview::bar_ui(ui, page);
        });
        ScrollArea::vertical().id_salt("changes").auto_shrink(false).show(right, |ui| {
            conflicts_ui(ui, page, actions);
            changes_ui(ui, page, actions);
        });
    });
}

fn heading(ui: &mut Ui, page: &Page<'_>, text: &str) {
    ui.label(RichText::new(text).font(semibold(size::BODY)).color(page.theme.text));
    ui.add_space(2.0);
}

fn conflicts_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let conflicts = &page.editor.conflicts;
    if conflicts.is_empty() {
        return;
    }
    heading(ui, page, &format!("Conflicts ({})", conflicts.len()));
    for conflict in conflicts.iter().take(200) {
        let color = crate::ui::lists::severity_color(page.theme, conflict.problem.severity);
        let message = told(&conflict.problem.message);
        let response = row(ui, &format!("Conflict: {message}"), false, |ui| {
            ui.add(egui::Label::new(RichText::new(&*message).color(color)).wrap().selectable(false));
        });
        let response = response.on_hover_text(told(&conflict.problem.hint));
        if let Some((entry, field)) = conflict.place.as_ref().filter(|_| response.clicked()) {
            actions.push(SchemaAction::Go(entry.clone(), *field).into());
        }
    }
    ui.add_space(space::M);
}

/// What was done since the editor was opened. A click goes back to that state, or on to it.
fn changes_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let history: Vec<(&str, bool)> = page.editor.history().collect();
    heading(ui, page, "Changes");
    if history.is_empty() {
        let text = "None yet. What you change stays here until you apply it";
        ui.add(egui::Label::new(RichText::new(text).size(size::SMALL).color(page.theme.muted)).wrap());
        return;
    }
    let done = history.iter().filter(|(_, is_undone)| !is_undone).count();
    for (nth, (title, is_undone)) in history.iter().enumerate().rev() {
        let at = nth + 1;
        let (name, hint) = match is_undone {
            true => (format!("Do again up to: {title}"), "Undone; click to do it again"),
            false if at == done => (format!("Take back: {title}"), "Click to take it back"),
            false => (format!("Go back to: {title}"), "Click to take back what came after it"),
        };
        let response = row(ui, &told(&name), at == done, |ui| {
            let color = if *is_undone { page.theme.muted } else { page.theme.text };
            let text = RichText::new(told(title)).color(color);
            elided(ui, if *is_undone { text.strikethrough() } else { text });
        });
        if response.on_hover_text(hint).clicked() {
            actions.push(SchemaAction::GoTo(if at == done { nth } else { at }).into());
        }
    }
}
