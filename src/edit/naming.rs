//! Which entity the words of a mention name.

use std::collections::BTreeSet;

use super::plan::Planner;
use crate::model::{Document, Entity, Id, Mention, Origin};

/// Whom words name.
pub(super) enum Named<'a> {
    /// No entity that is known.
    Nobody,
    /// This one.
    One(&'a Entity),
    /// Several have the name: only the annotator knows which is meant.
    Several,
}

/// The entity of this type that has the words as its name or as an alias.
pub(super) fn by_name<'a>(document: &'a Document, label: &str, words: &str) -> Named<'a> {
    let has_name = |n: &&Entity| n.r#type == label && (n.name == words || n.aliases.iter().any(|a| a == words));
    let mut named = document.entities().values().filter(has_name);
    match (named.next(), named.next()) {
        (None, _) => Named::Nobody,
        (Some(entity), None) => Named::One(entity),
        (Some(_), Some(_)) => Named::Several,
    }
}

/// The entity that a mention names: by its name, else by what the same words refer to elsewhere. `None` if there is none,
/// or more than one.
pub fn entity_named(document: &Document, mention: &Mention) -> Option<Id> {
    let words = document.text().excerpt(&mention.spans);
    match by_name(document, &mention.label, &words) {
        Named::One(entity) => return Some(entity.id.clone()),
        Named::Several => return None,
        Named::Nobody => {}
    }
    let [own] = mention.spans.as_slice() else { return None };
    let own = document.text().slice(*own);
    let has_words = |m: &&Mention| {
        m.label == mention.label
            && matches!(m.spans.as_slice(), [span] if span.len() as usize == own.len() && document.text().slice(*span) == own)
    };
    let referents: BTreeSet<&Id> =
        document.mentions().values().filter(has_words).filter_map(|m| m.entity.as_ref()).collect();
    let known = |id: &&Id| document.entities().get(id).is_some_and(|entity| entity.r#type == mention.label);
    let mut referents = referents.into_iter().filter(known);
    referents.next().filter(|_| referents.next().is_none()).cloned()
}

/// Whether the words are somebody's name, and hardly part of the name of somebody else who is marked: then a new entity
/// can be made without a question. “she” and “the mayor” are for the annotator.
fn is_name_of_its_own(document: &Document, label: &str, words: &str) -> bool {
    if !words.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase) {
        return false;
    }
    let text = document.text();
    let lower = words.to_lowercase();
    // “She” at the beginning of a sentence.
    if text.has_token(&lower) {
        return false;
    }
    // “Berg” where “Anna Berg” is marked.
    let holds = |long: &str, short: &str| format!(" {long} ").contains(&format!(" {short} "));
    let is_related = |theirs: &str| theirs != words && (holds(theirs, words) || holds(words, theirs));
    let mut entities = document.entities().values().filter(|n| n.r#type == label);
    let mut mentions = document.mentions().values().filter(|m| m.label == label);
    !entities.any(|n| is_related(&n.name) || n.aliases.iter().any(|alias| is_related(alias)))
        && !mentions.any(|m| is_related(&text.excerpt(&m.spans)))
}

impl Planner<'_> {
    /// Says whom a mention refers to that has become a speaker, where its words tell: a quote by nobody known is of
    /// little use, and asking each time who “Anna Berg” is would be a question without need.
    pub(super) fn name_speaker(&mut self, mention: &Id, by: &Origin) {
        let Some(known) = self.draft.get::<Mention>(mention).filter(|m| m.entity.is_none()).cloned() else { return };
        let entity = match entity_named(self.document, &known) {
            Some(entity) => entity,
            None => {
                let words = self.document.text().excerpt(&known.spans);
                let is_unknown = matches!(by_name(self.document, &known.label, &words), Named::Nobody);
                if !is_unknown || !is_name_of_its_own(self.document, &known.label, &words) {
                    return;
                }
                let entity = self.new_entity(&known);
                self.draft.update::<Entity>(&entity, |entity| entity.provenance.by = by.clone());
                entity
            }
        };
        self.draft.update::<Mention>(mention, |m| m.entity = Some(entity));
    }
}
