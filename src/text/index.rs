//! Conversion between byte, code-point and UTF-16 offsets.
//!
//! A checkpoint every [`STEP`] bytes holds all three units, so a conversion is a binary search and a scan
//! of at most one step; a block of plain ASCII needs no scan.

use super::{BytePos, CodepointPos, Utf16Pos};

/// Distance of checkpoints in bytes (a checkpoint moves left to the next character boundary).
const STEP: usize = 1024;

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
        let mut checkpoints = vec![Checkpoint { byte: 0, codepoint: 0, utf16: 0 }];
        let (mut codepoint, mut utf16, mut next) = (0u32, 0u32, STEP);
        for (byte, c) in text.char_indices() {
            if byte >= next {
                checkpoints.push(Checkpoint { byte: byte as u32, codepoint, utf16 });
                next = byte + STEP;
            }
            codepoint += 1;
            utf16 += c.len_utf16() as u32;
        }
        checkpoints.push(Checkpoint { byte: text.len() as u32, codepoint, utf16 });
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
        let start = self.before(|c| c.byte, pos.0);
        CodepointPos(start.codepoint + Self::chars(text, start, pos).count() as u32)
    }

    /// The UTF-16 offset of a byte offset (rounded down to a character boundary, clamped to the text).
    pub fn utf16_of(&self, text: &str, pos: BytePos) -> Utf16Pos {
        let start = self.before(|c| c.byte, pos.0);
        Utf16Pos(start.utf16 + Self::chars(text, start, pos).map(|c| c.len_utf16() as u32).sum::<u32>())
    }

    /// The byte offset of a code-point offset; `None` past the end.
    pub fn byte_of_codepoint(&self, text: &str, pos: CodepointPos) -> Option<BytePos> {
        let start = self.before(|c| c.codepoint, pos.0);
        Self::walk(text, start, pos.0 - start.codepoint, |_| 1)
    }

    /// The byte offset of a UTF-16 offset; `None` past the end or between the halves of a surrogate pair.
    pub fn byte_of_utf16(&self, text: &str, pos: Utf16Pos) -> Option<BytePos> {
        let start = self.before(|c| c.utf16, pos.0);
        Self::walk(text, start, pos.0 - start.utf16, |c| c.len_utf16() as u32)
    }

    fn before(&self, unit: impl Fn(&Checkpoint) -> u32, at: u32) -> Checkpoint {
        let after = self.checkpoints.partition_point(|c| unit(c) <= at);
        // The first checkpoint is zero in every unit, so there always is one before.
        self.checkpoints.get(after.saturating_sub(1)).copied().unwrap_or(Checkpoint { byte: 0, codepoint: 0, utf16: 0 })
    }

    fn chars(text: &str, start: Checkpoint, to: BytePos) -> impl Iterator<Item = char> {
        let rest = &text[start.byte as usize..];
        let limit = to.0.saturating_sub(start.byte) as usize;
        rest.char_indices().take_while(move |(at, c)| at + c.len_utf8() <= limit).map(|(_, c)| c)
    }

    fn walk(text: &str, start: Checkpoint, mut units: u32, width: impl Fn(char) -> u32) -> Option<BytePos> {
        let mut at = start.byte;
        let mut chars = text[start.byte as usize..].chars();
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
