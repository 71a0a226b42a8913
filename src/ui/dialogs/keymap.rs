//! Where the keymap file is, and how to use it.

use std::path::Path;

use egui::{RichText, Ui};

use super::{buttons, title_ui};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::theme::{Theme, space};
use crate::ui::Actions;

/// Draws the path and what to do with the file.
pub fn keymap_ui(ui: &mut Ui, theme: &Theme, path: &Path, is_new: bool, actions: &mut Actions) {
    title_ui(ui, "Your keys");
    let text = if is_new {
        "This file was written for you. It lists all commands with their keys; remove the // before a line to change it"
    } else {
        "Your keys are in this file"
    };
    ui.add(egui::Label::new(text).wrap());
    ui.add_space(space::S);
    ui.add(egui::Label::new(RichText::new(path.display().to_string()).monospace().color(theme.accent)).wrap());
    ui.add_space(space::S);
    let after = "Change it in any text editor, save it, then reload the keymap";
    ui.add(egui::Label::new(RichText::new(after).color(theme.muted)).wrap());
    match buttons(ui, theme, &[("Copy the path", true), ("Reload keymap", true), ("Close", true)]) {
        Some(0) => ui.ctx().copy_text(path.display().to_string()),
        Some(1) => actions.push(Action::Run(Command::ReloadKeymap)),
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}
