//! What each form holds comes back, hostile lines are refused with their number, and what is lost is told.

use proptest::prelude::*;
use serde_json::Value;

use super::dygie::Dygie;
use super::oneie::OneIe;
use super::rams::Rams;
use super::wikievents::WikiEvents;
use crate::formats::test_support::{document, native, sane_document};
use crate::formats::{Companions, Format, Input, Likeness, Named, Options, OutputFile, Treatment, order};
use crate::model::{Document, Id, Severity};

const ALL: [&dyn Format; 4] = [&Dygie, &OneIe, &WikiEvents, &Rams];

struct Files(Vec<OutputFile>);

impl Companions for Files {
    fn read(&self, path: &std::path::Path) -> std::io::Result<Vec<u8>> {
        let found = self.0.iter().find(|file| file.name == path);
        found.map(|file| file.bytes.clone()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
}

fn written(format: &dyn Format, document: &Document, chosen: &[(&str, &str)]) -> Vec<OutputFile> {
    let mut options = Options::default();
    for (name, value) in chosen {
        options.set(&format.info(), name, value).expect("an option");
    }
    format.write(&[Named { name: "a", document, schema: None }], &options).expect("written")
}

fn through(format: &dyn Format, document: &Document) -> Document {
    let files = written(format, document, &[]);
    let (path, bytes) = (files[0].name.clone(), files[0].bytes.clone());
    let files = Files(files);
    let input = Input { path: Some(&path), companions: &files, ..Input::of_bytes(&bytes) };
    let mut all = format.read(&input).expect("reads");
    assert_eq!(all.len(), 1);
    all.remove(0).document
}

/// Words without what is between them: blanks, and control characters, which are no words either.
fn bare(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

/// Mentions, events and relations by their bare words, in order.
fn marks(document: &Document) -> Vec<String> {
    let words = |id: &Id| bare(&document.excerpt_of(id));
    let mut lines: Vec<String> = Vec::new();
    lines.extend(document.mentions().values().map(|m| format!("m {} {}", m.label, words(&m.id))));
    for e in document.events().values() {
        let argument = |a: &crate::model::Argument| {
            let filler = match &a.filler {
                crate::model::Filler::Span(spans) => {
                    spans.iter().map(|s| document.text().slice(*s)).collect::<String>()
                }
                other => other.target().map(&words).unwrap_or_default(),
            };
            format!("{}={}", a.role, bare(&filler))
        };
        let arguments: Vec<String> = e.arguments.iter().map(argument).collect();
        lines.push(format!("e {} {} {arguments:?}", e.r#type, words(&e.id)));
    }
    lines.extend(document.relations().values().map(|r| format!("r {} {} {}", r.label, words(&r.from), words(&r.to))));
    lines.sort();
    lines
}

fn sample() -> Document {
    native(
        "Anna Berg met Bob in Bonn.\r\nShe left. 😀 Talks went on.",
        "entities: [(id: \"n1\", type: \"Person\", name: \"Anna Berg\")],
         mentions: [(id: \"m1\", label: \"Person\", spans: [(start: 0, end: 9)], entity: Some(\"n1\")),
                    (id: \"m2\", label: \"Person\", spans: [(start: 14, end: 17)]),
                    (id: \"m3\", label: \"Place\", spans: [(start: 21, end: 25)]),
                    (id: \"m4\", label: \"Person\", spans: [(start: 28, end: 31)], entity: Some(\"n1\"))],
         events: [(id: \"e1\", type: \"Consult\", trigger: [(start: 10, end: 13)],
                   arguments: [(role: \"Actor\", filler: Mention(\"m1\")), (role: \"Place\", filler: Mention(\"m3\"))]),
                  (id: \"e2\", type: \"Travel\", trigger: [(start: 32, end: 36)],
                   arguments: [(role: \"Actor\", filler: Mention(\"m4\")), (role: \"From\", filler: Mention(\"m3\"))]),
                  (id: \"e3\", type: \"Consult\", trigger: [(start: 40, end: 53)],
                   arguments: [(role: \"Topic\", filler: Implicit(\"dam\"))])],
         relations: [(id: \"r1\", label: \"Near\", from: \"m1\", to: \"m2\")]",
    )
}

#[test]
fn each_holds_what_it_says() {
    let all: Vec<String> = marks(&sample()).into_iter().map(|line| line.replace("\"Topic=\"", "")).collect();
    let of = |format: &dyn Format| marks(&through(format, &sample()));
    let changed = |from: &str, to: &str| all.iter().map(|line| line.replace(from, to)).collect::<Vec<_>>();
    assert_eq!(of(&WikiEvents), all);
    assert_eq!(of(&OneIe), changed(", \"From=Bonn\"", ""), "an argument in another sentence");
    let dygie: Vec<String> =
        changed(", \"From=Bonn\"", "").into_iter().map(|l| l.replace("Talkswenton", "Talks")).collect();
    assert_eq!(of(&Dygie), dygie, "a trigger is one word");
    let rams: Vec<String> = all.iter().filter(|line| line.starts_with('e')).cloned().collect();
    assert_eq!(of(&Rams), rams);
    for format in [&Dygie as &dyn Format, &WikiEvents] {
        let document = through(format, &sample());
        let entity = document.entities().values().next().expect("an entity");
        assert_eq!((entity.name.as_str(), document.mention_count_of(&entity.id)), ("Anna Berg", 2));
    }
    assert_eq!(through(&WikiEvents, &sample()).text(), sample().text(), "to the character");
    let told = |format: &dyn Format| {
        let losses = format.losses(&sample(), &Options::default());
        let ids = losses.iter().filter_map(|loss| loss.id.as_ref().map(|id| (id.as_str().to_owned(), loss.treatment)));
        ids.collect::<Vec<_>>()
    };
    let cut = |id: &str| (id.to_owned(), Treatment::Cut);
    assert!(told(&WikiEvents).contains(&cut("e3")) && !told(&WikiEvents).contains(&cut("e2")));
    assert!(told(&OneIe).contains(&cut("e2")));
    assert_eq!(told(&Dygie).iter().filter(|told| **told == cut("e3")).count(), 2, "trigger and implicit filler");
    assert!(told(&Rams).contains(&("m2".to_owned(), Treatment::Dropped)));
}

#[test]
fn the_forms_are_as_their_readers_want_them() {
    let line = |format: &dyn Format, nth: usize| -> Value {
        let bytes = written(format, &sample(), &[]).swap_remove(0).bytes;
        let text = String::from_utf8(bytes).expect("UTF-8");
        serde_json::from_str(text.lines().nth(nth).expect("a line")).expect("JSON")
    };
    let dygie = line(&Dygie, 0);
    assert_eq!(dygie["ner"][1], serde_json::json!([[7, 7, "Person"]]));
    assert_eq!(dygie["events"][0], serde_json::json!([[[2, "Consult"], [0, 1, "Actor"], [5, 5, "Place"]]]));
    assert_eq!(dygie["clusters"], serde_json::json!([[[0, 1], [7, 7]]]));
    let all = written(&Dygie, &sample(), &[("trigger", "all")]).swap_remove(0).bytes;
    assert!(String::from_utf8_lossy(&all).contains("[11,13,\"Consult\"]"));
    assert_eq!(line(&OneIe, 1)["entity_mentions"][0]["start"], 0);
    assert_eq!(line(&WikiEvents, 0)["event_mentions"][1]["trigger"]["sent_idx"], 1);
    assert_eq!(line(&Rams, 0)["gold_evt_links"][0], serde_json::json!([[2, 2], [0, 1], "evt001arg01Actor"]));
    for (i, format) in ALL.iter().enumerate() {
        for (j, other) in ALL.iter().enumerate() {
            let bytes = written(*other, &sample(), &[]).swap_remove(0).bytes;
            assert_eq!(format.sniff(&bytes) == Likeness::Yes, i == j, "{} {}", format.info().id, other.info().id);
        }
        let bytes = written(*format, &sample(), &[]).swap_remove(0).bytes;
        assert_eq!(crate::formats::detect(None, &bytes).expect("known").info().id, format.info().id);
    }
}

#[test]
fn documents_that_share_an_identifier_stay_apart() {
    let sample = sample();
    for format in ALL {
        let name = format.info().id;
        let mut files = written(format, &sample, &[]);
        for file in &mut files {
            file.bytes.extend(file.bytes.clone());
        }
        let (path, bytes) = (files[0].name.clone(), files[0].bytes.clone());
        let files = Files(files);
        let input = Input { path: Some(&path), companions: &files, ..Input::of_bytes(&bytes) };
        let found = format.read(&input).expect(name);
        let counts: Vec<usize> = found.iter().map(|read| read.document.annotation_count()).collect();
        assert_eq!(counts, [through(format, &sample).annotation_count(); 2], "{name}");
    }
}

#[test]
fn broken_lines_are_refused_with_their_number() {
    for (format, line, code) in [
        (&Dygie as &dyn Format, "{\"sentences\": [[\"a\"]], \"ner\": [[[0, 9, \"A\"]]]}", "bad-offset"),
        (&Dygie, "{\"sentences\": [[\"a\"]], \"ner\": [[[0, \"A\"]]]}", "broken-line"),
        (&Dygie, "{\"sentences\": [[\"\"]], \"ner\": []}", "broken-line"),
        (&Dygie, "{\"sentences\": [[\"a\"]], \"events\": [[[[18446744073709551615, \"A\"]]]]}", "bad-offset"),
        (&OneIe, "{\"tokens\": [\"a\"], \"entity_mentions\": [{\"start\": 1, \"end\": 0}]}", "bad-offset"),
        (&OneIe, "{\"tokens\": 7}", "broken-line"),
        (
            &OneIe,
            "{\"tokens\": [\"a\"], \"event_mentions\": [{\"trigger\": {\"start\": 0, \"end\": 1}, \"arguments\": [{\"entity_id\": \"x\"}]}]}",
            "dangling-reference",
        ),
        (&WikiEvents, "{\"text\": \"ab\", \"sentences\": [[[[\"x\", 0, 1]], \"\"]]}", "words-differ"),
        (&WikiEvents, "{\"sentences\": 1}", "broken-line"),
        (&Rams, "{\"sentences\": [[\"a\"]], \"evt_triggers\": [[0, 0]]}", "broken-line"),
        (&Rams, "[]", "json-syntax"),
    ] {
        let problems = format.read(&Input::of_bytes(line.as_bytes())).expect_err(line);
        let error = problems.iter().find(|problem| problem.severity == Severity::Error).expect("an error");
        assert_eq!((error.code, error.place.line), (code, Some(1)), "{line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_held_comes_back(document in sane_document()) {
        for format in ALL {
            let files = written(format, &document, &[]);
            let losses = format.losses(&document, &Options::default());
            if document.text().tokens().is_empty() || (format.info().id == "rams" && files[0].bytes.is_empty()) {
                continue;
            }
            let again = through(format, &document);
            if format.info().holds.text {
                prop_assert_eq!(again.text(), document.text());
            }
            let lost = |id: &Id| losses.iter().any(|loss| loss.id.as_ref() == Some(id));
            if format.info().holds.mentions {
                let count = order::mentions(&document).iter().filter(|m| !losses.iter().any(|loss| {
                    loss.id.as_ref() == Some(&m.id) && loss.treatment == Treatment::Dropped
                })).count();
                prop_assert_eq!(again.mentions().len(), count, "{}", format.info().id);
            }
            // What is told of nothing has come back as it was.
            let whole = marks(&again);
            for event in document.events().values().filter(|event| !lost(&event.id)) {
                let words = bare(&document.excerpt_of(&event.id));
                let line = format!("e {} {words} ", event.r#type);
                prop_assert!(whole.iter().any(|known| known.starts_with(&line)), "{} {}", line, format.info().id);
            }
        }
    }

    #[test]
    fn any_document_is_written_and_changed_bytes_never_panic(document in document(), at: usize, byte: u8, cut: bool) {
        for format in ALL {
            let mut bytes = written(format, &document, &[]).swap_remove(0).bytes;
            let _ = format.losses(&document, &Options::default());
            if bytes.is_empty() {
                continue;
            }
            let at = at % bytes.len();
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] = byte;
            }
            let _ = format.sniff(&bytes);
            let _ = format.read(&Input::of_bytes(&bytes));
        }
    }
}
