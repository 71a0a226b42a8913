//! Puts an article together: blocks of text, zones, metadata, and what was left out.

use std::collections::BTreeMap;

use super::blocks::Blocks;
use crate::formats::decode::{self, DecodeError, Decoded, EncodingInfo};
use crate::formats::plain_text::new_document;
use crate::formats::{Input, Read};
use crate::model::{Problem, Zone, ZoneKind};
use crate::text::{BytePos, Span, Text};

/// What was left out: the word for one, the word for several, how many.
pub type Left = BTreeMap<(&'static str, &'static str), usize>;

/// An article that is being put together. Blocks are divided by an empty line.
#[derive(Default)]
pub struct Composer {
    text: String,
    zones: Vec<Zone>,
    left: Left,
    problems: Vec<Problem>,
    /// The headline, if it is known; guessed from the text otherwise.
    pub title: Option<String>,
    /// A name or an address.
    pub source: Option<String>,
    published: Option<String>,
    language: Option<String>,
    /// The identifier that the file gives; made from the text otherwise.
    pub id: Option<String>,
    /// How bytes became text, where that was open.
    pub encoding: Option<EncodingInfo>,
    /// Where in the file the article begins, from 1.
    pub line: Option<usize>,
}

impl Composer {
    /// An article of a file that was decoded like this.
    pub fn of(encoding: EncodingInfo) -> Self {
        Self { encoding: Some(encoding), ..Self::default() }
    }

    /// Adds a block. Nothing happens if it is blank.
    pub fn block(&mut self, kind: ZoneKind, text: &str) {
        self.marked(kind, text, &[]);
    }

    /// Adds a block in which some parts are zones of their own (half-open ranges of bytes of `text`).
    fn marked(&mut self, kind: ZoneKind, text: &str, marks: &[(ZoneKind, std::ops::Range<usize>)]) {
        if text.trim().is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let at = self.text.len();
        self.text.push_str(text);
        let mut from = at;
        for (inner, range) in marks {
            let (start, end) = ((at + range.start).max(from), (at + range.end).min(self.text.len()));
            if start < end {
                self.zone(kind, from, start);
                self.zone(*inner, start, end);
                from = end;
            }
        }
        self.zone(kind, from, self.text.len());
    }

    /// Notes a zone without the white space at its ends. Body blocks that follow one another are one zone.
    fn zone(&mut self, kind: ZoneKind, start: usize, end: usize) {
        let Some(words) = self.text.get(start..end) else { return };
        let start = start + (words.len() - words.trim_start().len());
        let end = start + words.trim().len();
        if start >= end {
            return;
        }
        match self.zones.last_mut() {
            Some(last) if last.kind == kind && kind == ZoneKind::Body => last.span.end = BytePos::from_usize(end),
            _ => self.zones.push(Zone { kind, span: Span::new(BytePos::from_usize(start), BytePos::from_usize(end)) }),
        }
    }

    /// Adds all blocks, and what was left out between them.
    pub fn blocks(&mut self, blocks: Blocks) {
        for block in blocks.list {
            self.marked(block.kind, &block.text, &block.marks);
        }
        for (what, count) in blocks.left {
            self.leave(what, count);
        }
    }

    /// Counts something that is left out.
    pub fn leave(&mut self, what: (&'static str, &'static str), count: usize) {
        if count > 0 {
            *self.left.entry(what).or_default() += count;
        }
    }

    /// Something else worth saying.
    pub fn warn(&mut self, code: &'static str, message: impl Into<String>, hint: &str) {
        self.problems.push(Problem::warning(code, message, hint));
    }

    /// When it was published, in any of the usual forms.
    pub fn published(&mut self, given: Option<&str>) {
        let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else { return };
        match date(given) {
            Some(date) => self.published = Some(date),
            None => self.warn("unknown-date", format!("{given:?} is read as no date"), "set the date by hand"),
        }
    }

    /// The language, as a BCP 47 tag or nearly one.
    pub fn language(&mut self, given: Option<&str>) {
        let Some(given) = given.map(|given| given.trim().replace('_', "-")).filter(|given| !given.is_empty()) else {
            return;
        };
        let is_tag = given
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        if is_tag {
            self.language = Some(given);
        } else {
            self.warn("unknown-language", format!("{given:?} is no language tag"), "set the language by hand");
        }
    }

    /// Whether there is no text yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the text holds these words, whatever the white space between them.
    pub fn has_words(&self, words: &str) -> bool {
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        squeeze(&self.text).contains(&squeeze(words))
    }

