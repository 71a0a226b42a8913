//! The text of a body: its words, its white space, and the elements in it that are annotations.

use std::collections::{BTreeMap, BTreeSet};

use super::escape;
use crate::formats::articles::xml::{Element, Node};
use crate::text::Span;

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "ab",
    "argument",
    "bibl",
    "byline",
    "cell",
    "closer",
    "dateline",
    "div",
    "epigraph",
    "figure",
    "floatingText",
    "head",
    "item",
    "l",
    "lg",
    "list",
    "opener",
    "p",
    "row",
    "salute",
    "signed",
    "sp",
    "table",
    "trailer",
];
/// Elements that are mentions.
const MENTIONS: &[&str] = &[
    "country",
    "date",
    "eventName",
    "geogName",
    "measure",
    "name",
    "num",
    "objectName",
    "orgName",
    "persName",
    "placeName",
    "region",
    "rs",
    "settlement",
    "term",
    "time",
];
pub const QUOTES: &[&str] = &["q", "quote", "said"];
/// Elements that are not words of the text.
const LEFT_OUT: &[&str] = &["del", "figDesc", "fw", "note"];

/// An element that is an annotation.
pub struct Marked<'a> {
    pub element: &'a Element,
    pub span: Span,
}

/// The text, and what of it are annotations.
#[derive(Default)]
pub struct Body<'a> {
    pub text: String,
    keeps_space: bool,
    pub is_collapsed: bool,
    has_pending_space: bool,
    pub places: BTreeMap<&'a str, Span>,
    pub marked: Vec<Marked<'a>>,
    pub ignored: BTreeSet<&'a str>,
    pub left_out: BTreeSet<&'a str>,
}

impl<'a> Body<'a> {
    fn at(&self) -> u32 {
        self.text.len() as u32
    }

    fn words(&mut self, words: &str) {
        if self.keeps_space {
            self.text.push_str(words);
            return;
        }
        for c in words.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r') {
                self.is_collapsed |= self.has_pending_space || c != ' ';
                self.has_pending_space = true;
            } else {
                self.flush();
                self.text.push(c);
            }
        }
    }

    /// Writes the blank that is due.
    fn flush(&mut self) {
        if std::mem::take(&mut self.has_pending_space) && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push(' ');
        }
    }

    fn line_end(&mut self) {
        if !self.keeps_space {
            self.has_pending_space = false;
            if !self.text.is_empty() && !self.text.ends_with('\n') {
                self.text.push('\n');
            }
        }
    }

    /// Takes in an element.
    pub fn walk(&mut self, element: &'a Element) {
        let name = element.name.as_str();
        let is_block = BLOCKS.contains(&name);
        let kept = self.keeps_space;
        if is_block {
            self.line_end();
        }
        if element.attribute("space") == Some("preserve") {
            self.keeps_space = true;
        }
        if LEFT_OUT.contains(&name) {
            self.left_out.insert(name);
            return;
        }
        match (name, element.attribute("ref").and_then(escape::character)) {
            ("g", Some(c)) => self.text.push(c),
            ("lb", _) => self.line_end(),
            _ => {}
        }
        let is_marked = MENTIONS.contains(&name)
            || QUOTES.contains(&name)
            || (name == "seg" && element.attribute("type").is_some());
        if is_marked || element.attribute("id").is_some() {
            self.flush();
        }
        let start = self.at();
        for node in &element.children {
            match node {
                Node::Text(text) => self.words(text),
                Node::Element(inner) => self.walk(inner),
            }
        }
        let span = Span::of(start.min(self.at()), self.at());
        if let Some(id) = element.attribute("id") {
            self.places.insert(id, span);
        }
        if is_marked {
            self.marked.push(Marked { element, span });
        } else if !is_block && !matches!(name, "anchor" | "g" | "lb" | "pb" | "body" | "seg" | "s" | "w" | "pc") {
            self.ignored.insert(name);
        }
        if is_block {
            self.line_end();
        }
        self.keeps_space = kept;
    }
}
