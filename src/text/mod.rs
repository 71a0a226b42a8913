//! The text of an article: verbatim, immutable, indexed.
//!
//! Coordinates: inside the program every position is a [`BytePos`] into the UTF-8 text, on a character
//! boundary. [`CodepointPos`] and [`Utf16Pos`] exist only at the borders (files, other programs) and are
//! converted by [`TextIndex`], never by searching for a string again.
//!
//! This module knows nothing of annotations, files or the screen. It never changes a text: no newline,
//! white-space or Unicode normalisation.

pub mod find;
mod index;
mod paragraph;
mod position;
mod quoted;
mod seam;
mod segments;
mod sentence;
mod token;
pub mod visible;

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation as _;

pub use index::TextIndex;
pub use position::{BytePos, CodepointPos, Span, Spans, Utf16Pos, are_apart, normalise};
pub use quoted::quoted;
use segments::Segments;

/// An immutable text with everything that is derived from it once: offset index, paragraphs, and, when they are first
/// asked for, tokens, sentences and the sum.
///
/// Cloning is cheap: all clones share one allocation. Cutting fifty megabytes into tokens takes a second: whoever shows a
/// text calls [`Text::prepare`] on a thread before.
#[derive(Clone)]
pub struct Text(Arc<Inner>);

struct Inner {
    text: Box<str>,
    index: TextIndex,
    paragraphs: Vec<Span>,
    segments: Segments,
    sha256: OnceLock<String>,
}

/// The text is longer than the program can address (4 GiB).
#[derive(Debug, thiserror::Error)]
#[error("the text has {bytes} bytes, more than the 4294967295 that can be addressed; split it into several articles")]
pub struct TextTooLong {
    /// Length in bytes.
    pub bytes: usize,
}

impl Text {
    /// Takes `text` verbatim and indexes it.
    ///
    /// # Errors
    /// [`TextTooLong`] if the text does not fit 32-bit byte offsets.
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, TextTooLong> {
        let text = text.into();
        if u32::try_from(text.len()).is_err() {
            return Err(TextTooLong { bytes: text.len() });
        }
        let index = TextIndex::new(&text);
        let paragraphs = paragraph::paragraphs(&text);
        let (segments, sha256) = (Segments::default(), OnceLock::new());
        Ok(Self(Arc::new(Inner { text, index, paragraphs, segments, sha256 })))
    }

    /// Whether all of it is cut into sentences, or only into tokens; for tests.
    #[cfg(test)]
    pub fn is_cut(&self) -> (bool, bool) {
        self.0.segments.is_cut()
    }

    /// The number of tokens, if they are cut.
    pub fn token_count(&self) -> Option<usize> {
        self.0.segments.known_tokens().map(<[Span]>::len)
    }

