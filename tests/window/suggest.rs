//! Suggestions: met on the walk, clicked, asked for with the key of quotes; taken, refused, left.

use egui::accesskit::Role;
use egui::{Event, Key};
use manicule::model::{Id, Origin};

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Storage, Window};

const ANNA: &str = "Suggestion: Person Anna Berg";
const BOB: &str = "Suggestion: Person Bob";
const ALT: egui::Modifiers = egui::Modifiers::ALT;

/// Nobody is quoted here.
const NAMES: &str = "Talks in Paris end\n\nAnna Berg met Bob in Paris on Monday.\n\n\
    Later Anna Berg left. Bob thanked the mayor.\n";

/// An article in which Anna Berg and Bob are marked where they stand first; both stand once more.
fn marked(desk: &Desk) -> Window {
    marked_in(desk, NAMES)
}

fn marked_in(desk: &Desk, article: &str) -> Window {
    let mut window = desk.article(article);
    window.mark("[Anna Berg] met", 'p');
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::Home);
    window
}

fn origin(window: &Window, id: &Id) -> Origin {
    window.document().mentions()[id].provenance.by.clone()
}

#[test]
fn a_name_is_proposed_where_it_stands_unmarked_and_enter_after_enter_takes_them() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.expect(ANNA);
    window.expect(BOB);
    window.expect("2 suggestions");
    assert_eq!(window.document().mentions().len(), 2, "what is proposed is not in the document");
    window.key(Key::Tab);
    assert!(window.is_selected(ANNA));
    window.expect_part("Person? Enter accepts, Backspace rejects");
    window.key(Key::Enter);
    assert!(window.is_selected(BOB), "goes on to the next");
    window.key(Key::Enter);
    window.expect_not(BOB);
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob", "Person: Anna Berg", "Person: Bob"]);
    assert_eq!(origin(&window, &"m3".into()), Origin::Suggestion("names".into()));

    // One step each.
    window.press(CTRL, Key::Z);
    assert_eq!(window.document().mentions().len(), 3);
    window.expect(BOB);
}

#[test]
fn what_is_taken_joins_the_entity_of_the_name() {
    let desk = Desk::new();
    let mut window = desk.article(NAMES);
    window.mark("[Bob] in", 'p');
    window.click("New entity");
    window.press(CTRL, Key::Home);
    window.key(Key::Tab);
    window.expect("Joins Bob");
    window.key(Key::Enter);
    window.expect("Entity Bob, 2 mentions");
}

#[test]
fn what_is_refused_stays_away_also_in_the_file_until_it_is_undone() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.key(Key::Tab);
    window.key(Key::Backspace);
    window.expect_not(ANNA);
    assert!(window.is_selected(BOB), "goes on to the next");
    window.key(Key::Escape);
    window.press(CTRL, Key::S);
    assert!(
        desk.read("article.ron").contains("(suggester: \"names\", label: \"Person\""),
        "{}",
        desk.read("article.ron")
    );
    window.kill();
    let mut window = desk.open("article.ron");
    window.expect(BOB);
    window.expect_not(ANNA);
    window.press(CTRL, Key::Z);
    window.expect(ANNA);
    assert!(window.document().rejected().is_empty());
}

#[test]
fn escape_and_moving_the_caret_leave_a_suggestion_as_it_was() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let before = window.document().clone();
    for (modifiers, key) in [(NONE, Key::Escape), (NONE, Key::ArrowRight), (SHIFT, Key::ArrowLeft)] {
        window.press(CTRL, Key::Home);
        window.key(Key::Tab);
        assert!(window.is_selected(ANNA));
        window.press(modifiers, key);
        assert!(!window.is_selected(ANNA), "{key:?}");
        window.key(Key::Enter);
        assert_eq!(window.document(), &before, "{key:?}");
    }
}

#[test]
fn suggestions_and_problems_are_walked_in_the_order_of_the_text() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.mark("thanked", 'S');
    window.key(Key::Enter);
    window.press(CTRL, Key::Home);
    window.key(Key::Tab);
    assert!(window.is_selected(ANNA));
    window.key(Key::Tab);
    assert!(window.is_selected(BOB));
    window.key(Key::Tab);
    assert!(window.is_selected("Support: thanked"), "{:?}", window.labels());
    window.expect_part("Tab next, Esc leaves");
    window.key(Key::Tab);
    window.expect_part("Nothing to do after this");
    window.press(SHIFT, Key::Tab);
    assert!(window.is_selected(BOB));
}

