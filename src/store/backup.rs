//! What is kept of a file of an older version of the native format before it is replaced.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::formats::native::{self, migrate};

/// What must be done before a file is replaced by whatever other: keeps one of an older version of the native file beside
/// it and tells where.
///
/// # Errors
/// Those of the file system, and one of the kind [`io::ErrorKind::Other`] for a file that a newer program wrote.
pub(super) fn before_replacing(path: &Path) -> io::Result<Option<PathBuf>> {
    let mut head = Vec::new();
    match fs::File::open(path) {
        Ok(file) => file.take(native::HEAD_BYTES as u64).read_to_end(&mut head)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(format) = native::format_of(&head) else { return Ok(None) };
    match migrate::number_of(&format) {
        Some(number) if number > migrate::CURRENT => {
            let what = format!("a newer version of the program wrote it ({format}); choose another name");
            Err(io::Error::other(what))
        }
        Some(number) if number < migrate::CURRENT => back_up(path, &format, &fs::read(path)?).map(Some),
        _ => Ok(None),
    }
}

/// Keeps `bytes` beside `path` in a file that was not there (`article.ron.manicule-0.bak`), on disk when this returns.
pub(super) fn back_up(path: &Path, format: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let name = |nth: u32| {
        let nth = if nth == 1 { String::new() } else { format!("-{nth}") };
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}{nth}.bak", format.replace('/', "-")));
        PathBuf::from(name)
    };
    let permissions = fs::metadata(path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let mut nth = 1;
    let (mut file, backup) = loop {
        match fs::File::create_new(name(nth)) {
            Ok(file) => break (file, name(nth)),
            // From a save that failed after it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_file_of(&name(nth), bytes) => {
                return Ok(name(nth));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && nth < u32::MAX => nth += 1,
            Err(error) => return Err(error),
        }
    };
    let write = || {
        // Whoever may not read the file may not read the copy.
        fs::set_permissions(&backup, permissions)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    if let Err(error) = write() {
        // Half a copy would look like one.
        let _ = fs::remove_file(&backup);
        return Err(error);
    }
    // Makes the new name last. Where folders cannot be synced, the system does it by itself.
    if let Some(folder) = path.parent().and_then(|folder| fs::File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    Ok(backup)
}

fn is_file_of(path: &Path, bytes: &[u8]) -> bool {
    fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|found| found == bytes)
}
