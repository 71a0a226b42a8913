//! Which documents go into which part of a dataset: drawn by a seed, whole documents only, and so that each label is
//! spread over the parts in the proportion that was asked for.
//!
//! The order of the draw is a hash of the seed and the document's text: the same documents are split in the same way in
//! whatever order they are given. Documents of the same text (of two annotators, or copies) stay together, so that
//! nothing that is tested on was trained on.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::model::{Document, Status};
use crate::text::hex;

/// How often each label occurs.
pub type Labels = BTreeMap<String, usize>;

/// Names of two or three parts.
const NAMES: [&str; 3] = ["train", "dev", "test"];

/// The parts of a dataset and their shares.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts(Vec<(String, f64)>);

/// Train, dev and test as `80/10/10`.
impl Default for Parts {
    fn default() -> Self {
        Self(NAMES.iter().zip([0.8, 0.1, 0.1]).map(|(name, share)| ((*name).to_owned(), share)).collect())
    }
}

impl Parts {
    /// Reads `80/10/10` (train, dev, test), `80/20` (train, test) or `train=70/held=30`.
    ///
    /// # Errors
    /// In words, if it cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no split; write it as 80/10/10 or train=80/test=20");
        let given: Vec<&str> = text.split('/').map(str::trim).collect();
        let names = match given.len() {
            2 => vec![NAMES[0], NAMES[2]],
            3 => NAMES.to_vec(),
            _ => Vec::new(),
        };
        let mut parts: Vec<(String, f64)> = Vec::new();
        for (i, part) in given.iter().enumerate() {
            let (name, share) = match part.split_once('=') {
                Some((name, share)) => (name.trim(), share.trim()),
                None => (names.get(i).copied().ok_or_else(wrong)?, *part),
            };
            let share: f64 = share.trim_end_matches('%').parse().map_err(|_| wrong())?;
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
            if !is_name || !share.is_finite() || share <= 0.0 || parts.iter().any(|(known, _)| known == name) {
                return Err(wrong());
            }
            parts.push((name.to_owned(), share));
        }
        let total: f64 = parts.iter().map(|(_, share)| share).sum();
        for (_, share) in &mut parts {
            *share /= total;
        }
        if parts.len() < 2 { Err(wrong()) } else { Ok(Self(parts)) }
    }

    /// The names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The shares, which make up 1, in the order of the names.
    pub fn shares(&self) -> impl Iterator<Item = f64> {
        self.0.iter().map(|(_, share)| *share)
    }
}

/// What is spread evenly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Stratify {
    /// Every label, type and kind of quote.
    #[default]
    Label,
    /// Mentions, events, quotes and relations as such.
    Kind,
    /// The status of documents.
    Status,
    /// Nothing: documents are counted only.
    None,
}

impl Stratify {
    /// What of a document is counted.
    pub fn labels(self, document: &Document) -> Labels {
        let mut counts = Labels::new();
        for (label, count) in labels_of(document) {
            if let Some(stratum) = self.of_label(&label) {
                *counts.entry(stratum.to_owned()).or_default() += count;
            }
        }
        counts.extend(self.of_status(document.header().status).map(|status| (status.to_owned(), 1)));
        counts
    }

    /// What an annotation with this label, as `mention:Person`, is counted as; `None` if labels are not counted.
    pub fn of_label(self, label: &str) -> Option<&str> {
        match self {
            Self::Label => Some(label),
            Self::Kind => label.split(':').next(),
            Self::Status | Self::None => None,
        }
    }

    /// What a document of this status is counted as; `None` if statuses are not counted.
    pub fn of_status(self, status: Status) -> Option<&'static str> {
        (self == Self::Status).then(|| status.text())
    }
}

