//! Changing a document: operations, transactions, undo.
//!
//! The only way to change annotations. A view says what it wants as an [`Intent`]; the [`Editor`] turns that into
//! a [`Transaction`] of [`Op`]s, each with before and after, applies it and remembers it. A transaction is one
//! line of the journal, and one step of undo unless it belongs to a [`Group`]. Identifiers survive undo and redo.
//!
//! Knows the model and the schema; knows no files (the journal is written by [`crate::store`]) and no screen.

mod accept;
mod apply;
mod arguments;
mod batch;
mod draft;
mod editor;
mod history;
mod intent;
mod mend;
mod merge;
mod naming;
mod narrator;
mod op;
mod plan;
mod rebase;
mod schema_change;
mod timeline;
mod title;

pub use arguments::{arguments_of, fillers_of, roles_of};
pub use batch::{Retraction, retraction};
pub use editor::{Done, Editor, Step, difference};
pub use history::{Group, History, Standing, State, StepStates, Transaction, Way};
pub use intent::{EditError, Intent};
pub use mend::{Offer, mend};
pub use merge::{How, Incoming, Merge, MergeConflict, Merger, OtherText, Side};
pub use naming::entity_named;
pub use narrator::{Fate, FieldChange, Narrator, Told};
pub use op::{Change, Conflict, Op};
pub use plan::guess_kind;
pub use rebase::{Rebased, applied, is_result_of, rebased};
pub use schema_change::{
    Difference, Effect, Item, LabelKind, Migrated, Migration, Owner, SchemaChange, SchemaChangeError, SchemaDiff,
    SchemaStep, Unfit, in_order,
};
pub use timeline::{Moment, timeline};

#[cfg(test)]
mod history_tests;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;
