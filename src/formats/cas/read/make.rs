//! Everything that stands in the text becomes an annotation, with its label and its attributes.

use std::collections::BTreeSet;

use super::form::Form;
use super::{LABELS, Reader};
use crate::formats::cas::store::{Resolved, Structure, Value};
use crate::formats::cas::{MENTION, names};
use crate::model::{AttributeValue, Id};
use crate::text::Spans;

/// Features that say how others are written.
const FORMS: &str = "forms";

impl<'a> Reader<'a> {
    pub fn make(&mut self) {
        let all = self.all.clone();
        for (structure, form) in &all {
            if *form == Form::Entity {
                self.entity(structure);
            }
        }
        // Chains first: what is linked in one has its label elsewhere.
        for (structure, form) in &all {
            if *form == Form::Chain {
                self.chain(structure);
            }
        }
        for (structure, form) in &all {
            if self.made.contains_key(&structure.id) {
                continue;
            }
            match form {
                Form::Mention => self.mention(structure),
                Form::Event => {
                    let (label, used) = label(structure);
                    if let Some(spans) = self.spans(structure) {
                        let id = self.builder.event(&label, spans);
                        self.describe(structure, &id, used);
                        self.made.insert(structure.id, id);
                    }
                }
                Form::Quote => {
                    let (label, used) = label(structure);
                    if let Some(spans) = self.spans(structure) {
                        let id = self.builder.quote(&label, spans);
                        self.describe(structure, &id, used);
                        self.made.insert(structure.id, id);
                    }
                }
                Form::Token => self.token(structure),
                _ => {}
            }
        }
    }

    /// What is said of tokens and sentences besides their place.
    fn token(&mut self, structure: &'a Structure) {
        // Numbers that some programs write for every token.
        let said = structure.features.keys().filter(|name| *name != "order");
        for name in said {
            self.leave(format!("the feature {name} of {} is left out", structure.short()), structure);
        }
    }

    fn entity(&mut self, structure: &'a Structure) {
        let said = |name: &str| structure.text(name).unwrap_or_default();
        let id = self.builder.entity(said("kind"), said("name"));
        let aliases: Vec<String> =
            structure.text("aliases").and_then(|all| serde_json::from_str(all).ok()).unwrap_or_default();
        if let Some(entity) = self.builder.entity_mut(&id) {
            entity.aliases = aliases;
            entity.link = structure.text("identifier").map(str::to_owned);
        }
        if let Some(note) = structure.text("note") {
            self.builder.note(&id, note);
        }
        if self.entities.insert(said("key").to_owned(), id).is_some() {
            let message = format!("the key {:?} of an entity is there twice", said("key"));
            self.refuse("duplicate-id", message, "give each entity a key of its own", structure);
        }
    }

