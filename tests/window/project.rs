//! A project: its documents as a queue, opened, marked, done, saved as they are left, found again after a kill.

use std::path::PathBuf;

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use manicule::model::Status;
use manicule::project::adding::{self, Adding, Known};
use manicule::project::{Layout, Name, Project, default_schema};
use manicule::store::disk::Disk;

use crate::common::{CTRL, Desk, SHIFT, Storage, Window};

const ARTICLES: [(&str, &str); 3] = [
    ("arlington.txt", "Talks in Arlington end\n\nAnna Berg met Bob on Monday.\n"),
    ("bern.txt", "A treaty is signed in Bern\n\nBob signed it.\n"),
    ("cairo.txt", "Nothing happens in Cairo\n\nAnna Berg waited.\n"),
];

/// A project of three articles; with the annotator of this name, if one is given.
pub fn project(desk: &Desk, annotator: Option<&str>) -> Project {
    let from = desk.path("from");
    std::fs::create_dir_all(&from).expect("writable");
    for (name, text) in ARTICLES {
        std::fs::write(from.join(name), text).expect("writable");
    }
    let project = Project::create(&desk.path("talks"), "The talks", &default_schema()).expect("writable");
    let project = annotator.map_or(project.clone(), |name| project.with_annotator(name).expect("writable"));
    let adding = Adding { sources: vec![from], ..Adding::default() };
    adding::add(&Disk::default(), &project, Known::default(), &adding, |_| true).expect("writable").0
}

/// A window on the project as it is opened by somebody who has said who they are.
pub fn begun(desk: &Desk) -> Window {
    project(desk, None);
    let mut window = desk.open("talks");
    window.type_text("Anna");
    window.key(Key::Enter);
    window
}

pub fn layer(desk: &Desk, document: &str) -> PathBuf {
    let name = |name: &str| Name::new(name).expect("a name");
    Layout::new(desk.path("talks")).layer_of(&name("anna"), &name(document))
}

fn title(window: &Window) -> String {
    window.title()
}

#[test]
fn documents_are_marked_one_after_the_other_and_saved_as_they_are_left() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.expect("The talks");
    window.expect("0 of 3 done");
    window.expect("Annotator: Anna");
    window.click_role(Role::Button, "Talks in Arlington end, New");
    assert_eq!(title(&window), "Talks in Arlington end – Manicule");
    window.mark("[Bob] on", 'p');
    assert!(!layer(&desk, "arlington").exists(), "in the journal until it is left or saved");
    window.press(CTRL, Key::PageDown);
    assert_eq!(title(&window), "A treaty is signed in Bern – Manicule");
    let saved = std::fs::read_to_string(layer(&desk, "arlington")).expect("saved on leaving");
    assert!(saved.contains("\"Bob\"") && saved.contains("annotator: Some(\"Anna\")"), "{saved}");
    // Nothing was done here: nothing is written.
    window.press(CTRL, Key::PageUp);
    assert!(!layer(&desk, "bern").exists());
    assert_eq!(window.mentions(), ["Person: Bob"]);
    // One step of undo reaches back before it was left.
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions(), Vec::<String>::new());
    window.press(CTRL | SHIFT, Key::Z);
    window.expect_part("1 mark");
}

#[test]
fn done_and_next_goes_through_the_list_to_its_end() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    for (nth, article) in
        ["Talks in Arlington end", "A treaty is signed in Bern", "Nothing happens in Cairo"].iter().enumerate()
    {
        assert_eq!(title(&window), format!("{article} – Manicule"));
        window.expect(&format!("{nth} of 3 done"));
        window.press(CTRL, Key::Enter);
    }
    window.expect("3 of 3 done");
    window.expect_part("That was the last document");
    assert_eq!(window.document().header().status, Status::Done);
    for name in ["arlington", "bern", "cairo"] {
        assert!(std::fs::read_to_string(layer(&desk, name)).expect("saved").contains("status: \"done\""));
    }
    window.press(CTRL, Key::PageDown);
    window.expect_part("This is the last document of the list");
}

