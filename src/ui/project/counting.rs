//! What stands in the place of the statistics while they are counted the first time.

use egui::{ProgressBar, RichText, Ui};

use crate::app::project::{Counting, ProjectAction};
use crate::theme::{Theme, space};
use crate::ui::Actions;
use crate::ui::widgets::number;

/// Draws how far counting is.
pub fn counting_ui(ui: &mut Ui, theme: &Theme, counting: &Counting, actions: &mut Actions) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.3);
        let (done, of) = counting.progress.as_ref().map_or((0, 0), |progress| progress.looked());
        let text = format!("Counting what is marked: {} of {} layers", number(done), number(of));
        ui.label(RichText::new(text).color(theme.muted));
        ui.add_space(space::S);
        ui.add(ProgressBar::new(done as f32 / of.max(1) as f32).desired_width(280.0).desired_height(10.0));
        ui.add_space(space::S);
        if ui.button("Stop").clicked() {
            actions.push(ProjectAction::Stop.into());
        }
    });
}