#[test]
fn tab_walks_annotations_where_nothing_is_to_do_and_alt_with_arrows_always() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.press(ALT, Key::ArrowDown);
    assert!(window.is_selected("Person: Anna Berg"));
    window.press(ALT, Key::ArrowDown);
    assert!(window.is_selected("Person: Bob"));
    window.press(ALT, Key::ArrowUp);
    assert!(window.is_selected("Person: Anna Berg"));
    window.key(Key::Tab);
    window.key(Key::Backspace);
    window.key(Key::Backspace);
    window.press(CTRL, Key::Home);
    window.key(Key::Tab);
    assert!(window.is_selected("Person: Anna Berg"), "{:?}", window.labels());
}

#[test]
fn a_suggestion_is_clicked_and_decided_on_in_its_card() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.click_role(Role::Mark, BOB);
    assert!(window.is_selected(BOB));
    window.expect("Marked as Person elsewhere");
    window.click_button("Accept");
    assert_eq!(window.document().mentions().len(), 3);
    window.click_role(Role::Mark, ANNA);
    window.click_button("Reject the suggestion");
    window.expect_not(ANNA);
    assert_eq!(window.document().mentions().len(), 3);
    assert_eq!(window.document().rejected().len(), 1);
}

#[test]
fn enter_turns_to_the_suggestion_at_the_caret_and_again_takes_it() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.select("Later [Anna] Berg");
    window.key(Key::Escape);
    window.key(Key::ArrowLeft);
    window.key(Key::Enter);
    assert!(window.is_selected(ANNA));
    window.key(Key::Enter);
    assert_eq!(window.document().mentions().len(), 3);
}

#[test]
fn a_label_key_takes_a_proposed_mention_as_that() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.key(Key::Tab);
    window.letter('o');
    assert_eq!(window.mentions().last().map(String::as_str), Some("Organization: Anna Berg"));
    assert!(window.is_selected(BOB));
}

#[test]
fn suggestions_are_switched_off_and_that_is_remembered() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.menu("View", "Suggestions");
    window.expect_not(ANNA);
    window.expect_not("2 suggestions");
    window.key(Key::Tab);
    assert!(window.is_selected("Person: Anna Berg"), "walks annotations");
    window.press(CTRL, Key::S);
    let storage: Storage = window.kill();
    let mut later = desk.window_on(Some(desk.path("article.ron")), storage);
    later.expect_not(ANNA);
    later.press(CTRL.plus(SHIFT), Key::G);
    later.expect(ANNA);
}

// --- quotes ----------------------------------------------------------------------------------------------------

const SAID: &str = "Suggestion: Quote direct \"We will sign the treaty\"";

fn cue(window: &Window, quote: &Id) -> String {
    let cue = window.document().quotes()[quote].cue.clone().expect("a cue");
    window.document().text().excerpt(&cue)
}

/// Puts the caret in front of these words.
fn caret(window: &mut Window, words: &str) {
    window.select(words);
    window.key(Key::Escape);
    window.key(Key::ArrowLeft);
}

#[test]
fn a_quote_is_taken_with_cue_and_speaker_by_two_keys_and_one_undo() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let empty = window.document().clone();
    caret(&mut window, "treaty");
    window.letter('q');
    window.expect_part("Quote by Anna Berg: Enter accepts");
    assert_eq!(window.document(), &empty, "nothing is in the document before");
    window.key(Key::Enter);
    let quote = only_quote(&window);
    assert_eq!(window.words(&quote), "\"We will sign the treaty\"");
    assert_eq!(
        (cue(&window, &quote), window.roles(&quote)),
        ("said".to_owned(), vec!["Speaker: Anna Berg".to_owned()])
    );
    assert_eq!(window.mentions(), ["Person: Anna Berg"], "the words became a mention");
    assert!(window.is_selected("direct: \"We will sign the treaty\""));
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &empty);
}

