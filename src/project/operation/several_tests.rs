//! Several files at a time: they are, and what is promised of one is kept for all.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::tests::{Folder, document, labels, relative, renaming, run};
use super::*;
use crate::model::Status;
use crate::store::disk::{Gate, Operation as Step, Verdict};

/// The disk, without waiting for it.
fn pass(step: Step) -> Verdict {
    if matches!(step, Step::Sync | Step::SyncFolder) { Verdict::Skip } else { Verdict::Go }
}

fn is_layer(path: &Path) -> bool {
    path.iter().any(|name| name == "annotations")
}

/// Lets nobody put a file in its place before so many want to.
#[derive(Debug)]
struct Together {
    wanted: usize,
    there: Mutex<usize>,
    come: Condvar,
}

impl Gate for Together {
    fn judge(&self, step: Step, path: &Path) -> Verdict {
        if step == Step::Rename && is_layer(path) {
            let mut there = self.there.lock().expect("whole");
            *there += 1;
            self.come.notify_all();
            let long = Duration::from_secs(30);
            let (_there, waited) =
                self.come.wait_timeout_while(there, long, |there| *there < self.wanted).expect("whole");
            if waited.timed_out() {
                return Verdict::Fail(io::Error::other("nobody else came"));
            }
        }
        pass(step)
    }
}

#[test]
fn as_many_files_are_under_way_as_are_asked_for() {
    for wanted in [1, 2, 5] {
        let folder = Folder::new(5);
        let gate = Arc::new(Together { wanted, there: Mutex::default(), come: Condvar::new() });
        let operations = folder.operations(Disk::behind(gate)).at_once(wanted);
        let id = renaming().begin(&operations, 5).expect("begins");
        let outcome = run(&operations, &id);
        assert_eq!((outcome.changed, outcome.left.len()), (5, 0), "{wanted} at a time");
    }
}

/// Fills up after so many files were put in their place; counts those that are tried.
#[derive(Debug, Default)]
struct Filling {
    room: usize,
    tried: Mutex<usize>,
}

impl Gate for Filling {
    fn judge(&self, step: Step, path: &Path) -> Verdict {
        if step == Step::Rename && is_layer(path) {
            let mut tried = self.tried.lock().expect("whole");
            *tried += 1;
            if *tried > self.room {
                return Verdict::Fail(io::ErrorKind::StorageFull.into());
            }
        }
        pass(step)
    }
}

#[test]
fn a_full_disk_stops_all_of_them() {
    const COUNT: usize = 40;
    for at_once in [1, 4] {
        let folder = Folder::new(COUNT);
        let gate = Arc::new(Filling { room: 9, ..Filling::default() });
        let operations = folder.operations(Disk::behind(gate.clone())).at_once(at_once);
        let id = renaming().begin(&operations, COUNT).expect("begins");
        let stopped = operations.run(&id, None, &mut |_| true);
        let is_full =
            matches!(&stopped, Err(OperationError::Io { source, .. }) if source.kind() == io::ErrorKind::StorageFull);
        assert!(is_full, "{stopped:?}");
        let tried = *gate.tried.lock().expect("whole");
        assert!(tried <= 9 + at_once, "{tried} were tried, {at_once} at a time");
        // Those that were put in their place are noted.
        let paused = folder.here().run(&id, None, &mut |_| false).expect("pauses");
        assert_eq!((paused.is_finished, paused.changed), (false, 9));
        assert_eq!(run(&folder.here(), &id).changed, COUNT);
    }
}

#[test]
fn a_pause_leaves_nothing_under_way() {
    const COUNT: usize = 30;
    let folder = Folder::new(COUNT);
    let operations = folder.here().at_once(4);
    let id = renaming().begin(&operations, COUNT).expect("begins");
    let mut asked = Vec::new();
    let thread = std::thread::current().id();
    for until in [0, 1, 11, 12, 29] {
        let paused = operations.run(&id, None, &mut |progress| {
            assert_eq!(std::thread::current().id(), thread, "asked where it is run");
            asked.push(progress.done);
            progress.done < until
        });
        let changed = (0..COUNT).filter(|n| labels(&folder.read(*n)) == ["Human"; 2]).count();
        assert_eq!((paused.expect("runs").changed, changed), (until, until));
        let files = fs::read_dir(folder.root().join("annotations/anna")).expect("there").count();
        assert_eq!(files, COUNT, "nothing is left beside them");
    }
    assert_eq!(asked.len(), 29 + 5, "each file once, and once more for each pause");
    assert_eq!(run(&operations, &id).changed, COUNT);
}

/// Has room for no file that is put in its place before others are; those are put there first.
#[derive(Debug, Default)]
struct FullFor {
    first: PathBuf,
    others: Mutex<usize>,
    come: Condvar,
}

