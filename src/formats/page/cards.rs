//! Entities, events, quotes and relations in words: one card each.

use super::view::{Shared, shown_label};
use crate::edit::arguments_of;
use crate::formats::order;
use crate::model::{Attributes, Entity, Filler, Id, Kind};

/// Words, with what more is known of them, and the place of the page where they stand.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// The words.
    pub words: String,
    /// What they refer to, if the words do not say so.
    pub more: String,
    /// The anchor of what they name; empty if there is none.
    pub to: String,
}

/// A line of a card.
#[derive(Clone, Debug)]
pub struct Row {
    /// Role, attribute or field.
    pub name: String,
    /// What it is.
    pub values: Vec<Value>,
}

/// What is known of one annotation.
#[derive(Clone, Debug)]
pub struct Card {
    /// The place of the card, unique on the page.
    pub anchor: String,
    /// Which of the styles.
    pub style: usize,
    /// Label, type or kind.
    pub tag: String,
    /// Name, trigger or words.
    pub head: Value,
    /// The rest.
    pub rows: Vec<Row>,
}

/// Cards of one kind.
#[derive(Clone, Debug)]
pub struct Section {
    /// What they are.
    pub title: &'static str,
    /// Whether the heads are quotations.
    pub is_quoted: bool,
    /// At least one.
    pub cards: Vec<Card>,
}

/// All sections that have cards.
pub fn sections(shared: &Shared<'_>) -> Vec<Section> {
    let sections = [
        ("Entities", false, entities(shared)),
        ("Events", false, events(shared)),
        ("Quotes", true, quotes(shared)),
        ("Relations", false, relations(shared)),
        ("Remarks on mentions", false, mentions(shared)),
    ];
    let section = |(title, is_quoted, cards): (&'static str, bool, Vec<Card>)| Section { title, is_quoted, cards };
    sections.into_iter().map(section).filter(|section| !section.cards.is_empty()).collect()
}

/// The name by which what fills a role is known.
pub fn name_of_filler(shared: &Shared<'_>, filler: &Filler) -> String {
    let value = of_filler(shared, filler);
    if value.more.is_empty() { value.words } else { value.more }
}

fn name_of(entity: &Entity) -> String {
    if entity.name.trim().is_empty() { format!("({})", entity.id) } else { entity.name.clone() }
}

fn or_no_words(words: String) -> String {
    if words.trim().is_empty() { "(no words)".to_owned() } else { words }
}

fn plain(words: &str) -> Value {
    Value { words: words.to_owned(), ..Value::default() }
}

/// An annotation of any kind, named.
fn of_id(shared: &Shared<'_>, id: &Id) -> Value {
    let document = shared.document;
    let Some(kind) = document.kind_of(id) else {
        return plain(&format!("({id}: nothing has this identifier)"));
    };
    let to = match kind {
        Kind::Mention => shared.anchor(kind, id).to_owned(),
        _ => format!("card-{}", shared.anchor(kind, id)),
    };
    if let Some(entity) = document.entities().get(id) {
        return Value { words: name_of(entity), more: String::new(), to };
    }
    let words = or_no_words(document.excerpt_of(id));
    let entity = document.mentions().get(id).and_then(|m| m.entity.as_ref()).and_then(|n| document.entities().get(n));
    let more = match kind {
        Kind::Event => shown_label(document.label_of(id)),
        _ => entity.map(name_of).filter(|name| *name != words).unwrap_or_default(),
    };
    Value { words, more, to }
}

fn of_filler(shared: &Shared<'_>, filler: &Filler) -> Value {
    match filler {
        Filler::Mention(id) | Filler::Event(id) => of_id(shared, id),
        Filler::Span(spans) => plain(&or_no_words(shared.document.text().excerpt(spans))),
        Filler::Implicit(words) => Value { more: "not in the text".into(), ..plain(&or_no_words(words.clone())) },
    }
}

fn rows_of_roles(shared: &Shared<'_>, id: &Id, rows: &mut Vec<Row>) {
    for argument in arguments_of(shared.document, id) {
        let value = of_filler(shared, &argument.filler);
        let name = shown_label(&argument.role);
        match rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.values.push(value),
            None => rows.push(Row { name, values: vec![value] }),
        }
    }
}

fn rows_of_fields(attributes: &Attributes, note: Option<&String>, rows: &mut Vec<Row>) {
    for (name, value) in attributes {
        rows.push(Row { name: shown_label(name), values: vec![plain(&value.texts().join(", "))] });
    }
    rows.extend(note.map(|note| Row { name: "Note".into(), values: vec![plain(note)] }));
}

