//! Building a document from a file: numbers its annotations, checks every position, and gathers what is to be said.
//!
//! For readers of other people's formats. It never guesses: a position that is outside the text or inside a character is
//! a problem with a line, and what hangs on it is left out or refuses the file, as the reader decides.

use std::collections::BTreeMap;

use super::capabilities::Unit;
use super::plain_text::new_document;
use super::{EncodingInfo, Read};
use crate::limits::PROBLEMS;
use crate::model::schema::Schema;
use crate::model::{
    Annotations, Argument, AttributeValue, Document, Entity, Event, Filler, Header, Id, Kind, Mention, Origin, Problem,
    Provenance, Quote, Rare, Relation, Severity,
};
use crate::text::{BytePos, CodepointPos, Span, Spans, Text, Utf16Pos};

/// A document that is being read.
#[derive(Debug)]
pub struct Builder {
    text: Text,
    /// What is known of the document; the reader fills it.
    pub header: Header,
    entities: Annotations<Entity>,
    mentions: Annotations<Mention>,
    events: Annotations<Event>,
    quotes: Annotations<Quote>,
    relations: Annotations<Relation>,
    counts: BTreeMap<&'static str, usize>,
    problems: Vec<Problem>,
    /// Problems beyond [`PROBLEMS`].
    more: usize,
    is_refused: bool,
    provenance: Rare<Provenance>,
}

impl Builder {
    /// A document of this text, read from the format with this id.
    pub fn new(format: &str, text: Text, encoding: Option<&EncodingInfo>) -> Self {
        let header = new_document(text.clone(), encoding).header().clone();
        Self {
            text,
            header,
            entities: Annotations::new(),
            mentions: Annotations::new(),
            events: Annotations::new(),
            quotes: Annotations::new(),
            relations: Annotations::new(),
            counts: BTreeMap::new(),
            problems: Vec::new(),
            more: 0,
            is_refused: false,
            provenance: Provenance { by: Origin::Import(format.to_owned()), ..Provenance::default() }.into(),
        }
    }

    /// The text.
    pub fn text(&self) -> &Text {
        &self.text
    }

    // --- positions ---------------------------------------------------------------------------------------------

    /// The span of half-open positions in a unit. `None`, with a problem at this line, if it is not in the text, runs
    /// backwards, or begins or ends inside a character.
    pub fn span(&mut self, unit: Unit, start: u64, end: u64, line: Option<usize>) -> Option<Span> {
        let ends = (self.position(unit, start), self.position(unit, end));
        match ends {
            (Some(a), Some(b)) if start <= end => Some(Span::new(a, b)),
            _ => {
                let all = match unit {
                    Unit::Codepoints => self.text.codepoints(),
                    Unit::Utf16 => self.text.utf16_of(self.text.end()).0,
                    _ => self.text.end().0,
                };
                let message = if start > end {
                    format!("the span {start}–{end} runs backwards")
                } else if end > u64::from(all) {
                    format!("the span {start}–{end} is not in the text, which has {all} {}", unit.text())
                } else {
                    format!("the span {start}–{end} begins or ends inside a character")
                };
                let hint = "the file may count in another unit, or belong to another text";
                self.refuse("bad-offset", message, hint, line);
                None
            }
        }
    }

    fn position(&self, unit: Unit, at: u64) -> Option<BytePos> {
        let at = u32::try_from(at).ok()?;
        match unit {
            Unit::Codepoints => self.text.byte_of_codepoint(CodepointPos(at)),
            Unit::Utf16 => self.text.byte_of_utf16(Utf16Pos(at)),
            Unit::Bytes => self.text.as_str().is_char_boundary(at as usize).then_some(BytePos(at)),
            Unit::None | Unit::Tokens => None,
        }
    }

    /// Says so if the words of a file are not those of the text at its spans; white space may differ, since most formats
    /// write line ends as blanks.
    pub fn expect_words(&mut self, spans: &[Span], words: &str, line: Option<usize>) {
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let own: Vec<&str> = spans.iter().map(|span| self.text.slice(*span)).collect();
        let own = squeeze(&own.join(" "));
        if own != squeeze(words) {
            let message = format!("the file says {words:?}, the text has {own:?} there");
            self.refuse("words-differ", message, "the file may belong to another text", line);
        }
    }

