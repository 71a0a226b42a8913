//! Cuts the article into the pieces that are laid out one by one.
//!
//! A chunk is a line of the text; a line longer than [`MAX_BYTES`] is cut again, before a sentence if there is
//! one, before a token otherwise. Together the chunks cover every line completely; line ends belong to none.

use crate::text::{BytePos, Span, Text};

/// Longest chunk, in bytes. Layout costs about 0.4 ms a kilobyte; a chunk must fit a frame's budget.
pub const MAX_BYTES: u32 = 4096;

/// How a chunk is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    /// The headline of the article.
    Headline,
    /// Running text.
    Body,
    /// An empty line: half a row of white.
    Empty,
}

/// A piece of the text that is laid out at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Which part of the text it is.
    pub span: Span,
    /// How it is set.
    pub setting: Setting,
}

/// Cuts `text` into chunks. The first line that reads as `title` is the headline. Never empty.
pub fn chunks(text: &Text, title: &str) -> Vec<Chunk> {
    let title = title.trim();
    let is_title = |span: &Span| !title.is_empty() && text.slice(*span).trim() == title;
    let headline = text.paragraphs().iter().position(is_title);
    let mut out = Vec::with_capacity(text.paragraphs().len());
    for (i, paragraph) in text.paragraphs().iter().enumerate() {
        let setting = match Some(i) == headline {
            true => Setting::Headline,
            false if text.slice(*paragraph).trim().is_empty() => Setting::Empty,
            false => Setting::Body,
        };
        let mut rest = *paragraph;
        while rest.len() > MAX_BYTES {
            let cut = cut(text, rest);
            out.push(Chunk { span: Span { start: rest.start, end: cut }, setting });
            rest.start = cut;
        }
        out.push(Chunk { span: rest, setting });
    }
    out
}

/// The chunk that holds `pos`; in a line end, the chunk before it.
pub fn chunk_at(chunks: &[Chunk], pos: BytePos) -> usize {
    chunks.partition_point(|c| c.span.start <= pos).saturating_sub(1)
}

/// Where to cut a line that is too long: in its second half, so that the pieces are not tiny.
fn cut(text: &Text, rest: Span) -> BytePos {
    let limit = BytePos(rest.start.0 + MAX_BYTES);
    let least = BytePos(rest.start.0 + MAX_BYTES / 2);
    // The last one that begins at the limit or before.
    let after = BytePos(limit.0 + 1);
    let boundary = [Text::previous_sentence_start, Text::previous_token_start]
        .into_iter()
        .map(|last_start| last_start(text, after))
        .find(|start| *start > least);
    boundary.unwrap_or_else(|| text.floor_boundary(limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_headline_is_found_and_empty_lines_are_known() {
        let text = Text::new("Home\r\n\r\n  Talks go on \r\nTalks go on\n \u{a0}\nText.").expect("short");
        let found: Vec<Setting> = chunks(&text, "Talks go on").into_iter().map(|c| c.setting).collect();
        use Setting::{Body, Empty, Headline};
        assert_eq!(found, [Body, Empty, Headline, Body, Empty, Body]);
    }

    #[test]
    fn a_long_line_is_cut_before_a_sentence() {
        let text = Text::new("It rained again today. ".repeat(400)).expect("short");
        let found = chunks(&text, "");
        assert!(found.len() >= 3);
        for chunk in &found {
            assert!(chunk.span.len() <= MAX_BYTES);
            assert!(text.slice(chunk.span).starts_with("It "), "{:?}", chunk.span);
        }
    }

    #[test]
    fn a_line_without_any_boundary_is_cut_all_the_same() {
        let text = Text::new("é".repeat(5000)).expect("short");
        assert!(chunks(&text, "").iter().all(|c| c.span.len() <= MAX_BYTES && text.get(c.span).is_some()));
    }

    proptest! {
        /// Chunks cover each line completely, in order, and nothing twice.
        #[test]
        fn chunks_cover_the_text(lines in prop::collection::vec(("[a-zé. 😀]{0,30}", 0usize..300), 0..8)) {
            let text: String = lines.iter().map(|(line, times)| line.repeat(*times) + "\r\n").collect();
            let text = Text::new(text).expect("short");
            let found = chunks(&text, "");
            let mut i = 0;
            for paragraph in text.paragraphs() {
                let mut at = paragraph.start;
                loop {
                    prop_assert_eq!(found[i].span.start, at);
                    prop_assert!(text.get(found[i].span).is_some());
                    prop_assert_eq!(chunk_at(&found, at), i);
                    at = found[i].span.end;
                    i += 1;
                    if at == paragraph.end { break; }
                }
            }
            prop_assert_eq!(i, found.len());
        }
    }
}
