//! Finds annotations by what they refer to.
//!
//! Adding, removing and asking cost what refers, not what the document holds; copies share what neither has changed.

use std::collections::HashMap;

use imbl::{OrdMap, OrdSet};

use super::annotation::{Annotation, Kind};
use super::annotations::filling;
use super::place_list::{PlaceChanges, PlaceList, start_of};
use super::{Id, Mention};
use crate::text::BytePos;

/// What refers to each annotation of a document.
#[derive(Clone, Debug, Default)]
pub struct ReferenceIndex {
    /// The mentions of each entity.
    mentions: OrdMap<Id, PlaceList>,
    /// Annotations with the events, quotes and relations at them. In one tree: most have one of these at most.
    others: OrdSet<(Id, Id)>,
}

/// Mentions that are put in or taken out, to be handed over at once.
#[derive(Debug, Default)]
pub struct MentionChanges(HashMap<Id, PlaceChanges>);

impl MentionChanges {
    /// Adds what a mention refers to.
    pub fn insert<A: Annotation>(&mut self, mention: &A) {
        self.set(mention, true);
    }

    /// Takes out what a mention refers to; it must be as it was when inserted.
    pub fn remove<A: Annotation>(&mut self, mention: &A) {
        self.set(mention, false);
    }

    fn set<A: Annotation>(&mut self, mention: &A, is_there: bool) {
        for entity in mention.references() {
            let changes = self.0.entry(entity.clone()).or_default();
            changes.insert((place_of(mention), mention.id().clone()), is_there);
        }
    }
}

impl ReferenceIndex {
    /// Adds what an annotation refers to.
    pub fn insert<A: Annotation>(&mut self, annotation: &A) {
        for target in annotation.references() {
            match A::KIND {
                Kind::Mention => {
                    let place = place_of(annotation);
                    self.mentions.entry(target.clone()).or_default().insert(place, annotation.id().clone());
                }
                _ => drop(self.others.insert((target.clone(), annotation.id().clone()))),
            }
        }
    }

    /// Takes out what an annotation refers to; it must be as it was when inserted.
    pub fn remove<A: Annotation>(&mut self, annotation: &A) {
        for target in annotation.references() {
            if A::KIND == Kind::Mention {
                let place = place_of(annotation);
                let mentions = self.mentions.get_mut(target);
                let is_last = mentions.is_some_and(|list| {
                    list.remove(place, annotation.id());
                    list.is_empty()
                });
                if is_last {
                    self.mentions.remove(target);
                }
            } else {
                self.others.remove(&(target.clone(), annotation.id().clone()));
            }
        }
    }

    /// Puts many mentions in and takes many out; costs what changes and the mentions of the entities at which something
    /// does, not a search for each.
    pub fn change_mentions(&mut self, changes: MentionChanges) {
        for (entity, changes) in changes.0 {
            let mut list = self.mentions.remove(&entity).unwrap_or_default();
            list.change(&changes);
            if !list.is_empty() {
                self.mentions.insert(entity, list);
            }
        }
    }

    /// The mentions of an entity, in the order of the text. `None` if it has none.
    pub fn mentions_of(&self, entity: &Id) -> Option<&PlaceList> {
        self.mentions.get(entity)
    }

    /// Events, quotes and relations that refer to an annotation, in the order of identifiers.
    pub fn others_at(&self, id: &Id) -> impl Iterator<Item = &Id> {
        // None comes before the empty one.
        let from = self.others.range((id.clone(), Id::new(""))..);
        from.take_while(move |(target, _)| target == id).map(|(_, other)| other)
    }

    /// What all of these refer to; none is a mention.
    pub(super) fn insert_others<'a, A: Annotation + 'a>(&mut self, others: impl Iterator<Item = &'a A>) {
        let pairs = |other: &A| -> Vec<(Id, Id)> {
            other.references().into_iter().map(|target| (target.clone(), other.id().clone())).collect()
        };
        let mut all: Vec<(Id, Id)> = others.flat_map(pairs).collect();
        all.sort_unstable();
        all.dedup();
        filling(all).for_each(|pair| drop(self.others.insert(pair)));
    }

    /// All mentions at once, while there are none yet; those of a file stand in any order.
    pub(super) fn insert_mentions<'a>(&mut self, mentions: impl Iterator<Item = &'a Mention>) {
        let mut by_entity: HashMap<&Id, Vec<(BytePos, Id)>> = HashMap::new();
        for mention in mentions {
            if let Some(entity) = &mention.entity {
                by_entity.entry(entity).or_default().push((start_of(&mention.spans), mention.id.clone()));
            }
        }
        self.mentions = by_entity.into_iter().map(|(entity, list)| (entity.clone(), PlaceList::of(list))).collect();
    }
}

fn place_of<A: Annotation>(annotation: &A) -> BytePos {
    annotation.anchors().first().map_or(BytePos(u32::MAX), |(_, span)| span.start)
}
