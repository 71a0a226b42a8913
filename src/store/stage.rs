//! Many files that appear together: each is written into a hidden folder beside its place, and all are renamed when
//! everything could be written.
//!
//! What has its place lasts: the bytes are synced before and the folders after the renaming. A stage that is dropped takes its folder with it: what fails or is stopped leaves no half file. Only a machine that
//! loses its power leaves the folder (`.manicule-…`) behind.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use super::disk::{Disk, DiskFile, folder_of};
use super::{backup, canonical};
use crate::text::hex;

/// See the module.
pub struct Stage {
    folder: tempfile::TempDir,
    disk: Disk,
    count: AtomicU64,
}

/// A file that is written and has no place yet.
#[derive(Debug)]
pub struct Staged {
    path: PathBuf,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
}

/// A file that is being written piece by piece.
pub struct Growing {
    path: PathBuf,
    file: BufWriter<DiskFile>,
    hash: Sha256,
    bytes: u64,
}

impl Growing {
    /// Adds bytes at the end.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    /// Ends the file; its bytes are on disk then.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn finish(self) -> io::Result<Staged> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync()?;
        Ok(Staged { path: self.path, sha256: hex(&self.hash.finalize()), bytes: self.bytes })
    }
}

impl Staged {
    /// Copies the bytes to `out`.
    ///
    /// # Errors
    /// Those of reading and writing.
    pub fn copy_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        io::copy(&mut File::open(&self.path)?, out).map(drop)
    }

    /// Whether the file at `path` has the same bytes.
    pub fn is_at(&self, path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() == self.bytes)
            && sha256_of_file(path).is_ok_and(|sha256| sha256 == self.sha256)
    }
}

/// SHA-256 of a file, read piece by piece.
fn sha256_of_file(path: &Path) -> io::Result<String> {
    let (mut file, mut hash, mut piece) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(piece.get(..count).unwrap_or_default()),
        }
    }
}

/// Why staged files did not all get their places.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source} ({written} of {all} files were written)", .path.display())]
pub struct CommitError {
    /// The file that could not be put there.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
    /// How many files had their places by then.
    pub written: usize,
    /// How many there are.
    pub all: usize,
}

/// What was put in place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// How many files were written.
    pub written: usize,
    /// Where files of older versions of the native file are kept that were there before.
    pub backups: Vec<PathBuf>,
}

impl Stage {
    /// A stage on the file system of `output`, which need not exist.
    ///
    /// # Errors
    /// Those of making a folder there.
    pub fn beside(output: &Path) -> io::Result<Self> {
        Self::beside_on(Disk::default(), output)
    }

    /// The same on any disk.
    ///
    /// # Errors
    /// Those of making a folder there.
    pub fn beside_on(disk: Disk, output: &Path) -> io::Result<Self> {
        let absolute = std::path::absolute(output)?;
        let existing = absolute.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
        let folder = tempfile::Builder::new().prefix(".manicule-").tempdir_in(existing)?;
        Ok(Self { folder, disk, count: AtomicU64::new(0) })
    }

    /// A stage among temporary files, for what goes elsewhere than to a file.
    ///
    /// # Errors
    /// Those of making a folder there.
    pub fn temporary() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("manicule-").tempdir()?;
        Ok(Self { folder, disk: Disk::default(), count: AtomicU64::new(0) })
    }

    /// Begins a file. May be called from several threads.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn begin(&self) -> io::Result<Growing> {
        let path = self.folder.path().join(self.count.fetch_add(1, Ordering::Relaxed).to_string());
        let file = BufWriter::with_capacity(1 << 16, self.disk.create_new(&path)?);
        Ok(Growing { path, file, hash: Sha256::new(), bytes: 0 })
    }

    /// Writes a whole file.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(&self, bytes: &[u8]) -> io::Result<Staged> {
        let mut file = self.begin()?;
        file.append(bytes)?;
        file.finish()
    }

    /// Gives every file its place; folders are made where they are missing. A file that has these bytes already is not
    /// touched, one of a newer version of the native file keeps everything from being written.
    ///
    /// # Errors
    /// [`CommitError`] at the first file that cannot be put there, or the first folder that cannot be synced.
    pub fn commit(self, placed: &[(PathBuf, Staged)]) -> Result<Committed, CommitError> {
        let (mut done, mut folders) = (Committed::default(), BTreeSet::new());
        let failed =
            |path: &Path, source, written| CommitError { path: path.to_owned(), source, written, all: placed.len() };
        let changed: Vec<&(PathBuf, Staged)> = placed.iter().filter(|(path, staged)| !staged.is_at(path)).collect();
        for (path, _) in &changed {
            let backup = backup::before_replacing(&canonical(path)).map_err(|source| failed(path, source, 0))?;
            done.backups.extend(backup);
        }
        for (path, staged) in changed {
            put(&self.disk, path, staged, &mut folders).map_err(|source| failed(path, source, done.written))?;
            done.written += 1;
        }
        for folder in folders {
            self.disk.sync_folder(&folder).map_err(|source| failed(&folder, source, done.written))?;
        }
        Ok(done)
    }
}

