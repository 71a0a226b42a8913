//! Running an operation: each file in its turn, as often as it takes.

use std::io;
use std::path::{Path, PathBuf};

use super::notes::{Fate, Note, Notes, Taking};
use super::record::{Entry, Reader};
use super::visit::Decision;
use super::{FileChange, Left, OperationError, OperationId, OperationKind, Operations, Plan, Replacement};
use crate::edit::{Migration, Transaction, applied, is_result_of, rebased};
use crate::model::{Document, Schema};
use crate::store::confined;
use crate::store::disk::folder_of;

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// How many files had their turn.
    pub done: usize,
    /// How many there are.
    pub total: usize,
    /// The one whose turn it is, from the project's folder on.
    pub path: &'a Path,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Whether all files had their turn; if not, the operation goes on with the next run.
    pub is_finished: bool,
    /// How many files are as they should be, in this run and before.
    pub changed: usize,
    /// In how many nothing was to be done any more.
    pub nothing: usize,
    /// The files that stay as they are, and why; running it again tries them again.
    pub left: Vec<(PathBuf, Left)>,
    /// How many things had been edited since and stay as they are.
    pub left_alone: usize,
}

/// How a document is planned again.
enum Planner<'a> {
    Given(&'a Plan<'a>),
    Migration(Box<Migration>, String, Option<String>),
    /// What of the known transaction can be done.
    Known,
}

/// What is planned, and how many things are left alone by that.
type Again = (Option<Transaction>, usize);

impl Planner<'_> {
    fn plan(&self, path: &Path, document: &Document, known: Option<&Transaction>) -> Result<Again, Left> {
        match (self, known) {
            (Self::Given(plan), _) => Ok((plan(path, document), 0)),
            (Self::Migration(migration, at, by), _) => Ok((migration.plan(document, at, by.as_deref()).transaction, 0)),
            (Self::Known, Some(known)) => {
                let found = rebased(document, &known.ops);
                Ok((Some(Transaction { ops: found.ops, ..known.clone() }), found.left))
            }
            (Self::Known, None) => Err(Left::Unplanned),
        }
    }
}

