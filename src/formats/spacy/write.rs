//! From documents to a file, and what that loses.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::packed::{Bin, File, Flags, Group, GroupSpan, pack_groups};
use super::words::Words;
use super::{Choices, HOLDS, InGroup, attribute, strings};
use crate::formats::align::{self, TokenMention};
use crate::formats::losses::{Loss, Treatment, that_follow};
use crate::formats::{Holds, Named, order};
use crate::model::{Document, Entity, Id, Status};
use crate::text::Span;

/// Columns of tokens; the words come first.
const COLUMNS: [u64; 6] = [
    attribute::ORTH,
    attribute::ENT_IOB,
    attribute::ENT_TYPE,
    attribute::SENT_START,
    attribute::ENT_KB_ID,
    attribute::ENT_ID,
];

const BEGINS: u64 = 3;
const GOES_ON: u64 = 1;
const OUTSIDE: u64 = 2;
/// −1: no sentence begins here.
const NO_START: u64 = u64::MAX;

/// Mentions on the tokens of a document.
struct Laid {
    words: Words,
    ents: Vec<TokenMention>,
    group: Vec<TokenMention>,
    losses: Vec<Loss>,
}

/// In the order in which they are read again: by place, longer first, then by label.
fn sort(mentions: &mut [TokenMention], document: &Document) {
    let has_entity = |m: &TokenMention| entity_of(document, &m.id).is_some();
    mentions.sort_by(|a, b| {
        let key = |m: &TokenMention| (m.first, Reverse(m.end), !has_entity(m));
        (key(a).0, key(a).1, &a.label, key(a).2).cmp(&(key(b).0, key(b).1, &b.label, key(b).2))
    });
}

fn entity_of<'a>(document: &'a Document, mention: &Id) -> Option<&'a Entity> {
    document.entities().get(document.mentions().get(mention)?.entity.as_ref()?)
}

fn lay(document: &Document, choices: Choices<'_>) -> Laid {
    let words = Words::of(document, choices.is_exact);
    let (mut all, mut losses) = align::on_tokens(document, &words.tokens);
    all.retain(|mention| {
        let is_labelled = !mention.label.is_empty();
        if !is_labelled {
            losses.push(Loss::of(document, &mention.id, Treatment::Dropped, "is lost, it has no label"));
        }
        is_labelled
    });
    sort(&mut all, document);
    let mut distinct: Vec<TokenMention> = Vec::with_capacity(all.len());
    for mention in all {
        let of = |m: &TokenMention| entity_of(document, &m.id).map(|n| n.id.clone());
        let is_same = |other: &&TokenMention| {
            other.label == mention.label && (of(&mention).is_none() || of(other) == of(&mention))
        };
        let on_the_same = |other: &&TokenMention| (other.first, other.end) == (mention.first, mention.end);
        if distinct.iter().rev().take_while(on_the_same).any(|other| is_same(&other)) {
            let what = "becomes one with another of the same label on the same tokens";
            losses.push(Loss::of(document, &mention.id, Treatment::Merged, what));
        } else {
            distinct.push(mention);
        }
    }
    let (ents, crowded_out) = match choices.ents {
        Some(overlaps) => align::without_overlaps(document, distinct.clone(), overlaps),
        None => (Vec::new(), Vec::new()),
    };
    let is_ent: BTreeSet<&Id> = ents.iter().map(|m| &m.id).collect();
    let group = match choices.spans {
        InGroup::All => distinct,
        InGroup::Rest => distinct.into_iter().filter(|m| !is_ent.contains(&m.id)).collect(),
        InGroup::None if choices.ents.is_some() => {
            losses.extend(crowded_out);
            Vec::new()
        }
        InGroup::None => {
            let lost = |m: &TokenMention| {
                Loss::of(document, &m.id, Treatment::Dropped, "is lost, neither ents nor spans were chosen")
            };
            losses.extend(distinct.iter().map(lost));
            Vec::new()
        }
    };
    Laid { words, ents, group, losses }
}

// --- losses ---------------------------------------------------------------------------------------------------------

