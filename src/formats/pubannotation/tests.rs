use proptest::prelude::*;

use super::*;
use crate::formats::test_support;
use crate::model::{Filler, Id};

fn read(file: &str) -> Result<Read, Vec<Problem>> {
    PubAnnotation.read(&Input::of_bytes(file.as_bytes())).map(|mut all| all.remove(0))
}

/// Without entities that have no mention: they have nothing to hang on, and that is told as a loss.
fn with_mentions(mut document: Document) -> Document {
    let used: Vec<Id> = document.mentions().values().filter_map(|m| m.entity.clone()).collect();
    document.entities.retain(|id, _| used.contains(id));
    document.reindex();
    document
}

proptest! {
    #[test]
    fn what_is_written_comes_back(document in test_support::sane_document()) {
        test_support::comes_back(&PubAnnotation, with_mentions(document));
    }

    #[test]
    fn fragments_come_back_as_parts(document in test_support::sane_document()) {
        let document = with_mentions(test_support::within(document, &HOLDS));
        let read = read(&write::file(&document, true)).expect("readable");
        prop_assert_eq!(test_support::essence(&read.document, &HOLDS), test_support::essence(&document, &HOLDS));
    }

    #[test]
    fn any_document_can_be_written_and_its_file_read(document in test_support::document()) {
        let _ = PubAnnotation.losses(&document, &Options::default());
        let read = test_support::through(&PubAnnotation, &document).expect("readable");
        prop_assert_eq!(read.document.text(), document.text());
        let _ = self::read(&write::file(&document, true)).expect("readable");
    }

    #[test]
    fn broken_files_give_problems_and_never_a_panic(
        document in test_support::sane_document(),
        cut in any::<proptest::sample::Index>(),
        change in any::<u8>(),
    ) {
        let file = write::file(&document, false).into_bytes();
        let at = cut.index(file.len());
        let mut changed = file.clone();
        changed[at] = change;
        for broken in [&file[..at], &changed] {
            if let Err(problems) = PubAnnotation.read(&Input::of_bytes(broken)) {
                prop_assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.hint.is_empty()));
            }
        }
    }
}

const TEXT: &str = "😀 Anna and Bob met in Kyiv";

fn file(rest: &str) -> String {
    format!("{{\"text\": \"{TEXT}\", \"sourcedb\": \"News\", \"sourceid\": \"7\", {rest}}}")
}

const OTHERS: &str = r#""project": "p", "namespaces": [{"prefix": "_base", "uri": "http://example.org/"}],
"denotations": [
 {"id": "T1", "span": {"begin": 2, "end": 6}, "obj": "PER"},
 {"id": "T2", "span": [{"begin": 11, "end": 14}, {"begin": 22, "end": 26}], "obj": "PER"},
 {"id": "T3", "span": {"begin": 15, "end": 18}, "obj": "Meet"},
 {"id": "T4", "span": {"begin": 2, "end": 6}, "obj": "_FRAGMENT"},
 {"id": "T5", "span": {"begin": 15, "end": 18}, "obj": "Clause"}
],
"blocks": [{"id": "B1", "span": {"begin": 0, "end": 26}, "obj": "body"}, {"span": {"begin": 0, "end": 9}, "obj": "title"}],
"relations": [
 {"id": "R1", "pred": "Entity", "subj": "T1", "obj": "T3"},
 {"id": "R2", "pred": "_lexicallyChainedTo", "subj": "T5", "obj": "T4"}
],
"attributes": [{"id": "A1", "subj": "T3", "pred": "negation", "obj": true}, {"subj": "R1", "pred": "sure", "obj": 3}],
"modifications": [{"id": "M1", "pred": "Speculation", "obj": "T3"}]"#;

#[test]
fn what_others_write_is_mentions_relations_and_attributes() {
    let file = file(OTHERS);
    assert_eq!(PubAnnotation.sniff(file.as_bytes()), Likeness::Yes);
    let read = read(&file).expect("readable");
    let d = &read.document;
    let words: Vec<_> = d.mentions().values().map(|m| (m.label.as_str(), d.text().excerpt(&m.spans))).collect();
    assert_eq!(words.len(), 5, "{words:?}");
    assert_eq!(d.mentions().values().filter(|m| m.spans.len() == 2).count(), 2);
    let meet = d.mentions().values().find(|m| m.label == "Meet").expect("one");
    assert_eq!(meet.attributes.keys().collect::<Vec<_>>(), ["Speculation", "negation"]);
    let relation = d.relations().values().next().expect("one");
    assert_eq!((relation.label.as_str(), relation.attributes["sure"].texts()), ("Entity", vec!["3"]));
    assert_eq!((d.events().len(), d.quotes().len(), d.header().zones.len()), (0, 0, 1));
    let header = d.header();
    assert_eq!((header.metadata.id.as_str(), header.metadata.source.as_deref()), ("7", Some("News")));
    assert_eq!(header.annotator.as_deref(), Some("p"));
    let told: Vec<_> = read.problems.iter().map(|p| p.code).collect();
    assert_eq!(told, ["left-out", "blocks"]);
    let again = self::read(&write::file(d, false)).expect("readable");
    assert_eq!(write::file(&again.document, false), write::file(d, false));
    assert_eq!(again.document.header().zones, header.zones);
}

