//! From the structures of layers to a document.

mod connect;
mod form;
mod make;

use std::collections::{BTreeMap, BTreeSet};

use super::store::{ById, Cas, Resolved, Structure, Value, resolved};
use super::{header, types};
use crate::formats::Read;
use crate::formats::build::Builder;
use crate::formats::capabilities::Unit;
use crate::model::{Id, Problem, Severity};
use crate::text::{Spans, Text};
use form::Form;

/// The label of an annotation stands in the first of these that it has.
const LABELS: &[&str] = &["value", "kind", "label", "type", "category"];

struct Reader<'a> {
    cas: &'a Cas,
    by_id: ById<'a>,
    builder: Builder,
    /// The structures of the text that is read, with what each is.
    all: Vec<(&'a Structure, Form)>,
    forms: BTreeMap<u64, Form>,
    made: BTreeMap<u64, Id>,
    /// Entities by their keys, and by their identifiers.
    entities: BTreeMap<String, Id>,
    identified: BTreeMap<String, Id>,
    /// Parts, fillers, links and links of chains that something refers to.
    used: BTreeSet<u64>,
    /// What was left out: words and how often, with the first line.
    left: BTreeMap<String, (usize, Option<usize>)>,
}

/// The document of a file.
pub fn document(mut cas: Cas, format: &str) -> Result<Read, Vec<Problem>> {
    let mut problems = std::mem::take(&mut cas.problems);
    let by_id = match index(&cas, &mut problems) {
        Some(by_id) if problems.iter().all(|problem| problem.severity != Severity::Error) => by_id,
        _ => return Err(problems),
    };
    let Some(sofa) = view(&cas) else {
        let message = "there is no text in the file";
        problems.push(Problem::error("no-text", message, "export it with its text").at_line(1, 1));
        return Err(problems);
    };
    let text = Text::new(sofa.text("sofaString").unwrap_or_default()).map_err(|error| {
        vec![Problem::error("text-too-long", error.to_string(), "split the file into several articles")]
    })?;
    let mut reader = Reader {
        cas: &cas,
        by_id,
        builder: Builder::new(format, text, None),
        all: Vec::new(),
        forms: BTreeMap::new(),
        made: BTreeMap::new(),
        entities: BTreeMap::new(),
        identified: BTreeMap::new(),
        used: BTreeSet::new(),
        left: BTreeMap::new(),
    };
    reader.choose(sofa);
    reader.make();
    reader.connect();
    reader.tell();
    let mut read = reader.builder.finish(None).map_err(|mut refused| {
        refused.splice(0..0, problems.clone());
        refused
    })?;
    read.problems.splice(0..0, problems);
    Ok(read)
}

/// Structures by their ids; a problem for each id that is there twice.
fn index<'a>(cas: &'a Cas, problems: &mut Vec<Problem>) -> Option<ById<'a>> {
    let mut by_id = ById::new();
    let mut is_sound = true;
    // Some writers count texts by themselves, so that a text may have the id of another structure.
    for sofa in cas.structures.iter().filter(|s| s.r#type == types::SOFA) {
        by_id.insert(sofa.id, sofa);
    }
    for structure in cas.structures.iter().filter(|s| s.r#type != types::SOFA) {
        let known = by_id.insert(structure.id, structure);
        if known.is_some_and(|known| known.r#type != types::SOFA) {
            let message = format!("the id {} is there twice", structure.id);
            let problem = Problem::error("duplicate-id", message, "give each feature structure an id of its own");
            problems.push(problem.at_line(structure.line.unwrap_or(1), 1));
            is_sound = false;
        }
    }
    is_sound.then_some(by_id)
}

/// The text to read: the initial one, or the first.
fn view(cas: &Cas) -> Option<&Structure> {
    let has_text = |s: &&Structure| s.r#type == types::SOFA && s.text("sofaString").is_some();
    let all = || cas.structures.iter().filter(has_text);
    all().find(|s| s.text("sofaID") == Some("_InitialView")).or_else(|| all().next())
}

/// What links lead to.
fn slotted(cas: &Cas) -> BTreeSet<u64> {
    let links = cas.structures.iter().filter(|s| s.begin.is_none());
    let target = |link: &Structure| match link.features.get("target") {
        Some(Value::Ref(id)) => Some(*id),
        _ => None,
    };
    links.filter_map(target).collect()
}

impl<'a> Reader<'a> {
    fn refuse(&mut self, code: &'static str, message: impl Into<String>, hint: &str, at: &Structure) {
        self.builder.refuse(code, message, hint, at.line);
    }

    /// Notes something that has no place in a document.
    fn leave(&mut self, what: String, at: &Structure) {
        self.left.entry(what).or_insert((0, at.line)).0 += 1;
    }

