//! Answering a query: hits as they are found, and how many there are.

use std::sync::atomic::{AtomicBool, Ordering};

use ecow::EcoString;

use super::query::{MarkKind, Query};
use super::{marks, texts};
use crate::model::Id;
use crate::project::Name;
use crate::project::index::{Index, IndexError, IndexPlace};
use crate::text::Span;
use crate::text::find::BadQuery;

/// A place that a search has found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// The document.
    pub document: Name,
    /// Where in its text, in bytes: the words, or a mark from its first word to its last.
    pub span: Span,
    /// The folder of the annotator whose layer the mark is in; none where words were looked for.
    pub folder: Option<EcoString>,
    /// The mark, if it is one.
    pub mark: Option<Id>,
    /// What kind of mark it is.
    pub kind: Option<MarkKind>,
    /// The label of the mark; empty if it is none.
    pub label: EcoString,
}

/// What a search came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents that the index knows, whether they could be searched or not.
    pub documents: usize,
    /// Documents whose text is not known, because it cannot be read.
    pub unreadable: usize,
    /// Documents with a hit.
    pub found_in: usize,
    /// Hits, also those beyond the ones that were to be kept.
    pub hits: usize,
    /// Hits that were given out.
    pub kept: usize,
    /// Whether it was stopped before the end.
    pub is_stopped: bool,
}

/// Why a search has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The words are no expression to search with.
    #[error(transparent)]
    Words(#[from] BadQuery),
    /// The index cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A thread of the search has panicked.
    #[error("the program made a mistake while it searched; try once more, and report it")]
    Failed,
}

impl From<rusqlite::Error> for SearchError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Index(error.into())
    }
}

/// What a search is told.
pub(super) struct Asked<'a> {
    pub place: &'a IndexPlace,
    pub query: &'a Query,
    /// The folder of whoever asks.
    pub me: Option<&'a str>,
    /// How many hits are given out; the others are counted.
    pub most: usize,
    pub stop: &'a AtomicBool,
}

impl Asked<'_> {
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Answers a query from what the index knows. Hits are given to `found` in batches as they are found, the first at once, those
/// of a document together and in their order, documents in any; after `most` the others are only counted. `me` is the
/// folder of the annotator whose layers are meant where the query names nobody's. Setting `stop` ends the search after the
/// documents at hand.
///
/// # Errors
/// [`SearchError`]; hits that were given out before are right all the same.
pub fn run(
    place: &IndexPlace,
    query: &Query,
    me: Option<&str>,
    most: usize,
    stop: &AtomicBool,
    found: &mut dyn FnMut(Vec<Hit>),
) -> Result<Summary, SearchError> {
    let index = Index::open(place)?;
    let finders = query.finders().map_err(|(_, error)| error)?;
    let asked = Asked { place, query, me, most, stop };
    let (documents, with_text) = index.size()?;
    let mut summary = Summary { documents, unreadable: documents.saturating_sub(with_text), ..Summary::default() };
    if query.is_empty() {
        return Ok(summary);
    }
    if query.asks_for_marks() {
        marks::search(&index, &asked, &finders, &mut summary, found)?;
    } else {
        texts::search(&index, &asked, &finders, &mut summary, found)?;
    }
    summary.is_stopped = asked.is_stopped();
    Ok(summary)
}
