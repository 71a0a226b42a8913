//! The files of a folder that hold documents.
//!
//! A file that somebody named is one in any case; in a folder, names and contents decide, so that schemas, other programs'
//! JSON and the articles beside their annotations are passed over.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::confined;
use crate::formats::{self, Likeness};
use crate::model::Problem;

/// What was found in a folder and those below it.
#[derive(Debug, Default)]
pub struct Folder {
    /// The files in the order of their names, with their paths relative to the folder.
    pub files: Vec<(PathBuf, PathBuf)>,
    /// What was passed over, and why, in words.
    pub passed_over: Vec<(PathBuf, String)>,
    /// Why some folders cannot be read.
    pub problems: Vec<Problem>,
}

impl Folder {
    /// Looks for readable files. Hidden ones and links to folders are passed over without a word.
    ///
    /// `from`: the id of the only format that is wanted.
    pub fn look(folder: &Path, from: Option<&str>) -> Self {
        let mut found = Self::default();
        found.walk(folder, Path::new(""), from);
        found
    }

    fn walk(&mut self, folder: &Path, relative: &Path, from: Option<&str>) {
        let entries = fs::read_dir(folder).and_then(std::iter::Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let message = format!("the folder cannot be read: {error}");
                self.problems.push(Problem::error("not-readable", message, "change its permissions").in_file(folder));
                return;
            }
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        let names: Vec<_> = entries.iter().map(fs::DirEntry::file_name).collect();
        for entry in entries {
            let (path, name) = (entry.path(), entry.file_name());
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                self.walk(&path, &relative.join(&name), from);
            } else if path.is_file() {
                match is_wanted(&path, &names, from) {
                    Wanted::Yes => self.files.push((path, relative.join(&name))),
                    Wanted::No => {}
                    Wanted::PassedOver(why) => self.passed_over.push((path, why)),
                }
            }
        }
    }
}

enum Wanted {
    Yes,
    No,
    PassedOver(String),
}

/// Whether a file in a folder is a document.
fn is_wanted(path: &Path, beside: &[OsString], from: Option<&str>) -> Wanted {
    let yes = |is_it: bool| if is_it { Wanted::Yes } else { Wanted::No };
    let mut claiming = formats::by_name(path).filter(|f| f.info().reads);
    let Some(format) = claiming.next() else { return Wanted::No };
    let is_of = |format: &dyn formats::Format, id: &str| format.info().id == id;
    if let Some(from) = from {
        return yes(is_of(format, from) || claiming.any(|f| is_of(f, from)));
    }
    if is_of(format, "text") {
        // The article that annotations were made from lies beside them.
        let is_same_stem = |name: &&OsString| {
            let other = Path::new(name);
            other.file_stem() == path.file_stem() && other.extension() != path.extension()
        };
        let annotated = beside.iter().filter(is_same_stem).map(|n| path.with_file_name(n)).find(|p| is_annotated(p));
        return match annotated {
            Some(other) => {
                let other = other.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Wanted::PassedOver(format!("its annotations are in {other}"))
            }
            None => Wanted::Yes,
        };
    }
    // Other programs' JSON, and schemas.
    let bytes = confined::read(path).unwrap_or_default();
    let is_likely = format.sniff(&bytes) != Likeness::No || claiming.any(|f| f.sniff(&bytes) != Likeness::No);
    if is_likely { Wanted::Yes } else { Wanted::PassedOver("it is no document".to_owned()) }
}

/// Whether a file looks like annotations: of a format that is claimed by its name and holds mentions.
fn is_annotated(path: &Path) -> bool {
    let mut claiming = formats::by_name(path).filter(|f| f.info().reads && f.info().holds.mentions).peekable();
    if claiming.peek().is_none() {
        return false;
    }
    let bytes = confined::read(path).unwrap_or_default();
    claiming.any(|format| format.sniff(&bytes) != Likeness::No)
}
