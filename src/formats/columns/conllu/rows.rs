//! The lines of CoNLL-U: sentences of words, each with its place in the text and its tags. Knows nothing of documents'
//! text; that is put together in `read`.

use std::collections::BTreeSet;

use super::super::Remarks;
use super::super::tags::{self, Tag};
use super::misc;
use super::write::numbered;
use crate::model::Problem;

/// Something that stands in the text: a word, or a contraction of several.
#[derive(Debug)]
pub struct Unit<'a> {
    /// As in the text, or `SpacesInToken`.
    pub form: std::borrow::Cow<'a, str>,
    /// `SpacesBefore`.
    pub before: Option<&'a str>,
    /// `SpacesAfter`, or nothing for `SpaceAfter=No`.
    pub after: Option<&'a str>,
    /// `TokenRange`, in code points, half-open.
    pub range: Option<(u64, u64)>,
}

/// A word of the grammar.
#[derive(Debug)]
pub struct Word<'a> {
    /// The number of its unit in the sentence.
    pub unit: usize,
    /// Its tags, by layer.
    pub tags: Vec<Option<Tag<'a>>>,
    /// Its line.
    pub line: usize,
}

/// A sentence.
#[derive(Debug, Default)]
pub struct Sentence<'a> {
    /// `# text`, and its line.
    pub text: Option<(&'a str, usize)>,
    /// Whether a paragraph begins here.
    pub begins_paragraph: bool,
    /// What stands in the text.
    pub units: Vec<Unit<'a>>,
    /// Words.
    pub words: Vec<Word<'a>>,
}

/// A document.
#[derive(Debug, Default)]
pub struct Article<'a> {
    /// `# newdoc id`.
    pub id: Option<&'a str>,
    /// Its first line.
    pub line: usize,
    /// `# meta::name = value`.
    pub meta: Vec<(&'a str, &'a str)>,
    /// Its sentences.
    pub sentences: Vec<Sentence<'a>>,
    /// Whether columns other than words and tags are filled.
    pub has_grammar: bool,
    /// What is to be said.
    pub remarks: Remarks,
}

/// Which column is which, from 0.
#[derive(Debug)]
struct Columns {
    count: usize,
    /// The numbers of words, which CoNLL-U Plus may do without.
    id: Option<usize>,
    form: usize,
    misc: Option<usize>,
    /// A column of tags, in CoNLL-U Plus.
    tag: Option<usize>,
}

impl Columns {
    const PLAIN: Self = Self { count: 10, id: Some(0), form: 1, misc: Some(9), tag: None };

    /// Of the names in `# global.columns`.
    fn named(names: &str) -> Option<Self> {
        let names: Vec<&str> = names.split_whitespace().collect();
        let of = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let is_tag = |name: &&str| matches!(name.rsplit(':').next(), Some("NE" | "NER"));
        let tag = names.iter().position(|name| is_tag(&name.to_uppercase().as_str()));
        Some(Self { count: names.len(), id: of("ID"), form: of("FORM")?, misc: of("MISC"), tag })
    }
}

/// The keys under which tags are found: ours, and those of treebanks.
const KEYS: &[&str] = &["NER", "NE", "name"];

/// What is in a file.
pub struct Rows<'a> {
    columns: Columns,
    key: &'static str,
    articles: Vec<Article<'a>>,
    ids: BTreeSet<&'a str>,
    sentence: Sentence<'a>,
    /// The number of the last word of the contraction that is being read.
    contraction: Option<usize>,
    errors: Vec<Problem>,
}

