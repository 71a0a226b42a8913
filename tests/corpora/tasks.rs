//! Tasks of annotation tools: Armenian news in doccano's form, and the same marks through the other tools.

use manicule::formats::tasks::{doccano::Doccano, label_studio::LabelStudio, prodigy::Prodigy};
use manicule::formats::{Format, Input, Named, Options};
use manicule::model::Document;

fn marks(document: &Document) -> Vec<String> {
    let one = |m: &manicule::model::Mention| format!("{} {:?}", m.label, m.spans);
    let mut all: Vec<String> = document.mentions().values().map(one).collect();
    all.sort();
    all
}

/// Written by a tool's format and read again.
fn through(format: &dyn Format, document: &Document) -> Document {
    let named = Named { name: "a", document, schema: None };
    let bytes = format.write(&[named], &Options::default()).expect("written").swap_remove(0).bytes;
    format.read(&Input::of_bytes(&bytes)).expect("reads").swap_remove(0).document
}

#[test]
fn armenian_news_in_the_form_of_doccano() {
    let Some(folder) = crate::corpus("armtdp-ner") else { return };
    let bytes = std::fs::read(folder.join("ArmNER-HY.json1")).expect("readable");
    let read = Doccano.read(&Input::of_bytes(&bytes)).expect("every line reads");
    let (mut mentions, mut warnings) = (0, 0);
    for first in &read {
        mentions += first.document.mentions().len();
        warnings += first.problems.len();
        for format in [&Doccano as &dyn Format, &Prodigy, &LabelStudio] {
            let again = through(format, &first.document);
            assert_eq!(again.text(), first.document.text());
            assert_eq!(marks(&again), marks(&first.document), "{}", format.info().id);
        }
    }
    println!(
        "armtdp-ner: {} documents, {mentions} mentions, {warnings} warnings; equal through three tools",
        read.len()
    );
    assert!(read.len() >= 400 && mentions > 1000);
}
