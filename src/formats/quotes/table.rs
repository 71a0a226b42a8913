//! A plain table of quotes: one row for each, with its words and where they are; the text in a file beside it.
//!
//! The columns are `id`, `kind`, `speaker`, `speaker_offsets`, `cue`, `cue_offsets`, `addressee`, `addressee_offsets`,
//! `text`, `offsets`, `roles`, `attributes`, `note`. Offsets are half-open in code points, `12-18`, parts divided by `;`.
//! A speaker or addressee without offsets is not in the text. `roles` (further ones: JSON) and `attributes` (JSON) are for
//! programs. Of other people's tables `text` (or `quote`) and `offsets` (or `start` and `end`) must be there; columns may
//! be in any order, divided by commas, semicolons or tabs. The text is `NAME.txt` beside `NAME.csv`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Words, in_text, roles_of, text_of};
use crate::formats::build::Builder;
use crate::formats::sheet::{self, Sheet};
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Treatment, Unit,
    WriteError, decode, order,
};
use crate::model::{AttributeValue, Document, Filler, Id, Problem, Quote};
use crate::text::{Spans, Text};

/// See the module.
pub struct QuotesCsv;

const HOLDS: Holds = super::QUOTES;

/// Whether cells are guarded; shared with other tables.
pub(in crate::formats) const GUARD: OptionInfo = OptionInfo {
    name: "guard",
    help: "an apostrophe before cells that a spreadsheet would run as a formula",
    values: &["yes", "no"],
};

const INFO: Info = Info {
    id: "quotes-csv",
    name: "Table of quotes (CSV)",
    extensions: &["csv", "tsv"],
    reads: true,
    writes: true,
    joins: Joins::Apart,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[
        GUARD,
        OptionInfo {
            name: "mark",
            help: "a byte order mark, without which some spreadsheets do not see that it is UTF-8",
            values: &["no", "yes"],
        },
    ],
};

const COLUMNS: &[&str] = &[
    "id",
    "kind",
    "speaker",
    "speaker_offsets",
    "cue",
    "cue_offsets",
    "addressee",
    "addressee_offsets",
    "text",
    "offsets",
    "roles",
    "attributes",
    "note",
];

/// A role that has no column.
#[derive(Serialize, Deserialize)]
struct Role {
    #[serde(rename = "role")]
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offsets: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// Spans as `12-18;20-25`, half-open in code points.
pub(in crate::formats) fn offsets(text: &Text, spans: &Spans) -> String {
    let one =
        |span: &crate::text::Span| format!("{}-{}", text.codepoint_of(span.start).0, text.codepoint_of(span.end).0);
    spans.iter().map(one).collect::<Vec<_>>().join(";")
}

/// The positions of such a cell; `None` if it is of another form.
fn parse(cell: &str) -> Option<Vec<(u64, u64)>> {
    let one = |part: &str| {
        let (start, end) = part.trim().split_once(['-', '\u{2013}', ':'])?;
        Some((start.trim().parse().ok()?, end.trim().parse().ok()?))
    };
    cell.split(';').filter(|part| !part.trim().is_empty()).map(one).collect()
}

// --- reading ----------------------------------------------------------------------------------------------------------

/// A row by the names of its columns.
struct Row<'a> {
    names: &'a BTreeMap<String, usize>,
    /// Without their guards.
    cells: Vec<String>,
    line: Option<usize>,
}

impl Row<'_> {
    fn get(&self, names: &[&str]) -> &str {
        let found = names.iter().find_map(|name| self.names.get(*name)).and_then(|n| self.cells.get(*n));
        found.map(String::as_str).unwrap_or_default()
    }
}

struct Reading {
    builder: Builder,
    ids: BTreeSet<String>,
    by_marks: usize,
}

impl Reading {
    /// The spans of a cell with offsets; `None` if it is empty, or wrong, which is told.
    fn spans(&mut self, column: &str, cell: &str, words: &str, line: Option<usize>) -> Option<Spans> {
        if cell.trim().is_empty() {
            return None;
        }
        let Some(places) = parse(cell) else {
            let message = format!("{column} {cell:?} are no offsets");
            self.builder.refuse("bad-offset", message, "write them as 12-18, parts as 12-18;20-25", line);
            return None;
        };
        let one = |(start, end): (u64, u64)| self.builder.span(Unit::Codepoints, start, end, line);
        let found: Option<Vec<_>> = places.into_iter().map(one).collect();
        let mut spans: Spans = found?.into_iter().collect();
        if !words.is_empty() {
            self.builder.expect_words(&spans, words, line);
        }
        crate::text::normalise(&mut spans);
        (!spans.is_empty()).then_some(spans)
    }

    fn json<T: serde::de::DeserializeOwned + Default>(&mut self, row: &Row<'_>, column: &str) -> T {
        let cell = row.get(&[column]);
        if cell.trim().is_empty() {
            return T::default();
        }
        serde_json::from_str(cell).unwrap_or_else(|error| {
            let message = format!("{column} is no JSON of its form: {error}");
            self.builder.refuse("json-shape", message, "correct the cell, or empty it", row.line);
            T::default()
        })
    }

