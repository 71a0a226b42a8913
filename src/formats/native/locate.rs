//! Finds the line of an annotation in the source of a native file, for messages.

use std::collections::HashMap;

use crate::model::Problem;

/// Where each `id` first and later stands: lines and columns from 1.
pub struct Places<'a> {
    by_id: HashMap<&'a str, Vec<(usize, usize)>>,
}

impl<'a> Places<'a> {
    /// Reads the source once. `first_line` is the number of its first line.
    pub fn new(source: &'a str, first_line: usize) -> Self {
        let mut by_id: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
        for (index, line) in source.split('\n').enumerate() {
            for (at, _) in line.match_indices("id") {
                let Some(id) = line.get(at + 2..).and_then(value_after) else { continue };
                let column = line.get(..at).map_or(0, |before| before.chars().count()) + 1;
                by_id.entry(id).or_default().push((first_line + index, column));
            }
        }
        Self { by_id }
    }

    /// The problem at the `nth` place (from 0) where `id` is defined; as it is if that place is not known.
    pub fn put(&self, problem: Problem, id: &str, nth: usize) -> Problem {
        match self.by_id.get(id).and_then(|places| places.get(nth)) {
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
