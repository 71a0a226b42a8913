//! The journal: every change between two saves, so that a killed program reopens where it was.
//!
//! One append-only file for each document, in the user's data folder or in the project that is open, under a key made from
//! the path (`store::keys`). Its first line says what it is about; each further line is an [`Entry`]. Saving appends a
//! marker with the SHA-256 of the saved file; when the file is opened again, the marker that matches it splits the journal
//! into what the file already holds and what has to be done again. The marker is best appended by [`super::save_with`],
//! just before the file is replaced; appended after the file, a crash between the two makes the journal look overtaken, and
//! the steps before it can no longer be undone. Where no marker matches, another program changed the file: then everything
//! is given back, with what the file held last for certain, so that the two can be merged. What the entries mean is none of
//! this module's business.
//!
//! A snapshot beside the journal has the document after one of the entries (`store::snapshot`); what can be got back
//! from both is told by `store::recovery`, and mended on disk by the writer's thread, which also tries again what a
//! full disk refused.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};

pub use super::base::{Base, Entry, Header, Key, Origin};
use super::copies;
use super::disk::Disk;
use super::keys::Adopted;
use super::lock::{Lock, LockError};
pub use super::recovered::{Reached, Recovered};
use super::recovery::{self, Contents, Damage, Look};
use super::saves::{Halves, is_saved_as, split, unsaved_count};
use super::snapshot::{Snapshot, Standing};
pub use super::trouble::JournalError;
use super::trouble::{damaged_problem, lost, lost_before_save, newer_format, stale};
pub use super::unsaved::Unsaved;
use super::worker::{Beginning, Copy, Start, Step};
use super::writer::{JournalWriter, Notify};
use crate::model::Problem;

/// An opened journal.
#[derive(Debug)]
pub struct Opening<T> {
    /// Takes the entries from now on.
    pub writer: JournalWriter,
    /// What was in it, if it existed and fits the file.
    pub recovered: Option<Recovered<T>>,
    /// What was in it, if the file is none that it knows: another program changed it. All entries follow
    /// [`Header::base_document`]; see [`Recovered::last_saved`].
    pub diverged: Option<Recovered<T>>,
    /// Damage (code `damaged-journal`, with what was recovered all the same), and journals that no longer fit their file;
    /// each names the file that was kept.
    pub problems: Vec<Problem>,
}

/// From how many bytes on a native file is copied; a shorter one is soon put into words, and the journal is one file.
const LONG_FILE: u64 = 1 << 20;

/// The folder of journals.
#[derive(Clone, Debug)]
pub struct Journals {
    pub(super) folder: PathBuf,
    /// The folder that goes about with it, if there is one.
    pub(super) root: Option<PathBuf>,
    /// A file without which the folder is never made; see [`Self::beside`].
    pub(super) beside: Option<PathBuf>,
    pub(super) disk: Disk,
    pub(super) pace: Pace,
    pub(super) copied_from: u64,
}

/// How long to wait for a disk.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Before what failed is tried again the first time; twice as long before every further time.
    pub retry: Duration,
    /// Before what failed is tried again at the latest.
    pub longest: Duration,
    /// Between two looks whether the journal is still there.
    pub watch: Duration,
    /// For the disk to answer, before it is said that it does not.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry: Duration::from_secs(1),
            longest: Duration::from_secs(15),
            watch: Duration::from_secs(10),
            patience: Duration::from_secs(3),
        }
    }
}

