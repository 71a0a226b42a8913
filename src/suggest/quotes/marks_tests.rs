//! Marks in, quotations out: `⟦` and `⟧` stand where a quotation begins and ends.

use super::*;
use crate::suggest::quotes::block::Block;
use crate::suggest::quotes::language;
use crate::suggest::quotes::segmentation::Segmentation;

/// The text with brackets around every quotation, also those inside others.
fn bracketed(tag: &str, source: &str) -> String {
    let text = Text::new(source).expect("short");
    let languages = language::choose(Some(tag), &text);
    let segmentation = Segmentation::of(&text);
    let mut edges: Vec<(usize, u8, char)> = Vec::new();
    let mut first = 0;
    while let Some(block) = Block::at_token(&segmentation, &languages, first) {
        for quotation in &block.quotations {
            let span = block.span(&(quotation.open..quotation.end)).expect("not empty");
            edges.push((span.start.to_usize(), 1, '⟦'));
            edges.push((span.end.to_usize(), 0, '⟧'));
        }
        first = block.next_token;
    }
    edges.sort_by_key(|(at, order, _)| (*at, *order));
    let mut out = String::new();
    let mut at = 0;
    for (edge, _, bracket) in edges {
        out.push_str(&source[at..edge]);
        out.push(bracket);
        at = edge;
    }
    out + &source[at..]
}

fn check(tag: &str, expected: &str) {
    let source = expected.replace(['⟦', '⟧'], "");
    assert_eq!(bracketed(tag, &source), expected);
}

#[test]
fn marks_of_every_convention() {
    for (tag, expected) in [
        ("en", "⟦“We go,”⟧ Anna said. ⟦“Now.”⟧"),
        ("en", "⟦\"We go,\"⟧ Anna said. ⟦\"Now.\"⟧"),
        ("en", "⟦‘We go,’⟧ Anna said."),
        ("en", "⟦'We go,'⟧ Anna said."),
        ("en", "⟦``We go,''⟧ Anna said."),
        ("en", "Anna said:⟦\"We go.\"⟧"),
        ("en", "(⟦\"We go\"⟧) and [⟦“Now”⟧]—⟦“so”⟧—…"),
        ("de", "⟦„Wir gehen“⟧, sagte Anna. ⟦„Jetzt.“⟧"),
        ("de", "⟦‚Wir gehen‘⟧, sagte Anna."),
        ("de", "⟦»Wir gehen«⟧, sagte Anna. ⟦»Jetzt.«⟧"),
        ("de", "⟦›Wir gehen‹⟧, sagte Anna."),
        ("de", "⟦„Wir gehen\"⟧, sagte Anna."),
        ("fr", "⟦«\u{a0}Nous partons\u{a0}»⟧, a dit Anna."),
        ("fr", "⟦« Nous partons »⟧, a dit Anna. ⟦«\u{202f}Oui.\u{202f}»⟧"),
        ("fr", "⟦“Nous partons”⟧, a dit Anna. L’eau d’Anna."),
        ("ru", "⟦«Мы уходим»⟧, — сказала Анна."),
        ("pl", "⟦„Idziemy”⟧ – powiedziała Anna. ⟦„Teraz”⟧."),
        ("sv", "⟦”Vi går”⟧, sade Anna. ⟦”Nu”⟧, sade Bob."),
        ("sv", "⟦»Vi går»⟧, sade Anna. ⟦»Nu»⟧, sade Bob."),
        ("zh", "安娜说⟦「我们走」⟧，鲍勃说⟦“好”⟧。"),
        ("ja", "⟦「行こう」⟧とアンナは言った。⟦『本』⟧"),
    ] {
        check(tag, expected);
    }
}

#[test]
fn quotations_inside_quotations() {
    for (tag, expected) in [
        ("en", "⟦“Bob said ⟦‘no’⟧ twice,”⟧ Anna said."),
        ("en", "⟦\"Bob said ⟦'no'⟧ twice,\"⟧ Anna said."),
        ("en", "⟦‘Bob said ⟦“no”⟧ twice,’⟧ Anna said."),
        ("en", "⟦“⟦‘No,’⟧ Bob said,”⟧ Anna said."),
        ("de", "⟦„Bob sagte ⟦‚nein‘⟧ zweimal“⟧, sagte Anna."),
        ("de", "⟦»Bob sagte ⟦›nein‹⟧ zweimal«⟧, sagte Anna."),
        ("fr", "⟦« Bob dit ⟦“non”⟧ deux fois »⟧, dit Anna."),
        ("ru", "⟦«Газета ⟦„Заря“⟧ молчит»⟧, — сказала Анна."),
        ("pl", "⟦„Gazeta ⟦«Świt»⟧ milczy”⟧ – powiedziała Anna."),
        ("ja", "⟦「ボブは⟦『いや』⟧と言った」⟧とアンナは言った。"),
    ] {
        check(tag, expected);
    }
}

#[test]
fn apostrophes_and_inches_are_no_quotations() {
    for (tag, expected) in [
        ("en", "Anna's plan isn't the ministers' plan; Bob’s was the girls’."),
        ("en", "’Tis the summer of ’69, rock 'n' roll, the '90s and 'em."),
        ("en", "A 6\" pipe is 5' 10\" long, a 17\" screen isn't."),
        ("en", "She is 5'10\" tall."),
        ("en", "⟦“The ministers’ plan isn’t Anna’s,”⟧ Bob said."),
        ("en", "⟦‘We asked the ministers’ staff to leave the two rooms,’⟧ Bob said."),
        ("en", "⟦'I don't know Anna's dog,'⟧ Bob said."),
        ("en", "⟦\"It is a 6\" pipe,\"⟧ Bob said."),
        ("de", "Geht's noch, Hans' Hund? 's ist so'n Ding."),
        ("fr", "L'eau qu'Anna n'a pas, aujourd'hui, d’accord."),
        ("en", "5 o'clock, O'Brien, d'Anna"),
    ] {
        check(tag, expected);
    }
}

#[test]
fn a_missing_mark_does_not_swallow_the_article() {
    for expected in [
        // From the start of a sentence: to the end of the paragraph.
        "⟦“We go. We never come back.⟧\nBob stayed.",
        "Anna said: ⟦“We go. We never come back.⟧\nBob stayed.",
        // In the middle of a sentence: to its end.
        "Anna said they ⟦\"made progress in the talks.⟧ Bob left.\n⟦“So,”⟧ he said.",
        // Up to the next quotation.
        "⟦\"We go.⟧ Bob laughed. ⟦\"So,\"⟧ he said.",
        // A closing mark alone says nothing.
        "We go,” Anna said. Bob left.",
        "We go,\" Anna said. Bob left.",
    ] {
        check("en", expected);
    }
}

#[test]
fn marks_with_blanks_on_both_sides_take_turns() {
    check("en", "⟦\" We go , \"⟧ Anna said . ⟦\" Now . \"⟧");
}
