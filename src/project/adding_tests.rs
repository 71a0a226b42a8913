use std::fs;

use super::*;
use crate::formats::native;
use crate::model::test_support::mention;
use crate::project::{default_schema, documents};
use crate::text::Text;

const SAMPLE: &[u8] = include_bytes!("../../seeds/000_1a5c9ff20c0ee09c.ron");

fn project(folder: &Path) -> Project {
    Project::create(&folder.join("p"), "P", &default_schema()).expect("writable")
}

fn add_all(project: &Project, sources: &[PathBuf]) -> (Project, Report) {
    let adding = Adding { sources: sources.to_vec(), annotator: Some("Anna".into()), ..Adding::default() };
    let known = Known::read(project).expect("readable");
    add(&Disk::default(), project, known, &adding, |_| true).expect("writable")
}

#[test]
fn texts_are_kept_to_the_byte_and_only_once() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let project = project(folder.path());
    let from = folder.path().join("from");
    fs::create_dir_all(from.join("zoo")).expect("writable");
    let text = "A headline of some length\r\n\r\nHe said: “Né\u{301}e 👩🏽‍🚀”.\n";
    fs::write(from.join("one.txt"), text).expect("writable");
    fs::write(from.join("zoo/two.txt"), format!("\u{feff}{text}")).expect("writable");
    fs::write(from.join("zoo/One.txt"), "Something else.").expect("writable");
    fs::write(from.join("empty.txt"), " \n").expect("writable");
    let (project, report) = add_all(&project, std::slice::from_ref(&from));
    let one = Name::new("one").expect("a name");
    assert_eq!(report.documents(), 2, "{report:?}");
    assert_eq!(report.duplicates(), 1, "the byte order mark is no part of the text: {report:?}");
    assert_eq!(fs::read_to_string(project.layout.text_of(&one)).expect("there"), text);
    let fresh = project.fresh(&one, Some("Anna")).expect("opens");
    assert_eq!((fresh.document.text().as_str(), fresh.problems), (text, Vec::new()));
    assert_eq!(fresh.document.header().metadata.title, "A headline of some length");
    assert_eq!(fresh.document.header().annotator.as_deref(), Some("Anna"));
    // Where capitals are not told apart, both would be one file.
    let names = document_names(&project.layout).expect("readable").0;
    assert_eq!(names.iter().map(Name::as_str).collect::<Vec<_>>(), ["One-2", "one"], "{report:?}");
    // A second time nothing is new.
    let (_, again) = add_all(&project, &[from]);
    assert_eq!((again.documents(), again.duplicates()), (0, 3));
}

#[test]
fn what_is_there_already_is_told_before_and_added_only_when_it_is_wanted() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (project, _) = add_all(&project(folder.path()), &[PathBuf::from("/nowhere/at/all.txt")]);
    let from = folder.path().join("from");
    fs::create_dir_all(&from).expect("writable");
    for (name, text) in [("a.txt", "An article."), ("b.txt", "Another."), ("c.txt", "An article.")] {
        fs::write(from.join(name), text).expect("writable");
    }
    fs::write(from.join("sample.ron"), SAMPLE).expect("writable");
    fs::write(from.join("sample-2.ron"), SAMPLE).expect("writable");
    let adding = Adding { sources: vec![from.clone()], annotator: Some("Anna".into()), ..Adding::default() };
    let look = |project: &Project, adding: &Adding| {
        let known = Known::read(project).expect("readable");
        super::look(project, known, adding, |_| true).expect("readable")
    };
    let before = look(&project, &adding);
    assert_eq!(document_names(&project.layout).expect("readable").0, [], "nothing is written");
    assert!(!project.layout.annotations().join("anna").exists());
    let (project, done) = add_all(&project, &[from]);
    assert_eq!(before.added, done.added, "and it comes as it was told");
    assert_eq!((done.documents(), done.duplicates()), (3, 2));
    // All of it is there now.
    let again = look(&project, &adding);
    assert_eq!((again.documents(), again.duplicates()), (0, 5));
    // Wanted all the same, each is a document of its own.
    let adding = Adding { adds_known: true, ..adding };
    let known = Known::read(&project).expect("readable");
    let (project, all) = add(&Disk::default(), &project, known, &adding, |_| true).expect("writable");
    assert_eq!((all.documents(), all.duplicates()), (5, 0));
    assert_eq!(document_names(&project.layout).expect("readable").0.len(), 8);
}

