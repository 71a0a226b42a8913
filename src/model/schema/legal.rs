//! What may fill a role or end a relation.

use super::{RoleType, Schema};
use crate::model::{Document, Filler, Id, Kind};

/// Why a filler or an end of a relation is not legal. Says what would be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// The type is not among the legal ones.
    #[error("{found} cannot be {role}: it takes {expected}")]
    Type {
        /// The role, or “the start” or “the end” of a relation.
        role: String,
        /// What was offered.
        found: String,
        /// What is legal, in words.
        expected: String,
    },
    /// What the filler points to does not exist.
    #[error("there is no annotation {0}")]
    Missing(Id),
}

impl Schema {
    /// The labels that a filler list allows, with groups resolved; `*mention` and `*event` give all of them.
    /// An empty list means anything.
    pub fn legal_labels(&self, fillers: &[String]) -> Vec<&str> {
        let all_mentions = || self.mentions.iter().map(|m| m.label.as_str());
        let all_events = || self.events.iter().map(|e| e.r#type.as_str());
        let mut out: Vec<&str> = Vec::new();
        if fillers.is_empty() {
            return all_mentions().chain(all_events()).collect();
        }
        for filler in fillers {
            match filler.as_str() {
                "*mention" => out.extend(all_mentions()),
                "*event" => out.extend(all_events()),
                "*span" => {}
                label => match label.strip_prefix('@') {
                    Some(group) => out.extend(self.groups.get(group).into_iter().flatten().map(String::as_str)),
                    None => out.extend(
                        self.mentions.iter().map(|m| m.label.as_str()).chain(all_events()).find(|l| *l == label),
                    ),
                },
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        out.retain(|label| seen.insert(*label));
        out
    }

    /// The first mention label that may fill the role; the label that raw text gets when it is put there.
    pub fn first_mention_label(&self, role: &RoleType) -> Option<&str> {
        self.legal_labels(&role.fillers).into_iter().find(|label| self.mention(label).is_some())
    }

    /// Whether something with this kind and label may stand where `fillers` says what may.
    pub fn allows(&self, fillers: &[String], kind: Kind, label: &str) -> bool {
        if fillers.is_empty() {
            return true;
        }
        let is_any = |word: &str| fillers.iter().any(|f| f == word);
        match kind {
            Kind::Mention | Kind::Entity => is_any("*mention") || self.legal_labels(fillers).contains(&label),
            Kind::Event => is_any("*event") || self.legal_labels(fillers).contains(&label),
            Kind::Quote | Kind::Relation => false,
        }
    }

    /// Checks a filler of a role.
    ///
    /// # Errors
    /// [`Illegal`], which says what is legal.
    pub fn check_filler(&self, document: &Document, role: &RoleType, filler: &Filler) -> Result<(), Illegal> {
        let illegal =
            |found: String| Illegal::Type { role: role.role.clone(), found, expected: self.in_words(&role.fillers) };
        match filler {
            Filler::Implicit(_) => Ok(()),
            Filler::Span(_) => {
                let is_legal = role.fillers.is_empty() || role.fillers.iter().any(|f| f == "*span");
                if is_legal { Ok(()) } else { Err(illegal("words that are no mention".into())) }
            }
            Filler::Mention(id) | Filler::Event(id) => {
                let kind = document.kind_of(id).ok_or_else(|| Illegal::Missing(id.clone()))?;
                let label = document.label_of(id);
                if self.allows(&role.fillers, kind, label) { Ok(()) } else { Err(illegal(describe(kind, label))) }
            }
        }
    }

    /// Checks one end of a relation.
    ///
    /// # Errors
    /// [`Illegal`], which says what is legal.
    pub fn check_end(&self, document: &Document, allowed: &[String], end: &str, id: &Id) -> Result<(), Illegal> {
        let kind = document.kind_of(id).ok_or_else(|| Illegal::Missing(id.clone()))?;
        let label = document.label_of(id);
        if self.allows(allowed, kind, label) {
            return Ok(());
        }
        Err(Illegal::Type { role: end.into(), found: describe(kind, label), expected: self.in_words(allowed) })
    }

    /// A filler list in words: `Person, Organization or an event`.
    pub fn in_words(&self, fillers: &[String]) -> String {
        let mut words: Vec<String> = Vec::new();
        for filler in fillers {
            match filler.as_str() {
                "*mention" => words.push("any mention".into()),
                "*event" => words.push("any event".into()),
                "*span" => words.push("plain words".into()),
                _ => words.extend(self.legal_labels(std::slice::from_ref(filler)).into_iter().map(str::to_owned)),
            }
        }
        match words.split_last() {
            None => "anything".into(),
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        }
    }
}

fn describe(kind: Kind, label: &str) -> String {
    let article = if label.starts_with(|c: char| "AEIOUaeiou".contains(c)) { "an" } else { "a" };
    match kind {
        Kind::Quote => "a quote".into(),
        Kind::Relation => "a relation".into(),
        Kind::Entity | Kind::Mention | Kind::Event => format!("{article} {label}"),
    }
}
