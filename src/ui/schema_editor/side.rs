//! Beside the fields: what it will look like, what is wrong, what was changed.

use egui::{Align, Layout, RichText, ScrollArea, Ui, vec2};

use super::{Page, preview};
use crate::app::schema_editor::{SchemaAction, Step};
use crate::theme::{semibold, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{elided, remove_button, row, told};

/// How high a line of the list of changes is, in points.
const ROW: f32 = 26.0;

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
    let history: Vec<Step<'_>> = page.editor.history().collect();
    heading(ui, page, "Changes");
    if history.is_empty() {
        let text = "None yet. What you change stays here until you apply it";
        ui.add(egui::Label::new(RichText::new(text).size(size::SMALL).color(page.theme.muted)).wrap());
        return;
    }
    ui.spacing_mut().item_spacing.y = 1.0;
    let done = history.iter().filter(|step| !step.is_undone).count();
    for (nth, Step { title, is_undone, is_left_out, can_be_left_out }) in history.iter().copied().enumerate().rev() {
        let at = nth + 1;
        let (name, hint) = match (is_undone, is_left_out) {
            (true, _) => (format!("Do again up to: {title}"), "Undone; click to do it again"),
            (false, _) if at == done => (format!("Take back: {title}"), "Click to take it back"),
            (false, true) => {
                (format!("Go back to: {title}, left out since"), "Left out later; click to go back to where it was not")
            }
            (false, false) => (format!("Go back to: {title}"), "Click to take back what came after it"),
        };
        let response = row(ui, &told(&name), at == done, |ui| {
            let is_gone = is_undone || is_left_out;
            let color = if is_gone { page.theme.muted } else { page.theme.text };
            let text = RichText::new(told(title)).color(color);
            let text = if is_gone { text.strikethrough() } else { text };
            let size = vec2(ui.available_width(), ROW);
            ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
                ui.set_min_height(ROW);
                // The last one is taken back by a click on it.
                let is_within = can_be_left_out && at < done;
                if is_within && remove_button(ui, &format!("Leave out: {title}")).clicked() {
                    actions.push(SchemaAction::LeaveOut(at).into());
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| elided(ui, text));
            });
        });
        if response.on_hover_text(hint).clicked() {
            actions.push(SchemaAction::GoTo(if at == done { nth } else { at }).into());
        }
    }
}
