//! All occurrences of a name: the preview, its keys, and the batches that come of it.

use egui::Key;
use egui::accesskit::Role;
use manicule::model::{Id, Origin};

use crate::common::{CTRL, Desk, NONE, SHIFT, Window};

/// After the first “Anna Berg” five more places: four times her surname, once her full name.
const ARTICLE: &str = "Berg signs in Paris\n\nAnna Berg met Bob in Paris on Monday. Berg said that Berg's party would \
    sign. Paris Hilton was not there, said Berg. In Bergen nobody knew Anna Berg. The berg melted.\n";

/// The article with “Anna Berg” marked and selected.
fn anna(desk: &Desk) -> (Window, Id) {
    let mut window = desk.article(ARTICLE);
    let anna = window.mark("[Anna Berg] met", 'p');
    (window, anna)
}

fn count(window: &Window) -> usize {
    window.document().mentions().len()
}

/// What is marked with the label, in the order of the text.
fn marked(window: &Window, label: &str) -> Vec<String> {
    let d = window.document();
    let mut found: Vec<_> = d.mentions().values().filter(|m| m.label == label).collect();
    found.sort_by_key(|m| m.spans[0]);
    found.iter().map(|m| d.excerpt_of(&m.id)).collect()
}

#[test]
fn a_and_enter_mark_every_occurrence_in_one_step() {
    let desk = Desk::new();
    let (mut window, anna) = anna(&desk);
    window.letter('a');
    window.expect("+5 here");
    window.expect("Look for Anna Berg");
    window.expect("Look for Berg");
    window.expect("4, surname");
    assert_eq!(count(&window), 1, "a preview changes nothing");
    window.key(Key::Enter);
    window.expect("5 more marked as Person; press Ctrl+Z to take them back");
    window.expect_not("+5 here");
    let names = ["Berg", "Anna Berg", "Berg", "Berg", "Berg", "Anna Berg"];
    assert_eq!(marked(&window, "Person"), names, "the possessive stays outside, Bergen and the berg are others");
    let entity = window.document().mentions()[&anna].entity.clone().expect("they became one entity");
    assert_eq!(window.document().mention_count_of(&entity), 6);
    window.expect_part("All occurrences");

    window.press(CTRL, Key::Z);
    assert_eq!(count(&window), 1);
    assert!(window.document().batches().is_empty() && window.document().entities().is_empty());
    window.press(CTRL | SHIFT, Key::Z);
    assert_eq!(count(&window), 6);
    window.letter('a');
    window.expect_part("is marked everywhere already (6 times)");
}

#[test]
fn a_twice_is_enough() {
    let desk = Desk::new();
    let (mut window, _) = anna(&desk);
    window.press_at_once([(NONE, Key::A), (NONE, Key::A)]);
    assert_eq!(count(&window), 6);
}

#[test]
fn stepping_leaves_some_out_and_escape_leaves_all_as_it_was() {
    let desk = Desk::new();
    let (mut window, _) = anna(&desk);
    window.letter('a');
    // Begins after the marked one: “Berg said”; then “Berg's”.
    window.key(Key::ArrowDown);
    window.key(Key::Space);
    window.expect("+4 here");
    window.key(Key::Space);
    window.key(Key::Space);
    // No: the one after it. Yes: the last one. Back over Tab, and no label key does anything.
    window.key(Key::Tab);
    window.letter('n');
    window.letter('y');
    window.letter('o');
    window.key(Key::Delete);
    window.expect("+2 here");
    window.key(Key::Escape);
    assert_eq!(marked(&window, "Person"), ["Anna Berg"]);
    window.expect_not("+2 here");

    window.letter('a');
    window.expect("+5 here");
    window.letter('n');
    window.key(Key::Enter);
    assert_eq!(marked(&window, "Person"), ["Berg", "Anna Berg", "Berg", "Berg", "Anna Berg"]);
}

#[test]
fn overlapping_hits_stand_apart_and_are_not_marked() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("Paris Hilton", 'p');
    window.mark("signs in [Paris]", 'l');
    window.letter('a');
    window.expect("+1 here");
    window.expect("Overlapping another mention (1)");
    window.expect_part("Overlaps Person Paris Hilton");
    window.expect("Marked already (1)");
    window.key(Key::Enter);
    assert_eq!(marked(&window, "Place"), ["Paris", "Paris"]);
}

