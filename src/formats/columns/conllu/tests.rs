use proptest::prelude::*;

use super::*;
use crate::formats::test_support::{comes_back, document, sane_document, through};

fn read(file: &str) -> Read {
    let mut all = ConllU.read(&Input::of_bytes(file.as_bytes())).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn written(document: &Document, chosen: &[(&str, &str)]) -> String {
    let mut options = Options::default();
    for (name, value) in chosen {
        options.set(&INFO, name, value).expect("an option");
    }
    let named = Named { name: "doc", document, schema: None };
    let files = ConllU.write(&[named], &options).expect("writable");
    String::from_utf8(files.into_iter().next().expect("a file").bytes).expect("UTF-8")
}

fn said(read: &Read) -> Vec<(&str, Option<usize>)> {
    read.problems.iter().map(|p| (p.code, p.place.line)).collect()
}

fn labels(read: &Read) -> Vec<(&str, &str)> {
    let of = |m| (read.document.label_of(m), read.document.text().slice(read.document.mentions()[m].spans[0]));
    read.document.mentions().keys().map(of).collect()
}

proptest! {
    #[test]
    fn what_is_held_comes_back(document in sane_document()) {
        comes_back(&ConllU, document);
    }

    #[test]
    fn any_document_keeps_its_text(document in document(), form in proptest::sample::select(&["conllu", "plus"][..])) {
        let file = written(&document, &[("form", form)]);
        let read = read(&file);
        prop_assert_eq!(read.document.text().as_str(), document.text().as_str(), "{}", file);
        prop_assert_eq!(&read.document.header().annotator, &document.header().annotator);
        prop_assert_eq!(&read.document.header().metadata.source, &document.header().metadata.source);
        prop_assert!(read.problems.is_empty(), "{:?}", read.problems);
        prop_assert_eq!(ConllU.sniff(file.as_bytes()), Likeness::Yes);
        let _ = ConllU.losses(&document, &Options::default());
    }

    #[test]
    fn broken_files_are_told_and_never_a_crash(
        document in sane_document(), cut in any::<proptest::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = written(&document, &[]).into_bytes();
        let at = cut.index(bytes.len());
        if let Ok(read) = ConllU.read(&Input::of_bytes(&bytes[..at]))
            && read.iter().all(|r| r.problems.is_empty())
        {
            prop_assert_eq!(read[0].document.text(), document.text());
        }
        bytes[at] = byte;
        let _ = ConllU.sniff(&bytes);
        let _ = ConllU.read(&Input::of_bytes(&bytes));
    }
}

#[test]
fn metadata_and_layers_are_held() {
    let file = "# newdoc id = d 1\n# meta::title = A  title\\n\n# meta::language = en\n# text = Bank of Kyiv.\n\
                1\tBank\t_\t_\t_\t_\t_\t_\t_\tNER=B-ORG\n2\tof\t_\t_\t_\t_\t_\t_\t_\tNER=I-ORG\n\
                3\tKyiv\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No|NER=I-ORG|NER2=B-LOC\n4\t.\t_\t_\t_\t_\t_\t_\t_\t_\n";
    let first = read(file);
    assert_eq!(labels(&first), [("ORG", "Bank of Kyiv"), ("LOC", "Kyiv")]);
    assert_eq!(said(&first), [("text-rebuilt", None)]);
    let again = through(&ConllU, &first.document).expect("written");
    assert_eq!(again.document.header().metadata, first.document.header().metadata);
    assert_eq!((labels(&again), said(&again)), (labels(&first), vec![]));
    assert_eq!(again.document.header().metadata.title, "A  title\n");
}

#[test]
fn treebanks_are_read_with_contractions_paragraphs_and_other_keys() {
    let file = "# sent_id = 1\n# text = Vamos al Prado.\n1\tVamos\tir\tVERB\t_\t_\t0\troot\t_\t_\n2-3\tal\t_\t_\t_\t_\t_\t_\t_\t_\n\
                2\ta\ta\tADP\t_\t_\t_\t_\t_\t_\n3\tel\tel\tDET\t_\t_\t_\t_\t_\tname=B-FAC\n4\tPrado\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No|name=I-FAC\n\
                4.1\tx\t_\t_\t_\t_\t_\t_\t_\t_\n5\t.\t_\t_\t_\t_\t_\t_\t_\t_\n\n# newpar\n1\tAdiós\t_\t_\t_\t_\t_\t_\t_\tname=O\n";
    let read = read(file);
    assert_eq!(read.document.text().as_str(), "Vamos al Prado.\n\nAdiós");
    assert_eq!(labels(&read), [("FAC", "al Prado")]);
    assert_eq!(
        said(&read),
        [("text-rebuilt", None), ("columns-left-out", None), ("empty-node", Some(8)), ("part-of-contraction", Some(6))]
    );
}

#[test]
fn positions_say_how_wide_gaps_are_and_plus_has_a_column_of_tags() {
    let file = "# global.columns = ID FORM MISC PARSEME:NE\n1\tAnna\tTokenRange=3:7\tB-PER\n2\tmet\tTokenRange=9:12\tO\n\n1\tBob\tTokenRange=14:17\tB-PER\n";
    let read = read(file);
    assert_eq!(read.document.text().as_str(), "Anna  met\n\nBob");
    assert_eq!(labels(&read), [("PER", "Anna"), ("PER", "Bob")]);
    let wrong = read_text(
        "1\tAnna\t_\t_\t_\t_\t_\t_\t_\tTokenRange=0:4\n2\tmet\t_\t_\t_\t_\t_\t_\t_\tTokenRange=4000000000:4000000003\n",
    );
    assert_eq!(wrong, "Anna met");
}

#[test]
fn plus_may_do_without_numbers_of_words() {
    let read = read("# global.columns = FORM LEMMA CONLL:NER\nAnna\tAnna\tB-PER\nmet\tmeet\tO\n");
    assert_eq!(labels(&read), [("PER", "Anna")]);
    assert_eq!(said(&read), [("text-rebuilt", None), ("columns-left-out", None)]);
}

#[test]
fn an_id_that_is_used_twice_is_told() {
    let row = "1\tAnna\t_\t_\t_\t_\t_\t_\t_\t_\n\n";
    let file = format!("# newdoc id = a\n{row}# newdoc id = a\n{row}");
    let all = ConllU.read(&Input::of_bytes(file.as_bytes())).expect("CoNLL-U");
    assert_eq!(all.len(), 2);
    assert!(said(&all[1]).contains(&("double-id", Some(4))), "{:?}", said(&all[1]));
}

fn read_text(file: &str) -> String {
    read(file).document.text().as_str().to_owned()
}

#[test]
fn broken_lines_refuse_the_file() {
    let row = |id: &str, misc: &str| format!("{id}\tAnna\t_\t_\t_\t_\t_\t_\t_\t{misc}\n");
    for (file, code, line) in [
        (row("1", "_") + "2\tmet\t_", "columns-missing", 2),
        (row("1", "_") + &row("3", "_"), "word-numbers", 2),
        (row("1-2", "_") + &row("1", "_"), "word-numbers", 3),
        (row("x", "_"), "word-numbers", 1),
        (row("1", "NER=PER"), "no-tag", 1),
        (row("1", "_").replace("Anna", ""), "no-word", 1),
        ("# global.columns = ID LEMMA\n".to_owned(), "columns-missing", 1),
    ] {
        let problems = ConllU.read(&Input::of_bytes(file.as_bytes())).expect_err("refused");
        assert_eq!((problems[0].code, problems[0].place.line), (code, Some(line)), "{file:?}");
    }
}

#[test]
fn a_changed_text_is_noticed() {
    let file =
        "1\tAnna\t_\t_\t_\t_\t_\t_\t_\tNER=B-PER\n2\tmet\t_\t_\t_\t_\t_\t_\t_\t_\n3\tBob\t_\t_\t_\t_\t_\t_\t_\t_\n";
    let file = written(&read(file).document, &[]);
    assert_eq!(said(&read(&file)), []);
    let cut = file.lines().filter(|line| !line.contains("Bob\t")).collect::<Vec<_>>().join("\n");
    assert_eq!(said(&read(&cut)), [("text-differs", Some(1)), ("words-differ", Some(5))]);
}
