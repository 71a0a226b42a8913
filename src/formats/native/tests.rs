//! The native file there and back, and every way in which a file can be wrong.

use proptest::prelude::*;

use super::*;
use crate::formats::jsonl::JsonLines;
use crate::formats::test_support;
use crate::model::test_support::{entity, event, mention, quote};
use crate::model::{Argument, Filler, Header, Severity, Status, Zone, ZoneKind};
use crate::text::Text;

fn through(format: &dyn Format, document: &Document) -> Vec<Read> {
    let files = format.write(&[Named { name: "a", document, schema: None }], &Options::default()).expect("writable");
    assert_eq!(files.len(), 1);
    format.read(&Input::of_bytes(&files[0].bytes)).unwrap_or_else(|problems| panic!("{problems:?}"))
}

proptest! {
    #[test]
    fn what_is_saved_is_read_back_equal_and_saved_again_the_same(document in test_support::document()) {
        for format in [&NativeRon as &dyn Format, &NativeJson, &JsonLines] {
            let read = through(format, &document);
            prop_assert_eq!(read.len(), 1);
            prop_assert_eq!(&read[0].problems, &vec![]);
            prop_assert_eq!(&read[0].document, &document);
        }
        prop_assert_eq!(to_ron(&through(&NativeRon, &document)[0].document).unwrap(), to_ron(&document).unwrap());
    }

    /// However it is put together.
    #[test]
    fn what_is_streamed_is_the_shape(document in test_support::document_with_unknown()) {
        let shape = |language| write::shape_of(&document, language);
        prop_assert_eq!(to_ron(&document).unwrap(), layout::ron(&shape(Language::Ron)).unwrap());
        prop_assert_eq!(to_json(&document).unwrap(), layout::json(&shape(Language::Json)).unwrap());
        prop_assert_eq!(to_json_line(&document).unwrap(), layout::json_line(&shape(Language::Json)).unwrap());
    }

    /// As Python counts: `text[start:end]` over code points.
    #[test]
    fn offsets_are_code_points(document in test_support::document()) {
        let codepoints: Vec<char> = document.text().chars().collect();
        let file = write::shape_of(&document, Language::Ron);
        for span in file.mentions.iter().flat_map(|m| &m.spans) {
            let slice: String = codepoints[span.start as usize..span.end as usize].iter().collect();
            prop_assert_eq!(&slice, &span.text);
        }
    }

    /// The `ron` crate's reader and the JSON reader of other people agree with ours on what is written.
    #[test]
    fn what_is_written_is_plain_ron_and_json(document in test_support::document()) {
        let file = write::shape_of(&document, Language::Ron);
        prop_assert_eq!(&ron::from_str::<shape::File>(&to_ron(&document).unwrap()).unwrap(), &file);
        prop_assert_eq!(&serde_json::from_str::<shape::File>(&to_json(&document).unwrap()).unwrap(), &file);
    }

    /// No bytes make the readers panic.
    #[test]
    fn damaged_files_are_refused_or_read(document in test_support::document(), at in any::<prop::sample::Index>(), byte: u8) {
        for format in [&NativeRon as &dyn Format, &NativeJson, &JsonLines] {
            let mut bytes = format.write(&[Named { name: "a", document: &document, schema: None }], &Options::default()).unwrap().remove(0).bytes;
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = format.read(&Input::of_bytes(&bytes));
            let length = bytes.len();
            bytes.truncate(at);
            // The line end of the last line is no loss.
            prop_assert!(at + 1 == length || format.read(&Input::of_bytes(&bytes)).is_err());
        }
    }
}

fn small() -> Document {
    let text = Text::new("😀 Anna met Bob.\n\"Yes\", he said.").expect("short");
    let mut document = Document::new(text, Header::default());
    document.entities.insert("n1".into(), entity("n1", "Person", "Bob"));
    document.entities.insert("n2".into(), entity("n2", "Person", "Anna"));
    let mut bob = mention("m1", "Person", &[(14, 17)]);
    bob.entity = Some("n1".into());
    let mut anna = mention("m2", "Person", &[(5, 9)]);
    anna.entity = Some("n2".into());
    document.mentions.insert("m1".into(), bob);
    document.mentions.insert("m2".into(), anna);
    let mut met = event("e1", "Consult", &[(10, 13)]);
    met.arguments.push(Argument { role: "Actor".into(), filler: Filler::Mention("m2".into()) });
    met.arguments.push(Argument { role: "Place".into(), filler: Filler::Implicit("a café".into()) });
    document.events.insert("e1".into(), met);
    let mut said = quote("q1", "direct", &[(19, 24)]);
    said.cue = Some(crate::model::test_support::spans(&[(29, 33)]));
    said.speaker = Some(Filler::Mention("m1".into()));
    document.quotes.insert("q1".into(), said);
    document.reindex();
    document
}

