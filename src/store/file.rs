//! One file: opening it with every problem named, and saving it so that no crash leaves half of it.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::confined::{self, Beside};
use super::disk::{Disk, folder_of};
use super::{canonical, leftovers, sha256_of};
use crate::formats::native::{self, Version, migrate};
use crate::formats::watch::{Unwatched, Watch};
use crate::formats::{self, EncodingInfo, Format, Info, Input, Likeness, Loss, Most, Named, Options, Read, WriteError};
use crate::limits;
use crate::model::{Document, Problem, Schema};
use crate::text::hex;

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
    /// The format as the file calls it, if a newer program wrote it: then the file may be looked at, and [`save`] does
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

/// What the saver believes to be on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnDisk {
    /// The file with this SHA-256, as it was opened or last saved.
    Unchanged(String),
    /// Nothing: a new file.
    Absent,
    /// Whatever it is, it may be replaced: the user said so.
    Any,
    /// The file with this SHA-256, whatever it is: the user said so.
    Agreed(String),
}

/// How to save.
#[derive(Clone, Debug)]
pub struct SaveOptions {
    /// What may be replaced.
    pub on_disk: OnDisk,
    /// The id of the format; `None` to go by the name: JSON for `.json`, RON for what no format claims.
    pub format: Option<String>,
    /// Whether to write although the format cannot hold everything.
    pub allow_losses: bool,
}

impl SaveOptions {
    /// Saves losslessly, in the format of the name, over what is believed to be there.
    pub fn over(on_disk: OnDisk) -> Self {
        Self { on_disk, format: None, allow_losses: false }
    }
}

/// A file that is on disk now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Whether anything was written; a file that already has these bytes is not touched.
    pub written: bool,
    /// Where the file is kept that was there before, if it was of an older version of the native file.
    pub backup: Option<PathBuf>,
}

/// Why a document was not saved. The file on disk is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody else changed the file since it was opened or saved.
    #[error("{}: the file was changed by another program (save under another name, or replace it)", .path.display())]
    ChangedOnDisk {
        /// The file.
        path: PathBuf,
    },
    /// The file was there when it was opened or saved, and is no more.
    #[error("{}: the file is gone (save it again to create it, or save under another name)", .path.display())]
    Gone {
        /// The file.
        path: PathBuf,
    },
    /// A file is there already.
    #[error("{}: a file of this name exists (choose another name, or replace it)", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Another window has it open.
    #[error("{}: it is open in another window (choose another name, or close it there)", .path.display())]
    OpenElsewhere {
        /// The file.
        path: PathBuf,
    },
    /// A newer program keeps unsaved work on it, which would not fit it any more.
    #[error(
        "{}: a newer version of the program keeps unsaved work on it (choose another name, or update the program)",
        .path.display()
    )]
    HasNewerWork {
        /// The file.
        path: PathBuf,
    },
    /// Whoever asked for it no longer waits.
    #[error("{}: it was given up", .path.display())]
    GivenUp {
        /// The file.
        path: PathBuf,
    },
    /// The format cannot hold everything.
    #[error("{}: {format} cannot hold {} things of this document (save as RON or JSON)", .path.display(), .losses.len())]
    WouldLose {
        /// The file.
        path: PathBuf,
        /// The format's name.
        format: &'static str,
        /// What exactly.
        losses: Vec<Loss>,
    },
    /// The file would be written in a format that it does not have now: an article's source would be replaced.
    #[error("{}: this is not a file of {format} (save under a name that ends in .ron or .json)", .path.display())]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// The format's name.
        format: &'static str,
    },
    /// A newer program wrote the file; this one would take from it what it does not know.
    #[error(
        "{}: a newer version of the program wrote it ({format}) (update the program, or save a copy under another name)",
        .path.display()
    )]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format, as it calls it.
        format: String,
    },
    /// There is no such format.
    #[error("there is no format {0:?} (manicule formats lists them)")]
    UnknownFormat(String),
    /// The format gave up.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The disk gave up.
    #[error("{}: {source} ({hint})", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
        /// What to do.
        hint: &'static str,
    },
}

fn io_error(path: &Path, source: io::Error) -> SaveError {
    let hint = match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "change the permissions, or save in another folder"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space, or save on another disk",
        io::ErrorKind::NotFound => "the folder does not exist: choose another one",
        io::ErrorKind::IsADirectory => "this is a folder: choose the name of a file",
        _ => "save in another folder",
    };
    SaveError::Io { path: path.to_owned(), source, hint }
}

