//! Operations: changes of many files of a project at once, that survive a kill half-way and can be undone later.
//!
//! An operation is *planned* (one ordinary [`Transaction`] for each native file, `plan`), *begun* when its record is on disk
//! as a whole (`record`), and then *run*: each file replaced as a whole, with a note of how far it is (`notes`). A
//! record that is not whole never began, and goes. One that was begun is finished when the project is opened again: what a
//! file has already is known from the file itself.
//!
//! Files are read and replaced several at a time (`several`), since nearly all of the time is waiting for the disk. One
//! thread hands them out, asks whether to go on, and takes the notes; a pause waits for those that are under way.
//!
//! A file may be another one by the time its turn comes: edited, merged by git, open in a window, with unsaved work in its
//! journal. Then the document is planned again as it is now; what cannot be read or is somebody else's stays and is told
//! ([`Left`]), and the operation can be run for it later. The journal of a file goes along (`visit`), so that unsaved
//! work is neither lost nor overtaken and undo reaches back before the operation.
//!
//! Undoing is another operation, with the transactions inverted. What somebody has edited since is left alone, field by
//! field, and counted.
//!
//! One project has one program that runs operations at a time; keeping others away is the matter of whoever opens it.

mod forget;
mod notes;
mod plan;
mod record;
mod run;
mod several;
mod undo;
mod visit;

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod several_tests;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::edit::{SchemaChange, Transaction};
use crate::model::Document;
use crate::store::disk::Disk;
use crate::store::{Journals, Owner};

use notes::Notes;

pub use forget::last_to_take_back;
pub use plan::Take;
pub use run::{Outcome, Progress};

/// The name of an operation, which is that of its record. In the order of these, operations were begun.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(String);

/// What an operation is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// For people (“Rename Person to Human”).
    pub title: String,
    /// When it was planned, as an RFC 3339 time in UTC.
    pub made_at: String,
    /// Who; `None` if nobody said.
    #[serde(default)]
    pub by: Option<String>,
    /// What for.
    pub kind: OperationKind,
}

/// What an operation is for. A document that changed since it was planned is planned again accordingly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OperationKind {
    /// The schema changes, and annotations follow.
    SchemaChange {
        /// How.
        change: SchemaChange,
        /// The schema before, as RON.
        before: String,
        /// The schema after.
        after: String,
    },
    /// The same is done at many places: labels, re-labels, deletions at the hits of a search.
    Batch,
    /// Another operation is taken back.
    Undo {
        /// Which.
        of: OperationId,
    },
}

/// What an operation changes in one native file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileChange {
    /// The file, from the project's folder on, with `/` between names.
    pub path: String,
    /// What is done; `None` if the file could not be read when the operation was planned.
    pub transaction: Option<Transaction>,
    /// When an operation is taken back: how many things had been edited since and stay as they are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_alone: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A file that changes as a whole with the operation, after all documents: the schema, the project file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The file, from the project's folder on, with `/` between names.
    pub path: String,
    /// What it holds; `None`: it is not there.
    pub before: Option<String>,
    /// What it is to hold; `None`: it goes.
    pub after: Option<String>,
}

/// Why a file stays as it is. The operation can be run for it later.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Left {
    /// It is open in a window.
    #[error("it is open in a window{}", if *.is_here { "" } else { " of another program" })]
    Busy {
        /// Whether that is a window of this program.
        is_here: bool,
    },
    /// It cannot be read: merge conflict markers, broken, gone, of a newer version.
    #[error("{0}")]
    Unreadable(String),
    /// Its unsaved work fits neither the file nor itself.
    #[error("{0}")]
    Unfit(String),
    /// The disk refused.
    #[error("{0}")]
    Disk(String),
    /// A file that changes as a whole holds something else than it did when the operation was planned.
    #[error("somebody has changed it since the operation was planned; it stays as it is")]
    Changed,
    /// It was not read when the operation was planned, and nobody tells what is to be done there.
    #[error("it could not be read when this was planned; do it there by hand")]
    Unplanned,
}

