//! Keys and the keyboard: the keymap file, the command palette, the label search, moving between panels.

use egui::accesskit::{Live, Role};
use egui::{Event, ImeEvent, Key};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use manicule::model::Kind;

use crate::common::{ARTICLE, CTRL, Desk, SHIFT, Window};

const CTRL_SHIFT: egui::Modifiers = egui::Modifiers::COMMAND.plus(egui::Modifiers::SHIFT);

fn with_keymap(keymap: &str) -> (Desk, Window) {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("data")).expect("the folder can be made");
    desk.write("data/keymap.ron", keymap);
    let window = desk.article(ARTICLE);
    (desk, window)
}

// --- the keymap file --------------------------------------------------------------------------------------------

#[test]
fn keys_of_the_user_run_commands_and_are_shown_and_the_old_ones_do_not() {
    let (_desk, mut window) = with_keymap("[(command: \"ToggleBrush\", keys: [\"Ctrl+K\"])]");
    window.press(CTRL, Key::B);
    window.expect_not("Brush off");
    window.press(CTRL, Key::K);
    window.expect_part("Brush: every double-click");
    window.click_button("Mark");
    assert_eq!(window.key_of("Brush").as_deref(), Some("Ctrl+K"));
}

#[test]
fn the_users_key_of_all_occurrences_also_accepts_them_and_messages_name_the_users_keys() {
    let (_desk, mut window) = with_keymap(
        "[(command: \"AllOccurrences\", keys: [\"w\"]), (command: \"Undo\", keys: [\"Ctrl+U\"]), \
         (command: \"NextProblem\", keys: [\"Ctrl+J\"])]",
    );
    window.press(CTRL, Key::Period);
    window.expect("Select a problem first: to go to the next one, press Ctrl+J");
    window.mark("[Anna Berg] met", 'p');
    window.letter('w');
    window.expect_part("Enter marks");
    window.letter('a');
    assert_eq!(window.mentions().len(), 1, "a means nothing here");
    window.letter('w');
    assert!(window.mentions().len() > 1, "pressed again, it marks all");
    window.expect_part("press Ctrl+U to take");
}

#[test]
fn labels_yield_a_letter_that_the_user_gives_to_a_command() {
    let (_desk, mut window) = with_keymap("[(command: \"ToggleBrush\", keys: [\"p\"])]");
    window.expect_part("p is now Brush");
    window.select("[Bob] in");
    window.letter('p');
    assert!(window.mentions().is_empty());
    window.expect_part("Brush: every double-click");
}

#[test]
fn keys_that_are_taken_from_other_commands_are_told_with_both_names_and_stay_in_the_sheet() {
    let (_desk, mut window) =
        with_keymap("[(command: \"ToggleBrush\", keys: [\"Ctrl+S\"]), (command: \"Relation\", keys: [\"Ctrl+Z\"])]");
    window.expect("Ctrl+S is now Brush, no longer Save");
    window.expect("Ctrl+Z is now Relation, no longer Undo");
    window.press(CTRL, Key::W);
    window.key(Key::F1);
    window.expect("Ctrl+S is now Brush, no longer Save");
}

#[test]
fn a_letter_of_the_user_does_not_decide_in_the_preview() {
    let (_desk, mut window) = with_keymap("[(command: \"Relation\", keys: [\"n\"])]");
    window.mark("[Anna Berg] met", 'p');
    window.letter('a');
    window.expect_part("step, y decide, Esc leaves");
    window.expect("Mark 1");
    window.letter('n');
    window.expect("Mark 1");
    window.key(Key::Backspace);
    window.expect("Mark 0");
}

#[test]
fn a_keymap_with_mistakes_is_told_at_the_start_and_the_rest_of_it_counts() {
    let (_desk, mut window) = with_keymap(
        "[\n    (command: \"Sve\", keys: [\"F12\"]),\n    (command: \"ToggleBrush\", keys: [\"Ctrl+K\", \"Ctrl+Foo\"]),\n]",
    );
    window.expect("The keymap has problems");
    window.expect("there is no command \"Sve\"");
    window.expect_part("line 2, column 15");
    window.expect_part("did you mean \"Save\"?");
    window.expect("\"Ctrl+Foo\" is no key");
    window.key(Key::Escape);
    window.press(CTRL, Key::K);
    window.expect_part("Brush: every double-click");
}

