//! A document: one article and one annotator's work on it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::annotation::{Annotation, Entity, Event, Kind, Mention, Part, Quote, Relation};
use super::place_list::PlaceList;
use super::unknown::Moved;
use super::{Annotations, Batch, Id, ReferenceIndex, Rejection, SpanIndex, Unknown, Zone};
use crate::limits;
use crate::text::{Span, Spans, Text, visible};

/// How far the work on a document is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has begun.
    #[default]
    New,
    /// Somebody has begun.
    InProgress,
    /// Finished.
    Done,
    /// Needs a second look.
    Flagged,
}

impl Status {
    /// As shown on the screen.
    pub fn text(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::InProgress => "In progress",
            Self::Done => "Done",
            Self::Flagged => "Flagged",
        }
    }
}

/// What is known of the article besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Identifies the article across files and annotators.
    pub id: String,
    /// The headline.
    pub title: String,
    /// Where it was published: a name or an address.
    pub source: Option<String>,
    /// When, as an ISO 8601 date.
    pub published: Option<String>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// The encoding of the file that the text was read from, by its WHATWG name, when it was not UTF-8.
    pub encoding: Option<String>,
    /// Whether that file began with a byte order mark (which is not part of the text).
    pub bom: bool,
}

/// Which schema the labels come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaRef {
    /// The schema's name.
    pub name: String,
    /// The schema's version.
    pub version: u32,
}

/// Everything about the document that is not an annotation with an id, except the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// What is known of the article.
    pub metadata: Metadata,
    /// The label set in use.
    pub schema: SchemaRef,
    /// Who made these annotations.
    pub annotator: Option<String>,
    /// Labels of the whole document, by group (`"topic": ["diplomacy"]`).
    pub labels: BTreeMap<String, Vec<String>>,
    /// How far the work is.
    pub status: Status,
    /// A remark about the document.
    pub note: Option<String>,
    /// Headline, byline and other parts of the text that its source set apart, in the order of the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<Zone>,
    /// What the file says of the document, its article, its schema and its zones that this program does not know.
    #[serde(default, skip_serializing_if = "Unknown::is_empty")]
    pub unknown: Unknown,
}

impl Header {
    /// Lets unknown fields go with what they belong to, when `before` became `self`: those of another schema say
    /// nothing of this one.
    pub(crate) fn follow_unknown(&mut self, before: &Self) {
        if self.unknown.is_empty() {
            return;
        }
        let mut unknown = self.unknown.following(&[Moved::of_places("document.zones", &before.zones, &self.zones)]);
        if self.schema != before.schema {
            unknown = Unknown::new(unknown.fields().iter().filter(|field| field.at != "schema").cloned().collect());
        }
        self.unknown = unknown;
    }
}

/// One article with one annotator's work.
///
/// Only the core changes it: through [`crate::edit`], and when a file is read. References may dangle (a file
/// may say so); [`super::validate`] reports them.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) text: Text,
    pub(crate) header: Header,
    pub(crate) entities: Annotations<Entity>,
    pub(crate) mentions: Annotations<Mention>,
    pub(crate) events: Annotations<Event>,
    pub(crate) quotes: Annotations<Quote>,
    pub(crate) relations: Annotations<Relation>,
    pub(crate) batches: Annotations<Batch>,
    pub(crate) rejected: BTreeSet<Rejection>,
    pub(crate) span_index: SpanIndex,
    pub(crate) references: ReferenceIndex,
}

/// Equal if everything that a file holds is equal.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
            && self.header == other.header
            && self.entities == other.entities
            && self.mentions == other.mentions
            && self.events == other.events
            && self.quotes == other.quotes
            && self.relations == other.relations
            && self.batches == other.batches
            && self.rejected == other.rejected
            // They are the same whatever else is said of them.
            && self.rejected.iter().map(|r| &r.unknown).eq(other.rejected.iter().map(|r| &r.unknown))
    }
}

impl Document {
    /// A document without annotations.
    pub fn new(text: Text, header: Header) -> Self {
        Self {
            text,
            header,
            entities: Annotations::new(),
            mentions: Annotations::new(),
            events: Annotations::new(),
            quotes: Annotations::new(),
            relations: Annotations::new(),
            batches: Annotations::new(),
            rejected: BTreeSet::new(),
            span_index: SpanIndex::default(),
            references: ReferenceIndex::default(),
        }
    }

