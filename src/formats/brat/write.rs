//! From annotations to the lines of an `.ann` file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{FILLER, IMPLICIT, NOTE, entities, graph, names};
use crate::formats::{order, quotes_as_events as quotes};
use crate::model::{Argument, AttributeValue, Attributes, Document, Event, Filler, Id, Mention};
use crate::text::{Span, Spans, Text};

/// A file that is being written: a list per kind of line, so that what is referred to comes first.
#[derive(Default)]
struct Lines {
    words: String,
    events: String,
    relations: String,
    attributes: String,
    references: String,
    notes: String,
    sets: String,
    counts: BTreeMap<char, usize>,
    /// Whether a byte order mark stands before the text, which brat counts.
    has_mark: bool,
}

impl Lines {
    fn next(&mut self, kind: char) -> String {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        format!("{kind}{count}")
    }

    fn words(&mut self, text: &Text, r#type: &str, spans: &[Span]) -> String {
        let id = self.next('T');
        let shift = u32::from(self.has_mark);
        let place = |span: &Span| {
            format!("{} {}", text.codepoint_of(span.start).0 + shift, text.codepoint_of(span.end).0 + shift)
        };
        let places = spans.iter().map(place).collect::<Vec<_>>().join(";");
        let words = spans.iter().map(|span| text.slice(*span)).collect::<Vec<_>>().join(" ");
        let words = words.replace(|c: char| c == '\t' || (c.is_whitespace() && names::is_line_break(c)), " ");
        let _ = writeln!(self.words, "{id}\t{type} {places}\t{words}");
        id
    }

    fn attributes(&mut self, of: &str, attributes: &Attributes) {
        for (name, value) in attributes {
            let values = match value {
                AttributeValue::Flag(false) => continue,
                AttributeValue::Flag(true) => vec![String::new()],
                _ => value.texts().into_iter().map(|text| format!(" {}", names::value(text))).collect(),
            };
            for value in values {
                let id = self.next('A');
                let _ = writeln!(self.attributes, "{id}\t{} {of}{value}", names::name(name));
            }
        }
    }

    fn note(&mut self, r#type: &str, of: &str, text: &str) {
        let id = self.next('#');
        let _ = writeln!(self.notes, "{id}\t{type} {of}\t{}", names::line(text));
    }

    /// A note has a line for each of its own.
    fn notes(&mut self, of: &str, note: Option<&String>) {
        for line in note.into_iter().flat_map(|note| note.split('\n')) {
            self.note(NOTE, of, line);
        }
    }
}

/// The `.ann` file of a document.
pub fn annotations(document: &Document) -> String {
    let mut lines = Lines { has_mark: super::has_mark(document), ..Lines::default() };
    let mut written: BTreeMap<Id, String> = BTreeMap::new();
    for mention in order::mentions(document) {
        let spans = tidy(&mention.spans);
        if !spans.is_empty() {
            let id = lines.words(document.text(), &label(&mention.label), &spans);
            lines.attributes(&id, &mention.attributes);
            lines.notes(&id, mention.note.as_ref());
            written.insert(mention.id.clone(), id);
        }
    }
    events(document, &mut lines, &mut written);
    for relation in order::relations(document) {
        if let (Some(from), Some(to)) = (written.get(&relation.from), written.get(&relation.to)) {
            let id = lines.next('R');
            let _ = writeln!(lines.relations, "{id}\t{} Arg1:{from} Arg2:{to}\t", names::name(&relation.label));
            lines.attributes(&id, &relation.attributes);
            lines.notes(&id, relation.note.as_ref());
        }
    }
    the_entities(document, &mut lines, &written);
    let Lines { words, events, relations, attributes, references, notes, sets, .. } = lines;
    [words, events, relations, attributes, references, notes, sets].concat()
}

/// The label of a mention or event. Labels that stand for words of a role are escaped.
fn label(label: &str) -> String {
    if label == FILLER { super::ESCAPED_FILLER.to_owned() } else { names::name(label) }
}

/// Spans as brat takes them: in order, apart.
pub fn tidy(spans: &Spans) -> Spans {
    let mut spans = spans.clone();
    crate::text::normalise(&mut spans);
    spans
}

