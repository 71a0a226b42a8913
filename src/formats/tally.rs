//! Losses counted by what happens and to what: the line under a list that is too long to read.

use std::collections::BTreeMap;

use super::losses::{Loss, Treatment};
use crate::model::{Document, Kind};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<(Treatment, Option<Kind>), usize>);

impl Treatment {
    /// In a word, as in “3 mentions dropped”.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::Cut => "cut",
            Self::Merged => "merged",
            Self::Moved => "moved",
            Self::Altered => "altered",
        }
    }
}

impl Tally {
    /// Counts the losses of a document.
    pub fn add(&mut self, document: &Document, losses: &[Loss]) {
        for loss in losses {
            let kind = loss.id.as_ref().and_then(|id| document.kind_of(id));
            *self.0.entry((loss.treatment, kind)).or_default() += 1;
        }
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, other: &Self) {
        for (key, count) in &other.0 {
            *self.0.entry(*key).or_default() += count;
        }
    }

    /// How many losses there are.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// What happens, to what (`None` for the document as a whole), how often.
    pub fn counts(&self) -> impl Iterator<Item = (Treatment, Option<Kind>, usize)> {
        self.0.iter().map(|((treatment, kind), count)| (*treatment, *kind, *count))
    }
}

/// `3 mentions`, `1 entity`, `2 things of the document`.
fn counted(kind: Option<Kind>, count: usize) -> String {
    match (kind, count) {
        (Some(kind), 1) => format!("1 {}", kind.word()),
        (Some(Kind::Entity), _) => format!("{count} entities"),
        (Some(kind), _) => format!("{count} {}s", kind.word()),
        (None, 1) => "1 thing said of a document".to_owned(),
        (None, _) => format!("{count} things said of documents"),
    }
}

impl std::fmt::Display for Tally {
    /// `3 mentions and 1 quote dropped, 12 mentions moved`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut groups: Vec<(Treatment, Vec<String>)> = Vec::new();
        for (treatment, kind, count) in self.counts() {
            match groups.last_mut() {
                Some((last, parts)) if *last == treatment => parts.push(counted(kind, count)),
                _ => groups.push((treatment, vec![counted(kind, count)])),
            }
        }
        for (i, (treatment, parts)) in groups.iter().enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            let parts = match parts.as_slice() {
                [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
                parts => parts.join(", "),
            };
            write!(f, "{separator}{parts} {}", treatment.word())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_by_what_happens_and_to_what() {
        let tally = Tally(BTreeMap::from([
            ((Treatment::Dropped, Some(Kind::Mention)), 3),
            ((Treatment::Dropped, Some(Kind::Entity)), 2),
            ((Treatment::Dropped, None), 1),
            ((Treatment::Moved, Some(Kind::Mention)), 12),
        ]));
        let told = "1 thing said of a document, 2 entities and 3 mentions dropped, 12 mentions moved";
        assert_eq!((tally.to_string().as_str(), tally.total()), (told, 18));
        assert_eq!(Tally::default().to_string(), "");
    }
}