#[test]
fn a_relation_of_an_event_is_a_role_unless_it_says_so() {
    let read = read(&file(
        r#""denotations": [{"id": "T1", "span": {"begin": 15, "end": 18}, "obj": "Meet"},
        {"id": "T2", "span": {"begin": 2, "end": 6}, "obj": "PER"}, {"id": "T3", "span": {"begin": 22, "end": 26}, "obj": "Filler"}],
        "relations": [{"id": "R1", "subj": "T1", "pred": "Actor", "obj": "T2"}, {"id": "R2", "subj": "T1", "pred": "Near", "obj": "T2"},
        {"id": "R3", "subj": "T1", "pred": "Place", "obj": "T3"}],
        "attributes": [{"subj": "T1", "pred": "_event", "obj": true}, {"subj": "R2", "pred": "_relation", "obj": true},
        {"subj": "T3", "pred": "_filler", "obj": true}, {"subj": "T1", "pred": "_implicit:Time", "obj": "today"}]"#,
    ))
    .expect("readable");
    assert_eq!(read.problems, []);
    let event = read.document.events().values().next().expect("one");
    let fillers: Vec<_> = event.arguments.iter().map(|a| (a.role.as_str(), &a.filler)).collect();
    assert!(
        matches!(
            fillers.as_slice(),
            [("Actor", Filler::Mention(_)), ("Place", Filler::Span(_)), ("Time", Filler::Implicit(_))]
        ),
        "{fillers:?}"
    );
    assert_eq!((read.document.relations().len(), read.document.mentions().len()), (1, 1));
}

#[test]
fn lists_and_tracks_are_documents() {
    let one = file(
        r#""tracks": [{"project": "a", "denotations": []}, {"project": "b", "denotations": [{"span": {"begin": 0, "end": 1}, "obj": "X"}]}]"#,
    );
    let read =
        PubAnnotation.read(&Input::of_bytes(format!("[{one}, {{\"text\": \"x\"}}]").as_bytes())).expect("readable");
    let found: Vec<_> =
        read.iter().map(|r| (r.document.header().annotator.as_deref(), r.document.mentions().len())).collect();
    assert_eq!(found, [(Some("a"), 0), (Some("b"), 1), (None, 0)]);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (from, to, code, line) in [
        (
            "\"begin\": 15, \"end\": 18}, \"obj\": \"Meet\"",
            "\"begin\": 15, \"end\": 99}, \"obj\": \"Meet\"",
            "bad-offset",
            5,
        ),
        (
            "\"begin\": 15, \"end\": 18}, \"obj\": \"Meet\"",
            "\"begin\": -1, \"end\": 9}, \"obj\": \"Meet\"",
            "bad-offset",
            5,
        ),
        (
            "\"begin\": 15, \"end\": 18}, \"obj\": \"Meet\"",
            "\"begin\": 15, \"end\": 1}, \"obj\": \"Meet\"",
            "bad-offset",
            5,
        ),
        ("\"span\": {\"begin\": 15, \"end\": 18}, \"obj\": \"Meet\"", "\"obj\": \"Meet\"", "bad-offset", 5),
        ("\"id\": \"T2\"", "\"id\": \"T1\"", "duplicate-id", 4),
        ("\"subj\": \"T1\", \"obj\": \"T3\"", "\"subj\": \"T9\", \"obj\": \"T3\"", "unknown-reference", 11),
        ("\"obj\": \"T4\"", "\"obj\": \"T9\"", "unknown-reference", 12),
        ("\"A1\", \"subj\": \"T3\"", "\"A1\", \"subj\": \"T9\"", "unknown-reference", 14),
        ("\"pred\": \"Entity\", ", "", "json-shape", 11),
        ("{\"id\": \"T3\"", "{{\"id\": \"T3\"", "json-syntax", 5),
    ] {
        let file = file(&OTHERS.replacen(from, to, 1));
        let problems = read(&file).expect_err("refused");
        let problem = problems.iter().find(|p| p.code == code).unwrap_or_else(|| panic!("{from}: {problems:#?}"));
        assert_eq!(problem.place.line, Some(line), "{problem:?}");
    }
    for (bytes, code) in [
        ("[]", "json-shape"),
        ("{}", "json-shape"),
        ("[1]", "json-shape"),
        ("{\"text\": \"x\", \"denotations\": 3}", "json-shape"),
    ] {
        assert_eq!(read(bytes).expect_err("refused")[0].code, code);
    }
}
