//! The journal of the open document, as the window uses it.
//!
//! While the file is being written, changes wait here: the marker of the save must stand in the journal before
//! them, or a crash would take them for saved. Nothing here waits for the disk but closing, deleting and beginning anew,
//! and these for a few seconds only.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::data::DataDir;
use crate::edit::{Editor, History, Transaction};
use crate::model::{Document, Problem};
use crate::store::{Base, Entry, JournalError, JournalWriter, Key, Notify, Opening, Recovered};

type Entries = Vec<Entry<Transaction>>;

/// So long the document must stay as it is before a snapshot is made.
const STILL: Duration = Duration::from_secs(3);

/// After so many changes a snapshot is made at once.
const MANY_CHANGES: usize = 200;

/// See the module.
#[derive(Default)]
pub struct SessionJournal {
    writer: Option<Arc<JournalWriter>>,
    /// Changes made while the file is being written.
    waiting: Option<Entries>,
    /// Why there is no writer.
    missing: Option<String>,
    /// What [`Self::error`] has told last.
    error: Option<String>,
    /// Changes since the last snapshot.
    changes: usize,
    changed_at: Option<Instant>,
}

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
                let journal = SessionJournal { missing: Some(error.to_string()), ..SessionJournal::default() };
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
        let writer = Some(Arc::new(opening.writer));
        let journal = SessionJournal { writer, ..SessionJournal::default() };
        Self { journal, recovered: opening.recovered, problems: opening.problems }
    }
}

/// Lets a writing thread put the marker of a save into the journal just before the file is replaced.
pub struct SaveMarker(Option<Arc<JournalWriter>>);

