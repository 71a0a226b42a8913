//! Training data of `GLiNER2`: JSON Lines with a text and what is to be found in it: entities by label, relations by label with head
//! and tail, events and quotes as structures (`json_structures`) with a value or a list of values for each field.
//!
//! A field holds words of the text, or their place: half-open, in code points of the row's text. What is not in the text of a
//! row has no place in it.

use serde_json::{Map, Value, json};

use super::gliner::{Laid, ROWS};
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Treatment, Unit,
    WriteError, losses, order,
};
use crate::edit::arguments_of;
use crate::model::{Document, Filler, Id, Kind, Problem};
use crate::text::{Span, Spans};

/// See the module.
pub struct Gliner2;

const HOLDS: Holds = Holds {
    mentions: true,
    overlaps: true,
    inside_tokens: true,
    relations: true,
    events: true,
    other_fillers: true,
    quotes: true,
    ..Holds::TEXT
};

const INFO: Info = Info {
    id: "gliner2",
    name: "GLiNER2 training data (JSON Lines)",
    extensions: &["jsonl"],
    reads: false,
    writes: true,
    joins: Joins::Appended,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[
        OptionInfo { values: &["document", "sentence"], ..ROWS },
        OptionInfo {
            name: "values",
            help: "how words are given: as they are, or with their place as well",
            values: &["words", "places"],
        },
    ],
};

impl Format for Gliner2 {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, _bytes: &[u8]) -> Likeness {
        Likeness::No
    }

    fn read(&self, _input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        Err(vec![Problem::error("unknown-format", "training data of GLiNER2 is only written", "choose another format")])
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let mut out = String::new();
        for named in documents {
            for row in rows(named.document, is_whole(options), has_places(options)).0 {
                out.push_str(&row.to_string());
                out.push('\n');
            }
        }
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        Ok(vec![OutputFile { name: format!("{name}.jsonl").into(), bytes: out.into_bytes() }])
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        let is_whole = is_whole(options);
        let mut found = losses::that_follow(document, &Holds { text: is_whole, ..HOLDS });
        found.extend(rows(document, is_whole, has_places(options)).1);
        found
    }
}

fn is_whole(options: &Options) -> bool {
    options.get(&INFO, "rows") == "document"
}

fn has_places(options: &Options) -> bool {
    options.get(&INFO, "values") == "places"
}

/// A part of the text that is one example.
struct Row<'a> {
    document: &'a Document,
    span: Span,
    with_places: bool,
    losses: Vec<Loss>,
}

/// Every row, and what is lost on the way.
pub(super) fn rows(document: &Document, is_whole: bool, with_places: bool) -> (Vec<Value>, Vec<Loss>) {
    let text = document.text();
    let whole = Span::new(crate::text::BytePos(0), text.end());
    let spans: Vec<Span> = if is_whole {
        std::iter::once(whole).filter(|span| !span.is_empty()).collect()
    } else {
        let tokens = Laid::of(document, false).tokens;
        let ends = |row: &std::ops::Range<usize>| {
            Some(Span::new(tokens.spans.get(row.start)?.start, tokens.spans.get(row.end.checked_sub(1)?)?.end))
        };
        tokens.sentences.iter().filter_map(ends).collect()
    };
    let mut all = Vec::new();
    let mut losses = outside(document, &spans);
    for span in spans {
        let mut row = Row { document, span, with_places, losses: Vec::new() };
        all.push(row.value());
        losses.append(&mut row.losses);
    }
    (all, losses)
}

/// What is in no row, because it covers nothing or goes over the end of one.
fn outside(document: &Document, rows: &[Span]) -> Vec<Loss> {
    let is_inside = |spans: &[Span]| cover(spans).is_some_and(|own| rows.iter().any(|row| holds(*row, own)));
    let mut losses = Vec::new();
    let mut lost = |id: &Id| {
        let what = "is lost, it covers nothing or goes over the end of a sentence";
        losses.push(Loss::of(document, id, Treatment::Dropped, what));
    };
    for m in order::mentions(document).into_iter().filter(|m| !is_inside(&m.spans)) {
        lost(&m.id);
    }
    for e in order::events(document).into_iter().filter(|e| !is_inside(&e.trigger)) {
        lost(&e.id);
    }
    for q in order::quotes(document).into_iter().filter(|q| !is_inside(&q.content)) {
        lost(&q.id);
    }
    for r in order::relations(document) {
        let end = |id: &Id| match document.kind_of(id) {
            Some(Kind::Mention) => cover(&document.spans_of(id)),
            _ => None,
        };
        let is_one = |(from, to): (Span, Span)| rows.iter().any(|row| holds(*row, from) && holds(*row, to));
        if !end(&r.from).zip(end(&r.to)).is_some_and(is_one) {
            let what = "is lost, its ends are no mentions of one text";
            losses.push(Loss::of(document, &r.id, Treatment::Dropped, what));
        }
    }
    losses
}

