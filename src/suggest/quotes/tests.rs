//! Articles in, quotes out. In the expected text `⟦…⟧` is content and `⟨…⟩` a cue; kinds stand in front, one letter a
//! quote: `d`irect, `i`ndirect, `m`ixed.

use proptest::prelude::*;

use super::*;
use crate::model::test_support::{mention, quote};
use crate::model::{Filler, Header, Id, Mention, Metadata, schema};
use crate::text::{Spans, Text};

fn document(tag: &str, source: &str, mentions: Vec<Mention>) -> Document {
    let metadata = Metadata { language: (!tag.is_empty()).then(|| tag.to_owned()), ..Default::default() };
    let text = Text::new(source).expect("short");
    Document::with_annotations(text, Header { metadata, ..Default::default() }, [], mentions, [], [], [])
}

/// The text with its quotes in brackets, after a letter for the kind of each.
fn shown(source: &str, quotes: &[QuoteProposal]) -> String {
    let mut edges: Vec<(usize, u8, char)> = Vec::new();
    for quote in quotes {
        let content = quote.content.iter().map(|span| (span, ['⟦', '⟧']));
        let cue = quote.cue.iter().flatten().map(|span| (span, ['⟨', '⟩']));
        for (span, [open, close]) in content.chain(cue) {
            edges.push((span.start.to_usize(), 1, open));
            edges.push((span.end.to_usize(), 0, close));
        }
    }
    edges.sort_by_key(|(at, order, _)| (*at, *order));
    let mut out: String = quotes.iter().map(|quote| &quote.kind[..1]).collect();
    out.push_str(": ");
    let mut at = 0;
    for (edge, _, bracket) in edges {
        out.push_str(&source[at..edge]);
        out.push(bracket);
        at = edge;
    }
    out + &source[at..]
}

fn plain(expected: &str) -> String {
    let text = expected.split_once(": ").map_or(expected, |(_, text)| text);
    text.replace(['⟦', '⟧', '⟨', '⟩', '|'], "")
}

/// What [`all`] finds.
fn check(tag: &str, expected: &str) {
    let source = plain(expected);
    assert_eq!(shown(&source, &all(&document(tag, &source, Vec::new()))), expected);
}

/// What [`at`] finds at the place between `|` and the next `|`, or at the one `|`.
fn check_at(tag: &str, place: &str, expected: &str) {
    let source = plain(expected);
    assert_eq!(source, place.replace('|', ""), "the same text");
    let first = place.find('|').expect("a place");
    let last = place.rfind('|').map_or(first, |last| if last > first { last - 1 } else { first });
    let found = at(&document(tag, &source, Vec::new()), Span::of(first as u32, last as u32));
    assert_eq!(shown(&source, found.as_slice()), expected, "at {place}");
}

#[test]
fn direct_quotes_with_their_cues() {
    for (tag, expected) in [
        ("en", "d: ⟦“We are ready,”⟧ Anna ⟨said⟩."),
        ("en", "d: ⟦“We are ready,”⟧ ⟨said⟩ Anna Berg, the mayor."),
        ("en", "d: ⟦\"Who pays?\"⟧ ⟨asked⟩ Bob."),
        ("en", "d: Anna ⟨told⟩ reporters: ⟦“We are ready.”⟧"),
        ("en", "d: On Monday Anna ⟨said⟩, ⟦“We are ready.”⟧"),
        ("en", "d: ⟦“We are ready,”⟧ Anna Berg, the mayor of the town, ⟨said⟩ on Monday."),
        ("en", "d: ⟦“We are ready to sign it today.”⟧"),
        ("en", "d: ⟦“The road is open,”⟧ ⟨according to⟩ the ministry."),
        ("en", "d: Bob ⟨called⟩ the offer ⟦“a bad joke”⟧."),
        ("en", "d: ⟦“We are ready,”⟧ she ⟨pointed out⟩."),
        ("de", "d: ⟦„Wir sind bereit“⟧, ⟨sagte⟩ Anna Berg."),
        ("de", "d: ⟦„Wir sind bereit“⟧, ⟨so⟩ Anna Berg."),
        ("de", "d: ⟦„Wir sind bereit“⟧, ⟨teilte⟩ die Polizei ⟨mit⟩."),
        ("de", "d: Der Zeitung ⟨sagte⟩ Anna Berg: ⟦„Wir sind bereit.“⟧"),
        ("de", "d: Die Gruppe ⟨sprach von⟩ einem ⟦„großen Dammbruch“⟧ in der Sache."),
        ("fr", "d: ⟦« Nous sommes prêts »⟧, a ⟨déclaré⟩ Anna Berg."),
        ("fr", "d: ⟦« Nous sommes prêts »⟧, ⟨dit⟩-elle."),
        ("ru", "d: ⟦«Мы готовы»⟧, — ⟨сказала⟩ Анна."),
        ("pl", "d: ⟦„Jesteśmy gotowi”⟧ – ⟨powiedziała⟩ Anna."),
        ("sv", "d: ⟦”Vi är redo”⟧, ⟨säger⟩ Anna Berg."),
        ("zh", "d: ⟦「我们已经准备好了」⟧。"),
    ] {
        check(tag, expected);
    }
}

