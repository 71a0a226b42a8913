//! `DyGIE++`: a document a line, its sentences as lists of words, and a list for each sentence of mentions, relations and events.
//! Words are counted over the document, from 0, and the last word is named itself (inclusive). `clusters` are entities.
//!
//! An event is a list: its trigger with the type, then its arguments. A trigger is one word (`[word, type]`); forks of the
//! program read `[first, last, type]`, which can be chosen.

use std::io;

use serde_json::{Map, Value, json};

use super::lay::{Laid, Rules};
use super::read::{Reading, broken, first_object, list, objects_of_lines, sentences};
use super::{HOLDS, file};
use crate::formats::{
    Cut, Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit,
    WriteError, decode, pieces,
};
use crate::model::{Document, Id, Problem};
use crate::text::Span;

/// See the module.
pub struct Dygie;

const INFO: Info = Info {
    id: "dygie",
    name: "DyGIE++ (JSON Lines)",
    extensions: &["jsonl", "json"],
    reads: true,
    writes: true,
    joins: Joins::Appended,
    holds: Holds { entities: true, relations: true, ..HOLDS },
    unit: Unit::Tokens,
    options: &[OptionInfo {
        name: "trigger",
        help: "the first word of a trigger, as DyGIE++ has it, or all of it, as forks read it",
        values: &["first", "all"],
    }],
};

fn rules(options: &Options) -> Rules {
    Rules {
        holds: INFO.holds,
        far_arguments: false,
        far_relations: false,
        words_fill: true,
        short_triggers: options.get(&INFO, "trigger") == "first",
    }
}

impl Format for Dygie {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let Some(object) = first_object(bytes) else { return Likeness::No };
        let has = |name: &str| object.get(name).is_some_and(Value::is_array);
        let is_nested = object.get("sentences").and_then(|s| s.get(0)).is_some_and(Value::is_array);
        let is_other = object.contains_key("evt_triggers") || object.contains_key("entity_mentions");
        if is_nested && !is_other && (has("ner") || has("events") || has("relations") || has("clusters")) {
            Likeness::Yes
        } else {
            Likeness::No
        }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for (line, object) in objects_of_lines(&source)? {
            match document(&object, line) {
                Ok(read) => found.push(Read { line: Some(line), ..read }),
                Err(problems) => refused.extend(problems),
            }
        }
        if refused.is_empty() { Ok(found) } else { Err(refused) }
    }

    fn cut(&self, source: &mut dyn io::Read, size: u64) -> io::Result<Option<Cut>> {
        pieces::of_lines(source, size)
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let names: Vec<&str> = documents.iter().map(|named| named.name).collect();
        let lines: Vec<Value> = documents.iter().map(|named| line(&Laid::of(named.document, rules(options)))).collect();
        Ok(vec![file(&names, ".jsonl", &lines)])
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        Laid::losses(document, rules(options))
    }
}

