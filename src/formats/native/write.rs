//! From the model to the native file.

use super::shape;
use crate::formats::order;
use crate::model::{Argument, Document, Filler, Id, Zone};
use crate::text::{Span, Text};

/// The document as a file, with everything in saved order.
pub fn shape_of(document: &Document) -> shape::File {
    let text = document.text();
    let header = document.header();
    let metadata = &header.metadata;
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
            zones: header.zones.iter().map(|z| zone(text, z)).collect(),
        },
        schema: header.schema.clone(),
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
                provenance: n.provenance.clone(),
            })
            .collect(),
        mentions: order::mentions(document)
            .into_iter()
            .map(|m| shape::Mention {
                id: m.id.to_string(),
                label: m.label.clone(),
                spans: spans(text, &m.spans),
                entity: m.entity.as_ref().map(Id::to_string),
                attributes: m.attributes.clone(),
                note: m.note.clone(),
                provenance: m.provenance.clone(),
            })
            .collect(),
        events: order::events(document)
            .into_iter()
            .map(|e| shape::Event {
                id: e.id.to_string(),
                r#type: e.r#type.clone(),
                trigger: spans(text, &e.trigger),
                arguments: arguments(text, &e.arguments),
                claimed_in: e.claimed_in.as_ref().map(Id::to_string),
                attributes: e.attributes.clone(),
                note: e.note.clone(),
                provenance: e.provenance.clone(),
            })
            .collect(),
        quotes: order::quotes(document)
            .into_iter()
            .map(|q| shape::Quote {
                id: q.id.to_string(),
                kind: q.kind.clone(),
                content: spans(text, &q.content),
                cue: q.cue.as_ref().map(|cue| spans(text, cue)),
                speaker: q.speaker.as_ref().map(|f| filler(text, f)),
                addressee: q.addressee.as_ref().map(|f| filler(text, f)),
                arguments: arguments(text, &q.arguments),
                attributes: q.attributes.clone(),
                note: q.note.clone(),
                provenance: q.provenance.clone(),
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
                provenance: r.provenance.clone(),
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
                spans: spans(text, &r.spans),
            })
            .collect(),
    }
}

fn spans(text: &Text, spans: &[Span]) -> Vec<shape::Span> {
    let write = |span: &Span| shape::Span {
        start: text.codepoint_of(span.start).0.into(),
        end: text.codepoint_of(span.end).0.into(),
        text: text.slice(*span).to_owned(),
    };
    spans.iter().map(write).collect()
}

fn zone(text: &Text, zone: &Zone) -> shape::Zone {
    shape::Zone {
        kind: zone.kind,
        start: text.codepoint_of(zone.span.start).0.into(),
        end: text.codepoint_of(zone.span.end).0.into(),
    }
}

fn filler(text: &Text, filler: &Filler) -> shape::Filler {
    match filler {
        Filler::Mention(id) => shape::Filler::Mention(id.to_string()),
        Filler::Event(id) => shape::Filler::Event(id.to_string()),
        Filler::Span(words) => shape::Filler::Span(spans(text, words)),
        Filler::Implicit(description) => shape::Filler::Implicit(description.clone()),
    }
}

fn arguments(text: &Text, arguments: &[Argument]) -> Vec<shape::Argument> {
    let write = |a: &Argument| shape::Argument { role: a.role.clone(), filler: filler(text, &a.filler) };
    arguments.iter().map(write).collect()
}
