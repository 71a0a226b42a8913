//! Appends to a journal on a thread of its own, so that no frame waits for the disk.
//!
//! An entry counts as safe once [`JournalWriter::synced_seq`] has reached its number. What could not be written
//! stays in memory and is tried again with the next entry: a full disk that gets space again loses nothing. A mistake of
//! the thread itself is an error like others: it begins anew with what is in memory.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use serde::Serialize;

use super::journal::{Entry, Header, JournalError, Journals, Key};
use super::lock::Lock;
use super::log;
use crate::panics;

/// Called on the writer's thread after every sync and every error, to wake the window.
pub type Notify = Box<dyn Fn() + Send>;

/// The journal of an open document. Dropping it writes what is left and gives the lock back.
#[derive(Debug)]
pub struct JournalWriter {
    journals: Journals,
    key: Key,
    last_seq: u64,
    shared: Arc<Shared>,
    sender: Option<Sender<Message>>,
    thread: Option<JoinHandle<()>>,
    lock: Lock,
}

#[derive(Debug, Default)]
struct Shared {
    synced_seq: AtomicU64,
    error: Mutex<Option<JournalError>>,
}

enum Message {
    Line { seq: u64, line: String },
    Flush(Sender<()>),
    Move { to: PathBuf, reply: Sender<io::Result<()>> },
    Remove(Sender<io::Result<()>>),
}

/// Where the log stands when the document is opened.
#[derive(Debug, Default)]
pub(super) struct Start {
    /// The header line, if the file has none yet.
    pub header: Option<Header>,
    /// The number of the last good line.
    pub last_seq: u64,
    /// Whether the last good line lacks its line end.
    pub lacks_line_end: bool,
}

impl JournalWriter {
    pub(super) fn start(journals: Journals, key: Key, lock: Lock, start: Start, notify: Option<Notify>) -> Self {
        let shared = Arc::new(Shared { synced_seq: AtomicU64::new(start.last_seq), error: Mutex::default() });
        let (sender, receiver) = unbounded();
        let worker = Worker {
            path: journals.journal_path(&key),
            file: None,
            good_bytes: 0,
            pending: if start.lacks_line_end { vec![b'\n'] } else { Vec::new() },
            pending_seq: start.last_seq,
            shared: Arc::clone(&shared),
            notify,
            stumbles: 0,
        };
        let last_seq = start.last_seq;
        let mut worker = worker;
        if let Some(header) = &start.header {
            // A header is plain data and always serialises.
            worker.pending.extend(log::line(0, header).unwrap_or_default().into_bytes());
        }
        let work = move || {
            while panics::catch(|| worker.run(&receiver)).is_err() {
                worker.stumbled();
            }
        };
        let thread = std::thread::Builder::new().name("journal".into()).spawn(work);
        let thread = thread
            .map_err(|error| {
                let error = JournalError::io(&journals.journal_path(&key), error);
                *shared.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            })
            .ok();
        Self { journals, key, last_seq, shared, sender: Some(sender), thread, lock }
    }

    /// Puts an entry at the end and returns its number. It is safe when [`Self::synced_seq`] has reached that.
    pub fn append<T: Serialize>(&mut self, entry: &Entry<T>) -> u64 {
        match log::line(self.last_seq + 1, entry) {
            Ok(line) => {
                self.last_seq += 1;
                self.send(Message::Line { seq: self.last_seq, line });
            }
            Err(error) => self.fail(io::Error::other(error)),
        }
        self.last_seq
    }

    /// The number of the last entry that was appended; 0 if there is none.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// The number of the last entry that is on disk.
    pub fn synced_seq(&self) -> u64 {
        self.shared.synced_seq.load(Ordering::Acquire)
    }

    /// Whether everything that was appended is on disk.
    pub fn is_synced(&self) -> bool {
        self.synced_seq() == self.last_seq
    }

    /// Waits until everything that was appended is on disk.
    ///
    /// # Errors
    /// The error that keeps it from being written; it is tried again with the next entry.
    pub fn flush(&self) -> Result<(), JournalError> {
        let (reply, done) = bounded(1);
        self.send(Message::Flush(reply));
        // The answer is missing only if the thread is gone, and then nothing is synced.
        let _ = done.recv();
        if self.is_synced() {
            return Ok(());
        }
        Err(self.take_error().unwrap_or_else(|| self.io_error(io::Error::other("the journal is not being written"))))
    }

