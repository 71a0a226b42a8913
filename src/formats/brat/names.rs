//! Names and texts as brat can hold them, and back.
//!
//! brat's types, roles and attribute names are made of ASCII letters, digits, `_` and `-`, and everything stands on one
//! line. Any other character is written as `_xHHHH_`, its code point in capital hexadecimal digits, as XML tools do with
//! names: `Großstadt` is `Gro_x00DF_stadt`. What looks like that by itself has its first `_` escaped. So every name comes
//! back, and nothing that others write is changed unless it has exactly this form.

/// What stands for an empty name.
const EMPTY: &str = "_x_";

/// A name as brat writes it.
pub fn name(text: &str) -> String {
    word(text, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// A role of an event. Digits at its end would be a counter, so the last one is escaped.
pub fn role(text: &str) -> String {
    let mut escaped = name(text);
    if let Some(last) = escaped.pop_if_digit() {
        escaped.push_str(&escape(last));
    }
    escaped
}

/// The value of an attribute: one word, without what separates values in a configuration.
pub fn value(text: &str) -> String {
    word(text, |c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '%' | '/' | '\''))
}

/// A text on one line.
pub fn line(text: &str) -> String {
    escaped(text, |c| !is_line_break(c) && !c.is_control())
}

/// What a name, role or value was before it was escaped.
pub fn unescaped(text: &str) -> String {
    if text == EMPTY { String::new() } else { unescaped_line(text) }
}

/// What a text was before [`line`].
pub fn unescaped_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((character, length)) = escape_at(rest) {
            out.push(character);
            rest = rest.get(length..).unwrap_or_default();
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// Characters at which some program ends a line.
pub fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

trait PopDigit {
    fn pop_if_digit(&mut self) -> Option<char>;
}

impl PopDigit for String {
    fn pop_if_digit(&mut self) -> Option<char> {
        let last = self.chars().next_back().filter(char::is_ascii_digit)?;
        self.pop();
        Some(last)
    }
}

fn word(text: &str, is_plain: impl Fn(char) -> bool) -> String {
    match text {
        "" => EMPTY.to_owned(),
        EMPTY => [&escape('_'), "x_"].concat(),
        _ => escaped(text, is_plain),
    }
}

fn escaped(text: &str, is_plain: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let mut next = rest.clone();
        let begins_escape =
            c == '_' && next.next() == Some('x') && next.next().is_some_and(|digit| is_hex(digit as u32));
        if is_plain(c) && !begins_escape {
            out.push(c);
        } else {
            out.push_str(&escape(c));
        }
    }
    out
}

fn is_hex(digit: u32) -> bool {
    matches!(char::from_u32(digit), Some('0'..='9' | 'A'..='F'))
}

fn escape(c: char) -> String {
    format!("_x{:04X}_", u32::from(c))
}

/// The character that an escape at the start of a text stands for, and the length of the escape in bytes.
fn escape_at(text: &str) -> Option<(char, usize)> {
    let digits: &str = text.strip_prefix("_x")?.split('_').next()?;
    let is_form = (4..=6).contains(&digits.len()) && digits.bytes().all(|b| is_hex(u32::from(b)));
    let character = char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_form)?)?;
    let whole = escape(character);
    text.starts_with(&whole).then_some((character, whole.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_plain_and_others_are_left_alone() {
        assert_eq!(name("Großstadt"), "Gro_x00DF_stadt");
        assert_eq!(name("WORK OF ART"), "WORK_x0020_OF_x0020_ART");
        assert_eq!(role("Arg1"), "Arg_x0031_");
        assert_eq!(name("Life_x"), "Life_x");
        assert_eq!(line("two\nlines"), "two_x000A_lines");
        for same in ["Be-born", "max_x", "_x12_", "_xdf00_", "_xD800_", "_x00000041_", "_x000041_"] {
            assert_eq!(unescaped(same), same);
        }
    }

    proptest! {
        #[test]
        fn everything_comes_back(text in "(_|x|0|0|4|1|A|_x|_x0041_|é|😀| |\n|[ -~]){0,8}") {
            prop_assert_eq!(&unescaped(&name(&text)), &text);
            prop_assert_eq!(&unescaped(&role(&text)), &text);
            prop_assert_eq!(&unescaped(&value(&text)), &text);
            prop_assert!(name(&text).chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'));
            prop_assert!(!name(&text).is_empty());
            prop_assert_eq!(&unescaped_line(&line(&text)), &text);
        }
    }
}