    fn filler(&mut self, column: &str, words: &str, cell: &str, line: Option<usize>) -> Option<Filler> {
        if cell.trim().is_empty() {
            return (!words.is_empty()).then(|| Filler::Implicit(words.to_owned()));
        }
        self.spans(column, cell, words, line).map(Filler::Span)
    }

    fn row(&mut self, row: &Row<'_>) {
        let line = row.line;
        let id = row.get(&["id"]);
        if !id.is_empty() && !self.ids.insert(id.to_owned()) {
            let message = format!("the id {id:?} is used twice");
            self.builder.refuse("duplicate-id", message, "give each quote its own id", line);
        }
        let words = row.get(&["text", "quote"]);
        let places = match row.get(&["offsets"]) {
            "" => match (row.get(&["start"]), row.get(&["end"])) {
                ("", "") => String::new(),
                (start, end) => format!("{start}-{end}"),
            },
            offsets => offsets.to_owned(),
        };
        let Some(content) = self.spans("offsets", &places, words, line) else {
            let message = "the row does not say where the quote is, and is left out";
            self.builder.warn("no-words", message, "write its offsets", line);
            return;
        };
        let kind = match row.get(&["kind", "type"]) {
            "" => {
                self.by_marks += 1;
                super::kind_by_marks(words)
            }
            kind => kind,
        };
        let id = self.builder.quote(kind, content);
        let cue = self.spans("cue_offsets", row.get(&["cue_offsets"]), row.get(&["cue"]), line);
        if cue.is_none() && !row.get(&["cue"]).is_empty() && row.get(&["cue_offsets"]).trim().is_empty() {
            let message = format!("the cue {:?} has no offsets and is left out", row.get(&["cue"]));
            self.builder.warn("left-out", message, "write its offsets", line);
        }
        for (role, words, places) in
            [("Speaker", "speaker", "speaker_offsets"), ("Addressee", "addressee", "addressee_offsets")]
        {
            if let Some(filler) = self.filler(places, row.get(&[words]), row.get(&[places]), line) {
                self.builder.argument(&id, role, filler);
            }
        }
        for role in self.json::<Vec<Role>>(row, "roles") {
            let (words, places) = (role.text.unwrap_or_default(), role.offsets.unwrap_or_default());
            let filler = if places.is_empty() {
                Some(Filler::Implicit(words))
            } else {
                self.filler("roles", &words, &places, line)
            };
            if let Some(filler) = filler {
                self.builder.argument(&id, &role.name, filler);
            }
        }
        let attributes: BTreeMap<String, AttributeValue> = self.json(row, "attributes");
        let note = row.get(&["note"]);
        if let Some(quote) = self.builder.quote_mut(&id) {
            quote.cue = cue;
            quote.attributes = attributes.into();
            *quote.note = (!note.is_empty()).then(|| note.to_owned());
        }
    }
}

/// What is wrong with a table that is none.
pub(in crate::formats) fn syntax(error: &csv::Error) -> Problem {
    let line = error.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
    let hint = "check quotation marks and dividers in this row";
    Problem::error("csv-syntax", error.to_string(), hint).at_line(line, 1)
}

/// The columns by their names in lower case.
fn names_of(header: &csv::StringRecord) -> Result<BTreeMap<String, usize>, Vec<Problem>> {
    sheet::check_columns(header.len()).map_err(|problem| vec![problem])?;
    let mut names = BTreeMap::new();
    for (n, name) in header.iter().enumerate() {
        let name = name.trim().to_lowercase();
        if names.insert(name.clone(), n).is_some() && !name.is_empty() {
            let message = format!("two columns are called {name}");
            return Err(vec![Problem::error("two-columns", message, "rename one of them").at_line(1, 1)]);
        }
    }
    Ok(names)
}

// --- writing ----------------------------------------------------------------------------------------------------------

fn row_of(document: &Document, quote: &Quote) -> Option<Vec<String>> {
    let text = document.text();
    let content = in_text(&quote.content)?;
    let cue = quote.cue.as_ref().and_then(in_text).unwrap_or_default();
    let mut columns: BTreeMap<&str, (String, String)> = BTreeMap::new();
    let mut roles = Vec::new();
    for (role, words) in roles_of(document, quote) {
        let cells = match &words {
            Words::Spans(spans) => (text_of(text, spans), offsets(text, spans)),
            Words::Implicit(words) => (words.clone(), String::new()),
        };
        match role.as_str() {
            "Speaker" | "Addressee" if !columns.contains_key(role.as_str()) && !cells.0.is_empty() => {
                columns.insert(if role == "Speaker" { "Speaker" } else { "Addressee" }, cells);
            }
            _ => {
                roles.push(Role {
                    name: role,
                    text: Some(cells.0),
                    offsets: Some(cells.1).filter(|at| !at.is_empty()),
                });
            }
        }
    }
    // Text, lists and maps of it are always JSON.
    let json_of_roles =
        if roles.is_empty() { String::new() } else { serde_json::to_string(&roles).unwrap_or_default() };
    let attributes = if quote.attributes.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&quote.attributes).unwrap_or_default()
    };
    let (speaker, speaker_at) = columns.remove("Speaker").unwrap_or_default();
    let (addressee, addressee_at) = columns.remove("Addressee").unwrap_or_default();
    Some(vec![
        quote.id.to_string(),
        quote.kind.to_string(),
        speaker,
        speaker_at,
        text_of(text, &cue),
        offsets(text, &cue),
        addressee,
        addressee_at,
        text_of(text, &content),
        offsets(text, &content),
        json_of_roles,
        attributes,
        quote.note.clone().into_inner().unwrap_or_default(),
    ])
}

