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

/// How far back from its end a sentence is looked at for an abbreviation, in bytes.
const LONGEST_ABBREVIATION: usize = 64;
/// So many spaces and closing marks after a full stop end a sentence, whatever follows, in characters. The rule that looks
/// for what follows (SB8) does so from each of them, as far as the next letter.
const MOST_AFTER_A_STOP: usize = 32;

/// The sentences of `text`, paragraph by paragraph, without white space at their edges.
pub fn sentences(text: &str, paragraphs: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for paragraph in paragraphs {
        let first_of_paragraph = out.len();
        for (at, sentence) in bounded(text, paragraph).flat_map(|part| {
            let from = part.start.to_usize();
            text[from..part.end.to_usize()]
                .split_sentence_bound_indices()
                .map(move |(at, sentence)| (from + at, sentence))
        }) {
            let trimmed = sentence.trim();
            if trimmed.is_empty() {
                continue;
            }
            let start = at + (sentence.len() - sentence.trim_start().len());
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

/// A paragraph in parts, within which no more than [`MOST_AFTER_A_STOP`] spaces and closing marks follow a full stop.
fn bounded(text: &str, paragraph: Span) -> impl Iterator<Item = Span> {
    let (mut from, to) = (paragraph.start.to_usize(), paragraph.end.to_usize());
    let mut is_through = false;
    std::iter::from_fn(move || {
        let rest = text.get(from..to).filter(|_| !is_through)?;
        let cut = first_long_gap(rest).map(|at| from + at);
        is_through = cut.is_none();
        let start = std::mem::replace(&mut from, cut.unwrap_or(to));
        Some(Span { start: BytePos::from_usize(start), end: BytePos::from_usize(from) })
    })
}

/// Where too many spaces and closing marks follow a full stop. Anything else that is seen ends the gap.
fn first_long_gap(text: &str) -> Option<usize> {
    let mut after_stop = None;
    for (at, c) in text.char_indices() {
        if matches!(c, '.' | '\u{2024}' | '\u{FE52}' | '\u{FF0E}') {
            after_stop = Some(0);
        } else if let Some(count) = after_stop {
            after_stop = match within_a_gap(c) {
                Gap::Counts if count == MOST_AFTER_A_STOP => return Some(at),
                Gap::Counts => Some(count + 1),
                Gap::IsNotSeen => Some(count),
                Gap::Ends => None,
            };
        }
    }
    None
}

/// What a character after a full stop is for the rules of sentences.
enum Gap {
    /// A space or a closing mark.
    Counts,
    /// A mark on the one before it, or one that nobody sees.
    IsNotSeen,
    Ends,
}

fn within_a_gap(c: char) -> Gap {
    if c.is_ascii() {
        let counts = matches!(c, ' ' | '\t' | '\x0b' | '\x0c' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'');
        return if counts { Gap::Counts } else { Gap::Ends };
    }
    // The tables are the library's own; what it does tells what they say.
    let parts = |before: &str, after: &str| {
        let all = [before, c.encode_utf8(&mut [0; 4]), after].concat();
        let last = all.split_sentence_bounds().last().map(str::len);
        (all.split_sentence_bounds().count(), last)
    };
    let goes_on = parts("!", "A") == (2, Some(1)) && parts("A", " A").0 == 1;
    if !goes_on {
        Gap::Ends
    } else if parts("A! ", "").0 == 1 && !c.is_whitespace() {
        Gap::IsNotSeen
    } else {
        Gap::Counts
    }
}

fn ends_in_abbreviation(sentence: &str) -> bool {
    let Some(without_dot) = sentence.strip_suffix('.') else {
        return false;
    };
    let near = without_dot.ceil_char_boundary(without_dot.len().saturating_sub(LONGEST_ABBREVIATION));
    let word = without_dot[near..].rsplit(|c: char| !(c.is_alphanumeric() || c == '.')).next().unwrap_or_default();
    if near > 0 && word.len() == without_dot.len() - near {
        return false;
    }
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
    fn a_sentence_goes_on_after_a_small_gap_only() {
        let gap = |length: usize| split(&format!("He came.{}and left.", " ".repeat(length))).len();
        assert_eq!((gap(1), gap(MOST_AFTER_A_STOP), gap(MOST_AFTER_A_STOP + 1), gap(500)), (1, 1, 2, 2));
        assert_eq!(split(&format!("It is 3.{} long.", "14".repeat(300))).len(), 1, "a number is no gap");
        for line in ["_", "-", "👨\u{200d}👩\u{200d}👧 ", "\u{301}", "\u{ad}"] {
            assert_eq!(split(&format!("Sign here. {} date", line.repeat(60))).len(), 1, "nor is {line:?}");
        }
        assert_eq!(split(&format!("Dr.{}Who left.", " ".repeat(100))).len(), 1, "an abbreviation is one");
    }

    /// What looks ahead or back must not do so for each character of a long run: each of these took minutes.
    #[test]
    fn long_runs_are_cut_in_a_moment() {
        let long = |repeated: &str| repeated.repeat(300_000 / repeated.len());
        for text in [
            format!("He came.{}and left.", long(" ")),
            format!("He came.{}and left.", long(")")),
            format!("He came.{}", long(" \u{301}")),
            format!("He came.{}", long(")\u{102B}")),
            format!("He came.{}", long(" \u{ad}")),
            long("A.她."),
            long("A."),
            long("A. "),
            long("Dr. "),
            long("."),
        ] {
            assert!(!split(&text).is_empty());
        }
    }

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        assert_eq!(split("The U.S. Secretary spoke. Dr. Who left."), ["The U.S. Secretary spoke.", "Dr. Who left."]);
    }
}
