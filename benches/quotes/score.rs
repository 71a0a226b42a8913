//! Compares what is found with what is gold.

use std::fmt;

use manicule::model::{Document, Filler};
use manicule::suggest::QuoteProposal;
use manicule::suggest::quotes;
use manicule::text::{Span, Spans};

use super::corpus::{Article, Gold};

/// So many of so many.
#[derive(Clone, Copy, Default)]
pub struct Share {
    pub hits: usize,
    pub of: usize,
}

impl Share {
    fn count(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of == 0 {
            return f.pad("–");
        }
        f.pad(&format!("{:.0} % ({}/{})", 100.0 * self.hits as f64 / self.of as f64, self.hits, self.of))
    }
}

/// The figures of some articles.
#[derive(Default)]
pub struct Score {
    /// Spans of gold quotes that are a span of a proposed quote, or share a byte with one.
    pub recall_exact: Share,
    pub recall_overlap: Share,
    /// Spans of proposed quotes that are a span of a gold quote, or share a byte with one.
    pub precision_exact: Share,
    pub precision_overlap: Share,
    /// The same recall for a caret in the middle of the span.
    pub caret_exact: Share,
    pub caret_overlap: Share,
    /// Of gold quotes with a cue that the caret found: the cue is the same, or shares a byte.
    pub cue_exact: Share,
    pub cue_overlap: Share,
    /// Of gold quotes with a speaker that the caret found: the first candidate, and any, is right.
    pub speaker_first: Share,
    pub speaker_any: Share,
}

/// How far two lists of spans agree.
fn overlaps(a: &[Span], b: &[Span]) -> bool {
    a.iter().any(|x| b.iter().any(|y| x.overlaps(*y)))
}

/// Whether a caret is asked to find a gold quote: those with a cue or marks of their own.
fn has_marks_or_cue(gold: &Gold, document: &Document) -> bool {
    let first = gold.content.first().map(|span| document.text().slice(*span)).unwrap_or_default();
    !gold.cue.is_empty() || first.starts_with(['"', '“', '„', '«', '»', '‘', '\''])
}

impl Score {
    /// Adds an article. `wanted` says which kinds of gold quotes are counted for recall; `proposed` which proposals for
    /// precision, which counts a hit on gold of any kind.
    pub fn add(&mut self, article: &Article, wanted: &[&str], proposed: &[&str], errors: &mut Vec<String>) {
        let document = &article.document;
        let text = document.text();
        let found = quotes::all(document);
        let gold_spans: Vec<Span> = article.gold.iter().flat_map(|gold| gold.content.iter().copied()).collect();
        let found_spans: Vec<Span> = found.iter().flat_map(|quote| quote.content.iter().copied()).collect();
        for quote in found.iter().filter(|quote| proposed.contains(&quote.kind)) {
            for span in &quote.content {
                self.precision_exact.count(gold_spans.contains(span));
                let hit = overlaps(&[*span], &gold_spans);
                self.precision_overlap.count(hit);
                if !hit {
                    errors.push(format!("{}: wrong: {} {:?}", article.name, quote.kind, shown(document, quote)));
                }
            }
        }
        for gold in article.gold.iter().filter(|gold| wanted.contains(&gold.kind.as_str())) {
            for span in &gold.content {
                let exact = found_spans.contains(span);
                self.recall_exact.count(exact);
                self.recall_overlap.count(overlaps(&[*span], &found_spans));
                if !exact {
                    let near: Vec<String> = found
                        .iter()
                        .filter(|quote| overlaps(&quote.content, &[*span]))
                        .map(|quote| shown(document, quote))
                        .collect();
                    let words = text.slice(*span);
                    errors.push(format!("{}: missed: {} [{words}] found {near:?}", article.name, gold.kind));
                }
            }
            if has_marks_or_cue(gold, document) {
                self.caret(article, gold, errors);
            }
        }
    }

    /// A caret in the middle of what is in marks, or on the cue.
    fn caret(&mut self, article: &Article, gold: &Gold, errors: &mut Vec<String>) {
        let document = &article.document;
        let text = document.text();
        let place = match (gold.kind.as_str(), gold.cue.first()) {
            ("direct", _) | (_, None) => gold.content.first(),
            (_, Some(cue)) => Some(cue),
        };
        let Some(place) = place else {
            return;
        };
        let middle = text.floor_boundary(manicule::text::BytePos(u32::midpoint(place.start.0, place.end.0)));
        let middle = text.token_at(middle).map_or(middle, |token| token.start);
        let found = quotes::at(document, Span::empty(middle));
        let content = found.as_ref().map(|quote| quote.content.clone()).unwrap_or_default();
        // A novel's gold has the parts of a split quotation each by itself.
        self.caret_exact.count(gold.content.iter().all(|span| content.contains(span)));
        let overlap = overlaps(&content, &gold.content);
        self.caret_overlap.count(overlap);
        let Some(found) = found.filter(|_| overlap) else {
            errors.push(format!(
                "{}: not under the caret: {} {}",
                article.name,
                gold.kind,
                text.excerpt(&gold.content)
            ));
            return;
        };
        if !gold.cue.is_empty() {
            let cue: Spans = found.cue.clone().unwrap_or_default();
            self.cue_exact.count(cue == gold.cue);
            self.cue_overlap.count(overlaps(&cue, &gold.cue));
            if !overlaps(&cue, &gold.cue) {
                let (a, b) = (text.excerpt(&gold.cue), shown(document, &found));
                errors.push(format!("{}: cue: {a:?} found {b}", article.name));
            }
        }
        if !gold.speakers.is_empty() {
            let right = |filler: &Filler| filler.target().is_some_and(|id| gold.speakers.contains(id));
            let first = found.speakers.first().is_some_and(|candidate| right(&candidate.filler));
            self.speaker_first.count(first);
            self.speaker_any.count(found.speakers.iter().any(|candidate| right(&candidate.filler)));
            if !first {
                let name = document.excerpt_of(&gold.speakers[0]);
                errors.push(format!("{}: speaker: {name:?} found {}", article.name, shown(document, &found)));
            }
        }
    }
}

/// A proposal on one line.
fn shown(document: &Document, quote: &QuoteProposal) -> String {
    let text = document.text();
    let cue = quote.cue.as_ref().map(|cue| text.excerpt(cue)).unwrap_or_default();
    let speakers: Vec<String> = quote
        .speakers
        .iter()
        .map(|candidate| match &candidate.filler {
            Filler::Mention(id) => format!("{} ({})", document.excerpt_of(id), candidate.reason),
            Filler::Span(spans) => format!("words {:?} ({})", text.excerpt(spans), candidate.reason),
            other => format!("{other:?}"),
        })
        .take(3)
        .collect();
    format!("[{}] cue {cue:?} by {speakers:?}", text.excerpt(&quote.content))
}