impl Journals {
    /// Any folder; it need not exist yet.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self::on(Disk::default(), Pace::default(), folder)
    }

    /// The same on another disk and with other times, for tests.
    pub fn on(disk: Disk, pace: Pace, folder: PathBuf) -> Self {
        Self { folder, root: None, beside: None, disk, pace, copied_from: LONG_FILE }
    }

    /// The same, for a folder in something that may be taken away as a whole: a project on a stick or a share. Without `file`,
    /// which stands in it, nothing is made there, since that would be in the way when the whole comes back.
    #[must_use]
    pub fn beside(self, file: PathBuf) -> Self {
        Self { beside: Some(file), ..self }
    }

    /// The same with another length, in bytes, from which on a native file is copied when its journal is begun instead of
    /// being put into words. For tests.
    #[must_use]
    pub fn copying_from(self, bytes: u64) -> Self {
        Self { copied_from: bytes, ..self }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the folder may be made, if it is not there.
    fn may_be_made(&self) -> io::Result<()> {
        match &self.beside {
            Some(file) if !file.exists() => {
                Err(io::Error::new(io::ErrorKind::NotFound, "the folder of the project is gone"))
            }
            _ => Ok(()),
        }
    }

    /// Makes the folder, if it is not there and may be made.
    pub(super) fn make_folder(&self) -> io::Result<()> {
        self.may_be_made()?;
        self.disk.create_folder(&self.folder)
    }

    pub(super) fn snapshot_path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{}.snapshot", key.0))
    }

    /// Whether the lock of a journal that is open is still there.
    pub(super) fn has_lock(&self, key: &Key) -> bool {
        self.lock_path(key).exists()
    }

    /// Where the journal of this key is, or would be.
    pub fn journal_path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{}.journal", key.0))
    }

    pub(super) fn lock(&self, key: &Key, document: &Path) -> Result<Lock, JournalError> {
        let path = self.lock_path(key);
        self.may_be_made().map_err(|error| JournalError::io(&path, error))?;
        Lock::take(&path).map_err(|error| match error {
            LockError::Taken(owner) => JournalError::AlreadyOpen { path: document.to_owned(), owner },
            LockError::Io(error) => JournalError::io(&path, error),
        })
    }

    /// Whether a window, this one or another, has the document of this key open now.
    pub fn is_open(&self, key: &Key) -> bool {
        Lock::is_taken(&self.lock_path(key))
    }

    /// Whether a newer program keeps work under this key.
    pub fn is_newer(&self, key: &Key) -> bool {
        self.leave_newer_alone(key).is_err()
    }

    pub(super) fn lock_path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{}.lock", key.0))
    }

    /// Opens the journal of a document and reads what it knows. Nothing is created before the first entry,
    /// except a lock that goes away again. A new article has none yet, and its disk is not asked.
    ///
    /// # Errors
    /// [`JournalError::AlreadyOpen`] if another window has the document; [`JournalError::Newer`] if a newer program keeps
    /// work on it; [`JournalError::Io`] if what is there cannot be read. A disk that cannot be written is no error here: the writer tries again and tells.
    pub fn open<T: DeserializeOwned>(&self, base: Base, notify: Option<Notify>) -> Result<Opening<T>, JournalError> {
        let key = self.key_for(&base);
        if base.header.origin == Origin::Pasted {
            let start = Start::begin(Beginning::of(base), Vec::new());
            let writer = JournalWriter::start(self.clone(), key, None, start, notify);
            return Ok(Opening { writer, recovered: None, diverged: None, problems: Vec::new() });
        }
        let shown = base.header.origin.path().unwrap_or(Path::new("pasted article"));
        let mut lock = self.lock_if_writable(&key, shown)?;
        let key = match self.adopt(&base.key, &key, shown)? {
            Adopted::Nothing => key,
            // It is as good under its old name.
            Adopted::Refused => {
                lock = self.lock_if_writable(&base.key, shown)?;
                base.key.clone()
            }
        };
        let aside = |base, why: &str, problem: &dyn Fn(&Path) -> Problem| {
            let kept = self.free_name(&key, why);
            let problems = vec![problem(&kept)];
            let steps = vec![Step::Aside { key: key.clone(), kept }];
            (None, None, Start::begin(Beginning::of(base), steps), problems)
        };
        let (recovered, diverged, start, problems) = match self.look::<T>(&key)? {
            Look::Nothing => (None, None, Start::begin(Beginning::of(base), Vec::new()), Vec::new()),
            Look::Unreadable { damaged } => aside(base, "damaged", &|kept| damaged_problem(0, damaged, kept)),
            Look::Found(contents) => match self.take_over(&key, contents, base) {
                Ok((recovered, start, problems)) => (Some(recovered), None, start, problems),
                // Another program changed the file; what is here can be merged with that.
                Err((contents, base)) => match self.with_document(contents) {
                    Ok(contents) => {
                        let (diverged, start, problems) = self.take_over_all(&key, contents);
                        (None, Some(diverged), start, problems)
                    }
                    Err(contents) => {
                        let unsaved = unsaved_count(&contents.header, &contents.entries);
                        let is_lost = contents.header.copy().is_some();
                        aside(base, "stale", &|kept| if is_lost { lost(unsaved, kept) } else { stale(unsaved, kept) })
                    }
                },
            },
        };
        let writer = JournalWriter::start(self.clone(), key, lock, start, notify);
        Ok(Opening { writer, recovered, diverged, problems })
    }

    /// Opens the journal of a pasted article, or of a file that is gone; the document before the first entry is
    /// [`Header::base_document`].
    ///
    /// # Errors
    /// [`JournalError::Missing`], [`JournalError::Lost`], [`JournalError::AlreadyOpen`], [`JournalError::Io`].
    pub fn resume<T: DeserializeOwned>(&self, key: &Key, notify: Option<Notify>) -> Result<Opening<T>, JournalError> {
        let path = self.journal_path(key);
        let lock = self.lock_if_writable(key, &path)?;
        let Look::Found(contents) = self.look::<T>(key)? else { return Err(JournalError::Missing { path }) };
        let contents = match self.with_document(contents) {
            Err(contents) if contents.header.copy().is_some() => {
                let file = contents.header.origin.path().unwrap_or(&path).to_owned();
                return Err(JournalError::Lost { path, file });
            }
            Ok(contents) | Err(contents) => contents,
        };
        let (recovered, start, problems) = self.take_over_all(key, contents);
        let writer = JournalWriter::start(self.clone(), key.clone(), lock, start, notify);
        Ok(Opening { writer, recovered: Some(recovered), diverged: None, problems })
    }

    /// Deletes a journal: the user gives up the work that is in it and in no file.
    ///
    /// # Errors
    /// [`JournalError::AlreadyOpen`], [`JournalError::Io`].
    pub fn discard(&self, key: &Key) -> Result<(), JournalError> {
        let path = self.journal_path(key);
        let _lock = self.lock(key, &path)?;
        self.leave_newer_alone(key)?;
        self.remove(key).map_err(|error| JournalError::io(&path, error))
    }

    /// Removes a journal and, before it, its snapshot: alone, that would bring the work back. A copy of its file does not.
    pub(super) fn remove(&self, key: &Key) -> io::Result<()> {
        let id = copies::named_by(&self.journal_path(key));
        self.disk.remove(&self.snapshot_path(key))?;
        self.disk.remove(&self.journal_path(key))?;
        if let Ok(Some(id)) = id {
            copies::remove(&self.disk, &self.folder, &id);
        }
        Ok(())
    }

    /// The lock; `None` if it cannot be had because the disk cannot be written, and the writer is to try again.
    fn lock_if_writable(&self, key: &Key, document: &Path) -> Result<Option<Lock>, JournalError> {
        let mut locked = self.lock(key, document);
        // Whoever looks whether it is taken holds it for an instant.
        for _ in 0..5 {
            if !matches!(locked, Err(JournalError::AlreadyOpen { .. })) {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
            locked = self.lock(key, document);
        }
        match locked {
            Ok(lock) => Ok(Some(lock)),
            Err(error @ JournalError::Io { .. }) => {
                tracing::error!("{error}");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// What is on disk, as it is.
    pub(super) fn look<T: DeserializeOwned>(&self, key: &Key) -> Result<Look<T>, JournalError> {
        let path = self.journal_path(key);
        let bytes = match fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(JournalError::io(&path, error)),
        };
        if let Some(format) = bytes.as_deref().and_then(newer_format) {
            return Err(JournalError::Newer { path, format });
        }
        Ok(recovery::look(bytes.as_deref(), Snapshot::read(&self.snapshot_path(key))))
    }

    /// Goes on with what was found, if it fits the file; else gives it back.
    #[allow(clippy::type_complexity, reason = "what was given, given back")]
    fn take_over<T>(
        &self,
        key: &Key,
        mut contents: Contents<T>,
        base: Base,
    ) -> Result<TakenOver<T>, (Contents<T>, Base)> {
        let file_sha256 = &base.header.base_sha256;
        let is_copy_of_file =
            contents.header.copy().is_some_and(|copied| base.is_file && copied.sha256 == *file_sha256);
        let needs_copy = contents.header.copy().is_some()
            && !is_copy_of_file
            && contents.header.lacking(file_sha256).is_some()
            && !is_saved_as(&contents.entries, file_sha256);
        // It was opened as if it were of another format. Without the document that it began with, it cannot go on.
        if needs_copy && !self.read_copy(&mut contents.header) {
            return Err((contents, base));
        }
        let entries = std::mem::take(&mut contents.entries);
        let halves = match split(&contents.header, entries, file_sha256) {
            Ok(halves) => halves,
            Err(entries) => return Err((Contents { entries, ..contents }, base)),
        };
        if is_copy_of_file {
            contents.header.know(base.document.clone());
        }
        Ok(self.go_on(key, contents, halves, Some(base)))
    }

    /// Goes on with what was found, whatever the file is.
    fn take_over_all<T>(&self, key: &Key, mut contents: Contents<T>) -> TakenOver<T> {
        let after = std::mem::take(&mut contents.entries);
        let base_changes = contents.header.lacking_last();
        self.go_on(key, contents, Halves { before: Vec::new(), after, base_changes }, None)
    }

    /// Reads the document before the first entry, from a copy of its file or from the file; false if neither holds it.
    fn read_copy(&self, header: &mut Header) -> bool {
        let Some(file) = header.origin.path() else { return false };
        let copy = copies::path(&self.folder, &header.id);
        let paths: Vec<&Path> = copy.as_deref().into_iter().chain([file]).collect();
        let document = header.copy().and_then(|copied| copied.read(&paths, file));
        document.map(|document| header.know(document)).is_some()
    }

    /// With the document before the first entry; begins with that of the snapshot where that is all there is. Gives it back
    /// if there is none.
    #[allow(clippy::result_large_err, reason = "what was given, given back")]
    fn with_document<T: DeserializeOwned>(&self, mut contents: Contents<T>) -> Result<Contents<T>, Contents<T>> {
        if contents.header.copy().is_none() {
            match contents.header.base_document() {
                Some(Ok(document)) => contents.header.know(document),
                _ => return Err(contents),
            }
            return Ok(contents);
        }
        if self.read_copy(&mut contents.header) {
            return Ok(contents);
        }
        match &contents.snapshot {
            Some((seq, snapshot)) if snapshot.read_document().is_some() => {
                let begun = recovery::begun_from(*seq as u64, snapshot, &contents.bytes);
                Ok(Contents { damaged: contents.damaged, ..begun })
            }
            _ => Err(contents),
        }
    }

    fn go_on<T>(&self, key: &Key, contents: Contents<T>, halves: Halves<T>, base: Option<Base>) -> TakenOver<T> {
        let Contents { header, bytes, snapshot, damage, damaged, .. } = contents;
        let Halves { before, after, base_changes } = halves;
        let reached = snapshot
            .filter(|(entries, _)| *entries >= before.len())
            .and_then(|(entries, snapshot)| snapshot.read_document().map(|document| Reached { entries, document }));
        let mut standing = Standing::of(&header);
        before.iter().chain(&after).for_each(|entry| standing.follow(entry));
        let mut problems = Vec::new();
        let copy = Copy::of(&header);
        let beginning = copy.as_ref().and_then(|_| Beginning::again(&header, &bytes, before.len(), base));
        let is_there = copy.as_ref().is_none_or(|copy| copy.seems_there(&self.folder, &header.id));
        if !is_there && !before.is_empty() {
            problems.push(lost_before_save());
        }
        let mut start = Start {
            id: header.id.clone(),
            beginning: beginning.map(Box::new),
            copy,
            standing,
            last_seq: (before.len() + after.len()) as u64,
            written: bytes.len(),
            lines: bytes,
            steps: Vec::new(),
        };
        let recovered = Recovered { header, before_saved: before, after, reached, base_changes };
        if damage != Damage::None {
            let kept = self.free_name(key, "damaged");
            problems.push(damaged_problem(recovered.unsaved_count(), damaged, &kept));
            let from = if damage == Damage::Begun { 0 } else { start.written };
            start.steps.push(Step::Keep { from, kept });
            if damage == Damage::Begun {
                start.written = 0;
                start.steps.push(Step::BeginAgain);
            }
        }
        (recovered, start, problems)
    }

    /// A name for a journal that is kept: the first of `x.journal.stale-1`, `x.journal.stale-2`, … that is free.
    pub(super) fn free_name(&self, key: &Key, why: &str) -> PathBuf {
        let name = |n: u64| self.folder.join(format!("{}.journal.{why}-{n}", key.0));
        let is_free = |path: &PathBuf| !path.exists() && !kept_snapshot(path).exists();
        (1..).map(name).find(is_free).unwrap_or_else(|| name(0))
    }

    /// Whatever is done to the journal of a newer program would lose work of which this one knows nothing.
    pub(super) fn leave_newer_alone(&self, key: &Key) -> Result<(), JournalError> {
        let path = self.journal_path(key);
        match fs::read(&path).ok().as_deref().and_then(newer_format) {
            Some(format) => Err(JournalError::Newer { path, format }),
            None => Ok(()),
        }
    }

    /// Makes room for another journal: unsaved work gets a key of its own, under which it is found, and what is in a file
    /// is renamed out of the way.
    pub(super) fn make_room(&self, key: &Key) -> io::Result<()> {
        let unsaved = match self.look::<IgnoredAny>(key) {
            Ok(Look::Found(Contents { header, entries, .. })) => unsaved_count(&header, &entries),
            Ok(Look::Nothing) => return Ok(()),
            Ok(Look::Unreadable { .. }) | Err(_) => 0,
        };
        if unsaved == 0 {
            return self.set_aside(key, &self.free_name(key, "stale"));
        }
        let own = Key::unique();
        for (from, to) in
            [(self.snapshot_path(key), self.snapshot_path(&own)), (self.journal_path(key), self.journal_path(&own))]
        {
            if from.exists() {
                self.disk.rename(&from, &to)?;
            }
        }
        Ok(())
    }

    /// Renames a journal out of the way and, before it, its snapshot, which becomes `x.snapshot.stale-1`.
    pub(super) fn set_aside(&self, key: &Key, kept: &Path) -> io::Result<()> {
        self.leave_newer_alone(key).map_err(io::Error::other)?;
        for (path, kept) in [(self.snapshot_path(key), kept_snapshot(kept)), (self.journal_path(key), kept.to_owned())]
        {
            if path.exists() {
                self.disk.rename(&path, &kept)?;
            }
        }
        Ok(())
    }
}

/// The name of the snapshot that belongs to a journal that is kept.
fn kept_snapshot(journal: &Path) -> PathBuf {
    let name = journal.file_name().unwrap_or_default().to_string_lossy().replacen(".journal.", ".snapshot.", 1);
    journal.with_file_name(name)
}

/// What was recovered, where the writer goes on, and what is worth telling.
type TakenOver<T> = (Recovered<T>, Start, Vec<Problem>);

#[cfg(test)]
#[path = "long_tests.rs"]
mod long_tests;
#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
