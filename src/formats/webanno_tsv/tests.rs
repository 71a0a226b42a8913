use proptest::prelude::*;

use super::*;
use crate::formats::test_support;
use crate::model::Filler;

fn read_bytes(bytes: &[u8]) -> Result<Read, Vec<Problem>> {
    WebannoTsv.read(&Input::of_bytes(bytes)).map(|mut all| all.remove(0))
}

fn read(header: &str, body: &str) -> Read {
    read_bytes(format!("#FORMAT=WebAnno TSV 3.3\n{header}\n\n{body}").as_bytes()).expect("readable")
}

fn written(document: &Document) -> String {
    let named = Named { name: "doc", document, schema: None };
    let files = WebannoTsv.write(&[named], &Options::default()).expect("writable");
    String::from_utf8(files[0].bytes.clone()).expect("text")
}

proptest! {
    #[test]
    fn what_is_written_comes_back(document in test_support::sane_document()) {
        test_support::comes_back(&WebannoTsv, document);
    }

    #[test]
    fn any_document_can_be_written_and_its_file_read(document in test_support::document()) {
        let _ = WebannoTsv.losses(&document, &Options::default());
        let read = test_support::through(&WebannoTsv, &document).expect("readable");
        prop_assert_eq!(read.document.text(), document.text());
    }

    #[test]
    fn broken_files_give_problems_and_never_a_panic(
        document in test_support::sane_document(),
        cut in any::<proptest::sample::Index>(),
        change in any::<u8>(),
    ) {
        let file = written(&document).into_bytes();
        let at = cut.index(file.len());
        let mut changed = file.clone();
        changed[at] = change;
        for broken in [&file[..at], &changed] {
            if let Err(problems) = read_bytes(broken) {
                prop_assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.hint.is_empty()));
            }
        }
    }
}

#[test]
fn slots_are_roles_and_stacked_spans_are_apart() {
    let read = read(
        "#T_SP=x.Span|value\n#T_SP=x.Host|ROLE_x.Host:links_x.Link|x.Span\n",
        "#Text=😀 is a\n1-1\t0-2\t😀\t_\tp1;*\t1-2[1];1-3\t\n1-2\t3-5\tis\tA[1]|B[2]\t_\t_\t\n1-3\t6-7\ta\t*\t_\t_\t\n",
    );
    let labels: Vec<_> = read.document.mentions().values().map(|m| (m.label.as_str(), m.spans[0])).collect();
    assert_eq!(labels.len(), 3);
    assert_eq!(labels[0].0, "A");
    let event = read.document.events().values().next().expect("an event");
    assert_eq!(event.r#type, "Host");
    let roles: Vec<_> = event.arguments.iter().map(|a| (a.role.as_str(), a.filler.clone())).collect();
    assert_eq!(roles, [("p1", Filler::Mention("m1".into())), ("links", Filler::Mention("m3".into()))]);
}

#[test]
fn chains_are_entities() {
    let read = read(
        "#T_CH=x.Coref|referenceRelation|referenceType\n",
        "#Text=She saw her\n1-1\t0-3\tShe\t*->1-1\tPER[1]\t\n1-2\t4-7\tsaw\t_\t_\t\n1-3\t8-11\ther\tanaphoric->1-2\tPER[1]\t\n",
    );
    assert_eq!(read.document.entities().len(), 1);
    assert_eq!(read.document.mention_count_of(&"n1".into()), 2);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let head = "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.S|value\n#T_RL=x.R|label|BT_x.S\n\n\n#Text=one two\n";
    for (rows, code) in [
        ("1-1\t0-3\tone\tA\t_\t_\t\n", "no-tokens"),
        ("1-1\t0-3\tone\tA\t_\n1-2\t4-7\ttwo\t_\t_\t_\t\n", "wrong-columns"),
        ("1-1\t0-3\tone\tA\t_\t_\t\n1-2\t4-8\ttwo\t_\t_\t_\t\n", "words-differ"),
        ("1-1\t0-3\tone\tA\t_\t_\t\n1-1\t4-7\ttwo\t_\t_\t_\t\n", "duplicate-id"),
        ("1-1\t0-3\tone\tA\tr\t1-9\t\n1-2\t4-7\ttwo\t_\t_\t_\t\n", "unknown-reference"),
        ("1-1\t0-3\tone\tA\tr\t1-2[7_0]\t\n1-2\t4-7\ttwo\tB\t_\t_\t\n", "unknown-reference"),
        ("1-1\t0-x\tone\tA\t_\t_\t\n", "bad-row"),
        ("x\n", "unknown-line"),
    ] {
        let problems = read_bytes([head, rows].concat().as_bytes()).expect_err("refused");
        assert_eq!(problems[0].code, code, "{problems:#?}");
        assert!(problems[0].place.line.is_some_and(|line| line > 5), "{problems:#?}");
    }
}

#[test]
fn lines_may_end_as_on_windows() {
    let file = "#FORMAT=WebAnno TSV 3.3\r\n#T_SP=x.S|value\r\n\r\n\r\n#Text=one\r\n1-1\t0-3\tone\tA\t\r\n";
    let read = read_bytes(file.as_bytes()).expect("readable");
    assert_eq!(read.document.text().as_str(), "one");
    assert_eq!(read.document.mentions().len(), 1);
}
