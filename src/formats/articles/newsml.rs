//! Wire files: NITF, and news items and messages of several in `NewsML-G2`, which may have NITF inside.

use super::compose::{Composer, decoded};
use super::xml::{self, Element, Node};
use super::{Reader, blocks, page};
use crate::formats::{Input, Likeness, Options, Read};
use crate::model::{Problem, ZoneKind};

/// NITF alone.
pub struct Nitf;

/// NewsML-G2.
pub struct NewsMl;

impl Reader for Nitf {
    const ID: &'static str = "nitf";
    const NAME: &'static str = "NITF";
    const EXTENSIONS: &'static [&'static str] = &["nitf", "xml"];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        if xml::root_name(bytes).as_deref() == Some("nitf") { Likeness::Yes } else { Likeness::No }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let text = decoded(input)?;
        let root = xml::parse(&text.text).map_err(|problem| vec![problem])?;
        if root.name != "nitf" {
            let message = format!("the root element is {} and not nitf", root.name);
            return Err(vec![Problem::error("unknown-format", message, "choose a NITF file")]);
        }
        let mut composer = Composer::of(text.info);
        composer.language(root.attribute("lang"));
        let blocks = nitf(&mut composer, &root);
        composer.blocks(blocks);
        Ok(vec![composer.finish()?])
    }
}

impl Reader for NewsMl {
    const ID: &'static str = "newsml";
    const NAME: &'static str = "NewsML-G2";
    const EXTENSIONS: &'static [&'static str] = &["newsml", "xml"];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        match xml::root_name(bytes).as_deref() {
            Some("newsItem" | "newsMessage") => Likeness::Yes,
            _ => Likeness::No,
        }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let text = decoded(input)?;
        let root = xml::parse(&text.text).map_err(|problem| vec![problem])?;
        let items = if root.name == "newsItem" { vec![&root] } else { root.all("newsItem") };
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        for item in items {
            let mut composer = Composer::of(text.info.clone());
            let read = news_item(&mut composer, item).map_err(|problem| vec![problem]).and_then(|()| composer.finish());
            match read {
                Ok(read) => found.push(read),
                Err(refused) => problems.extend(refused),
            }
        }
        // Lists of items, and items about the world itself, have no text.
        let others = root.all("packageItem").len() + root.all("conceptItem").len() + root.all("knowledgeItem").len();
        if others > 0 {
            let message = format!("items without text of their own, such as packages, are left out: {others}");
            problems.push(Problem::warning("left-out", message, ""));
        }
        match found.first_mut() {
            Some(first) => {
                first.problems.splice(0..0, problems);
                Ok(found)
            }
            None => {
                problems.push(Problem::error(
                    "no-text",
                    "there is no news item with text in it",
                    "choose a file of texts",
                ));
                Err(problems)
            }
        }
    }
}

/// NITF: the head has the metadata, `body.head` the headline and byline, `body.content` the text.
fn nitf(composer: &mut Composer, root: &Element) -> blocks::Blocks {
    let head = root.child("head");
    let data = head.and_then(|head| head.child("docdata"));
    if let Some(data) = data {
        composer.published(data.child("date.issue").and_then(|date| date.attribute("norm")));
        composer.id = data.child("doc-id").and_then(|id| id.attribute("id-string")).map(str::to_owned);
    }
    let publication = head.and_then(|head| head.child("pubdata"));
    composer.source = publication
        .and_then(|p| p.attribute("name"))
        .or_else(|| data.and_then(|d| d.child("doc-id")).and_then(|id| id.attribute("regsrc")))
        .map(str::to_owned)
        .or_else(|| composer.source.take());
    let title = head.and_then(|head| head.child("title")).map(Element::line);
    let headline = root.first("hl1").or_else(|| root.first("hedline")).map(Element::line);
    composer.title = headline.or(title).or_else(|| composer.title.take());
    root.child("body").map(blocks::of).unwrap_or_default()
}

