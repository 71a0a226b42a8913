//! Identifiers of entities, mentions, events, quotes and relations.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// An identifier, unique among everything in one document whatever its kind (`m1`, `e3`, …).
///
/// Files may carry any non-empty string; identifiers made here are a letter for the kind and a number.
/// They order naturally: `m2` before `m10`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Arc<str>);

impl Id {
    /// Takes any string.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into())
    }

    /// The identifier as written in files.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number at the end, if there is one that fits 64 bits.
    pub fn number(&self) -> Option<u64> {
        let (_, digits) = self.parts();
        digits.parse().ok()
    }

    fn parts(&self) -> (&str, &str) {
        let stem = self.0.trim_end_matches(|c: char| c.is_ascii_digit());
        self.0.split_at(stem.len())
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |id: &Self| (id.parts().0.to_owned(), id.number());
        if self.0 == other.0 {
            return std::cmp::Ordering::Equal;
        }
        // The strings themselves last: `m1` and `m01` are different identifiers.
        let (stem_a, digits_a) = self.parts();
        let (stem_b, digits_b) = other.parts();
        match (digits_a.parse::<u64>(), digits_b.parse::<u64>()) {
            (Ok(a), Ok(b)) => stem_a.cmp(stem_b).then(a.cmp(&b)).then_with(|| self.0.cmp(&other.0)),
            _ => key(self).cmp(&key(other)).then_with(|| self.0.cmp(&other.0)),
        }
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Id {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_order_by_number() {
        let mut ids = [Id::from("m10"), Id::from("e3"), Id::from("m2"), Id::from("x"), Id::from("m02")];
        ids.sort();
        assert_eq!(ids.map(|id| id.to_string()), ["e3", "m02", "m2", "m10", "x"]);
    }
}
