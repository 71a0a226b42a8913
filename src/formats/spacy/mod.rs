//! spaCy's `DocBin` (`.spacy`), the training data of spaCy 3: documents as tokens, written and read without Python.
//!
//! What is written:
//!
//! - tokens are those of the program; all white space but one blank after a token is a token of its own, since spaCy's text is
//!   its tokens. With `tokens=exact` words are also divided where mentions begin and end, and no end is moved;
//! - `ents` (for `ner`) are mentions that do not overlap; the span group `sc` (for `spancat`) has all, or the rest;
//! - the entity of a mention is its `ent_id`, the entity's link the `kb_id`. Names do not fit; they are told as lost;
//! - labels of the document are categories `name:value` (for `textcat_multilabel`): 1 if the document has it, 0 if only another
//!   document of the file has it.
//!
//! One file holds several documents, of which spaCy's text does not tell the names. `strings` knows how texts become numbers,
//! `packed` the bytes, `words` the tokens; `read` and `write` stand between these and the model.

#![expect(clippy::zero_sized_map_values, reason = "maps of the file whose values nobody needs")]

mod packed;
mod read;
mod strings;
mod words;
mod write;

use super::align::Overlaps;
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
};
use crate::model::{Document, Problem};

/// See the module.
pub struct Spacy;

const HOLDS: Holds = Holds { mentions: true, overlaps: true, same_words: true, entities: true, ..Holds::TEXT };

const INFO: Info = Info {
    id: "spacy",
    name: "spaCy DocBin",
    extensions: &["spacy"],
    reads: true,
    writes: true,
    joins: Joins::Whole,
    holds: HOLDS,
    unit: Unit::Tokens,
    options: &[
        OptionInfo {
            name: "ents",
            help: "which of overlapping mentions are ents: the longest or the shortest; or no ents",
            values: &["longest", "shortest", "none"],
        },
        OptionInfo {
            name: "spans",
            help: "which mentions are in the span group: all, those that are no ents, or none",
            values: &["all", "rest", "none"],
        },
        OptionInfo { name: "group", help: "name of the span group, sc if none is given", values: &[] },
        OptionInfo {
            name: "tokens",
            help: "words, to which ends of mentions are moved; or words divided at the ends of mentions",
            values: &["words", "exact"],
        },
    ],
};

/// The span group that `spancat` learns from if nothing else is said.
const GROUP: &str = "sc";
/// The name of labels of a document that have none in the file.
const CATEGORY: &str = "category";

/// Numbers of the attributes of tokens that are read or written.
mod attribute {
    /// The words themselves.
    pub const ORTH: u64 = 65;
    /// The words in another form; follows from them.
    pub const NORM: u64 = 67;
    /// Where ents begin and go on.
    pub const ENT_IOB: u64 = 77;
    pub const ENT_TYPE: u64 = 78;
    /// Where sentences begin.
    pub const SENT_START: u64 = 80;
    /// Whether a blank follows; stands elsewhere in the file.
    pub const SPACY: u64 = 81;
    pub const ENT_KB_ID: u64 = 452;
    pub const ENT_ID: u64 = 454;
}

/// Which mentions are in the span group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InGroup {
    All,
    Rest,
    None,
}

/// What was chosen.
#[derive(Clone, Copy, Debug)]
struct Choices<'a> {
    ents: Option<Overlaps>,
    spans: InGroup,
    group: &'a str,
    is_exact: bool,
}

impl<'a> Choices<'a> {
    fn of(options: &'a Options) -> Self {
        Self {
            ents: match options.get(&INFO, "ents") {
                "none" => None,
                "shortest" => Some(Overlaps::Shortest),
                _ => Some(Overlaps::Longest),
            },
            spans: match options.get(&INFO, "spans") {
                "none" => InGroup::None,
                "rest" => InGroup::Rest,
                _ => InGroup::All,
            },
            group: Some(options.get(&INFO, "group")).filter(|name| !name.is_empty()).unwrap_or(GROUP),
            is_exact: options.get(&INFO, "tokens") == "exact",
        }
    }
}

impl Format for Spacy {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        if packed::looks_like_one(bytes) { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        read::documents(input.bytes)
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        let unwritable = |reason: String| WriteError::Unwritable { format: INFO.name, name: name.to_owned(), reason };
        let file = write::file(documents, Choices::of(options));
        let bytes = packed::pack(&file).map_err(unwritable)?;
        Ok(vec![OutputFile { name: format!("{name}.spacy").into(), bytes }])
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        write::losses(document, Choices::of(options))
    }
}

#[cfg(test)]
mod tests;
