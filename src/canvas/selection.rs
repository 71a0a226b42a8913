//! The caret and the selected words, as a value.
//!
//! Coordinates: [`BytePos`] of the document's text, on character boundaries. `anchor` is where the selection
//! began, `head` is where the caret is; either may come first. Knows the text and nothing of layout or egui:
//! motions by rows are [`super::Reader::vertical`].

use smallvec::SmallVec;

use crate::text::{BytePos, Span, Spans, Text};

/// A caret, or selected words; with `more`, words in several places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextSelection {
    /// Where the selection began.
    pub anchor: BytePos,
    /// Where the caret is.
    pub head: BytePos,
    /// Further parts, for discontinuous marking. The part between `anchor` and `head` is not among them.
    pub more: Spans,
}

/// A step of the caret that needs no layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// To the start of the next token; extending, to the end of the next token.
    NextToken,
    /// To the start of the previous token.
    PreviousToken,
    /// By one grapheme to the right.
    NextCharacter,
    /// By one grapheme to the left.
    PreviousCharacter,
    /// To the start of the next sentence; extending, to the end of this one.
    NextSentence,
    /// To the start of this sentence, or of the one before.
    PreviousSentence,
    /// To the start of the line of the text (not of the row on the screen).
    LineStart,
    /// To the end of the line of the text.
    LineEnd,
    /// To the start of the text.
    DocumentStart,
    /// To the end of the text.
    DocumentEnd,
}

impl TextSelection {
    /// Nothing selected, caret at `at`.
    pub fn caret(at: BytePos) -> Self {
        Self { anchor: at, head: at, more: SmallVec::new() }
    }

    /// `span` selected, caret at its end.
    pub fn of(span: Span) -> Self {
        Self { anchor: span.start, head: span.end, more: SmallVec::new() }
    }

    /// All of `spans` selected, the caret at the end of the last.
    pub fn of_all(spans: &[Span]) -> Self {
        let Some((last, more)) = spans.split_last() else {
            return Self::default();
        };
        Self { more: more.iter().copied().collect(), ..Self::of(*last) }
    }

    /// What lies between anchor and head.
    pub fn span(&self) -> Span {
        Span::new(self.anchor, self.head)
    }

    /// Whether nothing is selected at all.
    pub fn is_caret(&self) -> bool {
        self.anchor == self.head && self.more.iter().all(|span| span.is_empty())
    }

    /// All selected parts, sorted, merged where they touch, empty ones left out.
    pub fn spans(&self) -> Spans {
        let mut spans: Spans = self.more.iter().copied().chain([self.span()]).filter(|s| !s.is_empty()).collect();
        crate::text::normalise(&mut spans);
        spans
    }

    /// The token at `pos`, or a caret where there is none.
    pub fn select_word(text: &Text, pos: BytePos) -> Self {
        text.token_at(pos).map_or_else(|| Self::caret(text.floor_boundary(pos)), Self::of)
    }

    /// The sentence at `pos`, or a caret where there is none.
    pub fn select_sentence(text: &Text, pos: BytePos) -> Self {
        text.sentence_at(pos).map_or_else(|| Self::caret(text.floor_boundary(pos)), Self::of)
    }

    /// The line of the text at `pos` without white space at its edges, or a caret in an empty one.
    pub fn select_paragraph(text: &Text, pos: BytePos) -> Self {
        let paragraph = text.paragraphs().get(text.paragraph_at(pos)).copied();
        let tokens = paragraph.and_then(|p| text.snap_to_tokens(p));
        tokens.map_or_else(|| Self::caret(text.floor_boundary(pos)), Self::of)
    }

    /// The selection between two positions grown to whole tokens; the caret stays on the side of `to`.
    pub fn snapped(text: &Text, from: BytePos, to: BytePos) -> Self {
        match text.snap_to_tokens(Span::new(from, to)) {
            Some(span) if from <= to => Self::of(span),
            Some(span) => Self { anchor: span.end, head: span.start, more: SmallVec::new() },
            None => Self::caret(to),
        }
    }

