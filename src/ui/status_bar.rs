//! The status bar: what the keys do now, what is selected, whether it is saved.

use egui::{Align, Layout, RichText, Ui};

use super::View;
use super::widgets::{counted, named, number};
use crate::app::action::Slot;
use crate::app::again::deciding_letters;
use crate::app::command::Command;
use crate::app::filling::{Filling, Mode, count, has_room, next_slot, speaker_name};
use crate::app::keymap::Keymap;
use crate::app::proposing::Proposing;
use crate::edit::mend;
use crate::text::Spans;
use crate::theme::{medium, size};

/// Whether everything is on disk.
#[derive(Clone, Debug, PartialEq)]
pub enum SavedState {
    /// The file holds everything.
    Saved,
    /// The journal holds what the file does not: a crash loses nothing.
    InJournal,
    /// The journal or the file is being written.
    Saving,
    /// Not even the journal could be written.
    Failed(String),
    /// Nothing was marked yet.
    Untouched,
    /// What is being typed into a field is not in the document yet.
    Typing,
    /// The document cannot be changed here; the words say why.
    ReadOnly(&'static str),
    /// Its annotations are still being read.
    Opening,
}

impl SavedState {
    /// As shown.
    pub fn text(&self) -> &'static str {
        match self {
            Self::Saved => "Saved",
            Self::InJournal => "Saved (journal)",
            Self::Saving => "Saving…",
            Self::Typing => "Typing…",
            Self::Failed(_) => "Not saved: the journal cannot be written",
            Self::Untouched => "No changes",
            Self::ReadOnly(why) => why,
            Self::Opening => "Opening…",
        }
    }
}

/// Draws the bar of an open document.
pub fn status_bar_ui(ui: &mut Ui, view: &View<'_>, spans: &Spans, saved: &SavedState, zoom_percent: u32) {
    let theme = view.theme;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.label(RichText::new(format!("{zoom_percent} %")).size(size::SMALL).color(theme.muted));
        let color = match saved {
            SavedState::Saved | SavedState::Untouched => theme.success,
            SavedState::Failed(_) => theme.error,
            SavedState::InJournal => theme.text,
            SavedState::Saving | SavedState::Typing | SavedState::Opening => theme.warning,
            SavedState::ReadOnly(_) => theme.accent,
        };
        let response = ui.label(RichText::new(saved.text()).size(size::SMALL).color(color));
        match saved {
            SavedState::Failed(why) => drop(response.on_hover_text(why)),
            SavedState::InJournal => {
                let how = Command::Save.how(ui.ctx());
                response.on_hover_text(format!("On disk: a crash loses nothing. To write it into the file, {how}"));
            }
            _ => {}
        }
        let d = view.document;
        let counts = [
            counted(d.mentions().len(), "mention"),
            counted(d.events().len(), "event"),
            counted(d.quotes().len(), "quote"),
        ]
        .join(", ");
        if !view.is_being_read {
            ui.label(RichText::new(counts).size(size::SMALL).color(theme.muted));
        }
        if let Some(suggestions) = view.suggestions.map(|all| all.list().len()).filter(|count| *count > 0) {
            let text = RichText::new(counted(suggestions, "suggestion")).size(size::SMALL).color(theme.accent);
            ui.label(text).on_hover_text(format!(
                "To go to the next one, {}; to hide them, {}",
                Command::NextTodo.how(ui.ctx()),
                Command::ToggleSuggestions.how(ui.ctx())
            ));
        }
        let metadata = &d.header().metadata;
        let encoding = metadata.encoding.as_deref().unwrap_or("UTF-8");
        ui.label(RichText::new(named(encoding)).size(size::SMALL).color(theme.muted))
            .on_hover_text("Encoding of the text file; change it under File, Read the text as");
        if let Some(place) = place(view, spans) {
            ui.label(RichText::new(place).size(size::SMALL).color(theme.muted));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(
                egui::Label::new(
                    RichText::new(help(ui.ctx(), view, spans, saved)).font(medium(size::SMALL + 0.5)).color(theme.text),
                )
                .truncate(),
            );
        });
    });
}