/// How often each label of each kind occurs, as `mention:Person`.
pub fn labels_of(document: &Document) -> Labels {
    let mentions = document.mentions().values().map(|m| format!("mention:{}", m.label));
    let events = document.events().values().map(|e| format!("event:{}", e.r#type));
    let quotes = document.quotes().values().map(|q| format!("quote:{}", q.kind));
    let relations = document.relations().values().map(|r| format!("relation:{}", r.label));
    let mut counts = Labels::new();
    for label in mentions.chain(events).chain(quotes).chain(relations) {
        *counts.entry(label).or_default() += 1;
    }
    counts
}

/// Documents of one text.
struct Group<'a, L> {
    /// Decides the order of the draw.
    draw: String,
    documents: Vec<usize>,
    labels: BTreeMap<&'a L, usize>,
}

/// The part that each document goes into, as its number in `parts`. `documents` are the SHA-256 of their texts and
/// their labels, or numbers in the order of labels.
///
/// The rarest label is dealt with first: each document that has it goes where most of it is missing (iterative
/// stratification, Sechidis, Tsoumakas and Vlahavas 2011).
pub fn assign<L: Ord>(documents: &[(String, BTreeMap<L, usize>)], parts: &Parts, seed: u64) -> Vec<usize> {
    let mut groups: BTreeMap<&str, Group<'_, L>> = BTreeMap::new();
    for (i, (text, labels)) in documents.iter().enumerate() {
        let draw = || hex(&Sha256::digest(format!("{seed}\n{text}")));
        let empty = || Group { draw: draw(), documents: Vec::new(), labels: BTreeMap::new() };
        let group = groups.entry(text).or_insert_with(empty);
        group.documents.push(i);
        for (label, count) in labels {
            *group.labels.entry(label).or_default() += count;
        }
    }
    let mut groups: Vec<Group<'_, L>> = groups.into_values().collect();
    groups.sort_by(|a, b| a.draw.cmp(&b.draw));

    // What each part still wants, of documents and of each label.
    let shares: Vec<f64> = parts.shares().collect();
    let mut documents_wanted: Vec<f64> = shares.iter().map(|share| share * documents.len() as f64).collect();
    let mut totals: BTreeMap<&L, usize> = BTreeMap::new();
    let mut holders: BTreeMap<&L, Vec<usize>> = BTreeMap::new();
    for (i, group) in groups.iter().enumerate() {
        for (label, count) in &group.labels {
            *totals.entry(label).or_default() += count;
            holders.entry(label).or_default().push(i);
        }
    }
    let mut labels_wanted: BTreeMap<&L, Vec<f64>> =
        totals.iter().map(|(label, total)| (*label, shares.iter().map(|s| s * *total as f64).collect())).collect();

    let mut part_of_group: Vec<Option<usize>> = vec![None; groups.len()];
    let mut order: Vec<&L> = holders.keys().copied().collect();
    order.sort_by_key(|label| (holders.get(label).map_or(0, Vec::len), *label));
    let by_label = order
        .iter()
        .flat_map(|label| holders.get(label).into_iter().flatten().map(move |group| (Some(*label), *group)));
    let rest = (0..groups.len()).map(|group| (None, group));
    for (label, i) in by_label.chain(rest).collect::<Vec<_>>() {
        let (Some(slot), Some(group)) = (part_of_group.get_mut(i), groups.get(i)) else { continue };
        if slot.is_some() {
            continue;
        }
        let of_label = label.and_then(|label| labels_wanted.get(label));
        let wish = |part: usize| {
            let label = of_label.and_then(|wanted| wanted.get(part)).copied().unwrap_or_default();
            let documents = documents_wanted.get(part).copied().unwrap_or_default();
            (label, documents)
        };
        let best = (0..shares.len()).rev().max_by(|a, b| {
            let (a, b) = (wish(*a), wish(*b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        let best = best.unwrap_or_default();
        *slot = Some(best);
        if let Some(wanted) = documents_wanted.get_mut(best) {
            *wanted -= group.documents.len() as f64;
        }
        for (label, count) in &group.labels {
            if let Some(wanted) = labels_wanted.get_mut(label).and_then(|wanted| wanted.get_mut(best)) {
                *wanted -= *count as f64;
            }
        }
    }
    let mut out = vec![0; documents.len()];
    for (group, part) in groups.iter().zip(part_of_group) {
        for document in &group.documents {
            if let Some(slot) = out.get_mut(*document) {
                *slot = part.unwrap_or_default();
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(count: usize) -> Vec<(String, Labels)> {
        let labels = |i: usize| {
            let mut labels = Labels::from([("mention:Person".to_owned(), 1 + i % 3)]);
            if i.is_multiple_of(10) {
                labels.insert("event:Rare".to_owned(), 1);
            }
            labels
        };
        (0..count).map(|i| (format!("text {i}"), labels(i))).collect()
    }

    #[test]
    fn splits_are_read_and_what_is_none_is_refused() {
        let names = |text: &str| Parts::parse(text).map(|p| p.names().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(names("80/10/10"), Ok(vec!["train".into(), "dev".into(), "test".into()]));
        assert_eq!(names("80/20"), Ok(vec!["train".into(), "test".into()]));
        assert_eq!(names("a=1/b=1/c=1/d=1").map(|n| n.len()), Ok(4));
        for wrong in ["", "100", "80/0/20", "x/y", "a=1/a=2", "../x=1/b=1", "1/2/3/4", "NaN/1"] {
            assert!(names(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn rare_labels_are_in_every_part_and_shares_are_met() {
        let (documents, parts) = (documents(100), Parts::parse("80/10/10").expect("a split"));
        let assigned = assign(&documents, &parts, 7);
        let count = |part: usize, label: &str| -> usize {
            let of_part = documents.iter().zip(&assigned).filter(|(_, p)| **p == part);
            of_part.map(|((_, labels), _)| labels.get(label).copied().unwrap_or_default()).sum()
        };
        assert_eq!([0, 1, 2].map(|part| count(part, "event:Rare")), [8, 1, 1]);
        let documents_in = [0, 1, 2].map(|part| assigned.iter().filter(|p| **p == part).count());
        assert!((76..=84).contains(&documents_in[0]) && (7..=13).contains(&documents_in[1]), "{documents_in:?}");
    }

    #[test]
    fn a_split_depends_on_the_seed_and_not_on_the_order_and_texts_stay_together() {
        let (mut all, parts) = (documents(60), Parts::parse("60/20/20").expect("a split"));
        all.push(all[3].clone());
        let assigned = assign(&all, &parts, 1);
        assert_eq!(assigned.last(), assigned.get(3));
        let turned: Vec<_> = all.iter().rev().cloned().collect();
        let again: Vec<usize> = assign(&turned, &parts, 1).into_iter().rev().collect();
        assert_eq!(assigned, again);
        assert_ne!(assigned, assign(&all, &parts, 2));
    }
}
