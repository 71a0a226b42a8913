//! What a step makes of the schema itself: definitions, and every list that names them.

use std::collections::BTreeSet;

use super::attributes::{
    attribute_mut, delete_attribute, delete_value, merge_attributes, merge_values, owner_attributes,
    owner_attributes_mut, rename_attribute, united_attributes, used_attributes,
};
use super::{LabelKind, SchemaChangeError, SchemaStep, roles};
use crate::model::Schema;
use crate::model::schema::{AttributeKind, RoleType};

pub type Result<T> = std::result::Result<T, SchemaChangeError>;

/// Changes the schema as the step says; `remarks` gets what is worth knowing about the result.
pub fn change(schema: &mut Schema, step: &SchemaStep, remarks: &mut Vec<String>) -> Result<()> {
    if let SchemaStep::Redefine { schema: edited } = step {
        schema.clone_from(edited);
        return Ok(());
    }
    let used = used_attributes(schema);
    match step {
        SchemaStep::Rename { of, from, to } => rename(schema, of, from, to),
        SchemaStep::Merge { of, from, into } => merge(schema, of, from, into),
        SchemaStep::Split { of, label, attribute, into, rest, keeps_attribute } => {
            let split = Split { of, label, attribute, into, rest, keeps_attribute: *keeps_attribute };
            split.change(schema)
        }
        SchemaStep::Delete { of, label, to } => delete(schema, of, label, to.as_deref(), remarks),
        SchemaStep::RenameAttribute { id, to } => rename_attribute(schema, id, to),
        SchemaStep::MergeAttributes { from, into } => merge_attributes(schema, from, into),
        SchemaStep::DeleteAttribute { id, of } => delete_attribute(schema, id, of.as_ref()),
        SchemaStep::RenameValue { attribute, from, to } => {
            if attribute_mut(schema, attribute)?.values.contains(to) {
                return Err(taken("value", to));
            }
            merge_values(schema, attribute, std::slice::from_ref(from), to)
        }
        SchemaStep::MergeValues { attribute, from, into } => {
            let known = attribute_mut(schema, attribute)?;
            if known.kind == AttributeKind::Choice && !known.values.contains(into) {
                return Err(unknown("value", into));
            }
            merge_values(schema, attribute, from, into)
        }
        SchemaStep::DeleteValue { attribute, value, to: Some(to) } => {
            merge_values(schema, attribute, std::slice::from_ref(value), to)
        }
        SchemaStep::DeleteValue { attribute, value, to: None } => delete_value(schema, attribute, value),
        SchemaStep::RenameRole { of, from, to } => roles::rename(schema, of, from, to),
        SchemaStep::DeleteRole { of, role, to } => roles::delete(schema, of, role, to.as_deref()),
        SchemaStep::Limit { of, role, min, max, .. } => roles::limit(schema, of, role, *min, *max),
        SchemaStep::RemoveFiller { of, role, filler, .. } => roles::remove_filler(schema, of, role, filler),
        SchemaStep::OnlyFillers { of, role, fillers, .. } => roles::only_fillers(schema, of, role, fillers),
        SchemaStep::Redefine { .. } => Ok(()),
    }?;
    // An attribute that nobody has any more because of this step is no attribute any more.
    let still = used_attributes(schema);
    schema.attributes.retain(|attribute| !used.contains(&attribute.id) || still.contains(&attribute.id));
    Ok(())
}

pub fn unknown(what: &str, name: &str) -> SchemaChangeError {
    SchemaChangeError::Unknown { what: what.to_owned(), name: name.to_owned() }
}

pub fn taken(what: &str, name: &str) -> SchemaChangeError {
    SchemaChangeError::Taken { what: what.to_owned(), name: name.to_owned() }
}

impl LabelKind {
    /// The words for one of them.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Mention => "mention type",
            Self::Event => "event type",
            Self::Relation => "relation type",
            Self::QuoteKind => "kind of quote",
            Self::DocumentGroup => "group of document labels",
            Self::DocumentValue(_) => "document label",
        }
    }

    /// All labels of this kind.
    pub fn labels(&self, schema: &Schema) -> Vec<String> {
        match self {
            Self::Mention => schema.mentions.iter().map(|m| m.label.clone()).collect(),
            Self::Event => schema.events.iter().map(|e| e.r#type.clone()).collect(),
            Self::Relation => schema.relations.iter().map(|r| r.label.clone()).collect(),
            Self::QuoteKind => schema.quotes.iter().flat_map(|q| &q.kinds).map(|k| k.kind.clone()).collect(),
            Self::DocumentGroup => schema.document_labels.iter().map(|d| d.group.clone()).collect(),
            Self::DocumentValue(group) => {
                schema.document_labels.iter().filter(|d| d.group == *group).flat_map(|d| d.values.clone()).collect()
            }
        }
    }

    fn require(&self, schema: &Schema, label: &str) -> Result<()> {
        if self.labels(schema).iter().any(|known| known == label) { Ok(()) } else { Err(unknown(self.words(), label)) }
    }

    fn require_free(&self, schema: &Schema, label: &str) -> Result<()> {
        if label.trim().is_empty() {
            return Err(SchemaChangeError::Impossible(format!("a {} needs a name", self.words())));
        }
        // Lists of fillers could not tell a mention type from an event type of the same name.
        let kinds: &[Self] = match self {
            Self::Mention | Self::Event => &[Self::Mention, Self::Event],
            _ => std::slice::from_ref(self),
        };
        let owner = kinds.iter().find(|kind| kind.labels(schema).iter().any(|known| known == label));
        owner.map_or(Ok(()), |owner| Err(taken(owner.words(), label)))
    }
}

