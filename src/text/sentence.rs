//! Sentences, as advice for the caret and for triple clicks; never a wall for a span.
//!
//! Sentence boundaries of Unicode Standard Annex 29, joined again where the break follows an
//! abbreviation that usually stands inside a sentence.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{BytePos, Span};

/// Abbreviations after which a sentence goes on. Titles, Latin ones, months, companies.
const ABBREVIATIONS: &[&str] = &[
    "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Col", "Lt", "Sgt", "Capt", "Sen", "Rep", "Gov", "Rev", "Hon", "St", "Jr",
    "Sr", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "No", "vs", "cf", "al",
    "Inc", "Ltd", "Co", "Corp", "Fr", "Frau", "Hr", "bzw", "ca", "M", "Mme",
];

/// The sentences of `text`, paragraph by paragraph, without white space at their edges.
pub fn sentences(text: &str, paragraphs: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for paragraph in paragraphs {
        let (from, to) = (paragraph.start.to_usize(), paragraph.end.to_usize());
        let first_of_paragraph = out.len();
        for (at, sentence) in text[from..to].split_sentence_bound_indices() {
            let trimmed = sentence.trim();
            if trimmed.is_empty() {
                continue;
            }
            let start = from + at + (sentence.len() - sentence.trim_start().len());
            let span = Span { start: BytePos::from_usize(start), end: BytePos::from_usize(start + trimmed.len()) };
            let goes_on = out.len() > first_of_paragraph
                && out
                    .last()
                    .is_some_and(|last| ends_in_abbreviation(&text[last.start.to_usize()..last.end.to_usize()]));
            match out.last_mut() {
                Some(last) if goes_on => last.end = span.end,
                _ => out.push(span),
            }
        }
    }
    out
}

fn ends_in_abbreviation(sentence: &str) -> bool {
    let Some(without_dot) = sentence.strip_suffix('.') else {
        return false;
    };
    let word = without_dot.rsplit(|c: char| !(c.is_alphanumeric() || c == '.')).next().unwrap_or_default();
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let is_dotted = word.contains('.') && word.split('.').all(|part| part.chars().count() == 1);
    is_initial || is_dotted || is_abbreviation(word)
}

/// Whether a word, without its dot, is one after which a sentence usually goes on.
pub(super) fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraph::paragraphs;

    fn split(text: &str) -> Vec<&str> {
        let found = sentences(text, paragraphs(text));
        found.into_iter().map(|s| &text[s.start.to_usize()..s.end.to_usize()]).collect()
    }

    #[test]
    fn sentences_end_at_full_stops_and_paragraphs() {
        assert_eq!(split("He came. She left.\nTitle\n\nIt rained."), ["He came.", "She left.", "Title", "It rained."]);
    }

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        assert_eq!(split("The U.S. Secretary spoke. Dr. Who left."), ["The U.S. Secretary spoke.", "Dr. Who left."]);
    }
}
