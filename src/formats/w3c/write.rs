//! From a document to annotations, one a line.

use serde_json::{Value, json};

use super::CONTEXT;
use crate::edit::arguments_of;
use crate::formats::{dangling, order};
use crate::model::{AttributeValue, Attributes, Document, Filler, Id};
use crate::text::{BytePos, Span, Text};

/// Characters of context on each side of the words.
const AROUND: usize = 16;

struct Writer<'a> {
    document: &'a Document,
    source: String,
    shift: u32,
    out: String,
}

/// The file.
pub fn annotations(document: &Document, name: &str) -> String {
    let source = format!("urn:doc:{}", escaped(name));
    let mut writer = Writer { document, source, shift: u32::from(super::has_mark(document)), out: String::new() };
    writer.all();
    writer.out
}

/// What can stand in an IRI as it is; all else as its bytes.
fn escaped(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn iri(id: &Id) -> String {
    format!("urn:ann:{}", escaped(id.as_str()))
}

fn text_body(purpose: &str, value: &str) -> Value {
    json!({"type": "TextualBody", "purpose": purpose, "value": value})
}

fn common(bodies: &mut Vec<Value>, attributes: &Attributes, note: Option<&String>) {
    for (name, value) in attributes {
        let value = match value {
            AttributeValue::Flag(flag) => json!(flag),
            AttributeValue::Text(text) => json!(text),
            AttributeValue::List(list) => json!(list),
        };
        bodies.push(json!({"type": "TextualBody", "purpose": "describing", "label": name, "value": value}));
    }
    bodies.extend(note.map(|note| text_body("commenting", note)));
}

fn around(text: &Text, span: Span) -> (String, String) {
    let before = text.slice(Span::new(BytePos(0), span.start));
    let after = text.slice(Span::new(span.end, text.end()));
    let start = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    (before.get(start..).unwrap_or_default().to_owned(), after.chars().take(AROUND).collect())
}

impl Writer<'_> {
    fn resource(&self, span: Span) -> Value {
        let text = self.document.text();
        let (start, end) = (text.codepoint_of(span.start).0 + self.shift, text.codepoint_of(span.end).0 + self.shift);
        let (prefix, suffix) = around(text, span);
        json!({"type": "SpecificResource", "source": self.source, "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {"type": "TextQuoteSelector", "exact": text.slice(span), "prefix": prefix, "suffix": suffix},
        ]})
    }

    /// A part of the text as a body.
    fn part(&self, purpose: &str, label: &str, spans: &[Span]) -> Value {
        let mut body = match spans {
            [only] => self.resource(*only),
            _ => json!({"type": "Composite", "items": spans.iter().map(|s| self.resource(*s)).collect::<Vec<_>>()}),
        };
        if let Some(fields) = body.as_object_mut() {
            fields.insert("purpose".into(), json!(purpose));
            fields.insert("label".into(), json!(label));
        }
        body
    }

    fn arguments(&self, bodies: &mut Vec<Value>, id: &Id) {
        for argument in arguments_of(self.document, id) {
            if !dangling::is_sound(self.document, &argument.filler) {
                continue;
            }
            let role = &argument.role;
            bodies.push(match &argument.filler {
                Filler::Mention(id) | Filler::Event(id) => link(role, id),
                Filler::Span(spans) => self.part("linking", role, spans),
                Filler::Implicit(words) => {
                    json!({"type": "TextualBody", "purpose": "linking", "label": role, "value": words})
                }
            });
        }
    }

    /// Adds a line. What covers nothing stands at the beginning of the text.
    fn line(&mut self, id: &Id, motivation: &str, bodies: Vec<Value>, spans: &[Span]) {
        let at_start = [Span::empty(BytePos(0))];
        let spans = if spans.is_empty() { &at_start } else { spans };
        let mut targets: Vec<Value> = spans.iter().map(|span| self.resource(*span)).collect();
        let target = if targets.len() == 1 { targets.remove(0) } else { Value::Array(targets) };
        let line = json!({"@context": CONTEXT, "id": iri(id), "type": "Annotation", "motivation": motivation,
                          "body": bodies, "target": target});
        self.out.push_str(&line.to_string());
        self.out.push('\n');
    }

    fn all(&mut self) {
        let document = self.document;
        for m in order::mentions(document).into_iter().filter(|m| !m.spans.is_empty()) {
            let mut bodies = vec![text_body("tagging", &m.label)];
            let entity = m.entity.as_ref().filter(|id| document.entities().contains_key(id));
            bodies.extend(
                entity.map(|id| json!({"type": "SpecificResource", "purpose": "identifying", "source": iri(id)})),
            );
            common(&mut bodies, &m.attributes, m.note.as_ref());
            self.line(&m.id, "tagging", bodies, &m.spans);
        }
        for e in order::events(document).into_iter().filter(|e| !e.trigger.is_empty()) {
            let mut bodies = vec![text_body("tagging", &e.r#type), text_body("classifying", "event")];
            self.arguments(&mut bodies, &e.id);
            let quote = dangling::claimed_in(document, e.claimed_in.as_ref());
            bodies
                .extend(quote.map(|id| json!({"type": "SpecificResource", "purpose": "assessing", "source": iri(id)})));
            common(&mut bodies, &e.attributes, e.note.as_ref());
            self.line(&e.id, "tagging", bodies, &e.trigger);
        }
        for q in order::quotes(document).into_iter().filter(|q| !q.content.is_empty()) {
            let mut bodies = vec![text_body("tagging", &q.kind), text_body("classifying", "quote")];
            bodies
                .extend(q.cue.as_ref().filter(|cue| !cue.is_empty()).map(|cue| self.part("highlighting", "cue", cue)));
            self.arguments(&mut bodies, &q.id);
            common(&mut bodies, &q.attributes, q.note.as_ref());
            self.line(&q.id, "tagging", bodies, &q.content);
        }
        for n in order::entities(document) {
            let mut bodies = vec![text_body("tagging", &n.r#type), text_body("classifying", "entity")];
            let field = |name: &str, value: &str| json!({"type": "TextualBody", "purpose": "identifying", "label": name, "value": value});
            bodies.push(field("name", &n.name));
            bodies.extend(n.aliases.iter().map(|alias| field("alias", alias)));
            bodies.extend(n.link.as_ref().map(|link| field("link", link)));
            common(&mut bodies, &Attributes::new(), n.note.as_ref());
            self.line(&n.id, "identifying", bodies, &document.spans_of(&n.id));
        }
        for r in order::relations(document) {
            if dangling::has_place(document, &r.from) && dangling::has_place(document, &r.to) {
                let mut bodies = vec![text_body("tagging", &r.label), text_body("classifying", "relation")];
                bodies.extend([link("from", &r.from), link("to", &r.to)]);
                common(&mut bodies, &r.attributes, r.note.as_ref());
                self.line(&r.id, "linking", bodies, &document.spans_of(&r.from));
            }
        }
    }
}

fn link(role: &str, id: &Id) -> Value {
    json!({"type": "SpecificResource", "purpose": "linking", "label": role, "source": iri(id)})
}
