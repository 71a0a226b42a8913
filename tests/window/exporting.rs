//! The export dialog: what would be lost is shown before anything is written, and only what is chosen is written.

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};

/// An article with two people and a date, and the export dialog as it opens.
fn dialog(desk: &Desk) -> Window {
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.mark("[Bob] in", 'p');
    window.mark("Monday", 'd');
    window.press(CTRL, Key::E);
    window.expect("Export");
    window
}

/// Whether the first lines of what would be written have this.
fn previews(window: &Window, part: &str) -> bool {
    window.texts().iter().any(|text| text.matches('\n').count() > 1 && text.contains(part))
        || window.texts().iter().any(|text| text.starts_with('{') && text.contains(part))
}

#[test]
fn what_a_format_cannot_hold_is_listed_and_a_click_goes_there() {
    let desk = Desk::new();
    let mut window = dialog(&desk);
    window.choose("Format", "Plain text");
    window.expect("What would be lost");
    window.expect_part("3 mentions dropped");
    window.expect_part("Dropped ");
    assert!(previews(&window, "Talks in Paris end"));
    window.click_button("Loss: the mention Person \"Bob\" is lost");
    window.expect_not("What would be lost");
    let selected = window.harness.state().selected().cloned().expect("it is selected");
    assert_eq!(window.words(&selected), "Bob");

    // The dialog comes back as it was left.
    window.press(CTRL, Key::E);
    assert!(previews(&window, "Talks in Paris end"));
    window.key(Key::Escape);
    window.expect_not("What would be lost");
}

#[test]
fn only_what_is_chosen_is_written_and_nothing_is_replaced_without_a_question() {
    let desk = Desk::new();
    let mut window = dialog(&desk);
    window.choose("Format", "Manicule (JSON)");
    window.expect("Nothing");
    window.click_role(Role::CheckBox, "Date 1");
    window.expect("Nothing of what is chosen");
    assert!(!previews(&window, "\"Date\"") && previews(&window, "\"text\": \"Anna Berg\""));
    window.click_button("Export to…");
    window.expect("Export to");
    window.expect("article.json");
    window.click_button("Export");
    window.expect_part("Exported article.json");
    let written = desk.read("article.json");
    assert!(written.contains("\"Person\"") && !written.contains("\"Date\""), "{written}");
    assert_eq!(window.mentions().len(), 3, "the document is as it was");

    desk.write("article.json", "mine");
    window.press(CTRL, Key::E);
    window.click_button("Export to…");
    window.click_button("Export");
    window.expect_part("exists already. Replace?");
    assert_eq!(desk.read("article.json"), "mine");
    window.click_button("Replace");
    assert_eq!(desk.read("article.json"), written);
}

#[test]
fn the_format_is_remembered_and_leaving_the_file_dialog_comes_back() {
    let desk = Desk::new();
    let mut window = dialog(&desk);
    window.choose("Format", "JSON Lines, one native document a line");
    window.click_button("Export to…");
    window.key(Key::Escape);
    window.expect("What would be lost");
    let storage = window.kill();
    let mut window = desk.window_on(Some(desk.path("article.txt")), storage);
    window.menu("File", "Export…");
    assert!(previews(&window, "\"manicule/1\""), "{:?}", window.labels());
}

#[test]
fn the_dialog_is_used_by_keyboard_alone() {
    let desk = Desk::new();
    let mut window = dialog(&desk);
    window.choose("Format", "Manicule (JSON)");
    // Tab goes through format and labels to the button.
    let reached = (0..30).any(|_| {
        window.press(NONE, Key::Tab);
        window.harness.get_by_role_and_label(Role::Button, "Export to…").is_focused()
    });
    assert!(reached, "{:?}", window.labels());
    window.key(Key::Enter);
    window.key(Key::Enter);
    window.expect_part("Exported article.json");
    window.press(SHIFT, Key::Tab);
    assert!(desk.read("article.json").contains("Anna Berg"));
}
