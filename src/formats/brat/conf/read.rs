//! `annotation.conf` as a schema.
//!
//! A type with others indented under it stands for them wherever it is named; `!` says that it is nothing by itself.
//! Relations that are symmetric and transitive are equivalence sets, which are entities here and no relations.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{FILLER, names};
use crate::formats::quotes_as_events as quotes;
use crate::model::schema::{
    AttributeKind, AttributeType, BUILTIN, EventType, MentionType, QuoteKind, QuoteType, RelationType, RoleType,
    builtin,
};
use crate::model::{Problem, Schema};

/// One line of the file.
struct Line<'a> {
    number: usize,
    section: &'a str,
    name: &'a str,
    /// Whether it is nothing by itself.
    is_heading: bool,
    /// The line that it is indented under.
    parent: Option<&'a str>,
    /// What follows the name, parts of it by their keys: `Place?` and `A|B`.
    parts: Vec<(String, String)>,
}

/// The schema, and what was not understood of it.
pub fn read(file: &str) -> (Schema, Vec<Problem>) {
    let shipped = BUILTIN.iter().filter_map(|(name, _)| builtin(name));
    if let Some(schema) = shipped.into_iter().find(|schema| super::annotation(schema) == file) {
        return (schema.clone(), Vec::new());
    }
    let mut problems = Vec::new();
    let lines = lines(file, &mut problems);
    let mut reading = Reading::new(&lines, problems);
    let mut schema = Schema::empty("", 1);
    schema.title = "Labels of annotation.conf".into();
    reading.types(&lines, &mut schema);
    reading.relations(&lines, &mut schema);
    reading.attributes(&lines, &mut schema);
    reading.quotes(&lines, &mut schema);
    super::rename(&mut schema);
    (schema, reading.problems)
}

fn warning(code: &'static str, line: usize, message: String, hint: &str) -> Problem {
    Problem::warning(code, message, hint).at_line(line, 1)
}

fn lines<'a>(file: &'a str, problems: &mut Vec<Problem>) -> Vec<Line<'a>> {
    let mut macros: Vec<(String, String)> = Vec::new();
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut section = "";
    let mut above: Vec<(usize, &str)> = Vec::new();
    for (index, line) in file.lines().enumerate() {
        let trimmed = line.trim();
        let is_rule = !trimmed.is_empty() && trimmed.chars().all(|c| c == '-');
        if trimmed.is_empty() || trimmed.starts_with('#') || is_rule {
            continue;
        }
        let number = index + 1;
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            above.clear();
            if !["entities", "relations", "events", "attributes"].contains(&name) {
                let message = format!("the section {name} is not known");
                problems.push(warning("conf-section", number, message, "its lines are left out"));
            }
            continue;
        }
        let expand = |text: &str| macros.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        if let Some((name, value)) = trimmed.split_once('=')
            && name.starts_with('<')
            && name.trim_end().ends_with('>')
        {
            let value = expand(value.trim());
            macros.push((name.trim_end().to_owned(), value));
            continue;
        }
        let (name, rest) = trimmed.split_once(char::is_whitespace).unwrap_or((trimmed, ""));
        let (name, is_heading) = name.strip_prefix('!').map_or((name, false), |name| (name, true));
        let depth = line.len() - line.trim_start().len();
        above.retain(|(other, _)| *other < depth);
        let parent = above.last().map(|(_, name)| *name);
        above.push((depth, name));
        let mut parts = Vec::new();
        for part in expand(rest).split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part.split_once(':') {
                Some((key, value)) => parts.push((key.trim().to_owned(), value.trim().to_owned())),
                None => {
                    let message = format!("{part:?} of {name} is not understood");
                    problems.push(warning("conf-syntax", number, message, "write it as Role:Type|Type"));
                }
            }
        }
        lines.push(Line { number, section, name, is_heading, parent, parts });
    }
    lines
}

struct Reading<'a> {
    problems: Vec<Problem>,
    /// Types that can be used, and what kinds of things they are.
    entities: BTreeSet<&'a str>,
    events: BTreeSet<&'a str>,
    /// Types with others under them, and those.
    groups: BTreeMap<&'a str, BTreeSet<&'a str>>,
    has_quotes: bool,
}

