//! A document that is built from words in sentences, and lists in JSON with checked places in it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::formats::build::Builder;
use crate::formats::columns::words::{Words, gaps};
use crate::model::{Filler, Id, Problem};
use crate::text::{Span, Text};

/// Words with their places, and what is made of them.
pub struct Reading {
    pub builder: Builder,
    spans: Vec<Span>,
    pub line: Option<usize>,
}

/// The words of sentences.
///
/// # Errors
/// If it is no list of lists of words, or a word is empty or has white space in it.
pub fn sentences(value: Option<&Value>, line: usize) -> Result<Vec<Vec<&str>>, Vec<Problem>> {
    let list = value.and_then(Value::as_array);
    let sentences: Option<Vec<Vec<&str>>> = list.and_then(|list| list.iter().map(words).collect());
    sentences.ok_or_else(|| broken("the sentences are not lists of words", line))
}

/// The words of a list; `None` if it is none, or a word is empty.
pub fn words(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(|word| word.as_str().filter(|word| !word.is_empty())).collect()
}

/// What cannot be read as it is.
pub fn broken(what: &str, line: usize) -> Vec<Problem> {
    let hint = "make the file again, or correct this line in a text editor";
    vec![Problem::error("broken-line", what, hint).at_line(line, 1)]
}

/// Lines that follow each other and are of one document: `is_same` says so of two neighbours, and a line whose text under
/// `key` has been seen in the document begins the next one. Two documents that carry one identifier (an article that was
/// taken in twice) stay two.
pub fn runs<'a>(
    lines: &'a [(usize, Map<String, Value>)],
    key: &str,
    is_same: impl Fn(&Map<String, Value>, &Map<String, Value>) -> bool,
) -> Vec<&'a [(usize, Map<String, Value>)]> {
    let mut found = Vec::new();
    for mut rest in lines.chunk_by(|(_, a), (_, b)| is_same(a, b)) {
        let (mut seen, mut at) = (BTreeSet::new(), 0);
        while let Some((_, line)) = rest.get(at) {
            if line.get(key).and_then(Value::as_str).is_some_and(|key| !seen.insert(key)) {
                let (before, after) = rest.split_at(at);
                found.push(before);
                (rest, at) = (after, 0);
                seen.clear();
            } else {
                at += 1;
            }
        }
        found.push(rest);
    }
    found
}

impl Reading {
    /// Puts the text together from sentences: their own texts where they are known and have these words, else the words
    /// with blanks between them. Sentences stand on lines of their own.
    ///
    /// # Errors
    /// If the text is too long.
    pub fn of(
        format: &str,
        sentences: &[Vec<&str>],
        texts: &[Option<&str>],
        line: usize,
    ) -> Result<Self, Vec<Problem>> {
        let mut put = Words::default();
        let (mut count, mut is_rebuilt) = (0, false);
        for (nth, words) in sentences.iter().enumerate() {
            if nth > 0 {
                put.gap("\n");
            }
            let between = texts.get(nth).copied().flatten().and_then(|text| gaps(text, words));
            is_rebuilt |= between.is_none();
            for (at, word) in words.iter().enumerate() {
                put.gap(between.as_ref().and_then(|gaps| gaps.get(at)).copied().unwrap_or(if at > 0 {
                    " "
                } else {
                    ""
                }));
                put.word(word);
                count += 1;
            }
            put.gap(between.as_ref().and_then(|gaps| gaps.last()).copied().unwrap_or_default());
        }
        let spans = (0..count).filter_map(|nth| put.span(nth, nth + 1)).collect();
        let text = text_of(put.text(), line)?;
        let mut builder = Builder::new(format, text, None);
        if is_rebuilt {
            let message =
                "the text was put together from words; its blanks and line ends may be others than in the article";
            builder.warn("text-rebuilt", message, "the format has no text", Some(line));
        }
        Ok(Self { builder, spans, line: Some(line) })
    }

    /// Words at known places of a text.
    pub fn at(builder: Builder, spans: Vec<Span>, line: usize) -> Self {
        Self { builder, spans, line: Some(line) }
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// From the first of some words to before `end`; `None`, with a problem, if they are not there.
    pub fn span(&mut self, first: u64, end: u64) -> Option<Span> {
        let at = |number: u64| usize::try_from(number).ok().and_then(|number| self.spans.get(number));
        let (a, b) = (at(first), end.checked_sub(1).and_then(at));
        if let (Some(a), Some(b), true) = (a, b, first < end) {
            return Some(Span::new(a.start, b.end));
        }
        let message = if first < end {
            format!("the words {first} to {end} are not there, there are {}", self.len())
        } else {
            format!("the words {first} to {end} run backwards")
        };
        let hint = "the file may count from another place, or belong to another text";
        self.builder.refuse("bad-offset", message, hint, self.line);
        None
    }

    /// The mention that covers exactly these words, or the words.
    pub fn filler(&self, span: Span, mentions: &[(Span, Id)]) -> Filler {
        match mentions.iter().find(|(known, _)| *known == span) {
            Some((_, id)) => Filler::Mention(id.clone()),
            None => Filler::Span(std::iter::once(span).collect()),
        }
    }

    /// Makes mentions refer to one entity, which is called like the longest of them.
    pub fn cluster(&mut self, mentions: &[Id]) {
        let known =
            |builder: &mut Builder, id: &Id| builder.mention_mut(id).map(|m| (m.label.clone(), m.spans.clone()));
        let all: Vec<_> = mentions.iter().filter_map(|id| known(&mut self.builder, id)).collect();
        let length = |spans: &crate::text::Spans| spans.iter().map(|span| span.len()).max().unwrap_or_default();
        let Some((label, spans)) = all.into_iter().rev().max_by_key(|(_, spans)| length(spans)) else { return };
        let name: Vec<&str> = spans.iter().map(|span| self.builder.text().slice(*span)).collect();
        let entity = self.builder.entity(&label, &name.join(" "));
        for id in mentions {
            let Some(mention) = self.builder.mention_mut(id) else { continue };
            if mention.entity.is_some() {
                let message = "a mention is in two clusters and stays in the first";
                self.builder.warn("two-clusters", message, "say once of each to what it refers", self.line);
            } else {
                mention.entity = Some(entity.clone());
            }
        }
    }

    /// Says which fields of a line are left out.
    pub fn warn_of_fields(&mut self, object: &Map<String, Value>, known: &[&str]) {
        let left: Vec<&str> = object
            .iter()
            .filter(|(name, value)| {
                let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty) || *value == "";
                !known.contains(&name.as_str()) && !is_empty
            })
            .map(|(name, _)| name.as_str())
            .collect();
        if !left.is_empty() {
            let message = format!("fields that are left out: {}", left.join(", "));
            self.builder.warn("left-out", message, "they have no place in a document", self.line);
        }
    }

    /// Something in the line that is not as it should be.
    pub fn refuse(&mut self, what: &str) {
        self.builder.refuse("broken-line", what, "make the file again, or correct this line", self.line);
    }
}

/// The text, if it is not too long.
///
/// # Errors
/// If it is.
pub fn text_of(text: &str, line: usize) -> Result<Text, Vec<Problem>> {
    Text::new(text).map_err(|error| {
        vec![Problem::error("text-too-long", error.to_string(), "split it into several articles").at_line(line, 1)]
    })
}

/// The objects of JSON Lines with the numbers of their lines.
pub(super) use crate::formats::tasks::objects_of_lines;

/// A list of a field; empty if there is none.
pub fn list<'a>(object: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A text of a field; empty if there is none.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The first object of JSON Lines, if it is whole.
pub(super) use crate::formats::tasks::first_object;
