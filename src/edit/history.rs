//! What was done, and what was taken back.
//!
//! A step of undo is a transaction, or all neighbouring transactions of one group (an event and the roles filled with
//! it). Whoever replays a journal gets the same steps, since the group stands in the transaction.
//!
//! Undo and redo walk along a line. A new change after undo leaves what was undone beside the line: redo no longer
//! leads there, but it is kept, so that every state that ever was can be reached ([`History::way_to`]). States are
//! numbered in the order in which they came to be; the same journal gives the same numbers.
//!
//! A copy shares its transactions, so that a thread can work on a copy of the whole editor.
//!
//! Limitations: there is no limit to its length. A group that went on after other changes were undone is one step of
//! undo, but stands as two in [`History::steps`].

use std::collections::BTreeMap;
use std::sync::Arc;

use imbl::HashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::op::Op;
use crate::model::Id;

/// Names transactions that are undone and redone together. Unique in the history of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Group(pub(super) u64);

/// One intention of the user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transaction {
    /// In words, for the menu (“Mark Person ‘Anna’”).
    pub title: String,
    /// When, as an RFC 3339 time in UTC.
    pub at: String,
    /// Who; `None` if nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What changes, in order.
    pub ops: Vec<Op>,
    /// With which neighbours it is one step of undo; `None`: it is a step of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
}

impl Transaction {
    /// The operations that take it back.
    pub fn inverted_ops(&self) -> Vec<Op> {
        self.ops.iter().rev().map(|op| op.clone().inverted()).collect()
    }
}

/// A state that the document was in: the one after this many transactions had been made since the history began,
/// whatever was taken back in between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State(pub(super) u64);

impl State {
    /// The document as it was when the history began.
    pub const BEGINNING: Self = Self(0);

    /// Its number: 0 is the beginning.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// How a state stands to the document as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The document is in it.
    Present,
    /// What made it is in force.
    Past,
    /// What made it was taken back and may be done again.
    Undone,
    /// What made it was taken back, and something else was done since.
    Abandoned,
}

/// What a person takes for one step: a transaction, or neighbouring ones of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepStates {
    /// The state after its first transaction.
    pub first: State,
    /// The state after its last transaction.
    pub last: State,
}

/// What leads from the document as it is now to another of its states.
#[derive(Debug, Default)]
pub struct Way<'a> {
    /// To be taken back, in this order.
    pub back: Vec<&'a Transaction>,
    /// To be done then, in this order.
    pub forth: Vec<&'a Transaction>,
}

/// A transaction that neither undo nor redo leads to.
#[derive(Clone, Debug, PartialEq)]
struct Abandoned {
    transaction: Arc<Transaction>,
    /// The state that it was made in.
    parent: State,
}

/// The transactions of one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    done: Vec<Arc<Transaction>>,
    /// The states after those, ascending.
    done_states: Vec<State>,
    /// The one to do again first is the last.
    undone: Vec<Arc<Transaction>>,
    /// The states after those, descending.
    undone_states: Vec<State>,
    abandoned: BTreeMap<State, Abandoned>,
    /// The first state of each step, ascending.
    steps: Vec<State>,
    /// The state made last, wherever it is now.
    latest: State,
    /// The states after each change of an annotation or batch, ascending.
    changes: HashMap<Id, SmallVec<[State; 2]>>,
}

impl History {
    /// Remembers a transaction that was applied.
    pub fn push(&mut self, transaction: impl Into<Arc<Transaction>>) {
        let transaction = transaction.into();
        let before = self.now();
        let mut parent = before;
        while let (Some(transaction), Some(state)) = (self.undone.pop(), self.undone_states.pop()) {
            self.abandoned.insert(state, Abandoned { transaction, parent });
            parent = state;
        }
        let goes_on = transaction.group.is_some()
            && before == self.latest
            && self.done.last().is_some_and(|last| last.group == transaction.group);
        self.latest = State(self.latest.0 + 1);
        if !goes_on {
            self.steps.push(self.latest);
        }
        for id in transaction.ops.iter().filter_map(Op::id) {
            let states = self.changes.entry(id.clone()).or_default();
            if states.last() != Some(&self.latest) {
                states.push(self.latest);
            }
        }
        self.done.push(transaction);
        self.done_states.push(self.latest);
    }

    /// What undo would take back, oldest first; empty if there is nothing.
    pub fn undo_step(&self) -> &[Arc<Transaction>] {
        last_step(&self.done)
    }

    /// What redo would do again, the first one last; empty if there is nothing.
    pub fn redo_step(&self) -> &[Arc<Transaction>] {
        last_step(&self.undone)
    }

    /// What the step that undo would take back is called: as its first transaction.
    pub fn undo_title(&self) -> Option<&str> {
        self.undo_step().first().map(|transaction| transaction.title.as_str())
    }

    /// What the step that redo would do again is called: as its first transaction.
    pub fn redo_title(&self) -> Option<&str> {
        self.redo_step().last().map(|transaction| transaction.title.as_str())
    }

    /// Remembers that the last step was taken back.
    pub fn undo(&mut self) {
        let from = self.done.len() - self.undo_step().len();
        self.undone.extend(self.done.drain(from..).rev());
        self.undone_states.extend(self.done_states.drain(from..).rev());
    }

