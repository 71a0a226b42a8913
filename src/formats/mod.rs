//! File formats: one file here per format, one line per format in [`FORMATS`].
//!
//! A format turns bytes into documents and documents into bytes. It knows the model and nothing of disks,
//! windows or the command line: files beside the one that is read come through [`Companions`]. Offsets of other
//! units are converted by the text's index, at this border and nowhere else. What a format cannot hold it says
//! before anything is written ([`Format::losses`]); what it cannot read it says with place and hint.

pub mod align;
pub mod apf;
pub mod articles;
pub mod brat;
pub mod build;
pub mod capabilities;
pub mod cas;
pub mod choice;
pub mod columns;
mod dangling;
pub mod decode;
pub mod derive;
pub mod event_lines;
pub mod gliner;
pub mod gliner2;
pub mod hugging_face;
mod jsonl;
pub mod litbank;
pub mod losses;
mod most;
pub mod native;
pub mod order;
pub mod page;
pub mod pieces;
pub mod plain_text;
pub mod plover;
pub mod pubannotation;
pub mod quotes;
pub mod quotes_as_events;
pub(crate) mod sheet;
pub mod spacy;
pub mod split;
pub mod tables;
pub mod tally;
pub mod tasks;
pub mod tei;
pub mod w3c;
pub mod watch;
pub mod webanno_tsv;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_meaning;
#[cfg(test)]
pub(crate) mod test_support;

use std::io;
use std::path::{Path, PathBuf};

use watch::{Unwatched, Watch};

use crate::model::{Document, Problem, Schema};

pub use capabilities::{Holds, Joins, OptionInfo, Options, Unit};
pub use decode::{Decoded, EncodingInfo};
pub use losses::{Loss, Treatment};
pub use most::Most;
pub use pieces::Cut;

/// Every format, in the order in which they are offered. To add one: a file here and a line in this table.
pub const FORMATS: &[&dyn Format] = &[
    &native::NativeRon,
    &native::NativeJson,
    &jsonl::JsonLines,
    &plain_text::PlainText,
    &brat::Brat,
    &columns::conll::Conll,
    &columns::conllu::ConllU,
    &spacy::Spacy,
    &hugging_face::HuggingFace,
    &w3c::W3c,
    &articles::Markdown,
    &page::Html,
    &articles::Docx,
    &articles::Odt,
    &articles::Pdf,
    &articles::Epub,
    &articles::Feed,
    &articles::NewsMl,
    &articles::Nitf,
    &tei::Tei,
    &apf::Apf,
    &articles::Mail,
    &articles::JsonlText,
    &articles::CsvText,
    &webanno_tsv::WebannoTsv,
    &cas::CasJson,
    &cas::Xmi,
    &tasks::prodigy::Prodigy,
    &tasks::doccano::Doccano,
    &tasks::label_studio::LabelStudio,
    &pubannotation::PubAnnotation,
    &quotes::wikinews::WikinewsQuotes,
    &quotes::citron::Citron,
    &quotes::guardian::GuardianQuotes,
    &quotes::pdnc::Pdnc,
    &litbank::LitbankQuotes,
    &litbank::LitbankCoref,
    &quotes::table::QuotesCsv,
    &tables::Tables,
    &event_lines::dygie::Dygie,
    &event_lines::oneie::OneIe,
    &event_lines::wikievents::WikiEvents,
    &event_lines::rams::Rams,
    &plover::Plover,
    &gliner::Gliner,
    &gliner2::Gliner2,
    &page::Svg,
    &page::Png,
    &articles::Zip,
];

/// What a format is called and what it can do.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Short name for the command line (`ron`).
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// How names of such files end, in lower case and without the dot; the first is used for new files.
    pub extensions: &'static [&'static str],
    /// Whether [`Format::read`] works.
    pub reads: bool,
    /// Whether [`Format::write`] works.
    pub writes: bool,
    /// How the files of several documents come together.
    pub joins: Joins,
    /// What it can hold.
    pub holds: Holds,
    /// What it counts positions in.
    pub unit: Unit,
    /// What can be chosen when it is written, or when it is read if it is only read
    /// (else [`Format::reading_options`]).
    pub options: &'static [OptionInfo],
}

