use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::edit::{Editor, Intent, LabelKind, SchemaStep};
use crate::model::schema::builtin;
use crate::model::test_support::{mention, spans};
use crate::model::{Header, Id, Schema, SchemaRef, Status};
use crate::store::disk::tests::Faults;
use crate::store::disk::{Gate, Operation as Step, Verdict};
use crate::store::{
    Base, Entry, OnDisk, OpenOptions, Opening, Pace, Recovered, SaveOptions, open_path, restore, save, save_on,
    sha256_of,
};
use crate::text::Text;

const TEXT: &str = "Anna met Bob in Paris and Éva in Zürich 😀, said Carl to Dora.";

/// A small schema: it is read and written often here.
pub(super) fn news() -> Schema {
    let mut schema = Schema::empty("news", 1);
    schema.mentions = builtin("news").expect("ships").mentions.clone();
    schema.mentions.retain(|known| ["Person", "Country"].contains(&known.label.as_str()));
    schema.mentions.iter_mut().for_each(|known| known.attributes.clear());
    schema
}

pub(super) fn pace() -> Pace {
    let short = Duration::from_millis(2);
    Pace { retry: short, longest: short, watch: Duration::from_secs(60), patience: Duration::from_secs(5) }
}

/// The disk, without waiting for it: here no power fails.
pub(super) fn quick() -> Disk {
    Disk::behind(Arc::new(Faults::default()))
}

/// A folder with documents in which Anna and Bob are marked as `Person`.
pub(super) struct Folder(pub tempfile::TempDir);

impl Folder {
    pub fn new(documents: usize) -> Self {
        let folder = Self(tempfile::tempdir().expect("temporary folder"));
        fs::create_dir_all(folder.root().join("annotations/anna")).expect("writable");
        for n in 0..documents {
            folder.save(n, &document(n));
        }
        fs::write(folder.root().join("schema.ron"), news().to_ron()).expect("writable");
        folder
    }

    pub fn root(&self) -> PathBuf {
        self.0.path().canonicalize().expect("there")
    }

    pub fn path(&self, n: usize) -> PathBuf {
        self.root().join(relative(n))
    }

    pub fn save(&self, n: usize, document: &Document) {
        save_on(&quick(), document, &self.path(n), &SaveOptions::over(OnDisk::Any), |_| true).expect("writable");
    }

    pub fn read(&self, n: usize) -> Document {
        open_path(&self.path(n), &OpenOptions::default()).expect("opens").document
    }

    /// Reads, changes and saves, as another program would.
    pub fn edit(&self, n: usize, change: impl FnOnce(&mut Editor)) {
        let mut editor = Editor::new(self.read(n), Arc::new(news()));
        change(&mut editor);
        self.save(n, editor.document());
    }

    pub fn journals(&self, disk: Disk) -> Journals {
        Journals::on(disk, pace(), self.root().join(".manicule/journals"))
    }

    pub fn operations(&self, disk: Disk) -> Operations {
        let folder = self.root().join(".manicule/operations");
        Operations::in_folder(folder, self.root(), disk.clone()).with_journals(self.journals(disk))
    }

    pub fn here(&self) -> Operations {
        self.operations(quick())
    }

    /// The journal of a document, opened as a window does.
    pub fn open_journal(&self, n: usize) -> Opening<Transaction> {
        let opened = open_path(&self.path(n), &OpenOptions::default()).expect("opens");
        let base = Base::native(&self.path(n), &opened.sha256, &opened.document);
        self.journals(quick()).open(base, None).expect("free")
    }

    /// The document with what its journal knows, and whether anything is unsaved.
    pub fn reopened(&self, n: usize) -> (Editor, bool) {
        let mut editor = Editor::new(self.read(n), Arc::new(news())).with_clock(|| "2026-01-01T00:00:00Z".into());
        let recovered = self.open_journal(n).recovered;
        let unsaved = recovered.as_ref().is_some_and(Recovered::has_unsaved);
        if let Some(recovered) = recovered {
            restore(&mut editor, recovered).expect("fits");
        }
        (editor, unsaved)
    }

