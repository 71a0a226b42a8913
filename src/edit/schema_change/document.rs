//! What a step makes of the annotations of a document.

use ecow::EcoString;
use std::collections::{BTreeMap, BTreeSet};

use super::super::arguments::{change_arguments, of_quote};
use super::super::draft::{Draft, Drafted};
use super::{LabelKind, Owner, SchemaStep, Unfit, roles};
use crate::model::schema::AttributeKind;
use crate::model::{
    Argument, AttributeValue, Attributes, Batch, Entity, Event, Filler, Id, Kind, Mention, Quote, Relation, Schema,
};

/// Changes annotations as the step says; `schema` is the one that the step begins with.
pub fn change(draft: &mut Draft<'_>, step: &SchemaStep, schema: &Schema) {
    match step {
        SchemaStep::Rename { of, from, to } | SchemaStep::Delete { of, label: from, to: Some(to) } => {
            relabel(draft, schema, of, from, to);
        }
        SchemaStep::Merge { of, from, into } => from.iter().for_each(|from| relabel(draft, schema, of, from, into)),
        SchemaStep::Split { of, label, attribute, into, rest, keeps_attribute } => {
            let Some(name) = schema.attribute(attribute).map(|attribute| attribute.name.as_str()) else { return };
            let split = Split { label, name, into, rest, keeps_attribute: *keeps_attribute };
            match of {
                LabelKind::Mention => split.mentions(draft),
                LabelKind::Event => split.all::<Event>(draft, |_, _| ()),
                LabelKind::Relation => split.all::<Relation>(draft, |_, _| ()),
                LabelKind::QuoteKind => split.all::<Quote>(draft, |_, _| ()),
                LabelKind::DocumentGroup | LabelKind::DocumentValue(_) => {}
            }
        }
        SchemaStep::Delete { of, label, to: None } => {
            delete(draft, of, label);
            relabel_rejections(draft, schema, of, label, None);
        }
        SchemaStep::RenameAttribute { id, to } => {
            let Some(name) = schema.attribute(id).map(|attribute| attribute.name.clone()) else { return };
            change_attributes(draft, schema, id, None, |attributes| {
                // What stands there under the new name is not known to the schema; it is not overwritten.
                if !attributes.contains_key(to)
                    && let Some(value) = attributes.remove(&name)
                {
                    attributes.insert(to.clone(), value);
                }
            });
        }
        SchemaStep::MergeAttributes { from, into } => merge_attributes(draft, schema, from, into),
        SchemaStep::DeleteAttribute { id, of } => {
            let Some(name) = schema.attribute(id).map(|attribute| attribute.name.clone()) else { return };
            change_attributes(draft, schema, id, of.as_ref(), |attributes| drop(attributes.remove(&name)));
        }
        SchemaStep::RenameValue { attribute, from, to }
        | SchemaStep::DeleteValue { attribute, value: from, to: Some(to) } => {
            replace_values(draft, schema, attribute, std::slice::from_ref(from), Some(to));
        }
        SchemaStep::MergeValues { attribute, from, into } => {
            replace_values(draft, schema, attribute, from, Some(into));
        }
        SchemaStep::DeleteValue { attribute, value, to: None } => {
            replace_values(draft, schema, attribute, std::slice::from_ref(value), None);
        }
        SchemaStep::RenameRole { of, from, to } => change_roles(draft, of, from, |arguments, _| {
            arguments.iter_mut().filter(|a| a.role == *from).for_each(|a| a.role = to.as_str().into());
        }),
        SchemaStep::DeleteRole { of, role, to } => change_roles(draft, of, role, |arguments, _| match to {
            Some(to) => {
                let there: Vec<Filler> = arguments.iter().filter(|a| a.role == *to).map(|a| a.filler.clone()).collect();
                arguments.retain(|a| a.role != *role || !there.contains(&a.filler));
                arguments.iter_mut().filter(|a| a.role == *role).for_each(|a| a.role = to.as_str().into());
            }
            None => arguments.retain(|a| a.role != *role),
        }),
        SchemaStep::Limit { of, role, max: Some(max), excess: Unfit::Remove, .. } => {
            change_roles(draft, of, role, |arguments, draft| keep_first(arguments, role, *max as usize, draft));
        }
        SchemaStep::RemoveFiller { of, role, filler, unfit: Unfit::Remove } => {
            let before = roles::fillers(schema, of, role).unwrap_or_default();
            let after: Vec<String> = before.iter().filter(|known| *known != filler).cloned().collect();
            narrow(draft, schema, of, role, &after);
        }
        SchemaStep::OnlyFillers { of, role, fillers, unfit: Unfit::Remove } => {
            narrow(draft, schema, of, role, fillers);
        }
        SchemaStep::Limit { .. }
        | SchemaStep::RemoveFiller { .. }
        | SchemaStep::OnlyFillers { .. }
        | SchemaStep::Redefine { .. } => {}
    }
}

