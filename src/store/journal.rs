//! The journal: every change between two saves, so that a killed program reopens where it was.
//!
//! One append-only file for each document, in the user's data folder, under a key made from the path. Its first
//! line says what it is about; each further line is an [`Entry`]. Saving appends a marker with the SHA-256 of the
//! saved file; when the file is opened again, the marker that matches it splits the journal into what the file
//! already holds and what has to be done again. The marker is best appended by [`super::save_with`], just before the
//! file is replaced; appended after the file, a crash between the two makes the journal look overtaken, and the steps
//! before it can no longer be undone. What the entries mean is none of this module's business.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::lock::{Lock, LockError, Owner};
use super::writer::{JournalWriter, Notify, Start};
use super::{canonical, log, sha256_of};
use crate::formats::native::{self, Source};
use crate::model::{Document, Problem};

/// The value of [`Header::journal`].
const FORMAT: &str = "manicule-journal/1";

/// The number in it.
const VERSION: u32 = 1;

/// Something that happened to a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Entry<T> {
    /// What was done up to here is in no file: a new article was made, or the save whose marker stands before this failed.
    Begun,
    /// A transaction was applied.
    Apply(T),
    /// The last step was undone: a transaction, or all neighbouring ones of a group.
    Undo,
    /// The last undone step was done again.
    Redo,
    /// The document was saved.
    Saved {
        /// Where.
        path: PathBuf,
        /// SHA-256 of the file's bytes.
        sha256: String,
    },
}

/// Where the document came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Origin {
    /// A native file.
    Native {
        /// The file.
        path: PathBuf,
    },
    /// A file of another format.
    Text {
        /// The file.
        path: PathBuf,
        /// The encoding that it was read in, if the format leaves that open.
        encoding: Option<String>,
        /// Which document of the file it is, from 0, if the file holds several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<usize>,
    },
    /// Pasted as a new article.
    Pasted,
}

impl Origin {
    /// The file it came from.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Native { path } | Self::Text { path, .. } => Some(path),
            Self::Pasted => None,
        }
    }
}

/// The first line of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    journal: String,
    /// Where the document came from.
    pub origin: Origin,
    /// Its title, for the list of unsaved work.
    pub title: String,
    /// SHA-256 of the file it was opened from; empty if it was pasted.
    pub base_sha256: String,
    /// The document before the first entry, as native JSON.
    base: Option<String>,
}

impl Header {
    /// The document before the first entry, if the journal holds it.
    ///
    /// # Errors
    /// The problems of reading it; the checksum makes that a matter of another version of the program.
    pub fn base_document(&self) -> Option<Result<Document, Vec<Problem>>> {
        let base = self.base.as_ref()?;
        Some(native::read(Source::Json { text: base, first_line: 1 }).map(|read| read.document))
    }
}

/// What is opened: decides which journal belongs to it.
#[derive(Clone, Debug)]
pub struct Base {
    key: Key,
    header: Header,
}

impl Base {
    /// Which journal belongs to it.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// A native file.
    pub fn native(path: &Path, sha256: &str, document: &Document) -> Self {
        let origin = Origin::Native { path: canonical(path) };
        // Also here: the file may be gone when the work is wanted back.
        let base = native::to_json_line(document).ok();
        Self { key: Key::of_path(path), header: Self::header(origin, sha256, document, base) }
    }

    /// A file of another format: its annotations live in the journal until they are saved.
    pub fn text(path: &Path, sha256: &str, encoding: Option<&str>, document: &Document) -> Self {
        let origin = Origin::Text { path: canonical(path), encoding: encoding.map(str::to_owned), document: None };
        let base = native::to_json_line(document).ok();
        Self { key: Key::of_path(path), header: Self::header(origin, sha256, document, base) }
    }

    /// The same, for one document of a file that holds several, counted from 0.
    #[must_use]
    pub fn of_several(mut self, path: &Path, nth: usize) -> Self {
        self.key = Key::of_document(path, nth);
        if let Origin::Text { document, .. } = &mut self.header.origin {
            *document = Some(nth);
        }
        self
    }

    /// A new article without a file.
    pub fn pasted(document: &Document) -> Self {
        let base = native::to_json_line(document).ok();
        Self { key: Key::unique(), header: Self::header(Origin::Pasted, "", document, base) }
    }

