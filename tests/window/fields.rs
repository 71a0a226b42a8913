//! Fields by keyboard: attributes, roles, names and notes are found by typing.

use egui::Key;
use egui::accesskit::Role;
use manicule::canvas::Reader;
use manicule::model::{AttributeValue, Id, Status};

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};

/// Opens the list of fields, types, and takes what is highlighted.
fn set(window: &mut Window, query: &str) {
    window.key(Key::Period);
    window.type_text(query);
    window.key(Key::Enter);
}

fn has_article(window: &Window) -> bool {
    window.harness.ctx.memory(|memory| memory.has_focus(Reader::id()))
}

fn attribute(window: &Window, id: &Id, name: &str) -> Option<AttributeValue> {
    window.document().mentions()[id].attributes.get(name).cloned()
}

#[test]
fn an_attribute_is_set_by_typing_its_value_and_taken_away_in_the_same_way() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let bob = window.mark("[Bob] in", 'p');
    window.key(Key::Period);
    window.expect_part("Person “Bob”");
    window.type_text("pronou");
    window.key(Key::Enter);
    let set_to = attribute(&window, &bob, "mention_type");
    assert_eq!(set_to, Some(AttributeValue::Text("pronoun".into())));
    assert!(has_article(&window));

    set(&mut window, "pronou");
    assert_eq!(attribute(&window, &bob, "mention_type"), None);
    window.press(CTRL, Key::Z);
    assert_eq!(attribute(&window, &bob, "mention_type"), set_to, "each is one step of undo");
}

#[test]
fn a_note_is_typed_without_the_pointer_and_the_article_has_the_keyboard_again() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let bob = window.mark("[Bob] in", 'p');
    set(&mut window, "note");
    window.type_text("the mayor");
    window.key(Key::Enter);
    assert!(!has_article(&window), "a note may have several lines");
    window.press(CTRL, Key::Enter);
    assert_eq!(window.document().mentions()[&bob].note.as_deref(), Some("the mayor"));
    assert!(has_article(&window));
    assert_ne!(window.document().header().status, Status::Done, "the key meant the field");

    // What is there is selected, so that typing replaces it; Escape keeps it.
    set(&mut window, "note");
    window.type_text("x");
    window.key(Key::Escape);
    assert_eq!(window.document().mentions()[&bob].note.as_deref(), Some("the mayor"));
    assert!(has_article(&window));
    set(&mut window, "note");
    window.type_text("x");
    window.press(CTRL, Key::Enter);
    assert_eq!(window.document().mentions()[&bob].note.as_deref(), Some("x"));
}

#[test]
fn an_entity_is_named_from_its_mention_and_the_article_from_nothing_selected() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let bob = window.mark("[Bob] in", 'p');
    window.press(CTRL.plus(SHIFT), Key::J);
    // The field is there even if the panel was hidden.
    window.key(Key::F9);
    set(&mut window, "name");
    window.type_text("Bob Stone");
    window.key(Key::Enter);
    let entity = window.document().mentions()[&bob].entity.clone().expect("joined");
    assert_eq!(window.document().entities()[&entity].name, "Bob Stone");
    assert!(has_article(&window));

    window.key(Key::Escape);
    set(&mut window, "source");
    window.type_text("Example News");
    window.key(Key::Enter);
    assert_eq!(window.document().header().metadata.source.as_deref(), Some("Example News"));
    set(&mut window, "status: flag");
    assert_eq!(window.document().header().status, Status::Flagged);
}

#[test]
fn roles_are_asked_for_again_by_a_key_and_one_of_them_by_its_name() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.key(Key::Comma);
    window.expect("Select an event or a quote first");
    let event = window.mark("[met] Bob", 'C');
    window.key(Key::Enter);
    window.key(Key::Comma);
    window.expect_part("type the letters");
    window.key(Key::Enter);
    set(&mut window, "fill pla");
    window.expect_part("Place: type the letters");
    window.select("in [Paris] on");
    window.press(NONE, Key::Enter);
    assert_eq!(window.roles(&event), ["Place: Paris"]);
}

#[test]
fn saving_takes_along_what_is_being_typed() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.key(Key::Period);
    window.type_text("Note");
    window.key(Key::Enter);
    window.type_text("ask Anna");
    window.press(CTRL, Key::S);
    assert!(desk.read("article.ron").contains("ask Anna"));
    window.type_text(" today");
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.press(CTRL, Key::S);
    assert!(desk.read("article.ron").contains("ask Anna today"));
}

#[test]
fn closing_the_window_while_typing_asks_about_what_is_typed() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    set(&mut window, "note");
    window.type_text("half a remark");
    let root = egui::ViewportId::ROOT;
    let viewport = window.harness.input_mut().viewports.entry(root).or_default();
    viewport.events.push(egui::ViewportEvent::Close);
    window.settle();
    window.expect("Save your work?");
    assert_eq!(window.document().header().note.as_deref(), Some("half a remark"));
}

/// A note is long, and nobody leaves the field after every sentence.
#[test]
fn what_is_typed_is_not_called_saved_and_is_kept_after_a_pause() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.click_role(Role::MultilineTextInput, "Note");
    window.type_text("ask the editor");
    window.expect("Typing…");
    window.expect_not("No changes");
    window.pass(1.5);
    window.expect("Saved (journal)");
    // The field has the keyboard still, and goes on where it was.
    window.type_text(" again");
    window.expect("Typing…");
    window.pass(1.5);
    window.kill();
    let window = desk.open("article.txt");
    assert_eq!(window.document().header().note.as_deref(), Some("ask the editor again"));
}