#[test]
fn the_layout_is_one_annotation_a_line_in_the_order_of_the_text() {
    let ron = to_ron(&small()).expect("writable");
    assert!(
        ron.contains(
            "\n    entities: [\n        (id: \"n2\", type: \"Person\", name: \"Anna\", aliases: [], link: None),\n"
        ),
        "{ron}"
    );
    assert!(
        ron.contains("\n        (id: \"m2\", label: \"Person\", spans: [(start: 2, end: 6, text: \"Anna\")], entity: Some(\"n2\"), attributes: {}, note: None),\n        (id: \"m1\","),
        "{ron}"
    );
    assert!(ron.contains("\n        text: \"😀 Anna met Bob.\\n\\\"Yes\\\", he said.\",\n    ),\n"), "{ron}");
    assert!(ron.contains("(role: \"Place\", filler: Implicit(\"a café\"))"), "{ron}");
    assert!(ron.ends_with("    status: \"new\",\n)\n"), "{ron}");
    let json = to_json(&small()).expect("writable");
    assert!(json.contains("\n    {\"id\": \"m2\", \"label\": \"Person\", \"spans\": [{\"start\": 2, \"end\": 6, \"text\": \"Anna\"}], \"entity\": \"n2\", \"attributes\": {}, \"note\": null},\n"), "{json}");
    assert!(json.contains("\n  \"relations\": [],\n") && json.ends_with("\"status\": \"new\"\n}\n"), "{json}");
    assert!(!to_json_line(&small()).expect("writable").contains('\n'));
}

#[test]
fn the_form_of_the_design_is_read() {
    let ron = r#"(
    format: "manicule/1",
    offsets: "codepoint",
    document: (id: "a", title: "Talks", source: Some("wire"), published: Some("2023-05-04"), language: Some("en"),
               sha256: "", text: "Anna met Bob. \"Yes\", he said."),
    schema: (name: "news", version: 1),
    annotator: Some("Anna"),
    labels: { "topic": ["diplomacy"] },                       // of the whole document
    entities: [(id: "n1", type: "Person", name: "Anna", aliases: [], link: Some("wikidata:Q1"))],
    mentions: [(id: "m1", label: "Person", spans: [(start: 0, end: 4, text: "Anna")],
                entity: Some("n1"), attributes: {}, note: None)],
    events: [(id: "e1", type: "Consult", trigger: [(start: 0, end: 0, text: "")],
              arguments: [(role: "Participant", filler: Mention("m1")), (role: "Place", filler: Implicit("Arlington"))],
              claimed_in: Some("q1"), attributes: {"polarity": "positive"}, note: None)],
    quotes: [(id: "q1", kind: "direct", content: [(start: 14, end: 19, text: "\"Yes\"")], cue: Some([(start: 24, end: 28, text: "said")]),
              speaker: Some(Mention("m1")), addressee: None, attributes: {}, note: None)],
    relations: [(id: "r1", label: "PartOf", from: "m1", to: "m2")],
    status: "in_progress",                                     // new, in_progress, done, flagged
)"#;
    let read = super::read(Source::Ron(ron)).unwrap_or_else(|p| panic!("{p:?}"));
    assert_eq!(read.problems, []);
    assert_eq!(read.document.annotation_count(), 5);
    assert_eq!(read.document.header().annotator.as_deref(), Some("Anna"));
    assert_eq!(read.document.header().status, Status::InProgress);
    let bare =
        super::read(Source::Ron(&ron.replace("\"in_progress\"", "in_progress"))).unwrap_or_else(|p| panic!("{p:?}"));
    assert_eq!(bare.document, read.document);
    refused(&ron.replace("\"in_progress\"", "\"finished\""), &["finished", "in_progress"]);
}

/// The problems of reading `ron`, as lines; `Ok` if it opens.
fn problems(ron: &str) -> Result<Vec<String>, Vec<String>> {
    let lines = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    NativeRon.read(&Input::of_bytes(ron.as_bytes())).map(|mut r| lines(r.remove(0).problems)).map_err(lines)
}

/// A file with `rest` after the text "Anna 😀 met Bob".
fn file(rest: &str) -> String {
    format!("(format: \"manicule/1\", document: (text: \"Anna 😀 met Bob\"),\n{rest})")
}

fn one_mention(span: &str) -> String {
    file(&format!("mentions: [\n  (id: \"m7\", label: \"Person\", spans: [{span}])]"))
}

