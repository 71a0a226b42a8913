//! From the model to the native file.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use super::layout::UNKNOWN;
use super::shape;
use super::tree::Language;
use super::unknown::extra;
use crate::formats::order;
use crate::model::{
    Argument, Batch, Document, Entity, Event, Filler, Id, Mention, Provenance, Quote, Rejection, Relation, Unknown,
    Zone,
};
use crate::text::{Span, Text};

/// The document as a file in this language, with everything in saved order.
#[cfg(test)]
pub fn shape_of(document: &Document, language: Language) -> shape::File {
    let shapes = Shapes { document, language };
    shape::File {
        entities: order::entities(document).into_iter().map(|n| shapes.entity(n)).collect(),
        mentions: order::mentions(document).into_iter().map(|m| shapes.mention(m)).collect(),
        events: order::events(document).into_iter().map(|e| shapes.event(e)).collect(),
        quotes: order::quotes(document).into_iter().map(|q| shapes.quote(q)).collect(),
        relations: order::relations(document).into_iter().map(|r| shapes.relation(r)).collect(),
        ..shapes.without_lists()
    }
}

/// Writes what [`shape_of`] gives, making each annotation's shape when it is written: all of a million at once would take
/// more memory than the document.
pub struct Streamed<'a> {
    pub document: &'a Document,
    pub language: Language,
}

impl Serialize for Streamed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shapes = Shapes { document: self.document, language: self.language };
        let document = self.document;
        let file = shapes.without_lists();
        let mut out = serializer.serialize_struct("File", 17)?;
        out.serialize_field("format", &file.format)?;
        out.serialize_field("offsets", &file.offsets)?;
        out.serialize_field("document", &file.document)?;
        out.serialize_field("schema", &file.schema)?;
        out.serialize_field("annotator", &file.annotator)?;
        out.serialize_field("labels", &file.labels)?;
        out.serialize_field("entities", &Each(order::entities(document), |n: &Entity| shapes.entity(n)))?;
        out.serialize_field("mentions", &Each(order::mentions(document), |m: &Mention| shapes.mention(m)))?;
        out.serialize_field("events", &Each(order::events(document), |e: &Event| shapes.event(e)))?;
        out.serialize_field("quotes", &Each(order::quotes(document), |q: &Quote| shapes.quote(q)))?;
        out.serialize_field("relations", &Each(order::relations(document), |r: &Relation| shapes.relation(r)))?;
        if !file.batches.is_empty() {
            out.serialize_field("batches", &file.batches)?;
        }
        out.serialize_field("status", shape::status_word(file.status))?;
        if file.note.is_some() {
            out.serialize_field("note", &file.note)?;
        }
        if !file.rejected.is_empty() {
            out.serialize_field("rejected", &file.rejected)?;
        }
        if !file.unknown.is_empty() {
            out.serialize_field(UNKNOWN, &file.unknown)?;
        }
        out.end()
    }
}

/// A list of what a function makes of each.
struct Each<'a, A, F>(Vec<&'a A>, F);

impl<A, B: Serialize, F: Fn(&A) -> B> Serialize for Each<'_, A, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(all, shape) = self;
        serializer.collect_seq(all.iter().map(|annotation| shape(annotation)))
    }
}

/// Makes the shape of each part of a document.
struct Shapes<'a> {
    document: &'a Document,
    language: Language,
}

