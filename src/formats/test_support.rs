//! Documents made by chance, with everything in them that files stumble over.

use proptest::prelude::*;

use crate::formats::native::tree::{Field, Tree, ron_text};
use crate::model::{
    Argument, AttributeValue, Attributes, Batch, Document, Entity, Event, Filler, Header, Id, Label, Mention, Metadata,
    Origin, Provenance, Quote, Rare, Rejection, Relation, SchemaRef, Search, Status, Unknown, UnknownField, Zone,
    ZoneKind,
};
use strum::IntoEnumIterator as _;

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

fn provenance() -> impl Strategy<Value = Rare<Provenance>> {
    let by = prop_oneof![
        Just(Origin::Hand),
        words().prop_map(Origin::Suggestion),
        words().prop_map(Origin::Rule),
        words().prop_map(Origin::Edited),
        words().prop_map(Origin::Import),
    ];
    let at = proptest::option::of(Just("2026-01-02T03:04:05Z".to_owned()));
    (by, at).prop_map(|(by, at)| Provenance { by, at, ..Provenance::default() }.into())
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
    let argument = (words(), filler(text)).prop_map(|(role, filler)| Argument { role: role.into(), filler });
    proptest::collection::vec(argument, 0..3).boxed()
}

fn zones(text: &Text) -> BoxedStrategy<Vec<Zone>> {
    let kinds = proptest::sample::select(ZoneKind::iter().collect::<Vec<_>>());
    let zone = (kinds, spans(text)).prop_map(|(kind, spans)| spans.first().map(|span| Zone { kind, span: *span }));
    proptest::collection::vec(zone, 0..3).prop_map(|zones| zones.into_iter().flatten().collect()).boxed()
}

fn header(text: &Text) -> BoxedStrategy<Header> {
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
    (metadata, words(), any::<u32>(), note(), labels, status, note(), zones(text))
        .prop_map(|(metadata, name, version, annotator, labels, status, note, zones)| Header {
            metadata,
            schema: SchemaRef { name, version },
            annotator,
            labels,
            status,
            note,
            zones,
            unknown: Unknown::default(),
        })
        .boxed()
}

