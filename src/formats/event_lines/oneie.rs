//! `OneIE`: a sentence a line, with its words and text, and objects for mentions, relations and events. Words are counted within the
//! sentence, from 0, half-open. Lines of one `doc_id` that follow each other are one document,
//! until a `sent_id` comes again.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::lay::{Laid, Rules};
use super::read::{Reading, broken, first_object, list, objects_of_lines, runs, text, words};
use super::{HOLDS, file};
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, decode,
};
use crate::model::{AttributeValue, Document, Filler, Id, Problem};

/// See the module.
pub struct OneIe;

const INFO: Info = Info {
    id: "oneie",
    name: "OneIE (JSON Lines)",
    extensions: &["jsonl", "json"],
    reads: true,
    writes: true,
    joins: Joins::Appended,
    holds: Holds { relations: true, ..HOLDS },
    unit: Unit::Tokens,
    options: &[],
};

const RULES: Rules =
    Rules { holds: INFO.holds, far_arguments: false, far_relations: false, words_fill: false, short_triggers: false };

impl Format for OneIe {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let Some(object) = first_object(bytes) else { return Likeness::No };
        let has = |name: &str| object.contains_key(name);
        if has("tokens") && has("entity_mentions") && !has("sentences") && (has("sent_id") || has("event_mentions")) {
            Likeness::Yes
        } else {
            Likeness::No
        }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        let lines = objects_of_lines(&source)?;
        for rows in runs(&lines, "sent_id", |a, b| a.get("doc_id").is_some() && a.get("doc_id") == b.get("doc_id")) {
            match document(rows) {
                Ok(read) => found.push(Read { line: rows.first().map(|(line, _)| *line), ..read }),
                Err(problems) => refused.extend(problems),
            }
        }
        if refused.is_empty() { Ok(found) } else { Err(refused) }
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let names: Vec<&str> = documents.iter().map(|named| named.name).collect();
        let mut lines = Vec::new();
        for named in documents {
            let laid = Laid::of(named.document, RULES);
            lines.extend((0..laid.tokens.sentences.len()).map(|sentence| line(&laid, sentence)));
        }
        Ok(vec![file(&names, ".jsonl", &lines)])
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        Laid::losses(document, RULES)
    }
}

/// How a mention refers, by the attribute of the schemas that ship.
pub(super) fn mention_type(document: &Document, id: &Id) -> &'static str {
    let attributes = document.mentions().get(id).map(|mention| &mention.attributes);
    let value = attributes.and_then(|all| all.get("mention_type").or(all.get("mention type")));
    match value.map(AttributeValue::texts).unwrap_or_default().first().copied() {
        Some("name" | "NAM") => "NAM",
        Some("nominal" | "NOM") => "NOM",
        Some("pronoun" | "PRO") => "PRO",
        _ => "UNK",
    }
}

fn line(laid: &Laid<'_>, sentence: usize) -> Value {
    let doc = &laid.document.header().metadata.id;
    let from = laid.first_of(sentence);
    let is_here = |words| laid.sentence(words) == Some(sentence);
    let range = laid.tokens.sentences.get(sentence).cloned().unwrap_or_default();
    let tokens: Vec<&str> = laid.words().skip(range.start).take(range.len()).collect();
    let id = |nth: usize| laid.mentions.get(nth).map(|m| format!("{doc}-{}", m.id));
    let mentions: Vec<Value> = (laid.mentions.iter())
        .filter(|m| is_here((m.first, m.end)))
        .map(|m| {
            json!({"id": format!("{doc}-{}", m.id), "text": laid.text((m.first, m.end)), "entity_type": m.label,
                   "mention_type": mention_type(laid.document, &m.id), "entity_subtype": m.label,
                   "start": m.first - from, "end": m.end - from})
        })
        .collect();
    let words = |nth: usize| laid.mentions.get(nth).map(|m| laid.text((m.first, m.end)));
    let relations: Vec<Value> = (laid.relations.iter())
        .filter(|(_, _, a, _)| laid.mentions.get(*a).is_some_and(|m| is_here((m.first, m.end))))
        .map(|(of, label, a, b)| {
            json!({"id": format!("{doc}-{of}"), "relation_type": label, "relation_subtype": label, "arguments": [
                {"entity_id": id(*a), "text": words(*a), "role": "Arg-1"},
                {"entity_id": id(*b), "text": words(*b), "role": "Arg-2"}]})
        })
        .collect();
    let events: Vec<Value> = (laid.events.iter())
        .filter(|event| is_here(event.words))
        .map(|event| {
            let arguments: Vec<Value> = (event.arguments.iter())
                .filter_map(|a| Some(json!({"entity_id": id(a.mention?), "text": laid.text(a.words), "role": a.role})))
                .collect();
            let (first, end) = event.words;
            json!({"id": format!("{doc}-{}", event.id), "event_type": event.r#type, "arguments": arguments,
                   "trigger": {"text": laid.text(event.words), "start": first - from, "end": end - from}})
        })
        .collect();
    json!({"doc_id": doc, "sent_id": format!("{doc}-{sentence}"), "tokens": tokens, "sentence": laid.text((range.start, range.end)),
           "entity_mentions": mentions, "relation_mentions": relations, "event_mentions": events})
}

