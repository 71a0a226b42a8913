//! What analysts mark: mentions, entities, events, quotes and relations.
//!
//! All positions are byte spans of the document's text. Labels are the schema's names; a label that the
//! schema does not know is kept and reported by [`super::validate`].

use std::collections::BTreeMap;

use ecow::EcoString;
use serde::{Deserialize, Serialize};

use super::rare::{Absent, Rare};
use super::unknown::Moved;
use super::{Id, Unknown};
use crate::text::{Span, Spans};

/// The schema's name of a type, a kind or a role. Up to fifteen bytes lie in the value itself; a copy of a longer one is
/// shared.
pub type Label = EcoString;

/// Attributes by name, in a fixed order.
pub type Attributes = BTreeMap<String, AttributeValue>;

impl Absent for Attributes {
    fn absent() -> &'static Self {
        static NONE: Attributes = Attributes::new();
        &NONE
    }
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum AttributeValue {
    /// Yes or no.
    Flag(bool),
    /// One value.
    Text(String),
    /// Several values, for attributes that allow it.
    List(Vec<String>),
}

impl AttributeValue {
    /// All values as texts; a flag gives `true` or `false`.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Flag(flag) => vec![if *flag { "true" } else { "false" }],
            Self::Text(text) => vec![text],
            Self::List(list) => list.iter().map(String::as_str).collect(),
        }
    }
}

/// Where an annotation came from, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Who or what made it.
    #[serde(default)]
    pub by: Origin,
    /// When, as an RFC 3339 time in UTC.
    #[serde(default)]
    pub at: Option<String>,
    /// What its file says of the annotation and of its parts that this program does not know.
    #[serde(default, skip_serializing_if = "Unknown::is_empty")]
    pub unknown: Unknown,
}

impl Absent for Provenance {
    fn absent() -> &'static Self {
        static NONE: Provenance = Provenance { by: Origin::Hand, at: None, unknown: Unknown::NONE };
        &NONE
    }
}

/// Who or what made an annotation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Origin {
    /// The annotator, by hand.
    #[default]
    Hand,
    /// Accepted from the named suggester.
    Suggestion(String),
    /// Propagated by the rule of the batch with this identifier.
    Rule(String),
    /// Propagated by the rule of that batch, and changed by hand since.
    Edited(String),
    /// Read from a file of the named format.
    Import(String),
}

/// A labelled span (or spans) that refers to something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Unique in the document.
    pub id: Id,
    /// The mention type of the schema.
    pub label: Label,
    /// At least one; more than one is discontinuous.
    pub spans: Spans,
    /// The entity it refers to.
    pub entity: Option<Id>,
    /// As the schema allows for this label.
    pub attributes: Rare<Attributes>,
    /// The annotator's remark.
    pub note: Rare<Option<String>>,
    /// Where it came from.
    pub provenance: Rare<Provenance>,
}

/// What one or more mentions refer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Unique in the document.
    pub id: Id,
    /// A mention type of the schema.
    pub r#type: Label,
    /// The name it is known by.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Identifier in a knowledge base, as `base:id` (`wikidata:Q7747`).
    pub link: Option<String>,
    /// The annotator's remark.
    pub note: Rare<Option<String>>,
    /// Where it came from.
    pub provenance: Rare<Provenance>,
}

/// What fills a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Filler {
    /// A mention, and through it an entity.
    Mention(Id),
    /// Another event.
    Event(Id),
    /// Words that are no mention.
    Span(Spans),
    /// Known, but not in the text; described in words.
    Implicit(String),
}

impl Filler {
    /// The annotation it points to, if it points to one.
    pub fn target(&self) -> Option<&Id> {
        match self {
            Self::Mention(id) | Self::Event(id) => Some(id),
            Self::Span(_) | Self::Implicit(_) => None,
        }
    }
}

/// A filled role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// The schema's name of the role. The same role may occur more than once.
    pub role: Label,
    /// What fills it.
    pub filler: Filler,
}

/// Something that happened: a trigger, a type, and who filled which role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Unique in the document.
    pub id: Id,
    /// The event type of the schema.
    pub r#type: Label,
    /// The words that name the event. Several events may have the same.
    pub trigger: Spans,
    /// In the order in which they were given.
    pub arguments: Vec<Argument>,
    /// The quote in which the event is claimed to have happened.
    pub claimed_in: Option<Id>,
    /// Polarity, tense, modality, …
    pub attributes: Rare<Attributes>,
    /// The annotator's remark.
    pub note: Rare<Option<String>>,
    /// Where it came from.
    pub provenance: Rare<Provenance>,
}

