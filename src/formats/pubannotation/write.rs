//! From a document to the lists of a file, one element a line.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::losses::{can_be_end, tidied};
use super::{
    CHAIN, CLAIMED_IN, CUE, ENTITY, ENTITY_ALIAS, ENTITY_LINK, ENTITY_NAME, ENTITY_NOTE, ENTITY_TYPE, EVENT, FILLER,
    FRAGMENT, IMPLICIT, NOTE, QUOTE, RELATION, is_own_attribute, is_own_role,
};
use crate::edit::arguments_of;
use crate::formats::{dangling, order};
use crate::model::{AttributeValue, Attributes, Document, Filler, Id, Kind, Zone};
use crate::text::Span;

struct Writer<'a> {
    document: &'a Document,
    is_chain: bool,
    /// The denotations of annotations.
    places: BTreeMap<Id, String>,
    /// How many denotations there are.
    numbered: usize,
    denotations: Vec<Value>,
    relations: Vec<Value>,
    attributes: Vec<Value>,
}

/// The file.
pub fn file(document: &Document, is_chain: bool) -> String {
    let document = &tidied(document);
    let mut writer = Writer {
        document,
        is_chain,
        places: BTreeMap::new(),
        numbered: 0,
        denotations: Vec::new(),
        relations: Vec::new(),
        attributes: Vec::new(),
    };
    writer.all();
    let span = |span: Span| writer.span(span);
    let zones = document.header().zones.iter().filter(|zone| !zone.span.is_empty()).enumerate();
    let block = |(i, zone): (usize, &Zone)| json!({"id": format!("B{}", i + 1), "span": span(zone.span), "obj": zone.kind.word()});
    let blocks: Vec<Value> = zones.map(block).collect();
    let header = document.header();
    let mut fields = vec![format!("\"text\": {}", json!(document.text().as_str()))];
    let mut field = |key: &str, value: Option<&str>| {
        fields.extend(value.filter(|v| !v.is_empty()).map(|v| format!("{}: {}", json!(key), json!(v))));
    };
    field("sourcedb", header.metadata.source.as_deref());
    field("sourceid", Some(&header.metadata.id));
    field("project", header.annotator.as_deref());
    let lists = [
        ("denotations", writer.denotations),
        ("blocks", blocks),
        ("relations", writer.relations),
        ("attributes", writer.attributes),
    ];
    for (key, values) in lists {
        if values.is_empty() && key != "denotations" {
            continue;
        }
        let lines: Vec<String> = values.iter().map(|value| format!("\n  {value}")).collect();
        let end = if lines.is_empty() { "" } else { "\n " };
        fields.push(format!("\"{key}\": [{}{end}]", lines.join(",")));
    }
    format!("{{\n {}\n}}\n", fields.join(",\n "))
}

