//! What `WebAnno` TSV cannot hold.

use super::{HOLDS, escape};
use crate::edit::arguments_of;
use crate::formats::losses::{self, Loss, Treatment};
use crate::formats::{dangling, order};
use crate::model::{Attributes, Document, Id};

fn attributes_of<'a>(document: &'a Document, id: &Id) -> Option<&'a Attributes> {
    (document.mentions().get(id).map(|a| &*a.attributes))
        .or_else(|| document.events().get(id).map(|a| &*a.attributes))
        .or_else(|| document.quotes().get(id).map(|a| &*a.attributes))
        .or_else(|| document.relations().get(id).map(|a| &*a.attributes))
}

/// What follows from what is held, what refers to nothing, and what is read in another way, each in the order of the text.
pub fn losses(document: &Document) -> Vec<Loss> {
    let mut losses = losses::that_follow(document, &HOLDS);
    losses.extend(dangling::losses(document));
    for id in order::ids(document) {
        let mut altered = |what: &str| losses.push(Loss::of(document, &id, Treatment::Altered, what));
        for (name, value) in attributes_of(document, &id).into_iter().flatten() {
            if escape::unescaped_attribute(&escape::attribute(value)) != *value {
                altered(&format!("has an attribute {name} that is read as a flag or list"));
            }
        }
        if arguments_of(document, &id).iter().any(|a| a.role.is_empty()) {
            altered("has a role without a name, which is read as the name of its slot");
        }
    }
    losses
}
