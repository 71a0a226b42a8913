//! Filling roles by keyboard: one step of undo, and what Enter, Escape, Backspace and other commands do.

use egui::Key;
use manicule::model::Id;

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};

/// An article in which people and places are marked: Anna Berg, Bob, Paris, Monday.
fn marked(desk: &Desk) -> Window {
    let mut window = desk.article(ARTICLE);
    for (words, key) in [("[Anna Berg] met", 'p'), ("[Bob] in", 'p'), ("Bob in [Paris]", 'l'), ("Monday", 'd')] {
        window.mark(words, key);
    }
    window
}

fn is_filling(window: &Window) -> bool {
    window.shows_part("digits go to a role")
}

fn asks_for(window: &Window, slot: &str) -> bool {
    window.shows_part(&format!("{slot}: letters choose"))
}

#[test]
fn escape_leaves_everything_as_it_was_and_redo_brings_the_event_back() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let before = window.document().clone();
    let event = window.mark("met", 'C');
    window.letter('j');
    window.letter('f');
    window.key(Key::Escape);
    assert_eq!(window.document(), &before);
    assert!(!is_filling(&window));
    window.expect("Taken back: Mark Consult “met”. Redo brings it back");
    // The words are selected again, so that another key marks them.
    window.press(CTRL.plus(SHIFT), Key::Z);
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Actor: Bob"]);
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &before);
}

#[test]
fn an_event_of_three_roles_is_filled_by_keys_and_the_window_says_what_the_next_letter_does() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.expect_part("Actor: letters choose, words + Enter");
    window.letter('j');
    window.expect_part("Actor: letters choose another one, or Space for the next role, Mediator");
    window.expect("Actor: type the letters of another one, or press Space for the next role");
    window.letter('f');
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Actor: Bob"]);
    for _ in 0..3 {
        window.key(Key::Space);
    }
    assert!(asks_for(&window, "Place"));
    window.letter('j');
    window.expect_part("Place: letters choose another one, or Space for the next role, Date");
    window.key(Key::Space);
    window.letter('j');
    window.expect_part("Date: letters choose another one, or Space ends");
    window.key(Key::Space);
    assert!(!is_filling(&window));
    let roles = ["Actor: Anna Berg", "Actor: Bob", "Place: Paris", "Date: Monday"];
    assert_eq!(window.roles(&event), roles);
    window.press(CTRL, Key::Z);
    assert!(!window.exists(&event), "one step");
    window.press(CTRL.plus(SHIFT), Key::Z);
    assert_eq!(window.roles(&event), roles);
}

#[test]
fn a_digit_goes_to_a_role_and_backspace_back_from_it() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.letter('j');
    window.key(Key::Num4);
    assert!(asks_for(&window, "Place"));
    window.letter('j');
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Place: Paris"]);
    window.key(Key::Num9);
    window.expect("There is no role 9");
    window.key(Key::Num1);
    assert!(asks_for(&window, "Actor"));
    window.key(Key::Backspace);
    assert!(asks_for(&window, "Place"));
    window.key(Key::Escape);
    assert!(!window.exists(&event));
}

#[test]
fn the_words_are_selected_again_after_escape() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.mark("met", 'C');
    window.key(Key::Escape);
    window.letter('T');
    let events: Vec<String> = window.document().events().values().map(|e| e.r#type.to_string()).collect();
    assert_eq!((events.len(), events[0] == "Consult"), (1, false), "{events:?}");
}

#[test]
fn escape_takes_only_back_what_was_filled_since_the_card_asked() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.letter('j');
    window.key(Key::Enter);
    window.click_button("Fill Actor");
    window.letter('f');
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Actor: Bob"]);
    window.key(Key::Escape);
    assert_eq!(window.roles(&event), ["Actor: Anna Berg"]);
    // With nothing filled since, there is nothing to take back.
    window.click_button("Fill Actor");
    window.key(Key::Escape);
    assert_eq!(window.roles(&event), ["Actor: Anna Berg"]);
}

#[test]
fn escape_before_anything_was_filled_brings_the_selected_words_back() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.letter('j');
    window.key(Key::Enter);
    window.press(SHIFT, Key::ArrowRight);
    let selected = window.harness.state().selection().cloned().expect("open");
    assert!(!selected.is_caret() && window.harness.state().selected() == Some(&event));
    window.key(Key::Comma);
    assert!(is_filling(&window));
    window.key(Key::Escape);
    assert_eq!(window.harness.state().selection(), Some(&selected));
}

