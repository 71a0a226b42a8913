//! The journal of the open document, as the window uses it.
//!
//! Until the marker of a save stands in the journal, changes wait here: it must stand before them, or a crash would take
//! them for saved. A save that hangs before that can be given up; it then leaves the file alone. Adding a change never
//! waits for the disk; closing, moving to another file and beginning anew do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crossbeam_channel::bounded;

use super::data::DataDir;
use crate::edit::{Editor, History, Transaction};
use crate::model::{Document, Problem};
use crate::store::{Base, Entry, JournalError, JournalWriter, Key, Notify, Opening, Recovered};

/// How long the disk of the journal is waited for where something waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

type Entries = Vec<Entry<Transaction>>;

/// See the module.
#[derive(Default)]
pub struct SessionJournal {
    writer: Option<Arc<Mutex<JournalWriter>>>,
    /// Changes made while the marker of a save is not in the journal.
    waiting: Option<Entries>,
    /// How far the last save has come.
    stage: Arc<Mutex<Stage>>,
    error: Option<String>,
}

/// A journal that was opened, and what was in it; by default none at all.
#[derive(Default)]
pub struct Found {
    /// Takes entries from now on.
    pub journal: SessionJournal,
    /// What it knows beyond the file.
    pub recovered: Option<Recovered<Transaction>>,
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
                let journal = SessionJournal { error: Some(error.to_string()), ..SessionJournal::default() };
                Ok(Self { journal, recovered: None, problems: Vec::new() })
            }
        }
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
        let writer = Some(Arc::new(Mutex::new(opening.writer)));
        let journal = SessionJournal { writer, ..SessionJournal::default() };
        Self { journal, recovered: opening.recovered, problems: opening.problems }
    }
}

/// How far a save has come. The window and the writing thread agree on it, so that a save that is given up while it hangs
/// comes to nothing when it goes on at last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// The marker is not in the journal; changes wait.
    #[default]
    Begun,
    /// The marker is in the journal, and the file may be replaced at any time.
    Marked,
    /// Nobody waits any more, and the file must stay as it is.
    GivenUp,
}

/// Lets a writing thread put the marker of a save into the journal just before the file is replaced.
pub struct SaveMarker {
    /// Weak, so that a save that hangs does not keep the journal of a closed document open.
    writer: Weak<Mutex<JournalWriter>>,
    stage: Arc<Mutex<Stage>>,
}

