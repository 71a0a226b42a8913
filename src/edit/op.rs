//! Operations: the smallest changes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{Batch, Entity, Event, Header, Id, Kind, Mention, Quote, Rejection, Relation};

/// A change of one thing: `None` before = it is made, `None` after = it is removed.
///
/// Shares both with the documents that they are in: a name marked in a hundred thousand places is in memory once, although
/// the history keeps it too.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct Change<T> {
    /// What it was.
    pub before: Option<Arc<T>>,
    /// What it becomes.
    pub after: Option<Arc<T>>,
}

/// Costs nothing; also of what is not `Clone`.
impl<T> Clone for Change<T> {
    fn clone(&self) -> Self {
        Self { before: self.before.clone(), after: self.after.clone() }
    }
}

/// A change that carries what is needed to take it back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Op {
    /// Of an entity.
    Entity(Change<Entity>),
    /// Of a mention.
    Mention(Change<Mention>),
    /// Of an event.
    Event(Change<Event>),
    /// Of a quote.
    Quote(Change<Quote>),
    /// Of a relation.
    Relation(Change<Relation>),
    /// Of a batch.
    Batch(Change<Batch>),
    /// A suggestion is refused, or no longer.
    Rejection(Change<Rejection>),
    /// Of metadata, document labels, status; always there before and after.
    Header(Change<Header>),
}

/// The document is not what the operation expects; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not as this change expects it; the journal does not belong to this document")]
pub struct Conflict(pub String);

impl<T> Change<T> {
    /// What it becomes; if it is removed, what it was.
    pub fn shown(&self) -> Option<&T> {
        self.after.as_deref().or(self.before.as_deref())
    }

    fn inverted(self) -> Self {
        Self { before: self.after, after: self.before }
    }
}

impl Op {
    /// The operation that takes this one back.
    #[must_use]
    pub fn inverted(self) -> Self {
        match self {
            Self::Entity(change) => Self::Entity(change.inverted()),
            Self::Mention(change) => Self::Mention(change.inverted()),
            Self::Event(change) => Self::Event(change.inverted()),
            Self::Quote(change) => Self::Quote(change.inverted()),
            Self::Relation(change) => Self::Relation(change.inverted()),
            Self::Batch(change) => Self::Batch(change.inverted()),
            Self::Rejection(change) => Self::Rejection(change.inverted()),
            Self::Header(change) => Self::Header(change.inverted()),
        }
    }

    /// Which kind of annotation it changes; `None` for batches, the header and refused suggestions.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Entity(_) => Some(Kind::Entity),
            Self::Mention(_) => Some(Kind::Mention),
            Self::Event(_) => Some(Kind::Event),
            Self::Quote(_) => Some(Kind::Quote),
            Self::Relation(_) => Some(Kind::Relation),
            Self::Batch(_) | Self::Rejection(_) | Self::Header(_) => None,
        }
    }

    /// Which annotation or batch it changes; `None` for the header and for refused suggestions.
    pub fn id(&self) -> Option<&Id> {
        fn of<'a, T>(change: &'a Change<T>, id: impl Fn(&'a T) -> &'a Id) -> Option<&'a Id> {
            change.shown().map(id)
        }
        match self {
            Self::Entity(change) => of(change, |a| &a.id),
            Self::Mention(change) => of(change, |a| &a.id),
            Self::Event(change) => of(change, |a| &a.id),
            Self::Quote(change) => of(change, |a| &a.id),
            Self::Relation(change) => of(change, |a| &a.id),
            Self::Batch(change) => of(change, |a| &a.id),
            Self::Header(_) | Self::Rejection(_) => None,
        }
    }
}