/// How sure a format is that bytes are its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// They are something else.
    No,
    /// They may be.
    Maybe,
    /// They carry the format's mark.
    Yes,
}

/// The files beside the one that is read (brat keeps the text and the annotations apart).
pub trait Companions: Sync {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// As the file system gives them; [`io::ErrorKind::NotFound`] if there is none.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
}

/// No files beside it: bytes from the clipboard or a test.
#[derive(Clone, Copy, Debug)]
pub struct NoCompanions;

impl Companions for NoCompanions {
    fn read(&self, _path: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// What is read.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Where the bytes came from; `None` if from no file.
    pub path: Option<&'a Path>,
    /// The whole file.
    pub bytes: &'a [u8],
    /// The encoding that the user chose, by any of its WHATWG labels; `None` to find out.
    pub encoding: Option<&'a str>,
    /// The files beside it.
    pub companions: &'a dyn Companions,
    /// Who waits for it.
    pub watch: &'a dyn Watch,
}

impl<'a> Input<'a> {
    /// Bytes without a file.
    pub fn of_bytes(bytes: &'a [u8]) -> Self {
        Self { path: None, bytes, encoding: None, companions: &NoCompanions, watch: &Unwatched }
    }

    /// The name of the file without folder and extension; empty if there is no file.
    pub fn stem(&self) -> String {
        self.path.and_then(Path::file_stem).map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// One document that was read, and what is worth saying about it.
#[derive(Debug)]
pub struct Read {
    /// The document.
    pub document: Document,
    /// Warnings, and errors that do not keep the document from being opened without loss.
    pub problems: Vec<Problem>,
    /// How bytes became text; `None` for formats that fix their encoding.
    pub encoding: Option<EncodingInfo>,
    /// The line on which the document begins, from 1, where a file holds several.
    pub line: Option<usize>,
    /// The schema that the file brings, or that follows from its labels; `None` if the document names one.
    pub schema: Option<Schema>,
    /// Which version of the native file it was; the current one for all other formats.
    pub version: native::Version,
}

/// A document to be written, with the name of its file.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// File name without folder and extension.
    pub name: &'a str,
    /// The document.
    pub document: &'a Document,
    /// Its schema, for formats that write one; `None` to derive one from the labels.
    pub schema: Option<&'a Schema>,
}

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Where, relative to the folder or beside the file that the user chose.
    pub name: PathBuf,
    /// The whole content.
    pub bytes: Vec<u8>,
}

/// Why a document cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The format is for reading only.
    #[error("{0} cannot be written; choose another format (manicule formats lists them)")]
    ReadOnly(&'static str),
    /// The document cannot be put into the form of the format.
    #[error("the document {name:?} cannot be written as {format}: {reason}")]
    Unwritable {
        /// The format's name.
        format: &'static str,
        /// The document's name.
        name: String,
        /// Why.
        reason: String,
    },
}

/// A file format.
pub trait Format: Sync {
    /// What it is called and what it can do.
    fn info(&self) -> Info;

    /// Whether `bytes` (the whole file) look like this format.
    fn sniff(&self, bytes: &[u8]) -> Likeness;

    /// Reads all documents of a file.
    ///
    /// # Errors
    /// Every problem that was found, if the file cannot be opened without loss.
    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>>;

    /// What can be chosen when it is read. [`Info::options`] are for reading only where nothing is written, so a format
    /// with choices for both says here which are for reading.
    fn reading_options(&self) -> &'static [OptionInfo] {
        let info = self.info();
        if info.writes { &[] } else { info.options }
    }

    /// Reads all documents of a file, with what was chosen. Formats without such a choice read as ever.
    ///
    /// # Errors
    /// As [`Format::read`].
    fn read_with(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let _ = options;
        self.read(input)
    }

    /// Where a large file can be cut into pieces of at least `size` bytes, each of which is read like a file; `None` if it
    /// is read as a whole.
    ///
    /// # Errors
    /// Those of reading `source`, the whole file.
    fn cut(&self, source: &mut dyn io::Read, size: u64) -> io::Result<Option<Cut>> {
        let _ = (source, size);
        Ok(None)
    }

