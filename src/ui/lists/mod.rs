//! Lists of everything in the document: entities, events, quotes, relations, problems.

pub mod batches;
mod entities;
pub mod events;
pub mod problems;
pub mod quotes;
mod relations;

use egui::{Color32, Key, LayerId, RichText, ScrollArea, Ui};

use super::{Actions, View};
use crate::model::Severity;
use crate::theme::{Theme, medium, size};
use crate::ui::widgets::{number, rows};

/// Which list is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, strum::EnumIter)]
pub enum Tab {
    /// Entities, each with its mentions.
    #[default]
    Entities,
    /// Events as cards.
    Events,
    /// Quotes by speaker.
    Quotes,
    /// Relations.
    Relations,
    /// What is wrong.
    Problems,
    /// Propagations.
    Batches,
}

/// What the lists remember between frames.
#[derive(Default)]
pub struct ListsState {
    /// Which list is shown.
    pub tab: Tab,
    /// Entities whose mentions are shown.
    pub open: std::collections::BTreeSet<crate::model::Id>,
    /// Quotes by speaker.
    pub by_speaker: quotes::BySpeaker,
    /// Batches, with what can be done with them.
    pub batches: batches::BatchesState,
    /// Events by who asserts them.
    pub events: events::Claims,
    /// Problems, with what would mend those in view.
    pub problems: problems::ProblemsState,
}

impl ListsState {
    /// Forgets what was worked out for a document, since another one is open now: its revisions begin anew.
    pub fn forget_document(&mut self) {
        *self = Self { tab: self.tab, ..Self::default() };
    }
}

/// Draws the tabs and the list that is chosen.
pub fn lists_ui(ui: &mut Ui, view: &View<'_>, state: &mut ListsState, actions: &mut Actions) {
    // The panel is as high as what is in it: an empty list would leave no room for the rows of the next one.
    ui.set_min_height(ui.available_height());
    tabs_ui(ui, view, state);
    ui.separator();
    match state.tab {
        Tab::Entities => entities::entities_ui(ui, view, &mut state.open, actions),
        Tab::Events => events::events_ui(ui, view, &mut state.events, actions),
        Tab::Quotes => quotes::quotes_ui(ui, view, &mut state.by_speaker, actions),
        Tab::Relations => relations::relations_ui(ui, view, actions),
        Tab::Problems => problems::problems_ui(ui, view, &mut state.problems, actions),
        Tab::Batches => batches::batches_ui(ui, view, &mut state.batches, actions),
    }
}

/// Draws the tabs. Left and Right go from tab to tab, Down into the list.
fn tabs_ui(ui: &mut Ui, view: &View<'_>, state: &mut ListsState) {
    let all = [
        (Tab::Entities, "Entities", view.cache.entities.len()),
        (Tab::Events, "Events", view.cache.events.len()),
        (Tab::Quotes, "Quotes", view.cache.quotes.len()),
        (Tab::Relations, "Relations", view.cache.relations.len()),
        (Tab::Problems, "Problems", view.cache.problems.len()),
        (Tab::Batches, "Batches", view.document.batches().len()),
    ];
    let current = state.tab;
    // Batches are rare; shown where there are some.
    let tabs: Vec<(Tab, &str, usize)> =
        all.into_iter().filter(|(tab, _, count)| *tab != Tab::Batches || *count > 0 || *tab == current).collect();
    let (padding, mut shown) = names_that_fit(ui, &tabs, current);
    if view.is_being_read {
        // Nothing is counted yet.
        shown = tabs.iter().map(|(_, name, _)| (*name).to_owned()).collect();
    }
    let mut chosen = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(0.0, 2.0);
        ui.spacing_mut().button_padding.x = padding;
        for (at, ((tab, name, count), shown)) in tabs.iter().zip(shown).enumerate() {
            let is_current = *tab == current;
            let color = match tab {
                Tab::Problems if *count > 0 => view.theme.error,
                _ if is_current => view.theme.text,
                _ => view.theme.muted,
            };
            let text = RichText::new(shown).font(medium(size::SMALL)).color(color);
            let response = ui.add(egui::Button::selectable(is_current, text));
            let label = if view.is_being_read { (*name).to_owned() } else { format!("{name} {}", number(*count)) };
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(label));
            if is_current && ui.data_mut(|data| data.remove_temp::<bool>(tab_to_focus())).is_some() {
                response.request_focus();
            }
            if response.has_focus() {
                let filter = egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
                ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
                let pressed = |key| ui.input(|input| input.modifiers.is_none() && input.key_pressed(key));
                let beside = match (pressed(Key::ArrowLeft), pressed(Key::ArrowRight)) {
                    (true, false) => tabs.get((at + tabs.len() - 1) % tabs.len()),
                    (false, true) => tabs.get((at + 1) % tabs.len()),
                    _ => None,
                };
                if let Some((tab, ..)) = beside {
                    chosen = Some(*tab);
                    ui.data_mut(|data| data.insert_temp(tab_to_focus(), true));
                    ui.ctx().request_repaint();
                } else if pressed(Key::ArrowDown) {
                    focus_first_row(ui.ctx());
                }
            }
            if response.clicked() {
                chosen = Some(*tab);
            }
        }
    });
    state.tab = chosen.unwrap_or(current);
}

