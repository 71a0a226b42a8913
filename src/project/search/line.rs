//! A query as one line of text that people type: `ceasefire "signed the treaty" event:Consult Participant:Armenia`.
//!
//! Words stand for themselves, a phrase in quotation marks, a regular expression between strokes. A word before a colon
//! says what the value behind it is: one of [`KEYS`], or a role, if an event, quote or relation is asked for. Values with
//! blanks stand in quotation marks, in which `\"` and `\\` are the marks themselves. A role whose name is one of the keys, or
//! has blanks, stands in quotation marks, too. [`Query`] displays as such a line.

use std::fmt;
use std::ops::Range;

use super::query::{ANY, AttributeIs, MarkKind, Query, RoleIs, Words};
use crate::model::Status;
use crate::text::find::BadQuery;

/// What may stand before a colon, with a value as an example and what it asks for.
pub const KEYS: [(&str, &str, &str); 12] = [
    ("label", "Person", "any mark of this label, type or kind"),
    ("mention", "Person", "mentions; * = of any label"),
    ("event", "Consult", "events; * = of any type"),
    ("quote", "direct", "quotes; * = of any kind"),
    ("relation", "PartOf", "relations; * = of any label"),
    ("speaker", "\"Anna Berg\"", "quotes of this speaker: name, other name, words or label"),
    (
        "entity",
        "Armenia",
        "mentions of this entity, by name, other name or link; events and quotes that it takes part in",
    ),
    ("attr", "polarity=negative", "marks with this value of an attribute; without =, with any"),
    ("annotator", "anna", "marks of this annotator; * = of everybody"),
    ("status", "done", "new, in_progress, done or flagged"),
    ("case", "yes", "upper and lower case of the words differ"),
    ("whole", "yes", "whole words only"),
];

/// A line that is no query, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}, at character {at}")]
pub struct BadLine {
    /// The character at which it goes wrong, from 1.
    pub at: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

/// One part of a line, in bytes.
struct Token {
    at: usize,
    key: Option<Key>,
    value: Value,
    value_at: usize,
}

enum Key {
    /// One of [`KEYS`], in lower case.
    Known(String),
    /// An attribute of this name.
    Attribute(String),
    /// Any other word, or one in quotation marks.
    Role(String),
}

enum Value {
    Plain(String),
    Quoted(String),
    Regex(String),
}

/// Reads a line.
///
/// # Errors
/// [`BadLine`] with the character at which it cannot be understood.
pub fn parse(line: &str) -> Result<Query, BadLine> {
    let mut reader = Reader { line, at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = reader.token()? {
        tokens.push(token);
    }
    let mut query = Query::default();
    // What is of roles depends on the rest of the line, so it comes last.
    let (roles, others): (Vec<Token>, Vec<Token>) = tokens.into_iter().partition(Token::is_role);
    let words_at: Vec<usize> = others.iter().filter(|token| token.key.is_none()).map(|token| token.at).collect();
    for token in others {
        take(line, &mut query, token)?;
    }
    if query.speaker.is_some() && query.kind.is_some_and(|kind| kind != MarkKind::Quote) {
        return Err(bad(line, 0, "only quotes have a speaker; leave out one of the two"));
    }
    for token in roles {
        take_role(line, &mut query, token)?;
    }
    if let Err((nth, error)) = query.finders() {
        let begin = words_at.get(nth).copied().unwrap_or_default();
        return Err(match error {
            BadQuery::Syntax { why, at } => {
                BadLine { at: character(line, begin) + at, message: format!("this is no regular expression: {why}") }
            }
            other => bad(line, begin, other.to_string()),
        });
    }
    Ok(query)
}

impl Token {
    fn is_role(&self) -> bool {
        matches!(self.key, Some(Key::Role(_)))
    }
}

fn is_key(name: &str) -> bool {
    KEYS.iter().any(|(key, ..)| key.eq_ignore_ascii_case(name))
}

/// The number of the character at a byte of the line, from 1.
fn character(line: &str, byte: usize) -> usize {
    line.char_indices().take_while(|(at, _)| *at < byte).count() + 1
}

fn bad(line: &str, byte: usize, message: impl Into<String>) -> BadLine {
    BadLine { at: character(line, byte), message: message.into() }
}

struct Reader<'a> {
    line: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn token(&mut self) -> Result<Option<Token>, BadLine> {
        let blanks = self.rest().len() - self.rest().trim_start().len();
        self.at += blanks;
        let at = self.at;
        let value = match self.peek() {
            None => return Ok(None),
            Some('/') => Value::Regex(self.regex()?),
            Some('"') => Value::Quoted(self.quoted()?),
            Some(_) => Value::Plain(self.run(|c| c == ':')),
        };
        if self.peek() != Some(':') {
            self.expect_end()?;
            return Ok(Some(Token { at, key: None, value, value_at: at }));
        }
        let key = match value {
            Value::Plain(name) if is_key(&name) => Key::Known(name.to_ascii_lowercase()),
            Value::Plain(name) | Value::Quoted(name) => Key::Role(name),
            Value::Regex(_) => return Err(bad(self.line, self.at, "a blank must follow a regular expression")),
        };
        if matches!(&key, Key::Role(name) if name.trim().is_empty()) {
            return Err(bad(self.line, at, "a word must stand before the colon; or put it in quotation marks"));
        }
        self.at += 1;
        let token = match key {
            Key::Known(name) if name == "attr" => self.attribute(at)?,
            key => {
                let value_at = self.at;
                Token { at, key: Some(key), value: self.value(|_| false)?, value_at }
            }
        };
        self.expect_end()?;
        Ok(Some(token))
    }

    /// `name=value`, where both may be quoted.
    fn attribute(&mut self, at: usize) -> Result<Token, BadLine> {
        let name_at = self.at;
        let name = match self.value(|c| c == '=')? {
            Value::Plain(name) | Value::Quoted(name) | Value::Regex(name) => name,
        };
        if name.trim().is_empty() {
            return Err(bad(self.line, name_at, "the name of an attribute must follow: attr:polarity=negative"));
        }
        let key = Some(Key::Attribute(name));
        if self.peek() != Some('=') {
            return Ok(Token { at, key, value: Value::Plain(ANY.to_owned()), value_at: at });
        }
        self.at += 1;
        let value_at = self.at;
        Ok(Token { at, key, value: self.value(|_| false)?, value_at })
    }

    /// A value: in quotation marks, or up to a blank or what ends it.
    fn value(&mut self, ends: impl Fn(char) -> bool) -> Result<Value, BadLine> {
        if self.peek() == Some('"') { self.quoted().map(Value::Quoted) } else { Ok(Value::Plain(self.run(ends))) }
    }

    fn run(&mut self, ends: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let length = rest.find(|c: char| c.is_whitespace() || ends(c)).unwrap_or(rest.len());
        let run = rest.get(..length).unwrap_or_default().to_owned();
        self.at += length;
        run
    }

    fn quoted(&mut self) -> Result<String, BadLine> {
        let (begin, mut out) = (self.at, String::new());
        self.at += 1;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match (c, self.peek()) {
                ('"', _) => return Ok(out),
                ('\\', Some(next @ ('"' | '\\'))) => {
                    out.push(next);
                    self.at += 1;
                }
                _ => out.push(c),
            }
        }
        Err(bad(self.line, begin, "the quotation mark is not closed"))
    }

