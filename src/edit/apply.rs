//! Putting operations into a document, all or none.

use std::collections::{BTreeMap, BTreeSet};

use super::op::{Change, Conflict, Op};
use crate::model::{Annotation, Batch, Document, Id, Rejection, SpanIndex};

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

fn apply_one(document: &mut Document, op: &Op) -> Result<(), Conflict> {
    match op {
        Op::Entity(change) => put(&mut document.entities, &mut document.span_index, change),
        Op::Mention(change) => put(&mut document.mentions, &mut document.span_index, change),
        Op::Event(change) => put(&mut document.events, &mut document.span_index, change),
        Op::Quote(change) => put(&mut document.quotes, &mut document.span_index, change),
        Op::Relation(change) => put(&mut document.relations, &mut document.span_index, change),
        Op::Batch(change) => put_batch(&mut document.batches, change),
        Op::Rejection(change) => put_rejection(&mut document.rejected, change),
        Op::Header(change) => {
            if change.before.as_ref() != Some(&document.header) {
                return Err(Conflict("the document's header".into()));
            }
            if let Some(after) = &change.after {
                document.header = after.clone();
            }
            Ok(())
        }
    }
}

fn put_batch(map: &mut BTreeMap<Id, Batch>, change: &Change<Batch>) -> Result<(), Conflict> {
    let Some(id) = change.before.as_ref().or(change.after.as_ref()).map(|batch| batch.id.clone()) else {
        return Ok(());
    };
    if map.get(&id) != change.before.as_ref() {
        return Err(Conflict(format!("batch {id}")));
    }
    match &change.after {
        Some(after) => drop(map.insert(id, after.clone())),
        None => drop(map.remove(&id)),
    }
    Ok(())
}

fn put_rejection(set: &mut BTreeSet<Rejection>, change: &Change<Rejection>) -> Result<(), Conflict> {
    let is_there = |r: &Option<Rejection>| r.as_ref().is_none_or(|r| set.contains(r));
    let is_new = |r: &Option<Rejection>| r.as_ref().is_none_or(|r| !set.contains(r));
    if !is_there(&change.before) || !is_new(&change.after) {
        return Err(Conflict("a refused suggestion".into()));
    }
    if let Some(before) = &change.before {
        set.remove(before);
    }
    set.extend(change.after.clone());
    Ok(())
}

fn put<A: Annotation>(map: &mut BTreeMap<Id, A>, index: &mut SpanIndex, change: &Change<A>) -> Result<(), Conflict> {
    let Some(id) = change.before.as_ref().or(change.after.as_ref()).map(|a| a.id().clone()) else {
        return Ok(());
    };
    if map.get(&id) != change.before.as_ref() {
        return Err(Conflict(format!("{} {id}", A::KIND.word())));
    }
    if let Some(before) = &change.before {
        index.remove(before);
    }
    match &change.after {
        Some(after) => {
            index.insert(after);
            map.insert(id, after.clone());
        }
        None => {
            map.remove(&id);
        }
    }
    Ok(())
}
