//! From a document to the spans, features and slots of layers.

use std::collections::BTreeMap;

use super::table::{Item, Link};
use super::{ENTITY, EVENT, FILLER, LINK, MENTION, PART, QUOTE, escape};
use crate::edit::arguments_of;
use crate::formats::dangling::{self, is_sound};
use crate::formats::order;
use crate::model::{Argument, Attributes, Document, Filler, Id, Kind};
use crate::text::{BytePos, Span, Spans};

/// The annotations of a file.
#[derive(Default)]
pub struct Items {
    pub spans: Vec<Item>,
    pub links: Vec<Link>,
    numbers: BTreeMap<Id, usize>,
}

type Features = BTreeMap<String, String>;

fn features(own: &[(&str, Option<&str>)], attributes: &Attributes, note: Option<&String>) -> Features {
    let own = own.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
    let attributes = attributes.iter().map(|(name, value)| (escape::name(name), escape::attribute(value)));
    own.chain(attributes).chain(note.map(|note| ("note".to_owned(), note.clone()))).collect()
}

impl Items {
    /// Adds a span; further spans are parts of it.
    fn add(&mut self, layer: &'static str, spans: &Spans, features: Features) -> Option<usize> {
        let mut spans = spans.clone();
        crate::text::normalise(&mut spans);
        let (first, rest) = spans.split_first()?;
        let number = self.spans.len();
        self.spans.push(Item { layer, span: *first, features, slots: BTreeMap::new() });
        for span in rest {
            let part = self.spans.len();
            self.spans.push(Item { layer: PART, span: *span, features: Features::new(), slots: BTreeMap::new() });
            self.fill(number, "parts", "part", part);
        }
        Some(number)
    }

    fn fill(&mut self, item: usize, slot: &'static str, role: &str, filler: usize) {
        if let Some(item) = self.spans.get_mut(item) {
            item.slots.entry(slot).or_default().push((role.to_owned(), filler));
        }
    }

    fn start_of(&self, item: usize) -> Span {
        self.spans.get(item).map_or(Span::empty(BytePos(0)), |item| Span::empty(item.span.start))
    }

    fn arguments(&mut self, owner: usize, slot: &'static str, arguments: &[Argument]) {
        for argument in arguments {
            let filler = match &argument.filler {
                Filler::Mention(id) | Filler::Event(id) => self.numbers.get(id).copied(),
                Filler::Span(spans) => self.add(FILLER, spans, Features::new()),
                Filler::Implicit(words) => {
                    let span: Spans = [self.start_of(owner)].into_iter().collect();
                    self.add(FILLER, &span, [("implicit".to_owned(), words.clone())].into())
                }
            };
            if let Some(filler) = filler {
                self.fill(owner, slot, &argument.role, filler);
            }
        }
    }
}

fn sound(document: &Document, id: &Id) -> Vec<Argument> {
    arguments_of(document, id).into_iter().filter(|a| is_sound(document, &a.filler)).collect()
}

/// Everything that is written of a document.
pub fn items(document: &Document) -> Items {
    let mut out = Items::default();
    for m in order::mentions(document) {
        let entity = m.entity.as_ref().and_then(|id| document.entities().get(id));
        let link = entity.and_then(|n| n.link.as_deref());
        let own = [("value", Some(m.label.as_str())), ("identifier", link), ("entity", entity.map(|n| n.id.as_str()))];
        if let Some(number) = out.add(MENTION, &m.spans, features(&own, &m.attributes, m.note.as_ref())) {
            out.numbers.insert(m.id.clone(), number);
        }
    }
    for n in order::entities(document) {
        let spans = document.mentions_of(&n.id).filter_map(|m| m.spans.first()).copied();
        let span: Spans = spans.take(1).collect();
        let span = if span.is_empty() { [Span::empty(BytePos(0))].into_iter().collect() } else { span };
        let aliases = serde_json::to_string(&n.aliases).ok().filter(|_| !n.aliases.is_empty());
        let own = [
            ("key", Some(n.id.as_str())),
            ("type", Some(n.r#type.as_str())),
            ("name", Some(n.name.as_str())),
            ("aliases", aliases.as_deref()),
            ("link", n.link.as_deref()),
        ];
        if let Some(number) = out.add(ENTITY, &span, features(&own, &Attributes::new(), n.note.as_ref())) {
            out.numbers.insert(n.id.clone(), number);
        }
    }
    for e in order::events(document) {
        let own = [("kind", Some(e.r#type.as_str()))];
        if let Some(number) = out.add(EVENT, &e.trigger, features(&own, &e.attributes, e.note.as_ref())) {
            out.numbers.insert(e.id.clone(), number);
        }
    }
    for q in order::quotes(document) {
        let own = [("kind", Some(q.kind.as_str()))];
        if let Some(number) = out.add(QUOTE, &q.content, features(&own, &q.attributes, q.note.as_ref())) {
            out.numbers.insert(q.id.clone(), number);
            for span in q.cue.iter().flatten() {
                if let Some(part) = out.add(PART, &[*span].into_iter().collect(), Features::new()) {
                    out.fill(number, "cue", "cue", part);
                }
            }
        }
    }
    for e in order::events(document) {
        let Some(number) = out.numbers.get(&e.id).copied() else { continue };
        out.arguments(number, "args", &sound(document, &e.id));
        let claimed = dangling::claimed_in(document, e.claimed_in.as_ref());
        if let Some(quote) = claimed.and_then(|id| out.numbers.get(id).copied()) {
            out.fill(number, "claimedIn", "quote", quote);
        }
    }
    for q in order::quotes(document) {
        if let Some(number) = out.numbers.get(&q.id).copied() {
            out.arguments(number, "roles", &sound(document, &q.id));
        }
    }
    relations(document, &mut out);
    out
}

/// Relations between mentions are relations; all others are spans with a slot, since a layer of relations has one kind
/// of ends.
fn relations(document: &Document, out: &mut Items) {
    let is_mention = |id: &Id| document.kind_of(id) == Some(Kind::Mention);
    for r in order::relations(document) {
        let (Some(from), Some(to)) = (out.numbers.get(&r.from).copied(), out.numbers.get(&r.to).copied()) else {
            continue;
        };
        let features = features(&[("label", Some(r.label.as_str()))], &r.attributes, r.note.as_ref());
        if is_mention(&r.from) && is_mention(&r.to) {
            out.links.push(Link { features, from, to });
        } else {
            let span = out.spans.get(from).map(|item| item.span);
            if let Some(number) = out.add(LINK, &span.into_iter().collect(), features) {
                out.fill(number, "ends", "from", from);
                out.fill(number, "ends", "to", to);
            }
        }
    }
}
