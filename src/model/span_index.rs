//! Finds annotations by place.
//!
//! The text is cut into buckets of [`BUCKET`] bytes; each holds the anchors that touch it. Anchors longer than
//! [`LONG`] buckets are kept in one short list instead, so that a quote over the whole article does not fill
//! every bucket. Adding, removing and asking cost what is touched, not what the document holds.

use imbl::Vector;

use super::Id;
use super::annotation::{Annotation, Part};
use crate::text::{BytePos, Span};

const BUCKET: u32 = 512;
const LONG: u32 = 64;

/// One span of one annotation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchor {
    /// Where it is.
    pub span: Span,
    /// Which part of the annotation it is.
    pub part: Part,
    /// Whose part.
    pub id: Id,
}

/// An [`Anchor`] in three quarters of its bytes: in a bucket it is not long.
#[derive(Clone, Debug)]
struct Near {
    id: Id,
    start: BytePos,
    len: u16,
    part: Part,
}

impl Near {
    fn span(&self) -> Span {
        Span { start: self.start, end: self.start.plus(self.len.into()) }
    }

    fn seen(&self) -> Seen<'_> {
        (self.span(), self.part, &self.id)
    }
}

/// What an [`Anchor`] holds.
type Seen<'a> = (Span, Part, &'a Id);

fn anchor((span, part, id): Seen<'_>) -> Anchor {
    Anchor { span, part, id: id.clone() }
}

/// All anchors of a document by place.
#[derive(Clone, Debug, Default)]
pub struct SpanIndex {
    /// Copies of a document share the buckets that neither has changed.
    buckets: Vector<Vec<Near>>,
    long: Vec<Anchor>,
}

/// Anchors that a bucket gets room for at once, and the part of it that it grows by, if that is more: doubling it would
/// leave a quarter of a million anchors' room unused.
const ROOM: usize = 4;
const GROWTH: usize = 8;

impl SpanIndex {
    /// Adds all anchors of an annotation.
    pub fn insert<A: Annotation>(&mut self, annotation: &A) {
        for (part, span) in annotation.anchors() {
            let id = annotation.id();
            let (first, last) = Self::buckets_of(span);
            let len = u16::try_from(span.len()).ok().filter(|_| last - first < LONG);
            let Some(len) = len else {
                self.long.push(anchor((span, part, id)));
                continue;
            };
            while self.buckets.len() <= last as usize {
                self.buckets.push_back(Vec::new());
            }
            for bucket in first..=last {
                if let Some(bucket) = self.buckets.get_mut(bucket as usize) {
                    if bucket.len() == bucket.capacity() {
                        bucket.reserve_exact(ROOM.max(bucket.len() / GROWTH));
                    }
                    bucket.push(Near { id: id.clone(), start: span.start, len, part });
                }
            }
        }
    }

    /// Takes out all anchors of an annotation; it must be as it was when inserted.
    pub fn remove<A: Annotation>(&mut self, annotation: &A) {
        let id = annotation.id();
        for (_, span) in annotation.anchors() {
            let (first, last) = Self::buckets_of(span);
            if last - first >= LONG {
                self.long.retain(|a| &a.id != id);
            } else {
                for bucket in first..=last {
                    if let Some(bucket) = self.buckets.get_mut(bucket as usize) {
                        bucket.retain(|a| &a.id != id);
                    }
                }
            }
        }
    }