/// Events and quotes, those that others refer to first.
fn events(document: &Document, lines: &mut Lines, written: &mut BTreeMap<Id, String>) {
    let quoted: Vec<Event> = order::quotes(document).into_iter().map(quotes::to_event).collect();
    let all: Vec<&Event> = quoted.iter().chain(order::events(document)).filter(|e| !e.trigger.is_empty()).collect();
    let numbers: BTreeMap<&Id, usize> = all.iter().enumerate().map(|(number, event)| (&event.id, number)).collect();
    let refers = |event: &&Event| {
        let arguments = event.arguments.iter().filter_map(|a| a.filler.target());
        arguments.chain(&event.claimed_in).filter_map(|id| numbers.get(id).copied()).collect()
    };
    let references: Vec<Vec<usize>> = all.iter().map(refers).collect();
    let (in_order, circular) = graph::in_order(&references);
    let in_order: Vec<&Event> = in_order.iter().chain(&circular).filter_map(|n| all.get(*n).copied()).collect();
    // Circles are written as well, so every event has its identifier before any is written.
    for event in &in_order {
        let id = lines.next('E');
        written.insert(event.id.clone(), id);
    }
    let mut triggers: BTreeMap<(String, Spans), String> = BTreeMap::new();
    for event in in_order {
        let Some(id) = written.get(&event.id).cloned() else { continue };
        let r#type = label(&event.r#type);
        let key = (r#type.clone(), tidy(&event.trigger));
        let trigger =
            triggers.entry(key).or_insert_with_key(|(label, spans)| lines.words(document.text(), label, spans)).clone();
        let mut line = format!("{id}\t{type}:{trigger}");
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let is_quote = document.quotes().contains_key(&event.id);
        for argument in &event.arguments {
            let Some(filler) = filler(document, lines, written, argument, is_quote) else {
                if let Filler::Implicit(words) = &argument.filler {
                    let role = names::name(&argument.role);
                    lines.note(IMPLICIT, &id, &format!("{role}: {words}"));
                }
                continue;
            };
            let role = names::role(&argument.role);
            let count = counts.entry(role.clone()).or_default();
            *count += 1;
            let counter = if *count > 1 { count.to_string() } else { String::new() };
            let _ = write!(line, " {role}{counter}:{filler}");
        }
        if let Some(quote) = event.claimed_in.as_ref().filter(|id| document.quotes().contains_key(id))
            && let Some(quote) = written.get(quote)
        {
            let count = counts.get(quotes::CLAIMED_IN).map_or_else(String::new, |count| (count + 1).to_string());
            let _ = write!(line, " {}{count}:{quote}", quotes::CLAIMED_IN);
        }
        let _ = writeln!(lines.events, "{line}");
        lines.attributes(&id, &event.attributes);
        lines.notes(&id, event.note.as_ref());
    }
}

/// The identifier of what fills a role; words that are no mention are written for it.
fn filler(
    document: &Document,
    lines: &mut Lines,
    written: &BTreeMap<Id, String>,
    argument: &Argument,
    of_quote: bool,
) -> Option<String> {
    match &argument.filler {
        Filler::Mention(id) => written.get(id).filter(|_| document.mentions().contains_key(id)).cloned(),
        Filler::Event(id) => written.get(id).filter(|_| document.events().contains_key(id)).cloned(),
        Filler::Span(spans) if spans.is_empty() => None,
        Filler::Span(spans) => {
            let is_cue = of_quote && argument.role == quotes::CUE;
            Some(lines.words(document.text(), if is_cue { quotes::CUE } else { FILLER }, &tidy(spans)))
        }
        Filler::Implicit(_) => None,
    }
}

fn the_entities(document: &Document, lines: &mut Lines, written: &BTreeMap<Id, String>) {
    let mut links: BTreeMap<&str, usize> = BTreeMap::new();
    for link in document.entities().values().filter_map(|entity| entity.link.as_deref()) {
        *links.entry(link).or_default() += 1;
    }
    let mut mentions: BTreeMap<&Id, Vec<&Mention>> = BTreeMap::new();
    for mention in order::mentions(document) {
        if let Some(entity) = mention.entity.as_ref().filter(|_| written.contains_key(&mention.id)) {
            mentions.entry(entity).or_default().push(mention);
        }
    }
    for entity in order::entities(document) {
        let Some(of_it) = mentions.get(&entity.id) else { continue };
        let ids: Vec<&str> = of_it.iter().filter_map(|m| written.get(&m.id)).map(String::as_str).collect();
        let Some(first) = ids.first() else { continue };
        let is_shared = entity.link.as_deref().and_then(|link| links.get(link)).is_some_and(|count| *count > 1);
        let about = entities::written(document, entity, of_it, is_shared);
        if let Some((link, name)) = about.reference {
            let id = lines.next('N');
            let (reference, name) = (entities::REFERENCE, names::line(&name));
            let _ = writeln!(lines.references, "{id}\t{reference} {first} {link}\t{name}");
        }
        for (r#type, text) in about.notes {
            lines.note(r#type, first, &text);
        }
        if ids.len() > 1 {
            let _ = writeln!(lines.sets, "*\t{} {}", entities::SAME, ids.join(" "));
        }
    }
}