#[test]
fn the_list_is_filtered_by_words_status_and_label() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.click_role(Role::Button, "A treaty is signed in Bern, New");
    window.mark("[Bob] signed", 'p');
    window.press(CTRL, Key::Enter);
    window.expect("1 of 3 done");
    window.click_role(Role::Button, "Show Done: 1");
    window.expect("1 of 3 shown");
    window.expect("A treaty is signed in Bern, Done");
    window.expect_not("Nothing happens in Cairo, New");
    window.click_role(Role::Button, "Show all");
    window.expect("Nothing happens in Cairo, New");
    window.click_role(Role::TextInput, "Filter documents");
    window.type_text("cairo");
    window.expect_not("A treaty is signed in Bern, Done");
    window.type_text("xyz");
    window.expect("No document fits the filters");
}

#[test]
fn the_place_is_found_again_and_nothing_is_lost_by_a_kill() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] signed", 'p');
    window.expect("Saved (journal)");
    let storage = window.kill();
    assert!(!layer(&desk, "bern").exists());
    // The journal lies in the project, so that it goes where the project goes.
    assert!(std::fs::read_dir(desk.path("talks/.manicule/journals")).expect("there").count() > 0);
    let mut window = desk.window_on(Some(desk.path("talks")), storage);
    assert_eq!(title(&window), "• A treaty is signed in Bern – Manicule");
    window.expect("Annotator: Anna");
    window.expect_part("Recovered 1 unsaved change");
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.press(CTRL, Key::S);
    assert!(layer(&desk, "bern").exists());
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions(), Vec::<String>::new(), "what was done before the kill can be undone");
}

#[test]
fn everybody_has_a_layer_of_their_own() {
    let desk = Desk::new();
    project(&desk, Some("Bob"));
    let mut window = desk.open("talks");
    window.click_role(Role::Button, "Work as Bob");
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    window.press(CTRL, Key::S);
    window.click_role(Role::Button, "Annotator: Bob");
    window.type_text("Anna");
    window.key(Key::Enter);
    window.expect("Annotator: Anna");
    assert_eq!(title(&window), "Talks in Arlington end – Manicule");
    assert_eq!(window.mentions(), Vec::<String>::new(), "Bob's are not hers");
    window.mark("[Anna Berg] met", 'p');
    window.press(CTRL, Key::S);
    let saved = std::fs::read_to_string(layer(&desk, "arlington")).expect("hers");
    assert!(saved.contains("annotator: Some(\"Anna\")"));
    // His can be looked at beneath hers, and not be touched.
    window.click_role(Role::Button, "Project menu");
    window.click_role(Role::Button, "Show the layer of Bob beneath");
    window.expect_part("Person Bob");
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
    window.click_role(Role::Button, "Annotator: Anna");
    window.click_role(Role::Button, "Work as Bob");
    assert_eq!(window.mentions(), ["Person: Bob"]);
}

#[test]
fn a_file_of_a_project_opens_with_its_project() {
    let desk = Desk::new();
    let project = project(&desk, Some("Anna"));
    let path = project.layout.text_of(&Name::new("cairo").expect("a name"));
    let mut window = desk.window_on(Some(path), Storage::default());
    window.click_role(Role::Button, "Work as Anna");
    window.expect("The talks");
    assert_eq!(title(&window), "Nothing happens in Cairo – Manicule");
}

#[test]
fn a_folder_that_is_no_project_can_become_one() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("news")).expect("writable");
    desk.write("article.txt", "An article about nothing at all");
    let mut window = desk.open("news");
    window.expect("New project");
    window.click_role(Role::TextInput, "Your name, as it stands in the files");
    window.type_text("Anna");
    window.click_button("Make the project");
    window.expect("news");
    window.expect("Annotator: Anna");
    window.expect("There are no documents yet");
    assert!(desk.path("news/project.ron").exists() && desk.path("news/schema.ron").exists());
    window.drop_file(desk.path("article.txt"));
    window.expect_part("Added 1 document");
    assert_eq!(title(&window), "An article about nothing at all – Manicule");
    window.drop_file(desk.path("article.txt"));
    window.expect("1 text there already");
    window.expect("the same text as article");
}

