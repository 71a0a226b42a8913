//! Events that are arguments of events.

use std::collections::BTreeSet;

/// Numbers in an order in which each comes after all that it refers to, and those for which there is none since they refer
/// to each other in a circle, or to such. `references` lists for each number what it refers to; numbers that are not there
/// are passed over.
pub fn in_order(references: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    let mut waiting_for: Vec<BTreeSet<usize>> =
        references.iter().map(|to| to.iter().copied().filter(|n| *n < references.len()).collect()).collect();
    let mut referring: Vec<Vec<usize>> = vec![Vec::new(); references.len()];
    for (from, all) in waiting_for.iter().enumerate() {
        for to in all {
            if let Some(list) = referring.get_mut(*to) {
                list.push(from);
            }
        }
    }
    let mut ready: BTreeSet<usize> =
        waiting_for.iter().enumerate().filter(|(_, all)| all.is_empty()).map(|(n, _)| n).collect();
    let mut order = Vec::new();
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for from in referring.get(next).into_iter().flatten() {
            if let Some(all) = waiting_for.get_mut(*from) {
                all.remove(&next);
                if all.is_empty() {
                    ready.insert(*from);
                }
            }
        }
    }
    let circular = waiting_for.iter().enumerate().filter(|(_, all)| !all.is_empty()).map(|(n, _)| n).collect();
    (order, circular)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_referred_to_comes_first_and_circles_are_found() {
        assert_eq!(in_order(&[vec![2], vec![], vec![1]]), (vec![1, 2, 0], vec![]));
        assert_eq!(in_order(&[vec![1], vec![0], vec![], vec![3]]), (vec![2], vec![0, 1, 3]));
    }
}
