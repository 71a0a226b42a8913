//! What is wrong with a journal: why there is none, and sentences about one that is damaged or does not fit.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::base::VERSION;
use super::lock::Owner;
use super::log;
use crate::model::Problem;

/// Why there is no journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The system names no folder for data.
    #[error("there is no folder for unsaved work (set MANICULE_DATA_DIR to one)")]
    NoDataFolder,
    /// Another window has the document.
    #[error("{}: it is open in another window (close it there, or work on a copy)", .path.display())]
    AlreadyOpen {
        /// The document.
        path: PathBuf,
        /// Who has it, if that is known.
        owner: Option<Owner>,
    },
    /// A newer program keeps unsaved work on the document; it is left alone.
    #[error(
        "{}: a newer version of the program keeps unsaved work on it ({format}) (update the program to get at it)",
        .path.display()
    )]
    Newer {
        /// The journal.
        path: PathBuf,
        /// Its format, as it calls it.
        format: String,
    },
    /// There is no such journal.
    #[error("{}: there is no unsaved work (it was saved or discarded elsewhere)", .path.display())]
    Missing {
        /// The journal.
        path: PathBuf,
    },
    /// The copy of the document before the first change is gone, and so is the file that was copied.
    #[error(
        "{}: the copy of {} before the first change was lost, so that unsaved work cannot be put together \
         (bring back that file as it was, and open it)",
        .path.display(), .file.display()
    )]
    Lost {
        /// The journal.
        path: PathBuf,
        /// What was copied.
        file: PathBuf,
    },
    /// The disk gave up.
    #[error("{}: unsaved work cannot be kept: {source} (save now, and look at the disk)", .path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl JournalError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    /// Whether the disk has not answered in time; it may do yet what was asked.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::TimedOut)
    }
}

/// The format of a journal that a newer program wrote, as it calls it. A header of ours whose checksum is wrong is damaged,
/// whatever stands in it; lines of another form are those of the newer program.
pub(super) fn newer_format(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Mark {
        journal: String,
    }
    let first = bytes.split_inclusive(|b| *b == b'\n').next()?;
    let is_ours = first.starts_with(b"{\"seq\":0,\"crc32\":");
    let format = match log::read::<Mark, IgnoredAny>(first).header {
        Some(mark) => mark.journal,
        None if is_ours => return None,
        None => {
            let line = String::from_utf8_lossy(first);
            let at = line.find("manicule-journal/")?;
            let is_format = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/');
            line.get(at..)?.split(|c| !is_format(c)).next()?.to_owned()
        }
    };
    let number: u32 = format.strip_prefix("manicule-journal/")?.parse().ok()?;
    (number > VERSION).then_some(format)
}

/// One sentence of what was recovered of a damaged journal.
pub(super) fn damaged_problem(unsaved: usize, damaged: usize, kept: &Path) -> Problem {
    let recovered = match unsaved {
        0 => "nothing that is not in the file was recovered".to_owned(),
        1 => "recovered 1 change of last time".to_owned(),
        _ => format!("recovered {unsaved} changes of last time"),
    };
    let (damaged, kept_as) = match damaged {
        0 => {
            let hint = "the file holds what was saved before";
            return Problem::warning("damaged-journal", format!("{recovered}; the record before them was lost"), hint);
        }
        1 => ("1 record was damaged".to_owned(), "it is kept in"),
        _ => (format!("{damaged} records were damaged"), "they are kept in"),
    };
    Problem::warning("damaged-journal", format!("{recovered}; {damaged}"), format!("{kept_as} {}", kept.display()))
}

/// One sentence of a journal whose file was changed, so that it does not fit any more.
pub(super) fn stale(unsaved: usize, kept: &Path) -> Problem {
    let (message, hint) = if unsaved == 0 {
        ("the file was changed by another program; earlier steps cannot be undone".to_owned(), "they are kept in")
    } else {
        let message =
            format!("the file was changed by another program; {unsaved} unsaved changes do not fit it any more");
        (message, "bring back the old file to get them; they are kept in")
    };
    Problem::warning("stale-journal", message, format!("{hint} {}", kept.display()))
}

/// One sentence of a journal that begins with a copy of its file, and neither is there any more.
pub(super) fn lost(unsaved: usize, kept: &Path) -> Problem {
    let changes = match unsaved {
        0 => "earlier steps cannot be undone".to_owned(),
        1 => "1 unsaved change cannot be recovered".to_owned(),
        _ => format!("{unsaved} unsaved changes cannot be recovered"),
    };
    let message =
        format!("the file was changed by another program, and the copy of it as it was before is lost; {changes}");
    let hint = format!("bring back the old file to get them; they are kept in {}", kept.display());
    Problem::warning("damaged-journal", message, hint)
}

/// The same, where the file holds what was saved since.
pub(super) fn lost_before_save() -> Problem {
    let message = "the copy of the document before its first change was lost; no change is lost, but when it is opened the next \
                   time, steps before the last save cannot be undone";
    Problem::warning("lost-copy", message, "the file holds what was saved")
}