#[test]
fn tab_and_digits_choose_among_those_who_may_have_said_it() {
    let desk = Desk::new();
    let mut window = marked_in(&desk, ARTICLE);
    caret(&mut window, "treaty");
    window.letter('q');
    window.expect_part("Quote by Anna Berg: Enter accepts");
    window.key(Key::Tab);
    assert!(!window.shows_part("Quote by Anna Berg: Enter accepts"));
    window.press(SHIFT, Key::Tab);
    window.expect_part("Quote by Anna Berg: Enter accepts");
    window.letter('9');
    window.expect("There is no speaker 9");
    window.press(NONE, Key::Num1);
    window.expect_part("Quote by Anna Berg: Enter accepts");
}

#[test]
fn a_quote_that_an_attribution_splits_is_one_quote() {
    let desk = Desk::new();
    let text = "Talks in Paris end\n\n“We will sign,” Anna Berg said. “But not today.”\n";
    let mut window = desk.article(text);
    caret(&mut window, "today");
    window.letter('q');
    window.key(Key::Enter);
    let quote = only_quote(&window);
    assert_eq!(window.document().quotes()[&quote].content.len(), 2, "{}", window.words(&quote));
    assert_eq!(window.roles(&quote), ["Speaker: Anna Berg"]);
}

#[test]
fn a_selected_cue_gives_the_indirect_speech_it_belongs_to() {
    let desk = Desk::new();
    let text = "Talks in Paris end\n\nAnna Berg said that the treaty will be signed soon.\n";
    let mut window = desk.article(text);
    window.select("said");
    window.letter('q');
    window.key(Key::Enter);
    let quote = only_quote(&window);
    assert_eq!(window.words(&quote), "the treaty will be signed soon");
    assert_eq!(window.document().quotes()[&quote].kind, "indirect");
    assert_eq!(
        (cue(&window, &quote), window.roles(&quote)),
        ("said".to_owned(), vec!["Speaker: Anna Berg".to_owned()])
    );
}

#[test]
fn a_quote_met_on_the_walk_is_taken_by_enter_and_its_speaker_chosen_after_the_key_of_quotes() {
    let desk = Desk::new();
    let mut window = marked_in(&desk, ARTICLE);
    window.key(Key::Tab);
    assert!(window.is_selected(SAID), "{:?}", window.labels());
    // Letters label as ever; the key of quotes turns to the speaker.
    window.letter('q');
    for key in ['b', 'o', 'b'] {
        window.letter(key);
    }
    window.key(Key::Enter);
    assert_eq!(window.roles(&only_quote(&window)), ["Speaker: Bob"]);
    window.press(CTRL, Key::Z);
    window.press(CTRL, Key::Home);
    window.key(Key::Tab);
    window.key(Key::Enter);
    assert_eq!(window.roles(&only_quote(&window)), ["Speaker: Anna Berg"]);
    window.expect_not(SAID);
}

#[test]
fn words_selected_meanwhile_are_the_speaker() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    caret(&mut window, "treaty");
    window.letter('q');
    window.select("the mayor");
    window.key(Key::Enter);
    assert_eq!(window.roles(&only_quote(&window)), ["Speaker: the mayor"]);
}

fn only_quote(window: &Window) -> Id {
    window.document().quotes().keys().next().cloned().expect("a quote")
}

#[test]
fn selected_words_are_proposed_as_a_quote_whose_speaker_is_found_by_letters() {
    let desk = Desk::new();
    let mut window = marked_in(&desk, ARTICLE);
    let before = window.document().clone();
    window.select("\"We will sign the treaty\"");
    window.letter('q');
    window.expect(SAID);
    assert!(window.is_selected(SAID));
    assert_eq!(window.document(), &before, "nothing is in the document before");
    for key in ['b', 'o'] {
        window.letter(key);
    }
    window.expect("Speaker Bob");
    window.expect_part("Quote by Bob [bo]");
    window.key(Key::Enter);
    let quote = only_quote(&window);
    assert_eq!(window.roles(&quote), ["Speaker: Bob"]);
    assert_eq!(window.document().quotes()[&quote].provenance.by, Origin::Hand);
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &before, "one step");
}

