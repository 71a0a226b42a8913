//! Bars from the left, and what all plots share.

use egui::{Align2, Color32, RichText, ScrollArea, Stroke, Ui};
use egui_plot::{AxisHints, Bar as PlotBar, BarChart, GridMark, Plot, PlotBounds, PlotPoint, Text, VLine, VPlacement};

use super::{Brush, Hit, found, name_plot};
use crate::review::statistics::plots::{Bars, number};
use crate::theme::{Theme, size};
use crate::ui::widgets::named;

/// Height of a bar with its distance.
const ROW: f32 = 23.0;
/// Bars take this much of it.
const THICK: f64 = 0.68;
/// Names beside bars are cut there.
const NAME_SHOWN: usize = 34;
/// Height of the axis.
const AXIS: f32 = 44.0;

/// A plot that looks like one of ours; it stands still.
pub(super) fn quiet<'a>(id: &str, theme: &Theme) -> Plot<'a> {
    Plot::new(id)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_crosshair(false)
        .show_background(false)
        .set_margin_fraction(egui::Vec2::ZERO)
        .label_formatter(|_| None)
        .grid_color(theme.border)
        .grid_fade(0.0)
}

/// An axis in quiet small type.
pub(super) fn axis<'a>(hints: AxisHints<'a>, theme: &Theme) -> AxisHints<'a> {
    hints.tick_label_color(theme.muted).tick_label_font(egui::FontId::proportional(size::SMALL))
}

/// What stands below or beside an axis.
pub(super) fn axis_name(theme: &Theme, name: &str) -> RichText {
    RichText::new(name).size(size::SMALL).color(theme.muted)
}

/// A number beside an axis: whole ones, and shares.
pub(super) fn tick(value: f64, is_share: bool) -> String {
    if is_share {
        return format!("{:.0} %", value * 100.0);
    }
    if value < 0.0 {
        String::new()
    } else if value.fract() == 0.0 {
        number(value as u64)
    } else {
        let text = format!("{value:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// Marks from 0 to a largest value, at whole numbers unless values are shares.
pub(super) fn marks(most: f64, is_share: bool) -> Vec<GridMark> {
    let step = if is_share {
        0.2
    } else {
        let power = 10f64.powf((most.max(1.0) / 6.0).log10().floor());
        [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|step| step * power)
            .find(|step| most / step <= 6.0)
            .unwrap_or(power * 10.0)
            .max(1.0)
    };
    (0..40)
        .map(|nth| GridMark { value: f64::from(nth) * step, step_size: step })
        .take_while(|mark| mark.value <= most * 1.000_1)
        .collect()
}

/// A name beside a plot: on one line, shortened, with nothing hidden in it.
pub(super) fn short(name: &str, most: usize) -> String {
    let name = named(name);
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default().trim_end()),
        None => name.into_owned(),
    }
}

/// How high bars are with their axis.
pub(super) fn height(bars: &Bars) -> f32 {
    let more = if bars.left_out > 0 { 22.0 } else { 0.0 };
    bars.bars.len() as f32 * ROW + AXIS + more
}

/// Draws bars; gives the piece that was clicked.
pub(super) fn bars<'a>(ui: &mut Ui, brush: &Brush, bars: &'a Bars, name: &str) -> Option<Hit<'a>> {
    let theme = brush.theme;
    let high = bars.bars.len() as f32 * ROW + AXIS;
    // The axis of a long list would be out of sight below.
    let is_above = height(bars) > ui.available_height() + 1.0;
    let mut clicked = None;
    let scroll = ScrollArea::vertical().id_salt("bars").auto_shrink(false);
    scroll.show(ui, |ui| {
        clicked = in_plot(ui, brush, bars, name, (high, is_above));
        if bars.left_out > 0 {
            let line = format!("and {} more in the table", number(bars.left_out as u64));
            ui.label(RichText::new(line).size(size::SMALL).color(theme.muted));
        }
    });
    clicked
}

