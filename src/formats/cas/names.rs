//! Names of features: ASCII letters, digits and `_`. Any other character is written as `_xHHHH_`, its code point in
//! hexadecimal digits. A name that a layer uses itself, or that is a word of a
//! programming language, has its last character written that way. Texts with characters that
//! a file cannot have are written in the same way.

/// Names that layers use for their own features.
const OWN: &[&str] = &[
    "Dependent",
    "Governor",
    "aliases",
    "args",
    "begin",
    "category",
    "claimedIn",
    "cue",
    "elements",
    "end",
    "ends",
    "entity",
    "escaped",
    "first",
    "forms",
    "fromEntity",
    "id",
    "identifier",
    "implicit",
    "key",
    "kind",
    "label",
    "name",
    "next",
    "note",
    "parts",
    "referenceType",
    "roles",
    "self",
    "sofa",
    "target",
    "toEntity",
    "type",
    "value",
    "xmiID",
];

/// Words of Java and Python, in which programs make fields of features.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

fn escape_at(text: &str) -> Option<(char, usize)> {
    let (digits, _) = text.strip_prefix("_x")?.split_once('_')?;
    let is_number = (4..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let character = char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_number)?)?;
    Some((character, digits.len() + 3))
}

/// A text in which some characters are written by their numbers.
pub fn escaped(text: &str, is_plain: impl Fn(usize, char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let is_mark = c == '_' && text.get(at..).is_some_and(|rest| rest.starts_with("_x"));
        if !is_mark && is_plain(at, c) {
            out.push(c);
        } else {
            out.push_str(&format!("_x{:04X}_", u32::from(c)));
        }
    }
    out
}

/// The text that was written so.
pub fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (c, length) = escape_at(rest).unwrap_or((first, first.len_utf8()));
        out.push(c);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// The name of an attribute as that of a feature.
pub fn feature(text: &str) -> String {
    if text.is_empty() {
        return "x_x_".into();
    }
    let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
    let is_own = OWN.contains(&text) || KEYWORDS.contains(&text);
    let name = escaped(text, |at, c| {
        let is_letter = c.is_ascii_alphabetic() || (at > 0 && (c.is_ascii_digit() || (c == '_' && at < last)));
        is_letter && !(is_own && at == last)
    });
    // Names begin with a letter.
    if name.starts_with('_') || name.starts_with("x_x") { format!("x_x_{name}") } else { name }
}

/// The name of an attribute from that of a feature.
pub fn attribute(text: &str) -> String {
    unescaped(text.strip_prefix("x_x_").unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_layers_are_not_taken() {
        assert_eq!(feature("certainty"), "certainty");
        assert_eq!(feature("note"), "not_x0065_");
        assert_eq!(feature("class"), "clas_x0073_");
        assert_eq!(feature("Größe"), "Gr_x00F6__x00DF_e");
        assert_eq!(feature("1a"), "x_x__x0031_a");
    }

    proptest! {
        #[test]
        fn every_name_comes_back(any in "[a-z_x0-9é\u{0}😀]{0,12}") {
            prop_assert_eq!(&attribute(&feature(&any)), &any);
            let first = feature(&any).chars().next();
            prop_assert!(first.is_some_and(|c| c.is_ascii_alphabetic()));
            prop_assert_eq!(&unescaped(&escaped(&any, |_, c| c != '\u{0}')), &any);
        }
    }
}
