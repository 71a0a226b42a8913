//! What is asked for: conditions that must all hold.

use serde::{Deserialize, Serialize};

use crate::model::{Kind, Status};
use crate::text::find::{self, BadQuery, Finder};

/// In place of a value: whatever it is, as long as there is one.
pub const ANY: &str = "*";

/// Kinds of annotations that stand in a text.
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
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MarkKind {
    /// A mention.
    Mention,
    /// An event.
    Event,
    /// A quote.
    Quote,
    /// A relation.
    Relation,
}

impl MarkKind {
    /// As the model has it.
    pub fn kind(self) -> Kind {
        match self {
            Self::Mention => Kind::Mention,
            Self::Event => Kind::Event,
            Self::Quote => Kind::Quote,
            Self::Relation => Kind::Relation,
        }
    }

    /// Of an annotation that stands in a text.
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Mention => Some(Self::Mention),
            Kind::Event => Some(Self::Event),
            Kind::Quote => Some(Self::Quote),
            Kind::Relation => Some(Self::Relation),
            Kind::Entity => None,
        }
    }

    /// Whether it has roles that are filled.
    pub fn has_roles(self) -> bool {
        self != Self::Mention
    }
}

/// Words that must stand in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// A word, a phrase, a part of a word; or a regular expression.
    pub text: String,
    /// Whether it is a regular expression.
    #[serde(default)]
    pub is_regex: bool,
}

/// A role that must be filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleIs {
    /// The role, whatever its capitals.
    pub role: String,
    /// Name, other name or link of the entity that fills it; words in what fills it; or the label of that. [`ANY`] = filled.
    pub filler: String,
}

/// An attribute that must be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeIs {
    /// Its name, whatever its capitals.
    pub name: String,
    /// One of its values; [`ANY`] = any.
    pub value: String,
}

/// What is looked for in a project. All conditions must hold.
///
/// Without conditions on marks, a hit is a place of the text where one of the words stands, in documents in which all of
/// them do. With any, a hit is a mark; the words must stand in it, or, for events and relations, in what fills a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Words in the text.
    pub words: Vec<Words>,
    /// Whether upper and lower case of the words differ.
    pub is_case_sensitive: bool,
    /// Whether words must not begin or end within a word of the text.
    pub is_whole_words: bool,
    /// The kind of mark; none = any.
    pub kind: Option<MarkKind>,
    /// Its label, type or kind, whatever its capitals; none or [`ANY`] = any.
    pub label: Option<String>,
    /// Roles of it.
    pub roles: Vec<RoleIs>,
    /// Who said it: only quotes have a speaker.
    pub speaker: Option<String>,
    /// Entities by name, other name or link: a mention refers to it; of other kinds, a role is filled by it.
    pub entities: Vec<String>,
    /// Attributes of the mark.
    pub attributes: Vec<AttributeIs>,
    /// Whose layers, by folder or name. None = those of whoever asks; [`ANY`] = everybody's.
    pub annotator: Option<String>,
    /// How far that layer is.
    pub status: Option<Status>,
}

impl Query {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        let neutral = Self { is_case_sensitive: false, is_whole_words: false, ..self.clone() };
        neutral == Self::default()
    }

    /// Whether hits are marks.
    pub fn asks_for_marks(&self) -> bool {
        self.kind.is_some()
            || self.label.is_some()
            || self.speaker.is_some()
            || !self.roles.is_empty()
            || !self.entities.is_empty()
            || !self.attributes.is_empty()
    }

    /// The kind of mark that is asked for, also where only a speaker is.
    pub fn asked_kind(&self) -> Option<MarkKind> {
        self.kind.or(self.speaker.is_some().then_some(MarkKind::Quote))
    }

    /// The label, if it must be a certain one.
    pub fn asked_label(&self) -> Option<&str> {
        self.label.as_deref().filter(|label| *label != ANY)
    }

    /// Makes the words ready to search, the longest first: most texts lack it.
    ///
    /// # Errors
    /// [`BadQuery`] with the number of the words that are no regular expression, or take too much memory or time.
    pub fn finders(&self) -> Result<Vec<Finder>, (usize, BadQuery)> {
        let mut finders = Vec::new();
        for (nth, words) in self.words.iter().enumerate() {
            let finder = self.find_query(words).finder().map_err(|error| (nth, error))?;
            finders.push((words.is_regex, usize::MAX - words.text.len(), finder));
        }
        finders.sort_by_key(|(is_regex, length, _)| (*is_regex, *length));
        Ok(finders.into_iter().map(|(.., finder)| finder).collect())
    }

    /// The same words as they are found in one document.
    pub fn find_query(&self, words: &Words) -> find::Query {
        find::Query {
            text: words.text.clone(),
            is_case_sensitive: self.is_case_sensitive,
            is_whole_words: self.is_whole_words,
            is_regex: words.is_regex,
        }
    }
}
