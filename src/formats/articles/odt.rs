//! Texts of office programs (.odt): paragraphs and headings in their order. Changes that are tracked are read as accepted.

use super::Reader;
use super::archive::{self, Archive};
use super::compose::Composer;
use super::docx::part;
use super::xml::{Element, Node};
use crate::formats::{Input, Likeness, Options, Read};
use crate::model::{Problem, ZoneKind};

/// See the module.
pub struct Odt;

const MIMETYPE: &[u8] = b"application/vnd.oasis.opendocument.text";

/// Blanks that one element may stand for.
const BLANKS: usize = 1000;

impl Reader for Odt {
    const ID: &'static str = "odt";
    const NAME: &'static str = "OpenDocument text";
    const EXTENSIONS: &'static [&'static str] = &["odt", "ott"];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        if archive::mimetype(bytes).is_some_and(|is| is.starts_with(MIMETYPE)) { Likeness::Yes } else { Likeness::No }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let article = read(input.bytes).map_err(|problem| vec![problem])?;
        Ok(vec![article.finish()?])
    }
}

fn read(bytes: &[u8]) -> Result<Composer, Problem> {
    let mut archive = Archive::open(bytes)?;
    let content = part(&mut archive, "content.xml")?;
    let Some(body) = content.as_ref().and_then(|root| root.first("text")) else {
        let message = "there is no text in its content.xml";
        return Err(Problem::error("no-document", message, "choose an OpenDocument text (.odt)"));
    };
    let styles = content.as_ref().and_then(|root| root.child("automatic-styles")).map(parents).unwrap_or_default();
    let mut walker = Walker { composer: Composer::default(), line: String::new(), gap: false, styles };
    if let Some(meta) = part(&mut archive, "meta.xml")? {
        walker.composer.title = meta.first("title").map(Element::line);
        walker.composer.language(meta.first("language").map(Element::line).as_deref());
    }
    if let Some(styles) = part(&mut archive, "styles.xml")? {
        let margins = styles.all("header").into_iter().chain(styles.all("footer"));
        let count = margins.filter(|margin| !margin.line().is_empty()).count();
        walker.composer.leave(("header or footer of pages", "headers and footers of pages"), count);
    }
    walker.children(body);
    walker.end_paragraph(ZoneKind::Body);
    Ok(walker.composer)
}

/// The named styles behind automatic ones.
fn parents(styles: &Element) -> Vec<(String, String)> {
    let pair =
        |style: &Element| Some((style.attribute("name")?.to_owned(), style.attribute("parent-style-name")?.to_owned()));
    styles.elements().filter_map(pair).collect()
}

struct Walker {
    composer: Composer,
    line: String,
    /// Whether white space stands before the next word: the file puts lines where it likes.
    gap: bool,
    styles: Vec<(String, String)>,
}

impl Walker {
    fn children(&mut self, element: &Element) {
        for node in &element.children {
            match node {
                Node::Element(element) => self.element(element),
                Node::Text(_) => {}
            }
        }
    }

    /// The words of a paragraph or of a piece of one.
    fn words(&mut self, element: &Element) {
        for node in &element.children {
            match node {
                Node::Element(element) => self.element(element),
                Node::Text(text) => {
                    for c in text.chars() {
                        if matches!(c, ' ' | '\t' | '\n' | '\r') {
                            self.gap = true;
                        } else {
                            self.end_gap();
                            self.line.push(c);
                        }
                    }
                }
            }
        }
    }

    fn end_gap(&mut self) {
        if std::mem::take(&mut self.gap) && !self.line.is_empty() && !self.line.ends_with(['\n', '\t']) {
            self.line.push(' ');
        }
    }

