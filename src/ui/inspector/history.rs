//! The history of what is selected: the last changes, newest first, and how each field was before.

use egui::{RichText, Ui};

use super::section;
use crate::app::action::Action;
use crate::edit::{Fate, FieldChange, Moment, Standing, timeline};
use crate::limits;
use crate::model::Id;
use crate::text::visible;
use crate::theme::{Theme, medium, size};
use crate::ui::widgets::{counted, elided, named, quiet_button, row, told};
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
    let title = visible::line(&moment.title, limits::TITLE_SHOWN);
    let name = format!("Step: {title}, {}", circumstances(moment));
    let content = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        let is_in_force = moment.standing == Standing::Past;
        let color = if is_in_force { view.theme.text } else { view.theme.muted };
        elided(ui, RichText::new(title.as_ref()).color(color));
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
        response.on_hover_ui(|ui| {
            let by = moment.by.as_ref().map(|by| format!(", {}", named(by))).unwrap_or_default();
            ui.label(format!("{}{by}\n{}", when::whole(at), told(&moment.title)));
        });
    }
}

/// When, who, from what it came, and whether it still holds.
fn circumstances(moment: &Moment) -> String {
    let at = moment.at.as_deref().map(when::short);
    // What was there before has it as its title already.
    let origin = moment.origin.as_ref().filter(|_| moment.state.is_some()).map(|origin| match moment.fate {
        Fate::Changed => format!("from now on {}", visible::line(origin, limits::TITLE_SHOWN)),
        Fate::Made | Fate::Removed => capitalised(&visible::line(origin, limits::TITLE_SHOWN)),
    });
    let standing = matches!(moment.standing, Standing::Undone | Standing::Abandoned).then(|| "taken back".to_owned());
    let by = moment.by.as_deref().map(|by| named(by).into_owned());
    [at, by, standing, origin].into_iter().flatten().collect::<Vec<_>>().join(" · ")
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
        let field = RichText::new(format!("{}:", named(&change.field))).font(medium(size::SMALL)).color(theme.muted);
        ui.add(egui::Label::new(field).selectable(false));
        let words = |side: &Option<String>| side.as_deref().map_or("nothing".to_owned(), short);
        part(ui, words(&change.before), theme.muted);
        part(ui, "→".to_owned(), theme.muted);
        part(ui, words(&change.after), theme.text);
    })
    .response
    .on_hover_ui(|ui| {
        ui.label(in_full(change));
    });
}

/// Both sides, as long as a hint may be.
fn in_full(change: &FieldChange) -> String {
    let side = |text: &Option<String>| text.as_deref().map_or("nothing".to_owned(), |text| told(text).into_owned());
    format!("{}\n{}\n→ {}", named(&change.field), side(&change.before), side(&change.after))
}

fn short(text: &str) -> String {
    const MOST: usize = 80;
    visible::line(text, MOST).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_tells_no_more_of_a_long_note_than_anybody_reads() {
        let long = "x".repeat(10_000);
        let change = FieldChange { field: long.clone(), before: Some(long.clone()), after: None };
        let hint = in_full(&change);
        assert!(hint.ends_with("…\n→ nothing"), "{hint}");
        assert!(hint.chars().count() < 2 * limits::MESSAGE_SHOWN, "{} characters", hint.chars().count());
    }
}
