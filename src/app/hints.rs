//! Hint letters: which keys stand for which annotation while one is to be chosen.

/// Letters under the fingers first. `i` is left out: it means *implicit*.
const LETTERS: &[char] = &[
    'j', 'f', 'k', 'd', 'l', 's', 'a', 'g', 'h', 'u', 'r', 'e', 'o', 'w', 'n', 'v', 'm', 'c', 'p', 't', 'y', 'b', 'x',
    'z', 'q',
];

/// One or two letters for each of `count` things; no code is the beginning of another.
pub fn codes(count: usize) -> Vec<String> {
    if count <= LETTERS.len() {
        return LETTERS.iter().take(count).map(char::to_string).collect();
    }
    let pairs = LETTERS.iter().flat_map(|first| LETTERS.iter().map(move |second| format!("{first}{second}")));
    pairs.take(count).collect()
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
    }
}