#[test]
fn the_keymap_is_written_with_all_commands_then_changed_and_read_again() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.menu("Help", "Edit keymap…");
    window.expect(&desk.path("data/keymap.ron").display().to_string());
    let template = desk.read("data/keymap.ron");
    assert!(template.contains("// (command: \"Save\", keys: [\"Ctrl+S\"]),"), "{template}");
    let changed = template
        .replace("// (command: \"ToggleBrush\", keys: [\"Ctrl+B\"])", "(command: \"ToggleBrush\", keys: [\"F12\"])");
    assert_ne!(changed, template);
    desk.write("data/keymap.ron", &changed);
    window.click_button("Reload keymap");
    window.expect("The keymap was read");
    window.key(Key::F12);
    window.expect_part("Brush: every double-click");
    // The file is the user's from now on.
    window.menu("Help", "Edit keymap…");
    assert_eq!(desk.read("data/keymap.ron"), changed);
}

// --- the command palette ----------------------------------------------------------------------------------------

#[test]
fn the_palette_finds_a_command_runs_it_and_gives_the_keyboard_back_to_the_article() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.press(CTRL_SHIFT, Key::P);
    window.type_text("tag");
    window.expect("Label tags");
    window.expect_not("Save as");
    window.key(Key::Escape);
    window.expect_not("Label tags");
    window.press(CTRL_SHIFT, Key::P);
    window.type_text("brush");
    window.key(Key::Enter);
    window.expect_part("Brush: every double-click");
    // Letters mark again.
    window.select("[Bob] in");
    window.letter('p');
    assert_eq!(window.mentions(), ["Person: Bob"]);
}

#[test]
fn the_palette_lists_what_was_run_lately_first_and_says_what_is_missing() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.press(CTRL_SHIFT, Key::P);
    window.type_text("flag doc");
    window.key(Key::Enter);
    window.press(CTRL_SHIFT, Key::P);
    window.key(Key::Enter);
    // Run twice: on, and off again.
    assert_eq!(window.document().header().status, manicule::model::Status::InProgress);
    window.press(CTRL_SHIFT, Key::P);
    window.type_text("split off");
    window.expect("select a mention first");
    window.key(Key::Enter);
    // It stays open: nothing was run.
    window.expect("Split off");
}

#[test]
fn arrows_pages_and_ends_move_through_the_palette() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let highlighted = |window: &Window| {
        let rows = window.harness.query_all_by_role(Role::ListBoxOption);
        let rows = rows.map(|row| row.accesskit_node()).filter(|node| node.is_selected() == Some(true));
        rows.filter_map(|node| node.label()).collect::<Vec<String>>()
    };
    window.press(CTRL_SHIFT, Key::P);
    let first = highlighted(&window);
    assert_eq!(first.len(), 1);
    window.key(Key::ArrowDown);
    let second = highlighted(&window);
    assert_ne!(first, second);
    window.key(Key::ArrowUp);
    assert_eq!(highlighted(&window), first);
    window.key(Key::End);
    let last = highlighted(&window);
    assert!(last.len() == 1 && last != first, "the last one is in view: {last:?}");
    window.key(Key::PageUp);
    let page_up = highlighted(&window);
    assert!(page_up.len() == 1 && page_up != last, "{page_up:?}");
    window.key(Key::Home);
    assert_eq!(highlighted(&window), first);
}

// --- the label search -------------------------------------------------------------------------------------------

#[test]
fn a_label_is_found_by_its_name_and_marks_the_selected_words() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.select("[Bob] in");
    window.key(Key::Slash);
    window.expect("Label “Bob”");
    window.type_text("organ");
    window.key(Key::Enter);
    assert_eq!(window.mentions(), ["Organization: Bob"]);
    // Nothing selected but the annotation: it gets another label and keeps its id.
    window.key(Key::Slash);
    window.expect("Another label for Organization “Bob”");
    window.type_text("person");
    window.expect_not("mention: Organization");
    window.key(Key::Enter);
    assert_eq!(window.mentions(), ["Person: Bob"]);
}

#[test]
fn the_label_search_shows_definition_and_examples_and_finds_by_them() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let schema = manicule::model::schema::builtin("news").expect("ships");
    let person = schema.mention("Person").expect("has persons").clone();
    window.select("[Bob] in");
    window.key(Key::Slash);
    window.type_text("Person");
    window.expect(&person.definition);
    for example in person.examples.iter().take(2) {
        window.expect(example);
    }
}

