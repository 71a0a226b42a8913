//! What one piece of work costs, in input events: the counts to beat are those of the best other tools.

use egui::Key;
use manicule::model::Id;

use crate::common::{CTRL, Desk, Window};

const TEXT: &str = "Talks in Paris end\n\nAnna Berg met Bob Lund in Paris on Monday. Anna Berg thanked Paris. \
    Bob Lund left Paris with Anna Berg.\n\n“We will sign the treaty,” said Anna Berg. “It is good for Paris.”\n";

/// What a piece of work took, and what it may take.
struct Row {
    work: &'static str,
    how: &'static str,
    events: usize,
    most: usize,
}

/// Does a piece of work and counts; then takes it back with one key and does it again.
fn count(
    window: &mut Window,
    work: &'static str,
    how: &'static str,
    most: usize,
    act: impl FnOnce(&mut Window),
) -> Row {
    let before = window.document().clone();
    let already = window.inputs;
    act(window);
    let events = window.inputs - already;
    let after = window.document().clone();
    assert_ne!(after, before, "{work}: nothing was done; the window says {:?}", window.labels());
    window.press(CTRL, Key::Z);
    assert_eq!(window.document(), &before, "{work}: one key takes it back");
    window.press(CTRL, Key::Y);
    assert_eq!(window.document(), &after, "{work}: one key does it again");
    Row { work, how, events, most }
}

fn mention(window: &Window, words: &str) -> Id {
    let found = window.document().mentions().values().find(|m| window.words(&m.id) == words);
    found.unwrap_or_else(|| panic!("{words} is not marked")).id.clone()
}

/// The words at both ends of each relation.
fn ends(window: &Window) -> Vec<(String, String)> {
    window.document().relations().values().map(|r| (window.words(&r.from), window.words(&r.to))).collect()
}

#[test]
fn each_piece_of_work_takes_no_more_than_its_count() {
    let desk = Desk::new();
    let window = &mut desk.article(TEXT);
    let mut rows = Vec::new();

    rows.push(count(window, "entity, new string", "double-click, key", 2, |w| {
        w.double_click_word("in [Paris] on");
        w.letter('l');
    }));
    rows.push(count(window, "entity with a suggestion on screen", "Enter", 1, |w| {
        // The walk to the first one is not counted; each that is accepted leads to the next.
        w.key(Key::Tab);
        w.inputs -= 1;
        w.key(Key::Enter);
    }));
    window.key(Key::Escape);
    window.click_mark(&mention(window, "Paris"));
    rows.push(count(window, "all other occurrences", "Alt+A", 1, |w| w.press(egui::Modifiers::ALT, Key::A)));
    assert_eq!(window.mentions(), vec!["Place: Paris"; 5]);
    window.mark("[Anna Berg] met", 'p');
    rows.push(count(window, "all other occurrences, after a preview", "a, Enter", 2, |w| {
        w.letter('a');
        w.key(Key::Enter);
    }));
    let is_anna = |found: &&String| found.as_str() == "Person: Anna Berg" || found.as_str() == "Person: Berg";
    assert_eq!(window.mentions().iter().filter(is_anna).count(), 4);
    window.mark("[Bob Lund] in", 'p');
    window.key(Key::Escape);

    rows.push(count(window, "event with two arguments that exist", "double-click, key, letter, letter", 4, |w| {
        w.double_click_word("[met] Bob");
        w.letter('C');
        let (anna, bob) = (mention(w, "Anna Berg"), mention(w, "Bob Lund"));
        w.hint(&anna);
        w.hint(&bob);
    }));
    let event = window.document().events().keys().next().expect("made").clone();
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Actor: Bob Lund"]);
    window.key(Key::Enter);
    window.key(Key::Escape);

    rows.push(count(
        window,
        "event with arguments of two roles that exist",
        "double-click, key, letter, digit, letter",
        5,
        |w| {
            w.double_click_word("[thanked] Paris");
            w.letter('S');
            let (anna, paris) = (mention(w, "Anna Berg"), mention(w, "Paris"));
            w.hint(&anna);
            w.key(Key::Num4);
            w.hint(&paris);
        },
    ));
    let event = window.document().events().keys().nth(1).expect("made").clone();
    assert_eq!(window.roles(&event), ["Actor: Anna Berg", "Place: Paris"]);
    window.key(Key::Enter);
    window.key(Key::Escape);

    window.mark("Monday", 'd');
    window.key(Key::Escape);
    rows.push(count(window, "relation, one legal label", "r, letter, letter", 3, |w| {
        w.letter('r');
        let (monday, paris) = (mention(w, "Monday"), mention(w, "Paris"));
        w.hint(&monday);
        w.hint(&paris);
    }));
    assert_eq!(ends(window), [("Monday".into(), "Paris".into())]);
    window.key(Key::Escape);
    window.click_mark(&mention(window, "Bob Lund"));
    rows.push(count(window, "relation from the selected one, several legal labels", "r, letter, digit", 3, |w| {
        w.letter('r');
        let paris = mention(w, "Paris");
        w.hint(&paris);
        w.key(Key::Num1);
    }));
    assert!(ends(window).contains(&("Bob Lund".into(), "Paris".into())));
    window.key(Key::Escape);

    let inside = window.document().text().as_str().find("sign").expect("there");
    let at = window.harness.state().place_of(manicule::text::BytePos::from_usize(inside)).expect("on the screen");
    window.click_at(at);
    rows.push(count(window, "quote in two parts with cue and speaker", "q, Enter", 2, |w| {
        w.letter('q');
        w.key(Key::Enter);
    }));
    let quote = window.document().quotes().values().next().expect("made").clone();
    assert_eq!(quote.content.len(), 2);
    assert!(quote.cue.is_some() && quote.speaker.is_some());

    println!("| work | keys | input events | at most |\n|---|---|---|---|");
    for row in &rows {
        println!("| {} | {} | {} | {} |", row.work, row.how, row.events, row.most);
        assert!(row.events <= row.most, "{} takes {} input events", row.work, row.events);
    }
    println!("| undo of any of it | Ctrl+Z | 1 | 1 |");
}
