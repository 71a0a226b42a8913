//! What was done is listed and told, and the document goes back to any of it.

use egui::Key;
use egui_kittest::kittest::Queryable as _;
use manicule::app::data::DataDir;
use manicule::app::journal::Found;
use manicule::edit::{Editor, Intent};
use manicule::model::schema::builtin;
use manicule::model::{Document, Header, Search};
use manicule::store::{Base, OnDisk, OpenOptions, SaveOptions, open_path, save};
use manicule::text::{Span, Text};

use crate::common::{ARTICLE, CTRL, Desk, SHIFT, Window};

/// Anna is marked, and Bob was, before Paris was marked instead.
fn three_steps(desk: &Desk) -> Window {
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::Z);
    window.mark("in [Paris] on", 'l');
    window
}

#[test]
fn the_history_is_walked_by_keys_and_gone_back_to_also_where_redo_no_longer_leads() {
    let desk = Desk::new();
    let mut window = three_steps(&desk);
    window.press(CTRL, Key::H);
    assert_eq!(window.focused(), "Mark Place “Paris”, now");
    window.expect("The document is as it was after this step");
    window.key(Key::ArrowDown);
    assert_eq!(window.focused(), "Mark Person “Bob”, left behind");
    window.expect("This step was undone, and other work was done since");
    window.expect("+ Person “Bob” comes back");
    window.expect("− Place “Paris” goes");
    window.key(Key::Enter);
    window.expect_part("Go back to “Mark Person ‘Bob’”");
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"]);
    // The article has the keyboard again, and one undo takes it back.
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Place: Paris"]);
    window.press(CTRL, Key::H);
    assert_eq!(window.focused(), "Mark Place “Paris”, now");
    window.key(Key::ArrowUp);
    assert_eq!(window.focused(), "Go back to “Mark Person ‘Bob’”, undone");
    window.key(Key::End);
    assert_eq!(window.focused(), "The beginning");
    window.click_button("Go back to here");
    assert!(window.mentions().is_empty());
}

#[test]
fn the_history_is_the_same_after_a_crash() {
    let desk = Desk::new();
    three_steps(&desk).kill();
    let mut window = desk.open("article.txt");
    window.press(CTRL, Key::H);
    window.key(Key::ArrowDown);
    assert_eq!(window.focused(), "Mark Person “Bob”, left behind");
    window.key(Key::Enter);
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"]);
    window.kill();
    let mut window = desk.open("article.txt");
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"]);
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Place: Paris"]);
}

#[test]
fn an_event_and_its_roles_are_one_step_of_the_history() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.mark("[Bob] in", 'p');
    window.mark("met", 'C');
    window.letter('j');
    window.key(Key::Enter);
    window.press(CTRL, Key::H);
    window.expect_part("3 steps, newest first");
    assert_eq!(window.focused(), "Mark Consult “met” (2 changes), now");
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert!(window.document().events().is_empty());
}

#[test]
fn a_document_to_which_nothing_was_done_says_so() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.press(CTRL.plus(SHIFT), Key::P);
    window.type_text("history");
    window.key(Key::Enter);
    window.expect_part("Nothing was done to this document");
    assert_eq!(window.focused(), "Close");
    window.key(Key::Escape);
    window.expect_not("History");
    window.menu("Edit", "History…");
    window.expect_part("Nothing was done to this document");
}

#[test]
fn the_inspector_tells_what_happened_to_an_annotation_and_leads_to_the_step() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.letter('o');
    window.press(CTRL, Key::J);
    window.key(Key::Enter);
    window.expect("Person");
    window.expect("Organization");
    window.expect_part("Change Person “Anna Berg” to Organization");
    window.expect_not("Show all 4");
    window.letter('l');
    window.click_button("Show all 4");
    window.expect_part("Mark Person “Anna Berg”");
    window.click_button("Show the last ones");
    window.expect_not("Mark Person “Anna Berg”");
    window.click_part("Change Person “Anna Berg” to Organization");
    window.expect("Going back to here");
    assert!(window.focused().starts_with("Change Person “Anna Berg” to Organization"), "{}", window.focused());
}

#[test]
fn what_was_undone_is_told_as_taken_back() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.letter('o');
    assert!(!window.shows_part("taken back"));
    window.press(CTRL, Key::Z);
    window.expect_part("taken back");
    window.letter('l');
    assert_eq!(window.mentions(), ["Place: Anna Berg"]);
    window.expect_part("taken back");
}

#[test]
fn an_annotation_of_a_file_without_history_tells_where_it_came_from() {
    let desk = Desk::new();
    let mut window = desk.window();
    window.click_part("Open the sample article");
    window.key(Key::Tab);
    window.press(egui::Modifiers::ALT, Key::ArrowDown);
    window.expect("History");
    window.expect_part("Made by hand");
}

