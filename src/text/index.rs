//! Conversion between byte, code-point and UTF-16 offsets.
//!
//! A checkpoint every [`STEP`] bytes holds all three units, so a conversion is a binary search and a scan
//! of at most one step; a step of plain ASCII needs no scan.

use super::{BytePos, CodepointPos, Utf16Pos};

/// Distance of checkpoints in bytes (a checkpoint moves right to the next character boundary).
const STEP: usize = 256;

#[derive(Clone, Copy, Debug)]
struct Checkpoint {
    byte: u32,
    codepoint: u32,
    utf16: u32,
}

/// Converts offsets of one text. The text itself is passed in; it must be the one the index was made from.
#[derive(Debug)]
pub struct TextIndex {
    /// Sorted in all three units at once; the first is zero, the last is the end of the text.
    checkpoints: Vec<Checkpoint>,
}

impl TextIndex {
    /// Reads `text` once.
    pub fn new(text: &str) -> Self {
        let mut checkpoints = Vec::with_capacity(text.len() / STEP + 2);
        let mut last = Checkpoint { byte: 0, codepoint: 0, utf16: 0 };
        checkpoints.push(last);
        let (mut from, mut rest) = (0, text);
        while !rest.is_empty() {
            let (step, after) = rest.split_at(rest.ceil_char_boundary(STEP));
            from += step.len();
            rest = after;
            // In UTF-16 only characters of four bytes are two units.
            let (chars, long) = (step.chars().count(), step.bytes().filter(|byte| *byte >= 0xF0).count());
            last = Checkpoint {
                byte: from as u32,
                codepoint: last.codepoint + chars as u32,
                utf16: last.utf16 + (chars + long) as u32,
            };
            checkpoints.push(last);
        }
        Self { checkpoints }
    }

    /// Number of code points in the text.
    pub fn codepoints(&self) -> u32 {
        self.checkpoints.last().map_or(0, |c| c.codepoint)
    }

    /// Number of UTF-16 units in the text.
    pub fn utf16_units(&self) -> u32 {
        self.checkpoints.last().map_or(0, |c| c.utf16)
    }

    /// The code-point offset of a byte offset (rounded down to a character boundary, clamped to the text).
    pub fn codepoint_of(&self, text: &str, pos: BytePos) -> CodepointPos {
        let (start, before) = self.part_before(text, pos);
        let count = if start.is_ascii { before.len() } else { before.chars().count() };
        CodepointPos(start.at.codepoint + count as u32)
    }

    /// The UTF-16 offset of a byte offset (rounded down to a character boundary, clamped to the text).
    pub fn utf16_of(&self, text: &str, pos: BytePos) -> Utf16Pos {
        let (start, before) = self.part_before(text, pos);
        let units = if start.is_ascii { before.len() } else { before.chars().map(char::len_utf16).sum() };
        Utf16Pos(start.at.utf16 + units as u32)
    }

    /// The byte offset of a code-point offset; `None` past the end.
    pub fn byte_of_codepoint(&self, text: &str, pos: CodepointPos) -> Option<BytePos> {
        let start = self.step_at(|c| c.codepoint, pos.0);
        start.walk(text, pos.0 - start.at.codepoint, |_| 1)
    }

    /// The byte offset of a UTF-16 offset; `None` past the end or between the halves of a surrogate pair.
    pub fn byte_of_utf16(&self, text: &str, pos: Utf16Pos) -> Option<BytePos> {
        let start = self.step_at(|c| c.utf16, pos.0);
        start.walk(text, pos.0 - start.at.utf16, |c| c.len_utf16() as u32)
    }

    /// The step in which an offset lies; the end of the text is a step of its own, without length.
    fn step_at(&self, unit: impl Fn(&Checkpoint) -> u32, offset: u32) -> Step {
        let after = self.checkpoints.partition_point(|c| unit(c) <= offset);
        // The first checkpoint is zero in every unit, so there always is one before.
        let zero = Checkpoint { byte: 0, codepoint: 0, utf16: 0 };
        let at = self.checkpoints.get(after.saturating_sub(1)).copied().unwrap_or(zero);
        let is_ascii =
            self.checkpoints.get(after).is_some_and(|next| next.byte - at.byte == next.codepoint - at.codepoint);
        Step { at, is_ascii }
    }

    /// The step in which a byte offset lies, and the text from its beginning to there.
    fn part_before<'a>(&self, text: &'a str, pos: BytePos) -> (Step, &'a str) {
        let to = text.floor_char_boundary(pos.to_usize());
        let start = self.step_at(|c| c.byte, to as u32);
        (start, text.get(start.at.byte as usize..to).unwrap_or_default())
    }
}

/// Where a step begins, and whether up to the next one a character is a byte.
#[derive(Clone, Copy)]
struct Step {
    at: Checkpoint,
    is_ascii: bool,
}

impl Step {
    fn walk(&self, text: &str, mut units: u32, width: impl Fn(char) -> u32) -> Option<BytePos> {
        if self.is_ascii {
            return Some(BytePos(self.at.byte + units));
        }
        let mut at = self.at.byte;
        let mut chars = text.get(at as usize..)?.chars();
        while units > 0 {
            let c = chars.next()?;
            units = units.checked_sub(width(c))?;
            at += c.len_utf8() as u32;
        }
        Some(BytePos(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_emoji_is_one_code_point_and_two_utf16_units() {
        let text = "😀 B";
        let index = TextIndex::new(text);
        assert_eq!(index.codepoint_of(text, BytePos(5)), CodepointPos(2));
        assert_eq!(index.utf16_of(text, BytePos(5)), Utf16Pos(3));
        assert_eq!(index.byte_of_utf16(text, Utf16Pos(1)), None, "inside a surrogate pair");
        assert_eq!(index.byte_of_codepoint(text, CodepointPos(3)), Some(BytePos(6)));
        assert_eq!(index.byte_of_codepoint(text, CodepointPos(4)), None, "past the end");
    }

    proptest! {
        /// Every boundary converts there and back, and agrees with counting from the start.
        #[test]
        fn conversions_invert(parts in proptest::collection::vec("[a-zé€😀\r\n \u{301}]{0,40}", 0..60)) {
            let text = parts.concat();
            let index = TextIndex::new(&text);
            let (mut codepoint, mut utf16) = (0, 0);
            for (byte, c) in text.char_indices().chain([(text.len(), 'x')]) {
                let pos = BytePos(byte as u32);
                prop_assert_eq!(index.codepoint_of(&text, pos), CodepointPos(codepoint));
                prop_assert_eq!(index.utf16_of(&text, pos), Utf16Pos(utf16));
                prop_assert_eq!(index.byte_of_codepoint(&text, CodepointPos(codepoint)), Some(pos));
                prop_assert_eq!(index.byte_of_utf16(&text, Utf16Pos(utf16)), Some(pos));
                codepoint += 1;
                utf16 += c.len_utf16() as u32;
            }
        }
    }
}