    fn header(origin: Origin, sha256: &str, document: &Document, base: Option<String>) -> Header {
        let title = document.header().metadata.title.clone();
        Header { journal: FORMAT.to_owned(), origin, title, base_sha256: sha256.to_owned(), base }
    }
}

/// The name of a journal in the folder of journals: sixteen hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key of a file, however its path is written.
    pub fn of_path(path: &Path) -> Self {
        Self::of_bytes(canonical(path).as_os_str().as_encoded_bytes())
    }

    /// The key of a document in a file that holds several, counted from 0.
    pub fn of_document(path: &Path, nth: usize) -> Self {
        let path = canonical(path);
        Self::of_bytes(&[path.as_os_str().as_encoded_bytes(), format!("\0{nth}").as_bytes()].concat())
    }

    fn unique() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self::of_bytes(format!("pasted {} {} {count}", now.as_nanos(), std::process::id()).as_bytes())
    }

    fn of_bytes(bytes: &[u8]) -> Self {
        let mut key = sha256_of(bytes);
        key.truncate(16);
        Self(key)
    }
}

/// What a journal knows beyond the file.
#[derive(Debug, PartialEq)]
pub struct Recovered<T> {
    /// Its first line.
    pub header: Header,
    /// What the file already holds, for undo.
    pub before_saved: Vec<Entry<T>>,
    /// What the file does not hold. Markers of saves among these were overtaken by another program's change
    /// back, or by a crash between marker and file.
    pub after: Vec<Entry<T>>,
}

impl<T> Recovered<T> {
    /// Whether there is work that is in no file.
    pub fn has_unsaved(&self) -> bool {
        change_count(&self.after) > 0
    }
}

/// An opened journal.
#[derive(Debug)]
pub struct Opening<T> {
    /// Takes the entries from now on.
    pub writer: JournalWriter,
    /// What was in it, if it existed and fits the file.
    pub recovered: Option<Recovered<T>>,
    /// Damage, and journals that no longer fit their file; each names the file that was kept.
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
}

/// The folder of journals.
#[derive(Clone, Debug)]
pub struct Journals {
    folder: PathBuf,
}

impl Journals {
    /// Any folder; it need not exist yet.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn journal_path(&self, key: &Key) -> PathBuf {
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

