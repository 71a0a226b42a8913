//! Tests of the table of quotes.

use proptest::prelude::*;

use super::*;
use crate::formats::Companions;
use crate::formats::test_support::{comes_back, document, essence, sane_document, through};
use crate::model::Severity;

const TEXT: &str = "“=1+1,” Anna 😀 said to Bob. “No.”";
const FILE: &str = "id;kind;speaker;speaker_offsets;cue;cue_offsets;text;offsets;attributes;odd\n\
    q1;direct;Anna;8-12;said;15-19;'“=1+1,”;0-7;\"{\"\"level\"\": \"\"1\"\"}\";x\n\
    q2;;the \"other\"\"\";;;;\"“No.”\n\";28-33;;\n";

struct Beside;

impl Companions for Beside {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if path == Path::new("x.txt") { Ok(TEXT.into()) } else { Err(std::io::ErrorKind::NotFound.into()) }
    }
}

fn read(file: &[u8]) -> Result<Read, Vec<Problem>> {
    let input = Input { path: Some(Path::new("x.csv")), companions: &Beside, ..Input::of_bytes(file) };
    QuotesCsv.read(&input).map(|mut read| read.remove(0))
}

#[test]
fn tables_of_others_are_read() {
    let file = FILE.replace("'“", "“").replace("the \"other\"\"\"", "\"the \"\"other\"\"\"");
    assert_eq!(QuotesCsv.sniff(file.as_bytes()), Likeness::Yes);
    let read = read(file.as_bytes()).expect("a table");
    let quotes: Vec<_> = read.document.quotes().values().collect();
    assert_eq!(quotes.iter().map(|q| q.kind.as_str()).collect::<Vec<_>>(), ["direct", "direct"]);
    assert_eq!(quotes[1].speaker, Some(Filler::Implicit("the \"other\"".into())));
    assert_eq!(quotes[0].attributes["level"], AttributeValue::Text("1".into()));
    let told: Vec<_> = read.problems.iter().map(|p| (p.code, p.place.line)).collect();
    assert_eq!(told, [("left-out", Some(1)), ("kind-by-marks", None)]);
    let two = "quote,start,end,speaker\nNo.,29,32,Bob\n";
    assert_eq!(QuotesCsv.sniff(two.as_bytes()), Likeness::Yes);
    assert_eq!(
        super::Format::read(
            &QuotesCsv,
            &Input { path: Some(Path::new("x.csv")), companions: &Beside, ..Input::of_bytes(two.as_bytes()) }
        )
        .expect("a table")[0]
            .document
            .quotes()
            .len(),
        1
    );
}

#[test]
fn what_is_wrong_is_refused_with_its_line() {
    let good = FILE.replace("'“", "“").replace("the \"other\"\"\"", "Bob");
    for (from, to, code, line) in [
        ("8-12", "8-120", "bad-offset", 2),
        ("8-12", "8", "bad-offset", 2),
        ("Anna", "Otto", "words-differ", 2),
        ("q2", "q1", "duplicate-id", 3),
        ("{\"\"", "[\"\"", "json-shape", 2),
        (";x\n", "\n", "csv-syntax", 2),
        ("offsets;attributes", "place;attributes", "no-column", 1),
        ("odd", "id", "two-columns", 1),
    ] {
        let file = good.replacen(from, to, 1);
        let problems = read(file.as_bytes()).expect_err("refused");
        let error = problems.iter().find(|p| p.severity == Severity::Error).expect("an error");
        assert_eq!((error.code, error.place.line), (code, Some(line)), "{problems:?}");
    }
    let problems = QuotesCsv.read(&Input::of_bytes(good.as_bytes())).expect_err("no text");
    assert_eq!(problems[0].code, "no-text");
    assert_eq!(QuotesCsv.sniff(b"text,title\n"), Likeness::No);
}

