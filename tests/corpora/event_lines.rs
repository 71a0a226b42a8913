//! Events on words: the crude oil corpus and brat's examples through `DyGIE++`, `OneIE`, `WikiEvents` and RAMS.

use std::path::{Path, PathBuf};

use manicule::formats::event_lines::{dygie::Dygie, oneie::OneIe, rams::Rams, wikievents::WikiEvents};
use manicule::formats::{Companions, Format, Input, Named, Options, Treatment};
use manicule::model::Document;
use manicule::store::{OpenOptions, open_all};

struct Beside(Vec<(PathBuf, Vec<u8>)>);

impl Companions for Beside {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let found = self.0.iter().find(|(name, _)| name == path);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
}

fn through(format: &dyn Format, document: &Document, options: &Options) -> Option<Document> {
    let named = Named { name: "a", document, schema: None };
    let files = format.write(&[named], options).expect("written");
    let files = Beside(files.into_iter().map(|file| (file.name, file.bytes)).collect());
    let (path, bytes) = files.0.first().expect("a file");
    if bytes.is_empty() {
        return None;
    }
    let input = Input { path: Some(path), companions: &files, ..Input::of_bytes(bytes) };
    Some(format.read(&input).expect("reads").swap_remove(0).document)
}

/// Mentions, events and their arguments.
fn counts(document: &Document) -> [usize; 3] {
    let arguments = document.events().values().map(|event| event.arguments.len()).sum();
    [document.mentions().len(), document.events().len(), arguments]
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "ann") {
            found.push(path);
        }
    }
}

#[test]
fn events_on_words_come_back_up_to_what_is_told() {
    for name in ["crudeoil-events", "brat-example-data"] {
        let Some(folder) = crate::corpus(name) else { continue };
        let mut paths = Vec::new();
        files(&folder, &mut paths);
        let options = OpenOptions { format: Some("brat".to_owned()), ..OpenOptions::default() };
        let documents: Vec<Document> = (paths.iter())
            .filter_map(|path| open_all(path, &options).ok())
            .flatten()
            .map(|opened| opened.document)
            .filter(|document| !document.events().is_empty())
            .collect();
        for format in [&Dygie as &dyn Format, &OneIe, &WikiEvents, &Rams] {
            let info = format.info();
            let (mut sums, mut back, mut dropped) = ([0; 3], [0; 3], 0);
            for document in &documents {
                let losses = format.losses(document, &Options::default());
                let lost = |kind: &str| {
                    let of_kind = |loss: &&manicule::formats::Loss| {
                        let is_whole = loss.treatment == Treatment::Dropped;
                        is_whole
                            && loss.id.as_ref().is_some_and(|id| document.kind_of(id).is_some_and(|k| k.word() == kind))
                    };
                    losses.iter().filter(of_kind).count()
                };
                let again = through(format, document, &Options::default());
                let again = again.as_ref().map_or([0; 3], counts);
                let own = counts(document);
                assert_eq!(again[1], own[1] - lost("event"), "{name} {}: events", info.id);
                if info.holds.mentions {
                    assert_eq!(again[0], own[0] - lost("mention"), "{name} {}: mentions", info.id);
                }
                assert!(again[2] <= own[2]);
                dropped += lost("event");
                for (sums, one) in [(&mut sums, own), (&mut back, again)] {
                    sums.iter_mut().zip(one).for_each(|(sum, n)| *sum += n);
                }
            }
            let [mentions, events, arguments] = sums;
            println!(
                "{name} through {}: {} documents, {} of {mentions} mentions, {} of {events} events ({dropped} told), {} of {arguments} arguments",
                info.id,
                documents.len(),
                back[0],
                back[1],
                back[2]
            );
        }
        assert!(!documents.is_empty(), "{name}");
    }
}
