//! A schema as `annotation.conf` and `visual.conf`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::super::{FILLER, entities, names};
use crate::formats::quotes_as_events as quotes;
use crate::model::Schema;
use crate::model::schema::{AttributeKind, EventType, RoleType};

/// What may be anything.
const ANYTHING: &str = "<ENTITY>|<EVENT>";

/// `annotation.conf`.
pub fn annotation(schema: &Schema) -> String {
    let mut out = String::from("[entities]\n");
    for mention in &schema.mentions {
        let _ = writeln!(out, "{}", label(&mention.label));
    }
    if schema.quotes.is_some() && schema.mention(quotes::CUE).is_none() {
        let _ = writeln!(out, "{}", quotes::CUE);
    }
    let _ = writeln!(out, "{FILLER}\n\n[relations]");
    for relation in &schema.relations {
        let (from, to) = (fillers(schema, &relation.from), fillers(schema, &relation.to));
        let symmetric = if relation.symmetric { ", <REL-TYPE>:symmetric" } else { "" };
        let _ = writeln!(out, "{}\tArg1:{from}, Arg2:{to}{symmetric}", names::name(&relation.label));
    }
    let _ = writeln!(out, "{}\tArg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive", entities::SAME);
    out.push_str("<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>\n\n[events]\n");
    events(schema, &mut out);
    out.push_str("\n[attributes]\n");
    attributes(schema, &mut out);
    out
}

fn label(text: &str) -> String {
    if text == FILLER { super::super::ESCAPED_FILLER.to_owned() } else { names::name(text) }
}

/// Fillers in brat's words.
fn fillers(schema: &Schema, fillers: &[String]) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut add = |name: String| {
        if !out.contains(&name) {
            out.push(name);
        }
    };
    for filler in fillers {
        match (filler.as_str(), filler.strip_prefix('@')) {
            ("*mention", _) => add("<ENTITY>".into()),
            ("*event", _) => add("<EVENT>".into()),
            ("*span", _) => add(FILLER.into()),
            (_, Some(group)) => {
                schema.groups.get(group).into_iter().flatten().for_each(|member| add(label(member)));
            }
            (name, None) => add(label(name)),
        }
    }
    if out.is_empty() { ANYTHING.to_owned() } else { out.join("|") }
}

fn roles(schema: &Schema, roles: &[RoleType]) -> Vec<String> {
    let one = |role: &RoleType| {
        let count = match (role.min, role.max) {
            (1, Some(1)) => String::new(),
            (0, Some(1)) => "?".into(),
            (0, None) => "*".into(),
            (_, None) => "+".into(),
            (min, Some(max)) if min == max => format!("{{{min}}}"),
            (min, Some(max)) => format!("{{{min}-{max}}}"),
        };
        format!("{}{count}:{}", names::role(&role.role), fillers(schema, &role.fillers))
    };
    roles.iter().map(one).collect()
}

fn event_line(out: &mut String, depth: usize, name: &str, arguments: &[String]) {
    let (indent, arguments) = ("\t".repeat(depth), arguments.join(", "));
    let _ = writeln!(out, "{}", format!("{indent}{name}\t{arguments}").trim_end());
}

