//! The arrow keys of the menu bar: along the bar, down into a menu, and from an open menu into the one beside it.
//!
//! egui moves within a menu and into its submenus; between menus it moves the focus by where things are on the screen,
//! which leads out of the bar.

use egui::{FocusDirection, Id, Key, Popup, Response, Ui};

/// The buttons of the bar as they are drawn, each with its menu.
#[derive(Default)]
pub struct Bar {
    /// Button and menu.
    buttons: Vec<(Id, Id)>,
    /// Entries that open a menu of their own.
    submenus: Vec<Id>,
}

/// The menu whose first entry gets the focus as soon as it is drawn.
fn slot() -> Id {
    Id::unique("menu to enter")
}

impl Bar {
    /// The bar has this button; its menu is that of egui.
    pub fn drawn(&mut self, button: &Response) {
        self.buttons.push((button.id, Popup::default_response_id(button)));
    }

    /// A menu was drawn, with these entries. `button`: how many buttons the bar has before its own.
    pub fn menu_drawn(&mut self, ui: &Ui, button: usize, entries: &Entries) {
        self.submenus.extend(&entries.submenus);
        let is_asked = ui.data(|data| data.get_temp::<usize>(slot())) == Some(button);
        if let Some(first) = entries.first.filter(|_| is_asked && !ui.is_sizing_pass()) {
            ui.data_mut(|data| data.remove::<usize>(slot()));
            ui.memory_mut(|memory| memory.request_focus(first));
            ui.ctx().request_repaint();
        }
    }

    /// Answers the arrow keys of this frame. After the bar and its open menu are drawn: egui has had its turn.
    pub fn keys(&self, ui: &Ui) {
        let count = self.buttons.len();
        let focused = ui.memory(egui::Memory::focused);
        let open = self.buttons.iter().position(|(_, menu)| Popup::is_id_open(ui.ctx(), *menu));
        let on_bar = self.buttons.iter().position(|(button, _)| Some(*button) == focused);
        if open.is_none() && on_bar.is_none() {
            ui.data_mut(|data| data.remove::<usize>(slot()));
            return;
        }
        let pressed = |key| ui.input(|input| input.modifiers.is_none() && input.key_pressed(key));
        let (left, right) = (pressed(Key::ArrowLeft), pressed(Key::ArrowRight));
        let beside = |at: usize| (if right { at + 1 } else { at + count - 1 }) % count;
        match (open, on_bar) {
            (Some(at), _) if (left || right) && !self.is_of_submenu(ui, focused, at, right) => {
                self.enter(ui, beside(at));
            }
            (None, Some(at)) if left || right => self.focus(ui, beside(at)),
            (None, Some(at)) if pressed(Key::ArrowDown) || pressed(Key::ArrowUp) => self.enter(ui, at),
            _ => {}
        }
    }

    /// Whether the key belongs to a submenu: into it to the right, out of it to the left.
    fn is_of_submenu(&self, ui: &Ui, focused: Option<Id>, open: usize, is_right: bool) -> bool {
        let Some(focused) = focused else { return false };
        if is_right {
            return self.submenus.contains(&focused);
        }
        let layer = ui.ctx().viewport(|viewport| viewport.this_pass.widgets.get(focused).map(|w| w.layer_id.id));
        let is_on_bar = self.buttons.iter().any(|(button, _)| *button == focused);
        !is_on_bar && layer.is_some() && layer != self.buttons.get(open).map(|(_, menu)| *menu)
    }

    fn enter(&self, ui: &Ui, at: usize) {
        let Some((_, menu)) = self.buttons.get(at) else { return };
        Popup::open_id(ui.ctx(), *menu);
        ui.data_mut(|data| data.insert_temp(slot(), at));
        self.focus(ui, at);
    }

    fn focus(&self, ui: &Ui, at: usize) {
        let Some((button, _)) = self.buttons.get(at) else { return };
        ui.memory_mut(|memory| {
            memory.move_focus(FocusDirection::None);
            memory.request_focus(*button);
        });
        ui.ctx().request_repaint();
    }
}

/// The entries of a menu as they are drawn.
#[derive(Default)]
pub struct Entries {
    first: Option<Id>,
    submenus: Vec<Id>,
}

impl Entries {
    /// An entry was drawn.
    pub fn drawn(&mut self, entry: &Response) {
        if entry.enabled() {
            self.first.get_or_insert(entry.id);
        }
    }

    /// An entry was drawn that opens a menu of its own.
    pub fn submenu_drawn(&mut self, entry: &Response) {
        self.drawn(entry);
        self.submenus.push(entry.id);
    }
}