    /// The anchors that share a byte with `span`, or lie empty inside or at its edge; sorted, each once.
    pub fn touching(&self, span: Span) -> Vec<Anchor> {
        let near = self.near(span).flat_map(|(_, bucket)| bucket).map(Near::seen);
        let all = near.chain(self.long_ones()).filter(|(place, ..)| touches(*place, span));
        let mut found: Vec<Anchor> = all.map(anchor).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// As [`Self::touching`], but of more than `most` anchors only the shortest, and those of `kept`; each of the others is
    /// counted. Costs what is touched, without a copy of what is counted.
    pub fn crowd(&self, span: Span, most: usize, kept: Option<&Id>, count: &mut dyn FnMut(Span)) -> Vec<Anchor> {
        let (first, _) = Self::buckets_of(span);
        if self.near(span).map(|(_, bucket)| bucket.len()).sum::<usize>() + self.long.len() <= most {
            return self.touching(span);
        }
        // An anchor stands in several buckets; it counts in the first that is looked into.
        let is_first = |bucket: u32, near: &Near| (Self::buckets_of(near.span()).0).max(first) == bucket;
        let near = self.near(span).flat_map(|(i, bucket)| bucket.iter().filter(move |near| is_first(i, near)));
        let all = near.map(Near::seen).chain(self.long_ones());
        let mut found: Vec<Seen<'_>> = all.filter(|(place, ..)| touches(*place, span)).collect();
        if found.len() > most {
            found.select_nth_unstable_by_key(most, |(place, ..)| (place.len(), place.start));
            for (place, ..) in found.get(most..).unwrap_or_default().iter().filter(|(.., id)| kept != Some(*id)) {
                count(*place);
            }
        }
        let is_kept = |(n, (.., id)): &(usize, Seen<'_>)| *n < most || kept == Some(*id);
        let mut found: Vec<Anchor> = found.into_iter().enumerate().filter(is_kept).map(|(_, a)| anchor(a)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn long_ones(&self) -> impl Iterator<Item = Seen<'_>> {
        self.long.iter().map(|a| (a.span, a.part, &a.id))
    }

    /// The buckets that a span touches, with their numbers.
    fn near(&self, span: Span) -> impl Iterator<Item = (u32, &Vec<Near>)> {
        let (first, last) = Self::buckets_of(span);
        // Beyond the last one there is none; a span may reach far.
        let last = last.min(u32::try_from(self.buckets.len()).unwrap_or(u32::MAX));
        (first..=last).filter_map(|i| Some((i, self.buckets.get(i as usize)?)))
    }

    fn buckets_of(span: Span) -> (u32, u32) {
        // The bucket of the end itself too: an empty anchor may stand there.
        (span.start.0 / BUCKET, span.end.0 / BUCKET)
    }
}

fn touches(anchor: Span, span: Span) -> bool {
    if anchor.is_empty() || span.is_empty() {
        anchor.start <= span.end && span.start <= anchor.end
    } else {
        anchor.overlaps(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::mention;
    use proptest::prelude::*;

    proptest! {
        /// The index answers as a plain search over the list does, also after removals.
        #[test]
        fn answers_like_a_plain_search(
            spans in proptest::collection::vec((0u32..60_000, 0u32..50_000, 0u32..300), 0..40),
            query in (0u32..70_000, 0u32..3_000),
            removed in 0usize..20,
        ) {
            let mentions: Vec<_> = spans.iter().enumerate().map(|(i, (start, long, short))| {
                let length = if i % 5 == 0 { *long } else { *short };
                mention(&format!("m{i}"), "Person", &[(*start, start + length)])
            }).collect();
            let mut index = SpanIndex::default();
            for m in &mentions {
                index.insert(m);
            }
            for m in mentions.iter().take(removed) {
                index.remove(m);
            }
            let query = Span::of(query.0, query.0 + query.1);
            let mut expected: Vec<Anchor> = mentions.iter().skip(removed)
                .flat_map(|m| m.anchors().into_iter().map(|(part, span)| Anchor { span, part, id: m.id.clone() }))
                .filter(|a| touches(a.span, query)).collect();
            expected.sort_unstable();
            prop_assert_eq!(index.touching(query), expected.clone());
            // All of them, if there is room; else the shortest, and the others are counted.
            prop_assert_eq!(index.crowd(query, 1000, None, &mut |_| ()), expected.clone());
            for most in [0, 1, 5] {
                let mut counted = 0;
                let shortest = index.crowd(query, most, None, &mut |_| counted += 1);
                prop_assert_eq!(shortest.len() + counted, expected.len());
                let longest = shortest.iter().map(|a| a.span.len()).max().unwrap_or(0);
                prop_assert!(expected.iter().filter(|a| !shortest.contains(a)).all(|a| a.span.len() >= longest));
                prop_assert!(counted == 0 || shortest.len() == most);
            }
        }
    }
}
