//! Fields that this program does not know: kept wherever they stand, through both languages, editing and undo.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::edit::{Editor, Intent, test_support::any_intent};
use crate::formats::jsonl::JsonLines;
use crate::formats::test_support::{document_with_unknown, editable_with_unknown};
use crate::model::{Header, Id, Part, Severity};
use crate::text::Text;

fn read_ron(ron: &str) -> Read {
    super::read(Source::Ron(ron)).unwrap_or_else(|problems| panic!("{problems:#?}\n{ron}"))
}

fn read_json(json: &str) -> Read {
    super::read(Source::Json { text: json, first_line: 1 }).unwrap_or_else(|problems| panic!("{problems:#?}\n{json}"))
}

proptest! {
    #[test]
    fn unknown_fields_come_back_through_every_native_format(document in document_with_unknown()) {
        let ron = to_ron(&document).unwrap();
        let json = to_json(&document).unwrap();
        for format in [&NativeRon as &dyn Format, &NativeJson, &JsonLines] {
            let named = [Named { name: "a", document: &document, schema: None }];
            let files = format.write(&named, &Options::default()).unwrap();
            let read = format.read(&Input::of_bytes(&files[0].bytes)).unwrap_or_else(|problems| panic!("{problems:?}")).remove(0);
            prop_assert!(read.problems.iter().all(|p| p.code == "unknown-field" && p.severity == Severity::Warning), "{:?}", read.problems);
            prop_assert_eq!(&read.document, &document);
            // Refused suggestions are equal without what is unknown of them.
            prop_assert_eq!(to_ron(&read.document).unwrap(), ron.as_str());
            prop_assert_eq!(to_json(&read.document).unwrap(), json.as_str());
        }
        prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok() || json.contains("1e400"), "{}", json);
    }

    /// What is in memory is what a file would give, after every change: or a journal would not fit its file.
    #[test]
    fn editing_keeps_unknown_fields_with_their_owners(
        document in editable_with_unknown(),
        intents in proptest::collection::vec(any_intent(), 1..25),
    ) {
        let schema = crate::model::schema::builtin("news").unwrap();
        let mut editor = Editor::new(document, Arc::new(schema.clone()));
        let mut states = vec![editor.document().clone()];
        for intent in &intents {
            let Ok(done) = editor.execute(intent) else { continue };
            let Some(transaction) = done.transaction else { continue };
            let journal = serde_json::to_string(&transaction).unwrap();
            prop_assert_eq!(serde_json::from_str::<std::sync::Arc<crate::edit::Transaction>>(&journal).unwrap(), transaction);
            let ron = to_ron(editor.document()).unwrap();
            let read = read_ron(&ron).document;
            prop_assert_eq!(&read, editor.document(), "{:?}", intent);
            prop_assert_eq!(to_ron(&read).unwrap(), ron);
            states.push(editor.document().clone());
        }
        for state in states.iter().rev().skip(1) {
            editor.undo().expect("a step for each state");
            prop_assert_eq!(to_ron(editor.document()).unwrap(), to_ron(state).unwrap());
        }
    }
}

