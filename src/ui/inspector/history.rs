//! The history of what is selected: the last changes, newest first, and how each field was before.

use egui::{RichText, Ui};

use super::section;
use crate::app::action::Action;
use crate::edit::{Fate, FieldChange, Moment, Standing, timeline};
use crate::model::Id;
use crate::theme::{Theme, medium, size};
use crate::ui::widgets::{counted, elided, quiet_button, row};
use crate::ui::{Actions, View, when};

/// How many changes are shown before all are asked for.
const FEW: usize = 3;
/// How many are shown at most; the history of the document has all.
const MOST: usize = 60;

/// What the section remembers between frames.
#[derive(Default)]
pub struct HistoryState {
    /// Of what, and at which revision, the moments were told.
    told_for: Option<(Id, u64)>,
    /// Newest first.
    moments: Vec<Moment>,
    /// Of what all moments are shown.
    open: Option<Id>,
}

/// Draws the section.
pub fn history_ui(ui: &mut Ui, view: &View<'_>, state: &mut HistoryState, id: &Id, actions: &mut Actions) {
    let wanted = (id.clone(), view.revision);
    if state.told_for.as_ref() != Some(&wanted) {
        state.moments = timeline(view.document, view.history, id);
        state.moments.reverse();
        state.told_for = Some(wanted);
    }
    let count = state.moments.len();
    if count == 0 {
        return;
    }
    let is_open = state.open.as_ref() == Some(id);
    section(ui, view, "History", |ui| {
        if count > FEW {
            let text = if is_open { "Show the last ones".to_owned() } else { format!("Show all {count}") };
            if quiet_button(ui, &text).clicked() {
                state.open = (!is_open).then(|| id.clone());
            }
        }
    });
    let shown = if is_open { MOST } else { FEW };
    for (nth, moment) in state.moments.iter().take(shown).enumerate() {
        ui.push_id(("moment", nth), |ui| moment_ui(ui, view, moment, actions));
    }
    if is_open && count > MOST {
        let more = format!("and {} before; the history of the document has all", counted(count - MOST, "change"));
        ui.label(RichText::new(more).size(size::SMALL).color(view.theme.muted));
    }
}

fn moment_ui(ui: &mut Ui, view: &View<'_>, moment: &Moment, actions: &mut Actions) {
    let name = format!("Step: {}, {}", moment.title, circumstances(moment));
    let content = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        let is_in_force = moment.standing == Standing::Past;
        let color = if is_in_force { view.theme.text } else { view.theme.muted };
        elided(ui, RichText::new(moment.title.as_str()).color(color));
        elided(ui, RichText::new(circumstances(moment)).size(size::SMALL).color(view.theme.muted));
        for change in moment.fields.iter().filter(|_| moment.fate == Fate::Changed) {
            change_ui(ui, view.theme, change);
        }
    };
    let response = match moment.state {
        Some(state) => {
            let response = row(ui, &name, false, content);
            if response.clicked() {
                actions.push(Action::ShowHistory(Some(state)));
            }
            response
        }
        None => {
            let margin = egui::Margin::symmetric(6, 1);
            egui::Frame::NONE.inner_margin(margin).show(ui, content).response
        }
    };
    if let Some(at) = &moment.at {
        let by = moment.by.as_ref().map(|by| format!(", {by}")).unwrap_or_default();
        response.on_hover_text(format!("{}{by}\n{}", when::whole(at), moment.title));
    }
}

/// When, who, from what it came, and whether it still holds.
fn circumstances(moment: &Moment) -> String {
    let at = moment.at.as_deref().map(when::short);
    // What was there before has it as its title already.
    let origin = moment.origin.as_ref().filter(|_| moment.state.is_some()).map(|origin| match moment.fate {
        Fate::Changed => format!("from now on {origin}"),
        Fate::Made | Fate::Removed => capitalised(origin),
    });
    let standing = matches!(moment.standing, Standing::Undone | Standing::Abandoned).then(|| "taken back".to_owned());
    [at, moment.by.clone(), standing, origin].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// `Label: Person → Place`.
pub fn change_ui(ui: &mut Ui, theme: &Theme, change: &FieldChange) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.spacing_mut().interact_size.y = 0.0;
        let part = |ui: &mut Ui, text: String, color| {
            ui.add(egui::Label::new(RichText::new(text).size(size::SMALL).color(color)).wrap().selectable(false))
        };
        let field = RichText::new(format!("{}:", change.field)).font(medium(size::SMALL)).color(theme.muted);
        ui.add(egui::Label::new(field).selectable(false));
        let words = |side: &Option<String>| side.as_deref().map_or("nothing".to_owned(), short);
        part(ui, words(&change.before), theme.muted);
        part(ui, "→".to_owned(), theme.muted);
        part(ui, words(&change.after), theme.text);
    })
    .response
    .on_hover_text(in_full(change));
}

/// Both sides whole.
fn in_full(change: &FieldChange) -> String {
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    format!("{}\n{}\n→ {}", change.field, side(&change.before), side(&change.after))
}

fn short(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() > MOST { text.chars().take(MOST - 1).chain(['…']).collect() } else { text.to_owned() }
}
