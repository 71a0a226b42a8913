//! What is edited, without a window.

use std::sync::Arc;

use super::SchemaEditor;
use super::edited::{Edited, Named};
use super::entry::{Entry, Part, rename_group};
use super::import::Beside;
use super::question::{Question, Removal, Split};
use crate::edit::{Intent, LabelKind, Owner, SchemaStep, Unfit};
use crate::model::schema::{RESERVED_LETTERS, builtin};
use crate::model::{Document, Header, Schema};
use crate::text::{BytePos, Span, Text};

fn news() -> Arc<Schema> {
    Arc::new(builtin("news").expect("ships").clone())
}

fn rename(from: &str, to: &str) -> SchemaStep {
    SchemaStep::Rename { of: LabelKind::Mention, from: from.into(), to: to.into() }
}

fn delete(label: &str, to: Option<&str>) -> SchemaStep {
    SchemaStep::Delete { of: LabelKind::Mention, label: label.into(), to: to.map(str::to_owned) }
}

fn editor() -> SchemaEditor {
    SchemaEditor::new(news(), RESERVED_LETTERS.to_vec())
}

/// A document with a mention of this label on its first word.
fn document(label: &str) -> Document {
    let text = Text::new("Anna met Bob.".to_owned()).expect("a text");
    let document = Document::new(text, Header::default()).prepared(&news(), None);
    let mut editor = crate::edit::Editor::new(document, news());
    let spans = crate::text::Spans::from_iter([Span::new(BytePos(0), BytePos(4))]);
    let intent = Intent::AddMention { label: label.into(), spans };
    editor.execute(&intent).expect("fits");
    editor.document().clone()
}

/// The labels of mentions after the change.
fn migrated(edited: &Edited, document: &Document) -> Vec<String> {
    let migration = edited.migration().expect("consistent");
    let planned = migration.plan(document, "2026-01-01T00:00:00Z", None);
    let after = match planned.transaction {
        Some(transaction) => crate::edit::applied(document, &transaction.ops).expect("fits"),
        None => document.clone(),
    };
    after.mentions().values().map(|mention| mention.label.to_string()).collect()
}

#[test]
fn a_label_that_was_added_can_take_what_another_one_leaves() {
    let mut editor = editor();
    editor.add(Part::Mentions);
    assert_eq!(editor.selected(), &Entry::Mention("NewMention".into()));
    // Nobody has it yet: another name is no step.
    editor.steps(vec![rename("NewMention", "Human")]).expect("free");
    assert_eq!(editor.edited().steps().len(), 0);
    assert_eq!(editor.selected(), &Entry::Mention("Human".into()));
    editor.steps(vec![delete("Person", Some("Human"))]).expect("there");
    // From now on it has annotations.
    editor.steps(vec![rename("Human", "Someone")]).expect("free");
    let steps: Vec<String> = editor.edited().steps().map(ToString::to_string).collect();
    assert_eq!(steps, ["Delete Person, re-label to Human", "Rename Human to Someone"]);
    assert_eq!(migrated(editor.edited(), &document("Person")), ["Someone"]);
    // As it is put on disk, it does the same.
    let change = editor.edited().change();
    let again = crate::edit::SchemaChange::from_ron(&change.to_ron()).expect("as it was written");
    assert_eq!(again, change);
    let labels = |schema: &Schema| schema.mentions.iter().map(|m| m.label.clone()).collect::<Vec<_>>();
    assert_eq!(labels(again.on(&news()).expect("fits").schema()), labels(editor.schema()));
}

#[test]
fn descriptions_alone_touch_no_document_and_no_version() {
    let mut editor = editor();
    let mut schema = (**editor.schema()).clone();
    schema.mentions[0].definition = "Another one".into();
    editor.edit(schema, "Describe", None);
    assert!(editor.may_apply());
    assert_eq!(editor.edited().result().version, news().version);
    assert_eq!(editor.edited().change().steps, []);
    let planned = editor.edited().migration().expect("consistent").plan(&document("Person"), "", None);
    assert_eq!(planned.transaction, None);
    editor.steps(vec![rename("Person", "Human")]).expect("free");
    assert_eq!(editor.edited().result().version, news().version + 1);
    let migration = editor.edited().migration().expect("consistent");
    assert_eq!(migration.schema().mentions[0].definition, "Another one");
}

#[test]
fn renaming_twice_is_one_step_and_back_is_none() {
    let mut edited = Edited::new(news());
    edited.step(rename("Person", "Human")).expect("free");
    edited.step(rename("Human", "Somebody")).expect("free");
    assert_eq!(edited.steps().cloned().collect::<Vec<_>>(), [rename("Person", "Somebody")]);
    edited.step(rename("Somebody", "Person")).expect("free");
    assert!(!edited.is_changed());
    let error = edited.step(rename("Person", "Organization")).expect_err("taken");
    assert!(error.to_string().contains("Organization"), "{error}");
    assert!(!edited.is_changed());
}

