//! Words in texts: all of them are scanned, on all cores.
//!
//! Measured against a full-text index (`cargo bench --bench project`): 100 MB in 50,000 documents are scanned faster than
//! an answer is noticed, while FTS5 makes indexing several times as slow, finds whole words only, and its hits would have to
//! be found in the text all the same.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::thread;

use crossbeam_channel::{Sender, bounded};
use ecow::EcoString;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::query::{ANY, Query};
use super::run::{Asked, Hit, SearchError, Summary};
use crate::model::Status;
use crate::panics;
use crate::project::Name;
use crate::project::index::Index;
use crate::text::find::Finder;
use crate::text::{BytePos, Span};

/// Documents that a thread takes at a time.
const PIECE: i64 = 256;
/// Threads at most: reading shares one disk.
const THREADS: usize = 8;

/// What a thread has found in some documents.
#[derive(Default)]
struct Found {
    hits: Vec<Hit>,
    count: usize,
    documents: usize,
}

/// Looks for words in the documents that the other conditions leave.
pub fn search(
    index: &Index,
    asked: &Asked<'_>,
    finders: &[Finder],
    summary: &mut Summary,
    found: &mut dyn FnMut(Vec<Hit>),
) -> Result<(), SearchError> {
    let connection = index.connection();
    let allowed = allowed(connection, asked.query, asked.me)?;
    if finders.is_empty() {
        return whole_documents(connection, asked, allowed.as_ref(), summary, found);
    }
    let ends = "SELECT min(document), max(document) FROM texts";
    let (first, last): (Option<i64>, Option<i64>) =
        connection.query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
    let pieces = (last - first) / PIECE + 1;
    let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    let threads = threads.min(usize::try_from(pieces).unwrap_or(THREADS));
    let (next, kept) = (AtomicI64::new(first), AtomicUsize::new(0));
    let (sender, receiver) = bounded::<Result<Found, SearchError>>(threads * 2);
    let work = |sender: &Sender<Result<Found, SearchError>>| -> Result<(), SearchError> {
        let index = Index::open(asked.place)?;
        let scan = Scan { asked, finders, allowed: allowed.as_ref(), kept: &kept };
        loop {
            let from = next.fetch_add(PIECE, Ordering::Relaxed);
            if from > last || asked.is_stopped() {
                return Ok(());
            }
            scan.piece(index.connection(), from, sender)?;
        }
    };
    let mut result = Ok(());
    thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            let work = &work;
            scope.spawn(move || {
                let done = panics::catch(|| work(&sender)).unwrap_or(Err(SearchError::Failed));
                if let Err(error) = done {
                    let _ = sender.send(Err(error));
                }
            });
        }
        drop(sender);
        for message in receiver {
            match message {
                Ok(Found { mut hits, count, documents }) => {
                    // Two threads may have had the same room.
                    hits.truncate(asked.most - summary.kept);
                    summary.hits += count;
                    summary.found_in += documents;
                    summary.kept += hits.len();
                    if !hits.is_empty() {
                        found(hits);
                    }
                }
                Err(error) => {
                    // The others are not needed any more.
                    next.store(last + 1, Ordering::Relaxed);
                    result = Err(error);
                }
            }
        }
    });
    result
}

struct Scan<'a> {
    asked: &'a Asked<'a>,
    finders: &'a [Finder],
    allowed: Option<&'a Allowed>,
    kept: &'a AtomicUsize,
}

impl Scan<'_> {
    /// Looks through some documents and sends what it finds.
    fn piece(
        &self,
        connection: &Connection,
        from: i64,
        sender: &Sender<Result<Found, SearchError>>,
    ) -> Result<(), SearchError> {
        let mut statement =
            connection.prepare_cached("SELECT document, name, text FROM texts WHERE document BETWEEN ?1 AND ?2")?;
        let mut rows = statement.query([from, from + PIECE - 1])?;
        let mut found = Found::default();
        while let Some(row) = rows.next()? {
            if self.asked.is_stopped() {
                break;
            }
            let document = row.get(0)?;
            if self.allowed.is_some_and(|allowed| !allowed.has(document)) {
                continue;
            }
            let text = row.get_ref(2)?.as_str().unwrap_or_default();
            let (spans, count) = self.in_text(text);
            if count == 0 {
                continue;
            }
            let Some(name) = row.get_ref(1)?.as_str().ok().and_then(Name::new) else { continue };
            found.count += count;
            found.documents += 1;
            let is_first = self.kept.fetch_add(spans.len(), Ordering::Relaxed) == 0;
            found.hits.extend(spans.into_iter().map(|span| of_words(&name, span)));
            if is_first && !found.hits.is_empty() {
                // The first ones are looked at while the others are sought.
                drop(sender.send(Ok(std::mem::take(&mut found))));
            }
        }
        if found.documents > 0 {
            drop(sender.send(Ok(found)));
        }
        Ok(())
    }

    /// Where the words stand in a text, if all of them do: as many places as are still kept, and their number.
    fn in_text(&self, text: &str) -> (Vec<Span>, usize) {
        let room = self.asked.most.saturating_sub(self.kept.load(Ordering::Relaxed));
        let go_on = |_| !self.asked.is_stopped();
        if let [only] = self.finders {
            let hits = only.all(text, room, go_on);
            return (hits.spans, hits.count);
        }
        let (mut spans, mut count) = (Vec::new(), 0);
        for finder in self.finders {
            let hits = finder.all(text, room, go_on);
            if hits.count == 0 {
                return (Vec::new(), 0);
            }
            count += hits.count;
            spans.extend(hits.spans);
        }
        spans.sort_unstable();
        let before = spans.len();
        spans.dedup();
        count -= before - spans.len();
        spans.truncate(room);
        (spans, count)
    }
}

