//! Batches: the mentions that one rule made, so that they can be listed, extended and retracted together.
//!
//! A batch holds the rule; its mentions are those whose provenance names it ([`super::Origin::Rule`]). What was changed
//! by hand since says so itself ([`super::Origin::Edited`]) and is no longer the rule's work.

use serde::{Deserialize, Serialize};

use super::{Document, Id, Mention, Origin, Unknown};

/// What is looked for in a text: always whole words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Any of these; of two that begin together the longer one counts.
    pub texts: Vec<String>,
    /// Whether `berg` and `BERG` count as `Berg`.
    pub ignore_case: bool,
}

/// One propagation: the same label on every occurrence of a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Unique among the batches of the document (`b1`, `b2`, …).
    pub id: Id,
    /// The mention type that the rule gives.
    pub label: String,
    /// The entity that its mentions refer to; `None` if that was deleted since.
    pub entity: Option<Id>,
    /// What was looked for.
    pub search: Search,
    /// When it was first applied, as an RFC 3339 time in UTC.
    pub at: Option<String>,
    /// What its file says of it that this program does not know.
    #[serde(default, skip_serializing_if = "Unknown::is_empty")]
    pub unknown: Unknown,
}

impl Origin {
    /// The batch that made the annotation, whether or not it was edited since.
    pub fn batch(&self) -> Option<&str> {
        match self {
            Self::Rule(batch) | Self::Edited(batch) => Some(batch),
            Self::Hand | Self::Suggestion(_) | Self::Import(_) => None,
        }
    }
}

impl Document {
    /// The mentions that a batch made and that are still there, edited ones included, in the order of the text.
    pub fn mentions_of_batch(&self, batch: &Id) -> Vec<&Mention> {
        let is_its = |m: &&Mention| m.provenance.by.batch() == Some(batch.as_str());
        let mut found: Vec<&Mention> = self.mentions().values().filter(is_its).collect();
        found.sort_by_key(|m| (m.spans.first().copied(), m.id.clone()));
        found
    }
}
