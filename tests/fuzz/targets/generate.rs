//! A document from any bytes: few bytes are a small document, and the next byte says what comes next.

use manicule::model::{
    Argument, AttributeValue, Attributes, Document, Entity, Event, Filler, Header, Id, Mention, Metadata, Origin,
    Provenance, Quote, Relation, SchemaRef, Status, Zone, ZoneKind,
};
use manicule::text::{Span, Spans, Text, normalise};

/// Pieces of text that are hard on writers.
const PIECES: &[&str] = &[
    "Anna",
    " ",
    "said",
    "Kyiv",
    ". ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u{a0}",
    "e\u{301}",
    "😀",
    "👩\u{200d}👧",
    "\"",
    "'",
    "\\",
    "\\n",
    "\u{1b}",
    "\u{85}",
    "\u{2028}",
    "\u{202e}",
    "\u{feff}",
    "“",
    "”",
    "r#\"",
    "//",
    "عربي",
    "日本",
    "\n\n",
    "<a>",
    "&amp;",
    "]]>",
    "-DOCSTART-",
    "# ",
    "|",
    "[",
    "]",
    "_",
    "*",
    ";",
    ",",
    "=",
    "\u{ad}",
    "\u{3000}",
    "\0",
    "%%%",
];

const LABELS: &[&str] =
    &["Person", "Place", "Organization", "Meet", "direct", "Attack", "Actor", "Großstadt", "B-A", "O"];

/// Reads bytes one after the other; past the end there are zeros.
pub struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    /// From the first one on.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next one.
    pub fn next(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        *first
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        let number =
            if count > 256 { usize::from(self.next()) << 8 | usize::from(self.next()) } else { self.next().into() };
        number % count.max(1)
    }

    fn once_in(&mut self, count: u8) -> bool {
        self.next() % count == count - 1
    }

    fn of<'b>(&mut self, list: &[&'b str]) -> &'b str {
        list[self.below(list.len())]
    }

    fn words(&mut self) -> String {
        (0..self.below(4)).map(|_| self.of(PIECES)).collect()
    }

    /// A label, most often a plain one.
    fn label(&mut self) -> String {
        if self.once_in(16) { self.words() } else { self.of(LABELS).to_owned() }
    }

    fn maybe<T>(&mut self, one: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.once_in(4).then(|| one(self))
    }
}

/// Makes a document.
pub fn document(bytes: &mut Bytes<'_>) -> Document {
    let text: String = (0..bytes.below(64)).map(|_| piece(bytes)).collect();
    let text = Text::new(text).expect("short");
    let at: Vec<u32> = text.as_str().char_indices().map(|(at, _)| at as u32).chain([text.end().0]).collect();
    let mut make = Make { bytes, at };
    let header = make.header();
    let counts: [usize; 5] = std::array::from_fn(|_| make.bytes.below(5));
    let [n, m, e, q, r] = counts;
    let entities: Vec<Entity> = (1..=n).map(|i| make.entity(i)).collect();
    let mentions: Vec<Mention> = (1..=m).map(|i| make.mention(i)).collect();
    let events: Vec<Event> = (1..=e).map(|i| make.event(i)).collect();
    let quotes: Vec<Quote> = (1..=q).map(|i| make.quote(i)).collect();
    let relations: Vec<Relation> = (1..=r).map(|i| make.relation(i)).collect();
    Document::with_annotations(text, header, entities, mentions, events, quotes, relations)
}

fn piece(bytes: &mut Bytes<'_>) -> String {
    match bytes.next() {
        first @ 0..224 => PIECES[usize::from(first) % PIECES.len()].to_owned(),
        // Any character, most often one of the first planes.
        _ => {
            let code = u32::from(bytes.next()) << 8 | u32::from(bytes.next());
            char::from_u32(code).map(String::from).unwrap_or_default()
        }
    }
}

struct Make<'a, 'b> {
    bytes: &'a mut Bytes<'b>,
    /// Where characters begin, and the end.
    at: Vec<u32>,
}

impl Make<'_, '_> {
    fn span(&mut self) -> Span {
        let (from, to) = (self.bytes.below(self.at.len()), self.bytes.below(self.at.len()));
        Span::of(self.at[from.min(to)], self.at[from.max(to)])
    }

    fn spans(&mut self) -> Spans {
        let parts = if self.bytes.once_in(4) { 1 + self.bytes.below(3) } else { 1 };
        let mut spans: Spans = (0..parts).map(|_| self.span()).collect();
        normalise(&mut spans);
        spans
    }

    /// Most often one that there is.
    fn id(&mut self, prefix: &str) -> Id {
        Id::new(format!("{prefix}{}", 1 + self.bytes.below(5)))
    }

