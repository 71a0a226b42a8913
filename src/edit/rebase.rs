//! Transactions on a document that was edited since they were planned.
//!
//! What is as a transaction expects it becomes what the transaction makes of it. What somebody has edited since is changed
//! field by field: a field that is as expected changes, any other is left alone and counted. No reference is left to
//! something that is not there, unless it dangled before.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::apply::{apply, take_back};
use super::arguments::change_arguments;
use super::draft::{Draft, Drafted};
use super::op::{Change, Conflict, Op};
use crate::model::{Document, Entity, Event, Id, Kind, Mention, Quote, Relation};

/// What is left of a transaction on a document as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rebased {
    /// What can be done.
    pub ops: Vec<Op>,
    /// How many things there are that were edited since and left alone, in whole or in part.
    pub left: usize,
}

/// The document that operations make of another one.
///
/// # Errors
/// [`Conflict`] if something is not as they expect it.
pub fn applied(document: &Document, ops: &[Op]) -> Result<Document, Conflict> {
    let mut after = document.clone();
    apply(&mut after, ops).map(|()| after)
}

/// Whether a document is as these operations leave one, so that they could be taken back.
pub fn is_result_of(document: &Document, ops: &[Op]) -> bool {
    let mut before = document.clone();
    take_back(&mut before, ops.iter().rev()).is_ok()
}

/// What of these operations can be done on a document that was edited since they were planned. To take a transaction back,
/// give its [`super::Transaction::inverted_ops`].
pub fn rebased(document: &Document, ops: &[Op]) -> Rebased {
    let mut draft = Draft::new(document);
    let mut left = BTreeSet::new();
    for op in ops {
        if !lay(&mut draft, op) {
            left.insert(op.id().map_or_else(|| "document".to_owned(), ToString::to_string));
        }
    }
    keep_what_is_used(&mut draft, ops, &mut left);
    mend::<Mention>(&mut draft);
    mend::<Event>(&mut draft);
    mend::<Quote>(&mut draft);
    mend::<Relation>(&mut draft);
    let ops = draft.into_exact_ops();
    // The pieces were put together from several states; whatever would not fit is not done.
    match applied(document, &ops) {
        Ok(_) => Rebased { ops, left: left.len() },
        Err(_) => Rebased { ops: Vec::new(), left: left.len().max(1) },
    }
}

/// Whether all of it could be done.
fn lay(draft: &mut Draft<'_>, op: &Op) -> bool {
    match op {
        Op::Entity(change) => lay_one(draft, change),
        Op::Mention(change) => lay_one(draft, change),
        Op::Event(change) => lay_one(draft, change),
        Op::Quote(change) => lay_one(draft, change),
        Op::Relation(change) => lay_one(draft, change),
        Op::Batch(change) => {
            let Some(id) = change.before.as_ref().or(change.after.as_ref()).map(|batch| &batch.id) else { return true };
            let (now, all) = step(change, draft.batch(id));
            match now {
                Step::Put(batch) => draft.put_batch(*batch),
                Step::Remove => draft.remove_batch(id),
                Step::Nothing => {}
            }
            all
        }
        // A refusal that is not as expected was decided on by somebody.
        Op::Rejection(_) => draft.lay(op.clone()).is_ok(),
        Op::Header(change) => {
            let (now, all) = step(change, Some(draft.header()));
            if let Step::Put(header) = now {
                *draft.header_mut() = *header;
            }
            all
        }
    }
}

fn lay_one<A: Drafted + Serialize + DeserializeOwned>(draft: &mut Draft<'_>, change: &Change<A>) -> bool {
    let Some(id) = change.before.as_ref().or(change.after.as_ref()).map(|a| a.id().clone()) else { return true };
    if draft.kind_of(&id).is_some_and(|kind| kind != A::KIND) {
        return false;
    }
    let (now, all) = step(change, draft.get::<A>(&id));
    match now {
        Step::Put(annotation) => draft.put(*annotation),
        Step::Remove => draft.remove::<A>(&id),
        Step::Nothing => {}
    }
    all
}

