//! Quotes: German Wikinews, The Guardian, `LitBank`, novels of Project Dialogism; and the coreference of `LitBank`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use manicule::formats::litbank::{LitbankCoref, LitbankQuotes};
use manicule::formats::native::NativeJson;
use manicule::formats::quotes::citron::Citron;
use manicule::formats::quotes::guardian::GuardianQuotes;
use manicule::formats::quotes::pdnc::Pdnc;
use manicule::formats::quotes::table::QuotesCsv;
use manicule::formats::quotes::wikinews::WikinewsQuotes;
use manicule::formats::{self, Companions, Format, Input, Named, Options, Read};
use manicule::model::{Document, Filler};

/// The folder that a file is in, and files that were written.
struct Folder(BTreeMap<PathBuf, Vec<u8>>);

impl Companions for Folder {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.get(path).map_or_else(|| std::fs::read(path), |bytes| Ok(bytes.clone()))
    }
}

fn read(format: &dyn Format, path: &Path, bytes: &[u8], folder: &Folder) -> Vec<Read> {
    let input = Input { path: Some(path), companions: folder, ..Input::of_bytes(bytes) };
    format.read(&input).unwrap_or_else(|problems| panic!("{}: {problems:#?}", path.display()))
}

/// All quotes of a document with their words, in the order of their ids.
fn essence(document: &Document) -> Vec<String> {
    let words = |filler: &Option<Filler>| match filler {
        Some(Filler::Mention(id)) => format!("{:?}", document.spans_of(id)),
        Some(Filler::Span(spans)) => format!("{spans:?}"),
        other => format!("{other:?}"),
    };
    let quote = |q: &manicule::model::Quote| {
        let fillers = [words(&q.speaker), words(&q.addressee)];
        format!("{} {:?} {:?} {fillers:?} {:?} {:?}", q.kind, q.content, q.cue, q.arguments, q.attributes)
    };
    let mut all: Vec<String> = document.quotes().values().map(quote).collect();
    all.sort();
    all
}

/// Writes what was read in each format, reads it again and compares all quotes.
fn again(document: &Document, formats: &[&dyn Format]) {
    for format in formats {
        let named = Named { name: "doc", document, schema: None };
        let files = format.write(&[named], &Options::default()).expect("writable");
        let main = files.first().cloned().expect("a file");
        let folder = Folder(files.into_iter().map(|file| (file.name, file.bytes)).collect());
        let second = read(*format, &main.name, &main.bytes, &folder).remove(0);
        assert_eq!(second.document.text(), document.text());
        assert_eq!(essence(&second.document), essence(document), "{}", format.info().id);
    }
}

#[test]
fn german_news_come_back() {
    let Some(folder) = super::corpus("german-news-quotes") else { return };
    let files = super::files(&folder.join("data"), ".json");
    let mut count = [0; 6];
    let mut warnings: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &files {
        let bytes = std::fs::read(path).expect("a file");
        let id = formats::detect(Some(path), &bytes).map(|format| format.info().id);
        assert_eq!(id, Some("wikinews-quotes"), "{}", path.display());
        let first = read(&WikinewsQuotes, path, &bytes, &Folder(BTreeMap::new())).remove(0);
        for problem in &first.problems {
            *warnings.entry(problem.code).or_default() += 1;
        }
        for q in first.document.quotes().values() {
            count[0] += 1;
            count[1] += usize::from(q.content.len() > 1);
            count[2] += usize::from(q.cue.is_some());
            count[3] += usize::from(q.cue.as_ref().is_some_and(|cue| cue.len() > 1));
            count[4] += usize::from(q.speaker.is_some());
            count[5] += usize::from(q.attributes.contains_key("level"));
        }
        again(&first.document, &[&Citron, &QuotesCsv]);
    }
    println!(
        "german-news-quotes: {} documents, {} quotes ({} in parts), {} cues ({} in parts), {} speakers, {} nested; warnings \
         {warnings:?}",
        files.len(),
        count[0],
        count[1],
        count[2],
        count[3],
        count[4],
        count[5]
    );
    assert_eq!(count, [148, 13, 103, 18, 138, 14]);
}

