//! The quote finder: quotations, their cues and who may have said them, by rules.
//!
//! The text is read block by block (`block`: a paragraph, or a piece of a very long one); marks are paired
//! (`marks`), cues looked for beside them (`cue`), reported clauses delimited (`clause`), and quotes put together
//! (`find`); `speakers` ranks who may have said them. What is known of a language stands in `language` and its
//! files. Nothing here changes a document, and nothing looks further than a block and its neighbours, except [`all`],
//! which walks them once.
//!
//! What counts as the content follows the schema *news*: the quotation marks are part of it; the comma, the colon and the
//! conjunction in front are not; of a mixed quote the whole clause is content. Paragraphs that reopen the marks go on with
//! one quote, in one span. A quotation inside another is found under the caret; [`all`] proposes the outer one.
//!
//! Known limits: French attributions inside the guillemets stay in the content; speech set off by dashes alone is not
//! found; reported speech that goes on without a cue is not found.

mod block;
mod clause;
mod cue;
mod find;
mod language;
mod marks;
mod segmentation;
mod speakers;

#[cfg(test)]
mod tests;

use block::Block;
use find::Found;
use language::Language;
use segmentation::Segmentation;
use speakers::{Before, Reader};

use super::{Proposal, QuoteProposal, SpeakerCandidate, Suggester, Suggestion};
use crate::model::{Document, Part, Schema};
use crate::text::{BytePos, Span};

/// How many blocks before and after the caret are looked at, and how many bytes.
const BLOCKS_AROUND: usize = 12;
const BYTES_AROUND: u32 = 24_000;

/// The quotation at a caret or around selected words; for a selected cue or clause, the indirect speech it belongs to.
/// Looks only at the surroundings: its cost does not depend on the length of the document.
///
/// The innermost quotation that holds the caret or touches it comes first: with the caret in a quotation inside another,
/// the inner one. A caret on a cue gives what it introduces. Selected words that no rule takes for a quote become
/// the content of an indirect one, with the nearest cue of their sentence. `None` where nothing is near.
pub fn at(document: &Document, place: Span) -> Option<QuoteProposal> {
    let text = document.text();
    let languages = language::choose(document.header().metadata.language.as_deref(), text);
    let place = Span::new(text.floor_boundary(place.start), text.floor_boundary(place.end));
    let segmentation = Segmentation::around(text, place);
    let window = window(&segmentation, place);
    let first = segmentation.tokens.partition_point(|token| token.start < window.start);
    let walk = Walk::new(&segmentation, &languages, first, window.end);
    let found: Vec<Found> = walk.collect();
    let reader = Reader { document, segmentation: &segmentation, languages: &languages };
    let chosen = under::choose(&segmentation, &languages, &found, place)?;
    let mut before = Before::default();
    for earlier in found.iter().filter(|other| other.content < chosen.content && !other.weak) {
        let speakers = speakers::candidates(reader, earlier, &before);
        before.push(reader, earlier, &speakers);
    }
    let speakers = speakers::candidates(reader, &chosen, &before);
    Some(proposal(chosen, speakers))
}

/// Every quotation of the document, in the order of the text; linear in its length.
///
/// Also those that the document has already. Left out are a few words in marks without a cue (scare quotes, titles).
pub fn all(document: &Document) -> Vec<QuoteProposal> {
    let text = document.text();
    let languages = language::choose(document.header().metadata.language.as_deref(), text);
    let segmentation = Segmentation::of(text);
    let reader = Reader { document, segmentation: &segmentation, languages: &languages };
    let mut before = Before::default();
    let mut out = Vec::new();
    for found in Walk::new(&segmentation, &languages, 0, text.end()).filter(|found| !found.weak) {
        let speakers = speakers::candidates(reader, &found, &before);
        before.push(reader, &found, &speakers);
        out.push(proposal(found, speakers));
    }
    out
}

fn proposal(found: Found, speakers: Vec<SpeakerCandidate>) -> QuoteProposal {
    QuoteProposal { kind: found.kind, content: found.content, cue: found.cue, speakers }
}

/// The part of the text that is looked at for a place: a few paragraphs on both sides.
fn window(segmentation: &Segmentation<'_>, place: Span) -> Span {
    let text = segmentation.text;
    let paragraphs = text.paragraphs();
    let first = text.paragraph_at(place.start).saturating_sub(BLOCKS_AROUND);
    let last = (text.paragraph_at(place.end) + BLOCKS_AROUND).min(paragraphs.len().saturating_sub(1));
    let start = paragraphs.get(first).map_or(BytePos(0), |paragraph| paragraph.start);
    let end = paragraphs.get(last).map_or(text.end(), |paragraph| paragraph.end);
    let floor = BytePos(place.start.0.saturating_sub(BYTES_AROUND));
    let start = if start < floor {
        // At a sentence: the marks before it are unknown.
        let next = segmentation.sentences.partition_point(|sentence| sentence.start < floor);
        // One sentence longer than all that is looked at has no such place.
        segmentation
            .sentences
            .get(next)
            .map(|sentence| sentence.start)
            .filter(|start| *start <= place.start)
            .unwrap_or(floor)
    } else {
        start
    };
    let end = end.min(BytePos(place.end.0.saturating_add(BYTES_AROUND)));
    Span::new(text.floor_boundary(start), text.floor_boundary(end))
}