impl SaveMarker {
    /// Puts the marker and waits until it is on disk, but not for ever.
    pub fn put(&self, path: &Path, sha256: &str) {
        if let Some(writer) = &self.0 {
            writer.append(&Entry::<Transaction>::Saved { path: path.to_owned(), sha256: sha256.to_owned() });
            // On disk before the file is; an error is shown by the status bar, and the file is written all the same.
            if let Err(error) = writer.flush() {
                tracing::error!(%error, "the marker of a save could not be written");
            }
        }
    }
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
        self.changes += 1;
        self.changed_at = Some(Instant::now());
        match (&mut self.waiting, &self.writer) {
            (Some(waiting), _) => waiting.push(entry),
            (None, Some(writer)) => drop(writer.append(&entry)),
            (None, None) => {}
        }
    }

    /// The file is going to be written: changes wait from now on.
    pub fn begin_saving(&mut self) -> SaveMarker {
        self.waiting.get_or_insert_default();
        SaveMarker(self.writer.clone())
    }

    /// The file was written to `path`, or not. What waited is written now, and the journal goes along to the new path;
    /// what hinders it is told by [`Self::error`].
    pub fn end_saving(&mut self, path: Option<&Path>) {
        let waiting = self.waiting.take().unwrap_or_default();
        let Some(writer) = &self.writer else { return };
        if let Some(path) = path {
            writer.move_to(path);
        }
        for entry in &waiting {
            writer.append(entry);
        }
    }

    /// Why it cannot be written now, if it cannot.
    pub fn error(&mut self) -> Option<&str> {
        let error = self.writer.as_ref().and_then(|writer| writer.error()).map(|error| error.to_string());
        self.error = error.or_else(|| self.missing.clone());
        self.error.as_deref()
    }

    /// Tries now what failed, instead of after a while.
    pub fn retry(&self) {
        if let Some(writer) = &self.writer {
            writer.retry();
        }
    }

    /// Whether everything is on disk.
    pub fn is_synced(&self) -> bool {
        self.waiting.is_none() && self.writer.as_ref().is_some_and(|writer| writer.is_synced())
    }

    /// Whether nothing is on its way to the disk.
    pub fn is_settled(&self) -> bool {
        self.waiting.is_none() && self.writer.as_ref().is_none_or(|writer| writer.is_synced())
    }

    /// A new article was made: kept from now on, although nothing is marked.
    pub fn begun(&mut self) {
        self.append(Entry::Begun);
    }

    /// How long from `now` the document has to stay as it is until [`Self::snapshot`] is due; `None`: the last one is
    /// still right, or it cannot be made.
    pub fn snapshot_due(&self, now: Instant) -> Option<Duration> {
        if self.changes == 0 || self.waiting.is_some() || self.writer.is_none() {
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
        if self.waiting.is_none()
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

    /// Waits until everything is on disk, before the window goes; a few seconds at most.
    ///
    /// # Errors
    /// Why not everything is on disk. If the disk does not answer, the writing goes on in the background as long as the
    /// program runs.
    pub fn close(&mut self) -> Result<(), Arc<JournalError>> {
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

/// Does again what a journal knows beyond the file, and takes over the history. Gives the number of changes.
///
/// Entries that a snapshot includes are not done again; they only make the history.
///
/// # Errors
/// A problem, if the journal does not fit the document.
pub fn restore(editor: &mut Editor, recovered: Recovered<Transaction>) -> Result<usize, Problem> {
    let is_change = |entry: &&Entry<Transaction>| !matches!(entry, Entry::Saved { .. } | Entry::Begun);
    let unsaved = recovered.base_changes + recovered.after.iter().filter(is_change).count();
    let is_same_text = |document: &Document| document.text() == editor.document().text();
    let before = recovered.before_saved.len();
    let (start, reached) = match recovered.reached {
        // With the text in another encoding, it is another document.
        Some(reached) if is_same_text(&reached.document) => (Some(reached.document), reached.entries),
        _ if recovered.base_changes > 0 => {
            let base = recovered.header.base_document().and_then(Result::ok).filter(is_same_text);
            (Some(base.ok_or_else(|| unfit(0, "it begins with another text"))?), before)
        }
        _ => (None, before),
    };
    let mut entries = recovered.before_saved;
    entries.extend(recovered.after);
    let rest = entries.split_off(reached.min(entries.len()));
    let mut history = History::default();
    for entry in entries {
        match entry {
            Entry::Apply(transaction) => history.push(transaction),
            Entry::Undo => history.undo(),
            Entry::Redo => history.redo(),
            Entry::Saved { .. } | Entry::Begun => {}
        }
    }
    match start {
        Some(document) => editor.take_over(document, history, unsaved > 0),
        None => editor.adopt_history(history),
    }
    let mut changes = 0;
    for entry in rest {
        let fits = match entry {
            Entry::Apply(transaction) => editor.replay(transaction).map_err(|error| error.to_string()),
            Entry::Undo => editor.undo().map(drop).ok_or_else(|| "there is nothing to undo".to_owned()),
            Entry::Redo => editor.redo().map(drop).ok_or_else(|| "there is nothing to do again".to_owned()),
            Entry::Saved { .. } | Entry::Begun => continue,
        };
        if let Err(why) = fits {
            return Err(unfit(changes, &why));
        }
        changes += 1;
    }
    Ok(unsaved)
}

fn unfit(changes: usize, why: &str) -> Problem {
    let message = format!("after {changes} changes, the record of unsaved work does not fit: {why}");
    Problem::error("journal", message, "what fits is restored")
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
#[path = "journal_faults.rs"]
mod faults;

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
        journal.close().expect("written");
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
        marker.put(&folder.path().join("a.ron"), "saved");
        drop(marker);
        journal.end_saving(Some(&folder.path().join("a.ron")));
        journal.close().expect("written");

        let found = reopen(folder.path(), &saved, "saved");
        let mut reopened = Editor::new(saved, schema);
        let changes = restore(&mut reopened, found.recovered.expect("a journal")).expect("fits");
        assert_eq!((changes, reopened.document()), (1, editor.document()));
        reopened.undo();
        reopened.undo().expect("undo reaches back before the save");
        assert_eq!(reopened.document(), &document);
    }
}
