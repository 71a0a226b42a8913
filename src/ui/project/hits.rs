//! Hits as a table: document, what stands before, the hit, what stands behind, label.

use egui::{Align2, Event, FontId, Key, Rect, RichText, Sense, Ui, pos2, vec2};
use strum::IntoEnumIterator as _;

use super::search::SearchState;
use crate::app::project::{OpenProject, SearchAction};
use crate::project::search::{Kwic, Order};
use crate::text::visible;
use crate::theme::{Theme, medium, reading, reading_bold, size};
use crate::ui::Actions;
use crate::ui::lists::own_rows;
use crate::ui::widgets::{name_entry, number, row, told};

/// The name of the list.
pub(super) const HITS: &str = "hits";
/// How high a hit is in the table, in points.
const ROW: f32 = 22.0;
/// The width of the box that chooses a hit, in points.
const BOX: f32 = 22.0;
/// The shares of the columns in the width: document, left, hit, right, label.
const SHARES: [f32; 5] = [0.16, 0.30, 0.16, 0.26, 0.12];

/// The left and right ends of the columns.
fn columns(area: Rect) -> [(f32, f32); 5] {
    let mut left = area.left();
    SHARES.map(|share| {
        let begin = left;
        left += area.width() * share;
        (begin, left - 6.0)
    })
}

/// Draws the table.
pub fn hits_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, view: &mut SearchState, actions: &mut Actions) {
    head_ui(ui, theme, project, actions);
    let search = &project.search;
    let shown = (view.shown != search.current).then_some(search.current).flatten();
    view.shown = search.current;
    let mut looked: Option<std::ops::Range<usize>> = None;
    own_rows(ui, HITS, ROW, search.hits.len(), shown, |ui, at| {
        let range = looked.get_or_insert(at..at + 1);
        range.end = at + 1;
        hit_ui(ui, theme, project, at, actions);
    });
    // What is not read yet is asked for once.
    if let Some(rows) = looked
        && rows.clone().any(|row| search.is_unread(row))
    {
        actions.push(SearchAction::Look(rows).into());
    }
}

/// Titles of columns that sort.
fn head_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, actions: &mut Actions) {
    let search = &project.search;
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let all = Rect::from_min_max(line.min, pos2(line.left() + BOX, line.bottom()));
    let mut is_all = !search.hits.is_empty() && search.chosen.len() == search.hits.len();
    let response = ui.put(all, egui::Checkbox::without_text(&mut is_all));
    name_entry(ui, &response, &format!("Choose all {} hits", number(search.hits.len())), "");
    if response.on_hover_text("Choose all hits, or none").clicked() {
        actions.push(SearchAction::ChooseAll(is_all).into());
    }
    let area = Rect::from_min_max(pos2(line.left() + BOX, line.top()), line.max);
    let orders: Vec<Order> = Order::iter().collect();
    for (order, (left, right)) in orders.into_iter().zip(columns(area)) {
        let arrow = match (order == search.order, search.descending) {
            (false, _) => "",
            (true, false) => " ↑",
            (true, true) => " ↓",
        };
        let text = RichText::new(format!("{}{arrow}", order.text())).font(medium(size::SMALL)).color(theme.muted);
        let place = Rect::from_min_max(pos2(left, line.top()), pos2(right, line.bottom()));
        let layout = match order {
            Order::Left => egui::Layout::right_to_left(egui::Align::Center),
            _ => egui::Layout::left_to_right(egui::Align::Center),
        };
        let mut cell = ui.new_child(egui::UiBuilder::new().max_rect(place).layout(layout));
        let response = cell.add(egui::Button::new(text).frame(false));
        name_entry(ui, &response, &format!("Sort hits by {}", order.text()), "");
        if response.clicked() {
            actions.push(SearchAction::Sort(order).into());
        }
    }
}

