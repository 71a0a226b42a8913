//! What the program remembers about how the user likes to work. Kept by eframe; never annotations.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::Status;
use crate::project::queue::SortBy;
use crate::ui::lists::Tab;

/// How many files the list of recent files holds.
const MOST_RECENT: usize = 12;

/// The user's preferences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or as the system has it.
    pub theme: egui::ThemePreference,
    /// 1.0 = 100 %.
    pub zoom: f32,
    /// Whether labels stand under the words.
    pub show_tags: bool,
    /// Whether annotations are proposed.
    pub show_suggestions: bool,
    /// Whether the side panel is shown.
    pub show_panel: bool,
    /// The list in the side panel.
    pub tab: Tab,
    /// Files opened lately, the latest first.
    pub recent: Vec<PathBuf>,
    /// Commands found in the palette lately, the latest first.
    pub recent_commands: Vec<String>,
    /// The format of the last export, and what was chosen for each format, as `format.option`.
    pub export_format: Option<String>,
    /// See [`Settings::export_format`].
    pub export_options: std::collections::BTreeMap<String, String>,
    /// Where the file dialog begins.
    pub last_folder: Option<PathBuf>,
    /// Written into new documents.
    pub annotator: Option<String>,
    /// Whether the documents of a project are shown.
    pub show_queue: bool,
    /// Where the user was in each project.
    pub projects: std::collections::BTreeMap<PathBuf, ProjectSettings>,
}

/// Where the user was in a project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectSettings {
    /// The name of the document that was open.
    pub document: Option<String>,
    /// What documents were sorted by.
    pub sort: SortBy,
    /// Whether the other way round.
    pub descending: bool,
    /// Which statuses were shown; none = all.
    pub statuses: Vec<Status>,
    /// What was searched for, the latest first.
    pub searches: Vec<String>,
    /// What hits were sorted by.
    pub search_order: crate::project::search::Order,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: egui::ThemePreference::System,
            zoom: 1.0,
            show_tags: true,
            show_suggestions: true,
            show_panel: true,
            tab: Tab::default(),
            recent: Vec::new(),
            recent_commands: Vec::new(),
            export_format: None,
            export_options: Default::default(),
            last_folder: None,
            annotator: None,
            show_queue: true,
            projects: Default::default(),
        }
    }
}

impl Settings {
    /// Puts a file at the head of the recent ones.
    pub fn remember(&mut self, path: &Path) {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.last_folder = path.parent().map(Path::to_owned);
        self.recent.retain(|known| known != &path);
        self.recent.insert(0, path);
        self.recent.truncate(MOST_RECENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_remembered_once_and_first() {
        let mut settings = Settings::default();
        for name in ["/a/x", "/a/y", "/a/x"] {
            settings.remember(Path::new(name));
        }
        assert_eq!(settings.recent, [PathBuf::from("/a/x"), PathBuf::from("/a/y")]);
        assert_eq!(settings.last_folder, Some("/a".into()));
    }
}
