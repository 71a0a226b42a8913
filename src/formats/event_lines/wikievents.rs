//! `WikiEvents`: a document a line, with its text, its words with their characters, and objects for mentions, relations and events.
//! Words are counted over the document, from 0, half-open; characters are code points. Which mentions refer to the same stands
//! in a file of its own, `NAME.coref.jsonl`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use super::lay::{Laid, Rules};
use super::oneie::{annotations, mention_type};
use super::read::{Reading, broken, first_object, list, objects_of_lines, text_of, words};
use super::{HOLDS, file};
use crate::formats::build::Builder;
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, decode,
};
use crate::model::{Document, Id, Problem};
use crate::text::Span;

/// See the module.
pub struct WikiEvents;

const INFO: Info = Info {
    id: "wikievents",
    name: "WikiEvents (JSON Lines)",
    extensions: &["jsonl", "json"],
    reads: true,
    writes: true,
    joins: Joins::Appended,
    holds: Holds { text: true, entities: true, relations: true, ..HOLDS },
    unit: Unit::Tokens,
    options: &[],
};

const RULES: Rules =
    Rules { holds: INFO.holds, far_arguments: true, far_relations: true, words_fill: false, short_triggers: false };

impl Format for WikiEvents {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let Some(object) = first_object(bytes) else { return Likeness::No };
        let has = |name: &str| object.contains_key(name);
        if has("sentences") && has("entity_mentions") && has("event_mentions") { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let mut clusters = clusters_beside(input)?;
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for (line, object) in objects_of_lines(&source)? {
            match document(&object, &mut clusters, line) {
                Ok(read) => found.push(Read { line: Some(line), ..read }),
                Err(problems) => refused.extend(problems),
            }
        }
        if refused.is_empty() { Ok(found) } else { Err(refused) }
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let names: Vec<&str> = documents.iter().map(|named| named.name).collect();
        let (mut lines, mut clusters) = (Vec::new(), Vec::new());
        for named in documents {
            let laid = Laid::of(named.document, RULES);
            lines.push(line(&laid));
            clusters.push(clusters_of(&laid));
        }
        Ok(vec![file(&names, ".jsonl", &lines), file(&names, ".coref.jsonl", &clusters)])
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        Laid::losses(document, RULES)
    }
}

fn key(laid: &Laid<'_>, nth: usize) -> Option<String> {
    laid.mentions.get(nth).map(|m| format!("{}-{}", laid.document.header().metadata.id, m.id))
}

fn clusters_of(laid: &Laid<'_>) -> Value {
    let ids = |cluster: &Vec<usize>| cluster.iter().filter_map(|nth| key(laid, *nth)).collect::<Vec<_>>();
    let longest = |cluster: &Vec<usize>| {
        let words = cluster.iter().filter_map(|nth| laid.mentions.get(*nth)).map(|m| laid.text((m.first, m.end)));
        words.max_by_key(|words| words.len()).unwrap_or_default()
    };
    json!({"doc_key": laid.document.header().metadata.id,
           "clusters": laid.clusters.iter().map(ids).collect::<Vec<_>>(),
           "informative_mentions": laid.clusters.iter().map(longest).collect::<Vec<_>>()})
}

fn line(laid: &Laid<'_>) -> Value {
    let doc = &laid.document.header().metadata.id;
    let text = laid.document.text();
    let word = |span: &Span| json!([text.slice(*span), text.codepoint_of(span.start).0, text.codepoint_of(span.end).0]);
    let sentence = |range: &std::ops::Range<usize>| {
        let words: Vec<Value> = laid.tokens.spans.get(range.clone()).unwrap_or_default().iter().map(word).collect();
        json!([words, laid.text((range.start, range.end))])
    };
    let mentions: Vec<Value> = (laid.mentions.iter().enumerate())
        .map(|(nth, m)| {
            json!({"id": key(laid, nth), "sent_idx": laid.sentence((m.first, m.end)), "start": m.first, "end": m.end,
                   "entity_type": m.label, "mention_type": mention_type(laid.document, &m.id),
                   "text": laid.text((m.first, m.end))})
        })
        .collect();
    let words = |nth: usize| laid.mentions.get(nth).map(|m| laid.text((m.first, m.end)));
    let relations: Vec<Value> = (laid.relations.iter())
        .map(|(of, label, a, b)| {
            json!({"id": format!("{doc}-{of}"), "relation_type": label, "relation_subtype": label, "arguments": [
                {"entity_id": key(laid, *a), "text": words(*a), "role": "Arg-1"},
                {"entity_id": key(laid, *b), "text": words(*b), "role": "Arg-2"}]})
        })
        .collect();
    let events: Vec<Value> = (laid.events.iter())
        .map(|event| {
            let arguments: Vec<Value> = (event.arguments.iter())
                .filter_map(|a| {
                    Some(json!({"entity_id": key(laid, a.mention?), "role": a.role, "text": laid.text(a.words)}))
                })
                .collect();
            json!({"id": format!("{doc}-{}", event.id), "event_type": event.r#type, "arguments": arguments,
                   "trigger": {"start": event.words.0, "end": event.words.1, "text": laid.text(event.words),
                               "sent_idx": laid.sentence(event.words)}})
        })
        .collect();
    json!({"doc_id": doc, "tokens": laid.words().collect::<Vec<_>>(), "text": text.as_str(),
           "sentences": laid.tokens.sentences.iter().map(sentence).collect::<Vec<_>>(),
           "entity_mentions": mentions, "relation_mentions": relations, "event_mentions": events})
}

