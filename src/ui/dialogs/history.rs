//! The history of the document: every step, what going back to it would change, and going back.

use std::sync::Arc;

use egui::{Align, Key, Layout, RichText, ScrollArea, Ui};

use super::{buttons, title_ui};
use crate::app::action::Action;
use crate::app::looking_ahead::{Past, Preview};
use crate::edit::{Fate, History, Standing, State, Told};
use crate::limits;
use crate::text::visible;
use crate::theme::{Theme, medium, semibold, size, space};
use crate::ui::inspector::change_ui;
use crate::ui::lists::{focus_row, rows_from};
use crate::ui::widgets::{counted, elided, named, row};
use crate::ui::{Actions, View, when};

const ROW: f32 = 39.0;
/// What the dialog holds while it is open.
#[derive(Clone, Debug, Default)]
pub struct HistoryDialog {
    /// The row that is to be selected as soon as it is drawn.
    wanted: Option<State>,
    /// The state that is selected.
    selected: State,
    /// What going back to it would change, once that was worked out: of which revision of which session, and of which
    /// state.
    preview: Option<(Question, Preview)>,
    /// What is being worked out.
    asked: Option<Question>,
    /// What that is worked out from: of which session, and at which revision.
    past: Option<((u64, u64), Arc<Past>)>,
}

/// What going back would change is asked of a session, a revision and a state.
pub type Question = (u64, u64, State);

impl HistoryDialog {
    /// With this state selected.
    pub fn at(state: State) -> Self {
        Self { wanted: Some(state), selected: state, ..Self::default() }
    }

    /// What is to be worked out now, and from what: nothing while something is. `past` is asked once for a revision.
    pub fn ask(&mut self, session: u64, revision: u64, past: impl FnOnce() -> Past) -> Option<(Question, Arc<Past>)> {
        let question = (session, revision, self.selected);
        if self.asked.is_some() || self.preview.as_ref().is_some_and(|(known, _)| *known == question) {
            return None;
        }
        self.asked = Some(question);
        if self.past.as_ref().is_none_or(|(of, _)| *of != (session, revision)) {
            self.past = Some(((session, revision), Arc::new(past())));
        }
        self.past.as_ref().map(|(_, past)| (question, Arc::clone(past)))
    }

    /// Takes what was worked out. Another state may be selected by now; then that one is next.
    pub fn answer(&mut self, question: Question, preview: Preview) {
        self.asked.take_if(|asked| *asked == question);
        self.preview = Some((question, preview));
    }

    /// What going back to the selected state would change, if that is known.
    fn known(&self, revision: u64) -> Option<&Preview> {
        let is_it = |(_, of, state): &Question| (*of, *state) == (revision, self.selected);
        self.preview.as_ref().filter(|(question, _)| is_it(question)).map(|(_, preview)| preview)
    }
}

/// The state that a row stands for: the newest step first, the beginning last.
fn state_of_row(history: &History, at: usize) -> State {
    let nth = history.step_count().checked_sub(at + 1);
    nth.and_then(|nth| history.step(nth)).map_or(State::BEGINNING, |step| step.last)
}

fn row_of_state(history: &History, state: State) -> usize {
    let nth = history.step_of(state);
    history.step_count() - nth.map_or(0, |nth| nth + 1)
}

/// Draws the steps and what is selected.
pub fn history_ui(
    ui: &mut Ui,
    theme: &Theme,
    view: Option<&View<'_>>,
    state: &mut HistoryDialog,
    actions: &mut Actions,
) {
    title_ui(ui, "History");
    let Some(view) = view.filter(|view| !view.history.is_empty()) else {
        ui.add_space(space::S);
        let message = "Nothing was done to this document since its record began. Every step will be listed here, also \
                       those that you undo, and you can go back to any of them";
        ui.add(egui::Label::new(RichText::new(message).color(theme.muted)).wrap());
        if buttons(ui, theme, &[("Close", true)]).is_some() {
            actions.push(Action::CloseDialog);
        }
        return;
    };
    let counted_steps = counted(view.history.step_count(), "step");
    let hint = format!("{counted_steps}, newest first; going back is a step of its own, and can be undone");
    ui.label(RichText::new(hint).size(size::SMALL).color(theme.muted));
    ui.add_space(space::XS);
    let height = (ui.ctx().content_rect().height() - 220.0).clamp(160.0, 560.0);
    let width = ui.available_width();
    let side = (width * 0.42).min(400.0);
    let gap = 2.0 * space::M;
    ui.allocate_ui_with_layout(egui::vec2(width, height), Layout::left_to_right(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let size = egui::vec2(width - side - gap, height);
        ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
            ui.set_min_size(size);
            ui.spacing_mut().item_spacing.x = space::S;
            steps_ui(ui, view, state, actions);
        });
        ui.add(egui::Separator::default().vertical().spacing(gap));
        let size = egui::vec2(side, height);
        ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
            ui.set_min_size(size);
            ui.spacing_mut().item_spacing.x = space::S;
            selected_ui(ui, view, state);
        });
    });
    // Before that is known, going back finds out by itself.
    let can_go = match state.known(view.revision) {
        Some(preview) => preview.count.is_some_and(|count| count > 0),
        None => state.selected != view.history.now(),
    };
    match buttons(ui, theme, &[("Go back to here", can_go), ("Close", true)]) {
        Some(0) => actions.push(Action::GoBack(state.selected)),
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}

