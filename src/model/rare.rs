//! A value that most annotations do not have.
//!
//! A document may have a million annotations, and nearly all are without attributes and remark. What says nothing takes
//! eight bytes here, and what says something is shared by copies: of an annotation, and of all that were made at once.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Looks like a `T` and is one in files; its default is not stored.
pub struct Rare<T>(Option<Arc<T>>);

/// Has a default that can be lent.
pub trait Absent: Default + 'static {
    /// The default.
    fn absent() -> &'static Self;
}

impl<T> Rare<T> {
    /// Whether both are one and the same in memory, or say nothing.
    fn is_shared(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Absent + Clone> Rare<T> {
    /// The value by itself.
    pub fn into_inner(self) -> T {
        self.0.map(Arc::unwrap_or_clone).unwrap_or_default()
    }
}

impl<T: PartialEq + Absent> Rare<T> {
    /// Lets go of its own value for that of `other`, if they are equal.
    pub fn share(&mut self, other: &Self) {
        if *self == *other {
            *self = other.clone();
        }
    }
}

impl<T> Clone for Rare<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Absent> Deref for Rare<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.0 {
            Some(value) => value,
            None => T::absent(),
        }
    }
}

impl<T: Absent + Clone> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}

impl<T: Absent + PartialEq> From<T> for Rare<T> {
    fn from(value: T) -> Self {
        Self((value != *T::absent()).then(|| Arc::new(value)))
    }
}

impl<T: Absent + PartialEq> PartialEq for Rare<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_shared(other) || **self == **other
    }
}

impl<T: Absent + Eq> Eq for Rare<T> {}

impl<T: Absent + fmt::Debug> fmt::Debug for Rare<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Absent + Serialize> Serialize for Rare<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de, T: Absent + PartialEq + Deserialize<'de>> Deserialize<'de> for Rare<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

#[allow(clippy::into_iter_without_iter, reason = "what it leads to has one")]
impl<'a, T: Absent> IntoIterator for &'a Rare<T>
where
    &'a T: IntoIterator,
{
    type Item = <&'a T as IntoIterator>::Item;
    type IntoIter = <&'a T as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (**self).into_iter()
    }
}

/// A remark, for instance.
impl Absent for Option<String> {
    fn absent() -> &'static Self {
        &None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_takes_no_place_and_is_written_as_ever() {
        let mut note = Rare::<Option<String>>::default();
        assert_eq!(serde_json::to_string(&note).expect("JSON"), "null");
        assert!(serde_json::from_str::<Rare<Option<String>>>("null").expect("JSON").0.is_none());
        *note = Some("look".into());
        let copy = note.clone();
        assert!(note.is_shared(&copy) && note == copy);
        *note = None;
        assert_eq!((&note, copy.as_deref()), (&Rare::default(), Some("look")), "a copy stays as it was");
        let mut read: Rare<Option<String>> = serde_json::from_str("\"look\"").expect("JSON");
        assert!(!read.is_shared(&copy));
        read.share(&copy);
        assert!(read.is_shared(&copy));
        read.share(&note);
        assert_eq!(read.into_inner().as_deref(), Some("look"), "another value is no reason to lose one's own");
    }
}