#[test]
fn a_split_quote_is_one_and_two_quotes_are_two() {
    for expected in [
        "d: ⟦“We agree,”⟧ Anna ⟨said⟩, ⟦“but we will not sign.”⟧",
        "d: ⟦\"We agree,\"⟧ ⟨said⟩ Anna. ⟦\"But we will not sign.\"⟧",
        "dd: ⟦“We agree,”⟧ Anna ⟨said⟩. ⟦“We do not,”⟧ Bob ⟨said⟩.",
        "dd: ⟦“We agree,”⟧ Anna ⟨said⟩, but Bob ⟨replied⟩: ⟦“We do not.”⟧",
        "d: ⟦“We agree,”⟧ Anna ⟨said⟩. Bob left the room for good. “No.”",
        "dd: ⟦“We agree,”⟧ Anna ⟨said⟩.\n\n⟦“We do not agree with any of it.”⟧",
    ] {
        check("en", expected);
    }
    check("de", "d: ⟦„Wir sind uns einig“⟧, ⟨so⟩ Anna Berg. ⟦„Wir unterschreiben nicht.“⟧");
}

#[test]
fn paragraphs_that_reopen_the_marks_go_on() {
    for (tag, expected) in [
        ("en", "d: ⟦“We agree,”⟧ Anna ⟨said⟩. ⟦“We sign today.\n\n“We go home tomorrow.”⟧"),
        ("en", "d: ⟦“We agree.\r\n\r\n“We sign.\r\n\r\n“We go,”⟧ Anna ⟨said⟩.\r\n\r\nBob left."),
        ("de", "d: Anna ⟨sagte⟩: ⟦„Wir sind uns einig.\n\n„Wir unterschreiben heute.“⟧"),
        // The next paragraph does not reopen the marks: the quotation ends with its own.
        ("en", "dd: ⟦“We agree on all of it.⟧\n\nBob left.\n\n⟦“So,”⟧ he ⟨said⟩."),
        // It does with another mark: somebody forgot to close.
        ("en", "md: Anna ⟨said⟩ ⟦they \"made progress in the talks.⟧\n\n⟦“We agree,”⟧ Bob ⟨said⟩."),
    ] {
        check(tag, expected);
    }
}

