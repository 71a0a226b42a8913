//! What stands in the middle while no document of the project is open.

use egui::{RichText, Ui, vec2};

use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::project::{OpenProject, ProjectAction};
use crate::store::Unsaved;
use crate::theme::{Theme, reading, reading_bold, size, space};
use crate::ui::Actions;
use crate::ui::welcome::unsaved_ui;
use crate::ui::widgets::{number, quiet_button, told};

/// Draws the project's title and what can be done next.
pub fn home_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, unsaved: &[Unsaved], actions: &mut Actions) {
    let width = 400.0_f32.min(ui.available_width() - 2.0 * space::L);
    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.set_max_width(width);
            ui.add_space((ui.available_height() * 0.2).max(space::XL));
            let title = told(&project.project.file.title);
            ui.add(egui::Label::new(RichText::new(title).font(reading_bold(size::TITLE)).color(theme.ink)).wrap());
            let is_empty = project.catalogue.entries.is_empty() && project.scan.is_none();
            let (text, commands): (&str, &[Command]) = if is_empty {
                ("Add articles to begin", &[Command::AddFiles, Command::AddFolder])
            } else {
                ("Choose a document at the left", &[Command::NextDocument, Command::AddFiles, Command::AddFolder])
            };
            ui.label(RichText::new(text).font(reading(size::READING)).color(theme.muted));
            ui.add_space(space::L);
            for command in commands {
                let name = RichText::new(command.info().name).size(size::HEADING);
                let mut button = egui::Button::new((name, egui::Atom::grow()));
                let keys = command.key_text(ui.ctx());
                if !keys.is_empty() {
                    button = button.shortcut_text(keys);
                }
                if ui.add(button.min_size(vec2(width, 38.0))).on_hover_text(command.info().help).clicked() {
                    actions.push(Action::Run(*command));
                }
            }
            same_ui(ui, theme, project, actions);
        });
        ui.horizontal(|ui| {
            ui.add_space(((ui.available_width() - width) / 2.0).max(0.0));
            ui.vertical(|ui| {
                ui.set_max_width(width);
                unsaved_ui(ui, theme, unsaved, actions);
            });
        });
    });
}

/// Says that some documents are the same article, and leads to them.
fn same_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, actions: &mut Actions) {
    let count = project.catalogue.same.documents();
    if count == 0 {
        return;
    }
    ui.add_space(space::M);
    let text = format!("{} documents are the same article as another one", number(count));
    ui.label(RichText::new(text).size(size::BODY).color(theme.muted));
    let (text, hover) = if project.query.same {
        ("Show all documents", "Show the whole list again")
    } else {
        (
            "Show them together",
            "Show only these in the list, each beside its like; one that is too many can be taken out",
        )
    };
    if quiet_button(ui, text).on_hover_text(hover).clicked() {
        actions.push(ProjectAction::ToggleSame.into());
    }
}