fn line(laid: &Laid<'_>) -> Value {
    let count = laid.tokens.sentences.len();
    let (mut ner, mut relations, mut events) = (vec![vec![]; count], vec![vec![]; count], vec![vec![]; count]);
    for mention in &laid.mentions {
        if let Some(list) = laid.sentence((mention.first, mention.end)).and_then(|nth| ner.get_mut(nth)) {
            list.push(json!([mention.first, mention.end - 1, mention.label]));
        }
    }
    for (_, label, from, to) in &laid.relations {
        if let (Some(from), Some(to)) = (laid.mentions.get(*from), laid.mentions.get(*to))
            && let Some(list) = laid.sentence((from.first, from.end)).and_then(|nth| relations.get_mut(nth))
        {
            list.push(json!([from.first, from.end - 1, to.first, to.end - 1, label]));
        }
    }
    for event in &laid.events {
        let (first, end) = event.words;
        let trigger =
            if end > first + 1 { json!([first, end - 1, event.r#type]) } else { json!([first, event.r#type]) };
        let arguments = event.arguments.iter().map(|a| json!([a.words.0, a.words.1 - 1, a.role]));
        if let Some(list) = laid.sentence(event.words).and_then(|nth| events.get_mut(nth)) {
            list.push(Value::Array(std::iter::once(trigger).chain(arguments).collect()));
        }
    }
    let place = |nth: &usize| laid.mentions.get(*nth).map(|m| json!([m.first, m.end - 1]));
    let clusters: Vec<Vec<Value>> =
        laid.clusters.iter().map(|cluster| cluster.iter().filter_map(place).collect()).collect();
    json!({"doc_key": laid.document.header().metadata.id, "dataset": "manicule", "sentences": laid.sentences(),
           "ner": ner, "relations": relations, "clusters": clusters, "events": events})
}

const KNOWN: [&str; 7] = ["doc_key", "dataset", "sentences", "ner", "relations", "clusters", "events"];

/// First and last word (inclusive), and what follows.
fn place(value: &Value) -> Option<(u64, u64, &[Value])> {
    let parts = value.as_array()?;
    let (first, last) = (parts.first()?.as_u64()?, parts.get(1)?.as_u64()?);
    Some((first, last, parts.get(2..)?))
}

fn document(object: &Map<String, Value>, line: usize) -> Result<Read, Vec<Problem>> {
    let sentences = sentences(object.get("sentences"), line)?;
    let mut reading = Reading::of(INFO.id, &sentences, &[], line)?;
    if let Some(id) = object.get("doc_key").and_then(Value::as_str) {
        reading.builder.header.metadata.id = id.to_owned();
    }
    reading.warn_of_fields(object, &KNOWN);
    let mut mentions: Vec<(Span, Id)> = Vec::new();
    for mention in list(object, "ner").iter().filter_map(Value::as_array).flatten() {
        match place(mention) {
            Some((first, last, [Value::String(label), ..])) => {
                if let Some(span) = reading.span(first, last.saturating_add(1)) {
                    let id = reading.builder.mention(label, [span]);
                    mentions.push((span, id));
                }
            }
            _ => reading.refuse("a mention is not first word, last word and label"),
        }
    }
    for cluster in list(object, "clusters") {
        let mut members = Vec::new();
        for one in cluster.as_array().into_iter().flatten() {
            let Some((first, last, _)) = place(one) else {
                reading.refuse("a cluster has something else than first and last words");
                continue;
            };
            let Some(span) = reading.span(first, last.saturating_add(1)) else { continue };
            // What is in a cluster and has no label is a mention, too.
            let known: Vec<Id> = mentions.iter().filter(|(of, _)| *of == span).map(|(_, id)| id.clone()).collect();
            if known.is_empty() {
                let id = reading.builder.mention("Mention", [span]);
                mentions.push((span, id.clone()));
                members.push(id);
            }
            members.extend(known.into_iter().filter(|id| !members.contains(id)).collect::<Vec<_>>());
        }
        reading.cluster(&members);
    }
    for relation in list(object, "relations").iter().filter_map(Value::as_array).flatten() {
        let Some((a, b, [c, d, Value::String(label), ..])) = place(relation) else {
            reading.refuse("a relation is not two pairs of words and a label");
            continue;
        };
        let (Some(c), Some(d)) = (c.as_u64(), d.as_u64()) else {
            reading.refuse("a relation is not two pairs of words and a label");
            continue;
        };
        let (from, to) = (reading.span(a, b.saturating_add(1)), reading.span(c, d.saturating_add(1)));
        let of = |span: Option<Span>| mentions.iter().find(|(known, _)| Some(*known) == span).map(|(_, id)| id.clone());
        match (of(from), of(to)) {
            (Some(from), Some(to)) => drop(reading.builder.relation(label, &from, &to)),
            _ if from.is_none() || to.is_none() => {}
            _ => {
                let message = format!("a relation {label:?} between words that are no mention is left out");
                reading.builder.warn("left-out", message, "give its ends a label", Some(line));
            }
        }
    }
    for event in list(object, "events").iter().filter_map(Value::as_array).flatten() {
        read_event(&mut reading, event, &mentions);
    }
    if sentences.is_empty() {
        return Err(broken("there are no sentences", line));
    }
    reading.builder.finish(None)
}

fn read_event(reading: &mut Reading, event: &Value, mentions: &[(Span, Id)]) {
    let parts = event.as_array().map(Vec::as_slice).unwrap_or_default();
    let trigger = parts.first().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (place_of, r#type) = match trigger {
        [word, Value::String(r#type)] => (word.as_u64().zip(word.as_u64()), r#type),
        [first, last, Value::String(r#type), ..] => (first.as_u64().zip(last.as_u64()), r#type),
        _ => {
            reading.refuse("an event does not begin with its trigger and type");
            return;
        }
    };
    let Some((first, last)) = place_of else {
        reading.refuse("a trigger has no words");
        return;
    };
    let Some(span) = reading.span(first, last.saturating_add(1)) else { return };
    let id = reading.builder.event(r#type, [span]);
    for argument in parts.iter().skip(1) {
        match place(argument) {
            Some((first, last, [Value::String(role), ..])) => {
                if let Some(span) = reading.span(first, last.saturating_add(1)) {
                    let filler = reading.filler(span, mentions);
                    reading.builder.argument(&id, role, filler);
                }
            }
            _ => reading.refuse("an argument is not first word, last word and role"),
        }
    }
}