    /// A document with annotations, for importers, tests and benchmarks. References may dangle, as in a file;
    /// of two annotations of a kind with the same identifier the last one stays.
    pub fn with_annotations(
        text: Text,
        header: Header,
        entities: impl IntoIterator<Item = Entity>,
        mentions: impl IntoIterator<Item = Mention>,
        events: impl IntoIterator<Item = Event>,
        quotes: impl IntoIterator<Item = Quote>,
        relations: impl IntoIterator<Item = Relation>,
    ) -> Self {
        fn by_id<A: Annotation>(list: impl IntoIterator<Item = A>) -> Annotations<A> {
            list.into_iter().map(|annotation| (annotation.id().clone(), annotation)).collect()
        }
        let mut document = Self {
            entities: by_id(entities),
            mentions: by_id(mentions),
            events: by_id(events),
            quotes: by_id(quotes),
            relations: by_id(relations),
            ..Self::new(text, header)
        };
        document.reindex();
        document
    }

    /// The same, ready for work: with a schema and an annotator, where it names none yet.
    #[must_use]
    pub fn prepared(mut self, schema: &super::Schema, annotator: Option<String>) -> Self {
        if self.header.schema.name.is_empty() {
            self.header.schema = SchemaRef { name: schema.name.clone(), version: schema.version };
        }
        self.header.annotator = self.header.annotator.or(annotator);
        self
    }

