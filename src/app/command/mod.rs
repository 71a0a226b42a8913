//! Commands: the table, and what follows from it. Which key runs which command is in `app/keymap`.

mod default_keys;
mod key_text;
mod names;
mod table;

use strum::IntoEnumIterator as _;

pub use key_text::{is_symbol, key_name, key_text, parse_key};
pub use names::Command;
pub use table::{Info, Section};

use super::keymap::Keymap;

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
        self.info().section == Section::Move
            || is_repeated_edit
            || matches!(self, Self::FindNext | Self::FindPrevious)
            || matches!(self, Self::ZoomIn | Self::ZoomOut)
    }

    /// Whether it changes the document or its file, or begins what ends in that: it cannot be run where a document is
    /// only read.
    pub fn changes_document(self) -> bool {
        match self.info().section {
            Section::Mark => true,
            Section::File => self == Self::Save,
            Section::Edit => matches!(self, Self::Undo | Self::Redo | Self::Delete),
            Section::Project => self == Self::DoneAndNext,
            Section::Move | Section::View | Section::Help => false,
        }
    }

    /// Whether it does something in the article, so that it means nothing where that is not seen.
    pub fn is_about_article(self) -> bool {
        match self.info().section {
            Section::Mark | Section::Move => true,
            Section::Edit => self != Self::Cancel,
            Section::View => self == Self::ExplainLabel,
            Section::File | Section::Project | Section::Help => false,
        }
    }

    /// Whether it works on the project that is open.
    pub fn needs_project(self) -> bool {
        self.info().section == Section::Project
            && !matches!(self, Self::NewProject | Self::OpenProject | Self::DoneAndNext)
    }

    /// Its name as part of a sentence or a list.
    pub fn plain_name(self) -> &'static str {
        self.info().name.trim_end_matches('…')
    }

    /// Its first key as text, empty if it has none.
    pub fn key_text(self, ctx: &egui::Context) -> String {
        Keymap::current(ctx).of(self).first().map(|shortcut| key_text(ctx, shortcut)).unwrap_or_default()
    }

    /// How it is run, as part of a sentence: `press q`, or where it stands in the menus.
    pub fn how(self, ctx: &egui::Context) -> String {
        match self.key_text(ctx) {
            keys if keys.is_empty() => format!("choose {}, {}", self.info().section.text(), self.plain_name()),
            keys => format!("press {keys}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_two_commands_have_the_same_key() {
        let mut seen: HashMap<String, Command> = HashMap::new();
        for command in Command::iter() {
            for key in command.info().keys {
                let key = key_name(key);
                if let Some(other) = seen.insert(key.clone(), command) {
                    panic!("{other:?} and {command:?} have {key}");
                }
            }
        }
    }

    #[test]
    fn plain_letters_of_commands_are_reserved_in_schemas() {
        for command in Command::iter() {
            for shortcut in command.info().keys {
                let name = shortcut.logical_key.name();
                if shortcut.modifiers.is_none() && name.len() == 1 && name.chars().all(|c| c.is_ascii_alphanumeric()) {
                    let letter = name.to_ascii_lowercase().chars().next().expect("one letter");
                    assert!(crate::model::schema::RESERVED_LETTERS.contains(&letter), "{command:?} takes {letter}");
                }
            }
        }
    }
}