#[test]
fn indirect_and_mixed_quotes_are_clauses() {
    for (tag, expected) in [
        ("en", "i: Anna ⟨said⟩ that ⟦the bridge would stay closed⟧."),
        ("en", "i: Anna ⟨said⟩ on Monday that ⟦the bridge would stay closed⟧."),
        ("en", "i: Anna ⟨says⟩ ⟦the bridge will stay closed⟧."),
        ("en", "i: ⟦The bridge will stay closed⟧, Anna ⟨said⟩ on May 4."),
        ("en", "i: ⟦The bridge will stay closed⟧, ⟨according to⟩ the ministry."),
        ("en", "i: ⟨According to⟩ the ministry, ⟦the bridge will stay closed⟧."),
        ("en", "i: ⟦The bridge⟧, ⟨according to⟩ the ministry, ⟦will stay closed⟧."),
        ("en", "ii: Anna ⟨said⟩ that ⟦the bridge was closed⟧, ⟨adding⟩ that ⟦nobody was hurt⟧."),
        ("en", "m: Anna ⟨said⟩ ⟦the offer was “a bad joke”⟧."),
        ("en", "m: ⟦The “bad joke” of last year will stay a joke⟧, Anna ⟨said⟩."),
        ("en", "m: Anna ⟨said⟩ that ⟦both sides “made good progress.”⟧"),
        ("de", "i: Anna ⟨sagte⟩, dass ⟦die Brücke geschlossen bleibe⟧."),
        ("de", "i: In Berlin ⟨sagte⟩ Anna, ⟦die Brücke bleibe geschlossen⟧."),
        ("de", "i: Wie die Polizei ⟨mitteilte⟩, ⟦wurden 19 Menschen verletzt⟧."),
        ("de", "i: ⟨Laut⟩ Anna Berg ⟦bleibt die Brücke geschlossen⟧."),
        ("fr", "i: Anna a ⟨déclaré⟩ que ⟦le pont restera fermé⟧."),
        ("ru", "i: Анна ⟨сказала⟩, что ⟦мост останется закрыт⟧."),
        ("pl", "i: Anna ⟨powiedziała⟩, że ⟦most pozostanie zamknięty⟧."),
        ("sv", "i: Anna ⟨sade⟩ att ⟦bron förblir stängd⟧."),
    ] {
        check(tag, expected);
    }
}

#[test]
fn what_is_no_report_is_not_proposed() {
    for (tag, source) in [
        ("en", "The so-called “ceasefire” held for a day."),
        ("en", "The film “The Long Road” opens on Friday."),
        ("en", "Anna made a statement and a claim in a report."),
        ("en", "Anna said goodbye."),
        ("en", "The state of the road was poor."),
        ("en", "A 6\" pipe isn't Bob's."),
        ("de", "Anna dachte laut über einen Nachfolger nach."),
        ("de", "Zwei Kinder befanden sich dort, die verletzt wurden."),
        ("de", "Der Film „Der Lange Weg“ läuft am Freitag."),
    ] {
        check(tag, &format!(": {source}"));
    }
}

#[test]
fn the_caret_finds_what_is_not_proposed() {
    check_at("en", "The so-called “cease|fire” held.", "d: The so-called ⟦“ceasefire”⟧ held.");
    check_at("en", "“Bob said ‘n|o’ twice,” Anna said.", "d: “Bob ⟨said⟩ ⟦‘no’⟧ twice,” Anna said.");
    check_at("en", "“Bob s|aid ‘no’ twice,” Anna said.", "d: ⟦“Bob said ‘no’ twice,”⟧ Anna ⟨said⟩.");
    check_at("en", "|“We agree,” Anna said.", "d: ⟦“We agree,”⟧ Anna ⟨said⟩.");
    check_at("en", "“We agree,” Anna sa|id.", "d: ⟦“We agree,”⟧ Anna ⟨said⟩.");
    check_at("en", "“We agree,” An|na said.", "d: ⟦“We agree,”⟧ Anna ⟨said⟩.");
    check_at("en", "Anna |said| the road was closed.", "i: Anna ⟨said⟩ ⟦the road was closed⟧.");
    check_at("en", "Anna |called| on both to show patience.", "i: Anna ⟨called⟩ on both to ⟦show patience⟧.");
    check_at("en", "Anna wonders: |who pays for it|?", "i: Anna ⟨wonders⟩: ⟦who pays for it⟧?");
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let empty = document("en", "", Vec::new());
    assert_eq!(at(&empty, Span::of(0, 0)), None);
    assert!(all(&empty).is_empty());
    let calm = document("en", "The sun shone all day.", Vec::new());
    assert_eq!(at(&calm, Span::of(4, 4)), None);
    assert_eq!(at(&calm, Span::of(900, 9000)), None, "a place past the end");
}

