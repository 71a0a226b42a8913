//! Documents that are the same article: their texts are the same, or they say so by the same identifier.
//!
//! Worked out from the catalogue whenever that is another, so that a document that goes takes its sign along.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Known;

use super::rows::Entry;

/// Groups of documents that are the same article. Documents are positions in the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Same {
    /// Each in the order of names, and all in the order of their first ones.
    groups: Vec<Vec<u32>>,
    group_of: HashMap<u32, u32>,
}

impl Same {
    /// Finds them. `entries` are those of the catalogue, in its order.
    pub fn of(entries: &[Entry]) -> Self {
        // Each document leads to an earlier one of its group, or to itself.
        let mut leads: Vec<u32> = (0..).take(entries.len()).collect();
        let mut by_text: HashMap<u128, u32> = HashMap::new();
        let mut by_article: HashMap<&str, u32> = HashMap::new();
        for (at, entry) in (0..).zip(entries) {
            if entry.text != 0 {
                join(&mut leads, at, by_text.entry(entry.text));
            }
            if !entry.article.is_empty() {
                join(&mut leads, at, by_article.entry(entry.article.as_str()));
            }
        }
        let mut by_first: HashMap<u32, Vec<u32>> = HashMap::new();
        for at in (0..).take(entries.len()) {
            let first = first_of(&leads, at);
            if first != at {
                by_first.entry(first).or_insert_with(|| vec![first]).push(at);
            }
        }
        let mut groups: Vec<Vec<u32>> = by_first.into_values().collect();
        groups.sort_unstable();
        let group_of = (0..).zip(&groups).flat_map(|(nth, group)| group.iter().map(move |at| (*at, nth))).collect();
        Self { groups, group_of }
    }

    /// How many documents are the same article as another one.
    pub fn documents(&self) -> usize {
        self.group_of.len()
    }

    /// The number of the group that a document is in, if it is in one.
    pub fn group_of(&self, at: u32) -> Option<u32> {
        self.group_of.get(&at).copied()
    }

    /// The group that a document is in, with itself; empty if it is in none.
    pub fn like(&self, at: u32) -> &[u32] {
        self.group_of(at).and_then(|group| self.groups.get(group as usize)).map_or(&[], Vec::as_slice)
    }
}

/// Puts a document into the group of the first one that has the same of something.
fn join<K>(leads: &mut [u32], at: u32, known: Known<'_, K, u32>) {
    let other = match known {
        Known::Occupied(known) => *known.get(),
        Known::Vacant(free) => {
            free.insert(at);
            return;
        }
    };
    let (a, b) = (first_of(leads, other), first_of(leads, at));
    if let Some(lead) = leads.get_mut(a.max(b) as usize) {
        *lead = a.min(b);
    }
}

fn first_of(leads: &[u32], mut at: u32) -> u32 {
    while let Some(lead) = leads.get(at as usize).filter(|lead| **lead != at) {
        at = *lead;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Name;

    fn entry(name: &str, text: u128, article: &str) -> Entry {
        Entry {
            name: Name::new(name).expect("a name"),
            text,
            article: article.into(),
            ..Entry::named(Name::new(name).expect("a name"))
        }
    }

    #[test]
    fn texts_and_identifiers_make_one_group_together() {
        let entries = [
            entry("a", 1, "x"),
            entry("b", 2, "y"),
            entry("c", 3, ""),
            // The identifier of the first and the text of the second: all three are one article.
            entry("d", 2, "x"),
            entry("e", 4, "z"),
            entry("f", 4, ""),
            // Not readable, and nothing known of them.
            entry("g", 0, ""),
            entry("h", 0, ""),
        ];
        let same = Same::of(&entries);
        assert_eq!(same.groups, [vec![0, 1, 3], vec![4, 5]]);
        assert_eq!((same.documents(), same.like(3), same.like(5)), (5, &[0, 1, 3][..], &[4, 5][..]));
        assert_eq!((same.like(2), same.group_of(6)), (&[][..], None));
        assert_eq!(Same::of(&[]), Same::default());
    }

    proptest::proptest! {
        /// As if every two were compared, and what is like one of a group belongs to it.
        #[test]
        fn groups_are_those_of_comparing_all(all in proptest::collection::vec((0u128..6, 0usize..6), 0..24)) {
            let ids = ["", "p", "q", "r", "s", "t"];
            let entries: Vec<Entry> =
                all.iter().enumerate().map(|(nth, (text, id))| entry(&format!("d{nth:02}"), *text, ids[*id])).collect();
            let is_alike = |a: &Entry, b: &Entry| {
                (a.text == b.text && a.text != 0) || (a.article == b.article && !a.article.is_empty())
            };
            let mut group: Vec<usize> = (0..entries.len()).collect();
            for _ in 0..entries.len() {
                for a in 0..entries.len() {
                    for b in 0..entries.len() {
                        if is_alike(&entries[a], &entries[b]) {
                            let least = group[a].min(group[b]);
                            (group[a], group[b]) = (least, least);
                        }
                    }
                }
            }
            let same = Same::of(&entries);
            for a in 0..entries.len() {
                let like: Vec<u32> = (0..entries.len()).filter(|b| group[*b] == group[a]).map(|b| b as u32).collect();
                let expected = if like.len() > 1 { like } else { Vec::new() };
                proptest::prop_assert_eq!(same.like(a as u32), expected);
            }
        }
    }
}
