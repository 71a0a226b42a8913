//! From a tree of HTML, XHTML, NITF or the like to blocks of text. White space is put together as a browser does;
//! what is no running text is left out and counted.

use std::ops::Range;

use super::compose::Left;
use super::xml::{Element, Node};
use crate::model::ZoneKind;

/// A paragraph, a heading, an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: ZoneKind,
    /// Its text, without white space at its ends.
    pub text: String,
    /// Parts that are zones of their own: half-open ranges of bytes.
    pub marks: Vec<(ZoneKind, Range<usize>)>,
}

/// Blocks in their order, and what was left out.
#[derive(Debug, Default)]
pub struct Blocks {
    /// The blocks.
    pub list: Vec<Block>,
    /// What was left out.
    pub left: Left,
}

/// What an element does to the text.
enum Role {
    /// Nothing: its text is part of the line.
    Inline,
    /// It begins and ends a block.
    Block,
    /// The same, and its text is a zone.
    Zone(ZoneKind),
    /// A zone inside a line.
    Part(ZoneKind),
    /// It ends a line.
    Break,
    /// Its white space stands.
    Verbatim,
    /// It is left out.
    Left(&'static str, &'static str),
    /// It is left out, and was never text.
    Nothing,
}

fn role(element: &Element) -> Role {
    if element.attribute("hidden").is_some() {
        return Role::Left("hidden part", "hidden parts");
    }
    let class = element.attribute("class").unwrap_or_default();
    let has_class = |wanted: &str| class.split_ascii_whitespace().any(|c| c.eq_ignore_ascii_case(wanted));
    if has_class("footnote-definition") || has_class("footnotes") {
        return Role::Left("footnote", "footnotes");
    }
    if has_class("footnote-reference") {
        return Role::Nothing;
    }
    match element.name.as_str() {
        "script" => Role::Left("script", "scripts"),
        "style" => Role::Left("style sheet", "style sheets"),
        "img" | "svg" | "canvas" | "media" => Role::Left("picture", "pictures"),
        "picture" => Role::Inline,
        "iframe" | "object" | "embed" | "applet" => Role::Left("embedded page", "embedded pages"),
        "video" | "audio" => Role::Left("recording", "recordings"),
        "nav" | "menu" => Role::Left("menu", "menus"),
        "form" | "button" | "select" | "textarea" | "input" => Role::Left("form or button", "forms and buttons"),
        "noscript" => Role::Left("text for readers without scripts", "texts for readers without scripts"),
        "math" => Role::Left("formula", "formulas"),
        "head" | "template" | "link" | "meta" | "source" | "title" | "wbr" | "rp" | "rt" => Role::Nothing,
        "br" => Role::Break,
        "pre" => Role::Verbatim,
        "figcaption" | "caption" | "media-caption" => Role::Zone(ZoneKind::Caption),
        "hedline" => Role::Zone(ZoneKind::Headline),
        "byline" => Role::Zone(ZoneKind::Byline),
        "dateline" => Role::Zone(ZoneKind::Dateline),
        _ if has_class("dateline") => {
            if is_block(&element.name) {
                Role::Zone(ZoneKind::Dateline)
            } else {
                Role::Part(ZoneKind::Dateline)
            }
        }
        _ if has_class("byline") => {
            if is_block(&element.name) {
                Role::Zone(ZoneKind::Byline)
            } else {
                Role::Part(ZoneKind::Byline)
            }
        }
        name if is_block(name) => Role::Block,
        _ => Role::Inline,
    }
}

fn is_block(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "address",
        "article",
        "aside",
        "blockquote",
        "block",
        "body",
        "body.content",
        "body.end",
        "body.head",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hl1",
        "hl2",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "abstract",
        "distributor",
        "tagline",
        "bq",
        "nitf",
        "note",
        "inlineXML",
    ];
    NAMES.contains(&name)
}

/// The blocks of a tree.
pub fn of(root: &Element) -> Blocks {
    let mut walker = Walker { blocks: Blocks::default(), line: String::new(), marks: Vec::new(), gap: false };
    walker.node(root, ZoneKind::Body, false);
    walker.end_block(ZoneKind::Body);
    walker.blocks
}

struct Walker {
    blocks: Blocks,
    line: String,
    marks: Vec<(ZoneKind, Range<usize>)>,
    /// Whether white space stands before the next word.
    gap: bool,
}

