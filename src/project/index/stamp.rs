//! By what a file is known to be as it was: its size, its time and its number on the disk.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// A file written so lately may be written again within the same tick of its clock.
const FRESH: Duration = Duration::from_secs(2);

/// The stamp of a file; empty if there is none.
pub fn of(path: &Path) -> String {
    fs::metadata(path).map(|metadata| of_metadata(&metadata)).unwrap_or_default()
}

fn of_metadata(metadata: &Metadata) -> String {
    let modified = metadata.modified().ok();
    let nanos = modified.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok()).unwrap_or_default().as_nanos();
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(metadata);
    #[cfg(not(unix))]
    let number = 0;
    let age = modified.map(|at| SystemTime::now().duration_since(at).unwrap_or_default());
    // What may change without another stamp is never taken for known; see `settled`.
    let mark = if age.is_none_or(|age| age < FRESH) { "~" } else { "" };
    format!("{mark}{}:{nanos}:{number}", metadata.len())
}

/// A stamp of two files.
pub fn both(a: &str, b: &str) -> String {
    format!("{a} {b}")
}

/// Whether a file with the stamp `now` is as it was when it had the stamp `then`.
pub fn is_same(then: &str, now: &str) -> bool {
    !then.contains('~') && then == now.replace('~', "")
}
