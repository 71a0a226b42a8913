//! Commands: the table, and what follows from it.

mod key_text;
mod table;

use egui::KeyboardShortcut;
use strum::IntoEnumIterator as _;

pub use key_text::key_text;
pub use table::{Command, Info, Section};

impl Command {
    /// All commands of a section, in the order of the table.
    pub fn of(section: Section) -> impl Iterator<Item = Self> {
        Self::iter().filter(move |command| command.info().section == section)
    }

    /// Whether holding its key down runs it again and again.
    pub fn repeats(self) -> bool {
        let is_repeated_edit = matches!(
            self,
            Self::Undo | Self::Redo | Self::ExtendEnd | Self::ShrinkEnd | Self::ExtendStart | Self::ShrinkStart
        );
        self.info().section == Section::Move || is_repeated_edit || matches!(self, Self::ZoomIn | Self::ZoomOut)
    }

    /// Its first key as text, empty if it has none.
    pub fn key_text(self, ctx: &egui::Context) -> String {
        self.info().keys.first().map(|shortcut| key_text(ctx, shortcut)).unwrap_or_default()
    }
}

/// All commands with their shortcuts, those with most modifiers first, so that Ctrl+Shift+S is not taken for Ctrl+S.
pub fn shortcuts() -> Vec<(KeyboardShortcut, Command)> {
    let mut all: Vec<(KeyboardShortcut, Command)> =
        Command::iter().flat_map(|command| command.info().keys.iter().map(move |key| (*key, command))).collect();
    all.sort_by_key(|(shortcut, _)| {
        let m = shortcut.modifiers;
        std::cmp::Reverse(u8::from(m.alt) + u8::from(m.shift) + u8::from(m.command))
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_two_commands_have_the_same_key() {
        let mut seen: HashMap<String, Command> = HashMap::new();
        for (shortcut, command) in shortcuts() {
            let key = format!("{shortcut:?}");
            if let Some(other) = seen.insert(key.clone(), command) {
                panic!("{other:?} and {command:?} have {key}");
            }
        }
    }

    #[test]
    fn plain_letters_of_commands_are_reserved_in_schemas() {
        for (shortcut, command) in shortcuts() {
            let name = shortcut.logical_key.name();
            if shortcut.modifiers.is_none() && name.len() == 1 && name.chars().all(|c| c.is_ascii_alphanumeric()) {
                let letter = name.to_ascii_lowercase().chars().next().expect("one letter");
                assert!(crate::model::schema::RESERVED_LETTERS.contains(&letter), "{command:?} takes {letter}");
            }
        }
    }

    #[test]
    fn the_most_specific_shortcut_comes_first() {
        let all = shortcuts();
        let place = |command| all.iter().position(|(_, c)| *c == command);
        assert!(place(Command::SaveAs) < place(Command::Save));
    }
}
