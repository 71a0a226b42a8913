//! Feeds (RSS, Atom): one article for each entry.

use feed_rs::model::{Entry, Text};

use super::compose::Composer;
use super::{Reader, page, xml};
use crate::formats::{Input, Likeness, Options, Read};
use crate::model::{Problem, ZoneKind};

/// See the module.
pub struct Feed;

impl Reader for Feed {
    const ID: &'static str = "feed";
    const NAME: &'static str = "Feed (RSS, Atom), one article for each entry";
    const EXTENSIONS: &'static [&'static str] = &["rss", "atom", "rdf", "xml"];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        match xml::root_name(bytes).as_deref() {
            Some("rss" | "feed") => Likeness::Yes,
            // RDF is also what other programs write.
            Some("RDF") if bytes.windows(21).any(|w| w == b"http://purl.org/rss/1") => Likeness::Yes,
            _ => Likeness::No,
        }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let one = |problem: Problem| vec![problem];
        let decoded = super::compose::decoded(input)?;
        // Looked through before by a reader that has limits.
        let root = xml::parse(&decoded.text).map_err(one)?;
        if !["rss", "feed", "RDF"].contains(&root.name.as_str()) {
            let message = format!("the root element is {} and not that of a feed", root.name);
            let hint = "choose the format by hand; manicule formats lists what can be read";
            return Err(one(Problem::error("unknown-format", message, hint)));
        }
        drop(root);
        // It is UTF-8 now, whatever it declares.
        let text = undeclared(&decoded.text);
        let feed = feed_rs::parser::parse(text.as_bytes()).map_err(|error| {
            one(Problem::error("broken-feed", format!("the feed cannot be read: {error}"), "get the file again"))
        })?;
        let source = feed.title.as_ref().map(plain);
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        for (index, entry) in feed.entries.iter().enumerate() {
            let mut composer = Composer::of(decoded.info.clone());
            composer.language(entry.language.as_deref().or(feed.language.as_deref()));
            composer.source = entry.links.first().map(|link| link.href.clone()).or_else(|| source.clone());
            let read = article(&mut composer, entry).map_err(one).and_then(|()| composer.finish());
            match read {
                Ok(read) => found.push(read),
                Err(refused) => problems.extend(refused.into_iter().map(|mut problem| {
                    problem.message = format!("entry {}: {}", index + 1, problem.message);
                    problem
                })),
            }
        }
        match found.first_mut() {
            Some(first) => {
                first.problems.splice(0..0, problems);
                Ok(found)
            }
            None if problems.is_empty() => {
                Err(one(Problem::error("no-text", "there is no entry in the feed", "choose a feed with entries")))
            }
            None => Err(problems),
        }
    }
}

fn article(composer: &mut Composer, entry: &Entry) -> Result<(), Problem> {
    if let Some(title) = &entry.title {
        let title = plain(title);
        composer.block(ZoneKind::Headline, &title);
        composer.title = Some(title);
    }
    let authors: Vec<&str> = entry.authors.iter().filter_map(|author| author.name.as_deref()).collect();
    composer.block(ZoneKind::Byline, &authors.join(", "));
    let day = entry.published.or(entry.updated).map(|time| time.to_rfc3339());
    composer.published(day.as_deref());
    let content = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let summary = entry.summary.as_ref().map(|summary| summary.content.as_str());
    match (content, summary) {
        (Some(content), summary) => {
            composer.blocks(page::blocks_of(content)?);
            let told_apart = summary.map(page::blocks_of).transpose()?.filter(|summary| {
                !summary.list.iter().all(|block| composer.has_words(block.text.trim_end_matches(['…', '.', ' '])))
            });
            if told_apart.is_some() {
                composer.leave(("summary beside the text", "summaries beside the text"), 1);
            }
        }
        (None, Some(summary)) => {
            composer.blocks(page::blocks_of(summary)?);
            composer.warn("summary-only", "the feed has only a summary of this article", "open its page for all of it");
        }
        (None, None) => {
            composer.warn(
                "summary-only",
                "the feed has only the headline of this article",
                "open its page for all of it",
            );
        }
    }
    composer.leave(("picture or recording", "pictures and recordings"), entry.media.len());
    Ok(())
}

/// The words of a title, which may be a piece of a page.
fn plain(text: &Text) -> String {
    let words = page::blocks_of(&text.content)
        .map(|blocks| blocks.list.into_iter().map(|block| block.text).collect::<Vec<_>>().join(" "));
    words.unwrap_or_default()
}

/// Without the declaration, which may name the encoding that the bytes had.
fn undeclared(text: &str) -> &str {
    let trimmed = text.trim_start();
    match trimmed.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.trim_start(),
        None => trimmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Format as _;

    const RSS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>The Paper</title><link>https://paper.example/</link><description>d</description><language>en</language>\
<item><title>Talks &amp;amp; tea</title><link>https://paper.example/1</link><dc:creator>Ann Berg</dc:creator><pubDate>Wed, 01 May 2024 10:00:00 +0000</pubDate><description>Short.</description><content:encoded><![CDATA[<p>Anna met <b>Bob</b>.</p><p>Then tea.</p><script>x</script>]]></content:encoded></item>\
<item><title>Second</title><description>&lt;p&gt;Only this.&lt;/p&gt;</description></item></channel></rss>";

    #[test]
    fn each_entry_is_an_article() {
        assert_eq!(Feed.sniff(RSS.as_bytes()), Likeness::Yes);
        let read = Feed.read(&Input::of_bytes(RSS.as_bytes())).expect("a feed");
        let texts: Vec<_> = read.iter().map(|r| r.document.text().as_str()).collect();
        assert_eq!(texts, ["Talks & tea\n\nAnn Berg\n\nAnna met Bob.\n\nThen tea.", "Second\n\nOnly this."]);
        let metadata = &read[0].document.header().metadata;
        assert_eq!(metadata.published.as_deref(), Some("2024-05-01"));
        assert_eq!(
            (metadata.source.as_deref(), metadata.language.as_deref()),
            (Some("https://paper.example/1"), Some("en"))
        );
        let said: Vec<_> = read[0].problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(said, ["1 script is left out", "1 summary beside the text is left out"]);
        assert_eq!(read[1].problems[0].code, "summary-only");
    }

    #[test]
    fn broken_feeds_are_refused() {
        for length in 0..RSS.len() {
            if RSS.is_char_boundary(length) {
                assert!(Feed.read(&Input::of_bytes(&RSS.as_bytes()[..length])).is_err());
            }
        }
        assert_eq!(Feed.read(&Input::of_bytes(b"<a/>")).expect_err("refused")[0].code, "unknown-format");
        let deep = format!("<rss>{}", "<channel>".repeat(100_000));
        assert_eq!(Feed.read(&Input::of_bytes(deep.as_bytes())).expect_err("refused")[0].code, "too-large");
    }
}