impl Left {
    fn busy(owner: Option<&Owner>) -> Self {
        Self::Busy { is_here: owner.is_some_and(Owner::is_this_process) }
    }
}

/// Why an operation is not begun or not finished. What was done stays done, and running it again goes on.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// Another one has to be finished first.
    #[error("an operation is not finished: {title} (let it finish first)")]
    Unfinished {
        /// Which.
        id: OperationId,
        /// What it is called.
        title: String,
    },
    /// There is no such operation, or its record is damaged.
    #[error("{}: there is no whole record of this operation", .0.display())]
    NoRecord(PathBuf),
    /// Whoever planned it did not want to go on.
    #[error("it was stopped before it began; nothing was changed")]
    Cancelled,
    /// It was never run to the end, so there is nothing to take back yet.
    #[error("it is not finished: let it finish, then take it back")]
    NotFinished,
    /// The disk refused.
    #[error("{}: {source} (make room or look at the disk, then let the operation go on)", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl OperationError {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

/// How far an operation is.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Which.
    pub id: OperationId,
    /// What it is.
    pub operation: Operation,
    /// Whether it was run to its end; what was left is told by [`Operations::left`].
    pub is_finished: bool,
    /// How many documents it was to change.
    pub files: usize,
    /// The operation that takes it back, if one does.
    pub undone_by: Option<OperationId>,
}

/// What comes of planning one file.
#[derive(Clone, Debug, PartialEq)]
pub enum Planned {
    /// It is to be changed.
    Change(FileChange),
    /// Nothing is to be done there.
    Nothing,
    /// It could not be read; it is left, and may be done later.
    Unread(FileChange, Left),
}

/// Plans one document: what is to be done there, as it is now. `None`: nothing.
pub type Plan<'a> = dyn Fn(&Path, &Document) -> Option<Transaction> + Sync + 'a;

/// The operations of a project.
#[derive(Clone, Debug)]
pub struct Operations {
    folder: PathBuf,
    root: PathBuf,
    disk: Disk,
    journals: Option<Journals>,
    at_once: usize,
}

impl Operations {
    /// With records in `folder`, over files in `root`. Neither need exist yet.
    pub fn in_folder(folder: PathBuf, root: PathBuf, disk: Disk) -> Self {
        Self { folder, root, disk, journals: None, at_once: several::AT_ONCE }
    }

    /// The same with the journals of the files, which go along.
    #[must_use]
    pub fn with_journals(self, journals: Journals) -> Self {
        Self { journals: Some(journals), ..self }
    }

    /// The same with another number of files that are worked on at a time.
    #[must_use]
    pub fn at_once(self, files: usize) -> Self {
        Self { at_once: files.max(1), ..self }
    }

