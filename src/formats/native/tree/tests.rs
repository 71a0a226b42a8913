//! Trees there and back, in both languages and between them.

use proptest::prelude::*;

use super::*;
use crate::formats::test_support::{json_tree, ron_tree};

proptest! {
    #[test]
    fn ron_is_read_back_as_it_was_written(tree in ron_tree()) {
        let text = ron_text(&tree);
        prop_assert!(!text.contains('\n'));
        prop_assert_eq!(Tree::parse(&text, Language::Ron), Ok(tree));
    }

    #[test]
    fn json_stays_the_same_by_way_of_ron(tree in json_tree()) {
        let text = json_text(&tree);
        prop_assert_eq!(Tree::parse(&text, Language::Json), Ok(tree.clone()));
        let ron = ron_text(&tree.into_ron());
        let again = Tree::parse(&ron, Language::Ron).expect("RON");
        prop_assert_eq!(json_text(&again), text, "{}", ron);
        prop_assert_eq!(ron_text(&again), ron);
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in r#"[\[\](){}:,"'\\#a-zN1b/* \n.é-]{0,40}"#) {
        let _ = Tree::parse(&text, Language::Ron);
        let _ = Tree::parse(&text, Language::Json);
    }
}

fn ron(text: &str) -> String {
    ron_text(&Tree::parse(text, Language::Ron).unwrap_or_else(|failure| panic!("{text}: {failure}")))
}

#[test]
fn everything_that_ron_has_is_kept() {
    for text in [
        "Mention(\"m1\")",
        "Some(Some(1))",
        "Place(lat: 48.2, lon: -1.5e-3, r#x-y: [1, 2], größe: None)",
        "{\"a\": 1, 2: (), Key: Unit()}",
        "[0xFF, 1_000, 3u8, .5, 1e400, inf, -inf, NaN, 99999999999999999999999999999999999999999]",
        "('a', '\\'', '\\u{1F600}', b\"x\\\"y\", b'x', br#\"raw\"#)",
        "\"“Zitat” \\\"😀\\\" \\\\ // no comment\"",
    ] {
        assert_eq!(ron(text), text);
    }
    assert_eq!(ron("( // one\n a: /* two /* three */ */ r#\"say \"hi\"\"#, )"), "(a: \"say \\\"hi\\\"\")");
    assert_eq!(ron("#![enable(implicit_some)]\n(1,2 , )"), "(1, 2)");
    assert_eq!(ron("\"\\x41\\u{e9}\""), "\"Aé\"");
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    let at = |text: &str, language| Tree::parse(text, language).expect_err(text).at;
    for (text, place) in [("(a: )", 4), ("[1 2]", 3), ("(a: 1, 2)", 7), ("\"x", 2), ("1 1", 2), ("/* ", 3), ("12x", 0)]
    {
        assert_eq!(at(text, Language::Ron), place, "{text}");
    }
    for (text, place) in [("{\"a\": }", 6), ("[1,]", 3), ("{a: 1}", 1), ("\"\\ud800\"", 0), ("01", 0), ("nul", 0)] {
        assert_eq!(at(text, Language::Json), place, "{text}");
    }
    let deep = "[".repeat(100_000);
    assert!(Tree::parse(&deep, Language::Ron).expect_err("too deep").what.contains("inside of each other"));
    assert!(Tree::parse(&deep, Language::Json).is_err());
}

#[test]
fn in_json_stands_what_serde_would_write() {
    for (ron, json) in [
        ("Mention(\"m1\")", "{\"Mention\": \"m1\"}"),
        ("Place(lat: 1, lon: None)", "{\"Place\": {\"lat\": 1, \"lon\": null}}"),
        ("Pair(1, 2)", "{\"Pair\": [1, 2]}"),
        ("Some((a: Hand))", "{\"a\": \"Hand\"}"),
        ("{\"a b\": true}", "{\"a b\": true}"),
        ("[0xFF, 1e400, 'a']", "[\"0xFF\", 1e400, \"'a'\"]"),
        ("{1: 2}", "[[1, 2]]"),
    ] {
        assert_eq!(json_text(&Tree::parse(ron, Language::Ron).expect("RON")), json);
    }
}
