//! Quotes of German Wikinews: JSON with the text, and for each quote its words, speaker, cue, addressee and frame, each in
//! one or more parts, with its type and medium. Read only.
//!
//! Positions are half-open in code points (`charBegin`, `charEnd`); those in tokens, the tokens and the sentences follow
//! from the text and are not kept. Types and media become the names that the schemas of the program have (`SW`, spoken or
//! written, becomes `speech-writing`). A quote that the file calls nested gets the attribute `level`: 2, or more if
//! several others stand around it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::json;
use crate::formats::build::Builder;
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, losses,
};
use crate::model::{AttributeValue, Document, Filler, Id, Problem};
use crate::text::{Span, Spans, Text};

/// See the module.
pub struct WikinewsQuotes;

const HOLDS: Holds = super::QUOTES;
const NAME: &str = "Quotes of German Wikinews (JSON)";

const KINDS: &[(&str, &str)] = &[
    ("Direct", "direct"),
    ("Indirect", "indirect"),
    ("Mixed", "mixed"),
    ("FreeIndirect", "free-indirect"),
    ("IndirectFreeIndirect", "indirect-free-indirect"),
    ("Reported", "reported"),
];

const MEDIA: &[(&str, &str)] = &[
    ("Speech", "speech"),
    ("Writing", "writing"),
    ("Thought", "thought"),
    ("SW", "speech-writing"),
    ("ST", "speech-thought"),
    ("TW", "thought-writing"),
    ("none", "unspecified"),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    document_name: String,
    original_text: String,
    annotations: Vec<Value>,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Annotation {
    id: Option<Value>,
    r#type: String,
    medium: Option<String>,
    #[serde(default)]
    is_nested: bool,
    quote: Value,
    #[serde(default)]
    cue: Value,
    #[serde(default)]
    speaker: Value,
    #[serde(default)]
    addressee: Value,
    #[serde(default)]
    frame: Value,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Part {
    spans: Vec<Place>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    char_begin: u64,
    char_end: u64,
}

/// Keys that say again what follows from the rest.
const DERIVED: &[&str] = &["sentences", "tokens", "hasNested"];

struct Reading {
    builder: Builder,
    ids: BTreeSet<String>,
    /// Quotes that the file calls nested.
    nested: Vec<Id>,
    /// The words of all quotes, from the first part to the last.
    extents: Vec<(Id, Span)>,
}

impl Reading {
    fn unknown(&mut self, others: &BTreeMap<String, Value>, line: Option<usize>) {
        for key in others.keys().filter(|key| !DERIVED.contains(&key.as_str())) {
            let message = format!("{key:?} is not known and is left out");
            self.builder.warn("unknown-field", message, "nothing in the program has this meaning", line);
        }
    }

    /// The spans of a part; empty if it is not there, which the files write as an object without spans or as a list.
    fn part(&mut self, name: &str, value: Value, line: Option<usize>) -> Spans {
        if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
            return Spans::new();
        }
        let part: Part = match serde_json::from_value(value) {
            Ok(part) => part,
            Err(error) => {
                let hint = "it needs spans with charBegin and charEnd";
                self.builder.refuse("json-shape", format!("{name}: {error}"), hint, line);
                return Spans::new();
            }
        };
        let count = part.spans.len();
        let place = |p: &Place| self.builder.span(Unit::Codepoints, p.char_begin, p.char_end, line);
        let spans: Spans = part.spans.iter().filter_map(place).collect();
        if let Some(words) = &part.text
            && spans.len() == count
        {
            self.builder.expect_words(&spans, words, line);
        }
        spans
    }

    /// The program's name of a type or medium; its own name, told, if there is none.
    fn named(&mut self, what: &str, names: &[(&str, &str)], name: &str, line: Option<usize>) -> String {
        if let Some((_, own)) = names.iter().find(|(theirs, _)| *theirs == name) {
            return (*own).to_owned();
        }
        let message = format!("the {what} {name:?} is not known and is kept as it is");
        self.builder.warn("unknown-value", message, "rename it if the schema has another name for it", line);
        name.to_owned()
    }

    fn annotation(&mut self, value: Value, line: Option<usize>) {
        let a: Annotation = match serde_json::from_value(value) {
            Ok(annotation) => annotation,
            Err(error) => {
                let hint = "an annotation needs at least type and quote";
                self.builder.refuse("json-shape", error.to_string(), hint, line);
                return;
            }
        };
        self.unknown(&a.others, line);
        if let Some(id) = a.id.map(|id| id.to_string())
            && !self.ids.insert(id.clone())
        {
            let message = format!("the id {id} is used twice");
            self.builder.refuse("duplicate-id", message, "give each annotation its own id", line);
        }
        let content = self.part("quote", a.quote, line);
        if content.is_empty() {
            let message = "the quote has no words and is left out";
            self.builder.warn("no-words", message, "it needs at least one span", line);
            return;
        }
        let kind = self.named("type", KINDS, &a.r#type, line);
        let quote = self.builder.quote(&kind, content.iter().copied());
        if let (Some(first), Some(last)) = (content.iter().map(|s| s.start).min(), content.iter().map(|s| s.end).max())
        {
            self.extents.push((quote.clone(), Span::new(first, last)));
        }
        if a.is_nested {
            self.nested.push(quote.clone());
        }
        if let Some(medium) = &a.medium {
            let medium = self.named("medium", MEDIA, medium, line);
            self.builder.attribute(&quote, "medium", AttributeValue::Text(medium));
        }
        let mut cue = self.part("cue", a.cue, line);
        if !cue.is_empty() {
            crate::text::normalise(&mut cue);
            self.builder.quote_mut(&quote).into_iter().for_each(|quote| quote.cue = Some(cue.clone()));
        }
        for (role, value) in [("Speaker", a.speaker), ("Addressee", a.addressee), ("Frame", a.frame)] {
            let mut spans = self.part(&role.to_lowercase(), value, line);
            if !spans.is_empty() {
                crate::text::normalise(&mut spans);
                self.builder.argument(&quote, role, Filler::Span(spans));
            }
        }
    }

    fn levels(&mut self) {
        for id in &self.nested {
            let own = self.extents.iter().find(|(other, _)| other == id).map(|(_, span)| *span);
            let around = |(other, span): &&(Id, Span)| other != id && own.is_some_and(|own| span.covers(own));
            let level = self.extents.iter().filter(around).count().max(1) + 1;
            self.builder.attribute(id, "level", AttributeValue::Text(level.to_string()));
        }
    }
}

/// The date at the end of a name, as in `Title (2005-08-20)`.
fn date_of(name: &str) -> Option<&str> {
    let date = name.trim_end().strip_suffix(')')?.rsplit_once('(')?.1;
    date.parse::<jiff::civil::Date>().ok().map(|_| date)
}

impl Format for WikinewsQuotes {
    fn info(&self) -> Info {
        Info {
            id: "wikinews-quotes",
            name: NAME,
            extensions: &["json"],
            reads: true,
            writes: false,
            joins: Joins::Apart,
            holds: HOLDS,
            unit: Unit::Codepoints,
            options: &[],
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let keys = json::keys(bytes);
        if keys.contains("originalText") && keys.contains("annotations") { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let (source, value) = json::parse(input.bytes)?;
        let refuse = |code, message: String, hint: &str| vec![Problem::error(code, message, hint).at_line(1, 1)];
        let file: File = serde_json::from_value(value).map_err(|error| {
            refuse("json-shape", error.to_string(), "the file needs originalText and a list of annotations")
        })?;
        let text = Text::new(file.original_text)
            .map_err(|error| refuse("text-too-long", error.to_string(), "split the file into several articles"))?;
        let mut builder = Builder::new(self.info().id, text, None);
        if !file.document_name.is_empty() {
            builder.header.metadata.published = date_of(&file.document_name).map(str::to_owned);
            builder.header.metadata.title = file.document_name;
        }
        let mut reading = Reading { builder, ids: BTreeSet::new(), nested: Vec::new(), extents: Vec::new() };
        reading.unknown(&file.others, None);
        let lines = json::lines_of(&source, "annotations");
        for (n, value) in file.annotations.into_iter().enumerate() {
            reading.annotation(value, lines.get(n).copied());
        }
        reading.levels();
        Ok(vec![reading.builder.finish(None)?])
    }

    fn write(&self, _documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        Err(WriteError::ReadOnly(NAME))
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::that_follow(document, &HOLDS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FILE: &str = r#"{
 "annotations": [
  {"id": 0, "type": "Indirect", "medium": "SW", "isNested": false, "hasNested": true,
   "quote": {"spans": [{"charBegin": 17, "charEnd": 27, "begin": 3, "end": 5}], "text": "es regnet.", "tokenIds": [3]},
   "cue": {"spans": [{"charBegin": 5, "charEnd": 9}, {"charBegin": 11, "charEnd": 13}], "text": "kam😀 an"},
   "speaker": {"spans": [{"charBegin": 0, "charEnd": 4}], "text": "Anna"},
   "addressee": [], "frame": {"spans": [], "text": "", "tokenIds": []}},
  {"id": 1, "type": "Odd", "medium": "Speech", "isNested": true,
   "quote": {"spans": [{"charBegin": 20, "charEnd": 27}], "text": "regnet."}}
 ],
 "documentName": "12 - Regen (2005-08-20)", "originalText": "Anna kam😀\u00a0 an,\n  es regnet.", "sentences": [], "new": 1
}"#;

    #[test]
    fn quotes_with_all_roles_are_read() {
        assert_eq!(WikinewsQuotes.sniff(FILE.as_bytes()), Likeness::Yes);
        let read = WikinewsQuotes.read(&Input::of_bytes(FILE.as_bytes())).expect("a file").remove(0);
        let d = &read.document;
        let quotes: Vec<_> = d.quotes().values().collect();
        assert_eq!((quotes[0].kind.as_str(), quotes[1].kind.as_str()), ("indirect", "Odd"));
        assert_eq!(quotes[0].attributes["medium"], AttributeValue::Text("speech-writing".into()));
        assert_eq!(quotes[1].attributes["level"], AttributeValue::Text("2".into()));
        let words = |spans: &Spans| super::super::text_of(d.text(), spans);
        assert_eq!(quotes[0].cue.as_ref().map(words).as_deref(), Some("kam😀 an"));
        let Some(Filler::Span(speaker)) = &quotes[0].speaker else { panic!("no speaker") };
        assert_eq!((words(speaker).as_str(), quotes[0].addressee.is_none()), ("Anna", true));
        assert_eq!(d.header().metadata.published.as_deref(), Some("2005-08-20"));
        let told: Vec<_> = read.problems.iter().map(|p| (p.code, p.place.line)).collect();
        assert_eq!(told, [("unknown-field", None), ("unknown-value", Some(8))]);
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_line() {
        for (from, to, code) in [
            ("\"charEnd\": 4}", "\"charEnd\": 400}", "bad-offset"),
            ("\"text\": \"Anna\"", "\"text\": \"Bob\"", "words-differ"),
            ("\"id\": 1", "\"id\": 0", "duplicate-id"),
            ("\"type\": \"Odd\", ", "", "json-shape"),
            ("\"charEnd\": 27}], \"text\": \"r", "\"charEnd\": -7}], \"text\": \"r", "json-shape"),
            ("\"documentName\"", "documentName", "json-syntax"),
        ] {
            let file = FILE.replacen(from, to, 1);
            assert_ne!(file, FILE, "{from}");
            let problems = WikinewsQuotes.read(&Input::of_bytes(file.as_bytes())).expect_err("refused");
            let errors: Vec<_> = problems.iter().filter(|p| p.severity == crate::model::Severity::Error).collect();
            assert_eq!(errors[0].code, code, "{problems:?}");
            assert!(errors[0].place.line.is_some_and(|line| line > 1), "{problems:?}");
        }
    }

    proptest! {
        #[test]
        fn broken_files_never_panic(cut in 0..FILE.len(), at in 0..FILE.len(), byte in any::<u8>()) {
            let mut bytes = FILE.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = (WikinewsQuotes.sniff(&bytes), WikinewsQuotes.read(&Input::of_bytes(&bytes)));
            bytes.truncate(cut);
            prop_assert!(WikinewsQuotes.read(&Input::of_bytes(&bytes)).is_err());
        }
    }
}
