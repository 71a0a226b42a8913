//! The journal of the open document, as the window uses it.
//!
//! Until the marker of a save stands in the journal, changes wait here: it must stand before them, or a crash would take
//! them for saved. Whoever saves lets them in, once the marker stands or there will be none; so they reach the disk even
//! if the window falls meanwhile. A save that hangs before its marker can be given up; it then leaves the file alone.
//! Nothing here waits for the disk but closing, deleting and beginning anew, and these for a few seconds only.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::time::{Duration, Instant};

use super::data::DataDir;
use crate::edit::{Editor, Transaction};
use crate::model::{Document, Problem, Schema};
pub use crate::store::restore;
use crate::store::{Base, Entry, JournalError, JournalWriter, Key, Line, Notify, Opening, Recovered};

/// So long the document must stay as it is before a snapshot is made.
const STILL: Duration = Duration::from_secs(3);

/// After so many changes a snapshot is made at once.
const MANY_CHANGES: usize = 200;

/// See the module.
#[derive(Default)]
pub struct SessionJournal {
    writer: Option<Arc<JournalWriter>>,
    /// The save that is under way, or the last one.
    save: Arc<Mutex<Save>>,
    /// Why there is no writer.
    missing: Option<String>,
    /// What [`Self::error`] has told last.
    error: Option<String>,
    /// Changes since the last snapshot.
    changes: usize,
    changed_at: Option<Instant>,
}

/// A journal that was opened, and what was in it; by default none at all.
#[derive(Default)]
pub struct Found {
    /// Takes entries from now on.
    pub journal: SessionJournal,
    /// What it knows beyond the file.
    pub recovered: Option<Recovered<Transaction>>,
    /// What it knows, if another program changed the file.
    pub diverged: Option<Recovered<Transaction>>,
    /// How many of the changes in `recovered.after` a file held already: not worth telling.
    pub held: usize,
    /// Damage and the like.
    pub problems: Vec<Problem>,
}

impl Found {
    /// Opens the journal of a document. Where there can be none, work goes on without, and the status bar says so.
    ///
    /// # Errors
    /// [`JournalError::AlreadyOpen`]: another window has the document. [`JournalError::Newer`]: a newer program keeps
    /// unsaved work on it.
    pub fn open(data: &DataDir, base: Base, notify: Notify) -> Result<Self, JournalError> {
        match data.journals().and_then(|journals| journals.open(base, Some(notify))) {
            Ok(opening) => Ok(Self::from(opening)),
            Err(error @ (JournalError::AlreadyOpen { .. } | JournalError::Newer { .. })) => Err(error),
            Err(error) => {
                let mut found = Self::default();
                found.journal.missing = Some(error.to_string());
                Ok(found)
            }
        }
    }

    /// Opens the journal of a document for work that begins now. Unsaved work of before, which is of no use here, is left
    /// to itself, to be recovered by who wants it; then there is a sentence that says so.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_empty(
        data: &DataDir,
        base: &Base,
        notify: impl Fn() -> Notify,
    ) -> Result<(SessionJournal, Option<String>), JournalError> {
        let found = Self::open(data, base.clone(), notify())?;
        let Self { mut journal, recovered, diverged, .. } = found;
        let Some(before) = recovered.or(diverged) else { return Ok((journal, None)) };
        if before.has_unsaved() && journal.leave(true).is_ok() {
            let kept = "Unsaved work of before on a file of this name is kept under Not saved last time".to_owned();
            return Ok((Self::open(data, base.clone(), notify())?.journal, Some(kept)));
        }
        let kept = journal.begin_anew(base.clone())?;
        let told = format!("Unsaved work of before is kept in {}", kept.display());
        Ok((journal, before.has_unsaved().then_some(told)))
    }

    /// Opens the journal of a pasted article.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn resume(data: &DataDir, key: &Key, notify: Notify) -> Result<Self, JournalError> {
        data.journals()?.resume(key, Some(notify)).map(Self::from)
    }
}

impl From<Opening<Transaction>> for Found {
    fn from(opening: Opening<Transaction>) -> Self {
        let Opening { writer, recovered, diverged, problems } = opening;
        let mut journal = SessionJournal::default();
        journal.writer = Some(Arc::new(writer));
        Self { journal, recovered, diverged, held: 0, problems }
    }
}

