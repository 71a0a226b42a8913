//! What other programs do to the files of the open document: noticed, merged, kept, reloaded, never overwritten unasked.

use std::sync::Arc;

use egui::{Event, Key};
use manicule::edit::{Editor, Intent};
use manicule::model::schema::builtin;
use manicule::model::{Id, Status};
use manicule::store::{OnDisk, OpenOptions, SaveOptions, open_path, save};
use manicule::text::{BytePos, Span};

use crate::common::{ARTICLE, CTRL, Desk, Window};

/// What another program does to a file.
fn by_another(desk: &Desk, name: &str, intents: &[Intent]) {
    let opened = open_path(&desk.path(name), &OpenOptions::default()).expect("opens");
    let mut editor = Editor::new(opened.document, Arc::new(builtin("news").expect("ships").clone()));
    for intent in intents {
        editor.execute(intent).expect("legal");
    }
    save(editor.document(), &desk.path(name), &SaveOptions::over(OnDisk::Any)).expect("writable");
}

fn mention(words: &str, label: &str) -> Intent {
    let at = ARTICLE.find(words).expect("in the article");
    let span = Span::new(BytePos::from_usize(at), BytePos::from_usize(at + words.len()));
    Intent::AddMention { label: label.into(), spans: [span].into_iter().collect() }
}

fn note(id: &Id, note: &str) -> Intent {
    Intent::SetNote { id: id.clone(), note: note.into() }
}

/// The window is turned to, and looks.
fn turn_to(window: &mut Window) {
    window.harness.event(Event::WindowFocused(true));
    window.settle();
}

/// An article with Anna marked, saved.
fn saved(desk: &Desk) -> (Window, Id) {
    let mut window = desk.article(ARTICLE);
    let anna = window.mark("[Anna Berg] met", 'p');
    window.press(CTRL, Key::S);
    window.expect("Saved");
    (window, anna)
}

const UNSAVED: &str = "article.ron was changed by another program, and you have unsaved work";
const CHANGED: &str = "article.ron was changed by another program";

#[test]
fn our_own_saves_are_no_changes() {
    let desk = Desk::new();
    let (mut window, _) = saved(&desk);
    turn_to(&mut window);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    turn_to(&mut window);
    assert!(!window.shows_part("another program"), "{:?}", window.labels());
}

#[test]
fn a_change_is_told_and_reloading_it_is_a_step_of_undo() {
    let desk = Desk::new();
    let (mut window, anna) = saved(&desk);
    by_another(&desk, "article.ron", &[mention("Bob", "Person"), note(&anna, "theirs")]);
    turn_to(&mut window);
    window.expect(CHANGED);
    window.expect_not("Merge…");
    window.click_button("Reload");
    window.expect_not(CHANGED);
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"]);
    window.expect("Saved");
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
    window.press(CTRL, Key::Z);
    assert!(window.mentions().is_empty(), "undo goes on before it");
    window.kill();
    // What is undone is unsaved work like any other.
    let window = desk.open("article.ron");
    assert!(window.mentions().is_empty());
}

#[test]
fn a_reloaded_file_opens_as_saved() {
    let desk = Desk::new();
    let (mut window, _) = saved(&desk);
    by_another(&desk, "article.ron", &[mention("Bob", "Person")]);
    turn_to(&mut window);
    window.click_button("Reload");
    window.kill();
    let mut window = desk.open("article.ron");
    window.expect("Saved");
    assert!(!window.shows_part("another program"));
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions(), ["Person: Anna Berg"], "undo reaches back before it");
}

