//! From TEI to a document.

use std::collections::{BTreeMap, BTreeSet};

use super::body::{Body, Marked, QUOTES};
use super::escape;
use crate::formats::Read;
use crate::formats::articles::xml::{Element, Node};
use crate::formats::build::Builder;
use crate::formats::decode::line_and_column;
use crate::model::{AttributeValue, Filler, Id, Kind, Problem};
use crate::text::{Span, Spans, Text};

/// Problems that are looked up in the file; a file with more is broken as a whole, and looking is slow.
const MOST_LINES: usize = 100;

/// The document of a TEI element.
pub fn document(tei: &Element, source: &str) -> Result<Read, Vec<Problem>> {
    let Some(body) = tei.child("text").and_then(|text| text.first("body")) else {
        let problem = Problem::error("no-body", "there is no text with a body in it", "choose another file");
        return Err(vec![problem.at_line(1, 1)]);
    };
    let mut found = Body::default();
    found.walk(body);
    let text = Text::new(std::mem::take(&mut found.text)).map_err(|error| {
        vec![Problem::error("text-too-long", error.to_string(), "split the file into several articles")]
    })?;
    let mut reader = Reader {
        builder: Builder::new(super::INFO.id, text, None),
        source,
        body: &found,
        ids: BTreeMap::new(),
        refused: 0,
    };
    reader.all(tei);
    reader.builder.finish(None)
}

struct Reader<'a> {
    builder: Builder,
    source: &'a str,
    body: &'a Body<'a>,
    ids: BTreeMap<String, Id>,
    refused: usize,
}

/// Text in an element, with characters that XML cannot have.
fn content(element: &Element) -> String {
    let part = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Element(inner) => {
            inner.attribute("ref").and_then(escape::character).map(String::from).unwrap_or_default()
        }
    };
    element.children.iter().map(part).collect()
}

fn value(element: &Element, name: &str) -> String {
    escape::unescaped(element.attribute(name).unwrap_or_default())
}

impl<'a> Reader<'a> {
    /// The line on which something is first said.
    fn line(&self, words: &str) -> Option<usize> {
        self.source.find(words).map(|at| line_and_column(self.source, at).0)
    }

    fn refuse(&mut self, code: &'static str, message: String, hint: &str, at: &str) {
        self.refused += 1;
        let line = if self.refused > MOST_LINES { None } else { self.line(at) };
        self.builder.refuse(code, message, hint, line);
    }

    fn all(&mut self, tei: &'a Element) {
        self.warn_of_text(tei);
        let groups = tei.all("spanGrp");
        let of = |kind: &'static str| groups.iter().copied().filter(move |g| g.attribute("type") == Some(kind));
        for group in of("entity") {
            self.entity(group);
        }
        for marked in &self.body.marked {
            self.marked(marked);
        }
        let mut made: Vec<(&Element, Option<Id>)> = Vec::new();
        for group in &groups {
            let id = match group.attribute("type") {
                Some("mention" | "event" | "quote") => self.group(group),
                Some("entity" | "relation") => continue,
                _ => {
                    group.elements().filter(|span| span.name == "span").for_each(|span| self.foreign(span));
                    continue;
                }
            };
            made.push((group, id));
        }
        for (group, id) in made {
            if let Some(id) = id {
                self.fields(group, &id);
            }
        }
        for marked in self.body.marked.iter().filter(|marked| QUOTES.contains(&marked.element.name.as_str())) {
            self.speakers(marked.element);
        }
        for group in of("relation") {
            self.relation(group);
        }
    }

    fn warn_of_text(&mut self, tei: &Element) {
        let mut warn = |code, message: String, hint: &str| self.builder.warn(code, message, hint, None);
        if self.body.is_collapsed {
            let message = "line ends and indents of the XML were read as single blanks".to_owned();
            warn("white-space", message, "xml:space=\"preserve\" keeps them");
        }
        let names = |all: &BTreeSet<&str>| all.iter().copied().collect::<Vec<_>>().join(", ");
        if !self.body.ignored.is_empty() {
            let message = format!("the elements {} were read as their words alone", names(&self.body.ignored));
            warn("unknown-elements", message, "names, said, q, quote and seg with a type are annotations");
        }
        if !self.body.left_out.is_empty() {
            let message = format!("the elements {} were left out", names(&self.body.left_out));
            warn("left-out", message, "they are not words of the text");
        }
        let outside: Vec<&str> = ["front", "back"]
            .into_iter()
            .filter(|name| tei.child("text").and_then(|t| t.child(name)).is_some())
            .collect();
        if !outside.is_empty() {
            let message = format!("the {} of the text was left out", outside.join(" and the "));
            warn("left-out", message, "only the body is read");
        }
    }

    fn know(&mut self, element: &Element, id: &Id) {
        if let Some(name) = element.attribute("id")
            && self.ids.insert(name.to_owned(), id.clone()).is_some()
        {
            self.refuse(
                "duplicate-id",
                format!("the id {name:?} is there twice"),
                "ids are used once",
                &format!("\"{name}\""),
            );
        }
    }