/// Mentions of these words, in order, each with its label.
fn marked(source: &str, words: &[(&str, &str)]) -> Vec<Mention> {
    let mut from = 0;
    let mut out = Vec::new();
    for (word, label) in words {
        let at = from + source[from..].find(word).expect("the word is there");
        out.push(mention(&format!("m{}", out.len() + 1), label, &[(at as u32, (at + word.len()) as u32)]));
        from = at + word.len();
    }
    out
}

/// The candidates for the last quote, as words.
fn speakers(tag: &str, source: &str, words: &[(&str, &str)]) -> Vec<String> {
    let document = document(tag, source, marked(source, words));
    let last = all(&document).pop().expect("a quote");
    let text = |filler: &Filler| match filler {
        Filler::Mention(id) => format!("{id}={}", document.excerpt_of(id)),
        Filler::Span(spans) => document.text().excerpt(spans),
        other => format!("{other:?}"),
    };
    last.speakers.iter().map(|candidate| text(&candidate.filler)).collect()
}

#[test]
fn the_subject_of_the_cue_speaks() {
    let p = "Person";
    for (source, words, first) in [
        ("Bob listened. “We agree,” Anna said.", vec![("Bob", p), ("Anna", p)], "m2=Anna"),
        ("Bob listened. “We agree,” said Anna.", vec![("Bob", p), ("Anna", p)], "m2=Anna"),
        ("“We agree,” said French President Anna.", vec![("French President", "Position"), ("Anna", p)], "m2=Anna"),
        ("“We agree,” Anna Berg, the mayor of Bonn, said.", vec![("Anna Berg", p), ("Bonn", "Place")], "m1=Anna Berg"),
        (
            "“We agree,” a spokesman for Anna said.",
            vec![("a spokesman for Anna", p), ("Anna", p)],
            "m1=a spokesman for Anna",
        ),
        ("Anna said on Monday that the talks failed.", vec![("Anna", p), ("Monday", "Date")], "m1=Anna"),
        ("The talks will go on, according to the ministry.", vec![("the ministry", "Organization")], "m1=the ministry"),
    ] {
        // Mentions that nest do not follow each other.
        let nested = source.contains("spokesman");
        let words = if nested { vec![words[0]] } else { words };
        assert_eq!(speakers("en", source, &words).first().map(String::as_str), Some(first), "{source}");
    }
}

#[test]
fn a_pronoun_comes_before_what_it_stands_for() {
    let p = "Person";
    let source = "Anna came from Bonn. “We agree,” she said.";
    let unmarked = speakers("en", source, &[("Anna", p), ("Bonn", "Place")]);
    assert_eq!(unmarked[..2], ["she", "m1=Anna"]);
    let marked = speakers("en", source, &[("Anna", p), ("Bonn", "Place"), ("she", p)]);
    assert_eq!(marked[..2], ["m3=she", "m1=Anna"]);
    let body =
        speakers("en", "Anna met the council. “We agree,” it said.", &[("Anna", p), ("the council", "Organization")]);
    assert_eq!(body[..2], ["it", "m2=the council"]);
}

#[test]
fn words_stand_in_where_nobody_is_marked() {
    for (tag, source, words) in [
        ("en", "“We agree,” said Foreign Minister Anna Berg on Monday.", "Anna Berg"),
        ("en", "“We agree,” the old mayor said.", "the old mayor"),
        ("en", "“We agree,” she said.", "she"),
        ("de", "„Wir sind uns einig“, sagte Anna Berg am Montag.", "Anna Berg"),
        ("fr", "« D’accord », dit-elle.", "elle"),
    ] {
        assert_eq!(speakers(tag, source, &[]).first().map(String::as_str), Some(words), "{source}");
    }
}

#[test]
fn speakers_go_on_in_a_paragraph_and_take_turns_in_a_dialogue() {
    let p = "Person";
    let source = "“We agree,” said Anna. She drank. Then she rose. “We sign the paper today, all of us.”";
    assert_eq!(speakers("en", source, &[("Anna", p)])[0], "m1=Anna");
    let source = "“We agree,” said Anna.\n\n“We do not,” said Bob.\n\n“Then we go.”";
    assert_eq!(speakers("en", source, &[("Anna", p), ("Bob", p)])[..2], ["m1=Anna", "m2=Bob"]);
    let source = "“Do you agree, Bob, with this?” said Anna to Carla.\n\n“Yes, I do.”";
    assert_eq!(speakers("en", source, &[("Bob", p), ("Anna", p), ("Carla", p)])[0], "m1=Bob");
}

