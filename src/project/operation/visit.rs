//! One file: read with what its journal knows, changed, saved, and its journal taken along.
//!
//! While a file is visited, its journal is locked, so no window opens the document. A journal whose file holds all of its work
//! gets the transaction as an entry and the markers of the save, as if it had been done in a window: undo reaches back
//! before it. With unsaved work, the transaction is planned on that work, appended to it, and all of it is saved: a file
//! that kept its old labels until somebody remembers the journal would fit nothing else any more. A journal of a file that
//! another program has changed is set aside if it has no unsaved work, and else the file is left for somebody to merge. A
//! file without a journal gets none.
//!
//! The journal is on disk before the file changes. Killed in between, the work is unsaved work that already has the
//! transaction, and the next visit only saves it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::notes::Fate;
use super::{Left, OperationError, Operations};
use crate::edit::{Editor, Transaction, applied};
use crate::model::{Document, Schema};
use crate::store::{
    Base, Entry, JournalError, JournalWriter, Journals, OnDisk, OpenOptions, SaveError, SaveOptions, change_on_disk,
    confined, open_path, restore, save_on,
};

/// What is to be done with a document.
pub enum Decision {
    /// Nothing.
    Nothing,
    /// It has been done already.
    Holds,
    /// This.
    Apply(Transaction),
    /// It stays as it is.
    Leave(Left),
}

/// A file with its journal.
struct Open {
    path: PathBuf,
    /// With the unsaved work of the journal.
    document: Document,
    /// Of the file.
    sha256: String,
    /// Whether the file holds all of it.
    is_saved: bool,
    journal: Journal,
}

/// Whether the journal of a file is opened, and with that locked.
#[derive(Clone, Copy)]
enum Lock {
    Yes,
    /// To look at what is there: most files have none, and making a lock for each takes longer than reading it.
    WhereThereIsWork,
    No,
}

enum Journal {
    /// There is none, or nothing in it; the lock is held all the same.
    Empty { _writer: Option<JournalWriter> },
    /// It takes entries.
    Fits(JournalWriter),
    /// The file is another one, and it has no unsaved work.
    Overtaken(JournalWriter, Box<Base>),
}

impl Operations {
    /// The document of a file, with the unsaved work in its journal. While it is open in a window, without that.
    pub(super) fn look(&self, path: &Path) -> Result<Document, Left> {
        match self.open(path, Lock::WhereThereIsWork) {
            Err(Left::Busy { .. }) => self.open(path, Lock::No).map(|open| open.document),
            result => result.map(|open| open.document),
        }
    }

    /// Does with a file what `decide` says. Inside, why it is left.
    pub(super) fn visit(
        &self,
        path: &Path,
        decide: &mut dyn FnMut(&Document) -> Result<Decision, OperationError>,
    ) -> Result<Fate, OperationError> {
        let open = match self.open(path, Lock::Yes) {
            Ok(open) => open,
            Err(left) => return Ok(Fate::Left(left)),
        };
        let (after, transaction) = match decide(&open.document)? {
            Decision::Nothing => return Ok(Fate::Nothing),
            Decision::Leave(left) => return Ok(Fate::Left(left)),
            Decision::Holds if open.is_saved => return Ok(Fate::Changed),
            Decision::Holds => (open.document.clone(), None),
            Decision::Apply(transaction) => match applied(&open.document, &transaction.ops) {
                Ok(after) => (after, Some(transaction)),
                Err(conflict) => return Ok(Fate::Left(Left::Unfit(conflict.to_string()))),
            },
        };
        match self.put(open, &after, transaction.as_ref()) {
            Ok(()) => Ok(Fate::Changed),
            Err(Refused::Left(left)) => Ok(Fate::Left(left)),
            // Every further file would fail, too.
            Err(Refused::Full(path, source)) => Err(OperationError::Io { path, source }),
        }
    }

