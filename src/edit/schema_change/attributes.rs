//! What a step makes of the attributes of a schema and of the lists that name them.

use std::collections::BTreeSet;

use super::definition::{Result, push_new, taken, unknown};
use super::{LabelKind, Owner, SchemaChangeError};
use crate::model::Schema;
use crate::model::schema::{AttributeKind, AttributeType};

/// The ids of attributes that annotations of a label may have.
pub fn owner_attributes<'s>(schema: &'s Schema, of: &LabelKind, label: &str) -> Result<&'s [String]> {
    let found = match of {
        LabelKind::Mention => schema.mention(label).map(|m| &m.attributes),
        LabelKind::Event => schema.event(label).map(|e| &e.attributes),
        LabelKind::Relation => schema.relation(label).map(|r| &r.attributes),
        LabelKind::QuoteKind => schema.quotes.as_ref().map(|q| &q.attributes),
        LabelKind::DocumentGroup | LabelKind::DocumentValue(_) => {
            let message = "labels of the document have no attributes, so they cannot be split by one".to_owned();
            return Err(SchemaChangeError::Impossible(message));
        }
    };
    found.map(Vec::as_slice).ok_or_else(|| unknown(of.words(), label))
}

pub fn owner_attributes_mut<'s>(schema: &'s mut Schema, of: &LabelKind, label: &str) -> Option<&'s mut Vec<String>> {
    match of {
        LabelKind::Mention => schema.mentions.iter_mut().find(|m| m.label == label).map(|m| &mut m.attributes),
        LabelKind::Event => schema.events.iter_mut().find(|e| e.r#type == label).map(|e| &mut e.attributes),
        LabelKind::Relation => schema.relations.iter_mut().find(|r| r.label == label).map(|r| &mut r.attributes),
        _ => None,
    }
}

