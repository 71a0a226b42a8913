//! Rows of a dataset: words, tags, and all that tags cannot hold.

use serde_json::Value;

use super::{Choices, untagged};
use crate::formats::align::{Tokens, on_tokens, without_overlaps};
use crate::formats::columns::tags;
use crate::formats::{Loss, Treatment, gliner2};
use crate::model::Document;
use crate::text::Span;

/// A mention by its characters: code points of the row's text, half-open.
#[derive(Debug)]
pub struct Entity {
    pub start: i32,
    pub end: i32,
    pub label: String,
}

/// A row.
#[derive(Debug)]
pub struct Row<'a> {
    pub id: String,
    pub doc_id: &'a str,
    pub tokens: Vec<&'a str>,
    pub tags: Vec<String>,
    pub text: &'a str,
    pub entities: Vec<Entity>,
    /// Events and quotes as JSON, with code points of the row's text.
    pub structures: String,
}

/// The rows of a document, and what they lose of it.
pub fn rows_of(document: &Document, choices: Choices) -> (Vec<Row<'_>>, Vec<Loss>) {
    let mut tokens = Tokens::of(document.text());
    if choices.is_whole {
        tokens.sentences = std::iter::once(0..tokens.spans.len()).filter(|all| !all.is_empty()).collect();
    }
    let (values, mut losses) = gliner2::rows(document, choices.is_whole, true);
    let (found, _) = on_tokens(document, &tokens);
    let in_one = |m: &crate::formats::align::TokenMention| {
        tokens.sentence_of(m.first) == tokens.sentence_of(m.end.saturating_sub(1))
    };
    let (tagged, overlapping) =
        without_overlaps(document, found.into_iter().filter(in_one).collect(), choices.overlaps);
    losses.extend(overlapping.into_iter().map(untagged));
    for mention in &tagged {
        let is_exact = document
            .mentions()
            .get(&mention.id)
            .is_some_and(|m| m.spans.iter().all(|span| tokens.align(*span).is_some_and(|aligned| aligned.is_exact)));
        if !is_exact {
            let what = "has tags on all of the words that it touches; entities has its own ends";
            losses.push(Loss::of(document, &mention.id, Treatment::Moved, what));
        }
    }
    let text = document.text();
    let doc_id = document.header().metadata.id.as_str();
    let rows = tokens.sentences.iter().zip(values).enumerate().map(|(nth, (range, value))| {
        let words = tokens.spans.get(range.clone()).unwrap_or_default();
        let whole = match (words.first(), words.last()) {
            (Some(first), Some(last)) if !choices.is_whole => text.slice(Span::new(first.start, last.end)),
            _ => text.as_str(),
        };
        let structures = value["output"].get("json_structures").map(Value::to_string);
        Row {
            id: format!("{doc_id}-{nth}"),
            doc_id,
            tokens: words.iter().map(|span| text.slice(*span)).collect(),
            tags: tags::of_sentence(choices.scheme, &tagged, range.clone()),
            text: whole,
            entities: entities(&value["output"]["entities"]),
            structures: structures.unwrap_or_else(|| "[]".to_owned()),
        }
    });
    (rows.collect(), losses)
}

/// Mentions in the order of the text, the longer first.
fn entities(by_label: &Value) -> Vec<Entity> {
    let number =
        |place: &Value, name: &str| place[name].as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or_default();
    let mut all: Vec<Entity> = (by_label.as_object().into_iter().flatten())
        .flat_map(|(label, places)| places.as_array().into_iter().flatten().map(move |place| (label, place)))
        .map(|(label, place)| Entity { start: number(place, "start"), end: number(place, "end"), label: label.clone() })
        .collect();
    all.sort_by(|a, b| (a.start, -a.end, &a.label).cmp(&(b.start, -b.end, &b.label)));
    all
}