#[test]
fn annotations_of_a_known_text_stay_a_layer_even_where_known_texts_are_wanted() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let project = project(folder.path());
    let path = folder.path().join("sample.ron");
    fs::write(&path, SAMPLE).expect("writable");
    let (project, _) = add_all(&project, std::slice::from_ref(&path));
    let theirs = String::from_utf8_lossy(SAMPLE).replace("annotator: Some(\"gold\")", "annotator: Some(\"Bob\")");
    fs::write(&path, theirs).expect("writable");
    let adding = Adding { sources: vec![path], adds_known: true, ..Adding::default() };
    let known = Known::read(&project).expect("readable");
    let (_, report) = add(&Disk::default(), &project, known, &adding, |_| true).expect("writable");
    assert!(matches!(report.added.as_slice(), [Added::Layer { .. }]), "{report:?}");
}

#[test]
fn nothing_is_made_in_the_place_of_a_project_that_is_gone() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let project = project(folder.path());
    let article = folder.path().join("a.txt");
    fs::write(&article, "An article.").expect("writable");
    let (project, _) = add_all(&project, std::slice::from_ref(&article));
    let name = Name::new("a").expect("a name");
    fs::rename(folder.path().join("p"), folder.path().join("away")).expect("ours");
    // Where it was mounted there may be an empty folder.
    fs::create_dir(folder.path().join("p")).expect("writable");
    let adding = Adding { sources: vec![article], adds_known: true, ..Adding::default() };
    assert!(add(&Disk::default(), &project, Known::default(), &adding, |_| true).is_err());
    assert!(documents::remove(&Disk::default(), &project, &name).is_err());
    assert_eq!(fs::read_dir(folder.path().join("p")).expect("there").count(), 0);
}

#[test]
fn annotations_become_the_layer_of_whoever_made_them() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let project = project(folder.path());
    let path = folder.path().join("sample.ron");
    fs::write(&path, SAMPLE).expect("writable");
    let (project, report) = add_all(&project, std::slice::from_ref(&path));
    let [Added::Document { name, has_layer: true }] = report.added.as_slice() else { panic!("{report:?}") };
    let annotator = project.file.annotators[0].clone();
    let layer = project.layout.layer_of(&project.folder_of(&annotator.name).expect("a folder"), name);
    let before = store::open_path(&path, &OpenOptions::default()).expect("opens").document;
    let after = store::open_path(&layer, &OpenOptions::default()).expect("opens").document;
    assert_eq!(after.mentions(), before.mentions());
    assert_eq!(after.header().schema, project.schema_ref());
    // The same text from somebody else is another layer over the same document, once.
    let mut theirs = before.clone().with_annotator("Bob");
    theirs = Document::with_annotations(
        theirs.text().clone(),
        theirs.header().clone(),
        [],
        [mention("m1", "Person", &[(0, 4)])],
        [],
        [],
        [],
    );
    fs::write(&path, native::to_ron(&theirs).expect("plain")).expect("writable");
    let (project, report) = add_all(&project, std::slice::from_ref(&path));
    assert_eq!(report.added, [Added::Layer { name: name.clone(), annotator: "Bob".into() }]);
    let (_, report) = add_all(&project, std::slice::from_ref(&path));
    assert_eq!(report.duplicates(), 1);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_added() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let project = project(folder.path());
    let from = folder.path().join("from");
    fs::create_dir_all(&from).expect("writable");
    fs::write(from.join("a.ron"), "(format: \"manicule/1\", broken").expect("writable");
    fs::write(from.join("b.txt"), "An article.").expect("writable");
    fs::write(from.join("c.bin"), [0, 1, 2]).expect("writable");
    let (project, report) = add_all(&project, &[from, folder.path().join("gone.txt")]);
    assert_eq!(report.documents(), 1);
    let files: Vec<_> = report.problems.iter().filter_map(|p| p.place.file.as_ref()?.file_name()).collect();
    assert_eq!(files, ["a.ron", "gone.txt"], "{report:?}");
    assert_eq!(document_names(&project.layout).expect("readable").0.len(), 1);
}

