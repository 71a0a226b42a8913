//! The quote finder: quotations, their cues and who may have said them, by rules.

use super::QuoteProposal;
use crate::model::Document;
use crate::text::Span;

/// The quotation at a caret or around selected words; for a selected cue or clause, the indirect speech it belongs to.
/// Looks only at the surroundings: its cost does not depend on the length of the document.
pub fn at(document: &Document, place: Span) -> Option<QuoteProposal> {
    let _ = (document, place);
    None
}

/// Every quotation of the document, in the order of the text; linear in its length.
pub fn all(document: &Document) -> Vec<QuoteProposal> {
    let _ = document;
    Vec::new()
}