impl Operations {
    /// Runs an operation that was begun, or goes on with it; one that is finished is tried again for what it has left.
    /// `plan` is asked for documents that changed since they were planned; without it, a change of the schema is worked
    /// out again, and of anything else that is done which still can be. `go_on` is asked before each file and may say no,
    /// which makes a pause.
    ///
    /// # Errors
    /// [`OperationError`]; what was done stays done, and the next run goes on.
    pub fn run(
        &self,
        id: &OperationId,
        plan: Option<&Plan<'_>>,
        go_on: &mut dyn FnMut(&Progress<'_>) -> bool,
    ) -> Result<Outcome, OperationError> {
        let (record, notes) = (self.record_path(id), self.notes_path(id));
        let mut reader = Reader::open(&record).map_err(|_| OperationError::NoRecord(record.clone()))?;
        let planner = Self::planner(&reader, plan);
        let noted = |error: io::Error| OperationError::io(&notes, error);
        let mut taking = Taking::open(&self.disk, &notes).map_err(noted)?;
        let (files, replacements) = reader.counts();
        let mut outcome = Outcome::default();
        while let Some((n, entry)) = reader.next_entry().map_err(|error| OperationError::io(&record, error))? {
            let path = PathBuf::from(entry.path());
            let known = taking.notes.fate(n).filter(|fate| !matches!(fate, Fate::Left(_))).cloned();
            let fate = match known {
                Some(fate) => fate,
                None => {
                    if !go_on(&Progress { done: n, total: files + replacements, path: &path }) {
                        return Ok(outcome);
                    }
                    let fate = match &entry {
                        Entry::Change(change) => self.change(n, change, &planner, &mut taking)?,
                        Entry::Replace(replacement) => self.replace(replacement)?,
                    };
                    // All the others would be told as gone, one by one.
                    if matches!(fate, Fate::Left(_)) && !self.root.is_dir() {
                        return Err(OperationError::io(&self.root, io::ErrorKind::NotFound.into()));
                    }
                    let note = match fate.clone() {
                        Fate::Changed => Note::Changed { n },
                        Fate::Nothing => Note::Nothing { n },
                        Fate::Left(why) => Note::Left { n, why },
                    };
                    taking.put(note).map_err(noted)?;
                    fate
                }
            };
            if let Entry::Change(change) = &entry {
                outcome.left_alone +=
                    taking.notes.replanned(n).map_or(change.left_alone, |(_, left)| left + change.left_alone);
            }
            match fate {
                Fate::Changed => outcome.changed += usize::from(matches!(entry, Entry::Change(_))),
                Fate::Nothing => outcome.nothing += 1,
                Fate::Left(why) => outcome.left.push((path, why)),
            }
        }
        taking.finish().map_err(noted)?;
        outcome.is_finished = true;
        Ok(outcome)
    }

    /// What an operation does in a document that is open in a window of this program, as it is there. `None`: nothing.
    ///
    /// # Errors
    /// [`OperationError`]; inside, why it stays as it is.
    pub fn planned_here(
        &self,
        id: &OperationId,
        path: &Path,
        document: &Document,
        plan: Option<&Plan<'_>>,
    ) -> Result<Result<Option<Transaction>, Left>, OperationError> {
        let record = self.record_path(id);
        let reader = Reader::open(&record).map_err(|_| OperationError::NoRecord(record.clone()))?;
        let planner = Self::planner(&reader, plan);
        let Some((_, change)) = self.find(id, path)? else { return Ok(Ok(None)) };
        if change.transaction.as_ref().is_some_and(|known| is_result_of(document, &known.ops)) {
            return Ok(Ok(None));
        }
        let planned = planner.plan(path, document, change.transaction.as_ref());
        Ok(planned.map(|(transaction, _)| transaction.filter(|transaction| !transaction.ops.is_empty())))
    }

    /// Says that a window has done an operation's work in a document that is open there, with what it did.
    ///
    /// # Errors
    /// [`OperationError`].
    pub fn settle(
        &self,
        id: &OperationId,
        path: &Path,
        transaction: Option<&Transaction>,
    ) -> Result<(), OperationError> {
        let Some((n, _)) = self.find(id, path)? else { return Ok(()) };
        let notes = self.notes_path(id);
        let noted = |error: io::Error| OperationError::io(&notes, error);
        let mut taking = Taking::open(&self.disk, &notes).map_err(noted)?;
        let Some(transaction) = transaction.cloned() else { return taking.put(Note::Nothing { n }).map_err(noted) };
        taking.put_for_certain(Note::Replanned { n, transaction, left_alone: 0 }).map_err(noted)?;
        taking.put(Note::Changed { n }).map_err(noted)
    }

    fn find(&self, id: &OperationId, path: &Path) -> Result<Option<(usize, FileChange)>, OperationError> {
        let record = self.record_path(id);
        let mut reader = Reader::open(&record).map_err(|_| OperationError::NoRecord(record.clone()))?;
        while let Some((n, entry)) = reader.next_entry().map_err(|error| OperationError::io(&record, error))? {
            match entry {
                Entry::Change(change) if Path::new(&change.path) == path => return Ok(Some((n, change))),
                _ => {}
            }
        }
        Ok(None)
    }

    fn planner<'a>(reader: &Reader, plan: Option<&'a Plan<'a>>) -> Planner<'a> {
        if let Some(plan) = plan {
            return Planner::Given(plan);
        }
        let operation = reader.operation();
        let OperationKind::SchemaChange { change, before, after } = &operation.kind else { return Planner::Known };
        // They were checked when the operation was planned; another version of the program may see them otherwise.
        let parse = |ron: &str| Schema::parse(ron, None).ok();
        let migration = parse(before).and_then(|before| change.on(&before).ok());
        match migration.zip(parse(after)) {
            Some((migration, after)) => {
                let migration = migration.towards(after).titled(&operation.title);
                Planner::Migration(Box::new(migration), operation.made_at.clone(), operation.by.clone())
            }
            None => Planner::Known,
        }
    }

    fn change(
        &self,
        n: usize,
        change: &FileChange,
        planner: &Planner<'_>,
        taking: &mut Taking,
    ) -> Result<Fate, OperationError> {
        let path = Path::new(&change.path);
        let notes_path = taking.path().to_owned();
        self.visit(path, &mut |document| {
            let known = known(&taking.notes, n, change).cloned();
            let holds = known.as_ref().is_some_and(|known| !known.ops.is_empty() && is_result_of(document, &known.ops));
            // Of a plan that nobody can make again, what fits is done as it is.
            if let (Planner::Known, false, Some(known)) = (planner, holds, &known)
                && applied(document, &known.ops).is_ok()
            {
                return Ok(if known.ops.is_empty() { Decision::Nothing } else { Decision::Apply(known.clone()) });
            }
            if holds && matches!(planner, Planner::Known) {
                return Ok(Decision::Holds);
            }
            let (again, left_alone) = match planner.plan(path, document, known.as_ref()) {
                Ok(again) => again,
                Err(left) => return Ok(Decision::Leave(left)),
            };
            let Some(again) = again.filter(|again| !again.ops.is_empty()) else {
                return Ok(if holds { Decision::Holds } else { Decision::Nothing });
            };
            if known.as_ref().is_some_and(|known| known.ops == again.ops) {
                return Ok(Decision::Apply(again));
            }
            // Taking it back has to know all that was done, also before a kill.
            let mut transaction = again.clone();
            if let Some(known) = known.filter(|_| holds) {
                transaction.ops = known.ops.into_iter().chain(transaction.ops).collect();
            }
            let note = Note::Replanned { n, transaction, left_alone };
            taking.put_for_certain(note).map_err(|error| OperationError::io(&notes_path, error))?;
            Ok(Decision::Apply(again))
        })
    }

    fn replace(&self, replacement: &Replacement) -> Result<Fate, OperationError> {
        let path = match confined::inside(&self.root, Path::new(&replacement.path)) {
            Ok(path) => path,
            Err(error) => return Ok(Fate::Left(Left::Unreadable(error.to_string()))),
        };
        let there = match confined::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Ok(Fate::Left(Left::Unreadable(error.to_string()))),
        };
        let is = |text: &Option<String>| there.as_deref() == text.as_ref().map(String::as_bytes);
        if is(&replacement.after) {
            return Ok(Fate::Changed);
        }
        if !is(&replacement.before) {
            return Ok(Fate::Left(Left::Changed));
        }
        let done = match &replacement.after {
            Some(text) => self.disk.replace(&path, text.as_bytes()),
            None => self.disk.remove(&path).and_then(|()| self.disk.sync_folder(folder_of(&path))),
        };
        match done {
            Ok(()) => Ok(Fate::Changed),
            Err(source) if source.kind() == io::ErrorKind::StorageFull => Err(OperationError::Io { path, source }),
            Err(error) => Ok(Fate::Left(Left::Disk(error.to_string()))),
        }
    }
}

/// What is done to a file: as it was planned last.
pub fn known<'a>(notes: &'a Notes, n: usize, change: &'a FileChange) -> Option<&'a Transaction> {
    notes.replanned(n).map(|(transaction, _)| transaction).or(change.transaction.as_ref())
}