#[track_caller]
fn refused(ron: &str, parts: &[&str]) {
    let found = problems(ron).expect_err("must be refused");
    let all = found.join("\n");
    assert!(parts.iter().all(|part| all.contains(part)), "{all}");
}

#[track_caller]
fn warned(ron: &str, parts: &[&str]) {
    let all = problems(ron).expect("must open").join("\n");
    assert!(!all.is_empty() && parts.iter().all(|part| all.contains(part)), "{all}");
}

#[test]
fn broken_syntax_is_refused_with_its_place() {
    refused("(format: \"manicule/1\",\n document (text: \"\"))", &["2:", "ron-syntax", "text editor"]);
    warned(&file("mentons: []"), &["2:1: warning", "mentons", "did you mean \"mentions\"?"]);
    refused("", &["empty"]);
    refused("(format: \"manicule/1\", document: (text: \"é", &["ron-syntax"]);
    let json =
        NativeJson.read(&Input::of_bytes("{\"format\": \"manicule/1\",\n \"é\" 1}".as_bytes())).expect_err("broken");
    assert_eq!((json[0].place.line, json[0].place.column, json[0].code), (Some(2), Some(6), "json-syntax"));
    let lines = JsonLines
        .read(&Input::of_bytes(b"\n{\"format\": \"manicule/1\", \"document\": {\"text\": \"\"}}\n{\"x\""))
        .expect_err("broken");
    assert_eq!(lines[0].place.line, Some(3));
}

#[test]
fn what_git_leaves_in_a_file_is_called_by_its_name() {
    let conflict = "<<<<<<< HEAD\n    labels: {},\n=======\n    status: \"done\",\n>>>>>>> branch\n";
    let ron = format!("(\n    format: \"manicule/1\",\n{conflict})\n");
    refused(&ron, &["3:1", "git-conflict", "merge conflict markers of git", "git checkout --ours", "<<<<<<<"]);
    let json =
        "{\n\"format\": \"manicule/1\",\r\n<<<<<<< a\r\n\"status\": \"done\"\r\n||||||| b\r\n=======\r\n>>>>>>> c\r\n}";
    let problems = NativeJson.read(&Input::of_bytes(json.as_bytes())).expect_err("broken");
    assert_eq!((problems[0].code, problems[0].place.line), ("git-conflict", Some(3)));
    let twice = format!("(format: \"manicule/1\",\n{conflict}{conflict})");
    refused(&twice, &["2:1", "in 2 places"]);
    refused("(format: \"manicule/1\",\n<<<<<<<< is no marker\n)", &["ron-syntax"]);
}

#[test]
fn another_format_is_refused_even_if_its_fields_are_unknown() {
    refused("(format: \"manicule/9\", pages: [])", &["manicule/9", "update the program", "document"]);
    refused("(format: \"manicule-schema/1\", name: \"x\")", &["manicule schema check"]);
    refused("(format: \"other\", document: (text: \"\"))", &["\"other\"", "unknown-format"]);
    refused("(format: \"manicule/1\", offsets: \"utf16\", document: (text: \"\"))", &["utf16", "codepoint"]);
}

#[test]
fn wrong_spans_are_all_listed_with_what_may_have_happened() {
    let out = one_mention("(start: 4, end: 99, text: \"x\")");
    refused(&out, &["3:4: error: m7:", "has only 14 characters", "4–99"]);
    refused(&one_mention("(start: 4, end: 3, text: \"x\")"), &["m7", "before its start"]);
    refused(&one_mention("(start: 7, end: 10, text: \"Bob\")"), &["\"Bob\"", "\"met\"", "stand at 11–14"]);
    refused(&one_mention("(start: 12, end: 15, text: \"Bob\")"), &["UTF-16"]);
    refused(&one_mention("(start: 14, end: 17, text: \"Bob\")"), &["count bytes"]);
    refused(&one_mention("(start: 0, end: 4, text: \"Eve\")"), &["nowhere in the text"]);
    let two = one_mention("(start: 0, end: 4, text: \"Eve\"), (start: 5, end: 6, text: \"y\")");
    assert_eq!(problems(&two).expect_err("wrong").len(), 2);
}

#[test]
fn spans_out_of_order_are_sorted_and_overlapping_ones_joined() {
    assert_eq!(
        problems(&one_mention("(start: 5, end: 6, text: \"😀\"), (start: 0, end: 4, text: \"Anna\")")),
        Ok(vec![])
    );
    let over = one_mention("(start: 0, end: 6, text: \"Anna 😀\"), (start: 5, end: 10, text: \"😀 met\")");
    warned(&over, &["m7", "overlap"]);
}

