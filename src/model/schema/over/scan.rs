//! Where the values of a RON file stand, with the comments around them.
//!
//! The file was read by the `ron` crate before, so nothing is checked here, and whatever is not understood is given up.

use std::ops::Range;

/// Schemas are less deep by far.
const DEEPEST: usize = 64;

/// A value.
pub struct Node {
    /// Where it stands, in bytes, without what is around it.
    pub range: Range<usize>,
    pub kind: Kind,
    pub has_comments: bool,
}

/// What it is.
pub enum Kind {
    /// Without parts that matter: a string, a number, `Some("x")`.
    Atom,
    List(Body),
    Map(Body),
    Struct(Body),
}

/// What stands between two brackets.
pub struct Body {
    pub parts: Vec<Part>,
    /// Where the last part ends; comments may follow.
    pub end: usize,
}

/// An entry of a list or a map, a field of a struct.
pub struct Part {
    /// Where the space and the comments before it begin.
    pub start: usize,
    /// Its key or its name; empty in a list.
    pub name: Range<usize>,
    pub value: Node,
    pub has_comma: bool,
    /// After its comma and a comment on the same line.
    pub end: usize,
}

impl Node {
    /// Its parts, if it may have some.
    pub fn body(&self) -> Option<&Body> {
        match &self.kind {
            Kind::Atom => None,
            Kind::List(body) | Kind::Map(body) | Kind::Struct(body) => Some(body),
        }
    }
}

/// The value of a whole file.
pub fn scan(source: &str) -> Option<Node> {
    let mut scanner = Scanner { source, at: 0, comments: 0, depth: 0 };
    scanner.space()?;
    while scanner.take("#") {
        scanner.skip(|c| c != ']');
        scanner.take("]").then_some(())?;
        scanner.space()?;
    }
    scanner.value()
}

struct Scanner<'a> {
    source: &'a str,
    at: usize,
    /// How many have been passed.
    comments: usize,
    /// How many values it is inside of.
    depth: usize,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, text: &str) -> bool {
        let is_there = self.rest().starts_with(text);
        self.at += if is_there { text.len() } else { 0 };
        is_there
    }

    fn skip(&mut self, fits: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !fits(c)).unwrap_or(rest.len());
    }

    /// Goes past space and comments.
    fn space(&mut self) -> Option<()> {
        loop {
            self.skip(|c| c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}'));
            if !self.comment()? {
                return Some(());
            }
        }
    }

    /// Goes past a comment, if one begins here.
    fn comment(&mut self) -> Option<bool> {
        if self.take("//") {
            self.skip(|c| c != '\n');
        } else if self.take("/*") {
            let mut depth = 1_usize;
            while depth > 0 {
                if self.take("*/") {
                    depth -= 1;
                } else if self.take("/*") {
                    depth += 1;
                } else {
                    self.at += self.rest().chars().next()?.len_utf8();
                }
            }
        } else {
            return Some(false);
        }
        self.comments += 1;
        Some(true)
    }

    fn value(&mut self) -> Option<Node> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let (start, comments) = (self.at, self.comments);
        let kind = match self.rest().chars().next()? {
            '[' => Kind::List(self.body(']', |_| Some(0..0))?),
            '{' => Kind::Map(self.body('}', |scanner| {
                let key = scanner.value()?.range;
                scanner.colon().map(|()| key)
            })?),
            '(' => self.parentheses()?,
            '"' => self.quoted('"')?,
            '\'' => self.quoted('\'')?,
            'r' if self.rest().trim_start_matches('r').trim_start_matches('#').starts_with('"') => self.raw()?,
            _ => self.word()?,
        };
        self.depth -= 1;
        Some(Node { range: start..self.at, kind, has_comments: self.comments > comments })
    }

    fn word(&mut self) -> Option<Kind> {
        let start = self.at;
        self.skip(|c| c.is_alphanumeric() || matches!(c, '_' | '+' | '-' | '.' | '#'));
        if self.at == start {
            return None;
        }
        let after = self.at;
        self.space()?;
        if self.rest().starts_with('(') {
            return self.parentheses();
        }
        self.at = after;
        Some(Kind::Atom)
    }

    fn quoted(&mut self, end: char) -> Option<Kind> {
        self.at += 1;
        loop {
            let c = self.rest().chars().next()?;
            self.at += c.len_utf8();
            match c {
                '\\' => self.at += self.rest().chars().next()?.len_utf8(),
                c if c == end => return Some(Kind::Atom),
                _ => {}
            }
        }
    }

    fn raw(&mut self) -> Option<Kind> {
        self.at += 1;
        let start = self.at;
        self.skip(|c| c == '#');
        let end = format!("\"{}", self.source.get(start..self.at)?);
        self.at += 1;
        self.at += self.rest().find(&end)? + end.len();
        Some(Kind::Atom)
    }

    fn parentheses(&mut self) -> Option<Kind> {
        let (start, comments, depth) = (self.at, self.comments, self.depth);
        let fields = self.body(')', |scanner| {
            let start = scanner.at;
            scanner.skip(|c| c.is_alphanumeric() || matches!(c, '_' | '#'));
            let name = start..scanner.at;
            scanner.colon().map(|()| name)
        });
        if let Some(fields) = fields {
            return Some(Kind::Struct(fields));
        }
        (self.at, self.comments, self.depth) = (start, comments, depth);
        self.body(')', |_| Some(0..0)).map(|_| Kind::Atom)
    }

    fn colon(&mut self) -> Option<()> {
        self.space()?;
        self.take(":").then_some(())?;
        self.space()
    }

    /// Goes past a bracket, parts and the other bracket.
    fn body(&mut self, close: char, name: impl Fn(&mut Self) -> Option<Range<usize>>) -> Option<Body> {
        self.at += 1;
        let mut parts = Vec::new();
        let mut start = self.at;
        loop {
            self.space()?;
            if self.rest().starts_with(close) {
                self.at += close.len_utf8();
                return Some(Body { parts, end: start });
            }
            let name = name(self)?;
            let value = self.value()?;
            let mut end = self.at;
            self.space()?;
            let has_comma = self.take(",");
            if has_comma {
                end = self.at;
            } else if !self.rest().starts_with(close) {
                return None;
            }
            self.at = end;
            self.rest_of_line();
            end = self.at;
            parts.push(Part { start, name, value, has_comma, end });
            start = end;
        }
    }

    /// Goes past a comment with which the line ends.
    fn rest_of_line(&mut self) {
        let (start, comments) = (self.at, self.comments);
        self.skip(|c| matches!(c, ' ' | '\t'));
        let begun = self.at;
        let is_comment = self.comment() == Some(true);
        let is_one_line = self.source.get(begun..self.at).is_some_and(|comment| !comment.contains('\n'));
        let ends_it = self.rest().chars().find(|c| !matches!(c, ' ' | '\t' | '\r')).is_none_or(|c| c == '\n');
        if !(is_comment && is_one_line && ends_it) {
            (self.at, self.comments) = (start, comments);
        }
    }
}
