//! The editor of a project's label set: edited, looked at, applied to all annotations, taken back.

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use manicule::model::Schema;

use crate::common::{CTRL, Desk, SHIFT, Window};
use crate::project::{begun, layer};

/// A window on a project in which Bob is marked in two documents.
fn marked(desk: &Desk) -> Window {
    let mut window = begun(desk);
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] signed", 'p');
    window.press(CTRL, Key::S);
    window
}

pub fn replace(window: &mut Window, field: &str, text: &str) {
    window.click_role(Role::TextInput, field);
    window.press(CTRL, Key::A);
    window.type_text(text);
    window.key(Key::Enter);
}

pub fn schema(desk: &Desk) -> Schema {
    Schema::parse(&desk.read("talks/schema.ron"), None).expect("consistent")
}

pub fn layer_of(desk: &Desk, document: &str) -> String {
    std::fs::read_to_string(layer(desk, document)).expect("saved")
}

#[test]
fn a_label_is_added_and_marked_with() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL, Key::PageDown);
    window.press(CTRL | SHIFT, Key::K);
    window.expect("Add a mention type");
    window.click_button("Add a mention type");
    // Its name has the keyboard already.
    window.press(CTRL, Key::A);
    window.type_text("Disease");
    window.key(Key::Enter);
    window.expect("Mention type: Disease");
    window.click_role(Role::MultilineTextInput, "Definition");
    window.type_text("What one suffers from");
    window.click_button("Key 9");
    window.expect("Preview of Disease");
    window.click_button("Apply…");
    window.expect("Definitions only: no annotation is touched.");
    window.click_button("Apply");
    window.expect_part("done, 0 files changed");
    let disease = schema(&desk).mention("Disease").cloned().expect("written");
    assert_eq!((disease.definition.as_str(), disease.key), ("What one suffers from", Some('9')));
    assert_eq!(schema(&desk).version, manicule::project::default_schema().version);
    window.mark("[Monday]", '9');
    assert_eq!(window.mentions(), ["Disease: Monday"]);
}

#[test]
fn a_label_in_use_is_renamed_everywhere_and_taken_back() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let before = desk.read("talks/schema.ron");
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Mention type: Person");
    replace(&mut window, "Label", "Human");
    window.expect("Mention type: Human");
    window.expect("Take back: Rename Person to Human");
    window.click_button("Apply…");
    window.expect("2 annotations change in 2 documents by 1 annotator.");
    window.expect("Talks in Arlington end, Anna: 1 changed");
    window.expect("A treaty is signed in Bern, Anna: 1 changed");
    window.click_button("Apply");
    window.expect_part("Rename Person to Human: done, 2 files changed");
    assert!(schema(&desk).mention("Human").is_some() && schema(&desk).mention("Person").is_none());
    assert_eq!(schema(&desk).version, manicule::project::default_schema().version + 1);
    for name in ["arlington", "bern"] {
        let file = layer_of(&desk, name);
        assert!(file.contains("label: \"Human\"") && !file.contains("\"Person\""), "{file}");
    }
    // The open document follows, and work goes on with the new label.
    assert_eq!(window.mentions(), ["Human: Bob"]);
    window.expect_not("Opened, with remarks");
    window.click_button("Undo");
    window.expect_part("Take back “Rename Person to Human”: done, 2 files changed");
    assert_eq!(desk.read("talks/schema.ron"), before, "also what no program would write so");
    for name in ["arlington", "bern"] {
        assert!(layer_of(&desk, name).contains("label: \"Person\""));
    }
    assert_eq!(window.mentions(), ["Person: Bob"]);
}

#[test]
fn what_somebody_wrote_into_the_file_of_the_label_set_stays() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let noted = |text: &str| {
        let person = text.find("(label: \"Person\"").or_else(|| text.find("(\n            label: \"Person\""));
        let (before, after) = text.split_at(person.expect("it is there"));
        format!("// Agreed on in May.\n{before}// Not their titles.\n        {after}// The end.\n")
    };
    let before = desk.write("talks/schema.ron", noted(&desk.read("talks/schema.ron")));
    let before = std::fs::read_to_string(before).expect("just written");
    window = desk.window_on(Some(desk.path("talks")), window.kill());
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Mention type: Person");
    replace(&mut window, "Label", "Human");
    window.click_button("Apply…");
    window.click_button("Apply");
    let after = desk.read("talks/schema.ron");
    assert!(after.starts_with("// Agreed on in May.\n") && after.ends_with("// The end.\n"), "{after}");
    let human = after.split_once("// Not their titles.\n").expect("it stays").1;
    assert!(human.trim_start_matches([' ', '(', '\n']).starts_with("label: \"Human\""), "{human}");
    window.click_button("Undo");
    assert_eq!(desk.read("talks/schema.ron"), before);
}

#[test]
fn an_edit_between_others_is_left_out_or_those_that_need_it_are_named() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Mention type: Person");
    replace(&mut window, "Label", "Human");
    window.click_role(Role::MultilineTextInput, "Definition");
    window.type_text("x");
    window.click_button("Mention type: Country");
    replace(&mut window, "Label", "State");
    window.click_button("Leave out: Rename Person to Human");
    window.expect_part("“Change the definition of Human” depends on it; take that back first");
    window.expect("Mention type: Human");
    window.click_button("Leave out: Change the definition of Human");
    window.click_button("Leave out: Rename Person to Human");
    window.expect("Mention type: Person");
    window.expect("Mention type: State");
    window.expect("Go back to: Rename Person to Human, left out since");
    window.click_button("Apply…");
    window.expect("No annotation is touched; 2 files were looked at.");
    window.click_button("Back to editing");
    window.press(CTRL, Key::Z);
    window.expect("Mention type: Human");
}

