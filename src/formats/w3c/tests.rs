use proptest::prelude::*;

use super::*;
use crate::formats::{Companions, test_support};

struct Beside(Vec<u8>);

impl Companions for Beside {
    fn read(&self, _path: &Path) -> std::io::Result<Vec<u8>> {
        Ok(self.0.clone())
    }
}

fn read(text: &str, file: &[u8]) -> Result<Read, Vec<Problem>> {
    let beside = Beside(text.as_bytes().to_vec());
    let input = Input { path: Some(Path::new("a.jsonl")), companions: &beside, ..Input::of_bytes(file) };
    W3c.read(&input).map(|mut all| all.remove(0))
}

proptest! {
    #[test]
    fn what_is_written_comes_back(document in test_support::sane_document()) {
        test_support::comes_back(&W3c, document);
    }

    #[test]
    fn any_document_can_be_written_and_its_file_read(document in test_support::document()) {
        let _ = W3c.losses(&document, &Options::default());
        let read = test_support::through(&W3c, &document).expect("readable");
        prop_assert_eq!(read.document.text(), document.text());
    }

    #[test]
    fn broken_files_give_problems_and_never_a_panic(
        document in test_support::sane_document(),
        cut in any::<proptest::sample::Index>(),
        change in any::<u8>(),
    ) {
        let file = write::annotations(&document, "doc").into_bytes();
        let text = document.text().as_str();
        if !file.is_empty() {
            let at = cut.index(file.len());
            let mut changed = file.clone();
            changed[at] = change;
            for broken in [&file[..at], &changed] {
                if let Err(problems) = read(text, broken) {
                    prop_assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.hint.is_empty()));
                }
            }
            let _ = read("", &file);
        }
    }
}

const HEAD: &str = r#"{"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "#;

#[test]
fn annotations_of_others_are_mentions() {
    let file = [
        HEAD,
        r#""body": "http://a.b/c", "motivation": "highlighting", "target": {"source": "x", "selector": {"type": "TextQuoteSelector",
        "exact": "two", "prefix": "one "}}}"#,
    ]
    .concat();
    let read = read("one two, two", file.as_bytes()).expect("readable");
    let mention = read.document.mentions().values().next().expect("a mention");
    assert_eq!((mention.label.as_str(), mention.spans[0]), ("highlighting", crate::text::Span::of(4, 7)));
    assert_eq!(read.problems[0].code, "unknown-body");
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (rest, code) in [
        (r#""target": {"selector": {"type": "TextPositionSelector", "start": 0, "end": 9}}}"#, "bad-offset"),
        (r#""target": {"selector": {"type": "TextPositionSelector", "start": -1, "end": 1}}}"#, "bad-offset"),
        (
            r#""body": [{"purpose": "identifying", "source": "urn:x"}], "target": {"selector": {"type": "TextPositionSelector", "start": 0, "end": 3}}}"#,
            "unknown-reference",
        ),
        (r#""target": "#, "syntax"),
    ] {
        let file = ["\n", HEAD, rest, "\n\n{\"type\": \"Annotation\"}"].concat();
        let problems = read("one two", file.as_bytes()).expect_err("refused");
        let problem = problems.iter().find(|p| p.code == code).unwrap_or_else(|| panic!("{problems:#?}"));
        assert_eq!(problem.place.line, Some(2), "{problem:?}");
    }
}
