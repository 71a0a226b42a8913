//! The last column of CoNLL-U, `Key=Value|Key=Value`, and white space written in letters.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The value of a key; the last if there are several. `_` is an empty column.
pub fn value<'a>(misc: &'a str, key: &str) -> Option<&'a str> {
    entries(misc).rfind(|(known, _)| *known == key).map(|(_, value)| value)
}

/// All keys with their values, in order.
pub fn entries(misc: &str) -> impl DoubleEndedIterator<Item = (&str, &str)> {
    let misc = misc.trim();
    let misc = if misc == "_" { "" } else { misc };
    misc.split('|').filter(|entry| !entry.is_empty()).map(|entry| entry.split_once('=').unwrap_or((entry, "")))
}

/// Writes white space in letters, as `UDPipe` does: `\s` blank, `\t`, `\r`, `\n`, `\p` for `|`, `\\`; other white space and
/// hidden characters by their numbers, `\u00a0`.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => out.push_str("\\s"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\n' => out.push_str("\\n"),
            '|' => out.push_str("\\p"),
            '\\' => out.push_str("\\\\"),
            // All of these have four digits at most.
            c if super::super::breaks_cells(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// The same for a remark, where blanks inside are no harm.
pub fn escape_remark(text: &str) -> String {
    let inner = text.trim_matches(' ');
    let at = text.find(inner).unwrap_or(0);
    let (before, after) = (at, text.len() - at - inner.len());
    let inner: Vec<String> = inner.split(' ').map(escape).collect();
    ["\\s".repeat(before), inner.join(" "), "\\s".repeat(after)].concat()
}

/// Reads what [`escape`] wrote. What is no escape stays as it is.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut letters = after.chars();
        let known = match letters.next() {
            Some('s') => Some(' '),
            Some('t') => Some('\t'),
            Some('r') => Some('\r'),
            Some('n') => Some('\n'),
            Some('p') => Some('|'),
            Some('\\') => Some('\\'),
            Some('u') => {
                let digits = after.get(1..5).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
                let c = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
                letters = after.get(5..).filter(|_| c.is_some()).unwrap_or_default().chars();
                c
            }
            _ => None,
        };
        match known {
            Some(c) => {
                out.push(c);
                rest = letters.as_str();
            }
            None => {
                out.push('\\');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_escaped_comes_back(text in "([ \t\r\n\u{a0}\u{85}\u{2028}\u{feff}\\\\|snu0-9a-f]|\\PC){0,12}") {
            let line = escape(&text);
            prop_assert!(!line.contains(['\t', '\n', '\r', ' ', '|']), "{line:?}");
            prop_assert_eq!(&*unescape(&line), &text);
            let remark = escape_remark(&text);
            prop_assert_eq!(remark.trim(), &remark);
            prop_assert_eq!(&*unescape(&remark), &text);
        }

        #[test]
        fn anything_is_read(text in "(\\\\|u|s|[0-9a-g]|é){0,12}") {
            unescape(&text);
        }
    }

    #[test]
    fn values_are_found_by_their_keys() {
        let misc = "SpaceAfter=No|NER=B-A=b|Lonely";
        assert_eq!((value(misc, "NER"), value(misc, "Lonely"), value(misc, "X")), (Some("B-A=b"), Some(""), None));
        assert_eq!(entries("_").count(), 0);
    }
}
