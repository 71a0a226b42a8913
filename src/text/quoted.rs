//! Words of the text as they are cited on the screen.

/// Marks with which a quotation may begin.
const MARKS: &[char] = &['"', '\'', '“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '‹', '›', '「', '『'];

/// In quotation marks, unless the words bring their own: what was said mostly does.
pub fn quoted(words: &str) -> String {
    if words.starts_with(MARKS) { words.to_owned() } else { format!("“{words}”") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks_are_not_doubled() {
        assert_eq!(quoted("Anna"), "“Anna”");
        for words in ["\"We agreed\"", "“We agreed,”", "„Ja“", "« Oui »"] {
            assert_eq!(quoted(words), words);
        }
    }
}
