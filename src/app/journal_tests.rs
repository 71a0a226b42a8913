//! What of a journal outlives a save, a kill and a mistake.

use super::*;
use crate::edit::{History, Intent};
use crate::model::Header;
use crate::model::schema::builtin;
use crate::model::test_support::spans;
use crate::store::Journals;
use crate::text::Text;

fn mark(editor: &mut Editor, at: (u32, u32)) -> Transaction {
    let intent = Intent::AddMention { label: "Person".into(), spans: spans(&[at]) };
    Arc::unwrap_or_clone(editor.execute(&intent).expect("legal").transaction.expect("changed"))
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
            note(Entry::Apply(Arc::unwrap_or_clone(done.transaction.expect("changed"))), &editor);
        }
    }
    for _ in 0..2 {
        editor.undo().expect("a group");
        note(Entry::Undo, &editor);
    }
    editor.redo().expect("a group");
    note(Entry::Redo, &editor);
    let last = editor.execute(&Intent::SetDocumentNote("x".into())).expect("legal");
    note(Entry::Apply(Arc::unwrap_or_clone(last.transaction.expect("changed"))), &editor);
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
        journal.close().expect("written");
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
fn a_save_that_fails_after_its_marker_is_known_to_have_failed_whatever_came_between() {
    for has_change in [false, true] {
        let folder = tempfile::tempdir().expect("temporary folder");
        let file = folder.path().join("a.ron");
        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        let mut editor = Editor::new(document.clone(), Arc::new(builtin("news").expect("ships").clone()));
        let mut journal = reopen(folder.path(), &document, "opened").journal;
        journal.applied(&mark(&mut editor, (0, 4)));
        let marker = journal.begin_saving();
        assert!(marker.put(&file, "saved"));
        if has_change {
            journal.applied(&mark(&mut editor, (9, 12)));
        }
        drop(marker);
        journal.end_saving(None);
        journal.close().expect("written");
        drop(journal);
        // Its file is not there: nothing of it is in any.
        let listed = Journals::in_folder(folder.path().join("journals")).list_unsaved();
        let counts: Vec<usize> = listed.iter().map(|unsaved| unsaved.change_count).collect();
        assert_eq!(counts, [1 + usize::from(has_change)]);
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
                assert!(marker.put(&path, "never written"));
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
    journal.close().expect("written");
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
    let save = Arc::clone(&journal.save);
    let holding = std::thread::spawn(move || {
        let _held = save.lock();
        panic!("expected by the test");
    });
    holding.join().expect_err("it panics");
    journal.applied(&mark(&mut editor, (0, 4)));
    while !journal.is_settled() {
        std::thread::yield_now();
    }
    assert!(journal.is_synced() && journal.error().is_none());
}

/// The second marker says that the file is there for certain; a change between the two would be taken for saved.
#[test]
fn a_save_is_certain_only_if_nothing_came_between() {
    for has_change in [false, true] {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.ron");
        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        let mut editor = Editor::new(document.clone(), Arc::new(builtin("news").expect("ships").clone()));
        let mut journal = reopen(folder.path(), &document, "opened").journal;
        journal.applied(&mark(&mut editor, (0, 4)));
        let marker = journal.begin_saving();
        assert!(marker.put(&path, "saved"));
        if has_change {
            journal.applied(&mark(&mut editor, (9, 12)));
        }
        journal.end_saving(Some(&path));
        journal.close().expect("written");
        let diverged = reopen(folder.path(), &document, "theirs").diverged.expect("another program changed it");
        let held = diverged.last_saved().expect("known");
        assert_eq!(held, if has_change { ("opened", 0) } else { ("saved", 3) });
        let saved = reopen(folder.path(), &document, "saved").recovered.expect("it fits");
        assert_eq!(saved.has_unsaved(), has_change);
    }
}
