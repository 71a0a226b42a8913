//! Real corpora of others, read, written and read again. They are not part of the project: `MANICULE_CORPORA` names their
//! folder, by default `../shared/data`; a test whose corpus is absent says so and passes, unless `CI` is set.

mod articles;
mod brat;
mod cas;
mod columns;
mod event_lines;
mod quotes;
mod spacy;
mod tasks;
mod webanno_tsv;

use std::path::{Path, PathBuf};

/// The folder of a corpus; `None`, and a line that says so, if it is not here.
#[allow(dead_code)] // By formats as they come.
pub(crate) fn corpus(name: &str) -> Option<PathBuf> {
    let all = std::env::var_os("MANICULE_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let folder = all.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("{name}: SKIPPED, there is no such folder in {}", all.display());
    None
}

/// All files below a folder whose names end like this, in order.
#[allow(dead_code)] // By formats as they come.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