/// Whether a row has all of a span.
fn holds(row: Span, span: Span) -> bool {
    row.start <= span.start && span.end <= row.end
}

/// From the beginning of the first part to the end of the last; `None` if that is nothing.
fn cover(spans: &[Span]) -> Option<Span> {
    let span = Span::new(spans.first()?.start, spans.last()?.end);
    (!span.is_empty()).then_some(span)
}

impl Row<'_> {
    /// What stands for words of this row; `None` if they are not in it.
    fn words(&self, spans: &[Span]) -> Option<Value> {
        let span = cover(spans).filter(|span| holds(self.span, *span))?;
        let text = self.document.text();
        let words = text.slice(span);
        if !self.with_places {
            return Some(json!(words));
        }
        let from = text.codepoint_of(self.span.start).0;
        let (start, end) = (text.codepoint_of(span.start).0 - from, text.codepoint_of(span.end).0 - from);
        Some(json!({"text": words, "start": start, "end": end}))
    }

    fn loses(&mut self, id: &Id, treatment: Treatment, what: &str) {
        self.losses.push(Loss::of(self.document, id, treatment, what));
    }

    fn merged(&mut self, id: &Id, spans: &Spans) {
        if spans.len() > 1 {
            self.loses(id, Treatment::Merged, "is written in one part, with the words between its parts");
        }
    }

    fn value(&mut self) -> Value {
        let document = self.document;
        let mut output = Map::new();
        let mut entities: Map<String, Value> = Map::new();
        for m in order::mentions(document) {
            let Some(words) = self.words(&m.spans) else { continue };
            self.merged(&m.id, &m.spans);
            add(&mut entities, &m.label, words);
        }
        output.insert("entities".to_owned(), Value::Object(entities));
        let relations: Vec<Value> = (order::relations(document).into_iter())
            .filter_map(|r| {
                let end = |id: &Id| {
                    (document.kind_of(id) == Some(Kind::Mention)).then(|| self.words(&document.spans_of(id))).flatten()
                };
                Some(json!({r.label.as_str(): {"head": end(&r.from)?, "tail": end(&r.to)?}}))
            })
            .collect();
        if !relations.is_empty() {
            output.insert("relations".to_owned(), Value::Array(relations));
        }
        let structures = self.structures();
        if !structures.is_empty() {
            output.insert("json_structures".to_owned(), Value::Array(structures));
        }
        json!({"input": document.text().slice(self.span), "output": output})
    }

    fn structures(&mut self) -> Vec<Value> {
        let document = self.document;
        let mut all = Vec::new();
        for e in order::events(document) {
            let Some(trigger) = self.words(&e.trigger) else { continue };
            self.merged(&e.id, &e.trigger);
            let mut fields = Map::new();
            fields.insert("trigger".to_owned(), trigger);
            self.roles(&e.id, &mut fields);
            all.push(json!({e.r#type.as_str(): fields}));
        }
        for q in order::quotes(document) {
            let Some(content) = self.words(&q.content) else { continue };
            self.merged(&q.id, &q.content);
            let mut fields = Map::new();
            fields.insert("content".to_owned(), content);
            if let Some(cue) = &q.cue {
                match self.words(cue) {
                    Some(words) => drop(fields.insert("cue".to_owned(), words)),
                    None => self.loses(&q.id, Treatment::Cut, "loses its cue, which is not in this text"),
                }
            }
            self.loses(&q.id, Treatment::Cut, "loses its kind");
            self.roles(&q.id, &mut fields);
            all.push(json!({"Quote": fields}));
        }
        all
    }

    fn roles(&mut self, id: &Id, fields: &mut Map<String, Value>) {
        for argument in arguments_of(self.document, id) {
            let spans = match &argument.filler {
                Filler::Mention(id) => self.document.spans_of(id),
                Filler::Span(spans) => spans.clone(),
                Filler::Implicit(_) => Spans::default(),
                // Told by what the format holds.
                Filler::Event(_) => continue,
            };
            match self.words(&spans) {
                Some(words) => add_to(fields, &argument.role, words),
                None => {
                    let what = format!("loses a filler of its role {}, which is not in this text", argument.role);
                    self.loses(id, Treatment::Cut, &what);
                }
            }
        }
    }
}

/// Adds words to a list, each once.
fn add(to: &mut Map<String, Value>, key: &str, words: Value) {
    if let Value::Array(list) = to.entry(key).or_insert_with(|| json!([]))
        && !list.contains(&words)
    {
        list.push(words);
    }
}

/// Sets a field; a second value makes a list.
fn add_to(fields: &mut Map<String, Value>, key: &str, words: Value) {
    let value = match fields.remove(key) {
        None => words,
        Some(Value::Array(mut list)) => {
            list.push(words);
            Value::Array(list)
        }
        Some(first) => json!([first, words]),
    };
    fields.insert(key.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::test_support::{document, native};

    fn chosen(rows: &str, values: &str) -> Options {
        let mut options = Options::default();
        options.set(&INFO, "rows", rows).expect("an option");
        options.set(&INFO, "values", values).expect("an option");
        options
    }

    fn written(document: &Document, options: &Options) -> Vec<Value> {
        let files = Gliner2.write(&[Named { name: "a", document, schema: None }], options).expect("written");
        let lines = String::from_utf8(files[0].bytes.clone()).expect("UTF-8");
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    const TEXT: &str = "😀 Anna met Bob. “Yes,” she said.";

    const FIELDS: &str = "mentions: [(id: \"m1\", label: \"Person\", spans: [(start: 2, end: 6)]),
                   (id: \"m2\", label: \"Person\", spans: [(start: 11, end: 14)]),
                   (id: \"m3\", label: \"Person\", spans: [(start: 23, end: 26)])],
        events: [(id: \"e1\", type: \"Consult\", trigger: [(start: 7, end: 10)],
                  arguments: [(role: \"Actor\", filler: Mention(\"m1\")), (role: \"Actor\", filler: Mention(\"m2\")),
                              (role: \"Place\", filler: Implicit(\"Bonn\"))])],
        quotes: [(id: \"q1\", kind: \"direct\", content: [(start: 16, end: 22)], cue: Some([(start: 27, end: 31)]),
                  speaker: Some(Mention(\"m1\")))],
        relations: [(id: \"r1\", label: \"Knows\", from: \"m1\", to: \"m2\")]";

    #[test]
    fn events_and_quotes_are_structures() {
        let document = &native(TEXT, FIELDS);
        let rows = written(document, &Options::default());
        assert_eq!(
            rows,
            [json!({"input": "😀 Anna met Bob. “Yes,” she said.", "output": {
                "entities": {"Person": ["Anna", "Bob", "she"]},
                "relations": [{"Knows": {"head": "Anna", "tail": "Bob"}}],
                "json_structures": [{"Consult": {"trigger": "met", "Actor": ["Anna", "Bob"]}},
                                    {"Quote": {"content": "“Yes,”", "cue": "said", "Speaker": "Anna"}}]}})]
        );
        let rows = written(document, &chosen("sentence", "places"));
        assert_eq!(rows[1]["output"]["entities"]["Person"], json!([{"text": "she", "start": 7, "end": 10}]));
        let told = |options: &Options| {
            let losses = Gliner2.losses(document, options);
            losses.into_iter().filter_map(|l| l.id.map(|id| id.as_str().to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(told(&Options::default()), ["e1", "q1"]);
        assert_eq!(told(&chosen("sentence", "words")), ["e1", "q1", "q1"], "the speaker is in another sentence");
    }

    proptest! {
        #[test]
        fn places_are_those_of_the_words(document in document(), whole: bool) {
            fn check(input: &[char], value: &Value) {
                match value {
                    Value::Object(fields) if fields.contains_key("start") => {
                        let at = |name: &str| fields[name].as_u64().expect("a place") as usize;
                        let words: String = input[at("start")..at("end")].iter().collect();
                        assert_eq!(Some(words.as_str()), fields["text"].as_str());
                    }
                    Value::Object(fields) => fields.values().for_each(|value| check(input, value)),
                    Value::Array(list) => list.iter().for_each(|value| check(input, value)),
                    _ => {}
                }
            }
            let options = chosen(if whole { "document" } else { "sentence" }, "places");
            for row in written(&document, &options) {
                let input: Vec<char> = row["input"].as_str().expect("a text").chars().collect();
                check(&input, &row["output"]);
            }
            let _ = Gliner2.losses(&document, &options);
        }
    }
}
