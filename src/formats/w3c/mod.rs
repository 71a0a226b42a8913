//! W3C Web Annotations as JSON-LD, one a line, beside the text in `NAME.txt`.
//!
//! What is written:
//!
//! - a mention is an annotation with its label as a body of purpose `tagging`; several parts are several targets;
//! - events, quotes, entities and relations also have a body of purpose `classifying` that says which they are;
//! - roles and ends of relations are bodies of purpose `linking` with the role as `label`: another annotation, a part of the
//!   text (in several parts: a `Composite`), or a text for what is not in the document;
//! - the entity of a mention is a body of purpose `identifying`, the cue of a quote one of purpose `highlighting`, the quote in
//!   which an event is claimed one of purpose `assessing`;
//! - attributes are texts of purpose `describing` with the name as `label`, notes are texts of purpose `commenting`.
//!
//! Positions are code points of the `.txt` file, with both characters of a CRLF and with a byte order mark; each comes with the
//! words and what stands around them. Annotations of others are mentions, also in arrays, pages and collections. One without a
//! position is found by its words if they are in the text once.

mod read;
mod write;

use std::path::Path;

use super::build::Builder;
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, dangling,
    decode, losses,
};
use crate::model::{Document, Problem};
use crate::text::Text;

/// See the module.
pub struct W3c;

const HOLDS: Holds = Holds { metadata: false, document_labels: false, history: false, ..Holds::ALL };

const INFO: Info = Info {
    id: "w3c",
    name: "W3C Web Annotation",
    extensions: &["jsonl", "jsonld", "json"],
    reads: true,
    writes: true,
    joins: Joins::Apart,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[],
};

const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";
const MARK: char = '\u{feff}';
/// Kinds of annotations that are no mention.
const KINDS: [&str; 4] = ["event", "quote", "entity", "relation"];

fn has_mark(document: &Document) -> bool {
    document.header().metadata.bom || document.text().as_str().starts_with(MARK)
}

impl Format for W3c {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
        let first = start.trim_ascii_start().first();
        let context = CONTEXT.as_bytes();
        let has_context = start.windows(context.len()).any(|window| window == context);
        if has_context && matches!(first, Some(b'{' | b'[')) { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = match input.bytes {
            [] => String::new(),
            bytes => decode::decode_strict(bytes).map_err(|problem| vec![*problem])?,
        };
        let (text, shift) = text_beside(input).map_err(|problem| vec![*problem])?;
        let mut builder = Builder::new(INFO.id, text, None);
        builder.header.metadata.bom = shift > 0;
        read::annotations(&source, shift, &mut builder);
        Ok(vec![builder.finish(None)?])
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let mut files = Vec::new();
        for named in documents {
            let file = |extension: &str, content: String| OutputFile {
                name: format!("{}.{extension}", named.name).into(),
                bytes: content.into_bytes(),
            };
            let mark = if has_mark(named.document) { "\u{feff}" } else { "" };
            files.push(file("jsonl", write::annotations(named.document, named.name)));
            files.push(file("txt", [mark, named.document.text().as_str()].concat()));
        }
        Ok(files)
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        let mut found = losses::that_follow(document, &HOLDS);
        found.extend(dangling::losses(document));
        found
    }
}

/// The text beside a file, and 1 if positions count a byte order mark before it.
fn text_beside(input: &Input<'_>) -> Result<(Text, u64), Box<Problem>> {
    let path = input.path.unwrap_or(Path::new("")).with_extension("txt");
    let problem = |code, message: String, hint: &str| Box::new(Problem::error(code, message, hint).in_file(&path));
    let bytes = input.companions.read(&path).map_err(|error| {
        let message = format!("the text that belongs to the annotations cannot be read: {error}");
        problem("no-text", message, "put the text as a .txt file of the same name beside it")
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|error| problem("encoding-errors", format!("the text is not UTF-8: {error}"), "save it as UTF-8"))?;
    let (own, shift) = text.strip_prefix(MARK).map_or((text.as_str(), 0), |rest| (rest, 1));
    let text = Text::new(own).map_err(|e| problem("text-too-long", e.to_string(), "split it into several articles"))?;
    Ok((text, shift))
}

#[cfg(test)]
mod tests;