#[test]
fn undo_while_filling_takes_the_whole_event_back() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let before = window.document().clone();
    window.mark("met", 'C');
    window.letter('j');
    assert!(is_filling(&window));
    window.press(CTRL, Key::Z);
    assert!(!is_filling(&window));
    assert_eq!(window.document(), &before);
}

#[test]
fn backspace_goes_back_step_by_step_and_empties_what_was_filled() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.letter('j');
    for _ in 0..3 {
        window.key(Key::Space);
    }
    assert!(asks_for(&window, "Place"));
    window.select("on [Monday]");
    // Illegal for a place, so that nothing is filled; the mention stays.
    window.select("Bob in [Paris]");
    window.key(Key::Enter);
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Place: Paris"]);
    window.key(Key::Backspace);
    assert!(asks_for(&window, "Place"));
    assert_eq!(window.roles(&event), ["Actor: Anna Berg"]);
    for slot in ["Topic", "Mediator", "Actor"] {
        window.key(Key::Backspace);
        assert!(asks_for(&window, slot), "{slot}");
        assert_eq!(window.roles(&event), ["Actor: Anna Berg"]);
    }
    window.key(Key::Backspace);
    assert!(asks_for(&window, "Actor") && window.roles(&event).is_empty());
    window.key(Key::Backspace);
    assert!(asks_for(&window, "Actor") && window.exists(&event), "nothing is before the first");
    // Still one step.
    window.letter('f');
    window.key(Key::Enter);
    assert_eq!(window.roles(&event), ["Actor: Bob"]);
    window.press(CTRL, Key::Z);
    assert!(!window.exists(&event));
}

#[test]
fn backspace_takes_a_mention_back_that_was_made_for_the_role() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let event = window.mark("thanked", 'S');
    window.select("[Bob] thanked");
    window.key(Key::Enter);
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.key(Key::Backspace);
    assert!(window.mentions().is_empty() && window.roles(&event).is_empty());
    assert!(is_filling(&window));
}

#[test]
fn other_commands_end_filling_and_keep_what_there_is() {
    for key in [(CTRL, Key::S), (NONE, Key::Tab), (NONE, Key::F9)] {
        let desk = Desk::new();
        let mut window = marked(&desk);
        let event = window.mark("met", 'C');
        window.letter('j');
        window.press(key.0, key.1);
        // What only changes the view does not end it.
        assert_eq!(is_filling(&window), key.1 == Key::F9, "{key:?}");
        assert_eq!(window.roles(&event), ["Actor: Anna Berg"]);
        if key.1 != Key::F9 {
            window.press(CTRL, Key::Z);
            assert!(!window.exists(&event), "{key:?}");
        }
    }
}

#[test]
fn a_change_of_the_event_in_its_card_belongs_to_the_step_and_another_change_ends_it() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.letter('j');
    window.choose("polarity", "negative");
    assert!(is_filling(&window));
    window.key(Key::Enter);
    window.press(CTRL, Key::Z);
    assert!(!window.exists(&event));

    let event = window.mark("met", 'C');
    window.letter('j');
    window.press(CTRL, Key::Enter);
    assert!(!is_filling(&window));
    window.press(CTRL, Key::Z);
    assert_eq!(window.roles(&event), ["Actor: Anna Berg"], "the status was the last step");
}

#[test]
fn a_quote_with_speaker_and_cue_is_one_step() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("said [Anna Berg]", 'p');
    let before = window.document().clone();
    let quote = window.quote("\"We will sign the treaty\"");
    assert!(window.document().quotes()[&quote].cue.is_some());
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &before);
    window.press(CTRL.plus(SHIFT), Key::Z);
    assert_eq!(window.roles(&quote), ["Speaker: Anna Berg"]);
}

#[test]
fn a_program_killed_while_roles_are_filled_comes_back_with_one_step() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.letter('j');
    window.letter('f');
    window.kill();

    let mut window = desk.open("article.txt");
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Actor: Bob"]);
    assert!(!is_filling(&window));
    window.press(CTRL, Key::Z);
    assert!(!window.exists(&event));
    assert_eq!(window.mentions().len(), 4);
    window.press(CTRL.plus(SHIFT), Key::Z);
    let ids: Vec<&Id> = window.document().events().keys().collect();
    assert_eq!(ids, [&event]);
}

