//! Columns as in CoNLL-2003: a word a line with its tag, an empty line after each sentence, `-DOCSTART-` before each document.
//!
//! Written are two columns with a tab between, or the four of CoNLL-2003; overlapping mentions in one column of tags each,
//! or only the longer or the shorter ones. Read is what is about: any number of columns with blanks, tabs or `|` between,
//! numbered words, tags before the words, several columns of tags, remarks after `#`. Which column is which is found from
//! the rows. Such files have no text: it is put together from the words, and that is said.

mod layout;
mod read;
mod write;

use super::tags::Scheme;
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
    decode,
};
use crate::model::{Document, Problem};

/// See the module.
pub struct Conll;

const HOLDS: Holds = Holds { text: false, mentions: true, ..Holds::TEXT };

const INFO: Info = Info {
    id: "conll",
    name: "CoNLL-2003 / BIO columns",
    extensions: &["conll", "bio", "iob", "iob2", "bioes", "bmes", "biluo", "tsv", "txt"],
    reads: true,
    writes: true,
    joins: Joins::Appended,
    holds: HOLDS,
    unit: Unit::Tokens,
    options: &[
        OptionInfo { name: "scheme", help: "how the place of a word in a mention is written", values: Scheme::NAMES },
        OptionInfo {
            name: "overlaps",
            help: "which of overlapping mentions are kept: the longer, the shorter, or all, in several columns",
            values: &["longest", "shortest", "columns"],
        },
        OptionInfo {
            name: "layout",
            help: "word and tag with a tab between, or four columns with blanks",
            values: &["tsv", "conll2003"],
        },
        OptionInfo {
            name: "tokens",
            help: "words as everywhere in the program, or what stands between blanks, one sentence a line",
            values: &["words", "blanks"],
        },
        OptionInfo { name: "docstart", help: "a line -DOCSTART- before each document", values: &["yes", "no"] },
    ],
};

impl Format for Conll {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        // Enough for a long article; a character that is cut off at the end does not matter.
        let head = bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default();
        let valid = std::str::from_utf8(head).map_or_else(|error| error.valid_up_to(), str::len);
        let head = head.get(..valid).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or_default();
        let mut lines: Vec<&str> = head.trim_start_matches('\u{feff}').lines().collect();
        if bytes.len() > valid {
            lines.pop();
        }
        let has_mark = lines.first().is_some_and(|line| layout::is_mark(line));
        match layout::find(lines.iter().copied()) {
            Some(found) if found.is_tagged => Likeness::Yes,
            Some(_) if has_mark => Likeness::Yes,
            // A document without words.
            None if has_mark && lines.iter().all(|line| layout::is_mark(line) || line.trim().is_empty()) => {
                Likeness::Yes
            }
            _ => Likeness::No,
        }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let Some(label) = input.encoding else {
            return read::read(&decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?);
        };
        let decoded = decode::decode_as(input.bytes, label).map_err(|error| vec![error.problem()])?;
        let mut read = read::read(&decoded.text)?;
        for read in &mut read {
            read.problems.extend(decoded.info.problems());
            read.encoding = Some(decoded.info.clone());
        }
        Ok(read)
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        let bytes: String = documents.iter().map(|named| write::document(named.document, options)).collect();
        Ok(vec![OutputFile { name: format!("{name}.conll").into(), bytes: bytes.into_bytes() }])
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        write::losses(document, options)
    }
}

#[cfg(test)]
mod tests;
