//! Word processor files (.docx): paragraphs in their order, with titles and captions by their styles. Changes that are
//! tracked are read as accepted.

use super::archive::{self, Archive};
use super::compose::{Composer, decoded};
use super::xml::{self, Element, Node};
use super::{Reader, limits};
use crate::formats::{Input, Likeness, Options, Read};
use crate::model::{Problem, ZoneKind};

/// See the module.
pub struct Docx;

const BODY: &str = "word/document.xml";

impl Reader for Docx {
    const ID: &'static str = "docx";
    const NAME: &'static str = "Word document";
    const EXTENSIONS: &'static [&'static str] = &["docx"];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        if archive::holds(bytes, BODY) { Likeness::Yes } else { Likeness::No }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let article = read(input.bytes).map_err(|problem| vec![problem])?;
        Ok(vec![article.finish()?])
    }
}

/// The tree of a file of the archive; `None` if there is none.
pub fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<Element>, Problem> {
    let Some(bytes) = archive.read(name)? else { return Ok(None) };
    let in_part = |mut problem: Problem| {
        problem.message = format!("{name}: {}", problem.message);
        problem
    };
    let text = decoded(&Input::of_bytes(&bytes))
        .map_err(|problems| problems.into_iter().next().map_or_else(|| limits::beyond("problems", 0), in_part))?;
    xml::parse(&text.text).map(Some).map_err(in_part)
}

fn read(bytes: &[u8]) -> Result<Composer, Problem> {
    let mut archive = Archive::open(bytes)?;
    let Some(root) = part(&mut archive, BODY)? else {
        let message = format!("there is no {BODY} in it");
        return Err(Problem::error("no-document", message, "choose a Word document (.docx)"));
    };
    let mut walker = Walker { composer: Composer::default(), line: String::new(), styles: styles(&mut archive)? };
    if let Some(properties) = part(&mut archive, "docProps/core.xml")? {
        walker.composer.title = properties.child("title").map(Element::line);
        walker.composer.language(properties.child("language").map(Element::line).as_deref());
    }
    let (entries, _) = archive.entries();
    let margins = |name: &str| name.starts_with("word/header") || name.starts_with("word/footer");
    for name in entries.iter().map(|entry| entry.name.as_str()).filter(|name| margins(name)) {
        if part(&mut archive, name)?.is_some_and(|part| !part.line().is_empty()) {
            walker.composer.leave(("header or footer of pages", "headers and footers of pages"), 1);
        }
    }
    walker.children(&root);
    walker.end_paragraph(ZoneKind::Body);
    Ok(walker.composer)
}

/// Names of styles by their identifiers, which are in the language of whoever wrote the file.
fn styles(archive: &mut Archive<'_>) -> Result<Vec<(String, String)>, Problem> {
    let Some(root) = part(archive, "word/styles.xml")? else { return Ok(Vec::new()) };
    let named = |style: &Element| {
        let name = style.child("name")?.attribute("val")?;
        Some((style.attribute("styleId")?.to_owned(), name.to_lowercase()))
    };
    Ok(root.elements().filter(|element| element.name == "style").filter_map(named).collect())
}

struct Walker {
    composer: Composer,
    line: String,
    styles: Vec<(String, String)>,
}

impl Walker {
    fn children(&mut self, element: &Element) {
        for child in element.elements() {
            self.element(child);
        }
    }

    fn element(&mut self, element: &Element) {
        match element.name.as_str() {
            "p" => {
                // A paragraph may stand in a box inside another one.
                self.end_paragraph(ZoneKind::Body);
                self.children(element);
                let kind = self.kind_of(element);
                self.end_paragraph(kind);
            }
            "r" if is_hidden(element) => {
                if !element.line().is_empty() {
                    self.composer.leave(("hidden piece of text", "hidden pieces of text"), 1);
                }
            }
            "t" => {
                for node in &element.children {
                    if let Node::Text(text) = node {
                        self.line.push_str(text);
                    }
                }
            }
            "tab" | "ptab" => self.line.push('\t'),
            "br" | "cr" => self.line.push('\n'),
            "noBreakHyphen" => self.line.push('\u{2011}'),
            "sym" => self.composer.leave(("symbol of a font", "symbols of a font"), 1),
            "del" | "moveFrom" => self.composer.leave(("deletion that is tracked", "deletions that are tracked"), 1),
            "ins" | "moveTo" => {
                if element.name == "ins" && element.elements().next().is_some() {
                    self.composer.leave(("mark of a tracked insertion", "marks of tracked insertions"), 1);
                }
                self.children(element);
            }
            "footnoteReference" => self.composer.leave(("footnote", "footnotes"), 1),
            "endnoteReference" => self.composer.leave(("endnote", "endnotes"), 1),
            "commentReference" => self.composer.leave(("comment", "comments"), 1),
            "drawing" | "pict" | "object" | "AlternateContent" => {
                if element.first("txbxContent").is_some() {
                    self.composer.leave(("text box", "text boxes"), 1);
                } else {
                    self.composer.leave(("picture", "pictures"), 1);
                }
            }
            "oMath" | "oMathPara" => self.composer.leave(("formula", "formulas"), 1),
            // Properties of paragraphs have elements of the same names as text.
            "pPr" | "rPr" | "tblPr" | "trPr" | "tcPr" | "sectPr" | "sdtPr" | "instrText" | "delText" | "softHyphen"
            | "fldData" => {}
            _ => self.children(element),
        }
    }