/// The lists of attributes of everything that may have some.
fn attribute_lists(schema: &mut Schema) -> impl Iterator<Item = (Owner, &mut Vec<String>)> {
    let mentions = schema.mentions.iter_mut().map(|m| (Owner::Mention(m.label.clone()), &mut m.attributes));
    let events = schema.events.iter_mut().map(|e| (Owner::Event(e.r#type.clone()), &mut e.attributes));
    let relations = schema.relations.iter_mut().map(|r| (Owner::Relation(r.label.clone()), &mut r.attributes));
    let quotes = schema.quotes.iter_mut().map(|q| (Owner::Quotes, &mut q.attributes));
    mentions.chain(events).chain(relations).chain(quotes)
}

pub fn used_attributes(schema: &Schema) -> BTreeSet<String> {
    let lists = (schema.mentions.iter().map(|m| &m.attributes))
        .chain(schema.events.iter().map(|e| &e.attributes))
        .chain(schema.relations.iter().map(|r| &r.attributes))
        .chain(schema.quotes.iter().map(|q| &q.attributes));
    lists.flatten().cloned().collect()
}

fn uses(schema: &mut Schema, id: &str) -> usize {
    attribute_lists(schema).filter(|(_, list)| list.iter().any(|known| known == id)).count()
}

pub fn attribute_mut<'s>(schema: &'s mut Schema, id: &str) -> Result<&'s mut AttributeType> {
    schema.attributes.iter_mut().find(|a| a.id == id).ok_or_else(|| unknown("attribute", id))
}

pub fn rename_attribute(schema: &mut Schema, id: &str, to: &str) -> Result<()> {
    if to.trim().is_empty() {
        return Err(SchemaChangeError::Impossible("an attribute needs a name".into()));
    }
    let name = attribute_mut(schema, id)?.name.clone();
    let namesakes: Vec<String> =
        schema.attributes.iter().filter(|a| a.name == to && a.id != id).map(|a| a.id.clone()).collect();
    let clash = attribute_lists(schema)
        .find(|(_, list)| list.iter().any(|known| known == id) && list.iter().any(|known| namesakes.contains(known)));
    if clash.is_some() || name == to {
        return Err(taken("attribute", to));
    }
    to.clone_into(&mut attribute_mut(schema, id)?.name);
    Ok(())
}

pub fn merge_attributes(schema: &mut Schema, from: &str, into: &str) -> Result<()> {
    if from == into {
        return Err(SchemaChangeError::Impossible(format!("{into} cannot be merged into itself")));
    }
    let gone = attribute_mut(schema, from)?.clone();
    let stays = attribute_mut(schema, into)?;
    *stays = united(stays.clone(), gone);
    for (_, list) in attribute_lists(schema).filter(|(_, list)| list.iter().any(|id| id == from)) {
        let mut seen = BTreeSet::new();
        let all = list.iter().map(|id| if id == from { into } else { id.as_str() });
        *list = all.filter(|id| seen.insert(*id)).map(str::to_owned).collect();
    }
    schema.attributes.retain(|a| a.id != from);
    Ok(())
}

pub fn delete_attribute(schema: &mut Schema, id: &str, of: Option<&Owner>) -> Result<()> {
    attribute_mut(schema, id)?;
    let mut is_found = of.is_none();
    for (_, list) in attribute_lists(schema).filter(|(owner, _)| of.is_none_or(|of| of == owner)) {
        is_found |= list.iter().any(|known| known == id);
        list.retain(|known| known != id);
    }
    if !is_found {
        return Err(unknown("attribute there", id));
    }
    if of.is_none() {
        schema.attributes.retain(|a| a.id != id);
    }
    Ok(())
}

pub fn merge_values(schema: &mut Schema, attribute: &str, from: &[String], into: &str) -> Result<()> {
    let attribute = attribute_mut(schema, attribute)?;
    for value in from {
        if value == into {
            return Err(SchemaChangeError::Impossible(format!("{into} cannot be merged into itself")));
        }
        let Some(at) = attribute.values.iter().position(|known| known == value) else {
            // Free text may say anything.
            if attribute.kind == AttributeKind::Text {
                continue;
            }
            return Err(unknown("value", value));
        };
        if attribute.values.iter().any(|known| known == into) {
            attribute.values.remove(at);
        } else {
            into.clone_into(&mut attribute.values[at]);
        }
        if let Some(meaning) = attribute.value_definitions.remove(value) {
            attribute.value_definitions.entry(into.to_owned()).or_insert(meaning);
        }
        if attribute.default.as_ref() == Some(value) {
            attribute.default = Some(into.to_owned());
        }
    }
    Ok(())
}

pub fn delete_value(schema: &mut Schema, attribute: &str, value: &str) -> Result<()> {
    let attribute = attribute_mut(schema, attribute)?;
    if attribute.kind != AttributeKind::Text && !attribute.values.iter().any(|known| known == value) {
        return Err(unknown("value", value));
    }
    attribute.values.retain(|known| known != value);
    attribute.value_definitions.remove(value);
    attribute.default.take_if(|default| default == value);
    Ok(())
}

/// The attributes of two labels that become one. Of two with one name, files cannot tell: they become one, with the values of
/// both.
pub fn united_attributes(schema: &mut Schema, stays: Vec<String>, gone: &[String], label: &str) -> Vec<String> {
    let mut all = stays;
    for id in gone {
        let Some(other) = schema.attribute(id).cloned() else { continue };
        let same = all.iter().position(|known| schema.attribute(known).is_some_and(|known| known.name == other.name));
        let Some(at) = same else {
            all.push(id.clone());
            continue;
        };
        if all[at] == *id {
            continue;
        }
        let Some(known) = schema.attribute(&all[at]).cloned() else { continue };
        let united = united(known.clone(), other);
        if united == known {
            continue;
        }
        if uses(schema, &known.id) <= 1 {
            schema.attributes.iter_mut().filter(|a| a.id == known.id).for_each(|a| *a = united.clone());
        } else {
            // Others have it too, and nothing changes for them.
            let free = |id: &String| schema.attribute(id).is_none();
            let names = std::iter::once(format!("{}_{label}", known.id));
            let names = names.chain((2..).map(|n| format!("{}_{label}_{n}", known.id)));
            let id = names.into_iter().find(free).unwrap_or_default();
            schema.attributes.push(AttributeType { id: id.clone(), ..united });
            all[at] = id;
        }
    }
    all
}

/// The attribute that has what either has.
fn united(mut stays: AttributeType, gone: AttributeType) -> AttributeType {
    if stays.kind != gone.kind {
        stays.kind = AttributeKind::Text;
        stays.default = None;
    }
    stays.multiple |= gone.multiple;
    push_new(&mut stays.values, gone.values);
    for (value, meaning) in gone.value_definitions {
        stays.value_definitions.entry(value).or_insert(meaning);
    }
    stays
}
