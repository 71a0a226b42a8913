//! Finding in a text: what is looked for, and every place where it stands.
//!
//! A text that is looked for becomes a regular expression, so there is one way to search. A blank in it stands for any
//! white space, also a line's end: a name that is broken over two lines is found as it is said. An empty line is never
//! crossed. Searching a long text goes window by window, and between windows the caller may stop it: a hostile
//! expression costs a thread some seconds at most, never a frame.
//!
//! Knows nothing of clocks or threads; the caller says when enough is enough.

mod query;
#[cfg(test)]
mod tests;

use regex::Regex;

use super::{BytePos, Span};

pub use query::{BadQuery, Query};

/// How far at a time a text is searched, in bytes, before the caller is asked whether to go on.
const WINDOW: usize = 128 << 10;

/// How much of a text may be searched for a text within a frame, in bytes.
pub const AT_ONCE: usize = 256 << 10;

/// How far beyond its window a hit may reach. A longer one may end early, as if the text did.
const REACH: usize = 16 << 10;

/// After so many steps within a window the caller is asked as well.
const STEPS: usize = 4096;

/// A query that can be searched for.
#[derive(Clone, Debug)]
pub struct Finder {
    regex: Regex,
    is_quick: bool,
}

/// A hit on the way through a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The hit.
    pub span: Span,
    /// Whether the search went over the end of the text, or over its start.
    pub has_wrapped: bool,
}

/// All hits of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// In the order of the text, without overlaps; the first ones, if there are more than were to be kept.
    pub spans: Vec<Span>,
    /// How many there are, as far as the text was searched.
    pub count: usize,
    /// Whether all of the text was searched.
    pub is_whole: bool,
}

impl Hits {
    /// Whether all hits of the text were kept.
    pub fn is_complete(&self) -> bool {
        self.is_whole && self.spans.len() == self.count
    }

    /// The number of a hit, from 0, if it was kept.
    pub fn number_of(&self, hit: Span) -> Option<usize> {
        self.spans.binary_search(&hit).ok()
    }

    /// The first hit at or after a position; none if that is not known, because it was not kept.
    pub fn at_or_after(&self, from: BytePos) -> Option<Span> {
        self.spans.get(self.spans.partition_point(|hit| hit.start < from)).copied()
    }

    /// The last hit that begins before a position; none if that is not known.
    pub fn before(&self, until: BytePos) -> Option<Span> {
        let after = self.spans.partition_point(|hit| hit.start < until);
        if after == self.spans.len() && !self.is_complete() {
            return None;
        }
        after.checked_sub(1).and_then(|at| self.spans.get(at)).copied()
    }
}

/// The caller wanted the search to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl Finder {
    /// Whether a short text is looked for, not a regular expression: then [`AT_ONCE`] is searched in less than a
    /// millisecond.
    pub fn is_quick(&self) -> bool {
        self.is_quick
    }

    /// The first hit at or after `from`, no further away than [`AT_ONCE`].
    pub fn near(&self, text: &str, from: BytePos) -> Option<Span> {
        let from = floor(text, from.to_usize());
        self.in_window(text, from, floor(text, from + AT_ONCE), &mut || true).ok().flatten()
    }

    /// The first hit at or after `from`, else the first one of the text. `go_on` is asked again and again.
    ///
    /// # Errors
    /// [`Stopped`] if `go_on` says no.
    pub fn next(&self, text: &str, from: BytePos, mut go_on: impl FnMut() -> bool) -> Result<Option<Step>, Stopped> {
        let from = floor(text, from.to_usize());
        for (begin, end, has_wrapped) in [(from, text.len(), false), (0, from, true)] {
            let mut at = begin;
            while at < end {
                let until = floor(text, at + WINDOW).min(end);
                if let Some(span) = self.in_window(text, at, until, &mut go_on)? {
                    return Ok(Some(Step { span, has_wrapped }));
                }
                at = until;
            }
        }
        Ok(None)
    }

    /// The last hit that begins before `before`, else the last one of the text. `go_on` is asked again and again.
    ///
    /// # Errors
    /// [`Stopped`] if `go_on` says no.
    pub fn previous(
        &self,
        text: &str,
        before: BytePos,
        mut go_on: impl FnMut() -> bool,
    ) -> Result<Option<Step>, Stopped> {
        let before = floor(text, before.to_usize());
        for (begin, end, has_wrapped) in [(0, before, false), (before, text.len(), true)] {
            let mut until = end;
            while until > begin {
                let from = floor(text, until.saturating_sub(WINDOW)).max(begin);
                let (mut at, mut last) = (from, None);
                while let Some(span) = self.in_window(text, at, until, &mut go_on)? {
                    last = Some(span);
                    at = span.end.to_usize();
                }
                if let Some(span) = last {
                    return Ok(Some(Step { span, has_wrapped }));
                }
                until = from;
            }
        }
        Ok(None)
    }

    /// All hits, of which the first `most` are kept. `go_on` is given the number of hits so far, again and again; once it
    /// says no, the hits up to there are all.
    pub fn all(&self, text: &str, most: usize, mut go_on: impl FnMut(usize) -> bool) -> Hits {
        let mut hits = Hits::default();
        let mut at = 0;
        while at < text.len() {
            let until = floor(text, at + WINDOW);
            loop {
                let span = match self.in_window(text, at, until, &mut || go_on(hits.count)) {
                    Ok(Some(span)) => span,
                    Ok(None) => break,
                    Err(Stopped) => return hits,
                };
                at = span.end.to_usize();
                hits.count += 1;
                if hits.spans.len() < most {
                    hits.spans.push(span);
                }
            }
            at = at.max(until);
        }
        hits.is_whole = true;
        hits
    }

    /// The first hit that is not empty and begins within `from..until`.
    fn in_window(
        &self,
        text: &str,
        from: usize,
        until: usize,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Span>, Stopped> {
        let seen = text.get(..floor(text, until + REACH)).unwrap_or_default();
        let (mut at, mut steps) = (from, 0_usize);
        while at < until {
            if steps.is_multiple_of(STEPS) && !go_on() {
                return Err(Stopped);
            }
            steps += 1;
            // The text before `from` is there for what a word's or a line's start depends on.
            let Some(found) = self.regex.find_at(seen, at).filter(|found| found.start() < until) else {
                return Ok(None);
            };
            if !found.is_empty() {
                let (start, end) = (BytePos::from_usize(found.start()), BytePos::from_usize(found.end()));
                return Ok(Some(Span { start, end }));
            }
            at = text[found.end()..].chars().next().map_or(text.len(), |c| found.end() + c.len_utf8());
        }
        Ok(None)
    }
}

/// The nearest character boundary at or before a byte offset.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}
