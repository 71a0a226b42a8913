//! JSON of Label Studio: a list of tasks with regions and relations, as annotations or as predictions to correct, beside
//! `label-config.xml`, the labelling interface that shows them. Positions are code points, half-open, and both characters of a
//! CRLF count.
//!
//! Attributes of mentions are choices for the region. Exports of before 2022 counted UTF-16 units, which can be chosen.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::escape::escape;
use serde_json::{Map, Value, json};

use super::{
    HOLDS, OTHERS, Task, broken, codepoints, has_others, losses_of, number, objects, string, text_of, warn_of_fields,
};
use crate::formats::build::Builder;
use crate::formats::{
    Format, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Treatment, Unit,
    WriteError, decode, order,
};
use crate::model::{AttributeValue, Document, Id, Problem};

/// See the module.
pub struct LabelStudio;

const INFO: Info = Info {
    id: "labelstudio",
    name: "Label Studio (JSON)",
    extensions: &["json"],
    reads: true,
    writes: true,
    joins: Joins::Whole,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[
        OptionInfo {
            name: "as",
            help: "work that is done, or predictions to correct",
            values: &["annotations", "predictions"],
        },
        OTHERS,
    ],
};

const READING: &[OptionInfo] = &[
    OptionInfo {
        name: "of",
        help: "what is read of a task: annotations or else predictions, or one of them alone",
        values: &["both", "annotations", "predictions"],
    },
    OptionInfo {
        name: "unit",
        help: "what positions count: code points, or UTF-16 units as before 2022",
        values: &["codepoints", "utf16"],
    },
];

impl Format for LabelStudio {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if start.trim_ascii_start().first() != Some(&b'[') {
            return Likeness::No;
        }
        // The keys of the first task stand somewhere in the beginning; texts before them may be long.
        let start = start.get(..start.len().min(1 << 20)).unwrap_or_default();
        let has = |key: &str| start.windows(key.len()).any(|window| window == key.as_bytes());
        if has("\"data\"") && (has("\"annotations\"") || has("\"predictions\"") || has("\"completions\"")) {
            Likeness::Yes
        } else {
            Likeness::No
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
        let tasks: Vec<Value> = serde_json::from_str(&source).map_err(|error| {
            let problem = Problem::error("json-syntax", error.to_string(), "correct this place in a text editor");
            vec![problem.at_line(error.line(), error.column())]
        })?;
        if tasks.is_empty() {
            return Err(broken("there is no task in it", None));
        }
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        let count = tasks.len();
        for (nth, task) in tasks.iter().enumerate() {
            let name = |mut problem: Problem| {
                if count > 1 {
                    problem.message = format!("task {}: {}", nth + 1, problem.message);
                }
                problem
            };
            match read_task(task, options) {
                Ok(mut read) => {
                    read.problems = read.problems.into_iter().map(name).collect();
                    found.push(read);
                }
                Err(problems) => refused.extend(problems.into_iter().map(name)),
            }
            if refused.len() > 1000 {
                break;
            }
        }
        if refused.is_empty() { Ok(found) } else { Err(refused) }
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let with_others = has_others(options, &INFO);
        let is_done = options.get(&INFO, "as") == "annotations";
        let mut interface = Interface::default();
        let mut out = String::from("[");
        for (nth, named) in documents.iter().enumerate() {
            out.push_str(if nth == 0 { "\n" } else { ",\n" });
            out.push_str(&task(named.document, nth + 1, with_others, is_done, &mut interface).to_string());
        }
        out.push_str("\n]\n");
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        Ok(vec![
            OutputFile { name: format!("{name}.json").into(), bytes: out.into_bytes() },
            OutputFile { name: "label-config.xml".into(), bytes: interface.xml().into_bytes() },
        ])
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        let mut found = losses_of(document, has_others(options, &INFO), true);
        for relation in order::relations(document).into_iter().filter(|relation| !relation.attributes.is_empty()) {
            found.push(Loss::of(document, &relation.id, Treatment::Cut, "loses its attributes"));
        }
        found
    }
}

/// What the labelling interface has to offer.
#[derive(Default)]
struct Interface {
    labels: BTreeSet<String>,
    relations: BTreeSet<String>,
    /// Values of attributes, by the name of the control.
    choices: BTreeMap<String, BTreeSet<String>>,
}