    /// Tokens in order, at least those that touch a span, one before it and one after it, as far as there are such: all of
    /// them, or what is cut around it while a long text is not cut yet. Something that goes on for long without a place to
    /// part it may seem to begin or end there meanwhile.
    pub fn tokens_near(&self, span: Span) -> Cow<'_, [Span]> {
        self.0.segments.tokens_near(&self.0.text, &self.0.paragraphs, span)
    }

    /// Whether a token has these very letters, without cutting the whole text for that.
    pub fn has_token(&self, word: &str) -> bool {
        let found = self.as_str().match_indices(word).map(|(start, _)| {
            let start = BytePos::from_usize(start);
            Span { start, end: start.plus(word.len()) }
        });
        // A place within a word is told without its tokens.
        let is_cased = |c: Option<char>| c.is_some_and(|c| c.is_lowercase() || c.is_uppercase());
        let (begins, ends) = (is_cased(word.chars().next()), is_cased(word.chars().next_back()));
        let is_within = |span: &Span| {
            let before = self.as_str().get(..span.start.to_usize()).and_then(|before| before.chars().next_back());
            let after = self.as_str().get(span.end.to_usize()..).and_then(|after| after.chars().next());
            begins && is_cased(before) || ends && is_cased(after)
        };
        if word.is_empty() || word.contains(' ') {
            return false;
        }
        let mut found = found.filter(|span| !is_within(span));
        let is_near = |span: Span| self.tokens_near(span).binary_search(&span).is_ok();
        // What is that often a part of tokens without being one is soon looked for in all of them.
        found.by_ref().take(16).any(is_near) || found.any(|span| self.tokens().binary_search(&span).is_ok())
    }

    /// Derives everything that is derived only when it is asked for.
    pub fn prepare(&self) {
        self.tokens();
        self.sentences();
        self.sha256();
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// Length in bytes; the position after the last character.
    pub fn end(&self) -> BytePos {
        // `new` has checked that the length fits.
        BytePos(u32::try_from(self.0.text.len()).unwrap_or(u32::MAX))
    }

    /// SHA-256 of the UTF-8 bytes, in lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        self.0.sha256.get_or_init(|| hex(&Sha256::digest(self.0.text.as_bytes())))
    }

    /// Converts between bytes, code points and UTF-16 units.
    pub fn codepoint_of(&self, pos: BytePos) -> CodepointPos {
        self.0.index.codepoint_of(&self.0.text, pos)
    }

    /// The byte position of a code point; `None` past the end.
    pub fn byte_of_codepoint(&self, pos: CodepointPos) -> Option<BytePos> {
        self.0.index.byte_of_codepoint(&self.0.text, pos)
    }

    /// The UTF-16 position of a byte position.
    pub fn utf16_of(&self, pos: BytePos) -> Utf16Pos {
        self.0.index.utf16_of(&self.0.text, pos)
    }

    /// The byte position of a UTF-16 position; `None` past the end or inside a surrogate pair.
    pub fn byte_of_utf16(&self, pos: Utf16Pos) -> Option<BytePos> {
        self.0.index.byte_of_utf16(&self.0.text, pos)
    }

    /// Number of code points.
    pub fn codepoints(&self) -> u32 {
        self.0.index.codepoints()
    }

    /// The text of a span; `None` if it is out of range or not on character boundaries.
    pub fn get(&self, span: Span) -> Option<&str> {
        self.0.text.get(span.start.to_usize()..span.end.to_usize())
    }

    /// The text of a span, or the empty string where [`Text::get`] has none.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span).unwrap_or_default()
    }

    /// The texts of several spans, joined by `" … "`, on one line and for display only.
    pub fn excerpt(&self, spans: &[Span]) -> String {
        let mut out = String::new();
        for span in spans {
            if !out.is_empty() {
                out.push_str(" …");
            }
            for word in self.slice(*span).split_whitespace() {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(word);
            }
        }
        out
    }

    /// The beginning of [`Self::excerpt`], for one line of the screen: no more than about `most` characters, and no more
    /// work than that.
    pub fn brief(&self, spans: &[Span], most: usize) -> String {
        let mut out = String::new();
        let mut count = 0;
        'all: for span in spans {
            if !out.is_empty() {
                out.push_str(" …");
            }
            for word in self.slice(*span).split_whitespace() {
                if !out.is_empty() {
                    out.push(' ');
                }
                let room = most.saturating_sub(count);
                match word.char_indices().nth(room) {
                    Some((end, _)) => {
                        out.push_str(word.get(..end).unwrap_or_default());
                        out.push('…');
                        break 'all;
                    }
                    None => out.push_str(word),
                }
                count += word.chars().count() + 1;
            }
            // Parts without words cost, too.
            count += 2;
            if count > most && spans.last() != Some(span) {
                out.push_str(" …");
                break;
            }
        }
        out
    }

    /// Paragraphs (lines) in order, without their line ends. Empty lines are empty spans. There is at least one.
    pub fn paragraphs(&self) -> &[Span] {
        &self.0.paragraphs
    }

    /// Words, numbers and punctuation marks in order; white space belongs to none.
    pub fn tokens(&self) -> &[Span] {
        self.0.segments.tokens(&self.0.text, &self.0.paragraphs)
    }

    /// Sentences in order; a sentence never crosses a paragraph.
    pub fn sentences(&self) -> &[Span] {
        self.0.segments.sentences(&self.0.text, &self.0.paragraphs)
    }

    /// The nearest character boundary at or before `pos`, clamped to the text.
    pub fn floor_boundary(&self, pos: BytePos) -> BytePos {
        let mut at = pos.to_usize().min(self.0.text.len());
        while !self.0.text.is_char_boundary(at) {
            at -= 1;
        }
        BytePos(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The next grapheme boundary after `pos`, or the end.
    pub fn next_grapheme(&self, pos: BytePos) -> BytePos {
        let pos = self.floor_boundary(pos);
        let rest = &self.0.text[pos.to_usize()..];
        rest.graphemes(true).next().map_or(pos, |g| pos.plus(g.len()))
    }

    /// The last grapheme boundary before `pos`, or the start.
    pub fn previous_grapheme(&self, pos: BytePos) -> BytePos {
        let pos = self.floor_boundary(pos);
        // A grapheme cluster is short; looking back a paragraph's worth of bytes is enough and bounded.
        let from = self.floor_boundary(BytePos(pos.0.saturating_sub(256)));
        let before = &self.0.text[from.to_usize()..pos.to_usize()];
        before.graphemes(true).next_back().map_or(pos, |g| BytePos(pos.0 - g.len() as u32))
    }

    /// The index of the paragraph that holds `pos` (the last one that starts at or before it).
    pub fn paragraph_at(&self, pos: BytePos) -> usize {
        self.0.paragraphs.partition_point(|p| p.start <= pos).saturating_sub(1)
    }

    /// The token that holds `pos` or ends at it; where two touch, the one that starts there.
    pub fn token_at(&self, pos: BytePos) -> Option<Span> {
        let tokens = self.tokens_near(Span::empty(pos));
        let after = tokens.partition_point(|t| t.start <= pos);
        let token = *tokens.get(after.checked_sub(1)?)?;
        (pos <= token.end).then_some(token)
    }

    /// The sentence that holds `pos`, or the last one before it.
    pub fn sentence_at(&self, pos: BytePos) -> Option<Span> {
        let sentences = self.sentences_near(Span::empty(pos));
        let after = sentences.partition_point(|s| s.start <= pos);
        sentences.get(after.saturating_sub(1)).copied()
    }

    /// Sentences in order, as [`Self::tokens_near`] gives tokens.
    pub fn sentences_near(&self, span: Span) -> Cow<'_, [Span]> {
        self.0.segments.sentences_near(&self.0.text, &self.0.paragraphs, span)
    }

    /// The last place in a span, but for its start, where a sentence begins beyond doubt; see `seam`. Costs no more than
    /// looking at the span.
    pub fn last_seam(&self, within: Span) -> Option<BytePos> {
        let (from, to) = (within.start.to_usize() + 1, within.end.to_usize() + 1);
        seam::last(&self.0.text, from, to).map(BytePos::from_usize)
    }

    /// The last place in a span, but for its start, where a word or a number begins that no opening mark belongs to. Told
    /// from the span and a little more; costs no more than cutting that into tokens.
    pub fn last_word_start(&self, within: Span) -> Option<BytePos> {
        let end = self.floor_boundary(BytePos(within.end.0.saturating_add(64)).min(self.end()));
        let near = self.slice(Span { start: within.start, end });
        let tokens = token::tokens(near);
        // Of some scripts a sign is a letter for the rules of words, but stays with the one before it.
        let clusters: Vec<usize> = near.grapheme_indices(true).map(|(at, _)| at).collect();
        let begins = |at: usize| {
            let word = near.get(at..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
                && clusters.binary_search(&at).is_ok();
            let opened =
                near.get(..at).is_some_and(|before| before.ends_with(['(', '[', '{', '“', '‘', '«', '"', '\'']));
            word && !opened
        };
        // The first one may have begun before the span.
        let starts = tokens.iter().skip(1).map(|token| token.start.to_usize());
        let last = starts.take_while(|at| *at <= within.len() as usize).filter(|at| begins(*at)).last()?;
        Some(within.start.plus(last))
    }

    /// The last place in a span, but for its start, where a grapheme cluster begins. Told from the span alone.
    pub fn last_cluster_start(&self, within: Span) -> Option<BytePos> {
        let (last, _) = self.slice(within).grapheme_indices(true).next_back().filter(|(at, _)| *at > 0)?;
        Some(within.start.plus(last))
    }

    /// The start of the next sentence after `pos`, or the end of the text.
    pub fn next_sentence_start(&self, pos: BytePos) -> BytePos {
        let sentences = self.sentences_near(Span::empty(pos));
        let at = sentences.partition_point(|s| s.start <= pos);
        sentences.get(at).map_or_else(|| self.behind(&sentences, pos), |s| s.start)
    }

    /// The end of the first sentence that ends after `pos`, or the end of the text.
    pub fn next_sentence_end(&self, pos: BytePos) -> BytePos {
        let sentences = self.sentences_near(Span::empty(pos));
        let at = sentences.partition_point(|s| s.end <= pos);
        sentences.get(at).map_or_else(|| self.behind(&sentences, pos), |s| s.end)
    }

    /// Where the caret goes behind the last of the sentences that are known near a place: to the end of the text, or, if
    /// there is more of it that is not cut yet, only as far as they go.
    fn behind(&self, sentences: &[Span], pos: BytePos) -> BytePos {
        let last = sentences.last().map_or(pos, |last| last.end.max(pos));
        let rest = self.slice(Span { start: last, end: self.end() });
        let blank = rest.len() - rest.trim_start().len();
        match last {
            _ if blank == rest.len() => self.end(),
            last if last > pos => last,
            last => last.plus(blank),
        }
    }

    /// The start of the last sentence that starts before `pos`, or the start of the text.
    pub fn previous_sentence_start(&self, pos: BytePos) -> BytePos {
        let sentences = self.sentences_near(Span::empty(pos));
        let at = sentences.partition_point(|s| s.start < pos);
        at.checked_sub(1).and_then(|i| sentences.get(i)).map_or(BytePos(0), |s| s.start)
    }

    /// The start of the next token after `pos`, or the end of the text.
    pub fn next_token_start(&self, pos: BytePos) -> BytePos {
        let tokens = self.tokens_near(Span::empty(pos));
        let at = tokens.partition_point(|t| t.start <= pos);
        tokens.get(at).map_or(self.end(), |t| t.start)
    }

    /// The end of the first token that ends after `pos`, or the end of the text.
    pub fn next_token_end(&self, pos: BytePos) -> BytePos {
        let tokens = self.tokens_near(Span::empty(pos));
        let at = tokens.partition_point(|t| t.end <= pos);
        tokens.get(at).map_or(self.end(), |t| t.end)
    }

    /// The start of the last token that starts before `pos`, or the start of the text.
    pub fn previous_token_start(&self, pos: BytePos) -> BytePos {
        let tokens = self.tokens_near(Span::empty(pos));
        let at = tokens.partition_point(|t| t.start < pos);
        at.checked_sub(1).and_then(|i| tokens.get(i)).map_or(BytePos(0), |t| t.start)
    }

    /// The end of the last token that ends before `pos`, or the start of the text.
    pub fn previous_token_end(&self, pos: BytePos) -> BytePos {
        let tokens = self.tokens_near(Span::empty(pos));
        let at = tokens.partition_point(|t| t.end < pos);
        at.checked_sub(1).and_then(|i| tokens.get(i)).map_or(BytePos(0), |t| t.end)
    }

    /// Grows `span` to whole tokens and leaves white space at its edges out. `None` if it touches no token.
    pub fn snap_to_tokens(&self, span: Span) -> Option<Span> {
        let first = |tokens: &[Span]| tokens.get(tokens.partition_point(|t| t.end <= span.start)).copied();
        let last = |tokens: &[Span]| {
            let after = tokens.partition_point(|t| t.start < span.end);
            after.checked_sub(1).and_then(|i| tokens.get(i)).copied()
        };
        // Nothing between them is asked for: there may be fifty megabytes.
        let first = first(&self.tokens_near(Span::empty(span.start)))?;
        let last = last(&self.tokens_near(Span::empty(span.end)))?;
        (first.start < span.end && span.start < last.end).then(|| Span::new(first.start, last.end))
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.text == other.0.text
    }
}

impl Eq for Text {}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({} bytes)", self.0.text.len())
    }
}

