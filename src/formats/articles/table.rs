//! Tables of articles: JSON Lines and CSV with a column of text. One article for each row.

use std::io::{self, Read as _};

use serde_json::{Map, Value};

use super::Reader;
use super::compose::Composer;
use crate::formats::{Cut, Format as _, Input, Likeness, OptionInfo, Options, Read, decode, pieces};
use crate::model::{Problem, ZoneKind};

/// JSON Lines that are no native documents.
pub struct JsonlText;

/// Tables with commas, semicolons or tabs.
pub struct CsvText;

/// Names of columns of text, the surest first.
const TEXT: &[&str] = &["text", "content", "body", "article", "body_text", "full_text", "fulltext", "maintext"];

/// Names of columns that mean something, by what they mean.
const TITLE: &[&str] = &["title", "headline"];
const DATE: &[&str] =
    &["date", "published", "published_at", "publication_date", "date_publish", "pubdate", "versioncreated"];
const SOURCE: &[&str] = &["source", "url", "link", "publisher", "publication"];
const ID: &[&str] = &["id", "doc_id", "document_id", "article_id", "guid", "uri"];
const LANGUAGE: &[&str] = &["language", "lang"];

const OPTIONS: &[OptionInfo] = &[OptionInfo {
    name: "column",
    help: "the column with the text (text, content, body or article if nothing is chosen)",
    values: &[],
}];

/// A row: names and values in their order.
type Row = Vec<(String, String)>;

/// The column of text: the chosen one, or the surest of the known ones.
fn text_column(names: &[&str], chosen: &str) -> Result<String, Problem> {
    let find = |wanted: &str| names.iter().find(|name| name.trim().eq_ignore_ascii_case(wanted));
    let known = || names.join(", ");
    if !chosen.is_empty() {
        return find(chosen).map(|name| (*name).to_owned()).ok_or_else(|| {
            let message = format!("there is no column {chosen:?}; there is {}", known());
            Problem::error("no-column", message, "choose one of these with the option column=NAME")
        });
    }
    TEXT.iter().find_map(|wanted| find(wanted)).map(|name| (*name).to_owned()).ok_or_else(|| {
        let message = format!("no column is called text, content, body or article; there is {}", known());
        Problem::error("no-column", message, "choose the column of text with the option column=NAME")
    })
}

/// The article of a row. `others` collects the names of columns that are left out.
fn article(row: Row, column: &str, line: usize, others: &mut Vec<String>) -> Result<Read, Vec<Problem>> {
    let mut composer = Composer::default();
    composer.line = Some(line);
    for (name, value) in row {
        let lower = name.trim().to_ascii_lowercase();
        let is = |names: &[&str]| names.contains(&lower.as_str());
        if name == column {
            composer.block(ZoneKind::Body, &value);
        } else if value.trim().is_empty() {
        } else if is(TITLE) && composer.title.is_none() {
            composer.title = Some(value);
        } else if is(DATE) {
            composer.published(Some(&value));
        } else if is(SOURCE) && composer.source.is_none() {
            composer.source = Some(value);
        } else if is(ID) && composer.id.is_none() {
            composer.id = Some(value);
        } else if is(LANGUAGE) {
            composer.language(Some(&value));
        } else if !others.contains(&name) {
            others.push(name);
        }
    }
    composer.finish()
}

/// All articles, with what was left out told at the first.
fn together(found: Vec<Read>, refused: Vec<Problem>, others: &[String]) -> Result<Vec<Read>, Vec<Problem>> {
    let mut found = found;
    let mut refused = refused;
    if let Some(first) = found.first_mut() {
        if !others.is_empty() {
            let message = format!("columns that are left out: {}", others.join(", "));
            first.problems.push(Problem::warning("left-out", message, "they have no place in a document"));
        }
        first.problems.append(&mut refused);
        return Ok(found);
    }
    if refused.is_empty() {
        refused.push(Problem::error("no-text", "there is no row in it", "choose a table with articles in it"));
    }
    Err(refused)
}

/// Keys of lines with annotations, which other formats read.
const ANNOTATED: &[&str] = &[
    "spans",
    "tokens",
    "entities",
    "relations",
    "label",
    "labels",
    "ner",
    "ner_tags",
    "sentences",
    "denotations",
    "annotations",
    "predictions",
    "_input_hash",
    "events",
    "evt_triggers",
    "quotes",
    "cats",
    "_view_id",
    "event_mentions",
    "entity_mentions",
    "predicted_ner",
    "offsets",
    "target",
    "format",
];