const EVERYWHERE: &str = r#"(
    format: "manicule/1", // of a newer program
    colour: Rgb(r: 1, g: 0xFF, b: 1e400),
    document: (text: "Anna met Bob. \"Yes\", he said.", mood: Calm(deep: Some("it's \"so\" 😀")),
        zones: [(kind: "body", start: 0, end: 4, x: 1)]),
    schema: (name: "news", version: 1, hash: 'h'),
    entities: [(id: "n1", type: "Person", born: /* a year */ 1970)],
    mentions: [
        (id: "m1", label: "Person", seen: [1, 2, /* three */],
            spans: [(start: 9, end: 12, text: "Bob", sure: 0.5), (start: 0, end: 4, text: "Anna", sure: 0.9)],
            provenance: (by: Hand, tool: {"a": None})),
        (id: "m1", label: "Place", seen: "second", spans: [(start: 5, end: 8, text: "met")]),
    ],
    events: [(id: "e1", type: "Consult", trigger: [(start: 5, end: 8, text: "met", n: 1)], arguments: [
        (role: "Actor", filler: Mention("m1"), rank: First),
        (role: "Place", filler: Span([(start: 0, end: 4, text: "Anna", n: 2)])),
    ])],
    quotes: [(id: "q1", kind: "direct", content: [(start: 14, end: 19, text: "\"Yes\"")],
        cue: Some([(start: 24, end: 28, text: "said", n: 3)]),
        speaker: Some(Span([(start: 9, end: 12, text: "Bob", n: 4)])))],
    relations: [(id: "r1", label: "PartOf", from: "m1", to: "n1", n: 5)],
    batches: [(id: "b1", label: "Person", texts: ["Bob"], n: 6)],
    rejected: [(suggester: "names", label: "Person", n: 7, spans: [(start: 0, end: 4, text: "Anna", n: 8)])],
    status: "new",
)"#;

/// Every place, written out: what is kept, where it is put, what is told.
#[test]
fn unknown_fields_are_kept_everywhere_and_stand_after_the_known_ones() {
    let read = read_ron(EVERYWHERE);
    let ron = to_ron(&read.document).expect("writable");
    for line in [
        "    status: \"new\",\n    rejected: [\n        (suggester: \"names\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\", n: 8)], n: 7),\n    ],\n    colour: Rgb(r: 1, g: 0xFF, b: 1e400),\n)\n",
        "        zones: [(kind: \"body\", start: 0, end: 4, x: 1)],\n        mood: Calm(deep: Some(\"it's \\\"so\\\" 😀\")),\n    ),\n",
        "        version: 1,\n        hash: 'h',\n    ),\n",
        "(id: \"n1\", type: \"Person\", name: \"\", aliases: [], link: None, born: 1970),\n",
        // Spans are put in the order of the text, and what belongs to them goes along.
        "spans: [(start: 0, end: 4, text: \"Anna\", sure: 0.9), (start: 9, end: 12, text: \"Bob\", sure: 0.5)]",
        "note: None, provenance: (by: Hand, at: None, tool: {\"a\": None}), seen: [1, 2]),\n",
        // The second bearer of an id has another, and its own field.
        "(id: \"m2\", label: \"Place\", spans: [(start: 5, end: 8, text: \"met\")], entity: None, attributes: {}, note: None, seen: \"second\"),\n",
        "trigger: [(start: 5, end: 8, text: \"met\", n: 1)]",
        "(role: \"Actor\", filler: Mention(\"m1\"), rank: First), (role: \"Place\", filler: Span([(start: 0, end: 4, text: \"Anna\", n: 2)]))",
        "cue: Some([(start: 24, end: 28, text: \"said\", n: 3)]), speaker: Some(Span([(start: 9, end: 12, text: \"Bob\", n: 4)]))",
        "to: \"n1\", n: 5),\n",
        "ignore_case: false, at: None, n: 6),\n",
    ] {
        assert!(ron.contains(line), "{line}\nis not in\n{ron}");
    }
    let json = to_json(&read.document).expect("writable");
    assert!(json.contains("\"colour\": {\"Rgb\": {\"r\": 1, \"g\": \"0xFF\", \"b\": 1e400}},\n  \"$ron\": {\"colour\": \"Rgb(r: 1, g: 0xFF, b: 1e400)\"}\n}\n"), "{json}");
    assert_eq!(to_ron(&read_json(&json).document).expect("writable"), ron);
    let told: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
    assert_eq!(told.iter().filter(|told| told.contains("unknown-field")).count(), 13, "{told:#?}");
    assert!(told.iter().any(|told| told.starts_with("3:5: warning: the field \"colour\" of the file is not known")));
    let seen = "9:37: warning: the field \"seen\" of a mention (2 times) is not known to this program; it is kept";
    assert!(told.iter().any(|told| told.starts_with(seen)), "{told:#?}");
}

