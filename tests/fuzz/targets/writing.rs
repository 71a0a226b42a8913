//! A document is written, and read again where the format reads: what was not told to be lost comes back.

use std::collections::BTreeSet;
use std::path::Component;

use manicule::formats::{Format, Input, Named, Options, OutputFile};
use manicule::model::{Document, Id, Kind};
use manicule::text::Spans;

use super::bundle::{Beside, Bundle};
use super::documents;
use super::generate::{Bytes, document};

/// Both native files hold any document.
pub fn native(bytes: &[u8]) {
    documents::check(&document(&mut Bytes::new(bytes)), None);
}

/// A document as an input of the target that reads the format.
pub fn seed(format: &dyn Format, document: &Document) -> Vec<u8> {
    let named = Named { name: "doc", document, schema: None };
    Bundle::join(&format.write(&[named], &Options::default()).expect("it can be written"))
}

/// Writes a document made from `bytes` as `format`.
pub fn write(format: &'static dyn Format, bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let document = document(&mut bytes);
    let options = choose(format, &mut bytes);
    let losses = format.losses(&document, &options);
    assert!(losses.iter().all(|loss| !loss.what.is_empty()));
    let named = Named { name: "doc", document: &document, schema: None };
    let files = match format.write(&[named], &options) {
        Ok(files) => files,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    stay_in_their_folder(&files);
    let main = files.first().expect("something is written");
    // An empty article is an empty file in some formats, one without events in others; a text with zeros is none as it stands.
    let is_refused = main.bytes.trim_ascii().is_empty() || (main.bytes.contains(&0) && format.info().id == "text");
    if !format.info().reads || is_refused || document.text().as_str().trim().is_empty() {
        return;
    }
    let beside = Beside::of(&files);
    let input = Input { path: Some(&main.name), companions: &beside, ..Input::of_bytes(&main.bytes) };
    let read = match format.read(&input) {
        Ok(read) => read,
        Err(problems) => panic!("what was written is not read: {problems:?}\n{document:#?}"),
    };
    for one in &read {
        documents::check(&one.document, one.schema.as_ref());
    }
    // A page is read as the article that it shows.
    if options == Options::default()
        && format.info().id != "html"
        && let [one] = read.as_slice()
    {
        let told: BTreeSet<&Id> = losses.iter().filter_map(|loss| loss.id.as_ref()).collect();
        comes_back(format, &document, &one.document, &told);
    }
}

fn choose(format: &dyn Format, bytes: &mut Bytes<'_>) -> Options {
    let info = format.info();
    let mut options = Options::default();
    for option in info.options {
        if let Some(value) = bytes.below(option.values.len() + 1).checked_sub(1).and_then(|nth| option.values.get(nth))
        {
            options.set(&info, option.name, value).expect("there is such a value");
        }
    }
    options
}

fn stay_in_their_folder(files: &[OutputFile]) {
    assert!(!files.is_empty(), "nothing is written");
    for file in files {
        let is_below = file.name.components().all(|part| matches!(part, Component::Normal(_)));
        assert!(is_below, "{} leaves the folder", file.name.display());
    }
}

/// Everything that is not told to be lost or altered is in what was read, at its place or, where the format does not keep
/// the text, with its words.
fn comes_back(format: &dyn Format, before: &Document, after: &Document, told: &BTreeSet<&Id>) {
    let is_exact = format.info().holds.text && before.text() == after.text();
    let place = |document: &Document, spans: &Spans| {
        if is_exact {
            return format!("{spans:?}");
        }
        // What stands between words is told of the text as a whole.
        let is_between = |c: char| c.is_whitespace() || c.is_control();
        spans.iter().flat_map(|span| document.text().slice(*span).split(is_between)).collect()
    };
    let all = |document: &Document| -> Vec<(Id, (Kind, String, String))> {
        let mentions = document.mentions().values().map(|m| (&m.id, Kind::Mention, &m.label, &m.spans));
        let events = document.events().values().map(|e| (&e.id, Kind::Event, &e.r#type, &e.trigger));
        let quotes = document.quotes().values().map(|q| (&q.id, Kind::Quote, &q.kind, &q.content));
        let all = mentions.chain(events).chain(quotes);
        all.map(|(id, kind, label, spans)| (id.clone(), (kind, label.to_string(), place(document, spans)))).collect()
    };
    let mut found: Vec<_> = all(after).into_iter().map(|(_, what)| what).collect();
    for (id, what) in all(before).into_iter().filter(|(id, _)| !told.contains(id)) {
        match found.iter().position(|other| *other == what) {
            Some(at) => drop(found.swap_remove(at)),
            None => panic!("{id} {what:?} is lost without a word\nbefore: {before:#?}\nafter: {after:#?}"),
        }
    }
}
