//! The journal: every change between two saves, so that a killed program reopens where it was.
//!
//! One append-only file for each document, in the user's data folder, under a key made from the path. Its first
//! line says what it is about; each further line is an [`Entry`]. Saving appends a marker with the SHA-256 of the
//! saved file; when the file is opened again, the marker that matches it splits the journal into what the file
//! already holds and what has to be done again. The marker is best appended by [`super::save_with`], just before the
//! file is replaced; appended after the file, a crash between the two makes the journal look overtaken, and the steps
//! before it can no longer be undone. Where no marker matches, another program changed the file: then everything is
//! given back, with what the file held last for certain, so that the two can be merged. What the entries mean is none of
//! this module's business.
//!
//! A snapshot beside the journal has the document after one of the entries (`store::snapshot`); what can be got back
//! from both is told by `store::recovery`, and mended on disk by the writer's thread, which also tries again what a
//! full disk refused.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::base::VERSION;
pub use super::base::{Base, Entry, Header, Key, Origin};
use super::disk::Disk;
use super::lock::{Lock, LockError, Owner};
use super::log;
use super::recovery::{self, Contents, Damage, Look};
use super::saves::{Halves, begun_count, change_count, is_same_save, is_step, last_save, split, unsaved_count};
use super::sha256_of;
use super::snapshot::{Snapshot, Standing};
use super::worker::{Start, Step};
use super::writer::{JournalWriter, Notify};
use crate::model::{Document, Problem};

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

/// Work that is in no file, for the welcome screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsaved {
    /// For [`Journals::resume`] and [`Journals::discard`].
    pub key: Key,
    /// The file to open; `None` for a pasted article, which is resumed by its key.
    pub path: Option<PathBuf>,
    /// Which document of that file it is, from 0, if the file holds several.
    pub document: Option<usize>,
    /// The title of the article.
    pub title: String,
    /// How many changes are in no file.
    pub change_count: usize,
    /// When the last one was made.
    pub changed_at: Option<SystemTime>,
}

/// Why there is no journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The system names no folder for data.
    #[error("there is no folder for unsaved work (set MANICULE_DATA_DIR to one)")]
    NoDataFolder,
    /// Another window has the document.
    #[error("{}: it is open in another window (close it there, or work on a copy)", .path.display())]
    AlreadyOpen {
        /// The document.
        path: PathBuf,
        /// Who has it, if that is known.
        owner: Option<Owner>,
    },
    /// A newer program keeps unsaved work on the document; it is left alone.
    #[error(
        "{}: a newer version of the program keeps unsaved work on it ({format}) (update the program to get at it)",
        .path.display()
    )]
    Newer {
        /// The journal.
        path: PathBuf,
        /// Its format, as it calls it.
        format: String,
    },
    /// There is no such journal.
    #[error("{}: there is no unsaved work (it was saved or discarded elsewhere)", .path.display())]
    Missing {
        /// The journal.
        path: PathBuf,
    },
    /// The disk gave up.
    #[error("{}: unsaved work cannot be kept: {source} (save now, and look at the disk)", .path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl JournalError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    /// Whether the disk has not answered in time; it may do yet what was asked.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::TimedOut)
    }
}

/// The folder of journals.
#[derive(Clone, Debug)]
pub struct Journals {
    folder: PathBuf,
    pub(super) disk: Disk,
    pub(super) pace: Pace,
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
        Self { folder, disk, pace }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
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

