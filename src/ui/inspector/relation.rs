//! A relation: where it starts and leads.

use egui::Ui;

use crate::app::action::Action;
use crate::edit::Intent;
use crate::model::Id;
use crate::ui::widgets::{annotation_link, heading};
use crate::ui::{Actions, View};

/// Draws both ends.
pub fn relation_ui(ui: &mut Ui, view: &View<'_>, id: &Id, actions: &mut Actions) {
    let Some(relation) = view.document.relations().get(id) else { return };
    heading(ui, view.theme, "From");
    annotation_link(ui, view, &relation.from, actions);
    heading(ui, view.theme, "To");
    annotation_link(ui, view, &relation.to, actions);
    if ui.button("Reverse").on_hover_text("Let it lead the other way").clicked() {
        actions.push(Action::Edit(Intent::Reverse { id: id.clone() }));
    }
}
