//! Changes of hundreds of places: worked out on a thread while the window goes on, and what is pressed meanwhile.

use std::sync::Arc;

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use manicule::edit::{Editor, Intent};
use manicule::model::Id;
use manicule::model::schema::builtin;
use manicule::store::{OnDisk, OpenOptions, SaveOptions, open_path, save};
use manicule::text::{BytePos, Span};

use crate::common::{CTRL, Desk, NONE, SHIFT, Window};

const PLACES: usize = 700;

/// An article that says so often the same, with the first “Paris” marked and selected.
fn paris(desk: &Desk) -> (Window, Id) {
    let mut window = desk.article(&article());
    let paris = window.mark("[Paris] is far", 'l');
    (window, paris)
}

fn article() -> String {
    format!("Talks end\n\n{}", "Paris is far.\n\n".repeat(PLACES))
}

fn count(window: &Window) -> usize {
    window.document().mentions().len()
}

/// Presses keys, and looks at the frame that they come in.
fn press_and_look(window: &mut Window, keys: &[(egui::Modifiers, Key)]) {
    window.push_keys(keys.iter().copied());
    window.harness.step();
}

#[test]
fn many_places_are_marked_on_a_thread_in_one_step() {
    let desk = Desk::new();
    let (mut window, paris) = paris(&desk);
    let before = window.document().clone();
    window.letter('a');
    window.expect("+699 here");
    press_and_look(&mut window, &[(NONE, Key::Enter)]);
    window.expect("Marking 699 places… Esc stops it");
    window.expect("Saving…");
    assert_eq!((count(&window), window.harness.state().is_idle()), (1, false));
    window.settle();
    window.expect("699 more marked as Place; press Ctrl+Z to take them back");
    window.expect("Saved (journal)");
    window.expect_part("700 mentions");
    let entity = window.document().mentions()[&paris].entity.clone().expect("they became one entity");
    assert_eq!(window.document().mention_count_of(&entity), PLACES);
    let marked = window.document().clone();

    press_and_look(&mut window, &[(CTRL, Key::Z)]);
    window.expect_part("Undoing: ");
    window.settle();
    assert_eq!(window.document(), &before);
    window.press(CTRL | SHIFT, Key::Z);
    assert_eq!(window.document(), &marked);
    window.kill();
    let mut window = desk.open("article.txt");
    assert_eq!(window.document(), &marked);
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &before);
    window.press(CTRL, Key::Z);
    assert_eq!(count(&window), 0);
}

#[test]
fn what_is_pressed_while_places_are_marked_comes_after_it() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.letter('a');
    // Looking goes on: the first word is selected at once. Its label waits, and so does all that comes after.
    press_and_look(
        &mut window,
        &[(NONE, Key::Enter), (CTRL, Key::Home), (SHIFT, Key::ArrowRight), (NONE, Key::O), (NONE, Key::P)],
    );
    window.expect("Marking 699 places… 2 keys or clicks wait, Esc stops it");
    assert_eq!(window.harness.state().selection().map(|selection| selection.span().len()), Some(5));
    window.settle();
    assert_eq!(count(&window), PLACES + 1);
    let d = window.document();
    let label = d.mentions().values().find(|m| m.spans[0].start.0 == 0).map(|m| m.label.clone());
    assert_eq!(label.as_deref(), Some("Person"), "marked as an organization, then changed");
    // Undo waits for the marking, redo for the undo, and so on.
    window.press_at_once([(CTRL, Key::Z), (CTRL, Key::Z), (CTRL, Key::Z), (CTRL, Key::Y), (CTRL, Key::Y)]);
    assert_eq!(count(&window), PLACES + 1);
    window.press_at_once([(CTRL, Key::Z), (CTRL, Key::Z), (CTRL, Key::Y), (CTRL, Key::Z)]);
    assert_eq!(count(&window), 1);
}