/// Walks the blocks of a text and gives their quotes, those over several paragraphs as one.
struct Walk<'a> {
    segmentation: &'a Segmentation<'a>,
    languages: &'a [&'static Language],
    next_token: usize,
    end: BytePos,
    ready: std::collections::VecDeque<Found>,
    /// A quote that the next block may go on with.
    open: Option<Found>,
}

impl<'a> Walk<'a> {
    fn new(
        segmentation: &'a Segmentation<'a>,
        languages: &'a [&'static Language],
        first_token: usize,
        end: BytePos,
    ) -> Self {
        Self { segmentation, languages, next_token: first_token, end, ready: Default::default(), open: None }
    }

    /// Reads the next block; whether there was one.
    fn read(&mut self) -> bool {
        let next = self.segmentation.tokens.get(self.next_token).filter(|token| token.start < self.end);
        let block = next.and_then(|_| Block::at_token(self.segmentation, self.languages, self.next_token));
        let Some(block) = block else {
            self.ready.extend(self.open.take());
            return false;
        };
        self.next_token = block.next_token.max(self.next_token + 1);
        let mut quotes = find::quotes(&block).into_iter();
        if let Some(mut open) = self.open.take() {
            match quotes.next() {
                Some(next) if next.begins_block => {
                    open.join(next);
                    self.keep(open);
                }
                other => {
                    self.ready.push_back(open);
                    if let Some(other) = other {
                        self.keep(other);
                    }
                }
            }
        }
        for quote in quotes {
            self.keep(quote);
        }
        true
    }

    /// A quote that goes on waits for the next block.
    fn keep(&mut self, quote: Found) {
        self.ready.extend(self.open.take());
        if quote.goes_on {
            self.open = Some(quote);
        } else {
            self.ready.push_back(quote);
        }
    }
}

impl Iterator for Walk<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        while self.ready.is_empty() {
            if !self.read() {
                return self.ready.pop_front();
            }
        }
        self.ready.pop_front()
    }
}

impl Found {
    /// Goes on with the quote of the next paragraph.
    fn join(&mut self, next: Found) {
        let mut rest = next.content.into_iter();
        // Nothing stands between the two but a line end.
        if let (Some(last), Some(first)) = (self.content.last_mut(), rest.next()) {
            last.end = last.end.max(first.end);
        }
        self.content.extend(rest);
        if self.cue.is_none() {
            self.cue = next.cue;
        }
        if self.subject.is_none() {
            self.subject = next.subject;
            self.inverted = next.inverted;
            self.lead = next.lead;
            self.other = next.other;
        }
        self.weak = false;
        self.goes_on = next.goes_on;
    }
}

mod under;

/// Proposes the quotes that a document does not have yet.
#[derive(Clone, Copy, Debug)]
pub struct Quotes;

impl Suggester for Quotes {
    fn name(&self) -> &'static str {
        "quotes"
    }

    fn suggest(&self, document: &Document, schema: &Schema) -> Vec<Suggestion> {
        // Only what the schema has a name for.
        let Some(quotes) = &schema.quotes else {
            return Vec::new();
        };
        let known = |kind: &str| quotes.kinds.iter().any(|k| k.kind == kind);
        let fresh = all(document).into_iter().filter(|quote| known(quote.kind) && !is_marked(document, quote));
        fresh
            .map(|quote| {
                let reason = match &quote.cue {
                    Some(cue) => format!("{} quote with “{}”", quote.kind, document.text().excerpt(cue)),
                    None => format!("{} quote without a cue", quote.kind),
                };
                Suggestion { suggester: self.name(), proposal: Proposal::Quote(quote), reason }
            })
            .collect()
    }
}

/// Whether a quote of the document shares content with a proposed one.
fn is_marked(document: &Document, quote: &QuoteProposal) -> bool {
    let index = document.span_index();
    let mut anchors = quote.content.iter().flat_map(|span| index.touching(*span).into_iter().map(move |a| (span, a)));
    anchors.any(|(span, anchor)| anchor.part == Part::Content && anchor.span.overlaps(*span))
}
