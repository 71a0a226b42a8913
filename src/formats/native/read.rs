//! From the native file to the model: strict, complete in what it reports, and never a panic.
//!
//! A file is opened only if that loses nothing: text, offsets and the words beside them must agree. What a document
//! may hold although it is wrong (labels that no schema knows, references to nothing) stays, and
//! [`crate::model::validate`] reports it.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::locate::Places;
use super::markers;
use super::migrate::{self, CURRENT, STEPS, Step, Version};
use super::shape;
use super::tree::{Language, Tree};
use super::unknown::{self, Kept};
use crate::formats::Read;
use crate::limits;
use crate::model::{
    Annotations, Argument, Batch, Document, Entity, Event, Filler, Header, Id, Kind, Mention, Metadata, Problem,
    Provenance, Quote, Rejection, Relation, SchemaRef, Search, Severity, Unknown, Zone,
};
use crate::text::{BytePos, CodepointPos, Span, Spans, Text, Utf16Pos};

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

/// Looking for the words of a wrong span costs a pass over the text; a file that is wrong throughout gets this
/// many hints.
const HINTS_AT_MOST: usize = 20;

/// Reads one document.
///
/// # Errors
/// Every problem that was found, with line and column, if the file cannot be opened without loss.
pub fn read(source: Source<'_>) -> Result<Read, Vec<Problem>> {
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
    let mut reader = Reader { places, text, found: problems, hints: 0, kept };
    let nth_of_id = reader.make_ids_unique(&mut file);
    let document = reader.document(file, &nth_of_id);
    if reader.found.iter().any(|p| p.severity == Severity::Error) {
        return Err(reader.found);
    }
    Ok(Read { document, problems: reader.found, encoding: None, line: None, schema: None, version })
}

impl<'a> Source<'a> {
    fn text(self) -> &'a str {
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

    fn language(self) -> Language {
        match self {
            Self::Ron(_) => Language::Ron,
            Self::Json { .. } => Language::Json,
        }
    }

