//! RON and JSON as a tree that loses nothing that matters: names of variants and structs, every number as it stands,
//! fields in their order. What it loses is comments and white space.
//!
//! The types of [`super::shape`] are read by the `ron` and `serde_json` crates; those can neither keep a field that no
//! type has nor change a file before there is a type for it. For these two this tree exists: `super::unknown` finds
//! fields in it, `super::migrate` changes it.

mod json;
mod parse;
mod ron;
mod write;

use std::ops::Range;

pub use parse::{Failure, Language};
pub use write::{json_string, json_text, ron_name, ron_string, ron_text};

/// Deeper values are refused, as the crates for reading do.
const DEEPEST: usize = 128;

/// A value of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// What has no parts, as it stands in the source: a number, `true`, `None`, a character, a variant without values.
    Word(String),
    /// A string.
    Text(String),
    /// `[1, 2]`
    List(Vec<Tree>),
    /// `{"a": 1}` of RON.
    Map(Vec<(Tree, Tree)>),
    /// `(1, 2)`, `Some(1)`, `Mention("m1")`: with or without a name.
    Tuple(Option<String>, Vec<Tree>),
    /// `(a: 1)`, with or without a name; an object of JSON.
    Struct(Option<String>, Vec<Field>),
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Tree,
    /// Where name and value stand in the source, in bytes.
    pub range: Range<usize>,
    /// Where the comma after it stands, in bytes.
    pub comma: Option<usize>,
}

/// Equal if they say the same, wherever they stand.
impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

impl Field {
    /// A field that stands in no source.
    pub fn new(name: impl Into<String>, value: Tree) -> Self {
        Self { name: name.into(), value, range: 0..0, comma: None }
    }
}

impl Tree {
    /// Reads a whole file, or a value.
    ///
    /// # Errors
    /// [`Failure`] at the first place that is neither.
    pub fn parse(source: &str, language: Language) -> Result<Self, Failure> {
        match language {
            Language::Ron => ron::parse(source),
            Language::Json => json::parse(source),
        }
    }

    /// On one line.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Ron => ron_text(self),
            Language::Json => json_text(self),
        }
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Struct(_, fields) => fields.iter().find(|field| field.name == name).map(|field| &field.value),
            _ => None,
        }
    }

    /// A value that was read from JSON as RON would have it: objects become structs, variants or maps, whatever their
    /// names look like. In JSON it is again what it was.
    #[must_use]
    pub fn into_ron(self) -> Self {
        match self {
            Self::List(items) => Self::List(items.into_iter().map(Self::into_ron).collect()),
            Self::Struct(None, mut fields) => {
                let is_variant = fields.len() == 1 && fields.iter().all(|field| looks_like_variant(&field.name));
                if is_variant && let Some(only) = fields.pop() {
                    return Self::Tuple(Some(only.name), vec![only.value.into_ron()]);
                }
                if !fields.is_empty() && fields.iter().all(|field| is_ascii_name(&field.name)) {
                    let field = |field: Field| Field::new(field.name, field.value.into_ron());
                    return Self::Struct(None, fields.into_iter().map(field).collect());
                }
                Self::Map(fields.into_iter().map(|f| (Self::Text(f.name), f.value.into_ron())).collect())
            }
            other => other,
        }
    }
}

/// `Mention`, as variants are called; `Some` is none of its own in JSON.
fn looks_like_variant(name: &str) -> bool {
    name != "Some"
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

fn is_ascii_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What RON takes for a name as it is.
pub fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// A number that JSON has a form for.
fn is_json_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = word.split_once(['e', 'E']).map_or((word, None), |(m, e)| (m, Some(e)));
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

#[cfg(test)]
mod tests;