/// Where the selected words are, in the units of the file.
fn place(view: &View<'_>, spans: &Spans) -> Option<String> {
    let (first, last) = (spans.first()?, spans.last()?);
    let text = view.document.text();
    Some(format!("{}–{}", text.codepoint_of(first.start).0, text.codepoint_of(last.end).0))
}

/// What is wrong with the selected annotation, and the key that mends it.
fn problem_help(ctx: &egui::Context, view: &View<'_>) -> String {
    let Some(problem) = view.problem else { return String::new() };
    let next = Command::NextProblem.key_text(ctx);
    let mended = match mend(view.document, view.schema, problem) {
        Some(offer) => format!("{}: {}", Command::FixProblem.key_text(ctx), lower_first(&offer.text)),
        None => problem.hint.clone(),
    };
    format!("{} · {mended} · {next}: next problem", upper_first(&problem.message))
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

/// Hint letters typed so far, as shown.
fn typed(letters: &str) -> String {
    if letters.is_empty() { String::new() } else { format!(" [{letters}]") }
}

/// What the keys do now.
fn help(ctx: &egui::Context, view: &View<'_>, spans: &Spans, saved: &SavedState) -> String {
    if let Some(doing) = view.doing {
        return doing.to_owned();
    }
    if let Some(again) = view.again {
        let count = again.chosen_count();
        if again.is_accepted() {
            return "Looking for all places; then they are marked, Esc leaves".into();
        }
        if again.is_looking() {
            return "Looking for all places: Enter marks them when they are found, Esc leaves".into();
        }
        return match count {
            0 => "Nothing is checked: Space checks one, Up and Down step, Esc leaves".into(),
            _ => {
                let letters = match deciding_letters(&Keymap::current(ctx)) {
                    letters if letters.is_empty() => letters,
                    letters => format!("{letters} decide, "),
                };
                format!("Enter marks {}, Space leaves one out, Up and Down step, {letters}Esc leaves", number(count))
            }
        };
    }
    // The bar is narrow: keys as short as they are printed on keyboards.
    let keys = |commands: &[Command]| {
        let keys = commands.iter().map(|command| command.key_text(ctx)).filter(|key| !key.is_empty());
        keys.map(|key| key.replace("Delete", "Del").replace("Escape", "Esc")).collect::<Vec<_>>().join(" ")
    };
    let with_all = |what: &str, commands: &[Command]| match keys(commands) {
        keys if keys.is_empty() => String::new(),
        keys => format!(" · {keys} {what}"),
    };
    let with = |what: &str, command: Command| with_all(what, &[command]);
    match view.mode {
        Mode::Fill(filling) => match &filling.slot {
            Slot::Cue => {
                "Cue: select its words, Enter sets it or ends, Space skips, Backspace back, Esc gives up".into()
            }
            Slot::Role(role) => role_help(view, filling, role),
        },
        Mode::Relate(relating) => {
            let asked = match (&relating.from, &relating.to) {
                (_, Some(_)) => return "Relation: a key chooses its label, Backspace back, Esc gives up".into(),
                (Some(_), None) => "where it leads",
                (None, None) => "where it starts",
            };
            format!("Relation{}: letters choose {asked}, Backspace back, Esc gives up", typed(&relating.typed))
        }
        Mode::Jump(jumping) => {
            format!("Go to{}: letters choose an annotation, Backspace back, Esc gives up", typed(&jumping.typed))
        }
        Mode::Propose(proposing) => proposing_help(ctx, view, proposing),
        Mode::Mend(problem) => {
            let mended = match mend(view.document, view.schema, problem) {
                Some(offer) => format!("Enter: {}", lower_first(&offer.text)),
                None => problem.hint.clone(),
            };
            let next = Command::NextTodo.key_text(ctx);
            format!("{} · {mended} · {next} next, Esc leaves", upper_first(&problem.message))
        }
        Mode::Mark if view.is_being_read => {
            ["The annotations are still being read".to_owned(), with("finds words", Command::Find)].concat()
        }
        Mode::Mark if matches!(saved, SavedState::ReadOnly(_)) => [
            "To be read only".to_owned(),
            with("next annotation", Command::NextAnnotation),
            with("goes by letters", Command::Jump),
            with("copies words", Command::Copy),
            with("makes a copy to work on", Command::SaveAs),
        ]
        .concat(),
        Mode::Mark if view.problem.is_some() => problem_help(ctx, view),
        Mode::Mark => match (spans.is_empty(), view.selected) {
            (false, _) => [
                "A label's key marks the selected words".to_owned(),
                with("quote", Command::MarkQuote),
                with("finds a label", Command::FindLabel),
                with("lets go", Command::Cancel),
            ]
            .concat(),
            (true, Some(id)) => [
                "A label's key re-labels".to_owned(),
                with("sets fields", Command::SetField),
                if view.document.mentions().contains_key(id) {
                    with("all occurrences", Command::AllOccurrences)
                } else if view.document.relations().contains_key(id) || view.document.entities().contains_key(id) {
                    String::new()
                } else {
                    with("fills roles", Command::FillRoles)
                },
                with_all(
                    "resize",
                    &[Command::ShrinkEnd, Command::ExtendEnd, Command::ExtendStart, Command::ShrinkStart],
                ),
                with("relation", Command::Relation),
                with("deletes", Command::Delete),
                with("goes by letters", Command::Jump),
            ]
            .concat(),
            (true, None) if has_todo(view) => [
                "Something is to do".to_owned(),
                with("goes to the next suggestion or problem", Command::NextTodo),
                with("proposes the quote at the caret", Command::MarkQuote),
            ]
            .concat(),
            (true, None) => {
                let keys = with("shows all keys", Command::KeyboardSheet);
                format!("Select words: double-click, drag, or Shift+arrows; then press a label's key{keys}")
            }
        },
    }
}

/// What the keys do while a role is asked for. What was chosen last may not have been the last of its role: the letters
/// go on to fill it, and that must be said.
fn role_help(view: &View<'_>, filling: &Filling, role: &str) -> String {
    let typed = typed(&filling.typed);
    let next = next_slot(view.document, view.schema, &filling.owner, &filling.slot);
    let is_begun = count(view.document, &filling.owner, &filling.slot) > 0;
    if is_begun && has_room(view.document, view.schema, &filling.owner, &filling.slot) {
        let space = next.map_or("Space ends".to_owned(), |slot| format!("Space for the next role, {}", slot.name()));
        return format!(
            "{role}{typed}: letters choose another one, or {space}; digits go to a role, Backspace back, Enter ends, Esc gives up"
        );
    }
    format!(
        "{role}{typed}: letters choose, words + Enter, i implicit, Space skips, digits go to a role, Backspace back, Enter ends, Esc gives up"
    )
}

fn has_todo(view: &View<'_>) -> bool {
    !view.cache.problems.is_empty() || view.suggestions.is_some_and(|all| !all.list().is_empty())
}

/// What the keys do while a suggestion is being decided on.
fn proposing_help(ctx: &egui::Context, view: &View<'_>, proposing: &Proposing) -> String {
    let name = proposing.speaker().map(|filler| speaker_name(view.document, filler));
    let name = name.unwrap_or_else(|| "nobody yet".to_owned());
    let next = Command::NextTodo.key_text(ctx);
    if proposing.is_asked {
        let typed = if proposing.typed.is_empty() { String::new() } else { format!(" [{}]", proposing.typed) };
        return format!(
            "Quote by {name}{typed}: Enter accepts, {next} or digits choose the speaker, letters search, i implicit, Space no speaker, Esc leaves"
        );
    }
    let what = match proposing.quote() {
        Some(_) => format!("Quote by {name}"),
        None => proposing.suggestion.label().to_owned(),
    };
    let choose = match proposing.quote() {
        Some(_) => format!(", {} another speaker", Command::MarkQuote.key_text(ctx)),
        None => ", a label's key accepts as that".to_owned(),
    };
    format!("{what}? Enter accepts, Backspace rejects{choose}, {next} next, Esc leaves")
}
