//! The schema: which labels there are, what they mean, and what may go with what.
//!
//! Schemas are RON files. [`load`](Schema::parse) reads and checks one; a schema in the program is always
//! consistent. Names of labels are compared exactly.

mod builtin;
mod check;
mod keys;
mod legal;
mod over;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use builtin::{BUILTIN, builtin};
pub use keys::{KeyTable, LabelTarget, RESERVED_LETTERS};
pub use legal::Illegal;

use super::Problem;

/// The value of [`Schema::format`] that this program reads.
pub const SCHEMA_FORMAT: &str = "manicule-schema/1";

/// A label set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Always [`SCHEMA_FORMAT`].
    pub format: String,
    /// Short name, stored in every file that uses it.
    pub name: String,
    /// Raised when labels change meaning.
    pub version: u32,
    /// Name for people.
    pub title: String,
    /// What it is for, and where it comes from.
    #[serde(default)]
    pub description: String,
    /// Named sets of labels; `"@Actor"` in a filler list stands for the labels of `"Actor"`.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
    /// Attributes that labels refer to by [`AttributeType::id`].
    #[serde(default)]
    pub attributes: Vec<AttributeType>,
    /// What mentions may be labelled; these are also the types of entities.
    #[serde(default)]
    pub mentions: Vec<MentionType>,
    /// What may happen.
    #[serde(default)]
    pub events: Vec<EventType>,
    /// How quotes are marked; without it the schema has no quotes.
    #[serde(default)]
    pub quotes: Option<QuoteType>,
    /// Links between annotations.
    #[serde(default)]
    pub relations: Vec<RelationType>,
    /// Labels of the whole document.
    #[serde(default)]
    pub document_labels: Vec<DocumentLabel>,
    /// Whether the same words carry at most one mention label. Mentions inside others are not meant.
    #[serde(default)]
    pub one_label_per_span: bool,
}

/// What kind of value an attribute takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum AttributeKind {
    /// One (or, with `multiple`, several) of the listed values.
    #[default]
    Choice,
    /// Yes or no.
    Flag,
    /// Free text.
    Text,
}

/// A property that an annotation may have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeType {
    /// What labels of the schema call it; unique. Two attributes with different ids may share a name
    /// (the modes of different event types).
    pub id: String,
    /// What files call it.
    pub name: String,
    /// Choice, flag or text.
    #[serde(default)]
    pub kind: AttributeKind,
    /// The legal values of a choice.
    #[serde(default)]
    pub values: Vec<String>,
    /// What values mean, where that needs saying.
    #[serde(default)]
    pub value_definitions: BTreeMap<String, String>,
    /// Whether several values may be given.
    #[serde(default)]
    pub multiple: bool,
    /// What holds when nothing is said; shown, not stored.
    #[serde(default)]
    pub default: Option<String>,
    /// What it means.
    #[serde(default)]
    pub definition: String,
}

/// A type of mention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MentionType {
    /// The label.
    pub label: String,
    /// Base colour `#rrggbb`; the theme adapts it to light and dark.
    #[serde(default)]
    pub color: Option<String>,
    /// The key that sets it: a letter or a digit; one is allotted where none is given.
    #[serde(default)]
    pub key: Option<char>,
    /// What it means.
    pub definition: String,
    /// Examples, with the words that carry the label in square brackets.
    pub examples: Vec<String>,
    /// Ids of attributes it may have.
    #[serde(default)]
    pub attributes: Vec<String>,
    /// Whether every mention of this type must refer to an entity; one that does not is a problem.
    #[serde(default)]
    pub needs_entity: bool,
}

/// A type of event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventType {
    /// The type.
    pub r#type: String,
    /// Heading under which it is listed.
    #[serde(default)]
    pub group: Option<String>,
    /// Base colour `#rrggbb`.
    #[serde(default)]
    pub color: Option<String>,
    /// The key that sets it; a capital letter is typed with Shift.
    #[serde(default)]
    pub key: Option<char>,
    /// What it means.
    pub definition: String,
    /// Examples, with the trigger in square brackets.
    pub examples: Vec<String>,
    /// Who or what takes part.
    pub roles: Vec<RoleType>,
    /// Ids of attributes it may have.
    #[serde(default)]
    pub attributes: Vec<String>,
}

/// A role of an event type or of quotes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleType {
    /// The role.
    pub role: String,
    /// What may fill it: mention labels, event types, `@Group`, `*mention` (any mention), `*event` (any event),
    /// `*span` (words that are no mention). Empty: anything.
    #[serde(default)]
    pub fillers: Vec<String>,
    /// How many fillers it needs at least; 0 = optional.
    #[serde(default)]
    pub min: u32,
    /// How many it may have at most; `None` = any number.
    #[serde(default)]
    pub max: Option<u32>,
    /// What it means.
    #[serde(default)]
    pub definition: String,
}

/// How quotes are marked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteType {
    /// Base colour `#rrggbb`.
    #[serde(default)]
    pub color: Option<String>,
    /// What it means.
    pub definition: String,
    /// Examples, with the content in square brackets.
    pub examples: Vec<String>,
    /// Direct, indirect, …; the first is the default.
    pub kinds: Vec<QuoteKind>,
    /// `Speaker`, `Addressee` and further roles. Content and cue are parts of every quote and not listed here.
    pub roles: Vec<RoleType>,
    /// Ids of attributes quotes may have.
    #[serde(default)]
    pub attributes: Vec<String>,
}

