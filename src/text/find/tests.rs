//! Against a plain search, and against those who mean harm.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::*;
use crate::limits;
use proptest::prelude::*;

fn query(text: &str) -> Query {
    Query { text: text.into(), is_case_sensitive: true, ..Query::default() }
}

fn regex(text: &str) -> Query {
    Query { is_regex: true, ..query(text) }
}

fn whole(text: &str) -> Query {
    Query { is_whole_words: true, ..query(text) }
}

fn all(query: &Query, text: &str) -> Hits {
    query.finder().expect("a good query").all(text, usize::MAX, |_| true)
}

fn found(query: &Query, text: &str) -> Vec<String> {
    let hits = all(query, text);
    assert!(hits.is_complete());
    hits.spans.iter().map(|s| format!("{}@{}", &text[s.start.to_usize()..s.end.to_usize()], s.start.0)).collect()
}

#[test]
fn a_text_is_found_as_it_is_typed() {
    assert_eq!(found(&query("a.b"), "a.b axb A.B"), ["a.b@0"]);
    assert_eq!(found(&Query { is_case_sensitive: false, ..query("a.b") }, "a.b axb A.B"), ["a.b@0", "A.B@8"]);
    assert_eq!(found(&Query { is_case_sensitive: false, ..query("ялта") }, "ЯЛТА Ялта").len(), 2);
    assert_eq!(found(&query("aa"), "aaaaa"), ["aa@0", "aa@2"], "hits do not overlap");
    assert_eq!(found(&query("(a"), "f(a)"), ["(a@1"]);
}

#[test]
fn a_blank_is_any_white_space_but_no_empty_line() {
    let text = "Anna Berg, Anna\nBerg, Anna  \r\n Berg, Anna\u{a0}Berg, Anna\n\nBerg, AnnaBerg";
    let hits = found(&query("Anna Berg"), text);
    assert_eq!(hits, ["Anna Berg@0", "Anna\nBerg@11", "Anna  \r\n Berg@22", "Anna\u{a0}Berg@37"]);
}

#[test]
fn whole_words_end_where_words_end() {
    let text = "Berg Bergen Berg's Jean-Berg Iceberg Berg_ (Berg)";
    assert_eq!(found(&whole("Berg"), text), ["Berg@0", "Berg@12", "Berg@24", "Berg@44"]);
    assert_eq!(found(&whole("U.S."), "U.S. U.S.-led U.S.A."), ["U.S.@0", "U.S.@5"]);
    assert_eq!(found(&whole("北京"), "北京人"), ["北京@0"], "no blanks between words, so every place is an edge");
    let word = Query { is_whole_words: true, ..regex("Berg(en)?") };
    assert_eq!(found(&word, "Berg Bergen Bergens"), ["Berg@0", "Bergen@5"]);
    let commented = Query { is_whole_words: true, ..regex("(?x) B e r g # a name") };
    assert_eq!(found(&commented, "Berg Bergen"), ["Berg@0"]);
}

#[test]
fn expressions_know_lines_and_find_nothing_empty() {
    assert_eq!(found(&regex("^B.*$"), "A\r\nB c\r\nB\n"), ["B c@3", "B@8"]);
    assert_eq!(found(&regex("a*"), "baac"), ["aa@1"]);
    assert_eq!(found(&regex("x*"), "ümläut"), Vec::<String>::new());
    assert_eq!(found(&regex(r"\bé"), "né é"), ["é@4"]);
}

#[test]
fn what_is_no_expression_is_explained() {
    let refused = |text: &str| regex(text).finder().expect_err("refused").to_string();
    assert_eq!(refused("ä(b"), "this is no regular expression: unclosed group, at character 2");
    assert_eq!(refused("a)|(b"), "this is no regular expression: unopened group, at character 2");
    assert!(refused(r"\p{Nothing}").contains("at character 1"), "{}", refused(r"\p{Nothing}"));
    assert!(refused(r"(a)\1").contains("backreferences are not supported"), "{}", refused(r"(a)\1"));
    assert!(refused("*").contains("repetition operator missing expression"));
    let wrapped = Query { is_whole_words: true, ..regex("a)|(b") };
    assert!(wrapped.finder().is_err(), "what closes a group that is not its own");
    assert!(query("*").finder().is_ok());
}

