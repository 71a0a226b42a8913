//! A small tree of XML, or of HTML once it is parsed: names without prefixes, no entities but the five of XML and
//! characters by number, so that nothing expands. Depth and size are limited, so that whoever walks it may recurse.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::limits;
use crate::formats::decode::line_and_column;
use crate::model::Problem;

/// An element.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// The name without prefix.
    pub name: String,
    /// Names without prefix and values, in their order.
    pub attributes: Vec<(String, String)>,
    /// What is in it.
    pub children: Vec<Node>,
}

/// A part of an element.
#[derive(Clone, Debug)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text.
    Text(String),
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// All elements below it of this name, in the order of the text; none inside another of the name.
    pub fn all(&self, name: &str) -> Vec<&Element> {
        fn walk<'a>(element: &'a Element, name: &str, found: &mut Vec<&'a Element>) {
            for child in element.elements() {
                if child.name == name {
                    found.push(child);
                } else {
                    walk(child, name, found);
                }
            }
        }
        let mut found = Vec::new();
        walk(self, name, &mut found);
        found
    }

    /// The first element below it of this name.
    pub fn first(&self, name: &str) -> Option<&Element> {
        self.elements().find_map(|child| if child.name == name { Some(child) } else { child.first(name) })
    }

    /// All text in it, on one line.
    pub fn line(&self) -> String {
        let mut all = String::new();
        self.collect(&mut all);
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn collect(&self, all: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => element.collect(all),
                Node::Text(text) => all.push_str(text),
            }
        }
    }
}

/// The root element of an XML file.
///
/// # Errors
/// With line and column: what is no XML, has entities of its own, or goes beyond the limits.
pub fn parse(text: &str) -> Result<Element, Problem> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut nodes = 0_usize;
    loop {
        let position = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let wrong = |message: String| {
            let (line, column) = line_and_column(text, position);
            Problem::error("xml-syntax", message, "correct this place in a text editor").at_line(line, column)
        };
        let event = reader.read_event().map_err(|error| wrong(error.to_string()))?;
        nodes += 1;
        if nodes > limits::NODES {
            return Err(limits::beyond("elements", limits::NODES));
        }
        match event {
            Event::Start(start) => {
                if open.len() > limits::DEPTH {
                    return Err(limits::beyond("elements inside one another", limits::DEPTH));
                }
                open.push(element(&start).map_err(wrong)?);
            }
            Event::Empty(start) => {
                let element = element(&start).map_err(wrong)?;
                push(&mut open, Node::Element(element));
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    push(&mut open, Node::Element(element));
                }
            }
            Event::Text(words) => {
                let words = words.decode().map_err(|error| wrong(error.to_string()))?;
                push_text(&mut open, &words);
            }
            Event::CData(words) => {
                let words = words.decode().map_err(|error| wrong(error.to_string()))?;
                push_text(&mut open, &words);
            }
            Event::GeneralRef(reference) => {
                let by_number = reference.resolve_char_ref().map_err(|error| wrong(error.to_string()))?;
                let name = reference.decode().map_err(|error| wrong(error.to_string()))?;
                match by_number {
                    Some(c) => push_text(&mut open, c.encode_utf8(&mut [0; 4])),
                    None => match known_entity(&name) {
                        Some(words) => push_text(&mut open, words),
                        None => {
                            let message = format!("the entity &{name}; is not one of XML");
                            return Err(wrong(message));
                        }
                    },
                }
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => {
                let Some(root) = open.first_mut().filter(|_| nodes > 0) else { break };
                let found = root.children.drain(..).find_map(|node| match node {
                    Node::Element(element) => Some(element),
                    Node::Text(_) => None,
                });
                if open.len() > 1 {
                    let name = open.last().map(|element| element.name.clone()).unwrap_or_default();
                    return Err(wrong(format!("the file ends inside the element {name}")));
                }
                return found.ok_or_else(|| wrong("there is no element in it".to_owned()));
            }
        }
    }
    Err(Problem::error("xml-syntax", "there is no element in it", "choose another file"))
}

/// The characters that feeds and news files name although XML does not know them, and the five that it knows.
fn known_entity(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{a0}",
        "ndash" => "–",
        "mdash" => "—",
        "lsquo" => "‘",
        "rsquo" => "’",
        "ldquo" => "“",
        "rdquo" => "”",
        "hellip" => "…",
        _ => return None,
    })
}

fn push(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn push_text(open: &mut [Element], words: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Text(text)) => text.push_str(words),
        _ => parent.children.push(Node::Text(words.to_owned())),
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(attribute.key.local_name().as_ref()).into_owned();
        let value = attribute.normalized_value_with(quick_xml::XmlVersion::Implicit1_0, 1, known_entity);
        attributes.push((name, value.map_err(|error| error.to_string())?.into_owned()));
    }
    Ok(Element { name, attributes, children: Vec::new() })
}

/// The name of the root element, and whether `wanted` stands in the beginning; for telling files apart.
pub fn root_name(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(8192))?;
    let head = match encoding_rs::Encoding::for_bom(head) {
        Some((encoding, length)) => encoding.decode_without_bom_handling(head.get(length..)?).0.into_owned(),
        None => String::from_utf8_lossy(head).into_owned(),
    };
    if !head.trim_start().starts_with('<') {
        return None;
    }
    let mut reader = Reader::from_str(&head);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => {
                return Some(String::from_utf8_lossy(start.local_name().as_ref()).into_owned());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}