#[test]
fn names_and_values_of_json_survive_ron() {
    let json = r#"{"format": "manicule/1", "document": {"text": "Anna"}, "@context": {"a b": [null, 1E+2]},
        "some": {"Some": 1}, "$ron": "not a hint", "map": {"Mention": {"id": "m1"}}, "": "nameless"}"#;
    let document = read_json(json).document;
    let ron = to_ron(&document).expect("writable");
    let last = "    some: (Some: 1),\n    map: Mention((id: \"m1\")),\n    r#json.fields: {\"@context\": {\"a b\": [None, 1E+2]}, \"$ron\": \"not a hint\", \"\": \"nameless\"},\n)\n";
    assert!(ron.ends_with(last), "{ron}");
    // Their order is that of RON now, their values are as they were.
    let written = to_json(&read_ron(&ron).document).expect("writable");
    for field in [
        "\"@context\": {\"a b\": [null, 1E+2]}",
        "\"some\": {\"Some\": 1}",
        "\"$ron\": \"not a hint\"",
        "\"map\": {\"Mention\": {\"id\": \"m1\"}}",
        "\"\": \"nameless\"",
    ] {
        assert!(written.contains(&format!("\n  {field}")), "{written}");
    }
    assert!(!written.contains("\"$ron\": {"), "JSON needs no hints for what came from JSON: {written}");
}

/// A file of JSON that is saved as RON is the same document, or its journal would not fit it.
#[test]
fn names_that_ron_has_no_form_for_stand_after_the_others() {
    let json = r#"{"format": "manicule/1", "document": {"text": "Anna"}, "a b": 1, "s": 2, "": 3, "t": 4, "": 5}"#;
    let document = read_json(json).document;
    let names: Vec<&str> = document.header().unknown.fields().iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["s", "t", "a b", "", ""]);
    assert_eq!(read_ron(&to_ron(&document).expect("writable")).document, document);
    assert_eq!(read_json(&to_json(&document).expect("writable")).document, document);
}

/// JSON has one form for both values.
#[test]
fn fields_of_the_same_name_keep_each_its_value() {
    let ron = r#"(format: "manicule/1", document: (text: "Anna"), s: [], s: (), t: (), t: [], t: 1)"#;
    let document = read_ron(ron).document;
    let json = to_json(&document).expect("writable");
    assert_eq!(read_json(&json).document, document, "{json}");
    assert_eq!(read_ron(&to_ron(&document).expect("writable")).document, document);
}

/// Somebody changed the value in the JSON and left the hint as it was.
#[test]
fn a_hint_that_does_not_fit_its_value_counts_for_nothing() {
    let json =
        r#"{"format": "manicule/1", "document": {"text": ""}, "era": {"lat": 2}, "$ron": {"era": "Some((lat: 1))"}}"#;
    assert!(to_ron(&read_json(json).document).expect("writable").ends_with("    era: (lat: 2),\n)\n"));
    let fits = json.replace("2}", "1}");
    assert!(to_ron(&read_json(&fits).document).expect("writable").ends_with("    era: Some((lat: 1)),\n)\n"));
}

