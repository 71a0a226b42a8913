//! The JSON of the quote extractor Citron: the text, and for each quote one cue, sources and contents as spans; groups of
//! words that refer to the same. Positions are half-open in code points.
//!
//! Several contents are the parts of one quote; several sources are several speakers. What the program has beyond that
//! stands under keys that Citron passes over: `type` (the kind), `addressees`, `roles` (the others, and what is not in the
//! text), `attributes`, `note`, and `parts` of a span that is in several; its `start` and `end` are those of the first.
//! Words in a group become mentions of one entity. The form has no label for them; they get [`LABEL`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Words, in_text, json, roles_of, text_of};
use crate::formats::build::Builder;
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Treatment, Unit,
    WriteError, order,
};
use crate::model::{AttributeValue, Document, Filler, Id, Kind, Problem};
use crate::text::{Span, Spans, Text};

/// See the module.
pub struct Citron;

/// The label of words that refer to the same as others, and the type of what they refer to.
pub const LABEL: &str = "Mention";

const HOLDS: Holds = super::QUOTES;
const NAME: &str = "Citron quotes (JSON)";

const INFO: Info = Info {
    id: "citron",
    name: NAME,
    extensions: &["json"],
    reads: true,
    writes: true,
    joins: Joins::Apart,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[OptionInfo {
        name: "cueless",
        help: "what becomes of quotes without a cue, which Citron itself cannot read",
        values: &["keep", "drop"],
    }],
};

