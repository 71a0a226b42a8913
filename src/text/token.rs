//! Tokens: words, numbers and punctuation marks.
//!
//! Word boundaries of Unicode Standard Annex 29, without the white space, and with two additions that
//! news needs: dotted abbreviations keep their last dot (`U.S.`, `p.m.`), and a run of the same
//! punctuation mark is one token (`--`, `...`). The rule is fixed: exports count in these tokens.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{BytePos, Span};

/// The tokens of `text` in order.
pub fn tokens(text: &str) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(text.len() / 5);
    let mut previous = "";
    for (at, word) in text.split_word_bound_indices() {
        if word.chars().all(|c| c.is_whitespace() || c.is_control()) {
            previous = "";
            continue;
        }
        let (start, end) = (BytePos::from_usize(at), BytePos::from_usize(at + word.len()));
        match out.last_mut() {
            Some(last) if !previous.is_empty() && joins(previous, word) => last.end = end,
            _ => out.push(Span { start, end }),
        }
        previous = word;
    }
    out
}

/// Whether `word`, which follows `previous` without a gap, belongs to the same token.
fn joins(previous: &str, word: &str) -> bool {
    let is_mark = |w: &str| w.chars().all(|c| c.is_ascii_punctuation());
    (word == "." && is_dotted_abbreviation(previous)) || (previous == word && is_mark(word) && !is_quote(word))
}

fn is_quote(word: &str) -> bool {
    matches!(word, "\"" | "'" | "(" | ")" | "[" | "]")
}

/// `U.S`, `p.m`, `e.g`: single letters with dots between them.
fn is_dotted_abbreviation(word: &str) -> bool {
    let mut parts = word.split('.');
    word.contains('.') && parts.all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|t| &text[t.start.to_usize()..t.end.to_usize()]).collect()
    }

    #[test]
    fn words_numbers_and_marks() {
        assert_eq!(split("Anna (42) met 1.5 Bobs!"), ["Anna", "(", "42", ")", "met", "1.5", "Bobs", "!"]);
        assert_eq!(split("another’s \"so\""), ["another’s", "\"", "so", "\""]);
    }

    #[test]
    fn abbreviations_keep_their_dot() {
        assert_eq!(split("U.S.-hosted at 5 p.m."), ["U.S.", "-", "hosted", "at", "5", "p.m."]);
        assert_eq!(split("It ended."), ["It", "ended", "."]);
    }

    #[test]
    fn runs_of_a_mark_are_one_token() {
        assert_eq!(split("Karabakh -- in"), ["Karabakh", "--", "in"]);
        assert_eq!(split("so...\"\""), ["so", "...", "\"", "\""]);
    }

    #[test]
    fn cjk_and_emoji() {
        assert_eq!(split("😀 北京"), ["😀", "北", "京"]);
    }

    proptest::proptest! {
        /// Tokens are sorted, do not overlap, hold no white space at their edges and miss no letter.
        #[test]
        fn tokens_cover_all_but_white_space(text in "[a-zA-ZéÅ.,'\" \r\n\u{a0}😀-]{0,80}") {
            let found = tokens(&text);
            let mut end = 0;
            for token in &found {
                let gap = &text[end..token.start.to_usize()];
                proptest::prop_assert!(gap.chars().all(|c| c.is_whitespace() || c.is_control()));
                proptest::prop_assert!(!token.is_empty());
                end = token.end.to_usize();
            }
            proptest::prop_assert!(text[end..].chars().all(|c| c.is_whitespace() || c.is_control()));
        }
    }
}
