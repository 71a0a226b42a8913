//! The queue: which documents of a project an annotator sees, in which order, and which comes next.
//!
//! Works on the catalogue alone; a hundred thousand documents are ordered in some tens of milliseconds, on whatever thread.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use ecow::EcoString;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator as _;

use super::index::{Catalogue, Entry};
use super::layout::Name;
use crate::model::Status;

/// What documents are sorted by.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumIter, strum::IntoStaticStr,
)]
pub enum SortBy {
    /// The name in the project.
    #[default]
    Name,
    /// The headline.
    Title,
    /// How far the work is.
    Status,
    /// When it was published.
    Published,
    /// Where it was published.
    Source,
    /// How long it is.
    Length,
    /// How many marks there are.
    Marks,
    /// How many problems there are.
    Problems,
    /// When it was worked on last.
    Changed,
}

impl SortBy {
    /// As shown on the screen.
    pub fn text(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Title => "Title",
            Self::Status => "Status",
            Self::Published => "Date",
            Self::Source => "Source",
            Self::Length => "Length",
            Self::Marks => "Marks",
            Self::Problems => "Problems",
            Self::Changed => "Last worked on",
        }
    }
}

/// Some documents that were chosen elsewhere: behind a figure, or found by a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// What they have in common, in words.
    pub title: String,
    /// Their names.
    pub names: Arc<HashSet<Name>>,
}

/// Which documents are shown, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words of title, name or source, in any case; empty = all.
    pub words: String,
    /// How far the work is; none = any.
    pub statuses: Vec<Status>,
    /// A label that must be in use, with the documents that have it.
    pub label: Option<(EcoString, Arc<HashSet<Name>>)>,
    /// Whether only documents with problems are shown.
    pub problems: bool,
    /// Whether only documents are shown that are the same article as another one; they stand together then.
    pub same: bool,
    /// Only these.
    pub chosen: Option<Chosen>,
    /// The order.
    pub sort: SortBy,
    /// Whether the order is turned around.
    pub descending: bool,
}

impl Query {
    /// Whether it leaves anything out.
    pub fn is_filtering(&self) -> bool {
        !self.words.trim().is_empty()
            || !self.statuses.is_empty()
            || self.label.is_some()
            || self.problems
            || self.same
            || self.chosen.is_some()
    }

    fn takes(&self, entry: &Entry, folder: Option<&str>, words: &[String]) -> bool {
        let layer = entry.layer(folder);
        let is_troubled =
            || !entry.broken.is_empty() || layer.is_some_and(|layer| layer.problems > 0 || !layer.broken.is_empty());
        let has = |word: &String| {
            [entry.title.as_str(), entry.name.as_str(), entry.source.as_str()]
                .into_iter()
                .any(|field| contains_folded(field, word))
        };
        (self.statuses.is_empty() || self.statuses.contains(&entry.status(folder)))
            && (!self.problems || is_troubled())
            && self.label.as_ref().is_none_or(|(_, names)| names.contains(&entry.name))
            && self.chosen.as_ref().is_none_or(|chosen| chosen.names.contains(&entry.name))
            && words.iter().all(has)
    }

    /// What a document is sorted by.
    fn key<'a>(&self, entry: &'a Entry, folder: Option<&str>) -> Key<'a> {
        let layer = || entry.layer(folder);
        match self.sort {
            SortBy::Name => Key::Name(entry.name.as_str()),
            SortBy::Title => Key::Words(Cow::Owned(entry.title.as_str().to_lowercase())),
            SortBy::Status => Key::Number(entry.status(folder) as u64),
            SortBy::Published => Key::Words(Cow::Borrowed(&entry.published)),
            SortBy::Source => Key::Words(Cow::Owned(entry.source.as_str().to_lowercase())),
            SortBy::Length => Key::Number(entry.length.into()),
            SortBy::Marks => Key::Number(layer().map_or(0, |layer| layer.marks.into())),
            SortBy::Problems => {
                let broken = u64::from(!entry.broken.is_empty()) << 32;
                Key::Number(broken + layer().map_or(0, |layer| layer.problems.into()))
            }
            SortBy::Changed => {
                layer().map_or(Key::Words(Cow::Borrowed("")), |layer| Key::Words(Cow::Owned(layer.changed.to_string())))
            }
        }
    }

    fn compare(&self, a: &Key<'_>, b: &Key<'_>) -> Ordering {
        match (a, b) {
            // What is not known comes last in either direction.
            (Key::Words(a), Key::Words(b)) if a.is_empty() || b.is_empty() => a.is_empty().cmp(&b.is_empty()),
            (Key::Words(a), Key::Words(b)) => self.turned(a.cmp(b)),
            (Key::Name(a), Key::Name(b)) => self.turned(natural(a, b)),
            (Key::Number(a), Key::Number(b)) => self.turned(a.cmp(b)),
            _ => Ordering::Equal,
        }
    }

    fn turned(&self, order: Ordering) -> Ordering {
        if self.descending { order.reverse() } else { order }
    }

    /// The documents that are shown, as positions in the catalogue, in their order.
    pub fn run(&self, catalogue: &Catalogue, folder: Option<&str>) -> Vec<u32> {
        let words: Vec<String> = self.words.split_whitespace().map(str::to_lowercase).collect();
        let entries = &catalogue.entries;
        let group = |at: u32| if self.same { catalogue.same.group_of(at) } else { None };
        let taken = entries
            .iter()
            .zip(0..)
            .filter(|(entry, at)| (!self.same || group(*at).is_some()) && self.takes(entry, folder, &words));
        let mut shown: Vec<(u32, Option<u32>, Key<'_>)> =
            taken.map(|(entry, at)| (at, group(at), self.key(entry, folder))).collect();
        // Equal ones stay in the order of their names.
        shown.sort_by(|(_, group_a, a), (_, group_b, b)| group_a.cmp(group_b).then_with(|| self.compare(a, b)));
        shown.into_iter().map(|(at, ..)| at).collect()
    }
}