#[test]
fn f_selects_any_annotation_on_the_page_by_its_letters() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.key(Key::Enter);
    window.key(Key::Escape);
    let before = window.document().clone();
    window.letter('f');
    window.expect_part("Go to: letters choose an annotation");
    // In the order of the text: Anna Berg, met, Bob, Paris, Monday.
    window.letter('f');
    assert!(window.is_selected("Consult: met"));
    window.expect_not("Go to: letters choose an annotation");
    // The letters of labels mean labels again, and nothing was changed on the way.
    assert_eq!(window.document(), &before);
    assert!(window.exists(&event));
    for key in [Key::Escape, Key::Backspace] {
        window.letter('f');
        window.key(key);
        assert!(!window.shows_part("Go to: letters"), "{key:?}");
        assert_eq!(window.document(), &before, "{key:?}");
    }
    window.letter('f');
    window.letter('x');
    window.expect_part("Nothing on the page has the letters ");
    window.letter('l');
    assert!(window.is_selected("Date: Monday"));
}

#[test]
fn more_annotations_than_letters_get_two() {
    let desk = Desk::new();
    let words: Vec<String> = (0..30).map(|i| format!("N{i}")).collect();
    let mut window = desk.article(&words.join(" "));
    window.press(CTRL, Key::B);
    for word in &words {
        window.mark(&format!("[{word}]"), 'p');
    }
    // The caret stands behind the last one; the first ones are far away.
    window.key(Key::Escape);
    window.letter('f');
    window.letter('q');
    window.expect_part("Go to [q]");
    window.letter('j');
    assert!(window.is_selected("Person: N0"));
    window.key(Key::Escape);
    window.press(CTRL, Key::Home);
    window.letter('f');
    window.letter('j');
    assert!(window.is_selected("Person: N0"), "near the caret one letter is enough");
}

#[test]
fn a_relation_takes_three_keys() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("thanked the [mayor]", 'j');
    window.mark("[Bob] thanked", 'd');
    window.key(Key::Escape);
    window.letter('r');
    window.expect_part("Relation: letters choose where it starts");
    // Bob, wrongly a date, and the mayor; the text's order.
    window.letter('f');
    window.expect_part("Relation: letters choose where it leads");
    window.letter('j');
    let relations: Vec<String> = window.document().relations().values().map(|r| r.label.to_string()).collect();
    if relations.is_empty() {
        window.expect_part("a key chooses its label");
        window.letter('1');
    }
    let d = window.document();
    let made: Vec<_> = d.relations().values().map(|r| (d.excerpt_of(&r.from), d.excerpt_of(&r.to))).collect();
    assert_eq!(made, [("mayor".to_owned(), "Bob".to_owned())]);
    window.press(CTRL, Key::Z);
    assert!(window.document().relations().is_empty());
}

#[test]
fn backspace_goes_back_through_the_ends_of_a_relation() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.key(Key::Escape);
    window.letter('r');
    window.letter('j');
    window.expect_part("where it leads");
    window.key(Key::Backspace);
    window.expect_part("where it starts");
    window.key(Key::Backspace);
    assert!(!window.shows_part("where it starts"));
    assert!(window.document().relations().is_empty());
}

#[test]
fn only_legal_ends_get_letters() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.quote("\"We will sign the treaty\"");
    window.letter('r');
    window.expect("No relation of the schema starts from a quote");
    window.mark("met", 'C');
    window.key(Key::Enter);
    window.letter('r');
    // From an event relations lead to events only, and there is no other.
    window.expect_part("where it leads");
    window.letter('j');
    window.expect("Nothing on the page can be chosen; Esc leaves");
    window.key(Key::Escape);
    window.mark("thanked", 'S');
    window.key(Key::Enter);
    window.letter('r');
    window.letter('j');
    if window.document().relations().is_empty() {
        window.letter('1');
    }
    let d = window.document();
    let made: Vec<_> = d.relations().values().map(|r| (d.excerpt_of(&r.from), d.excerpt_of(&r.to))).collect();
    assert_eq!(made, [("thanked".to_owned(), "met".to_owned())]);
}