impl Shapes<'_> {
    fn of<'b>(&'b self, unknown: &'b Unknown) -> Writer<'b> {
        Writer { text: self.document.text(), unknown, language: self.language }
    }

    /// The file without its annotations.
    fn without_lists(&self) -> shape::File {
        let (document, text, header) = (self.document, self.document.text(), self.document.header());
        let metadata = &header.metadata;
        let whole = self.of(&header.unknown);
        shape::File {
            format: shape::FORMAT.to_owned(),
            offsets: shape::OFFSETS.to_owned(),
            document: shape::Article {
                id: metadata.id.clone(),
                title: metadata.title.clone(),
                source: metadata.source.clone(),
                published: metadata.published.clone(),
                language: metadata.language.clone(),
                encoding: metadata.encoding.clone(),
                bom: metadata.bom,
                sha256: text.sha256().to_owned(),
                text: text.as_str().to_owned(),
                zones: header.zones.iter().enumerate().map(|(nth, zone)| whole.zone(nth, zone)).collect(),
                unknown: whole.extra("document"),
            },
            schema: shape::SchemaRef {
                name: header.schema.name.clone(),
                version: header.schema.version,
                unknown: whole.extra("schema"),
            },
            annotator: header.annotator.clone(),
            labels: header.labels.clone(),
            entities: Vec::new(),
            mentions: Vec::new(),
            events: Vec::new(),
            quotes: Vec::new(),
            relations: Vec::new(),
            batches: document.batches().values().map(|b| self.batch(b)).collect(),
            status: header.status,
            note: header.note.clone(),
            rejected: document.rejected().iter().map(|r| self.rejection(r)).collect(),
            unknown: whole.extra(""),
        }
    }

    fn entity(&self, n: &Entity) -> shape::Entity {
        let of = self.of(&n.provenance.unknown);
        shape::Entity {
            id: n.id.to_string(),
            r#type: n.r#type.to_string(),
            name: n.name.clone(),
            aliases: n.aliases.clone(),
            link: n.link.clone(),
            note: (*n.note).clone(),
            provenance: of.provenance(&n.provenance),
            unknown: of.extra(""),
        }
    }

    fn mention(&self, m: &Mention) -> shape::Mention {
        let of = self.of(&m.provenance.unknown);
        shape::Mention {
            id: m.id.to_string(),
            label: m.label.to_string(),
            spans: of.spans("spans", &m.spans),
            entity: m.entity.as_ref().map(Id::to_string),
            attributes: (*m.attributes).clone(),
            note: (*m.note).clone(),
            provenance: of.provenance(&m.provenance),
            unknown: of.extra(""),
        }
    }

    fn event(&self, e: &Event) -> shape::Event {
        let of = self.of(&e.provenance.unknown);
        shape::Event {
            id: e.id.to_string(),
            r#type: e.r#type.to_string(),
            trigger: of.spans("trigger", &e.trigger),
            arguments: of.arguments(&e.arguments),
            claimed_in: e.claimed_in.as_ref().map(Id::to_string),
            attributes: (*e.attributes).clone(),
            note: (*e.note).clone(),
            provenance: of.provenance(&e.provenance),
            unknown: of.extra(""),
        }
    }

    fn quote(&self, q: &Quote) -> shape::Quote {
        let of = self.of(&q.provenance.unknown);
        shape::Quote {
            id: q.id.to_string(),
            kind: q.kind.to_string(),
            content: of.spans("content", &q.content),
            cue: q.cue.as_ref().map(|cue| of.spans("cue", cue)),
            speaker: q.speaker.as_ref().map(|f| of.filler("speaker", f)),
            addressee: q.addressee.as_ref().map(|f| of.filler("addressee", f)),
            arguments: of.arguments(&q.arguments),
            attributes: (*q.attributes).clone(),
            note: (*q.note).clone(),
            provenance: of.provenance(&q.provenance),
            unknown: of.extra(""),
        }
    }

    fn relation(&self, r: &Relation) -> shape::Relation {
        let of = self.of(&r.provenance.unknown);
        shape::Relation {
            id: r.id.to_string(),
            label: r.label.to_string(),
            from: r.from.to_string(),
            to: r.to.to_string(),
            attributes: (*r.attributes).clone(),
            note: (*r.note).clone(),
            provenance: of.provenance(&r.provenance),
            unknown: of.extra(""),
        }
    }

    fn batch(&self, b: &Batch) -> shape::Batch {
        shape::Batch {
            id: b.id.to_string(),
            label: b.label.clone(),
            entity: b.entity.as_ref().map(Id::to_string),
            texts: b.search.texts.clone(),
            ignore_case: b.search.ignore_case,
            at: b.at.clone(),
            unknown: self.of(&b.unknown).extra(""),
        }
    }

    fn rejection(&self, r: &Rejection) -> shape::Rejection {
        let of = self.of(&r.unknown);
        shape::Rejection {
            suggester: r.suggester.clone(),
            label: r.label.clone(),
            spans: of.spans("spans", &r.spans),
            unknown: of.extra(""),
        }
    }
}

/// Writes parts of one owner, with what is unknown of them.
struct Writer<'a> {
    text: &'a Text,
    unknown: &'a Unknown,
    language: Language,
}

impl Writer<'_> {
    fn extra(&self, at: &str) -> shape::Extra {
        if self.unknown.is_empty() { shape::Extra::default() } else { extra(self.unknown.at(at), self.language) }
    }

    /// The same, of an element of a list.
    fn extra_of(&self, list: &str, nth: usize) -> shape::Extra {
        if self.unknown.is_empty() { shape::Extra::default() } else { self.extra(&format!("{list}[{nth}]")) }
    }

    fn provenance(&self, provenance: &Provenance) -> shape::Provenance {
        shape::Provenance { by: provenance.by.clone(), at: provenance.at.clone(), unknown: self.extra("provenance") }
    }

    fn spans(&self, at: &str, spans: &[Span]) -> Vec<shape::Span> {
        let write = |(nth, span): (usize, &Span)| shape::Span {
            start: self.text.codepoint_of(span.start).0.into(),
            end: self.text.codepoint_of(span.end).0.into(),
            text: self.text.slice(*span).to_owned(),
            unknown: self.extra_of(at, nth),
        };
        spans.iter().enumerate().map(write).collect()
    }

    fn zone(&self, nth: usize, zone: &Zone) -> shape::Zone {
        shape::Zone {
            kind: zone.kind,
            start: self.text.codepoint_of(zone.span.start).0.into(),
            end: self.text.codepoint_of(zone.span.end).0.into(),
            unknown: self.extra_of("document.zones", nth),
        }
    }

    fn filler(&self, at: &str, filler: &Filler) -> shape::Filler {
        match filler {
            Filler::Mention(id) => shape::Filler::Mention(id.to_string()),
            Filler::Event(id) => shape::Filler::Event(id.to_string()),
            Filler::Span(words) => shape::Filler::Span(self.spans(at, words)),
            Filler::Implicit(description) => shape::Filler::Implicit(description.clone()),
        }
    }

    fn arguments(&self, arguments: &[Argument]) -> Vec<shape::Argument> {
        let write = |(nth, argument): (usize, &Argument)| shape::Argument {
            role: argument.role.to_string(),
            filler: self.filler(&format!("arguments[{nth}].filler"), &argument.filler),
            unknown: self.extra_of("arguments", nth),
        };
        arguments.iter().enumerate().map(write).collect()
    }
}
