//! Tables of everything that is marked, for spreadsheets and statistics: documents, entities, mentions, events, roles,
//! quotes and relations as CSV, and the texts beside them. Written only; one set of tables for all documents.
//!
//! Every row begins with the name of its document, which is that of its file under `texts/`; identifiers are those of the
//! document. `start` and `end` are those of the first part and the last, `offsets` has all parts; positions are half-open
//! in code points. Attributes, labels and aliases are JSON.

use serde::Serialize;

use super::quotes::table::{GUARD, offsets, told};
use super::quotes::{text_bytes, text_of};
use super::sheet::Sheet;
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
    losses, order,
};
use crate::edit::arguments_of;
use crate::model::{Argument, Document, Filler, Id, Problem};
use crate::text::Spans;

/// See the module.
pub struct Tables;

const HOLDS: Holds = Holds { history: false, ..Holds::ALL };

const INFO: Info = Info {
    id: "tables",
    name: "Tables of mentions, events and quotes (CSV)",
    extensions: &["csv"],
    reads: false,
    writes: true,
    joins: Joins::Whole,
    holds: HOLDS,
    unit: Unit::Codepoints,
    options: &[
        GUARD,
        OptionInfo {
            name: "mark",
            help: "a byte order mark, without which some spreadsheets do not see that it is UTF-8",
            values: &["yes", "no"],
        },
        OptionInfo { name: "texts", help: "the texts beside the tables", values: &["yes", "no"] },
    ],
};

/// The tables, by the names of their files, with their columns after the first.
const TABLES: &[(&str, &[&str])] = &[
    (
        "mentions",
        &[
            "id",
            "label",
            "text",
            "start",
            "end",
            "offsets",
            "entity",
            "entity_name",
            "entity_type",
            "attributes",
            "note",
        ],
    ),
    ("events", &["id", "type", "trigger", "start", "end", "offsets", "claimed_in", "attributes", "note"]),
    (
        "quotes",
        &[
            "id",
            "kind",
            "text",
            "start",
            "end",
            "offsets",
            "cue",
            "cue_offsets",
            "speaker",
            "speaker_name",
            "addressee",
            "addressee_name",
            "attributes",
            "note",
        ],
    ),
    ("roles", &["of", "of_kind", "role", "filler_kind", "filler", "text", "offsets", "entity_name"]),
    ("entities", &["id", "type", "name", "aliases", "link", "mentions", "note"]),
    ("relations", &["id", "label", "from", "from_text", "to", "to_text", "attributes", "note"]),
    (
        "documents",
        &[
            "id",
            "title",
            "source",
            "published",
            "language",
            "encoding",
            "annotator",
            "schema",
            "status",
            "labels",
            "note",
            "codepoints",
            "sha256",
        ],
    ),
];

/// Maps and lists as JSON, nothing if they are empty.
fn json<T: Serialize>(value: &T, is_empty: bool) -> String {
    // Text, lists and maps of it are always JSON.
    if is_empty { String::new() } else { serde_json::to_string(value).unwrap_or_default() }
}

/// Start of the first part, end of the last, and all parts.
fn places(document: &Document, spans: &Spans) -> [String; 3] {
    let text = document.text();
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Default::default() };
    [text.codepoint_of(first.start).0.to_string(), text.codepoint_of(last.end).0.to_string(), offsets(text, spans)]
}

/// The name of the entity that a mention refers to.
fn name_of(document: &Document, mention: &Id) -> String {
    let entity = document.mentions().get(mention).and_then(|mention| mention.entity.as_ref());
    entity.and_then(|id| document.entities().get(id)).map(|entity| entity.name.clone()).unwrap_or_default()
}