fn of_words(document: &Name, span: Span) -> Hit {
    Hit { document: document.clone(), span, folder: None, mark: None, kind: None, label: EcoString::new() }
}

/// Which documents are searched, by what is known of somebody's layer over them.
enum Allowed {
    These(HashSet<i64>),
    AllBut(HashSet<i64>),
}

impl Allowed {
    fn has(&self, document: i64) -> bool {
        match self {
            Self::These(documents) => documents.contains(&document),
            Self::AllBut(documents) => !documents.contains(&document),
        }
    }
}

/// The condition on layers `l`, with what it is given; empty if there is none.
pub(super) fn layer_condition(query: &Query, me: Option<&str>) -> (String, Vec<Value>) {
    match (query.annotator.as_deref(), me) {
        (Some(ANY), _) | (None, None) => (String::new(), Vec::new()),
        (Some(named), _) => {
            let named = Value::Text(named.to_owned());
            let condition = "(l.folder = ? COLLATE NOCASE OR l.annotator = ? COLLATE NOCASE)".to_owned();
            (condition, vec![named.clone(), named])
        }
        (None, Some(me)) => ("l.folder = ?".to_owned(), vec![Value::Text(me.to_owned())]),
    }
}

/// What annotator and status leave of the documents; none if they leave all.
fn allowed(connection: &Connection, query: &Query, me: Option<&str>) -> Result<Option<Allowed>, SearchError> {
    if query.annotator.is_none() && query.status.is_none() {
        return Ok(None);
    }
    let (condition, mut values) = layer_condition(query, me);
    let condition = if condition.is_empty() { "1".to_owned() } else { condition };
    let documents = |which: &str, values: Vec<Value>| -> rusqlite::Result<HashSet<i64>> {
        let mut statement =
            connection.prepare(&format!("SELECT l.document FROM layers l WHERE {condition} {which}"))?;
        statement.query_map(params_from_iter(values), |row| row.get(0))?.collect()
    };
    Ok(Some(match query.status {
        None => Allowed::These(documents("", values)?),
        // Where nobody has begun, there is no layer.
        Some(Status::New) => {
            values.push(Value::Integer(Status::New as i64));
            Allowed::AllBut(documents("AND l.status != ?", values)?)
        }
        Some(status) => {
            values.push(Value::Integer(status as i64));
            Allowed::These(documents("AND l.status = ?", values)?)
        }
    }))
}

/// Without words: each document that the conditions leave is a hit at its beginning.
fn whole_documents(
    connection: &Connection,
    asked: &Asked<'_>,
    allowed: Option<&Allowed>,
    summary: &mut Summary,
    found: &mut dyn FnMut(Vec<Hit>),
) -> Result<(), SearchError> {
    let mut statement = connection.prepare("SELECT id, name FROM documents ORDER BY name")?;
    let mut rows = statement.query([])?;
    let mut hits = Vec::new();
    while let Some(row) = rows.next()? {
        if asked.is_stopped() {
            break;
        }
        if allowed.is_some_and(|allowed| !allowed.has(row.get(0).unwrap_or_default())) {
            continue;
        }
        let Some(name) = row.get_ref(1)?.as_str().ok().and_then(Name::new) else { continue };
        summary.hits += 1;
        summary.found_in += 1;
        if summary.kept < asked.most {
            summary.kept += 1;
            hits.push(of_words(&name, Span::new(BytePos(0), BytePos(0))));
        }
    }
    if !hits.is_empty() {
        found(hits);
    }
    Ok(())
}
