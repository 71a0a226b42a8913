//! Marks that fulfil conditions: asked of the index, and, where words are asked for, too, checked on the text.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter};

use super::query::{ANY, MarkKind};
use super::run::{Asked, Hit, SearchError, Summary};
use super::texts::layer_condition;
use crate::model::{Id, Kind};
use crate::project::Name;
use crate::project::index::{Index, fold, kind_of_number, number_of};
use crate::text::find::Finder;
use crate::text::{BytePos, Span};

/// How long hits wait for others, once the first ones are given out.
const BATCH: Duration = Duration::from_millis(40);

/// What has this value or other name.
const NAMED: &str = "SELECT n.layer, n.entity FROM names n WHERE n.name = ?";

/// A condition with the values of its question marks in their order.
#[derive(Default)]
struct Conditions {
    all: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, condition: impl Into<String>, values: impl IntoIterator<Item = String>) {
        self.all.push(condition.into());
        self.values.extend(values.into_iter().map(Value::Text));
    }
}

/// Looks for marks.
pub fn search(
    index: &Index,
    asked: &Asked<'_>,
    finders: &[Finder],
    summary: &mut Summary,
    found: &mut dyn FnMut(Vec<Hit>),
) -> Result<(), SearchError> {
    let connection = index.connection();
    let Some(conditions) = conditions(connection, asked)? else { return Ok(()) };
    // Marks lead: the layers and documents of those that fit are looked up.
    let sql = format!(
        "SELECT d.name, l.folder, l.document, m.layer, m.id, m.kind, m.label, m.start, m.end
         FROM marks m CROSS JOIN layers l ON l.id = m.layer CROSS JOIN documents d ON d.id = l.document WHERE {}",
        conditions.all.join(" AND ")
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(conditions.values))?;
    let mut texts = Texts { connection, finders, last: None };
    let mut documents: HashSet<i64> = HashSet::new();
    let (mut hits, mut given_at): (Vec<Hit>, Option<Instant>) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        if asked.is_stopped() {
            break;
        }
        let document = row.get(2)?;
        if !finders.is_empty() && !texts.fit(document, row)? {
            continue;
        }
        summary.hits += 1;
        documents.insert(document);
        if summary.kept == asked.most {
            continue;
        }
        let Some(hit) = hit(row)? else { continue };
        summary.kept += 1;
        hits.push(hit);
        if given_at.is_none_or(|at| hits.len().is_multiple_of(64) && at.elapsed() > BATCH) {
            found(std::mem::take(&mut hits));
            given_at = Some(Instant::now());
        }
    }
    summary.found_in = documents.len();
    if !hits.is_empty() {
        found(hits);
    }
    Ok(())
}

fn hit(row: &Row<'_>) -> rusqlite::Result<Option<Hit>> {
    let words = |column| row.get_ref(column).map(|value| value.as_str().unwrap_or_default());
    let Some(document) = Name::new(words(0)?) else { return Ok(None) };
    Ok(Some(Hit {
        document,
        span: span(row)?,
        folder: Some(words(1)?.into()),
        mark: Some(Id::new(words(4)?)),
        kind: MarkKind::of(kind_of_number(row.get(5)?)),
        label: words(6)?.into(),
    }))
}

fn span(row: &Row<'_>) -> rusqlite::Result<Span> {
    let (start, end): (u32, u32) = (row.get(7)?, row.get(8)?);
    Ok(Span { start: BytePos(start), end: BytePos(end.max(start)) })
}

