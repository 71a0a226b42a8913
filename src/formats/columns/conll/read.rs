//! Reads files of columns.

use super::super::tags::{self, Tag};
use super::super::words::{Words, gaps};
use super::super::{Remarks, breaks_cells};
use super::layout::{self, Layout};
use crate::formats::Read;
use crate::formats::build::Builder;
use crate::model::{Problem, Severity};
use crate::text::Text;

#[derive(Debug, Default)]
struct Sentence<'a> {
    /// The text that a remark gives it, and the line of the remark.
    text: Option<(&'a str, usize)>,
    words: Vec<&'a str>,
    tags: Vec<Vec<Option<Tag<'a>>>>,
    lines: Vec<usize>,
}

#[derive(Debug, Default)]
struct Article<'a> {
    id: Option<&'a str>,
    line: usize,
    /// Whether a line says that it begins here.
    is_marked: bool,
    sentences: Vec<Sentence<'a>>,
    remarks: Remarks,
}

/// Line ends of any system, as numbered lines without them.
fn numbered(file: &str) -> impl Iterator<Item = (usize, &str)> + Clone {
    file.split('\n').enumerate().map(|(index, line)| (index + 1, line.strip_suffix('\r').unwrap_or(line)))
}

/// What is in a file.
struct Reader<'a> {
    layout: Option<Layout>,
    /// Whether `SAMPLE_START` and `[SEP]` stand for the ends of documents and sentences.
    has_sample_marks: bool,
    is_ragged: bool,
    articles: Vec<Article<'a>>,
    sentence: Sentence<'a>,
    errors: Vec<Problem>,
}

/// Reads all documents of a file.
///
/// # Errors
/// All lines that are no rows.
pub fn read(file: &str) -> Result<Vec<Read>, Vec<Problem>> {
    let lines = numbered(file).map(|(_, line)| line);
    let mut reader = Reader {
        layout: layout::find(lines),
        has_sample_marks: file.contains("SAMPLE_START"),
        is_ragged: false,
        articles: Vec::new(),
        sentence: Sentence::default(),
        errors: Vec::new(),
    };
    for (number, line) in numbered(file) {
        reader.line(number, line);
    }
    reader.end_sentence();
    let Reader { layout, is_ragged, articles, errors, .. } = reader;
    if !errors.is_empty() {
        return Err(errors);
    }
    if articles.is_empty() {
        let hint = "a file of columns has one word a line, with its tag beside it";
        return Err(vec![Problem::error("no-columns", "there is no word in the file", hint)]);
    }
    let sentences = articles.iter().flat_map(|article| article.sentences.iter().map(|s| s.tags.as_slice()));
    let survey = tags::Survey { is_ragged, ..tags::survey(sentences) };
    let is_one = articles.len() == 1;
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    for article in articles {
        let line = article.line;
        match build(article, survey, layout.as_ref()) {
            Ok(read) => found.push(Read { line: (!is_one).then_some(line), ..read }),
            Err(problems) => refused.extend(problems),
        }
    }
    if refused.is_empty() { Ok(found) } else { Err(refused) }
}