fn steps_ui(ui: &mut Ui, view: &View<'_>, dialog: &mut HistoryDialog, actions: &mut Actions) {
    let history = view.history;
    let wanted = dialog.wanted.take().map(|state| row_of_state(history, state));
    if let Some(wanted) = wanted {
        focus_row(ui, wanted);
    }
    rows_from(ui, "steps", ROW, history.step_count() + 1, wanted, |ui, at| {
        let state = state_of_row(history, at);
        let response = step_ui(ui, view, state, dialog.selected == state);
        // Arrows move the keyboard from row to row, and what has it is selected.
        let (has_focus, has_entered) = (response.has_focus(), ui.input(|input| input.key_pressed(Key::Enter)));
        if (has_focus && has_entered) || response.double_clicked() {
            actions.push(Action::GoBack(state));
        } else if response.clicked() {
            response.request_focus();
            dialog.selected = state;
            ui.ctx().request_repaint();
        } else if has_focus && dialog.selected != state {
            dialog.selected = state;
            ui.ctx().request_repaint();
        }
    });
}

fn step_ui(ui: &mut Ui, view: &View<'_>, state: State, is_selected: bool) -> egui::Response {
    let theme = view.theme;
    let (title, at, by) = described(view.history, state);
    let standing = view.history.standing(state);
    let word = word_for(standing);
    let name = [title.as_str(), word].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    row(ui, &name, is_selected, |ui| {
        let size = egui::vec2(ui.available_width(), ROW - 2.0);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            let color = if standing == Standing::Present { theme.accent } else { theme.muted };
            if !word.is_empty() {
                ui.label(RichText::new(word).font(medium(size::SMALL)).color(color));
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let color = match standing {
                    Standing::Present | Standing::Past => theme.text,
                    Standing::Undone | Standing::Abandoned => theme.muted,
                };
                elided(ui, RichText::new(title.as_str()).color(color));
                let at = at.map(when::short);
                let line = circumstances(at, by);
                elided(ui, RichText::new(line).size(size::SMALL).color(theme.muted));
            });
        });
    })
}

/// The title, the time and the author of a step.
fn described(history: &History, state: State) -> (String, Option<&str>, Option<&str>) {
    let step = history.step_of(state).and_then(|nth| history.step(nth));
    let Some((step, first)) = step.and_then(|step| Some((step, history.transaction(step.first)?))) else {
        return ("The beginning".to_owned(), None, None);
    };
    let count = step.last.number() - step.first.number() + 1;
    let title = visible::line(&first.title, limits::TITLE_SHOWN);
    let title = if count > 1 { format!("{title} ({count} changes)") } else { title.into_owned() };
    (title, Some(&first.at), first.by.as_deref())
}

/// When, and by whom.
fn circumstances(at: Option<String>, by: Option<&str>) -> String {
    at.into_iter().chain(by.map(|by| named(by).into_owned())).collect::<Vec<_>>().join(" · ")
}

fn word_for(standing: Standing) -> &'static str {
    match standing {
        Standing::Present => "now",
        Standing::Past => "",
        Standing::Undone => "undone",
        Standing::Abandoned => "left behind",
    }
}

/// The step that is selected, and what going back to it would change.
fn selected_ui(ui: &mut Ui, view: &View<'_>, dialog: &HistoryDialog) {
    let theme = view.theme;
    let state = dialog.selected;
    let (title, at, by) = described(view.history, state);
    ui.add(egui::Label::new(RichText::new(title).font(semibold(size::BODY))).wrap());
    let line = circumstances(at.map(when::whole), by);
    if !line.is_empty() {
        ui.label(RichText::new(line).size(size::SMALL).color(theme.muted));
    }
    let about = match view.history.standing(state) {
        Standing::Present => "The document is as it was after this step",
        Standing::Past if state == State::BEGINNING => "Before the first step that is recorded",
        Standing::Past => "What was done since would be taken back",
        Standing::Undone => "This step was undone and can be redone",
        Standing::Abandoned => "This step was undone, and other work was done since",
    };
    ui.add(egui::Label::new(RichText::new(about).color(theme.muted)).wrap());
    ui.add_space(space::S);
    let Some(preview) = dialog.known(view.revision) else {
        ui.label(RichText::new("Looking at what would change…").size(size::SMALL).color(theme.muted));
        return;
    };
    let heading = match preview.count {
        None => "The record of this step is damaged",
        Some(0) if state == view.history.now() => return,
        Some(0) => "Nothing would change: the document is like that now",
        Some(_) => "Going back to here",
    };
    ui.add(egui::Label::new(RichText::new(heading).font(semibold(size::SMALL)).color(theme.muted)).wrap());
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("difference").show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        for told in &preview.told {
            told_ui(ui, theme, told);
        }
        let more = preview.count.unwrap_or(0).saturating_sub(preview.told.len());
        if more > 0 {
            ui.label(RichText::new(format!("and {more} more")).color(theme.muted));
        }
    });
}

fn told_ui(ui: &mut Ui, theme: &Theme, told: &Told) {
    let (sign, words, color) = match told.fate {
        Fate::Made => ("+", "comes back", theme.success),
        Fate::Changed => ("±", "changes", theme.text),
        Fate::Removed => ("−", "goes", theme.error),
    };
    let text = format!("{sign} {} {words}", visible::line(&told.what, limits::LINE_SHOWN));
    ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
    if told.fate == Fate::Changed {
        ui.indent("fields", |ui| told.fields.iter().for_each(|change| change_ui(ui, theme, change)));
    }
}