/// `changed` takes the folders that have new names in them.
fn put(disk: &Disk, path: &Path, staged: &Staged, changed: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    let folder = folder_of(path);
    let missing = folder.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let above: Vec<PathBuf> = missing.map(|folder| folder_of(folder).to_owned()).collect();
    disk.create_folder(folder)?;
    // A link stays one, and what it leads to is replaced.
    let target = canonical(path);
    if let Ok(existing) = fs::metadata(&target) {
        // Renaming would go past the protection that somebody gave the file.
        if existing.permissions().readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        fs::set_permissions(&staged.path, existing.permissions())?;
    }
    disk.rename(&staged.path, &target)?;
    changed.extend(above);
    changed.insert(folder_of(&target).to_owned());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("there")
            .flatten()
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_appear_together_or_not_at_all() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let out = folder.path().join("deep/out");
        let stage = Stage::beside(&out).expect("writable");
        let staged = stage.write(b"one").expect("writable");
        assert_eq!(names(folder.path()).len(), 1, "only the stage");
        drop((stage, staged));
        assert_eq!(names(folder.path()), Vec::<String>::new());

        let stage = Stage::beside(&out).expect("writable");
        let mut growing = stage.begin().expect("writable");
        growing.append(b"a\n").and_then(|()| growing.append(b"b\n")).expect("writable");
        let growing = growing.finish().expect("writable");
        assert_eq!(growing.sha256, super::super::sha256_of(b"a\nb\n"));
        let files = [(out.join("x"), stage.write(b"one").expect("writable")), (out.join("y"), growing)];
        assert_eq!(stage.commit(&files).expect("written").written, 2);
        assert_eq!((names(folder.path()), names(&out)), (vec!["deep".into()], vec!["x".into(), "y".into()]));
        assert_eq!(fs::read(out.join("y")).expect("there"), b"a\nb\n");

        let stage = Stage::beside(&out).expect("writable");
        let files = [(out.join("x"), stage.write(b"one").expect("writable"))];
        assert_eq!(stage.commit(&files).expect("nothing to do"), Committed::default());
        assert_eq!(names(&out), ["x", "y"]);
    }

    #[test]
    fn a_file_of_a_newer_version_stops_everything_and_one_of_an_older_version_is_kept() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| folder.path().join(name);
        let (older, newer) = ("(format: \"manicule/0\")", "{\"format\": \"manicule/2\"}");
        fs::write(at("a.ron"), older).expect("writable");
        fs::write(at("b.json"), newer).expect("writable");
        let commit = |names: &[&str]| {
            let stage = Stage::beside(folder.path()).expect("writable");
            let file = |name: &&str| (at(name), stage.write(b"new").expect("writable"));
            let files: Vec<_> = names.iter().map(file).collect();
            stage.commit(&files)
        };
        let error = commit(&["b.json", "a.ron"]).expect_err("refused");
        assert!(error.to_string().contains("a newer version of the program wrote it (manicule/2)"), "{error}");
        assert_eq!(names(folder.path()), ["a.ron", "b.json"]);
        assert_eq!(fs::read_to_string(at("b.json")).expect("there"), newer);
        assert_eq!(commit(&["a.ron"]).expect("written").backups, [at("a.ron.manicule-0.bak")]);
        assert_eq!(fs::read_to_string(at("a.ron.manicule-0.bak")).expect("kept"), older);
    }

    #[test]
    fn what_has_its_place_was_synced_and_its_folders_are() {
        use super::super::disk::tests::{Fault, Faults};
        use super::super::disk::{Operation, Verdict};
        use std::sync::{Arc, Mutex};

        #[derive(Debug, Default)]
        struct Watching(Mutex<Vec<(Operation, PathBuf)>>);
        impl super::super::disk::Gate for Watching {
            fn judge(&self, operation: Operation, path: &Path) -> Verdict {
                self.0.lock().expect("whole").push((operation, path.to_owned()));
                Verdict::Go
            }
        }

        let folder = tempfile::tempdir().expect("temporary folder");
        let root = folder.path().canonicalize().expect("there");
        let watching = Arc::new(Watching::default());
        let stage = Stage::beside_on(Disk::behind(watching.clone()), &root).expect("writable");
        let files = [(root.join("deep/out/x"), stage.write(b"one").expect("writable"))];
        stage.commit(&files).expect("written");
        let seen = watching.0.lock().expect("whole").clone();
        let at = |operation, path: &Path| seen.iter().position(|(o, p)| *o == operation && p == path);
        let renamed = at(Operation::Rename, &root.join("deep/out/x")).expect("renamed");
        assert!(seen[..renamed].iter().any(|(operation, _)| *operation == Operation::Sync), "{seen:?}");
        for folder in [root.clone(), root.join("deep"), root.join("deep/out")] {
            assert!(
                at(Operation::SyncFolder, &folder).is_some_and(|at| at > renamed),
                "{}: {seen:?}",
                folder.display()
            );
        }

        // What fails anywhere leaves the old file or the new one, and no stage.
        let faults = Arc::new(Faults::default());
        let out = root.join("deep/out/x");
        let operations = seen.len();
        for fault in Fault::ALL {
            for at in 0..operations {
                fs::write(&out, "old").expect("writable");
                faults.plan(at, true, fault);
                if let Ok(stage) = Stage::beside_on(Disk::behind(faults.clone()), &root)
                    && let Ok(staged) = stage.write(b"new")
                {
                    let _ = stage.commit(&[(out.clone(), staged)]);
                }
                let content = fs::read(&out).expect("there");
                assert!(content == b"old" || content == b"new", "{fault:?} at {at}");
                assert_eq!(names(&root), ["deep"], "{fault:?} at {at}");
            }
        }
    }
}
