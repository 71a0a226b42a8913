//! From the native file to the model: strict, complete in what it reports, and never a panic.
//!
//! A file is opened only if that loses nothing: text, offsets and the words beside them must agree. What a document
//! may hold although it is wrong (labels that no schema knows, references to nothing) stays, and
//! [`crate::model::validate`] reports it.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::locate::Places;
use super::markers;
use super::migrate::{self, CURRENT, STEPS, Step, Version};
use super::quick;
use super::shape;
use super::to_model::Reader;
use super::tree::{Language, Tree};
use super::unknown::{self, Kept};
use crate::formats::Read;
use crate::formats::watch::{Unwatched, Watch};
use crate::limits;
use crate::model::{Problem, Severity};
use crate::text::Text;

/// The text of a native file.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// RON.
    Ron(&'a str),
    /// JSON, which may be a line of a longer file.
    Json {
        /// The JSON object.
        text: &'a str,
        /// The number of its first line in the file, from 1.
        first_line: usize,
    },
}

/// Reads one document.
///
/// # Errors
/// Every problem that was found, with line and column, if the file cannot be opened without loss.
pub fn read(source: Source<'_>) -> Result<Read, Vec<Problem>> {
    read_watched(source, &Unwatched)
}

/// The same while somebody watches.
pub(super) fn read_watched(source: Source<'_>, watch: &dyn Watch) -> Result<Read, Vec<Problem>> {
    if let Some(document) = quick::read(source, watch) {
        let version = Version::Current;
        return Ok(Read { document, problems: Vec::new(), encoding: None, line: None, schema: None, version });
    }
    if watch.is_cancelled() {
        return Err(vec![Problem::error("given-up", "nobody waits for the file any more", "open it again")]);
    }
    read_with(source, STEPS)
}

/// The same with other steps from version to version.
pub(super) fn read_with(source: Source<'_>, steps: &[Step]) -> Result<Read, Vec<Problem>> {
    let Parsed { mut file, kept, version, problems } = parse(source, steps).map_err(|problems| {
        // What git left there is no mistake of whoever wrote the file.
        markers::found(source.text(), source.first_line()).map_or(problems, |problem| vec![problem])
    })?;
    check_offsets(&file).map_err(|problem| vec![*problem])?;
    let article = std::mem::take(&mut file.document.text);
    let text = Text::new(article).map_err(|error| {
        vec![Problem::error("text-too-long", error.to_string(), "split the file into several articles")]
    })?;
    let places = Places::new(source.text(), source.first_line());
    let mut reader = Reader::new(places, text, problems, kept);
    reader.make_ids_unique(&mut file);
    let document = reader.document(file);
    if reader.found.iter().any(|p| p.severity == Severity::Error) {
        return Err(reader.found);
    }
    Ok(Read { document, problems: reader.found, encoding: None, line: None, schema: None, version })
}

impl<'a> Source<'a> {
    pub(super) fn text(self) -> &'a str {
        match self {
            Self::Ron(text) | Self::Json { text, .. } => text,
        }
    }

    fn first_line(self) -> usize {
        match self {
            Self::Ron(_) => 1,
            Self::Json { first_line, .. } => first_line,
        }
    }

    pub(super) fn language(self) -> Language {
        match self {
            Self::Ron(_) => Language::Ron,
            Self::Json { .. } => Language::Json,
        }
    }

    /// The same with another text.
    pub(super) fn with(self, text: &str) -> Source<'_> {
        match self {
            Self::Ron(_) => Source::Ron(text),
            Self::Json { first_line, .. } => Source::Json { text, first_line },
        }
    }

    /// What the types make of it, and whether it is an unknown field that they refuse.
    pub(super) fn deserialize<T: DeserializeOwned>(self) -> Result<T, Refusal> {
        match self {
            Source::Ron(text) => {
                let options =
                    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
                options.from_str(text).map_err(|error| {
                    let at = error.span.start;
                    let is_field = matches!(error.code, ron::Error::NoSuchStructField { .. });
                    let problem = match error.code {
                        ron::Error::ExceededRecursionLimit => too_deep(limits::RON_DEPTH),
                        code => Problem::error("ron-syntax", code.to_string(), HINT),
                    };
                    Refusal { problem: problem.at_line(at.line, at.col), is_field }
                })
            }
            Source::Json { text, first_line } => serde_json::from_str(text).map_err(|error| {
                let message = error.to_string();
                let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
                let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
                let before = line.get(..line.floor_char_boundary(error.column().saturating_sub(1)));
                let column = before.map_or(0, |before| before.chars().count()) + 1;
                let line = error.line().max(1) + first_line - 1;
                let is_field = message.starts_with("unknown field");
                let is_too_deep = message.starts_with("recursion limit exceeded");
                let syntax = || Problem::error("json-syntax", message, HINT);
                let problem = if is_too_deep { too_deep(limits::JSON_DEPTH) } else { syntax() };
                let problem = problem.at_line(line, column);
                Refusal { problem, is_field }
            }),
        }
    }
}

const HINT: &str = "correct this place in a text editor; the file is left as it is";

/// Why the types do not take a file.
pub(super) struct Refusal {
    problem: Problem,
    /// Whether it is about a field that they do not know.
    is_field: bool,
}

/// The file as it stands; its syntax and its fields are right, nothing else is checked.
struct Parsed {
    file: shape::File,
    kept: Kept,
    version: Version,
    /// What is worth telling.
    problems: Vec<Problem>,
}

