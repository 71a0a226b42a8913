//! From a document to TEI.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::escape;
use crate::edit::arguments_of;
use crate::formats::{dangling, order};
use crate::model::{AttributeValue, Attributes, Document, Filler, Id, Mention};
use crate::text::{BytePos, Span, Spans};

/// Elements in elements of the text; what lies deeper stands off.
const DEPTH: usize = 100;

struct Writer<'a> {
    document: &'a Document,
    ids: BTreeMap<&'a Id, String>,
    anchors: BTreeMap<BytePos, String>,
    out: String,
}

/// The file.
pub fn file(document: &Document, name: &str) -> String {
    let (inline, apart) = nested(document);
    let mut ids = BTreeMap::new();
    let numbered =
        |all: Vec<&'_ Id>, prefix: &str| -> Vec<String> { (1..=all.len()).map(|n| format!("{prefix}{n}")).collect() };
    let kinds: [(Vec<&Id>, &str); 4] = [
        (order::mentions(document).into_iter().map(|m| &m.id).collect(), "m"),
        (order::entities(document).into_iter().map(|n| &n.id).collect(), "n"),
        (order::events(document).into_iter().map(|e| &e.id).collect(), "e"),
        (order::quotes(document).into_iter().map(|q| &q.id).collect(), "q"),
    ];
    for (all, prefix) in kinds {
        let names = numbered(all.clone(), prefix);
        ids.extend(all.into_iter().zip(names));
    }
    let positions: BTreeSet<BytePos> = anchored(document, &apart).flat_map(|span| [span.start, span.end]).collect();
    let anchors = positions.into_iter().enumerate().map(|(n, at)| (at, format!("a{}", n + 1))).collect();
    let mut writer = Writer { document, ids, anchors, out: String::new() };
    writer.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><fileDesc><titleStmt><title>");
    escape::text(name, &mut writer.out);
    writer.out.push_str("</title></titleStmt><publicationStmt><p/></publicationStmt><sourceDesc><p/></sourceDesc></fileDesc></teiHeader>\n<text><body><ab xml:space=\"preserve\">");
    writer.body(&inline);
    writer.out.push_str("</ab></body></text>\n");
    let start = writer.out.len();
    writer.groups(&inline, &apart);
    if writer.out.len() > start {
        writer.out.insert_str(start, "<standOff>\n");
        writer.out.push_str("</standOff>\n");
    }
    writer.out.push_str("</TEI>\n");
    writer.out
}

/// Mentions that can be elements, those around others first, and the rest.
fn nested(document: &Document) -> (Vec<&Mention>, Vec<&Mention>) {
    let (mut inline, mut apart, mut open): (Vec<&Mention>, Vec<&Mention>, Vec<BytePos>) = Default::default();
    for mention in order::mentions(document) {
        match mention.spans.as_slice() {
            [] => {}
            [span] if !span.is_empty() => {
                while open.last().is_some_and(|end| *end <= span.start) {
                    open.pop();
                }
                if open.last().is_none_or(|end| span.end <= *end) && open.len() < DEPTH {
                    open.push(span.end);
                    inline.push(mention);
                } else {
                    apart.push(mention);
                }
            }
            _ => apart.push(mention),
        }
    }
    (inline, apart)
}

fn tidy(spans: &Spans) -> Spans {
    let mut spans = spans.clone();
    crate::text::normalise(&mut spans);
    spans
}

/// Every span that needs anchors.
fn anchored<'a>(document: &'a Document, apart: &'a [&'a Mention]) -> impl Iterator<Item = Span> {
    let owners = document.events().keys().chain(document.quotes().keys());
    let fillers = owners.flat_map(|id| arguments_of(document, id)).filter_map(|a| match a.filler {
        Filler::Span(spans) => Some(spans),
        _ => None,
    });
    let mentions = apart.iter().map(|m| m.spans.clone());
    let events = document.events().values().map(|e| e.trigger.clone());
    let quotes = document.quotes().values().flat_map(|q| [q.content.clone(), q.cue.clone().unwrap_or_default()]);
    mentions.chain(events).chain(quotes).chain(fillers).flat_map(|spans| tidy(&spans))
}