fn news_item(composer: &mut Composer, item: &Element) -> Result<(), Problem> {
    composer.id = item.attribute("guid").map(str::to_owned);
    composer.language(item.attribute("lang"));
    let about = item.child("contentMeta");
    let inside = |name: &str| about.and_then(|about| about.child(name));
    let issued =
        inside("contentCreated").or_else(|| item.child("itemMeta").and_then(|meta| meta.child("versionCreated")));
    composer.published(issued.map(Element::line).as_deref());
    composer.source = item.child("itemMeta").and_then(|meta| meta.child("provider")).and_then(name_of);
    if let Some(language) = inside("language").and_then(|language| language.attribute("tag")) {
        composer.language(Some(language));
    }
    let headline = inside("headline").map(Element::line);
    composer.title = headline.clone();
    let byline = inside("by").map(Element::line).or_else(|| inside("creator").and_then(name_of));
    let dateline = inside("dateline").map(Element::line);
    let Some(contents) = item.child("contentSet") else {
        composer.warn("no-content", "the item has no text, only metadata", "look for the item that it belongs to");
        return Ok(());
    };
    let mut list = Vec::new();
    for content in contents.elements() {
        match content.name.as_str() {
            // The same content in another form.
            "inlineXML" | "inlineData" if !list.is_empty() => {
                composer.leave(("further form of the text", "further forms of the text"), 1);
            }
            "inlineXML" => match content.elements().next() {
                Some(root) if root.name == "nitf" => list.push(nitf(composer, root)),
                Some(root) => list.push(blocks::of(root)),
                None => {}
            },
            "inlineData" => list.push(inline_data(content)?),
            "remoteContent" => composer.leave(("picture or other file", "pictures and other files"), 1),
            _ => composer.leave(("unknown kind of content", "unknown kinds of content"), 1),
        }
    }
    let has = |kind: ZoneKind| list.iter().flat_map(|blocks| &blocks.list).any(|block| block.kind == kind);
    let starts_with = |words: &str| {
        let first = list.iter().flat_map(|blocks| &blocks.list).next();
        first.is_some_and(|first| first.text.split_whitespace().eq(words.split_whitespace()))
    };
    let parts = [(ZoneKind::Headline, headline), (ZoneKind::Byline, byline), (ZoneKind::Dateline, dateline)];
    for (kind, words) in parts {
        if let Some(words) = words.filter(|words| !has(kind) && !starts_with(words)) {
            composer.block(kind, &words);
        }
    }
    for mut blocks in list {
        if let Some(first) = blocks.list.first_mut()
            && composer.title.as_deref().is_some_and(|title| title.split_whitespace().eq(first.text.split_whitespace()))
        {
            first.kind = ZoneKind::Headline;
        }
        composer.blocks(blocks);
    }
    Ok(())
}

/// Plain text, or a page as text.
fn inline_data(content: &Element) -> Result<blocks::Blocks, Problem> {
    let mut words = String::new();
    for node in &content.children {
        if let Node::Text(text) = node {
            words.push_str(text);
        }
    }
    if content.attribute("contenttype").is_some_and(|is| is.contains("html")) {
        return page::blocks_of(&words);
    }
    let text = words.trim();
    let block = blocks::Block { kind: ZoneKind::Body, text: text.to_owned(), marks: Vec::new() };
    Ok(blocks::Blocks { list: if text.is_empty() { Vec::new() } else { vec![block] }, ..blocks::Blocks::default() })
}

