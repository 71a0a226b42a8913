//! JSON Lines: one document a line, each in the native JSON form.

use std::io;

use super::native::{self, Source};
use super::{
    Cut, Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, decode,
    pieces,
};
use crate::limits::PROBLEMS;
use crate::model::{Document, Problem};

/// See the module.
pub struct JsonLines;

impl Format for JsonLines {
    fn info(&self) -> Info {
        Info {
            id: "jsonl",
            name: "JSON Lines, one native document a line",
            extensions: &["jsonl", "ndjson"],
            reads: true,
            writes: true,
            joins: Joins::Appended,
            holds: Holds::ALL,
            unit: Unit::Codepoints,
            options: &[],
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let mut lines = bytes.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let is_whole = |line: &[u8]| native::looks_like_json(line) && line.trim_ascii().ends_with(b"}");
        match (lines.next(), lines.next()) {
            (Some(first), Some(second)) if is_whole(first) && is_whole(second) => Likeness::Yes,
            (Some(first), None) if is_whole(first) => Likeness::Maybe,
            _ => Likeness::No,
        }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for (index, line) in source.split('\n').enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            match native::read(Source::Json { text: line, first_line: index + 1 }) {
                Ok(read) => found.push(Read { line: Some(index + 1), ..read }),
                Err(problems) => refused.extend(problems),
            }
            if refused.len() > PROBLEMS {
                break;
            }
        }
        if found.is_empty() && refused.is_empty() {
            refused.push(decode::DecodeError::Empty.problem());
        }
        if refused.is_empty() { Ok(found) } else { Err(refused) }
    }

    fn cut(&self, source: &mut dyn io::Read, size: u64) -> io::Result<Option<Cut>> {
        pieces::of_lines(source, size)
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let mut bytes = Vec::new();
        for named in documents {
            let unwritable =
                |reason: String| WriteError::Unwritable { format: "JSON Lines", name: named.name.to_owned(), reason };
            bytes.extend(native::to_json_line(named.document).map_err(|e| unwritable(e.to_string()))?.into_bytes());
            bytes.push(b'\n');
        }
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        Ok(vec![OutputFile { name: format!("{name}.jsonl").into(), bytes }])
    }

    fn losses(&self, _document: &Document, _options: &Options) -> Vec<Loss> {
        Vec::new()
    }
}
