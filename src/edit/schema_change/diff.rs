//! What differs between two schemas, as data and in words; and the change of annotations that follows from it.
//!
//! Names decide what is the same. What is gone and what is new are compared by definition, colour, key, examples, parts and
//! place; where enough is the same, a renaming is guessed, for somebody to confirm.

mod roles;

use std::collections::BTreeMap;

use serde::Serialize;

use super::guess::{Candidate, Guess, renamed};
use super::order::in_order;
use super::{LabelKind, Owner, SchemaChange, SchemaStep};
use crate::model::Schema;
use crate::model::schema::{AttributeType, RoleType};

/// A part of a schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Item {
    /// The schema as a whole: its name, title, description.
    Schema,
    /// A group of labels.
    Group {
        /// Its name.
        name: String,
    },
    /// An attribute.
    Attribute {
        /// Its id.
        id: String,
    },
    /// A value of an attribute.
    Value {
        /// The id of the attribute.
        attribute: String,
        /// The value.
        value: String,
    },
    /// A mention type.
    Mention {
        /// Its label.
        label: String,
    },
    /// An event type.
    Event {
        /// Its label.
        label: String,
    },
    /// A relation type.
    Relation {
        /// Its label.
        label: String,
    },
    /// All that is said of quotes of any kind.
    Quotes,
    /// A kind of quote.
    QuoteKind {
        /// Its name.
        label: String,
    },
    /// A role.
    Role {
        /// Whose, by the new name if that was renamed.
        of: Owner,
        /// Its name.
        role: String,
    },
    /// A group of labels for the whole document.
    DocumentGroup {
        /// Its name.
        name: String,
    },
    /// A label for the whole document.
    DocumentValue {
        /// Its group, by the new name if that was renamed.
        group: String,
        /// The label.
        value: String,
    },
}

/// One difference. Its [`std::fmt::Display`] says it in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "difference", rename_all = "snake_case")]
pub enum Difference {
    /// It is new.
    Added {
        /// What.
        item: Item,
    },
    /// It is gone.
    Removed {
        /// What.
        item: Item,
    },
    /// It has another name.
    Renamed {
        /// What, by its old name.
        item: Item,
        /// The new name.
        to: String,
        /// Why that is believed; empty if it is certain.
        because: Vec<String>,
    },
    /// It says something else.
    Changed {
        /// What, by its new name.
        item: Item,
        /// Which of its fields.
        what: &'static str,
        /// What it was, in words; empty if nothing.
        before: String,
        /// What it is.
        after: String,
    },
}

/// Everything that differs, and what follows for annotations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchemaDiff {
    /// The differences, in the order of the schema's parts.
    pub differences: Vec<Difference>,
    proposal: SchemaChange,
}

/// Steps as they are found: those that rename come first, those that delete last.
#[derive(Default)]
struct Steps {
    renames: Vec<SchemaStep>,
    parts: Vec<SchemaStep>,
    deletions: Vec<SchemaStep>,
}

impl SchemaDiff {
    /// What differs between two schemas.
    pub fn between(before: &Schema, after: &Schema) -> Self {
        let mut compare =
            Compare { before, after, found: Vec::new(), steps: Steps::default(), names: Names::default() };
        compare.find_names();
        compare.schema();
        compare.groups();
        compare.attributes();
        compare.mentions();
        compare.events();
        compare.quotes();
        compare.relations();
        compare.document_labels();
        let Steps { renames, parts, deletions } = compare.steps;
        let steps = in_order(before, renames.into_iter().chain(parts).chain(deletions).collect());
        Self { differences: compare.found, proposal: SchemaChange { steps } }
    }

    /// Whether there is no difference.
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }

    /// The change of annotations that follows, with every guess taken for certain: what is gone is deleted with its
    /// annotations, what is tightened leaves problems. Somebody has to look at it; see [`super::Migration::towards`].
    pub fn proposal(&self) -> &SchemaChange {
        &self.proposal
    }
}

/// What names of before are called after.
#[derive(Default)]
struct Names {
    mentions: Vec<Guess>,
    events: Vec<Guess>,
    relations: Vec<Guess>,
    kinds: Vec<Guess>,
    document_groups: Vec<Guess>,
    groups: Vec<Guess>,
    /// Ids.
    attributes: Vec<Guess>,
}

