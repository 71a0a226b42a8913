//! What refers to nothing or has no words, and so cannot be written by formats that otherwise hold everything.

use super::losses::{Loss, Treatment};
use super::order;
use crate::edit::arguments_of;
use crate::model::{Document, Filler, Id, Kind};

/// Whether a filler is there, and of the kind that it says.
pub fn is_sound(document: &Document, filler: &Filler) -> bool {
    match filler {
        Filler::Mention(id) => document.mentions().get(id).is_some_and(|m| !m.spans.is_empty()),
        Filler::Event(id) => document.events().get(id).is_some_and(|e| !e.trigger.is_empty()),
        Filler::Span(spans) => !spans.is_empty(),
        Filler::Implicit(_) => true,
    }
}

/// Whether an annotation has words, or is an entity: what others can refer to.
pub fn has_place(document: &Document, id: &Id) -> bool {
    match document.kind_of(id) {
        Some(Kind::Entity) => true,
        Some(Kind::Relation) | None => false,
        Some(_) => !document.spans_of(id).is_empty(),
    }
}

/// The quote in which an event is claimed, if it is one.
pub fn claimed_in<'a>(document: &Document, claimed_in: Option<&'a Id>) -> Option<&'a Id> {
    claimed_in.filter(|id| document.kind_of(id) == Some(Kind::Quote) && has_place(document, id))
}

/// What is lost of a document for that, in the order of the text.
pub fn losses(document: &Document) -> Vec<Loss> {
    let mut losses = Vec::new();
    for id in order::ids(document) {
        let mut add = |treatment, what: &str| losses.push(Loss::of(document, &id, treatment, what));
        let is_written = match document.relations().get(&id) {
            Some(relation) => has_place(document, &relation.from) && has_place(document, &relation.to),
            None => has_place(document, &id),
        };
        if !is_written {
            add(Treatment::Dropped, "is lost, it has no words or refers to nothing");
            continue;
        }
        for argument in arguments_of(document, &id) {
            if !is_sound(document, &argument.filler) {
                add(Treatment::Cut, &format!("loses a filler of its role {:?}, which is not there", argument.role));
            }
        }
        let claimed = document.events().get(&id).and_then(|e| e.claimed_in.as_ref());
        if claimed.is_some() && claimed_in(document, claimed).is_none() {
            add(Treatment::Cut, "loses in which quote it is claimed, which is not there");
        }
        let entity = document.mentions().get(&id).and_then(|m| m.entity.as_ref());
        if entity.is_some_and(|entity| !document.entities().contains_key(entity)) {
            add(Treatment::Cut, "loses its entity, which is not there");
        }
    }
    losses
}
