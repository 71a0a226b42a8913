//! Draws short messages at the lower edge.

use egui::accesskit::Live;
use egui::{Align2, Context, RichText, Stroke, vec2};

use crate::app::toast::{Toasts, Tone};
use crate::theme::{Theme, space};

/// Draws the current messages above everything else.
pub fn toasts_ui(ctx: &Context, toasts: &mut Toasts) {
    let theme = Theme::current(ctx);
    for (i, toast) in toasts.current(ctx).iter().rev().enumerate() {
        let color = match toast.tone {
            Tone::Done => theme.success,
            Tone::Refused => theme.error,
        };
        egui::Area::new(egui::Id::unique(("toast", i)))
            .anchor(Align2::CENTER_BOTTOM, vec2(0.0, -34.0 - 44.0 * i as f32))
            .order(egui::Order::Foreground)
            .interactable(false)
            .show(ctx, |ui| {
                egui::Frame::popup(ui.style())
                    .fill(theme.raised)
                    .stroke(Stroke::new(1.0, color))
                    .inner_margin(space::S)
                    .show(ui, |ui| {
                        ui.set_max_width(520.0);
                        let label = ui.label(RichText::new(&toast.text).color(color));
                        ui.ctx().accesskit_node_builder(label.id, |node| {
                            node.set_live(if toast.tone == Tone::Refused { Live::Assertive } else { Live::Polite });
                        });
                    });
            });
    }
}
