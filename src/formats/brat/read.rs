//! From the lines of an `.ann` file to annotations: what refers to what.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{self, Line, Says};
use super::{FILLER, IMPLICIT, entities, graph, names};
use crate::formats::build::Builder;
use crate::formats::{Unit, quotes_as_events as quotes};
use crate::model::schema::Schema;
use crate::model::{AttributeValue, Filler, Id, Kind};
use crate::text::Spans;

const HINT_REFERENCE: &str = "correct the identifier, or remove the line";

/// A `T` line with its place in the text.
struct Words<'a> {
    r#type: &'a str,
    spans: Spans,
}

/// An `E` line.
struct Event<'a> {
    line: usize,
    id: &'a str,
    r#type: &'a str,
    trigger: &'a str,
    /// Roles without their counters, as in the file.
    arguments: Vec<(&'a str, &'a str)>,
}

/// What is known while references are followed.
struct Reading<'a, 'b> {
    builder: &'b mut Builder,
    words: BTreeMap<&'a str, Words<'a>>,
    events: Vec<Event<'a>>,
    /// Where each event is in the list.
    numbers: BTreeMap<&'a str, usize>,
    /// The first event on each trigger.
    triggers: BTreeMap<&'a str, usize>,
    /// What each identifier of the file became.
    made: BTreeMap<&'a str, Id>,
}

/// Puts everything that an `.ann` file says into the builder. A `shift` of 1 says that positions count a byte order mark
/// that the text no longer has.
pub fn read(file: &str, shift: u64, schema: Option<&Schema>, builder: &mut Builder) {
    let lines = lines::parse(file, builder);
    let mut reading = Reading {
        builder,
        words: BTreeMap::new(),
        events: Vec::new(),
        numbers: BTreeMap::new(),
        triggers: BTreeMap::new(),
        made: BTreeMap::new(),
    };
    reading.words(&lines, shift);
    reading.events(&lines, schema);
    let quoted = reading.quotes(&lines);
    let silent = reading.silent(&lines, &quoted);
    reading.mentions(&lines, &silent);
    reading.make_events(&quoted);
    reading.arguments(&quoted, &silent);
    reading.relations(&lines);
    reading.attributes(&lines, &quoted);
    reading.notes(&lines);
    reading.entities(&lines);
}

