//! An input that is several files: the one that is read, and after lines that begin with `%%%` what goes with it.
//!
//! | line | what follows, or is said |
//! |---|---|
//! | `%%%+NAME` | the bytes of the file NAME beside it |
//! | `%%%=NAME` | its own name is NAME |
//! | `%%%?NAME=VALUE` | this is chosen for reading |
//! | `%%%@LABEL` | this encoding is chosen |

use std::io;
use std::path::{Path, PathBuf};

use manicule::formats::{Companions, Format, Info, Options, OutputFile};

/// See the module.
pub struct Bundle<'a> {
    /// The file that is read.
    pub main: &'a [u8],
    /// Its name.
    pub name: PathBuf,
    /// What lies beside it.
    pub beside: Beside<'a>,
    /// What was chosen for reading.
    pub options: Options,
    /// The encoding that was chosen.
    pub encoding: Option<String>,
}

/// Files by their names.
pub struct Beside<'a>(Vec<(PathBuf, &'a [u8])>);

impl Companions for Beside<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = self.0.iter().find(|(name, _)| name == path);
        found.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl<'a> Beside<'a> {
    /// All of them.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &'a [u8])> {
        self.0.iter().map(|(name, bytes)| (name.as_path(), *bytes))
    }

    /// What was written.
    pub fn of(files: &'a [OutputFile]) -> Self {
        Self(files.iter().map(|file| (file.name.clone(), file.bytes.as_slice())).collect())
    }
}

const MARK: &[u8] = b"\n%%%";

impl<'a> Bundle<'a> {
    /// Takes an input apart.
    pub fn of(bytes: &'a [u8], format: &dyn Format) -> Self {
        let info = Info { options: format.reading_options(), ..format.info() };
        let extension = info.extensions.first().copied().unwrap_or("txt");
        let (main, mut rest) = split(bytes);
        let mut bundle = Self {
            main,
            name: format!("doc.{extension}").into(),
            beside: Beside(Vec::new()),
            options: Options::default(),
            encoding: None,
        };
        while let Some(after) = rest {
            let (section, next) = split(after);
            rest = next;
            let end = section.iter().position(|b| *b == b'\n').unwrap_or(section.len());
            let head = String::from_utf8_lossy(&section[..end]).into_owned();
            let content = section.get(end + 1..).unwrap_or_default();
            match head.split_at_checked(1) {
                Some(("+", name)) => bundle.beside.0.push((name.into(), content)),
                Some(("=", name)) => bundle.name = name.into(),
                Some(("@", label)) => bundle.encoding = Some(label.to_owned()),
                Some(("?", choice)) => {
                    let (name, value) = choice.split_once('=').unwrap_or((choice, ""));
                    // What there is not is not chosen.
                    let _ = bundle.options.set(&info, name, value);
                }
                _ => {}
            }
        }
        bundle
    }

    /// The files as one input.
    pub fn join(files: &[OutputFile]) -> Vec<u8> {
        let Some((main, others)) = files.split_first() else { return Vec::new() };
        let mut out = main.bytes.clone();
        out.extend(MARK);
        out.extend(format!("={}", main.name.display()).bytes());
        for file in others {
            out.extend(MARK);
            out.extend(format!("+{}\n", file.name.display()).bytes());
            out.extend(&file.bytes);
        }
        out
    }
}

fn split(bytes: &[u8]) -> (&[u8], Option<&[u8]>) {
    match bytes.windows(MARK.len()).position(|window| window == MARK) {
        Some(at) => (&bytes[..at], Some(&bytes[at + MARK.len()..])),
        None => (bytes, None),
    }
}
