//! Saving a document to one file so that no crash leaves half of it, and nobody's change is overwritten unasked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::backup::back_up;
use super::disk::{Disk, folder_of};
use super::there::There;
use super::{canonical, confined, leftovers, sha256_of};
use crate::formats::native::{self, migrate};
use crate::formats::{self, Format, Likeness, Loss, Named, Options, WriteError};
use crate::model::Document;

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
    use crate::store::{OpenOptions, change_on_disk, open_path};

    fn article(folder: &Path) -> Document {
        let path = folder.join("article.txt");
        fs::write(&path, "Anna met Bob.").expect("writable");
        open_path(&path, &OpenOptions::default()).expect("opens").document
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
