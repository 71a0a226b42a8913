//! Small widgets that several panels use.

use std::borrow::Cow;

use egui::{
    Align2, Color32, CornerRadius, CursorIcon, Key, Modifiers, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, vec2,
};

use super::{Actions, View};
use crate::app::action::Action;
use crate::app::fields::Field;
use crate::limits;
use crate::model::{Id, Kind};
use crate::text::visible;
use crate::theme::{LabelColors, Theme, medium, semibold, size, space};

/// A label as a chip: a stripe in its colour, its name, its key.
pub struct LabelChip<'a> {
    /// The label.
    pub text: &'a str,
    /// Its colours.
    pub colors: LabelColors,
    /// The key that sets it.
    pub key: Option<String>,
    /// Whether it is the one in use.
    pub is_active: bool,
    /// Events are drawn filled, mentions open, so that they differ without colour.
    pub is_filled: bool,
}

/// A label, role or other name as the window shows it: on one line, shortened, with nothing hidden in it.
pub fn named(name: &str) -> Cow<'_, str> {
    visible::line(name, limits::LABEL_SHOWN)
}

/// A definition, message or example as a hint shows it: shortened, with nothing hidden in it.
pub fn told(text: &str) -> Cow<'_, str> {
    visible::shortened(text, limits::MESSAGE_SHOWN)
}

impl LabelChip<'_> {
    /// Draws it.
    pub fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::current(ui.ctx());
        let painter = ui.painter();
        let name = named(self.text);
        let text = painter.layout_no_wrap(name.clone().into_owned(), medium(size::BODY - 0.5), Color32::PLACEHOLDER);
        let key = self.key.map(|key| painter.layout_no_wrap(key, medium(size::SMALL), Color32::PLACEHOLDER));
        let cap_width = key.as_ref().map_or(0.0, |key| key.size().x.max(8.0) + 6.0 + 4.0);
        let desired = vec2(9.0 + text.size().x + cap_width + 5.0, 22.0);
        let (rect, response) = ui.allocate_exact_size(desired, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name.as_ref()));
        if ui.is_rect_visible(rect) {
            let painter = ui.painter();
            let fill = if response.hovered() || self.is_active { self.colors.fill_strong } else { self.colors.fill };
            let radius = CornerRadius::same(4);
            painter.rect_filled(rect, radius, fill);
            if self.is_active || response.has_focus() {
                painter.rect_stroke(rect, radius, Stroke::new(1.5, self.colors.ink), StrokeKind::Inside);
            }
            let stripe = egui::Rect::from_min_size(rect.min, vec2(4.0, rect.height()));
            let left = CornerRadius { nw: 4, sw: 4, ne: 0, se: 0 };
            painter.rect_filled(stripe, left, if self.is_filled { self.colors.chip } else { self.colors.line });
            let y = rect.center().y;
            let ink = if theme.is_dark { theme.ink } else { self.colors.ink };
            painter.galley(egui::pos2(rect.left() + 9.0, y - text.size().y / 2.0), text.clone(), ink);
            if let Some(key) = key {
                let cap = egui::Rect::from_min_max(
                    egui::pos2(rect.right() - cap_width + 1.0, rect.top() + 3.0),
                    egui::pos2(rect.right() - 3.0, rect.bottom() - 3.0),
                );
                painter.rect(
                    cap,
                    CornerRadius::same(3),
                    theme.raised,
                    Stroke::new(1.0, theme.border),
                    StrokeKind::Inside,
                );
                let at = cap.center() - key.size() / 2.0;
                painter.galley(at, key, theme.text);
            }
        }
        response.on_hover_cursor(CursorIcon::PointingHand)
    }
}

/// A coloured tag with the label of an annotation, not clickable.
pub fn label_tag(ui: &mut Ui, view: &View<'_>, kind: Kind, label: &str) -> Response {
    let colors = view.palette.of(kind, label);
    let is_filled = kind == Kind::Event;
    let (fill, ink) = if is_filled { (colors.chip, colors.on_chip) } else { (colors.fill_strong, colors.ink) };
    let ink = if view.theme.is_dark && !is_filled { view.theme.ink } else { ink };
    let label = named(label);
    let text = ui.painter().layout_no_wrap(label.clone().into_owned(), semibold(size::SMALL), ink);
    let (rect, response) = ui.allocate_exact_size(text.size() + vec2(10.0, 4.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, label.as_ref()));
    ui.painter().rect_filled(rect, CornerRadius::same(3), fill);
    ui.painter().galley(rect.min + vec2(5.0, 2.0), text, ink);
    response
}

/// Tells assistive programs the name of an entry of a menu and its key, each for itself: egui makes one text of both, with
/// a blank at the end where there is no key.
pub fn name_entry(ui: &Ui, entry: &Response, text: &str, keys: &str) {
    ui.ctx().accesskit_node_builder(entry.id, |node| {
        node.set_label(text);
        if !keys.is_empty() {
            node.set_keyboard_shortcut(keys);
        }
    });
}

