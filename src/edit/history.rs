//! What was done, and what was taken back.
//!
//! Limitations: the history is a line, not a tree; a new change after undo forgets what was undone (the journal
//! keeps it). There is no limit to its length.

use serde::{Deserialize, Serialize};

use super::op::Op;

/// One intention of the user: one step of undo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transaction {
    /// In words, for the menu (“Mark Person ‘Anna’”).
    pub title: String,
    /// When, as an RFC 3339 time in UTC.
    pub at: String,
    /// What changes, in order.
    pub ops: Vec<Op>,
}

impl Transaction {
    /// The operations that take it back.
    pub fn inverted_ops(&self) -> Vec<Op> {
        self.ops.iter().rev().map(|op| op.clone().inverted()).collect()
    }
}

/// The transactions of one document.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Transaction>,
    undone: Vec<Transaction>,
}

impl History {
    /// Remembers a transaction that was applied.
    pub fn push(&mut self, transaction: Transaction) {
        self.done.push(transaction);
        self.undone.clear();
    }

    /// What undo would take back.
    pub fn next_undo(&self) -> Option<&Transaction> {
        self.done.last()
    }

    /// What redo would do again.
    pub fn next_redo(&self) -> Option<&Transaction> {
        self.undone.last()
    }

    /// Remembers that the last transaction was taken back.
    pub fn undo(&mut self) {
        self.undone.extend(self.done.pop());
    }

    /// Remembers that the last one taken back was done again.
    pub fn redo(&mut self) {
        self.done.extend(self.undone.pop());
    }

    /// The transactions that are in force, oldest first.
    pub fn done(&self) -> &[Transaction] {
        &self.done
    }
}