/// What would take the memory or the time of the machine is refused before it does.
#[test]
fn hostile_expressions_are_refused_at_once() {
    let deep = "(".repeat(400) + &")".repeat(400);
    let hostile =
        ["((((a{100}){100}){100}){100})", r"(\w{200}){200}", r"[\p{L}--\p{Lu}]{5000}", r"(?:\pL{900}|\d{900}){9}"];
    let started = Instant::now();
    for text in hostile {
        assert_eq!(regex(text).finder().expect_err(text), BadQuery::TooLarge, "{text}");
    }
    let error = regex(&deep).finder().expect_err("too deep").to_string();
    assert!(error.contains("nest"), "{error}");
    let long = "x".repeat(limits::FIND_TEXT + 1);
    assert_eq!(query(&long).finder().expect_err("too long"), BadQuery::TooLong { characters: limits::FIND_TEXT + 1 });
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

/// An expression that is as slow as the limits allow, on a text made for it: the search can be stopped soon.
#[test]
fn a_slow_search_can_be_stopped() {
    let text = "a".repeat(4 << 20);
    let slow = [r"(a|aa|aaa){40}[^a]", r"[a-z]*[A-Z]|[a-z]", r"(\w+\s*){8}!", "(a?){300}b"];
    for text_of_query in slow {
        let Ok(finder) = regex(text_of_query).finder() else { continue };
        let (asked, last, longest) = (Cell::new(0), Cell::new(Instant::now()), Cell::new(Duration::ZERO));
        let hits = finder.all(&text, 10, |_| {
            longest.set(longest.get().max(last.replace(Instant::now()).elapsed()));
            asked.set(asked.get() + 1);
            asked.get() < 3
        });
        assert!(!hits.is_whole, "{text_of_query}");
        assert!(longest.get() < Duration::from_secs(5), "{text_of_query}: {:?}", longest.get());
    }
}

#[test]
fn all_are_counted_and_the_first_are_kept() {
    let finder = query("a").finder().expect("good");
    let hits = finder.all("a b a b a", 2, |_| true);
    assert_eq!((hits.count, hits.spans.as_slice()), (3, &[Span::of(0, 1), Span::of(4, 5)][..]));
    assert!(!hits.is_complete());
    assert_eq!(hits.number_of(Span::of(4, 5)), Some(1));
    assert_eq!(hits.at_or_after(BytePos(1)), Some(Span::of(4, 5)));
    assert_eq!((hits.at_or_after(BytePos(5)), hits.before(BytePos(9))), (None, None), "not kept, so not known");
    assert_eq!(hits.before(BytePos(4)), Some(Span::of(0, 1)));
}

#[test]
fn the_way_goes_over_the_end_and_says_so() {
    let text = "Anna, Bob, Anna";
    let finder = query("Anna").finder().expect("good");
    let next = |from| finder.next(text, BytePos(from), || true).expect("runs").map(|s| (s.span.start.0, s.has_wrapped));
    assert_eq!([next(0), next(1), next(12)], [Some((0, false)), Some((11, false)), Some((0, true))]);
    let previous =
        |from| finder.previous(text, BytePos(from), || true).expect("runs").map(|s| (s.span.start.0, s.has_wrapped));
    assert_eq!([previous(0), previous(11), previous(15)], [Some((11, true)), Some((0, false)), Some((11, false))]);
    let nobody = query("Zoë").finder().expect("good");
    assert_eq!(nobody.next(text, BytePos(3), || true), Ok(None));
    assert_eq!(nobody.previous(text, BytePos(3), || true), Ok(None));
    assert_eq!(finder.next(text, BytePos(0), || false), Err(Stopped));
}

/// Hits on both sides of the edges of windows, and across them.
#[test]
fn no_hit_is_lost_at_the_edge_of_a_window() {
    let mut text = "é".repeat(2 * WINDOW);
    let mut expected = Vec::new();
    for at in [WINDOW - 6, WINDOW, 2 * WINDOW - 2, 3 * WINDOW + 4] {
        text.replace_range(at..at + 4, "Anna");
        expected.push(Span::of(at as u32, at as u32 + 4));
    }
    for query in [query("Anna"), regex("A[n]+a")] {
        let finder = query.finder().expect("good");
        assert_eq!(all(&query, &text).spans, expected);
        let mut at = BytePos(0);
        for span in &expected {
            let step = finder.next(&text, at, || true).expect("runs").expect("there");
            assert_eq!(step, Step { span: *span, has_wrapped: false });
            at = span.end;
        }
        let mut at = BytePos::from_usize(text.len());
        for span in expected.iter().rev() {
            let step = finder.previous(&text, at, || true).expect("runs").expect("there");
            assert_eq!(step, Step { span: *span, has_wrapped: false });
            at = span.start;
        }
        assert_eq!(finder.near(&text, BytePos(0)), Some(expected[0]));
        assert_eq!(finder.near(&text, expected[3].end), None);
    }
}

/// A text where it stands, without a regular expression: hits that follow each other and do not overlap.
fn plainly(text: &str, words: &str, is_whole: bool) -> Vec<Span> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '\u{301}';
    let (mut at, mut out) = (0, Vec::new());
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(words)).map(|found| at + found) {
        let end = start + words.len();
        let is_edge =
            !text[..start].chars().next_back().is_some_and(is_word) && !text[end..].chars().next().is_some_and(is_word);
        if is_whole && !is_edge {
            at = start + text[start..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        out.push(Span::of(start as u32, end as u32));
        at = end;
    }
    out
}

proptest! {
    #[test]
    fn agrees_with_a_plain_search(
        text in "(Anna|Ann|an|ß|é|e\u{301}|😀|\\.|\\(|-|_| |\n){0,60}",
        words in "(A|n|a|ß|é|😀|\\.|\\(|-|_){1,5}",
        is_whole_words: bool,
    ) {
        let query = Query { text: words.clone(), is_case_sensitive: true, is_whole_words, is_regex: false };
        prop_assert_eq!(all(&query, &text).spans, plainly(&text, &words, is_whole_words));
    }

    /// The next and the previous hit are those of the list, from every place.
    #[test]
    fn steps_agree_with_the_list(text in "(Anna|b|é| |\n){0,40}", from in 0_u32..120, is_regex: bool) {
        let query = Query { text: "Anna".into(), is_case_sensitive: true, is_regex, ..Query::default() };
        let (finder, hits) = (query.finder().expect("good"), all(&query, &text));
        let from = BytePos::from_usize(text.floor_char_boundary(from as usize));
        let next = finder.next(&text, from, || true).expect("runs");
        let expected = hits.at_or_after(from);
        prop_assert_eq!(next.map(|s| s.span), expected.or(hits.spans.first().copied()));
        prop_assert_eq!(next.map(|s| s.has_wrapped), next.map(|_| expected.is_none()));
        let previous = finder.previous(&text, from, || true).expect("runs");
        let expected = hits.before(from);
        prop_assert_eq!(previous.map(|s| s.span), expected.or(hits.spans.last().copied()));
        prop_assert_eq!(previous.map(|s| s.has_wrapped), previous.map(|_| expected.is_none()));
    }

    /// Whatever is typed is searched for or refused in words; hits are in order, apart and on characters.
    #[test]
    fn whatever_is_typed_does_no_harm(
        words in "\\PC{0,12}", text in "\\PC{0,60}", is_case_sensitive: bool, is_whole_words: bool, is_regex: bool,
    ) {
        let query = Query { text: words, is_case_sensitive, is_whole_words, is_regex };
        match query.finder() {
            Ok(finder) => {
                let mut end = 0;
                for span in finder.all(&text, usize::MAX, |_| true).spans {
                    prop_assert!(span.start.0 >= end && !span.is_empty());
                    prop_assert!(text.get(span.start.to_usize()..span.end.to_usize()).is_some());
                    end = span.end.0;
                }
            }
            Err(why) => prop_assert!(!why.to_string().is_empty()),
        }
    }
}
