//! What another program did to the file, and what has to be chosen where both changed the same.
//!
//! The conflicts are one list with the keyboard: up and down go through it, left and right choose. Only the rows in view
//! are drawn; a thousand conflicts cost no more than ten.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::accesskit::{Role, Toggled};
use egui::{Align, EventFilter, Key, Layout, Modifiers, Rect, Response, RichText, ScrollArea, Sense, Ui, pos2, vec2};

use super::{buttons, focus_first, title_ui};
use crate::app::action::Action;
use crate::app::outside::{OutsideAction, name_of};
use crate::edit::{How, Merge, MergeConflict, Side};
use crate::limits;
use crate::model::Document;
use crate::text::visible;
use crate::theme::{Theme, medium, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{counted, elided, told as shortened};

/// Height of a conflict in points, and between two.
const ROW: f32 = 58.0;
const GAP: f32 = 2.0;
/// Height of a line of what comes from the file, in points.
const LINE: f32 = 22.0;

/// What the dialog holds while it is open.
#[derive(Clone, Debug)]
pub struct MergeDialog {
    merge: Merge,
    path: PathBuf,
    theirs: Arc<Document>,
    sha256: String,
    revision: u64,
    choices: Vec<Side>,
    /// The conflict that the keys are about.
    at: usize,
    /// The conflicts that were drawn last, to bring that one into view.
    drawn: Range<usize>,
    /// Whether what comes from the file is listed.
    lists_incoming: bool,
}

impl MergeDialog {
    /// A merge of `theirs`, which is what `path` holds, into the document at this revision. Everything is mine at first.
    pub fn new(merge: Merge, path: PathBuf, theirs: Arc<Document>, sha256: String, revision: u64) -> Self {
        let choices = vec![Side::Mine; merge.conflicts().len()];
        let lists_incoming = choices.is_empty();
        Self { merge, path, theirs, sha256, revision, choices, at: 0, drawn: 0..0, lists_incoming }
    }

    /// What is merged.
    pub fn merge(&self) -> &Merge {
        &self.merge
    }

    /// Whose version wins, in the order of the conflicts.
    pub fn choices(&self) -> &[Side] {
        &self.choices
    }

    /// The document as the file holds it.
    pub fn theirs(&self) -> &Arc<Document> {
        &self.theirs
    }

    /// The SHA-256 of the file.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The revision of the document that it was planned for.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Up and down, and left and right for the conflict they lead to; Space changes sides.
    fn take_keys(&mut self, ui: &Ui) {
        let last = self.choices.len().saturating_sub(1);
        let page = self.drawn.len().saturating_sub(1).max(1);
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        let forward = pressed(Key::ArrowDown) + pressed(Key::PageDown) * page;
        let back = pressed(Key::ArrowUp) + pressed(Key::PageUp) * page;
        self.at = (self.at + forward).saturating_sub(back).min(last);
        if pressed(Key::Home) > 0 {
            self.at = 0;
        }
        if pressed(Key::End) > 0 {
            self.at = last;
        }
        let (mine, theirs, other) = (pressed(Key::ArrowLeft), pressed(Key::ArrowRight), pressed(Key::Space));
        if let Some(choice) = self.choices.get_mut(self.at) {
            if mine > 0 {
                *choice = Side::Mine;
            }
            if theirs > 0 || (other % 2 == 1 && *choice == Side::Mine) {
                *choice = Side::Theirs;
            } else if other % 2 == 1 {
                *choice = Side::Mine;
            }
        }
    }
}

/// Draws what comes from the file, and the conflicts with their choices.
pub fn merge_ui(ui: &mut Ui, theme: &Theme, state: &mut MergeDialog, actions: &mut Actions) {
    title_ui(ui, &format!("Merge {}", shorten_name(&state.path)));
    let room = ui.ctx().content_rect().height() - 240.0;
    incoming_ui(ui, theme, state, room);
    let is_entered = if state.choices.is_empty() {
        ui.add_space(space::S);
        ui.label("Nothing was changed on both sides: there is nothing to choose");
        false
    } else {
        conflicts_ui(ui, theme, state, room)
    };
    let pressed = buttons(ui, theme, &[("Merge", true), ("Cancel", true)]);
    if is_entered || pressed == Some(0) {
        actions.push(Action::Outside(OutsideAction::Apply));
    } else if pressed.is_some() {
        actions.push(Action::CloseDialog);
    }
}

fn shorten_name(path: &Path) -> String {
    super::short(&name_of(path), 60)
}

/// How many things come from the file, and which, once that is asked for.
fn incoming_ui(ui: &mut Ui, theme: &Theme, state: &mut MergeDialog, room: f32) {
    let incoming = state.merge.incoming();
    if incoming.is_empty() {
        ui.label(RichText::new("Apart from what is below, the file holds nothing new").color(theme.muted));
        return;
    }
    let count = |how| incoming.iter().filter(|i| i.how == how).count();
    let parts: Vec<String> = [(How::Added, "added"), (How::Changed, "changed"), (How::Removed, "deleted")]
        .into_iter()
        .filter(|(how, _)| count(*how) > 0)
        .map(|(how, word)| format!("{} {word}", count(how)))
        .collect();
    let text = format!("{} from the file: {}", counted(incoming.len(), "change"), parts.join(", "));
    let response = ui
        .horizontal(|ui| {
            let (_, icon) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
            let openness = if state.lists_incoming { 1.0 } else { 0.0 };
            egui::collapsing_header::paint_default_icon(ui, openness, &icon);
            ui.add(egui::Button::new(RichText::new(&text).font(medium(size::BODY))).frame(false))
        })
        .inner;
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(text.as_str());
        node.set_expanded(state.lists_incoming);
    });
    if response.clicked() {
        state.lists_incoming = !state.lists_incoming;
    }
    if !state.lists_incoming {
        return;
    }
    let most = if state.choices.is_empty() { room } else { room * 0.35 };
    let height = (incoming.len() as f32 * LINE).min(most.max(3.0 * LINE));
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.spacing_mut().interact_size.y = LINE;
        let area = ScrollArea::vertical().id_salt("incoming").auto_shrink([false, false]);
        area.max_height(height).min_scrolled_height(height).show_rows(ui, LINE, incoming.len(), |ui, rows| {
            for incoming in incoming.get(rows).unwrap_or_default() {
                let (sign, color) = match incoming.how {
                    How::Added => ("Added", theme.accent),
                    How::Changed => ("Changed", theme.text),
                    How::Removed => ("Deleted", theme.error),
                };
                ui.horizontal(|ui| {
                    ui.set_height(LINE);
                    ui.add_space(space::M);
                    let sign = RichText::new(sign).size(size::SMALL).color(color);
                    ui.allocate_ui_with_layout(vec2(64.0, LINE), Layout::left_to_right(Align::Center), |ui| {
                        ui.set_min_width(64.0);
                        elided(ui, sign);
                    });
                    elided(ui, RichText::new(line(&incoming.words)));
                });
            }
        });
    });
}