/// Saves a document to one file: written beside it, synced, and renamed over it.
///
/// # Errors
/// [`SaveError`]; the file on disk is then as it was.
pub fn save(document: &Document, path: &Path, options: &SaveOptions) -> Result<Saved, SaveError> {
    save_with(document, path, options, |_| ())
}

/// Like [`save`], and calls `about_to_replace` with the SHA-256 of the new file when nothing but the disk can fail
/// any more. A journal takes its marker then: killed between marker and file, it still fits the old file.
///
/// # Errors
/// [`SaveError`]; the file on disk is then as it was.
pub fn save_with(
    document: &Document,
    path: &Path,
    options: &SaveOptions,
    about_to_replace: impl FnOnce(&str),
) -> Result<Saved, SaveError> {
    save_unless_given_up(document, path, options, |sha256| {
        about_to_replace(sha256);
        true
    })
}

/// Like [`save_with`], and leaves the file alone if `may_replace` says no then: whoever asked for it has given up, on a
/// disk that hung.
///
/// # Errors
/// [`SaveError`], [`SaveError::GivenUp`] among them; the file on disk is then as it was.
pub fn save_unless_given_up(
    document: &Document,
    path: &Path,
    options: &SaveOptions,
    may_replace: impl FnOnce(&str) -> bool,
) -> Result<Saved, SaveError> {
    save_on(&Disk::default(), document, path, options, may_replace)
}

