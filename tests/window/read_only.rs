//! Two windows on one file: the second shows it, changes nothing, and goes on with it when the first has closed.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use manicule::app::read_only::ReadOnly;
use manicule::model::Document;

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};

/// A file with a mention of Bob.
fn annotated(desk: &Desk) -> &'static str {
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    "article.ron"
}

fn is_enabled(window: &Window, start: &str) -> bool {
    let named = |name: Option<String>| name.is_some_and(|name| name.starts_with(start));
    let mut buttons = window.harness.query_all_by_role(Role::Button);
    let entry = buttons.find(|node| named(node.accesskit_node().label())).expect("it is in the menu");
    !entry.accesskit_node().is_disabled()
}

#[test]
fn a_file_that_is_open_elsewhere_opens_read_only_and_says_who_has_it() {
    let desk = Desk::new();
    let file = annotated(&desk);
    let mut first = desk.open(file);
    first.mark("Monday", 'd');
    let window = desk.open(file);
    window.expect_part("Read-only: another window has this document open (");
    window.expect_part(&format!("process {}, for less than a minute)", std::process::id()));
    window.expect("Read-only: open in another window");
    assert_eq!(window.title(), "Talks in Paris end (read-only) – Manicule");
    assert_eq!(window.mentions(), ["Person: Bob"], "as it is in the file");
    let Some(ReadOnly::OpenElsewhere { owner: Some(owner) }) = window.harness.state().read_only() else {
        panic!("the lock says who has it");
    };
    assert!(owner.is_this_process() && owner.since.is_some());
    // The first one goes on.
    first.mark("[Anna Berg] met", 'p');
    first.expect("Saved (journal)");
}

/// Every letter, digit and key that could change something, on selected words and on an annotation.
#[test]
fn nothing_changes_a_document_that_is_only_read() {
    let desk = Desk::new();
    let file = annotated(&desk);
    let _first = desk.open(file);
    let mut window = desk.open(file);
    let before: Document = window.document().clone();
    let written = desk.read(file);
    window.select("Anna Berg");
    window.letter('p');
    window.expect_part("Nothing was changed: it is open in another window");
    let letters = ('a'..='z').chain('0'..='9').filter_map(|c| Key::from_name(&c.to_ascii_uppercase().to_string()));
    let symbols = [Key::Delete, Key::Backspace, Key::OpenBracket, Key::CloseBracket, Key::Enter, Key::Space, Key::F8];
    let keys: Vec<Key> = letters.chain(symbols).collect();
    assert!(keys.len() > 40);
    for is_annotation in [false, true] {
        for modifiers in [NONE, SHIFT] {
            for key in &keys {
                window.press_at_once([(NONE, Key::Escape), (NONE, Key::Escape)]);
                if is_annotation {
                    window.press_at_once([(CTRL, Key::Home), (Modifiers::ALT, Key::ArrowDown)]);
                    assert!(window.harness.state().selected().is_some());
                } else {
                    window.select("Talks");
                }
                window.press_at_once([(modifiers, *key), (NONE, Key::Enter)]);
            }
        }
        assert_eq!(window.document(), &before);
    }
    for (modifiers, key) in [(CTRL, Key::Z), (CTRL | SHIFT, Key::Z), (CTRL, Key::S)] {
        window.press(modifiers, key);
        assert_eq!(window.document(), &before);
    }
    assert_eq!(desk.read(file), written);
}

#[test]
fn what_cannot_be_done_is_shown_disabled() {
    let desk = Desk::new();
    let file = annotated(&desk);
    let first = desk.open(file);
    let mut window = desk.open(file);
    window.click_button("File");
    assert!(!is_enabled(&window, "Save") && is_enabled(&window, "Save as…") && is_enabled(&window, "Export…"));
    window.key(Key::Escape);
    window.click_button("Mark");
    assert!(!is_enabled(&window, "Find a label") && !is_enabled(&window, "Schema"));
    window.key(Key::Escape);
    window.press(CTRL | SHIFT, Key::P);
    window.type_text("delete");
    window.expect("this document is read-only");
    window.key(Key::Enter);
    assert_eq!(window.mentions(), ["Person: Bob"]);
    drop(first);
}