#[test]
fn escape_stops_it_and_the_preview_is_back() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.letter('a');
    window.letter('n');
    window.press_at_once([(NONE, Key::Enter), (NONE, Key::Escape)]);
    window.expect("Marking 698 places was stopped: nothing is changed");
    window.expect("+698 here");
    assert_eq!(count(&window), 1);
    // Also where something waits already, which is given up too.
    window.press_at_once([(NONE, Key::Enter), (CTRL, Key::Z), (NONE, Key::Escape)]);
    window.expect_part("nothing is changed, and what was pressed after it does nothing");
    assert_eq!(count(&window), 1);
    window.key(Key::Enter);
    assert_eq!(count(&window), PLACES - 1);
}

#[test]
fn the_document_is_left_only_when_it_has_landed() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.letter('a');
    window.press_at_once([(NONE, Key::Enter), (CTRL, Key::W)]);
    window.expect_part("700 mentions");
    window.click_button("Cancel");
    assert_eq!(count(&window), PLACES);
    window.press_at_once([(CTRL, Key::Z), (CTRL, Key::S)]);
    let ron = desk.read("article.ron");
    assert_eq!(ron.matches("label: \"Place\"").count(), 1, "saved after the undo");
}

#[test]
fn a_mistake_on_the_thread_changes_nothing() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.letter('a');
    std::fs::create_dir_all(desk.path("data/traps")).expect("the folder can be written");
    desk.write("data/traps/Changing the document", article());
    window.press_at_once([(NONE, Key::Enter), (CTRL, Key::Z)]);
    window.expect_part("Nothing was changed, nor was anything done that was pressed after it");
    window.expect("+699 here");
    assert_eq!(count(&window), 1);
    std::fs::remove_file(desk.path("data/traps/Changing the document")).expect("the trap is there");
    window.key(Key::Enter);
    assert_eq!(count(&window), PLACES);
}

#[test]
fn a_large_batch_is_retracted_and_the_history_goes_back_to_it() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.press_at_once([(NONE, Key::A), (NONE, Key::A)]);
    let marked = window.document().clone();
    window.click_button("Batches 1");
    window.click_button("Retract 699, batch b1");
    window.expect("699 retracted; press Ctrl+Z to bring them back");
    assert_eq!(count(&window), 1);
    window.press(CTRL, Key::H);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    window.expect_part("to take that back");
    assert_eq!(window.document(), &marked);
    // All of them with their entity.
    let entity = window.document().entities().keys().next().expect("one").clone();
    window.click_part("Entities");
    window.click_part("Entity Paris");
    assert_eq!(window.harness.state().selected(), Some(&entity));
    window.key(Key::Delete);
    assert!(window.document().entities().is_empty());
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &marked);
}

/// An article that is too long to be searched within a frame, with its first “Paris” marked and selected.
fn long(desk: &Desk) -> Window {
    let filler = "Nothing of this is about a town, and all of it goes on for a while.\n".repeat(12);
    let text =
        format!("Talks end\n\nParis is far.\n\n{}", format!("{filler}Paris is far, says PARIS.\n\n").repeat(340));
    assert!(text.len() > 256 << 10);
    let mut window = desk.article(&text);
    window.mark("[Paris] is far", 'l');
    window
}

#[test]
fn the_preview_of_a_long_article_looks_on_a_thread() {
    let desk = Desk::new();
    let mut window = long(&desk);
    press_and_look(&mut window, &[(NONE, Key::A)]);
    window.expect("Looking…");
    window.expect("Look for Paris");
    window.expect_part("Enter marks them when they are found");
    assert!(window.texts().iter().any(|text| text == "as marked"), "nothing is counted yet");
    window.settle();
    window.expect_part("341, as marked");
    window.expect("+340 here");
    window.expect_not("Looking…");
    // Asked anew with another rule, and before the answer with the old one again.
    window.click_role(Role::CheckBox, "Ignore case");
    window.expect("+680 here");
    window.click_role(Role::CheckBox, "Look for Paris");
    window.expect("+0 here");
    window.click_role(Role::CheckBox, "Look for Paris");
    window.click_role(Role::CheckBox, "Ignore case");
    window.expect("+340 here");
    window.key(Key::Enter);
    assert_eq!(count(&window), 341);
    press_and_look(&mut window, &[(NONE, Key::A)]);
    window.settle();
    window.expect("+0 here");
    window.expect("Marked already (341)");
}

