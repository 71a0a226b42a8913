//! Keys as people write them: on the screen in the way of the system, in files always in the same way.

use egui::{Key, KeyboardShortcut, Modifiers};

/// A shortcut as it is shown (`Ctrl+Shift+S`; on a Mac its symbols).
pub fn key_text(ctx: &egui::Context, shortcut: &KeyboardShortcut) -> String {
    match (shortcut.modifiers, shortcut.logical_key) {
        // How these are typed differs between keyboards.
        (Modifiers::SHIFT, Key::OpenBracket) => "{".into(),
        (Modifiers::SHIFT, Key::CloseBracket) => "}".into(),
        (Modifiers::NONE, key) if is_symbol(key) => key.symbol_or_name().into(),
        (Modifiers::NONE, key) if key.name().len() == 1 => key.name().to_lowercase(),
        (_, Key::Period) => ctx.format_shortcut(shortcut).replace("Period", "."),
        _ => ctx.format_shortcut(shortcut),
    }
}

/// A shortcut as it stands in files; [`parse_key`] reads it again. `Ctrl` stands for Command on a Mac.
pub fn key_name(shortcut: &KeyboardShortcut) -> String {
    let m = shortcut.modifiers;
    let mut out = String::new();
    for (held, name) in [(m.command || m.ctrl, "Ctrl+"), (m.alt, "Alt+"), (m.shift, "Shift+")] {
        if held {
            out.push_str(name);
        }
    }
    // A plus or minus sign among the signs between keys would be hard to read.
    let name = match shortcut.logical_key {
        key @ (Key::Plus | Key::Minus) => key.name(),
        key if is_symbol(key) => key.symbol_or_name(),
        key => key.name(),
    };
    out + name
}

/// Reads a shortcut: modifiers and one key, joined by `+`. Letters mean the key, whether large or small.
///
/// # Errors
/// What to write instead, in words.
pub fn parse_key(text: &str) -> Result<KeyboardShortcut, String> {
    let text = text.trim();
    // The key itself may be a plus sign.
    let (before, key) = match text.strip_suffix('+') {
        Some(rest) => (rest, "+"),
        None => text.rsplit_once('+').map_or(("", text), |(before, key)| (before, key)),
    };
    let mut modifiers = Modifiers::NONE;
    for name in before.split('+').map(str::trim).filter(|name| !name.is_empty()) {
        modifiers = modifiers.plus(match name.to_ascii_lowercase().as_str() {
            "ctrl" | "control" | "cmd" | "command" => Modifiers::COMMAND,
            "alt" | "option" => Modifiers::ALT,
            "shift" => Modifiers::SHIFT,
            _ => return Err(format!("{name} is no modifier; write Ctrl, Alt or Shift")),
        });
    }
    let key = key.trim();
    let upper = key.to_uppercase();
    let found = Key::from_name(key)
        .or_else(|| Key::from_name(&upper))
        .or_else(|| Key::ALL.iter().copied().find(|known| known.name().eq_ignore_ascii_case(key)))
        .filter(|key| !is_modifier(*key));
    match found {
        Some(key) => Ok(KeyboardShortcut::new(modifiers, key)),
        None if key.is_empty() => Err("write a key such as Ctrl+S, F2 or Shift+Down".into()),
        None => Err(format!("{key} is no key; write one such as S, 7, F2, Down, Enter, PageUp, Plus or [")),
    }
}

/// Whether a key is a sign for whose typing keyboards differ in what they want held.
pub fn is_symbol(key: Key) -> bool {
    use Key::{
        Backslash, Backtick, CloseBracket, CloseCurlyBracket, Colon, Comma, Equals, Exclamationmark, Minus,
        OpenBracket, OpenCurlyBracket, Period, Pipe, Plus, Questionmark, Quote, Semicolon, Slash,
    };
    matches!(
        key,
        Backslash
            | Backtick
            | CloseBracket
            | CloseCurlyBracket
            | Colon
            | Comma
            | Equals
            | Exclamationmark
            | Minus
            | OpenBracket
            | OpenCurlyBracket
            | Period
            | Pipe
            | Plus
            | Questionmark
            | Quote
            | Semicolon
            | Slash
    )
}

fn is_modifier(key: Key) -> bool {
    use Key::{AltLeft, AltRight, ControlLeft, ControlRight, ShiftLeft, ShiftRight, SuperLeft, SuperRight};
    matches!(key, AltLeft | AltRight | ControlLeft | ControlRight | ShiftLeft | ShiftRight | SuperLeft | SuperRight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_written_key_is_read_as_the_same_key(
            index in 0..Key::ALL.len(),
            (ctrl, alt, shift) in any::<(bool, bool, bool)>(),
        ) {
            let key = Key::ALL[index];
            prop_assume!(!is_modifier(key));
            let mut modifiers = Modifiers::NONE;
            for (held, modifier) in [(ctrl, Modifiers::COMMAND), (alt, Modifiers::ALT), (shift, Modifiers::SHIFT)] {
                if held {
                    modifiers = modifiers.plus(modifier);
                }
            }
            let shortcut = KeyboardShortcut::new(modifiers, key);
            let name = key_name(&shortcut);
            prop_assert_eq!(parse_key(&name), Ok(shortcut), "{}", name);
            prop_assert_eq!(parse_key(&name.to_lowercase()), Ok(shortcut), "{} in small letters", name);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = parse_key(&text);
        }
    }

    #[test]
    fn signs_may_be_written_as_they_are() {
        let ctrl_plus = KeyboardShortcut::new(Modifiers::COMMAND, Key::Plus);
        assert_eq!(parse_key("Ctrl++"), Ok(ctrl_plus));
        assert_eq!(parse_key("+"), Ok(KeyboardShortcut::new(Modifiers::NONE, Key::Plus)));
        assert_eq!(parse_key("cmd + shift + s").map(|k| key_name(&k)), Ok("Ctrl+Shift+S".into()));
        assert_eq!(parse_key("/"), Ok(KeyboardShortcut::new(Modifiers::NONE, Key::Slash)));
    }

    #[test]
    fn what_is_no_key_is_refused_with_a_hint() {
        assert!(parse_key("Hyper+S").unwrap_err().contains("Hyper"));
        assert!(parse_key("Ctrl+Foo").unwrap_err().contains("Foo"));
        assert!(parse_key("").is_err() && parse_key("Ctrl").is_err());
    }
}
