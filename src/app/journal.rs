//! The journal of the open document, as the window uses it.
//!
//! While the file is being written, changes wait here: the marker of the save must stand in the journal before
//! them, or a crash would take them for saved. Whoever saves lets them in, once the marker stands or there will be none;
//! so they reach the disk even if the window falls meanwhile. Adding a change never waits for the disk;
//! closing, moving to another file and beginning anew do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};

use super::data::DataDir;
use crate::edit::{Editor, History, Transaction};
use crate::model::{Document, Problem};
use crate::store::{Base, Entry, JournalError, JournalWriter, Key, Notify, Opening, Recovered};

type Entries = Vec<Entry<Transaction>>;

/// See the module.
#[derive(Default)]
pub struct SessionJournal {
    writer: Option<Arc<Mutex<JournalWriter>>>,
    waiting: Waiting,
    error: Option<String>,
}

/// Changes made while the file is being written. Locked for a moment only, and after the writer if both are.
type Waiting = Arc<Mutex<Option<Entries>>>;

/// A journal that was opened, and what was in it.
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
    /// [`JournalError::AlreadyOpen`]: another window has the document.
    pub fn open(data: &DataDir, base: Base, notify: Notify) -> Result<Self, JournalError> {
        match data.journals().and_then(|journals| journals.open(base, Some(notify))) {
            Ok(opening) => Ok(Self::from(opening)),
            Err(error @ JournalError::AlreadyOpen { .. }) => Err(error),
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

/// Lets a writing thread put the marker of a save into the journal just before the file is replaced.
pub struct SaveMarker {
    writer: Option<Arc<Mutex<JournalWriter>>>,
    waiting: Waiting,
}

impl SaveMarker {
    /// Puts the marker.
    pub fn put(&self, path: &std::path::Path, sha256: &str) {
        if let Some(writer) = &self.writer {
            let entry = Entry::<Transaction>::Saved { path: path.to_owned(), sha256: sha256.to_owned() };
            let mut writer = lock(writer);
            writer.append(&entry);
            // On disk before the file is; an error is shown by the status bar, and the file is written all the same.
            if let Err(error) = writer.flush() {
                tracing::error!(%error, "the marker of a save could not be written");
            }
            let_in(&mut writer, &self.waiting);
        }
    }
}

impl Drop for SaveMarker {
    /// Without a marker nothing was saved: what waited may go in.
    fn drop(&mut self) {
        if let Some(writer) = &self.writer {
            let_in(&mut lock(writer), &self.waiting);
        }
    }
}

/// Writes what has waited; from now on nothing waits.
fn let_in(writer: &mut JournalWriter, waiting: &Waiting) {
    for entry in locked(waiting).take().unwrap_or_default() {
        writer.append(&entry);
    }
}

fn locked(waiting: &Waiting) -> MutexGuard<'_, Option<Entries>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks at a journal from elsewhere, without keeping it.
#[derive(Clone, Debug, Default)]
pub struct JournalWatch {
    writer: Weak<Mutex<JournalWriter>>,
    waiting: Weak<Mutex<Option<Entries>>>,
}

impl JournalWatch {
    /// Whether everything is on disk; `false` also while somebody holds the journal. Never waits.
    pub fn is_safe(&self) -> bool {
        let Some(writer) = self.writer.upgrade() else { return true };
        let is_waiting = self.waiting.upgrade().is_some_and(|waiting| !is_none_now(&waiting));
        !is_waiting && try_lock(&writer).is_some_and(|writer| writer.is_synced())
    }
}

fn is_none_now(waiting: &Waiting) -> bool {
    match waiting.try_lock() {
        Ok(waiting) => waiting.is_none(),
        Err(TryLockError::Poisoned(waiting)) => waiting.into_inner().is_none(),
        Err(TryLockError::WouldBlock) => false,
    }
}

/// The writer, if nobody holds it. Somebody who panicked while holding it has not harmed it.
fn try_lock(writer: &Mutex<JournalWriter>) -> Option<MutexGuard<'_, JournalWriter>> {
    match writer.try_lock() {
        Ok(writer) => Some(writer),
        Err(TryLockError::Poisoned(writer)) => Some(writer.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

fn lock(writer: &Mutex<JournalWriter>) -> MutexGuard<'_, JournalWriter> {
    writer.lock().unwrap_or_else(PoisonError::into_inner)
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
        if let Some(waiting) = &mut *locked(&self.waiting) {
            waiting.push(entry);
            return;
        }
        if let Some(writer) = &self.writer {
            lock(writer).append(&entry);
        }
    }

    /// The file is going to be written: changes wait from now on.
    pub fn begin_saving(&mut self) -> SaveMarker {
        if self.writer.is_some() {
            locked(&self.waiting).get_or_insert_default();
        }
        SaveMarker { writer: self.writer.clone(), waiting: Arc::clone(&self.waiting) }
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
        if let Some(writer) = &self.writer {
            let_in(&mut lock(writer), &self.waiting);
        }
        moved
    }

    /// Why it cannot be written, if it cannot.
    pub fn error(&mut self) -> Option<&str> {
        // A save may hold it for a moment; the next frame asks again.
        if let Some(writer) = self.writer.as_deref().and_then(try_lock) {
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
        self.writer.is_some() && self.watch().is_safe()
    }

    /// Whether nothing is on its way to the disk.
    pub fn is_settled(&self) -> bool {
        locked(&self.waiting).is_none() && self.writer.as_ref().is_none_or(|writer| lock(writer).is_synced())
    }

    /// For those who wait for it without keeping it.
    pub fn watch(&self) -> JournalWatch {
        let writer = self.writer.as_ref().map(Arc::downgrade).unwrap_or_default();
        JournalWatch { writer, waiting: Arc::downgrade(&self.waiting) }
    }

    /// Its name in the folder of journals, and whether it holds anything.
    pub fn key(&self) -> Option<(Key, bool)> {
        let writer = lock(self.writer.as_ref()?);
        Some((writer.key().clone(), writer.last_seq() > 0))
    }

    /// Where the tests make the program panic while it holds the journal; see [`crate::panics::trap`].
    pub fn trap(&self, data: Option<&std::path::Path>) {
        let _held = self.writer.as_deref().and_then(try_lock);
        crate::panics::trap(data, "holding the journal");
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

    /// Waits until everything is on disk, before the window goes.
    pub fn close(&mut self) {
        if let Some(writer) = self.writer.take()
            && let Err(error) = lock(&writer).flush()
        {
            tracing::error!(%error, "the journal could not be finished");
        }
    }

    /// Deletes it: the user gives up what no file holds.
    pub fn discard(&mut self) {
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
    fn what_waits_for_a_save_reaches_the_disk_although_nobody_ends_it() {
        for is_put in [true, false] {
            let folder = tempfile::tempdir().expect("temporary folder");
            let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
            let schema = Arc::new(builtin("news").expect("ships").clone());
            let mut editor = Editor::new(document.clone(), schema.clone());
            let mut journal = reopen(folder.path(), &document, "opened").journal;
            journal.applied(&mark(&mut editor, (0, 4)));
            let (marker, watch, path) = (journal.begin_saving(), journal.watch(), folder.path().join("a.ron"));
            journal.applied(&mark(&mut editor, (9, 12)));
            assert!(!watch.is_safe() && !journal.is_synced(), "it waits");
            let saving = std::thread::spawn(move || {
                if is_put {
                    marker.put(&path, "never written");
                }
                panic!("expected by the test");
            });
            saving.join().expect_err("it panics");
            // The window is gone: nobody calls end_saving.
            while !watch.is_safe() {
                std::thread::yield_now();
            }
            drop(journal);
            assert!(watch.is_safe(), "nobody is to wait for a journal that is closed");
            let found = reopen(folder.path(), &document, "opened");
            let mut reopened = Editor::new(document, schema);
            let changes = restore(&mut reopened, found.recovered.expect("a journal")).expect("fits");
            assert_eq!((changes, reopened.document()), (2, editor.document()));
        }
    }

    #[test]
    fn a_mistake_of_the_journals_thread_loses_nothing() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        let schema = Arc::new(builtin("news").expect("ships").clone());
        let mut editor = Editor::new(document.clone(), schema.clone());
        let base = Base::native(&folder.path().join("a.ron"), "opened", &document);
        let calls = AtomicUsize::new(0);
        // Called on that thread after every sync.
        let notify = move || assert!(calls.fetch_add(1, Ordering::Relaxed) > 1, "expected by the test");
        let journals = Journals::in_folder(folder.path().join("journals"));
        let mut journal = Found::from(journals.open(base, Some(Box::new(notify))).expect("opens")).journal;
        for at in [(0, 4), (5, 8), (9, 12)] {
            journal.applied(&mark(&mut editor, at));
            while !journal.is_settled() {
                std::thread::yield_now();
            }
        }
        journal.close();
        let found = reopen(folder.path(), &document, "opened");
        let mut reopened = Editor::new(document, schema);
        let changes = restore(&mut reopened, found.recovered.expect("a journal")).expect("fits");
        assert_eq!((changes, reopened.document()), (3, editor.document()));
    }

    #[test]
    fn whoever_panics_with_the_journal_in_hand_does_not_harm_it() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        let mut editor = Editor::new(document.clone(), Arc::new(builtin("news").expect("ships").clone()));
        let mut journal = reopen(folder.path(), &document, "opened").journal;
        let writer = journal.writer.clone().expect("a journal");
        let holding = std::thread::spawn(move || {
            let _held = writer.lock();
            panic!("expected by the test");
        });
        holding.join().expect_err("it panics");
        journal.applied(&mark(&mut editor, (0, 4)));
        while !journal.is_settled() {
            std::thread::yield_now();
        }
        assert!(journal.is_synced() && journal.error().is_none());
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
        marker.put(&folder.path().join("a.ron"), "saved");
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
}