fn object(line: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

impl Reader for JsonlText {
    const ID: &'static str = "jsonl-text";
    const NAME: &'static str = "JSON Lines with a field of text, one article a line";
    const EXTENSIONS: &'static [&'static str] = &["jsonl", "ndjson"];
    const OPTIONS: &'static [OptionInfo] = OPTIONS;

    fn looks(&self, bytes: &[u8]) -> Likeness {
        let first = bytes.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
        let Some(object) = str::from_utf8(first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first)).ok().and_then(object)
        else {
            return Likeness::No;
        };
        let has_text =
            object.iter().any(|(key, value)| value.is_string() && TEXT.contains(&key.to_ascii_lowercase().as_str()));
        let is_annotated = object.keys().any(|key| ANNOTATED.contains(&key.as_str()));
        if has_text && !is_annotated { Likeness::Maybe } else { Likeness::No }
    }

    fn articles(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let info = self.info();
        let chosen = options.get(&info, "column");
        let (mut found, mut refused, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let mut column: Option<String> = None;
        for (index, line) in source.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let at = |problem: Problem| problem.at_line(index + 1, 1);
            let object = match serde_json::from_str::<Value>(line) {
                Ok(Value::Object(object)) => object,
                Ok(_) => {
                    refused.push(at(Problem::error(
                        "json-syntax",
                        "the line is no object",
                        "put each article into braces",
                    )));
                    continue;
                }
                Err(error) => {
                    let hint = "correct this line in a text editor";
                    refused.push(
                        Problem::error("json-syntax", error.to_string(), hint).at_line(index + 1, error.column()),
                    );
                    continue;
                }
            };
            let names: Vec<&str> = object.keys().map(String::as_str).collect();
            let column = match column.as_deref().filter(|column| object.contains_key(*column)) {
                Some(column) => column.to_owned(),
                None => match text_column(&names, chosen) {
                    Ok(name) => column.insert(name).clone(),
                    Err(problem) => {
                        refused.push(at(problem));
                        continue;
                    }
                },
            };
            let row = object.into_iter().map(|(name, value)| match value {
                Value::String(text) => (name, text),
                Value::Null => (name, String::new()),
                other => (name, other.to_string()),
            });
            match article(row.collect(), &column, index + 1, &mut others) {
                Ok(read) => found.push(read),
                Err(problems) => refused.extend(problems),
            }
        }
        together(found, refused, &others)
    }

    fn pieces(&self, source: &mut dyn io::Read, size: u64) -> io::Result<Option<Cut>> {
        pieces::of_lines(source, size)
    }
}

/// The divider of a table by its first line.
fn divider(head: &str) -> u8 {
    let count = |divider: char| head.matches(divider).count();
    [(b'\t', count('\t')), (b';', count(';')), (b',', count(','))]
        .into_iter()
        .max_by_key(|(_, n)| *n)
        .map_or(b',', |(d, _)| d)
}

fn head_of(text: &str) -> Vec<String> {
    let line = text.lines().next().unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(divider(line)).from_reader(line.as_bytes());
    let first = reader.records().next().and_then(Result::ok);
    first.map(|record| record.iter().map(|cell| cell.trim().to_owned()).collect()).unwrap_or_default()
}

