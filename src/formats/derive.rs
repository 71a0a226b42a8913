//! A schema that follows from what is marked, for documents whose format brings none.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::edit::arguments_of;
use crate::model::schema::{
    AttributeKind, AttributeType, BUILTIN, EventType, MentionType, QuoteKind, QuoteType, RelationType, RoleType,
    builtin,
};
use crate::model::{AttributeValue, Attributes, Document, Schema};

/// A schema for a document: one that ships if it knows all labels, types and roles; else one made of them. `None` if the
/// document has no annotations.
pub fn schema_for(document: &Document) -> Option<Schema> {
    if document.annotation_count() == 0 {
        return None;
    }
    let shipped = BUILTIN.iter().filter_map(|(name, _)| builtin(name));
    if let Some(schema) = shipped.into_iter().find(|schema| knows(schema, document)) {
        return Some(schema.clone());
    }
    let mut schema = schema_of([document]);
    // Files with other labels have other schemas, and so other names.
    let labels = format!("{schema:?}");
    schema.name = format!("imported-{}", crate::text::hex(&Sha256::digest(labels)).get(..8).unwrap_or_default());
    Some(schema)
}

/// Whether a schema has every label, type, role and attribute of a document.
pub fn knows(schema: &Schema, document: &Document) -> bool {
    let has = |ids: &[String], attributes: &Attributes| {
        attributes.keys().all(|name| schema.attributes_of(ids).any(|a| &a.name == name))
    };
    let mentions = document
        .mentions()
        .values()
        .all(|m| schema.mention(&m.label).is_some_and(|known| has(&known.attributes, &m.attributes)));
    let entities = document.entities().values().all(|n| schema.mention(&n.r#type).is_some());
    let events = document.events().values().all(|e| {
        schema.event(&e.r#type).is_some_and(|known| {
            has(&known.attributes, &e.attributes) && e.arguments.iter().all(|a| known.role(&a.role).is_some())
        })
    });
    let quotes = document.quotes().values().all(|q| {
        schema.quotes.as_ref().is_some_and(|known| {
            has(&known.attributes, &q.attributes)
                && known.kinds.iter().any(|kind| kind.kind == q.kind)
                && arguments_of(document, &q.id).iter().all(|a| known.role(&a.role).is_some())
        })
    });
    let relations = document
        .relations()
        .values()
        .all(|r| schema.relation(&r.label).is_some_and(|known| has(&known.attributes, &r.attributes)));
    mentions && entities && events && quotes && relations
}

/// The values that were seen of each attribute, by its name.
type Seen = BTreeMap<String, (bool, BTreeSet<String>, bool)>;

/// Whether a schema can have a label, or an attribute, of this name: one that is blank cannot be chosen or shown.
fn is_name(name: &str) -> bool {
    !name.trim().is_empty()
}

/// Notes what values attributes have; gives their names.
fn note(seen: &mut Seen, names: &mut BTreeSet<String>, attributes: &Attributes) {
    for (name, value) in attributes.iter().filter(|(name, _)| is_name(name)) {
        names.insert(name.clone());
        let (is_flag, values, is_multiple) = seen.entry(name.clone()).or_insert((true, BTreeSet::new(), false));
        *is_flag &= matches!(value, AttributeValue::Flag(_));
        *is_multiple |= matches!(value, AttributeValue::List(_));
        values.extend(value.texts().into_iter().map(str::to_owned));
    }
}

/// More values than these are a text, not a choice.
const MOST_VALUES: usize = 20;

fn attribute_types(seen: Seen) -> Vec<AttributeType> {
    let one = |(name, (is_flag, values, multiple)): (String, (bool, BTreeSet<String>, bool))| AttributeType {
        id: name.clone(),
        name,
        kind: match is_flag {
            true => AttributeKind::Flag,
            // Of an empty list of values it is not known what they might be.
            false if values.is_empty() || values.len() > MOST_VALUES => AttributeKind::Text,
            false => AttributeKind::Choice,
        },
        values: if is_flag || values.len() > MOST_VALUES { Vec::new() } else { values.into_iter().collect() },
        value_definitions: BTreeMap::new(),
        multiple: multiple && !is_flag,
        default: None,
        definition: String::new(),
    };
    seen.into_iter().map(one).collect()
}

fn roles(names: BTreeSet<String>) -> Vec<RoleType> {
    let role = |role| RoleType { role, fillers: Vec::new(), min: 0, max: None, definition: String::new() };
    names.into_iter().map(role).collect()
}

/// A schema of every label, type, role and attribute that documents have and that is not blank. Roles take anything.
pub fn schema_of<'a>(documents: impl IntoIterator<Item = &'a Document>) -> Schema {
    let mut seen = Seen::new();
    let (mut mentions, mut events, mut relations) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let (mut kinds, mut quote_roles, mut quote_attributes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for document in documents {
        for m in document.mentions().values() {
            note(&mut seen, mentions.entry(m.label.to_string()).or_insert_with(BTreeSet::new), &m.attributes);
        }
        for n in document.entities().values() {
            mentions.entry(n.r#type.to_string()).or_insert_with(BTreeSet::new);
        }
        for e in document.events().values() {
            let known = events.entry(e.r#type.to_string()).or_insert_with(|| (BTreeSet::new(), BTreeSet::new()));
            known.0.extend(e.arguments.iter().map(|a| a.role.to_string()));
            note(&mut seen, &mut known.1, &e.attributes);
        }
        for q in document.quotes().values() {
            kinds.insert(q.kind.to_string());
            quote_roles.extend(arguments_of(document, &q.id).into_iter().map(|a| a.role.to_string()));
            note(&mut seen, &mut quote_attributes, &q.attributes);
        }
        for r in document.relations().values() {
            note(&mut seen, relations.entry(r.label.to_string()).or_insert_with(BTreeSet::new), &r.attributes);
        }
    }
    mentions.retain(|label, _| is_name(label));
    events.retain(|label, _| is_name(label));
    relations.retain(|label, _| is_name(label));
    let mut schema = Schema::empty("imported", 1);
    schema.title = "Labels of the imported file".into();
    schema.mentions = mentions.into_iter().map(|(label, names)| mention_type(label, names)).collect();
    schema.events =
        events.into_iter().map(|(r#type, (names, attributes))| event_type(r#type, names, attributes)).collect();
    schema.relations = relations.into_iter().map(|(label, names)| relation_type(label, names)).collect();
    schema.quotes = (!kinds.is_empty()).then(|| QuoteType {
        color: None,
        definition: "Words of somebody".into(),
        examples: Vec::new(),
        kinds: kinds.into_iter().map(quote_kind).collect(),
        roles: roles(quote_roles.into_iter().chain(["Speaker".into(), "Addressee".into()]).collect()),
        attributes: quote_attributes.into_iter().collect(),
    });
    schema.attributes = attribute_types(seen);
    schema
}

fn mention_type(label: String, attributes: BTreeSet<String>) -> MentionType {
    MentionType {
        definition: format!("{label}, as in the imported file"),
        label,
        color: None,
        key: None,
        examples: Vec::new(),
        attributes: attributes.into_iter().collect(),
        needs_entity: false,
    }
}

fn event_type(r#type: String, names: BTreeSet<String>, attributes: BTreeSet<String>) -> EventType {
    EventType {
        definition: [&r#type, ", as in the imported file"].concat(),
        r#type,
        group: None,
        color: None,
        key: None,
        examples: Vec::new(),
        roles: roles(names),
        attributes: attributes.into_iter().collect(),
    }
}

fn relation_type(label: String, attributes: BTreeSet<String>) -> RelationType {
    RelationType {
        definition: format!("{label}, as in the imported file"),
        label,
        from: Vec::new(),
        to: Vec::new(),
        symmetric: false,
        examples: Vec::new(),
        attributes: attributes.into_iter().collect(),
    }
}

fn quote_kind(kind: String) -> QuoteKind {
    QuoteKind { definition: format!("{kind}, as in the imported file"), kind, examples: Vec::new(), needs_cue: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::test_support;
    use proptest::prelude::*;

    /// Without the annotations and attributes whose names are blank.
    fn named(mut document: Document) -> Document {
        let keep = |attributes: &mut Attributes| attributes.retain(|name, _| is_name(name));
        document.entities.retain(|_, a| is_name(&a.r#type));
        document.mentions.retain(|_, a| is_name(&a.label));
        document.events.retain(|_, a| is_name(&a.r#type));
        document.relations.retain(|_, a| is_name(&a.label));
        document.mentions.for_each_mut(|a| keep(&mut a.attributes));
        document.events.for_each_mut(|a| keep(&mut a.attributes));
        document.quotes.for_each_mut(|a| keep(&mut a.attributes));
        document.relations.for_each_mut(|a| keep(&mut a.attributes));
        document
    }

    proptest! {
        #[test]
        fn the_derived_schema_is_right_and_knows_the_document(document in test_support::document()) {
            let schema = schema_of([&document]);
            let ron = ron::ser::to_string_pretty(&schema, ron::ser::PrettyConfig::default()).expect("plain");
            prop_assert_eq!(Schema::parse(&ron, None), Ok(schema.clone()), "it is kept as a file");
            prop_assert!(knows(&schema, &named(document)));
        }
    }
}
