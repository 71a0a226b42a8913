//! Quotations of LitBank: lines `QUOTE` with sentence and token of the first and the last token (which is in it) and the
//! words, lines `ATTRIB` with the speaker. The text is beside it, one sentence a line, tokens divided by blanks. Read only.
//!
//! Speakers are identifiers of characters (`Alice-1`), not words: they become fillers that are not in the text. All
//! quotations are direct speech.

use std::collections::BTreeMap;
use std::path::Path;

use crate::formats::build::Builder;
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, decode,
    losses,
};
use crate::model::{Document, Filler, Id, Problem};
use crate::text::Span;

/// See the module.
pub struct LitbankQuotes;

const NAME: &str = "LitBank quotations";
const HOLDS: Holds = Holds { attributes: false, notes: false, inside_tokens: false, ..super::QUOTES };

/// The tokens of each line.
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

struct Reading {
    builder: Builder,
    tokens: Vec<Vec<Span>>,
    quotes: BTreeMap<String, Id>,
}

impl Reading {
    fn quote(&mut self, cells: &[&str], number: usize) {
        let line = Some(number);
        let [id, a, b, c, d, words @ ..] = cells else {
            let hint = "it needs an id, sentence and token of the first token and of the last, and words";
            return self.builder.refuse("line-syntax", "the line of a quotation is too short", hint, line);
        };
        let numbers: Option<Vec<usize>> = [a, b, c, d].into_iter().map(|cell| cell.trim().parse().ok()).collect();
        let Some(&[a, b, c, d]) = numbers.as_deref() else {
            let message = "sentences and tokens are not all numbers";
            return self.builder.refuse("line-syntax", message, "correct this line in a text editor", line);
        };
        let token = |sentence: usize, token: usize| self.tokens.get(sentence).and_then(|all| all.get(token)).copied();
        let (Some(first), Some(last)) = (token(a, b), token(c, d)) else {
            let message = format!("there is no token {b} in line {a}, or {d} in line {c}, of the text");
            return self.builder.refuse("bad-offset", message, "the file may belong to another text", line);
        };
        if first.start > last.start {
            let message = format!("the quotation {id} runs backwards");
            return self.builder.refuse("bad-offset", message, "correct its tokens", line);
        }
        let span = Span::new(first.start, last.end);
        if let [words, ..] = words {
            self.builder.expect_words(&[span], words, line);
        }
        let quote = self.builder.quote("direct", [span]);
        if self.quotes.insert((*id).to_owned(), quote).is_some() {
            let message = format!("the id {id} is used twice");
            self.builder.refuse("duplicate-id", message, "give each quotation its own id", line);
        }
    }

    fn speaker(&mut self, cells: &[&str], number: usize) {
        let line = Some(number);
        let [id, speaker, ..] = cells else {
            let message = "the line of a speaker is too short";
            return self.builder.refuse("line-syntax", message, "it needs an id and a speaker", line);
        };
        match self.quotes.get(*id).cloned() {
            Some(quote) => self.builder.argument(&quote, "Speaker", Filler::Implicit((*speaker).to_owned())),
            None => {
                let message = format!("the speaker is of {id}, which is not in the file");
                self.builder.refuse("unknown-reference", message, "correct the id, or remove the line", line);
            }
        }
    }
}

