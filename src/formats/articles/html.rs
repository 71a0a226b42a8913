//! Pages of the web: the main text is found, menus and the like are left out.

use dom_smoothie::{Config, Readability};

use super::compose::{Composer, decoded};
use super::xml::Element;
use super::{Reader, blocks, page, xml};
use crate::formats::{Input, Likeness, OptionInfo, Options, Read};
use crate::model::{Problem, ZoneKind};

/// See the module.
pub struct Html;

impl Reader for Html {
    const ID: &'static str = "html";
    const NAME: &'static str = "Web page (HTML)";
    const EXTENSIONS: &'static [&'static str] = &["html", "htm", "xhtml"];
    const OPTIONS: &'static [OptionInfo] = &[OptionInfo {
        name: "part",
        help: "what of the page is read: its main text, or everything",
        values: &["main", "all"],
    }];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(1024)).unwrap_or_default()).to_ascii_lowercase();
        let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if head.starts_with("<!doctype html") || head.starts_with("<html") {
            Likeness::Yes
        } else {
            // Other XML has bodies and heads, too; what it is stands in its first element.
            match xml::root_name(bytes).map(|name| name.to_ascii_lowercase()).as_deref() {
                Some("html" | "head" | "body") => Likeness::Yes,
                _ => Likeness::No,
            }
        }
    }

    fn articles(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        use crate::formats::Format as _;
        let decoded = decoded(input)?;
        let mut composer = Composer::of(decoded.info);
        let wants_all = options.get(&self.info(), "part") == "all";
        read_page(&mut composer, &decoded.text, wants_all).map_err(|problem| vec![problem])?;
        Ok(vec![composer.finish()?])
    }
}

/// Reads a page into an article.
fn read_page(composer: &mut Composer, html: &str, wants_all: bool) -> Result<(), Problem> {
    let whole = page::parse(html)?;
    let everything = blocks::of(&whole);
    let config = Config { keep_classes: true, ..Config::default() };
    // Without an address, links stay as they are; only words are wanted.
    let found = Readability::new(html, None, Some(config)).ok().and_then(|mut readability| {
        let by_itself = readability.get_article_metadata(None);
        readability.parse().ok().map(|article| (article, by_itself))
    });
    let main = match &found {
        Some((article, _)) if !wants_all => Some(page::blocks_of(&article.content)?),
        _ => None,
    };
    if let Some((article, _)) = &found {
        composer.title = Some(article.title.clone());
        composer.source = article.url.clone().or_else(|| article.site_name.clone());
        composer.published(article.published_time.as_deref());
        composer.language(article.lang.as_deref());
    }
    let Some(main) = main.filter(|main| !main.list.is_empty()) else {
        if !wants_all {
            let message = "no main text was found in the page; all its text is read";
            composer.warn(
                "no-main-text",
                message,
                "delete what does not belong to the article, or paste the article as new",
            );
        }
        composer.blocks(headed(everything, None));
        return Ok(());
    };
    let count = |list: &[blocks::Block]| list.iter().map(|b| b.text.split_whitespace().count()).sum::<usize>();
    let (all_words, main_words) = (count(&everything.list), count(&main.list));
    let title = composer.title.take().unwrap_or_default();
    let headline = headline_of(&whole, &title).or(Some(title)).filter(|headline| !headline.trim().is_empty());
    composer.title = headline.clone();
    let has_own_byline = main.list.iter().any(|block| block.kind == ZoneKind::Byline);
    let mut head = 0;
    if let Some(headline) = &headline
        && !main.list.first().is_some_and(|first| same(&first.text, headline))
    {
        composer.block(ZoneKind::Headline, headline);
        head += headline.split_whitespace().count();
    }
    if let Some(byline) = found.as_ref().and_then(|(article, _)| article.byline.as_deref())
        && !has_own_byline
    {
        let byline = byline.split_whitespace().collect::<Vec<_>>().join(" ");
        composer.block(ZoneKind::Byline, &byline);
        head += byline.split_whitespace().count();
    }
    composer.blocks(headed(blocks::Blocks { list: main.list, left: everything.left }, headline.as_deref()));
    let around = all_words.saturating_sub(main_words + head);
    if around > 0 {
        let message = format!("{around} of {all_words} words of the page are left out, around the main text");
        composer.warn("left-out", message, "read all of it with the option part=all if some of them matter");
    }
    Ok(())
}

/// The heading of the first rank that the title of the page repeats: a title often has the name of the site with it.
fn headline_of(page: &Element, title: &str) -> Option<String> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut headings = page.all("h1").into_iter().map(Element::line);
    headings.find(|line| !line.is_empty() && title.contains(line.as_str()))
}

