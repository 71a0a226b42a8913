//! Mentions and entities: marking, changing, joining, taking back.

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use manicule::model::Kind;

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};

/// In the middle of the first word of the paragraph with this text.
pub fn first_word(window: &Window, paragraph: &str) -> egui::Pos2 {
    window.harness.get_by_value(paragraph).rect().left_center() + egui::vec2(8.0, 0.0)
}

#[test]
fn words_become_a_mention_by_double_click_and_key_by_keyboard_and_by_button() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let pos = first_word(&window, "Anna Berg met Bob in Paris on Monday.");
    window.double_click(pos);
    window.letter('p');
    assert_eq!(window.mentions(), ["Person: Anna"]);
    window.expect("Person: Anna");
    assert!(window.is_selected("Person: Anna"));

    window.mark("[Bob] in", 'p');
    window.select("Bob in [Paris]");
    window.click_button("Place");
    assert_eq!(window.mentions(), ["Person: Anna", "Person: Bob", "Place: Paris"]);
    window.expect("Place: Paris");
}

#[test]
fn mentions_nest_and_cross_and_each_can_be_picked() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("the mayor", 'p');
    window.mark("thanked the [mayor]", 'j');
    window.mark("[thanked the] mayor", 'o');
    for name in ["Person: the mayor", "Position: mayor", "Organization: thanked the"] {
        window.click_role(Role::Mark, name);
        assert!(window.is_selected(name), "{name}");
    }
}

#[test]
fn marking_the_same_words_twice_is_refused_with_a_message() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.select("[Bob] in");
    window.letter('p');
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.expect("These words are marked as Person already");
}

#[test]
fn a_label_key_without_words_says_what_to_select() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.letter('p');
    window.expect_part("Select the words first");
    assert!(window.mentions().is_empty());
}

#[test]
fn relabelling_and_resizing_keep_the_id() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let id = window.mark("[Anna] Berg", 'p');
    window.letter('o');
    assert_eq!((window.mentions(), window.exists(&id)), (vec!["Organization: Anna".to_owned()], true));
    window.key(Key::CloseBracket);
    assert_eq!(window.words(&id), "Anna Berg");
    window.key(Key::CloseBracket);
    window.key(Key::OpenBracket);
    assert_eq!(window.words(&id), "Anna Berg");
    window.press(SHIFT, Key::CloseBracket);
    assert_eq!(window.words(&id), "Berg");
    window.press(SHIFT, Key::OpenBracket);
    assert_eq!(window.words(&id), "Anna Berg");
    window.key(Key::OpenBracket);
    window.key(Key::OpenBracket);
    window.expect_part("It cannot get shorter");
    assert_eq!(window.words(&id), "Anna");
}

#[test]
fn delete_undo_and_redo_go_step_by_step_with_the_same_ids_and_say_what_they_do() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let anna = window.mark("[Anna Berg] met", 'p');
    let bob = window.mark("[Bob] in", 'p');
    window.key(Key::Delete);
    assert!(!window.exists(&bob));
    window.expect_not("Person: Bob");

    window.click_button("Edit");
    window.click_part("Undo: Delete Person “Bob”");
    assert!(window.exists(&bob));
    window.press(CTRL, Key::Z);
    window.press(CTRL, Key::Z);
    assert!(!window.exists(&anna) && !window.exists(&bob));
    window.press(CTRL, Key::Z);
    window.expect("Nothing to undo");
    window.press(CTRL.plus(SHIFT), Key::Z);
    window.press(CTRL, Key::Y);
    assert!(window.exists(&anna) && window.exists(&bob));
    window.click_button("Edit");
    window.expect_part("Redo: Delete Person “Bob”");
    window.expect_part("Undo: Mark Person “Bob”");
}

#[test]
fn two_mentions_join_into_an_entity_and_split_again() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.click("New entity");
    window.expect("Entity Anna Berg, 1 mention");
    window.mark("said [Anna Berg]", 'p');
    window.press(CTRL, Key::J);
    window.expect("Who or what is “Anna Berg”?");
    window.click("Join to Anna Berg");
    window.expect("Entity Anna Berg, 2 mentions");
    assert_eq!(window.document().entities().len(), 1);

    window.click_button("Split off");
    assert_eq!(window.document().entities().len(), 2);
    let entities: Vec<_> = window.document().mentions().values().map(|m| m.entity.clone()).collect();
    assert!(entities[0].is_some() && entities[1].is_some() && entities[0] != entities[1], "{entities:?}");

    window.press(CTRL, Key::Z);
    window.expect("Entity Anna Berg, 2 mentions");
    let links = |window: &Window| window.harness.query_all_by_label("Go to Person: Anna Berg").count();
    let before = links(&window);
    window.click("Show the mentions of Anna Berg");
    assert_eq!(links(&window), before + 2);
}

#[test]
fn the_join_dialog_filters_by_name_and_enter_takes_the_first() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    for words in ["[Anna Berg] met", "[Bob] in"] {
        window.mark(words, 'p');
        window.click("New entity");
    }
    let other = window.mark("the mayor", 'p');
    window.press(CTRL, Key::J);
    // Letters go to the filter, not to the labels.
    window.letter('b');
    window.type_text("bob");
    window.expect_not("Join to Anna Berg");
    window.key(Key::Enter);
    window.expect("Entity Bob, 2 mentions");
    assert_eq!(window.kind(&other), Some(Kind::Mention));
    assert_eq!(window.document().mentions().len(), 3);
}

#[test]
fn keys_do_not_mark_while_a_text_field_has_the_focus() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let bob = window.mark("[Bob] in", 'p');
    window.click_role(Role::MultilineTextInput, "Note");
    for key in ['p', 'o', 'q', 'r'] {
        window.letter(key);
    }
    window.key(Key::Delete);
    window.type_text("or Robert");
    assert_eq!(window.mentions(), ["Person: Bob"]);
    // Leaving the field gives the text to the document, as one step.
    window.press(NONE, Key::Tab);
    let note = window.document().mentions().get(&bob).and_then(|m| m.note.clone().into_inner());
    assert_eq!(note.as_deref(), Some("or Robert"));
}

#[test]
fn the_brush_marks_every_double_click() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::B);
    let pos = first_word(&window, "Anna Berg met Bob in Paris on Monday.");
    window.double_click(pos);
    assert_eq!(window.mentions(), ["Person: Bob", "Person: Anna"]);
}
