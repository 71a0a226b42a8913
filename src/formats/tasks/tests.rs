//! Each tool's tasks come back, hostile ones are refused, and what is not written is told.

use proptest::prelude::*;

use super::doccano::Doccano;
use super::label_studio::LabelStudio;
use super::prodigy::Prodigy;
use super::*;
use crate::formats::test_support::{comes_back, document, native, sane_document};
use crate::formats::{FORMATS, Format, Input, Likeness, Named};

const ALL: [&dyn Format; 3] = [&Doccano, &Prodigy, &LabelStudio];

const FIELDS: &str =
    "mentions: [(id: \"m1\", label: \"Person\", spans: [(start: 2, end: 6)], attributes: {\"sure\": true}),
        (id: \"m2\", label: \"Person\", spans: [(start: 11, end: 14)])],
    events: [(id: \"e1\", type: \"Consult\", trigger: [(start: 7, end: 10)],
              arguments: [(role: \"Actor\", filler: Mention(\"m1\")), (role: \"Place\", filler: Implicit(\"Bonn\"))])],
    quotes: [(id: \"q1\", kind: \"direct\", content: [(start: 16, end: 22)], cue: Some([(start: 27, end: 31)]),
              speaker: Some(Span([(start: 23, end: 26)])))],
    relations: [(id: \"r1\", label: \"Knows\", from: \"m1\", to: \"m2\")]";

fn sample() -> Document {
    native("😀 Anna met Bob. “Yes,” she said.", FIELDS)
}

fn written(format: &dyn Format, document: &Document, chosen: &[(&str, &str)]) -> Vec<u8> {
    let mut options = Options::default();
    for (name, value) in chosen {
        options.set(&format.info(), name, value).expect("an option");
    }
    let files = format.write(&[Named { name: "a", document, schema: None }], &options).expect("written");
    files.into_iter().next().expect("a file").bytes
}

/// Labels and words of mentions; labels and the words of both ends of relations.
type Marks = (Vec<(String, String)>, Vec<(String, String, String)>);

fn marks(document: &Document) -> Marks {
    let mention = |m: &crate::model::Mention| (m.label.to_string(), document.excerpt_of(&m.id));
    let mut mentions: Vec<_> = order::mentions(document).into_iter().map(mention).collect();
    mentions.sort();
    let relation =
        |r: &crate::model::Relation| (r.label.to_string(), document.excerpt_of(&r.from), document.excerpt_of(&r.to));
    let mut relations: Vec<_> = order::relations(document).into_iter().map(relation).collect();
    relations.sort();
    (mentions, relations)
}

#[test]
fn events_and_quotes_become_spans_with_relations() {
    let s = str::to_owned;
    for format in ALL {
        let bytes = written(format, &sample(), &[]);
        assert_eq!(format.sniff(&bytes), Likeness::Yes);
        let read = format.read(&Input::of_bytes(&bytes)).expect("reads");
        let (mentions, relations) = marks(&read[0].document);
        let mut expected = [
            ("Consult", "met"),
            ("Cue", "said"),
            ("Person", "Anna"),
            ("Person", "Bob"),
            ("Quote", "“Yes,”"),
            ("Speaker", "she"),
        ]
        .map(|(a, b)| (s(a), s(b)));
        expected.sort();
        assert_eq!(mentions, expected);
        let mut expected = [
            ("Actor", "met", "Anna"),
            ("Cue", "“Yes,”", "said"),
            ("Knows", "Anna", "Bob"),
            ("Speaker", "“Yes,”", "she"),
        ]
        .map(|(a, b, c)| (s(a), s(b), s(c)));
        expected.sort();
        assert_eq!(relations, expected);
        let bytes = written(format, &sample(), &[("events", "drop")]);
        let read = format.read(&Input::of_bytes(&bytes)).expect("reads");
        assert_eq!(marks(&read[0].document).0.len(), 2);
    }
    assert_eq!(argument_count(&sample()), 3);
}

#[test]
fn what_is_not_written_is_told() {
    for format in ALL {
        let told: Vec<String> = (format.losses(&sample(), &Options::default()).into_iter())
            .filter_map(|loss| loss.id.map(|id| id.as_str().to_owned()))
            .collect();
        assert!(told.iter().filter(|id| *id == "e1").count() >= 2, "implicit, altered: {told:?}");
        assert!(told.contains(&"q1".to_owned()));
        let is_attribute_held = format.info().id == "labelstudio";
        assert_eq!(told.contains(&"m1".to_owned()), !is_attribute_held);
    }
}

#[test]
fn each_knows_its_own_tasks_only() {
    let bytes: Vec<Vec<u8>> = ALL.iter().map(|format| written(*format, &sample(), &[])).collect();
    for (i, format) in ALL.iter().enumerate() {
        for (j, bytes) in bytes.iter().enumerate() {
            assert_eq!(format.sniff(bytes) == Likeness::Yes, i == j, "{} {j}", format.info().id);
        }
    }
    for (format, bytes) in ALL.iter().zip(&bytes) {
        let found = crate::formats::detect(None, bytes).expect("known");
        assert_eq!(found.info().id, format.info().id);
    }
    for format in FORMATS.iter().filter(|format| format.info().writes && format.info().reads) {
        let id = format.info().id;
        if !["doccano", "prodigy", "labelstudio"].contains(&id) {
            let files = format.write(&[Named { name: "a", document: &sample(), schema: None }], &Options::default());
            let bytes = files.expect("written").swap_remove(0).bytes;
            assert!(ALL.iter().all(|tool| tool.sniff(&bytes) == Likeness::No), "{id}");
        }
    }
}

#[test]
fn doccano_reads_labels_without_relations() {
    let line = "{\"id\": 7, \"text\": \"😀 Anna\", \"label\": [[2, 6, \"WORK OF ART\"]], \"x\": 1}\n";
    assert_eq!(Doccano.sniff(line.as_bytes()), Likeness::Yes);
    let read = Doccano.read(&Input::of_bytes(line.as_bytes())).expect("reads");
    assert_eq!(marks(&read[0].document).0, [("WORK OF ART".to_owned(), "Anna".to_owned())]);
    assert_eq!((read[0].document.header().metadata.id.as_str(), read[0].problems[0].code), ("7", "left-out"));
    let units = "{\"text\": \"😀 Anna\", \"label\": [[3, 7, \"A\"]]}";
    assert_eq!(Doccano.read(&Input::of_bytes(units.as_bytes())).expect_err("beyond")[0].code, "bad-offset");
    let mut options = Options::default();
    options
        .set(&crate::formats::Info { options: Doccano.reading_options(), ..Doccano.info() }, "unit", "utf16")
        .expect("one");
    let read = Doccano.read_with(&Input::of_bytes(units.as_bytes()), &options).expect("reads");
    assert_eq!(marks(&read[0].document).0, [("A".to_owned(), "Anna".to_owned())]);
    let bytes = written(&Doccano, &sample(), &[("form", "labels"), ("events", "drop")]);
    assert!(String::from_utf8_lossy(&bytes).contains("\"label\":[[2,6,\"Person\"],[11,14,\"Person\"]]"));
}

#[test]
fn label_studio_reads_choices_predictions_and_directions() {
    let document = sample();
    for form in ["annotations", "predictions"] {
        let bytes = written(&LabelStudio, &document, &[("as", form)]);
        let read = LabelStudio.read(&Input::of_bytes(&bytes)).expect("reads").swap_remove(0);
        let anna = order::mentions(&read.document)[0];
        assert_eq!(anna.attributes.get("sure"), Some(&crate::model::AttributeValue::Flag(true)), "{form}");
        assert!(read.problems.is_empty(), "{:?}", read.problems);
    }
    let task = "[{\"data\": {\"body\": \"Anna met Bob\"}, \"annotations\": [{\"was_cancelled\": true, \"result\": []}, {\"result\": [
        {\"type\": \"relation\", \"from_id\": \"a\", \"to_id\": \"b\", \"direction\": \"left\"},
        {\"id\": \"a\", \"type\": \"labels\", \"from_name\": \"l\", \"to_name\": \"t\", \"value\": {\"start\": 0, \"end\": 4, \"labels\": [\"A\"]}},
        {\"id\": \"b\", \"type\": \"labels\", \"value\": {\"start\": 9, \"end\": 12, \"text\": \"Bob\", \"labels\": [\"B\"]}},
        {\"id\": \"x\", \"type\": \"rectangle\"}]}, {\"result\": []}]}]";
    let read = LabelStudio.read(&Input::of_bytes(task.as_bytes())).expect("reads").swap_remove(0);
    assert_eq!(marks(&read.document).1, [("Relation".to_owned(), "Bob".to_owned(), "Anna".to_owned())]);
    assert_eq!(read.problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["left-out", "left-out"]);
    let files = LabelStudio.write(&[Named { name: "a", document: &document, schema: None }], &Options::default());
    let config = String::from_utf8(files.expect("written")[1].bytes.clone()).expect("UTF-8");
    assert!(config.contains("<Label value=\"Person\"/>") && config.contains("<Relation value=\"Knows\"/>"));
    assert!(config.contains("<Choices name=\"sure\""), "{config}");
}

#[test]
fn broken_tasks_are_refused_with_their_line() {
    for (format, task, code) in [
        (&Doccano as &dyn Format, "{\"text\": \"a\", \"label\": [[0, 9, \"A\"]]}", "bad-offset"),
        (&Doccano, "{\"label\": []}", "broken-task"),
        (
            &Doccano,
            "{\"text\": \"ab\", \"entities\": [{\"id\": 1, \"start_offset\": 0, \"end_offset\": 1, \"label\": \"A\"}], \"relations\": [{\"from_id\": 1, \"to_id\": 2, \"type\": \"T\"}]}",
            "dangling-reference",
        ),
        (
            &Doccano,
            "{\"text\": \"a\", \"entities\": [{\"id\": 1, \"start_offset\": 0, \"end_offset\": 1, \"label\": \"A\"}, {\"id\": 1, \"start_offset\": 0, \"end_offset\": 1, \"label\": \"A\"}]}",
            "duplicate-id",
        ),
        (&Prodigy, "{\"text\": \"a\", \"spans\": [{\"start\": 1, \"end\": 0, \"label\": \"A\"}]}", "bad-offset"),
        (&Prodigy, "{\"text\": \"a\", \"spans\": 7}", "broken-task"),
        (&Prodigy, "{\"text\": \"a\", \"spans\": [], \"relations\": [{\"head\": 0}]}", "broken-task"),
        (&Prodigy, "{\"text\": ", "json-syntax"),
        (&LabelStudio, "[{\"data\": {}, \"annotations\": []}]", "broken-task"),
        (&LabelStudio, "[7]", "broken-task"),
    ] {
        let problems = format.read(&Input::of_bytes(task.as_bytes())).expect_err(task);
        assert_eq!(problems[0].code, code, "{task}");
        assert!(problems[0].place.line.is_some() || format.info().id == "labelstudio", "{problems:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_held_comes_back(document in sane_document()) {
        for format in ALL {
            comes_back(format, document.clone());
        }
    }

    #[test]
    fn any_document_is_written_and_spans_are_where_tokens_end(document in document()) {
        for format in ALL {
            let bytes = written(format, &document, &[]);
            let _ = format.losses(&document, &Options::default());
            prop_assert!(format.read(&Input::of_bytes(&bytes)).is_ok());
        }
        let task: Value = serde_json::from_slice(&written(&Prodigy, &document, &[])).expect("JSON");
        let tokens = task["tokens"].as_array().expect("tokens");
        let chars: Vec<char> = document.text().as_str().chars().collect();
        let mut last = 0;
        for (nth, token) in tokens.iter().enumerate() {
            let (start, end) = (token["start"].as_u64().expect("start"), token["end"].as_u64().expect("end"));
            prop_assert!(last <= start && start < end && token["id"] == nth);
            last = end;
            let words: String = chars[start as usize..end as usize].iter().collect();
            prop_assert_eq!(token["text"].as_str(), Some(words.as_str()));
        }
        for span in task["spans"].as_array().expect("spans") {
            let at = |name: &str| &tokens[span[name].as_u64().expect("a token") as usize];
            prop_assert_eq!(&at("token_start")["start"], &span["start"]);
            prop_assert_eq!(&at("token_end")["end"], &span["end"]);
        }
    }

    #[test]
    fn changed_bytes_never_panic(document in sane_document(), at: usize, byte: u8, cut: bool) {
        for format in ALL {
            let mut bytes = written(format, &document, &[]);
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