/// How far a save has come. The window and the writing thread agree on it, so that a save that is given up while it hangs
/// comes to nothing when it goes on at last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// There is none, or it has ended.
    #[default]
    Ended,
    /// The marker is not in the journal; changes wait.
    Begun,
    /// The marker is in the journal, and the file may be replaced at any time.
    Marked,
    /// Nobody waits any more, and the file must stay as it is.
    GivenUp,
}

/// What a save needs of the journal. Locked for moments only.
#[derive(Debug, Default)]
struct Save {
    /// Which of the saves of this journal it is.
    number: u64,
    stage: Stage,
    /// Changes made while the marker is not in the journal.
    waiting: Option<Vec<Line>>,
    /// The number of the marker in the journal, and the SHA-256 of the file that it is of.
    marked: Option<(u64, String)>,
}

impl Save {
    /// Writes what has waited; from now on nothing waits.
    fn let_in(&mut self, writer: Option<&JournalWriter>) {
        for line in self.waiting.take().unwrap_or_default() {
            if let Some(writer) = writer {
                writer.append_line(line);
            }
        }
    }
}

/// Whoever panicked while holding it has not harmed it.
fn lock(save: &Mutex<Save>) -> MutexGuard<'_, Save> {
    save.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets a writing thread put the marker of a save into the journal just before the file is replaced.
pub struct SaveMarker {
    /// Weak, so that a save that hangs does not keep the journal of a closed document open.
    writer: Weak<JournalWriter>,
    save: Arc<Mutex<Save>>,
    number: u64,
}

impl SaveMarker {
    /// Puts the marker, lets in what has waited, and waits until it is on disk, but not for ever. False if the save was
    /// given up: then the file must not be replaced.
    #[must_use]
    pub fn put(&self, path: &Path, sha256: &str) -> bool {
        let writer = self.writer.upgrade();
        {
            let mut save = lock(&self.save);
            if save.number != self.number || save.stage == Stage::GivenUp {
                return false;
            }
            save.stage = Stage::Marked;
            if let Some(writer) = &writer {
                let marker = Entry::<Transaction>::Saved { path: path.to_owned(), sha256: sha256.to_owned() };
                save.marked = Some((writer.append(&marker), sha256.to_owned()));
            }
            save.let_in(writer.as_deref());
        }
        // On disk before the file is; an error is shown by the strip above the article, and the file is written all the
        // same. The window may append meanwhile.
        if let Some(Err(error)) = writer.map(|writer| writer.flush()) {
            tracing::error!(%error, "the marker of a save could not be written");
        }
        true
    }
}

impl Drop for SaveMarker {
    /// Without a marker nothing was saved: what waited may go in.
    fn drop(&mut self) {
        let mut save = lock(&self.save);
        if save.number == self.number && save.stage == Stage::Begun {
            save.let_in(self.writer.upgrade().as_deref());
        }
    }
}

/// Looks at a journal from elsewhere, without keeping it.
#[derive(Clone, Debug, Default)]
pub struct JournalWatch {
    writer: Weak<JournalWriter>,
    save: Weak<Mutex<Save>>,
}

impl JournalWatch {
    /// Whether everything is on disk; `false` also while somebody holds the journal. Never waits.
    pub fn is_safe(&self) -> bool {
        let Some(writer) = self.writer.upgrade() else { return true };
        let is_waiting = self.save.upgrade().is_some_and(|save| match save.try_lock() {
            Ok(save) => save.waiting.is_some(),
            Err(TryLockError::Poisoned(save)) => save.into_inner().waiting.is_some(),
            Err(TryLockError::WouldBlock) => true,
        });
        !is_waiting && writer.is_synced()
    }
}

impl SessionJournal {
    /// A change was made.
    pub fn applied(&mut self, transaction: &Transaction) {
        self.append_line(Line::of(&Entry::Apply(transaction)));
    }

    /// A change was taken back (`is_undo`) or done again.
    pub fn stepped(&mut self, is_undo: bool) {
        self.append(if is_undo { Entry::Undo } else { Entry::Redo });
    }

    fn append(&mut self, entry: Entry<Transaction>) {
        self.append_line(Line::of(&entry));
    }

    /// Takes a change that was put into words elsewhere.
    pub fn append_line(&mut self, line: Line) {
        self.changes += 1;
        self.changed_at = Some(Instant::now());
        if let Some(waiting) = &mut lock(&self.save).waiting {
            waiting.push(line);
            return;
        }
        if let Some(writer) = &self.writer {
            writer.append_line(line);
        }
    }

