//! What a page shows: the words, the colours and the order of everything, before anything is drawn.

use std::collections::BTreeMap;

use super::cards::{self, Section};
use super::marks::{self, Paragraph};
use crate::formats::{Named, derive, order};
use crate::model::colors::{LabelShades, Rgb, Shades};
use crate::model::schema::builtin;
use crate::model::{Document, Id, Kind, Schema, Status};

/// The colours of one label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// On white.
    pub light: Shades,
    /// On black.
    pub dark: Shades,
}

/// A label of the legend.
#[derive(Clone, Debug)]
pub struct LegendItem {
    /// Which of [`View::styles`].
    pub style: usize,
    /// The label.
    pub label: String,
    /// How many annotations have it.
    pub count: usize,
}

/// Labels of one kind.
#[derive(Clone, Debug)]
pub struct LegendGroup {
    /// Which kind.
    pub kind: Kind,
    /// Its name for people.
    pub name: &'static str,
    /// The most frequent first.
    pub items: Vec<LegendItem>,
}

/// A page, ready to be drawn.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// Whose text is shown.
    pub document: &'a Document,
    /// What the page is called; never empty.
    pub title: String,
    /// Whether a paragraph of the text is shown as its headline.
    pub has_headline: bool,
    /// Where it comes from, who marked it: name and value.
    pub facts: Vec<(String, String)>,
    /// Every colour in use.
    pub styles: Vec<Style>,
    /// The text, without its empty lines.
    pub paragraphs: Vec<Paragraph>,
    /// What the colours mean.
    pub legend: Vec<LegendGroup>,
    /// Entities, events, quotes, relations; those without any are left out.
    pub sections: Vec<Section>,
}

/// What words, colours and anchors the parts of a page share.
pub struct Shared<'a> {
    /// The document.
    pub document: &'a Document,
    /// The place of each annotation on the page, unique: `mention-1`.
    pub anchors: BTreeMap<(Kind, Id), String>,
    /// Which style a label has.
    styles: BTreeMap<(Kind, String), usize>,
}

impl Shared<'_> {
    /// The style of a label; 0 if it is not known.
    pub fn style(&self, kind: Kind, label: &str) -> usize {
        self.styles.get(&(kind, label.to_owned())).copied().unwrap_or_default()
    }

    /// The place of an annotation; empty if there is none.
    pub fn anchor(&self, kind: Kind, id: &Id) -> &str {
        self.anchors.get(&(kind, id.clone())).map_or("", String::as_str)
    }
}

/// The label, or a word for there being none.
pub fn shown_label(label: &str) -> String {
    if label.trim().is_empty() { "(no label)".to_owned() } else { label.to_owned() }
}

impl<'a> View<'a> {
    /// Works out what is shown of a document.
    pub fn new(named: &Named<'a>) -> Self {
        let document = named.document;
        let schema = schema_of(named);
        let (light, dark) = (LabelShades::new(&schema, false), LabelShades::new(&schema, true));
        let mut counts: BTreeMap<(Kind, String), usize> = BTreeMap::new();
        let mut anchors = BTreeMap::new();
        let all = (order::entities(document).into_iter().map(|n| (Kind::Entity, &n.id, &n.r#type)))
            .chain(order::mentions(document).into_iter().map(|m| (Kind::Mention, &m.id, &m.label)))
            .chain(order::events(document).into_iter().map(|e| (Kind::Event, &e.id, &e.r#type)))
            .chain(order::quotes(document).into_iter().map(|q| (Kind::Quote, &q.id, &q.kind)))
            .chain(order::relations(document).into_iter().map(|r| (Kind::Relation, &r.id, &r.label)));
        let mut numbers: BTreeMap<Kind, usize> = BTreeMap::new();
        for (kind, id, label) in all {
            *counts.entry((kind, label.to_string())).or_default() += 1;
            let number = numbers.entry(kind).or_default();
            *number += 1;
            anchors.insert((kind, id.clone()), format!("{}-{number}", kind.word()));
        }
        let styles: Vec<Style> = counts
            .keys()
            .map(|(kind, label)| Style { light: light.of(*kind, label), dark: dark.of(*kind, label) })
            .collect();
        let of_label = counts.keys().cloned().enumerate().map(|(i, key)| (key, i)).collect();
        let shared = Shared { document, anchors, styles: of_label };
        let header = document.header();
        let title = [header.metadata.title.trim(), named.name.trim()].into_iter().find(|title| !title.is_empty());
        let paragraphs = marks::paragraphs(&shared);
        Self {
            document,
            title: title.unwrap_or("Article").to_owned(),
            has_headline: paragraphs.iter().any(|p| p.shape == marks::Shape::Headline),
            facts: facts(document),
            styles,
            paragraphs,
            legend: legend(&counts),
            sections: cards::sections(&shared),
        }
    }
}

impl View<'_> {
    /// The colours of a style.
    pub fn shades(&self, style: usize, is_dark: bool) -> Shades {
        let found = self.styles.get(style).map(|style| if is_dark { style.dark } else { style.light });
        found.unwrap_or_else(|| Shades::new(Rgb([0x80; 3]), is_dark))
    }
}

/// The schema of the document: the one at hand, the one that ships, or one made of its labels.
fn schema_of(named: &Named<'_>) -> Schema {
    let name = &named.document.header().schema;
    (named.schema.or_else(|| builtin(&name.name)).cloned())
        .or_else(|| derive::schema_for(named.document))
        .unwrap_or_else(|| Schema::empty(&name.name, name.version))
}

fn legend(counts: &BTreeMap<(Kind, String), usize>) -> Vec<LegendGroup> {
    let kinds = [(Kind::Mention, "Mentions"), (Kind::Event, "Events"), (Kind::Quote, "Quotes")];
    let group = |(kind, name): (Kind, &'static str)| {
        let mut items: Vec<LegendItem> = (counts.iter().enumerate())
            .filter(|(_, ((of, _), _))| *of == kind)
            .map(|(style, ((_, label), count))| LegendItem { style, label: shown_label(label), count: *count })
            .collect();
        items.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
        (!items.is_empty()).then_some(LegendGroup { kind, name, items })
    };
    kinds.into_iter().filter_map(group).collect()
}

fn facts(document: &Document) -> Vec<(String, String)> {
    let header = document.header();
    let m = &header.metadata;
    let mut facts = Vec::new();
    let mut say = |name: &str, value: Option<&String>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            facts.push((name.to_owned(), value.clone()));
        }
    };
    say("Source", m.source.as_ref());
    say("Published", m.published.as_ref());
    say("Language", m.language.as_ref());
    say("Annotator", header.annotator.as_ref());
    if header.status != Status::New {
        say("Status", Some(&header.status.text().to_owned()));
    }
    say("Original encoding", m.encoding.as_ref());
    if m.bom {
        say("Byte order mark", Some(&"yes".to_owned()));
    }
    for (group, labels) in header.labels.iter().filter(|(_, labels)| !labels.is_empty()) {
        say(&shown_label(group), Some(&labels.join(", ")));
    }
    say("Note", header.note.as_ref());
    facts
}
