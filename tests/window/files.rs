//! Opening, saving, recovering, and everything that can be wrong with a file.

use egui::accesskit::Role;
use egui::{Key, ViewportCommand, ViewportEvent};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use manicule::model::Status;

use crate::common::{ARTICLE, CTRL, Desk, Window, seed};

#[test]
fn the_welcome_offers_the_sample_a_file_and_pasted_text() {
    let desk = Desk::new();
    let window = desk.window();
    for name in ["Open the sample article", "Open…", "New from pasted text…", "or drop a file or a folder here"] {
        window.expect_part(name);
    }
    assert!(!window.shows("Recent files") && !window.shows("Not saved last time"));
}

#[test]
fn the_sample_opens_with_everything_marked_and_without_problems() {
    let desk = Desk::new();
    let mut window = desk.window();
    window.click_part("Open the sample article");
    let (d, text) = (window.document().clone(), std::fs::read_to_string(seed("txt")).expect("ships"));
    assert_eq!(d.text().as_str(), text);
    for (name, count) in [
        ("Entities", d.entities().len()),
        ("Events", d.events().len()),
        ("Quotes", d.quotes().len()),
        ("Relations", d.relations().len()),
        ("Problems", 0),
    ] {
        assert!(name == "Problems" || count > 5, "{name}: {count}");
        window.expect(&format!("{name} {count}"));
    }
    window.expect_part("Entity Antony Blinken, ");
    window.click_button(&format!("Quotes {}", d.quotes().len()));
    window.expect_part("Quote mixed: ");
    window.expect("No changes");
}

#[test]
fn pasted_text_becomes_an_article_exactly_as_it_is() {
    let desk = Desk::new();
    let mut window = desk.window();
    window.press(CTRL, Key::N);
    window.click_role(Role::MultilineTextInput, "Text; it is kept exactly as it is pasted");
    window.harness.event(egui::Event::Paste("A line\tand a tab.\n  Another.\n".into()));
    window.settle();
    window.click_button("Annotate");
    assert_eq!(window.document().text().as_str(), "A line\tand a tab.\n  Another.\n");

    // It is in no file: leaving asks, and a killed program brings it back.
    window.press(CTRL, Key::W);
    window.expect("Save your work?");
    window.click_button("Cancel");
    window.kill();
    let mut window = desk.window();
    window.expect("Not saved last time");
    window.click_part("Recover A line");
    assert_eq!(window.document().text().as_str(), "A line\tand a tab.\n  Another.\n");
}

#[test]
fn saving_writes_ron_beside_the_text_and_says_so() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.expect("Saved (journal)");
    window.press(CTRL, Key::S);
    window.expect("Saved");
    assert_eq!(desk.read("article.txt"), ARTICLE);
    let saved = desk.read("article.ron");
    assert!(saved.contains(r#"text: "Anna Berg""#) && saved.contains(r#"label: "Person""#), "{saved}");

    // Again, over its own file, without asking; and it opens again with the same content.
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    window.expect("Saved");
    let before = window.document().clone();
    drop(window);
    let window = desk.open("article.ron");
    assert_eq!(window.document(), &before);
    window.expect("Saved");
}

#[test]
fn a_file_of_that_name_that_is_not_ours_is_not_replaced_without_asking() {
    let desk = Desk::new();
    desk.write("article.ron", "mine");
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    window.expect("Replace the file?");
    window.click_button("Cancel");
    assert_eq!(desk.read("article.ron"), "mine");
    window.press(CTRL, Key::S);
    window.click_button("Replace");
    window.expect("Saved");
    assert!(desk.read("article.ron").contains("manicule/1"));
}

#[test]
fn a_change_by_another_program_is_not_overwritten_without_asking() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    desk.write("article.ron", "theirs");
    window.mark("Monday", 'd');
    window.press(CTRL, Key::S);
    window.expect("The file on disk has changed");
    assert_eq!(desk.read("article.ron"), "theirs");
}

#[test]
fn recent_files_are_offered_next_time() {
    let desk = Desk::new();
    let storage = desk.article(ARTICLE).kill();
    let mut window = desk.window_on(None, storage);
    window.expect("Recent files");
    window.click("Open article.txt");
    assert_eq!(window.document().text().as_str(), ARTICLE);
}

/// The names in the folder of journals.
fn journals(desk: &Desk) -> Vec<String> {
    let folder = std::fs::read_dir(desk.path("data/journals")).expect("there is work");
    folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_damaged_journal_says_in_one_sentence_what_was_recovered() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.mark("[Bob] in", 'p');
    window.kill();
    let name = journals(&desk).into_iter().find(|name| name.ends_with(".journal")).expect("a journal");
    let mut bytes = desk.read(&format!("data/journals/{name}")).into_bytes();
    let last = bytes.len() - 5;
    bytes[last] ^= 1;
    desk.write(&format!("data/journals/{name}"), bytes);

    let mut window = desk.window();
    window.click("Recover Talks in Paris end");
    window.expect_part("of last time; 1 record was damaged");
    window.expect_part(&format!("{name}.damaged-1"));
    assert!(!window.shows("Recovered 1 unsaved change of last time"), "said once");
    assert_eq!(window.mentions()[0], "Person: Anna Berg");
}