/// What a document is sorted by, worked out once.
enum Key<'a> {
    Name(&'a str),
    Words(Cow<'a, str>),
    Number(u64),
}

/// Whether a text has a word in it, whatever its capitals; `word` is in lower case.
fn contains_folded(text: &str, word: &str) -> bool {
    let is_ascii = text.is_ascii() && word.is_ascii();
    if is_ascii {
        let (text, word) = (text.as_bytes(), word.as_bytes());
        return word.is_empty() || text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    }
    text.to_lowercase().contains(word)
}

/// The order of names with numbers in them as people count: `a-2` before `a-10`.
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let number = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        match (left.chars().next(), right.chars().next()) {
            (None, None) => return a.cmp(b),
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, after_x) = left.split_at(number(left));
                let (y, after_y) = right.split_at(number(right));
                let (x, y) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
                match x.len().cmp(&y.len()).then_with(|| x.cmp(y)) {
                    Ordering::Equal => (left, right) = (after_x, after_y),
                    unequal => return unequal,
                }
            }
            (Some(x), Some(y)) => {
                let folded = x.to_lowercase().cmp(y.to_lowercase());
                if folded != Ordering::Equal {
                    return folded;
                }
                left = left.get(x.len_utf8()..).unwrap_or_default();
                right = right.get(y.len_utf8()..).unwrap_or_default();
            }
        }
    }
}

/// How many documents are how far, for an annotator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    by_status: [usize; 4],
}

