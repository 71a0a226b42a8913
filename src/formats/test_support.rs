//! Documents made by chance, with everything in them that files stumble over.

use proptest::prelude::*;

use crate::model::{
    Argument, AttributeValue, Attributes, Batch, Document, Entity, Event, Filler, Header, Id, Mention, Metadata,
    Origin, Provenance, Quote, Rejection, Relation, SchemaRef, Search, Status,
};
use crate::text::{Span, Spans, Text};

/// Pieces of text that are hard on writers: line ends, quotes, marks, hidden characters, wide ones.
const PIECES: &[&str] = &[
    "Anna",
    "said",
    " ",
    "\r\n",
    "\n",
    "\r",
    "\t",
    "\u{a0}",
    "e\u{301}",
    "\u{301}",
    "😀",
    "👩\u{200d}👩\u{200d}👧",
    "\"",
    "'",
    "\\",
    "\\n",
    "\0",
    "\u{1b}",
    "\u{85}",
    "\u{2028}",
    "\u{202e}",
    "\u{feff}",
    "“",
    "”",
    "r#\"",
    "//",
    "/*",
    "(id: \"m1\")",
    "عربي",
    "日本",
    "Ж",
];

fn text() -> impl Strategy<Value = Text> {
    proptest::collection::vec(proptest::sample::select(PIECES), 0..40)
        .prop_map(|pieces| Text::new(pieces.concat()).expect("short"))
}

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PIECES), 0..4).prop_map(|pieces| pieces.concat())
}

fn attributes() -> impl Strategy<Value = Attributes> {
    let value = prop_oneof![
        any::<bool>().prop_map(AttributeValue::Flag),
        words().prop_map(AttributeValue::Text),
        proptest::collection::vec(words(), 0..3).prop_map(AttributeValue::List),
    ];
    proptest::collection::btree_map(words(), value, 0..3)
}

fn provenance() -> impl Strategy<Value = Provenance> {
    let by = prop_oneof![
        Just(Origin::Hand),
        words().prop_map(Origin::Suggestion),
        words().prop_map(Origin::Rule),
        words().prop_map(Origin::Edited),
        words().prop_map(Origin::Import),
    ];
    let at = proptest::option::of(Just("2026-01-02T03:04:05Z".to_owned()));
    (by, at).prop_map(|(by, at)| Provenance { by, at })
}

fn note() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(words())
}

/// Sorted spans that do not overlap, on character boundaries.
fn spans(text: &Text) -> BoxedStrategy<Spans> {
    let ends: Vec<u32> = text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect();
    proptest::collection::vec(any::<proptest::sample::Index>(), 2..=6)
        .prop_map(move |indices| {
            let mut at: Vec<u32> = indices.iter().map(|i| ends[i.index(ends.len())]).collect();
            at.sort_unstable();
            let mut spans: Spans = at.chunks_exact(2).map(|pair| Span::of(pair[0], pair[1])).collect();
            spans.dedup();
            spans
        })
        .boxed()
}

fn any_id() -> impl Strategy<Value = Id> {
    prop_oneof![3 => "[nmeqr][1-9]", 1 => words().prop_filter("not empty", |w| !w.is_empty())].prop_map(Id::new)
}

fn filler(text: &Text) -> BoxedStrategy<Filler> {
    prop_oneof![
        any_id().prop_map(Filler::Mention),
        any_id().prop_map(Filler::Event),
        spans(text).prop_map(Filler::Span),
        words().prop_map(Filler::Implicit),
    ]
    .boxed()
}

fn arguments(text: &Text) -> BoxedStrategy<Vec<Argument>> {
    let argument = (words(), filler(text)).prop_map(|(role, filler)| Argument { role, filler });
    proptest::collection::vec(argument, 0..3).boxed()
}

fn header() -> BoxedStrategy<Header> {
    let metadata = (words(), words(), note(), note(), note(), note(), any::<bool>()).prop_map(
        |(id, title, source, published, language, encoding, bom)| Metadata {
            id,
            title,
            source,
            published,
            language,
            encoding,
            bom,
        },
    );
    let labels = proptest::collection::btree_map(words(), proptest::collection::vec(words(), 0..3), 0..3);
    let status = proptest::sample::select(vec![Status::New, Status::InProgress, Status::Done, Status::Flagged]);
    (metadata, words(), any::<u32>(), note(), labels, status, note())
        .prop_map(|(metadata, name, version, annotator, labels, status, note)| Header {
            metadata,
            schema: SchemaRef { name, version },
            annotator,
            labels,
            status,
            note,
        })
        .boxed()
}

