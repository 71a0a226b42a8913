//! What panels show of a document, kept up to date change by change.
//!
//! A change touches a few annotations; only these, what they refer to and what refers to them is looked at again.
//! In an article with twenty thousand mentions the work of a key press stays far below a frame.

use std::collections::{BTreeMap, BTreeSet};

use crate::edit::arguments_of;
use crate::model::{Annotation, Document, Filler, Id, Kind, Part, Problem, Schema, validate, validate_one};
use crate::text::BytePos;

/// Lists in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentCache {
    /// Entities with their mentions, by first mention.
    pub entities: Vec<EntityRow>,
    /// Events by trigger.
    pub events: Vec<Id>,
    /// Quotes by content.
    pub quotes: Vec<Id>,
    /// Relations by where they start.
    pub relations: Vec<Id>,
    /// Mentions, events and quotes in the order of the text, for walking.
    pub walk: Vec<Id>,
    /// Mentions without entity, in the order of the text.
    pub unjoined: Vec<Id>,
    /// Everything that is wrong, in the order of the text.
    pub problems: Vec<Problem>,
    /// Which of them each annotation has.
    problems_of: BTreeMap<Id, Vec<usize>>,
    /// Which events and quotes an annotation fills a role of, with the role.
    pub used_in: BTreeMap<Id, Vec<(Id, String)>>,
    /// What each annotation refers to.
    references: BTreeMap<Id, Vec<Id>>,
    /// What refers to each annotation.
    referrers: BTreeMap<Id, BTreeSet<Id>>,
}

/// Where more annotations than these have to be looked at again, all of them are: each of many on one word would be
/// compared with all others.
const ONE_BY_ONE: usize = 300;

/// One line of the list of entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityRow {
    /// The entity.
    pub id: Id,
    /// Its mentions in the order of the text.
    pub mentions: Vec<Id>,
}

/// Where an annotation stands in lists.
fn place(document: &Document, id: &Id) -> (BytePos, Id) {
    let start = document.spans_of(id).first().map_or(BytePos(u32::MAX), |span| span.start);
    (start, id.clone())
}

/// What an annotation refers to, as it is now.
fn references_of(document: &Document, id: &Id) -> Vec<Id> {
    fn of<A: Annotation>(annotation: Option<&A>) -> Option<Vec<Id>> {
        annotation.map(|a| a.references().into_iter().cloned().collect())
    }
    of(document.mentions().get(id))
        .or_else(|| of(document.events().get(id)))
        .or_else(|| of(document.quotes().get(id)))
        .or_else(|| of(document.relations().get(id)))
        .unwrap_or_default()
}

impl DocumentCache {
    /// Works everything out.
    pub fn rebuild(document: &Document, schema: &Schema) -> Self {
        let mut cache = Self::default();
        let sorted = |ids: &mut dyn Iterator<Item = &Id>| {
            let mut keyed: Vec<(BytePos, Id)> = ids.map(|id| place(document, id)).collect();
            keyed.sort();
            keyed.into_iter().map(|(_, id)| id).collect::<Vec<Id>>()
        };
        let all = (document.mentions().keys()).chain(document.events().keys()).chain(document.quotes().keys());
        cache.walk = sorted(&mut all.clone());
        cache.events = sorted(&mut document.events().keys());
        cache.quotes = sorted(&mut document.quotes().keys());
        cache.relations = sorted(&mut document.relations().keys());
        cache.unjoined = sorted(&mut document.mentions().values().filter(|m| m.entity.is_none()).map(|m| &m.id));
        for id in all.chain(document.relations().keys()) {
            cache.note_references(document, id);
        }
        for id in document.events().keys().chain(document.quotes().keys()) {
            cache.note_uses(document, id, &[]);
        }
        cache.entities = document.entities().keys().map(|id| cache.row(document, id)).collect();
        cache.sort_entities(document);
        cache.problems = validate(document, schema);
        cache.sort_problems();
        cache
    }

