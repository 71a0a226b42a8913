//! Lanes: how overlapping spans are stacked under a line, on the screen and on pages that are written.

use std::collections::BTreeSet;

use crate::text::Span;

/// The lane of each span: 0 is next to the text. A span lies below every shorter one that it overlaps, so the
/// longest is outermost and no two that overlap share a lane. Costs n log n, also where all overlap.
pub fn assign_lanes(spans: &[Span]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|i| spans.get(*i).map(|s| (s.len(), s.start)));
    let mut heights = Heights::new(spans);
    let mut lanes = vec![0; spans.len()];
    for i in order {
        let (Some(span), Some(slot)) = (spans.get(i), lanes.get_mut(i)) else { continue };
        let range = heights.range(*span);
        // Empty spans come first; they overlap longer ones, but not each other.
        *slot = if span.is_empty() { 0 } else { heights.highest(1, (0, heights.width), range) };
        heights.raise(1, (0, heights.width), range, *slot + 1);
    }
    lanes
}

/// How high lanes are stacked at each place: a tree over the ends of all spans.
struct Heights {
    /// Twice the ends, moved inwards by one: so that touching is not overlapping, and an empty span has a place.
    points: Vec<u64>,
    /// A power of two.
    width: usize,
    /// The highest lane anywhere below a node, and what the whole node was raised to.
    highest: Vec<usize>,
    whole: Vec<usize>,
}

impl Heights {
    fn new(spans: &[Span]) -> Self {
        let ends = |span: &Span| <[u64; 2]>::from(points(*span));
        let mut points: Vec<u64> = spans.iter().flat_map(ends).collect();
        points.sort_unstable();
        points.dedup();
        let width = points.len().next_power_of_two().max(1);
        Self { points, width, highest: vec![0; 2 * width], whole: vec![0; 2 * width] }
    }

    fn range(&self, span: Span) -> (usize, usize) {
        let (first, last) = points(span);
        (self.points.partition_point(|p| *p < first), self.points.partition_point(|p| *p <= last))
    }

    fn highest(&self, node: usize, here: (usize, usize), asked: (usize, usize)) -> usize {
        if asked.1 <= here.0 || here.1 <= asked.0 {
            return 0;
        }
        if asked.0 <= here.0 && here.1 <= asked.1 {
            return self.highest.get(node).copied().unwrap_or(0);
        }
        let middle = usize::midpoint(here.0, here.1);
        let left = self.highest(2 * node, (here.0, middle), asked);
        let right = self.highest(2 * node + 1, (middle, here.1), asked);
        left.max(right).max(self.whole.get(node).copied().unwrap_or(0))
    }

    fn raise(&mut self, node: usize, here: (usize, usize), asked: (usize, usize), to: usize) {
        if asked.1 <= here.0 || here.1 <= asked.0 {
            return;
        }
        if let Some(highest) = self.highest.get_mut(node) {
            *highest = to.max(*highest);
        }
        if asked.0 <= here.0 && here.1 <= asked.1 {
            if let Some(whole) = self.whole.get_mut(node) {
                *whole = to.max(*whole);
            }
            return;
        }
        let middle = usize::midpoint(here.0, here.1);
        self.raise(2 * node, (here.0, middle), asked, to);
        self.raise(2 * node + 1, (middle, here.1), asked, to);
    }
}

fn points(span: Span) -> (u64, u64) {
    let (start, end) = (2 * u64::from(span.start.0), 2 * u64::from(span.end.0));
    if span.is_empty() { (start, start) } else { (start + 1, end - 1) }
}

/// Which of the spans stay if no more than `deepest` may lie over any place: where there are more, the longest go.
/// Costs n log n.
pub fn thinned(spans: &[Span], deepest: usize) -> Vec<bool> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|i| spans.get(*i).map(|s| s.start));
    let mut stays = vec![true; spans.len()];
    // Those that are open, by their length and by their end.
    let mut by_length: BTreeSet<(u32, usize)> = BTreeSet::new();
    let mut by_end: BTreeSet<(u32, usize)> = BTreeSet::new();
    for i in order {
        let Some(span) = spans.get(i).copied() else { continue };
        while let Some((end, gone)) = by_end.first().copied().filter(|(end, _)| *end <= span.start.0) {
            by_end.remove(&(end, gone));
            by_length.remove(&(spans.get(gone).map_or(0, |s| s.len()), gone));
        }
        by_length.insert((span.len(), i));
        by_end.insert((span.end.0, i));
        if by_length.len() > deepest
            && let Some((_, longest)) = by_length.pop_last()
        {
            by_end.remove(&(spans.get(longest).map_or(0, |s| s.end.0), longest));
            if let Some(stays) = stays.get_mut(longest) {
                *stays = false;
            }
        }
    }
    stays
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As it is said, without any haste.
    fn plainly(spans: &[Span]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..spans.len()).collect();
        order.sort_by_key(|i| (spans[*i].len(), spans[*i].start));
        let mut lanes = vec![0; spans.len()];
        let mut placed: Vec<(Span, usize)> = Vec::new();
        for i in order {
            let below = placed.iter().filter(|(other, _)| other.overlaps(spans[i])).map(|(_, lane)| lane + 1);
            lanes[i] = below.max().unwrap_or(0);
            placed.push((spans[i], lanes[i]));
        }
        lanes
    }

    #[test]
    fn a_million_on_one_character_take_no_time() {
        let spans = vec![Span::of(3, 4); 1_000_000];
        let lanes = assign_lanes(&spans);
        assert_eq!(lanes.iter().max(), Some(&999_999));
        let stays = thinned(&spans, 40);
        assert_eq!(stays.iter().filter(|stays| **stays).count(), 40);
    }

    proptest! {
        #[test]
        fn lanes_are_those_of_the_plain_search(list in prop::collection::vec((0u32..60, 0u32..30), 0..60)) {
            let spans: Vec<Span> = list.iter().map(|(start, len)| Span::of(*start, start + len)).collect();
            prop_assert_eq!(assign_lanes(&spans), plainly(&spans));
        }

        /// Nowhere lie more than are allowed; where no more lie, nothing goes.
        #[test]
        fn thinning_keeps_as_many_as_it_may(list in prop::collection::vec((0u32..40, 1u32..20), 0..60), deepest in 1usize..6) {
            let spans: Vec<Span> = list.iter().map(|(start, len)| Span::of(*start, start + len)).collect();
            let stays = thinned(&spans, deepest);
            let depth = |at: u32, kept: bool| {
                let over = spans.iter().zip(&stays).filter(|(s, _)| s.start.0 <= at && at < s.end.0);
                over.filter(|(_, stays)| !kept || **stays).count()
            };
            for at in 0..60 {
                prop_assert!(depth(at, true) <= deepest);
            }
            if (0..60).all(|at| depth(at, false) <= deepest) {
                prop_assert!(stays.iter().all(|stays| *stays));
            }
        }
    }
}
