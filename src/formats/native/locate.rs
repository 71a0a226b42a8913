//! Finds the line of an annotation in the source of a native file, for messages.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::model::Problem;

/// Where each `id` first and later stands: lines and columns from 1.
pub struct Places<'a> {
    source: &'a str,
    first_line: usize,
    /// Made when the first problem is found: most files have none.
    by_id: OnceCell<ById<'a>>,
}

type ById<'a> = HashMap<&'a str, Vec<(usize, usize)>>;

impl<'a> Places<'a> {
    /// In this source, whose first line has the number `first_line`.
    pub fn new(source: &'a str, first_line: usize) -> Self {
        Self { source, first_line, by_id: OnceCell::new() }
    }

    /// Reads the source once.
    fn find_all(&self) -> ById<'a> {
        let mut by_id = ById::new();
        for (index, line) in self.source.split('\n').enumerate() {
            for (at, _) in line.match_indices("id") {
                let Some(id) = line.get(at + 2..).and_then(value_after) else { continue };
                let column = line.get(..at).map_or(0, |before| before.chars().count()) + 1;
                by_id.entry(id).or_default().push((self.first_line + index, column));
            }
        }
        by_id
    }

    /// The problem at the `nth` place (from 0) where `id` is defined; as it is if that place is not known.
    pub fn put(&self, problem: Problem, id: &str, nth: usize) -> Problem {
        let by_id = self.by_id.get_or_init(|| self.find_all());
        match by_id.get(id).and_then(|places| places.get(nth)) {
            Some((line, column)) => problem.at_line(*line, *column),
            None => problem,
        }
    }
}

/// The string in `": "m1"` or `: "m1"`. Inside other strings quotation marks are escaped, so this finds no words.
fn value_after(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix('"').unwrap_or(rest).trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    rest.split_once('"').map(|(id, _)| id)
}
