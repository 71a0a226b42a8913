//! The strip above the article. One line a banner, each as high as the other, so that the height of the strip is known
//! before it is drawn and the article can stay where it is on the screen when it comes and goes.

use egui::accesskit::{Live, Role};
use egui::{Align, Align2, Color32, FontId, Label, Layout, RichText, Sense, Ui, vec2};

use super::Actions;
use crate::app::banner::{Banner, BannerKind, elide_middle};
use crate::theme::{Theme, medium, semibold, size, space};

/// How high a banner is, in points.
const LINE: f32 = 32.0;
/// How high the bar is that shows how much is done, in points.
const BAR: f32 = 3.0;
/// Left and right of a banner, in points.
const SIDE: f32 = 10.0;

/// How high the strip is, in points; 0 without banners.
pub fn height(banners: &[Banner]) -> f32 {
    banners.len() as f32 * LINE
}

/// Draws the strip in all the room that `ui` has.
pub fn banner_ui(ui: &mut Ui, banners: &[Banner], actions: &mut Actions) {
    ui.spacing_mut().item_spacing = vec2(space::S, 0.0);
    for (i, banner) in banners.iter().enumerate() {
        let line = vec2(ui.available_width(), LINE);
        ui.push_id(("banner", i), |ui| {
            ui.allocate_ui_with_layout(line, Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_size(line);
                line_ui(ui, banner, actions);
            });
        });
    }
}

fn line_ui(ui: &mut Ui, banner: &Banner, actions: &mut Actions) {
    let theme = Theme::current(ui.ctx());
    let color = color_of(theme, banner.kind);
    let rect = ui.max_rect();
    ui.painter().rect_filled(rect, 0.0, theme.tinted(color));
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    if let Some(share) = banner.share {
        let top = rect.bottom() - BAR;
        let done = egui::Rect::from_x_y_ranges(rect.left()..=rect.left() + rect.width() * share, top..=rect.bottom());
        ui.painter().rect_filled(done, 0.0, color);
    }
    ui.add_space(SIDE);
    sign(ui, banner.kind, theme, color);
    let buttons: f32 = banner.buttons.iter().map(|(text, _)| button_width(ui, text) + space::S).sum();
    let room = (ui.available_width() - buttons - SIDE - space::S).max(40.0);
    let shown = fitting(ui, &banner.text, room);
    let is_cut = shown != banner.text;
    let text = ui
        .allocate_ui_with_layout(vec2(room, LINE), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(room);
            ui.add(Label::new(RichText::new(shown).color(theme.text)).extend().selectable(false).sense(Sense::hover()))
        })
        .inner;
    ui.ctx().accesskit_node_builder(text.id, |node| {
        let is_error = banner.kind == BannerKind::Error;
        node.set_role(if is_error { Role::Alert } else { Role::Status });
        node.set_live(if is_error { Live::Assertive } else { Live::Polite });
        node.set_label(banner.text.as_str());
        node.clear_value();
        if let Some(share) = banner.share {
            node.set_numeric_value(f64::from((share * 100.0).round()));
        }
        if let Some(detail) = &banner.detail {
            node.set_description(detail.as_str());
        }
    });
    if is_cut || banner.detail.is_some() {
        text.on_hover_ui(|ui| {
            ui.set_max_width(560.0);
            ui.label(&banner.text);
            if let Some(detail) = &banner.detail {
                ui.label(RichText::new(detail).color(theme.muted));
            }
        });
    }
    for (text, action) in &banner.buttons {
        if ui.button(RichText::new(text).font(button_font())).clicked() {
            actions.push(action.clone());
        }
    }
}

fn color_of(theme: &Theme, kind: BannerKind) -> Color32 {
    match kind {
        BannerKind::Info => theme.accent,
        BannerKind::Warning => theme.warning,
        BannerKind::Error => theme.error,
    }
}

/// A sign of the kind, which differs without colour too.
fn sign(ui: &mut Ui, kind: BannerKind, theme: &Theme, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(18.0, 18.0), Sense::hover());
    let painter = ui.painter();
    let text = match kind {
        BannerKind::Info => {
            painter.circle_filled(rect.center(), 8.0, color);
            "i"
        }
        BannerKind::Warning => {
            let peak = [rect.center_top(), rect.right_bottom(), rect.left_bottom()];
            painter.add(egui::Shape::convex_polygon(peak.to_vec(), color, egui::Stroke::NONE));
            "!"
        }
        BannerKind::Error => {
            painter.rect_filled(rect.shrink(1.0), 3.0, color);
            "!"
        }
    };
    let below = if kind == BannerKind::Warning { 2.0 } else { 0.0 };
    let center = rect.center() + vec2(0.0, below);
    painter.text(center, Align2::CENTER_CENTER, text, semibold(size::SMALL), theme.paper);
}

fn button_font() -> FontId {
    medium(size::BODY - 0.5)
}

fn width_of(ui: &Ui, text: &str, font: FontId) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x
}

fn button_width(ui: &Ui, text: &str) -> f32 {
    width_of(ui, text, button_font()) + 2.0 * ui.spacing().button_padding.x
}

/// The text, cut in its middle to what fits into `room` points.
fn fitting(ui: &Ui, text: &str, room: f32) -> String {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let fits = |count: usize| width_of(ui, &elide_middle(text, count), font.clone()) <= room;
    let all = text.chars().count();
    if fits(all) {
        return text.to_owned();
    }
    let (mut low, mut high) = (1, all);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        if fits(middle) { low = middle } else { high = middle }
    }
    elide_middle(text, low)
}
