//! Running an operation: each file in its turn, several at a time, as often as it takes.
//!
//! The thread that runs it goes through the record, hands out files, and is the only one that writes notes: of files that
//! were visited, and of those that are planned anew, whose visitor waits until that is on disk. So notes of several files
//! need one sync.

use std::io;
use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::notes::{Fate, Note, Notes, Taking};
use super::record::{Entry, Reader};
use super::several::{Weights, with_threads};
use super::visit::{Decision, is_full};
use super::{FileChange, Left, OperationError, OperationId, OperationKind, Operations, Plan, Replacement};
use crate::edit::{Migration, Transaction, applied, is_result_of, rebased};
use crate::model::{Document, Schema};
use crate::panics::{self, Fallen};
use crate::store::confined;
use crate::store::disk::folder_of;

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// How many files come before it; the last few of them may be under way.
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
    /// How many things had been edited since and stay as they are, in the files that were gone through.
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
    /// which makes a pause: files that are under way are done to their end.
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
        let taking = Taking::open(&self.disk, &notes).map_err(|error| OperationError::io(&notes, error))?;
        let (outcome, left) = (Outcome::default(), Vec::new());
        let (under_way, is_stopped, failed) = (0, false, None);
        let mut run = Run { operations: self, record, notes, taking, outcome, left, under_way, is_stopped, failed };
        let weights = Weights::default();
        let work = |turn: Turn, tells: &Sender<Told>| {
            let visited = panics::catch(|| {
                let _held = weights.hold(&self.root.join(&turn.change.path));
                self.change(&turn, &planner, &|note| certain(tells, note))
            });
            let _ = tells.send(Told::Visited { turn: Box::new(turn), visited });
        };
        let gone_through = with_threads(self.at_once, work, |turns, told| {
            let gone_through = run.go_through(&mut reader, turns, told, go_on);
            // Nothing is left half done, and all of it is noted.
            let ended = run.wait(told, 0);
            gone_through.and_then(|is_through| ended.map(|()| is_through))
        });
        run.end(gone_through?, reader.counts().0)
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
        turn: &Turn,
        planner: &Planner<'_>,
        note: &dyn Fn(Note) -> io::Result<()>,
    ) -> Result<Fate, OperationError> {
        let (path, n) = (Path::new(&turn.change.path), turn.n);
        self.visit(path, &mut |document| {
            let known = turn.replanned.as_ref().or(turn.change.transaction.as_ref()).cloned();
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
            note(Note::Replanned { n, transaction, left_alone }).map_err(|error| OperationError::io(path, error))?;
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
            Err(source) if is_full(&source) => Err(OperationError::Io { path, source }),
            Err(error) => Ok(Fate::Left(Left::Disk(error.to_string()))),
        }
    }
}

/// A file that is handed out.
struct Turn {
    n: usize,
    change: FileChange,
    /// What was noted to be done instead, before.
    replanned: Option<Transaction>,
}

/// What those who visit files tell.
enum Told {
    /// What became of one.
    Visited { turn: Box<Turn>, visited: Result<Result<Fate, OperationError>, Fallen> },
    /// A note that has to be on disk before its file changes; the visitor waits for the answer.
    Certain { note: Box<Note>, answer: Sender<io::Result<()>> },
}

/// Has a note written by the one who takes them, and waits until it is on disk.
fn certain(tells: &Sender<Told>, note: Note) -> io::Result<()> {
    let (answer, answered) = bounded(1);
    let stopped = || io::Error::other("it was stopped");
    tells.send(Told::Certain { note: Box::new(note), answer }).map_err(|_| stopped())?;
    answered.recv().map_err(|_| stopped())?
}

/// A run of an operation, on the thread that hands out.
struct Run<'a> {
    operations: &'a Operations,
    record: PathBuf,
    notes: PathBuf,
    taking: Taking,
    outcome: Outcome,
    /// What becomes [`Outcome::left`], in the order in which that was told.
    left: Vec<(usize, PathBuf, Left)>,
    /// How many files are handed out.
    under_way: usize,
    /// Whether nothing more is to be begun, and why, until that is told.
    is_stopped: bool,
    failed: Option<OperationError>,
}

