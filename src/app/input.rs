//! Keys: from what is pressed to what is asked for.
//!
//! Keys never act while a text field has the focus, while a dialog or menu is open, or while an input method is
//! composing. Commands come before letters; letters mean labels, or hints while something is being chosen.

use egui::{Event, InputState, Key, Modifiers};

use super::action::Action;
use super::command::{Command, shortcuts};
use super::filling::Mode;
use crate::model::schema::KeyTable;
use crate::ui::Actions;

/// What a letter means now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMeaning {
    /// A hint letter or a digit of a choice.
    Hint(char),
    /// Fill with the selected words, or end.
    Confirm,
    /// Go to the next slot.
    Skip,
    /// Something not in the text.
    Implicit,
    /// Take back a hint letter, or go to the slot before.
    Back,
}

/// Who has the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFocus {
    /// The article.
    Reader,
    /// A button or the like: it keeps Tab, Enter, Space and the arrows.
    Elsewhere,
    /// A text field, a dialog or a menu: it keeps everything but saving.
    Blocked,
}

/// Takes the keys of this frame out of the input and turns them into actions.
///
/// `keys`: those of the open document's schema, if one is open.
pub fn take_keys(
    input: &mut InputState,
    mode: &Mode,
    keys: Option<&KeyTable>,
    focus: KeyFocus,
    actions: &mut Actions,
    meanings: &mut Vec<KeyMeaning>,
) {
    let has_document = keys.is_some();
    if focus == KeyFocus::Blocked {
        for command in [Command::Save, Command::SaveAs, Command::SwitchFocus] {
            for shortcut in command.info().keys {
                if has_document && input.consume_shortcut(shortcut) {
                    actions.push(Action::Run(command));
                }
            }
        }
        return;
    }
    if *mode != Mode::Mark && focus == KeyFocus::Reader {
        take_choosing_keys(input, meanings);
    }
    for (shortcut, command) in shortcuts() {
        if command.info().needs_document && !has_document {
            continue;
        }
        let is_plain = !shortcut.modifiers.command && !shortcut.modifiers.alt;
        if focus == KeyFocus::Elsewhere && is_plain && moves_focus(shortcut.logical_key) {
            continue;
        }
        while consume_exactly(input, shortcut.modifiers, shortcut.logical_key) {
            actions.push(Action::Run(command));
        }
    }
    // Platforms report copying as an event of its own, not as a key.
    if has_document && input.events.iter().any(|event| matches!(event, Event::Copy)) {
        actions.push(Action::Run(Command::Copy));
    }
    if let (Mode::Mark, Some(keys)) = (mode, keys) {
        take_label_keys(input, keys, actions);
    }
}

/// Keys that widgets use themselves.
fn moves_focus(key: Key) -> bool {
    use Key::{ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Backspace, Delete, End, Enter, Home, Space, Tab};
    matches!(key, ArrowDown | ArrowLeft | ArrowRight | ArrowUp | Backspace | Delete | End | Enter | Home | Space | Tab)
}

/// Letters, digits, Enter, Space, Backspace while something is being chosen.
fn take_choosing_keys(input: &mut InputState, meanings: &mut Vec<KeyMeaning>) {
    let mut taken: Vec<Key> = Vec::new();
    for event in &input.events {
        let Event::Key { key, pressed: true, modifiers, .. } = event else { continue };
        if !modifiers.is_none() {
            continue;
        }
        let meaning = match key {
            Key::Enter => KeyMeaning::Confirm,
            Key::Space => KeyMeaning::Skip,
            Key::Backspace => KeyMeaning::Back,
            Key::I => KeyMeaning::Implicit,
            key => match single_character(*key) {
                Some(c) => KeyMeaning::Hint(c),
                None => continue,
            },
        };
        taken.push(*key);
        meanings.push(meaning);
    }
    for key in taken {
        input.consume_key(Modifiers::NONE, key);
    }
}

/// A label's key: a letter, Shift and a letter, or a digit.
fn take_label_keys(input: &mut InputState, keys: &KeyTable, actions: &mut Actions) {
    let mut taken: Vec<(Modifiers, Key)> = Vec::new();
    for event in &input.events {
        let Event::Key { key, pressed: true, repeat: false, modifiers, .. } = event else { continue };
        let Some(c) = single_character(*key) else { continue };
        let c = match *modifiers {
            Modifiers::NONE => c,
            Modifiers::SHIFT if c.is_ascii_alphabetic() => c.to_ascii_uppercase(),
            _ => continue,
        };
        if let Some(target) = keys.target(c) {
            taken.push((*modifiers, *key));
            actions.push(Action::ApplyLabel(target.clone()));
        }
    }
    for (modifiers, key) in taken {
        input.consume_key(modifiers, key);
    }
}

/// The letter or digit of a key, in lower case.
fn single_character(key: Key) -> Option<char> {
    let mut chars = key.name().chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    }
}

/// Takes one press of a key with exactly these modifiers. egui's own matching lets Ctrl+Shift+S pass for Ctrl+S, and
/// Shift+A for A.
fn consume_exactly(input: &mut InputState, modifiers: Modifiers, key: Key) -> bool {
    let is_it = |event: &Event| match event {
        Event::Key { key: pressed_key, pressed: true, modifiers: held, .. } => {
            *pressed_key == key && same(*held, modifiers)
        }
        _ => false,
    };
    match input.events.iter().position(is_it) {
        Some(at) => {
            input.events.remove(at);
            true
        }
        None => false,
    }
}

fn same(held: Modifiers, wanted: Modifiers) -> bool {
    held.alt == wanted.alt
        && held.shift == wanted.shift
        && (held.command || held.ctrl) == (wanted.command || wanted.ctrl)
}
