//! `WebAnno` TSV 3.3: one row a token, columns for the layers of `INCEpTION`.
//!
//! What is written, each layer and feature only if it is used:
//!
//! - mentions: `NamedEntity` with `value` (the label), `identifier` (the link of the entity), `entity` (its key);
//! - entities: `webanno.custom.Entity` at their first mention, with `key`, `type`, `name`, `aliases`, `link`;
//! - events: `webanno.custom.Event` with `kind` and the slots `args` and `claimedIn`;
//! - quotes: `webanno.custom.Quote` at their content with `kind` and the slots `cue` and `roles`;
//! - relations of mentions: `webanno.custom.Relation` with `label`; all others: `webanno.custom.Link` with the slot `ends`;
//! - words that fill a role and are no mention: `webanno.custom.Filler`, with `implicit` if they are not in the text;
//! - the second and further parts of an annotation: `webanno.custom.Part` in its slot `parts`;
//! - attributes are features of their names, notes are `note`.
//!
//! Layers of others are read by their form: one with slots holds events, one without holds mentions, a chain is an entity.
//! The label is the feature `value`, `kind`, `label`, `type` or `category`, else the layer's name. Positions are UTF-16
//! units. White space that an annotation begins or ends in is a token of its own, and a sentence takes the white space
//! after it, so that the text comes back to the character.

mod escape;
mod lines;
mod losses;
mod read;
mod table;
mod write;

use super::build::Builder;
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, decode,
};
use crate::model::{Document, Problem, Severity};
use crate::text::Text;

/// See the module.
pub struct WebannoTsv;

const MENTION: &str = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity";
const ENTITY: &str = "webanno.custom.Entity";
const PART: &str = "webanno.custom.Part";
const FILLER: &str = "webanno.custom.Filler";
const EVENT: &str = "webanno.custom.Event";
const QUOTE: &str = "webanno.custom.Quote";
const LINK: &str = "webanno.custom.Link";
const RELATION: &str = "webanno.custom.Relation";

/// Layers of spans, in the order of the columns.
const LAYERS: &[&str] = &[MENTION, ENTITY, PART, FILLER, EVENT, QUOTE, LINK];

const HOLDS: Holds = Holds { metadata: false, document_labels: false, history: false, ..Holds::ALL };

const INFO: Info = Info {
    id: "webanno-tsv",
    name: "WebAnno TSV 3.3",
    extensions: &["tsv"],
    reads: true,
    writes: true,
    joins: Joins::Apart,
    holds: HOLDS,
    unit: Unit::Utf16,
    options: &[],
};

impl Format for WebannoTsv {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        if bytes.starts_with(lines::MARK.as_bytes()) { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let mut file = lines::parse(&source);
        if file.problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(file.problems);
        }
        let text = Text::new(std::mem::take(&mut file.text)).map_err(|error| {
            vec![Problem::error("text-too-long", error.to_string(), "split the file into several articles")]
        })?;
        let mut builder = Builder::new(INFO.id, text, None);
        read::annotations(&file, &mut builder);
        let mut read = builder.finish(None)?;
        file.problems.append(&mut read.problems);
        read.problems = file.problems;
        Ok(vec![read])
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let file = |named: &Named<'_>| {
            let write::Items { spans, links, .. } = write::items(named.document);
            let content = table::written(named.document.text(), LAYERS, (RELATION, MENTION), &spans, &links);
            OutputFile { name: format!("{}.tsv", named.name).into(), bytes: content.into_bytes() }
        };
        Ok(documents.iter().map(file).collect())
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::losses(document)
    }
}

#[cfg(test)]
mod tests;