    fn lock_path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{}.lock", key.0))
    }

    /// Opens the journal of a document and reads what it knows. Nothing is created before the first entry,
    /// except a lock that goes away again.
    ///
    /// # Errors
    /// [`JournalError::AlreadyOpen`] if another window has the document; [`JournalError::Io`].
    pub fn open<T: DeserializeOwned>(&self, base: Base, notify: Option<Notify>) -> Result<Opening<T>, JournalError> {
        let Base { key, header } = base;
        let lock = self.lock(&key, header.origin.path().unwrap_or(Path::new("pasted article")))?;
        let mut problems = Vec::new();
        let found = self.read::<T>(&key, &mut problems)?;
        let fitting = match found {
            Some((old, entries, start)) => match split(&old, entries, &header.base_sha256) {
                Ok((before_saved, after)) => Some((Recovered { header: old, before_saved, after }, start)),
                Err(entries) => {
                    let kept = self.set_aside(&key, "stale")?;
                    problems.push(stale(change_count(after_last_save(&entries)), &kept));
                    None
                }
            },
            None => None,
        };
        let (recovered, start) = match fitting {
            Some((recovered, start)) => (Some(recovered), start),
            None => (None, Start { header: Some(header), ..Start::default() }),
        };
        let writer = JournalWriter::start(self.clone(), key, lock, start, notify);
        Ok(Opening { writer, recovered, problems })
    }

    /// Opens the journal of a pasted article, or of a file that is gone; the document before the first entry is
    /// [`Header::base_document`].
    ///
    /// # Errors
    /// [`JournalError::Missing`], [`JournalError::AlreadyOpen`], [`JournalError::Io`].
    pub fn resume<T: DeserializeOwned>(&self, key: &Key, notify: Option<Notify>) -> Result<Opening<T>, JournalError> {
        let path = self.journal_path(key);
        let lock = self.lock(key, &path)?;
        let mut problems = Vec::new();
        let (header, entries, start) =
            self.read::<T>(key, &mut problems)?.ok_or_else(|| JournalError::Missing { path: path.clone() })?;
        let writer = JournalWriter::start(self.clone(), key.clone(), lock, start, notify);
        let recovered = Some(Recovered { header, before_saved: Vec::new(), after: entries });
        Ok(Opening { writer, recovered, problems })
    }

    /// Sets the journal of `writer` aside because its entries do not fit, and begins a new one. Gives the new writer
    /// and the name under which the old one is kept.
    ///
    /// # Errors
    /// [`JournalError`]; there is then no journal.
    pub fn begin_anew(
        &self,
        writer: JournalWriter,
        base: Base,
        notify: Option<Notify>,
    ) -> Result<(JournalWriter, PathBuf), JournalError> {
        let key = writer.key().clone();
        // Gives the lock back.
        drop(writer);
        let kept = self.set_aside(&key, "stale")?;
        let lock = self.lock(&base.key, base.header.origin.path().unwrap_or(Path::new("pasted article")))?;
        let start = Start { header: Some(base.header), ..Start::default() };
        Ok((JournalWriter::start(self.clone(), base.key, lock, start, notify), kept))
    }

    /// Deletes a journal: the user gives up the work that is in it and in no file.
    ///
    /// # Errors
    /// [`JournalError::AlreadyOpen`], [`JournalError::Io`].
    pub fn discard(&self, key: &Key) -> Result<(), JournalError> {
        let path = self.journal_path(key);
        let _lock = self.lock(key, &path)?;
        self.leave_newer_alone(key)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(JournalError::io(&path, error)),
            _ => Ok(()),
        }
    }

    /// All work that is in no file and not open in a window, latest first.
    pub fn list_unsaved(&self) -> Vec<Unsaved> {
        let Ok(folder) = fs::read_dir(&self.folder) else { return Vec::new() };
        let mut found: Vec<Unsaved> = folder.flatten().filter_map(|entry| self.unsaved(&entry.path())).collect();
        found.sort_by(|a, b| b.changed_at.cmp(&a.changed_at).then_with(|| a.key.cmp(&b.key)));
        found
    }

    fn unsaved(&self, journal: &Path) -> Option<Unsaved> {
        if journal.extension()? != "journal" || Lock::is_taken(&journal.with_extension("lock")) {
            return None;
        }
        let key = Key(journal.file_stem()?.to_str()?.to_owned());
        let log = log::read::<Header, Entry<IgnoredAny>>(&fs::read(journal).ok()?);
        let header = log.header?;
        let saved_path = last_save(&log.entries).and_then(|at| match log.entries.get(at) {
            Some(Entry::Saved { path, .. }) => Some(path.clone()),
            _ => None,
        });
        let document = match &header.origin {
            Origin::Text { document, .. } if saved_path.is_none() => *document,
            _ => None,
        };
        let path = saved_path.or_else(|| header.origin.path().map(Path::to_owned));
        let on_disk = path.as_ref().and_then(|path| fs::read(path).ok()).map(|bytes| sha256_of(&bytes));
        let change_count = match split(&header, log.entries, &on_disk.unwrap_or_default()) {
            Ok((_, after)) => change_count(&after),
            // The file is gone or was changed outside: count what was never in it.
            Err(entries) => change_count(after_last_save(&entries)),
        };
        let changed_at = fs::metadata(journal).and_then(|m| m.modified()).ok();
        (change_count > 0).then_some(Unsaved { key, path, document, title: header.title, change_count, changed_at })
    }

    /// Reads a journal. Damage is cut off and kept beside it.
    fn read<T: DeserializeOwned>(
        &self,
        key: &Key,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Contents<T>>, JournalError> {
        let path = self.journal_path(key);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(JournalError::io(&path, error)),
        };
        if let Some(format) = newer_format(&bytes) {
            return Err(JournalError::Newer { path, format });
        }
        let log = log::read::<Header, Entry<T>>(&bytes);
        let Some(header) = log.header.filter(|header| header.journal == FORMAT) else {
            let kept = self.set_aside(key, "damaged")?;
            problems.push(damaged(0, &kept));
            return Ok(None);
        };
        if let Some(rest) = bytes.get(log.good_bytes..).filter(|rest| !rest.is_empty()) {
            let kept = free_name(&path, "damaged");
            let cut = || {
                super::file::write_atomically(&kept, rest)?;
                let journal = fs::File::options().write(true).open(&path)?;
                journal.set_len(log.good_bytes as u64)?;
                journal.sync_all()
            };
            cut().map_err(|error| JournalError::io(&path, error))?;
            problems.push(damaged(log.entries.len(), &kept));
        }
        let last_seq = log.entries.len() as u64;
        Ok(Some((header, log.entries, Start { header: None, last_seq, lacks_line_end: log.lacks_line_end })))
    }

    /// Whatever is done to the journal of a newer program would lose work of which this one knows nothing.
    fn leave_newer_alone(&self, key: &Key) -> Result<(), JournalError> {
        let path = self.journal_path(key);
        match fs::read(&path).ok().as_deref().and_then(newer_format) {
            Some(format) => Err(JournalError::Newer { path, format }),
            None => Ok(()),
        }
    }

    /// Renames a journal out of the way and returns its new name.
    pub(super) fn set_aside(&self, key: &Key, why: &str) -> Result<PathBuf, JournalError> {
        self.leave_newer_alone(key)?;
        let path = self.journal_path(key);
        let kept = free_name(&path, why);
        fs::rename(&path, &kept).map_err(|error| JournalError::io(&path, error))?;
        Ok(kept)
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

/// The first of `x.journal.stale-1`, `x.journal.stale-2`, … that is free.
fn free_name(journal: &Path, why: &str) -> PathBuf {
    let name = |n: u64| {
        let mut name = journal.as_os_str().to_owned();
        name.push(format!(".{why}-{n}"));
        PathBuf::from(name)
    };
    (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0))
}

