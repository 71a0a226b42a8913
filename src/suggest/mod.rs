//! Suggestions: annotations that are proposed, and become part of the document only when somebody accepts them.
//!
//! Knows the text, the model and its schema. Must not know the window, and never changes a document: accepting is an
//! intention of `edit`. To add a suggester: one file, and one line in [`SUGGESTERS`].

pub mod quotes;

use crate::model::{Document, Filler, Id, Schema};
use crate::text::Spans;

/// A proposed annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Which suggester proposes it; goes into the provenance of what is accepted.
    pub suggester: &'static str,
    /// What is proposed.
    pub proposal: Proposal,
    /// Why, in a few words for the screen.
    pub reason: String,
}

/// What is proposed.
#[derive(Clone, Debug, PartialEq)]
pub enum Proposal {
    /// A mention.
    Mention {
        /// Mention type of the schema.
        label: String,
        /// Its words.
        spans: Spans,
        /// The entity it would refer to.
        entity: Option<Id>,
    },
    /// A quote.
    Quote(QuoteProposal),
}

/// A proposed quote.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteProposal {
    /// Kind of the schema: `direct`, `indirect` or `mixed`.
    pub kind: &'static str,
    /// What was said, with its quotation marks; several spans if an attribution splits it.
    pub content: Spans,
    /// The words that introduce it.
    pub cue: Option<Spans>,
    /// Who may have said it, the likeliest first. Mentions of the document where there are any; words
    /// ([`Filler::Span`]) where the speaker is not marked yet.
    pub speakers: Vec<SpeakerCandidate>,
}

/// Who may have said a quote.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeakerCandidate {
    /// A mention, or words that are no mention yet.
    pub filler: Filler,
    /// Why, in a few words for the screen (“subject of *said*”).
    pub reason: &'static str,
}

/// Proposes annotations for a document.
pub trait Suggester: Sync {
    /// Its name, in lower case; stands in the provenance of what was accepted and with what was rejected.
    fn name(&self) -> &'static str;

    /// Everything it proposes that the document does not have yet, in the order of the text. Runs on a worker;
    /// linear in the length of the text.
    fn suggest(&self, document: &Document, schema: &Schema) -> Vec<Suggestion>;
}

/// All suggesters.
pub static SUGGESTERS: &[&dyn Suggester] = &[&quotes::Quotes];