    /// Works in a window: an intention that is in the journal, and saved or not.
    pub fn work(&self, n: usize, intent: &Intent, is_saved: bool) {
        let (mut editor, _) = self.reopened(n);
        let writer = self.open_journal(n).writer;
        let done = editor.execute(intent).expect("fits").transaction.expect("changes");
        writer.append(&Entry::Apply(&*done));
        if is_saved {
            let marker = |sha256: &str| Entry::<Transaction>::Saved { path: self.path(n), sha256: sha256.into() };
            let put = |sha256: &str| writer.append(&marker(sha256)) > 0;
            let options = SaveOptions::over(OnDisk::Any);
            let saved = save_on(&quick(), editor.document(), &self.path(n), &options, put).expect("writable");
            writer.append(&marker(&saved.sha256));
        }
        writer.flush().expect("writable");
    }

    /// Every file with its content, but those of the program's own state and what a killed save left, which the next process
    /// removes.
    pub fn contents(&self) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        let mut folders = vec![self.root()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("there").flatten() {
                let path = entry.path();
                if path.is_dir() && !path.ends_with(".manicule") {
                    folders.push(path);
                } else if path.is_file() && !entry.file_name().to_string_lossy().starts_with(".manicule-") {
                    let name = path.strip_prefix(self.root()).expect("inside").to_owned();
                    found.push((name, fs::read_to_string(&path).expect("text")));
                }
            }
        }
        found.sort();
        found
    }
}

pub(super) fn relative(n: usize) -> PathBuf {
    PathBuf::from(format!("annotations/anna/{n:04}.ron"))
}

fn relatives(documents: usize) -> Vec<PathBuf> {
    (0..documents).map(relative).collect()
}

pub(super) fn document(n: usize) -> Document {
    let schema = SchemaRef { name: "news".into(), version: 1 };
    let mut header = Header { schema, status: Status::InProgress, ..Header::default() };
    header.metadata.id = n.to_string();
    let mentions = [mention("m1", "Person", &[(0, 4)]), mention("m2", "Person", &[(9, 12)])];
    Document::with_annotations(Text::new(TEXT).expect("short"), header, [], mentions, [], [], [])
}

pub(super) fn mark(label: &str, at: (u32, u32)) -> Intent {
    Intent::AddMention { label: label.into(), spans: spans(&[at]) }
}

/// Renaming Person to Human, with the schema's file.
pub(super) struct Renaming {
    pub operation: Operation,
    pub replacement: Replacement,
    migration: crate::edit::Migration,
}

pub(super) fn renaming() -> Renaming {
    let step = SchemaStep::Rename { of: LabelKind::Mention, from: "Person".into(), to: "Human".into() };
    let change = SchemaChange { steps: vec![step] };
    let migration = change.on(&news()).expect("fits");
    let (before, after) = (news().to_ron(), migration.schema().to_ron());
    let replacement =
        Replacement { path: "schema.ron".into(), before: Some(before.clone()), after: Some(after.clone()) };
    let operation = Operation {
        title: migration.title().to_owned(),
        made_at: "2026-01-01T00:00:00Z".into(),
        by: Some("anna".into()),
        kind: OperationKind::SchemaChange { change, before, after },
    };
    Renaming { operation, replacement, migration }
}

impl Renaming {
    pub fn plan(&self) -> impl Fn(&Path, &Document) -> Option<Transaction> {
        let Operation { made_at, by, .. } = &self.operation;
        |_, document: &Document| self.migration.plan(document, made_at, by.as_deref()).transaction
    }

    pub fn begin(&self, operations: &Operations, documents: usize) -> Result<OperationId, OperationError> {
        let (plan, paths) = (self.plan(), relatives(documents));
        let planned = operations.plan(&paths, &plan);
        operations.begin(&self.operation, planned, std::slice::from_ref(&self.replacement), &mut |_| true)
    }
}

pub(super) fn run(operations: &Operations, id: &OperationId) -> Outcome {
    operations.run(id, None, &mut |_| true).expect("runs")
}

pub(super) fn labels(document: &Document) -> Vec<&str> {
    document.mentions().values().map(|m| m.label.as_str()).collect()
}

