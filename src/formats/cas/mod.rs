//! UIMA CAS, the form of `INCEpTION`, `WebAnno` and `DKPro`: as JSON (0.4) and as XMI with its type system.
//!
//! What is written, each layer and feature only if it is used:
//!
//! - mentions: `NamedEntity` with `value` (the label), `identifier` (the link of the entity), `entity` (its key);
//! - entities: `webanno.custom.DocumentEntity`, which is of the whole document, with `key`, `kind`, `name`, `aliases`,
//!   `identifier`;
//! - events: `webanno.custom.Event` with `kind` and the slots `args` and `claimedIn`;
//! - quotes: `webanno.custom.Quote` at their content with `kind` and the slots `cue` and `roles`;
//! - relations of mentions: `webanno.custom.Relation` with `label`; all others: `webanno.custom.Link` with the slot `ends`, or
//!   with the key of an entity in `fromEntity` and `toEntity`;
//! - words that fill a role and are no mention: `webanno.custom.Filler`, with `implicit` if they are not in the text;
//! - the second and further parts of an annotation: `webanno.custom.Part` in its slot `parts`;
//! - attributes are features of their names; a list is a text in JSON, and `forms` says so (`context:list`); so are flags
//!   where other annotations of the layer have texts there; notes are `note`;
//! - what is known of the document: `DocumentMetaData`, and `webanno.custom.DocumentInfo` and `webanno.custom.DocumentLabel`;
//! - tokens and sentences, which other programs need.
//!
//! Layers of others are read by their form: one with slots holds events, one without holds mentions, one with a governor and
//! a dependent relations, a chain is an entity, and a reference to another annotation is a relation of the feature's name.
//! The label is the feature `value`, `kind`, `label`, `type` or `category`, else the layer's name. Positions are UTF-16
//! units. The mapping is here; how bytes become feature structures and back is in `json` and `xmi`, which know no layers.

mod characters;
mod header;
mod json;
mod layers;
mod names;
mod read;
mod store;
mod types;
mod xmi;

pub use json::CasJson;
pub use xmi::Xmi;

use super::Holds;
use super::losses::{self, Loss};
use crate::model::Document;

const TOKEN: &str = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token";
const SENTENCE: &str = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence";
const METADATA: &str = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData";
const MENTION: &str = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity";
const ENTITY: &str = "webanno.custom.DocumentEntity";
const INFO: &str = "webanno.custom.DocumentInfo";
const LABEL: &str = "webanno.custom.DocumentLabel";
const PART: &str = "webanno.custom.Part";
const FILLER: &str = "webanno.custom.Filler";
const EVENT: &str = "webanno.custom.Event";
const QUOTE: &str = "webanno.custom.Quote";
const LINK: &str = "webanno.custom.Link";
const RELATION: &str = "webanno.custom.Relation";
const CHARACTER: &str = "webanno.custom.Character";

const HOLDS: Holds = Holds { history: false, ..Holds::ALL };

/// What neither form can hold.
fn losses(document: &Document) -> Vec<Loss> {
    let mut found = losses::that_follow(document, &HOLDS);
    found.extend(super::dangling::losses(document));
    found
}

#[cfg(test)]
mod tests;
