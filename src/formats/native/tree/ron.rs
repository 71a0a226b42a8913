//! Reading RON.

use super::parse::{Cursor, Failure};
use super::{Field, Tree, is_name};

/// Reads a value with nothing but comments around it; `#![enable(…)]` may stand before it.
pub fn parse(source: &str) -> Result<Tree, Failure> {
    let mut cursor = Cursor::new(source);
    space(&mut cursor)?;
    while cursor.take("#") {
        let attribute = cursor.take_while(|c| c != ']');
        if !attribute.trim_start().starts_with('!') || !cursor.take("]") {
            return cursor.expected("an attribute such as #![enable(implicit_some)]");
        }
        space(&mut cursor)?;
    }
    let tree = value(&mut cursor)?;
    space(&mut cursor)?;
    if cursor.peek().is_some() { cursor.expected("the end of the file") } else { Ok(tree) }
}

/// White space and comments.
fn space(c: &mut Cursor<'_>) -> Result<(), Failure> {
    loop {
        c.take_while(|c| c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}'));
        if c.take("//") {
            c.take_while(|c| c != '\n');
        } else if c.take("/*") {
            let mut depth = 1_usize;
            while depth > 0 {
                if c.take("*/") {
                    depth -= 1;
                } else if c.take("/*") {
                    depth += 1;
                } else if c.next().is_none() {
                    return c.expected("the end of a comment");
                }
            }
        } else {
            return Ok(());
        }
    }
}

fn value(c: &mut Cursor<'_>) -> Result<Tree, Failure> {
    space(c)?;
    let (start, rest) = (c.at, c.rest());
    match c.peek() {
        Some('"') => string(c).map(Tree::Text),
        Some('r') if is_raw_string(rest) => raw_string(c).map(|text| Tree::Text(text.to_owned())),
        Some('b') if rest.starts_with("b\"") || rest.starts_with("b'") => {
            c.next();
            let end = if rest.starts_with("b\"") { '"' } else { '\'' };
            quoted(c, end)?;
            Ok(word_from(c, start))
        }
        Some('b') if rest.starts_with("br") && is_raw_string(&rest[1..]) => {
            c.next();
            raw_string(c)?;
            Ok(word_from(c, start))
        }
        Some('\'') => {
            quoted(c, '\'')?;
            Ok(word_from(c, start))
        }
        Some('[') => c.inside(|c| {
            c.next();
            let items = items(c, "]")?;
            Ok(Tree::List(items))
        }),
        Some('{') => c.inside(map),
        Some('(') => c.inside(|c| parentheses(c, None)),
        Some('0'..='9' | '+' | '-' | '.') => number(c),
        _ => match name(c) {
            Some(name) => {
                let after = c.at;
                space(c)?;
                if c.peek() == Some('(') {
                    return c.inside(|c| parentheses(c, Some(name)));
                }
                c.at = after;
                Ok(word_from(c, start))
            }
            None => c.expected("a value"),
        },
    }
}

fn word_from(c: &Cursor<'_>, start: usize) -> Tree {
    Tree::Word(c.source.get(start..c.at).unwrap_or_default().to_owned())
}

/// `r"…"`, `r#"…"#`, but not `r#name`.
fn is_raw_string(rest: &str) -> bool {
    rest.strip_prefix('r').is_some_and(|rest| rest.trim_start_matches('#').starts_with('"'))
}

fn raw_string<'a>(c: &mut Cursor<'a>) -> Result<&'a str, Failure> {
    c.take("r");
    let hashes = c.take_while(|c| c == '#');
    c.take("\"");
    let end = format!("\"{hashes}");
    let Some(length) = c.rest().find(&end) else {
        return c.fail("the string has no end");
    };
    let text = c.rest().get(..length).unwrap_or_default();
    c.at += length + end.len();
    Ok(text)
}

/// Goes past a string or character, whatever is escaped in it.
fn quoted(c: &mut Cursor<'_>, end: char) -> Result<(), Failure> {
    c.next();
    loop {
        match c.next() {
            Some(found) if found == end => return Ok(()),
            Some('\\') => drop(c.next()),
            Some(_) => {}
            None => return c.expected("the end of a string"),
        }
    }
}