#[test]
fn a_wrong_sum_is_a_warning_while_every_span_matches() {
    let with_sum = |rest: &str| format!("(format: \"manicule/1\", document: (sha256: \"00\", text: \"Anna\"), {rest})");
    warned(&with_sum(""), &["wrong-sha256"]);
    let wrong = with_sum("mentions: [(id: \"m1\", label: \"P\", spans: [(start: 0, end: 4, text: \"Eve\")])]");
    refused(&wrong, &["wrong-sha256", "span-text-mismatch"]);
}

#[test]
fn the_second_bearer_of_an_id_gets_another_one() {
    let ron = file(
        "mentions: [(id: \"m1\", label: \"A\", spans: [(start: 0, end: 4, text: \"Anna\")]),\n(id: \"m1\", label: \"B\", spans: []), (id: \"\", label: \"C\", spans: [])],
         relations: [(id: \"r2\", label: \"R\", from: \"m1\", to: \"m9\")]",
    );
    warned(&ron, &["3:2: warning: m3: the id \"m1\" stands twice", "m4: the mention has no id"]);
    let read = NativeRon.read(&Input::of_bytes(ron.as_bytes())).expect("opens").remove(0).document;
    assert_eq!(read.mentions().len(), 3);
    assert_eq!(read.label_of(&"m1".into()), "A");
    assert_eq!(read.label_of(&"m3".into()), "B");
}

#[test]
fn a_new_id_is_found_although_another_has_the_last_number() {
    let mention = |id: &str| format!("(id: \"{id}\", label: \"A\", spans: [])");
    let all = ["m1", "m1", "m18446744073709551615", "m18446744073709551614"].map(mention).join(", ");
    warned(&file(&format!("mentions: [{all}]")), &["m2: the id \"m1\" stands twice"]);
}

#[test]
fn dangling_references_and_unknown_labels_stay() {
    let ron = file(
        "mentions: [(id: \"m1\", label: \"Nonsense\", spans: [(start: 0, end: 4, text: \"Anna\")], entity: \"n9\")]",
    );
    assert_eq!(problems(&ron), Ok(vec![]));
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    refused(&file("labels: {\"a\": [], \"a\": [\"x\"]}"), &["stands twice"]);
}

#[test]
fn fields_that_came_later_may_be_absent_and_are_kept() {
    let ron = file(
        "note: Some(\"n\"), entities: [(id: \"n1\", type: \"P\", provenance: (by: Rule(\"x\"), at: Some(\"2026-01-01T00:00:00Z\")))]",
    );
    let read = NativeRon.read(&Input::of_bytes(ron.as_bytes())).expect("opens").remove(0).document;
    let written = to_ron(&read).expect("writable");
    assert!(written.contains("provenance: (by: Rule(\"x\"), at: Some(\"2026-01-01T00:00:00Z\"))"), "{written}");
    assert!(written.contains("\n    note: Some(\"n\"),\n"), "{written}");
}

/// A file without batches is what it was before there were any.
#[test]
fn batches_stand_in_the_file_only_if_there_are_some() {
    assert!(!to_ron(&small()).expect("writable").contains("batches"));
    let ron = file(
        "batches: [(id: \"b1\", label: \"Person\", entity: \"n1\", texts: [\"Bob\"]), (id: \"b1\", label: \"Place\", texts: [])]",
    );
    warned(&ron, &["b2", "stands twice"]);
    let read = NativeRon.read(&Input::of_bytes(ron.as_bytes())).expect("opens").remove(0).document;
    assert_eq!(read.batches().values().map(|b| b.label.as_str()).collect::<Vec<_>>(), ["Person", "Place"]);
    let written = to_ron(&read).expect("writable");
    let line = "\n    batches: [\n        (id: \"b1\", label: \"Person\", entity: Some(\"n1\"), texts: [\"Bob\"], ignore_case: false, at: None),\n";
    assert!(written.contains(line), "{written}");
}

#[test]
fn refused_suggestions_are_kept_with_their_words_and_a_file_without_them_does_not_name_them() {
    let ron =
        file("rejected: [(suggester: \"names\", label: \"Person\", spans: [(start: 11, end: 14, text: \"Bob\")])]");
    let read = NativeRon.read(&Input::of_bytes(ron.as_bytes())).expect("opens").remove(0).document;
    let rejection = read.rejected().first().expect("kept");
    assert_eq!((rejection.label.as_str(), read.text().excerpt(&rejection.spans)), ("Person", "Bob".to_owned()));
    let written = to_ron(&read).expect("writable");
    let line = "        (suggester: \"names\", label: \"Person\", spans: [(start: 11, end: 14, text: \"Bob\")]),\n";
    assert!(written.contains(line), "{written}");
    assert!(!to_ron(&small()).expect("writable").contains("rejected"));
    refused(&ron.replace("\"Bob\"", "\"Eve\""), &["rejected", "span-text-mismatch"]);
}

/// With `MANICULE_BLESS=1` it is written in the layout instead of compared.
#[test]
fn the_sample_is_read_without_a_problem_and_is_laid_out_as_it_would_be_saved() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let path = folder.join("000_1a5c9ff20c0ee09c.ron");
    let source = std::fs::read_to_string(&path).expect("ships");
    let read = super::read(Source::Ron(&source)).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(read.problems, []);
    assert_eq!(
        Some(read.document.text().as_str()),
        std::fs::read_to_string(path.with_extension("txt")).ok().as_deref()
    );
    let laid_out = to_ron(&read.document).expect("writable");
    if std::env::var_os("MANICULE_BLESS").is_some() {
        std::fs::write(&path, &laid_out).expect("writable");
    } else {
        let other = laid_out.lines().zip(source.lines()).find(|(ours, theirs)| ours != theirs);
        assert!(laid_out == source, "run the tests with MANICULE_BLESS=1; first difference: {other:#?}");
    }
}

#[test]
fn zones_stand_in_the_file_only_if_there_are_any() {
    let without = to_ron(&small()).expect("writable");
    assert!(!without.contains("zones"), "{without}");
    let mut document = small();
    document.header.zones = vec![Zone { kind: ZoneKind::Headline, span: crate::text::Span::of(5, 17) }];
    let with = to_ron(&document).expect("writable");
    assert!(with.contains("\n        zones: [(kind: \"headline\", start: 2, end: 14)],\n"), "{with}");
    let read = |ron: &str| NativeRon.read(&Input::of_bytes(ron.as_bytes()));
    assert_eq!(read(&with).expect("opens")[0].document, document);
    assert_eq!(read(&without).expect("opens")[0].document.header().zones, []);
    for (wrong, code) in [
        (with.replace("end: 14)]", "end: 99)]"), "zone-out-of-range"),
        (with.replace("end: 14)]", "end: 1)]"), "zone-out-of-range"),
        (with.replace("\"headline\"", "\"hedline\""), "ron-syntax"),
    ] {
        assert_eq!(read(&wrong).expect_err("refused")[0].code, code, "{wrong}");
    }
    let header = serde_json::to_string(small().header()).expect("JSON");
    assert!(!header.contains("zones"), "journals of before are read: {header}");
    assert_eq!(serde_json::from_str::<Header>(&header).expect("JSON").zones, []);
}

/// With `MANICULE_BLESS=1` the files are written instead of compared.
#[test]
fn the_json_schemas_that_ship_are_those_of_the_types() {
    for (name, generated) in [("manicule-1", json_schema()), ("manicule-schema-1", json_schema_of_schemas())] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/{name}.schema.json"));
        if std::env::var_os("MANICULE_BLESS").is_some() {
            std::fs::write(&path, &generated).expect("writable");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == generated, "{name}: run the tests with MANICULE_BLESS=1 and commit the file");
    }
}