    /// The selection after one step. Without `extend` a selection collapses first, as in every editor.
    #[must_use]
    pub fn moved(&self, text: &Text, motion: Motion, extend: bool) -> Self {
        let head = text.floor_boundary(self.head);
        if !extend {
            let span = self.spans();
            let (first, last) = (span.first(), span.last());
            return Self::caret(match (motion, first, last) {
                (Motion::NextToken | Motion::NextCharacter, _, Some(last)) => text.floor_boundary(last.end),
                (Motion::PreviousToken | Motion::PreviousCharacter, Some(first), _) => text.floor_boundary(first.start),
                _ => step(text, head, motion),
            });
        }
        let moved = match motion {
            Motion::NextToken | Motion::PreviousToken => self.extended_by_token(text, head, motion),
            Motion::NextSentence => {
                Self { anchor: self.anchor, head: text.next_sentence_end(head), more: SmallVec::new() }
            }
            _ => Self { anchor: self.anchor, head: step(text, head, motion), more: SmallVec::new() },
        };
        Self { more: self.more.clone(), ..moved }
    }

    /// Whole tokens stay whole: growing takes the next one in, shrinking lets the last one go.
    fn extended_by_token(&self, text: &Text, head: BytePos, motion: Motion) -> Self {
        let anchor = text.floor_boundary(self.anchor);
        let (to, is_shrinking) = match motion {
            Motion::NextToken if head < anchor => (text.next_token_start(head).min(anchor), true),
            Motion::NextToken => (text.next_token_end(head), false),
            _ if head > anchor => (text.previous_token_end(head).max(anchor), true),
            _ => (text.previous_token_start(head), false),
        };
        if to == anchor {
            return Self::caret(anchor);
        }
        match text.snap_to_tokens(Span::new(anchor, to)) {
            // The white space between two tokens is not worth a step of its own.
            None => Self::caret(if is_shrinking { anchor } else { to }),
            Some(span) if anchor <= to => Self::of(span),
            Some(span) => Self { anchor: span.end, head: span.start, more: SmallVec::new() },
        }
    }
}

