//! What the quote finder finds and what it costs.
//!
//! `cargo bench --bench quotes` prints precision and recall on the sample articles and on the corpora in the folder
//! `MANICULE_CORPORA` (default `../shared/data`), and the time for a megabyte of news. `-- --long` adds 50 MB,
//! `-- --errors` lists what is wrong on the development part, `-- --report-errors` on the report part.
//!
//! Corpora are cut in two: files with an even number were read while the rules were made (*development*), files with an
//! odd number were not (*report*).

#[path = "quotes/corpus.rs"]
mod corpus;
#[path = "quotes/score.rs"]
mod score;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use corpus::{Article, Part};
use manicule::model::{Document, Header};
use manicule::suggest::quotes;
use manicule::text::{Span, Text};
use score::Score;

fn main() {
    let has = |flag: &str| std::env::args().any(|arg| arg == flag);
    let corpora = std::env::var_os("MANICULE_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let mut errors = Vec::new();
    println!(
        "Spans of quotes; the sample was at hand while the rules were made. Caret: in the quotation, or on the cue.\n"
    );
    heading();
    let seeds = corpus::seeds();
    rows("sample", &seeds, Part::Report, &NEWS, &mut errors);
    let mut skipped = Vec::new();
    for part in [Part::Development, Part::Report] {
        match corpus::german(&corpora) {
            Some(articles) => rows("german-news-quotes", &articles, part, &NEWS, &mut errors),
            None => skipped.push("german-news-quotes"),
        }
        match corpus::litbank(&corpora) {
            Some(articles) => rows("litbank", &articles, part, &NOVELS, &mut errors),
            None => skipped.push("litbank"),
        }
    }
    skipped.dedup();
    for name in skipped {
        println!("{name}: SKIPPED, there is no such folder in {}", corpora.display());
    }
    println!();
    for (part, error) in errors {
        if has("--errors") && part == Part::Development || has("--report-errors") && part == Part::Report {
            println!("{error}");
        }
    }
    time(1);
    if has("--long") {
        time(50);
    }
}

/// A row of the table: its name, the kinds of gold quotes it counts, the kinds of proposals.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

const NEWS: [Row; 4] = [
    ("direct", &["direct"], &["direct"]),
    ("indirect, mixed", &["indirect", "mixed"], &["indirect", "mixed"]),
    ("reported, free", &["reported", "freeindirect", "indirectfreeindirect"], &[]),
    (
        "all",
        &["direct", "indirect", "mixed", "reported", "freeindirect", "indirectfreeindirect"],
        &["direct", "indirect", "mixed"],
    ),
];
const NOVELS: [Row; 1] = [("direct", &["direct"], &["direct"])];

fn heading() {
    println!(
        "{:<34} {:<16} {:>15} {:>15} {:>15} {:>15} {:>15} {:>15} {:>14} {:>14} {:>15} {:>15}",
        "corpus",
        "kind",
        "recall exact",
        "overlapping",
        "precision exact",
        "overlapping",
        "caret exact",
        "overlapping",
        "cue exact",
        "overlapping",
        "speaker first",
        "among",
    );
}

fn rows(corpus: &str, articles: &[Article], part: Part, table: &[Row], errors: &mut Vec<(Part, String)>) {
    for (kind, wanted, proposed) in table {
        let mut score = Score::default();
        let mut list = Vec::new();
        for article in articles.iter().filter(|article| article.part == part) {
            score.add(article, wanted, proposed, &mut list);
        }
        if *kind != "all" {
            errors.extend(list.into_iter().map(|error| (part, error)));
        }
        let part = if part == Part::Development { "development" } else { "report" };
        println!(
            "{:<34} {kind:<16} {:>15} {:>15} {:>15} {:>15} {:>15} {:>15} {:>14} {:>14} {:>15} {:>15}",
            format!("{corpus}, {part}"),
            score.recall_exact,
            score.recall_overlap,
            score.precision_exact,
            score.precision_overlap,
            score.caret_exact,
            score.caret_overlap,
            score.cue_exact,
            score.cue_overlap,
            score.speaker_first,
            score.speaker_any,
        );
    }
}

const SENTENCES: [&str; 8] = [
    "The talks between Anna Kowalska and the government of Armenia went on until Monday in Washington. ",
    "“We made progress,” the foreign minister told reporters, “and we will sign before the end of the year.” ",
    "Azerbaijan said it had set up the checkpoint in response to deliveries to the disputed territory. ",
    "Bob denies that charge. ",
    "A joint statement noted that positions on a number of key issues remain different, and that talks go on. ",
    "\"The road is open,\" Bob said on Tuesday. \"It was never closed.\" ",
    "The minister's plan, he added, was \"a bad joke\" that the ministers' staff had told before. ",
    "Heavy rain fell on the harbour, according to the weather service. ",
];

/// The time for so many megabytes of generated news.
fn time(megabytes: usize) {
    let mut source = String::with_capacity(megabytes << 20);
    let mut i = 0;
    while source.len() < megabytes << 20 {
        source.push_str(SENTENCES[(i * 7 + i / 11) % SENTENCES.len()]);
        if i % 5 == 4 {
            source.push_str("\n\n");
        }
        i += 1;
    }
    let text = Text::new(source).expect("short enough");
    let document = Document::new(text, Header::default());
    let rounds = if megabytes > 10 { 2 } else { 20 };
    let mut best = f64::INFINITY;
    let mut count = 0;
    for _ in 0..rounds {
        let started = Instant::now();
        count = black_box(quotes::all(&document)).len();
        best = best.min(started.elapsed().as_secs_f64());
    }
    let middle = document.text().floor_boundary(manicule::text::BytePos(document.text().end().0 / 2));
    let started = Instant::now();
    black_box(quotes::at(&document, Span::empty(middle)));
    let caret = started.elapsed().as_secs_f64();
    println!(
        "{megabytes} MB of news: {:.1} ms for {count} quotes; a caret in the middle: {:.2} ms",
        best * 1e3,
        caret * 1e3
    );
}
