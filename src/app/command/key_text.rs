//! Keys as people write them.

use egui::{Key, KeyboardShortcut, Modifiers};

/// A shortcut as people write it (`Ctrl+Shift+S`).
pub fn key_text(ctx: &egui::Context, shortcut: &KeyboardShortcut) -> String {
    match (shortcut.modifiers, shortcut.logical_key) {
        // How these are typed differs between keyboards.
        (Modifiers::SHIFT, Key::OpenBracket) => "{".into(),
        (Modifiers::SHIFT, Key::CloseBracket) => "}".into(),
        (Modifiers::NONE, Key::OpenBracket) => "[".into(),
        (Modifiers::NONE, Key::CloseBracket) => "]".into(),
        (Modifiers::NONE, key) if key.name().len() == 1 => key.name().to_lowercase(),
        (_, Key::Period) => ctx.format_shortcut(shortcut).replace("Period", "."),
        _ => ctx.format_shortcut(shortcut),
    }
}
