//! The text that words make, with the spans of the words.

use crate::text::{BytePos, Span};

/// A text that is put together word by word.
#[derive(Debug, Default)]
pub struct Words {
    text: String,
    spans: Vec<Span>,
}

impl Words {
    /// Adds white space, or anything that is no word.
    pub fn gap(&mut self, gap: &str) {
        self.text.push_str(gap);
    }

    /// Adds a word.
    pub fn word(&mut self, word: &str) {
        let start = BytePos::from_usize(self.text.len());
        self.text.push_str(word);
        self.spans.push(Span::new(start, BytePos::from_usize(self.text.len())));
    }

    /// From the first of some words to the last, by their numbers; `end` is the number after the last.
    pub fn span(&self, first: usize, end: usize) -> Option<Span> {
        let (first, last) = (self.spans.get(first)?, self.spans.get(end.checked_sub(1)?)?);
        Some(Span::new(first.start, last.end))
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The gaps between words as they stand in a text: before the first, between them, after the last. `None` if the text has
/// other words.
pub fn gaps<'t>(text: &'t str, words: &[&str]) -> Option<Vec<&'t str>> {
    let mut rest = text;
    let mut gaps = Vec::with_capacity(words.len() + 1);
    for word in words {
        let start = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        let (gap, from_word) = rest.split_at_checked(start)?;
        gaps.push(gap);
        rest = from_word.strip_prefix(word)?;
    }
    gaps.push(rest);
    rest.trim().is_empty().then_some(gaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gaps_of_a_text_are_found_or_none() {
        assert_eq!(gaps(" Anna  met Bob.", &["Anna", "met", "Bob", "."]), Some(vec![" ", "  ", " ", "", ""]));
        assert_eq!(gaps("北京", &["北", "京"]), Some(vec!["", "", ""]));
        assert_eq!(gaps("Anna met", &["Anna"]), None);
        assert_eq!(gaps("Anna", &["Anna", "met"]), None);
    }

    #[test]
    fn words_have_spans() {
        let mut words = Words::default();
        words.word("Ann");
        words.gap(" ");
        words.word("é");
        assert_eq!(words.span(0, 2), Some(Span::of(0, 6)));
        assert_eq!((words.span(0, 0), words.span(0, 3)), (None, None));
        assert_eq!(words.text(), "Ann é");
    }
}
