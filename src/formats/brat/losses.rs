//! What brat cannot hold of a document.

use super::write::tidy;
use crate::edit::arguments_of;
use crate::formats::losses::{Loss, Treatment, that_follow};
use crate::formats::{order, quotes_as_events};
use crate::model::{AttributeValue, Attributes, Document, Filler, Id, Kind};
use crate::text::Spans;

/// Everything that is lost or altered.
pub fn losses(document: &Document) -> Vec<Loss> {
    let mut losses = that_follow(document, &super::HOLDS);
    for id in order::ids(document) {
        of_one(document, &id, &mut losses);
    }
    losses.extend(quotes_as_events::losses(document));
    losses
}

/// Whether an annotation has a line of its own that others can refer to.
fn is_written(document: &Document, id: &Id) -> bool {
    (document.mentions().get(id).map(|m| &m.spans))
        .or_else(|| document.events().get(id).map(|e| &e.trigger))
        .or_else(|| document.quotes().get(id).map(|q| &q.content))
        .is_some_and(|spans| !spans.is_empty())
}

fn of_one(document: &Document, id: &Id, losses: &mut Vec<Loss>) {
    let mut tell = |treatment, what: &str| losses.push(Loss::of(document, id, treatment, what));
    let of_spans = |spans: &Spans| !spans.is_empty() && tidy(spans) != *spans;
    let mut of_attributes = |attributes: &Attributes| {
        for (name, value) in attributes {
            match value {
                AttributeValue::Flag(false) => {
                    tell(Treatment::Cut, &format!("loses its attribute {name}, which is no"));
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
    };
    if let Some(mention) = document.mentions().get(id) {
        of_attributes(&mention.attributes);
        if of_spans(&mention.spans) {
            tell(Treatment::Merged, "has parts that touch, which become one");
        }
        if mention.entity.as_ref().is_some_and(|entity| !document.entities().contains_key(entity)) {
            tell(Treatment::Cut, "loses its entity, which does not exist");
        }
    } else if let Some(event) = document.events().get(id) {
        of_attributes(&event.attributes);
        if of_spans(&event.trigger) {
            tell(Treatment::Merged, "has parts that touch, which become one");
        }
        let is_held = |quote: &Id| document.quotes().contains_key(quote) && is_written(document, quote);
        if event.claimed_in.as_ref().is_some_and(|quote| !is_held(quote)) {
            tell(Treatment::Cut, "loses in which quote it is claimed, which does not exist");
        }
    } else if let Some(quote) = document.quotes().get(id) {
        of_attributes(&quote.attributes);
        if of_spans(&quote.content) || quote.cue.as_ref().is_some_and(of_spans) {
            tell(Treatment::Merged, "has parts that touch, which become one");
        }
        if quote.cue.as_ref().is_some_and(crate::text::Spans::is_empty) {
            tell(Treatment::Cut, "loses its cue, which has no words");
        }
    } else if let Some(relation) = document.relations().get(id) {
        of_attributes(&relation.attributes);
        if !is_written(document, &relation.from) || !is_written(document, &relation.to) {
            tell(Treatment::Dropped, "is lost, since brat has no relations of entities or of what has no words");
        }
        return;
    } else {
        let of_it: Vec<_> = document.mentions_of(id).collect();
        if !of_it.iter().any(|mention| is_written(document, &mention.id)) {
            tell(Treatment::Dropped, "is lost, since it has no mention");
        }
        return;
    }
    if !is_written(document, id) {
        tell(Treatment::Dropped, "is lost, since it has no words in the text");
        return;
    }
    for argument in arguments_of(document, id) {
        let is_held = match &argument.filler {
            Filler::Mention(to) => document.kind_of(to) == Some(Kind::Mention) && is_written(document, to),
            Filler::Event(to) => document.kind_of(to) == Some(Kind::Event) && is_written(document, to),
            Filler::Span(spans) => !spans.is_empty(),
            Filler::Implicit(_) => true,
        };
        if !is_held {
            tell(Treatment::Cut, &format!("loses a filler of its role {}, which does not exist", argument.role));
        }
    }
}