enum Step<T> {
    Put(Box<T>),
    Remove,
    Nothing,
}

/// What becomes of a thing that is `now`, and whether that is all that the change wants.
fn step<T: Clone + PartialEq + Serialize + DeserializeOwned>(change: &Change<T>, now: Option<&T>) -> (Step<T>, bool) {
    let Change { before, after } = change;
    let (before, after) = (before.as_deref(), after.as_deref());
    if now == after {
        return (Step::Nothing, true);
    }
    if now == before {
        let all = after.cloned().map_or(Step::Remove, |after| Step::Put(Box::new(after)));
        return (all, true);
    }
    let (Some(before), Some(after), Some(now)) = (before, after, now) else { return (Step::Nothing, false) };
    let values = [before, after, now].map(|thing| serde_json::to_value(thing).unwrap_or_default());
    let [Value::Object(before), Value::Object(after), Value::Object(mut found)] = values else {
        return (Step::Nothing, false);
    };
    let all = merge(&before, &after, &mut found);
    match serde_json::from_value(Value::Object(found)) {
        Ok(merged) if merged != *now => (Step::Put(Box::new(merged)), all),
        Ok(_) => (Step::Nothing, all),
        Err(_) => (Step::Nothing, false),
    }
}

/// Changes the fields that are as expected. Whether all that should change did.
fn merge(before: &Map<String, Value>, after: &Map<String, Value>, now: &mut Map<String, Value>) -> bool {
    /// Fields that are maps, or structs of independent fields.
    const PARTS: [&str; 3] = ["attributes", "labels", "metadata"];
    let mut all = true;
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let (was, is) = (before.get(name), after.get(name));
        if was == is || now.get(name) == is {
            continue;
        }
        if now.get(name) == was {
            match is {
                Some(is) => drop(now.insert(name.clone(), is.clone())),
                None => drop(now.remove(name)),
            }
            continue;
        }
        all &= match (was, is, now.get_mut(name)) {
            (Some(Value::Object(was)), Some(Value::Object(is)), Some(Value::Object(now)))
                if PARTS.contains(&name.as_str()) =>
            {
                merge(was, is, now)
            }
            (Some(Value::Array(was)), Some(Value::Array(is)), Some(Value::Array(now))) if name == "arguments" => {
                merge_list(was, is, now)
            }
            _ => false,
        };
    }
    all
}

/// The same for a list of which each element stands for itself: roles and their fillers.
fn merge_list(before: &[Value], after: &[Value], now: &mut Vec<Value>) -> bool {
    let mut all = true;
    if before.len() == after.len() {
        for (was, is) in before.iter().zip(after).filter(|(was, is)| was != is) {
            match now.iter().position(|known| known == was) {
                Some(at) => now[at] = is.clone(),
                None => all &= now.contains(is),
            }
        }
        return all;
    }
    for was in before.iter().filter(|was| !after.contains(was)) {
        match now.iter().position(|known| known == was) {
            Some(at) => drop(now.remove(at)),
            None => all = false,
        }
    }
    for (at, is) in after.iter().enumerate().filter(|(_, is)| !before.contains(is)) {
        if !now.contains(is) {
            now.insert(at.min(now.len()), is.clone());
        }
    }
    all
}

/// Brings back what would be removed although something refers to it that is not removed.
fn keep_what_is_used(draft: &mut Draft<'_>, ops: &[Op], left: &mut BTreeSet<String>) {
    let mut removed: Vec<Id> = ops.iter().filter_map(Op::id).filter(|id| is_removed(draft, id)).cloned().collect();
    loop {
        let used: Vec<Id> = removed.iter().filter(|id| is_used(draft, id)).cloned().collect();
        if used.is_empty() {
            return;
        }
        for id in &used {
            left.insert(id.to_string());
            match draft.base.kind_of(id) {
                Some(Kind::Entity) => restore::<Entity>(draft, id),
                Some(Kind::Mention) => restore::<Mention>(draft, id),
                Some(Kind::Event) => restore::<Event>(draft, id),
                Some(Kind::Quote) => restore::<Quote>(draft, id),
                Some(Kind::Relation) => restore::<Relation>(draft, id),
                None => {}
            }
        }
        removed.retain(|id| !used.contains(id));
    }
}