/// Everything that is lost or altered.
pub fn losses(document: &Document, choices: Choices<'_>) -> Vec<Loss> {
    // Parts of what these two say are kept; the rest is told here.
    let mut losses = that_follow(document, &Holds { entity_fields: true, document_labels: true, ..HOLDS });
    let header = document.header();
    for (is_lost, what) in [
        (header.status != Status::New, "the status is lost"),
        (header.note.is_some(), "the note on the document is lost"),
    ] {
        if is_lost {
            losses.push(Loss::whole(Treatment::Dropped, what));
        }
    }
    if header.labels.iter().any(|(name, all)| !all.is_empty() && (name.is_empty() || name.contains(':'))) {
        let what = "labels of the document whose name is empty or has a colon get another name";
        losses.push(Loss::whole(Treatment::Altered, what));
    }
    let laid = lay(document, choices);
    for mention in order::mentions(document) {
        if mention.entity.as_ref().is_some_and(|entity| !document.entities().contains_key(entity)) {
            losses.push(Loss::of(document, &mention.id, Treatment::Cut, "loses its entity, which is not there"));
        }
    }
    let mut written: Vec<TokenMention> = laid.ents.iter().chain(&laid.group).cloned().collect();
    sort(&mut written, document);
    losses.extend(laid.losses);
    for entity in order::entities(document) {
        let first = written.iter().find(|m| entity_of(document, &m.id).is_some_and(|n| n.id == entity.id));
        let Some(first) = first.filter(|_| !entity.id.as_str().is_empty()) else {
            losses.push(Loss::of(document, &entity.id, Treatment::Dropped, "is lost, no mention of it is written"));
            continue;
        };
        let words = covered(&laid.words, first).map_or("", |span| document.text().slice(span));
        let parts = [
            (entity.name != words, "name"),
            (entity.r#type != first.label, "type"),
            (!entity.aliases.is_empty(), "aliases"),
            (entity.link.as_deref() == Some(""), "identifier"),
        ];
        let lost: Vec<&str> = parts.into_iter().filter(|(is_lost, _)| *is_lost).map(|(_, part)| part).collect();
        if !lost.is_empty() {
            let what = format!("loses its {}", lost.join(", "));
            losses.push(Loss::of(document, &entity.id, Treatment::Cut, &what));
        }
    }
    losses
}

/// The text from the first token of a mention to its last.
fn covered(words: &Words, mention: &TokenMention) -> Option<Span> {
    let spans = &words.tokens.spans;
    Some(Span::new(spans.get(mention.first)?.start, spans.get(mention.end.checked_sub(1)?)?.end))
}

// --- the file -------------------------------------------------------------------------------------------------------

/// Texts that are used, each with its number.
#[derive(Default)]
struct Strings(BTreeSet<String>);

impl Strings {
    fn number(&mut self, text: &str) -> u64 {
        if !self.0.contains(text) {
            self.0.insert(text.to_owned());
        }
        strings::number(text)
    }
}

/// Number of the entity and of what it is linked to; 0 if there is none.
fn entity_numbers(document: &Document, mention: &TokenMention, strings: &mut Strings) -> (u64, u64) {
    let entity = entity_of(document, &mention.id);
    let id = entity.map_or(0, |entity| strings.number(entity.id.as_str()));
    (id, strings.number(entity.and_then(|entity| entity.link.as_deref()).unwrap_or_default()))
}

/// What a label of a document is called.
fn category(name: &str, value: &str) -> String {
    let name = if name.is_empty() { super::CATEGORY.to_owned() } else { name.replace(':', "_") };
    format!("{name}:{value}")
}

fn categories(document: &Document) -> BTreeSet<String> {
    let of = |(name, values): (&String, &Vec<String>)| values.iter().map(|v| category(name, v)).collect::<Vec<_>>();
    document.header().labels.iter().flat_map(of).collect()
}

/// The file of all documents.
pub fn file(documents: &[Named<'_>], choices: Choices<'_>) -> File {
    let mut file = File {
        version: "0.1".to_owned(),
        attrs: COLUMNS.to_vec(),
        tokens: Bin::default(),
        spaces: Bin::default(),
        lengths: Bin::default(),
        strings: Vec::new(),
        cats: Vec::new(),
        flags: Vec::new(),
        span_groups: Vec::new(),
        user_data: None,
    };
    let mut strings = Strings::default();
    strings.number("");
    let known: BTreeSet<String> = documents.iter().flat_map(|named| categories(named.document)).collect();
    for Named { document, .. } in documents {
        let laid = lay(document, choices);
        tokens(&mut file, document, &laid, &mut strings);
        let groups = groups(document, &laid, choices.group, &mut strings);
        // Maps and lists of bytes always have a message.
        file.span_groups.push(pack_groups(&groups).unwrap_or_default());
        let own = categories(document);
        let value = |name: &String| (name.clone(), serde_json::json!(if own.contains(name) { 1.0 } else { 0.0 }));
        file.cats.push(known.iter().map(value).collect());
        file.flags.push(Flags { has_unknown_spaces: false });
    }
    file.strings = strings.0.into_iter().collect();
    file
}

fn tokens(file: &mut File, document: &Document, laid: &Laid, strings: &mut Strings) {
    let spans = &laid.words.tokens.spans;
    // IOB, type, link, entity.
    let mut marks = vec![[OUTSIDE, 0, 0, 0]; spans.len()];
    for mention in &laid.ents {
        let label = strings.number(&mention.label);
        let (id, kb_id) = entity_numbers(document, mention, strings);
        for (n, mark) in marks.iter_mut().take(mention.end).skip(mention.first).enumerate() {
            *mark = [if n == 0 { BEGINS } else { GOES_ON }, label, kb_id, id];
        }
    }
    let starts: BTreeSet<usize> = laid.words.tokens.sentences.iter().map(|sentence| sentence.start).collect();
    for (n, (span, [iob, label, kb_id, id])) in spans.iter().zip(marks).enumerate() {
        let word = strings.number(document.text().slice(*span));
        let start = if starts.contains(&n) { 1 } else { NO_START };
        for number in [word, iob, label, start, kb_id, id] {
            file.tokens.0.extend(number.to_le_bytes());
        }
    }
    file.spaces.0.extend(laid.words.spaces.iter().map(|space| u8::from(*space)));
    file.lengths.0.extend((spans.len() as u32).to_le_bytes());
}

fn groups(document: &Document, laid: &Laid, name: &str, strings: &mut Strings) -> Vec<Group> {
    if laid.group.is_empty() {
        return Vec::new();
    }
    let signed = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let text = document.text();
    let mut spans = Vec::with_capacity(laid.group.len());
    for mention in &laid.group {
        let Some(span) = covered(&laid.words, mention) else { continue };
        let (id, kb_id) = entity_numbers(document, mention, strings);
        let character = |at| signed(text.codepoint_of(at).0 as usize);
        let tokens = (signed(mention.first), signed(mention.end));
        let characters = (character(span.start), character(span.end));
        spans.push(GroupSpan { id, kb_id, label: strings.number(&mention.label), tokens, characters }.to_bin());
    }
    vec![Group { name: name.to_owned(), attrs: BTreeMap::new(), spans }]
}
