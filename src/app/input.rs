//! Keys: from what is pressed to what is asked for.
//!
//! Keys never act while a text field has the focus, while a dialog or menu is open, or while an input method is
//! composing. Commands come before letters; letters mean labels, or hints while something is being chosen.

use egui::{Event, Key, Modifiers};

use super::action::Action;
use super::command::Command;
use super::filling::Mode;
use super::keymap::Keymap;
use crate::model::schema::KeyTable;

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
    /// The row of a list that shows the selected annotation: as a button, but Delete means the annotation.
    Row,
    /// A text field, a dialog or a menu: it keeps everything but saving.
    Blocked,
}

/// What a key asks for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// A command, or a label.
    Action(Action),
    /// An answer while something is being chosen.
    Choice(KeyMeaning),
    /// An answer to the preview of all occurrences.
    Preview(super::again::PreviewKey),
}

impl Asked {
    /// Whether it is Escape, or what the user has for it.
    pub fn leaves(&self) -> bool {
        matches!(self, Self::Action(Action::Run(Command::Cancel)) | Self::Preview(super::again::PreviewKey::Close))
    }
}

/// Takes the next key that means something out of the events of this frame, from number `at` on, and leaves `at` at
/// the event after it. One at a time and in order, since each may change what the next one means; a slow frame holds
/// several.
///
/// `keys`: those of the open document's schema, if one is open.
pub fn take_key(
    events: &mut Vec<Event>,
    at: &mut usize,
    mode: &Mode,
    keys: Option<&KeyTable>,
    keymap: &Keymap,
    focus: KeyFocus,
) -> Option<Asked> {
    while let Some(event) = events.get(*at) {
        match event {
            // Platforms report copying as an event of its own, not as a key.
            Event::Copy | Event::Cut | Event::Paste(_) if focus != KeyFocus::Blocked => {
                let key = match event {
                    Event::Copy => Key::C,
                    Event::Cut => Key::X,
                    _ => Key::V,
                };
                *at += 1;
                if let Some(asked) = meaning(key, Modifiers::COMMAND, false, mode, keys, keymap, focus) {
                    return Some(asked);
                }
                continue;
            }
            // A name is typed in its own letters, which keys do not tell: those of another script, or with accents.
            Event::Text(text) if focus != KeyFocus::Blocked && mode.is_searching() => {
                if let Some(letter) = other_letter(text) {
                    events.remove(*at);
                    return Some(Asked::Choice(KeyMeaning::Hint(letter)));
                }
            }
            Event::Key { pressed: true, .. } if mode.is_searching() && is_other_letter(events.get(*at + 1)) => {}
            Event::Key { key, pressed: true, modifiers, repeat, .. } => {
                if let Some(asked) = meaning(*key, *modifiers, *repeat, mode, keys, keymap, focus) {
                    events.remove(*at);
                    return Some(asked);
                }
            }
            _ => {}
        }
        *at += 1;
    }
    None
}

/// The letter, in lower case, if it is one that no key is named after.
fn other_letter(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let letter = chars.next().filter(|c| chars.next().is_none() && !c.is_ascii() && c.is_alphabetic())?;
    letter.to_lowercase().next()
}

fn is_other_letter(event: Option<&Event>) -> bool {
    matches!(event, Some(Event::Text(text)) if other_letter(text).is_some())
}

/// What a key means now: an answer, else a command, else a label.
fn meaning(
    key: Key,
    modifiers: Modifiers,
    repeat: bool,
    mode: &Mode,
    keys: Option<&KeyTable>,
    keymap: &Keymap,
    focus: KeyFocus,
) -> Option<Asked> {
    let is_plain = !modifiers.command && !modifiers.ctrl && !modifiers.alt;
    let is_for_widget = match focus {
        KeyFocus::Elsewhere => is_plain && moves_focus(key),
        KeyFocus::Row => is_plain && moves_focus(key) && key != Key::Delete,
        KeyFocus::Reader | KeyFocus::Blocked => false,
    };
    if is_for_widget {
        return None;
    }
    let is_marking = mode.is_marking();
    // A key that is held down must not decide on one suggestion after the other.
    let is_deciding = matches!(mode, Mode::Propose(_) | Mode::Mend(_));
    if *mode != Mode::Mark
        && focus != KeyFocus::Blocked
        && modifiers.is_none()
        && !(repeat && is_deciding)
        && (!is_marking || matches!(key, Key::Enter | Key::Backspace))
        && let Some(choice) = choice(key)
    {
        return Some(Asked::Choice(choice));
    }
    let types_nothing = !is_plain || is_function_key(key);
    let command = keymap.command_for(key, modifiers, |command| {
        let is_possible = keys.is_some() || !command.info().needs_document;
        is_possible && (focus != KeyFocus::Blocked || types_nothing && works_in_fields(command))
    });
    if let Some(command) = command {
        // A key that is held down must not save or mark again and again.
        return (!repeat || command.repeats()).then_some(Asked::Action(Action::Run(command)));
    }
    if !is_marking || repeat || focus == KeyFocus::Blocked {
        return None;
    }
    let c = single_character(key)?;
    let c = match modifiers {
        Modifiers::NONE => c,
        Modifiers::SHIFT if c.is_ascii_alphabetic() => c.to_ascii_uppercase(),
        _ => return None,
    };
    keys?.target(c).map(|target| Asked::Action(Action::ApplyLabel(target.clone())))
}

/// What may be asked for while a text field has the keyboard.
fn works_in_fields(command: Command) -> bool {
    use Command::{
        CommandPalette, EditLabels, Find, FindNext, FindPrevious, FocusMenu, Save, SaveAs, SwitchFocus,
        SwitchFocusBack, TogglePanel,
    };
    let finds = matches!(command, Find | FindNext | FindPrevious);
    finds
        || matches!(
            command,
            CommandPalette | EditLabels | FocusMenu | Save | SaveAs | SwitchFocus | SwitchFocusBack | TogglePanel
        )
}

fn is_function_key(key: Key) -> bool {
    let mut name = key.name().chars();
    name.next() == Some('F') && name.next().is_some_and(|c| c.is_ascii_digit())
}

/// Keys that widgets use themselves.
pub(super) fn moves_focus(key: Key) -> bool {
    use Key::{
        ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Backspace, Delete, End, Enter, Home, PageDown, PageUp, Space, Tab,
    };
    matches!(
        key,
        ArrowDown
            | ArrowLeft
            | ArrowRight
            | ArrowUp
            | Backspace
            | Delete
            | End
            | Enter
            | Home
            | PageDown
            | PageUp
            | Space
            | Tab
    )
}

/// Letters, digits, Enter, Space, Backspace while something is being chosen.
fn choice(key: Key) -> Option<KeyMeaning> {
    Some(match key {
        Key::Enter => KeyMeaning::Confirm,
        Key::Space => KeyMeaning::Skip,
        Key::Backspace => KeyMeaning::Back,
        Key::I => KeyMeaning::Implicit,
        key => KeyMeaning::Hint(single_character(key)?),
    })
}

/// The letter or digit of a key, in lower case.
fn single_character(key: Key) -> Option<char> {
    let mut chars = key.name().chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    }
}