#[test]
fn a_quote_of_a_kind_is_made_through_the_label_search() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.select("\"We will sign the treaty\"");
    window.key(Key::Slash);
    window.type_text("indirect");
    window.key(Key::Enter);
    let kinds: Vec<String> = window.document().quotes().values().map(|q| q.kind.to_string()).collect();
    assert_eq!(kinds, ["indirect"]);
}

#[test]
fn without_a_selection_the_label_search_says_so_and_fills_the_brush() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.key(Key::Slash);
    window.expect("Label for the brush");
    window.expect_part("Nothing is selected");
    window.type_text("place");
    window.key(Key::Enter);
    window.expect_part("Brush: every double-click and drag marks Place");
    let pos = crate::marking::first_word(&window, "Anna Berg met Bob in Paris on Monday.");
    window.double_click(pos);
    assert_eq!(window.mentions(), ["Place: Anna"]);
}

#[test]
fn three_hundred_labels_are_searched_and_the_right_one_is_used() {
    let desk = Desk::new();
    let label = |i| format!("(label: \"Type{i:03}\", definition: \"Thing number {i}\", examples: [\"[x]\", \"[y]\"])");
    let labels = (0..300).map(label).collect::<Vec<String>>().join(",");
    let schema =
        format!("(format: \"manicule-schema/1\", name: \"large\", version: 1, title: \"Large\", mentions: [{labels}])");
    desk.write("large.ron", schema);
    let mut window = desk.article(ARTICLE);
    window.press(CTRL, Key::Enter);
    window.press(CTRL, Key::S);
    let file = desk.read("article.ron");
    let large = replace_between(&file, "schema: (", ")", "name: \"large\", version: 1");
    desk.write("other.ron", large);
    drop(window);
    let mut window = desk.open("other.ron");
    window.select("[Bob] in");
    window.key(Key::Slash);
    window.type_text("number 217");
    window.expect("mention: Type217");
    window.key(Key::Enter);
    assert_eq!(window.mentions(), ["Type217: Bob"]);
}

/// The text with what stands between `begin` and `end` replaced, once.
fn replace_between(text: &str, begin: &str, end: &str, by: &str) -> String {
    let (before, rest) = text.split_once(begin).expect("the beginning is there");
    let (_, after) = rest.split_once(end).expect("the end is there");
    format!("{before}{begin}{by}{end}{after}")
}

// --- the brush --------------------------------------------------------------------------------------------------

#[test]
fn the_brush_changes_its_label_by_key_and_does_not_stop_to_ask() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.press(CTRL, Key::B);
    window.letter('C');
    let events: Vec<&str> =
        manicule::model::schema::builtin("news").expect("ships").events.iter().map(|e| e.r#type.as_str()).collect();
    window.expect_part("Brush: every double-click and drag marks");
    let pos = crate::marking::first_word(&window, "Anna Berg met Bob in Paris on Monday.");
    window.double_click(pos);
    let event = window.document().events().values().next().expect("an event").clone();
    assert!(events.contains(&event.r#type.as_str()));
    // A key changes the brush, not what was brushed last.
    window.letter('p');
    assert_eq!(window.document().events().len(), 1);
    window.double_click(pos);
    assert_eq!(window.mentions(), ["Person: Anna"]);
    window.key(Key::Escape);
    window.key(Key::Escape);
    window.press(SHIFT, Key::ArrowRight);
    assert_eq!(window.kind(&event.id), Some(Kind::Event));
}

// --- everything by keyboard -------------------------------------------------------------------------------------

fn focused(window: &Window) -> String {
    window.focused()
}

#[test]
fn f6_goes_round_the_panels_and_back_to_the_article() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    assert!(focused(&window).starts_with("Article"), "{}", focused(&window));
    window.key(Key::F6);
    assert_eq!(focused(&window), "Person");
    window.key(Key::Tab);
    assert_eq!(focused(&window), "Organization");
    window.key(Key::F6);
    assert_eq!(focused(&window), "Delete");
    window.key(Key::F6);
    assert_eq!(focused(&window), "Entities 0");
    window.key(Key::F6);
    assert!(focused(&window).starts_with("Article"), "{}", focused(&window));
    // Each panel remembers where it was.
    window.key(Key::F6);
    assert_eq!(focused(&window), "Organization");
    window.press(SHIFT, Key::F6);
    assert!(focused(&window).starts_with("Article"), "{}", focused(&window));
    // A label's key works from everywhere, and Escape leads back to the article.
    window.key(Key::F6);
    window.key(Key::Enter);
    assert_eq!(window.mentions(), ["Organization: Bob"]);
    window.key(Key::Escape);
    assert!(focused(&window).starts_with("Article"), "{}", focused(&window));
}

#[test]
fn the_side_panel_is_made_wider_by_keys() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let width = |window: &Window| window.harness.get_by_label("Entities 0").rect().left();
    let before = width(&window);
    window.press(SHIFT, Key::F9);
    assert!((before - width(&window) - 40.0).abs() < 2.0, "{before} {}", width(&window));
    window.press(CTRL, Key::F9);
    assert!((before - width(&window)).abs() < 3.0);
}