#[test]
fn an_operation_changes_all_files_and_is_taken_back_to_the_same_bytes() {
    let folder = Folder::new(3);
    let before = folder.contents();
    let operations = folder.here();
    let id = renaming().begin(&operations, 3).expect("begins");
    assert_eq!(folder.contents(), before, "nothing has changed yet");
    assert_eq!(operations.unfinished().expect("readable"), std::slice::from_ref(&id));
    let outcome = run(&operations, &id);
    assert_eq!((outcome.is_finished, outcome.changed, outcome.left.len()), (true, 3, 0));
    for n in 0..3 {
        assert_eq!((labels(&folder.read(n)), folder.read(n).header().schema.version), (vec!["Human"; 2], 2));
        let bytes = fs::read(folder.path(n)).expect("there");
        let again = save(&folder.read(n), &folder.path(n), &SaveOptions::over(OnDisk::Any)).expect("writable");
        assert_eq!((again.written, again.sha256), (false, sha256_of(&bytes)), "as a window writes it");
    }
    assert!(fs::read_to_string(folder.root().join("schema.ron")).expect("there").contains("\"Human\""));
    assert!(operations.unfinished().expect("readable").is_empty());
    let undo = operations.begin_undo(&id, "", None, &mut |_| true).expect("begins");
    assert_eq!(run(&operations, &undo).changed, 3);
    assert_eq!(folder.contents(), before);
    let list = operations.list().expect("readable");
    assert_eq!((list.len(), list[0].undone_by.as_ref(), list[0].files), (2, Some(&undo), 3));
    let redo = operations.begin_undo(&undo, "", None, &mut |_| true).expect("begins");
    run(&operations, &redo);
    assert_eq!(labels(&folder.read(1)), ["Human"; 2]);
    assert_eq!(operations.list().expect("readable")[2].operation.title, "Do again “Rename Person to Human”");
    operations.forget(&id).expect("finished");
    assert_eq!(operations.list().expect("readable").len(), 2);
    // Nothing but records and notes is left behind.
    let left: Vec<_> = fs::read_dir(folder.root().join(".manicule/operations")).expect("there").flatten().collect();
    assert_eq!(left.len(), 4);
    assert_eq!(
        fs::read_dir(folder.root().join(".manicule/journals")).expect("there").count(),
        0,
        "no locks, no journals"
    );
}

#[test]
fn what_was_edited_since_stays_when_an_operation_is_taken_back() {
    let folder = Folder::new(2);
    let operations = folder.here();
    let id = renaming().begin(&operations, 2).expect("begins");
    run(&operations, &id);
    folder.edit(0, |editor| {
        editor.execute(&Intent::SetNote { id: "m1".into(), note: "look".into() }).expect("there");
        editor.execute(&Intent::Relabel { id: "m2".into(), label: "Country".into() }).expect("there");
    });
    let undo = operations.begin_undo(&id, "", None, &mut |_| true).expect("begins");
    let outcome = run(&operations, &undo);
    assert_eq!((outcome.changed, outcome.left_alone), (2, 1));
    let edited = folder.read(0);
    assert_eq!(labels(&edited), ["Person", "Country"]);
    assert_eq!(edited.mentions()[&Id::from("m1")].note.as_deref(), Some("look"));
    assert_eq!(labels(&folder.read(1)), ["Person"; 2]);
}

#[test]
fn a_document_that_changes_before_its_turn_is_planned_again_and_taken_back_as_it_was() {
    let folder = Folder::new(2);
    let operations = folder.here();
    let id = renaming().begin(&operations, 2).expect("begins");
    folder.edit(0, |editor| drop(editor.execute(&mark("Person", (26, 30))).expect("fits")));
    let edited = folder.contents();
    let outcome = run(&operations, &id);
    assert_eq!((outcome.changed, labels(&folder.read(0))), (2, vec!["Human"; 3]));
    let undo = operations.begin_undo(&id, "", None, &mut |_| true).expect("begins");
    run(&operations, &undo);
    assert_eq!(folder.contents(), edited);
}

#[test]
fn a_batch_is_done_where_it_still_fits() {
    let folder = Folder::new(2);
    let operations = folder.here();
    let plan = |_: &Path, document: &Document| {
        let mut editor = Editor::new(document.clone(), Arc::new(news()));
        let done = editor.execute(&Intent::Delete { ids: vec!["m1".into(), "m2".into()] }).ok()?;
        done.transaction.map(|transaction| (*transaction).clone())
    };
    let kind = OperationKind::Batch;
    let operation = Operation { title: "Delete two".into(), made_at: String::new(), by: None, kind };
    let paths = relatives(2);
    let planned = operations.plan(&paths, &plan);
    let id = operations.begin(&operation, planned, &[], &mut |_| true).expect("begins");
    folder
        .edit(0, |editor| drop(editor.execute(&Intent::SetNote { id: "m1".into(), note: "x".into() }).expect("there")));
    let outcome = run(&operations, &id);
    assert_eq!((outcome.changed, outcome.left_alone), (2, 1));
    assert_eq!((labels(&folder.read(0)).len(), labels(&folder.read(1)).len()), (1, 0));
}

