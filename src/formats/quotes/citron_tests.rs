//! Tests of the form of Citron.

use proptest::prelude::*;

use super::*;
use crate::formats::test_support::{comes_back, document, sane_document, through};
use crate::model::Severity;

const FILE: &str = r#"{
 "text": "“When I use a word,” Humpty Dumpty said, “it means just what I choose.” He 😀 added that he was right.",
 "quotes": [
  {"cue": {"start": 35, "end": 39, "text": "said"},
   "sources": [{"start": 21, "end": 34, "text": "Humpty Dumpty"}],
   "contents": [{"start": 0, "end": 20, "text": "“When I use a word,”"},
                {"start": 41, "end": 71, "text": "“it means just what I choose.”"}],
   "confidence": "0.9"},
  {"id": "b", "cue": {"start": 77, "end": 82}, "sources": [{"start": 72, "end": 74}],
   "coreferences": [{"start": 88, "end": 90, "text": "he"}],
   "contents": [{"start": 83, "end": 100, "text": "that he was right"}]}
 ],
 "coreference_groups": [
  [{"start": 21, "end": 34, "text": "Humpty Dumpty"}, {"start": 72, "end": 74, "text": "He"}]
 ]
}"#;

fn read(file: &str) -> Result<Read, Vec<Problem>> {
    Citron.read(&Input::of_bytes(file.as_bytes())).map(|mut read| read.remove(0))
}

#[test]
fn quotes_and_groups_are_read() {
    assert_eq!(Citron.sniff(FILE.as_bytes()), Likeness::Yes);
    let read = read(FILE).expect("a file");
    let d = &read.document;
    let quotes: Vec<_> = d.quotes().values().collect();
    let kinds: Vec<_> = quotes.iter().map(|q| (q.kind.as_str(), q.content.len(), q.cue.is_some())).collect();
    assert_eq!(kinds, [("direct", 2, true), ("indirect", 1, true)]);
    let mentions: Vec<_> = d.mentions().values().map(|m| (d.excerpt_of(&m.id), m.entity.clone())).collect();
    assert_eq!(mentions.len(), 3);
    assert!(mentions.iter().all(|(_, entity)| entity.as_ref() == d.entities().keys().next()), "{mentions:?}");
    assert!(quotes.iter().all(|q| matches!(q.speaker, Some(Filler::Mention(_)))));
    let told: Vec<_> = read.problems.iter().map(|p| (p.code, p.place.line)).collect();
    assert_eq!(told, [("left-out", Some(4)), ("kind-by-marks", None)]);
    let again = through(&Citron, d).expect("written").document;
    assert_eq!(again.quotes(), d.quotes());
    assert_eq!(again.mentions(), d.mentions());
}

#[test]
fn what_is_wrong_is_refused_with_its_line() {
    for (from, to, code, line) in [
        ("\"end\": 39", "\"end\": 3900", "bad-offset", 4),
        ("\"end\": 39", "\"end\": 30", "bad-offset", 4),
        ("\"text\": \"he\"", "\"text\": \"she\"", "words-differ", 9),
        ("\"sources\": [{\"start\": 72, \"end\": 74}]", "\"sources\": 3", "json-shape", 9),
        ("{\"cue\": {\"start\": 35", "{\"id\": \"b\", \"cue\": {\"start\": 35", "duplicate-id", 9),
        ("\"end\": 20", "\"end\": -20", "json-shape", 4),
        ("[\n  {\"cue", "[\n  {{\"cue", "json-syntax", 4),
    ] {
        let file = FILE.replacen(from, to, 1);
        assert_ne!(file, FILE, "{from}");
        let problems = read(&file).expect_err("refused");
        let error = problems.iter().find(|p| p.severity == Severity::Error).expect("an error");
        assert_eq!((error.code, error.place.line), (code, Some(line)), "{problems:?}");
    }
    assert_eq!(read("{\"text\": \"x\"}").expect_err("refused")[0].code, "json-shape");
    for other in [
        "[{\"text\": \"x\", \"quotes\": []}]",
        "{\"text\": \"x\"}",
        "{\"format\": \"manicule/1\", \"text\": 1, \"quotes\": 1}",
    ] {
        assert_eq!(Citron.sniff(other.as_bytes()), Likeness::No);
    }
}

#[test]
fn quotes_without_a_cue_can_be_left_out_and_are_told_either_way() {
    let file = FILE.replacen("\"cue\": {\"start\": 77, \"end\": 82}, ", "", 1);
    let document = read(&file).expect("a file").document;
    let named = Named { name: "x", document: &document, schema: None };
    let mut options = Options::default();
    let whole = |losses: &[Loss]| losses.iter().filter(|l| l.id.is_none() && l.what.contains("no cue")).count();
    assert_eq!(whole(&Citron.losses(&document, &options)), 1);
    options.set(&INFO, "cueless", "drop").expect("an option");
    let losses = Citron.losses(&document, &options);
    assert_eq!((whole(&losses), losses.iter().filter(|l| l.what.ends_with("no cue and is lost")).count()), (0, 1));
    let files = Citron.write(&[named], &options).expect("written");
    assert_eq!(read(&String::from_utf8_lossy(&files[0].bytes)).expect("a file").document.quotes().len(), 1);
}

proptest! {
    #[test]
    fn what_it_holds_comes_back(document in sane_document()) {
        comes_back(&Citron, document);
    }

    #[test]
    fn any_document_can_be_written(document in document()) {
        let named = Named { name: "x", document: &document, schema: None };
        let files = Citron.write(&[named], &Options::default()).expect("written");
        let _ = (Citron.losses(&document, &Options::default()), Citron.read(&Input::of_bytes(&files[0].bytes)));
    }

    #[test]
    fn broken_files_never_panic(cut in 0..FILE.len(), at in 0..FILE.len(), byte in any::<u8>()) {
        let mut bytes = FILE.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = (Citron.sniff(&bytes), Citron.read(&Input::of_bytes(&bytes)));
        bytes.truncate(cut);
        prop_assert!(Citron.read(&Input::of_bytes(&bytes)).is_err());
    }
}
