//! What became of a name: a guess by what else is the same.

use std::collections::BTreeSet;

/// Something with a name, and what may tell that it is the same under another name.
pub struct Candidate {
    pub name: String,
    /// What is compared, how much it says, and its value; an empty one says nothing.
    pub traits: Vec<(&'static str, u32, String)>,
}

/// A name that became another one, and why that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    pub from: String,
    pub to: String,
    pub because: Vec<String>,
}

/// So much must be the same.
const ENOUGH: u32 = 3;

/// Which of the names that are gone became which of the new ones; each at most once, the likeliest first.
pub fn renamed(before: &[Candidate], after: &[Candidate]) -> Vec<Guess> {
    let names = |list: &[Candidate]| list.iter().map(|c| c.name.clone()).collect::<BTreeSet<_>>();
    let (old, new) = (names(before), names(after));
    let gone: Vec<(usize, &Candidate)> = before.iter().enumerate().filter(|(_, c)| !new.contains(&c.name)).collect();
    let come: Vec<(usize, &Candidate)> = after.iter().enumerate().filter(|(_, c)| !old.contains(&c.name)).collect();
    let is_only = gone.len() == 1 && come.len() == 1 && before.len() == after.len();
    let mut pairs = Vec::new();
    for (was_at, was) in &gone {
        for (is_at, is) in &come {
            let mut score = 0;
            let mut because = Vec::new();
            for (what, weight, value) in &was.traits {
                let is_same = |(other, _, same): &&(&str, u32, String)| other == what && same == value;
                if !value.is_empty() && is.traits.iter().any(|other| is_same(&other)) {
                    score += weight;
                    because.push(format!("same {what}"));
                }
            }
            if is_similar(&was.name, &is.name) {
                score += 2;
                because.push("similar name".to_owned());
            }
            if was_at == is_at {
                score += if is_only { 3 } else { 1 };
                because.push("same place".to_owned());
            }
            if score >= ENOUGH {
                pairs.push((score, *was_at, *is_at, because));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let (mut used, mut given) = (BTreeSet::new(), BTreeSet::new());
    let mut guesses = Vec::new();
    for (_, was_at, is_at, because) in pairs {
        if !used.contains(&was_at) && !given.contains(&is_at) {
            used.insert(was_at);
            given.insert(is_at);
            guesses.push(Guess { from: before[was_at].name.clone(), to: after[is_at].name.clone(), because });
        }
    }
    guesses.sort_by_key(|guess| before.iter().position(|c| c.name == guess.from));
    guesses
}

/// Whether they differ in case and punctuation only, or one is a part of the other.
fn is_similar(a: &str, b: &str) -> bool {
    let plain =
        |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (a, b) = (plain(a), plain(b));
    let shorter = a.chars().count().min(b.chars().count());
    shorter > 0 && (a == b || (shorter >= 4 && (a.contains(&b) || b.contains(&a))))
}
