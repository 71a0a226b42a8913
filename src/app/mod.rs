//! The window.

use std::path::PathBuf;

/// Opens the window with a document, or with the welcome.
///
/// # Errors
/// What keeps the window from opening, for people.
pub fn run(_file: Option<PathBuf>) -> Result<(), String> {
    Err("this build has no window yet".to_owned())
}
