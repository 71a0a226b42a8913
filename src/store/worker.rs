//! The thread that writes a journal: batches of entries, snapshots, what has to be mended, and everything again that
//! a disk refused.
//!
//! It keeps all lines of the journal in memory, a long first one packed. So a journal that is removed or replaced under
//! the program is written again as a whole, and nothing that was called safe depends on one file for longer than
//! [`Pace::watch`].
//! After an error nothing about the file is believed: it is read and compared before it is written to again, and what was
//! not synced is written once more, because a disk may forget it when a sync fails.
//!
//! [`Pace::watch`]: super::journal::Pace::watch

mod beginning;
mod moving;
mod snapshots;

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

pub(super) use beginning::{Beginning, Copy};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use serde::de::IgnoredAny;

use super::disk::DiskFile;
use super::journal::{Base, Entry, JournalError, Journals, Key};
use super::lines::Lines;
use super::lock::Lock;
use super::log;
use super::snapshot::{Snapshot, Standing};
use super::writer::{Notify, Shared};
use crate::model::Document;

/// What the writer asks for.
pub(super) enum Message {
    /// An entry, as JSON, and what it means for the files.
    Line { json: String, entry: Entry<IgnoredAny> },
    /// An answer when everything before was tried; the error, if there is one.
    Flush(Sender<Option<Arc<JournalError>>>),
    /// The document is in another file from now on.
    Move { path: PathBuf },
    /// The document has left its file, which holds another text now: unsaved work goes to a key of its own, a journal
    /// without any is set aside. Nothing is written after that.
    Leave { is_unsaved: bool, reply: Sender<Result<(), JournalError>> },
    /// The document after the last entry.
    Snapshot(Box<Document>),
    /// What failed is to be tried now.
    Retry,
    /// What is there is to be kept under another name, which is the answer, and a new journal to be begun.
    Anew { base: Box<Base>, reply: Sender<Result<PathBuf, JournalError>> },
    /// The journal is to be deleted.
    Remove(Sender<io::Result<()>>),
}

/// Something to do before the journal is written to.
#[derive(Debug)]
pub(super) enum Step {
    /// Journal and snapshot under this key do not fit and are renamed.
    Aside { key: Key, kept: PathBuf },
    /// The journal's bytes from there on are kept in a file of their own.
    Keep { from: usize, kept: PathBuf },
    /// The journal is replaced by one that begins with what the snapshot held, which is not needed any more.
    BeginAgain,
}

/// Where a journal stands when the document is opened.
#[derive(Debug)]
pub(super) struct Start {
    /// [`Header::id`].
    pub id: String,
    /// What is known of files.
    pub standing: Standing,
    /// The number of the last good line.
    pub last_seq: u64,
    /// What the first line is made of if there is none yet; else what another one can be made of, if it is known.
    pub beginning: Option<Box<Beginning>>,
    /// The copy that the first line names.
    pub copy: Option<Copy>,
    /// All good lines.
    pub lines: Vec<u8>,
    /// How many bytes of them are on disk.
    pub written: usize,
    /// What has to be done first.
    pub steps: Vec<Step>,
}

impl Start {
    /// A new journal.
    pub fn begin(beginning: Beginning, steps: Vec<Step>) -> Self {
        let (id, standing) = (beginning.header.id.clone(), Standing::of(&beginning.header));
        let beginning = Some(Box::new(beginning));
        Self { id, standing, last_seq: 0, beginning, copy: None, lines: Vec::new(), written: 0, steps }
    }
}

/// A snapshot that is to be written as soon as the journal is.
struct Wanted {
    seq: u64,
    snapshot: Snapshot,
}

