//! Disks that fail and disks that hang, for tests of all that writes; and what the real one keeps.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::*;

/// How an operation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full.
    Full,
    /// The disk is broken.
    Broken,
    /// Of a write, only a half is done, which is no error.
    Half,
    /// Of a write, a half is done, and then the disk is full.
    Torn,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Full, Self::Broken, Self::Half, Self::Torn];

    /// Whether it can happen to such an operation.
    pub fn can_meet(self, operation: Operation) -> bool {
        operation == Operation::Write || matches!(self, Self::Full | Self::Broken)
    }

    fn verdict(self) -> Verdict {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        match self {
            Self::Full => Verdict::Fail(full()),
            Self::Broken => Verdict::Fail(io::Error::other("input/output error")),
            Self::Half => Verdict::Half,
            Self::Torn => Verdict::HalfAndFail(full()),
        }
    }
}

/// Counts operations and lets one of them fail, or all from there on. Syncs are passed over: no power fails here.
#[derive(Debug, Default)]
pub struct Faults(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    seen: Vec<Operation>,
    /// Which operation fails, from 0; whether all later ones do; how.
    plan: Option<(usize, bool, Fault)>,
}

impl Faults {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From the next operation on, the one of this number (from 0) fails, and with `is_lasting` all after it.
    pub fn plan(&self, at: usize, is_lasting: bool, fault: Fault) {
        *self.state() = State { seen: Vec::new(), plan: Some((at, is_lasting, fault)) };
    }

    /// Nothing fails any more.
    pub fn heal(&self) {
        self.state().plan = None;
    }

    /// The operations so far.
    pub fn seen(&self) -> Vec<Operation> {
        self.state().seen.clone()
    }
}

impl Gate for Faults {
    fn judge(&self, operation: Operation, _: &Path) -> Verdict {
        let mut state = self.state();
        let number = state.seen.len();
        state.seen.push(operation);
        match state.plan {
            Some((at, is_lasting, fault))
                if (number == at || (is_lasting && number > at)) && fault.can_meet(operation) =>
            {
                fault.verdict()
            }
            _ if matches!(operation, Operation::Sync | Operation::SyncFolder) => Verdict::Skip,
            _ => Verdict::Go,
        }
    }
}

/// A disk that does not answer until the sender that comes with it is dropped.
#[derive(Debug)]
pub struct Hangs(Receiver<()>);

impl Hangs {
    /// The gate, and what it waits for.
    pub fn new() -> (Arc<Self>, Sender<()>) {
        let (release, held) = bounded(0);
        (Arc::new(Self(held)), release)
    }
}

impl Gate for Hangs {
    fn judge(&self, _: Operation, _: &Path) -> Verdict {
        let _ = self.0.recv();
        Verdict::Go
    }
}

fn names(folder: &Path) -> Vec<String> {
    let folder = fs::read_dir(folder).expect("there");
    let mut names: Vec<String> = folder.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all_and_nothing_stays_behind() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a");
    let faults = Arc::new(Faults::default());
    let disk = Disk::behind(faults.clone());
    disk.replace(&path, b"old").expect("writable");
    let all = faults.seen();
    assert_eq!(all, [Operation::Open, Operation::Write, Operation::Sync, Operation::Rename, Operation::SyncFolder]);
    for fault in Fault::ALL {
        for (at, operation) in all.iter().enumerate().filter(|(_, operation)| fault.can_meet(**operation)) {
            disk.replace(&path, b"old").expect("writable");
            faults.plan(at, false, fault);
            let result = disk.replace(&path, b"new one");
            assert_eq!(result.is_ok(), fault == Fault::Half, "{fault:?} at {operation:?}");
            let is_renamed = result.is_ok() || *operation == Operation::SyncFolder;
            let expected: &[u8] = if is_renamed { b"new one" } else { b"old" };
            assert_eq!(fs::read(&path).expect("there"), expected, "{fault:?} at {operation:?}");
            assert_eq!(names(folder.path()), ["a"], "{fault:?} at {operation:?}");
            faults.heal();
        }
    }
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_new_files_are_not_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let disk = Disk::default();
    disk.replace(&path, b"one").expect("writable");
    let plain = folder.path().join("plain");
    fs::write(&plain, "").expect("writable");
    assert_eq!(mode(&path), mode(&plain));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("ours");
    disk.replace(&path, b"two").expect("writable");
    assert_eq!((mode(&path), fs::read(&path).expect("there")), (0o640, b"two".to_vec()));
}