    /// Looks again at what a change touched.
    pub fn update(&mut self, document: &Document, schema: &Schema, touched: &[Id]) {
        let touched: BTreeSet<Id> = touched.iter().cloned().collect();
        let mut affected = touched.clone();
        for id in &touched {
            // What it referred to before, and what it refers to now.
            affected.extend(self.references.get(id).into_iter().flatten().cloned());
            affected.extend(references_of(document, id));
            affected.extend(self.referrers.get(id).into_iter().flatten().cloned());
        }
        for id in &touched {
            let before = self.references.get(id).cloned().unwrap_or_default();
            self.note_references(document, id);
            self.note_uses(document, id, &before);
        }
        self.update_lists(document, &touched, &affected);
        let entities = |id: &&Id| document.kind_of(id) == Some(Kind::Entity);
        let rows: Vec<EntityRow> = affected.iter().filter(entities).map(|id| self.row(document, id)).collect();
        let had_entity = self.entities.iter().any(|row| affected.contains(&row.id));
        if had_entity || !rows.is_empty() {
            self.entities.retain(|row| !affected.contains(&row.id));
            self.entities.extend(rows);
            self.sort_entities(document);
        }
        // What has a problem with something that was touched, or may have one now: those on the same words.
        let mut checked = affected;
        let is_touched = |p: &&Problem| p.other.as_ref().is_some_and(|other| touched.contains(other));
        checked.extend(self.problems.iter().filter(is_touched).filter_map(|p| p.place.id.clone()));
        for span in touched.iter().filter_map(|id| document.mentions().get(id)?.spans.first()) {
            let anchors = document.span_index().touching(*span).into_iter();
            checked.extend(anchors.filter(|a| a.part == Part::Mention && a.span == *span).map(|a| a.id));
        }
        if checked.len() > ONE_BY_ONE {
            self.problems = validate(document, schema);
            self.sort_problems();
            return;
        }
        self.problems.retain(|p| p.place.id.as_ref().is_none_or(|id| !checked.contains(id)));
        self.problems.extend(checked.iter().flat_map(|id| validate_one(document, schema, id)));
        self.sort_problems();
    }

    /// The problems of an annotation.
    pub fn problems_of(&self, id: &Id) -> impl Iterator<Item = &Problem> {
        self.problems_of.get(id).into_iter().flatten().filter_map(|i| self.problems.get(*i))
    }

    /// The relations that begin or end at an annotation.
    pub fn relations_at<'a>(&'a self, document: &'a Document, id: &Id) -> impl Iterator<Item = &'a Id> {
        self.referrers.get(id).into_iter().flatten().filter(|id| document.relations().contains_key(id))
    }

    fn update_lists(&mut self, document: &Document, touched: &BTreeSet<Id>, affected: &BTreeSet<Id>) {
        let is_unjoined = |id: &Id| document.mentions().get(id).is_some_and(|m| m.entity.is_none());
        relist(&mut self.walk, document, touched, |id| {
            matches!(document.kind_of(id), Some(Kind::Mention | Kind::Event | Kind::Quote))
        });
        relist(&mut self.unjoined, document, touched, is_unjoined);
        relist(&mut self.events, document, touched, |id| document.events().contains_key(id));
        relist(&mut self.quotes, document, touched, |id| document.quotes().contains_key(id));
        // A relation stands where its start does, and that may have moved.
        relist(&mut self.relations, document, affected, |id| document.relations().contains_key(id));
    }

    fn note_references(&mut self, document: &Document, id: &Id) {
        for old in self.references.remove(id).unwrap_or_default() {
            if let Some(referrers) = self.referrers.get_mut(&old) {
                referrers.remove(id);
                if referrers.is_empty() {
                    self.referrers.remove(&old);
                }
            }
        }
        let now = references_of(document, id);
        if now.is_empty() {
            return;
        }
        for target in &now {
            self.referrers.entry(target.clone()).or_default().insert(id.clone());
        }
        self.references.insert(id.clone(), now);
    }