    // --- annotations -------------------------------------------------------------------------------------------

    fn next_id(&mut self, kind: Kind) -> Id {
        let count = self.counts.entry(kind.prefix()).or_default();
        *count += 1;
        Id::new(format!("{}{count}", kind.prefix()))
    }

    /// Adds a mention. Spans are put in order.
    pub fn mention(&mut self, label: &str, spans: impl IntoIterator<Item = Span>) -> Id {
        let id = self.next_id(Kind::Mention);
        let mention = Mention {
            id: id.clone(),
            label: label.into(),
            spans: in_order(spans),
            entity: None,
            attributes: Default::default(),
            note: Default::default(),
            provenance: self.provenance.clone(),
        };
        self.mentions.insert(id.clone(), mention);
        id
    }

    /// Adds an entity.
    pub fn entity(&mut self, r#type: &str, name: &str) -> Id {
        let id = self.next_id(Kind::Entity);
        let entity = Entity {
            id: id.clone(),
            r#type: r#type.into(),
            name: name.to_owned(),
            aliases: Vec::new(),
            link: None,
            note: Default::default(),
            provenance: self.provenance.clone(),
        };
        self.entities.insert(id.clone(), entity);
        id
    }

    /// Adds an event.
    pub fn event(&mut self, r#type: &str, trigger: impl IntoIterator<Item = Span>) -> Id {
        let id = self.next_id(Kind::Event);
        let event = Event {
            id: id.clone(),
            r#type: r#type.into(),
            trigger: in_order(trigger),
            arguments: Vec::new(),
            claimed_in: None,
            attributes: Default::default(),
            note: Default::default(),
            provenance: self.provenance.clone(),
        };
        self.events.insert(id.clone(), event);
        id
    }

    /// Adds a quote.
    pub fn quote(&mut self, kind: &str, content: impl IntoIterator<Item = Span>) -> Id {
        let id = self.next_id(Kind::Quote);
        let quote = Quote {
            id: id.clone(),
            kind: kind.into(),
            content: in_order(content),
            cue: None,
            speaker: None,
            addressee: None,
            arguments: Vec::new(),
            attributes: Default::default(),
            note: Default::default(),
            provenance: self.provenance.clone(),
        };
        self.quotes.insert(id.clone(), quote);
        id
    }

    /// Adds a relation.
    pub fn relation(&mut self, label: &str, from: &Id, to: &Id) -> Id {
        let id = self.next_id(Kind::Relation);
        let relation = Relation {
            id: id.clone(),
            label: label.into(),
            from: from.clone(),
            to: to.clone(),
            attributes: Default::default(),
            note: Default::default(),
            provenance: self.provenance.clone(),
        };
        self.relations.insert(id.clone(), relation);
        id
    }

    /// A mention that was added.
    pub fn mention_mut(&mut self, id: &Id) -> Option<&mut Mention> {
        self.mentions.get_mut(id)
    }

    /// An entity that was added.
    pub fn entity_mut(&mut self, id: &Id) -> Option<&mut Entity> {
        self.entities.get_mut(id)
    }

    /// An event that was added.
    pub fn event_mut(&mut self, id: &Id) -> Option<&mut Event> {
        self.events.get_mut(id)
    }

    /// A quote that was added.
    pub fn quote_mut(&mut self, id: &Id) -> Option<&mut Quote> {
        self.quotes.get_mut(id)
    }

    /// A relation that was added.
    pub fn relation_mut(&mut self, id: &Id) -> Option<&mut Relation> {
        self.relations.get_mut(id)
    }

    /// What kind of thing was added under an id.
    pub fn kind_of(&self, id: &Id) -> Option<Kind> {
        if self.mentions.contains_key(id) {
            Some(Kind::Mention)
        } else if self.events.contains_key(id) {
            Some(Kind::Event)
        } else if self.quotes.contains_key(id) {
            Some(Kind::Quote)
        } else if self.entities.contains_key(id) {
            Some(Kind::Entity)
        } else {
            self.relations.contains_key(id).then_some(Kind::Relation)
        }
    }