impl<'a> Reading<'a, '_> {
    fn unknown(&mut self, owner: &str, target: &str, line: usize) {
        let message = format!("{owner} refers to {target}, which is not in the file");
        self.builder.refuse("unknown-reference", message, HINT_REFERENCE, Some(line));
    }

    fn words(&mut self, lines: &[Line<'a>], shift: u64) {
        for line in lines {
            let Says::Words { r#type, spans, words } = &line.says else { continue };
            let place = |(start, end): &(u64, u64)| {
                let (start, end) = (start.saturating_sub(shift), end.saturating_sub(shift));
                self.builder.span(Unit::Codepoints, start, end, Some(line.number))
            };
            let Some(found) = spans.iter().map(place).collect::<Option<Spans>>() else {
                // The problem is told; the words stay known, so that references to them are no further problems.
                self.words.insert(line.id, Words { r#type, spans: Spans::new() });
                continue;
            };
            if !words.is_empty() {
                self.builder.expect_words(&found, words, Some(line.number));
            }
            self.words.insert(line.id, Words { r#type, spans: found });
        }
    }

    fn events(&mut self, lines: &[Line<'a>], schema: Option<&Schema>) {
        for line in lines {
            let Says::Event { r#type, trigger, arguments } = &line.says else { continue };
            match self.words.get(trigger) {
                None => {
                    self.unknown(line.id, trigger, line.number);
                    continue;
                }
                Some(words) if words.r#type != *r#type => {
                    let message = format!("{} is a {type}, its trigger {trigger} a {}", line.id, words.r#type);
                    let hint = "the type of the event is kept; correct the file if the other is meant";
                    self.builder.warn("trigger-type", message, hint, Some(line.number));
                }
                Some(_) => {}
            }
            let declared = schema.and_then(|schema| schema.event(&names::unescaped(r#type)));
            let is_declared = |role: &str| declared.is_some_and(|event| event.role(&names::unescaped(role)).is_some());
            let is_here = |role: &str| arguments.iter().any(|(other, _)| *other == role);
            let without_counter = |role: &'a str| {
                let base = role.trim_end_matches(|c: char| c.is_ascii_digit());
                let is_counted = !base.is_empty() && (is_here(base) || is_declared(base)) && !is_declared(role);
                if is_counted { base } else { role }
            };
            let arguments = arguments.iter().map(|(role, target)| (without_counter(role), *target)).collect();
            let number = self.events.len();
            self.numbers.insert(line.id, number);
            self.triggers.entry(trigger).or_insert(number);
            self.events.push(Event { line: line.number, id: line.id, r#type, trigger, arguments });
        }
        let references: Vec<Vec<usize>> = (self.events.iter())
            .map(|event| event.arguments.iter().filter_map(|(_, to)| self.numbers.get(to).copied()).collect())
            .collect();
        for number in graph::in_order(&references).1 {
            let Some(event) = self.events.get(number) else { continue };
            let message = format!("{} is an argument of itself, directly or through others", event.id);
            self.builder.warn(
                "cyclic-event",
                message,
                "look whether the roles are the right way round",
                Some(event.line),
            );
        }
    }

    /// The events that are quotes, with the words of their cues, if they have one.
    fn quotes(&self, lines: &[Line<'a>]) -> BTreeMap<&'a str, Option<&'a str>> {
        let mut kinds: BTreeMap<&str, Vec<AttributeValue>> = BTreeMap::new();
        for line in lines {
            if let Says::Attribute { name: quotes::KIND, target, value } = line.says {
                kinds.entry(target).or_default().push(value_of(value));
            }
        }
        let mut found = BTreeMap::new();
        for event in &self.events {
            let cues: Vec<&str> =
                event.arguments.iter().filter(|(r, _)| *r == quotes::CUE).map(|(_, to)| *to).collect();
            let are_words: Vec<bool> =
                cues.iter().map(|to| self.words.get(to).is_some_and(|w| w.r#type == quotes::CUE)).collect();
            let kinds: Vec<&AttributeValue> = kinds.get(event.id).into_iter().flatten().collect();
            if quotes::is_quote(event.r#type, &kinds, &are_words) {
                found.insert(event.id, cues.first().copied());
            }
        }
        found
    }

    /// Words that are no mentions: triggers, and cues and fillers that nothing else refers to.
    fn silent(&self, lines: &[Line<'a>], quoted: &BTreeMap<&'a str, Option<&'a str>>) -> BTreeSet<&'a str> {
        let mut others: BTreeSet<&str> = BTreeSet::new();
        for line in lines {
            match &line.says {
                Says::Relation { from, to, .. } => others.extend([from.1, to.1]),
                Says::Attribute { target, .. } | Says::Reference { target, .. } | Says::Note { target, .. } => {
                    others.insert(target);
                }
                Says::Same { members, .. } => others.extend(members),
                Says::Words { .. } | Says::Event { .. } => {}
            }
        }
        let (mut fillers, mut cues) = (BTreeSet::new(), BTreeSet::new());
        for event in &self.events {
            for (role, to) in &event.arguments {
                let is_cue = *role == quotes::CUE && quoted.contains_key(event.id);
                if is_cue {
                    cues.insert(*to);
                } else if self.words.get(to).is_some_and(|words| words.r#type == FILLER) {
                    fillers.insert(*to);
                } else {
                    others.insert(to);
                }
            }
        }
        let alone = fillers.into_iter().chain(cues).filter(|id| !others.contains(id));
        alone.chain(self.triggers.keys().copied()).collect()
    }

    fn mentions(&mut self, lines: &[Line<'a>], silent: &BTreeSet<&'a str>) {
        for line in lines {
            if let Some(words) = self.words.get(line.id)
                && !silent.contains(line.id)
            {
                let id = self.builder.mention(&names::unescaped(words.r#type), words.spans.iter().copied());
                self.made.insert(line.id, id);
            }
        }
    }

    fn make_events(&mut self, quoted: &BTreeMap<&'a str, Option<&'a str>>) {
        for event in &self.events {
            let spans = |id: &str| self.words.get(id).map(|words| words.spans.clone()).unwrap_or_default();
            let trigger = spans(event.trigger);
            let id = match quoted.get(event.id) {
                Some(cue) => {
                    let id = self.builder.quote("", trigger);
                    if let (Some(cue), Some(quote)) = (cue, self.builder.quote_mut(&id)) {
                        quote.cue = Some(spans(cue));
                    }
                    id
                }
                None => self.builder.event(&names::unescaped(event.r#type), trigger),
            };
            self.made.insert(event.id, id);
        }
    }

    /// What an identifier of the file refers to. A trigger stands for its event.
    fn target(&mut self, owner: &str, to: &str, line: usize) -> Option<Id> {
        if let Some(id) = self.made.get(to) {
            return Some(id.clone());
        }
        let event = self.triggers.get(to).and_then(|number| self.events.get(*number));
        if let Some(event) = event {
            let message =
                format!("{owner} refers to {to}, the trigger of {}; it is read as referring to the event", event.id);
            self.builder.warn("refers-to-trigger", message, "", Some(line));
            return self.made.get(event.id).cloned();
        }
        if !self.words.contains_key(to) {
            self.unknown(owner, to, line);
        }
        None
    }

    fn arguments(&mut self, quoted: &BTreeMap<&'a str, Option<&'a str>>, silent: &BTreeSet<&'a str>) {
        let events = std::mem::take(&mut self.events);
        let owned: Vec<_> = (events.iter())
            .flat_map(|event| event.arguments.iter().map(move |(role, to)| (event.id, event.line, *role, *to)))
            .collect();
        self.events = events;
        for (owner, line, role, to) in owned {
            let Some(id) = self.made.get(owner).cloned() else { continue };
            if role == quotes::CUE && quoted.contains_key(owner) {
                continue;
            }
            if let Some(words) = self.words.get(to).filter(|w| w.r#type == FILLER && silent.contains(to)) {
                let mut spans = words.spans.clone();
                crate::text::normalise(&mut spans);
                self.builder.argument(&id, &names::unescaped(role), Filler::Span(spans));
                continue;
            }
            let Some(target) = self.target(owner, to, line) else { continue };
            if let Some(filler) = self.builder.filler_of(&target) {
                self.builder.argument(&id, &names::unescaped(role), filler);
            } else if role == quotes::CLAIMED_IN
                && self.builder.kind_of(&target) == Some(Kind::Quote)
                && let Some(event) = self.builder.event_mut(&id)
                && event.claimed_in.is_none()
            {
                event.claimed_in = Some(target);
            } else {
                let message = format!("the role {role} of {owner} is filled by {to}, which is no mention and no event");
                self.builder.warn("odd-filler", message, "the filler is left out", Some(line));
            }
        }
    }

    fn relations(&mut self, lines: &[Line<'a>]) {
        for line in lines {
            let Says::Relation { r#type, from, to } = &line.says else { continue };
            let (from, to) = if from.0 == "Arg2" && to.0 == "Arg1" { (to, from) } else { (from, to) };
            if (from.0, to.0) != ("Arg1", "Arg2") {
                let message =
                    format!("the ends of {} are called {} and {}; the names are not kept", line.id, from.0, to.0);
                self.builder.warn("names-of-ends", message, "the first is where it starts", Some(line.number));
            }
            let (from, to) = (self.target(line.id, from.1, line.number), self.target(line.id, to.1, line.number));
            if let (Some(from), Some(to)) = (from, to) {
                let id = self.builder.relation(&names::unescaped(r#type), &from, &to);
                self.made.insert(line.id, id);
            }
        }
    }

    fn attributes(&mut self, lines: &[Line<'a>], quoted: &BTreeMap<&'a str, Option<&'a str>>) {
        for line in lines {
            let Says::Attribute { name, target, value } = line.says else { continue };
            let Some(id) = self.target(line.id, target, line.number) else { continue };
            if name == quotes::KIND && quoted.contains_key(target) {
                if let Some(quote) = self.builder.quote_mut(&id) {
                    quote.kind = names::unescaped(value.unwrap_or_default()).into();
                }
            } else {
                self.builder.attribute(&id, &names::unescaped(name), value_of(value));
            }
        }
    }

    fn notes(&mut self, lines: &[Line<'a>]) {
        for line in lines {
            let Says::Note { r#type, target, text } = line.says else { continue };
            if entities::is_note(r#type) {
                continue;
            }
            if !self.made.contains_key(target) && !self.words.contains_key(target) {
                // brat leaves notes behind when what they are on is deleted.
                let message = format!("{} is a note on {target}, which is not in the file", line.id);
                self.builder.warn("note-on-nothing", message, "the note is left out", Some(line.number));
                continue;
            }
            let Some(id) = self.target(line.id, target, line.number) else { continue };
            if r#type == IMPLICIT
                && self.is_filled(&id)
                && let Some((role, words)) = text.split_once(": ")
            {
                let filler = Filler::Implicit(names::unescaped_line(words));
                self.builder.argument(&id, &names::unescaped(role), filler);
                continue;
            }
            if r#type != super::NOTE {
                let message = format!("{} is a note of the type {type}, which is not kept", line.id);
                self.builder.warn("note-type", message, "its text becomes a note", Some(line.number));
            }
            self.builder.note(&id, &names::unescaped_line(text));
        }
    }

    fn is_filled(&self, id: &Id) -> bool {
        matches!(self.builder.kind_of(id), Some(Kind::Event | Kind::Quote))
    }

    fn entities(&mut self, lines: &[Line<'a>]) {
        let mut found = entities::Found::default();
        for line in lines {
            match &line.says {
                Says::Same { r#type, members } => {
                    if *r#type != entities::SAME {
                        let message = format!("the set of the type {type} is read as an entity; the type is not kept");
                        self.builder.warn("set-type", message, "", Some(line.number));
                    }
                    let members: Vec<Id> =
                        members.iter().filter_map(|member| self.mention("*", member, line.number)).collect();
                    found.same(&members);
                }
                Says::Reference { r#type, target, link, words } => {
                    if *r#type != entities::REFERENCE {
                        let message =
                            format!("{} is of the type {type}; it is read as {}", line.id, entities::REFERENCE);
                        self.builder.warn("reference-type", message, "", Some(line.number));
                    }
                    if let Some(mention) = self.mention(line.id, target, line.number) {
                        found.refers(mention, line.number, link, &names::unescaped_line(words));
                    }
                }
                Says::Note { r#type, target, text } if entities::is_note(r#type) => {
                    if let Some(mention) = self.mention(line.id, target, line.number) {
                        found.note(mention, line.number, r#type, names::unescaped_line(text));
                    }
                }
                _ => {}
            }
        }
        found.make(self.builder);
    }

    /// The mention that an identifier of the file refers to; anything else can belong to no entity.
    fn mention(&mut self, owner: &str, to: &str, line: usize) -> Option<Id> {
        let id = self.target(owner, to, line)?;
        if self.builder.kind_of(&id) == Some(Kind::Mention) {
            return Some(id);
        }
        let message = format!("{to} is no mention and can belong to no entity");
        self.builder.warn("no-mention", message, "this part of the line is left out", Some(line));
        None
    }
}

fn value_of(value: Option<&str>) -> AttributeValue {
    value.map_or(AttributeValue::Flag(true), |value| AttributeValue::Text(names::unescaped(value)))
}
