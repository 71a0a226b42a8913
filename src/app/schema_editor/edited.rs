//! The label set as it is edited: what it has become, and the steps that take annotations along.
//!
//! Most edits only add or describe, and annotations need not know of them. What they do need to know of is a step, recorded
//! with the label set that it began with, so that the change can be put together from the label set at the beginning
//! whatever was edited in between.

use std::sync::Arc;

use crate::edit::{Difference, LabelKind, Migration, Owner, SchemaChange, SchemaChangeError, SchemaDiff, SchemaStep};
use crate::model::Schema;
use crate::model::schema::{AttributeType, RoleType};

/// See the module. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The label set of the project, as it was when the editor was opened.
    pub base: Arc<Schema>,
    /// What it has become.
    pub schema: Arc<Schema>,
    steps: Vec<Logged>,
}

/// A step, and the label set that it began with.
#[derive(Clone, Debug)]
struct Logged {
    step: SchemaStep,
    before: Arc<Schema>,
}

/// What annotations may refer to by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A label.
    Label(LabelKind, String),
    /// An attribute, by its id.
    Attribute(String),
    /// A value of the attribute with this id.
    Value(String, String),
    /// A role.
    Role(Owner, String),
    /// What may fill a role.
    Filler(Owner, String, String),
    /// An attribute that somebody may have, by its id.
    Has(Owner, String),
}

impl Edited {
    /// Nothing is changed yet.
    pub fn new(base: Arc<Schema>) -> Self {
        Self { schema: Arc::clone(&base), base, steps: Vec::new() }
    }

    /// The steps, in their order.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = &SchemaStep> {
        self.steps.iter().map(|logged| &logged.step)
    }

    /// Whether anything is to be applied.
    pub fn is_changed(&self) -> bool {
        !self.steps.is_empty() || *self.schema != *self.base
    }

    /// Takes a label set in which something was added or described.
    pub fn edit(&mut self, schema: Schema) {
        self.schema = Arc::new(schema);
    }

    /// Does a step. What no annotation can have yet is only edited.
    ///
    /// # Errors
    /// [`SchemaChangeError`]; nothing is changed then.
    pub fn step(&mut self, step: SchemaStep) -> Result<(), SchemaChangeError> {
        let after = stepped(&self.schema, &step)?;
        if subject(&step).is_some_and(|named| !self.is_known(&named)) {
            self.schema = Arc::new(after);
            return Ok(());
        }
        let before = Arc::clone(&self.schema);
        let last = self.steps.last().map(|last| (joined(&last.step, &step), Arc::clone(&last.before)));
        match last {
            // It is what it was before.
            Some((Joined::Nothing, _)) => drop(self.steps.pop()),
            Some((Joined::One(joined), first)) if stepped(&first, &joined).is_ok() => {
                self.steps.pop();
                self.steps.push(Logged { step: joined, before: first });
            }
            _ => self.steps.push(Logged { step, before }),
        }
        self.schema = Arc::new(after);
        Ok(())
    }

    /// Whether annotations may have this: it was there at the beginning, or steps lead to it.
    pub fn is_known(&self, named: &Named) -> bool {
        let mut named = named.clone();
        for Logged { step, .. } in self.steps.iter().rev() {
            match before(&named, step) {
                Trace::Same => {}
                Trace::Was(earlier) => named = earlier,
                Trace::Known => return true,
                Trace::New => return false,
            }
        }
        is_in(&self.base, &named)
    }

    /// The change of annotations: the steps, with what was edited between them.
    pub fn change(&self) -> SchemaChange {
        let mut steps = Vec::new();
        let mut now = (*self.base).clone();
        for Logged { step, before } in &self.steps {
            if now != **before {
                steps.push(SchemaStep::Redefine { schema: Box::new((**before).clone()) });
            }
            // It fitted when it was done.
            now = stepped(before, step).unwrap_or_else(|_| (**before).clone());
            steps.push(step.clone());
        }
        if now != *self.schema && !steps.is_empty() {
            steps.push(SchemaStep::Redefine { schema: Box::new((*self.schema).clone()) });
        }
        SchemaChange { steps }
    }

    /// The label set that is to be written. Its version is one higher if annotations have to follow, so that files tell which
    /// of the two they fit.
    pub fn result(&self) -> Schema {
        let version = self.base.version.saturating_add(u32::from(!self.steps.is_empty()));
        let mut result = Schema { version, ..(*self.schema).clone() };
        let mentions = result.mentions.iter_mut().map(|m| &mut m.examples);
        let events = result.events.iter_mut().map(|e| &mut e.examples);
        let relations = result.relations.iter_mut().map(|r| &mut r.examples);
        mentions.chain(events).chain(relations).for_each(tidy);
        if let Some(quotes) = &mut result.quotes {
            tidy(&mut quotes.examples);
            quotes.kinds.iter_mut().map(|kind| &mut kind.examples).for_each(tidy);
        }
        result
    }

    /// What becomes of documents.
    ///
    /// # Errors
    /// [`SchemaChangeError`], if the label set contradicts itself.
    pub fn migration(&self) -> Result<Migration, SchemaChangeError> {
        Ok(self.change().on(&self.base)?.towards(self.result()))
    }

    /// What the change is called.
    pub fn title(&self) -> String {
        match self.steps.as_slice() {
            [] => "Edit the label set".to_owned(),
            [one] => one.step.to_string(),
            steps => format!("Change the label set ({} steps)", steps.len()),
        }
    }

    /// What differs beside the steps, for somebody to read.
    pub fn otherwise(&self) -> Vec<Difference> {
        let steps = SchemaChange { steps: self.steps().cloned().collect() };
        let by_steps = steps.on(&self.base).map_or_else(|_| (*self.base).clone(), |m| m.schema().clone());
        let by_steps = Schema { version: self.schema.version, ..by_steps };
        SchemaDiff::between(&by_steps, &self.schema).differences
    }
}

