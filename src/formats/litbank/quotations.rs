//! Quotations: lines `QUOTE` with sentence and token of the first and the last token and the words, lines `ATTRIB` with the
//! speaker. Read only.
//!
//! Speakers are identifiers of characters (`Alice-1`), not words: they become fillers that are not in the text. All
//! quotations are direct speech.

use std::collections::BTreeMap;

use super::Opened;
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, losses,
    quotes,
};
use crate::model::{Document, Filler, Id, Problem};

/// See the module.
pub struct LitbankQuotes;

const NAME: &str = "LitBank quotations";
const HOLDS: Holds =
    Holds { attributes: false, notes: false, inside_tokens: false, discontinuity: false, ..quotes::QUOTES };

struct Reading {
    opened: Opened,
    quotes: BTreeMap<String, Id>,
}

impl Reading {
    fn quote(&mut self, cells: &[&str], line: usize) {
        let [id, a, b, c, d, words @ ..] = cells else {
            let needs = "an id, sentence and token of the first token and of the last, and words";
            return self.opened.too_short("a quotation", needs, line);
        };
        let Some(span) = self.opened.span([a, b, c, d], words.first().copied(), line) else { return };
        let quote = self.opened.builder.quote("direct", [span]);
        if self.quotes.insert((*id).to_owned(), quote).is_some() {
            self.opened.twice(id, line);
        }
    }

    fn speaker(&mut self, cells: &[&str], line: usize) {
        let [id, speaker, ..] = cells else {
            return self.opened.too_short("a speaker", "the id of a quotation and a speaker", line);
        };
        match self.quotes.get(*id).cloned() {
            Some(quote) => {
                self.opened.builder.argument(&quote, "Speaker", Filler::Implicit((*speaker).to_owned()));
            }
            None => self.opened.nowhere(id, line),
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
        let is_own = line.starts_with(b"QUOTE\t") && line.split(|b| *b == b'\t').count() > 5;
        if is_own { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let (source, opened) = super::open(self.info().id, input)?;
        let mut reading = Reading { opened, quotes: BTreeMap::new() };
        let lines = super::lines(&source);
        for (number, cells) in &lines {
            match cells.as_slice() {
                ["QUOTE", cells @ ..] => reading.quote(cells, *number),
                ["ATTRIB", ..] | [] => {}
                [other, ..] => reading.opened.unknown(other, "QUOTE and ATTRIB", *number),
            }
        }
        // Speakers may stand before their quotations.
        for (number, cells) in &lines {
            if let ["ATTRIB", cells @ ..] = cells.as_slice() {
                reading.speaker(cells, *number);
            }
        }
        reading.opened.finish()
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

    use super::super::tests::read;
    use super::*;

    const FILE: &str = "ATTRIB\tQ2\tAlice-1\nQUOTE\tQ1\t0\t0\t1\t1\t“ Oh 😀 dear ! ”\nQUOTE\tQ2\t1\t2\t1\t4\t“ No ”\n";
    const TEXT: &str = "“ Oh  😀\u{2003}dear\r\n! ” “ No ”\n";

    #[test]
    fn quotations_and_speakers_are_read() {
        let read = read(&LitbankQuotes, FILE.as_bytes(), TEXT).expect("a file");
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
            let file = FILE.replacen(from, to, 1);
            let problems = read(&LitbankQuotes, file.as_bytes(), TEXT).expect_err("refused");
            assert!(problems.iter().any(|p| (p.code, p.place.line) == (code, Some(line))), "{code} {problems:?}");
        }
    }

    proptest! {
        #[test]
        fn broken_files_never_panic(cut in 0..FILE.len(), at in 0..FILE.len(), byte in any::<u8>()) {
            let mut bytes = FILE.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = (LitbankQuotes.sniff(&bytes), read(&LitbankQuotes, &bytes, TEXT));
            bytes.truncate(cut);
            let _ = read(&LitbankQuotes, &bytes, TEXT);
        }
    }
}
