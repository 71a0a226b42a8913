//! Fields of a file that this program does not know, kept so that saving does not lose them.
//!
//! They stay with their owner: an annotation (inside its [`super::Provenance`]), a batch, a refused suggestion, the
//! document. What they mean is nobody's business here; a value is text in RON on one line, and only the native files
//! read and write it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The unknown fields of one owner; hardly ever any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unknown(Option<Box<[UnknownField]>>);

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownField {
    /// Which part of the owner it is in, as the native file calls it (`spans[0]`); empty for the owner itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// Its name.
    pub name: String,
    /// Its value, in RON on one line.
    pub value: String,
}

/// The field of RON that holds fields whose names RON cannot write.
pub const JSON_IN_RON: &str = "json.fields";

impl UnknownField {
    /// Whether RON can write its name, plain or after `r#`; otherwise it stands in [`JSON_IN_RON`].
    pub fn has_ron_name(&self) -> bool {
        let is_allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '+' | '-');
        !self.name.is_empty() && self.name.chars().all(is_allowed) && self.name != JSON_IN_RON
    }
}

impl Unknown {
    /// None at all.
    pub const NONE: Self = Self(None);

    /// These fields; those of a part in the order given, but that of names that RON has no form for after the others.
    pub fn new(mut fields: Vec<UnknownField>) -> Self {
        // The order must not depend on where the file named parts, nor on whether it is RON or JSON.
        fields.sort_by(|a, b| a.at.cmp(&b.at).then(b.has_ron_name().cmp(&a.has_ron_name())));
        Self((!fields.is_empty()).then(|| fields.into()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// All of them.
    pub fn fields(&self) -> &[UnknownField] {
        self.0.as_deref().unwrap_or_default()
    }

    /// What two sides made of the fields of an owner, `base` being what both began with: what only one changed is as it made
    /// it, what both changed is as in `self`. Fields of parts are those of `self`, whose parts are counted as there.
    #[must_use]
    pub fn merged(&self, base: &Self, theirs: &Self) -> Self {
        fn value<'a>(fields: &'a Unknown, name: &str) -> Option<&'a str> {
            fields.at("").find(|field| field.name == name).map(|field| field.value.as_str())
        }
        let kept = self.fields().iter().filter_map(|field| {
            let is_mine = !field.at.is_empty() || value(base, &field.name) != Some(&field.value);
            if is_mine { Some(field) } else { theirs.at("").find(|other| other.name == field.name) }
        });
        let is_new = |name: &str| value(self, name).is_none() && value(base, name).is_none();
        let added = theirs.at("").filter(|field| is_new(&field.name));
        Self::new(kept.chain(added).cloned().collect())
    }

    /// Those of a part.
    pub fn at<'a>(&'a self, at: &'a str) -> impl Iterator<Item = &'a UnknownField> {
        self.fields().iter().filter(move |field| field.at == at)
    }

    /// Leaves out those of parts that went, and moves those of parts that are counted otherwise now.
    #[must_use]
    pub fn following(&self, moves: &[Moved]) -> Self {
        let follow = |field: &UnknownField| {
            let list = moves.iter().find_map(|list| Some((list, field.at.strip_prefix(list.name)?)));
            let Some((list, rest)) = list else { return Some(field.clone()) };
            let Some((nth, rest)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
                return Some(field.clone());
            };
            let nth = nth.parse().ok().and_then(|nth: usize| *list.to.get(nth)?)?;
            Some(UnknownField { at: format!("{}[{nth}]{rest}", list.name), ..field.clone() })
        };
        Self::new(self.fields().iter().filter_map(follow).collect())
    }
}

/// Where the parts of a list went.
pub struct Moved {
    /// The list, as the native file calls it.
    name: &'static str,
    /// The new place of each, from 0; nothing if it is gone.
    to: Vec<Option<usize>>,
}

impl Moved {
    /// What was replaced by something else is gone.
    pub fn of_equals<T: PartialEq>(name: &'static str, before: &[T], after: &[T]) -> Self {
        let mut is_taken = BTreeSet::new();
        let mut to = vec![None; before.len()];
        // Those that stayed in their place first, so that of two equal ones each keeps its own.
        for (nth, part) in before.iter().enumerate() {
            if after.get(nth) == Some(part) && is_taken.insert(nth) {
                to[nth] = Some(nth);
            }
        }
        for (part, to) in before.iter().zip(&mut to).filter(|(_, to)| to.is_none()) {
            *to = (0..after.len()).find(|nth| after.get(*nth) == Some(part) && !is_taken.contains(nth));
            is_taken.extend(*to);
        }
        Self { name, to }
    }

