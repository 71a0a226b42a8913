//! UIMA CAS JSON 0.4.

use serde_json::{Map, Value as Json, json};

use super::store::{Cas, Structure, Value};
use super::types::{self, Feature, Type, Types};
use super::{HOLDS, layers, losses, read};
use crate::formats::articles::limits;
use crate::formats::decode;
use crate::formats::{Format, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError};
use crate::model::{Document, Problem};

/// UIMA CAS JSON.
pub struct CasJson;

const INFO: Info = Info {
    id: "cas-json",
    name: "UIMA CAS JSON 0.4",
    extensions: &["json"],
    reads: true,
    writes: true,
    joins: Joins::Apart,
    holds: HOLDS,
    unit: Unit::Utf16,
    options: &[],
};

const STRUCTURES: &str = "%FEATURE_STRUCTURES";

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

impl Format for CasJson {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        let head = start.get(..start.len().min(4096)).unwrap_or_default();
        let has_mark = ["\"%TYPES\"", "\"%FEATURE_STRUCTURES\"", "\"%HEADER\""].iter().any(|mark| contains(head, mark));
        if start.starts_with(b"{") && has_mark { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        Ok(vec![read::document(parse(&source)?, INFO.id)?])
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let file = |named: &Named<'_>| {
            let mut cas = layers::of(named.document, named.name);
            layers::settle(std::slice::from_mut(&mut cas));
            let mut types = Types::default();
            types.add(&cas);
            OutputFile { name: format!("{}.json", named.name).into(), bytes: written(&cas, &types).into_bytes() }
        };
        Ok(documents.iter().map(file).collect())
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses(document)
    }
}

// --- reading -----------------------------------------------------------------------------------------------------------

/// The lines on which structures begin, in their order: a quotation mark inside a text is escaped, so that this finds no
/// words.
fn lines(source: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for (index, line) in source.split('\n').enumerate() {
        for (at, mark) in line.match_indices("\"%ID\"") {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + mark.len()..).unwrap_or_default();
            if !before.ends_with('\\') && after.trim_start().starts_with(':') {
                found.push(index + 1);
            }
        }
    }
    found
}

fn refuse(code: &'static str, message: impl Into<String>, hint: &str, line: Option<usize>) -> Problem {
    let problem = Problem::error(code, message, hint);
    match line {
        Some(line) => problem.at_line(line, 1),
        None => problem,
    }
}

/// The structures and types of a file.
fn parse(source: &str) -> Result<Cas, Vec<Problem>> {
    let root: Json = serde_json::from_str(source).map_err(|error| {
        let problem = Problem::error("syntax", format!("the file is no JSON: {error}"), "it may be cut off or damaged");
        vec![problem.at_line(error.line(), error.column().max(1))]
    })?;
    let mut cas = Cas { types: types_of(root.get("%TYPES")), ..Cas::default() };
    let lines = lines(source);
    let structures: Vec<(Option<u64>, &Json)> = match root.get(STRUCTURES) {
        Some(Json::Array(all)) => all.iter().map(|one| (one.get("%ID").and_then(Json::as_u64), one)).collect(),
        // Earlier files have them by their ids.
        Some(Json::Object(all)) => all.iter().map(|(id, one)| (id.parse().ok(), one)).collect(),
        _ => {
            let message = format!("the file has no list {STRUCTURES}");
            return Err(vec![refuse("no-structures", message, "it may be another kind of JSON", Some(1))]);
        }
    };
    if structures.len() > limits::NODES {
        return Err(vec![limits::beyond("feature structures", limits::NODES)]);
    }
    let is_in_order = lines.len() == structures.len();
    for (n, (id, value)) in structures.into_iter().enumerate() {
        let line = lines.get(n).copied().filter(|_| is_in_order);
        match structure(id, value, line) {
            Ok(structure) => cas.structures.push(structure),
            Err(problem) => cas.problems.push(problem),
        }
    }
    Ok(cas)
}

fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn structure(id: Option<u64>, value: &Json, line: Option<usize>) -> Result<Structure, Problem> {
    let syntax = |message: String| refuse("bad-structure", message, "the file may be damaged", line);
    let fields = value.as_object().ok_or_else(|| syntax("a feature structure is no object".into()))?;
    let id = id.ok_or_else(|| syntax("a feature structure has no id, which is a whole number".into()))?;
    let r#type = fields.get("%TYPE").and_then(Json::as_str);
    let r#type = r#type.ok_or_else(|| syntax(format!("the feature structure {id} has no type")))?.to_owned();
    let mut made = Structure { id, r#type, line, ..Structure::default() };
    for (name, value) in fields {
        let (mark, plain) = match name.split_at_checked(1) {
            Some((mark @ ("%" | "@" | "#" | "^"), plain)) => (mark, plain),
            _ => ("", name.as_str()),
        };
        match (mark, plain, value) {
            (_, _, Json::Null) | ("%", "ID" | "TYPE" | "FLAGS", _) => {}
            ("%", "ELEMENTS", Json::Array(all)) => {
                let is_of_texts = made.r#type.starts_with("uima.cas.") && !made.r#type.starts_with("uima.cas.FS");
                let elements = if is_of_texts {
                    Value::Texts(all.iter().filter_map(text_of).collect())
                } else {
                    Value::Refs(all.iter().filter_map(Json::as_u64).collect())
                };
                made.features.insert("elements".into(), elements);
            }
            ("%", "ELEMENTS", Json::String(bytes)) => {
                made.features.insert("elements".into(), Value::Text(bytes.clone()));
            }
            ("@", _, _) => {
                let to = value.as_u64();
                let to = to.ok_or_else(|| {
                    refuse(
                        "unknown-reference",
                        format!("{plain} refers to {value}, which is no id"),
                        "give an id",
                        line,
                    )
                })?;
                if plain == "sofa" {
                    made.sofa = Some(to);
                } else {
                    made.features.insert(plain.to_owned(), Value::Ref(to));
                }
            }
            ("" | "^", "begin" | "end", _) => {
                let at = value.as_u64().ok_or_else(|| {
                    let message = format!("{plain} is {value}, which is no position");
                    refuse("bad-offset", message, "positions are UTF-16 units from 0", line)
                })?;
                *(if plain == "begin" { &mut made.begin } else { &mut made.end }) = Some(at);
            }
            (_, _, Json::Bool(flag)) => {
                made.features.insert(plain.to_owned(), Value::Flag(*flag));
            }
            (_, _, Json::Number(number)) => {
                made.features.insert(plain.to_owned(), Value::Number(number.to_string()));
            }
            ("#", _, Json::String(number)) => {
                made.features.insert(plain.to_owned(), Value::Number(number.clone()));
            }
            (_, _, Json::String(text)) => {
                made.features.insert(plain.to_owned(), Value::Text(text.clone()));
            }
            (_, _, Json::Array(_) | Json::Object(_)) => {
                return Err(syntax(format!("the feature {name} of the feature structure {id} is no single value")));
            }
        }
    }
    Ok(made)
}

fn types_of(value: Option<&Json>) -> Types {
    let text = |value: &Json, key: &str| value.get(key).and_then(Json::as_str).map(str::to_owned);
    let feature = |(name, value): (&String, &Json)| {
        let shared = value.get("%MULTIPLE_REFERENCES_ALLOWED").and_then(Json::as_bool).unwrap_or_default();
        let found = Feature { range: text(value, "%RANGE")?, element: text(value, "%ELEMENT_TYPE"), shared };
        (!name.starts_with('%')).then(|| (name.clone(), found))
    };
    let r#type = |(name, value): (&String, &Json)| {
        let features = value.as_object().into_iter().flatten().filter_map(feature).collect();
        (name.clone(), Type { supertype: text(value, "%SUPER_TYPE").unwrap_or_default(), features })
    };
    Types(value.and_then(Json::as_object).into_iter().flatten().map(r#type).collect())
}

// --- writing -----------------------------------------------------------------------------------------------------------

fn written(cas: &Cas, types: &Types) -> String {
    let mut out = String::from("{\n\"%TYPES\": {");
    for (n, (name, known)) in types.0.iter().enumerate() {
        let mut fields = Map::new();
        fields.insert("%NAME".into(), json!(name));
        fields.insert("%SUPER_TYPE".into(), json!(known.supertype));
        for (feature, takes) in &known.features {
            let range = takes.element.as_ref().map_or_else(|| takes.range.clone(), |element| format!("{element}[]"));
            fields.insert(feature.clone(), json!({"%NAME": feature, "%RANGE": range}));
        }
        out.push_str(if n == 0 { "\n" } else { ",\n" });
        out.push_str(&format!("{}: {}", json!(name), Json::Object(fields)));
    }
    out.push_str("\n},\n\"%FEATURE_STRUCTURES\": [");
    let mut next = cas.structures.iter().map(|s| s.id).max().unwrap_or_default() + 1;
    let (mut members, mut sofa, mut is_first) = (Vec::new(), 0, true);
    let mut line = |fields: Map<String, Json>| {
        out.push_str(if std::mem::take(&mut is_first) { "\n" } else { ",\n" });
        out.push_str(&Json::Object(fields).to_string());
    };
    let names: std::collections::BTreeMap<u64, &str> =
        cas.structures.iter().map(|s| (s.id, s.r#type.as_str())).collect();
    for structure in &cas.structures {
        let mut fields = Map::new();
        let mut arrays = Vec::new();
        fields.insert("%ID".into(), json!(structure.id));
        fields.insert("%TYPE".into(), json!(structure.r#type));
        if structure.r#type == types::SOFA {
            sofa = structure.id;
        } else if let Some(sofa) = structure.sofa {
            fields.insert("@sofa".into(), json!(sofa));
            members.push(structure.id);
        }
        fields.extend(structure.begin.map(|at| ("begin".to_owned(), json!(at))));
        fields.extend(structure.end.map(|at| ("end".to_owned(), json!(at))));
        for (name, value) in &structure.features {
            match value {
                Value::Text(text) => fields.insert(name.clone(), json!(text)),
                Value::Number(number) => {
                    fields.insert(name.clone(), number.parse::<i64>().map_or(json!(number), |n| json!(n)))
                }
                Value::Flag(flag) => fields.insert(name.clone(), json!(flag)),
                Value::Ref(id) => fields.insert(format!("@{name}"), json!(id)),
                Value::Refs(ids) => {
                    let element = ids.first().and_then(|id| names.get(id)).copied().unwrap_or(types::TOP);
                    arrays.push(json!({"%ID": next, "%TYPE": format!("{element}[]"), "%ELEMENTS": ids}));
                    next += 1;
                    fields.insert(format!("@{name}"), json!(next - 1))
                }
                Value::Texts(texts) => {
                    arrays.push(json!({"%ID": next, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": texts}));
                    next += 1;
                    fields.insert(format!("@{name}"), json!(next - 1))
                }
            };
        }
        line(fields);
        for array in arrays {
            if let Json::Object(fields) = array {
                line(fields);
            }
        }
    }
    let views = json!({"_InitialView": {"%SOFA": sofa, "%MEMBERS": members}});
    out.push_str(&format!("\n],\n\"%VIEWS\": {views}\n}}\n"));
    out
}
