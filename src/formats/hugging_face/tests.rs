//! Rows are right, and Parquet holds what JSON Lines hold.

use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use ::parquet::record::{Field, Row};
use proptest::prelude::*;

use super::*;
use crate::formats::test_support::{document, native};

fn written(document: &Document, chosen: &[(&str, &str)]) -> Vec<OutputFile> {
    let mut options = Options::default();
    for (name, value) in chosen {
        options.set(&INFO, name, value).expect("an option");
    }
    HuggingFace.write(&[Named { name: "a", document, schema: None }], &options).expect("written")
}

fn lines(document: &Document, chosen: &[(&str, &str)]) -> Vec<Value> {
    let chosen: Vec<_> = chosen.iter().copied().chain([("form", "jsonl")]).collect();
    let text = String::from_utf8(written(document, &chosen)[0].bytes.clone()).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn json_of(row: &Row) -> Value {
    fn value(field: &Field) -> Value {
        match field {
            Field::Str(text) => json!(text),
            Field::Int(number) => json!(number),
            Field::Long(number) => json!(number),
            Field::Group(row) => json_of(row),
            Field::ListInternal(list) => list.elements().iter().map(value).collect(),
            other => panic!("{other:?}"),
        }
    }
    Value::Object(row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect())
}

/// The rows of a Parquet file as JSON, tags by their names.
fn parquet_rows(bytes: Vec<u8>) -> Vec<Value> {
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).expect("Parquet");
    let metadata = reader.metadata().file_metadata().key_value_metadata().expect("keys").clone();
    let info = metadata.iter().find(|pair| pair.key == "huggingface").and_then(|pair| pair.value.clone());
    let info: Value = serde_json::from_str(&info.expect("features")).expect("JSON");
    let names = info["info"]["features"]["ner_tags"]["feature"]["names"].clone();
    let rows = reader.get_row_iter(None).expect("rows").map(|row| json_of(&row.expect("a row")));
    rows.map(|mut row| {
        for tag in row["ner_tags"].as_array_mut().expect("tags") {
            *tag = names[tag.as_u64().expect("a number") as usize].clone();
        }
        row
    })
    .collect()
}

fn sample() -> Document {
    native(
        "😀 Anna Berg met Bob. She left.",
        "mentions: [(id: \"m1\", label: \"Person\", spans: [(start: 2, end: 11)]),
                    (id: \"m2\", label: \"First\", spans: [(start: 2, end: 6)]),
                    (id: \"m3\", label: \"Person\", spans: [(start: 16, end: 19)])],
         events: [(id: \"e1\", type: \"Consult\", trigger: [(start: 12, end: 15)],
                   arguments: [(role: \"Actor\", filler: Mention(\"m1\"))])]",
    )
}

#[test]
fn rows_have_words_tags_and_all_mentions() {
    let rows = lines(&sample(), &[]);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["tokens"], json!(["😀", "Anna", "Berg", "met", "Bob", "."]));
    assert_eq!(rows[0]["ner_tags"], json!(["O", "B-Person", "I-Person", "O", "B-Person", "O"]));
    assert_eq!(rows[0]["entities"][1], json!({"start": 2, "end": 6, "label": "First"}));
    let structures: Value = serde_json::from_str(rows[0]["structures"].as_str().expect("a text")).expect("JSON");
    assert_eq!(structures[0]["Consult"]["trigger"]["start"], 12);
    let shortest = lines(&sample(), &[("overlaps", "shortest"), ("scheme", "bioes"), ("rows", "document")]);
    assert_eq!(shortest[0]["ner_tags"][1], "S-First");
    let told: Vec<_> =
        HuggingFace.losses(&sample(), &Options::default()).into_iter().filter(|l| l.id.is_some()).collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].treatment, told[0].id.as_ref().map_or("", |id| id.as_str())), (Treatment::Altered, "m2"));
    assert!(told[0].what.contains("entities alone"), "{}", told[0].what);
}

#[test]
fn a_folder_has_its_card_and_labels_of_its_choice() {
    let files = written(&sample(), &[("labels", "Place, Date")]);
    assert_eq!(
        files.iter().map(|file| file.name.display().to_string()).collect::<Vec<_>>(),
        ["a.parquet", "README.md"]
    );
    let card = String::from_utf8(files[1].bytes.clone()).expect("UTF-8");
    assert!(
        card.starts_with("---\n") && card.contains("path: \"a.parquet\"") && card.contains("- 1: `B-Date`"),
        "{card}"
    );
    assert_eq!(written(&sample(), &[("card", "no")]).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parquet_holds_what_lines_hold(document in document(), whole: bool) {
        let chosen = [("rows", if whole { "document" } else { "sentence" })];
        let rows = lines(&document, &chosen);
        prop_assert_eq!(&parquet_rows(written(&document, &chosen).swap_remove(0).bytes), &rows);
        let _ = HuggingFace.losses(&document, &Options::default());
        for row in &rows {
            let text: Vec<char> = row["text"].as_str().expect("a text").chars().collect();
            prop_assert_eq!(row["tokens"].as_array().map(Vec::len), row["ner_tags"].as_array().map(Vec::len));
            for entity in row["entities"].as_array().expect("entities") {
                let (start, end) = (entity["start"].as_u64().expect("start"), entity["end"].as_u64().expect("end"));
                prop_assert!(start < end && end as usize <= text.len());
            }
        }
    }
}
