//! Counting in one document.
//!
//! A mention stands for its entity. In a document without entities it stands for its words, if they look like a name; a
//! speaker without an entity does so in any document, since it is better to know whom the article calls “the mayor's
//! office” than that there is a speaker. Pronouns stand for nobody.

use std::collections::BTreeMap;

use ecow::EcoString;

use super::layer::{EntityKey, Label, Layer, Made, Mark, Present, Said, Shape};
use super::names::Groups;
use super::when::day_of_time;
use super::{Fed, Pools};
use crate::limits;
use crate::model::{Document, Filler, Id, Mention, Provenance};
use crate::text::{Span, Text};

/// The name of the role that quotes keep in a field and, for second ones, in their list.
const SPEAKER: &str = "Speaker";

/// Words that stand for somebody else. Most are found by having no capital letter; these begin sentences.
const PRONOUNS: &[&str] =
    &["he", "i", "it", "she", "that", "they", "this", "we", "who", "you", "er", "sie", "es", "wir"];

/// The work in a document. `article` is its number.
pub fn layer(fed: &Fed<'_>, article: u32, pools: &mut Pools) -> Layer {
    let document = fed.document;
    let annotator = fed.annotator.map(|name| pools.names.number(name.into()));
    let split = fed.split.map(|name| pools.names.number(name.into()));
    let (made, made_undated) = made(document);
    let mut counter = Counter::new(document, pools);
    let labels = counter.labels();
    let shapes = counter.shapes();
    let (said, about) = counter.said();
    let (present, together) = counter.present();
    let is_cut = counter.is_cut;
    Layer {
        article,
        annotator,
        status: fed.status,
        split,
        labels,
        made,
        made_undated,
        shapes,
        said,
        about,
        present,
        together,
        is_cut,
    }
}

fn made(document: &Document) -> (Box<[Made]>, u32) {
    fn marks<'a>(
        mark: Mark,
        all: impl Iterator<Item = &'a Provenance>,
    ) -> impl Iterator<Item = (Mark, Option<&'a str>)> {
        all.map(move |provenance| (mark, provenance.at.as_deref()))
    }
    let all = marks(Mark::Mention, document.mentions().values().map(|m| &*m.provenance))
        .chain(marks(Mark::Event, document.events().values().map(|e| &*e.provenance)))
        .chain(marks(Mark::Quote, document.quotes().values().map(|q| &*q.provenance)))
        .chain(marks(Mark::Relation, document.relations().values().map(|r| &*r.provenance)));
    let mut counts = BTreeMap::new();
    let mut undated = 0;
    // Marks of one batch have the same time, which need not be read again.
    let mut last = ("", None);
    for (mark, time) in all {
        let time = time.unwrap_or_default();
        if time != last.0 {
            last = (time, day_of_time(time));
        }
        match last.1 {
            Some(day) => *counts.entry((day, mark)).or_insert(0u32) += 1,
            None => undated += 1,
        }
    }
    (counts.into_iter().map(|((day, mark), count)| Made { day, mark, count }).collect(), undated)
}

/// Whether words look like a name: not in lower case, no pronoun.
fn is_name(words: &str) -> bool {
    let has_capital = words.chars().any(char::is_uppercase);
    let has_small = words.chars().any(char::is_lowercase);
    let is_pronoun = words.len() <= 4 && PRONOUNS.contains(&words.to_lowercase().as_str());
    (has_capital || !has_small) && words.chars().any(char::is_alphabetic) && !is_pronoun
}

struct Counter<'a> {
    document: &'a Document,
    pools: &'a mut Pools,
    /// Entities of the document and their numbers, with those of their names.
    entities: BTreeMap<&'a Id, (u32, u32)>,
    /// Where who is mentioned, in the order of the text: first span, entity, name.
    mentioned: Vec<(Span, u32, u32)>,
    is_cut: bool,
}

/// Marks by a small number, sorted.
fn counted(numbers: impl Iterator<Item = u32>) -> Box<[(u32, u32)]> {
    let mut counts = BTreeMap::new();
    for number in numbers {
        *counts.entry(number).or_insert(0u32) += 1;
    }
    counts.into_iter().collect()
}