impl Reader for CsvText {
    const ID: &'static str = "csv-text";
    const NAME: &'static str = "CSV with a column of text, one article a row";
    const EXTENSIONS: &'static [&'static str] = &["csv", "tsv"];
    const OPTIONS: &'static [OptionInfo] = OPTIONS;

    fn looks(&self, bytes: &[u8]) -> Likeness {
        let start = bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default();
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let names = head_of(&String::from_utf8_lossy(start));
        let lower: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        let has_text = lower.iter().any(|name| TEXT.contains(&name.as_str()));
        // Tables of annotations count places and name speakers or labels.
        let is_annotated = lower.iter().any(|name| {
            ["start", "end", "speaker", "cue", "offset", "label", "begin", "quote"]
                .iter()
                .any(|mark| name.split(['_', ' ', '-']).any(|part| part == *mark))
        });
        if names.len() > 1 && has_text && !is_annotated { Likeness::Maybe } else { Likeness::No }
    }

    fn articles(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let decoded = super::compose::decoded(input)?;
        let info = self.info();
        let names = head_of(&decoded.text);
        crate::formats::sheet::check_columns(names.len()).map_err(|problem| vec![problem])?;
        let list: Vec<&str> = names.iter().map(String::as_str).collect();
        let column = text_column(&list, options.get(&info, "column")).map_err(|problem| vec![problem.at_line(1, 1)])?;
        let head = decoded.text.lines().next().unwrap_or_default();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(true)
            .flexible(true)
            .delimiter(divider(head))
            .from_reader(decoded.text.as_bytes());
        let (mut found, mut refused, mut others) = (Vec::new(), decoded.info.problems(), Vec::new());
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    refused.push(Problem::error("csv-syntax", error.to_string(), "correct this row in a text editor"));
                    continue;
                }
            };
            let line = record.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
            if record.len() != names.len() {
                let message = format!("the row has {} cells, the first line {}", record.len(), names.len());
                let hint = "check the quotation marks around the text";
                refused.push(Problem::warning("uneven-row", message, hint).at_line(line, 1));
            }
            let row = names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
            match article(row, &column, line, &mut others) {
                Ok(read) => found.push(read),
                Err(problems) => refused.extend(problems),
            }
        }
        together(found, refused, &others)
    }

    fn pieces(&self, source: &mut dyn io::Read, size: u64) -> io::Result<Option<Cut>> {
        let mut start = vec![0; 1 << 16];
        let length = source.read(&mut start)?;
        start.truncate(length);
        let divider = divider(String::from_utf8_lossy(&start).lines().next().unwrap_or_default());
        pieces::of_rows(&mut io::Cursor::new(start).chain(source), size, divider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_json_lines_are_articles() {
        let lines = "{\"id\": 7, \"title\": \"T\", \"date\": \"2024-05-01\", \"url\": \"https://x.example\", \"body\": \"Anna met Bob.\\n\\n😀\", \"x\": [1]}\n\n{\"body\": \"Two\"}\nbroken\n";
        assert_eq!(JsonlText.sniff(lines.as_bytes()), Likeness::Maybe);
        let read = JsonlText.read(&Input::of_bytes(lines.as_bytes())).expect("articles");
        assert_eq!(read[0].document.text().as_str(), "Anna met Bob.\n\n😀");
        let m = &read[0].document.header().metadata;
        assert_eq!((m.id.as_str(), m.title.as_str(), m.published.as_deref()), ("7", "T", Some("2024-05-01")));
        assert_eq!((m.source.as_deref(), read[1].line), (Some("https://x.example"), Some(3)));
        let codes: Vec<_> = read[0].problems.iter().map(|p| (p.code, p.place.line)).collect();
        assert_eq!(codes, [("left-out", None), ("json-syntax", Some(4))]);
    }

    #[test]
    fn the_column_of_text_can_be_chosen() {
        let table = b"id;story;note\n1;\"Anna; \"\"met\"\" Bob\nthere\";x\n2;Two\n";
        let problems = CsvText.read(&Input::of_bytes(table)).expect_err("which column");
        assert!(problems[0].message.contains("there is id, story, note"), "{problems:?}");
        let mut options = Options::default();
        options.set(&CsvText.info(), "column", "story").expect("any name");
        let read = CsvText.read_with(&Input::of_bytes(table), &options).expect("articles");
        assert_eq!(read[0].document.text().as_str(), "Anna; \"met\" Bob\nthere");
        assert_eq!(read[1].document.header().metadata.id, "2");
        let codes: Vec<_> = read[0].problems.iter().map(|p| (p.code, p.place.line)).collect();
        assert_eq!(codes, [("left-out", None), ("uneven-row", Some(4))]);
        options.set(&CsvText.info(), "column", "none").expect("any name");
        assert_eq!(CsvText.read_with(&Input::of_bytes(table), &options).expect_err("no such")[0].code, "no-column");
    }

    #[test]
    fn files_with_annotations_are_those_of_other_formats() {
        for other in [
            "{\"text\": \"x\", \"spans\": []}",
            "{\"text\": \"x\", \"label\": [[0, 1, \"A\"]]}",
            "{\"format\": \"manicule/1\", \"text\": \"x\"}",
            "{\"document\": {}}",
            "[1]",
        ] {
            assert_eq!(JsonlText.sniff(other.as_bytes()), Likeness::No, "{other}");
        }
        assert_eq!(CsvText.sniff(b"text,start,end\n"), Likeness::No);
        assert_eq!(CsvText.sniff(b"text,title\n"), Likeness::Maybe);
        assert_eq!(CsvText.sniff(b"A sentence about text, and more"), Likeness::No);
    }
}
