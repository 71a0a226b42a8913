//! What the statistics of many documents take: `cargo bench --bench statistics`, or with another number:
//! `cargo bench --bench statistics -- 10000`.
//!
//! Articles of about 3 kB with twenty mentions are made and fed one after the other, so that memory is that of the
//! statistics alone; making them does not count. Names of entities repeat over documents as names do: a few stand in
//! many, most in one or two.

mod article;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use manicule::model::schema::builtin;
use manicule::model::{Document, Entity, Metadata};
use manicule::review::statistics::{Behind, Fed, Figures, Statistics, Wanted};

const ARTICLES: usize = 100_000;
const BYTES: usize = 3_000;
const MENTIONS: usize = 20;

fn main() {
    let most = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ARTICLES);
    let counts = [most / 100, most / 10, most].map(|count| count.max(1));
    println!(
        "| articles | fed, s | fed on two threads, s | records, MB | in a file, MB | figures, s | behind a label, ms |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    for count in counts {
        let before = memory();
        let (statistics, fed) = feed(0, count, 1);
        let records = memory() - before;
        let halves = std::thread::scope(|scope| {
            let second = scope.spawn(|| feed(1, count, 2));
            let first = feed(0, count, 2);
            [first, second.join().expect("it does not fall")]
        });
        let on_two = halves.iter().map(|(_, secs)| *secs).max().unwrap_or_default();
        let mut halves = halves.into_iter();
        let mut merged = halves.next().map(|(statistics, _)| statistics).unwrap_or_default();
        let begun = Instant::now();
        halves.for_each(|(other, _)| merged.merge(other));
        let on_two = on_two + begun.elapsed();
        let bytes = rmp_serde::to_vec(&merged).expect("plain data").len();
        drop(merged);

        let schema = builtin("news").expect("ships");
        let begun = Instant::now();
        let figures = Figures::count(Arc::new(statistics), Wanted::default(), &[schema]);
        let figured = begun.elapsed();
        let label = figures.labels.first().expect("there are marks").number;
        let begun = Instant::now();
        black_box(figures.documents_behind(&Behind::Label(label)));
        let behind = begun.elapsed();
        println!(
            "| {count} | {:.2} | {:.2} | {records:.0} | {:.1} | {:.2} | {:.1} |",
            fed.as_secs_f64(),
            on_two.as_secs_f64(),
            bytes as f64 / 1e6,
            figured.as_secs_f64(),
            behind.as_secs_f64() * 1e3,
        );
    }
}

/// Feeds every `step`th article from `first` on; gives the time without that of making them.
fn feed(first: usize, count: usize, step: usize) -> (Statistics, Duration) {
    let mut statistics = Statistics::new();
    let mut took = Duration::ZERO;
    for nth in (first..count).step_by(step) {
        let document = made(nth);
        let key = format!("article-{nth:06}");
        let begun = Instant::now();
        statistics.feed(&Fed::of(&key, &document));
        took += begun.elapsed();
    }
    (statistics, took)
}

/// The nth article, with names of its own.
fn made(nth: usize) -> Document {
    let document = article::numbered(nth, BYTES, MENTIONS);
    let named = |(at, entity): (usize, &Entity)| {
        // Low numbers come often: the product of two draws.
        let draw = (nth * 31 + at * 17) % 257 * ((nth / 7 + at * 3) % 199);
        Entity { name: format!("{} {draw}", entity.name), ..entity.clone() }
    };
    let mut header = document.header().clone();
    let published = Some(format!("20{:02}-{:02}-{:02}", nth % 25, nth % 12 + 1, nth % 28 + 1));
    header.metadata = Metadata { published, ..header.metadata };
    let dated = |mut mention: manicule::model::Mention| {
        mention.provenance.at = Some(format!("2026-{:02}-{:02}T09:00:00Z", nth / 1000 % 12 + 1, nth / 40 % 28 + 1));
        mention
    };
    Document::with_annotations(
        document.text().clone(),
        header,
        document.entities().values().enumerate().map(named),
        document.mentions().values().cloned().map(dated),
        document.events().values().cloned(),
        document.quotes().values().cloned(),
        document.relations().values().cloned(),
    )
}

/// Megabytes that the process has now; 0 where the system does not say.
fn memory() -> f64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.trim().split(' ').next()?.parse::<f64>().ok()).map_or(0.0, |kilobytes| kilobytes / 1024.0)
}
