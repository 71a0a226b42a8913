//! The guidelines, in the place of inspector and lists while they are shown.

use egui::{Align, Layout, RichText, ScrollArea, TextEdit, Ui};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::project::{Guidelines, ProjectAction};
use crate::theme::{Theme, semibold, size, space};
use crate::ui::Actions;
use crate::ui::widgets::quiet_button;

/// What the view remembers between frames.
#[derive(Default)]
pub struct GuidelinesState {
    cache: CommonMarkCache,
}

/// Draws the guidelines, or the field in which they are written.
pub fn guidelines_ui(
    ui: &mut Ui,
    theme: &Theme,
    guidelines: &mut Guidelines,
    state: &mut GuidelinesState,
    actions: &mut Actions,
) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Guidelines").font(semibold(size::HEADING)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if quiet_button(ui, "Close").clicked() {
                actions.push(Action::Run(Command::Guidelines));
            }
            if guidelines.draft.is_some() {
                if quiet_button(ui, "Keep").on_hover_text("Write the file").clicked() {
                    actions.push(ProjectAction::KeepGuidelines.into());
                }
            } else if guidelines.text.is_some() && quiet_button(ui, "Edit text").clicked() {
                actions.push(ProjectAction::EditGuidelines.into());
            }
        });
    });
    ui.add_space(space::S);
    if let Some(draft) = &mut guidelines.draft {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let field = TextEdit::multiline(draft).code_editor().desired_width(f32::INFINITY).desired_rows(24);
            let field = ui.add(field);
            ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("Guidelines in Markdown"));
            if field.lost_focus() {
                actions.push(ProjectAction::KeepGuidelines.into());
            }
        });
        return;
    }
    match guidelines.text.as_deref() {
        None => drop(ui.label(RichText::new("Reading…").color(theme.muted))),
        Some(text) if text.trim().is_empty() => {
            let text = "There are no guidelines yet. Edit writes down what to mark, and how to decide in doubt";
            ui.add(egui::Label::new(RichText::new(text).color(theme.muted)).wrap());
        }
        Some(text) => {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                CommonMarkViewer::new().show(ui, &mut state.cache, text);
            });
        }
    }
}
