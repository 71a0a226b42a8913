//! What a line could go on with: keys, labels, roles, entities, by what the schema and the index know.

use std::collections::BTreeSet;
use std::ops::Range;

use rusqlite::OptionalExtension as _;

use super::line::{KEYS, part_at, role_text, value_text};
use super::query::MarkKind;
use super::run::SearchError;
use crate::model::Schema;
use crate::project::index::{Index, IndexPlace, fold};

/// How many ways to go on are offered.
const OFFERED: usize = 12;

/// What is known of a project beside its schema.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Labels that are in use.
    pub labels: BTreeSet<String>,
    /// Folders of annotators.
    pub annotators: Vec<String>,
    /// Names of entities that begin with what is typed, in their order.
    pub entities: Vec<String>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the line that it takes the place of.
    pub replaces: Range<usize>,
    /// What is put there.
    pub with: String,
    /// What it is, for people.
    pub about: String,
}

/// What the line could go on with at the byte `cursor`; nothing where words are typed that no key begins with. `known.entities`
/// are asked for with [`entities_like`].
pub fn complete(line: &str, cursor: usize, schema: &Schema, known: &Known) -> Vec<Completion> {
    let (replaces, key) = part_at(line, cursor);
    let typed = line.get(replaces.clone()).unwrap_or_default().trim_start_matches('"').to_lowercase();
    let rest = line.get(..replaces.start).unwrap_or_default();
    let offers = match key.as_deref() {
        None if typed.is_empty() => Vec::new(),
        None => keys(rest, schema),
        Some(key) => values(key, &typed, schema, known),
    };
    let begins = |with: &str| {
        let with = with.trim_start_matches('"').to_lowercase();
        with.starts_with(&typed) && with.trim_end_matches('"') != typed
    };
    let offers = offers.into_iter().filter(|(with, _)| begins(with)).take(OFFERED);
    offers.map(|(with, about)| Completion { replaces: replaces.clone(), with, about }).collect()
}

/// The kind and type that the line asks for so far.
fn asked(line: &str) -> Option<(MarkKind, String)> {
    let find = |key: &str, kind| {
        let at = line.rfind(key)?;
        let value = line.get(at + key.len()..)?.split_whitespace().next().unwrap_or_default();
        Some((kind, value.trim_matches('"').to_owned()))
    };
    find("event:", MarkKind::Event)
        .or_else(|| find("quote:", MarkKind::Quote))
        .or_else(|| find("relation:", MarkKind::Relation))
        .or_else(|| line.contains("speaker:").then(|| (MarkKind::Quote, String::new())))
}

/// The names of roles of a kind of mark, and what they are.
fn roles(kind: MarkKind, label: &str, schema: &Schema) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut add = |role: &str, of: &str| {
        if !out.iter().any(|(known, _)| known == role) {
            out.push((role.to_owned(), format!("role of {of}")));
        }
    };
    match kind {
        MarkKind::Mention => {}
        MarkKind::Relation => {
            add("from", "relations");
            add("to", "relations");
        }
        MarkKind::Quote => {
            for role in schema.quotes.iter().flat_map(|quotes| &quotes.roles) {
                add(&role.role, "quotes");
            }
        }
        MarkKind::Event => {
            let is_asked = |of: &str| label.is_empty() || label == "*" || of.eq_ignore_ascii_case(label);
            for event in schema.events.iter().filter(|event| is_asked(&event.r#type)) {
                for role in &event.roles {
                    add(&role.role, &event.r#type);
                }
            }
        }
    }
    out
}

fn keys(line: &str, schema: &Schema) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    if let Some((kind, label)) = asked(line) {
        let roles = roles(kind, &label, schema).into_iter();
        out.extend(roles.map(|(role, about)| (format!("{}:", role_text(&role)), about)));
    }
    out.extend(KEYS.iter().map(|(key, _, about)| (format!("{key}:"), (*about).to_owned())));
    out
}