/// What the steps need of a kind of annotation.
trait Labelled: Drafted {
    fn label(&self) -> &EcoString;
    fn label_mut(&mut self) -> &mut EcoString;
}

/// What has attributes.
trait Attributed: Labelled {
    fn attributes(&self) -> &Attributes;
    fn attributes_mut(&mut self) -> &mut Attributes;
}

macro_rules! labelled {
    ($($kind:ty => $field:ident),*) => { $(
        impl Labelled for $kind {
            fn label(&self) -> &EcoString { &self.$field }
            fn label_mut(&mut self) -> &mut EcoString { &mut self.$field }
        }
    )* };
}
labelled!(Mention => label, Entity => r#type, Event => r#type, Quote => kind, Relation => label);

macro_rules! attributed {
    ($($kind:ty),*) => { $(
        impl Attributed for $kind {
            fn attributes(&self) -> &Attributes { &self.attributes }
            fn attributes_mut(&mut self) -> &mut Attributes { &mut self.attributes }
        }
    )* };
}
attributed!(Mention, Event, Quote, Relation);

/// Those of a kind for which something holds as they are now. No step makes new ones.
fn matching<A: Drafted>(draft: &Draft<'_>, holds: impl Fn(&A) -> bool) -> Vec<Id> {
    let ids = A::base(draft.base).keys();
    ids.filter(|id| draft.get::<A>(id).is_some_and(&holds)).cloned().collect()
}

fn change_all<A: Drafted>(draft: &mut Draft<'_>, holds: impl Fn(&A) -> bool, change: impl Fn(&mut A)) {
    for id in matching(draft, holds) {
        draft.update::<A>(&id, &change);
    }
}

// --- labels ---------------------------------------------------------------------------------------------------------

fn relabel(draft: &mut Draft<'_>, schema: &Schema, of: &LabelKind, from: &str, to: &str) {
    fn all<A: Labelled>(draft: &mut Draft<'_>, from: &str, to: &str) {
        change_all::<A>(draft, |a| a.label() == from, |a| *a.label_mut() = to.into());
    }
    match of {
        LabelKind::Mention => {
            all::<Mention>(draft, from, to);
            all::<Entity>(draft, from, to);
            let batches: Vec<_> = draft.batches().filter(|batch| batch.label == from).cloned().collect();
            for batch in batches {
                draft.put_batch(Batch { label: to.to_owned(), ..batch });
            }
        }
        LabelKind::Event => all::<Event>(draft, from, to),
        LabelKind::QuoteKind => all::<Quote>(draft, from, to),
        LabelKind::Relation => return all::<Relation>(draft, from, to),
        LabelKind::DocumentGroup | LabelKind::DocumentValue(_) => return rename_document_label(draft, of, from, to),
    }
    relabel_rejections(draft, schema, of, from, Some(to));
}

/// Refused suggestions say only the label and not of which kind. Where other kinds have the name too, they stay.
fn relabel_rejections(draft: &mut Draft<'_>, schema: &Schema, of: &LabelKind, from: &str, to: Option<&str>) {
    let others = [LabelKind::Mention, LabelKind::Event, LabelKind::QuoteKind];
    if !others.contains(of) {
        return;
    }
    let is_known = |kind: &LabelKind| kind.labels(schema).iter().any(|label| label == from);
    if others.iter().any(|other| other != of && is_known(other)) {
        return;
    }
    let refused: Vec<_> = draft.rejections().filter(|r| r.label == from).cloned().collect();
    for rejection in refused {
        draft.set_rejected(rejection.clone(), false);
        let Some(to) = to else { continue };
        let renamed = crate::model::Rejection { label: to.to_owned(), ..rejection };
        if !draft.is_rejected(&renamed) {
            draft.put_rejected(renamed);
        }
    }
}

fn rename_document_label(draft: &mut Draft<'_>, of: &LabelKind, from: &str, to: &str) {
    let labels = &draft.header().labels;
    match of {
        LabelKind::DocumentGroup if labels.contains_key(from) => {
            let labels = &mut draft.header_mut().labels;
            let values = labels.remove(from).unwrap_or_default();
            super::definition::push_new(labels.entry(to.to_owned()).or_default(), values);
        }
        LabelKind::DocumentValue(group) if labels.get(group).is_some_and(|values| values.iter().any(|v| v == from)) => {
            if let Some(values) = draft.header_mut().labels.get_mut(group) {
                replace_in_list(values, |value| Some(if value == from { to } else { value }.to_owned()));
            }
        }
        _ => {}
    }
}

/// Each value once, in the place of the first.
fn replace_in_list(values: &mut Vec<String>, with: impl Fn(&str) -> Option<String>) {
    let mut new: Vec<String> = Vec::with_capacity(values.len());
    for value in values.iter() {
        let Some(with) = with(value) else { continue };
        // What a file has twice and no step is about stays twice.
        let is_double = with != *value && (new.contains(&with) || values.contains(&with));
        if !is_double {
            new.push(with);
        }
    }
    *values = new;
}

/// One label that becomes several.
struct Split<'a> {
    label: &'a str,
    /// Of the attribute, in files.
    name: &'a str,
    into: &'a [(String, String)],
    rest: &'a str,
    keeps_attribute: bool,
}