fn annotated(text: Text) -> BoxedStrategy<Document> {
    let entity = (words(), words(), proptest::collection::vec(words(), 0..3), note(), note(), provenance()).prop_map(
        |(r#type, name, aliases, link, note, provenance)| Entity {
            id: "".into(),
            r#type: r#type.into(),
            name,
            aliases,
            link,
            note: note.into(),
            provenance,
        },
    );
    let mention = (words(), spans(&text), proptest::option::of(any_id()), attributes(), note(), provenance()).prop_map(
        |(label, spans, entity, attributes, note, provenance)| Mention {
            id: "".into(),
            label: label.into(),
            spans,
            entity,
            attributes: attributes.into(),
            note: note.into(),
            provenance,
        },
    );
    let claimed_in = proptest::option::of(any_id());
    let event = (words(), spans(&text), arguments(&text), claimed_in, attributes(), note(), provenance()).prop_map(
        |(r#type, trigger, arguments, claimed_in, attributes, note, provenance)| Event {
            id: "".into(),
            r#type: r#type.into(),
            trigger,
            arguments,
            claimed_in,
            attributes: attributes.into(),
            note: note.into(),
            provenance,
        },
    );
    let cue = proptest::option::of(spans(&text));
    let roles = (proptest::option::of(filler(&text)), proptest::option::of(filler(&text)), arguments(&text));
    let quote = (words(), spans(&text), cue, roles, attributes(), note(), provenance()).prop_map(
        |(kind, content, cue, (speaker, addressee, arguments), attributes, note, provenance)| Quote {
            id: "".into(),
            kind: kind.into(),
            content,
            cue,
            speaker,
            addressee,
            arguments,
            attributes: attributes.into(),
            note: note.into(),
            provenance,
        },
    );
    let relation = (words(), any_id(), any_id(), attributes(), note(), provenance()).prop_map(
        |(label, from, to, attributes, note, provenance)| Relation {
            id: "".into(),
            label: label.into(),
            from,
            to,
            attributes: attributes.into(),
            note: note.into(),
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
            unknown: Unknown::default(),
        },
    );
    fn many<T: std::fmt::Debug>(one: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Vec<T>> {
        proptest::collection::vec(one, 0..4).boxed()
    }
    let rejection =
        (words(), words(), spans(&text)).prop_map(|(label, suggester, spans)| Rejection::new(spans, label, suggester));
    (header(&text), many(entity), many(mention), many(event), many(quote), many(relation), many(batch), many(rejection))
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

// --- what this program does not know --------------------------------------------------------------------------------

/// Words, names and numbers that are hard on readers of RON.
const WORDS: &[&str] = &[
    "1",
    "-0.5",
    "1e400",
    "1E+2",
    "0xFF",
    "1_000",
    "3u8",
    "99999999999999999999999999999999999999999",
    "-inf",
    "NaN",
    "true",
    "false",
    "None",
    "Hand",
    "r#type",
    "'a'",
    "'\\''",
    "b\"x\\\"y\"",
    "br#\"raw\"#",
];

/// Names of fields that no version has.
const NAMES: &[&str] =
    &["colour", "größe", "x-y", "@context", "a b", "", "json.fields", "$ron", "$unknown", "Mood", "r"];

/// Any value of RON.
pub fn ron_tree() -> impl Strategy<Value = Tree> {
    let leaf = || {
        prop_oneof![
            proptest::sample::select(WORDS).prop_map(|word| Tree::Word(word.to_owned())),
            words().prop_map(Tree::Text),
        ]
    };
    let name =
        || proptest::option::of(proptest::sample::select(vec!["Some", "Mention", "x-y"]).prop_map(str::to_owned));
    leaf().prop_recursive(4, 24, 3, move |inner| {
        let field = (proptest::sample::select(vec!["a", "type", "größe", "x-y", "Foo", "true"]), inner.clone())
            .prop_map(|(name, value)| Field::new(name, value));
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Tree::List),
            proptest::collection::vec((leaf(), inner.clone()), 0..3).prop_map(Tree::Map),
            (name(), proptest::collection::vec(inner, 0..3)).prop_map(|(name, items)| Tree::Tuple(name, items)),
            (name(), proptest::collection::vec(field, 1..3)).prop_map(|(name, fields)| Tree::Struct(name, fields)),
        ]
    })
}

/// Any value of JSON.
pub fn json_tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        proptest::sample::select(vec!["1", "-0.5", "1e400", "1E+2", "-0", "true", "false", "None"])
            .prop_map(|word| Tree::Word(word.to_owned())),
        words().prop_map(Tree::Text),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let name = proptest::sample::select(vec!["a", "type", "Mention", "Some", "a b", "", "größe", "None"]);
        let field = (name, inner.clone()).prop_map(|(name, value)| Field::new(name, value));
        prop_oneof![
            proptest::collection::vec(inner, 0..3).prop_map(Tree::List),
            proptest::collection::vec(field, 0..3).prop_map(|fields| Tree::Struct(None, fields)),
        ]
    })
}

