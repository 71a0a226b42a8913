//! What lies beside an article under the name that its annotations would be saved as.

use std::path::{Path, PathBuf};

use crate::model::Document;
use crate::store::{self, OpenOptions};
use crate::ui::widgets::counted;

/// What is in such a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Annotations of the same text: how many of what, in words.
    Annotations(String),
    /// Annotations of another text.
    OtherText,
    /// Something else, or a file that cannot be read.
    Unknown,
}

/// The file that a text was read from, and which of its documents it is.
pub type Source = (PathBuf, Option<usize>);

/// Looks into a file. Reads all of it: not for a frame.
pub fn look(path: &Path, document: &Document, source: Option<&Source>) -> Beside {
    let Ok(opened) = store::open_path(path, &OpenOptions::default()) else { return Beside::Unknown };
    if !super::importing::is_native(opened.format) {
        return Beside::Unknown;
    }
    let held = opened.document;
    if held.text() == document.text() || source.is_some_and(|source| is_read_as(source, document, &held)) {
        Beside::Annotations(contents(&held))
    } else {
        Beside::OtherText
    }
}

/// Whether the source is this text in the encoding that was chosen for it then.
fn is_read_as((path, nth): &Source, document: &Document, held: &Document) -> bool {
    let encoding = &held.header().metadata.encoding;
    if encoding.is_none() || *encoding == document.header().metadata.encoding {
        return false;
    }
    let options = OpenOptions { encoding: encoding.clone(), document: *nth, ..OpenOptions::default() };
    store::open_path(path, &options).is_ok_and(|again| again.document.text() == held.text())
}

fn contents(document: &Document) -> String {
    let counts = [
        (document.mentions().len(), "mention"),
        (document.events().len(), "event"),
        (document.quotes().len(), "quote"),
        (document.relations().len(), "relation"),
    ];
    let all: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| counted(*n, what)).collect();
    if all.is_empty() { "nothing marked yet".to_owned() } else { all.join(", ") }
}