/// `1 event`, `2,000 events`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{} {what}{}", number(count), if count == 1 { "" } else { "s" })
}

/// `1,234,567`.
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

/// A heading inside a panel.
pub fn heading(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add_space(space::S);
    ui.label(RichText::new(visible::line(text, limits::LINE_SHOWN)).font(semibold(size::SMALL)).color(theme.muted));
}

/// Quiet text.
pub fn muted(ui: &mut Ui, theme: &Theme, text: impl Into<String>) -> Response {
    ui.label(RichText::new(told(&text.into())).color(theme.muted))
}

/// A button without a frame, for what is done rarely.
pub fn quiet_button(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::current(ui.ctx());
    ui.add(egui::Button::new(RichText::new(named(text)).color(theme.accent)).frame(false))
        .on_hover_cursor(CursorIcon::PointingHand)
}

/// A small × with an accessible name.
pub fn remove_button(ui: &mut Ui, name: &str) -> Response {
    let theme = Theme::current(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(18.0, 26.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let color = if response.hovered() || response.has_focus() { theme.error } else { theme.muted };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, "×", medium(size::HEADING), color);
    response.on_hover_text(told(name)).on_hover_cursor(CursorIcon::PointingHand)
}

/// A row of a list that can be clicked: full width, lit when hovered or selected. Draw the content with `add`.
pub fn row(ui: &mut Ui, name: &str, is_selected: bool, add: impl FnOnce(&mut Ui)) -> Response {
    let theme = Theme::current(ui.ctx());
    let name = visible::line(name, limits::LINE_SHOWN);
    let background = ui.painter().add(egui::Shape::Noop);
    let inner = ui.scope_builder(egui::UiBuilder::new().sense(Sense::click()), |ui| {
        egui::Frame::NONE.inner_margin(egui::Margin::symmetric(6, 1)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui);
        });
    });
    let response = inner.response;
    rows::drawn(ui.ctx(), response.id, is_selected);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, name.as_ref()));
    let fill = match (is_selected, response.hovered() || response.has_focus()) {
        (true, _) => theme.accent_soft,
        (false, true) => theme.hovered,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().set(background, egui::Shape::rect_filled(response.rect, CornerRadius::same(4), fill));
    response.on_hover_cursor(CursorIcon::PointingHand)
}

pub use rows::is_selected_row;

/// Lets a list know the rows that are drawn in it, so that it can move the focus from row to row.
pub mod rows {
    use egui::{Context, Id};

    #[derive(Clone, Copy, Default)]
    struct Drawn {
        first: Option<Id>,
        /// The row that has the focus and shows the selected annotation.
        selected: Option<Id>,
    }

    fn slot() -> Id {
        Id::unique("rows drawn")
    }

    pub(super) fn drawn(ctx: &Context, id: Id, is_selected: bool) {
        let has_focus = ctx.memory(|memory| memory.has_focus(id));
        ctx.data_mut(|data| {
            let drawn = data.get_temp_mut_or_default::<Drawn>(slot());
            drawn.first.get_or_insert(id);
            if has_focus {
                drawn.selected = is_selected.then_some(id);
            }
        });
    }

    /// The first row that `add` draws.
    pub fn first_in(ctx: &Context, add: impl FnOnce()) -> Option<Id> {
        ctx.data_mut(|data| data.get_temp_mut_or_default::<Drawn>(slot()).first = None);
        add();
        ctx.data_mut(|data| data.get_temp_mut_or_default::<Drawn>(slot()).first.take())
    }

    /// Whether this was drawn as a row that shows the selected annotation and has the focus.
    pub fn is_selected_row(ctx: &Context, id: Id) -> bool {
        ctx.data_mut(|data| data.get_temp_mut_or_default::<Drawn>(slot()).selected) == Some(id)
    }
}

/// One line of text that is cut off with `…` where it does not fit.
pub fn elided(ui: &mut Ui, text: impl Into<RichText>) -> Response {
    ui.add(egui::Label::new(text.into()).truncate().selectable(false))
}

/// A clickable mention of an annotation: its tag and its words. A click brings it into view.
pub fn annotation_link(ui: &mut Ui, view: &View<'_>, id: &Id, actions: &mut Actions) -> Response {
    let label = view.document.label_of(id);
    let name = format!("Go to {}: {}", named(label), view.document.brief_of(id));
    let kind = view.document.kind_of(id);
    let response = row(ui, &name, view.selected == Some(id), |ui| {
        ui.horizontal(|ui| {
            if let Some(kind) = kind {
                label_tag(ui, view, kind, label);
                elided(ui, view.document.brief_of(id));
            } else {
                ui.label(RichText::new(format!("{id} is missing")).color(view.theme.error));
            }
        });
    });
    if response.clicked() {
        actions.push(Action::Reveal(id.clone()));
    }
    if response.hovered() {
        actions.push(Action::Hover(id.clone()));
    }
    response
}

