//! A tree as RON or JSON on one line.

use std::fmt::Write as _;

use super::{Field, Tree, is_json_number, is_name};

/// As RON; read again it is the same tree.
pub fn ron_text(tree: &Tree) -> String {
    let mut out = String::new();
    ron(&mut out, tree);
    out
}

/// As JSON, by serde's conventions: a struct is an object, `Mention("m1")` is `{"Mention": "m1"}`, `None` is `null`, and
/// `Some` goes. What JSON has no form for becomes a string.
pub fn json_text(tree: &Tree) -> String {
    let mut out = String::new();
    json(&mut out, tree);
    out
}

fn separated<T>(out: &mut String, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
    for (nth, item) in items.into_iter().enumerate() {
        if nth > 0 {
            out.push_str(", ");
        }
        write(out, item);
    }
}

fn ron(out: &mut String, tree: &Tree) {
    match tree {
        Tree::Word(word) => out.push_str(word),
        Tree::Text(text) => ron_string(out, text),
        Tree::List(items) => {
            out.push('[');
            separated(out, items, ron);
            out.push(']');
        }
        Tree::Map(entries) => {
            out.push('{');
            separated(out, entries, |out, (key, value)| {
                ron(out, key);
                out.push_str(": ");
                ron(out, value);
            });
            out.push('}');
        }
        Tree::Tuple(name, items) => {
            ron_open(out, name.as_deref());
            separated(out, items, ron);
            out.push(')');
        }
        Tree::Struct(name, fields) => {
            ron_open(out, name.as_deref());
            separated(out, fields, |out, field| {
                ron_name(out, &field.name);
                out.push_str(": ");
                ron(out, &field.value);
            });
            out.push(')');
        }
    }
}

/// A name, after `r#` where RON wants that.
pub fn ron_name(out: &mut String, name: &str) {
    if !is_name(name) {
        out.push_str("r#");
    }
    out.push_str(name);
}

fn ron_open(out: &mut String, name: Option<&str>) {
    if let Some(name) = name {
        ron_name(out, name);
    }
    out.push('(');
}

/// A string of RON, with everything visible as it is.
pub fn ron_string(out: &mut String, value: &str) {
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Characters that an editor would hide, move or take for a line end.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn json(out: &mut String, tree: &Tree) {
    match tree {
        Tree::Word(word) => match word.as_str() {
            "None" => out.push_str("null"),
            "true" | "false" => out.push_str(word),
            number if is_json_number(number) => out.push_str(number),
            other => json_string(out, other),
        },
        Tree::Text(text) => json_string(out, text),
        Tree::List(items) | Tree::Tuple(None, items) => json_list(out, items),
        Tree::Map(entries) if entries.iter().all(|(key, _)| matches!(key, Tree::Text(_))) => {
            json_object(out, entries.iter().map(|(key, value)| (text_of(key), value)));
        }
        Tree::Map(entries) => json_list(out, entries.iter().map(|(key, value)| [key, value])),
        Tree::Tuple(Some(name), items) => match (name.as_str(), items.as_slice()) {
            ("Some", [only]) => json(out, only),
            (name, [only]) => json_object(out, [(name, only)]),
            (name, items) => json_object(out, [(name, &Tree::List(items.to_vec()))]),
        },
        Tree::Struct(None, fields) => json_fields(out, fields),
        Tree::Struct(Some(name), fields) => json_object(out, [(name.as_str(), &Tree::Struct(None, fields.clone()))]),
    }
}

fn text_of(key: &Tree) -> &str {
    match key {
        Tree::Text(text) => text,
        _ => "",
    }
}

/// What can stand in a list of JSON.
trait Item {
    fn write(&self, out: &mut String);
}

impl Item for &Tree {
    fn write(&self, out: &mut String) {
        json(out, self);
    }
}

impl Item for [&Tree; 2] {
    fn write(&self, out: &mut String) {
        json_list(out, *self);
    }
}

fn json_list(out: &mut String, items: impl IntoIterator<Item = impl Item>) {
    out.push('[');
    separated(out, items, |out, item| item.write(out));
    out.push(']');
}

fn json_fields(out: &mut String, fields: &[Field]) {
    json_object(out, fields.iter().map(|field| (field.name.as_str(), &field.value)));
}

fn json_object<'t>(out: &mut String, entries: impl IntoIterator<Item = (&'t str, &'t Tree)>) {
    out.push('{');
    separated(out, entries, |out, (name, value)| {
        json_string(out, name);
        out.push_str(": ");
        json(out, value);
    });
    out.push('}');
}

/// A string of JSON.
pub fn json_string(out: &mut String, text: &str) {
    let is_plain = |b: u8| b >= 0x20 && !matches!(b, b'"' | b'\\');
    if text.bytes().all(is_plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
        return;
    }
    // A string is always JSON.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}
