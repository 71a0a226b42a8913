//! How names and words are written in the index so that they are found whatever their capitals.

use unicode_segmentation::UnicodeSegmentation as _;

/// A name: in lower case, with single blanks.
pub fn name(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Words: in lower case, each with a blank on both sides, without what stands between them. Words within words are found
/// by looking for the one string in the other; signs of scripts without blanks are words of their own.
pub fn words(words: &str) -> String {
    let mut out = " ".to_owned();
    let end = |out: &mut String| {
        if !out.ends_with(' ') {
            out.push(' ');
        }
    };
    for c in words.to_lowercase().chars() {
        if !c.is_alphanumeric() {
            end(&mut out);
        } else if stands_alone(c) {
            end(&mut out);
            out.push(c);
            out.push(' ');
        } else {
            out.push(c);
        }
    }
    end(&mut out);
    out
}

/// Whether two of it side by side are two words.
fn stands_alone(c: char) -> bool {
    // All below are letters that words are made of.
    c >= '\u{0e00}' && [c, c].iter().collect::<String>().unicode_words().count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_found_in_others() {
        let has = |text: &str, word: &str| words(text).contains(&words(word));
        assert!(has("Armenia’s foreign minister", "ARMENIA"));
        assert!(has("the Foreign\n minister", "foreign minister"));
        assert!(!has("the Armenian minister", "Armenia"));
        assert!(has("亚美尼亚外长", "外长"));
        assert!(has("ÄRGER", "ärger"));
        assert_eq!(words("…"), " ");
        assert_eq!(name("  Anna\u{a0}  BERG "), "anna berg");
    }
}
