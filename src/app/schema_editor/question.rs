//! What is asked before a step that touches annotations: what becomes of those that a label, a role or a value leaves behind.

use std::collections::BTreeMap;

use super::edited::{attributes, roles};
use super::entry::Entry;
use crate::edit::{LabelKind, Owner, SchemaStep, Unfit};
use crate::model::Schema;
use crate::model::schema::AttributeKind;

/// What is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removal {
    /// A label.
    Label(LabelKind, String),
    /// A role.
    Role(Owner, String),
    /// A value of the attribute with this id.
    Value(String, String),
}

/// A question; its answer is a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// What becomes of annotations of what is to go?
    Remove {
        /// What is to go.
        what: Removal,
        /// What they could get instead.
        candidates: Vec<String>,
        /// What they get; `None`: they are removed.
        to: Option<String>,
        /// In how many documents of the annotator it is used, as far as the index knows.
        used: Option<u32>,
    },
    /// What is made one?
    Merge {
        /// What stays: a label or an attribute.
        into: Entry,
        /// What could go, and whether it does.
        candidates: Vec<(String, bool)>,
    },
    /// How is a label split?
    Split(Box<Split>),
    /// What becomes of fillers that are not allowed any more?
    Tighten {
        /// The step, with an answer that can be changed.
        step: SchemaStep,
    },
}

/// How a label is split by the values of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Which labels it is one of.
    pub of: LabelKind,
    /// The label.
    pub label: String,
    /// Attributes that it may be split by: their ids, and their values with the labels that these become (empty: none).
    pub by: Vec<(String, Vec<(String, String)>)>,
    /// The attribute that was chosen, from 0.
    pub chosen: usize,
    /// The label of annotations with another value, or none.
    pub rest: String,
    /// Whether annotations keep the value that became their label.
    pub keeps: bool,
}

impl Split {
    /// A split of a label of this schema; `None` if it has no attribute with values.
    pub fn new(schema: &Schema, of: LabelKind, label: &str) -> Option<Self> {
        let owner = match of {
            LabelKind::Mention => Owner::Mention(label.to_owned()),
            LabelKind::Event => Owner::Event(label.to_owned()),
            LabelKind::Relation => Owner::Relation(label.to_owned()),
            LabelKind::QuoteKind => Owner::Quotes,
            LabelKind::DocumentGroup | LabelKind::DocumentValue(_) => return None,
        };
        let by: Vec<_> = schema
            .attributes_of(attributes(schema, &owner))
            .filter_map(|attribute| {
                let values = match attribute.kind {
                    AttributeKind::Choice => attribute.values.clone(),
                    AttributeKind::Flag => vec!["true".to_owned(), "false".to_owned()],
                    AttributeKind::Text => return None,
                };
                let values = values.into_iter().map(|value| {
                    let new = proposed(label, &value, &attribute.name);
                    (value, new)
                });
                Some((attribute.id.clone(), values.collect()))
            })
            .collect();
        (!by.is_empty()).then(|| Self {
            of,
            rest: label.to_owned(),
            label: label.to_owned(),
            by,
            chosen: 0,
            keeps: false,
        })
    }

    /// The labels that come of it, without empty ones.
    pub fn made(&self) -> Vec<(String, String)> {
        let values = self.by.get(self.chosen).map_or(&[][..], |(_, values)| values);
        let named = values.iter().map(|(value, label)| (value.clone(), label.trim().to_owned()));
        named.filter(|(_, label)| !label.is_empty()).collect()
    }

    /// What the rest may be: the label itself, or any that comes of it.
    pub fn rests(&self) -> Vec<String> {
        let mut rests = vec![self.label.clone()];
        for (_, label) in self.made() {
            if !rests.contains(&label) {
                rests.push(label);
            }
        }
        rests
    }
}

/// A name for what a value becomes: `Person` and `minor` make `PersonMinor`.
fn proposed(label: &str, value: &str, attribute: &str) -> String {
    let word = match value {
        "true" => attribute.to_owned(),
        "false" => return String::new(),
        value => value.to_owned(),
    };
    let words = word.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    std::iter::once(label.to_owned()).chain(words.map(capital)).collect()
}