fn name_of(element: &Element) -> Option<String> {
    let name = element.child("name").map(Element::line).or_else(|| element.attribute("literal").map(str::to_owned));
    name.or_else(|| element.attribute("qcode").map(str::to_owned)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Format as _;

    const NITF: &str = "<nitf xml:lang=\"en\"><head><title>x</title><docdata><doc-id id-string=\"A1\"/><date.issue norm=\"20240501T100000Z\"/></docdata><pubdata name=\"The Wire\"/></head>\
<body><body.head><hedline><hl1>Talks resume</hl1></hedline><byline>By Ann Berg</byline><dateline><location>PARIS</location>, May 1</dateline></body.head>\
<body.content><media media-type=\"image\"><media-caption>x</media-caption></media><block><p>Anna met <person>Bob</person>.</p>\n<p>Then tea.</p></block></body.content></body></nitf>";

    fn zones(read: &Read) -> Vec<(&'static str, &str)> {
        let text = read.document.text();
        read.document.header().zones.iter().map(|z| (z.kind.word(), text.slice(z.span))).collect()
    }

    #[test]
    fn nitf_has_zones_and_metadata() {
        assert_eq!(Nitf.sniff(NITF.as_bytes()), Likeness::Yes);
        let read = Nitf.read(&Input::of_bytes(NITF.as_bytes())).expect("NITF").remove(0);
        assert_eq!(
            zones(&read),
            [
                ("headline", "Talks resume"),
                ("byline", "By Ann Berg"),
                ("dateline", "PARIS, May 1"),
                ("body", "Anna met Bob.\n\nThen tea.")
            ]
        );
        let metadata = &read.document.header().metadata;
        assert_eq!((metadata.id.as_str(), metadata.title.as_str()), ("A1", "Talks resume"));
        assert_eq!(metadata.source.as_deref(), Some("The Wire"));
        assert_eq!((metadata.published.as_deref(), metadata.language.as_deref()), (Some("2024-05-01"), Some("en")));
        assert_eq!(read.problems.len(), 1, "the picture: {:?}", read.problems);
    }

    fn item(content: &str) -> String {
        format!(
            "<newsItem guid=\"urn:x:1\" xml:lang=\"de\"><itemMeta><provider><name>The Agency</name></provider><versionCreated>2024-05-02T00:00:00Z</versionCreated></itemMeta>\
<contentMeta><contentCreated>2024-05-01T10:00:00+02:00</contentCreated><headline>Gespräche</headline><by>Von Ann Berg</by></contentMeta><contentSet>{content}</contentSet></newsItem>"
        )
    }

    #[test]
    fn news_items_with_text_of_each_kind_are_read() {
        let html = "<inlineXML><html xmlns=\"h\"><head><title>x</title></head><body><p>Anna traf Bob.</p></body></html></inlineXML><remoteContent/>";
        let data = "<inlineData contenttype=\"text/plain\">Anna traf Bob.</inlineData>";
        let message =
            format!("<newsMessage><itemSet>{}{}<packageItem/></itemSet></newsMessage>", item(html), item(data));
        assert_eq!(NewsMl.sniff(message.as_bytes()), Likeness::Yes);
        let read = NewsMl.read(&Input::of_bytes(message.as_bytes())).expect("NewsML");
        assert_eq!(read.len(), 2);
        for read in &read {
            assert_eq!(
                zones(read),
                [("headline", "Gespräche"), ("byline", "Von Ann Berg"), ("body", "Anna traf Bob.")]
            );
            let metadata = &read.document.header().metadata;
            assert_eq!((metadata.id.as_str(), metadata.source.as_deref()), ("urn:x:1", Some("The Agency")));
            assert_eq!((metadata.published.as_deref(), metadata.language.as_deref()), (Some("2024-05-01"), Some("de")));
        }
        let with_nitf = item(&format!("<inlineXML>{NITF}</inlineXML>"));
        let read = NewsMl.read(&Input::of_bytes(with_nitf.as_bytes())).expect("NewsML").remove(0);
        assert_eq!(zones(&read)[0], ("headline", "Talks resume"));
    }

    #[test]
    fn what_has_no_text_is_refused() {
        let empty = item("<remoteContent/>");
        // The headline alone is a text, as for pictures.
        assert!(NewsMl.read(&Input::of_bytes(empty.as_bytes())).is_ok());
        assert_eq!(NewsMl.read(&Input::of_bytes(b"<newsMessage/>")).expect_err("refused")[0].code, "no-text");
        assert_eq!(Nitf.read(&Input::of_bytes(b"<html/>")).expect_err("refused")[0].code, "unknown-format");
        for length in 0..NITF.len() {
            assert!(Nitf.read(&Input::of_bytes(&NITF.as_bytes()[..length])).is_err());
        }
    }
}