#[test]
fn what_is_broken_is_told_and_the_rest_stays_usable() {
    let desk = Desk::new();
    let project = project(&desk, Some("Anna"));
    let broken = project.layout.layer_of(&Name::new("anna").expect("a name"), &Name::new("bern").expect("a name"));
    std::fs::create_dir_all(broken.parent().expect("a folder")).expect("writable");
    std::fs::write(&broken, "<<<<<<< HEAD\n(format: \"manicule/1\",\n=======\n").expect("writable");
    std::fs::write(project.schema_file().expect("inside"), "(((").expect("writable");
    let mut window = desk.open("talks");
    window.click_role(Role::Button, "Work as Anna");
    window.expect("The project was opened, with remarks");
    window.click_button("Close");
    window.expect("file");
    window.click_role(Role::Button, "A treaty is signed in Bern, New");
    window.expect("The file cannot be opened");
    window.click_button("Close");
    window.click_role(Role::Button, "Nothing happens in Cairo, New");
    assert_eq!(title(&window), "Nothing happens in Cairo – Manicule");
}

#[test]
fn a_document_is_taken_out_and_put_back() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    window.press(CTRL, Key::S);
    let row = window.harness.get_by_role_and_label(Role::Button, "Talks in Arlington end, In progress");
    row.click_secondary();
    window.settle();
    window.click_button("Take out of the project");
    window.expect("Choose a document at the left");
    window.expect("0 of 2 done");
    assert!(!layer(&desk, "arlington").exists());
    window.click_button("Put back arlington");
    window.expect("0 of 3 done");
    assert!(layer(&desk, "arlington").exists());
}

#[test]
fn guidelines_stand_beside_the_work_and_are_edited_there() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.key(Key::F2);
    window.expect("Guidelines: The talks");
    window.click_button("Edit text");
    window.click_role(Role::MultilineTextInput, "Guidelines in Markdown");
    window.press(CTRL, Key::End);
    window.type_text("Titles are no part of a name.");
    window.click_button("Keep");
    window.expect_part("Titles are no part of a name.");
    assert!(desk.read("talks/guidelines.md").contains("Titles are no part of a name."));
    // Letters were no labels meanwhile.
    assert_eq!(window.mentions(), Vec::<String>::new());
    window.key(Key::F2);
    window.expect_not("Guidelines: The talks");
    window.expect_part("Entities");
}

#[test]
fn a_label_is_explained_where_it_stands() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.press(SHIFT, Key::F2);
    window.expect_part("Put the caret on an annotation");
    window.mark("[Bob] on", 'p');
    window.press(SHIFT, Key::F2);
    let person = default_schema().mention("Person").expect("ships").clone();
    window.expect(&person.definition);
    window.expect(&person.examples[1]);
    window.key(Key::ArrowRight);
    window.expect_not(&person.definition);
}

#[test]
fn a_dataset_is_written_by_a_recipe_that_is_remembered() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    window.press(CTRL | SHIFT, Key::E);
    window.click_role(Role::TextInput, "Recipe");
    window.press(CTRL, Key::A);
    window.type_text("mine");
    window.click_role(Role::TextInput, "Folder");
    window.press(CTRL, Key::A);
    window.type_text(&desk.path("out").display().to_string());
    window.click_button("80/10/10");
    window.click_button("Export");
    window.expect("Written");
    assert!(desk.path("out/manifest.json").exists());
    let saved = desk.read("talks/project.ron");
    assert!(saved.contains("name: \"mine\"") && saved.contains("80/10/10"), "{saved}");
    // What was in the journal only is in it, too.
    let all: Vec<_> = std::fs::read_dir(desk.path("out")).expect("a folder").flatten().map(|e| e.path()).collect();
    let has_bob = |path: &PathBuf| std::fs::read_to_string(path).is_ok_and(|text| text.contains("\"Bob\""));
    assert!(all.iter().any(has_bob), "{all:?}");
    // The same bytes are there already.
    window.click_button("Export");
    window.expect_part("0 files written");
    window.click_role(Role::TextInput, "Seed");
    window.type_text("7");
    window.click_button("Export");
    window.expect("Not written");
    window.expect_part("this file exists");
}