#[test]
fn keys_pressed_before_the_answer_are_carried_out_when_it_is_there() {
    let desk = Desk::new();
    let mut window = long(&desk);
    press_and_look(&mut window, &[(NONE, Key::A), (NONE, Key::N), (NONE, Key::Enter)]);
    window.expect("Looking for all places; then they are marked, Esc leaves");
    assert_eq!(count(&window), 1);
    // Undo comes after what is to be marked.
    press_and_look(&mut window, &[(CTRL, Key::Z)]);
    window.settle();
    assert_eq!(count(&window), 1);
    window.expect_part("Undone: ");
    window.press(CTRL, Key::Y);
    assert_eq!(count(&window), 340);
}

#[test]
fn escape_stops_looking_whether_or_not_enter_was_pressed() {
    let desk = Desk::new();
    let mut window = long(&desk);
    window.press_at_once([(NONE, Key::A), (NONE, Key::Escape)]);
    window.press_at_once([(NONE, Key::A), (NONE, Key::Enter), (NONE, Key::Escape)]);
    window.expect_not("Looking…");
    window.expect_not("Look for Paris");
    assert_eq!(count(&window), 1);
    // A change of the document while it is looked for: it is looked for again.
    window.press_at_once([(NONE, Key::A), (CTRL, Key::Z), (CTRL, Key::Y)]);
    window.letter('a');
    window.expect("+340 here");
}

#[test]
fn what_stands_nowhere_else_in_a_long_article_is_said() {
    let desk = Desk::new();
    let mut window = long(&desk);
    window.mark("Talks", 'o');
    window.press_at_once([(NONE, Key::A), (NONE, Key::Enter)]);
    window.expect("No other occurrence of “Talks”");
    window.expect_not("Look for Talks");
}

#[test]
fn a_changed_file_with_much_in_it_is_reloaded_and_merged_on_a_thread() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.press_at_once([(NONE, Key::A), (NONE, Key::A)]);
    window.press(CTRL, Key::S);
    by_another(&desk, (0, 5));
    window.harness.event(egui::Event::WindowFocused(true));
    window.settle();
    window.click_button("Reload");
    window.expect_part("Reloaded article.ron");
    window.expect("Saved");
    assert_eq!(count(&window), PLACES + 1);
    window.press(CTRL, Key::Z);
    assert_eq!(count(&window), PLACES);
    window.press(CTRL, Key::Y);
    window.mark("is far", 'd');
    by_another(&desk, (6, 9));
    window.harness.event(egui::Event::WindowFocused(true));
    window.settle();
    window.click_button("Merge…");
    window.click_button("Merge");
    window.expect_part("Merged; ");
    assert_eq!(count(&window), PLACES + 3);
    window.press(CTRL, Key::Z);
    assert_eq!(count(&window), PLACES + 2);
}

/// Another program marks these bytes in the saved file.
fn by_another(desk: &Desk, (start, end): (u32, u32)) {
    let path = desk.path("article.ron");
    let opened = open_path(&path, &OpenOptions::default()).expect("opens");
    let mut editor = Editor::new(opened.document, Arc::new(builtin("news").expect("ships").clone()));
    let spans = [Span::new(BytePos(start), BytePos(end))].into_iter().collect();
    editor.execute(&Intent::AddMention { label: "Person".into(), spans }).expect("legal");
    save(editor.document(), &path, &SaveOptions::over(OnDisk::Any)).expect("writable");
}