/// What is asked for, in the words of the database; none if nothing can fulfil it.
fn conditions(connection: &Connection, asked: &Asked<'_>) -> Result<Option<Conditions>, SearchError> {
    let query = asked.query;
    let mut all = Conditions::default();
    if let Some(kind) = query.asked_kind() {
        all.add(format!("m.kind = {}", number_of(kind.kind())), []);
    }
    if let Some(label) = query.asked_label() {
        let labels = labels_like(connection, label)?;
        if labels.is_empty() {
            return Ok(None);
        }
        all.add(format!("m.label IN ({})", vec!["?"; labels.len()].join(", ")), labels);
    }
    let is_of_any_kind = query.asked_kind().is_none() && query.label.is_none();
    for entity in &query.entities {
        let (refers, filled) = if entity == ANY {
            ("m.entity != ''".to_owned(), "a.entity != ''".to_owned())
        } else {
            (format!("(m.layer, m.entity) IN ({NAMED})"), format!("(a.layer, a.entity) IN ({NAMED})"))
        };
        let given = |times| vec![fold::name(entity); if entity == ANY { 0 } else { times }];
        if is_of_any_kind {
            all.add(refers, given(1));
        } else {
            let takes_part =
                format!("EXISTS (SELECT 1 FROM arguments a WHERE a.layer = m.layer AND a.owner = m.id AND {filled})");
            all.add(format!("({refers} OR {takes_part})"), given(2));
        }
    }
    let speaker = query.speaker.iter().map(|speaker| ("Speaker", speaker));
    for (role, filler) in query.roles.iter().map(|role| (role.role.as_str(), &role.filler)).chain(speaker) {
        let of_mark =
            "SELECT 1 FROM arguments a WHERE a.layer = m.layer AND a.owner = m.id AND a.role = ? COLLATE NOCASE";
        if filler == ANY {
            all.add(format!("EXISTS ({of_mark})"), [role.to_owned()]);
            continue;
        }
        let (mut ways, mut values) =
            (vec!["a.label = ? COLLATE NOCASE".to_owned()], vec![role.to_owned(), filler.clone()]);
        let folded = fold::words(filler);
        // What has no letters is in no words.
        if !folded.trim().is_empty() {
            ways.push("instr(a.folded, ?) > 0".to_owned());
            values.push(folded);
        }
        ways.push(format!("(a.layer, a.entity) IN ({NAMED})"));
        values.push(fold::name(filler));
        all.add(format!("EXISTS ({of_mark} AND ({}))", ways.join(" OR ")), values);
    }
    for attribute in &query.attributes {
        let with_name = "(m.layer, m.id) IN (SELECT t.layer, t.owner FROM attributes t WHERE t.name = ? COLLATE NOCASE";
        if attribute.value == ANY {
            all.add(format!("{with_name})"), [attribute.name.clone()]);
        } else {
            let both = [attribute.name.clone(), attribute.value.clone()];
            all.add(format!("{with_name} AND t.value = ? COLLATE NOCASE)"), both);
        }
    }
    let (condition, values) = layer_condition(query, asked.me);
    if !condition.is_empty() {
        all.all.push(condition);
        all.values.extend(values);
    }
    if let Some(status) = query.status {
        all.add(format!("l.status = {}", status as i64), []);
    }
    if all.all.is_empty() {
        all.add("1", []);
    }
    Ok(Some(all))
}

/// The labels that are one, whatever their capitals.
fn labels_like(connection: &Connection, label: &str) -> rusqlite::Result<Vec<String>> {
    let folded = fold::name(label);
    Ok(labels(connection)?.into_iter().filter(|known| fold::name(known) == folded).collect())
}

/// All labels in use. Each is found behind the one before, so it costs as many steps as there are labels.
pub(super) fn labels(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut statement = connection.prepare_cached("SELECT label FROM marks WHERE label > ?1 ORDER BY label LIMIT 1")?;
    let mut all = BTreeSet::new();
    let mut last = String::new();
    // An empty label is one, too.
    let empty =
        connection.query_row("SELECT label FROM marks WHERE label = '' LIMIT 1", [], |row| row.get(0)).optional()?;
    all.extend(empty);
    while let Some(next) = statement.query_row([&last], |row| row.get::<_, String>(0)).optional()? {
        all.insert(next.clone());
        last = next;
    }
    Ok(all)
}

/// The texts of marks, of which the last one is kept.
struct Texts<'a> {
    connection: &'a Connection,
    finders: &'a [Finder],
    /// A document, and the places of each of the words in it.
    last: Option<(i64, Vec<Vec<Span>>)>,
}

impl Texts<'_> {
    /// Whether all words stand in a mark, or in what fills its roles.
    fn fit(&mut self, document: i64, row: &Row<'_>) -> Result<bool, SearchError> {
        if self.last.as_ref().is_none_or(|(known, _)| *known != document) {
            let text = "SELECT text FROM texts WHERE document = ?1";
            let text: Option<String> =
                self.connection.prepare_cached(text)?.query_row([document], |row| row.get(0)).optional()?;
            let text = text.unwrap_or_default();
            let spans = |finder: &Finder| finder.all(&text, usize::MAX, |_| true).spans;
            self.last = Some((document, self.finders.iter().map(spans).collect()));
        }
        let Some((_, places)) = &self.last else { return Ok(false) };
        let mark = span(row)?;
        let is_within = |places: &Vec<Span>| {
            let first = places.partition_point(|place| place.start < mark.start);
            places.get(first).is_some_and(|place| place.end <= mark.end)
        };
        if places.iter().all(is_within) {
            return Ok(true);
        }
        if matches!(kind_of_number(row.get(5)?), Kind::Mention | Kind::Quote) {
            return Ok(false);
        }
        let mut statement =
            self.connection.prepare_cached("SELECT words FROM arguments WHERE layer = ?1 AND owner = ?2")?;
        let owner: String = row.get(4)?;
        let layer: i64 = row.get(3)?;
        let fillers = statement.query_map((layer, owner), |row| row.get::<_, String>(0))?;
        let fillers = fillers.collect::<rusqlite::Result<Vec<_>>>()?;
        let is_in_filler = |finder: &Finder| fillers.iter().any(|words| finder.near(words, BytePos(0)).is_some());
        Ok(self.finders.iter().zip(places).all(|(finder, places)| is_within(places) || is_in_filler(finder)))
    }
}