    /// `before` is what the owner referred to before.
    fn note_uses(&mut self, document: &Document, owner: &Id, before: &[Id]) {
        if matches!(document.kind_of(owner), Some(Kind::Mention | Kind::Entity | Kind::Relation)) {
            return;
        }
        for target in before {
            if let Some(uses) = self.used_in.get_mut(target) {
                uses.retain(|(by, _)| by != owner);
                if uses.is_empty() {
                    self.used_in.remove(target);
                }
            }
        }
        for argument in arguments_of(document, owner) {
            if let Filler::Mention(target) | Filler::Event(target) = argument.filler {
                let uses = self.used_in.entry(target).or_default();
                let at = uses.partition_point(|(by, _)| by <= owner);
                uses.insert(at, (owner.clone(), argument.role));
            }
        }
    }

    fn row(&self, document: &Document, entity: &Id) -> EntityRow {
        let referrers = self.referrers.get(entity).into_iter().flatten();
        let mut mentions: Vec<(BytePos, Id)> =
            referrers.filter(|id| document.mentions().contains_key(id)).map(|id| place(document, id)).collect();
        mentions.sort();
        EntityRow { id: entity.clone(), mentions: mentions.into_iter().map(|(_, id)| id).collect() }
    }

    fn sort_entities(&mut self, document: &Document) {
        let first = |row: &EntityRow| row.mentions.first().map_or(BytePos(u32::MAX), |id| place(document, id).0);
        self.entities.sort_by_cached_key(|row| (first(row), row.id.clone()));
    }

    fn sort_problems(&mut self) {
        self.problems.sort_by(|a, b| {
            let key = |p: &Problem| (p.place.span.is_none(), p.place.span);
            key(a).cmp(&key(b)).then_with(|| a.place.id.cmp(&b.place.id)).then_with(|| a.message.cmp(&b.message))
        });
        self.problems_of.clear();
        for (i, problem) in self.problems.iter().enumerate() {
            if let Some(id) = &problem.place.id {
                self.problems_of.entry(id.clone()).or_default().push(i);
            }
        }
    }
}

/// Takes the changed ones out of a list and puts those back that belong into it, each in its place.
fn relist(list: &mut Vec<Id>, document: &Document, changed: &BTreeSet<Id>, belongs: impl Fn(&Id) -> bool) {
    list.retain(|id| !changed.contains(id));
    for id in changed.iter().filter(|id| belongs(id)) {
        let key = place(document, id);
        let at = list.partition_point(|other| place(document, other) < key);
        list.insert(at, id.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::edit::test_support::{any_intent, editor};
    use crate::edit::{Editor, Op};

    fn touched(editor: &Editor) -> Vec<Id> {
        let last = editor.history().undo_step().last().expect("just done");
        last.ops.iter().filter_map(Op::id).cloned().collect()
    }

    proptest! {
        /// Updated change by change, it is what it would be if it were built anew; undo included.
        #[test]
        fn updating_is_rebuilding(intents in prop::collection::vec(any_intent(), 0..40)) {
            let mut editor = editor();
            // All checks that look at more than one annotation.
            let schema = Arc::new(Schema { one_label_per_span: true, ..Schema::clone(editor.schema()) });
            let mut cache = DocumentCache::rebuild(editor.document(), &schema);
            let mut done = 0;
            for intent in &intents {
                if editor.execute(intent).is_ok_and(|done| done.transaction.is_some()) {
                    done += 1;
                    cache.update(editor.document(), &schema, &touched(&editor));
                    prop_assert_eq!(&cache, &DocumentCache::rebuild(editor.document(), &schema), "after {:?}", intent);
                }
            }
            for _ in 0..done {
                let step = editor.undo().expect("was done");
                cache.update(editor.document(), &schema, &step.ids);
            }
            prop_assert_eq!(&cache, &DocumentCache::rebuild(editor.document(), &schema));
        }
    }
}