    /// What a pointer leads to.
    fn target(&mut self, pointer: &str) -> Option<Id> {
        let found = pointer.strip_prefix('#').and_then(|name| self.ids.get(name)).cloned();
        if found.is_none() {
            let message = format!("{pointer:?} leads to no annotation");
            self.refuse("unknown-reference", message, "the file may be damaged", &format!("\"{pointer}\""));
        }
        found
    }

    /// The parts of the text that an element leads to.
    fn spans(&mut self, element: &Element) -> Spans {
        let pair = element.attribute("from").map(|from| [from, element.attribute("to").unwrap_or(from)]);
        let pointers: Vec<&str> = match pair {
            Some(pair) => pair.to_vec(),
            None => element.attribute("target").unwrap_or_default().split(' ').filter(|p| !p.is_empty()).collect(),
        };
        let mut spans = Spans::new();
        for pair in pointers.chunks(2) {
            let ends = [pair.first(), pair.last()].map(|pointer| {
                let pointer = pointer.copied().unwrap_or_default();
                let place = pointer.strip_prefix('#').and_then(|name| self.body.places.get(name)).copied();
                if place.is_none() {
                    let message = format!("{pointer:?} leads to no place in the text");
                    self.refuse("unknown-reference", message, "the file may be damaged", &format!("{pointer}\""));
                }
                place
            });
            if let [Some(from), Some(to)] = ends {
                if to.end < from.start {
                    let message = format!("the span {} runs backwards", pair.join(" "));
                    self.refuse("bad-offset", message, "the file may be damaged", &pair.join(" "));
                } else {
                    spans.push(Span::new(from.start, to.end));
                }
            }
        }
        crate::text::normalise(&mut spans);
        spans
    }

    fn entity(&mut self, group: &Element) {
        let texts = |kind: &str| -> Vec<String> {
            group.elements().filter(|span| span.attribute("type") == Some(kind)).map(content).collect()
        };
        let id = self.builder.entity(&value(group, "subtype"), &texts("name").concat());
        if let Some(entity) = self.builder.entity_mut(&id) {
            entity.aliases = texts("alias");
            entity.link = texts("link").into_iter().next();
            *entity.note = texts("note").into_iter().next();
        }
        self.know(group, &id);
    }

    /// A name or a quote in the text.
    fn marked(&mut self, marked: &Marked<'_>) {
        let element = marked.element;
        let name = element.name.as_str();
        let id = if QUOTES.contains(&name) {
            let kind = match element.attribute("direct") {
                Some("false") => "indirect".to_owned(),
                _ => element.attribute("type").map_or_else(|| "direct".to_owned(), escape::unescaped),
            };
            self.builder.quote(&kind, [marked.span])
        } else {
            let own = match name {
                "persName" => "Person",
                "placeName" | "geogName" | "country" | "region" | "settlement" => "Place",
                "orgName" => "Organization",
                "date" => "Date",
                "time" => "Time",
                _ => name,
            };
            let label = element.attribute("type").map_or_else(|| own.to_owned(), escape::unescaped);
            self.builder.mention(&label, [marked.span])
        };
        self.know(element, &id);
        let is_mention = self.builder.kind_of(&id) == Some(Kind::Mention);
        for (attribute, value) in &element.attributes {
            match attribute.as_str() {
                "id" | "type" | "direct" | "who" | "toWhom" => {}
                "ref" if is_mention => self.refers(&id, value, marked.span),
                _ => self.builder.attribute(&id, attribute, AttributeValue::Text(value.clone())),
            }
        }
    }

    /// Gives a mention the entity that it refers to, or one for what is somewhere else.
    fn refers(&mut self, id: &Id, reference: &str, span: Span) {
        let known = reference.strip_prefix('#').and_then(|name| self.ids.get(name)).cloned();
        // What is described elsewhere has a name of its own here, since its id may be that of a mention.
        let elsewhere = format!("ref {reference}");
        let known = known.filter(|id| self.builder.kind_of(id) == Some(Kind::Entity));
        let entity = match known.or_else(|| self.ids.get(&elsewhere).cloned()) {
            Some(entity) => entity,
            None => {
                let label = self.builder.mention_mut(id).map(|m| m.label.clone()).unwrap_or_default();
                let words = self.builder.text().excerpt(&[span]);
                let entity = self.builder.entity(&label, &words);
                if let Some(entity) = self.builder.entity_mut(&entity) {
                    entity.link = Some(reference.to_owned());
                }
                self.ids.insert(elsewhere, entity.clone());
                entity
            }
        };
        if let Some(mention) = self.builder.mention_mut(id) {
            mention.entity = Some(entity);
        }
    }

    /// A span of another's `standOff`.
    fn foreign(&mut self, span: &Element) {
        let label = span.attribute("ana").or_else(|| span.attribute("type")).unwrap_or("span");
        let spans = self.spans(span);
        if !spans.is_empty() {
            let id = self.builder.mention(label.trim_start_matches('#'), spans);
            self.know(span, &id);
        }
    }

