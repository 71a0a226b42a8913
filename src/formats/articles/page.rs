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
    let document = Document::from(html);
    check_depth(&document)?;
    Ok(tree(&document))
}

/// The same again for what was parsed, which may hold what no look at the tags could see.
fn check_depth(document: &Document) -> Result<(), Problem> {
    let mut open = vec![(document.root(), 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > 2 * limits::DEPTH {
            return Err(limits::beyond("elements inside one another", limits::DEPTH));
        }
        open.extend(node.children_it(false).filter(NodeRef::is_element).map(|child| (child, depth + 1)));
    }
    Ok(())
}

/// The blocks of a page or of a piece of one, without looking for the main text.
///
/// # Errors
/// If the page goes beyond the limits.
pub fn blocks_of(html: &str) -> Result<Blocks, Problem> {
    Ok(blocks::of(&parse(html)?))
}

/// The tree of a document that was parsed.
fn tree(document: &Document) -> Element {
    convert(&document.root())
}

fn convert(node: &NodeRef<'_>) -> Element {
    let name = node.node_name().map(|name| name.to_string()).unwrap_or_default();
    let attributes = node.attrs().into_iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
    let mut element = Element { name, attributes, children: Vec::new() };
    for child in node.children_it(false) {
        if child.is_text() {
            element.children.push(Node::Text(child.text().to_string()));
        } else if child.is_element() {
            element.children.push(Node::Element(convert(&child)));
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
    "html", "head", "body", "a", "nobr",
];

/// Elements that a parser opens again in the next paragraph if they are not closed.
const FORMATTING: &[&str] = &["b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];

/// The rest of a tag after `<` or `</`.
struct Tag {
    /// Its bytes, without the `>`.
    length: usize,
    /// Its name and attributes, counted.
    attributes: usize,
}

/// As a parser sees it: a quotation mark after `=` opens a value, anything else is part of a name.
fn tag_of(after: &str) -> Tag {
    let bytes = after.as_bytes();
    let (mut at, mut attributes, mut is_apart, mut is_value) = (0, 0, true, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => break,
            b'"' | b'\'' if is_value => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let Some(end) = rest.iter().position(|b| b == byte) else {
                    return Tag { length: bytes.len(), attributes };
                };
                at += end + 1;
                (is_apart, is_value) = (true, false);
            }
            b'=' => is_value = true,
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => is_apart = !is_value,
            b'/' => is_apart = true,
            _ => {
                attributes += usize::from(is_apart);
                (is_apart, is_value) = (false, false);
            }
        }
        at += 1;
    }
    Tag { length: at, attributes }
}

/// Refuses what would cost a parser more than its size: it is asked before the parser is.
///
/// # Errors
/// If the page goes beyond the limits.
pub fn check(html: &str) -> Result<(), Problem> {
    if html.len() > limits::PAGE {
        return Err(limits::beyond("bytes", limits::PAGE));
    }
    // Once as pages are meant. Then again with scripts taken for tags, as a page that is made to do harm may have it; tags
    // that are none make no depth.
    scan(html, true, limits::DEPTH, 1)?;
    scan(html, false, usize::MAX, 2)
}

fn scan(html: &str, skips_scripts: bool, deepest: usize, times: usize) -> Result<(), Problem> {
    let (mut depth, mut formatting, mut tags, mut reopened, mut attributes) =
        (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
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
        let tag = tag_of(after);
        rest = after.get(tag.length..).unwrap_or_default();
        attributes = attributes.saturating_add(tag.attributes.pow(2));
        if attributes > limits::ATTRIBUTES {
            return Err(limits::beyond("comparisons of attributes", limits::ATTRIBUTES));
        }
        // What stands in scripts looks like tags and is none.
        if skips_scripts && !is_end && (name == "script" || name == "style") {
            let end = format!("</{name}");
            let at = rest.as_bytes().windows(end.len()).position(|w| w.eq_ignore_ascii_case(end.as_bytes()));
            rest = at.and_then(|at| rest.get(at..)).unwrap_or_default();
            tags += 1;
            continue;
        }
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
        if depth > deepest {
            return Err(limits::beyond("elements inside one another", limits::DEPTH));
        }
        if tags > limits::TAGS * times {
            return Err(limits::beyond("elements", limits::TAGS));
        }
        if reopened > limits::REOPENED * times {
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
        let many: String = (0..100_000).flat_map(|n| [" a".to_owned(), n.to_string()]).collect();
        assert!(check(&format!("<p{many}>")).is_err());
        assert!(check(&format!("<p x='>'{many}>")).is_err());
        assert!(check(&"<a<".repeat(1_000_000)).is_ok());
        assert!(check(&format!("<script>{}</script><p>x", "i<n;".repeat(10_000))).is_ok());
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
