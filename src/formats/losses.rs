//! What writing loses: the list that is shown before anything is written.

use super::capabilities::Holds;
use super::order;
use crate::edit::arguments_of;
use crate::model::{Annotation, Attributes, Document, Filler, Id, Kind, Origin, Provenance, Status};

/// What happens to something that a format cannot hold as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Treatment {
    /// It is not written.
    Dropped,
    /// A part of it is not written.
    Cut,
    /// It becomes one with something else, or several parts become one.
    Merged,
    /// Its ends move to others, such as those of tokens.
    Moved,
    /// It is written in another way.
    Altered,
}

/// Something that would be lost or altered by writing a document in a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The annotation; `None` if it is about the document as a whole.
    pub id: Option<Id>,
    /// What kind of loss it is.
    pub treatment: Treatment,
    /// What would happen to it, in one sentence without a full stop.
    pub what: String,
}

impl Loss {
    /// A loss of the document as a whole.
    pub fn whole(treatment: Treatment, what: impl Into<String>) -> Self {
        Self { id: None, treatment, what: what.into() }
    }

    /// A loss of an annotation, whose kind, label and words are put before what happens: `the mention Person "Anna" is
    /// lost`.
    pub fn of(document: &Document, id: &Id, treatment: Treatment, happens: &str) -> Self {
        let kind = document.kind_of(id).map_or("annotation", Kind::word);
        let what = format!("the {kind} {} {:?} {happens}", document.label_of(id), document.excerpt_of(id));
        Self { id: Some(id.clone()), treatment, what }
    }
}

/// What follows from what a format holds: whole kinds of annotations, their fields, and what is said of the document. In
/// the order of the text. Overlaps, parts and ends inside tokens are for the format to tell, which knows what it does
/// with them.
pub fn that_follow(document: &Document, holds: &Holds) -> Vec<Loss> {
    let mut losses = of_header(document, holds);
    if !holds.text {
        // Control characters are no part of any word, as little as blanks.
        let has_controls = document.text().as_str().contains(|c: char| c.is_control() && !c.is_whitespace());
        let what =
            if has_controls { "white space, line ends and control characters" } else { "white space and line ends" };
        losses.push(Loss::whole(Treatment::Altered, format!("{what} of the text are not kept")));
    }
    for id in order::ids(document) {
        let is_held = match document.kind_of(&id) {
            Some(Kind::Mention) => holds.mentions,
            Some(Kind::Entity) => holds.entities,
            Some(Kind::Event) => holds.events,
            Some(Kind::Quote) => holds.quotes,
            Some(Kind::Relation) => holds.relations,
            None => true,
        };
        if is_held {
            of_fields(document, &id, holds, &mut losses);
        } else {
            losses.push(Loss::of(document, &id, Treatment::Dropped, "is lost"));
        }
    }
    losses
}

fn of_header(document: &Document, holds: &Holds) -> Vec<Loss> {
    let header = document.header();
    let m = &header.metadata;
    let mut losses = Vec::new();
    let mut lost = |is_lost: bool, what: &str| {
        if is_lost {
            losses.push(Loss::whole(Treatment::Dropped, format!("{what} lost")));
        }
    };
    if !holds.metadata {
        lost(m.title != crate::model::guess_title(document.text()), "the title is");
        lost(m.source.is_some(), "the source is");
        lost(m.published.is_some(), "the date of publication is");
        lost(m.language.is_some(), "the language is");
        lost(header.annotator.is_some(), "the annotator is");
        lost(m.encoding.is_some() || m.bom, "the text is written as UTF-8, the encoding of the original file is");
    }
    if !holds.document_labels {
        lost(header.labels.values().any(|labels| !labels.is_empty()), "the labels of the document are");
        lost(header.status != Status::New, "the status is");
        lost(header.note.is_some(), "the note on the document is");
    }
    if !holds.history {
        let has_provenance = |p: &Provenance| p.by != Origin::Hand || p.at.is_some();
        let unknown = unknown_count(document);
        let fields = if unknown == 1 { "1 field is".to_owned() } else { format!("{unknown} fields are") };
        lost(unknown > 0, &format!("of what this program keeps without knowing it, {fields}"));
        let is_known = document.mentions().values().any(|a| has_provenance(&a.provenance))
            || document.events().values().any(|a| has_provenance(&a.provenance))
            || document.quotes().values().any(|a| has_provenance(&a.provenance))
            || document.relations().values().any(|a| has_provenance(&a.provenance))
            || document.entities().values().any(|a| has_provenance(&a.provenance));
        lost(is_known, "where each annotation came from, and when, is");
        lost(!document.batches().is_empty(), "the rules of batches are");
        lost(!document.rejected().is_empty(), "what was refused of the suggestions is");
        // Only the native formats have a place for these, too.
        lost(!header.zones.is_empty(), "which parts of the text are headline, byline, dateline, caption and body is");
    }
    losses
}

/// How many fields the file had that this program does not know.
fn unknown_count(document: &Document) -> usize {
    fn count<A: Annotation>(annotations: &crate::model::Annotations<A>) -> usize {
        annotations.values().map(|a| a.provenance().unknown.fields().len()).sum()
    }
    count(document.mentions())
        + count(document.entities())
        + count(document.events())
        + count(document.quotes())
        + count(document.relations())
        + document.batches().values().map(|b| b.unknown.fields().len()).sum::<usize>()
        + document.rejected().iter().map(|r| r.unknown.fields().len()).sum::<usize>()
        + document.header().unknown.fields().len()
}

fn of_fields(document: &Document, id: &Id, holds: &Holds, losses: &mut Vec<Loss>) {
    let mut cut = |what: &str| losses.push(Loss::of(document, id, Treatment::Cut, what));
    let (attributes, note) = attributes_and_note(document, id);
    if !holds.attributes && attributes.is_some_and(|attributes| !attributes.is_empty()) {
        cut("loses its attributes");
    }
    if !holds.notes && note {
        cut("loses its note");
    }
    if let Some(entity) = document.entities().get(id)
        && !holds.entity_fields
        && (!entity.aliases.is_empty() || entity.link.is_some() || !entity.name.is_empty())
    {
        cut("loses its name, aliases and identifier");
    }
    if let Some(mention) = document.mentions().get(id)
        && mention.entity.is_some()
        && !holds.entities
    {
        cut("loses its entity");
    }
    for argument in arguments_of(document, id) {
        let is_held = match &argument.filler {
            Filler::Mention(_) => holds.mentions,
            Filler::Event(_) => holds.event_fillers,
            Filler::Span(_) | Filler::Implicit(_) => holds.other_fillers,
        };
        if !is_held {
            cut(&format!("loses a filler of its role {}", argument.role));
        }
    }
    if document.events().get(id).is_some_and(|event| event.claimed_in.is_some()) && !holds.quotes {
        cut("loses in which quote it is claimed");
    }
}

/// The attributes of an annotation, if it can have any, and whether it has a note.
fn attributes_and_note<'a>(document: &'a Document, id: &Id) -> (Option<&'a Attributes>, bool) {
    if let Some(a) = document.mentions().get(id) {
        (Some(&a.attributes), a.note.is_some())
    } else if let Some(a) = document.events().get(id) {
        (Some(&a.attributes), a.note.is_some())
    } else if let Some(a) = document.quotes().get(id) {
        (Some(&a.attributes), a.note.is_some())
    } else if let Some(a) = document.relations().get(id) {
        (Some(&a.attributes), a.note.is_some())
    } else {
        (None, document.entities().get(id).is_some_and(|a| a.note.is_some()))
    }
}
