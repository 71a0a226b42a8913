//! brat standoff: `NAME.txt` with the text, `NAME.ann` with the annotations, `annotation.conf` with the label set of the
//! folder.
//!
//! Mentions are `T` lines; events are `E` lines on triggers of their own, which events of the same type and words share;
//! quotes are events as [`quotes_as_events`](super::quotes_as_events) has it. Words that fill a role and are no mention
//! are `T` lines of the type [`FILLER`]; fillers that are not in the text are `#` lines of the type [`IMPLICIT`] and come
//! after the others. What is said of entities: `entities`. Characters that brat cannot have in a name: `names`.
//! Positions are code points of the `.txt` file, with both characters of a CRLF and with a byte order mark, as brat counts.

mod conf;
mod entities;
mod graph;
mod lines;
mod losses;
mod names;
mod read;
mod write;

use std::path::Path;

use super::build::Builder;
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
    decode, derive,
};
use crate::model::{Document, Problem};
use crate::text::Text;

/// See the module.
pub struct Brat;

/// The type of words that fill a role and are no mention.
pub const FILLER: &str = "Filler";
/// A label of that name, so that mentions with it stay mentions.
const ESCAPED_FILLER: &str = "_x0046_iller";
/// The type of `#` lines with fillers that are not in the text: `Role: words`.
pub const IMPLICIT: &str = "Implicit";
/// The type of `#` lines with notes.
const NOTE: &str = "AnnotatorNotes";

const HOLDS: Holds = Holds { metadata: false, document_labels: false, history: false, ..Holds::ALL };

const INFO: Info = Info {
    id: "brat",
    name: "brat standoff",
    extensions: &["ann"],
    reads: true,
    writes: true,
    joins: Joins::Whole,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[OptionInfo {
        name: "conf",
        help: "write annotation.conf and visual.conf for the collection",
        values: &["yes", "no"],
    }],
};

const MARK: char = '\u{feff}';

/// Whether a byte order mark is written before the text: there was one, or the text's own first character would be taken
/// for one.
fn has_mark(document: &Document) -> bool {
    document.header().metadata.bom || document.text().as_str().starts_with(MARK)
}

impl Format for Brat {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let Ok(file) = std::str::from_utf8(bytes) else { return Likeness::No };
        let mut lines = file.lines().filter(|line| !line.trim().is_empty()).take(20).peekable();
        if lines.peek().is_some() && lines.all(lines::looks_like_one) { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let file = match input.bytes {
            [] => String::new(),
            bytes => decode::decode_strict(bytes).map_err(|problem| vec![*problem])?,
        };
        let (text, info, shift) = text_beside(input).map_err(|problem| vec![*problem])?;
        let mut builder = Builder::new(INFO.id, text, info.as_ref());
        builder.header.metadata.bom = shift > 0;
        let conf = input.path.map(|path| path.with_file_name("annotation.conf"));
        let mut remarks = Vec::new();
        let conf = conf.and_then(|path| match input.companions.read(&path) {
            Ok(bytes) => Some((path, bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let message = format!("annotation.conf cannot be read: {error}");
                let hint = "labels are taken from the file itself";
                remarks.push(Problem::warning("no-conf", message, hint).in_file(&path));
                None
            }
        });
        let schema = conf.map(|(path, bytes)| {
            let (schema, problems) = conf::read(&String::from_utf8_lossy(&bytes));
            remarks.extend(problems.into_iter().map(|problem| problem.in_file(&path)));
            schema
        });
        read::read(&file, shift, schema.as_ref(), &mut builder);
        let mut read = builder.finish(schema)?;
        read.encoding = info;
        if let Some(schema) = &mut read.schema
            && !derive::knows(schema, &read.document)
        {
            conf::join(schema, &derive::schema_of([&read.document]));
            conf::rename(schema);
            read.document.header.schema.name.clone_from(&schema.name);
            let message = "annotation.conf does not have all labels of this file; they were added to the schema";
            remarks.push(Problem::warning("labels-not-in-conf", message, "add them to annotation.conf"));
        }
        read.problems.extend(remarks);
        Ok(vec![read])
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let mut files = Vec::new();
        for named in documents {
            let text = named.document.text();
            let mark = if has_mark(named.document) { "\u{feff}" } else { "" };
            let file = |extension: &str, content: String| OutputFile {
                name: format!("{}.{extension}", named.name).into(),
                bytes: content.into_bytes(),
            };
            files.push(file("ann", write::annotations(named.document)));
            files.push(file("txt", [mark, text.as_str()].concat()));
        }
        if options.get(&INFO, "conf") == "yes" && !documents.is_empty() {
            let schema = conf::of(documents);
            for (name, content) in
                [("annotation.conf", conf::annotation(&schema)), ("visual.conf", conf::visual(&schema))]
            {
                files.push(OutputFile { name: name.into(), bytes: content.into_bytes() });
            }
        }
        Ok(files)
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::losses(document)
    }
}

/// The text beside an `.ann` file, how it became text, and 1 if positions count a byte order mark before it.
fn text_beside(input: &Input<'_>) -> Result<(Text, Option<decode::EncodingInfo>, u64), Box<Problem>> {
    let path = input.path.unwrap_or(Path::new("")).with_extension("txt");
    let in_file = |problem: Problem| Box::new(problem.in_file(&path));
    let bytes = input.companions.read(&path).map_err(|error| {
        let message = format!("the text that belongs to the annotations cannot be read: {error}");
        in_file(Problem::error("no-text", message, "put the .txt file of the same name beside the .ann file"))
    })?;
    let too_long = |error: crate::text::TextTooLong| {
        in_file(Problem::error("text-too-long", error.to_string(), "split the file into several articles"))
    };
    if let Some(label) = input.encoding
        && !bytes.is_empty()
    {
        let decoded = decode::decode_as(&bytes, label).map_err(|error| in_file(error.problem()))?;
        let shift = u64::from(decoded.info.bom);
        return Ok((Text::new(decoded.text).map_err(too_long)?, Some(decoded.info), shift));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let hint = "save it as UTF-8, or choose its encoding";
        in_file(Problem::error("encoding-errors", format!("the text is not UTF-8: {}", error.utf8_error()), hint))
    })?;
    match text.strip_prefix(MARK) {
        Some(rest) => Ok((Text::new(rest).map_err(too_long)?, None, 1)),
        None => Ok((Text::new(text).map_err(too_long)?, None, 0)),
    }
}

#[cfg(test)]
mod tests;