/// Reads the lines of a file.
///
/// # Errors
/// All lines that cannot be understood.
pub fn rows(file: &str) -> Result<Vec<Article<'_>>, Vec<Problem>> {
    let has = |key: &&&str| file.contains(&format!("\t{key}=")) || file.contains(&format!("|{key}="));
    let mut rows = Rows {
        columns: Columns::PLAIN,
        key: KEYS.iter().find(has).copied().unwrap_or("NER"),
        articles: Vec::new(),
        ids: BTreeSet::new(),
        sentence: Sentence::default(),
        contraction: None,
        errors: Vec::new(),
    };
    let mut last = 0;
    for (index, line) in file.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        last = index + 1;
        if line.trim().is_empty() {
            rows.end_sentence(last);
        } else if let Some(remark) = line.strip_prefix('#') {
            rows.remark(last, remark.trim());
        } else {
            rows.row(last, line);
        }
    }
    rows.end_sentence(last);
    match (rows.errors.is_empty(), rows.articles.is_empty()) {
        (false, _) => Err(rows.errors),
        (true, true) => {
            let hint = "a word of CoNLL-U is a line of ten columns with tabs between";
            Err(vec![Problem::error("no-words", "there is no word in the file", hint)])
        }
        (true, false) => Ok(rows.articles),
    }
}

