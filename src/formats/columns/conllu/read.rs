//! Makes documents of what CoNLL-U has: puts the text together and lays mentions on it.

use super::super::tags;
use super::super::words::Words;
use super::misc::unescape;
use super::rows::{self, Article, Unit};
use crate::formats::Read;
use crate::formats::build::Builder;
use crate::model::Problem;
use crate::text::Text;

/// More white space than this between two words is no article, but a mistake in its positions.
const WIDEST_GAP: u64 = 1000;

/// Reads all documents of a file.
///
/// # Errors
/// All lines that cannot be understood.
pub fn read(file: &str) -> Result<Vec<Read>, Vec<Problem>> {
    let articles = rows::rows(file)?;
    let tagged: Vec<Vec<Vec<_>>> = (articles.iter().flat_map(|article| &article.sentences))
        .map(|sentence| sentence.words.iter().map(|word| word.tags.clone()).collect())
        .collect();
    let survey = tags::survey(tagged.iter().map(Vec::as_slice));
    let is_one = articles.len() == 1;
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    let mut tagged = tagged.as_slice();
    for article in articles {
        let line = article.line;
        let (own, others) = tagged.split_at_checked(article.sentences.len()).unwrap_or((tagged, &[]));
        tagged = others;
        match build(article, own, survey) {
            Ok(read) => found.push(Read { line: (!is_one).then_some(line), ..read }),
            Err(problems) => refused.extend(problems),
        }
    }
    if refused.is_empty() { Ok(found) } else { Err(refused) }
}

/// Whether the positions of all words fit their lengths and each other.
fn has_ranges(article: &Article<'_>) -> bool {
    let mut before: Option<u64> = None;
    article.sentences.iter().flat_map(|sentence| &sentence.units).all(|unit| {
        let Some((from, to)) = unit.range else { return false };
        let gap = before.map_or(Some(0), |before| from.checked_sub(before));
        before = Some(to);
        to.checked_sub(from) == Some(unit.form.chars().count() as u64) && gap.is_some_and(|gap| gap <= WIDEST_GAP)
    })
}

/// The white space between two units, from what the file says of it.
fn gap(unit: &Unit<'_>, next: Option<(&Unit<'_>, bool, bool)>, by_range: bool) -> String {
    let mut gap = match (unit.after, next) {
        (Some(after), _) => unescape(after).into_owned(),
        (None, None) => String::new(),
        (None, Some((next, begins_sentence, begins_paragraph))) => {
            let ranges = unit.range.zip(next.range).filter(|_| by_range);
            let width = ranges.and_then(|((_, to), (from, _))| usize::try_from(from.saturating_sub(to)).ok());
            match (width, begins_sentence) {
                (Some(width), false) => " ".repeat(width),
                (Some(width), true) => "\n".repeat(width),
                (None, false) => " ".to_owned(),
                (None, true) if begins_paragraph => "\n\n".to_owned(),
                (None, true) => "\n".to_owned(),
            }
        }
    };
    if let Some(before) = next.and_then(|(next, ..)| next.before) {
        gap.push_str(&unescape(before));
    }
    gap
}

/// The text of a document, word by word.
fn words_of(article: &Article<'_>) -> Words {
    let by_range = has_ranges(article);
    let mut words = Words::default();
    let units: Vec<(&Unit<'_>, bool, bool)> = (article.sentences.iter())
        .flat_map(|sentence| {
            let of = |(at, unit)| (unit, at == 0, sentence.begins_paragraph);
            sentence.units.iter().enumerate().map(of)
        })
        .collect();
    if let Some(before) = units.first().and_then(|(unit, ..)| unit.before) {
        words.gap(&unescape(before));
    }
    for (at, (unit, ..)) in units.iter().enumerate() {
        words.word(&unit.form);
        words.gap(&gap(unit, units.get(at + 1).copied(), by_range));
    }
    if units.is_empty()
        && let Some((_, spaces)) = article.meta.iter().find(|(name, _)| *name == "spaces")
    {
        words.gap(&unescape(spaces));
    }
    words
}

/// Whether two texts are the same but for white space.
fn are_same_words<'a>(a: impl Iterator<Item = &'a str>, b: &str) -> bool {
    let no_space = |c: &char| !super::super::breaks_cells(*c) && *c != '_';
    a.flat_map(str::chars).filter(no_space).eq(b.chars().filter(no_space))
}

