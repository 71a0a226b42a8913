//! Temporary files that a killed program left beside the file that it was saving.
//!
//! Nobody else removes them, and each may hold an article. Removing one that is still being written would make a save
//! fail, so it must be ours by its name, a regular file, of a process that is over, and locked by nobody: a process of
//! another machine or container has a number that says nothing here.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::disk::Disk;

/// So many names of a folder are looked at: nobody is to wait for a folder of a million files.
const MOST: usize = 20_000;
/// A folder with more names is looked at again only after a while: a save is not to cost what the folder holds, and many
/// saves in a large one nothing like their square.
const MANY: usize = 500;
/// After how long a folder with many names is looked at again.
const AGAIN: Duration = Duration::from_secs(60);
/// What was not written to for so long is over, where the system does not tell whether a process is.
const LONG: Duration = Duration::from_secs(24 * 60 * 60);

/// The name of a temporary file of this process.
pub fn name_of(count: u64) -> String {
    name(std::process::id(), count)
}

fn name(process: u32, count: u64) -> String {
    format!(".manicule-{process}-{count}.part")
}

/// The process that made a file of this name, if it is such a name.
fn process_of(file_name: &str) -> Option<u32> {
    let (process, count) = file_name.strip_prefix(".manicule-")?.strip_suffix(".part")?.split_once('-')?;
    let (process, count) = (process.parse().ok()?, count.parse().ok()?);
    // Signs and zeros that we do not write are somebody else's.
    (name(process, count) == file_name).then_some(process)
}

/// Folders with many names that were looked at, and when.
static LOOKED: Mutex<Vec<(PathBuf, Instant)>> = Mutex::new(Vec::new());

/// Removes what killed programs left in a folder; where it holds many files, once a minute. What cannot be removed stays;
/// a later save tries again.
pub fn remove(disk: &Disk, folder: &Path) {
    let looked = || LOOKED.lock().unwrap_or_else(PoisonError::into_inner);
    looked().retain(|(_, at)| at.elapsed() < AGAIN);
    if looked().iter().any(|(known, _)| known == folder) {
        return;
    }
    if look(disk, folder) > MANY {
        looked().push((folder.to_owned(), Instant::now()));
    }
}

/// Tells how many names were looked at.
fn look(disk: &Disk, folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let mut count = 0;
    for entry in entries.take(MOST).flatten() {
        count += 1;
        let Some(process) = entry.file_name().to_str().and_then(process_of) else { continue };
        let path = entry.path();
        if process != std::process::id() && is_left(&path, process) {
            match disk.remove(&path) {
                Ok(()) => tracing::info!("{}: left by a program that was killed, and removed", path.display()),
                Err(error) => tracing::warn!("{}: {error}", path.display()),
            }
        }
    }
    count
}

fn is_left(path: &Path, process: u32) -> bool {
    let Ok(metadata) = fs::symlink_metadata(path) else { return false };
    if !metadata.is_file() || is_running(process).unwrap_or_else(|| !is_old(path)) {
        return false;
    }
    // Whoever writes one has it locked. Where there are no locks it stays.
    File::options().write(true).open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// Whether a file was not written to for so long that nobody is writing it.
pub fn is_old(path: &Path) -> bool {
    let modified = fs::symlink_metadata(path).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LONG))
}

/// Whether there is a process of this number; `None` if the system does not tell.
fn is_running(process: u32) -> Option<bool> {
    let processes = Path::new("/proc");
    let tells = cfg!(target_os = "linux") && processes.join("self").exists();
    tells.then(|| processes.join(process.to_string()).exists())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::SystemTime;

    use super::*;
    use crate::model::{Document, Header};
    use crate::store::{OnDisk, SaveOptions, save};
    use crate::text::Text;

    /// No system counts so far.
    const DEAD: u32 = 4_000_000_000;

    fn leave(path: &Path) -> PathBuf {
        fs::write(path, "half an article").expect("writable");
        let long_ago = SystemTime::now() - 2 * LONG;
        File::options().write(true).open(path).and_then(|file| file.set_modified(long_ago)).expect("ours");
        path.to_owned()
    }

    #[test]
    fn saving_removes_what_a_killed_program_left_and_nothing_else() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| folder.path().join(name);
        let left = [leave(&at(&name(DEAD, 0))), leave(&at(&name(DEAD - 1, 17)))];
        let mut stay = vec![leave(&at(&name(std::process::id(), 1_000_000)))];
        for other in ["-1.part", "-x.part", "-01.part", "-+1.part", "-1.part.bak", "-1-1.part", "-1"] {
            stay.push(leave(&at(&format!(".manicule-{DEAD}{other}"))));
        }
        // The first of those is one of ours.
        let left: Vec<PathBuf> = left.into_iter().chain([stay.remove(1)]).collect();
        stay.push(leave(&at(&format!("manicule-{DEAD}-1.part"))));
        stay.push(leave(&at(&format!(".manicule-0{DEAD}-1.part"))));
        let written = leave(&at(&name(DEAD, 3)));
        let writer = File::options().write(true).open(&written).expect("ours");
        writer.try_lock().expect("nobody has it");
        stay.push(written.clone());
        fs::create_dir(at(&name(DEAD, 4))).expect("writable");
        stay.push(at(&name(DEAD, 4)));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(at("article.ron"), at(&name(DEAD, 5))).expect("links");
            stay.push(at(&name(DEAD, 5)));
            if is_running(DEAD) == Some(false) {
                stay.push(leave(&at(&name(std::os::unix::process::parent_id(), 0))));
            }
        }

        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        save(&document, &at("article.ron"), &SaveOptions::over(OnDisk::Absent)).expect("saves");
        for path in &left {
            assert!(!path.exists(), "{}", path.display());
        }
        for path in &stay {
            assert!(fs::symlink_metadata(path).is_ok(), "{}", path.display());
        }
        // Once its writer is gone, it is left too.
        drop(writer);
        save(&document, &at("article.ron"), &SaveOptions::over(OnDisk::Any)).expect("saves");
        assert!(!written.exists());
    }

    #[test]
    fn a_folder_of_many_files_is_not_looked_through_at_every_save() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| folder.path().join(name);
        for nth in 0..=MANY {
            fs::write(at(&nth.to_string()), "").expect("writable");
        }
        let first = leave(&at(&name(DEAD, 0)));
        remove(&Disk::default(), folder.path());
        assert!(!first.exists());
        let second = leave(&at(&name(DEAD, 1)));
        remove(&Disk::default(), folder.path());
        assert!(second.exists(), "it has its turn in a minute");
    }

    #[test]
    fn what_is_young_stays_where_the_system_does_not_tell_of_processes() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = leave(&folder.path().join(name(DEAD, 0)));
        assert!(is_left(&path, DEAD));
        fs::write(&path, "written just now").expect("writable");
        assert_eq!(is_left(&path, DEAD), is_running(DEAD) == Some(false));
    }
}
