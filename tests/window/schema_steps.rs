//! The steps of the editor of the label set that make one of several, several of one, or allow less: what becomes of the
//! annotations in the files, and how it is taken back.

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::common::{CTRL, Desk, SHIFT, Window};
use crate::project::begun;
use crate::schema_editor::{layer_of, replace, schema};

/// A window on a project in which two people meet, each with an entity, and one of them signs.
fn met(desk: &Desk) -> Window {
    let mut window = begun(desk);
    window.press(CTRL, Key::PageDown);
    for (words, way) in [("[Anna Berg] met", "nominal"), ("[Bob] on", "pronoun")] {
        window.mark(words, 'p');
        window.press(CTRL | SHIFT, Key::J);
        window.key(Key::Period);
        window.type_text(way);
        window.key(Key::Enter);
    }
    window.mark("[met] Bob", 'C');
    for letter in ['j', 'f'] {
        window.letter(letter);
    }
    window.key(Key::Enter);
    window.mark("[Arlington] end", 'l');
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] signed", 'p');
    window.mark("in [Bern]", 'c');
    window.press(CTRL, Key::PageUp);
    window
}

/// The same with the editor shown, and this entry selected.
fn editing(desk: &Desk, entry: &str) -> Window {
    let mut window = met(desk);
    window.press(CTRL | SHIFT, Key::K);
    window.click_button(entry);
    window
}

fn both(desk: &Desk) -> [String; 2] {
    ["arlington", "bern"].map(|document| layer_of(desk, document))
}

/// What fills the roles of the only event.
fn roles(window: &Window) -> Vec<String> {
    let event = window.document().events().keys().next().expect("it is there").clone();
    window.roles(&event)
}

fn take_back(window: &mut Window) {
    window.menu("Project", "Undo the last change of all documents");
}

#[test]
fn two_labels_become_one() {
    let desk = Desk::new();
    let mut window = editing(&desk, "Mention type: Place");
    let before = both(&desk);
    window.click_button("Change Place");
    window.click_button("Merge others into it…");
    window.expect("Merge into Place");
    // Nothing is chosen yet.
    assert!(window.harness.get_by_role_and_label(Role::Button, "Merge").accesskit_node().is_disabled());
    window.click_role(Role::CheckBox, "Country");
    window.click_button("Merge");
    window.expect_not("Mention type: Country");
    window.expect("Take back: Merge Country into Place");
    window.click_button("Apply…");
    window.expect("1 annotation changes in 1 document by 1 annotator.");
    window.click_button("Apply");
    window.expect_part("Merge Country into Place: done, 2 files changed");
    let [arlington, bern] = both(&desk);
    assert!(arlington.contains("label: \"Place\"") && bern.contains("label: \"Place\""), "{bern}");
    assert!(!bern.contains("\"Country\""), "{bern}");
    let merged = schema(&desk);
    assert!(merged.mention("Country").is_none());
    // What took a country takes a place; no list has it twice.
    let [actor, location] = ["Actor", "Location"].map(|group| merged.groups[group].clone());
    assert_eq!(actor.iter().filter(|label| *label == "Place").count(), 1);
    assert_eq!(location, ["Place", "Facility"]);
    assert!(merged.mention("Place").expect("stays").attributes.contains(&"metonymy".to_owned()), "came along");
    take_back(&mut window);
    assert_eq!(both(&desk), before);
    assert!(schema(&desk).mention("Country").is_some());
}