impl Writer<'_> {
    fn span(&self, span: Span) -> Value {
        let text = self.document.text();
        json!({"begin": text.codepoint_of(span.start).0, "end": text.codepoint_of(span.end).0})
    }

    fn next_place(&mut self) -> String {
        self.numbered += 1;
        format!("T{}", self.numbered)
    }

    fn relation(&mut self, subj: &str, pred: &str, obj: &str) -> String {
        let id = format!("R{}", self.relations.len() + 1);
        self.relations.push(json!({"id": id, "subj": subj, "pred": pred, "obj": obj}));
        id
    }

    fn attribute(&mut self, subj: &str, pred: &str, obj: impl Into<Value>) {
        let id = format!("A{}", self.attributes.len() + 1);
        self.attributes.push(json!({"id": id, "subj": subj, "pred": pred, "obj": obj.into()}));
    }

    fn denotation(&mut self, id: &str, label: &str, spans: &[Span]) {
        let Some((last, before)) = spans.split_last() else { return };
        if before.is_empty() || !self.is_chain {
            let all = || spans.iter().map(|span| self.span(*span)).collect();
            let span = if before.is_empty() { self.span(*last) } else { Value::Array(all()) };
            self.denotations.push(json!({"id": id, "span": span, "obj": label}));
            return;
        }
        let mut parts: Vec<(String, Span)> = Vec::new();
        for span in before {
            parts.push((self.next_place(), *span));
        }
        for (part, span) in &parts {
            let span = self.span(*span);
            self.denotations.push(json!({"id": part, "span": span, "obj": FRAGMENT}));
        }
        let span = self.span(*last);
        self.denotations.push(json!({"id": id, "span": span, "obj": label}));
        let mut after = id.to_owned();
        for (part, _) in parts.into_iter().rev() {
            self.relation(&after, CHAIN, &part);
            after = part;
        }
    }

    /// Words that are no mention.
    fn words(&mut self, owner: &str, role: &str, label: &str, spans: &[Span]) {
        let id = self.next_place();
        self.denotation(&id, label, spans);
        self.attribute(&id, FILLER, true);
        self.relation(owner, role, &id);
    }

    fn common(&mut self, subj: &str, attributes: &Attributes, note: Option<&String>) {
        for (name, value) in attributes.iter().filter(|(name, _)| !is_own_attribute(name)) {
            match value {
                AttributeValue::Flag(flag) => self.attribute(subj, name, *flag),
                AttributeValue::Text(text) => self.attribute(subj, name, text.as_str()),
                AttributeValue::List(list) => {
                    for text in list {
                        self.attribute(subj, name, text.as_str());
                    }
                }
            }
        }
        if let Some(note) = note {
            self.attribute(subj, NOTE, note.as_str());
        }
    }

    fn all(&mut self) {
        let document = self.document;
        let ids: Vec<Id> = order::ids(document).into_iter().filter(|id| can_be_end(document, id)).collect();
        for id in &ids {
            let place = self.next_place();
            self.places.insert(id.clone(), place);
        }
        for id in &ids {
            let place = self.places.get(id).cloned().unwrap_or_default();
            if let Some(m) = document.mentions().get(id) {
                self.denotation(&place, &m.label, &m.spans);
                self.common(&place, &m.attributes, m.note.as_ref());
            } else if let Some(e) = document.events().get(id) {
                self.denotation(&place, &e.r#type, &e.trigger);
                self.attribute(&place, EVENT, true);
                self.common(&place, &e.attributes, e.note.as_ref());
                let quote = dangling::claimed_in(document, e.claimed_in.as_ref());
                if let Some(quote) = quote.and_then(|quote| self.places.get(quote)).cloned() {
                    self.relation(&place, CLAIMED_IN, &quote);
                }
            } else if let Some(q) = document.quotes().get(id) {
                self.denotation(&place, "Quote", &q.content);
                self.attribute(&place, QUOTE, q.kind.as_str());
                self.common(&place, &q.attributes, q.note.as_ref());
                if let Some(cue) = q.cue.as_ref().filter(|cue| !cue.is_empty()) {
                    self.words(&place, CUE, "Cue", cue);
                }
            }
            self.arguments(id, &place);
        }
        self.entities();
        for r in order::relations(document) {
            let ends = (self.places.get(&r.from).cloned(), self.places.get(&r.to).cloned());
            if let (Some(from), Some(to)) = ends
                && r.label != CHAIN
            {
                let id = self.relation(&from, &r.label, &to);
                if document.kind_of(&r.from) != Some(Kind::Mention) {
                    self.attribute(&id, RELATION, true);
                }
                self.common(&id, &r.attributes, r.note.as_ref());
            }
        }
    }

    fn arguments(&mut self, owner: &Id, place: &str) {
        for argument in arguments_of(self.document, owner) {
            let role = argument.role.as_str();
            if is_own_role(role) || !dangling::is_sound(self.document, &argument.filler) {
                continue;
            }
            match &argument.filler {
                Filler::Mention(id) | Filler::Event(id) => {
                    if let Some(to) = self.places.get(id).cloned() {
                        self.relation(place, role, &to);
                    }
                }
                Filler::Span(spans) => self.words(place, role, "Filler", spans),
                Filler::Implicit(words) => self.attribute(place, &[IMPLICIT, role].concat(), words.as_str()),
            }
        }
    }

    fn entities(&mut self) {
        let document = self.document;
        for n in order::entities(document) {
            let mut mentions: Vec<_> = document.mentions_of(&n.id).collect();
            mentions.sort_by_key(|m| (m.spans.first().map(|span| (span.start, span.end)), m.id.clone()));
            let places: Vec<String> = mentions.iter().filter_map(|m| self.places.get(&m.id).cloned()).collect();
            for place in &places {
                self.attribute(place, ENTITY, n.id.as_str());
            }
            let Some(first) = places.first() else { continue };
            self.attribute(first, ENTITY_TYPE, n.r#type.as_str());
            self.attribute(first, ENTITY_NAME, n.name.as_str());
            for alias in &n.aliases {
                self.attribute(first, ENTITY_ALIAS, alias.as_str());
            }
            for (name, value) in [(ENTITY_LINK, &n.link), (ENTITY_NOTE, &n.note)] {
                if let Some(value) = value {
                    self.attribute(first, name, value.as_str());
                }
            }
        }
    }
}
