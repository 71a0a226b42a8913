//! Books (EPUB): one article for each part of the book, in the order of reading.

use std::path::Path;

use super::archive::{self, Archive, confined};
use super::compose::{Composer, decoded};
use super::docx::part;
use super::xml::Element;
use super::{Reader, page};
use crate::formats::{Input, Likeness, Options, Read};
use crate::model::{Problem, Severity, ZoneKind};

/// See the module.
pub struct Epub;

const MIMETYPE: &[u8] = b"application/epub+zip";

impl Reader for Epub {
    const ID: &'static str = "epub";
    const NAME: &'static str = "Book (EPUB), one article for each part";
    const EXTENSIONS: &'static [&'static str] = &["epub"];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        if archive::mimetype(bytes).is_some_and(|is| is.starts_with(MIMETYPE)) { Likeness::Yes } else { Likeness::No }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        read(input.bytes)
    }
}

fn read(bytes: &[u8]) -> Result<Vec<Read>, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let mut archive = Archive::open(bytes).map_err(one)?;
    let container = part(&mut archive, "META-INF/container.xml").map_err(one)?;
    let package_path = container.as_ref().and_then(|c| c.first("rootfile")).and_then(|r| r.attribute("full-path"));
    let missing = |what: &str| {
        vec![Problem::error("no-document", format!("there is no {what} in it"), "choose a book in the EPUB format")]
    };
    let Some(package_path) = package_path.map(str::to_owned) else { return Err(missing("META-INF/container.xml")) };
    let Some(package) = part(&mut archive, &package_path).map_err(one)? else { return Err(missing(&package_path)) };
    if archive.read("META-INF/encryption.xml").ok().flatten().is_some_and(|b| b.windows(10).any(|w| w == b"CipherData"))
        && archive.read("META-INF/rights.xml").ok().flatten().is_some()
    {
        return Err(one(Problem::error(
            "locked",
            "the book is locked by its publisher",
            "choose a book without a lock",
        )));
    }
    let folder = Path::new(&package_path).parent().unwrap_or(Path::new("")).to_owned();
    let about = |name: &str| package.child("metadata").and_then(|m| m.child(name)).map(Element::line);
    let (book, language, day) = (about("title"), about("language"), about("date"));
    let items: Vec<&Element> = package.child("manifest").map(|m| m.elements().collect()).unwrap_or_default();
    let spine: Vec<&Element> = package.child("spine").map(|s| s.elements().collect()).unwrap_or_default();
    let (mut found, mut problems, mut blank) = (Vec::new(), Vec::new(), 0);
    for reference in spine {
        let id = reference.attribute("idref").unwrap_or_default();
        let Some(item) = items.iter().find(|item| item.attribute("id") == Some(id)) else {
            let message = format!("the part {id:?} is named in the order of reading and is not in the book");
            problems.push(Problem::warning("missing-part", message, "get the file again"));
            continue;
        };
        if item.attribute("properties").is_some_and(|p| p.split(' ').any(|p| p == "nav")) {
            problems.push(Problem::warning("left-out", "the table of contents is left out", ""));
            continue;
        }
        let name = item.attribute("href").map(unescaped).unwrap_or_default();
        let path = confined(&folder.join(&name)).map(|path| path.to_string_lossy().replace('\\', "/"));
        let content = match path.as_deref().map(|path| archive.read(path)) {
            Some(Ok(Some(content))) => content,
            Some(Err(problem)) => {
                problems.push(problem);
                continue;
            }
            _ => {
                let message = format!("there is no file {name:?} in the book");
                problems.push(Problem::warning("missing-part", message, "get the file again"));
                continue;
            }
        };
        let mut composer = Composer::default();
        composer.source = book.clone();
        composer.language(language.as_deref());
        composer.published(day.as_deref());
        match chapter(&mut composer, &content) {
            Ok(()) if composer.is_empty() => blank += 1,
            Ok(()) => match composer.finish() {
                Ok(read) => found.push(read),
                Err(refused) => problems.extend(refused),
            },
            Err(problem) => problems.push(problem),
        }
    }
    if blank > 0 {
        let message = format!("parts of the book without text: {blank}");
        problems.push(Problem::warning("left-out", message, "they may be pictures, such as the cover"));
    }
    match found.first_mut() {
        Some(first) => {
            first.problems.splice(0..0, problems);
            Ok(found)
        }
        None => {
            problems.retain(|problem| problem.severity == Severity::Error);
            problems.push(Problem::error("no-text", "there is no text in the book", "choose a book with text in it"));
            Err(problems)
        }
    }
}

