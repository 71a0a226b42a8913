//! Reading JSON.

use super::parse::{Cursor, Failure};
use super::{Field, Tree, is_json_number};

/// Reads a value with nothing after it.
pub fn parse(source: &str) -> Result<Tree, Failure> {
    let mut cursor = Cursor::new(source);
    let tree = value(&mut cursor)?;
    space(&mut cursor);
    if cursor.peek().is_some() { cursor.expected("the end of the file") } else { Ok(tree) }
}

fn space(c: &mut Cursor<'_>) {
    c.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
}

fn value(c: &mut Cursor<'_>) -> Result<Tree, Failure> {
    space(c);
    match c.peek() {
        Some('"') => string(c).map(Tree::Text),
        Some('[') => c.inside(list),
        Some('{') => c.inside(object),
        _ => word(c),
    }
}

fn word(c: &mut Cursor<'_>) -> Result<Tree, Failure> {
    let start = c.at;
    match c.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')) {
        "null" => Ok(Tree::Word("None".into())),
        word if matches!(word, "true" | "false") || is_json_number(word) => Ok(Tree::Word(word.into())),
        _ => {
            c.at = start;
            c.expected("a value")
        }
    }
}

fn list(c: &mut Cursor<'_>) -> Result<Tree, Failure> {
    let mut items = Vec::new();
    c.next();
    space(c);
    if c.take("]") {
        return Ok(Tree::List(items));
    }
    loop {
        items.push(value(c)?);
        space(c);
        if c.take("]") {
            return Ok(Tree::List(items));
        }
        if !c.take(",") {
            return c.expected("\",\" or \"]\"");
        }
    }
}

fn object(c: &mut Cursor<'_>) -> Result<Tree, Failure> {
    let mut fields = Vec::new();
    c.next();
    space(c);
    if c.take("}") {
        return Ok(Tree::Struct(None, fields));
    }
    loop {
        space(c);
        let start = c.at;
        if c.peek() != Some('"') {
            return c.expected("the name of a field in quotation marks");
        }
        let name = string(c)?;
        space(c);
        if !c.take(":") {
            return c.expected("\":\"");
        }
        let value = value(c)?;
        let range = start..c.at;
        space(c);
        let comma = (c.peek() == Some(',')).then_some(c.at);
        fields.push(Field { name, value, range, comma });
        if c.take("}") {
            return Ok(Tree::Struct(None, fields));
        }
        if !c.take(",") {
            return c.expected("\",\" or \"}\"");
        }
    }
}

/// The crate knows the escapes; here only the end is looked for.
fn string(c: &mut Cursor<'_>) -> Result<String, Failure> {
    let start = c.at;
    c.next();
    loop {
        match c.next() {
            Some('"') => break,
            Some('\\') => drop(c.next()),
            Some(_) => {}
            None => return c.expected("the end of a string"),
        }
    }
    let quoted = c.source.get(start..c.at).unwrap_or_default();
    serde_json::from_str(quoted).or_else(|error| {
        c.at = start;
        let message = error.to_string();
        c.fail(message.split(" at line ").next().unwrap_or_default())
    })
}
