//! An operation on a disk that fails at every point once, and on one that fails from there on; and one that is killed there.

use std::sync::Arc;

use super::tests::{Folder, mark, relative, renaming, run};
use super::*;
use crate::store::disk::tests::{Fault, Faults};
use crate::store::disk::{Gate, Operation as Step, Verdict};

const DOCUMENTS: usize = 4;
/// How many files are visited at a time: where each step is the same every time, and where they get in each other's way.
const AT_ONCE: [usize; 2] = [1, 3];

/// One document without a journal, one whose journal is saved, one with unsaved work, one that was overtaken.
fn folder() -> Folder {
    let folder = Folder::new(DOCUMENTS);
    folder.work(1, &mark("Person", (26, 30)), true);
    folder.work(2, &mark("Person", (26, 30)), true);
    folder.work(2, &mark("Person", (33, 39)), false);
    folder.work(3, &mark("Person", (26, 30)), true);
    let mut theirs = super::tests::document(3);
    theirs.header.note = Some("theirs".into());
    folder.save(3, &theirs);
    folder
}

/// Begins and runs; whatever goes wrong.
fn attempt(operations: &Operations) {
    if let Ok(id) = renaming().begin(operations, DOCUMENTS) {
        let _ = operations.run(&id, None, &mut |_| true);
    }
}

/// What the program does when it comes back: finishes what was begun, and what was left; begins what never began.
fn come_back(folder: &Folder) {
    let operations = folder.here();
    let begun = operations.list().expect("readable");
    let id = match begun.as_slice() {
        [] => {
            assert!(operations.unfinished().expect("readable").is_empty());
            renaming().begin(&operations, DOCUMENTS).expect("begins")
        }
        [one] => one.id.clone(),
        several => panic!("{several:?}"),
    };
    let outcome = run(&operations, &id);
    assert_eq!((outcome.is_finished, outcome.left.len()), (true, 0), "{outcome:?}");
}

/// Files, and what journals know: whether there is unsaved work, and what can be undone.
type State = (Vec<(PathBuf, String)>, Vec<(bool, Vec<String>)>);

fn state(folder: &Folder) -> State {
    let journals: Vec<_> = (0..DOCUMENTS)
        .map(|n| {
            let (mut editor, is_unsaved) = folder.reopened(n);
            let mut titles = Vec::new();
            while let Some(step) = editor.undo() {
                titles.push(step.title);
            }
            // Of an overtaken journal, a new one may begin before or after the operation.
            if n == 3 {
                titles.clear();
            }
            (is_unsaved, titles)
        })
        .collect();
    (folder.contents(), journals)
}

fn expected() -> State {
    let folder = folder();
    let faults = Arc::new(Faults::default());
    attempt(&folder.operations(Disk::behind(faults)).at_once(1));
    come_back(&folder);
    state(&folder)
}

#[test]
fn whatever_fails_wherever_the_next_run_comes_to_the_same() {
    AT_ONCE.into_iter().for_each(whatever_fails);
}

fn whatever_fails(at_once: usize) {
    let expected = expected();
    let mut at = 0;
    loop {
        let mut has_met = false;
        // Halves of a write are the same with several.
        let faults = if at_once == 1 { &Fault::ALL[..] } else { &[Fault::Full, Fault::Broken] };
        for fault in faults.iter().copied() {
            for is_lasting in [false, true] {
                let folder = folder();
                let faults = Arc::new(Faults::default());
                faults.plan(at, is_lasting, fault);
                attempt(&folder.operations(Disk::behind(faults.clone())).at_once(at_once));
                let seen = faults.seen();
                has_met |= seen.len() > at;
                if !seen.get(at).is_some_and(|step| fault.can_meet(*step)) {
                    continue;
                }
                come_back(&folder);
                let state = state(&folder);
                let what = format!("{at_once} at a time, step {at} ({:?}) {fault:?}, lasting: {is_lasting}", seen[at]);
                assert!(state == expected, "{what}:\n{state:#?}");
            }
        }
        if !has_met {
            break;
        }
        at += 1;
    }
    assert!(at > 40, "{at} steps");
}

/// After so many steps nothing reaches the disk any more, as when the program is killed: no step of mending either.
#[derive(Debug)]
struct Killed {
    after: usize,
    seen: std::sync::atomic::AtomicUsize,
}

impl Gate for Killed {
    fn judge(&self, step: Step, _: &Path) -> Verdict {
        let seen = self.seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let error = || io::Error::other("killed");
        match (seen.cmp(&self.after), step) {
            (std::cmp::Ordering::Less, Step::Sync | Step::SyncFolder) => Verdict::Skip,
            (std::cmp::Ordering::Less, _) => Verdict::Go,
            (std::cmp::Ordering::Equal, Step::Write) => Verdict::HalfAndFail(error()),
            _ => Verdict::Fail(error()),
        }
    }
}

#[test]
fn killed_at_any_step_it_is_finished_by_the_next_program() {
    AT_ONCE.into_iter().for_each(killed_at_any_step);
}

fn killed_at_any_step(at_once: usize) {
    let expected = expected();
    for after in 0.. {
        let folder = folder();
        let gate = Arc::new(Killed { after, seen: Default::default() });
        attempt(&folder.operations(Disk::behind(gate.clone())).at_once(at_once));
        come_back(&folder);
        let state = state(&folder);
        assert!(state == expected, "{at_once} at a time, after {after}:\n{state:#?}");
        if gate.seen.load(std::sync::atomic::Ordering::Relaxed) <= after {
            assert!(after > 40, "{after} steps");
            break;
        }
        assert!((0..DOCUMENTS).all(|n| folder.root().join(relative(n)).exists()));
    }
}
