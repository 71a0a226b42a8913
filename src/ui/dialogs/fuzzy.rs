//! How well a name fits what was typed.
//!
//! Every word that was typed must fit somewhere; the better the place, the higher the score: the start of the name,
//! the start of one of its words, inside it, its letters with gaps, and last the explanation. Case is ignored.

/// What is searched: prepared once, since it is compared with every query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Haystack {
    name: Vec<char>,
    /// Whether a word of the name begins here: after a space, or a capital after a small letter.
    starts: Vec<bool>,
    /// In small letters.
    explanation: String,
}

impl Haystack {
    /// A name, and what explains it.
    pub fn new(name: &str, explanation: &str) -> Self {
        let mut chars = Vec::new();
        let mut starts = Vec::new();
        let mut before = ' ';
        for c in name.chars() {
            let is_start =
                c.is_alphanumeric() && (!before.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()));
            for (i, lower) in c.to_lowercase().enumerate() {
                chars.push(lower);
                starts.push(is_start && i == 0);
            }
            before = c;
        }
        Self { name: chars, starts, explanation: explanation.to_lowercase() }
    }

    /// How well it fits: higher is better; `None` if it does not. Everything fits an empty query.
    pub fn score(&self, query: &str) -> Option<u32> {
        query.split_whitespace().map(|word| self.score_word(&word.to_lowercase())).sum()
    }

    fn score_word(&self, word: &str) -> Option<u32> {
        let letters: Vec<char> = word.chars().collect();
        // Of names that fit in the same way, the shorter one is more of a match.
        let shortness = 20u32.saturating_sub(self.name.len() as u32);
        let places =
            self.name.windows(letters.len().max(1)).enumerate().filter(|(_, part)| *part == letters.as_slice());
        let best = places.map(|(at, _)| {
            if at == 0 {
                400
            } else if self.starts.get(at) == Some(&true) {
                300
            } else {
                200
            }
        });
        if let Some(best) = best.max() {
            let is_whole = self.name.len() == letters.len();
            return Some(best + shortness + if is_whole { 100 } else { 0 });
        }
        if let Some(on_starts) = self.with_gaps(&letters) {
            return Some(100 + 10 * on_starts.min(8) + shortness);
        }
        if self.explanation.split(|c: char| !c.is_alphanumeric()).any(|known| known.starts_with(word)) {
            return Some(60);
        }
        (letters.len() > 2 && self.explanation.contains(word)).then_some(40)
    }

    /// Whether the letters occur in this order, the first one at the start of a word; how many stand at such starts.
    fn with_gaps(&self, letters: &[char]) -> Option<u32> {
        let first = *letters.first()?;
        let from =
            (0..self.name.len()).find(|i| self.starts.get(*i) == Some(&true) && self.name.get(*i) == Some(&first))?;
        let mut on_starts = 1;
        let mut at = from + 1;
        for letter in letters.iter().skip(1) {
            let is_here = |i: &usize| self.name.get(*i) == Some(letter);
            let at_start = (at..self.name.len()).find(|i| is_here(i) && self.starts.get(*i) == Some(&true));
            // Going on without a gap is as good as the start of a word.
            let next = Some(at).filter(is_here).or(at_start).or_else(|| (at..self.name.len()).find(is_here))?;
            on_starts += u32::from(next == at || Some(next) == at_start);
            at = next + 1;
        }
        Some(on_starts)
    }
}

/// The numbers of what fits, best first; of those that fit equally, in their order.
pub fn rank(all: &[Haystack], query: &str) -> Vec<usize> {
    let mut hits: Vec<(u32, usize)> =
        all.iter().enumerate().filter_map(|(i, known)| Some((known.score(query)?, i))).collect();
    hits.sort_by_key(|(score, i)| (std::cmp::Reverse(*score), *i));
    hits.into_iter().map(|(_, i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranked<'a>(names: &[&'a str], query: &str) -> Vec<&'a str> {
        let all: Vec<Haystack> = names.iter().map(|name| Haystack::new(name, "")).collect();
        rank(&all, query).into_iter().map(|i| names[i]).collect()
    }

    #[test]
    fn the_start_of_the_name_comes_before_the_start_of_a_word_before_the_middle() {
        assert_eq!(ranked(&["Compass", "Save as", "Assault"], "as"), ["Assault", "Save as", "Compass"]);
        assert_eq!(ranked(&["Person group", "Person"], "person"), ["Person", "Person group"]);
    }

    #[test]
    fn letters_with_gaps_fit_best_at_the_starts_of_words() {
        assert_eq!(ranked(&["Save as…", "Select all", "Side panel"], "sa"), ["Save as…", "Select all", "Side panel"]);
        assert_eq!(ranked(&["EngageInCooperation", "Encourage"], "eic"), ["EngageInCooperation"]);
        assert_eq!(ranked(&["Organization"], "ogz"), ["Organization"]);
    }

    #[test]
    fn every_word_must_fit_and_their_order_does_not_matter() {
        assert_eq!(ranked(&["List of events", "List of quotes"], "event list"), ["List of events"]);
        assert!(ranked(&["Person"], "person xyz").is_empty());
    }

    #[test]
    fn the_explanation_counts_less_than_the_name() {
        let all = [Haystack::new("Protest", "People march"), Haystack::new("March", "")];
        assert_eq!(rank(&all, "march"), [1, 0]);
        assert_eq!(rank(&all, "peop"), [0]);
    }

    #[test]
    fn everything_fits_nothing_in_its_order() {
        assert_eq!(ranked(&["b", "a"], " "), ["b", "a"]);
    }

    proptest! {
        #[test]
        fn a_name_fits_itself(name in "\\PC{1,24}") {
            prop_assert!(Haystack::new(&name, "").score(&name).is_some(), "{:?}", name);
        }
    }
}