/// A kind of quote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteKind {
    /// The kind.
    pub kind: String,
    /// What it means.
    pub definition: String,
    /// Examples, with the content in square brackets.
    pub examples: Vec<String>,
    /// Whether quotes of this kind have a cue; one without is a problem.
    #[serde(default)]
    pub needs_cue: bool,
}

/// A type of relation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelationType {
    /// The label.
    pub label: String,
    /// What it may start at, in the words of [`RoleType::fillers`].
    #[serde(default)]
    pub from: Vec<String>,
    /// What it may lead to.
    #[serde(default)]
    pub to: Vec<String>,
    /// Whether both directions mean the same.
    #[serde(default)]
    pub symmetric: bool,
    /// What it means.
    pub definition: String,
    /// Examples, with both ends in square brackets.
    pub examples: Vec<String>,
    /// Ids of attributes it may have.
    #[serde(default)]
    pub attributes: Vec<String>,
}

/// A group of labels for the whole document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentLabel {
    /// Name of the group (`topic`).
    pub group: String,
    /// The labels.
    pub values: Vec<String>,
    /// Whether a document may have several.
    #[serde(default)]
    pub multiple: bool,
    /// What it means.
    #[serde(default)]
    pub definition: String,
}

impl Schema {
    /// Reads a schema from RON and checks it.
    ///
    /// # Errors
    /// All problems that were found, with `file`, line and column where they are known.
    pub fn parse(ron: &str, file: Option<&Path>) -> Result<Self, Vec<Problem>> {
        check::parse(ron, file)
    }

    /// What is inconsistent in it, errors and what is worth a look: a schema that somebody is making may be anything.
    /// A schema without errors is one that [`Self::parse`] accepts.
    pub fn check(&self) -> Vec<Problem> {
        check::check(self).into_iter().map(|(problem, _)| problem).collect()
    }

    /// The same, each with the name that it is about: a label, a role, a filler, a value, an attribute's id, a colour.
    pub fn check_by_name(&self) -> Vec<(Problem, String)> {
        check::check(self)
    }

    /// The schema as a file: RON on lines of at most 120 characters where that is possible, without what is the default.
    /// [`Self::parse`] reads the same schema from it; the same schema is always written the same. Comments are not kept.
    pub fn to_ron(&self) -> String {
        write::ron(self)
    }

    /// The same over a file that holds the schema as it was: what has not changed stays as it stands there, with comments and
    /// layout, and comments stay with the entry that they stand before or behind. If that file holds no schema, or is laid in a
    /// way that is not understood, only what stands at its top stays.
    pub fn to_ron_over(&self, file: &str) -> String {
        over::ron(self, file).unwrap_or_else(|| format!("{}{}", over::head(file), self.to_ron()))
    }

    /// A schema without any label, for documents whose schema is not at hand: everything is allowed to stay,
    /// nothing is known.
    pub fn empty(name: &str, version: u32) -> Self {
        Self {
            format: SCHEMA_FORMAT.into(),
            name: name.into(),
            version,
            title: name.into(),
            description: String::new(),
            groups: BTreeMap::new(),
            attributes: Vec::new(),
            mentions: Vec::new(),
            events: Vec::new(),
            quotes: None,
            relations: Vec::new(),
            document_labels: Vec::new(),
            one_label_per_span: false,
        }
    }

    /// The mention type with this label.
    pub fn mention(&self, label: &str) -> Option<&MentionType> {
        self.mentions.iter().find(|m| m.label == label)
    }

    /// The event type with this name.
    pub fn event(&self, r#type: &str) -> Option<&EventType> {
        self.events.iter().find(|e| e.r#type == r#type)
    }

    /// The relation type with this label.
    pub fn relation(&self, label: &str) -> Option<&RelationType> {
        self.relations.iter().find(|r| r.label == label)
    }

    /// The attribute with this id.
    pub fn attribute(&self, id: &str) -> Option<&AttributeType> {
        self.attributes.iter().find(|a| a.id == id)
    }

    /// The attributes behind a list of ids, in that order.
    pub fn attributes_of<'a>(&'a self, ids: &'a [String]) -> impl Iterator<Item = &'a AttributeType> {
        ids.iter().filter_map(|id| self.attribute(id))
    }

    /// Whether it has no label at all.
    pub fn is_empty(&self) -> bool {
        self.mentions.is_empty() && self.events.is_empty() && self.quotes.is_none() && self.relations.is_empty()
    }
}

impl EventType {
    /// The role with this name.
    pub fn role(&self, role: &str) -> Option<&RoleType> {
        self.roles.iter().find(|r| r.role == role)
    }
}

impl QuoteType {
    /// The role with this name.
    pub fn role(&self, role: &str) -> Option<&RoleType> {
        self.roles.iter().find(|r| r.role == role)
    }
}

impl RoleType {
    /// Whether one more filler may be added to `count`.
    pub fn has_room(&self, count: usize) -> bool {
        self.max.is_none_or(|max| count < max as usize)
    }
}