impl Walker {
    fn node(&mut self, element: &Element, kind: ZoneKind, verbatim: bool) {
        match role(element) {
            Role::Inline => self.children(element, kind, verbatim),
            Role::Block => self.inside_block(element, kind, verbatim, kind),
            // The caption of a picture stays one inside blocks of its own.
            Role::Zone(inner) => self.inside_block(element, inner, verbatim, kind),
            Role::Part(part) => {
                let from = self.line.len();
                self.children(element, kind, verbatim);
                let from = from + self.line.get(from..).map_or(0, |new| new.len() - new.trim_start().len());
                if from < self.line.len() {
                    self.marks.push((part, from..self.line.len()));
                }
            }
            Role::Break => {
                self.gap = false;
                if !self.line.is_empty() {
                    self.line.push('\n');
                }
            }
            Role::Verbatim => self.inside_block(element, kind, true, kind),
            Role::Left(one, many) => *self.blocks.left.entry((one, many)).or_default() += 1,
            Role::Nothing => {}
        }
    }

    fn inside_block(&mut self, element: &Element, kind: ZoneKind, verbatim: bool, outer: ZoneKind) {
        self.end_block(outer);
        self.children(element, kind, verbatim);
        self.end_block(kind);
    }

    fn children(&mut self, element: &Element, kind: ZoneKind, verbatim: bool) {
        for child in &element.children {
            match child {
                Node::Element(element) => self.node(element, kind, verbatim),
                Node::Text(text) if verbatim => self.line.push_str(text),
                Node::Text(text) => self.text(text),
            }
        }
    }

    /// As browsers do: white space that is not meant to stand becomes one blank; no-break spaces stay.
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                self.gap = true;
            } else {
                if std::mem::take(&mut self.gap) && !self.line.is_empty() && !self.line.ends_with('\n') {
                    self.line.push(' ');
                }
                self.line.push(c);
            }
        }
    }

    fn end_block(&mut self, kind: ZoneKind) {
        self.gap = false;
        let line = std::mem::take(&mut self.line);
        let marks = std::mem::take(&mut self.marks);
        let text = line.trim();
        if text.is_empty() {
            return;
        }
        let cut = line.len() - line.trim_start().len();
        let move_left = |(kind, range): (ZoneKind, Range<usize>)| {
            (kind, range.start.saturating_sub(cut)..range.end.saturating_sub(cut).min(text.len()))
        };
        let marks = marks.into_iter().map(move_left).collect();
        self.blocks.list.push(Block { kind, text: text.to_owned(), marks });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(xml: &str) -> Vec<(&'static str, String)> {
        let blocks = of(&super::super::xml::parse(xml).expect("XML"));
        blocks.list.into_iter().map(|b| (b.kind.word(), b.text)).collect()
    }

    #[test]
    fn white_space_is_put_together_and_blocks_are_apart() {
        let xml = "<body>\n <h1>A  <b>b</b>c</h1><p> One<br/>two\u{a0} &#8211; three </p><pre>x\n  y</pre><ul><li>z</li></ul>";
        let expected = [("body", "A bc"), ("body", "One\ntwo\u{a0} – three"), ("body", "x\n  y"), ("body", "z")];
        assert_eq!(texts(&format!("{xml}</body>")), expected.map(|(k, t)| (k, t.to_owned())));
    }

    #[test]
    fn captions_are_zones_and_pictures_are_counted() {
        let xml =
            "<body><figure><img/><figcaption>A <i>port</i></figcaption></figure><p>Text</p><script>x</script></body>";
        let blocks = of(&super::super::xml::parse(xml).expect("XML"));
        assert_eq!(blocks.list[0].kind, ZoneKind::Caption);
        assert_eq!(blocks.left[&("picture", "pictures")], 1);
        assert_eq!(blocks.left[&("script", "scripts")], 1);
    }

    #[test]
    fn datelines_inside_a_paragraph_are_marked() {
        let xml = "<p> <span class=\"dateline\"> PARIS </span> – Talks</p>";
        let blocks = of(&super::super::xml::parse(xml).expect("XML"));
        let block = &blocks.list[0];
        assert_eq!(block.text, "PARIS – Talks");
        assert_eq!(block.marks, [(ZoneKind::Dateline, 0..5)]);
    }
}
