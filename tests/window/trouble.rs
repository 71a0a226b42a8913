//! Trouble with disks: the window goes on, the work stays, the strip above the article says what is wrong and offers a
//! way out, and what failed is tried again.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use egui::{Key, ViewportCommand, ViewportEvent, vec2};
use manicule::app::banner::BannerKind;

use crate::common::{ARTICLE, CTRL, Desk, NONE, SHIFT, Window};

/// A saved article in a folder of its own.
fn in_folder(desk: &Desk) -> Window {
    fs::create_dir(desk.path("disk")).expect("the folder can be made");
    desk.write("disk/article.txt", ARTICLE);
    let mut window = desk.open("disk/article.txt");
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    window.expect("Saved");
    window.mark("Monday", 'd');
    window
}

/// The folder goes away, as a disk does that is pulled out.
fn pull_out(desk: &Desk) {
    fs::rename(desk.path("disk"), desk.path("drawer")).expect("it can be renamed");
}

fn put_back(desk: &Desk) {
    fs::rename(desk.path("drawer"), desk.path("disk")).expect("it can be renamed");
}

const GONE: &str = "article.ron cannot be saved: there is no folder";

#[test]
fn a_save_into_a_folder_that_is_gone_is_explained_and_tried_again_by_itself() {
    let desk = Desk::new();
    let mut window = in_folder(&desk);
    pull_out(&desk);
    window.press(CTRL, Key::S);
    window.expect_part(GONE);
    window.expect_part("your work is safe in the journal");
    window.expect_not("The file cannot be saved");
    let banner = window.harness.state().banners().pop().expect("one is shown");
    assert!(banner.detail.is_some_and(|detail| detail.contains(&*desk.path("disk/article.ron").to_string_lossy())));
    // Work goes on.
    window.mark("[Anna Berg] met", 'p');
    window.expect("Saved (journal)");
    // Tried again, in vain.
    window.pass(6.0);
    window.expect_part(GONE);
    put_back(&desk);
    window.pass(12.0);
    window.expect("Saved");
    assert!(window.harness.state().banners().is_empty());
    assert!(desk.read("disk/article.ron").contains("Anna Berg"));
}

#[test]
fn it_can_be_tried_again_at_once() {
    let desk = Desk::new();
    let mut window = in_folder(&desk);
    pull_out(&desk);
    window.press(CTRL, Key::S);
    window.click_button("Try again");
    window.expect_part(GONE);
    put_back(&desk);
    window.click_button("Try again");
    window.expect("Saved");
    assert!(window.harness.state().banners().is_empty());
}

#[test]
fn it_can_be_saved_elsewhere_and_stays_there() {
    let desk = Desk::new();
    let mut window = in_folder(&desk);
    pull_out(&desk);
    window.press(CTRL, Key::S);
    window.click_button("Save elsewhere…");
    window.choose_path(&desk.path("elsewhere.ron"), "Save");
    window.settle();
    window.expect("Saved");
    assert!(window.harness.state().banners().is_empty());
    assert!(desk.read("elsewhere.ron").contains("Monday"));
    // Nothing comes back to the old place later.
    put_back(&desk);
    let before = desk.read("disk/article.ron");
    window.mark("[Anna Berg] met", 'p');
    window.pass(100.0);
    window.press(CTRL, Key::S);
    assert_eq!(desk.read("disk/article.ron"), before);
    assert!(desk.read("elsewhere.ron").contains("Anna Berg"));
}

#[test]
fn what_another_program_wrote_meanwhile_is_not_replaced_by_trying_again() {
    let desk = Desk::new();
    let mut window = in_folder(&desk);
    pull_out(&desk);
    window.press(CTRL, Key::S);
    put_back(&desk);
    desk.write("disk/article.ron", "theirs");
    window.pass(6.0);
    window.expect_part("another program has changed it meanwhile");
    window.expect_not("The file on disk has changed");
    window.pass(100.0);
    assert_eq!(desk.read("disk/article.ron"), "theirs");
    // Asked for, it asks.
    window.click_button("Try again");
    window.expect("The file on disk has changed");
}

