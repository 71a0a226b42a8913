//! A file of a format is read: it is refused in words, or what was read is a sound document.
//!
//! What is packed is tried unpacked, too, since hardly any change of a packed file unpacks: an input for a format that is an
//! archive is the files of one, unless it begins like one, and one for spaCy is packed here, unless it is.

use std::io::{Cursor, Write as _};

use manicule::formats::{Format, Input};
use manicule::model::{Problem, Schema};

use super::bundle::Bundle;
use super::documents;

/// Documents of a file that are looked at; the others are like them.
const LOOKED_AT: usize = 8;

/// Reads `bytes` as `format`; gives the number of documents.
pub fn read(format: &'static dyn Format, bytes: &[u8]) -> usize {
    let mut bundle = Bundle::of(bytes, format);
    let packed = match format.info().id {
        "docx" | "odt" | "epub" | "zip" if !bundle.main.starts_with(b"PK") => Some(archive(&bundle)),
        "spacy" if !bundle.main.starts_with(b"\x78") => Some(deflated(bundle.main)),
        _ => None,
    };
    if let Some(packed) = &packed {
        bundle.main = packed;
    }
    let _ = format.sniff(bundle.main);
    let input = Input {
        path: Some(&bundle.name),
        encoding: bundle.encoding.as_deref(),
        companions: &bundle.beside,
        ..Input::of_bytes(bundle.main)
    };
    match format.read_with(&input, &bundle.options) {
        Ok(read) => {
            for one in read.iter().take(LOOKED_AT) {
                said(&one.problems);
                if let Some(schema) = &one.schema {
                    is_kept(schema);
                }
                documents::check(&one.document, one.schema.as_ref());
            }
            read.len()
        }
        Err(problems) => {
            assert!(!problems.is_empty(), "it is refused without a word");
            said(&problems);
            0
        }
    }
}

fn said(problems: &[Problem]) {
    for problem in problems {
        assert!(!problem.message.is_empty() && !problem.to_string().is_empty());
    }
}

/// A schema that comes with a file is written beside the user's, and must be read from there.
fn is_kept(schema: &Schema) {
    let ron = ron::ser::to_string_pretty(schema, ron::ser::PrettyConfig::default()).expect("it can be written");
    match Schema::parse(&ron, None) {
        Ok(again) => assert_eq!(again, *schema),
        Err(problems) => panic!("the schema of the file is wrong: {problems:?}"),
    }
}

/// An archive of the files of a bundle.
fn archive(bundle: &Bundle<'_>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in bundle.beside.files() {
        // A name that an archive cannot have is left out.
        if zip.start_file(name.to_string_lossy(), stored).is_ok() {
            zip.write_all(content).expect("memory");
        }
    }
    zip.finish().expect("memory").into_inner()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).expect("memory");
    out.finish().expect("memory")
}
