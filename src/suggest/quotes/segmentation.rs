//! Tokens and sentences as the quote finder reads them: those of the whole text, or, while a long one is still being cut,
//! those around a place. But for the beginning of a text, which tells its language, nothing else in the finder asks the text
//! for them.

use std::borrow::Cow;

use crate::text::{BytePos, Span, Text};

/// How much before a place is read for it, in bytes: what is looked at, and room for the sentence in which that begins.
const BEFORE: u32 = 32 * 1024;
/// How much after it: what is looked at, and the longest block that begins there.
const AFTER: u32 = 96 * 1024;

/// See the module. Numbers of tokens are counted from the first that is there.
pub struct Segmentation<'a> {
    /// What they are of.
    pub text: &'a Text,
    /// Tokens in order.
    pub tokens: Cow<'a, [Span]>,
    /// Sentences in order.
    pub sentences: Cow<'a, [Span]>,
}

impl<'a> Segmentation<'a> {
    /// Of the whole text, which is cut if it is not yet.
    pub fn of(text: &'a Text) -> Self {
        Self { text, tokens: Cow::Borrowed(text.tokens()), sentences: Cow::Borrowed(text.sentences()) }
    }

    /// Enough of it for [`super::at`].
    pub fn around(text: &'a Text, place: Span) -> Self {
        let start = BytePos(place.start.0.saturating_sub(BEFORE));
        let end = BytePos(place.end.0.saturating_add(AFTER)).min(text.end());
        let span = Span { start: text.floor_boundary(start), end: text.floor_boundary(end) };
        Self { text, tokens: text.tokens_near(span), sentences: text.sentences_near(span) }
    }

    /// The sentence that holds a position, or the last one before it.
    pub fn sentence_at(&self, pos: BytePos) -> Option<Span> {
        let after = self.sentences.partition_point(|sentence| sentence.start <= pos);
        self.sentences.get(after.saturating_sub(1)).copied()
    }
}
