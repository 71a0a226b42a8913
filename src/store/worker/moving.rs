//! A journal goes with its document to another file, leaves it, or begins anew.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::super::journal::{Base, JournalError, Key};
use super::super::lines::Lines;
use super::{Beginning, Start, Step, Worker};

impl Worker {
    pub(super) fn move_to(&mut self, path: &Path) -> Result<(), JournalError> {
        let key = self.journals.key_of(path, None);
        if key == self.key {
            return Ok(());
        }
        let lock = self.journals.lock(&key, path)?;
        self.rename_to(&key).map_err(|error| self.io_error(error))?;
        self.lock = Some(lock);
        self.key = key.clone();
        self.shared.set_key(key);
        if self.has_unsynced_names {
            let synced = self.journals.disk.sync_folder(self.journals.folder());
            synced.map_err(|error| self.io_error(error))?;
            self.has_unsynced_names = false;
        }
        Ok(())
    }

    pub(super) fn leave(&mut self, is_unsaved: bool) -> Result<(), JournalError> {
        if let Some(error) = self.shared.error() {
            return Err(self.io_error(io::Error::other(error.to_string())));
        }
        if is_unsaved {
            let key = Key::unique();
            let lock = self.journals.lock(&key, Path::new("unsaved work"))?;
            self.rename_to(&key).map_err(|error| self.io_error(error))?;
            (self.lock, self.key) = (Some(lock), key);
        } else {
            let kept = self.journals.free_name(&self.key, "stale");
            self.journals.set_aside(&self.key, &kept).map_err(|error| self.io_error(error))?;
        }
        // It lasts by itself where the folder cannot be synced.
        let _ = self.journals.disk.sync_folder(self.journals.folder());
        (self.file, self.wanted, self.is_removed) = (None, None, true);
        self.lock = None;
        Ok(())
    }

    fn rename_to(&mut self, key: &Key) -> io::Result<()> {
        let (from, to) = (self.path(), self.journals.journal_path(key));
        if to.exists() || self.journals.snapshot_path(key).exists() {
            self.journals.make_room(key)?;
        }
        // Left alone, it would bring the work back under the old name. The next one is written under the new name.
        self.journals.disk.remove(&self.snapshot_path())?;
        (self.snapshot_seq, self.snapshot_bytes) = (0, 0);
        if from.exists() {
            self.journals.disk.rename(&from, &to)?;
            self.has_unsynced_names = true;
        }
        Ok(())
    }

    pub(super) fn begin_anew(&mut self, base: Base) -> Result<PathBuf, JournalError> {
        let kept = self.journals.free_name(&self.key, "stale");
        self.steps.push_back(Step::Aside { key: self.key.clone(), kept: kept.clone() });
        let set_aside = self.take_lock().and_then(|()| self.do_steps().map_err(|error| self.io_error(error)));
        let key = self.journals.key_for(&base);
        let Start { id, standing, beginning, copy, lines, .. } = Start::begin(Beginning::of(base), Vec::new());
        (self.id, self.standing, self.beginning, self.lines) = (id, standing, beginning, Lines::new(lines));
        (self.file, self.copy, self.wanted, self.is_new) = (None, copy, None, true);
        (self.written, self.seq, self.snapshot_seq, self.snapshot_bytes) = (0, 0, 0, 0);
        if key != self.key {
            self.lock = None;
            self.key = key.clone();
            self.shared.set_key(key);
        }
        let locked = self.take_lock();
        self.shared.synced_seq.store(self.taken, Ordering::Release);
        set_aside.and(locked).map(|()| kept)
    }
}
