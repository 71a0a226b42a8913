//! From layers and rows to annotations.

mod collect;
mod relations;

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Column, File, Layer, LayerKind};
use super::table::ANY;
use super::{ENTITY, EVENT, FILLER, LINK, MENTION, PART, QUOTE, escape};
use crate::formats::build::Builder;
use crate::formats::capabilities::Unit;
use crate::model::{Filler, Id, Kind};
use crate::text::{Span, Spans};

/// An annotation of a layer of spans.
#[derive(Debug)]
struct Item {
    layer: usize,
    id: Option<u64>,
    /// Rows that it covers.
    rows: Vec<usize>,
    line: usize,
    span: Span,
    features: BTreeMap<String, String>,
    slots: BTreeMap<String, Vec<(String, String)>>,
    /// What it became.
    made: Option<Id>,
    /// Whether something refers to it.
    is_used: bool,
}

impl Item {
    fn feature(&self, name: &str) -> Option<&str> {
        self.features.get(name).map(String::as_str)
    }
}

const LABELS: &[&str] = &["value", "kind", "label", "type", "category"];

struct Reader<'a> {
    file: &'a File,
    builder: &'a mut Builder,
    spans: Vec<Span>,
    items: Vec<Item>,
    by_id: BTreeMap<u64, Vec<usize>>,
    by_row: BTreeMap<usize, Vec<usize>>,
    /// Entities by their keys.
    entities: BTreeMap<String, Id>,
    /// Tokens that relations end at, as mentions.
    ends: BTreeMap<Span, Id>,
}

/// Adds what the layers hold.
pub fn annotations(file: &File, builder: &mut Builder) {
    let mut spans = Vec::with_capacity(file.rows.len());
    for row in &file.rows {
        match builder.span(Unit::Utf16, row.begin, row.end, Some(row.line)) {
            Some(span) => spans.push(span),
            None => return,
        }
    }
    let mut reader = Reader {
        file,
        builder,
        spans,
        items: Vec::new(),
        by_id: BTreeMap::new(),
        by_row: BTreeMap::new(),
        entities: BTreeMap::new(),
        ends: BTreeMap::new(),
    };
    for (number, layer) in file.layers.iter().enumerate() {
        match layer.kind {
            LayerKind::Span => reader.spans_of(number, layer),
            LayerKind::Chain => reader.chains(layer),
            LayerKind::Relation => {}
        }
    }
    for (number, item) in reader.items.iter().enumerate() {
        if let Some(id) = item.id {
            reader.by_id.entry(id).or_default().push(number);
        }
        for row in &item.rows {
            reader.by_row.entry(*row).or_default().push(number);
        }
    }
    reader.make();
    for layer in file.layers.iter().filter(|layer| layer.kind == LayerKind::Relation) {
        reader.relations(layer);
    }
}

/// The columns of a layer in a row, with their cells.
fn cells<'a>(layer: &'a Layer, row: &'a super::lines::Row) -> impl Iterator<Item = (&'a Column, &'a str)> {
    let cells = row.cells.get(layer.first..).unwrap_or_default();
    layer.columns.iter().zip(cells.iter().map(String::as_str))
}

/// A value; `None` if there is none.
fn value(text: &str) -> Option<String> {
    (!matches!(text, "*" | "_")).then(|| escape::unescaped(text))
}

