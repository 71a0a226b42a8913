//! What readers of JSON need beside the parser: the keys that tell what a file is, and on which line each element of an
//! array begins.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::formats::decode;
use crate::model::Problem;

/// The source and its value.
///
/// # Errors
/// A problem with the line at which it is no JSON.
pub fn parse(bytes: &[u8]) -> Result<(String, Value), Vec<Problem>> {
    let source = decode::decode_strict(bytes).map_err(|problem| vec![*problem])?;
    match serde_json::from_str(&source) {
        Ok(value) => Ok((source, value)),
        Err(error) => {
            let problem = Problem::error("json-syntax", error.to_string(), "correct the file in a text editor");
            Err(vec![problem.at_line(error.line().max(1), error.column().max(1))])
        }
    }
}

/// What opens and closes in JSON, with its place. Strings are passed over; what is no JSON is passed over too.
struct Walk<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    /// The last string that ended.
    last: &'a str,
}

/// A mark outside of strings.
#[derive(PartialEq, Eq)]
enum Mark<'a> {
    /// `{` or `[`.
    Open { is_array: bool },
    /// `}` or `]`.
    Close,
    /// A key, at its colon.
    Key(&'a str),
}

impl<'a> Walk<'a> {
    fn of(source: &'a str) -> Self {
        Self { source, at: 0, line: 1, last: "" }
    }

    fn string(&mut self) {
        let start = self.at;
        let bytes = self.source.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 1,
                b'"' => break,
                b'\n' => self.line += 1,
                _ => {}
            }
            self.at += 1;
        }
        self.last = self.source.get(start..self.at).unwrap_or_default();
        self.at += 1;
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = (Mark<'a>, usize);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let byte = *self.source.as_bytes().get(self.at)?;
            self.at += 1;
            let mark = match byte {
                b'"' => {
                    self.string();
                    continue;
                }
                b'\n' => {
                    self.line += 1;
                    continue;
                }
                b'{' | b'[' => Mark::Open { is_array: byte == b'[' },
                b'}' | b']' => Mark::Close,
                b':' => Mark::Key(self.last),
                _ => continue,
            };
            return Some((mark, self.line));
        }
    }
}

/// The keys of the outermost object, or of the objects in the outermost array.
pub fn keys(bytes: &[u8]) -> BTreeSet<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(source) = str::from_utf8(bytes) else { return BTreeSet::new() };
    let first = source.trim_start().chars().next();
    let level = match first {
        Some('{') => 1,
        Some('[') => 2,
        _ => return BTreeSet::new(),
    };
    let mut depth = 0;
    let mut found = BTreeSet::new();
    for (mark, _) in Walk::of(source) {
        match mark {
            Mark::Open { .. } => depth += 1,
            Mark::Close if depth <= 1 => break,
            Mark::Close => depth -= 1,
            Mark::Key(key) if depth == level => {
                found.insert(key.to_owned());
            }
            Mark::Key(_) => {}
        }
    }
    found
}

/// The line on which each element of the outermost array begins. Elements are objects and arrays.
pub fn lines_of_all(source: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (mark, line) in Walk::of(source) {
        match mark {
            Mark::Open { .. } => {
                if depth == 1 {
                    found.push(line);
                }
                depth += 1;
            }
            Mark::Close => depth = depth.saturating_sub(1),
            Mark::Key(_) => {}
        }
    }
    found
}

/// The line on which each element begins of all arrays under `key`, in the order of the file. Elements are objects and
/// arrays.
pub fn lines_of(source: &str, key: &str) -> Vec<usize> {
    let mut found = Vec::new();
    // Whether each of the open ones is such an array.
    let mut open: Vec<bool> = Vec::new();
    let mut last = None;
    for (mark, line) in Walk::of(source) {
        match mark {
            Mark::Open { is_array } => {
                if open.last() == Some(&true) {
                    found.push(line);
                }
                open.push(is_array && last.take() == Some(key));
            }
            Mark::Close => {
                open.pop();
                last = None;
            }
            Mark::Key(name) => last = Some(name),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_lines_are_found_outside_of_strings() {
        let source = "{\"text\": \"{\\\"x\\\": [\",\n\"quotes\": [\n {\"a\": [{}]},\n\n {\"quotes\": 1}], \"b\": 2}";
        let found: Vec<String> = keys(source.as_bytes()).into_iter().collect();
        assert_eq!(found, ["b", "quotes", "text"]);
        assert_eq!(lines_of(source, "quotes"), [3, 5]);
        assert_eq!(keys(b"[{\"a\": {\"b\": 1}}, {\"c\": 1}]").into_iter().collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(lines_of_all("[{\"a\": [{}]},\n\n[1], {}\n]"), [1, 3, 3]);
        for broken in ["", "{\"a", "{\"a\\", "]", "}{\"a\":", "\u{feff}"] {
            let _ = (keys(broken.as_bytes()), lines_of(broken, "a"), lines_of_all(broken));
        }
    }
}
