//! The bar above the editor: what is edited, undo and redo, files, and what comes of it.

use egui::{Align, Button, Layout, RichText, Ui, vec2};

use super::Page;
use crate::app::schema_editor::{Review, SchemaAction, Stage};
use crate::theme::{semibold, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{counted, elided, name_entry, quiet_button, told};

/// Draws the bar.
pub fn head_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let theme = page.theme;
    let size = vec2(ui.available_width(), 30.0);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        match &page.editor.stage {
            Stage::Edit => edit_buttons(ui, page, actions),
            Stage::Review(review) => {
                let is_known = matches!(review, Review::Known(_));
                if accent_button(ui, page, "Apply", is_known).clicked() {
                    actions.push(SchemaAction::Apply.into());
                }
                if ui.button("Back to editing").clicked() {
                    actions.push(SchemaAction::Back.into());
                }
            }
            Stage::Beside(beside) => {
                if beside.is_import && accent_button(ui, page, "Take it over", true).clicked() {
                    actions.push(SchemaAction::Take.into());
                }
                if ui.button("Back to editing").clicked() {
                    actions.push(SchemaAction::Back.into());
                }
            }
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.label(RichText::new("Label set").font(semibold(size::HEADING)).color(theme.ink));
            let base = &page.editor.edited().base;
            let steps = page.editor.edited().steps().len();
            let state = match (page.editor.edited().is_changed(), steps) {
                (false, _) => format!("version {}", base.version),
                (true, 0) => "described anew, no annotation is touched".to_owned(),
                (true, steps) => format!("{} that annotations follow, not applied yet", counted(steps, "step")),
            };
            elided(ui, RichText::new(format!("{} · {state}", told(&page.schema.title))).color(theme.muted));
        });
    });
}

fn edit_buttons(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    if quiet_button(ui, "Close").on_hover_text("Leave the editor; it asks before changes are thrown away").clicked() {
        actions.push(SchemaAction::Close.into());
    }
    let why = match (page.editor.edited().is_changed(), page.editor.may_apply()) {
        (false, _) => "Nothing is changed yet",
        (true, false) => "The label set contradicts itself; see Conflicts",
        (true, true) => "See what is touched, then apply it",
    };
    let apply = accent_button(ui, page, "Apply…", page.editor.may_apply());
    if apply.on_hover_text(why).on_disabled_hover_text(why).clicked() {
        actions.push(SchemaAction::Review.into());
    }
    ui.add_space(space::XS);
    let menu = ui.menu_button("Files", |ui| {
        ui.set_min_width(200.0);
        let entries = [
            ("Import…", "Take over another label set, after seeing what differs", SchemaAction::Import),
            ("Compare…", "See how the project's label set differs from that of a file", SchemaAction::Compare),
            ("Export…", "Write the label set as a file of its own", SchemaAction::Export),
        ];
        for (name, help, action) in entries {
            let entry = ui.button(name);
            name_entry(ui, &entry, name, "");
            if entry.on_hover_text(help).clicked() {
                actions.push(action.into());
                ui.close();
            }
        }
    });
    name_entry(ui, &menu.response, "Files of label sets", "");
    for (name, title, action) in
        [("Redo", page.editor.redo_title(), SchemaAction::Redo), ("Undo", page.editor.undo_title(), SchemaAction::Undo)]
    {
        let button = ui.add_enabled(title.is_some(), Button::new(name));
        name_entry(ui, &button, &format!("{name} edit of the label set"), "");
        if button.on_hover_text(told(title.unwrap_or_default())).clicked() {
            actions.push(action.into());
        }
    }
}

fn accent_button(ui: &mut Ui, page: &Page<'_>, text: &str, is_enabled: bool) -> egui::Response {
    let theme = page.theme;
    let button = if is_enabled {
        Button::new(RichText::new(text).color(theme.on_accent)).fill(theme.accent)
    } else {
        Button::new(text)
    };
    ui.add_enabled(is_enabled, button.min_size(vec2(72.0, 26.0)))
}