impl<'a> Reading<'a> {
    fn new(lines: &[Line<'a>], mut problems: Vec<Problem>) -> Self {
        let of = |section: &str| -> BTreeSet<&'a str> {
            lines.iter().filter(|l| l.section == section && !l.is_heading).map(|l| l.name).collect()
        };
        let events = of("events");
        let mut entities = of("entities");
        for both in entities.intersection(&events).copied().collect::<Vec<_>>() {
            let number = lines.iter().find(|line| line.name == both).map_or(1, |line| line.number);
            let message = format!("{both} is a type of entities and of events; it is read as one of events");
            problems.push(warning("conf-type-twice", number, message, "rename one of them"));
            entities.remove(both);
        }
        let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let parents: BTreeMap<&str, &str> = lines.iter().filter_map(|l| Some((l.name, l.parent?))).collect();
        for line in lines.iter().filter(|l| l.section == "entities" || l.section == "events") {
            let mut at = line.name;
            // As many steps as there are lines: names may be used twice.
            for _ in lines {
                let Some(parent) = parents.get(at) else { break };
                let members = groups.entry(parent).or_default();
                members.extend([line.name, parent].into_iter().filter(|n| entities.contains(n) || events.contains(n)));
                at = parent;
            }
        }
        let is_kind = |line: &Line<'_>| {
            line.section == "attributes"
                && line.name == quotes::KIND
                && line.parts.iter().any(|(key, value)| key == "Arg" && value.split('|').any(|t| t == quotes::TYPE))
                && line.parts.iter().any(|(key, _)| key == "Value")
        };
        let has_quotes = events.contains(quotes::TYPE) && lines.iter().any(is_kind);
        Self { problems, entities, events, groups, has_quotes }
    }

    /// Types in the words of schemas; `None` says anything.
    fn fillers(&mut self, types: &str, line: &Line<'_>) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for name in types.split('|').map(str::trim).filter(|name| !name.is_empty()) {
            let filler = match name {
                "<ANY>" => return Vec::new(),
                "<ENTITY>" => "*mention".to_owned(),
                "<EVENT>" => "*event".to_owned(),
                FILLER => "*span".to_owned(),
                // Cues of quotes are no mentions here, so a role of that type takes any words.
                quotes::CUE if self.has_quotes => "*span".to_owned(),
                quotes::TYPE if self.has_quotes => continue,
                _ if self.groups.get(name).is_some_and(|members| !members.is_empty()) => {
                    format!("@{}", names::unescaped(name))
                }
                _ if self.entities.contains(name) || self.events.contains(name) => names::unescaped(name),
                _ => {
                    let message = format!("{} names {name}, which is no type of this file", line.name);
                    let hint = "add it to the entities or events, or remove it";
                    self.problems.push(warning("conf-unknown-type", line.number, message, hint));
                    continue;
                }
            };
            if !out.contains(&filler) {
                out.push(filler);
            }
        }
        let is_anything = out.len() == 2 && out.iter().any(|f| f == "*mention") && out.iter().any(|f| f == "*event");
        if is_anything { Vec::new() } else { out }
    }

    fn roles(&mut self, line: &Line<'_>) -> Vec<RoleType> {
        let mut roles: Vec<RoleType> = Vec::new();
        for (key, types) in &line.parts {
            if key.starts_with('<') {
                continue;
            }
            let end_of_name = key.find(['?', '*', '+', '{']).unwrap_or(key.len());
            let (name, count) = key.split_at(end_of_name);
            let (min, max) = match count {
                "" => (1, Some(1)),
                "?" => (0, Some(1)),
                "*" => (0, None),
                "+" => (1, None),
                _ => match numbers(count) {
                    Some((min, max)) => (min, Some(max)),
                    None => {
                        let message =
                            format!("how often {name} of {} may be filled is not understood: {count}", line.name);
                        self.problems.push(warning("conf-count", line.number, message, "write ?, *, +, {2} or {2-3}"));
                        (0, None)
                    }
                },
            };
            let is_own =
                self.has_quotes && (name == quotes::CLAIMED_IN || (line.name == quotes::TYPE && name == quotes::CUE));
            let role = names::unescaped(name);
            if is_own || roles.iter().any(|known| known.role == role) {
                continue;
            }
            let fillers = self.fillers(types, line);
            roles.push(RoleType { role, fillers, min, max, definition: String::new() });
        }
        roles
    }

    fn types(&mut self, lines: &[Line<'a>], schema: &mut Schema) {
        for line in lines.iter().filter(|line| !line.is_heading) {
            let name = names::unescaped(line.name);
            let definition = format!("{name}, as in annotation.conf");
            if line.section == "entities" && self.entities.contains(line.name) {
                let is_own = line.name == FILLER || (self.has_quotes && line.name == quotes::CUE);
                if !is_own && schema.mention(&name).is_none() {
                    schema.mentions.push(MentionType {
                        label: name,
                        color: None,
                        key: None,
                        definition,
                        examples: Vec::new(),
                        attributes: Vec::new(),
                        needs_entity: false,
                    });
                }
            } else if line.section == "events" && !(self.has_quotes && line.name == quotes::TYPE) {
                let roles = self.roles(line);
                if schema.event(&name).is_none() {
                    schema.events.push(EventType {
                        r#type: name,
                        group: line.parent.map(names::unescaped),
                        color: None,
                        key: None,
                        definition,
                        examples: Vec::new(),
                        roles,
                        attributes: Vec::new(),
                    });
                }
            }
        }
        let is_known = |schema: &Schema, name: &str| schema.mention(name).is_some() || schema.event(name).is_some();
        for (group, members) in &self.groups {
            let members = members.iter().map(|name| names::unescaped(name)).filter(|name| is_known(schema, name));
            let members: Vec<String> = members.collect();
            schema.groups.insert(names::unescaped(group), members);
        }
    }

    fn relations(&mut self, lines: &[Line<'a>], schema: &mut Schema) {
        for line in lines.iter().filter(|line| line.section == "relations") {
            let part = |wanted: &str| line.parts.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str());
            let kind = part("<REL-TYPE>").unwrap_or_default();
            if line.name == "<OVERLAP>" {
                if part("<OVL-TYPE>") != Some("<ANY>") {
                    let message = "rules about which types may overlap are not kept".to_owned();
                    self.problems.push(warning("conf-overlap", line.number, message, ""));
                }
                continue;
            }
            if kind.contains("symmetric") && kind.contains("transitive") {
                continue;
            }
            let mut ends = line.parts.iter().filter(|(key, _)| !key.starts_with('<')).map(|(_, types)| types.as_str());
            let (first, second) = (ends.next().unwrap_or("<ANY>"), ends.next().unwrap_or("<ANY>"));
            let from = self.fillers(part("Arg1").unwrap_or(first), line);
            let to = self.fillers(part("Arg2").unwrap_or(second), line);
            let label = names::unescaped(line.name);
            match schema.relations.iter_mut().find(|known| known.label == label) {
                Some(known) => {
                    super::add(&mut known.from, &from);
                    super::add(&mut known.to, &to);
                }
                None => schema.relations.push(RelationType {
                    definition: format!("{label}, as in annotation.conf"),
                    label,
                    from,
                    to,
                    symmetric: kind.contains("symmetric"),
                    examples: Vec::new(),
                    attributes: Vec::new(),
                }),
            }
        }
    }

    fn attributes(&mut self, lines: &[Line<'a>], schema: &mut Schema) {
        for line in lines.iter().filter(|line| line.section == "attributes") {
            let (types, values) = self.attribute(line);
            let types: Vec<&str> = types.iter().map(String::as_str).collect();
            if line.name == quotes::KIND && self.has_quotes && types == [quotes::TYPE] {
                continue;
            }
            let name = names::unescaped(line.name);
            let same = schema.attributes.iter().find(|known| known.name == name && known.values == values);
            let id = match same {
                Some(known) => known.id.clone(),
                None => {
                    let is_taken = |id: &str| schema.attributes.iter().any(|known| known.id == id);
                    let mut id = name.clone();
                    let mut count = 1;
                    while is_taken(&id) {
                        count += 1;
                        id = format!("{name}-{count}");
                    }
                    schema.attributes.push(AttributeType {
                        id: id.clone(),
                        name,
                        kind: if values.is_empty() { AttributeKind::Flag } else { AttributeKind::Choice },
                        values,
                        value_definitions: BTreeMap::new(),
                        multiple: false,
                        default: None,
                        definition: String::new(),
                    });
                    id
                }
            };
            let is_of =
                |own: &str, all: &str| types.iter().any(|t| *t == all || *t == "<ANY>" || names::unescaped(t) == own);
            let members = |own: &str| {
                let groups = types.iter().filter_map(|t| schema.groups.get(&names::unescaped(t)));
                groups.flatten().any(|member| member == own)
            };
            let mentions: Vec<usize> = (schema.mentions.iter().enumerate())
                .filter(|(_, m)| is_of(&m.label, "<ENTITY>") || members(&m.label))
                .map(|(n, _)| n)
                .collect();
            let events: Vec<usize> = (schema.events.iter().enumerate())
                .filter(|(_, e)| is_of(&e.r#type, "<EVENT>") || members(&e.r#type))
                .map(|(n, _)| n)
                .collect();
            let id = [id];
            for number in mentions {
                if let Some(mention) = schema.mentions.get_mut(number) {
                    super::add(&mut mention.attributes, &id);
                }
            }
            for number in events {
                if let Some(event) = schema.events.get_mut(number) {
                    super::add(&mut event.attributes, &id);
                }
            }
            for relation in &mut schema.relations {
                if types.iter().any(|t| *t == "<RELATION>" || names::unescaped(t) == relation.label) {
                    super::add(&mut relation.attributes, &id);
                }
            }
        }
    }

    /// What an attribute is of, and its values.
    fn attribute(&self, line: &Line<'_>) -> (Vec<String>, Vec<String>) {
        let listed = |wanted: &str| -> Vec<String> {
            let parts = line.parts.iter().filter(|(key, _)| key == wanted);
            parts.flat_map(|(_, list)| list.split('|')).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect()
        };
        (listed("Arg"), listed("Value").iter().map(|value| names::unescaped(value)).collect())
    }

    fn quotes(&mut self, lines: &[Line<'a>], schema: &mut Schema) {
        if !self.has_quotes {
            return;
        }
        let Some(line) = lines.iter().find(|line| line.section == "events" && line.name == quotes::TYPE) else {
            return;
        };
        let roles = self.roles(line);
        let mut kinds: Vec<String> = Vec::new();
        let mut attributes: Vec<String> = Vec::new();
        for line in lines.iter().filter(|line| line.section == "attributes") {
            let (types, values) = self.attribute(line);
            if !types.iter().any(|t| t == quotes::TYPE || t == "<EVENT>" || t == "<ANY>") {
                continue;
            }
            if line.name == quotes::KIND {
                super::add(&mut kinds, &values);
            } else {
                let name = names::unescaped(line.name);
                let known = schema.attributes.iter().filter(|known| known.name == name && known.values == values);
                super::add(&mut attributes, &known.map(|known| known.id.clone()).collect::<Vec<_>>());
            }
        }
        let kind = |kind: String| QuoteKind {
            definition: format!("{kind}, as in annotation.conf"),
            kind,
            examples: Vec::new(),
            needs_cue: false,
        };
        schema.quotes = Some(QuoteType {
            color: None,
            definition: "Words of somebody".into(),
            examples: Vec::new(),
            kinds: kinds.into_iter().map(kind).collect(),
            roles,
            attributes,
        });
    }
}

/// `{2}` or `{2-3}`.
fn numbers(count: &str) -> Option<(u32, u32)> {
    let inner = count.strip_prefix('{')?.strip_suffix('}')?;
    let (min, max) = inner.split_once('-').unwrap_or((inner, inner));
    let (min, max) = (min.trim().parse().ok()?, max.trim().parse().ok()?);
    (min <= max && max > 0).then_some((min, max))
}
