//! Tasks of annotation tools: Prodigy, doccano and Label Studio. A task is a text with labelled spans and relations between them.
//!
//! Mentions are spans, relations are relations. Events and quotes have no form of their own in these tools: they are written as
//! spans with a relation to each filler, if that is chosen, and are mentions and relations when they are read again. What a
//! span of several parts covers is written as one. Nothing here knows the layout of a file.

pub mod doccano;
pub mod label_studio;
pub mod prodigy;

use serde_json::{Map, Value};

use super::build::Builder;
use super::{Holds, Loss, OptionInfo, Options, Treatment, losses, order};
use crate::model::{Document, Filler, Id, Kind, Problem};
use crate::text::{Span, Spans, Text};

/// What these tools hold.
const HOLDS: Holds =
    Holds { mentions: true, overlaps: true, same_words: true, inside_tokens: true, relations: true, ..Holds::TEXT };

/// Whether events and quotes are written.
const OTHERS: OptionInfo = OptionInfo {
    name: "events",
    help: "what becomes of events and quotes: spans with relations to their fillers, or nothing",
    values: &["relations", "drop"],
};

/// A labelled span.
struct Piece<'a> {
    /// The annotation it is or belongs to.
    owner: &'a Id,
    /// Unique in the task.
    key: String,
    label: &'a str,
    span: Span,
}

/// A relation between two pieces, by their numbers.
struct Link<'a> {
    label: &'a str,
    from: usize,
    to: usize,
}

/// A document as a task.
#[derive(Default)]
struct Task<'a> {
    /// In the order of the text.
    pieces: Vec<Piece<'a>>,
    links: Vec<Link<'a>>,
    losses: Vec<Loss>,
}

impl<'a> Task<'a> {
    fn of(document: &'a Document, with_others: bool) -> Self {
        let mut task = Self::default();
        for m in order::mentions(document) {
            task.piece(document, &m.id, m.id.as_str().to_owned(), &m.label, &m.spans);
        }
        if with_others {
            for e in order::events(document) {
                task.piece(document, &e.id, e.id.as_str().to_owned(), &e.r#type, &e.trigger);
            }
            for q in order::quotes(document) {
                task.piece(document, &q.id, q.id.as_str().to_owned(), "Quote", &q.content);
            }
            let owners: Vec<usize> = (0..task.pieces.len()).collect();
            for owner in owners {
                task.roles(document, owner);
            }
        }
        for r in order::relations(document) {
            match (task.number(&r.from), task.number(&r.to)) {
                (Some(from), Some(to)) => task.links.push(Link { label: &r.label, from, to }),
                _ => {
                    let what = "is lost, not both of its ends are written";
                    task.losses.push(Loss::of(document, &r.id, Treatment::Dropped, what));
                }
            }
        }
        task
    }

    /// The piece of a mention, event or quote.
    fn number(&self, id: &Id) -> Option<usize> {
        self.pieces.iter().position(|piece| piece.key == id.as_str())
    }

    fn piece(
        &mut self,
        document: &Document,
        owner: &'a Id,
        key: String,
        label: &'a str,
        spans: &Spans,
    ) -> Option<usize> {
        let ends = spans.first().zip(spans.last()).map(|(first, last)| Span::new(first.start, last.end));
        let Some(span) = ends.filter(|span| !span.is_empty()) else {
            self.losses.push(Loss::of(
                document,
                owner,
                Treatment::Dropped,
                "is lost in part, words of it cover nothing",
            ));
            return None;
        };
        if spans.len() > 1 {
            let what = "is written in one part, with the words between its parts";
            self.losses.push(Loss::of(document, owner, Treatment::Merged, what));
        }
        self.pieces.push(Piece { owner, key, label, span });
        Some(self.pieces.len() - 1)
    }

    /// The fillers of an event or quote, and the cue.
    fn roles(&mut self, document: &'a Document, owner: usize) {
        let Some(id) = self.pieces.get(owner).map(|piece| piece.owner) else { return };
        if !matches!(document.kind_of(id), Some(Kind::Event | Kind::Quote)) {
            return;
        }
        if let Some(cue) = document.quotes().get(id).and_then(|q| q.cue.as_ref())
            && let Some(to) = self.piece(document, id, format!("{id}-cue"), "Cue", cue)
        {
            self.links.push(Link { label: "Cue", from: owner, to });
        }
        let (arguments, labels): (&[_], [&str; 2]) = match (document.events().get(id), document.quotes().get(id)) {
            (Some(event), _) => (&event.arguments, ["", ""]),
            (_, Some(quote)) => (&quote.arguments, ["Speaker", "Addressee"]),
            _ => return,
        };
        let own = document.quotes().get(id).map_or([None, None], |q| [q.speaker.as_ref(), q.addressee.as_ref()]);
        let own = labels.into_iter().zip(own).filter_map(|(role, filler)| Some((role, filler?)));
        let all: Vec<(&'a str, &'a Filler)> =
            own.chain(arguments.iter().map(|a| (a.role.as_str(), &a.filler))).collect();
        for (nth, (role, filler)) in all.into_iter().enumerate() {
            let to = match filler {
                Filler::Mention(to) | Filler::Event(to) => self.number(to),
                Filler::Span(spans) => self.piece(document, id, format!("{id}-{nth}"), role, spans),
                Filler::Implicit(_) => None,
            };
            match to {
                Some(to) => self.links.push(Link { label: role, from: owner, to }),
                None => {
                    let what = format!("loses a filler of its role {role}, which is no span");
                    self.losses.push(Loss::of(document, id, Treatment::Cut, &what));
                }
            }
        }
    }
}

/// What is lost of a document in a task.
fn losses_of(document: &Document, with_others: bool, has_attributes: bool) -> Vec<Loss> {
    let told = Holds {
        events: with_others,
        quotes: with_others,
        event_fillers: with_others,
        other_fillers: with_others,
        attributes: has_attributes,
        ..HOLDS
    };
    let mut found = losses::that_follow(document, &told);
    found.extend(Task::of(document, with_others).losses);
    if with_others {
        for id in order::ids(document) {
            if matches!(document.kind_of(&id), Some(Kind::Event | Kind::Quote)) {
                let what = "becomes words with relations to its fillers, and is no whole when it is read again";
                found.push(Loss::of(document, &id, Treatment::Altered, what));
            }
            let has_more =
                document.events().get(&id).is_some_and(|e| !e.attributes.is_empty() || e.claimed_in.is_some())
                    || document.quotes().get(&id).is_some_and(|q| !q.attributes.is_empty());
            if has_more && has_attributes {
                found.push(Loss::of(
                    document,
                    &id,
                    Treatment::Cut,
                    "loses its attributes and in which quote it is claimed",
                ));
            }
        }
    }
    found
}

/// Whether an option says that events and quotes are written.
fn has_others(options: &Options, info: &super::Info) -> bool {
    options.get(info, OTHERS.name) == "relations"
}

/// Code points of a span.
fn codepoints(text: &Text, span: Span) -> (u32, u32) {
    (text.codepoint_of(span.start).0, text.codepoint_of(span.end).0)
}

/// The text of a task.
///
/// # Errors
/// If it is longer than the program can hold.
fn text_of(text: &str, line: Option<usize>) -> Result<Text, Vec<Problem>> {
    Text::new(text).map_err(|error| {
        let problem = Problem::error("text-too-long", error.to_string(), "split it into several articles");
        vec![line.map_or(problem.clone(), |line| problem.at_line(line, 1))]
    })
}

/// Says which fields of a task are left out.
fn warn_of_fields<'a>(builder: &mut Builder, names: impl Iterator<Item = &'a String>, line: Option<usize>) {
    let names: Vec<&str> = names.map(String::as_str).collect();
    if !names.is_empty() {
        let message = format!("fields that are left out: {}", names.join(", "));
        builder.warn("left-out", message, "they have no place in a document", line);
    }
}

