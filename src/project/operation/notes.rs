//! How far an operation is: one note a line, appended while it runs.
//!
//! A note that is lost costs nothing but a second look at its file; only what was planned anew must be on disk before its
//! file changes, since undoing needs to know what was really done.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Left;
use crate::edit::Transaction;
use crate::store::disk::{Disk, DiskFile, folder_of};

/// What names of notes end in.
pub const EXTENSION: &str = "notes";

/// A line; `n` is the number of the file in the record, from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Note {
    /// The file will be changed by this instead of what the record says; and so many things stay that were edited since.
    Replanned { n: usize, transaction: Transaction, left_alone: usize },
    /// The file is as it should be, and was changed for that.
    Changed { n: usize },
    /// Nothing was to be done there.
    Nothing { n: usize },
    /// The file stays as it is for now.
    Left { n: usize, why: Left },
    /// All files had their turn.
    Finished,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    Changed,
    Nothing,
    Left(Left),
}

/// All notes of an operation.
#[derive(Debug, Default)]
pub struct Notes {
    fates: BTreeMap<usize, Fate>,
    replanned: BTreeMap<usize, (Transaction, usize)>,
    is_finished: bool,
    /// Whether the file ends within a line.
    is_torn: bool,
}

impl Notes {
    /// Reads what is there. Lines that are torn say nothing.
    pub fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap_or_default();
        let mut notes = Self { is_torn: bytes.last().is_some_and(|byte| *byte != b'\n'), ..Self::default() };
        for note in bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()) {
            notes.take(note);
        }
        notes
    }

    fn take(&mut self, note: Note) {
        match note {
            Note::Replanned { n, transaction, left_alone } => {
                self.replanned.insert(n, (transaction, left_alone));
            }
            Note::Changed { n } => drop(self.fates.insert(n, Fate::Changed)),
            Note::Nothing { n } => drop(self.fates.insert(n, Fate::Nothing)),
            Note::Left { n, why } => drop(self.fates.insert(n, Fate::Left(why))),
            Note::Finished => self.is_finished = true,
        }
    }

    /// Whether all files had their turn.
    pub fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// What became of a file, if it had its turn.
    pub fn fate(&self, n: usize) -> Option<&Fate> {
        self.fates.get(&n)
    }

    /// How many of the first `files` are as they should be, and in how many nothing was to be done.
    pub fn done(&self, files: usize) -> (usize, usize) {
        let count = |wanted| self.fates.range(..files).filter(|(_, fate)| **fate == wanted).count();
        (count(Fate::Changed), count(Fate::Nothing))
    }

    /// What was done to a file instead of what the record says, and how many things were left alone by that.
    pub fn replanned(&self, n: usize) -> Option<(&Transaction, usize)> {
        self.replanned.get(&n).map(|(transaction, left)| (transaction, *left))
    }

    /// Why a file stays as it is.
    pub fn left_at(&self, n: usize) -> Option<&Left> {
        match self.fates.get(&n) {
            Some(Fate::Left(why)) => Some(why),
            _ => None,
        }
    }
}

/// Whether notes say that all files had their turn: without reading what each line says, of which there may be a hundred
/// thousand, and which are read whenever a project is opened.
pub fn is_finished(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    // As a rule it is the last line.
    bytes.rsplit(|byte| *byte == b'\n').any(|line| line == br#""Finished""#)
}

/// Notes that are being taken.
pub struct Taking {
    /// What was noted so far.
    pub notes: Notes,
    file: DiskFile,
    path: PathBuf,
    disk: Disk,
}

impl Taking {
    /// Goes on with what is there.
    pub fn open(disk: &Disk, path: &Path) -> io::Result<Self> {
        crate::store::confined::no_link(path)?;
        let notes = Notes::read(path);
        let is_new = !path.exists();
        let mut file = disk.append(path)?;
        if notes.is_torn {
            file.write_all(b"\n")?;
        }
        if is_new {
            disk.sync_folder(folder_of(path))?;
        }
        Ok(Self { notes, file, path: path.to_owned(), disk: disk.clone() })
    }

    /// Appends a note. It reaches the disk sooner or later.
    pub fn put(&mut self, note: Note) -> io::Result<()> {
        let mut line = serde_json::to_vec(&note)?;
        line.push(b'\n');
        if let Err(error) = self.file.write_all(&line) {
            // Half of it may be there.
            let _ = self.file.write_all(b"\n");
            return Err(error);
        }
        self.notes.take(note);
        Ok(())
    }

    /// Appends a note; it is on disk when this returns.
    pub fn put_for_certain(&mut self, note: Note) -> io::Result<()> {
        self.put(note)?;
        self.sync()
    }

    /// Everything that was appended is on disk when this returns.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync()
    }

    /// Says that all files had their turn, or that they have not: a finished operation that is run again for what was left
    /// stays finished.
    pub fn finish(&mut self) -> io::Result<()> {
        if self.notes.is_finished {
            return self.file.sync();
        }
        self.put_for_certain(Note::Finished)?;
        self.disk.sync_folder(folder_of(&self.path))
    }
}
