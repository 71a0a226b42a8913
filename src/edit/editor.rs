//! The editor of one document: the document, its schema, its history.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::apply::{apply, take_back};
use super::draft::Draft;
use super::history::{Group, History, State, Transaction};
use super::intent::{EditError, Intent};
use super::merge::{Merge, Merger, OtherText, Side, ops_between};
use super::op::{Conflict, Op};
use super::plan::Planner;
use crate::model::{Document, Id, Kind, Schema};

/// Hands out identifiers. A number is never used twice while the editor lives, so that undo cannot bring back an
/// identifier that something else got meanwhile.
#[derive(Clone, Debug)]
pub struct Ids {
    next: [u64; 5],
    next_batch: u64,
    /// Identifiers with numbers from which nobody counts on; most often none.
    far: BTreeSet<Id>,
}

impl Ids {
    fn new(document: &Document) -> Self {
        let mut ids = Self { next: [1; 5], next_batch: 1, far: BTreeSet::new() };
        let all = (document.entities().keys())
            .chain(document.mentions().keys())
            .chain(document.events().keys())
            .chain(document.quotes().keys())
            .chain(document.relations().keys());
        all.for_each(|id| ids.skip(id));
        // What a file names without having it must not come to life by chance.
        for batch in document.batches().values() {
            ids.skip(&batch.id);
            batch.entity.iter().for_each(|id| ids.skip(id));
        }
        let named = document.mentions().values().filter_map(|m| m.provenance.by.batch());
        named.for_each(|batch| ids.skip(&Id::new(batch)));
        ids
    }

    /// A fresh identifier for something of this kind.
    pub fn next(&mut self, kind: Kind) -> Id {
        Self::free(&self.far, kind.prefix(), &mut self.next[kind as usize])
    }

    /// A fresh identifier for a batch.
    pub fn next_batch(&mut self) -> Id {
        Self::free(&self.far, "b", &mut self.next_batch)
    }

    fn free(far: &BTreeSet<Id>, prefix: &str, next: &mut u64) -> Id {
        loop {
            let id = Id::new(format!("{prefix}{next}"));
            *next += 1;
            if !far.contains(&id) {
                return id;
            }
        }
    }

    /// Never hands this one out.
    pub(super) fn skip(&mut self, id: &Id) {
        let number = |digits: &str| digits.parse::<u64>().ok();
        // From the last number there is no going on, and nobody comes to half of them by counting.
        let is_far = |number: u64| number > u64::MAX / 2;
        if let Some(number) = id.as_str().strip_prefix('b').and_then(number) {
            if is_far(number) {
                self.far.insert(id.clone());
            } else {
                self.next_batch = self.next_batch.max(number + 1);
            }
        }
        for kind in [Kind::Entity, Kind::Mention, Kind::Event, Kind::Quote, Kind::Relation] {
            if let Some(number) = id.as_str().strip_prefix(kind.prefix()).and_then(number) {
                if is_far(number) {
                    self.far.insert(id.clone());
                } else {
                    let next = &mut self.next[kind as usize];
                    *next = (*next).max(number + 1);
                }
            }
        }
    }
}

/// What an intention did.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The transaction; `None` if nothing had to change.
    pub transaction: Option<Arc<Transaction>>,
    /// What was made.
    pub created: Option<Id>,
}

/// What undo or redo did: a transaction, or all neighbouring ones of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The title of its first transaction.
    pub title: String,
    /// What it changed; what is left of it is worth showing.
    pub ids: Vec<Id>,
}

/// The one place where a document changes.
#[derive(Clone, Debug)]
pub struct Editor {
    document: Document,
    schema: Arc<Schema>,
    history: History,
    ids: Ids,
    next_group: u64,
    revision: u64,
    clock: fn() -> String,
    /// Who works with it; `None` = whom the document names as its annotator.
    by: Option<String>,
}

/// What the title of going back begins with.
const GO_BACK: &str = "Go back to ";

/// The time now, as RFC 3339 in UTC, to the second.
fn system_clock() -> String {
    jiff::Timestamp::from_second(jiff::Timestamp::now().as_second()).unwrap_or_default().to_string()
}

impl Editor {
    /// An editor without history.
    pub fn new(document: Document, schema: Arc<Schema>) -> Self {
        let ids = Ids::new(&document);
        Self {
            document,
            schema,
            history: History::default(),
            ids,
            next_group: 0,
            revision: 0,
            clock: system_clock,
            by: None,
        }
    }

    /// The same, with another clock; for tests that compare files.
    #[must_use]
    pub fn with_clock(mut self, clock: fn() -> String) -> Self {
        self.clock = clock;
        self
    }

    /// Says who works with it, for the history; `None` = whom the document names as its annotator.
    pub fn set_author(&mut self, by: Option<String>) {
        self.by = by;
    }

    fn author(&self) -> Option<String> {
        self.by.clone().or_else(|| self.document.header().annotator.clone())
    }

