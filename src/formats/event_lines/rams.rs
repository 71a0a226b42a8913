//! RAMS: an event a line, with the sentences around it (here: all of the document) as lists of words. Words are counted over the
//! line, from 0, and the last word is named itself (inclusive). Arguments have roles (`evt001arg02place`) and no labels of
//! their own, so mentions are words that fill a role, and no more. Lines with the same sentences that follow each other are
//! one document.

use serde_json::{Map, Value, json};

use super::lay::{Laid, Rules};
use super::read::{Reading, broken, first_object, list, objects_of_lines, runs, sentences};
use super::{HOLDS, file};
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Treatment, Unit, WriteError,
    decode, order,
};
use crate::model::{Document, Filler, Id, Problem};

/// See the module.
pub struct Rams;

const INFO: Info = Info {
    id: "rams",
    name: "RAMS (JSON Lines)",
    extensions: &["jsonl", "jsonlines"],
    reads: true,
    writes: true,
    joins: Joins::Appended,
    holds: Holds { mentions: false, overlaps: false, same_words: false, ..HOLDS },
    unit: Unit::Tokens,
    options: &[],
};

const RULES: Rules =
    Rules { holds: INFO.holds, far_arguments: true, far_relations: true, words_fill: true, short_triggers: false };

impl Format for Rams {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let is_own =
            |object: Map<String, Value>| object.contains_key("evt_triggers") && object.contains_key("sentences");
        if first_object(bytes).is_some_and(is_own) { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        let lines = objects_of_lines(&source)?;
        for rows in runs(&lines, "doc_key", |a, b| a.get("sentences") == b.get("sentences")) {
            match document(rows) {
                Ok(read) => found.push(Read { line: rows.first().map(|(line, _)| *line), ..read }),
                Err(problems) => refused.extend(problems),
            }
        }
        if refused.is_empty() { Ok(found) } else { Err(refused) }
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let names: Vec<&str> = documents.iter().map(|named| named.name).collect();
        let lines: Vec<Value> = documents.iter().flat_map(|named| rows(&Laid::of(named.document, RULES))).collect();
        Ok(vec![file(&names, ".jsonl", &lines)])
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        let mut found = Laid::losses(document, RULES);
        let fills = |id: &Id| {
            let arguments = document.events().values().flat_map(|event| &event.arguments);
            arguments.into_iter().any(|a| a.filler == Filler::Mention(id.clone()))
        };
        for mention in order::mentions(document) {
            let (treatment, what) = if fills(&mention.id) {
                (Treatment::Altered, "becomes words that fill a role, without a label")
            } else {
                (Treatment::Dropped, "is lost, it fills no role")
            };
            found.push(Loss::of(document, &mention.id, treatment, what));
        }
        found
    }
}

/// A line for each event.
fn rows(laid: &Laid<'_>) -> Vec<Value> {
    let metadata = &laid.document.header().metadata;
    let sentences = laid.sentences();
    let row = |event: &super::lay::LaidEvent<'_>| {
        let trigger = [event.words.0, event.words.1 - 1];
        let role = |nth: usize, role: &str| format!("evt001arg{:02}{role}", nth + 1);
        let place = |words: (usize, usize)| [words.0, words.1 - 1];
        let arguments = || event.arguments.iter().enumerate();
        let spans: Vec<Value> =
            arguments().map(|(nth, a)| json!([a.words.0, a.words.1 - 1, [[role(nth, a.role), 1.0]]])).collect();
        let links: Vec<Value> =
            arguments().map(|(nth, a)| json!([trigger, place(a.words), role(nth, a.role)])).collect();
        json!({"doc_key": format!("{}-{}", metadata.id, event.id), "sentences": sentences, "split": "train",
               "evt_triggers": [[trigger[0], trigger[1], [[event.r#type, 1.0]]]], "ent_spans": spans,
               "gold_evt_links": links, "rel_triggers": [], "gold_rel_triggers": [],
               "source_url": metadata.source, "language_id": metadata.language})
    };
    laid.events.iter().map(row).collect()
}

const KNOWN: [&str; 10] = [
    "doc_key",
    "sentences",
    "split",
    "evt_triggers",
    "ent_spans",
    "gold_evt_links",
    "rel_triggers",
    "gold_rel_triggers",
    "source_url",
    "language_id",
];

/// The role in `evt001arg02place`; what is not of this form is the role itself.
fn role(label: &str) -> &str {
    let rest = label.strip_prefix("evt").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let rest = rest
        .and_then(|rest| rest.strip_prefix("arg"))
        .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(label)
}

fn document(rows: &[(usize, Map<String, Value>)]) -> Result<Read, Vec<Problem>> {
    let Some((line, first)) = rows.first() else { return Err(broken("there is no line", 1)) };
    let sentences = sentences(first.get("sentences"), *line)?;
    let mut reading = Reading::of(INFO.id, &sentences, &[], *line)?;
    let metadata = &mut reading.builder.header.metadata;
    let text = |name: &str| first.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(id) = text("doc_key") {
        metadata.id = id;
    }
    metadata.source = text("source_url");
    metadata.language = text("language_id");
    for (line, row) in rows {
        reading.line = Some(*line);
        reading.warn_of_fields(row, &KNOWN);
        events(&mut reading, row);
    }
    reading.builder.finish(None)
}

/// First and last word of a place.
fn pair(value: &Value) -> Option<(u64, u64)> {
    Some((value.get(0)?.as_u64()?, value.get(1)?.as_u64()?))
}

fn events(reading: &mut Reading, row: &Map<String, Value>) {
    for trigger in list(row, "evt_triggers") {
        let r#type =
            trigger.get(2).and_then(|types| types.get(0)).and_then(|first| first.get(0)).and_then(Value::as_str);
        let (Some(place), Some(r#type)) = (pair(trigger), r#type) else {
            reading.refuse("a trigger is not first word, last word and types");
            continue;
        };
        let Some(span) = reading.span(place.0, place.1.saturating_add(1)) else { continue };
        let id = reading.builder.event(r#type, [span]);
        for link in list(row, "gold_evt_links") {
            let (from, to) = (link.get(0).and_then(pair), link.get(1).and_then(pair));
            let (Some(from), Some(to), Some(label)) = (from, to, link.get(2).and_then(Value::as_str)) else {
                reading.refuse("a link is not trigger, words and role");
                continue;
            };
            if from == place
                && let Some(span) = reading.span(to.0, to.1.saturating_add(1))
            {
                reading.builder.argument(&id, role(label), Filler::Span(std::iter::once(span).collect()));
            }
        }
    }
}