#[test]
fn every_edit_is_undone_and_done_again_and_a_word_is_one() {
    let mut editor = editor();
    let first = editor.schema().clone();
    for text in ["H", "Hu", "Hum"] {
        let mut schema = (**editor.schema()).clone();
        schema.mentions[0].definition = text.into();
        editor.edit(schema, "Describe Person", Some("definition".into()));
    }
    editor.steps(vec![rename("Person", "Human")]).expect("free");
    assert_eq!(editor.history().count(), 2);
    assert_eq!(editor.undo_title(), Some("Rename Person to Human"));
    editor.step_back(true);
    assert_eq!(editor.schema().mentions[0].definition, "Hum");
    assert_eq!(editor.selected(), &Entry::Mention("Person".into()));
    editor.step_back(true);
    assert_eq!(*editor.schema(), first);
    assert!(!editor.edited().is_changed() && editor.undo_title().is_none());
    editor.go_to(2);
    assert_eq!(editor.schema().mentions[0].label, "Human");
    editor.go_to(0);
    // Something else is done instead.
    editor.add(Part::Relations);
    assert_eq!(editor.history().map(|step| step.title).collect::<Vec<_>>(), ["Add a relation type"]);
}

#[test]
fn what_is_new_in_parts_is_known_by_its_owner() {
    let mut edited = Edited::new(news());
    let event = news().events[0].clone();
    let (of, role) = (Owner::Event(event.r#type.clone()), event.roles[0].role.clone());
    edited
        .step(SchemaStep::Rename { of: LabelKind::Event, from: event.r#type.clone(), to: "Other".into() })
        .expect("free");
    let now = Owner::Event("Other".into());
    assert!(edited.is_known(&Named::Role(now.clone(), role.clone())));
    assert!(!edited.is_known(&Named::Role(of, role.clone())));
    edited.step(SchemaStep::RenameRole { of: now.clone(), from: role, to: "Who".into() }).expect("free");
    assert!(edited.is_known(&Named::Role(now.clone(), "Who".into())));
    assert!(!edited.is_known(&Named::Role(now, "Whom".into())));
}

#[test]
fn questions_make_steps() {
    let schema = news();
    let used = [("Person", 3)].into();
    let what = Removal::Label(LabelKind::Mention, "Person".into());
    let Question::Remove { candidates, used, .. } = Question::remove(&schema, what.clone(), &used) else {
        panic!("a removal")
    };
    assert!(
        used == Some(3)
            && candidates.contains(&"Organization".to_owned())
            && !candidates.contains(&"Person".to_owned())
    );
    let question = Question::Remove { what, candidates, to: Some("Organization".into()), used };
    assert_eq!(question.steps(), [delete("Person", Some("Organization"))]);
    let merge = Question::merge(&schema, &Entry::Mention("Person".into())).expect("there are others");
    assert_eq!(merge.steps(), [], "nothing is chosen yet");
    let Question::Merge { into, mut candidates } = merge else { panic!("a merge") };
    candidates[0].1 = true;
    assert_eq!(Question::Merge { into, candidates }.steps().len(), 1);
    let mut tighten = Question::Tighten {
        step: SchemaStep::Limit {
            of: Owner::Quotes,
            role: "Addressee".into(),
            min: 0,
            max: Some(1),
            excess: Unfit::Leave,
        },
    };
    *tighten.unfit_mut().expect("asked") = Unfit::Remove;
    assert!(tighten.steps()[0].to_string().ends_with("keeping the first"));
}

#[test]
fn a_split_gives_values_labels_of_their_own() {
    let mut editor = editor();
    let mut schema = (**editor.schema()).clone();
    let entry = Entry::add(Part::Attributes, &mut schema);
    schema.mentions[0].attributes.push(entry.name().to_owned());
    editor.edit(schema, "Add an attribute", None);
    let label = editor.schema().mentions[0].label.clone();
    let split = Split::new(editor.schema(), LabelKind::Mention, &label).expect("it has an attribute");
    let chosen = split.by.iter().position(|(id, _)| id == entry.name()).expect("offered");
    let split = Split { chosen, ..split };
    let step = Question::Split(Box::new(split)).steps();
    editor.steps(step).expect("fits");
    let made = format!("{label}NewAttribute");
    assert!(editor.schema().mention(&made).is_some(), "{:?}", editor.schema().mentions);
    assert_eq!(migrated(editor.edited(), &document(&label)), [label]);
}

#[test]
fn an_import_becomes_steps_as_far_as_renamings_are_believed() {
    let edited = Edited::new(news());
    let mut other = (*news()).clone();
    other.name = "theirs".into();
    let person = other.mentions.iter_mut().find(|m| m.label == "Person").expect("ships");
    person.label = "Human".into();
    for members in other.groups.values_mut() {
        members.iter_mut().filter(|m| *m == "Person").for_each(|m| *m = "Human".into());
    }
    let ron = other.to_ron().replace("\"Person\"", "\"Human\"");
    let other = Schema::parse(&ron, None).expect("consistent");
    let beside = Beside::new(&edited.schema, other, "theirs.ron".into(), true);
    assert_eq!(beside.renames, [(rename("Person", "Human"), true)]);
    let mut believed = edited.clone();
    assert_eq!(beside.take(&mut believed), Vec::<String>::new());
    assert_eq!(believed.schema.name, "news");
    assert_eq!(migrated(&believed, &document("Person")), ["Human"]);
    let mut doubted = beside;
    doubted.renames[0].1 = false;
    let mut edited = edited;
    doubted.take(&mut edited);
    assert_eq!(migrated(&edited, &document("Person")), Vec::<String>::new());
}

#[test]
fn entries_are_copied_moved_and_groups_renamed_where_they_stand() {
    let mut editor = editor();
    let first = editor.schema().mentions[0].label.clone();
    editor.duplicate();
    assert_eq!(editor.schema().mentions[1].label, format!("{first}2"));
    assert_eq!(editor.schema().mentions[1].key, None);
    editor.shift(false);
    assert_eq!(editor.schema().mentions[0].label, format!("{first}2"));
    let mut schema = (**editor.schema()).clone();
    let Some(group) = schema.groups.keys().next().cloned() else { return };
    assert!(rename_group(&mut schema, &group, "Others"));
    assert_eq!(schema.check().iter().filter(|p| p.severity == crate::model::Severity::Error).count(), 0);
    assert!(!rename_group(&mut schema, "Others", " "));
}

#[test]
fn what_contradicts_itself_may_not_be_applied() {
    let mut editor = editor();
    let mut schema = (**editor.schema()).clone();
    schema.events[0].roles[0].fillers = vec!["Nobody".into()];
    editor.edit(schema, "Break it", None);
    assert!(!editor.may_apply());
    assert_eq!(editor.conflicts.len(), 1);
    editor.step_back(true);
    assert!(editor.conflicts.is_empty());
}

/// Gives the definition of a mention type these words.
fn describe(editor: &mut SchemaEditor, label: &str, words: &str) {
    let mut schema = (**editor.schema()).clone();
    let found = schema.mentions.iter_mut().find(|m| m.label == label).expect("there");
    found.definition = words.into();
    editor.edit(schema, &format!("Describe {label}"), Some(format!("definition {label}")));
}

#[test]
fn one_edit_is_left_out_and_those_after_it_stay() {
    let mut editor = editor();
    editor.steps(vec![rename("Person", "Human")]).expect("free");
    editor.add(Part::Events);
    describe(&mut editor, "Organization", "A b");
    describe(&mut editor, "Organization", "A body");
    editor.steps(vec![delete("Place", Some("Country"))]).expect("there");
    let with = editor.schema().clone();
    assert_eq!(editor.leave_out(1), Ok(()));
    let schema = editor.schema();
    assert!(schema.mention("Person").is_some() && schema.mention("Human").is_none());
    assert!(schema.groups["Actor"].contains(&"Person".to_owned()));
    assert!(schema.event("NewEvent").is_some() && schema.mention("Place").is_none());
    assert_eq!(schema.mention("Organization").map(|m| m.definition.as_str()), Some("A body"));
    assert_eq!(editor.edited().steps().cloned().collect::<Vec<_>>(), [delete("Place", Some("Country"))]);
    assert_eq!(migrated(editor.edited(), &document("Person")), ["Person"]);
    let told: Vec<_> = editor.history().map(|step| (step.title, step.is_left_out, step.can_be_left_out)).collect();
    assert_eq!(
        told,
        [
            ("Rename Person to Human", true, false),
            ("Add an event type", false, true),
            ("Describe Organization", false, true),
            ("Delete Place, re-label to Country", false, true),
            ("Leave out “Rename Person to Human”", false, false),
        ]
    );
    // A second one, though no state is remembered that it began with.
    assert_eq!(editor.leave_out(3), Ok(()));
    assert_eq!(editor.schema().mention("Organization"), news().mention("Organization"));
    assert!(editor.schema().event("NewEvent").is_some());
    // That is undone like everything else.
    editor.step_back(true);
    editor.step_back(true);
    assert_eq!(*editor.schema(), with);
    assert_eq!(editor.edited().steps().len(), 2);
}

#[test]
fn what_others_depend_on_is_not_left_out_and_they_are_named() {
    let mut editor = editor();
    editor.add(Part::Mentions);
    editor.steps(vec![rename("Person", "Human")]).expect("free");
    describe(&mut editor, "Human", "Somebody");
    editor.steps(vec![delete("Human", Some("NewMention"))]).expect("there");
    let mut schema = (**editor.schema()).clone();
    schema.title = "Mine".into();
    editor.edit(schema, "Change the title", None);
    let before = editor.schema().clone();
    let onto_new = "Delete Human, re-label to NewMention".to_owned();
    assert_eq!(editor.leave_out(1), Err(vec![onto_new.clone()]));
    assert_eq!(editor.leave_out(2), Err(vec!["Describe Human".to_owned(), onto_new]));
    assert_eq!((editor.schema(), editor.history().len()), (&before, 5), "nothing is changed");
    assert_eq!(editor.leave_out(4), Ok(()));
    assert_eq!(editor.schema().title, "Mine");
    assert!(editor.schema().mention("Human").is_some());
    // Now nobody needs the new one.
    assert_eq!(editor.leave_out(1), Ok(()));
    assert!(editor.schema().mention("NewMention").is_none());
}

/// The label set with these names in the place of others, wherever they stand.
fn news_with(names: &[(&str, &str)]) -> Schema {
    let mut ron = news().to_ron();
    for (from, to) in names {
        ron = ron.replace(&format!("\"{from}\""), &format!("\"<{to}>\""));
    }
    Schema::parse(&ron.replace("\"<", "\"").replace(">\"", "\""), None).expect("consistent")
}

#[test]
fn a_renaming_waits_until_a_label_that_nobody_believes_renamed_is_gone() {
    let edited = Edited::new(news());
    let other = news_with(&[("Person", "Human"), ("Consult", "Person")]);
    let mut beside = Beside::new(&edited.schema, other.clone(), "theirs.ron".into(), true);
    let event = SchemaStep::Rename { of: LabelKind::Event, from: "Consult".into(), to: "Person".into() };
    assert_eq!(beside.renames, [(rename("Person", "Human"), true), (event.clone(), true)]);
    beside.renames[0].1 = false;
    assert_eq!(beside.steps(&edited.schema), [delete("Person", None), event]);
    let mut taken = edited.clone();
    assert_eq!(beside.take(&mut taken), Vec::<String>::new());
    assert_eq!(migrated(&taken, &document("Person")), Vec::<String>::new());
    assert!(taken.schema.event("Person").is_some());
}

#[test]
fn labels_that_take_each_others_names_are_two_renamings_to_decide_on() {
    let edited = Edited::new(news());
    let other = news_with(&[("Person", "Consult"), ("Consult", "Person")]);
    let beside = Beside::new(&edited.schema, other, "theirs.ron".into(), true);
    let event = SchemaStep::Rename { of: LabelKind::Event, from: "Consult".into(), to: "Person".into() };
    let both = [(rename("Person", "Consult"), true), (event, true)];
    assert!(both.iter().all(|rename| beside.renames.contains(rename)), "{:?}", beside.renames);
    assert_eq!(beside.renames.len(), 2);
    let mut taken = edited.clone();
    assert_eq!(beside.take(&mut taken), Vec::<String>::new());
    assert_eq!(migrated(&taken, &document("Person")), ["Consult"]);
    let mut doubted = beside;
    doubted.renames.iter_mut().for_each(|(_, believed)| *believed = false);
    let mut taken = edited;
    assert_eq!(doubted.take(&mut taken), Vec::<String>::new());
    assert_eq!(migrated(&taken, &document("Person")), Vec::<String>::new());
}

#[test]
fn a_role_that_took_anything_is_narrowed_by_a_step_that_grows() {
    let of = Owner::Event("Consult".into());
    let mut anything = (*news()).clone();
    let consult = anything.events.iter_mut().find(|e| e.r#type == "Consult").expect("ships");
    consult.roles.iter_mut().for_each(|role| role.fillers.clear());
    let mut edited = Edited::new(Arc::new(anything));
    let only = |fillers: &[&str], unfit| SchemaStep::OnlyFillers {
        of: of.clone(),
        role: "Actor".into(),
        fillers: fillers.iter().map(|filler| (*filler).to_owned()).collect(),
        unfit,
    };
    edited.step(only(&["Person"], Unfit::Remove)).expect("fits");
    edited.step(only(&["Person", "Organization"], Unfit::Remove)).expect("fits");
    assert_eq!(edited.steps().cloned().collect::<Vec<_>>(), [only(&["Person", "Organization"], Unfit::Remove)]);
    assert_eq!(edited.result().version, 2);
    let error = edited.step(only(&[], Unfit::Leave)).expect_err("it would take anything");
    assert!(error.to_string().contains("at least one type"), "{error}");
    assert!(edited.step(only(&["Nobody"], Unfit::Leave)).is_err());
}
