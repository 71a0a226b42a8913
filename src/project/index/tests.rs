use std::fs;

use super::*;
use crate::model::Status;
use crate::model::test_support::{entity, event, mention};
use crate::model::{Argument, Document, Filler, Id};
use crate::project::adding::{self, Adding, Known};
use crate::project::{Name, Project, default_schema};
use crate::store::disk::Disk;
use crate::store::{OnDisk, SaveOptions, save};

const TEXT: &str = "Armenia and Azerbaijan met in Arlington.";

fn name(name: &str) -> Name {
    Name::new(name).expect("a name")
}

fn add(project: &Project, files: &[(&str, &str)]) -> Project {
    let from = tempfile::tempdir().expect("temporary folder");
    for (name, text) in files {
        fs::write(from.path().join(name), text).expect("writable");
    }
    let adding = Adding { sources: vec![from.path().to_owned()], ..Adding::default() };
    let known = Known::read(project).expect("readable");
    adding::add(&Disk::default(), project, known, &adding, |_| true).expect("writable").0
}

fn made(folder: &Path) -> (Project, Index) {
    let project = Project::create(&folder.join("p"), "P", &default_schema()).expect("writable");
    let project = project.with_annotator("Anna").expect("writable");
    let project = add(&project, &[("one.txt", TEXT), ("two.txt", "Nothing happened.")]);
    let place = IndexPlace::of(&project.layout).expect("writable");
    (project, Index::open(&place).expect("opens"))
}

/// A layer of Anna over the first document.
fn annotate(project: &Project) -> Document {
    let fresh = project.fresh(&name("one"), Some("Anna")).expect("opens").document;
    let mut country = mention("m1", "Person", &[(0, 7)]);
    country.entity = Some(Id::from("n1"));
    let mut talks = event("e1", "Consult", &[(23, 26)]);
    talks.arguments = vec![Argument { role: "Participant".into(), filler: Filler::Mention(Id::from("m1")) }];
    let armenia = entity("n1", "Person", "Armenia");
    let header = fresh.header().clone();
    let document = Document::with_annotations(fresh.text().clone(), header, [armenia], [country], [talks], [], []);
    let path = project.layout.layer_of(&name("anna"), &name("one"));
    fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
    save(&document, &path, &SaveOptions::over(OnDisk::Any)).expect("writable");
    document
}

fn all(index: &mut Index, project: &Project) -> Scanned {
    index.scan(project, |_| true).expect("readable")
}

#[test]
fn what_is_in_the_folder_is_in_the_catalogue() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (project, mut index) = made(folder.path());
    annotate(&project);
    assert_eq!(all(&mut index, &project).read, 2);
    let catalogue = index.catalogue().expect("readable");
    let names: Vec<_> = catalogue.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["one", "two"]);
    let entry = catalogue.entry(&name("one")).expect("there");
    assert_eq!((entry.title.as_str(), entry.length as usize), (TEXT, TEXT.len()));
    let layer = entry.layer(Some("anna")).expect("hers");
    assert_eq!((layer.status, layer.marks), (Status::New, 2));
    assert_eq!(entry.layer(Some("bob")), None);
    assert_eq!(index.with_label("anna", "Consult").expect("readable"), [name("one")]);
    assert_eq!(catalogue.labels.get("anna").and_then(|labels| labels.get("Person")), Some(&1));
    let known = index.texts_known().expect("readable");
    assert_eq!(known.len(), 2);
}

#[test]
fn only_what_changed_is_read_again() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (project, mut index) = made(folder.path());
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    let age = |path: &Path| {
        fs::File::options().write(true).open(path).and_then(|file| file.set_modified(old)).expect("ours");
    };
    annotate(&project);
    for name in [name("one"), name("two")] {
        age(&project.layout.text_of(&name));
        age(&project.layout.sidecar_of(&name));
    }
    age(&project.layout.layer_of(&name("anna"), &name("one")));
    assert_eq!(all(&mut index, &project).read, 2);
    assert_eq!(all(&mut index, &project).read, 0);
    // By hand, by git, by another window.
    fs::write(project.layout.text_of(&name("two")), "Something happened.").expect("writable");
    assert_eq!(all(&mut index, &project).read, 1);
    let two = |index: &Index| index.catalogue().expect("readable").entry(&name("two")).cloned();
    assert!(two(&index).expect("there").broken.contains("changed"), "its sidecar knows another text");
    fs::remove_file(project.layout.text_of(&name("two"))).expect("there");
    assert_eq!(all(&mut index, &project).gone, 1);
    assert_eq!(two(&index), None);
    // Another schema judges layers anew.
    let mut schema = project.schema.as_ref().clone();
    schema.mentions.retain(|mention| mention.label != "Person");
    let other = Project { schema: std::sync::Arc::new(schema), ..project.clone() };
    assert_eq!(all(&mut index, &other).read, 1);
    let catalogue = index.catalogue().expect("readable");
    assert!(catalogue.entry(&name("one")).expect("there").layer(Some("anna")).expect("hers").problems > 0);
}