    /// The document as it is now.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The schema in use.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Uses another schema. Annotations stay as they are; the document names the new schema (one transaction).
    ///
    /// # Errors
    /// As [`Editor::execute`].
    pub fn set_schema(&mut self, schema: Arc<Schema>) -> Result<Done, EditError> {
        let intent = Intent::SetSchema { name: schema.name.clone(), version: schema.version };
        let done = self.execute(&intent)?;
        self.use_schema(schema);
        Ok(done)
    }

    /// Looks labels up in another schema, without a change of the document (undo of a change of schema).
    pub fn use_schema(&mut self, schema: Arc<Schema>) {
        self.schema = schema;
        self.revision += 1;
    }

    /// What was done and taken back.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Grows with every change; equal revisions mean equal documents.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Does what the user wants, as one transaction.
    ///
    /// # Errors
    /// [`EditError`], with nothing changed.
    pub fn execute(&mut self, intent: &Intent) -> Result<Done, EditError> {
        self.execute_in(intent, None)
    }

    /// A group of its own, for [`Editor::execute_in`].
    pub fn new_group(&mut self) -> Group {
        self.next_group += 1;
        Group(self.next_group - 1)
    }

    /// As [`Editor::execute`]; the transaction is one step of undo with its neighbours of the same group.
    ///
    /// # Errors
    /// [`EditError`], with nothing changed.
    pub fn execute_in(&mut self, intent: &Intent, group: Option<Group>) -> Result<Done, EditError> {
        let mut ids = self.ids.clone();
        let mut planner = Planner {
            document: &self.document,
            schema: &self.schema,
            ids: &mut ids,
            now: (self.clock)(),
            draft: Draft::new(&self.document),
        };
        let planned = planner.plan(intent)?;
        let at = planner.now;
        let ops = planner.draft.into_ops();
        if ops.is_empty() {
            return Ok(Done { transaction: None, created: planned.created });
        }
        let transaction = Arc::new(Transaction { title: planned.title, at, by: self.author(), ops, group });
        apply(&mut self.document, &transaction.ops)?;
        self.ids = ids;
        self.history.push(Arc::clone(&transaction));
        self.revision += 1;
        Ok(Done { transaction: Some(transaction), created: planned.created })
    }

    /// What is needed to plan a merge into the document as it is now, on another thread.
    pub fn merger(&self) -> Merger {
        Merger { mine: self.document.clone(), schema: Arc::clone(&self.schema), ids: self.ids.clone() }
    }

    /// Merges what another side made of the document, as one transaction; `choices` are in the order of the conflicts.
    /// `None` if nothing had to change.
    ///
    /// # Errors
    /// [`Conflict`] if the document was changed since the merge was planned; nothing is changed then.
    pub fn merge(&mut self, merge: &Merge, choices: &[Side]) -> Result<Option<Arc<Transaction>>, Conflict> {
        self.apply_as("Merge changes of another program", merge.ops(choices))
    }

    /// Makes the document like another one of the same text, as one transaction. `None` if it is like it already.
    ///
    /// # Errors
    /// [`OtherText`], with nothing changed.
    pub fn take_over(&mut self, other: &Document, title: &str) -> Result<Option<Arc<Transaction>>, OtherText> {
        if other.text().sha256() != self.document.text().sha256() {
            return Err(OtherText);
        }
        let ops = ops_between(&self.document, other);
        // The difference to itself always fits.
        self.apply_as(title, ops).map_err(|_| OtherText)
    }

    fn apply_as(&mut self, title: &str, ops: Vec<Op>) -> Result<Option<Arc<Transaction>>, Conflict> {
        if ops.is_empty() {
            return Ok(None);
        }
        let (at, by) = ((self.clock)(), self.author());
        let transaction = Arc::new(Transaction { title: title.to_owned(), at, by, ops, group: None });
        apply(&mut self.document, &transaction.ops)?;
        self.see(&transaction);
        self.history.push(Arc::clone(&transaction));
        self.revision += 1;
        Ok(Some(transaction))
    }

    /// Does the opposite of a transaction as a new one, in a group: taking a part of a group back without leaving it
    /// half undone. `transaction` must be the last change of what it touches.
    ///
    /// # Errors
    /// [`Conflict`] if something it touched was changed since; nothing is changed then.
    pub fn reverse(&mut self, transaction: &Transaction, group: Group) -> Result<Arc<Transaction>, Conflict> {
        let title = format!("Take back “{}”", transaction.title);
        let (at, by, ops) = ((self.clock)(), self.author(), transaction.inverted_ops());
        let reversed = Arc::new(Transaction { title, at, by, ops, group: Some(group) });
        apply(&mut self.document, &reversed.ops)?;
        self.history.push(Arc::clone(&reversed));
        self.revision += 1;
        Ok(reversed)
    }

    /// Takes the last step back: a transaction, or all neighbouring ones of a group. `None` if there is none.
    pub fn undo(&mut self) -> Option<Step> {
        let transactions = self.history.undo_step();
        let step = step(self.history.undo_title()?, transactions);
        let ops = transactions.iter().rev().flat_map(|transaction| transaction.ops.iter().rev());
        Self::fits(take_back(&mut self.document, ops))?;
        self.revision += 1;
        self.history.undo();
        Some(step)
    }

