use proptest::prelude::*;

use super::super::apply::{apply, take_back};
use super::super::test_support::{TEXT, any_intent, editor};
use super::*;
use crate::model::schema::builtin;
use crate::model::test_support::{entity, event, mention, quote, spans};
use crate::model::{
    Argument, AttributeValue, Batch, Filler, Header, Id, Kind, Mention, Origin, Rejection, Relation, Search, Unknown,
    validate,
};
use crate::text::Text;

fn news() -> Schema {
    builtin("news").expect("ships").clone()
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::Text(value.into())
}

fn with_attribute(mut mention: Mention, name: &str, value: &str) -> Mention {
    mention.attributes.insert(name.into(), text(value));
    mention
}

/// A little of everything: a batch, a quote, an event whose roles are filled, a relation, refused suggestions.
fn document() -> Document {
    let mut anna = with_attribute(mention("m1", "Person", &[(0, 4)]), "mention_type", "name");
    anna.entity = Some("n1".into());
    anna.note = Some("look".to_owned()).into();
    let mut she = with_attribute(mention("m2", "Person", &[(36, 39)]), "mention_type", "pronoun");
    she.entity = Some("n1".into());
    let mut bob = mention("m3", "Person", &[(9, 12)]);
    bob.entity = Some("n2".into());
    bob.provenance.by = Origin::Rule("b1".into());
    let mut paris = mention("m4", "Place", &[(16, 21)]);
    paris.entity = Some("n3".into());
    let mut met = event("e1", "Consult", &[(5, 8)]);
    let argument = |role: &str, id: &str| Argument { role: role.into(), filler: Filler::Mention(id.into()) };
    met.arguments = vec![argument("Actor", "m3"), argument("Actor", "m1"), argument("Place", "m4")];
    met.arguments.push(Argument { role: "Actor".into(), filler: Filler::Implicit("the hosts".into()) });
    met.attributes.insert("mode".into(), text("visit"));
    let mut said = quote("q1", "direct", &[(23, 35)]);
    said.speaker = Some(Filler::Mention("m2".into()));
    said.addressee = Some(Filler::Mention("m3".into()));
    said.arguments = vec![argument("Evidence", "m4")];
    let located = Relation {
        id: "r1".into(),
        label: "LocatedIn".into(),
        from: "m3".into(),
        to: "m4".into(),
        attributes: Default::default(),
        note: None.into(),
        provenance: Default::default(),
    };
    let mut header = Header { schema: SchemaRef { name: "news".into(), version: 1 }, ..Header::default() };
    header.labels.insert("topic".into(), vec!["sport".into(), "politics".into()]);
    let entities = [entity("n1", "Person", "Anna"), entity("n2", "Person", "Bob"), entity("n3", "Place", "Paris")];
    let mentions = [anna, she, bob, paris];
    let words = Text::new(TEXT).expect("short");
    let mut document = Document::with_annotations(words, header, entities, mentions, [met], [said], [located]);
    let batch = Batch {
        id: "b1".into(),
        label: "Person".into(),
        entity: Some("n2".into()),
        search: Search { texts: vec!["Bob".into()], ignore_case: false },
        at: None,
        unknown: Unknown::default(),
    };
    document.batches.insert("b1".into(), batch);
    document.rejected.insert(Rejection::new(spans(&[(46, 51)]), "Person", "names"));
    document
}

fn of(steps: Vec<SchemaStep>) -> SchemaChange {
    SchemaChange { steps }
}

/// What becomes of the document, with the schema and the effect.
fn migrated(document: &Document, steps: Vec<SchemaStep>) -> (Document, Migration, Effect) {
    let migration = of(steps).on(&news()).expect("fits");
    let Migrated { transaction, effect } = migration.plan(document, "2026-01-01T00:00:00Z", Some("anna"));
    let mut after = document.clone();
    if let Some(transaction) = &transaction {
        apply(&mut after, &transaction.ops).expect("fits");
        let mut back = after.clone();
        take_back(&mut back, transaction.ops.iter().rev()).expect("inverts");
        assert_eq!(&back, document);
    }
    (after, migration, effect)
}

