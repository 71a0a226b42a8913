//! What is kept of one annotator's work on one document: numbers, and the numbers of names.

use ecow::EcoString;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};

use super::names::Groups;
use super::when::{Day, Published};
use crate::model::{Kind, Status};

/// What counts as a mark. Entities do not: their mentions do.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Mark {
    /// By its label.
    Mention,
    /// By its type.
    Event,
    /// By its kind.
    Quote,
    /// By its label.
    Relation,
}

impl Mark {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Mention, Self::Event, Self::Quote, Self::Relation];

    /// As the model calls it.
    pub fn kind(self) -> Kind {
        match self {
            Self::Mention => Kind::Mention,
            Self::Event => Kind::Event,
            Self::Quote => Kind::Quote,
            Self::Relation => Kind::Relation,
        }
    }

    /// As a dataset counts it: `mention:Person`.
    pub fn in_dataset(self, label: &str) -> String {
        format!("{}:{label}", self.kind().word())
    }

    /// For lists by kind.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// A label of marks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Label {
    /// What is labelled.
    pub mark: Mark,
    /// The label, type or kind.
    pub label: EcoString,
}

/// An entity over all documents: of the same type and link, or else of the same type and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityKey {
    /// Its type, or the label of a mention that stands for itself; empty for words that are no mention.
    pub r#type: EcoString,
    /// The link if it has one, else the name.
    pub by: EcoString,
    /// Whether it has a link.
    pub is_linked: bool,
}

/// Which roles of an event are filled; many events have the same shape.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shape {
    /// The number of its label.
    pub label: u32,
    /// The numbers of the names of its filled roles, sorted, each with whether all that fills it is implicit.
    pub roles: Box<[(u32, bool)]>,
}

/// An article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// What whoever feeds calls it; unique.
    pub key: EcoString,
    /// For people.
    pub title: EcoString,
    /// When it was published, if that is known and can be read.
    pub published: Option<Published>,
    /// SHA-256 of the text, by which the split draws.
    pub sha256: [u8; 32],
    /// Words, numbers and punctuation marks.
    pub tokens: u32,
}

/// Marks of a kind that were made on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Made {
    /// In UTC.
    pub day: Day,
    /// What was made.
    pub mark: Mark,
    /// How many.
    pub count: u32,
}

/// An entity in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Present {
    /// Its number.
    pub entity: u32,
    /// The number of the name that it has there.
    pub name: u32,
    /// How many mentions it has.
    pub mentions: u32,
    /// In how many sentences.
    pub sentences: u32,
}

/// A quote by one of its speakers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Said {
    /// The number of an entity; `None` if the speaker is missing or cannot be told.
    pub speaker: Option<u32>,
    /// Words of the content, without punctuation.
    pub words: u32,
}

/// One annotator's work on one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// The number of its article.
    pub article: u32,
    /// The number of the annotator's name.
    pub annotator: Option<u32>,
    /// How far the work is.
    pub status: Status,
    /// The number of the name of the part that whoever feeds has put it into.
    pub split: Option<u32>,
    /// Numbers of labels with the number of marks, sorted.
    pub labels: Box<[(u32, u32)]>,
    /// When marks were made, sorted.
    pub made: Box<[Made]>,
    /// Marks of which nobody knows when.
    pub made_undated: u32,
    /// Numbers of shapes with the number of events, sorted.
    pub shapes: Box<[(u32, u32)]>,
    /// Quotes by speaker; one that has two speakers stands here twice.
    pub said: Box<[Said]>,
    /// For each of `said`, the numbers of the entities that are mentioned in it, sorted.
    pub about: Groups,
    /// Entities that are mentioned, by number.
    pub present: Box<[Present]>,
    /// Of each sentence with two entities or more, their numbers, sorted.
    pub together: Groups,
    /// Whether there was more in its sentences and quotes than is counted.
    pub is_cut: bool,
}

impl Layer {
    /// The number of marks.
    pub fn marks(&self) -> u64 {
        self.labels.iter().map(|(_, count)| u64::from(*count)).sum()
    }
}
