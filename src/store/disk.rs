//! Everything that changes the disk: files that are begun, written, cut, synced, renamed and removed.
//!
//! The store changes nothing past this, so that a test can stand in the way of each single step ([`Gate`]). Knows
//! nothing of what is written. Reading does not go through here.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::leftovers;

/// A step that changes the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Making a folder and those above it.
    CreateFolder,
    /// Opening a file to write to it; it is made if it is not there.
    Open,
    /// Writing some bytes.
    Write,
    /// Making what was written last.
    Sync,
    /// Cutting a file to a length.
    Cut,
    /// Renaming a file.
    Rename,
    /// Removing a file.
    Remove,
    /// Making the names in a folder last.
    SyncFolder,
}

/// What becomes of an operation.
#[derive(Debug)]
pub enum Verdict {
    /// It is done.
    Go,
    /// It is not done and taken for done: syncing, where no power can fail.
    Skip,
    /// Of a write, the first half is done, as the system may do.
    Half,
    /// It fails.
    Fail(io::Error),
    /// Of a write, the first half is done, and then it fails.
    HalfAndFail(io::Error),
}

/// Decides about every operation before it is done. For tests; it may also let it wait.
pub trait Gate: fmt::Debug + Send + Sync {
    /// What becomes of this one.
    fn judge(&self, operation: Operation, path: &Path) -> Verdict;
}

/// The disk; the default is the real one.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    gate: Option<Arc<dyn Gate>>,
}

/// A file that is being written.
#[derive(Debug)]
pub struct DiskFile {
    file: File,
    path: PathBuf,
    disk: Disk,
}

impl Disk {
    /// The real disk behind a gate.
    pub fn behind(gate: Arc<dyn Gate>) -> Self {
        Self { gate: Some(gate) }
    }

    fn judge(&self, operation: Operation, path: &Path) -> Verdict {
        self.gate.as_ref().map_or(Verdict::Go, |gate| gate.judge(operation, path))
    }

    fn run<T: Default>(&self, operation: Operation, path: &Path, run: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        match self.judge(operation, path) {
            Verdict::Go | Verdict::Half => run(),
            Verdict::Skip => Ok(T::default()),
            Verdict::Fail(error) | Verdict::HalfAndFail(error) => Err(error),
        }
    }

    fn open(&self, path: &Path, options: &fs::OpenOptions) -> io::Result<DiskFile> {
        let mut file = None;
        self.run(Operation::Open, path, || {
            file = Some(options.open(path)?);
            Ok(())
        })?;
        let file = file.ok_or_else(|| io::Error::other("opening a file cannot be left out"))?;
        Ok(DiskFile { file, path: path.to_owned(), disk: self.clone() })
    }

    /// Opens a file to write at its end; makes it if it is not there.
    ///
    /// # Errors
    /// Those of the file system, as for all of these.
    pub fn append(&self, path: &Path) -> io::Result<DiskFile> {
        self.open(path, File::options().append(true).create(true))
    }

    /// Makes a new file.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] and those of the file system.
    pub fn create_new(&self, path: &Path) -> io::Result<DiskFile> {
        self.open(path, File::options().write(true).create_new(true))
    }

