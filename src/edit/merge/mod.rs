//! Three-way merge: two sides changed the same annotations of one text, each in its own way.
//!
//! *Base* is what both began with (the file as it was last opened or saved), *mine* is the open document, *theirs* what
//! another program made of the file. What only one side changed is taken; what both changed is merged field by field;
//! where both changed the same field, or one side deleted what the other changed or newly refers to, somebody has to
//! choose. The choices become one transaction on *mine*, so that all of it is one step of undo.
//!
//! Things are matched by identifier. What both sides made anew is the same thing only if it says the same (the same
//! label on the same words); else theirs gets a fresh identifier. No reference is left to something that is not there,
//! unless it dangled before.
//!
//! Knows documents and the schema (how many fillers a role takes); knows no files.

mod engine;
mod fields;
mod twins;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::{Draft, Drafted};
use super::editor::Ids;
use super::op::Op;
use crate::model::{Document, Entity, Event, Id, Mention, Quote, Relation, Schema};

/// Whose version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Side {
    /// Of the open document.
    #[default]
    Mine,
    /// Of the other program.
    Theirs,
}

/// What a conflict is about: the same in every run over the same documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    place: Place,
    /// Which field; `None`: whether it is there at all.
    field: Option<String>,
}

/// Whose field. Batches have identifiers of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Document,
    Annotation(Id),
    Batch(Id),
}

/// Something that both sides changed, each differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeConflict {
    /// The annotation or entity; `None` for the document's own fields and for batches.
    pub id: Option<Id>,
    /// What it is about, in words (“Person ‘Anna’”).
    pub about: String,
    /// Which field of it, in words.
    pub field: String,
    /// What it is here.
    pub mine: String,
    /// What it is there.
    pub theirs: String,
    key: Key,
}

/// How something comes from the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is new.
    Added,
    /// It is changed.
    Changed,
    /// It is deleted.
    Removed,
}

/// One thing that the other side did and that is taken over without a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// How.
    pub how: How,
    /// What, in words, with what changed of it.
    pub words: String,
}

/// The texts differ: annotations of one do not fit the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file holds another text now; annotations of two texts cannot be merged")]
pub struct OtherText;

/// Everything that is needed to plan a merge away from the editor: planning may take a while.
#[derive(Clone, Debug)]
pub struct Merger {
    pub(super) mine: Document,
    pub(super) schema: Arc<Schema>,
    pub(super) ids: Ids,
}

/// A merge that was planned, before anybody has chosen.
#[derive(Clone, Debug)]
pub struct Merge {
    base: Document,
    mine: Document,
    /// With the identifiers that its new things get here.
    theirs: Document,
    schema: Arc<Schema>,
    conflicts: Vec<MergeConflict>,
    incoming: Vec<Incoming>,
}

impl Merger {
    /// Finds out what changed on which side.
    ///
    /// # Errors
    /// [`OtherText`] if one of the three is of another text.
    pub fn plan(mut self, base: &Document, theirs: &Document) -> Result<Merge, OtherText> {
        let is_same = |other: &Document| other.text().sha256() == self.mine.text().sha256();
        if !is_same(base) || !is_same(theirs) {
            return Err(OtherText);
        }
        let theirs = twins::matched(base, &self.mine, theirs, &mut self.ids);
        let mut merge = Merge {
            base: base.clone(),
            mine: self.mine,
            theirs,
            schema: self.schema,
            conflicts: Vec::new(),
            incoming: Vec::new(),
        };
        // Which references would dangle depends on what is chosen: ask about those of either choice.
        let (as_mine, mut found) = merge.run(&|_| Some(Side::Mine));
        let (_, more) = merge.run(&|_| Some(Side::Theirs));
        for (key, conflict) in more {
            found.entry(key).or_insert(conflict);
        }
        let mut conflicts: Vec<_> = found.into_iter().map(|(key, found)| merge.told(key, found)).collect();
        conflicts.sort_by_cached_key(|conflict| {
            let at = conflict.id.as_ref().map(|id| merge.place_of(id));
            (at, conflict.key.clone())
        });
        merge.conflicts = conflicts;
        merge.incoming = words::incoming(&merge.mine, &as_mine, &merge.schema);
        Ok(merge)
    }
}