    /// The filler that an annotation is: a mention or an event.
    pub fn filler_of(&self, id: &Id) -> Option<Filler> {
        match self.kind_of(id)? {
            Kind::Mention => Some(Filler::Mention(id.clone())),
            Kind::Event => Some(Filler::Event(id.clone())),
            _ => None,
        }
    }

    /// Fills a role of an event or quote. The first speaker and addressee of a quote are its own.
    pub fn argument(&mut self, owner: &Id, role: &str, filler: Filler) {
        if let Some(quote) = self.quotes.get_mut(owner) {
            match role {
                "Speaker" if quote.speaker.is_none() => quote.speaker = Some(filler),
                "Addressee" if quote.addressee.is_none() => quote.addressee = Some(filler),
                _ => quote.arguments.push(Argument { role: role.into(), filler }),
            }
        } else if let Some(event) = self.events.get_mut(owner) {
            event.arguments.push(Argument { role: role.into(), filler });
        }
    }

    /// Sets an attribute of an annotation; a second value of the same name makes a list. Entities have none.
    pub fn attribute(&mut self, id: &Id, name: &str, value: AttributeValue) {
        let attributes = if let Some(a) = self.mentions.get_mut(id) {
            &mut a.attributes
        } else if let Some(a) = self.events.get_mut(id) {
            &mut a.attributes
        } else if let Some(a) = self.quotes.get_mut(id) {
            &mut a.attributes
        } else if let Some(a) = self.relations.get_mut(id) {
            &mut a.attributes
        } else {
            return;
        };
        let value = match attributes.remove(name) {
            None => value,
            Some(known) => {
                let texts = known.texts().into_iter().chain(value.texts());
                AttributeValue::List(texts.map(str::to_owned).collect())
            }
        };
        attributes.insert(name.to_owned(), value);
    }

    /// Adds to the note on an annotation or entity.
    pub fn note(&mut self, id: &Id, text: &str) {
        let note = if let Some(a) = self.mentions.get_mut(id) {
            &mut a.note
        } else if let Some(a) = self.events.get_mut(id) {
            &mut a.note
        } else if let Some(a) = self.quotes.get_mut(id) {
            &mut a.note
        } else if let Some(a) = self.relations.get_mut(id) {
            &mut a.note
        } else if let Some(a) = self.entities.get_mut(id) {
            &mut a.note
        } else {
            return;
        };
        match &mut **note {
            Some(known) => {
                known.push('\n');
                known.push_str(text);
            }
            None => **note = Some(text.to_owned()),
        }
    }

    // --- what is to be said ------------------------------------------------------------------------------------

    /// Something that was left out or read in another way.
    pub fn warn(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
        line: Option<usize>,
    ) {
        self.say(at(Problem::warning(code, message, hint), line));
    }

    /// Something for which the file cannot be opened without loss.
    pub fn refuse(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
        line: Option<usize>,
    ) {
        self.say(at(Problem::error(code, message, hint), line));
    }

