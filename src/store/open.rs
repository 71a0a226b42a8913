//! Opening one file with every problem named. Nothing here writes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::confined::{self, Beside};
use super::sha256_of;
use crate::formats::native::Version;
use crate::formats::watch::{Unwatched, Watch};
use crate::formats::{self, EncodingInfo, Format, Info, Input, Most, Options, Read};
use crate::limits;
use crate::model::{Document, Problem, Schema};

/// How to open.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// The encoding that the user chose, by any WHATWG label; `None` to find out.
    pub encoding: Option<String>,
    /// The id of the format; `None` to find out.
    pub format: Option<String>,
    /// Which document of a file that holds several, from 0; `None` if it is to hold one.
    pub document: Option<usize>,
    /// Names and values of what was chosen for reading, as formats that are only read have it.
    pub reading: Vec<(String, String)>,
}

/// An open document.
#[derive(Debug)]
pub struct Opened {
    /// The document.
    pub document: Document,
    /// What is worth telling the user about the file. [`crate::model::validate`] is not part of it.
    pub problems: Vec<Problem>,
    /// The id of the format.
    pub format: &'static str,
    /// How bytes became text; `None` for formats that fix their encoding.
    pub encoding: Option<EncodingInfo>,
    /// The line on which the document begins, from 1, where a file holds several.
    pub line: Option<usize>,
    /// The schema that the file brings, or that follows from its labels; `None` if the document names one.
    pub schema: Option<Schema>,
    /// SHA-256 of the file's bytes, to notice later that somebody else changed it.
    pub sha256: String,
    /// Which version of the native file it is.
    pub version: Version,
}

impl Opened {
    /// The format as the file calls it, if a newer program wrote it: then the file may be looked at, and [`super::save`] does
    /// not write over it.
    pub fn newer(&self) -> Option<&str> {
        match &self.version {
            Version::Newer { format } => Some(format),
            Version::Current | Version::Older { .. } => None,
        }
    }
}

/// Why a file cannot be opened: one or more problems, each with the file in its place.
#[derive(Debug, thiserror::Error)]
#[error("{}", lines(.problems))]
pub struct OpenError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The bytes of a file that is worth reading.
fn read_bytes(path: &Path) -> Result<Vec<u8>, Box<Problem>> {
    let metadata = fs::metadata(path).map_err(|error| Box::new(unreadable(&error)))?;
    if metadata.is_dir() {
        return Err(Problem::error("is-folder", "this is a folder, not a file", "choose a file in it").into());
    }
    if !metadata.is_file() {
        return Err(
            Problem::error("not-a-file", "this is not a regular file", "choose a file with an article in it").into()
        );
    }
    if metadata.len() > limits::FILE {
        let message = format!("the file has {} MiB, more than {} MiB", metadata.len() >> 20, limits::FILE >> 20);
        return Err(Problem::error("too-large", message, "split it into several articles").into());
    }
    confined::read(path).map_err(|error| Box::new(unreadable(&error)))
}

fn unreadable(error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound => Problem::error("no-such-file", "there is no such file", "check the name"),
        io::ErrorKind::PermissionDenied => {
            Problem::error("not-readable", "the file may not be read", "change its permissions, or copy it")
        }
        _ => Problem::error("not-readable", format!("the file cannot be read: {error}"), "copy it to another disk"),
    }
}

fn refusal(path: &Path, problems: Vec<Problem>) -> OpenError {
    OpenError { path: path.to_owned(), problems: problems.into_iter().map(|p| p.in_file(path)).collect() }
}

/// Opens a file that holds one document, or the one that the options name.
///
/// # Errors
/// [`OpenError`] with every problem, if the file cannot be opened without loss or holds several documents.
pub fn open_path(path: &Path, options: &OpenOptions) -> Result<Opened, OpenError> {
    let mut all = open_all(path, options)?;
    if let Some(nth) = options.document {
        let count = all.len();
        return all.into_iter().nth(nth).ok_or_else(|| {
            let message = format!("the file holds {count} documents, and {} was asked for", nth + 1);
            let problem = Problem::error("no-such-document", message, "open the file again and choose one");
            OpenError { path: path.to_owned(), problems: vec![problem.in_file(path)] }
        });
    }
    match (all.pop(), all.len()) {
        (Some(only), 0) => Ok(only),
        (last, before) => {
            let count = before + usize::from(last.is_some());
            let message = format!("the file holds {count} documents, the window shows one");
            let hint = "choose one of them, or split it: manicule convert FILE --to ron -o FOLDER";
            let problem = Problem::error("several-documents", message, hint).in_file(path);
            Err(OpenError { path: path.to_owned(), problems: vec![problem] })
        }
    }
}

/// Opens every document of a file.
///
/// # Errors
/// [`OpenError`] with every problem, if the file cannot be opened without loss.
pub fn open_all(path: &Path, options: &OpenOptions) -> Result<Vec<Opened>, OpenError> {
    open_all_watched(path, options, &Unwatched)
}

