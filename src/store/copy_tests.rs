//! Journals of long files, which begin with a copy of the file: the copy is there when something is called saved, and what
//! was saved comes back whatever became of the file or of the copy.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::disk::tests::{Fault, Faults};
use super::disk::{Disk, Operation};
use super::journal::{Base, Entry, JournalError, Journals, Key, Opening, Pace};
use super::{OnDisk, OpenOptions, SaveOptions, copies, open_path, save, sha256_of};
use crate::model::{Document, Header};
use crate::text::Text;

type Step = Entry<String>;

fn apply(text: &str) -> Step {
    Entry::Apply(text.to_owned())
}

/// A document that tells its name.
fn document(name: &str) -> Document {
    let mut header = Header::default();
    header.metadata.title = format!("Talks \"id\":\"0123456789abcdef\" {name}");
    Document::new(Text::new("Éva met Bob 😀\r\nin Zürich.").expect("short"), header)
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

struct Place {
    folder: tempfile::TempDir,
    journals: Journals,
}

impl Place {
    fn new() -> Self {
        Self::on(Disk::default())
    }

    /// What is tried again is asked for.
    fn on(disk: Disk) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let never = Duration::from_secs(3600);
        let pace = Pace { retry: never, longest: never, watch: never, patience: Duration::from_secs(60) };
        let journals = Journals::on(disk, pace, folder.path().join("journals")).copying_from(1);
        let place = Self { folder, journals };
        place.write("first");
        place
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("a.ron")
    }

    fn key(&self) -> Key {
        Key::of_path(&self.file())
    }

    /// Puts a document there; gives its SHA-256.
    fn write(&self, name: &str) -> String {
        save(&document(name), &self.file(), &SaveOptions::over(OnDisk::Any)).expect("writable").sha256
    }

    fn opened(&self, journals: &Journals, file: &Path) -> Opening<String> {
        let opened = open_path(file, &OpenOptions::default()).expect("whole");
        journals.open(Base::native(file, &opened.sha256, &opened.document), None).expect("nobody has it")
    }

    fn open(&self) -> Opening<String> {
        self.opened(&self.journals, &self.file())
    }

    /// A journal with these entries, as a program leaves it that is killed when it has called them saved.
    fn written(&self, entries: &[Step]) {
        let opening = self.open();
        for entry in entries {
            opening.writer.append(entry);
        }
        opening.writer.flush().expect("synced");
    }

    fn saved(&self, sha256: &str) -> Step {
        Entry::Saved { path: self.file(), sha256: sha256.to_owned() }
    }

    fn names(&self) -> Vec<String> {
        let Ok(folder) = fs::read_dir(self.journals.folder()) else { return Vec::new() };
        let names = folder.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| !has_extension(name, "lock")).collect();
        names.sort();
        names
    }

    /// The only copy.
    fn copy(&self) -> PathBuf {
        let names = self.names();
        let mut copies = names.iter().filter(|name| has_extension(name, "base"));
        let copy = copies.next().expect("there is a copy");
        assert_eq!(copies.next(), None);
        self.journals.folder().join(copy)
    }

    fn first_line(&self, key: &Key) -> String {
        let journal = fs::read_to_string(self.journals.journal_path(key)).expect("there");
        journal.lines().next().unwrap_or_default().to_owned()
    }

    /// The folder of journals as it is now, as if the program were killed.
    fn killed(&self) -> Journals {
        let now = tempfile::tempdir_in(self.folder.path()).expect("writable").keep();
        for name in self.names() {
            fs::copy(self.journals.folder().join(&name), now.join(&name)).expect("copied");
        }
        Journals::in_folder(now).copying_from(1)
    }
}

/// What the journal of a file brings back, whatever the file is now: the name of the first document, and all entries.
fn resumed(journals: &Journals, key: &Key) -> (String, Vec<Step>) {
    let recovered = journals.resume::<String>(key, None).expect("there").recovered.expect("always");
    let base = recovered.header.base_document().expect("known").expect("whole");
    let title = base.header().metadata.title.rsplit(' ').next().unwrap_or_default().to_owned();
    (title, recovered.after)
}

