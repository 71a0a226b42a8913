//! Doing again what a journal knows beyond its file.

use super::{Entry, Recovered};
use crate::edit::{Editor, History, Transaction};
use crate::model::{Document, Problem};

/// Does again what a journal knows beyond the file, and takes over the history. Gives the number of changes.
///
/// Entries that a snapshot includes are not done again; they only make the history.
///
/// # Errors
/// A problem, if the journal does not fit the document.
pub fn restore(editor: &mut Editor, recovered: Recovered<Transaction>) -> Result<usize, Problem> {
    let is_change = |entry: &&Entry<Transaction>| !matches!(entry, Entry::Saved { .. } | Entry::Begun);
    let unsaved = recovered.base_changes + recovered.after.iter().filter(is_change).count();
    let is_same_text = |document: &Document| document.text() == editor.document().text();
    let before = recovered.before_saved.len();
    let (start, reached) = match recovered.reached {
        // With the text in another encoding, it is another document.
        Some(reached) if is_same_text(&reached.document) => (Some(reached.document), reached.entries),
        _ if recovered.base_changes > 0 => {
            let base = recovered.header.base_document().and_then(Result::ok).filter(is_same_text);
            (Some(base.ok_or_else(|| unfit(0, "it begins with another text"))?), before)
        }
        _ => (None, before),
    };
    let mut entries = recovered.before_saved;
    entries.extend(recovered.after);
    let rest = entries.split_off(reached.min(entries.len()));
    let mut history = History::default();
    for entry in entries {
        match entry {
            Entry::Apply(transaction) => history.push(transaction),
            Entry::Undo => history.undo(),
            Entry::Redo => history.redo(),
            Entry::Saved { .. } | Entry::Begun => {}
        }
    }
    match start {
        Some(document) => editor.adopt(document, history, unsaved > 0),
        None => editor.adopt_history(history),
    }
    let mut changes = 0;
    for entry in rest {
        let fits = match entry {
            Entry::Apply(transaction) => editor.replay(transaction).map_err(|error| error.to_string()),
            Entry::Undo => editor.undo().map(drop).ok_or_else(|| "there is nothing to undo".to_owned()),
            Entry::Redo => editor.redo().map(drop).ok_or_else(|| "there is nothing to do again".to_owned()),
            Entry::Saved { .. } | Entry::Begun => continue,
        };
        if let Err(why) = fits {
            return Err(unfit(changes, &why));
        }
        changes += 1;
    }
    Ok(unsaved)
}

fn unfit(changes: usize, why: &str) -> Problem {
    let message = format!("after {changes} changes, the record of unsaved work does not fit: {why}");
    Problem::error("journal", message, "what fits is restored")
}
