//! A change of the schema, and what it does to annotations.
//!
//! A [`SchemaChange`] is a list of steps (rename, merge, split, delete, …). Laid on a schema it becomes a [`Migration`]: the
//! new schema, and for any document the one [`Transaction`] that makes it fit. Steps work in order, each on what the ones
//! before it made, so a list of steps does what its steps do one after another.
//!
//! What is migrated stays what it was: identifiers, notes, links, unknown fields and where it came from. A mention that a
//! rule made is still the rule's work under another label. Types of entities, rules of batches and refused suggestions follow
//! the labels. What a step removes is counted before anybody applies it ([`Effect`]); nothing else is lost, and the
//! transaction inverts.
//!
//! Knows the model and drafts; knows no files.

mod attributes;
mod definition;
mod diff;
mod document;
mod effect;
mod guess;
mod order;
mod roles;
mod words;

#[cfg(test)]
mod diff_tests;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::history::Transaction;
use crate::model::{Document, Problem, Schema, SchemaRef, Severity};

pub use diff::{Difference, Item, SchemaDiff};
pub use effect::Effect;
pub use order::in_order;

/// Which labels a step is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LabelKind {
    /// Mention types, and with them the types of entities.
    Mention,
    /// Event types.
    Event,
    /// Relation types.
    Relation,
    /// Kinds of quotes.
    QuoteKind,
    /// Groups of labels for the whole document.
    DocumentGroup,
    /// Labels for the whole document, of this group.
    DocumentValue(String),
}

/// What has roles or attributes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Owner {
    /// A mention type.
    Mention(String),
    /// An event type.
    Event(String),
    /// A relation type; its ends are the roles `from` and `to`.
    Relation(String),
    /// Quotes of all kinds.
    Quotes,
}

/// What becomes of fillers that a step no longer allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unfit {
    /// They stay, and each is a problem for the annotator to solve.
    #[default]
    Leave,
    /// They are taken out. Of too many, the first in the text stay; what is not in the text comes after all that is.
    Remove,
}

/// One step of a change. Labels are names as files have them; attributes are named by the id that the schema gives them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SchemaStep {
    /// Gives a label another name, which no other label of its kind has.
    Rename {
        /// Of which kind.
        of: LabelKind,
        /// The name so far.
        from: String,
        /// The new name.
        to: String,
    },
    /// Makes several labels one. The one that stays gets the roles, fillers, attributes and values that only the others had,
    /// so that what was legal is legal still.
    Merge {
        /// Of which kind.
        of: LabelKind,
        /// Those that go.
        from: Vec<String>,
        /// The one that stays.
        into: String,
    },
    /// Gives annotations with a value of an attribute a label of their own. An entity goes with most of its mentions.
    Split {
        /// Of which kind; labels of the document have no attributes.
        of: LabelKind,
        /// The label that is split.
        label: String,
        /// The id of the attribute.
        attribute: String,
        /// Values and the labels that they become, which may exist already. Of several values of one annotation the first
        /// in this list counts.
        into: Vec<(String, String)>,
        /// The label of all others: the one that is split (it stays), or any of the others (it goes).
        rest: String,
        /// Whether annotations keep the value that has become their label.
        keeps_attribute: bool,
    },
    /// Takes a label out of the schema.
    Delete {
        /// Of which kind.
        of: LabelKind,
        /// The label.
        label: String,
        /// The label that its annotations get; their roles and attributes stay, and what the other label does not have is a
        /// problem. `None` removes the annotations with all that refers to them.
        to: Option<String>,
    },
    /// Gives an attribute another name in files; its id stays.
    RenameAttribute {
        /// Its id.
        id: String,
        /// The new name.
        to: String,
    },
    /// Makes two attributes one. Where an annotation has both, it keeps both values if several are allowed, else that of the
    /// attribute that stays.
    MergeAttributes {
        /// The id of the one that goes.
        from: String,
        /// The id of the one that stays.
        into: String,
    },
    /// Takes an attribute away, with its values.
    DeleteAttribute {
        /// Its id.
        id: String,
        /// From whom; `None`: from everybody.
        of: Option<Owner>,
    },
    /// Gives a value of an attribute another name.
    RenameValue {
        /// The id of the attribute.
        attribute: String,
        /// The value so far.
        from: String,
        /// The new one, which the attribute does not have.
        to: String,
    },
    /// Makes several values of an attribute one.
    MergeValues {
        /// The id of the attribute.
        attribute: String,
        /// Those that go.
        from: Vec<String>,
        /// The one that stays.
        into: String,
    },
    /// Takes a value of an attribute away.
    DeleteValue {
        /// The id of the attribute.
        attribute: String,
        /// The value.
        value: String,
        /// The value that annotations get instead; `None`: none.
        to: Option<String>,
    },
    /// Gives a role of an event type or of quotes another name. Quotes always have the role `Speaker`.
    RenameRole {
        /// Whose.
        of: Owner,
        /// The name so far.
        from: String,
        /// The new name, which no other role there has.
        to: String,
    },
    /// Takes a role of an event type or of quotes away.
    DeleteRole {
        /// Whose.
        of: Owner,
        /// The role.
        role: String,
        /// The role that its fillers go to; `None`: they are removed (not what they point to).
        to: Option<String>,
    },
    /// Changes how many fillers a role takes.
    Limit {
        /// Whose.
        of: Owner,
        /// The role.
        role: String,
        /// At least so many; what has fewer is a problem.
        min: u32,
        /// At most so many; `None`: any number.
        max: Option<u32>,
        /// What becomes of too many.
        excess: Unfit,
    },
    /// Takes a type away from those that may fill a role. The last one cannot go: a role without any takes everything.
    RemoveFiller {
        /// Whose; of a relation, `from` and `to` are its roles.
        of: Owner,
        /// The role.
        role: String,
        /// The type, in the words of [`crate::model::schema::RoleType::fillers`].
        filler: String,
        /// What becomes of fillers that are not legal any more; of an end of a relation, the relation goes.
        unfit: Unfit,
    },
    /// Lets only these types fill a role, whatever it took before: the way from anything to something.
    OnlyFillers {
        /// Whose; of a relation, `from` and `to` are its roles.
        of: Owner,
        /// The role.
        role: String,
        /// The types, at least one, in the words of [`crate::model::schema::RoleType::fillers`].
        fillers: Vec<String>,
        /// What becomes of fillers that are not legal any more; of an end of a relation, the relation goes.
        unfit: Unfit,
    },
    /// Definitions were edited between other steps: the schema becomes this one, and annotations stay as they are. So a step
    /// can lead to a label that was new before it.
    Redefine {
        /// What the schema becomes.
        schema: Box<Schema>,
    },
}