impl<'a> Counter<'a> {
    fn new(document: &'a Document, pools: &'a mut Pools) -> Self {
        let mut counter = Self { document, pools, entities: BTreeMap::new(), mentioned: Vec::new(), is_cut: false };
        for entity in document.entities().values() {
            let link = entity.link.as_deref().filter(|link| !link.is_empty());
            let by = link.unwrap_or(&entity.name);
            let number = counter.entity(&entity.r#type, by, link.is_some());
            let name = counter.pools.names.number(entity.name.as_str().into());
            counter.entities.insert(&entity.id, (number, name));
        }
        let has_entities = !counter.entities.is_empty();
        for mention in document.mentions().values() {
            let stands_for = match counter.entity_of(mention) {
                None if has_entities => None,
                None => counter.words_of(mention),
                known => known,
            };
            if let (Some((entity, name)), Some(span)) = (stands_for, mention.spans.first()) {
                counter.mentioned.push((*span, entity, name));
            }
        }
        counter.mentioned.sort_unstable();
        counter
    }

    fn entity(&mut self, r#type: &str, by: &str, is_linked: bool) -> u32 {
        self.pools.entities.number(EntityKey { r#type: r#type.into(), by: by.into(), is_linked })
    }

    fn entity_of(&self, mention: &Mention) -> Option<(u32, u32)> {
        self.entities.get(mention.entity.as_ref()?).copied()
    }

    /// A mention that stands for its words.
    fn words_of(&mut self, mention: &Mention) -> Option<(u32, u32)> {
        let words = self.document.text().brief(&mention.spans, limits::TITLE_SHOWN);
        self.called(&mention.label, &words)
    }

    fn called(&mut self, r#type: &str, words: &str) -> Option<(u32, u32)> {
        is_name(words).then(|| (self.entity(r#type, words, false), self.pools.names.number(words.into())))
    }

    fn labels(&mut self) -> Box<[(u32, u32)]> {
        let document = self.document;
        let mentions = document.mentions().values().map(|m| (Mark::Mention, m.label.as_str()));
        let events = document.events().values().map(|e| (Mark::Event, e.r#type.as_str()));
        let quotes = document.quotes().values().map(|q| (Mark::Quote, q.kind.as_str()));
        let relations = document.relations().values().map(|r| (Mark::Relation, r.label.as_str()));
        let mut counts = BTreeMap::new();
        for label in mentions.chain(events).chain(quotes).chain(relations) {
            *counts.entry(label).or_insert(0u32) += 1;
        }
        let number = |((mark, label), count): ((Mark, &str), u32)| (self.label(mark, label), count);
        let mut numbered: Vec<(u32, u32)> = counts.into_iter().map(number).collect();
        numbered.sort_unstable();
        numbered.into()
    }

    fn label(&mut self, mark: Mark, label: &str) -> u32 {
        self.pools.labels.number(Label { mark, label: EcoString::from(label) })
    }

    fn shapes(&mut self) -> Box<[(u32, u32)]> {
        let document = self.document;
        let shape = |event: &crate::model::Event| {
            let mut roles = BTreeMap::new();
            for argument in &event.arguments {
                let role = self.pools.names.number(argument.role.as_str().into());
                let is_implicit = matches!(argument.filler, Filler::Implicit(_));
                roles.entry(role).and_modify(|all| *all &= is_implicit).or_insert(is_implicit);
            }
            let label = self.label(Mark::Event, &event.r#type);
            self.pools.shapes.number(Shape { label, roles: roles.into_iter().collect() })
        };
        counted(document.events().values().map(shape).collect::<Vec<_>>().into_iter())
    }

    fn speaker(&mut self, filler: &Filler) -> Option<u32> {
        let document = self.document;
        match filler {
            Filler::Mention(id) => {
                let mention = document.mentions().get(id)?;
                self.entity_of(mention).or_else(|| self.words_of(mention)).map(|(entity, _)| entity)
            }
            Filler::Event(_) => None,
            Filler::Span(spans) => {
                let words = document.text().brief(spans, limits::TITLE_SHOWN);
                self.called("", &words).map(|(entity, _)| entity)
            }
            Filler::Implicit(words) => self.called("", words.trim()).map(|(entity, _)| entity),
        }
    }

    fn said(&mut self) -> (Box<[Said]>, Groups) {
        let document = self.document;
        if document.quotes().is_empty() {
            return Default::default();
        }
        let words = Words::of(document.text());
        let (mut said, mut about) = (Vec::new(), Vec::new());
        let mut looks_left = limits::LOOKS_INTO_QUOTES;
        for quote in document.quotes().values() {
            let count = quote.content.iter().map(|span| words.inside(*span)).sum();
            let mut inside = Vec::new();
            for content in &quote.content {
                let first = self.mentioned.partition_point(|(span, ..)| span.start < content.start);
                let begun = self.mentioned.iter().skip(first).take_while(|(span, ..)| span.start < content.end);
                for (span, entity, _) in begun {
                    if looks_left == 0 {
                        self.is_cut = true;
                        break;
                    }
                    looks_left -= 1;
                    if content.covers(*span) {
                        inside.push(*entity);
                    }
                }
            }
            inside.sort_unstable();
            inside.dedup();
            let others = quote.arguments.iter().filter(|argument| argument.role == SPEAKER).map(|a| &a.filler);
            let mut speakers: Vec<Option<u32>> = Vec::new();
            for filler in quote.speaker.iter().chain(others) {
                let speaker = self.speaker(filler);
                if !speakers.contains(&speaker) {
                    speakers.push(speaker);
                }
            }
            if speakers.is_empty() {
                speakers.push(None);
            }
            for speaker in speakers {
                said.push(Said { speaker, words: count });
                about.push(inside.clone());
            }
        }
        (said.into(), Groups::new(&about))
    }

    fn present(&mut self) -> (Box<[Present]>, Groups) {
        let text = self.document.text();
        let sentences = if self.mentioned.is_empty() { &[] } else { text.sentences() };
        let mut present: BTreeMap<u32, Present> = BTreeMap::new();
        let mut together: Vec<Vec<u32>> = Vec::new();
        let sentence_of = |span: Span| sentences.partition_point(|sentence| sentence.start <= span.start);
        for here in self.mentioned.chunk_by(|a, b| sentence_of(a.0) == sentence_of(b.0)) {
            let mut inside: Vec<u32> = Vec::new();
            for (_, entity, name) in here {
                let new = Present { entity: *entity, name: *name, mentions: 0, sentences: 0 };
                present.entry(*entity).or_insert(new).mentions += 1;
                inside.push(*entity);
            }
            inside.sort_unstable();
            inside.dedup();
            for entity in &inside {
                if let Some(present) = present.get_mut(entity) {
                    present.sentences += 1;
                }
            }
            if inside.len() > limits::ENTITIES_OF_SENTENCE {
                inside.truncate(limits::ENTITIES_OF_SENTENCE);
                self.is_cut = true;
            }
            if inside.len() > 1 {
                together.push(inside);
            }
        }
        (present.into_values().collect(), Groups::new(&together))
    }
}

/// Counts words between two places without walking from one to the other.
struct Words<'a> {
    tokens: &'a [Span],
    /// How many of the tokens before each one are words.
    before: Vec<u32>,
}

impl<'a> Words<'a> {
    fn of(text: &'a Text) -> Self {
        let tokens = text.tokens();
        let mut before = Vec::with_capacity(tokens.len() + 1);
        let mut count = 0;
        before.push(count);
        for token in tokens {
            count += u32::from(text.slice(*token).chars().any(char::is_alphanumeric));
            before.push(count);
        }
        Self { tokens, before }
    }

    /// Words that begin in a span.
    fn inside(&self, span: Span) -> u32 {
        let count = |until| {
            let tokens = self.tokens.partition_point(|token| token.start < until);
            self.before.get(tokens).copied().unwrap_or_default()
        };
        count(span.end).saturating_sub(count(span.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_capitals_where_the_script_has_them() {
        for name in ["Anna", "the Kremlin", "UN", "北京", "أرمينيا"] {
            assert!(is_name(name), "{name}");
        }
        for other in ["he", "He", "They", "the mayor", "123", "", "…"] {
            assert!(!is_name(other), "{other}");
        }
    }

    #[test]
    fn words_are_counted_without_punctuation() {
        let text = Text::new("“We agree,” she said.").expect("short");
        let words = Words::of(&text);
        assert_eq!(words.inside(Span::of(0, text.len() as u32)), 4);
        assert_eq!(words.inside(Span::of(3, 12)), 2);
        assert_eq!(words.inside(Span::of(5, 5)), 0);
    }
}