/// A way to hurt a file, and whether it can still be read by whoever has it open.
type Hurt = (&'static str, fn(&Path), bool);

const HURTS: [Hurt; 5] = [
    ("removed", |path| fs::remove_file(path).expect("removable"), true),
    (
        "replaced",
        |path| {
            fs::write(path.with_extension("x"), "other")
                .and_then(|()| fs::rename(path.with_extension("x"), path))
                .expect("ours");
        },
        true,
    ),
    ("cut", |path| fs::File::options().write(true).open(path).and_then(|file| file.set_len(40)).expect("ours"), false),
    ("emptied", |path| fs::write(path, "").expect("ours"), false),
    ("altered", |path| alter(path, 50), false),
];

fn alter(path: &Path, at: usize) {
    let mut bytes = fs::read(path).expect("there");
    bytes[at] ^= 1;
    fs::write(path, bytes).expect("ours");
}

#[test]
fn the_file_is_copied_before_anything_is_called_saved() {
    use Operation::{Open, Rename, Sync, SyncFolder, Write};
    let faults = Arc::new(Faults::default());
    let place = Place::on(Disk::behind(faults.clone()));
    let opening = place.open();
    faults.plan(usize::MAX, false, Fault::Full);
    opening.writer.append(&apply("1"));
    opening.writer.flush().expect("synced");
    assert_eq!(faults.seen(), [Open, Write, Sync, Rename, SyncFolder, Open, Write, Sync, SyncFolder]);
    opening.writer.append(&apply("2"));
    opening.writer.flush().expect("synced");
    assert_eq!(faults.seen()[9..], [Write, Sync]);
    assert_eq!(fs::read(place.copy()).expect("there"), fs::read(place.file()).expect("there"));
    let first = place.first_line(&place.key());
    assert!(first.contains("\"manicule-journal/2\"") && !first.contains("Bob"), "{first}");
}

#[test]
fn short_files_other_formats_and_what_no_file_holds_are_put_into_words() {
    let place = Place::new();
    let opened = open_path(&place.file(), &OpenOptions::default()).expect("whole");
    let native = || Base::native(&place.file(), &opened.sha256, &opened.document);
    let text = Base::text(&place.file(), &opened.sha256, None, &opened.document);
    let other = Base::native(&place.file(), &"0".repeat(64), &opened.document);
    let short = Journals::in_folder(place.journals.folder().to_owned());
    let all = [
        (&short, native()),
        (&place.journals, native().lacking(0)),
        (&place.journals, text),
        (&place.journals, Base::pasted(&opened.document)),
        // Replaced between opening and the first change.
        (&place.journals, other),
    ];
    for (nth, (journals, base)) in all.into_iter().enumerate() {
        let opening: Opening<String> = journals.open(base, None).expect("opens");
        opening.writer.append(&apply("1"));
        opening.writer.flush().expect("synced");
        let key = opening.writer.key();
        let first = place.first_line(&key);
        assert!(first.contains("\"manicule-journal/1\"") && first.contains("Bob"), "{nth}: {first}");
        drop(opening);
        assert_eq!(resumed(&place.journals, &key), ("first".to_owned(), vec![apply("1")]), "{nth}");
        place.journals.discard(&key).expect("deletable");
        assert_eq!(place.names(), Vec::<String>::new(), "{nth}");
    }
}

#[test]
fn what_was_saved_comes_back_whatever_became_of_the_file() {
    let entries = [apply("1"), Entry::Undo, apply("2")];
    let place = Place::new();
    place.written(&entries);
    // As it was.
    let opening = place.open();
    assert_eq!(opening.problems, []);
    let recovered = opening.recovered.as_ref().expect("fits");
    assert_eq!(recovered.after, entries);
    assert_eq!(recovered.header.base_document().expect("known").expect("whole"), document("first"));
    drop(opening);
    // Replaced by another program.
    place.write("theirs");
    assert_eq!(place.journals.list_unsaved().first().map(|unsaved| unsaved.change_count), Some(3));
    let opening = place.open();
    assert!(opening.recovered.is_none() && opening.problems.is_empty(), "{:?}", opening.problems);
    let diverged = opening.diverged.as_ref().expect("it can be merged");
    assert_eq!(diverged.after, entries);
    assert_eq!(diverged.header.base_document().expect("known").expect("whole"), document("first"));
    // It goes on.
    opening.writer.append(&apply("3"));
    drop(opening);
    // Removed.
    fs::remove_file(place.file()).expect("there");
    assert_eq!(resumed(&place.journals, &place.key()), ("first".into(), [&entries[..], &[apply("3")]].concat()));
}

#[test]
fn a_copy_that_was_hurt_is_made_again_from_the_file() {
    for (how, hurt, _) in HURTS {
        let place = Place::new();
        place.written(&[apply("1")]);
        let before = fs::read(place.copy()).expect("there");
        hurt(&place.copy());
        let opening = place.open();
        assert_eq!(opening.problems, [], "{how}");
        assert_eq!(opening.recovered.as_ref().expect("fits").after, [apply("1")], "{how}");
        opening.writer.append(&apply("2"));
        opening.writer.flush().expect("synced");
        drop(opening);
        assert!(fs::read(place.copy()).expect("there") == before, "{how}");
        fs::remove_file(place.file()).expect("there");
        assert_eq!(resumed(&place.journals, &place.key()), ("first".into(), vec![apply("1"), apply("2")]), "{how}");
    }
}

/// What a link leads to is written to by others.
#[cfg(unix)]
#[test]
fn a_link_is_no_copy() {
    let place = Place::new();
    place.written(&[apply("1")]);
    let copy = place.copy();
    fs::remove_file(&copy).expect("there");
    std::os::unix::fs::symlink(place.file(), &copy).expect("links");
    let opening = place.open();
    opening.writer.append(&apply("2"));
    opening.writer.flush().expect("synced");
    assert!(fs::symlink_metadata(&copy).expect("there").is_file());
    let (copied, file) = (fs::read(&copy).expect("there"), fs::read(place.file()).expect("there"));
    assert_eq!(copied, file);
    // Nor another name for the same file.
    use std::os::unix::fs::MetadataExt as _;
    assert_eq!(fs::metadata(&copy).expect("there").nlink(), 1);
}

#[test]
fn without_file_and_copy_it_is_said_what_can_be_kept() {
    for (how, hurt, _) in HURTS {
        // Nothing else: the work is kept, and the old file brings it back.
        let place = Place::new();
        place.written(&[apply("1"), apply("2")]);
        let (file, journal) = (fs::read(place.file()).expect("there"), place.journals.journal_path(&place.key()));
        let bytes = fs::read(&journal).expect("there");
        hurt(&place.copy());
        fs::remove_file(place.file()).expect("there");
        let error = place.journals.resume::<String>(&place.key(), None).expect_err("nothing to begin with");
        assert!(matches!(&error, JournalError::Lost { .. }) && error.to_string().contains("bring back"), "{error}");
        fs::write(place.file(), &file).expect("writable");
        assert_eq!(resumed(&place.journals, &place.key()), ("first".into(), vec![apply("1"), apply("2")]), "{how}");
        hurt(&place.copy());
        place.write("theirs");
        let opening = place.open();
        assert!(opening.recovered.is_none() && opening.diverged.is_none(), "{how}");
        let problem = opening.problems.first().expect("told").to_string();
        assert!(problem.contains("2 unsaved changes cannot be recovered") && problem.contains("stale-1"), "{problem}");
        let kept = place.names().into_iter().find(|name| name.ends_with(".stale-1")).expect("kept");
        assert_eq!(fs::read(place.journals.folder().join(kept)).expect("there"), bytes, "{how}");

        // A snapshot has all but what can be undone.
        let place = Place::new();
        let opening = place.open();
        opening.writer.append(&apply("1"));
        opening.writer.snapshot(document("after"));
        opening.writer.append(&apply("2"));
        opening.writer.flush().expect("synced");
        drop(opening);
        hurt(&place.copy());
        place.write("theirs");
        let opening = place.open();
        assert_eq!(opening.problems.len(), 1, "{how}: {:?}", opening.problems);
        let diverged = opening.diverged.as_ref().expect("it can be merged");
        assert_eq!(diverged.header.base_document().expect("held").expect("whole"), document("after"), "{how}");
        assert_eq!((diverged.base_changes, diverged.after.as_slice()), (1, &[apply("2")][..]), "{how}");
        drop(opening);
        fs::remove_file(place.file()).expect("there");
        assert_eq!(resumed(&place.journals, &place.key()), ("after".into(), vec![apply("2")]), "{how}");
    }
}

#[test]
fn a_copy_that_is_lost_after_a_save_costs_only_undo_before_that() {
    for (how, hurt, _) in HURTS {
        let place = Place::new();
        place.written(&[apply("1")]);
        let sha256 = place.write("second");
        let opening = place.journals.resume::<String>(&place.key(), None).expect("there");
        opening.writer.append(&place.saved(&sha256));
        opening.writer.append(&apply("2"));
        drop(opening);
        hurt(&place.copy());
        let opening = place.open();
        // That it is altered is only seen when all of it is read, which nobody waits for.
        assert_eq!(opening.problems.len(), usize::from(how != "altered"), "{how}: {:?}", opening.problems);
        let recovered = opening.recovered.as_ref().expect("fits");
        assert_eq!((recovered.before_saved.len(), recovered.after.as_slice()), (2, &[apply("2")][..]), "{how}");
        opening.writer.append(&apply("3"));
        opening.writer.flush().expect("synced");
        let killed = place.killed();
        let now = place.opened(&killed, &place.file());
        assert_eq!(now.problems, [], "{how}");
        assert_eq!(now.recovered.as_ref().expect("fits").after, [apply("2"), apply("3")], "{how}");
        drop(now);
        fs::remove_file(place.file()).expect("there");
        assert_eq!(resumed(&killed, &place.key()), ("second".into(), vec![apply("2"), apply("3")]), "{how}");
        assert!(place.names().iter().any(|name| name.ends_with(".damaged-1")), "{how}: the old one is kept");
    }
}

#[test]
fn a_copy_that_is_hurt_under_the_program_is_made_again() {
    // Altered without another length, it is like a journal of which that happens: seen when it is opened.
    for (how, hurt, is_open) in HURTS.into_iter().filter(|(how, ..)| *how != "altered") {
        for is_file_there in [true, false] {
            for has_more in [true, false] {
                let what = format!("{how}, file: {is_file_there}, more: {has_more}");
                let place = Place::new();
                let opening = place.open();
                opening.writer.append(&apply("1"));
                opening.writer.flush().expect("synced");
                let mut expected = vec![apply("1")];
                if !is_file_there {
                    place.write("theirs");
                }
                hurt(&place.copy());
                if has_more {
                    opening.writer.append(&apply("2"));
                    expected.push(apply("2"));
                } else {
                    // What the clock does.
                    opening.writer.retry();
                }
                opening.writer.flush().expect("made again");
                assert!(opening.writer.is_synced(), "{what}");
                let killed = place.killed();
                let _ = fs::remove_file(place.file());
                assert_eq!(resumed(&killed, &place.key()), ("first".into(), expected), "{what}");
                // Words only where nobody has the bytes.
                let is_copy = place.first_line(&place.key()).contains("manicule-journal/2");
                assert_eq!(is_copy, is_file_there || (is_open && cfg!(unix)), "{what}");
                // And on.
                opening.writer.append(&apply("4"));
                opening.writer.flush().expect("synced");
                assert!(resumed(&place.killed(), &place.key()).1.ends_with(&[apply("4")]), "{what}");
            }
        }
    }
}

/// A first change, one more, a save, on a disk that fails. Gives what was called safe last.
fn work(place: &Place, opening: &Opening<String>) -> usize {
    let mut safe = 0;
    let steps = [apply("1"), apply("2"), place.saved("never"), Entry::Begun, apply("3")];
    for (nth, step) in steps.iter().enumerate() {
        opening.writer.append(step);
        let _ = opening.writer.flush();
        if opening.writer.is_synced() && opening.writer.error().is_none() {
            safe = nth + 1;
        }
    }
    safe
}

#[test]
fn a_disk_that_fails_at_any_point_loses_nothing_that_was_safe() {
    let faults = Arc::new(Faults::default());
    let place = Place::on(Disk::behind(faults.clone()));
    let opening = place.open();
    faults.plan(usize::MAX, false, Fault::Full);
    assert_eq!(work(&place, &opening), 5);
    let all = faults.seen();
    assert!(all.len() > 12);
    let mut tried = 0;
    for fault in Fault::ALL {
        for (at, _) in all.iter().enumerate().filter(|(_, operation)| fault.can_meet(**operation)) {
            for is_lasting in [false, true] {
                for is_replaced in [false, true] {
                    let what = format!("{fault:?} at {at}, lasting: {is_lasting}, replaced: {is_replaced}");
                    let faults = Arc::new(Faults::default());
                    let place = Place::on(Disk::behind(faults.clone()));
                    let opening = place.open();
                    faults.plan(at, is_lasting, fault);
                    let safe = work(&place, &opening);
                    if is_replaced {
                        place.write("theirs");
                    }
                    let file = fs::read(place.file()).expect("there");
                    // Killed now, and the file is gone.
                    fs::remove_file(place.file()).expect("there");
                    if safe > 0 {
                        let (title, entries) = resumed(&place.killed(), &place.key());
                        assert!(title == "first" && entries.len() >= safe, "{what}: {safe} {entries:?}");
                    }
                    // Or the disk gets well.
                    fs::write(place.file(), file).expect("writable");
                    faults.heal();
                    opening.writer.retry();
                    opening.writer.flush().expect("written");
                    fs::remove_file(place.file()).expect("there");
                    let (title, entries) = resumed(&place.killed(), &place.key());
                    assert_eq!((title.as_str(), entries.len()), ("first", 5), "{what}");
                    // On a disk that does nothing any more it cannot be removed either.
                    let is_left = place.names().iter().any(|name| has_extension(name, "part"));
                    assert!(is_lasting || !is_left, "{what}");
                    tried += 1;
                }
            }
        }
    }
    println!("{tried} faults");
}

#[test]
fn a_copy_stays_where_it_is_when_its_journal_moves() {
    // Saved under another name.
    let place = Place::new();
    let opening = place.open();
    opening.writer.append(&apply("1"));
    opening.writer.flush().expect("synced");
    let copy = place.copy();
    let b = place.folder.path().join("b.ron");
    opening.writer.move_to(&b);
    opening.writer.append(&apply("2"));
    opening.writer.flush().expect("moved");
    drop(opening);
    assert_eq!(place.copy(), copy);
    place.write("theirs");
    let expected = ("first".to_owned(), vec![apply("1"), apply("2")]);
    assert_eq!(resumed(&place.journals, &Key::of_path(&b)), expected);
    // Another one comes to its name.
    place.written(&[apply("other")]);
    let opening = place.open();
    opening.writer.move_to(&b);
    opening.writer.flush().expect("moved");
    drop(opening);
    let left =
        place.journals.list_unsaved().into_iter().find(|work| work.key != Key::of_path(&b)).expect("it made room");
    assert_eq!(resumed(&place.journals, &left.key), expected);
    assert_eq!(resumed(&place.journals, &Key::of_path(&b)), ("theirs".into(), vec![apply("other")]));
    // Given up, each takes its copy with it.
    place.journals.discard(&left.key).expect("deletable");
    assert_ne!(place.copy(), copy);
    let opening = place.journals.resume::<String>(&Key::of_path(&b), None).expect("there");
    opening.writer.discard().expect("deletable");
    drop(opening);
    assert_eq!(place.names(), Vec::<String>::new());

    // Left by its file, with unsaved work and without; set aside for a new one.
    let place = Place::new();
    place.written(&[apply("1")]);
    let copy = place.copy();
    place.write("theirs");
    place.open().writer.leave(true).expect("nothing hinders");
    let left = place.journals.list_unsaved().pop().expect("listed");
    assert_eq!(resumed(&place.journals, &left.key), ("first".into(), vec![apply("1")]));
    place.written(&[apply("2")]);
    place.open().writer.leave(false).expect("nothing hinders");
    let opened = open_path(&place.file(), &OpenOptions::default()).expect("whole");
    let opening = place.open();
    opening.writer.append(&apply("3"));
    opening.writer.flush().expect("synced");
    let base = Base::native(&place.file(), &opened.sha256, &opened.document);
    opening.writer.begin_anew(base).expect("written");
    opening.writer.append(&apply("4"));
    opening.writer.flush().expect("synced");
    drop(opening);
    assert_eq!(resumed(&place.journals, &place.key()), ("theirs".into(), vec![apply("4")]));
    assert!(copy.exists());
    // Each of the four has its own, also those that were set aside.
    let ends = |end: &str| place.names().iter().filter(|name| name.contains(end)).count();
    assert_eq!((ends(".base"), ends(".journal"), ends(".stale-")), (4, 4, 2), "{:?}", place.names());
}

#[test]
fn what_killed_programs_left_is_removed() {
    let place = Place::new();
    place.written(&[apply("1")]);
    let (named, folder) = (place.copy(), place.journals.folder().to_owned());
    let long_ago = SystemTime::now() - Duration::from_secs(48 * 60 * 60);
    let leave = |name: &str, is_old: bool| {
        fs::write(folder.join(name), "left").expect("writable");
        let file = fs::File::options().write(true).open(folder.join(name)).expect("ours");
        is_old.then(|| file.set_modified(long_ago).expect("ours"));
    };
    fs::File::options().write(true).open(&named).and_then(|file| file.set_modified(long_ago)).expect("ours");
    leave("00112233aabbccdd.base", true);
    leave("00112233aabbccde.base", false);
    leave("of somebody else.base", true);
    leave(".manicule-4000000000-7.part", true);
    let other = place.folder.path().join("b.ron");
    fs::copy(place.file(), &other).expect("copied");
    let begin = || {
        let opening = place.opened(&place.journals, &other);
        opening.writer.append(&apply("1"));
        drop(opening);
    };
    let discard = || place.journals.discard(&Key::of_path(&other)).expect("deletable");
    // Where something is not understood, nothing is removed that it may name.
    fs::write(folder.join("x.journal"), "{\"seq\":0,\"crc32\":1,\"entry\":{\"journal\":\"manicule-journal/9\"}}")
        .expect("ours");
    begin();
    assert!(folder.join("00112233aabbccdd.base").exists());
    assert!(!folder.join(".manicule-4000000000-7.part").exists());
    fs::remove_file(folder.join("x.journal")).expect("there");
    discard();
    begin();
    discard();
    let left: Vec<String> = place.names().into_iter().filter(|name| !has_extension(name, "journal")).collect();
    let named = named.file_name().expect("a name").to_string_lossy().into_owned();
    let of_others =
        left.iter().filter(|name| !name.starts_with("00112233aabbccde") && !name.starts_with("of somebody"));
    assert_eq!(of_others.collect::<Vec<_>>(), [&named], "{left:?}");
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_copy_cut_anywhere_or_with_any_bit_flipped_is_none() {
    let place = Place::new();
    let bytes = fs::read(place.file()).expect("there");
    let copied = copies::Copied { sha256: sha256_of(&bytes), bytes: bytes.len() as u64 };
    let copy = place.folder.path().join("copy.base");
    let read = |bytes: &[u8]| {
        fs::write(&copy, bytes).expect("writable");
        let document = copied.read(&[&copy], &place.file());
        assert_eq!(document.is_some(), copied.is_at(&copy));
        document
    };
    assert_eq!(read(&bytes), Some(document("first")));
    for at in 0..bytes.len() {
        assert!(read(&bytes[..at]).is_none(), "cut at {at}");
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        assert!(read(&damaged).is_none(), "byte {at}");
    }
    fs::write(&copy, "torn").expect("writable");
    assert_eq!(copied.read(&[&copy, &place.file()], &place.file()), Some(document("first")), "the file is as good");
}
