//! What can be done with what is selected, at the pointer or the caret.

use egui::{Frame, Key, Pos2};

use super::App;
use super::action::Action;
use super::command::Command;
use crate::model::Kind;
use crate::ui::widgets::name_entry;

/// The menu while it is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ContextMenu {
    at: Pos2,
    /// Whether its first entry has had the focus.
    has_begun: bool,
}

impl ContextMenu {
    /// A menu with its corner there.
    pub fn at(at: Pos2) -> Self {
        Self { at, has_begun: false }
    }
}

impl App {
    /// Opens the menu at the selected annotation or the caret.
    pub(super) fn open_context_menu(&mut self) {
        if self.dialog.is_some() {
            return;
        }
        let Some(session) = &self.session else { return };
        let document = session.document();
        let selected = session.selected.as_ref().and_then(|id| session.reader.rect_of(document, id));
        let at = selected.or_else(|| session.reader.caret_rect(&session.selection));
        let area = self.focus.rect_of(crate::ui::focus::Region::Article);
        let at = at.map(|rect| rect.left_bottom()).or(area.map(|rect| rect.center()));
        self.context_menu = at.map(|at| ContextMenu::at(at + egui::vec2(0.0, 4.0)));
    }

    /// Draws the menu, if it is open.
    pub(super) fn draw_context_menu(&mut self, ctx: &egui::Context) {
        let Some(menu) = self.context_menu else { return };
        let has_selection = self.session.as_ref().is_some_and(|s| !s.selection.spans().is_empty());
        let has_annotation = self.session.as_ref().is_some_and(|s| s.selected.is_some());
        let can_have_roles = self.session.as_ref().is_some_and(|s| {
            let kind = s.selected.as_ref().and_then(|id| s.document().kind_of(id));
            matches!(kind, Some(Kind::Event | Kind::Quote))
        });
        let commands = [
            (Command::Copy, has_selection),
            (Command::MarkQuote, has_selection),
            (Command::FindLabel, has_selection || has_annotation),
            (Command::SetField, has_annotation),
            (Command::FillRoles, can_have_roles),
            (Command::Relation, has_annotation),
            (Command::AllOccurrences, has_annotation),
            (Command::JoinEntity, has_annotation),
            (Command::SplitEntity, has_annotation),
            (Command::Delete, has_annotation),
            (Command::Undo, true),
        ];
        let is_read_only = self.read_only().is_some();
        let mut chosen = None;
        let mut ids = Vec::new();
        let area = egui::Area::new(egui::Id::unique("context menu")).fixed_pos(menu.at).order(egui::Order::Foreground);
        let response = area.show(ctx, |ui| {
            Frame::menu(ui.style()).show(ui, |ui| {
                ui.set_width(220.0);
                for (command, _) in commands.into_iter().filter(|(_, fits)| *fits) {
                    let (name, keys) = (command.info().name, command.key_text(ctx));
                    let button = egui::Button::new(name).shortcut_text(keys.as_str()).frame(false);
                    let is_possible = !(is_read_only && command.changes_document());
                    let response = ui.add_enabled(is_possible, button.min_size(egui::vec2(208.0, 24.0)));
                    name_entry(ui, &response, name, &keys);
                    if response.clicked() {
                        chosen = Some(command);
                    }
                    if is_possible {
                        ids.push(response.id);
                    }
                }
            });
        });
        let focused = ctx.memory(egui::Memory::focused);
        let at = focused.and_then(|id| ids.iter().position(|known| *known == id));
        let next = match at {
            None if !menu.has_begun => Some(0),
            None => None,
            Some(at) => {
                let (down, up) = ctx.input(|i| (i.key_pressed(Key::ArrowDown), i.key_pressed(Key::ArrowUp)));
                let to = if down {
                    at + 1
                } else if up {
                    at + ids.len() - 1
                } else {
                    at
                };
                Some(to % ids.len())
            }
        };
        if let Some(id) = next.and_then(|i| ids.get(i)).copied() {
            let filter = egui::EventFilter { vertical_arrows: true, horizontal_arrows: true, ..Default::default() };
            ctx.memory_mut(|memory| {
                memory.request_focus(id);
                memory.set_focus_lock_filter(id, filter);
            });
        }
        self.context_menu = Some(ContextMenu { has_begun: true, ..menu });
        let elsewhere = ctx.input(|i| i.pointer.any_pressed()) && !response.response.contains_pointer();
        let has_left = menu.has_begun && at.is_none() && !ids.is_empty();
        if chosen.is_some() || elsewhere || has_left || ctx.input(|i| i.key_pressed(Key::Escape)) {
            self.context_menu = None;
            ctx.request_repaint();
        }
        self.actions.extend(chosen.map(Action::Run));
    }
}
