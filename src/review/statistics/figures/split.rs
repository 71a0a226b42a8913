//! The labels of the parts of a dataset: as `manicule convert --split` would draw them, or as the work says.

use std::collections::BTreeMap;

use ecow::EcoString;
use serde::Serialize;

use super::{Chosen, Marks};
use crate::formats::split::{Parts, Stratify, assign};
use crate::review::statistics::Label;
use crate::text::hex;

/// How a dataset is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitRule {
    /// Names and shares.
    pub parts: Parts,
    /// The number that the draw begins with.
    pub seed: u64,
    /// What is spread evenly.
    pub stratify: Stratify,
}

/// What `manicule convert` does with `--split 80/10/10`.
impl Default for SplitRule {
    fn default() -> Self {
        Self { parts: Parts::default(), seed: 1, stratify: Stratify::default() }
    }
}

/// A part of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// Its name; empty for documents that are in no part.
    pub name: EcoString,
    /// The share of documents that it was to get, if it was drawn.
    pub share: Option<f64>,
    /// How many it has; the work of two annotators counts twice, as in a dataset.
    pub documents: u32,
    /// Its marks.
    #[serde(flatten)]
    pub marks: Marks,
}

/// How often a label occurs in each part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SplitRow {
    /// For [`crate::review::statistics::Behind`].
    #[serde(skip)]
    pub number: u32,
    /// The label.
    #[serde(flatten)]
    pub label: Label,
    /// In the order of the parts.
    pub marks: Vec<u64>,
}

/// The parts of a dataset.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Split {
    /// Whether the draw made it; else the documents say which part they belong to.
    pub is_drawn: bool,
    /// What the draw began with, if it was drawn.
    pub seed: Option<u64>,
    /// What the draw spread evenly, if it was drawn.
    pub stratified_by: Option<&'static str>,
    /// The parts.
    pub parts: Vec<Part>,
    /// Labels, in the order of [`super::LabelRow`].
    pub labels: Vec<SplitRow>,
    /// Of each chosen layer, the place of its part.
    #[serde(skip)]
    pub(crate) assigned: Vec<usize>,
}

pub(super) fn count(chosen: &Chosen<'_>, rule: &SplitRule) -> Split {
    let (mut split, assigned) =
        if chosen.layers.iter().any(|layer| layer.split.is_some()) { given(chosen) } else { drawn(chosen, rule) };
    let mut labels: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for (layer, at) in chosen.layers.iter().zip(&assigned) {
        let Some(part) = split.parts.get_mut(*at) else { continue };
        part.documents += 1;
        for (number, count) in &layer.labels {
            let Some(label) = chosen.statistics.pools.labels.get(*number) else { continue };
            part.marks.add(label.mark, *count);
            let counts = labels.entry(*number).or_default();
            counts.resize(counts.len().max(at + 1), 0);
            if let Some(of_part) = counts.get_mut(*at) {
                *of_part += u64::from(*count);
            }
        }
    }
    let parts = split.parts.len();
    let row = |(number, mut marks): (u32, Vec<u64>)| {
        marks.resize(parts, 0);
        Some(SplitRow { number, label: chosen.statistics.pools.labels.get(number)?.clone(), marks })
    };
    split.labels = labels.into_iter().filter_map(row).collect();
    split.labels.sort_by(|a, b| {
        let (of_a, of_b): (u64, u64) = (a.marks.iter().sum(), b.marks.iter().sum());
        a.label.mark.cmp(&b.label.mark).then(of_b.cmp(&of_a)).then_with(|| a.label.label.cmp(&b.label.label))
    });
    split.assigned = assigned;
    split
}

fn part(name: &str, share: Option<f64>) -> Part {
    Part { name: name.into(), share, documents: 0, marks: Marks::default() }
}

/// As the documents say. Train, dev and test come first; those in no part last.
fn given(chosen: &Chosen<'_>) -> (Split, Vec<usize>) {
    let name = |split: Option<u32>| split.map_or("", |name| chosen.statistics.name(name));
    let mut names: Vec<&str> = chosen.layers.iter().map(|layer| name(layer.split)).collect();
    let known = |name: &str| ["train", "dev", "test"].iter().position(|known| *known == name).unwrap_or(3);
    names.sort_unstable_by_key(|name| (name.is_empty(), known(name), *name));
    names.dedup();
    let place = |of: &str| names.iter().position(|name| *name == of).unwrap_or_default();
    let assigned = chosen.layers.iter().map(|layer| place(name(layer.split))).collect();
    let parts = names.iter().map(|name| part(name, None)).collect();
    (Split { parts, ..Split::default() }, assigned)
}

fn drawn(chosen: &Chosen<'_>, rule: &SplitRule) -> (Split, Vec<usize>) {
    // The draw takes labels in the order of their names, so numbers in that order make the same parts.
    let labels = &chosen.statistics.pools.labels;
    let in_dataset: Vec<String> = labels.iter().map(|label| label.mark.in_dataset(&label.label)).collect();
    let strata: Vec<Option<&str>> = in_dataset.iter().map(|label| rule.stratify.of_label(label)).collect();
    let mut order: Vec<&str> = strata.iter().flatten().copied().collect();
    order.sort_unstable();
    order.dedup();
    let ranks: Vec<Option<u32>> =
        strata.iter().map(|stratum| stratum.and_then(|s| order.binary_search(&s).ok()).map(|at| at as u32)).collect();
    let counted = |layer: &&super::Layer| {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for (label, count) in &layer.labels {
            if let Some(rank) = ranks.get(*label as usize).copied().flatten() {
                *counts.entry(rank).or_default() += *count as usize;
            }
        }
        if rule.stratify.of_status(layer.status).is_some() {
            // Statuses are few; their order is that of their names, and no label is counted beside them.
            counts.insert(status_rank(layer.status.text()), 1);
        }
        let sha256 = chosen.statistics.article_of(layer).map_or([0; 32], |article| article.sha256);
        (hex(&sha256), counts)
    };
    let documents: Vec<(String, BTreeMap<u32, usize>)> = chosen.layers.iter().map(counted).collect();
    let assigned = assign(&documents, &rule.parts, rule.seed);
    let parts = rule.parts.names().zip(rule.parts.shares()).map(|(name, share)| part(name, Some(share))).collect();
    let split = Split {
        is_drawn: true,
        seed: Some(rule.seed),
        stratified_by: Some(rule.stratify.into()),
        parts,
        ..Split::default()
    };
    (split, assigned)
}

/// A number that sorts statuses as their names do.
fn status_rank(text: &str) -> u32 {
    use strum::IntoEnumIterator as _;
    crate::model::Status::iter().filter(|status| status.text() < text).count() as u32
}