#[test]
fn a_path_through_a_file_is_explained() {
    let desk = Desk::new();
    let mut window = in_folder(&desk);
    pull_out(&desk);
    desk.write("disk", "a file now");
    window.press(CTRL, Key::S);
    window.expect_part("is not a folder; your work is safe in the journal");
}

#[test]
fn leaving_while_the_file_cannot_be_written_offers_what_can_be_done() {
    let desk = Desk::new();
    let mut window = in_folder(&desk);
    pull_out(&desk);
    window.press(CTRL, Key::S);
    window.press(CTRL, Key::W);
    window.expect("Your work is not in the file");
    window.click_button("Cancel");
    assert_eq!(window.mentions().len(), 2);
    window.press(CTRL, Key::W);
    window.click_button("Close, keep the journal");
    window.expect("Not saved last time");
    put_back(&desk);
    window.click_part("Recover Talks in Paris end");
    assert_eq!(window.mentions(), ["Person: Bob", "Date: Monday"]);
    // Save elsewhere goes on with what was wanted.
    pull_out(&desk);
    window.press(CTRL, Key::S);
    window.press(CTRL, Key::W);
    window.click_last("Save elsewhere…");
    window.choose_path(&desk.path("elsewhere.ron"), "Save");
    window.settle();
    window.expect_part("Open the sample article");
    assert!(desk.read("elsewhere.ron").contains("Monday"));
}

#[test]
fn without_a_journal_work_is_in_memory_and_the_journal_begins_when_it_can() {
    let desk = Desk::new();
    // Where the folder of the journals should be, there is a file.
    let in_the_way = desk.write("data", "a file");
    let mut window = desk.article(ARTICLE);
    window.expect_part("will be in memory only until you save");
    window.mark("[Bob] in", 'p');
    window.expect("Not saved: the journal cannot be written");
    window.expect_part("Your changes are in memory only");
    assert_eq!(window.harness.state().banners().first().map(|banner| banner.kind), Some(BannerKind::Error));
    window.click_button("Try again");
    window.expect("Not saved: the journal cannot be written");
    fs::remove_file(in_the_way).expect("it was there");
    window.pass(90.0);
    window.expect("Saved (journal)");
    assert!(window.harness.state().banners().is_empty());
    window.mark("Monday", 'd');
    window.kill();
    let window = desk.open("article.txt");
    assert_eq!(window.mentions(), ["Person: Bob", "Date: Monday"]);
}

#[test]
fn a_save_begins_the_journal_anew() {
    let desk = Desk::new();
    let in_the_way = desk.write("data", "a file");
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
    window.expect("Saved");
    window.expect_part("will be in memory only until you save");
    fs::remove_file(in_the_way).expect("it was there");
    window.mark("Monday", 'd');
    window.press(CTRL, Key::S);
    window.expect("Saved");
    assert!(window.harness.state().banners().is_empty());
    window.mark("[Anna Berg] met", 'p');
    window.kill();
    let window = desk.open("article.ron");
    assert_eq!(window.mentions().len(), 3);
}

#[test]
fn both_troubles_are_shown_at_once() {
    let desk = Desk::new();
    desk.write("data", "a file");
    let mut window = in_folder(&desk);
    pull_out(&desk);
    window.press(CTRL, Key::S);
    window.expect_part("the journal cannot be written");
    window.expect_part("your work is in memory only");
    window.press(CTRL, Key::W);
    window.expect("Close, lose the work");
}

