//! ZIP archives: names that cannot leave them, sizes that cannot fill the memory.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};
use std::path::{Component, Path, PathBuf};

use zip::ZipArchive;

use super::limits;
use crate::model::Problem;

/// An archive that is being read.
pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// What may still be unpacked, in bytes.
    budget: u64,
}

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the archive.
    pub index: usize,
    /// Its name, with `/` between folders.
    pub name: String,
}

impl<'a> Archive<'a> {
    /// Opens an archive; nothing is unpacked yet.
    ///
    /// # Errors
    /// If it is none, or holds too many files.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
        if zip.len() > limits::ARCHIVED_FILES {
            return Err(limits::beyond("files in it", limits::ARCHIVED_FILES));
        }
        Ok(Self { zip, budget: limits::UNPACKED })
    }

    /// All files in the order of their names, and those that are left out: names that point out of the archive, links, and
    /// second files of a name.
    pub fn entries(&mut self) -> (Vec<Entry>, Vec<Problem>) {
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        let mut names = BTreeSet::new();
        let mut refuse = |code, name: &str, what: &str| {
            let message = format!("the file {name:?} {what} and is left out");
            refused.push(Problem::error(code, message, "the archive may be made to do harm"));
        };
        for index in 0..self.zip.len() {
            let name = match self.zip.name_for_index(index) {
                Some(Ok(name)) => name.into_owned(),
                _ => {
                    refuse("path-climbs", &format!("{}", index + 1), "has no name that can be read");
                    continue;
                }
            };
            if name.ends_with('/') {
                continue;
            }
            let Some(clean) = confined(Path::new(&name.replace('\\', "/"))) else {
                refuse("path-climbs", &name, "points out of the archive");
                continue;
            };
            // What cannot be looked into is told when it is read.
            if self.zip.by_index_raw(index).is_ok_and(|file| file.is_symlink()) {
                refuse("link-in-archive", &name, "is a link");
            } else if names.insert(clean) {
                found.push(Entry { index, name });
            } else {
                refuse("duplicate-name", &name, "is there a second time");
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        (found, refused)
    }

    /// Unpacks a file; `None` if there is none of this name.
    ///
    /// # Errors
    /// If it is broken, locked, or larger than the limits.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        match self.zip.index_for_name(name) {
            Some(index) => self.read_at(index).map(Some),
            None => Ok(None),
        }
    }

    /// Unpacks a file.
    ///
    /// # Errors
    /// If it is broken, locked, or larger than the limits.
    pub fn read_at(&mut self, index: usize) -> Result<Vec<u8>, Problem> {
        let file = self.zip.by_index(index).map_err(|error| broken(&error.to_string()))?;
        let packed = file.compressed_size().saturating_mul(limits::UNPACKED_TIMES).max(limits::UNPACKED_SMALL);
        let limit = limits::UNPACKED_FILE.min(self.budget).min(packed);
        // The size that stands in the archive may be a lie; what comes out is counted.
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| broken(&error.to_string()))?;
        let length = bytes.len() as u64;
        if length > limit {
            return Err(limits::beyond("bytes when it is unpacked", limit));
        }
        self.budget -= length;
        Ok(bytes)
    }
}

fn broken(reason: &str) -> Problem {
    Problem::error("broken-archive", format!("the archive cannot be unpacked: {reason}"), "get the file again")
}

/// The path without `.` and `..`; `None` if it leaves the folder that it is relative to, on this system or another, or
/// holds a zero.
pub fn confined(path: &Path) -> Option<PathBuf> {
    let mut clean = PathBuf::new();
    let words = path.as_os_str().as_encoded_bytes();
    let has_drive = words.get(1) == Some(&b':') && words.first().is_some_and(u8::is_ascii_alphabetic);
    if has_drive || words.contains(&0) {
        return None;
    }
    for component in path.components() {
        match component {
            Component::Normal(part) => clean.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if !clean.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (!clean.as_os_str().is_empty()).then_some(clean)
}

/// Whether bytes begin like an archive.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// What the first file of an archive says that the archive is: office files and books begin with such a file.
pub fn mimetype(bytes: &[u8]) -> Option<&[u8]> {
    let name = bytes.get(30..38)?;
    if !is_archive(bytes) || name != b"mimetype" {
        return None;
    }
    let extra = usize::from(u16::from_le_bytes([*bytes.get(28)?, *bytes.get(29)?]));
    let size = bytes.get(18..22).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes)?;
    let from = 38 + extra;
    bytes.get(from..from.checked_add(size as usize)?)
}

/// Whether an archive holds a file of this name.
pub fn holds(bytes: &[u8], name: &str) -> bool {
    is_archive(bytes) && Archive::open(bytes).is_ok_and(|archive| archive.zip.index_for_name(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(confined(Path::new("a/./b/../c.txt")), Some("a/c.txt".into()));
        for climbing in ["../a", "a/../../b", "/etc/passwd", "", ".", "a/..", "C:/x", "c:x", "a\0b", "//server/share/x"]
        {
            assert_eq!(confined(Path::new(climbing)), None, "{climbing}");
        }
    }
}
