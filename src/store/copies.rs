//! The document that the journal of a long file begins with: a copy of that file, byte for byte, beside the journal.
//!
//! To put a long document into words takes seconds, and to read them takes as long again; a file is copied in a moment.
//! The copy bears the [`Header::id`](super::Header) of its journal, so it stays where it is when the journal gets another
//! name. It is never a link to the file: other programs may write into that.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::disk::Disk;
use super::open::{OpenOptions, open_bytes};
use super::{confined, leftovers, sha256_of};
use crate::formats::watch::Unwatched;
use crate::model::Document;

/// How many bytes are read at a time.
const BLOCK: usize = 1 << 20;
/// How many blocks are read before the first is written.
const BLOCKS: usize = 4;
/// The journal's format stands within so many bytes.
const START: u64 = 256;
/// How many hexadecimal digits a journal's id has.
const ID_DIGITS: usize = 16;

/// What a copy holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// How many there are.
    pub bytes: u64,
}

impl Copied {
    /// Whether a file of this path holds that; reads all of it if it is as long.
    pub fn is_at(&self, path: &Path) -> bool {
        let hashed = || {
            let (mut file, mut hasher) = (open(path)?, Sha256::new());
            while let Some(block) = next_block(&mut file)? {
                hasher.update(block);
            }
            io::Result::Ok(hasher)
        };
        self.seems_at(path) && hashed().is_ok_and(|hasher| self.is(hasher))
    }

    fn is(&self, hasher: Sha256) -> bool {
        crate::text::hex(&hasher.finalize()) == self.sha256
    }

    /// Whether a file of this path is as long, and no link: what that leads to is somebody else's.
    pub fn seems_at(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() == self.bytes)
    }

    /// Makes a copy; false if the source does not hold that (any more), or its disk does not answer.
    ///
    /// # Errors
    /// Those of the disk that is written to.
    pub fn make(&self, disk: &Disk, source: &Source, path: &Path) -> io::Result<bool> {
        disk.put(path, |copy| {
            let (mut hasher, mut bytes) = (Sha256::new(), 0);
            while let Some(block) = source.next() {
                bytes += block.len() as u64;
                // It may be a file without an end by now.
                if bytes > self.bytes {
                    return Ok(false);
                }
                hasher.update(&block);
                copy.write_all(&block)?;
            }
            Ok(bytes == self.bytes && self.is(hasher))
        })
    }

    /// The document in the first of these files that holds that; `named` is the name that the file had when it was read
    /// the first time. `None` if none does.
    pub fn read(&self, paths: &[&Path], named: &Path) -> Option<Document> {
        paths.iter().find_map(|path| {
            let bytes = confined::read(path).ok().filter(|bytes| bytes.len() as u64 == self.bytes)?;
            if sha256_of(&bytes) != self.sha256 {
                return None;
            }
            let mut all = open_bytes(named, &bytes, &OpenOptions::default(), &Unwatched).ok()?;
            let opened = all.pop().filter(|opened| all.is_empty() && matches!(opened.format, "ron" | "json"))?;
            Some(opened.document)
        })
    }
}

/// A file that is read by a thread of its own: its disk may not answer, and whoever wants a copy has other things to do.
pub struct Source {
    blocks: Receiver<Vec<u8>>,
    patience: Duration,
}

impl Source {
    /// The file of this path.
    pub fn of_path(path: &Path, patience: Duration) -> Self {
        let path = path.to_owned();
        Self::of(move || open(&path), patience)
    }

    /// A file that is open, from its beginning.
    pub fn of_file(file: &File, patience: Duration) -> Self {
        let file = file.try_clone();
        let opened = || {
            let mut file = file?;
            file.rewind()?;
            Ok(file)
        };
        Self::of(opened, patience)
    }

    fn of(open: impl FnOnce() -> io::Result<File> + Send + 'static, patience: Duration) -> Self {
        let (sender, blocks) = bounded(BLOCKS);
        apart(move || {
            let mut file = open()?;
            // Whoever does not wait any more takes none.
            while let Some(block) = next_block(&mut file)? {
                if sender.send(block).is_err() {
                    break;
                }
            }
            Ok(())
        });
        Self { blocks, patience }
    }

    /// `None` at the end, or where it cannot be read any further.
    fn next(&self) -> Option<Vec<u8>> {
        self.blocks.recv_timeout(self.patience).ok()
    }
}

/// How many bytes a regular file has, if there is one and its disk answers in time.
pub fn bytes_of(path: &Path, patience: Duration) -> Option<u64> {
    let (sender, answer) = bounded(1);
    let path = path.to_owned();
    apart(move || {
        let metadata = fs::metadata(path)?;
        let _ = sender.send(metadata.is_file().then_some(metadata.len()));
        Ok(())
    });
    answer.recv_timeout(patience).ok().flatten()
}