#[test]
fn a_label_is_split_by_an_attribute_and_entities_go_along() {
    let desk = Desk::new();
    let mut window = editing(&desk, "Mention type: Person");
    let (before, schema_before) = (both(&desk), desk.read("talks/schema.ron"));
    window.click_button("Change Person");
    window.click_button("Split by attribute…");
    window.expect("Split Person");
    // A name for each value is proposed; without one, what has the value stays with the rest.
    for (value, label) in [("name", ""), ("nominal", ""), ("pronoun", "Somebody")] {
        window.click_role(Role::TextInput, value);
        window.press(CTRL, Key::A);
        window.key(Key::Backspace);
        window.type_text(label);
    }
    window.click_last("Split");
    window.expect("Mention type: Somebody");
    window.click_button("Apply…");
    // Bob, the mention and the entity.
    window.expect("2 annotations change in 1 document by 1 annotator.");
    window.click_button("Apply");
    let [arlington, bern] = both(&desk);
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Somebody: Bob", "Place: Arlington"]);
    let entities = window.document().entities().values().map(|entity| entity.r#type.to_string());
    assert_eq!(entities.collect::<Vec<_>>(), ["Person", "Somebody"]);
    assert!(arlington.contains("label: \"Somebody\"") && arlington.contains("type: \"Somebody\""), "{arlington}");
    assert!(!arlington.contains("pronoun"), "it has become the label: {arlington}");
    assert!(!bern.contains("Somebody"), "{bern}");
    // Roles take the new label where they took the one that was split.
    assert_eq!(roles(&window), ["Actor: Anna Berg", "Actor: Bob"]);
    window.expect_not("Opened, with remarks");
    take_back(&mut window);
    assert_eq!(both(&desk), before);
    assert_eq!(desk.read("talks/schema.ron"), schema_before);
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob", "Place: Arlington"]);
}

#[test]
fn the_fillers_of_a_role_that_goes_fill_another_one_or_are_taken_out() {
    let desk = Desk::new();
    let mut window = editing(&desk, "Event type: Consult");
    assert_eq!(roles(&window), ["Actor: Anna Berg", "Actor: Bob"]);
    let before = both(&desk);
    window.click_button("Remove the role Actor");
    window.click_role(Role::RadioButton, "Let its fillers fill another role");
    window.choose("Instead", "Mediator");
    window.click_last("Remove");
    window.click_button("Apply…");
    window.expect("1 annotation changes in 1 document by 1 annotator.");
    window.click_button("Apply");
    assert_eq!(roles(&window), ["Mediator: Anna Berg", "Mediator: Bob"]);
    assert!(schema(&desk).event("Consult").expect("stays").role("Actor").is_none());
    take_back(&mut window);
    assert_eq!(roles(&window), ["Actor: Anna Berg", "Actor: Bob"]);
    assert_eq!(both(&desk), before);

    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Event type: Consult");
    window.click_button("Remove the role Actor");
    window.click_last("Remove");
    window.click_button("Apply…");
    window.expect("2 fillers are taken out of roles.");
    window.click_button("Apply");
    assert_eq!(roles(&window), Vec::<String>::new());
    assert_eq!(window.mentions().len(), 3, "what filled it stays");
}

#[test]
fn of_too_many_fillers_the_first_stay_or_all_with_a_problem() {
    let desk = Desk::new();
    let mut window = editing(&desk, "Event type: Consult");
    let before = both(&desk);
    // Typed as a whole: nothing is asked before Enter.
    window.click_role(Role::TextInput, "Most fillers of Actor");
    window.press(CTRL, Key::A);
    window.type_text("1");
    window.expect_not("Fewer fillers are allowed");
    window.key(Key::Enter);
    window.expect("Fewer fillers are allowed");
    // Whoever does not want it after all keeps what there was.
    window.click_button("Cancel");
    window.expect_part("None yet. What you change stays here");
    replace(&mut window, "Most fillers of Actor", "1");
    window.expect("Let the role Actor of Consult take exactly 1");
    window.click_role(Role::RadioButton, "What does not fit stays, and is a problem to be solved by hand");
    window.click_button("Go on");
    window.click_button("Apply…");
    window.expect("No annotation is touched; 2 files were looked at.");
    window.expect("1 annotation does not fit any more and becomes a problem, in 1 document by 1 annotator.");
    window.click_button("Back to editing");
    window.press(CTRL, Key::Z);

    replace(&mut window, "Most fillers of Actor", "1");
    window.click_role(Role::RadioButton, "What does not fit is taken out; the first in the text stay");
    window.click_button("Go on");
    window.click_button("Apply…");
    window.expect("1 filler is taken out of roles.");
    window.click_button("Apply");
    assert_eq!(roles(&window), ["Actor: Anna Berg"]);
    let limit = schema(&desk).event("Consult").and_then(|consult| consult.role("Actor").and_then(|role| role.max));
    assert_eq!(limit, Some(1));
    take_back(&mut window);
    assert_eq!(roles(&window), ["Actor: Anna Berg", "Actor: Bob"]);
    assert_eq!(both(&desk), before);
}

#[test]
fn a_role_that_took_anything_takes_little_and_what_does_not_fit_is_told_or_taken_out() {
    let desk = Desk::new();
    let mut window = editing(&desk, "Event type: Consult");
    window.click_button("Take @Actor from Actor");
    window.expect("Take back: Let anything fill Actor");
    window.click_button("Apply…");
    window.click_button("Apply");
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Event type: Consult");
    window.click_button("Add to Actor");
    window.click_button("Add Organization");
    window.expect("Fewer fillers are allowed");
    window.click_button("Go on");
    window.click_button("Apply…");
    window.expect("No annotation is touched; 2 files were looked at.");
    window.expect("1 annotation does not fit any more and becomes a problem, in 1 document by 1 annotator.");
    window.expect_part("Person cannot be Actor: it takes Organization");
    // It leads to its document.
    window.click_part("Person cannot be Actor: it takes Organization");
    assert_eq!(window.title(), "Talks in Arlington end – Manicule");
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Back to editing");
    window.press(CTRL, Key::Z);
    window.click_button("Add to Actor");
    window.click_button("Add Organization");
    window.click_role(Role::RadioButton, "What does not fit is taken out of the role");
    window.click_button("Go on");
    window.click_button("Apply…");
    window.expect("2 fillers are taken out of roles.");
    window.click_button("Apply");
    assert_eq!(roles(&window), Vec::<String>::new());
}

#[test]
fn who_only_looks_changes_nothing_and_edits_on() {
    let desk = Desk::new();
    let mut window = editing(&desk, "Mention type: Person");
    let (before, schema_before) = (both(&desk), desk.read("talks/schema.ron"));
    replace(&mut window, "Label", "Human");
    for back in ["Back to editing", "Escape"] {
        window.click_button("Apply…");
        window.expect_part("annotations change in 2 documents");
        if back == "Escape" {
            window.key(Key::Escape);
        } else {
            window.click_button(back);
        }
        window.expect("Take back: Rename Person to Human");
        window.expect("Mention type: Human");
        assert_eq!((both(&desk), desk.read("talks/schema.ron")), (before.clone(), schema_before.clone()));
    }
    // Nothing was begun that would have to be finished or taken back.
    assert!(
        !desk
            .path("talks/.manicule/operations")
            .read_dir()
            .is_ok_and(|mut all| { all.any(|entry| entry.is_ok_and(|entry| entry.file_name() != "lock")) })
    );
    window.click_button("Apply…");
    window.click_button("Apply");
    assert!(both(&desk).iter().all(|file| file.contains("label: \"Human\"")));
}

#[test]
fn edits_that_are_not_applied_are_asked_about_whatever_would_lose_them() {
    let desk = Desk::new();
    let mut window = editing(&desk, "Mention type: Person");
    let schema_before = desk.read("talks/schema.ron");
    replace(&mut window, "Label", "Human");
    let question = "Throw the changes of the label set away?";
    // Another document of the project loses nothing: the editor waits.
    window.press(CTRL | SHIFT, Key::F);
    window.expect_not(question);
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Close");
    window.expect(question);
    window.click_button("Keep editing");
    window.expect("Mention type: Human");
    // A file that is no document of the project would close it.
    let outside = desk.write("outside.txt", "Somewhere else\n\nBob waited.\n");
    window.press(CTRL, Key::O);
    window.choose_path(&outside, "Open");
    window.expect(question);
    window.click_button("Keep editing");
    window.expect("Mention type: Human");
    window.menu("Project", "Close project");
    window.expect(question);
    window.click_button("Throw away");
    window.expect_not("Mention type: Human");
    assert_eq!(desk.read("talks/schema.ron"), schema_before);
}
