//! Cuts the article into the pieces that are laid out one by one.
//!
//! A chunk is a line of the text; a line longer than [`MAX_BYTES`] is cut again, where a sentence begins if that can be
//! told from its surroundings, after a space otherwise. Together the chunks cover every line completely; line ends belong
//! to none. Nothing is asked that takes the whole text: fifty megabytes on one line are cut in the frame that shows them.

use crate::text::{BytePos, Span, Text};

/// Longest chunk, in bytes. Layout costs about 0.4 ms a kilobyte; a chunk must fit a frame's budget.
pub const MAX_BYTES: u32 = 3072;
/// In how many bytes before the end of a chunk a word is looked for where there are no spaces.
const WORDS: u32 = 512;

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
    let limit = text.floor_boundary(BytePos(rest.start.0 + MAX_BYTES));
    let from = |bytes: u32| Span { start: text.floor_boundary(BytePos(limit.0 - bytes)), end: limit };
    let second_half = from(MAX_BYTES / 2);
    text.last_seam(second_half)
        .or_else(|| after_space(text, second_half))
        .or_else(|| text.last_word_start(from(WORDS)))
        .or_else(|| after_cluster(text, rest.start, second_half))
        .unwrap_or(limit)
}

/// The last place in a span where a word begins after a space.
fn after_space(text: &Text, within: Span) -> Option<BytePos> {
    let mut next = ' ';
    // What is no letter may be an accent that belongs to the space.
    let (at, _) = text.slice(within).char_indices().rev().find(|(_, c)| {
        let begins = c.is_whitespace() && next.is_alphanumeric();
        next = *c;
        begins
    })?;
    let space = within.start.plus(at);
    let start = text.next_grapheme(space);
    // So may some that are letters.
    text.slice(Span { start: space, end: start }).trim().is_empty().then_some(start)
}

/// The last place in a span where a grapheme cluster begins, in a line that is cut at `start` before; `None` if one goes on
/// for all of the span.
fn after_cluster(text: &Text, start: BytePos, within: Span) -> Option<BytePos> {
    let at = text.last_cluster_start(within)?;
    // Flags are pairs, and only where the row of them begins tells which.
    let is_half = |c: &char| ('\u{1F1E6}'..='\u{1F1FF}').contains(c);
    let halves = text.slice(Span { start, end: at }).chars().rev().take_while(is_half).count();
    let is_amid = halves % 2 == 1 && text.slice(Span { start: at, end: within.end }).starts_with(|c| is_half(&c));
    Some(if is_amid { BytePos(at.0 - 4) } else { at })
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
    fn a_long_line_without_sentences_is_cut_after_a_space() {
        let text = Text::new("no end of it, ".repeat(700)).expect("short");
        let found = chunks(&text, "");
        assert!(found.len() >= 3);
        for chunk in &found[1..] {
            assert!(chunk.span.len() <= MAX_BYTES);
            assert!(text.get(Span { start: BytePos(chunk.span.start.0 - 1), end: chunk.span.start }) == Some(" "));
        }
    }

    #[test]
    fn letters_with_accents_of_their_own_are_not_parted() {
        let text = Text::new("e\u{301}".repeat(5000)).expect("short");
        assert!(chunks(&text, "").iter().all(|chunk| text.slice(chunk.span).starts_with('e')));
    }

    #[test]
    fn words_are_not_parted_where_there_are_no_spaces() {
        for (line, begins) in [("one,two;three/four ", "otf"), ("(alpha)beta,", "ab"), ("她来了，她走了，", "她来了走")]
        {
            let text = Text::new(line.replace(' ', ",").repeat(900)).expect("short");
            let found = chunks(&text, "");
            assert!(found.len() >= 3);
            for chunk in &found[1..] {
                let start = text.slice(chunk.span);
                assert!(start.starts_with(|c| begins.contains(c)), "{:?}", start.get(..12));
                assert!(chunk.span.len() <= MAX_BYTES);
                let before = text.slice(Span { start: BytePos(0), end: chunk.span.start });
                assert!(!begins.is_ascii() || !before.ends_with(char::is_alphanumeric), "{:?}", start.get(..12));
            }
        }
    }

    #[test]
    fn clusters_are_not_parted() {
        // Flags after an odd number of other bytes, families, Hindi with signs after a space, Thai and Khmer where words are
        // told apart within them, and more accents than anybody sets.
        let many = format!("a{}", "\u{301}".repeat(300));
        for (start, cluster) in [
            ("", "🇩🇪"),
            ("a", "🇫🇷"),
            ("aé", "🇫🇷"),
            ("", "👩\u{200d}👧"),
            ("", "क\u{93f}"),
            ("", " \u{93f}"),
            ("ก", "ก\u{e33}"),
            ("\u{1780}", "\u{1780}\u{17d2}\u{179a}"),
            ("", many.as_str()),
        ] {
            let text = Text::new(start.to_owned() + &cluster.repeat(24_000 / cluster.len())).expect("short");
            let found = chunks(&text, "");
            assert!(found.len() >= 3);
            for chunk in &found[1..] {
                assert!(text.slice(chunk.span).starts_with(cluster), "{cluster:?} {:?}", chunk.span);
            }
        }
    }

    /// What is on the screen first must not wait until all of it is cut into tokens.
    #[test]
    fn nothing_is_cut_into_tokens_for_chunks() {
        for piece in ["It rained again today. ", "it rained, ", "é"] {
            let text = Text::new(piece.repeat(60_000)).expect("short");
            chunks(&text, "");
            assert_eq!(text.token_count(), None, "{piece:?}");
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
        fn chunks_cover_the_text(lines in prop::collection::vec(("[a-zAé. 😀\u{301}]{0,30}", 0usize..300), 0..8)) {
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
