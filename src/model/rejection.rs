//! What the annotator does not want proposed again.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::Unknown;
use crate::text::Spans;

/// A suggestion that was refused. Two are the same if they refuse the same, whatever else a file says of them; they
/// order by place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rejection {
    /// The words that would have been marked.
    pub spans: Spans,
    /// As what: a mention type, an event type, a kind of quote.
    pub label: String,
    /// Who proposed it.
    pub suggester: String,
    /// What its file says of it that this program does not know.
    #[serde(default, skip_serializing_if = "Unknown::is_empty")]
    pub unknown: Unknown,
}

impl Rejection {
    /// A suggestion that is refused now.
    pub fn new(spans: Spans, label: impl Into<String>, suggester: impl Into<String>) -> Self {
        Self { spans, label: label.into(), suggester: suggester.into(), unknown: Unknown::default() }
    }

    fn key(&self) -> (&Spans, &str, &str) {
        (&self.spans, &self.label, &self.suggester)
    }
}

impl PartialEq for Rejection {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Rejection {}

impl PartialOrd for Rejection {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rejection {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for Rejection {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}
