//! Small signs that are painted, since no font that ships has all of them: how far the work is, that something is wrong,
//! that there is more of the same.
//! Each has a shape of its own: never colour alone.

use egui::{Color32, Painter, Pos2, Rect, Sense, Stroke, Ui, vec2};

use crate::model::Status;
use crate::theme::Theme;

/// The colour of a status.
pub fn status_color(theme: &Theme, status: Status) -> Color32 {
    match status {
        Status::New => theme.muted,
        Status::InProgress => theme.accent,
        Status::Done => theme.success,
        Status::Flagged => theme.warning,
    }
}

/// Paints the sign of a status around `center`: a ring, a half disc in a ring, a disc, a flag.
pub fn paint_status(painter: &Painter, theme: &Theme, status: Status, center: Pos2) {
    let color = status_color(theme, status);
    let radius = 4.5;
    match status {
        Status::New => drop(painter.circle_stroke(center, radius, Stroke::new(1.4, color))),
        Status::InProgress => {
            painter.circle_stroke(center, radius, Stroke::new(1.4, color));
            let clip = Rect::from_min_max(center - vec2(radius + 1.0, radius + 1.0), center + vec2(0.0, radius + 1.0));
            painter.with_clip_rect(clip.intersect(painter.clip_rect())).circle_filled(center, radius, color);
        }
        Status::Done => drop(painter.circle_filled(center, radius + 0.5, color)),
        Status::Flagged => {
            let foot = center + vec2(-3.5, 6.0);
            painter.line_segment([foot, center + vec2(-3.5, -5.5)], Stroke::new(1.4, color));
            let cloth = vec![center + vec2(-3.5, -5.5), center + vec2(5.0, -2.5), center + vec2(-3.5, 0.5)];
            painter.add(egui::Shape::convex_polygon(cloth, color, Stroke::NONE));
        }
    }
}

/// The sign of a status, as a widget.
pub fn status_sign(ui: &mut Ui, theme: &Theme, status: Status) {
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
    paint_status(ui.painter(), theme, status, rect.center());
}

/// Paints a triangle with a stroke in it around `center`.
pub fn paint_warning(painter: &Painter, color: Color32, center: Pos2) {
    let corners = vec![center + vec2(0.0, -5.0), center + vec2(5.5, 4.5), center + vec2(-5.5, 4.5)];
    painter.add(egui::Shape::closed_line(corners, Stroke::new(1.3, color)));
    painter.line_segment([center + vec2(0.0, -1.5), center + vec2(0.0, 1.6)], Stroke::new(1.3, color));
    painter.circle_filled(center + vec2(0.0, 3.1), 0.8, color);
}

/// The triangle, as a widget.
pub fn warning_sign(ui: &mut Ui, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(13.0, 13.0), Sense::hover());
    paint_warning(ui.painter(), color, rect.center());
}

/// Paints two sheets, one over the other, around `center`.
pub fn paint_same(painter: &Painter, color: Color32, center: Pos2) {
    let stroke = Stroke::new(1.3, color);
    let sheet = |by: f32| Rect::from_center_size(center + vec2(by, by), vec2(7.0, 8.0));
    painter.rect_stroke(sheet(1.8), 1.0, stroke, egui::StrokeKind::Middle);
    // What of the other is seen behind it.
    let behind = sheet(-1.8);
    let corners = [behind.left_bottom() + vec2(2.0, 0.0), behind.left_bottom(), behind.left_top()];
    painter.line(corners.to_vec(), stroke);
    painter.line(vec![behind.left_top(), behind.right_top(), behind.right_top() + vec2(0.0, 2.0)], stroke);
}

/// The two sheets, as a widget.
pub fn same_sign(ui: &mut Ui, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(13.0, 13.0), Sense::hover());
    paint_same(ui.painter(), color, rect.center());
}