#[test]
fn a_conflict_is_told_at_once_and_leads_to_its_field() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Mention type: Person");
    replace(&mut window, "Colour as #rrggbb", "#12");
    window.expect("Conflict: \"#12\" is not a colour");
    window.click_button("All quotes");
    window.click_button("Conflict: \"#12\" is not a colour");
    assert_eq!(window.focused(), "Colour as #rrggbb");
    // It cannot be applied so.
    assert!(window.harness.get_by_role_and_label(Role::Button, "Apply…").accesskit_node().is_disabled());
    // A name that is taken is refused.
    replace(&mut window, "Label", "Organization");
    window.expect_part("\"Organization\" exists already");
    window.expect("Mention type: Person");
}

#[test]
fn a_label_is_removed_to_another_one() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Mention type: Person");
    window.press(CTRL, Key::S);
    window.expect_part("Nothing is changed yet");
    window.click_button("Remove: Person");
    window.expect("Remove Person");
    window.click_role(Role::RadioButton, "Give its annotations another label");
    window.click_role(Role::ComboBox, "Instead");
    window.click_last("Organization");
    window.click_last("Remove");
    window.expect_not("Mention type: Person");
    window.click_button("Apply…");
    window.click_button("Apply");
    assert_eq!(window.mentions(), ["Organization: Bob"]);
    assert!(layer_of(&desk, "arlington").contains("label: \"Organization\""));
    window.expect("Undo");
    window.menu("Project", "Undo the last change of all documents");
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.expect_not("Undo");
}

#[test]
fn what_is_removed_is_listed_and_leads_to_its_document() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Mention type: Person");
    window.click_button("Remove: Person");
    window.click_last("Remove");
    window.click_button("Apply…");
    window.expect("2 annotations are removed in 2 documents by 1 annotator.");
    window.click_first(Role::Button, "Removed: Person Bob, Talks in Arlington end · Anna");
    assert_eq!(window.title(), "Talks in Arlington end – Manicule");
    assert_eq!(window.mentions(), ["Person: Bob"], "nothing is done yet");
    // The editor waits with what was found.
    window.press(CTRL | SHIFT, Key::K);
    window.expect("2 annotations are removed in 2 documents by 1 annotator.");
    window.click_button("Apply");
    assert_eq!(window.mentions(), Vec::<String>::new());
}

#[test]
fn edits_are_undone_and_thrown_away_after_a_question() {
    let desk = Desk::new();
    let mut window = begun(&desk);
    let before = desk.read("talks/schema.ron");
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Add an event type");
    window.press(CTRL, Key::A);
    window.type_text("Flood");
    window.key(Key::Enter);
    window.expect("Event type: Flood");
    window.press(CTRL, Key::Z);
    window.press(CTRL, Key::Z);
    window.expect_not("Event type: Flood");
    window.press(CTRL | SHIFT, Key::Z);
    window.expect("Event type: NewEvent");
    window.key(Key::Escape);
    window.expect("Throw the changes of the label set away?");
    window.click_button("Keep editing");
    window.expect("Event type: NewEvent");
    window.press(CTRL, Key::Q);
    window.expect("Throw the changes of the label set away?");
    window.click_button("Keep editing");
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Throw away");
    window.expect_not("Event type: NewEvent");
    assert_eq!(desk.read("talks/schema.ron"), before);
}

#[test]
fn another_label_set_is_taken_over_with_its_renamings() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let theirs = desk.read("talks/schema.ron").replace("\"Person\"", "\"Human\"");
    desk.write("theirs.ron", theirs);
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Files of label sets");
    window.click_button("Compare…");
    window.choose_path(&desk.path("theirs.ron"), "Compare");
    window.expect_part("the mention type Person to Human");
    window.click_button("Back to editing");
    window.click_button("Files of label sets");
    window.click_button("Import…");
    window.choose_path(&desk.path("theirs.ron"), "Import");
    window.expect("Rename Person to Human");
    window.click_button("Take it over");
    window.expect("Mention type: Human");
    window.click_button("Apply…");
    window.expect("2 annotations change in 2 documents by 1 annotator.");
    window.click_button("Apply");
    assert_eq!(window.mentions(), ["Human: Bob"]);
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Files of label sets");
    window.click_button("Export…");
    window.choose_path(&desk.path("mine.ron"), "Export");
    assert_eq!(Schema::parse(&desk.read("mine.ron"), None).expect("consistent"), schema(&desk));
}

#[test]
fn a_change_that_was_interrupted_is_finished_when_the_project_opens() {
    let desk = Desk::new();
    let mut window = marked(&desk);
    let (arlington, schema_before) = (layer_of(&desk, "arlington"), desk.read("talks/schema.ron"));
    window.press(CTRL | SHIFT, Key::K);
    window.click_button("Mention type: Person");
    replace(&mut window, "Label", "Human");
    window.click_button("Apply…");
    window.click_button("Apply");
    let storage = window.kill();
    // As if it had been killed after the first document: the record is there, its notes and the rest are not.
    let operations = desk.path("talks/.manicule/operations");
    for entry in std::fs::read_dir(&operations).expect("there").flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "notes") {
            std::fs::remove_file(entry.path()).expect("removable");
        }
    }
    std::fs::write(layer(&desk, "arlington"), arlington).expect("writable");
    desk.write("talks/schema.ron", schema_before);
    let mut window = desk.window_on(Some(desk.path("talks")), storage);
    window.expect_part("Finished: Rename Person to Human");
    assert!(layer_of(&desk, "arlington").contains("label: \"Human\""));
    assert!(schema(&desk).mention("Human").is_some());
    assert_eq!(window.mentions(), ["Human: Bob"]);
    window.menu("Project", "Undo the last change of all documents");
    assert!(schema(&desk).mention("Person").is_some());
}