    /// The last error, once.
    pub fn take_error(&self) -> Option<JournalError> {
        self.shared.error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The name of this journal in the folder of journals.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Goes with the document to another file, after “save as”. A journal that the other file had is set aside.
    ///
    /// # Errors
    /// [`JournalError::AlreadyOpen`] if the other file is open in another window; the journal stays where it was.
    pub fn move_to(&mut self, path: &Path) -> Result<(), JournalError> {
        let key = Key::of_path(path);
        if key == self.key {
            return Ok(());
        }
        let lock = self.journals.lock(&key, path)?;
        let to = self.journals.journal_path(&key);
        if to.exists() {
            self.journals.set_aside(&key, "stale")?;
        }
        let (reply, done) = bounded(1);
        self.send(Message::Move { to, reply });
        done.recv().unwrap_or_else(|error| Err(io::Error::other(error))).map_err(|error| self.io_error(error))?;
        self.key = key;
        self.lock = lock;
        Ok(())
    }

    /// Deletes the journal: the user gives up everything that is in it and in no file.
    ///
    /// # Errors
    /// [`JournalError::Io`] if it cannot be deleted.
    pub fn discard(self) -> Result<(), JournalError> {
        let (reply, done) = bounded(1);
        self.send(Message::Remove(reply));
        done.recv().unwrap_or_else(|error| Err(io::Error::other(error))).map_err(|error| self.io_error(error))
    }

    fn send(&self, message: Message) {
        let sent = self.sender.as_ref().map(|sender| sender.send(message));
        if !matches!(sent, Some(Ok(()))) {
            self.fail(io::Error::other("the journal is not being written"));
        }
    }

    fn io_error(&self, error: io::Error) -> JournalError {
        JournalError::io(&self.journals.journal_path(&self.key), error)
    }

    fn fail(&self, error: io::Error) {
        let error = self.io_error(error);
        tracing::error!("{error}");
        *self.shared.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

impl Drop for JournalWriter {
    fn drop(&mut self) {
        // Without a sender the thread writes what is left and ends.
        self.sender = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's thread ended badly");
        }
    }
}

struct Worker {
    path: PathBuf,
    file: Option<File>,
    /// Length of the file up to the last sync; a failed write is cut off there.
    good_bytes: u64,
    pending: Vec<u8>,
    pending_seq: u64,
    shared: Arc<Shared>,
    notify: Option<Notify>,
    /// How often in a row it panicked.
    stumbles: u32,
}

impl Worker {
    fn run(&mut self, receiver: &Receiver<Message>) {
        // What was there when it panicked.
        self.write_if(true);
        let mut flushes = Vec::new();
        while let Ok(message) = receiver.recv() {
            let mut next = Some(message);
            let mut has_lines = false;
            // Everything that has piled up goes to disk with one sync.
            while let Some(message) = next.take() {
                match message {
                    Message::Line { seq, line } => {
                        self.pending.extend(line.into_bytes());
                        self.pending_seq = seq;
                        has_lines = true;
                    }
                    Message::Flush(reply) => flushes.push(reply),
                    Message::Move { to, reply } => {
                        self.write_if(has_lines);
                        has_lines = false;
                        let _ = reply.send(self.move_to(&to));
                    }
                    Message::Remove(reply) => {
                        self.file = None;
                        self.pending.clear();
                        has_lines = false;
                        let _ = reply.send(remove(&self.path));
                    }
                }
                next = receiver.try_recv().ok();
            }
            self.write_if(has_lines || !flushes.is_empty());
            for reply in flushes.drain(..) {
                let _ = reply.send(());
            }
        }
        self.write_if(true);
    }

    /// Writes what is pending, if there is an entry among it: a header alone makes no journal.
    fn write_if(&mut self, wanted: bool) {
        if !wanted || self.pending_seq == self.shared.synced_seq.load(Ordering::Acquire) {
            return;
        }
        match self.write() {
            Ok(()) => {
                self.shared.synced_seq.store(self.pending_seq, Ordering::Release);
                self.stumbles = 0;
            }
            Err(error) => {
                // Half a line must not stand before the next attempt.
                if let Some(file) = &self.file {
                    let _ = file.set_len(self.good_bytes);
                }
                let error = JournalError::io(&self.path, error);
                tracing::error!("{error}");
                *self.shared.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        }
        if let Some(notify) = &self.notify {
            notify();
        }
    }

    /// It panicked. What is pending stays in memory, and half a line must not stand before the next attempt.
    fn stumbled(&mut self) {
        if let Some(file) = self.file.take() {
            let _ = file.set_len(self.good_bytes);
        }
        let error = io::Error::other("the program made a mistake while it wrote; it tries again");
        *self.shared.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(JournalError::io(&self.path, error));
        // What panics again and again must not do so without a pause.
        self.stumbles += 1;
        std::thread::sleep(Duration::from_millis(10 << self.stumbles.min(10)));
    }

    fn write(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            let folder = self.path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            let is_new = !self.path.exists();
            let file = File::options().append(true).create(true).open(&self.path)?;
            self.good_bytes = file.metadata()?.len();
            self.file = Some(file);
            if is_new {
                sync_folder(folder);
            }
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(&self.pending)?;
        file.sync_data()?;
        self.good_bytes += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }

    fn move_to(&mut self, to: &Path) -> io::Result<()> {
        if self.path.exists() {
            fs::rename(&self.path, to)?;
            sync_folder(to.parent().unwrap_or(Path::new(".")));
        }
        self.path = to.to_owned();
        Ok(())
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Makes a new name in a folder last. Where folders cannot be synced, the system does it by itself.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
