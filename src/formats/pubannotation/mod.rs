//! `PubAnnotation` JSON: text and annotations in one object; positions are code points.
//!
//! What is written:
//!
//! - mentions, the triggers of events and the contents of quotes are denotations; several parts are a list of spans (*bag*)
//!   or fragments joined by relations [`CHAIN`] (*chain*), as chosen;
//! - the trigger of an event has the attribute [`EVENT`], the content of a quote the attribute [`QUOTE`] with its kind;
//!   every relation from such a denotation is a filled role, unless it has the attribute [`RELATION`];
//! - words that fill a role and are no mention are denotations with the attribute [`FILLER`], the cue of a quote too, in
//!   the role [`CUE`]; what is not in the text is an attribute [`IMPLICIT`] with the role after it;
//! - the quote in which an event is claimed is at the end of a relation [`CLAIMED_IN`];
//! - all mentions of an entity have the attribute [`ENTITY`] with the same value; the first has its type, name, aliases, link
//!   and note in attributes that begin with it;
//! - attributes are attributes, those with several values several; notes are attributes [`NOTE`];
//! - zones are blocks; `sourceid` is the identifier of the document, `sourcedb` its source, `project` the annotator.
//!
//! Files of others have none of these attributes: their denotations are mentions and their relations are relations. A file
//! may hold several documents in a list, and a document several *tracks*, which are read as documents of their own.

mod losses;
mod read;
mod write;

use serde_json::Value;

use super::build::Builder;
use super::quotes::json;
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
};
use crate::model::{Document, Problem};
use crate::text::Text;

/// See the module.
pub struct PubAnnotation;

/// The attribute of triggers.
pub const EVENT: &str = "_event";
/// The attribute of contents of quotes; its value is the kind.
pub const QUOTE: &str = "_quote";
/// The attribute of words that are no mention.
pub const FILLER: &str = "_filler";
/// The attribute of relations from triggers and contents that are no roles.
pub const RELATION: &str = "_relation";
/// What attributes begin with that fill a role with what is not in the text; the role follows.
pub const IMPLICIT: &str = "_implicit:";
/// The attribute with a note.
pub const NOTE: &str = "_note";
/// The attribute that all mentions of an entity share.
pub const ENTITY: &str = "_entity";
const ENTITY_TYPE: &str = "_entityType";
const ENTITY_NAME: &str = "_entityName";
const ENTITY_ALIAS: &str = "_entityAlias";
const ENTITY_LINK: &str = "_entityLink";
const ENTITY_NOTE: &str = "_entityNote";
/// The relation from the content of a quote to its cue.
pub const CUE: &str = "_cue";
/// The relation from a trigger to the content of the quote in which the event is claimed.
pub const CLAIMED_IN: &str = "_claimedIn";
/// The relation from one fragment to the one before it.
pub const CHAIN: &str = "_lexicallyChainedTo";
/// The label of fragments but the last.
const FRAGMENT: &str = "_FRAGMENT";

/// Whether an attribute of this name says something else here.
fn is_own_attribute(name: &str) -> bool {
    let own = [EVENT, QUOTE, FILLER, RELATION, NOTE, ENTITY, ENTITY_TYPE, ENTITY_NAME, ENTITY_ALIAS, ENTITY_LINK];
    own.contains(&name) || name == ENTITY_NOTE || name.starts_with(IMPLICIT)
}

/// Whether a role of this name says something else here.
fn is_own_role(name: &str) -> bool {
    [CUE, CLAIMED_IN, CHAIN].contains(&name)
}

const HOLDS: Holds = Holds { metadata: false, document_labels: false, history: false, ..Holds::ALL };

const INFO: Info = Info {
    id: "pubannotation",
    name: "PubAnnotation JSON",
    extensions: &["json"],
    reads: true,
    writes: true,
    joins: Joins::Apart,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[OptionInfo {
        name: "parts",
        help: "annotations in several parts: as lists of spans, or as fragments joined by relations",
        values: &["bag", "chain"],
    }],
};

const OBJECT: &str = "a document is an object with a text and lists of denotations, relations and attributes";

impl Format for PubAnnotation {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let keys = json::keys(bytes);
        let has = |key: &str| keys.contains(key);
        let is_own = has("denotations") || has("tracks") || (has("sourcedb") && has("sourceid"));
        if has("text") && is_own && !has("format") { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let (source, value) = json::parse(input.bytes)?;
        let mut lines = read::Lines::of(&source);
        let values = match value {
            Value::Array(all) => all,
            one => vec![one],
        };
        if values.is_empty() {
            return Err(vec![Problem::error("json-shape", "there is no document in the list", OBJECT).at_line(1, 1)]);
        }
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for value in &values {
            match documents(value, &mut lines) {
                Ok(more) => found.extend(more),
                Err(problems) => refused.extend(problems),
            }
        }
        if refused.is_empty() { Ok(found) } else { Err(refused) }
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let is_chain = options.get(&INFO, "parts") == "chain";
        let file = |named: &Named<'_>| OutputFile {
            name: format!("{}.json", named.name).into(),
            bytes: write::file(named.document, is_chain).into_bytes(),
        };
        Ok(documents.iter().map(file).collect())
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::losses(document)
    }
}

/// The documents of an object: one, or one for each track.
fn documents(value: &Value, lines: &mut read::Lines) -> Result<Vec<Read>, Vec<Problem>> {
    let refuse = |code, message: String, hint: &str| vec![Problem::error(code, message, hint).at_line(1, 1)];
    let Some(fields) = value.as_object() else {
        return Err(refuse("json-shape", "the document is no object".to_owned(), OBJECT));
    };
    let Some(text) = fields.get("text").and_then(Value::as_str) else {
        return Err(refuse("json-shape", "the document has no text".to_owned(), OBJECT));
    };
    let text = Text::new(text).map_err(|e| refuse("text-too-long", e.to_string(), "split it into several articles"))?;
    let tracks: Vec<&Value> = fields.get("tracks").and_then(Value::as_array).into_iter().flatten().collect();
    if tracks.len() > crate::limits::TRACKS {
        return Err(vec![super::articles::limits::beyond("tracks", crate::limits::TRACKS)]);
    }
    let is_own =
        tracks.is_empty() || fields.get("denotations").and_then(Value::as_array).is_some_and(|d| !d.is_empty());
    if is_own && !tracks.is_empty() {
        // The order of the lists in the file is not known.
        *lines = read::Lines::default();
    }
    let sets = is_own.then_some(value).into_iter().chain(tracks);
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    for set in sets {
        let mut builder = Builder::new(INFO.id, text.clone(), None);
        read::header(fields, &mut builder);
        read::annotations(set, lines, &mut builder);
        match builder.finish(None) {
            Ok(read) => found.push(read),
            Err(problems) => refused.extend(problems),
        }
    }
    if refused.is_empty() { Ok(found) } else { Err(refused) }
}

#[cfg(test)]
mod tests;
