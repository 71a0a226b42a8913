//! All lines of a journal, as its thread keeps them in memory.
//!
//! The first line holds the document that the journal began with. It is asked for again only after trouble with the disk,
//! so a long one is packed once it is on disk: it would take more memory than the document itself.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// A first line of fewer bytes stays as it is.
const WORTH_PACKING: usize = 4 * 1024 * 1024;

/// See the module.
pub(super) struct Lines {
    /// What is packed of the beginning.
    packed: Option<Packed>,
    /// Everything after that.
    rest: Vec<u8>,
    /// CRC-32 of everything.
    crc32: crc32fast::Hasher,
    /// How many bytes the first line has.
    first: usize,
}

struct Packed {
    deflated: Vec<u8>,
    len: usize,
    /// CRC-32 of what is packed.
    crc32: u32,
}

impl Lines {
    pub fn new(lines: Vec<u8>) -> Self {
        let mut crc32 = crc32fast::Hasher::new();
        crc32.update(&lines);
        let first = lines.iter().position(|byte| *byte == b'\n').map_or(lines.len(), |at| at + 1);
        Self { packed: None, rest: lines, crc32, first }
    }

    /// How many bytes the first line has, in which the document is that the journal began with.
    pub fn first_len(&self) -> usize {
        self.first
    }

    /// In bytes.
    pub fn len(&self) -> usize {
        self.packed.as_ref().map_or(0, |packed| packed.len) + self.rest.len()
    }

    pub fn crc32(&self) -> u32 {
        self.crc32.clone().finalize()
    }

    /// Adds a line, with its end.
    pub fn push(&mut self, line: String) {
        if self.first == 0 {
            self.first = line.len();
        }
        self.crc32.update(line.as_bytes());
        self.rest.extend(line.into_bytes());
    }

    /// The bytes from there on.
    pub fn from(&self, start: usize) -> Cow<'_, [u8]> {
        match &self.packed {
            Some(packed) if start >= packed.len => {
                Cow::Borrowed(self.rest.get(start - packed.len..).unwrap_or_default())
            }
            None => Cow::Borrowed(self.rest.get(start..).unwrap_or_default()),
            Some(packed) => {
                let mut all = packed.unpacked();
                all.extend_from_slice(&self.rest);
                all.drain(..start.min(all.len()));
                Cow::Owned(all)
            }
        }
    }

    /// Whether `content` is the beginning of the lines.
    pub fn start_with(&self, content: &[u8]) -> bool {
        match &self.packed {
            // What is packed is not unpacked for that.
            Some(packed) if content.len() >= packed.len => {
                let (first, rest) = content.split_at(packed.len);
                crc32fast::hash(first) == packed.crc32 && self.rest.starts_with(rest)
            }
            _ => self.from(0).starts_with(content),
        }
    }

    /// Whether `content` begins with the first `count` bytes.
    pub fn begin(&self, content: &[u8], count: usize) -> bool {
        content.get(..count).is_some_and(|beginning| self.start_with(beginning))
    }

    /// Packs the first line, if that is worth it and has not been done; `written` bytes are on disk.
    pub fn pack(&mut self, written: usize) {
        let len = self.first;
        if self.packed.is_some() || len < WORTH_PACKING || written < len {
            return;
        }
        let Some(first) = self.rest.get(..len) else { return };
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory does not fail.
        let Ok(deflated) = encoder.write_all(first).and_then(|()| encoder.finish()) else { return };
        self.packed = Some(Packed { deflated, len, crc32: crc32fast::hash(first) });
        self.rest = self.rest.get(len..).unwrap_or_default().to_vec();
    }
}

impl Packed {
    fn unpacked(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len);
        let read = DeflateDecoder::new(self.deflated.as_slice()).read_to_end(&mut bytes);
        debug_assert!(read.is_ok_and(|len| len == self.len), "what was packed here is unpacked");
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packed or not, it is the same to whoever asks.
    #[test]
    fn a_packed_line_is_the_same() {
        let first = format!("{}\n", "Anna met Bob. ".repeat(400_000));
        let mut plain = Lines::new(first.clone().into_bytes());
        let mut lines = Lines::new(first.clone().into_bytes());
        for lines in [&mut plain, &mut lines] {
            lines.push("second\n".to_owned());
        }
        lines.pack(first.len() - 1);
        assert!(lines.packed.is_none(), "it is not on disk yet");
        lines.pack(first.len());
        assert!(lines.packed.as_ref().is_some_and(|packed| packed.deflated.len() * 50 < packed.len));
        for lines in [&mut plain, &mut lines] {
            lines.push("third\n".to_owned());
        }
        let all = format!("{first}second\nthird\n").into_bytes();
        assert_eq!((plain.len(), plain.crc32()), (all.len(), crc32fast::hash(&all)));
        assert_eq!((lines.len(), lines.crc32()), (plain.len(), plain.crc32()));
        for start in [0, 1, first.len() - 1, first.len(), first.len() + 3, all.len(), all.len() + 9] {
            let expected = all.get(start..).unwrap_or_default();
            assert!(lines.from(start) == expected && plain.from(start) == expected, "{start}");
        }
        let mut other = all.clone();
        other[7] ^= 1;
        for content in [&all[..], &all[..first.len() + 2], &all[..first.len()], &all[..9], &[], &other, &other[..9]] {
            let expected = all.starts_with(content);
            assert_eq!((lines.start_with(content), plain.start_with(content)), (expected, expected));
        }
        assert!(lines.begin(&all, first.len() + 1) && !lines.begin(&other, first.len() + 1) && !lines.begin(&[], 1));
    }

    #[test]
    fn a_short_line_is_left_alone() {
        let mut lines = Lines::new(b"first\n".to_vec());
        lines.pack(6);
        assert!(lines.packed.is_none());
    }
}