fn values(key: &str, typed: &str, schema: &Schema, known: &Known) -> Vec<(String, String)> {
    let of = |values: Vec<String>, about: &str| -> Vec<(String, String)> {
        values.iter().map(|value| (value_text(value), about.to_owned())).collect()
    };
    let mentions = || schema.mentions.iter().map(|mention| mention.label.clone()).collect::<Vec<_>>();
    let events = || schema.events.iter().map(|event| event.r#type.clone()).collect::<Vec<_>>();
    let quotes = || schema.quotes.iter().flat_map(|q| &q.kinds).map(|kind| kind.kind.clone()).collect::<Vec<_>>();
    let relations = || schema.relations.iter().map(|relation| relation.label.clone()).collect::<Vec<_>>();
    match key.to_ascii_lowercase().as_str() {
        "label" => {
            let mut all: Vec<String> = Vec::new();
            let used = known.labels.iter().cloned();
            for label in mentions().into_iter().chain(events()).chain(quotes()).chain(relations()).chain(used) {
                if !all.contains(&label) {
                    all.push(label);
                }
            }
            of(all, "label")
        }
        "mention" => of(mentions(), "label of mentions"),
        "event" => of(events(), "type of events"),
        "quote" => of(quotes(), "kind of quotes"),
        "relation" => of(relations(), "label of relations"),
        "status" => of(["new", "in_progress", "done", "flagged"].map(str::to_owned).to_vec(), "status"),
        "case" | "whole" => of(vec!["yes".to_owned()], ""),
        "annotator" => of(known.annotators.clone(), "annotator"),
        "attr" => attributes(schema),
        _ if typed.is_empty() => of(known.entities.clone(), "entity"),
        _ => {
            let mut all = of(known.entities.clone(), "entity");
            if !key.eq_ignore_ascii_case("entity") {
                all.extend(of(mentions(), "label"));
            }
            all
        }
    }
}

fn attributes(schema: &Schema) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let of_mentions = schema.mentions.iter().flat_map(|of| &of.attributes);
    let of_events = schema.events.iter().flat_map(|of| &of.attributes);
    let of_quotes = schema.quotes.iter().flat_map(|of| &of.attributes);
    for id in of_mentions.chain(of_events).chain(of_quotes) {
        let Some(attribute) = schema.attributes.iter().find(|attribute| attribute.id == *id) else { continue };
        let values =
            attribute.values.iter().map(|value| format!("{}={}", value_text(&attribute.name), value_text(value)));
        for with in values {
            if !out.iter().any(|(known, _)| *known == with) {
                out.push((with, "attribute".to_owned()));
            }
        }
    }
    out
}

/// What is typed of a value that may be the name of an entity.
pub fn name_typed(line: &str, cursor: usize) -> Option<String> {
    let (typed, key) = part_at(line, cursor);
    let key = key?;
    let takes_names = ["entity", "speaker"].iter().any(|known| key.eq_ignore_ascii_case(known))
        || !KEYS.iter().any(|(known, ..)| key.eq_ignore_ascii_case(known));
    takes_names.then(|| fold::name(line.get(typed).unwrap_or_default().trim_matches('"')))
}

/// Names of entities in the index that begin with some letters, whatever their capitals, each once, in their order.
///
/// # Errors
/// [`SearchError`] if the index cannot be used.
pub fn entities_like(place: &IndexPlace, typed: &str, most: usize) -> Result<Vec<String>, SearchError> {
    let index = Index::open(place)?;
    let typed = fold::name(typed);
    let mut all = Vec::new();
    let mut last: Option<String> = None;
    while all.len() < most {
        let (from, which) = last.as_deref().map_or((typed.as_str(), ">="), |last| (last, ">"));
        let sql = format!("SELECT name, shown FROM names WHERE name {which} ?1 ORDER BY name LIMIT 1");
        let mut statement = index.connection().prepare_cached(&sql)?;
        let next =
            statement.query_row([from], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).optional()?;
        let Some((name, shown)) = next.filter(|(name, _)| name.starts_with(&typed)) else { break };
        all.push(shown);
        last = Some(name);
    }
    Ok(all)
}
