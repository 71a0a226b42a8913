//! JSON Lines of those who extract events: `DyGIE++`, `OneIE`, `WikiEvents` and RAMS. All lay mentions and events on words in
//! sentences.
//!
//! What the four share is here: a document on its words (`lay`), a document that is built from words (`read`). Each format is
//! a file that knows its keys, where it counts from, and what may go over the end of a sentence.

pub mod dygie;
mod lay;
pub mod oneie;
pub mod rams;
mod read;
pub mod wikievents;

use super::{Holds, OutputFile};

/// What all of them hold, and some more.
const HOLDS: Holds =
    Holds { text: false, mentions: true, overlaps: true, same_words: true, events: true, ..Holds::TEXT };

/// One file of lines for all documents that are written together.
fn file(names: &[&str], ending: &str, lines: &[serde_json::Value]) -> OutputFile {
    let name = match names {
        [only] => only,
        _ => "documents",
    };
    let bytes = lines.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>().concat().into_bytes();
    OutputFile { name: format!("{name}{ending}").into(), bytes }
}

#[cfg(test)]
mod tests;