#[test]
fn quotations_of_novels_come_back() {
    let Some(folder) = super::corpus("litbank") else { return };
    let files = super::files(&folder.join("quotations"), ".ann");
    let (mut quotes, mut speakers) = (0, 0);
    for path in &files {
        let bytes = std::fs::read(path).expect("a file");
        if !bytes.is_empty() {
            let id = formats::detect(Some(path), &bytes).map(|format| format.info().id);
            assert_eq!(id, Some("litbank-quotes"), "{}", path.display());
        }
        let first = read(&LitbankQuotes, path, &bytes, &Folder(BTreeMap::new())).remove(0);
        quotes += first.document.quotes().len();
        speakers += first.document.quotes().values().filter(|q| q.speaker.is_some()).count();
        again(&first.document, &[&Citron, &QuotesCsv]);
    }
    println!("litbank/quotations: {} documents, {quotes} quotes, {speakers} speakers came back", files.len());
    assert_eq!((quotes, speakers), (156, 156));
}

/// Writes what was read as a native file, reads it again and compares everything.
fn again_whole(document: &Document) {
    let named = Named { name: "doc", document, schema: None };
    let files = NativeJson.write(&[named], &Options::default()).expect("writable");
    let folder = Folder(BTreeMap::new());
    let second = read(&NativeJson, &files[0].name, &files[0].bytes, &folder).remove(0);
    assert_eq!(second.document, *document);
}

#[test]
fn coreference_of_novels_comes_back() {
    let Some(folder) = super::corpus("litbank") else { return };
    let files = super::files(&folder.join("coref/tsv"), ".ann");
    let (mut mentions, mut entities, mut relations) = (0, 0, 0);
    for path in &files {
        let bytes = std::fs::read(path).expect("a file");
        let id = formats::detect(Some(path), &bytes).map(|format| format.info().id);
        assert_eq!(id, Some("litbank-coref"), "{}", path.display());
        let first = read(&LitbankCoref, path, &bytes, &Folder(BTreeMap::new())).remove(0);
        assert_eq!(first.problems, [], "{}", path.display());
        mentions += first.document.mentions().len();
        entities += first.document.entities().len();
        relations += first.document.relations().len();
        again_whole(&first.document);
    }
    println!(
        "litbank/coref/tsv: {} documents, {mentions} mentions, {entities} entities, {relations} relations came back",
        files.len()
    );
    assert_eq!((mentions, relations), (658, 13));
}

#[test]
fn quotations_of_whole_novels_come_back() {
    let Some(folder) = super::corpus("pdnc") else { return };
    let files = super::files(&folder, "quotation_info.csv");
    let (mut quotes, mut mentions, mut entities) = (0, 0, 0);
    let mut warnings: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &files {
        let bytes = std::fs::read(path).expect("a file");
        let id = formats::detect(Some(path), &bytes).map(|format| format.info().id);
        assert_eq!(id, Some("pdnc"), "{}", path.display());
        let first = read(&Pdnc, path, &bytes, &Folder(BTreeMap::new())).remove(0);
        for problem in &first.problems {
            *warnings.entry(problem.code).or_default() += 1;
        }
        quotes += first.document.quotes().len();
        mentions += first.document.mentions().len();
        entities += first.document.entities().len();
        again(&first.document, &[&Citron, &QuotesCsv]);
        again_whole(&first.document);
    }
    println!(
        "pdnc: {} novels, {quotes} quotes, {mentions} mentions, {entities} characters came back; warnings {warnings:?}",
        files.len()
    );
}

#[test]
fn quotes_of_newspapers_come_back() {
    let Some(folder) = super::corpus("journalismai-quotes") else { return };
    let files = super::files(&folder.join("schema/stub_data"), ".json");
    let mut counts = [0; 5];
    let mut warnings: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &files {
        let bytes = std::fs::read(path).expect("a file");
        let id = formats::detect(Some(path), &bytes).map(|format| format.info().id);
        assert_eq!(id, Some("guardian-quotes"), "{}", path.display());
        for first in read(&GuardianQuotes, path, &bytes, &Folder(BTreeMap::new())) {
            for problem in &first.problems {
                *warnings.entry(problem.code).or_default() += 1;
            }
            let quotes = first.document.quotes();
            counts[0] += 1;
            counts[1] += quotes.len();
            counts[2] += quotes.values().filter(|q| q.cue.is_some()).count();
            counts[3] += quotes.values().filter(|q| q.speaker.is_some()).count();
            counts[4] += first.document.entities().len();
            again_whole(&first.document);
        }
    }
    let [articles, quotes, cues, speakers, entities] = counts;
    println!(
        "journalismai-quotes: {articles} articles, {quotes} quotes, {cues} cues, {speakers} speakers, {entities} entities \
         came back; warnings {warnings:?}"
    );
    // The only article there is has an end that counts the backslashes of its JSON, which is told.
    assert_eq!(warnings.get("end-differs"), Some(&2));
    assert_eq!(counts, [2; 5]);
}