#[test]
fn a_project_of_a_newer_program_is_looked_at_and_not_changed() {
    let desk = Desk::new();
    project(&desk, Some("Anna"));
    let file = desk.read("talks/project.ron").replace("manicule-project/1", "manicule-project/2");
    desk.write("talks/project.ron", file.replace("    title:", "    wonder: [1],\n    title:"));
    let mut window = desk.open("talks");
    window.click_role(Role::Button, "Work as Anna");
    window.expect("The project was opened, with remarks");
    window.click_button("Close");
    window.press(CTRL, Key::PageDown);
    window.select("Bob");
    window.letter('p');
    window.expect_part("Nothing was changed: a newer program wrote it");
    assert_eq!(window.mentions(), Vec::<String>::new());
    window.press(CTRL, Key::PageDown);
    assert_eq!(title(&window), "A treaty is signed in Bern (read-only) – Manicule");
    assert!(!layer(&desk, "arlington").exists());
}

#[test]
fn what_git_did_is_found_when_the_files_are_looked_at() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    // Another label set, another title, a document less.
    let schema = desk.read("talks/schema.ron").replace("\"Person\"", "\"Human\"");
    desk.write("talks/schema.ron", schema);
    desk.write("talks/project.ron", desk.read("talks/project.ron").replace("The talks", "Other talks"));
    std::fs::remove_file(desk.path("talks/documents/cairo.txt")).expect("there");
    window.menu("Project", "Look at the files again");
    window.expect("Other talks");
    window.expect("0 of 2 done");
    window.expect_part("Human");
    let marked = window.mark("[Bob] on", 'p');
    assert_eq!(window.document().label_of(&marked), "Human");
}

#[test]
fn a_file_of_the_project_that_is_open_is_one_of_its_documents() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::O);
    window.choose_path(&desk.path("talks/documents/bern.txt"), "Open");
    assert_eq!(title(&window), "A treaty is signed in Bern – Manicule");
    window.expect("Annotator: Anna");
    // A file outside is none, and closes the project.
    desk.write("article.txt", "An article about nothing at all");
    window.press(CTRL, Key::O);
    window.choose_path(&desk.path("article.txt"), "Open");
    window.expect_not("Annotator: Anna");
    assert_eq!(title(&window), "An article about nothing at all – Manicule");
}

#[test]
fn the_numbers_of_the_project_lead_to_its_documents() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] signed", 'p');
    window.press(CTRL, Key::S);
    window.key(Key::F5);
    window.expect_part("Who speaks about whom");
    window.expect_part("2 documents");
    // Letters mark nothing while the page is shown.
    window.letter('o');
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.click_part("Save table…");
    window.choose_path(&desk.path("labels.csv"), "Save");
    assert!(desk.read("labels.csv").contains("Person"), "{}", desk.read("labels.csv"));
    window.key(Key::F5);
    window.expect_part("Entities");
    // What is saved meanwhile is counted.
    window.press(CTRL, Key::PageDown);
    window.mark("[Anna Berg] waited", 'p');
    window.press(CTRL, Key::S);
    window.key(Key::F5);
    window.expect_part("3 documents");
    window.click_role(Role::Button, "Nothing happens in Cairo, In progress");
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
    window.expect_not("Save table…");
}

