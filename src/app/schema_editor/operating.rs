//! What every operation over the project needs: its records, its lock, its time, and a layer to work on.

use std::fmt::Display;
use std::path::Path;

use super::review::Work;
use crate::app::data::DataDir;
use crate::project::operation::{OperationError, OperationId, Operations, Outcome, Progress};
use crate::project::{Name, Project};
use crate::store::disk::Disk;
use crate::store::{self, Lock, LockError, OnDisk, SaveOptions};

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// A change of the label set.
    Change,
    /// A change at the hits of a search.
    Hits,
    /// Taking one back.
    TakeBack,
    /// Finishing what was interrupted.
    Finish,
}

/// The time now, as RFC 3339 in UTC, to the second.
pub fn now() -> String {
    jiff::Timestamp::from_second(jiff::Timestamp::now().as_second()).unwrap_or_default().to_string()
}

/// The operations of a project, with the journals of its layers.
pub fn operations(project: &Project, data: &DataDir) -> Operations {
    let layout = &project.layout;
    let operations = Operations::in_folder(layout.operations(), layout.root().to_owned(), Disk::default());
    match data.with_journals(Some(layout)).journals() {
        Ok(journals) => operations.with_journals(journals),
        Err(_) => operations,
    }
}

/// An error in words.
pub fn words(error: impl Display) -> String {
    error.to_string()
}

/// Keeps other windows from changing all files at once.
///
/// # Errors
/// In words, if another one does.
pub fn lock(project: &Project) -> Result<Lock, String> {
    // It would be made in the place of a folder that was taken away.
    crate::project::look_for(&project.layout).map_err(words)?;
    Lock::take(&project.layout.operations().join("lock")).map_err(|error| match error {
        LockError::Taken(_) => "another window is changing the files of this project; wait until it is done".to_owned(),
        LockError::Io(error) => format!("{}: {error}", project.layout.operations().display()),
    })
}

/// Runs what was begun.
///
/// # Errors
/// [`OperationError`].
pub fn run(operations: &Operations, id: &OperationId, work: &Work, wake: &dyn Fn()) -> Result<Outcome, OperationError> {
    operations.run(id, None, &mut |progress: &Progress<'_>| {
        work.reached(progress.done, progress.total);
        wake();
        work.goes_on()
    })
}

/// Makes an annotator's layer over a document, if there is none: empty, as if it had been opened and saved.
///
/// # Errors
/// In words, if the document cannot be read or the layer not be written.
pub fn begin_layer(project: &Project, name: &Name, path: &Path, annotator: Option<&str>) -> Result<(), String> {
    if path.is_file() {
        return Ok(());
    }
    let fresh = project.fresh(name, annotator).map_err(words)?;
    let disk = Disk::default();
    if let Some(folder) = path.parent() {
        disk.create_folder(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    store::save_on(&disk, &fresh.document, path, &SaveOptions::over(OnDisk::Absent), |_| true).map_err(words)?;
    Ok(())
}
