//! The program makes a mistake: in every job, in every frame, while it holds the journal. It says so, nothing is lost,
//! and everything can be done again.
//!
//! The mistakes are traps that only a build for tests has. No report is written here: that is seen with the real program
//! (`tests/end_to_end/falls.rs`).

use egui::Key;
use egui::accesskit::Role;

use crate::common::{ARTICLE, CTRL, Desk, SHIFT, Window};

const WENT_WRONG: &str = "Something went wrong";
const ON_DISK: &str = "Nothing is lost: all of your work is on disk";

fn failed(what: &str) -> String {
    format!("{what} failed by a mistake in the program; everything else goes on")
}

impl Desk {
    /// Makes the program panic at this place from now on.
    fn lay_trap(&self, name: &str) {
        std::fs::create_dir_all(self.path("data/traps")).expect("the folder can be written");
        self.write(&format!("data/traps/{name}"), ARTICLE);
    }

    fn take_trap(&self, name: &str) {
        std::fs::remove_file(self.path(&format!("data/traps/{name}"))).expect("the trap is there");
    }
}

fn marked(desk: &Desk) -> Window {
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window
}

#[test]
fn a_save_that_fails_can_be_tried_again_and_nothing_waits_for_it() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    desk.lay_trap("Saving");
    window.press(CTRL, Key::S);
    window.expect(&failed("Saving"));
    window.expect_part("article.ron cannot be saved");
    window.expect("Saved (journal)");
    window.mark("[Bob] in", 'p');
    window.expect("Saved (journal)");
    assert!(!desk.path("article.ron").exists());

    desk.take_trap("Saving");
    window.press(CTRL, Key::S);
    window.expect("Saved");
    assert!(desk.read("article.ron").contains("Bob"));
    window.click_button("Close the message");
    window.expect_not(&failed("Saving"));
}

#[test]
fn quitting_is_not_held_up_by_a_save_that_fails() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    desk.lay_trap("Saving");
    window.press(CTRL, Key::W);
    window.click_button("Save");
    window.expect_part("article.ron cannot be saved");
    assert_eq!(window.mentions(), ["Person: Anna Berg"], "it stays open");
    window.press(CTRL, Key::W);
    window.expect("Your work is not in the file");
}

#[test]
fn a_file_whose_reading_fails_can_be_opened_again() {
    let desk = Desk::new();
    desk.lay_trap("Opening a file");
    let mut window = desk.article(ARTICLE);
    window.expect(&failed("Opening a file"));
    window.expect("The file cannot be opened");
    window.click_button("Close");
    desk.take_trap("Opening a file");
    window.drop_file(desk.path("article.txt"));
    assert_eq!(window.document().text().as_str(), ARTICLE);
}

#[test]
fn what_lies_beside_is_asked_about_although_nobody_could_look() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    desk.write("article.ron", "mine");
    desk.lay_trap("Looking at a file");
    window.press(CTRL, Key::S);
    window.expect(&failed("Looking at a file"));
    window.expect("Replace the file?");
    assert_eq!(desk.read("article.ron"), "mine");
}

#[test]
fn suggestions_go_on_with_the_next_change_and_rest_when_they_fail_and_fail() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.expect("Suggestion: Person Anna Berg");
    desk.lay_trap("Looking for suggestions");
    window.mark("Monday", 'd');
    window.expect(&failed("Looking for suggestions"));
    window.expect("Suggestion: Person Anna Berg");
    desk.take_trap("Looking for suggestions");
    window.mark("[Bob] in", 'p');
    window.expect("Suggestion: Person Bob");

    desk.lay_trap("Looking for suggestions");
    for _ in 0..3 {
        window.press(CTRL, Key::Z);
    }
    window.expect("Suggestions failed three times and rest; switch them off and on to try again");
    desk.take_trap("Looking for suggestions");
    window.press(CTRL | SHIFT, Key::Z);
    window.menu("View", "Suggestions");
    window.menu("View", "Suggestions");
    window.expect("Suggestion: Person Anna Berg");
}

#[test]
fn an_export_that_fails_leaves_the_dialog_as_it_was() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    desk.lay_trap("Looking at what would be exported");
    window.press(CTRL, Key::E);
    window.expect(&failed("Looking at what would be exported"));
    window.expect_part("choose another format, and report the mistake");
    desk.take_trap("Looking at what would be exported");
    window.choose("Format", "Manicule (JSON)");
    window.expect("Nothing");

    desk.lay_trap("Exporting");
    window.click_button("Export to…");
    window.click_button("Export");
    window.expect(&failed("Exporting"));
    window.expect_part("nothing was written; choose another format");
    assert!(!desk.path("article.json").exists());
    desk.take_trap("Exporting");
    window.click_button("Export to…");
    window.click_button("Export");
    window.expect_part("Exported article.json");
    assert!(desk.path("article.json").exists());
}

#[test]
fn unsaved_work_whose_reading_fails_can_be_read_again() {
    let desk = Desk::new();
    let mut window = desk.window();
    window.press(CTRL, Key::N);
    window.click_role(Role::MultilineTextInput, "Text; it is kept exactly as it is pasted");
    window.harness.event(egui::Event::Paste("A line.\n".into()));
    window.settle();
    window.click_button("Annotate");
    window.kill();
    let mut window = desk.window();
    desk.lay_trap("Recovering");
    window.click_part("Recover A line");
    window.expect(&failed("Recovering"));
    desk.take_trap("Recovering");
    window.click_part("Recover A line");
    assert_eq!(window.document().text().as_str(), "A line.\n");
}

