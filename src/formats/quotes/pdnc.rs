//! Quotations of novels in the form of the Project Dialogism Novel Corpus: a table with one row for each, the novel and
//! a table of its characters beside it. Read only.
//!
//! The table is `quotation_info.csv`; `novel_text.txt` (or `text.txt`, or a text of the table's own name) and
//! `character_info.csv` are in its folder. Positions are half-open in code points, although the column is called
//! `quoteByteSpans`. Speakers and addressees are characters, not words: they become fillers that are not in the text, with
//! the character's name. What is mentioned inside quotations becomes mentions with [`LABEL`] of these characters; a
//! mention of several has their names in the attribute `refers_to`. All quotations are direct speech; `quoteType` becomes
//! the attribute `attribution`, the words that name the speaker (without a place in the file) `referring_expression`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::python::{self, Value};
use super::table::syntax;
use crate::formats::build::Builder;
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, decode,
    losses, sheet,
};
use crate::model::{AttributeValue, Document, Filler, Id, Problem};
use crate::text::Spans;

/// See the module.
pub struct Pdnc;

/// The label of mentions of characters, and the type of what they refer to.
pub const LABEL: &str = "Character";

const NAME: &str = "Project Dialogism quotations (CSV)";
const HOLDS: Holds =
    Holds { mentions: true, overlaps: true, entities: true, entity_fields: true, notes: false, ..super::QUOTES };

/// Columns that are read, or follow from others, in lower case.
const KNOWN: &[&str] = &[
    "",
    "quoteid",
    "quotetext",
    "subquotationlist",
    "quotebytespans",
    "speaker",
    "addressees",
    "quotetype",
    "referringexpression",
    "mentiontextslist",
    "mentiontextlist",
    "mentionspanslist",
    "mentionentitieslist",
];

struct Reading {
    builder: Builder,
    ids: BTreeSet<String>,
    characters: BTreeMap<String, Id>,
    /// The mentions so far, with the names of their characters.
    mentions: BTreeMap<(u64, u64), Vec<String>>,
    /// Lines whose words are not those of the text, and how many have words.
    differing: Vec<usize>,
    compared: usize,
}

impl Reading {
    fn character(&mut self, name: &str) -> Id {
        if let Some(id) = self.characters.get(name) {
            return id.clone();
        }
        let id = self.builder.entity(LABEL, name);
        self.characters.insert(name.to_owned(), id.clone());
        id
    }

