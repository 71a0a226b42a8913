//! From annotations to a document.

use std::collections::BTreeMap;

use serde_json::Value;

use super::KINDS;
use crate::formats::build::Builder;
use crate::formats::capabilities::Unit;
use crate::model::{AttributeValue, Filler, Id, Kind};
use crate::text::{Span, Spans};

struct Annotation {
    value: Value,
    line: Option<usize>,
    id: Option<Id>,
}

struct Reader<'a> {
    builder: &'a mut Builder,
    shift: u64,
    found: Vec<Annotation>,
    by_iri: BTreeMap<String, Id>,
}

/// Adds the annotations of a file.
pub fn annotations(source: &str, shift: u64, builder: &mut Builder) {
    let mut reader = Reader { builder, shift, found: Vec::new(), by_iri: BTreeMap::new() };
    match serde_json::from_str::<Value>(source) {
        Ok(value) => reader.collect(value, None),
        Err(_) => {
            for (index, line) in source.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                match serde_json::from_str::<Value>(line) {
                    Ok(value) => reader.collect(value, Some(index + 1)),
                    Err(error) => {
                        let message = format!("the line is no JSON: {error}");
                        reader.builder.refuse("syntax", message, "the file may be cut off or damaged", Some(index + 1));
                    }
                }
            }
        }
    }
    let mut found = std::mem::take(&mut reader.found);
    for annotation in &mut found {
        reader.make(annotation);
    }
    for annotation in &found {
        reader.connect(annotation);
    }
    for annotation in &found {
        if kind(annotation) == "relation" {
            reader.relation(annotation);
        }
    }
}

fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(all)) => all.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one],
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn has_type(value: &Value, r#type: &str) -> bool {
    list(value.get("type")).into_iter().any(|t| t.as_str() == Some(r#type))
}

fn bodies<'a>(annotation: &'a Annotation, purpose: &'a str) -> impl Iterator<Item = &'a Value> {
    list(annotation.value.get("body")).into_iter().filter(move |body| text(body, "purpose") == Some(purpose))
}

/// Which of [`KINDS`] an annotation is, or a mention.
fn kind(annotation: &Annotation) -> &'static str {
    let named = bodies(annotation, "classifying").find_map(|body| text(body, "value"));
    KINDS.into_iter().find(|kind| Some(*kind) == named).unwrap_or("mention")
}

impl Reader<'_> {
    /// Annotations in arrays, pages and collections.
    fn collect(&mut self, value: Value, line: Option<usize>) {
        if let Value::Array(all) = value {
            for value in all {
                self.collect(value, line);
            }
        } else if has_type(&value, "AnnotationPage") || has_type(&value, "AnnotationCollection") {
            for key in ["first", "items"] {
                match value.get(key) {
                    Some(inner @ (Value::Array(_) | Value::Object(_))) => self.collect(inner.clone(), line),
                    Some(_) => {
                        let message = format!("the {key} of the collection is somewhere else");
                        self.builder.warn(
                            "elsewhere",
                            message,
                            "it was left out; nothing is loaded from outside",
                            line,
                        );
                    }
                    None => {}
                }
            }
        } else if has_type(&value, "Annotation") {
            self.found.push(Annotation { value, line, id: None });
        } else {
            self.builder.refuse("no-annotation", "this is no annotation", "its type has to be Annotation", line);
        }
    }

    /// The span of a target or body that is a part of the text.
    fn span(&mut self, resource: &Value, line: Option<usize>) -> Option<Span> {
        let selectors = list(resource.get("selector"));
        let of = |r#type: &str| selectors.iter().find(|s| has_type(s, r#type)).copied();
        let (position, quote) = (of("TextPositionSelector"), of("TextQuoteSelector"));
        let words = quote.and_then(|quote| text(quote, "exact"));
        if let Some(position) = position {
            let at = |key| position.get(key).and_then(Value::as_u64).and_then(|at| at.checked_sub(self.shift));
            let (Some(start), Some(end)) = (at("start"), at("end")) else {
                self.builder.refuse("bad-offset", "a position is no number", "start and end are code points", line);
                return None;
            };
            let span = self.builder.span(Unit::Codepoints, start, end, line)?;
            if let Some(words) = words {
                self.builder.expect_words(&[span], words, line);
            }
            return Some(span);
        }
        if let (Some(quote), Some(words)) = (quote, words) {
            let prefix = text(quote, "prefix").unwrap_or_default();
            let whole = [prefix, words, text(quote, "suffix").unwrap_or_default()].concat();
            let own = self.builder.text().as_str();
            let places: Vec<usize> = own.match_indices(&whole).map(|(at, _)| at + prefix.len()).take(2).collect();
            if let ([at], false) = (places.as_slice(), words.is_empty()) {
                return Some(Span::of(*at as u32, (*at + words.len()) as u32));
            }
            let message = format!(
                "the words {words:?} are in the text {}",
                if places.is_empty() { "nowhere" } else { "more than once" }
            );
            self.builder.warn(
                "no-position",
                message,
                "the annotation was left out; give it a TextPositionSelector",
                line,
            );
            return None;
        }
        let message = "the annotation is of no part of the text";
        self.builder.warn("no-position", message, "it was left out; a TextPositionSelector says where it is", line);
        None
    }

    fn spans(&mut self, resources: Vec<&Value>, line: Option<usize>) -> Spans {
        resources.into_iter().filter_map(|resource| self.span(resource, line)).collect()
    }

    fn make(&mut self, annotation: &mut Annotation) {
        let line = annotation.line;
        let kind = kind(annotation);
        if kind == "relation" {
            return;
        }
        let all = list(annotation.value.get("body"));
        let label = bodies(annotation, "tagging")
            .find_map(|body| text(body, "value"))
            .or_else(|| text(&annotation.value, "bodyValue"))
            .or_else(|| all.iter().filter(|b| text(b, "purpose").is_none()).find_map(|body| text(body, "value")))
            .or_else(|| list(annotation.value.get("motivation")).first().and_then(|m| m.as_str()))
            .unwrap_or("Annotation")
            .to_owned();
        let id = if kind == "entity" {
            let fields = |name: &str| -> Vec<String> {
                let named = bodies(annotation, "identifying").filter(|body| text(body, "label") == Some(name));
                named.filter_map(|body| text(body, "value")).map(str::to_owned).collect()
            };
            let id = self.builder.entity(&label, &fields("name").concat());
            if let Some(entity) = self.builder.entity_mut(&id) {
                entity.aliases = fields("alias");
                entity.link = fields("link").into_iter().next();
            }
            id
        } else {
            let spans = self.spans(list(annotation.value.get("target")), line);
            if spans.is_empty() {
                if list(annotation.value.get("target")).is_empty() {
                    self.builder.warn("no-position", "the annotation has no target", "it was left out", line);
                }
                return;
            }
            match kind {
                "event" => self.builder.event(&label, spans),
                "quote" => self.builder.quote(&label, spans),
                _ => self.builder.mention(&label, spans),
            }
        };
        if let Some(iri) = text(&annotation.value, "id")
            && self.by_iri.insert(iri.to_owned(), id.clone()).is_some()
        {
            self.builder.refuse("duplicate-id", format!("{iri} is there twice"), "give each an id of its own", line);
        }
        annotation.id = Some(id);
    }

    /// The annotation that a body leads to.
    fn target(&mut self, body: &Value, line: Option<usize>) -> Option<Id> {
        let iri = text(body, "source").or_else(|| text(body, "id")).unwrap_or_default();
        let found = self.by_iri.get(iri).cloned();
        if found.is_none() {
            let message = format!("there is no annotation {iri:?}");
            self.builder.refuse("unknown-reference", message, "the file may be cut off", line);
        }
        found
    }

    fn filler(&mut self, body: &Value, line: Option<usize>) -> Option<Filler> {
        if has_type(body, "TextualBody") {
            return Some(Filler::Implicit(text(body, "value").unwrap_or_default().to_owned()));
        }
        if body.get("selector").is_some() || body.get("items").is_some() {
            let parts = if body.get("items").is_some() { list(body.get("items")) } else { vec![body] };
            let mut spans = self.spans(parts, line);
            crate::text::normalise(&mut spans);
            return (!spans.is_empty()).then_some(Filler::Span(spans));
        }
        let id = self.target(body, line)?;
        let filler = self.builder.filler_of(&id);
        if filler.is_none() {
            let hint = "it was left out; mentions and events fill roles";
            self.builder.warn(
                "no-filler",
                "a role is filled by something that is neither mention nor event",
                hint,
                line,
            );
        }
        filler
    }

    fn connect(&mut self, annotation: &Annotation) {
        let line = annotation.line;
        let Some(id) = annotation.id.clone() else { return };
        self.describe(annotation, &id);
        let kind = self.builder.kind_of(&id);
        for body in bodies(annotation, "identifying").filter(|_| kind == Some(Kind::Mention)) {
            let Some(entity) = self.target(body, line) else { continue };
            if self.builder.kind_of(&entity) != Some(Kind::Entity) {
                self.builder.refuse(
                    "unknown-reference",
                    "what a mention refers to is no entity",
                    "link an entity",
                    line,
                );
            } else if let Some(mention) = self.builder.mention_mut(&id) {
                mention.entity = Some(entity);
            }
        }
        if kind == Some(Kind::Quote) {
            for body in bodies(annotation, "highlighting") {
                let parts = if body.get("items").is_some() { list(body.get("items")) } else { vec![body] };
                let mut cue = self.spans(parts, line);
                crate::text::normalise(&mut cue);
                if let Some(quote) = self.builder.quote_mut(&id) {
                    quote.cue = Some(cue).filter(|cue| !cue.is_empty());
                }
            }
        }
        if kind == Some(Kind::Event) {
            for body in bodies(annotation, "assessing") {
                let Some(quote) = self.target(body, line) else { continue };
                if self.builder.kind_of(&quote) != Some(Kind::Quote) {
                    self.builder.refuse(
                        "unknown-reference",
                        "what an event is claimed in is no quote",
                        "link a quote",
                        line,
                    );
                } else if let Some(event) = self.builder.event_mut(&id) {
                    event.claimed_in = Some(quote);
                }
            }
        }
        if matches!(kind, Some(Kind::Event | Kind::Quote)) {
            for body in bodies(annotation, "linking") {
                if let Some(filler) = self.filler(body, line) {
                    self.builder.argument(&id, text(body, "label").unwrap_or_default(), filler);
                }
            }
        }
    }

    /// Attributes and notes; what else is said is left out, and that is told.
    fn describe(&mut self, annotation: &Annotation, id: &Id) {
        let line = annotation.line;
        let kind = self.builder.kind_of(id);
        let mut tags = 0;
        for body in list(annotation.value.get("body")) {
            match (text(body, "purpose"), text(body, "label"), body.get("value")) {
                (Some("describing"), Some(name), Some(value)) => {
                    let value = match value {
                        Value::Bool(flag) => AttributeValue::Flag(*flag),
                        Value::Array(all) => AttributeValue::List(all.iter().map(plain).collect()),
                        other => AttributeValue::Text(plain(other)),
                    };
                    self.builder.attribute(id, name, value);
                }
                (Some("commenting"), _, Some(value)) => self.builder.note(id, &plain(value)),
                (Some("tagging") | None, None, Some(_)) if tags == 0 => tags += 1,
                (Some("classifying"), _, Some(value)) if value.as_str().is_some_and(|v| KINDS.contains(&v)) => {}
                (Some("identifying"), ..) if matches!(kind, Some(Kind::Mention | Kind::Entity)) => {}
                (Some("linking"), ..) if matches!(kind, Some(Kind::Event | Kind::Quote | Kind::Relation)) => {}
                (Some("highlighting"), ..) if kind == Some(Kind::Quote) => {}
                (Some("assessing"), ..) if kind == Some(Kind::Event) => {}
                (purpose, ..) => {
                    let message = format!("a body of the purpose {:?} is not understood", purpose.unwrap_or("none"));
                    self.builder.warn("unknown-body", message, "it was left out", line);
                }
            }
        }
    }

    fn relation(&mut self, annotation: &Annotation) {
        let line = annotation.line;
        let ends: Vec<(String, &Value)> = bodies(annotation, "linking")
            .map(|body| (text(body, "label").unwrap_or_default().to_owned(), body))
            .collect();
        let mut end = |role: &str| {
            let body = ends.iter().find(|(name, _)| name == role).map(|(_, body)| *body);
            if body.is_none() {
                let message = format!("the relation has no end {role:?}");
                self.builder.refuse("bad-relation", message, "it needs from and to", line);
            }
            body.and_then(|body| self.target(body, line))
        };
        if let (Some(from), Some(to)) = (end("from"), end("to")) {
            let label = bodies(annotation, "tagging").find_map(|body| text(body, "value")).unwrap_or_default();
            let id = self.builder.relation(label, &from, &to);
            self.describe(annotation, &id);
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