#[test]
fn records_of_old_changes_go_when_a_project_is_opened() {
    use manicule::project::operation::{Operation, OperationKind, Operations};
    let desk = Desk::new();
    let project = project(&desk, Some("Anna"));
    let layout = &project.layout;
    let operations = Operations::in_folder(layout.operations(), layout.root().to_owned(), Disk::default());
    for _ in 0..23 {
        let (title, made_at) = ("Nothing".to_owned(), String::new());
        let operation = Operation { title, made_at, by: None, kind: OperationKind::Batch };
        let id = operations.begin(&operation, |_| Ok(()), &[], &mut |_| true).expect("writable");
        operations.run(&id, None, &mut |_| true).expect("writable");
    }
    let before = operations.list().expect("readable");
    let _window = desk.open("talks");
    assert_eq!(operations.list().expect("readable"), before[3..]);
}

#[test]
fn unsaved_work_goes_with_a_project_that_is_moved() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] signed", 'p');
    let storage = window.kill();
    // Of the second document nothing is in a file.
    assert!(layer(&desk, "arlington").exists() && !layer(&desk, "bern").exists());
    std::fs::rename(desk.path("talks"), desk.path("elsewhere")).expect("ours");
    let mut window = desk.window_on(Some(desk.path("elsewhere")), storage);
    window.press(CTRL, Key::PageDown);
    window.press(CTRL, Key::PageDown);
    assert_eq!(title(&window), "• A treaty is signed in Bern – Manicule");
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.press(CTRL, Key::Z);
    assert!(window.mentions().is_empty());
    window.press(CTRL | SHIFT, Key::Z);
    window.press(CTRL, Key::S);
    assert!(desk.read("elsewhere/annotations/anna/bern.ron").contains("\"Bob\""));
}

/// The rows of these names from top to bottom.
fn in_order<'a>(window: &Window, names: &[&'a str]) -> Vec<&'a str> {
    let top = |name: &str| window.harness.get_by_role_and_label(Role::Button, name).rect().top();
    let mut rows = names.to_vec();
    rows.sort_by(|a, b| top(a).total_cmp(&top(b)));
    rows
}

#[test]
fn documents_of_the_same_article_are_told_and_stand_side_by_side() {
    let desk = Desk::new();
    let project = project(&desk, Some("Anna"));
    let adding = Adding { sources: vec![desk.path("from/bern.txt")], adds_known: true, ..Adding::default() };
    let known = Known::read(&project).expect("readable");
    adding::add(&Disk::default(), &project, known, &adding, |_| true).expect("writable");
    // The same article in other words, as its identifier says.
    let text = manicule::text::Text::new("Talks end").expect("short");
    let name = |name: &str| Name::new(name).expect("a name");
    let talks = project.fresh(&name("arlington"), None).expect("opens").document.header().metadata.id.clone();
    let metadata = manicule::model::Metadata { id: talks, title: "Talks end".into(), ..Default::default() };
    let name = name("dora");
    manicule::project::documents::write_new(&Disk::default(), &project.layout, &name, &text, &metadata, &[])
        .expect("writable");
    let mut window = desk.open("talks");
    window.click_role(Role::Button, "Work as Anna");
    window.expect("4 documents are the same article as another one");
    let (bern, copy) = (
        "A treaty is signed in Bern, New, the same text as bern-2",
        "A treaty is signed in Bern, New, the same text as bern",
    );
    let talks = "Talks in Arlington end, New, the same article, in other words, as dora";
    let dora = "Talks end, New, the same article, in other words, as arlington";
    window.expect("Nothing happens in Cairo, New");
    window.click_button("Show them together");
    window.expect("4 of 5 shown");
    window.expect_not("Nothing happens in Cairo, New");
    assert_eq!(in_order(&window, &[bern, dora, copy, talks]), [talks, dora, bern, copy]);
    // One too many is taken out from there, and the sign goes with it.
    window.harness.get_by_role_and_label(Role::Button, copy).click_secondary();
    window.settle();
    window.click_last("Take out of the project");
    window.expect("2 documents are the same article as another one");
    window.click_button("Show all documents");
    window.expect("A treaty is signed in Bern, New");
    window.click_button("Put back bern-2");
    window.expect(bern);
    // In the list, too.
    window.click_role(Role::Button, "Show documents of the same article: 4");
    window.expect("4 of 5 shown");
}

