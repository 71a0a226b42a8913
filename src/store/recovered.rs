//! What a journal knows beyond the file of its document, as the rest of the program is told.

use super::base::{Entry, Header};
use super::saves::{begun_count, change_count, is_same_save, is_step};
use crate::model::Document;

/// What a journal knows beyond the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered<T> {
    /// Its first line.
    pub header: Header,
    /// What the file already holds, for undo.
    pub before_saved: Vec<Entry<T>>,
    /// What the file does not hold. Markers of saves among these were overtaken by another program's change
    /// back, or by a crash between marker and file.
    pub after: Vec<Entry<T>>,
    /// The document after some of all these entries, from a snapshot; there are at least those of `before_saved` in it.
    pub reached: Option<Reached>,
    /// How many changes of [`Header::base_document`] the file does not hold. Unless it is 0, nothing is in
    /// `before_saved`.
    pub base_changes: usize,
}

/// A document that a snapshot held.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// How many entries it includes, counted from the first of `before_saved`.
    pub entries: usize,
    /// The document after them.
    pub document: Document,
}

impl<T> Recovered<T> {
    /// How many changes are in no file.
    pub fn unsaved_count(&self) -> usize {
        self.base_changes + change_count(&self.after)
    }

    /// Whether there is work that is in no file.
    pub fn has_unsaved(&self) -> bool {
        self.unsaved_count() > 0
    }

    /// What the file held last for certain, and how many of the entries in `after` led to it. A save is certain if its
    /// marker stands there twice, before and after the file was written; to take an earlier one for the last only makes a
    /// merge ask more. `None`: what the file held is not known, because the journal begins with more than that.
    pub fn last_saved(&self) -> Option<(&str, usize)> {
        let certain = self.after.windows(2).enumerate().rev().find_map(|(at, pair)| match pair {
            [Entry::Saved { sha256, .. }, again] if is_same_save(&pair[0], again) => Some((sha256.as_str(), at + 2)),
            _ => None,
        });
        certain.or_else(|| (self.header.lacking_last() == 0).then_some((self.header.base_sha256.as_str(), 0)))
    }

    /// How many changes there are among the entries of [`Self::last_saved`].
    pub fn held_changes(&self) -> usize {
        let count = self.last_saved().map_or(0, |(_, count)| count);
        self.after.iter().take(count).filter(|entry| is_step(entry)).count()
    }

    /// Whether what the file held last is to be kept although another program has put something else there: the user said
    /// so, and nothing was saved since.
    pub fn is_kept(&self) -> bool {
        let count = self.last_saved().map_or(0, |(_, count)| count);
        begun_count(self.after.get(count..).unwrap_or_default()) > 0
    }
}