impl Question {
    /// Asks what becomes of what is to go; `used` tells in how many documents a label is.
    pub fn remove(schema: &Schema, what: Removal, used: &BTreeMap<&str, u32>) -> Self {
        let others = |all: Vec<String>, but: &str| all.into_iter().filter(|name| name != but).collect::<Vec<_>>();
        let (candidates, count) = match &what {
            Removal::Label(kind, label) => (others(kind.labels(schema), label), used.get(label.as_str()).copied()),
            Removal::Role(of, role) => {
                (others(roles(schema, of).iter().map(|known| known.role.clone()).collect(), role), None)
            }
            Removal::Value(id, value) => {
                (others(schema.attribute(id).map(|a| a.values.clone()).unwrap_or_default(), value), None)
            }
        };
        Self::Remove { what, candidates, to: None, used: count }
    }

    /// Asks what is made one with a label or an attribute; `None` if there is nothing else.
    pub fn merge(schema: &Schema, into: &Entry) -> Option<Self> {
        let all = match (into.kind(), into) {
            (Some(kind), _) => kind.labels(schema),
            (None, Entry::Attribute(_)) => schema.attributes.iter().map(|a| a.id.clone()).collect(),
            _ => return None,
        };
        let candidates: Vec<_> = all.into_iter().filter(|name| name != into.name()).map(|name| (name, false)).collect();
        (!candidates.is_empty()).then(|| Self::Merge { into: into.clone(), candidates })
    }

    /// The steps that follow from the answer; none if it is not whole yet.
    pub fn steps(&self) -> Vec<SchemaStep> {
        match self {
            Self::Remove { what, to, .. } => vec![match what.clone() {
                Removal::Label(of, label) => SchemaStep::Delete { of, label, to: to.clone() },
                Removal::Role(of, role) => SchemaStep::DeleteRole { of, role, to: to.clone() },
                Removal::Value(attribute, value) => SchemaStep::DeleteValue { attribute, value, to: to.clone() },
            }],
            Self::Merge { into, candidates } => {
                let from: Vec<String> =
                    candidates.iter().filter(|(_, chosen)| *chosen).map(|(name, _)| name.clone()).collect();
                match into.kind() {
                    _ if from.is_empty() => Vec::new(),
                    Some(of) => vec![SchemaStep::Merge { of, from, into: into.name().to_owned() }],
                    None => {
                        let into = into.name();
                        let step = |from| SchemaStep::MergeAttributes { from, into: into.to_owned() };
                        from.into_iter().map(step).collect()
                    }
                }
            }
            Self::Split(split) => {
                let into = split.made();
                if into.is_empty() || !split.rests().contains(&split.rest) {
                    return Vec::new();
                }
                let attribute = split.by.get(split.chosen).map(|(id, _)| id.clone()).unwrap_or_default();
                vec![SchemaStep::Split {
                    of: split.of.clone(),
                    label: split.label.clone(),
                    attribute,
                    into,
                    rest: split.rest.clone(),
                    keeps_attribute: split.keeps,
                }]
            }
            Self::Tighten { step } => vec![step.clone()],
        }
    }

    /// What becomes of fillers that do not fit, if that is asked.
    pub fn unfit_mut(&mut self) -> Option<&mut Unfit> {
        match self {
            Self::Tighten {
                step:
                    SchemaStep::Limit { excess: unfit, .. }
                    | SchemaStep::RemoveFiller { unfit, .. }
                    | SchemaStep::OnlyFillers { unfit, .. },
            } => Some(unfit),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_what_a_split_makes_are_proposed() {
        assert_eq!(proposed("Person", "public figure", "role"), "PersonPublicFigure");
        assert_eq!(proposed("Event", "true", "planned"), "EventPlanned");
        assert_eq!(proposed("Event", "false", "planned"), "");
    }
}
