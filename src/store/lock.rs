//! One document is open in one window: a lock file beside the journal, held while the document is open.
//!
//! It is a file of its own because a journal comes into being only with the first change. Its text says who holds it,
//! for the one who finds it taken; the text decides nothing, and nothing in it is believed further than for a sentence.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// A lock file is a few lines; more than this many bytes of it are not read.
const MAX_BYTES: u64 = 4096;
/// Longer names are somebody's joke.
const MAX_NAME: usize = 80;

/// Held until dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The program's process on its machine.
    pub process: u32,
    /// The machine; empty if it has no name.
    pub host: String,
    /// The user, as the system calls them; empty if it does not.
    pub user: String,
    /// Since when it holds the lock.
    pub since: Option<Timestamp>,
}

/// Why there is no lock.
#[derive(Debug)]
pub enum LockError {
    /// Another window has it, and who that is if the lock file says so.
    Taken(Option<Owner>),
    /// The file system gave up.
    Io(io::Error),
}

impl Lock {
    /// Takes the lock or says who is in the way; never waits.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn take(path: &Path) -> Result<Self, LockError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(LockError::Io)?;
        }
        super::confined::no_link(path).map_err(LockError::Io)?;
        loop {
            let mut file = match open_or_create(path) {
                Ok(file) => file,
                // Removed by its holder between looking and opening.
                Err(error) if error.kind() == io::ErrorKind::NotFound && path.parent().is_none_or(Path::exists) => {
                    continue;
                }
                Err(error) => return Err(LockError::Io(error)),
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(LockError::Taken(read_owner(&mut file))),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    tracing::warn!("{}: this file system has no locks: {error}", path.display());
                }
                Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
            }
            // The one who held it before removes the file; a lock on a removed file would be worth nothing.
            if is_still_there(path, &file) {
                // Nobody is told who has it if that cannot be written; the lock holds all the same.
                if let Err(error) = write_owner(&mut file, &Owner::current()) {
                    tracing::warn!("{}: {error}", path.display());
                }
                return Ok(Self { path: path.to_owned(), file });
            }
        }
    }

    /// Whether somebody holds it now.
    pub fn is_taken(path: &Path) -> bool {
        match open_existing(path) {
            Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
            Err(_) => false,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Best effort: a lock file without a lock is no lock.
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

impl Owner {
    /// This program, from now on.
    fn current() -> Self {
        let environment = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
        let host = fs::read_to_string("/proc/sys/kernel/hostname").map(|name| name.trim().to_owned());
        Self {
            process: std::process::id(),
            host: host.unwrap_or_else(|_| environment(&["HOSTNAME", "COMPUTERNAME"])),
            user: environment(&["USER", "LOGNAME", "USERNAME"]),
            since: Some(Timestamp::now()),
        }
    }

    /// Whether it is this very program.
    pub fn is_this_process(&self) -> bool {
        let current = Self::current();
        (self.process, &self.host) == (current.process, &current.host)
    }

    fn text(&self) -> String {
        let Self { process, host, user, since } = self;
        let since = since.map(|since| since.to_string()).unwrap_or_default();
        format!("manicule has this document open\nprocess: {process}\nhost: {host}\nuser: {user}\nsince: {since}\n")
    }

    /// Reads what [`Self::text`] wrote. Whatever else stands there is passed over; without a process it is nobody.
    fn parse(text: &str) -> Option<Self> {
        let field = |name: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            // It is shown: no control characters, and none that turn the direction of what follows.
            let plain = value.trim().chars().filter(|c| !c.is_control() && !is_format(*c));
            Some(plain.take(MAX_NAME).collect::<String>())
        };
        Some(Self {
            process: field("process")?.parse().ok()?,
            host: field("host").unwrap_or_default(),
            user: field("user").unwrap_or_default(),
            since: field("since").and_then(|since| since.parse().ok()),
        })
    }
}

/// Characters that are not seen and change how others are shown.
fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn read_owner(file: &mut File) -> Option<Owner> {
    let mut bytes = Vec::new();
    file.rewind().ok()?;
    file.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    Owner::parse(&String::from_utf8_lossy(&bytes))
}

fn write_owner(file: &mut File, owner: &Owner) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(owner.text().as_bytes())
}

/// Opens a lock file, or makes it. A link is not followed: it could make us write into somebody's file.
fn open_or_create(path: &Path) -> io::Result<File> {
    // Fails on whatever is there, also on a link to nothing.
    match File::options().read(true).write(true).create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open_existing(path),
        result => result,
    }
}

/// Opens a lock file that is there, and is a file.
fn open_existing(path: &Path) -> io::Result<File> {
    let refused = || io::Error::other("the lock file is not a regular file; remove it");
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(refused());
    }
    let file = File::options().read(true).write(true).open(path)?;
    // Exchanged for a link in between: nothing was written yet.
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(refused()),
        _ => Ok(file),
    }
}

#[cfg(unix)]
fn is_still_there(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (fs::symlink_metadata(path), file.metadata()) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still_there(path: &Path, _file: &File) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_once_and_leaves_no_file() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.lock");
        let lock = Lock::take(&path).expect("free");
        assert!(Lock::is_taken(&path));
        assert!(matches!(Lock::take(&path), Err(LockError::Taken(_))));
        drop(lock);
        assert!(!path.exists() && !Lock::is_taken(&path));
        Lock::take(&path).expect("free again");
    }

    #[test]
    fn it_says_who_holds_it_since_when() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.lock");
        // Left behind by a program that was killed; longer than what is written now.
        fs::write(&path, format!("process: 1\nhost: {}\n", "x".repeat(2000))).expect("writable");
        let before = Timestamp::now();
        let _lock = Lock::take(&path).expect("free");
        let Err(LockError::Taken(Some(owner))) = Lock::take(&path) else { panic!("it is held and says by whom") };
        assert!(owner.is_this_process(), "{owner:?}");
        assert!(owner.since.is_some_and(|since| (before..=Timestamp::now()).contains(&since)), "{owner:?}");
    }

    #[test]
    fn a_holder_that_says_nothing_or_nonsense_is_nobody() {
        for text in ["", "process: \n", "process: many\n", "host: here\n", "\u{0}\u{1}", "process:-3"] {
            assert_eq!(Owner::parse(text), None, "{text:?}");
        }
        let odd = "process: 7\r\nwhat: ever\nhost:  a\u{202e}b\u{7}  \nsince: yesterday\nuser: ".to_owned()
            + &"u".repeat(5000);
        let owner = Owner::parse(&odd).expect("it has a process");
        assert_eq!((owner.process, owner.host.as_str(), owner.since), (7, "ab", None));
        assert_eq!(owner.user.len(), MAX_NAME);
        let whole =
            Owner { process: 9, host: "h".into(), user: "u".into(), since: "2026-01-02T03:04:05Z".parse().ok() };
        assert_eq!(Owner::parse(&whole.text()), Some(whole));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let (path, elsewhere) = (folder.path().join("a.lock"), folder.path().join("precious"));
        fs::write(&elsewhere, "precious").expect("writable");
        std::os::unix::fs::symlink(&elsewhere, &path).expect("links");
        assert!(matches!(Lock::take(&path), Err(LockError::Io(_))));
        assert_eq!(fs::read_to_string(&elsewhere).expect("there"), "precious");
        // Nor does a link to nothing make a file.
        fs::remove_file(&elsewhere).expect("there");
        assert!(matches!(Lock::take(&path), Err(LockError::Io(_))));
        assert!(!elsewhere.exists() && !Lock::is_taken(&path));
    }
}
