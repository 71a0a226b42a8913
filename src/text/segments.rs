//! Tokens and sentences of a whole text, cut when they are first asked for, on all cores if the text is long.
//!
//! Neither crosses the end of a paragraph, so parts of whole paragraphs are cut independently of each other. A key that
//! is pressed while a long text is still being cut is answered from the paragraphs around the caret.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{BytePos, Span, sentence, token};

/// Below so many bytes for each thread, starting one costs more than it saves.
const WORTH_A_THREAD: usize = 128 * 1024;

/// How far around a place paragraphs are cut for it, in bytes; one after the other, until it is enough.
const REACH: [u32; 2] = [2 * 1024, 32 * 1024];
/// Paragraphs of more bytes than these are not cut for one place.
const MOST_AROUND: u32 = 128 * 1024;

/// What of a text is cut so far. Everything that is asked about it is asked with the text and the paragraphs that it
/// belongs to.
#[derive(Default)]
pub struct Segments {
    tokens: OnceLock<Vec<Span>>,
    sentences: OnceLock<Vec<Span>>,
}

impl Segments {
    /// Words, numbers and punctuation marks in order.
    pub fn tokens(&self, text: &str, paragraphs: &[Span]) -> &[Span] {
        self.tokens.get_or_init(|| in_parts(text, paragraphs, |part| token_part(text, part)))
    }

    /// The tokens, if they are cut.
    pub fn known_tokens(&self) -> Option<&[Span]> {
        self.tokens.get().map(Vec::as_slice)
    }

    /// Tokens in order: at least those that touch a span, one that ends before it or at its start, and one that begins
    /// after its end, as far as there are such.
    pub fn tokens_near(&self, text: &str, paragraphs: &[Span], span: Span) -> Cow<'_, [Span]> {
        near(self.known_tokens(), text, paragraphs, span, token_part)
            .unwrap_or_else(|| Cow::Borrowed(self.tokens(text, paragraphs)))
    }

    /// Sentences in order: at least the one before a place, the one at it and the one after, as far as there are such.
    pub fn sentences_near(&self, text: &str, paragraphs: &[Span], at: BytePos) -> Cow<'_, [Span]> {
        let known = self.sentences.get().map(Vec::as_slice);
        near(known, text, paragraphs, Span::empty(at), |text, part| sentence_part(text, paragraphs, part))
            .unwrap_or_else(|| Cow::Borrowed(self.sentences(text, paragraphs)))
    }

    /// Sentences in order.
    pub fn sentences(&self, text: &str, paragraphs: &[Span]) -> &[Span] {
        self.sentences.get_or_init(|| in_parts(text, paragraphs, |part| sentence_part(text, paragraphs, part)))
    }
}

/// The tokens of whole paragraphs.
fn token_part(text: &str, part: Span) -> Vec<Span> {
    let mut tokens = token::tokens(text.get(part.start.to_usize()..part.end.to_usize()).unwrap_or_default());
    for token in &mut tokens {
        token.start.0 += part.start.0;
        token.end.0 += part.start.0;
    }
    tokens
}

/// The sentences of whole paragraphs.
fn sentence_part(text: &str, paragraphs: &[Span], part: Span) -> Vec<Span> {
    let from = paragraphs.partition_point(|paragraph| paragraph.start < part.start);
    let to = paragraphs.partition_point(|paragraph| paragraph.start < part.end);
    sentence::sentences(text, paragraphs.get(from..to).unwrap_or_default())
}

/// All that is `known`, or what is cut around a span; `None` if that does not do.
fn near<'a>(
    known: Option<&'a [Span]>,
    text: &str,
    paragraphs: &[Span],
    span: Span,
    cut: impl Fn(&str, Span) -> Vec<Span>,
) -> Option<Cow<'a, [Span]>> {
    if let Some(known) = known {
        return Some(Cow::Borrowed(known));
    }
    let end = BytePos::from_usize(text.len());
    for reach in REACH {
        let part = whole_paragraphs(end, paragraphs, span, reach);
        if part.len() > MOST_AROUND {
            return None;
        }
        let found = cut(text, part);
        let begins = part.start == BytePos(0) || found.first().is_some_and(|first| first.end <= span.start);
        let ends = part.end == end || found.last().is_some_and(|last| last.start > span.end);
        if begins && ends {
            return Some(Cow::Owned(found));
        }
    }
    None
}