/// Who said what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Unique in the document.
    pub id: Id,
    /// Direct, indirect, mixed, … as the schema names them.
    pub kind: Label,
    /// What was said: one or more spans.
    pub content: Spans,
    /// The words that introduce it (“said”, “according to”).
    pub cue: Option<Spans>,
    /// Who said it; `None` means not yet known.
    pub speaker: Option<Filler>,
    /// To whom.
    pub addressee: Option<Filler>,
    /// Further roles of the schema: frame, topic, medium, evidence; a second speaker or addressee.
    pub arguments: Vec<Argument>,
    /// As the schema allows for quotes.
    pub attributes: Rare<Attributes>,
    /// The annotator's remark.
    pub note: Rare<Option<String>>,
    /// Where it came from.
    pub provenance: Rare<Provenance>,
}

/// A labelled, directed link between two annotations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Unique in the document.
    pub id: Id,
    /// The relation type of the schema.
    pub label: Label,
    /// Where it starts: a mention, entity, event or quote.
    pub from: Id,
    /// Where it leads.
    pub to: Id,
    /// As the schema allows for this label.
    pub attributes: Rare<Attributes>,
    /// The annotator's remark.
    pub note: Rare<Option<String>>,
    /// Where it came from.
    pub provenance: Rare<Provenance>,
}

/// The five kinds of things that have an [`Id`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// See [`Entity`].
    Entity,
    /// See [`Mention`].
    Mention,
    /// See [`Event`].
    Event,
    /// See [`Quote`].
    Quote,
    /// See [`Relation`].
    Relation,
}

impl Kind {
    /// The letter that identifiers of this kind begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Entity => "n",
            Self::Mention => "m",
            Self::Event => "e",
            Self::Quote => "q",
            Self::Relation => "r",
        }
    }

    /// The word for it, in lower case.
    pub fn word(self) -> &'static str {
        match self {
            Self::Entity => "entity",
            Self::Mention => "mention",
            Self::Event => "event",
            Self::Quote => "quote",
            Self::Relation => "relation",
        }
    }
}

/// Which part of an annotation a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The span of a mention.
    Mention,
    /// The trigger of an event.
    Trigger,
    /// The content of a quote.
    Content,
    /// The cue of a quote.
    Cue,
    /// A span that fills a role of an event or a quote and is no mention.
    Argument,
}

/// The common face of the five kinds: an identifier and spans in the text.
pub trait Annotation: Clone + PartialEq {
    /// Which kind this is.
    const KIND: Kind;
    /// Its identifier.
    fn id(&self) -> &Id;
    /// Every span it covers, with the part that each is. Entities and relations cover none.
    fn anchors(&self) -> Vec<(Part, Span)>;
    /// The spans of each of its parts. Entities and relations have none.
    fn span_lists(&self) -> Vec<&Spans> {
        Vec::new()
    }
    /// The identifiers of other annotations that it refers to.
    fn references(&self) -> Vec<&Id>;
    /// Where it came from, and what is unknown of it.
    fn provenance(&self) -> &Provenance;
    /// The same, to change.
    fn provenance_mut(&mut self) -> &mut Provenance;
    /// Where the parts went that may have unknown fields, when `self` became `after`.
    #[doc(hidden)]
    fn moved_parts(&self, after: &Self) -> Vec<Moved>;
    /// Lets unknown fields stay with their parts, and go with parts that went, when `before` became `self`.
    fn follow_unknown(&mut self, before: &Self) {
        if !self.provenance().unknown.is_empty() {
            let unknown = self.provenance().unknown.following(&before.moved_parts(self));
            self.provenance_mut().unknown = unknown;
        }
    }
}

fn with_part(part: Part, spans: &Spans) -> impl Iterator<Item = (Part, Span)> {
    spans.iter().map(move |span| (part, *span))
}

fn argument_anchors(arguments: &[Argument]) -> impl Iterator<Item = (Part, Span)> {
    arguments.iter().flat_map(|argument| filler_anchors(Some(&argument.filler)))
}

fn filler_anchors(filler: Option<&Filler>) -> Vec<(Part, Span)> {
    match filler {
        Some(Filler::Span(spans)) => with_part(Part::Argument, spans).collect(),
        _ => Vec::new(),
    }
}

fn filler_spans(filler: &Filler) -> Option<&Spans> {
    match filler {
        Filler::Span(spans) => Some(spans),
        _ => None,
    }
}

/// The words that fill a role, if they are no mention.
fn words_of(filler: Option<&Filler>) -> &[Span] {
    match filler {
        Some(Filler::Span(spans)) => spans,
        _ => &[],
    }
}

impl Annotation for Mention {
    const KIND: Kind = Kind::Mention;
    fn id(&self) -> &Id {
        &self.id
    }
    fn anchors(&self) -> Vec<(Part, Span)> {
        with_part(Part::Mention, &self.spans).collect()
    }
    fn span_lists(&self) -> Vec<&Spans> {
        vec![&self.spans]
    }
    fn references(&self) -> Vec<&Id> {
        self.entity.iter().collect()
    }
    fn provenance(&self) -> &Provenance {
        &self.provenance
    }
    fn provenance_mut(&mut self) -> &mut Provenance {
        &mut self.provenance
    }
    fn moved_parts(&self, after: &Self) -> Vec<Moved> {
        vec![Moved::of_places("spans", &self.spans, &after.spans)]
    }
}