    /// Begins an operation: writes its record. From then on it will be done, here by [`Self::run`] or when the project is
    /// opened again. `files` gives what is to be done to whoever writes it down, each file once ([`Self::plan`]). `go_on` is
    /// asked after each file, with their number so far, and may say no.
    ///
    /// # Errors
    /// [`OperationError`]; nothing has begun then.
    pub fn begin(
        &self,
        operation: &Operation,
        files: impl FnOnce(&mut Take<'_>) -> Result<(), OperationError>,
        replacements: &[Replacement],
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<OperationId, OperationError> {
        if let Some(id) = self.unfinished()?.into_iter().next() {
            let title = record::Reader::open(&self.record_path(&id)).map(|reader| reader.operation().title.clone());
            return Err(OperationError::Unfinished { id, title: title.unwrap_or_default() });
        }
        let id = OperationId::new();
        let path = self.record_path(&id);
        record::write(&self.disk, &path, operation, files, replacements, go_on)?;
        Ok(id)
    }

    /// All operations, in the order in which they were begun.
    ///
    /// # Errors
    /// [`OperationError::Io`] if the folder cannot be read. A damaged record is left out.
    pub fn list(&self) -> Result<Vec<Standing>, OperationError> {
        let mut all = Vec::new();
        for id in self.ids()? {
            let Ok(reader) = record::Reader::open(&self.record_path(&id)) else { continue };
            all.push(Standing {
                is_finished: self.is_finished(&id),
                files: reader.counts().0,
                undone_by: None,
                operation: reader.operation().clone(),
                id,
            });
        }
        let undone: Vec<(OperationId, OperationId)> = all
            .iter()
            .filter_map(|standing| match &standing.operation.kind {
                OperationKind::Undo { of } => Some((of.clone(), standing.id.clone())),
                _ => None,
            })
            .collect();
        for standing in &mut all {
            let by = undone.iter().rev().find(|(of, _)| *of == standing.id);
            standing.undone_by = by.map(|(_, by)| by.clone());
        }
        Ok(all)
    }

    /// The operations that were begun and have to be finished, in their order. Records that are not whole never began, and
    /// are removed.
    ///
    /// # Errors
    /// [`OperationError::Io`] if the folder cannot be read.
    pub fn unfinished(&self) -> Result<Vec<OperationId>, OperationError> {
        self.remove_incomplete();
        let mut found = self.ids()?;
        found.retain(|id| !self.is_finished(id));
        Ok(found)
    }

    fn is_finished(&self, id: &OperationId) -> bool {
        notes::is_finished(&self.notes_path(id))
    }

    /// The files that an operation has left as they were, from the project's folder on, and why.
    ///
    /// # Errors
    /// [`OperationError::NoRecord`].
    pub fn left(&self, id: &OperationId) -> Result<Vec<(PathBuf, Left)>, OperationError> {
        let notes = Notes::read(&self.notes_path(id));
        let path = self.record_path(id);
        let mut reader = record::Reader::open(&path).map_err(|_| OperationError::NoRecord(path.clone()))?;
        let mut left = Vec::new();
        while let Some((number, entry)) = reader.next_entry().map_err(|error| OperationError::io(&path, error))? {
            if let Some(why) = notes.left_at(number) {
                left.push((PathBuf::from(entry.path()), why.clone()));
            }
        }
        Ok(left)
    }

    fn record_path(&self, id: &OperationId) -> PathBuf {
        self.folder.join(format!("{}.{}", id.0, record::EXTENSION))
    }

    fn notes_path(&self, id: &OperationId) -> PathBuf {
        self.folder.join(format!("{}.{}", id.0, notes::EXTENSION))
    }

    fn ids(&self) -> Result<Vec<OperationId>, OperationError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(OperationError::io(&self.folder, error)),
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut ids: Vec<OperationId> = names
            .filter_map(|name| Some(OperationId(name.strip_suffix(record::EXTENSION)?.strip_suffix('.')?.to_owned())))
            .collect();
        ids.sort();
        Ok(ids)
    }

    /// Removes what never began. What cannot be removed stays until the next time.
    fn remove_incomplete(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            let extension = path.extension().and_then(|extension| extension.to_str());
            let is_incomplete = match extension {
                Some(record::UNFINISHED) => true,
                // Only a failing power could leave half of one under this name; and then nothing has been done.
                Some(record::EXTENSION) => !path.with_extension(notes::EXTENSION).exists() && !record::is_whole(&path),
                _ => false,
            };
            if is_incomplete && let Err(error) = self.disk.remove(&path) {
                tracing::warn!("{}: {error}", path.display());
            }
        }
    }
}

impl OperationId {
    /// One that nobody has, after all that were made before.
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let nanoseconds = jiff::Timestamp::now().as_nanosecond();
        Self(format!("{nanoseconds:020}-{:x}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)))
    }

    /// As in the names of files.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The path with `/` on every system.
fn slashed(path: &Path) -> String {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    names.join("/")
}
