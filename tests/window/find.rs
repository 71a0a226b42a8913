//! Finding in the document: the bar, the way from hit to hit, and what it says.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};

const FIELD: &str = "Find in the document";

/// The selected words and where they begin.
fn selected(window: &Window) -> (String, u32) {
    let span = window.harness.state().selection().expect("a document is open").span();
    (window.document().text().slice(span).to_owned(), span.start.0)
}

fn found(words: &str, at: u32) -> (String, u32) {
    (words.to_owned(), at)
}

fn is_disabled(window: &Window, button: &str) -> bool {
    window.harness.get_by_role_and_label(Role::Button, button).accesskit_node().is_disabled()
}

#[test]
fn typing_finds_and_enter_goes_on() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.press(CTRL, Key::F);
    assert_eq!(window.focused(), FIELD);
    window.type_text("paris");
    assert_eq!(selected(&window), found("Paris", 9));
    window.expect("1 of 2");
    window.key(Key::Enter);
    assert_eq!(selected(&window), found("Paris", 41));
    window.expect("2 of 2");
    window.key(Key::Enter);
    window.expect("1 of 2, from the start again");
    window.press(SHIFT, Key::Enter);
    window.expect("2 of 2, from the end again");
    window.press_at_once([(SHIFT, Key::Enter), (SHIFT, Key::Enter), (NONE, Key::Enter)]);
    assert_eq!(selected(&window), found("Paris", 9), "one after the other in a slow frame");
    assert_eq!(window.focused(), FIELD);
    window.key(Key::Escape);
    assert_eq!(window.focused(), "Article: Talks in Paris end");
    window.expect_not(FIELD);
    assert_eq!(selected(&window), found("Paris", 9), "the hit stays selected");
    // Marked at once, by the key of a label.
    window.letter('l');
    assert!(window.mentions().iter().any(|m| m.ends_with(": Paris")), "{:?}", window.mentions());
}

#[test]
fn keys_go_on_while_the_article_has_the_keyboard_and_when_the_bar_is_closed() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.key(Key::F3);
    assert_eq!(window.focused(), FIELD, "there is nothing to look for yet");
    window.type_text("Anna");
    window.press(NONE, Key::F3);
    assert_eq!(selected(&window), found("Anna", 91));
    window.key(Key::Escape);
    window.key(Key::F3);
    window.expect("1 of 2, from the start again");
    assert_eq!(window.focused(), "Article: Talks in Paris end");
    window.press(SHIFT, Key::F3);
    assert_eq!(selected(&window), found("Anna", 91));
    // From where the caret is put.
    window.press(CTRL, Key::Home);
    window.key(Key::F3);
    assert_eq!(selected(&window), found("Anna", 20));
    window.key(Key::Escape);
    window.expect_not(FIELD);
    assert_eq!(selected(&window), found("Anna", 20), "the first Escape closes the bar");
    window.key(Key::Escape);
    assert_eq!(selected(&window).0, "");
}

#[test]
fn selected_words_are_taken_over() {
    let desk = Desk::new();
    let mut window = desk.article("Anna\nBerg met Bob. Anna Berg left.\n\nAnna Bergen stayed.\n");
    window.select("Anna\nBerg");
    window.press(CTRL, Key::F);
    assert!(window.texts().contains(&"Anna Berg".to_owned()), "{:?}", window.texts());
    window.expect("1 of 3");
    window.press(Modifiers::ALT, Key::W);
    window.expect("1 of 2");
    // Typing replaces them.
    window.press(CTRL, Key::F);
    window.type_text("left");
    assert_eq!(selected(&window).0, "left");
}

