//! What reading RON and JSON have in common: a place in the source, and why it cannot go on.

use super::{DEEPEST, Tree};

/// The language of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// RON.
    Ron,
    /// JSON.
    Json,
}

/// Why a source is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// Where, in bytes.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

/// A place in a source.
pub struct Cursor<'a> {
    pub source: &'a str,
    pub at: usize,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(source: &'a str) -> Self {
        Self { source, at: 0, depth: 0 }
    }

    pub fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Goes past `text` if it stands here.
    pub fn take(&mut self, text: &str) -> bool {
        let is_there = self.rest().starts_with(text);
        if is_there {
            self.at += text.len();
        }
        is_there
    }

    /// Goes past what fits and gives it.
    pub fn take_while(&mut self, mut fits: impl FnMut(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = rest.get(..rest.find(|c| !fits(c)).unwrap_or(rest.len())).unwrap_or_default();
        self.at += taken.len();
        taken
    }

    pub fn fail<T>(&self, what: impl Into<String>) -> Result<T, Failure> {
        Err(Failure { at: self.at, what: what.into() })
    }

    /// Fails with what stands here instead of what was expected.
    pub fn expected<T>(&self, what: &str) -> Result<T, Failure> {
        match self.peek() {
            Some(c) => self.fail(format!("expected {what}, found {c:?}")),
            None => self.fail(format!("expected {what}, found the end of the file")),
        }
    }

    /// Reads something that lies inside of what is being read.
    pub fn inside(&mut self, read: impl FnOnce(&mut Self) -> Result<Tree, Failure>) -> Result<Tree, Failure> {
        if self.depth >= DEEPEST {
            return self.fail(format!("more than {DEEPEST} values inside of each other"));
        }
        self.depth += 1;
        let tree = read(self);
        self.depth -= 1;
        tree
    }
}
