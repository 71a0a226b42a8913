//! `LitBank`: lines divided by tabs, of which the first cell says what they are; positions are sentence and token. The text
//! is beside the lines, one sentence a line, tokens divided by blanks.
//!
//! What its layers share is here: the tokens, the lines, and the words at two tokens. What the lines of a layer mean is
//! in its own file.

mod coref;
mod quotations;

pub use coref::LitbankCoref;
pub use quotations::LitbankQuotes;

use std::path::Path;

use super::build::Builder;
use super::{EncodingInfo, Input, Read, decode, quotes};
use crate::model::Problem;
use crate::text::Span;

/// The tokens of each line, in bytes.
fn tokens(text: &str) -> Vec<Vec<Span>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let mut found = Vec::new();
        let mut at = start;
        for part in line.split(char::is_whitespace) {
            // The text is checked to fit when it is read.
            let (a, b) = (u32::try_from(at).unwrap_or(u32::MAX), u32::try_from(at + part.len()).unwrap_or(u32::MAX));
            if a < b {
                found.push(Span::of(a, b));
            }
            let after = line.get(at - start + part.len()..).and_then(|rest| rest.chars().next());
            at += part.len() + after.map_or(0, char::len_utf8);
        }
        lines.push(found);
        start += line.len() + 1;
    }
    lines
}

/// A file that is being read.
struct Opened {
    builder: Builder,
    tokens: Vec<Vec<Span>>,
    encoding: EncodingInfo,
}

/// The lines of the file and the document of the text beside it.
fn open(format: &str, input: &Input<'_>) -> Result<(String, Opened), Vec<Problem>> {
    // A layer of which a text has nothing is an empty file.
    let source = match input.bytes {
        [] => String::new(),
        bytes => decode::decode_strict(bytes).map_err(|problem| vec![*problem])?,
    };
    let path = input.path.unwrap_or(Path::new("")).with_extension("txt");
    let (text, encoding) = quotes::text_beside(input, &path)?;
    let tokens = tokens(text.as_str());
    Ok((source, Opened { builder: Builder::new(format, text, Some(&encoding)), tokens, encoding }))
}

/// The cells of each line that has any, with its number.
fn lines(source: &str) -> Vec<(usize, Vec<&str>)> {
    let all = source.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    all.map(|(n, line)| (n + 1, line.split('\t').collect())).collect()
}

impl Opened {
    /// From the first token to the last, which is in it: sentence and token of each, from 0. `None`, with a problem at this
    /// line, if there are no such tokens, or the words are not those of the line.
    fn span(&mut self, cells: [&str; 4], words: Option<&str>, line: usize) -> Option<Span> {
        let at = Some(line);
        let numbers: Option<Vec<usize>> = cells.into_iter().map(|cell| cell.trim().parse().ok()).collect();
        let Some(&[a, b, c, d]) = numbers.as_deref() else {
            let message = "sentences and tokens are not all numbers";
            self.builder.refuse("line-syntax", message, "correct this line in a text editor", at);
            return None;
        };
        let token = |sentence: usize, token: usize| self.tokens.get(sentence).and_then(|all| all.get(token)).copied();
        let (Some(first), Some(last)) = (token(a, b), token(c, d)) else {
            let message = format!("there is no token {b} in sentence {a} of the text, or {d} in {c}");
            let hint = "sentences and tokens count from 0; the file may belong to another text";
            self.builder.refuse("bad-offset", message, hint, at);
            return None;
        };
        if first.start > last.start {
            self.builder.refuse("bad-offset", "the words run backwards", "correct the tokens of this line", at);
            return None;
        }
        let span = Span::new(first.start, last.end);
        if let Some(words) = words {
            self.builder.expect_words(&[span], words, at);
        }
        Some(span)
    }

    /// Says that a line has too few cells.
    fn too_short(&mut self, of: &str, needs: &str, line: usize) {
        let message = format!("the line of {of} is too short");
        self.builder.refuse("line-syntax", message, format!("it needs {needs}"), Some(line));
    }

