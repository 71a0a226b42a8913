//! Files that somebody else chose: what stands beside a file, and names that come from data.
//!
//! The rules. A file that the *user* names may be a link: what it leads to is read, and written through. Every name that
//! comes from data (of a companion, of a document in a folder or an archive, of a schema that a document asks for) stays
//! in the folder that the user named: no part of it climbs, and no link on its way leads out. Temporary files and folders
//! have names that cannot be foreseen and are made new, never opened; locks and journals lie in a folder that is the
//! user's own, and are not opened if they are links. Only regular files are ever read: a pipe would wait for ever, a
//! device never ends.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::canonical;
use crate::formats::Companions;
use crate::limits;

/// The bytes of a regular file of no more than [`limits::FILE`].
///
/// # Errors
/// Those of the file system; [`io::ErrorKind::InvalidInput`] if it is no regular file,
/// [`io::ErrorKind::FileTooLarge`] if it is too large.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_at_most(path, limits::FILE)
}

/// Hands the same bytes over in pieces, for those who do not need them together.
///
/// # Errors
/// As [`read`].
pub fn read_in_pieces(path: &Path, take: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let (mut file, _) = open_at_most(path, limits::FILE)?;
    let mut piece = vec![0; PIECE];
    let mut count = 0;
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => {
                count += read as u64;
                if count > limits::FILE {
                    return Err(too_large(limits::FILE));
                }
                take(piece.get(..read).unwrap_or_default());
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

const PIECE: usize = 256 << 10;

fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let (file, length) = open_at_most(path, most)?;
    // It may have grown meanwhile, and some systems make up files that say nothing of their length.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large(most)) } else { Ok(bytes) }
}

/// A regular file that says to have no more bytes than `most`, and how many.
fn open_at_most(path: &Path, most: u64) -> io::Result<(File, u64)> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    if metadata.len() > most {
        return Err(too_large(most));
    }
    Ok((File::open(path)?, metadata.len()))
}

fn too_large(most: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {} MiB", most >> 20))
}

/// Refuses a link in the place of a file of ours.
///
/// # Errors
/// If it is one.
pub fn no_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => {
            let message = "there is a link where the program keeps a file of its own; take it away";
            Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
        }
        _ => Ok(()),
    }
}

/// The files beside one that the user named.
#[derive(Debug)]
pub struct Beside {
    /// Where the file lies, and where it lies if its name is a link.
    folders: Vec<PathBuf>,
}

impl Beside {
    /// The files beside `path`.
    pub fn new(path: &Path) -> Self {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let named = absolute.parent().and_then(|folder| folder.canonicalize().ok());
        let real = canonical(path).parent().map(Path::to_owned);
        Self { folders: named.into_iter().chain(real).collect() }
    }
}

impl Companions for Beside {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = path.canonicalize()?;
        if !self.folders.iter().any(|folder| found.starts_with(folder)) {
            let message = "it lies in another folder, or is a link to one; copy it beside the file";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
        }
        read(&found)
    }
}

/// Why a name does not stay in a folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Outside {
    /// It climbs, begins at the root, or holds a character that no name may have.
    #[error("{0:?} is not the name of a file in the folder; nothing was written (rename the document)")]
    Name(PathBuf),
    /// A part of it is too long for a name.
    #[error("{0:?} is too long for the name of a file; nothing was written (rename the document)")]
    TooLong(PathBuf),
    /// A link in the folder leads out of it.
    #[error("{}: this is a link that leads out of the folder; nothing was written (take it away, or name another folder)", .0.display())]
    Link(PathBuf),
}

/// Names that mean devices on Windows, whatever follows the dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Whether a name without folders may be that of a file: also on other systems than this one.
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    // Three bytes may end inside a character.
    let (letters, digit) = stem.split_at_checked(stem.len().min(3)).unwrap_or_default();
    DEVICES.contains(&letters) && (digit.is_empty() || (matches!(letters, "com" | "lpt") && digit.len() == 1))
}