impl SaveMarker {
    /// Puts the marker. False if the save was given up: then the file must not be replaced.
    #[must_use]
    pub fn put(&self, path: &std::path::Path, sha256: &str) -> bool {
        let written = {
            let mut stage = lock(&self.stage);
            if *stage == Stage::GivenUp {
                return false;
            }
            *stage = Stage::Marked;
            self.writer.upgrade().map(|writer| {
                let entry = Entry::<Transaction>::Saved { path: path.to_owned(), sha256: sha256.to_owned() };
                let mut writer = lock(&writer);
                writer.append(&entry);
                writer.request_flush()
            })
        };
        // On disk before the file is; an error is shown by the strip above the article, and the file is written all the
        // same. The window may append meanwhile.
        if written.is_some_and(|written| written.recv_timeout(PATIENCE).is_err()) {
            tracing::error!("the marker of a save was not written in time");
        }
        true
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SessionJournal {
    /// A change was made.
    pub fn applied(&mut self, transaction: &Transaction) {
        self.append(Entry::Apply(transaction.clone()));
    }

    /// A change was taken back (`is_undo`) or done again.
    pub fn stepped(&mut self, is_undo: bool) {
        self.append(if is_undo { Entry::Undo } else { Entry::Redo });
    }

    fn append(&mut self, entry: Entry<Transaction>) {
        if *lock(&self.stage) != Stage::Begun {
            self.release();
        }
        match (&mut self.waiting, &self.writer) {
            (Some(waiting), _) => waiting.push(entry),
            (None, Some(writer)) => drop(lock(writer).append(&entry)),
            (None, None) => {}
        }
    }

    /// Writes what waited for a marker.
    fn release(&mut self) {
        for entry in self.waiting.take().unwrap_or_default() {
            if let Some(writer) = &self.writer {
                lock(writer).append(&entry);
            }
        }
    }

    /// The file is going to be written: changes wait until the marker of that stands in the journal. A save that is under
    /// way still is given up.
    pub fn begin_saving(&mut self) -> SaveMarker {
        self.give_up_saving();
        self.waiting = Some(Entries::new());
        self.stage = Arc::default();
        let writer = self.writer.as_ref().map(Arc::downgrade).unwrap_or_default();
        SaveMarker { writer, stage: Arc::clone(&self.stage) }
    }

    /// The file was written to `path`, or not. What waited is written now.
    ///
    /// # Errors
    /// [`JournalError`] if the journal cannot go along to the new path.
    pub fn end_saving(&mut self, path: Option<&std::path::Path>) -> Result<(), JournalError> {
        let moved = match (path, &self.writer) {
            (Some(path), Some(writer)) if lock(writer).key() != &Key::of_path(path) => lock(writer).move_to(path),
            _ => Ok(()),
        };
        if path.is_none() && self.waiting.is_some() && *lock(&self.stage) == Stage::Marked {
            self.release();
            // The marker says what did not come to pass.
            self.append(Entry::Begun);
        }
        self.release();
        moved
    }

    /// The save hangs, and nobody waits for it any more: changes are kept in the journal again. True if the file will
    /// stay as it is, false if it may still be replaced at any time.
    pub fn give_up_saving(&mut self) -> bool {
        let is_given_up = {
            let mut stage = lock(&self.stage);
            if self.waiting.is_some() && *stage == Stage::Begun {
                *stage = Stage::GivenUp;
            }
            *stage == Stage::GivenUp
        };
        self.release();
        is_given_up
    }

    /// The name of the journal, if there is one.
    pub fn key(&self) -> Option<Key> {
        self.writer.as_ref().map(|writer| lock(writer).key().clone())
    }

    /// Whether there is none: it could not be opened, or the document is only read.
    pub fn is_missing(&self) -> bool {
        self.writer.is_none()
    }

    /// Tries at once to write what could not be written.
    pub fn try_again(&self) {
        if let Some(writer) = &self.writer {
            lock(writer).request_flush();
        }
    }

    /// Why it cannot be written, if it cannot.
    pub fn error(&mut self) -> Option<&str> {
        // A save may hold it for a moment; the next frame asks again.
        if let Some(Ok(writer)) = self.writer.as_ref().map(|writer| writer.try_lock()) {
            if let Some(error) = writer.take_error() {
                self.error = Some(error.to_string());
            } else if writer.is_synced() && writer.last_seq() > 0 {
                self.error = None;
            }
        }
        self.error.as_deref()
    }

    /// Whether everything is on disk.
    pub fn is_synced(&self) -> bool {
        self.waiting.is_none()
            && self.writer.as_ref().is_some_and(|writer| writer.try_lock().is_ok_and(|writer| writer.is_synced()))
    }

    /// Whether nothing is on its way to the disk.
    pub fn is_settled(&self) -> bool {
        self.waiting.is_none() && self.writer.as_ref().is_none_or(|writer| lock(writer).is_synced())
    }

    /// A new article was made: kept from now on, although nothing is marked.
    pub fn begun(&mut self) {
        self.append(Entry::Begun);
    }

    /// Sets the entries aside because they do not fit and begins anew with `document`. Gives the name under which
    /// the old journal is kept.
    ///
    /// # Errors
    /// [`JournalError`]; there is then no journal, and the status bar says so.
    pub fn begin_anew(
        &mut self,
        data: &DataDir,
        base: Base,
        notify: Notify,
    ) -> Result<std::path::PathBuf, JournalError> {
        let Some(writer) = self.writer.take().and_then(Arc::into_inner) else {
            return Err(JournalError::NoDataFolder);
        };
        let writer = writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        let begun = data.journals().and_then(|journals| journals.begin_anew(writer, base, Some(notify)));
        begun
            .map(|(writer, kept)| {
                self.writer = Some(Arc::new(Mutex::new(writer)));
                kept
            })
            .inspect_err(|error| self.error = Some(error.to_string()))
    }

    /// Waits until everything is on disk, before the window goes; not for ever, should the disk hang. A save that hangs
    /// leaves the file as it is.
    pub fn close(&mut self) {
        self.give_up_saving();
        let Some(writer) = self.writer.take() else { return };
        let (done, closed) = bounded(1);
        let close = move || {
            if let Err(error) = lock(&writer).flush() {
                tracing::error!(%error, "the journal could not be finished");
            }
            drop(writer);
            let _ = done.send(());
        };
        // Without a thread it was dropped, and waits for its own.
        let is_closing = std::thread::Builder::new().name("closing the journal".into()).spawn(close).is_ok();
        if is_closing && closed.recv_timeout(PATIENCE).is_err() {
            tracing::error!("the journal was not finished in time");
        }
    }

    /// Deletes it: the user gives up what no file holds.
    pub fn discard(&mut self) {
        self.give_up_saving();
        let Some(writer) = self.writer.take().and_then(Arc::into_inner) else { return };
        if let Err(error) = writer.into_inner().unwrap_or_else(PoisonError::into_inner).discard() {
            tracing::error!(%error, "the journal could not be deleted");
        }
    }
}

/// Does again what a journal knows beyond the file, and takes over the history. Gives the number of changes.
///
/// # Errors
/// A problem, if the journal does not fit the document.
pub fn restore(editor: &mut Editor, recovered: Recovered<Transaction>) -> Result<usize, Problem> {
    let mut history = History::default();
    for entry in recovered.before_saved {
        match entry {
            Entry::Apply(transaction) => history.push(transaction),
            Entry::Undo => history.undo(),
            Entry::Redo => history.redo(),
            Entry::Saved { .. } | Entry::Begun => {}
        }
    }
    editor.adopt_history(history);
    let mut changes = 0;
    for entry in recovered.after {
        let fits = match entry {
            Entry::Apply(transaction) => editor.replay(transaction).map_err(|error| error.to_string()),
            Entry::Undo => editor.undo().map(drop).ok_or_else(|| "there is nothing to undo".to_owned()),
            Entry::Redo => editor.redo().map(drop).ok_or_else(|| "there is nothing to do again".to_owned()),
            Entry::Saved { .. } | Entry::Begun => continue,
        };
        if let Err(why) = fits {
            let message = format!("after {changes} changes, the record of unsaved work does not fit: {why}");
            return Err(Problem::error("journal", message, "what fits is restored"));
        }
        changes += 1;
    }
    Ok(changes)
}

/// The document that a journal began with, if all its entries are to be done again: as it was read then, whatever the
/// file looks like now.
pub fn base_document(recovered: &Recovered<Transaction>) -> Option<Document> {
    if !recovered.before_saved.is_empty() {
        return None;
    }
    recovered.header.base_document()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Intent;
    use crate::model::Header;
    use crate::model::schema::builtin;
    use crate::model::test_support::spans;
    use crate::store::Journals;
    use crate::text::Text;

    fn mark(editor: &mut Editor, at: (u32, u32)) -> Transaction {
        let intent = Intent::AddMention { label: "Person".into(), spans: spans(&[at]) };
        editor.execute(&intent).expect("legal").transaction.expect("changed")
    }

    fn reopen(folder: &std::path::Path, document: &Document, sha256: &str) -> Found {
        let base = Base::native(&folder.join("a.ron"), sha256, document);
        Found::from(Journals::in_folder(folder.join("journals")).open(base, None).expect("opens"))
    }

    /// What a journal holds after these entries, done again on a fresh document.
    fn replayed(entries: &[Entry<Transaction>]) -> Editor {
        use crate::edit::test_support::editor;
        let folder = tempfile::tempdir().expect("temporary folder");
        let mut fresh = editor();
        let journal = reopen(folder.path(), fresh.document(), "opened").journal;
        let mut journal = journal;
        for entry in entries {
            journal.append(entry.clone());
        }
        journal.close();
        let found = reopen(folder.path(), fresh.document(), "opened");
        if let Some(recovered) = found.recovered {
            restore(&mut fresh, recovered).expect("fits");
        }
        fresh
    }

    #[test]
    fn a_program_killed_anywhere_in_a_group_comes_back_with_the_same_history() {
        use crate::edit::test_support::editor;
        let mut editor = editor();
        let mut entries: Vec<Entry<Transaction>> = Vec::new();
        let mut states: Vec<(Document, History)> = Vec::new();
        let mut note = |entry: Entry<Transaction>, editor: &Editor| {
            entries.push(entry);
            states.push((editor.document().clone(), editor.history().clone()));
        };
        let intents = |start: u32| {
            [(0, 4), (9, 12), (16, 21)].map(|(from, to)| {
                let label = if start == 0 { "Person" } else { "Organization" };
                Intent::AddMention { label: label.into(), spans: spans(&[(from, to)]) }
            })
        };
        for round in 0..2 {
            let group = editor.new_group();
            for intent in intents(round) {
                let done = editor.execute_in(&intent, Some(group)).expect("legal");
                note(Entry::Apply(done.transaction.expect("changed")), &editor);
            }
        }
        for _ in 0..2 {
            editor.undo().expect("a group");
            note(Entry::Undo, &editor);
        }
        editor.redo().expect("a group");
        note(Entry::Redo, &editor);
        let last = editor.execute(&Intent::SetDocumentNote("x".into())).expect("legal");
        note(Entry::Apply(last.transaction.expect("changed")), &editor);
        assert_eq!(editor.history().done().len(), 4);

        for count in 1..=entries.len() {
            let mut again = replayed(&entries[..count]);
            let (document, history) = &states[count - 1];
            assert_eq!((again.document(), again.history()), (document, history), "after {count} entries");
            // A new group of the program that goes on is not taken for an old one.
            let group = again.new_group();
            let seen = history.done().iter().chain(history.undone());
            assert!(seen.into_iter().all(|transaction| transaction.group != Some(group)));
        }
    }

    #[test]
    fn journals_from_before_groups_are_read() {
        let old = r#"{"Apply":{"title":"Mark Person","at":"2026-01-01T00:00:00Z","ops":[]}}"#;
        let entry: Entry<Transaction> = serde_json::from_str(old).expect("readable");
        assert!(matches!(entry, Entry::Apply(Transaction { group: None, .. })));
        assert_eq!(serde_json::to_string(&entry).expect("writable"), old, "and a step of its own is written as before");
    }

    #[test]
    fn a_change_made_while_the_file_is_written_is_recovered() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        let schema = Arc::new(builtin("news").expect("ships").clone());
        let mut editor = Editor::new(document.clone(), schema.clone());

        let mut journal = reopen(folder.path(), &document, "opened").journal;
        journal.applied(&mark(&mut editor, (0, 4)));
        let saved = editor.document().clone();
        let marker = journal.begin_saving();
        journal.applied(&mark(&mut editor, (9, 12)));
        assert!(marker.put(&folder.path().join("a.ron"), "saved"));
        drop(marker);
        journal.end_saving(Some(&folder.path().join("a.ron"))).expect("same path");
        journal.close();

        let found = reopen(folder.path(), &saved, "saved");
        let mut reopened = Editor::new(saved, schema);
        let changes = restore(&mut reopened, found.recovered.expect("a journal")).expect("fits");
        assert_eq!((changes, reopened.document()), (1, editor.document()));
        reopened.undo();
        reopened.undo().expect("undo reaches back before the save");
        assert_eq!(reopened.document(), &document);
    }

    /// A network folder may hang before the marker or after it; nothing that is done meanwhile is kept out of the journal.
    #[test]
    fn what_is_done_while_a_save_hangs_is_in_the_journal() {
        for is_marked in [false, true] {
            let folder = tempfile::tempdir().expect("temporary folder");
            let file = folder.path().join("a.ron");
            let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
            let schema = Arc::new(builtin("news").expect("ships").clone());
            let mut editor = Editor::new(document.clone(), schema.clone());
            let mut journal = reopen(folder.path(), &document, "opened").journal;
            journal.applied(&mark(&mut editor, (0, 4)));
            let saved = editor.document().clone();
            let marker = journal.begin_saving();
            if is_marked {
                assert!(marker.put(&file, "saved"));
            }
            assert_eq!(journal.give_up_saving(), !is_marked);
            journal.applied(&mark(&mut editor, (9, 12)));
            // It goes on at last; where it was given up, the file must stay as it is.
            assert!(is_marked || !marker.put(&file, "saved"));
            journal.close();
            // The journal is free, although the save still has its marker.
            for (sha256, base) in [("opened", &document), ("saved", &saved)] {
                if sha256 == "opened" || is_marked {
                    let found = reopen(folder.path(), base, sha256);
                    let mut reopened = Editor::new(base.clone(), schema.clone());
                    restore(&mut reopened, found.recovered.expect("a journal")).expect("fits");
                    assert_eq!(reopened.document(), editor.document(), "marked: {is_marked}, file: {sha256}");
                }
            }
        }
    }

    #[test]
    fn a_second_save_gives_up_the_first() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        let mut journal = reopen(folder.path(), &document, "opened").journal;
        let first = journal.begin_saving();
        let second = journal.begin_saving();
        assert!(!first.put(&folder.path().join("a.ron"), "one") && second.put(&folder.path().join("b.ron"), "two"));
    }
}
