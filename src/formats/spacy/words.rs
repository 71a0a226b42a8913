//! Tokens as spaCy has them: together they are the text, but for one blank that may follow each.

use std::collections::BTreeSet;

use crate::formats::align::Tokens;
use crate::model::Document;
use crate::text::{BytePos, Span, Text};

/// The tokens of a text.
#[derive(Debug)]
pub struct Words {
    /// Words and white space.
    pub tokens: Tokens,
    /// Whether a blank follows each token, which is in none.
    pub spaces: Vec<bool>,
}

/// Where mentions begin and end; words are divided there.
#[derive(Debug, Default)]
struct Ends {
    starts: BTreeSet<BytePos>,
    ends: BTreeSet<BytePos>,
}

impl Words {
    /// The tokens of a document; if `is_exact`, they are divided where a mention begins or ends.
    pub fn of(document: &Document, is_exact: bool) -> Self {
        let mut ends = Ends::default();
        for mention in document.mentions().values().filter(|_| is_exact) {
            if let (Some(first), Some(last)) = (mention.spans.first(), mention.spans.last()) {
                ends.starts.insert(first.start);
                ends.ends.insert(last.end);
            }
        }
        let text = document.text();
        let mut words = Self { tokens: Tokens { spans: Vec::new(), sentences: Vec::new() }, spaces: Vec::new() };
        let mut at = BytePos(0);
        for token in text.tokens() {
            words.gap(text, Span::new(at, token.start), &ends);
            words.add(*token, &ends);
            at = token.end;
        }
        words.gap(text, Span::new(at, text.end()), &ends);
        words.sentences(text);
        words
    }

    /// Adds what is between two words.
    fn gap(&mut self, text: &Text, gap: Span, ends: &Ends) {
        let after = BytePos(gap.start.0 + 1);
        let is_marked = ends.starts.contains(&gap.start) || ends.ends.contains(&after);
        match self.spaces.last_mut() {
            Some(space) if text.slice(gap).starts_with(' ') && !is_marked => {
                *space = true;
                self.add(Span::new(after, gap.end), ends);
            }
            _ => self.add(gap, ends),
        }
    }

    fn add(&mut self, span: Span, ends: &Ends) {
        if span.is_empty() {
            return;
        }
        let within = || span.start..span.end;
        let cuts: BTreeSet<BytePos> = ends.starts.range(within()).chain(ends.ends.range(within())).copied().collect();
        let mut start = span.start;
        for cut in cuts.into_iter().chain([span.end]).filter(|cut| *cut > span.start) {
            self.tokens.spans.push(Span::new(start, cut));
            self.spaces.push(false);
            start = cut;
        }
    }

    /// White space after a sentence belongs to it.
    fn sentences(&mut self, text: &Text) {
        let spans = &self.tokens.spans;
        let mut starts: BTreeSet<usize> =
            text.sentences().iter().map(|s| spans.partition_point(|token| token.start < s.start)).collect();
        starts.insert(0);
        starts.insert(spans.len());
        let starts: Vec<usize> = starts.into_iter().collect();
        self.tokens.sentences = starts.iter().zip(starts.iter().skip(1)).map(|(start, end)| *start..*end).collect();
    }
}