/// The paragraphs that touch a span or come near it.
fn whole_paragraphs(end: BytePos, paragraphs: &[Span], span: Span, reach: u32) -> Span {
    let (from, to) = (span.start.0.saturating_sub(reach), span.end.0.saturating_add(reach));
    let first = paragraphs.partition_point(|paragraph| paragraph.start.0 <= from).saturating_sub(1);
    let after = paragraphs.partition_point(|paragraph| paragraph.start.0 <= to);
    let start = paragraphs.get(first).map_or(BytePos(0), |paragraph| paragraph.start);
    Span { start, end: paragraphs.get(after).map_or(end, |paragraph| paragraph.start) }
}

/// Cuts parts of the text, each from the beginning of a paragraph to that of another, and gives the results in order.
fn in_parts(text: &str, paragraphs: &[Span], cut: impl Fn(Span) -> Vec<Span> + Sync) -> Vec<Span> {
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = parts(text.len(), paragraphs, most.min(text.len() / WORTH_A_THREAD));
    let [first, others @ ..] = parts.as_slice() else { return Vec::new() };
    if others.is_empty() {
        return cut(*first);
    }
    std::thread::scope(|scope| {
        let cut = &cut;
        let others: Vec<_> = others.iter().map(|part| scope.spawn(move || cut(*part))).collect();
        let mut all = cut(*first);
        for part in others {
            match part.join() {
                Ok(more) => all.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}

/// About `count` parts of the same length, as far as paragraphs allow; at least one.
fn parts(length: usize, paragraphs: &[Span], count: usize) -> Vec<Span> {
    let count = count.max(1);
    let end = BytePos::from_usize(length);
    let mut starts: Vec<BytePos> = (0..count)
        .filter_map(|nth| {
            let wanted = BytePos::from_usize(length / count * nth);
            paragraphs.get(paragraphs.partition_point(|paragraph| paragraph.start < wanted)).map(|p| p.start)
        })
        .collect();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([end]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| Span { start, end }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraph::paragraphs;
    use proptest::prelude::*;

    proptest! {
        /// However a text is parted, it is cut in the same places.
        #[test]
        fn parts_change_nothing(text in "[a-zéU.?! \r\n\u{301}\u{200d}😀“”]{0,120}", count in 1usize..6) {
            let lines = paragraphs(&text);
            let (mut tokens, mut sentences) = (Vec::new(), Vec::new());
            let parts = parts(text.len(), &lines, count);
            prop_assert_eq!(parts.iter().map(|part| part.len() as usize).sum::<usize>(), text.len());
            for part in &parts {
                let slice = &text[part.start.to_usize()..part.end.to_usize()];
                tokens.extend(token::tokens(slice).into_iter().map(|token| Span {
                    start: part.start.plus(token.start.to_usize()),
                    end: part.start.plus(token.end.to_usize()),
                }));
                let within: Vec<Span> =
                    lines.iter().filter(|l| part.start <= l.start && l.end <= part.end).copied().collect();
                sentences.extend(sentence::sentences(&text, &within));
            }
            prop_assert_eq!(tokens, token::tokens(&text));
            prop_assert_eq!(sentences, sentence::sentences(&text, &lines));
        }
    }

    /// Long enough for several threads.
    #[test]
    fn threads_change_nothing() {
        let text = "One ran. Two sat!\nU.S. talks...\r\n\n".repeat(12_000);
        let lines = paragraphs(&text);
        let segments = Segments::default();
        assert!(segments.tokens(&text, &lines) == token::tokens(&text));
        assert!(segments.sentences(&text, &lines) == sentence::sentences(&text, &lines));
    }
}
