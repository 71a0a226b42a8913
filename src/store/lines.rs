//! All lines of a journal, as its thread keeps them in memory.
//!
//! What is on disk is asked for again only after trouble with the disk, so whatever is long of it is packed: the first
//! line, which holds the document that the journal began with and would take more memory than that, and changes of tens
//! of thousands of annotations.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// Fewer bytes stay as they are.
const WORTH_PACKING: usize = 4 * 1024 * 1024;

/// See the module.
pub(super) struct Lines {
    /// What is packed of the beginning, in order.
    packed: Vec<Packed>,
    /// How many bytes that is, unpacked.
    packed_len: usize,
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
        Self { packed: Vec::new(), packed_len: 0, rest: lines, crc32, first }
    }

    /// How many bytes the first line has, in which the document is that the journal began with.
    pub fn first_len(&self) -> usize {
        self.first
    }

    /// In bytes.
    pub fn len(&self) -> usize {
        self.packed_len + self.rest.len()
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
        if let Some(start) = start.checked_sub(self.packed_len) {
            return Cow::Borrowed(self.rest.get(start..).unwrap_or_default());
        }
        let mut all = Vec::with_capacity(self.len());
        self.packed.iter().for_each(|packed| packed.unpack(&mut all));
        all.extend_from_slice(&self.rest);
        all.drain(..start.min(all.len()));
        Cow::Owned(all)
    }

    /// Whether `content` is the beginning of the lines.
    pub fn start_with(&self, content: &[u8]) -> bool {
        let Some((mut beginning, rest)) = content.split_at_checked(self.packed_len) else {
            return self.from(0).starts_with(content);
        };
        // What is packed is not unpacked for that.
        let is_packed = self.packed.iter().all(|packed| {
            let part = beginning.split_off(..packed.len).unwrap_or_default();
            crc32fast::hash(part) == packed.crc32
        });
        is_packed && self.rest.starts_with(rest)
    }

    /// Whether `content` begins with the first `count` bytes.
    pub fn begin(&self, content: &[u8], count: usize) -> bool {
        content.get(..count).is_some_and(|beginning| self.start_with(beginning))
    }

    /// Packs what is on disk, which is the first `written` bytes, if it is worth it.
    pub fn pack(&mut self, written: usize) {
        let len = written.saturating_sub(self.packed_len);
        let Some(done) = self.rest.get(..len).filter(|_| len >= WORTH_PACKING) else { return };
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory does not fail.
        let Ok(mut deflated) = encoder.write_all(done).and_then(|()| encoder.finish()) else { return };
        deflated.shrink_to_fit();
        self.packed.push(Packed { deflated, len, crc32: crc32fast::hash(done) });
        self.packed_len += len;
        self.rest = self.rest.get(len..).unwrap_or_default().to_vec();
    }
}

impl Packed {
    fn unpack(&self, out: &mut Vec<u8>) {
        let read = DeflateDecoder::new(self.deflated.as_slice()).read_to_end(out);
        debug_assert!(read.is_ok_and(|len| len == self.len), "what was packed here is unpacked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packed or not, it is the same to whoever asks.
    #[test]
    fn packed_lines_are_the_same() {
        let [first, third] = ["Anna met Bob. ", "Bob met Anna. "].map(|words| format!("{}\n", words.repeat(400_000)));
        let mut plain = Lines::new(first.clone().into_bytes());
        let mut lines = Lines::new(first.clone().into_bytes());
        for lines in [&mut plain, &mut lines] {
            lines.push("second\n".to_owned());
        }
        lines.pack(WORTH_PACKING - 1);
        assert!(lines.packed.is_empty(), "it is not on disk yet");
        lines.pack(first.len() + 3);
        for lines in [&mut plain, &mut lines] {
            lines.push(third.clone());
        }
        lines.pack(first.len() + 7);
        assert_eq!((lines.packed.len(), lines.packed_len), (1, first.len() + 3), "no more of it is worth it");
        let all = format!("{first}second\n{third}fourth\n").into_bytes();
        lines.pack(all.len() - 9);
        assert!(lines.packed.len() == 2 && lines.packed.iter().all(|packed| packed.deflated.len() * 50 < packed.len));
        for lines in [&mut plain, &mut lines] {
            lines.push("fourth\n".to_owned());
        }
        assert_eq!((plain.len(), plain.crc32()), (all.len(), crc32fast::hash(&all)));
        assert_eq!((lines.len(), lines.crc32(), lines.first_len()), (plain.len(), plain.crc32(), first.len()));
        let middle = first.len() + 3;
        for start in [0, 1, first.len() - 1, middle, middle + 1, all.len() - 9, all.len() - 2, all.len(), all.len() + 9]
        {
            let expected = all.get(start..).unwrap_or_default();
            assert!(lines.from(start) == expected && plain.from(start) == expected, "{start}");
        }
        let altered = |at: usize| {
            let mut other = all.clone();
            other[at] ^= 1;
            other
        };
        let others = [7, middle, middle + 9, all.len() - 2].map(altered);
        let parts = [&all[..], &all[..middle + 2], &all[..middle], &all[..9], &[]];
        for content in parts.into_iter().chain(others.iter().flat_map(|other| [&other[..], &other[..=middle]])) {
            let expected = all.starts_with(content);
            assert_eq!((lines.start_with(content), plain.start_with(content)), (expected, expected));
        }
        let [other, ..] = &others;
        assert!(lines.begin(&all, first.len() + 1) && !lines.begin(other, first.len() + 1) && !lines.begin(&[], 1));
    }

    #[test]
    fn short_lines_are_left_alone() {
        let mut lines = Lines::new(b"first\n".to_vec());
        lines.pack(6);
        assert!(lines.packed.is_empty());
    }
}
