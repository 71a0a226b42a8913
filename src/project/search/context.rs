//! What stands around a hit: keyword in context, on one line.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use ecow::EcoString;
use rusqlite::OptionalExtension as _;

use super::run::{Hit, SearchError};
use crate::limits;
use crate::project::index::{Index, IndexPlace};
use crate::text::Span;

/// Characters of the text beside a hit that are shown.
const BESIDE: usize = 160;

/// A hit with what stands around it, each part on one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kwic {
    /// What stands before.
    pub left: String,
    /// The hit itself, shortened in its middle if it is longer than [`limits::LINE_SHOWN`].
    pub hit: String,
    /// What stands behind.
    pub right: String,
    /// The headline of the document.
    pub title: EcoString,
    /// Labels of marks in the layer that was asked about and over all of the hit, the shortest first.
    pub labels: Vec<EcoString>,
    /// Why there is nothing to show; empty if there is.
    pub missing: &'static str,
}

impl Kwic {
    /// Of a place in a text.
    pub fn of(text: &str, span: Span) -> Self {
        let (start, end) = (span.start.to_usize(), span.end.to_usize());
        let parts = (text.get(..start), text.get(start..end), text.get(end..));
        let (Some(before), Some(hit), Some(after)) = parts else {
            return Self::missing("the text has changed; search again");
        };
        Self { left: left_of(before), hit: shortened(hit), right: right_of(after), ..Self::default() }
    }

    fn missing(why: &'static str) -> Self {
        Self { missing: why, ..Self::default() }
    }
}

/// The end of a text on one line.
pub(super) fn left_of(before: &str) -> String {
    let from = before.char_indices().rev().nth(BESIDE * 2).map_or(0, |(at, _)| at);
    let line = one_line(before.get(from..).unwrap_or_default(), false);
    let skip = line.chars().count().saturating_sub(BESIDE);
    line.chars().skip(skip).collect()
}

/// The beginning of a text on one line.
pub(super) fn right_of(after: &str) -> String {
    let until = after.char_indices().nth(BESIDE * 2).map_or(after.len(), |(at, _)| at);
    one_line(after.get(..until).unwrap_or_default(), true).chars().take(BESIDE).collect()
}

/// White space becomes one blank, none at the far end of the text.
fn one_line(text: &str, is_right: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_whitespace() {
            true if out.ends_with(' ') => {}
            true => out.push(' '),
            false => out.push(c),
        }
    }
    if is_right { out.trim_end().to_owned() } else { out.trim_start().to_owned() }
}

/// The hit on one line, bounded.
fn shortened(hit: &str) -> String {
    let half = limits::LINE_SHOWN / 2;
    let head_end = hit.char_indices().nth(half).map(|(at, _)| at);
    let tail_begin = hit.char_indices().rev().nth(half - 1).map(|(at, _)| at);
    match (head_end, tail_begin) {
        (Some(head), Some(tail)) if head < tail => {
            let (head, tail) = (hit.get(..head).unwrap_or_default(), hit.get(tail..).unwrap_or_default());
            format!("{} … {}", one_line(head, true), one_line(tail, false))
        }
        _ => one_line(hit, true),
    }
}

/// Calls `add` with each hit's number, text and title, the hits of a document together.
pub(super) fn with_texts(
    index: &Index,
    hits: &[Hit],
    mut add: impl FnMut(usize, Option<(&str, &str)>),
) -> Result<(), SearchError> {
    let mut by_document: Vec<usize> = (0..hits.len()).collect();
    by_document.sort_by_key(|at| hits.get(*at).map(|hit| &hit.document));
    let mut statement = index.connection().prepare_cached(
        "SELECT t.text, d.title FROM documents d JOIN texts t ON t.document = d.id WHERE d.name = ?1",
    )?;
    let mut last: Option<(&str, Option<(String, String)>)> = None;
    for at in by_document {
        let Some(hit) = hits.get(at) else { continue };
        let name = hit.document.as_str();
        if last.as_ref().is_none_or(|(known, _)| *known != name) {
            let found = statement.query_row([name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            last = Some((name, found));
        }
        let text = last.as_ref().and_then(|(_, found)| found.as_ref());
        add(at, text.map(|(text, title)| (text.as_str(), title.as_str())));
    }
    Ok(())
}

/// What stands around some hits, in their order. For hits of words, `me` is whose marks over them are told.
///
/// # Errors
/// [`SearchError`] if the index cannot be used.
pub fn contexts(place: &IndexPlace, hits: &[Hit], me: Option<&str>) -> Result<Vec<Kwic>, SearchError> {
    let index = Index::open(place)?;
    let mut all = vec![Kwic::default(); hits.len()];
    with_texts(&index, hits, |at, text| {
        let (Some(kwic), Some(hit)) = (all.get_mut(at), hits.get(at)) else { return };
        *kwic = match text {
            Some((text, title)) => Kwic { title: title.into(), ..Kwic::of(text, hit.span) },
            None => Kwic::missing("the document is gone; search again"),
        };
    })?;
    let mut over = index.connection().prepare_cached(
        "SELECT m.label FROM marks m JOIN layers l ON l.id = m.layer JOIN documents d ON d.id = l.document
         WHERE d.name = ?1 AND l.folder = ?2 AND m.start <= ?3 AND m.end >= ?4 ORDER BY m.end - m.start",
    )?;
    // The same for hits beside one another in a document that is marked much.
    let mut known: HashMap<(&str, Span), Vec<EcoString>> = HashMap::new();
    for (hit, kwic) in hits.iter().zip(&mut all) {
        if hit.mark.is_some() {
            kwic.labels = vec![hit.label.clone()];
        } else if let Some(me) = me {
            let key = (hit.document.as_str(), hit.span);
            kwic.labels = match known.entry(key) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(unknown) => {
                    let place = (key.0, me, hit.span.start.0, hit.span.end.0);
                    let labels = over.query_map(place, |row| row.get::<_, String>(0))?;
                    let mut labels: Vec<EcoString> =
                        labels.map(|label| label.map(EcoString::from)).collect::<rusqlite::Result<_>>()?;
                    labels.dedup();
                    unknown.insert(labels).clone()
                }
            };
        }
    }
    Ok(all)
}