fn annotated(text: Text) -> BoxedStrategy<Document> {
    let entity = (words(), words(), proptest::collection::vec(words(), 0..3), note(), note(), provenance()).prop_map(
        |(r#type, name, aliases, link, note, provenance)| Entity {
            id: "".into(),
            r#type,
            name,
            aliases,
            link,
            note,
            provenance,
        },
    );
    let mention = (words(), spans(&text), proptest::option::of(any_id()), attributes(), note(), provenance()).prop_map(
        |(label, spans, entity, attributes, note, provenance)| Mention {
            id: "".into(),
            label,
            spans,
            entity,
            attributes,
            note,
            provenance,
        },
    );
    let claimed_in = proptest::option::of(any_id());
    let event = (words(), spans(&text), arguments(&text), claimed_in, attributes(), note(), provenance()).prop_map(
        |(r#type, trigger, arguments, claimed_in, attributes, note, provenance)| Event {
            id: "".into(),
            r#type,
            trigger,
            arguments,
            claimed_in,
            attributes,
            note,
            provenance,
        },
    );
    let cue = proptest::option::of(spans(&text));
    let roles = (proptest::option::of(filler(&text)), proptest::option::of(filler(&text)), arguments(&text));
    let quote = (words(), spans(&text), cue, roles, attributes(), note(), provenance()).prop_map(
        |(kind, content, cue, (speaker, addressee, arguments), attributes, note, provenance)| Quote {
            id: "".into(),
            kind,
            content,
            cue,
            speaker,
            addressee,
            arguments,
            attributes,
            note,
            provenance,
        },
    );
    let relation = (words(), any_id(), any_id(), attributes(), note(), provenance()).prop_map(
        |(label, from, to, attributes, note, provenance)| Relation {
            id: "".into(),
            label,
            from,
            to,
            attributes,
            note,
            provenance,
        },
    );
    let search = (proptest::collection::vec(words(), 0..3), any::<bool>());
    let batch = (words(), proptest::option::of(any_id()), search, note()).prop_map(
        |(label, entity, (texts, ignore_case), at)| Batch {
            id: "".into(),
            label,
            entity,
            search: Search { texts, ignore_case },
            at,
        },
    );
    fn many<T: std::fmt::Debug>(one: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Vec<T>> {
        proptest::collection::vec(one, 0..4).boxed()
    }
    let rejection =
        (words(), words(), spans(&text)).prop_map(|(label, suggester, spans)| Rejection { spans, label, suggester });
    (header(), many(entity), many(mention), many(event), many(quote), many(relation), many(batch), many(rejection))
        .prop_map(move |(header, entities, mentions, events, quotes, relations, batches, rejected)| {
            let mut document = Document::new(text.clone(), header);
            let id = |prefix: &str, i: usize| Id::new(format!("{prefix}{}", i + 1));
            let numbered = |prefix: &'static str| move |i: usize| id(prefix, i);
            let (n, m, e, q, r) = (numbered("n"), numbered("m"), numbered("e"), numbered("q"), numbered("r"));
            document.entities =
                entities.into_iter().enumerate().map(|(i, a)| (n(i), Entity { id: n(i), ..a })).collect();
            document.mentions =
                mentions.into_iter().enumerate().map(|(i, a)| (m(i), Mention { id: m(i), ..a })).collect();
            document.events = events.into_iter().enumerate().map(|(i, a)| (e(i), Event { id: e(i), ..a })).collect();
            document.quotes = quotes.into_iter().enumerate().map(|(i, a)| (q(i), Quote { id: q(i), ..a })).collect();
            document.relations =
                relations.into_iter().enumerate().map(|(i, a)| (r(i), Relation { id: r(i), ..a })).collect();
            let b = numbered("b");
            document.batches = batches.into_iter().enumerate().map(|(i, a)| (b(i), Batch { id: b(i), ..a })).collect();
            document.rejected = rejected.into_iter().collect();
            document.reindex();
            document
        })
        .boxed()
}

/// Any document that the model can hold.
pub fn document() -> impl Strategy<Value = Document> {
    text().prop_flat_map(annotated)
}