/// The same while somebody waits, who sees the text of a large file before its annotations.
///
/// # Errors
/// As [`open_all`]; any, if nobody waits any more.
pub fn open_all_watched(path: &Path, options: &OpenOptions, watch: &dyn Watch) -> Result<Vec<Opened>, OpenError> {
    let refuse = |problems: Vec<Problem>| refusal(path, problems);
    let bytes = read_bytes(path).map_err(|problem| refuse(vec![*problem]))?;
    open_bytes(path, &bytes, options, watch)
}

/// As [`open_all`], of bytes that the file at `path` holds.
pub(super) fn open_bytes(
    path: &Path,
    bytes: &[u8],
    options: &OpenOptions,
    watch: &dyn Watch,
) -> Result<Vec<Opened>, OpenError> {
    let refuse = |problems: Vec<Problem>| refusal(path, problems);
    let format = choose_format(path, bytes, options).map_err(|problem| refuse(vec![*problem]))?;
    let (encoding, companions) = (options.encoding.as_deref(), &Beside::new(path));
    let input = Input { path: Some(path), bytes, encoding, companions, watch };
    let reading = reading_options(format, options).map_err(|problem| refuse(vec![*problem]))?;
    let read = format.read_with(&input, &reading).map_err(refuse)?;
    for read in &read {
        if let Some(mut problem) = Most::default().beyond(&read.document) {
            problem.place.line = problem.place.line.or(read.line);
            return Err(refusal(path, vec![problem]));
        }
    }
    let sha256 = sha256_of(bytes);
    let opened = |read: Read| Opened {
        document: read.document,
        problems: read.problems.into_iter().map(|p| p.in_file(path)).collect(),
        format: format.info().id,
        encoding: read.encoding,
        line: read.line,
        schema: read.schema,
        sha256: sha256.clone(),
        version: read.version,
    };
    Ok(read.into_iter().map(opened).collect())
}

/// What was chosen for reading, as the format has it.
fn reading_options(format: &dyn Format, options: &OpenOptions) -> Result<Options, Box<Problem>> {
    let info = Info { options: format.reading_options(), ..format.info() };
    let mut chosen = Options::default();
    for (name, value) in &options.reading {
        if info.options.is_empty() {
            let message = format!("{} has no choices for reading", info.name);
            return Err(Problem::error("unknown-option", message, "leave the option out").into());
        }
        chosen.set(&info, name, value).map_err(|error| {
            Problem::error("unknown-option", error.to_string(), "manicule formats lists what there is")
        })?;
    }
    Ok(chosen)
}

fn choose_format(path: &Path, bytes: &[u8], options: &OpenOptions) -> Result<&'static dyn Format, Box<Problem>> {
    const HINT: &str = "manicule formats lists what can be read";
    if let Some(id) = &options.format {
        let found = formats::by_id(id)
            .ok_or_else(|| Problem::error("unknown-format", format!("there is no format {id:?}"), HINT))?;
        if !found.info().reads {
            let message = format!("{} cannot be read", found.info().name);
            return Err(Problem::error("unknown-format", message, HINT).into());
        }
        return Ok(found);
    }
    if let Some(found) = formats::detect(Some(path), bytes) {
        return Ok(found);
    }
    // Not a format by its name or content, and not text either: say what kind of thing it is.
    let problem = match formats::decode::decode(bytes) {
        Err(error) => error.problem(),
        Ok(_) => Problem::error("unknown-format", "the format of the file is not known", HINT),
    };
    Err(problem.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(path: &Path) -> Vec<&'static str> {
        let error = open_path(path, &OpenOptions::default()).expect_err("refused");
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        assert!(error.problems.iter().all(|p| !p.hint.is_empty()));
        error.problems.iter().map(|p| p.code).collect()
    }

    #[test]
    fn what_cannot_be_opened_is_named_with_its_file() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("empty.txt"), "").expect("writable");
        fs::write(at("picture.txt"), b"\x89PNG\0\0\0").expect("writable");
        fs::write(at("thing"), b"\0\0\0").expect("writable");
        fs::write(at("two.jsonl"), format!("{0}\n{0}", r#"{"format": "manicule/1", "document": {"text": ""}}"#))
            .expect("writable");
        assert_eq!(codes(folder.path()), ["is-folder"]);
        assert_eq!(codes(&at("absent.ron")), ["no-such-file"]);
        assert_eq!(codes(&at("empty.txt")), ["empty-file"]);
        assert_eq!(codes(&at("picture.txt")), ["not-text"]);
        assert_eq!(codes(&at("thing")), ["not-text"]);
        assert_eq!(codes(&at("two.jsonl")), ["several-documents"]);
    }

    #[test]
    fn opening_a_file_that_cannot_be_migrated_names_the_version_and_writes_nothing() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.ron");
        fs::write(&path, "(format: \"manicule/0\", words: \"Anna\")").expect("writable");
        assert_eq!(codes(&path), ["migration-failed"]);
        assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 1);
    }
}
