//! Which key sets which label.
//!
//! Mentions get plain letters, events capital letters (typed with Shift), both digits when letters run out.
//! A schema may ask for keys; a reserved or taken one is replaced and a notice says so.

use std::collections::{BTreeMap, BTreeSet};

use super::Schema;
use crate::model::Kind;

/// Plain letters that labels never get: quote, relation, all occurrences, find by hint, implicit.
pub const RESERVED_LETTERS: &[char] = &['q', 'r', 'a', 'f', 'i'];

/// What a key sets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelTarget {
    /// What it is a label of; keys are for [`Kind::Mention`] and [`Kind::Event`].
    pub kind: Kind,
    /// The label or type.
    pub label: String,
}

/// The keys of a schema.
#[derive(Clone, Debug, Default)]
pub struct KeyTable {
    by_key: BTreeMap<char, LabelTarget>,
    by_target: BTreeMap<LabelTarget, char>,
    reserved: BTreeSet<char>,
    /// What was asked for and could not be given, in words.
    pub notices: Vec<String>,
}

impl KeyTable {
    /// Allots keys to all mention and event types of a schema; the same schema always gets the same keys. Commands have
    /// the `reserved` ones; capitals stand for Shift and the letter.
    pub fn new(schema: &Schema, reserved: &[char]) -> Self {
        let mentions = schema.mentions.iter().map(|m| (Kind::Mention, &m.label, m.key));
        let events = schema.events.iter().map(|e| (Kind::Event, &e.r#type, e.key));
        let all: Vec<_> = mentions.chain(events).collect();

        let mut table = Self { reserved: reserved.iter().copied().collect(), ..Self::default() };
        let mut without_key = Vec::new();
        for (kind, label, wish) in all {
            let target = LabelTarget { kind, label: label.clone() };
            match wish {
                Some(key) if table.is_free(key) => table.give(key, target),
                Some(key) => without_key.push((target, Some(key))),
                None => without_key.push((target, None)),
            }
        }
        for (target, wish) in without_key {
            let key = table.propose(&target);
            if let Some(wish) = wish {
                let why = match table.by_key.get(&wish) {
                    Some(other) => format!("{} has it", other.label),
                    None => "it is that of a command".to_owned(),
                };
                let instead = key.map_or("none".to_owned(), |k| format!("{k:?}"));
                table.notices.push(format!("{} asked for the key {wish:?}, but {why}; it got {instead}", target.label));
            }
            if let Some(key) = key {
                table.give(key, target);
            }
        }
        table
    }

    /// What a key sets. Capital letters stand for Shift and the letter.
    pub fn target(&self, key: char) -> Option<&LabelTarget> {
        self.by_key.get(&key)
    }

    /// The key that sets a label.
    pub fn key_of(&self, kind: Kind, label: &str) -> Option<char> {
        self.by_target.get(&LabelTarget { kind, label: label.to_owned() }).copied()
    }

    fn is_free(&self, key: char) -> bool {
        key.is_ascii_alphanumeric() && !self.reserved.contains(&key) && !self.by_key.contains_key(&key)
    }

    fn give(&mut self, key: char, target: LabelTarget) {
        self.by_key.insert(key, target.clone());
        self.by_target.insert(target, key);
    }

    /// A free key: a letter of the name, first one first, then any letter, then a digit.
    fn propose(&self, target: &LabelTarget) -> Option<char> {
        let case = |c: char| if target.kind == Kind::Mention { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
        let of_name = target.label.chars().filter(char::is_ascii_alphabetic).map(case);
        of_name.chain(('a'..='z').map(case)).chain('0'..='9').find(|key| self.is_free(*key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::{BUILTIN, MentionType, builtin};

    fn mention(label: &str, key: Option<char>) -> MentionType {
        MentionType {
            label: label.into(),
            color: None,
            key,
            definition: String::new(),
            examples: Vec::new(),
            attributes: Vec::new(),
            needs_entity: false,
        }
    }

    #[test]
    fn wishes_come_first_and_conflicts_are_told() {
        let mut schema = Schema::empty("x", 1);
        schema.mentions = vec![
            mention("Person", None),
            mention("Place", Some('p')),
            mention("Quantity", Some('q')),
            mention("Pet", Some('p')),
        ];
        let keys = KeyTable::new(&schema, RESERVED_LETTERS);
        assert_eq!(keys.key_of(Kind::Mention, "Place"), Some('p'));
        assert_eq!(keys.key_of(Kind::Mention, "Person"), Some('e'));
        assert_eq!(keys.key_of(Kind::Mention, "Quantity"), Some('u'));
        assert_eq!(keys.notices.len(), 2);
        assert!(keys.notices[0].contains("command") && keys.notices[1].contains("Place"), "{:?}", keys.notices);
    }

    #[test]
    fn labels_yield_the_keys_that_commands_have() {
        let mut schema = Schema::empty("x", 1);
        schema.mentions = vec![mention("Person", Some('p')), mention("Quantity", None)];
        let keys = KeyTable::new(&schema, &['p']);
        assert_eq!(keys.key_of(Kind::Mention, "Person"), Some('e'));
        assert_eq!(keys.key_of(Kind::Mention, "Quantity"), Some('q'));
        assert!(keys.notices[0].contains("Person asked for the key 'p'"), "{:?}", keys.notices);
    }

    #[test]
    fn schemas_that_ship_have_keys_without_conflict() {
        for (name, _) in BUILTIN {
            let keys = KeyTable::new(builtin(name).expect("parses"), RESERVED_LETTERS);
            assert_eq!(keys.notices, Vec::<String>::new(), "{name}");
            assert!(RESERVED_LETTERS.iter().all(|c| keys.target(*c).is_none()), "{name}");
        }
    }
}