    /// The file is going to be written: changes wait until the marker of that stands in the journal. A save that is under
    /// way still is given up.
    pub fn begin_saving(&mut self) -> SaveMarker {
        self.give_up_saving();
        let mut save = lock(&self.save);
        let number = save.number + 1;
        *save = Save { number, stage: Stage::Begun, waiting: Some(Vec::new()), marked: None };
        let writer = self.writer.as_ref().map(Arc::downgrade).unwrap_or_default();
        SaveMarker { writer, save: Arc::clone(&self.save), number }
    }

    /// The file was written to `path`, or not. What waited is written now, and the journal goes along to the new path;
    /// what hinders it is told by [`Self::error`].
    pub fn end_saving(&mut self, path: Option<&Path>) {
        let mut save = lock(&self.save);
        let stage = std::mem::replace(&mut save.stage, Stage::Ended);
        let Some(writer) = self.writer.as_deref() else { return save.let_in(None) };
        // Only where no change has come after the marker: such a change would be taken for saved.
        let is_marked = save.marked.is_some();
        let last = save.marked.take().filter(|(seq, _)| save.waiting.is_none() && writer.last_seq() == *seq);
        match (path, last) {
            (Some(path), last) => {
                writer.move_to(path);
                if let Some((_, sha256)) = last {
                    // Once more, now that the file is there for certain.
                    writer.append(&Entry::<Transaction>::Saved { path: path.to_owned(), sha256 });
                }
            }
            // The marker says what did not come to pass.
            (None, _) if stage == Stage::Marked && is_marked => drop(writer.append(&Entry::<Transaction>::Begun)),
            (None, _) => {}
        }
        save.let_in(Some(writer));
    }

    /// The save hangs, and nobody waits for it any more: changes are kept in the journal again. True if the file will
    /// stay as it is, false if it may still be replaced at any time.
    pub fn give_up_saving(&mut self) -> bool {
        let mut save = lock(&self.save);
        if save.stage == Stage::Begun {
            save.stage = Stage::GivenUp;
        }
        save.let_in(self.writer.as_deref());
        save.stage == Stage::GivenUp
    }

    /// The file is known to hold the document as it is now, although it was not written here.
    pub fn is_in_file(&mut self, path: &Path, sha256: &str) {
        // As after a save of our own: before and after.
        for _ in 0..2 {
            self.append(Entry::Saved { path: path.to_owned(), sha256: sha256.to_owned() });
        }
    }

    /// The name of the journal, if there is one.
    pub fn key(&self) -> Option<Key> {
        self.writer.as_ref().map(|writer| writer.key())
    }

    /// Whether it holds anything.
    pub fn is_begun(&self) -> bool {
        self.writer.as_ref().is_some_and(|writer| writer.last_seq() > 0)
    }

    /// Whether there is none: it could not be opened, or the document is only read.
    pub fn is_missing(&self) -> bool {
        self.writer.is_none()
    }

    /// Tries now what failed, instead of after a while.
    pub fn try_again(&self) {
        if let Some(writer) = &self.writer {
            writer.retry();
        }
    }

    /// Why it cannot be written now, if it cannot.
    pub fn error(&mut self) -> Option<&str> {
        let error = self.writer.as_ref().and_then(|writer| writer.error()).map(|error| error.to_string());
        self.error = error.or_else(|| self.missing.clone());
        self.error.as_deref()
    }

    /// Whether everything is on disk.
    pub fn is_synced(&self) -> bool {
        self.writer.is_some() && self.watch().is_safe()
    }

    /// Whether nothing is on its way to the disk.
    pub fn is_settled(&self) -> bool {
        lock(&self.save).waiting.is_none() && self.writer.as_ref().is_none_or(|writer| writer.is_synced())
    }

    /// For those who wait for it without keeping it.
    pub fn watch(&self) -> JournalWatch {
        let writer = self.writer.as_ref().map(Arc::downgrade).unwrap_or_default();
        JournalWatch { writer, save: Arc::downgrade(&self.save) }
    }

    /// Where the tests make the program panic while it holds the journal; see [`crate::panics::trap`].
    pub fn trap(&self, data: Option<&Path>) {
        let _held = self.save.try_lock();
        crate::panics::trap(data, "holding the journal");
    }

    /// The document is in no file as it is, although nothing may have been marked: a new article was made, or the version
    /// here is kept against that of another program.
    pub fn begun(&mut self) {
        self.append(Entry::Begun);
    }

