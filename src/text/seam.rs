//! Seams: places where a text may be parted and each part cut by itself, into the same tokens and sentences as the whole.
//!
//! The rules of Unicode Standard Annex 29 look as far back and ahead as a run of marks and spaces goes, and those of
//! [`super::token`] and [`super::sentence`] look back a word. A seam is where none of them can see across: before a letter
//! that begins a sentence beyond doubt. In Latin, Greek and Cyrillic that is a capital after a space after a full stop
//! after a word that is no abbreviation, in Chinese and Japanese an ideograph after an ideographic full stop. A text need
//! not have seams, and not every beginning of a sentence is one.

use super::sentence::is_abbreviation;

/// The longest word before a full stop that makes a seam, in bytes, with what stands before it.
const LONGEST_WORD: usize = 48;

/// The first seam in `from..to` (bytes; half open; both are clamped to the text).
pub fn first(text: &str, from: usize, to: usize) -> Option<usize> {
    (from..to.min(text.len())).find(|at| is_seam(text, *at))
}

/// The last seam in `from..to` (bytes; half open; both are clamped to the text).
pub fn last(text: &str, from: usize, to: usize) -> Option<usize> {
    (from..to.min(text.len())).rev().find(|at| is_seam(text, *at))
}

/// Whether a seam lies before the byte `at`.
fn is_seam(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    // Nearly all places are told apart by one byte: the space, or the last one of an ideographic mark.
    match at.checked_sub(1).and_then(|before| bytes.get(before)) {
        Some(b' ') => begins_after_a_space(text, at),
        Some(0x82 | 0x81 | 0x9F) => begins_after_an_ideographic_mark(text, at),
        _ => false,
    }
}

fn begins_after_a_space(text: &str, at: usize) -> bool {
    let begins = text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase);
    let Some(before) = text.get(..at - 1).filter(|_| begins) else { return false };
    let sentence = before.strip_suffix(['"', '”', '’', '»', ')']).unwrap_or(before);
    let Some(words) = sentence.strip_suffix(['.', '!', '?']) else { return false };
    // An initial, `U.S.` and `Dr.` may go on; in `No.Dr.` a sentence ends within.
    let is_cased = |c: char| c.is_lowercase() || c.is_uppercase();
    let longest = words.get(words.ceil_char_boundary(words.len().saturating_sub(LONGEST_WORD))..).unwrap_or_default();
    let (before_word, word) = longest.split_at(longest.trim_end_matches(is_cased).len());
    before_word.ends_with(|c: char| c != '.') && word.chars().nth(1).is_some() && !is_abbreviation(word)
}

fn begins_after_an_ideographic_mark(text: &str, at: usize) -> bool {
    let (Some(before), Some(rest)) = (text.get(..at), text.get(at..)) else { return false };
    before.ends_with(['。', '！', '？']) && rest.chars().next().is_some_and(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraph::paragraphs;
    use crate::text::{Span, sentence, token};
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<usize> {
        (0..=text.len()).filter(|at| is_seam(text, *at)).collect()
    }

    #[test]
    fn a_seam_is_where_a_sentence_begins_beyond_doubt() {
        assert_eq!(all("He came. She left! It “rained.” Well? Yes"), [9, 19, 36, 42]);
        assert_eq!(all("Ответ дан. Нет ответа."), [19]);
        assert_eq!(all("他来了。她走了！好"), [12, 24]);
    }

    #[test]
    fn no_seam_where_a_sentence_may_go_on() {
        for text in [
            "",
            " A",
            ". A",
            "U.S. Army",
            "J. Doe",
            "Dr. Who",
            "vs. Them",
            "it came. and",
            "He came.  She",
            "He came.\u{301} She",
            "he 12. May",
            "so... Then",
            "He came.\nShe",
            "。\u{301}她",
            "。 她",
        ] {
            assert_eq!(all(text), [0; 0], "{text:?}");
        }
    }

    #[test]
    fn the_first_and_the_last() {
        let text = "He came. She left. It rained.";
        assert_eq!(first(text, 0, 100), Some(9));
        assert_eq!(first(text, 10, 100), Some(19));
        assert_eq!(first(text, 10, 19), None);
        assert_eq!(last(text, 0, 100), Some(19));
        assert_eq!(last(text, 0, 19), Some(9));
        assert_eq!(last(text, 10, 19), None);
    }

    proptest! {
        /// Parted at every seam, a text is cut as it is as a whole.
        #[test]
        fn seams_change_nothing(words in prop::collection::vec(
            prop_oneof![
                "[a-zA-Zß]{1,3}", "[ .!?]{1,2}", "[\"”’)»“(]", Just(". A".to_owned()), Just("it. He".to_owned()),
                Just("Dr. ".to_owned()), Just(" ".repeat(40)), Just("a.".to_owned() + &") ".repeat(40)), Just("al.” ".to_owned()), Just("U.S. ".to_owned()), "[,;:0-9\u{a0}\u{301}\u{200d}\u{ad}\u{2028}\u{85}\n\t-]",
                "[。！？她カא가й]", "\\PC",
            ],
            0..24,
        )) {
            let text = words.concat();
            let lines = paragraphs(&text);
            let (mut tokens, mut sentences) = (Vec::new(), Vec::new());
            let starts = [0].into_iter().chain(all(&text)).chain([text.len()]).collect::<Vec<_>>();
            for part in starts.windows(2) {
                let (from, to) = (part[0], part[1]);
                let moved = |span: Span| Span::of(span.start.0 + from as u32, span.end.0 + from as u32);
                tokens.extend(token::tokens(&text[from..to]).into_iter().map(moved));
                let inside = lines.iter().filter_map(|line| {
                    let (start, end) = (line.start.to_usize().max(from), line.end.to_usize().min(to));
                    (start <= end).then(|| Span::of(start as u32, end as u32))
                });
                sentences.extend(sentence::sentences(&text, inside));
            }
            prop_assert_eq!(tokens, token::tokens(&text));
            prop_assert_eq!(sentences, sentence::sentences(&text, lines.iter().copied()));
        }
    }
}
