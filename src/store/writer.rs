//! The journal of an open document, as the rest of the program sees it. Nothing here waits for the disk but what says
//! so, and that not for ever; the work is done by the thread of [`super::worker`].
//!
//! An entry counts as safe once [`JournalWriter::synced_seq`] has reached its number. What could not be written
//! stays in memory and is tried again after a while, and with every further entry: a full disk that gets space again
//! loses nothing. A mistake of the thread itself is an error like others: it begins anew with what is in memory.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use serde::Serialize;
use serde::de::IgnoredAny;

use super::journal::{Base, Entry, JournalError, Journals, Key};
use super::lock::Lock;
use super::worker::{Message, Start, Worker};
use crate::model::Document;
use crate::panics;

/// Called on the writer's thread after every sync and every error, to wake the window.
pub type Notify = Box<dyn Fn() + Send>;

/// An entry in words.
#[derive(Debug)]
pub struct Line {
    /// Or why it cannot be put into words.
    json: serde_json::Result<String>,
    entry: Entry<IgnoredAny>,
}

impl Line {
    /// Puts an entry into words.
    pub fn of<T: Serialize>(entry: &Entry<T>) -> Self {
        Self { json: serde_json::to_string(entry), entry: without_content(entry) }
    }
}

/// The journal of an open document. Dropping it writes what is left and gives the lock back; if the disk does not answer
/// in time, that goes on by itself.
#[derive(Debug)]
pub struct JournalWriter {
    journals: Journals,
    shared: Arc<Shared>,
    /// How many entries there are, written or not.
    last_seq: AtomicU64,
    sender: Option<Sender<Message>>,
    thread: Option<JoinHandle<()>>,
    /// Says that the thread has ended.
    ended: Receiver<()>,
    /// Whether somebody has waited long enough.
    is_given_up: AtomicBool,
}

/// What the thread tells.
#[derive(Debug)]
pub(super) struct Shared {
    pub synced_seq: AtomicU64,
    /// How many moves to other files were asked for and are not done.
    pub moves: AtomicUsize,
    /// How many snapshots were written.
    pub snapshots: AtomicU64,
    error: Mutex<Option<Arc<JournalError>>>,
    key: Mutex<Key>,
}

impl Shared {
    pub fn error(&self) -> Option<Arc<JournalError>> {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_error(&self, error: Option<JournalError>) {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = error.map(Arc::new);
    }

    pub fn set_key(&self, key: Key) {
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = key;
    }
}

impl JournalWriter {
    /// What has to be mended is mended before this returns, unless the disk refuses.
    pub(super) fn start(
        journals: Journals,
        key: Key,
        lock: Option<Lock>,
        start: Start,
        notify: Option<Notify>,
    ) -> Self {
        let last_seq = start.last_seq;
        let shared = Arc::new(Shared {
            synced_seq: AtomicU64::new(if start.written > 0 { last_seq } else { 0 }),
            moves: AtomicUsize::new(0),
            snapshots: AtomicU64::new(0),
            error: Mutex::default(),
            key: Mutex::new(key.clone()),
        });
        let (sender, receiver) = unbounded();
        let (ends, ended) = bounded::<()>(0);
        let mut worker = Worker::new(journals.clone(), key, lock, start, Arc::clone(&shared), notify);
        worker.mend();
        let thread = std::thread::Builder::new().name("journal".into()).spawn(move || {
            while panics::catch(|| worker.run(&receiver)).is_err() {
                worker.stumbled();
            }
            // Here, where it has written all: nobody who waits for the end is to wait for its memory.
            drop(worker);
            drop(ends);
        });
        let mut writer = Self {
            journals,
            shared,
            last_seq: AtomicU64::new(last_seq),
            sender: Some(sender),
            thread: None,
            ended,
            is_given_up: AtomicBool::new(false),
        };
        match thread {
            Ok(thread) => writer.thread = Some(thread),
            Err(error) => writer.fail(error),
        }
        writer
    }

    /// Puts an entry at the end and returns its number. It is safe when [`Self::synced_seq`] has reached that. Never waits.
    pub fn append<T: Serialize>(&self, entry: &Entry<T>) -> u64 {
        self.append_line(Line::of(entry))
    }

    /// The same, of an entry that was put into words before, maybe on another thread: a large one takes its time.
    pub fn append_line(&self, line: Line) -> u64 {
        match line.json {
            Ok(json) => {
                let seq = self.last_seq.fetch_add(1, Ordering::AcqRel) + 1;
                self.send(Message::Line { json, entry: line.entry });
                seq
            }
            Err(error) => {
                self.fail(io::Error::other(error));
                self.last_seq()
            }
        }
    }

    /// The number of the last entry that was appended; 0 if there is none.
    pub fn last_seq(&self) -> u64 {
        self.last_seq.load(Ordering::Acquire)
    }

    /// The number of the last entry that is on disk. It goes back to 0 when the journal is removed under the program, until
    /// it is written again.
    pub fn synced_seq(&self) -> u64 {
        self.shared.synced_seq.load(Ordering::Acquire)
    }

    /// Whether everything that was appended is on disk, and where it belongs.
    pub fn is_synced(&self) -> bool {
        self.synced_seq() == self.last_seq() && self.shared.moves.load(Ordering::Acquire) == 0
    }

    /// How many snapshots were written.
    pub fn snapshot_count(&self) -> u64 {
        self.shared.snapshots.load(Ordering::Acquire)
    }