/// A change of a schema: steps in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchemaChange {
    /// The steps.
    pub steps: Vec<SchemaStep>,
}

/// Why a change does not fit a schema. The message says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SchemaChangeError {
    /// The schema does not have what a step names.
    #[error("there is no {what} {name:?} (look at the schema again: it may have been changed)")]
    Unknown {
        /// What was expected.
        what: String,
        /// Its name.
        name: String,
    },
    /// The new name is that of something else.
    #[error("the {what} {name:?} exists already (choose another name, or merge the two)")]
    Taken {
        /// What has the name.
        what: String,
        /// The name.
        name: String,
    },
    /// The step makes no sense for what it names.
    #[error("{0}")]
    Impossible(String),
    /// The schema would contradict itself.
    #[error("the schema would contradict itself: {}", .0.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join("; "))]
    Inconsistent(Vec<Problem>),
}

/// A change that was laid on a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    title: String,
    from: SchemaRef,
    /// Each step with the schema that it begins with.
    steps: Vec<(SchemaStep, Schema)>,
    after: Schema,
    remarks: Vec<String>,
}

/// What a migration makes of one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Migrated {
    /// What changes; `None` if nothing has to.
    pub transaction: Option<Transaction>,
    /// The same, counted. A document of which nothing changes but which schema it names is not touched.
    pub effect: Effect,
}

impl SchemaChange {
    /// Reads a change from RON.
    ///
    /// # Errors
    /// Where and why it is none.
    pub fn from_ron(ron: &str) -> Result<Self, ron::error::SpannedError> {
        ron::from_str(ron)
    }

    /// The change as RON, a step a line.
    pub fn to_ron(&self) -> String {
        let config = ron::ser::PrettyConfig::new().depth_limit(1);
        // Plain data always serialises.
        ron::ser::to_string_pretty(self, config).unwrap_or_default()
    }

    /// Lays the change on a schema: works out what each step begins with and what comes of it, with a version one higher.
    ///
    /// # Errors
    /// [`SchemaChangeError`], of the first step that does not fit.
    pub fn on(&self, schema: &Schema) -> Result<Migration, SchemaChangeError> {
        let mut after = schema.clone();
        let mut steps = Vec::with_capacity(self.steps.len());
        let mut remarks = Vec::new();
        for step in &self.steps {
            let before = after.clone();
            definition::change(&mut after, step, &mut remarks)?;
            steps.push((step.clone(), before));
        }
        let was_wrong = schema.check();
        let is_new = |problem: &Problem| problem.severity == Severity::Error && !was_wrong.contains(problem);
        let problems: Vec<Problem> = after.check().into_iter().filter(is_new).collect();
        if !problems.is_empty() {
            return Err(SchemaChangeError::Inconsistent(problems));
        }
        after.version = schema.version.saturating_add(1);
        let from = SchemaRef { name: schema.name.clone(), version: schema.version };
        Ok(Migration { title: self.title(), from, steps, after, remarks })
    }
}

impl Migration {
    /// The schema that comes of it.
    pub fn schema(&self) -> &Schema {
        &self.after
    }

    /// What is worth knowing about that schema, a sentence each: a role that takes more than it did.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The same, with a schema in which somebody has changed more than annotations need to know (definitions, colours, new
    /// labels): documents name this one.
    #[must_use]
    pub fn towards(mut self, schema: Schema) -> Self {
        self.after = schema;
        self
    }

    /// What it is called in menus and histories.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The same under another name.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// What has to change in a document, and how much that is. A document that names another schema keeps naming that one;
    /// its labels are migrated all the same.
    pub fn plan(&self, document: &Document, at: &str, by: Option<&str>) -> Migrated {
        let mut draft = Draft::new(document);
        for (step, schema) in &self.steps {
            document::change(&mut draft, step, schema);
        }
        let named = &document.header().schema;
        let after = SchemaRef { name: self.after.name.clone(), version: self.after.version };
        let is_older = named.version < after.version || named.name != after.name;
        if (named.name == self.from.name || named.name.is_empty()) && is_older {
            draft.header_mut().schema = after;
        }
        let ops = draft.into_ops();
        let effect = Effect::of(&ops);
        let (title, at, by) = (self.title.clone(), at.to_owned(), by.map(str::to_owned));
        let transaction = (!ops.is_empty()).then(|| Transaction { title, at, by, ops, group: None });
        Migrated { transaction, effect }
    }
}