#[test]
fn a_key_that_is_held_down_does_not_pile_up() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.letter('a');
    window.push_keys([(NONE, Key::Enter)]);
    // All but the first are repetitions, since it is not let go of.
    let held = egui::Event::Key { key: Key::Z, physical_key: None, pressed: true, repeat: false, modifiers: CTRL };
    window.harness.input_mut().events.extend(std::iter::repeat_n(held, 6));
    window.harness.step();
    window.expect("Marking 699 places… one key or click waits, Esc stops it");
    window.settle();
    assert_eq!(count(&window), 1, "marked and taken back, and no more than that");
}

#[test]
fn what_is_clicked_meanwhile_comes_after_it_in_its_order() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.letter('a');
    press_and_look(&mut window, &[(NONE, Key::Enter), (CTRL, Key::Z)]);
    // The click is carried out in the frame after it, whether or not the marking has landed by then.
    window.harness.get_by_role_and_label(Role::Button, "Delete").click();
    window.harness.step();
    window.settle();
    assert_eq!(count(&window), 0, "marked, taken back, and the one that was there deleted");
    window.press(CTRL, Key::Z);
    assert_eq!(count(&window), 1);
}

#[test]
fn words_typed_into_a_field_that_a_waiting_key_opens_are_no_labels() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.letter('a');
    let typed = |window: &mut Window, key: Key, letter: &str| {
        window.push_keys([(NONE, key)]);
        window.harness.input_mut().events.push(egui::Event::Text(letter.to_owned()));
    };
    window.push_keys([(NONE, Key::Enter), (CTRL, Key::Home), (SHIFT, Key::ArrowRight)]);
    typed(&mut window, Key::O, "o");
    window.push_keys([(CTRL, Key::F)]);
    typed(&mut window, Key::P, "p");
    window.harness.step();
    // Those of the next frame follow them.
    typed(&mut window, Key::A, "a");
    window.harness.step();
    window.settle();
    assert_eq!(window.focused(), "Find in the document");
    assert!(window.texts().contains(&"pa".to_owned()), "{:?}", window.texts());
    assert_eq!(count(&window), PLACES + 1);
    let label = window.document().mentions().values().find(|m| m.spans[0].start.0 == 0).map(|m| m.label.clone());
    assert_eq!(label.as_deref(), Some("Organization"), "not a person");
    window.expect_not("Look for Talks");
}

/// A job of this name waits until what this gives is dropped, as for a disk that does not answer.
#[cfg(unix)]
fn hold(desk: &Desk, window: &mut Window, job: &str, begin: impl FnOnce(&mut Window)) -> std::fs::File {
    std::fs::create_dir_all(desk.path("data/traps")).expect("the folder can be written");
    let pipe = desk.path(&format!("data/traps/{job}"));
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    window.hangs = true;
    begin(window);
    let held = std::fs::File::options().write(true).open(&pipe).expect("it can be written");
    std::fs::remove_file(&pipe).expect("it can be removed");
    held
}

#[cfg(unix)]
#[test]
fn a_file_read_meanwhile_is_taken_over_after_all_that_waits_before_it() {
    let desk = Desk::new();
    let (mut window, _) = paris(&desk);
    window.press_at_once([(NONE, Key::A), (NONE, Key::A)]);
    window.press(CTRL, Key::S);
    by_another(&desk, (0, 5));
    window.harness.event(egui::Event::WindowFocused(true));
    window.settle();
    let reading = hold(&desk, &mut window, "Reading the changed file", |window| window.click_button("Reload"));
    let changing = hold(&desk, &mut window, "Changing the document", |window| window.press(CTRL, Key::Z));
    window.expect_part("Undoing: ");
    // It waits, and takes long itself.
    window.press(CTRL, Key::Y);
    drop(reading);
    // The file is read meanwhile; if it comes later, the outcome is the same.
    for _ in 0..200 {
        window.harness.step();
        std::thread::yield_now();
    }
    assert_eq!(count(&window), PLACES);
    drop(changing);
    window.hangs = false;
    window.settle();
    window.expect_part("Reloaded article.ron");
    assert_eq!(count(&window), PLACES + 1);
}