#[test]
fn candidates_are_few_and_each_comes_once() {
    let names: Vec<String> = (0..40).map(|i| format!("Anna{i}")).collect();
    let source = format!("{} met. “We agree,” said Bob.", names.join(", "));
    let words: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "Person")).collect();
    let found = speakers("en", &source, &words);
    assert!(found.len() <= 9 && found[0] == "Bob", "{found:?}");
    let mut unique = found.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), found.len());
    // Two mentions of an entity are one candidate.
    let source = "Anna met Bob. Anna rose. “We agree,” said Anna.";
    let mut mentions = marked(source, &[("Anna", "Person"), ("Bob", "Person"), ("Anna", "Person"), ("Anna", "Person")]);
    for i in [0, 2, 3] {
        mentions[i].entity = Some(Id::from("n1"));
    }
    let quotes = all(&document("en", source, mentions));
    let ids: Vec<&Id> = quotes[0].speakers.iter().filter_map(|c| c.filler.target()).collect();
    assert_eq!(ids, [&Id::from("m4"), &Id::from("m2")]);
}

#[test]
fn the_suggester_leaves_out_what_is_marked() {
    let source = "“We agree,” Anna said.\n\n“We do not,” Bob said.";
    let text = Text::new(source).expect("short");
    let schema = schema::builtin("news").expect("ships");
    let marked = quote("q1", "direct", &[(0, 5)]);
    let document = Document::with_annotations(text, Header::default(), [], [], [], [marked], []);
    assert_eq!(all(&document).len(), 2);
    let left = Quotes.suggest(&document, schema);
    assert_eq!(left.len(), 1);
    assert!(left[0].reason.contains("“said”"), "{}", left[0].reason);
    assert!(matches!(&left[0].proposal, Proposal::Quote(quote) if quote.content[0].start.0 > 20));
}

/// Every span of a proposal.
fn spans(quote: &QuoteProposal) -> Vec<Spans> {
    let speakers = quote.speakers.iter().filter_map(|candidate| match &candidate.filler {
        Filler::Span(spans) => Some(spans.clone()),
        _ => None,
    });
    std::iter::once(quote.content.clone()).chain(quote.cue.clone()).chain(speakers).collect()
}

fn is_sound(document: &Document, quote: &QuoteProposal) -> bool {
    spans(quote).iter().all(|spans| {
        let inside = spans.iter().all(|span| !span.is_empty() && document.text().get(*span).is_some());
        inside && !spans.is_empty() && spans.windows(2).all(|pair| pair[0].end <= pair[1].start)
    })
}

/// Pieces that make hard texts.
const PIECES: &str = "(“|”|\"|'|‘|’|„|‚|«|»|‹|›|「|」|``|''| |\u{a0}|\n|\r\n|, |\\. |: |; |-|—|\\?|!|said|Anna|that|he|according to|6|😀|e\u{301}|sagte|teilte|mit|dass|the|wie|так|сказал|что){0,40}";