pub(super) struct Worker {
    journals: Journals,
    key: Key,
    lock: Option<Lock>,
    /// Open and as it should be, as far as is known.
    file: Option<DiskFile>,
    id: String,
    standing: Standing,
    /// See [`Start::beginning`]: a document that is only read is never put into words.
    beginning: Option<Box<Beginning>>,
    /// See [`Start::copy`].
    copy: Option<Copy>,
    /// Whether what killed programs left is to be removed.
    is_to_tidy: bool,
    /// Everything that the journal is to hold.
    lines: Lines,
    /// How many bytes of `lines` are on disk.
    written: usize,
    /// The number of the last line.
    seq: u64,
    /// How many entries were taken from the writer, and those that were there before.
    taken: u64,
    /// The number of the last line that a snapshot includes.
    snapshot_seq: u64,
    /// How many bytes of the journal it includes.
    snapshot_bytes: usize,
    /// What has to be done before anything is written.
    steps: VecDeque<Step>,
    /// Whether there is no file yet, or only a part of what could not be written whole.
    is_new: bool,
    /// Whether the folder has names in it that may not last.
    has_unsynced_names: bool,
    moving: Option<PathBuf>,
    wanted: Option<Wanted>,
    /// How often it has failed without a success between.
    failures: u32,
    is_removed: bool,
    shared: Arc<Shared>,
    notify: Option<Notify>,
}

impl Worker {
    pub fn new(
        journals: Journals,
        key: Key,
        lock: Option<Lock>,
        start: Start,
        shared: Arc<Shared>,
        notify: Option<Notify>,
    ) -> Self {
        let mut lines = start.lines;
        if !lines.is_empty() && lines.last() != Some(&b'\n') {
            lines.push(b'\n');
        }
        Self {
            journals,
            key,
            lock,
            file: None,
            id: start.id,
            standing: start.standing,
            beginning: start.beginning,
            copy: start.copy,
            is_to_tidy: false,
            lines: Lines::new(lines),
            written: start.written,
            seq: start.last_seq,
            taken: start.last_seq,
            snapshot_seq: 0,
            snapshot_bytes: 0,
            is_new: start.written == 0,
            steps: start.steps.into(),
            has_unsynced_names: false,
            moving: None,
            wanted: None,
            failures: 0,
            is_removed: false,
            shared,
            notify,
        }
    }

    /// Does what has to be mended before there are entries, if there is something.
    pub fn mend(&mut self) {
        if !self.steps.is_empty() {
            self.attempt();
        }
    }