    fn lock_path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{}.lock", key.0))
    }

    /// Opens the journal of a document and reads what it knows. Nothing is created before the first entry,
    /// except a lock that goes away again. A new article has none yet, and its disk is not asked.
    ///
    /// # Errors
    /// [`JournalError::AlreadyOpen`] if another window has the document; [`JournalError::Newer`] if a newer program keeps
    /// work on it; [`JournalError::Io`] if what is there cannot be read. A disk that cannot be written is no error here: the writer tries again and tells.
    pub fn open<T: DeserializeOwned>(&self, base: Base, notify: Option<Notify>) -> Result<Opening<T>, JournalError> {
        let Base { key, header, document } = base;
        if header.origin == Origin::Pasted {
            let writer =
                JournalWriter::start(self.clone(), key, None, Start::begin(header, document, Vec::new()), notify);
            return Ok(Opening { writer, recovered: None, diverged: None, problems: Vec::new() });
        }
        let lock = self.lock_if_writable(&key, header.origin.path().unwrap_or(Path::new("pasted article")))?;
        let (recovered, diverged, start, problems) = match self.look::<T>(&key)? {
            Look::Nothing => (None, None, Start::begin(header, document, Vec::new()), Vec::new()),
            Look::Unreadable { damaged } => {
                let kept = self.free_name(&key, "damaged");
                let problem = damaged_problem(0, damaged, &kept);
                (
                    None,
                    None,
                    Start::begin(header, document, vec![Step::Aside { key: key.clone(), kept }]),
                    vec![problem],
                )
            }
            Look::Found(contents) => match self.take_over(&key, contents, &header.base_sha256) {
                Ok((recovered, start, problems)) => (Some(recovered), None, start, problems),
                // Another program changed the file; what is here can be merged with that.
                Err(contents) if matches!(contents.header.base_document(), Some(Ok(_))) => {
                    let (diverged, start, problems) = self.take_over_all(&key, contents);
                    (None, Some(diverged), start, problems)
                }
                Err(contents) => {
                    let kept = self.free_name(&key, "stale");
                    let problem = stale(unsaved_count(&contents.header, &contents.entries), &kept);
                    (
                        None,
                        None,
                        Start::begin(header, document, vec![Step::Aside { key: key.clone(), kept }]),
                        vec![problem],
                    )
                }
            },
        };
        let writer = JournalWriter::start(self.clone(), key, lock, start, notify);
        Ok(Opening { writer, recovered, diverged, problems })
    }

    /// Opens the journal of a pasted article, or of a file that is gone; the document before the first entry is
    /// [`Header::base_document`].
    ///
    /// # Errors
    /// [`JournalError::Missing`], [`JournalError::AlreadyOpen`], [`JournalError::Io`].
    pub fn resume<T: DeserializeOwned>(&self, key: &Key, notify: Option<Notify>) -> Result<Opening<T>, JournalError> {
        let path = self.journal_path(key);
        let lock = self.lock_if_writable(key, &path)?;
        let Look::Found(contents) = self.look::<T>(key)? else { return Err(JournalError::Missing { path }) };
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

    /// Removes a journal and, before it, its snapshot: alone, that would bring the work back.
    pub(super) fn remove(&self, key: &Key) -> io::Result<()> {
        self.disk.remove(&self.snapshot_path(key))?;
        self.disk.remove(&self.journal_path(key))
    }

    /// All work that is in no file and not open in a window, latest first.
    pub fn list_unsaved(&self) -> Vec<Unsaved> {
        let Ok(folder) = fs::read_dir(&self.folder) else { return Vec::new() };
        let mut found: Vec<Unsaved> = folder.flatten().filter_map(|entry| self.unsaved(&entry.path())).collect();
        found.sort_by(|a, b| b.changed_at.cmp(&a.changed_at).then_with(|| a.key.cmp(&b.key)));
        found
    }

    fn unsaved(&self, file: &Path) -> Option<Unsaved> {
        let extension = file.extension()?.to_str()?;
        let key = Key(file.file_stem()?.to_str()?.to_owned());
        let journal = self.journal_path(&key);
        // A snapshot counts by itself only if its journal is gone.
        let counts = extension == "journal" || (extension == "snapshot" && !journal.exists());
        if !counts || Lock::is_taken(&file.with_extension("lock")) {
            return None;
        }
        let Look::Found(Contents { header, entries, .. }) = self.look::<IgnoredAny>(&key).ok()? else { return None };
        let saved_path = last_save(&entries).and_then(|at| match entries.get(at) {
            Some(Entry::Saved { path, .. }) => Some(path.clone()),
            _ => None,
        });
        let document = match &header.origin {
            Origin::Text { document, .. } if saved_path.is_none() => *document,
            _ => None,
        };
        let path = saved_path.or_else(|| header.origin.path().map(Path::to_owned));
        // Work that could not go along to where the document was saved, or that was left by its file when that got another
        // text, is found by its key only.
        let is_its = |path: &PathBuf| {
            key == Key::of_path(path) || document.is_some_and(|nth| key == Key::of_document(path, nth))
        };
        let path = path.filter(is_its);
        let on_disk = path.as_ref().and_then(|path| fs::read(path).ok()).map(|bytes| sha256_of(&bytes));
        let title = header.title.clone();
        let change_count = match split(&header, entries, &on_disk.unwrap_or_default()) {
            Ok(halves) => halves.base_changes + change_count(&halves.after),
            // The file is gone or was changed outside: count what was never in it.
            Err(entries) => unsaved_count(&header, &entries),
        };
        let changed_at = fs::metadata(file).and_then(|m| m.modified()).ok();
        (change_count > 0).then_some(Unsaved { key, path, document, title, change_count, changed_at })
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
    fn look<T: DeserializeOwned>(&self, key: &Key) -> Result<Look<T>, JournalError> {
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
    fn take_over<T>(
        &self,
        key: &Key,
        mut contents: Contents<T>,
        file_sha256: &str,
    ) -> Result<TakenOver<T>, Contents<T>> {
        let entries = std::mem::take(&mut contents.entries);
        match split(&contents.header, entries, file_sha256) {
            Ok(halves) => Ok(self.go_on(key, contents, halves)),
            Err(entries) => Err(Contents { entries, ..contents }),
        }
    }

    /// Goes on with what was found, whatever the file is.
    fn take_over_all<T>(&self, key: &Key, mut contents: Contents<T>) -> TakenOver<T> {
        let after = std::mem::take(&mut contents.entries);
        let base_changes = contents.header.lacking_last();
        self.go_on(key, contents, Halves { before: Vec::new(), after, base_changes })
    }

    fn go_on<T>(&self, key: &Key, contents: Contents<T>, halves: Halves<T>) -> TakenOver<T> {
        let Contents { header, bytes, snapshot, damage, damaged, .. } = contents;
        let Halves { before, after, base_changes } = halves;
        let reached = snapshot
            .filter(|(entries, _)| *entries >= before.len())
            .and_then(|(entries, snapshot)| snapshot.read_document().map(|document| Reached { entries, document }));
        let mut standing = Standing::of(&header);
        before.iter().chain(&after).for_each(|entry| standing.follow(entry));
        let mut start = Start {
            id: header.id.clone(),
            unbegun: None,
            standing,
            last_seq: (before.len() + after.len()) as u64,
            written: bytes.len(),
            lines: bytes,
            steps: Vec::new(),
        };
        let recovered = Recovered { header, before_saved: before, after, reached, base_changes };
        let mut problems = Vec::new();
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
    fn leave_newer_alone(&self, key: &Key) -> Result<(), JournalError> {
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

/// The format of a journal that a newer program wrote, as it calls it. A header of ours whose checksum is wrong is damaged,
/// whatever stands in it; lines of another form are those of the newer program.
fn newer_format(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Mark {
        journal: String,
    }
    let first = bytes.split_inclusive(|b| *b == b'\n').next()?;
    let is_ours = first.starts_with(b"{\"seq\":0,\"crc32\":");
    let format = match log::read::<Mark, IgnoredAny>(first).header {
        Some(mark) => mark.journal,
        None if is_ours => return None,
        None => {
            let line = String::from_utf8_lossy(first);
            let at = line.find("manicule-journal/")?;
            let is_format = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/');
            line.get(at..)?.split(|c| !is_format(c)).next()?.to_owned()
        }
    };
    let number: u32 = format.strip_prefix("manicule-journal/")?.parse().ok()?;
    (number > VERSION).then_some(format)
}

/// The name of the snapshot that belongs to a journal that is kept.
fn kept_snapshot(journal: &Path) -> PathBuf {
    let name = journal.file_name().unwrap_or_default().to_string_lossy().replacen(".journal.", ".snapshot.", 1);
    journal.with_file_name(name)
}

/// What was recovered, where the writer goes on, and what is worth telling.
type TakenOver<T> = (Recovered<T>, Start, Vec<Problem>);

/// One sentence of what was recovered of a damaged journal.
fn damaged_problem(unsaved: usize, damaged: usize, kept: &Path) -> Problem {
    let recovered = match unsaved {
        0 => "nothing that is not in the file was recovered".to_owned(),
        1 => "recovered 1 change of last time".to_owned(),
        _ => format!("recovered {unsaved} changes of last time"),
    };
    let (damaged, kept_as) = match damaged {
        0 => {
            let hint = "the file holds what was saved before";
            return Problem::warning("damaged-journal", format!("{recovered}; the record before them was lost"), hint);
        }
        1 => ("1 record was damaged".to_owned(), "it is kept in"),
        _ => (format!("{damaged} records were damaged"), "they are kept in"),
    };
    Problem::warning("damaged-journal", format!("{recovered}; {damaged}"), format!("{kept_as} {}", kept.display()))
}

fn stale(unsaved: usize, kept: &Path) -> Problem {
    let (message, hint) = if unsaved == 0 {
        ("the file was changed by another program; earlier steps cannot be undone".to_owned(), "they are kept in")
    } else {
        let message =
            format!("the file was changed by another program; {unsaved} unsaved changes do not fit it any more");
        (message, "bring back the old file to get them; they are kept in")
    };
    Problem::warning("stale-journal", message, format!("{hint} {}", kept.display()))
}

#[cfg(test)]
#[path = "long_tests.rs"]
mod long_tests;
#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