    /// As [`Self::of_equals`]; if their number is the same, what changed stays what it was: a span that has new ends.
    pub fn of_places<T: PartialEq>(name: &'static str, before: &[T], after: &[T]) -> Self {
        let mut moved = Self::of_equals(name, before, after);
        if before.len() == after.len() {
            let is_taken: BTreeSet<usize> = moved.to.iter().flatten().copied().collect();
            for (nth, to) in moved.to.iter_mut().enumerate().filter(|(nth, to)| to.is_none() && !is_taken.contains(nth))
            {
                *to = Some(nth);
            }
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(at: &[&str]) -> Unknown {
        let field = |at: &&str| UnknownField { at: (*at).into(), name: "x".into(), value: format!("{at:?}") };
        Unknown::new(at.iter().map(field).collect())
    }

    fn places(unknown: &Unknown) -> Vec<(&str, &str)> {
        unknown.fields().iter().map(|f| (f.at.as_str(), f.value.trim_matches('"'))).collect()
    }

    #[test]
    fn fields_follow_their_parts_and_go_with_them() {
        let all = unknown(&["", "provenance", "arguments[0]", "arguments[1].filler[0]", "arguments[2]"]);
        let moved = [Moved::of_equals("arguments", &["a", "b", "c"], &["c", "b", "d"])];
        let expected = [
            ("", ""),
            ("arguments[0]", "arguments[2]"),
            ("arguments[1].filler[0]", "arguments[1].filler[0]"),
            ("provenance", "provenance"),
        ];
        assert_eq!(places(&all.following(&moved)), expected);
        let equal = [Moved::of_equals("arguments", &["a", "a", "a"], &["b", "a", "a"])];
        assert_eq!(places(&unknown(&["arguments[1]"]).following(&equal)), [("arguments[1]", "arguments[1]")]);
    }

    #[test]
    fn what_two_sides_made_of_fields_goes_together() {
        let of = |fields: &[(&str, &str)]| {
            let field = |(name, value): &(&str, &str)| UnknownField {
                at: String::new(),
                name: (*name).into(),
                value: (*value).into(),
            };
            Unknown::new(fields.iter().map(field).collect())
        };
        let base = of(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]);
        let mine = of(&[("a", "1"), ("b", "2"), ("c", "2"), ("e", "mine")]);
        let theirs = of(&[("a", "3"), ("b", "1"), ("c", "3"), ("d", "1"), ("f", "theirs")]);
        let merged = mine.merged(&base, &theirs);
        assert_eq!(merged, of(&[("a", "3"), ("b", "2"), ("c", "2"), ("e", "mine"), ("f", "theirs")]));
        assert_eq!((base.merged(&base, &theirs), mine.merged(&base, &base)), (theirs, mine));
    }

    #[test]
    fn a_span_with_new_ends_is_the_same_span_but_not_one_of_fewer() {
        let all = unknown(&["spans[0]", "spans[1]"]);
        let grown = [Moved::of_places("spans", &[(0, 2), (4, 6)], &[(0, 3), (4, 6)])];
        assert_eq!(all.following(&grown), all);
        let one_less = [Moved::of_places("spans", &[(0, 2), (4, 6)], &[(4, 6)])];
        assert_eq!(places(&all.following(&one_less)), [("spans[0]", "spans[1]")]);
    }

    #[test]
    fn nothing_unknown_takes_no_place_in_a_journal() {
        assert_eq!(serde_json::to_string(&Unknown::default()).expect("JSON"), "null");
        let all = unknown(&["", "spans[0]"]);
        let json = serde_json::to_string(&all).expect("JSON");
        assert_eq!(serde_json::from_str::<Unknown>(&json).expect("JSON"), all);
    }
}