#[test]
fn a_broken_file_is_left_and_done_when_it_is_mended() {
    let folder = Folder::new(3);
    let whole = fs::read_to_string(folder.path(1)).expect("there");
    let conflict = format!("<<<<<<< HEAD\n{whole}=======\n{whole}>>>>>>> theirs\n");
    fs::write(folder.path(1), &conflict).expect("writable");
    let operations = folder.here();
    let renaming = renaming();
    let plan = renaming.plan();
    let mut planned = Vec::new();
    let take = &mut |one| {
        planned.push(one);
        Ok(())
    };
    operations.plan(&relatives(3), &plan)(take).expect("nobody stops it");
    assert!(planned[1].unread().is_some_and(|left| left.to_string().contains("merge conflict")), "{:?}", planned[1]);
    let files = |take: &mut Take<'_>| planned.into_iter().try_for_each(take);
    let id = operations.begin(&renaming.operation, files, &[], &mut |_| true).expect("begins");
    let outcome = run(&operations, &id);
    assert_eq!((outcome.is_finished, outcome.changed), (true, 2));
    assert_eq!(outcome.left.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>(), [relative(1)]);
    assert_eq!(operations.left(&id).expect("readable"), outcome.left);
    assert_eq!(fs::read_to_string(folder.path(1)).expect("there"), conflict, "untouched");
    fs::write(folder.path(1), &whole).expect("writable");
    let outcome = run(&operations, &id);
    assert_eq!((outcome.changed, outcome.left.len(), labels(&folder.read(1))), (3, 0, vec!["Human"; 2]));
    assert!(operations.left(&id).expect("readable").is_empty());
}

#[test]
fn a_schema_file_that_somebody_changed_is_not_written_over() {
    let folder = Folder::new(1);
    let operations = folder.here();
    let id = renaming().begin(&operations, 1).expect("begins");
    let schema = folder.root().join("schema.ron");
    fs::write(&schema, "theirs").expect("writable");
    let outcome = run(&operations, &id);
    assert_eq!(outcome.left, [(PathBuf::from("schema.ron"), Left::Changed)]);
    assert_eq!(fs::read_to_string(schema).expect("there"), "theirs");
}

#[test]
fn a_document_that_is_open_in_a_window_is_left_to_that() {
    let folder = Folder::new(2);
    let operations = folder.here();
    let window = folder.open_journal(0);
    let id = renaming().begin(&operations, 2).expect("begins");
    let outcome = run(&operations, &id);
    assert_eq!(outcome.left, [(relative(0), Left::Busy { is_here: true })]);
    // The window does its part on what it shows.
    let mut shown = Editor::new(folder.read(0), Arc::new(news()));
    shown.execute(&mark("Person", (26, 30))).expect("fits");
    let plan = operations.planned_here(&id, &relative(0), shown.document(), None).expect("readable");
    let transaction = plan.expect("can be planned").expect("something to do");
    shown.replay(transaction.clone()).expect("fits");
    assert_eq!(labels(shown.document()), ["Human"; 3]);
    operations.settle(&id, &relative(0), Some(&transaction)).expect("writable");
    assert!(operations.left(&id).expect("readable").is_empty());
    drop(window);
    folder.save(0, shown.document());
    let undo = operations.begin_undo(&id, "", None, &mut |_| true).expect("begins");
    run(&operations, &undo);
    assert_eq!(labels(&folder.read(0)), ["Person"; 3]);
}

#[test]
fn undo_in_a_window_reaches_back_before_an_operation() {
    let folder = Folder::new(1);
    folder.work(0, &mark("Person", (26, 30)), true);
    let operations = folder.here();
    let id = renaming().begin(&operations, 1).expect("begins");
    assert_eq!(run(&operations, &id).changed, 1);
    let (mut editor, is_unsaved) = folder.reopened(0);
    assert!(!is_unsaved);
    assert_eq!((editor.document(), labels(editor.document())), (&folder.read(0), vec!["Human"; 3]));
    assert_eq!(editor.history().undo_title(), Some("Rename Person to Human"));
    editor.undo().expect("can be undone");
    assert_eq!(labels(editor.document()), ["Person"; 3]);
    editor.undo().expect("can be undone");
    assert_eq!(labels(editor.document()), ["Person"; 2]);
}

