//! Operations: the smallest changes.

use serde::{Deserialize, Serialize};

use crate::model::{Batch, Entity, Event, Header, Id, Kind, Mention, Quote, Rejection, Relation};

/// A change of one thing: `None` before = it is made, `None` after = it is removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change<T> {
    /// What it was.
    pub before: Option<T>,
    /// What it becomes.
    pub after: Option<T>,
}

/// A change that carries what is needed to take it back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Op {
    /// Of an entity.
    Entity(Box<Change<Entity>>),
    /// Of a mention.
    Mention(Box<Change<Mention>>),
    /// Of an event.
    Event(Box<Change<Event>>),
    /// Of a quote.
    Quote(Box<Change<Quote>>),
    /// Of a relation.
    Relation(Box<Change<Relation>>),
    /// Of a batch.
    Batch(Box<Change<Batch>>),
    /// A suggestion is refused, or no longer.
    Rejection(Box<Change<Rejection>>),
    /// Of metadata, document labels, status; always there before and after.
    Header(Box<Change<Header>>),
}

/// The document is not what the operation expects; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not as this change expects it; the journal does not belong to this document")]
pub struct Conflict(pub String);

impl<T> Change<T> {
    fn inverted(self) -> Self {
        Self { before: self.after, after: self.before }
    }
}

impl Op {
    /// The operation that takes this one back.
    #[must_use]
    pub fn inverted(self) -> Self {
        match self {
            Self::Entity(change) => Self::Entity(Box::new(change.inverted())),
            Self::Mention(change) => Self::Mention(Box::new(change.inverted())),
            Self::Event(change) => Self::Event(Box::new(change.inverted())),
            Self::Quote(change) => Self::Quote(Box::new(change.inverted())),
            Self::Relation(change) => Self::Relation(Box::new(change.inverted())),
            Self::Batch(change) => Self::Batch(Box::new(change.inverted())),
            Self::Rejection(change) => Self::Rejection(Box::new(change.inverted())),
            Self::Header(change) => Self::Header(Box::new(change.inverted())),
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
            change.after.as_ref().or(change.before.as_ref()).map(id)
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
