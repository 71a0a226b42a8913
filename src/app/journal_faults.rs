//! A day's work on a disk that fails at every point once, and on one that fails from there on.

use super::*;
use crate::edit::{History, Intent};
use crate::model::Header;
use crate::model::schema::builtin;
use crate::model::test_support::spans;
use crate::store::disk::Disk;
use crate::store::disk::tests::{Fault, Faults};
use crate::store::{Journals, OnDisk, OpenOptions, Pace, SaveOptions, open_path, save_on};
use crate::text::Text;

const TEXT: &str = "Anna met Bob in Paris 😀 and Éva in Zürich on Monday, said Carl to Dora.";

/// A folder with an article, on a disk that can fail.
struct Desk {
    folder: tempfile::TempDir,
    faults: Arc<Faults>,
    journals: Journals,
    disk: Disk,
}

impl Desk {
    /// `is_long`: as if the file were long, so that the journal begins with a copy of it.
    fn new(is_long: bool) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let faults = Arc::new(Faults::default());
        let disk = Disk::behind(faults.clone());
        // The clock stands still; what it does is asked for.
        let never = Duration::from_secs(3600);
        let pace = Pace { retry: never, longest: never, watch: never, patience: Duration::from_secs(60) };
        let journals = Journals::on(disk.clone(), pace, folder.path().join("journals"));
        let journals = if is_long { journals.copying_from(1) } else { journals };
        let document = Document::new(Text::new(TEXT).expect("short"), Header::default());
        let desk = Self { folder, faults, journals, disk };
        save_on(&desk.disk, &document, &desk.path("a.ron"), &SaveOptions::over(OnDisk::Absent), |_| true)
            .expect("writable");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, file: PathBuf) -> Work<'_> {
        let opened = open_path(&file, &OpenOptions::default()).expect("the file is whole");
        let base = Base::native(&file, &opened.sha256, &opened.document);
        let found = Found::from(self.journals.open(base, None).expect("it can be read"));
        let codes: Vec<&str> = found.problems.iter().map(|problem| problem.code).collect();
        assert!(codes.iter().all(|code| *code == "damaged-journal"), "{:?}", found.problems);
        let document = found.recovered.as_ref().and_then(base_document).unwrap_or(opened.document);
        let mut editor = Editor::new(document, Arc::new(builtin("news").expect("ships").clone()));
        let has_history = found.recovered.is_some();
        if let Some(recovered) = found.recovered {
            restore(&mut editor, recovered).expect("it fits");
        }
        let states = vec![State::of(&editor)];
        Work { desk: self, editor, journal: found.journal, file, sha256: opened.sha256, states, safe: 0, has_history }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct State {
    document: Document,
    history: History,
}

impl State {
    fn of(editor: &Editor) -> Self {
        Self { document: editor.document().clone(), history: editor.history().clone() }
    }
}

/// A window on the article, as far as the store sees it.
struct Work<'d> {
    desk: &'d Desk,
    editor: Editor,
    journal: SessionJournal,
    file: PathBuf,
    sha256: String,
    /// Everything that the document was.
    states: Vec<State>,
    /// Which of these was called safe last.
    safe: usize,
    has_history: bool,
}

