//! What the entries of a journal say of saves: what the file holds, what it lacks, which saves failed.
//!
//! The marker of a save stands before the file is written, and once more when it was; [`Entry::Begun`] after the first one
//! says that it was not. Elsewhere it says that what stands before it is in no file: of a new article, and of a version
//! that the user keeps although another program has written another one.

use super::base::{Entry, Header, Origin};

/// What the file already holds, and the rest.
pub struct Halves<T> {
    /// For undo.
    pub before: Vec<Entry<T>>,
    /// What it does not hold.
    pub after: Vec<Entry<T>>,
    /// How many changes of the base it does not hold.
    pub base_changes: usize,
}

/// Splits at the last marker that matches the file, or at the start if the file is the one it began with. A pasted
/// article has no file; with the marks of none, everything is unsaved. Gives the entries back if nothing matches.
pub fn split<T>(header: &Header, mut entries: Vec<Entry<T>>, file_sha256: &str) -> Result<Halves<T>, Vec<Entry<T>>> {
    match (last_saved_as(&entries, file_sha256), header.lacking(file_sha256)) {
        (Some(at), _) => {
            let mut after = entries.split_off(at + 1);
            unbegin(&mut after);
            Ok(Halves { before: entries, after, base_changes: 0 })
        }
        (None, Some(base_changes)) => {
            if header.origin != Origin::Pasted {
                unbegin(&mut entries);
            }
            Ok(Halves { before: Vec::new(), after: entries, base_changes })
        }
        (None, None) => Err(entries),
    }
}

/// Whether a marker matches a file.
pub fn is_saved_as<T>(entries: &[Entry<T>], file_sha256: &str) -> bool {
    last_saved_as(entries, file_sha256).is_some()
}

fn last_saved_as<T>(entries: &[Entry<T>], file_sha256: &str) -> Option<usize> {
    entries.iter().rposition(|entry| matches!(entry, Entry::Saved { sha256, .. } if sha256 == file_sha256))
}

/// What stands before these is in the file, whatever was said of that: only syncing the folder failed, or another program
/// has brought the file back.
fn unbegin<T>(after: &mut Vec<Entry<T>>) {
    let first = after.iter().position(|entry| !is_step(entry));
    if let Some(at) = first.filter(|at| matches!(after.get(*at), Some(Entry::Begun))) {
        after.remove(at);
    }
}

/// Whether it changes the document.
pub fn is_step<T>(entry: &Entry<T>) -> bool {
    !matches!(entry, Entry::Saved { .. } | Entry::Begun)
}

/// Whether two neighbours are the markers before and after the writing of one file.
pub fn is_same_save<T>(first: &Entry<T>, second: &Entry<T>) -> bool {
    match (first, second) {
        (Entry::Saved { path, sha256 }, Entry::Saved { path: path2, sha256: sha2 }) => path == path2 && sha256 == sha2,
        _ => false,
    }
}

/// How many changes were never saved, whatever has become of the file.
pub fn unsaved_count<T>(header: &Header, entries: &[Entry<T>]) -> usize {
    let last = last_save(entries);
    let rest = entries.get(last.map_or(0, |at| at + 1)..).unwrap_or_default();
    change_count(rest) + if last.is_some() { 0 } else { header.lacking_last() }
}

/// The marker of the last save that did not fail.
pub fn last_save<T>(entries: &[Entry<T>]) -> Option<usize> {
    let mut last = None;
    follow_saves(entries, |at, what| match what {
        Marker::Saved => last = Some(at),
        Marker::Failed { before } => last = before,
        Marker::Begun => {}
    });
    last
}

/// How many steps there are; a new article counts as one, and so does a version that is kept.
pub fn change_count<T>(entries: &[Entry<T>]) -> usize {
    entries.iter().filter(|entry| is_step(entry)).count() + begun_count(entries)
}

/// How many [`Entry::Begun`] there are that do not say that a save failed.
pub fn begun_count<T>(entries: &[Entry<T>]) -> usize {
    let mut count = 0;
    follow_saves(entries, |_, what| count += usize::from(matches!(what, Marker::Begun)));
    count
}

/// What an entry says of files.
enum Marker {
    /// The file is to be written, or was.
    Saved,
    /// It was not written; the marker of the save before that one.
    Failed {
        /// Where it stands.
        before: Option<usize>,
    },
    /// Everything up to here is in no file.
    Begun,
}

/// Goes through what entries say of files. [`Entry::Begun`] speaks of a marker before it only while that stands there
/// once: the second one says that the file was written.
fn follow_saves<T>(entries: &[Entry<T>], mut take: impl FnMut(usize, Marker)) {
    let mut last = None;
    let mut open: Option<Option<usize>> = None;
    for (at, entry) in entries.iter().enumerate() {
        match entry {
            Entry::Saved { .. } => {
                let before = at.checked_sub(1).and_then(|before| entries.get(before));
                let is_second = before.is_some_and(|before| is_same_save(before, entry));
                open = (!is_second).then_some(last);
                last = Some(at);
                take(at, Marker::Saved);
            }
            Entry::Begun => match open.take() {
                Some(before) => {
                    last = before;
                    take(at, Marker::Failed { before });
                }
                None => take(at, Marker::Begun),
            },
            Entry::Apply(_) | Entry::Undo | Entry::Redo => {}
        }
    }
}
