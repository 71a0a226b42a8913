//! From a document to the structures of layers.

use std::collections::{BTreeMap, BTreeSet};

use super::header::{self, Features};
use super::store::{Cas, Structure, Value};
use super::{
    ENTITY, EVENT, FILLER, INFO, LABEL, LINK, MENTION, METADATA, PART, QUOTE, RELATION, SENTENCE, TOKEN, names, types,
};
use crate::edit::arguments_of;
use crate::formats::dangling::{self, is_sound};
use crate::formats::order;
use crate::model::{Argument, AttributeValue, Attributes, Document, Filler, Id, Kind};
use crate::text::{BytePos, Span, Spans};

/// The id of the structure with the text.
const TEXT: u64 = 1;

struct Writer<'a> {
    document: &'a Document,
    structures: Vec<Structure>,
    numbers: BTreeMap<Id, u64>,
}

/// The structures of a document; names of its types come later, when all documents of a folder are known.
pub fn of(document: &Document, name: &str) -> Cas {
    let mut writer = Writer { document, structures: Vec::new(), numbers: BTreeMap::new() };
    writer.all(name);
    Cas { structures: writer.structures, ..Cas::default() }
}

/// Flags of features that hold texts elsewhere become texts: a feature takes one kind of value.
pub fn settle(all: &mut [Cas]) {
    let mut texts: BTreeSet<(String, String)> = BTreeSet::new();
    for structure in all.iter().flat_map(|cas| &cas.structures) {
        for (name, value) in &structure.features {
            if matches!(value, Value::Text(_)) {
                texts.insert((structure.r#type.clone(), name.clone()));
            }
        }
    }
    for structure in all.iter_mut().flat_map(|cas| &mut cas.structures) {
        let mut flags = Vec::new();
        for (name, value) in &mut structure.features {
            if let Value::Flag(flag) = value
                && texts.contains(&(structure.r#type.clone(), name.clone()))
            {
                *value = Value::Text(flag.to_string());
                flags.push(format!("{name}:flag"));
            }
        }
        if !flags.is_empty() {
            let known = structure.text("forms").map(str::to_owned);
            let mut forms: Vec<String> = known.into_iter().chain(flags).collect();
            forms.sort();
            structure.features.insert("forms".into(), Value::Text(forms.join(" ")));
        }
    }
}

fn features(own: &[(&str, Option<&str>)], attributes: &Attributes, note: Option<&String>) -> Features {
    let text = |text: &str| Value::Text(text.to_owned());
    let mut all: Features =
        own.iter().filter_map(|(name, value)| Some(((*name).to_owned(), text((*value)?)))).collect();
    let mut forms = Vec::new();
    for (name, value) in attributes {
        let name = names::feature(name);
        let value = match value {
            AttributeValue::Flag(flag) => Value::Flag(*flag),
            AttributeValue::Text(value) => text(value),
            AttributeValue::List(list) => {
                forms.push(format!("{name}:list"));
                text(&serde_json::to_string(list).unwrap_or_default())
            }
        };
        all.insert(name, value);
    }
    if !forms.is_empty() {
        all.insert("forms".into(), text(&forms.join(" ")));
    }
    all.extend(note.map(|note| ("note".to_owned(), text(note))));
    all
}

impl Writer<'_> {
    fn push(&mut self, r#type: &str, sofa: Option<u64>, span: Option<Span>, features: Features) -> u64 {
        let id = self.structures.len() as u64 + 1;
        let text = self.document.text();
        let position = |at: BytePos| u64::from(text.utf16_of(at).0);
        self.structures.push(Structure {
            id,
            r#type: r#type.to_owned(),
            sofa,
            begin: span.map(|span| position(span.start)),
            end: span.map(|span| position(span.end)),
            features,
            line: None,
        });
        id
    }

    /// Adds an annotation; further spans are parts of it.
    fn add(&mut self, layer: &str, spans: &[Span], features: Features) -> Option<u64> {
        let mut spans: Spans = spans.iter().copied().collect();
        crate::text::normalise(&mut spans);
        let (first, rest) = spans.split_first()?;
        let id = self.push(layer, Some(TEXT), Some(*first), features);
        for span in rest {
            let part = self.push(PART, Some(TEXT), Some(*span), Features::new());
            self.fill(id, "parts", "part", part);
        }
        Some(id)
    }

    fn get(&mut self, id: u64) -> Option<&mut Structure> {
        self.structures.get_mut(usize::try_from(id.checked_sub(1)?).ok()?)
    }

    /// Fills a slot with a link.
    fn fill(&mut self, owner: u64, slot: &str, role: &str, target: u64) {
        let Some(layer) = self.get(owner).map(|owner| owner.short().to_owned()) else { return };
        let (first, rest) = slot.split_at(1.min(slot.len()));
        let r#type = format!("webanno.custom.{layer}{}{rest}Link", first.to_uppercase());
        let features = [("role".to_owned(), Value::Text(role.to_owned())), ("target".to_owned(), Value::Ref(target))];
        let link = self.push(&r#type, None, None, features.into());
        if let Some(owner) = self.get(owner) {
            match owner.features.entry(slot.to_owned()).or_insert_with(|| Value::Refs(Vec::new())) {
                Value::Refs(links) => links.push(link),
                other => *other = Value::Refs(vec![link]),
            }
        }
    }

    fn arguments(&mut self, owner: u64, slot: &str, arguments: &[Argument], start: BytePos) {
        for argument in arguments {
            let filler = match &argument.filler {
                Filler::Mention(id) | Filler::Event(id) => self.numbers.get(id).copied(),
                Filler::Span(spans) => self.add(FILLER, spans, Features::new()),
                Filler::Implicit(words) => {
                    let features = [("implicit".to_owned(), Value::Text(words.clone()))].into();
                    self.add(FILLER, &[Span::empty(start)], features)
                }
            };
            if let Some(filler) = filler {
                self.fill(owner, slot, &argument.role, filler);
            }
        }
    }

    fn all(&mut self, name: &str) {
        let document = self.document;
        let text = document.text();
        let sofa = [
            ("sofaNum".to_owned(), Value::Number("1".into())),
            ("sofaID".to_owned(), Value::Text("_InitialView".into())),
            ("mimeType".to_owned(), Value::Text("text".into())),
            ("sofaString".to_owned(), Value::Text(text.as_str().to_owned())),
        ];
        self.push(types::SOFA, None, None, sofa.into());
        let whole = Span::new(BytePos(0), text.end());
        self.push(METADATA, Some(TEXT), Some(whole), header::metadata(document, name));
        self.push(INFO, Some(TEXT), None, header::info(document));
        for label in header::labels(document) {
            self.push(LABEL, Some(TEXT), None, label);
        }
        for token in text.tokens() {
            self.push(TOKEN, Some(TEXT), Some(*token), Features::new());
        }
        for sentence in text.sentences() {
            self.push(SENTENCE, Some(TEXT), Some(*sentence), Features::new());
        }
        for n in order::entities(document) {
            let aliases = serde_json::to_string(&n.aliases).ok().filter(|_| !n.aliases.is_empty());
            let own = [
                ("key", Some(n.id.as_str())),
                ("kind", Some(n.r#type.as_str())),
                ("name", Some(n.name.as_str())),
                ("aliases", aliases.as_deref()),
                ("identifier", n.link.as_deref()),
            ];
            self.push(ENTITY, Some(TEXT), None, features(&own, &Attributes::new(), n.note.as_ref()));
        }
        for m in order::mentions(document) {
            let entity = m.entity.as_ref().and_then(|id| document.entities().get(id));
            let link = entity.and_then(|n| n.link.as_deref());
            let own =
                [("value", Some(m.label.as_str())), ("identifier", link), ("entity", entity.map(|n| n.id.as_str()))];
            let number = self.add(MENTION, &m.spans, features(&own, &m.attributes, m.note.as_ref()));
            self.numbers.extend(number.map(|number| (m.id.clone(), number)));
        }
        for e in order::events(document) {
            let own = [("kind", Some(e.r#type.as_str()))];
            let number = self.add(EVENT, &e.trigger, features(&own, &e.attributes, e.note.as_ref()));
            self.numbers.extend(number.map(|number| (e.id.clone(), number)));
        }
        for q in order::quotes(document) {
            let own = [("kind", Some(q.kind.as_str()))];
            let number = self.add(QUOTE, &q.content, features(&own, &q.attributes, q.note.as_ref()));
            let Some(number) = number else { continue };
            self.numbers.insert(q.id.clone(), number);
            for span in q.cue.iter().flatten() {
                if let Some(part) = self.add(PART, &[*span], Features::new()) {
                    self.fill(number, "cue", "cue", part);
                }
            }
        }
        self.connect();
        for r in order::relations(document) {
            self.relation(r);
        }
    }

    fn connect(&mut self) {
        let document = self.document;
        let sound = |id: &Id| -> Vec<Argument> {
            arguments_of(document, id).into_iter().filter(|a| is_sound(document, &a.filler)).collect()
        };
        let start = |spans: &[Span]| spans.iter().map(|span| span.start).min().unwrap_or(BytePos(0));
        for e in order::events(document) {
            let Some(number) = self.numbers.get(&e.id).copied() else { continue };
            self.arguments(number, "args", &sound(&e.id), start(&e.trigger));
            let claimed = dangling::claimed_in(document, e.claimed_in.as_ref());
            if let Some(quote) = claimed.and_then(|id| self.numbers.get(id).copied()) {
                self.fill(number, "claimedIn", "quote", quote);
            }
        }
        for q in order::quotes(document) {
            if let Some(number) = self.numbers.get(&q.id).copied() {
                self.arguments(number, "roles", &sound(&q.id), start(&q.content));
            }
        }
    }

    /// Relations between mentions are relations; all others are links, since a layer of relations has one kind of ends.
    fn relation(&mut self, r: &crate::model::Relation) {
        let document = self.document;
        if !dangling::has_place(document, &r.from) || !dangling::has_place(document, &r.to) {
            return;
        }
        let mut all = features(&[("label", Some(r.label.as_str()))], &r.attributes, r.note.as_ref());
        let kinds = (document.kind_of(&r.from), document.kind_of(&r.to));
        let ends = (self.numbers.get(&r.from).copied(), self.numbers.get(&r.to).copied());
        if let ((Some(Kind::Mention), Some(Kind::Mention)), (Some(from), Some(to))) = (kinds, ends) {
            let span = document.spans_of(&r.to).iter().copied().min();
            all.insert("Governor".into(), Value::Ref(from));
            all.insert("Dependent".into(), Value::Ref(to));
            self.push(RELATION, Some(TEXT), span, all);
            return;
        }
        for (kind, id, feature) in [(kinds.0, &r.from, "fromEntity"), (kinds.1, &r.to, "toEntity")] {
            if kind == Some(Kind::Entity) {
                all.insert(feature.to_owned(), Value::Text(id.as_str().to_owned()));
            }
        }
        let from = document.spans_of(&r.from).iter().copied().min();
        let span = from.unwrap_or(Span::empty(BytePos(0)));
        let number = self.push(LINK, Some(TEXT), Some(span), all);
        for (role, end) in [("from", ends.0), ("to", ends.1)] {
            if let Some(end) = end {
                self.fill(number, "ends", role, end);
            }
        }
    }
}