impl Work<'_> {
    fn settle(&mut self) {
        if let Some(writer) = &self.journal.writer {
            let _ = writer.flush();
        }
        if self.journal.is_synced() && self.journal.error().is_none() {
            self.safe = self.states.len() - 1;
        }
    }

    fn changed(&mut self) {
        self.states.push(State::of(&self.editor));
        self.settle();
    }

    fn note(&mut self, note: &str) {
        let done = self.editor.execute(&Intent::SetDocumentNote(format!("{note} 😀"))).expect("legal");
        self.journal.applied(&done.transaction.expect("changed"));
        self.changed();
    }

    fn mark(&mut self, label: &str, at: (u32, u32)) {
        let intent = Intent::AddMention { label: label.into(), spans: spans(&[at]) };
        let done = self.editor.execute(&intent).expect("legal");
        self.journal.applied(&done.transaction.expect("changed"));
        self.changed();
    }

    fn undo(&mut self) {
        self.editor.undo().expect("something was done");
        self.journal.stepped(true);
        self.changed();
    }

    fn snapshot(&mut self) {
        self.journal.snapshot(self.editor.document());
        self.settle();
    }

    fn save(&mut self, file: PathBuf) {
        let marker = self.journal.begin_saving();
        let on_disk = if file == self.file { OnDisk::Unchanged(self.sha256.clone()) } else { OnDisk::Any };
        let before = std::fs::read(&file).ok();
        let (document, options) = (self.editor.document(), SaveOptions::over(on_disk));
        let saved = save_on(&self.desk.disk, document, &file, &options, |sha256| marker.put(&file, sha256));
        match saved {
            Ok(saved) => {
                let opened = open_path(&file, &OpenOptions::default()).expect("the new file is whole");
                assert_eq!((&opened.document, &opened.sha256), (self.editor.document(), &saved.sha256));
                self.journal.end_saving(Some(&file));
                (self.file, self.sha256) = (file, saved.sha256);
                self.safe = self.states.len() - 1;
            }
            Err(error) => {
                assert_eq!(std::fs::read(&file).ok(), before, "the old file is as it was: {error}");
                self.journal.end_saving(None);
            }
        }
        drop(marker);
        self.settle();
    }

    /// Six edits, undo, save, edits, a snapshot, an edit, save elsewhere, edits.
    fn work(&mut self, round: usize) {
        let label = ["Person", "Organization"][round % 2];
        self.note(&format!("{round}.1"));
        for word in [(0, 4), (9, 12), (16, 21)] {
            self.mark(label, word);
        }
        self.note(&format!("{round}.2"));
        self.note(&format!("{round}.3"));
        self.undo();
        self.save(self.file.clone());
        self.mark(label, (31, 35));
        self.note(&format!("{round}.4"));
        self.snapshot();
        self.undo();
        self.save(self.desk.path(&format!("{round}.ron")));
        self.note(&format!("{round}.5"));
        self.mark(label, (0, 8));
    }

    fn close(mut self) -> (PathBuf, Vec<State>, usize) {
        self.journal.snapshot(self.editor.document());
        if self.journal.close().is_ok() {
            self.safe = self.states.len() - 1;
        }
        (self.file, self.states, self.safe)
    }
}

/// What is opened now must be what was safe or came after it.
fn reopen(desk: &Desk, (file, states, safe): (PathBuf, Vec<State>, usize), place: &str) {
    let work = desk.open(file);
    let now = State::of(&work.editor);
    // A journal that could not go along to another file has the history; the file has the document.
    let is_now = |state: &State| state.document == now.document && (!work.has_history || *state == now);
    let known = states.iter().rposition(is_now);
    assert!(
        known.is_some_and(|known| known >= safe),
        "{place}: {safe} of {} was safe, {known:?} is there",
        states.len()
    );
}

/// The same again without faults, on what is there now; and it is there when it is opened again.
fn go_on(desk: &Desk, file: PathBuf, place: &str) {
    let mut work = desk.open(file);
    work.work(2);
    assert_eq!(work.journal.error(), None, "{place}");
    let closed = work.close();
    assert_eq!(closed.2, closed.1.len() - 1, "{place}");
    reopen(desk, closed, place);
}

/// How often, and where.
fn points(is_long: bool, run: impl FnOnce(&Desk)) -> Vec<(usize, Fault)> {
    let desk = Desk::new(is_long);
    desk.faults.plan(usize::MAX, false, Fault::Full);
    run(&desk);
    let seen = desk.faults.seen();
    let all = |fault: &Fault| {
        let fault = *fault;
        seen.iter().enumerate().filter(move |(_, o)| fault.can_meet(**o)).map(move |(at, _)| (at, fault)).collect()
    };
    Fault::ALL.iter().flat_map(|fault| -> Vec<_> { all(fault) }).collect()
}

#[test]
fn a_disk_that_fails_at_any_point_once_loses_nothing() {
    [false, true].into_iter().for_each(once);
}

