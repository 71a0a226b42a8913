//! CoNLL-U and CoNLL-U Plus: ten columns with tabs between, the tags of mentions in the last as `NER=B-Person`.
//!
//! Overlapping mentions have keys of their own (`NER2`), outer ones first. The text is held to the letter: white space
//! other than one blank is in `SpacesAfter`, positions in code points are in `TokenRange`. What is known of the document is
//! in remarks `# meta::title = …`; its hash is there, too, so that a changed text is noticed. In CoNLL-U Plus the outer
//! tags have a column of their own. Of treebanks that others made, words and tags are read (also from `name=` and `NE=`).

mod misc;
mod read;
mod rows;
mod write;

use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
    decode,
};
use crate::model::{Document, Problem};

/// See the module.
pub struct ConllU;

/// What remarks about the document begin with.
const META: &str = "meta::";
/// The columns of CoNLL-U Plus as they are written.
const PLUS: &str = "ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC PARSEME:NE";

const HOLDS: Holds = Holds { mentions: true, overlaps: true, same_words: true, metadata: true, ..Holds::TEXT };

const INFO: Info = Info {
    id: "conllu",
    name: "CoNLL-U, entities in MISC",
    extensions: &["conllu", "conllup"],
    reads: true,
    writes: true,
    joins: Joins::Appended,
    holds: HOLDS,
    unit: Unit::Tokens,
    options: &[
        OptionInfo {
            name: "overlaps",
            help: "overlapping mentions: all, with keys NER, NER2, or only the longer or shorter",
            values: &["layers", "longest", "shortest"],
        },
        OptionInfo {
            name: "form",
            help: "CoNLL-U, or CoNLL-U Plus with a column of tags",
            values: &["conllu", "plus"],
        },
    ],
};

/// Whether a line is a word of CoNLL-U.
fn is_row(line: &str) -> bool {
    let mut cells = line.split('\t');
    let is_number = cells.next().is_some_and(|id| {
        let mut parts = id.split(['-', '.']);
        parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    });
    is_number && cells.count() >= 9
}

impl Format for ConllU {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let head = bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default();
        let valid = std::str::from_utf8(head).map_or_else(|error| error.valid_up_to(), str::len);
        let head = head.get(..valid).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or_default();
        let mut lines = head.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim().is_empty());
        let Some(first) = lines.clone().next() else { return Likeness::No };
        if first.starts_with("# global.columns") {
            return Likeness::Yes;
        }
        let is_ours = first.starts_with("# newdoc") && lines.clone().any(|l| l.starts_with("# meta::sha256"));
        match lines.find(|line| !line.starts_with('#')) {
            Some(row) if is_row(row) => Likeness::Yes,
            None if is_ours => Likeness::Yes,
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
        let extension = if options.get(&INFO, "form") == "plus" { "conllup" } else { "conllu" };
        let bytes: String = documents.iter().map(|named| write::document(named, options)).collect();
        Ok(vec![OutputFile { name: format!("{name}.{extension}").into(), bytes: bytes.into_bytes() }])
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        write::losses(document, options)
    }
}

#[cfg(test)]
mod tests;