#[test]
fn what_is_there_already_is_told_before_it_is_added() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    desk.write("from/dublin.txt", "A march in Dublin\n\nPeople marched.\n");
    window.drop_file(desk.path("from"));
    window.expect("1 new document, 3 documents there already");
    window.expect("3 texts there already");
    window.expect("the same text as bern");
    window.expect("0 of 3 done");
    window.click_button("Cancel");
    assert!(!desk.path("talks/documents/dublin.txt").exists());
    window.drop_file(desk.path("from"));
    window.click_button("Add 1 document");
    window.expect_part("Added 1 document");
    window.expect("0 of 4 done");
    window.expect_not("3 texts there already");
    // Nothing of it is new now.
    window.drop_file(desk.path("from/dublin.txt"));
    window.expect("Nothing of this is new");
    window.click_role(Role::CheckBox, "Add the one that is there already, too, as a document of its own");
    window.click_button("Add 1 document");
    window.expect("0 of 5 done");
    window.expect("A march in Dublin, New, the same text as dublin");
}

#[test]
fn who_only_looks_is_asked_once_and_may_change_their_mind() {
    let desk = Desk::new();
    project(&desk, None);
    let mut window = desk.open("talks");
    window.click_button("Only look");
    window.expect("Annotator: Only looking");
    window.press(CTRL, Key::PageDown);
    assert_eq!(title(&window), "Talks in Arlington end (read-only) – Manicule");
    window.expect("Read-only: you only look at this project");
    window.select("[Bob] on");
    window.letter('p');
    window.expect_part("Nothing was changed: you only look");
    window.press(CTRL, Key::PageDown);
    assert_eq!(title(&window), "A treaty is signed in Bern (read-only) – Manicule");
    window.expect_not("Who are you?");
    assert!(!desk.path("talks/annotations/anna").exists() && desk.read("talks/project.ron").contains("annotators: []"));
    // The menu asks again.
    window.menu("Project", "Annotator…");
    window.click_button("Cancel");
    window.expect("Annotator: Only looking");
    window.menu("Project", "Annotator…");
    window.type_text("Anna");
    window.key(Key::Enter);
    window.expect("Annotator: Anna");
    assert_eq!(title(&window), "A treaty is signed in Bern – Manicule");
    window.mark("[Bob] signed", 'p');
    // And back: what was done is saved.
    window.menu("Project", "Annotator…");
    window.click_button("Only look");
    assert_eq!(title(&window), "A treaty is signed in Bern (read-only) – Manicule");
    assert_eq!(window.mentions(), Vec::<String>::new());
    assert!(std::fs::read_to_string(layer(&desk, "bern")).expect("saved").contains("\"Bob\""));
}

#[test]
fn a_question_that_is_closed_is_answered_too() {
    let desk = Desk::new();
    project(&desk, None);
    let mut window = desk.open("talks");
    window.key(Key::Escape);
    window.expect_not("Who are you?");
    window.press(CTRL, Key::PageDown);
    assert_eq!(title(&window), "Talks in Arlington end (read-only) – Manicule");
}

#[test]
fn enter_in_the_filter_opens_the_first_document() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.harness.get_by_label("Filter documents").focus();
    window.settle();
    window.type_text("Bern");
    window.key(Key::Enter);
    assert_eq!(title(&window), "A treaty is signed in Bern – Manicule");
}