/// The padding and the texts of the tabs: as many counts as fit into one line, first those of the current tab and of
/// problems.
fn names_that_fit(ui: &Ui, tabs: &[(Tab, &str, usize)], current: Tab) -> (f32, Vec<String>) {
    let texts = |has_count: &dyn Fn(Tab, usize) -> bool| -> Vec<String> {
        let text = |(tab, name, count): &(Tab, &str, usize)| {
            if has_count(*tab, *count) { format!("{name} {}", number(*count)) } else { (*name).to_owned() }
        };
        tabs.iter().map(text).collect()
    };
    let width = |padding: f32, texts: &[String]| -> f32 {
        let widths = texts.iter().map(|text| {
            let galley = ui.painter().layout_no_wrap(text.clone(), medium(size::SMALL), Color32::PLACEHOLDER);
            galley.size().x + 2.0 * padding + 1.0
        });
        widths.sum()
    };
    let with_all = texts(&|_, _| true);
    let with_some = texts(&|tab, count| tab == current || (tab == Tab::Problems && count > 0));
    let with_none = texts(&|_, _| false);
    let ways = [(5.0, with_all.clone()), (3.0, with_all), (3.0, with_some), (2.0, with_none.clone())];
    let fitting = ways.into_iter().find(|(padding, texts)| width(*padding, texts) <= ui.available_width());
    fitting.unwrap_or((2.0, with_none))
}

fn tab_to_focus() -> egui::Id {
    egui::Id::unique("tab to focus")
}

/// What an empty list says: what will be here, and how it gets here.
fn empty(ui: &mut Ui, view: &View<'_>, text: &str) {
    let text = if view.is_being_read { "The annotations are still being read…" } else { text };
    // There is no row that could have the focus.
    ui.data_mut(|data| data.insert_temp(row_to_focus(ui.layer_id(), None), None::<Wanted>));
    ui.add_space(crate::theme::space::M);
    ui.vertical_centered(|ui| ui.add(egui::Label::new(RichText::new(text).color(view.theme.muted)).wrap()));
}

/// Draws only the rows of equal height that are in view. Arrows, Home, End and pages move the focus from row to row.
fn rows(ui: &mut Ui, salt: &str, height: f32, count: usize, add: impl FnMut(&mut Ui, usize)) {
    rows_from(ui, salt, height, count, None, add);
}

/// The same, with the row of this number in the middle of the view.
pub(super) fn rows_from(
    ui: &mut Ui,
    salt: &str,
    height: f32,
    count: usize,
    shown: Option<usize>,
    add: impl FnMut(&mut Ui, usize),
) {
    draw_rows(ui, salt, None, height, count, shown, add);
}

/// The same for a list that is shown beside those of the panel: keys in the one move nothing in the other.
pub(super) fn own_rows(
    ui: &mut Ui,
    salt: &'static str,
    height: f32,
    count: usize,
    shown: Option<usize>,
    add: impl FnMut(&mut Ui, usize),
) {
    draw_rows(ui, salt, Some(salt), height, count, shown, add);
}

