//! The index of a project: what is in every document, so that lists, filters and searches need not read the files.
//!
//! It is a database in the project's `.cache`, and never the truth: each row remembers by which files it was made, and
//! [`scan`](Index::scan) makes anew what no longer fits them. It may be deleted at any time; one that is broken or of
//! another version of the program deletes itself. Several windows may use it at once.

pub(in crate::project) mod fold;
mod record;
mod rows;
mod same;
mod scan;
pub(in crate::project) mod stamp;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::{Layout, ProjectError};

pub use record::LayerRecord;
pub use rows::{Catalogue, Entry, Layer};
pub use same::Same;
pub use scan::{Looked, Scanned};
pub(in crate::project) use scan::{kind_of_number, number_of};

/// Raised whenever the tables or what is put into them change: an index of another number is made anew.
const VERSION: i64 = 3;

/// Bytes of a page: most articles lie in one, so that a scan of all texts reads few pieces.
const PAGE: i64 = 16_384;

/// The tables. Positions are bytes of the text, half-open. `labels` has each label of a layer once: counting the marks of a
/// hundred thousand documents takes seconds.
const TABLES: &str = "
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, article TEXT NOT NULL, title TEXT NOT NULL,
    source TEXT NOT NULL, published TEXT NOT NULL, language TEXT NOT NULL, sha256 TEXT NOT NULL,
    length INTEGER NOT NULL, problem TEXT NOT NULL);
CREATE INDEX documents_sha256 ON documents (sha256);
CREATE TABLE texts (document INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE layers (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, folder TEXT NOT NULL, stamp TEXT NOT NULL, schema TEXT NOT NULL,
    annotator TEXT NOT NULL, status INTEGER NOT NULL, marks INTEGER NOT NULL, problems INTEGER NOT NULL,
    changed TEXT NOT NULL, problem TEXT NOT NULL, UNIQUE (document, folder));
CREATE TABLE marks (
    layer INTEGER NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL, label TEXT NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, entity TEXT NOT NULL);
CREATE INDEX marks_layer ON marks (layer, id);
CREATE INDEX marks_label ON marks (label);
CREATE TABLE labels (label TEXT NOT NULL, layer INTEGER NOT NULL, PRIMARY KEY (label, layer)) WITHOUT ROWID;
CREATE INDEX labels_layer ON labels (layer);
CREATE TABLE entities (
    layer INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, names TEXT NOT NULL,
    link TEXT NOT NULL);
CREATE INDEX entities_layer ON entities (layer);
CREATE TABLE names (layer INTEGER NOT NULL, entity TEXT NOT NULL, name TEXT NOT NULL, shown TEXT NOT NULL);
CREATE INDEX names_layer ON names (layer);
CREATE INDEX names_name ON names (name, layer, entity);
CREATE TABLE arguments (
    layer INTEGER NOT NULL, owner TEXT NOT NULL, role TEXT NOT NULL, filler TEXT NOT NULL, label TEXT NOT NULL,
    words TEXT NOT NULL, name TEXT NOT NULL, entity TEXT NOT NULL, folded TEXT NOT NULL);
CREATE INDEX arguments_layer ON arguments (layer, owner);
CREATE TABLE attributes (
    layer INTEGER NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX attributes_layer ON attributes (layer);
CREATE INDEX attributes_name ON attributes (name COLLATE NOCASE, value COLLATE NOCASE);
";

/// Why the index cannot be used. Nothing is lost by that.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The database refused.
    #[error("the index of the project cannot be used: {0} (delete the folder .cache; it is made again)")]
    Database(#[from] rusqlite::Error),
    /// The disk refused.
    #[error("the index of the project cannot be kept: {0} (look at the disk)")]
    Io(#[from] io::Error),
    /// A folder of the project cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
}

/// Where an index lies: in the project, or, if that cannot be written, in a folder that goes away with the last of these.
#[derive(Clone, Debug)]
pub struct IndexPlace {
    path: PathBuf,
    /// Keeps the folder.
    _temporary: Option<Arc<TempDir>>,
}

impl IndexPlace {
    /// The place for a project.
    ///
    /// # Errors
    /// If not even a temporary folder can be made.
    pub fn of(layout: &Layout) -> io::Result<Self> {
        let path = layout.index();
        let folder = layout.cache();
        let is_usable = fs::create_dir_all(&folder)
            .and_then(|()| tempfile::Builder::new().prefix(".manicule-").tempfile_in(&folder))
            .is_ok();
        if is_usable {
            return Ok(Self { path, _temporary: None });
        }
        let temporary = tempfile::Builder::new().prefix("manicule-index-").tempdir()?;
        Ok(Self { path: temporary.path().join("index.sqlite"), _temporary: Some(Arc::new(temporary)) })
    }
}

/// An open index; each thread opens its own.
#[derive(Debug)]
pub struct Index {
    connection: Connection,
}

impl Index {
    /// Opens the index; makes it if it is not there, or anew if it is broken or of another version.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn open(place: &IndexPlace) -> Result<Self, IndexError> {
        match Self::try_open(&place.path) {
            Ok(index) => Ok(index),
            Err(error) if is_broken(&error) => {
                tracing::warn!("{}: {error}; the index is made anew", place.path.display());
                delete(&place.path)?;
                Ok(Self::try_open(&place.path)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn try_open(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(20))?;
        // Only a database that is made takes it.
        connection.pragma_update(None, "page_size", PAGE)?;
        // Where the disk cannot do that, the database stays with what it can.
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        // What a failing power takes is made again.
        connection
            .execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;")?;
        connection.set_prepared_statement_cache_capacity(64);
        let version =
            |connection: &Connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
        if version(&connection)? != VERSION {
            let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            // Another window may have been quicker.
            let found = version(&transaction)?;
            if found != VERSION {
                let has_tables: i64 =
                    transaction
                        .query_row("SELECT count(*) FROM sqlite_master WHERE type = 'table'", [], |row| row.get(0))?;
                if found != 0 || has_tables > 0 {
                    return Err(another_version());
                }
                transaction.execute_batch(TABLES)?;
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            transaction.commit()?;
        }
        Ok(Self { connection })
    }

    /// For questions that other modules of the project ask.
    pub(in crate::project) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// How many documents it knows, and how many of these have a text.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn size(&self) -> Result<(usize, usize), IndexError> {
        let count = "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM texts)";
        let (all, with_text) =
            self.connection.query_row(count, [], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?)))?;
        Ok((all as usize, with_text as usize))
    }
}

/// What an index of another version is treated as.
fn another_version() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_NOTADB);
    rusqlite::Error::SqliteFailure(code, Some("it is of another version of the program".to_owned()))
}

fn is_broken(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

/// Removes the database and what it keeps beside it.
fn delete(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