    /// Makes a folder and those above it, where they are missing.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn create_folder(&self, folder: &Path) -> io::Result<()> {
        // No step where there is nothing to do.
        if folder.is_dir() {
            return Ok(());
        }
        self.run(Operation::CreateFolder, folder, || fs::create_dir_all(folder))
    }

    /// Renames a file; one that has the new name is replaced.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.run(Operation::Rename, to, || fs::rename(from, to))
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        self.run(Operation::Remove, path, || match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        })
    }

    /// Makes the names in a folder last, where the system does not do that by itself.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.run(Operation::SyncFolder, folder, || sync_folder(folder))
    }

    /// Gives the file at `path` these bytes: written beside it, synced, renamed over it, and the folder synced. At every
    /// moment there is the old file or the new one. Its permissions stay and, where that is allowed, its owner.
    ///
    /// # Errors
    /// Those of the file system; the file is then as it was, unless nothing failed but syncing the folder.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let existing = fs::metadata(path).ok();
        // Renaming would go past the protection that somebody gave the file.
        if existing.as_ref().is_some_and(|existing| existing.permissions().readonly()) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let write = |file: &mut DiskFile| {
            file.write_all(bytes)?;
            if let Some(existing) = &existing {
                give_to_same_owner(&file.file, existing);
                file.file.set_permissions(existing.permissions())?;
            }
            Ok(true)
        };
        self.put(path, write).map(drop)
    }

    /// A new file is written beside `path`; if `write` says that it is good, it is synced and renamed over that, and the
    /// folder synced. Gives what that said; there is nothing new if it is not good.
    ///
    /// # Errors
    /// As [`Self::replace`], and those of `write`.
    pub fn put(&self, path: &Path, write: impl FnOnce(&mut DiskFile) -> io::Result<bool>) -> io::Result<bool> {
        let mut file = self.create_beside(path)?;
        let beside = file.path.clone();
        let write = || {
            if !write(&mut file)? {
                return io::Result::Ok(false);
            }
            file.sync()?;
            // Some systems rename no file that is open. Others let it be locked until it has its place.
            if cfg!(not(unix)) {
                drop(file);
            }
            self.rename(&beside, path)?;
            Ok(true)
        };
        let written = write();
        if matches!(written, Ok(true)) {
            self.sync_folder(folder_of(path))?;
        } else {
            let _ = self.remove(&beside);
        }
        written
    }

    /// A new file in the same folder, under a name that nobody has.
    fn create_beside(&self, path: &Path) -> io::Result<DiskFile> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        loop {
            let name = leftovers::name_of(COUNT.fetch_add(1, Ordering::Relaxed));
            match self.create_new(&folder_of(path).join(name)) {
                // What a killed program of the same number left behind.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                result => {
                    // Tells whoever clears up that somebody writes it. Not every file system has locks.
                    return result.inspect(|file| drop(file.file.try_lock()));
                }
            }
        }
    }
}

impl Write for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
        match self.disk.judge(Operation::Write, &self.path) {
            Verdict::Go => self.file.write(bytes),
            Verdict::Skip => Ok(bytes.len()),
            Verdict::Half if half.is_empty() => self.file.write(bytes),
            Verdict::Half => self.file.write(half),
            Verdict::Fail(error) => Err(error),
            Verdict::HalfAndFail(error) => self.file.write_all(half).and(Err(error)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl DiskFile {
    /// Makes what was written last.
    ///
    /// # Errors
    /// Those of the file system. What was written since the last sync may be lost then, whatever a later sync says; it
    /// must be written again.
    pub fn sync(&self) -> io::Result<()> {
        self.disk.run(Operation::Sync, &self.path, || self.file.sync_data())
    }

    /// Cuts it to a length in bytes.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn cut(&self, bytes: u64) -> io::Result<()> {
        self.disk.run(Operation::Cut, &self.path, || self.file.set_len(bytes))
    }

    /// Whether it is still the file of this name, and has this length in bytes.
    pub fn is_at(&self, path: &Path, bytes: u64) -> bool {
        is_at(&self.file, path, bytes)
    }
}

/// Whether an open file is still the one of this path, and has this length in bytes.
pub fn is_at(file: &File, path: &Path, bytes: u64) -> bool {
    match (fs::metadata(path), file.metadata()) {
        (Ok(there), Ok(here)) => there.len() == bytes && here.len() == bytes && is_same(&there, &here),
        _ => false,
    }
}

/// The folder of a file.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn is_same(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn is_same(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    true
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems of a network have no such thing.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        result => result,
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Who may not do that gets a file of their own, as with every other editor.
#[cfg(unix)]
fn give_to_same_owner(file: &File, existing: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    if file.metadata().is_ok_and(|new| (new.uid(), new.gid()) != (existing.uid(), existing.gid())) {
        let _ = fchown(file, Some(existing.uid()), Some(existing.gid()));
    }
}

#[cfg(not(unix))]
fn give_to_same_owner(_: &File, _: &fs::Metadata) {}

#[cfg(test)]
#[path = "disk_tests.rs"]
pub mod tests;