#[test]
fn unsaved_work_is_merged_in_one_step_and_then_saved_without_asking() {
    let desk = Desk::new();
    let (mut window, anna) = saved(&desk);
    let monday = window.mark("Monday", 'd');
    by_another(&desk, "article.ron", &[mention("Bob", "Person"), note(&anna, "theirs")]);
    turn_to(&mut window);
    window.expect(UNSAVED);
    window.click_button("Merge…");
    window.expect("Merge article.ron");
    window.expect("2 changes from the file: 1 added, 1 changed");
    window.expect("Nothing was changed on both sides: there is nothing to choose");
    // The button has the keyboard.
    window.key(Key::Enter);
    window.expect_not("Merge article.ron");
    window.expect_not(UNSAVED);
    assert_eq!(window.mentions().len(), 3);
    assert_eq!(window.words(&monday), "Monday");
    assert_eq!(window.document().mentions()[&anna].note.as_deref(), Some("theirs"));
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Date: Monday"]);
    window.press(CTRL | egui::Modifiers::SHIFT, Key::Z);
    window.press(CTRL, Key::S);
    window.expect("Saved");
    let merged = window.document().clone();
    drop(window);
    assert_eq!(desk.open("article.ron").document(), &merged);
}

#[test]
fn conflicts_are_chosen_by_the_keyboard() {
    let desk = Desk::new();
    let (mut window, anna) = saved(&desk);
    window.mark("[Bob] in", 'p');
    by_another(&desk, "article.ron", &[note(&anna, "theirs"), Intent::SetStatus(Status::Flagged)]);
    // Both sides change the same.
    window.press(CTRL, Key::Enter);
    turn_to(&mut window);
    window.click_button("Merge…");
    window.expect("1 conflict: both sides changed the same (1 mine, 0 theirs)");
    window.expect("Mine for This document, status: done");
    assert_eq!(window.focused(), "Conflicts");
    window.key(Key::ArrowRight);
    window.expect("1 conflict: both sides changed the same (0 mine, 1 theirs)");
    window.key(Key::ArrowLeft);
    window.key(Key::Space);
    window.key(Key::Enter);
    assert_eq!(window.document().header().status, Status::Flagged);
    assert_eq!(window.document().mentions()[&anna].note.as_deref(), Some("theirs"));
}

#[test]
fn merging_to_what_is_here_is_not_called_a_merge() {
    let desk = Desk::new();
    let (mut window, _) = saved(&desk);
    by_another(&desk, "article.ron", &[Intent::SetStatus(Status::Flagged)]);
    window.press(CTRL, Key::Enter);
    turn_to(&mut window);
    window.click_button("Merge…");
    window.click_button("Merge");
    assert_eq!(window.document().header().status, Status::Done);
    window.expect_part("Your version stays as it is");
}

#[test]
fn conflicts_are_chosen_by_the_pointer_and_all_at_once() {
    let desk = Desk::new();
    let (mut window, anna) = saved(&desk);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    by_another(&desk, "article.ron", &[Intent::Relabel { id: anna.clone(), label: "Organization".into() }]);
    // Deleted here, changed there.
    window.click_part("Person: Anna Berg");
    window.key(Key::Delete);
    assert!(!window.exists(&anna));
    window.press(CTRL, Key::S);
    window.expect("The file on disk has changed");
    // The strip above the article offers it too.
    window.click_last("Merge…");
    window.expect("Mine for Organization “Anna Berg”, deleted or kept: Deleted");
    window.click("Theirs for Organization “Anna Berg”, deleted or kept: Kept, with a change of label");
    window.click_button("All mine");
    window.expect("1 conflict: both sides changed the same (1 mine, 0 theirs)");
    window.click("Theirs for Organization “Anna Berg”, deleted or kept: Kept, with a change of label");
    assert_eq!(window.focused(), "Conflicts", "the keys go on where the pointer was");
    window.key(Key::ArrowLeft);
    window.click_button("All theirs");
    window.click_button("Merge");
    assert_eq!(window.document().mentions()[&anna].label, "Organization");
    window.press(CTRL, Key::S);
    window.expect("Saved");
}