fn damaged(good: usize, kept: &Path) -> Problem {
    let message = format!("the record of unsaved work is damaged after {good} changes; those are restored");
    let hint = format!("the rest is kept in {}", kept.display());
    Problem::warning("damaged-journal", message, hint)
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

/// The first line, the entries, and where to go on.
type Contents<T> = (Header, Vec<Entry<T>>, Start);

/// What the file already holds, and the rest.
type Halves<T> = (Vec<Entry<T>>, Vec<Entry<T>>);

/// Splits at the last marker that matches the file, or at the start if the file is the one it began with. A pasted
/// article has no file; with the marks of none, everything is unsaved. Gives the entries back if nothing matches.
fn split<T>(header: &Header, mut entries: Vec<Entry<T>>, file_sha256: &str) -> Result<Halves<T>, Vec<Entry<T>>> {
    let is_match = |entry: &Entry<T>| matches!(entry, Entry::Saved { sha256, .. } if sha256 == file_sha256);
    match entries.iter().rposition(is_match) {
        Some(at) => {
            let mut after = entries.split_off(at + 1);
            // It failed, and yet the file is as it was to be: only syncing its folder did.
            if matches!(after.first(), Some(Entry::Begun)) {
                after.remove(0);
            }
            Ok((entries, after))
        }
        None if header.base_sha256 == file_sha256 => Ok((Vec::new(), entries)),
        None => Err(entries),
    }
}

/// The marker of the last save that did not fail. One whose save failed has [`Entry::Begun`] after it.
fn last_save<T>(entries: &[Entry<T>]) -> Option<usize> {
    let mut failed = 0_usize;
    entries.iter().rposition(|entry| match entry {
        Entry::Begun => {
            failed += 1;
            false
        }
        Entry::Saved { .. } if failed > 0 => {
            failed -= 1;
            false
        }
        Entry::Saved { .. } => true,
        Entry::Apply(_) | Entry::Undo | Entry::Redo => false,
    })
}

fn after_last_save<T>(entries: &[Entry<T>]) -> &[Entry<T>] {
    entries.get(last_save(entries).map_or(0, |at| at + 1)..).unwrap_or_default()
}

/// How many steps there are; a new article counts as one.
fn change_count<T>(entries: &[Entry<T>]) -> usize {
    let steps = entries.iter().filter(|entry| !matches!(entry, Entry::Saved { .. } | Entry::Begun)).count();
    let is_begun = matches!(entries.first(), Some(Entry::Begun));
    steps + usize::from(is_begun)
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
