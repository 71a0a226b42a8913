//! What is found, and what is not.

use super::*;
use crate::model::schema::builtin;
use crate::model::test_support::{entity, event, mention, quote};
use crate::model::{Header, Origin, Severity};
use crate::text::Text;

fn document() -> Document {
    Document::new(Text::new("Anna met Bob in Paris. \"Yes\", he said.").expect("short"), Header::default())
}

fn codes(document: &Document) -> Vec<&'static str> {
    validate(document, builtin("news").expect("ships")).into_iter().map(|p| p.code).collect()
}

#[test]
fn a_missing_role_and_a_wrong_filler_are_found() {
    let mut doc = document();
    doc.mentions.insert("m1".into(), mention("m1", "Date", &[(0, 4)]));
    let mut meet = event("e1", "Consult", &[(5, 8)]);
    meet.arguments.push(Argument { role: "Actor".into(), filler: Filler::Mention("m1".into()) });
    doc.events.insert("e1".into(), meet);
    doc.events.insert("e2".into(), event("e2", "Consult", &[(5, 8)]));
    assert_eq!(codes(&doc), ["illegal-filler", "missing-role"]);
}

#[test]
fn dangling_references_are_found_wherever_they_are() {
    let mut doc = document();
    let mut anna = mention("m1", "Person", &[(0, 4)]);
    anna.entity = Some("n9".into());
    doc.mentions.insert("m1".into(), anna);
    let mut said = quote("q1", "direct", &[(23, 28)]);
    said.speaker = Some(Filler::Mention("m9".into()));
    doc.quotes.insert("q1".into(), said);
    doc.relations.insert(
        "r1".into(),
        Relation {
            id: "r1".into(),
            label: "PartOf".into(),
            from: "m9".into(),
            to: "m8".into(),
            attributes: Default::default(),
            note: Default::default(),
            provenance: Default::default(),
        },
    );
    assert_eq!(codes(&doc).into_iter().filter(|c| *c == "dangling-reference").count(), 4);
}

#[test]
fn unknown_labels_and_lonely_entities_are_found() {
    let mut doc = document();
    doc.mentions.insert("m1".into(), mention("m1", "Persona", &[(0, 4)]));
    doc.entities.insert("n1".into(), entity("n1", "Person", "Anna"));
    assert_eq!(codes(&doc), ["entity-without-mention", "unknown-label"]);
}

#[test]
fn white_space_at_the_edge_of_a_part_is_found() {
    let mut doc = document();
    doc.mentions.insert("m1".into(), mention("m1", "Person", &[(0, 5)]));
    doc.mentions.insert("m2".into(), mention("m2", "Person", &[(9, 12)]));
    assert_eq!(codes(&doc), ["space-at-edge"]);
    assert_eq!(validate(&doc, builtin("news").expect("ships"))[0].mend, Some(Mend::Trim(Part::Mention)));
}

#[test]
fn one_word_under_one_label_twice_is_found_and_under_two_where_the_schema_forbids_it() {
    let mut doc = document();
    doc.mentions.insert("m1".into(), mention("m1", "Person", &[(0, 4)]));
    doc.mentions.insert("m2".into(), mention("m2", "Organization", &[(0, 4)]));
    doc.reindex();
    assert_eq!(codes(&doc), Vec::<&str>::new());
    let exclusive = Schema { one_label_per_span: true, ..builtin("news").expect("ships").clone() };
    let found = validate(&doc, &exclusive);
    assert_eq!((found[0].code, found[0].place.id.clone()), ("two-labels", Some("m2".into())));
    doc.mentions.insert("m3".into(), mention("m3", "Person", &[(0, 4)]));
    doc.reindex();
    assert_eq!(codes(&doc), ["twice"]);
}

#[test]
fn what_the_schema_asks_for_is_missed() {
    let mut schema = builtin("news").expect("ships").clone();
    schema.mentions.iter_mut().filter(|m| m.label == "Person").for_each(|m| m.needs_entity = true);
    schema.quotes.iter_mut().flat_map(|q| &mut q.kinds).for_each(|k| k.needs_cue = k.kind == "indirect");
    let mut doc = document();
    doc.mentions.insert("m1".into(), mention("m1", "Person", &[(0, 4)]));
    doc.mentions.insert("m2".into(), mention("m2", "Place", &[(16, 21)]));
    doc.quotes.insert("q1".into(), quote("q1", "direct", &[(23, 28)]));
    doc.quotes.insert("q2".into(), quote("q2", "indirect", &[(23, 28)]));
    let found: Vec<&str> = validate(&doc, &schema).iter().map(|p| p.code).collect();
    assert_eq!(found, ["no-entity", "no-speaker", "no-speaker", "no-cue"]);
}

#[test]
fn a_missing_batch_and_the_missing_entity_of_one_are_found() {
    let mut doc = document();
    let mut anna = mention("m1", "Person", &[(0, 4)]);
    anna.provenance.by = Origin::Edited("b7".into());
    doc.mentions.insert("m1".into(), anna);
    let batch = Batch {
        id: "b1".into(),
        label: "Person".into(),
        entity: Some("n9".into()),
        search: Default::default(),
        at: None,
        unknown: Default::default(),
    };
    doc.batches.insert("b1".into(), batch);
    assert_eq!(codes(&doc), ["dangling-batch", "dangling-batch"]);
    assert_eq!(validate_one(&doc, builtin("news").expect("ships"), &"b1".into()).len(), 1);
}

/// Each of a million marks may have a problem; that there are errors among those that are not listed is told.
#[test]
fn of_very_many_problems_some_are_listed_and_the_others_counted() {
    let mut doc = document();
    for n in 0..crate::limits::PROBLEMS_LISTED + 5 {
        let id = format!("m{n}");
        doc.mentions.insert(id.as_str().into(), mention(&id, "Person", &[(0, 4)]));
    }
    let mut said = quote("q1", "direct", &[(23, 28)]);
    said.speaker = Some(Filler::Mention("gone".into()));
    doc.quotes.insert("q1".into(), said);
    doc.reindex();
    let found = validate(&doc, builtin("news").expect("ships"));
    assert_eq!(found.len(), crate::limits::PROBLEMS_LISTED + 1);
    let more = found.iter().find(|problem| problem.code == "more-problems").expect("told");
    assert_eq!(more.severity, Severity::Error, "{more}");
}
