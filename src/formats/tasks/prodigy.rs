//! JSON Lines of Prodigy: a task a line, with tokens, spans on them and relations between spans. Positions are code points,
//! half-open; `token_end` is the last token itself. A relation names the last tokens of its ends and repeats both spans.
//!
//! Tokens are cut where spans begin and end, so that no span moves.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    HOLDS, OTHERS, Piece, Task, broken, codepoints, first_object, has_others, identifier, losses_of, number, objects,
    objects_of_lines, string, text_of, warn_of_fields,
};
use crate::formats::build::Builder;
use crate::formats::{
    Cut, Format, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
    decode, pieces,
};
use crate::model::{Document, Id, Problem, Status};
use crate::text::{BytePos, Span};

/// See the module.
pub struct Prodigy;

const INFO: Info = Info {
    id: "prodigy",
    name: "Prodigy (JSON Lines)",
    extensions: &["jsonl"],
    reads: true,
    writes: true,
    joins: Joins::Appended,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[
        OptionInfo {
            name: "as",
            help: "work that is done, or tasks with suggestions to correct",
            values: &["annotations", "tasks"],
        },
        OTHERS,
    ],
};

impl Format for Prodigy {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let Some(object) = first_object(bytes) else { return Likeness::No };
        let has_mark = ["_input_hash", "_task_hash", "_view_id"].iter().any(|name| object.contains_key(*name));
        let is_span = |value: &Value| value.get("start").is_some() && value.get("end").is_some();
        let spans = object.get("spans").and_then(Value::as_array);
        match (object.get("text").is_some_and(Value::is_string), spans) {
            (true, Some(list)) if has_mark || list.iter().all(is_span) => Likeness::Yes,
            (true, None) if has_mark => Likeness::Yes,
            _ => Likeness::No,
        }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for (line, object) in objects_of_lines(&source)? {
            match task(&object, line) {
                Ok(read) => found.push(Read { line: Some(line), ..read }),
                Err(problems) => refused.extend(problems),
            }
        }
        if refused.is_empty() { Ok(found) } else { Err(refused) }
    }

    fn cut(&self, source: &mut dyn io::Read, size: u64) -> io::Result<Option<Cut>> {
        pieces::of_lines(source, size)
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let mut out = String::new();
        for named in documents {
            let is_done = options.get(&INFO, "as") == "annotations";
            out.push_str(&written(named.document, has_others(options, &INFO), is_done).to_string());
            out.push('\n');
        }
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        Ok(vec![OutputFile { name: format!("{name}.jsonl").into(), bytes: out.into_bytes() }])
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        losses_of(document, has_others(options, &INFO), false)
    }
}

/// The tokens of a text, cut at the ends of all pieces.
fn tokens(document: &Document, pieces: &[Piece<'_>]) -> Vec<Span> {
    let cuts: BTreeSet<BytePos> = pieces.iter().flat_map(|piece| [piece.span.start, piece.span.end]).collect();
    let mut tokens = Vec::new();
    for token in document.text().tokens() {
        let mut start = token.start;
        for cut in cuts.range((std::ops::Bound::Excluded(token.start), std::ops::Bound::Excluded(token.end))) {
            tokens.push(Span::new(start, *cut));
            start = *cut;
        }
        tokens.push(Span::new(start, token.end));
    }
    // White space that a piece begins or ends with has to be a token, too.
    for piece in pieces {
        let first = tokens.partition_point(|token| token.end <= piece.span.start);
        let end = tokens.partition_point(|token| token.start < piece.span.end);
        let inside = tokens.get(first..end).unwrap_or_default();
        let (from, to) = match (inside.first(), inside.last()) {
            (Some(a), Some(b)) => (a.start, b.end),
            _ => (piece.span.end, piece.span.end),
        };
        let before = Span::new(piece.span.start, from.min(piece.span.end).max(piece.span.start));
        let after = Span::new(to.max(before.end), piece.span.end.max(to));
        for gap in [before, after].into_iter().filter(|gap| !gap.is_empty()) {
            let mut start = gap.start;
            let ends = cuts.range((std::ops::Bound::Excluded(gap.start), std::ops::Bound::Excluded(gap.end))).copied();
            for cut in ends.chain([gap.end]).collect::<Vec<_>>() {
                let token = Span::new(start, cut);
                let at = tokens.partition_point(|known| known.start < token.start);
                if tokens.get(at).is_none_or(|known| known.start != token.start) {
                    tokens.insert(at, token);
                }
                start = cut;
            }
        }
    }
    tokens
}

fn written(document: &Document, with_others: bool, is_done: bool) -> Value {
    let task = Task::of(document, with_others);
    let text = document.text();
    let tokens = tokens(document, &task.pieces);
    let span = |piece: &Piece<'_>| {
        let (start, end) = codepoints(text, piece.span);
        let first = tokens.partition_point(|token| token.end <= piece.span.start);
        let last = tokens.partition_point(|token| token.start < piece.span.end).saturating_sub(1);
        json!({"start": start, "end": end, "token_start": first, "token_end": last, "label": piece.label})
    };
    let spans: Vec<Value> = task.pieces.iter().map(span).collect();
    let relation = |link: &super::Link<'_>| {
        let (head, child) = (spans.get(link.from)?, spans.get(link.to)?);
        Some(json!({"head": head["token_end"], "child": child["token_end"], "label": link.label,
                    "head_span": head, "child_span": child}))
    };
    let relations: Vec<Value> = task.links.iter().filter_map(relation).collect();
    let token = |(nth, token): (usize, &Span)| {
        let (start, end) = codepoints(text, *token);
        let after = text.as_str().get(token.end.to_usize()..).and_then(|rest| rest.chars().next());
        json!({"text": text.slice(*token), "start": start, "end": end, "id": nth,
               "ws": after.is_some_and(char::is_whitespace)})
    };
    let all: Vec<Value> = tokens.iter().enumerate().map(token).collect();
    let hash = |of: &str| {
        let digest = Sha256::digest(of);
        digest.iter().take(4).fold(0_u32, |hash, byte| hash << 8 | u32::from(*byte)) >> 1
    };
    let view = if relations.is_empty() { "spans_manual" } else { "relations" };
    let mut value = json!({"text": text.as_str(), "tokens": all, "spans": spans,
                           "meta": {"id": document.header().metadata.id},
                           "_input_hash": hash(text.as_str()), "_view_id": view});
    if let Some(fields) = value.as_object_mut() {
        let has_relations = !relations.is_empty();
        fields.insert("_task_hash".to_owned(), json!(hash(&format!("{spans:?}{relations:?}{}", text.as_str()))));
        if has_relations {
            fields.insert("relations".to_owned(), Value::Array(relations));
        }
        if is_done {
            let is_flagged = document.header().status == Status::Flagged;
            fields.insert("answer".to_owned(), json!(if is_flagged { "ignore" } else { "accept" }));
        }
    }
    value
}

