//! What was done, and what was taken back.
//!
//! A step of undo is a transaction, or all neighbouring transactions of one group (an event and the roles filled with
//! it). Whoever replays a journal gets the same steps, since the group stands in the transaction.
//!
//! Limitations: the history is a line, not a tree; a new change after undo forgets what was undone (the journal
//! keeps it). There is no limit to its length.

use serde::{Deserialize, Serialize};

use super::op::Op;

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

/// The transactions of one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    done: Vec<Transaction>,
    /// The one to do again first is the last.
    undone: Vec<Transaction>,
}

impl History {
    /// Remembers a transaction that was applied.
    pub fn push(&mut self, transaction: Transaction) {
        self.done.push(transaction);
        self.undone.clear();
    }

    /// What undo would take back, oldest first; empty if there is nothing.
    pub fn undo_step(&self) -> &[Transaction] {
        last_step(&self.done)
    }

    /// What redo would do again, the first one last; empty if there is nothing.
    pub fn redo_step(&self) -> &[Transaction] {
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
    }

    /// Remembers that the last step taken back was done again.
    pub fn redo(&mut self) {
        let from = self.undone.len() - self.redo_step().len();
        self.done.extend(self.undone.drain(from..).rev());
    }

    /// Whether something was taken back that can be done again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// The transactions that are in force, oldest first.
    pub fn done(&self) -> &[Transaction] {
        &self.done
    }

    /// The transactions that were taken back and may be done again, the first to come last.
    pub fn undone(&self) -> &[Transaction] {
        &self.undone
    }
}

/// The last transaction, with its neighbours of the same group.
fn last_step(list: &[Transaction]) -> &[Transaction] {
    let Some(last) = list.last() else { return &[] };
    let is_same = |other: &&Transaction| last.group.is_some() && other.group == last.group;
    let count = list.iter().rev().take_while(is_same).count().max(1);
    list.get(list.len() - count..).unwrap_or_default()
}