#[test]
fn closing_leaves_a_snapshot_beside_the_journal() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.press(CTRL, Key::S);
    window.press(CTRL, Key::W);
    assert!(journals(&desk).iter().any(|name| name.ends_with(".snapshot")), "{:?}", journals(&desk));
    drop(window);
    let mut window = desk.open("article.ron");
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
    window.press(CTRL, Key::Z);
    assert!(window.mentions().is_empty(), "undo reaches back before the snapshot");
}

#[test]
fn a_killed_window_reopens_where_it_was_with_its_undo() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let anna = window.mark("[Anna Berg] met", 'p');
    let bob = window.mark("[Bob] in", 'p');
    window.letter('o');
    window.kill();

    let mut window = desk.window();
    window.expect("Not saved last time");
    window.click("Recover Talks in Paris end");
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Organization: Bob"]);
    window.expect("Recovered 3 unsaved changes of last time");
    window.press(CTRL, Key::Z);
    window.press(CTRL, Key::Z);
    assert!(window.exists(&anna) && !window.exists(&bob));
    window.kill();

    // Opening the file does the same; the undone steps are undone.
    let window = desk.open("article.txt");
    assert_eq!(window.mentions(), ["Person: Anna Berg"]);
}

#[test]
fn unsaved_work_can_be_forgotten() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.kill();
    let mut window = desk.window();
    window.click("Forget");
    window.expect_not("Not saved last time");
    drop(window);
    let window = desk.open("article.txt");
    assert!(window.mentions().is_empty());
}

fn wish_to_close(window: &mut Window) {
    let viewports = &mut window.harness.input_mut().viewports;
    viewports.entry(egui::ViewportId::ROOT).or_default().events.push(ViewportEvent::Close);
    window.harness.step();
}

fn root_commands(window: &Window) -> Vec<ViewportCommand> {
    window.harness.output().viewport_output.values().flat_map(|v| v.commands.clone()).collect()
}

#[test]
fn closing_with_unsaved_work_asks_and_each_answer_does_what_it_says() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    wish_to_close(&mut window);
    assert!(root_commands(&window).contains(&ViewportCommand::CancelClose));
    window.harness.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default().events.clear();
    window.settle();
    window.expect("Save your work?");
    window.click_button("Cancel");
    window.expect_not("Save your work?");
    assert_eq!(window.mentions(), ["Person: Bob"]);

    window.press(CTRL, Key::W);
    window.click_button("Save");
    assert!(desk.read("article.ron").contains("Bob"));
    window.expect_part("Open the sample article");

    window = desk.open("article.ron");
    window.mark("Monday", 'd');
    window.press(CTRL, Key::W);
    window.click_button("Do not save");
    window.expect_not("Not saved last time");
    assert!(!desk.read("article.ron").contains("Date"));
}

#[test]
fn closing_without_unsaved_work_does_not_ask() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    wish_to_close(&mut window);
    assert!(!root_commands(&window).contains(&ViewportCommand::CancelClose));
}

#[test]
fn a_broken_file_is_explained_with_place_and_hint_and_the_window_goes_on() {
    let desk = Desk::new();
    desk.write("broken.ron", "(\n    format: \"manicule/1\",\n    mentions: [(id: ,)],\n)\n");
    let mut window = desk.open("broken.ron");
    window.expect("The file cannot be opened");
    window.expect_part("broken.ron");
    window.expect_part("line 3, column ");
    window.click_button("Close");
    window.click_part("Open the sample article");
    assert!(!window.document().mentions().is_empty());
}

#[test]
fn files_that_are_no_article_are_refused_with_a_message() {
    let desk = Desk::new();
    desk.write("empty.txt", "");
    desk.write("empty.ron", "");
    desk.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01");
    for name in ["empty.txt", "empty.ron", "picture.png", "missing.txt"] {
        let mut window = desk.open(name);
        window.expect("The file cannot be opened");
        window.expect_part(name);
        window.click_button("Close");
        window.expect_part("Open the sample article");
    }
}

#[test]
fn a_file_with_wrong_offsets_is_refused_or_listed_and_never_changed() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    drop(window);
    let good = desk.read("article.ron");
    let bad = good.replace("\"Bob\"", "\"Rob\"");
    assert_ne!(good, bad);
    desk.write("wrong.ron", &bad);
    let window = desk.open("wrong.ron");
    window.expect_part("wrong.ron");
    window.expect_part("m1");
    assert_eq!(desk.read("wrong.ron"), bad);
}

