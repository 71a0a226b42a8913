//! Stacks overlapping marks in lanes under a row, and packs their tags side by side.
//!
//! Pure geometry: spans in, lanes out; widths in, positions out.

pub use crate::model::lanes::assign_lanes;

/// Lanes that are drawn; what would need a deeper one is counted in a badge.
pub const MAX_LANES: usize = 3;

/// What a tag asks for, in points along the row.
#[derive(Clone, Copy, Debug)]
pub struct TagRequest {
    /// Where its mark begins in this row.
    pub left: f32,
    /// Where its mark ends in this row.
    pub right: f32,
    /// How wide the tag is.
    pub width: f32,
}

/// Places tags left to right without overlap: at the start of the mark; further right if that is taken, as long
/// as the tag still begins under its mark; otherwise nowhere. `requests` must be sorted by `left`.
pub fn pack_tags(requests: &[TagRequest], gap: f32, limit: f32) -> Vec<Option<f32>> {
    let mut free_from = f32::NEG_INFINITY;
    let place = |request: &TagRequest| {
        // At the end of the row a tag may lean left rather than leave the page.
        let wanted = request.left.min(limit - request.width);
        let at = wanted.max(free_from);
        let is_under = at <= request.left || at <= request.right - 4.0;
        if !is_under || at + request.width > limit + 0.01 {
            return None;
        }
        free_from = at + request.width + gap;
        Some(at)
    };
    requests.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use proptest::prelude::*;

    #[test]
    fn the_longest_is_outermost() {
        let spans = [Span::of(0, 30), Span::of(0, 4), Span::of(10, 20), Span::of(15, 25)];
        assert_eq!(assign_lanes(&spans), [2, 0, 0, 1]);
    }

    proptest! {
        /// No two spans that overlap share a lane, and of two nested ones the longer is further out.
        #[test]
        fn lanes_keep_overlapping_spans_apart(list in prop::collection::vec((0u32..200, 1u32..60), 0..60)) {
            let spans: Vec<Span> = list.iter().map(|(start, len)| Span::of(*start, start + len)).collect();
            let lanes = assign_lanes(&spans);
            for i in 0..spans.len() {
                for j in 0..i {
                    if spans[i].overlaps(spans[j]) {
                        prop_assert_ne!(lanes[i], lanes[j]);
                        if spans[i].len() != spans[j].len() {
                            prop_assert_eq!(spans[i].len() > spans[j].len(), lanes[i] > lanes[j]);
                        }
                    }
                }
            }
        }

        /// Tags never overlap, never leave the row, and begin under their mark unless they lean left at its end.
        #[test]
        fn tags_never_overlap(mut list in prop::collection::vec((0.0f32..500.0, 2.0f32..200.0, 5.0f32..120.0), 0..40)) {
            list.sort_by(|a, b| a.0.total_cmp(&b.0));
            let requests: Vec<TagRequest> =
                list.iter().map(|(left, long, width)| TagRequest { left: *left, right: left + long, width: *width }).collect();
            let placed = pack_tags(&requests, 3.0, 620.0);
            let mut end = f32::NEG_INFINITY;
            for (request, at) in requests.iter().zip(placed) {
                let Some(at) = at else { continue };
                prop_assert!(at >= end + 3.0 || end == f32::NEG_INFINITY);
                prop_assert!(at + request.width <= 620.1);
                prop_assert!(at < request.right);
                end = at + request.width;
            }
        }
    }
}