#[test]
fn texts_and_case_are_switched_in_the_preview() {
    let desk = Desk::new();
    let (mut window, _) = anna(&desk);
    window.letter('a');
    window.click_role(Role::CheckBox, "Look for Berg");
    window.expect("+1 here");
    window.click_role(Role::CheckBox, "Look for Berg");
    window.click_role(Role::CheckBox, "Ignore case");
    window.expect("+6 here");
    window.click_first(Role::CheckBox, "Mark Berg signs in Paris");
    window.expect("+5 here");
    window.click_button("Mark 5");
    assert_eq!(marked(&window, "Person").last().map(String::as_str), Some("berg"));
}

#[test]
fn nothing_to_do_is_said() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.letter('a');
    window.expect("Select a mention first: click it, or press Alt+Down");
    window.mark("Monday", 'd');
    window.letter('a');
    window.expect("No other occurrence of “Monday”");
    window.mark("met", 'C');
    window.key(Key::Enter);
    window.letter('a');
    window.expect("Only mentions can be marked everywhere: select one");
}

#[test]
fn the_mention_at_the_caret_will_do() {
    let desk = Desk::new();
    let (mut window, _) = anna(&desk);
    window.key(Key::Escape);
    window.press(CTRL, Key::Home);
    window.select("[Anna] Berg met");
    window.key(Key::ArrowLeft);
    window.letter('a');
    window.expect("+5 here");
}

/// All of “Anna Berg” marked; then one re-labelled, and one made the actor of an event.
fn edited(desk: &Desk) -> Window {
    let (mut window, _) = anna(desk);
    window.press_at_once([(NONE, Key::A), (NONE, Key::A)]);
    window.click_first(Role::Mark, "Person: Berg");
    window.letter('o');
    window.mark("said that", 'C');
    window.click_first(Role::Mark, "Person: Berg");
    window.key(Key::Enter);
    window
}

#[test]
fn a_batch_is_retracted_without_what_was_edited_or_is_used() {
    let desk = Desk::new();
    let mut window = edited(&desk);
    let before = window.document().clone();
    window.click_button("Batches 1");
    window.expect_part("5 marked, 2 edited or in use");
    window.click_button("Retract 3, 2 stay, batch b1");
    window.expect("3 retracted, 2 edited or in use stay; press Ctrl+Z to bring them back");
    assert_eq!(marked(&window, "Person"), ["Anna Berg", "Berg"]);
    assert_eq!(marked(&window, "Organization"), ["Berg"]);
    assert!(window.document().batches().is_empty());
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &before);
}

#[test]
fn a_mention_says_which_batch_made_it_and_leads_there() {
    let desk = Desk::new();
    let mut window = edited(&desk);
    window.click_first(Role::Mark, "Organization: Berg");
    window.expect_part("Marked with all “Anna Berg”, “Berg”, edited by hand since");
    window.click_button("Show batch");
    window.click_button("Show, batch b1");
    let origin = window.document().mentions()[&Id::from("m2")].provenance.by.clone();
    assert_eq!(origin, Origin::Edited("b1".into()));
}

#[test]
fn a_batch_is_extended_when_its_entity_has_a_new_alias() {
    let desk = Desk::new();
    let (mut window, _) = anna(&desk);
    window.letter('a');
    window.letter('n');
    window.key(Key::Enter);
    assert_eq!(count(&window), 5);
    window.click_role(Role::TextInput, "Aliases");
    window.type_text("Bob");
    window.key(Key::Enter);
    window.click_button("Batches 1");
    window.click_button("Extend +1, batch b1");
    // What was left out once is offered and not checked.
    window.expect("+1 here");
    window.expect("Not marked yet (2)");
    window.click_button("Mark 1");
    assert_eq!(marked(&window, "Person"), ["Berg", "Anna Berg", "Bob", "Berg", "Berg", "Anna Berg"]);
    let batch = &window.document().batches()[&Id::from("b1")];
    assert_eq!(batch.search.texts, ["Anna Berg", "Berg", "Bob"]);
    assert_eq!(window.document().mentions_of_batch(&batch.id).len(), 5);
}

#[test]
fn batches_survive_saving_and_a_crash() {
    let desk = Desk::new();
    let mut window = edited(&desk);
    window.press(CTRL, Key::S);
    window.expect("Saved");
    let saved = window.document().clone();
    drop(window);
    let mut window = desk.open("article.ron");
    assert_eq!(window.document(), &saved);
    window.click_button("Batches 1");
    window.click_button("Retract 3, 2 stay, batch b1");
    let retracted = window.document().clone();
    window.kill();
    let mut window = desk.open("article.ron");
    assert_eq!(window.document(), &retracted);
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &saved);
}