fn rename(label: &str, to: &str) -> SchemaStep {
    SchemaStep::Rename { of: LabelKind::Mention, from: label.into(), to: to.into() }
}

fn labels(document: &Document) -> Vec<String> {
    document.mentions().values().map(|m| m.label.to_string()).collect()
}

fn types(document: &Document) -> Vec<String> {
    document.entities().values().map(|n| n.r#type.to_string()).collect()
}

#[test]
fn a_renamed_label_takes_everything_along_and_nothing_else_changes() {
    let before = document();
    let (after, migration, effect) = migrated(&before, vec![rename("Person", "Human")]);
    assert_eq!(labels(&after), ["Human", "Human", "Human", "Place"]);
    assert_eq!(types(&after), ["Human", "Human", "Place"]);
    assert_eq!(after.batches()[&Id::from("b1")].label, "Human");
    assert_eq!(after.rejected().first().map(|r| r.label.as_str()), Some("Human"));
    let (bob, anna) = (&after.mentions()[&Id::from("m3")], &after.mentions()[&Id::from("m1")]);
    assert_eq!(bob.provenance.by, Origin::Rule("b1".into()), "it is the rule's work still");
    assert_eq!((anna.note.as_deref(), anna.attributes.len()), (Some("look"), 1));
    assert_eq!(after.header().schema, SchemaRef { name: "news".into(), version: 2 });
    let schema = migration.schema();
    assert!(schema.mention("Person").is_none() && schema.groups["Actor"].contains(&"Human".to_owned()));
    let ron = schema.to_ron();
    assert!(!ron.contains("\"Person\"") && Schema::parse(&ron, None).is_ok());
    let counted = |kind| effect.changed.get(&(kind, "Person".to_owned())).copied();
    assert_eq!((counted(Kind::Mention), counted(Kind::Entity), effect.documents), (Some(3), Some(2), 1));
    assert!(!effect.is_loss());
    assert_eq!(migration.title(), "Rename Person to Human");
    let (back, ..) = {
        let again = of(vec![rename("Human", "Person")]).on(schema).expect("fits");
        let Migrated { transaction, .. } = again.plan(&after, "", None);
        let mut back = after.clone();
        apply(&mut back, &transaction.expect("changes").ops).expect("fits");
        (back, ())
    };
    let mut expected = before.clone();
    expected.header.schema.version = 3;
    assert_eq!(back, expected);
}

#[test]
fn a_document_without_the_label_is_not_touched_but_names_the_new_version() {
    let empty = Document::new(Text::new(TEXT).expect("short"), document().header().clone());
    let (after, _, effect) = migrated(&empty, vec![rename("Person", "Human")]);
    assert_eq!((after.header().schema.version, effect.documents, effect.is_nothing()), (2, 0, true));
    let mut other = empty.clone();
    other.header.schema.name = "other".into();
    let migration = of(vec![rename("Person", "Human")]).on(&news()).expect("fits");
    assert_eq!(migration.plan(&other, "", None).transaction, None);
}

#[test]
fn merged_labels_keep_what_either_could_hold() {
    let step = |of, from: &str, into: &str| SchemaStep::Merge { of, from: vec![from.into()], into: into.into() };
    let steps = vec![step(LabelKind::Event, "Consult", "Retreat"), step(LabelKind::Mention, "Place", "Country")];
    let (after, migration, effect) = migrated(&document(), steps);
    let schema = migration.schema();
    let before = news();
    let (consult, retreat) = (before.event("Consult").expect("known"), schema.event("Retreat").expect("known"));
    assert!(consult.roles.iter().all(|role| retreat.role(&role.role).is_some()));
    let mode = schema.attributes_of(&retreat.attributes).find(|a| a.name == "mode").expect("has modes");
    assert!(mode.values.contains(&"visit".to_owned()) && mode.values.contains(&"withdraw".to_owned()));
    assert_eq!(after.events()[&Id::from("e1")].r#type, "Retreat");
    let codes = |document: &Document, schema: &Schema| -> Vec<&'static str> {
        validate(document, schema).into_iter().map(|p| p.code).collect()
    };
    assert_eq!(codes(&after, schema), codes(&document(), &before));
    assert!(!effect.is_loss());
}

#[test]
fn a_label_is_split_by_an_attribute_and_entities_go_with_most_of_their_mentions() {
    let split = |rest: &str, keeps_attribute| SchemaStep::Split {
        of: LabelKind::Mention,
        label: "Person".into(),
        attribute: "mention_type".into(),
        into: vec![("name".into(), "Named".into()), ("pronoun".into(), "Pronoun".into())],
        rest: rest.into(),
        keeps_attribute,
    };
    let (after, migration, _) = migrated(&document(), vec![split("Person", false)]);
    assert_eq!(labels(&after), ["Named", "Pronoun", "Person", "Place"]);
    // One mention each: the first in the text decides.
    assert_eq!(types(&after), ["Named", "Person", "Place"]);
    assert!(after.mentions().values().all(|m| m.attributes.is_empty()));
    assert_eq!(after.batches()[&Id::from("b1")].label, "Person");
    let schema = migration.schema();
    assert!(schema.groups["Actor"].starts_with(&["Person".into(), "Named".into(), "Pronoun".into()]));
    let has = |label: &str| schema.mention(label).expect("known").attributes.contains(&"mention_type".to_owned());
    assert!(!has("Named") && !has("Pronoun") && has("Person"), "a Person may have another value of it");
    // Nothing keeps the old label.
    let (after, migration, _) = migrated(&document(), vec![split("Named", true)]);
    assert_eq!(labels(&after), ["Named", "Pronoun", "Named", "Place"]);
    assert_eq!(after.mentions()[&Id::from("m1")].attributes.len(), 1);
    let schema = migration.schema();
    assert!(schema.mention("Person").is_none());
    assert_eq!(schema.mention("Named").and_then(|m| m.key), news().mention("Person").and_then(|m| m.key));
}

#[test]
fn deleting_a_label_removes_with_a_count_or_relabels() {
    let delete =
        |of, label: &str, to: Option<&str>| SchemaStep::Delete { of, label: label.into(), to: to.map(str::to_owned) };
    let (after, migration, effect) = migrated(&document(), vec![delete(LabelKind::Mention, "Person", None)]);
    assert_eq!(labels(&after), ["Place"]);
    assert_eq!(types(&after), ["Place"]);
    assert!(after.relations().is_empty() && after.batches().is_empty() && after.rejected().is_empty());
    let removed: Vec<_> = effect.removed.iter().map(|((kind, label), count)| (*kind, label.as_str(), *count)).collect();
    let expected = [(Kind::Entity, "Person", 2), (Kind::Mention, "Person", 3), (Kind::Relation, "LocatedIn", 1)];
    assert_eq!((removed.as_slice(), effect.fillers_removed), (expected.as_slice(), 4));
    assert!(
        migration.remarks().iter().any(|remark| remark.contains("takes anything now")),
        "FamilyOf took only Person"
    );
    let (after, ..) = migrated(&document(), vec![delete(LabelKind::Mention, "Person", Some("Position"))]);
    assert_eq!(
        (labels(&after)[0].as_str(), types(&after)[0].as_str(), after.relations().len()),
        ("Position", "Position", 1)
    );
    let (after, ..) = migrated(&document(), vec![delete(LabelKind::QuoteKind, "direct", None)]);
    assert!(after.quotes().is_empty());
    let topics = LabelKind::DocumentValue("topic".into());
    let (after, _, effect) = migrated(&document(), vec![delete(topics.clone(), "sport", None)]);
    assert_eq!(
        (after.header().labels["topic"].as_slice(), effect.document_labels_removed),
        (&["politics".to_owned()][..], 1)
    );
    let (after, ..) = migrated(&document(), vec![delete(topics, "sport", Some("politics"))]);
    assert_eq!(after.header().labels["topic"], ["politics"]);
    let (after, ..) = migrated(&document(), vec![delete(LabelKind::DocumentGroup, "topic", Some("genre"))]);
    assert_eq!(after.header().labels["genre"], ["sport", "politics"]);
}

#[test]
fn roles_are_renamed_emptied_moved_and_limited() {
    let of_consult = || Owner::Event("Consult".into());
    let roles = |document: &Document| -> Vec<String> {
        document.events()[&Id::from("e1")].arguments.iter().map(|a| a.role.to_string()).collect()
    };
    let step = SchemaStep::RenameRole { of: of_consult(), from: "Actor".into(), to: "Party".into() };
    assert_eq!(roles(&migrated(&document(), vec![step]).0), ["Party", "Party", "Place", "Party"]);
    let step =
        |to: Option<&str>| SchemaStep::DeleteRole { of: of_consult(), role: "Actor".into(), to: to.map(str::to_owned) };
    let (after, _, effect) = migrated(&document(), vec![step(None)]);
    assert_eq!((roles(&after), effect.fillers_removed), (vec!["Place".to_owned()], 3));
    assert_eq!(roles(&migrated(&document(), vec![step(Some("Place"))]).0), ["Place"; 4]);
    // The second argument stands first in the text; what is implicit comes last.
    let limit =
        |max, excess| SchemaStep::Limit { of: of_consult(), role: "Actor".into(), min: 0, max: Some(max), excess };
    let (after, ..) = migrated(&document(), vec![limit(1, Unfit::Remove)]);
    assert_eq!(after.events()[&Id::from("e1")].arguments[0].filler, Filler::Mention("m1".into()));
    assert_eq!(roles(&after), ["Actor", "Place"]);
    assert_eq!(roles(&migrated(&document(), vec![limit(2, Unfit::Remove)]).0), ["Actor", "Actor", "Place"]);
    let (after, migration, _) = migrated(&document(), vec![limit(1, Unfit::Leave)]);
    assert_eq!(roles(&after).len(), 4);
    assert!(validate(&after, migration.schema()).iter().any(|p| p.code == "too-many-fillers"));
    // Of quotes: fields and list are one.
    let step = SchemaStep::RenameRole { of: Owner::Quotes, from: "Addressee".into(), to: "Hearer".into() };
    let (after, ..) = migrated(&document(), vec![step]);
    let q1 = &after.quotes()[&Id::from("q1")];
    assert_eq!((&q1.addressee, q1.arguments[0].role.as_str(), q1.arguments.len()), (&None, "Hearer", 2));
    let step = SchemaStep::RenameRole { of: Owner::Quotes, from: "Speaker".into(), to: "Voice".into() };
    assert!(matches!(of(vec![step]).on(&news()), Err(SchemaChangeError::Impossible(_))));
}

#[test]
fn attributes_and_values_follow_their_names() {
    let after = |steps| migrated(&document(), steps).0.mentions()[&Id::from("m1")].attributes.clone();
    let id = || "mention_type".to_owned();
    let renamed = after(vec![SchemaStep::RenameAttribute { id: id(), to: "form".into() }]);
    assert_eq!(renamed.iter().collect::<Vec<_>>(), [(&"form".to_owned(), &text("name"))]);
    let value = |from: &str, to: &str| SchemaStep::RenameValue { attribute: id(), from: from.into(), to: to.into() };
    assert_eq!(after(vec![value("name", "proper")])["mention_type"], text("proper"));
    let merge = SchemaStep::MergeValues { attribute: id(), from: vec!["name".into()], into: "nominal".into() };
    assert_eq!(after(vec![merge])["mention_type"], text("nominal"));
    let delete =
        |to: Option<&str>| SchemaStep::DeleteValue { attribute: id(), value: "name".into(), to: to.map(str::to_owned) };
    assert!(after(vec![delete(None)]).is_empty());
    assert_eq!(after(vec![delete(Some("nominal"))])["mention_type"], text("nominal"));
    assert!(after(vec![SchemaStep::DeleteAttribute { id: id(), of: None }]).is_empty());
    let of_place = SchemaStep::DeleteAttribute { id: id(), of: Some(Owner::Mention("Place".into())) };
    assert_eq!(after(vec![of_place]).len(), 1);
    let merged = after(vec![SchemaStep::MergeAttributes { from: id(), into: "class".into() }]);
    assert_eq!(merged["class"], text("name"));
    // An event's mode of the same name is another attribute.
    let step = SchemaStep::RenameAttribute { id: "mode_retreat".into(), to: "way".into() };
    assert!(migrated(&document(), vec![step]).0.events()[&Id::from("e1")].attributes.contains_key("mode"));
}

#[test]
fn a_filler_type_that_goes_takes_fillers_along_only_if_that_is_wanted() {
    let step = |unfit| SchemaStep::RemoveFiller {
        of: Owner::Event("Consult".into()),
        role: "Actor".into(),
        filler: "Person".into(),
        unfit,
    };
    // The group goes first: what it allows would stay legal.
    let schema = {
        let mut schema = news();
        let consult = schema.events.iter_mut().find(|e| e.r#type == "Consult").expect("known");
        consult.roles.iter_mut().find(|r| r.role == "Actor").expect("known").fillers =
            vec!["Person".into(), "Place".into()];
        schema
    };
    for (unfit, left) in [(Unfit::Leave, 4), (Unfit::Remove, 2)] {
        let migration = of(vec![step(unfit)]).on(&schema).expect("fits");
        let mut after = document();
        apply(&mut after, &migration.plan(&document(), "", None).transaction.expect("changes").ops).expect("fits");
        assert_eq!(after.events()[&Id::from("e1")].arguments.len(), left, "{unfit:?}");
    }
    let of_end = || (Owner::Relation("LocatedIn".into()), "from".to_owned());
    let (of, role) = of_end();
    let end = SchemaStep::RemoveFiller { of, role, filler: "Person".into(), unfit: Unfit::Remove };
    assert!(migrated(&document(), vec![end]).0.relations().is_empty());
    for (fillers, left) in [(["Person", "Place"], 1), (["Organization", "Place"], 0)] {
        let ((of, role), fillers) = (of_end(), fillers.map(str::to_owned).to_vec());
        let end = SchemaStep::OnlyFillers { of, role, fillers, unfit: Unfit::Remove };
        assert_eq!(migrated(&document(), vec![end]).0.relations().len(), left);
    }
}

#[test]
fn a_role_that_took_anything_is_narrowed_and_what_it_loses_goes_if_that_is_wanted() {
    let mut schema = news();
    let consult = schema.events.iter_mut().find(|e| e.r#type == "Consult").expect("known");
    consult.roles.iter_mut().for_each(|role| role.fillers.clear());
    let mut before = document();
    let words = Argument { role: "Actor".into(), filler: Filler::Span(spans(&[(16, 21)])) };
    before.events.get_mut(&Id::from("e1")).expect("known").arguments.push(words);
    let left = |fillers: &[&str], unfit| {
        let fillers = fillers.iter().map(|filler| (*filler).to_owned()).collect();
        let step = SchemaStep::OnlyFillers { of: Owner::Event("Consult".into()), role: "Actor".into(), fillers, unfit };
        let migration = of(vec![step]).on(&schema).expect("fits");
        let mut after = before.clone();
        apply(&mut after, &migration.plan(&before, "", None).transaction.expect("changes").ops).expect("fits");
        after.events()[&Id::from("e1")].arguments.iter().filter(|a| a.role == "Actor").count()
    };
    // Two people, words, and somebody who is not in the text.
    assert_eq!(left(&["Place"], Unfit::Leave), 4);
    assert_eq!(left(&["Place"], Unfit::Remove), 1, "nobody can say what is not in the text");
    assert_eq!(left(&["@Actor"], Unfit::Remove), 3);
    assert_eq!(left(&["Place", "*span"], Unfit::Remove), 2);
    let none =
        SchemaStep::OnlyFillers { of: Owner::Quotes, role: "Speaker".into(), fillers: Vec::new(), unfit: Unfit::Leave };
    assert!(of(vec![none]).on(&schema).is_err(), "without any it would take anything");
}

#[test]
fn what_does_not_fit_the_schema_is_refused_with_words() {
    let refused = |step| of(vec![step]).on(&news()).expect_err("refused").to_string();
    assert!(refused(rename("Persn", "Human")).contains("there is no mention type \"Persn\""));
    assert!(refused(rename("Person", "Place")).contains("merge the two"));
    assert!(refused(rename("Person", " ")).contains("needs a name"));
    // Lists of fillers could mean either.
    assert!(refused(rename("Person", "Threaten")).contains("event type \"Threaten\" exists already"));
    let step = SchemaStep::DeleteValue { attribute: "polarity".into(), value: "positive".into(), to: None };
    assert!(of(vec![step]).on(&news()).is_ok());
    let of_document = SchemaStep::Split {
        of: LabelKind::DocumentGroup,
        label: "topic".into(),
        attribute: "polarity".into(),
        into: vec![("positive".into(), "x".into())],
        rest: "topic".into(),
        keeps_attribute: true,
    };
    assert!(refused(of_document).contains("labels of the document"));
}

#[test]
fn a_change_is_read_from_what_was_written() {
    let change = of(vec![
        rename("Person", "Human"),
        SchemaStep::Delete { of: LabelKind::DocumentValue("topic".into()), label: "sport".into(), to: None },
        SchemaStep::Limit { of: Owner::Quotes, role: "Speaker".into(), min: 1, max: Some(1), excess: Unfit::Remove },
    ]);
    let ron = change.to_ron();
    assert_eq!(SchemaChange::from_ron(&ron), Ok(change.clone()), "{ron}");
    assert_eq!(
        serde_json::from_str::<SchemaChange>(&serde_json::to_string(&change).expect("JSON")).expect("JSON"),
        change
    );
}

/// Steps of which some fit: names are those that random intentions use, and some that come only by renaming.
pub(super) fn any_step() -> impl Strategy<Value = SchemaStep> {
    let name = |names: &'static [&'static str]| prop::sample::select(names).prop_map(str::to_owned);
    let labels = move || {
        prop_oneof![
            4 => (Just(LabelKind::Mention), name(&["Person", "Place", "Date", "Country", "New"])),
            2 => (Just(LabelKind::Event), name(&["Consult", "Retreat", "Agree", "NewEvent"])),
            1 => (Just(LabelKind::Relation), name(&["PartOf", "LocatedIn", "NewRelation"])),
            1 => (Just(LabelKind::QuoteKind), name(&["direct", "indirect", "mixed", "new"])),
            1 => (Just(LabelKind::DocumentGroup), name(&["topic", "genre", "new"])),
            1 => (Just(LabelKind::DocumentValue("topic".into())), name(&["sport", "politics", "new"])),
        ]
    };
    let owner = || prop_oneof![Just(Owner::Event("Consult".into())), Just(Owner::Quotes)];
    let role = || name(&["Actor", "Place", "Date", "Addressee", "Evidence", "Frame", "NewRole"]);
    let attribute = || name(&["polarity", "mention_type", "class", "mode_consult", "medium"]);
    let value = || name(&["positive", "negative", "name", "nominal", "pronoun", "new"]);
    let unfit = || prop_oneof![Just(Unfit::Leave), Just(Unfit::Remove)];
    let other =
        move |(of, label): (LabelKind, String)| (Just(of.clone()), Just(label), labels().prop_map(move |(_, to)| to));
    prop_oneof![
        4 => labels().prop_flat_map(other).prop_map(|(of, from, to)| SchemaStep::Rename { of, from, to }),
        3 => labels().prop_flat_map(other).prop_map(|(of, from, into)| SchemaStep::Merge { of, from: vec![from], into }),
        2 => labels().prop_map(|(of, label)| SchemaStep::Delete { of, label, to: None }),
        2 => labels().prop_flat_map(other).prop_map(|(of, label, to)| SchemaStep::Delete { of, label, to: Some(to) }),
        4 => (labels(), attribute(), name(&["New", "Place", "Other"]), any::<bool>(), any::<bool>(), value()).prop_map(
            |((of, label), attribute, to, rest, keeps_attribute, value)| SchemaStep::Split {
                of, rest: if rest { to.clone() } else { label.clone() }, label, attribute,
                into: vec![(value, to)], keeps_attribute }),
        1 => (attribute(), name(&["form", "class"])).prop_map(|(id, to)| SchemaStep::RenameAttribute { id, to }),
        1 => (attribute(), attribute()).prop_map(|(from, into)| SchemaStep::MergeAttributes { from, into }),
        1 => (attribute(), prop::option::of(owner())).prop_map(|(id, of)| SchemaStep::DeleteAttribute { id, of }),
        1 => (attribute(), value(), value()).prop_map(|(attribute, from, to)| SchemaStep::RenameValue { attribute, from, to }),
        1 => (attribute(), value(), value()).prop_map(|(attribute, from, into)| SchemaStep::MergeValues {
            attribute, from: vec![from], into }),
        1 => (attribute(), value(), prop::option::of(value())).prop_map(|(attribute, value, to)| SchemaStep::DeleteValue {
            attribute, value, to }),
        2 => (owner(), role(), role()).prop_map(|(of, from, to)| SchemaStep::RenameRole { of, from, to }),
        2 => (owner(), role(), prop::option::of(role())).prop_map(|(of, role, to)| SchemaStep::DeleteRole { of, role, to }),
        1 => (owner(), role(), 1u32..3, unfit()).prop_map(|(of, role, max, excess)| SchemaStep::Limit {
            of, role, min: 0, max: Some(max), excess }),
        1 => (owner(), role(), name(&["Person", "Place", "@Actor", "*span", "*mention"]), unfit()).prop_map(
            |(of, role, filler, unfit)| SchemaStep::RemoveFiller { of, role, filler, unfit }),
        1 => (owner(), role(), name(&["Person", "Place", "@Actor", "*span", "*mention", "Consult"]), unfit()).prop_map(
            |(of, role, filler, unfit)| SchemaStep::OnlyFillers { of, role, fillers: vec![filler], unfit }),
    ]
}

/// A document that somebody worked on.
fn any_document() -> impl Strategy<Value = Document> {
    let value = prop::sample::select(vec!["name", "pronoun", "positive", "negative"]);
    let attributes =
        prop::collection::vec((1u32..6, prop::sample::select(vec!["mention_type", "polarity"]), value), 0..6);
    (prop::collection::vec(any_intent(), 0..40), attributes).prop_map(|(intents, attributes)| {
        let mut editor = editor();
        for intent in &intents {
            let _ = editor.execute(intent);
        }
        for (number, name, value) in attributes {
            for prefix in ["m", "e"] {
                let (id, value) = (Id::new(format!("{prefix}{number}")), Some(text(value)));
                let _ = editor.execute(&crate::edit::Intent::SetAttribute { id, name: name.into(), value });
            }
        }
        let mut document = editor.document().clone();
        document.header.schema = SchemaRef { name: "news".into(), version: 1 };
        document
    })
}

/// The steps that fit one after the other.
fn fitting(steps: Vec<SchemaStep>) -> SchemaChange {
    let mut change = SchemaChange::default();
    for step in steps {
        change.steps.push(step);
        if change.on(&news()).is_err() {
            change.steps.pop();
        }
    }
    change
}

fn after(migration: &Migration, document: &Document) -> Document {
    let mut after = document.clone();
    if let Some(transaction) = migration.plan(document, "", None).transaction {
        apply(&mut after, &transaction.ops).expect("a plan fits its document");
        let mut back = after.clone();
        take_back(&mut back, transaction.ops.iter().rev()).expect("a plan inverts");
        assert_eq!(&back, document);
    }
    after
}

/// Whether any attribute has this value.
fn has_value(document: &Document, value: &str) -> bool {
    let mentions = document.mentions().values().map(|m| &m.attributes);
    let events = document.events().values().map(|e| &e.attributes);
    let quotes = document.quotes().values().map(|q| &q.attributes);
    let relations = document.relations().values().map(|r| &r.attributes);
    mentions.chain(events).chain(quotes).chain(relations).flat_map(|a| a.values()).any(|known| *known == text(value))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Nothing points to nothing and no label is unknown that was known, whatever the steps; undo gives the same document.
    #[test]
    fn a_change_leaves_nothing_unknown_and_inverts(
        document in any_document(), steps in prop::collection::vec(any_step(), 1..6),
    ) {
        let change = fitting(steps);
        let migration = change.on(&news()).expect("fits");
        prop_assert!(migration.schema().check().iter().all(|p| p.severity != Severity::Error));
        let migrated = after(&migration, &document);
        let count = |document: &Document, schema: &Schema, codes: &[&str]| {
            validate(document, schema).iter().filter(|p| codes.contains(&p.code)).count()
        };
        // Re-labelling to a label of less keeps what that does not have, as a problem.
        let is_relabelled = change.steps.iter().any(|s| matches!(s, SchemaStep::Delete { to: Some(_), .. } | SchemaStep::Split { .. }));
        let mut kinds: Vec<&[&str]> =
            vec![&["unknown-label"], &["dangling-reference"], &["dangling-batch"], &["entity-without-mention"]];
        if !is_relabelled {
            // An attribute that was unknown may become one whose value is.
            kinds.extend([&["unknown-role"][..], &["unknown-attribute", "unknown-value"]]);
        }
        for codes in kinds {
            let (was, is) = (count(&document, &news(), codes), count(&migrated, migration.schema(), codes));
            prop_assert!(is <= was, "{codes:?}: {was} → {is} by {:?}", change);
        }
        let kept = |m: &Mention| document.mentions().get(&m.id).map(|before| before.provenance == m.provenance && before.note == m.note);
        prop_assert!(migrated.mentions().values().all(|m| kept(m) == Some(true)));
        let mut indexed = migrated.clone();
        indexed.reindex();
        for id in migrated.entities().keys() {
            prop_assert_eq!(migrated.referrers(id), indexed.referrers(id));
        }
    }

    #[test]
    fn steps_together_do_what_they_do_one_after_another(
        document in any_document(), steps in prop::collection::vec(any_step(), 1..5),
    ) {
        let change = fitting(steps);
        let together = after(&change.on(&news()).expect("fits"), &document);
        let (mut one_by_one, mut schema) = (document, news());
        for step in change.steps {
            let migration = of(vec![step]).on(&schema).expect("fits");
            one_by_one = after(&migration, &one_by_one);
            schema = migration.schema().clone();
        }
        one_by_one.header.schema = together.header.schema.clone();
        prop_assert_eq!(one_by_one, together);
    }

    #[test]
    fn renaming_there_and_back_is_nothing(document in any_document(), step in any_step()) {
        let back = match &step {
            // Refused suggestions do not say of which kind they are, so a name of another kind is not followed.
            SchemaStep::Rename { to, .. } if LabelKind::QuoteKind.labels(&news()).contains(to) => return Ok(()),
            SchemaStep::Rename { of: LabelKind::QuoteKind, to, .. } if news().mention(to).is_some() => return Ok(()),
            SchemaStep::Rename { of: LabelKind::QuoteKind, to, .. } if news().event(to).is_some() => return Ok(()),
            SchemaStep::Rename { of, from, to } => SchemaStep::Rename { of: of.clone(), from: to.clone(), to: from.clone() },
            // A role that others have a field for changes its place in the list.
            SchemaStep::RenameRole { of, from, to } if to != "Addressee" => SchemaStep::RenameRole {
                of: of.clone(), from: to.clone(), to: from.clone() },
            // A value that the attribute should not have had becomes one with the renamed one.
            SchemaStep::RenameValue { to, .. } if has_value(&document, to) => return Ok(()),
            SchemaStep::RenameValue { attribute, from, to } => SchemaStep::RenameValue {
                attribute: attribute.clone(), from: to.clone(), to: from.clone() },
            _ => return Ok(()),
        };
        let change = of(vec![step, back]);
        let Ok(migration) = change.on(&news()) else { return Ok(()) };
        let mut same = document.clone();
        same.header.schema.version = 2;
        prop_assert_eq!(after(&migration, &document), same);
        let mut schema = news();
        schema.version = 2;
        prop_assert_eq!(migration.schema(), &schema);
    }
}