/// What may have unknown fields, by number: the header, annotations, batches, refusals; with the parts of each.
fn owners(document: &Document) -> Vec<(usize, String)> {
    fn list(owner: usize, name: &str, length: usize, out: &mut Vec<(usize, String)>) {
        out.extend((0..length).map(|nth| (owner, format!("{name}[{nth}]"))));
    }
    fn filler(owner: usize, name: &str, filler: Option<&Filler>, out: &mut Vec<(usize, String)>) {
        if let Some(Filler::Span(spans)) = filler {
            list(owner, name, spans.len(), out);
        }
    }
    fn arguments(owner: usize, arguments: &[Argument], out: &mut Vec<(usize, String)>) {
        list(owner, "arguments", arguments.len(), out);
        for (nth, argument) in arguments.iter().enumerate() {
            filler(owner, &format!("arguments[{nth}].filler"), Some(&argument.filler), out);
        }
    }
    let mut out: Vec<(usize, String)> = ["", "document", "schema"].map(|at| (0, at.to_owned())).to_vec();
    list(0, "document.zones", document.header.zones.len(), &mut out);
    let mut owner = 0;
    let mut next = |has_provenance: bool, out: &mut Vec<(usize, String)>| {
        owner += 1;
        out.push((owner, String::new()));
        out.extend(has_provenance.then(|| (owner, "provenance".to_owned())));
        owner
    };
    for _ in document.entities.values() {
        next(true, &mut out);
    }
    for m in document.mentions.values() {
        let owner = next(true, &mut out);
        list(owner, "spans", m.spans.len(), &mut out);
    }
    for e in document.events.values() {
        let owner = next(true, &mut out);
        list(owner, "trigger", e.trigger.len(), &mut out);
        arguments(owner, &e.arguments, &mut out);
    }
    for q in document.quotes.values() {
        let owner = next(true, &mut out);
        list(owner, "content", q.content.len(), &mut out);
        list(owner, "cue", q.cue.as_deref().unwrap_or_default().len(), &mut out);
        filler(owner, "speaker", q.speaker.as_ref(), &mut out);
        filler(owner, "addressee", q.addressee.as_ref(), &mut out);
        arguments(owner, &q.arguments, &mut out);
    }
    for _ in document.relations.values() {
        next(true, &mut out);
    }
    for _ in document.batches.values() {
        next(false, &mut out);
    }
    for r in &document.rejected {
        let owner = next(false, &mut out);
        list(owner, "spans", r.spans.len(), &mut out);
    }
    out
}