/// The accessible name of what has the keyboard.
fn focused(window: &Window) -> Option<String> {
    use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
    let mut all = window.harness.query_all(By::new().predicate(|_| true)).map(|node| node.accesskit_node());
    all.find(egui_kittest::kittest::AccessKitNode::is_focused).and_then(|node| node.label())
}

/// Moves the keyboard from region to region until it is on what has this name.
fn go_to(window: &mut Window, name: &str) {
    let mut seen = Vec::new();
    for _ in 0..4 {
        for _ in 0..40 {
            seen.extend(focused(window));
            if seen.last().is_some_and(|last| last == name) {
                return;
            }
            if seen.last().is_some_and(|last| last.starts_with("Article")) {
                break;
            }
            window.key(Key::Tab);
        }
        window.key(Key::F6);
    }
    panic!("the keyboard does not reach {name:?} but {seen:?}");
}

#[test]
fn everything_in_the_preview_is_reached_by_keyboard() {
    let desk = Desk::new();
    let (mut window, _) = anna(&desk);
    window.letter('a');
    for name in ["Mark Berg signs in Paris", "Leave", "Mark 5", "Ignore case", "Look for Berg"] {
        go_to(&mut window, name);
    }
    window.key(Key::Space);
    window.expect("+1 here");
    window.key(Key::Escape);
    window.expect_not("+1 here");
}

#[test]
fn a_wrong_batch_of_long_ago_is_found_by_one_of_its_mentions() {
    let desk = Desk::new();
    let (mut window, _) = anna(&desk);
    window.press_at_once([(NONE, Key::A), (NONE, Key::A)]);
    window.click_first(Role::Mark, "Person: Berg");
    window.click_button("Show batch");
    window.click_button("Show, batch b1");
    window.expect_part("Made by the batch b1");
    window.click_button("Retract 5, batch b1");
    window.expect("5 retracted; press Ctrl+Z to bring them back");
    assert_eq!(count(&window), 1);
}

#[test]
fn a_batch_and_what_was_refused_survive_a_crash() {
    let desk = Desk::new();
    let (mut window, _) = anna(&desk);
    window.press_at_once([(NONE, Key::A), (NONE, Key::A)]);
    window.press(CTRL, Key::Home);
    window.key(Key::Tab);
    window.key(Key::Backspace);
    window.key(Key::Escape);
    let before = window.document().clone();
    assert_eq!((before.batches().len(), before.rejected().len()), (1, 1));
    window.kill();
    let mut window = desk.open("article.txt");
    assert_eq!(window.document(), &before);
    window.press(CTRL, Key::Z);
    assert!(window.document().rejected().is_empty());
    window.press(CTRL, Key::Z);
    assert!(window.document().batches().is_empty());
    assert_eq!(marked(&window, "Person").len(), 1);
    for _ in 0..2 {
        window.press(CTRL, Key::Y);
    }
    assert_eq!(window.document(), &before);
    window.click_button("Batches 1");
    window.click_button("Retract 5, batch b1");
    assert_eq!(marked(&window, "Person").len(), 1);
}

/// The speaker of a quote was marked by the key of quotes.
#[test]
fn a_mention_that_a_quote_brought_joins_the_entity_of_all_others() {
    let desk = Desk::new();
    let mut window = desk.article(crate::common::ARTICLE);
    window.quote("\"We will sign the treaty\"");
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
    // Its name tells who it is: there is nothing to ask.
    window.expect("Problems 0");
    window.expect("Entity Anna Berg, 1 mention");
    window.mark("[Anna Berg] met", 'p');
    window.letter('a');
    window.expect_part("Marked everywhere already; 1 mention joined to Anna Berg");
    let d = window.document();
    let entities: Vec<_> = d.mentions().values().map(|m| m.entity.clone()).collect();
    assert!(entities[0].is_some() && entities[0] == entities[1] && d.entities().len() == 1, "{entities:?}");
    window.press(CTRL, Key::Z);
    window.expect("Entity Anna Berg, 1 mention");
}

#[test]
fn mentions_that_were_marked_one_by_one_join_what_is_marked_everywhere_in_one_step() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Berg] said", 'p');
    window.mark("[Anna Berg] met", 'p');
    let before = window.document().clone();
    window.letter('a');
    window.expect("they become one entity");
    window.key(Key::Enter);
    window.expect_part("4 more marked as Person, 1 marked before joined");
    window.expect("Entity Anna Berg, 6 mentions");
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &before);
    window.press(CTRL | SHIFT, Key::Z);
    window.expect("Entity Anna Berg, 6 mentions");
}
