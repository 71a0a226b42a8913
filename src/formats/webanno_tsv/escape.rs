//! Values, texts and names as `WebAnno` TSV can hold them, and back.
//!
//! Names of features are made of ASCII letters, digits and `_`; any other character is written as `_xHHHH_`, its code point
//! in hexadecimal digits. A name that a layer uses itself has its last character written that way.

use crate::model::AttributeValue;

/// A value of a feature or a role, on one line and without what separates values.
pub fn value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '[' | ']' | '|' | '_' | ';' | '*' => out.extend(['\\', c]),
            '-' if chars.peek() == Some(&'>') => out.push_str("\\-"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ => out.push(c),
        }
    }
    out
}

/// A text on one line.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{c}' => out.push_str("\\f"),
            '\u{8}' => out.push_str("\\b"),
            _ => out.push(c),
        }
    }
    out
}

/// What a value or text was before it was escaped.
pub fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('r')) => out.push('\r'),
            ('\\', Some('f')) => out.push('\u{c}'),
            ('\\', Some('b')) => out.push('\u{8}'),
            ('\\', Some(other)) => out.push(other),
            _ => out.push(c),
        }
    }
    out
}

/// The parts between separators that are not escaped.
pub fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut first, mut is_escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == separator && !is_escaped {
            parts.push(text.get(first..at).unwrap_or_default());
            first = at + c.len_utf8();
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    parts.push(text.get(first..).unwrap_or_default());
    parts
}

/// A value and what stands in brackets at its end: `PER[1]`.
pub fn with_brackets(text: &str) -> (&str, Option<&str>) {
    let (mut open, mut close, mut is_escaped) = (None, None, false);
    for (at, c) in text.char_indices() {
        match c {
            '[' if !is_escaped => open = Some(at),
            ']' if !is_escaped => close = Some(at),
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    match (open, close) {
        (Some(open), Some(close)) if open < close && close + 1 == text.len() => {
            (text.get(..open).unwrap_or_default(), text.get(open + 1..close))
        }
        _ => (text, None),
    }
}

/// Names that layers use for their own features.
const OWN: &[&str] = &[
    "aliases",
    "args",
    "begin",
    "category",
    "claimedIn",
    "cue",
    "end",
    "ends",
    "entity",
    "identifier",
    "implicit",
    "key",
    "kind",
    "label",
    "link",
    "name",
    "note",
    "parts",
    "roles",
    "sofa",
    "type",
    "value",
];

fn escape_at(text: &str) -> Option<(char, usize)> {
    let (digits, _) = text.strip_prefix("_x")?.split_once('_')?;
    let is_number = digits.len() >= 4 && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let character = char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_number)?)?;
    Some((character, digits.len() + 3))
}

/// The name of an attribute as that of a feature.
pub fn name(text: &str) -> String {
    if text.is_empty() {
        return "_x_".into();
    }
    let mut out = String::new();
    let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
    for (at, c) in text.char_indices() {
        let is_plain = if at == 0 { c.is_ascii_alphabetic() } else { c.is_ascii_alphanumeric() };
        let is_mark = c == '_' && !text.get(at..).unwrap_or_default().starts_with("_x");
        let is_own = at == last && OWN.contains(&text);
        // `ROLE_` and `BT_` begin columns of another kind.
        let is_taken = at == 0 && (text.starts_with("ROLE_") || text.starts_with("BT_"));
        if (is_plain || is_mark) && !is_own && !is_taken {
            out.push(c);
        } else {
            out.push_str(&format!("_x{:04X}_", u32::from(c)));
        }
    }
    out
}

/// The name of an attribute from that of a feature.
pub fn unescaped_name(text: &str) -> String {
    if text == "_x_" {
        return String::new();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (c, length) = escape_at(rest).unwrap_or((first, first.len_utf8()));
        out.push(c);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// The value of an attribute as that of a feature: flags as `true` and `false`, lists as JSON.
pub fn attribute(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Flag(flag) => flag.to_string(),
        AttributeValue::Text(text) => text.clone(),
        AttributeValue::List(list) => serde_json::to_string(list).unwrap_or_default(),
    }
}

/// The value of an attribute from that of a feature.
pub fn unescaped_attribute(text: &str) -> AttributeValue {
    match text {
        "true" => AttributeValue::Flag(true),
        "false" => AttributeValue::Flag(false),
        _ => match serde_json::from_str::<Vec<String>>(text) {
            Ok(list) => AttributeValue::List(list),
            Err(_) => AttributeValue::Text(text.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_escaped_as_the_format_has_it() {
        assert_eq!(value("#*'\t:;{}|[ ]()\\_\n"), "#\\*'\\t:\\;{}\\|\\[ \\]()\\\\\\_\\n");
        assert_eq!(value("a->b"), "a\\->b");
        assert_eq!(split("a\\|b|c", '|'), ["a\\|b", "c"]);
        assert_eq!(with_brackets("PER[1]"), ("PER", Some("1")));
        assert_eq!(with_brackets("a\\[1\\]"), ("a\\[1\\]", None));
        assert_eq!(with_brackets("a\\[[2]"), ("a\\[", Some("2")));
        assert_eq!(name("note"), "not_x0065_");
    }

    proptest! {
        #[test]
        fn everything_comes_back(any in "[a-z_x0-9\\\\\\[\\]|;*>\\-\t\n\r\u{0}é😀]{0,12}") {
            prop_assert_eq!(&unescaped(&value(&any)), &any);
            prop_assert_eq!(&unescaped(&text(&any)), &any);
            prop_assert_eq!(&unescaped_name(&name(&any)), &any);
            prop_assert_eq!(split(&value(&any), '|').len(), 1);
            let escaped = value(&any);
            prop_assert_eq!(with_brackets(&escaped).1, None);
        }
    }
}
