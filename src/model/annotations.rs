//! A map of annotations by identifier, which is copied at once and changed in little steps.
//!
//! Copies share what neither has changed since: a snapshot, a save or a search on a thread gets a whole document without
//! the window waiting for it, however many annotations there are. One that is changed is copied alone, with the few nodes
//! of the tree above it.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use imbl::OrdMap;

use super::Id;

/// Annotations of one kind by identifier, in the order of identifiers.
#[derive(Clone)]
pub struct Annotations<A>(OrdMap<Id, Arc<A>>);

impl<A: Clone> Annotations<A> {
    /// None at all.
    pub fn new() -> Self {
        Self(OrdMap::new())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one with this identifier.
    pub fn get(&self, id: &Id) -> Option<&A> {
        self.0.get(id).map(|annotation| &**annotation)
    }

    /// The one with this identifier, to be kept elsewhere too.
    pub fn get_shared(&self, id: &Id) -> Option<&Arc<A>> {
        self.0.get(id)
    }

    /// The one with this identifier, to change; its identifier must stay. Copies it if it is shared.
    pub fn get_mut(&mut self, id: &Id) -> Option<&mut A> {
        self.0.get_mut(id).map(Arc::make_mut)
    }

    /// Whether there is one with this identifier.
    pub fn contains_key(&self, id: &Id) -> bool {
        self.0.contains_key(id)
    }

    /// Puts one in and gives the one that had its identifier.
    pub fn insert(&mut self, id: Id, annotation: A) -> Option<Arc<A>> {
        self.0.insert(id, Arc::new(annotation))
    }

    /// Puts many in; `false` if one has an identifier that another has had. Of two the last one stays.
    pub fn append(&mut self, mut all: Vec<(Id, A)>) -> bool {
        // Stable, so the last one of an identifier comes last.
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        let count = all.len();
        all.dedup_by(|later, earlier| {
            let is_same = later.0 == earlier.0;
            if is_same {
                std::mem::swap(later, earlier);
            }
            is_same
        });
        let mut is_unique = all.len() == count;
        for (id, annotation) in filling(all) {
            is_unique &= self.insert(id, annotation).is_none();
        }
        is_unique
    }

    /// Puts one in that is kept elsewhere too, and gives the one that had its identifier.
    pub fn share(&mut self, id: Id, annotation: Arc<A>) -> Option<Arc<A>> {
        self.0.insert(id, annotation)
    }

    /// Takes one out.
    pub fn remove(&mut self, id: &Id) -> Option<Arc<A>> {
        self.0.remove(id)
    }

    /// All identifiers, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Id> {
        self.0.keys()
    }

    /// All annotations, in the order of their identifiers.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &A> {
        self.0.values().map(|annotation| &**annotation)
    }

    /// All of them with their identifiers, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Id, &A)> {
        self.0.iter().map(|(id, annotation)| (id, &**annotation))
    }

    /// All annotations, without their map.
    pub fn into_values(self) -> impl Iterator<Item = A> {
        self.0.into_iter().map(|(_, annotation)| Arc::unwrap_or_clone(annotation))
    }

    /// Changes all of them; their identifiers must stay. Copies those that are shared.
    pub fn for_each_mut(&mut self, mut change: impl FnMut(&mut A)) {
        let changed = std::mem::take(&mut self.0).into_iter().map(|(id, mut annotation)| {
            change(Arc::make_mut(&mut annotation));
            (id, annotation)
        });
        self.0 = changed.collect();
    }

    /// Takes out all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Keeps those for which `is_kept` holds.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&Id, &A) -> bool) {
        let gone: Vec<Id> =
            self.iter().filter(|(id, annotation)| !is_kept(id, annotation)).map(|(id, _)| id.clone()).collect();
        for id in gone {
            self.0.remove(&id);
        }
    }
}

impl<A: Clone> Default for Annotations<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: PartialEq> PartialEq for Annotations<A> {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |a: &Arc<A>, b: &Arc<A>| Arc::ptr_eq(a, b) || a == b;
        self.0.len() == other.0.len()
            && self.0.iter().zip(other.0.iter()).all(|((id, a), (known, b))| id == known && is_same(a, b))
    }
}

impl<A: fmt::Debug> fmt::Debug for Annotations<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter()).finish()
    }
}

impl<A: Clone> FromIterator<(Id, A)> for Annotations<A> {
    /// Of two with the same identifier the last one stays.
    fn from_iter<I: IntoIterator<Item = (Id, A)>>(all: I) -> Self {
        let mut annotations = Self::new();
        annotations.append(all.into_iter().collect());
        annotations
    }
}

/// The same in an order in which a tree that splits full leaves in halves ends with full leaves, if they are sorted: every
/// other one, which leaves half of each leaf free, and then those between them.
pub(super) fn filling<T>(sorted: Vec<T>) -> impl Iterator<Item = T> {
    let mut between = Vec::with_capacity(sorted.len() / 2);
    let mut first = Vec::with_capacity(sorted.len().div_ceil(2));
    for (nth, one) in sorted.into_iter().enumerate() {
        if nth % 2 == 0 { first.push(one) } else { between.push(one) }
    }
    first.into_iter().chain(between)
}

impl<'a, A: Clone> IntoIterator for &'a Annotations<A> {
    type Item = (&'a Id, &'a A);
    type IntoIter = Iter<'a, A>;

    fn into_iter(self) -> Iter<'a, A> {
        Iter(self.0.iter())
    }
}

/// Goes through annotations in the order of their identifiers.
pub struct Iter<'a, A>(imbl::ordmap::Iter<'a, Id, Arc<A>, imbl::shared_ptr::DefaultSharedPtr>);

impl<'a, A> Iterator for Iter<'a, A> {
    type Item = (&'a Id, &'a A);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(id, annotation)| (id, &**annotation))
    }
}

impl<A: Clone> Index<&Id> for Annotations<A> {
    type Output = A;

    fn index(&self, id: &Id) -> &A {
        &self.0[id]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// In whatever order and pieces they come, of two of the same name the later one stays, and is told of.
        #[test]
        fn many_at_once_are_one_after_the_other(pieces in prop::collection::vec(prop::collection::vec(0u32..60, 0..40), 0..4)) {
            let (mut at_once, mut one_by_one) = (Annotations::new(), Annotations::new());
            let mut value = 0;
            for piece in pieces {
                let all: Vec<(Id, i32)> = piece.iter().map(|n| { value += 1; (Id::new(format!("m{n}")), value) }).collect();
                let mut is_unique = true;
                for (id, value) in all.clone() {
                    is_unique &= one_by_one.insert(id, value).is_none();
                }
                prop_assert_eq!(at_once.append(all), is_unique);
                prop_assert_eq!(&at_once, &one_by_one);
            }
        }
    }
}
