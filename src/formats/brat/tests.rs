use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::formats::{Companions, test_support};
use crate::model::{Filler, Id};

struct Files(Vec<(&'static str, Vec<u8>)>);

impl Companions for Files {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let found = self.0.iter().find(|(name, _)| path == Path::new(name));
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
}

fn read_all(text: &[u8], ann: &[u8], conf: Option<&str>) -> Result<Read, Vec<Problem>> {
    let conf = conf.map(|conf| ("annotation.conf", conf.as_bytes().to_vec()));
    let files = Files([("a.txt", text.to_vec())].into_iter().chain(conf).collect());
    let input = Input { path: Some(Path::new("a.ann")), companions: &files, ..Input::of_bytes(ann) };
    Brat.read(&input).map(|mut all| all.remove(0))
}

fn read(text: &str, ann: &str) -> Read {
    read_all(text.as_bytes(), ann.as_bytes(), None).expect("readable")
}

fn refused(text: &str, ann: &str) -> Vec<Problem> {
    read_all(text.as_bytes(), ann.as_bytes(), None).expect_err("refused")
}

fn written(document: &Document) -> String {
    write::annotations(document)
}

proptest! {
    #[test]
    fn what_is_written_comes_back(mut document in test_support::sane_document()) {
        // An entity without a mention has nothing in the text to hang on; that is told as a loss.
        let used: Vec<Id> = document.mentions().values().filter_map(|m| m.entity.clone()).collect();
        document.entities.retain(|id, _| used.contains(id));
        document.reindex();
        test_support::comes_back(&Brat, document);
    }

    #[test]
    fn any_document_can_be_written_and_its_file_read(document in test_support::document()) {
        let _ = Brat.losses(&document, &Options::default());
        let read = test_support::through(&Brat, &document).expect("readable");
        prop_assert_eq!(read.document.text(), document.text());
    }

    #[test]
    fn broken_files_are_refused_and_nothing_panics(
        document in test_support::sane_document(),
        cut in any::<proptest::sample::Index>(),
        change in any::<u8>(),
    ) {
        let text = document.text().as_str().as_bytes();
        let mut ann = written(&document).into_bytes();
        if !ann.is_empty() {
            let at = cut.index(ann.len());
            let _ = read_all(text, &ann[..at], None);
            ann[at] = change;
            let _ = read_all(text, &ann, None);
            let _ = read_all(&text[..cut.index(text.len().max(1))], &ann, None);
        }
        let conf = conf::annotation(&derive::schema_of([&document]));
        let mut conf = conf.into_bytes();
        let at = cut.index(conf.len());
        conf[at] = change;
        let _ = conf::read(&String::from_utf8_lossy(&conf));
    }

    #[test]
    fn a_configuration_of_any_labels_is_a_consistent_schema_that_knows_them(
        document in test_support::sane_document(),
    ) {
        let (schema, problems) = conf::read(&conf::annotation(&derive::schema_of([&document])));
        prop_assert_eq!(problems, vec![]);
        let ron = ron::to_string(&schema).expect("ron");
        prop_assert!(crate::model::Schema::parse(&ron, None).is_ok(), "{:?}", crate::model::Schema::parse(&ron, None));
        for mention in document.mentions().values() {
            prop_assert!(schema.mention(&mention.label).is_some());
        }
        for event in document.events().values() {
            let known = schema.event(&event.r#type).expect("known");
            prop_assert!(event.arguments.iter().all(|a| known.role(&a.role).is_some()));
        }
    }
}

const TEXT: &str = "😀 Anna and Bob met.\r\n“No,” she told Bob, “never.”\r\n";

#[test]
fn every_kind_of_line_is_read() {
    let ann = "T1\tPerson 2 6\tAnna\r\nT2\tPerson 11 14\tBob\r\nT3\tMeet 15 18\tmet\r\nT4\tPerson 27 30\tshe\r\n\
        T5\tThing 21 26;41 49\t“No,” “never.”\r\nE1\tMeet:T3 Actor:T1 Actor2:T2 \r\nR1\tNear Arg1:T1 Arg2:E1\t\r\n\
        A1\tNegation E1\r\nM1\tSure T1\r\nA2\tMode E1 Certain\r\nN1\tReference T2 Wikidata:Q1\tRobert\r\n\
        #1\tAnnotatorNotes R1\tlook\r\n*\tEquiv T1 T4\r\n";
    let text = TEXT;
    let read = read(text, ann);
    assert_eq!(read.problems, []);
    let document = &read.document;
    assert_eq!(document.mentions().len(), 4);
    let event = document.events().values().next().expect("one");
    assert_eq!(event.arguments.len(), 2);
    assert!(event.arguments.iter().all(|a| a.role == "Actor" && matches!(a.filler, Filler::Mention(_))));
    assert_eq!(event.attributes.len(), 2);
    let names: Vec<_> = document.entities().values().map(|n| (n.name.as_str(), n.link.as_deref())).collect();
    assert_eq!(names, [("Anna", None), ("Robert", Some("Wikidata:Q1"))]);
    assert_eq!(document.relations().values().next().expect("one").note.as_deref(), Some("look"));
    let parts = document.mentions().values().find(|m| m.label == "Thing").expect("one");
    assert_eq!(parts.spans.len(), 2);
    // The second time nothing changes.
    let again = self::read(text, &written(document));
    assert_eq!(written(&again.document), written(document));
}

#[test]
fn events_are_quotes_when_they_have_the_form_and_only_then() {
    let ann = "T1\tPerson 27 30\tshe\nT2\tPerson 36 39\tBob\nT3\tQuote 21 26;41 49\t“No,” “never.”\nT4\tCue 31 35\ttold\n\
        E1\tQuote:T3 Cue:T4 Speaker:T1 Addressee:T2\n";
    let text = TEXT;
    let event = read(text, ann);
    assert_eq!((event.document.events().len(), event.document.quotes().len()), (1, 0));
    let quote = read(text, &format!("{ann}A1\tKind E1 direct\n"));
    assert_eq!((quote.document.events().len(), quote.document.mentions().len()), (0, 2));
    let only = quote.document.quotes().values().next().expect("one");
    assert_eq!((only.kind.as_str(), only.content.len()), ("direct", 2));
    assert!(only.cue.is_some() && only.speaker.is_some() && only.addressee.is_some());
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (ann, code, line) in [
        ("T1\tX 0 9\tAnna", "bad-offset", 1),
        ("T1\tX 0 4\tBert", "words-differ", 1),
        ("T1\tX 3 1\tA", "bad-offset", 1),
        ("T1\tX 0 4\tAnna\nE1\tX:T2", "unknown-reference", 2),
        ("T1\tX 0 4\tAnna\nE1\tX:T1 Who:T9", "unknown-reference", 2),
        ("T1\tX 0 4\tAnna\nR1\tX Arg1:T1 Arg2:T7", "unknown-reference", 2),
        ("T1\tX 0 4\tAnna\n\nT1\tX 0 4\tAnna", "duplicate-id", 3),
        ("T1\tX 0 4\tAnna\nA1\tX T3", "unknown-reference", 2),
        ("nothing", "syntax", 1),
    ] {
        let problems = refused("Anna", ann);
        assert_eq!((problems[0].code, problems[0].place.line), (code, Some(line)), "{ann}: {problems:?}");
    }
    let circle = read("Anna", "T1\tX 0 4\tAnna\nT2\tX 0 4\tAnna\nE1\tX:T1 A:E2\nE2\tX:T2 A:E1");
    assert_eq!(circle.problems.iter().filter(|p| p.code == "cyclic-event").count(), 2);
    assert!(read_all(b"a\xff", b"T1\tX 0 1\ta", None).is_err());
    assert!(Brat.read(&Input::of_bytes(b"T1\tX 0 1\ta")).is_err());
}

#[test]
fn a_byte_order_mark_counts_and_is_not_text() {
    let read = read("\u{feff}Anna", "T1\tX 1 5\tAnna\n");
    assert_eq!((read.document.text().as_str(), read.problems.as_slice()), ("Anna", &[][..]));
    assert!(written(&read.document).starts_with("T1\tX 1 5\tAnna"));
}

#[test]
fn configurations_become_schemas() {
    let conf = "# c\n[entities]\nPerson\n!Place\n\tCity\n\tRiver\nMoney\n[relations]\nNear Arg1:Person, Arg2:Place\n\
        Equiv Arg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive\n[events]\n<PM>=Person|Money\n!Life\n\
        \tMarry Who{2}:Person, Where?:Place\n\tPay Who+:<PM>, What*:<EVENT>|<ENTITY>, Why{1-3}:<EVENT>, How:Nothing\n\
        [attributes]\nSure Arg:<EVENT>\nMode Arg:Person|Marry, Value:a|b\n";
    let (schema, problems) = conf::read(conf);
    assert_eq!(problems.iter().map(|p| (p.code, p.place.line)).collect::<Vec<_>>(), [("conf-unknown-type", Some(15))]);
    assert_eq!(
        schema.mentions.iter().map(|m| m.label.as_str()).collect::<Vec<_>>(),
        ["Person", "City", "River", "Money"]
    );
    assert_eq!(schema.groups["Place"], ["City", "River"]);
    let pay = schema.event("Pay").expect("known");
    assert_eq!((pay.group.as_deref(), pay.attributes.as_slice()), (Some("Life"), &["Sure".to_owned()][..]));
    let counts: Vec<_> = pay.roles.iter().map(|r| (r.min, r.max, r.fillers.len())).collect();
    assert_eq!(counts, [(1, None, 2), (0, None, 0), (1, Some(3), 1), (1, Some(1), 0)]);
    let who = schema.event("Marry").and_then(|e| e.role("Who")).expect("known");
    assert_eq!((who.min, who.max), (2, Some(2)));
    assert_eq!(schema.relations[0].to, ["@Place"]);
    assert_eq!(schema.mention("Person").expect("known").attributes, ["Mode"]);
    assert!(crate::model::Schema::parse(&ron::to_string(&schema).expect("ron"), None).is_ok());
}

#[test]
fn shipped_schemas_come_back_from_their_configurations() {
    for (name, _) in crate::model::schema::BUILTIN {
        let schema = crate::model::schema::builtin(name).expect("shipped");
        let (read, problems) = conf::read(&conf::annotation(schema));
        assert_eq!((&read, problems), (schema, vec![]));
        // Another file with the same content besides is a schema with the same labels.
        let (read, problems) = conf::read(&format!("{}\n# changed\n", conf::annotation(schema)));
        assert_eq!(problems, []);
        assert_eq!(read.mentions.len(), schema.mentions.len());
        assert_eq!(read.events.len(), schema.events.len());
        assert!(crate::model::Schema::parse(&ron::to_string(&read).expect("ron"), None).is_ok(), "{name}");
    }
}

#[test]
fn other_files_are_not_claimed() {
    assert_eq!(Brat.sniff(b"T1\tPerson 0 4\tAnna\n#1\tAnnotatorNotes T1\tx\n"), Likeness::Yes);
    for other in ["", "Some text", "{\"text\": 1}", "1\tAnna\tB-PER", "Anna\tB-PER\n\nx\tO", "# text = Anna\n1\tAnna"] {
        assert_eq!(Brat.sniff(other.as_bytes()), Likeness::No, "{other}");
    }
}