    fn group(&mut self, group: &Element) -> Option<Id> {
        let of = group.elements().find(|span| span.attribute("type") == Some("of"));
        if let Some(of) = of {
            return self.target(of.attribute("target").unwrap_or_default());
        }
        let mut spans = Spans::new();
        for part in group.elements().filter(|span| span.attribute("type") == Some("part")) {
            spans.extend(self.spans(part));
        }
        if spans.is_empty() {
            let label = value(group, "subtype");
            self.refuse(
                "no-words",
                format!("an annotation {label:?} has no words"),
                "give it a part",
                &format!("\"{label}\""),
            );
            return None;
        }
        let label = value(group, "subtype");
        let id = match group.attribute("type") {
            Some("event") => self.builder.event(&label, spans),
            Some("quote") => self.builder.quote(&label, spans),
            _ => self.builder.mention(&label, spans),
        };
        self.know(group, &id);
        Some(id)
    }

    fn fields(&mut self, group: &Element, id: &Id) {
        let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for span in group.elements() {
            let (name, pointer) = (value(span, "n"), span.attribute("target").unwrap_or_default());
            match span.attribute("type").unwrap_or_default() {
                "part" | "of" | "from" | "to" => {}
                "flag" => self.builder.attribute(id, &name, AttributeValue::Flag(content(span) == "true")),
                "attribute" => self.builder.attribute(id, &name, AttributeValue::Text(content(span))),
                "list" => drop(lists.entry(name).or_default()),
                "item" => lists.entry(name).or_default().push(content(span)),
                "note" => self.builder.note(id, &content(span)),
                "implicit" => self.builder.argument(id, &name, Filler::Implicit(content(span))),
                "words" => {
                    let spans = self.spans(span);
                    self.builder.argument(id, &name, Filler::Span(spans));
                }
                "cue" => {
                    let cue = self.spans(span);
                    if let Some(quote) = self.builder.quote_mut(id) {
                        quote.cue = Some(cue);
                    }
                }
                "role" => {
                    let Some(target) = self.target(pointer) else { continue };
                    match self.builder.filler_of(&target) {
                        Some(filler) => self.builder.argument(id, &name, filler),
                        None => self.no_such(pointer, "mention or event"),
                    }
                }
                "entity" => {
                    let Some(target) = self.target(pointer) else { continue };
                    if self.builder.kind_of(&target) != Some(Kind::Entity) {
                        self.no_such(pointer, "entity");
                    } else if let Some(mention) = self.builder.mention_mut(id) {
                        mention.entity = Some(target);
                    }
                }
                "claimedIn" => {
                    let Some(target) = self.target(pointer) else { continue };
                    if self.builder.kind_of(&target) != Some(Kind::Quote) {
                        self.no_such(pointer, "quote");
                    } else if let Some(event) = self.builder.event_mut(id) {
                        event.claimed_in = Some(target);
                    }
                }
                other => {
                    let line = self.line(&format!("type=\"{other}\""));
                    let message = format!("a span of the type {other:?} is not understood");
                    self.builder.warn("unknown-span", message, "it was left out", line);
                }
            }
        }
        for (name, list) in lists {
            self.builder.attribute(id, &name, AttributeValue::List(list));
        }
    }

    fn no_such(&mut self, pointer: &str, wanted: &str) {
        let message = format!("{pointer:?} leads to no {wanted}");
        self.refuse("unknown-reference", message, "the file may be damaged", &format!("\"{pointer}\""));
    }

    /// `who` and `toWhom` of quotes of others.
    fn speakers(&mut self, element: &Element) {
        let roles = [("who", "Speaker"), ("toWhom", "Addressee")];
        let Some(id) = self.quote_of(element) else { return };
        for (attribute, role) in roles {
            for pointer in element.attribute(attribute).unwrap_or_default().split_whitespace() {
                let name = pointer.strip_prefix('#').unwrap_or(pointer);
                let filler = self.ids.get(name).and_then(|id| self.builder.filler_of(id));
                self.builder.argument(&id, role, filler.unwrap_or_else(|| Filler::Implicit(name.to_owned())));
            }
        }
    }

    /// Quotes are numbered as they are marked.
    fn quote_of(&self, element: &Element) -> Option<Id> {
        let mut quotes = self.body.marked.iter().filter(|marked| QUOTES.contains(&marked.element.name.as_str()));
        let number = quotes.position(|marked| std::ptr::eq(marked.element, element))?;
        Some(Id::new(format!("q{}", number + 1)))
    }

    fn relation(&mut self, group: &Element) {
        let mut end = |role: &str| {
            let span = group.elements().find(|span| span.attribute("type") == Some(role));
            self.target(span.and_then(|span| span.attribute("target")).unwrap_or_default())
        };
        if let (Some(from), Some(to)) = (end("from"), end("to")) {
            let id = self.builder.relation(&value(group, "subtype"), &from, &to);
            self.fields(group, &id);
        }
    }
}
