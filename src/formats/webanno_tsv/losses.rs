//! What WebAnno TSV cannot hold.

use super::{HOLDS, escape, write};
use crate::edit::arguments_of;
use crate::formats::losses::{self, Loss, Treatment};
use crate::formats::order;
use crate::model::{Attributes, Document, Id, Kind};

fn attributes_of<'a>(document: &'a Document, id: &Id) -> Option<&'a Attributes> {
    (document.mentions().get(id).map(|a| &a.attributes))
        .or_else(|| document.events().get(id).map(|a| &a.attributes))
        .or_else(|| document.quotes().get(id).map(|a| &a.attributes))
        .or_else(|| document.relations().get(id).map(|a| &a.attributes))
}

fn is_written(document: &Document, id: &Id) -> bool {
    match document.kind_of(id) {
        Some(Kind::Entity) => true,
        Some(Kind::Relation) | None => false,
        Some(_) => !document.spans_of(id).is_empty(),
    }
}

/// In the order of the text.
pub fn losses(document: &Document) -> Vec<Loss> {
    let mut losses = losses::that_follow(document, &HOLDS);
    for id in order::ids(document) {
        let mut add = |treatment, what: &str| losses.push(Loss::of(document, &id, treatment, what));
        let is_lost = match document.relations().get(&id) {
            Some(relation) => !is_written(document, &relation.from) || !is_written(document, &relation.to),
            None => !is_written(document, &id),
        };
        if is_lost {
            add(Treatment::Dropped, "is lost, it has no words or refers to nothing");
            continue;
        }
        for (name, value) in attributes_of(document, &id).into_iter().flatten() {
            if escape::unescaped_attribute(&escape::attribute(value)) != *value {
                add(Treatment::Altered, &format!("has an attribute {name} that is read as a flag or list"));
            }
        }
        for argument in arguments_of(document, &id) {
            if !write::is_sound(document, &argument.filler) {
                add(Treatment::Cut, &format!("loses a filler of its role {:?}, which is not there", argument.role));
            } else if argument.role.is_empty() {
                add(Treatment::Altered, "has a role without a name, which is read as the name of its slot");
            }
        }
        let is_claimed_nowhere = document
            .events()
            .get(&id)
            .and_then(|e| e.claimed_in.as_ref())
            .is_some_and(|quote| document.kind_of(quote) != Some(Kind::Quote) || !is_written(document, quote));
        if is_claimed_nowhere {
            add(Treatment::Cut, "loses in which quote it is claimed, which is not there");
        }
        let entity = document.mentions().get(&id).and_then(|m| m.entity.as_ref());
        if entity.is_some_and(|entity| !document.entities().contains_key(entity)) {
            add(Treatment::Cut, "loses its entity, which is not there");
        }
    }
    losses
}
