//! Plain text: reads an article; writes its text alone, and says that everything else is lost.

use super::decode::{self, EncodingInfo};
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, losses,
};
use crate::model::schema::builtin;
use crate::model::{Document, Header, Metadata, Problem, SchemaRef, guess_title};
use crate::text::Text;

/// See the module.
pub struct PlainText;

/// The schema of documents that name none.
pub const DEFAULT_SCHEMA: &str = "news";

/// A byte order mark.
const MARK: &str = "\u{feff}";

/// A new document of a text: its title is guessed, its schema is the default one. The identifier comes from the
/// text, so that two annotators who open the same article work on the same document.
pub fn new_document(text: Text, encoding: Option<&EncodingInfo>) -> Document {
    let metadata = Metadata {
        id: text.sha256().chars().take(16).collect(),
        title: guess_title(&text),
        encoding: encoding.filter(|e| e.name != "UTF-8").map(|e| e.name.to_owned()),
        bom: encoding.is_some_and(|e| e.bom),
        ..Metadata::default()
    };
    let version = builtin(DEFAULT_SCHEMA).map_or(1, |schema| schema.version);
    let schema = SchemaRef { name: DEFAULT_SCHEMA.to_owned(), version };
    Document::new(text, Header { metadata, schema, ..Header::default() })
}

impl Format for PlainText {
    fn info(&self) -> Info {
        Info {
            id: "text",
            name: "Plain text",
            extensions: &["txt", "text"],
            reads: true,
            writes: true,
            joins: Joins::Apart,
            holds: Holds::TEXT,
            unit: Unit::None,
            options: &[],
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        if bytes.is_empty() || decode::decode(bytes).is_ok() { Likeness::Maybe } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let decoded = match input.encoding {
            Some(label) => decode::decode_as(input.bytes, label),
            None => decode::decode(input.bytes),
        };
        let decoded = decoded.map_err(|error| vec![error.problem()])?;
        let text = Text::new(decoded.text).map_err(|error| {
            vec![Problem::error("text-too-long", error.to_string(), "split the file into several articles")]
        })?;
        let document = new_document(text, Some(&decoded.info));
        Ok(vec![Read {
            document,
            problems: decoded.info.problems(),
            encoding: Some(decoded.info),
            line: None,
            schema: None,
            version: Default::default(),
        }])
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let file = |named: &Named<'_>| {
            let text = named.document.text().as_str();
            // The first byte order mark is taken off by whoever reads: a text that begins with one gets another.
            let mark = if text.starts_with(MARK) { MARK } else { "" };
            OutputFile { name: format!("{}.txt", named.name).into(), bytes: [mark, text].concat().into_bytes() }
        };
        Ok(documents.iter().map(file).collect())
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::that_follow(document, &Holds::TEXT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::mention;

    fn read(bytes: &[u8]) -> Read {
        PlainText.read(&Input::of_bytes(bytes)).expect("text").remove(0)
    }

    #[test]
    fn the_text_is_verbatim_and_its_encoding_recorded() {
        let read = read(b"\xef\xbb\xbfTalks resume in Paris\r\n\r\nText.\r\n");
        assert_eq!(read.document.text().as_str(), "Talks resume in Paris\r\n\r\nText.\r\n");
        let metadata = &read.document.header().metadata;
        assert_eq!((metadata.title.as_str(), metadata.bom), ("Talks resume in Paris", true));
        assert_eq!(metadata.encoding, None);
        assert_eq!(read.problems, []);
    }

    #[test]
    fn a_text_that_begins_with_a_byte_order_mark_comes_back() {
        for text in ["\u{feff}", "\u{feff}Anna", "\u{feff}\u{feff}Anna", "Anna\u{feff}"] {
            let document = Document::new(Text::new(text).expect("short"), Header::default());
            let named = Named { name: "doc", document: &document, schema: None };
            let files = PlainText.write(&[named], &Options::default()).expect("writable");
            assert_eq!(read(&files[0].bytes).document.text().as_str(), text);
        }
    }

    #[test]
    fn every_annotation_is_a_loss() {
        let mut document = read(b"Anna met Bob in the town of Rye.").document;
        assert_eq!(PlainText.losses(&document, &Options::default()), []);
        document.mentions.insert("m2".into(), mention("m2", "Person", &[(9, 12)]));
        document.mentions.insert("m1".into(), mention("m1", "Person", &[(0, 4)]));
        let losses = PlainText.losses(&document, &Options::default());
        let ids: Vec<_> = losses.iter().filter_map(|l| l.id.as_ref()).map(ToString::to_string).collect();
        assert_eq!(ids, ["m1", "m2"]);
        assert_eq!(losses.first().map(|l| l.what.as_str()), Some("the mention Person \"Anna\" is lost"));
    }
}
