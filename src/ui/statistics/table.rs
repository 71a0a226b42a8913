//! The table of a figure: as many rows as there are, of which those in view are drawn.

use egui::{Align2, Color32, RichText, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::Brush;
use crate::limits;
use crate::review::statistics::plots::{Cell, Column, Table, number};
use crate::text::visible;
use crate::theme::{medium, semibold, size, space};

/// Height of the row of titles.
pub(super) const HEAD: f32 = 28.0;
/// Height of a row.
pub(super) const ROW: f32 = 24.0;
/// Columns of words are at least so wide.
const WORDS: f32 = 92.0;
/// And no wider, so that numbers stay near their names.
const WIDEST: f32 = 420.0;
/// Room between a cell and the edge of its column.
const PAD: f32 = 8.0;

/// What was clicked.
pub(super) enum Clicked {
    /// The title of a column.
    Column(usize),
    /// A row, by its place in the table.
    Row(u32),
}

/// Draws a table in this order of its rows, to the end of the room that there is.
pub(super) fn ui(
    ui: &mut Ui,
    brush: &Brush,
    table: &Table,
    order: &[u32],
    sort: Option<(usize, bool)>,
) -> Option<Clicked> {
    let mut clicked = None;
    let widths = widths(ui, table);
    ScrollArea::horizontal().id_salt("table across").auto_shrink(false).show(ui, |ui| {
        ui.set_width(widths.iter().sum());
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        if let Some(column) = head(ui, brush, table, &widths, sort) {
            clicked = Some(Clicked::Column(column));
        }
        ScrollArea::vertical().id_salt("table rows").auto_shrink(false).show_rows(ui, ROW, order.len(), |ui, seen| {
            for place in order.get(seen).into_iter().flatten() {
                if row(ui, brush, table, *place, &widths) {
                    clicked = Some(Clicked::Row(*place));
                }
            }
            if table.left_out > 0 {
                let line = format!("and {} more that are not listed", number(table.left_out as u64));
                ui.label(RichText::new(line).color(brush.theme.muted));
            }
        });
    });
    clicked
}

/// Numbers take what their titles need; words share the rest, names of things twice as much as others.
fn widths(ui: &Ui, table: &Table) -> Vec<f32> {
    let title = |column: &Column| {
        let galley = ui.painter().layout_no_wrap(column.title.to_string(), semibold(size::SMALL), Color32::WHITE);
        (galley.size().x + 2.0 * PAD + 14.0).max(72.0)
    };
    let first = table.rows.first().map_or(&[][..], |row| &row.cells);
    let parts = |nth: usize| {
        let is_name = nth == 0 || matches!(first.get(nth), Some(Cell::Label(..)));
        if is_name { 2.0 } else { 1.0 }
    };
    let columns = || table.columns.iter().enumerate();
    let numbers: f32 = columns().filter(|(_, column)| column.is_number).map(|(_, column)| title(column)).sum();
    let all: f32 = columns().filter(|(_, column)| !column.is_number).map(|(nth, _)| parts(nth)).sum();
    // The bar of the rows needs some room, too.
    let share = ((ui.available_width() - space::L - numbers) / all.max(1.0)).max(WORDS);
    let width = |(nth, column): (usize, &Column)| {
        if column.is_number { title(column) } else { (share * parts(nth)).min(WIDEST) }
    };
    columns().map(width).collect()
}

fn head(ui: &mut Ui, brush: &Brush, table: &Table, widths: &[f32], sort: Option<(usize, bool)>) -> Option<usize> {
    let theme = brush.theme;
    let mut clicked = None;
    let (_, area) = ui.allocate_space(vec2(widths.iter().sum(), HEAD));
    let mut x = area.left();
    for (nth, (column, width)) in table.columns.iter().zip(widths).enumerate() {
        let rect = egui::Rect::from_min_size(pos2(x, area.top()), vec2(*width, HEAD));
        x += width;
        let response = ui.interact(rect, ui.scope_id().with(("title", nth)), Sense::click());
        let (sign, state) = match sort {
            Some((sorted, true)) if sorted == nth => (" ↓", ", sorted from the largest"),
            Some((sorted, false)) if sorted == nth => (" ↑", ", sorted from the smallest"),
            _ => ("", ""),
        };
        response
            .widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Sort by {}{state}", column.title)));
        let is_lit = response.hovered() || response.has_focus();
        let color = if is_lit || !sign.is_empty() { theme.text } else { theme.muted };
        let (anchor, at) = place(rect, column.is_number);
        ui.painter().text(at, anchor, format!("{}{sign}", column.title), semibold(size::SMALL), color);
        if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
            clicked = Some(nth);
        }
    }
    ui.painter().hline(area.left()..=area.right().max(ui.clip_rect().right()), area.bottom() - 1.0, theme.hairline());
    clicked
}

fn place(rect: egui::Rect, is_number: bool) -> (Align2, egui::Pos2) {
    if is_number {
        (Align2::RIGHT_CENTER, rect.right_center() - vec2(PAD + 4.0, 0.0))
    } else {
        (Align2::LEFT_CENTER, rect.left_center() + vec2(PAD, 0.0))
    }
}

fn row(ui: &mut Ui, brush: &Brush, table: &Table, nth: u32, widths: &[f32]) -> bool {
    let theme = brush.theme;
    let Some(row) = table.rows.get(nth as usize) else { return false };
    let (area, response) = ui.allocate_exact_size(vec2(widths.iter().sum(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, name_of(table, row.cells.as_slice())));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(area, 3, theme.hovered);
    }
    let mut x = area.left();
    for ((cell, column), width) in row.cells.iter().zip(&table.columns).zip(widths) {
        let rect = egui::Rect::from_min_size(pos2(x, area.top()), vec2(*width, ROW));
        x += width;
        if column.is_number {
            let color = if *cell == Cell::Nothing { theme.muted } else { theme.text };
            let (anchor, at) = place(rect, true);
            ui.painter().text(at, anchor, cell.shown(), medium(size::BODY - 0.5), color);
        } else {
            words(ui, brush, cell, rect);
        }
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}

/// Words, shortened to their column, with the colour of what they name before them.
fn words(ui: &Ui, brush: &Brush, cell: &Cell, rect: egui::Rect) {
    let mut rect = rect.shrink2(vec2(PAD, 0.0));
    if let Cell::Label(ink, _) = cell {
        let paint = brush.paint(ink);
        let dot = egui::Rect::from_center_size(rect.left_center() + vec2(5.0, 0.0), vec2(10.0, 10.0));
        ui.painter().rect(dot, 2, paint.fill, Stroke::new(1.2, paint.line), egui::StrokeKind::Inside);
        rect.min.x += 17.0;
    }
    let color = if *cell == Cell::Nothing { brush.theme.muted } else { brush.theme.text };
    let shown = cell.shown();
    let text = egui::WidgetText::from(RichText::new(visible::line(&shown, limits::LINE_SHOWN)).color(color));
    let wrap = Some(egui::TextWrapMode::Truncate);
    let galley = text.into_galley(ui, wrap, rect.width(), egui::TextStyle::Body);
    // The row is what is clicked and read aloud, so the words are only painted.
    ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, color);
}

/// `Label Person, Kind mention, Marks 80`.
fn name_of(table: &Table, cells: &[Cell]) -> String {
    let words = table.columns.iter().zip(cells).filter(|(_, cell)| **cell != Cell::Nothing);
    let words: Vec<String> = words.map(|(column, cell)| format!("{} {}", column.title, cell.shown())).collect();
    visible::line(&words.join(", "), limits::LINE_SHOWN).into_owned()
}
