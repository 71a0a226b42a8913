//! Cuts a native file that lies on lines as this program lays it: all but the long lists, and the lists in pieces of
//! whole lines.
//!
//! Knows the layout, nothing of what the fields mean. What it cuts is right only if every piece then reads as a list of
//! its kind, in which no string goes over a line end; a file of any other layout is not cut, and is read as a whole.

use super::tree::Language;

/// The lists that may be long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    Entities,
    Mentions,
    Events,
    Quotes,
    Relations,
}

impl List {
    /// Its name in the file.
    pub fn name(self) -> &'static str {
        LISTS.iter().find(|(list, _)| *list == self).map_or("", |(_, name)| name)
    }
}

const LISTS: [(List, &str); 5] = [
    (List::Entities, "entities"),
    (List::Mentions, "mentions"),
    (List::Events, "events"),
    (List::Quotes, "quotes"),
    (List::Relations, "relations"),
];

/// About so many bytes are a piece.
const PIECE: usize = 256 * 1024;

/// A file in pieces.
#[derive(Debug, PartialEq, Eq)]
pub struct Pieces<'a> {
    /// The file with its lists empty.
    pub shell: String,
    /// Whole lines of the lists, in order.
    pub pieces: Vec<Piece<'a>>,
}

/// Some lines of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Of which list.
    pub list: List,
    /// One annotation a line, each with a line end.
    pub lines: &'a str,
    /// Whether it ends the list.
    pub is_last: bool,
}

/// Cuts a file in pieces of about `PIECE` bytes; `None` if it does not lie so, or if a line of the shell is not closed.
pub fn cut(source: &str, language: Language) -> Option<Pieces<'_>> {
    cut_to(source, language, PIECE)
}

fn cut_to(source: &str, language: Language, size: usize) -> Option<Pieces<'_>> {
    let mut shell = String::new();
    let mut pieces = Vec::new();
    let mut rest = source;
    while !rest.is_empty() {
        let (line, after) = line_of(rest);
        if !is_closed(line, language) {
            return None;
        }
        shell.push_str(line);
        rest = after;
        if let Some(list) = list_begun(line, language) {
            let end = match language {
                Language::Ron => "\n    ]",
                Language::Json => "\n  ]",
            };
            let is_empty = rest.starts_with(end.trim_start_matches('\n'));
            // The line end before the bracket is that of the last line of the list.
            let length = if is_empty { 0 } else { rest.find(end)? + 1 };
            let (lines, after) = rest.split_at_checked(length)?;
            push_pieces(&mut pieces, list, lines, size)?;
            rest = after;
        }
    }
    Some(Pieces { shell, pieces })
}

fn push_pieces<'a>(pieces: &mut Vec<Piece<'a>>, list: List, mut lines: &'a str, size: usize) -> Option<()> {
    while !lines.is_empty() {
        let from = lines.ceil_char_boundary(size.min(lines.len()));
        let length = lines.get(from..)?.find('\n').map_or(lines.len(), |at| from + at + 1);
        let (piece, after) = lines.split_at_checked(length)?;
        pieces.push(Piece { list, lines: piece, is_last: after.is_empty() });
        lines = after;
    }
    Some(())
}

/// The first line with its end, and what follows.
fn line_of(text: &str) -> (&str, &str) {
    text.split_at(text.find('\n').map_or(text.len(), |at| at + 1))
}

/// The list that begins on this line and goes on below.
fn list_begun(line: &str, language: Language) -> Option<List> {
    let is_name = |(_, name): &&(List, &str)| match language {
        Language::Ron => line.strip_prefix("    ").and_then(|rest| rest.strip_prefix(*name)) == Some(": [\n"),
        Language::Json => line.strip_prefix("  \"").and_then(|rest| rest.strip_prefix(*name)) == Some("\": [\n"),
    };
    LISTS.iter().find(is_name).map(|(list, _)| *list)
}

/// Whether a string that begins on this line ends on it too, and nothing else on it could reach beyond. If this holds of
/// all lines of a file, no line begins inside a string.
fn is_closed(line: &str, language: Language) -> bool {
    if language == Language::Json {
        // A line end inside a string is an error there.
        return true;
    }
    let bytes = line.as_bytes();
    let mut at = 0;
    let mut before = b' ';
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            // Raw strings, characters, comments, attributes.
            b'"' if before == b'r' => return false,
            b'#' | b'\'' | b'/' => return false,
            b'"' => match end_of_string(bytes.get(at..).unwrap_or_default()) {
                Some(length) => at += length,
                None => return false,
            },
            _ => {}
        }
        before = *byte;
    }
    true
}

/// How many bytes there are up to the closing quotation mark, that included. An escape never spans a quotation mark but
/// by its backslash.
fn end_of_string(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let next = bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        at += next + 1;
        match bytes.get(at - 1) {
            Some(b'"') => return Some(at),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RON: &str =
        "(\n    a: \"x\",\n    mentions: [\n        (1),\n        (2),\n        (3),\n    ],\n    b: [],\n)\n";

    #[test]
    fn lists_are_taken_out_by_whole_lines() {
        let cut = cut_to(RON, Language::Ron, 3).expect("lies on lines");
        assert_eq!(cut.shell, "(\n    a: \"x\",\n    mentions: [\n    ],\n    b: [],\n)\n");
        let piece = |lines, is_last| Piece { list: List::Mentions, lines, is_last };
        let expected = [("        (1),\n", false), ("        (2),\n", false), ("        (3),\n", true)];
        assert_eq!(cut.pieces, expected.map(|(lines, is_last)| piece(lines, is_last)));
        let json = "{\n  \"events\": [\n    {},\n    {}\n  ],\n  \"quotes\": []\n}\n";
        let cut = cut_to(json, Language::Json, 1000).expect("lies on lines");
        assert_eq!(cut.shell, "{\n  \"events\": [\n  ],\n  \"quotes\": []\n}\n");
        assert_eq!(cut.pieces, [Piece { list: List::Events, lines: "    {},\n    {}\n", is_last: true }]);
    }

    #[test]
    fn what_may_reach_over_a_line_end_is_not_cut() {
        for line in ["text: \"a\n", "text: r\"a\"\n", "x: r#\"\n", "/* \n", "// \"\n", "x: '\"'\n", "\"a\\\"\n", "\"\\"]
        {
            assert!(!is_closed(line, Language::Ron), "{line:?}");
        }
        for line in ["text: \"a\"\n", "\"\\\\\", \"\\\"\"\n", "(), [], 1\n", "\"r\", 'x\""] {
            assert_eq!(is_closed(line, Language::Ron), !line.contains('\''), "{line:?}");
        }
        assert_eq!(cut("(\n    mentions: [\n        (),\n", Language::Ron), None, "the list does not end");
    }

    proptest! {
        /// Shell and pieces hold every line once and in order.
        #[test]
        fn nothing_is_lost(lines in prop::collection::vec("        \\([a-z\" ]{0,12}\\),", 0..12), size in 1usize..40) {
            let body = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>();
            let source = format!("(\n    mentions: [\n{body}    ],\n)\n");
            let cut = cut_to(&source, Language::Ron, size).expect("lies on lines");
            prop_assert_eq!(cut.pieces.iter().map(|piece| piece.lines).collect::<String>(), body);
            prop_assert_eq!(cut.shell, "(\n    mentions: [\n    ],\n)\n");
        }
    }
}
