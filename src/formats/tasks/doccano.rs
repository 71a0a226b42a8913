//! JSON Lines of doccano: a text a line, with `label`, a list of begin, end and label, or with `entities` and `relations` that have
//! numbers. Positions are code points, half-open; doccano's page counts UTF-16 units, so marks after an emoji look moved there.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    HOLDS, OTHERS, Task, broken, codepoints, first_object, has_others, identifier, losses_of, number, objects,
    objects_of_lines, string, text_of, warn_of_fields,
};
use crate::formats::build::Builder;
use crate::formats::{
    Cut, Format, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
    decode, losses, pieces,
};
use crate::model::{Document, Id, Problem};

/// See the module.
pub struct Doccano;

const INFO: Info = Info {
    id: "doccano",
    name: "doccano (JSON Lines)",
    extensions: &["jsonl", "json1", "json"],
    reads: true,
    writes: true,
    joins: Joins::Appended,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[
        OptionInfo {
            name: "form",
            help: "with relations, or the labels of sequence labelling alone",
            values: &["relations", "labels"],
        },
        OTHERS,
    ],
};

const READING: &[OptionInfo] = &[OptionInfo {
    name: "unit",
    help: "what positions count: code points as its exports do, or UTF-16 units",
    values: &["codepoints", "utf16"],
}];

impl Format for Doccano {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let Some(object) = first_object(bytes) else { return Likeness::No };
        let is_triple = |value: &Value| {
            value.as_array().is_some_and(|t| t.len() == 3 && t[0].is_u64() && t[1].is_u64() && t[2].is_string())
        };
        let has = |name: &str, is_one: &dyn Fn(&Value) -> bool| {
            object.get(name).and_then(Value::as_array).is_some_and(|list| list.iter().all(is_one))
        };
        let has_text = object.get("text").or(object.get("data")).is_some_and(Value::is_string);
        let is_numbered = |value: &Value| value.get("start_offset").is_some() && value.get("end_offset").is_some();
        match has_text {
            true if has("entities", &is_numbered) && object.contains_key("relations") => Likeness::Yes,
            true if has("label", &is_triple) || has("labels", &is_triple) => Likeness::Yes,
            _ => Likeness::No,
        }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        self.read_with(input, &Options::default())
    }

    fn reading_options(&self) -> &'static [OptionInfo] {
        READING
    }

    fn read_with(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let info = Info { options: READING, ..INFO };
        let unit = if options.get(&info, "unit") == "utf16" { Unit::Utf16 } else { Unit::Codepoints };
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for (line, object) in objects_of_lines(&source)? {
            match task(&object, unit, line) {
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
        let mut out = String::new();
        for named in documents {
            let value = if options.get(&INFO, "form") == "labels" {
                labels(named.document, has_others(options, &INFO))
            } else {
                relations(named.document, has_others(options, &INFO))
            };
            out.push_str(&value.to_string());
            out.push('\n');
        }
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        Ok(vec![OutputFile { name: format!("{name}.jsonl").into(), bytes: out.into_bytes() }])
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        let mut found = losses_of(document, has_others(options, &INFO), false);
        if options.get(&INFO, "form") == "labels" {
            let without = crate::formats::Holds { relations: false, ..crate::formats::Holds::ALL };
            found.extend(losses::that_follow(document, &without));
        }
        found
    }
}

fn labels(document: &Document, with_others: bool) -> Value {
    let task = Task::of(document, with_others);
    let label = |piece: &super::Piece<'_>| {
        let (start, end) = codepoints(document.text(), piece.span);
        json!([start, end, piece.label])
    };
    let labels: Vec<Value> = task.pieces.iter().map(label).collect();
    json!({"text": document.text().as_str(), "label": labels, "doc_id": document.header().metadata.id})
}

