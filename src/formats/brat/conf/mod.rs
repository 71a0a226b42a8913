//! `annotation.conf` and schemas.
//!
//! What the configuration cannot say is not kept: definitions, examples, keys. Colours go to `visual.conf`. A file that is
//! what a schema of the program is written as is read as that schema again.

mod read;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

pub use read::read;
pub use write::{annotation, visual};

use crate::formats::{Named, derive};
use crate::model::schema::{AttributeKind, RoleType};
use crate::model::{Attributes, Document, Schema};

/// The schema of a collection: those of its documents in one, with every label that the documents have.
pub fn of(documents: &[Named<'_>]) -> Schema {
    let mut schemas: Vec<&Schema> = Vec::new();
    for schema in documents.iter().filter_map(|named| named.schema) {
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    let mut all = schemas.first().map_or_else(|| Schema::empty("collection", 1), |schema| (*schema).clone());
    for other in schemas.iter().skip(1) {
        join(&mut all, other);
    }
    for named in documents {
        if !derive::knows(&all, named.document) {
            join(&mut all, &derive::schema_of([named.document]));
        }
    }
    add_values(&mut all, documents.iter().map(|named| named.document));
    all
}

/// brat knows no free text: every value that is there is one that can be chosen.
fn add_values<'a>(schema: &mut Schema, documents: impl Iterator<Item = &'a Document>) {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut note = |attributes: &'a Attributes| {
        for (name, value) in attributes {
            seen.entry(name).or_default().extend(value.texts());
        }
    };
    for document in documents {
        document.mentions().values().for_each(|a| note(&a.attributes));
        document.events().values().for_each(|a| note(&a.attributes));
        document.quotes().values().for_each(|a| note(&a.attributes));
    }
    for attribute in schema.attributes.iter_mut().filter(|a| a.kind != AttributeKind::Flag) {
        for value in seen.get(attribute.name.as_str()).into_iter().flatten() {
            if !attribute.values.iter().any(|known| known == value) {
                attribute.values.push((*value).to_owned());
            }
        }
    }
}

/// Adds to a schema what another has more.
pub fn join(into: &mut Schema, other: &Schema) {
    for attribute in &other.attributes {
        match into.attributes.iter_mut().find(|known| known.id == attribute.id) {
            None => into.attributes.push(attribute.clone()),
            Some(known) => {
                add(&mut known.values, &attribute.values);
                known.multiple |= attribute.multiple;
                if known.kind == AttributeKind::Flag && attribute.kind != AttributeKind::Flag {
                    known.kind = attribute.kind;
                }
            }
        }
    }
    for mention in &other.mentions {
        // A type of events is no label of mentions as well.
        let is_event = into.event(&mention.label).is_some();
        match into.mentions.iter_mut().find(|known| known.label == mention.label) {
            None if is_event => {}
            None => into.mentions.push(mention.clone()),
            Some(known) => add(&mut known.attributes, &mention.attributes),
        }
    }
    for event in &other.events {
        let is_mention = into.mention(&event.r#type).is_some();
        match into.events.iter_mut().find(|known| known.r#type == event.r#type) {
            None if is_mention => {}
            None => into.events.push(event.clone()),
            Some(known) => {
                add(&mut known.attributes, &event.attributes);
                add_roles(&mut known.roles, &event.roles);
            }
        }
    }
    for relation in &other.relations {
        match into.relations.iter_mut().find(|known| known.label == relation.label) {
            None => into.relations.push(relation.clone()),
            Some(known) => add(&mut known.attributes, &relation.attributes),
        }
    }
    match (&mut into.quotes, &other.quotes) {
        (Some(known), Some(more)) => {
            add(&mut known.attributes, &more.attributes);
            add_roles(&mut known.roles, &more.roles);
            for kind in &more.kinds {
                if known.kinds.iter().all(|k| k.kind != kind.kind) {
                    known.kinds.push(kind.clone());
                }
            }
        }
        (into @ None, Some(more)) => *into = Some(more.clone()),
        (_, None) => {}
    }
    for (group, members) in &other.groups {
        into.groups.entry(group.clone()).or_insert_with(|| members.clone());
    }
}

fn add(known: &mut Vec<String>, more: &[String]) {
    for name in more {
        if !known.contains(name) {
            known.push(name.clone());
        }
    }
}

fn add_roles(known: &mut Vec<RoleType>, more: &[RoleType]) {
    for role in more {
        if known.iter().all(|k| k.role != role.role) {
            known.push(role.clone());
        }
    }
}

/// Names a schema by what is in it: folders with other labels have other schemas.
pub fn rename(schema: &mut Schema) {
    schema.name = String::new();
    let digest = crate::text::hex(&Sha256::digest(format!("{schema:?}")));
    schema.name = format!("brat-{}", digest.get(..8).unwrap_or_default());
}
