//! A block: a paragraph, or a piece of a very long one, with what the rules need to know of each word.
//!
//! Blocks bound the work: every search of the finder ends at the edges of its block, so that a text without line
//! ends costs no more than one with them. Positions are byte spans of the text; words are counted from the start of
//! the block.

use std::ops::Range;

use super::language::{Flags, Language};
use super::marks::{self, Quotation};
use super::segmentation::Segmentation;
use crate::text::{Span, Text};

/// A paragraph of more tokens than this is cut into blocks.
const LONGEST: usize = 4096;

/// A token and what it may be.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Where it is.
    pub span: Span,
    /// What it may be.
    pub flags: Flags,
    /// Its first character.
    pub first: char,
    /// Whether it is one character long.
    pub single: bool,
}

impl Word {
    /// Whether it is this one character.
    pub fn is_char(&self, c: char) -> bool {
        self.single && self.first == c
    }

    /// Whether it begins with a capital letter.
    pub fn is_capital(&self) -> bool {
        self.first.is_uppercase()
    }

    /// Whether it is a word or a number, not a mark.
    pub fn is_word(&self) -> bool {
        self.first.is_alphanumeric()
    }

    /// Whether it is a dash or a hyphen.
    pub fn is_dash(&self) -> bool {
        matches!(self.first, '-' | '–' | '—' | '―' | '‒')
    }

    /// Whether it ends a sentence.
    pub fn is_stop(&self) -> bool {
        matches!(self.first, '.' | '!' | '?' | '…' | '。' | '！' | '？')
    }

    /// Whether it parts clauses.
    pub fn is_comma(&self) -> bool {
        matches!(self.first, ',' | '，' | '、')
    }
}

/// A block with its words, quotations and sentences.
pub struct Block<'a> {
    /// The text it is part of, with its tokens.
    pub segmentation: &'a Segmentation<'a>,
    /// In which languages it is read.
    pub languages: &'a [&'static Language],
    /// Its words, in order.
    pub words: Vec<Word>,
    /// Its quotations, by where they begin; the outer one before those inside it.
    pub quotations: Vec<Quotation>,
    /// Its sentences as ranges of words. None ends inside a quotation.
    pub sentences: Vec<Range<usize>>,
    /// Where the next block begins: a token of the text.
    pub next_token: usize,
}

/// The tokens of the block that begins with the token `first` in the paragraph that ends at `end`.
fn block_tokens(segmentation: &Segmentation<'_>, first: usize, paragraph: Span) -> Range<usize> {
    let tokens = &segmentation.tokens;
    let last = tokens.partition_point(|token| token.start < paragraph.end).max(first);
    if last - first <= LONGEST {
        return first..last;
    }
    // At the start of a sentence, so that a caret and the whole article see the same blocks as far as can be.
    let earliest = tokens.get(first + LONGEST / 2).map_or(paragraph.end, |token| token.start);
    let latest = tokens.get(first + LONGEST).map_or(paragraph.end, |token| token.start);
    let next = segmentation.sentences.partition_point(|sentence| sentence.start < earliest);
    let cut = segmentation.sentences.get(next).map_or(latest, |sentence| sentence.start.min(latest));
    first..tokens.partition_point(|token| token.start < cut).max(first + 1)
}

