//! What the annotator does not want proposed again.

use serde::{Deserialize, Serialize};

use crate::text::Spans;

/// A suggestion that was refused. Two are the same if all of it is the same; they order by place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Rejection {
    /// The words that would have been marked.
    pub spans: Spans,
    /// As what: a mention type, an event type, a kind of quote.
    pub label: String,
    /// Who proposed it.
    pub suggester: String,
}
