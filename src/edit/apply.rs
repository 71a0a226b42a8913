//! Putting operations into a document, all or none.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::op::{Change, Conflict, Op};
use crate::model::{
    Annotation, Annotations, Batch, Document, Header, Id, Kind, MentionChanges, ReferenceIndex, Rejection, SpanIndex,
};
use crate::text::{Text, are_apart};

/// Applies operations in order.
///
/// # Errors
/// [`Conflict`] if something is not as an operation expects it; the document is then as it was.
pub fn apply<'a>(document: &mut Document, ops: impl IntoIterator<Item = &'a Op>) -> Result<(), Conflict> {
    all_or_none(document, ops.into_iter(), Way::Forth)
}

/// Takes operations back, in the order given: the one that was applied last comes first.
///
/// # Errors
/// As [`apply`].
pub fn take_back<'a>(document: &mut Document, ops: impl IntoIterator<Item = &'a Op>) -> Result<(), Conflict> {
    all_or_none(document, ops.into_iter(), Way::Back)
}

/// Whether an operation is done or taken back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Forth,
    Back,
}

impl Way {
    fn opposite(self) -> Self {
        match self {
            Self::Forth => Self::Back,
            Self::Back => Self::Forth,
        }
    }
}

/// A change in one of its directions, without a copy of it.
struct Step<'a, T> {
    before: Option<&'a Arc<T>>,
    after: Option<&'a Arc<T>>,
}

impl<'a, T> Step<'a, T> {
    fn of(change: &'a Change<T>, way: Way) -> Self {
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        match way {
            Way::Forth => Self { before, after },
            Way::Back => Self { before: after, after: before },
        }
    }
}

/// From so many operations on, what refers to entities is put into its lists at the end, all of it at once.
const MANY: usize = 64;

/// Where annotations are found: by place, and by what they refer to.
struct Index<'a> {
    spans: &'a mut SpanIndex,
    references: &'a mut ReferenceIndex,
    /// What mentions refer to, if that waits for the end.
    later: Option<&'a mut MentionChanges>,
}

impl Index<'_> {
    fn remove<A: Annotation>(&mut self, annotation: &A) {
        self.spans.remove(annotation);
        match self.later.as_mut().filter(|_| A::KIND == Kind::Mention) {
            Some(later) => later.remove(annotation),
            None => self.references.remove(annotation),
        }
    }

    fn insert<A: Annotation>(&mut self, annotation: &A) {
        self.spans.insert(annotation);
        match self.later.as_mut().filter(|_| A::KIND == Kind::Mention) {
            Some(later) => later.insert(annotation),
            None => self.references.insert(annotation),
        }
    }
}

fn all_or_none<'a>(document: &mut Document, ops: impl Iterator<Item = &'a Op>, way: Way) -> Result<(), Conflict> {
    let ops: Vec<&Op> = ops.collect();
    if ops.len() >= MANY {
        // A copy shares everything that is not changed; of few operations it would cost more than they do.
        let before = document.clone();
        let mut later = MentionChanges::default();
        for op in ops {
            if let Err(conflict) = apply_one(document, op, way, Some(&mut later)) {
                *document = before;
                return Err(conflict);
            }
        }
        document.references.change_mentions(later);
        return Ok(());
    }
    for (done, op) in ops.iter().enumerate() {
        if let Err(conflict) = apply_one(document, op, way, None) {
            for undone in ops.get(..done).unwrap_or_default().iter().rev() {
                // What was just done can be taken back.
                let taken_back = apply_one(document, undone, way.opposite(), None);
                debug_assert!(taken_back.is_ok(), "an operation does not invert");
            }
            return Err(conflict);
        }
    }
    Ok(())
}