    fn regex(&mut self) -> Result<String, BadLine> {
        let (begin, mut out) = (self.at, String::new());
        self.at += 1;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match (c, self.peek()) {
                ('/', _) => return Ok(out),
                ('\\', Some(next)) => {
                    if next != '/' {
                        out.push('\\');
                    }
                    out.push(next);
                    self.at += next.len_utf8();
                }
                _ => out.push(c),
            }
        }
        let message =
            "a regular expression begins here and does not end: put / behind it, or put it in quotation marks";
        Err(bad(self.line, begin, message))
    }

    fn expect_end(&self) -> Result<(), BadLine> {
        match self.peek() {
            Some(c) if !c.is_whitespace() => Err(bad(self.line, self.at, "a blank is missing here")),
            _ => Ok(()),
        }
    }
}

/// A value that is not empty.
fn some(line: &str, token: &Token) -> Result<String, BadLine> {
    let (Value::Plain(value) | Value::Quoted(value) | Value::Regex(value)) = &token.value;
    if value.trim().is_empty() {
        return Err(bad(line, token.value_at, "something must stand here"));
    }
    Ok(value.clone())
}

fn take(line: &str, query: &mut Query, token: Token) -> Result<(), BadLine> {
    let value = some(line, &token)?;
    let name = match &token.key {
        None => {
            query.words.push(Words { text: value, is_regex: matches!(token.value, Value::Regex(_)) });
            return Ok(());
        }
        Some(Key::Attribute(name)) => {
            query.attributes.push(AttributeIs { name: name.clone(), value });
            return Ok(());
        }
        Some(Key::Known(name) | Key::Role(name)) => name.clone(),
    };
    let once = |is_there: bool| {
        let message = format!("{name}: stands here twice, and a mark has only one");
        if is_there { Err(bad(line, token.at, message)) } else { Ok(()) }
    };
    match name.as_str() {
        "label" | "mention" | "event" | "quote" | "relation" => {
            if query.label.is_some() {
                return Err(bad(line, token.at, "a mark has one label; leave out the one or the other"));
            }
            query.label = Some(value);
            query.kind = kind_of(&name);
        }
        "speaker" => {
            once(query.speaker.is_some())?;
            query.speaker = Some(value);
        }
        "entity" => query.entities.push(value),
        "annotator" => {
            once(query.annotator.is_some())?;
            query.annotator = Some(value);
        }
        "status" => {
            once(query.status.is_some())?;
            let status = status_of(&value);
            let unknown = || bad(line, token.value_at, "a status is new, in_progress, done or flagged");
            query.status = Some(status.ok_or_else(unknown)?);
        }
        "case" => query.is_case_sensitive = yes(line, &token, &value)?,
        "whole" => query.is_whole_words = yes(line, &token, &value)?,
        _ => {}
    }
    Ok(())
}