impl Reader<'_> {
    fn layer(&self, item: &Item) -> Option<&Layer> {
        self.file.layers.get(item.layer)
    }

    fn is_layer(&self, item: &Item, name: &str) -> bool {
        self.layer(item).is_some_and(|layer| layer.name == name)
    }

    /// Whether a layer of that name has this feature or slot, and so the form in which it is written here.
    fn is_own(&self, item: &Item, name: &str, column: &str) -> bool {
        self.layer(item).is_some_and(|layer| {
            layer.name == name
                && layer.columns.iter().any(|c| matches!(c, Column::Feature(f) | Column::Roles(f) if f == column))
        })
    }

    /// The annotation that a reference leads to: `1-2[3]`.
    fn target(&mut self, reference: &str, r#type: &str, line: usize) -> Option<Result<usize, Span>> {
        let (unit, id) = escape::with_brackets(reference);
        let Some(row) = self.file.units.get(unit).copied() else {
            let message = format!("there is no token {unit:?}");
            self.builder.refuse("unknown-reference", message, "the file may be damaged", Some(line));
            return None;
        };
        let is_typed = r#type != ANY && self.file.layers.iter().any(|l| l.kind == LayerKind::Span && l.name == r#type);
        let fits = |number: &usize| {
            self.items.get(*number).is_some_and(|item| {
                item.rows.contains(&row)
                    && (!is_typed || self.is_layer(item, r#type))
                    && (id.is_none() || item.id.map(|i| i.to_string()).as_deref() == id)
            })
        };
        let empty = Vec::new();
        let candidates = match id.and_then(|id| id.parse::<u64>().ok()).filter(|id| *id != 0) {
            Some(id) => self.by_id.get(&id).unwrap_or(&empty),
            None => self.by_row.get(&row).unwrap_or(&empty),
        };
        let found: Vec<usize> = candidates.iter().filter(|n| fits(n)).copied().collect();
        match (found.as_slice(), id) {
            ([], Some(_)) => {
                let message = format!("{reference:?} leads to no annotation");
                self.builder.refuse("unknown-reference", message, "the file may be damaged", Some(line));
                None
            }
            ([], None) => self.spans.get(row).map(|span| Err(*span)),
            ([only], _) => Some(Ok(*only)),
            ([first, ..], _) => {
                let message = format!("{reference:?} may be one of {} annotations; the first was taken", found.len());
                self.builder.warn("unclear-reference", message, "number the annotations in brackets", Some(line));
                Some(Ok(*first))
            }
        }
    }

    /// The fillers of a slot, as numbers of items or as words.
    fn fillers(&mut self, number: usize, slot: &str) -> Vec<(String, Result<usize, Span>)> {
        let Some(item) = self.items.get(number) else { return Vec::new() };
        let (line, references) = (item.line, item.slots.get(slot).cloned().unwrap_or_default());
        let r#type = self.layer(item).map(|layer| target_type(layer, slot)).unwrap_or_default();
        let mut found = Vec::new();
        for (role, reference) in references {
            if let Some(target) = self.target(&reference, &r#type, line) {
                found.push((role, target));
            }
        }
        found
    }

    /// The spans of an annotation in several parts.
    fn parts(&mut self, number: usize, slot: &str) -> Spans {
        let mut spans = Spans::new();
        for (_, filler) in self.fillers(number, slot) {
            match filler {
                Ok(part) => {
                    if let Some(item) = self.items.get_mut(part) {
                        item.is_used = true;
                        spans.push(item.span);
                    }
                }
                Err(span) => spans.push(span),
            }
        }
        spans
    }

    fn make(&mut self) {
        self.warn_of_layers();
        let all = 0..self.items.len();
        for number in all.clone() {
            self.make_one(number);
        }
        for number in all.clone() {
            self.make_mention(number);
        }
        for number in all.clone() {
            self.fill(number);
        }
        // Parts and fillers of nothing are words that somebody marked.
        for number in all {
            let Some(item) = self.items.get(number) else { continue };
            if item.made.is_none() && !item.is_used && !self.is_own(item, LINK, "ends") {
                self.mention(number);
            }
        }
    }

    /// Labels of several layers cannot be told apart afterwards.
    fn warn_of_layers(&mut self) {
        let named = |item: &Item| item.feature("value").is_some() && item.slots.is_empty();
        let layers: BTreeSet<usize> = self.items.iter().filter(|item| named(item)).map(|item| item.layer).collect();
        if layers.len() > 1 {
            let names: Vec<&str> = layers.iter().filter_map(|n| self.file.layers.get(*n)).map(Layer::short).collect();
            let message = format!("the layers {} are all read as mentions", names.join(", "));
            self.builder.warn("layers-joined", message, "their labels are kept, the names of the layers are not", None);
        }
    }

    fn mention(&mut self, number: usize) {
        let parts = self.parts(number, "parts");
        let Some(item) = self.items.get(number) else { return };
        let label = LABELS.iter().find_map(|name| item.feature(name).map(|value| (*name, value.to_owned())));
        let (feature, label) = label.unwrap_or(("", self.layer(item).map_or("", Layer::short).to_owned()));
        let id = self.builder.mention(&label, [item.span].into_iter().chain(parts));
        let is_entity = self.is_layer(item, MENTION);
        let skip: &[&str] = if is_entity { &["identifier", "entity"] } else { &[] };
        let (key, link, line) =
            (item.feature("entity").map(str::to_owned), item.feature("identifier").map(str::to_owned), item.line);
        let words = self.builder.text().excerpt(&[item.span]);
        self.features(&id, number, feature, skip);
        if is_entity && (key.is_some() || link.is_some()) {
            let name = match (&key, &link) {
                (Some(key), _) => key.clone(),
                (None, link) => format!("link {}", link.as_deref().unwrap_or_default()),
            };
            // Mentions with the same identifier are of the same entity.
            let entity = self.entities.entry(name).or_insert_with(|| {
                let id = self.builder.entity(&label, &words);
                if let Some(entity) = self.builder.entity_mut(&id) {
                    entity.link.clone_from(&link);
                }
                id
            });
            let entity = entity.clone();
            if let Some(link) = link
                && self.builder.entity_mut(&entity).is_some_and(|n| n.link.as_ref() != Some(&link))
            {
                let message = format!("the identifier {link:?} is not that of the entity");
                self.builder.warn("entity-differs", message, "that of the entity was taken", Some(line));
            }
            if let Some(mention) = self.builder.mention_mut(&id) {
                mention.entity = Some(entity);
            }
        }
        self.set(number, id);
    }

    fn set(&mut self, number: usize, id: Id) {
        if let Some(item) = self.items.get_mut(number) {
            item.made = Some(id);
        }
    }

    /// Features that are no fields.
    fn features(&mut self, id: &Id, number: usize, label: &str, skip: &[&str]) {
        let features = self.items.get(number).map(|item| item.features.clone()).unwrap_or_default();
        for (name, value) in features.iter().filter(|(name, _)| *name != label && !skip.contains(&name.as_str())) {
            if name == "note" {
                self.builder.note(id, value);
            } else {
                self.builder.attribute(id, &escape::unescaped_name(name), escape::unescaped_attribute(value));
            }
        }
    }

    fn make_one(&mut self, number: usize) {
        let Some(item) = self.items.get(number) else { return };
        if self.is_own(item, LINK, "ends") || self.is_layer(item, PART) || self.is_layer(item, FILLER) {
            return;
        }
        if self.is_own(item, ENTITY, "key") {
            return self.entity(number);
        }
        let is_quote = self.is_own(item, QUOTE, "kind");
        let has_slots = self
            .layer(item)
            .is_some_and(|layer| layer.columns.iter().any(|c| matches!(c, Column::Roles(slot) if slot != "parts")));
        let is_event = has_slots || self.is_layer(item, EVENT);
        if !is_quote && !is_event {
            // Entities come first, so that mentions find them.
            return;
        }
        let parts = self.parts(number, "parts");
        let Some(item) = self.items.get(number) else { return };
        let label = LABELS
            .iter()
            .skip(1)
            .chain(LABELS.first())
            .find_map(|name| item.feature(name).map(|value| (*name, value.to_owned())));
        let (feature, label) = label.unwrap_or(("", self.layer(item).map_or("", Layer::short).to_owned()));
        let spans = [item.span].into_iter().chain(parts);
        let id = if is_quote { self.builder.quote(&label, spans) } else { self.builder.event(&label, spans) };
        self.features(&id, number, feature, &[]);
        self.set(number, id);
    }

    fn entity(&mut self, number: usize) {
        let Some(item) = self.items.get(number) else { return };
        let feature = |name: &str| item.feature(name).unwrap_or_default().to_owned();
        let (key, line) = (feature("key"), item.line);
        let id = self.builder.entity(&feature("type"), &feature("name"));
        if let Some(entity) = self.builder.entity_mut(&id) {
            entity.aliases = serde_json::from_str(&feature("aliases")).unwrap_or_default();
            entity.link = item.feature("link").map(str::to_owned);
            *entity.note = item.feature("note").map(str::to_owned);
        }
        if self.entities.insert(key.clone(), id.clone()).is_some() {
            let message = format!("the entity {key:?} is there twice");
            self.builder.refuse("duplicate-id", message, "give each entity a key of its own", Some(line));
        }
        self.set(number, id);
    }

    /// Mentions, once entities, events and quotes are there.
    fn make_mention(&mut self, number: usize) {
        let Some(item) = self.items.get(number) else { return };
        let is_other = self.is_own(item, LINK, "ends") || self.is_layer(item, PART) || self.is_layer(item, FILLER);
        if item.made.is_none() && !is_other {
            self.mention(number);
        }
    }

    /// The slots of events and quotes, and relations that are spans.
    fn fill(&mut self, number: usize) {
        let Some(item) = self.items.get(number) else { return };
        let line = item.line;
        let slots: Vec<String> = item.slots.keys().cloned().collect();
        if self.is_own(item, LINK, "ends") {
            return self.link(number);
        }
        let (is_quote, is_event) = (self.is_own(item, QUOTE, "kind"), self.is_layer(item, EVENT));
        let Some(owner) = item.made.clone() else { return };
        if !matches!(self.builder.kind_of(&owner), Some(Kind::Event | Kind::Quote)) {
            return;
        }
        for slot in slots.iter().filter(|slot| *slot != "parts") {
            if is_quote && slot == "cue" {
                let cue = self.parts(number, slot);
                if let Some(quote) = self.builder.quote_mut(&owner).filter(|_| !cue.is_empty()) {
                    quote.cue = Some(cue);
                }
                continue;
            }
            for (role, target) in self.fillers(number, slot) {
                let found = target.ok().and_then(|n| self.items.get(n)).and_then(|item| item.made.clone());
                if is_event && slot == "claimedIn" {
                    let quote = found.filter(|id| self.builder.kind_of(id) == Some(Kind::Quote));
                    match (quote, self.builder.event_mut(&owner)) {
                        (Some(quote), Some(event)) => event.claimed_in = Some(quote),
                        _ => self.builder.warn(
                            "no-quote",
                            "what the event is claimed in is no quote",
                            "it was left out",
                            Some(line),
                        ),
                    }
                    continue;
                }
                let filler = self.filler(target, line);
                self.builder.argument(&owner, &role, filler);
            }
        }
    }

    fn filler(&mut self, target: Result<usize, Span>, line: usize) -> Filler {
        let words = |span: Span| Filler::Span([span].into_iter().collect());
        let number = match target {
            Ok(number) => number,
            Err(span) => {
                let message = format!("{:?} fills a role and is no annotation", self.builder.text().slice(span));
                self.builder.warn("no-annotation", message, "it was read as words", Some(line));
                return words(span);
            }
        };
        let Some(item) = self.items.get(number) else { return words(Span::of(0, 0)) };
        let (span, implicit) = (item.span, item.feature("implicit").map(str::to_owned));
        if let Some(filler) = item.made.as_ref().and_then(|id| self.builder.filler_of(id)) {
            return filler;
        }
        if item.made.is_some() {
            let message =
                format!("{:?} fills a role and is neither mention nor event", self.builder.text().slice(span));
            self.builder.warn("no-filler", message, "it was read as words", Some(line));
            return words(span);
        }
        if let Some(item) = self.items.get_mut(number) {
            item.is_used = true;
        }
        match implicit {
            Some(implicit) => Filler::Implicit(implicit),
            None => {
                let mut spans: Spans = [span].into_iter().chain(self.parts(number, "parts")).collect();
                crate::text::normalise(&mut spans);
                Filler::Span(spans)
            }
        }
    }
}

/// The type of the fillers of a slot.
fn target_type(layer: &Layer, slot: &str) -> String {
    let at = layer.columns.iter().position(|c| matches!(c, Column::Roles(name) if name == slot));
    match at.and_then(|at| layer.columns.get(at + 1)) {
        Some(Column::Targets(r#type)) => r#type.clone(),
        _ => ANY.to_owned(),
    }
}