/// After so long without a key, what was typed into a field becomes an edit, in seconds.
const TYPING_PAUSE_SECS: f64 = 1.0;

/// Texts that are being edited and not yet given to the document.
#[derive(Default)]
pub struct Drafts {
    /// Whether the fields only show what they hold.
    pub is_read_only: bool,
    field: Option<Field>,
    text: String,
    /// When the text was changed last without having been given, in seconds of the context's clock.
    changed_at_secs: Option<f64>,
    /// A field that gets the keyboard when it is drawn next, and gives it back when it is left.
    asked: Option<Field>,
    was_asked: Option<Field>,
}

impl Drafts {
    /// The field gets the keyboard as soon as it is drawn.
    pub fn ask_for(&mut self, field: Field) {
        self.asked = Some(field);
    }

    /// A text field that shows `current` and gives the new text when it is left or Enter is pressed (Ctrl+Enter in a field
    /// of several rows), and when nothing was typed for a moment, so that a crash costs no more than that. Escape gives up
    /// what was not given.
    pub fn field(
        &mut self,
        ui: &mut Ui,
        field: Field,
        name: &str,
        current: &str,
        hint: &str,
        rows: usize,
    ) -> Option<String> {
        let is_mine = self.field.as_ref() == Some(&field);
        let mut text = if is_mine { self.text.clone() } else { current.to_owned() };
        let edit = if rows > 1 {
            egui::TextEdit::multiline(&mut text).desired_rows(rows)
        } else {
            egui::TextEdit::singleline(&mut text)
        };
        let edit = edit.hint_text(hint).desired_width(f32::INFINITY).id_salt(&field);
        let response = ui.add(edit.interactive(!self.is_read_only));
        response.widget_info(|| WidgetInfo::text_edit(ui.is_enabled(), current, &text, hint));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_label(name);
            if rows > 1 {
                node.set_role(egui::accesskit::Role::MultilineTextInput);
            }
        });
        if response.changed() || (response.has_focus() && !is_mine) {
            self.field = Some(field.clone());
            self.text.clone_from(&text);
        }
        if response.changed() {
            self.changed_at_secs = (text != current).then(|| ui.input(|input| input.time));
        }
        self.answer(ui, &field, &response, text.chars().count(), rows);
        if self.field.as_ref() != Some(&field) {
            return None;
        }
        if !response.lost_focus() {
            return self.is_pausing(ui).then_some(text).filter(|text| text != current);
        }
        self.field = None;
        self.changed_at_secs = None;
        let gave_up = ui.input(|i| i.key_pressed(egui::Key::Escape));
        (!gave_up && text != current).then_some(text)
    }

    /// Gives the keyboard to a field that was asked for, with its text selected, and back to the article when the field
    /// is left by a key that ends it.
    fn answer(&mut self, ui: &Ui, field: &Field, response: &Response, length: usize, rows: usize) {
        if self.asked.as_ref() == Some(field) {
            self.was_asked = self.asked.take();
            response.request_focus();
            response.scroll_to_me(None);
            let mut state = egui::text_edit::TextEditState::load(ui.ctx(), response.id).unwrap_or_default();
            let ends = (egui::text::CCursor::new(0), egui::text::CCursor::new(length));
            state.cursor.set_char_range(Some(egui::text::CCursorRange::two(ends.0, ends.1)));
            state.store(ui.ctx(), response.id);
            return;
        }
        let ends_rows = || ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
        if rows > 1 && response.has_focus() && ends_rows() {
            response.surrender_focus();
        }
        if response.lost_focus() && self.was_asked.as_ref() == Some(field) {
            self.was_asked = None;
            // Tab goes on to the next field.
            if !ui.input(|input| input.key_pressed(Key::Tab)) {
                ui.memory_mut(|memory| memory.request_focus(crate::canvas::Reader::id()));
            }
        }
    }

    /// Whether what was typed has waited long enough; asks for a frame when it will have.
    fn is_pausing(&mut self, ui: &Ui) -> bool {
        let Some(at) = self.changed_at_secs else { return false };
        let left = at + TYPING_PAUSE_SECS - ui.input(|input| input.time);
        if left > 0.0 {
            ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(left));
            return false;
        }
        self.changed_at_secs = None;
        true
    }

    /// Whether something was typed that the document does not have yet.
    pub fn has_typed(&self) -> bool {
        self.changed_at_secs.is_some()
    }

    /// What is being typed and has not been given yet: asked before saving, so that nothing typed is left out.
    pub fn is_typing(&self) -> bool {
        self.field.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        assert_eq!((counted(1, "event"), counted(2_000, "event")), ("1 event".into(), "2,000 events".into()));
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
    }
}