#[test]
fn a_document_is_taken_out_by_its_key() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL | SHIFT, Key::Delete);
    window.expect_part("Open a document first");
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    window.press(CTRL | SHIFT, Key::Delete);
    window.expect("0 of 2 done");
    assert!(!layer(&desk, "arlington").exists() && !desk.path("talks/documents/arlington.txt").exists());
    window.click_button("Put back arlington");
    window.expect("0 of 3 done");
    assert!(std::fs::read_to_string(layer(&desk, "arlington")).expect("there").contains("\"Bob\""));
    // In the list it is the document whose row has the keyboard, whatever is open.
    window.click_role(Role::Button, "A treaty is signed in Bern, New");
    window.harness.get_by_role_and_label(Role::Button, "Nothing happens in Cairo, New").focus();
    window.settle();
    window.press(CTRL | SHIFT, Key::Delete);
    assert_eq!(title(&window), "A treaty is signed in Bern – Manicule");
    window.expect("Put back cairo");
}

/// As a stick that is pulled out, or a share that is not connected any more.
fn pull_out(desk: &Desk, window: &mut Window) {
    std::fs::rename(desk.path("talks"), desk.path("drawer")).expect("ours");
    // What cannot be written is never done.
    window.hangs = true;
    window.pass(3.0);
    window.wait_for("The folder of the project is gone");
}

fn put_in_again(desk: &Desk, window: &mut Window) {
    std::fs::rename(desk.path("drawer"), desk.path("talks")).expect("nothing is in its way");
    window.pass(3.0);
    window.wait_for("The folder of the project is back");
    window.hangs = false;
    window.settle();
    window.expect_not("Look again");
}

#[test]
fn a_folder_that_is_gone_is_told_and_gone_on_with_when_it_is_back() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    pull_out(&desk, &mut window);
    // Work goes on, in memory; the list stays; nothing that needs the folder is begun.
    window.mark("[Monday]", 'd');
    window.wait_for("Your changes are in memory only");
    window.expect("0 of 3 done");
    window.press(CTRL, Key::PageDown);
    window.wait_for("that can be done when it is back");
    assert_eq!(title(&window), "• Talks in Arlington end – Manicule");
    window.press(CTRL, Key::S);
    window.wait_for("arlington.ron cannot be saved: there is no folder");
    window.press(CTRL | SHIFT, Key::Delete);
    window.drop_file(desk.path("from/bern.txt"));
    window.pass(30.0);
    assert_eq!(window.mentions(), ["Person: Bob", "Date: Monday"]);
    assert!(!desk.path("talks").exists(), "nothing is made in its place");
    put_in_again(&desk, &mut window);
    assert!(window.harness.state().banners().is_empty());
    // What was to be saved is saved by itself.
    window.expect("Saved");
    let saved = std::fs::read_to_string(layer(&desk, "arlington")).expect("saved");
    assert!(saved.contains("\"Bob\"") && saved.contains("\"Monday\""), "{saved}");
    window.press(CTRL, Key::PageDown);
    assert_eq!(title(&window), "A treaty is signed in Bern – Manicule");
}

#[test]
fn the_journal_goes_on_in_a_folder_that_is_back() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    pull_out(&desk, &mut window);
    window.mark("[Monday]", 'd');
    window.wait_for("Your changes are in memory only");
    put_in_again(&desk, &mut window);
    window.expect("Saved (journal)");
    let storage = window.kill();
    let window = desk.window_on(Some(desk.path("talks")), storage);
    assert_eq!(window.mentions(), ["Person: Bob", "Date: Monday"]);
}

#[test]
fn a_home_without_its_folder_is_told_too() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    pull_out(&desk, &mut window);
    window.click_button("Look again");
    window.expect_part("The folder of the project is gone");
    window.key(Key::F5);
    window.wait_for("that can be done when it is back");
    window.expect("Choose a document at the left");
    put_in_again(&desk, &mut window);
    window.key(Key::F5);
    window.expect_part("0 documents");
}

