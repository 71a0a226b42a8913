//! Fields of a native file that no type here has: taken out before the types read it, put back when it is written.
//!
//! Reading goes over the file a second time only if the first time met such a field. The fields are found in the tree of
//! the file and blanked in its text, so that whatever else is wrong still has its line and column.
//!
//! A value is kept as RON. In a file of JSON it stands as serde would write it; where that says less than the RON, the
//! RON stands beside it under [`RON_IN_JSON`]. A name that RON has no form for stands in a map under [`JSON_IN_RON`].

use std::collections::{BTreeMap, BTreeSet};

use serde::de::{self, Deserialize, Visitor};

use super::shape;
use super::tree::{Failure, Field, Language, Tree, json_string, json_text, ron_name, ron_string, ron_text};
use crate::model::{JSON_IN_RON, Problem, Unknown, UnknownField};

/// The field of JSON that holds the RON of fields beside it.
const RON_IN_JSON: &str = "$ron";

/// So many different names are told of; a file with more is no native file that somebody wrote.
const TOLD_AT_MOST: usize = 100;

/// What was taken out of a file.
#[derive(Debug, Default)]
pub struct Kept {
    /// The source without those fields, everything else in its place.
    pub source: String,
    /// By the owner (`mentions[2]`, `mentions[2].spans[0]`, empty for the file) in the order of the file: names and values.
    by_owner: BTreeMap<String, Vec<(String, String)>>,
    told: Vec<Told>,
}

/// A name that is unknown in one kind of struct.
#[derive(Debug)]
struct Told {
    kind: Kind,
    name: String,
    count: usize,
    /// Where it first stands, in bytes.
    at: usize,
    /// A known name that it may be meant for.
    similar: Option<&'static str>,
}

/// The structs of a native file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Article,
    SchemaRef,
    Zone,
    Entity,
    Mention,
    Event,
    Quote,
    Relation,
    Batch,
    Rejection,
    Span,
    Argument,
    /// Not a struct: a variant around one.
    Filler,
    Provenance,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::File => "the file",
            Self::Article => "the article",
            Self::SchemaRef => "the schema's name",
            Self::Zone => "a zone",
            Self::Entity => "an entity",
            Self::Mention => "a mention",
            Self::Event => "an event",
            Self::Quote => "a quote",
            Self::Relation => "a relation",
            Self::Batch => "a batch",
            Self::Rejection => "a refused suggestion",
            Self::Span => "a span",
            Self::Argument => "an argument",
            Self::Filler => "a filler",
            Self::Provenance => "a provenance",
        }
    }

    /// The fields that its type has.
    fn known(self) -> &'static [&'static str] {
        match self {
            Self::File => fields_of::<shape::File>(),
            Self::Article => fields_of::<shape::Article>(),
            Self::SchemaRef => fields_of::<shape::SchemaRef>(),
            Self::Zone => fields_of::<shape::Zone>(),
            Self::Entity => fields_of::<shape::Entity>(),
            Self::Mention => fields_of::<shape::Mention>(),
            Self::Event => fields_of::<shape::Event>(),
            Self::Quote => fields_of::<shape::Quote>(),
            Self::Relation => fields_of::<shape::Relation>(),
            Self::Batch => fields_of::<shape::Batch>(),
            Self::Rejection => fields_of::<shape::Rejection>(),
            Self::Span => fields_of::<shape::Span>(),
            Self::Argument => fields_of::<shape::Argument>(),
            Self::Filler => &[],
            Self::Provenance => fields_of::<shape::Provenance>(),
        }
    }

    /// What stands in a known field, alone or in a list, if it is a struct of the file.
    fn inside(self, field: &str) -> Option<Self> {
        Some(match (self, field) {
            (Self::File, "document") => Self::Article,
            (Self::File, "schema") => Self::SchemaRef,
            (Self::File, "entities") => Self::Entity,
            (Self::File, "mentions") => Self::Mention,
            (Self::File, "events") => Self::Event,
            (Self::File, "quotes") => Self::Quote,
            (Self::File, "relations") => Self::Relation,
            (Self::File, "batches") => Self::Batch,
            (Self::File, "rejected") => Self::Rejection,
            (Self::Article, "zones") => Self::Zone,
            (Self::Mention | Self::Rejection, "spans")
            | (Self::Event, "trigger")
            | (Self::Quote, "content" | "cue")
            | (Self::Filler, "Span") => Self::Span,
            (Self::Event | Self::Quote, "arguments") => Self::Argument,
            (Self::Quote, "speaker" | "addressee") | (Self::Argument, "filler") => Self::Filler,
            (_, "provenance") => Self::Provenance,
            _ => return None,
        })
    }
}

