//! What is known of a document as a whole, in structures and back.

use std::collections::BTreeMap;

use super::store::{Structure, Value};
use crate::model::{Document, Header, Status};

/// Features by name.
pub type Features = BTreeMap<String, Value>;

/// Features of `DocumentMetaData` that are read, or that say no more than the file's name.
pub const METADATA: [&str; 4] = ["documentTitle", "language", "documentId", "isLastSegment"];

fn texts<const N: usize>(all: [(&str, Option<&str>); N]) -> Features {
    all.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::Text(text?.to_owned())))).collect()
}

/// What other programs know of documents.
pub fn metadata(document: &Document, name: &str) -> Features {
    let m = &document.header().metadata;
    let language = m.language.as_deref().unwrap_or("x-unspecified");
    let mut features =
        texts([("documentTitle", Some(&m.title)), ("documentId", Some(name)), ("language", Some(language))]);
    features.insert("isLastSegment".into(), Value::Flag(true));
    features
}

/// What this program knows besides.
pub fn info(document: &Document) -> Features {
    let header = document.header();
    let m = &header.metadata;
    let status = serde_json::to_value(header.status).ok();
    let mut features = texts([
        ("documentKey", Some(m.id.as_str())),
        ("title", Some(&m.title)),
        ("source", m.source.as_deref()),
        ("published", m.published.as_deref()),
        ("language", m.language.as_deref()),
        ("encoding", m.encoding.as_deref()),
        ("annotator", header.annotator.as_deref()),
        ("status", status.as_ref().and_then(serde_json::Value::as_str)),
        ("note", header.note.as_deref()),
    ]);
    if m.bom {
        features.insert("bom".into(), Value::Flag(true));
    }
    features
}

/// Group and label, for each label of the document.
pub fn labels(document: &Document) -> Vec<Features> {
    let of = |(group, labels): (&String, &Vec<String>)| -> Vec<Features> {
        labels.iter().map(|label| texts([("group", Some(group.as_str())), ("label", Some(label))])).collect()
    };
    document.header().labels.iter().flat_map(of).collect()
}

/// What other programs say.
pub fn read_metadata(structure: &Structure, header: &mut Header) {
    let said = |name: &str| structure.text(name).filter(|text| !text.trim().is_empty());
    if let Some(title) = said("documentTitle") {
        title.clone_into(&mut header.metadata.title);
    }
    header.metadata.language = said("language").filter(|l| *l != "x-unspecified").map(str::to_owned);
}

/// What this program said.
pub fn read_info(structure: &Structure, header: &mut Header) {
    let said = |name: &str| structure.text(name).map(str::to_owned);
    let m = &mut header.metadata;
    m.id = said("documentKey").unwrap_or_else(|| m.id.clone());
    m.title = said("title").unwrap_or_else(|| m.title.clone());
    m.source = said("source");
    m.published = said("published");
    m.language = said("language");
    m.encoding = said("encoding");
    m.bom = matches!(structure.features.get("bom"), Some(Value::Flag(true)));
    header.annotator = said("annotator");
    header.note = said("note");
    let status = said("status").map(serde_json::Value::String);
    header.status = status.and_then(|s| serde_json::from_value::<Status>(s).ok()).unwrap_or_default();
}

/// A label of the document.
pub fn read_label(structure: &Structure, header: &mut Header) {
    if let (Some(group), Some(label)) = (structure.text("group"), structure.text("label")) {
        header.labels.entry(group.to_owned()).or_default().push(label.to_owned());
    }
}
