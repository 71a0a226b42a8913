//! What the statistics of many documents take: `cargo bench --bench statistics`, or with another number:
//! `cargo bench --bench statistics -- 10000`.
//!
//! Articles of about 3 kB with twenty mentions are made and fed one after the other, so that memory is that of the
//! statistics alone; making them does not count. Names of entities repeat over documents as names do: a few stand in
//! many, most in one or two.
//!
//! Then the same of a project on the disk: every layer is read, what was counted is kept, and read again as when the project is
//! opened the next time; and what the page of statistics works out of it that is not to be done in a frame. Another number
//! of layers: `cargo bench --bench statistics -- 100000 --layers 100000`; of articles that are only fed, `-- 0`.

mod article;

use std::fs;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use manicule::formats::native;
use manicule::jobs::ordered::in_order;
use manicule::model::schema::builtin;
use manicule::model::{Document, Entity, Metadata};
use manicule::project::kept::{self, LayerFile, Stamps};
use manicule::project::{Name, Project, default_schema};
use manicule::review::statistics::plots::{Figure, Section, Show};
use manicule::review::statistics::{Behind, Fed, Figures, Statistics, VERSION, Wanted};
use manicule::store::{OpenOptions, open_path};
use strum::IntoEnumIterator as _;

const ARTICLES: usize = 100_000;
const LAYERS: usize = 20_000;
const BYTES: usize = 3_000;
const MENTIONS: usize = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let at = arguments.iter().position(|argument| argument == "--layers");
    let layers = at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(LAYERS);
    let mut numbers = arguments.iter().take(at.unwrap_or(arguments.len())).filter_map(|argument| argument.parse().ok());
    let most = numbers.next().unwrap_or(ARTICLES);
    if most > 0 {
        fed_alone(most);
    }
    if layers > 0 {
        in_project(layers);
    }
}

fn secs(begun: Instant) -> String {
    format!("{:.2} s", begun.elapsed().as_secs_f64())
}

/// Counts the layers of a project as the window does, twice.
fn in_project(count: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let project = Project::create(folder.path(), "P", &default_schema()).expect("writable");
    let layers = project.layout.layers(&Name::new("anna").expect("a name"));
    fs::create_dir_all(&layers).expect("writable");
    for nth in 0..count {
        let ron = native::to_ron(&made(nth)).expect("plain data");
        fs::write(layers.join(format!("article-{nth:06}.ron")), ron).expect("writable");
    }
    // What was written just now is not believed to stay as it is.
    std::thread::sleep(Duration::from_millis(2_100));
    println!("\n{count} layers of a project");

    let begun = Instant::now();
    let now = kept::layers_now(&project.layout).expect("readable");
    println!("- looked at: {}", secs(begun));
    let all: Vec<(&Name, &Vec<LayerFile>)> = now.iter().collect();
    let pieces: Vec<_> = all.chunks(16).collect();
    let (mut statistics, mut stamps) = (Statistics::new(), Stamps::default());
    let mut merging = Duration::ZERO;
    let feed = |_: usize, piece: &&[(&Name, &Vec<LayerFile>)]| {
        let mut statistics = Statistics::new();
        for (name, layers) in *piece {
            let opened = open_path(&layers[0].path, &OpenOptions::default()).expect("just written");
            statistics.feed(&Fed::of(name.as_str(), &opened.document));
        }
        statistics
    };
    let begun = Instant::now();
    in_order(&pieces, feed, |nth, one| {
        let begun = Instant::now();
        statistics.merge(one);
        pieces[nth].iter().for_each(|(name, layers)| stamps.put(name, layers, &[false]));
        merging += begun.elapsed();
        Ok::<(), ()>(())
    })
    .expect("it does not stop");
    println!("- read and counted the first time: {}, of that merged in {:.2} s", secs(begun), merging.as_secs_f64());
    let begun = Instant::now();
    kept::write(&project.layout, "statistics", VERSION, &stamps, &statistics).expect("writable");
    let bytes = fs::metadata(project.layout.cache().join("statistics")).map_or(0, |metadata| metadata.len());
    println!("- kept: {}, {:.1} MB", secs(begun), bytes as f64 / 1e6);
    let begun = Instant::now();
    let now = kept::layers_now(&project.layout).expect("readable");
    let (stamps, statistics) = kept::read::<Statistics>(&project.layout, "statistics", VERSION).expect("was kept");
    let changed = now.iter().filter(|(name, layers)| !stamps.is_same(name, layers)).count();
    println!("- counted again in another session: {}, {changed} of them read anew", secs(begun));

    let begun = Instant::now();
    let figures = Figures::count(Arc::new(statistics), Wanted::default(), &[builtin("news").expect("ships")]);
    println!("- figures: {}", secs(begun));
    println!("\n| section | figure, ms | table sorted by names, ms | rows |\n|---|---:|---:|---:|");
    for section in Section::iter() {
        for is_second in [false, true] {
            let show = Show { section, is_second, period: None };
            if is_second && show.views().is_none() {
                continue;
            }
            let begun = Instant::now();
            let figure = Figure::of(&figures, show);
            let drawn = begun.elapsed();
            let begun = Instant::now();
            black_box(figure.table.sorted(0, true));
            let sorted = begun.elapsed();
            println!(
                "| {} | {:.1} | {:.1} | {} |",
                show.file_name(),
                drawn.as_secs_f64() * 1e3,
                sorted.as_secs_f64() * 1e3,
                figure.table.rows.len()
            );
        }
    }
}

/// Feeds articles that are on no disk.
fn fed_alone(most: usize) {
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
