//! What panels show of a document, kept up to date change by change.
//!
//! A change touches a few annotations; only these, what they refer to and what refers to them is looked at again.
//! In an article with twenty thousand mentions the work of a key press stays far below a frame.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Annotation, Document, Event, Id, Kind, Part, PlaceList, Problem, Schema, start_of, validate, validate_one,
};
use crate::text::BytePos;

/// Lists in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentCache {
    /// Entities by first mention.
    pub entities: PlaceList,
    /// Events by trigger.
    pub events: PlaceList,
    /// Those of them that are claimed in a quote.
    pub claimed: PlaceList,
    /// Those that the text itself asserts.
    pub asserted: PlaceList,
    /// Quotes by content.
    pub quotes: PlaceList,
    /// Relations by where they start.
    pub relations: PlaceList,
    /// Mentions, events and quotes in the order of the text, for walking.
    pub walk: PlaceList,
    /// Mentions without entity, in the order of the text.
    pub unjoined: PlaceList,
    /// Everything that is wrong, in the order of the text.
    pub problems: Vec<Problem>,
    /// Which of them each annotation has.
    problems_of: BTreeMap<Id, Vec<usize>>,
    /// The document as it was looked at last, which tells where what was touched stood before.
    seen: Option<Document>,
}

/// Where more annotations than these have to be looked at again, all of them are: each of many on one word would be
/// compared with all others.
const ONE_BY_ONE: usize = 300;

/// Of fewer annotations all is worked out sooner than a thread is started.
const WORTH_A_THREAD: usize = 20_000;

/// Whether something is in a list.
type Belongs<'a> = &'a dyn Fn(&Document, &Id) -> bool;

/// Where an annotation stands in lists.
pub fn place_of(document: &Document, id: &Id) -> BytePos {
    start_of(&document.spans_of(id))
}

/// Whether the event happens in what somebody says.
fn is_claimed(document: &Document, event: &Event) -> bool {
    event.claimed_in.as_ref().is_some_and(|quote| document.quotes().contains_key(quote))
}

/// What an annotation refers to.
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

/// Whether an entity says the same to those that look at its mentions.
fn is_same_to_mentions(before: &Document, now: &Document, id: &Id) -> bool {
    match (before.entities().get(id), now.entities().get(id)) {
        (Some(before), Some(now)) => before.r#type == now.r#type && before.name == now.name,
        (None, None) => true,
        _ => false,
    }
}

impl DocumentCache {
    /// Works everything out.
    pub fn rebuild(document: &Document, schema: &Schema) -> Self {
        // Where an annotation stands is asked of itself: looking up a million of them takes longer than all the rest.
        let mentions = || document.mentions().values().map(|m| (start_of(&m.spans), m.id.clone()));
        let events = || document.events().values().map(|e| (start_of(&e.trigger), e.id.clone()));
        let quotes = || document.quotes().values().map(|q| (start_of(&q.content), q.id.clone()));
        let claims = |is_wanted: bool| {
            let wanted = document.events().values().filter(move |e| is_claimed(document, e) == is_wanted);
            PlaceList::of(wanted.map(|e| (start_of(&e.trigger), e.id.clone())).collect())
        };
        let unjoined = document.mentions().values().filter(|m| m.entity.is_none());
        let looked_up = |id: &Id| (place_of(document, id), id.clone());
        let lists = || Self {
            entities: PlaceList::of(document.entities().keys().map(looked_up).collect()),
            events: PlaceList::of(events().collect()),
            claimed: claims(true),
            asserted: claims(false),
            quotes: PlaceList::of(quotes().collect()),
            relations: PlaceList::of(document.relations().keys().map(looked_up).collect()),
            walk: PlaceList::of(mentions().chain(events()).chain(quotes()).collect()),
            unjoined: PlaceList::of(unjoined.map(|m| (start_of(&m.spans), m.id.clone())).collect()),
            problems: Vec::new(),
            problems_of: BTreeMap::new(),
            seen: Some(document.clone()),
        };
        let (mut cache, problems) = if document.annotation_count() < WORTH_A_THREAD {
            (lists(), validate(document, schema))
        } else {
            std::thread::scope(|scope| {
                let problems = scope.spawn(|| validate(document, schema));
                let lists = lists();
                (lists, problems.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })
        };
        cache.problems = problems;
        cache.sort_problems();
        cache
    }

    /// Looks again at what a change touched.
    pub fn update(&mut self, document: &Document, schema: &Schema, touched: &[Id]) {
        let Some(before) = self.seen.replace(document.clone()) else {
            *self = Self::rebuild(document, schema);
            return;
        };
        let touched: BTreeSet<Id> = touched.iter().cloned().collect();
        let mut affected = touched.clone();
        for id in &touched {
            // What it referred to before, and what it refers to now; what refers to it.
            for target in references_of(&before, id).into_iter().chain(references_of(document, id)) {
                // A relation stands where its entity is mentioned first.
                if document.entities().contains_key(&target) {
                    affected.extend(document.references().others_at(&target).cloned());
                }
                affected.insert(target);
            }
            for document in [&before, document] {
                affected.extend(document.references().others_at(id).cloned());
            }
            if !is_same_to_mentions(&before, document, id) {
                for document in [&before, document] {
                    affected.extend(document.mentions_of(id).map(|mention| mention.id.clone()));
                }
            }
        }
        self.update_lists(&before, document, &affected);
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
        let count = self.problems.len();
        self.problems.retain(|p| p.place.id.as_ref().is_none_or(|id| !checked.contains(id)));
        let is_shorter = self.problems.len() < count;
        let new: Vec<Problem> = checked.iter().flat_map(|id| validate_one(document, schema, id)).collect();
        if is_shorter || !new.is_empty() {
            self.problems.extend(new);
            self.sort_problems();
        }
    }

    /// The problems of an annotation.
    pub fn problems_of(&self, id: &Id) -> impl Iterator<Item = &Problem> {
        self.problems_of.get(id).into_iter().flatten().filter_map(|i| self.problems.get(*i))
    }

    /// Puts what was affected where it stands now.
    fn update_lists(&mut self, before: &Document, document: &Document, affected: &BTreeSet<Id>) {
        let is_unjoined = |d: &Document, id: &Id| d.mentions().get(id).is_some_and(|m| m.entity.is_none());
        let walks = |d: &Document, id: &Id| matches!(d.kind_of(id), Some(Kind::Mention | Kind::Event | Kind::Quote));
        let claims = |d: &Document, id: &Id| d.events().get(id).map(|event| is_claimed(d, event));
        let lists: [(&mut PlaceList, Belongs<'_>); 8] = [
            (&mut self.walk, &walks),
            (&mut self.unjoined, &is_unjoined),
            (&mut self.events, &|d, id| d.events().contains_key(id)),
            (&mut self.claimed, &|d, id| claims(d, id) == Some(true)),
            (&mut self.asserted, &|d, id| claims(d, id) == Some(false)),
            (&mut self.quotes, &|d, id| d.quotes().contains_key(id)),
            // A relation stands where its start does, and an entity where its first mention does.
            (&mut self.relations, &|d, id| d.relations().contains_key(id)),
            (&mut self.entities, &|d, id| d.entities().contains_key(id)),
        ];
        for (list, belongs) in lists {
            for id in affected {
                let place = |d: &Document| belongs(d, id).then(|| place_of(d, id));
                let (from, to) = (place(before), place(document));
                if from != to {
                    if let Some(from) = from {
                        list.remove(from, id);
                    }
                    if let Some(to) = to {
                        list.insert(to, id.clone());
                    }
                }
            }
        }
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
