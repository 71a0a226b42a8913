//! What the index keeps of a document and of a layer over it.

use crate::edit::arguments_of;
use crate::model::{Document, Entity, Filler, Id, Kind, Schema, Status, validate};
use crate::text::Span;

/// A mark of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Its identifier.
    pub id: Id,
    /// Mention, event, quote or relation.
    pub kind: Kind,
    /// Label, type or kind.
    pub label: String,
    /// From its first word to its last, in bytes.
    pub span: Span,
    /// The entity that a mention refers to; empty if none.
    pub entity: String,
}

/// An entity of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityRecord {
    /// Its identifier.
    pub id: Id,
    /// Its type.
    pub r#type: String,
    /// Its name.
    pub name: String,
    /// Name and other names, in lower case, each on a line.
    pub names: String,
    /// Its identifier in a knowledge base, or nothing.
    pub link: String,
    /// Name, other names and link, as they are written.
    pub known_as: Vec<String>,
}

/// A filled role.
#[derive(Clone, Debug, PartialEq)]
pub struct ArgumentRecord {
    /// The event, quote or relation.
    pub owner: Id,
    /// The role; `from` and `to` of a relation.
    pub role: String,
    /// The annotation that fills it, or nothing.
    pub filler: String,
    /// The label of that annotation, or nothing.
    pub label: String,
    /// The words that fill it.
    pub words: String,
    /// The name of the entity behind them, or nothing.
    pub name: String,
    /// The identifier of that entity, or nothing.
    pub entity: String,
}

/// What the index keeps of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerRecord {
    /// Who made it, as the file says.
    pub annotator: String,
    /// How far the work is.
    pub status: Status,
    /// How many problems it has under the project's schema.
    pub problems: usize,
    /// When it was changed last, as an RFC 3339 time; empty if that is not known.
    pub changed: String,
    /// Marks in the order of the text.
    pub marks: Vec<Mark>,
    /// Entities.
    pub entities: Vec<EntityRecord>,
    /// Filled roles.
    pub arguments: Vec<ArgumentRecord>,
    /// Attributes: owner, name, value.
    pub attributes: Vec<(Id, String, String)>,
}

impl LayerRecord {
    /// Of a layer under the project's schema. Costs as much as the document is long.
    pub fn of(document: &Document, schema: &Schema) -> Self {
        let mut record = Self {
            annotator: document.header().annotator.clone().unwrap_or_default(),
            status: document.header().status,
            problems: if document.annotation_count() == 0 { 0 } else { validate(document, schema).len() },
            changed: String::new(),
            marks: Vec::new(),
            entities: Vec::new(),
            arguments: Vec::new(),
            attributes: Vec::new(),
        };
        record.take_mentions(document);
        record.take_others(document);
        record.marks.sort_by_key(|mark| (mark.span, mark.kind));
        for entity in document.entities().values() {
            let names = std::iter::once(&entity.name).chain(&entity.aliases);
            record.entities.push(EntityRecord {
                id: entity.id.clone(),
                r#type: entity.r#type.to_string(),
                name: entity.name.clone(),
                names: names.map(|name| name.to_lowercase()).collect::<Vec<_>>().join("\n"),
                link: entity.link.clone().unwrap_or_default(),
                known_as: known_as(entity),
            });
        }
        record
    }

    fn take_mentions(&mut self, document: &Document) {
        for mention in document.mentions().values() {
            self.see(mention.provenance.at.as_deref());
            let entity = mention.entity.as_ref().map(ToString::to_string).unwrap_or_default();
            self.mark(document, &mention.id, Kind::Mention, entity);
            self.attributes(&mention.id, &mention.attributes);
        }
    }

    fn take_others(&mut self, document: &Document) {
        for event in document.events().values() {
            self.see(event.provenance.at.as_deref());
            self.mark(document, &event.id, Kind::Event, String::new());
            self.attributes(&event.id, &event.attributes);
            self.roles(document, &event.id);
        }
        for quote in document.quotes().values() {
            self.see(quote.provenance.at.as_deref());
            self.mark(document, &quote.id, Kind::Quote, String::new());
            self.attributes(&quote.id, &quote.attributes);
            self.roles(document, &quote.id);
        }
        for relation in document.relations().values() {
            self.see(relation.provenance.at.as_deref());
            self.mark(document, &relation.id, Kind::Relation, String::new());
            self.attributes(&relation.id, &relation.attributes);
            for (role, end) in [("from", &relation.from), ("to", &relation.to)] {
                self.argument(document, &relation.id, role, &Filler::Mention(end.clone()));
            }
        }
    }

    /// Remembers the latest time.
    fn see(&mut self, at: Option<&str>) {
        if let Some(at) = at.filter(|at| *at > self.changed.as_str()) {
            self.changed = at.to_owned();
        }
    }

    fn mark(&mut self, document: &Document, id: &Id, kind: Kind, entity: String) {
        let spans = document.spans_of(id);
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return };
        let span = Span { start: first.start, end: last.end.max(first.end) };
        self.marks.push(Mark { id: id.clone(), kind, label: document.label_of(id).to_owned(), span, entity });
    }

    fn attributes(&mut self, owner: &Id, attributes: &crate::model::Attributes) {
        for (name, value) in attributes {
            let values = value.texts().into_iter();
            self.attributes.extend(values.map(|value| (owner.clone(), name.clone(), value.to_owned())));
        }
    }

    fn roles(&mut self, document: &Document, owner: &Id) {
        for argument in arguments_of(document, owner) {
            self.argument(document, owner, &argument.role, &argument.filler);
        }
    }

    fn argument(&mut self, document: &Document, owner: &Id, role: &str, filler: &Filler) {
        let id = filler.target();
        let words = match filler {
            Filler::Implicit(words) => words.clone(),
            Filler::Span(spans) => document.text().brief(spans, crate::limits::LINE_SHOWN),
            Filler::Mention(id) | Filler::Event(id) => document.brief_of(id),
        };
        let mention = id.and_then(|id| document.mentions().get(id));
        let entity = mention.and_then(|mention| document.entities().get(mention.entity.as_ref()?));
        self.arguments.push(ArgumentRecord {
            owner: owner.clone(),
            role: role.to_owned(),
            filler: id.map(ToString::to_string).unwrap_or_default(),
            label: id.map(|id| document.label_of(id).to_owned()).unwrap_or_default(),
            words,
            name: entity.map(|entity| entity.name.clone()).unwrap_or_default(),
            entity: entity.map(|entity| entity.id.to_string()).unwrap_or_default(),
        });
    }
}

/// What an entity is looked for by: its names and its link, each once.
fn known_as(entity: &Entity) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in std::iter::once(&entity.name).chain(&entity.aliases).chain(&entity.link) {
        if !name.trim().is_empty() && !all.contains(name) {
            all.push(name.clone());
        }
    }
    all
}