impl<'a> Block<'a> {
    /// The block that begins with the token `first`; `None` past the last one.
    pub fn at_token(
        segmentation: &'a Segmentation<'a>,
        languages: &'a [&'static Language],
        first: usize,
    ) -> Option<Self> {
        let Segmentation { text, tokens, .. } = segmentation;
        let start = tokens.get(first)?.start;
        let paragraph = *text.paragraphs().get(text.paragraph_at(start))?;
        let range = block_tokens(segmentation, first, paragraph);
        let next_token = range.end;
        let mut buffer = String::new();
        let tokens = tokens.get(range).unwrap_or_default();
        let words: Vec<Word> = tokens.iter().map(|token| word(text, languages, *token, &mut buffer)).collect();
        let quotations = marks::quotations(text, &words);
        let mut block = Self { segmentation, languages, words, quotations, sentences: Vec::new(), next_token };
        block.find_sentences();
        block.end_open_quotations(reopening(segmentation, next_token));
        Some(block)
    }

    /// The sentences of the text, joined where one ends inside a quotation or the next goes on in lower case.
    fn find_sentences(&mut self) {
        let Some((first, last)) = self.words.first().zip(self.words.last()) else {
            return;
        };
        let sentences = &self.segmentation.sentences;
        let from = sentences.partition_point(|s| s.end <= first.span.start);
        let starts = sentences.iter().skip(from).map(|s| s.start).take_while(|start| *start <= last.span.start);
        let mut bounds: Vec<usize> = Vec::new();
        let mut at = 0;
        for start in starts {
            while self.words.get(at).is_some_and(|word| word.span.start < start) {
                at += 1;
            }
            bounds.push(at);
        }
        let mut covers = self.quotations.iter().filter(|q| q.depth == 0 && q.closed).peekable();
        let mut start = 0;
        for bound in bounds {
            while covers.next_if(|q| q.end <= bound).is_some() {}
            let inside = covers.peek().is_some_and(|q| q.open < bound);
            let goes_on = self
                .words
                .get(bound)
                .is_some_and(|word| word.first.is_lowercase() || word.is_comma() || word.is_dash() && bound > 0);
            if bound > start && !inside && !goes_on {
                self.sentences.push(start..bound);
                start = bound;
            }
        }
        if start < self.words.len() {
            self.sentences.push(start..self.words.len());
        }
    }

    /// A quotation that nobody closes ends with the block if it begins a sentence or follows a colon, and with its
    /// sentence if it begins in the middle of one; in any case before the next quotation.
    ///
    /// If the next paragraph begins with `reopened`, and the mark fits, the last one ends with the block.
    fn end_open_quotations(&mut self, reopened: Option<char>) {
        let words = self.words.len();
        let opens: Vec<usize> = self.quotations.iter().filter(|q| q.depth == 0).map(|q| q.open).collect();
        for quotation in &mut self.quotations {
            if quotation.closed {
                continue;
            }
            let sentence = self.sentences.partition_point(|s| s.end <= quotation.open);
            let sentence = self.sentences.get(sentence).cloned().unwrap_or(0..words);
            let next = opens.get(opens.partition_point(|open| *open <= quotation.open)).copied().unwrap_or(words);
            let goes_on = next == words && reopened.is_some_and(|mark| marks::reopens(quotation.mark, mark));
            let begins = goes_on
                || quotation.open == sentence.start
                || quotation.open.checked_sub(1).and_then(|i| self.words.get(i)).is_some_and(|w| w.is_char(':'));
            let end = if begins { words } else { sentence.end };
            quotation.end = if next < end { sentence.end.min(next) } else { end }.max(quotation.open + 1);
        }
    }

    /// The sentence that holds a word.
    pub fn sentence_of(&self, word: usize) -> Range<usize> {
        let at = self.sentences.partition_point(|s| s.end <= word);
        self.sentences.get(at).cloned().unwrap_or(0..self.words.len())
    }

    /// The quotation of the text (not inside another) that holds a word.
    pub fn quotation_of(&self, word: usize) -> Option<&Quotation> {
        let after = self.quotations.partition_point(|q| q.open <= word);
        // Those inside the one that is asked for stand between; they are few, because nesting is bounded and each
        // sibling ends before the next begins.
        let before = self.quotations.get(..after)?;
        before.iter().rev().take(64).find(|q| q.depth == 0).filter(|q| word < q.end)
    }

    /// The word with this number.
    pub fn word(&self, at: usize) -> Option<&Word> {
        self.words.get(at)
    }

    /// What the word with this number may be; nothing where there is none.
    pub fn flags(&self, at: usize) -> Flags {
        self.words.get(at).map_or(Flags::default(), |word| word.flags)
    }

    /// The bytes from the first to the last word of a range; `None` if it is empty.
    pub fn span(&self, range: &Range<usize>) -> Option<Span> {
        let words = self.words.get(range.clone())?;
        Some(Span::new(words.first()?.span.start, words.last()?.span.end))
    }

    /// The text of a word in lower case.
    pub fn lower(&self, at: usize) -> String {
        self.word(at).map(|word| super::language::lower(self.segmentation.text, word.span)).unwrap_or_default()
    }

    /// Whether a language here sets a comma before a reported clause.
    pub fn clauses_take_commas(&self) -> bool {
        self.languages.iter().any(|language| language.comma)
    }

    /// The number of words in a range that are no marks.
    pub fn count(&self, range: Range<usize>) -> usize {
        self.words.get(range).unwrap_or_default().iter().filter(|word| word.is_word()).count()
    }
}

/// The quotation mark that the next paragraph begins with, if it begins with one.
fn reopening(segmentation: &Segmentation<'_>, next_token: usize) -> Option<char> {
    let Segmentation { text, tokens, .. } = segmentation;
    let next = *tokens.get(next_token)?;
    let before = tokens.get(next_token.checked_sub(1)?)?;
    let gap = text.slice(Span::new(before.end, next.start));
    let mark = text.slice(next).chars().next()?;
    (gap.contains(['\n', '\r']) && marks::is_mark(mark)).then_some(mark)
}

fn word(text: &Text, languages: &[&'static Language], span: Span, buffer: &mut String) -> Word {
    let slice = text.slice(span);
    let mut chars = slice.chars();
    let first = chars.next().unwrap_or(' ');
    let single = chars.next().is_none();
    let mut flags = Flags::default();
    if first.is_alphabetic() {
        let key = if slice.chars().any(char::is_uppercase) {
            buffer.clear();
            buffer.extend(slice.chars().flat_map(char::to_lowercase));
            buffer.as_str()
        } else {
            slice
        };
        for language in languages {
            flags = flags.with(language.flags(key));
        }
    }
    Word { span, flags, first, single }
}