fn kind_of(key: &str) -> Option<MarkKind> {
    match key {
        "mention" => Some(MarkKind::Mention),
        "event" => Some(MarkKind::Event),
        "quote" => Some(MarkKind::Quote),
        "relation" => Some(MarkKind::Relation),
        _ => None,
    }
}

fn yes(line: &str, token: &Token, value: &str) -> Result<bool, BadLine> {
    match value.to_lowercase().as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(bad(line, token.value_at, "yes or no must stand here")),
    }
}

fn status_of(value: &str) -> Option<Status> {
    match value.to_lowercase().as_str() {
        "new" => Some(Status::New),
        "in_progress" | "in progress" => Some(Status::InProgress),
        "done" => Some(Status::Done),
        "flagged" => Some(Status::Flagged),
        _ => None,
    }
}

fn take_role(line: &str, query: &mut Query, token: Token) -> Result<(), BadLine> {
    let Some(Key::Role(role)) = &token.key else { return Ok(()) };
    let is_asked = query.asked_kind().is_some_and(MarkKind::has_roles);
    // A label may be the type of an event.
    if !is_asked && (query.kind.is_some() || query.label.is_none()) {
        let message = format!(
            "{role}: is none of the words that may stand before a colon; as a role it needs event:, quote: or relation: \
             in the line; as words to look for, quotation marks"
        );
        return Err(bad(line, token.at, message));
    }
    let filler = some(line, &token)?;
    query.roles.push(RoleIs { role: role.clone(), filler });
    Ok(())
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        for words in &self.words {
            parts.push(if words.is_regex { regex_text(&words.text) } else { word_text(&words.text) });
        }
        if self.is_case_sensitive {
            parts.push("case:yes".to_owned());
        }
        if self.is_whole_words {
            parts.push("whole:yes".to_owned());
        }
        match (self.kind, &self.label) {
            (None, None) => {}
            (kind, label) => {
                let key = kind.map_or("label", Into::into);
                parts.push(format!("{key}:{}", value_text(label.as_deref().unwrap_or(ANY))));
            }
        }
        for role in &self.roles {
            parts.push(format!("{}:{}", role_text(&role.role), value_text(&role.filler)));
        }
        parts.extend(self.speaker.iter().map(|speaker| format!("speaker:{}", value_text(speaker))));
        parts.extend(self.entities.iter().map(|entity| format!("entity:{}", value_text(entity))));
        for AttributeIs { name, value } in &self.attributes {
            let is_plain = !name.contains('=') && is_plain(name);
            let name = if is_plain { name.clone() } else { quoted_text(name) };
            let value = if value == ANY { String::new() } else { format!("={}", value_text(value)) };
            parts.push(format!("attr:{name}{value}"));
        }
        parts.extend(self.annotator.iter().map(|annotator| format!("annotator:{}", value_text(annotator))));
        let status = self.status.map(|status| match status {
            Status::New => "new",
            Status::InProgress => "in_progress",
            Status::Done => "done",
            Status::Flagged => "flagged",
        });
        parts.extend(status.map(|status| format!("status:{status}")));
        f.write_str(&parts.join(" "))
    }
}

fn is_plain(value: &str) -> bool {
    !value.is_empty() && !value.starts_with('"') && !value.contains(char::is_whitespace)
}

fn quoted_text(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A value as it stands behind a colon.
pub(super) fn value_text(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { quoted_text(value) }
}

fn word_text(word: &str) -> String {
    let is_plain = is_plain(word) && !word.contains(':') && !word.starts_with('/');
    if is_plain { word.to_owned() } else { quoted_text(word) }
}

/// A role as it stands before a colon.
pub(super) fn role_text(role: &str) -> String {
    let is_plain = is_plain(role) && !role.contains(':') && !role.starts_with('/') && !is_key(role);
    if is_plain { role.to_owned() } else { quoted_text(role) }
}

fn regex_text(regex: &str) -> String {
    let (mut out, mut is_escaped) = ("/".to_owned(), false);
    for c in regex.chars() {
        if c == '/' && !is_escaped {
            out.push('\\');
        }
        out.push(c);
        is_escaped = c == '\\' && !is_escaped;
    }
    out.push('/');
    out
}

/// The part of a line that the byte `cursor` is in or at the end of, with its key, if it has one and the cursor is behind
/// the colon. For completion: a line that is not finished has no other meaning.
pub(super) fn part_at(line: &str, cursor: usize) -> (Range<usize>, Option<String>) {
    let before = line.get(..cursor).unwrap_or(line);
    let (mut begin, mut is_quoted, mut key, mut is_escaped) = (0, false, None, false);
    for (at, c) in before.char_indices() {
        match c {
            '"' if !is_escaped => is_quoted = !is_quoted,
            c if c.is_whitespace() && !is_quoted => {
                begin = at + c.len_utf8();
                key = None;
            }
            ':' if !is_quoted && key.is_none() => {
                let name = before.get(begin..at).unwrap_or_default().trim_matches('"');
                key = Some(name.to_owned());
                begin = at + 1;
            }
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    (begin..before.len(), key)
}
