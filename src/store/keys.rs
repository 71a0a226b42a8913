//! Which journal belongs to which file.
//!
//! A journal is found by the path of its file. Journals that lie in a project with the files that they are about go where it
//! goes: moved, renamed, on another machine. So their keys are made from paths in it. Journals that were begun before that
//! was so have keys of whole paths; they get their new name when their file is opened.

use std::path::{Path, PathBuf};

use super::base::{Base, Key, Origin};
use super::canonical;
use super::journal::{JournalError, Journals};
use super::lock::Lock;

/// What became of a journal with a key of former times.
pub(super) enum Adopted {
    /// There is none any more under that key.
    Nothing,
    /// It is there, and the disk refused to rename it.
    Refused,
}

impl Journals {
    /// The same, for journals that go about with the files in `root`.
    #[must_use]
    pub fn going_with(self, root: &Path) -> Self {
        Self { root: Some(canonical(root)), ..self }
    }

    /// The key of a file, however its path is written; of a document in it, counted from 0, if it holds several.
    pub fn key_of(&self, path: &Path, nth: Option<usize>) -> Key {
        let path = canonical(path);
        match (self.root.as_ref().and_then(|root| path.strip_prefix(root).ok()), nth) {
            (Some(inside), nth) => Key::of_inside(inside, nth),
            (None, Some(nth)) => Key::of_document(&path, nth),
            (None, None) => Key::of_path(&path),
        }
    }

    /// The key of what is opened.
    pub fn key_for(&self, base: &Base) -> Key {
        match &base.header.origin {
            Origin::Native { path } => self.key_of(path, None),
            Origin::Text { path, document, .. } => self.key_of(path, *document),
            Origin::Pasted => base.key.clone(),
        }
    }

    /// Whether anything is kept for what is opened, without a lock: it may be another moment later.
    pub fn has_any(&self, base: &Base) -> bool {
        let is_there = |key: &Key| self.journal_path(key).exists() || self.snapshot_path(key).exists();
        let key = self.key_for(base);
        is_there(&key) || (key != base.key && is_there(&base.key))
    }

    /// Where the file of a key lies of which a journal says that it lay at `path`, if that is its key. A project may have gone
    /// elsewhere since.
    pub(super) fn place_of(&self, key: &Key, path: PathBuf, nth: Option<usize>) -> Option<PathBuf> {
        let is_its = |path: &Path| {
            let is_old = *key == Key::of_path(path) || nth.is_some_and(|nth| *key == Key::of_document(path, nth));
            is_old || *key == self.key_of(path, None) || (nth.is_some() && *key == self.key_of(path, nth))
        };
        if is_its(&path) {
            return Some(path);
        }
        let root = self.root.as_ref()?;
        let names: Vec<_> = path.iter().collect();
        let ends = (1..names.len()).filter_map(|from| names.get(from..));
        ends.map(|end| root.join(end.iter().collect::<PathBuf>())).find(|place| is_its(place))
    }

