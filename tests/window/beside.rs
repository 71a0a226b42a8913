//! An article beside which its annotation lies: it is offered, and never replaced unseen.

use egui::Key;

use crate::common::{ARTICLE, CTRL, Desk, Window};

/// An article whose annotation lies beside it.
fn annotated(desk: &Desk) {
    let mut window = desk.article(ARTICLE);
    window.mark("[Anna Berg] met", 'p');
    window.mark("[Bob] in", 'p');
    window.press(CTRL, Key::S);
}

#[test]
fn the_annotation_beside_an_article_is_offered_and_enter_opens_it() {
    let desk = Desk::new();
    annotated(&desk);
    let mut window = desk.open("article.txt");
    window.expect("This article is annotated already");
    window.expect("article.ron beside it holds the same text with 2 mentions");
    assert_eq!(window.focused(), "Open it instead");
    window.key(Key::Enter);
    window.expect_not("This article is annotated already");
    assert_eq!(window.mentions(), ["Person: Anna Berg", "Person: Bob"]);
    // What is marked now goes into that file without a question.
    window.mark("Monday", 'd');
    window.press(CTRL, Key::S);
    window.expect("Saved");
    assert!(desk.read("article.ron").contains("Monday\""));
    // A text that is dropped on the window is asked about too.
    window.drop_file(desk.path("article.txt"));
    window.expect("article.ron beside it holds the same text with 3 mentions");
}

#[test]
fn beginning_anew_is_possible_and_saving_says_what_would_be_lost() {
    let desk = Desk::new();
    annotated(&desk);
    let before = desk.read("article.ron");
    let mut window = desk.open("article.txt");
    window.click_button("Begin anew");
    assert!(window.mentions().is_empty());
    window.mark("Monday", 'd');
    window.press(CTRL, Key::S);
    window.expect("Replace the annotations of this article?");
    window.expect_part("holds annotations of this article already: 2 mentions. They are not part of what is open here");
    window.key(Key::Enter);
    assert_eq!(desk.read("article.ron"), before, "Enter replaces nothing");
    window.press(CTRL, Key::S);
    window.click_button("Replace");
    window.expect("Saved");
    assert_ne!(desk.read("article.ron"), before);
}

#[test]
fn work_that_is_in_no_file_comes_back_without_a_question() {
    let desk = Desk::new();
    annotated(&desk);
    let mut window = desk.open("article.txt");
    window.click_button("Begin anew");
    window.mark("Monday", 'd');
    window.kill();
    let window = desk.open("article.txt");
    window.expect_not("This article is annotated already");
    assert_eq!(window.mentions(), ["Date: Monday"]);
}

#[test]
fn an_annotation_of_another_text_is_not_offered() {
    let desk = Desk::new();
    annotated(&desk);
    let mut window: Window = desk.article("Anna stayed at home.\n");
    window.expect_not("This article is annotated already");
    window.expect_part("article.ron beside this text is of another text");
    window.mark("Anna", 'p');
    window.press(CTRL, Key::S);
    window.expect("Replace the file?");
    window.expect_part("holds annotations of another text. Replace it?");
}

#[test]
fn a_text_in_an_encoding_that_was_chosen_by_hand_is_known_by_its_annotation() {
    let desk = Desk::new();
    // "Dvořák potkal Žižku." in ISO-8859-2.
    desk.write("czech.txt", b"Dvo\xf8\xe1k potkal \xaei\xbeku v Praze, a pak \xb9li spolu dom\xf9.\n");
    let mut window = desk.open("czech.txt");
    window.menu("File", "Read the text as");
    window.click_part("ISO-8859-2");
    window.mark("Dvořák", 'p');
    window.press(CTRL, Key::S);
    drop(window);
    let mut window = desk.open("czech.txt");
    window.expect("This article is annotated already");
    window.key(Key::Enter);
    assert_eq!(window.mentions(), ["Person: Dvořák"]);
}