/// The text that is read stays where it is on the screen when the strip comes and goes.
#[test]
fn the_strip_does_not_move_the_article() {
    let desk = Desk::new();
    let text = format!("{ARTICLE}\n{}", "One more sentence of a long article.\n\n".repeat(60));
    fs::create_dir(desk.path("disk")).expect("the folder can be made");
    desk.write("disk/article.txt", text);
    let mut window = desk.open("disk/article.txt");
    window.mark("[Bob] in", 'p');
    let place = |window: &Window| {
        let at = window.document().text().as_str().find("Bob in").expect("it is there");
        window.harness.state().place_of(manicule::text::BytePos(at as u32)).expect("it is on the screen")
    };
    let before = place(&window);
    pull_out(&desk);
    window.press(CTRL, Key::S);
    window.expect_part(GONE);
    assert_eq!(place(&window), before);
    put_back(&desk);
    window.click_button("Try again");
    window.expect("Saved");
    assert_eq!(place(&window), before);
}

#[test]
fn a_long_path_gives_way_in_the_strip_of_a_small_window() {
    let desk = Desk::new();
    let folder = desk.path(&format!("disk/{}", "a folder with a long name/".repeat(8)));
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join("article.txt"), ARTICLE).expect("it can be written");
    let mut window = desk.window_of(vec2(1000.0, 700.0), egui::Theme::Dark);
    window.drop_file(folder.join("article.txt"));
    window.mark("[Bob] in", 'p');
    pull_out(&desk);
    window.press(CTRL, Key::S);
    window.expect_part("article.ron cannot be saved: there is no folder /…/");
    let banner = window.harness.state().banners().pop().expect("one is shown");
    assert!(banner.text.chars().count() < 190, "{}", banner.text);
    assert!(banner.detail.is_some_and(|detail| detail.contains(&*folder.to_string_lossy())));
    window.click_button("Save elsewhere…");
    window.expect("Save as");
}

// --- what hangs ------------------------------------------------------------------------------------------------

/// What holds up a job of the window, as a disk that does not answer would: it waits until somebody writes into a pipe.
#[cfg(unix)]
pub fn hanging(desk: &Desk, job: &str) -> PathBuf {
    fs::create_dir_all(desk.path("data/traps")).expect("the folder can be written");
    let path = desk.path(&format!("data/traps/{job}"));
    let made = Command::new("mkfifo").arg(&path).status().expect("mkfifo is there");
    assert!(made.success());
    path
}

/// Waits until the job hangs; it does until what comes back is dropped. Later ones do not.
#[cfg(unix)]
pub fn hold(pipe: &std::path::Path) -> fs::File {
    let held = fs::File::options().write(true).open(pipe).expect("it can be written");
    fs::remove_file(pipe).expect("it can be removed");
    held
}

/// The disk answers again.
#[cfg(unix)]
pub fn release(window: &mut Window, held: fs::File) {
    drop(held);
    window.hangs = false;
    window.settle();
}

#[cfg(unix)]
fn save_to(window: &mut Window, path: &std::path::Path) {
    window.press(CTRL | SHIFT, Key::S);
    window.wait_for("Name or path");
    window.hangs = true;
    window.choose_path(path, "Save");
}

#[cfg(unix)]
#[test]
fn a_save_that_hangs_is_told_and_the_work_can_be_saved_elsewhere() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    let (share, pipe) = (desk.path("share.ron"), hanging(&desk, "Saving"));
    save_to(&mut window, &share);
    let held = hold(&pipe);
    window.expect("Saving…");
    window.pass(9.0);
    window.wait_for("its disk or network does not answer; your work is safe in the journal");

    // The window goes on, and what is done is kept although the save hangs.
    window.select("Monday");
    window.press(NONE, Key::D);
    window.wait_for("Saved (journal)");

    window.click_button("Save elsewhere…");
    window.choose_path(&desk.path("elsewhere.ron"), "Save");
    window.wait_for("Saved elsewhere.ron");
    assert!(window.harness.state().banners().is_empty());
    let elsewhere = desk.read("elsewhere.ron");
    assert!(elsewhere.contains("Monday"));

    // The first one ends at last: it comes to nothing, and nothing is mixed up.
    release(&mut window, held);
    window.expect("Saved");
    assert!(!share.exists(), "it was not written");
    window.mark("[Anna Berg] met", 'p');
    window.press(CTRL, Key::S);
    assert!(desk.read("elsewhere.ron").contains("Anna Berg"));
    window.mark("[mayor]", 'p');
    window.kill();
    let window = desk.open("elsewhere.ron");
    assert_eq!(window.mentions().len(), 4);
}