impl Annotation for Entity {
    const KIND: Kind = Kind::Entity;
    fn id(&self) -> &Id {
        &self.id
    }
    fn anchors(&self) -> Vec<(Part, Span)> {
        Vec::new()
    }
    fn references(&self) -> Vec<&Id> {
        Vec::new()
    }
    fn provenance(&self) -> &Provenance {
        &self.provenance
    }
    fn provenance_mut(&mut self) -> &mut Provenance {
        &mut self.provenance
    }
    fn moved_parts(&self, _after: &Self) -> Vec<Moved> {
        Vec::new()
    }
}

impl Annotation for Event {
    const KIND: Kind = Kind::Event;
    fn id(&self) -> &Id {
        &self.id
    }
    fn anchors(&self) -> Vec<(Part, Span)> {
        with_part(Part::Trigger, &self.trigger).chain(argument_anchors(&self.arguments)).collect()
    }
    fn span_lists(&self) -> Vec<&Spans> {
        let fillers = self.arguments.iter().map(|argument| &argument.filler);
        std::iter::once(&self.trigger).chain(fillers.filter_map(filler_spans)).collect()
    }
    fn references(&self) -> Vec<&Id> {
        self.arguments.iter().filter_map(|a| a.filler.target()).chain(self.claimed_in.as_ref()).collect()
    }
    fn provenance(&self) -> &Provenance {
        &self.provenance
    }
    fn provenance_mut(&mut self) -> &mut Provenance {
        &mut self.provenance
    }
    fn moved_parts(&self, after: &Self) -> Vec<Moved> {
        vec![
            Moved::of_places("trigger", &self.trigger, &after.trigger),
            Moved::of_equals("arguments", &self.arguments, &after.arguments),
        ]
    }
}

impl Annotation for Quote {
    const KIND: Kind = Kind::Quote;
    fn id(&self) -> &Id {
        &self.id
    }
    fn anchors(&self) -> Vec<(Part, Span)> {
        with_part(Part::Content, &self.content)
            .chain(self.cue.iter().flat_map(|cue| with_part(Part::Cue, cue)))
            .chain(filler_anchors(self.speaker.as_ref()))
            .chain(filler_anchors(self.addressee.as_ref()))
            .chain(argument_anchors(&self.arguments))
            .collect()
    }
    fn span_lists(&self) -> Vec<&Spans> {
        let arguments = self.arguments.iter().map(|argument| &argument.filler);
        let fillers = self.speaker.iter().chain(&self.addressee).chain(arguments);
        std::iter::once(&self.content).chain(&self.cue).chain(fillers.filter_map(filler_spans)).collect()
    }
    fn references(&self) -> Vec<&Id> {
        let roles = self.speaker.iter().chain(&self.addressee).chain(self.arguments.iter().map(|a| &a.filler));
        roles.filter_map(Filler::target).collect()
    }
    fn provenance(&self) -> &Provenance {
        &self.provenance
    }
    fn provenance_mut(&mut self) -> &mut Provenance {
        &mut self.provenance
    }
    fn moved_parts(&self, after: &Self) -> Vec<Moved> {
        vec![
            Moved::of_places("content", &self.content, &after.content),
            Moved::of_places("cue", self.cue.as_deref().unwrap_or_default(), after.cue.as_deref().unwrap_or_default()),
            Moved::of_places("speaker", words_of(self.speaker.as_ref()), words_of(after.speaker.as_ref())),
            Moved::of_places("addressee", words_of(self.addressee.as_ref()), words_of(after.addressee.as_ref())),
            Moved::of_equals("arguments", &self.arguments, &after.arguments),
        ]
    }
}

impl Annotation for Relation {
    const KIND: Kind = Kind::Relation;
    fn id(&self) -> &Id {
        &self.id
    }
    fn anchors(&self) -> Vec<(Part, Span)> {
        Vec::new()
    }
    fn references(&self) -> Vec<&Id> {
        vec![&self.from, &self.to]
    }
    fn provenance(&self) -> &Provenance {
        &self.provenance
    }
    fn provenance_mut(&mut self) -> &mut Provenance {
        &mut self.provenance
    }
    fn moved_parts(&self, _after: &Self) -> Vec<Moved> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A million of them are in memory at once, and eight more bytes in one take sixteen of an allocator: with its counts and
    /// the allocator's word one fills 128 bytes.
    #[test]
    fn a_mention_is_small() {
        assert_eq!(size_of::<Mention>(), 104);
    }
}