impl Run<'_> {
    /// Goes through the record. Tells whether it came to its end.
    fn go_through(
        &mut self,
        reader: &mut Reader,
        turns: &Sender<Turn>,
        told: &Receiver<Told>,
        go_on: &mut dyn FnMut(&Progress<'_>) -> bool,
    ) -> Result<bool, OperationError> {
        let (files, replacements) = reader.counts();
        while let Some((n, entry)) = reader.next_entry().map_err(|error| OperationError::io(&self.record, error))? {
            let known = self.taking.notes.fate(n).filter(|fate| !matches!(fate, Fate::Left(_))).cloned();
            let path = PathBuf::from(entry.path());
            if let Some(fate) = known {
                let change = match &entry {
                    Entry::Change(change) => Some(change),
                    Entry::Replace(_) => None,
                };
                self.count(n, &path, change, fate);
                continue;
            }
            // What changes as a whole does so after all documents.
            let most = if matches!(entry, Entry::Change(_)) { self.operations.at_once - 1 } else { 0 };
            self.wait(told, most)?;
            if !go_on(&Progress { done: n, total: files + replacements, path: &path }) {
                return Ok(false);
            }
            match entry {
                Entry::Change(change) => {
                    let replanned = self.taking.notes.replanned(n).map(|(transaction, _)| transaction.clone());
                    self.under_way += 1;
                    // Somebody listens as long as this is here.
                    let _ = turns.send(Turn { n, change, replanned });
                }
                Entry::Replace(replacement) => {
                    let fate = self.operations.replace(&replacement)?;
                    self.has(n, &path, None, fate)?;
                }
            }
        }
        self.wait(told, 0)?;
        Ok(true)
    }

    /// Listens until no more than `most` files are under way.
    fn wait(&mut self, told: &Receiver<Told>, most: usize) -> Result<(), OperationError> {
        while self.under_way > most {
            self.listen(told);
        }
        self.failed.take().map_or(Ok(()), Err)
    }

    /// Takes everything that is told by now, and waits for something.
    fn listen(&mut self, told: &Receiver<Told>) {
        // They end only after this does.
        let Ok(first) = told.recv() else { return self.under_way = 0 };
        let mut asked = Vec::new();
        for told in std::iter::once(first).chain(told.try_iter()) {
            match told {
                Told::Certain { answer, .. } if self.is_stopped => drop(answer),
                Told::Certain { note, answer } => asked.push((self.taking.put(*note), answer)),
                Told::Visited { turn, visited } => {
                    self.under_way -= 1;
                    let visited = visited.unwrap_or_else(|fallen| panics::go_on(fallen));
                    let path = PathBuf::from(&turn.change.path);
                    let noted = visited.and_then(|fate| self.has(turn.n, &path, Some(&turn.change), fate));
                    if let Err(error) = noted {
                        // The first one tells most.
                        if !std::mem::replace(&mut self.is_stopped, true) {
                            self.failed = Some(error);
                        }
                    }
                }
            }
        }
        if asked.is_empty() {
            return;
        }
        let synced = self.taking.sync();
        for (put, answer) in asked {
            let again = |error: &io::Error| io::Error::new(error.kind(), error.to_string());
            let _ = answer.send(put.and_then(|()| synced.as_ref().map_err(again).copied()));
        }
    }

    /// Notes what became of a file.
    fn has(&mut self, n: usize, path: &Path, change: Option<&FileChange>, fate: Fate) -> Result<(), OperationError> {
        // All the others would be told as gone, one by one. Somebody may have made an empty folder of the name since.
        if matches!(fate, Fate::Left(_)) && !(self.operations.root.is_dir() && self.record.exists()) {
            return Err(OperationError::io(&self.operations.root, io::ErrorKind::NotFound.into()));
        }
        let note = match fate.clone() {
            Fate::Changed => Note::Changed { n },
            Fate::Nothing => Note::Nothing { n },
            Fate::Left(why) => Note::Left { n, why },
        };
        self.taking.put(note).map_err(|error| OperationError::io(&self.notes, error))?;
        self.count(n, path, change, fate);
        Ok(())
    }

    fn count(&mut self, n: usize, path: &Path, change: Option<&FileChange>, fate: Fate) {
        if let Some(change) = change {
            let again = self.taking.notes.replanned(n).map_or(0, |(_, left)| left);
            self.outcome.left_alone += again + change.left_alone;
        }
        if let Fate::Left(why) = fate {
            self.left.push((n, path.to_owned(), why));
        }
    }

    /// `files` is how many documents there are; they come before what changes as a whole.
    fn end(mut self, is_through: bool, files: usize) -> Result<Outcome, OperationError> {
        if is_through {
            self.taking.finish().map_err(|error| OperationError::io(&self.notes, error))?;
        }
        self.left.sort_by_key(|(n, ..)| *n);
        let left = self.left.into_iter().map(|(_, path, why)| (path, why)).collect();
        // As noted, not as gone through: behind a pause there may be files that were done before those in front of them.
        let (changed, nothing) = self.taking.notes.done(files);
        Ok(Outcome { is_finished: is_through, changed, nothing, left, ..self.outcome })
    }
}

/// What is done to a file: as it was planned last.
pub fn known<'a>(notes: &'a Notes, n: usize, change: &'a FileChange) -> Option<&'a Transaction> {
    notes.replanned(n).map(|(transaction, _)| transaction).or(change.transaction.as_ref())
}
