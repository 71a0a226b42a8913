//! From denotations, blocks, relations and attributes to annotations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use strum::IntoEnumIterator as _;

use super::{
    CHAIN, CLAIMED_IN, CUE, ENTITY, ENTITY_ALIAS, ENTITY_LINK, ENTITY_NAME, ENTITY_NOTE, ENTITY_TYPE, EVENT, FILLER,
    FRAGMENT, IMPLICIT, NOTE, QUOTE, RELATION, is_own_attribute,
};
use crate::formats::build::Builder;
use crate::formats::capabilities::Unit;
use crate::formats::quotes::json;
use crate::model::{AttributeValue, Filler, Id, Kind, Zone, ZoneKind};
use crate::text::Spans;

const LISTS: [&str; 5] = ["denotations", "blocks", "relations", "attributes", "modifications"];

/// The lines on which the elements of the lists of a file begin, as far as they were not yet asked for.
#[derive(Default)]
pub struct Lines(BTreeMap<&'static str, std::vec::IntoIter<usize>>);

impl Lines {
    /// Of a whole file.
    pub fn of(source: &str) -> Self {
        Self(LISTS.into_iter().map(|key| (key, json::lines_of(source, key).into_iter())).collect())
    }

    fn next(&mut self, key: &str) -> Option<usize> {
        self.0.get_mut(key).and_then(Iterator::next)
    }
}

/// What an object says of the document as a whole.
pub fn header(fields: &Map<String, Value>, builder: &mut Builder) {
    let text = |key: &str| fields.get(key).and_then(plain).filter(|text| !text.is_empty());
    let metadata = &mut builder.header.metadata;
    if let Some(id) = text("sourceid") {
        metadata.id = match text("divid") {
            Some(part) => format!("{id}/{part}"),
            None => id,
        };
    }
    metadata.source = text("sourcedb");
    builder.header.annotator = text("project");
    let known = ["text", "sourceid", "divid", "sourcedb", "project", "target", "tracks"];
    let others = fields.iter().filter(|(key, _)| !known.contains(&key.as_str()) && !LISTS.contains(&key.as_str()));
    let others: Vec<&str> =
        others.filter(|(_, v)| !matches!(v, Value::Array(all) if all.is_empty())).map(|(k, _)| k.as_str()).collect();
    if !others.is_empty() {
        let message = format!("there is no place for {} of the document", others.join(", "));
        builder.warn("left-out", message, "they are left out; prefixes of labels stay as they are", None);
    }
}

/// An element of a list.
struct Item<'a> {
    fields: &'a Map<String, Value>,
    line: Option<usize>,
}

impl Item<'_> {
    fn text(&self, key: &str) -> Option<String> {
        self.fields.get(key).and_then(plain)
    }
}

/// A denotation or block.
struct Place {
    label: String,
    spans: Spans,
    line: Option<usize>,
    is_block: bool,
    /// What it becomes.
    becomes: Becomes,
    made: Option<Id>,
}

#[derive(PartialEq, Eq)]
enum Becomes {
    Mention,
    Event,
    Quote(String),
    Words,
    Zone(ZoneKind),
    /// A fragment of another.
    Part,
}

/// A relation.
struct Link {
    id: Option<String>,
    subj: String,
    pred: String,
    obj: String,
    line: Option<usize>,
    is_role: bool,
    made: Option<Id>,
}

/// An attribute.
struct Said<'a> {
    subj: String,
    pred: String,
    obj: &'a Value,
    line: Option<usize>,
}

static TRUE: Value = Value::Bool(true);