#[test]
fn a_long_history_draws_what_is_in_view() {
    let desk = Desk::new();
    let file = desk.path("long.ron");
    let document = Document::new(Text::new(ARTICLE).expect("short"), Header::default());
    save(&document, &file, &SaveOptions::over(OnDisk::Absent)).expect("the folder can be written");
    let opened = open_path(&file, &OpenOptions::default()).expect("just written");
    let base = Base::native(&file, &opened.sha256, &opened.document);
    let mut found = Found::open(&DataDir::at(desk.path("data")), base, Box::new(|| {})).expect("nobody has it");
    let mut editor = Editor::new(opened.document, std::sync::Arc::new(builtin("news").expect("ships").clone()));
    for nth in 0..3000 {
        let done = editor.execute(&Intent::SetDocumentNote(format!("note {nth}"))).expect("legal");
        found.journal.applied(&done.transaction.expect("it differs"));
    }
    found.journal.close().expect("written");

    let mut window = desk.open("long.ron");
    window.press(CTRL, Key::H);
    window.expect_part("3,000 steps, newest first");
    let rows = |window: &Window| window.harness.query_all_by_label_contains("Change note").count();
    assert!((5..60).contains(&rows(&window)), "{}", rows(&window));
    window.key(Key::End);
    assert_eq!(window.focused(), "The beginning");
    assert!((5..60).contains(&rows(&window)), "{}", rows(&window));
    window.key(Key::PageUp);
    window.key(Key::Home);
    assert_eq!(window.focused(), "Change note, now");
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(window.document().header().note.as_deref(), Some("note 2998"));
}

#[test]
fn a_key_is_answered_before_it_is_known_what_would_change() {
    let desk = Desk::new();
    let file = desk.path("large.ron");
    let line = "Anna Berg met Bob in Paris on Monday.\n";
    let document = Document::new(Text::new(line.repeat(1000)).expect("short"), Header::default());
    save(&document, &file, &SaveOptions::over(OnDisk::Absent)).expect("the folder can be written");
    let opened = open_path(&file, &OpenOptions::default()).expect("just written");
    let base = Base::native(&file, &opened.sha256, &opened.document);
    let mut found = Found::open(&DataDir::at(desk.path("data")), base, Box::new(|| {})).expect("nobody has it");
    let mut editor = Editor::new(opened.document, std::sync::Arc::new(builtin("news").expect("ships").clone()));
    let anna = |nth: usize| Span::of((nth * line.len()) as u32, (nth * line.len() + 9) as u32);
    let source = Intent::AddMention { label: "Person".into(), spans: [anna(0)].into_iter().collect() };
    let search = Search { texts: vec!["Anna Berg".into()], ignore_case: false };
    let all = Intent::Propagate { source: "m1".into(), search, spans: (1..1000).map(anna).collect() };
    for intent in [source, all] {
        let done = editor.execute(&intent).expect("legal");
        found.journal.applied(&done.transaction.expect("it differs"));
    }
    found.journal.close().expect("written");

    let mut window = desk.open("large.ron");
    window.press(CTRL, Key::H);
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowUp] {
        window.harness.key_press(key);
        let mut frames = 0..5;
        while !window.shows("Looking at what would change…") {
            assert!(frames.next().is_some(), "{:?}", window.labels());
            window.harness.step();
        }
        // Nobody waits for it: the step is told, and can be gone back to.
        window.expect("Go back to here");
    }
    window.settle();
    window.expect_not("Looking at what would change…");
    window.expect("and 902 more");
    window.key(Key::End);
    window.click_button("Go back to here");
    assert!(window.mentions().is_empty());
}

#[test]
fn a_history_that_cannot_be_looked_at_says_so_and_goes_on() {
    let desk = Desk::new();
    let mut window = three_steps(&desk);
    std::fs::create_dir_all(desk.path("data/traps")).expect("the folder can be written");
    desk.write("data/traps/Looking at the history", ARTICLE);
    window.press(CTRL, Key::H);
    window.key(Key::ArrowDown);
    window.expect("The record of this step is damaged");
    window.key(Key::Enter);
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"]);
}

#[test]
fn names_of_any_length_are_shortened_in_the_history() {
    let desk = Desk::new();
    let file = desk.path("long.ron");
    let long = "x".repeat(10_000);
    let document = Document::new(Text::new(ARTICLE).expect("short"), Header::default());
    save(&document, &file, &SaveOptions::over(OnDisk::Absent)).expect("the folder can be written");
    let opened = open_path(&file, &OpenOptions::default()).expect("just written");
    let base = Base::native(&file, &opened.sha256, &opened.document);
    let mut found = Found::open(&DataDir::at(desk.path("data")), base, Box::new(|| {})).expect("nobody has it");
    let schema = || std::sync::Arc::new(builtin("news").expect("ships").clone());
    let mut editor = Editor::new(opened.document, schema());
    editor.set_author(Some(long.clone()));
    let labels = Intent::SetDocumentLabels { group: long.clone(), values: vec![long.clone()] };
    let join = Intent::Join { mentions: vec!["m1".into()], entity: None };
    let spans = [Span::of(0, 4)].into_iter().collect();
    for intent in [Intent::AddMention { label: "Person".into(), spans }, labels, join] {
        let done = editor.execute(&intent).expect("legal");
        found.journal.applied(&done.transaction.expect("it differs"));
    }
    found.journal.close().expect("written");

    let mut window = desk.open("long.ron");
    window.press(CTRL, Key::H);
    let check = |window: &Window| {
        for label in window.labels() {
            assert!(label.chars().count() <= 1_000, "{} characters", label.chars().count());
        }
    };
    check(&window);
    for _ in 0..3 {
        window.key(Key::ArrowDown);
        check(&window);
    }
}
