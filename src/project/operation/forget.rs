//! Operations that nobody needs any more.

use std::fs;

use super::{OperationError, OperationId, OperationKind, Operations, Standing};
use crate::store::disk::folder_of;

/// How many operations are kept in any case of size.
const KEPT: usize = 20;
/// Bytes of records and notes that are kept. Those of a hundred thousand documents have a hundred million.
const BYTES: u64 = 256 << 20;

impl Operations {
    /// Forgets an operation: it cannot be undone any more. One that is not finished stays.
    ///
    /// # Errors
    /// [`OperationError::NotFinished`], [`OperationError::Io`].
    pub fn forget(&self, id: &OperationId) -> Result<(), OperationError> {
        if !self.is_finished(id) {
            return Err(OperationError::NotFinished);
        }
        // The record first, for certain: notes without one are nothing, but a record without notes would be run again.
        for path in [self.record_path(id), self.notes_path(id)] {
            let removed = self.disk.remove(&path).and_then(|()| self.disk.sync_folder(folder_of(&path)));
            removed.map_err(|error| OperationError::io(&path, error))?;
        }
        Ok(())
    }

    /// Forgets what is old: all but the last twenty, and of these all that come before more than 256 MB. What is not finished
    /// stays, and so does the last one that can be taken back. Tells how many were forgotten.
    ///
    /// # Errors
    /// [`OperationError::Io`]; what is not forgotten by then is at the next time.
    pub fn forget_old(&self) -> Result<usize, OperationError> {
        self.forget_all_but(KEPT, BYTES)
    }

    pub(super) fn forget_all_but(&self, kept: usize, bytes: u64) -> Result<usize, OperationError> {
        let all = self.list()?;
        let last = last_to_take_back(&all).map(|standing| standing.id.clone());
        let (mut count, mut sum) = (0, 0);
        let mut old = Vec::new();
        for standing in all.iter().rev() {
            count += 1;
            sum += self.size(&standing.id);
            let is_old = count > kept || sum > bytes;
            if is_old && standing.is_finished && last.as_ref() != Some(&standing.id) {
                old.push(&standing.id);
            }
        }
        // The oldest first: without what has taken it back, an operation would look as if it stood.
        for id in old.iter().rev() {
            self.forget(id)?;
        }
        self.remove_lone_notes();
        Ok(old.len())
    }

    /// Bytes of its record and its notes.
    fn size(&self, id: &OperationId) -> u64 {
        let paths = [self.record_path(id), self.notes_path(id)];
        paths.iter().filter_map(|path| fs::metadata(path).ok()).map(|file| file.len()).sum()
    }

    /// Notes whose record is gone: somebody was killed between the two.
    fn remove_lone_notes(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            let is_lone = path.extension().is_some_and(|extension| extension == super::notes::EXTENSION)
                && !path.with_extension(super::record::EXTENSION).exists();
            if is_lone && let Err(error) = self.disk.remove(&path) {
                tracing::warn!("{}: {error}", path.display());
            }
        }
    }
}

/// The operation that can be taken back: the last one that takes back no other, if it is finished and not taken back. What
/// comes before it could not be taken back without making a mess of what came after.
pub fn last_to_take_back(all: &[Standing]) -> Option<&Standing> {
    let last = all.iter().rfind(|standing| !matches!(standing.operation.kind, OperationKind::Undo { .. }));
    last.filter(|standing| standing.is_finished && standing.undone_by.is_none())
}
