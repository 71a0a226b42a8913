//! A cell for each of two things.

use egui::epaint::TextShape;
use egui::{Align2, FontId, RichText, ScrollArea, Stroke, Ui, pos2};
use egui_plot::{AxisHints, GridMark, PlotBounds, PlotPoint, Polygon, Text};

use super::plot::{axis, lit, quiet, short};
use super::{Brush, Hit, color, found, name_plot};
use crate::review::statistics::plots::picture::strength;
use crate::review::statistics::plots::{Grid, number};
use crate::theme::size;

/// Height of a row.
const ROW: f32 = 26.0;
/// Rows that the slanted names of columns take.
const HEAD: f64 = 3.4;
/// Columns are no wider than so many points.
const WIDEST: f32 = 84.0;
/// Names are cut there.
const NAME_SHOWN: usize = 26;
const SLANTED_SHOWN: usize = 18;

/// How high it is.
pub(super) fn height(grid: &Grid) -> f32 {
    (grid.rows.len() as f32 + HEAD as f32) * ROW + 8.0
}

/// Draws a grid; gives the cell that was clicked.
pub(super) fn grid<'a>(ui: &mut Ui, brush: &Brush, grid: &'a Grid, name: &str) -> Option<Hit<'a>> {
    let height = height(grid);
    let mut clicked = None;
    ScrollArea::vertical().id_salt("grid").auto_shrink(false).show(ui, |ui| {
        clicked = in_plot(ui, brush, grid, name, height);
    });
    clicked
}

fn in_plot<'a>(ui: &mut Ui, brush: &Brush, grid: &'a Grid, name: &str, height: f32) -> Option<Hit<'a>> {
    let theme = brush.theme;
    let (rows, columns) = (grid.rows.len(), grid.columns.len());
    let names: Vec<String> = grid.rows.iter().map(|name| short(name, NAME_SHOWN)).collect();
    let row_name = move |mark: GridMark, _: &std::ops::RangeInclusive<f64>| {
        let nth = rows as f64 - 0.5 - mark.value;
        if nth < 0.0 { String::new() } else { names.get(nth as usize).cloned().unwrap_or_default() }
    };
    // A column for the last slanted name to lean into.
    let room = ((ui.available_width() - 200.0) / WIDEST).max(1.0);
    let wide = (columns as f64 + 1.5).max(f64::from(room));
    let plot = quiet("grid plot", theme)
        .height(height)
        .show_grid([false, false])
        .show_axes([false, true])
        .y_grid_spacer(move |_| (0..rows).map(|at| GridMark { value: at as f64 + 0.5, step_size: 1.0 }).collect())
        .custom_y_axes(vec![
            axis(AxisHints::new_y(), theme)
                .tick_label_color(theme.text)
                .tick_label_font(FontId::proportional(size::BODY - 0.5))
                .label_spacing(egui::Rangef::new(4.0, 5.0))
                .formatter(row_name),
        ]);
    let most = grid.tiles.iter().map(|tile| tile.value).max().unwrap_or(1);
    let mut fields = Vec::new();
    let mut texts = Vec::new();
    let corners = |row: usize, column: usize| {
        let (top, left) = ((rows - row) as f64, column as f64);
        [[left, top], [left + 1.0, top], [left + 1.0, top - 1.0], [left, top - 1.0]]
    };
    for row in 0..rows {
        for column in 0..columns {
            let tile = grid.tiles.iter().find(|tile| tile.at == (row, column));
            let fill = tile.map_or(theme.paper, |tile| color(strength(tile.value, most, theme.is_dark).0));
            let field = Polygon::new(format!("field {row} {column}"), corners(row, column).to_vec());
            fields.push(field.fill_color(fill).stroke(Stroke::new(1.0, theme.border)).allow_hover(false));
            if let Some(tile) = tile {
                let words = color(strength(tile.value, most, theme.is_dark).1);
                let at = PlotPoint::new(column as f64 + 0.5, (rows - row) as f64 - 0.5);
                let text = RichText::new(number(tile.value)).size(size::BODY - 0.5).color(words);
                let text = Text::new(format!("value {row} {column}"), at, text).anchor(Align2::CENTER_CENTER);
                texts.push(text.allow_hover(false));
            }
        }
    }
    let bounds = PlotBounds::from_min_max([0.0, -0.05], [wide, rows as f64 + HEAD]);
    let shown = plot.show(ui, move |plot| {
        plot.set_plot_bounds(bounds);
        for field in fields {
            plot.polygon(field);
        }
        for text in texts {
            plot.text(text);
        }
        plot.pointer_coordinate()
    });
    name_plot(ui, &shown.response, name);
    let painter = ui.painter().with_clip_rect(shown.transform.frame().intersect(ui.clip_rect()));
    for (nth, name) in grid.columns.iter().enumerate() {
        let foot = shown.transform.position_from_point(&PlotPoint::new(nth as f64 + 0.5, rows as f64));
        let galley =
            painter.layout_no_wrap(short(name, SLANTED_SHOWN), FontId::proportional(size::BODY - 0.5), theme.text);
        let at = pos2(foot.x - 8.0, foot.y - galley.size().y);
        painter.add(TextShape::new(at, galley, theme.text).with_angle(-0.7));
    }
    let hit = shown.inner.filter(|_| shown.response.hovered()).and_then(|at| {
        let (row, column) = (rows as f64 - at.y, at.x);
        if row < 0.0 || column < 0.0 {
            return None;
        }
        let tile = grid.tiles.iter().find(|tile| tile.at == (row as usize, column as usize))?;
        let [[left, top], _, [right, bottom], _] = corners(tile.at.0, tile.at.1);
        let corner = |x: f64, y: f64| shown.transform.position_from_point(&PlotPoint::new(x, y));
        let rect = egui::Rect::from_two_pos(corner(left, top), corner(right, bottom));
        lit(ui, theme, rect.shrink(1.0), *shown.transform.frame());
        Some(Hit { says: &tile.says, behind: &tile.behind })
    });
    found(&shown.response, hit)
}