impl Interface {
    fn xml(&self) -> String {
        let quoted = |text: &str| escape(text).replace('\n', "&#10;").replace('\t', "&#9;").replace('\r', "&#13;");
        let mut out = String::from("<View>\n");
        if !self.relations.is_empty() {
            out.push_str("  <Relations>\n");
            for label in &self.relations {
                out.push_str(&format!("    <Relation value=\"{}\"/>\n", quoted(label)));
            }
            out.push_str("  </Relations>\n");
        }
        out.push_str("  <Labels name=\"label\" toName=\"text\">\n");
        for label in &self.labels {
            out.push_str(&format!("    <Label value=\"{}\"/>\n", quoted(label)));
        }
        out.push_str("  </Labels>\n  <Text name=\"text\" value=\"$text\" granularity=\"symbol\"/>\n");
        for (name, values) in &self.choices {
            let name = quoted(name);
            out.push_str(&format!(
                "  <Choices name=\"{name}\" toName=\"text\" perRegion=\"true\" choice=\"multiple\">\n"
            ));
            for value in values {
                out.push_str(&format!("    <Choice value=\"{}\"/>\n", quoted(value)));
            }
            out.push_str("  </Choices>\n");
        }
        out.push_str("</View>\n");
        out
    }
}

/// The name of the control of an attribute; those of the text and the labels are taken.
fn control(attribute: &str) -> String {
    match attribute {
        "label" | "text" => format!("{attribute}_"),
        other => other.to_owned(),
    }
}

fn task(document: &Document, number: usize, with_others: bool, is_done: bool, interface: &mut Interface) -> Value {
    let task = Task::of(document, with_others);
    let text = document.text();
    let mut results = Vec::new();
    for piece in &task.pieces {
        let (start, end) = codepoints(text, piece.span);
        let region = |kind: &str, control: &str, values: Value| {
            let mut value = json!({"start": start, "end": end, "text": text.slice(piece.span)});
            value[kind] = values;
            json!({"id": piece.key, "from_name": control, "to_name": "text", "type": kind, "origin": "manual",
                   "value": value})
        };
        interface.labels.insert(piece.label.to_owned());
        results.push(region("labels", "label", json!([piece.label])));
        let mention = document.mentions().get(piece.owner).filter(|mention| mention.id.as_str() == piece.key);
        for (name, value) in mention.into_iter().flat_map(|mention| &mention.attributes) {
            let control = control(name);
            let values = value.texts();
            interface.choices.entry(control.clone()).or_default().extend(values.iter().map(|v| (*v).to_owned()));
            results.push(region("choices", &control, json!(values)));
        }
    }
    for link in &task.links {
        if let (Some(from), Some(to)) = (task.pieces.get(link.from), task.pieces.get(link.to)) {
            interface.relations.insert(link.label.to_owned());
            results.push(json!({"type": "relation", "from_id": from.key, "to_id": to.key, "direction": "right",
                                "labels": [link.label]}));
        }
    }
    let data = json!({"text": text.as_str(), "doc_id": document.header().metadata.id});
    let done = json!({"id": number, "was_cancelled": false, "ground_truth": false, "result": results});
    let proposed = json!({"model_version": "manicule", "result": results});
    let (annotations, predictions) = if is_done { (vec![done], vec![]) } else { (vec![], vec![proposed]) };
    json!({"id": number, "data": data, "annotations": annotations, "predictions": predictions})
}

/// See [`work`].
type Work<'a> = (Option<&'a Map<String, Value>>, usize);

/// What has regions: annotations that were not cancelled, or predictions; and how many are passed over.
fn work<'a>(task: &'a Map<String, Value>, of: &str) -> Result<Work<'a>, Vec<Problem>> {
    let list = |name: &str| objects(task.get(name)).ok_or_else(|| broken(&format!("{name} are no objects"), None));
    let mut annotations = list("annotations")?;
    annotations.extend(list("completions")?);
    let is_done = |annotation: &&Map<String, Value>| annotation.get("was_cancelled") != Some(&Value::Bool(true));
    let done: Vec<_> = annotations.into_iter().filter(is_done).collect();
    let predictions = list("predictions")?;
    let chosen = match of {
        "annotations" => done,
        "predictions" => predictions,
        _ if done.is_empty() => predictions,
        _ => done,
    };
    Ok((chosen.first().copied(), chosen.len().saturating_sub(1)))
}