fn restore<A: Drafted>(draft: &mut Draft<'_>, id: &Id) {
    if let Some(before) = A::base(draft.base).get(id).cloned() {
        draft.put(before);
    }
}

fn is_removed(draft: &Draft<'_>, id: &Id) -> bool {
    draft.base.kind_of(id).is_some() && draft.kind_of(id).is_none()
}

fn is_used(draft: &Draft<'_>, id: &Id) -> bool {
    fn refers<A: Drafted>(draft: &Draft<'_>, referrer: &Id, id: &Id) -> bool {
        draft.get::<A>(referrer).is_some_and(|a| a.references().contains(&id))
    }
    draft.base.referrers(id).iter().any(|by| {
        refers::<Mention>(draft, by, id)
            || refers::<Event>(draft, by, id)
            || refers::<Quote>(draft, by, id)
            || refers::<Relation>(draft, by, id)
    })
}

/// Takes out references to what is not there, of what this draft has changed.
fn mend<A: Drafted>(draft: &mut Draft<'_>) {
    let dangles = |draft: &Draft<'_>, annotation: &A| -> Vec<Id> {
        let before = A::base(draft.base).get(annotation.id());
        let is_new = |id: &&Id| before.is_none_or(|before| !before.references().contains(id));
        let missing = annotation.references().into_iter().filter(|id| draft.kind_of(id).is_none());
        missing.filter(is_new).cloned().collect()
    };
    let changed: Vec<(Id, Vec<Id>)> =
        draft.changed::<A>().map(|a| (a.id().clone(), dangles(draft, a))).filter(|(_, ids)| !ids.is_empty()).collect();
    for (id, missing) in changed {
        match A::KIND {
            Kind::Mention => draft.update::<Mention>(&id, |m| m.entity = None),
            Kind::Event | Kind::Quote => {
                draft.update::<Event>(&id, |event| {
                    event.claimed_in.take_if(|quote| missing.contains(quote));
                });
                // It is an event or a quote, so this cannot fail.
                let _ = change_arguments(draft, &id, |list| {
                    list.retain(|a| a.filler.target().is_none_or(|target| !missing.contains(target)));
                });
            }
            Kind::Relation => draft.remove::<Relation>(&id),
            Kind::Entity => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::test_support::{any_intent, editor};
    use super::*;
    use crate::edit::{Editor, Intent, LabelKind, SchemaChange, SchemaStep, Transaction};
    use crate::model::schema::builtin;
    use crate::model::test_support::spans;
    use crate::model::{Filler, Header, SchemaRef, validate};

    fn migrated(document: &Document, label: &str, to: &str) -> Transaction {
        let step = SchemaStep::Rename { of: LabelKind::Mention, from: label.into(), to: to.into() };
        let migration = SchemaChange { steps: vec![step] }.on(builtin("news").expect("ships")).expect("fits");
        migration.plan(document, "", None).transaction.expect("it changes at least the header")
    }

    fn with_header(editor: &Editor) -> Document {
        let schema = SchemaRef { name: "news".into(), version: 1 };
        let mut document = editor.document().clone();
        document.header = Header { schema, ..document.header.clone() };
        document
    }

    #[test]
    fn what_was_edited_since_is_changed_where_it_was_not_edited() {
        let mut first = editor();
        let mark = |editor: &mut Editor, label: &str, at| {
            let intent = Intent::AddMention { label: label.into(), spans: spans(&[at]) };
            editor.execute(&intent).expect("fits").created.expect("made")
        };
        let (anna, bob) = (mark(&mut first, "Person", (0, 4)), mark(&mut first, "Person", (9, 12)));
        let document = with_header(&first);
        let transaction = migrated(&document, "Person", "Human");
        let after = applied(&document, &transaction.ops).expect("fits");
        assert!(is_result_of(&after, &transaction.ops) && !is_result_of(&document, &transaction.ops));
        // Then somebody writes a note on one, and deletes the other.
        let mut edited = after.clone();
        edited.mentions.get_mut(&anna).expect("there").note = Some("look".to_owned()).into();
        let mut later = Editor::new(edited, first.schema().clone());
        later.execute(&Intent::Delete { ids: vec![bob.clone()] }).expect("there");
        let back = rebased(later.document(), &transaction.inverted_ops());
        let result = applied(later.document(), &back.ops).expect("fits");
        assert_eq!(result.mentions()[&anna].label, "Person");
        assert_eq!(result.mentions()[&anna].note.as_deref(), Some("look"));
        assert!(result.mentions().get(&bob).is_none());
        assert_eq!((back.left, result.header().schema.version), (1, 1), "the deleted one could not be changed");
        // And a label that somebody chose stays.
        let mut chosen = after;
        chosen.mentions.get_mut(&anna).expect("there").label = "Country".into();
        let back = rebased(&chosen, &transaction.inverted_ops());
        let result = applied(&chosen, &back.ops).expect("fits");
        assert_eq!((result.mentions()[&anna].label.as_str(), back.left), ("Country", 1));
        assert_eq!(result.mentions()[&bob].label, "Person");
    }

    #[test]
    fn what_came_with_it_goes_unless_something_uses_it_now() {
        let before = editor();
        let mut marked = before.clone();
        let mark = Intent::AddMention { label: "Person".into(), spans: spans(&[(9, 12)]) };
        let done = marked.execute(&mark).expect("fits");
        let (bob, made) = (done.created.expect("made"), done.transaction.expect("made"));
        let back = rebased(marked.document(), &made.inverted_ops());
        assert_eq!(applied(marked.document(), &back.ops).expect("fits"), *before.document());
        let event = Intent::AddEvent { r#type: "Consult".into(), trigger: spans(&[(5, 8)]) };
        let event = marked.execute(&event).expect("fits").created.expect("made");
        let filler = Some(Filler::Mention(bob));
        marked.execute(&Intent::SetArgument { id: event, role: "Actor".into(), nth: 0, filler }).expect("fits");
        let back = rebased(marked.document(), &made.inverted_ops());
        // What is left of it is that the document was not begun.
        assert_eq!((back.ops.iter().filter(|op| op.id().is_some()).count(), back.left), (0, 1));
    }

    proptest! {
        /// Whatever was done since, taking an older transaction back leaves no new reference to nothing; without anything
        /// done since, it is undo.
        #[test]
        fn an_older_transaction_is_taken_back_from_any_document(
            first in prop::collection::vec(any_intent(), 1..20), since in prop::collection::vec(any_intent(), 0..15),
            nth in any::<prop::sample::Index>(),
        ) {
            let mut editor = editor();
            let mut done = Vec::new();
            let mut before = Vec::new();
            for intent in &first {
                let document = editor.document().clone();
                if let Ok(Some(transaction)) = editor.execute(intent).map(|done| done.transaction) {
                    done.push(transaction);
                    before.push(document);
                }
            }
            prop_assume!(!done.is_empty());
            let last = done.len() - 1;
            let back = rebased(editor.document(), &done[last].inverted_ops());
            prop_assert_eq!(back.left, 0);
            prop_assert_eq!(&applied(editor.document(), &back.ops).expect("fits"), &before[last]);
            for intent in &since {
                let _ = editor.execute(intent);
            }
            let back = rebased(editor.document(), &done[nth.index(done.len())].inverted_ops());
            let after = applied(editor.document(), &back.ops).expect("fits");
            let dangling = |d: &Document| validate(d, editor.schema()).iter().filter(|p| p.code == "dangling-reference").count();
            prop_assert!(dangling(&after) <= dangling(editor.document()));
        }
    }
}