fn element(label: &str) -> &'static str {
    match label.to_lowercase().as_str() {
        "per" | "person" => "persName",
        "loc" | "location" | "place" | "gpe" => "placeName",
        "org" | "organization" | "organisation" => "orgName",
        "date" => "date",
        _ => "rs",
    }
}

impl Writer<'_> {
    fn body(&mut self, inline: &[&Mention]) {
        #[derive(Default)]
        struct Tags {
            closed: Vec<&'static str>,
            anchor: Option<String>,
            opened: String,
        }
        let mut tags: BTreeMap<BytePos, Tags> = BTreeMap::new();
        for (at, id) in &self.anchors {
            tags.entry(*at).or_default().anchor = Some(format!("<anchor xml:id=\"{id}\"/>"));
        }
        let mut in_order: Vec<(&&Mention, Span)> =
            inline.iter().filter_map(|m| m.spans.first().map(|span| (m, *span))).collect();
        in_order.sort_by_key(|(_, span)| (span.start, Reverse(span.end)));
        for (m, span) in in_order {
            let name = element(&m.label);
            let id = self.ids.get(&m.id).cloned().unwrap_or_default();
            let entity = m.entity.as_ref().filter(|id| self.document.entities().contains_key(id));
            let entity = entity.and_then(|id| self.ids.get(id)).map(|id| format!(" ref=\"#{id}\"")).unwrap_or_default();
            let tag = format!("<{name} xml:id=\"{id}\" type=\"{}\"{entity}>", escape::attribute(&m.label));
            tags.entry(span.start).or_default().opened.push_str(&tag);
            tags.entry(span.end).or_default().closed.push(name);
        }
        let text = self.document.text();
        let mut last = BytePos(0);
        for (at, tags) in tags {
            escape::text(text.slice(Span::new(last, at)), &mut self.out);
            last = at;
            // What was opened last is closed first.
            for name in tags.closed.iter().rev() {
                self.out.push_str(&format!("</{name}>"));
            }
            self.out.push_str(&tags.anchor.unwrap_or_default());
            self.out.push_str(&tags.opened);
        }
        escape::text(text.slice(Span::new(last, text.end())), &mut self.out);
    }

    fn place(&self, spans: &Spans) -> String {
        let anchor = |at: BytePos| self.anchors.get(&at).map(|id| format!("#{id}")).unwrap_or_default();
        match tidy(spans).as_slice() {
            [only] => format!(" from=\"{}\" to=\"{}\"", anchor(only.start), anchor(only.end)),
            many => {
                let all: Vec<String> = many.iter().flat_map(|span| [anchor(span.start), anchor(span.end)]).collect();
                format!(" target=\"{}\"", all.join(" "))
            }
        }
    }

    fn pointer(&self, id: &Id) -> String {
        format!(" target=\"#{}\"", self.ids.get(id).cloned().unwrap_or_default())
    }

    fn span(&mut self, r#type: &str, name: Option<&str>, rest: &str, content: &str) {
        let name = name.map(|name| format!(" n=\"{}\"", escape::attribute(name))).unwrap_or_default();
        self.out.push_str(&format!("<span type=\"{type}\"{name}{rest}>"));
        escape::text(content, &mut self.out);
        self.out.push_str("</span>");
    }

    fn group(
        &mut self,
        kind: &str,
        label: &str,
        id: Option<&str>,
        note: Option<&String>,
        content: impl FnOnce(&mut Self),
    ) {
        let id = id.map(|id| format!(" xml:id=\"{id}\"")).unwrap_or_default();
        self.out.push_str(&format!("<spanGrp type=\"{kind}\" subtype=\"{}\"{id}>", escape::attribute(label)));
        content(self);
        if let Some(note) = note {
            self.span("note", None, "", note);
        }
        self.out.push_str("</spanGrp>\n");
    }

    fn attributes(&mut self, attributes: &Attributes) {
        for (name, value) in attributes {
            match value {
                AttributeValue::Flag(flag) => self.span("flag", Some(name), "", if *flag { "true" } else { "false" }),
                AttributeValue::Text(text) => self.span("attribute", Some(name), "", text),
                AttributeValue::List(list) => {
                    self.span("list", Some(name), "", "");
                    for item in list {
                        self.span("item", Some(name), "", item);
                    }
                }
            }
        }
    }

    fn arguments(&mut self, id: &Id) {
        for argument in arguments_of(self.document, id) {
            if !dangling::is_sound(self.document, &argument.filler) {
                continue;
            }
            let role = Some(argument.role.as_str());
            match &argument.filler {
                Filler::Mention(to) | Filler::Event(to) => self.span("role", role, &self.pointer(to), ""),
                Filler::Span(spans) => self.span("words", role, &self.place(spans), ""),
                Filler::Implicit(words) => self.span("implicit", role, "", words),
            }
        }
    }

    fn groups(&mut self, inline: &[&Mention], apart: &[&Mention]) {
        let document = self.document;
        for m in inline.iter().filter(|m| !m.attributes.is_empty() || m.note.is_some()) {
            self.group("mention", &m.label, None, m.note.as_ref(), |w| {
                w.span("of", None, &w.pointer(&m.id), "");
                w.attributes(&m.attributes);
            });
        }
        for m in apart {
            let id = self.ids.get(&m.id).cloned();
            self.group("mention", &m.label, id.as_deref(), m.note.as_ref(), |w| {
                w.span("part", None, &w.place(&m.spans), "");
                if let Some(entity) = m.entity.as_ref().filter(|id| document.entities().contains_key(id)) {
                    w.span("entity", None, &w.pointer(entity), "");
                }
                w.attributes(&m.attributes);
            });
        }
        for n in order::entities(document) {
            let id = self.ids.get(&n.id).cloned();
            self.group("entity", &n.r#type, id.as_deref(), n.note.as_ref(), |w| {
                w.span("name", None, "", &n.name);
                n.aliases.iter().for_each(|alias| w.span("alias", None, "", alias));
                if let Some(link) = &n.link {
                    w.span("link", None, "", link);
                }
            });
        }
        for e in order::events(document).into_iter().filter(|e| !e.trigger.is_empty()) {
            let id = self.ids.get(&e.id).cloned();
            self.group("event", &e.r#type, id.as_deref(), e.note.as_ref(), |w| {
                w.span("part", None, &w.place(&e.trigger), "");
                w.arguments(&e.id);
                if let Some(quote) = dangling::claimed_in(document, e.claimed_in.as_ref()) {
                    w.span("claimedIn", None, &w.pointer(quote), "");
                }
                w.attributes(&e.attributes);
            });
        }
        for q in order::quotes(document).into_iter().filter(|q| !q.content.is_empty()) {
            let id = self.ids.get(&q.id).cloned();
            self.group("quote", &q.kind, id.as_deref(), q.note.as_ref(), |w| {
                w.span("part", None, &w.place(&q.content), "");
                if let Some(cue) = q.cue.as_ref().filter(|cue| !cue.is_empty()) {
                    w.span("cue", None, &w.place(cue), "");
                }
                w.arguments(&q.id);
                w.attributes(&q.attributes);
            });
        }
        for r in order::relations(document) {
            if dangling::has_place(document, &r.from) && dangling::has_place(document, &r.to) {
                self.group("relation", &r.label, None, r.note.as_ref(), |w| {
                    w.span("from", None, &w.pointer(&r.from), "");
                    w.span("to", None, &w.pointer(&r.to), "");
                    w.attributes(&r.attributes);
                });
            }
        }
    }
}