/// The names of the fields that a type is read from.
fn fields_of<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    /// Asked for a struct, it remembers the fields and gives nothing.
    struct Probe<'a>(&'a mut &'static [&'static str]);
    impl<'de> de::Deserializer<'de> for Probe<'_> {
        type Error = de::value::Error;
        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }
        fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
            Err(de::Error::custom("only asked for its fields"))
        }
        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }
    let mut fields: &'static [&'static str] = &[];
    // It always fails; that is the point.
    let _ = T::deserialize(Probe(&mut fields));
    fields
}

/// Takes every unknown field out of a file.
///
/// # Errors
/// [`Failure`] if it is not even RON or JSON.
pub fn keep(source: &str, language: Language) -> Result<Kept, Failure> {
    let tree = Tree::parse(source, language)?;
    let mut finder = Finder { language, kept: Kept::default(), blanks: Vec::new() };
    finder.walk(&tree, Kind::File, "");
    let Finder { mut kept, mut blanks, .. } = finder;
    blanks.sort_unstable_by_key(|range| range.start);
    let mut at = 0;
    for range in blanks {
        kept.source.push_str(source.get(at..range.start).unwrap_or_default());
        let blank = |c: char| if matches!(c, '\n' | '\r') { c } else { ' ' };
        kept.source.extend(source.get(range.clone()).unwrap_or_default().chars().map(blank));
        at = range.end;
    }
    kept.source.push_str(source.get(at..).unwrap_or_default());
    Ok(kept)
}

struct Finder {
    language: Language,
    kept: Kept,
    /// What is to be blanked, in bytes.
    blanks: Vec<std::ops::Range<usize>>,
}

impl Finder {
    fn walk(&mut self, tree: &Tree, kind: Kind, owner: &str) {
        match (tree, kind) {
            (Tree::Tuple(Some(some), items), _) if some == "Some" => {
                for item in items {
                    self.walk(item, kind, owner);
                }
            }
            (Tree::Tuple(Some(variant), items), Kind::Filler) => {
                let inside = kind.inside(variant);
                for (item, inside) in items.iter().filter_map(|item| Some((item, inside?))) {
                    self.walk(item, inside, owner);
                }
            }
            (Tree::Struct(None, fields), Kind::Filler) => {
                let inside = |field: &Field| Some((kind.inside(&field.name)?, field.value.clone()));
                for (inside, value) in fields.iter().filter_map(inside) {
                    self.walk(&value, inside, owner);
                }
            }
            (Tree::List(items), Kind::Span) => {
                for (item, nth) in items.iter().zip(places_of_spans(items)) {
                    self.walk(item, kind, &format!("{owner}[{nth}]"));
                }
            }
            (Tree::List(items), _) => {
                for (nth, item) in items.iter().enumerate() {
                    self.walk(item, kind, &format!("{owner}[{nth}]"));
                }
            }
            (Tree::Struct(_, fields), _) => self.fields(fields, kind, owner),
            _ => {}
        }
    }

    fn fields(&mut self, fields: &[Field], kind: Kind, owner: &str) {
        let known = kind.known();
        let is_known = |field: &&Field| known.contains(&field.name.as_str());
        for field in fields.iter().filter(is_known) {
            if let Some(inside) = kind.inside(&field.name) {
                let owner = if owner.is_empty() { field.name.clone() } else { format!("{owner}.{}", field.name) };
                self.walk(&field.value, inside, &owner);
            }
        }
        let unknown: Vec<&Field> = fields.iter().filter(|field| !is_known(field)).collect();
        if unknown.is_empty() {
            return;
        }
        self.blank(fields, &unknown);
        let found = match self.language {
            Language::Ron => of_ron(&unknown),
            Language::Json => of_json(&unknown),
        };
        for (name, _, at) in &found {
            self.tell(kind, name, *at, fields);
        }
        let found = found.into_iter().map(|(name, value, _)| (name, value));
        self.kept.by_owner.entry(owner.to_owned()).or_default().extend(found);
    }

    /// With their commas; in JSON what stays must not end with one.
    fn blank(&mut self, fields: &[Field], unknown: &[&Field]) {
        let comma = |field: &Field| field.comma.map(|at| at..at + 1);
        for field in unknown {
            self.blanks.push(field.range.clone());
            self.blanks.extend(comma(field));
        }
        let is_unknown = |field: &&Field| unknown.iter().any(|other| other.range == field.range);
        if self.language == Language::Json
            && fields.last().as_ref().is_some_and(is_unknown)
            && let Some(last) = fields.iter().rfind(|field| !is_unknown(field))
        {
            self.blanks.extend(comma(last));
        }
    }

    fn tell(&mut self, kind: Kind, name: &str, at: usize, present: &[Field]) {
        let told = &mut self.kept.told;
        if let Some(known) = told.iter_mut().find(|told| told.kind == kind && told.name == name) {
            known.count += 1;
        } else if told.len() < TOLD_AT_MOST {
            let similar = similar(name, kind.known(), present);
            told.push(Told { kind, name: name.to_owned(), count: 1, at, similar });
        }
    }
}

