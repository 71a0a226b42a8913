//! Quotes of The Guardian and AFP: JSON with the paragraphs of an article and the words in it that are a source, a cue or
//! a content; one article, or a list of them. Read only.
//!
//! Positions are code points from the beginning of the first paragraph of the words (`paragraph_start`); the last one is in
//! the words. Where there are `span_in_paragraph_start` and `span_in_paragraph_end`, these count, each in its own
//! paragraph. A wrong end is told, and the words that begin at the start are taken, if they are those of the file.
//!
//! Every content becomes a quote, every source a mention, of the entity that the file names as what it refers to
//! (`span_coref`). The file does not say which source and which cue belong to which content. Unless the option `link` says
//! `no`, a content gets the nearest cue of its paragraphs and the source that is nearest to that, and this is told; a cue
//! that no content gets is a mention too.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::json;
use crate::formats::build::Builder;
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
    losses,
};
use crate::model::{Document, Filler, Id, Problem};
use crate::text::{BytePos, Span, Spans, Text};

/// See the module.
pub struct GuardianQuotes;

const NAME: &str = "Quotes of The Guardian and AFP (JSON)";
const HOLDS: Holds = Holds {
    mentions: true,
    overlaps: true,
    entities: true,
    entity_fields: true,
    discontinuity: false,
    other_fillers: false,
    attributes: false,
    notes: false,
    metadata: true,
    document_labels: true,
    ..super::QUOTES
};

const INFO: Info = Info {
    id: "guardian-quotes",
    name: NAME,
    extensions: &["json"],
    reads: true,
    writes: false,
    joins: Joins::Whole,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[OptionInfo {
        name: "link",
        help: "whether a content gets the nearest cue and source of its paragraphs; the file has no links",
        values: &["near", "no"],
    }],
};

/// Labels that mean something; mentions with others keep them.
const SOURCE: &str = "Source";
const CUE: &str = "Cue";
const CONTENT: &str = "Content";

/// Keys of an entity that are read, or follow from others.
const KNOWN: &[&str] = &[
    "index",
    "span_text",
    "span_label",
    "span_coref",
    "span_start",
    "span_end",
    "span_in_paragraph_start",
    "span_in_paragraph_end",
    "paragraph_start",
    "paragraph_end",
];

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    metadata: Map<String, Value>,
    paragraphs: Vec<String>,
    entities: Vec<Value>,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

/// Where the paragraphs are: first code point and how many there are.
struct Layout(Vec<(u64, u64)>);

impl Layout {
    /// The text of the paragraphs. One that does not end its line gets a line end, if another follows.
    fn of(paragraphs: &[String]) -> (String, Self) {
        let (mut text, mut places, mut at) = (String::new(), Vec::new(), 0);
        for (n, paragraph) in paragraphs.iter().enumerate() {
            let length = paragraph.chars().count() as u64;
            places.push((at, length));
            text.push_str(paragraph);
            at += length;
            if n + 1 < paragraphs.len() && !paragraph.ends_with('\n') {
                text.push('\n');
                at += 1;
            }
        }
        (text, Self(places))
    }

    /// The place in the text of a code point that is counted from the beginning of a paragraph, on through those that
    /// follow it.
    fn place(&self, paragraph: u64, mut at: u64) -> Option<u64> {
        for (start, length) in self.0.get(usize::try_from(paragraph).ok()?..)? {
            if at < *length {
                return Some(start + at);
            }
            at -= length;
        }
        None
    }

    /// The paragraph that a code point is in.
    fn paragraph_of(&self, at: u64) -> u64 {
        self.0.partition_point(|(start, _)| *start <= at).saturating_sub(1) as u64
    }
}

/// Words that are marked.
struct Part {
    label: String,
    span: Span,
    /// The first paragraph and the last.
    paragraphs: (u64, u64),
    /// The name of what they refer to.
    refers_to: Option<String>,
}

impl Part {
    fn is(&self, label: &str) -> bool {
        self.label == label
    }

    fn shares_paragraph(&self, other: &Self) -> bool {
        self.paragraphs.0 <= other.paragraphs.1 && other.paragraphs.0 <= self.paragraphs.1
    }
}

/// Bytes between two spans; none if they overlap.
fn gap(a: Span, b: Span) -> u32 {
    b.start.0.saturating_sub(a.end.0).max(a.start.0.saturating_sub(b.end.0))
}