fn read_task(task: &Value, options: &Options) -> Result<Read, Vec<Problem>> {
    let info = Info { options: READING, ..INFO };
    let task = task.as_object().ok_or_else(|| broken("the task is no object", None))?;
    let data = task.get("data").and_then(Value::as_object).ok_or_else(|| broken("the task has no data", None))?;
    let (field, text) = (data.get_key_value("text").into_iter())
        .chain(data)
        .find_map(|(name, value)| Some((name, value.as_str()?)))
        .ok_or_else(|| broken("the data has no text", None))?;
    let (work, passed_over) = work(task, options.get(&info, "of"))?;
    let mut reading = Reading {
        builder: Builder::new(INFO.id, text_of(text, None)?, None),
        unit: if options.get(&info, "unit") == "utf16" { Unit::Utf16 } else { Unit::Codepoints },
        regions: BTreeMap::new(),
    };
    let builder = &mut reading.builder;
    if let Some(id) = super::identifier(data, "doc_id").or(super::identifier(task, "id")) {
        builder.header.metadata.id = id;
    }
    warn_of_fields(builder, data.keys().filter(|name| *name != field && *name != "doc_id"), None);
    if passed_over > 0 {
        let message = format!("{passed_over} further versions by others are left out");
        builder.warn("left-out", message, "the first one is read; export the others by themselves", None);
    }
    let results = match work {
        Some(work) => objects(work.get("result")).ok_or_else(|| broken("the result is no list of objects", None))?,
        None => Vec::new(),
    };
    // Relations and choices may stand before the regions they are about.
    for result in results.iter().filter(|result| string(result, "type") == Some("labels")) {
        reading.region(result);
    }
    for result in &results {
        match string(result, "type") {
            Some("labels") => {}
            Some("relation") => reading.relation(result),
            Some("choices" | "textarea" | "rating" | "taxonomy") => reading.attribute(result),
            other => {
                let message = format!("a result of the type {} is left out", other.unwrap_or("unknown"));
                let hint = "labels of text, relations, choices and text areas are read";
                reading.builder.warn("left-out", message, hint, None);
            }
        }
    }
    reading.builder.finish(None)
}

struct Reading {
    builder: Builder,
    unit: Unit,
    /// Each region may have several labels, and so be several mentions.
    regions: BTreeMap<String, Vec<Id>>,
}

impl Reading {
    fn region(&mut self, result: &Map<String, Value>) {
        let value = result.get("value").and_then(Value::as_object);
        let place = value.and_then(|value| Some((value, number(value, "start")?, number(value, "end")?)));
        let Some((value, start, end)) = place else {
            let message = "a region has no start or end";
            self.builder.refuse("broken-task", message, "export it again", None);
            return;
        };
        let Some(span) = self.builder.span(self.unit, start, end, None) else { return };
        if let Some(words) = string(value, "text") {
            self.builder.expect_words(&[span], words, None);
        }
        let labels = value.get("labels").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let mentions: Vec<Id> = labels.map(|label| self.builder.mention(label, [span])).collect();
        if let Some(id) = super::identifier(result, "id")
            && self.regions.insert(id.clone(), mentions).is_some()
        {
            let message = format!("two regions have the identifier {id}");
            self.builder.refuse("duplicate-id", message, "give one of them another", None);
        }
    }

    fn relation(&mut self, result: &Map<String, Value>) {
        let end = |name: &str| {
            let id = super::identifier(result, name)?;
            self.regions.get(&id).and_then(|mentions| mentions.first()).cloned()
        };
        let (Some(mut from), Some(mut to)) = (end("from_id"), end("to_id")) else {
            let message = "a relation leads to no region of the task";
            self.builder.refuse("dangling-reference", message, "export it again", None);
            return;
        };
        match string(result, "direction") {
            Some("left") => std::mem::swap(&mut from, &mut to),
            Some("bi") => {
                let message = "a relation in both directions is read in one";
                self.builder.warn("one-direction", message, "relations have a direction", None);
            }
            _ => {}
        }
        let labels = result.get("labels").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let labels: Vec<&str> = labels.collect();
        for label in if labels.is_empty() { vec!["Relation"] } else { labels } {
            self.builder.relation(label, &from, &to);
        }
    }

    /// Choices and texts for a region, or for the whole task.
    fn attribute(&mut self, result: &Map<String, Value>) {
        let mentions = super::identifier(result, "id").and_then(|id| self.regions.get(&id).cloned());
        let name = string(result, "from_name").unwrap_or("attribute").to_owned();
        let Some(mentions) = mentions.filter(|mentions| !mentions.is_empty()) else {
            let message = format!("{name} of the whole task is left out");
            self.builder.warn("left-out", message, "labels of documents have no place there", None);
            return;
        };
        let kind = string(result, "type").unwrap_or_default();
        let value = result.get("value").and_then(|value| value.get(if kind == "textarea" { "text" } else { kind }));
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let values: Vec<String> = match value {
            Some(Value::Array(list)) => list.iter().map(text).collect(),
            Some(Value::Null) | None => return,
            Some(other) => vec![text(other)],
        };
        let value = match values.as_slice() {
            [] => return,
            [only] if only == "true" || only == "false" => AttributeValue::Flag(only == "true"),
            [only] => AttributeValue::Text(only.clone()),
            _ => AttributeValue::List(values),
        };
        for id in &mentions {
            self.builder.attribute(id, &name, value.clone());
        }
    }
}
