use proptest::prelude::*;

use super::*;
use crate::formats::{Format, Input, Named, Options, Read, test_support};
use crate::model::{Filler, Problem};

fn read_bytes(format: &dyn Format, bytes: &[u8]) -> Result<Read, Vec<Problem>> {
    format.read(&Input::of_bytes(bytes)).map(|mut all| all.remove(0))
}

fn written(format: &dyn Format, document: &Document) -> Vec<u8> {
    let named = Named { name: "doc", document, schema: None };
    format.write(&[named], &Options::default()).expect("writable").remove(0).bytes
}

fn broken(format: &dyn Format, file: &[u8], at: usize, change: u8) {
    let mut changed = file.to_vec();
    changed[at] = change;
    for broken in [&file[..at], &changed] {
        if let Err(problems) = read_bytes(format, broken) {
            assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.hint.is_empty()));
        }
    }
}

proptest! {
    #[test]
    fn json_comes_back(document in test_support::sane_document()) {
        test_support::comes_back(&CasJson, document);
    }

    #[test]
    fn any_document_can_be_written_as_json_and_read(document in test_support::document()) {
        let _ = CasJson.losses(&document, &Options::default());
        let read = test_support::through(&CasJson, &document).expect("readable");
        prop_assert_eq!(read.document.text(), document.text());
        let (own, again) = (document.header(), read.document.header());
        prop_assert_eq!(&own.metadata, &again.metadata);
        prop_assert_eq!((&own.annotator, own.status, &own.note), (&again.annotator, again.status, &again.note));
    }

    #[test]
    fn broken_json_gives_problems_and_never_a_panic(
        document in test_support::sane_document(),
        cut in any::<proptest::sample::Index>(),
        change in any::<u8>(),
    ) {
        let file = written(&CasJson, &document);
        broken(&CasJson, &file, cut.index(file.len()), change);
    }
}

const TEXT: &str =
    r#"{"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "😀 is a test"}"#;

fn json(types: &str, structures: &[&str]) -> String {
    format!(
        "{{\"%TYPES\": {{{types}}},\n\"%FEATURE_STRUCTURES\": [\n{TEXT},\n{}\n], \"%VIEWS\": {{}}}}",
        structures.join(",\n")
    )
}

#[test]
fn slots_of_others_are_roles_and_chains_entities() {
    let file = json(
        r#""x.Span": {"%SUPER_TYPE": "uima.tcas.Annotation"}, "x.Host": {"%SUPER_TYPE": "uima.tcas.Annotation",
            "links": {"%RANGE": "x.Link[]"}}, "x.Link": {"%SUPER_TYPE": "uima.cas.TOP", "target": {"%RANGE": "x.Span"}}"#,
        &[
            r#"{"%ID": 2, "%TYPE": "x.Span", "@sofa": 1, "begin": 0, "end": 2, "value": "Smile"}"#,
            r#"{"%ID": 3, "%TYPE": "x.Link", "role": "p1", "@target": 2}"#,
            r#"{"%ID": 4, "%TYPE": "x.Link[]", "%ELEMENTS": [3, 6]}"#,
            r#"{"%ID": 5, "%TYPE": "x.Host", "@sofa": 1, "begin": 3, "end": 5, "@links": 4}"#,
            r#"{"%ID": 6, "%TYPE": "x.Link", "@target": 8}"#,
            r#"{"%ID": 7, "%TYPE": "x.Chain", "@first": 8}"#,
            r#"{"%ID": 8, "%TYPE": "x.Ref", "@sofa": 1, "begin": 6, "end": 7, "@next": 9, "referenceType": "PER"}"#,
            r#"{"%ID": 9, "%TYPE": "x.Ref", "@sofa": 1, "begin": 8, "end": 12}"#,
        ],
    );
    let read = read_bytes(&CasJson, file.as_bytes()).expect("readable");
    let event = read.document.events().values().next().expect("an event");
    assert_eq!(event.r#type, "Host");
    let roles: Vec<_> = event.arguments.iter().map(|a| (a.role.as_str(), &a.filler)).collect();
    assert_eq!(roles[0].0, "p1");
    assert_eq!(roles[1].0, "links");
    assert!(roles.iter().all(|(_, filler)| matches!(filler, Filler::Mention(_))));
    assert_eq!(read.document.mention_count_of(&"n1".into()), 2);
    assert_eq!(read.document.entities()[&"n1".into()].name, "a");
    assert_eq!(read.document.relations().len(), 0);
    assert!(
        read.document.mentions().values().any(|m| m.label == "Smile" && read.document.text().excerpt(&m.spans) == "😀")
    );
}

