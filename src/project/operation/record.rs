//! The record of an operation: everything that is to be done, on disk before any of it is.
//!
//! One JSON value a line: what it is, the changes of files one a line, and last how many those are and the SHA-256 of all
//! before. It is written and read as a stream, since a hundred thousand documents need not fit into memory. It gets its name
//! only when it is whole and on disk.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{FileChange, Left, Operation, OperationError, Planned, Replacement, Take};
use crate::store::disk::{Disk, folder_of};
use crate::text::hex;

/// What names of records end in.
pub const EXTENSION: &str = "operation";
/// What they end in while they are written.
pub const UNFINISHED: &str = "part";

const FORMAT: &str = "manicule-operation/1";

/// A line.
#[derive(Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "one is in memory at a time")]
enum Line {
    Begin { format: String, operation: Operation },
    Change(FileChange),
    Replace(Replacement),
    End { files: usize, replacements: usize, sha256: String },
}

/// A part of an operation: a file.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one is in memory at a time")]
pub enum Entry {
    /// A document.
    Change(FileChange),
    /// A file that changes as a whole.
    Replace(Replacement),
}

impl Entry {
    /// The file, from the project's folder on.
    pub fn path(&self) -> &str {
        match self {
            Self::Change(change) => &change.path,
            Self::Replace(replacement) => &replacement.path,
        }
    }
}

/// Writes a record. When this returns, it is on disk as a whole, under its name.
pub fn write(
    disk: &Disk,
    path: &Path,
    operation: &Operation,
    files: impl FnOnce(&mut Take<'_>) -> Result<(), OperationError>,
    replacements: &[Replacement],
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Result<(), OperationError> {
    let unfinished = path.with_extension(UNFINISHED);
    let written = (|| {
        let io = |error| OperationError::io(path, error);
        disk.create_folder(folder_of(path)).map_err(io)?;
        let mut writer = Writer::new(BufWriter::new(disk.create_new(&unfinished).map_err(io)?));
        writer.line(&Line::Begin { format: FORMAT.to_owned(), operation: operation.clone() }).map_err(io)?;
        let (mut count, mut seen) = (0, 0);
        files(&mut |planned| {
            seen += 1;
            if !go_on(seen) {
                return Err(OperationError::Cancelled);
            }
            if let Planned::Change(change) | Planned::Unread(change, _) = planned {
                writer.line(&Line::Change(change)).map_err(io)?;
                count += 1;
            }
            Ok(())
        })?;
        for replacement in replacements {
            writer.line(&Line::Replace(replacement.clone())).map_err(io)?;
        }
        let sha256 = hex(&writer.sha256.clone().finalize());
        let end = Line::End { files: count, replacements: replacements.len(), sha256 };
        writer.line(&end).map_err(io)?;
        let file = writer.out.into_inner().map_err(|error| io(error.into_error()))?;
        file.sync().map_err(io)?;
        drop(file);
        disk.rename(&unfinished, path).map_err(io)?;
        disk.sync_folder(folder_of(path)).map_err(io)
    })();
    if let Err(error) = written {
        // Whether it began must not be in doubt: nothing of it is to be left.
        let _ = disk.remove(&unfinished);
        let _ = disk.remove(path);
        return Err(error);
    }
    Ok(())
}

struct Writer<W: io::Write> {
    out: W,
    sha256: Sha256,
}

impl<W: io::Write> Writer<W> {
    fn new(out: W) -> Self {
        Self { out, sha256: Sha256::new() }
    }

    fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut json = serde_json::to_vec(line)?;
        json.push(b'\n');
        self.sha256.update(&json);
        self.out.write_all(&json)
    }
}

/// Whether a record is there as a whole.
pub fn is_whole(path: &Path) -> bool {
    let check = || -> io::Result<bool> {
        let mut reader = BufReader::new(File::open(path)?);
        let (mut line, mut sha256) = (Vec::new(), Sha256::new());
        loop {
            let before = sha256.clone();
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                return Ok(false);
            }
            // Only the last line is looked into.
            if line.starts_with(b"{\"End\"")
                && let Ok(Line::End { sha256: expected, .. }) = serde_json::from_slice(&line)
            {
                return Ok(hex(&before.finalize()) == expected && line.ends_with(b"\n"));
            }
            sha256.update(&line);
        }
    };
    check().unwrap_or(false)
}

/// Reads a record from front to end.
pub struct Reader {
    lines: BufReader<File>,
    operation: Operation,
    counts: (usize, usize),
    next: usize,
}

impl Reader {
    /// Opens a whole record. That it is whole was found out when it was looked for.
    pub fn open(path: &Path) -> io::Result<Self> {
        crate::store::confined::no_link(path)?;
        let counts = last_line(path)?;
        let mut lines = BufReader::new(File::open(path)?);
        match read_line(&mut lines)? {
            Some(Line::Begin { format, operation }) if format == FORMAT => {
                Ok(Self { lines, operation, counts, next: 0 })
            }
            _ => Err(damaged()),
        }
    }

    /// What it is.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// How many documents it is about, and how many files that change as a whole.
    pub fn counts(&self) -> (usize, usize) {
        self.counts
    }

    /// The next file, with its number from 0.
    pub fn next_entry(&mut self) -> io::Result<Option<(usize, Entry)>> {
        let entry = match read_line(&mut self.lines)? {
            Some(Line::Change(change)) => Entry::Change(change),
            Some(Line::Replace(replacement)) => Entry::Replace(replacement),
            Some(Line::End { .. }) => return Ok(None),
            Some(Line::Begin { .. }) | None => return Err(damaged()),
        };
        self.next += 1;
        Ok(Some((self.next - 1, entry)))
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the record of the operation is damaged")
}

fn read_line(lines: &mut BufReader<File>) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    if lines.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    serde_json::from_slice(&line).map(Some).map_err(|_| damaged())
}

/// What the last line says, without reading all before it.
fn last_line(path: &Path) -> io::Result<(usize, usize)> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    /// No last line is longer.
    const LONGEST: u64 = 4096;
    let mut file = File::open(path)?;
    let length = fs::metadata(path)?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST)))?;
    let mut end = Vec::new();
    file.take(LONGEST).read_to_end(&mut end)?;
    let last = end.strip_suffix(b"\n").and_then(|lines| lines.rsplit(|byte| *byte == b'\n').next());
    match last.map(serde_json::from_slice) {
        Some(Ok(Line::End { files, replacements, .. })) => Ok((files, replacements)),
        _ => Err(damaged()),
    }
}

/// Why a planned file was not read, for messages.
impl Planned {
    /// Why it could not be read, if it could not.
    pub fn unread(&self) -> Option<&Left> {
        match self {
            Self::Unread(_, left) => Some(left),
            Self::Change(_) | Self::Nothing => None,
        }
    }
}