fn card(shared: &Shared<'_>, kind: Kind, id: &Id, label: &str, head: Value, rows: Vec<Row>) -> Card {
    Card {
        anchor: format!("card-{}", shared.anchor(kind, id)),
        style: shared.style(kind, label),
        tag: shown_label(label),
        head,
        rows,
    }
}

fn entities(shared: &Shared<'_>) -> Vec<Card> {
    let one = |n: &Entity| {
        let mut rows = Vec::new();
        if !n.aliases.is_empty() {
            rows.push(Row { name: "Also".into(), values: vec![plain(&n.aliases.join(", "))] });
        }
        rows.extend(n.link.as_ref().map(|link| Row { name: "Link".into(), values: vec![plain(link)] }));
        let mut mentions: Vec<Value> = Vec::new();
        for m in shared.document.mentions_of(&n.id) {
            let words = or_no_words(shared.document.excerpt_of(&m.id));
            mentions.push(Value { words, more: String::new(), to: shared.anchor(Kind::Mention, &m.id).to_owned() });
        }
        if !mentions.is_empty() {
            rows.push(Row { name: format!("Mentions ({})", mentions.len()), values: mentions });
        }
        rows_of_fields(&Attributes::new(), n.note.as_ref(), &mut rows);
        card(shared, Kind::Entity, &n.id, &n.r#type, plain(&name_of(n)), rows)
    };
    order::entities(shared.document).into_iter().map(one).collect()
}

fn events(shared: &Shared<'_>) -> Vec<Card> {
    let one = |e: &crate::model::Event| {
        let mut rows = Vec::new();
        rows_of_roles(shared, &e.id, &mut rows);
        if let Some(quote) = &e.claimed_in {
            rows.push(Row { name: "Claimed in".into(), values: vec![of_id(shared, quote)] });
        }
        rows_of_fields(&e.attributes, e.note.as_ref(), &mut rows);
        let words = or_no_words(shared.document.excerpt_of(&e.id));
        let head = Value { words, more: String::new(), to: shared.anchor(Kind::Event, &e.id).to_owned() };
        card(shared, Kind::Event, &e.id, &e.r#type, head, rows)
    };
    order::events(shared.document).into_iter().map(one).collect()
}

fn quotes(shared: &Shared<'_>) -> Vec<Card> {
    let text = shared.document.text();
    let one = |q: &crate::model::Quote| {
        let mut rows = Vec::new();
        rows_of_roles(shared, &q.id, &mut rows);
        let cue = q.cue.as_ref().map(|cue| plain(&or_no_words(text.excerpt(cue))));
        rows.extend(cue.map(|cue| Row { name: "Cue".into(), values: vec![cue] }));
        rows_of_fields(&q.attributes, q.note.as_ref(), &mut rows);
        let words = or_no_words(text.excerpt(&q.content));
        let head = Value { words, more: String::new(), to: shared.anchor(Kind::Quote, &q.id).to_owned() };
        card(shared, Kind::Quote, &q.id, &q.kind, head, rows)
    };
    order::quotes(shared.document).into_iter().map(one).collect()
}

fn relations(shared: &Shared<'_>) -> Vec<Card> {
    let one = |r: &crate::model::Relation| {
        let mut rows = vec![Row { name: "To".into(), values: vec![of_id(shared, &r.to)] }];
        rows_of_fields(&r.attributes, r.note.as_ref(), &mut rows);
        card(shared, Kind::Relation, &r.id, &r.label, of_id(shared, &r.from), rows)
    };
    order::relations(shared.document).into_iter().map(one).collect()
}

/// Mentions of which more is known than their label and their entity.
fn mentions(shared: &Shared<'_>) -> Vec<Card> {
    let one = |m: &crate::model::Mention| {
        let mut rows = Vec::new();
        let dangling = m.entity.as_ref().filter(|n| !shared.document.entities().contains_key(n));
        rows.extend(dangling.map(|n| Row { name: "Entity".into(), values: vec![of_id(shared, n)] }));
        rows_of_fields(&m.attributes, m.note.as_ref(), &mut rows);
        let head = of_id(shared, &m.id);
        (!rows.is_empty()).then(|| card(shared, Kind::Mention, &m.id, &m.label, head, rows))
    };
    order::mentions(shared.document).into_iter().filter_map(one).collect()
}