proptest! {
    #[test]
    fn spans_are_sound_on_any_text(source in PIECES, place in (0u32..300, 0u32..300)) {
        for tag in ["", "en", "de"] {
            let document = document(tag, &source, Vec::new());
            for quote in all(&document) {
                prop_assert!(is_sound(&document, &quote), "{:?} in {:?}", quote, source);
            }
            if let Some(quote) = at(&document, Span::of(place.0, place.1)) {
                prop_assert!(is_sound(&document, &quote), "{:?} in {:?}", quote, source);
            }
        }
    }

    #[test]
    fn spans_are_sound_on_noise(source in "\\PC{0,60}", place in (0u32..100, 0u32..100)) {
        let document = document("", &source, Vec::new());
        prop_assert!(all(&document).iter().all(|quote| is_sound(&document, quote)));
        prop_assert!(at(&document, Span::of(place.0, place.1)).iter().all(|quote| is_sound(&document, quote)));
    }

    /// A paragraph in front changes nothing but the positions.
    #[test]
    fn what_is_found_does_not_depend_on_paragraphs_in_front(source in PIECES) {
        let front = "The sun shone.\n\n";
        let shift = front.len() as u32;
        let alone = all(&document("en", &source, Vec::new()));
        let behind = all(&document("en", &format!("{front}{source}"), Vec::new()));
        let moved = |quote: &QuoteProposal| -> Vec<(u32, u32)> {
            quote.content.iter().map(|span| (span.start.0 + shift, span.end.0 + shift)).collect()
        };
        let there = |quote: &QuoteProposal| -> Vec<(u32, u32)> {
            quote.content.iter().map(|span| (span.start.0, span.end.0)).collect()
        };
        prop_assert_eq!(alone.iter().map(moved).collect::<Vec<_>>(), behind.iter().map(there).collect::<Vec<_>>());
    }
}

/// Work is bounded by blocks: a line with a hundred thousand marks is cut into pieces, and each piece is small.
#[test]
fn a_line_of_marks_is_read_in_bounded_blocks() {
    for unit in ["\" ", "“a ", "'a ", "“a” ", "said, ", "«a "] {
        let source = unit.repeat(100_000);
        let text = Text::new(source.as_str()).expect("short");
        let languages = language::choose(Some("en"), &text);
        let segmentation = Segmentation::of(&text);
        let (mut first, mut blocks) = (0, 0);
        while let Some(block) = Block::at_token(&segmentation, &languages, first) {
            assert!(block.words.len() <= 4096 && block.next_token > first, "{unit}");
            first = block.next_token;
            blocks += 1;
        }
        assert!(blocks <= text.tokens().len() / 2048 + 1, "{unit}: {blocks} blocks");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A quote is found without waiting for a long text to be cut, and it is the one that is found afterwards.
    #[test]
    fn a_caret_in_a_text_that_is_not_cut_finds_the_same(
        lines in prop::collection::vec(prop_oneof![
            Just("“We agree,” Anna said. “It is done.”\n"), Just("He told them that he would stay. "),
            Just("“One,” she said,\n\n“and two.”\n"), Just("The sun shone all day, as it does. "),
            Just("In spring, they say, it rains; "), Just("Anna came; Bob left; “no” was heard; "),
        ], 1..8),
        end in prop_oneof![Just(""), Just("\nThe end.")],
        at in any::<prop::sample::Index>(), length in 0u32..60,
    ) {
        let block = lines.concat();
        let source = block.repeat(300_000 / block.len()) + end;
        let people = ["Anna", "Bob"].into_iter().flat_map(|name| source.match_indices(name));
        let people: Vec<Mention> = people.enumerate().map(|(n, (at, name))| {
            mention(&format!("m{n}"), "Person", &[(at as u32, (at + name.len()) as u32)])
        }).collect();
        let (fresh, known) = (document("", &source, people.clone()), document("", &source, people));
        known.text().prepare();
        let start = known.text().floor_boundary(BytePos(at.index(source.len()) as u32));
        let end = known.text().floor_boundary(BytePos(start.0.saturating_add(length).min(source.len() as u32)));
        let place = Span { start, end };
        prop_assert_eq!(super::at(&fresh, place), super::at(&known, place));
        prop_assert_eq!(fresh.text().is_cut(), (false, false), "nobody asked for all");
    }
}

#[test]
fn a_caret_in_a_long_line_finds_what_a_short_one_finds() {
    let filler = "The sun shone all day. ".repeat(4000);
    let source = format!("{filler}“We agree,” Anna said. {filler}");
    let document = document("en", &source, Vec::new());
    let place = Span::empty(BytePos(filler.len() as u32 + 8));
    let found = at(&document, place).expect("a quote");
    assert_eq!(document.text().slice(found.content[0]), "“We agree,”");
    assert!(all(&document).iter().any(|quote| quote.content == found.content));
}