fn once(is_long: bool) {
    let points = points(is_long, |desk| {
        let mut work = desk.open(desk.path("a.ron"));
        work.work(1);
        drop(work.close());
    });
    assert!(points.len() > 100, "{}", points.len());
    for (at, fault) in &points {
        let (at, fault) = (*at, *fault);
        let place = format!("long: {is_long}, {fault:?} at {at}, once");
        let desk = Desk::new(is_long);
        desk.faults.plan(at, false, fault);
        let mut work = desk.open(desk.path("a.ron"));
        work.work(1);
        desk.faults.heal();
        // What the clock does.
        work.journal.try_again();
        work.settle();
        assert!(work.journal.is_synced(), "{place}: {:?}", work.journal.error());
        let closed = work.close();
        assert_eq!(closed.2, closed.1.len() - 1, "{place}");
        let file = closed.0.clone();
        reopen(&desk, closed, &place);
        go_on(&desk, file, &place);
    }
    println!("{} faults, each once", points.len());
}

#[test]
fn a_disk_that_fails_from_any_point_on_loses_nothing_that_was_safe() {
    [false, true].into_iter().for_each(from_there_on);
}

fn from_there_on(is_long: bool) {
    let points = points(is_long, |desk| {
        let mut work = desk.open(desk.path("a.ron"));
        work.work(1);
        drop(work.close());
    });
    for (at, fault) in &points {
        let (at, fault) = (*at, *fault);
        for heals in [false, true] {
            let place = format!("long: {is_long}, {fault:?} from {at} on, heals: {heals}");
            let desk = Desk::new(is_long);
            desk.faults.plan(at, true, fault);
            let mut work = desk.open(desk.path("a.ron"));
            work.work(1);
            if heals {
                desk.faults.heal();
                work.journal.try_again();
                work.settle();
                assert!(work.journal.is_synced(), "{place}: {:?}", work.journal.error());
            }
            let closed = work.close();
            desk.faults.heal();
            let file = closed.0.clone();
            reopen(&desk, closed, &place);
            go_on(&desk, file, &place);
        }
    }
    println!("{} faults from there on, {} of them healed before the end", points.len() * 2, points.len());
}

#[test]
fn a_damaged_journal_is_mended_on_a_disk_that_fails() {
    [false, true].into_iter().for_each(mended);
}

fn mended(is_long: bool) {
    /// Work with a snapshot in the middle, whose journal is damaged before or after it.
    fn damaged(desk: &Desk, line: usize) -> Vec<State> {
        let mut work = desk.open(desk.path("a.ron"));
        work.mark("Place", (0, 4));
        work.mark("Place", (9, 12));
        work.snapshot();
        work.note("last");
        let states = work.states.clone();
        drop(work);
        let journal = desk.journals.list_unsaved().first().map(|work| work.key.clone()).expect("listed");
        let path = desk.journals.journal_path(&journal);
        let mut lines: Vec<Vec<u8>> =
            std::fs::read(&path).expect("there").split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        lines[line][9] ^= 4;
        std::fs::write(&path, lines.concat()).expect("writable");
        states
    }
    // Line 0 is the header, 1 and 2 are in the snapshot, 3 is not.
    for (line, expected) in [(0, 3), (1, 3), (2, 3), (3, 2)] {
        let points = points(is_long, |desk| {
            damaged(desk, line);
            desk.faults.plan(usize::MAX, false, Fault::Full);
            let mut work = desk.open(desk.path("a.ron"));
            work.mark("Place", (16, 21));
            drop(work.close());
        });
        for (at, fault) in points {
            for is_lasting in [false, true] {
                let place = format!("long: {is_long}, line {line}, {fault:?} at {at}, lasting: {is_lasting}");
                let desk = Desk::new(is_long);
                let states = damaged(&desk, line);
                desk.faults.plan(at, is_lasting, fault);
                let mut work = desk.open(desk.path("a.ron"));
                assert_eq!(work.editor.document(), &states[expected].document, "{place}");
                work.mark("Place", (16, 21));
                if !is_lasting {
                    work.journal.try_again();
                    work.settle();
                    assert!(work.journal.is_synced(), "{place}: {:?}", work.journal.error());
                }
                let closed = work.close();
                desk.faults.heal();
                let file = closed.0.clone();
                reopen(&desk, closed, &place);
                go_on(&desk, file, &place);
            }
        }
    }
}