    /// How long from `now` the document has to stay as it is until [`Self::snapshot`] is due; `None`: the last one is
    /// still right, or it cannot be made.
    pub fn snapshot_due(&self, now: Instant) -> Option<Duration> {
        if self.changes == 0 || self.writer.is_none() || lock(&self.save).waiting.is_some() {
            return None;
        }
        if self.changes >= MANY_CHANGES {
            return Some(Duration::ZERO);
        }
        let still = self.changed_at.map_or(Duration::ZERO, |at| now.saturating_duration_since(at));
        Some(STILL.saturating_sub(still))
    }

    /// Hands over the document as it is after the last change, for a snapshot; costs a copy of it. Does nothing if the
    /// last one is still right.
    pub fn snapshot(&mut self, document: &Document) {
        if lock(&self.save).waiting.is_none()
            && let Some(writer) = self.writer.as_ref().filter(|_| self.changes > 0)
        {
            writer.snapshot(document.clone());
            self.changes = 0;
        }
    }

    /// How many snapshots were written.
    pub fn snapshot_count(&self) -> u64 {
        self.writer.as_ref().map_or(0, |writer| writer.snapshot_count())
    }

    /// Sets the entries aside because they do not fit and begins anew with `base`. Gives the name under which
    /// the old journal is kept.
    ///
    /// # Errors
    /// [`JournalError`]; the status bar says so.
    pub fn begin_anew(&mut self, base: Base) -> Result<PathBuf, JournalError> {
        self.writer.as_ref().ok_or(JournalError::NoDataFolder)?.begin_anew(base)
    }

    /// Ends it without its document; unsaved work is kept under a key of its own.
    ///
    /// # Errors
    /// [`JournalError`]; it goes on then, unless the disk does not answer: then it is missing.
    pub fn leave(&mut self, is_unsaved: bool) -> Result<(), JournalError> {
        let Some(writer) = &self.writer else { return Ok(()) };
        let left = writer.leave(is_unsaved);
        // It may be left later; nothing is kept in it any more.
        if left.as_ref().err().is_none_or(JournalError::is_timeout) {
            self.writer = None;
            let why = || "the journal belongs to a text that the file held before".to_owned();
            self.missing = Some(left.as_ref().err().map_or_else(why, ToString::to_string));
        }
        left
    }

    /// Waits until everything is on disk, before the window goes; a few seconds at most. A save that hangs leaves the file
    /// as it is.
    ///
    /// # Errors
    /// Why not everything is on disk. If the disk does not answer, the writing goes on in the background as long as the
    /// program runs.
    pub fn close(&mut self) -> Result<(), Arc<JournalError>> {
        self.give_up_saving();
        let Some(writer) = self.writer.take() else { return Ok(()) };
        writer.flush().inspect_err(|error| tracing::error!(%error, "the journal could not be finished"))
    }

    /// Deletes it: the user gives up what no file holds.
    pub fn discard(&mut self) {
        let Some(writer) = self.writer.take() else { return };
        if let Err(error) = writer.discard() {
            tracing::error!(%error, "the journal could not be deleted");
        }
    }
}

impl Drop for SessionJournal {
    /// What waits for a save that nobody waits for must not be lost.
    fn drop(&mut self) {
        self.give_up_saving();
    }
}

/// The document that a journal began with, if all its entries are to be done again: as it was read then, whatever the
/// file looks like now.
pub fn base_document(recovered: &Recovered<Transaction>) -> Option<Document> {
    if !recovered.before_saved.is_empty() {
        return None;
    }
    recovered.header.base_document()?.ok()
}

/// The document that the file of a journal held last. Where the journal begins with more than that, what the file held is
/// not known: then nothing but the text, so that a merge takes nothing for granted.
///
/// # Errors
/// A problem, if the journal does not fit itself.
pub fn last_saved(diverged: &Recovered<Transaction>, schema: &Arc<Schema>) -> Result<Document, Problem> {
    let unreadable = || Problem::error("journal", "the record of unsaved work cannot be read", "it is kept");
    let base = diverged.header.base_document().and_then(Result::ok).ok_or_else(unreadable)?;
    let Some((_, count)) = diverged.last_saved() else {
        return Ok(Document::new(base.text().clone(), base.header().clone()));
    };
    let after = diverged.after.iter().take(count).cloned().collect();
    let header = diverged.header.clone();
    let until = Recovered { header, before_saved: Vec::new(), after, reached: None, base_changes: 0 };
    let mut editor = Editor::new(base, Arc::clone(schema));
    restore(&mut editor, until)?;
    Ok(editor.document().clone())
}

#[cfg(test)]
#[path = "journal_faults.rs"]
mod faults;

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
