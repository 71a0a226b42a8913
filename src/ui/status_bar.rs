//! The status bar: what the keys do now, what is selected, whether it is saved.

use egui::{Align, Layout, RichText, Ui};

use super::View;
use crate::app::action::Slot;
use crate::app::command::Command;
use crate::app::filling::Mode;
use crate::text::Spans;
use crate::theme::{medium, size};

/// Whether everything is on disk.
#[derive(Clone, Debug, PartialEq)]
pub enum SavedState {
    /// The file holds everything.
    Saved,
    /// The journal holds what the file does not.
    InJournal,
    /// The journal is being written.
    Writing,
    /// The file is being written.
    Saving,
    /// Not even the journal could be written.
    Failed(String),
    /// Nothing was marked yet.
    Untouched,
}

impl SavedState {
    /// As shown.
    pub fn text(&self) -> &'static str {
        match self {
            Self::Saved => "Saved",
            Self::InJournal => "Unsaved, safe in the journal",
            Self::Writing => "Writing the journal…",
            Self::Saving => "Saving…",
            Self::Failed(_) => "Not safe: the journal cannot be written",
            Self::Untouched => "No changes",
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
            SavedState::InJournal | SavedState::Writing | SavedState::Saving => theme.warning,
        };
        let response = ui.label(RichText::new(saved.text()).size(size::SMALL).color(color));
        if let SavedState::Failed(why) = saved {
            response.on_hover_text(why);
        }
        let d = view.document;
        let counts = [
            counted(d.mentions().len(), "mention"),
            counted(d.events().len(), "event"),
            counted(d.quotes().len(), "quote"),
        ]
        .join(", ");
        ui.label(RichText::new(counts).size(size::SMALL).color(theme.muted));
        let metadata = &d.header().metadata;
        let encoding = metadata.encoding.as_deref().unwrap_or("UTF-8");
        ui.label(RichText::new(encoding).size(size::SMALL).color(theme.muted))
            .on_hover_text("Encoding of the text file; change it under File, Read the text as");
        if let Some(place) = place(view, spans) {
            ui.label(RichText::new(place).size(size::SMALL).color(theme.muted));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(
                egui::Label::new(
                    RichText::new(help(ui.ctx(), view, spans)).font(medium(size::SMALL + 0.5)).color(theme.text),
                )
                .truncate(),
            );
        });
    });
}

/// `1 event`, `2 events`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Where the selected words are, in the units of the file.
fn place(view: &View<'_>, spans: &Spans) -> Option<String> {
    let (first, last) = (spans.first()?, spans.last()?);
    let text = view.document.text();
    Some(format!("{}–{}", text.codepoint_of(first.start).0, text.codepoint_of(last.end).0))
}

/// What the keys do now.
fn help(ctx: &egui::Context, view: &View<'_>, spans: &Spans) -> String {
    // The bar is narrow: keys as short as they are printed on keyboards.
    let keys = |commands: &[Command]| {
        let keys = commands.iter().map(|command| command.key_text(ctx)).filter(|key| !key.is_empty());
        keys.map(|key| key.replace("Delete", "Del").replace("Escape", "Esc")).collect::<Vec<_>>().join(" ")
    };
    let with_all = |what: &str, commands: &[Command]| match keys(commands) {
        keys if keys.is_empty() => String::new(),
        keys => format!(", {keys} {what}"),
    };
    let with = |what: &str, command: Command| with_all(what, &[command]);
    match view.mode {
        Mode::Fill(filling) => match &filling.slot {
            Slot::Cue => "Cue: select its words, Enter sets it, Space skips, Esc ends".into(),
            Slot::Role(role) => {
                let typed = if filling.typed.is_empty() { String::new() } else { format!(" [{}]", filling.typed) };
                format!(
                    "{role}{typed}: letters choose, selected words + Enter, i implicit, Space skips, Backspace back, Esc ends"
                )
            }
        },
        Mode::Relate(relating) if relating.to.is_some() => "Relation: choose its label".into(),
        Mode::Relate(_) => "Relation: letters choose where it leads, Esc gives up".into(),
        Mode::Mark => match (spans.is_empty(), view.selected) {
            (false, _) => [
                "A label's key marks the selected words".to_owned(),
                with("quote", Command::MarkQuote),
                with("finds a label", Command::FindLabel),
                with("lets go", Command::Cancel),
            ]
            .concat(),
            (true, Some(_)) => [
                "A label's key re-labels".to_owned(),
                with_all(
                    "resize",
                    &[Command::ShrinkEnd, Command::ExtendEnd, Command::ExtendStart, Command::ShrinkStart],
                ),
                with("relation", Command::Relation),
                with("deletes", Command::Delete),
                with("next", Command::NextAnnotation),
            ]
            .concat(),
            (true, None) => {
                let keys = with("shows all keys", Command::KeyboardSheet);
                format!("Select words: double-click, drag, or Shift+arrows; then press a label's key{keys}")
            }
        },
    }
}
