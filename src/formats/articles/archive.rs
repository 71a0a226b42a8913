//! ZIP archives: names that cannot leave them, sizes that cannot fill the memory.

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

    /// All files in the order of their names, and the names of those that point out of the archive.
    pub fn entries(&self) -> (Vec<Entry>, Vec<String>) {
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for index in 0..self.zip.len() {
            let name = match self.zip.name_for_index(index) {
                Some(Ok(name)) => name.into_owned(),
                _ => {
                    refused.push(format!("file {}", index + 1));
                    continue;
                }
            };
            if name.ends_with('/') {
                continue;
            }
            match confined(Path::new(&name.replace('\\', "/"))) {
                Some(_) => found.push(Entry { index, name }),
                None => refused.push(name),
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
        let limit = limits::UNPACKED_FILE.min(self.budget);
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

/// The path without `.` and `..`; `None` if it leaves the folder that it is relative to.
pub fn confined(path: &Path) -> Option<PathBuf> {
    let mut clean = PathBuf::new();
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
        for climbing in ["../a", "a/../../b", "/etc/passwd", "", ".", "a/.."] {
            assert_eq!(confined(Path::new(climbing)), None, "{climbing}");
        }
    }
}
