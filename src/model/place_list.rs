//! Identifiers in the order of the text, of which any can be found by number or place.

use std::collections::BTreeMap;

use imbl::Vector;

use super::Id;
use crate::text::{BytePos, Spans};

/// Where something stands in a [`PlaceList`]: where its first words begin. What has no words comes last.
pub fn start_of(spans: &Spans) -> BytePos {
    spans.first().map_or(BytePos(u32::MAX), |span| span.start)
}

/// Identifiers by place, then by identifier. Putting in, taking out and finding cost a logarithm; a copy costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceList(Vector<(BytePos, Id)>);

/// Whether something is in a list after a change; by place, then by identifier.
pub type PlaceChanges = BTreeMap<(BytePos, Id), bool>;

impl PlaceList {
    /// Of identifiers with their places, in any order.
    pub fn of(mut all: Vec<(BytePos, Id)>) -> Self {
        all.sort_unstable();
        all.dedup();
        Self(all.into_iter().collect())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The nth, from 0.
    pub fn get(&self, nth: usize) -> Option<&Id> {
        self.0.get(nth).map(|(_, id)| id)
    }

    /// Where the nth stands.
    pub fn place(&self, nth: usize) -> Option<BytePos> {
        self.0.get(nth).map(|(place, _)| *place)
    }

    /// The first.
    pub fn first(&self) -> Option<&Id> {
        self.get(0)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Id> {
        self.0.iter().map(|(_, id)| id)
    }

    /// The number of one that stands there. `None` if it is not in the list.
    pub fn position(&self, at: BytePos, id: &Id) -> Option<usize> {
        self.find(at, id).ok()
    }

    /// How many begin before a place.
    pub fn count_before(&self, at: BytePos) -> usize {
        // No identifier is empty, so none stands where this one would.
        self.0.binary_search_by(|(place, _)| place.cmp(&at).then(std::cmp::Ordering::Greater)).unwrap_or_else(|n| n)
    }

    /// Puts one in, if it is not there.
    pub fn insert(&mut self, at: BytePos, id: Id) {
        let is_last = self.0.last().is_none_or(|(place, last)| (*place, last) < (at, &id));
        if is_last {
            // As when a file is read, one after the other.
            self.0.push_back((at, id));
        } else if let Err(nth) = self.find(at, &id) {
            self.0.insert(nth, (at, id));
        }
    }

    /// Takes one out; `at` is where it was when it was put in.
    pub fn remove(&mut self, at: BytePos, id: &Id) {
        if let Ok(nth) = self.find(at, id) {
            self.0.remove(nth);
        }
    }

    /// Puts many in and takes many out, in one pass.
    pub fn change(&mut self, changes: &PlaceChanges) {
        let old = std::mem::take(&mut self.0);
        let mut all = Vec::with_capacity(old.len() + changes.len());
        let mut changes = changes.iter().peekable();
        for entry in old {
            while let Some((new, is_there)) = changes.next_if(|(new, _)| **new < entry) {
                all.extend(is_there.then(|| new.clone()));
            }
            match changes.next_if(|(new, _)| **new == entry) {
                Some((_, false)) => {}
                Some((_, true)) | None => all.push(entry),
            }
        }
        all.extend(changes.filter(|(_, is_there)| **is_there).map(|(new, _)| new.clone()));
        self.0 = all.into_iter().collect();
    }

    fn find(&self, at: BytePos, id: &Id) -> Result<usize, usize> {
        self.0.binary_search_by(|(place, other)| place.cmp(&at).then_with(|| other.cmp(id)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Changing much at once is changing one after the other.
        #[test]
        fn many_changes_at_once_are_many_changes(
            before in prop::collection::vec((0u32..20, 0u32..8), 0..60),
            changes in prop::collection::vec((0u32..20, 0u32..8, any::<bool>()), 0..60),
        ) {
            let entry = |at: u32, id: u32| (BytePos(at), Id::new(format!("m{id}")));
            let mut list = PlaceList::of(before.into_iter().map(|(at, id)| entry(at, id)).collect());
            let mut at_once = list.clone();
            for (at, id, is_there) in &changes {
                let (at, id) = entry(*at, *id);
                if *is_there {
                    list.insert(at, id);
                } else {
                    list.remove(at, &id);
                }
            }
            at_once.change(&changes.into_iter().map(|(at, id, is_there)| (entry(at, id), is_there)).collect());
            prop_assert_eq!(list, at_once);
        }

        /// It is a sorted list, however it came to be.
        #[test]
        fn it_is_what_a_sorted_list_is(steps in prop::collection::vec((0u32..20, 0u32..8, any::<bool>()), 0..80)) {
            let (mut list, mut plain) = (PlaceList::default(), std::collections::BTreeSet::new());
            for (at, id, is_put) in steps {
                let (at, id) = (BytePos(at), Id::new(format!("m{id}")));
                if is_put {
                    list.insert(at, id.clone());
                    plain.insert((at, id));
                } else {
                    list.remove(at, &id);
                    plain.remove(&(at, id));
                }
            }
            prop_assert_eq!(list.iter().collect::<Vec<_>>(), plain.iter().map(|(_, id)| id).collect::<Vec<_>>());
            prop_assert_eq!(&list, &PlaceList::of(plain.iter().rev().cloned().collect()));
            for (nth, (at, id)) in plain.iter().enumerate() {
                prop_assert_eq!((list.get(nth), list.position(*at, id)), (Some(id), Some(nth)));
            }
            for at in 0..22 {
                let before = plain.iter().filter(|(place, _)| place.0 < at).count();
                prop_assert_eq!(list.count_before(BytePos(at)), before);
            }
        }
    }
}
