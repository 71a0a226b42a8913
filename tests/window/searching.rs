//! The search of a project: asked in a line, answered as a table, gone through with keys.

use egui::Key;
use egui::accesskit::Role;
use manicule::project::adding::{self, Adding, Known};
use manicule::project::{Project, default_schema};
use manicule::store::disk::Disk;
use manicule::text::Span;

use crate::common::{CTRL, Desk, SHIFT, Window};

const ARTICLES: [(&str, &str); 3] = [
    ("arlington.txt", "Talks in Arlington end\n\nAnna Berg met Bob on Monday. A treaty is near.\n"),
    ("bern.txt", "A treaty is signed in Bern\n\nBob signed it.\n"),
    ("cairo.txt", "Nothing happens in Cairo\n\nAnna Berg waited.\n"),
];

/// A window on a project of three articles, with Anna at work.
fn begun(desk: &Desk) -> Window {
    let from = desk.path("from");
    std::fs::create_dir_all(&from).expect("writable");
    for (name, text) in ARTICLES {
        std::fs::write(from.join(name), text).expect("writable");
    }
    let project = Project::create(&desk.path("talks"), "The talks", &default_schema()).expect("writable");
    let adding = Adding { sources: vec![from], ..Adding::default() };
    adding::add(&Disk::default(), &project, Known::default(), &adding, |_| true).expect("writable");
    let mut window = desk.open("talks");
    window.type_text("Anna");
    window.key(Key::Enter);
    window
}

fn search(window: &mut Window, line: &str) {
    window.press(CTRL | SHIFT, Key::F);
    window.press(CTRL, Key::A);
    window.type_text(line);
    window.key(Key::Enter);
}

fn selected(window: &Window) -> String {
    let selection = window.harness.state().selection().expect("a document");
    selection.spans().iter().map(|span: &Span| window.document().text().slice(*span).to_owned()).collect()
}

#[test]
fn words_are_found_in_all_documents_and_opened_at_the_hit() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    search(&mut window, "treaty");
    window.expect("2 hits in 2 documents");
    window.click_part("signed in Bern: A treaty");
    assert_eq!(window.title(), "A treaty is signed in Bern – Manicule");
    assert_eq!(selected(&window), "treaty");
    window.expect("hit 2 of 2");
    // The list stays, and keys go on from there.
    window.press(SHIFT, Key::F4);
    assert_eq!(window.title(), "Talks in Arlington end – Manicule");
    assert_eq!(selected(&window), "treaty");
    window.press(SHIFT, Key::F4);
    window.expect_part("This is the first hit");
    window.key(Key::F4);
    assert_eq!(window.title(), "A treaty is signed in Bern – Manicule");
}

#[test]
fn the_table_is_walked_and_chosen_from_with_keys() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    search(&mut window, "anna");
    window.expect("2 hits in 2 documents");
    window.key(Key::ArrowDown);
    assert!(window.focused().contains("Anna Berg met Bob"), "{}", window.focused());
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(window.title(), "Nothing happens in Cairo – Manicule");
    assert!(window.focused().contains("Anna Berg waited"), "the list stays");
    window.key(Key::ArrowUp);
    window.key(Key::Space);
    window.expect("1 chosen");
    window.key(Key::Enter);
    assert_eq!(window.title(), "Talks in Arlington end – Manicule");
    assert!(window.focused().contains("Anna Berg met Bob"), "{}", window.focused());
    window.press(SHIFT, Key::Space);
    window.expect("Show only these documents");
    window.expect_not("1 chosen");
    window.key(Key::ArrowDown);
    assert!(window.focused().contains("Anna Berg waited"), "{}", window.focused());
    window.press(SHIFT, Key::Space);
    window.expect("2 chosen");
}

#[test]
fn marks_are_found_once_they_are_saved_and_are_selected_when_opened() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    let bob = window.mark("[Bob] on", 'p');
    window.press(CTRL, Key::PageDown);
    search(&mut window, "bob label:Person");
    window.expect("1 hit in 1 document");
    window.key(Key::F4);
    assert_eq!(window.title(), "Talks in Arlington end – Manicule");
    assert_eq!(window.harness.state().selected(), Some(&bob));
}