fn parse(source: Source<'_>, steps: &[Step]) -> Result<Parsed, Vec<Problem>> {
    #[derive(Deserialize)]
    struct Mark {
        format: String,
    }
    let strict = source.deserialize::<shape::File>();
    let format = match &strict {
        Ok(file) => file.format.clone(),
        // An unknown field is no error, what is broken elsewhere is. The crate for RON does not read all of RON past it.
        Err(refusal) if refusal.is_field => match Tree::parse(source.text(), source.language()) {
            Ok(tree) => match tree.field("format") {
                Some(Tree::Text(format)) => format.clone(),
                // What is wrong with it, the types say.
                _ => shape::FORMAT.to_owned(),
            },
            Err(_) => {
                let broken = source.deserialize::<Mark>().err();
                return Err(vec![broken.map_or_else(|| refusal.problem.clone(), |broken| broken.problem)]);
            }
        },
        // A file of another format or version is no broken file of this one.
        Err(refusal) => match source.deserialize::<Mark>() {
            Ok(mark) => mark.format,
            Err(_) => return Err(vec![refusal.problem.clone()]),
        },
    };
    match migrate::number_of(&format) {
        None => Err(vec![unknown_format(&format)]),
        Some(CURRENT) => {
            let (file, kept, problems) = with_unknown(source, strict)?;
            Ok(Parsed { file, kept, version: Version::Current, problems })
        }
        Some(older) if older < CURRENT => migrated(source, older, format, steps),
        Some(_) => {
            let (file, kept, mut problems) = with_unknown(source, strict).map_err(|problems| {
                let why = problems.into_iter().next().unwrap_or_else(|| unknown_format(&format));
                let message = format!("{}, and cannot be read by it: {}", of_format(&format), why.message);
                vec![Problem { message, hint: UPDATE.to_owned(), code: "unknown-format", ..why }]
            })?;
            let message = format!("{}; what this program knows of it is shown", of_format(&format));
            let hint = "it can be looked at, not changed: update the program, or save a copy under another name";
            problems.insert(0, Problem::warning("newer-format", message, hint));
            Ok(Parsed { file, kept, version: Version::Newer { format }, problems })
        }
    }
}

type WithUnknown = (shape::File, Kept, Vec<Problem>);

/// Takes unknown fields out if there are any.
fn with_unknown(source: Source<'_>, strict: Result<shape::File, Refusal>) -> Result<WithUnknown, Vec<Problem>> {
    let refusal = match strict {
        Ok(file) => return Ok((file, Kept::default(), Vec::new())),
        Err(refusal) if !refusal.is_field => return Err(vec![refusal.problem]),
        Err(refusal) => refusal,
    };
    let (text, first_line) = (source.text(), source.first_line());
    // What the crates read and we do not is refused as before.
    let Ok(kept) = unknown::keep(text, source.language()) else { return Err(vec![refusal.problem]) };
    match source.with(&kept.source).deserialize::<shape::File>() {
        Ok(file) => {
            let warnings = kept.warnings(text, first_line);
            Ok((file, kept, warnings))
        }
        Err(refusal) => {
            let misspelt = kept.misspelt(text, first_line);
            Err(std::iter::once(refusal.problem).chain(misspelt).collect())
        }
    }
}

/// Makes a file of an older version one of this.
fn migrated(source: Source<'_>, from: u32, format: String, steps: &[Step]) -> Result<Parsed, Vec<Problem>> {
    let mut tree = Tree::parse(source.text(), source.language())
        .map_err(|failure| vec![Problem::error("unknown-format", failure.what, HINT)])?;
    let steps = migrate::run(&mut tree, from, CURRENT, steps).map_err(|problem| vec![*problem])?;
    let text = tree.text(source.language());
    let source = source.with(&text);
    // Lines of a text that is in no file help nobody.
    let placeless = |mut problem: Problem| {
        (problem.place.line, problem.place.column) = (None, None);
        problem
    };
    let (file, kept, problems) = with_unknown(source, source.deserialize())
        .map_err(|problems| problems.into_iter().map(placeless).collect::<Vec<_>>())?;
    let message = format!("the file is of {format:?} and is read as {:?}: {}", shape::FORMAT, steps.join("; "));
    let hint = "the file stays as it is until you save; a copy of it is kept then";
    let told = Problem::warning("older-format", message, hint);
    let problems = std::iter::once(told).chain(problems.into_iter().map(placeless)).collect();
    Ok(Parsed { file, kept, version: Version::Older { format, steps }, problems })
}

const UPDATE: &str = "it was written by a newer version of the program: update the program";

/// What a file is and what it should be.
fn of_format(format: &str) -> String {
    format!("the format is {format:?}, this program reads {:?}", shape::FORMAT)
}

fn too_deep(limit: usize) -> Problem {
    Problem::beyond("structures inside one another", limit)
}

fn unknown_format(format: &str) -> Problem {
    let hint = if format.starts_with("manicule-schema/") {
        "this is a schema, not a document: open it as the schema, or check it with: manicule schema check FILE"
    } else if format.starts_with("manicule/") {
        UPDATE
    } else {
        "convert it with the program that wrote it; manicule formats lists what this program reads"
    };
    Problem::error("unknown-format", of_format(format), hint)
}

fn check_offsets(file: &shape::File) -> Result<(), Box<Problem>> {
    if file.offsets != shape::OFFSETS {
        let message = format!("the offsets are in {:?}, this program reads {:?}", file.offsets, shape::OFFSETS);
        let hint = "count offsets in Unicode code points, as Python does, and write offsets: \"codepoint\"";
        return Err(Problem::error("unknown-offsets", message, hint).into());
    }
    Ok(())
}