/// Where the caret goes from `head`.
fn step(text: &Text, head: BytePos, motion: Motion) -> BytePos {
    let line = || text.paragraphs().get(text.paragraph_at(head)).copied().unwrap_or(Span::empty(head));
    match motion {
        Motion::NextToken => text.next_token_start(head),
        Motion::PreviousToken => text.previous_token_start(head),
        Motion::NextCharacter => text.next_grapheme(head),
        Motion::PreviousCharacter => text.previous_grapheme(head),
        Motion::NextSentence => text.next_sentence_start(head),
        Motion::PreviousSentence => text.previous_sentence_start(head),
        Motion::LineStart => line().start,
        Motion::LineEnd => line().end.max(head),
        Motion::DocumentStart => BytePos(0),
        Motion::DocumentEnd => text.end(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `|` is the anchor, `^` the head; a caret is `^` alone.
    fn parse(marked: &str) -> (Text, TextSelection) {
        let plain: String = marked.chars().filter(|c| !"|^".contains(*c)).collect();
        let at = |mark: char| {
            marked
                .find(mark)
                .map(|i| BytePos::from_usize(i - marked[..i].chars().filter(|c| "|^".contains(*c)).count()))
        };
        let head = at('^').expect("a head");
        let selection = TextSelection { anchor: at('|').unwrap_or(head), head, more: SmallVec::new() };
        (Text::new(plain).expect("short"), selection)
    }

    fn after(marked: &str, motion: Motion, extend: bool) -> String {
        let (text, selection) = parse(marked);
        let moved = selection.moved(&text, motion, extend);
        let mut out = text.as_str().to_owned();
        let mut marks = vec![(moved.head.to_usize(), '^')];
        if moved.anchor != moved.head {
            marks.push((moved.anchor.to_usize(), '|'));
        }
        marks.sort_unstable();
        for (at, mark) in marks.into_iter().rev() {
            out.insert(at, mark);
        }
        out
    }

    #[test]
    fn the_caret_goes_to_starts_of_tokens() {
        assert_eq!(after("^Anna met", Motion::NextToken, false), "Anna ^met");
        assert_eq!(after("Anna m^et", Motion::PreviousToken, false), "Anna ^met");
        assert_eq!(after("Anna ^met", Motion::PreviousToken, false), "^Anna met");
    }

    #[test]
    fn shift_takes_whole_tokens_in_and_lets_them_go() {
        assert_eq!(after("Anna ^met Bob", Motion::NextToken, true), "Anna |met^ Bob");
        assert_eq!(after("Anna |met^ Bob", Motion::NextToken, true), "Anna |met Bob^");
        assert_eq!(after("Anna |met Bob^", Motion::PreviousToken, true), "Anna |met^ Bob");
        assert_eq!(after("Anna |met^ Bob", Motion::PreviousToken, true), "Anna ^met Bob");
        assert_eq!(after("Anna ^met Bob", Motion::PreviousToken, true), "^Anna| met Bob");
        assert_eq!(after("^Anna met| Bob", Motion::NextToken, true), "Anna ^met| Bob");
        assert_eq!(after("An^na met", Motion::NextToken, true), "|Anna^ met");
    }

    #[test]
    fn a_plain_arrow_collapses_the_selection() {
        assert_eq!(after("|Anna met^ Bob", Motion::NextToken, false), "Anna met^ Bob");
        assert_eq!(after("|Anna met^ Bob", Motion::PreviousToken, false), "^Anna met Bob");
    }

    #[test]
    fn sentences_and_lines() {
        assert_eq!(after("He c^ame. She left.", Motion::NextSentence, false), "He came. ^She left.");
        assert_eq!(after("He ^came. She left.", Motion::NextSentence, true), "He |came.^ She left.");
        assert_eq!(after("He came. She l^eft.", Motion::PreviousSentence, false), "He came. ^She left.");
        assert_eq!(after("one\r\ntw^o", Motion::LineStart, false), "one\r\n^two");
        assert_eq!(after("^one\r\ntwo", Motion::LineEnd, false), "one^\r\ntwo");
    }

    #[test]
    fn words_sentences_and_paragraphs_are_selected_without_white_space() {
        let text = Text::new(" He came.  She left. \n\n").expect("short");
        assert_eq!(TextSelection::select_word(&text, BytePos(5)).span(), Span::of(4, 8));
        assert_eq!(TextSelection::select_sentence(&text, BytePos(5)).span(), Span::of(1, 9));
        assert_eq!(TextSelection::select_paragraph(&text, BytePos(5)).span(), Span::of(1, 20));
        assert!(TextSelection::select_paragraph(&text, BytePos(22)).is_caret());
    }

    #[test]
    fn all_parts_come_sorted_and_merged() {
        let selection = TextSelection {
            more: [Span::of(8, 9), Span::of(0, 2)].into_iter().collect(),
            ..TextSelection::of(Span::of(2, 4))
        };
        assert_eq!(selection.spans().as_slice(), &[Span::of(0, 4), Span::of(8, 9)]);
    }

    fn motions() -> impl Strategy<Value = Motion> {
        prop::sample::select(vec![
            Motion::NextToken,
            Motion::PreviousToken,
            Motion::NextCharacter,
            Motion::PreviousCharacter,
            Motion::NextSentence,
            Motion::PreviousSentence,
            Motion::LineStart,
            Motion::LineEnd,
            Motion::DocumentStart,
            Motion::DocumentEnd,
        ])
    }

    proptest! {
        /// Head and anchor stay on character boundaries whatever is done.
        #[test]
        fn motions_stay_on_boundaries(
            text in "[a-zé😀., \r\n\u{301}]{0,60}",
            steps in prop::collection::vec((motions(), any::<bool>()), 0..30),
        ) {
            let text = Text::new(text).expect("short");
            let mut selection = TextSelection::default();
            for (motion, extend) in steps {
                selection = selection.moved(&text, motion, extend);
                prop_assert!(text.is_char_boundary(selection.head.to_usize()));
                prop_assert!(text.is_char_boundary(selection.anchor.to_usize()));
            }
        }

        /// Extending by tokens, from anywhere, selects whole tokens or nothing.
        #[test]
        fn token_motions_keep_tokens_whole(
            text in "[a-zé😀., \r\n]{0,60}",
            start in 0u32..80,
            steps in prop::collection::vec(any::<bool>(), 1..30),
        ) {
            let text = Text::new(text).expect("short");
            let mut selection = TextSelection::caret(text.floor_boundary(BytePos(start)));
            for right in steps {
                let motion = if right { Motion::NextToken } else { Motion::PreviousToken };
                selection = selection.moved(&text, motion, true);
                let span = selection.span();
                prop_assert!(span.is_empty() || text.snap_to_tokens(span) == Some(span), "{selection:?}");
            }
        }
    }
}