    /// The document.
    ///
    /// # Errors
    /// If there is no text, or more than a document holds.
    pub fn finish(self) -> Result<Read, Vec<Problem>> {
        let mut problems = self.encoding.as_ref().map(EncodingInfo::problems).unwrap_or_default();
        problems.extend(self.problems);
        for ((one, many), count) in &self.left {
            let message = match count {
                1 => format!("1 {one} is left out"),
                _ => format!("{count} {many} are left out"),
            };
            let hint = "the text does not change any more once it is marked; look at the file if they matter";
            problems.push(Problem::warning("left-out", message, hint));
        }
        let place = |problem: Problem| match self.line {
            Some(line) => problem.at_line(line, 1),
            None => problem,
        };
        let mut problems: Vec<Problem> = problems.into_iter().map(place).collect();
        if self.text.is_empty() {
            problems.insert(
                0,
                place(Problem::error("no-text", "there is no text in it", "choose a file with an article in it")),
            );
            return Err(problems);
        }
        let text = Text::new(self.text).map_err(|error| {
            vec![Problem::error("text-too-long", error.to_string(), "split the file into several articles")]
        })?;
        let mut document = new_document(text, self.encoding.as_ref());
        let metadata = &mut document.header.metadata;
        let squeeze = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(title) = self.title.map(squeeze).filter(|title| !title.is_empty()) {
            metadata.title = title;
        }
        if let Some(id) = self.id.filter(|id| !id.is_empty()) {
            metadata.id = id;
        }
        metadata.source = self.source.map(squeeze).filter(|source| !source.is_empty());
        metadata.published = self.published;
        metadata.language = self.language;
        // A body alone says nothing that the text does not say.
        if self.zones.iter().any(|zone| zone.kind != ZoneKind::Body) {
            document.header.zones = self.zones;
        }
        Ok(Read {
            document,
            problems,
            encoding: self.encoding,
            line: self.line,
            schema: None,
            version: Default::default(),
        })
    }
}

/// The ISO 8601 date in what files call a date.
pub fn date(given: &str) -> Option<String> {
    let given = given.trim();
    let day = |year: &str, month: &str, day: &str| {
        let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        Some(date.to_string())
    };
    let digits = given.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 8 {
        return day(given.get(..4)?, given.get(4..6)?, given.get(6..8)?);
    }
    if digits == 4 {
        let mut parts = given.get(..10)?.split(['-', '/', '.']);
        return day(parts.next()?, parts.next()?, parts.next()?);
    }
    jiff::fmt::rfc2822::parse(given).ok().map(|zoned| zoned.date().to_string())
}

/// The text of a file that may declare its encoding inside: the choice of the user, a byte order mark, the declaration, and
/// then a guess that is shown as one.
///
/// # Errors
/// If it is no text, or the user's encoding is none.
pub fn decoded(input: &Input<'_>) -> Result<Decoded, Vec<Problem>> {
    let refuse = |error: DecodeError| vec![error.problem()];
    if let Some(label) = input.encoding {
        return decode::decode_as(input.bytes, label).map_err(refuse);
    }
    if encoding_rs::Encoding::for_bom(input.bytes).is_none()
        && let Some(label) = declared(input.bytes)
    {
        // Who can read the declaration as ASCII has no UTF-16 before them, whatever it says.
        let label = if label.to_ascii_lowercase().starts_with("utf-16") { "utf-8".to_owned() } else { label };
        match decode::decode_as(input.bytes, &label) {
            Err(DecodeError::UnknownEncoding(_)) => {}
            decoded => return decoded.map_err(refuse),
        }
    }
    decode::decode(input.bytes).map_err(refuse)
}

/// The encoding that the beginning of an XML or HTML file declares.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(4096))?).to_ascii_lowercase();
    let at = if head.trim_start().starts_with("<?xml") {
        let end = head.find("?>")?;
        head.get(..end)?.find("encoding").map(|at| at + "encoding".len())
    } else {
        None
    };
    let at = at.or_else(|| {
        head.match_indices("<meta").find_map(|(at, _)| {
            let tag = head.get(at..)?.split('>').next()?;
            tag.find("charset").map(|inner| at + inner + "charset".len())
        })
    })?;
    let value = head.get(at..)?.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let label: String = value.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c)).collect();
    (!label.is_empty()).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_sorts_are_days() {
        for (given, expected) in [
            ("2024-05-01", Some("2024-05-01")),
            ("2024-05-01T10:00:00Z", Some("2024-05-01")),
            ("20240501T100000Z", Some("2024-05-01")),
            ("20240501", Some("2024-05-01")),
            ("2024/05/01", Some("2024-05-01")),
            ("Wed, 1 May 2024 10:00:00 +0200", Some("2024-05-01")),
            ("2024-13-01", None),
            ("yesterday", None),
            ("2024", None),
            ("é", None),
        ] {
            assert_eq!(date(given).as_deref(), expected, "{given}");
        }
    }

    #[test]
    fn zones_are_without_white_space_and_body_is_one() {
        let mut composer = Composer::default();
        composer.block(ZoneKind::Headline, "Talks resume");
        composer.marked(ZoneKind::Body, "PARIS (X) – They met.", &[(ZoneKind::Dateline, 0..9)]);
        composer.block(ZoneKind::Body, "  ");
        composer.block(ZoneKind::Body, "They spoke.");
        let document = composer.finish().expect("text").document;
        let text = document.text();
        assert_eq!(text.as_str(), "Talks resume\n\nPARIS (X) – They met.\n\nThey spoke.");
        let zones: Vec<_> = document.header().zones.iter().map(|z| (z.kind.word(), text.slice(z.span))).collect();
        assert_eq!(
            zones,
            [("headline", "Talks resume"), ("dateline", "PARIS (X)"), ("body", "– They met.\n\nThey spoke.")]
        );
    }

    #[test]
    fn declarations_of_encodings_are_found() {
        assert_eq!(declared(b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>").as_deref(), Some("iso-8859-1"));
        assert_eq!(declared(b"<html><meta charset=koi8-r>").as_deref(), Some("koi8-r"));
        assert_eq!(
            declared(b"<meta http-equiv=Content-Type content=\"text/html; charset = big5\">").as_deref(),
            Some("big5")
        );
        assert_eq!(declared(b"<p>charset=x"), None);
    }
}