#[test]
fn the_ways_to_search_have_keys_and_names() {
    let desk = Desk::new();
    let mut window = desk.article("Berg berg Bergen\n\nTel. 12, 345\n");
    window.press(CTRL, Key::F);
    window.type_text("Berg");
    window.expect("1 of 3");
    window.press(Modifiers::ALT, Key::C);
    window.expect("1 of 2");
    window.press(Modifiers::ALT, Key::W);
    window.expect("1 of 1");
    window.press_at_once([(Modifiers::ALT, Key::C), (Modifiers::ALT, Key::W)]);
    window.expect("1 of 3");
    window.press(CTRL, Key::A);
    window.type_text(r"\d+");
    window.expect("Nothing found");
    window.click_button("Regular expression");
    window.expect("1 of 2");
    assert_eq!(selected(&window).0, "12");
    window.click_button("Find next");
    assert_eq!(selected(&window).0, "345");
    let is_on = |name: &str| {
        let node = window.harness.get_by_role_and_label(Role::Button, name);
        node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(is_on("Regular expression") && !is_on("Match case") && !is_on("Whole words"));
    // The same where the article has the keyboard, and the ways are kept.
    window.press(NONE, Key::F6);
    window.click_button("Close the search");
    window.press(CTRL, Key::F);
    window.press(CTRL, Key::A);
    window.type_text(r"^T\w+");
    assert_eq!(selected(&window).0, "Tel");
}

#[test]
fn a_bad_expression_is_explained_under_the_field() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.press(CTRL, Key::F);
    window.press(Modifiers::ALT, Key::R);
    window.type_text("(Anna");
    window.expect("This is no regular expression: unclosed group, at character 1");
    assert!(is_disabled(&window, "Find next"));
    assert_eq!(selected(&window).0, "", "the caret stays");
    window.key(Key::Enter);
    window.type_text(")");
    assert!(!window.shows_part("This is no regular expression"));
    window.expect("1 of 2");
    window.press(CTRL, Key::A);
    window.type_text(r"(\w{200}){200}");
    window.expect_part("This regular expression is too large to search with");
    window.press(Modifiers::ALT, Key::R);
    window.expect("Nothing found");
}

#[test]
fn what_is_not_there_leaves_the_caret() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.select("[Bob] in");
    let before = selected(&window);
    window.press(CTRL, Key::F);
    window.type_text("Zoe");
    window.expect("Nothing found");
    assert!(is_disabled(&window, "Find next") && is_disabled(&window, "Find previous"));
    window.key(Key::Enter);
    window.key(Key::F3);
    assert_eq!(selected(&window), before);
    window.press(CTRL, Key::A);
    window.key(Key::Delete);
    window.expect_not("Nothing found");
    assert_eq!(selected(&window), before);
}

#[test]
fn a_document_that_is_only_read_can_be_searched() {
    let desk = Desk::new();
    let mut first = desk.article(ARTICLE);
    first.press(CTRL, Key::S);
    let mut window = desk.open("article.ron");
    window.expect_part("Read-only");
    window.press(CTRL, Key::F);
    window.type_text("treaty");
    window.expect("1 of 1");
    assert_eq!(selected(&window).0, "treaty");
}

/// More hits than are kept: all are counted, the bar says how many are outlined, and the way goes on beyond them.
#[test]
fn beyond_the_hits_that_are_kept_the_way_goes_on() {
    let desk = Desk::new();
    let most = manicule::limits::FIND_HITS;
    let mut text = String::new();
    for _ in 0..most / 10 {
        text.push_str("a a a a a a a a a a\n");
    }
    text.push_str("\na and a\n");
    let mut window = desk.article(&text);
    window.press(CTRL, Key::F);
    window.type_text("a");
    window.expect("1 of 100,003, the first 100,000 are outlined");
    window.press(SHIFT, Key::Enter);
    window.expect_part("100,003 found, from the end again");
    let end = text.len() as u32;
    assert_eq!(selected(&window), found("a", end - 2));
    window.press_at_once([(SHIFT, Key::Enter), (SHIFT, Key::Enter)]);
    assert_eq!(selected(&window), found("a", end - 8));
    window.press(SHIFT, Key::Enter);
    window.expect("100,000 of 100,003, the first 100,000 are outlined");
}