/// Kind, identifier, words, offsets and entity of a filler.
fn filler(document: &Document, filler: &Filler) -> [String; 5] {
    let text = document.text();
    let of = |kind: &str, id: &Id| {
        let spans = document.spans_of(id);
        [kind.to_owned(), id.to_string(), text_of(text, &spans), offsets(text, &spans), name_of(document, id)]
    };
    match filler {
        Filler::Mention(id) => of("mention", id),
        Filler::Event(id) => of("event", id),
        Filler::Span(spans) => {
            ["words".into(), String::new(), text_of(text, spans), offsets(text, spans), String::new()]
        }
        Filler::Implicit(words) => ["implicit".into(), String::new(), words.clone(), String::new(), String::new()],
    }
}

/// One table that is being filled.
struct Table {
    name: &'static str,
    sheet: Sheet,
}

struct Writing<'a> {
    tables: Vec<Table>,
    document: &'a Document,
    name: &'a str,
}

impl Writing<'_> {
    fn row(&mut self, table: &str, cells: Vec<String>) {
        if let Some(table) = self.tables.iter_mut().find(|t| t.name == table) {
            let row: Vec<String> = std::iter::once(self.name.to_owned()).chain(cells).collect();
            table.sheet.row(&row);
        }
    }

    fn roles(&mut self, kind: &str, id: &Id) {
        for Argument { role, filler: by } in arguments_of(self.document, id) {
            let [by_kind, by, words, at, name] = filler(self.document, &by);
            self.row("roles", vec![id.to_string(), kind.into(), role.into(), by_kind, by, words, at, name]);
        }
    }

    fn header(&mut self) {
        let header = self.document.header();
        let m = &header.metadata;
        let text = self.document.text();
        let known = |value: &Option<String>| value.clone().unwrap_or_default();
        let cells = vec![
            m.id.clone(),
            m.title.clone(),
            known(&m.source),
            known(&m.published),
            known(&m.language),
            known(&m.encoding),
            known(&header.annotator),
            header.schema.name.clone(),
            header.status.text().to_owned(),
            json(&header.labels, header.labels.is_empty()),
            known(&header.note),
            text.codepoints().to_string(),
            text.sha256().to_owned(),
        ];
        self.row("documents", cells);
    }

    fn annotations(&mut self) {
        let document = self.document;
        let text = document.text();
        let known = |value: &Option<String>| value.clone().unwrap_or_default();
        for n in order::entities(document) {
            let count = document.mention_count_of(&n.id).to_string();
            let aliases = json(&n.aliases, n.aliases.is_empty());
            let cells = vec![
                n.id.to_string(),
                n.r#type.to_string(),
                n.name.clone(),
                aliases,
                known(&n.link),
                count,
                known(&n.note),
            ];
            self.row("entities", cells);
        }
        for m in order::mentions(document) {
            let [start, end, at] = places(document, &m.spans);
            let entity = m.entity.as_ref().and_then(|id| document.entities().get(id));
            let cells = vec![
                m.id.to_string(),
                m.label.to_string(),
                text_of(text, &m.spans),
                start,
                end,
                at,
                m.entity.as_ref().map(ToString::to_string).unwrap_or_default(),
                entity.map(|n| n.name.clone()).unwrap_or_default(),
                entity.map(|n| n.r#type.to_string()).unwrap_or_default(),
                json(&m.attributes, m.attributes.is_empty()),
                known(&m.note),
            ];
            self.row("mentions", cells);
        }
        for e in order::events(document) {
            let [start, end, at] = places(document, &e.trigger);
            let claimed_in = e.claimed_in.as_ref().map(ToString::to_string).unwrap_or_default();
            let attributes = json(&e.attributes, e.attributes.is_empty());
            let words = text_of(text, &e.trigger);
            let cells = vec![
                e.id.to_string(),
                e.r#type.to_string(),
                words,
                start,
                end,
                at,
                claimed_in,
                attributes,
                known(&e.note),
            ];
            self.row("events", cells);
            self.roles("event", &e.id);
        }
        for q in order::quotes(document) {
            let [start, end, at] = places(document, &q.content);
            let cue = q.cue.clone().unwrap_or_default();
            let said = |by: &Option<Filler>| {
                let [_, _, words, _, name] = by.as_ref().map(|by| filler(document, by)).unwrap_or_default();
                (words, name)
            };
            let ((speaker, speaker_name), (addressee, addressee_name)) = (said(&q.speaker), said(&q.addressee));
            let cells = vec![
                q.id.to_string(),
                q.kind.to_string(),
                text_of(text, &q.content),
                start,
                end,
                at,
                text_of(text, &cue),
                offsets(text, &cue),
                speaker,
                speaker_name,
                addressee,
                addressee_name,
                json(&q.attributes, q.attributes.is_empty()),
                known(&q.note),
            ];
            self.row("quotes", cells);
            self.roles("quote", &q.id);
        }
        for r in order::relations(document) {
            let words = |id: &Id| match document.entities().get(id) {
                Some(entity) => entity.name.clone(),
                None => text_of(text, &document.spans_of(id)),
            };
            let cells = vec![
                r.id.to_string(),
                r.label.to_string(),
                r.from.to_string(),
                words(&r.from),
                r.to.to_string(),
                words(&r.to),
                json(&r.attributes, r.attributes.is_empty()),
                known(&r.note),
            ];
            self.row("relations", cells);
        }
    }
}

