//! Identifiers of entities, mentions, events, quotes and relations.

use std::cmp::Ordering;
use std::fmt;

use ecow::EcoString;
use serde::{Deserialize, Serialize};

/// An identifier, unique among everything in one document whatever its kind (`m1`, `e3`, …).
///
/// Files may carry any non-empty string; identifiers made here are a letter for the kind and a number.
/// They order naturally: `m2` before `m10`. Up to fifteen bytes lie in the value itself, so that comparing two of a
/// million does not fetch them from everywhere in memory; a copy of a longer one is shared.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(EcoString);

impl Id {
    /// Takes any string.
    pub fn new(id: impl Into<EcoString>) -> Self {
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

    /// Letter and number of an identifier as they are made here, a letter before digits of which the first is no zero: such
    /// ones have the order of these pairs.
    fn short(&self) -> Option<(u8, u64)> {
        let [letter, digits @ ..] = self.0.as_bytes() else { return None };
        let is_short = matches!(digits, [b'1'..=b'9', ..] if digits.len() <= 18) && !letter.is_ascii_digit();
        if !is_short {
            return None;
        }
        let mut number = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            number = number * 10 + u64::from(digit - b'0');
        }
        Some((*letter, number))
    }

    /// Before and after the number at the end.
    fn parts(&self) -> (&str, &str) {
        let digits = self.0.bytes().rev().take_while(u8::is_ascii_digit).count();
        self.0.split_at(self.0.len() - digits)
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Some(a), Some(b)) = (self.short(), other.short()) {
            return a.cmp(&b);
        }
        if self.0 == other.0 {
            return Ordering::Equal;
        }
        let (stem_a, digits_a) = self.parts();
        let (stem_b, digits_b) = other.parts();
        // A number that is too long counts as none. The strings themselves last: `m1` and `m01` are different identifiers.
        let number = |digits: &str| digits.parse::<u64>().ok();
        stem_a.cmp(stem_b).then_with(|| number(digits_a).cmp(&number(digits_b))).then_with(|| self.0.cmp(&other.0))
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

    proptest::proptest! {
        /// As by letters before the number, then by the number, then by all letters.
        #[test]
        fn the_short_way_gives_the_same_order(a in "[a-cé]{0,2}[0-9]{0,3}[a]{0,1}[0-9]{0,20}", b in "[a-cé]{0,2}[0-9]{0,3}[a]{0,1}[0-9]{0,20}") {
            let (a, b) = (Id::from(a.as_str()), Id::from(b.as_str()));
            let key = |id: &Id| (id.parts().0.to_owned(), id.number(), id.to_string());
            proptest::prop_assert_eq!(a.cmp(&b), key(&a).cmp(&key(&b)));
            proptest::prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
        }
    }

    #[test]
    fn ids_order_by_number() {
        let mut ids = [Id::from("m10"), Id::from("e3"), Id::from("m2"), Id::from("x"), Id::from("m02")];
        ids.sort();
        assert_eq!(ids.map(|id| id.to_string()), ["e3", "m02", "m2", "m10", "x"]);
    }
}