    fn open(&self, path: &Path, lock: Lock) -> Result<Open, Left> {
        const TRIES: u32 = 3;
        let path = confined::inside(&self.root, path).map_err(|error| Left::Unreadable(error.to_string()))?;
        for _ in 0..TRIES {
            let opened = open_path(&path, &OpenOptions::default()).map_err(|error| {
                let first = error.problems.first().map(|problem| problem.message.clone());
                Left::Unreadable(first.unwrap_or_else(|| error.to_string()))
            })?;
            if let Some(format) = opened.newer() {
                return Err(Left::Unreadable(format!("a newer version of the program wrote it ({format})")));
            }
            if !matches!(opened.format, "ron" | "json") {
                return Err(Left::Unreadable("this is not a native file".to_owned()));
            }
            let base = Base::native(&path, &opened.sha256, &opened.document);
            let is_wanted = |journals: &&Journals| match lock {
                Lock::Yes => true,
                Lock::WhereThereIsWork => journals.has_any(&base),
                Lock::No => false,
            };
            let Some(journals) = self.journals.as_ref().filter(is_wanted) else {
                let journal = Journal::Empty { _writer: None };
                return Ok(Open { path, document: opened.document, sha256: opened.sha256, is_saved: true, journal });
            };
            let opening = journals.open::<Transaction>(base.clone(), None).map_err(|error| match error {
                JournalError::AlreadyOpen { owner, .. } => Left::busy(owner.as_ref()),
                JournalError::Newer { .. } => Left::Unfit(error.to_string()),
                other => Left::Disk(other.to_string()),
            })?;
            // Somebody may have saved it before it was locked.
            match change_on_disk(&path, &opened.sha256) {
                Ok(false) => {}
                Ok(true) => continue,
                Err(error) => return Err(Left::Disk(error.to_string())),
            }
            let mut document = opened.document;
            let mut is_saved = true;
            let journal = match (opening.recovered, opening.diverged) {
                (None, None) => Journal::Empty { _writer: Some(opening.writer) },
                (Some(recovered), _) => {
                    is_saved = !recovered.has_unsaved();
                    let mut editor = Editor::new(document.clone(), Arc::new(Schema::empty("", 0)));
                    restore(&mut editor, recovered).map_err(|problem| Left::Unfit(problem.message))?;
                    is_saved &= *editor.document() == document;
                    document = editor.document().clone();
                    Journal::Fits(opening.writer)
                }
                // All that was ever done is beyond a file that the journal does not know; some of it was in the last known one.
                (None, Some(diverged)) if diverged.unsaved_count() > diverged.held_changes() || diverged.is_kept() => {
                    let message = "another program has changed it while there is unsaved work on it; open it and merge";
                    return Err(Left::Unfit(message.to_owned()));
                }
                (None, Some(_)) => Journal::Overtaken(opening.writer, Box::new(base)),
            };
            return Ok(Open { path, document, sha256: opened.sha256, is_saved, journal });
        }
        Err(Left::Disk("it changes all the time".to_owned()))
    }

    /// Saves what became of a document, its journal first.
    fn put(&self, open: Open, after: &Document, transaction: Option<&Transaction>) -> Result<(), Refused> {
        let Open { path, sha256, journal, .. } = open;
        let writer = match journal {
            Journal::Fits(writer) => writer,
            Journal::Overtaken(writer, base) => {
                writer.begin_anew(*base).map_err(|error| Refused::journal(&path, error))?;
                writer
            }
            Journal::Empty { _writer } => return self.save(&path, &sha256, after, &mut |_| true),
        };
        if let Some(transaction) = transaction {
            writer.append(&Entry::Apply(transaction));
            writer.flush().map_err(|error| Refused::flush(&path, &error))?;
        }
        let marker = |sha256: &str| Entry::<Transaction>::Saved { path: path.clone(), sha256: sha256.to_owned() };
        let mut marked = None;
        let saved = self.save(&path, &sha256, after, &mut |new| {
            writer.append(&marker(new));
            marked = Some(new.to_owned());
            writer.flush().is_ok()
        });
        match (&saved, marked) {
            // Once more, now that the file is there for certain.
            (Ok(()), Some(sha256)) => drop(writer.append(&marker(&sha256))),
            // The marker says what did not come to pass.
            (Err(_), Some(_)) => drop(writer.append(&Entry::<Transaction>::Begun)),
            (_, None) => {}
        }
        if let Err(error) = writer.flush() {
            tracing::warn!("{error}");
        }
        saved
    }

    fn save(
        &self,
        path: &Path,
        sha256: &str,
        document: &Document,
        may_replace: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), Refused> {
        let options = SaveOptions::over(OnDisk::Unchanged(sha256.to_owned()));
        match save_on(&self.disk, document, path, &options, may_replace) {
            Ok(_) => Ok(()),
            Err(SaveError::Io { path, source, .. }) if is_full(&source) => Err(Refused::Full(path, source)),
            Err(error) => Err(Refused::Left(Left::Disk(error.to_string()))),
        }
    }
}

/// Why a file was not saved.
enum Refused {
    Left(Left),
    Full(PathBuf, io::Error),
}

impl Refused {
    fn journal(path: &Path, error: JournalError) -> Self {
        match error {
            JournalError::Io { source, .. } if is_full(&source) => Self::Full(path.to_owned(), source),
            other => Self::Left(Left::Disk(other.to_string())),
        }
    }

    fn flush(path: &Path, error: &JournalError) -> Self {
        match error {
            JournalError::Io { source, .. } if is_full(source) => Self::Full(path.to_owned(), source.kind().into()),
            other => Self::Left(Left::Disk(other.to_string())),
        }
    }
}

pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