#[test]
fn a_guessed_encoding_is_shown_and_can_be_corrected() {
    let desk = Desk::new();
    // "Dvořák potkal Žižku." in ISO-8859-2.
    desk.write("czech.txt", b"Dvo\xf8\xe1k potkal \xaei\xbeku v Praze, a pak \xb9li spolu dom\xf9.\n");
    let mut window = desk.open("czech.txt");
    window.menu("File", "Read the text as");
    window.click_part("ISO-8859-2");
    assert!(window.document().text().as_str().starts_with("Dvořák potkal Žižku"));
    window.expect("ISO-8859-2");

    // Not once something is marked.
    window.mark("Dvořák", 'p');
    window.click_button("File");
    let named = |name: Option<String>| name.is_some_and(|name| name.starts_with("Read the text as"));
    let mut buttons = window.harness.query_all_by_role(Role::Button);
    let item = buttons.find(|node| named(node.accesskit_node().label())).expect("in the menu");
    assert!(item.accesskit_node().is_disabled());
}

/// Regression: the text was read in the guessed encoding again, and the work did not fit it.
#[test]
fn work_on_a_text_in_a_corrected_encoding_is_recovered() {
    let desk = Desk::new();
    desk.write("czech.txt", b"Dvo\xf8\xe1k potkal \xaei\xbeku v Praze, a pak \xb9li spolu dom\xf9.\n");
    let mut window = desk.open("czech.txt");
    window.menu("File", "Read the text as");
    window.click_part("ISO-8859-2");
    window.mark("Dvořák", 'p');
    window.kill();
    let window = desk.open("czech.txt");
    assert_eq!(window.mentions(), ["Person: Dvořák"]);
}

/// Regression: the journal of a native file did not hold the document.
#[test]
fn work_on_a_file_that_is_gone_is_recovered() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.press(CTRL, Key::S);
    drop(window);
    let mut window = desk.open("article.ron");
    window.mark("[Bob] in", 'p');
    window.kill();
    std::fs::remove_file(desk.path("article.ron")).expect("was saved");
    std::fs::remove_file(desk.path("article.txt")).expect("was there");
    let mut window = desk.window();
    window.click("Recover Talks in Paris end");
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"]);
}

/// Regression: the open document was closed before the new file was read.
#[test]
fn a_file_that_cannot_be_opened_leaves_the_open_document_alone() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    let broken = desk.write("broken.ron", b"(format: ");
    window.drop_file(broken);
    window.click_button("Close");
    assert!(window.document().text().as_str().contains("Anna Berg"));
}

#[test]
fn text_is_kept_verbatim_through_marking_and_saving() {
    let desk = Desk::new();
    let text = "Caf\u{e9} o\u{308}ffnet\r\n\r\nAnna\u{a0}Berg kam.\r\n";
    let mut window = desk.article(text);
    window.mark("kam", 'p');
    window.press(CTRL, Key::S);
    drop(window);
    let window = desk.open("article.ron");
    assert_eq!(window.document().text().as_str(), text);
    assert_eq!(window.mentions(), ["Person: kam"]);
    assert_eq!(window.document().header().status, Status::InProgress);
}

#[test]
fn a_dropped_file_opens() {
    let desk = Desk::new();
    let path = desk.write("dropped.txt", ARTICLE);
    let mut window = desk.window();
    window.drop_file(path);
    assert_eq!(window.document().text().as_str(), ARTICLE);
}

#[test]
fn unsaved_work_is_recovered_without_its_file() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.kill();
    std::fs::remove_file(desk.path("article.txt")).expect("it is there");
    let mut window = desk.window();
    window.click("Recover Talks in Paris end");
    assert_eq!(window.mentions(), ["Person: Bob"]);
    window.expect("Recovered 1 unsaved change of last time");
    // It is in no file now.
    window.press(CTRL, Key::W);
    window.expect("Save your work?");
}

#[test]
fn a_recent_file_that_is_gone_is_forgotten_and_one_that_cannot_be_read_is_not() {
    let desk = Desk::new();
    for name in ["gone.txt", "broken.txt"] {
        desk.write(name, ARTICLE);
    }
    desk.open("gone.txt").kill();
    let mut window = desk.window();
    for name in ["gone.txt", "broken.txt"] {
        window.drop_file(desk.path(name));
        window.press(CTRL, Key::W);
    }
    std::fs::remove_file(desk.path("gone.txt")).expect("it is there");
    desk.write("broken.txt", b"\0\0\0");
    for (name, stays) in [("gone.txt", false), ("broken.txt", true)] {
        window.click_part(&format!("Open {name}"));
        window.expect("The file cannot be opened");
        window.key(Key::Escape);
        assert_eq!(window.shows(&format!("Open {name}")), stays, "{name}");
    }
}
