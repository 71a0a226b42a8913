//! What is wrong with a label set that is being edited, and where to mend it.

use palette::{IntoColor as _, Oklab, Srgb};

use super::entry::{Entry, Part};
use crate::model::colors::{LabelShades, Rgb};
use crate::model::schema::{KeyTable, RESERVED_LETTERS, RoleType};
use crate::model::{Kind, Problem, Schema, Severity};

/// A field of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Its name.
    Name,
    /// Its colour.
    Color,
    /// Its key.
    Key,
    /// Its roles, or the ends of a relation.
    Roles,
    /// The attributes that it may have.
    Attributes,
    /// Its values.
    Values,
    /// The labels in it.
    Members,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// What, how bad, and what to do.
    pub problem: Problem,
    /// Where it is mended.
    pub place: Option<(Entry, Field)>,
}

/// Two colours nearer than this are hard to tell apart, as distance in Oklab.
const ALIKE: f32 = 0.02;

/// Everything that is wrong, errors first. Labels get no letter of `reserved`.
pub fn conflicts(schema: &Schema, reserved: &[char]) -> Vec<Conflict> {
    let checked = schema.check_by_name().into_iter();
    let mut found: Vec<Conflict> = checked
        .map(|(problem, name)| {
            let place = place_of(schema, &problem, &name);
            Conflict { problem, place }
        })
        .collect();
    found.extend(keys_of_the_user(schema, reserved));
    found.extend(alike(schema));
    found.sort_by_key(|conflict| conflict.problem.severity != Severity::Error);
    found
}

/// Whether it may not be applied.
pub fn has_errors(conflicts: &[Conflict]) -> bool {
    conflicts.iter().any(|conflict| conflict.problem.severity == Severity::Error)
}

/// The entry with this label or type.
fn label_named(schema: &Schema, name: &str) -> Option<Entry> {
    let entries =
        || [Part::Mentions, Part::Events, Part::Quotes, Part::Relations, Part::Attributes, Part::DocumentLabels];
    entries().into_iter().flat_map(|part| Entry::of(part, schema)).find(|entry| entry.name() == name)
}