/// The same blocks; the first one that is the headline is marked as such.
fn headed(mut blocks: blocks::Blocks, headline: Option<&str>) -> blocks::Blocks {
    if let Some(headline) = headline
        && let Some(first) = blocks.list.first_mut().filter(|first| same(&first.text, headline))
    {
        first.kind = ZoneKind::Headline;
    }
    blocks
}

fn same(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Format as _;

    const PAGE: &str = "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>Talks resume in Paris | The Paper</title>\
<meta property=\"article:published_time\" content=\"2024-05-01T10:00:00Z\"><meta name=\"author\" content=\"Ann Berg\">\
<meta property=\"og:site_name\" content=\"The Paper\"><style>p{}</style><script>alert('x')</script></head><body>\
<nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/w\">World</a></li></ul></nav>\
<article><h1>Talks resume in Paris</h1><figure><img src=\"a.png\"><figcaption>The ministers at the table, before the talks began on Monday</figcaption></figure>\
<p><span class=\"dateline\">PARIS</span> – The foreign ministers of France and Germany met on Monday, officials said, to talk about the border, the port, and the price of grain.</p>\
<p>\u{201c}We have agreed on nothing yet,\u{201d} said Bob Rye, the minister\u{2019}s spokesman, in the afternoon, when he came out of the building, and he added that talks would go on.</p>\
<p>The talks had been broken off in March, after a ship was held in the port of Varna, and both sides had called home their envoys, who are now back, officials said.</p>\
</article><aside class=\"related\"><a href=\"/x\">Read more about it</a></aside><footer>© The Paper</footer></body></html>";

    fn read(bytes: &[u8]) -> Read {
        Html.read(&Input::of_bytes(bytes)).expect("a page").remove(0)
    }

    #[test]
    fn the_main_text_is_read_with_its_zones_and_metadata() {
        let read = read(PAGE.as_bytes());
        let document = &read.document;
        let text = document.text();
        assert!(text.as_str().starts_with("Talks resume in Paris\n\nAnn Berg\n\n"), "{}", text.as_str());
        assert!(!text.as_str().contains("Home") && !text.as_str().contains("alert"), "{}", text.as_str());
        let metadata = &document.header().metadata;
        assert_eq!(metadata.title, "Talks resume in Paris");
        assert_eq!(metadata.published.as_deref(), Some("2024-05-01"));
        assert_eq!(metadata.language.as_deref(), Some("en-GB"));
        assert_eq!(metadata.source.as_deref(), Some("The Paper"));
        let zones: Vec<_> = document.header().zones.iter().map(|z| (z.kind.word(), text.slice(z.span))).collect();
        assert_eq!(zones[0], ("headline", "Talks resume in Paris"));
        assert_eq!(zones[1], ("byline", "Ann Berg"));
        assert!(zones.contains(&("dateline", "PARIS")), "{zones:?}");
        assert!(
            zones.iter().any(|(kind, words)| *kind == "caption" && words.starts_with("The ministers")),
            "{zones:?}"
        );
        let said: Vec<_> = read.problems.iter().map(|p| p.message.as_str()).collect();
        assert!(said.contains(&"1 menu is left out") && said.contains(&"1 picture is left out"), "{said:?}");
        assert!(said.iter().any(|s| s.contains("words of the page are left out")), "{said:?}");
    }

    #[test]
    fn all_of_it_can_be_asked_for() {
        let mut options = Options::default();
        options.set(&Html.info(), "part", "all").expect("an option");
        let read = Html.read_with(&Input::of_bytes(PAGE.as_bytes()), &options).expect("a page").remove(0);
        assert!(read.document.text().as_str().contains("Read more about it"));
    }

    #[test]
    fn the_encoding_is_the_declared_one() {
        let page = "<html><head><meta charset=windows-1251><title>Москва</title></head><body><p>Министр прибыл</p></body></html>";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(page);
        let read = read(&bytes);
        assert!(read.document.text().as_str().contains("Министр прибыл"));
        assert_eq!(read.document.header().metadata.encoding.as_deref(), Some("windows-1251"));
    }

    #[test]
    fn pages_are_told_from_other_xml() {
        assert_eq!(Html.sniff(PAGE.as_bytes()), Likeness::Yes);
        assert_eq!(Html.sniff(b"<?xml version='1.0'?><nitf><head/><body/></nitf>"), Likeness::No);
        assert_eq!(Html.sniff(b"<?xml version='1.0'?><html><body/></html>"), Likeness::Yes);
        assert_eq!(Html.sniff(b"<TEI><text><body><p>x</p></body></text></TEI>"), Likeness::No);
        assert_eq!(Html.sniff(b"<!-- saved --><HTML><p>x"), Likeness::Yes);
        assert_eq!(Html.sniff(b"Plain text <b>"), Likeness::No);
    }
}