fn hit_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, at: usize, actions: &mut Actions) {
    let search = &project.search;
    let Some(hit) = search.hits.get(at) else { return };
    let kwic = search.kwic(at);
    let title = kwic.map(|kwic| kwic.title.as_str()).filter(|title| !title.is_empty());
    let title = title.unwrap_or(hit.document.as_str());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let mut is_chosen = search.chosen.contains(hit);
        let choose = ui.add_sized(vec2(BOX, ROW), egui::Checkbox::without_text(&mut is_chosen));
        let (before, words, after) = kwic.map_or(("", "…", ""), |kwic| (&kwic.left, &kwic.hit, &kwic.right));
        name_entry(ui, &choose, &format!("Choose hit {}: {words}", at + 1), "");
        if choose.clicked() {
            let is_range = ui.input(|input| input.modifiers.shift);
            actions.push(SearchAction::Choose { row: at, is_range }.into());
        }
        let near = |text: &str, is_left: bool| -> String {
            let count = text.chars().count();
            if is_left {
                text.chars().skip(count.saturating_sub(40)).collect()
            } else {
                text.chars().take(40).collect()
            }
        };
        let mut name = format!("{title}: {}{words}{}", near(before, true), near(after, false));
        let label = kwic.map(labels).unwrap_or_default();
        if !label.is_empty() {
            name = format!("{name}, {label}");
        }
        let response = row(ui, &name, search.current == Some(at), |ui| {
            let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW - 2.0), Sense::hover());
            draw(ui, theme, area, title, kwic, &label);
        });
        // The space bar chooses, Enter opens.
        let space = ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Key { key: Key::Space, pressed: true, modifiers, .. } => Some(modifiers.shift),
                _ => None,
            })
        });
        if let Some(is_range) = space.filter(|_| response.has_focus()) {
            actions.push(SearchAction::Choose { row: at, is_range }.into());
        } else if response.clicked() {
            actions.push(SearchAction::Open(at).into());
        }
    });
}

fn labels(kwic: &Kwic) -> String {
    kwic.labels.iter().map(|label| told(label).into_owned()).collect::<Vec<_>>().join(", ")
}

/// Draws the cells: the hit begins where all hits begin, so that the eye can run down.
fn draw(ui: &Ui, theme: &Theme, area: Rect, title: &str, kwic: Option<&Kwic>, label: &str) {
    if !ui.is_rect_visible(area) {
        return;
    }
    let cells = columns(area);
    let cell = |nth: usize, text: &str, font: FontId, color, is_right: bool| {
        let Some((left, right)) = cells.get(nth).copied() else { return };
        let place = Rect::from_min_max(pos2(left, area.top() - 2.0), pos2(right, area.bottom() + 2.0));
        let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
        let (at, align) = if is_right {
            (place.right_center(), Align2::RIGHT_CENTER)
        } else {
            (place.left_center(), Align2::LEFT_CENTER)
        };
        // Characters that nobody sees are told as everywhere.
        painter.text(at, align, visible::line(text, crate::limits::LINE_SHOWN), font, color);
    };
    cell(0, title, medium(size::SMALL), theme.muted, false);
    let Some(kwic) = kwic else {
        return cell(2, "…", reading(size::BODY), theme.muted, false);
    };
    if !kwic.missing.is_empty() {
        return cell(1, kwic.missing, medium(size::SMALL), theme.warning, false);
    }
    cell(1, &kwic.left, reading(size::BODY), theme.text, true);
    // A short hit leaves its cell to what follows, as in the text.
    let font = reading_bold(size::BODY);
    let hit = visible::line(&kwic.hit, crate::limits::LINE_SHOWN);
    let width = ui.painter().layout_no_wrap(hit.into_owned(), font.clone(), theme.ink).size().x;
    cell(2, &kwic.hit, font, theme.ink, false);
    if let (Some((left, right)), Some((_, end))) = (cells.get(2), cells.get(3)) {
        let from = (left + width).min(*right);
        let place = Rect::from_min_max(pos2(from, area.top() - 2.0), pos2(*end, area.bottom() + 2.0));
        let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
        let text = visible::line(&kwic.right, crate::limits::LINE_SHOWN);
        painter.text(place.left_center(), Align2::LEFT_CENTER, text, reading(size::BODY), theme.text);
    }
    cell(4, label, medium(size::SMALL), theme.accent, false);
}
