//! What a format can hold, in which unit it counts, and what can be chosen when it is written.
//!
//! The one place from which `manicule formats`, the export dialog and the loss gate know a format.

use std::collections::BTreeMap;

/// What a format can hold. What it cannot is lost or altered, and told before anything is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// The text as it is, to the character.
    pub text: bool,
    /// Mentions.
    pub mentions: bool,
    /// Mentions inside others, or that cross others.
    pub overlaps: bool,
    /// Several labels on exactly the same words.
    pub same_words: bool,
    /// Annotations in several parts.
    pub discontinuity: bool,
    /// Spans that begin or end inside a token.
    pub inside_tokens: bool,
    /// Entities: which mentions refer to the same.
    pub entities: bool,
    /// Names, aliases and identifiers of entities.
    pub entity_fields: bool,
    /// Relations between annotations.
    pub relations: bool,
    /// Events with triggers and roles.
    pub events: bool,
    /// Events as fillers of roles.
    pub event_fillers: bool,
    /// Fillers that are no mention: words, or what is not in the text.
    pub other_fillers: bool,
    /// Quotes with speaker and cue.
    pub quotes: bool,
    /// Attributes.
    pub attributes: bool,
    /// Notes on annotations.
    pub notes: bool,
    /// Title, source, date, language, annotator.
    pub metadata: bool,
    /// Labels, status and note of the document.
    pub document_labels: bool,
    /// Where each annotation came from, batches, and what was refused.
    pub history: bool,
}

impl Holds {
    /// Everything: the native formats.
    pub const ALL: Self = Self {
        text: true,
        mentions: true,
        overlaps: true,
        same_words: true,
        discontinuity: true,
        inside_tokens: true,
        entities: true,
        entity_fields: true,
        relations: true,
        events: true,
        event_fillers: true,
        other_fillers: true,
        quotes: true,
        attributes: true,
        notes: true,
        metadata: true,
        document_labels: true,
        history: true,
    };

    /// The text alone.
    pub const TEXT: Self = Self {
        text: true,
        mentions: false,
        overlaps: false,
        same_words: false,
        discontinuity: false,
        inside_tokens: false,
        entities: false,
        entity_fields: false,
        relations: false,
        events: false,
        event_fillers: false,
        other_fillers: false,
        quotes: false,
        attributes: false,
        notes: false,
        metadata: false,
        document_labels: false,
        history: false,
    };

    /// What is missing, in words, for lists and dialogs.
    pub fn missing(&self) -> Vec<&'static str> {
        let all = [
            (self.text, "the exact text"),
            (self.mentions, "mentions"),
            (self.overlaps || !self.mentions, "overlapping mentions"),
            (self.same_words || !self.mentions, "several labels on the same words"),
            (self.discontinuity || !self.mentions, "annotations in several parts"),
            (self.inside_tokens || !self.mentions, "spans that end inside a token"),
            (self.entities, "entities"),
            (self.entity_fields || !self.entities, "names and identifiers of entities"),
            (self.relations, "relations"),
            (self.events, "events"),
            (self.event_fillers || !self.events, "events as fillers"),
            (self.other_fillers || !self.events, "fillers that are no mention"),
            (self.quotes, "quotes"),
            (self.attributes, "attributes"),
            (self.notes, "notes"),
            (self.metadata, "metadata"),
            (self.document_labels, "labels, status and note of the document"),
            (self.history, "provenance, batches and what was refused"),
        ];
        all.into_iter().filter(|(is_held, _)| !is_held).map(|(_, what)| what).collect()
    }
}

/// What a format counts positions in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// It has no positions.
    #[default]
    None,
    /// Bytes of UTF-8.
    Bytes,
    /// Unicode code points, as Python counts.
    Codepoints,
    /// UTF-16 code units, as Java and JavaScript count.
    Utf16,
    /// Tokens.
    Tokens,
}

impl Unit {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Self::None => "-",
            Self::Bytes => "bytes",
            Self::Codepoints => "code points",
            Self::Utf16 => "UTF-16 units",
            Self::Tokens => "tokens",
        }
    }
}

/// How the files of several documents come together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Joins {
    /// Each document has its own files.
    #[default]
    Apart,
    /// One file may hold several, and is the files of single documents one after the other.
    Appended,
    /// One file may hold several, and must be made of all of them at once.
    Whole,
}

/// Something that can be chosen when a format is written, or when it is read if it is only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// Its name on the command line (`scheme`).
    pub name: &'static str,
    /// What it decides, in a few words.
    pub help: &'static str,
    /// What can be chosen, the default first; empty if any text can.
    pub values: &'static [&'static str],
}

/// What was chosen, by the names of [`OptionInfo`]. What is not chosen has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(BTreeMap<String, String>);

/// An option that a format does not have, or not with this value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// There is no such option.
    #[error("{format} has no option {name:?} ({known})")]
    Unknown {
        /// The format's id.
        format: &'static str,
        /// What was asked for.
        name: String,
        /// What there is, in words.
        known: String,
    },
    /// The option has no such value.
    #[error("{name} cannot be {value:?}; choose {known}")]
    Value {
        /// The option.
        name: &'static str,
        /// What was asked for.
        value: String,
        /// What there is, in words.
        known: String,
    },
}

impl Options {
    /// Chooses a value.
    ///
    /// # Errors
    /// [`OptionError`] if the format has no such option or value.
    pub fn set(&mut self, info: &super::Info, name: &str, value: &str) -> Result<(), OptionError> {
        let Some(option) = info.options.iter().find(|option| option.name == name) else {
            let names: Vec<&str> = info.options.iter().map(|option| option.name).collect();
            let known = if names.is_empty() { "it has none".into() } else { format!("there is {}", names.join(", ")) };
            return Err(OptionError::Unknown { format: info.id, name: name.to_owned(), known });
        };
        if !option.values.is_empty() && !option.values.contains(&value) {
            let known = option.values.join(", ");
            return Err(OptionError::Value { name: option.name, value: value.to_owned(), known });
        }
        self.0.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    /// What was chosen, or the default; empty if the format has no such option.
    pub fn get<'a>(&'a self, info: &super::Info, name: &str) -> &'a str {
        let default =
            || info.options.iter().find(|option| option.name == name).and_then(|option| option.values.first());
        match self.0.get(name) {
            Some(value) => value,
            None => default().copied().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_without_what_follows_from_it() {
        assert_eq!(Holds::ALL.missing(), Vec::<&str>::new());
        let missing = Holds::TEXT.missing();
        assert!(missing.contains(&"mentions") && !missing.contains(&"overlapping mentions"), "{missing:?}");
    }
}