#[test]
fn it_stops_when_asked_and_keeps_what_was_added() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let project = project(folder.path());
    let from = folder.path().join("from");
    fs::create_dir_all(&from).expect("writable");
    for n in 0..9 {
        fs::write(from.join(format!("{n}.txt")), format!("Article {n}.")).expect("writable");
    }
    let adding = Adding { sources: vec![from], ..Adding::default() };
    let (_, report) = add(&Disk::default(), &project, Known::default(), &adding, |p| p.done < 4).expect("writable");
    assert!(report.is_stopped);
    assert_eq!(document_names(&project.layout).expect("readable").0.len(), 4);
}

#[test]
fn a_removed_document_can_be_put_back() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("sample.ron");
    fs::write(&path, SAMPLE).expect("writable");
    let (project, report) = add_all(&project(folder.path()), &[path]);
    let [Added::Document { name, .. }] = report.added.as_slice() else { panic!("{report:?}") };
    let files = |project: &Project| {
        let layers = documents::layer_folders(&project.layout).expect("readable");
        let layers = layers.iter().map(|folder| project.layout.layer_of(folder, name));
        [project.layout.text_of(name), project.layout.sidecar_of(name)].into_iter().chain(layers).collect::<Vec<_>>()
    };
    let before: Vec<_> = files(&project).iter().map(|path| fs::read(path).expect("there")).collect();
    let removed = documents::remove(&Disk::default(), &project, name).expect("writable");
    assert!(files(&project).iter().all(|path| !path.exists()));
    documents::put_back(&Disk::default(), &project.layout, &removed).expect("writable");
    let after: Vec<_> = files(&project).iter().map(|path| fs::read(path).expect("there")).collect();
    assert_eq!(after, before);
    assert!(!removed.exists());
}

#[test]
fn zones_and_metadata_come_back() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let project = project(folder.path());
    let text = Text::new("Ünder\n\nBody.").expect("short");
    let zones = [crate::model::Zone { kind: crate::model::ZoneKind::Headline, span: crate::text::Span::of(0, 6) }];
    let metadata = Metadata {
        id: "x".into(),
        title: "Ünder".into(),
        source: Some("https://example.org".into()),
        published: Some("2023-05-04".into()),
        language: Some("de".into()),
        encoding: Some("windows-1252".into()),
        bom: true,
    };
    let name = Name::new("x").expect("a name");
    write_new(&Disk::default(), &project.layout, &name, &text, &metadata, &zones).expect("writable");
    let fresh = project.fresh(&name, None).expect("opens");
    assert_eq!(fresh.problems, []);
    let header = fresh.document.header();
    assert_eq!((&header.metadata, header.zones.as_slice()), (&metadata, &zones[..]));
    // Changed by hand: told, and still usable.
    fs::write(project.layout.text_of(&name), "Oth").expect("writable");
    let fresh = project.fresh(&name, None).expect("opens");
    let codes: Vec<_> = fresh.problems.iter().map(|p| p.code).collect();
    assert_eq!(codes, ["text-changed", "zone-outside"]);
    fs::write(project.layout.sidecar_of(&name), "<<<<<<< HEAD\n(").expect("writable");
    assert_eq!(project.fresh(&name, None).expect("opens").problems[0].code, "merge-conflict");
    fs::write(project.layout.text_of(&name), [0xff, 0xfe]).expect("writable");
    assert_eq!(project.fresh(&name, None).expect_err("refused").problems[0].code, "not-utf-8");
}