/// The conflicts; gives whether Enter was pressed in their list.
fn conflicts_ui(ui: &mut Ui, theme: &Theme, state: &mut MergeDialog, room: f32) -> bool {
    ui.add_space(space::S);
    let count = state.choices.len();
    ui.horizontal(|ui| {
        let s = if count == 1 { "" } else { "s" };
        let mine = state.choices.iter().filter(|side| **side == Side::Mine).count();
        let text = format!("{count} conflict{s}: both sides changed the same ({mine} mine, {} theirs)", count - mine);
        ui.label(RichText::new(text).font(medium(size::BODY)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("All theirs").clicked() {
                state.choices.fill(Side::Theirs);
            }
            if ui.button("All mine").clicked() {
                state.choices.fill(Side::Mine);
            }
        });
    });
    ui.add_space(space::XS);
    let list = ui.scope_id().with("conflicts");
    let used = if state.lists_incoming { room * 0.35 } else { 0.0 };
    let pitch = ROW + GAP;
    let height = (count as f32 * pitch).min((room - used - 80.0).max(2.0 * pitch));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let response = ui.interact(rect, list, Sense::focusable_noninteractive());
    focus_first(ui, &response);
    response.widget_info(|| egui::WidgetInfo::labeled(Role::ListBox, true, "Conflicts"));
    let mut is_entered = false;
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(list, filter));
        state.take_keys(ui);
        is_entered = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
        if let Some(conflict) = state.merge.conflicts().get(state.at) {
            let told = told(conflict, state.choices.get(state.at).copied().unwrap_or_default());
            ui.ctx().accesskit_node_builder(list, |node| node.set_value(told));
        }
    }
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min)));
    ui.spacing_mut().item_spacing.y = GAP;
    let mut area = ScrollArea::vertical().id_salt("conflicts").auto_shrink([false, false]);
    area = area.max_height(height).min_scrolled_height(height);
    if !state.drawn.is_empty() && !state.drawn.contains(&state.at) {
        let shown = state.drawn.len() as f32;
        let first = if state.at < state.drawn.start { state.at as f32 } else { state.at as f32 - shown + 1.0 };
        area = area.vertical_scroll_offset(first * pitch);
    }
    let is_listening = response.has_focus();
    let (merge, choices, at) = (&state.merge, &mut state.choices, &mut state.at);
    let output = area.show_rows(&mut ui, ROW, count, |ui, rows| {
        for nth in rows {
            let (Some(conflict), Some(choice)) = (merge.conflicts().get(nth), choices.get_mut(nth)) else { continue };
            let is_current = is_listening && nth == *at;
            if conflict_ui(ui, theme, (nth, conflict), choice, is_current) {
                *at = nth;
                // The keys go on where the pointer was.
                ui.memory_mut(|memory| memory.request_focus(list));
            }
        }
    });
    let (top, shown) = (output.state.clamped_offset().y, output.inner_rect.height());
    let first = (top / pitch - 0.01).ceil().max(0.0) as usize;
    state.drawn = first..(((top + shown + GAP) / pitch + 0.01).floor() as usize).max(first + 1);
    is_entered
}

