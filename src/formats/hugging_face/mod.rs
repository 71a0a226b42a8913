//! Datasets of Hugging Face: Parquet or JSON Lines with words and their tags (`ner_tags`), beside a dataset card, so that
//! `datasets.load_dataset` reads the folder.
//!
//! A row is a sentence or a document. Tags are flat; all mentions stand in `entities` with their characters (code points of the
//! row's `text`, half-open), events and quotes as JSON in `structures`. In Parquet tags are numbers of a `ClassLabel`, whose
//! names are those of the schema and of all documents that are written together.

mod card;
mod parquet;
mod rows;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::rows::{Row, rows_of};
use super::align::Overlaps;
use super::columns::tags::Scheme;
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Treatment, Unit,
    WriteError, losses,
};
use crate::model::{Document, Problem};

/// See the module.
pub struct HuggingFace;

const INFO: Info = Info {
    id: "hf",
    name: "Hugging Face dataset (Parquet, JSON Lines)",
    extensions: &["parquet", "jsonl"],
    reads: false,
    writes: true,
    joins: Joins::Whole,
    holds: Holds {
        text: false,
        mentions: true,
        overlaps: true,
        inside_tokens: true,
        events: true,
        other_fillers: true,
        quotes: true,
        ..Holds::TEXT
    },
    unit: Unit::Tokens,
    options: &[
        OptionInfo { name: "form", help: "Parquet with numbered tags, or JSON Lines", values: &["parquet", "jsonl"] },
        OptionInfo {
            name: "rows",
            help: "what is one row: a sentence, or the whole document",
            values: &["sentence", "document"],
        },
        OptionInfo { name: "scheme", help: "how tags say where a mention begins and ends", values: &["bio", "bioes"] },
        OptionInfo {
            name: "overlaps",
            help: "which of overlapping mentions has tags",
            values: &["longest", "shortest"],
        },
        OptionInfo { name: "card", help: "whether a dataset card is written beside it", values: &["yes", "no"] },
        OptionInfo {
            name: "labels",
            help: "labels of the tags beside those of the documents and their schema, with commas between them",
            values: &[],
        },
    ],
};

/// What was chosen.
#[derive(Clone, Copy, Debug)]
struct Choices {
    is_whole: bool,
    scheme: Scheme,
    overlaps: Overlaps,
}

impl Choices {
    fn of(options: &Options) -> Self {
        let is = |name: &str, value: &str| options.get(&INFO, name) == value;
        Self {
            is_whole: is("rows", "document"),
            scheme: Scheme::of(options.get(&INFO, "scheme")),
            overlaps: if is("overlaps", "shortest") { Overlaps::Shortest } else { Overlaps::Longest },
        }
    }
}

impl Format for HuggingFace {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, _bytes: &[u8]) -> Likeness {
        Likeness::No
    }

    fn read(&self, _input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let hint = "choose another format";
        Err(vec![Problem::error("unknown-format", "datasets of Hugging Face are only written", hint)])
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let choices = Choices::of(options);
        let rows: Vec<Row<'_>> = documents.iter().flat_map(|named| rows_of(named.document, choices).0).collect();
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        let names = tag_names(documents, options, choices.scheme);
        let file = if options.get(&INFO, "form") == "parquet" {
            let failed = |error: ::parquet::errors::ParquetError| WriteError::Unwritable {
                format: INFO.name,
                name: name.to_owned(),
                reason: error.to_string(),
            };
            let bytes = parquet::file(&rows, &names).map_err(failed)?;
            OutputFile { name: format!("{name}.parquet").into(), bytes }
        } else {
            let lines: Vec<String> = rows.iter().map(|row| format!("{}\n", line(row))).collect();
            OutputFile { name: format!("{name}.jsonl").into(), bytes: lines.concat().into_bytes() }
        };
        let mut files = vec![file];
        if options.get(&INFO, "card") == "yes" {
            let data = files.first().map(|file| file.name.to_string_lossy().into_owned()).unwrap_or_default();
            let is_numbered = options.get(&INFO, "form") == "parquet";
            let text = card::text(&data, documents.len(), &rows, &names, is_numbered);
            files.push(OutputFile { name: "README.md".into(), bytes: text.into_bytes() });
        }
        Ok(files)
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        let choices = Choices::of(options);
        let mut found = losses::that_follow(document, &Holds { text: choices.is_whole, ..INFO.holds });
        found.extend(rows_of(document, choices).1);
        found
    }
}

/// Every tag that there may be, `O` first. The same for every part of a dataset whose documents have one schema.
fn tag_names(documents: &[Named<'_>], options: &Options, scheme: Scheme) -> Vec<String> {
    let mut labels: BTreeSet<&str> =
        options.get(&INFO, "labels").split(',').map(str::trim).filter(|label| !label.is_empty()).collect();
    for named in documents {
        labels.extend(named.document.mentions().values().map(|mention| mention.label.as_str()));
        labels
            .extend(named.schema.into_iter().flat_map(|schema| &schema.mentions).map(|mention| mention.label.as_str()));
    }
    let letters: &[char] = if scheme == Scheme::Bioes { &['B', 'I', 'E', 'S'] } else { &['B', 'I'] };
    let tags = labels.into_iter().flat_map(|label| letters.iter().map(move |letter| format!("{letter}-{label}")));
    std::iter::once("O".to_owned()).chain(tags).collect()
}

fn line(row: &Row<'_>) -> Value {
    let entities: Vec<Value> =
        row.entities.iter().map(|e| json!({"start": e.start, "end": e.end, "label": e.label})).collect();
    json!({"id": row.id, "doc_id": row.doc_id, "tokens": row.tokens, "ner_tags": row.tags, "text": row.text,
           "entities": entities, "structures": row.structures})
}

/// What is told of an overlap: the mention is not lost, but has no tag.
fn untagged(loss: Loss) -> Loss {
    let what = loss.what.replace(" is lost, it overlaps ", " has no tag and stands in entities alone, it overlaps ");
    Loss { treatment: Treatment::Altered, what, ..loss }
}

#[cfg(test)]
mod tests;