#[test]
fn keeping_mine_asks_no_more_but_leaving_does() {
    let desk = Desk::new();
    let (mut window, _) = saved(&desk);
    by_another(&desk, "article.ron", &[mention("Bob", "Person")]);
    turn_to(&mut window);
    window.click_button("Keep mine");
    window.expect_not(CHANGED);
    window.press(CTRL, Key::W);
    window.expect("Save your work?");
    window.click_button("Cancel");
    // Changed once more: that was not answered.
    by_another(&desk, "article.ron", &[mention("Monday", "Date")]);
    turn_to(&mut window);
    window.expect(UNSAVED);
    window.click_button("Keep mine");
    window.press(CTRL, Key::S);
    window.expect("Saved");
    assert!(!desk.read("article.ron").contains("Bob\""));
}

/// The file holds theirs, so that mine is nowhere but in the journal.
#[test]
fn what_is_kept_outlives_the_program() {
    for has_work in [false, true] {
        let desk = Desk::new();
        let (mut window, _) = saved(&desk);
        if has_work {
            window.mark("Monday", 'd');
        }
        by_another(&desk, "article.ron", &[mention("Bob", "Person")]);
        turn_to(&mut window);
        window.click_button("Keep mine");
        let mine = window.mentions();
        window.expect("Saved (journal)");
        window.kill();
        let mut window = desk.open("article.ron");
        assert_eq!(window.mentions(), mine, "with work of its own: {has_work}");
        window.expect(UNSAVED);
        window.press(CTRL, Key::W);
        window.expect("Save your work?");
    }
}

/// Nothing was ever marked here, so that there was no journal.
#[test]
fn what_is_kept_of_a_file_that_was_only_opened_outlives_the_program_and_another_text() {
    let desk = Desk::new();
    drop(saved(&desk));
    desk.write("other.txt", "Another article of somebody else.\n");
    let mut other = desk.open("other.txt");
    other.mark("somebody", 'p');
    other.press(CTRL, Key::S);
    drop(other);
    let mut window = desk.open("article.ron");
    std::fs::copy(desk.path("other.ron"), desk.path("article.ron")).expect("both are there");
    turn_to(&mut window);
    window.click_button("Keep mine");
    window.kill();
    let mut window = desk.open("article.ron");
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
    window.click_button("Reload theirs");
    assert_eq!(window.mentions(), ["Person: somebody"]);
    window.press(CTRL, Key::W);
    window.expect("Not saved last time");
    window.click_part("Recover Talks in Paris end");
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
}

#[test]
fn a_file_that_is_gone_is_told_and_saved_again() {
    let desk = Desk::new();
    let (mut window, _) = saved(&desk);
    std::fs::remove_file(desk.path("article.ron")).expect("there");
    turn_to(&mut window);
    window.expect("article.ron was deleted or moved by another program");
    window.click_button("Save again");
    window.expect("Saved");
    window.expect_not("article.ron was deleted or moved by another program");
    assert!(desk.read("article.ron").contains("Anna Berg"));
}

#[test]
fn a_change_while_the_program_was_not_there_is_merged_too() {
    let desk = Desk::new();
    let (mut window, anna) = saved(&desk);
    window.mark("Monday", 'd');
    window.kill();
    by_another(&desk, "article.ron", &[mention("Bob", "Person"), note(&anna, "theirs")]);
    let mut window = desk.open("article.ron");
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Date: Monday"], "nothing is lost");
    window.expect(UNSAVED);
    window.click_button("Merge…");
    window.expect("2 changes from the file: 1 added, 1 changed");
    window.click_button("Merge");
    assert_eq!(window.mentions().len(), 3);
    window.press(CTRL, Key::S);
    window.expect("Saved");
    for _ in 0..3 {
        window.press(CTRL, Key::Z);
    }
    assert!(window.mentions().is_empty(), "with all of its history");
}

#[test]
fn a_saved_file_changed_while_the_program_was_not_there_is_taken_with_undo() {
    let desk = Desk::new();
    drop(saved(&desk));
    by_another(&desk, "article.ron", &[mention("Bob", "Person")]);
    let mut window = desk.open("article.ron");
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"]);
    window.expect("article.ron was changed by another program since it was open here");
    window.expect("Saved");
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
}

