//! A field and a list of what fits what is typed in it: the widget of the command palette and of the label search.
//!
//! Knows names and explanations, not what they stand for. The list is ranked when the query changes, never otherwise,
//! and only the rows in view are drawn.

use egui::accesskit::Role;
use egui::{Align, Key, Layout, Modifiers, Response, RichText, ScrollArea, Ui};

use super::fuzzy::{Haystack, rank};
use crate::theme::{Theme, medium, size, space};
use crate::ui::widgets::row;

/// Height of a row in points.
const ROW_HEIGHT: f32 = 28.0;

/// What is typed, what fits, and which of it is highlighted.
#[derive(Clone, Debug, PartialEq)]
pub struct Finder {
    /// The field.
    pub query: String,
    all: Vec<Haystack>,
    ranked_for: Option<String>,
    hits: Vec<usize>,
    at: usize,
    /// The rows that were drawn last, to bring the highlighted one into view.
    drawn: std::ops::Range<usize>,
    /// Whether the last of all is offered whatever is typed.
    keeps_last: bool,
}

impl Finder {
    /// A search in these, shown in this order while nothing is typed.
    pub fn new(all: Vec<Haystack>) -> Self {
        Self { query: String::new(), all, ranked_for: None, hits: Vec::new(), at: 0, drawn: 0..0, keeps_last: false }
    }

    /// The same, with the last one at the end of the list whatever is typed: for what is none of the others.
    pub fn with_last(all: Vec<Haystack>) -> Self {
        Self { keeps_last: true, ..Self::new(all) }
    }

    /// The number of the highlighted one, in the order given to [`Finder::new`].
    pub fn highlighted(&self) -> Option<usize> {
        self.hits.get(self.at).copied()
    }

    /// Brings the list up to date with the field.
    pub fn refresh(&mut self) {
        if self.ranked_for.as_ref() != Some(&self.query) {
            self.hits = rank(&self.all, &self.query);
            if let Some(last) = self.all.len().checked_sub(1).filter(|_| self.keeps_last) {
                self.hits.retain(|hit| *hit != last);
                self.hits.push(last);
            }
            self.ranked_for = Some(self.query.clone());
            self.at = 0;
            self.drawn = 0..0;
        }
    }

    /// Draws the field; takes the keys that move the highlight. Gives whether Enter was pressed.
    pub fn field_ui(&mut self, ui: &mut Ui, name: &str, hint: &str) -> bool {
        let page = self.drawn.len().saturating_sub(1).max(1);
        let last = self.hits.len().saturating_sub(1);
        // Before the field gets them: it would move its own caret.
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
        let (page_down, page_up) = (pressed(Key::PageDown), pressed(Key::PageUp));
        let (home, end) = (pressed(Key::Home) > 0, pressed(Key::End) > 0);
        let entered = pressed(Key::Enter) > 0;
        self.at = (self.at + down + page_down * page).saturating_sub(up + page_up * page).min(last);
        if home || end {
            self.at = if end { last } else { 0 };
        }
        let edit = egui::TextEdit::singleline(&mut self.query).hint_text(hint).desired_width(f32::INFINITY);
        let response = ui.add(edit.font(egui::TextStyle::Body).margin(egui::Margin::symmetric(8, 6)));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
        if !response.has_focus() {
            response.request_focus();
        }
        self.refresh();
        entered
    }

    /// Draws the list in a box of this height, each row by `add` with its number; gives the one that was clicked.
    pub fn list_ui(
        &mut self,
        ui: &mut Ui,
        height: f32,
        name: impl Fn(usize) -> String,
        mut add: impl FnMut(&mut Ui, usize),
    ) -> Option<usize> {
        let theme = Theme::current(ui.ctx());
        let spacing = 2.0;
        ui.spacing_mut().item_spacing.y = spacing;
        let mut area =
            ScrollArea::vertical().auto_shrink([false, false]).max_height(height).min_scrolled_height(height);
        if !self.drawn.is_empty() && !self.drawn.contains(&self.at) {
            let rows = self.drawn.len() as f32;
            let first = if self.at < self.drawn.start { self.at as f32 } else { self.at as f32 - rows + 1.0 };
            area = area.vertical_scroll_offset(first * (ROW_HEIGHT + spacing));
        }
        if self.hits.is_empty() {
            ui.add_space(space::S);
            ui.label(RichText::new("Nothing has such a name").color(theme.muted));
            ui.add_space(height - 28.0);
            return None;
        }
        let mut clicked = None;
        let (hits, at) = (&self.hits, self.at);
        let output = area.show_rows(ui, ROW_HEIGHT, hits.len(), |ui, range| {
            for nth in range {
                let Some(i) = hits.get(nth).copied() else { continue };
                let response = option(ui, &name(i), nth == at, |ui| add(ui, i));
                if response.clicked() {
                    clicked = Some(i);
                }
            }
        });
        // Rows that are wholly in view.
        let pitch = ROW_HEIGHT + spacing;
        let (top, shown) = (output.state.clamped_offset().y, output.inner_rect.height());
        let first = (top / pitch - 0.01).ceil().max(0.0) as usize;
        self.drawn = first..(((top + shown + spacing) / pitch + 0.01).floor() as usize).max(first + 1);
        clicked
    }
}

fn option(ui: &mut Ui, name: &str, is_highlighted: bool, add: impl FnOnce(&mut Ui)) -> Response {
    let response = row(ui, name, is_highlighted, |ui| {
        // The frame of a row takes a point above and below.
        let size = egui::vec2(ui.available_width(), ROW_HEIGHT - 2.0);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), add);
    });
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::ListBoxOption);
        node.set_selected(is_highlighted);
    });
    response
}

/// Keys at the right end of a row.
pub fn keys_ui(ui: &mut Ui, theme: &Theme, keys: &str) {
    if !keys.is_empty() {
        egui::Frame::NONE
            .fill(theme.raised)
            .stroke(theme.hairline())
            .corner_radius(3)
            .inner_margin(egui::Margin::symmetric(5, 1))
            .show(ui, |ui| ui.label(RichText::new(keys).font(medium(size::SMALL)).color(theme.text)));
    }
}