/// What a conflict or a change says, for one line.
fn line(text: &str) -> Cow<'_, str> {
    visible::line(text, limits::LINE_SHOWN)
}

fn told(conflict: &MergeConflict, choice: Side) -> String {
    let MergeConflict { about, field, mine, theirs, .. } = conflict;
    let (about, field, mine, theirs) = (line(about), line(field), line(mine), line(theirs));
    let chosen = if choice == Side::Mine { "mine" } else { "theirs" };
    format!("{about}, {field}: mine {mine}, theirs {theirs}; {chosen} is chosen")
}

/// One conflict: what it is about, and either version to click. Gives whether it was clicked.
fn conflict_ui(
    ui: &mut Ui,
    theme: &Theme,
    (nth, conflict): (usize, &MergeConflict),
    choice: &mut Side,
    is_current: bool,
) -> bool {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    if is_current {
        ui.painter().rect_filled(rect, 4.0, theme.accent_soft);
    }
    let inner = rect.shrink2(vec2(6.0, 3.0));
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), 22.0));
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(head).layout(Layout::left_to_right(Align::Center)));
    let head = format!("{}: {}", line(&conflict.about), line(&conflict.field));
    let head = egui::Label::new(RichText::new(head));
    row.add(head.truncate().selectable(false));
    let middle = inner.center().x;
    let bottom = inner.bottom();
    let halves = [
        (Side::Mine, Rect::from_min_max(pos2(inner.left(), bottom - 26.0), pos2(middle - 3.0, bottom))),
        (Side::Theirs, Rect::from_min_max(pos2(middle + 3.0, bottom - 26.0), pos2(inner.right(), bottom))),
    ];
    let mut is_clicked = false;
    for (side, rect) in halves {
        if version_ui(ui, theme, (nth, conflict), side, *choice == side, rect).clicked() {
            *choice = side;
            is_clicked = true;
        }
    }
    is_clicked
}

/// One version, as a radio button. Not a stop of Tab: the list is one.
fn version_ui(
    ui: &mut Ui,
    theme: &Theme,
    (nth, conflict): (usize, &MergeConflict),
    side: Side,
    is_chosen: bool,
    rect: Rect,
) -> Response {
    let (whose, words) = match side {
        Side::Mine => ("Mine", &conflict.mine),
        Side::Theirs => ("Theirs", &conflict.theirs),
    };
    let shown = line(words);
    let response = ui.interact(rect, ui.scope_id().with((nth, whose)), Sense::CLICK);
    let fill = match (is_chosen, response.hovered()) {
        (true, _) => theme.accent_soft,
        (false, true) => theme.hovered,
        (false, false) => theme.panel,
    };
    let stroke = if is_chosen { egui::Stroke::new(1.5, theme.accent) } else { theme.hairline() };
    ui.painter().rect(rect, 4.0, fill, stroke, egui::StrokeKind::Inside);
    let center = pos2(rect.left() + 12.0, rect.center().y);
    let ring = if is_chosen { theme.accent } else { theme.muted };
    ui.painter().circle_stroke(center, 5.0, egui::Stroke::new(1.2, ring));
    if is_chosen {
        ui.painter().circle_filled(center, 2.8, ring);
    }
    let text = Rect::from_min_max(pos2(rect.left() + 24.0, rect.top()), rect.max - vec2(6.0, 0.0));
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(text).layout(Layout::left_to_right(Align::Center)));
    row.spacing_mut().item_spacing.x = space::XS;
    row.add(egui::Label::new(RichText::new(whose).size(size::SMALL).color(theme.muted)).selectable(false));
    row.add(egui::Label::new(shown.as_ref()).truncate().selectable(false));
    response.widget_info(|| egui::WidgetInfo::selected(Role::RadioButton, true, is_chosen, ""));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::RadioButton);
        node.set_label(format!("{whose} for {}, {}: {shown}", line(&conflict.about), line(&conflict.field)));
        node.set_toggled(if is_chosen { Toggled::True } else { Toggled::False });
    });
    response.on_hover_ui(|ui| {
        ui.label(shortened(words));
    })
}
