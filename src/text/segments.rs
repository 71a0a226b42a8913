//! Tokens and sentences of a whole text, cut when they are first asked for, on all cores if the text is long.
//!
//! Neither crosses the end of a paragraph or a [`seam`], so parts between these are cut independently of each other. A key
//! that is pressed while a long text is still being cut is answered from what is around the caret.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{BytePos, Span, seam, sentence, token};

/// Below so many bytes for each thread, starting one costs more than it saves.
const WORTH_A_THREAD: usize = 128 * 1024;

/// How far around a place a text is cut for it, in bytes; one after the other, until it is enough.
const REACH: [u32; 3] = [2 * 1024, 32 * 1024, 256 * 1024];
/// Spans of more bytes are not answered from what is near: whoever asks again would wait again.
const LONGEST_SPAN: u32 = 256 * 1024;
/// Parts of so many more bytes than a span and its reach are not cut for it.
const MOST_AROUND: u32 = 128 * 1024;
/// How far from a place a seam is looked for where its paragraph neither begins nor ends near, in bytes.
const SEAM_REACH: u32 = 32 * 1024;
/// How far from there a word is looked for where there is no seam, in bytes.
const WORD_REACH: usize = 256;

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

    /// Whether tokens are cut, and sentences.
    #[cfg(test)]
    pub fn is_cut(&self) -> (bool, bool) {
        (self.tokens.get().is_some(), self.sentences.get().is_some())
    }

    /// The tokens, if they are cut.
    pub fn known_tokens(&self) -> Option<&[Span]> {
        self.tokens.get().map(Vec::as_slice)
    }

    /// Tokens in order: at least those that touch a span, one that ends before it or at its start, and one that begins
    /// after its end, as far as there are such. Until all are cut, one that goes on for more than [`SEAM_REACH`] may seem to
    /// begin or end there.
    pub fn tokens_near(&self, text: &str, paragraphs: &[Span], span: Span) -> Cow<'_, [Span]> {
        near(self.known_tokens(), text, paragraphs, span, token_part)
            .unwrap_or_else(|| Cow::Borrowed(self.tokens(text, paragraphs)))
    }

    /// Sentences in order: at least one before a span, those that touch it and one after, as far as there are such; as
    /// exact as tokens.
    pub fn sentences_near(&self, text: &str, paragraphs: &[Span], span: Span) -> Cow<'_, [Span]> {
        let known = self.sentences.get().map(Vec::as_slice);
        near(known, text, paragraphs, span, |text, part| sentence_part(text, paragraphs, part))
            .unwrap_or_else(|| Cow::Borrowed(self.sentences(text, paragraphs)))
    }

    /// Sentences in order.
    pub fn sentences(&self, text: &str, paragraphs: &[Span]) -> &[Span] {
        self.sentences.get_or_init(|| in_parts(text, paragraphs, |part| sentence_part(text, paragraphs, part)))
    }
}

/// The tokens of a part that begins and ends with a paragraph or at a seam.
fn token_part(text: &str, part: Span) -> Vec<Span> {
    let mut tokens = token::tokens(text.get(part.start.to_usize()..part.end.to_usize()).unwrap_or_default());
    for token in &mut tokens {
        token.start.0 += part.start.0;
        token.end.0 += part.start.0;
    }
    tokens
}