impl Merge {
    /// What has to be chosen, in the order of the text.
    pub fn conflicts(&self) -> &[MergeConflict] {
        &self.conflicts
    }

    /// What comes from the other side whatever is chosen.
    pub fn incoming(&self) -> &[Incoming] {
        &self.incoming
    }

    /// Whether the other side changed nothing that is not here already.
    pub fn is_empty(&self) -> bool {
        self.conflicts.is_empty() && self.incoming.is_empty()
    }

    /// The document that was merged into.
    pub fn mine(&self) -> &Document {
        &self.mine
    }

    /// The merged document; `choices` are in the order of the conflicts, missing ones are [`Side::Mine`].
    pub fn merged(&self, choices: &[Side]) -> Document {
        let chosen: BTreeMap<&Key, Side> = (self.conflicts.iter().enumerate())
            .map(|(i, conflict)| (&conflict.key, choices.get(i).copied().unwrap_or_default()))
            .collect();
        self.run(&|key| chosen.get(key).copied()).0
    }

    /// The operations that make the merged document of mine.
    pub(super) fn ops(&self, choices: &[Side]) -> Vec<Op> {
        ops_between(&self.mine, &self.merged(choices))
    }

    fn run(&self, choose: &dyn Fn(&Key) -> Option<Side>) -> (Document, engine::Conflicts) {
        engine::run(&self.base, &self.mine, &self.theirs, &self.schema, choose)
    }

    fn told(&self, key: Key, found: engine::Found) -> MergeConflict {
        let (id, about) = match &key.place {
            Place::Document => (None, "This document".to_owned()),
            Place::Batch(id) => (None, words::of_batch(&self.mine, &self.theirs, id)),
            Place::Annotation(id) => {
                let known = if self.mine.kind_of(id).is_some() { &self.mine } else { &self.theirs };
                (Some(id.clone()), words::of(known, id))
            }
        };
        let field = key.field.as_deref().map_or_else(|| "deleted or kept".to_owned(), words::named);
        MergeConflict { id, about, field, mine: found.mine, theirs: found.theirs, key }
    }

    fn place_of(&self, id: &Id) -> Option<crate::text::Span> {
        let known = if self.mine.kind_of(id).is_some() { &self.mine } else { &self.theirs };
        known.spans_of(id).first().copied()
    }
}

/// The operations that make `to` of `from`. Their texts are the same.
pub(super) fn ops_between(from: &Document, to: &Document) -> Vec<Op> {
    fn lay<A: Drafted + engine::Tables>(draft: &mut Draft<'_>, from: &Document, to: &Document) {
        for id in A::table(from).keys().filter(|id| !A::table(to).contains_key(id)) {
            draft.remove::<A>(id);
        }
        for (id, annotation) in A::table(to) {
            if A::table(from).get(id) != Some(annotation) {
                draft.put(annotation.clone());
            }
        }
    }
    let mut draft = Draft::new(from);
    lay::<Entity>(&mut draft, from, to);
    lay::<Mention>(&mut draft, from, to);
    lay::<Event>(&mut draft, from, to);
    lay::<Quote>(&mut draft, from, to);
    lay::<Relation>(&mut draft, from, to);
    for id in from.batches().keys().filter(|id| !to.batches().contains_key(id)) {
        draft.remove_batch(id);
    }
    to.batches().values().for_each(|batch| draft.put_batch(batch.clone()));
    for rejection in from.rejected().difference(to.rejected()) {
        draft.set_rejected(rejection.clone(), false);
    }
    to.rejected().iter().for_each(|rejection| draft.put_rejected(rejection.clone()));
    draft.header_mut().clone_from(to.header());
    draft.into_exact_ops()
}

#[cfg(test)]
mod tests;
