//! Merging in words: what a conflict is about, what either side has, what comes from the other.

use super::engine::{self, Tables};
use super::fields::Merged;
use super::{How, Incoming};
use crate::limits;
use crate::model::{
    Annotation, Argument, AttributeValue, Batch, Document, Entity, Event, Filler, Id, Kind, Mention, Quote, Rejection,
    Relation, Schema,
};
use crate::text::{Spans, quoted, visible};

/// At most so many characters of a text are shown.
const MOST: usize = 60;
/// At most so many fields or fillers are named.
const MOST_NAMES: usize = 12;

fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    let short: String = line.chars().take(MOST - 1).collect();
    format!("{}…", short.trim_end())
}

/// A label or the name of a field.
pub fn named(name: &str) -> String {
    visible::line(name, limits::LABEL_SHOWN).into_owned()
}

/// Nothing.
pub fn nothing() -> String {
    "none".to_owned()
}

/// A text that may be empty.
pub fn text(text: &str) -> String {
    if text.is_empty() { nothing() } else { shorten(text) }
}

/// A text that may not be there.
pub fn optional(text: Option<&str>) -> String {
    text.map_or_else(nothing, |text| quoted(&shorten(text)))
}

/// Several texts.
pub fn list(texts: &[String]) -> String {
    if texts.is_empty() { nothing() } else { shorten(&texts.join(", ")) }
}

/// “a, b and c”, or “a, b, c and 9 more”.
pub fn enumerated(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| named(name)).collect();
    let more = names.len() - shown.len();
    match shown.as_slice() {
        [] => "nothing that is shown".to_owned(),
        shown if more > 0 => format!("{} and {more} more", shown.join(", ")),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The words that spans cover.
pub fn words_of(document: &Document, spans: &Spans) -> String {
    quoted(&shorten(&document.text().excerpt(spans)))
}

/// The value of an attribute.
pub fn attribute(value: Option<&AttributeValue>) -> String {
    value.map_or_else(nothing, |value| shorten(&value.texts().join(", ")))
}

/// What a reference leads to.
pub fn reference(document: &Document, id: Option<&Id>) -> String {
    id.map_or_else(nothing, |id| of(document, id))
}

/// What fills a role.
pub fn filler(document: &Document, filler: Option<&Filler>) -> String {
    match filler {
        None => nothing(),
        Some(Filler::Mention(id) | Filler::Event(id)) => of(document, id),
        Some(Filler::Span(spans)) => words_of(document, spans),
        Some(Filler::Implicit(words)) => format!("{} (implicit)", shorten(words)),
    }
}

/// What fills one role several times.
pub fn arguments(document: &Document, list: &[Argument]) -> String {
    if list.is_empty() {
        return nothing();
    }
    let shown = list.iter().take(MOST_NAMES).map(|argument| filler(document, Some(&argument.filler)));
    let mut out = shown.collect::<Vec<_>>().join(", ");
    if list.len() > MOST_NAMES {
        out.push_str(&format!(" and {} more", list.len() - MOST_NAMES));
    }
    out
}

/// An annotation or entity, with its label and words.
pub fn of(document: &Document, id: &Id) -> String {
    match document.kind_of(id) {
        None => named(id.as_str()),
        Some(Kind::Relation) => match document.relations().get(id) {
            Some(r) => format!("{} {} → {}", named(&r.label), end(document, &r.from), end(document, &r.to)),
            None => named(id.as_str()),
        },
        Some(Kind::Entity) => format!("entity {}", quoted(&shorten(&document.excerpt_of(id)))),
        Some(Kind::Quote) => format!("quote {}", quoted(&shorten(&document.excerpt_of(id)))),
        Some(Kind::Mention | Kind::Event) => {
            format!("{} {}", named(document.label_of(id)), quoted(&shorten(&document.excerpt_of(id))))
        }
    }
}

fn end(document: &Document, id: &Id) -> String {
    // A relation may lead to another only in a broken file.
    if document.kind_of(id) == Some(Kind::Relation) {
        named(id.as_str())
    } else {
        quoted(&shorten(&document.excerpt_of(id)))
    }
}

/// A batch of either side.
pub fn of_batch(mine: &Document, theirs: &Document, id: &Id) -> String {
    let batch = mine.batches().get(id).or_else(|| theirs.batches().get(id));
    batch.map_or_else(|| named(id.as_str()), told_batch)
}

fn told_batch(batch: &Batch) -> String {
    format!("batch of {} {}", named(&batch.label), quoted(&shorten(&batch.search.texts.join(", "))))
}

/// What changes from `before` to `after`, one line for each thing.
pub fn incoming(before: &Document, after: &Document, schema: &Schema) -> Vec<Incoming> {
    let mut out = Vec::new();
    if before.header() != after.header() {
        let what = engine::differing(before.header(), after.header(), before, schema);
        out.push(Incoming { how: How::Changed, words: format!("this document: {}", enumerated(&what)) });
    }
    of_kind::<Entity>(before, after, schema, &mut out);
    of_kind::<Mention>(before, after, schema, &mut out);
    of_kind::<Event>(before, after, schema, &mut out);
    of_kind::<Quote>(before, after, schema, &mut out);
    of_kind::<Relation>(before, after, schema, &mut out);
    table::<Batch>(before, after, schema, &mut out, |_, batch| told_batch(batch));
    let told = |rejection: &Rejection| {
        format!("refusal of {} {}", named(&rejection.label), words_of(before, &rejection.spans))
    };
    for rejection in before.rejected().symmetric_difference(after.rejected()) {
        let how = if after.rejected().contains(rejection) { How::Added } else { How::Removed };
        out.push(Incoming { how, words: told(rejection) });
    }
    let kept = |new: &&Rejection| before.rejected().get(*new).is_some_and(|old| old.unknown != new.unknown);
    for rejection in after.rejected().iter().filter(kept) {
        out.push(Incoming { how: How::Changed, words: format!("{}: {}", told(rejection), enumerated(&[])) });
    }
    out
}

fn of_kind<A: Annotation + Tables + Merged>(
    before: &Document,
    after: &Document,
    schema: &Schema,
    out: &mut Vec<Incoming>,
) {
    table::<A>(before, after, schema, out, |document, annotation| of(document, annotation.id()));
}

fn table<A: Tables + Merged>(
    before: &Document,
    after: &Document,
    schema: &Schema,
    out: &mut Vec<Incoming>,
    told: impl Fn(&Document, &A) -> String,
) {
    for (id, old) in A::table(before) {
        match A::table(after).get(id) {
            None => out.push(Incoming { how: How::Removed, words: told(before, old) }),
            Some(new) if new != old => {
                let what = engine::differing(old, new, before, schema);
                out.push(Incoming {
                    how: How::Changed,
                    words: format!("{}: {}", told(before, old), enumerated(&what)),
                });
            }
            Some(_) => {}
        }
    }
    for (id, new) in A::table(after) {
        if !A::table(before).contains_key(id) {
            out.push(Incoming { how: How::Added, words: told(after, new) });
        }
    }
}
