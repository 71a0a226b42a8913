//! Taking an operation back, as another operation.

use std::path::Path;

use super::notes::{Fate, Notes};
use super::record::{Entry, Reader};
use super::run::known;
use super::{
    FileChange, Left, Operation, OperationError, OperationId, OperationKind, Operations, Planned, Replacement, Take,
};
use crate::edit::{Op, Transaction, rebased};
use crate::model::Document;

/// Files whose changes are in memory at a time, and changes from which on there are no further ones.
const BATCH: (usize, usize) = (512, 50_000);

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
        let back = |ops| Transaction {
            title: title.clone(),
            at: made_at.to_owned(),
            by: by.map(str::to_owned),
            ops,
            group: None,
        };
        // What is to be undone in a file, as it was done there.
        let done = |n: usize, change: &FileChange| match (notes.fate(n), known(&notes, n, change)) {
            (Some(Fate::Changed), Some(done)) => Some((change.path.clone(), done.inverted_ops())),
            _ => None,
        };
        let plan = |(path, inverted): &(String, Vec<Op>), document: Result<Document, Left>| {
            let (ops, left_alone) = match document {
                Ok(document) => {
                    let found = rebased(&document, inverted);
                    (found.ops, found.left)
                }
                // Its turn may come when it can be read again.
                Err(_) => (inverted.clone(), 0),
            };
            if ops.is_empty() && left_alone == 0 {
                return Planned::Nothing;
            }
            Planned::Change(FileChange { path: path.clone(), transaction: Some(back(ops)), left_alone })
        };
        let files = |take: &mut Take<'_>| {
            loop {
                let (mut batch, mut ops, mut is_end) = (Vec::new(), 0, false);
                while batch.len() < BATCH.0 && ops < BATCH.1 && !is_end {
                    match reader.next_entry().map_err(|error| OperationError::io(&path, error))? {
                        Some((n, Entry::Change(change))) => {
                            let done = done(n, &change);
                            ops += done.as_ref().map_or(0, |(_, ops)| ops.len());
                            batch.extend(done);
                        }
                        Some((_, Entry::Replace(_))) => {}
                        None => is_end = true,
                    }
                }
                self.look_at_all(&batch, |(path, _)| Path::new(path), plan, |_, planned| take(planned))?;
                if is_end {
                    return Ok(());
                }
            }
        };
        self.begin(&operation, files, &replacements, go_on)
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
