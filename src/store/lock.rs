//! One document is open in one window: a lock file beside the journal, held while the document is open.
//!
//! It is a file of its own because a journal comes into being only with the first change.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Held until dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

/// Why there is no lock.
#[derive(Debug)]
pub enum LockError {
    /// Another window has it.
    Taken,
    /// The file system gave up.
    Io(io::Error),
}

impl Lock {
    /// Takes the lock or says who is in the way; never waits.
    pub fn take(path: &Path) -> Result<Self, LockError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(LockError::Io)?;
        }
        super::confined::no_link(path).map_err(LockError::Io)?;
        loop {
            let options = File::options().read(true).write(true).create(true).truncate(false).open(path);
            let file = options.map_err(LockError::Io)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(LockError::Taken),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    tracing::warn!("{}: this file system has no locks: {error}", path.display());
                }
                Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
            }
            // The one who held it before removes the file; a lock on a removed file would be worth nothing.
            if is_still_there(path, &file) {
                return Ok(Self { path: path.to_owned(), file });
            }
        }
    }

    /// Whether somebody holds it now.
    pub fn is_taken(path: &Path) -> bool {
        match File::options().read(true).write(true).open(path) {
            Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
            Err(_) => false,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Best effort: a lock file without a lock is no lock.
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

#[cfg(unix)]
fn is_still_there(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (fs::metadata(path), file.metadata()) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still_there(path: &Path, _file: &File) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_once_and_leaves_no_file() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.lock");
        let lock = Lock::take(&path).expect("free");
        assert!(Lock::is_taken(&path));
        assert!(matches!(Lock::take(&path), Err(LockError::Taken)));
        drop(lock);
        assert!(!path.exists() && !Lock::is_taken(&path));
        Lock::take(&path).expect("free again");
    }
}