fn problems(ron: &str) -> Vec<String> {
    let problems = match super::read(Source::Ron(ron)) {
        Ok(read) => read.problems,
        Err(problems) => problems,
    };
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_misspelt_field_is_told_with_the_name_that_may_be_meant() {
    let file = |mention: &str| {
        format!(
            "(format: \"manicule/1\", document: (text: \"é Anna\"),\n  mentions: [({mention}, spans: [(start: 2, end: 6, text: \"Anna\")])])"
        )
    };
    let optional = problems(&file("id: \"m1\", label: \"Person\", ntoe: \"x\""));
    assert_eq!(optional.len(), 1);
    assert!(optional[0].starts_with("2:42: warning: the field \"ntoe\" of a mention is not"), "{optional:?}");
    assert!(optional[0].contains("(did you mean \"note\"?) [unknown-field]"), "{optional:?}");
    let required = problems(&file("id: \"m1\", lable: \"Person\""));
    assert!(required[0].contains("error: ") && required[0].contains("label"), "{required:?}");
    assert!(required[1].contains("\"lable\"") && required[1].contains("did you mean \"label\"?"), "{required:?}");
    // A field that is there cannot be the one that was meant.
    let both = problems(&file("id: \"m1\", label: \"Person\", lable: \"x\""));
    assert!(both[0].contains("a newer version of the program may know it"), "{both:?}");
    // What is broken elsewhere is told, not the field.
    let broken = problems("(format: \"manicule/1\", colour: 1, document: (text: \"\"),\n mentions [])");
    assert_eq!(broken.len(), 1);
    assert!(broken[0].starts_with("2:") && broken[0].contains("ron-syntax"), "{broken:?}");
    let wrong = problems("(format: \"manicule/1\", colour: 1,\n document: (text: \"\", bom: \"no\"))");
    assert!(wrong[0].starts_with("2:"), "{wrong:?}");
}

#[test]
fn in_json_commas_are_right_whatever_is_taken_out() {
    for fields in [
        r#""x": 1, "format": "manicule/1", "y": [2], "document": {"z": 1, "text": ""}, "w": {}, "v": null"#,
        r#""format": "manicule/1", "document": {"text": "", "z": "}\","}"#,
        r#""x" : 1 , "document": { "text" : "" }, "format": "manicule/1""#,
    ] {
        let read = read_json(&format!("{{{fields}}}"));
        assert!(!read.document.header().unknown.is_empty());
    }
}

#[test]
fn what_is_deleted_takes_its_fields_along_and_undo_brings_them_back() {
    let schema = Arc::new(crate::model::schema::builtin("news").expect("ships").clone());
    let mut editor = Editor::new(read_ron(EVERYWHERE).document, schema);
    let ron = |editor: &Editor| to_ron(editor.document()).expect("writable");
    let before = ron(&editor);
    let (event, mention) = (Id::from("e1"), Id::from("m1"));
    // The first argument goes, and the field of the second one stays with it.
    let remove = Intent::Delete { ids: vec![mention.clone()] };
    editor.execute(&remove).expect("legal");
    assert!(!ron(&editor).contains("rank: First") && !ron(&editor).contains("seen: [1, 2]"), "{}", ron(&editor));
    assert!(
        ron(&editor)
            .contains("arguments: [(role: \"Place\", filler: Span([(start: 0, end: 4, text: \"Anna\", n: 2)]))]")
    );
    editor.undo().expect("one step");
    assert_eq!(ron(&editor), before);
    // A trigger with other ends is the same trigger.
    let spans = crate::model::test_support::spans(&[(5, 12)]);
    editor.execute(&Intent::SetSpans { id: event, part: Part::Trigger, spans }).expect("legal");
    assert!(ron(&editor).contains("trigger: [(start: 5, end: 12, text: \"met Bob\", n: 1)]"), "{}", ron(&editor));
    editor.undo().expect("one step");
    assert_eq!(ron(&editor), before);
}

#[test]
fn other_formats_say_that_they_do_not_hold_them() {
    let document = read_ron(EVERYWHERE).document;
    let conll = crate::formats::by_id("conll").expect("there");
    let what: Vec<String> = conll.losses(&document, &Options::default()).into_iter().map(|loss| loss.what).collect();
    assert!(
        what.iter().any(|what| what == "of what this program keeps without knowing it, 19 fields are lost"),
        "{what:#?}"
    );
    assert_eq!(NativeJson.losses(&document, &Options::default()), []);
}

#[test]
fn a_file_of_a_newer_version_is_read_if_it_can_be_understood() {
    let newer = EVERYWHERE.replace("manicule/1", "manicule/2");
    let read = read_ron(&newer);
    assert_eq!(read.version, Version::Newer { format: "manicule/2".into() });
    assert_eq!((read.problems[0].code, read.problems[0].severity), ("newer-format", Severity::Warning));
    assert_eq!(read.document, read_ron(EVERYWHERE).document);
    for (wrong, why) in [
        (newer.replace("Mention(\"m1\")", "Place(\"p1\")"), "Place"),
        (newer.replace("label: \"Person\", seen", "sort: \"Person\", seen"), "label"),
    ] {
        let problems = super::read(Source::Ron(&wrong)).expect_err("cannot be understood");
        assert_eq!(problems.len(), 1);
        let told = problems[0].to_string();
        assert!(told.contains("manicule/2") && told.contains(why) && told.contains("update the program"), "{told}");
    }
}

/// Format 0 called the text `words`, and mentions `names`.
const STEPS: &[migrate::Step] = &[migrate::Step {
    from: 0,
    title: "words are called text",
    run: |tree| {
        let tree::Tree::Struct(_, fields) = tree else { return Err("it is no struct".into()) };
        let article = fields.iter_mut().find(|f| f.name == "document").ok_or("it has no article")?;
        let tree::Tree::Struct(_, fields) = &mut article.value else { return Err("the article is no struct".into()) };
        let words = fields.iter_mut().find(|f| f.name == "words").ok_or("the article has no words")?;
        words.name = "text".into();
        Ok(())
    },
}];

#[test]
fn a_file_of_an_older_version_is_migrated_in_both_languages() {
    let ron = "( // old\n format: \"manicule/0\", document: (words: \"Anna\"), colour: Red(1), mentions: [(id: \"m1\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")])])";
    let json = r#"{"format": "manicule/0", "document": {"words": "Anna"}, "colour": {"Red": 1}, "mentions": [{"id": "m1", "label": "Person", "spans": [{"start": 0, "end": 4, "text": "Anna"}]}]}"#;
    let of_ron = super::read::read_with(Source::Ron(ron), STEPS).expect("opens");
    let of_json = super::read::read_with(Source::Json { text: json, first_line: 1 }, STEPS).expect("opens");
    assert_eq!(of_ron.document, of_json.document);
    assert_eq!(of_ron.document.text().as_str(), "Anna");
    assert_eq!(of_ron.version, Version::Older { format: "manicule/0".into(), steps: vec!["words are called text"] });
    let told = of_ron.problems[0].to_string();
    assert!(told.contains("\"manicule/0\"") && told.contains("words are called text"), "{told}");
    assert!(to_ron(&of_ron.document).expect("writable").contains("    colour: Red(1),\n)\n"));
    let failed = super::read::read_with(Source::Ron("(format: \"manicule/0\")"), STEPS).expect_err("has no article");
    assert!(failed[0].message.contains("(words are called text) failed: it has no article"), "{failed:?}");
    assert_eq!(super::read(Source::Ron(ron)).expect_err("no such step")[0].code, "migration-failed");
}

/// Types read exactly the fields that are looked for, in every struct of the JSON Schema.
#[test]
fn the_json_schema_allows_what_the_program_keeps() {
    let schema: serde_json::Value = serde_json::from_str(&json_schema()).expect("JSON");
    assert!(schema.get("additionalProperties").is_none());
    for (name, of) in schema["$defs"].as_object().expect("types") {
        assert!(of.get("additionalProperties").is_none(), "{name}");
        assert!(of["properties"].get("$unknown").is_none(), "{name}");
    }
}

#[test]
fn nothing_unknown_leaves_no_trace_in_files_and_journals() {
    let document = Document::new(Text::new("Anna").expect("short"), Header::default());
    assert!(!to_ron(&document).expect("writable").contains("unknown"));
    assert!(!serde_json::to_string(document.header()).expect("JSON").contains("unknown"));
    let mention = crate::model::test_support::mention("m1", "Person", &[(0, 4)]);
    let json = serde_json::to_string(&mention).expect("JSON");
    assert!(!json.contains("unknown"), "{json}");
    assert_eq!(serde_json::from_str::<crate::model::Mention>(&json).expect("as before"), mention);
}
