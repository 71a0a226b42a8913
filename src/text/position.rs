//! Positions and spans. Each unit has its own type, so that mixing them up does not compile.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// A byte offset into the UTF-8 text of a document, on a character boundary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BytePos(pub u32);

/// An offset in Unicode code points (scalar values). The unit of the native file, and of Python's `str`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodepointPos(pub u32);

/// An offset in UTF-16 code units. The unit of UIMA, JavaScript and Java.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utf16Pos(pub u32);

impl BytePos {
    /// As an index into a `str`.
    pub fn to_usize(self) -> usize {
        self.0 as usize
    }

    /// `self` moved right by `bytes`.
    #[must_use]
    pub fn plus(self, bytes: usize) -> Self {
        Self(self.0.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX)))
    }

    /// From an index into a text; texts are shorter than 4 GiB ([`super::Text::new`] sees to it).
    pub fn from_usize(at: usize) -> Self {
        Self(u32::try_from(at).unwrap_or(u32::MAX))
    }
}

/// A half-open range `start..end` of the text, in bytes. `start <= end` always holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Where the first character begins.
    pub start: BytePos,
    /// Where the last character ends.
    pub end: BytePos,
}

/// One or more spans, sorted, not overlapping; more than one means discontinuous.
pub type Spans = SmallVec<[Span; 1]>;

impl Span {
    /// The span between two positions, whichever comes first.
    pub fn new(a: BytePos, b: BytePos) -> Self {
        Self { start: a.min(b), end: a.max(b) }
    }

    /// The span between two byte offsets; for tests and examples.
    pub fn of(a: u32, b: u32) -> Self {
        Self::new(BytePos(a), BytePos(b))
    }

    /// The empty span at a position.
    pub fn empty(at: BytePos) -> Self {
        Self { start: at, end: at }
    }

    /// Length in bytes.
    pub fn len(self) -> u32 {
        self.end.0 - self.start.0
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `pos` lies in `start..end`.
    pub fn contains(self, pos: BytePos) -> bool {
        self.start <= pos && pos < self.end
    }

    /// Whether the other span lies wholly inside this one (or is equal).
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte; touching is not overlapping.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The part that both share, if any.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }
}

/// Sorts spans and merges those that overlap or touch.
pub fn normalise(spans: &mut Spans) {
    spans.sort_unstable();
    let mut merged: Spans = SmallVec::new();
    for span in spans.iter().copied() {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    *spans = merged;
}

/// Whether spans are in order and share nothing; they may touch.
pub fn are_apart(spans: &[Span]) -> bool {
    spans.is_sorted() && spans.windows(2).all(|pair| matches!(pair, [a, b] if a.end <= b.start && a != b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_spans_do_not_overlap() {
        assert!(!Span::of(0, 3).overlaps(Span::of(3, 5)));
        assert!(Span::of(0, 4).overlaps(Span::of(3, 5)));
        assert_eq!(Span::of(0, 4).intersect(Span::of(3, 5)), Some(Span::of(3, 4)));
    }

    #[test]
    fn normalising_sorts_and_merges() {
        let mut spans: Spans = [Span::of(5, 7), Span::of(0, 2), Span::of(2, 4)].into_iter().collect();
        normalise(&mut spans);
        assert_eq!(spans.as_slice(), &[Span::of(0, 4), Span::of(5, 7)]);
    }
}