fn place_of(schema: &Schema, problem: &Problem, name: &str) -> Option<(Entry, Field)> {
    if problem.code == "schema-key" {
        return label_named(schema, name).map(|entry| (entry, Field::Key));
    }
    if name.starts_with('#') || problem.message.ends_with("is not a colour") {
        let is_it = |color: &Option<String>| color.as_deref() == Some(name);
        let mentions = schema.mentions.iter().filter(|m| is_it(&m.color)).map(|m| Entry::Mention(m.label.clone()));
        let events = schema.events.iter().filter(|e| is_it(&e.color)).map(|e| Entry::Event(e.r#type.clone()));
        let quotes = schema.quotes.iter().filter(|q| is_it(&q.color)).map(|_| Entry::Quotes);
        return mentions.chain(events).chain(quotes).next().map(|entry| (entry, Field::Color));
    }
    // Whoever names it without its being there, has to be mended.
    let is_named = |list: &[String]| list.iter().any(|filler| filler == name);
    let has_role = |roles: &[RoleType]| {
        let is_about = |role: &RoleType| problem.message.contains(&format!("the role {:?}", role.role));
        roles.iter().any(|role| is_about(role) && (role.role == name || is_named(&role.fillers)))
    };
    for (group, members) in &schema.groups {
        if is_named(members) && problem.message.starts_with("the group") {
            return Some((Entry::Group(group.clone()), Field::Members));
        }
    }
    for event in &schema.events {
        if has_role(&event.roles) && problem.message.contains(&event.r#type) {
            return Some((Entry::Event(event.r#type.clone()), Field::Roles));
        }
        if is_named(&event.attributes) && problem.message.starts_with(&event.r#type) {
            return Some((Entry::Event(event.r#type.clone()), Field::Attributes));
        }
    }
    if schema.quotes.as_ref().is_some_and(|quotes| has_role(&quotes.roles)) {
        return Some((Entry::Quotes, Field::Roles));
    }
    for relation in &schema.relations {
        if problem.message.starts_with("the relation") && (is_named(&relation.from) || is_named(&relation.to)) {
            return Some((Entry::Relation(relation.label.clone()), Field::Roles));
        }
    }
    for attribute in &schema.attributes {
        let is_about = attribute.id == name || attribute.values.iter().any(|value| value == name);
        if is_about && problem.message.contains(&format!("{:?}", attribute.id)) {
            return Some((Entry::Attribute(attribute.id.clone()), Field::Values));
        }
    }
    for labels in &schema.document_labels {
        if labels.values.iter().any(|value| value == name) && problem.message.contains(&format!("{:?}", labels.group)) {
            return Some((Entry::Document(labels.group.clone()), Field::Values));
        }
    }
    if name == "quotes" {
        return Some((Entry::Quotes, Field::Name));
    }
    label_named(schema, name).map(|entry| (entry, Field::Name))
}

/// Keys that the user's own keymap has for commands.
fn keys_of_the_user<'s>(schema: &'s Schema, reserved: &[char]) -> impl Iterator<Item = Conflict> + use<'s> {
    let mentions = schema.mentions.iter().map(|m| (Entry::Mention(m.label.clone()), m.key));
    let events = schema.events.iter().map(|e| (Entry::Event(e.r#type.clone()), e.key));
    let reserved: Vec<char> = reserved.iter().copied().filter(|key| !RESERVED_LETTERS.contains(key)).collect();
    let asked = mentions.chain(events).filter_map(|(entry, key)| Some((entry, key?)));
    asked.filter(move |(_, key)| reserved.contains(key)).map(|(entry, key)| {
        let message = format!("{} asks for the key {key:?}, which your keymap has for a command", entry.name());
        let hint = "for you it gets another one; choose one that is free";
        Conflict { problem: Problem::warning("schema-key", message, hint), place: Some((entry, Field::Key)) }
    })
}

/// Labels whose colours are hard to tell apart. Only those that somebody has chosen: nobody can mend what is allotted. Kinds
/// are told apart by their form, and event types under one heading may well have one colour.
fn alike(schema: &Schema) -> Vec<Conflict> {
    let mentions = (schema.mentions.iter().filter(|m| m.color.is_some()))
        .map(|m| (Entry::Mention(m.label.clone()), None::<&String>));
    let events = (schema.events.iter().filter(|e| e.color.is_some()))
        .map(|e| (Entry::Event(e.r#type.clone()), e.group.as_ref()));
    let shades = LabelShades::new(schema, false);
    let mut found = Vec::new();
    for (kind, entries) in [(Kind::Mention, mentions.collect::<Vec<_>>()), (Kind::Event, events.collect())] {
        let colors: Vec<Oklab> = entries.iter().map(|(entry, _)| oklab(shades.of(kind, entry.name()).line)).collect();
        for (nth, (entry, heading)) in entries.iter().enumerate() {
            let others: Vec<&str> = (entries.iter().zip(&colors).take(nth))
                .filter(|((_, other), _)| heading.is_none() || heading != other)
                .filter(|(_, color)| colors.get(nth).is_some_and(|own| distance(own, color) < ALIKE))
                .map(|((other, _), _)| other.name())
                .collect();
            let Some((first, rest)) = others.split_first() else { continue };
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            let message = format!("{} looks like {first}{more}", entry.name());
            let problem = Problem::warning("schema-colour", message, "choose a colour that can be told apart");
            found.push(Conflict { problem, place: Some((entry.clone(), Field::Color)) });
        }
    }
    found
}

fn oklab(Rgb([red, green, blue]): Rgb) -> Oklab {
    Srgb::new(red, green, blue).into_format::<f32>().into_color()
}

fn distance(a: &Oklab, b: &Oklab) -> f32 {
    ((a.l - b.l).powi(2) + (a.a - b.a).powi(2) + (a.b - b.b).powi(2)).sqrt()
}

/// Who has which key: what the label set gives, with the letters of commands.
pub fn owner_of_key(keys: &KeyTable, reserved: &[char], key: char) -> Option<String> {
    if reserved.contains(&key) {
        return Some("a command".to_owned());
    }
    keys.target(key).map(|target| target.label.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::builtin;

    fn places(schema: &Schema) -> Vec<(String, Option<(Entry, Field)>)> {
        conflicts(schema, RESERVED_LETTERS).into_iter().map(|c| (c.problem.message, c.place)).collect()
    }

    #[test]
    fn each_conflict_leads_to_the_field_where_it_is_mended() {
        let mut schema = builtin("news").expect("ships").clone();
        assert_eq!(places(&schema), []);
        let (first, second) = (schema.mentions[0].clone(), schema.mentions[1].label.clone());
        schema.mentions[1].key = first.key;
        schema.mentions[2].color = Some("red".into());
        schema.events[0].roles[0].fillers = vec!["Nobody".into()];
        schema.groups.insert("Empty".into(), vec!["Nothing".into()]);
        let quotes = schema.quotes.as_mut().expect("has quotes");
        quotes.roles[0].fillers.push("Ghost".into());
        let attribute = schema.attributes[0].id.clone();
        schema.attributes[0].values.clear();
        let found = places(&schema);
        let has = |entry: Entry, field: Field| found.iter().any(|(_, place)| *place == Some((entry.clone(), field)));
        for (entry, field) in [
            (Entry::Mention(second), Field::Key),
            (Entry::Mention(schema.mentions[2].label.clone()), Field::Color),
            (Entry::Event(schema.events[0].r#type.clone()), Field::Roles),
            (Entry::Group("Empty".into()), Field::Members),
            (Entry::Quotes, Field::Roles),
            (Entry::Attribute(attribute), Field::Values),
        ] {
            assert!(has(entry.clone(), field), "{entry:?} {field:?}: {found:?}");
        }
    }

    #[test]
    fn colours_that_look_alike_are_told_once() {
        let mut schema = builtin("news").expect("ships").clone();
        schema.mentions[0].color = Some("#3366cc".into());
        schema.mentions[1].color = Some("#3367cb".into());
        let found = places(&schema);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].1, Some((Entry::Mention(schema.mentions[1].label.clone()), Field::Color)));
    }
}
