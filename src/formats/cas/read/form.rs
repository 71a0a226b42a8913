//! What a structure is, by its name and its form.

use crate::formats::cas::store::{ById, Resolved, Structure, resolved};
use crate::formats::cas::types::{self, Types};
use crate::formats::cas::{
    CHARACTER, ENTITY, EVENT, FILLER, INFO, LABEL, LINK, METADATA, PART, QUOTE, SENTENCE, TOKEN,
};

/// What a structure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text, array, list: nothing by itself.
    Structural,
    /// Token or sentence: the program makes its own.
    Token,
    /// What is known of the document.
    Metadata,
    Info,
    DocumentLabel,
    /// What programs write for themselves.
    Technical,
    Entity,
    Mention,
    Event,
    Quote,
    Relation,
    /// A relation of other ends than mentions.
    Link,
    Part,
    Filler,
    /// What fills a slot with something in a role.
    SlotLink,
    /// The head of a chain.
    Chain,
    /// A structure without a place in the text that is none of these.
    Other,
}

/// Types that describe layers, tag sets and files.
const TECHNICAL: &[&str] =
    &["de.tudarmstadt.ukp.dkpro.core.api.metadata.type.", "de.tudarmstadt.ukp.clarin.webanno.api.type."];

pub fn of(structure: &Structure, types: &Types, by_id: &ById<'_>) -> Form {
    let name = structure.r#type.as_str();
    let declares = |feature: &str| types.feature(name, feature).is_some();
    let has = |feature: &str| structure.features.contains_key(feature) || declares(feature);
    let is_annotation = is_annotation(structure, types);
    match name {
        TOKEN | SENTENCE => return Form::Token,
        METADATA => return Form::Metadata,
        CHARACTER => return Form::Other,
        ENTITY if !is_annotation && structure.text("key").is_some() => return Form::Entity,
        INFO if !is_annotation => return Form::Info,
        LABEL if !is_annotation => return Form::DocumentLabel,
        _ if name.starts_with("uima.cas.") || types::is_array(name) => return Form::Structural,
        _ if types.is_a(name, types::DOCUMENT) => return Form::Metadata,
        _ if TECHNICAL.iter().any(|start| name.starts_with(start)) => return Form::Technical,
        _ => {}
    }
    if !is_annotation {
        return match () {
            () if has("first") => Form::Chain,
            () if has("target") => Form::SlotLink,
            () => Form::Other,
        };
    }
    match name {
        PART if is_bare(structure) => Form::Part,
        FILLER if is_bare(structure) => Form::Filler,
        QUOTE if has("kind") => Form::Quote,
        LINK if has("ends") || has("fromEntity") || has("toEntity") => Form::Link,
        EVENT => Form::Event,
        _ if has("Governor") && has("Dependent") => Form::Relation,
        _ if types.has_slots(name) || has_links(structure, by_id) => Form::Event,
        _ => Form::Mention,
    }
}

/// Whether nothing is said of a part or filler that is not written here: others may have layers of that name.
fn is_bare(structure: &Structure) -> bool {
    structure.features.keys().all(|name| matches!(name.as_str(), "implicit" | "parts"))
}

/// Whether a structure has a place in the text.
pub fn is_annotation(structure: &Structure, types: &Types) -> bool {
    let by_type = types.is_a(&structure.r#type, types::ANNOTATION);
    by_type || (!types.0.contains_key(&structure.r#type) && (structure.begin.is_some() || structure.end.is_some()))
}

fn leads_to(structure: &Structure, feature: &str, by_id: &ById<'_>, what: impl Fn(&Structure) -> bool) -> bool {
    let Some(Ok(Resolved::Targets(ids))) = structure.features.get(feature).map(|value| resolved(value, by_id)) else {
        return false;
    };
    !ids.is_empty() && ids.iter().all(|id| by_id.get(id).is_some_and(|target| what(target)))
}

/// Whether something without a place leads on from here.
fn is_link(target: &Structure) -> bool {
    target.begin.is_none() && target.end.is_none() && target.features.contains_key("target")
}

fn has_links(structure: &Structure, by_id: &ById<'_>) -> bool {
    structure.features.keys().any(|name| name != "parts" && leads_to(structure, name, by_id, is_link))
}

/// Whether an annotation has further parts, in the form in which they are written here.
pub fn has_parts(structure: &Structure, by_id: &ById<'_>) -> bool {
    let is_part = |target: &Structure| target.r#type == PART && is_bare(target);
    leads_to(structure, "parts", by_id, |link| is_link(link) && leads_to(link, "target", by_id, is_part))
}
