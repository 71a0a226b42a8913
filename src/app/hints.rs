//! Hint letters: which keys stand for which annotation while one is to be chosen.

/// Letters under the fingers first. `i` is left out: it means *implicit*.
const LETTERS: &[char] = &[
    'j', 'f', 'k', 'd', 'l', 's', 'a', 'g', 'h', 'u', 'r', 'e', 'o', 'w', 'n', 'v', 'm', 'c', 'p', 't', 'y', 'b', 'x',
    'z', 'q',
];

/// A code of one or two letters for each of `count` things, those of one letter first; no code is the beginning of
/// another. As few letters as possible begin a pair.
pub fn codes(count: usize) -> Vec<String> {
    let all = LETTERS.len();
    let pairing = count.saturating_sub(all).div_ceil(all - 1).min(all);
    let (singles, firsts) = LETTERS.split_at(all - pairing);
    let pairs = firsts.iter().flat_map(|first| LETTERS.iter().map(move |second| format!("{first}{second}")));
    singles.iter().map(char::to_string).chain(pairs).take(count).collect()
}

/// A code for each thing, in their order: one letter for the nearest, two for those that are left. `distances` says how
/// far each is from where the hands are.
pub fn codes_by_distance(distances: &[u32]) -> Vec<String> {
    let codes = codes(distances.len());
    let singles = codes.iter().take_while(|code| code.len() == 1).count();
    let mut nearest: Vec<usize> = (0..distances.len()).collect();
    nearest.sort_by_key(|i| distances.get(*i));
    let mut is_near = vec![false; distances.len()];
    for i in nearest.into_iter().take(singles) {
        if let Some(near) = is_near.get_mut(i) {
            *near = true;
        }
    }
    let (mut single, mut pair) = (codes.iter().take(singles), codes.iter().skip(singles));
    let code = |near: bool| if near { single.next() } else { pair.next() };
    is_near.into_iter().map(code).map_while(Option::<&String>::cloned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_distinct_and_prefix_free() {
        for count in [0, 1, 25, 26, 300] {
            let all = codes(count);
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), count);
            assert!(all.iter().all(|a| all.iter().all(|b| a == b || !b.starts_with(a.as_str()))));
            assert!(all.iter().all(|code| !code.contains('i')));
        }
        assert_eq!(codes(26).iter().filter(|code| code.len() == 2).count(), 2, "one letter serves for a pair");
    }

    #[test]
    fn the_nearest_have_one_letter_and_all_go_in_the_order_of_the_text() {
        let distances: Vec<u32> = (0..30u32).map(|i| i.abs_diff(20)).collect();
        let codes = codes_by_distance(&distances);
        assert_eq!(codes.len(), 30);
        assert!(codes[..5].iter().all(|code| code.len() == 2), "{codes:?}");
        assert_eq!((codes[6].as_str(), codes[7].as_str(), codes[20].len()), ("j", "f", 1));
        assert_eq!(codes_by_distance(&distances[..3]), ["j", "f", "k"]);
    }
}