    /// The same with another text.
    fn with(self, text: &str) -> Source<'_> {
        match self {
            Self::Ron(_) => Source::Ron(text),
            Self::Json { first_line, .. } => Source::Json { text, first_line },
        }
    }

    /// What the types make of it, and whether it is an unknown field that they refuse.
    fn deserialize<T: DeserializeOwned>(self) -> Result<T, Refusal> {
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
struct Refusal {
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

struct Reader<'a> {
    places: Places<'a>,
    text: Text,
    found: Vec<Problem>,
    hints: usize,
    /// Fields that no type has.
    kept: Kept,
}

/// Who owns spans that are being read, for messages.
struct Owner<'a> {
    id: &'a str,
    /// What the id was in the file, and the how-manieth of that name it is.
    in_file: (&'a str, usize),
    field: &'a str,
}

/// What the ids of renamed annotations were in the file.
type Renamed = HashMap<String, (String, usize)>;

impl Reader<'_> {
    /// Gives every later bearer of an id, and every annotation with an empty one, an id of its own.
    fn make_ids_unique(&mut self, file: &mut shape::File) -> Renamed {
        let mut ids: Vec<(Kind, &mut String)> = Vec::new();
        ids.extend(file.entities.iter_mut().map(|a| (Kind::Entity, &mut a.id)));
        ids.extend(file.mentions.iter_mut().map(|a| (Kind::Mention, &mut a.id)));
        ids.extend(file.events.iter_mut().map(|a| (Kind::Event, &mut a.id)));
        ids.extend(file.quotes.iter_mut().map(|a| (Kind::Quote, &mut a.id)));
        ids.extend(file.relations.iter_mut().map(|a| (Kind::Relation, &mut a.id)));
        // The article's own id may look like one of an annotation; it comes first in the file.
        let mut seen: std::collections::HashSet<&str> = std::collections::HashSet::with_capacity(ids.len() + 1);
        seen.insert(&file.document.id);
        if ids.iter().all(|(_, id)| !id.is_empty() && seen.insert(id)) {
            return Renamed::new();
        }
        // Nobody counts beyond half of the numbers; from the last one there is no going on.
        let number = |id: &str| Id::new(id).number().filter(|number| *number <= u64::MAX / 2);
        let highest = ids.iter().filter_map(|(_, id)| number(id)).max().unwrap_or(0);
        let mut count: HashMap<String, usize> = HashMap::from([(file.document.id.clone(), 1)]);
        let mut is_taken: std::collections::HashSet<String> = ids.iter().map(|(_, id)| (**id).clone()).collect();
        let mut bearers: std::collections::HashSet<String> = std::collections::HashSet::new();
        let mut renamed = Renamed::new();
        let mut next = highest;
        for (kind, id) in ids {
            let nth = count.entry(id.clone()).or_default();
            let this = *nth;
            *nth += 1;
            if !id.is_empty() && bearers.insert(id.clone()) {
                renamed.insert(id.clone(), (id.clone(), this));
                continue;
            }
            let fresh = loop {
                next += 1;
                let fresh = format!("{}{next}", kind.prefix());
                if is_taken.insert(fresh.clone()) {
                    break fresh;
                }
            };
            let (message, hint) = if id.is_empty() {
                (format!("the {} has no id; it is {fresh} from now on", kind.word()), "save the file to keep this id")
            } else {
                let message = format!(
                    "the id {id:?} stands twice; the second one, of the {}, is {fresh} from now on",
                    kind.word()
                );
                (message, "references point to the first one; check them, then save the file")
            };
            let problem = Problem::warning("duplicate-id", message, hint).at_id(&Id::new(fresh.as_str()));
            self.found.push(self.places.put(problem, id, this));
            bearers.insert(fresh.clone());
            renamed.insert(fresh.clone(), (id.clone(), this));
            *id = fresh;
        }
        renamed
    }

    fn document(&mut self, file: shape::File, renamed: &Renamed) -> Document {
        let article = file.document;
        let header = Header {
            metadata: Metadata {
                id: article.id,
                title: article.title,
                source: article.source,
                published: article.published,
                language: article.language,
                encoding: article.encoding,
                bom: article.bom,
            },
            schema: SchemaRef { name: file.schema.name, version: file.schema.version },
            annotator: file.annotator,
            labels: file.labels,
            status: file.status,
            note: file.note,
            zones: article.zones.iter().filter_map(|zone| self.zone(zone)).collect(),
            unknown: self.kept.take(""),
        };
        let mut document = Document::new(self.text.clone(), header);
        // Most often nothing had to be renamed.
        let in_file = |id: &str| renamed.get(id).map_or((id.to_owned(), 0), |(name, nth)| (name.clone(), *nth));
        // One value for all mentions of an entity.
        let mut entities: HashMap<String, Id> = HashMap::new();
        let mut entity_of = |name: String| match entities.get(&name) {
            Some(id) => id.clone(),
            None => entities.entry(name).or_insert_with_key(|name| Id::new(name.as_str())).clone(),
        };
        for (at, n) in file.entities.into_iter().enumerate() {
            let id = entity_of(n.id);
            document.entities.insert(
                id.clone(),
                Entity {
                    id,
                    r#type: n.r#type,
                    name: n.name,
                    aliases: n.aliases,
                    link: n.link,
                    note: n.note,
                    provenance: self.provenance(n.provenance, "entities", at),
                },
            );
        }
        for (at, m) in file.mentions.into_iter().enumerate() {
            let (name, nth) = in_file(&m.id);
            let owner = Owner { id: &m.id, in_file: (&name, nth), field: "spans" };
            let spans = self.spans(&owner, &m.spans);
            let id = Id::new(m.id);
            document.mentions.insert(
                id.clone(),
                Mention {
                    id,
                    label: m.label,
                    spans,
                    entity: m.entity.map(&mut entity_of),
                    attributes: m.attributes,
                    note: m.note,
                    provenance: self.provenance(m.provenance, "mentions", at),
                },
            );
        }
        for (at, e) in file.events.into_iter().enumerate() {
            let (name, nth) = in_file(&e.id);
            let owner = Owner { id: &e.id, in_file: (&name, nth), field: "trigger" };
            let trigger = self.spans(&owner, &e.trigger);
            let arguments = self.arguments(&owner, e.arguments);
            let id = Id::new(e.id);
            document.events.insert(
                id.clone(),
                Event {
                    id,
                    r#type: e.r#type,
                    trigger,
                    arguments,
                    claimed_in: e.claimed_in.map(Id::new),
                    attributes: e.attributes,
                    note: e.note,
                    provenance: self.provenance(e.provenance, "events", at),
                },
            );
        }
        for (at, q) in file.quotes.into_iter().enumerate() {
            let (name, nth) = in_file(&q.id);
            let owner = |field| Owner { id: &q.id, in_file: (&name, nth), field };
            let quote = Quote {
                id: Id::new(q.id.as_str()),
                kind: q.kind,
                content: self.spans(&owner("content"), &q.content),
                cue: q.cue.map(|cue| self.spans(&owner("cue"), &cue)),
                speaker: q.speaker.map(|f| self.filler(&owner("speaker"), f)),
                addressee: q.addressee.map(|f| self.filler(&owner("addressee"), f)),
                arguments: self.arguments(&owner("arguments"), q.arguments),
                attributes: q.attributes,
                note: q.note,
                provenance: self.provenance(q.provenance, "quotes", at),
            };
            document.quotes.insert(quote.id.clone(), quote);
        }
        for (at, r) in file.relations.into_iter().enumerate() {
            let id = Id::new(r.id);
            document.relations.insert(
                id.clone(),
                Relation {
                    id,
                    label: r.label,
                    from: Id::new(r.from),
                    to: Id::new(r.to),
                    attributes: r.attributes,
                    note: r.note,
                    provenance: self.provenance(r.provenance, "relations", at),
                },
            );
        }
        document.batches = self.batches(file.batches);
        for (at, r) in file.rejected.into_iter().enumerate() {
            let spans = self.rejected(&r);
            let unknown = self.kept.take(&format!("rejected[{at}]"));
            document.rejected.insert(Rejection { spans, label: r.label, suggester: r.suggester, unknown });
        }
        self.check_sha256(&article.sha256);
        document.reindex();
        document
    }

    /// Where the annotation at this place of a list came from, and what is unknown of it.
    fn provenance(&mut self, provenance: shape::Provenance, list: &str, at: usize) -> Provenance {
        let shape::Provenance { by, at: when, .. } = provenance;
        let unknown = if self.kept.is_empty() { Unknown::default() } else { self.kept.take(&format!("{list}[{at}]")) };
        Provenance { by, at: when, unknown }
    }

    /// A later bearer of an id, or one without, gets an id of its own; mentions go on naming the first.
    fn batches(&mut self, batches: Vec<shape::Batch>) -> Annotations<Batch> {
        let mut is_taken: std::collections::HashSet<String> = batches.iter().map(|b| b.id.clone()).collect();
        let mut out = Annotations::new();
        let mut next = 0_u64;
        for (at, b) in batches.into_iter().enumerate() {
            let unknown = self.kept.take(&format!("batches[{at}]"));
            let mut id = Id::new(b.id.as_str());
            if b.id.is_empty() || out.contains_key(&id) {
                let fresh = loop {
                    next = next.saturating_add(1);
                    let fresh = format!("b{next}");
                    if is_taken.insert(fresh.clone()) {
                        break fresh;
                    }
                };
                let message =
                    format!("the id {:?} of a batch stands twice or is empty; it is {fresh} from now on", b.id);
                let hint = "its mentions count to the batch that they name; save the file to keep this id";
                id = Id::new(fresh);
                self.found.push(Problem::warning("duplicate-id", message, hint).at_id(&id));
            }
            let search = Search { texts: b.texts, ignore_case: b.ignore_case };
            let entity = b.entity.map(Id::new);
            out.insert(id.clone(), Batch { id, label: b.label, entity, search, at: b.at, unknown });
        }
        out
    }

    /// After the spans: a wrong sum alone is a warning, because every annotation still stands on its words.
    fn check_sha256(&mut self, sha256: &str) {
        if sha256.is_empty() || sha256.eq_ignore_ascii_case(self.text.sha256()) {
            return;
        }
        let message = format!("the text does not have the sha256 of the file: {} and not {sha256}", self.text.sha256());
        let has_wrong_spans = self.found.iter().any(|p| p.severity == Severity::Error);
        self.found.push(if has_wrong_spans {
            Problem::error("wrong-sha256", message, "the text was changed after it was annotated: restore the text")
        } else {
            let hint = "the text was changed outside; every span still matches its words, saving corrects the sum";
            Problem::warning("wrong-sha256", message, hint)
        });
    }

    /// A zone carries no words of its own, so only its ends can be wrong.
    fn zone(&mut self, zone: &shape::Zone) -> Option<Zone> {
        let (start, end) = (zone.start, zone.end);
        let byte = |at: u64| u32::try_from(at).ok().and_then(|at| self.text.byte_of_codepoint(CodepointPos(at)));
        match (byte(start), byte(end)) {
            (Some(first), Some(last)) if start <= end => {
                Some(Zone { kind: zone.kind, span: Span { start: first, end: last } })
            }
            _ => {
                let (kind, length) = (zone.kind.word(), self.text.codepoints());
                let message =
                    format!("the zone {kind} is {start}–{end} of a text of {length} characters (code points)");
                let hint = "correct its ends, or delete the zone";
                self.found.push(Problem::error("zone-out-of-range", message, hint));
                None
            }
        }
    }

    fn arguments(&mut self, owner: &Owner<'_>, arguments: Vec<shape::Argument>) -> Vec<Argument> {
        let mut out = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let filler = self.filler(&Owner { field: &argument.role, ..*owner }, argument.filler);
            out.push(Argument { role: argument.role, filler });
        }
        out
    }

    fn filler(&mut self, owner: &Owner<'_>, filler: shape::Filler) -> Filler {
        match filler {
            shape::Filler::Mention(id) => Filler::Mention(Id::new(id)),
            shape::Filler::Event(id) => Filler::Event(Id::new(id)),
            shape::Filler::Span(spans) => Filler::Span(self.spans(owner, &spans)),
            shape::Filler::Implicit(description) => Filler::Implicit(description),
        }
    }

    fn spans(&mut self, owner: &Owner<'_>, spans: &[shape::Span]) -> Spans {
        let mut read: Spans = spans.iter().filter_map(|span| self.span(owner, span)).collect();
        if !read.is_sorted() {
            read.sort_unstable();
        }
        let overlap = read.iter().zip(read.iter().skip(1)).find(|(a, b)| a.end > b.start || a == b);
        if let Some((a, b)) = overlap.map(|(a, b)| (*a, *b)) {
            let message = format!(
                "two spans of {} overlap, they are one from now on: {:?} and {:?}",
                owner.field,
                shorten(self.text.slice(a)),
                shorten(self.text.slice(b))
            );
            let problem = Problem::warning("overlapping-spans", message, "check the annotation, then save the file");
            self.push(problem.at_span(&self.text, Span { start: a.start, end: b.end.max(a.end) }), owner);
            read = without_overlaps(&read);
        }
        read
    }

    /// The words of a refused suggestion, which has no id that a problem could name.
    fn rejected(&mut self, rejection: &shape::Rejection) -> Spans {
        let before = self.found.len();
        let spans = self.spans(&Owner { id: "", in_file: ("", 0), field: "rejected" }, &rejection.spans);
        for problem in self.found.iter_mut().skip(before) {
            problem.place.id = None;
        }
        spans
    }

    fn span(&mut self, owner: &Owner<'_>, span: &shape::Span) -> Option<Span> {
        let shape::Span { start, end, text: expected, .. } = span;
        let length = u64::from(self.text.codepoints());
        let field = owner.field;
        let place = |problem: Problem| {
            let mut problem = problem;
            problem.place.codepoints = u32::try_from(*start).ok().zip(u32::try_from(*end).ok());
            problem
        };
        if start > end {
            let message = format!("a span of {field} ends at {end}, before its start {start}");
            self.push(place(Problem::error("inverted-span", message, "exchange start and end")), owner);
            return None;
        }
        let byte = |at: &u64| u32::try_from(*at).ok().and_then(|at| self.text.byte_of_codepoint(CodepointPos(at)));
        let (Some(first), Some(last)) = (byte(start), byte(end)) else {
            let message =
                format!("a span of {field} is {start}–{end}, but the text has only {length} characters (code points)");
            let hint = self.hint(span);
            self.push(place(Problem::error("span-out-of-range", message, hint)), owner);
            return None;
        };
        let read = Span { start: first, end: last };
        let found = self.text.slice(read);
        if found != expected {
            let message = format!(
                "a span of {field} should be {:?}, but the text there is {:?}",
                shorten(expected),
                shorten(found)
            );
            let hint = self.hint(span);
            self.push(place(Problem::error("span-text-mismatch", message, hint)), owner);
            return None;
        }
        Some(read)
    }

    /// What may have gone wrong with a span: another unit, or another place.
    fn hint(&mut self, span: &shape::Span) -> String {
        const GENERAL: &str = "correct the offsets, which count Unicode code points from 0";
        self.hints += 1;
        let (Ok(start), Ok(end)) = (u32::try_from(span.start), u32::try_from(span.end)) else {
            return GENERAL.to_owned();
        };
        if self.hints > HINTS_AT_MOST || span.text.is_empty() || end < start {
            return GENERAL.to_owned();
        }
        let text = &self.text;
        let utf16 = text.byte_of_utf16(Utf16Pos(start)).zip(text.byte_of_utf16(Utf16Pos(end)));
        if utf16.is_some_and(|(start, end)| text.slice(Span { start, end }) == span.text) {
            return "the offsets count UTF-16 units; count Unicode code points".to_owned();
        }
        if text.get(Span { start: BytePos(start), end: BytePos(end) }) == Some(&span.text) {
            return "the offsets count bytes; count Unicode code points".to_owned();
        }
        let nearest = text
            .match_indices(&span.text)
            .map(|(at, _)| text.codepoint_of(BytePos::from_usize(at)).0)
            .min_by_key(|at| at.abs_diff(start));
        match nearest {
            Some(at) => {
                let length = u32::try_from(span.text.chars().count()).unwrap_or(u32::MAX);
                format!("these words stand at {at}–{}; correct the offsets", at.saturating_add(length))
            }
            None => "these words are nowhere in the text; restore the text, or delete the annotation".to_owned(),
        }
    }

    fn push(&mut self, problem: Problem, owner: &Owner<'_>) {
        let (name, nth) = owner.in_file;
        let problem = self.places.put(problem.at_id(&Id::new(owner.id)), name, nth);
        self.found.push(problem);
    }
}

/// Sorted spans with those that overlap made one; those that touch stay two.
fn without_overlaps(spans: &[Span]) -> Spans {
    let mut out = Spans::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start < last.end || *last == *span => last.end = last.end.max(span.end),
            _ => out.push(*span),
        }
    }
    out
}

/// Enough of a long text to recognise it.
fn shorten(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(60).chain(['…']).collect()
}
