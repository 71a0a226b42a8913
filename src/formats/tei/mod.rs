//! TEI: the text with its mentions as elements, all else in `standOff`.
//!
//! What is written:
//!
//! - the text in one `ab` that keeps white space; characters that XML does not know are `<g ref="char:0000"/>`;
//! - a mention in one part that lies within those around it is `persName`, `placeName`, `orgName`, `date` or `rs`, with its
//!   label as `type` and its entity as `ref`;
//! - all other annotations are a `spanGrp`, its `type` the kind and its `subtype` the label. The `span`s in it are parts, cue,
//!   roles, attributes and notes. They lead to `anchor`s in the text: `from` and `to` for one part, pairs in `target` for several.
//!
//! TEI of others: paragraphs are lines, white space is collapsed, names are mentions, `said`, `q` and `quote` are quotes. Nothing
//! is loaded from outside and no entities are expanded.

mod body;
mod escape;
mod read;
mod write;

use super::articles::xml;
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, dangling,
    decode, losses,
};
use crate::model::{Document, Problem};

/// See the module.
pub struct Tei;

const HOLDS: Holds = Holds { metadata: false, document_labels: false, history: false, ..Holds::ALL };

const INFO: Info = Info {
    id: "tei",
    name: "TEI",
    extensions: &["xml", "tei"],
    reads: true,
    writes: true,
    joins: Joins::Apart,
    holds: HOLDS,
    unit: Unit::None,
    options: &[],
};

impl Format for Tei {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        match xml::root_name(bytes).as_deref() {
            Some("TEI" | "teiCorpus") => Likeness::Yes,
            _ => Likeness::No,
        }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let root = xml::parse(&source).map_err(|problem| vec![problem])?;
        let texts = if root.name == "TEI" { vec![&root] } else { root.all("TEI") };
        if texts.is_empty() {
            let message = format!("the root element is {:?}, not TEI", root.name);
            return Err(vec![Problem::error("no-tei", message, "choose another file or format").at_line(1, 1)]);
        }
        texts.into_iter().map(|tei| read::document(tei, &source)).collect()
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let file = |named: &Named<'_>| OutputFile {
            name: format!("{}.xml", named.name).into(),
            bytes: write::file(named.document, named.name).into_bytes(),
        };
        Ok(documents.iter().map(file).collect())
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        let mut found = losses::that_follow(document, &HOLDS);
        found.extend(dangling::losses(document));
        found
    }
}

#[cfg(test)]
mod tests;
