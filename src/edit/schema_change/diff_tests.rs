use proptest::prelude::*;

use super::tests::any_step;
use super::*;
use crate::model::schema::builtin;

fn news() -> Schema {
    builtin("news").expect("ships").clone()
}

fn words(before: &Schema, after: &Schema) -> Vec<String> {
    SchemaDiff::between(before, after).differences.iter().map(ToString::to_string).collect()
}

#[test]
fn a_schema_does_not_differ_from_itself() {
    let diff = SchemaDiff::between(&news(), &news());
    assert!(diff.is_empty() && diff.proposal().steps.is_empty());
}

#[test]
fn differences_are_told_in_words_and_renamings_are_guesses() {
    let before = news();
    let mut after = before.clone();
    after.version = 2;
    let person = after.mentions.iter_mut().find(|m| m.label == "Person").expect("known");
    person.label = "Human".into();
    person.color = Some("#123456".into());
    for members in after.groups.values_mut() {
        members.iter_mut().filter(|m| *m == "Person").for_each(|m| *m = "Human".into());
    }
    let lists = after.relations.iter_mut().flat_map(|r| [&mut r.from, &mut r.to]);
    lists.flatten().filter(|m| *m == "Person").for_each(|m| *m = "Human".into());
    for event in &mut after.events {
        let fillers = event.roles.iter_mut().flat_map(|r| &mut r.fillers);
        fillers.filter(|m| *m == "Person").for_each(|m| *m = "Human".into());
    }
    let consult = after.events.iter_mut().find(|e| e.r#type == "Consult").expect("known");
    consult.roles[0].max = Some(1);
    let role = consult.roles[0].role.clone();
    after.document_labels[1].values.retain(|value| value != "live");
    assert!(after.check().iter().all(|p| p.severity != Severity::Error), "{:?}", after.check());
    let told = words(&before, &after);
    let expected = [
        "changed: version of the schema: 1 → 2",
        "perhaps renamed: the mention type Person to Human (same definition, same examples, same key, same place)",
        "removed: the document label live (genre)",
    ];
    for line in expected {
        assert!(told.contains(&line.to_owned()), "{line}: {told:#?}");
    }
    assert!(told.iter().any(|line| line.starts_with("changed: colour of the mention type Human: #")), "{told:#?}");
    assert!(told.iter().any(|line| *line == format!("changed: most of the role {role} of Consult: any number → 1")));
    assert!(!told.iter().any(|line| line.contains("members") || line.contains("fillers")), "only a name: {told:#?}");
    let steps = SchemaDiff::between(&before, &after).proposal().steps.clone();
    let limit =
        SchemaStep::Limit { of: Owner::Event("Consult".into()), role, min: 1, max: Some(1), excess: Unfit::Leave };
    let least = before.event("Consult").expect("known").roles[0].min;
    let limit = match limit {
        SchemaStep::Limit { of, role, max, excess, .. } => SchemaStep::Limit { of, role, min: least, max, excess },
        other => other,
    };
    let delete = SchemaStep::Delete { of: LabelKind::DocumentValue("genre".into()), label: "live".into(), to: None };
    let rename = SchemaStep::Rename { of: LabelKind::Mention, from: "Person".into(), to: "Human".into() };
    assert_eq!(steps, [rename, limit, delete]);
}

/// What these steps make of the news schema, proposed from the outcome alone.
fn proposed(steps: &[SchemaStep]) -> (Vec<SchemaStep>, Schema, Schema) {
    let mut after = news();
    for step in steps {
        let change = SchemaChange { steps: vec![step.clone()] };
        after = change.on(&after).expect("fits").schema().clone();
    }
    let steps = SchemaDiff::between(&news(), &after).proposal().steps.clone();
    let made = SchemaChange { steps: steps.clone() }.on(&news()).expect("fits").schema().clone();
    (steps, made, after)
}

fn rename(of: LabelKind, from: &str, to: &str) -> SchemaStep {
    SchemaStep::Rename { of, from: from.into(), to: to.into() }
}

#[test]
fn a_name_that_something_else_gives_up_is_free_first() {
    let delete = SchemaStep::Delete { of: LabelKind::Mention, label: "Place".into(), to: None };
    let rename = rename(LabelKind::Event, "Consult", "Place");
    let (steps, made, after) = proposed(&[delete.clone(), rename.clone()]);
    assert!(steps.ends_with(&[delete, rename]), "{steps:?}");
    assert_eq!(LabelKind::Event.labels(&made), LabelKind::Event.labels(&after));
}

#[test]
fn two_that_take_each_others_names_go_by_way_of_a_third() {
    let (steps, made, after) = proposed(&[
        rename(LabelKind::Mention, "Place", "Between"),
        rename(LabelKind::Event, "Consult", "Place"),
        rename(LabelKind::Mention, "Between", "Consult"),
    ]);
    assert_eq!(
        steps,
        [
            rename(LabelKind::Mention, "Place", "Consult (new)"),
            rename(LabelKind::Event, "Consult", "Place"),
            rename(LabelKind::Mention, "Consult (new)", "Consult"),
        ]
    );
    assert_eq!(LabelKind::Mention.labels(&made), LabelKind::Mention.labels(&after));
    assert_eq!(LabelKind::Event.labels(&made), LabelKind::Event.labels(&after));
}

#[test]
fn a_role_that_takes_less_than_anything_is_a_step() {
    let mut before = news();
    let actor = |schema: &mut Schema, fillers: &[&str]| {
        let consult = schema.events.iter_mut().find(|e| e.r#type == "Consult").expect("known");
        consult.roles[0].fillers = fillers.iter().map(|filler| (*filler).to_owned()).collect();
    };
    actor(&mut before, &[]);
    let mut after = before.clone();
    let new = crate::model::schema::MentionType { label: "Envoy".into(), ..after.mentions[0].clone() };
    after.mentions.push(new);
    // Nothing can be marked with what is new.
    actor(&mut after, &["Envoy", "@Actor"]);
    let step = SchemaStep::OnlyFillers {
        of: Owner::Event("Consult".into()),
        role: "Actor".into(),
        fillers: vec!["@Actor".into()],
        unfit: Unfit::Leave,
    };
    assert_eq!(SchemaDiff::between(&before, &after).proposal().steps, [step]);
    assert_eq!(SchemaDiff::between(&after, &before).proposal().steps.len(), 1, "what is new goes, nothing is narrowed");
}

#[test]
fn what_has_nothing_in_common_is_no_renaming() {
    let before = news();
    let mut after = before.clone();
    let at = after.mentions.iter().position(|m| m.label == "Weapon").expect("known");
    after.mentions.remove(at);
    for list in after.groups.values_mut() {
        list.retain(|m| m != "Weapon");
    }
    let mut other = after.mentions[0].clone();
    (other.label, other.definition, other.examples) = ("Disease".into(), "An illness".into(), vec!["[flu]".into()]);
    (other.key, other.color) = (None, None);
    after.mentions.insert(0, other);
    let told = words(&before, &after);
    assert!(told.contains(&"removed: the mention type Weapon".to_owned()), "{told:#?}");
    assert!(told.contains(&"added: the mention type Disease".to_owned()), "{told:#?}");
}

#[test]
fn a_difference_is_data_too() {
    let mut after = news();
    after.mentions[0].label = "Human".into();
    let diff = SchemaDiff::between(&news(), &after);
    let json = serde_json::to_value(&diff.differences).expect("JSON");
    let renamed = json.as_array().into_iter().flatten().find(|d| d["difference"] == "renamed").expect("told");
    assert_eq!((&renamed["item"]["kind"], &renamed["item"]["label"]), (&"mention".into(), &"Person".into()));
    assert_eq!(renamed["to"], "Human");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever was done to a schema, the proposal fits the schema before and knows all labels after.
    #[test]
    fn a_proposal_leads_from_one_schema_to_the_labels_of_the_other(steps in prop::collection::vec(any_step(), 0..6)) {
        let mut after = news();
        for step in steps {
            if let Ok(migration) = (SchemaChange { steps: vec![step] }).on(&after) {
                after = migration.schema().clone();
            }
        }
        let diff = SchemaDiff::between(&news(), &after);
        let proposal = diff.proposal();
        let migration = proposal.on(&news());
        prop_assert!(migration.is_ok(), "{:?} {:?}", migration, proposal);
        let made = migration.expect("fits");
        for kind in [LabelKind::Mention, LabelKind::Event, LabelKind::Relation, LabelKind::QuoteKind] {
            let unknown: Vec<_> = kind.labels(made.schema()).into_iter().filter(|l| !kind.labels(&after).contains(l)).collect();
            prop_assert!(unknown.is_empty(), "{:?}", unknown);
        }
    }
}