/// How many mentions have a label, and where the first one begins.
type Votes<'a> = BTreeMap<&'a str, (usize, u32)>;

impl<'a> Split<'a> {
    /// The value that decides, and the label that it gives.
    fn decide(&self, attributes: &Attributes) -> Option<(&'a str, &'a str)> {
        let values = attributes.get(self.name)?.texts();
        let (value, label) = self.into.iter().find(|(value, _)| values.contains(&value.as_str()))?;
        Some((value, label))
    }

    fn all<A: Attributed>(&self, draft: &mut Draft<'_>, mut see: impl FnMut(&A, &'a str)) {
        for id in matching::<A>(draft, |a| a.label() == self.label) {
            draft.update::<A>(&id, |a| {
                let decided = self.decide(a.attributes());
                let label = decided.map_or(self.rest, |(_, label)| label);
                *a.label_mut() = label.into();
                if let Some((value, _)) = decided.filter(|_| !self.keeps_attribute) {
                    replace_value(a.attributes_mut(), self.name, |known| (known != value).then(|| known.to_owned()));
                }
                see(a, label);
            });
        }
    }

    fn mentions(&self, draft: &mut Draft<'_>) {
        let mut entities: BTreeMap<Id, Votes<'a>> = BTreeMap::new();
        let mut batches: BTreeMap<Id, Votes<'a>> = BTreeMap::new();
        self.all::<Mention>(draft, |mention, label| {
            let start = mention.spans.first().map_or(u32::MAX, |span| span.start.0);
            let vote = |votes: &mut Votes<'a>| {
                let (count, first) = votes.entry(label).or_insert((0, start));
                (*count, *first) = (*count + 1, start.min(*first));
            };
            if let Some(entity) = &mention.entity {
                vote(entities.entry(entity.clone()).or_default());
            }
            if let Some(batch) = mention.provenance.by.batch() {
                vote(batches.entry(Id::new(batch)).or_default());
            }
        });
        let winner = |votes: Option<&Votes<'a>>| {
            let all = votes.into_iter().flatten();
            let best = all.max_by_key(|(_, (count, first))| (*count, std::cmp::Reverse(*first)));
            best.map_or(self.rest, |(label, _)| *label)
        };
        for id in matching::<Entity>(draft, |entity| entity.r#type == self.label) {
            let label = winner(entities.get(&id));
            draft.update::<Entity>(&id, |entity| entity.r#type = label.into());
        }
        let named: Vec<_> = draft.batches().filter(|batch| batch.label == self.label).cloned().collect();
        for mut batch in named {
            winner(batches.get(&batch.id)).clone_into(&mut batch.label);
            draft.put_batch(batch);
        }
    }
}

// --- removing -------------------------------------------------------------------------------------------------------

