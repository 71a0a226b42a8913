//! Commands about the keyboard itself: where it is, and what it reaches.

use egui::{Event, ImeEvent};

use super::App;
use super::command::Command;
use crate::canvas::Reader;
use crate::ui::focus::Region;
use crate::ui::lists::{self, Tab};

impl App {
    /// How a command is run, as part of a message: `press q`.
    pub(super) fn how(&self, command: Command) -> String {
        command.how(&self.ctx)
    }

    /// Whether a dialog or menu lies over the window and has the keyboard.
    pub(super) fn is_covered(&self, ctx: &egui::Context) -> bool {
        self.dialog.is_some() || self.context_menu.is_some() || egui::Popup::is_any_open(ctx)
    }

    /// Whether an input method composes in this frame. Its keys are not ours, nor the one that ends it.
    pub(super) fn is_composing(&mut self, ctx: &egui::Context) -> bool {
        let focused = ctx.memory(egui::Memory::focused).unwrap_or_else(Reader::id);
        // It ends when the focus moves on; input methods do not always say so.
        let before = self.composing_at.filter(|at| *at == focused);
        let mut is_concerned = before.is_some();
        self.composing_at = before;
        ctx.input(|input| {
            for event in &input.events {
                self.composing_at = match event {
                    Event::Ime(ImeEvent::Preedit { text, .. }) if !text.is_empty() => Some(focused),
                    Event::Ime(ImeEvent::Preedit { .. } | ImeEvent::Commit(_)) | Event::WindowFocused(_) => None,
                    _ => continue,
                };
                is_concerned |= matches!(event, Event::Ime(_));
            }
        });
        is_concerned
    }

    /// Shows a list and gives it the keyboard.
    pub(super) fn show_list(&mut self, ctx: &egui::Context, tab: Tab) {
        let is_previewing = self.session.as_ref().is_some_and(|session| session.again.is_some());
        if self.dialog.is_some() || is_previewing {
            return;
        }
        self.settings.show_panel = true;
        self.lists.tab = tab;
        lists::focus_list(ctx);
    }

    /// Shows the documents of the project and gives them the keyboard.
    pub(super) fn focus_queue(&mut self, ctx: &egui::Context) {
        if self.project.is_none() {
            return self.toasts.refused("That is for projects; open a folder first");
        }
        self.settings.show_queue = true;
        self.focus.enter(ctx, Region::Queue);
    }

    /// Makes the side panel wider, by points.
    pub(super) fn resize_panel(&mut self, by_points: f32) {
        self.settings.show_panel = true;
        // The lists are as wide as the panel without its padding.
        let width = self.focus.rect_of(Region::Lists).map_or(372.0, |rect| rect.width() + 2.0 * crate::theme::space::M);
        self.panel_width = Some(width + by_points);
    }
}