/// Of the parts with this label, in the paragraphs of a content but not in its words, the number of the one that is nearest
/// to a span; the first of those that are equally near.
fn nearest(parts: &[Part], label: &str, content: &Part, to: Span) -> Option<usize> {
    let fits = |part: &Part| part.is(label) && part.shares_paragraph(content) && !part.span.overlaps(content.span);
    let found = parts.iter().enumerate().filter(|(_, part)| fits(part));
    found.min_by_key(|(_, part)| gap(part.span, to)).map(|(n, _)| n)
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

/// Where words that begin at `start` end in a text, whatever white space is between them; `None` if others are there.
fn end_of(text: &str, start: BytePos, words: &str) -> Option<BytePos> {
    let start = start.to_usize();
    let mut rest = text.get(start..)?.char_indices().filter(|(_, c)| !c.is_whitespace());
    let mut end = None;
    for expected in letters(words) {
        let (at, _) = rest.next().filter(|(_, found)| *found == expected)?;
        end = Some(start + at + expected.len_utf8());
    }
    u32::try_from(end?).ok().map(BytePos)
}

struct Reading {
    builder: Builder,
    layout: Layout,
    indices: BTreeSet<String>,
    entities: BTreeMap<String, Id>,
}

impl Reading {
    fn number(&mut self, map: &Map<String, Value>, key: &str, line: Option<usize>) -> Option<u64> {
        let value = map.get(key);
        // The schema of the format says once that a position is text.
        let found = value.and_then(|value| value.as_u64().or_else(|| value.as_str()?.trim().parse().ok()));
        if found.is_none() {
            let message = format!("{key} is not a whole number from 0");
            self.builder.refuse("json-shape", message, "correct it, or remove what it is about", line);
        }
        found
    }

    /// The span of an entity.
    fn span(&mut self, map: &Map<String, Value>, line: Option<usize>) -> Option<Span> {
        let own_places = map.contains_key("span_in_paragraph_start") && map.contains_key("span_in_paragraph_end");
        let first = self.number(map, "paragraph_start", line)?;
        let last = self.number(map, "paragraph_end", line)?;
        let (start, end) = if own_places {
            (
                (first, self.number(map, "span_in_paragraph_start", line)?),
                (last, self.number(map, "span_in_paragraph_end", line)?),
            )
        } else {
            ((first, self.number(map, "span_start", line)?), (first, self.number(map, "span_end", line)?))
        };
        let within = |at: u64, paragraph: u64| self.layout.paragraph_of(at) == paragraph;
        let begins = self.layout.place(start.0, start.1).filter(|at| within(*at, first));
        let ends = self.layout.place(end.0, end.1).filter(|at| within(*at, last));
        let Some(begins) = begins else {
            let message = format!("there is no character {} in paragraph {first}", start.1);
            let hint = "paragraphs and characters count from 0; the file may count in another unit";
            self.builder.refuse("bad-offset", message, hint, line);
            return None;
        };
        let words = map.get("span_text").and_then(Value::as_str).unwrap_or_default();
        let ends = ends.filter(|at| *at >= begins);
        if let Some(ends) = ends {
            let span = self.builder.span(Unit::Codepoints, begins, ends + 1, line)?;
            let own = self.builder.text().slice(span);
            if words.is_empty() || letters(own).eq(letters(words)) {
                return Some(span);
            }
        }
        // The start and the words together say the same as the start and the end would.
        let start = self.builder.span(Unit::Codepoints, begins, begins, line)?.start;
        let text = self.builder.text();
        let found = end_of(text.as_str(), start, words).map(|stop| (stop, u64::from(text.codepoint_of(stop).0)));
        match (found, ends) {
            (Some((stop, after)), _) if within(after.saturating_sub(1), last) => {
                let message = format!("the words {words:?} do not end at {}; they are taken as they are", end.1);
                let hint = "the end is that of the last character, counted in code points";
                self.builder.warn("end-differs", message, hint, line);
                Some(Span::new(start, stop))
            }
            (_, None) => {
                let message = format!("the words do not end in paragraph {last} at {}", end.1);
                let hint = "the file may count in another unit, or belong to another text";
                self.builder.refuse("bad-offset", message, hint, line);
                None
            }
            (_, Some(ends)) => {
                let span = self.builder.span(Unit::Codepoints, begins, ends + 1, line)?;
                self.builder.expect_words(&[span], words, line);
                None
            }
        }
    }

    fn part(&mut self, value: Value, line: Option<usize>) -> Option<Part> {
        let Value::Object(map) = value else {
            self.builder.refuse("json-shape", "an entity is not an object", "it needs a label and positions", line);
            return None;
        };
        for key in map.keys().filter(|key| !KNOWN.contains(&key.as_str())) {
            let message = format!("{key:?} is not known and is left out");
            self.builder.warn("unknown-field", message, "nothing in the program has this meaning", line);
        }
        if let Some(index) = map.get("index").map(ToString::to_string)
            && !self.indices.insert(index.clone())
        {
            let message = format!("the index {index} is used twice");
            self.builder.refuse("duplicate-id", message, "give each entity its own index", line);
        }
        let Some(label) = map.get("span_label").and_then(Value::as_str) else {
            self.builder.refuse("json-shape", "an entity has no span_label", "write one", line);
            return None;
        };
        let label = [SOURCE, CUE, CONTENT].into_iter().find(|own| own.eq_ignore_ascii_case(label)).unwrap_or(label);
        let span = self.span(&map, line)?;
        let text = self.builder.text();
        let (start, end) = (text.codepoint_of(span.start).0, text.codepoint_of(span.end).0);
        let paragraphs = (
            self.layout.paragraph_of(u64::from(start)),
            self.layout.paragraph_of(u64::from(end.saturating_sub(1).max(start))),
        );
        let name = map.get("span_coref").and_then(Value::as_str).map(str::trim).filter(|name| !name.is_empty());
        if let Some(name) = name
            && (label == CUE || label == CONTENT)
        {
            let message = format!("a {} cannot refer to {name:?}, which is left out", label.to_lowercase());
            self.builder.warn("left-out", message, "mark a source with it", line);
        }
        Some(Part { label: label.to_owned(), span, paragraphs, refers_to: name.map(str::to_owned) })
    }

    fn mention(&mut self, part: &Part) -> Id {
        let mention = self.builder.mention(&part.label, [part.span]);
        if let Some(name) = part.refers_to.as_ref().filter(|_| !part.is(CUE)) {
            let builder = &mut self.builder;
            let new = || builder.entity(&part.label, name);
            let entity = self.entities.entry(name.clone()).or_insert_with(new).clone();
            self.builder.mention_mut(&mention).into_iter().for_each(|m| m.entity = Some(entity.clone()));
        }
        mention
    }

    fn parts(&mut self, parts: &[Part], links: bool) {
        let is_mention = |part: &Part| !part.is(CONTENT) && !part.is(CUE);
        let mentions: Vec<Option<Id>> = parts.iter().map(|part| is_mention(part).then(|| self.mention(part))).collect();
        let mut linked: BTreeSet<usize> = BTreeSet::new();
        let mut by_marks = 0;
        for content in parts.iter().filter(|part| part.is(CONTENT)) {
            let kind = super::kind_by_marks(self.builder.text().slice(content.span));
            by_marks += usize::from(kind != "direct");
            let quote = self.builder.quote(kind, [content.span]);
            if !links {
                continue;
            }
            let cue = nearest(parts, CUE, content, content.span);
            let cue_span = cue.and_then(|n| parts.get(n)).map(|part| part.span);
            let source = nearest(parts, SOURCE, content, cue_span.unwrap_or(content.span));
            linked.extend(cue.into_iter().chain(source));
            if let Some(quote) = self.builder.quote_mut(&quote) {
                quote.cue = cue_span.map(|span| Spans::from_iter([span]));
            }
            if let Some(speaker) = source.and_then(|n| mentions.get(n)).cloned().flatten() {
                self.builder.argument(&quote, "Speaker", Filler::Mention(speaker));
            }
        }
        super::tell_kinds(&mut self.builder, by_marks);
        let alone = |(n, part): &(usize, &Part)| (part.is(CUE) || part.is(SOURCE)) && !linked.contains(n);
        let alone: Vec<&Part> = parts.iter().enumerate().filter(alone).map(|(_, part)| part).collect();
        for cue in alone.iter().filter(|part| part.is(CUE)) {
            self.mention(cue);
        }
        if !links {
            return;
        }
        if !linked.is_empty() {
            let message = format!(
                "the file does not say what belongs to which quote; {} sources and cues went with the nearest one",
                linked.len()
            );
            self.builder.warn("linked-by-place", message, "check them, or read with the option link=no", None);
        }
        if !alone.is_empty() {
            let message = format!("{} sources and cues are nearest to no quote of their paragraph", alone.len());
            self.builder.warn("not-linked", message, "they stay mentions with the labels Source and Cue", None);
        }
    }

    fn metadata(&mut self, metadata: Map<String, Value>) {
        for (key, value) in metadata {
            let header = &mut self.builder.header;
            let texts = |list: &Vec<Value>| -> Option<Vec<String>> {
                list.iter().map(|value| value.as_str().map(str::to_owned)).collect()
            };
            match (key.as_str(), &value) {
                (_, Value::Null) => {}
                (_, Value::String(text)) if text.trim().is_empty() => {}
                ("title", Value::String(title)) => header.metadata.title.clone_from(title),
                ("path", Value::String(path)) => header.metadata.id.clone_from(path),
                ("publisher", Value::String(publisher)) => header.metadata.source = Some(publisher.clone()),
                ("publish_date", Value::String(date)) => {
                    let day = date.trim().get(..10).filter(|day| day.parse::<jiff::civil::Date>().is_ok());
                    header.metadata.published = day.map(str::to_owned);
                    if day.is_none() {
                        let message = format!("{date:?} is read as no date");
                        self.builder.warn("unknown-date", message, "set the date by hand", None);
                    }
                }
                (_, Value::Array(list)) if texts(list).is_some() => {
                    let texts = texts(list).unwrap_or_default();
                    if !texts.is_empty() {
                        header.labels.insert(key, texts);
                    }
                }
                _ => {
                    let message = format!("{key:?} of the metadata is not known and is left out");
                    self.builder.warn("unknown-field", message, "nothing in the program has this meaning", None);
                }
            }
        }
    }
}

/// One article. `lines` are those of all entities of the file from here on.
fn article(
    value: Value,
    line: Option<usize>,
    lines: &mut impl Iterator<Item = usize>,
    links: bool,
) -> Result<Read, Vec<Problem>> {
    let refuse = |code, message: String, hint: &str| {
        let problem = Problem::error(code, message, hint);
        vec![problem.at_line(line.unwrap_or(1), 1)]
    };
    let file: File = serde_json::from_value(value).map_err(|error| {
        refuse("json-shape", error.to_string(), "an article needs lists of paragraphs and of entities")
    })?;
    let (text, layout) = Layout::of(&file.paragraphs);
    let text = Text::new(text)
        .map_err(|error| refuse("text-too-long", error.to_string(), "split the file into several articles"))?;
    let builder = Builder::new(INFO.id, text, None);
    let mut reading = Reading { builder, layout, indices: BTreeSet::new(), entities: BTreeMap::new() };
    reading.metadata(file.metadata);
    for key in file.others.keys() {
        let message = format!("{key:?} is not known and is left out");
        reading.builder.warn("unknown-field", message, "nothing in the program has this meaning", line);
    }
    let mut parts = Vec::new();
    for value in file.entities {
        // Only elements that are objects or lists have a line.
        let line = if value.is_object() || value.is_array() { lines.next() } else { line };
        parts.extend(reading.part(value, line));
    }
    reading.parts(&parts, links);
    let mut read = reading.builder.finish(None)?;
    read.line = line;
    Ok(read)
}

impl Format for GuardianQuotes {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let keys = json::keys(bytes);
        let is_own = keys.contains("paragraphs") && keys.contains("entities") && !keys.contains("format");
        if is_own { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        self.read_with(input, &Options::default())
    }

    fn read_with(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let links = options.get(&INFO, "link") == "near";
        let (source, value) = json::parse(input.bytes)?;
        let mut lines = json::lines_of(&source, "entities").into_iter();
        let Value::Array(values) = value else { return article(value, None, &mut lines, links).map(|read| vec![read]) };
        if values.is_empty() {
            let problem = Problem::error("no-text", "there is no article in it", "choose a file with articles in it");
            return Err(vec![problem.at_line(1, 1)]);
        }
        let mut places = json::lines_of_all(&source).into_iter();
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for value in values {
            let place = if value.is_object() || value.is_array() { places.next() } else { None };
            match article(value, place, &mut lines, links) {
                Ok(read) => found.push(read),
                Err(problems) => refused.extend(problems),
            }
        }
        if refused.is_empty() { Ok(found) } else { Err(refused) }
    }

    fn write(&self, _documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        Err(WriteError::ReadOnly(NAME))
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::that_follow(document, &HOLDS)
    }
}

#[cfg(test)]
#[path = "guardian_tests.rs"]
mod tests;
