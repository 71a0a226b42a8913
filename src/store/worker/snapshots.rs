//! Snapshots beside the journal, written when they are worth it.

use std::sync::atomic::Ordering;

use super::super::snapshot::Snapshot;
use super::{Wanted, Worker};
use crate::formats::native;
use crate::model::Document;

/// In bytes of the first line of a journal, or of the copy that it names.
const LONG_DOCUMENT: usize = 2 * 1024 * 1024;
/// The entries after a snapshot are few if they have less than this part of the bytes of the document.
const FEW_ENTRIES: usize = 8;

impl Worker {
    pub(super) fn want_snapshot(&mut self, document: &Document) {
        if self.seq == self.snapshot_seq || self.is_removed || !self.is_worth_a_snapshot() {
            return;
        }
        match native::to_json(document) {
            Ok(document) => {
                let (bytes, crc32) = (self.lines.len() as u64, self.lines.crc32());
                let snapshot = Snapshot::new(&self.id, bytes, crc32, &self.standing, document);
                self.wanted = Some(Wanted { seq: self.seq, snapshot });
            }
            Err(error) => tracing::warn!("no snapshot could be made: {error}"),
        }
    }

    /// Whether doing the entries again that no snapshot includes costs enough: a long document is not written once more for a
    /// few of them.
    fn is_worth_a_snapshot(&self) -> bool {
        let first = self.lines.first_len();
        let document = self.copy.as_ref().map_or(first, |copy| copy.len().max(first));
        let known = self.snapshot_bytes.max(first);
        let further = self.lines.len().saturating_sub(known);
        document < LONG_DOCUMENT || further >= document / FEW_ENTRIES
    }

    /// Writes the snapshot that is wanted, if all that it includes is in the journal. Without one, the journal is all the
    /// same as good, so that this may fail.
    pub(super) fn write_snapshot(&mut self) {
        if self.failures > 0 || self.moving.is_some() {
            return;
        }
        let Some(Wanted { seq, snapshot }) = self.wanted.take() else { return };
        let path = self.snapshot_path();
        match snapshot.write(&self.journals.disk, &path, seq) {
            Ok(()) => {
                self.snapshot_seq = seq;
                self.snapshot_bytes = usize::try_from(snapshot.bytes).unwrap_or(usize::MAX);
                self.shared.snapshots.fetch_add(1, Ordering::Release);
            }
            Err(error) => tracing::warn!("{}: no snapshot could be written: {error}", path.display()),
        }
    }
}