impl<'a> Reader<'a> {
    /// The article that is being read; the first begins by itself.
    fn article(&mut self, line: usize) -> &mut Article<'a> {
        if self.articles.is_empty() {
            self.articles.push(Article { line, ..Article::default() });
        }
        let last = self.articles.len() - 1;
        &mut self.articles[last]
    }

    fn begin_article(&mut self, id: Option<&'a str>, line: usize) {
        self.end_sentence();
        // What was told before the first word belongs to the document that now begins.
        let goes_on = self.articles.last().is_some_and(|article| !article.is_marked && article.sentences.is_empty());
        if !goes_on {
            self.articles.push(Article { line, ..Article::default() });
        }
        let article = self.article(line);
        (article.id, article.is_marked) = (id.filter(|id| !id.is_empty()), true);
    }

    fn end_sentence(&mut self) {
        let sentence = std::mem::take(&mut self.sentence);
        if let Some(line) = sentence.lines.first() {
            self.article(*line).sentences.push(sentence);
        }
    }

    fn line(&mut self, number: usize, line: &'a str) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            self.end_sentence();
        } else if layout::is_mark(trimmed) {
            let id = trimmed.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(id, _)| id);
            self.begin_article(id, number);
        } else if line.starts_with('#') && !self.is_row(line) {
            self.remark(number, trimmed);
        } else if trimmed.starts_with('<') && trimmed.ends_with('>') && !trimmed.contains(['\t', ' ']) {
            let hint = "the line has nothing but a mark";
            self.article(number).remarks.add("remark-left-out", format!("{trimmed:?} is left out"), hint, number);
        } else if trimmed == "\u{feff}" {
            let message = "a line with nothing but a byte order mark is left out";
            self.article(number).remarks.add("byte-order-mark", message, "", number);
        } else {
            self.row(number, line);
        }
    }

    /// Whether a line that begins with `#` is a word nevertheless: it has the columns and tags of one.
    fn is_row(&self, line: &str) -> bool {
        let Some(layout) = &self.layout else { return false };
        let cells = layout.separator.cells(line);
        let of_tags = layout.tags.iter().copied().chain(layout.columns..cells.len());
        cells.len() >= layout.columns
            && of_tags.into_iter().all(|column| cells.get(column).is_some_and(|c| tags::parse(c.trim()).is_ok()))
    }

    fn remark(&mut self, number: usize, line: &'a str) {
        let content = line.trim_start_matches('#').trim_start();
        let (key, value) = content.split_once('=').map_or((content, ""), |(key, value)| (key.trim(), value.trim()));
        if key == "newdoc" || key == "newdoc id" {
            self.begin_article(Some(value), number);
        } else if let Some(rest) = content.strip_prefix("begin document") {
            let id = rest.trim().strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(id, _)| id);
            self.begin_article(id, number);
        } else if key == "text" {
            self.end_sentence();
            self.sentence.text = Some((value, number));
        } else if !matches!(key, "sent_id" | "newpar" | "newpar id") && content != "end document" {
            let message = format!("the remark {content:?} is left out");
            let hint = "lines that begin with # and are no words are not kept";
            self.article(number).remarks.add("remark-left-out", message, hint, number);
        }
    }

    fn row(&mut self, number: usize, line: &'a str) {
        let Some(layout) = &self.layout else {
            if self.errors.is_empty() {
                let hint = "each line has a word and its tag: O, or B or I with a label, such as B-PER";
                self.errors.push(Problem::error("no-columns", "no column has tags", hint).at_line(number, 1));
            }
            return;
        };
        let cells = layout.separator.cells(line);
        let wanted = layout.tags.last().copied().unwrap_or(0).max(layout.word) + 1;
        if cells.len() < wanted {
            let message = match cells.len() {
                1 => format!("the line has 1 column, its tag would be in column {wanted}"),
                n => format!("the line has {n} columns, its tag would be in column {wanted}"),
            };
            let hint = "the file may be cut off here, or its columns be divided in two ways";
            self.errors.push(Problem::error("columns-missing", message, hint).at_line(number, 1));
            return;
        }
        let mut row = Vec::with_capacity(layout.tags.len());
        // Columns that only some rows have are tags of further mentions.
        for column in layout.tags.iter().copied().chain(layout.columns.max(wanted)..cells.len()) {
            let cell = cells.get(column).map_or("", |cell| cell.trim());
            match tags::parse(cell) {
                Ok(tag) => row.push(tag),
                Err(tags::NoTag) => {
                    let message = format!("{cell:?} in column {} is no tag", column + 1);
                    let hint = "a tag is O, or a letter such as B or I with a label, such as B-PER";
                    self.errors.push(Problem::error("no-tag", message, hint).at_line(number, 1));
                    return;
                }
            }
        }
        let word = cells.get(layout.word).map_or("", |cell| cell.trim());
        self.is_ragged |= cells.len() > layout.columns;
        if self.has_sample_marks && matches!(word, "SAMPLE_START" | "[SEP]") {
            match word {
                "SAMPLE_START" => self.begin_article(None, number),
                _ => self.end_sentence(),
            }
        } else if word.is_empty() || word.chars().all(breaks_cells) {
            let hint = "the line has a tag, but nothing to tag";
            self.article(number).remarks.add("no-word", "a line without a word is left out", hint, number);
        } else {
            self.sentence.words.push(word);
            self.sentence.tags.push(row);
            self.sentence.lines.push(number);
        }
    }
}

/// A document of what was read.
fn build(article: Article<'_>, survey: tags::Survey, layout: Option<&Layout>) -> Result<Read, Vec<Problem>> {
    let Article { id, line, sentences, mut remarks, .. } = article;
    let mut words = Words::default();
    for (at, sentence) in sentences.iter().enumerate() {
        if at > 0 {
            words.gap("\n");
        }
        let given = sentence.text.map(|(text, line)| (gaps(text, &sentence.words), line));
        let given = match given {
            Some((None, line)) => {
                let hint = "the words are taken, with blanks between them";
                remarks.add("words-differ", "the text of the sentence does not have the words below it", hint, line);
                None
            }
            Some((Some(gaps), _)) => Some(gaps),
            None => None,
        };
        for (n, word) in sentence.words.iter().enumerate() {
            if n > 0 {
                words.gap(given.as_ref().and_then(|gaps| gaps.get(n).copied()).unwrap_or(" "));
            }
            words.word(word);
        }
    }
    let text = Text::new(words.text()).map_err(|error| {
        vec![
            Problem::error("text-too-long", error.to_string(), "split the file into several articles").at_line(line, 1),
        ]
    })?;
    let mut builder = Builder::new(super::INFO.id, text, None);
    if let Some(id) = id {
        id.clone_into(&mut builder.header.metadata.id);
    }
    let mut first_word = 0;
    for sentence in &sentences {
        let (found, odd) = tags::mentions(&sentence.tags, survey);
        for mention in found {
            if let Some(span) = words.span(first_word + mention.first, first_word + mention.end) {
                builder.mention(mention.label, [span]);
            }
        }
        for (word, what) in odd {
            let line = sentence.lines.get(word).copied().unwrap_or(line);
            remarks.add("odd-tag", what, "the tags follow no scheme here; look whether the mention is right", line);
        }
        first_word += sentence.words.len();
    }
    if first_word > 0 {
        let message =
            "the text was put together from words; its blanks and line ends may be others than in the article";
        builder.warn("text-rebuilt", message, "a file of columns has no text", None);
    }
    if let Some(layout) = layout {
        if let Some(chunks) = layout.chunks {
            let message = format!("the phrases in column {} are left out", chunks + 1);
            builder.warn("columns-left-out", message, "only tags of mentions are read", None);
        }
        if !layout.others.is_empty() {
            let columns: Vec<String> = layout.others.iter().map(|column| (column + 1).to_string()).collect();
            let message = format!("what is in column {} is left out", columns.join(", "));
            builder.warn("columns-left-out", message, "only words and tags of mentions are read", None);
        }
    }
    remarks.tell(&mut builder);
    let read = builder.finish(None)?;
    debug_assert!(read.problems.iter().all(|problem| problem.severity == Severity::Warning));
    Ok(read)
}