#[test]
fn it_can_be_edited_as_soon_as_the_other_window_has_closed() {
    let desk = Desk::new();
    let file = annotated(&desk);
    let mut first = desk.open(file);
    let mut window = desk.open(file);
    window.select("Monday");
    let selection = window.harness.state().selection().cloned();
    first.mark("[Anna Berg] met", 'p');
    first.press(CTRL, Key::S);
    first.mark("[mayor]", 'p');

    window.click_button("Try again");
    window.expect_part("It is still open in the other window");
    window.pass(10.0);
    assert!(window.harness.state().read_only().is_some());

    // Killed, with work that is in no file: that comes along.
    first.kill();
    window.pass(4.0);
    assert_eq!(window.harness.state().read_only(), None);
    window.expect_part("The other window was closed");
    assert_eq!(window.mentions(), ["Person: Bob", "Person: Anna Berg", "Person: mayor"]);
    assert_eq!(window.harness.state().selection().cloned(), selection, "the reader stays where they were");
    window.letter('d');
    window.press(CTRL, Key::S);
    assert!(desk.read(file).contains("\"Date\""));
    assert_eq!(window.title(), "Talks in Paris end – Manicule");
    window.expect("Saved");
}

#[test]
fn a_copy_can_be_edited_while_the_other_window_has_the_file() {
    let desk = Desk::new();
    let file = annotated(&desk);
    let written = desk.read(file);
    let mut first = desk.open(file);
    let mut window = desk.open(file);
    // Not under its own name.
    window.click_button("Work on a copy…");
    window.expect("article-copy.ron");
    window.choose_path(&desk.path(file), "Save");
    window.settle();
    assert!(window.harness.state().read_only().is_some());
    assert_eq!(desk.read(file), written);

    window.click_button("Work on a copy…");
    window.click_button("Save");
    assert_eq!(window.harness.state().read_only(), None);
    window.expect_part("Saved article-copy.ron");
    window.mark("Monday", 'd');
    window.expect("Saved (journal)");
    window.kill();
    first.mark("[Anna Berg] met", 'p');
    assert_eq!(desk.read(file), written);
    // The copy has a journal of its own.
    let window = desk.open("article-copy.ron");
    assert_eq!(window.mentions(), ["Person: Bob", "Date: Monday"]);
}

#[test]
fn unsaved_work_on_a_file_that_a_copy_replaces_is_kept() {
    let desk = Desk::new();
    let file = annotated(&desk);
    // Work on a file that is gone, under the name that the copy gets.
    desk.write("article-copy.ron", desk.read(file));
    let mut before = desk.open("article-copy.ron");
    before.mark("Monday", 'd');
    before.kill();
    std::fs::remove_file(desk.path("article-copy.ron")).expect("there");
    let _first = desk.open(file);
    let mut window = desk.open(file);
    window.click_button("Work on a copy…");
    window.click_button("Save");
    window.expect_part("kept under Not saved last time");
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.press(CTRL, Key::W);
    window.expect("Not saved last time");
    window.click_part("Recover Talks in Paris end");
    assert_eq!(window.mentions(), ["Person: Bob", "Date: Monday"]);
}

#[test]
fn a_file_that_another_window_has_open_is_not_saved_over() {
    let desk = Desk::new();
    let file = annotated(&desk);
    let written = desk.read(file);
    let _first = desk.open(file);
    let mut window = desk.article("Another article.\n");
    window.select("article");
    window.letter('p');
    window.press(CTRL | SHIFT, Key::S);
    window.choose_path(&desk.path(file), "Save");
    window.settle();
    window.expect_part("article.ron cannot be saved: it is open in another window");
    assert_eq!(desk.read(file), written);
}

/// A file of the next version: shown, never changed, and a copy of it is of this version.
#[test]
fn a_file_of_a_newer_program_opens_read_only_and_a_copy_can_be_worked_on() {
    let desk = Desk::new();
    let file = annotated(&desk);
    let newer = desk.read(file).replace("\"manicule/1\"", "\"manicule/2\"").replacen(
        "status:",
        "era: Some(New(1)),\n    status:",
        1,
    );
    desk.write(file, &newer);
    let mut window = desk.open(file);
    window.expect_part("what this program knows of it is shown");
    window.key(Key::Escape);
    window.expect("Read-only: from a newer program");
    window.expect_part("Read-only: a newer program wrote this file (manicule/2)");
    assert_eq!(window.mentions(), ["Person: Bob"]);
    let before: Document = window.document().clone();
    window.select("Anna Berg");
    window.letter('p');
    window.expect_part("Nothing was changed: a newer program wrote it");
    window.press(CTRL, Key::S);
    assert_eq!((window.document(), desk.read(file)), (&before, newer.clone()));
    // Nobody waits for another window to close.
    window.pass(10.0);
    assert!(
        matches!(window.harness.state().read_only(), Some(ReadOnly::NewerFormat { format }) if format == "manicule/2")
    );
}