    fn element(&mut self, element: &Element) {
        match element.name.as_str() {
            "p" | "h" => {
                self.end_paragraph(ZoneKind::Body);
                self.words(element);
                let kind = self.kind_of(element);
                self.end_paragraph(kind);
            }
            "s" => {
                self.end_gap();
                let count = element.attribute("c").and_then(|c| c.parse().ok()).unwrap_or(1_usize);
                self.line.extend(std::iter::repeat_n(' ', count.min(BLANKS)));
            }
            "tab" => {
                self.gap = false;
                self.line.push('\t');
            }
            "line-break" => {
                self.gap = false;
                self.line.push('\n');
            }
            "note" => self.composer.leave(("footnote", "footnotes"), 1),
            "annotation" => self.composer.leave(("comment", "comments"), 1),
            "tracked-changes" => {
                let count = element.all("deletion").len();
                self.composer.leave(("deletion that is tracked", "deletions that are tracked"), count);
                let count = element.all("insertion").len();
                self.composer.leave(("mark of a tracked insertion", "marks of tracked insertions"), count);
            }
            "frame" => {
                if element.first("text-box").is_some() {
                    self.composer.leave(("text box", "text boxes"), 1);
                } else {
                    self.composer.leave(("picture", "pictures"), 1);
                }
            }
            "sequence-decls" | "variable-decls" | "user-field-decls" | "ruby-text" | "forms" | "annotation-end"
            | "soft-page-break" | "change" | "change-start" | "change-end" | "bookmark" => {}
            "list" | "list-item" | "list-header" | "section" | "table" | "table-row" | "table-cell" | "table-rows"
            | "table-header-rows" | "table-row-group" | "index-body" | "table-of-content" | "index-title" => {
                self.children(element);
            }
            // Spans and links; fields show what they stand for as their words.
            _ => self.words(element),
        }
    }

    fn kind_of(&self, paragraph: &Element) -> ZoneKind {
        let Some(style) = paragraph.attribute("style-name") else { return ZoneKind::Body };
        let named = self.styles.iter().find(|(name, _)| name == style).map_or(style, |(_, parent)| parent);
        match named.to_lowercase().as_str() {
            "title" | "headline" => ZoneKind::Headline,
            "caption" | "illustration" | "figure" => ZoneKind::Caption,
            "byline" | "author" => ZoneKind::Byline,
            "dateline" => ZoneKind::Dateline,
            _ => ZoneKind::Body,
        }
    }

    fn end_paragraph(&mut self, kind: ZoneKind) {
        self.gap = false;
        let line = std::mem::take(&mut self.line);
        if kind == ZoneKind::Headline {
            self.composer.title = Some(line.clone());
        }
        self.composer.block(kind, line.trim_matches(['\n', '\t', ' ']));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::zipped;
    use super::*;
    use crate::formats::Format as _;

    #[test]
    fn paragraphs_are_read_and_the_rest_is_told() {
        let content = "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:style=\"s\" xmlns:draw=\"d\">\
<office:automatic-styles><style:style style:name=\"P1\" style:parent-style-name=\"Title\"/></office:automatic-styles>\
<office:body><office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>\
<text:p text:style-name=\"P1\">Talks resume</text:p>\n<text:p>Anna<text:s text:c=\"2\"/>met\n <text:span>Bob</text:span>.<text:note><text:note-body><text:p>x</text:p></text:note-body></text:note><text:line-break/>There.<draw:frame/></text:p>\
<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list></office:text></office:body></office:document-content>";
        let bytes = zipped(&[("mimetype", MIMETYPE), ("content.xml", content.as_bytes())]);
        assert_eq!(Odt.sniff(&bytes), Likeness::Yes);
        let read = Odt.read(&Input::of_bytes(&bytes)).expect("opens").remove(0);
        assert_eq!(read.document.text().as_str(), "Talks resume\n\nAnna  met Bob.\nThere.\n\none");
        assert_eq!(read.document.header().metadata.title, "Talks resume");
        let said: Vec<_> = read.problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(said, ["1 deletion that is tracked is left out", "1 footnote is left out", "1 picture is left out"]);
        for length in 0..bytes.len() {
            let _ = Odt.read(&Input::of_bytes(&bytes[..length]));
        }
    }
}
