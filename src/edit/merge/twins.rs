//! What both sides made anew: the same thing, or two things that happen to have one identifier.
//!
//! Gives theirs as if it had been made here: what is the same has the identifier of mine, what is not has one of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::Tables;
use crate::edit::draft::Drafted;
use crate::edit::editor::Ids;
use crate::model::{Batch, Document, Entity, Event, Filler, Id, Kind, Mention, Origin, Provenance, Quote, Relation};

/// New identifiers by those in their file.
type Names = BTreeMap<Id, Id>;

struct Twins<'a> {
    base: &'a Document,
    mine: &'a Document,
    theirs: &'a Document,
    names: Names,
    batches: Names,
    /// What of mine has been found on their side already.
    taken: BTreeSet<Id>,
}

/// Theirs, with the identifiers that its new things get here.
pub fn matched(base: &Document, mine: &Document, theirs: &Document, ids: &mut Ids) -> Document {
    let mut twins = Twins { base, mine, theirs, names: Names::new(), batches: Names::new(), taken: BTreeSet::new() };
    twins.entities();
    twins.pair::<Mention, _>(|m, _| (m.label.clone(), m.spans.clone()));
    twins.pair::<Quote, _>(|q, _| q.content.clone());
    twins.pair::<Event, _>(|event, names| {
        // Two events may have the same words: they are one only if they say the same.
        let mut event = event.clone();
        rename_arguments(&mut event.arguments, names);
        event.claimed_in = event.claimed_in.map(|id| renamed(&id, names));
        (event.r#type, event.trigger, format!("{:?}", event.arguments), event.claimed_in)
    });
    twins.pair::<Relation, _>(|r, names| (r.label.clone(), renamed(&r.from, names), renamed(&r.to, names)));
    twins.batches(ids);
    twins.fresh(ids);
    if twins.names.is_empty() && twins.batches.is_empty() {
        return theirs.clone();
    }
    rewritten(theirs, &twins.names, &twins.batches)
}

impl Twins<'_> {
    /// Things that one side made since.
    fn new_of<'d, A: Drafted>(&self, side: &'d Document) -> impl Iterator<Item = &'d A> + use<'d, '_, A> {
        A::base(side).values().filter(|annotation| self.base.kind_of(annotation.id()).is_none())
    }

    /// Finds new things of a kind that both sides made, by what makes them the same.
    fn pair<A: Drafted, K: Ord>(&mut self, key: impl Fn(&A, &Names) -> K) {
        let own = Names::new();
        let mut here: BTreeMap<K, Vec<Id>> = BTreeMap::new();
        for annotation in self.new_of::<A>(self.mine) {
            here.entry(key(annotation, &own)).or_default().push(annotation.id().clone());
        }
        if here.is_empty() {
            return;
        }
        let mut found = Vec::new();
        for annotation in self.new_of::<A>(self.theirs) {
            if let Some(ids) = here.get_mut(&key(annotation, &self.names))
                && !ids.is_empty()
            {
                // Of several alike, the one with the same identifier.
                let at = ids.iter().position(|id| id == annotation.id()).unwrap_or(0);
                found.push((annotation.id().clone(), ids.remove(at)));
            }
        }
        for (theirs, mine) in found {
            self.same(theirs, mine);
        }
    }

    fn same(&mut self, theirs: Id, mine: Id) {
        if self.taken.insert(mine.clone()) {
            self.names.insert(theirs, mine);
        }
    }

    /// Two entities are one if they have the same name and type, and the same words refer to both: a name alone may be
    /// that of two people.
    fn entities(&mut self) {
        let mut referents: BTreeMap<(&str, &[crate::text::Span]), &Id> = BTreeMap::new();
        for mention in self.mine.mentions().values() {
            if let Some(entity) = &mention.entity {
                referents.insert((&mention.label, &mention.spans), entity);
            }
        }
        let mut found = Vec::new();
        for mention in self.theirs.mentions().values() {
            let Some(theirs) = &mention.entity else { continue };
            let Some(mine) = referents.get(&(mention.label.as_str(), mention.spans.as_slice())) else { continue };
            let new = |side: &'_ Document, id: &Id| {
                side.entities()
                    .get(id)
                    .filter(|_| self.base.kind_of(id).is_none())
                    .map(|n| (n.r#type.clone(), n.name.clone()))
            };
            let pair = (new(self.theirs, theirs), new(self.mine, mine));
            if let (Some(there), Some(here)) = pair
                && there == here
            {
                found.push((theirs.clone(), (*mine).clone()));
            }
        }
        for (theirs, mine) in found {
            if !self.names.contains_key(&theirs) {
                self.same(theirs, mine);
            }
        }
    }

    /// New batches with an identifier that is taken get another, unless they are the same.
    fn batches(&mut self, ids: &mut Ids) {
        for side in [self.base, self.mine, self.theirs] {
            side.batches().keys().for_each(|id| ids.skip(id));
        }
        for (id, batch) in self.theirs.batches() {
            let Some(other) = self.mine.batches().get(id).filter(|_| !self.base.batches().contains_key(id)) else {
                continue;
            };
            let entity = batch.entity.as_ref().map(|entity| renamed(entity, &self.names));
            if (&other.label, &other.search, &other.entity) != (&batch.label, &batch.search, &entity) {
                self.batches.insert(id.clone(), ids.next_batch());
            }
        }
    }

    /// New things whose identifier something else has here get another.
    fn fresh(&mut self, ids: &mut Ids) {
        for side in [self.base, self.mine, self.theirs] {
            all_ids(side).for_each(|id| ids.skip(id));
        }
        let mut fresh = Vec::new();
        for (kind, id) in kinds(self.theirs) {
            let is_here = || self.mine.kind_of(id).is_some();
            if !self.names.contains_key(id) && self.base.kind_of(id).is_none() && is_here() {
                fresh.push((id.clone(), ids.next(kind)));
            }
        }
        self.names.extend(fresh);
        self.names.retain(|from, to| from != to);
    }
}