/// The same on any disk.
///
/// # Errors
/// [`SaveError`]; the file on disk is then as it was.
pub fn save_on(
    disk: &Disk,
    document: &Document,
    path: &Path,
    options: &SaveOptions,
    may_replace: impl FnOnce(&str) -> bool,
) -> Result<Saved, SaveError> {
    let format = format_to_save(path, options)?;
    let info = format.info();
    let target = canonical(path);
    let existing = There::look(&target).map_err(|error| io_error(path, error))?;
    match (&options.on_disk, &existing) {
        (OnDisk::Unchanged(sha256) | OnDisk::Agreed(sha256), Some(there)) if *sha256 != there.sha256 => {
            return Err(SaveError::ChangedOnDisk { path: path.to_owned() });
        }
        (OnDisk::Unchanged(_) | OnDisk::Agreed(_), None) => return Err(SaveError::Gone { path: path.to_owned() }),
        (OnDisk::Absent, Some(_)) => return Err(SaveError::Exists { path: path.to_owned() }),
        // A file of an unclaimed name is most likely the article itself.
        (OnDisk::Unchanged(_), Some(_)) if is_of_another_format(path, format) => {
            return Err(SaveError::OtherFormat { path: path.to_owned(), format: info.name });
        }
        _ => {}
    }
    let format_there = existing.as_ref().and_then(|there| native::format_of(&there.head));
    let version_there = format_there.as_deref().and_then(migrate::number_of).unwrap_or(migrate::CURRENT);
    if let Some(format) = format_there.clone().filter(|_| version_there > migrate::CURRENT) {
        return Err(SaveError::NewerFormat { path: path.to_owned(), format });
    }
    let losses = format.losses(document, &Options::default());
    if !losses.is_empty() && !options.allow_losses {
        return Err(SaveError::WouldLose { path: path.to_owned(), format: info.name, losses });
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let files = format.write(&[Named { name: &stem, document, schema: None }], &Options::default())?;
    let [file] = files.as_slice() else {
        let reason = format!("it makes {} files; use manicule convert", files.len());
        return Err(WriteError::Unwritable { format: info.name, name: stem, reason }.into());
    };
    let sha256 = sha256_of(&file.bytes);
    let backup = match format_there.filter(|_| version_there < migrate::CURRENT) {
        Some(format) => {
            let backed_up = confined::read(&target).and_then(|bytes| back_up(&target, &format, &bytes));
            Some(backed_up.map_err(|error| io_error(path, error))?)
        }
        None => None,
    };
    if !may_replace(&sha256) {
        return Err(SaveError::GivenUp { path: path.to_owned() });
    }
    if existing.is_some_and(|there| there.sha256 == sha256) {
        leftovers::remove(disk, folder_of(&target));
        return Ok(Saved { sha256, written: false, backup });
    }
    if let Err(error) = disk.replace(&target, &file.bytes) {
        // Then it was only the folder that could not be synced. The file has its new content; should a failing power bring
        // the old one back, the journal has the rest.
        let is_replaced = fs::read(&target).is_ok_and(|bytes| bytes == file.bytes);
        if !is_replaced {
            return Err(io_error(path, error));
        }
        tracing::warn!("{}: it may not last: {error}", path.display());
    }
    leftovers::remove(disk, folder_of(&target));
    Ok(Saved { sha256, written: true, backup })
}

/// What must be done before a file is replaced by whatever other: keeps one of an older version of the native file beside
/// it and tells where.
///
/// # Errors
/// Those of the file system, and one of the kind [`io::ErrorKind::Other`] for a file that a newer program wrote.
pub(super) fn before_replacing(path: &Path) -> io::Result<Option<PathBuf>> {
    let mut head = Vec::new();
    match fs::File::open(path) {
        Ok(file) => file.take(native::HEAD_BYTES as u64).read_to_end(&mut head)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(format) = native::format_of(&head) else { return Ok(None) };
    match migrate::number_of(&format) {
        Some(number) if number > migrate::CURRENT => {
            let what = format!("a newer version of the program wrote it ({format}); choose another name");
            Err(io::Error::other(what))
        }
        Some(number) if number < migrate::CURRENT => back_up(path, &format, &fs::read(path)?).map(Some),
        _ => Ok(None),
    }
}

/// Keeps `bytes` beside `path` in a file that was not there (`article.ron.manicule-0.bak`), on disk when this returns.
fn back_up(path: &Path, format: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let name = |nth: u32| {
        let nth = if nth == 1 { String::new() } else { format!("-{nth}") };
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}{nth}.bak", format.replace('/', "-")));
        PathBuf::from(name)
    };
    let permissions = fs::metadata(path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let mut nth = 1;
    let (mut file, backup) = loop {
        match fs::File::create_new(name(nth)) {
            Ok(file) => break (file, name(nth)),
            // From a save that failed after it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_file_of(&name(nth), bytes) => {
                return Ok(name(nth));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && nth < u32::MAX => nth += 1,
            Err(error) => return Err(error),
        }
    };
    let write = || {
        // Whoever may not read the file may not read the copy.
        fs::set_permissions(&backup, permissions)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    if let Err(error) = write() {
        // Half a copy would look like one.
        let _ = fs::remove_file(&backup);
        return Err(error);
    }
    // Makes the new name last. Where folders cannot be synced, the system does it by itself.
    if let Some(folder) = path.parent().and_then(|folder| fs::File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    Ok(backup)
}

fn is_file_of(path: &Path, bytes: &[u8]) -> bool {
    fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|found| found == bytes)
}

/// Writes `bytes` beside `path`, syncs, and renames; a reader sees the old file or the new one.
///
/// # Errors
/// As [`Disk::replace`].
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Disk::default().replace(path, bytes)
}

fn format_to_save(path: &Path, options: &SaveOptions) -> Result<&'static dyn Format, SaveError> {
    let format = match &options.format {
        Some(id) => formats::by_id(id).ok_or_else(|| SaveError::UnknownFormat(id.clone()))?,
        None => formats::by_name(path).find(|f| f.info().writes).unwrap_or(&formats::native::NativeRon),
    };
    if !format.info().writes {
        return Err(WriteError::ReadOnly(format.info().name).into());
    }
    Ok(format)
}

fn is_of_another_format(path: &Path, format: &'static dyn Format) -> bool {
    let is_claimed = formats::by_name(path).any(|f| f.info().id == format.info().id);
    let is_like = |bytes: Vec<u8>| !bytes.is_empty() && format.sniff(&bytes) == Likeness::No;
    !is_claimed && confined::read(path).is_ok_and(is_like)
}

/// What a save has to know of the file that it replaces. Not all of its bytes: those of a long one would lie in memory
/// beside the new ones.
struct There {
    sha256: String,
    head: Vec<u8>,
}

impl There {
    /// Looks at a file, if there is one.
    fn look(path: &Path) -> io::Result<Option<Self>> {
        let mut digest = Sha256::new();
        let mut head = Vec::new();
        let read = confined::read_in_pieces(path, &mut |piece| {
            digest.update(piece);
            let missing = native::HEAD_BYTES - head.len();
            head.extend_from_slice(piece.get(..missing.min(piece.len())).unwrap_or_default());
        });
        match read {
            Ok(()) => Ok(Some(Self { sha256: hex(&digest.finalize()), head })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether the file has other bytes than those with this SHA-256.
///
/// # Errors
/// Those of reading; [`io::ErrorKind::NotFound`] if it is gone.
pub fn change_on_disk(path: &Path, sha256: &str) -> io::Result<bool> {
    let there = There::look(path)?.ok_or(io::ErrorKind::NotFound)?;
    Ok(there.sha256 != sha256)
}

/// Where a document that was opened from `path` is saved: there, if it is a native file, else beside it as RON.
pub fn suggested_path(path: &Path, format: &str) -> PathBuf {
    match format {
        "ron" | "json" => path.to_owned(),
        _ => path.with_extension("ron"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::mention;

    fn article(folder: &Path) -> Document {
        let path = folder.join("article.txt");
        fs::write(&path, "Anna met Bob.").expect("writable");
        open_path(&path, &OpenOptions::default()).expect("opens").document
    }

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
    fn ron_is_the_default_and_json_goes_by_the_name() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = article(folder.path());
        for (name, format) in
            [("a.ron", "ron"), ("a.json", "json"), ("a.note", "ron"), ("a", "ron"), ("a.jsonl", "jsonl")]
        {
            let path = folder.path().join(name);
            let saved = save(&document, &path, &SaveOptions::over(OnDisk::Absent)).expect("saves");
            let opened = open_path(&path, &OpenOptions::default()).expect("opens");
            assert_eq!((opened.format, &opened.document, &opened.sha256), (format, &document, &saved.sha256), "{name}");
        }
        let names: Vec<_> =
            fs::read_dir(folder.path()).expect("folder").map(|e| e.expect("entry").file_name()).collect();
        assert_eq!(names.len(), 6, "no temporary file stays behind: {names:?}");
    }

    #[test]
    fn an_unchanged_file_is_not_written() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = article(folder.path());
        let path = folder.path().join("a.ron");
        let first = save(&document, &path, &SaveOptions::over(OnDisk::Absent)).expect("saves");
        let second =
            save(&document, &path, &SaveOptions::over(OnDisk::Unchanged(first.sha256.clone()))).expect("saves");
        assert_eq!((first.written, second.written), (true, false));
        assert_eq!(first.sha256, second.sha256);
    }

    #[test]
    fn a_change_by_somebody_else_is_noticed_and_not_overwritten() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = article(folder.path());
        let path = folder.path().join("a.ron");
        let saved = save(&document, &path, &SaveOptions::over(OnDisk::Absent)).expect("saves");
        assert!(matches!(save(&document, &path, &SaveOptions::over(OnDisk::Absent)), Err(SaveError::Exists { .. })));
        fs::write(&path, "theirs").expect("writable");
        assert!(change_on_disk(&path, &saved.sha256).expect("readable"));
        let unchanged = SaveOptions::over(OnDisk::Unchanged(saved.sha256));
        assert!(matches!(save(&document, &path, &unchanged), Err(SaveError::ChangedOnDisk { .. })));
        assert_eq!(fs::read(&path).expect("readable"), b"theirs");
        let agreed = |content: &[u8]| SaveOptions::over(OnDisk::Agreed(sha256_of(content)));
        assert!(matches!(save(&document, &path, &agreed(b"others")), Err(SaveError::ChangedOnDisk { .. })));
        assert_eq!(fs::read(&path).expect("readable"), b"theirs");
        save(&document, &path, &agreed(b"theirs")).expect("the user said so");
        fs::write(&path, "theirs").expect("writable");
        save(&document, &path, &SaveOptions::over(OnDisk::Any)).expect("the user said so");
        fs::remove_file(&path).expect("removable");
        assert!(matches!(save(&document, &path, &unchanged), Err(SaveError::Gone { .. })));
    }

    #[test]
    fn the_source_of_an_article_is_never_replaced_by_annotations() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let mut document = article(folder.path());
        document.mentions.insert("m1".into(), mention("m1", "Person", &[(0, 4)]));
        let path = folder.path().join("article.txt");
        let error = save(&document, &path, &SaveOptions::over(OnDisk::Any)).expect_err("would lose");
        assert!(matches!(&error, SaveError::WouldLose { losses, .. } if losses.len() == 1), "{error}");
        let other = folder.path().join("article.md");
        fs::write(&other, "Anna met Bob.").expect("writable");
        let unchanged = SaveOptions::over(OnDisk::Unchanged(sha256_of(b"Anna met Bob.")));
        assert!(matches!(save(&document, &other, &unchanged), Err(SaveError::OtherFormat { .. })));
        assert_eq!(fs::read(&path).expect("readable"), b"Anna met Bob.");
        assert_eq!(suggested_path(&path, "text"), folder.path().join("article.ron"));
    }

    const NEWER: &str =
        "(\n  format: \"manicule/2\",\n  document: (text: \"Anna\", mood: Calm(deep: true)),\n  era: Some(2),\n)\n";

    #[test]
    fn a_file_of_a_newer_program_is_read_and_never_written_over() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.ron");
        fs::write(&path, NEWER).expect("writable");
        let opened = open_path(&path, &OpenOptions::default()).expect("opens");
        assert_eq!(opened.newer(), Some("manicule/2"));
        let told: Vec<_> = opened.problems.iter().map(|p| p.code).collect();
        assert_eq!(told, ["newer-format", "unknown-field", "unknown-field"]);
        for on_disk in [OnDisk::Unchanged(opened.sha256.clone()), OnDisk::Any] {
            let error = save(&opened.document, &path, &SaveOptions::over(on_disk)).expect_err("refused");
            assert!(matches!(&error, SaveError::NewerFormat { format, .. } if format == "manicule/2"));
            assert!(error.to_string().contains("save a copy under another name"), "{error}");
        }
        assert_eq!(fs::read_to_string(&path).expect("there"), NEWER);
        let copy = folder.path().join("copy.ron");
        save(&opened.document, &copy, &SaveOptions::over(OnDisk::Absent)).expect("a copy may be written");
        let written = fs::read_to_string(&copy).expect("there");
        assert!(written.contains("format: \"manicule/1\""), "{written}");
        assert!(written.contains("        mood: Calm(deep: true),\n    ),\n"), "{written}");
        assert!(written.ends_with("    era: Some(2),\n)\n"), "{written}");
        let again = open_path(&copy, &OpenOptions::default()).expect("opens");
        assert_eq!((again.newer(), &again.document), (None, &opened.document));
    }

    #[test]
    fn a_file_of_an_older_version_is_kept_before_it_is_replaced() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = article(folder.path());
        let path = folder.path().join("a.ron");
        let backups = ["a.ron.manicule-0.bak", "a.ron.manicule-0-2.bak", "a.ron.manicule-0-2.bak"];
        for (words, backup) in ["Anna", "Bob", "Bob"].into_iter().zip(backups) {
            let old = format!("(format: \"manicule/0\", words: {words:?})");
            fs::write(&path, &old).expect("writable");
            let unchanged = OnDisk::Unchanged(sha256_of(old.as_bytes()));
            let saved = save(&document, &path, &SaveOptions::over(unchanged)).expect("saves");
            assert_eq!(saved.backup.as_deref().and_then(Path::file_name), Some(backup.as_ref()));
            assert_eq!(fs::read_to_string(folder.path().join(backup)).expect("kept"), old);
            assert_eq!(open_path(&path, &OpenOptions::default()).expect("opens").document, document);
        }
        let saved = save(&document, &path, &SaveOptions::over(OnDisk::Any)).expect("saves");
        assert_eq!(saved.backup, None, "a file of this version needs none");
    }

    #[test]
    fn opening_a_file_that_cannot_be_migrated_names_the_version_and_writes_nothing() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.ron");
        fs::write(&path, "(format: \"manicule/0\", words: \"Anna\")").expect("writable");
        assert_eq!(codes(&path), ["migration-failed"]);
        assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 1);
    }

    #[test]
    fn the_folder_must_exist_and_the_message_says_so() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = article(folder.path());
        let error = save(&document, &folder.path().join("no/a.ron"), &SaveOptions::over(OnDisk::Absent))
            .expect_err("no folder");
        assert!(error.to_string().contains("the folder does not exist"), "{error}");
        let error = save(&document, folder.path(), &SaveOptions::over(OnDisk::Any)).expect_err("a folder");
        assert!(error.to_string().contains("this is a folder"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_read_only_file_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let document = article(folder.path());
        let (real, link) = (folder.path().join("real.ron"), folder.path().join("link.ron"));
        fs::write(&real, "old").expect("writable");
        std::os::unix::fs::symlink(&real, &link).expect("links");
        save(&document, &link, &SaveOptions::over(OnDisk::Any)).expect("saves");
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert!(open_path(&real, &OpenOptions::default()).is_ok());
        let mut permissions = fs::metadata(&real).expect("there").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&real, permissions).expect("ours");
        let mut changed = document.clone();
        changed.header.note = Some("new".into());
        assert!(matches!(save(&changed, &real, &SaveOptions::over(OnDisk::Any)), Err(SaveError::Io { .. })));
    }
}
