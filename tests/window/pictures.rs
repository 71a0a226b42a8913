//! What the window looks like, compared with pictures in `tests/snapshots`, in light and dark.
//!
//! The pictures are made with the software renderer of Mesa. After a change that is meant to be seen, run
//! `UPDATE_SNAPSHOTS=force cargo test --test window pictures` and look at the new ones.

use egui::accesskit::Role;
use egui::{Theme, vec2};

use crate::common::{Desk, Window};

fn window(desk: &Desk, theme: Theme) -> Window {
    desk.window_of(vec2(900.0, 640.0), theme)
}

fn event_of_the_sample(theme: Theme, name: &str) {
    let desk = Desk::new();
    let mut window = window(&desk, theme);
    window.click_part("Open the sample article");
    let event = window.document().events().values().find(|event| event.arguments.len() > 2);
    let (label, id) = event.map(|event| (event.r#type.clone(), event.id.clone())).expect("the sample has events");
    window.click_part("Events ");
    let row = format!("Event {label}: {}", window.words(&id));
    window.click_first(Role::Button, &row);
    window.harness.snapshot(name);
}

#[test]
fn the_welcome_in_light() {
    let desk = Desk::new();
    window(&desk, Theme::Light).harness.snapshot("welcome_light");
}

#[test]
fn an_event_of_the_sample_in_light() {
    event_of_the_sample(Theme::Light, "event_light");
}

#[test]
fn an_event_of_the_sample_in_dark() {
    event_of_the_sample(Theme::Dark, "event_dark");
}

#[test]
fn the_bar_that_finds_with_hits_and_their_places_on_the_scroll_bar() {
    let desk = Desk::new();
    let mut window = window(&desk, Theme::Light);
    window.click_part("Open the sample article");
    window.press(crate::common::CTRL, egui::Key::F);
    window.type_text("Azerbaijan");
    window.key(egui::Key::Enter);
    window.harness.snapshot("find_light");
}

#[test]
fn a_quote_that_asks_for_its_speaker() {
    let desk = Desk::new();
    desk.write("article.txt", crate::common::ARTICLE);
    let mut window = window(&desk, Theme::Light);
    window.drop_file(desk.path("article.txt"));
    window.mark("said [Anna Berg]", 'p');
    window.mark("[Bob] in", 'p');
    window.select("\"We will sign the treaty\"");
    window.letter('q');
    window.harness.snapshot("quote_asks_light");
}
