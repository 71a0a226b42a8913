//! Documents on disk: opening and saving one file, and the journal that keeps work safe between saves.
//!
//! Knows files, folders and formats; knows nothing of windows. Nothing here overwrites a file that somebody else
//! changed without being told to.

mod backup;
mod base;
pub mod confined;
mod copies;
#[cfg(test)]
mod copy_tests;
pub mod disk;
pub mod gather;
pub mod journal;
mod keys;
mod leftovers;
mod lines;
mod lock;
mod log;
mod open;
pub mod parts;
mod recovered;
mod recovery;
mod restore;
mod save;
mod saves;
mod snapshot;
pub mod stage;
mod there;
#[cfg(test)]
mod torn_tests;
mod trouble;
mod unsaved;
mod worker;
mod writer;

use std::path::{Path, PathBuf};

pub use journal::{
    Base, Entry, Header, JournalError, Journals, Key, Opening, Origin, Pace, Reached, Recovered, Unsaved,
};
pub use lock::{Lock, LockError, Owner};
pub use restore::restore;
pub use writer::{JournalWriter, Line, Notify};

use sha2::{Digest, Sha256};

pub use open::{OpenError, OpenOptions, Opened, open_all, open_all_watched, open_path};
pub use save::{
    OnDisk, SaveError, SaveOptions, Saved, save, save_on, save_unless_given_up, save_with, suggested_path,
    write_atomically,
};
pub use there::change_on_disk;

/// SHA-256 of `bytes` in lower-case hexadecimal.
pub fn sha256_of(bytes: &[u8]) -> String {
    crate::text::hex(&Sha256::digest(bytes))
}

/// The folder for journals and other data of this user: `MANICULE_DATA_DIR`, or where the system keeps such data.
pub fn data_dir() -> Option<PathBuf> {
    match std::env::var_os("MANICULE_DATA_DIR") {
        Some(dir) if !dir.is_empty() => Some(dir.into()),
        _ => directories::ProjectDirs::from("", "", "manicule").map(|dirs| dirs.data_dir().to_owned()),
    }
}

/// The path with links resolved, also of a file that does not exist yet.
fn canonical(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(found) = absolute.canonicalize() {
        return found;
    }
    match (absolute.parent().and_then(|folder| folder.canonicalize().ok()), absolute.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => absolute,
    }
}