fn sheet_of(document: &Document, options: &Options) -> Sheet {
    let is = |name| options.get(&INFO, name) == "yes";
    let mut sheet = Sheet::new(COLUMNS, is("guard"), is("mark"));
    for quote in order::quotes(document) {
        if let Some(row) = row_of(document, quote) {
            sheet.row(&row);
        }
    }
    sheet
}

/// What is to be said of cells that begin like formulas; `None` if there are none.
pub(in crate::formats) fn told(touched: usize, guards: bool) -> Option<Loss> {
    let what = match (touched, guards) {
        (0, _) => return None,
        (n, true) => format!(
            "{n} cells that begin with = + - @, a tab or a line end get an apostrophe before them, so that no spreadsheet \
             runs them; take one away to have them back"
        ),
        (n, false) => {
            format!("{n} cells begin with = + - @, a tab or a line end, which a spreadsheet may run as a formula")
        }
    };
    Some(Loss::whole(Treatment::Altered, what))
}

impl Format for QuotesCsv {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let columns = sheet::columns(bytes);
        let has = |name: &str| columns.iter().any(|column| column == name);
        let has_words = has("text") || has("quote");
        let has_place = has("offsets") || (has("start") && has("end"));
        if has_words && has_place && has("speaker") { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let mut reader = csv::ReaderBuilder::new().delimiter(sheet::divider(&source)).from_reader(source.as_bytes());
        let names = names_of(reader.headers().map_err(|error| vec![syntax(&error)])?)?;
        let has = |name: &str| names.contains_key(name);
        if !(has("text") || has("quote")) || !(has("offsets") || (has("start") && has("end"))) {
            let message = "the table has no columns text and offsets (or start and end)";
            return Err(vec![Problem::error("no-column", message, "name them in the first line").at_line(1, 1)]);
        }
        let path = input.path.unwrap_or(Path::new("")).with_extension("txt");
        let (text, encoding) = super::text_beside(input, &path)?;
        let mut builder = Builder::new(INFO.id, text, Some(&encoding));
        let known = |name: &str| COLUMNS.contains(&name) || ["quote", "type", "start", "end", ""].contains(&name);
        let others: Vec<&str> = names.keys().map(String::as_str).filter(|name| !known(name)).collect();
        if !others.is_empty() {
            let message = format!("columns that are left out: {}", others.join(", "));
            builder.warn("left-out", message, "they have no place in a quote", Some(1));
        }
        let mut reading = Reading { builder, ids: BTreeSet::new(), by_marks: 0 };
        let mut broken = Vec::new();
        for record in reader.records() {
            match record {
                Ok(cells) => {
                    let line = cells.position().and_then(|at| usize::try_from(at.line()).ok());
                    let cells = cells.iter().map(|cell| sheet::unguarded(cell).into_owned()).collect();
                    reading.row(&Row { names: &names, cells, line });
                }
                Err(error) => broken.push(syntax(&error)),
            }
        }
        if !broken.is_empty() {
            return Err(broken);
        }
        super::tell_kinds(&mut reading.builder, reading.by_marks);
        let mut read = reading.builder.finish(None)?;
        read.problems.extend(encoding.problems());
        read.encoding = Some(encoding);
        Ok(vec![read])
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let files = |named: &Named<'_>| {
            let file =
                |extension: &str, bytes| OutputFile { name: format!("{}.{extension}", named.name).into(), bytes };
            let sheet = sheet_of(named.document, options);
            [file("csv", sheet.into_bytes()), file("txt", super::text_bytes(named.document))]
        };
        Ok(documents.iter().flat_map(files).collect())
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        let mut found = super::losses_of(document, &HOLDS);
        let empty: Vec<&Id> = document.quotes().values().filter(|q| q.kind.is_empty()).map(|q| &q.id).collect();
        let what = "has no kind and gets one by its quotation marks when it is read";
        found.extend(empty.into_iter().map(|id| Loss::of(document, id, Treatment::Altered, what)));
        found.extend(told(sheet_of(document, options).touched(), options.get(&INFO, "guard") == "yes"));
        found
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