    /// Gives a journal of former times its key of today. Whoever asks has the lock of that.
    pub(super) fn adopt(&self, old: &Key, key: &Key, document: &Path) -> Result<Adopted, JournalError> {
        if old == key {
            return Ok(Adopted::Nothing);
        }
        let (from, to) = (self.journal_path(old), self.journal_path(key));
        let has_old = from.exists() || self.snapshot_path(old).exists();
        if !has_old {
            // A program of former times may have begun none yet.
            return if Lock::is_taken(&self.lock_path(old)) {
                self.lock(old, document).map(|_| Adopted::Nothing)
            } else {
                Ok(Adopted::Nothing)
            };
        }
        if to.exists() {
            return Ok(Adopted::Nothing);
        }
        let _lock = match self.lock(old, document) {
            Err(JournalError::Io { .. }) => return Ok(Adopted::Refused),
            locked => locked?,
        };
        self.leave_newer_alone(old)?;
        // The snapshot first: alone under the old name, it would bring the work back there.
        let moved = [(self.snapshot_path(old), self.snapshot_path(key)), (from.clone(), to)]
            .into_iter()
            .filter(|(from, _)| from.exists())
            .try_for_each(|(from, to)| self.disk.rename(&from, &to))
            .and_then(|()| self.disk.sync_folder(self.folder()));
        match moved {
            Err(error) if from.exists() => {
                tracing::warn!("{}: {error}", from.display());
                Ok(Adopted::Refused)
            }
            _ => Ok(Adopted::Nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::model::{Document, Header};
    use crate::store::{Entry, Opening};
    use crate::text::Text;

    fn open(journals: &Journals, file: &Path) -> Result<Opening<String>, JournalError> {
        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        let sha256 = crate::store::sha256_of(&fs::read(file).expect("there"));
        journals.open(Base::native(file, &sha256, &document), None)
    }

    fn recovered(journals: &Journals, file: &Path) -> Vec<Entry<String>> {
        open(journals, file).expect("opens").recovered.map(|recovered| recovered.after).unwrap_or_default()
    }

    #[test]
    fn a_journal_of_former_times_is_found_and_goes_about_from_then_on() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        fs::create_dir(&one).expect("writable");
        fs::write(one.join("a.ron"), "the file").expect("writable");
        let of = |root: &Path| Journals::in_folder(root.join("journals"));
        let change = Entry::Apply("1".to_owned());
        let old = open(&of(&one), &one.join("a.ron")).expect("opens");
        old.writer.append(&change);
        old.writer.flush().expect("synced");
        old.writer.snapshot(Document::new(Text::new("Anna met Bob.").expect("short"), Header::default()));
        // Two programs do not work on it at the same time, whatever they call it.
        let there = of(&one).going_with(&one);
        assert!(matches!(open(&there, &one.join("a.ron")), Err(JournalError::AlreadyOpen { .. })));
        drop(old);
        let listed = there.list_unsaved();
        assert_eq!((listed.len(), listed[0].path.as_deref()), (1, Some(canonical(&one.join("a.ron")).as_path())));
        assert_eq!(recovered(&there, &one.join("a.ron")), std::slice::from_ref(&change));
        assert_eq!(fs::read_dir(one.join("journals")).expect("there").count(), 2, "journal and snapshot");
        fs::rename(&one, &two).expect("ours");
        let moved = of(&two).going_with(&two);
        let listed = moved.list_unsaved();
        assert_eq!((listed.len(), listed[0].path.as_deref()), (1, Some(canonical(&two.join("a.ron")).as_path())));
        assert_eq!(recovered(&moved, &two.join("a.ron")), [change]);
    }

    #[test]
    fn where_nothing_can_be_renamed_work_goes_on_under_the_former_key() {
        use crate::store::disk::tests::{Fault, Faults};
        use crate::store::disk::{Disk, Gate, Operation, Verdict};
        #[derive(Debug)]
        struct NoRenaming(Faults);
        impl Gate for NoRenaming {
            fn judge(&self, operation: Operation, path: &Path) -> Verdict {
                if operation == Operation::Rename {
                    return Verdict::Fail(std::io::ErrorKind::PermissionDenied.into());
                }
                self.0.judge(operation, path)
            }
        }
        let folder = tempfile::tempdir().expect("temporary folder");
        let file = folder.path().join("a.ron");
        fs::write(&file, "the file").expect("writable");
        let faults = Faults::default();
        faults.plan(usize::MAX, false, Fault::Full);
        let journals = |disk| Journals::on(disk, Default::default(), folder.path().join("journals"));
        let old = open(&journals(Disk::default()), &file).expect("opens");
        old.writer.append(&Entry::Apply("1".to_owned()));
        drop(old);
        let here = journals(Disk::behind(std::sync::Arc::new(NoRenaming(faults)))).going_with(folder.path());
        let opening = open(&here, &file).expect("opens");
        opening.writer.append(&Entry::Apply("2".to_owned()));
        drop(opening);
        // Once it can be, all of it is there.
        assert_eq!(recovered(&journals(Disk::default()).going_with(folder.path()), &file).len(), 2);
    }

    #[test]
    fn keys_of_files_in_a_folder_go_with_it_and_others_stay() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let root = |name: &str| folder.path().join(name);
        let of = |name: &str| Journals::in_folder(root(name).join("journals")).going_with(&root(name));
        for nth in [None, Some(0), Some(2)] {
            let inside = |name: &str| of(name).key_of(&root(name).join("a/b.ron"), nth);
            assert_eq!(inside("one"), inside("two"));
            assert_ne!(inside("one"), of("one").key_of(&root("one").join("b.ron"), nth));
            assert_ne!(inside("one"), of("one").key_of(&root("one").join("a/b.ron"), Some(7)));
            let outside = root("two").join("a/b.ron");
            let alone = nth.map_or_else(|| Key::of_path(&outside), |nth| Key::of_document(&outside, nth));
            assert_eq!(of("one").key_of(&outside, nth), alone);
            // The place of a file whose folder went elsewhere is told by its key.
            let (there, here) = (root("one").join("a/b.ron"), root("two").join("a/b.ron"));
            assert_eq!(of("two").place_of(&inside("two"), there.clone(), nth), Some(here));
            assert_eq!(of("one").place_of(&inside("one"), there.clone(), nth), Some(there.clone()));
            assert_eq!(of("two").place_of(&Key::unique(), there, nth), None);
        }
    }
}
