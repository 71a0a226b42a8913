//! Journals that are cut, altered, overtaken, taken along and shared.

use std::sync::Arc;

use super::super::disk::tests::{Fault, Faults, Hangs};
use super::super::{canonical, log, sha256_of};
use super::*;
use crate::formats::native;
use crate::model::{Document, Header as DocumentHeader};
use crate::text::Text;

type Step = Entry<String>;

fn apply(text: &str) -> Step {
    Entry::Apply(text.to_owned())
}

struct Place {
    folder: tempfile::TempDir,
    journals: Journals,
}

impl Place {
    fn new() -> Self {
        Self::on(Disk::default(), Pace::default())
    }

    fn on(disk: Disk, pace: Pace) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let journals = Journals::on(disk, pace, folder.path().join("journals"));
        Self { folder, journals }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("a.ron")
    }

    fn write(&self, content: &str) -> String {
        fs::write(self.file(), content).expect("writable");
        sha256_of(content.as_bytes())
    }

    fn open(&self, sha256: &str) -> Opening<String> {
        self.journals.open(Base::native(&self.file(), sha256, &document()), None).expect("opens")
    }

    fn journal(&self) -> PathBuf {
        self.journals.journal_path(&Key::of_path(&self.file()))
    }

    /// Entries that are written and closed again.
    fn written(&self, sha256: &str, entries: &[Step]) {
        let opening = self.open(sha256);
        for entry in entries {
            opening.writer.append(entry);
        }
        opening.writer.flush().expect("synced");
    }

    fn names(&self) -> Vec<String> {
        let Ok(folder) = fs::read_dir(&self.journals.folder) else { return Vec::new() };
        let mut names: Vec<String> =
            folder.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn document() -> Document {
    let mut header = DocumentHeader::default();
    header.metadata.title = "Talks".into();
    Document::new(Text::new("Anna met Bob.").expect("short"), header)
}

fn saved(place: &Place, sha256: &str) -> Step {
    Entry::Saved { path: place.file(), sha256: sha256.to_owned() }
}

#[test]
fn opening_alone_makes_no_journal() {
    let place = Place::new();
    let sha256 = place.write("old");
    let opening = place.open(&sha256);
    assert!(opening.recovered.is_none() && opening.problems.is_empty());
    opening.writer.flush().expect("nothing to do");
    drop(opening);
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn what_was_synced_is_recovered_in_order() {
    let place = Place::new();
    let sha256 = place.write("old");
    let steps = [apply("one"), Entry::Undo, Entry::Redo, apply("zwei 😀\n")];
    let opening = place.open(&sha256);
    let seqs: Vec<u64> = steps.iter().map(|step| opening.writer.append(step)).collect();
    assert_eq!(seqs, [1, 2, 3, 4]);
    opening.writer.flush().expect("synced");
    assert_eq!((opening.writer.synced_seq(), opening.writer.is_synced()), (4, true));
    drop(opening);
    let mut again = place.open(&sha256);
    let recovered = again.recovered.take().expect("there");
    assert_eq!((recovered.before_saved.as_slice(), recovered.after.as_slice()), (&[][..], &steps[..]));
    assert_eq!(again.writer.append(&apply("five")), 5);
    drop(again);
    assert_eq!(place.open(&sha256).recovered.expect("there").after.len(), 5, "dropping writes what is left");
}

#[test]
fn a_save_divides_what_the_file_holds_from_what_it_does_not() {
    let place = Place::new();
    let old = place.write("old");
    let new = place.write("new");
    place.written(&old, &[apply("one"), saved(&place, &new), apply("two")]);
    let recovered = place.open(&new).recovered.expect("fits");
    assert_eq!(recovered.before_saved, [apply("one"), saved(&place, &new)]);
    assert_eq!(recovered.after, [apply("two")]);
    assert!(recovered.has_unsaved());
    // Killed between the marker and the file: everything is to be done again.
    let recovered = place.open(&old).recovered.expect("fits");
    assert_eq!((recovered.before_saved.len(), recovered.after.len()), (0, 3));
}

#[test]
fn a_file_that_was_changed_outside_leaves_the_journal_to_be_merged() {
    let place = Place::new();
    let old = place.write("old");
    let new = place.write("new");
    let never = "of a file that was never written";
    let steps =
        [apply("one"), saved(&place, &new), saved(&place, &new), apply("two"), saved(&place, never), apply("three")];
    place.written(&old, &steps);
    let theirs = place.write("theirs");
    let mut opening = place.open(&theirs);
    assert!(opening.recovered.is_none() && opening.problems.is_empty());
    let diverged = opening.diverged.take().expect("kept");
    assert_eq!(diverged.after, steps);
    assert_eq!(diverged.last_saved(), Some((new.as_str(), 3)));
    assert_eq!(diverged.header.base_document().expect("held").expect("readable"), document());
    // It goes on; once it is said what the file holds, it fits again.
    opening.writer.append(&apply("four"));
    opening.writer.append(&saved(&place, &theirs));
    drop(opening);
    let opening = place.open(&theirs);
    assert_eq!(opening.recovered.expect("fits").before_saved.len(), 8);
    assert!(opening.diverged.is_none());
}

#[test]
fn cut_at_any_byte_the_journal_gives_what_was_whole_and_goes_on() {
    let place = Place::new();
    let sha256 = place.write("old");
    let steps = [apply("one"), Entry::Undo, apply("three")];
    place.written(&sha256, &steps);
    let bytes = fs::read(place.journal()).expect("readable");
    for cut in 0..bytes.len() {
        for entry in fs::read_dir(&place.journals.folder).expect("folder").flatten() {
            fs::remove_file(entry.path()).expect("removable");
        }
        fs::write(place.journal(), &bytes[..cut]).expect("writable");
        let opening = place.open(&sha256);
        let recovered = opening.recovered.as_ref().map_or(&[][..], |r| &r.after);
        assert!(steps.starts_with(recovered), "cut at {cut}");
        let count = recovered.len();
        let is_whole = opening.problems.is_empty();
        let kept = place.names().into_iter().find(|name| name.contains(".damaged-1"));
        assert_eq!(kept.is_none(), is_whole, "cut at {cut}: damage is kept and reported, or there is none");
        if let Some(kept) = kept {
            let rest = fs::read(place.journals.folder.join(kept)).expect("readable");
            assert!(bytes[..cut].ends_with(&rest), "cut at {cut}");
        }
        opening.writer.append(&apply("next"));
        drop(opening);
        let again = place.open(&sha256);
        assert_eq!(again.problems, [], "cut at {cut}");
        let after = again.recovered.expect("there").after;
        assert_eq!((after.len(), after.last()), (count + 1, Some(&apply("next"))), "cut at {cut}");
    }
}

#[test]
fn an_altered_byte_is_never_replayed() {
    let place = Place::new();
    let sha256 = place.write("old");
    let steps = [apply("one"), Entry::Undo, apply("three")];
    place.written(&sha256, &steps);
    let bytes = fs::read(place.journal()).expect("readable");
    for at in 0..bytes.len() {
        for entry in fs::read_dir(&place.journals.folder).expect("folder").flatten() {
            fs::remove_file(entry.path()).expect("removable");
        }
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x11;
        fs::write(place.journal(), &damaged).expect("writable");
        let opening = place.open(&sha256);
        assert_eq!(opening.problems.len(), 1, "byte {at}");
        let recovered = opening.recovered.as_ref().map_or(&[][..], |r| &r.after);
        assert!(steps.starts_with(recovered) && recovered.len() < steps.len(), "byte {at}");
    }
}

#[test]
fn a_document_is_open_in_one_window_at_a_time() {
    let place = Place::new();
    let sha256 = place.write("old");
    let first = place.open(&sha256);
    let second = place.journals.open::<String>(Base::native(&place.file(), &sha256, &document()), None);
    assert!(matches!(second, Err(JournalError::AlreadyOpen { path, owner })
        if path.ends_with("a.ron") && owner.as_ref().is_some_and(super::super::lock::Owner::is_this_process)));
    drop(first);
    place.open(&sha256);
}

#[test]
fn save_as_takes_the_journal_along() {
    let place = Place::new();
    let text = place.folder.path().join("a.txt");
    fs::write(&text, "Anna met Bob.").expect("writable");
    let text_sha256 = sha256_of(b"Anna met Bob.");
    let base = || Base::text(&text, &text_sha256, Some("windows-1252"), &document());
    let opening = place.journals.open::<String>(base(), None).expect("opens");
    opening.writer.append(&apply("one"));
    let sha256 = place.write("saved");
    opening.writer.move_to(&place.file());
    opening.writer.append(&saved(&place, &sha256));
    opening.writer.append(&apply("two"));
    drop(opening);
    assert!(place.journals.open::<String>(base(), None).expect("opens").recovered.is_none());
    let recovered = place.open(&sha256).recovered.expect("there");
    assert_eq!((recovered.before_saved.len(), recovered.after), (2, vec![apply("two")]));
    let origin = Origin::Text { path: canonical(&text), encoding: Some("windows-1252".into()), document: None };
    assert_eq!(recovered.header.origin, origin);
    assert_eq!(recovered.header.base_document().expect("held").expect("readable"), document());
}

#[test]
fn save_as_is_refused_while_the_other_file_is_open_elsewhere() {
    let place = Place::new();
    let sha256 = place.write("old");
    let other = place.open(&sha256);
    let pasted = place.journals.open::<String>(Base::pasted(&document()), None).expect("opens");
    pasted.writer.append(&apply("one"));
    pasted.writer.move_to(&place.file());
    pasted.writer.append(&apply("two"));
    let error = pasted.writer.flush().expect_err("refused");
    assert!(matches!(*error, JournalError::AlreadyOpen { .. }) && !pasted.writer.is_synced(), "{error}");
    // Killed now, it is found as what it was: under its own key, since the file's journal is another window's.
    let key = pasted.writer.key();
    let bytes = fs::read(place.journals.journal_path(&key)).expect("there");
    assert!(matches!(recovery::look::<String>(Some(&bytes), None), Look::Found(c) if c.entries.len() == 2));
    drop(other);
    pasted.writer.flush().expect("it goes along once it can");
    assert!(pasted.writer.error().is_none() && pasted.writer.is_synced());
    drop(pasted);
    assert_eq!(place.names(), [format!("{}.journal", Key::of_path(&place.file()).0)]);
}

#[test]
fn unsaved_work_is_listed_resumed_and_discarded() {
    let place = Place::new();
    let old = place.write("old");
    place.written(&old, &[apply("one")]);
    let pasted = place.journals.open::<String>(Base::pasted(&document()), None).expect("opens");
    pasted.writer.append(&apply("a"));
    pasted.writer.append(&apply("b"));
    pasted.writer.flush().expect("synced");
    assert_eq!(place.journals.list_unsaved().len(), 1, "one of them is open in a window");
    let key = pasted.writer.key();
    drop(pasted);
    let list = place.journals.list_unsaved();
    let file = list.iter().find(|u| u.path.is_some()).expect("the file");
    let new = list.iter().find(|u| u.path.is_none()).expect("the pasted one");
    assert_eq!((file.change_count, file.path.as_deref()), (1, Some(canonical(&place.file()).as_path())));
    assert_eq!((new.change_count, new.title.as_str(), &new.key), (2, "Talks", &key));

    let resumed = place.journals.resume::<String>(&key, None).expect("there");
    let recovered = resumed.recovered.as_ref().expect("always");
    assert_eq!(recovered.header.base_document().expect("held").expect("readable"), document());
    assert_eq!(recovered.after, [apply("a"), apply("b")]);
    resumed.writer.discard().expect("deletable");
    assert!(matches!(place.journals.resume::<String>(&key, None), Err(JournalError::Missing { .. })));

    // A save ends the matter.
    let new = place.write("new");
    place.written(&old, &[saved(&place, &new)]);
    assert_eq!(place.journals.list_unsaved(), []);
    place.journals.discard(&Key::of_path(&place.file())).expect("deletable");
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn an_error_of_the_disk_is_told_and_tried_again() {
    let place = Place::new();
    let sha256 = place.write("old");
    let (woken, is_woken) = crossbeam_channel::unbounded();
    let notify: Notify = Box::new(move || woken.send(()).expect("the test waits"));
    let base = Base::native(&place.file(), &sha256, &document());
    let opening = place.journals.open::<String>(base, Some(notify)).expect("opens");
    // A folder stands where the journal should be.
    fs::create_dir_all(place.journal()).expect("writable");
    opening.writer.append(&apply("one"));
    is_woken.recv().expect("the window is woken");
    let error = opening.writer.flush().expect_err("not written");
    assert!(error.to_string().contains(".journal") && !opening.writer.is_synced(), "{error}");
    fs::remove_dir(place.journal()).expect("removable");
    opening.writer.append(&apply("two"));
    opening.writer.flush().expect("written now");
    drop(opening);
    assert_eq!(place.open(&sha256).recovered.expect("there").after, [apply("one"), apply("two")]);
}

#[test]
fn what_a_disk_refused_is_tried_again_by_itself() {
    let faults = Arc::new(Faults::default());
    let pace = Pace { retry: Duration::from_millis(1), longest: Duration::from_millis(1), ..Pace::default() };
    let place = Place::on(Disk::behind(faults.clone()), pace);
    let sha256 = place.write("old");
    let (woken, is_woken) = crossbeam_channel::unbounded();
    let notify: Notify = Box::new(move || {
        let _ = woken.send(());
    });
    let base = Base::native(&place.file(), &sha256, &document());
    let opening = place.journals.open::<String>(base, Some(notify)).expect("opens");
    faults.plan(0, true, Fault::Full);
    opening.writer.append(&apply("one"));
    is_woken.recv().expect("the window is woken");
    assert!(opening.writer.error().is_some() && !opening.writer.is_synced());
    faults.heal();
    // Nothing is asked of it: the clock does it.
    while !opening.writer.is_synced() {
        is_woken.recv().expect("the window is woken");
    }
    assert!(opening.writer.error().is_none());
    drop(opening);
    assert_eq!(place.open(&sha256).recovered.expect("there").after, [apply("one")]);
}

#[test]
fn a_journal_that_is_removed_or_replaced_is_written_again() {
    let remove = |place: &Place| fs::remove_file(place.journal()).expect("removable");
    let remove_folder = |place: &Place| fs::remove_dir_all(&place.journals.folder).expect("removable");
    let replace = |place: &Place| {
        fs::remove_file(place.journal()).expect("removable");
        fs::write(place.journal(), "something else").expect("writable");
    };
    let cut = |place: &Place| {
        let bytes = fs::read(place.journal()).expect("readable");
        fs::write(place.journal(), &bytes[..bytes.len() / 2]).expect("writable");
    };
    let empty = |place: &Place| fs::write(place.journal(), "").expect("writable");
    type Way<'a> = (&'a str, &'a dyn Fn(&Place));
    let ways: [Way<'_>; 5] = [
        ("removed", &remove),
        ("folder removed", &remove_folder),
        ("replaced", &replace),
        ("cut", &cut),
        ("emptied", &empty),
    ];
    for (name, hurt) in ways {
        for has_more in [true, false] {
            let place = Place::new();
            let sha256 = place.write("old");
            place.written(&sha256, &[apply("before")]);
            let opening = place.open(&sha256);
            let mut expected = vec![apply("before"), apply("one")];
            opening.writer.append(&apply("one"));
            opening.writer.flush().expect("synced");
            hurt(&place);
            if has_more {
                opening.writer.append(&apply("two"));
                expected.push(apply("two"));
            } else {
                // What the clock does.
                opening.writer.retry();
            }
            opening.writer.flush().expect("written again");
            assert!(opening.writer.is_synced() && place.journals.has_lock(&opening.writer.key()), "{name}");
            // As if killed now.
            let bytes = fs::read(place.journal()).expect("there");
            let Look::Found(contents) = recovery::look::<String>(Some(&bytes), None) else { panic!("{name}") };
            assert_eq!((contents.entries, contents.damaged), (expected, 0), "{name}");
            let is_kept = place.names().iter().any(|name| name.ends_with(".damaged-1"));
            assert_eq!(is_kept, name == "replaced", "what is not ours is kept");
        }
    }
}

#[test]
fn a_disk_that_hangs_holds_up_nobody() {
    let (hangs, release) = Hangs::new();
    let pace = Pace { patience: Duration::from_millis(5), ..Pace::default() };
    let place = Place::on(Disk::behind(hangs), pace);
    let sha256 = place.write("old");
    let (woken, is_woken) = crossbeam_channel::unbounded();
    let notify: Notify = Box::new(move || {
        let _ = woken.send(());
    });
    let base = Base::native(&place.file(), &sha256, &document());
    let opening = place.journals.open::<String>(base, Some(notify)).expect("opens");
    opening.writer.append(&apply("one"));
    opening.writer.move_to(&place.folder.path().join("b.ron"));
    opening.writer.append(&apply("two"));
    assert!(!opening.writer.is_synced());
    let error = opening.writer.flush().expect_err("it hangs");
    assert!(error.to_string().contains("the disk does not answer"), "{error}");
    drop(opening);
    drop(release);
    // The thread has kept everything, and finishes.
    let b = place.journals.journal_path(&Key::of_path(&place.folder.path().join("b.ron")));
    while is_woken.recv().is_ok() {}
    let Look::Found(contents) = recovery::look::<String>(fs::read(b).ok().as_deref(), None) else { panic!("lost") };
    assert_eq!(contents.entries, [apply("one"), apply("two")]);
}

#[test]
fn a_new_article_does_not_ask_the_disk() {
    let (hangs, _release) = Hangs::new();
    let pace = Pace { patience: Duration::from_millis(5), ..Pace::default() };
    let place = Place::on(Disk::behind(hangs), pace);
    let opening = place.journals.open::<String>(Base::pasted(&document()), None).expect("opens");
    drop(opening);
    assert_eq!(place.names(), Vec::<String>::new());
}

/// A document that tells of a number of changes.
fn after(changes: usize) -> Document {
    let mut document = document();
    document.header.note = Some(format!("after {changes}"));
    document
}

/// Five changes, a save after the first, and a snapshot after the third change. Gives the journal, its bytes cut into
/// lines.
fn with_snapshot(place: &Place, old: &str, new: &str) -> Vec<Vec<u8>> {
    let opening = place.open(old);
    opening.writer.append(&apply("1"));
    opening.writer.append(&saved(place, new));
    opening.writer.append(&apply("2"));
    opening.writer.append(&apply("3"));
    opening.writer.snapshot(after(3));
    opening.writer.append(&apply("4"));
    opening.writer.append(&apply("5"));
    opening.writer.flush().expect("synced");
    drop(opening);
    fs::read(place.journal()).expect("there").split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}

#[test]
fn a_whole_journal_starts_from_its_snapshot() {
    let place = Place::new();
    let (old, new) = (place.write("old"), place.write("new"));
    let _ = with_snapshot(&place, &old, &new);
    let recovered = place.open(&new).recovered.expect("there");
    assert_eq!(recovered.after, [apply("2"), apply("3"), apply("4"), apply("5")]);
    assert_eq!(recovered.reached, Some(Reached { entries: 4, document: after(3) }));
    assert_eq!((recovered.unsaved_count(), recovered.base_changes), (4, 0));
    // The file before the save: the snapshot includes more than that, too.
    let recovered = place.open(&old).recovered.expect("there");
    assert_eq!((recovered.before_saved.len(), recovered.reached.map(|r| r.entries)), (0, Some(4)));
    // A file that holds more than the snapshot needs none.
    let last = place.write("last");
    place.written(&new, &[saved(&place, &last)]);
    assert!(place.open(&last).recovered.expect("there").reached.is_none());
}

#[test]
fn a_snapshot_of_another_journal_is_none() {
    let place = Place::new();
    let (old, new) = (place.write("old"), place.write("new"));
    let _ = with_snapshot(&place, &old, &new);
    let snapshot = fs::read(place.journals.snapshot_path(&Key::of_path(&place.file()))).expect("there");
    place.journals.discard(&Key::of_path(&place.file())).expect("deletable");
    assert_eq!(place.names(), Vec::<String>::new());
    place.written(&new, &[apply("other")]);
    fs::write(place.journals.snapshot_path(&Key::of_path(&place.file())), snapshot).expect("writable");
    let opening = place.open(&new);
    assert_eq!(opening.problems, []);
    let recovered = opening.recovered.expect("there");
    assert_eq!((recovered.after, recovered.reached), (vec![apply("other")], None));
}

#[test]
fn damage_before_a_snapshot_costs_only_undo() {
    for hurt in 0..=6 {
        let place = Place::new();
        let (old, new) = (place.write("old"), place.write("new"));
        let mut lines = with_snapshot(&place, &old, &new);
        let whole = lines.concat();
        lines[hurt][9] ^= 1;
        fs::write(place.journal(), lines.concat()).expect("writable");
        let unsaved = place.journals.list_unsaved();
        assert_eq!(
            unsaved.first().map(|u| u.change_count),
            Some(if hurt == 6 {
                3
            } else if hurt == 5 {
                2
            } else {
                4
            })
        );

        let opening = place.open(&new);
        let problem = opening.problems.first().expect("told").to_string();
        let recovered = opening.recovered.as_ref().expect("there");
        let kept = place.names().into_iter().find(|name| name.ends_with("damaged-1")).expect("kept");
        let kept = fs::read(place.journals.folder.join(kept)).expect("readable");
        if hurt <= 4 {
            assert!(problem.contains("recovered 4 changes of last time; 1 record was damaged"), "{problem}");
            assert_eq!(recovered.header.base_document().expect("held").expect("readable"), after(3), "line {hurt}");
            assert_eq!((recovered.base_changes, &recovered.after), (2, &vec![apply("4"), apply("5")]), "line {hurt}");
            assert_eq!(kept.len(), whole.len(), "line {hurt}");
        } else {
            assert_eq!((recovered.base_changes, recovered.before_saved.len()), (0, 2), "line {hurt}");
            assert_eq!(recovered.unsaved_count(), if hurt == 6 { 3 } else { 2 });
            assert_eq!(kept, lines[hurt..].concat(), "line {hurt}");
        }
        // It goes on, and opens again without a word.
        let count = recovered.unsaved_count();
        opening.writer.append(&apply("6"));
        drop(opening);
        let again = place.open(&new);
        assert_eq!(again.problems, [], "line {hurt}");
        let recovered = again.recovered.expect("there");
        assert_eq!((recovered.unsaved_count(), recovered.after.last()), (count + 1, Some(&apply("6"))), "line {hurt}");
    }
}

#[test]
fn a_snapshot_without_its_journal_is_work_of_last_time() {
    let place = Place::new();
    let (old, new) = (place.write("old"), place.write("new"));
    let _ = with_snapshot(&place, &old, &new);
    fs::remove_file(place.journal()).expect("removable");
    assert_eq!(place.journals.list_unsaved().first().map(|u| u.change_count), Some(2));
    let recovered = place.open(&new).recovered.expect("there");
    assert_eq!((recovered.base_changes, recovered.after.len()), (2, 0));
    assert!(place.journal().exists(), "begun again");
    // The file that was saved before the last save holds three changes less.
    assert_eq!(place.open(&old).recovered.expect("there").base_changes, 3);
}

#[test]
fn a_snapshot_goes_where_its_journal_goes() {
    let place = Place::new();
    let (old, new) = (place.write("old"), place.write("new"));
    let _ = with_snapshot(&place, &old, &new);
    // Its file has another text now, and nothing was unsaved: both are kept, and are no work of last time any more.
    let theirs = place.write("theirs");
    place.open(&theirs).writer.leave(false).expect("nothing hinders");
    assert_eq!(place.journals.list_unsaved(), []);
    let key = Key::of_path(&place.file()).0;
    assert_eq!(place.names(), [format!("{key}.journal.stale-1"), format!("{key}.snapshot.stale-1")]);

    // With unsaved work, that is found by a key of its own.
    let place = Place::new();
    let (old, new) = (place.write("old"), place.write("new"));
    let _ = with_snapshot(&place, &old, &new);
    let theirs = place.write("theirs");
    place.open(&theirs).writer.leave(true).expect("nothing hinders");
    let unsaved = place.journals.list_unsaved();
    let [left] = unsaved.as_slice() else { panic!("{unsaved:?}") };
    assert_eq!((left.path.as_deref(), left.change_count), (None, 4));
    let resumed = place.journals.resume::<String>(&left.key, None).expect("there").recovered.expect("there");
    assert_eq!(resumed.after.len(), 6);
    assert!(!place.journal().exists() && place.open(&theirs).recovered.is_none());

    // Saved elsewhere: none stays behind under the old name, where it would bring the work back.
    let place = Place::new();
    let (old, new) = (place.write("old"), place.write("new"));
    let _ = with_snapshot(&place, &old, &new);
    let opening = place.open(&new);
    let b = place.folder.path().join("b.ron");
    opening.writer.move_to(&b);
    opening.writer.flush().expect("moved");
    opening.writer.append(&apply("6"));
    opening.writer.snapshot(after(6));
    drop(opening);
    let key = Key::of_path(&b).0;
    assert_eq!(place.names(), [format!("{key}.journal"), format!("{key}.snapshot")]);
    place.journals.discard(&Key::of_path(&b)).expect("deletable");
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn a_snapshot_that_cannot_be_written_hurts_nobody() {
    let place = Place::new();
    let (old, new) = (place.write("old"), place.write("new"));
    fs::create_dir_all(place.journals.snapshot_path(&Key::of_path(&place.file()))).expect("writable");
    let _ = with_snapshot(&place, &old, &new);
    let opening = place.open(&new);
    assert!(opening.problems.is_empty() && opening.writer.error().is_none());
    assert_eq!(opening.recovered.expect("there").after.len(), 4);
}

#[test]
fn journals_from_before_snapshots_open() {
    let place = Place::new();
    let sha256 = place.write("old");
    let base = native::to_json_line(&document()).expect("writable");
    let base = serde_json::to_string(&base).expect("a string");
    let path = serde_json::to_string(&canonical(&place.file())).expect("a path");
    let header = format!(
        r#"{{"journal":"manicule-journal/1","origin":{{"Native":{{"path":{path}}}}},"title":"Talks","base_sha256":"{sha256}","base":{base}}}"#
    );
    let lines = [log::numbered(0, &header), log::numbered(1, r#"{"Apply":"one"}"#), log::numbered(2, "\"Undo\"")];
    fs::create_dir_all(&place.journals.folder).expect("writable");
    fs::write(place.journal(), lines.concat()).expect("writable");
    let opening = place.open(&sha256);
    assert_eq!(opening.problems, []);
    assert_eq!(opening.recovered.as_ref().expect("there").after, [apply("one"), Entry::Undo]);
    opening.writer.append(&apply("two"));
    opening.writer.snapshot(after(1));
    drop(opening);
    assert!(fs::read(place.journal()).expect("there").starts_with(lines.concat().as_bytes()));
    let recovered = place.open(&sha256).recovered.expect("there");
    assert_eq!((recovered.after.len(), recovered.reached.map(|r| r.entries)), (3, Some(3)));
}

#[test]
fn nothing_is_called_safe_before_it_is_synced() {
    use super::super::disk::Operation::{Open, Rename, Sync, SyncFolder, Write};
    let faults = Arc::new(Faults::default());
    let place = Place::on(Disk::behind(faults.clone()), Pace::default());
    let sha256 = place.write("old");
    let opening = place.open(&sha256);
    let append = |text: &str| {
        opening.writer.append(&apply(text));
    };
    let steps = |work: &dyn Fn()| {
        faults.plan(usize::MAX, false, Fault::Full);
        work();
        opening.writer.flush().expect("written");
        // A snapshot is written after whoever flushes has an answer, and before the next one.
        opening.writer.flush().expect("written");
        faults.seen()
    };
    assert_eq!(steps(&|| append("1")), [Open, Write, Sync, SyncFolder]);
    assert_eq!(steps(&|| append("2")), [Write, Sync]);
    assert_eq!(steps(&|| opening.writer.snapshot(after(2))), [Open, Write, Sync, Rename, SyncFolder]);
    assert_eq!(steps(&|| opening.writer.snapshot(after(2))), [], "it is there already");
    assert_eq!(steps(&|| opening.writer.move_to(&place.folder.path().join("b.ron")))[1..], [Rename, SyncFolder]);
}

/// The marker of a save stands in the journal before the file is written, and that may fail.
#[test]
fn work_whose_save_failed_is_listed_although_its_file_is_gone() {
    let place = Place::new();
    let old = place.write("old");
    let entries = [apply("one"), saved(&place, "new"), apply("two"), Entry::Begun, apply("three")];
    place.written(&old, &entries);
    let count = || place.journals.list_unsaved().first().map(|unsaved| unsaved.change_count);
    assert_eq!(count(), Some(3));
    fs::remove_file(place.file()).expect("there");
    assert_eq!(count(), Some(3));
    // It was saved after all; only its folder could not be synced.
    let new = place.write("new");
    let entries = [apply("one"), saved(&place, &new), Entry::Begun];
    fs::remove_file(place.journal()).expect("there");
    place.written(&old, &entries);
    assert_eq!(count(), None);
}

/// Whatever is done with the file, the journal of a newer program stays as it is.
#[test]
fn the_journal_of_a_newer_program_is_left_alone() {
    let place = Place::new();
    let sha256 = place.write("old");
    place.written(&sha256, &[apply("one")]);
    let ours = fs::read_to_string(place.journal()).expect("there");
    let header = ours.lines().next().and_then(|line| line.split_once("\"entry\":")).expect("a header").1;
    let header: serde_json::Value = serde_json::from_str(header.strip_suffix('}').expect("ends")).expect("JSON");
    let mut newer = header.clone();
    newer["journal"] = "manicule-journal/3".into();
    newer["origin"] = serde_json::json!({"Cloud": 1});
    let of_our_lines = log::line(0, &newer).expect("serialises") + "what comes then\n";
    let of_other_lines = "v2 {\"journal\": \"manicule-journal/3\"}\nwhatever\n".to_owned();
    for content in [of_our_lines, of_other_lines] {
        fs::write(place.journal(), &content).expect("writable");
        let base = || Base::native(&place.file(), &sha256, &document());
        let error = place.journals.open::<String>(base(), None).expect_err("refused");
        assert!(matches!(&error, JournalError::Newer { format, .. } if format == "manicule-journal/3"), "{error}");
        assert!(error.to_string().contains("update the program"), "{error}");
        let key = Key::of_path(&place.file());
        assert!(matches!(place.journals.resume::<String>(&key, None), Err(JournalError::Newer { .. })));
        assert!(matches!(place.journals.discard(&key), Err(JournalError::Newer { .. })));
        assert!(place.journals.set_aside(&key, &place.journals.free_name(&key, "stale")).is_err());
        let other = place.folder.path().join("b.ron");
        let opening: Opening<String> =
            place.journals.open(Base::native(&other, &sha256, &document()), None).expect("opens");
        // It stays where it was, and is not tried for ever.
        opening.writer.append(&apply("two"));
        opening.writer.move_to(&place.file());
        opening.writer.flush().expect("written under its old name");
        assert_eq!(opening.writer.key(), Key::of_path(&other));
        drop(opening);
        assert_eq!(place.names().len(), 2, "{:?}", place.names());
        place.journals.discard(&Key::of_path(&other)).expect("deleted");
        assert_eq!(fs::read_to_string(place.journal()).expect("there"), content);
    }
    // One of ours whose header was altered is damaged, not newer.
    fs::write(place.journal(), ours.replace("manicule-journal/1", "manicule-journal/3")).expect("writable");
    assert_eq!(place.open(&sha256).problems[0].code, "damaged-journal");
}

/// The file was written, and what another program wrote there since is to be replaced: that is work like any other.
#[test]
fn a_version_that_is_kept_against_that_of_another_program_counts_as_unsaved() {
    let place = Place::new();
    let old = place.write("old");
    let ours = place.write("ours");
    let markers = || [saved(&place, &ours), saved(&place, &ours)];
    let [first, second] = markers();
    place.written(&old, &[apply("one"), first, second, Entry::Begun]);
    let count = || place.journals.list_unsaved().first().map(|unsaved| unsaved.change_count);
    let theirs = place.write("theirs");
    assert_eq!(count(), Some(1));
    let diverged = place.open(&theirs).diverged.expect("another program changed it");
    assert_eq!(diverged.last_saved(), Some((ours.as_str(), 3)));
    assert!(diverged.is_kept() && diverged.has_unsaved());
    // The other program brings it back.
    place.write("ours");
    assert_eq!(count(), None);
    assert!(!place.open(&ours).recovered.expect("it fits").has_unsaved());
    // Without any entry before it, too.
    fs::remove_file(place.journal()).expect("there");
    place.written(&ours, &[Entry::Begun]);
    assert_eq!(count(), None);
    place.write("theirs");
    assert_eq!(count(), Some(1));
    let opening = place.open(&theirs);
    assert!(opening.diverged.as_ref().is_some_and(Recovered::is_kept));
    // Saved, it is not unsaved any more.
    let [first, second] = markers();
    opening.writer.append(&first);
    opening.writer.append(&second);
    opening.writer.flush().expect("synced");
    drop(opening);
    assert!(!place.open(&theirs).diverged.expect("changed again").is_kept());
}

/// Work that lies under the name to which a document goes is not lost: it gets a name of its own, under which it is listed.
#[test]
fn unsaved_work_makes_room_and_is_found() {
    let place = Place::new();
    let old = place.write("old");
    place.written(&old, &[apply("one"), apply("two")]);
    let other = place.folder.path().join("b.ron");
    let opening: Opening<String> = place.journals.open(Base::native(&other, &old, &document()), None).expect("opens");
    opening.writer.append(&apply("three"));
    opening.writer.move_to(&place.file());
    opening.writer.flush().expect("moved");
    assert_eq!(opening.writer.key(), Key::of_path(&place.file()));
    let unsaved = place.journals.list_unsaved();
    assert_eq!(unsaved.iter().map(|u| (u.change_count, u.path.is_none())).collect::<Vec<_>>(), [(2, true)]);
    let resumed: Opening<String> = place.journals.resume(&unsaved[0].key, None).expect("opens");
    assert_eq!(resumed.recovered.expect("there").after, [apply("one"), apply("two")]);
}

/// What fits of a journal that does not is in no file: the new journal is on disk before anything else is done.
#[test]
fn a_journal_that_begins_with_unsaved_work_is_written_at_once() {
    let place = Place::new();
    let sha256 = place.write("old");
    let opening = place.open(&sha256);
    opening.writer.append(&apply("one"));
    let base = || Base::native(&place.file(), &sha256, &document());
    opening.writer.begin_anew(base().lacking(2)).expect("written");
    assert_eq!(opening.writer.last_seq(), 1);
    assert!(place.journal().exists());
    std::mem::forget(opening);
    let bytes = fs::read(place.journal()).expect("there");
    let log = log::read::<Header, Step>(&bytes);
    assert_eq!((log.header.map(|header| header.lacking_last()), log.entries.len()), (Some(2), 0));
}
