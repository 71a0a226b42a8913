//! Lists of everything in the document: entities, events, quotes, relations, problems.

pub mod batches;
mod entities;
pub mod events;
pub mod problems;
pub mod quotes;
mod relations;

use egui::{Color32, Key, RichText, ScrollArea, Ui};

use super::{Actions, View};
use crate::model::Severity;
use crate::theme::{Theme, medium, size};
use crate::ui::widgets::rows;

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
    pub events: events::Filtered,
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
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(0.0, 2.0);
        ui.spacing_mut().button_padding.x = 5.0;
        for (tab, name, count) in [
            (Tab::Entities, "Entities", view.cache.entities.len()),
            (Tab::Events, "Events", view.cache.events.len()),
            (Tab::Quotes, "Quotes", view.cache.quotes.len()),
            (Tab::Relations, "Relations", view.cache.relations.len()),
            (Tab::Problems, "Problems", view.cache.problems.len()),
            (Tab::Batches, "Batches", view.document.batches().len()),
        ] {
            // Rare; shown where there are some.
            if tab == Tab::Batches && count == 0 && state.tab != tab {
                continue;
            }
            let is_current = state.tab == tab;
            let color = match tab {
                Tab::Problems if count > 0 => view.theme.error,
                _ if is_current => view.theme.text,
                _ => view.theme.muted,
            };
            let text = RichText::new(format!("{name} {count}")).font(medium(size::SMALL)).color(color);
            if ui.add(egui::Button::selectable(is_current, text)).clicked() {
                state.tab = tab;
            }
        }
    });
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

/// What an empty list says: what will be here, and how it gets here.
fn empty(ui: &mut Ui, theme: &Theme, text: &str) {
    // There is no row that could have the focus.
    ui.data_mut(|data| data.insert_temp(egui::Id::unique("row to focus"), None::<Wanted>));
    ui.add_space(crate::theme::space::M);
    ui.vertical_centered(|ui| ui.add(egui::Label::new(RichText::new(text).color(theme.muted)).wrap()));
}

/// Draws only the rows of equal height that are in view. Arrows, Home, End and pages move the focus from row to row.
fn rows(ui: &mut Ui, salt: &str, height: f32, count: usize, add: impl FnMut(&mut Ui, usize)) {
    rows_from(ui, salt, height, count, None, add);
}

/// The same, with the row of this number in the middle of the view.
fn rows_from(
    ui: &mut Ui,
    salt: &str,
    height: f32,
    count: usize,
    shown: Option<usize>,
    mut add: impl FnMut(&mut Ui, usize),
) {
    let pitch = height + 2.0;
    ui.spacing_mut().item_spacing.y = pitch - height;
    let memory = egui::Id::unique("row to focus");
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
    let focused_slot = egui::Id::unique("focused row");
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

/// Gives the focus to the first row of the list that is shown.
pub fn focus_first_row(ctx: &egui::Context) {
    ctx.data_mut(|data| data.insert_temp(egui::Id::unique("row to focus"), Some(Wanted::row(0, true))));
}

/// The colour of a problem.
pub fn severity_color(theme: &Theme, severity: Severity) -> Color32 {
    match severity {
        Severity::Error => theme.error,
        Severity::Warning => theme.warning,
    }
}
