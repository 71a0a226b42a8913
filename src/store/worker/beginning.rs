//! How a journal begins: with the document in words, or with the name of a copy of its file, which is on disk before
//! anything is called safe, and looked after like the journal itself.
//!
//! The copy is made from the file. When it is gone or damaged it is made again, from what is still open of it or from the
//! file; where neither holds it any more, the journal begins again with the words of what is in memory.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::super::copies::{self, Copied, Source};
use super::super::journal::{Base, Header};
use super::super::lines::Lines;
use super::super::{disk, log};
use super::{Step, Worker};
use crate::model::Document;

/// What a journal can begin with.
#[derive(Debug)]
pub(in crate::store) struct Beginning {
    /// Without the document.
    pub header: Header,
    /// The document.
    pub document: Document,
    /// Whether it is what the native file of the header holds, word for word.
    pub is_file: bool,
    /// The number of the last entry that it includes; 0: none.
    pub seq: u64,
    /// How many bytes of the journal it includes.
    pub bytes: usize,
}

impl Beginning {
    /// Of a journal that has no entries.
    pub fn of(base: Base) -> Self {
        let Base { header, document, is_file, .. } = base;
        Self { header, document, is_file, seq: 0, bytes: 0 }
    }

    /// What a journal that begins with a copy could begin with if that were lost: the same document, if it is known, or
    /// what the file holds now, which is that after `before` entries. The journal has these bytes.
    pub fn again(header: &Header, bytes: &[u8], before: usize, base: Option<Base>) -> Option<Self> {
        let end_of = |count: usize| bytes.split_inclusive(|b| *b == b'\n').take(count + 1).map(<[u8]>::len).sum();
        if let Some(Ok(document)) = header.base_document() {
            return Some(Self { header: header.clone(), document, is_file: false, seq: 0, bytes: end_of(0) });
        }
        let base = base.filter(|base| base.is_file && before > 0)?;
        Some(Self { seq: before as u64, bytes: end_of(before), ..Self::of(base) })
    }
}

/// A copy of a file that the first line names.
#[derive(Debug)]
pub(in crate::store) struct Copy {
    copied: Copied,
    /// Where the file was.
    origin: PathBuf,
    /// The copy, open, so that it can still be read when somebody has removed it.
    held: Option<File>,
    /// Whether it is on disk and as it should be, as far as is known.
    is_safe: bool,
}

impl Copy {
    /// The one that a header names; nothing is known of it yet.
    pub fn of(header: &Header) -> Option<Self> {
        let origin = header.origin.path().map(Path::to_owned).unwrap_or_default();
        header.copy().cloned().map(|copied| Self { copied, origin, held: None, is_safe: false })
    }

    /// Whether there is a file of its name and length, or the file is still what was copied.
    pub fn seems_there(&self, folder: &Path, id: &str) -> bool {
        let is_there = copies::path(folder, id).is_some_and(|path| self.copied.seems_at(&path));
        is_there || self.copied.is_at(&self.origin)
    }

    /// In bytes.
    pub fn len(&self) -> usize {
        usize::try_from(self.copied.bytes).unwrap_or(usize::MAX)
    }
}

impl Worker {
    /// Makes the first line, if that has not been done.
    pub(super) fn begin_lines(&mut self) {
        if self.lines.len() > 0 {
            return;
        }
        let Some(mut beginning) = self.beginning.take() else { return };
        match self.worth_copying(&beginning) {
            Some(copied) => {
                beginning.header = beginning.header.with_copy(copied);
                self.copy = Copy::of(&beginning.header);
                // A header is plain data and always serialises.
                self.lines = Lines::new(log::line(0, &beginning.header).unwrap_or_default().into_bytes());
                beginning.bytes = self.lines.len();
                self.beginning = Some(beginning);
            }
            None => {
                let header = beginning.header.with_base(&beginning.document);
                self.lines = Lines::new(log::line(0, &header).unwrap_or_default().into_bytes());
            }
        }
    }

    /// What a copy would hold, if the file is long and may still hold the document.
    fn worth_copying(&self, beginning: &Beginning) -> Option<Copied> {
        let path = beginning.header.origin.path().filter(|_| beginning.is_file)?;
        let bytes = copies::bytes_of(path, self.journals.pace.patience)?;
        let sha256 = beginning.header.base_sha256.clone();
        (bytes >= self.journals.copied_from).then_some(Copied { sha256, bytes })
    }