fn events(schema: &Schema, out: &mut String) {
    let mut children: BTreeMap<&str, Vec<&EventType>> = BTreeMap::new();
    for event in &schema.events {
        if let Some(group) = event.group.as_deref().filter(|group| *group != event.r#type) {
            children.entry(group).or_default().push(event);
        }
    }
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for event in &schema.events {
        // A group comes where its first type stands; one that is a type itself, where that type stands.
        let group = event.group.as_deref().filter(|group| *group != event.r#type);
        match group {
            Some(group) if schema.event(group).is_none() => {
                if children.contains_key(group) && done.insert(group) {
                    let name = format!("!{}", names::name(group));
                    event_line(out, 0, &name, &[]);
                    for child in children.get(group).into_iter().flatten() {
                        with_children(schema, child, 1, &children, &mut done, out);
                    }
                }
            }
            Some(_) => {}
            None => with_children(schema, event, 0, &children, &mut done, out),
        }
    }
    // Types that are in each other's groups.
    for event in &schema.events {
        if !done.contains(event.r#type.as_str()) {
            with_children(schema, event, 0, &children, &mut done, out);
        }
    }
    if let Some(quote) = &schema.quotes {
        let cue = [format!("{}?:{}", quotes::CUE, quotes::CUE)];
        let all: Vec<String> = cue.into_iter().chain(roles(schema, &quote.roles)).collect();
        event_line(out, 0, quotes::TYPE, &all);
    }
}

fn with_children<'s>(
    schema: &Schema,
    event: &'s EventType,
    depth: usize,
    children: &BTreeMap<&str, Vec<&'s EventType>>,
    done: &mut BTreeSet<&'s str>,
    out: &mut String,
) {
    // Nobody nests groups as deep as this; without a limit a file could exhaust the stack.
    if depth > 20 || !done.insert(&event.r#type) {
        return;
    }
    let claimed = schema.quotes.is_some().then(|| format!("{}?:{}", quotes::CLAIMED_IN, quotes::TYPE));
    let all: Vec<String> = roles(schema, &event.roles).into_iter().chain(claimed).collect();
    event_line(out, depth, &label(&event.r#type), &all);
    for child in children.get(event.r#type.as_str()).into_iter().flatten() {
        with_children(schema, child, depth + 1, children, done, out);
    }
}

fn attributes(schema: &Schema, out: &mut String) {
    // brat knows an attribute by its name: those of the same name become one.
    let mut lines: BTreeMap<&str, (Vec<String>, Vec<String>, bool)> = BTreeMap::new();
    let owners = (schema.mentions.iter().map(|m| (label(&m.label), &m.attributes)))
        .chain(schema.events.iter().map(|e| (label(&e.r#type), &e.attributes)))
        .chain(schema.quotes.iter().map(|q| (quotes::TYPE.to_owned(), &q.attributes)));
    for (owner, ids) in owners {
        for attribute in schema.attributes_of(ids) {
            let line = lines.entry(&attribute.name).or_insert_with(|| (Vec::new(), Vec::new(), true));
            if !line.0.contains(&owner) {
                line.0.push(owner.clone());
            }
            for value in attribute.values.iter().map(|value| names::value(value)) {
                if !line.1.contains(&value) {
                    line.1.push(value);
                }
            }
            line.2 &= attribute.kind == AttributeKind::Flag;
        }
    }
    if let Some(quote) = &schema.quotes {
        let line = lines.entry(quotes::KIND).or_insert_with(|| (Vec::new(), Vec::new(), false));
        if !line.0.iter().any(|owner| owner == quotes::TYPE) {
            line.0.push(quotes::TYPE.to_owned());
        }
        line.1.extend(quote.kinds.iter().map(|kind| names::value(&kind.kind)));
    }
    for (name, (owners, values, is_flag)) in lines {
        let values = if is_flag || values.is_empty() { String::new() } else { format!(", Value:{}", values.join("|")) };
        let _ = writeln!(out, "{}\tArg:{}{values}", names::name(name), owners.join("|"));
    }
}

/// `visual.conf`: names for people where brat's are escaped, and colours.
pub fn visual(schema: &Schema) -> String {
    let mut out = String::from("[labels]\n");
    let mut seen = BTreeSet::new();
    let events = schema.events.iter().flat_map(|e| {
        let roles = e.roles.iter().map(|role| role.role.as_str());
        [e.r#type.as_str()].into_iter().chain(e.group.as_deref()).chain(roles)
    });
    let all = (schema.mentions.iter().map(|m| m.label.as_str())).chain(events);
    let all = all.chain(schema.relations.iter().map(|r| r.label.as_str()));
    for name in all.chain(schema.attributes.iter().map(|a| a.name.as_str())) {
        let escaped = names::name(name);
        if escaped != name && seen.insert(name) {
            let shown: String = name.chars().filter(|c| *c != '|' && !c.is_control()).collect();
            let _ = writeln!(out, "{escaped} | {}", shown.trim());
        }
    }
    out.push_str("\n[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken\n");
    out.push_str("ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5, labelArrow:none\n");
    let colors = (schema.mentions.iter().map(|m| (label(&m.label), &m.color)))
        .chain(schema.events.iter().map(|e| (label(&e.r#type), &e.color)))
        .chain(schema.quotes.iter().map(|q| (quotes::TYPE.to_owned(), &q.color)));
    for (name, color) in colors {
        if let Some(color) = color {
            let _ = writeln!(out, "{name}\tbgColor:{color}");
        }
    }
    out
}