/// As a folder in which nothing may be written; permissions alone do not hold for whoever runs the tests.
#[test]
fn a_project_that_cannot_be_written_keeps_the_work_until_it_can() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    let (local, layers) = (desk.path("talks/.manicule"), desk.path("talks/annotations/anna"));
    std::fs::rename(&local, desk.path("local")).expect("ours");
    std::fs::remove_dir(&layers).expect("empty");
    desk.write("talks/.manicule", "a file");
    desk.write("talks/annotations/anna", "a file");
    window.hangs = true;
    window.mark("[Monday]", 'd');
    window.wait_for("Your changes are in memory only");
    window.press(CTRL, Key::S);
    window.wait_for("is not a folder");
    window.expect_not("Look again");
    // Leaving would lose it, and is asked about.
    window.press(CTRL, Key::PageDown);
    window.wait_for("Close, lose the work");
    window.click_button("Cancel");
    for path in [&local, &layers] {
        std::fs::remove_file(path).expect("it was there");
    }
    std::fs::rename(desk.path("local"), &local).expect("ours");
    std::fs::create_dir(&layers).expect("ours");
    window.click_first(Role::Button, "Try again");
    window.wait_for("Saved");
    window.pass(90.0);
    window.hangs = false;
    window.settle();
    assert!(window.harness.state().banners().is_empty());
    let saved = std::fs::read_to_string(layer(&desk, "arlington")).expect("saved");
    assert!(saved.contains("\"Bob\"") && saved.contains("\"Monday\""), "{saved}");
}

/// Gives a file the time of an hour ago, or of so many minutes before.
fn age(path: &std::path::Path, minutes: u64) {
    let then = std::time::SystemTime::now() - std::time::Duration::from_secs(60 * minutes);
    std::fs::File::options().write(true).open(path).and_then(|file| file.set_modified(then)).expect("ours");
}

#[test]
fn what_was_counted_is_kept_for_the_next_time_as_long_as_it_is_true() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    for words in ["[Bob] on", "[Bob] signed"] {
        window.press(CTRL, Key::PageDown);
        window.mark(words, 'p');
        window.press(CTRL, Key::S);
    }
    let (talks, treaty) = (layer(&desk, "arlington"), layer(&desk, "bern"));
    age(&talks, 60);
    age(&treaty, 60);
    window.key(Key::F5);
    window.expect_part("2 documents, 2 marks");
    let whole = std::fs::read(&talks).expect("there");
    let then = std::fs::metadata(&talks).and_then(|metadata| metadata.modified()).expect("there");
    // Another session reads nothing of a file that seems to be as it was, and so does not see that it is not.
    std::fs::write(&talks, vec![b' '; whole.len()]).expect("ours");
    std::fs::File::options().write(true).open(&talks).and_then(|file| file.set_modified(then)).expect("ours");
    let mut window = desk.window_on(Some(desk.path("talks")), window.kill());
    window.key(Key::F5);
    window.expect_part("2 documents, 2 marks");
    // Of another time it is read, also in the same session.
    age(&talks, 30);
    window.key(Key::F5);
    window.key(Key::F5);
    window.expect_part("1 document, 1 mark");
    std::fs::write(&talks, &whole).expect("ours");
    age(&talks, 20);
    // What is kept may be damaged, or be gone: it is counted anew.
    for garbage in [Some("garbage"), None] {
        let kept = desk.path("talks/.cache/statistics");
        match garbage {
            Some(garbage) => std::fs::write(&kept, garbage).expect("ours"),
            None => std::fs::remove_file(&kept).expect("there"),
        }
        window = desk.window_on(Some(desk.path("talks")), window.kill());
        window.key(Key::F5);
        window.expect_part("2 documents, 2 marks");
        assert!(kept.metadata().expect("kept again").len() > 100);
    }
    // A document that is taken out is not counted any more.
    window.click_role(Role::Button, "A treaty is signed in Bern, In progress");
    window.press(CTRL | SHIFT, Key::Delete);
    window.key(Key::F5);
    window.expect_part("1 document, 1 mark");
}
