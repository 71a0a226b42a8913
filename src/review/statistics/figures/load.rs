//! Marks of each document against its length.
//!
//! The density is the number of marks for a hundred tokens. Documents worth a look are those whose density lies more than
//! three robust standard deviations from the median: 3 × 1.4826 × MAD, the median absolute deviation, scaled to what a
//! standard deviation would be without outliers (Leys et al. 2013). Where more than half of the documents have the same
//! density, the mean absolute deviation takes its place.

use ecow::EcoString;
use serde::Serialize;

use super::{Chosen, Marks};
use crate::model::Status;

/// Shorter ones say nothing about density.
const TOKENS_AT_LEAST: u32 = 20;
/// Fewer documents have no outliers.
const DOCUMENTS_AT_LEAST: usize = 8;
/// Deviations from the median.
const DEVIATIONS: f64 = 3.0;

/// What strikes about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Far fewer marks than others of its length.
    Sparse,
    /// Far more.
    Dense,
}

/// Somebody's work on a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadRow {
    /// The number of the article.
    pub document: u32,
    /// Whose work.
    pub annotator: Option<EcoString>,
    /// Length of the article.
    pub tokens: u32,
    /// Marks.
    #[serde(flatten)]
    pub marks: Marks,
    /// Marks for a hundred tokens; `None` for an empty article.
    pub density: Option<f64>,
    /// Whether it is one of those among which outliers are sought: begun, and long enough.
    pub is_compared: bool,
    /// Whether it is worth a look.
    pub verdict: Option<Verdict>,
}

/// All documents, in the order of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Load {
    /// One row for each annotator of each document.
    pub rows: Vec<LoadRow>,
    /// The middle density of those compared; `None` if there are too few.
    pub median: Option<f64>,
    /// The scaled median absolute deviation.
    pub deviation: Option<f64>,
    /// Documents of another density than this are worth a look, from – to.
    pub usual: Option<(f64, f64)>,
}

pub(super) fn count(chosen: &Chosen<'_>) -> Load {
    let statistics = chosen.statistics;
    let row = |layer: &&super::Layer| {
        let mut marks = Marks::default();
        for (label, count) in &layer.labels {
            if let Some(label) = statistics.pools.labels.get(*label) {
                marks.add(label.mark, *count);
            }
        }
        let tokens = statistics.article_of(layer).map_or(0, |article| article.tokens);
        LoadRow {
            document: layer.article,
            annotator: statistics.annotator_of(layer).map(EcoString::from),
            tokens,
            marks,
            density: (tokens > 0).then(|| marks.total() as f64 * 100.0 / f64::from(tokens)),
            // Without a mark, only what somebody has looked at says something.
            is_compared: tokens >= TOKENS_AT_LEAST && (marks.total() > 0 || layer.status != Status::New),
            verdict: None,
        }
    };
    let mut load = Load { rows: chosen.layers.iter().map(row).collect(), ..Load::default() };
    let densities: Vec<f64> = load.rows.iter().filter(|row| row.is_compared).filter_map(|row| row.density).collect();
    if densities.len() < DOCUMENTS_AT_LEAST {
        return load;
    }
    let (median, deviation) = robust(&densities);
    let (low, high) = (median - DEVIATIONS * deviation, median + DEVIATIONS * deviation);
    (load.median, load.deviation, load.usual) = (Some(median), Some(deviation), Some((low.max(0.0), high)));
    for row in &mut load.rows {
        row.verdict = match row.density.filter(|_| row.is_compared && deviation > 0.0) {
            Some(density) if density < low => Some(Verdict::Sparse),
            Some(density) if density > high => Some(Verdict::Dense),
            _ => None,
        };
    }
    load
}

/// The median, and what a standard deviation would be without outliers.
fn robust(values: &[f64]) -> (f64, f64) {
    let middle = median(values.to_vec());
    let apart: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    let mean = apart.iter().sum::<f64>() / apart.len().max(1) as f64;
    let mad = median(apart);
    // Both factors make the deviation of a normal distribution.
    (middle, if mad > 0.0 { 1.4826 * mad } else { 1.2533 * mean })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = values.len() / 2;
    let upper = values.get(at).copied().unwrap_or_default();
    match (values.len() % 2, at.checked_sub(1).and_then(|before| values.get(before))) {
        (0, Some(lower)) => f64::midpoint(*lower, upper),
        _ => upper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlier_does_not_hide_itself() {
        let (median, deviation) = robust(&[4.0, 5.0, 5.0, 6.0, 4.5, 5.5, 5.0, 1000.0]);
        assert!((4.9..5.3).contains(&median) && (0.3..1.2).contains(&deviation), "{median} {deviation}");
        assert_eq!(robust(&[2.0; 9]), (2.0, 0.0));
        let (_, deviation) = robust(&[2.0, 2.0, 2.0, 2.0, 2.0, 9.0]);
        assert!(deviation > 0.0, "more than half are equal");
    }
}