/// The sentences of a part that begins and ends with a paragraph or at a seam.
fn sentence_part(text: &str, paragraphs: &[Span], part: Span) -> Vec<Span> {
    let from = paragraphs.partition_point(|paragraph| paragraph.end <= part.start);
    let to = paragraphs.partition_point(|paragraph| paragraph.start < part.end);
    let touched = paragraphs.get(from..to).unwrap_or_default();
    let inside = |whole: &Span| Span { start: whole.start.max(part.start), end: whole.end.min(part.end) };
    sentence::sentences(text, touched.iter().map(inside))
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
    if span.len() > LONGEST_SPAN {
        return None;
    }
    for reach in REACH {
        let part = around(text, paragraphs, span, reach);
        if part.len() > MOST_AROUND + 2 * reach + span.len() {
            return Some(Cow::Owned(cut(text, window(text, part, span))));
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

/// The part of a text around a span and what is as near as `reach`: whole paragraphs, or, of those that go on for long,
/// from a seam or to one, if there is one in reach.
fn around(text: &str, paragraphs: &[Span], span: Span, reach: u32) -> Span {
    let end = BytePos::from_usize(text.len());
    let (from, to) = (span.start.0.saturating_sub(reach), span.end.0.saturating_add(reach).min(end.0));
    let first = paragraphs.partition_point(|paragraph| paragraph.start.0 <= from).saturating_sub(1);
    let after = paragraphs.partition_point(|paragraph| paragraph.start.0 <= to);
    let mut part = Span {
        start: paragraphs.get(first).map_or(BytePos(0), |paragraph| paragraph.start),
        end: paragraphs.get(after).map_or(end, |paragraph| paragraph.start),
    };
    if from - part.start.0 > SEAM_REACH {
        let seam = seam::last(text, (from - SEAM_REACH) as usize, from as usize);
        part.start = seam.map_or(part.start, BytePos::from_usize);
    }
    if part.end.0 - to > SEAM_REACH {
        let seam = seam::first(text, to as usize, (to + SEAM_REACH) as usize);
        part.end = seam.map_or(part.end, BytePos::from_usize);
    }
    part
}

/// Of a part without seams what is near a span, from a word to a word if they have spaces between. A sentence that goes on
/// for longer seems to begin or end there; a caret must not wait until fifty megabytes are cut.
fn window(text: &str, part: Span, span: Span) -> Span {
    let word_start = |at: u32| {
        let at = text.floor_char_boundary(at as usize);
        let near = text.as_bytes().get(at..).unwrap_or_default().windows(2).take(WORD_REACH);
        let space = near.enumerate().find(|(_, pair)| pair[0] == b' ' && pair[1].is_ascii_alphanumeric());
        BytePos::from_usize(space.map_or(at, |(space, _)| at + space + 1))
    };
    let mut window = part;
    if span.start.0 - part.start.0 > SEAM_REACH {
        window.start = word_start(span.start.0 - SEAM_REACH);
    }
    if part.end.0.saturating_sub(span.end.0) > SEAM_REACH {
        window.end = word_start(span.end.0 + SEAM_REACH);
    }
    window
}

/// Cuts parts of the text, each from the beginning of a paragraph or a seam to the next, and gives the results in order.
fn in_parts(text: &str, paragraphs: &[Span], cut: impl Fn(Span) -> Vec<Span> + Sync) -> Vec<Span> {
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = parts(text, paragraphs, most.min(text.len() / WORTH_A_THREAD));
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

/// About `count` parts of the same length, as far as paragraphs and seams allow; at least one.
fn parts(text: &str, paragraphs: &[Span], count: usize) -> Vec<Span> {
    let count = count.max(1);
    let end = BytePos::from_usize(text.len());
    let mut starts: Vec<BytePos> =
        (0..count).filter_map(|nth| part_start(text, paragraphs, text.len() / count * nth)).collect();
    // What has no seam in reach begins at a paragraph that may be far behind what the next one found.
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([end]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| Span { start, end }).collect()
}

/// Where a part may begin: at the wanted place (in bytes) or after it, at a paragraph, or at a seam if that is far.
fn part_start(text: &str, paragraphs: &[Span], wanted: usize) -> Option<BytePos> {
    let next = paragraphs.partition_point(|paragraph| paragraph.start.to_usize() < wanted);
    let next = paragraphs.get(next).map(|paragraph| paragraph.start);
    let near = wanted + SEAM_REACH as usize;
    if next.is_some_and(|next| next.to_usize() <= near) {
        return next;
    }
    seam::first(text, wanted, near).map(BytePos::from_usize).or(next)
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
            let parts = parts(&text, &lines, count);
            prop_assert_eq!(parts.iter().map(|part| part.len() as usize).sum::<usize>(), text.len());
            for part in &parts {
                let slice = &text[part.start.to_usize()..part.end.to_usize()];
                tokens.extend(token::tokens(slice).into_iter().map(|token| Span {
                    start: part.start.plus(token.start.to_usize()),
                    end: part.start.plus(token.end.to_usize()),
                }));
                sentences.extend(sentence_part(&text, &lines, *part));
            }
            prop_assert_eq!(tokens, token::tokens(&text));
            prop_assert_eq!(sentences, sentence::sentences(&text, lines.iter().copied()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// In the midst of long paragraphs, what is near is what is known of the whole.
        #[test]
        fn near_seams_it_is_cut_as_a_whole(
            mut piece in "[a-z]{2,6}[.?!]”? [A-Z“a-z][a-z]{0,3}[ .\u{301}]{0,3}", gap in 0usize..2, at in any::<prop::sample::Index>(),
            length in 0u32..9000,
        ) {
            piece += &"no seam, ".repeat(gap * 1_000);
            let text = piece.repeat(120_000 / piece.len() + 1);
            let lines = paragraphs(&text);
            let mut at = at.index(text.len());
            while !text.is_char_boundary(at) { at -= 1; }
            let span = Span::of(at as u32, (at as u32 + length).min(text.len() as u32));
            let segments = Segments::default();
            let near = segments.tokens_near(&text, &lines, span);
            let all = token::tokens(&text);
            let first = all.binary_search(&near[0]).expect("a token");
            prop_assert_eq!(&all[first..first + near.len()], &near[..]);
            let near = segments.sentences_near(&text, &lines, span);
            let all = sentence::sentences(&text, lines.iter().copied());
            let first = all.binary_search(&near[0]).expect("a sentence");
            prop_assert_eq!(&all[first..first + near.len()], &near[..]);
        }
    }

    /// One paragraph is cut by several threads, too, and what is near is found without cutting the whole.
    #[test]
    fn one_long_paragraph_is_parted_at_seams() {
        let text = "One ran. Two of the U.S. sat! “Three slept.” Dr. Four... ".repeat(12_000);
        let lines = paragraphs(&text);
        assert_eq!(parts(&text, &lines, 4).len(), 4);
        let segments = Segments::default();
        for at in [0, 9, 300_000, 512_345, text.len() as u32] {
            let near = segments.tokens_near(&text, &lines, Span::of(at, at));
            assert!(near.len() < 20_000 && near.first().is_some_and(|first| at == 0 || first.end.0 <= at));
            assert!(segments.sentences_near(&text, &lines, Span::of(at, at)).len() < 4_000);
        }
        assert!(segments.known_tokens().is_none(), "nobody asked for all");
        assert!(segments.tokens(&text, &lines) == token::tokens(&text));
        assert!(segments.sentences(&text, &lines) == sentence::sentences(&text, lines.iter().copied()));
    }

    /// Where there is no seam, the whole is cut at once, but nobody waits for that who asks what is near.
    #[test]
    fn a_long_paragraph_without_seams_is_one_part() {
        let text = "one ran, two sat; ".repeat(40_000);
        let lines = paragraphs(&text);
        assert_eq!(parts(&text, &lines, 4).len(), 1);
        let all = token::tokens(&text);
        for at in [0, 7, 300_000, 500_001, text.len() as u32] {
            let segments = Segments::default();
            let near = segments.tokens_near(&text, &lines, Span::of(at, at));
            let first = all.binary_search(&near[0]).expect("a token");
            assert!(near.len() < 30_000 && all[first..first + near.len()] == near[..]);
            let sentences = segments.sentences_near(&text, &lines, Span::of(at, at));
            assert!(sentences.iter().any(|sentence| sentence.start.0 <= at && at <= sentence.end.0 + 1));
            assert!(segments.known_tokens().is_none(), "nobody asked for all");
        }
        let lines = "a, ".repeat(33_000) + "\n";
        let lines = lines.repeat(20);
        let segments = Segments::default();
        let near = segments.sentences_near(&lines, &paragraphs(&lines), Span::of(1_000_000, 1_000_000));
        assert!((2..9).contains(&near.len()), "{}", near.len());
        assert_eq!(segments.is_cut(), (false, false), "nor where each line is a long sentence");
        let letters = "é".repeat(200_000);
        let segments = Segments::default();
        assert!(!segments.tokens_near(&letters, &paragraphs(&letters), Span::of(200_000, 200_000)).is_empty());
        assert!(segments.known_tokens().is_none(), "nor where there is not even a space");
    }

    /// A part whose seam is too far begins at the next paragraph, which may be behind the beginning of the next part.
    #[test]
    fn parts_are_in_order_where_seams_begin_late() {
        let text = "no seam, ".repeat(25_000) + &"He came home. ".repeat(50_000) + "\n";
        let lines = paragraphs(&text);
        for count in 1..6 {
            let parts = parts(&text, &lines, count);
            assert!(parts.windows(2).all(|two| two[0].end == two[1].start), "{parts:?}");
            assert_eq!(parts.iter().map(|part| part.len() as usize).sum::<usize>(), text.len());
            let sentences: Vec<Span> = parts.iter().flat_map(|part| sentence_part(&text, &lines, *part)).collect();
            assert!(sentences == sentence::sentences(&text, lines.iter().copied()));
        }
    }

    /// Long enough for several threads.
    #[test]
    fn threads_change_nothing() {
        let text = "One ran. Two sat!\nU.S. talks...\r\n\n".repeat(12_000);
        let lines = paragraphs(&text);
        let segments = Segments::default();
        assert!(segments.tokens(&text, &lines) == token::tokens(&text));
        assert!(segments.sentences(&text, &lines) == sentence::sentences(&text, lines.iter().copied()));
    }
}