#[derive(Serialize, Deserialize)]
struct File<Q> {
    text: String,
    quotes: Vec<Q>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coreference_groups: Option<Vec<Vec<Place>>>,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[derive(Serialize, Deserialize)]
struct Place {
    start: u64,
    end: u64,
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<(u64, u64)>,
}

#[derive(Serialize, Deserialize)]
struct Role {
    #[serde(rename = "role")]
    name: String,
    #[serde(flatten)]
    place: Option<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    implicit: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Quote {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cue: Option<Place>,
    #[serde(default)]
    sources: Vec<Place>,
    contents: Vec<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coreferences: Option<Vec<Place>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    addressees: Vec<Place>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, AttributeValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

struct Reading {
    builder: Builder,
    ids: BTreeSet<String>,
    /// Words that are in a group.
    mentions: BTreeMap<Spans, Id>,
    by_marks: usize,
}

impl Reading {
    fn spans(&mut self, place: &Place, line: Option<usize>) -> Option<Spans> {
        let ends = if place.parts.is_empty() { vec![(place.start, place.end)] } else { place.parts.clone() };
        let one = |(start, end): (u64, u64)| self.builder.span(Unit::Codepoints, start, end, line);
        let found: Option<Vec<Span>> = ends.into_iter().map(one).collect();
        let mut spans: Spans = found?.into_iter().collect();
        // In the order of the file, for a comparison with its words.
        if let Some(words) = &place.text {
            self.builder.expect_words(&spans, words, line);
        }
        crate::text::normalise(&mut spans);
        Some(spans)
    }

    /// Words that refer to the same.
    fn group(&mut self, places: &[Place], line: Option<usize>) {
        let mut members: Vec<Id> = Vec::new();
        for place in places {
            let Some(spans) = self.spans(place, line) else { continue };
            let id = match self.mentions.get(&spans) {
                Some(id) => id.clone(),
                None => {
                    let id = self.builder.mention(LABEL, spans.iter().copied());
                    self.mentions.insert(spans, id.clone());
                    id
                }
            };
            if !members.contains(&id) {
                members.push(id);
            }
        }
        let Some(first) = members.first().cloned() else { return };
        let of = |builder: &mut Builder, id: &Id| builder.mention_mut(id).and_then(|m| m.entity.clone());
        let known = members.iter().find_map(|id| of(&mut self.builder, id));
        let entity = known.unwrap_or_else(|| {
            let spans = self.builder.mention_mut(&first).map(|m| m.spans.clone()).unwrap_or_default();
            let name = text_of(self.builder.text(), &spans);
            self.builder.entity(LABEL, &name)
        });
        for id in members {
            let Some(mention) = self.builder.mention_mut(&id) else { continue };
            match &mention.entity {
                None => mention.entity = Some(entity.clone()),
                Some(own) if *own == entity => {}
                Some(_) => {
                    let message = "words stand in two groups and stay in the first";
                    self.builder.warn("two-groups", message, "say of each of them once to what it refers", line);
                }
            }
        }
    }

    fn filler(&mut self, place: &Place, line: Option<usize>) -> Option<Filler> {
        let spans = self.spans(place, line)?;
        Some(self.mentions.get(&spans).map_or(Filler::Span(spans), |id| Filler::Mention(id.clone())))
    }

    fn quote(&mut self, quote: Quote, line: Option<usize>) {
        for key in quote.others.keys().filter(|key| *key != "confidence") {
            let message = format!("{key:?} is not known and is left out");
            self.builder.warn("unknown-field", message, "nothing in the program has this meaning", line);
        }
        if let Some(confidence) = quote.others.get("confidence") {
            let message = format!("the confidence {confidence} is left out");
            self.builder.warn("left-out", message, "what is read counts as it stands; check it", line);
        }
        if let Some(id) = quote.id.map(|id| id.to_string())
            && !self.ids.insert(id.clone())
        {
            let message = format!("the id {id} is used twice");
            self.builder.refuse("duplicate-id", message, "give each quote its own id", line);
        }
        let content: Vec<Spans> = quote.contents.iter().filter_map(|place| self.spans(place, line)).collect();
        let content: Spans = content.into_iter().flatten().collect();
        if content.is_empty() {
            let message = "the quote has no contents and is left out";
            self.builder.warn("no-words", message, "it needs at least one span", line);
            return;
        }
        let kind = quote.r#type.unwrap_or_else(|| {
            self.by_marks += 1;
            super::kind_by_marks(&text_of(self.builder.text(), &content)).to_owned()
        });
        let id = self.builder.quote(&kind, content);
        let cue = quote.cue.and_then(|place| self.spans(&place, line));
        if let Some(own) = self.builder.quote_mut(&id) {
            own.cue = cue;
            own.attributes = quote.attributes.into();
            own.note = quote.note.into();
        }
        let same = quote.coreferences.unwrap_or_default();
        for (role, places) in [("Speaker", &quote.sources), ("Addressee", &quote.addressees)] {
            for place in places {
                if let Some(filler) = self.filler(place, line) {
                    self.builder.argument(&id, role, filler);
                }
            }
        }
        if !same.is_empty() && quote.sources.len() != 1 {
            let message = "which source its coreferences belong to is not said; they are left out";
            self.builder.warn("left-out", message, "name them in coreference_groups", line);
        }
        for role in quote.roles {
            let filler = match (role.place, role.implicit) {
                (None, Some(words)) => Some(Filler::Implicit(words)),
                (Some(place), None) => self.filler(&place, line),
                _ => {
                    let message = format!("the role {:?} needs start and end, or implicit", role.name);
                    self.builder.refuse("json-shape", message, "give one of them", line);
                    None
                }
            };
            if let Some(filler) = filler {
                self.builder.argument(&id, &role.name, filler);
            }
        }
    }
}

/// The source of a quote and what it says refers to the same, as one group.
fn group_of(quote: &mut Quote) -> Option<Vec<Place>> {
    let same = quote.coreferences.as_ref().filter(|same| !same.is_empty() && quote.sources.len() == 1)?;
    let copy = |p: &Place| Place { start: p.start, end: p.end, text: p.text.clone(), parts: p.parts.clone() };
    Some(quote.sources.iter().chain(same).map(copy).collect())
}

// --- writing ----------------------------------------------------------------------------------------------------------

fn place(text: &Text, spans: &Spans) -> Option<Place> {
    let at = |span: &Span| (u64::from(text.codepoint_of(span.start).0), u64::from(text.codepoint_of(span.end).0));
    let (start, end) = spans.first().map(at)?;
    let parts = if spans.len() > 1 { spans.iter().map(at).collect() } else { Vec::new() };
    Some(Place { start, end, text: Some(text_of(text, spans)), parts })
}

fn quote_of(document: &Document, quote: &crate::model::Quote) -> Option<Quote> {
    let text = document.text();
    let one = |span: &Span| place(text, &Spans::from_iter([*span]));
    let contents = in_text(&quote.content)?.iter().filter_map(one).collect();
    let (mut sources, mut addressees, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    for (role, words) in roles_of(document, quote) {
        match (role.as_str(), words) {
            ("Speaker", Words::Spans(spans)) => sources.extend(place(text, &spans)),
            ("Addressee", Words::Spans(spans)) => addressees.extend(place(text, &spans)),
            (_, Words::Spans(spans)) => roles.push(Role { name: role, place: place(text, &spans), implicit: None }),
            (_, Words::Implicit(words)) => roles.push(Role { name: role, place: None, implicit: Some(words) }),
        }
    }
    Some(Quote {
        id: Some(Value::String(quote.id.to_string())),
        r#type: Some(quote.kind.to_string()),
        cue: quote.cue.as_ref().and_then(in_text).and_then(|spans| place(text, &spans)),
        sources,
        contents,
        coreferences: None,
        addressees,
        roles,
        attributes: (*quote.attributes).clone(),
        note: (*quote.note).clone(),
        others: BTreeMap::new(),
    })
}

/// The mentions of an entity that are written as a group: two or more.
fn members<'a>(document: &'a Document, entity: &Id) -> Vec<&'a Spans> {
    let found: Vec<&Spans> =
        order::mentions(document).into_iter().filter(|m| m.entity.as_ref() == Some(entity)).map(|m| &m.spans).collect();
    let found: Vec<&Spans> = found.into_iter().filter(|spans| in_text(spans).is_some()).collect();
    if found.len() > 1 { found } else { Vec::new() }
}

