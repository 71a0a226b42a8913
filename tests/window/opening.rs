//! A large file: its text first, then its annotations.
#![cfg(unix)]

use std::path::PathBuf;

use egui::Key;

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};
use crate::trouble::{hanging, hold, release};

const LINE: &str = "Anna met Bob in Berlin on Monday, and nothing was agreed.";
const LINES: usize = 5_000;

/// Large enough that it is read in pieces; every Bob is marked.
fn large(desk: &Desk) -> PathBuf {
    let mut file = String::from("(\n    format: \"manicule/1\",\n    offsets: \"codepoint\",\n    document: (\n");
    file += &format!(
        "        id: \"large\", title: \"A long one\", text: \"{}\",\n    ),\n",
        format!("{LINE}\\n").repeat(LINES)
    );
    file += "    schema: (name: \"news\", version: 1),\n    mentions: [\n";
    for line in 0..LINES {
        let at = line * (LINE.len() + 1) + 9;
        let span = format!("(start: {at}, end: {}, text: \"Bob\")", at + 3);
        file +=
            &format!("        (id: \"m{line}\", label: \"Person\", spans: [{span}], attributes: {{}}, note: None),\n");
    }
    file += "    ],\n)\n";
    desk.write("large.ron", file)
}

/// The file is being opened, and only its text is read.
fn with_text_only(desk: &Desk, window: &mut Window) -> std::fs::File {
    let (path, pipe) = (large(desk), hanging(desk, "annotations"));
    window.hangs = true;
    window.drop_file(path);
    let held = hold(&pipe);
    window.wait_for("Opening…");
    held
}

#[test]
fn the_text_is_shown_and_answers_keys_before_the_annotations_are_there() {
    let desk = Desk::new();
    let mut window = desk.window();
    let held = with_text_only(&desk, &mut window);
    assert!(window.document().text().as_str().starts_with(LINE));
    assert_eq!(window.document().mentions().len(), 0);
    window.pass(1.0);
    window.expect_part("Opening");
    // One can read and look around, and nothing can be changed or saved.
    window.select("[Berlin] on");
    window.key(Key::P);
    window.expect_part("its annotations are still being read");
    window.press(CTRL | SHIFT, Key::S);
    window.expect_part("The annotations are still being read");
    assert_eq!(window.document().mentions().len(), 0);
    window.press(CTRL, Key::End);
    let caret = window.harness.state().selection().map(|selection| selection.head);
    assert_eq!(caret, Some(window.document().text().end()));

    window.expect_not("Person: Bob");

    release(&mut window, held);
    assert_eq!(window.document().mentions().len(), LINES);
    window.expect("Person: Bob");
    assert_eq!(window.harness.state().selection().map(|selection| selection.head), caret, "one goes on reading there");
    assert!(window.harness.state().banners().is_empty());
    window.press(CTRL, Key::Home);
    window.mark("[Berlin] on", 'p');
    window.press(CTRL, Key::S);
    window.expect("Saved");
    assert_eq!(desk.read("large.ron").matches("Berlin").count(), LINES + 1);
}

#[test]
fn what_was_open_comes_back_when_the_opening_is_stopped() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    let held = with_text_only(&desk, &mut window);
    window.pass(1.0);
    window.click_button("Stop waiting");
    assert_eq!(window.document().text().as_str(), ARTICLE);
    window.expect_not("Opening…");
    release(&mut window, held);
    assert_eq!(window.mentions().len(), 1, "what was read for nothing does not come");
    window.mark("[Anna Berg] met", 'p');
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions().len(), 1);
}

#[test]
fn another_file_can_be_opened_meanwhile() {
    let desk = Desk::new();
    let mut window = desk.window();
    let held = with_text_only(&desk, &mut window);
    window.drop_file(desk.write("other.txt", ARTICLE));
    release(&mut window, held);
    assert_eq!(window.document().text().as_str(), ARTICLE);
    window.mark("[Bob] in", 'p');
}

/// Its text alone must not look like all of it.
#[test]
fn a_file_whose_annotations_are_wrong_is_not_left_open_without_them() {
    let desk = Desk::new();
    let path = large(&desk);
    let wrong = desk.read("large.ron").replacen("id: \"m4000\", label: \"Person\"", "id: \"m4000\", label: 7", 1);
    std::fs::write(&path, wrong).expect("it can be written");
    let mut window = desk.window();
    window.drop_file(path);
    window.wait_for("The file cannot be opened");
    window.key(Key::Escape);
    window.press(NONE, Key::Escape);
    window.expect_not("Opening…");
    assert!(window.harness.state().document().is_none());
}

/// Nothing that is open and unsaved is put away for a text.
#[test]
fn work_that_is_open_stays_in_view_until_all_is_read() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.press(CTRL, Key::S);
    let (path, start, rest) = (large(&desk), hanging(&desk, "Opening a file"), hanging(&desk, "annotations"));
    window.hangs = true;
    window.drop_file(path);
    let begun = hold(&start);
    // The file does not answer yet, and one works on.
    window.mark("[Bob] in", 'p');
    drop(begun);
    let held = hold(&rest);
    window.pass(1.0);
    assert_eq!(window.document().text().as_str(), ARTICLE);
    assert_eq!(window.mentions().len(), 1);
    window.mark("[Anna Berg] met", 'p');
    release(&mut window, held);
    assert_eq!(window.document().mentions().len(), LINES);
    window.kill();
    assert_eq!(desk.open("article.ron").mentions().len(), 2, "what was marked meanwhile is in the journal");
}
