//! Problems: walking through them, and mending them in one key; claims.

use egui::Key;
use egui::accesskit::Role;
use manicule::model::Kind;

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};

/// An event without its actor, whose sentence has one person; a quote without speaker, with nobody beside it.
fn with_problems(desk: &Desk) -> Window {
    let mut window = desk.article(ARTICLE);
    window.mark("thanked", 'S');
    window.key(Key::Enter);
    window.mark("[Bob] thanked", 'p');
    window.select("\"We will sign the treaty\"");
    window.letter('q');
    // Without a speaker.
    window.key(Key::Space);
    window.key(Key::Escape);
    window.press(CTRL, Key::Home);
    window
}

#[test]
fn f8_walks_through_the_problems_and_round_and_a_key_mends_the_selected_one() {
    let desk = Desk::new();
    let mut window = with_problems(&desk);
    window.key(Key::F8);
    assert!(window.is_selected("direct: \"We will sign the treaty\""));
    window.expect_part("The quote has no speaker · ");
    window.key(Key::F8);
    assert!(window.is_selected("Support: thanked"));
    window.expect_part("Ctrl+.: fill Actor with “Bob” · F8: next problem");
    window.key(Key::F8);
    assert!(window.is_selected("direct: \"We will sign the treaty\""));
    window.press(SHIFT, Key::F8);
    assert!(window.is_selected("Support: thanked"));

    window.press(CTRL, Key::Period);
    let event = window.document().events().keys().next().cloned().expect("an event");
    assert_eq!(window.roles(&event), ["Actor: Bob"]);
    window.expect("Fixed: Fill Actor with “Bob”");
    window.press(CTRL, Key::Z);
    assert!(window.roles(&event).is_empty(), "mending is one step");
}

#[test]
fn a_row_of_the_list_has_a_button_that_mends_it() {
    let desk = Desk::new();
    let mut window = with_problems(&desk);
    window.click_button("Problems 2");
    window.expect_part("choose a mention as the speaker");
    window.expect_not("Fix: Fill Speaker with “Bob”");
    window.click("Fix: Fill Actor with “Bob”");
    window.expect("Problems 1");
    let event = window.document().events().keys().next().cloned().expect("an event");
    assert_eq!(window.roles(&event), ["Actor: Bob"]);
}

#[test]
fn what_can_be_mended_in_more_than_one_way_is_left_to_the_annotator() {
    let desk = Desk::new();
    let mut window = with_problems(&desk);
    let before = window.document().clone();
    window.press(CTRL, Key::Period);
    window.expect("Select a problem first: to go to the next one, press F8");
    window.mark("the mayor", 'p');
    window.press(CTRL, Key::Home);
    window.key(Key::F8);
    window.key(Key::F8);
    assert!(window.is_selected("Support: thanked"));
    window.press(CTRL, Key::Period);
    window.expect_part("There is more than one way to mend this");
    assert_eq!(window.document().events(), before.events());
}

#[test]
fn white_space_at_the_edge_is_taken_off_by_its_button() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.press(CTRL, Key::Home);
    for _ in 0..3 {
        window.press(crate::common::SHIFT.plus(egui::Modifiers::ALT), Key::ArrowRight);
    }
    // “Tal” and on to behind the space after “Talks”.
    for _ in 0..3 {
        window.press(crate::common::SHIFT.plus(egui::Modifiers::ALT), Key::ArrowRight);
    }
    window.letter('p');
    let id = window.document().mentions().keys().next().cloned().expect("a mention");
    assert_eq!(window.document().text().slice(window.document().mentions()[&id].spans[0]), "Talks ");
    window.key(Key::F8);
    window.press(egui::Modifiers::ALT, Key::Enter);
    assert_eq!(window.document().text().slice(window.document().mentions()[&id].spans[0]), "Talks");
    window.expect("Problems 0");
}

#[test]
fn no_problems_are_said_to_be_none() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.press(NONE, Key::F8);
    window.expect("No problems");
}

#[test]
fn an_event_in_a_quote_says_who_claims_it_and_the_list_tells_them_apart() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("said [Anna Berg]", 'p');
    window.click("New entity");
    window.quote("\"We will sign the treaty\"");
    let claimed = window.mark("sign", 'A');
    window.key(Key::Enter);
    window.mark("thanked", 'S');
    window.key(Key::Enter);
    assert_eq!(window.kind(&claimed), Some(Kind::Event));
    window.click_button("Events 2");
    window.expect("claimed by Anna Berg");
    window.click_button("Claimed");
    window.expect("Event Agree: sign");
    window.expect_not("Event Support: thanked");
    window.click_button("Asserted by the text");
    window.expect_not("Event Agree: sign");
    window.expect("Event Support: thanked");
    window.click_button("All");
    let told = |window: &Window| window.labels().iter().filter(|l| *l == "claimed by Anna Berg").count();
    let in_the_list = told(&window);
    window.click_first(Role::Button, "Event Agree: sign");
    assert!(told(&window) > in_the_list, "the inspector says it, too");
}
