use proptest::prelude::*;

use super::*;
use crate::formats::align::Tokens;
use crate::formats::test_support::{document, sane_document};
use crate::formats::{Loss, Treatment};

fn options(chosen: &[(&str, &str)]) -> Options {
    let mut options = Options::default();
    for (name, value) in chosen {
        options.set(&INFO, name, value).expect("an option");
    }
    options
}

fn written(document: &Document, options: &Options) -> String {
    let named = Named { name: "doc", document, schema: None };
    let files = Conll.write(&[named], options).expect("writable");
    String::from_utf8(files.into_iter().next().expect("a file").bytes).expect("UTF-8")
}

fn read(file: &str) -> Read {
    let mut all = Conll.read(&Input::of_bytes(file.as_bytes())).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// Labels with the words between blanks that they cover, by number.
fn by_words(document: &Document) -> Vec<(String, usize, usize)> {
    let text = document.text().as_str();
    let number = |at: crate::text::BytePos| text[..at.to_usize()].split_whitespace().count();
    let mut all: Vec<_> = (document.mentions().values())
        .map(|m| (m.label.to_string(), number(m.spans[0].start), number(m.spans[0].end)))
        .collect();
    all.sort();
    all
}

/// Labels with the tokens that they touch, by number; one-part mentions only.
fn by_tokens(document: &Document, lost: &[Loss]) -> Vec<(String, usize, usize)> {
    let tokens = Tokens::of(document.text());
    let is_dropped =
        |id: &crate::model::Id| lost.iter().any(|l| l.id.as_ref() == Some(id) && l.treatment == Treatment::Dropped);
    let mut all = Vec::new();
    for m in document.mentions().values().filter(|m| !is_dropped(&m.id)) {
        let whole = crate::text::Span::new(m.spans[0].start, m.spans[m.spans.len() - 1].end);
        if let Some(aligned) = tokens.align(whole) {
            all.push((m.label.to_string(), aligned.first, aligned.end));
        }
    }
    all.sort();
    all
}

fn said(read: &Read) -> Vec<(&str, Option<usize>)> {
    read.problems.iter().map(|p| (p.code, p.place.line)).collect()
}

proptest! {
    #[test]
    fn what_is_not_told_as_lost_comes_back(
        document in sane_document(),
        scheme in proptest::sample::select(Scheme::NAMES),
        overlaps in proptest::sample::select(&["longest", "shortest", "columns"][..]),
        layout in proptest::sample::select(&["tsv", "conll2003"][..]),
    ) {
        let options = options(&[("scheme", scheme), ("overlaps", overlaps), ("layout", layout)]);
        let file = written(&document, &options);
        let lost = Conll.losses(&document, &options);
        let again = read(&file);
        prop_assert_eq!(by_words(&again.document), by_tokens(&document, &lost), "{}", file);
        prop_assert!(again.problems.iter().all(|p| p.code == "text-rebuilt"), "{:?}\n{}", again.problems, file);
        // A text that was put together from words comes back to the letter.
        let blanks = options_with(&options, "tokens", "blanks");
        let same = written(&again.document, &blanks);
        let same = read(&same);
        prop_assert_eq!(same.document.text(), again.document.text());
        prop_assert_eq!(Conll.sniff(file.as_bytes()), Likeness::Yes);
    }

    #[test]
    fn any_document_is_written_and_read(document in document(), overlaps in proptest::sample::select(&["longest", "columns"][..])) {
        let options = options(&[("overlaps", overlaps)]);
        let file = written(&document, &options);
        let _ = Conll.losses(&document, &options);
        read(&file);
    }

    #[test]
    fn broken_files_are_refused_or_read_but_never_a_crash(
        document in sane_document(), cut in any::<proptest::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = written(&document, &Options::default()).into_bytes();
        let at = cut.index(bytes.len());
        let _ = Conll.read(&Input::of_bytes(&bytes[..at]));
        bytes[at] = byte;
        let _ = Conll.sniff(&bytes);
        let _ = Conll.read(&Input::of_bytes(&bytes));
    }
}

fn options_with(options: &Options, name: &str, value: &str) -> Options {
    let mut options = options.clone();
    options.set(&INFO, name, value).expect("an option");
    options
}

#[test]
fn documents_of_one_file_are_divided() {
    let file = "-DOCSTART- -X- -X- O\n\nAnna NNP B-NP B-PER\nmet VBD B-VP O\n\nBob NNP B-NP B-PER\n\n-DOCSTART- (x1) -X- O\n\nRye NNP B-NP B-LOC\n";
    let all = Conll.read(&Input::of_bytes(file.as_bytes())).expect("columns");
    let texts: Vec<_> = all.iter().map(|r| (r.document.text().as_str(), r.line)).collect();
    assert_eq!(texts, [("Anna met\nBob", Some(1)), ("Rye", Some(8))]);
    assert_eq!(all[1].document.header().metadata.id, "x1");
    assert_eq!(all[0].document.mentions().len(), 2);
    let codes: Vec<_> = all[0].problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(codes[1..], ["the phrases in column 3 are left out", "what is in column 2 is left out"]);
    let again: String = all.iter().map(|r| written(&r.document, &Options::default())).collect();
    assert_eq!(Conll.read(&Input::of_bytes(again.as_bytes())).expect("columns").len(), 2);
}

#[test]
fn remarks_marks_and_odd_tags_are_told_with_their_lines() {
    let file = "\u{feff}#\thttp://paper.example\t[2010]\t\r\n1\t#\tO\tO\r\n2\tParis\tI-LOC\tO\r\n3\tBerg\tB-PER\tI-LOC\r\n\r\n1\tEnd\tB-X\tO";
    let read = read(file);
    assert_eq!(read.document.text().as_str(), "# Paris Berg\nEnd");
    assert_eq!(
        said(&read),
        [("text-rebuilt", None), ("odd-tag", Some(3)), ("odd-tag", Some(4)), ("remark-left-out", Some(1))]
    );
    assert_eq!(read.document.mentions().len(), 4);
}

#[test]
fn the_text_of_a_sentence_is_taken_if_it_has_the_words() {
    let file = "# newdoc id = d 1\n# text = 北京 (x).\n北\tB-LOC\n京\tI-LOC\n(\tO\nx\tO\n)\tO\n.\tO\n\n# text = Other\nWords\tO\n";
    let read = read(file);
    assert_eq!(read.document.text().as_str(), "北京 (x).\nWords");
    assert_eq!(read.document.header().metadata.id, "d 1");
    assert_eq!(said(&read), [("text-rebuilt", None), ("words-differ", Some(10))]);
}

#[test]
fn lines_that_are_no_rows_refuse_the_file() {
    for (file, code, line) in [
        ("a O\nb B-X\nc O\nd O\nParis\n", "columns-missing", Some(5)),
        ("a\tO\nb\tB-X\nc\tO\nd\tO\ne\tO\nParis\tB-\n", "no-tag", Some(6)),
        ("Talks resume\nin Paris\n", "no-columns", Some(1)),
        ("\n\n", "no-columns", None),
    ] {
        let problems = Conll.read(&Input::of_bytes(file.as_bytes())).expect_err("refused");
        assert_eq!((problems[0].code, problems[0].place.line), (code, line), "{file:?}");
    }
}

#[test]
fn marks_of_samples_divide_documents_and_sentences() {
    let file = "SAMPLE_START\tO\nAnna\tB-PER\n[SEP]\tO\nleft\tO\n\nSAMPLE_START\tO\nBob\tB-PER\n";
    let all = Conll.read(&Input::of_bytes(file.as_bytes())).expect("columns");
    assert_eq!(all.iter().map(|r| r.document.text().as_str()).collect::<Vec<_>>(), ["Anna\nleft", "Bob"]);
}

#[test]
fn other_files_are_not_claimed() {
    for file in
        ["Talks resume in Paris\n", "", "T1\tPer 0 4\tAnna\n", "{\"a\": 1}", "a,O\nb,B-X\n", "id\ttext\n1\tAnna\n"]
    {
        assert_eq!(Conll.sniff(file.as_bytes()), Likeness::No, "{file:?}");
    }
    assert_eq!(Conll.sniff("\u{feff}Anna B-PER\nleft O\n".as_bytes()), Likeness::Yes);
}

#[test]
fn a_mention_whose_words_are_written_otherwise_is_told() {
    let text = crate::text::Text::new("Anna\u{feff} met Bob.").expect("short");
    let mut document = Document::new(text, crate::model::Header::default());
    for (id, spans) in [("m1", [(0, 7)]), ("m2", [(12, 15)])] {
        document.mentions.insert(id.into(), crate::model::test_support::mention(id, "Person", &spans));
    }
    document.reindex();
    let options = Options::default();
    let read = read(&written(&document, &options));
    assert_eq!(read.document.text().as_str(), "Anna_ met Bob .");
    let losses = Conll.losses(&document, &options);
    let told: Vec<_> = losses.iter().filter_map(|l| Some((l.id.as_ref()?.as_str(), l.treatment))).collect();
    assert_eq!(told, [("m1", Treatment::Altered)], "{losses:?}");
    assert!(losses.iter().any(|loss| loss.what.starts_with("1 word is written with _")), "{losses:?}");
}

#[test]
fn control_characters_between_words_are_told() {
    let told = |text: &str| {
        let text = crate::text::Text::new(text).expect("short");
        let document = Document::new(text, crate::model::Header::default());
        let losses = Conll.losses(&document, &Options::default());
        losses.into_iter().map(|loss| loss.what).find(|what| what.contains("white space")).expect("it is always told")
    };
    assert_eq!(told("Anna\u{1b}met\tBob."), "white space, line ends and control characters of the text are not kept");
    assert_eq!(told("Anna met\tBob.\r\n"), "white space and line ends of the text are not kept");
}
