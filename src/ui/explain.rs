//! What a label means, beside the annotation that has it.

use egui::{Frame, Order, Pos2, RichText, Ui, vec2};

use crate::model::Id;
use crate::theme::{Theme, medium, reading, size, space};
use crate::ui::widgets::{named, told};

/// How wide it is, in points.
const WIDTH: f32 = 340.0;

/// What is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The label.
    pub label: String,
    /// What it means.
    pub definition: String,
    /// Examples, with the words that carry the label in square brackets.
    pub examples: Vec<String>,
    /// The annotation beside which it stands; `None` = the caret.
    pub at: Option<Id>,
}

/// Draws it below `at`, on the screen.
pub fn explain_ui(ui: &Ui, theme: &Theme, explanation: &Explanation, at: Pos2) {
    let area = egui::Area::new(egui::Id::unique("explanation")).fixed_pos(at + vec2(0.0, 8.0)).order(Order::Foreground);
    area.constrain(true).interactable(false).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(space::M).show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.label(RichText::new(named(&explanation.label)).font(medium(size::BODY)).color(theme.text));
            let definition = RichText::new(told(&explanation.definition)).color(theme.text);
            ui.add(egui::Label::new(definition).wrap());
            for example in &explanation.examples {
                ui.add_space(space::XS);
                let example = RichText::new(told(example)).font(reading(size::BODY)).color(theme.muted);
                ui.add(egui::Label::new(example).wrap());
            }
        });
    });
}