    fn tell(&mut self) {
        for (what, (count, line)) in std::mem::take(&mut self.left) {
            let times = if count == 1 { String::new() } else { format!(" ({count} times)") };
            self.builder.warn("left-out", format!("{what}{times}"), "nothing in the program has this meaning", line);
        }
    }

    /// Takes the structures of one text.
    fn choose(&mut self, sofa: &Structure) {
        let cas = self.cas;
        let slotted = slotted(cas);
        let mut strange: BTreeSet<&str> = BTreeSet::new();
        let sofas: ById<'a> = cas.structures.iter().filter(|s| s.r#type == types::SOFA).map(|s| (s.id, s)).collect();
        for structure in &cas.structures {
            match structure.sofa {
                Some(other) if other != sofa.id => match sofas.get(&other) {
                    Some(found) => {
                        if !cas.types.is_a(&structure.r#type, types::DOCUMENT) {
                            let name = found.text("sofaID").unwrap_or_default();
                            self.leave(
                                format!("an annotation of another text, the view {name:?}, is left out"),
                                structure,
                            );
                        }
                        continue;
                    }
                    None => {
                        let message = format!("there is no text with the id {other}");
                        self.refuse("unknown-reference", message, "the file may be cut off", structure);
                        continue;
                    }
                },
                _ => {}
            }
            let form = match form::of(structure, &cas.types, &self.by_id) {
                // A layer of others that has the name.
                Form::Part | Form::Filler if !slotted.contains(&structure.id) => Form::Mention,
                form => form,
            };
            self.forms.insert(structure.id, form);
            let is_strange = !cas.types.is_empty() && !cas.types.knows(&structure.r#type);
            if is_strange && strange.insert(structure.r#type.as_str()) {
                let message =
                    format!("the type {} is not in the type system and is read by its form", structure.r#type);
                self.builder.warn("unknown-type", message, "export the type system again", structure.line);
            }
            self.all.push((structure, form));
        }
        for (structure, form) in self.all.clone() {
            match form {
                Form::Metadata => {
                    header::read_metadata(structure, &mut self.builder.header);
                    for name in structure.features.keys().filter(|name| !header::METADATA.contains(&name.as_str())) {
                        self.leave(format!("the feature {name} of {} is left out", structure.short()), structure);
                    }
                }
                Form::Technical => self.leave(format!("{} is left out", structure.short()), structure),
                _ => {}
            }
        }
        for (structure, form) in self.all.clone() {
            match form {
                Form::Info => header::read_info(structure, &mut self.builder.header),
                Form::DocumentLabel => header::read_label(structure, &mut self.builder.header),
                _ => {}
            }
        }
    }

    fn form_of(&self, structure: &Structure) -> Form {
        self.forms.get(&structure.id).copied().unwrap_or(Form::Other)
    }

    /// A value with its references followed; a problem if they lead nowhere.
    fn resolve(&mut self, value: &Value, at: &Structure) -> Option<Resolved> {
        match resolved(value, &self.by_id) {
            Ok(found) => Some(found),
            Err((code, message)) => {
                self.refuse(code, message, "the file may be cut off or damaged", at);
                None
            }
        }
    }

    /// The structures that a feature refers to.
    fn targets(&mut self, structure: &Structure, feature: &str) -> Vec<&'a Structure> {
        let Some(value) = structure.features.get(feature) else { return Vec::new() };
        match self.resolve(value, structure) {
            Some(Resolved::Targets(ids)) => ids.iter().filter_map(|id| self.by_id.get(id).copied()).collect(),
            _ => Vec::new(),
        }
    }

    /// What the links in a slot lead to, with their roles.
    fn links(&mut self, structure: &Structure, slot: &str) -> Vec<(String, &'a Structure)> {
        let mut found = Vec::new();
        for link in self.targets(structure, slot) {
            self.used.insert(link.id);
            for target in self.targets(link, "target") {
                found.push((link.text("role").unwrap_or(slot).to_owned(), target));
            }
        }
        found
    }

    /// Where a structure is, with its further parts.
    fn spans(&mut self, structure: &Structure) -> Option<Spans> {
        let (begin, end) = (structure.begin.unwrap_or(0), structure.end.unwrap_or(0));
        let mut spans: Spans = [self.builder.span(Unit::Utf16, begin, end, structure.line)?].into_iter().collect();
        if form::has_parts(structure, &self.by_id) {
            for (_, part) in self.links(structure, "parts") {
                self.used.insert(part.id);
                let (begin, end) = (part.begin.unwrap_or(0), part.end.unwrap_or(0));
                spans.push(self.builder.span(Unit::Utf16, begin, end, part.line)?);
            }
        }
        Some(spans)
    }
}