fn groups_of(document: &Document) -> Vec<Vec<Place>> {
    let group = |entity: &crate::model::Entity| -> Vec<Place> {
        let all = members(document, &entity.id).into_iter();
        all.filter_map(in_text).filter_map(|spans| place(document.text(), &spans)).collect()
    };
    order::entities(document).into_iter().map(group).filter(|places| !places.is_empty()).collect()
}

fn in_text_of(spans: Option<&Spans>) -> Option<Spans> {
    spans.and_then(in_text)
}

impl Format for Citron {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let is_object = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"{");
        let keys = json::keys(bytes);
        let is_own = is_object && keys.contains("text") && keys.contains("quotes") && !keys.contains("format");
        if is_own { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let (source, value) = json::parse(input.bytes)?;
        let refuse = |code, message: String, hint: &str| vec![Problem::error(code, message, hint).at_line(1, 1)];
        let file: File<Value> = serde_json::from_value(value)
            .map_err(|error| refuse("json-shape", error.to_string(), "the file needs text and a list of quotes"))?;
        let text = Text::new(file.text)
            .map_err(|error| refuse("text-too-long", error.to_string(), "split the file into several articles"))?;
        let builder = Builder::new(INFO.id, text, None);
        let mut reading = Reading { builder, ids: BTreeSet::new(), mentions: BTreeMap::new(), by_marks: 0 };
        for key in file.others.keys() {
            let message = format!("{key:?} is not known and is left out");
            reading.builder.warn("unknown-field", message, "nothing in the program has this meaning", None);
        }
        let lines = json::lines_of(&source, "coreference_groups");
        for (n, places) in file.coreference_groups.unwrap_or_default().iter().enumerate() {
            reading.group(places, lines.get(n).copied());
        }
        let lines = json::lines_of(&source, "quotes");
        let mut quotes = Vec::new();
        for (n, value) in file.quotes.into_iter().enumerate() {
            let line = lines.get(n).copied();
            match serde_json::from_value::<Quote>(value) {
                Ok(mut quote) => {
                    if let Some(places) = group_of(&mut quote) {
                        reading.group(&places, line);
                    }
                    quotes.push((quote, line));
                }
                Err(error) => {
                    let hint = "a quote needs contents; spans need start and end";
                    reading.builder.refuse("json-shape", error.to_string(), hint, line);
                }
            }
        }
        for (quote, line) in quotes {
            reading.quote(quote, line);
        }
        super::tell_kinds(&mut reading.builder, reading.by_marks);
        Ok(vec![reading.builder.finish(None)?])
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let keeps = options.get(&INFO, "cueless") == "keep";
        let write = |named: &Named<'_>| {
            let document = named.document;
            let quotes = order::quotes(document).into_iter().filter_map(|quote| quote_of(document, quote));
            let groups = groups_of(document);
            let file = File {
                text: document.text().as_str().to_owned(),
                quotes: quotes.filter(|quote| keeps || quote.cue.is_some()).collect(),
                coreference_groups: (!groups.is_empty()).then_some(groups),
                others: BTreeMap::new(),
            };
            let mut json = serde_json::to_string_pretty(&file).map_err(|error| WriteError::Unwritable {
                format: NAME,
                name: named.name.to_owned(),
                reason: error.to_string(),
            })?;
            json.push('\n');
            Ok(OutputFile { name: format!("{}.json", named.name).into(), bytes: json.into_bytes() })
        };
        documents.iter().map(write).collect()
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        let mut found = super::losses_of(document, &HOLDS);
        let mut grouped: BTreeSet<&Id> = BTreeSet::new();
        for entity in document.entities().keys() {
            if !members(document, entity).is_empty() {
                grouped.insert(entity);
            }
        }
        for loss in &mut found {
            let Some(id) = loss.id.clone() else { continue };
            let entity = document.mentions().get(&id).and_then(|mention| mention.entity.as_ref());
            let altered = |what| Loss::of(document, &id, Treatment::Altered, what);
            if document.kind_of(&id) == Some(Kind::Entity) && grouped.contains(&id) {
                *loss = altered("is written as words that refer to the same, without name and type");
            } else if entity.is_some_and(|entity| grouped.contains(entity))
                && document.mentions().get(&id).is_some_and(|m| in_text(&m.spans).is_some())
            {
                *loss = altered("is written without its label, as words that refer to the same as others");
            }
        }
        let with_words: Vec<_> =
            order::quotes(document).into_iter().filter(|q| in_text(&q.content).is_some()).collect();
        let cueless: Vec<_> = with_words.iter().filter(|q| in_text_of(q.cue.as_ref()).is_none()).collect();
        if options.get(&INFO, "cueless") == "drop" {
            let what = "has no cue and is lost";
            // What is said of the parts of a quote that is not written would mislead.
            found.retain(|loss| !cueless.iter().any(|quote| loss.id.as_ref() == Some(&quote.id)));
            found.extend(cueless.iter().map(|quote| Loss::of(document, &quote.id, Treatment::Dropped, what)));
        } else if !cueless.is_empty() {
            let what = format!("Citron itself cannot read {} quotes, which have no cue", cueless.len());
            found.push(Loss::whole(Treatment::Altered, what));
        }
        let in_parts = |spans: Option<&Spans>| in_text_of(spans).is_some_and(|spans| spans.len() > 1);
        let split = with_words.iter().filter(|q| in_parts(q.cue.as_ref())).count();
        if split > 0 {
            let what = format!("Citron itself sees the first part of {split} cues, which are in several");
            found.push(Loss::whole(Treatment::Altered, what));
        }
        found
    }
}

#[cfg(test)]
#[path = "citron_tests.rs"]
mod tests;