/// The editor makes no operation that renames, takes another's name, takes the header away, lies outside the text or in
/// itself; a journal may hold any.
fn apply_one(document: &mut Document, op: &Op, way: Way, later: Option<&mut MentionChanges>) -> Result<(), Conflict> {
    if let (Some(id), Some(kind)) = (op.id(), op.kind())
        && (id.as_str().is_empty() || document.kind_of(id).is_some_and(|other| other != kind))
    {
        return Err(Conflict(format!("{} {id}", kind.word())));
    }
    let Document { text, header, span_index, references, .. } = document;
    let index = Index { spans: span_index, references, later };
    match op {
        Op::Entity(change) => put(&mut document.entities, index, text, &Step::of(change, way)),
        Op::Mention(change) => put(&mut document.mentions, index, text, &Step::of(change, way)),
        Op::Event(change) => put(&mut document.events, index, text, &Step::of(change, way)),
        Op::Quote(change) => put(&mut document.quotes, index, text, &Step::of(change, way)),
        Op::Relation(change) => put(&mut document.relations, index, text, &Step::of(change, way)),
        Op::Batch(change) => put_batch(&mut document.batches, &Step::of(change, way)),
        Op::Rejection(change) => put_rejection(&mut document.rejected, text, &Step::of(change, way)),
        Op::Header(change) => {
            let Step { before, after } = Step::of(change, way);
            let Some(after) = after.filter(|_| before.is_some_and(|before| **before == *header)) else {
                return Err(Conflict("the document's header".into()));
            };
            if !after.zones.iter().all(|zone| text.get(zone.span).is_some()) {
                return Err(Conflict("a part of the text".into()));
            }
            *header = Header::clone(after);
            Ok(())
        }
    }
}

fn put_batch(map: &mut Annotations<Batch>, step: &Step<'_, Batch>) -> Result<(), Conflict> {
    let Some(id) = step.before.or(step.after).map(|batch| batch.id.clone()) else {
        return Ok(());
    };
    if !is_as_before(map, &id, step) || step.after.is_some_and(|after| after.id != id) {
        return Err(Conflict(format!("batch {id}")));
    }
    match step.after {
        Some(after) => drop(map.share(id, after.clone())),
        None => drop(map.remove(&id)),
    }
    Ok(())
}

fn put_rejection(set: &mut BTreeSet<Rejection>, text: &Text, step: &Step<'_, Rejection>) -> Result<(), Conflict> {
    let is_inside = |r: &Rejection| are_apart(&r.spans) && r.spans.iter().all(|span| text.get(*span).is_some());
    // One may become itself, with something else said of it.
    let is_new = |r: &Rejection| !set.contains(r) || step.before.is_some_and(|before| **before == *r);
    let is_there = step.before.is_none_or(|r| set.contains(&**r));
    if !is_there || !step.after.is_none_or(|r| is_new(r) && is_inside(r)) {
        return Err(Conflict("a refused suggestion".into()));
    }
    if let Some(before) = step.before {
        set.remove(&**before);
    }
    set.extend(step.after.map(|after| Rejection::clone(after)));
    Ok(())
}

/// Whether the document has what a step begins with.
fn is_as_before<A: Clone + PartialEq>(map: &Annotations<A>, id: &Id, step: &Step<'_, A>) -> bool {
    match (map.get_shared(id), step.before) {
        (Some(known), Some(before)) => Arc::ptr_eq(known, before) || known == before,
        (known, before) => known.is_none() && before.is_none(),
    }
}