impl Gate for FullFor {
    fn judge(&self, step: Step, path: &Path) -> Verdict {
        if step != Step::Rename || !is_layer(path) {
            // The folder is synced after the file has its name.
            if step == Step::SyncFolder && is_layer(path) {
                *self.others.lock().expect("whole") += 1;
                self.come.notify_all();
            }
            return pass(step);
        }
        if path.file_name() != self.first.file_name() {
            return pass(step);
        }
        let others = self.others.lock().expect("whole");
        let long = Duration::from_secs(30);
        let (_others, waited) = self.come.wait_timeout_while(others, long, |others| *others == 0).expect("whole");
        let error = if waited.timed_out() { io::ErrorKind::TimedOut } else { io::ErrorKind::StorageFull };
        Verdict::Fail(error.into())
    }
}

#[test]
fn what_is_done_behind_a_file_that_is_not_counts_in_a_pause() {
    const COUNT: usize = 8;
    for at_once in [2, 4] {
        let folder = Folder::new(COUNT);
        let gate = FullFor { first: folder.path(0), ..FullFor::default() };
        let operations = folder.operations(Disk::behind(Arc::new(gate))).at_once(at_once);
        let id = renaming().begin(&operations, COUNT).expect("begins");
        operations.run(&id, None, &mut |_| true).expect_err("full");
        let changed = (0..COUNT).filter(|n| labels(&folder.read(*n)) == ["Human"; 2]).count();
        assert!(changed > 0 && labels(&folder.read(0)) != ["Human"; 2], "{changed}");
        let paused = folder.here().run(&id, None, &mut |_| false).expect("pauses");
        assert_eq!((paused.is_finished, paused.changed), (false, changed), "{at_once} at a time");
        assert_eq!(run(&folder.here(), &id).changed, COUNT);
    }
}

/// Knows what the notes said when they were last synced, and which files were put in their place before that.
#[derive(Debug, Default)]
struct Order {
    synced: Mutex<BTreeSet<String>>,
    early: Mutex<Vec<PathBuf>>,
}

impl Gate for Order {
    fn judge(&self, step: Step, path: &Path) -> Verdict {
        let is_notes = path.extension().is_some_and(|extension| extension == "notes");
        if step == Step::Sync && is_notes {
            let notes = fs::read_to_string(path).expect("there");
            let planned = notes.lines().filter_map(|line| line.strip_prefix("{\"Replanned\":{\"n\":"));
            let numbers = planned.filter_map(|rest| rest.split(',').next().map(str::to_owned));
            self.synced.lock().expect("whole").extend(numbers);
        }
        if step == Step::Rename && is_layer(path) {
            let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<usize>().ok()).expect("a number");
            if !self.synced.lock().expect("whole").contains(&number.to_string()) {
                self.early.lock().expect("whole").push(path.to_owned());
            }
        }
        pass(step)
    }
}

#[test]
fn what_is_planned_anew_is_on_disk_before_its_file_changes() {
    const COUNT: usize = 24;
    let folder = Folder::new(COUNT);
    let gate = Arc::new(Order::default());
    let operations = folder.operations(Disk::behind(gate.clone())).at_once(6);
    let id = renaming().begin(&operations, COUNT).expect("begins");
    // Every one of them has another mark by the time its turn comes.
    for n in 0..COUNT {
        folder.edit(n, |editor| drop(editor.execute(&super::tests::mark("Person", (26, 30))).expect("fits")));
    }
    assert_eq!(run(&operations, &id).changed, COUNT);
    assert_eq!(*gate.early.lock().expect("whole"), Vec::<PathBuf>::new());
    assert_eq!(gate.synced.lock().expect("whole").len(), COUNT);
    assert!((0..COUNT).all(|n| labels(&folder.read(n)) == ["Human"; 3]));
}

#[test]
fn planning_comes_in_the_order_of_the_files() {
    const COUNT: usize = 60;
    let folder = Folder::new(COUNT);
    fs::write(folder.path(7), "broken").expect("writable");
    let mut flagged = document(11);
    flagged.header.status = Status::Flagged;
    folder.save(11, &flagged);
    let paths: Vec<PathBuf> = (0..COUNT).map(relative).collect();
    for at_once in [1, 8] {
        let mut seen = Vec::new();
        let look = |path: &Path, document: &Document| (path.to_owned(), document.header().status == Status::Flagged);
        let surveyed = folder.here().at_once(at_once).survey(&paths, look, |path, looked| {
            assert_eq!(looked.is_err(), path == relative(7));
            assert!(looked.is_err() || looked == Ok((path.to_owned(), path == relative(11))));
            seen.push(path.to_owned());
            if seen.len() == 50 { Err(OperationError::Cancelled) } else { Ok(()) }
        });
        assert!(matches!(surveyed, Err(OperationError::Cancelled)));
        assert_eq!(seen, paths[..50]);
    }
}

#[test]
fn a_panic_at_one_file_comes_through_and_the_next_run_goes_on() {
    let folder = Folder::new(12);
    let operations = folder.here().at_once(4);
    let id = renaming().begin(&operations, 12).expect("begins");
    let plan = |path: &Path, _: &Document| {
        assert!(path != relative(5), "expected by the test");
        None
    };
    let fallen = crate::panics::catch(|| operations.run(&id, Some(&plan), &mut |_| true));
    assert!(fallen.is_err());
    assert_eq!(run(&operations, &id).left.len(), 0);
}
