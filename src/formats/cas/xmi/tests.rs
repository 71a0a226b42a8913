use proptest::prelude::*;

use super::*;
use crate::formats::{Companions, NoCompanions, test_support};

struct Beside<'a>(&'a [u8]);

impl Companions for Beside<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == Path::new(TYPE_SYSTEM) { Ok(self.0.to_vec()) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

fn read(bytes: &[u8], companions: &dyn Companions) -> Result<Read, Vec<Problem>> {
    let input = Input { path: Some(Path::new("doc.xmi")), companions, ..Input::of_bytes(bytes) };
    Xmi.read(&input).map(|mut all| all.remove(0))
}

fn written(document: &Document) -> (Vec<u8>, Vec<u8>) {
    let named = Named { name: "doc", document, schema: None };
    let mut files = Xmi.write(&[named], &Options::default()).expect("writable");
    let types = files.pop().expect("types").bytes;
    (files.remove(0).bytes, types)
}

proptest! {
    #[test]
    fn what_is_written_comes_back(document in test_support::sane_document()) {
        test_support::comes_back(&Xmi, document);
    }

    #[test]
    fn any_document_can_be_written_and_its_file_read(document in test_support::document()) {
        let _ = Xmi.losses(&document, &Options::default());
        let read = test_support::through(&Xmi, &document).expect("readable");
        prop_assert_eq!(read.document.text(), document.text());
        prop_assert_eq!(&read.document.header().metadata, &document.header().metadata);
    }

    #[test]
    fn broken_files_give_problems_and_never_a_panic(
        document in test_support::sane_document(),
        cut in any::<proptest::sample::Index>(),
        change in any::<u8>(),
    ) {
        let (file, types) = written(&document);
        for (of, is_types) in [(&file, false), (&types, true)] {
            let at = cut.index(of.len());
            let mut changed = of.clone();
            changed[at] = change;
            for broken in [&of[..at], &changed] {
                let (bytes, beside) = if is_types { (file.as_slice(), broken) } else { (broken, types.as_slice()) };
                if let Err(problems) = read(bytes, &Beside(beside)) {
                    prop_assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.hint.is_empty()));
                }
            }
        }
        let _ = read(&file, &NoCompanions);
    }
}

const HEAD: &str = r#"<?xml version="1.0"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:c="http:///x.ecore" xmi:version="2.0">
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="😀 is a&#10;test"/>
"#;

fn file(elements: &str) -> Vec<u8> {
    format!("{HEAD}{elements}</xmi:XMI>").into_bytes()
}

#[test]
fn a_file_without_a_type_system_is_read_by_its_form_and_that_is_told() {
    let bytes = file(
        r#"<c:Span xmi:id="2" sofa="1" begin="0" end="2" number="42"/><c:Link xmi:id="3" role="p1" target="2"/>
        <c:Host xmi:id="4" sofa="1" begin="3" end="5" links="3"/><c:Rel xmi:id="5" sofa="1" begin="3" end="5" Governor="2" Dependent="4"/>"#,
    );
    let read = read(&bytes, &NoCompanions).expect("readable");
    assert_eq!(read.problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["no-type-system"]);
    let event = read.document.events().values().next().expect("an event");
    assert_eq!((event.r#type.as_str(), event.arguments[0].role.as_str()), ("Host", "p1"));
    assert_eq!(read.document.relations().len(), 1);
    let mention = read.document.mentions().values().next().expect("a mention");
    assert_eq!(mention.attributes["number"].texts(), ["42"]);
    assert_eq!(read.document.text().as_str(), "😀 is a\ntest");
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (elements, code) in [
        (r#"<c:A xmi:id="2" sofa="1" begin="0" end="99"/>"#, "bad-offset"),
        (r#"<c:A xmi:id="2" sofa="1" begin="x" end="2"/>"#, "bad-offset"),
        (r#"<c:A xmi:id="2" sofa="9" begin="0" end="2"/>"#, "unknown-reference"),
        (r#"<c:A xmi:id="2" sofa="1" begin="0" end="2"/><c:B xmi:id="2"/>"#, "duplicate-id"),
        (r#"<c:A sofa="1" begin="0" end="2"/>"#, "bad-structure"),
        (r#"<d:A xmi:id="2" sofa="1" begin="0" end="2"/>"#, "xml-syntax"),
        (r#"<c:A xmi:id="2" value="&bomb;"/>"#, "xml-syntax"),
        (r#"<c:A xmi:id="2">"#, "xml-syntax"),
        (r#"<c:Chain xmi:id="2" first="3"/><c:R xmi:id="3" sofa="1" begin="0" end="2" next="3"/>"#, "cyclic-chain"),
    ] {
        let problems = read(&file(elements), &NoCompanions).expect_err("refused");
        let problem = problems.iter().find(|p| p.code == code).unwrap_or_else(|| panic!("{code}: {problems:#?}"));
        assert_eq!(problem.place.line, Some(4), "{problem:?}");
        assert!(!problem.hint.is_empty());
    }
    let bomb = "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" a=\"&b;\"/>";
    assert_eq!(read(bomb.as_bytes(), &NoCompanions).expect_err("refused")[0].code, "xml-syntax");
    let problems = read(&file(""), &Beside(b"<html/>")).expect_err("refused");
    assert_eq!(problems[0].code, "no-type-system");
}

#[test]
fn characters_that_xml_cannot_have_are_told() {
    let text = crate::text::Text::new("a\u{1b}b").expect("short");
    let document = Document::new(text, crate::model::Header::default());
    assert_eq!(Xmi.losses(&document, &Options::default())[0].treatment, Treatment::Altered);
    let (file, _) = written(&document);
    assert!(String::from_utf8(file).expect("text").contains("sofaString=\"a\u{fffd}b\""));
}

#[test]
fn a_zip_may_hold_both_files() {
    use std::io::Write as _;

    let text = crate::text::Text::new("Anna spoke").expect("short");
    let document = Document::new(text, crate::model::Header::default());
    let (file, types) = written(&document);
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in [(TYPE_SYSTEM, &types), ("doc.xmi", &file)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a name");
        zip.write_all(bytes).expect("memory");
    }
    let bytes = zip.finish().expect("memory").into_inner();
    let format = crate::formats::detect(Some(Path::new("a.zip")), &bytes).expect("a format");
    let read = format.read(&Input::of_bytes(&bytes)).expect("readable");
    assert_eq!(read.len(), 1);
    assert!(read[0].problems.is_empty(), "{:#?}", read[0].problems);
    assert_eq!(read[0].document.text(), document.text());
}

#[test]
fn files_are_known_by_their_content() {
    let bytes = file("");
    for name in ["a.xmi", "a.xml", "a"] {
        let format = crate::formats::detect(Some(Path::new(name)), &bytes).expect("a format");
        assert_eq!(format.info().id, "xmi", "{name}");
    }
    let json = br#"{"%TYPES": {}, "%FEATURE_STRUCTURES": []}"#;
    assert_eq!(crate::formats::detect(Some(Path::new("a.json")), json).map(|f| f.info().id), Some("cas-json"));
}
