//! What is marked in each paragraph.

use std::collections::BTreeMap;

use super::cards;
use super::view::{Shared, shown_label};
use crate::formats::order;
use crate::model::lanes::assign_lanes;
use crate::model::{Annotation, Id, Kind, Part, ZoneKind};
use crate::text::Span;

/// How a paragraph is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Large: the headline.
    Headline,
    /// Small: byline, dateline, caption.
    Small,
    /// The running text.
    Body,
}

/// A piece of an annotation in one paragraph.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Whose, as the page calls it: `mention-1`.
    pub anchor: String,
    /// Its place in the order of all marks of the paragraph, to tell the pieces of one annotation.
    pub owner: usize,
    /// Which part of the annotation.
    pub part: Part,
    /// Half-open, in bytes of the text, inside the paragraph. Empty if it covers nothing that is shown.
    pub span: Span,
    /// Which of the styles.
    pub style: usize,
    /// Lane of its underline.
    pub lane: usize,
    /// Whether it is the first piece of its part.
    pub is_first: bool,
    /// Whether it is the last piece of its part.
    pub is_last: bool,
    /// What its tag says; empty for parts without a tag.
    pub tag: String,
    /// What it is, in words.
    pub told: String,
}

/// A line of the text with what is marked in it.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Half-open, in bytes, without the line end.
    pub span: Span,
    /// How it is set.
    pub shape: Shape,
    /// Outer before inner: the longest first.
    pub marks: Vec<Mark>,
}

/// All paragraphs that show anything.
pub fn paragraphs(shared: &Shared<'_>) -> Vec<Paragraph> {
    let document = shared.document;
    let text = document.text();
    let header = document.header();
    let title = header.metadata.title.trim();
    let mut headline = false;
    let has_zone = header.zones.iter().any(|zone| zone.kind == ZoneKind::Headline);
    let mut list: Vec<Paragraph> = (text.paragraphs().iter())
        .map(|span| {
            let zone = header.zones.iter().find(|zone| zone.span.covers(*span)).map(|zone| zone.kind);
            let is_title = !has_zone && !headline && !title.is_empty() && text.slice(*span).trim() == title;
            headline |= is_title;
            let shape = match zone {
                Some(ZoneKind::Headline) if !span.is_empty() => Shape::Headline,
                Some(ZoneKind::Byline | ZoneKind::Dateline | ZoneKind::Caption) => Shape::Small,
                _ if is_title => Shape::Headline,
                _ => Shape::Body,
            };
            Paragraph { span: *span, shape, marks: Vec::new() }
        })
        .collect();
    let mut owner = 0;
    let mut put = |kind: Kind, id: &Id, label: &str, anchors: Vec<(Part, Span)>| {
        let mut by_part: BTreeMap<Part, Vec<Span>> = BTreeMap::new();
        for (part, span) in anchors {
            by_part.entry(part).or_default().push(span);
        }
        for (part, spans) in by_part {
            owner += 1;
            let (tag, told) = words(shared, kind, id, label, part);
            let mut pieces: Vec<(usize, Span)> = Vec::new();
            for span in spans {
                let (first, last) = (text.paragraph_at(span.start), text.paragraph_at(span.end));
                let before = pieces.len();
                for (i, paragraph) in list.iter().enumerate().take(last + 1).skip(first) {
                    if let Some(piece) = paragraph.span.intersect(span) {
                        pieces.push((i, piece));
                    }
                }
                // What covers no character, or only line ends, is still shown where it is.
                if pieces.len() == before
                    && let Some(paragraph) = list.get(first)
                {
                    pieces.push((first, Span::empty(span.start.min(paragraph.span.end).max(paragraph.span.start))));
                }
            }
            let last = pieces.len().saturating_sub(1);
            for (n, (i, piece)) in pieces.into_iter().enumerate() {
                if let Some(paragraph) = list.get_mut(i) {
                    paragraph.marks.push(Mark {
                        anchor: shared.anchor(kind, id).to_owned(),
                        owner,
                        part,
                        span: piece,
                        style: shared.style(kind, label),
                        lane: 0,
                        is_first: n == 0,
                        is_last: n == last,
                        tag: tag.clone(),
                        told: told.clone(),
                    });
                }
            }
        }
    };
    for quote in order::quotes(document) {
        put(Kind::Quote, &quote.id, &quote.kind, quote.anchors());
    }
    for mention in order::mentions(document) {
        put(Kind::Mention, &mention.id, &mention.label, mention.anchors());
    }
    for event in order::events(document) {
        put(Kind::Event, &event.id, &event.r#type, event.anchors());
    }
    list.retain(|p| !text.slice(p.span).trim().is_empty() || !p.marks.is_empty());
    for paragraph in &mut list {
        lanes(&mut paragraph.marks);
        // Of equal spans the trigger lies inside.
        paragraph.marks.sort_by_key(|m| (std::cmp::Reverse(m.span.len()), m.part == Part::Trigger, m.owner));
    }
    list
}

/// What the tag of a part says, and what the part is.
fn words(shared: &Shared<'_>, kind: Kind, id: &Id, label: &str, part: Part) -> (String, String) {
    let document = shared.document;
    let label = shown_label(label);
    match (kind, part) {
        (Kind::Quote, Part::Content) => {
            let quote = document.quotes().get(id);
            let speaker = quote.and_then(|q| q.speaker.as_ref()).map(|f| cards::name_of_filler(shared, f));
            let tag = speaker.clone().unwrap_or_else(|| label.clone());
            let by = speaker.map(|speaker| format!(" of {speaker}")).unwrap_or_default();
            (tag, format!("Quote ({label}){by}"))
        }
        (Kind::Quote, Part::Cue) => (String::new(), format!("Cue of the quote {}", document.excerpt_of(id))),
        (_, Part::Argument) => {
            (String::new(), format!("Fills a role of {} {}: {label}", kind.word(), document.excerpt_of(id)))
        }
        _ => (label.clone(), format!("{label}: {}", document.excerpt_of(id))),
    }
}

/// Whether a part is underlined.
pub fn has_line(part: Part) -> bool {
    matches!(part, Part::Mention | Part::Cue | Part::Argument)
}

/// Lanes of what is underlined. The pieces of one annotation share a lane, and nothing else lies on the line that connects
/// them.
fn lanes(marks: &mut [Mark]) {
    let mut hulls: BTreeMap<usize, Span> = BTreeMap::new();
    for mark in marks.iter().filter(|m| has_line(m.part)) {
        let hull = hulls.entry(mark.owner).or_insert(mark.span);
        *hull = Span::new(hull.start.min(mark.span.start), hull.end.max(mark.span.end));
    }
    let owners: Vec<usize> = hulls.keys().copied().collect();
    let found = assign_lanes(&hulls.values().copied().collect::<Vec<_>>());
    let lanes: BTreeMap<usize, usize> = owners.into_iter().zip(found).collect();
    for mark in marks {
        mark.lane = lanes.get(&mark.owner).copied().unwrap_or_default();
    }
}
