//! Draws short messages at the lower edge.

use egui::accesskit::Live;
use egui::{Align2, Context, RichText, Stroke, vec2};

use super::Actions;
use crate::app::action::Action;
use crate::app::toast::{Toasts, Tone};
use crate::theme::{Theme, space};

/// Above the status bar, in points.
const BOTTOM: f32 = 34.0;

/// Draws the current messages above everything else.
pub fn toasts_ui(ctx: &Context, toasts: &mut Toasts, actions: &mut Actions) {
    let theme = Theme::current(ctx);
    let mut bottom = BOTTOM;
    for (i, toast) in toasts.current(ctx).iter().rev().enumerate() {
        let color = match toast.tone {
            Tone::Done => theme.success,
            Tone::Refused => theme.error,
        };
        let area = egui::Area::new(egui::Id::unique(("toast", i)))
            .anchor(Align2::CENTER_BOTTOM, vec2(0.0, -bottom))
            .order(egui::Order::Foreground)
            .interactable(toast.stays);
        let shown = area.show(ctx, |ui| {
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
                    if toast.stays {
                        ui.horizontal(|ui| {
                            if let Some((text, action)) = &toast.offer
                                && ui.button(text).clicked()
                            {
                                actions.push(action.clone());
                                actions.push(Action::CloseToast(toast.text.clone()));
                            }
                            if let Some(report) = &toast.report
                                && ui.button("Show the report").clicked()
                            {
                                actions.push(Action::ShowReport(report.clone()));
                            }
                            if ui.button("Close the message").clicked() {
                                actions.push(Action::CloseToast(toast.text.clone()));
                            }
                        });
                    }
                });
        });
        bottom += shown.response.rect.height() + space::S;
    }
}