fn put_unknown(mut document: Document, fields: Vec<(proptest::sample::Index, &'static str, Tree)>) -> Document {
    let owners = owners(&document);
    let mut by_owner: std::collections::BTreeMap<usize, Vec<UnknownField>> = Default::default();
    for (index, name, tree) in fields {
        let (owner, at) = &owners[index.index(owners.len())];
        let field = UnknownField { at: at.clone(), name: name.to_owned(), value: ron_text(&tree) };
        by_owner.entry(*owner).or_default().push(field);
    }
    let mut nth = 0;
    let mut next = || {
        nth += 1;
        Unknown::new(by_owner.remove(&(nth - 1)).unwrap_or_default())
    };
    document.header.unknown = next();
    document.entities.for_each_mut(|a| a.provenance.unknown = next());
    document.mentions.for_each_mut(|a| a.provenance.unknown = next());
    document.events.for_each_mut(|a| a.provenance.unknown = next());
    document.quotes.for_each_mut(|a| a.provenance.unknown = next());
    document.relations.for_each_mut(|a| a.provenance.unknown = next());
    document.batches.for_each_mut(|a| a.unknown = next());
    document.rejected = document.rejected.into_iter().map(|a| Rejection { unknown: next(), ..a }).collect();
    document
}

fn unknown_fields() -> impl Strategy<Value = Vec<(proptest::sample::Index, &'static str, Tree)>> {
    let field = (any::<proptest::sample::Index>(), proptest::sample::select(NAMES), ron_tree());
    proptest::collection::vec(field, 1..12)
}

/// Any document that the model can hold, with fields anywhere that this program does not know.
pub fn document_with_unknown() -> impl Strategy<Value = Document> {
    (document(), unknown_fields()).prop_map(|(document, fields)| put_unknown(document, fields))
}

/// What editing left of the usual text, with such fields.
pub fn editable_with_unknown() -> impl Strategy<Value = Document> {
    use crate::edit::test_support::{any_intent, editor};
    (proptest::collection::vec(any_intent(), 5..30), unknown_fields()).prop_map(|(intents, fields)| {
        let mut editor = editor();
        for intent in &intents {
            // Many are refused.
            let _ = editor.execute(intent);
        }
        put_unknown(editor.document().clone(), fields)
    })
}

// --- for formats of others ------------------------------------------------------------------------------------------

use super::capabilities::Holds;
use crate::edit::arguments_of;
use crate::model::Kind;

const LABELS: &[&str] = &["Person", "Place", "Rally-Point", "Großstadt", "GPE"];
const TYPES: &[&str] = &["Meet", "Attack", "Say"];
const ROLES: &[&str] = &["Actor", "Target", "Place"];

/// The same word for the same name, from a list of names that every format can write.
fn plain(names: &[&str], name: &str) -> String {
    let number: usize = name.bytes().map(usize::from).sum();
    names[number % names.len()].to_owned()
}

fn sane_spans(spans: &Spans) -> Spans {
    let mut spans: Spans = spans.iter().copied().filter(|span| !span.is_empty()).collect();
    crate::text::normalise(&mut spans);
    spans
}

fn sane_attributes(attributes: &Attributes) -> Attributes {
    let value = |value: &AttributeValue| match value {
        AttributeValue::Flag(_) => AttributeValue::Flag(true),
        AttributeValue::Text(text) => AttributeValue::Text(format!("v{text}v")),
        AttributeValue::List(list) => {
            let mut list: Vec<String> = list.iter().enumerate().map(|(i, text)| format!("{i}{text}v")).collect();
            list.extend((list.len()..2).map(|i| format!("{i}v")));
            AttributeValue::List(list)
        }
    };
    attributes.iter().map(|(name, v)| (plain(&["certainty", "tense", "mode"], name), value(v))).collect()
}

fn sane_note(note: Option<&String>) -> Option<String> {
    note.map(|note| format!("n{note}n"))
}

fn sane_filler(document: &Document, owner: &Id, filler: &Filler) -> Option<Filler> {
    match filler {
        Filler::Mention(id) => document.mentions.contains_key(id).then(|| filler.clone()),
        Filler::Event(id) => (id != owner && document.events.contains_key(id)).then(|| filler.clone()),
        Filler::Span(spans) => Some(sane_spans(spans)).filter(|s| !s.is_empty()).map(Filler::Span),
        Filler::Implicit(words) => Some(Filler::Implicit(format!("i{words}i"))),
    }
}

/// Any document that the window could have made: nothing dangles, nothing is empty, names are plain words. Text, attribute
/// values and notes are as hard as ever.
pub fn sane_document() -> impl Strategy<Value = Document> {
    document().prop_map(sane)
}

fn sane(mut document: Document) -> Document {
    document.batches.clear();
    document.rejected.clear();
    document.header = Header { metadata: Metadata::default(), ..Header::default() };
    document.entities.for_each_mut(|n| {
        n.r#type = plain(LABELS, &n.r#type).into();
        n.name = format!("N{}", plain(LABELS, &n.name));
        n.aliases = n.aliases.iter().map(|alias| plain(ROLES, alias)).collect();
        n.aliases.sort();
        n.aliases.dedup();
        n.link = n.link.as_ref().map(|link| format!("wikidata:Q{}", link.len()));
        *n.note = sane_note(n.note.as_ref());
        n.provenance = Rare::default();
    });
    let entities = document.entities.clone();
    document.mentions.for_each_mut(|m| {
        m.label = plain(LABELS, &m.label).into();
        m.spans = sane_spans(&m.spans);
        m.entity = m.entity.take().filter(|id| entities.contains_key(id));
        m.attributes = sane_attributes(&m.attributes).into();
        *m.note = sane_note(m.note.as_ref());
        m.provenance = Rare::default();
    });
    document.mentions.retain(|_, m| !m.spans.is_empty());
    document.events.for_each_mut(|e| {
        e.r#type = plain(TYPES, &e.r#type).into();
        e.trigger = sane_spans(&e.trigger);
        e.attributes = sane_attributes(&e.attributes).into();
        *e.note = sane_note(e.note.as_ref());
        e.provenance = Rare::default();
    });
    document.events.retain(|_, e| !e.trigger.is_empty());
    document.quotes.for_each_mut(|q| {
        q.kind = plain(&["direct", "indirect", "mixed"], &q.kind).into();
        q.content = sane_spans(&q.content);
        q.cue = q.cue.as_ref().map(sane_spans).filter(|cue| !cue.is_empty());
        q.attributes = sane_attributes(&q.attributes).into();
        *q.note = sane_note(q.note.as_ref());
        q.provenance = Rare::default();
    });
    document.quotes.retain(|_, q| !q.content.is_empty());
    let all = document.clone();
    document.events.for_each_mut(|e| {
        e.claimed_in = e.claimed_in.take().filter(|id| all.quotes.contains_key(id));
        e.arguments = sane_arguments(&all, &e.id, &e.arguments);
    });
    document.quotes.for_each_mut(|q| {
        q.speaker = q.speaker.as_ref().and_then(|f| sane_filler(&all, &q.id, f));
        q.addressee = q.addressee.as_ref().and_then(|f| sane_filler(&all, &q.id, f));
        q.arguments = sane_arguments(&all, &q.id, &q.arguments);
    });
    document.relations.for_each_mut(|r| {
        r.label = plain(&["Near", "PartOf"], &r.label).into();
        r.attributes = sane_attributes(&r.attributes).into();
        *r.note = sane_note(r.note.as_ref());
        r.provenance = Rare::default();
    });
    let is_end = |id: &Id| matches!(all.kind_of(id), Some(Kind::Mention | Kind::Event));
    document.relations.retain(|_, r| is_end(&r.from) && is_end(&r.to) && r.from != r.to);
    document.reindex();
    document
}

fn sane_arguments(document: &Document, owner: &Id, arguments: &[Argument]) -> Vec<Argument> {
    let one = |a: &Argument| {
        let filler = sane_filler(document, owner, &a.filler)?;
        Some(Argument { role: plain(ROLES, &a.role).into(), filler })
    };
    arguments.iter().filter_map(one).collect()
}

/// What of a sane document a format can hold: written and read again, it must come back (see [`essence`]).
pub fn within(mut document: Document, holds: &Holds) -> Document {
    let text = document.text.clone();
    let fit = |spans: &mut Spans| {
        if !holds.discontinuity {
            spans.truncate(1);
        }
        if !holds.inside_tokens {
            *spans = spans.iter().filter_map(|span| text.snap_to_tokens(*span)).collect();
            crate::text::normalise(spans);
            if !holds.discontinuity {
                spans.truncate(1);
            }
        }
    };
    document.mentions.for_each_mut(|m| fit(&mut m.spans));
    document.events.for_each_mut(|e| fit(&mut e.trigger));
    document.mentions.retain(|_, m| holds.mentions && !m.spans.is_empty());
    document.events.retain(|_, e| holds.events && !e.trigger.is_empty());
    document.quotes.for_each_mut(|q| {
        fit(&mut q.content);
        q.cue.iter_mut().for_each(&fit);
    });
    document.quotes.retain(|_, q| holds.quotes && !q.content.is_empty());
    let mut kept: Vec<(Spans, Label)> = Vec::new();
    document.mentions.retain(|_, m| {
        let overlaps = |other: &Spans| other.iter().any(|a| m.spans.iter().any(|b| a.overlaps(*b)));
        let is_refused = kept.iter().any(|(other, label)| {
            (!holds.overlaps && overlaps(other)) || (*other == m.spans && (!holds.same_words || *label == m.label))
        });
        if !is_refused {
            kept.push((m.spans.clone(), m.label.clone()));
        }
        !is_refused
    });
    if !holds.entities {
        document.entities.clear();
    }
    if !holds.relations {
        document.relations.clear();
    }
    let held = |filler: &Filler| match filler {
        Filler::Mention(_) => holds.mentions,
        Filler::Event(_) => holds.event_fillers,
        Filler::Span(_) | Filler::Implicit(_) => holds.other_fillers,
    };
    document.events.for_each_mut(|e| {
        e.arguments.retain(|a| held(&a.filler));
    });
    document.quotes.for_each_mut(|q| {
        q.speaker = q.speaker.take().filter(held);
        q.addressee = q.addressee.take().filter(held);
        q.arguments.retain(|a| held(&a.filler));
    });
    // What was taken out leaves nothing dangling.
    let mut document = sane_again(document);
    if !holds.attributes {
        document.mentions.for_each_mut(|a| a.attributes.clear());
        document.events.for_each_mut(|a| a.attributes.clear());
        document.quotes.for_each_mut(|a| a.attributes.clear());
        document.relations.for_each_mut(|a| a.attributes.clear());
    }
    if !holds.notes {
        document.mentions.for_each_mut(|a| a.note = Rare::default());
        document.events.for_each_mut(|a| a.note = Rare::default());
        document.quotes.for_each_mut(|a| a.note = Rare::default());
        document.relations.for_each_mut(|a| a.note = Rare::default());
        document.entities.for_each_mut(|a| a.note = Rare::default());
    }
    if holds.entities {
        let used: Vec<Id> = document.mentions.values().filter_map(|m| m.entity.clone()).collect();
        document.entities.retain(|id, _| holds.entity_fields || used.contains(id));
    }
    document.reindex();
    document
}

/// Takes away what refers to nothing, without changing names again.
fn sane_again(mut document: Document) -> Document {
    let all = document.clone();
    document.mentions.for_each_mut(|m| {
        m.entity = m.entity.take().filter(|id| all.entities.contains_key(id));
    });
    let fits = |owner: &Id, filler: &Filler| match filler {
        Filler::Mention(id) => all.mentions.contains_key(id),
        Filler::Event(id) => id != owner && all.events.contains_key(id),
        _ => true,
    };
    document.events.for_each_mut(|e| {
        e.claimed_in = e.claimed_in.take().filter(|id| all.quotes.contains_key(id));
        let owner = e.id.clone();
        e.arguments.retain(|a| fits(&owner, &a.filler));
    });
    document.quotes.for_each_mut(|q| {
        let owner = q.id.clone();
        q.speaker = q.speaker.take().filter(|f| fits(&owner, f));
        q.addressee = q.addressee.take().filter(|f| fits(&owner, f));
        q.arguments.retain(|a| fits(&owner, &a.filler));
    });
    document.relations.retain(|_, r| all.kind_of(&r.from).is_some() && all.kind_of(&r.to).is_some());
    document
}

/// What a document says, without its ids, in a fixed order: two documents of the same essence train the same model.
/// What `holds` does not have is left out.
pub fn essence(document: &Document, holds: &Holds) -> Vec<String> {
    let mut lines = Vec::new();
    for m in document.mentions().values() {
        let entity = m.entity.as_ref().filter(|_| holds.entities).map(|id| described(document, id, holds));
        lines.push(format!("{} {:?} {:?} of {entity:?}", described(document, &m.id, holds), m.attributes, m.note));
    }
    for n in document.entities().values() {
        if holds.entity_fields {
            lines.push(format!("{} {:?} {:?} {:?}", described(document, &n.id, holds), n.aliases, n.link, n.note));
        }
    }
    for e in document.events().values() {
        let claimed = e.claimed_in.as_ref().filter(|_| holds.quotes).map(|id| described(document, id, holds));
        lines.push(format!("{} {:?} {:?} in {claimed:?}", described(document, &e.id, holds), e.attributes, e.note));
    }
    for q in document.quotes().values() {
        let line = format!("{} {:?} {:?} {:?}", described(document, &q.id, holds), q.cue, q.attributes, q.note);
        lines.push(line);
    }
    for r in document.relations().values() {
        let (from, to) = (described(document, &r.from, holds), described(document, &r.to, holds));
        lines.push(format!("{} {from} -> {to} {:?} {:?}", r.label, r.attributes, r.note));
    }
    let owners = document.events().keys().chain(document.quotes().keys());
    for id in owners {
        let mut all: Vec<String> = arguments_of(document, id)
            .iter()
            .map(|a| match &a.filler {
                Filler::Mention(to) | Filler::Event(to) => format!("{}: {}", a.role, described(document, to, holds)),
                other => format!("{}: {other:?}", a.role),
            })
            .collect();
        all.sort();
        lines.push(format!("{} {all:?}", described(document, id, holds)));
    }
    lines.sort();
    lines
}

fn described(document: &Document, id: &Id, holds: &Holds) -> String {
    if let Some(n) = document.entities().get(id) {
        let mut spans: Vec<String> = document.mentions_of(id).map(|m| format!("{} {:?}", m.label, m.spans)).collect();
        spans.sort();
        let name = if holds.entity_fields { format!("{} {}", n.r#type, n.name) } else { String::new() };
        return format!("{name}{spans:?}");
    }
    let anchors = (document.mentions().get(id).map(crate::model::Annotation::anchors))
        .or_else(|| {
            document.events().get(id).map(|e| e.trigger.iter().map(|s| (crate::model::Part::Trigger, *s)).collect())
        })
        .or_else(|| {
            document.quotes().get(id).map(|q| q.content.iter().map(|s| (crate::model::Part::Content, *s)).collect())
        });
    format!("{} {:?}", document.label_of(id), anchors.unwrap_or_default())
}

/// Writes a document with the default options and reads it again, with the files of its own folder at hand.
pub fn through(format: &dyn super::Format, document: &Document) -> Result<super::Read, String> {
    struct Files(Vec<super::OutputFile>);
    impl super::Companions for Files {
        fn read(&self, path: &std::path::Path) -> std::io::Result<Vec<u8>> {
            let found = self.0.iter().find(|file| file.name == path);
            found.map(|file| file.bytes.clone()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
        }
    }
    let named = super::Named { name: "doc", document, schema: None };
    let files = format.write(&[named], &super::Options::default()).map_err(|error| error.to_string())?;
    let main = files.first().cloned().ok_or("nothing was written")?;
    let others = Files(files);
    let input = super::Input { path: Some(&main.name), companions: &others, ..super::Input::of_bytes(&main.bytes) };
    let mut read = format.read(&input).map_err(|problems| format!("{problems:?}"))?;
    match (read.pop(), read.len()) {
        (Some(only), 0) => Ok(only),
        (_, n) => Err(format!("{} documents", n + 1)),
    }
}

/// Checks that what a format holds comes back, and that nothing is declared as lost of it.
pub fn comes_back(format: &dyn super::Format, document: Document) {
    let holds = format.info().holds;
    let document = within(document, &holds);
    let read = match through(format, &document) {
        Ok(read) => read,
        Err(why) => panic!("{why}\n{document:#?}"),
    };
    if holds.text {
        assert_eq!(read.document.text(), document.text());
    }
    assert_eq!(essence(&read.document, &holds), essence(&document, &holds), "{:?}", read.problems);
    let of_annotations: Vec<_> =
        format.losses(&document, &super::Options::default()).into_iter().filter(|loss| loss.id.is_some()).collect();
    assert!(!holds.text || of_annotations.is_empty(), "{of_annotations:?}");
}

/// A document of this text with these fields of the native file (`mentions: […], events: […]`), whose spans need not say
/// their words.
pub fn native(text: &str, fields: &str) -> Document {
    let chars: Vec<char> = text.chars().collect();
    let mut parts = fields.split("(start: ");
    let mut with_words = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (place, rest) = part.split_once(')').expect("the end of a span");
        let (start, end) = place.split_once(", end: ").expect("start and end");
        let at = |number: &str| number.trim().parse::<usize>().expect("a number");
        let words: String = chars[at(start)..at(end)].iter().collect();
        with_words.push_str(&format!("(start: {place}, text: {words:?}){rest}"));
    }
    let file = format!(
        "(format: \"manicule/1\", document: (id: \"a\", title: \"\", text: {text:?}), schema: (name: \"news\", version: 1), {with_words})"
    );
    let input = super::Input::of_bytes(file.as_bytes());
    let mut read = super::Format::read(&super::native::NativeRon, &input).expect("a native file");
    read.remove(0).document
}
