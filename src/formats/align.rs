//! Tokens for formats that count in tokens: where a span lies on them, and which of overlapping mentions stay where a
//! format holds no overlaps.

use super::losses::{Loss, Treatment};
use super::order;
use crate::model::{Document, Id, Mention};
use crate::text::{Span, Text};

/// The tokens of a text, with its sentences as ranges of tokens.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Spans of the tokens, in order, without white space.
    pub spans: Vec<Span>,
    /// Each sentence as a half-open range of tokens; together they are all tokens.
    pub sentences: Vec<std::ops::Range<usize>>,
}

/// Where a span lies on the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aligned {
    /// The first token that it touches.
    pub first: usize,
    /// The token after the last one that it touches.
    pub end: usize,
    /// Whether it begins and ends where tokens do.
    pub is_exact: bool,
}

impl Tokens {
    /// The tokens of a text, as everywhere in the program.
    pub fn of(text: &Text) -> Self {
        let spans = text.tokens().to_vec();
        let mut sentences = Vec::new();
        let mut first = 0;
        for sentence in text.sentences() {
            let end =
                first + spans.get(first..).unwrap_or_default().partition_point(|token| token.start < sentence.end);
            if end > first {
                sentences.push(first..end);
            }
            first = end;
        }
        if first < spans.len() {
            sentences.push(first..spans.len());
        }
        Self { spans, sentences }
    }

    /// The tokens that a span touches; `None` if it touches none.
    pub fn align(&self, span: Span) -> Option<Aligned> {
        let first = self.spans.partition_point(|token| token.end <= span.start);
        let end = self.spans.partition_point(|token| token.start < span.end);
        if span.is_empty() || first >= end {
            return None;
        }
        let (start, stop) = (self.spans.get(first)?.start, self.spans.get(end - 1)?.end);
        Some(Aligned { first, end, is_exact: start == span.start && stop == span.end })
    }

    /// The number of the sentence that holds a token.
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.end <= token)
    }
}

/// Which of overlapping mentions stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlaps {
    /// The longer one; of equals the first.
    Longest,
    /// The shorter one; of equals the first.
    Shortest,
}

/// A mention on tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenMention {
    /// The mention.
    pub id: Id,
    /// Its label.
    pub label: String,
    /// Its first token.
    pub first: usize,
    /// The token after its last.
    pub end: usize,
}

/// The mentions of a document on tokens, in the order of the text, and what that loses: mentions without a token are
/// dropped, ends inside tokens are moved out, several parts become one.
pub fn on_tokens(document: &Document, tokens: &Tokens) -> (Vec<TokenMention>, Vec<Loss>) {
    let (mut found, mut losses) = (Vec::new(), Vec::new());
    for mention in order::mentions(document) {
        let Some((aligned, is_whole)) = align_all(tokens, mention) else {
            losses.push(Loss::of(document, &mention.id, Treatment::Dropped, "is lost, it covers no token"));
            continue;
        };
        if !is_whole {
            let what = "is written in one part, with the words between its parts";
            losses.push(Loss::of(document, &mention.id, Treatment::Merged, what));
        }
        if !aligned.is_exact {
            losses.push(Loss::of(document, &mention.id, Treatment::Moved, "ends inside a token and gets all of it"));
        }
        let (id, label) = (mention.id.clone(), mention.label.to_string());
        found.push(TokenMention { id, label, first: aligned.first, end: aligned.end });
    }
    (found, losses)
}

/// Where a mention from its first to its last part lies, and whether it has one part.
fn align_all(tokens: &Tokens, mention: &Mention) -> Option<(Aligned, bool)> {
    let (first, last) = (mention.spans.first()?, mention.spans.last()?);
    Some((tokens.align(Span::new(first.start, last.end))?, mention.spans.len() == 1))
}

/// Leaves out mentions until none overlap; says which. In the order of the text.
pub fn without_overlaps(
    document: &Document,
    mut mentions: Vec<TokenMention>,
    overlaps: Overlaps,
) -> (Vec<TokenMention>, Vec<Loss>) {
    mentions.sort_by_key(|m| {
        let length = m.end - m.first;
        (if overlaps == Overlaps::Longest { usize::MAX - length } else { length }, m.first)
    });
    let mut kept: std::collections::BTreeMap<usize, TokenMention> = std::collections::BTreeMap::new();
    let mut losses = Vec::new();
    for mention in mentions {
        let before = kept.range(..mention.end).next_back().map(|(_, other)| other);
        match before.filter(|other| other.end > mention.first) {
            Some(other) => {
                let what = format!(
                    "is lost, it overlaps {} {:?}",
                    document.label_of(&other.id),
                    document.excerpt_of(&other.id)
                );
                losses.push(Loss::of(document, &mention.id, Treatment::Dropped, &what));
            }
            None => drop(kept.insert(mention.first, mention)),
        }
    }
    (kept.into_values().collect(), losses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;
    use crate::model::test_support::mention;

    fn document(mentions: &[(&str, &[(u32, u32)])]) -> Document {
        let text = Text::new("Anna Berg met the mayor of Paris. She left.").expect("short");
        let mut document = Document::new(text, Header::default());
        for (i, (label, spans)) in mentions.iter().enumerate() {
            let id = format!("m{}", i + 1);
            document.mentions.insert(id.as_str().into(), mention(&id, label, spans));
        }
        document.reindex();
        document
    }

    #[test]
    fn spans_are_moved_out_to_tokens_and_that_is_said() {
        let document = document(&[("A", &[(0, 4)]), ("B", &[(6, 9)]), ("C", &[(4, 5)]), ("D", &[(0, 4), (10, 13)])]);
        let tokens = Tokens::of(document.text());
        assert_eq!(tokens.sentences.len(), 2);
        let (found, losses) = on_tokens(&document, &tokens);
        let places: Vec<_> = found.iter().map(|m| (m.label.as_str(), m.first, m.end)).collect();
        assert_eq!(places, [("D", 0, 3), ("A", 0, 1), ("B", 1, 2)]);
        let said: Vec<_> = losses.iter().map(|l| (l.id.as_ref().expect("of one").as_str(), l.treatment)).collect();
        assert_eq!(said, [("m4", Treatment::Merged), ("m3", Treatment::Dropped), ("m2", Treatment::Moved)]);
    }

    #[test]
    fn of_overlapping_mentions_the_chosen_ones_stay() {
        let document = document(&[("Whole", &[(14, 32)]), ("Place", &[(27, 32)]), ("Person", &[(0, 9)])]);
        let (all, _) = on_tokens(&document, &Tokens::of(document.text()));
        let labels = |overlaps| {
            let (kept, losses) = without_overlaps(&document, all.clone(), overlaps);
            assert_eq!((kept.len(), losses.len()), (2, 1));
            kept.into_iter().map(|m| m.label).collect::<Vec<_>>()
        };
        assert_eq!(labels(Overlaps::Longest), ["Person", "Whole"]);
        assert_eq!(labels(Overlaps::Shortest), ["Person", "Place"]);
    }
}