    fn characters(&mut self, source: &str) -> Result<(), Problem> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source.as_bytes());
        let header = reader.headers().map_err(|error| syntax(&error))?.clone();
        let column = |name: &str| header.iter().position(|other| other.trim().eq_ignore_ascii_case(name));
        let (Some(main), aliases) = (column("Main Name"), column("Aliases")) else {
            let message = "the table of characters has no column Main Name";
            return Err(Problem::error("no-column", message, "name it in the first line").at_line(1, 1));
        };
        for record in reader.records() {
            let record = record.map_err(|error| syntax(&error))?;
            let name = record.get(main).unwrap_or_default().trim();
            if name.is_empty() {
                continue;
            }
            let id = self.character(name);
            let cell = aliases.and_then(|n| record.get(n)).and_then(python::parse);
            let found = cell.as_ref().and_then(Value::texts).unwrap_or_default();
            let mut others: Vec<String> = found.into_iter().filter(|alias| *alias != name).map(str::to_owned).collect();
            others.sort();
            if let Some(entity) = self.builder.entity_mut(&id) {
                entity.aliases = others;
            }
        }
        let known = ["character id", "main name", "aliases"];
        let left: Vec<&str> = header.iter().filter(|n| !known.contains(&n.trim().to_lowercase().as_str())).collect();
        if !left.is_empty() {
            let message = format!("columns of characters that are left out: {}", left.join(", "));
            self.builder.warn("left-out", message, "they have no place in an entity", None);
        }
        Ok(())
    }

    fn refuse(&mut self, column: &str, form: &str, line: Option<usize>) {
        let message = format!("{column} is not a list of {form}");
        self.builder.refuse("list-syntax", message, "write it as Python prints lists", line);
    }

    /// Whether the words at the spans are those of the file, but for white space.
    fn compare(&mut self, spans: &[crate::text::Span], words: &[&str], line: Option<usize>) {
        let squeeze = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let own = spans.iter().map(|span| self.builder.text().slice(*span)).collect::<Vec<_>>().join(" ");
        self.compared += 1;
        if squeeze(own) != squeeze(words.join(" ")) {
            self.differing.push(line.unwrap_or(0));
        }
    }

    fn row(&mut self, get: &dyn Fn(&str) -> String, line: Option<usize>) {
        let id = get("quoteid");
        if !id.is_empty() && !self.ids.insert(id.clone()) {
            let message = format!("the id {id} is used twice");
            self.builder.refuse("duplicate-id", message, "give each quotation its own id", line);
        }
        let places = python::parse(&get("quotebytespans"));
        let places: Option<Vec<_>> =
            places.as_ref().and_then(Value::list).and_then(|l| l.iter().map(Value::pair).collect());
        let Some(places) = places else { return self.refuse("quoteByteSpans", "pairs of numbers", line) };
        let one = |(start, end): (u64, u64)| self.builder.span(Unit::Codepoints, start, end, line);
        let Some(spans) = places.into_iter().map(one).collect::<Option<Vec<_>>>() else { return };
        let words = python::parse(&get("subquotationlist"));
        if let Some(words) = words.as_ref().and_then(Value::texts) {
            self.compare(&spans, &words, line);
        }
        if spans.is_empty() {
            let message = "the row does not say where the quotation is, and is left out";
            return self.builder.warn("no-words", message, "write its spans", line);
        }
        let quote = self.builder.quote("direct", spans);
        let known = |text: String| Some(text).filter(|t| !t.trim().is_empty() && t != "nan" && t != "None");
        if let Some(speaker) = known(get("speaker")) {
            self.character(&speaker);
            self.builder.argument(&quote, "Speaker", Filler::Implicit(speaker));
        }
        if let Some(cell) = known(get("addressees")) {
            let value = python::parse(&cell);
            match value.as_ref().and_then(Value::texts) {
                Some(names) => {
                    for name in names {
                        self.character(name);
                        self.builder.argument(&quote, "Addressee", Filler::Implicit(name.to_owned()));
                    }
                }
                None => self.refuse("addressees", "names", line),
            }
        }
        if let Some(kind) = known(get("quotetype")) {
            self.builder.attribute(&quote, "attribution", AttributeValue::Text(kind.to_lowercase()));
        }
        if let Some(words) = known(get("referringexpression")) {
            self.builder.attribute(&quote, "referring_expression", AttributeValue::Text(words));
        }
        self.mentions(get, line);
    }

    /// Mentions: for each part of the quotation a list of spans, and one of lists of characters.
    fn mentions(&mut self, get: &dyn Fn(&str) -> String, line: Option<usize>) {
        let (places, names) = (get("mentionspanslist"), get("mentionentitieslist"));
        if places.trim().is_empty() {
            return;
        }
        let Some(Value::List(places)) = python::parse(&places) else {
            return self.refuse("mentionSpansList", "lists of spans", line);
        };
        let names = python::parse(&names);
        let names = names.as_ref().and_then(Value::list).unwrap_or_default();
        let flat = |lists: &[Value]| -> Vec<Value> {
            lists.iter().filter_map(Value::list).flat_map(<[Value]>::iter).cloned().collect()
        };
        let (places, names) = (flat(&places), flat(names));
        if places.len() != names.len() {
            let message = format!("{} mentions, but characters for {}", places.len(), names.len());
            self.builder.warn("uneven-lists", message, "what has no character is a mention of nobody", line);
        }
        for (n, place) in places.iter().enumerate() {
            let Some((start, end)) = place.pair() else {
                return self.refuse("mentionSpansList", "lists of spans", line);
            };
            let Some(span) = self.builder.span(Unit::Codepoints, start, end, line) else { continue };
            let found = names.get(n).and_then(Value::texts).unwrap_or_default();
            let names: Vec<String> = found.into_iter().map(str::to_owned).collect();
            // A quotation inside another brings its mentions again.
            if let Some(known) = self.mentions.get(&(start, end)) {
                if *known != names {
                    let message = format!("the mention {start}-{end} is of other characters in another row");
                    self.builder.warn("mentions-differ", message, "those of the first row are kept", line);
                }
                continue;
            }
            let mention = self.builder.mention(LABEL, Spans::from_iter([span]));
            match names.as_slice() {
                [] => {}
                [name] => {
                    let entity = self.character(name);
                    self.builder.mention_mut(&mention).into_iter().for_each(|m| m.entity = Some(entity.clone()));
                }
                several => self.builder.attribute(&mention, "refers_to", AttributeValue::List(several.to_vec())),
            }
            self.mentions.insert((start, end), names);
        }
    }

    /// A few rows may be wrong; if most are, the table belongs to another text.
    fn tell_differing(&mut self) {
        let (count, all) = (self.differing.len(), self.compared);
        let hint = "the table may belong to another text, or to one with other line ends";
        if count * 2 > all {
            let message = format!("the words of {count} of {all} quotations are not those of the text");
            self.builder.refuse("words-differ", message, hint, self.differing.first().copied());
        } else {
            for line in std::mem::take(&mut self.differing) {
                let message = "the words of this quotation are not those of the text at its place";
                self.builder.warn("words-differ", message, hint, Some(line));
            }
        }
    }
}