/// Names, values and places of the unknown fields of a struct in RON.
fn of_ron(unknown: &[&Field]) -> Vec<(String, String, usize)> {
    let mut found = Vec::new();
    for field in unknown {
        match &field.value {
            Tree::Map(entries) if field.name == JSON_IN_RON && !entries.is_empty() => {
                for (key, value) in entries {
                    let name = if let Tree::Text(name) = key { name.clone() } else { ron_text(key) };
                    found.push((name, ron_text(value), field.range.start));
                }
            }
            value => found.push((field.name.clone(), ron_text(value), field.range.start)),
        }
    }
    found
}

/// The same in JSON, where the RON may stand beside it.
fn of_json(unknown: &[&Field]) -> Vec<(String, String, usize)> {
    // Ours are written last.
    let hints = unknown.iter().rev().find_map(|field| match &field.value {
        Tree::Struct(None, hints) if field.name == RON_IN_JSON && !hints.is_empty() => {
            let is_hint = |hint: &Field| {
                matches!(hint.value, Tree::Text(_)) && unknown.iter().any(|field| field.name == hint.name)
            };
            hints.iter().all(is_hint).then_some((field.range.start, hints))
        }
        _ => None,
    });
    let mut hints_by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for hint in hints.iter().flat_map(|(_, hints)| hints.iter()) {
        if let Tree::Text(ron) = &hint.value {
            hints_by_name.entry(&hint.name).or_default().push(ron);
        }
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for field in unknown {
        if hints.is_some_and(|(at, _)| at == field.range.start) {
            continue;
        }
        let json = json_text(&field.value);
        // Of fields with the same name each has its hint, in the same order.
        let nth = seen.entry(field.name.as_str()).or_insert(0_usize);
        let hint = hints_by_name.get(field.name.as_str()).and_then(|hints| hints.get(*nth));
        *nth += 1;
        // Somebody may have changed the value and not the hint: then the value counts.
        let hinted = hint.and_then(|ron| Tree::parse(ron, Language::Ron).ok()).filter(|tree| json_text(tree) == json);
        let value = hinted.unwrap_or_else(|| field.value.clone().into_ron());
        found.push((field.name.clone(), ron_text(&value), field.range.start));
    }
    found
}

/// Where each span of a list will be when the list is read: in the order of the text, with those that overlap joined.
fn places_of_spans(items: &[Tree]) -> Vec<usize> {
    let number = |item: &Tree, name| match item.field(name) {
        Some(Tree::Word(word)) => word.parse::<u64>().unwrap_or(u64::MAX),
        _ => u64::MAX,
    };
    let spans: Vec<(u64, u64)> = items.iter().map(|item| (number(item, "start"), number(item, "end"))).collect();
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|nth| spans.get(*nth).copied());
    let mut places = vec![0; spans.len()];
    let mut last: Option<(usize, (u64, u64))> = None;
    for nth in order {
        let Some(span) = spans.get(nth).copied() else { continue };
        let place = match last {
            Some((place, (start, end))) if span.0 < end || span == (start, end) => {
                last = Some((place, (start, end.max(span.1))));
                place
            }
            _ => {
                let place = last.map_or(0, |(place, _)| place + 1);
                last = Some((place, span));
                place
            }
        };
        if let Some(slot) = places.get_mut(nth) {
            *slot = place;
        }
    }
    places
}

/// A known name that is almost this one and is not there.
fn similar(name: &str, known: &'static [&'static str], present: &[Field]) -> Option<&'static str> {
    let is_absent = |known: &&&'static str| !present.iter().any(|field| field.name == **known);
    let allowed = if name.chars().count() <= 4 { 1 } else { 2 };
    let distance = |known: &&'static str| distance(&name.to_lowercase(), known);
    let nearest = known.iter().filter(is_absent).min_by_key(|known| distance(known))?;
    (distance(nearest) <= allowed).then_some(nearest)
}