    /// Writes documents: one file each, or one for all, or several for each, as the format has it.
    ///
    /// # Errors
    /// [`WriteError`] if the format cannot be written.
    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError>;

    /// What exactly would be lost or altered by writing `document`, in the order of the text.
    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss>;
}

/// Words in a page of Markdown: on one line, and nothing in them is markup or HTML.
pub fn plain_markdown(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '[' | ']' | '|' | '#' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// The format with this id.
pub fn by_id(id: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|f| f.info().id.eq_ignore_ascii_case(id))
}

/// The formats whose files have the extension of `path`, whatever its case.
pub fn by_name(path: &Path) -> impl Iterator<Item = &'static dyn Format> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    FORMATS.iter().copied().filter(move |f| f.info().extensions.contains(&extension.as_str()))
}

/// The format of a file: by its name, then by its content.
///
/// A file whose name belongs to a format is read as that format even if it is broken, so that the message is
/// about what is wrong with it. A file with any other name is plain text if it looks like no format.
pub fn detect(path: Option<&Path>, bytes: &[u8]) -> Option<&'static dyn Format> {
    let reads = |f: &&'static dyn Format| f.info().reads;
    let named: Vec<_> = path.into_iter().flat_map(by_name).filter(reads).collect();
    let all: Vec<_> = FORMATS.iter().copied().filter(reads).collect();
    likeliest(&named, bytes).or_else(|| named.first().copied()).or_else(|| likeliest(&all, bytes))
}

/// The first of those that fit best.
fn likeliest(candidates: &[&'static dyn Format], bytes: &[u8]) -> Option<&'static dyn Format> {
    let rated = candidates.iter().map(|f| (f.sniff(bytes), *f)).filter(|(likeness, _)| *likeness != Likeness::No);
    // `max_by_key` takes the last of equals, so the order is turned round.
    rated.rev().max_by_key(|(likeness, _)| *likeness).map(|(_, format)| format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(name: &str, bytes: &[u8]) -> &'static str {
        detect((!name.is_empty()).then(|| Path::new(name)), bytes).map_or("none", |f| f.info().id)
    }

    #[test]
    fn words_in_markdown_are_no_markup() {
        use pulldown_cmark::{Event, Parser, Tag};
        for words in [
            "<script>x</script>",
            "[a](javascript:alert(1))",
            "`</code><b>",
            "**a** # b | c",
            "![a](b)",
            "&lt;",
            "a\nb",
        ] {
            let page = format!("- {}\n", plain_markdown(words));
            for event in Parser::new(&page) {
                let is_fine = matches!(event, Event::Text(_) | Event::Start(Tag::List(_) | Tag::Item) | Event::End(_));
                assert!(is_fine, "{words}: {event:?}");
            }
            let text: String = Parser::new(&page)
                .filter_map(|event| if let Event::Text(text) = event { Some(text.into_string()) } else { None })
                .collect();
            assert_eq!(text, words.replace('\n', " "));
        }
    }

    #[test]
    fn ids_and_first_extensions_are_unique() {
        for (i, a) in FORMATS.iter().enumerate() {
            for b in &FORMATS[i + 1..] {
                assert_ne!(a.info().id, b.info().id);
            }
            assert!(by_id(a.info().id).is_some());
        }
    }

    #[test]
    fn a_file_is_known_by_its_name_and_then_by_its_content() {
        let json = br#"{"format": "manicule/1"}"#;
        assert_eq!(detected("a.RON", b"broken"), "ron");
        assert_eq!(detected("a.json", json), "json");
        assert_eq!(detected("a.jsonl", json), "jsonl");
        assert_eq!(detected("a.txt", b"Some text"), "text");
        assert_eq!(detected("a.xyz", b"( // note\n format: \"manicule/1\")"), "ron");
        assert_eq!(detected("", json), "json");
        assert_eq!(detected("README", b"Some text"), "text");
        assert_eq!(detected("a.png", b"\x89PNG\r\n\x1a\n\0\0"), "none");
    }
}