#[test]
fn broken_layers_are_told_and_leave_the_rest_usable() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (project, mut index) = made(folder.path());
    annotate(&project);
    let layer = project.layout.layer_of(&name("anna"), &name("one"));
    let ron = fs::read_to_string(&layer).expect("there");
    fs::write(&layer, ron.replace("    mentions:", "<<<<<<< HEAD\n    mentions:")).expect("writable");
    fs::write(project.layout.layer_of(&name("anna"), &name("gone")), &ron).expect("writable");
    // The layer of another text under this document's name.
    fs::write(project.layout.layer_of(&name("anna"), &name("two")), &ron).expect("writable");
    let scanned = all(&mut index, &project);
    let codes: Vec<_> = scanned.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["no-document"]);
    let catalogue = index.catalogue().expect("readable");
    let broken = |of: &str| {
        let entry = catalogue.entry(&name(of)).expect("there");
        entry.layer(Some("anna")).expect("hers").broken.to_string()
    };
    assert!(broken("one").contains("git could not merge"), "{}", broken("one"));
    assert!(broken("two").contains("not that of the document"), "{}", broken("two"));
}

#[test]
fn an_index_that_is_broken_or_of_another_version_is_made_anew() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (project, mut index) = made(folder.path());
    all(&mut index, &project);
    let place = IndexPlace::of(&project.layout).expect("writable");
    index.connection.pragma_update(None, "user_version", VERSION + 1).expect("writable");
    drop(index);
    let mut index = Index::open(&place).expect("made anew");
    assert_eq!(index.catalogue().expect("readable").entries.len(), 0);
    all(&mut index, &project);
    drop(index);
    delete(&place.path).expect("writable");
    fs::write(&place.path, "this is no database, whatever its name may say; it is longer than a header")
        .expect("writable");
    let mut index = Index::open(&place).expect("made anew");
    assert_eq!(all(&mut index, &project).read, 2);
}

#[test]
fn a_scan_stops_when_asked() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (project, mut index) = made(folder.path());
    let scanned = index.scan(&project, |_| false).expect("readable");
    assert!(scanned.is_stopped);
    assert_eq!((scanned.read, index.catalogue().expect("readable").entries.len()), (0, 0));
}

#[test]
fn one_document_is_brought_up_to_date_by_itself() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (project, mut index) = made(folder.path());
    all(&mut index, &project);
    annotate(&project);
    index.update(&project, &name("one")).expect("readable");
    let catalogue = index.catalogue().expect("readable");
    assert_eq!(catalogue.entry(&name("one")).expect("there").layers.len(), 1);
    fs::remove_file(project.layout.text_of(&name("one"))).expect("there");
    index.update(&project, &name("one")).expect("readable");
    assert_eq!(index.catalogue().expect("readable").entries.len(), 1);
    assert_eq!(index.with_label("anna", "Consult").expect("readable"), []);
}

#[test]
fn a_catalogue_takes_one_document_anew() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (project, mut index) = made(folder.path());
    all(&mut index, &project);
    let before = index.catalogue().expect("readable");
    annotate(&project);
    index.update(&project, &name("one")).expect("readable");
    let after = index.with_entry(&before, &name("one")).expect("readable");
    assert_eq!(after.entries, index.catalogue().expect("readable").entries);
    fs::remove_file(project.layout.text_of(&name("one"))).expect("there");
    index.update(&project, &name("one")).expect("readable");
    let without = index.with_entry(&after, &name("one")).expect("readable");
    assert_eq!((without.entries.len(), without.entry(&name("one"))), (1, None));
    assert_eq!(index.with_entry(&without, &name("one")).expect("readable").entries, without.entries);
}
