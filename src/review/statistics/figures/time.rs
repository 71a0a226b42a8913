//! Marks over time: by when articles were published, and by when the marks were made.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Chosen, Documents, Marks};
use crate::review::statistics::{Day, Period};

/// A stretch of time with something in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeRow {
    /// Its first day.
    #[serde(skip)]
    pub begin: Day,
    /// As [`Period::name`] calls it.
    pub name: String,
    /// Documents that were published, or worked on, then.
    pub documents: u32,
    /// Marks in these documents, or made then.
    #[serde(flatten)]
    pub marks: Marks,
}

/// Rows by period, in the order of time.
pub type ByPeriod = BTreeMap<Period, Vec<TimeRow>>;

/// Marks over time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Time {
    /// By when articles were published.
    pub published: ByPeriod,
    /// Documents of which nobody knows when they were published, or not to the month.
    pub documents_undated: u32,
    /// By the day in UTC on which marks were made.
    pub made: ByPeriod,
    /// Marks of which nobody knows when they were made.
    pub marks_undated: u64,
}

/// All periods, from the shortest.
pub const PERIODS: [Period; 4] = [Period::Day, Period::Week, Period::Month, Period::Year];

type Row = (Documents, Marks);

pub(super) fn count(chosen: &Chosen<'_>) -> Time {
    let mut time = Time::default();
    let mut undated = Documents::default();
    let mut published: BTreeMap<Period, BTreeMap<Day, Row>> = BTreeMap::new();
    let mut made: BTreeMap<Period, BTreeMap<Day, Row>> = BTreeMap::new();
    for layer in &chosen.layers {
        let date = chosen.statistics.article_of(layer).and_then(|article| article.published);
        if date.is_none_or(|date| date.begin_of(Period::Month).is_none()) {
            undated.see(layer.article);
        }
        let mut marks = Marks::default();
        for (label, count) in &layer.labels {
            if let Some(label) = chosen.statistics.pools.labels.get(*label) {
                marks.add(label.mark, *count);
            }
        }
        for period in PERIODS {
            if let Some(begin) = date.and_then(|date| date.begin_of(period)) {
                let row = published.entry(period).or_default().entry(begin).or_default();
                row.0.see(layer.article);
                for mark in crate::review::statistics::Mark::ALL {
                    row.1.add(mark, marks.of(mark) as u32);
                }
            }
            for of_day in &layer.made {
                let row = made.entry(period).or_default().entry(period.begin(of_day.day)).or_default();
                row.0.see(layer.article);
                row.1.add(of_day.mark, of_day.count);
            }
        }
        time.marks_undated += u64::from(layer.made_undated);
    }
    let rows = |all: BTreeMap<Period, BTreeMap<Day, Row>>| -> ByPeriod {
        let named = |period: Period, (begin, (documents, marks)): (Day, Row)| TimeRow {
            begin,
            name: period.name(begin),
            documents: documents.count,
            marks,
        };
        all.into_iter().map(|(period, rows)| (period, rows.into_iter().map(|r| named(period, r)).collect())).collect()
    };
    Time { published: rows(published), documents_undated: undated.count, made: rows(made), ..time }
}

/// The period in which a list of days is best seen.
pub fn fitting(by_period: &ByPeriod) -> Period {
    let days = by_period.get(&Period::Day).or_else(|| by_period.get(&Period::Month));
    match days.and_then(|rows| Some((rows.first()?.begin, rows.last()?.begin))) {
        Some((first, last)) => Period::fitting(first, last),
        None => Period::Year,
    }
}