/// A long article: the first hit is far, and nothing of the search is done in a frame.
#[test]
fn a_hit_far_away_is_found_by_a_thread() {
    let desk = Desk::new();
    let text = format!("Anna Berg.\n\n{}\n\nAnna left.\n", "Nothing happened on this day.\n\n".repeat(20_000));
    let mut window = desk.article(&text);
    window.press(CTRL, Key::F);
    window.type_text("anna left");
    window.expect("1 of 1");
    assert_eq!(selected(&window).1 as usize, text.len() - 11);
    window.press(CTRL, Key::A);
    window.type_text("anna");
    window.expect("1 of 2");
    window.press_at_once([(NONE, Key::Enter), (NONE, Key::Enter), (SHIFT, Key::Enter)]);
    window.expect("2 of 2, from the end again");
}

/// The text of the article does not move on the screen when the bar comes and goes.
#[test]
fn the_article_stays_where_it_is_under_the_bar() {
    let desk = Desk::new();
    let text = format!("Anna Berg.\n\n{}", "Nothing happened on this day.\n\n".repeat(200));
    let mut window = desk.article(&text);
    window.press(CTRL, Key::End);
    window.press(NONE, Key::PageUp);
    let at = window.harness.state().selection().expect("open").head;
    let place = |window: &Window| window.harness.state().place_of(at).expect("on the screen").y;
    let before = place(&window);
    window.press(CTRL, Key::F);
    assert!((place(&window) - before).abs() < 1.0, "{} {before}", place(&window));
    window.key(Key::Escape);
    assert!((place(&window) - before).abs() < 1.0, "{} {before}", place(&window));
}

#[test]
fn the_bar_is_in_the_menu_and_a_stop_of_the_keyboard() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.menu("Edit", "Find in document");
    assert_eq!(window.focused(), FIELD);
    window.type_text("Bob");
    window.press(NONE, Key::F6);
    assert_ne!(window.focused(), FIELD);
    window.press(SHIFT, Key::F6);
    assert_eq!(window.focused(), FIELD);
    window.key(Key::Escape);
    window.expect_not(FIELD);
}

/// The scroll bar tells where hits are; a click on one goes there.
#[test]
fn hits_are_on_the_scroll_bar_and_a_click_goes_there() {
    let desk = Desk::new();
    let text = format!("{}Anna left.\n", "Nothing happened on this day.\n\n".repeat(300));
    let mut window = desk.article(&text);
    let at = manicule::text::BytePos(text.len() as u32 - 8);
    let bar = window.harness.get_by_role_and_label(Role::ScrollBar, "Scroll the article").rect();
    let hit = |window: &Window| {
        let rects = window.harness.output().shapes.iter().filter_map(|shape| match &shape.shape {
            egui::Shape::Rect(rect) if rect.rect.height() < 3.0 => Some((rect.rect, rect.fill)),
            _ => None,
        });
        let color = manicule::theme::Theme::of(false).rubric;
        let on_bar = |(rect, fill): &(egui::Rect, egui::Color32)| bar.contains_rect(*rect) && *fill == color;
        rects.into_iter().find(on_bar).map(|(rect, _)| rect.center())
    };
    assert_eq!(hit(&window), None);
    window.press(CTRL, Key::F);
    window.type_text("Anna");
    window.expect("1 of 1");
    window.press(SHIFT, Key::F6);
    window.press(CTRL, Key::Home);
    assert!(window.harness.state().place_of(at).is_none(), "the end is not on the screen");
    let place = hit(&window).expect("a mark on the bar");
    window.click_at(place);
    assert!(window.harness.state().place_of(at).is_some());
}

/// The bar is all there in the narrowest window, also a little zoomed.
#[test]
fn the_bar_fits_a_narrow_window() {
    let desk = Desk::new();
    desk.write("article.txt", ARTICLE);
    let mut window = desk.window_of(egui::vec2(720.0, 480.0), egui::Theme::Light);
    window.drop_file(desk.path("article.txt"));
    for _ in 0..3 {
        window.press(CTRL, Key::Plus);
    }
    window.press(CTRL, Key::F);
    window.type_text("Anna");
    window.key(Key::Enter);
    window.expect("2 of 2");
    let rect = |role, name| window.harness.get_by_role_and_label(role, name).rect();
    let (status, close) = (rect(Role::Status, "2 of 2"), rect(Role::Button, "Close the search"));
    assert!(status.max.x <= close.min.x && close.max.x <= 720.0, "{status} {close}");
}