#[test]
fn the_speaker_of_a_proposed_quote_is_clicked_implicit_or_left_open() {
    let desk = Desk::new();
    let mut window = marked_in(&desk, ARTICLE);
    let propose = |window: &mut Window| {
        window.select("\"We will sign the treaty\"");
        window.letter('q');
    };
    propose(&mut window);
    window.click_role(Role::Mark, "Person: Bob");
    window.key(Key::Enter);
    assert_eq!(window.roles(&only_quote(&window)), ["Speaker: Bob"]);

    window.press(CTRL, Key::Z);
    propose(&mut window);
    window.letter('i');
    window.expect("Implicit filler");
    window.type_text("the ministers");
    window.key(Key::Enter);
    assert_eq!(window.roles(&only_quote(&window)), ["Speaker: (the ministers)"]);

    window.press(CTRL, Key::Z);
    propose(&mut window);
    window.key(Key::Space);
    assert!(window.roles(&only_quote(&window)).is_empty());
    assert!(!window.shows_part("Speaker: letters choose"));

    window.press(CTRL, Key::Z);
    propose(&mut window);
    window.key(Key::Escape);
    assert!(window.document().quotes().is_empty());
    assert!(!window.is_selected(SAID));
}

#[test]
fn without_a_quotation_the_key_of_quotes_says_what_to_select() {
    let desk = Desk::new();
    let mut window = desk.article("Nobody said anything here\n\nAnd nobody was quoted.\n");
    window.letter('q');
    window.expect_part("No quotation at the caret");
}

#[test]
fn a_quote_whose_speaker_was_asked_for_afterwards_is_one_step() {
    let desk = Desk::new();
    let mut window = desk.article("Talks end\n\n“we will sign the treaty soon.”\n");
    let before = window.document().clone();
    window.select("will [sign] the");
    window.key(Key::ArrowLeft);
    window.letter('q');
    window.expect_part("Quote by nobody yet");
    window.key(Key::Enter);
    window.expect_part("Speaker: letters choose");
    window.letter('i');
    window.type_text("Anna");
    window.key(Key::Enter);
    let quote = window.document().quotes().values().next().expect("made").clone();
    assert!(quote.speaker.is_some());
    window.key(Key::Enter);
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &before, "one key takes the quote and its speaker back");
}

#[test]
fn a_speaker_is_found_by_the_letters_of_its_own_script() {
    let desk = Desk::new();
    let mut window = desk.article("Talks end\n\nЁлкина met Øystein. “we will sign the treaty soon.”\n");
    window.mark("[Ёлкина] met", 'p');
    window.mark("[Øystein]", 'p');
    window.select("will [sign] the");
    window.key(Key::ArrowLeft);
    window.letter('q');
    // The key as a keyboard of another script reports it, by its place, and what it types.
    let typed = |window: &mut Window, key: Key, text: &str| {
        let event = |pressed| Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers: NONE };
        window.harness.input_mut().events.extend([event(true), Event::Text(text.into()), event(false)]);
        window.settle();
    };
    typed(&mut window, Key::Backtick, "ё");
    window.expect_part("Quote by Ёлкина [ё]");
    typed(&mut window, Key::K, "л");
    window.expect_part("Quote by Ёлкина [ёл]");
    window.key(Key::Backspace);
    window.key(Key::Backspace);
    typed(&mut window, Key::Semicolon, "ø");
    window.expect_part("Quote by Øystein [ø]");
    window.key(Key::Enter);
    let quote = only_quote(&window);
    assert_eq!(window.roles(&quote), ["Speaker: Øystein"]);
}

#[test]
fn escape_from_a_quote_that_was_asked_for_brings_the_selection_back() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.select("[Bob] thanked");
    let before = window.harness.state().selection().cloned();
    window.letter('q');
    window.expect_part("Quote by");
    window.key(Key::Escape);
    assert_eq!(window.harness.state().selection().cloned(), before);
    window.letter('p');
    assert_eq!(window.mentions(), ["Person: Bob"], "another key marks them");
}

#[test]
fn problems_are_walked_also_while_suggestions_are_off() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let event = window.mark("thanked", 'S');
    window.key(Key::Enter);
    window.menu("View", "Suggestions");
    window.expect_not(ANNA);
    window.press(CTRL, Key::Home);
    window.key(Key::Tab);
    assert_eq!(window.harness.state().selected(), Some(&event), "its role is missing");
}