const KNOWN: [&str; 13] = [
    "doc_id",
    "sent_id",
    "wnd_id",
    "tokens",
    "pieces",
    "token_lens",
    "sentence",
    "sent_start",
    "sent_starts",
    "lang",
    "entity_mentions",
    "relation_mentions",
    "event_mentions",
];

fn document(rows: &[(usize, Map<String, Value>)]) -> Result<Read, Vec<Problem>> {
    let Some((line, first)) = rows.first() else { return Err(broken("there is no line", 1)) };
    let mut sentences = Vec::new();
    for (line, row) in rows {
        sentences.push(row.get("tokens").and_then(words).ok_or_else(|| broken("the tokens are no words", *line))?);
    }
    let texts: Vec<Option<&str>> = rows.iter().map(|(_, row)| row.get("sentence").and_then(Value::as_str)).collect();
    let mut reading = Reading::of(INFO.id, &sentences, &texts, *line)?;
    if let Some(id) = first.get("doc_id").and_then(Value::as_str) {
        reading.builder.header.metadata.id = id.to_owned();
    }
    let mut from = 0;
    let mut ids = BTreeMap::new();
    for ((line, row), words) in rows.iter().zip(&sentences) {
        reading.line = Some(*line);
        reading.warn_of_fields(row, &KNOWN);
        annotations(&mut reading, row, from, &mut ids);
        from += words.len() as u64;
    }
    reading.builder.finish(None)
}

/// Mentions, relations and events of a line. `from` is added to the numbers of its words.
pub(super) fn annotations(reading: &mut Reading, row: &Map<String, Value>, from: u64, ids: &mut BTreeMap<String, Id>) {
    let place = |value: &Value| {
        let (start, end) = (value.get("start")?.as_u64()?, value.get("end")?.as_u64()?);
        Some((start.saturating_add(from), end.saturating_add(from)))
    };
    for mention in list(row, "entity_mentions") {
        let Some((start, end)) = place(mention) else {
            reading.refuse("a mention has no start or end");
            continue;
        };
        let Some(span) = reading.span(start, end) else { continue };
        let id = reading.builder.mention(text(mention, "entity_type"), [span]);
        let refers = text(mention, "mention_type");
        if !matches!(refers, "" | "UNK") {
            reading.builder.attribute(&id, "mention_type", AttributeValue::Text(refers.to_owned()));
        }
        let key = text(mention, "id");
        if !key.is_empty() && ids.insert(key.to_owned(), id).is_some() {
            reading.builder.refuse(
                "duplicate-id",
                format!("two mentions are called {key}"),
                "rename one",
                reading.line,
            );
        }
    }
    let target = |ids: &BTreeMap<String, Id>, argument: &Value| ids.get(text(argument, "entity_id")).cloned();
    for relation in list(row, "relation_mentions") {
        let ends = relation.get("arguments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let (from, to) = match ends {
            [a, b] if text(a, "role") == "Arg-2" && text(b, "role") == "Arg-1" => (target(ids, b), target(ids, a)),
            [a, b] => (target(ids, a), target(ids, b)),
            _ => (None, None),
        };
        match (from, to) {
            (Some(from), Some(to)) => {
                let (kind, subtype) = (text(relation, "relation_type"), text(relation, "relation_subtype"));
                let label = if subtype.starts_with(kind) { subtype } else { kind };
                reading.builder.relation(label, &from, &to);
            }
            _ => reading.refuse("a relation does not lead from one mention of the line to another"),
        }
    }
    for event in list(row, "event_mentions") {
        let Some((start, end)) = event.get("trigger").and_then(place) else {
            reading.refuse("an event has no trigger with start and end");
            continue;
        };
        let Some(span) = reading.span(start, end) else { continue };
        let id = reading.builder.event(text(event, "event_type"), [span]);
        for argument in event.get("arguments").and_then(Value::as_array).into_iter().flatten() {
            match target(ids, argument) {
                Some(mention) => reading.builder.argument(&id, text(argument, "role"), Filler::Mention(mention)),
                None => {
                    let what = format!("an argument names {:?}, which is no mention", text(argument, "entity_id"));
                    reading.builder.refuse("dangling-reference", what, "correct its entity_id", reading.line);
                }
            }
        }
    }
}