fn relations(document: &Document, with_others: bool) -> Value {
    let task = Task::of(document, with_others);
    // Numbers are unique in a file of many documents, whichever of them are written together.
    let seed = Sha256::digest(format!("{}\n{}", document.header().metadata.id, document.text().sha256()));
    let seed = seed.iter().take(4).fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte));
    let id = |nth: usize| (seed << 20) + nth as u64;
    let entity = |(nth, piece): (usize, &super::Piece<'_>)| {
        let (start, end) = codepoints(document.text(), piece.span);
        json!({"id": id(nth), "start_offset": start, "end_offset": end, "label": piece.label})
    };
    let relation = |(nth, link): (usize, &super::Link<'_>)| json!({"id": id(nth), "from_id": id(link.from), "to_id": id(link.to), "type": link.label});
    let entities: Vec<Value> = task.pieces.iter().enumerate().map(entity).collect();
    let relations: Vec<Value> = task.links.iter().enumerate().map(relation).collect();
    json!({"text": document.text().as_str(), "entities": entities, "relations": relations,
           "doc_id": document.header().metadata.id})
}

/// What is known of a task beside its labels.
const KNOWN: [&str; 8] = ["id", "doc_id", "text", "data", "label", "labels", "entities", "relations"];

fn task(object: &Map<String, Value>, unit: Unit, line: usize) -> Result<Read, Vec<Problem>> {
    let at = Some(line);
    let text = string(object, "text").or(string(object, "data")).ok_or_else(|| broken("the task has no text", at))?;
    let mut builder = Builder::new(INFO.id, text_of(text, at)?, None);
    if let Some(id) = identifier(object, "doc_id").or(identifier(object, "id")) {
        builder.header.metadata.id = id;
    }
    let comments = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    let others = object
        .iter()
        .filter(|(name, value)| !(KNOWN.contains(&name.as_str()) || name.as_str() == "Comments" && comments(value)));
    warn_of_fields(&mut builder, others.map(|(name, _)| name), at);
    for name in ["label", "labels"] {
        for label in object.get(name).and_then(Value::as_array).into_iter().flatten() {
            let parts = label.as_array().map(Vec::as_slice).unwrap_or_default();
            let [start, end, label] = parts else {
                let message = "a label of the whole text is left out";
                builder.warn("left-out", message, "doccano's text classification has no marks", at);
                continue;
            };
            match (start.as_u64(), end.as_u64(), label.as_str()) {
                (Some(start), Some(end), Some(label)) => {
                    if let Some(span) = builder.span(unit, start, end, at) {
                        builder.mention(label, [span]);
                    }
                }
                _ => builder.refuse("broken-task", "a label is not begin, end and name", "export it again", at),
            }
        }
    }
    let entities = objects(object.get("entities")).ok_or_else(|| broken("entities are not a list of objects", at))?;
    let mut ids: BTreeMap<String, Option<Id>> = BTreeMap::new();
    for entity in entities {
        let place = number(entity, "start_offset").zip(number(entity, "end_offset")).zip(string(entity, "label"));
        let Some(((start, end), label)) = place else {
            builder.refuse("broken-task", "an entity has no start_offset, end_offset or label", "export it again", at);
            continue;
        };
        let mention = builder.span(unit, start, end, at).map(|span| builder.mention(label, [span]));
        let Some(id) = identifier(entity, "id") else { continue };
        if ids.insert(id.clone(), mention).is_some() {
            let message = format!("two entities have the number {id}");
            builder.refuse("duplicate-id", message, "give one of them another number", at);
        }
    }
    let relations =
        objects(object.get("relations")).ok_or_else(|| broken("relations are not a list of objects", at))?;
    for relation in relations {
        let end = |name: &str| identifier(relation, name).and_then(|id| ids.get(&id).cloned());
        match (end("from_id"), end("to_id"), string(relation, "type")) {
            (Some(Some(from)), Some(Some(to)), Some(label)) => drop(builder.relation(label, &from, &to)),
            // Its end was refused above.
            (Some(None), ..) | (_, Some(None), _) => {}
            _ => {
                let message = "a relation has no type, or leads to no entity of the task";
                builder.refuse("dangling-reference", message, "export it again", at);
            }
        }
    }
    builder.finish(None)
}