#[cfg(unix)]
#[test]
fn a_save_that_hung_goes_on_with_the_latest_work_when_the_disk_answers() {
    let desk = Desk::new();
    let mut window = in_folder(&desk);
    let pipe = hanging(&desk, "Saving");
    window.hangs = true;
    window.press(CTRL, Key::S);
    let held = hold(&pipe);
    window.pass(9.0);
    window.wait_for("its disk or network does not answer; your work is safe in the journal");
    window.mark("[mayor]", 'p');
    window.press(CTRL, Key::S);
    window.wait_for("It is still being written");
    release(&mut window, held);
    window.expect("Saved");
    assert!(window.harness.state().banners().is_empty());
    let saved = desk.read("disk/article.ron");
    assert!(saved.contains("Monday") && saved.contains("mayor"));
}

/// The user agreed to replace what was there then.
#[cfg(unix)]
#[test]
fn a_save_that_hung_asks_again_before_it_replaces_another_file() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    let share = desk.write("share.ron", "theirs");
    window.press(CTRL | SHIFT, Key::S);
    window.choose_path(&share, "Save");
    window.settle();
    let pipe = hanging(&desk, "Saving");
    window.hangs = true;
    window.click_button("Replace");
    let held = hold(&pipe);
    window.pass(9.0);
    window.wait_for("its disk or network does not answer");
    desk.write("share.ron", "theirs, and what they did since");
    release(&mut window, held);
    assert_eq!(desk.read("share.ron"), "theirs, and what they did since");
    window.click_button("Replace");
    window.expect("Saved");
    assert!(desk.read("share.ron").contains("Bob"));
}

#[cfg(unix)]
#[test]
fn closing_while_a_save_hangs_asks_and_keeps_the_work() {
    let desk = Desk::new();
    let mut window = desk.article(ARTICLE);
    window.mark("[Bob] in", 'p');
    let (share, pipe) = (desk.path("share.ron"), hanging(&desk, "Saving"));
    save_to(&mut window, &share);
    let held = hold(&pipe);
    // Not yet slow: it waits for the save, then asks.
    let viewports = &mut window.harness.input_mut().viewports;
    viewports.entry(egui::ViewportId::ROOT).or_default().events.push(ViewportEvent::Close);
    window.harness.step();
    let commands: Vec<ViewportCommand> =
        window.harness.output().viewport_output.values().flat_map(|viewport| viewport.commands.clone()).collect();
    assert!(commands.contains(&ViewportCommand::CancelClose));
    window.harness.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default().events.clear();
    window.harness.run();
    window.expect_not("Your work is not in the file");
    window.pass(9.0);
    window.wait_for("Your work is not in the file");
    window.click_button("Cancel");
    assert_eq!(window.mentions().len(), 1);
    window.press(CTRL, Key::W);
    window.click_button("Close, keep the journal");
    window.wait_for("Open the sample article");
    release(&mut window, held);
    assert!(!share.exists(), "it was not written");
    let window = desk.open("article.txt");
    assert_eq!(window.mentions(), ["Person: Bob"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_does_not_open_is_told_and_need_not_be_waited_for() {
    let desk = Desk::new();
    let file = desk.write("talks.ann", "T1\tPerson 0 4\tAnna\n");
    desk.write("talks.txt", "Anna met Bob.");
    let pipe = hanging(&desk, "Opening a file");
    let mut window = desk.window();
    window.hangs = true;
    window.drop_file(file);
    let held = hold(&pipe);
    window.pass(9.0);
    window.wait_for("talks.ann: it is large, or its disk or network does not answer");
    window.click_button("Stop waiting");
    assert!(window.harness.state().banners().is_empty());
    window.click_part("Open the sample article");
    window.wait_for("No changes");
    let sample = window.document().clone();
    // What comes at last is not shown.
    release(&mut window, held);
    assert_eq!(window.document(), &sample);
}
