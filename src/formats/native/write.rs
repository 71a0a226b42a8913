//! From the model to the native file.

use super::shape;
use super::tree::Language;
use super::unknown::extra;
use crate::formats::order;
use crate::model::{Argument, Document, Filler, Id, Provenance, Unknown, Zone};
use crate::text::{Span, Text};

/// The document as a file in this language, with everything in saved order.
pub fn shape_of(document: &Document, language: Language) -> shape::File {
    let of = |unknown| Writer { text: document.text(), unknown, language };
    let text = document.text();
    let header = document.header();
    let metadata = &header.metadata;
    let whole = of(&header.unknown);
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
        entities: order::entities(document)
            .into_iter()
            .map(|n| shape::Entity {
                id: n.id.to_string(),
                r#type: n.r#type.clone(),
                name: n.name.clone(),
                aliases: n.aliases.clone(),
                link: n.link.clone(),
                note: n.note.clone(),
                provenance: of(&n.provenance.unknown).provenance(&n.provenance),
                unknown: of(&n.provenance.unknown).extra(""),
            })
            .collect(),
        mentions: order::mentions(document)
            .into_iter()
            .map(|m| shape::Mention {
                id: m.id.to_string(),
                label: m.label.clone(),
                spans: of(&m.provenance.unknown).spans("spans", &m.spans),
                entity: m.entity.as_ref().map(Id::to_string),
                attributes: m.attributes.clone(),
                note: m.note.clone(),
                provenance: of(&m.provenance.unknown).provenance(&m.provenance),
                unknown: of(&m.provenance.unknown).extra(""),
            })
            .collect(),
        events: order::events(document)
            .into_iter()
            .map(|e| shape::Event {
                id: e.id.to_string(),
                r#type: e.r#type.clone(),
                trigger: of(&e.provenance.unknown).spans("trigger", &e.trigger),
                arguments: of(&e.provenance.unknown).arguments(&e.arguments),
                claimed_in: e.claimed_in.as_ref().map(Id::to_string),
                attributes: e.attributes.clone(),
                note: e.note.clone(),
                provenance: of(&e.provenance.unknown).provenance(&e.provenance),
                unknown: of(&e.provenance.unknown).extra(""),
            })
            .collect(),
        quotes: order::quotes(document)
            .into_iter()
            .map(|q| shape::Quote {
                id: q.id.to_string(),
                kind: q.kind.clone(),
                content: of(&q.provenance.unknown).spans("content", &q.content),
                cue: q.cue.as_ref().map(|cue| of(&q.provenance.unknown).spans("cue", cue)),
                speaker: q.speaker.as_ref().map(|f| of(&q.provenance.unknown).filler("speaker", f)),
                addressee: q.addressee.as_ref().map(|f| of(&q.provenance.unknown).filler("addressee", f)),
                arguments: of(&q.provenance.unknown).arguments(&q.arguments),
                attributes: q.attributes.clone(),
                note: q.note.clone(),
                provenance: of(&q.provenance.unknown).provenance(&q.provenance),
                unknown: of(&q.provenance.unknown).extra(""),
            })
            .collect(),
        relations: order::relations(document)
            .into_iter()
            .map(|r| shape::Relation {
                id: r.id.to_string(),
                label: r.label.clone(),
                from: r.from.to_string(),
                to: r.to.to_string(),
                attributes: r.attributes.clone(),
                note: r.note.clone(),
                provenance: of(&r.provenance.unknown).provenance(&r.provenance),
                unknown: of(&r.provenance.unknown).extra(""),
            })
            .collect(),
        batches: (document.batches().values())
            .map(|b| shape::Batch {
                id: b.id.to_string(),
                label: b.label.clone(),
                entity: b.entity.as_ref().map(Id::to_string),
                texts: b.search.texts.clone(),
                ignore_case: b.search.ignore_case,
                at: b.at.clone(),
                unknown: of(&b.unknown).extra(""),
            })
            .collect(),
        status: header.status,
        note: header.note.clone(),
        rejected: document
            .rejected()
            .iter()
            .map(|r| shape::Rejection {
                suggester: r.suggester.clone(),
                label: r.label.clone(),
                spans: of(&r.unknown).spans("spans", &r.spans),
                unknown: of(&r.unknown).extra(""),
            })
            .collect(),
        unknown: whole.extra(""),
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
            role: argument.role.clone(),
            filler: self.filler(&format!("arguments[{nth}].filler"), &argument.filler),
            unknown: self.extra_of("arguments", nth),
        };
        arguments.iter().enumerate().map(write).collect()
    }
}
