//! The order in which files list annotations: by position, so that files are byte-stable and diff well.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::{Document, Entity, Event, Id, Mention, Quote, Relation};
use crate::text::{BytePos, Span};

/// Start, longer first, then id. What covers nothing comes last.
type Place = (BytePos, Reverse<BytePos>);

fn place(spans: &[Span]) -> Place {
    match (spans.first(), spans.last()) {
        (Some(first), Some(last)) => (first.start, Reverse(last.end)),
        _ => (BytePos(u32::MAX), Reverse(BytePos(0))),
    }
}

/// Mentions by their spans.
pub fn mentions(document: &Document) -> Vec<&Mention> {
    sorted(document.mentions().values(), |m| (place(&m.spans), &m.id))
}

/// Events by their triggers.
pub fn events(document: &Document) -> Vec<&Event> {
    sorted(document.events().values(), |e| (place(&e.trigger), &e.id))
}

/// Quotes by their contents.
pub fn quotes(document: &Document) -> Vec<&Quote> {
    sorted(document.quotes().values(), |q| (place(&q.content), &q.id))
}

/// Relations by where they start, then by where they lead.
pub fn relations(document: &Document) -> Vec<&Relation> {
    sorted(document.relations().values(), |r| {
        (place(&document.spans_of(&r.from)), place(&document.spans_of(&r.to)), &r.id)
    })
}

/// Entities by their first mentions; those without a mention last.
pub fn entities(document: &Document) -> Vec<&Entity> {
    let mut first_mention: BTreeMap<&Id, Place> = BTreeMap::new();
    for mention in mentions(document) {
        if let Some(entity) = &mention.entity {
            first_mention.entry(entity).or_insert_with(|| place(&mention.spans));
        }
    }
    sorted(document.entities().values(), |n| (first_mention.get(&n.id).copied().unwrap_or_else(|| place(&[])), &n.id))
}

/// Every annotation, in the order of the text: for lists of losses.
pub fn ids(document: &Document) -> Vec<Id> {
    let with_spans = (document.mentions().values().map(|m| (place(&m.spans), &m.id)))
        .chain(document.events().values().map(|e| (place(&e.trigger), &e.id)))
        .chain(document.quotes().values().map(|q| (place(&q.content), &q.id)));
    let found = sorted(with_spans, |item| *item).into_iter().map(|(_, id)| id.clone());
    let found = found.chain(entities(document).into_iter().map(|n| n.id.clone()));
    found.chain(relations(document).into_iter().map(|r| r.id.clone())).collect()
}

fn sorted<T, K: Ord>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut keyed: Vec<(K, T)> = items.map(|item| (key(&item), item)).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    keyed.into_iter().map(|(_, item)| item).collect()
}