    /// Takes the last step back if it is this group. `None` if it is not: nothing of the group was done, or something
    /// else came after it.
    pub fn undo_group(&mut self, group: Group) -> Option<Step> {
        let is_last = self.history.undo_step().last().is_some_and(|last| last.group == Some(group));
        if is_last { self.undo() } else { None }
    }

    /// Does the last step taken back again. `None` if there is none.
    pub fn redo(&mut self) -> Option<Step> {
        let transactions = self.history.redo_step();
        let step = step(self.history.redo_title()?, transactions);
        let ops = transactions.iter().rev().flat_map(|transaction| &transaction.ops);
        Self::fits(apply(&mut self.document, ops))?;
        self.revision += 1;
        self.history.redo();
        Some(step)
    }

    /// Makes the document what it was in a state, as one new transaction: nothing is forgotten, and undo takes it back.
    /// What is the same then and now is not touched.
    ///
    /// # Errors
    /// [`EditError::NoState`] if there never was such a state; nothing is changed then.
    pub fn go_back_to(&mut self, state: State) -> Result<Done, EditError> {
        let ops = difference(&self.document, &self.history, state).ok_or(EditError::NoState)?;
        if ops.is_empty() {
            return Ok(Done { transaction: None, created: None });
        }
        let (at, by) = ((self.clock)(), self.author());
        let transaction = Arc::new(Transaction { title: self.title_of_going_back(state), at, by, ops, group: None });
        apply(&mut self.document, &transaction.ops)?;
        self.history.push(Arc::clone(&transaction));
        self.revision += 1;
        Ok(Done { transaction: Some(transaction), created: None })
    }

    fn title_of_going_back(&self, state: State) -> String {
        let step = self.history.step_of(state).and_then(|nth| self.history.step(nth));
        match step.and_then(|step| self.history.transaction(step.first)) {
            // Where that went back to, this goes back to.
            Some(made) if made.title.starts_with(GO_BACK) => made.title.clone(),
            Some(made) => format!("{GO_BACK}“{}”", made.title.replace('“', "‘").replace('”', "’")),
            None => format!("{GO_BACK}the beginning"),
        }
    }

    /// Puts a transaction from a journal on top.
    ///
    /// # Errors
    /// [`Conflict`] if it does not belong to this document; nothing is changed then.
    pub fn replay(&mut self, transaction: impl Into<Arc<Transaction>>) -> Result<(), Conflict> {
        let transaction = transaction.into();
        apply(&mut self.document, &transaction.ops)?;
        self.see(&transaction);
        self.history.push(transaction);
        self.revision += 1;
        Ok(())
    }

    /// Takes over a history whose result this document already is (a file that was saved after it), so that undo
    /// survives a restart.
    pub fn adopt_history(&mut self, history: History) {
        for transaction in history.all() {
            self.see(transaction);
        }
        self.history = history;
    }

    /// Takes over a document and the history that led to it, from a journal. `is_change`: it is not what the file holds.
    pub fn adopt(&mut self, document: Document, history: History, is_change: bool) {
        let ids = Ids::new(&document);
        self.document = document;
        self.ids = ids;
        self.revision += u64::from(is_change);
        self.adopt_history(history);
    }

    /// Gives neither its identifiers nor its group a second time.
    fn see(&mut self, transaction: &Transaction) {
        transaction.ops.iter().filter_map(Op::id).for_each(|id| self.ids.skip(id));
        // As with identifiers, nobody counts beyond half of the numbers.
        if let Some(Group(number)) = transaction.group.filter(|Group(number)| *number <= u64::MAX / 2) {
            self.next_group = self.next_group.max(number + 1);
        }
    }

    /// The history always fits its document, unless a journal was damaged.
    fn fits(applied: Result<(), Conflict>) -> Option<()> {
        applied.inspect_err(|conflict| tracing::error!(%conflict, "history does not fit the document")).ok()
    }
}

/// What going back to a state would change, each thing once. `None` if there never was such a state, or if the history
/// does not fit the document (a damaged journal).
pub fn difference(document: &Document, history: &History, state: State) -> Option<Vec<Op>> {
    let way = history.way_to(state)?;
    let mut draft = Draft::new(document);
    let back = way.back.into_iter().flat_map(Transaction::inverted_ops);
    let forth = way.forth.into_iter().flat_map(|transaction| transaction.ops.iter().cloned());
    for op in back.chain(forth) {
        draft.lay(op).inspect_err(|conflict| tracing::error!(%conflict, "history does not fit the document")).ok()?;
    }
    Some(draft.into_exact_ops())
}

fn step(title: &str, transactions: &[Arc<Transaction>]) -> Step {
    let mut seen = BTreeSet::new();
    let ids = transactions.iter().flat_map(|transaction| &transaction.ops).filter_map(Op::id);
    Step { title: title.to_owned(), ids: ids.filter(|id| seen.insert(*id)).cloned().collect() }
}
