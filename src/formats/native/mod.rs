//! The native file: one document with one annotator's work, as RON or JSON of the same shape.
//!
//! [`shape`] is the contract as Rust types; `read` and `write` convert between it and the model; `layout` puts it on
//! lines. Offsets in files are code points; `text[start:end]` gives the `text` beside them. The JSON Schema of the
//! shape is in `assets/manicule-1.schema.json`.

mod layout;
mod locate;
mod markers;
pub mod migrate;
mod pieces;
mod plain;
mod quick;
mod read;
pub mod shape;
mod to_model;
pub(super) mod tree;
mod unknown;
mod write;

use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, decode,
};
use crate::model::{Document, Problem};

use tree::Language;

pub use layout::LayoutError;
pub use migrate::Version;
pub use read::{Source, read};

/// The native file as RON; the default.
pub struct NativeRon;

/// The native file as JSON.
pub struct NativeJson;

/// A document as RON: one annotation a line, `\n` at every line end.
///
/// # Errors
/// None for a document of the model; the type says what the writer could meet in another value.
pub fn to_ron(document: &Document) -> Result<String, LayoutError> {
    layout::ron(&write::Streamed { document, language: Language::Ron })
}

/// A document as JSON: one annotation a line, `\n` at every line end.
///
/// # Errors
/// None for a document of the model.
pub fn to_json(document: &Document) -> Result<String, LayoutError> {
    layout::json(&write::Streamed { document, language: Language::Json })
}

/// A document as JSON on one line, without a line end.
///
/// # Errors
/// None for a document of the model.
pub fn to_json_line(document: &Document) -> Result<String, LayoutError> {
    layout::json_line(&write::Streamed { document, language: Language::Json })
}

/// The JSON Schema of the native file, as it ships.
pub fn json_schema() -> String {
    let mut schema = schemars::schema_for!(shape::File);
    // The types refuse unknown fields, the program keeps them.
    let open = |of: Option<&mut serde_json::Map<String, serde_json::Value>>| {
        if let Some(of) = of {
            of.retain(|name, _| name != "additionalProperties");
        }
    };
    open(schema.as_object_mut());
    let types = schema.get_mut("$defs").and_then(serde_json::Value::as_object_mut);
    types.into_iter().flat_map(|types| types.values_mut()).for_each(|of| open(of.as_object_mut()));
    pretty(&schema)
}

/// The JSON Schema of schema files, as it ships.
pub fn json_schema_of_schemas() -> String {
    pretty(&schemars::schema_for!(crate::model::Schema))
}

fn pretty(schema: &schemars::Schema) -> String {
    // A schema is plain JSON; it cannot fail to be written.
    let mut out = serde_json::to_string_pretty(schema).unwrap_or_default();
    out.push('\n');
    out
}

/// Whether `bytes` begin like a JSON object that names the native format near its beginning.
pub(super) fn looks_like_json(bytes: &[u8]) -> bool {
    let head = head(bytes);
    head.trim_start().starts_with('{') && head.contains("\"format\"") && head.contains("\"manicule/")
}

/// The version of the native file that `bytes` hold, as they call it; `None` if they are no native file.
pub fn format_of(bytes: &[u8]) -> Option<String> {
    migrate::format_in(&head(bytes)).map(str::to_owned)
}

/// From so many bytes the format is told.
pub const HEAD_BYTES: usize = 4096;

/// The beginning of a file as text, without a byte order mark.
fn head(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8_lossy(bytes.get(..bytes.len().min(HEAD_BYTES)).unwrap_or_default()).into_owned()
}

fn write_each(
    format: &dyn Format,
    documents: &[Named<'_>],
    to_text: fn(&Document) -> Result<String, LayoutError>,
) -> Result<Vec<OutputFile>, WriteError> {
    let Info { name: format, extensions, .. } = format.info();
    let extension = extensions.first().copied().unwrap_or_default();
    let write = |named: &Named<'_>| {
        let bytes = to_text(named.document).map_err(|error| WriteError::Unwritable {
            format,
            name: named.name.to_owned(),
            reason: error.to_string(),
        })?;
        Ok(OutputFile { name: format!("{}.{extension}", named.name).into(), bytes: bytes.into_bytes() })
    };
    documents.iter().map(write).collect()
}

impl Format for NativeRon {
    fn info(&self) -> Info {
        Info {
            id: "ron",
            name: "Manicule (RON)",
            extensions: &["ron"],
            reads: true,
            writes: true,
            joins: Joins::Apart,
            holds: Holds::ALL,
            unit: Unit::Codepoints,
            options: &[],
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let head = head(bytes);
        // Comments and `#![enable(…)]` may stand before the parenthesis.
        let starts = ["(", "#![", "//", "/*"].iter().any(|start| head.trim_start().starts_with(start));
        if starts && head.contains("format:") && head.contains("\"manicule/") { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        Ok(vec![read::read_watched(Source::Ron(&source), input.watch)?])
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        write_each(self, documents, to_ron)
    }

    fn losses(&self, _document: &Document, _options: &Options) -> Vec<Loss> {
        Vec::new()
    }
}

impl Format for NativeJson {
    fn info(&self) -> Info {
        Info {
            id: "json",
            name: "Manicule (JSON)",
            extensions: &["json"],
            reads: true,
            writes: true,
            joins: Joins::Apart,
            holds: Holds::ALL,
            unit: Unit::Codepoints,
            options: &[],
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        if looks_like_json(bytes) { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        Ok(vec![read::read_watched(Source::Json { text: &source, first_line: 1 }, input.watch)?])
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        write_each(self, documents, to_json)
    }

    fn losses(&self, _document: &Document, _options: &Options) -> Vec<Loss> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod unknown_tests;
