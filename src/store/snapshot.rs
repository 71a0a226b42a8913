//! A snapshot beside a journal: the document as it was after one of the entries.
//!
//! One line, checksummed as those of the journal, under the number of the last entry that it includes. Where the journal
//! is whole, opening starts here and does not do all entries again; where it is damaged, this is what is left. It names
//! its journal, and the journal's bytes up to there by their checksum: one that was left over from another journal
//! is known for what it is.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::journal::{Entry, Header, Origin};
use super::log;
use crate::formats::native::{self, Source};
use crate::model::Document;

const FORMAT: &str = "manicule-snapshot/1";

/// So many saved files are remembered: the last one, and others in case that saving it failed.
const MOST_HELD: usize = 16;

/// A file that holds less than the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// SHA-256 of the file; empty: no file.
    pub sha256: String,
    /// How many changes it does not hold.
    pub changes: usize,
}

/// What is known of files that hold a document, as its journal tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The file that it is in.
    pub origin: Origin,
    /// Its title.
    pub title: String,
    /// The files that were saved, the last one last.
    pub held: Vec<Held>,
}

impl Standing {
    /// Before the first entry.
    pub fn of(header: &Header) -> Self {
        let mut held = header.held.clone();
        if held.is_empty() {
            held.push(Held { sha256: header.base_sha256.clone(), changes: 0 });
        }
        Self { origin: header.origin.clone(), title: header.title.clone(), held }
    }

    /// Whether the last saved file, or the one that it began with, lacks something.
    pub fn lacks(&self) -> bool {
        self.held.last().is_some_and(|held| held.changes > 0)
    }

    /// After a further entry.
    pub fn follow<T>(&mut self, entry: &Entry<T>) {
        match entry {
            Entry::Saved { path, sha256 } => {
                self.origin = Origin::Native { path: path.clone() };
                self.held.retain(|held| held.sha256 != *sha256);
                self.held.push(Held { sha256: sha256.clone(), changes: 0 });
                let surplus = self.held.len().saturating_sub(MOST_HELD);
                self.held.drain(..surplus);
            }
            Entry::Begun | Entry::Apply(_) | Entry::Undo | Entry::Redo => {
                self.held.iter_mut().for_each(|held| held.changes += 1);
            }
        }
    }
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    #[serde(rename = "snapshot")]
    format: String,
    /// The journal's [`Header::id`].
    pub journal: String,
    /// How many bytes of the journal it includes.
    pub bytes: u64,
    /// CRC-32 of those.
    pub crc32: u32,
    /// As in [`Standing`].
    pub origin: Origin,
    /// As in [`Standing`].
    pub title: String,
    /// As in [`Standing`].
    pub held: Vec<Held>,
    /// The document, as native JSON.
    pub document: String,
}

impl Snapshot {
    /// Of a document after some entries of a journal.
    pub fn new(journal: &str, bytes: u64, crc32: u32, standing: &Standing, document: String) -> Self {
        let Standing { origin, title, held } = standing.clone();
        Self { format: FORMAT.into(), journal: journal.to_owned(), bytes, crc32, origin, title, held, document }
    }

    /// Writes it, under the number of the last entry that it includes: at every moment there is the old one or this one.
    pub fn write(&self, disk: &Disk, path: &Path, seq: u64) -> std::io::Result<()> {
        let line = log::line(seq, self).map_err(std::io::Error::other)?;
        disk.replace(path, line.as_bytes())
    }

    /// What is at `path`, with its number, if it is whole.
    pub fn read(path: &Path) -> Option<(u64, Self)> {
        Self::parse(&fs::read(path).ok()?)
    }

    /// The same, of the bytes of a file.
    pub fn parse(bytes: &[u8]) -> Option<(u64, Self)> {
        log::only::<Self>(bytes).filter(|(_, snapshot)| snapshot.format == FORMAT)
    }

    /// The document; `None` if another version of the program wrote it in a way that this one does not read.
    pub fn read_document(&self) -> Option<Document> {
        let read = native::read(Source::Json { text: &self.document, first_line: 1 });
        read.map(|read| read.document).ok()
    }
}
