//! Whether annotations that fitted a label set still fit it as it is edited.
//!
//! Steps say what becomes of what does not fit, but an annotator may leave it, and much is tightened without a step: who must
//! have an entity, what a group holds. So the review asks the check that the list of problems asks, before and after.

use std::collections::HashMap;

use crate::edit::{Transaction, applied};
use crate::model::schema::RoleType;
use crate::model::{Document, Id, Problem, Schema, validate};

/// The problems of annotations that come of the change: of each annotation and of each kind of problem as many as there are
/// more than before. `after` is the label set that comes of it.
pub fn new_problems(
    document: &Document,
    before: &Schema,
    change: Option<&Transaction>,
    after: &Schema,
) -> Vec<Problem> {
    // It was planned on this very document.
    let changed = change.and_then(|change| applied(document, &change.ops).ok());
    let mut found: Vec<Problem> = validate(changed.as_ref().unwrap_or(document), after);
    found.retain(|problem| problem.place.id.is_some());
    if found.is_empty() {
        return found;
    }
    let mut known: HashMap<(Id, &'static str), Vec<String>> = HashMap::new();
    for problem in validate(document, before) {
        if let Some(id) = problem.place.id {
            known.entry((id, problem.code)).or_default().push(problem.message);
        }
    }
    // What is said in the same words is the same; of the rest, a renaming may have changed the words.
    let mut take_known = |problem: &Problem, is_same: &dyn Fn(&str) -> bool| {
        let messages = problem.place.id.clone().and_then(|id| known.get_mut(&(id, problem.code)));
        let at = messages.as_ref().and_then(|all| all.iter().position(|message| is_same(message)));
        messages.zip(at).map(|(all, at)| all.swap_remove(at)).is_some()
    };
    found.retain(|problem| !take_known(problem, &|message| message == problem.message));
    found.retain(|problem| !take_known(problem, &|_| true));
    found
}

/// Whether something that fits `before` might not fit `after`. What only describes, looks or is new is not looked at; a
/// label set that takes more than before may be said to be narrower, which costs a look.
pub fn may_be_narrower(before: &Schema, after: &Schema) -> bool {
    rules(before, before) != rules(after, before)
}

/// What of a label set decides whether something fits, of the labels that `known` has.
fn rules(schema: &Schema, known: &Schema) -> Schema {
    let mut rules = Schema::empty("", 0);
    rules.one_label_per_span = schema.one_label_per_span;
    rules.groups.clone_from(&schema.groups);
    rules.groups.retain(|name, _| known.groups.contains_key(name));
    rules.attributes.clone_from(&schema.attributes);
    rules.attributes.retain(|attribute| known.attribute(&attribute.id).is_some());
    rules.attributes.sort_by(|a, b| a.id.cmp(&b.id));
    for attribute in &mut rules.attributes {
        attribute.definition.clear();
        attribute.value_definitions.clear();
        attribute.default = None;
    }
    rules.mentions.clone_from(&schema.mentions);
    rules.mentions.retain(|mention| known.mention(&mention.label).is_some());
    rules.mentions.sort_by(|a, b| a.label.cmp(&b.label));
    for mention in &mut rules.mentions {
        (mention.color, mention.key) = (None, None);
        bare(&mut mention.definition, &mut mention.examples);
    }
    rules.events.clone_from(&schema.events);
    rules.events.retain(|event| known.event(&event.r#type).is_some());
    rules.events.sort_by(|a, b| a.r#type.cmp(&b.r#type));
    for event in &mut rules.events {
        (event.color, event.key, event.group) = (None, None, None);
        bare(&mut event.definition, &mut event.examples);
        bare_roles(&mut event.roles);
    }
    rules.quotes = schema.quotes.clone().filter(|_| known.quotes.is_some());
    if let Some(quotes) = &mut rules.quotes {
        quotes.color = None;
        bare(&mut quotes.definition, &mut quotes.examples);
        bare_roles(&mut quotes.roles);
        let is_known = |kind: &str| known.quotes.iter().flat_map(|quotes| &quotes.kinds).any(|k| k.kind == kind);
        quotes.kinds.retain(|kind| is_known(&kind.kind));
        quotes.kinds.sort_by(|a, b| a.kind.cmp(&b.kind));
        for kind in &mut quotes.kinds {
            bare(&mut kind.definition, &mut kind.examples);
        }
    }
    rules.relations.clone_from(&schema.relations);
    rules.relations.retain(|relation| known.relation(&relation.label).is_some());
    rules.relations.sort_by(|a, b| a.label.cmp(&b.label));
    for relation in &mut rules.relations {
        bare(&mut relation.definition, &mut relation.examples);
    }
    rules.document_labels.clone_from(&schema.document_labels);
    rules.document_labels.retain(|labels| known.document_labels.iter().any(|other| other.group == labels.group));
    rules.document_labels.sort_by(|a, b| a.group.cmp(&b.group));
    for labels in &mut rules.document_labels {
        labels.definition.clear();
    }
    rules
}

fn bare(definition: &mut String, examples: &mut Vec<String>) {
    definition.clear();
    examples.clear();
}

fn bare_roles(roles: &mut [RoleType]) {
    for role in roles {
        role.definition.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Owner, SchemaChange, SchemaStep, Unfit};
    use crate::model::schema::builtin;
    use crate::model::test_support::{event, mention};
    use crate::model::{Argument, Filler, Header};
    use crate::text::Text;

    fn news() -> Schema {
        builtin("news").expect("ships").clone()
    }

    /// Anna meets Bob.
    fn document() -> Document {
        let text = Text::new("Anna met Bob.".to_owned()).expect("short");
        let mut met = event("e1", "Consult", &[(5, 8)]);
        let actor = |id: &str| Argument { role: "Actor".into(), filler: Filler::Mention(id.into()) };
        met.arguments = vec![actor("m1"), actor("m2")];
        let people = [mention("m1", "Person", &[(0, 4)]), mention("m2", "Person", &[(9, 12)])];
        Document::with_annotations(text, Header::default(), [], people, [met], [], [])
    }

    fn told(after: &Schema, change: Option<&Transaction>) -> Vec<String> {
        new_problems(&document(), &news(), change, after).into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn what_is_tightened_in_any_way_is_told() {
        assert_eq!(told(&news(), None), Vec::<String>::new());
        let mut after = news();
        after.mentions.iter_mut().for_each(|mention| mention.needs_entity = true);
        assert_eq!(told(&after, None).len(), 2, "{:?}", told(&after, None));
        assert!(may_be_narrower(&news(), &after));
        let mut after = news();
        after.groups.get_mut("Actor").expect("ships").retain(|label| label != "Person");
        assert!(told(&after, None).iter().all(|message| message.contains("Person cannot be Actor")));
        assert_eq!(told(&after, None).len(), 2);
        assert!(may_be_narrower(&news(), &after));
    }

    #[test]
    fn what_was_wrong_before_is_not_told_under_another_name() {
        let mut before = news();
        before.mentions.iter_mut().for_each(|mention| mention.needs_entity = true);
        let to = SchemaStep::Rename { of: crate::edit::LabelKind::Mention, from: "Person".into(), to: "Human".into() };
        let least = SchemaStep::Limit {
            of: Owner::Event("Consult".into()),
            role: "Actor".into(),
            min: 1,
            max: Some(1),
            excess: Unfit::Leave,
        };
        let migration = SchemaChange { steps: vec![to, least] }.on(&before).expect("fits");
        let planned = migration.plan(&document(), "2026-01-01T00:00:00Z", None);
        let problems = new_problems(&document(), &before, planned.transaction.as_ref(), migration.schema());
        let codes: Vec<_> = problems.iter().map(|problem| problem.place.id.clone()).collect();
        assert_eq!(codes, [Some("e1".into())], "{problems:?}");
    }

    #[test]
    fn descriptions_looks_order_and_what_is_new_make_nothing_narrower() {
        let mut after = news();
        after.title = "Other".into();
        for mention in &mut after.mentions {
            (mention.color, mention.key) = (None, None);
            mention.definition = "New".into();
        }
        after.events.reverse();
        after.mentions.push(crate::model::schema::MentionType { label: "Disease".into(), ..after.mentions[0].clone() });
        assert!(!may_be_narrower(&news(), &after));
        after.events[0].roles[0].min += 1;
        assert!(may_be_narrower(&news(), &after));
    }
}