/// Runs something on a thread of its own; without one, or if it fails, its channel is closed.
fn apart(run: impl FnOnce() -> io::Result<()> + Send + 'static) {
    let run = move || {
        if let Err(error) = run() {
            tracing::warn!("a file could not be copied: {error}");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("copying a file".into()).spawn(run) {
        tracing::warn!("no thread to copy a file: {error}");
    }
}

/// The next bytes of a file, up to a block; `None` at its end.
fn next_block(file: &mut File) -> io::Result<Option<Vec<u8>>> {
    let mut block = Vec::with_capacity(BLOCK);
    file.take(BLOCK as u64).read_to_end(&mut block)?;
    Ok((!block.is_empty()).then_some(block))
}

/// Opens a regular file to read it.
pub fn open(path: &Path) -> io::Result<File> {
    // Opening a pipe would wait.
    if fs::metadata(path)?.is_file() {
        File::open(path)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
    }
}

/// Where the copy of the journal with this id lies; `None` if that is no id of ours.
pub fn path(folder: &Path, id: &str) -> Option<PathBuf> {
    is_id(id).then(|| folder.join(format!("{id}.base")))
}

fn is_id(id: &str) -> bool {
    id.len() == ID_DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Removes the copy of the journal with this id, unless a journal of the folder names it. What cannot be removed is left
/// to [`remove_left`].
pub fn remove(disk: &Disk, folder: &Path, id: &str) {
    let Some(path) = path(folder, id) else { return };
    let is_named = named_in(folder).is_ok_and(|(named, _)| named.contains(id));
    if !is_named && let Err(error) = disk.remove(&path) {
        tracing::warn!("{}: {error}", path.display());
    }
}

/// Removes what killed programs left in a folder of journals: half-written files, and copies that no journal names and
/// none is about to, since they are old.
pub fn remove_left(disk: &Disk, folder: &Path) {
    leftovers::remove(disk, folder);
    // Where a journal cannot be understood it is not known what it names.
    let (Ok((named, true)), Ok(entries)) = (named_in(folder), fs::read_dir(folder)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(id) = name.to_str().and_then(|name| name.strip_suffix(".base")).filter(|id| is_id(id)) else {
            continue;
        };
        let path = entry.path();
        if !named.contains(id) && leftovers::is_old(&path) {
            match disk.remove(&path) {
                Ok(()) => tracing::info!("{}: left by a program that was killed, and removed", path.display()),
                Err(error) => tracing::warn!("{}: {error}", path.display()),
            }
        }
    }
}

/// The ids of all journals of a folder that begin with a copy, also of those that were set aside; and whether it is known
/// of all of them.
fn named_in(folder: &Path) -> io::Result<(HashSet<String>, bool)> {
    let (mut named, mut is_all) = (HashSet::new(), true);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().contains(".journal") && entry.file_type()?.is_file() {
            match named_by(&entry.path()) {
                Ok(id) => named.extend(id),
                Err(_) => is_all = false,
            }
        }
    }
    Ok((named, is_all))
}

/// The id of a journal that begins with a copy, or of what was kept of one; `None` if it does not.
///
/// # Errors
/// Also if it is damaged, or a newer program wrote it, so that it is not known what it names.
pub fn named_by(journal: &Path) -> io::Result<Option<String>> {
    let mut file = BufReader::new(open(journal)?);
    let mut start = Vec::new();
    file.by_ref().take(START).read_to_end(&mut start)?;
    let text = String::from_utf8_lossy(&start);
    let is_rest = text.starts_with("{\"seq\":") && !text.starts_with("{\"seq\":0,");
    if start.is_empty() || is_rest || text.contains("\"manicule-journal/1\"") {
        return Ok(None);
    }
    let unknown = || io::Error::new(io::ErrorKind::InvalidData, "it is not known what the journal names");
    if !text.contains("\"manicule-journal/2\"") {
        return Err(unknown());
    }
    file.rewind()?;
    let mut line = Vec::new();
    file.read_until(b'\n', &mut line)?;
    let line = String::from_utf8_lossy(&line);
    // Titles and paths have no quotation mark without a stroke before it.
    let id = line.rsplit("\"id\":\"").next().and_then(|rest| rest.split('"').next()).filter(|id| is_id(id));
    id.map(|id| Some(id.to_owned())).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_does_not_answer_or_holds_something_else_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("0011223344556677.base");
        let bytes = b"Anna met Bob.".to_vec();
        let copied = Copied { sha256: sha256_of(&bytes), bytes: bytes.len() as u64 };
        let (sender, blocks) = bounded(9);
        let source = Source { blocks, patience: Duration::from_millis(1) };
        sender.send(bytes[..4].to_vec()).expect("room");
        // The sender is there and says nothing more.
        assert!(!copied.make(&Disk::default(), &source, &path).expect("no error of the disk"));
        let of = |content: &[u8]| {
            let file = folder.path().join("source");
            fs::write(&file, content).expect("writable");
            let made = copied.make(&Disk::default(), &Source::of_path(&file, Duration::from_secs(60)), &path);
            fs::remove_file(&file).expect("there");
            made.expect("no error of the disk")
        };
        for other in [&b""[..], b"Anna met", b"Anna met Rob.", b"Anna met Bob. And so on."] {
            assert!(!of(other));
        }
        assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 0);
        assert!(of(&bytes) && copied.is_at(&path));
        assert!(!copied.make(&Disk::default(), &Source::of_path(folder.path(), source.patience), &path).expect("none"));
        assert_eq!(fs::read(&path).expect("there"), bytes);
    }

    #[test]
    fn only_a_regular_file_has_a_length() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let long = Duration::from_secs(60);
        let file = folder.path().join("a");
        fs::write(&file, "four").expect("writable");
        assert_eq!(bytes_of(&file, long), Some(4));
        assert_eq!((bytes_of(folder.path(), long), bytes_of(&file.join("b"), long)), (None, None));
    }
}
