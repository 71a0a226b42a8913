//! The menu bar and the lists by keys, and whether all of them is in view.

use egui::accesskit::Role;
use egui::{Key, vec2};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};

use crate::common::{ARTICLE, CTRL, Desk, SHIFT, Window};

// --- the menu bar -----------------------------------------------------------------------------------------------

#[test]
fn arrows_go_along_the_menu_bar_down_into_a_menu_and_on_to_the_next() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.key(Key::F10);
    assert_eq!(window.focused(), "File");
    window.key(Key::ArrowLeft);
    assert_eq!(window.focused(), "Help", "round the end");
    window.key(Key::ArrowRight);
    window.key(Key::ArrowDown);
    assert_eq!(window.focused(), "Open…");
    window.key(Key::ArrowDown);
    window.key(Key::ArrowRight);
    window.expect_not("Open…");
    assert_eq!(window.focused(), "History…", "nothing can be undone yet");
    window.key(Key::ArrowRight);
    assert_eq!(window.focused(), "Keep words, add more");
    window.key(Key::ArrowLeft);
    window.key(Key::ArrowLeft);
    assert_eq!(window.focused(), "Open…");
    window.key(Key::Escape);
    window.key(Key::Escape);
    assert!(window.focused().starts_with("Article"), "{}", window.focused());
    // The arrows are those of the article again.
    window.press(SHIFT, Key::ArrowRight);
    window.letter('p');
    assert_eq!(window.mentions().len(), 1);
}

#[test]
fn right_goes_into_a_submenu_and_left_out_of_it() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.key(Key::F10);
    window.key(Key::ArrowRight);
    window.key(Key::ArrowRight);
    window.key(Key::ArrowDown);
    window.key(Key::ArrowUp);
    assert_eq!(window.focused(), "Schema");
    window.key(Key::ArrowRight);
    assert_eq!(window.focused(), "news");
    window.key(Key::ArrowLeft);
    assert_eq!(window.focused(), "Schema");
    window.key(Key::ArrowLeft);
    assert_eq!(window.focused(), "History…", "the menu to the left");
}

#[test]
fn entries_of_menus_are_named_without_their_keys() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    for menu in ["File", "Edit", "Mark", "View", "Help"] {
        window.click_button(menu);
        let wrong: Vec<String> = window.labels().into_iter().filter(|name| name.trim() != name).collect();
        assert!(wrong.is_empty(), "{menu}: {wrong:?}");
        window.key(Key::Escape);
    }
    window.click_button("File");
    assert_eq!(window.key_of("Save").as_deref(), Some("Ctrl+S"));
    window.key(Key::Escape);
    window.mark("[Bob] in", 'p');
    window.press(SHIFT, Key::F10);
    assert_eq!(window.key_of("Find a label…").as_deref(), Some("/"));
}

// --- the lists --------------------------------------------------------------------------------------------------

#[test]
fn a_list_that_is_asked_for_gets_the_keyboard_also_when_it_is_empty() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    for (key, tab) in [
        (Key::Num2, "Events 0"),
        (Key::Num3, "Quotes 0"),
        (Key::Num4, "Relations 0"),
        (Key::Num5, "Problems 0"),
        (Key::Num6, "Batches 0"),
        (Key::Num1, "Entities 0"),
    ] {
        window.press(CTRL, key);
        assert_eq!(window.focused(), tab);
    }
    // Also while the panel is hidden.
    window.key(Key::F9);
    window.press(CTRL, Key::Num4);
    assert_eq!(window.focused(), "Relations 0");
}

#[test]
fn arrows_go_from_tab_to_tab_into_the_list_and_back() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::Num5);
    assert_eq!(window.focused(), "Problems 0");
    window.key(Key::ArrowRight);
    assert_eq!(window.focused(), "Entities 0", "there are no batches to show");
    window.key(Key::ArrowLeft);
    window.key(Key::ArrowLeft);
    window.key(Key::ArrowLeft);
    assert_eq!(window.focused(), "Quotes 0");
    window.expect_part("No quotes yet");
    window.key(Key::Escape);
    window.mark("met", 'C');
    window.key(Key::Enter);
    window.press(CTRL, Key::Num2);
    assert_eq!(window.focused(), "Event Consult: met");
    window.key(Key::ArrowUp);
    assert_eq!(window.focused(), "Events 1");
    window.key(Key::ArrowDown);
    assert_eq!(window.focused(), "Event Consult: met");
}

#[test]
fn batches_are_found_by_their_name_in_the_palette() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.press(egui::Modifiers::ALT, Key::A);
    window.press(CTRL.plus(SHIFT), Key::P);
    window.type_text("batches");
    window.key(Key::Enter);
    window.expect_part("Batch b1: Person");
}