    fn mention(&mut self, structure: &'a Structure) {
        let (label, used) = label(structure);
        let Some(spans) = self.spans(structure) else { return };
        let words = self.builder.text().excerpt(&spans);
        let id = self.builder.mention(&label, spans);
        let mut known = vec![used];
        if structure.r#type == MENTION {
            let entity = structure.text("entity").and_then(|key| self.entities.get(key).cloned());
            if entity.is_some() {
                known.extend(["entity", "identifier"]);
            }
            let identifier = structure.text("identifier").filter(|i| !i.is_empty() && entity.is_none());
            let entity = entity.or_else(|| {
                let identifier = identifier?;
                known.push("identifier");
                if let Some(id) = self.identified.get(identifier) {
                    return Some(id.clone());
                }
                let id = self.builder.entity(&label, &words);
                if let Some(entity) = self.builder.entity_mut(&id) {
                    entity.link = Some(identifier.to_owned());
                }
                self.identified.insert(identifier.to_owned(), id.clone());
                Some(id)
            });
            if let Some(mention) = self.builder.mention_mut(&id) {
                mention.entity = entity;
            }
        }
        self.describe_but(structure, &id, &known);
        self.made.insert(structure.id, id);
    }

    /// A chain is an entity; each link of it is a mention.
    fn chain(&mut self, structure: &'a Structure) {
        let (mut links, mut seen) = (Vec::new(), BTreeSet::new());
        let mut next = self.targets(structure, "first").into_iter().next();
        while let Some(link) = next {
            if !seen.insert(link.id) || self.made.contains_key(&link.id) {
                self.refuse("cyclic-chain", "a chain runs in a circle or into another", "mend its links", link);
                return;
            }
            links.push(link);
            next = self.targets(link, "next").into_iter().next();
        }
        let label = |link: &Structure| link.text("referenceType").unwrap_or(link.short()).to_owned();
        let mut entity: Option<Id> = None;
        for link in links {
            let Some(spans) = self.spans(link) else { return };
            let label = label(link);
            let words = self.builder.text().excerpt(&spans);
            let id = self.builder.mention(&label, spans);
            let entity = entity.get_or_insert_with(|| self.builder.entity(&label, &words)).clone();
            if let Some(mention) = self.builder.mention_mut(&id) {
                mention.entity = Some(entity);
            }
            self.describe_but(link, &id, &["referenceType"]);
            self.used.insert(link.id);
            self.made.insert(link.id, id);
        }
        if seen.is_empty() {
            self.leave(format!("{} is left out, it is empty", structure.short()), structure);
        }
    }

    /// A token that a relation ends at.
    pub fn made_of(&mut self, structure: &'a Structure) -> Option<Id> {
        if !self.made.contains_key(&structure.id) && self.form_of(structure) == Form::Token {
            let spans: Spans = self.spans(structure)?;
            let id = self.builder.mention(structure.short(), spans);
            self.made.insert(structure.id, id);
        }
        self.made.get(&structure.id).cloned()
    }

    pub fn describe(&mut self, structure: &'a Structure, id: &Id, label: &'static str) {
        self.describe_but(structure, id, &[label]);
    }

    /// Attributes and the note, but for features that are known otherwise. References come later.
    fn describe_but(&mut self, structure: &'a Structure, id: &Id, known: &[&str]) {
        let forms = forms(structure);
        for (name, value) in &structure.features {
            let is_of_own = matches!(name.as_str(), "fromEntity" | "toEntity") && self.form_of(structure) == Form::Link;
            if known.contains(&name.as_str()) || is_of_own || (name == FORMS && forms.is_some()) {
                continue;
            }
            if let ("note", Value::Text(note)) = (name.as_str(), value) {
                self.builder.note(id, note);
                continue;
            }
            let form = forms.iter().flatten().find(|(known, _)| known == name).map(|(_, form)| *form);
            let value = match (self.resolve(value, structure), form) {
                (Some(Resolved::Text(text)), Some("flag")) => AttributeValue::Flag(text == "true"),
                (Some(Resolved::Text(text)), Some(_)) => match serde_json::from_str(&text) {
                    Ok(list) => AttributeValue::List(list),
                    Err(_) => AttributeValue::Text(text),
                },
                (Some(Resolved::Text(text)), None) => AttributeValue::Text(text),
                (Some(Resolved::Flag(flag)), _) => AttributeValue::Flag(flag),
                (Some(Resolved::Texts(texts)), _) => AttributeValue::List(texts),
                (Some(Resolved::Targets(_)) | None, _) => continue,
            };
            self.builder.attribute(id, &names::attribute(name), value);
        }
    }
}

/// The label of an annotation, and the feature that holds it.
pub fn label(structure: &Structure) -> (String, &'static str) {
    for name in LABELS {
        if let Some(Value::Text(text) | Value::Number(text)) = structure.features.get(*name) {
            return (text.clone(), name);
        }
    }
    (structure.short().to_owned(), "")
}

/// What `forms` says of other features, if it is in the form in which it is written here.
fn forms(structure: &Structure) -> Option<Vec<(&str, &str)>> {
    let one = |form| match str::split_once(form, ':') {
        Some((name, kind @ ("list" | "flag"))) if structure.text(name).is_some() => Some((name, kind)),
        _ => None,
    };
    structure.text(FORMS)?.split(' ').map(one).collect()
}
