//! Says in words what an operation changes, field by field.
//!
//! Each thing is told as a list of named fields, before and after; what differs is the change. What a field refers to is
//! named as it is called now, or as it was called last if it is gone.

use std::sync::Arc;

use super::history::{History, State};
use super::op::{Change, Op};
use crate::limits;
use crate::model::{
    Argument, Attributes, Batch, Document, Entity, Event, Filler, Header, Id, Kind, Mention, Origin, Quote, Rejection,
    Relation,
};
use crate::text::{Spans, quoted, visible};

/// How a field changed, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// As on the screen (`Label`, `Speaker`, the name of an attribute).
    pub field: String,
    /// What it was; `None` = there was nothing.
    pub before: Option<String>,
    /// What it became; `None` = nothing.
    pub after: Option<String>,
}

/// What happened to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was made.
    Made,
    /// Some of it was changed.
    Changed,
    /// It was removed.
    Removed,
}

/// An operation in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it is about: label and words.
    pub what: String,
    /// What happened to it.
    pub fate: Fate,
    /// Each field that differs; of what was made or removed all that were set.
    pub fields: Vec<FieldChange>,
    /// Where it came from, where that is said anew: when it is made, or becomes handwork.
    pub origin: Option<String>,
}

/// Knows what things are called.
#[derive(Clone, Copy)]
pub struct Narrator<'a> {
    document: &'a Document,
    history: &'a History,
}

type Fields = Vec<(String, String)>;

impl<'a> Narrator<'a> {
    /// For a document and its history.
    pub fn new(document: &'a Document, history: &'a History) -> Self {
        Self { document, history }
    }