#[test]
fn unsaved_work_is_changed_too_and_saved_with_it() {
    let folder = Folder::new(1);
    folder.work(0, &mark("Person", (26, 30)), true);
    folder.work(0, &mark("Person", (33, 39)), false);
    assert_eq!((labels(&folder.read(0)).len(), folder.reopened(0).1), (3, true));
    let operations = folder.here();
    let id = renaming().begin(&operations, 1).expect("begins");
    assert_eq!(run(&operations, &id).changed, 1);
    assert_eq!(labels(&folder.read(0)), ["Human"; 4]);
    let (mut editor, is_unsaved) = folder.reopened(0);
    assert!(!is_unsaved && editor.document() == &folder.read(0));
    for left in [4, 3, 2] {
        editor.undo().expect("can be undone");
        assert_eq!(labels(editor.document()), vec!["Person"; left]);
    }
}

#[test]
fn a_journal_that_another_program_overtook_goes_aside_but_not_its_unsaved_work() {
    let folder = Folder::new(2);
    folder.work(0, &mark("Person", (26, 30)), true);
    folder.work(1, &mark("Person", (26, 30)), false);
    // Another program brings other versions, of which the journals know nothing.
    for n in 0..2 {
        let mut theirs = document(n);
        theirs.header.note = Some("theirs".into());
        folder.save(n, &theirs);
    }
    let operations = folder.here();
    let id = renaming().begin(&operations, 2).expect("begins");
    let outcome = run(&operations, &id);
    assert_eq!((outcome.changed, outcome.left.len()), (1, 1));
    assert!(matches!(&outcome.left[0], (path, Left::Unfit(_)) if *path == relative(1)));
    assert_eq!(labels(&folder.read(0)), ["Human"; 2]);
    let (editor, is_unsaved) = folder.reopened(0);
    assert!(!is_unsaved && editor.history().undo_title() == Some("Rename Person to Human"));
    let diverged = folder.open_journal(1).diverged.expect("still there");
    assert!(diverged.has_unsaved());
}

#[test]
fn what_never_began_is_removed_and_two_are_not_run_at_once() {
    let folder = Folder::new(2);
    let operations = folder.here();
    let seen = Cell::new(0);
    let renaming = renaming();
    let (plan, paths) = (renaming.plan(), relatives(2));
    let planned = operations.plan(&paths, &plan);
    let cancelled = operations.begin(&renaming.operation, planned, &[], &mut |n| {
        seen.set(n);
        n < 2
    });
    assert!(matches!(cancelled, Err(OperationError::Cancelled)) && seen.get() == 2);
    let records = folder.root().join(".manicule/operations");
    assert_eq!(fs::read_dir(&records).expect("there").count(), 0);
    let id = renaming.begin(&operations, 2).expect("begins");
    assert!(
        matches!(renaming.begin(&operations, 2), Err(OperationError::Unfinished { title, .. }) if title.contains("Human"))
    );
    // A killed program leaves half a record, under one name or the other.
    let path = operations.record_path(&id);
    let bytes = fs::read(&path).expect("there");
    for cut in [0, 10, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&path, &bytes[..cut]).expect("writable");
        fs::write(path.with_extension("part"), &bytes[..cut]).expect("writable");
        assert!(operations.unfinished().expect("readable").is_empty(), "{cut}");
        assert_eq!(fs::read_dir(&records).expect("there").count(), 0, "{cut}");
    }
    let mut altered = bytes.clone();
    altered[bytes.len() / 3] ^= 1;
    fs::write(&path, &altered).expect("writable");
    assert!(operations.unfinished().expect("readable").is_empty());
    fs::write(&path, &bytes).expect("writable");
    assert_eq!(operations.unfinished().expect("readable"), [id]);
}