// --- lists that name labels -----------------------------------------------------------------------------------------

/// Every list that names labels, with words for whose it is.
fn lists(schema: &mut Schema) -> Vec<(String, &mut Vec<String>)> {
    let groups = schema.groups.iter_mut().map(|(name, members)| (format!("the group {name}"), members));
    let of_events = schema.events.iter_mut().flat_map(|event| {
        let owner = event.r#type.clone();
        event.roles.iter_mut().map(move |role| (format!("the role {} of {owner}", role.role), &mut role.fillers))
    });
    let of_quotes = schema.quotes.iter_mut().flat_map(|quotes| &mut quotes.roles);
    let of_quotes = of_quotes.map(|role| (format!("the role {} of quotes", role.role), &mut role.fillers));
    let ends = schema.relations.iter_mut().flat_map(|relation| {
        let owner = relation.label.clone();
        let (from, to) = (format!("the start of {owner}"), format!("the end of {owner}"));
        [(from, &mut relation.from), (to, &mut relation.to)]
    });
    groups.chain(of_events).chain(of_quotes).chain(ends).collect()
}

/// Puts `with` in the place of a label wherever a list names it.
fn replace_in_lists(schema: &mut Schema, of: &LabelKind, label: &str, with: &[&str], remarks: &mut Vec<String>) {
    let other = match of {
        LabelKind::Mention => LabelKind::Event,
        LabelKind::Event => LabelKind::Mention,
        _ => return,
    };
    // No list can mean this one by a name that both have.
    if other.labels(schema).iter().any(|known| known == label) {
        return;
    }
    for (owner, list) in lists(schema) {
        if !list.iter().any(|named| named == label) {
            continue;
        }
        let mut seen = BTreeSet::new();
        let all = list.iter().flat_map(|named| if named == label { with.to_vec() } else { vec![named.as_str()] });
        *list = all.filter(|named| seen.insert(*named)).map(str::to_owned).collect();
        if list.is_empty() && !owner.starts_with("the group") {
            remarks.push(format!("{owner} took only {label}, and takes anything now"));
        }
    }
}

// --- labels ---------------------------------------------------------------------------------------------------------

fn rename(schema: &mut Schema, of: &LabelKind, from: &str, to: &str) -> Result<()> {
    of.require(schema, from)?;
    of.require_free(schema, to)?;
    replace_in_lists(schema, of, from, &[to], &mut Vec::new());
    for_each_name(schema, of, |name| {
        if name == from {
            to.clone_into(name);
        }
    });
    Ok(())
}

