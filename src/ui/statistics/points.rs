//! Points on a plane; it can be moved and made larger.

use std::collections::BTreeMap;

use egui::{FontId, Pos2, Rect, Stroke, Ui, Vec2, vec2};
use egui_plot::{
    Axis, AxisHints, GridInput, GridMark, HLine, LineStyle, MarkerShape, PlotPoint, PlotPoints, Points as PlotDots,
    Span,
};

use super::plot::{axis, axis_name, marks, quiet, short, tick};
use super::{Brush, Hit, found, name_plot};
use crate::review::statistics::plots::{Dot, Ink, Points, Shape};
use crate::theme::{Theme, size};

/// How near the pointer must be, in points.
const REACH: f32 = 9.0;
/// So far from the middle of a point, in points, its name may begin.
const BESIDE: f32 = 6.0;
/// Names beside points are cut there.
const NAME_SHOWN: usize = 30;

/// Round numbers in what is seen.
fn between(seen: GridInput) -> Vec<GridMark> {
    let (from, to) = seen.bounds;
    let step = marks(to - from, false).get(1).map_or(1.0, |mark| mark.step_size);
    let first = (from / step).ceil();
    (0..12)
        .map(|nth| (first + f64::from(nth)) * step)
        .take_while(|value| *value <= to)
        .map(|value| GridMark { value, step_size: step })
        .collect()
}

fn radius(count: u32) -> f32 {
    3.2 + (f64::from(count.max(1)).ln() as f32) * 0.7
}

/// Draws points; gives the one that was clicked.
pub(super) fn points<'a>(ui: &mut Ui, brush: &Brush, points: &'a Points, name: &str) -> Option<Hit<'a>> {
    let theme = brush.theme;
    let most = |of: &dyn Fn(&Dot) -> f64| points.dots.iter().map(of).fold(0.0, f64::max).max(1e-3) * 1.05;
    let (wide, high) = (most(&|dot| dot.at.0), most(&|dot| dot.at.1));
    let [along, upwards] = points.axes;
    let plot = quiet("points plot", theme)
        .height(ui.available_height())
        .allow_zoom(true)
        .allow_drag(true)
        .allow_double_click_reset(true)
        .show_grid([false, true])
        .x_grid_spacer(between)
        .y_grid_spacer(between)
        // What stands at zero is seen whole.
        .default_x_bounds(-wide * 0.02, wide)
        .default_y_bounds(-high * 0.05, high)
        .custom_x_axes(vec![
            axis(AxisHints::new_x(), theme)
                .label(axis_name(theme, along))
                .label_spacing(egui::Rangef::new(8.0, 9.0))
                .formatter(|mark, _| tick(mark.value, false)),
        ])
        .custom_y_axes(vec![
            axis(AxisHints::new_y(), theme)
                .label(axis_name(theme, upwards))
                .label_spacing(egui::Rangef::new(8.0, 9.0))
                .formatter(|mark, _| tick(mark.value, false)),
        ]);
    // One item for all points that look the same.
    let mut alike: BTreeMap<(u8, u32), Vec<[f64; 2]>> = BTreeMap::new();
    for dot in &points.dots {
        let at = [dot.at.0, dot.at.1];
        // Twice the radius as a whole number: close enough to look the same.
        alike.entry((dot.shape as u8, (radius(dot.count) * 2.0).round() as u32)).or_default().push(at);
    }
    let paint = |ink: Ink| brush.paint(&ink);
    let (usual, striking, apart) = (paint(Ink::Half), paint(Ink::Full), paint(Ink::Hollow));
    let mut items: Vec<PlotDots<'static>> = Vec::new();
    for ((shape, twice), list) in alike {
        let points = |name: &str| PlotDots::new(format!("{name} {shape} {twice}"), PlotPoints::from(list.clone()));
        let size = twice as f32 / 2.0;
        let of = |shape: Shape| shape as u8;
        if shape == of(Shape::Usual) {
            items.push(points("usual").radius(size).color(usual.fill).allow_hover(false));
            items.push(points("ring").radius(size).color(usual.line).filled(false).allow_hover(false));
        } else if shape == of(Shape::Apart) {
            items.push(points("apart").radius(size).color(apart.line).filled(false).allow_hover(false));
        } else {
            let marker = if shape == of(Shape::Above) { MarkerShape::Up } else { MarkerShape::Down };
            items.push(points("striking").radius(6.0).shape(marker).color(striking.fill).allow_hover(false));
        }
    }
    let band = points.usual.map(|(median, (low, up))| {
        let span = Span::new("", low..=up).axis(Axis::Y).fill(theme.bar).border_color(theme.border);
        let line = HLine::new("median", median).stroke(Stroke::new(1.2, theme.muted));
        (span, line.style(LineStyle::dashed_loose()).allow_hover(false))
    });
    let shown = plot.show(ui, move |plot| {
        if let Some((span, line)) = band {
            plot.span(span);
            plot.hline(line);
        }
        for item in items {
            plot.points(item);
        }
    });
    let place = |dot: &Dot| shown.transform.position_from_point(&PlotPoint::new(dot.at.0, dot.at.1));
    names(ui, theme, points, *shown.transform.frame(), &place);
    name_plot(ui, &shown.response, name);
    let pointer = shown.response.hover_pos();
    let hit = pointer.and_then(|pointer| {
        let distance = |dot: &Dot| place(dot).distance(pointer) - radius(dot.count) + 3.0;
        let near = points.dots.iter().map(|dot| (distance(dot), dot)).filter(|(distance, _)| *distance <= REACH);
        let (_, dot) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
        ui.painter().circle_stroke(place(dot), radius(dot.count) + 3.0, Stroke::new(2.0, theme.text));
        Some(Hit { says: &dot.says, behind: &dot.behind })
    });
    found(&shown.response, hit)
}

/// Writes names beside their points, on the side where there is room; one that would lie over another is left out (the
/// pointer and the table tell it).
fn names(ui: &Ui, theme: &Theme, points: &Points, frame: Rect, place: &dyn Fn(&Dot) -> Pos2) {
    let painter = ui.painter().with_clip_rect(frame);
    let named: Vec<(&Dot, Pos2)> =
        points.dots.iter().filter(|dot| !dot.name.is_empty()).map(|dot| (dot, place(dot))).collect();
    let sign = |at: Pos2| Rect::from_center_size(at, Vec2::splat(BESIDE));
    let mut taken: Vec<Rect> = named.iter().map(|(_, at)| sign(*at)).collect();
    for (nth, (dot, at)) in named.iter().enumerate().filter(|(_, (_, at))| frame.contains(*at)) {
        let font = FontId::proportional(size::SMALL);
        let galley = painter.layout_no_wrap(short(&dot.name, NAME_SHOWN), font, theme.text);
        let half = vec2(galley.size().x / 2.0 + 2.0 * BESIDE, 0.0);
        let sides = [*at + half, *at - half].map(|center| Rect::from_center_size(center, galley.size()));
        let is_free = |rect: &Rect| {
            let others = taken.iter().enumerate().filter(|(other, _)| *other != nth);
            frame.contains_rect(*rect)
                && !others.into_iter().any(|(_, other)| other.intersects(rect.shrink2(vec2(0.0, 2.0))))
        };
        if let Some(rect) = sides.into_iter().find(is_free) {
            painter.galley(rect.min, galley, theme.text);
            taken.push(rect);
        }
    }
}
