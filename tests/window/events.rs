//! Events, quotes and relations: cards, hint letters, words, and what is refused.

use egui::Key;
use egui::accesskit::Role;
use manicule::model::{AttributeValue, Id};

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};

/// An article in which people and places are marked: Anna Berg, Bob, Paris, Monday.
fn marked(desk: &Desk) -> Window {
    let mut window = desk.article(ARTICLE);
    for (words, key) in [("[Anna Berg] met", 'p'), ("[Bob] in", 'p'), ("Bob in [Paris]", 'l'), ("Monday", 'd')] {
        window.mark(words, key);
    }
    window
}

fn asks_for(window: &Window, slot: &str) -> bool {
    window.shows_part(&format!("{slot}: letters choose"))
}

#[test]
fn an_event_takes_fillers_by_hint_letter_and_goes_on_until_enter() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.expect("Consult: met");
    assert!(asks_for(&window, "Actor"));
    // Legal for an actor, in the order of the text: Anna Berg, Bob, Paris. Not Monday.
    window.letter('j');
    window.letter('f');
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Actor: Bob"]);
    for slot in ["Mediator", "Topic", "Place"] {
        window.key(Key::Space);
        assert!(asks_for(&window, slot), "{slot}");
    }
    // A Place takes no person: the first letter is Paris now.
    window.letter('j');
    assert_eq!(window.roles(&event).last().map(String::as_str), Some("Place: Paris"));
    window.key(Key::Enter);
    assert!(!asks_for(&window, "Place") && !asks_for(&window, "Date"));
    window.click_button("Events 1");
    window.expect_part("Actor: Anna Berg · Actor: Bob · Place: Paris");

    // All of it is one step.
    window.press(CTRL, Key::Z);
    assert!(!window.exists(&event));
    window.press(CTRL.plus(SHIFT), Key::Z);
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Actor: Bob", "Place: Paris"]);
}

#[test]
fn an_illegal_filler_is_refused_with_what_would_be_legal() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.click_role(Role::Mark, "Date: Monday");
    window.expect_part("Date cannot be Actor: it takes Person, Organization");
    assert!(window.roles(&event).is_empty());
    window.click_role(Role::Mark, "Person: Bob");
    assert_eq!(window.roles(&event), ["Actor: Bob"]);
}

#[test]
fn selected_words_and_enter_make_the_mention_and_fill_the_role_in_one_step() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let event = window.mark("thanked", 'S');
    window.select("[Bob] thanked");
    window.key(Key::Enter);
    assert_eq!(
        (window.mentions(), window.roles(&event)),
        (vec!["Person: Bob".to_owned()], vec!["Actor: Bob".to_owned()])
    );
    window.press(CTRL, Key::Z);
    assert!(window.mentions().is_empty() && window.roles(&event).is_empty());
}

#[test]
fn a_role_can_be_filled_with_what_is_not_in_the_text() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let event = window.mark("met", 'C');
    window.letter('i');
    window.expect("Implicit filler");
    window.type_text("the ministers");
    window.key(Key::Enter);
    assert_eq!(window.roles(&event), ["Actor: (the ministers)"]);
    window.expect_not("Implicit filler");
}

#[test]
fn an_event_may_share_its_trigger_with_another_and_fill_its_role() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let sign = window.mark("sign", 'A');
    window.key(Key::Enter);
    let met = window.mark("met", 'C');
    window.key(Key::Space);
    window.key(Key::Space);
    assert!(asks_for(&window, "Topic"));
    window.click_role(Role::Mark, "Agree: sign");
    assert_eq!(window.roles(&met), ["Topic: sign"]);
    window.key(Key::Enter);
    let again = window.mark("met", 'T');
    assert!(window.exists(&again) && window.exists(&met) && window.exists(&sign));
}