#[test]
fn a_list_is_walked_by_arrows_and_its_annotation_opened_and_deleted() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[met] Bob", 'C');
    window.key(Key::Enter);
    window.mark("[sign] the", 'C');
    window.key(Key::Enter);
    window.mark("[thanked] the", 'C');
    window.key(Key::Enter);
    window.press(CTRL, Key::Num2);
    assert!(focused(&window).ends_with(": met"), "{}", focused(&window));
    window.key(Key::ArrowDown);
    assert!(focused(&window).ends_with(": sign"), "{}", focused(&window));
    window.key(Key::End);
    assert!(focused(&window).ends_with(": thanked"), "{}", focused(&window));
    window.key(Key::ArrowDown);
    assert!(focused(&window).ends_with(": thanked"), "{}", focused(&window));
    window.key(Key::Home);
    assert!(focused(&window).ends_with(": met"), "{}", focused(&window));
    // Delete means the annotation only when its row shows that it is selected.
    window.key(Key::ArrowDown);
    window.key(Key::Delete);
    assert_eq!(window.document().events().len(), 3);
    window.key(Key::Enter);
    window.key(Key::Delete);
    let left: Vec<String> = window.document().events().keys().map(|id| window.words(id)).collect();
    assert_eq!(left, ["met", "thanked"]);
}

#[test]
fn rows_out_of_view_are_reached_by_arrows() {
    let desk = Desk::new();
    desk.write("article.ron", std::fs::read(crate::common::seed("ron")).expect("ships"));
    let mut window = desk.open("article.ron");
    window.press(CTRL, Key::Num3);
    let first = focused(&window);
    assert!(first.starts_with("Quote "), "{first}");
    for _ in 0..8 {
        window.key(Key::ArrowDown);
        assert!(focused(&window).starts_with("Quote "), "{}", focused(&window));
    }
    window.key(Key::End);
    let last = focused(&window);
    assert!(last.starts_with("Quote ") && last != first, "{last}");
    window.key(Key::Home);
    assert_eq!(focused(&window), first);
}

#[test]
fn a_combo_box_is_used_by_keys_and_keeps_the_keyboard() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.key(Key::F6);
    window.key(Key::F6);
    for _ in 0..4 {
        if focused(&window) != "Label" {
            window.key(Key::Tab);
        }
    }
    assert_eq!(focused(&window), "Label");
    window.key(Key::Space);
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_ne!(window.mentions(), ["Person: Bob"]);
    assert_eq!(window.mentions().len(), 1);
    assert_eq!(focused(&window), "Label");
}

#[test]
fn the_menu_bar_is_used_by_keys_and_gives_the_keyboard_back() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.key(Key::F10);
    assert_eq!(focused(&window), "File");
    window.key(Key::ArrowRight);
    assert_eq!(focused(&window), "Edit");
    window.key(Key::ArrowRight);
    window.key(Key::Enter);
    window.expect_part("Flag document");
    window.key(Key::ArrowUp);
    window.key(Key::Escape);
    window.expect_not("Flag document");
    window.key(Key::Escape);
    assert!(focused(&window).starts_with("Article"), "{}", focused(&window));
}

#[test]
fn the_context_menu_opens_at_the_annotation_and_is_walked_by_arrows() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(SHIFT, Key::F10);
    assert!(focused(&window).starts_with("Find a label…"), "{}", focused(&window));
    window.key(Key::ArrowUp);
    assert!(focused(&window).starts_with("Undo"), "{}", focused(&window));
    window.key(Key::ArrowUp);
    assert!(focused(&window).starts_with("Delete"), "{}", focused(&window));
    // Letters are no labels here.
    window.letter('o');
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.key(Key::Enter);
    assert!(window.mentions().is_empty());
    assert!(focused(&window).starts_with("Article"), "{}", focused(&window));
    window.press(SHIFT, Key::F10);
    window.key(Key::Escape);
    assert!(focused(&window).starts_with("Article"), "{}", focused(&window));
}