/// A document whose things are the same but for the identifiers of those that base lacks.
#[cfg(test)]
pub fn with_fresh_names(base: &Document, document: &Document, ids: &mut Ids) -> Document {
    let is_new = |id: &Id| base.kind_of(id).is_none();
    let names = kinds(document).filter(|(_, id)| is_new(id)).map(|(kind, id)| (id.clone(), ids.next(kind))).collect();
    let new_batches = document.batches().keys().filter(|id| !base.batches().contains_key(id));
    let batches = new_batches.map(|id| (id.clone(), ids.next_batch())).collect();
    rewritten(document, &names, &batches)
}

fn all_ids(document: &Document) -> impl Iterator<Item = &Id> {
    kinds(document).map(|(_, id)| id)
}

fn kinds(document: &Document) -> impl Iterator<Item = (Kind, &Id)> {
    (document.entities().keys().map(|id| (Kind::Entity, id)))
        .chain(document.mentions().keys().map(|id| (Kind::Mention, id)))
        .chain(document.events().keys().map(|id| (Kind::Event, id)))
        .chain(document.quotes().keys().map(|id| (Kind::Quote, id)))
        .chain(document.relations().keys().map(|id| (Kind::Relation, id)))
}

fn renamed(id: &Id, names: &Names) -> Id {
    names.get(id).unwrap_or(id).clone()
}

fn rename(id: &mut Id, names: &Names) {
    if let Some(name) = names.get(id) {
        id.clone_from(name);
    }
}

fn rename_filler(filler: &mut Filler, names: &Names) {
    match filler {
        Filler::Mention(id) | Filler::Event(id) => rename(id, names),
        Filler::Span(_) | Filler::Implicit(_) => {}
    }
}

fn rename_arguments(arguments: &mut [crate::model::Argument], names: &Names) {
    for argument in arguments {
        rename_filler(&mut argument.filler, names);
    }
}

fn rename_provenance(provenance: &mut Provenance, batches: &Names) {
    if let Origin::Rule(batch) | Origin::Edited(batch) = &mut provenance.by
        && let Some(name) = batches.get(&Id::new(batch.as_str()))
    {
        *batch = name.to_string();
    }
}

/// A document with other identifiers, everywhere.
fn rewritten(document: &Document, names: &Names, batches: &Names) -> Document {
    fn each<A: Tables>(document: &mut Document, rename: impl Fn(&mut A) -> Id) {
        let table = std::mem::take(A::table_mut(document));
        *A::table_mut(document) = table
            .into_values()
            .map(|mut annotation| {
                let id = rename(&mut annotation);
                (id, annotation)
            })
            .collect();
    }
    let mut out = document.clone();
    each::<Entity>(&mut out, |entity| {
        rename(&mut entity.id, names);
        rename_provenance(&mut entity.provenance, batches);
        entity.id.clone()
    });
    each::<Mention>(&mut out, |mention| {
        rename(&mut mention.id, names);
        mention.entity.iter_mut().for_each(|id| rename(id, names));
        rename_provenance(&mut mention.provenance, batches);
        mention.id.clone()
    });
    each::<Event>(&mut out, |event| {
        rename(&mut event.id, names);
        rename_arguments(&mut event.arguments, names);
        event.claimed_in.iter_mut().for_each(|id| rename(id, names));
        rename_provenance(&mut event.provenance, batches);
        event.id.clone()
    });
    each::<Quote>(&mut out, |quote| {
        rename(&mut quote.id, names);
        quote.speaker.iter_mut().chain(&mut quote.addressee).for_each(|filler| rename_filler(filler, names));
        rename_arguments(&mut quote.arguments, names);
        rename_provenance(&mut quote.provenance, batches);
        quote.id.clone()
    });
    each::<Relation>(&mut out, |relation| {
        rename(&mut relation.id, names);
        rename(&mut relation.from, names);
        rename(&mut relation.to, names);
        rename_provenance(&mut relation.provenance, batches);
        relation.id.clone()
    });
    each::<Batch>(&mut out, |batch| {
        rename(&mut batch.id, batches);
        batch.entity.iter_mut().for_each(|id| rename(id, names));
        batch.id.clone()
    });
    out
}
