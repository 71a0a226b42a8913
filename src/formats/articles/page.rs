//! HTML: from text to a tree, within limits. How a page is taken apart stands in [`super::blocks`].

use dom_query::{Document, NodeRef};

use super::blocks::{self, Blocks};
use super::limits;
use super::xml::{Element, Node};
use crate::model::Problem;

/// The tree of a page or of a piece of one.
///
/// # Errors
/// If the page goes beyond the limits.
pub fn parse(html: &str) -> Result<Element, Problem> {
    check(html)?;
    Ok(tree(&Document::from(html)))
}

/// The blocks of a page or of a piece of one, without looking for the main text.
///
/// # Errors
/// If the page goes beyond the limits.
pub fn blocks_of(html: &str) -> Result<Blocks, Problem> {
    Ok(blocks::of(&parse(html)?))
}

/// The tree of a document that was parsed.
pub fn tree(document: &Document) -> Element {
    convert(&document.root(), 0)
}

/// Deeper than the limit only if the parser moved things; such parts are left out by their depth alone.
fn convert(node: &NodeRef<'_>, depth: usize) -> Element {
    let name = node.node_name().map(|name| name.to_string()).unwrap_or_default();
    let attributes = node.attrs().into_iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
    let mut element = Element { name, attributes, children: Vec::new() };
    if depth > 2 * limits::DEPTH {
        element.children.push(Node::Text(node.text().to_string()));
        return element;
    }
    for child in node.children_it(false) {
        if child.is_text() {
            element.children.push(Node::Text(child.text().to_string()));
        } else if child.is_element() {
            element.children.push(Node::Element(convert(&child, depth + 1)));
        }
    }
    element
}

/// Elements without an end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose end may be left out; the next one closes them.
const CLOSED_BY_NEXT: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "rt", "rp",
    "html", "head", "body",
];

/// Elements that a parser opens again in the next paragraph if they are not closed.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Refuses what would cost a parser more than its size: it is asked before the parser is.
///
/// # Errors
/// If the page goes beyond the limits.
pub fn check(html: &str) -> Result<(), Problem> {
    if html.len() > limits::PAGE {
        return Err(limits::beyond("bytes", limits::PAGE));
    }
    let (mut depth, mut formatting, mut tags, mut reopened) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let (is_end, after) = match rest.strip_prefix('/') {
            Some(after) => (true, after),
            None => (false, rest),
        };
        let length = after.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let Some(name) = after.get(..length).filter(|name| !name.is_empty()) else { continue };
        let name = name.to_ascii_lowercase();
        let name = name.as_str();
        if VOID.contains(&name) {
            tags += 1;
            continue;
        }
        let counts = !CLOSED_BY_NEXT.contains(&name);
        let is_formatting = FORMATTING.contains(&name);
        if is_end {
            depth = depth.saturating_sub(usize::from(counts));
            formatting = formatting.saturating_sub(usize::from(is_formatting));
        } else {
            tags += 1;
            reopened += formatting;
            depth += usize::from(counts);
            formatting += usize::from(is_formatting);
        }
        if depth > limits::DEPTH {
            return Err(limits::beyond("elements inside one another", limits::DEPTH));
        }
        if tags > limits::TAGS {
            return Err(limits::beyond("elements", limits::TAGS));
        }
        if reopened > limits::REOPENED {
            return Err(limits::beyond("elements that are not closed", limits::REOPENED));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_are_made_to_do_harm_are_refused_at_once() {
        assert!(check(&"<div>".repeat(100_000)).is_err());
        assert!(check(&"<p>".repeat(1_000_000)).is_err());
        assert!(check(&format!("{}{}", "<b x>".repeat(200), "<p>".repeat(300_000))).is_err());
        assert!(check(&"<p><b>x</b> <a href='<'>y</a><br><img>".repeat(1000)).is_ok());
        assert!(check(&"a < b ".repeat(1000)).is_ok());
    }

    #[test]
    fn what_is_no_page_is_a_text() {
        let blocks = blocks_of("A & B &eacute; <p>C").expect("small");
        let texts: Vec<_> = blocks.list.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(texts, ["A & B é", "C"]);
    }
}