    /// An operation in words.
    pub fn tell(&self, op: &Op) -> Told {
        match op {
            Op::Entity(change) => self.told(change, |n| self.what_entity(n), |n| self.of_entity(n)),
            Op::Mention(change) => self.told(change, |m| self.what(&m.label, &m.spans), |m| self.of_mention(m)),
            Op::Event(change) => self.told(change, |e| self.what(&e.r#type, &e.trigger), |e| self.of_event(e)),
            Op::Quote(change) => self.told(change, |q| self.what(&q.kind, &q.content), |q| self.of_quote(q)),
            Op::Relation(change) => self.told(change, |r| self.what_relation(r), |r| self.of_relation(r)),
            Op::Batch(change) => self.told(change, |b| format!("Batch {}", b.id), |b| self.of_batch(b)),
            Op::Rejection(change) => {
                self.told(change, |r| format!("Refused: {}", self.what(&r.label, &r.spans)), |r| self.of_rejection(r))
            }
            Op::Header(change) => self.told(change, |_| "Document".to_owned(), |h| self.of_header(h)),
        }
        .with_origin(self.origin_told(op))
        .never_empty()
    }

    fn told<T>(&self, change: &Change<T>, what: impl Fn(&T) -> String, fields: impl Fn(&T) -> Fields) -> Told {
        let fate = match (&change.before, &change.after) {
            (None, _) => Fate::Made,
            (Some(_), Some(_)) => Fate::Changed,
            (Some(_), None) => Fate::Removed,
        };
        let list = |side: &Option<Arc<T>>| side.as_deref().map(&fields).unwrap_or_default();
        let fields = differences(list(&change.before), list(&change.after));
        Told { what: change.shown().map(what).unwrap_or_default(), fate, fields, origin: None }
    }

    /// What an annotation, an entity or a batch is called.
    pub fn name_of(&self, id: &Id) -> String {
        if let Some(entity) = self.document.entities().get(id) {
            return self.what_entity(entity);
        }
        match self.document.kind_of(id) {
            Some(Kind::Relation) => self.document.relations().get(id).map(|r| self.what_relation(r)),
            Some(_) => Some(self.what(self.document.label_of(id), &self.document.spans_of(id))),
            None => self.last_name_of(id),
        }
        .unwrap_or_else(|| id.to_string())
    }

    /// What something that is gone was called last.
    fn last_name_of(&self, id: &Id) -> Option<String> {
        let state = self.history.changes_of(id).last()?;
        let op = self.history.transaction(*state)?.ops.iter().find(|op| op.id() == Some(id))?;
        Some(match op {
            Op::Entity(change) => self.what_entity(change.shown()?),
            Op::Mention(change) => change.shown().map(|m| self.what(&m.label, &m.spans))?,
            Op::Event(change) => change.shown().map(|e| self.what(&e.r#type, &e.trigger))?,
            Op::Quote(change) => change.shown().map(|q| self.what(&q.kind, &q.content))?,
            Op::Relation(change) => self.what_relation(change.shown()?),
            Op::Batch(_) | Op::Rejection(_) | Op::Header(_) => return None,
        })
    }

    /// Where something came from.
    pub fn origin(&self, origin: &Origin) -> String {
        match origin {
            Origin::Hand => "made by hand".to_owned(),
            Origin::Suggestion(name) => format!("suggested by {name}"),
            Origin::Rule(batch) => format!("made by {}", self.batch(batch)),
            Origin::Edited(batch) => format!("made by {}, edited by hand since", self.batch(batch)),
            Origin::Import(name) => format!("read from {name}"),
        }
    }

    /// A batch with what it looked for, if that is still known.
    fn batch(&self, id: &str) -> String {
        let known = Id::new(id);
        let gone = || {
            let state: &State = self.history.changes_of(&known).last()?;
            self.history.transaction(*state)?.ops.iter().find_map(|op| match op {
                Op::Batch(change) => change.shown().filter(|batch| batch.id == known),
                _ => None,
            })
        };
        match self.document.batches().get(&known).or_else(gone) {
            Some(batch) if !batch.search.texts.is_empty() => format!("the batch {id} ({})", searched(batch)),
            _ => format!("the batch {id}"),
        }
    }

    /// Where it came from, if the operation makes it or changes that.
    fn origin_told(&self, op: &Op) -> Option<String> {
        fn new<T>(change: &Change<T>, of: impl Fn(&T) -> &Origin) -> Option<&Origin> {
            let after = change.after.as_deref().map(&of)?;
            (change.before.as_deref().map(&of) != Some(after)).then_some(after)
        }
        let origin = match op {
            Op::Entity(change) => new(change, |a| &a.provenance.by),
            Op::Mention(change) => new(change, |a| &a.provenance.by),
            Op::Event(change) => new(change, |a| &a.provenance.by),
            Op::Quote(change) => new(change, |a| &a.provenance.by),
            Op::Relation(change) => new(change, |a| &a.provenance.by),
            Op::Batch(_) | Op::Rejection(_) | Op::Header(_) => None,
        };
        origin.map(|origin| self.origin(origin))
    }

    // --- the fields of each kind -------------------------------------------------------------------------------

    fn what(&self, label: &str, spans: &Spans) -> String {
        format!("{} {}", named(label), quoted(&short(&self.document.text().excerpt(spans))))
    }

    fn what_entity(&self, entity: &Entity) -> String {
        format!("{} {}", named(&entity.r#type), quoted(&short(&entity.name)))
    }

    fn what_relation(&self, relation: &Relation) -> String {
        let end = |id: &Id| match self.document.kind_of(id) {
            // One relation at another, only in a broken file: not to be followed.
            Some(Kind::Relation) | None => id.to_string(),
            Some(_) => quoted(&short(&self.document.excerpt_of(id))),
        };
        format!("{} from {} to {}", named(&relation.label), end(&relation.from), end(&relation.to))
    }

    /// Words with where they stand, in code points as in the file.
    fn words(&self, spans: &Spans) -> String {
        let text = self.document.text();
        let part = |span: &crate::text::Span| {
            let words = quoted(&short(&text.excerpt(&[*span])));
            format!("{words} {}–{}", text.codepoint_of(span.start).0, text.codepoint_of(span.end).0)
        };
        spans.iter().map(part).collect::<Vec<_>>().join(" … ")
    }

    fn filler(&self, filler: &Filler) -> String {
        match filler {
            Filler::Mention(id) | Filler::Event(id) => self.name_of(id),
            Filler::Span(spans) => self.words(spans),
            Filler::Implicit(words) => format!("{words} (implicit)"),
        }
    }

    fn of_mention(&self, mention: &Mention) -> Fields {
        let mut out = vec![field("Label", &mention.label), field("Words", self.words(&mention.spans))];
        out.extend(mention.entity.as_ref().map(|id| field("Entity", self.name_of(id))));
        with_attributes(out, &mention.attributes, mention.note.as_ref())
    }

    fn of_entity(&self, entity: &Entity) -> Fields {
        let mut out = vec![field("Type", &entity.r#type), field("Name", &entity.name)];
        if !entity.aliases.is_empty() {
            out.push(field("Other names", entity.aliases.join(", ")));
        }
        out.extend(entity.link.as_ref().map(|link| field("Link", link)));
        with_attributes(out, &Attributes::new(), entity.note.as_ref())
    }

    fn of_event(&self, event: &Event) -> Fields {
        let mut out = vec![field("Type", &event.r#type), field("Trigger", self.words(&event.trigger))];
        self.roles(&mut out, event.arguments.iter());
        out.extend(event.claimed_in.as_ref().map(|id| field("Claimed in", self.name_of(id))));
        with_attributes(out, &event.attributes, event.note.as_ref())
    }

    fn of_quote(&self, quote: &Quote) -> Fields {
        let mut out = vec![field("Kind", &quote.kind), field("Content", self.words(&quote.content))];
        out.extend(quote.cue.as_ref().map(|cue| field("Cue", self.words(cue))));
        let named =
            |role: &str, filler: &Option<Filler>| filler.clone().map(|filler| Argument { role: role.into(), filler });
        let first = [named("Speaker", &quote.speaker), named("Addressee", &quote.addressee)];
        self.roles(&mut out, first.iter().flatten().chain(&quote.arguments));
        with_attributes(out, &quote.attributes, quote.note.as_ref())
    }

    fn of_relation(&self, relation: &Relation) -> Fields {
        let out = vec![
            field("Label", &relation.label),
            field("From", self.name_of(&relation.from)),
            field("To", self.name_of(&relation.to)),
        ];
        with_attributes(out, &relation.attributes, relation.note.as_ref())
    }

    fn of_batch(&self, batch: &Batch) -> Fields {
        let mut out = vec![field("Label", &batch.label), field("Looks for", searched(batch))];
        out.extend(batch.entity.as_ref().map(|id| field("Entity", self.name_of(id))));
        out
    }

    fn of_rejection(&self, rejection: &Rejection) -> Fields {
        vec![field("Words", self.words(&rejection.spans)), field("Suggested by", &rejection.suggester)]
    }

    fn of_header(&self, header: &Header) -> Fields {
        let metadata = &header.metadata;
        let mut out = vec![field("Status", header.status.text())];
        let mut set = |name: &str, value: Option<&String>| {
            out.extend(value.filter(|value| !value.is_empty()).map(|value| field(name, value)));
        };
        set("Title", Some(&metadata.title));
        set("Source", metadata.source.as_ref());
        set("Published", metadata.published.as_ref());
        set("Language", metadata.language.as_ref());
        set("Annotator", header.annotator.as_ref());
        set("Remark", header.note.as_ref());
        if !header.schema.name.is_empty() {
            out.push(field("Schema", format!("{} {}", header.schema.name, header.schema.version)));
        }
        out.extend(header.labels.iter().map(|(group, labels)| field(group, labels.join(", "))));
        out
    }

    /// One field for each role, with all that fills it.
    fn roles<'r>(&self, out: &mut Fields, arguments: impl Iterator<Item = &'r Argument>) {
        for argument in arguments {
            let filler = self.filler(&argument.filler);
            match out.iter_mut().skip(2).find(|(role, _)| *role == argument.role) {
                Some((_, fillers)) => fillers.push_str(&format!(", {filler}")),
                None => out.push(field(&argument.role, filler)),
            }
        }
    }
}

impl Told {
    /// Two entities may have one name, and a newer program says more than this one shows.
    fn never_empty(mut self) -> Self {
        if self.fate == Fate::Changed && self.fields.is_empty() && self.origin.is_none() {
            let after = Some("another one of the same name, or what this program does not know".to_owned());
            self.fields.push(FieldChange { field: "Not shown".to_owned(), before: None, after });
        }
        self
    }

    fn with_origin(mut self, origin: Option<String>) -> Self {
        self.origin = origin;
        self
    }
}

fn searched(batch: &Batch) -> String {
    batch.search.texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
}

fn field(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn with_attributes(mut out: Fields, attributes: &Attributes, note: Option<&String>) -> Fields {
    out.extend(attributes.iter().map(|(name, value)| field(name, value.texts().join(", "))));
    out.extend(note.map(|note| field("Note", note)));
    out
}

/// What differs, in the order of what is now; what is no more stands at the end.
fn differences(before: Fields, after: Fields) -> Vec<FieldChange> {
    let value_in = |fields: &Fields, name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    let mut out: Vec<FieldChange> = Vec::new();
    for (name, value) in &after {
        let old = value_in(&before, name);
        if old.as_ref() != Some(value) {
            out.push(FieldChange { field: name.clone(), before: old, after: Some(value.clone()) });
        }
    }
    for (name, value) in before {
        if value_in(&after, &name).is_none() {
            out.push(FieldChange { field: name, before: Some(value), after: None });
        }
    }
    out
}

/// A label, in what something is called; as a field of its own it is whole.
fn named(label: &str) -> std::borrow::Cow<'_, str> {
    visible::line(label, limits::LABEL_SHOWN)
}

/// At most 60 characters.
fn short(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    let short: String = text.chars().take(59).collect();
    format!("{}…", short.trim_end())
}
