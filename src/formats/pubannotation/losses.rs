//! What the form cannot hold of a document.

use super::{CHAIN, HOLDS, is_own_attribute, is_own_role};
use crate::edit::arguments_of;
use crate::formats::losses::{Loss, Treatment, that_follow};
use crate::formats::{dangling, order};
use crate::model::{AttributeValue, Attributes, Document, Filler, Id, Kind};
use crate::text::Spans;

/// Whether an annotation has a denotation.
pub fn can_be_end(document: &Document, id: &Id) -> bool {
    document.kind_of(id) != Some(Kind::Entity) && dangling::has_place(document, id)
}

/// The document with spans as the form has them: none is empty, none touch.
pub fn tidied(document: &Document) -> Document {
    let tidy = |spans: &mut Spans| {
        spans.retain(|span| !span.is_empty());
        crate::text::normalise(spans);
    };
    let of_filler = |filler: &mut Filler| {
        if let Filler::Span(spans) = filler {
            tidy(spans);
        }
    };
    let mut tidied = document.clone();
    tidied.mentions.for_each_mut(|m| tidy(&mut m.spans));
    tidied.events.for_each_mut(|e| {
        tidy(&mut e.trigger);
        e.arguments.iter_mut().for_each(|a| of_filler(&mut a.filler));
    });
    tidied.quotes.for_each_mut(|q| {
        tidy(&mut q.content);
        q.cue.iter_mut().for_each(&tidy);
        q.speaker.iter_mut().for_each(&of_filler);
        q.addressee.iter_mut().for_each(&of_filler);
        q.arguments.iter_mut().for_each(|a| of_filler(&mut a.filler));
    });
    tidied.reindex();
    tidied
}

/// Everything that is lost or altered.
pub fn losses(document: &Document) -> Vec<Loss> {
    let tidied = tidied(document);
    let mut losses = of_header(document);
    losses.extend(dangling::losses(&tidied));
    for id in order::ids(&tidied) {
        of_one(document, &tidied, &id, &mut losses);
    }
    losses
}

/// What follows from what is held. Source, annotator and zones have a place, although title and date have none.
fn of_header(document: &Document) -> Vec<Loss> {
    let mut rest = document.clone();
    rest.header.metadata.source.take_if(|source| !source.is_empty());
    rest.header.annotator.take_if(|annotator| !annotator.is_empty());
    rest.header.zones.retain(|zone| zone.span.is_empty());
    that_follow(&rest, &HOLDS)
}

fn of_one(document: &Document, tidied: &Document, id: &Id, losses: &mut Vec<Loss>) {
    let mut tell = |treatment, what: &str| losses.push(Loss::of(document, id, treatment, what));
    if let Some(entity) = tidied.entities().get(id) {
        if !tidied.mentions_of(&entity.id).any(|mention| can_be_end(tidied, &mention.id)) {
            tell(Treatment::Dropped, "is lost, since it has no mention");
        }
        return;
    }
    if let Some(relation) = tidied.relations().get(id) {
        let is_of_entity = |end: &Id| tidied.kind_of(end) == Some(Kind::Entity);
        if is_of_entity(&relation.from) || is_of_entity(&relation.to) {
            tell(Treatment::Dropped, "is lost, since only what has words can have relations");
        } else if relation.label == CHAIN {
            tell(Treatment::Dropped, "is lost, since such relations join fragments");
        }
        of_attributes(&relation.attributes, &mut tell);
        return;
    }
    let same = (document.mentions().get(id) == tidied.mentions().get(id))
        && (document.events().get(id) == tidied.events().get(id))
        && (document.quotes().get(id) == tidied.quotes().get(id));
    if !same {
        tell(Treatment::Merged, "has parts that are empty or touch; they are left out or become one");
    }
    let attributes = (tidied.mentions().get(id).map(|m| &m.attributes))
        .or_else(|| tidied.events().get(id).map(|e| &e.attributes))
        .or_else(|| tidied.quotes().get(id).map(|q| &q.attributes));
    if let Some(attributes) = attributes {
        of_attributes(attributes, &mut tell);
    }
    if tidied.quotes().get(id).is_some_and(|q| q.cue.as_ref().is_some_and(Spans::is_empty)) {
        tell(Treatment::Cut, "loses its cue, which has no words");
    }
    for argument in arguments_of(tidied, id).iter().filter(|a| is_own_role(&a.role)) {
        tell(Treatment::Cut, &format!("loses its role {}, a name with another meaning there", argument.role));
    }
}

fn of_attributes(attributes: &Attributes, tell: &mut impl FnMut(Treatment, &str)) {
    for (name, value) in attributes {
        match value {
            _ if is_own_attribute(name) => {
                tell(Treatment::Cut, &format!("loses its attribute {name}, a name with another meaning there"));
            }
            AttributeValue::List(list) if list.is_empty() => {
                tell(Treatment::Cut, &format!("loses its attribute {name}, which has no value"));
            }
            AttributeValue::List(list) if list.len() == 1 => {
                tell(Treatment::Altered, &format!("has one value of {name} and no longer a list of one"));
            }
            _ => {}
        }
    }
}
