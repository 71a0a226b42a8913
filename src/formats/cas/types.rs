//! Type systems: which types there are, what they inherit, and what their features take.

use std::collections::BTreeMap;

use super::store::{Cas, Value};
use super::{MENTION, METADATA, SENTENCE, TOKEN};

pub const ANNOTATION: &str = "uima.tcas.Annotation";
const BASE: &str = "uima.cas.AnnotationBase";
pub const DOCUMENT: &str = "uima.tcas.DocumentAnnotation";
pub const TOP: &str = "uima.cas.TOP";
pub const STRING: &str = "uima.cas.String";
pub const SOFA: &str = "uima.cas.Sofa";

/// What a feature takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    pub range: String,
    /// Of arrays.
    pub element: Option<String>,
    /// Whether an array is a structure of its own and not in the place of the feature.
    pub shared: bool,
}

/// A type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Type {
    pub supertype: String,
    pub features: BTreeMap<String, Feature>,
}

/// How the value of a feature is written in XMI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Text,
    Number,
    Flag,
    Ref,
    Refs,
    Texts,
}

/// All types of a file but those that every file has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Types(pub BTreeMap<String, Type>);

/// Whether a type is an array of UIMA.
pub fn is_array(name: &str) -> bool {
    name.ends_with("[]") || (name.starts_with("uima.cas.") && name.ends_with("Array"))
}

/// Whether a type is a list of UIMA.
pub fn is_list(name: &str) -> bool {
    name.starts_with("uima.cas.") && name.ends_with("List")
}

fn primitive(name: &str) -> Option<Form> {
    Some(match name {
        "uima.cas.String" => Form::Text,
        "uima.cas.Boolean" => Form::Flag,
        "uima.cas.Byte" | "uima.cas.Short" | "uima.cas.Integer" | "uima.cas.Long" | "uima.cas.Float"
        | "uima.cas.Double" => Form::Number,
        _ => return None,
    })
}

impl Types {
    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a type is known.
    pub fn knows(&self, name: &str) -> bool {
        is_array(name) || self.0.contains_key(name) || name.starts_with("uima.cas.") || name.starts_with("uima.tcas.")
    }

    /// A type and what it inherits from.
    fn line<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let above = |name: &&'a str| match *name {
            DOCUMENT => Some(ANNOTATION),
            ANNOTATION => Some(BASE),
            BASE => Some(TOP),
            name => self.0.get(name).map(|known| known.supertype.as_str()),
        };
        std::iter::successors(Some(name), above).take(crate::limits::TYPE_DEPTH)
    }

    /// Whether a type is another or inherits from it.
    pub fn is_a(&self, name: &str, other: &str) -> bool {
        self.line(name).any(|known| known == other)
    }

    /// A feature of a type, its own or inherited.
    pub fn feature(&self, name: &str, feature: &str) -> Option<&Feature> {
        self.line(name).find_map(|known| self.0.get(known)?.features.get(feature))
    }

    /// Whether a type has features whose fillers stand in links, but for `parts`.
    pub fn has_slots(&self, name: &str) -> bool {
        let features = self.line(name).filter_map(|known| self.0.get(known)).flat_map(|known| &known.features);
        let is_slot = |(name, feature): (&String, &Feature)| {
            let element = feature.element.as_deref().or_else(|| feature.range.strip_suffix("[]"));
            let is_link = |element: &str| self.feature(element, "target").is_some() && !self.is_a(element, ANNOTATION);
            name != "parts" && element.is_some_and(is_link)
        };
        features.into_iter().any(is_slot)
    }

    /// How a feature of a type is written in XMI; `None` if it is not known.
    pub fn form(&self, name: &str, feature: &str) -> Option<Form> {
        match (name, feature) {
            (SOFA, _) => return Some(Form::Text),
            ("uima.cas.FSArray", "elements") => return Some(Form::Refs),
            (_, "elements") if is_array(name) => return Some(Form::Texts),
            (_, "tail") if is_list(name) => return Some(Form::Ref),
            (_, "head") if is_list(name) => {
                return Some(if name == "uima.cas.NonEmptyFSList" { Form::Ref } else { Form::Text });
            }
            (_, "language") if self.is_a(name, DOCUMENT) => return Some(Form::Text),
            _ => {}
        }
        let found = self.feature(name, feature)?;
        let range = found.range.as_str();
        if let Some(form) = primitive(range) {
            return Some(form);
        }
        if self.is_a(range, STRING) {
            return Some(Form::Text);
        }
        if is_array(range) || is_list(range) {
            let element = range.strip_suffix("[]");
            let is_of_structures = matches!(range, "uima.cas.FSArray" | "uima.cas.FSList")
                || element.is_some_and(|e| primitive(e).is_none());
            return Some(match (found.shared, is_of_structures) {
                (true, _) => Form::Ref,
                (false, true) => Form::Refs,
                (false, false) => Form::Texts,
            });
        }
        Some(Form::Ref)
    }

    /// Adds those that the structures of a file need. Files of one folder share them.
    pub fn add(&mut self, cas: &Cas) {
        for name in [TOKEN, SENTENCE, MENTION] {
            self.0.entry(name.to_owned()).or_insert_with(|| Type { supertype: ANNOTATION.into(), ..Type::default() });
        }
        let plain = |range: &str| Feature { range: range.to_owned(), element: None, shared: false };
        if let Some(mention) = self.0.get_mut(MENTION) {
            for name in ["identifier", "value"] {
                mention.features.insert(name.to_owned(), plain(STRING));
            }
        }
        let names: BTreeMap<u64, &str> = cas.structures.iter().map(|s| (s.id, s.r#type.as_str())).collect();
        for structure in cas.structures.iter().filter(|s| s.r#type != SOFA) {
            let supertype = match (structure.r#type.as_str(), structure.begin, structure.sofa) {
                (METADATA, ..) => DOCUMENT,
                (_, Some(_), _) => ANNOTATION,
                (_, None, Some(_)) => BASE,
                (_, None, None) => TOP,
            };
            let own = self.0.entry(structure.r#type.clone()).or_default();
            supertype.clone_into(&mut own.supertype);
            for (name, value) in structure.features.iter().filter(|(name, _)| *name != "language") {
                let feature = match value {
                    Value::Text(_) => plain(STRING),
                    Value::Flag(_) => plain("uima.cas.Boolean"),
                    Value::Number(_) => plain("uima.cas.Integer"),
                    Value::Ref(_) => plain(ANNOTATION),
                    Value::Texts(_) => plain("uima.cas.StringArray"),
                    Value::Refs(ids) => Feature {
                        element: Some(ids.first().and_then(|id| names.get(id)).map_or(TOP, |name| *name).to_owned()),
                        ..plain("uima.cas.FSArray")
                    },
                };
                own.features.insert(name.clone(), feature);
            }
        }
        // The language is every document's.
        if let Some(info) = self.0.get_mut(super::INFO) {
            info.features.insert("language".into(), plain(STRING));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_inherit_in_a_circle_end() {
        let of = |supertype: &str| Type { supertype: supertype.into(), ..Type::default() };
        let types = Types([("a".to_owned(), of("b")), ("b".to_owned(), of("a"))].into());
        assert!(!types.is_a("a", ANNOTATION));
        assert!(types.feature("a", "x").is_none());
        assert!(types.is_a(DOCUMENT, TOP));
    }
}