    fn kind_of(&self, paragraph: &Element) -> ZoneKind {
        let style = paragraph.child("pPr").and_then(|p| p.child("pStyle")).and_then(|style| style.attribute("val"));
        let Some(id) = style else { return ZoneKind::Body };
        let name = self.styles.iter().find(|(known, _)| known == id).map_or(id, |(_, name)| name);
        match name.to_lowercase().as_str() {
            "title" | "headline" => ZoneKind::Headline,
            "caption" => ZoneKind::Caption,
            "byline" | "author" => ZoneKind::Byline,
            "dateline" | "date" => ZoneKind::Dateline,
            _ => ZoneKind::Body,
        }
    }

    fn end_paragraph(&mut self, kind: ZoneKind) {
        let line = std::mem::take(&mut self.line);
        if kind == ZoneKind::Headline {
            // What stands in the article is surer than what a template left in the properties.
            self.composer.title = Some(line.clone());
        }
        self.composer.block(kind, line.trim_matches(['\n', '\t', ' ']));
    }
}

fn is_hidden(run: &Element) -> bool {
    let vanish = run.child("rPr").and_then(|properties| properties.child("vanish"));
    vanish.is_some_and(|vanish| !matches!(vanish.attribute("val"), Some("0" | "false" | "off")))
}

#[cfg(test)]
mod tests {
    use super::super::tests::zipped;
    use super::*;
    use crate::formats::Format as _;

    fn document(body: &str) -> Vec<u8> {
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
        );
        let styles = "<w:styles xmlns:w=\"x\"><w:style w:type=\"paragraph\" w:styleId=\"Titel\"><w:name w:val=\"Title\"/></w:style></w:styles>";
        let footer = "<w:ftr xmlns:w=\"x\"><w:p><w:r><w:t>Page 1</w:t></w:r></w:p></w:ftr>";
        zipped(&[
            ("[Content_Types].xml", b"<Types/>"),
            (BODY, xml.as_bytes()),
            ("word/styles.xml", styles.as_bytes()),
            ("word/footer1.xml", footer.as_bytes()),
        ])
    }

    #[test]
    fn paragraphs_are_read_and_the_rest_is_told() {
        let body = "<w:p><w:pPr><w:pStyle w:val=\"Titel\"/></w:pPr><w:r><w:t>Talks resume</w:t></w:r></w:p>\
<w:p><w:pPr><w:pStyle w:val=\"Byline\"/><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Ann Berg</w:t></w:r></w:p>\
<w:p><w:r><w:t xml:space=\"preserve\">Anna </w:t></w:r><w:del><w:r><w:delText>saw</w:delText></w:r></w:del><w:ins><w:r><w:t>met</w:t></w:r></w:ins><w:r><w:t xml:space=\"preserve\"> Bob &amp; 😀</w:t><w:footnoteReference w:id=\"1\"/><w:br/><w:t>there.</w:t><w:drawing/></w:r></w:p>\
<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>\
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        let bytes = document(body);
        assert_eq!(Docx.sniff(&bytes), Likeness::Yes);
        let read = Docx.read(&Input::of_bytes(&bytes)).expect("opens").remove(0);
        let text = read.document.text();
        assert_eq!(text.as_str(), "Talks resume\n\nAnn Berg\n\nAnna met Bob & 😀\nthere.\n\ncell");
        assert_eq!(read.document.header().metadata.title, "Talks resume");
        let zones: Vec<_> = read.document.header().zones.iter().map(|z| z.kind.word()).collect();
        assert_eq!(zones, ["headline", "byline", "body"]);
        let said: Vec<_> = read.problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(
            said,
            [
                "1 deletion that is tracked is left out",
                "1 footnote is left out",
                "1 header or footer of pages is left out",
                "1 hidden piece of text is left out",
                "1 mark of a tracked insertion is left out",
                "1 picture is left out"
            ]
        );
    }

    #[test]
    fn broken_files_are_refused() {
        let bytes = document("<w:p><w:r><w:t>Anna</w:t></w:r></w:p>");
        for length in 0..bytes.len() {
            let _ = Docx.read(&Input::of_bytes(&bytes[..length]));
        }
        let nested = format!("{}{}", "<w:p>".repeat(5000), "</w:p>".repeat(5000));
        let problems = Docx.read(&Input::of_bytes(&document(&nested))).expect_err("refused");
        assert_eq!(problems[0].code, "too-large");
        let bomb = document("<w:p>&lol;</w:p>");
        assert_eq!(Docx.read(&Input::of_bytes(&bomb)).expect_err("refused")[0].code, "xml-syntax");
        assert_eq!(Docx.read(&Input::of_bytes(&document(""))).expect_err("refused")[0].code, "no-text");
    }
}