/// The sample in a window of this size.
fn sample(desk: &Desk, width: f32, height: f32) -> Window {
    let mut window = desk.window_of(vec2(width, height), egui::Theme::Light);
    window.click_part("Open the sample article");
    window
}

/// Where what has the keyboard is drawn.
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method is not general enough over lifetimes")]
fn focused_rect(window: &Window) -> egui::Rect {
    let mut focused = window.harness.query_all(By::new().predicate(|node| node.is_focused()));
    focused.next().expect("something has the keyboard").rect()
}

#[test]
fn the_row_with_the_keyboard_is_wholly_in_view() {
    for (width, height) in [(1280.0, 1000.0), (1000.0, 700.0)] {
        let desk = Desk::new();
        let mut window = sample(&desk, width, height);
        for key in [Key::Num1, Key::Num2, Key::Num3, Key::Num4] {
            window.press(CTRL, key);
            let mut heights = Vec::new();
            let bottom = window.harness.query_all_by_value("100 %").next().expect("the zoom").rect().top();
            for step in [Key::End, Key::Home, Key::PageDown, Key::ArrowDown, Key::PageDown, Key::ArrowUp] {
                window.key(step);
                let (rect, name) = (focused_rect(&window), window.focused());
                assert!(rect.bottom() <= bottom && rect.height() > 20.0, "{name:?} after {step:?}: {rect:?} {bottom}");
                heights.push(rect.height());
            }
            assert!(heights.iter().all(|height| (height - heights[0]).abs() < 1.0), "{heights:?}");
        }
    }
}

#[test]
fn rows_are_as_high_as_the_list_reckons() {
    let desk = Desk::new();
    let mut window = sample(&desk, 1280.0, 1400.0);
    for (key, height) in [(Key::Num1, 26.0), (Key::Num2, 41.0), (Key::Num3, 33.0), (Key::Num4, 33.0)] {
        window.press(CTRL, key);
        let first = focused_rect(&window);
        window.key(Key::ArrowDown);
        let second = focused_rect(&window);
        assert!((first.height() - height).abs() < 1.0, "{key:?}: {first:?}");
        assert!((second.top() - first.top() - height - 2.0).abs() < 1.0, "{key:?}: {first:?} {second:?}");
    }
}

/// Regression: after an empty list the panel had hardly room for one row.
#[test]
fn an_empty_list_keeps_the_room_of_the_lists() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let top = |window: &Window| window.harness.get_by_role_and_label(Role::Button, "Quotes 0").rect().top();
    assert!(top(&window) < 700.0, "{}", top(&window));
    let before = top(&window);
    for key in [Key::Num2, Key::Num5, Key::Num6] {
        window.press(CTRL, key);
        assert!((top(&window) - before).abs() < 1.0, "{key:?}: {} {before}", top(&window));
    }
    window.key(Key::Escape);
    window.mark("[Anna Berg] met", 'p');
    window.press(egui::Modifiers::ALT, Key::A);
    window.press(CTRL, Key::Num6);
    assert!((top(&window) - before).abs() < 1.0, "{} {before}", top(&window));
    assert!(window.focused().starts_with("Batch b1"), "{}", window.focused());
}

#[test]
fn the_tabs_stand_in_one_line_in_a_small_window() {
    let desk = Desk::new();
    let window = sample(&desk, 1000.0, 700.0);
    let tops: Vec<f32> = ["Entities ", "Events ", "Quotes ", "Relations ", "Problems "]
        .iter()
        .map(|name| {
            let mut found = window.harness.query_all_by_label_contains(name);
            found.find(|node| node.accesskit_node().role() == Role::Button).expect("a tab").rect().top()
        })
        .collect();
    assert!(tops.iter().all(|top| (top - tops[0]).abs() < 1.0), "{tops:?}");
}

#[test]
fn the_buttons_of_the_role_that_is_asked_for_are_in_view_in_a_small_window() {
    let desk = Desk::new();
    let mut window = sample(&desk, 1000.0, 700.0);
    window.mark("demonstrated", 'C');
    for _ in 0..5 {
        let lists = window.harness.query_all_by_label_contains("Entities ").next().expect("the tabs").rect().top();
        for button in ["Implicit…", "Skip", "Done"] {
            let rect = window.harness.get_by_role_and_label(Role::Button, button).rect();
            assert!(rect.bottom() <= lists, "{button} at {rect:?}, the lists at {lists}");
        }
        window.key(Key::Space);
    }
}

#[test]
fn what_was_said_is_not_put_into_a_second_pair_of_quotation_marks() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.select("\"We will sign the treaty\"");
    window.letter('q');
    window.key(Key::Space);
    window.press(CTRL, Key::Num5);
    window.expect_part("\"We will sign the treaty\" · ");
    assert!(!window.shows_part("“\"We"), "{:?}", window.texts());
}