impl Format for Pdnc {
    fn info(&self) -> Info {
        Info {
            id: "pdnc",
            name: NAME,
            extensions: &["csv"],
            reads: true,
            writes: false,
            joins: Joins::Apart,
            holds: HOLDS,
            unit: Unit::Codepoints,
            options: &[],
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let is_own = sheet::columns(bytes).iter().any(|column| column == "quotebytespans");
        if is_own { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let mut reader = csv::ReaderBuilder::new().from_reader(source.as_bytes());
        let header = reader.headers().map_err(|error| vec![syntax(&error)])?.clone();
        sheet::check_columns(header.len()).map_err(|problem| vec![problem])?;
        let names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
        if !names.iter().any(|name| name == "quotebytespans") {
            let problem =
                Problem::error("no-column", "the table has no column quoteByteSpans", "name it in the first line");
            return Err(vec![problem.at_line(1, 1)]);
        }
        let path = input.path.unwrap_or(Path::new(""));
        let beside =
            [path.with_file_name("novel_text.txt"), path.with_file_name("text.txt"), path.with_extension("txt")];
        let first = beside.iter().find(|path| input.companions.read(path).is_ok()).unwrap_or(&beside[0]);
        let (text, encoding) = super::text_beside(input, first)?;
        let builder = Builder::new(self.info().id, text, Some(&encoding));
        let mut reading = Reading {
            builder,
            ids: BTreeSet::new(),
            characters: BTreeMap::new(),
            mentions: BTreeMap::new(),
            differing: Vec::new(),
            compared: 0,
        };
        let others: Vec<&str> = names.iter().map(String::as_str).filter(|name| !KNOWN.contains(name)).collect();
        if !others.is_empty() {
            let message = format!("columns that are left out: {}", others.join(", "));
            reading.builder.warn("left-out", message, "they have no place in a quote", Some(1));
        }
        let characters = path.with_file_name("character_info.csv");
        match input.companions.read(&characters) {
            Ok(bytes) => {
                let in_file = |problem: Problem| vec![problem.in_file(&characters)];
                let source = decode::decode_strict(&bytes).map_err(|problem| in_file(*problem))?;
                reading.characters(&source).map_err(in_file)?;
            }
            Err(_) => {
                let hint = "put character_info.csv beside the table";
                reading.builder.warn("no-characters", "there are no aliases of characters", hint, None);
            }
        }
        let mut broken = Vec::new();
        for record in reader.records() {
            match record {
                Ok(cells) => {
                    let line = cells.position().and_then(|at| usize::try_from(at.line()).ok());
                    let get = |name: &str| {
                        let n = names.iter().position(|other| other == name);
                        n.and_then(|n| cells.get(n)).unwrap_or_default().to_owned()
                    };
                    reading.row(&get, line);
                }
                Err(error) => broken.push(syntax(&error)),
            }
        }
        if !broken.is_empty() {
            return Err(broken);
        }
        reading.tell_differing();
        let mut read = reading.builder.finish(None)?;
        read.problems.extend(encoding.problems());
        read.encoding = Some(encoding);
        Ok(vec![read])
    }

    fn write(&self, _documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        Err(WriteError::ReadOnly(NAME))
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::that_follow(document, &HOLDS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::Companions;

    const TEXT: &str = "“Yes,”\nsaid Ann — “and you too.”";
    const CHARACTERS: &str =
        "Character ID,Main Name,Aliases,Gender\n0,Ann,\"{'Miss B', \"\"Ann's\"\"}\",F\n1,Bob,set(),M\n";
    const FILE: &str = "\"quoteID\",\"quoteText\",\"subQuotationList\",\"quoteByteSpans\",\"speaker\",\"addressees\",\"quoteType\",\"referringExpression\",\"mentionTextsList\",\"mentionSpansList\",\"mentionEntitiesList\"\n\
        \"Q0\",\"Yes,\nand you too.\",\"['Yes,', 'and you too.']\",\"[[1, 5], [19, 31]]\",\"Ann\",\"['Bob', 'Cy']\",\"Anaphoric\",\"said Ann\",\"[[], ['you']]\",\"[[], [[23, 26]]]\",\"[[], [['Bob']]]\"\n\
        \"Q1\",\"you\",\"['you']\",\"[[23, 26]]\",\"Ann\",\"[]\",\"Implicit\",\"nan\",\"[['you', 'too']]\",\"[[[23, 26], [27, 30]]]\",\"[[['Bob'], ['Ann', 'Bob']]]\"\n";

    struct Beside<'a>(&'a str);

    impl Companions for Beside<'_> {
        fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
            match path.to_str() {
                Some("x/novel_text.txt") => Ok(self.0.into()),
                Some("x/character_info.csv") => Ok(CHARACTERS.into()),
                _ => Err(std::io::ErrorKind::NotFound.into()),
            }
        }
    }

    fn read(file: &[u8], text: &str) -> Result<Read, Vec<Problem>> {
        let path = Some(Path::new("x/quotation_info.csv"));
        Pdnc.read(&Input { path, companions: &Beside(text), ..Input::of_bytes(file) }).map(|mut read| read.remove(0))
    }

    #[test]
    fn quotations_characters_and_mentions_are_read() {
        assert_eq!(Pdnc.sniff(FILE.as_bytes()), Likeness::Yes);
        let read = read(FILE.as_bytes(), TEXT).expect("a table");
        let d = &read.document;
        let quotes: Vec<_> = d.quotes().values().collect();
        assert_eq!((quotes.len(), quotes[0].content.len()), (2, 2));
        assert_eq!(quotes[0].speaker, Some(Filler::Implicit("Ann".into())));
        assert_eq!((quotes[0].arguments.len(), quotes[1].addressee.is_none()), (1, true));
        assert_eq!(quotes[0].attributes["attribution"], AttributeValue::Text("anaphoric".into()));
        assert_eq!(quotes[1].attributes.len(), 1);
        let names: Vec<_> = d.entities().values().map(|n| (n.name.as_str(), n.aliases.len())).collect();
        assert_eq!(names, [("Ann", 2), ("Bob", 0), ("Cy", 0)]);
        let mentions: Vec<_> = d.mentions().values().map(|m| (d.excerpt_of(&m.id), m.entity.is_some())).collect();
        assert_eq!(mentions, [("you".to_owned(), true), ("too".to_owned(), false)]);
        assert_eq!(read.problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["left-out"]);
    }

    #[test]
    fn columns_and_characters_that_are_not_kept_are_told() {
        let told = |file: String| -> Vec<_> {
            let problems = read(file.as_bytes(), TEXT).expect("a table").problems;
            problems
                .into_iter()
                .filter(|p| p.code != "left-out" || p.place.line == Some(1))
                .map(|p| (p.code, p.place.line))
                .collect()
        };
        assert_eq!(
            told(FILE.replacen("[[['Bob'], ['Ann', 'Bob']]]", "[[['Ann'], ['Bob']]]", 1)),
            [("mentions-differ", Some(4))]
        );
        assert_eq!(told(FILE.replacen("[[['Bob'], ['Ann', 'Bob']]]", "[[['Bob']]]", 1)), [("uneven-lists", Some(4))]);
        assert_eq!(told(FILE.replacen("mentionTextsList", "mood", 1)), [("left-out", Some(1))]);
        assert_eq!(told(FILE.replacen("['you']\",\"[[23", "['thou']\",\"[[23", 1)), [("words-differ", Some(4))]);
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_line() {
        for (from, to, code, line) in [
            ("[[1, 5]", "[[1, 500]", "bad-offset", 2),
            ("[[1, 5]", "[[1]", "list-syntax", 2),
            ("\"Q1\"", "\"Q0\"", "duplicate-id", 4),
            ("['Bob', 'Cy']", "['Bob'", "list-syntax", 2),
            ("\"Q1\",", "", "csv-syntax", 4),
            ("quoteByteSpans", "spans", "no-column", 1),
        ] {
            let file = FILE.replacen(from, to, 1);
            let problems = read(file.as_bytes(), TEXT).expect_err("refused");
            let errors: Vec<_> = problems.iter().filter(|p| p.severity == crate::model::Severity::Error).collect();
            assert_eq!((errors[0].code, errors[0].place.line), (code, Some(line)), "{problems:?}");
        }
        let problems = read(FILE.as_bytes(), "Another text that is long enough for it").expect_err("refused");
        assert!(problems.iter().any(|p| p.code == "words-differ" && p.place.line == Some(2)), "{problems:?}");
        assert_eq!(Pdnc.read(&Input::of_bytes(FILE.as_bytes())).expect_err("no text")[0].code, "no-text");
    }

    const PIECES: &[&str] = &["a", "B", "😀", "e\u{301}", " ", "\n", "\r\n", "“", "'", "\"", "\\", ",", ";", "ﬁ"];

    proptest! {
        #[test]
        fn positions_are_code_points(
            pieces in prop::collection::vec(prop::sample::select(PIECES), 1..30),
            places in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 1..4),
        ) {
            let text = pieces.concat();
            let chars: Vec<char> = text.chars().collect();
            let mut table = csv::Writer::from_writer(Vec::new());
            let row = |cells: [&str; 5]| cells.map(str::to_owned);
            let mut rows = vec![row(["quoteID", "subQuotationList", "quoteByteSpans", "speaker", "addressees"])];
            let mut expected = Vec::new();
            for (n, (a, b)) in places.iter().enumerate() {
                let (a, b) = (a.index(chars.len()), b.index(chars.len()));
                let (start, end) = (a.min(b), a.max(b) + 1);
                let words: String = chars[start..end].iter().collect();
                let printed = words.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\r', "\\r");
                let id = format!("Q{n}");
                rows.push(row([&id, &format!("['{printed}']"), &format!("[[{start}, {end}]]"), "A, \"b\"", "['C']"]));
                expected.push(words);
            }
            for row in &rows {
                table.write_record(row).expect("memory");
            }
            let file = table.into_inner().expect("memory");
            let read = read(&file, &text).expect("a table");
            let d = &read.document;
            let found: Vec<_> = d.quotes().values().map(|q| q.content.iter().map(|s| d.text().slice(*s)).collect::<String>()).collect();
            prop_assert_eq!(found, expected);
            prop_assert!(d.quotes().values().all(|q| q.speaker == Some(Filler::Implicit("A, \"b\"".into()))));
            prop_assert!(read.problems.iter().all(|p| p.code == "left-out"), "{:?}", read.problems);
        }

        #[test]
        fn broken_files_never_panic(cut in 0..FILE.len(), at in 0..FILE.len(), byte in any::<u8>()) {
            let mut bytes = FILE.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = (Pdnc.sniff(&bytes), read(&bytes, TEXT));
            bytes.truncate(cut);
            let _ = read(&bytes, TEXT);
        }
    }
}
