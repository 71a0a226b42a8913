//! The lines of a file: layers, sentences and rows, and the text that they make. Knows nothing of what layers mean.

use std::collections::BTreeMap;

use super::escape;
use crate::model::Problem;

/// What a layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// `#T_SP`: spans.
    Span,
    /// `#T_RL`: relations between the spans of another layer.
    Relation,
    /// `#T_CH`: chains of spans.
    Chain,
}

/// What a column of a layer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// Values of a feature.
    Feature(String),
    /// Nothing but that there is an annotation.
    Placeholder,
    /// Roles of a slot.
    Roles(String),
    /// Fillers of the slot before it, which are of this type.
    Targets(String),
    /// Where a relation starts, at a span of this type.
    Base(String),
}

/// A layer, with its first column in the cells of a row.
#[derive(Clone, Debug)]
pub struct Layer {
    pub kind: LayerKind,
    pub name: String,
    pub first: usize,
    pub columns: Vec<Column>,
}

impl Layer {
    /// The name without its package.
    pub fn short(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

/// A token or a part of one.
#[derive(Debug)]
pub struct Row {
    /// From 1.
    pub line: usize,
    /// `1-2` or `1-2.1`.
    pub unit: String,
    /// The number of its token in the document.
    pub token: usize,
    /// Half-open, in UTF-16 units.
    pub begin: u64,
    /// See `begin`.
    pub end: u64,
    pub cells: Vec<String>,
}

/// A file.
#[derive(Debug, Default)]
pub struct File {
    pub layers: Vec<Layer>,
    pub rows: Vec<Row>,
    pub text: String,
    /// Row numbers by unit.
    pub units: BTreeMap<String, usize>,
    pub problems: Vec<Problem>,
}

/// More white space than this between two sentences is not believed.
const MOST_BETWEEN: u64 = 1 << 16;

pub const MARK: &str = "#FORMAT=WebAnno TSV 3";

#[derive(Default)]
struct Sentence {
    line: usize,
    text: Option<String>,
    /// The first of its rows.
    first: usize,
    forms: Vec<(u64, u64, String)>,
}

/// The lines of a file. Problems that are errors are among `problems`.
pub fn parse(source: &str) -> File {
    let mut reader = Reader::default();
    let mut is_header = true;
    for (index, line) in source.split('\n').enumerate() {
        let (line, number) = (line.strip_suffix('\r').unwrap_or(line), index + 1);
        if index == 0 {
            if !line.starts_with(MARK) {
                let message = "the file does not begin with #FORMAT=WebAnno TSV 3.3";
                reader.refuse("no-format-line", message, "export it as WebAnno TSV v3.3", 1);
                return reader.file;
            }
        } else if is_header && line.starts_with("#T_") {
            reader.layer(line, number);
        } else if line.is_empty() {
            reader.end_of_sentence();
        } else {
            is_header = false;
            reader.line(line, number);
        }
    }
    reader.end_of_sentence();
    if reader.made_up > 0 {
        let message = "the file does not say what stands between sentences; line ends were put there";
        let hint = "positions are right; only the white space may be another";
        reader.file.problems.push(Problem::warning("white-space-unknown", message, hint).at_line(reader.made_up, 1));
    }
    reader.file
}

#[derive(Default)]
struct Reader {
    file: File,
    columns: usize,
    sentence: Sentence,
    tokens: usize,
    /// UTF-16 units of the text so far.
    length: u64,
    /// The line of the first sentence before which white space was made up.
    made_up: usize,
    has_ids: bool,
}

impl Reader {
    fn refuse(&mut self, code: &'static str, message: impl Into<String>, hint: &str, line: usize) {
        self.file.problems.push(Problem::error(code, message, hint).at_line(line, 1));
    }

    fn layer(&mut self, line: &str, number: usize) {
        let kind = match line.get(..6) {
            Some("#T_SP=") => LayerKind::Span,
            Some("#T_RL=") => LayerKind::Relation,
            Some("#T_CH=") => LayerKind::Chain,
            _ => {
                let hint = "layers are #T_SP, #T_RL and #T_CH";
                return self.refuse("unknown-layer", format!("{line:?} is no layer"), hint, number);
            }
        };
        let mut parts = line.get(6..).unwrap_or_default().split('|');
        let name = parts.next().unwrap_or_default().to_owned();
        let mut columns = Vec::new();
        while let Some(part) = parts.next().filter(|part| !part.is_empty()) {
            if let (LayerKind::Span, Some(slot)) = (kind, part.strip_prefix("ROLE_")) {
                let slot = slot.rsplit_once(':').map_or(slot, |(_, slot)| slot);
                let slot = slot.split_once('_').map_or(slot, |(slot, _)| slot);
                columns.push(Column::Roles(slot.to_owned()));
                columns.push(Column::Targets(parts.next().unwrap_or_default().to_owned()));
            } else if let (LayerKind::Relation, Some(base)) = (kind, part.strip_prefix("BT_")) {
                columns.push(Column::Base(base.to_owned()));
            } else {
                columns.push(Column::Feature(part.to_owned()));
            }
        }
        if columns.is_empty() {
            columns.push(Column::Placeholder);
        }
        let first = self.columns;
        self.columns += columns.len();
        self.file.layers.push(Layer { kind, name, first, columns });
    }

    fn line(&mut self, line: &str, number: usize) {
        if let Some(text) = line.strip_prefix("#Text=") {
            if !self.sentence.forms.is_empty() {
                self.end_of_sentence();
            }
            let text = escape::unescaped(text);
            match &mut self.sentence.text {
                Some(known) => *known = [known, "\n", &text].concat(),
                none => {
                    *none = Some(text);
                    self.sentence.line = number;
                }
            }
        } else if line.starts_with("#Sentence.id=") {
            if !self.has_ids {
                let message = "identifiers of sentences are not kept";
                let problem = Problem::warning("sentence-ids", message, "nothing in the program refers to sentences");
                self.file.problems.push(problem.at_line(number, 1));
            }
            self.has_ids = true;
        } else if line.starts_with(|c: char| c.is_ascii_digit()) {
            self.row(line, number);
        } else {
            let hint = "a line is #Text=, #Sentence.id= or a row that begins with numbers";
            self.refuse("unknown-line", format!("{:?} is no line of this format", excerpt(line)), hint, number);
        }
    }

    fn row(&mut self, line: &str, number: usize) {
        if self.sentence.text.is_none() {
            return self.refuse("no-text", "the row has no #Text= line before it", "the file may be damaged", number);
        }
        let mut fields: Vec<&str> = line.split('\t').collect();
        if fields.len() == self.columns + 4 && fields.last() == Some(&"") {
            fields.pop();
        }
        let hint = "the file may be cut off or damaged";
        if fields.len() != self.columns + 3 {
            let message = format!(
                "the row has {} columns of values, the header names {}",
                fields.len().saturating_sub(3),
                self.columns
            );
            return self.refuse("wrong-columns", message, hint, number);
        }
        let (Some(unit), Some(place), Some(form)) = (fields.first(), fields.get(1), fields.get(2)) else { return };
        let range = place.split_once('-').and_then(|(a, b)| Some((a.parse::<u64>().ok()?, b.parse::<u64>().ok()?)));
        let (Some((begin, end)), Some(is_part)) = (range, is_part(unit)) else {
            let message = format!("{unit:?} and {place:?} are no token and its place");
            return self.refuse("bad-row", message, hint, number);
        };
        if is_part {
            let token = unit.split_once('.').map_or(*unit, |(token, _)| token);
            if self.tokens == 0 || !self.file.units.contains_key(token) {
                let message = format!("the part {unit} comes before its token");
                return self.refuse("no-token", message, "parts of tokens follow their token", number);
            }
        } else {
            if self.sentence.forms.last().is_some_and(|last| begin < last.1) {
                let message = format!("the token {unit} begins before the one before it ends");
                return self.refuse("bad-offset", message, "tokens stand in the order of the text", number);
            }
            if self.sentence.forms.is_empty() {
                self.sentence.first = number;
            }
            self.sentence.forms.push((begin, end, (*form).to_owned()));
            self.tokens += 1;
        }
        if self.file.units.insert((*unit).to_owned(), self.file.rows.len()).is_some() {
            return self.refuse("duplicate-id", format!("the token {unit} is there twice"), "number it anew", number);
        }
        let cells = fields.get(3..).unwrap_or_default().iter().map(|cell| (*cell).to_owned()).collect();
        let token = self.tokens.saturating_sub(1);
        self.file.rows.push(Row { line: number, unit: (*unit).to_owned(), token, begin, end, cells });
    }

    /// Puts the text of a sentence where its tokens are.
    fn end_of_sentence(&mut self) {
        let sentence = std::mem::take(&mut self.sentence);
        let Some(text) = sentence.text else { return };
        let hint = "the file may be cut off or damaged";
        let Some((begin, ..)) = sentence.forms.first() else {
            return self.refuse("no-tokens", "the sentence has no tokens", hint, sentence.line);
        };
        let places = Places::of(&text);
        let leading = text.chars().take_while(|c| c.is_whitespace()).map(|c| c.len_utf16() as u64).sum::<u64>();
        let fits = |start: &u64| {
            *start >= self.length
                && sentence.forms.iter().all(|(a, b, form)| {
                    let own = places.slice(&text, a.checked_sub(*start), b.checked_sub(*start));
                    own.is_some_and(|own| own == form || own == escape::unescaped(form))
                })
        };
        let starts = [begin.checked_sub(leading), Some(*begin)];
        let Some(start) = starts.into_iter().flatten().find(fits) else {
            let message = "the tokens of the sentence are not the words of its #Text= at their places";
            let hint = "places are counted in UTF-16 units and sentences stand in the order of the text";
            return self.refuse("words-differ", message, hint, sentence.first);
        };
        let end = sentence.forms.last().map_or(start, |(_, end, _)| *end);
        let rest = places.slice(&text, end.checked_sub(start), Some(places.length())).unwrap_or_default();
        if rest.contains(char::is_alphanumeric) {
            let message = format!("the words {:?} of the sentence have no rows", excerpt(rest));
            return self.refuse("no-tokens", message, hint, sentence.line);
        }
        let between = start - self.length;
        if between > MOST_BETWEEN {
            let message = format!("{between} characters are missing before the sentence");
            return self.refuse("bad-offset", message, hint, sentence.first);
        }
        if between > 0 {
            let filler = if self.file.text.is_empty() { " " } else { "\n" };
            self.file.text.push_str(&filler.repeat(between as usize));
            if self.made_up == 0 {
                self.made_up = sentence.line;
            }
        }
        self.file.text.push_str(&text);
        self.length = start + places.length();
    }
}

/// Whether a unit is a part of a token; `None` if it is no unit.
fn is_part(unit: &str) -> Option<bool> {
    let (sentence, token) = unit.split_once('-')?;
    let (token, part) = token.split_once('.').map_or((token, None), |(token, part)| (token, Some(part)));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (is_number(sentence) && is_number(token) && part.is_none_or(is_number)).then_some(part.is_some())
}

fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Where UTF-16 units are in a text.
struct Places(Vec<u32>);

impl Places {
    fn of(text: &str) -> Self {
        let mut places = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            places.push(at as u32);
            if c.len_utf16() == 2 {
                places.push(u32::MAX);
            }
        }
        places.push(text.len() as u32);
        Self(places)
    }

    fn length(&self) -> u64 {
        self.0.len() as u64 - 1
    }

    fn slice<'a>(&self, text: &'a str, begin: Option<u64>, end: Option<u64>) -> Option<&'a str> {
        let byte = |at: u64| Some(*self.0.get(usize::try_from(at).ok()?)? as usize);
        text.get(byte(begin?)?..byte(end?)?)
    }
}