#[test]
fn errors_empty_answers_and_stopping_are_told_in_place() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.key(Key::F4);
    window.expect_part("There are no hits to go to");
    search(&mut window, "Participant:Armenia");
    window.expect_part("Participant: is none of the words that may stand before a colon");
    search(&mut window, "whatever");
    window.expect("Nothing fits whatever");
    search(&mut window, "\"open");
    window.expect_part("The quotation mark is not closed, at character 1");
    window.key(Key::Escape);
    window.expect_not("Search the project");
}

#[test]
fn the_line_is_completed_and_what_was_searched_for_is_remembered() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL | SHIFT, Key::F);
    window.type_text("event:Cons");
    window.expect("Consult, type of events");
    window.key(Key::Escape);
    window.expect_not("Consult, type of events");
    window.type_text("u");
    window.key(Key::Tab);
    window.type_text("treaty");
    window.key(Key::Enter);
    window.expect("Nothing fits event:Consult treaty");
    search(&mut window, "treaty");
    window.expect("2 hits in 2 documents");
    let storage = window.kill();
    let mut window = desk.window_on(Some(desk.path("talks")), storage);
    window.press(CTRL | SHIFT, Key::F);
    window.key(Key::ArrowDown);
    window.expect("treaty, searched for before");
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    window.key(Key::Enter);
    window.expect("2 hits in 2 documents");
}

#[test]
fn hits_are_sorted_chosen_and_their_documents_are_shown_alone() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    search(&mut window, "/Anna Berg|Bob/");
    window.expect("4 hits in 3 documents");
    window.click_role(Role::Button, "Sort hits by Hit");
    window.click_role(Role::Button, "Sort hits by Hit");
    window.key(Key::F4);
    assert_eq!(selected(&window), "Bob", "descending");
    search(&mut window, "Bob");
    window.click_role(Role::Button, "Show only these documents");
    window.expect("2 of 3 shown");
    window.expect("Found by Bob");
    window.click_role(Role::CheckBox, "Choose all 2 hits");
    window.expect_part("2 chosen");
    window.click_role(Role::CheckBox, "Choose hit 1: Bob");
    window.expect_part("1 chosen");
}

#[test]
fn all_hits_get_a_label_as_one_change_that_is_taken_back() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    search(&mut window, "Bob");
    window.expect("2 hits in 2 documents");
    window.click_role(Role::Button, "Annotate all hits");
    window.click_role(Role::Button, "Label all hits as");
    window.click_role(Role::Button, "Person…");
    window.expect("Label 2 hits as Person");
    window.expect_part("In 2 documents, in your own layers");
    window.click_button("Label them");
    window.expect_part("Label 2 hits as Person: done, 2 files changed");
    // The document that was open is open again, with its mark.
    assert_eq!(window.mentions(), ["Person: Bob"]);
    let bern = desk.read("talks/annotations/anna/bern.ron");
    assert!(bern.contains("label: \"Person\"") && bern.contains("batches:"), "{bern}");
    // Undo in the document reaches it, and so does taking back all of it.
    window.menu("Project", "Undo the last change of all documents");
    window.expect_part("Take back");
    assert_eq!(window.mentions(), Vec::<String>::new());
    assert!(!desk.read("talks/annotations/anna/bern.ron").contains("label: \"Person\""));
}

#[test]
fn hits_are_searched_for_again_when_all_documents_were_changed() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    search(&mut window, "Bob");
    window.expect("2 hits in 2 documents");
    // The second one is open, and stays the current one whatever is done.
    window.key(Key::F4);
    window.key(Key::F4);
    window.expect("hit 2 of 2");
    window.click_role(Role::Button, "Annotate all hits");
    window.click_role(Role::Button, "Label all hits as");
    window.click_role(Role::Button, "Person…");
    window.click_button("Label them");
    window.expect_part("Label 2 hits as Person: done, 2 files changed");
    window.expect_part("A treaty is near., Person");
    window.expect_part("Bob signed it., Person");
    window.expect("hit 2 of 2");
    window.menu("Project", "Undo the last change of all documents");
    window.expect_part("Take back");
    assert!(window.shows_part("Bob signed it.") && !window.shows_part("Bob signed it., Person"));
    window.expect("hit 2 of 2");
}