/// Lower-case hexadecimal of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str) -> Text {
        Text::new(s).expect("short text")
    }

    #[test]
    fn the_text_is_kept_verbatim() {
        let source = "A\r\nB\u{a0}e\u{301} 😀\n\n";
        assert_eq!(text(source).as_str(), source);
    }

    #[test]
    fn snapping_grows_to_whole_tokens() {
        let t = text("Anna met  Bob.");
        assert_eq!(t.snap_to_tokens(Span::of(2, 6)), Some(Span::of(0, 8)));
        assert_eq!(t.snap_to_tokens(Span::of(8, 10)), None, "white space alone is no token");
        assert_eq!(t.snap_to_tokens(Span::of(4, 9)), Some(Span::of(5, 8)));
    }

    #[test]
    fn the_caret_moves_by_tokens() {
        let t = text("Anna met Bob.");
        assert_eq!(t.next_token_start(BytePos(0)), BytePos(5));
        assert_eq!(t.next_token_end(BytePos(0)), BytePos(4));
        assert_eq!(t.previous_token_start(BytePos(9)), BytePos(5));
        assert_eq!(t.previous_token_end(BytePos(9)), BytePos(8));
        assert_eq!(t.next_token_start(BytePos(12)), BytePos(13));
    }

    proptest::proptest! {
        /// A text that is not cut yet answers as one that is.
        #[test]
        fn what_is_near_is_what_is_known(
            line in "[a-z.?! “]{0,12}", times in 0usize..900, lines in proptest::collection::vec("[a-zU.? \n]{0,40}", 0..4),
            at in proptest::prelude::any::<proptest::sample::Index>(), length in 0u32..9000,
        ) {
            let all = format!("{}{}\n{}", lines.join("\n\n"), line.repeat(times), lines.join("\n").repeat(60));
            let (known, fresh) = (text(&all), || text(&all));
            known.prepare();
            let pos = BytePos(at.index(all.len() + 1) as u32);
            proptest::prop_assert_eq!(fresh().token_at(pos), known.token_at(pos));
            proptest::prop_assert_eq!(fresh().next_token_start(pos), known.next_token_start(pos));
            proptest::prop_assert_eq!(fresh().next_token_end(pos), known.next_token_end(pos));
            proptest::prop_assert_eq!(fresh().previous_token_start(pos), known.previous_token_start(pos));
            proptest::prop_assert_eq!(fresh().previous_token_end(pos), known.previous_token_end(pos));
            proptest::prop_assert_eq!(fresh().sentence_at(pos), known.sentence_at(pos));
            proptest::prop_assert_eq!(fresh().next_sentence_start(pos), known.next_sentence_start(pos));
            proptest::prop_assert_eq!(fresh().next_sentence_end(pos), known.next_sentence_end(pos));
            proptest::prop_assert_eq!(fresh().previous_sentence_start(pos), known.previous_sentence_start(pos));
            let span = Span { start: pos, end: BytePos(pos.0.saturating_add(length).min(all.len() as u32)) };
            proptest::prop_assert_eq!(fresh().snap_to_tokens(span), known.snap_to_tokens(span));
        }
    }

    proptest::proptest! {
        /// A token is found by its letters, in a text that is cut and in one that is not.
        #[test]
        fn a_token_is_found_by_its_letters(words in "[abA.'她5\u{301} -]{0,40}", sought in "[abA.'她]{0,3}") {
            let (fresh, known) = (text(&words), text(&words));
            let is_there = known.tokens().iter().any(|token| known.slice(*token) == sought);
            proptest::prop_assert_eq!(known.has_token(&sought), is_there);
            proptest::prop_assert_eq!(fresh.has_token(&sought), is_there);
            proptest::prop_assert!(fresh.token_count().is_none());
        }
    }

    #[test]
    fn a_key_in_a_long_text_does_not_cut_all_of_it() {
        let long = text(&"One sentence. Another one.\n".repeat(20_000));
        let next = long.next_token_start(BytePos(300_000));
        assert!(long.token_count().is_none());
        long.prepare();
        assert_eq!(long.next_token_start(BytePos(300_000)), next);
        assert_eq!(long.token_count(), Some(120_000));
    }

    /// The next sentence of one that goes on for long is not looked for to its end.
    #[test]
    fn the_caret_does_not_leap_over_what_is_not_cut_yet() {
        let long = text(&format!("{}. The end.", "no end of it, ".repeat(20_000)));
        let next = long.next_sentence_start(BytePos(100_000));
        assert!(next > BytePos(100_000) && next < BytePos(200_000), "{next:?}");
        assert!(long.token_count().is_none());
        assert_eq!(long.is_cut(), (false, false));
        long.prepare();
        assert_eq!(long.next_sentence_start(BytePos(100_000)), BytePos(long.end().0 - 8));
    }

    #[test]
    fn graphemes_stay_whole() {
        let t = text("e\u{301}x");
        assert_eq!(t.next_grapheme(BytePos(0)), BytePos(3));
        assert_eq!(t.previous_grapheme(BytePos(3)), BytePos(0));
    }

    #[test]
    fn an_excerpt_is_one_line() {
        let t = text("We  will\nnot, she said, sign");
        assert_eq!(t.excerpt(&[Span::of(0, 13), Span::of(24, 28)]), "We will not, … sign");
        assert_eq!(t.brief(&[Span::of(0, 13), Span::of(24, 28)], 400), "We will not, … sign");
        assert_eq!(t.brief(&[Span::of(0, 13), Span::of(24, 28)], 6), "We wil…");
        let long = text(&"word ".repeat(100_000));
        assert!(long.brief(&[Span::of(0, 500_000)], 400).chars().count() <= 402);
        let many: Vec<Span> = (0..100_000).map(|i| Span::of(i * 5, i * 5 + 1)).collect();
        assert!(long.brief(&many, 400).chars().count() <= 410);
    }

    #[test]
    fn sha256_is_of_the_utf8_bytes() {
        assert_eq!(text("").sha256(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