    /// Keeps a problem, unless there are more than anybody reads. The first error is kept in any case.
    fn say(&mut self, problem: Problem) {
        let is_first_error = problem.severity == Severity::Error && !self.is_refused;
        self.is_refused |= problem.severity == Severity::Error;
        if self.problems.len() < PROBLEMS || is_first_error {
            self.problems.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// The document without a look at what was refused: for tests, and for readers that have their own say.
    fn document(self) -> (Document, Vec<Problem>) {
        let document = Document::with_annotations(
            self.text,
            self.header,
            self.entities.into_values(),
            self.mentions.into_values(),
            self.events.into_values(),
            self.quotes.into_values(),
            self.relations.into_values(),
        );
        let mut problems = self.problems;
        if self.more > 0 {
            let message = format!("there are {} more problems", self.more);
            problems.push(Problem::warning("more-problems", message, "correct these first"));
        }
        (document, problems)
    }

    /// The document, with the schema that the file brings or the one that follows from its labels.
    ///
    /// # Errors
    /// All problems, if one of them refuses the file.
    pub fn finish(self, schema: Option<Schema>) -> Result<Read, Vec<Problem>> {
        let (mut document, problems) = self.document();
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(problems);
        }
        let schema = schema.or_else(|| super::derive::schema_for(&document));
        if let Some(schema) = &schema {
            document.header.schema = crate::model::SchemaRef { name: schema.name.clone(), version: schema.version };
        }
        Ok(Read { document, problems, encoding: None, line: None, schema, version: Default::default() })
    }
}

fn at(problem: Problem, line: Option<usize>) -> Problem {
    match line {
        Some(line) => problem.at_line(line, 1),
        None => problem,
    }
}

fn in_order(spans: impl IntoIterator<Item = Span>) -> Spans {
    let mut spans: Spans = spans.into_iter().collect();
    crate::text::normalise(&mut spans);
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder() -> Builder {
        Builder::new("x", Text::new("a😀b c").expect("short"), None)
    }

    #[test]
    fn positions_of_all_units_are_the_same_places() {
        let mut b = builder();
        let expected = Some(Span::of(5, 6));
        assert_eq!(b.span(Unit::Bytes, 5, 6, None), expected);
        assert_eq!(b.span(Unit::Codepoints, 2, 3, None), expected);
        assert_eq!(b.span(Unit::Utf16, 3, 4, None), expected);
        assert!(b.finish(None).is_ok());
    }

    #[test]
    fn more_problems_than_anybody_reads_are_counted() {
        let mut b = builder();
        for _ in 0..PROBLEMS + 500 {
            b.warn("x", "something", "", None);
        }
        b.refuse("y", "an error", "", None);
        let problems = b.finish(None).expect_err("refused");
        assert_eq!(problems.len(), PROBLEMS + 2);
        assert_eq!(problems.iter().filter(|p| p.severity == Severity::Error).count(), 1);
        assert!(problems[PROBLEMS + 1].message.contains("500 more"), "{:?}", problems[PROBLEMS + 1]);
    }

    #[test]
    fn positions_that_are_none_refuse_the_file_and_say_the_line() {
        for (unit, start, end, part) in [
            (Unit::Bytes, 2, 6, "inside a character"),
            (Unit::Utf16, 2, 3, "inside a character"),
            (Unit::Codepoints, 0, 9, "which has 5 code points"),
            (Unit::Codepoints, 3, 2, "backwards"),
            (Unit::Codepoints, 0, u64::MAX, "not in the text"),
        ] {
            let mut b = builder();
            assert_eq!(b.span(unit, start, end, Some(7)), None);
            let problems = b.finish(None).expect_err("refused");
            assert!(problems[0].message.contains(part), "{:?}", problems[0]);
            assert_eq!(problems[0].place.line, Some(7));
        }
    }

    #[test]
    fn words_are_compared_but_for_white_space() {
        let mut b = Builder::new("x", Text::new("Anna\r\nBerg").expect("short"), None);
        b.expect_words(&[Span::of(0, 10)], "Anna Berg", None);
        b.expect_words(&[Span::of(0, 4)], "Bob", Some(3));
        let problems = b.finish(None).expect_err("refused");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].code, "words-differ");
    }

    #[test]
    fn values_of_one_name_become_a_list_and_notes_lines() {
        let mut b = builder();
        let id = b.mention("X", [Span::of(0, 1)]);
        b.attribute(&id, "a", AttributeValue::Text("1".into()));
        b.attribute(&id, "a", AttributeValue::Text("2".into()));
        b.note(&id, "one");
        b.note(&id, "two");
        let read = b.finish(None).expect("fine");
        let mention = &read.document.mentions()[&id];
        assert_eq!(mention.attributes["a"], AttributeValue::List(vec!["1".into(), "2".into()]));
        assert_eq!(mention.note.as_deref(), Some("one\ntwo"));
        assert_eq!(mention.provenance.by, Origin::Import("x".into()));
    }
}