    /// Waits until everything that was appended is on disk, for as long as [`super::journal::Pace`] says.
    ///
    /// # Errors
    /// The error that keeps it from being written; it is tried again after a while. [`io::ErrorKind::TimedOut`] if the
    /// disk does not answer; the work goes on.
    pub fn flush(&self) -> Result<(), Arc<JournalError>> {
        let (reply, done) = bounded(1);
        self.send(Message::Flush(reply));
        let answer = done.recv_timeout(self.journals.pace.patience);
        self.is_given_up.store(matches!(answer, Err(RecvTimeoutError::Timeout)), Ordering::Release);
        match answer {
            Ok(None) if self.is_synced() => Ok(()),
            Ok(Some(error)) => Err(error),
            Err(RecvTimeoutError::Timeout) => Err(Arc::new(self.io_error(no_answer()))),
            // The answer is missing only if the thread is gone, and then nothing is synced.
            Ok(None) | Err(RecvTimeoutError::Disconnected) => {
                let error = || Arc::new(self.io_error(io::Error::other("the journal is not being written")));
                Err(self.error().unwrap_or_else(error))
            }
        }
    }

    /// What keeps it from being written now, if something does.
    pub fn error(&self) -> Option<Arc<JournalError>> {
        self.shared.error()
    }

    /// Tries now what failed, instead of after a while.
    pub fn retry(&self) {
        self.send(Message::Retry);
    }

    /// Takes the document after the last entry, to write a snapshot of it beside the journal.
    pub fn snapshot(&self, document: Document) {
        self.send(Message::Snapshot(Box::new(document)));
    }

    /// The name of this journal in the folder of journals.
    pub fn key(&self) -> Key {
        self.shared.key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes with the document to another file, after “save as”. A journal that the other file had is set aside. Does not wait:
    /// until it is there, [`Self::is_synced`] is false, and what hinders it is told by [`Self::error`] and tried again.
    pub fn move_to(&self, path: &Path) {
        self.shared.moves.fetch_add(1, Ordering::AcqRel);
        self.send(Message::Move { path: path.to_owned() });
    }

    /// Sets what is there aside because it does not fit, and begins a new journal. Gives the name under which the old one is
    /// kept.
    ///
    /// # Errors
    /// [`JournalError`], if that is not done yet; it is tried again.
    pub fn begin_anew(&self, base: Base) -> Result<PathBuf, JournalError> {
        let (reply, done) = bounded(1);
        self.send(Message::Anew { base: Box::new(base), reply });
        done.recv_timeout(self.journals.pace.patience).unwrap_or_else(|_| Err(self.io_error(no_answer())))
    }

    /// Ends it without its document: the file holds another text now. Unsaved work stays as that of a pasted article, to
    /// be resumed; without any, the journal is set aside.
    ///
    /// # Errors
    /// [`JournalError`]; the journal is then where it was.
    pub fn leave(&self, is_unsaved: bool) -> Result<(), JournalError> {
        let (reply, done) = bounded(1);
        self.send(Message::Leave { is_unsaved, reply });
        done.recv_timeout(self.journals.pace.patience).unwrap_or_else(|_| {
            self.is_given_up.store(true, Ordering::Release);
            Err(self.io_error(no_answer()))
        })
    }

    /// Deletes the journal: the user gives up everything that is in it and in no file. Nothing is written any more.
    ///
    /// # Errors
    /// [`JournalError::Io`] if it cannot be deleted, or the disk does not answer.
    pub fn discard(&self) -> Result<(), JournalError> {
        let (reply, done) = bounded(1);
        self.send(Message::Remove(reply));
        let removed = done.recv_timeout(self.journals.pace.patience).unwrap_or_else(|_| {
            self.is_given_up.store(true, Ordering::Release);
            Err(no_answer())
        });
        removed.map_err(|error| self.io_error(error))
    }

    fn send(&self, message: Message) {
        let sent = self.sender.as_ref().map(|sender| sender.send(message));
        if !matches!(sent, Some(Ok(()))) {
            self.fail(io::Error::other("the journal is not being written"));
        }
    }

    fn io_error(&self, error: io::Error) -> JournalError {
        JournalError::io(&self.journals.journal_path(&self.key()), error)
    }

    fn fail(&self, error: io::Error) {
        let error = self.io_error(error);
        tracing::error!("{error}");
        self.shared.set_error(Some(error));
    }
}

fn no_answer() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the disk does not answer")
}

fn without_content<T>(entry: &Entry<T>) -> Entry<IgnoredAny> {
    match entry {
        Entry::Begun => Entry::Begun,
        Entry::Apply(_) => Entry::Apply(IgnoredAny),
        Entry::Undo => Entry::Undo,
        Entry::Redo => Entry::Redo,
        Entry::Saved { path, sha256 } => Entry::Saved { path: path.clone(), sha256: sha256.clone() },
    }
}

impl Drop for JournalWriter {
    fn drop(&mut self) {
        // Without a sender the thread writes what is left and ends.
        self.sender = None;
        let Some(thread) = self.thread.take() else { return };
        let is_given_up = self.is_given_up.load(Ordering::Acquire);
        if is_given_up || self.ended.recv_timeout(self.journals.pace.patience) == Err(RecvTimeoutError::Timeout) {
            tracing::error!("{}", self.io_error(no_answer()));
        } else if thread.join().is_err() {
            tracing::error!("the journal's thread ended badly");
        }
    }
}