fn delete(draft: &mut Draft<'_>, of: &LabelKind, label: &str) {
    match of {
        LabelKind::Mention => delete_mentions(draft, label),
        LabelKind::Event => {
            let gone = matching::<Event>(draft, |e| e.r#type == label);
            remove(draft, gone);
        }
        LabelKind::Relation => {
            let gone = matching::<Relation>(draft, |r| r.label == label);
            remove(draft, gone);
        }
        LabelKind::QuoteKind => {
            let gone = matching::<Quote>(draft, |q| q.kind == label);
            remove(draft, gone);
        }
        LabelKind::DocumentGroup => {
            if draft.header().labels.contains_key(label) {
                draft.header_mut().labels.remove(label);
            }
        }
        LabelKind::DocumentValue(group) => {
            if draft.header().labels.get(group).is_some_and(|values| values.iter().any(|v| v == label)) {
                let labels = &mut draft.header_mut().labels;
                if let Some(values) = labels.get_mut(group) {
                    values.retain(|value| value != label);
                    if values.is_empty() {
                        labels.remove(group);
                    }
                }
            }
        }
    }
}

fn delete_mentions(draft: &mut Draft<'_>, label: &str) {
    let gone = matching::<Mention>(draft, |m| m.label == label);
    remove(draft, gone);
    // What of this type is left has mentions of other types, or none.
    for id in matching::<Entity>(draft, |entity| entity.r#type == label) {
        match first_mention(draft, |m| m.entity.as_ref() == Some(&id), &id) {
            Some(other) => draft.update::<Entity>(&id, |entity| entity.r#type = other.into()),
            None => remove(draft, vec![id]),
        }
    }
    let batches: Vec<_> = draft.batches().filter(|batch| batch.label == label).cloned().collect();
    if batches.is_empty() {
        return;
    }
    let mut left: BTreeMap<String, (u32, String)> = BTreeMap::new();
    for mention in draft.base.mentions().keys().filter_map(|id| draft.get::<Mention>(id)) {
        let Some(batch) = mention.provenance.by.batch() else { continue };
        let start = mention.spans.first().map_or(u32::MAX, |span| span.start.0);
        let first = left.entry(batch.to_owned()).or_insert((start, mention.label.to_string()));
        if start < first.0 {
            *first = (start, mention.label.to_string());
        }
    }
    for mut batch in batches {
        match left.remove(batch.id.as_str()) {
            Some((_, other)) => {
                batch.label = other;
                draft.put_batch(batch);
            }
            None => draft.remove_batch(&batch.id),
        }
    }
}

/// The label of the first mention of an entity that is still there.
fn first_mention(draft: &Draft<'_>, is_its: impl Fn(&Mention) -> bool, entity: &Id) -> Option<String> {
    let known = draft.base.mentions_of(entity).filter_map(|m| draft.get::<Mention>(&m.id));
    known.into_iter().find(|m| is_its(m)).map(|m| m.label.to_string())
}

/// Removes annotations with relations at them and references to them, and entities that lose their last mention.
fn remove(draft: &mut Draft<'_>, ids: Vec<Id>) {
    let mut gone: BTreeSet<Id> = ids.iter().cloned().collect();
    let mut next = ids;
    while !next.is_empty() {
        let mut left_alone = BTreeSet::new();
        let mut referrers = BTreeSet::new();
        for id in &next {
            left_alone.extend(draft.get::<Mention>(id).and_then(|m| m.entity.clone()));
            referrers.extend(draft.base.referrers(id));
            match draft.kind_of(id) {
                Some(Kind::Mention) => draft.remove::<Mention>(id),
                Some(Kind::Event) => draft.remove::<Event>(id),
                Some(Kind::Quote) => draft.remove::<Quote>(id),
                Some(Kind::Entity) => draft.remove::<Entity>(id),
                Some(Kind::Relation) => draft.remove::<Relation>(id),
                None => {}
            }
        }
        next.clear();
        for referrer in referrers {
            match draft.kind_of(&referrer) {
                Some(Kind::Mention) => draft.update::<Mention>(&referrer, |m| {
                    m.entity.take_if(|entity| gone.contains(entity));
                }),
                Some(Kind::Event | Kind::Quote) => {
                    draft.update::<Event>(&referrer, |event| {
                        event.claimed_in.take_if(|quote| gone.contains(quote));
                    });
                    // It is an event or a quote, so this cannot fail.
                    let _ = change_arguments(draft, &referrer, |list| {
                        list.retain(|a| a.filler.target().is_none_or(|target| !gone.contains(target)));
                    });
                }
                Some(Kind::Relation) => {
                    let is_at = |r: &Relation| gone.contains(&r.from) || gone.contains(&r.to);
                    if draft.get::<Relation>(&referrer).is_some_and(is_at) {
                        next.push(referrer);
                    }
                }
                Some(Kind::Entity) | None => {}
            }
        }
        for entity in left_alone {
            let is_its = |m: &Mention| m.entity.as_ref() == Some(&entity);
            if draft.get::<Entity>(&entity).is_some() && first_mention(draft, is_its, &entity).is_none() {
                next.push(entity);
            }
        }
        next.retain(|id| gone.insert(id.clone()));
    }
    let lost: Vec<_> =
        draft.batches().filter(|b| b.entity.as_ref().is_some_and(|id| gone.contains(id))).cloned().collect();
    for mut batch in lost {
        batch.entity = None;
        draft.put_batch(batch);
    }
}

// --- attributes -----------------------------------------------------------------------------------------------------

/// Changes the attributes of everything that may have the attribute of this id.
fn change_attributes(
    draft: &mut Draft<'_>,
    schema: &Schema,
    id: &str,
    of: Option<&Owner>,
    change: impl Fn(&mut Attributes),
) {
    fn all<A: Attributed>(draft: &mut Draft<'_>, labels: &BTreeSet<&str>, change: &impl Fn(&mut Attributes)) {
        let has = |a: &A| !a.attributes().is_empty() && labels.contains(a.label().as_str());
        change_all::<A>(draft, has, |a| change(a.attributes_mut()));
    }
    let has = |ids: &[String]| ids.iter().any(|known| known == id);
    let is_meant = |owner: Owner| of.is_none_or(|of| *of == owner);
    let mentions = schema.mentions.iter().filter(|m| has(&m.attributes) && is_meant(Owner::Mention(m.label.clone())));
    let events = schema.events.iter().filter(|e| has(&e.attributes) && is_meant(Owner::Event(e.r#type.clone())));
    let relations =
        schema.relations.iter().filter(|r| has(&r.attributes) && is_meant(Owner::Relation(r.label.clone())));
    all::<Mention>(draft, &mentions.map(|m| m.label.as_str()).collect(), &change);
    all::<Event>(draft, &events.map(|e| e.r#type.as_str()).collect(), &change);
    all::<Relation>(draft, &relations.map(|r| r.label.as_str()).collect(), &change);
    if schema.quotes.as_ref().is_some_and(|quotes| has(&quotes.attributes)) && is_meant(Owner::Quotes) {
        change_all::<Quote>(draft, |q| !q.attributes.is_empty(), |q| change(&mut q.attributes));
    }
}

fn merge_attributes(draft: &mut Draft<'_>, schema: &Schema, from: &str, into: &str) {
    let (Some(gone), Some(stays)) = (schema.attribute(from), schema.attribute(into)) else { return };
    let is_multiple = (gone.multiple || stays.multiple) && stays.kind != AttributeKind::Flag;
    change_attributes(draft, schema, from, None, |attributes| {
        if gone.name == stays.name {
            return;
        }
        let Some(value) = attributes.remove(&gone.name) else { return };
        match attributes.get_mut(&stays.name) {
            None => drop(attributes.insert(stays.name.clone(), value)),
            Some(known) if is_multiple => {
                let mut all: Vec<String> = known.texts().into_iter().map(str::to_owned).collect();
                super::definition::push_new(&mut all, value.texts().into_iter().map(str::to_owned).collect());
                *known = AttributeValue::List(all);
            }
            Some(_) => {}
        }
    });
}

fn replace_values(draft: &mut Draft<'_>, schema: &Schema, id: &str, from: &[String], to: Option<&String>) {
    let Some(name) = schema.attribute(id).map(|attribute| attribute.name.clone()) else { return };
    change_attributes(draft, schema, id, None, |attributes| {
        let with = |value: &str| !from.iter().any(|known| known == value);
        let Some(known) = attributes.get(&name) else { return };
        // What no step is about stays as it is, in whatever form.
        if known.texts().into_iter().all(with) {
            return;
        }
        let stays = |value: &str| with(value).then(|| value.to_owned());
        replace_value(attributes, &name, |value| stays(value).or_else(|| to.cloned()));
    });
}

/// Changes the values of one attribute; without any left, it goes.
fn replace_value(attributes: &mut Attributes, name: &str, with: impl Fn(&str) -> Option<String>) {
    let Some(value) = attributes.get_mut(name) else { return };
    let is_left = match value {
        AttributeValue::Flag(flag) => with(if *flag { "true" } else { "false" }).is_some(),
        AttributeValue::Text(text) => match with(text) {
            Some(new) => {
                *text = new;
                true
            }
            None => false,
        },
        AttributeValue::List(list) => {
            replace_in_list(list, with);
            !list.is_empty()
        }
    };
    if !is_left {
        attributes.remove(name);
    }
}

// --- roles ----------------------------------------------------------------------------------------------------------

/// Changes the arguments of every owner of a role that has it filled.
fn change_roles(
    draft: &mut Draft<'_>,
    of: &Owner,
    role: &str,
    change: impl Fn(&mut Vec<Argument>, &dyn Fn(&Filler) -> u32),
) {
    let has = |list: &[Argument]| list.iter().any(|a| a.role == role);
    let ids = match of {
        Owner::Event(label) => matching::<Event>(draft, |e| e.r#type == *label && has(&e.arguments)),
        Owner::Quotes => matching::<Quote>(draft, |q| has(&of_quote(q))),
        Owner::Mention(_) | Owner::Relation(_) => return,
    };
    let document = draft.base;
    // Where a filler stands in the text; what does not stand there comes last. No step moves anything.
    let start = |filler: &Filler| {
        let first = match filler {
            Filler::Mention(id) | Filler::Event(id) => document.spans_of(id).first().copied(),
            Filler::Span(spans) => spans.first().copied(),
            Filler::Implicit(_) => None,
        };
        first.map_or(u32::MAX, |span| span.start.0)
    };
    for id in ids {
        // These are events or quotes, so this cannot fail.
        let _ = change_arguments(draft, &id, |arguments| change(arguments, &start));
    }
}

/// Keeps the first fillers of a role, in the order in which they were given.
fn keep_first(arguments: &mut Vec<Argument>, role: &str, max: usize, start: &dyn Fn(&Filler) -> u32) {
    let of_role = arguments.iter().enumerate().filter(|(_, a)| a.role == role);
    let mut places: Vec<(u32, usize)> = of_role.map(|(nth, a)| (start(&a.filler), nth)).collect();
    places.sort_unstable();
    let gone: BTreeSet<usize> = places.into_iter().skip(max).map(|(_, nth)| nth).collect();
    let mut nth = 0;
    arguments.retain(|_| {
        nth += 1;
        !gone.contains(&(nth - 1))
    });
}

/// Takes out what was legal before and is not with these fillers.
fn narrow(draft: &mut Draft<'_>, schema: &Schema, of: &Owner, role: &str, after: &[String]) {
    let Some(before) = roles::fillers(schema, of, role) else { return };
    if after.is_empty() {
        return;
    }
    let is_legal = |draft: &Draft<'_>, fillers: &[String], id: &Id| {
        let Some(kind) = draft.kind_of(id) else { return false };
        let label = match kind {
            Kind::Mention => draft.get::<Mention>(id).map(Labelled::label),
            Kind::Entity => draft.get::<Entity>(id).map(Labelled::label),
            Kind::Event => draft.get::<Event>(id).map(Labelled::label),
            Kind::Quote => draft.get::<Quote>(id).map(Labelled::label),
            Kind::Relation => draft.get::<Relation>(id).map(Labelled::label),
        };
        label.is_some_and(|label| schema.allows(fillers, kind, label))
    };
    let is_lost = |draft: &Draft<'_>, id: &Id| is_legal(draft, before, id) && !is_legal(draft, after, id);
    if let Owner::Relation(label) = of {
        let end = |r: &Relation| if role == "from" { r.from.clone() } else { r.to.clone() };
        let gone = matching::<Relation>(draft, |r| r.label == *label && is_lost(draft, &end(r)));
        return remove(draft, gone);
    }
    let mut lost: BTreeSet<Id> = BTreeSet::new();
    let base = draft.base;
    let events = base.events().keys().filter_map(|id| draft.get::<Event>(id)).flat_map(|e| e.arguments.clone());
    let quotes = base.quotes().keys().filter_map(|id| draft.get::<Quote>(id)).flat_map(of_quote);
    let targets = events.chain(quotes).filter(|a| a.role == role);
    for target in targets.filter_map(|a| a.filler.target().cloned()).collect::<BTreeSet<_>>() {
        if is_lost(draft, &target) {
            lost.insert(target);
        }
    }
    let takes_words = |fillers: &[String]| fillers.is_empty() || fillers.iter().any(|filler| filler == "*span");
    let words_are_lost = takes_words(before) && !takes_words(after);
    change_roles(draft, of, role, |arguments, _| {
        arguments.retain(|a| {
            let is_lost = match &a.filler {
                Filler::Mention(id) | Filler::Event(id) => lost.contains(id),
                Filler::Span(_) => words_are_lost,
                Filler::Implicit(_) => false,
            };
            a.role != role || !is_lost
        });
    });
}
