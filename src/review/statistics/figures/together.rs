//! Entities that occur together, in the same document and in the same sentence.
//!
//! Beside the counts stands the Jaccard index: of the documents (sentences) with either entity, the share with both. It
//! is between 0 and 1, can be said in one sentence, and does not rise to its highest for two names that stand together
//! once and nowhere else only because they are rare, as pointwise mutual information does.
//!
//! Pairs are counted among the entities that are in most documents; a pair is in no more documents than the rarer of
//! its two, so what is listed by documents is what there is unless [`Together::is_complete`] says otherwise.

use std::cmp::Reverse;

use serde::Serialize;

use super::{Chosen, Names, Who};
use crate::limits;

/// Two entities.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairRow {
    /// The one whose name comes first.
    pub a: Who,
    /// The other.
    pub b: Who,
    /// Sentences with both.
    pub sentences: u32,
    /// Of the sentences with either, the share with both.
    pub jaccard_sentences: f64,
    /// Documents with both; the work of two annotators counts twice.
    pub documents: u32,
    /// Of the documents with either, the share with both.
    pub jaccard_documents: f64,
}

/// Entities together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Together {
    /// The pairs with most sentences and those with most documents; most sentences first.
    pub pairs: Vec<PairRow>,
    /// Entities in all.
    pub entities: usize,
    /// Whether no pair with an entity that was left out could stand in the list by documents.
    pub is_complete: bool,
}

/// Counts of pairs of small numbers, `a < b`.
struct Pairs {
    size: usize,
    counts: Vec<u32>,
}

impl Pairs {
    fn new(size: usize) -> Self {
        Self { size, counts: vec![0; size * size.saturating_sub(1) / 2] }
    }

    /// Where a pair stands: row by row, each from the diagonal on.
    fn place(&self, a: usize, b: usize) -> usize {
        a * (2 * self.size - a - 1) / 2 + (b - a - 1)
    }

    fn get(&self, a: usize, b: usize) -> u32 {
        self.counts.get(self.place(a, b)).copied().unwrap_or_default()
    }

    /// Counts every pair of sorted numbers that differ.
    fn add_all(&mut self, sorted: &[usize]) {
        for (nth, a) in sorted.iter().enumerate() {
            for b in sorted.iter().skip(nth + 1) {
                let place = self.place(*a, *b);
                if let Some(count) = self.counts.get_mut(place) {
                    *count += 1;
                }
            }
        }
    }

    /// The pairs that occur most often, at least once.
    fn top(&self, top: usize) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        for a in 0..self.size {
            for b in a + 1..self.size {
                let count = self.get(a, b);
                if count > 0 {
                    all.push((Reverse(count), a, b));
                }
            }
        }
        all.sort_unstable();
        all.into_iter().take(top).map(|(_, a, b)| (a, b)).collect()
    }
}

pub(super) fn count(chosen: &Chosen<'_>, names: &Names<'_>, top: usize) -> Together {
    let entities = &chosen.statistics.pools.entities;
    // Documents and sentences of each.
    let mut alone = vec![(0u32, 0u32); entities.count()];
    for present in chosen.layers.iter().flat_map(|layer| &layer.present) {
        if let Some((documents, sentences)) = alone.get_mut(present.entity as usize) {
            *documents += 1;
            *sentences += present.sentences;
        }
    }
    let mut order: Vec<u32> = (0..).zip(&alone).filter(|(_, (documents, _))| *documents > 0).map(|(n, _)| n).collect();
    let of = |entity: u32| alone.get(entity as usize).copied().unwrap_or_default();
    order.sort_by(|a, b| of(*b).cmp(&of(*a)).then_with(|| entities.get(*a).cmp(&entities.get(*b))));
    let present = order.len();
    let next = order.get(limits::ENTITIES_PAIRED).map_or(0, |entity| of(*entity).0);
    order.truncate(limits::ENTITIES_PAIRED);
    let mut ranks: Vec<Option<usize>> = vec![None; entities.count()];
    for (rank, entity) in order.iter().enumerate() {
        if let Some(slot) = ranks.get_mut(*entity as usize) {
            *slot = Some(rank);
        }
    }
    let rank = |entity: u32| ranks.get(entity as usize).copied().flatten();

    let (mut in_documents, mut in_sentences) = (Pairs::new(order.len()), Pairs::new(order.len()));
    let mut numbers = Vec::new();
    for layer in &chosen.layers {
        numbers.clear();
        numbers.extend(layer.present.iter().filter_map(|present| rank(present.entity)));
        numbers.sort_unstable();
        in_documents.add_all(&numbers);
        for sentence in layer.together.iter() {
            numbers.clear();
            numbers.extend(sentence.iter().filter_map(|entity| rank(*entity)));
            numbers.sort_unstable();
            in_sentences.add_all(&numbers);
        }
    }
    let by_documents = in_documents.top(top);
    let least = by_documents.last().map_or(0, |(a, b)| in_documents.get(*a, *b));
    let is_complete = next == 0 || (by_documents.len() == top && least > next);
    let mut wanted = in_sentences.top(top);
    wanted.extend(by_documents);
    wanted.sort_unstable();
    wanted.dedup();
    let share = |both: u32, a: u32, b: u32| {
        let either = f64::from(a) + f64::from(b) - f64::from(both);
        if either > 0.0 { f64::from(both) / either } else { 0.0 }
    };
    let mut pairs: Vec<PairRow> = wanted
        .into_iter()
        .filter_map(|(a, b)| {
            let (sentences, documents) = (in_sentences.get(a, b), in_documents.get(a, b));
            let (a, b) = (*order.get(a)?, *order.get(b)?);
            let jaccard_documents = share(documents, of(a).0, of(b).0);
            let jaccard_sentences = share(sentences, of(a).1, of(b).1);
            let (mut a, mut b) = (names.who(a), names.who(b));
            if (&a.name, &a.r#type, &a.link) > (&b.name, &b.r#type, &b.link) {
                std::mem::swap(&mut a, &mut b);
            }
            Some(PairRow { a, b, sentences, jaccard_sentences, documents, jaccard_documents })
        })
        .collect();
    pairs.sort_by(|x, y| {
        let size = (y.sentences, y.documents).cmp(&(x.sentences, x.documents));
        size.then_with(|| (&x.a.name, &x.b.name, &x.a.r#type).cmp(&(&y.a.name, &y.b.name, &y.a.r#type)))
    });
    Together { pairs, entities: present, is_complete }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_a_place_of_its_own() {
        let mut pairs = Pairs::new(7);
        pairs.add_all(&[0, 1, 2, 3, 4, 5, 6]);
        pairs.add_all(&[2, 6]);
        assert!(pairs.counts.iter().all(|count| (1..=2).contains(count)), "{:?}", pairs.counts);
        assert_eq!(pairs.get(2, 6), 2);
        assert_eq!(pairs.top(1), [(2, 6)]);
        assert_eq!(Pairs::new(0).top(3), []);
    }
}
