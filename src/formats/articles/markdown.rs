//! Markdown: the words without the marks. What it is as a page is what is read.

use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd, html};

use super::compose::{Composer, date};
use super::{Reader, page};
use crate::formats::{Input, Likeness, Options, Read, decode};
use crate::model::{Problem, ZoneKind};

/// See the module.
pub struct Markdown;

impl Reader for Markdown {
    const ID: &'static str = "markdown";
    const NAME: &'static str = "Markdown";
    const EXTENSIONS: &'static [&'static str] = &["md", "markdown"];

    /// Any text may be Markdown; only the name tells.
    fn looks(&self, bytes: &[u8]) -> Likeness {
        let is_text =
            decode::decode(bytes).is_ok_and(|decoded| decoded.text.lines().any(|line| line.starts_with("# ")));
        if is_text { Likeness::Maybe } else { Likeness::No }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let decoded = match input.encoding {
            Some(label) => decode::decode_as(input.bytes, label),
            None => decode::decode(input.bytes),
        };
        let decoded = decoded.map_err(|error| vec![error.problem()])?;
        let mut composer = Composer::of(decoded.info);
        let extensions = Extensions::ENABLE_TABLES
            | Extensions::ENABLE_FOOTNOTES
            | Extensions::ENABLE_STRIKETHROUGH
            | Extensions::ENABLE_TASKLISTS
            | Extensions::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut front = None;
        // The fields before the article are no text of it.
        let events = Parser::new_ext(&decoded.text, extensions).filter(|event| match event {
            Event::Start(Tag::MetadataBlock(_)) => {
                front = Some(String::new());
                false
            }
            Event::Text(text) if front.as_ref().is_some_and(String::is_empty) => {
                front = Some(format!("{text}\n"));
                false
            }
            Event::End(TagEnd::MetadataBlock(_)) => false,
            _ => true,
        });
        let mut html = String::new();
        html::push_html(&mut html, events);
        if let Some(front) = front {
            fields(&mut composer, &front);
        }
        let mut blocks = page::blocks_of(&html).map_err(|problem| vec![problem])?;
        if html.trim_start().starts_with("<h1>")
            && let Some(first) = blocks.list.first_mut()
        {
            first.kind = ZoneKind::Headline;
            composer.title = composer.title.take().or_else(|| Some(first.text.clone()));
        }
        composer.blocks(blocks);
        Ok(vec![composer.finish()?])
    }
}

/// Lines of a name and a value that stand before the text.
fn fields(composer: &mut Composer, front: &str) {
    let mut left = 0;
    for line in front.lines().filter(|line| !line.trim().is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.trim().trim_matches(['"', '\'']);
        match name.trim().to_ascii_lowercase().as_str() {
            "title" => composer.title = Some(value.to_owned()),
            "date" | "published" if date(value).is_some() => composer.published(Some(value)),
            "lang" | "language" => composer.language(Some(value)),
            "source" | "url" => composer.source = Some(value.to_owned()),
            _ => left += 1,
        }
    }
    composer.leave(("line before the text", "lines before the text"), left);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Format as _;

    #[test]
    fn marks_are_taken_off_and_fields_are_read() {
        let source = "---\ntitle: \"Talks resume\"\ndate: 2024-05-01\nlayout: post\n---\n# Talks *resume*\n\nAnna **met** [Bob](https://x.org).[^1]\nThen she left.\n\n- one\n- two\n\n![A port](a.png)\n\n[^1]: A note.\n";
        let read = Markdown.read(&Input::of_bytes(source.as_bytes())).expect("text").remove(0);
        let text = read.document.text();
        assert_eq!(
            text.as_str(),
            "Talks resume\n\nAnna met Bob.\nThen she left.\n\none\n\ntwo".replace(".\nThen", ". Then")
        );
        let metadata = &read.document.header().metadata;
        assert_eq!((metadata.title.as_str(), metadata.published.as_deref()), ("Talks resume", Some("2024-05-01")));
        assert_eq!(read.document.header().zones[0].kind, ZoneKind::Headline);
        let said: Vec<_> = read.problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(said, ["1 footnote is left out", "1 line before the text is left out", "1 picture is left out"]);
    }
}