/// Where the file of a name that comes from data lies in the folder that the user named.
///
/// # Errors
/// [`Outside`] if it would lie elsewhere.
pub fn inside(folder: &Path, name: &Path) -> Result<PathBuf, Outside> {
    /// Bytes that common file systems allow a name.
    const LONGEST: usize = 255;
    let refused = || Outside::Name(name.to_owned());
    let mut place = folder.to_owned();
    let mut parts = 0;
    for part in name.components() {
        let Component::Normal(part) = part else { return Err(refused()) };
        let words = part.to_string_lossy();
        if words.contains('\0') || (cfg!(windows) && (words.contains(':') || is_device(&words))) {
            return Err(refused());
        }
        if part.len() > LONGEST {
            return Err(Outside::TooLong(part.to_string_lossy().chars().take(60).collect::<String>().into()));
        }
        place.push(part);
        parts += 1;
        if fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_symlink()) {
            let leads_out = match (place.canonicalize(), folder.canonicalize()) {
                (Ok(to), Ok(folder)) => !to.starts_with(folder),
                // A link to nothing would make a file wherever it points to.
                _ => true,
            };
            if leads_out {
                return Err(Outside::Link(place));
            }
        }
    }
    if parts == 0 { Err(refused()) } else { Ok(place) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| inside(folder.path(), Path::new(name));
        assert_eq!(at("a/b.txt"), Ok(folder.path().join("a/b.txt")));
        assert_eq!(at("con"), Ok(folder.path().join("con")).filter_windows());
        for name in ["../../x", "/etc/x", "a/../../x", "", "a\0b"] {
            assert_eq!(at(name), Err(Outside::Name(name.into())), "{name:?}");
        }
        assert!(matches!(at(&"x".repeat(10_000)), Err(Outside::TooLong(_))));
        for (name, is) in [("CON", true), ("con.txt", true), ("com1.ron", true), ("com", true), ("contact", false)] {
            assert_eq!(is_device(name), is, "{name}");
        }
    }

    trait FilterWindows {
        fn filter_windows(self) -> Self;
    }

    impl FilterWindows for Result<PathBuf, Outside> {
        fn filter_windows(self) -> Self {
            if cfg!(windows) { Err(Outside::Name("con".into())) } else { self }
        }
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused_with_its_name() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.txt");
        // Nothing of it is on the disk.
        File::create(&path).and_then(|file| file.set_len(limits::FILE + 1)).expect("writable");
        let error = super::super::open_path(&path, &Default::default()).expect_err("too large");
        let problem = error.problems.first().expect("said");
        assert_eq!((problem.code, problem.place.file.as_deref()), ("too-large", Some(path.as_path())));
        assert!(problem.message.contains("256 MiB") && !problem.hint.is_empty(), "{problem}");
    }

    #[test]
    fn what_is_no_regular_file_or_too_large_is_not_read() {
        let folder = tempfile::tempdir().expect("temporary folder");
        assert_eq!(read(folder.path()).expect_err("a folder").kind(), io::ErrorKind::IsADirectory);
        let path = folder.path().join("a");
        fs::write(&path, "12345").expect("writable");
        assert_eq!(read_at_most(&path, 5).expect("just so"), b"12345");
        assert_eq!(read_at_most(&path, 4).expect_err("too large").kind(), io::ErrorKind::FileTooLarge);
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_never_opened() {
        let error = read(Path::new("/dev/zero")).expect_err("endless");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        let folder = tempfile::tempdir().expect("temporary folder");
        let link = folder.path().join("a.txt");
        std::os::unix::fs::symlink("/dev/zero", &link).expect("links");
        assert_eq!(read(&link).expect_err("endless").kind(), io::ErrorKind::InvalidInput);
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            assert_eq!(read(&pipe).expect_err("it would wait").kind(), io::ErrorKind::InvalidInput);
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_are_not_followed() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("temporary folder");
        let (own, other) = (folder.path().join("own"), folder.path().join("other"));
        for made in [&own, &other] {
            fs::create_dir(made).expect("writable");
        }
        fs::write(other.join("secret.txt"), "secret").expect("writable");
        fs::write(own.join("open.txt"), "open").expect("writable");
        for (from, to) in [
            ("../other/secret.txt", "a.txt"),
            ("open.txt", "b.txt"),
            ("../other", "sub"),
            ("../other/new.txt", "new.txt"),
        ] {
            symlink(from, own.join(to)).expect("links");
        }
        let beside = Beside::new(&own.join("a.ann"));
        assert_eq!(beside.read(&own.join("a.txt")).expect_err("outside").kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(beside.read(&own.join("b.txt")).expect("a link inside"), b"open");
        assert_eq!(
            beside.read(&own.join("sub/secret.txt")).expect_err("outside").kind(),
            io::ErrorKind::PermissionDenied
        );
        assert_eq!(beside.read(&own.join("no.txt")).expect_err("none").kind(), io::ErrorKind::NotFound);
        // A file whose own name is a link has its companions where it really lies, too.
        symlink("../other/x.ann", own.join("x.ann")).expect("links");
        fs::write(other.join("x.ann"), "").expect("writable");
        assert_eq!(Beside::new(&own.join("x.ann")).read(&other.join("secret.txt")).expect("beside"), b"secret");

        for name in ["a.txt", "sub/secret.txt", "sub", "new.txt"] {
            assert!(matches!(inside(&own, Path::new(name)), Err(Outside::Link(_))), "{name}");
        }
        assert_eq!(inside(&own, Path::new("b.txt")), Ok(own.join("b.txt")));
        assert!(no_link(&own.join("b.txt")).is_err() && no_link(&own.join("open.txt")).is_ok());
    }
}