#[test]
fn problems_of_reading_are_errors_only_if_the_file_is_refused() {
    let read = NativeRon.read(&Input::of_bytes(file("").as_bytes())).expect("opens").remove(0);
    assert!(read.problems.iter().all(|p| p.severity == Severity::Warning));
}

/// The example of the README opens without a remark and has no problem under its schema.
#[test]
fn the_example_of_the_readme_is_right() {
    let readme = include_str!("../../../README.md");
    let example = readme
        .split("```ron\n")
        .find(|part| part.contains("\"manicule/1\""))
        .and_then(|rest| rest.split("```").next())
        .expect("has an example");
    let read = super::read(Source::Ron(example)).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(read.problems, []);
    let schema = crate::model::schema::builtin("news").expect("ships");
    assert_eq!(crate::model::validate(&read.document, schema), []);
}

#[test]
fn the_sample_has_no_problem_under_its_schema() {
    let source = include_str!("../../../seeds/000_1a5c9ff20c0ee09c.ron");
    let read = super::read(Source::Ron(source)).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let schema = crate::model::schema::builtin("news").expect("ships");
    assert_eq!(crate::model::validate(&read.document, schema), []);
}

proptest! {
    #[test]
    fn native_documents_come_back_by_the_same_measure_as_those_of_others(document in test_support::sane_document()) {
        test_support::comes_back(&NativeRon, document.clone());
        test_support::comes_back(&JsonLines, document);
    }
}