/// Every place where a label of this kind is defined.
fn for_each_name(schema: &mut Schema, of: &LabelKind, mut change: impl FnMut(&mut String)) {
    match of {
        LabelKind::Mention => schema.mentions.iter_mut().for_each(|m| change(&mut m.label)),
        LabelKind::Event => schema.events.iter_mut().for_each(|e| change(&mut e.r#type)),
        LabelKind::Relation => schema.relations.iter_mut().for_each(|r| change(&mut r.label)),
        LabelKind::QuoteKind => {
            schema.quotes.iter_mut().flat_map(|q| &mut q.kinds).for_each(|k| change(&mut k.kind));
        }
        LabelKind::DocumentGroup => schema.document_labels.iter_mut().for_each(|d| change(&mut d.group)),
        LabelKind::DocumentValue(group) => {
            let of_group = schema.document_labels.iter_mut().filter(|d| d.group == *group);
            of_group.flat_map(|d| &mut d.values).for_each(change);
        }
    }
}

/// Takes the definition of a label out.
fn undefine(schema: &mut Schema, of: &LabelKind, label: &str) {
    match of {
        LabelKind::Mention => schema.mentions.retain(|m| m.label != label),
        LabelKind::Event => schema.events.retain(|e| e.r#type != label),
        LabelKind::Relation => schema.relations.retain(|r| r.label != label),
        LabelKind::QuoteKind => {
            if let Some(quotes) = &mut schema.quotes {
                quotes.kinds.retain(|k| k.kind != label);
            }
            // Quotes without a kind are none.
            schema.quotes.take_if(|quotes| quotes.kinds.is_empty());
        }
        LabelKind::DocumentGroup => schema.document_labels.retain(|d| d.group != label),
        LabelKind::DocumentValue(group) => {
            let of_group = schema.document_labels.iter_mut().filter(|d| d.group == *group);
            of_group.for_each(|d| d.values.retain(|value| value != label));
        }
    }
}

fn merge(schema: &mut Schema, of: &LabelKind, from: &[String], into: &str) -> Result<()> {
    of.require(schema, into)?;
    for label in from {
        of.require(schema, label)?;
        if label == into {
            return Err(SchemaChangeError::Impossible(format!("{into} cannot be merged into itself")));
        }
        widen(schema, of, label, into);
        replace_in_lists(schema, of, label, &[into], &mut Vec::new());
        undefine(schema, of, label);
    }
    Ok(())
}

/// Lets `into` hold what only `label` could.
fn widen(schema: &mut Schema, of: &LabelKind, label: &str, into: &str) {
    match of {
        LabelKind::Mention => {
            let Some(gone) = schema.mention(label).cloned() else { return };
            let Some(stays) = schema.mentions.iter_mut().find(|m| m.label == into) else { return };
            stays.needs_entity &= gone.needs_entity;
            stays.examples.extend(gone.examples);
            let attributes = stays.attributes.clone();
            let attributes = united_attributes(schema, attributes, &gone.attributes, into);
            if let Some(stays) = schema.mentions.iter_mut().find(|m| m.label == into) {
                stays.attributes = attributes;
            }
        }
        LabelKind::Event => {
            let Some(gone) = schema.event(label).cloned() else { return };
            let Some(stays) = schema.events.iter_mut().find(|e| e.r#type == into) else { return };
            stays.examples.extend(gone.examples);
            unite_roles(&mut stays.roles, gone.roles);
            let attributes = stays.attributes.clone();
            let attributes = united_attributes(schema, attributes, &gone.attributes, into);
            if let Some(stays) = schema.events.iter_mut().find(|e| e.r#type == into) {
                stays.attributes = attributes;
            }
        }
        LabelKind::Relation => {
            let Some(gone) = schema.relation(label).cloned() else { return };
            let Some(stays) = schema.relations.iter_mut().find(|r| r.label == into) else { return };
            stays.examples.extend(gone.examples);
            unite_fillers(&mut stays.from, gone.from);
            unite_fillers(&mut stays.to, gone.to);
            let attributes = stays.attributes.clone();
            let attributes = united_attributes(schema, attributes, &gone.attributes, into);
            if let Some(stays) = schema.relations.iter_mut().find(|r| r.label == into) {
                stays.attributes = attributes;
            }
        }
        LabelKind::QuoteKind => {
            let Some(quotes) = &mut schema.quotes else { return };
            let Some(gone) = quotes.kinds.iter().find(|k| k.kind == label).cloned() else { return };
            if let Some(stays) = quotes.kinds.iter_mut().find(|k| k.kind == into) {
                stays.needs_cue &= gone.needs_cue;
                stays.examples.extend(gone.examples);
            }
        }
        LabelKind::DocumentGroup => {
            let Some(gone) = schema.document_labels.iter().find(|d| d.group == label).cloned() else { return };
            if let Some(stays) = schema.document_labels.iter_mut().find(|d| d.group == into) {
                // A document may have a label of each.
                stays.multiple = true;
                push_new(&mut stays.values, gone.values);
            }
        }
        LabelKind::DocumentValue(_) => {}
    }
}

pub fn push_new(list: &mut Vec<String>, more: Vec<String>) {
    for value in more {
        if !list.contains(&value) {
            list.push(value);
        }
    }
}

/// An empty list takes everything.
fn unite_fillers(stays: &mut Vec<String>, gone: Vec<String>) {
    if stays.is_empty() || gone.is_empty() {
        stays.clear();
    } else {
        push_new(stays, gone);
    }
}

fn unite_roles(stays: &mut Vec<RoleType>, gone: Vec<RoleType>) {
    for role in &mut *stays {
        // What only one of the two needed, the other's annotations may lack.
        role.min = gone.iter().find(|other| other.role == role.role).map_or(0, |other| other.min.min(role.min));
    }
    for role in gone {
        match stays.iter_mut().find(|known| known.role == role.role) {
            Some(known) => {
                unite_fillers(&mut known.fillers, role.fillers);
                known.max = known.max.zip(role.max).map(|(a, b)| a.max(b));
            }
            None => stays.push(RoleType { min: 0, ..role }),
        }
    }
}

fn delete(schema: &mut Schema, of: &LabelKind, label: &str, to: Option<&str>, remarks: &mut Vec<String>) -> Result<()> {
    of.require(schema, label)?;
    if let Some(to) = to {
        of.require(schema, to)?;
        if to == label {
            return Err(SchemaChangeError::Impossible(format!("{label} cannot be deleted and stay")));
        }
    }
    replace_in_lists(schema, of, label, &to.into_iter().collect::<Vec<_>>(), remarks);
    if let (LabelKind::DocumentGroup, Some(to)) = (of, to) {
        widen(schema, of, label, to);
    }
    undefine(schema, of, label);
    Ok(())
}

/// One label that becomes several.
struct Split<'a> {
    of: &'a LabelKind,
    label: &'a str,
    attribute: &'a str,
    into: &'a [(String, String)],
    rest: &'a str,
    keeps_attribute: bool,
}

impl Split<'_> {
    fn change(&self, schema: &mut Schema) -> Result<()> {
        let Self { of, label, .. } = *self;
        of.require(schema, label)?;
        if !owner_attributes(schema, of, label)?.iter().any(|id| id == self.attribute) {
            return Err(unknown(&format!("attribute of {label}"), self.attribute));
        }
        let mut new: Vec<&str> = Vec::new();
        for (_, to) in self.into {
            if of.require(schema, to).is_err() {
                of.require_free(schema, to)?;
            }
            if !new.contains(&to.as_str()) {
                new.push(to);
            }
        }
        if new.is_empty() {
            return Err(SchemaChangeError::Impossible(format!("choose at least one value that {label} is split by")));
        }
        if self.rest != label && !new.contains(&self.rest) {
            of.require(schema, self.rest)?;
        }
        let stays = self.rest == label || new.contains(&label);
        let named: Vec<&str> = stays.then_some(label).into_iter().chain(new.iter().copied()).collect();
        replace_in_lists(schema, of, label, &named, &mut Vec::new());
        let known = of.labels(schema);
        let fresh: Vec<&str> = new.iter().copied().filter(|label| !known.iter().any(|k| k == label)).collect();
        self.define(schema, &fresh, stays);
        if !stays {
            undefine(schema, of, label);
        }
        if !self.keeps_attribute && *of != LabelKind::QuoteKind {
            // What keeps its label may have a value that no label was made of.
            let is_whole = schema.attribute(self.attribute).is_some_and(|attribute| match attribute.kind {
                AttributeKind::Choice => attribute.values.iter().all(|v| self.into.iter().any(|(of, _)| of == v)),
                AttributeKind::Flag => ["true", "false"].iter().all(|v| self.into.iter().any(|(of, _)| of == v)),
                AttributeKind::Text => false,
            });
            let is_rest = |label: &str| label == self.rest && !is_whole;
            for label in fresh.iter().copied().chain(stays.then_some(label)).filter(|label| !is_rest(label)) {
                if let Some(attributes) = owner_attributes_mut(schema, of, label) {
                    attributes.retain(|id| id != self.attribute);
                }
            }
        }
        Ok(())
    }

    /// Puts copies of the label after it. If it goes, the first has its key and its colour.
    fn define(&self, schema: &mut Schema, fresh: &[&str], stays: bool) {
        let copies = Copies { label: self.label, fresh, stays };
        match self.of {
            LabelKind::Mention => {
                copies.put(&mut schema.mentions, |m| &mut m.label, |m| (m.key, m.color) = (None, None));
            }
            LabelKind::Event => {
                copies.put(&mut schema.events, |e| &mut e.r#type, |e| (e.key, e.color) = (None, None));
            }
            LabelKind::Relation => copies.put(&mut schema.relations, |r| &mut r.label, |_| ()),
            LabelKind::QuoteKind => {
                if let Some(quotes) = &mut schema.quotes {
                    copies.put(&mut quotes.kinds, |k| &mut k.kind, |_| ());
                }
            }
            LabelKind::DocumentGroup | LabelKind::DocumentValue(_) => {}
        }
    }
}

/// Labels that are made from another one.
struct Copies<'a> {
    label: &'a str,
    fresh: &'a [&'a str],
    /// Whether the other one stays, with its key and its colour.
    stays: bool,
}

impl Copies<'_> {
    fn put<T: Clone>(&self, list: &mut Vec<T>, name: impl Fn(&mut T) -> &mut String, bare: impl Fn(&mut T)) {
        let Some(at) = list.iter_mut().position(|known| name(known) == self.label) else { return };
        let Some(old) = list.get(at).cloned() else { return };
        let copies = self.fresh.iter().enumerate().map(|(nth, label)| {
            let mut copy = old.clone();
            (*label).clone_into(name(&mut copy));
            if self.stays || nth > 0 {
                bare(&mut copy);
            }
            copy
        });
        let copies: Vec<T> = copies.collect();
        let next = at + 1;
        list.splice(next..next, copies);
    }
}