fn chapter(composer: &mut Composer, bytes: &[u8]) -> Result<(), Problem> {
    let text = decoded(&Input::of_bytes(bytes)).map_err(|mut problems| problems.remove(0))?;
    let mut blocks = page::blocks_of(&text.text)?;
    let tree = page::parse(&text.text)?;
    let heading = ["h1", "h2"].iter().find_map(|name| tree.first(name)).map(Element::line);
    if let Some(heading) = heading.filter(|heading| !heading.is_empty()) {
        let is_heading = |text: &str| text.split_whitespace().eq(heading.split_whitespace());
        if let Some(block) = blocks.list.iter_mut().find(|block| is_heading(&block.text)) {
            block.kind = ZoneKind::Headline;
        }
        composer.title = Some(heading);
    }
    composer.encoding = Some(text.info);
    composer.blocks(blocks);
    Ok(())
}

/// The path in an address: characters that are written as `%20` are themselves, what follows `#` is no path.
fn unescaped(address: &str) -> String {
    let path = address.split('#').next().unwrap_or_default().as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(byte) = path.get(at) {
        let hex = path.get(at + 1..at + 3).and_then(|hex| str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *byte == b'%') {
            Some(meant) => {
                out.push(meant);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::tests::zipped;
    use super::*;
    use crate::formats::Format as _;

    pub fn book(href: &str) -> Vec<u8> {
        let container = "<container><rootfiles><rootfile full-path=\"OEBPS/content.opf\"/></rootfiles></container>";
        let package = format!(
            "<package xmlns:dc=\"d\"><metadata><dc:title>The Book</dc:title><dc:language>en</dc:language></metadata><manifest>\
<item id=\"nav\" href=\"nav.xhtml\" properties=\"nav\"/><item id=\"a\" href=\"{href}\"/><item id=\"b\" href=\"b.xhtml\"/></manifest>\
<spine><itemref idref=\"nav\"/><itemref idref=\"a\"/><itemref idref=\"b\"/></spine></package>"
        );
        zipped(&[
            ("mimetype", MIMETYPE),
            ("META-INF/container.xml", container.as_bytes()),
            ("OEBPS/content.opf", package.as_bytes()),
            (
                "OEBPS/text/a b.xhtml",
                "<html><head><title>x</title></head><body><h1>One</h1><p>Anna met Bob &eacute;.</p></body></html>"
                    .as_bytes(),
            ),
            ("OEBPS/b.xhtml", b"<html><body><h2>Two</h2><p>Text.</p><img src='a.png'/></body></html>"),
        ])
    }

    #[test]
    fn each_part_is_an_article() {
        let bytes = book("text/a%20b.xhtml");
        assert_eq!(Epub.sniff(&bytes), Likeness::Yes);
        let read = Epub.read(&Input::of_bytes(&bytes)).expect("opens");
        let texts: Vec<_> = read.iter().map(|r| r.document.text().as_str()).collect();
        assert_eq!(texts, ["One\n\nAnna met Bob é.", "Two\n\nText."]);
        let metadata = &read[0].document.header().metadata;
        assert_eq!((metadata.title.as_str(), metadata.source.as_deref()), ("One", Some("The Book")));
        assert_eq!(read[0].problems.len(), 1, "{:?}", read[0].problems);
        for length in 0..bytes.len() {
            let _ = Epub.read(&Input::of_bytes(&bytes[..length]));
        }
    }

    #[test]
    fn paths_do_not_climb() {
        let read = Epub.read(&Input::of_bytes(&book("../../../etc/passwd"))).expect("the other part");
        assert_eq!(read.len(), 1);
        assert!(read[0].problems.iter().any(|p| p.code == "missing-part"), "{:?}", read[0].problems);
    }
}