struct Reader<'a, 'b> {
    builder: &'b mut Builder,
    places: Vec<Place>,
    by_id: BTreeMap<String, usize>,
    links: Vec<Link>,
    link_by_id: BTreeMap<String, usize>,
    said: Vec<Said<'a>>,
    ids: BTreeSet<String>,
    /// Fields of elements that are not understood, told once each.
    odd: BTreeSet<(&'static str, String)>,
}

/// Adds the annotations of a document or track.
pub fn annotations(set: &Value, lines: &mut Lines, builder: &mut Builder) {
    let mut reader = Reader {
        builder,
        places: Vec::new(),
        by_id: BTreeMap::new(),
        links: Vec::new(),
        link_by_id: BTreeMap::new(),
        said: Vec::new(),
        ids: BTreeSet::new(),
        odd: BTreeSet::new(),
    };
    if let Some(project) = set.get("project").and_then(plain) {
        reader.builder.header.annotator = Some(project);
    }
    reader.take(set, lines);
    reader.join();
    reader.kinds();
    reader.make();
    reader.connect();
    reader.describe();
    reader.entities();
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl<'a> Reader<'a, '_> {
    // --- what stands in the lists ------------------------------------------------------------------------------

    fn items(&mut self, set: &'a Value, key: &'static str, known: &[&str], lines: &mut Lines) -> Vec<Item<'a>> {
        let all = match set.get(key) {
            Some(Value::Array(all)) => all.as_slice(),
            None | Some(Value::Null) => &[],
            Some(_) => {
                self.builder.refuse("json-shape", format!("{key} is no list"), super::OBJECT, None);
                &[]
            }
        };
        let mut items = Vec::new();
        for value in all {
            let line = lines.next(key);
            let Some(fields) = value.as_object() else {
                let message = format!("an element of {key} is no object");
                self.builder.refuse("json-shape", message, super::OBJECT, line);
                continue;
            };
            for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
                if self.odd.len() < 20 && self.odd.insert((key, name.clone())) {
                    let message = format!("there is no place for {name} of {key}");
                    self.builder.warn("left-out", message, "it is left out, here and in all others", line);
                }
            }
            if let Some(id) = fields.get("id").and_then(plain)
                && !self.ids.insert(id.clone())
            {
                let message = format!("the identifier {id} is used twice");
                self.builder.refuse("duplicate-id", message, "give one of them another number", line);
            }
            items.push(Item { fields, line });
        }
        items
    }

    /// The fields of an element, all of which it needs.
    fn needed<const N: usize>(&mut self, item: &Item<'_>, what: &str, keys: [&str; N]) -> Option<[String; N]> {
        let mut found = [const { String::new() }; N];
        for (to, key) in found.iter_mut().zip(keys) {
            let Some(text) = item.text(key) else {
                let message = format!("the {what} has no {key}");
                self.builder.refuse("json-shape", message, "the file may be damaged", item.line);
                return None;
            };
            *to = text;
        }
        Some(found)
    }

    fn take(&mut self, set: &'a Value, lines: &mut Lines) {
        for (key, what, is_block) in [("denotations", "denotation", false), ("blocks", "block", true)] {
            for item in self.items(set, key, &["id", "span", "obj"], lines) {
                let Some([label]) = self.needed(&item, what, ["obj"]) else { continue };
                let spans = self.spans(&item, what);
                if let Some(id) = item.text("id") {
                    self.by_id.insert(id, self.places.len());
                }
                let becomes = Becomes::Mention;
                self.places.push(Place { label, spans, line: item.line, is_block, becomes, made: None });
            }
        }
        for item in self.items(set, "relations", &["id", "subj", "pred", "obj"], lines) {
            let Some([subj, pred, obj]) = self.needed(&item, "relation", ["subj", "pred", "obj"]) else { continue };
            let id = item.text("id");
            if let Some(id) = &id {
                self.link_by_id.insert(id.clone(), self.links.len());
            }
            self.links.push(Link { id, subj, pred, obj, line: item.line, is_role: false, made: None });
        }
        for item in self.items(set, "attributes", &["id", "subj", "pred", "obj"], lines) {
            let Some([subj, pred]) = self.needed(&item, "attribute", ["subj", "pred"]) else { continue };
            let obj = item.fields.get("obj").unwrap_or(&TRUE);
            self.said.push(Said { subj, pred, obj, line: item.line });
        }
        for item in self.items(set, "modifications", &["id", "pred", "obj"], lines) {
            let Some([subj, pred]) = self.needed(&item, "modification", ["obj", "pred"]) else { continue };
            self.said.push(Said { subj, pred, obj: &TRUE, line: item.line });
        }
    }

    fn spans(&mut self, item: &Item<'_>, what: &str) -> Spans {
        let parts = match item.fields.get("span") {
            Some(Value::Array(all)) => all.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        if parts.is_empty() {
            let message = format!("the {what} has no span");
            self.builder.refuse("bad-offset", message, "it needs begin and end", item.line);
        }
        let mut spans = Spans::new();
        for part in parts {
            let at = |key: &str| part.get(key).and_then(Value::as_u64);
            let (Some(begin), Some(end)) = (at("begin"), at("end")) else {
                let message = format!("a position of the {what} is no number");
                self.builder.refuse("bad-offset", message, "begin and end count code points", item.line);
                continue;
            };
            spans.extend(self.builder.span(Unit::Codepoints, begin, end, item.line));
        }
        crate::text::normalise(&mut spans);
        spans
    }

    // --- what belongs together ---------------------------------------------------------------------------------

    /// Joins fragments: the first that has a label of its own stands for all.
    fn join(&mut self) {
        let mut next_to: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for link in std::mem::take(&mut self.links) {
            if link.pred != CHAIN {
                self.links.push(link);
                continue;
            }
            let ends = (self.by_id.get(&link.subj).copied(), self.by_id.get(&link.obj).copied());
            if let (Some(a), Some(b)) = ends {
                next_to.entry(a).or_default().push(b);
                next_to.entry(b).or_default().push(a);
            } else {
                let unknown = if ends.0.is_none() { &link.subj } else { &link.obj };
                let message = format!("a fragment is joined to {unknown}, which is not in the file");
                self.builder.refuse("unknown-reference", message, "the file may be cut off", link.line);
            }
        }
        // The relations that are left have other places in the list.
        self.link_by_id = self.links.iter().enumerate().filter_map(|(at, link)| Some((link.id.clone()?, at))).collect();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut stands_for: BTreeMap<usize, usize> = BTreeMap::new();
        for first in next_to.keys().copied() {
            if !seen.insert(first) {
                continue;
            }
            let (mut members, mut open) = (vec![first], vec![first]);
            while let Some(at) = open.pop() {
                for other in next_to.get(&at).into_iter().flatten() {
                    if seen.insert(*other) {
                        members.push(*other);
                        open.push(*other);
                    }
                }
            }
            members.sort_unstable();
            self.join_these(&members, &mut stands_for);
        }
        for place in self.by_id.values_mut() {
            if let Some(head) = stands_for.get(place) {
                *place = *head;
            }
        }
    }

    fn join_these(&mut self, members: &[usize], stands_for: &mut BTreeMap<usize, usize>) {
        let has_label = |at: &usize| self.places.get(*at).is_some_and(|place| place.label != FRAGMENT);
        let Some(head) = members.iter().copied().find(|at| has_label(at)).or(members.first().copied()) else { return };
        let mut spans = Spans::new();
        let mut labels: BTreeSet<&str> = BTreeSet::new();
        for at in members {
            let Some(place) = self.places.get(*at) else { continue };
            spans.extend(place.spans.iter().copied());
            if place.label != FRAGMENT {
                labels.insert(&place.label);
            }
            stands_for.insert(*at, head);
        }
        crate::text::normalise(&mut spans);
        if labels.len() > 1 {
            let message =
                format!("joined fragments have the labels {}", labels.into_iter().collect::<Vec<_>>().join(", "));
            let line = self.places.get(head).and_then(|place| place.line);
            self.builder.warn("labels-of-parts", message, "that of the first is kept", line);
        }
        for at in members {
            if let Some(place) = self.places.get_mut(*at) {
                if *at == head {
                    place.spans = std::mem::take(&mut spans);
                } else {
                    place.becomes = Becomes::Part;
                }
            }
        }
    }

    /// Finds out what each place and relation is.
    fn kinds(&mut self) {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        used.extend(self.links.iter().flat_map(|link| [link.subj.as_str(), link.obj.as_str()]));
        used.extend(self.said.iter().map(|said| said.subj.as_str()));
        let used: BTreeSet<usize> = used.into_iter().filter_map(|id| self.by_id.get(id).copied()).collect();
        for (at, place) in self.places.iter_mut().enumerate() {
            let zone = ZoneKind::iter().find(|kind| kind.word() == place.label);
            if let Some(kind) = zone
                && place.is_block
                && place.spans.len() == 1
                && !used.contains(&at)
            {
                place.becomes = Becomes::Zone(kind);
            }
        }
        let mut no_roles: BTreeSet<usize> = BTreeSet::new();
        for said in &self.said {
            if said.pred == RELATION {
                no_roles.extend(self.link_by_id.get(&said.subj));
            }
            let place = self.by_id.get(&said.subj).and_then(|at| self.places.get_mut(*at));
            let Some(place) = place.filter(|place| place.becomes == Becomes::Mention) else { continue };
            match (said.pred.as_str(), said.obj) {
                (EVENT, Value::Bool(true)) => place.becomes = Becomes::Event,
                (QUOTE, Value::String(kind)) => place.becomes = Becomes::Quote(kind.clone()),
                (FILLER, Value::Bool(true)) => place.becomes = Becomes::Words,
                _ => {}
            }
        }
        for (at, link) in self.links.iter_mut().enumerate() {
            let from = self.by_id.get(&link.subj).and_then(|at| self.places.get(*at)).map(|place| &place.becomes);
            link.is_role = matches!(from, Some(Becomes::Event | Becomes::Quote(_))) && !no_roles.contains(&at);
        }
    }

    fn make(&mut self) {
        let mut has_blocks = None;
        for place in &mut self.places {
            let spans = place.spans.iter().copied();
            place.made = match &place.becomes {
                Becomes::Mention => Some(self.builder.mention(&place.label, spans)),
                Becomes::Event => Some(self.builder.event(&place.label, spans)),
                Becomes::Quote(kind) => Some(self.builder.quote(kind, spans)),
                Becomes::Zone(kind) => {
                    let zone = spans.into_iter().next().map(|span| Zone { kind: *kind, span });
                    self.builder.header.zones.extend(zone);
                    None
                }
                Becomes::Words | Becomes::Part => None,
            };
            if place.is_block && place.made.is_some() {
                has_blocks = has_blocks.or(Some(place.line));
            }
        }
        if let Some(line) = has_blocks {
            let message = "there are blocks that are neither headline, byline, dateline, caption nor body";
            self.builder.warn("blocks", message, "they are read as mentions", line);
        }
        self.builder.header.zones.sort_by_key(|zone| (zone.span.start, zone.span.end, zone.kind));
    }

    // --- what refers to what -----------------------------------------------------------------------------------

    fn unknown(&mut self, what: &str, id: &str, line: Option<usize>) {
        if self.link_by_id.contains_key(id) {
            let message = format!("the {what} is one of the relation {id}");
            self.builder.warn("relation-of-relation", message, "it is left out", line);
        } else {
            let message = format!("the {what} refers to {id}, which is not in the file");
            self.builder.refuse("unknown-reference", message, "the file may be cut off", line);
        }
    }

    fn connect(&mut self) {
        for at in 0..self.links.len() {
            let Some(link) = self.links.get(at) else { continue };
            let (line, is_role) = (link.line, link.is_role);
            let (subj, pred, obj) = (link.subj.clone(), link.pred.clone(), link.obj.clone());
            let (from, to) = (self.by_id.get(&subj).copied(), self.by_id.get(&obj).copied());
            let (Some(from), Some(to)) = (from, to) else {
                self.unknown("relation", if from.is_none() { &subj } else { &obj }, line);
                continue;
            };
            let (Some(from), Some(to)) = (self.places.get(from), self.places.get(to)) else { continue };
            let words = (to.becomes == Becomes::Words).then(|| to.spans.clone());
            let (from, to) = (from.made.clone(), to.made.clone());
            match (from, to.clone()) {
                (Some(from), _) if is_role => self.role(&from, &pred, words, to, line),
                (Some(from), Some(to)) => {
                    let made = self.builder.relation(&pred, &from, &to);
                    if let Some(link) = self.links.get_mut(at) {
                        link.made = Some(made);
                    }
                }
                _ => {
                    let message = format!("the relation {pred} is one of words that only fill roles");
                    self.builder.warn("odd-relation", message, "it is left out", line);
                }
            }
        }
    }

    fn role(&mut self, owner: &Id, role: &str, words: Option<Spans>, to: Option<Id>, line: Option<usize>) {
        if role == CUE
            && let Some(spans) = &words
            && let Some(quote) = self.builder.quote_mut(owner)
            && quote.cue.is_none()
        {
            quote.cue = Some(spans.clone());
            return;
        }
        let kind = to.as_ref().and_then(|to| self.builder.kind_of(to));
        if role == CLAIMED_IN
            && kind == Some(Kind::Quote)
            && let Some(event) = self.builder.event_mut(owner)
            && event.claimed_in.is_none()
        {
            event.claimed_in = to;
            return;
        }
        let filler = words.map(Filler::Span).or_else(|| to.and_then(|to| self.builder.filler_of(&to)));
        match filler {
            Some(filler) => self.builder.argument(owner, role, filler),
            None => {
                let message = format!("the role {role} is filled by what is neither mention, event nor words");
                self.builder.warn("odd-filler", message, "it is left out", line);
            }
        }
    }

    /// What an identifier of the file became.
    fn made(&self, id: &str) -> Option<Id> {
        let place = self.by_id.get(id).and_then(|at| self.places.get(*at)).and_then(|place| place.made.clone());
        place.or_else(|| self.link_by_id.get(id).and_then(|at| self.links.get(*at)).and_then(|link| link.made.clone()))
    }

    fn describe(&mut self) {
        for said in std::mem::take(&mut self.said) {
            let (pred, line) = (said.pred.as_str(), said.line);
            if !self.by_id.contains_key(&said.subj) && !self.link_by_id.contains_key(&said.subj) {
                self.unknown("attribute", &said.subj, line);
                continue;
            }
            let is_entity = pred.starts_with(ENTITY) && is_own_attribute(pred);
            if is_entity {
                self.said.push(said);
                continue;
            }
            let Some(id) = self.made(&said.subj) else {
                if !matches!(pred, FILLER | RELATION) {
                    let message = format!("the attribute {pred} is one of {}, which has none", said.subj);
                    self.builder.warn("odd-attribute", message, "it is left out", line);
                }
                continue;
            };
            let kind = self.builder.kind_of(&id);
            let value = match said.obj {
                Value::Bool(flag) => AttributeValue::Flag(*flag),
                Value::String(text) => AttributeValue::Text(text.clone()),
                Value::Number(number) => AttributeValue::Text(number.to_string()),
                _ => {
                    let message = format!("the value of the attribute {pred} is neither a text, a number, yes nor no");
                    self.builder.warn("odd-attribute", message, "it is left out", line);
                    continue;
                }
            };
            match (pred, kind, value) {
                (EVENT, Some(Kind::Event), AttributeValue::Flag(true))
                | (QUOTE, Some(Kind::Quote), AttributeValue::Text(_))
                | (RELATION, Some(Kind::Relation), _) => {}
                (NOTE, _, AttributeValue::Text(note)) => self.builder.note(&id, &note),
                (_, Some(Kind::Event | Kind::Quote), AttributeValue::Text(words)) if pred.starts_with(IMPLICIT) => {
                    let role = pred.strip_prefix(IMPLICIT).unwrap_or_default();
                    self.builder.argument(&id, role, Filler::Implicit(words));
                }
                (_, _, value) => self.builder.attribute(&id, pred, value),
            }
        }
    }

    /// Entities, of what is left of the attributes.
    fn entities(&mut self) {
        let mut made: BTreeMap<String, Id> = BTreeMap::new();
        let said = std::mem::take(&mut self.said);
        for (is_first, said) in said.iter().map(|s| (true, s)).chain(said.iter().map(|s| (false, s))) {
            if is_first != (said.pred == ENTITY) {
                continue;
            }
            let mention = self.made(&said.subj).filter(|id| self.builder.kind_of(id) == Some(Kind::Mention));
            let (Some(mention), Some(value)) = (mention, plain(said.obj)) else {
                let message = format!("the attribute {} is none of a mention, or no text", said.pred);
                self.builder.warn("odd-attribute", message, "it is left out", said.line);
                continue;
            };
            if is_first {
                let known = made.get(&value).cloned();
                let entity = known.or_else(|| self.new_entity(&mention));
                if let Some(entity) = &entity {
                    made.insert(value, entity.clone());
                }
                if let Some(mention) = self.builder.mention_mut(&mention) {
                    mention.entity = entity;
                }
                continue;
            }
            let entity = self.builder.mention_mut(&mention).and_then(|mention| mention.entity.clone());
            let Some(id) = entity else {
                let message = format!("the attribute {} is one of a mention without an entity", said.pred);
                self.builder.warn("odd-attribute", message, "it is left out", said.line);
                continue;
            };
            if said.pred == ENTITY_NOTE {
                self.builder.note(&id, &value);
                continue;
            }
            let Some(entity) = self.builder.entity_mut(&id) else { continue };
            match said.pred.as_str() {
                ENTITY_TYPE => entity.r#type = value.into(),
                ENTITY_NAME => entity.name = value,
                ENTITY_ALIAS => entity.aliases.push(value),
                ENTITY_LINK => entity.link = Some(value),
                _ => {}
            }
        }
    }

    /// An entity with the label and words of a mention.
    fn new_entity(&mut self, mention: &Id) -> Option<Id> {
        let mention = self.builder.mention_mut(mention)?.clone();
        let name = self.builder.text().excerpt(&mention.spans);
        Some(self.builder.entity(&mention.label, &name))
    }
}