    /// The same with another word about the article, for importers.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Metadata) -> Self {
        self.header.metadata = metadata;
        self
    }

    /// The same under another label set, for importers: labels stay as they are.
    #[must_use]
    pub fn with_schema(mut self, schema: SchemaRef) -> Self {
        let before = self.header.clone();
        self.header.schema = schema;
        self.header.follow_unknown(&before);
        self
    }

    /// The same as the work of somebody, for importers.
    #[must_use]
    pub fn with_annotator(mut self, annotator: &str) -> Self {
        self.header.annotator = Some(annotator.to_owned());
        self
    }

    /// The immutable text.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Metadata, schema, annotator, document labels, status.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Entities by identifier.
    pub fn entities(&self) -> &Annotations<Entity> {
        &self.entities
    }

    /// Mentions by identifier.
    pub fn mentions(&self) -> &Annotations<Mention> {
        &self.mentions
    }

    /// Events by identifier.
    pub fn events(&self) -> &Annotations<Event> {
        &self.events
    }

    /// Quotes by identifier.
    pub fn quotes(&self) -> &Annotations<Quote> {
        &self.quotes
    }

    /// Relations by identifier.
    pub fn relations(&self) -> &Annotations<Relation> {
        &self.relations
    }

    /// Propagations by identifier.
    pub fn batches(&self) -> &Annotations<Batch> {
        &self.batches
    }

    /// Suggestions that were refused and stay away, in the order of the text.
    pub fn rejected(&self) -> &BTreeSet<Rejection> {
        &self.rejected
    }

    /// Finds annotations by place.
    pub fn span_index(&self) -> &SpanIndex {
        &self.span_index
    }

    /// Finds annotations by what they refer to.
    pub fn references(&self) -> &ReferenceIndex {
        &self.references
    }

    /// What kind of thing has this identifier, if any has.
    pub fn kind_of(&self, id: &Id) -> Option<Kind> {
        if self.mentions.contains_key(id) {
            Some(Kind::Mention)
        } else if self.events.contains_key(id) {
            Some(Kind::Event)
        } else if self.quotes.contains_key(id) {
            Some(Kind::Quote)
        } else if self.entities.contains_key(id) {
            Some(Kind::Entity)
        } else if self.relations.contains_key(id) {
            Some(Kind::Relation)
        } else {
            None
        }
    }

    /// The label, type or kind that an annotation carries; the empty string if there is no such annotation.
    pub fn label_of(&self, id: &Id) -> &str {
        match self.kind_of(id) {
            Some(Kind::Mention) => self.mentions.get(id).map_or("", |m| &m.label),
            Some(Kind::Event) => self.events.get(id).map_or("", |e| &e.r#type),
            Some(Kind::Quote) => self.quotes.get(id).map_or("", |q| &q.kind),
            Some(Kind::Entity) => self.entities.get(id).map_or("", |n| &n.r#type),
            Some(Kind::Relation) => self.relations.get(id).map_or("", |r| &r.label),
            None => "",
        }
    }

    /// The spans that stand for an annotation: of a mention, a trigger, a quote's content; for an entity those
    /// of its first mention, for a relation those of where it starts.
    pub fn spans_of(&self, id: &Id) -> Spans {
        match self.kind_of(id) {
            Some(Kind::Mention) => self.mentions.get(id).map(|m| m.spans.clone()),
            Some(Kind::Event) => self.events.get(id).map(|e| e.trigger.clone()),
            Some(Kind::Quote) => self.quotes.get(id).map(|q| q.content.clone()),
            Some(Kind::Entity) => self.first_mention_of(id).map(|m| m.spans.clone()),
            // A relation may start at another relation only in a broken file; do not follow that.
            Some(Kind::Relation) => self
                .relations
                .get(id)
                .filter(|r| self.kind_of(&r.from) != Some(Kind::Relation))
                .map(|r| self.spans_of(&r.from)),
            None => None,
        }
        .unwrap_or_default()
    }

    /// The words that an annotation covers, on one line, for lists. For an entity its name.
    pub fn excerpt_of(&self, id: &Id) -> String {
        match self.entities.get(id) {
            Some(entity) => entity.name.clone(),
            None => self.text.excerpt(&self.spans_of(id)),
        }
    }

    /// The beginning of [`Self::excerpt_of`], for one line of the screen; costs no more than that, however much the
    /// annotation covers.
    pub fn brief_of(&self, id: &Id) -> String {
        match self.entities.get(id) {
            Some(entity) => visible::line(&entity.name, limits::LINE_SHOWN).into_owned(),
            None => self.text.brief(&self.spans_of(id), limits::LINE_SHOWN),
        }
    }

    /// The mentions of an entity, in the order of the text.
    pub fn mentions_of(&self, entity: &Id) -> impl DoubleEndedIterator<Item = &Mention> {
        let ids = self.references.mentions_of(entity).into_iter().flat_map(PlaceList::iter);
        ids.filter_map(|id| self.mentions.get(id))
    }

    /// How many mentions an entity has.
    pub fn mention_count_of(&self, entity: &Id) -> usize {
        self.references.mentions_of(entity).map_or(0, PlaceList::len)
    }

    /// The first mention of an entity in the text.
    pub fn first_mention_of(&self, entity: &Id) -> Option<&Mention> {
        self.mentions.get(self.references.mentions_of(entity)?.first()?)
    }

    /// Everything that refers to `id`: relations at it, events and quotes it fills a role of, mentions of an
    /// entity, events claimed in a quote.
    pub fn referrers(&self, id: &Id) -> BTreeSet<Id> {
        let mentions = self.references.mentions_of(id).into_iter().flat_map(PlaceList::iter);
        mentions.chain(self.references.others_at(id)).cloned().collect()
    }

    /// The number of annotations of all kinds.
    pub fn annotation_count(&self) -> usize {
        self.entities.len() + self.mentions.len() + self.events.len() + self.quotes.len() + self.relations.len()
    }

    /// The shortest quote whose content covers `span`, as the natural value of `claimed_in`.
    pub fn quote_around(&self, span: Span) -> Option<&Quote> {
        let anchors = self.span_index.touching(span).into_iter().filter(|anchor| anchor.part == Part::Content);
        let around = anchors.filter_map(|anchor| self.quotes.get(&anchor.id));
        around
            .filter(|q| q.content.iter().any(|content| content.covers(span)))
            .min_by_key(|q| (q.content.iter().map(|s| s.len()).sum::<u32>(), q.id.clone()))
    }

    /// Builds the indexes again, after annotations were put in directly (reading a file).
    pub(crate) fn reindex(&mut self) {
        fn add<A: Annotation>(index: &mut SpanIndex, map: &Annotations<A>) {
            map.values().for_each(|annotation| index.insert(annotation));
        }
        let mut index = SpanIndex::default();
        add(&mut index, &self.mentions);
        add(&mut index, &self.events);
        add(&mut index, &self.quotes);
        self.span_index = index;
        let mut references = ReferenceIndex::default();
        references.insert_mentions(self.mentions.values());
        references.insert_others(self.events.values());
        references.insert_others(self.quotes.values());
        references.insert_others(self.relations.values());
        self.references = references;
    }
}

/// Guesses the headline of a plain text: the first line that looks like one.
///
/// A headline is a line of 12 to 200 characters that does not begin with a bullet; the first line of any
/// kind serves where there is none.
pub fn guess_title(text: &Text) -> String {
    let lines = || text.paragraphs().iter().map(|p| text.slice(*p).trim());
    let is_headline = |line: &&str| {
        (12..=200).contains(&line.chars().count())
            && line.chars().next().is_some_and(|c| c.is_alphanumeric() || "\"“„«‘".contains(c))
    };
    let found = lines().find(is_headline).or_else(|| lines().find(|line| !line.is_empty()));
    found.unwrap_or_default().chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_first_line_that_is_no_bullet() {
        let text = Text::new("• Home\n  • Talks\n\nTalks make progress, minister says\n\nText.").expect("short");
        assert_eq!(guess_title(&text), "Talks make progress, minister says");
        assert_eq!(guess_title(&Text::new("\n Hi \n").expect("short")), "Hi");
        assert_eq!(guess_title(&Text::new("").expect("short")), "");
    }
}
