use proptest::prelude::*;

use super::*;
use crate::formats::test_support;

fn read(file: &str) -> Result<Read, Vec<Problem>> {
    Tei.read(&Input::of_bytes(file.as_bytes())).map(|mut all| all.remove(0))
}

proptest! {
    #[test]
    fn what_is_written_comes_back(document in test_support::sane_document()) {
        test_support::comes_back(&Tei, document);
    }

    #[test]
    fn any_document_can_be_written_and_its_file_read(document in test_support::document()) {
        let _ = Tei.losses(&document, &Options::default());
        let read = test_support::through(&Tei, &document).expect("readable");
        prop_assert_eq!(read.document.text(), document.text());
    }

    #[test]
    fn broken_files_give_problems_and_never_a_panic(
        document in test_support::sane_document(),
        cut in any::<proptest::sample::Index>(),
        change in any::<u8>(),
    ) {
        let file = write::file(&document, "doc").into_bytes();
        let at = cut.index(file.len());
        let mut changed = file.clone();
        changed[at] = change;
        for broken in [&file[..at], &changed] {
            if let Err(problems) = Tei.read(&Input::of_bytes(broken)) {
                prop_assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.hint.is_empty()));
            }
        }
    }
}

#[test]
fn names_and_quotes_of_others_are_annotations() {
    let file = "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body>\n <p><persName xml:id=\"x\" ref=\"http://a/1\">Anna  \n  Berg\
                </persName> said: <said who=\"#x\" direct=\"true\">No.</said></p>\n <p>Then <hi>left</hi>.</p></body></text></TEI>";
    let read = read(file).expect("readable");
    assert_eq!(read.document.text().as_str(), "Anna Berg said: No.\nThen left.\n");
    let quote = read.document.quotes().values().next().expect("a quote");
    assert_eq!(quote.speaker, Some(crate::model::Filler::Mention("m1".into())));
    assert_eq!(read.document.entities().len(), 1);
    assert!(read.problems.iter().any(|problem| problem.code == "unknown-elements"));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (stand_off, code) in [
        (
            "<spanGrp type=\"event\" subtype=\"E\"><span type=\"part\" from=\"#a9\" to=\"#a9\"/></spanGrp>",
            "unknown-reference",
        ),
        (
            "<spanGrp type=\"relation\" subtype=\"R\"><span type=\"from\" target=\"#m7\"/></spanGrp>",
            "unknown-reference",
        ),
        ("<spanGrp", "xml-syntax"),
        ("&bomb;", "xml-syntax"),
    ] {
        let file = format!("<TEI><text><body><ab>one</ab></body></text>\n<standOff>{stand_off}</standOff></TEI>");
        let problems = read(&file).expect_err("refused");
        assert!(problems.iter().any(|p| p.code == code && p.place.line == Some(2)), "{problems:#?}");
    }
}