/// How many letters must be added, left out, changed or exchanged with their neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().collect());
    // Rows of the usual table: the one before the last, and the last.
    let (mut before, mut last): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=b.len()).collect());
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && Some(x) == b.get(j - 1) && a.get(i - 1) == Some(y) {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

impl Kept {
    /// What is to be told. `first_line` is the number of the source's first line; `at` tells line and column.
    pub fn warnings(&self, source: &str, first_line: usize) -> Vec<Problem> {
        self.told.iter().map(|told| told.problem(source, first_line)).collect()
    }

    /// The fields that may be misspelt, for a file that cannot be read.
    pub fn misspelt(&self, source: &str, first_line: usize) -> Vec<Problem> {
        let misspelt = self.told.iter().filter(|told| told.similar.is_some());
        let refused = |problem: Problem| Problem { message: problem.message.replace("; it is kept", ""), ..problem };
        misspelt.map(|told| refused(told.problem(source, first_line))).collect()
    }

    /// Whether there is nothing to take.
    pub fn is_empty(&self) -> bool {
        self.by_owner.is_empty()
    }

    /// The fields of an owner and, unless it is the file, of all that is in it. For the file, the article and the like
    /// are in it, annotations are not.
    pub fn take(&mut self, owner: &str) -> Unknown {
        if self.by_owner.is_empty() {
            return Unknown::default();
        }
        let is_inside = |path: &str| match (owner, path.strip_prefix(owner)) {
            ("", _) => path.is_empty() || path == "document" || path == "schema" || path.starts_with("document."),
            (_, rest) => rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
        };
        let paths: Vec<String> = (self.by_owner.range(owner.to_owned()..).map(|(path, _)| path))
            .take_while(|path| path.starts_with(owner))
            .filter(|path| is_inside(path))
            .cloned()
            .collect();
        let mut fields = Vec::new();
        for path in paths {
            let at = path.strip_prefix(owner).map(|at| at.strip_prefix('.').unwrap_or(at)).unwrap_or_default();
            for (name, value) in self.by_owner.remove(&path).unwrap_or_default() {
                fields.push(UnknownField { at: at.to_owned(), name, value });
            }
        }
        Unknown::new(fields)
    }
}

impl Told {
    fn problem(&self, source: &str, first_line: usize) -> Problem {
        let Self { kind, name, count, at, similar } = self;
        let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
        let message = format!("the field {name:?} of {}{times} is not known to this program; it is kept", kind.word());
        let hint = match similar {
            Some(similar) => format!("did you mean {similar:?}?"),
            None => "a newer version of the program may know it".to_owned(),
        };
        let before = source.get(..*at).unwrap_or_default();
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Problem::warning("unknown-field", message, hint).at_line(first_line + line, column)
    }
}

/// Unknown fields as they are written at the end of a struct.
pub fn extra<'a>(fields: impl Iterator<Item = &'a UnknownField>, language: Language) -> shape::Extra {
    let fields: Vec<&UnknownField> = fields.collect();
    // What was read is RON; nothing else gets here.
    let json_of =
        |value: &str| json_text(&Tree::parse(value, Language::Ron).unwrap_or_else(|_| Tree::Text(value.into())));
    let says_all = |value: &str| {
        Tree::parse(&json_of(value), Language::Json).is_ok_and(|tree| ron_text(&tree.into_ron()) == value)
    };
    // Of fields with the same name all have hints, or nobody knew to which one a hint belongs.
    let hinted: BTreeSet<&str> = match language {
        Language::Ron => BTreeSet::new(),
        Language::Json => {
            // One that is named like the hints would be taken for them.
            let looks_like_hints = |value: &str| match Tree::parse(&json_of(value), Language::Json) {
                Ok(Tree::Struct(None, hints)) => hints.iter().all(|hint| {
                    matches!(hint.value, Tree::Text(_)) && fields.iter().any(|field| field.name == hint.name)
                }),
                _ => false,
            };
            let needs_one =
                |f: &&&UnknownField| !says_all(&f.value) || (f.name == RON_IN_JSON && looks_like_hints(&f.value));
            fields.iter().filter(needs_one).map(|f| f.name.as_str()).collect()
        }
    };
    let mut out = Vec::new();
    let mut beside = String::new();
    let mut is_first = true;
    let mut put_beside = |write: &dyn Fn(&mut String)| {
        if !std::mem::take(&mut is_first) {
            beside.push_str(", ");
        }
        write(&mut beside);
    };
    for field in fields {
        let UnknownField { name, value, .. } = field;
        match language {
            Language::Ron if field.has_ron_name() => {
                let mut written = String::new();
                ron_name(&mut written, name);
                out.push((written, value.clone()));
            }
            Language::Ron => put_beside(&|beside| {
                ron_string(beside, name);
                beside.push_str(": ");
                beside.push_str(value);
            }),
            Language::Json => {
                let mut written = String::new();
                json_string(&mut written, name);
                out.push((written, json_of(value)));
                if hinted.contains(name.as_str()) {
                    put_beside(&|beside| {
                        json_string(beside, name);
                        beside.push_str(": ");
                        json_string(beside, value);
                    });
                }
            }
        }
    }
    if !beside.is_empty() {
        let name = match language {
            Language::Ron => format!("r#{JSON_IN_RON}"),
            Language::Json => format!("\"{RON_IN_JSON}\""),
        };
        out.push((name, format!("{{{beside}}}")));
    }
    shape::Extra(out)
}