/// Lines that were left empty while examples were typed are none.
fn tidy(examples: &mut Vec<String>) {
    examples.retain(|example| !example.trim().is_empty());
}

/// What a step makes of a label set; the version stays.
fn stepped(schema: &Schema, step: &SchemaStep) -> Result<Schema, SchemaChangeError> {
    let migration = SchemaChange { steps: vec![step.clone()] }.on(schema)?;
    Ok(Schema { version: schema.version, ..migration.schema().clone() })
}

/// What a step takes away or gives another name, if that is one thing.
fn subject(step: &SchemaStep) -> Option<Named> {
    Some(match step {
        SchemaStep::Rename { of, from, .. } => Named::Label(of.clone(), from.clone()),
        SchemaStep::Delete { of, label, .. } | SchemaStep::Split { of, label, .. } => {
            Named::Label(of.clone(), label.clone())
        }
        SchemaStep::RenameAttribute { id, .. } | SchemaStep::DeleteAttribute { id, of: None } => {
            Named::Attribute(id.clone())
        }
        SchemaStep::DeleteAttribute { id, of: Some(of) } => Named::Has(of.clone(), id.clone()),
        SchemaStep::MergeAttributes { from, .. } => Named::Attribute(from.clone()),
        SchemaStep::RenameValue { attribute, from, .. } => Named::Value(attribute.clone(), from.clone()),
        SchemaStep::DeleteValue { attribute, value, .. } => Named::Value(attribute.clone(), value.clone()),
        SchemaStep::RenameRole { of, from, .. } => Named::Role(of.clone(), from.clone()),
        SchemaStep::DeleteRole { of, role, .. } | SchemaStep::Limit { of, role, .. } => {
            Named::Role(of.clone(), role.clone())
        }
        SchemaStep::OnlyFillers { of: Owner::Relation(label), .. } => Named::Label(LabelKind::Relation, label.clone()),
        SchemaStep::OnlyFillers { of, role, .. } => Named::Role(of.clone(), role.clone()),
        SchemaStep::RemoveFiller { of, role, filler, .. } => Named::Filler(of.clone(), role.clone(), filler.clone()),
        SchemaStep::Merge { .. } | SchemaStep::MergeValues { .. } | SchemaStep::Redefine { .. } => return None,
    })
}

/// What two steps are together.
enum Joined {
    /// Two steps.
    Two,
    /// One: a second name for what has just been renamed, another limit.
    One(SchemaStep),
    /// None: it has its old name again.
    Nothing,
}

