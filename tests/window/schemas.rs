//! Schemas that the user loads: they come back with the document, and nobody waits for the disk that they lie on.

use std::fs;
use std::path::Path;

use egui::Key;

use crate::common::{ARTICLE, CTRL, Desk, SHIFT, Window};

const SMALL: &str = "(format: \"manicule-schema/1\", name: \"small\", version: 1, title: \"Small\", mentions: [(label: \
                     \"Gadget\", definition: \"A thing\", examples: [\"[x]\", \"[y]\"])])";

fn load_small(desk: &Desk, window: &mut Window) {
    let path = desk.write("loaded.ron", SMALL);
    window.key(Key::F10);
    for key in [Key::ArrowRight, Key::ArrowRight, Key::ArrowDown, Key::ArrowUp, Key::ArrowRight] {
        window.key(key);
    }
    assert_eq!(window.focused(), "news");
    while window.focused() != "Load from file…" {
        window.key(Key::ArrowDown);
    }
    window.key(Key::Enter);
    window.choose_path(&path, "Load");
    window.expect_part("Labels of Small");
    window.expect("Gadget");
}

fn forget(path: &Path) {
    fs::remove_dir_all(path).expect("it is there");
}

#[test]
fn undo_and_redo_of_a_schema_read_no_file() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    load_small(&desk, &mut window);
    fs::remove_file(desk.path("loaded.ron")).expect("it is there");
    forget(&desk.path("data/schemas"));
    window.press(CTRL, Key::Z);
    window.expect("Person");
    window.expect_not("Gadget");
    window.press(CTRL | SHIFT, Key::Z);
    window.expect("Gadget");
    window.expect_not("Person");
}

#[test]
fn a_schema_of_last_time_comes_back_and_one_that_is_gone_is_told() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    load_small(&desk, &mut window);
    window.kill();
    let window = desk.open("article.txt");
    window.expect("Gadget");
    window.kill();
    forget(&desk.path("data/schemas"));
    let window = desk.open("article.txt");
    window.expect_part("the schema \"small\" version 1 is not at hand");
}

#[cfg(unix)]
#[test]
fn the_window_goes_on_while_the_disk_of_a_schema_hangs() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    load_small(&desk, &mut window);
    window.kill();
    fs::create_dir_all(desk.path("data/traps")).expect("the folder can be written");
    // The job waits until somebody writes into it, as for a disk that does not answer.
    let pipe = desk.path("data/traps/Looking for a schema");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    let mut window = desk.window();
    window.hangs = true;
    window.drop_file(desk.path("article.txt"));
    // By then the document is there and its schema is looked for.
    window.wait_for("Recovered 1 unsaved change of last time");
    let held = fs::File::options().write(true).open(&pipe).expect("it can be written");
    fs::remove_file(&pipe).expect("it can be removed");
    window.mark("[Bob] in", 'p');
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.expect_not("Gadget");

    drop(held);
    window.hangs = false;
    window.settle();
    window.expect("Gadget");
    window.expect_not("Add Person");
}
