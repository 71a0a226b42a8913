//! Marks per label.

use serde::Serialize;

use super::{Chosen, Documents};
use crate::review::statistics::Label;

/// How often a label is set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelRow {
    /// For [`crate::review::statistics::Behind`].
    #[serde(skip)]
    pub number: u32,
    /// What is labelled, and how.
    #[serde(flatten)]
    pub label: Label,
    /// How often.
    pub marks: u64,
    /// In how many documents.
    pub documents: u32,
}

pub(super) fn count(chosen: &Chosen<'_>) -> Vec<LabelRow> {
    let labels = &chosen.statistics.pools.labels;
    let mut counts = vec![(0u64, Documents::default()); labels.count()];
    for layer in &chosen.layers {
        for (label, count) in &layer.labels {
            if let Some((marks, documents)) = counts.get_mut(*label as usize) {
                *marks += u64::from(*count);
                documents.see(layer.article);
            }
        }
    }
    let row = |((number, label), (marks, documents)): ((u32, &Label), (u64, Documents))| LabelRow {
        number,
        label: label.clone(),
        marks,
        documents: documents.count,
    };
    let mut rows: Vec<LabelRow> = (0..).zip(labels.iter()).zip(counts).map(row).filter(|row| row.marks > 0).collect();
    rows.sort_by(|a, b| {
        a.label.mark.cmp(&b.label.mark).then(b.marks.cmp(&a.marks)).then_with(|| a.label.label.cmp(&b.label.label))
    });
    rows
}
