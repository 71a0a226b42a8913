//! Crossing marks as nested elements: a paragraph is cut at every place where a mark begins or ends.

use std::collections::BTreeMap;

use super::marks::Paragraph;
use crate::text::{BytePos, Span};

/// A step of a paragraph from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A piece of a mark begins, or goes on after it had to end for another.
    Open {
        /// Which of the paragraph's marks.
        mark: usize,
        /// Whether it is the mark's first piece.
        begins: bool,
        /// Whether it is the mark's last piece.
        ends: bool,
    },
    /// The innermost piece ends.
    Close,
    /// Text.
    Text(Span),
}

/// The steps of a paragraph. Pieces nest: longer marks are outside.
pub fn steps(paragraph: &Paragraph) -> Vec<Step> {
    let mut starting: BTreeMap<BytePos, Vec<usize>> = BTreeMap::new();
    let mut cuts: Vec<BytePos> = vec![paragraph.span.start, paragraph.span.end];
    for (i, mark) in paragraph.marks.iter().enumerate() {
        starting.entry(mark.span.start).or_default().push(i);
        cuts.extend([mark.span.start, mark.span.end]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    let span_of = |i: &usize| paragraph.marks.get(*i).map_or(Span::of(0, 0), |mark| mark.span);
    let mut steps = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (n, at) in cuts.iter().enumerate() {
        let began = starting.get(at).map(Vec::as_slice).unwrap_or_default();
        // The marks are sorted, outer before inner; so their numbers are their ranks.
        let mut next: Vec<usize> = open.iter().copied().filter(|i| span_of(i).end > *at).collect();
        next.extend(began.iter().copied().filter(|i| !span_of(i).is_empty()));
        next.sort_unstable();
        let same = open.iter().zip(&next).take_while(|(a, b)| a == b).count();
        steps.extend(open.iter().skip(same).map(|_| Step::Close));
        for empty in began.iter().copied().filter(|i| span_of(i).is_empty()) {
            steps.extend([Step::Open { mark: empty, begins: false, ends: false }, Step::Close]);
        }
        steps.extend(next.iter().skip(same).map(|mark| Step::Open { mark: *mark, begins: false, ends: false }));
        open = next;
        if let Some(to) = cuts.get(n + 1) {
            steps.push(Step::Text(Span::new(*at, *to)));
        }
    }
    steps.extend(open.iter().map(|_| Step::Close));
    name_the_ends(&mut steps);
    steps
}

/// Only when all is cut is it known which piece is the last.
fn name_the_ends(steps: &mut [Step]) {
    let mut places: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        if let Step::Open { mark, .. } = step {
            places.entry(*mark).or_insert((at, at)).1 = at;
        }
    }
    for (first, last) in places.into_values() {
        if let Some(Step::Open { begins, .. }) = steps.get_mut(first) {
            *begins = true;
        }
        if let Some(Step::Open { ends, .. }) = steps.get_mut(last) {
            *ends = true;
        }
    }
}
