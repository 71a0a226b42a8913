//! One run over three documents, with choices: the merged document, and everything that there was to choose.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Fields, Merged};
use super::{Key, Place, Side, words};
use crate::edit::draft::Drafted;
use crate::model::{
    Annotation as _, Annotations, Batch, Document, Entity, Event, Filler, Header, Id, Mention, Origin, Quote,
    Rejection, Relation, Schema, Unknown,
};

/// The two versions of a conflict, in words.
pub struct Found {
    pub mine: String,
    pub theirs: String,
}

/// What there is to choose.
pub type Conflicts = BTreeMap<Key, Found>;

/// The things of one kind.
pub trait Tables: Clone + PartialEq {
    /// To read.
    fn table(document: &Document) -> &Annotations<Self>;
    /// To change.
    fn table_mut(document: &mut Document) -> &mut Annotations<Self>;
    /// For keys of conflicts.
    fn place(id: &Id) -> Place;
    /// Lets unknown fields go with the parts that they belong to, when `before` became `self`.
    fn follow(&mut self, before: &Self);
}

macro_rules! tables {
    ($($kind:ty => $field:ident, $place:ident, $follow:expr);*) => { $(
        impl Tables for $kind {
            fn table(document: &Document) -> &Annotations<Self> { &document.$field }
            fn table_mut(document: &mut Document) -> &mut Annotations<Self> { &mut document.$field }
            fn place(id: &Id) -> Place { Place::$place(id.clone()) }
            fn follow(&mut self, before: &Self) { $follow(self, before) }
        }
    )* };
}
tables!(
    Entity => entities, Annotation, Entity::follow_unknown; Mention => mentions, Annotation, Mention::follow_unknown;
    Event => events, Annotation, Event::follow_unknown; Quote => quotes, Annotation, Quote::follow_unknown;
    Relation => relations, Annotation, Relation::follow_unknown;
    // Its parts are counted nowhere.
    Batch => batches, Batch, |_: &mut Batch, _: &Batch| ()
);

struct Run<'a> {
    base: &'a Document,
    mine: &'a Document,
    theirs: &'a Document,
    schema: &'a Schema,
    choose: &'a dyn Fn(&Key) -> Option<Side>,
    conflicts: Conflicts,
    /// What was chosen to stay although one side deleted it.
    kept: BTreeSet<Id>,
    out: Document,
}

/// Merges. `choose` tells what was chosen for a conflict; where it does not know, a field stays as mine and what is
/// referred to is kept.
pub fn run(
    base: &Document,
    mine: &Document,
    theirs: &Document,
    schema: &Schema,
    choose: &dyn Fn(&Key) -> Option<Side>,
) -> (Document, Conflicts) {
    let out = mine.clone();
    let mut run = Run { base, mine, theirs, schema, choose, conflicts: Conflicts::new(), kept: BTreeSet::new(), out };
    run.header();
    run.kind::<Entity>();
    run.kind::<Mention>();
    run.kind::<Event>();
    run.kind::<Quote>();
    run.kind::<Relation>();
    run.kind::<Batch>();
    run.rejected();
    run.mend();
    run.out.reindex();
    (run.out, run.conflicts)
}