fn filled(documents: &[Named<'_>], options: &Options) -> Vec<Table> {
    let is = |name| options.get(&INFO, name) == "yes";
    let columns = |own: &[&'static str]| std::iter::once("document").chain(own.iter().copied()).collect::<Vec<_>>();
    let table = |(name, own): &(&'static str, &[&'static str])| Table {
        name,
        sheet: Sheet::new(&columns(own), is("guard"), is("mark")),
    };
    let mut tables: Vec<Table> = TABLES.iter().map(table).collect();
    for named in documents {
        let mut writing = Writing { tables, document: named.document, name: named.name };
        writing.header();
        writing.annotations();
        tables = writing.tables;
    }
    tables
}

impl Format for Tables {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, _bytes: &[u8]) -> Likeness {
        Likeness::No
    }

    fn read(&self, _input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let message = "these tables cannot be read";
        Err(vec![Problem::error("write-only", message, "read the file from which they were written")])
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let file =
            |table: Table| OutputFile { name: format!("{}.csv", table.name).into(), bytes: table.sheet.into_bytes() };
        let mut files: Vec<OutputFile> = filled(documents, options).into_iter().map(file).collect();
        if options.get(&INFO, "texts") == "yes" {
            let text = |named: &Named<'_>| OutputFile {
                name: format!("texts/{}.txt", named.name).into(),
                bytes: text_bytes(named.document),
            };
            files.extend(documents.iter().map(text));
        }
        Ok(files)
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        let holds = Holds { text: true, ..HOLDS };
        let mut found = losses::that_follow(document, &holds);
        if options.get(&INFO, "texts") == "no" {
            found.push(Loss::whole(losses::Treatment::Dropped, "the text is lost but for the words that are marked"));
        }
        let touched = filled(&[Named { name: "", document, schema: None }], options);
        let touched = touched.iter().map(|table| table.sheet.touched()).sum();
        found.extend(told(touched, options.get(&INFO, "guard") == "yes"));
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::build::Builder;
    use crate::formats::sheet;
    use crate::formats::test_support::document;
    use crate::text::Text;

    /// The rows of a table as it is read by others.
    fn rows(files: &[OutputFile], name: &str) -> Vec<Vec<String>> {
        let file = files.iter().find(|file| file.name.to_str() == Some(name)).expect("a table");
        let bytes = file.bytes.strip_prefix(b"\xef\xbb\xbf").expect("a mark");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
        reader.records().map(|r| row(r.expect("as many cells as columns"))).collect()
    }

    #[test]
    fn everything_that_is_marked_has_a_row() {
        let mut b = Builder::new("x", Text::new("😀 Anna met Bob: =1+1").expect("short"), None);
        let span = |b: &mut Builder, start, end| b.span(Unit::Codepoints, start, end, None).expect("in the text");
        let (anna, met, words) = (span(&mut b, 2, 6), span(&mut b, 7, 10), span(&mut b, 16, 20));
        let m = b.mention("Person", [anna]);
        let n = b.entity("Person", "@Anna");
        b.mention_mut(&m).expect("there").entity = Some(n);
        let e = b.event("Meet", [met]);
        b.argument(&e, "Actor", Filler::Mention(m.clone()));
        b.argument(&e, "Place", Filler::Implicit("Rye".into()));
        let q = b.quote("direct", [words]);
        b.argument(&q, "Speaker", Filler::Mention(m.clone()));
        b.relation("Near", &m, &e);
        let document = b.finish(None).expect("fine").document;
        let named = Named { name: "a", document: &document, schema: None };
        let files = Tables.write(&[named, Named { name: "b", ..named }], &Options::default()).expect("written");
        let names: Vec<_> = files.iter().map(|f| f.name.to_string_lossy().into_owned()).collect();
        assert_eq!(names.len(), TABLES.len() + 2);
        assert_eq!(names.last().map(String::as_str), Some("texts/b.txt"));
        let second = |name| rows(&files, name).into_iter().find(|row| row[0] == "b").expect("a row").join("|");
        assert_eq!(second("mentions.csv"), "b|m1|Person|Anna|2|6|2-6|n1|'@Anna|Person||");
        assert_eq!(second("events.csv"), "b|e1|Meet|met|7|10|7-10|||");
        assert_eq!(second("quotes.csv"), "b|q1|direct|'=1+1|16|20|16-20|||Anna|'@Anna||||");
        assert_eq!(second("roles.csv"), "b|e1|event|Actor|mention|m1|Anna|2-6|'@Anna");
        assert_eq!(second("relations.csv"), "b|r1|Near|m1|Anna|e1|met||");
        assert_eq!(second("entities.csv"), "b|n1|Person|'@Anna|||1|");
        assert_eq!(rows(&files, "roles.csv").len(), 7);
        let losses = Tables.losses(&document, &Options::default());
        assert!(losses.iter().any(|l| l.what.starts_with("6 cells that begin")), "{losses:?}");
    }

    proptest! {
        #[test]
        fn any_document_can_be_written_and_no_cell_is_a_formula(document in document()) {
            let named = Named { name: "=x", document: &document, schema: None };
            let files = Tables.write(&[named], &Options::default()).expect("written");
            let _ = Tables.losses(&document, &Options::default());
            let mut options = Options::default();
            options.set(&INFO, "guard", "no").expect("an option");
            let bare = Tables.write(&[named], &options).expect("written");
            for (name, columns) in TABLES {
                let table = format!("{name}.csv");
                let (safe, bare) = (rows(&files, &table), rows(&bare, &table));
                prop_assert_eq!(safe.len(), bare.len());
                for (row, bare) in safe.iter().zip(bare) {
                    prop_assert_eq!(row.len(), columns.len() + 1);
                    for (cell, bare) in row.iter().zip(bare) {
                        prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{}: {:?}", name, cell);
                        // Without its guard every cell is what it would be without guards.
                        prop_assert_eq!(sheet::unguarded(cell), sheet::unguarded(&bare));
                    }
                }
            }
            prop_assert!(rows(&files, "documents.csv").iter().skip(1).all(|row| sheet::unguarded(&row[0]) == "=x"));
            let mentions = rows(&files, "mentions.csv");
            prop_assert_eq!(mentions.len(), document.mentions().len() + 1);
            for row in mentions.iter().skip(1) {
                let spans = document.spans_of(&Id::new(row[1].clone()));
                prop_assert_eq!(sheet::unguarded(&row[3]), text_of(document.text(), &spans));
            }
        }
    }
}