#[test]
fn what_is_wrong_in_json_is_said_with_its_line() {
    for (structure, code) in [
        (r#"{"%ID": 2, "%TYPE": "uima.tcas.Annotation", "@sofa": 1, "begin": 3, "end": 99}"#, "bad-offset"),
        (r#"{"%ID": 2, "%TYPE": "uima.tcas.Annotation", "@sofa": 1, "begin": 1, "end": 2}"#, "bad-offset"),
        (r#"{"%ID": 2, "%TYPE": "uima.tcas.Annotation", "@sofa": 1, "begin": -1, "end": 2}"#, "bad-offset"),
        (r#"{"%ID": 2, "%TYPE": "uima.tcas.Annotation", "@sofa": 7, "begin": 0, "end": 2}"#, "unknown-reference"),
        (r#"{"%ID": 2, "%TYPE": "x.A", "@sofa": 1, "begin": 0, "end": 2, "@to": 9}"#, "unknown-reference"),
        (r#"{"%ID": 2, "%TYPE": "x.A", "@sofa": 1, "begin": 0, "end": 2}, {"%ID": 2, "%TYPE": "x.B"}"#, "duplicate-id"),
        (
            r#"{"%ID": 2, "%TYPE": "x.Chain", "@first": 3}, {"%ID": 3, "%TYPE": "x.R", "@sofa": 1, "begin": 0, "end": 2, "@next": 3}"#,
            "cyclic-chain",
        ),
        (r#"{"%ID": 2}"#, "bad-structure"),
        (r#"{"%ID": 2, "%TYPE": "x.A", "a": {}}"#, "bad-structure"),
        (r#"{"%ID": 2, "#, "syntax"),
    ] {
        let problems = read_bytes(&CasJson, json("", &[structure]).as_bytes()).expect_err("refused");
        let problem = problems.iter().find(|p| p.code == code).unwrap_or_else(|| panic!("{code}: {problems:#?}"));
        assert!(problem.place.line.is_some_and(|line| line >= 4), "{problem:?}");
        assert!(!problem.hint.is_empty());
    }
}

#[test]
fn what_has_no_place_is_told() {
    let file = json(
        "",
        &[
            r#"{"%ID": 2, "%TYPE": "uima.cas.Sofa", "sofaID": "b", "sofaString": "two"}"#,
            r#"{"%ID": 3, "%TYPE": "x.A", "@sofa": 2, "begin": 0, "end": 2}"#,
            r#"{"%ID": 4, "%TYPE": "x.Thing", "a": "b"}"#,
        ],
    );
    let read = read_bytes(&CasJson, file.as_bytes()).expect("readable");
    let messages: Vec<&str> = read.problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(
        messages,
        ["Thing is left out, no annotation refers to it", "an annotation of another text, the view \"b\", is left out"]
    );
}

#[test]
fn layers_of_others_may_have_the_names_of_own_ones() {
    let file = json(
        "",
        &[
            r#"{"%ID": 2, "%TYPE": "webanno.custom.Part", "@sofa": 1, "begin": 0, "end": 2, "label": "Head"}"#,
            r#"{"%ID": 3, "%TYPE": "webanno.custom.Filler", "@sofa": 1, "begin": 3, "end": 5}"#,
            r#"{"%ID": 4, "%TYPE": "webanno.custom.Quote", "@sofa": 1, "begin": 3, "end": 5}"#,
        ],
    );
    let read = read_bytes(&CasJson, file.as_bytes()).expect("readable");
    let labels: Vec<&str> = read.document.mentions().values().map(|m| m.label.as_str()).collect();
    assert_eq!(labels, ["Head", "Filler", "Quote"]);
    assert!(read.problems.is_empty());
}