#[test]
fn another_text_is_not_merged_and_the_work_on_the_old_one_is_kept() {
    let desk = Desk::new();
    let (mut window, _) = saved(&desk);
    window.mark("[Bob] in", 'p');
    desk.write("other.txt", "Another article of somebody else.\n");
    let mut other = desk.open("other.txt");
    other.mark("somebody", 'p');
    other.press(CTRL, Key::S);
    drop(other);
    std::fs::copy(desk.path("other.ron"), desk.path("article.ron")).expect("both are there");
    turn_to(&mut window);
    window.click_button("Merge…");
    window.expect_part("holds another text now");
    window.click_last("Reload theirs");
    assert_eq!(window.mentions(), ["Person: somebody"]);
    window.expect("Saved");
    window.press(CTRL, Key::W);
    window.expect("Not saved last time");
    window.click_part("Recover Talks in Paris end");
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"]);
}

#[test]
fn a_file_with_conflicts_of_git_is_told_with_its_line_and_left_alone() {
    let desk = Desk::new();
    let (mut window, _) = saved(&desk);
    window.mark("[Bob] in", 'p');
    let good = desk.read("article.ron");
    let at = good.find("mentions:").expect("a field");
    let bad = format!("{}<<<<<<< HEAD\n=======\n>>>>>>> branch\n{}", &good[..at], &good[at..]);
    desk.write("article.ron", &bad);
    turn_to(&mut window);
    window.click_button("Merge…");
    window.expect("The changed file cannot be read");
    window.expect_part("merge conflict markers of git");
    window.click_button("Close");
    window.expect(UNSAVED);
    assert_eq!((desk.read("article.ron"), window.mentions().len()), (bad, 2));
}

#[test]
fn a_change_of_the_text_s_file_is_told_and_can_be_hidden() {
    let desk = Desk::new();
    let (mut window, _) = saved(&desk);
    desk.write("article.txt", "Somebody wrote something else.\n");
    turn_to(&mut window);
    let told = "article.txt was changed by another program; your work is on the text as it was read";
    window.expect(told);
    window.click_button("Hide");
    window.expect_not(told);
    turn_to(&mut window);
    window.expect_not(told);
    desk.write("article.txt", "And again.\n");
    turn_to(&mut window);
    window.expect(told);
}

#[test]
fn of_a_thousand_conflicts_only_those_in_view_are_drawn() {
    let desk = Desk::new();
    let mut window = desk.article(&"Word ".repeat(1001));
    window.mark("Word", 'p');
    window.press(egui::Modifiers::ALT, Key::A);
    assert_eq!(window.mentions().len(), 1001);
    window.press(CTRL, Key::S);
    window.expect("Saved");
    // Deleted here at one stroke, changed there one by one.
    let ids: Vec<Id> = window.document().mentions().keys().skip(1).cloned().collect();
    by_another(&desk, "article.ron", &ids.iter().map(|id| note(id, "theirs")).collect::<Vec<_>>());
    window.press(CTRL, Key::Z);
    assert_eq!(window.mentions().len(), 1);
    turn_to(&mut window);
    window.click_button("Merge…");
    window.expect("1000 conflicts: both sides changed the same (1000 mine, 0 theirs)");
    let drawn = || "Mine for Person “Word”, deleted or kept: Deleted";
    let count = window.labels().iter().filter(|label| *label == drawn()).count();
    assert!((3..40).contains(&count), "{count} are drawn");
    window.key(Key::End);
    window.key(Key::ArrowRight);
    window.expect("1000 conflicts: both sides changed the same (999 mine, 1 theirs)");
    window.key(Key::Enter);
    assert_eq!(window.mentions().len(), 2);
    assert!(window.exists(ids.last().expect("a thousand")));
}