/// The crate knows the escapes; here only the end is looked for.
fn string(c: &mut Cursor<'_>) -> Result<String, Failure> {
    let start = c.at;
    quoted(c, '"')?;
    let text = c.source.get(start..c.at).unwrap_or_default();
    ::ron::from_str(text).or_else(|error| {
        c.at = start;
        c.fail(error.code.to_string())
    })
}

/// A name, which may stand after `r#`.
fn name(c: &mut Cursor<'_>) -> Option<String> {
    if c.take("r#") {
        let name = c.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '+' | '-'));
        return (!name.is_empty()).then(|| name.to_owned());
    }
    let start = c.at;
    let name = c.take_while(|c| c.is_alphanumeric() || c == '_');
    if is_name(name) {
        return Some(name.to_owned());
    }
    c.at = start;
    None
}

fn number(c: &mut Cursor<'_>) -> Result<Tree, Failure> {
    const SUFFIXES: [&str; 14] =
        ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64"];
    let start = c.at;
    let mut last = ' ';
    let word = c.take_while(|c| {
        let is_sign = matches!(c, '+' | '-') && (last == ' ' || matches!(last, 'e' | 'E'));
        let fits = is_sign || c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        last = c;
        fits
    });
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    let without = SUFFIXES.iter().find_map(|suffix| digits.strip_suffix(suffix)).unwrap_or(digits);
    let is_number = match digits.get(..2) {
        Some("0x") => without.bytes().skip(2).all(|b| b.is_ascii_hexdigit() || b == b'_'),
        Some("0b" | "0o") => without.bytes().skip(2).all(|b| b.is_ascii_digit() || b == b'_'),
        _ => {
            without.contains(|c: char| c.is_ascii_digit()) && without.bytes().all(|b| b"0123456789_.eE+-".contains(&b))
        }
    };
    if is_number || matches!(digits, "inf" | "NaN") {
        return Ok(Tree::Word(word.to_owned()));
    }
    c.at = start;
    c.expected("a number")
}

/// Values up to `end`, with or without a comma after the last.
fn items(c: &mut Cursor<'_>, end: &str) -> Result<Vec<Tree>, Failure> {
    let mut items = Vec::new();
    loop {
        space(c)?;
        if c.take(end) {
            return Ok(items);
        }
        items.push(value(c)?);
        space(c)?;
        if !c.take(",") && c.peek() != end.chars().next() {
            return c.expected(&format!("\",\" or {end:?}"));
        }
    }
}

fn map(c: &mut Cursor<'_>) -> Result<Tree, Failure> {
    let mut entries = Vec::new();
    c.next();
    loop {
        space(c)?;
        if c.take("}") {
            return Ok(Tree::Map(entries));
        }
        let key = value(c)?;
        space(c)?;
        if !c.take(":") {
            return c.expected("\":\"");
        }
        entries.push((key, value(c)?));
        space(c)?;
        if !c.take(",") && c.peek() != Some('}') {
            return c.expected("\",\" or \"}\"");
        }
    }
}

/// A tuple or a struct.
fn parentheses(c: &mut Cursor<'_>, named: Option<String>) -> Result<Tree, Failure> {
    c.next();
    space(c)?;
    let before = c.at;
    let is_struct = !is_raw_string(c.rest()) && name(c).is_some() && {
        space(c)?;
        c.peek() == Some(':')
    };
    c.at = before;
    if !is_struct {
        return items(c, ")").map(|items| Tree::Tuple(named, items));
    }
    let mut fields = Vec::new();
    loop {
        space(c)?;
        if c.take(")") {
            return Ok(Tree::Struct(named, fields));
        }
        let start = c.at;
        let Some(name) = name(c) else { return c.expected("the name of a field") };
        space(c)?;
        if !c.take(":") {
            return c.expected("\":\"");
        }
        let value = value(c)?;
        let range = start..c.at;
        space(c)?;
        let comma = (c.peek() == Some(',')).then_some(c.at);
        fields.push(Field { name, value, range, comma });
        if !c.take(",") && c.peek() != Some(')') {
            return c.expected("\",\" or \")\"");
        }
    }
}