/// What is known of a task beside its spans.
const KNOWN: [&str; 9] =
    ["text", "tokens", "spans", "relations", "answer", "meta", "_input_hash", "_task_hash", "_view_id"];

fn task(object: &Map<String, Value>, line: usize) -> Result<Read, Vec<Problem>> {
    let at = Some(line);
    let text = string(object, "text").ok_or_else(|| broken("the task has no text", at))?;
    let mut builder = Builder::new(INFO.id, text_of(text, at)?, None);
    let meta = object.get("meta").and_then(Value::as_object);
    if let Some(id) = meta.and_then(|meta| identifier(meta, "id")) {
        builder.header.metadata.id = id;
    }
    let others = object.keys().filter(|name| !KNOWN.contains(&name.as_str()) && !name.starts_with('_'));
    warn_of_fields(&mut builder, others, at);
    match string(object, "answer") {
        Some("reject") => {
            let message = "the annotator rejected this task; its spans are read as they stand";
            builder.warn("rejected-task", message, "leave it out if it is not wanted", at);
        }
        Some("ignore") => builder.header.status = Status::Flagged,
        _ => {}
    }
    let mut places: BTreeMap<(u64, u64, String), Id> = BTreeMap::new();
    let spans = objects(object.get("spans")).ok_or_else(|| broken("spans are not a list of objects", at))?;
    for span in spans {
        let place = number(span, "start").zip(number(span, "end")).zip(string(span, "label"));
        let Some(((start, end), label)) = place else {
            builder.refuse("broken-task", "a span has no start, end or label", "export it again", at);
            continue;
        };
        if let Some(found) = builder.span(Unit::Codepoints, start, end, at) {
            let id = builder.mention(label, [found]);
            places.entry((start, end, label.to_owned())).or_insert(id);
        }
    }
    let relations =
        objects(object.get("relations")).ok_or_else(|| broken("relations are not a list of objects", at))?;
    for relation in relations {
        let mut end = |name: &str| {
            let span = relation.get(name).and_then(Value::as_object)?;
            let (start, end) = number(span, "start").zip(number(span, "end"))?;
            // Words that only relations name are marked, with the label that the tool shows for them.
            let label = string(span, "label").unwrap_or("Span").to_owned();
            let key = (start, end, label);
            if let Some(id) = places.get(&key) {
                return Some(id.clone());
            }
            let found = builder.span(Unit::Codepoints, start, end, at)?;
            let id = builder.mention(&key.2, [found]);
            places.insert(key, id.clone());
            Some(id)
        };
        match (end("head_span"), end("child_span"), string(relation, "label")) {
            (Some(from), Some(to), Some(label)) => drop(builder.relation(label, &from, &to)),
            _ => {
                builder.refuse(
                    "broken-task",
                    "a relation has no head_span, child_span or label",
                    "export it again",
                    at,
                );
            }
        }
    }
    builder.finish(None)
}