#[test]
fn a_file_dialog_that_fails_gives_way_to_ours() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    desk.lay_trap("The file dialog");
    window.press(CTRL, Key::O);
    window.expect(&failed("The file dialog"));
    window.expect("article.txt");
}

#[test]
fn a_panic_in_a_frame_leads_to_a_plain_screen_and_from_there_back_to_the_work() {
    for place in ["drawing", "before a frame", "holding the journal"] {
        let desk = Desk::new();
        let mut window = marked(&desk);
        window.mark("[Bob] in", 'p');
        desk.lay_trap(place);
        window.key(Key::ArrowRight);
        window.expect(WENT_WRONG);
        window.expect(ON_DISK);
        // The mistake comes again, and so does the screen.
        window.click_button("Go on");
        window.expect(WENT_WRONG);
        desk.take_trap(place);
        window.click_button("Go on");
        window.expect_not(WENT_WRONG);
        assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"], "{place}");
        window.press(CTRL, Key::Z);
        assert_eq!(window.mentions(), ["Person: Anna Berg"], "{place}: with its history");
        window.mark("Monday", 'd');
        window.press(CTRL, Key::S);
        window.expect("Saved");
        assert!(desk.read("article.ron").contains("Monday"), "{place}");
    }
}

#[test]
fn after_a_panic_the_document_can_be_closed_and_is_offered_again() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    desk.lay_trap("holding the journal");
    window.key(Key::ArrowRight);
    window.click_button("Close the document");
    window.expect("Not saved last time");
    desk.take_trap("holding the journal");
    window.click_part("Recover Talks in Paris end");
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
}

#[test]
fn pasted_text_is_read_again_from_the_journal() {
    let desk = Desk::new();
    let mut window = desk.window();
    window.press(CTRL, Key::N);
    window.click_role(Role::MultilineTextInput, "Text; it is kept exactly as it is pasted");
    window.harness.event(egui::Event::Paste("Anna met Bob.\n".into()));
    window.settle();
    window.click_button("Annotate");
    window.mark("Anna", 'p');
    desk.lay_trap("drawing");
    window.key(Key::ArrowRight);
    desk.take_trap("drawing");
    window.click_button("Go on");
    assert_eq!(window.mentions(), ["Person: Anna"]);
    window.press(CTRL, Key::W);
    window.expect("Save your work?");
}

#[test]
fn a_panic_on_the_welcome_screen_is_survived_too() {
    let desk = Desk::new();
    let mut window = desk.window();
    desk.lay_trap("drawing");
    window.press(CTRL, Key::N);
    window.expect(WENT_WRONG);
    window.expect("No document was open");
    desk.take_trap("drawing");
    window.click_button("Go on");
    window.expect_part("Open the sample article");
}

#[test]
fn work_that_could_not_be_written_is_not_given_up_for_what_is_on_disk() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("data")).expect("the folder can be written");
    // No folder for journals can be there.
    desk.write("data/journals", "in the way");
    let mut window = marked(&desk);
    desk.lay_trap("drawing");
    window.key(Key::ArrowRight);
    window.expect_part("Some of your work is in memory only, go on and save it elsewhere");
    window.expect("Quit and lose what is not written");
    window.expect_not("Close the document");
    desk.take_trap("drawing");
    window.click_button("Go on");
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
    window.press(CTRL, Key::S);
    assert!(desk.read("article.ron").contains("Anna Berg"));
}

#[test]
fn the_end_of_the_session_asks_nothing_and_keeps_what_is_being_typed() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.key(Key::Period);
    window.type_text("note");
    window.key(Key::Enter);
    window.type_text("who is she");
    window.harness.state().ask_to_end();
    window.settle();
    window.expect_not("Save your work?");
    assert!(window.harness.state().document().is_none(), "the document is closed");
    window.kill();
    let window = desk.open("article.txt");
    let notes: Vec<_> = window.document().mentions().values().map(|m| m.note.clone().into_inner()).collect();
    assert_eq!(notes, [Some("who is she".to_owned())]);
}

#[test]
fn the_next_start_tells_how_the_last_one_ended_once() {
    let desk = Desk::new();
    marked(&desk).kill();
    std::fs::create_dir_all(desk.path("data/reports")).expect("the folder can be written");
    let name = "2026-01-01T00-00-00.000Z-1-0.txt";
    let report = desk.write(&format!("data/reports/{name}"), "place: src/app/frame.rs:1:1\n");
    desk.write("data/reports/untold", name);
    let mut window = desk.open("article.txt");
    let path = report.display();
    window.expect(&format!("Manicule ended unexpectedly last time; 1 change was recovered; the report is {path}"));
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
    window.click_button("Show the report");
    window.expect_part("place: src/app/frame.rs:1:1");
    window.expect(&report.display().to_string());
    window.key(Key::Escape);
    window.expect_not("Report");
    // Later it is in the menu.
    window.menu("Help", "Latest report…");
    window.expect_part("place: src/app/frame.rs:1:1");
    window.kill();

    let window = desk.open("article.txt");
    assert!(!window.shows_part("ended unexpectedly"));
    window.kill();
    desk.write("data/reports/untold", "");
    let window = desk.window();
    window.expect("Manicule ended unexpectedly last time; 1 change can be recovered");
}