#[test]
fn cells_that_begin_like_formulas_are_guarded_and_told() {
    let mut builder = Builder::new("x", Text::new("=1+1 said Anna").expect("short"), None);
    let quote = builder.quote("direct", [crate::text::Span::of(0, 4)]);
    builder.note(&quote, "'@x");
    let document = builder.finish(None).expect("fine").document;
    let named = Named { name: "x", document: &document, schema: None };
    let mut options = Options::default();
    let file = |options: &Options| {
        String::from_utf8_lossy(&QuotesCsv.write(&[named], options).expect("written")[0].bytes).into_owned()
    };
    assert!(file(&options).contains(",'=1+1,0-4,,,''@x\n"), "{}", file(&options));
    assert!(QuotesCsv.losses(&document, &options).iter().any(|l| l.what.starts_with("2 cells that begin")));
    options.set(&INFO, "guard", "no").expect("an option");
    assert!(file(&options).contains(",=1+1,0-4,,,''@x\n"));
    assert!(QuotesCsv.losses(&document, &options).iter().any(|l| l.what.contains("may run as a formula")));
}

/// Words that a spreadsheet would run, that look guarded, or that hide a formula behind white space.
fn formulas() -> impl Strategy<Value = String> {
    "['=+@\t\r\n \u{ff1d}\u{ff0b}\u{ff20}-]{1,3}[1a=+@,;\"'\n\r😀-]{0,6}"
}

proptest! {
    /// Every cell of the file is safe whatever begins it, and all of them come back.
    #[test]
    fn formulas_in_every_cell_are_safe_and_come_back(
        cells in prop::collection::vec(formulas(), 7),
        id in "[=+@'-][1-9]",
    ) {
        let [text, kind, speaker, role, filler, value, note] = cells.as_slice() else { panic!("seven") };
        let text = Text::new(text.clone()).expect("short");
        let whole = crate::text::Span::new(crate::text::BytePos(0), text.end());
        let mut builder = Builder::new("x", text, None);
        let quote = builder.quote(kind, [whole]);
        builder.argument(&quote, "Speaker", Filler::Implicit(speaker.clone()));
        builder.argument(&quote, role, Filler::Implicit(filler.clone()));
        builder.argument(&quote, "Addressee", Filler::Span(Spans::from_iter([whole])));
        builder.attribute(&quote, value, AttributeValue::Text(value.clone()));
        builder.note(&quote, note);
        builder.quote_mut(&quote).expect("there").cue = Some(Spans::from_iter([whole]));
        let mut document = builder.finish(None).expect("fine").document;
        let mut own = std::sync::Arc::unwrap_or_clone(document.quotes.remove(&quote).expect("there"));
        own.id = Id::new(id);
        document.quotes.insert(own.id.clone(), own);
        document.reindex();
        let named = Named { name: "x", document: &document, schema: None };
        let files = QuotesCsv.write(&[named], &Options::default()).expect("written");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(files[0].bytes.as_slice());
        for record in reader.records() {
            for cell in &record.expect("a row") {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
            }
        }
        let read = through(&QuotesCsv, &document).expect("written");
        prop_assert_eq!(essence(&read.document, &HOLDS), essence(&document, &HOLDS));
    }

    #[test]
    fn what_it_holds_comes_back(document in sane_document()) {
        comes_back(&QuotesCsv, document);
    }

    #[test]
    fn any_document_can_be_written(document in document()) {
        let named = Named { name: "x", document: &document, schema: None };
        let files = QuotesCsv.write(&[named], &Options::default()).expect("written");
        let _ = (QuotesCsv.losses(&document, &Options::default()), read(&files[0].bytes));
    }

    #[test]
    fn broken_files_never_panic(cut in 0..FILE.len(), at in 0..FILE.len(), byte in any::<u8>()) {
        let mut bytes = FILE.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = (QuotesCsv.sniff(&bytes), read(&bytes));
        bytes.truncate(cut);
        let _ = read(&bytes);
    }
}
