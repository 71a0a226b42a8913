//! Journals that are cut, altered, overtaken, taken along and shared.

use super::*;
use crate::model::Header as DocumentHeader;
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
        let folder = tempfile::tempdir().expect("temporary folder");
        let journals = Journals::in_folder(folder.path().join("journals"));
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
        let mut opening = self.open(sha256);
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
    let mut opening = place.open(&sha256);
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
fn a_file_that_was_changed_outside_sets_the_journal_aside() {
    let place = Place::new();
    let old = place.write("old");
    place.written(&old, &[apply("one"), apply("two")]);
    let theirs = place.write("theirs");
    let opening = place.open(&theirs);
    assert!(opening.recovered.is_none());
    let problem = opening.problems.first().expect("reported").to_string();
    assert!(problem.contains("2 unsaved changes") && problem.contains(".journal.stale-1"), "{problem}");
    drop(opening);
    assert!(place.names().iter().any(|name| name.ends_with(".journal.stale-1")));
    place.written(&theirs, &[apply("three")]);
    let last = place.write("and again");
    assert!(place.open(&last).problems.first().expect("reported").to_string().contains(".stale-2"));
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
        let mut opening = place.open(&sha256);
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
        if path.ends_with("a.ron") && owner.as_ref().is_some_and(|owner| owner.is_this_process())));
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
    let mut opening = place.journals.open::<String>(base(), None).expect("opens");
    opening.writer.append(&apply("one"));
    let sha256 = place.write("saved");
    opening.writer.move_to(&place.file()).expect("moves");
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
    let _other = place.open(&sha256);
    let mut pasted = place.journals.open::<String>(Base::pasted(&document()), None).expect("opens");
    pasted.writer.append(&apply("one"));
    assert!(matches!(pasted.writer.move_to(&place.file()), Err(JournalError::AlreadyOpen { .. })));
    pasted.writer.flush().expect("goes on where it was");
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

#[test]
fn unsaved_work_is_listed_resumed_and_discarded() {
    let place = Place::new();
    let old = place.write("old");
    place.written(&old, &[apply("one")]);
    let mut pasted = place.journals.open::<String>(Base::pasted(&document()), None).expect("opens");
    pasted.writer.append(&apply("a"));
    pasted.writer.append(&apply("b"));
    pasted.writer.flush().expect("synced");
    assert_eq!(place.journals.list_unsaved().len(), 1, "one of them is open in a window");
    let key = pasted.writer.key().clone();
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
    let mut opening = place.journals.open::<String>(base, Some(notify)).expect("opens");
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
    newer["journal"] = "manicule-journal/2".into();
    newer["origin"] = serde_json::json!({"Cloud": 1});
    let of_our_lines = log::line(0, &newer).expect("serialises") + "what comes then\n";
    let of_other_lines = "v2 {\"journal\": \"manicule-journal/2\"}\nwhatever\n".to_owned();
    for content in [of_our_lines, of_other_lines] {
        fs::write(place.journal(), &content).expect("writable");
        let base = || Base::native(&place.file(), &sha256, &document());
        let error = place.journals.open::<String>(base(), None).expect_err("refused");
        assert!(matches!(&error, JournalError::Newer { format, .. } if format == "manicule-journal/2"), "{error}");
        assert!(error.to_string().contains("update the program"), "{error}");
        let key = Key::of_path(&place.file());
        assert!(matches!(place.journals.resume::<String>(&key, None), Err(JournalError::Newer { .. })));
        assert!(matches!(place.journals.discard(&key), Err(JournalError::Newer { .. })));
        assert!(matches!(place.journals.set_aside(&key, "stale"), Err(JournalError::Newer { .. })));
        let other = place.folder.path().join("b.ron");
        let mut opening: Opening<String> =
            place.journals.open(Base::native(&other, &sha256, &document()), None).expect("opens");
        assert!(matches!(opening.writer.move_to(&place.file()), Err(JournalError::Newer { .. })));
        drop(opening);
        assert_eq!(place.names().len(), 1, "{:?}", place.names());
        assert_eq!(fs::read_to_string(place.journal()).expect("there"), content);
    }
    // One of ours whose header was altered is damaged, not newer.
    fs::write(place.journal(), ours.replace("manicule-journal/1", "manicule-journal/2")).expect("writable");
    assert_eq!(place.open(&sha256).problems[0].code, "damaged-journal");
}
