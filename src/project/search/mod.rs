//! Searching a project: words, marks and what is known of them, asked for in one line, answered from the index.
//!
//! A [`Query`] is typed as a line ([`parse`](line)) and answered by [`run`], which gives hits as they are found and stops
//! between two documents when it is told to. Texts are scanned on all cores with the expression that finds in a document,
//! so a search of the project finds what a search in each document would; marks are asked of the index and checked on
//! the text where words are asked for, too. What a list shows beside a hit is read when it is looked at ([`contexts`]).
//!
//! The index may know only some of the documents: [`Summary`] says how many were searched.

mod change;
mod complete;
mod context;
mod line;
mod marks;
mod order;
mod query;
mod run;
mod texts;

pub use change::{HitChange, HitsChange};
pub use complete::{Completion, Known, complete, entities_like, name_typed};
pub use context::{Kwic, contexts};
pub use line::{BadLine, KEYS, parse};
pub use order::{Order, sort};
pub use query::{ANY, AttributeIs, MarkKind, Query, RoleIs, Words};
pub use run::{Hit, SearchError, Summary, run};

#[cfg(test)]
mod tests;
