//! Where the window keeps what is the user's and in no file: journals, copies of schemas, the keymap, its own state.

use std::path::{Path, PathBuf};

use crate::project::Layout;
use crate::store::{self, JournalError, Journals};

/// The user's data folder, or that there is none.
#[derive(Clone, Debug)]
pub struct DataDir {
    folder: Option<PathBuf>,
    /// The journals of the project that is open.
    journals: Option<Journals>,
}

impl DataDir {
    /// Where the system or the environment says; see [`store::data_dir`].
    pub fn of_user() -> Self {
        Self { folder: store::data_dir(), journals: None }
    }

    /// Any folder; it need not exist yet.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder: Some(folder), journals: None }
    }

    /// The same with the journals in a project; `None` = in this folder. Asks the disk: not for every frame.
    #[must_use]
    pub fn with_journals(&self, project: Option<&Layout>) -> Self {
        let in_project = |layout: &Layout| {
            Journals::in_folder(layout.journals()).going_with(layout.root()).beside(layout.project_file())
        };
        Self { folder: self.folder.clone(), journals: project.map(in_project) }
    }

    /// The journals in it.
    ///
    /// # Errors
    /// [`JournalError::NoDataFolder`].
    pub fn journals(&self) -> Result<Journals, JournalError> {
        match &self.journals {
            Some(journals) => Ok(journals.clone()),
            None => self.join("journals").map(Journals::in_folder).ok_or(JournalError::NoDataFolder),
        }
    }

    /// Where reports of the program's mistakes are.
    pub fn reports(&self) -> Option<PathBuf> {
        self.join("reports")
    }

    /// All of it.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Where copies of loaded schemas are.
    pub(super) fn schemas(&self) -> Option<PathBuf> {
        self.join("schemas")
    }

    /// The file with the user's keys.
    pub(super) fn keymap(&self) -> Option<PathBuf> {
        self.join("keymap.ron")
    }

    /// Where eframe keeps the window's place and the settings.
    pub(super) fn window(&self) -> Option<PathBuf> {
        self.join("window.ron")
    }

    fn join(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(name))
    }
}