fn new_name<'a>(guesses: &'a [Guess], name: &'a str) -> &'a str {
    guesses.iter().find(|guess| guess.from == name).map_or(name, |guess| &guess.to)
}

fn old_name<'a>(guesses: &'a [Guess], name: &'a str) -> &'a str {
    guesses.iter().find(|guess| guess.to == name).map_or(name, |guess| &guess.from)
}

struct Compare<'s> {
    before: &'s Schema,
    after: &'s Schema,
    found: Vec<Difference>,
    steps: Steps,
    names: Names,
}

fn joined(list: &[String]) -> String {
    list.join(", ")
}

fn yes(is_set: bool) -> String {
    if is_set { "yes" } else { "no" }.to_owned()
}

fn candidates<T>(list: &[T], candidate: impl Fn(&T) -> Candidate) -> Vec<Candidate> {
    list.iter().map(candidate).collect()
}

impl Compare<'_> {
    fn find_names(&mut self) {
        let guess = |of: &dyn Fn(&Schema) -> Vec<Candidate>| renamed(&of(self.before), &of(self.after));
        let color = |color: &Option<String>| ("colour", 2, color.clone().unwrap_or_default());
        let key = |key: Option<char>| ("key", 2, key.map(String::from).unwrap_or_default());
        let common = |definition: &String, examples: &[String]| {
            [("definition", 4, definition.clone()), ("examples", 3, joined(examples))]
        };
        let roles = |roles: &[RoleType]| {
            let names: Vec<String> = roles.iter().map(|role| role.role.clone()).collect();
            ("roles", 2, joined(&names))
        };
        self.names = Names {
            mentions: guess(&|s| {
                candidates(&s.mentions, |m| Candidate {
                    name: m.label.clone(),
                    traits: common(&m.definition, &m.examples)
                        .into_iter()
                        .chain([color(&m.color), key(m.key)])
                        .collect(),
                })
            }),
            events: guess(&|s| {
                candidates(&s.events, |e| Candidate {
                    name: e.r#type.clone(),
                    traits: (common(&e.definition, &e.examples).into_iter())
                        .chain([color(&e.color), key(e.key), roles(&e.roles)])
                        .collect(),
                })
            }),
            relations: guess(&|s| {
                candidates(&s.relations, |r| Candidate {
                    name: r.label.clone(),
                    traits: (common(&r.definition, &r.examples).into_iter())
                        .chain([("ends", 1, format!("{:?}{:?}", r.from, r.to))])
                        .collect(),
                })
            }),
            kinds: guess(&|s| {
                let kinds = s.quotes.as_ref().map_or(&[][..], |q| q.kinds.as_slice());
                candidates(kinds, |k| Candidate {
                    name: k.kind.clone(),
                    traits: common(&k.definition, &k.examples).into(),
                })
            }),
            document_groups: guess(&|s| {
                candidates(&s.document_labels, |d| Candidate {
                    name: d.group.clone(),
                    traits: vec![("definition", 4, d.definition.clone()), ("values", 4, joined(&d.values))],
                })
            }),
            groups: guess(&|s| {
                let groups: Vec<_> = s.groups.iter().collect();
                candidates(&groups, |(name, members)| Candidate {
                    name: (*name).clone(),
                    traits: vec![("members", 4, joined(members))],
                })
            }),
            attributes: guess(&|s| {
                candidates(&s.attributes, |a| Candidate {
                    name: a.id.clone(),
                    traits: vec![
                        ("name", 2, a.name.clone()),
                        ("definition", 3, a.definition.clone()),
                        ("values", 3, joined(&a.values)),
                    ],
                })
            }),
        };
    }

    fn push(&mut self, difference: Difference) {
        self.found.push(difference);
    }

    fn changed(&mut self, item: &Item, what: &'static str, before: String, after: String) {
        if before != after {
            self.push(Difference::Changed { item: item.clone(), what, before, after });
        }
    }

    /// Tells what is new, gone or renamed among names; gives the pairs of old and new names that are the same thing.
    fn names(
        &mut self,
        before: Vec<String>,
        after: Vec<String>,
        guesses: &[Guess],
        item: impl Fn(String) -> Item,
    ) -> Vec<(String, String)> {
        let mut same = Vec::new();
        for name in &before {
            if after.contains(name) {
                same.push((name.clone(), name.clone()));
            } else if let Some(guess) = guesses.iter().find(|guess| guess.from == *name) {
                let (to, because) = (guess.to.clone(), guess.because.clone());
                same.push((name.clone(), to.clone()));
                self.push(Difference::Renamed { item: item(name.clone()), to, because });
            } else {
                self.push(Difference::Removed { item: item(name.clone()) });
            }
        }
        let is_known = |name: &String| before.contains(name) || guesses.iter().any(|guess| guess.to == *name);
        for name in after.into_iter().filter(|name| !is_known(name)) {
            self.push(Difference::Added { item: item(name) });
        }
        same
    }

    /// The same for labels, with the steps that follow.
    fn labels(&mut self, of: &LabelKind, guesses: &[Guess], item: impl Fn(String) -> Item) -> Vec<(String, String)> {
        let (before, after) = match of {
            LabelKind::DocumentValue(group) => {
                let old = LabelKind::DocumentValue(old_name(&self.names.document_groups, group).to_owned());
                (old.labels(self.before), of.labels(self.after))
            }
            _ => (of.labels(self.before), of.labels(self.after)),
        };
        for name in &before {
            let step = |to: Option<String>| match to {
                Some(to) => SchemaStep::Rename { of: of.clone(), from: name.clone(), to },
                None => SchemaStep::Delete { of: of.clone(), label: name.clone(), to: None },
            };
            if let Some(guess) = guesses.iter().find(|guess| guess.from == *name) {
                self.steps.renames.push(step(Some(guess.to.clone())));
            } else if !after.contains(name) {
                self.steps.deletions.push(step(None));
            }
        }
        self.names(before, after, guesses, item)
    }

    fn schema(&mut self) {
        let (before, after) = (self.before, self.after);
        self.changed(&Item::Schema, "name", before.name.clone(), after.name.clone());
        self.changed(&Item::Schema, "version", before.version.to_string(), after.version.to_string());
        self.changed(&Item::Schema, "title", before.title.clone(), after.title.clone());
        self.changed(&Item::Schema, "description", before.description.clone(), after.description.clone());
        let (was, is) = (yes(before.one_label_per_span), yes(after.one_label_per_span));
        self.changed(&Item::Schema, "one label for the same words", was, is);
    }

    /// A list of fillers of before in the names of after.
    fn translated(&self, fillers: &[String]) -> Vec<String> {
        let translate = |filler: &String| match filler.strip_prefix('@') {
            Some(group) => format!("@{}", new_name(&self.names.groups, group)),
            None if self.before.mention(filler).is_some() => new_name(&self.names.mentions, filler).to_owned(),
            None => new_name(&self.names.events, filler).to_owned(),
        };
        fillers.iter().map(translate).collect()
    }

    fn groups(&mut self) {
        let names = |schema: &Schema| schema.groups.keys().cloned().collect::<Vec<_>>();
        let guesses = std::mem::take(&mut self.names.groups);
        let same = self.names(names(self.before), names(self.after), &guesses, |name| Item::Group { name });
        self.names.groups = guesses;
        for (old, new) in same {
            let members = |schema: &Schema, name: &str| schema.groups.get(name).cloned().unwrap_or_default();
            let was = self.translated(&members(self.before, &old));
            let is = members(self.after, &new);
            self.changed(&Item::Group { name: new }, "members", joined(&was), joined(&is));
        }
    }

    fn attributes(&mut self) {
        let ids = |schema: &Schema| schema.attributes.iter().map(|a| a.id.clone()).collect::<Vec<_>>();
        let guesses = std::mem::take(&mut self.names.attributes);
        for id in ids(self.before) {
            if self.after.attribute(new_name(&guesses, &id)).is_none() {
                self.steps.deletions.push(SchemaStep::DeleteAttribute { id, of: None });
            }
        }
        let same = self.names(ids(self.before), ids(self.after), &guesses, |id| Item::Attribute { id });
        self.names.attributes = guesses;
        for (old, new) in same {
            let (Some(was), Some(is)) = (self.before.attribute(&old), self.after.attribute(&new)) else { continue };
            self.attribute(was, is);
        }
    }

    fn attribute(&mut self, was: &AttributeType, is: &AttributeType) {
        let item = Item::Attribute { id: is.id.clone() };
        if was.name != is.name {
            self.steps.renames.push(SchemaStep::RenameAttribute { id: was.id.clone(), to: is.name.clone() });
            self.changed(&item, "name in files", was.name.clone(), is.name.clone());
        }
        let bare = |attribute: &AttributeType| {
            candidates(&attribute.values, |value| Candidate {
                name: value.clone(),
                traits: vec![("definition", 4, attribute.value_definitions.get(value).cloned().unwrap_or_default())],
            })
        };
        let guesses = renamed(&bare(was), &bare(is));
        for value in &was.values {
            let attribute = was.id.clone();
            if let Some(guess) = guesses.iter().find(|guess| guess.from == *value) {
                let (from, to) = (value.clone(), guess.to.clone());
                self.steps.renames.push(SchemaStep::RenameValue { attribute, from, to });
            } else if !is.values.contains(value) {
                let value = value.clone();
                self.steps.deletions.push(SchemaStep::DeleteValue { attribute, value, to: None });
            }
        }
        let values = self.names(was.values.clone(), is.values.clone(), &guesses, |value| Item::Value {
            attribute: is.id.clone(),
            value,
        });
        for (old, new) in values {
            let meaning = |a: &AttributeType, value: &str| a.value_definitions.get(value).cloned().unwrap_or_default();
            let item = Item::Value { attribute: is.id.clone(), value: new.clone() };
            self.changed(&item, "definition", meaning(was, &old), meaning(is, &new));
        }
        self.changed(&item, "type", format!("{:?}", was.kind), format!("{:?}", is.kind));
        self.changed(&item, "definition", was.definition.clone(), is.definition.clone());
        let default = was.default.as_deref().map(|value| new_name(&guesses, value).to_owned());
        self.changed(&item, "default", default.unwrap_or_default(), is.default.clone().unwrap_or_default());
        self.changed(&item, "several values", yes(was.multiple), yes(is.multiple));
    }

    /// Which attributes an owner may have.
    fn owned_attributes(&mut self, item: &Item, of: &Owner, was: &[String], is: &[String]) {
        for id in was {
            let new = new_name(&self.names.attributes, id);
            if !is.iter().any(|known| known == new) && self.after.attribute(new).is_some() {
                self.steps.parts.push(SchemaStep::DeleteAttribute { id: id.clone(), of: Some(of.clone()) });
            }
        }
        let was: Vec<String> = was.iter().map(|id| new_name(&self.names.attributes, id).to_owned()).collect();
        self.changed(item, "attributes", joined(&was), joined(is));
    }

    fn mentions(&mut self) {
        let guesses = self.names.mentions.clone();
        for (old, new) in self.labels(&LabelKind::Mention, &guesses, |label| Item::Mention { label }) {
            let (Some(was), Some(is)) = (self.before.mention(&old), self.after.mention(&new)) else { continue };
            let item = Item::Mention { label: new.clone() };
            self.looks(&item, (&was.definition, &is.definition), (&was.examples, &is.examples));
            self.colors(&item, (was.color.as_ref(), is.color.as_ref()), (was.key, is.key));
            self.owned_attributes(&item, &Owner::Mention(new), &was.attributes, &is.attributes);
            self.changed(&item, "must have an entity", yes(was.needs_entity), yes(is.needs_entity));
        }
    }

    fn looks(&mut self, item: &Item, definitions: (&String, &String), examples: (&[String], &[String])) {
        self.changed(item, "definition", definitions.0.clone(), definitions.1.clone());
        self.changed(item, "examples", examples.0.join(" · "), examples.1.join(" · "));
    }

    fn colors(&mut self, item: &Item, colors: (Option<&String>, Option<&String>), keys: (Option<char>, Option<char>)) {
        let word = |color: Option<&String>| color.cloned().unwrap_or_default();
        self.changed(item, "colour", word(colors.0), word(colors.1));
        let word = |key: Option<char>| key.map(String::from).unwrap_or_default();
        self.changed(item, "key", word(keys.0), word(keys.1));
    }

    fn events(&mut self) {
        let guesses = self.names.events.clone();
        for (old, new) in self.labels(&LabelKind::Event, &guesses, |label| Item::Event { label }) {
            let (Some(was), Some(is)) = (self.before.event(&old), self.after.event(&new)) else { continue };
            let item = Item::Event { label: new.clone() };
            let word = |group: &Option<String>| group.clone().unwrap_or_default();
            self.changed(&item, "heading", word(&was.group), word(&is.group));
            self.looks(&item, (&was.definition, &is.definition), (&was.examples, &is.examples));
            self.colors(&item, (was.color.as_ref(), is.color.as_ref()), (was.key, is.key));
            self.owned_attributes(&item, &Owner::Event(new.clone()), &was.attributes, &is.attributes);
            self.roles(&Owner::Event(new), &was.roles, &is.roles);
        }
    }

    fn quotes(&mut self) {
        match (&self.before.quotes, &self.after.quotes) {
            (None, Some(_)) => self.push(Difference::Added { item: Item::Quotes }),
            (Some(_), None) => self.push(Difference::Removed { item: Item::Quotes }),
            _ => {}
        }
        let guesses = self.names.kinds.clone();
        let same = self.labels(&LabelKind::QuoteKind, &guesses, |label| Item::QuoteKind { label });
        let (Some(was), Some(is)) = (&self.before.quotes, &self.after.quotes) else { return };
        self.looks(&Item::Quotes, (&was.definition, &is.definition), (&was.examples, &is.examples));
        self.colors(&Item::Quotes, (was.color.as_ref(), is.color.as_ref()), (None, None));
        for (old, new) in same {
            let kinds = (was.kinds.iter().find(|k| k.kind == old), is.kinds.iter().find(|k| k.kind == new));
            let (Some(was), Some(is)) = kinds else { continue };
            let item = Item::QuoteKind { label: new };
            self.looks(&item, (&was.definition, &is.definition), (&was.examples, &is.examples));
            self.changed(&item, "must have a cue", yes(was.needs_cue), yes(is.needs_cue));
        }
        self.owned_attributes(&Item::Quotes, &Owner::Quotes, &was.attributes, &is.attributes);
        self.roles(&Owner::Quotes, &was.roles, &is.roles);
    }

    fn relations(&mut self) {
        let guesses = self.names.relations.clone();
        for (old, new) in self.labels(&LabelKind::Relation, &guesses, |label| Item::Relation { label }) {
            let (Some(was), Some(is)) = (self.before.relation(&old), self.after.relation(&new)) else { continue };
            let item = Item::Relation { label: new.clone() };
            let of = Owner::Relation(new);
            self.looks(&item, (&was.definition, &is.definition), (&was.examples, &is.examples));
            self.changed(&item, "same both ways", yes(was.symmetric), yes(is.symmetric));
            self.fillers(&item, "start", &of, "from", &was.from, &is.from);
            self.fillers(&item, "end", &of, "to", &was.to, &is.to);
            self.owned_attributes(&item, &of, &was.attributes, &is.attributes);
        }
    }

    fn document_labels(&mut self) {
        let guesses = self.names.document_groups.clone();
        let same = self.labels(&LabelKind::DocumentGroup, &guesses, |name| Item::DocumentGroup { name });
        let groups = |schema: &Schema| -> BTreeMap<String, _> {
            schema.document_labels.iter().map(|d| (d.group.clone(), d.clone())).collect()
        };
        let (before, after) = (groups(self.before), groups(self.after));
        for (old, new) in same {
            let (Some(was), Some(is)) = (before.get(&old), after.get(&new)) else { continue };
            let item = Item::DocumentGroup { name: new.clone() };
            self.changed(&item, "definition", was.definition.clone(), is.definition.clone());
            self.changed(&item, "several labels", yes(was.multiple), yes(is.multiple));
            let bare = |values: &[String]| candidates(values, |v| Candidate { name: v.clone(), traits: Vec::new() });
            let guesses = renamed(&bare(&was.values), &bare(&is.values));
            let kind = LabelKind::DocumentValue(new.clone());
            self.labels(&kind, &guesses, |value| Item::DocumentValue { group: new.clone(), value });
        }
    }
}
