//! Files of other formats: choosing a document, what was not understood, and that nothing of the work is lost.

use egui::Key;

use crate::common::{CTRL, Desk, Window};

/// A native document on one line, with a mention of its first word.
fn line(id: &str, title: &str, text: &str) -> String {
    let words = text.split(' ').next().expect("a word");
    let span = format!(r#"{{"start": 0, "end": {}, "text": "{words}"}}"#, words.chars().count());
    format!(
        r#"{{"format": "manicule/1", "document": {{"id": "{id}", "title": "{title}", "text": "{text}"}}, "schema": {{"name": "news", "version": 1}}, "mentions": [{{"id": "m1", "label": "Person", "spans": [{span}]}}]}}"#
    )
}

fn three() -> String {
    let lines = [
        line("a", "Talks in Paris", "Anna met Bob in Paris."),
        line("b", "Flood in Rome", "Carla saw the flood on Monday."),
        line("c", "Vote in Lima", "Diego voted."),
    ];
    lines.map(|line| line + "\n").concat()
}

/// The window after the second of the three documents was chosen.
fn second(desk: &Desk) -> Window {
    let mut window = desk.open("all.jsonl");
    window.expect("3 documents are in all.jsonl");
    window.type_text("flood");
    window.key(Key::Enter);
    window
}

#[test]
fn one_of_several_documents_is_chosen_and_nothing_of_the_work_is_lost() {
    let desk = Desk::new();
    let source = three();
    desk.write("all.jsonl", &source);
    let mut window = second(&desk);
    assert_eq!(window.mentions(), ["Person: Carla"]);
    window.mark("Monday", 'd');
    window.expect("Saved (journal)");
    let storage = window.kill();

    // The same document comes back with what was read and what was marked, also from the welcome.
    let window = second(&desk);
    assert_eq!(window.mentions(), ["Person: Carla", "Date: Monday"]);
    window.expect_part("Recovered 1 unsaved change");
    drop(window);
    let mut window = desk.window_on(None, storage);
    window.expect("Not saved last time");
    window.click_part("Recover Flood in Rome");
    assert_eq!(window.mentions(), ["Person: Carla", "Date: Monday"]);

    // It is saved beside the file, which stays as it was.
    window.press(CTRL, Key::S);
    window.expect("Saved");
    assert_eq!(desk.read("all.jsonl"), source);
    assert!(desk.read("all-2.ron").contains(r#"text: "Monday""#));
    drop(window);
    let window = desk.open("all-2.ron");
    assert_eq!(window.mentions(), ["Person: Carla", "Date: Monday"]);
    drop(window);

    // The others are untouched by it.
    let mut window = desk.open("all.jsonl");
    window.click("Document 1: Talks in Paris");
    assert_eq!(window.mentions(), ["Person: Anna"]);
}

#[test]
fn a_file_of_one_document_opens_at_once_and_its_annotations_survive_a_kill() {
    let desk = Desk::new();
    desk.write("one.jsonl", line("a", "Talks in Paris", "Anna met Bob in Paris."));
    let mut window = desk.open("one.jsonl");
    window.mark("[Bob] in", 'p');
    window.kill();
    let window = desk.open("one.jsonl");
    assert_eq!(window.mentions(), ["Person: Anna", "Person: Bob"]);
    window.kill();
    // If the file is another by then, the work goes on with what was read, and the window says so.
    desk.write("one.jsonl", line("a", "Talks in Paris", "Anna met Bob in Paris.").replace("Person", "Place"));
    let window = desk.open("one.jsonl");
    assert_eq!(window.mentions(), ["Person: Anna", "Person: Bob"]);
    window.expect("one.jsonl was changed by another program; your work is on the text as it was read");
}

#[test]
fn what_was_not_understood_is_listed_and_the_choice_can_be_left() {
    let desk = Desk::new();
    let wrong = line("a", "Talks", "Anna met Bob.").replace("\"title\"", "\"sha256\": \"0123\", \"title\"");
    desk.write("one.jsonl", wrong);
    let mut window = desk.open("one.jsonl");
    window.expect("Imported, with 1 remark");
    window.expect_part("Read as JSON Lines");
    window.click_button("Close");
    assert_eq!(window.mentions(), ["Person: Anna"]);

    desk.write("all.jsonl", three());
    window.drop_file(desk.path("all.jsonl"));
    window.expect("3 documents are in all.jsonl");
    window.key(Key::Escape);
    assert_eq!(window.mentions(), ["Person: Anna"], "what was open stays");
}
