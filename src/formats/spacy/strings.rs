//! How spaCy makes numbers of texts: its own names have fixed ones, all others a hash.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Names with fixed numbers, one a line; the first line is number 0.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("symbols.txt").lines().collect());

static NUMBERS: LazyLock<HashMap<&'static str, u64>> =
    LazyLock::new(|| NAMES.iter().zip(0..).map(|(name, number)| (*name, number)).collect());

/// The number of a text.
pub fn number(text: &str) -> u64 {
    NUMBERS.get(text).copied().unwrap_or_else(|| murmur(text.as_bytes()))
}

/// The name with a fixed number.
pub fn name(number: u64) -> Option<&'static str> {
    NAMES.get(usize::try_from(number).ok()?).copied()
}

/// `MurmurHash64A` with the seed 1.
fn murmur(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0xc6a4_a793_5bd1_e995;
    const SHIFT: u32 = 47;
    let mut hash = 1 ^ (bytes.len() as u64).wrapping_mul(FACTOR);
    let chunks = bytes.chunks_exact(8);
    let tail = chunks.remainder();
    for chunk in chunks {
        let mut part = little_endian(chunk).wrapping_mul(FACTOR);
        part ^= part >> SHIFT;
        hash = (hash ^ part.wrapping_mul(FACTOR)).wrapping_mul(FACTOR);
    }
    if !tail.is_empty() {
        hash = (hash ^ little_endian(tail)).wrapping_mul(FACTOR);
    }
    hash = (hash ^ (hash >> SHIFT)).wrapping_mul(FACTOR);
    hash ^ (hash >> SHIFT)
}

/// Up to eight bytes, the lowest first.
fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_spacy() {
        assert_eq!((number(""), number("ORG"), number("ENT_KB_ID"), number("DET")), (0, 383, 452, 90));
        assert_eq!(number("coffee"), 3_197_928_453_018_144_401);
        assert_eq!((name(380), name(457), name(u64::MAX)), (Some("PERSON"), None, None));
    }
}
