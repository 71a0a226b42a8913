//! Which key runs which command: those of the table, and what the user's file says instead.
//!
//! A value that does not change: it is made at the start, and anew when the file is read again. Views ask for keys
//! through the context ([`Command::key_text`]), so that menus, tooltips and sheets always show the same ones.

mod file;
mod manage;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::{Key, KeyboardShortcut, Modifiers};
use strum::IntoEnumIterator as _;

pub use file::{read, template};

use super::command::{Command, is_symbol};
use crate::model::schema::RESERVED_LETTERS;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    keys: BTreeMap<Command, Vec<KeyboardShortcut>>,
    /// What the user should know about it, in words: keys that were taken from other commands or from labels.
    pub notices: Vec<String>,
}

impl Default for Keymap {
    /// The keys of the table.
    fn default() -> Self {
        let keys = Command::iter().map(|command| (command, command.info().keys.to_vec())).collect();
        Self { keys, notices: Vec::new() }
    }
}

impl Keymap {
    /// The keys of a command, the one to show first.
    pub fn of(&self, command: Command) -> &[KeyboardShortcut] {
        self.keys.get(&command).map_or(&[], Vec::as_slice)
    }

    /// The first command with this key for which `is_possible` says yes.
    ///
    /// Signs are typed with Shift on some keyboards and without on others: where no command asks for Shift and the sign,
    /// the sign alone counts.
    pub fn command_for(
        &self,
        key: Key,
        held: Modifiers,
        mut is_possible: impl FnMut(Command) -> bool,
    ) -> Option<Command> {
        let mut find = |held: Modifiers| {
            let has = |keys: &[KeyboardShortcut]| keys.iter().any(|k| k.logical_key == key && same(held, k.modifiers));
            self.keys.iter().find(|(command, keys)| has(keys) && is_possible(**command)).map(|(command, _)| *command)
        };
        find(held).or_else(|| (held.shift && is_symbol(key)).then(|| find(Modifiers { shift: false, ..held }))?)
    }

    /// Letters and digits that labels must not have: those of commands, and those that the program keeps for itself.
    /// Capitals stand for Shift and the letter.
    pub fn reserved(&self) -> Vec<char> {
        let own = self.keys.values().flatten().copied().filter_map(label_key);
        let all: BTreeSet<char> = RESERVED_LETTERS.iter().copied().chain(own).collect();
        all.into_iter().collect()
    }

    /// Makes these the keys that views show.
    pub fn install(self: &Arc<Self>, ctx: &egui::Context) {
        ctx.data_mut(|data| data.insert_temp(Self::slot(), self.clone()));
    }

    /// The keys that views show.
    pub fn current(ctx: &egui::Context) -> Arc<Self> {
        ctx.data(|data| data.get_temp(Self::slot())).unwrap_or_default()
    }

    fn slot() -> egui::Id {
        egui::Id::unique("keymap")
    }

    /// Gives a command these keys in place of its own, and takes them from others.
    fn give(&mut self, command: Command, keys: Vec<KeyboardShortcut>) {
        for key in keys.iter().copied() {
            for (other, theirs) in self.keys.iter_mut().filter(|(other, _)| **other != command) {
                let before = theirs.len();
                theirs.retain(|their| !same_key(*their, key));
                if theirs.len() < before {
                    let (name, other) = (super::command::key_name(&key), other.plain_name());
                    self.notices.push(format!("{name} is now {}, no longer {other}", command.plain_name()));
                }
            }
            let is_own = command.info().keys.iter().any(|own| same_key(*own, key));
            if let Some(letter) = label_key(key).filter(|_| !is_own) {
                self.notices.push(format!(
                    "{letter} is now {}: no label has this key; while something is asked for, it chooses as before",
                    command.plain_name()
                ));
            }
        }
        self.keys.insert(command, keys);
    }
}

/// The key of a label that this shortcut would be.
fn label_key(shortcut: KeyboardShortcut) -> Option<char> {
    let mut name = shortcut.logical_key.name().chars();
    let letter = name.next().filter(|c| c.is_ascii_alphanumeric() && name.next().is_none())?;
    match shortcut.modifiers {
        Modifiers::NONE => Some(letter.to_ascii_lowercase()),
        Modifiers::SHIFT if letter.is_ascii_alphabetic() => Some(letter.to_ascii_uppercase()),
        _ => None,
    }
}

fn same_key(a: KeyboardShortcut, b: KeyboardShortcut) -> bool {
    a.logical_key == b.logical_key && same(a.modifiers, b.modifiers)
}

/// Whether exactly these modifiers are held. egui's own matching lets Ctrl+Shift+S pass for Ctrl+S, and Shift+A for A.
fn same(held: Modifiers, wanted: Modifiers) -> bool {
    held.alt == wanted.alt
        && held.shift == wanted.shift
        && (held.command || held.ctrl) == (wanted.command || wanted.ctrl)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(keymap: &Keymap, held: Modifiers, key: Key) -> Option<Command> {
        keymap.command_for(key, held, |_| true)
    }

    #[test]
    fn keys_count_with_exactly_their_modifiers() {
        let keymap = Keymap::default();
        assert_eq!(find(&keymap, Modifiers::COMMAND, Key::S), Some(Command::Save));
        assert_eq!(find(&keymap, Modifiers::COMMAND | Modifiers::SHIFT, Key::S), Some(Command::SaveAs));
        assert_eq!(find(&keymap, Modifiers::SHIFT, Key::Q), None);
    }

    #[test]
    fn signs_are_found_however_the_keyboard_types_them() {
        let keymap = Keymap::default();
        for held in [Modifiers::NONE, Modifiers::SHIFT] {
            assert_eq!(find(&keymap, held, Key::Questionmark), Some(Command::KeyboardSheet));
            assert_eq!(find(&keymap, held, Key::OpenCurlyBracket), Some(Command::ExtendStart));
        }
        assert_eq!(find(&keymap, Modifiers::NONE, Key::OpenBracket), Some(Command::ShrinkEnd));
        assert_eq!(find(&keymap, Modifiers::SHIFT, Key::OpenBracket), Some(Command::ExtendStart));
    }

    #[test]
    fn every_plain_letter_of_a_command_is_kept_from_labels() {
        let keymap = Keymap::default();
        let reserved = keymap.reserved();
        assert!(RESERVED_LETTERS.iter().all(|letter| reserved.contains(letter)));
        assert!(!reserved.contains(&'p') && !reserved.contains(&'s'));
        let mut keymap = keymap;
        keymap.give(Command::Save, vec![KeyboardShortcut::new(Modifiers::NONE, Key::P)]);
        assert!(keymap.reserved().contains(&'p'));
        assert!(keymap.notices[0].starts_with("p is now Save"), "{:?}", keymap.notices);
    }
}