fn joined(first: &SchemaStep, second: &SchemaStep) -> Joined {
    use SchemaStep::{Limit, OnlyFillers, Rename, RenameAttribute, RenameRole, RenameValue};
    let (step, is_back) = match (first, second) {
        (Rename { of: a, from, to: known }, Rename { of: b, from: again, to }) if a == b && known == again => {
            (Rename { of: a.clone(), from: from.clone(), to: to.clone() }, from == to)
        }
        (RenameRole { of: a, from, to: known }, RenameRole { of: b, from: again, to }) if a == b && known == again => {
            (RenameRole { of: a.clone(), from: from.clone(), to: to.clone() }, from == to)
        }
        (RenameValue { attribute: a, from, to: known }, RenameValue { attribute: b, from: again, to })
            if a == b && known == again =>
        {
            (RenameValue { attribute: a.clone(), from: from.clone(), to: to.clone() }, from == to)
        }
        (RenameAttribute { id: a, .. }, RenameAttribute { id: b, .. }) if a == b => (second.clone(), false),
        (Limit { of: a, role: c, .. }, Limit { of: b, role: d, .. })
        | (OnlyFillers { of: a, role: c, .. }, OnlyFillers { of: b, role: d, .. })
            if a == b && c == d =>
        {
            (second.clone(), false)
        }
        _ => return Joined::Two,
    };
    if is_back { Joined::Nothing } else { Joined::One(step) }
}

/// What something was before a step.
enum Trace {
    Same,
    Was(Named),
    /// Whatever had its name then has gone, and it came after.
    New,
    Known,
}

fn before(named: &Named, step: &SchemaStep) -> Trace {
    let renamed_owner = |owner: &Owner, of: &LabelKind, from: &String, to: &String| match (owner, of) {
        (Owner::Mention(label), LabelKind::Mention) if label == to => Some(Owner::Mention(from.clone())),
        (Owner::Event(label), LabelKind::Event) if label == to => Some(Owner::Event(from.clone())),
        (Owner::Relation(label), LabelKind::Relation) if label == to => Some(Owner::Relation(from.clone())),
        _ => None,
    };
    let result = match (named, step) {
        (Named::Label(kind, label), SchemaStep::Rename { of, from, to }) if kind == of && label == to => {
            Some(Named::Label(of.clone(), from.clone()))
        }
        (
            Named::Label(LabelKind::DocumentValue(group), label),
            SchemaStep::Rename { of: LabelKind::DocumentGroup, from, to },
        ) if group == to => Some(Named::Label(LabelKind::DocumentValue(from.clone()), label.clone())),
        (Named::Role(owner, role), SchemaStep::Rename { of, from, to }) => {
            renamed_owner(owner, of, from, to).map(|owner| Named::Role(owner, role.clone()))
        }
        (Named::Has(owner, id), SchemaStep::Rename { of, from, to }) => {
            renamed_owner(owner, of, from, to).map(|owner| Named::Has(owner, id.clone()))
        }
        (Named::Filler(owner, role, filler), SchemaStep::Rename { of, from, to }) => {
            let is_filler = filler == to && matches!(of, LabelKind::Mention | LabelKind::Event);
            let earlier = if is_filler { from.clone() } else { filler.clone() };
            let owner_before = renamed_owner(owner, of, from, to);
            (is_filler || owner_before.is_some())
                .then(|| Named::Filler(owner_before.unwrap_or_else(|| owner.clone()), role.clone(), earlier))
        }
        (Named::Role(owner, role), SchemaStep::RenameRole { of, from, to }) if owner == of && role == to => {
            Some(Named::Role(of.clone(), from.clone()))
        }
        (Named::Filler(owner, role, filler), SchemaStep::RenameRole { of, from, to }) if owner == of && role == to => {
            Some(Named::Filler(of.clone(), from.clone(), filler.clone()))
        }
        (Named::Value(id, value), SchemaStep::RenameValue { attribute, from, to })
            if id == attribute && value == to =>
        {
            Some(Named::Value(id.clone(), from.clone()))
        }
        _ => None,
    };
    if let Some(earlier) = result {
        return Trace::Was(earlier);
    }
    let label_gone = |kind: &LabelKind, label: &str| match step {
        SchemaStep::Rename { of, from, .. } => kind == of && from == label,
        SchemaStep::Delete { of, label: gone, .. } => kind == of && gone == label,
        SchemaStep::Merge { of, from, .. } => kind == of && from.iter().any(|gone| gone == label),
        _ => false,
    };
    let is_new = match named {
        Named::Label(kind, label) => label_gone(kind, label),
        Named::Role(owner, _) | Named::Has(owner, _) | Named::Filler(owner, ..) => match owner {
            Owner::Mention(label) => label_gone(&LabelKind::Mention, label),
            Owner::Event(label) => label_gone(&LabelKind::Event, label),
            Owner::Relation(label) => label_gone(&LabelKind::Relation, label),
            Owner::Quotes => false,
        },
        Named::Attribute(_) | Named::Value(..) => false,
    };
    if is_new {
        return Trace::New;
    }
    let leads_here = match (named, step) {
        (Named::Label(kind, label), SchemaStep::Merge { of, into, .. }) => kind == of && label == into,
        (Named::Label(kind, label), SchemaStep::Delete { of, to: Some(to), .. }) => kind == of && label == to,
        (Named::Label(kind, label), SchemaStep::Split { of, into, rest, .. }) => {
            kind == of && (label == rest || into.iter().any(|(_, to)| to == label))
        }
        (Named::Role(owner, role), SchemaStep::DeleteRole { of, to: Some(to), .. }) => owner == of && role == to,
        (Named::Attribute(id), SchemaStep::MergeAttributes { into, .. }) => id == into,
        (Named::Value(id, value), SchemaStep::MergeValues { attribute, into, .. }) => id == attribute && value == into,
        (Named::Value(id, value), SchemaStep::DeleteValue { attribute, to: Some(to), .. }) => {
            id == attribute && value == to
        }
        // Whose parts came from several is not told apart.
        (
            Named::Role(owner, _) | Named::Has(owner, _) | Named::Filler(owner, ..),
            SchemaStep::Merge { of, into, .. },
        ) => owner_is(owner, of, into),
        (
            Named::Role(owner, _) | Named::Has(owner, _) | Named::Filler(owner, ..),
            SchemaStep::Split { of, into, .. },
        ) => into.iter().any(|(_, to)| owner_is(owner, of, to)),
        _ => false,
    };
    if leads_here { Trace::Known } else { Trace::Same }
}