/// A whole number of a field.
fn number(fields: &Map<String, Value>, name: &str) -> Option<u64> {
    fields.get(name).and_then(Value::as_u64)
}

/// A text of a field.
fn string<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

/// An identifier of a field, which may be a number.
fn identifier(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The objects of a list; `None` if it is no list or has something else in it.
fn objects(value: Option<&Value>) -> Option<Vec<&Map<String, Value>>> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Array(list)) => list.iter().map(Value::as_object).collect(),
        _ => None,
    }
}

/// The number of a line, from 1, and its object.
pub(super) type Line = (usize, Map<String, Value>);

/// The objects of JSON Lines.
///
/// # Errors
/// Every line that is no object.
pub(super) fn objects_of_lines(source: &str) -> Result<Vec<Line>, Vec<Problem>> {
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    for (index, line) in source.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(object)) => found.push((index + 1, object)),
            Ok(_) => {
                let problem = Problem::error("json-syntax", "the line is no object", "put each task into braces");
                refused.push(problem.at_line(index + 1, 1));
            }
            Err(error) => {
                let problem = Problem::error("json-syntax", error.to_string(), "correct this line in a text editor");
                refused.push(problem.at_line(index + 1, error.column()));
            }
        }
        if refused.len() > 1000 {
            break;
        }
    }
    if found.is_empty() && refused.is_empty() {
        refused.push(Problem::error("no-text", "there is no task in it", "choose another file"));
    }
    if refused.is_empty() { Ok(found) } else { Err(refused) }
}

/// The first line that says something, as an object, if it is whole.
pub(super) fn first_object(bytes: &[u8]) -> Option<Map<String, Value>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty())?;
    match serde_json::from_slice(first) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// What a task cannot do without.
fn broken(what: &str, line: Option<usize>) -> Vec<Problem> {
    let problem = Problem::error("broken-task", what, "export the task again, or correct it in a text editor");
    vec![line.map_or(problem.clone(), |line| problem.at_line(line, 1))]
}

/// All arguments of an annotation, to see that each is told or written.
#[cfg(test)]
fn argument_count(document: &Document) -> usize {
    order::ids(document).iter().map(|id| crate::edit::arguments_of(document, id).len()).sum()
}

#[cfg(test)]
mod tests;
