//! Putting operations into a document, all or none.

use std::collections::BTreeSet;

use super::op::{Change, Conflict, Op};
use crate::model::{Annotation, Annotations, Batch, Document, ReferenceIndex, Rejection, SpanIndex};
use crate::text::{Text, are_apart};

/// Applies operations in order.
///
/// # Errors
/// [`Conflict`] if something is not as an operation expects it; the document is then as it was.
pub fn apply(document: &mut Document, ops: &[Op]) -> Result<(), Conflict> {
    for (done, op) in ops.iter().enumerate() {
        if let Err(conflict) = apply_one(document, op) {
            for undone in ops[..done].iter().rev() {
                // What was just done can be taken back.
                let taken_back = apply_one(document, &undone.clone().inverted());
                debug_assert!(taken_back.is_ok(), "an operation does not invert");
            }
            return Err(conflict);
        }
    }
    Ok(())
}

/// The editor makes no operation that renames, takes another's name, takes the header away, lies outside the text or in itself; a
/// journal may hold any.
fn apply_one(document: &mut Document, op: &Op) -> Result<(), Conflict> {
    if let (Some(id), Some(kind)) = (op.id(), op.kind())
        && (id.as_str().is_empty() || document.kind_of(id).is_some_and(|other| other != kind))
    {
        return Err(Conflict(format!("{} {id}", kind.word())));
    }
    let Document { text, header, span_index, references, .. } = document;
    let index = (span_index, references);
    match op {
        Op::Entity(change) => put(&mut document.entities, index, text, change),
        Op::Mention(change) => put(&mut document.mentions, index, text, change),
        Op::Event(change) => put(&mut document.events, index, text, change),
        Op::Quote(change) => put(&mut document.quotes, index, text, change),
        Op::Relation(change) => put(&mut document.relations, index, text, change),
        Op::Batch(change) => put_batch(&mut document.batches, change),
        Op::Rejection(change) => put_rejection(&mut document.rejected, text, change),
        Op::Header(change) => {
            let Some(after) = change.after.as_ref().filter(|_| change.before.as_ref() == Some(header)) else {
                return Err(Conflict("the document's header".into()));
            };
            if !after.zones.iter().all(|zone| text.get(zone.span).is_some()) {
                return Err(Conflict("a part of the text".into()));
            }
            *header = after.clone();
            Ok(())
        }
    }
}

fn put_batch(map: &mut Annotations<Batch>, change: &Change<Batch>) -> Result<(), Conflict> {
    let Some(id) = change.before.as_ref().or(change.after.as_ref()).map(|batch| batch.id.clone()) else {
        return Ok(());
    };
    if map.get(&id) != change.before.as_ref() || change.after.as_ref().is_some_and(|after| after.id != id) {
        return Err(Conflict(format!("batch {id}")));
    }
    match &change.after {
        Some(after) => drop(map.insert(id, after.clone())),
        None => drop(map.remove(&id)),
    }
    Ok(())
}

fn put_rejection(set: &mut BTreeSet<Rejection>, text: &Text, change: &Change<Rejection>) -> Result<(), Conflict> {
    let is_inside = |r: &Rejection| are_apart(&r.spans) && r.spans.iter().all(|span| text.get(*span).is_some());
    let is_there = |r: &Option<Rejection>| r.as_ref().is_none_or(|r| set.contains(r));
    // One may become itself, with something else said of it.
    let is_new =
        |r: &Option<Rejection>| r.as_ref().is_none_or(|r| !set.contains(r) || change.before.as_ref() == Some(r));
    if !is_there(&change.before) || !is_new(&change.after) || !change.after.as_ref().is_none_or(is_inside) {
        return Err(Conflict("a refused suggestion".into()));
    }
    if let Some(before) = &change.before {
        set.remove(before);
    }
    set.extend(change.after.clone());
    Ok(())
}

fn put<A: Annotation>(
    map: &mut Annotations<A>,
    (span_index, references): (&mut SpanIndex, &mut ReferenceIndex),
    text: &Text,
    change: &Change<A>,
) -> Result<(), Conflict> {
    let Some(id) = change.before.as_ref().or(change.after.as_ref()).map(|a| a.id().clone()) else {
        return Ok(());
    };
    let is_inside = |after: &A| after.anchors().iter().all(|(_, span)| text.get(*span).is_some());
    let are_lists_apart = |after: &A| after.span_lists().iter().all(|spans| are_apart(spans));
    let is_possible = |after: &A| *after.id() == id && is_inside(after) && are_lists_apart(after);
    if map.get(&id) != change.before.as_ref() || !change.after.as_ref().is_none_or(is_possible) {
        return Err(Conflict(format!("{} {id}", A::KIND.word())));
    }
    if let Some(before) = &change.before {
        span_index.remove(before);
        references.remove(before);
    }
    match &change.after {
        Some(after) => {
            span_index.insert(after);
            references.insert(after);
            map.insert(id, after.clone());
        }
        None => {
            map.remove(&id);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::test_support::editor;
    use crate::model::test_support::{entity, event, mention};
    use crate::model::{Argument, Filler, Zone, ZoneKind};
    use crate::text::{BytePos, Span};

    fn made<T>(after: T) -> Change<T> {
        Change { before: None, after: Some(after) }
    }

    #[test]
    fn what_no_editor_made_is_refused_and_changes_nothing() {
        let mut document = editor().document().clone();
        let anna = mention("m1", "Person", &[(0, 4)]);
        apply(&mut document, &[Op::Mention(Box::new(made(anna.clone())))]).expect("fits");
        let before = document.clone();
        let backwards = Span { start: BytePos(4), end: BytePos(0) };
        let far = Span::of(0, u32::MAX);
        let mut claims = event("e1", "Consult", &[(5, 8)]);
        let filler = Filler::Span([far].into_iter().collect());
        claims.arguments = vec![Argument { role: "Actor".into(), filler }];
        let mut turned = mention("m2", "Person", &[]);
        turned.spans.push(backwards);
        let mut zoned = document.header().clone();
        zoned.zones.push(Zone { kind: ZoneKind::Body, span: far });
        let header = |after| Op::Header(Box::new(Change { before: Some(before.header().clone()), after }));
        let refused = [
            Op::Mention(Box::new(made(mention("m2", "Person", &[(0, 5000)])))),
            Op::Mention(Box::new(made(turned))),
            Op::Event(Box::new(made(claims))),
            Op::Mention(Box::new(made(mention("", "Person", &[(0, 4)])))),
            Op::Entity(Box::new(made(entity("m1", "Person", "Anna")))),
            Op::Mention(Box::new(Change { before: Some(anna), after: Some(mention("m2", "Person", &[(0, 4)])) })),
            header(None),
            header(Some(zoned)),
        ];
        for op in refused {
            let good = Op::Mention(Box::new(made(mention("m3", "Person", &[(0, 4)]))));
            assert!(apply(&mut document, &[good, op.clone()]).is_err(), "{op:?}");
            assert_eq!(document, before);
        }
    }
}