    /// Says that a line is of no kind that this layer has.
    fn unknown(&mut self, kind: &str, known: &str, line: usize) {
        let message = format!("lines {kind:?} are not known; the line is left out");
        self.builder.warn("unknown-line", message, format!("there are {known}"), Some(line));
    }

    /// Says that an id is used twice.
    fn twice(&mut self, id: &str, line: usize) {
        let message = format!("the id {id} is used twice");
        self.builder.refuse("duplicate-id", message, "give each annotation its own id", Some(line));
    }

    /// Says that nothing in the file has this id.
    fn nowhere(&mut self, id: &str, line: usize) {
        let message = format!("the line is about {id}, which is not in the file");
        self.builder.refuse("unknown-reference", message, "correct the id, or remove the line", Some(line));
    }

    fn finish(self) -> Result<Vec<Read>, Vec<Problem>> {
        let mut read = self.builder.finish(None)?;
        read.problems.extend(self.encoding.problems());
        read.encoding = Some(self.encoding);
        Ok(vec![read])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::{Companions, Format};

    /// A text as `x.txt` beside the file that is read.
    pub struct Beside<'a>(pub &'a str);

    impl Companions for Beside<'_> {
        fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
            if path == Path::new("x.txt") { Ok(self.0.into()) } else { Err(std::io::ErrorKind::NotFound.into()) }
        }
    }

    pub fn read(format: &dyn Format, file: &[u8], text: &str) -> Result<Read, Vec<Problem>> {
        let input = Input { path: Some(Path::new("x.ann")), companions: &Beside(text), ..Input::of_bytes(file) };
        format.read(&input).map(|mut read| read.remove(0))
    }

    proptest! {
        #[test]
        fn tokens_are_the_words_of_every_line(text in "[a😀 \n\r\u{2003}\t]{0,20}") {
            let words = |line: &Vec<Span>| -> Vec<&str> {
                line.iter().map(|span| &text[span.start.to_usize()..span.end.to_usize()]).collect()
            };
            let found: Vec<Vec<&str>> = tokens(&text).iter().map(words).collect();
            let expected: Vec<Vec<&str>> = text.split('\n').map(|line| line.split_whitespace().collect()).collect();
            prop_assert_eq!(found, expected);
        }

        /// What a line says of any two tokens is read as the words from one to the other, in both layers.
        #[test]
        fn words_are_those_from_token_to_token(
            text in "[ab😀é\"“]{1,3}([ \u{2003}\n]{1,2}[ab😀é\"“]{1,3}){0,8}\n?",
            picks in any::<(prop::sample::Index, prop::sample::Index)>(),
        ) {
            let sentences: Vec<&str> = text.split('\n').collect();
            let all: Vec<(usize, usize)> = sentences.iter().enumerate()
                .flat_map(|(s, line)| (0..line.split_whitespace().count()).map(move |t| (s, t))).collect();
            let (a, b) = (picks.0.index(all.len()), picks.1.index(all.len()));
            let (from, to) = (all[a.min(b)], all[a.max(b)]);
            let tokens: Vec<&str> = text.split_whitespace().collect();
            let words = tokens[a.min(b)..=a.max(b)].join(" ");
            let place = format!("{}\t{}\t{}\t{}\t{words}", from.0, from.1, to.0, to.1);
            let quotes = read(&LitbankQuotes, format!("QUOTE\tQ1\t{place}\n").as_bytes(), &text).expect("a file");
            let coref = read(&LitbankCoref, format!("MENTION\tT1\t{place}\tPER\tNOM\n").as_bytes(), &text).expect("a file");
            let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            for document in [&quotes.document, &coref.document] {
                let id = document.quotes().keys().chain(document.mentions().keys()).next().expect("one");
                let found: Vec<&str> = document.spans_of(id).iter().map(|span| document.text().slice(*span)).collect();
                prop_assert_eq!(found.len(), 1);
                prop_assert_eq!(found[0].trim(), found[0]);
                prop_assert_eq!(squeeze(found[0]), words.as_str());
            }
        }
    }
}