    /// Remembers that the last step taken back was done again.
    pub fn redo(&mut self) {
        let from = self.undone.len() - self.redo_step().len();
        self.done.extend(self.undone.drain(from..).rev());
        self.done_states.extend(self.undone_states.drain(from..).rev());
    }

    /// Whether something was taken back that can be done again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// The transactions that are in force, oldest first.
    pub fn done(&self) -> &[Arc<Transaction>] {
        &self.done
    }

    /// The transactions that were taken back and may be done again, the first to come last.
    pub fn undone(&self) -> &[Arc<Transaction>] {
        &self.undone
    }

    // --- every state that was ----------------------------------------------------------------------------------

    /// All transactions ever made, in no particular order.
    pub fn all(&self) -> impl Iterator<Item = &Transaction> {
        let abandoned = self.abandoned.values().map(|abandoned| &abandoned.transaction);
        self.done.iter().chain(&self.undone).chain(abandoned).map(Arc::as_ref)
    }

    /// The state of this number, if it ever was.
    pub fn state(&self, number: u64) -> Option<State> {
        (number <= self.latest.0).then_some(State(number))
    }

    /// The state that the document is in.
    pub fn now(&self) -> State {
        self.done_states.last().copied().unwrap_or_default()
    }

    /// The state that came to be last, whether or not the document is in it. All up to this one exist.
    pub fn latest(&self) -> State {
        self.latest
    }

    /// Whether nothing was ever done.
    pub fn is_empty(&self) -> bool {
        self.latest == State::BEGINNING
    }

    /// What made a state; `None` for the beginning and for states that never were.
    pub fn transaction(&self, state: State) -> Option<&Transaction> {
        if let Some(at) = self.place_in_done(state) {
            self.done.get(at).map(Arc::as_ref)
        } else if let Some(at) = self.place_in_undone(state) {
            self.undone.get(at).map(Arc::as_ref)
        } else {
            self.abandoned.get(&state).map(|abandoned| &*abandoned.transaction)
        }
    }

    /// The state before what made this one.
    fn parent(&self, state: State) -> Option<State> {
        if let Some(at) = self.place_in_done(state) {
            Some(at.checked_sub(1).and_then(|at| self.done_states.get(at)).copied().unwrap_or_default())
        } else if let Some(at) = self.place_in_undone(state) {
            Some(self.undone_states.get(at + 1).copied().unwrap_or_else(|| self.now()))
        } else {
            self.abandoned.get(&state).map(|abandoned| abandoned.parent)
        }
    }

    fn place_in_done(&self, state: State) -> Option<usize> {
        self.done_states.binary_search(&state).ok()
    }

    fn place_in_undone(&self, state: State) -> Option<usize> {
        self.undone_states.binary_search_by(|other| state.cmp(other)).ok()
    }

    /// How a state stands to the document as it is now; the beginning is always past or present.
    pub fn standing(&self, state: State) -> Standing {
        if state == self.now() {
            Standing::Present
        } else if state == State::BEGINNING || self.place_in_done(state).is_some() {
            Standing::Past
        } else if self.place_in_undone(state).is_some() {
            Standing::Undone
        } else {
            Standing::Abandoned
        }
    }

    /// How many steps there were.
    pub fn step_count(&self) -> usize {
        self.steps.len()
    }

    /// A step by its number in time, from 0.
    pub fn step(&self, nth: usize) -> Option<StepStates> {
        let first = *self.steps.get(nth)?;
        let last = self.steps.get(nth + 1).map_or(self.latest, |next| State(next.0 - 1));
        Some(StepStates { first, last })
    }

    /// The number of the step that a state belongs to; `None` for the beginning.
    pub fn step_of(&self, state: State) -> Option<usize> {
        self.steps.partition_point(|first| *first <= state).checked_sub(1)
    }

    /// What leads from the document as it is now to another state. `None` if there never was such a state.
    pub fn way_to(&self, state: State) -> Option<Way<'_>> {
        let mut way = Way::default();
        let mut at = state;
        let kept = loop {
            if at == State::BEGINNING {
                break 0;
            }
            if let Some(place) = self.place_in_done(at) {
                break place + 1;
            }
            way.forth.push(self.transaction(at)?);
            at = self.parent(at)?;
        };
        way.forth.reverse();
        way.back.extend(self.done.get(kept..).unwrap_or_default().iter().rev().map(Arc::as_ref));
        Some(way)
    }

    /// The states after each change of an annotation or batch, oldest first, whether or not they are in force.
    pub fn changes_of(&self, id: &Id) -> &[State] {
        self.changes.get(id).map_or(&[], SmallVec::as_slice)
    }
}

/// The last transaction, with its neighbours of the same group.
fn last_step(list: &[Arc<Transaction>]) -> &[Arc<Transaction>] {
    let Some(last) = list.last() else { return &[] };
    let is_same = |other: &&Arc<Transaction>| last.group.is_some() && other.group == last.group;
    let count = list.iter().rev().take_while(is_same).count().max(1);
    list.get(list.len() - count..).unwrap_or_default()
}
