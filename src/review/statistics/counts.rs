//! How much of what there is: plain sums, of one document or of many.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Document, Filler};

/// Counts by name, in the order of names.
pub type ByName = BTreeMap<String, usize>;

/// What is counted.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Counts {
    /// Documents.
    pub documents: usize,
    /// Code points of their texts.
    pub characters: usize,
    /// Words, numbers and punctuation marks.
    pub tokens: usize,
    /// Sentences.
    pub sentences: usize,
    /// Documents by status, as shown on the screen.
    pub status: ByName,
    /// Mentions by label.
    pub mentions: ByName,
    /// Mentions of several parts.
    pub mentions_discontinuous: usize,
    /// Mentions that refer to an entity.
    pub mentions_in_entities: usize,
    /// Entities by type.
    pub entities: ByName,
    /// Entities with a link.
    pub entities_linked: usize,
    /// Events by type.
    pub events: ByName,
    /// Events that somebody claims in a quote.
    pub events_claimed_in_quotes: usize,
    /// Fillers of roles of events by role.
    pub arguments: ByName,
    /// Of these, the implicit ones.
    pub arguments_implicit: usize,
    /// Quotes by kind.
    pub quotes: ByName,
    /// Quotes with a speaker.
    pub quotes_with_speaker: usize,
    /// Quotes with a cue.
    pub quotes_with_cue: usize,
    /// Quotes with an addressee.
    pub quotes_with_addressee: usize,
    /// Relations by label.
    pub relations: ByName,
}

impl Counts {
    /// Adds what was counted elsewhere.
    pub fn add_counts(&mut self, other: &Self) {
        fn add(into: &mut ByName, other: &ByName) {
            for (name, count) in other {
                *into.entry(name.clone()).or_default() += count;
            }
        }
        // None of them is forgotten.
        let Self {
            documents,
            characters,
            tokens,
            sentences,
            status,
            mentions,
            mentions_discontinuous,
            mentions_in_entities,
            entities,
            entities_linked,
            events,
            events_claimed_in_quotes,
            arguments,
            arguments_implicit,
            quotes,
            quotes_with_speaker,
            quotes_with_cue,
            quotes_with_addressee,
            relations,
        } = other;
        self.documents += documents;
        self.characters += characters;
        self.tokens += tokens;
        self.sentences += sentences;
        self.mentions_discontinuous += mentions_discontinuous;
        self.mentions_in_entities += mentions_in_entities;
        self.entities_linked += entities_linked;
        self.events_claimed_in_quotes += events_claimed_in_quotes;
        self.arguments_implicit += arguments_implicit;
        self.quotes_with_speaker += quotes_with_speaker;
        self.quotes_with_cue += quotes_with_cue;
        self.quotes_with_addressee += quotes_with_addressee;
        add(&mut self.status, status);
        add(&mut self.mentions, mentions);
        add(&mut self.entities, entities);
        add(&mut self.events, events);
        add(&mut self.arguments, arguments);
        add(&mut self.quotes, quotes);
        add(&mut self.relations, relations);
    }

    /// Counts a document.
    pub fn add(&mut self, document: &Document) {
        fn count<'a>(into: &mut ByName, names: impl Iterator<Item = &'a str>) {
            for name in names {
                *into.entry(name.to_owned()).or_default() += 1;
            }
        }
        let text = document.text();
        self.documents += 1;
        self.characters += text.codepoints() as usize;
        self.tokens += text.tokens().len();
        self.sentences += text.sentences().len();
        count(&mut self.status, std::iter::once(document.header().status.text()));
        let mentions = || document.mentions().values();
        count(&mut self.mentions, mentions().map(|m| m.label.as_str()));
        self.mentions_discontinuous += mentions().filter(|m| m.spans.len() > 1).count();
        self.mentions_in_entities += mentions().filter(|m| m.entity.is_some()).count();
        let entities = || document.entities().values();
        count(&mut self.entities, entities().map(|n| n.r#type.as_str()));
        self.entities_linked += entities().filter(|n| n.link.is_some()).count();
        let events = || document.events().values();
        count(&mut self.events, events().map(|e| e.r#type.as_str()));
        self.events_claimed_in_quotes += events().filter(|e| e.claimed_in.is_some()).count();
        let arguments = || events().flat_map(|e| &e.arguments);
        count(&mut self.arguments, arguments().map(|a| a.role.as_str()));
        self.arguments_implicit += arguments().filter(|a| matches!(a.filler, Filler::Implicit(_))).count();
        let quotes = || document.quotes().values();
        count(&mut self.quotes, quotes().map(|q| q.kind.as_str()));
        self.quotes_with_speaker += quotes().filter(|q| q.speaker.is_some()).count();
        self.quotes_with_cue += quotes().filter(|q| q.cue.is_some()).count();
        self.quotes_with_addressee += quotes().filter(|q| q.addressee.is_some()).count();
        count(&mut self.relations, document.relations().values().map(|r| r.label.as_str()));
    }
}