#[test]
fn what_is_old_is_forgotten_but_not_what_can_be_taken_back_or_is_not_finished() {
    let folder = Folder::new(1);
    let operations = folder.here();
    let batch = || {
        let operation =
            Operation { title: "Nothing".into(), made_at: String::new(), by: None, kind: OperationKind::Batch };
        let id = operations.begin(&operation, |_| Ok(()), &[], &mut |_| true).expect("begins");
        run(&operations, &id);
        id
    };
    let undo = |id| {
        let id = operations.begin_undo(id, "", None, &mut |_| true).expect("begins");
        run(&operations, &id);
        id
    };
    let kept = |most, bytes| {
        operations.forget_all_but(most, bytes).expect("writable");
        operations.list().expect("readable").into_iter().map(|standing| standing.id).collect::<Vec<_>>()
    };
    let all: Vec<OperationId> = (0..6).map(|_| batch()).collect();
    assert_eq!(kept(6, u64::MAX), all);
    assert_eq!(kept(4, u64::MAX), all[2..]);
    // Of any size, the last one can be taken back.
    assert_eq!(kept(4, 0), all[5..]);
    let (back, again) = (undo(&all[5]), batch());
    assert_eq!(kept(1, u64::MAX), std::slice::from_ref(&again));
    assert!(operations.list().expect("readable")[0].undone_by.is_none() && back < again);
    // What was taken back is kept no longer than what takes it back.
    let back = undo(&again);
    assert_eq!(kept(2, u64::MAX), [again, back.clone()]);
    assert_eq!(kept(1, u64::MAX), [back]);
    // What is not finished stays whatever it costs.
    let id = renaming().begin(&operations, 1).expect("begins");
    operations.run(&id, None, &mut |_| false).expect("pauses");
    assert_eq!(kept(0, 0), std::slice::from_ref(&id));
    assert!(matches!(operations.forget(&id), Err(OperationError::NotFinished)));
    run(&operations, &id);
    assert!(operations.unfinished().expect("readable").is_empty());
    let last = batch();
    // Notes that a kill left without their record go, too.
    fs::remove_file(operations.record_path(&id)).expect("there");
    assert_eq!(kept(20, u64::MAX), [last]);
    assert!(!operations.notes_path(&id).exists());
}

/// Refuses everything under some folders.
#[derive(Debug)]
struct Protected(Vec<PathBuf>);

impl Gate for Protected {
    fn judge(&self, _: Step, path: &Path) -> Verdict {
        if self.0.iter().any(|folder| path.starts_with(folder)) {
            Verdict::Fail(io::ErrorKind::PermissionDenied.into())
        } else {
            Verdict::Go
        }
    }
}

#[test]
fn in_a_folder_that_may_not_be_written_nothing_changes_and_nothing_is_lost() {
    let folder = Folder::new(3);
    let before = folder.contents();
    let protected = folder.operations(Disk::behind(Arc::new(Protected(vec![folder.root()]))));
    let refused = renaming().begin(&protected, 3);
    assert!(matches!(refused, Err(OperationError::Io { .. })), "{refused:?}");
    assert_eq!(folder.contents(), before);
    // Only the annotations: then all of them wait.
    let layers = folder.root().join("annotations");
    let protected = folder.operations(Disk::behind(Arc::new(Protected(vec![layers]))));
    let id = renaming().begin(&protected, 3).expect("begins");
    let outcome = run(&protected, &id);
    assert_eq!((outcome.changed, outcome.left.len()), (0, 3));
    assert!(outcome.left[0].1.to_string().contains("permission"), "{:?}", outcome.left);
    assert_eq!(run(&folder.here(), &id).changed, 3);
}

#[test]
fn a_folder_that_disappears_stops_the_run() {
    let folder = Folder::new(2);
    let operations = folder.here();
    let id = renaming().begin(&operations, 2).expect("begins");
    let (root, away) = (folder.root(), folder.root().with_extension("away"));
    let stopped = operations.run(&id, None, &mut |progress| {
        if progress.done == 0 {
            fs::rename(&root, &away).expect("ours");
        }
        true
    });
    assert!(matches!(&stopped, Err(OperationError::Io { .. })), "{stopped:?}");
    // The lock of the journals' folder may have made an empty one of the name.
    let _ = fs::remove_dir_all(&root);
    fs::rename(&away, &root).expect("ours");
    assert_eq!(run(&operations, &id).changed, 2);
}

#[test]
fn a_thousand_documents_are_paused_and_go_on() {
    const COUNT: usize = 1000;
    let folder = Folder::new(COUNT);
    let operations = folder.here();
    let id = renaming().begin(&operations, COUNT).expect("begins");
    let paused = operations.run(&id, None, &mut |progress| progress.done < 300).expect("runs");
    assert_eq!((paused.is_finished, paused.changed), (false, 300));
    assert_eq!(operations.unfinished().expect("readable"), std::slice::from_ref(&id));
    let seen = Cell::new(0);
    let finished = folder.here().run(&id, None, &mut |progress| {
        seen.set(seen.get() + 1);
        progress.total == COUNT + 1
    });
    assert_eq!((finished.expect("runs").changed, seen.get()), (COUNT, COUNT - 300 + 1));
    assert!((0..COUNT).all(|n| labels(&folder.read(n)) == ["Human"; 2]));
}