fn owner_is(owner: &Owner, of: &LabelKind, label: &str) -> bool {
    match (owner, of) {
        (Owner::Mention(known), LabelKind::Mention)
        | (Owner::Event(known), LabelKind::Event)
        | (Owner::Relation(known), LabelKind::Relation) => known == label,
        _ => false,
    }
}

fn is_in(schema: &Schema, named: &Named) -> bool {
    match named {
        Named::Label(kind, label) => kind.labels(schema).iter().any(|known| known == label),
        Named::Attribute(id) => schema.attribute(id).is_some(),
        // Free text has any value.
        Named::Value(id, value) => {
            schema.attribute(id).is_some_and(|a: &AttributeType| a.values.contains(value) || a.values.is_empty())
        }
        Named::Role(of, role) => roles(schema, of).iter().any(|known| known.role == *role),
        Named::Filler(Owner::Relation(label), end, filler) => schema.relation(label).is_some_and(|relation| {
            let list = if end == "from" { &relation.from } else { &relation.to };
            list.is_empty() || list.contains(filler)
        }),
        Named::Filler(of, role, filler) => roles(schema, of)
            .iter()
            .any(|known| known.role == *role && (known.fillers.is_empty() || known.fillers.contains(filler))),
        Named::Has(of, id) => attributes(schema, of).contains(id),
    }
}

/// The roles that somebody has; relations have ends instead.
pub fn roles<'s>(schema: &'s Schema, of: &Owner) -> &'s [RoleType] {
    match of {
        Owner::Event(label) => schema.event(label).map_or(&[], |event| &event.roles),
        Owner::Quotes => schema.quotes.as_ref().map_or(&[], |quotes| &quotes.roles),
        Owner::Mention(_) | Owner::Relation(_) => &[],
    }
}

/// The ids of the attributes that somebody may have.
pub fn attributes<'s>(schema: &'s Schema, of: &Owner) -> &'s [String] {
    match of {
        Owner::Mention(label) => schema.mention(label).map_or(&[], |mention| &mention.attributes),
        Owner::Event(label) => schema.event(label).map_or(&[], |event| &event.attributes),
        Owner::Relation(label) => schema.relation(label).map_or(&[], |relation| &relation.attributes),
        Owner::Quotes => schema.quotes.as_ref().map_or(&[], |quotes| &quotes.attributes),
    }
}

/// Whether these are all the attributes that there are.
pub fn is_all(schema: &Schema, ids: &[String]) -> bool {
    schema.attributes.iter().all(|attribute| ids.contains(&attribute.id))
}
