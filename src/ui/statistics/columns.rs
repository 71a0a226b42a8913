//! Columns along time or numbers.

use egui::{Stroke, Ui};
use egui_plot::{AxisHints, Bar as PlotBar, BarChart, GridMark, PlotBounds, PlotPoint};

use super::plot::{axis, axis_name, lit, marks, quiet, tick};
use super::{Brush, Hit, found, name_plot};
use crate::review::statistics::plots::{Along, Columns, Upright};
use crate::review::statistics::{Day, when};

/// Draws columns; gives the piece that was clicked.
pub(super) fn columns<'a>(ui: &mut Ui, brush: &Brush, columns: &'a Columns, name: &str) -> Option<Hit<'a>> {
    let theme = brush.theme;
    let from = columns.columns.iter().map(|column| column.from_to.0).fold(f64::INFINITY, f64::min);
    let to = columns.columns.iter().map(|column| column.from_to.1).fold(f64::NEG_INFINITY, f64::max);
    if !from.is_finite() || !to.is_finite() {
        return None;
    }
    let one = columns.columns.first().map_or(1.0, |column| column.from_to.1 - column.from_to.0);
    // One column alone would be a wall.
    let to = from + (to - from).max(one * 6.0);
    let sum = |column: &Upright| column.pieces.iter().map(|piece| piece.value).sum::<f64>();
    let most = columns.columns.iter().map(sum).fold(0.0, f64::max).max(1.0);
    let ticks: Vec<(f64, String)> = match columns.along {
        Along::Time(_) => {
            when::ticks(from as Day, to as Day).into_iter().map(|(day, name)| (f64::from(day), name)).collect()
        }
        Along::Numbers(_) => {
            let marks = marks(to - from, false).into_iter();
            marks.map(|mark| (from + mark.value, tick(from + mark.value, false))).collect()
        }
    };
    let step = ticks.iter().zip(ticks.iter().skip(1)).map(|(a, b)| b.0 - a.0).fold(to - from, f64::min);
    let places: Vec<f64> = ticks.iter().map(|(at, _)| *at).collect();
    let below = match columns.along {
        Along::Time(_) => "",
        Along::Numbers(what) => what,
    };
    let plot = quiet("columns plot", theme)
        .height(ui.available_height())
        .show_grid([false, true])
        .x_grid_spacer(move |_| places.iter().map(|at| GridMark { value: *at, step_size: step }).collect())
        .y_grid_spacer(move |_| marks(most, false))
        .custom_x_axes(vec![
            axis(AxisHints::new_x(), theme)
                .label(axis_name(theme, below))
                .label_spacing(egui::Rangef::new(8.0, 9.0))
                .formatter(move |mark, _| {
                    let at = ticks.iter().find(|(at, _)| (at - mark.value).abs() < 1e-6);
                    at.map(|(_, name)| name.clone()).unwrap_or_default()
                }),
        ])
        .custom_y_axes(vec![
            axis(AxisHints::new_y(), theme)
                .label(axis_name(theme, columns.axis))
                .label_spacing(egui::Rangef::new(8.0, 9.0))
                .formatter(|mark, _| tick(mark.value, false)),
        ]);
    // So wide that it is seen, also a day in a century.
    let narrowest = (to - from) / f64::from(ui.available_width().max(100.0)) * 2.0;
    let place = |column: &Upright| {
        let (begin, end) = column.from_to;
        let width = ((end - begin) * 0.84).max(narrowest);
        (begin.midpoint(end), width)
    };
    let mut items = Vec::new();
    for column in &columns.columns {
        let (middle, width) = place(column);
        let mut below = 0.0;
        for piece in &column.pieces {
            let paint = brush.paint(&piece.ink);
            let bar = PlotBar::new(middle, piece.value).base_offset(below).width(width);
            items.push(bar.fill(paint.fill).stroke(Stroke::new(1.2, paint.line)));
            below += piece.value;
        }
    }
    let bounds = PlotBounds::from_min_max([from - (to - from) * 0.04, 0.0], [to + (to - from) * 0.01, most * 1.06]);
    let shown = plot.show(ui, move |plot| {
        plot.set_plot_bounds(bounds);
        plot.bar_chart(BarChart::new("columns", items).allow_hover(false));
        plot.pointer_coordinate()
    });
    name_plot(ui, &shown.response, name);
    let hit = shown.inner.filter(|_| shown.response.hovered()).and_then(|at| {
        let is_on = |column: &&Upright| (at.x - place(column).0).abs() <= place(column).1 / 2.0;
        let column = columns.columns.iter().find(is_on)?;
        let (middle, width) = place(column);
        let mut below = 0.0;
        for piece in &column.pieces {
            if (below..=below + piece.value).contains(&at.y) {
                let corner = |x: f64, y: f64| shown.transform.position_from_point(&PlotPoint::new(x, y));
                let (low, high) =
                    (corner(middle - width / 2.0, below), corner(middle + width / 2.0, below + piece.value));
                lit(ui, theme, egui::Rect::from_two_pos(low, high), *shown.transform.frame());
                return Some(Hit { says: &piece.says, behind: &piece.behind });
            }
            below += piece.value;
        }
        None
    });
    found(&shown.response, hit)
}