fn build(
    article: Article<'_>,
    tagged: &[Vec<Vec<Option<tags::Tag<'_>>>>],
    survey: tags::Survey,
) -> Result<Read, Vec<Problem>> {
    let words = words_of(&article);
    let Article { id, line, meta, sentences, has_grammar, mut remarks } = article;
    let text = Text::new(words.text()).map_err(|error| {
        vec![
            Problem::error("text-too-long", error.to_string(), "split the file into several articles").at_line(line, 1),
        ]
    })?;
    let mut builder = Builder::new(super::INFO.id, text, None);
    if let Some(id) = id {
        builder.header.metadata.id = unescape(id).into_owned();
    }
    let mut sha256 = None;
    for (name, value) in meta {
        let text = unescape(value).into_owned();
        let m = &mut builder.header.metadata;
        match name {
            "title" => m.title = text,
            "source" => m.source = Some(text),
            "published" => m.published = Some(text),
            "language" => m.language = Some(text),
            "annotator" => builder.header.annotator = Some(text),
            "encoding" => m.encoding = Some(text),
            "bom" => m.bom = text == "yes",
            "sha256" => sha256 = Some(text),
            "spaces" => {}
            _ => {
                let message = format!("{name:?}, which is said of the document, is left out");
                remarks.add("remark-left-out", message, "", line);
            }
        }
    }
    let mut first_unit = 0;
    for (sentence, tagged) in sentences.iter().zip(tagged) {
        if let Some((given, line)) = sentence.text
            && !are_same_words(sentence.units.iter().map(|unit| &*unit.form), given)
        {
            let hint = "the words are taken, not # text";
            remarks.add("words-differ", "the text of the sentence does not have the words below it", hint, line);
        }
        let (found, odd) = tags::mentions(tagged, survey);
        let unit_of = |word: usize| sentence.words.get(word).map(|word| word.unit);
        for mention in found {
            let last = mention.end.saturating_sub(1);
            let (Some(from), Some(to)) = (unit_of(mention.first), unit_of(last)) else { continue };
            let is_cut =
                mention.first.checked_sub(1).and_then(unit_of) == Some(from) || unit_of(mention.end) == Some(to);
            if is_cut {
                let line = sentence.words.get(mention.first).map_or(line, |word| word.line);
                let message = format!("the mention {} has a part of a contraction and gets all of it", mention.label);
                remarks.add("part-of-contraction", message, "", line);
            }
            if let Some(span) = words.span(first_unit + from, first_unit + to + 1) {
                builder.mention(mention.label, [span]);
            }
        }
        for (word, what) in odd {
            let line = sentence.words.get(word).map_or(line, |word| word.line);
            remarks.add("odd-tag", what, "the tags follow no scheme here; look whether the mention is right", line);
        }
        first_unit += sentence.units.len();
    }
    let is_same = sha256.as_ref().map(|sha256| sha256 == builder.text().sha256());
    match is_same {
        Some(true) => {}
        Some(false) => {
            let hint = "it may be cut off, or words were changed; look whether the article is whole";
            builder.warn("text-differs", "the text is not the one that was written into the file", hint, Some(line));
        }
        None if first_unit == 0 => {
            builder.warn("no-words", "the document has no words", "the file may be cut off", Some(line));
        }
        None => {
            let message =
                "the text was put together from words; its blanks and line ends may be others than in the article";
            builder.warn("text-rebuilt", message, "only SpacesAfter says what stood between words", None);
        }
    }
    if has_grammar {
        let message = "lemmas, parts of speech and syntax are left out";
        builder.warn("columns-left-out", message, "only words and tags of mentions are read", None);
    }
    remarks.tell(&mut builder);
    builder.finish(None)
}
