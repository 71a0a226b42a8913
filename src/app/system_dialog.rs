//! The system's file dialogs, and whether there are any.
//!
//! On Linux the dialog comes from the XDG desktop portal or from zenity. Where neither answers, rfd returns nothing,
//! as if the user had cancelled; so we ask first, and show our own dialog instead.

use std::path::{Path, PathBuf};

use super::dialog::FilePurpose;

/// Shows the system's dialog and waits for the answer; call it on a thread of its own.
///
/// Nothing if the user chose nothing; several only of files to add. `Err` if the system has none.
pub fn choose(
    purpose: FilePurpose,
    filters: &[Filter],
    folder: Option<&Path>,
    name: &str,
) -> Result<Vec<PathBuf>, NoDialog> {
    if !is_available() {
        return Err(NoDialog);
    }
    let mut dialog = rfd::FileDialog::new();
    if let Some(folder) = folder {
        dialog = dialog.set_directory(folder);
    }
    let chosen = match purpose {
        FilePurpose::Open => {
            dialog.set_title("Open an article").add_filters(filters).add_filter("All files", &["*"]).pick_file()
        }
        FilePurpose::Export => dialog.set_title("Export").set_file_name(name).add_filters(filters).save_file(),
        FilePurpose::SaveAs => dialog
            .set_title("Save as")
            .set_file_name(name)
            .add_filter("RON", &["ron"])
            .add_filter("JSON", &["json"])
            .save_file(),
        FilePurpose::AddFiles => {
            // One after the other is no way to add a hundred.
            return Ok(dialog
                .set_title("Add files")
                .add_filters(filters)
                .add_filter("All files", &["*"])
                .pick_files()
                .unwrap_or_default());
        }
        FilePurpose::AddFolder => dialog.set_title("Add a folder").pick_folder(),
        FilePurpose::OpenProject => dialog.set_title("Open a project").pick_folder(),
        FilePurpose::Figure => dialog
            .set_title("Save the figure")
            .set_file_name(name)
            .add_filter("PNG", &["png"])
            .add_filter("CSV", &["csv"])
            .save_file(),
        FilePurpose::Dataset => dialog.set_title("Folder of the dataset").pick_folder(),
        FilePurpose::NewProject => dialog.set_title("Folder of the new project").pick_folder(),
        FilePurpose::ImportLabels => dialog.set_title("Import a label set").add_filter("Schema", &["ron"]).pick_file(),
        FilePurpose::CompareLabels => {
            dialog.set_title("Compare with a label set").add_filter("Schema", &["ron"]).pick_file()
        }
        FilePurpose::ExportLabels => {
            dialog.set_title("Export the label set").set_file_name(name).add_filter("Schema", &["ron"]).save_file()
        }
        FilePurpose::Schema => dialog.set_title("Load a schema").add_filter("Schema", &["ron"]).pick_file(),
    };
    Ok(chosen.into_iter().collect())
}

/// Files of some endings, by a name for people.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The name.
    pub name: String,
    /// The endings, without the dot.
    pub extensions: Vec<&'static str>,
}

trait WithFilters {
    fn add_filters(self, filters: &[Filter]) -> Self;
}

impl WithFilters for rfd::FileDialog {
    fn add_filters(self, filters: &[Filter]) -> Self {
        filters.iter().fold(self, |dialog, filter| dialog.add_filter(&filter.name, &filter.extensions))
    }
}

/// The system has no file dialog.
#[derive(Debug, PartialEq, Eq)]
pub struct NoDialog;

#[cfg(target_os = "linux")]
fn is_available() -> bool {
    let has_zenity = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join("zenity").is_file()));
    has_zenity || has_portal().unwrap_or(false)
}

#[cfg(target_os = "linux")]
fn has_portal() -> Option<bool> {
    const PORTAL: &str = "org.freedesktop.portal.Desktop";
    let connection = zbus::blocking::Connection::session().ok()?;
    let bus = zbus::blocking::fdo::DBusProxy::new(&connection).ok()?;
    let names = bus.list_names().ok()?.into_iter().chain(bus.list_activatable_names().ok()?);
    Some(names.into_iter().any(|name| name.as_str() == PORTAL))
}

#[cfg(not(target_os = "linux"))]
fn is_available() -> bool {
    true
}
