//! Lanes: how overlapping spans are stacked under a line, on the screen and on pages that are written.

use crate::text::Span;

/// The lane of each span: 0 is next to the text. A span lies below every shorter one that it overlaps, so the
/// longest is outermost and no two that overlap share a lane.
pub fn assign_lanes(spans: &[Span]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|i| spans.get(*i).map(|s| (s.len(), s.start)));
    let mut lanes = vec![0; spans.len()];
    let mut placed: Vec<(Span, usize)> = Vec::with_capacity(spans.len());
    for i in order {
        let Some(span) = spans.get(i).copied() else {
            continue;
        };
        let lane = placed.iter().filter(|(other, _)| other.overlaps(span)).map(|(_, lane)| lane + 1).max().unwrap_or(0);
        placed.push((span, lane));
        if let Some(slot) = lanes.get_mut(i) {
            *slot = lane;
        }
    }
    lanes
}