fn in_plot<'a>(
    ui: &mut Ui,
    brush: &Brush,
    bars: &'a Bars,
    name: &str,
    (height, is_above): (f32, bool),
) -> Option<Hit<'a>> {
    let theme = brush.theme;
    let count = bars.bars.len();
    let sum = |bar: &crate::review::statistics::plots::Bar| bar.pieces.iter().map(|piece| piece.value).sum::<f64>();
    let most = if bars.is_share { 1.0 } else { bars.bars.iter().map(sum).fold(0.0, f64::max).max(1.0) };
    let names: Vec<String> = bars.bars.iter().map(|bar| short(&bar.name, NAME_SHOWN)).collect();
    let level = move |nth: usize| (count - 1 - nth) as f64;
    let row_name = move |mark: GridMark, _: &std::ops::RangeInclusive<f64>| {
        let nth = count as f64 - 1.0 - mark.value;
        if nth < 0.0 || (nth - nth.round()).abs() > 1e-6 {
            String::new()
        } else {
            names.get(nth as usize).cloned().unwrap_or_default()
        }
    };
    let is_share = bars.is_share;
    let widest = bars.bars.iter().map(|bar| bar.told.chars().count()).max().unwrap_or(0) as f64;
    // Room for what stands at the end of the longest bar.
    let beyond = most * (1.0 + (widest * 7.0 + 16.0) / f64::from(ui.available_width().max(300.0) * 0.72));
    let plot = quiet("bars plot", theme)
        .height(height)
        .show_grid([true, false])
        .x_grid_spacer(move |_| marks(most, is_share))
        .y_grid_spacer(move |_| (0..count).map(|at| GridMark { value: at as f64, step_size: 1.0 }).collect())
        .custom_x_axes(vec![
            axis(AxisHints::new_x(), theme)
                .label(axis_name(theme, bars.axis))
                .placement(if is_above { VPlacement::Top } else { VPlacement::Bottom })
                .label_spacing(egui::Rangef::new(8.0, 9.0))
                .formatter(move |mark, _| tick(mark.value, is_share)),
        ])
        .custom_y_axes(vec![
            axis(AxisHints::new_y(), theme)
                .tick_label_color(theme.text)
                .tick_label_font(egui::FontId::proportional(size::BODY - 0.5))
                .label_spacing(egui::Rangef::new(4.0, 5.0))
                .formatter(row_name),
        ]);
    let mut items = Vec::new();
    let mut told = Vec::new();
    for (nth, bar) in bars.bars.iter().enumerate() {
        let mut from = 0.0;
        for piece in &bar.pieces {
            let paint = brush.paint(&piece.ink);
            let bar = PlotBar::new(level(nth), piece.value).base_offset(from).width(THICK);
            items.push(bar.fill(paint.fill).stroke(Stroke::new(1.2, paint.line)));
            from += piece.value;
        }
        let end = if is_share { 1.0 } else { from };
        let text = RichText::new(format!(" {}", bar.told)).size(size::SMALL).color(theme.muted);
        let at = PlotPoint::new(end, level(nth));
        told.push(Text::new(format!("told {nth}"), at, text).anchor(Align2::LEFT_CENTER).allow_hover(false));
    }
    let lines: Vec<VLine> = bars
        .lines
        .iter()
        .enumerate()
        .map(|(nth, at)| {
            let line = VLine::new(format!("line {nth}"), *at).stroke(Stroke::new(1.5, theme.text));
            line.style(egui_plot::LineStyle::dashed_dense()).allow_hover(false)
        })
        .collect();
    let bounds = PlotBounds::from_min_max([0.0, -0.6], [beyond, count as f64 - 0.4]);
    let shown = plot.show(ui, move |plot| {
        plot.set_plot_bounds(bounds);
        plot.bar_chart(BarChart::new("bars", items).horizontal().allow_hover(false));
        for line in lines {
            plot.vline(line);
        }
        for text in told {
            plot.text(text);
        }
        plot.pointer_coordinate()
    });
    name_plot(ui, &shown.response, name);
    let hit = shown.inner.filter(|_| shown.response.hovered()).and_then(|at| {
        let nth = count as f64 - 1.0 - at.y.round();
        let is_on_bar = (at.y - at.y.round()).abs() <= THICK / 2.0 && nth >= 0.0;
        let bar = bars.bars.get(nth as usize).filter(|_| is_on_bar)?;
        let mut from = 0.0;
        let nth = bar.pieces.iter().position(|piece| {
            from += piece.value;
            (0.0..=from).contains(&at.x)
        })?;
        let piece = bar.pieces.get(nth)?;
        let (left, level) = (from - piece.value, at.y.round());
        let corners = [
            shown.transform.position_from_point(&PlotPoint::new(left, level - THICK / 2.0)),
            shown.transform.position_from_point(&PlotPoint::new(from, level + THICK / 2.0)),
        ];
        lit(ui, theme, egui::Rect::from_two_pos(corners[0], corners[1]), *shown.transform.frame());
        Some(Hit { says: &piece.says, behind: &piece.behind })
    });
    found(&shown.response, hit)
}

/// Outlines what the pointer is on.
pub(super) fn lit(ui: &Ui, theme: &Theme, rect: egui::Rect, inside: egui::Rect) {
    let painter = ui.painter().with_clip_rect(inside.expand(2.0).intersect(ui.clip_rect()));
    painter.rect(rect, 2, Color32::TRANSPARENT, Stroke::new(2.0, theme.text), egui::StrokeKind::Outside);
}