/// Clusters of identifiers, by the document: a line for each document of that identifier, in the order of the file.
type Clusters = BTreeMap<String, VecDeque<Vec<Vec<String>>>>;

/// What the file beside says; nothing if there is none.
fn clusters_beside(input: &Input<'_>) -> Result<Clusters, Vec<Problem>> {
    let Some(path) = input.path.map(|path| path.with_extension("coref.jsonl")) else { return Ok(Clusters::new()) };
    let bytes = match input.companions.read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Clusters::new()),
        Err(error) => {
            let message = format!("the entities beside the file cannot be read: {error}");
            return Err(vec![
                Problem::error("no-companion", message, "copy it beside the file, or take it away").in_file(&path),
            ]);
        }
    };
    let in_file =
        |problems: Vec<Problem>| problems.into_iter().map(|problem| problem.in_file(&path)).collect::<Vec<_>>();
    let source = decode::decode_strict(&bytes).map_err(|problem| in_file(vec![*problem]))?;
    let mut found = Clusters::new();
    for (_, object) in objects_of_lines(&source).map_err(in_file)? {
        let ids = |cluster: &Value| {
            let ids = cluster.as_array().into_iter().flatten().filter_map(Value::as_str);
            ids.map(str::to_owned).collect::<Vec<_>>()
        };
        let key = object.get("doc_key").and_then(Value::as_str).unwrap_or_default().to_owned();
        found.entry(key).or_default().push_back(list(&object, "clusters").iter().map(ids).collect());
    }
    Ok(found)
}

const KNOWN: [&str; 7] =
    ["doc_id", "tokens", "text", "sentences", "entity_mentions", "relation_mentions", "event_mentions"];

fn document(object: &Map<String, Value>, clusters: &mut Clusters, line: usize) -> Result<Read, Vec<Problem>> {
    let mut reading = match object.get("text").and_then(Value::as_str) {
        Some(text) => with_text(object, text, line)?,
        None => without_text(object, line)?,
    };
    let doc = object.get("doc_id").and_then(Value::as_str).unwrap_or_default();
    if !doc.is_empty() {
        reading.builder.header.metadata.id = doc.to_owned();
    }
    reading.warn_of_fields(object, &KNOWN);
    let mut ids: BTreeMap<String, Id> = BTreeMap::new();
    annotations(&mut reading, object, 0, &mut ids);
    for cluster in clusters.get_mut(doc).and_then(VecDeque::pop_front).unwrap_or_default() {
        let (mut members, mut unknown) = (Vec::new(), BTreeSet::new());
        for name in cluster {
            match ids.get(&name) {
                Some(id) => members.push(id.clone()),
                None => drop(unknown.insert(name)),
            }
        }
        if !unknown.is_empty() {
            // Clusters of events stand there, too.
            let names = unknown.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!("what refers to the same as {names} is left out, since these are no mentions");
            reading.builder.warn("left-out", message, "events are not joined to entities", Some(line));
        }
        if !members.is_empty() {
            reading.cluster(&members);
        }
    }
    reading.builder.finish(None)
}

/// Words at their characters of the text.
fn with_text(object: &Map<String, Value>, text: &str, line: usize) -> Result<Reading, Vec<Problem>> {
    let mut builder = Builder::new(INFO.id, text_of(text, line)?, None);
    let mut spans = Vec::new();
    for word in list(object, "sentences").iter().filter_map(|s| s.get(0)).filter_map(Value::as_array).flatten() {
        let parts = word.as_array().map(Vec::as_slice).unwrap_or_default();
        let [Value::String(word), start, end] = parts else {
            return Err(broken("a word is not its characters, begin and end", line));
        };
        let (Some(start), Some(end)) = (start.as_u64(), end.as_u64()) else {
            return Err(broken("a word has no begin or end", line));
        };
        if let Some(span) = builder.span(Unit::Codepoints, start, end, Some(line)) {
            builder.expect_words(&[span], word, Some(line));
            spans.push(span);
        }
    }
    Ok(Reading::at(builder, spans, line))
}

/// The text put together from sentences.
fn without_text(object: &Map<String, Value>, line: usize) -> Result<Reading, Vec<Problem>> {
    let mut sentences: Vec<Vec<&str>> = Vec::new();
    let mut texts = Vec::new();
    for sentence in list(object, "sentences") {
        let list = sentence.get(0).and_then(Value::as_array).ok_or_else(|| broken("a sentence has no words", line))?;
        let words: Option<Vec<&str>> =
            list.iter().map(|word| word.get(0).and_then(Value::as_str).filter(|word| !word.is_empty())).collect();
        sentences.push(words.ok_or_else(|| broken("a word is not its characters, begin and end", line))?);
        texts.push(sentence.get(1).and_then(Value::as_str));
    }
    if sentences.is_empty() {
        let tokens = object.get("tokens").and_then(words).ok_or_else(|| broken("there are no words", line))?;
        sentences.push(tokens);
    }
    Reading::of(INFO.id, &sentences, &texts, line)
}