impl Format for LitbankQuotes {
    fn info(&self) -> Info {
        Info {
            id: "litbank-quotes",
            name: NAME,
            extensions: &["ann", "tsv"],
            reads: true,
            writes: false,
            joins: Joins::Apart,
            holds: HOLDS,
            unit: Unit::Tokens,
            options: &[],
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let line = bytes.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
        let is_own = line.starts_with(b"QUOTE\t") && line.iter().filter(|b| **b == b'\t').count() >= 5;
        if is_own { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = match input.bytes {
            [] => String::new(),
            bytes => decode::decode_strict(bytes).map_err(|problem| vec![*problem])?,
        };
        let path = input.path.unwrap_or(Path::new("")).with_extension("txt");
        let (text, encoding) = super::text_beside(input, &path)?;
        let tokens = tokens(text.as_str());
        let builder = Builder::new(self.info().id, text, Some(&encoding));
        let mut reading = Reading { builder, tokens, quotes: BTreeMap::new() };
        let lines: Vec<(usize, Vec<&str>)> =
            source.lines().enumerate().map(|(n, line)| (n + 1, line.split('\t').collect())).collect();
        for (number, cells) in &lines {
            match cells.as_slice() {
                ["QUOTE", cells @ ..] => reading.quote(cells, *number),
                ["ATTRIB", ..] => {}
                [line] if line.trim().is_empty() => {}
                [other, ..] => {
                    let message = format!("lines {other:?} are not known; the line is left out");
                    reading.builder.warn("unknown-line", message, "there are QUOTE and ATTRIB", Some(*number));
                }
                [] => {}
            }
        }
        // Speakers may stand before their quotations.
        for (number, cells) in &lines {
            if let ["ATTRIB", cells @ ..] = cells.as_slice() {
                reading.speaker(cells, *number);
            }
        }
        let mut read = reading.builder.finish(None)?;
        read.problems.extend(encoding.problems());
        read.encoding = Some(encoding);
        Ok(vec![read])
    }

    fn write(&self, _documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        Err(WriteError::ReadOnly(NAME))
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::that_follow(document, &HOLDS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::Companions;

    const FILE: &str = "ATTRIB\tQ2\tAlice-1\nQUOTE\tQ1\t0\t0\t1\t1\t“ Oh 😀 dear ! ”\nQUOTE\tQ2\t1\t2\t1\t4\t“ No ”\n";

    struct Beside;

    impl Companions for Beside {
        fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
            if path == Path::new("x.txt") {
                Ok("“ Oh  😀\u{2003}dear\r\n! ” “ No ”\n".into())
            } else {
                Err(std::io::ErrorKind::NotFound.into())
            }
        }
    }

    fn read(file: &[u8]) -> Result<Read, Vec<Problem>> {
        let input = Input { path: Some(Path::new("x.ann")), bytes: file, encoding: None, companions: &Beside };
        LitbankQuotes.read(&input).map(|mut read| read.remove(0))
    }

    #[test]
    fn quotations_and_speakers_are_read() {
        let read = read(FILE.as_bytes()).expect("a file");
        let quotes: Vec<_> = read.document.quotes().values().collect();
        assert_eq!((quotes[0].speaker.clone(), quotes[0].kind.as_str()), (None, "direct"));
        assert_eq!(quotes[1].speaker, Some(Filler::Implicit("Alice-1".into())));
        assert_eq!(read.problems, []);
        assert_eq!(LitbankQuotes.sniff(b"QUOTE\tQ1\t0\t0\t1\t1\tx"), Likeness::Yes);
        assert_eq!(LitbankQuotes.sniff(b"T1\tQUOTE 0 1\tx"), Likeness::No);
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_line() {
        for (from, to, code, line) in [
            ("1\t4", "1\t40", "bad-offset", 3),
            ("1\t2\t1\t4", "1\t4\t1\t2", "bad-offset", 3),
            ("“ No", "“ Yes", "words-differ", 3),
            ("QUOTE\tQ2", "QUOTE\tQ1", "duplicate-id", 3),
            ("ATTRIB\tQ2", "ATTRIB\tQ7", "unknown-reference", 1),
            ("1\t2\t1\t4", "1\t-2\t1\t4", "line-syntax", 3),
            ("ATTRIB\tQ2\tAlice-1", "ATTRIB\tQ2", "line-syntax", 1),
        ] {
            let problems = read(FILE.replacen(from, to, 1).as_bytes()).expect_err("refused");
            assert!(problems.iter().any(|p| (p.code, p.place.line) == (code, Some(line))), "{code} {problems:?}");
        }
    }

    proptest! {
        #[test]
        fn broken_files_never_panic(cut in 0..FILE.len(), at in 0..FILE.len(), byte in any::<u8>()) {
            let mut bytes = FILE.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = (LitbankQuotes.sniff(&bytes), read(&bytes));
            bytes.truncate(cut);
            let _ = read(&bytes);
        }

        #[test]
        fn tokens_are_the_words_of_every_line(text in "[a😀 \n\r\u{2003}\t]{0,20}") {
            let found: Vec<Vec<&str>> = tokens(&text).iter().map(|line| line.iter().map(|s| &text[s.start.to_usize()..s.end.to_usize()]).collect()).collect();
            let expected: Vec<Vec<&str>> = text.split('\n').map(|line| line.split_whitespace().collect()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