fn put<A: Annotation>(
    map: &mut Annotations<A>,
    mut index: Index<'_>,
    text: &Text,
    step: &Step<'_, A>,
) -> Result<(), Conflict> {
    let Some(id) = step.before.or(step.after).map(|a| a.id().clone()) else {
        return Ok(());
    };
    let is_inside = |after: &A| after.anchors().iter().all(|(_, span)| text.get(*span).is_some());
    let are_lists_apart = |after: &A| after.span_lists().iter().all(|spans| are_apart(spans));
    let is_possible = |after: &A| *after.id() == id && is_inside(after) && are_lists_apart(after);
    if !is_as_before(map, &id, step) || !step.after.is_none_or(|after| is_possible(after)) {
        return Err(Conflict(format!("{} {id}", A::KIND.word())));
    }
    if let Some(before) = step.before {
        index.remove(&**before);
    }
    match step.after {
        Some(after) => {
            index.insert(&**after);
            map.share(id, after.clone());
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
    use crate::model::{Argument, Filler, Mention, Zone, ZoneKind};
    use crate::text::{BytePos, Span};

    fn made<T>(after: T) -> Change<T> {
        Change { before: None, after: Some(Arc::new(after)) }
    }

    #[test]
    fn what_no_editor_made_is_refused_and_changes_nothing() {
        let mut document = editor().document().clone();
        let anna = mention("m1", "Person", &[(0, 4)]);
        apply(&mut document, &[Op::Mention(made(anna.clone()))]).expect("fits");
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
        let header = |after: Option<Header>| {
            Op::Header(Change { before: Some(before.header().clone().into()), after: after.map(Arc::new) })
        };
        let refused = [
            Op::Mention(made(mention("m2", "Person", &[(0, 5000)]))),
            Op::Mention(made(turned)),
            Op::Event(made(claims)),
            Op::Mention(made(mention("", "Person", &[(0, 4)]))),
            Op::Entity(made(entity("m1", "Person", "Anna"))),
            Op::Mention(Change { before: Some(anna.into()), after: Some(mention("m2", "Person", &[(0, 4)]).into()) }),
            header(None),
            header(Some(zoned)),
        ];
        for op in refused {
            let good = Op::Mention(made(mention("m3", "Person", &[(0, 4)])));
            assert!(apply(&mut document, &[good, op.clone()]).is_err(), "{op:?}");
            assert_eq!(document, before);
        }
    }

    /// Mentions of two entities on the words of the test's text, some of them on the same.
    fn crowd(entity: impl Fn(u32) -> &'static str) -> Vec<Op> {
        let numbers = 0..100u32;
        let all = numbers.map(|n| {
            let mut made_one = mention(&format!("m{}", (n * 37) % 100), "Person", &[(n % 30, n % 30 + 4)]);
            made_one.entity = Some(entity(n).into());
            Op::Mention(made(made_one))
        });
        all.collect()
    }

    /// What refers to entities, by the index and by a look at all of it.
    fn referring(document: &Document) -> [Vec<Vec<String>>; 2] {
        let mut anew = document.clone();
        anew.reindex();
        [document, &anew].map(|document| {
            let of = |id: &str| document.mentions_of(&id.into()).map(|m| m.id.to_string()).collect();
            ["n1", "n2"].map(of).into()
        })
    }

    #[test]
    fn many_operations_at_once_are_as_good_as_one_after_the_other() {
        let ops = crowd(|n| if n % 3 == 0 { "n1" } else { "n2" });
        assert!(ops.len() >= MANY);
        let (mut at_once, mut one_by_one) = (editor().document().clone(), editor().document().clone());
        let empty = at_once.clone();
        apply(&mut at_once, &ops).expect("fits");
        for op in &ops {
            apply(&mut one_by_one, [op]).expect("fits");
        }
        let [found, expected] = referring(&at_once);
        assert_eq!((&at_once, &found), (&one_by_one, &expected));
        assert_eq!((referring(&one_by_one)[0].clone(), found[0].len()), (found, 34));
        // One of them moves to the other entity, in the midst of many.
        let moved: Vec<Op> = (ops.iter())
            .map(|op| {
                let Op::Mention(change) = op else { unreachable!("all are mentions") };
                let mut after = Mention::clone(change.after.as_deref().expect("made"));
                after.entity = Some("n2".into());
                Op::Mention(Change { before: change.after.clone(), after: Some(after.into()) })
            })
            .collect();
        let before = at_once.clone();
        apply(&mut at_once, &moved).expect("fits");
        let [found, expected] = referring(&at_once);
        assert_eq!((found[0].len(), &found), (0, &expected));
        // One that does not fit takes all others along.
        assert!(apply(&mut at_once, moved.iter().chain(&ops)).is_err());
        assert_eq!(referring(&at_once)[0], expected);
        take_back(&mut at_once, moved.iter().rev()).expect("was done");
        assert_eq!((&at_once, referring(&at_once)[0].clone()), (&before, referring(&before)[1].clone()));
        take_back(&mut at_once, ops.iter().rev()).expect("was done");
        assert_eq!((&at_once, referring(&at_once)[0].concat().len()), (&empty, 0));
    }
}
