//! Articles to measure with.

// Each benchmark takes what it needs.
#![allow(dead_code)]

use std::path::Path;

use manicule::model::{
    Argument, Document, Entity, Event, Filler, Header, Id, Mention, Metadata, Quote, SchemaRef, guess_title,
};
use manicule::text::{Span, Spans, Text};

const FALLBACK: &str = "Talks make progress, minister says\n\nAnna met Bob on Monday. “We agree,” she said.\n";

const SENTENCES: [&str; 6] = [
    "The talks between Anna Kowalska and the government of Armenia went on until Monday in Washington. ",
    "“We made progress,” the foreign minister told reporters, “and we will sign before the end of the year.” ",
    "Azerbaijan said it had set up the checkpoint in response to deliveries to the disputed territory. ",
    "Bob denies that charge. ",
    "A joint statement noted that positions on a number of key issues remain different, and that the parties have agreed to continue discussions in Yerevan. ",
    "The agreement was hailed by the United Nations as a violation of nothing at all. ",
];

/// Words that are mentions wherever they stand, with their labels.
const NAMES: [(&str, &str); 10] = [
    ("Anna Kowalska", "Person"),
    ("government of Armenia", "Organization"),
    ("Armenia", "Country"),
    ("Monday", "Date"),
    ("Washington", "Place"),
    ("foreign minister", "Position"),
    ("Azerbaijan", "Country"),
    ("Bob", "Person"),
    ("Yerevan", "Place"),
    ("United Nations", "Organization"),
];

/// The sample article, or a short one where it is not at hand.
pub fn sample() -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/000_1a5c9ff20c0ee09c.ron");
    match manicule::store::open_path(&path, &Default::default()) {
        Ok(opened) => opened.document,
        Err(_) => annotated(FALLBACK, usize::MAX),
    }
}

/// An article of about a megabyte with 20,000 mentions, 2,000 events and 1,000 quotes.
pub fn long() -> Document {
    sized(1_048_576, 20_000)
}

/// An article of at least so many bytes with so many mentions, a tenth as many events and a twentieth as many quotes.
pub fn sized(bytes: usize, mentions: usize) -> Document {
    annotated(&sentences(0, bytes), mentions)
}

/// The same in one paragraph, without any newline.
pub fn on_one_line(bytes: usize, mentions: usize) -> Document {
    annotated(&sentences(0, bytes).replace('\n', " "), mentions)
}

/// The nth of many articles of about the same size.
pub fn numbered(nth: usize, bytes: usize, mentions: usize) -> Document {
    annotated(&format!("Article {nth}\n\n{}", sentences(nth, bytes)), mentions)
}

fn sentences(first: usize, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 200);
    let mut i = first;
    while text.len() < bytes {
        text.push_str(SENTENCES[(i * 7 + i / 11) % SENTENCES.len()]);
        if i % 5 == 4 {
            text.push_str("\n\n");
        }
        i += 1;
    }
    text
}

/// Marks every name, up to so many; a word as event and a quotation now and then.
fn annotated(text: &str, most: usize) -> Document {
    let text = Text::new(text).expect("short enough");
    let spans = |start: usize, end: usize| -> Spans { [Span::of(start as u32, end as u32)].into_iter().collect() };
    let mut found: Vec<(usize, usize, usize)> = NAMES
        .iter()
        .enumerate()
        .flat_map(|(entity, (name, _))| text.match_indices(name).map(move |(at, _)| (at, at + name.len(), entity)))
        .collect();
    found.sort_unstable();
    // Spread over the whole article.
    let keep = (found.len() as f64 / most as f64).max(1.0);
    let chosen = (0..found.len().min(most)).filter_map(|i| found.get((i as f64 * keep) as usize));
    let mentions: Vec<Mention> = chosen
        .enumerate()
        .map(|(i, (start, end, entity))| Mention {
            id: Id::new(format!("m{}", i + 1)),
            label: NAMES[*entity].1.into(),
            spans: spans(*start, *end),
            entity: Some(Id::new(format!("n{}", entity + 1))),
            attributes: Default::default(),
            note: Default::default(),
            provenance: Default::default(),
        })
        .collect();
    let entities = NAMES.iter().enumerate().map(|(i, (name, label))| Entity {
        id: Id::new(format!("n{}", i + 1)),
        r#type: (*label).into(),
        name: (*name).to_owned(),
        aliases: Vec::new(),
        link: None,
        note: Default::default(),
        provenance: Default::default(),
    });
    let nearest = |at: usize| {
        let i = mentions.partition_point(|m| m.spans[0].start.to_usize() < at).min(mentions.len() - 1);
        mentions[i].id.clone()
    };
    let events: Vec<Event> = text
        .match_indices("sign")
        .chain(text.match_indices("met"))
        .take(most / 10)
        .enumerate()
        .map(|(i, (at, word))| Event {
            id: Id::new(format!("e{}", i + 1)),
            r#type: "Agree".into(),
            trigger: spans(at, at + word.len()),
            arguments: vec![Argument { role: "Actor".into(), filler: Filler::Mention(nearest(at)) }],
            claimed_in: None,
            attributes: Default::default(),
            note: Default::default(),
            provenance: Default::default(),
        })
        .collect();
    let quotes: Vec<Quote> = text
        .match_indices('“')
        .filter_map(|(at, _)| Some((at, at + text.as_str().get(at..)?.find('”')? + '”'.len_utf8())))
        .take(most / 20)
        .enumerate()
        .map(|(i, (start, end))| Quote {
            id: Id::new(format!("q{}", i + 1)),
            kind: "direct".into(),
            content: spans(start, end),
            cue: None,
            speaker: Some(Filler::Mention(nearest(start))),
            addressee: None,
            arguments: Vec::new(),
            attributes: Default::default(),
            note: Default::default(),
            provenance: Default::default(),
        })
        .collect();
    let metadata = Metadata { id: "benchmark".to_owned(), title: guess_title(&text), ..Default::default() };
    let header = Header { metadata, schema: SchemaRef { name: "news".to_owned(), version: 1 }, ..Default::default() };
    Document::with_annotations(text.clone(), header, entities, mentions.clone(), events, quotes, [])
}