impl Counts {
    /// Counts all documents.
    pub fn of(catalogue: &Catalogue, folder: Option<&str>) -> Self {
        let mut counts = Self::default();
        for entry in catalogue.entries.iter() {
            if let Some(count) = counts.by_status.get_mut(entry.status(folder) as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// How many have this status.
    pub fn get(&self, status: Status) -> usize {
        self.by_status.get(status as usize).copied().unwrap_or_default()
    }

    /// All of them.
    pub fn all(&self) -> usize {
        Status::iter().map(|status| self.get(status)).sum()
    }
}

/// The place in `shown` of the document after (or before) the one called `current`; where that is not shown, of the one that
/// follows the place where it would be in the order of names. `None` at the end.
pub fn neighbour(catalogue: &Catalogue, shown: &[u32], current: Option<&Name>, forwards: bool) -> Option<usize> {
    let Some(current) = current else {
        return (!shown.is_empty()).then_some(if forwards { 0 } else { shown.len() - 1 });
    };
    let at = catalogue.position(current).and_then(|at| shown.iter().position(|shown| *shown as usize == at));
    match at {
        Some(at) if forwards => (at + 1 < shown.len()).then_some(at + 1),
        Some(at) => at.checked_sub(1),
        None => {
            let name = |at: &u32| catalogue.entries.get(*at as usize).map(|entry| &entry.name);
            let after = shown.iter().position(|at| name(at).is_some_and(|name| name > current));
            if forwards { after } else { after.unwrap_or(shown.len()).checked_sub(1) }
        }
    }
}

#[cfg(test)]
mod tests {
    use smallvec::smallvec;

    use super::*;
    use crate::project::index::Layer;

    fn entry(name: &str, title: &str, published: &str, status: Status, problems: u32) -> Entry {
        let layer = Layer {
            folder: "anna".into(),
            status,
            marks: problems * 2,
            problems,
            changed: published.into(),
            broken: EcoString::new(),
        };
        Entry {
            name: Name::new(name).expect("a name"),
            article: name.into(),
            text: 0,
            title: title.into(),
            source: "Wire".into(),
            published: published.into(),
            language: "en".into(),
            length: title.len() as u32,
            broken: EcoString::new(),
            layers: smallvec![layer],
        }
    }

    fn catalogue() -> Catalogue {
        let mut entries = vec![
            entry("a-10", "Talks in Arlington", "2023-05-04", Status::Done, 0),
            entry("a-2", "Ärger um Öl", "", Status::New, 0),
            entry("b", "armistice", "2022-01-01", Status::Flagged, 3),
        ];
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Catalogue::new(entries, Arc::default())
    }

    fn shown(query: &Query) -> Vec<String> {
        let catalogue = catalogue();
        let shown = query.run(&catalogue, Some("anna"));
        shown.iter().map(|at| catalogue.entries[*at as usize].name.to_string()).collect()
    }

    #[test]
    fn documents_are_sorted_as_people_count_and_what_is_not_known_comes_last() {
        let by = |sort, descending| shown(&Query { sort, descending, ..Query::default() });
        assert_eq!(by(SortBy::Name, false), ["a-2", "a-10", "b"]);
        assert_eq!(by(SortBy::Title, false), ["b", "a-10", "a-2"]);
        assert_eq!(by(SortBy::Published, false), ["b", "a-10", "a-2"]);
        assert_eq!(by(SortBy::Published, true), ["a-10", "b", "a-2"]);
        assert_eq!(by(SortBy::Problems, true), ["b", "a-10", "a-2"]);
        assert_eq!(by(SortBy::Status, false), ["a-2", "a-10", "b"]);
        assert_eq!(by(SortBy::Length, false), ["b", "a-2", "a-10"]);
    }

    #[test]
    fn filters_go_together() {
        let query = |words: &str| Query { words: words.into(), ..Query::default() };
        assert_eq!(shown(&query("ärger")), ["a-2"]);
        assert_eq!(shown(&query("AR wire")), ["a-10", "b"]);
        assert_eq!(shown(&query("a-1 talks")), ["a-10"]);
        let problems = Query { problems: true, ..query("") };
        assert_eq!(shown(&problems), ["b"]);
        let done = Query { statuses: vec![Status::Done, Status::New], ..query("") };
        assert_eq!(shown(&done), ["a-2", "a-10"]);
        let names = Arc::new(HashSet::from([Name::new("b").expect("a name")]));
        let chosen = Query { chosen: Some(Chosen { title: "x".into(), names }), ..query("") };
        assert_eq!(shown(&chosen), ["b"]);
        assert!(chosen.is_filtering() && !query(" ").is_filtering());
        // Whoever has not begun has everything before them.
        let catalogue = catalogue();
        assert_eq!(Counts::of(&catalogue, None).get(Status::New), 3);
        let counts = Counts::of(&catalogue, Some("anna"));
        assert_eq!((counts.all(), counts.get(Status::Done), counts.get(Status::InProgress)), (3, 1, 0));
    }

    #[test]
    fn same_articles_stand_together_whatever_the_order() {
        let mut entries: Vec<Entry> =
            ["a", "b", "c", "d", "e"].iter().map(|name| entry(name, name, "", Status::New, 0)).collect();
        for (at, text) in [(0, 7), (4, 7), (1, 9), (2, 9)] {
            entries[at].text = text;
        }
        let catalogue = Catalogue::new(entries, Arc::default());
        let shown = |descending| Query { same: true, descending, ..Query::default() }.run(&catalogue, None);
        assert_eq!(shown(false), [0, 4, 1, 2]);
        assert_eq!(shown(true), [4, 0, 2, 1]);
        assert!(Query { same: true, ..Query::default() }.is_filtering());
    }

    #[test]
    fn the_next_document_follows_also_one_that_is_not_shown_any_more() {
        let catalogue = catalogue();
        let all = Query::default().run(&catalogue, Some("anna"));
        let name = |name: &str| Name::new(name).expect("a name");
        let next = |shown: &[u32], from: Option<&str>, forwards| {
            let from = from.map(name);
            let at = neighbour(&catalogue, shown, from.as_ref(), forwards)?;
            Some(catalogue.entries[shown[at] as usize].name.to_string())
        };
        assert_eq!(next(&all, None, true).as_deref(), Some("a-2"));
        assert_eq!(next(&all, Some("a-2"), true).as_deref(), Some("a-10"));
        assert_eq!(next(&all, Some("b"), true), None);
        assert_eq!(next(&all, Some("a-2"), false), None);
        let open = Query { statuses: vec![Status::New, Status::Flagged], ..Query::default() };
        let open = open.run(&catalogue, Some("anna"));
        assert_eq!(next(&open, Some("a-10"), true).as_deref(), Some("a-2"));
        assert_eq!(next(&open, Some("a-10"), false), None);
        assert_eq!(next(&[], Some("a-10"), true), None);
    }

    #[test]
    fn natural_order_is_an_order() {
        let mut names = ["a10", "a9", "a09", "A9", "b", "a", "10", "9", "9a", "ä"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["9", "9a", "10", "a", "A9", "a09", "a9", "a10", "b", "ä"]);
        for a in names {
            for b in names {
                assert_eq!(natural(a, b), natural(b, a).reverse());
            }
        }
    }
}