#[test]
fn a_dialog_has_the_keyboard_and_gives_it_back_to_what_had_it() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.key(Key::F6);
    window.key(Key::Tab);
    assert_eq!(focused(&window), "Organization");
    window.key(Key::F1);
    assert_eq!(focused(&window), "Close");
    for _ in 0..4 {
        // Tab stays inside.
        window.key(Key::Tab);
        assert_eq!(focused(&window), "Close");
    }
    window.key(Key::Enter);
    window.expect_not("Close");
    assert_eq!(focused(&window), "Organization");
    window.key(Key::F1);
    window.key(Key::Escape);
    window.expect_not("Close");
    assert_eq!(focused(&window), "Organization");
}

#[test]
fn enter_takes_the_first_answer_of_a_question() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::W);
    assert_eq!(focused(&window), "Save");
    window.key(Key::Enter);
    assert!(desk.read("article.ron").contains("Person"));
}

#[test]
fn keys_of_an_input_method_are_not_labels() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.select("[Bob] in");
    let preedit = |text: &str| ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None };
    window.harness.event(Event::Ime(preedit("ni")));
    window.settle();
    window.letter('p');
    window.letter('o');
    assert!(window.mentions().is_empty());
    window.harness.event(Event::Ime(ImeEvent::Commit("你".into())));
    window.settle();
    window.letter('p');
    assert_eq!(window.mentions(), ["Person: Bob"]);
}

#[test]
fn a_screen_reader_hears_the_annotation_at_the_caret_and_what_was_done() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("said [Anna Berg]", 'p');
    window.quote("\"We will sign the treaty\"");
    window.key(Key::Escape);
    window.mark("[We] will", 'p');
    let said = |window: &Window| {
        let status = window.harness.query_all_by_role(Role::Status);
        let live = status.map(|node| node.accesskit_node()).filter(|node| node.live() == Live::Polite);
        live.filter_map(|node| node.value()).collect::<Vec<String>>().join("|")
    };
    assert_eq!(said(&window), "Person: We, in quote of Anna Berg");
    window.press(CTRL, Key::Home);
    assert_eq!(said(&window), "");
    window.select("said [Anna] Berg");
    window.key(Key::ArrowLeft);
    assert_eq!(said(&window), "Person: Anna Berg");
    window.press(CTRL, Key::B);
    // Whoever asks for what has the keyboard is told the same.
    let article = window.harness.query_all_by_role(Role::Article).next().expect("the article");
    assert!(article.accesskit_node().is_focused());
    assert_eq!(article.accesskit_node().description().as_deref(), Some("Person: Anna Berg"));
    let toast = window.harness.query_all_by_label_contains("Brush: every").next().expect("a message");
    assert_eq!(toast.accesskit_node().live(), Live::Polite);
}

#[test]
fn of_more_than_nine_relations_each_has_a_key() {
    let desk = Desk::new();
    let relation = |i| {
        format!(
            "(label: \"Link{i:02}\", from: [\"Person\"], to: [\"Person\"], definition: \"One knows the other\", \
         examples: [\"[Anna] knows [Bob].\", \"[Bob] knows [Anna].\"])"
        )
    };
    let relations = (1..=12).map(relation).collect::<Vec<String>>().join(",");
    let person = "(label: \"Person\", key: 'p', definition: \"x\", examples: [\"[x]\", \"[y]\"])";
    let schema = format!(
        "(format: \"manicule-schema/1\", name: \"links\", version: 1, title: \"Links\", \
         mentions: [{person}], relations: [{relations}])"
    );
    desk.write("links.ron", schema);
    let mut window = desk.article(ARTICLE);
    window.press(CTRL, Key::Enter);
    window.press(CTRL, Key::S);
    let file = replace_between(&desk.read("article.ron"), "schema: (", ")", "name: \"links\", version: 1");
    desk.write("other.ron", file);
    drop(window);
    let mut window = desk.open("other.ron");
    window.mark("[Anna Berg] met", 'p');
    window.mark("[Bob] in", 'p');
    window.letter('r');
    window.letter('j');
    window.expect_part("a key chooses its label");
    window.letter('c');
    let made: Vec<&str> = window.document().relations().values().map(|r| r.label.as_str()).collect();
    assert_eq!(made, ["Link12"]);
}
