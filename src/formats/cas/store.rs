//! Feature structures: what a CAS is made of, whatever its file is. Knows nothing of layers and documents.

use std::collections::{BTreeMap, BTreeSet};

use super::types::{self, Types};
use crate::model::Problem;

/// The value of a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    /// As it stands in the file.
    Number(String),
    Flag(bool),
    /// Another structure, which may be an array or list.
    Ref(u64),
    /// An array of others that stands in its place; 0 is none.
    Refs(Vec<u64>),
    Texts(Vec<String>),
}

/// A feature structure.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    pub id: u64,
    pub r#type: String,
    /// The structure with the text.
    pub sofa: Option<u64>,
    /// UTF-16 units, half-open.
    pub begin: Option<u64>,
    pub end: Option<u64>,
    pub features: BTreeMap<String, Value>,
    /// In its file, from 1.
    pub line: Option<usize>,
}

impl Structure {
    /// The text of a feature.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.features.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The last part of the name of the type.
    pub fn short(&self) -> &str {
        self.r#type.rsplit('.').next().unwrap_or(&self.r#type)
    }
}

/// A file.
#[derive(Clone, Debug, Default)]
pub struct Cas {
    pub types: Types,
    pub structures: Vec<Structure>,
    /// What was found while it was read.
    pub problems: Vec<Problem>,
}

/// What a value is when references to arrays and lists are followed.
#[derive(Debug, PartialEq, Eq)]
pub enum Resolved {
    Text(String),
    Flag(bool),
    Texts(Vec<String>),
    /// Structures that are neither array nor list.
    Targets(Vec<u64>),
}

/// Structures by their ids.
pub type ById<'a> = BTreeMap<u64, &'a Structure>;

/// Follows references to arrays and lists.
///
/// # Errors
/// Code and message, if something is not there or a list runs in a circle.
pub fn resolved(value: &Value, by_id: &ById<'_>) -> Result<Resolved, (&'static str, String)> {
    let unknown = |id: &u64| ("unknown-reference", format!("there is no feature structure with the id {id}"));
    Ok(match value {
        Value::Text(text) | Value::Number(text) => Resolved::Text(text.clone()),
        Value::Flag(flag) => Resolved::Flag(*flag),
        Value::Texts(texts) => Resolved::Texts(texts.clone()),
        Value::Refs(ids) => {
            let ids: Vec<u64> = ids.iter().copied().filter(|id| *id != 0).collect();
            if let Some(id) = ids.iter().find(|id| !by_id.contains_key(id)) {
                return Err(unknown(id));
            }
            Resolved::Targets(ids)
        }
        Value::Ref(0) => Resolved::Targets(Vec::new()),
        Value::Ref(id) => {
            let target = by_id.get(id).ok_or_else(|| unknown(id))?;
            if types::is_array(&target.r#type) {
                return match target.features.get("elements") {
                    // An array has no arrays in its place, so this goes no deeper.
                    Some(elements @ (Value::Refs(_) | Value::Texts(_) | Value::Text(_))) => resolved(elements, by_id),
                    _ => Ok(Resolved::Targets(Vec::new())),
                };
            }
            if types::is_list(&target.r#type) {
                return list(target, by_id);
            }
            Resolved::Targets(vec![*id])
        }
    })
}

fn list(first: &Structure, by_id: &ById<'_>) -> Result<Resolved, (&'static str, String)> {
    let (mut targets, mut texts, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut current = Some(first);
    while let Some(structure) = current {
        if !seen.insert(structure.id) {
            return Err(("cyclic-list", format!("the list {} runs in a circle", first.id)));
        }
        match structure.features.get("head") {
            Some(Value::Ref(id)) if by_id.contains_key(id) => targets.push(*id),
            Some(Value::Ref(0)) | None => {}
            Some(Value::Ref(id)) => {
                return Err(("unknown-reference", format!("there is no feature structure with the id {id}")));
            }
            Some(Value::Text(text) | Value::Number(text)) => texts.push(text.clone()),
            Some(_) => {}
        }
        current = match structure.features.get("tail") {
            Some(Value::Ref(id)) => by_id.get(id).copied(),
            _ => None,
        };
    }
    Ok(if texts.is_empty() { Resolved::Targets(targets) } else { Resolved::Texts(texts) })
}

/// A position in the file.
///
/// # Errors
/// In words, if it is none.
pub fn position(text: &str) -> Result<u64, String> {
    text.trim().parse().map_err(|_| format!("{text:?} is no position"))
}