impl Run<'_> {
    fn fields(&mut self, place: Place) -> Fields<'_> {
        Fields {
            mine: self.mine,
            theirs: self.theirs,
            schema: self.schema,
            place,
            choose: self.choose,
            conflicts: &mut self.conflicts,
            differing: Vec::new(),
        }
    }

    fn header(&mut self) {
        let (base, mine, theirs) = (self.base.header(), self.mine.header(), self.theirs.header());
        if mine == theirs || base == theirs {
            return;
        }
        self.out.header = if base == mine {
            theirs.clone()
        } else {
            let mut merged = Header::merged(Some(base), mine, theirs, &mut self.fields(Place::Document));
            merged.follow_unknown(mine);
            merged
        };
    }

    fn kind<A: Tables + Merged>(&mut self) {
        let (base, mine, theirs) = (A::table(self.base), A::table(self.mine), A::table(self.theirs));
        let ids: BTreeSet<&Id> = base.keys().chain(mine.keys()).chain(theirs.keys()).collect();
        for id in ids {
            let merged = match (base.get(id), mine.get(id), theirs.get(id)) {
                (_, here, there) if here == there => continue,
                (before, _, there) if before == there => continue,
                (before, here, there) if before == here => there.cloned(),
                (before, Some(here), Some(there)) => {
                    let mut merged = A::merged(before, here, there, &mut self.fields(A::place(id)));
                    merged.follow(here);
                    Some(merged)
                }
                (before, here, there) => {
                    let told = |version: Option<&A>, run: &mut Self| match (before, version) {
                        (Some(before), Some(after)) => {
                            let mut fields = run.fields(A::place(id));
                            let mut nobody = Conflicts::new();
                            fields.conflicts = &mut nobody;
                            A::merged(None, before, after, &mut fields);
                            format!("Kept, with a change of {}", words::enumerated(&fields.differing))
                        }
                        _ => "Deleted".to_owned(),
                    };
                    let found = Found { mine: told(here, self), theirs: told(there, self) };
                    let key = Key { place: A::place(id), field: None };
                    let side = (self.choose)(&key).unwrap_or_default();
                    self.conflicts.insert(key, found);
                    let chosen = if side == Side::Mine { here } else { there };
                    if chosen.is_some() {
                        self.kept.insert(id.clone());
                    }
                    chosen.cloned()
                }
            };
            match merged {
                Some(merged) => drop(A::table_mut(&mut self.out).insert(id.clone(), merged)),
                None => drop(A::table_mut(&mut self.out).remove(id)),
            }
        }
    }

    fn rejected(&mut self) {
        let (base, mine, theirs) = (self.base.rejected(), self.mine.rejected(), self.theirs.rejected());
        let theirs_did: Vec<&Rejection> = base.symmetric_difference(theirs).collect();
        for rejection in theirs_did {
            if theirs.contains(rejection) {
                self.out.rejected.insert(rejection.clone());
            } else if mine.contains(rejection) {
                self.out.rejected.remove(rejection);
            }
        }
        // They are the same whatever else is said of them, and that goes together too.
        for there in theirs {
            let (before, Some(here)) = (base.get(there), mine.get(there)) else { continue };
            let unknown = match before {
                Some(before) if before.unknown == here.unknown => there.unknown.clone(),
                Some(before) => here.unknown.merged(&before.unknown, &there.unknown),
                None => here.unknown.merged(&Unknown::default(), &there.unknown),
            };
            if unknown != here.unknown {
                self.out.rejected.replace(Rejection { unknown, ..here.clone() });
            }
        }
    }

    // --- references --------------------------------------------------------------------------------------------

    /// Sees to it that nothing refers to what one side deleted: it comes back, or the reference goes.
    fn mend(&mut self) {
        // What was chosen to stay, and what came back for the sake of something else, brings along what it refers to.
        let mut back: BTreeSet<Id> = std::mem::take(&mut self.kept);
        let mut gone: BTreeSet<Id> = BTreeSet::new();
        loop {
            let mut dangling: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
            self.dangling::<Mention>(&mut dangling);
            self.dangling::<Event>(&mut dangling);
            self.dangling::<Quote>(&mut dangling);
            self.dangling::<Relation>(&mut dangling);
            if dangling.is_empty() {
                break;
            }
            for (id, referrers) in dangling {
                let is_kept = !gone.contains(&id)
                    && (referrers.iter().any(|referrer| back.contains(referrer)) || self.is_kept(&id, &referrers));
                if is_kept && back.insert(id.clone()) {
                    self.bring_back(&id);
                } else {
                    gone.insert(id.clone());
                    for referrer in &referrers {
                        self.forget(referrer, &id);
                    }
                }
            }
        }
        let batches: BTreeSet<Id> = self.out.batches.keys().cloned().collect();
        let was_there = |id: &Id| self.mine.batches().contains_key(id) || self.theirs.batches().contains_key(id);
        self.out.mentions.for_each_mut(|mention| {
            let batch = mention.provenance.by.batch().map(Id::new);
            if batch.is_some_and(|batch| !batches.contains(&batch) && was_there(&batch)) {
                mention.provenance.by = Origin::Hand;
            }
        });
        let entities = &self.out.entities;
        let was_there = |id: &Id| self.mine.entities().contains_key(id) || self.theirs.entities().contains_key(id);
        self.out.batches.for_each_mut(|batch| {
            batch.entity.take_if(|id| !entities.contains_key(id) && was_there(id));
        });
    }

    /// Adds what annotations of a kind refer to that one side deleted, and who refers to it.
    fn dangling<A: Drafted>(&self, found: &mut BTreeMap<Id, BTreeSet<Id>>) {
        for annotation in A::base(&self.out).values() {
            for id in annotation.references() {
                let is_of_a_side = || self.mine.kind_of(id).is_some() || self.theirs.kind_of(id).is_some();
                if self.out.kind_of(id).is_none() && is_of_a_side() {
                    found.entry(id.clone()).or_default().insert(annotation.id().clone());
                }
            }
        }
    }

    /// Asks whether something stays that one side deleted and something on the other side refers to.
    fn is_kept(&mut self, id: &Id, referrers: &BTreeSet<Id>) -> bool {
        let is_mine = self.mine.kind_of(id).is_some();
        let key = Key { place: Place::Annotation(id.clone()), field: None };
        let chosen = (self.choose)(&key);
        self.conflicts.entry(key).or_insert_with(|| {
            let by = referrers.iter().next().map(|by| words::of(&self.out, by)).unwrap_or_default();
            let more = referrers.len().saturating_sub(1);
            let kept = match more {
                0 => format!("Kept, as {by} refers to it"),
                more => format!("Kept, as {by} and {more} more refer to it"),
            };
            let deleted = "Deleted, and references to it with it".to_owned();
            if is_mine { Found { mine: kept, theirs: deleted } } else { Found { mine: deleted, theirs: kept } }
        });
        chosen.is_none_or(|side| (side == Side::Mine) == is_mine)
    }

    fn bring_back(&mut self, id: &Id) {
        fn copy<A: Tables>(run: &mut Run<'_>, id: &Id) {
            let found = A::table(run.mine).get(id).or_else(|| A::table(run.theirs).get(id)).cloned();
            if let Some(found) = found {
                A::table_mut(&mut run.out).insert(id.clone(), found);
            }
        }
        copy::<Entity>(self, id);
        copy::<Mention>(self, id);
        copy::<Event>(self, id);
        copy::<Quote>(self, id);
        copy::<Relation>(self, id);
    }

    /// Takes every reference to `id` out of an annotation; a relation goes as a whole.
    fn forget(&mut self, referrer: &Id, id: &Id) {
        self.out.relations.remove(referrer);
        if let Some(mention) = self.out.mentions.get_mut(referrer) {
            mention.entity.take_if(|entity| entity == id);
        }
        if let Some(event) = self.out.events.get_mut(referrer) {
            let before = event.clone();
            event.arguments.retain(|argument| argument.filler.target() != Some(id));
            event.claimed_in.take_if(|quote| quote == id);
            event.follow(&before);
        }
        if let Some(quote) = self.out.quotes.get_mut(referrer) {
            let before = quote.clone();
            let is_it = |filler: &mut Filler| filler.target() == Some(id);
            quote.speaker.take_if(is_it);
            quote.addressee.take_if(is_it);
            quote.arguments.retain(|argument| argument.filler.target() != Some(id));
            quote.follow(&before);
        }
    }
}

/// The names of the fields in which two versions of a thing differ.
pub fn differing<A: Merged>(mine: &A, theirs: &A, document: &Document, schema: &Schema) -> Vec<String> {
    let mut fields = Fields {
        mine: document,
        theirs: document,
        schema,
        place: Place::Document,
        choose: &|_| None,
        conflicts: &mut Conflicts::new(),
        differing: Vec::new(),
    };
    A::merged(None, mine, theirs, &mut fields);
    fields.differing
}
