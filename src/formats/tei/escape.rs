//! Text and attributes in XML, and back.

/// Whether XML 1.0 can have a character.
fn is_known(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn basic(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\r' | '\u{85}' | '\u{2028}' => out.push_str(&format!("&#{};", u32::from(c))),
        _ => out.push(c),
    }
}

/// Text; characters that XML cannot have are elements.
pub fn text(text: &str, out: &mut String) {
    for c in text.chars() {
        if is_known(c) {
            basic(c, out);
        } else {
            out.push_str(&format!("<g ref=\"char:{:04X}\"/>", u32::from(c)));
        }
    }
}

/// The character of the reference of a `g` element.
pub fn character(reference: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(reference.strip_prefix("char:")?, 16).ok()?)
}

/// The value of an attribute; characters that XML cannot have are `_xHHHH_`.
pub fn attribute(value: &str) -> String {
    let mut out = String::new();
    for (at, c) in value.char_indices() {
        let looks_escaped = c == '_' && value.get(at..).unwrap_or_default().starts_with("_x");
        match c {
            '\t' | '\n' => out.push_str(&format!("&#{};", u32::from(c))),
            _ if looks_escaped || !is_known(c) => out.push_str(&format!("_x{:04X}_", u32::from(c))),
            _ => basic(c, &mut out),
        }
    }
    out
}

/// What the value of an attribute was.
pub fn unescaped(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(first) = rest.chars().next() {
        let escape = rest.strip_prefix("_x").and_then(|r| r.split_once('_')).and_then(|(digits, _)| {
            let number =
                u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() >= 4 && !digits.starts_with('+'))?;
            Some((char::from_u32(number)?, digits.len() + 3))
        });
        let (c, length) = escape.unwrap_or((first, first.len_utf8()));
        out.push(c);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}
