//! An editor on a short text, and any intention, for property tests here and above.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Editor, Intent};
use crate::model::schema::builtin;
use crate::model::test_support::spans;
use crate::model::{AttributeValue, Document, Filler, Header, Id, Part, Rejection, Search, Status};
use crate::text::Text;

pub const TEXT: &str = "Anna met Bob in Paris. \"We agreed,\" she said. Paris is in France.";

pub fn editor() -> Editor {
    let document = Document::new(Text::new(TEXT).expect("short"), Header::default());
    Editor::new(document, Arc::new(builtin("news").expect("ships").clone()))
        .with_clock(|| "2026-01-01T00:00:00Z".into())
}

/// Intentions on whatever is there: many are refused, all must invert.
pub fn any_intent() -> impl Strategy<Value = Intent> {
    let id = (prop::sample::select(vec!["m", "n", "e", "q", "r"]), 1u32..6)
        .prop_map(|(k, n)| Id::from(format!("{k}{n}").as_str()));
    let span = (0u32..60, 1u32..12).prop_map(|(start, len)| spans(&[(start, (start + len).min(TEXT.len() as u32))]));
    let label = prop::sample::select(vec!["Person", "Place", "Date"]).prop_map(str::to_owned);
    let role = prop::sample::select(vec!["Actor", "Place", "Date", "Speaker", "Addressee", "Evidence"])
        .prop_map(str::to_owned);
    prop_oneof![
        4 => (label.clone(), span.clone()).prop_map(|(label, spans)| Intent::AddMention { label, spans }),
        2 => span.clone().prop_map(|trigger| Intent::AddEvent { r#type: "Consult".into(), trigger }),
        2 => span.clone().prop_map(|content| Intent::AddQuote { kind: None, content }),
        1 => (label.clone(), span.clone(), prop::option::of(id.clone())).prop_map(|(label, spans, entity)| {
            Intent::AcceptMention { label, spans, entity, suggester: Some("names".into()) }
        }),
        1 => (span.clone(), prop::option::of(span.clone()), span.clone()).prop_map(|(content, cue, words)| {
            Intent::AcceptQuote {
                kind: None, content, cue, speaker: Some(Filler::Span(words)), suggester: Some("quotes".into()),
                speaker_suggester: None }
        }),
        2 => (label.clone(), span.clone(), any::<bool>()).prop_map(|(label, spans, is_new)| {
            let rejection = Rejection::new(spans, label, "names");
            if is_new { Intent::Reject(rejection) } else { Intent::Unreject(rejection) }
        }),
        1 => (id.clone(), id.clone()).prop_map(|(from, to)| Intent::AddRelation { label: "PartOf".into(), from, to }),
        1 => (id.clone(), label.clone()).prop_map(|(id, label)| Intent::Relabel { id, label }),
        1 => (id.clone(), span.clone(), prop::sample::select(vec![Part::Mention, Part::Trigger, Part::Content, Part::Cue]))
            .prop_map(|(id, spans, part)| Intent::SetSpans { id, part, spans }),
        2 => prop::collection::vec(id.clone(), 1..3).prop_map(|ids| Intent::Delete { ids }),
        2 => (prop::collection::vec(id.clone(), 1..4), prop::option::of(id.clone()))
            .prop_map(|(mentions, entity)| Intent::Join { mentions, entity }),
        3 => (id.clone(), prop::collection::vec(span.clone(), 1..4)).prop_map(|(source, spans)| Intent::Propagate {
            source, search: Search::default(), spans: spans.concat() }),
        1 => (label.clone(), span.clone()).prop_map(|(label, spans)| Intent::MarkAll {
            label, search: Search::default(), spans: spans.to_vec() }),
        1 => (1u32..4, span.clone()).prop_map(|(batch, span)| Intent::Extend {
            batch: Id::new(format!("b{batch}")), search: Search { texts: vec!["x".into()], ignore_case: true },
            spans: span.to_vec() }),
        2 => (1u32..4).prop_map(|batch| Intent::Retract { batch: Id::new(format!("b{batch}")) }),
        1 => (id.clone(), any::<bool>()).prop_map(|(mention, own_entity)| Intent::Split { mention, own_entity }),
        1 => (id.clone(), id.clone()).prop_map(|(into, from)| Intent::MergeEntities { into, from }),
        3 => (id.clone(), role.clone(), 0usize..3, id.clone()).prop_map(|(id, role, nth, m)| Intent::SetArgument {
            id, role, nth, filler: Some(Filler::Mention(m)) }),
        1 => (id.clone(), role.clone(), 0usize..2).prop_map(|(id, role, nth)| Intent::SetArgument { id, role, nth, filler: None }),
        1 => (id.clone(), role.clone()).prop_map(|(id, role)| Intent::SetArgument {
            id, role, nth: 0, filler: Some(Filler::Implicit("x".into())) }),
        2 => (id.clone(), role, span).prop_map(|(id, role, spans)| Intent::AddArgumentFromText { id, role, spans }),
        1 => (id.clone(), id.clone()).prop_map(|(id, quote)| Intent::SetClaimedIn { id, quote: Some(quote) }),
        1 => id.clone().prop_map(|id| Intent::SetAttribute {
            id, name: "polarity".into(), value: Some(AttributeValue::Text("negative".into())) }),
        1 => id.clone().prop_map(|id| Intent::SetNote { id, note: "look".into() }),
        1 => id.prop_map(|id| Intent::Reverse { id }),
        1 => Just(Intent::SetStatus(Status::Done)),
        1 => Just(Intent::SetDocumentLabels { group: "topic".into(), values: vec!["sport".into()] }),
    ]
}
