//! From elements to structures.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::formats::articles::limits;
use crate::formats::cas::store::{Cas, Structure, Value, position};
use crate::formats::cas::types::{self, Form, Types};
use crate::model::Problem;

/// An element that is a structure, as it stands in the file.
#[derive(Debug, Default)]
pub struct Raw {
    r#type: String,
    line: usize,
    /// The name with `xmi:` for the id alone.
    attributes: Vec<(String, String)>,
    /// Texts of the elements in it, by their names.
    children: BTreeMap<String, Vec<String>>,
}

const XMI: &str = "http://www.omg.org/XMI";
const ID: &str = "xmi:id";

fn entity(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    })
}

type Prefixes = BTreeMap<String, String>;

/// Name and value of each attribute, and the prefixes that it declares.
fn attributes(start: &BytesStart<'_>, prefixes: &mut Prefixes) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        let value = attribute.normalized_value_with(quick_xml::XmlVersion::Implicit1_0, 1, entity);
        let value = value.map_err(|error| error.to_string())?.into_owned();
        match name.strip_prefix("xmlns") {
            Some("") => {
                prefixes.insert(String::new(), value);
            }
            Some(prefix) if prefix.starts_with(':') => {
                prefixes.insert(prefix.trim_start_matches(':').to_owned(), value);
            }
            _ => found.push((name, value)),
        }
    }
    Ok(found)
}

/// The type that an element is of: `type:Token` with `http:///a/type.ecore` is `a.type.Token`.
fn type_name(name: &str, prefixes: &Prefixes) -> Result<String, String> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let Some(space) = prefixes.get(prefix) else { return Err(format!("nothing says what the prefix {prefix:?} is")) };
    let package = space.strip_prefix("http:///").and_then(|rest| rest.strip_suffix(".ecore"));
    Ok(match package {
        Some("uima/noNamespace") => local.to_owned(),
        Some(package) => format!("{}.{local}", package.replace('/', ".")),
        None => return Err(format!("the namespace {space:?} is none of UIMA")),
    })
}