    pub fn run(&mut self, receiver: &Receiver<Message>) {
        let mut flushes = Vec::new();
        if self.is_copy_wanted() {
            // Nobody has looked at it since it was written.
            self.attempt();
        }
        loop {
            let message = match self.pause() {
                Some(pause) => receiver.recv_timeout(pause),
                None => receiver.recv().map_err(RecvTimeoutError::from),
            };
            match message {
                Ok(message) => {
                    self.take(message, &mut flushes);
                    // Everything that has piled up goes to disk with one sync.
                    while let Ok(message) = receiver.try_recv() {
                        self.take(message, &mut flushes);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.attempt();
            for reply in flushes.drain(..) {
                let _ = reply.send(self.shared.error());
            }
            // After the answers: a large one takes its time.
            self.write_snapshot();
            self.lines.pack(self.written);
            self.tidy();
        }
        if self.failures > 0 {
            self.attempt();
            self.write_snapshot();
        }
    }

    /// It panicked. What is pending stays in memory and is tried again after a pause, as after an error of the disk; what
    /// stands on disk is looked at again before anything is written.
    pub fn stumbled(&mut self) {
        self.file = None;
        self.failures = self.failures.saturating_add(1);
        let error = io::Error::other("the program made a mistake while it wrote; it tries again");
        self.shared.set_error(Some(self.io_error(error)));
    }

    /// How long to wait for a message before looking after the journal.
    fn pause(&self) -> Option<Duration> {
        let pace = self.journals.pace;
        match self.failures {
            0 if self.is_begun() && !self.is_removed => Some(pace.watch),
            0 => None,
            failures => Some(pace.retry.saturating_mul(1 << (failures - 1).min(16)).min(pace.longest)),
        }
    }

    fn take(&mut self, message: Message, flushes: &mut Vec<Sender<Option<Arc<JournalError>>>>) {
        match message {
            Message::Line { json, entry } => {
                self.begin_lines();
                self.seq += 1;
                self.taken += 1;
                let line = log::numbered(self.seq, &json);
                self.lines.push(line);
                self.standing.follow(&entry);
            }
            Message::Flush(reply) => flushes.push(reply),
            Message::Move { path } => {
                if self.moving.replace(path).is_some() {
                    self.shared.moves.fetch_sub(1, Ordering::AcqRel);
                }
                // Entries after it belong to where it goes.
                self.attempt();
            }
            Message::Leave { is_unsaved, reply } => {
                self.attempt();
                let _ = reply.send(self.leave(is_unsaved));
            }
            Message::Snapshot(document) => {
                // Entries do not wait for the document to be put into words.
                self.attempt();
                self.want_snapshot(&document);
            }
            Message::Retry => {}
            Message::Anew { base, reply } => {
                let begun = self.begin_anew(*base);
                self.attempt();
                let failed = self.shared.error().map(|error| self.io_error(io::Error::other(error.to_string())));
                let _ = reply.send(failed.map_or(begun, Err));
            }
            Message::Remove(reply) => {
                self.is_removed = true;
                self.file = None;
                self.copy = None;
                let removed = self.journals.remove(&self.key);
                self.lock = None;
                let _ = reply.send(removed);
            }
        }
    }

    // --- one attempt -------------------------------------------------------------------------------------------

    /// Does everything that is to be done, and tells how it went.
    fn attempt(&mut self) {
        if self.is_removed {
            return;
        }
        self.look_after();
        self.look_after_copy();
        let is_begun = self.is_begun();
        if is_begun {
            self.begin_lines();
        }
        let is_behind = self.written < self.lines.len() || self.has_unsynced_names || self.is_copy_wanted();
        if (is_begun && is_behind) || !self.steps.is_empty() || self.moving.is_some() || self.failures > 0 {
            let result = self.do_all(is_begun);
            match result {
                Ok(()) => {
                    self.failures = 0;
                    self.shared.set_error(None);
                    self.shared.synced_seq.store(self.taken, Ordering::Release);
                }
                Err(error) => {
                    // Half a line may stand there now, and a failed sync may have lost what was written before it.
                    self.file = None;
                    if self.failures == 0 {
                        tracing::error!("{error}");
                    }
                    self.failures = self.failures.saturating_add(1);
                    self.shared.set_error(Some(error));
                }
            }
            if let Some(notify) = &self.notify {
                notify();
            }
        }
    }

    /// Whether there is anything to keep: entries, or a beginning that no file holds.
    fn is_begun(&self) -> bool {
        self.seq > 0 || self.standing.lacks()
    }

    /// Whether what was synced is still there; if not, nothing is called safe until it is.
    fn look_after(&mut self) {
        if !self.is_begun() || self.written == 0 {
            return;
        }
        let (path, bytes) = (self.path(), self.written as u64);
        let is_there = match &self.file {
            Some(file) => file.is_at(&path, bytes),
            // After an error there may be more.
            None => fs::metadata(&path).is_ok_and(|metadata| metadata.is_file() && metadata.len() >= bytes),
        };
        if !is_there {
            tracing::error!("{}: the journal was removed or changed; it is written again", path.display());
            self.lose();
        }
    }

    /// Nothing of the journal is on disk any more.
    fn lose(&mut self) {
        self.file = None;
        self.written = 0;
        self.is_new = false;
        self.shared.synced_seq.store(0, Ordering::Release);
    }

    fn do_all(&mut self, is_begun: bool) -> Result<(), JournalError> {
        self.take_lock()?;
        // The copy first: the first line names it.
        let result = if is_begun { self.keep_copy() } else { Ok(()) };
        let result = result.and_then(|()| self.do_steps());
        let result = result.and_then(|()| if is_begun { self.write() } else { Ok(()) });
        result.map_err(|error| self.io_error(error))?;
        let Some(path) = self.moving.clone() else { return Ok(()) };
        let moved = self.move_to(&path);
        // Under its old name it is as good; trying for ever to get where a newer program has its own would tell for ever.
        if moved.is_ok() || self.journals.is_newer(&self.journals.key_of(&path, None)) {
            self.moving = None;
            self.shared.moves.fetch_sub(1, Ordering::AcqRel);
        }
        moved
    }

    /// The folder may have been removed, and the lock with it.
    fn take_lock(&mut self) -> Result<(), JournalError> {
        if self.lock.is_none() || !self.journals.has_lock(&self.key) {
            // A lock whose file is gone protects nothing; letting go of it later would remove the new one's.
            self.lock = None;
            let shown = self.standing.origin.path().unwrap_or(Path::new("pasted article"));
            self.lock = Some(self.journals.lock(&self.key, shown)?);
        }
        Ok(())
    }

    fn do_steps(&mut self) -> io::Result<()> {
        while let Some(step) = self.steps.front() {
            match step {
                Step::Aside { key, kept } => self.journals.set_aside(key, kept)?,
                Step::Keep { from, kept } => match fs::read(self.path()) {
                    Ok(bytes) => {
                        if let Some(rest) = bytes.get(*from..).filter(|rest| !rest.is_empty()) {
                            self.journals.disk.replace(kept, rest)?;
                        }
                        if *from > 0 {
                            let file = self.journals.disk.append(&self.path())?;
                            file.cut(*from as u64)?;
                            file.sync()?;
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                },
                Step::BeginAgain => {
                    self.journals.disk.replace(&self.path(), &self.lines.from(0))?;
                    self.written = self.lines.len();
                    self.is_new = false;
                    self.journals.disk.remove(&self.snapshot_path())?;
                }
            }
            self.steps.pop_front();
        }
        Ok(())
    }

    /// Writes the lines that are not on disk.
    fn write(&mut self) -> io::Result<()> {
        self.open()?;
        let rest = self.lines.from(self.written);
        if let Some(file) = &mut self.file
            && !rest.is_empty()
        {
            file.write_all(&rest)?;
            file.sync()?;
        }
        if self.has_unsynced_names {
            self.journals.disk.sync_folder(self.journals.folder())?;
            self.has_unsynced_names = false;
        }
        self.written = self.lines.len();
        self.is_new = false;
        Ok(())
    }

    /// Opens the journal with what is known to be in it; writes all of it again where that is not so.
    fn open(&mut self) -> io::Result<()> {
        if self.file.is_some() {
            return Ok(());
        }
        let (disk, path) = (self.journals.disk.clone(), self.path());
        self.journals.make_folder()?;
        let content = match fs::read(&path) {
            Ok(content) => Some(content),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        match content {
            Some(content) if (self.written > 0 || self.is_new) && self.is_ours(&content) => {
                let file = disk.append(&path)?;
                if content.len() > self.written {
                    file.cut(self.written as u64)?;
                }
                self.has_unsynced_names |= self.written == 0;
                self.file = Some(file);
            }
            None if self.is_new => {
                self.has_unsynced_names = true;
                self.file = Some(disk.append(&path)?);
            }
            content => {
                if content.is_some_and(|content| !self.lines.start_with(&content)) {
                    // Whose it is nobody knows.
                    self.journals.set_aside(&self.key, &self.journals.free_name(&self.key, "damaged"))?;
                }
                self.lose();
                // At once: what was called safe must not be there by half.
                disk.replace(&path, &self.lines.from(0))?;
                self.written = self.lines.len();
                self.file = Some(disk.append(&path)?);
            }
        }
        Ok(())
    }

    /// Whether this is what we wrote, and perhaps a part of what could not be written whole.
    fn is_ours(&self, content: &[u8]) -> bool {
        match self.written {
            0 => self.lines.start_with(content),
            written => self.lines.begin(content, written),
        }
    }

    // --- small things ------------------------------------------------------------------------------------------

    fn path(&self) -> PathBuf {
        self.journals.journal_path(&self.key)
    }

    fn snapshot_path(&self) -> PathBuf {
        self.journals.snapshot_path(&self.key)
    }

    fn io_error(&self, error: io::Error) -> JournalError {
        JournalError::io(&self.path(), error)
    }
}