#[test]
fn a_quote_is_taken_with_its_speaker_and_events_in_it_know() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("said [Anna Berg]", 'p');
    window.select("\"We will sign the treaty\"");
    window.letter('q');
    for key in ['a', 'n', 'n'] {
        window.letter(key);
    }
    window.key(Key::Enter);
    let quote = window.document().quotes().keys().next().cloned().expect("a quote");
    assert_eq!(window.roles(&quote), ["Speaker: Anna Berg"]);
    window.click_button("Quotes 1");
    window.expect("Quote direct: \"We will sign the treaty\"");

    let event = window.mark("sign", 'A');
    assert_eq!(window.document().events()[&event].claimed_in, Some(quote));
    window.key(Key::Enter);
    let outside = window.mark("thanked", 'S');
    assert_eq!(window.document().events()[&outside].claimed_in, None);
}

#[test]
fn a_relation_is_made_by_letter_and_label() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.click_role(Role::Mark, "Person: Anna Berg");
    window.letter('r');
    window.expect_part("Relation: letters choose where it leads");
    // Bob: the first mention after Anna Berg.
    window.letter('j');
    window.expect_part("Relation: a key chooses its label");
    window.click_part("FamilyOf");
    window.click_button("Relations 1");
    window.expect("Relation FamilyOf: Anna Berg → Bob");
    let ids: Vec<Id> = window.document().relations().keys().cloned().collect();
    window.press(CTRL, Key::Z);
    assert!(!window.exists(&ids[0]));
}

#[test]
fn deleting_a_mention_takes_its_roles_along_and_undo_brings_them_back() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.letter('j');
    window.key(Key::Enter);
    window.click_role(Role::Mark, "Person: Anna Berg");
    window.key(Key::Delete);
    assert!(window.roles(&event).is_empty());
    window.press(CTRL, Key::Z);
    assert_eq!(window.roles(&event), ["Actor: Anna Berg"]);
}

#[test]
fn attributes_notes_status_and_labels_of_the_document_are_set_in_the_inspector() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("met", 'C');
    window.key(Key::Enter);
    window.choose("polarity", "negative");
    let polarity = window.document().events()[&event].attributes.get("polarity").cloned();
    assert_eq!(polarity, Some(AttributeValue::Text("negative".into())));

    // Nothing selected: the document itself.
    window.key(Key::Escape);
    window.choose("genre", "analysis");
    window.choose("Status", "Flagged");
    let header = window.document().header().clone();
    assert_eq!(header.labels.get("genre"), Some(&vec!["analysis".to_owned()]));
    assert_eq!(header.status, manicule::model::Status::Flagged);
    window.press(CTRL, Key::Enter);
    assert_eq!(window.document().header().status, manicule::model::Status::Done);
}

#[test]
fn what_is_missing_is_listed_as_a_problem_and_leads_to_its_place() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("thanked", 'S');
    window.key(Key::Enter);
    window.key(Key::Escape);
    window.click_button("Problems 1");
    window.click_part("Problem: ");
    assert!(window.is_selected("Support: thanked"));
}

#[test]
fn keys_that_arrive_in_one_slow_frame_are_carried_out_in_order() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    // Past the headline and three words to “met”; select it; make it a Consult; its actors by hint letters.
    let keys = [(CTRL, Key::Home)].into_iter().chain([(NONE, Key::ArrowRight); 6]).chain([
        (SHIFT, Key::ArrowRight),
        (SHIFT, Key::C),
        (NONE, Key::J),
        (NONE, Key::F),
        (NONE, Key::Enter),
    ]);
    window.press_at_once(keys);
    let event = window.document().events().keys().next().cloned().expect("an event");
    assert_eq!(window.words(&event), "met");
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Actor: Bob"]);
    assert_eq!(window.document().mentions().len(), 4);
}

#[test]
fn lists_show_the_events_of_the_article_that_is_open() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("met", 'C');
    window.key(Key::Enter);
    window.press(CTRL, Key::S);
    desk.write("one.ron", desk.read("article.ron"));
    window.mark("thanked", 'C');
    window.key(Key::Enter);
    window.press(CTRL, Key::S);
    desk.write("two.ron", desk.read("article.ron"));
    window.kill();
    let mut window = desk.open("one.ron");
    window.click_button("Events 1");
    window.expect("Event Consult: met");
    // The other one has the same revision: none of both has been changed.
    window.drop_file(desk.path("two.ron"));
    window.expect("Events 2");
    window.expect("Event Consult: met");
    window.expect("Event Consult: thanked");
}
