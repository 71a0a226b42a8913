//! Changes of hundreds of places: worked out on a thread while the window goes on, and what is pressed meanwhile.

use egui::Key;
use manicule::model::Id;

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
    let pressed = [(CTRL, Key::Z), (CTRL, Key::Z), (CTRL, Key::Z), (CTRL, Key::Y), (CTRL, Key::Z)];
    window.press_at_once(pressed);
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
    desk.write("data/traps/Changing the document", "");
    window.press_at_once([(NONE, Key::Enter), (CTRL, Key::D)]);
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