impl<'a> Rows<'a> {
    fn article(&mut self, line: usize) -> &mut Article<'a> {
        if self.articles.is_empty() {
            self.articles.push(Article { line, ..Article::default() });
        }
        let last = self.articles.len() - 1;
        &mut self.articles[last]
    }

    fn refuse(&mut self, code: &'static str, message: String, hint: &str, line: usize) {
        self.errors.push(Problem::error(code, message, hint).at_line(line, 1));
    }

    fn end_sentence(&mut self, line: usize) {
        if self.contraction.take().is_some() {
            let hint = "a line 1-2 is followed by the lines 1 and 2";
            self.refuse("word-numbers", "the words of a contraction are missing".to_owned(), hint, line);
        }
        let sentence = std::mem::take(&mut self.sentence);
        if !sentence.words.is_empty() {
            self.article(line).sentences.push(sentence);
        }
    }

    fn remark(&mut self, line: usize, content: &'a str) {
        let (key, value) = content.split_once('=').map_or((content, ""), |(key, value)| (key.trim(), value.trim()));
        match key {
            "global.columns" => match Columns::named(value) {
                Some(columns) => self.columns = columns,
                None => {
                    let message = "there is no column FORM".to_owned();
                    self.refuse("columns-missing", message, "name the column of words FORM in # global.columns", line);
                }
            },
            "newdoc" | "newdoc id" => {
                self.end_sentence(line);
                let id = Some(value).filter(|value| !value.is_empty());
                let is_double = id.is_some_and(|id| !self.ids.insert(id));
                self.articles.push(Article { id, line, ..Article::default() });
                if is_double {
                    let message = format!("a document before has the id {value:?}, too");
                    self.article(line).remarks.add("double-id", message, "give each document its own id", line);
                }
            }
            "newpar" | "newpar id" => self.sentence.begins_paragraph = true,
            "text" => self.sentence.text = Some((value, line)),
            "sent_id" => {}
            _ => match key.strip_prefix(super::META) {
                Some(name) => self.article(line).meta.push((name, value)),
                None => {
                    let message = format!("the remark {content:?} is left out");
                    self.article(line).remarks.add("remark-left-out", message, "", line);
                }
            },
        }
    }

    fn row(&mut self, line: usize, row: &'a str) {
        let cells: Vec<&'a str> = row.split('\t').collect();
        let Columns { count, id, form, misc, tag } = self.columns;
        if cells.len() != count {
            let message = format!("the line has {} columns, not {count}", cells.len());
            return self.refuse("columns-missing", message, "columns have one tab between; empty ones are _", line);
        }
        let cell = |column: usize| cells.get(column).copied().unwrap_or("_");
        let expected = self.sentence.words.len() + 1;
        let counted = expected.to_string();
        let (form, misc) = (cell(form), misc.map_or("_", cell));
        let id: &str = id.map_or(counted.as_str(), |column| cell(column));
        if id.split_once('.').is_some_and(|(a, b)| a.parse::<usize>().is_ok() && b.parse::<usize>().is_ok()) {
            let message = "a word that is not in the text is left out";
            return self.article(line).remarks.add("empty-node", message, "", line);
        }
        let mut ends = id.split('-').map(str::parse::<usize>);
        let (first, last) = match (ends.next(), ends.next(), ends.next()) {
            (Some(Ok(only)), None, None) => (only, None),
            (Some(Ok(first)), Some(Ok(last)), None) if first <= last && self.contraction.is_none() => {
                (first, Some(last))
            }
            _ => {
                return self.refuse(
                    "word-numbers",
                    format!("{id:?} is no number of a word"),
                    "words are 1, 2, 3",
                    line,
                );
            }
        };
        if first != expected {
            let message = format!("the word has the number {first}, not {expected}");
            return self.refuse("word-numbers", message, "the words of a sentence are counted from 1", line);
        }
        if form.is_empty() {
            return self.refuse("no-word", "the line has no word".to_owned(), "an empty column is _", line);
        }
        if let Some(last) = last {
            self.sentence.units.push(unit(form, misc));
            self.contraction = Some(last);
            if misc::value(misc, self.key).is_some() {
                let message = "the tag of a contraction is left out";
                let hint = "its words have tags of their own";
                self.article(line).remarks.add("tag-left-out", message, hint, line);
            }
            return;
        }
        if self.contraction.is_none() {
            self.sentence.units.push(unit(form, misc));
        }
        if self.contraction.is_some_and(|last| first >= last) {
            self.contraction = None;
        }
        let known = [self.columns.id, Some(self.columns.form), self.columns.misc, tag];
        let has_grammar = cells.iter().enumerate().any(|(column, cell)| *cell != "_" && !known.contains(&Some(column)));
        self.article(line).has_grammar |= has_grammar;
        let tags = self.tags(misc, tag.map(cell), line);
        self.sentence.words.push(Word { unit: self.sentence.units.len() - 1, tags, line });
    }

    /// The tags of a word: of the column of CoNLL-U Plus if there is one, and of `MISC`.
    fn tags(&mut self, misc: &'a str, column: Option<&'a str>, line: usize) -> Vec<Option<Tag<'a>>> {
        let mut found = Vec::new();
        for layer in 0.. {
            let value = misc::value(misc, &numbered(self.key, layer));
            let value = if layer == 0 { column.filter(|c| *c != "_" && *c != "*").or(value) } else { value };
            // Layers have no gaps but for words outside of the outer ones: the deepest is at most as deep as the keys.
            match value {
                Some(cell) => match tags::parse(cell) {
                    Ok(tag) => found.push(tag),
                    Err(tags::NoTag) if self.key == "NER" || column.is_some() => {
                        let message = format!("{cell:?} is no tag");
                        self.refuse("no-tag", message, "a tag is O, or B- or I- with a label, such as B-PER", line);
                        return found;
                    }
                    Err(tags::NoTag) => {
                        let message = format!("{}={cell} is left out, it is no tag", self.key);
                        self.article(line).remarks.add("tag-left-out", message, "", line);
                    }
                },
                None if misc::entries(misc).any(|(key, _)| is_deeper(key, self.key, layer)) => found.push(None),
                None => break,
            }
        }
        found
    }
}

/// Whether a key is that of a deeper layer than this.
fn is_deeper(key: &str, base: &str, layer: usize) -> bool {
    let number = key.strip_prefix(base).and_then(|number| number.parse::<usize>().ok());
    // A number that no writer gives would make as many layers.
    number.is_some_and(|number| number > layer + 1 && number < 1000)
}

fn unit<'a>(form: &'a str, misc: &'a str) -> Unit<'a> {
    let range = misc::value(misc, "TokenRange").and_then(|range| range.split_once(':'));
    let range = range.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let no_space = (misc::value(misc, "SpaceAfter") == Some("No")).then_some("");
    Unit {
        form: (misc::value(misc, "SpacesInToken").filter(|form| !form.is_empty()))
            .map_or(std::borrow::Cow::Borrowed(form), misc::unescape),
        before: misc::value(misc, "SpacesBefore"),
        after: misc::value(misc, "SpacesAfter").or(no_space),
        range,
    }
}