/// The elements of a file.
pub fn elements(source: &str) -> Result<Vec<Raw>, Problem> {
    let mut reader = Reader::from_str(source);
    let mut found: Vec<Raw> = Vec::new();
    let mut prefixes = Prefixes::new();
    // The names of the open elements; the root is the first.
    let mut open: Vec<String> = Vec::new();
    let (mut current, mut words) = (None::<Raw>, String::new());
    let (mut counted, mut line, mut events, mut is_done) = (0_usize, 1_usize, 0_usize, false);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(source.len());
        line += source.get(counted..at).unwrap_or_default().matches('\n').count();
        counted = at.max(counted);
        let wrong = |message: String| {
            Problem::error("xml-syntax", message, "the file may be cut off or damaged").at_line(line, 1)
        };
        let event = reader.read_event().map_err(|error| wrong(error.to_string()))?;
        events += 1;
        if events > limits::NODES {
            return Err(limits::beyond("elements", limits::NODES));
        }
        if let Event::Start(start) | Event::Empty(start) = &event {
            let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
            let declared = attributes(start, &mut prefixes).map_err(wrong)?;
            match open.len() {
                0 => {
                    let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
                    let is_xmi = name.ends_with("XMI") && prefixes.get(prefix).is_some_and(|space| space == XMI);
                    if !is_xmi || is_done {
                        let message = format!("the root element is {name}, not xmi:XMI");
                        return Err(Problem::error("no-xmi", message, "choose another file or format").at_line(line, 1));
                    }
                }
                1 => {
                    let r#type = type_name(&name, &prefixes).map_err(wrong)?;
                    let own = |(name, value): (String, String)| {
                        let is_id = name.split_once(':').is_some_and(|(prefix, local)| {
                            local == "id" && prefixes.get(prefix).is_some_and(|space| space == XMI)
                        });
                        (if is_id { ID.to_owned() } else { name }, value)
                    };
                    let attributes = declared.into_iter().map(own).collect();
                    current = Some(Raw { r#type, line, attributes, children: BTreeMap::new() });
                }
                2 => words.clear(),
                _ => return Err(wrong(format!("the element {name} is inside too many others"))),
            }
            open.push(name);
        }
        match event {
            Event::Text(text) if open.len() == 3 => {
                words.push_str(&text.decode().map_err(|error| wrong(error.to_string()))?);
            }
            Event::CData(text) if open.len() == 3 => {
                words.push_str(&text.decode().map_err(|error| wrong(error.to_string()))?);
            }
            Event::GeneralRef(reference) if open.len() == 3 => {
                let by_number = reference.resolve_char_ref().map_err(|error| wrong(error.to_string()))?;
                let name = reference.decode().map_err(|error| wrong(error.to_string()))?;
                match (by_number, entity(&name)) {
                    (Some(c), _) => words.push(c),
                    (None, Some(known)) => words.push_str(known),
                    (None, None) => return Err(wrong(format!("the entity &{name}; is not one of XML"))),
                }
            }
            Event::Text(text) if !text.iter().all(u8::is_ascii_whitespace) => {
                return Err(wrong("there is text between the elements".into()));
            }
            Event::End(_) | Event::Empty(_) => close(&mut open, &mut current, &mut words, &mut found, &mut is_done),
            Event::Eof => {
                return match open.last() {
                    Some(name) => Err(wrong(format!("the file ends inside the element {name}"))),
                    None if is_done => Ok(found),
                    None => {
                        Err(Problem::error("no-xmi", "there is no element in it", "choose another file").at_line(1, 1))
                    }
                };
            }
            _ => {}
        }
    }
}

/// Ends the innermost element.
fn close(
    open: &mut Vec<String>,
    current: &mut Option<Raw>,
    words: &mut String,
    found: &mut Vec<Raw>,
    is_done: &mut bool,
) {
    let Some(name) = open.pop() else { return };
    match open.len() {
        0 => *is_done = true,
        1 => found.extend(current.take()),
        _ => {
            if let Some(raw) = current {
                raw.children.entry(name).or_default().push(std::mem::take(words));
            }
        }
    }
}

/// Structures with values of the kinds that the type system gives their features.
pub fn typed(raw: Vec<Raw>, types: Types) -> Cas {
    let mut cas = Cas::default();
    let hints = Hints::of(&raw);
    for one in raw {
        if matches!(one.r#type.as_str(), "uima.cas.NULL" | "uima.cas.View") {
            continue;
        }
        let line = one.line;
        match structure(one, &types, &hints) {
            Ok(structure) => cas.structures.push(structure),
            Err((code, message)) => {
                let problem = Problem::error(code, message, "the file may be damaged");
                cas.problems.push(problem.at_line(line, 1));
            }
        }
    }
    cas.types = types;
    cas
}

/// What leads on, as far as the elements themselves show it: for types that no type system has.
struct Hints {
    ids: BTreeSet<u64>,
    /// Types and features all of whose values are lists of structures that lead on and have no place.
    slots: BTreeSet<(String, String)>,
}

impl Hints {
    fn of(raw: &[Raw]) -> Self {
        let get = |raw: &Raw, name: &str| raw.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let id = |raw: &Raw| get(raw, ID)?.parse::<u64>().ok();
        let is_link = |raw: &&Raw| get(raw, "target").is_some() && get(raw, "begin").is_none();
        let links: BTreeSet<u64> = raw.iter().filter(is_link).filter_map(id).collect();
        let mut ids: BTreeSet<u64> = raw.iter().filter_map(id).collect();
        ids.insert(0);
        let mut slots: BTreeMap<(String, String), bool> = BTreeMap::new();
        for raw in raw {
            let named = raw.attributes.iter().filter(|(n, v)| !v.is_empty() && !matches!(n.as_str(), ID | "sofa"));
            for (name, value) in named {
                let is_list = value.split(' ').all(|id| id.parse().is_ok_and(|id| links.contains(&id)));
                *slots.entry((raw.r#type.clone(), name.clone())).or_insert(true) &= is_list;
            }
        }
        Self { ids, slots: slots.into_iter().filter(|(_, is_slot)| *is_slot).map(|(slot, _)| slot).collect() }
    }

    /// What a feature holds: only what leads on by its name, or is a slot, is a reference.
    fn form(&self, r#type: &str, name: &str, value: &str) -> Form {
        let leads_on = matches!(name, "Governor" | "Dependent" | "target" | "first" | "next");
        if leads_on && value.trim().parse().is_ok_and(|id| self.ids.contains(&id)) {
            return Form::Ref;
        }
        let is_slot = self.slots.contains(&(r#type.to_owned(), name.to_owned()));
        if is_slot { Form::Refs } else { Form::Text }
    }
}

fn structure(raw: Raw, types: &Types, hints: &Hints) -> Result<Structure, (&'static str, String)> {
    let id = raw.attributes.iter().find(|(name, _)| name == ID).and_then(|(_, value)| value.parse().ok());
    let Some(id) = id else {
        return Err(("bad-structure", format!("the element {} has no id, which is a whole number", raw.r#type)));
    };
    let is_sofa = raw.r#type == types::SOFA;
    let mut made = Structure { id, line: Some(raw.line), r#type: raw.r#type, ..Structure::default() };
    for (name, value) in raw.attributes {
        match name.as_str() {
            ID => {}
            "sofa" => made.sofa = Some(reference(&value, &name)?),
            "begin" => made.begin = Some(position(&value).map_err(|message| ("bad-offset", message))?),
            "end" => made.end = Some(position(&value).map_err(|message| ("bad-offset", message))?),
            _ if is_sofa => {
                made.features.insert(name, Value::Text(value));
            }
            _ => {
                let form = types.form(&made.r#type, &name).or_else(|| {
                    let is_unknown = !types.0.contains_key(&made.r#type);
                    is_unknown.then(|| hints.form(&made.r#type, &name, &value))
                });
                let value = of_form(form.unwrap_or(Form::Text), value, &name)?;
                made.features.insert(name, value);
            }
        }
    }
    for (name, texts) in raw.children {
        made.features.insert(name, Value::Texts(texts));
    }
    Ok(made)
}

fn reference(text: &str, name: &str) -> Result<u64, (&'static str, String)> {
    let wrong = || ("unknown-reference", format!("{name} refers to {text:?}, which is no id"));
    text.trim().parse().map_err(|_| wrong())
}

fn of_form(form: Form, value: String, name: &str) -> Result<Value, (&'static str, String)> {
    Ok(match form {
        Form::Text => Value::Text(value),
        Form::Number => Value::Number(value),
        Form::Flag => Value::Flag(matches!(value.trim(), "true" | "1")),
        Form::Ref => Value::Ref(reference(&value, name)?),
        Form::Refs => {
            Value::Refs(value.split_whitespace().map(|id| reference(id, name)).collect::<Result<Vec<_>, _>>()?)
        }
        Form::Texts => Value::Texts(value.split_whitespace().map(str::to_owned).collect()),
    })
}