fn draw_rows(
    ui: &mut Ui,
    salt: &str,
    own: Option<&'static str>,
    height: f32,
    count: usize,
    shown: Option<usize>,
    mut add: impl FnMut(&mut Ui, usize),
) {
    let pitch = height + 2.0;
    ui.spacing_mut().item_spacing.y = pitch - height;
    let memory = row_to_focus(ui.layer_id(), own);
    let mut wanted: Option<Wanted> = ui.data(|data| data.get_temp(memory)).flatten();
    let mut area = ScrollArea::vertical().auto_shrink([false, false]).id_salt(salt);
    let view_height = ui.available_height();
    let last_offset = egui::Id::unique(("offset of", salt));
    let offset: f32 = ui.data(|data| data.get_temp(last_offset)).unwrap_or(0.0);
    if let Some(wanted) = wanted {
        let (top, bottom) = (wanted.row as f32 * pitch, (wanted.row + 1) as f32 * pitch);
        if top < offset {
            area = area.vertical_scroll_offset(top);
        } else if bottom > offset + view_height {
            area = area.vertical_scroll_offset(bottom - view_height);
        }
    }
    if let Some(shown) = shown {
        let middle = (shown as f32 + 0.5) * pitch - view_height / 2.0;
        area = area.vertical_scroll_offset(middle.max(0.0));
    }
    let mut focused: Option<(usize, egui::Id)> = None;
    let focused_slot = egui::Id::unique(("focused row", ui.layer_id(), own));
    let focused_before: Option<egui::Id> = ui.data(|data| data.get_temp(focused_slot)).flatten();
    let output = area.show_rows(ui, height, count, |ui, range| {
        for i in range {
            let ctx = ui.ctx().clone();
            let row = rows::first_in(&ctx, || {
                ui.push_id(i, |ui| {
                    // Rows are found by their number: each must be as high as all.
                    ui.set_min_height(height);
                    add(ui, i);
                });
            });
            match (row, &mut wanted) {
                (Some(id), Some(want)) if want.row == i => {
                    ctx.memory_mut(|memory| memory.request_focus(id));
                    wanted = None;
                    focused = Some((i, id));
                }
                // A heading cannot have the focus.
                (None, Some(want)) if want.row == i => want.step(count),
                (Some(id), _) if ctx.memory(|memory| memory.has_focus(id)) => focused = Some((i, id)),
                _ => {}
            }
            // Whichever key led to it, also Tab: all of it is to be seen, with the ring around it.
            if let Some((_, id)) = focused.filter(|(row, id)| *row == i && Some(*id) != focused_before)
                && let Some(drawn) = ctx.viewport(|viewport| viewport.this_pass.widgets.get(id).map(|w| w.rect))
            {
                // With a piece of the rows beside it: those at the edge fade.
                ui.scroll_to_rect(drawn.expand2(egui::vec2(0.0, pitch * 0.6)), None);
            }
        }
    });
    ui.data_mut(|data| data.insert_temp(focused_slot, focused.map(|(_, id)| id)));
    if let Some((row, id)) = focused {
        let filter = egui::EventFilter { vertical_arrows: true, ..egui::EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        wanted = ui.input(|input| moved(input, row, count, (view_height / pitch) as usize)).or(wanted);
        let has_tabs = ui.layer_id() == LayerId::background() && own.is_none();
        if has_tabs && row == 0 && ui.input(|input| input.modifiers.is_none() && input.key_pressed(Key::ArrowUp)) {
            ui.data_mut(|data| data.insert_temp(tab_to_focus(), true));
            ui.ctx().request_repaint();
        }
    }
    if wanted.is_some() {
        ui.ctx().request_repaint();
    }
    ui.data_mut(|data| {
        data.insert_temp(last_offset, output.state.clamped_offset().y);
        data.insert_temp(memory, wanted);
    });
}

/// The row that is to have the focus, and where to look when it cannot.
#[derive(Clone, Copy)]
struct Wanted {
    row: usize,
    is_down: bool,
    /// How many rows were passed over; a list of headings has none to stop at.
    passed: usize,
}

impl Wanted {
    fn row(row: usize, is_down: bool) -> Self {
        Self { row, is_down, passed: 0 }
    }

    fn step(&mut self, count: usize) {
        self.passed += 1;
        // At the first heading, the way is down.
        self.is_down |= self.row == 0;
        self.row = if self.is_down { self.row + 1 } else { self.row - 1 };
        if self.row >= count || self.passed > count {
            self.row = count.saturating_sub(1);
            self.is_down = false;
        }
    }
}

/// Where a key moves the focus from this row.
fn moved(input: &egui::InputState, row: usize, count: usize, page: usize) -> Option<Wanted> {
    if input.modifiers.any() {
        return None;
    }
    let page = page.max(1);
    let last = count.saturating_sub(1);
    let to = |key, row: usize, is_down| input.key_pressed(key).then(|| Wanted::row(row.min(last), is_down));
    to(Key::ArrowDown, row + 1, true)
        .or_else(|| to(Key::ArrowUp, row.saturating_sub(1), false))
        .or_else(|| to(Key::PageDown, row + page, false))
        .or_else(|| to(Key::PageUp, row.saturating_sub(page), true))
        .or_else(|| to(Key::Home, 0, true))
        .or_else(|| to(Key::End, last, false))
        .filter(|wanted| wanted.row != row)
}

/// Gives the focus to the list that is shown: to its tab, and to its first row as soon as that is drawn. An empty list has
/// none.
pub fn focus_list(ctx: &egui::Context) {
    ctx.data_mut(|data| data.insert_temp(tab_to_focus(), true));
    focus_first_row(ctx);
}

/// Gives the focus to the first row of the list that is shown.
fn focus_first_row(ctx: &egui::Context) {
    ctx.data_mut(|data| data.insert_temp(row_to_focus(LayerId::background(), None), Some(Wanted::row(0, true))));
}

/// Gives the focus to a row of the list that is drawn next in this layer.
pub(super) fn focus_row(ui: &Ui, row: usize) {
    ui.data_mut(|data| data.insert_temp(row_to_focus(ui.layer_id(), None), Some(Wanted::row(row, true))));
}

/// Gives the focus to a row of a list that is shown beside those of the panel.
pub(super) fn focus_own_row(ui: &Ui, salt: &'static str, row: usize) {
    ui.data_mut(|data| data.insert_temp(row_to_focus(ui.layer_id(), Some(salt)), Some(Wanted::row(row, true))));
}

/// Where the row that is to have the focus is kept: a dialog has a list of its own over those of the panel.
fn row_to_focus(layer: LayerId, own: Option<&str>) -> egui::Id {
    egui::Id::unique(("row to focus", layer, own))
}

/// The colour of a problem.
pub fn severity_color(theme: &Theme, severity: Severity) -> Color32 {
    match severity {
        Severity::Error => theme.error,
        Severity::Warning => theme.warning,
    }
}
