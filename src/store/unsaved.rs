//! Finds work that is in no file, for the welcome screen.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::de::IgnoredAny;

use super::base::{Entry, Key, Origin};
use super::journal::Journals;
use super::lock::Lock;
use super::recovery::{Contents, Look};
use super::saves::{change_count, last_save, split, unsaved_count};
use super::sha256_of;

/// Work that is in no file, for the welcome screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsaved {
    /// For [`Journals::resume`] and [`Journals::discard`].
    pub key: Key,
    /// The file to open; `None` for a pasted article, which is resumed by its key.
    pub path: Option<PathBuf>,
    /// Which document of that file it is, from 0, if the file holds several.
    pub document: Option<usize>,
    /// The title of the article.
    pub title: String,
    /// How many changes are in no file.
    pub change_count: usize,
    /// When the last one was made.
    pub changed_at: Option<SystemTime>,
}

impl Journals {
    /// All work that is in no file and not open in a window, latest first.
    pub fn list_unsaved(&self) -> Vec<Unsaved> {
        let Ok(folder) = fs::read_dir(self.folder()) else { return Vec::new() };
        let mut found: Vec<Unsaved> = folder.flatten().filter_map(|entry| self.unsaved(&entry.path())).collect();
        found.sort_by(|a, b| b.changed_at.cmp(&a.changed_at).then_with(|| a.key.cmp(&b.key)));
        found
    }

    fn unsaved(&self, file: &Path) -> Option<Unsaved> {
        let extension = file.extension()?.to_str()?;
        let key = Key(file.file_stem()?.to_str()?.to_owned());
        let journal = self.journal_path(&key);
        // A snapshot counts by itself only if its journal is gone.
        let counts = extension == "journal" || (extension == "snapshot" && !journal.exists());
        if !counts || Lock::is_taken(&file.with_extension("lock")) {
            return None;
        }
        let Look::Found(Contents { header, entries, .. }) = self.look::<IgnoredAny>(&key).ok()? else { return None };
        let saved_path = last_save(&entries).and_then(|at| match entries.get(at) {
            Some(Entry::Saved { path, .. }) => Some(path.clone()),
            _ => None,
        });
        let document = match &header.origin {
            Origin::Text { document, .. } if saved_path.is_none() => *document,
            _ => None,
        };
        let path = saved_path.or_else(|| header.origin.path().map(Path::to_owned));
        // Work that could not go along to where the document was saved, or that was left by its file when that got another
        // text, is found by its key only.
        let path = path.and_then(|path| self.place_of(&key, path, document));
        let on_disk = path.as_ref().and_then(|path| fs::read(path).ok()).map(|bytes| sha256_of(&bytes));
        let title = header.title.clone();
        let change_count = match split(&header, entries, &on_disk.unwrap_or_default()) {
            Ok(halves) => halves.base_changes + change_count(&halves.after),
            // The file is gone or was changed outside: count what was never in it.
            Err(entries) => unsaved_count(&header, &entries),
        };
        let changed_at = fs::metadata(file).and_then(|m| m.modified()).ok();
        (change_count > 0).then_some(Unsaved { key, path, document, title, change_count, changed_at })
    }
}
