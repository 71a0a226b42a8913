//! Suggestions: annotations that are proposed, and become part of the document only when somebody accepts them.
//!
//! Knows the text, the model and its schema. Must not know the window, and never changes a document: accepting is an
//! intention of `edit`. To add a suggester: one file, and one line in [`SUGGESTERS`].

pub mod names;
pub mod occurrences;
pub mod quotes;

use crate::model::{Document, Filler, Id, Part, Rejection, Schema};
use crate::text::{Span, Spans};

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
pub static SUGGESTERS: &[&dyn Suggester] = &[&names::Names, &quotes::Quotes];

impl Suggestion {
    /// The words that would be marked.
    pub fn spans(&self) -> &Spans {
        match &self.proposal {
            Proposal::Mention { spans, .. } => spans,
            Proposal::Quote(quote) => &quote.content,
        }
    }

    /// As what: the mention type, or the kind of quote.
    pub fn label(&self) -> &str {
        match &self.proposal {
            Proposal::Mention { label, .. } => label,
            Proposal::Quote(quote) => quote.kind,
        }
    }

    /// What to remember if it is refused.
    pub fn rejection(&self) -> Rejection {
        Rejection::new(self.spans().clone(), self.label(), self.suggester)
    }
}

/// What all suggesters propose, in the order of the text, without what the document has or refuses.
pub fn suggestions(document: &Document, schema: &Schema) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = SUGGESTERS.iter().flat_map(|s| s.suggest(document, schema)).collect();
    found.retain(|suggestion| is_open(document, suggestion));
    found.sort_by(|a, b| a.spans().cmp(b.spans()));
    found
}

/// Whether a suggestion still says something: the document neither has nor refuses it.
///
/// A mention is had if a mention overlaps it; a quote if a quote has at least half of the words in common with it.
pub fn is_open(document: &Document, suggestion: &Suggestion) -> bool {
    if document.rejected().contains(&suggestion.rejection()) {
        return false;
    }
    let spans = suggestion.spans();
    match &suggestion.proposal {
        Proposal::Mention { .. } => overlapping(document, spans, Part::Mention).next().is_none(),
        Proposal::Quote(_) => overlapping(document, spans, Part::Content).all(|id| {
            let other = document.quotes().get(&id).map(|quote| &quote.content[..]).unwrap_or_default();
            let shared: u32 =
                spans.iter().flat_map(|a| other.iter().filter_map(|b| a.intersect(*b))).map(Span::len).sum();
            shared * 2 < length(spans).max(length(other))
        }),
    }
}

fn length(spans: &[Span]) -> u32 {
    spans.iter().map(|span| span.len()).sum()
}

/// The annotations one of whose parts of this kind shares a byte with one of the spans.
fn overlapping<'a>(document: &'a Document, spans: &'a Spans, part: Part) -> impl Iterator<Item = Id> + 'a {
    spans.iter().flat_map(move |span| {
        let anchors = document.span_index().touching(*span).into_iter();
        anchors.filter(move |a| a.part == part && a.span.overlaps(*span)).map(|a| a.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;
    use crate::model::test_support::{mention, quote, spans};
    use crate::text::Text;

    fn document() -> Document {
        let text = Text::new("“We agreed to sign the treaty”, Anna said. “No,” Bob said.").expect("short");
        Document::new(text, Header::default())
    }

    fn proposed(list: &[(u32, u32)]) -> Suggestion {
        let quote = QuoteProposal { kind: "direct", content: spans(list), cue: None, speakers: Vec::new() };
        Suggestion { suggester: "quotes", proposal: Proposal::Quote(quote), reason: String::new() }
    }

    #[test]
    fn what_the_document_has_is_proposed_no_more() {
        let mut document = document();
        let name = Suggestion {
            suggester: "names",
            proposal: Proposal::Mention { label: "Person".into(), spans: spans(&[(36, 40)]), entity: None },
            reason: String::new(),
        };
        assert!(is_open(&document, &proposed(&[(0, 34)])) && is_open(&document, &name));
        document.quotes.insert("q1".into(), quote("q1", "direct", &[(3, 31)]));
        document.mentions.insert("m1".into(), mention("m1", "Person", &[(30, 37)]));
        document.reindex();
        assert!(!is_open(&document, &proposed(&[(0, 34)])), "the same words without the marks");
        assert!(is_open(&document, &proposed(&[(3, 10)])), "a quote in a quote");
        assert!(!is_open(&document, &name));
    }

    #[test]
    fn what_is_refused_stays_away() {
        let mut document = document();
        document.rejected.insert(proposed(&[(0, 34)]).rejection());
        assert!(!is_open(&document, &proposed(&[(0, 34)])));
        assert!(is_open(&document, &proposed(&[(0, 30)])));
    }
}
