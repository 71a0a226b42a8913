//! Taking an operation back, as another operation.

use std::path::PathBuf;

use super::notes::{Fate, Notes};
use super::record::{Entry, Reader};
use super::run::known;
use super::{FileChange, Operation, OperationError, OperationId, OperationKind, Operations, Planned, Replacement};
use crate::edit::{Transaction, rebased};

impl Operations {
    /// Begins the operation that takes another one back: every file that it changed becomes what it was, but for what
    /// somebody has edited since. Run it with [`Self::run`]. `go_on` as in [`Self::begin`].
    ///
    /// # Errors
    /// [`OperationError`]; nothing has begun then.
    pub fn begin_undo(
        &self,
        id: &OperationId,
        made_at: &str,
        by: Option<&str>,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<OperationId, OperationError> {
        let notes = Notes::read(&self.notes_path(id));
        if !notes.is_finished() {
            return Err(OperationError::NotFinished);
        }
        let path = self.record_path(id);
        let open = || Reader::open(&path).map_err(|_| OperationError::NoRecord(path.clone()));
        let mut replacements = Vec::new();
        let mut reader = open()?;
        while let Some((n, entry)) = reader.next_entry().map_err(|error| OperationError::io(&path, error))? {
            if let (Entry::Replace(done), Some(Fate::Changed)) = (entry, notes.fate(n)) {
                replacements.push(Replacement { path: done.path, before: done.after, after: done.before });
            }
        }
        let mut reader = open()?;
        let title = title(&reader.operation().title);
        let operation = Operation {
            title: title.clone(),
            made_at: made_at.to_owned(),
            by: by.map(str::to_owned),
            kind: OperationKind::Undo { of: id.clone() },
        };
        let mut failed = None;
        let files = std::iter::from_fn(|| match reader.next_entry() {
            Ok(Some((n, Entry::Change(change)))) => Some((n, change)),
            Ok(_) => None,
            Err(error) => {
                failed = Some(error);
                None
            }
        });
        let files = files.map(|(n, change)| match (notes.fate(n), known(&notes, n, &change)) {
            (Some(Fate::Changed), Some(done)) => {
                let back = |ops| Transaction {
                    title: title.clone(),
                    at: made_at.to_owned(),
                    by: by.map(str::to_owned),
                    ops,
                    group: None,
                };
                let inverted = done.inverted_ops();
                let (ops, left_alone) = match self.look(&PathBuf::from(&change.path)) {
                    Ok(document) => {
                        let found = rebased(&document, &inverted);
                        (found.ops, found.left)
                    }
                    // Its turn may come when it can be read again.
                    Err(_) => (inverted, 0),
                };
                if ops.is_empty() && left_alone == 0 {
                    return Planned::Nothing;
                }
                Planned::Change(FileChange { path: change.path, transaction: Some(back(ops)), left_alone })
            }
            _ => Planned::Nothing,
        });
        let begun = self.begin(&operation, files, &replacements, go_on)?;
        match failed {
            None => Ok(begun),
            Some(error) => {
                // What could be read of the record is not all of it.
                self.disk.remove(&self.record_path(&begun)).map_err(|error| OperationError::io(&path, error))?;
                Err(OperationError::io(&path, error))
            }
        }
    }
}

/// What taking back is called; taking that back is doing it again.
fn title(done: &str) -> String {
    const BACK: &str = "Take back “";
    match done.strip_prefix(BACK).and_then(|rest| rest.strip_suffix('”')) {
        Some(first) => format!("Do again “{first}”"),
        None => format!("{BACK}{}”", done.replace('“', "‘").replace('”', "’")),
    }
}