    fn attributes(&mut self) -> Attributes {
        let count = if self.bytes.once_in(4) { self.bytes.below(3) } else { 0 };
        let one = |make: &mut Self| {
            let value = match make.bytes.below(4) {
                0 => AttributeValue::Flag(true),
                1 => AttributeValue::Flag(false),
                2 => AttributeValue::Text(make.bytes.words()),
                _ => AttributeValue::List((0..make.bytes.below(3)).map(|_| make.bytes.words()).collect()),
            };
            (make.bytes.label(), value)
        };
        (0..count).map(|_| one(self)).collect()
    }

    fn provenance(&mut self) -> Provenance {
        let by = match self.bytes.below(8) {
            1 => Origin::Suggestion(self.bytes.words()),
            2 => Origin::Rule(self.bytes.words()),
            3 => Origin::Edited(self.bytes.words()),
            4 => Origin::Import(self.bytes.words()),
            _ => Origin::Hand,
        };
        Provenance { by, at: self.bytes.maybe(Bytes::words), ..Provenance::default() }
    }

    fn header(&mut self) -> Header {
        if !self.bytes.once_in(4) {
            return Header::default();
        }
        let zones = [ZoneKind::Headline, ZoneKind::Byline, ZoneKind::Body];
        let metadata = Metadata {
            id: self.bytes.words(),
            title: self.bytes.words(),
            source: self.bytes.maybe(Bytes::words),
            published: self.bytes.maybe(Bytes::words),
            language: self.bytes.maybe(Bytes::words),
            encoding: self.bytes.maybe(Bytes::words),
            bom: self.bytes.once_in(2),
        };
        Header {
            metadata,
            schema: SchemaRef { name: self.bytes.words(), version: u32::from(self.bytes.next()) },
            annotator: self.bytes.maybe(Bytes::words),
            labels: (0..self.bytes.below(3))
                .map(|_| (self.bytes.words(), (0..self.bytes.below(3)).map(|_| self.bytes.words()).collect()))
                .collect(),
            status: [Status::New, Status::InProgress, Status::Done, Status::Flagged][self.bytes.below(4)],
            note: self.bytes.maybe(Bytes::words),
            zones: (0..self.bytes.below(3))
                .map(|_| Zone { kind: zones[self.bytes.below(zones.len())], span: self.span() })
                .collect(),
            ..Header::default()
        }
    }

    fn filler(&mut self) -> Filler {
        match self.bytes.below(6) {
            0 => Filler::Event(self.id("e")),
            1 => Filler::Span(self.spans()),
            2 => Filler::Implicit(self.bytes.words()),
            _ => Filler::Mention(self.id("m")),
        }
    }

    fn arguments(&mut self) -> Vec<Argument> {
        (0..self.bytes.below(3)).map(|_| Argument { role: self.bytes.label().into(), filler: self.filler() }).collect()
    }

    fn some_id(&mut self) -> Id {
        let prefix = ["m", "m", "e", "q", "n", "r"][self.bytes.below(6)];
        self.id(prefix)
    }

    fn entity(&mut self, number: usize) -> Entity {
        Entity {
            id: Id::new(format!("n{number}")),
            r#type: self.bytes.label().into(),
            name: self.bytes.words(),
            aliases: (0..self.bytes.below(3)).map(|_| self.bytes.words()).collect(),
            link: self.bytes.maybe(Bytes::words),
            note: self.bytes.maybe(Bytes::words).into(),
            provenance: self.provenance().into(),
        }
    }

    fn mention(&mut self, number: usize) -> Mention {
        Mention {
            id: Id::new(format!("m{number}")),
            label: self.bytes.label().into(),
            spans: self.spans(),
            entity: self.bytes.once_in(2).then(|| self.id("n")),
            attributes: self.attributes().into(),
            note: self.bytes.maybe(Bytes::words).into(),
            provenance: self.provenance().into(),
        }
    }

    fn event(&mut self, number: usize) -> Event {
        Event {
            id: Id::new(format!("e{number}")),
            r#type: self.bytes.label().into(),
            trigger: self.spans(),
            arguments: self.arguments(),
            claimed_in: self.bytes.once_in(4).then(|| self.id("q")),
            attributes: self.attributes().into(),
            note: self.bytes.maybe(Bytes::words).into(),
            provenance: self.provenance().into(),
        }
    }

    fn quote(&mut self, number: usize) -> Quote {
        Quote {
            id: Id::new(format!("q{number}")),
            kind: self.bytes.label().into(),
            content: self.spans(),
            cue: self.bytes.once_in(2).then(|| self.spans()),
            speaker: self.bytes.once_in(2).then(|| self.filler()),
            addressee: self.bytes.once_in(4).then(|| self.filler()),
            arguments: self.arguments(),
            attributes: self.attributes().into(),
            note: self.bytes.maybe(Bytes::words).into(),
            provenance: self.provenance().into(),
        }
    }

    fn relation(&mut self, number: usize) -> Relation {
        Relation {
            id: Id::new(format!("r{number}")),
            label: self.bytes.label().into(),
            from: self.some_id(),
            to: self.some_id(),
            attributes: self.attributes().into(),
            note: self.bytes.maybe(Bytes::words).into(),
            provenance: self.provenance().into(),
        }
    }
}