    /// Whether there is a copy to be made, or to be looked at.
    pub(super) fn is_copy_wanted(&self) -> bool {
        self.copy.as_ref().is_some_and(|copy| !copy.is_safe)
    }

    /// Whether the copy is still there; if not, nothing is called safe until it is.
    pub(super) fn look_after_copy(&mut self) {
        let path = self.copy_path();
        let Some(copy) = self.copy.as_mut().filter(|copy| copy.is_safe) else { return };
        let is_there = path.as_ref().is_some_and(|path| match &copy.held {
            Some(held) => disk::is_at(held, path, copy.copied.bytes),
            None => copy.copied.seems_at(path),
        });
        if !is_there {
            copy.is_safe = false;
            tracing::error!("{}: the copy of the document was removed or changed", self.path().display());
            self.shared.synced_seq.store(0, Ordering::Release);
        }
    }

    /// Sees to it that the copy that the first line names is on disk.
    pub(super) fn keep_copy(&mut self) -> io::Result<()> {
        let path = self.copy_path();
        let Some(copy) = self.copy.as_mut().filter(|copy| !copy.is_safe) else { return Ok(()) };
        let (disk, folder, patience) = (&self.journals.disk, self.journals.folder(), self.journals.pace.patience);
        self.journals.make_folder()?;
        let is_there = match &path {
            // Whether its name lasts is not known.
            Some(path) if copy.copied.is_at(path) => disk.sync_folder(folder).map(|()| true)?,
            Some(path) => {
                let made_of = |source: &Source| copy.copied.make(disk, source, path);
                let held = copy.held.as_ref().map(|held| Source::of_file(held, patience));
                let mut is_made = held.as_ref().map_or(Ok(false), made_of)?;
                if !is_made {
                    is_made = made_of(&Source::of_path(&copy.origin, patience))?;
                }
                self.is_to_tidy |= is_made;
                is_made
            }
            None => false,
        };
        if !is_there {
            return self.begin_in_words();
        }
        copy.held = path.and_then(|path| copies::open(&path).ok());
        copy.is_safe = true;
        Ok(())
    }

    /// Nobody has what the copy held: the journal begins with what is in memory, and goes on with the entries after that.
    fn begin_in_words(&mut self) -> io::Result<()> {
        let Some(beginning) = self.beginning.take() else {
            return Err(io::Error::other("the copy of the document before the first change is gone"));
        };
        tracing::warn!("{}: it begins with the words of the document", self.path().display());
        let after = log::renumbered(&self.lines.from(beginning.bytes), 1);
        let header = beginning.header.with_base(&beginning.document);
        self.id.clone_from(&header.id);
        let first = log::line(0, &header).unwrap_or_default();
        self.lines = Lines::new([first.into_bytes(), after.into_bytes()].concat());
        self.seq = self.seq.saturating_sub(beginning.seq);
        (self.copy, self.wanted, self.file) = (None, None, None);
        (self.snapshot_seq, self.snapshot_bytes) = (0, 0);
        if self.written > 0 || !self.is_new {
            let is_kept = |step: &mut Step| match step {
                Step::Keep { from, .. } => {
                    *from = 0;
                    true
                }
                _ => false,
            };
            // Where its damaged end is still to be kept, all of it is, under the name that was told: another file would get
            // the same one.
            if !self.steps.iter_mut().any(is_kept) {
                let kept = self.journals.free_name(&self.key, "damaged");
                self.steps.push_back(Step::Keep { from: 0, kept });
            }
            self.steps.push_back(Step::BeginAgain);
        }
        self.written = 0;
        Ok(())
    }

    /// Removes what killed programs left, once, when a copy was made: nothing waits for that then.
    pub(super) fn tidy(&mut self) {
        if std::mem::take(&mut self.is_to_tidy) {
            copies::remove_left(&self.journals.disk, self.journals.folder());
        }
    }

    fn copy_path(&self) -> Option<PathBuf> {
        copies::path(self.journals.folder(), &self.id)
    }
}
