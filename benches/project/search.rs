//! Searching: words, marks, and what the index costs.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use manicule::formats::native;
use manicule::model::{Argument, Document, Entity, Event, Filler, Id, Mention, Provenance};
use manicule::project::index::{Index, IndexPlace};
use manicule::project::search::{Order, contexts, parse, run, sort};
use manicule::project::{Name, Project, default_schema};
use manicule::text::{Span, Text};
use rusqlite::Connection;

/// Bytes of a document.
const BYTES: usize = 2_000;
/// Hits that are kept, as in the window.
const KEPT: usize = 100_000;
const LABELS: [&str; 4] = ["Person", "Organization", "Country", "Place"];

/// Lines that are searched for, and the same for a full-text index where it can answer.
const LINES: [(&str, Option<&str>); 11] = [
    ("ceasefire", Some("ceasefire")),
    ("ceasefire case:yes", None),
    ("ceasefire whole:yes", Some("ceasefire")),
    ("\"signed the treaty\"", Some("\"signed the treaty\"")),
    ("/sign\\w+ the tre/", None),
    ("größe", Some("größe")),
    ("ceasefire treaty status:done", Some("ceasefire AND treaty")),
    ("e", None),
    ("label:Person", None),
    ("entity:Armenia label:Country", None),
    ("event:Consult Actor:Armenia attr:polarity=negative", None),
];

/// Makes a project of so many documents; gives it with the bytes of all texts.
pub fn make(root: &Path, count: usize) -> (Project, usize) {
    let project = Project::create(root, "Measured", &default_schema()).expect("writable");
    let project = project.with_annotator("Anna").expect("writable");
    let bytes = write(&project, count);
    (project, bytes)
}

/// Makes a project of so many documents and measures.
pub fn measure(count: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (project, bytes) = make(&folder.path().join("p"), count);
    let place = IndexPlace::of(&project.layout).expect("writable");
    let began = Instant::now();
    let mut index = Index::open(&place).expect("writable");
    index.scan(&project, |_| true).expect("readable");
    drop(index);
    let indexed = began.elapsed();
    let of_index = size(&project.layout.cache());
    println!("\n## {count} documents, {:.1} MB of text\n", bytes as f64 / 1e6);
    println!("index made in {:.2} s, {:.1} MB", indexed.as_secs_f64(), of_index as f64 / 1e6);
    let fts = full_text(&folder.path().join("fts.sqlite"), &project.layout.index());
    println!("\n| search | first hits, ms | all, ms | hits | documents | FTS5 names documents, ms |");
    println!("|---|---:|---:|---:|---:|---:|");
    for (line, of_fts) in LINES {
        let query = parse(line).expect("a query");
        let mut best = (Duration::MAX, Duration::MAX);
        let mut summary = None;
        for _ in 0..5 {
            let (began, mut first) = (Instant::now(), None);
            let stop = AtomicBool::new(false);
            let found = run(&place, &query, Some("anna"), KEPT, &stop, &mut |hits| {
                first.get_or_insert_with(|| began.elapsed());
                drop(hits);
            });
            summary = Some(found.expect("readable"));
            let all = began.elapsed();
            best = best.min((all, first.unwrap_or(all)));
        }
        let (all, first) = best;
        let of_fts = of_fts.map_or(String::new(), |line| format!("{:.1}", ms(names(&fts, line))));
        let summary = summary.expect("found");
        let (hits, documents) = (summary.hits, summary.found_in);
        println!("| `{line}` | {:.1} | {:.1} | {hits} | {documents} | {of_fts} |", ms(first), ms(all));
    }
    of_hits(&place);
}

/// What is done with hits: sorting them all, and reading what stands around those of a page.
fn of_hits(place: &IndexPlace) {
    let query = parse("the").expect("a query");
    let mut hits = Vec::new();
    run(place, &query, None, KEPT, &AtomicBool::new(false), &mut |found| hits.extend(found)).expect("readable");
    for order in [Order::Document, Order::Left] {
        let began = Instant::now();
        sort(place, &mut hits, order, false).expect("readable");
        println!("sorting {} hits, {}: {:.0} ms", hits.len(), order.text(), ms(began.elapsed()));
    }
    let page = hits.get(..hits.len().min(100)).unwrap_or_default();
    let began = Instant::now();
    contexts(place, page, Some("anna")).expect("readable");
    println!("contexts of {} hits: {:.1} ms", page.len(), ms(began.elapsed()));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn size(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).expect("there").flatten();
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

/// The same texts in a full-text index.
fn full_text(path: &Path, index: &Path) -> Connection {
    let fts = Connection::open(path).expect("writable");
    let tokens = "tokenize = \"unicode61 remove_diacritics 0\"";
    fts.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
         CREATE VIRTUAL TABLE words USING fts5(text, content = '', columnsize = 0, {tokens});"
    ))
    .expect("writable");
    fts.execute("ATTACH ?1 AS project", [index.to_str().expect("a path")]).expect("readable");
    let began = Instant::now();
    fts.execute("INSERT INTO words (rowid, text) SELECT document, text FROM project.texts", []).expect("writable");
    fts.query_row("PRAGMA main.wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("writable");
    let bytes = fs::metadata(path).map_or(0, |file| file.len());
    println!(
        "a full-text index would take {:.2} s and {:.1} MB more",
        began.elapsed().as_secs_f64(),
        bytes as f64 / 1e6
    );
    fts
}

fn names(fts: &Connection, line: &str) -> Duration {
    let began = Instant::now();
    let mut statement = fts.prepare("SELECT rowid FROM words WHERE words MATCH ?1").expect("ours");
    let rows = statement.query_map([line], |row| row.get::<_, i64>(0)).expect("ours").count();
    std::hint::black_box(rows);
    began.elapsed()
}

/// Writes texts and a layer of Anna's over each; gives the bytes of the texts.
fn write(project: &Project, count: usize) -> usize {
    let mut words = Words::new();
    let mut bytes = 0;
    let layers = project.layout.layers(&Name::new("anna").expect("a name"));
    fs::create_dir_all(&layers).expect("writable");
    for nth in 0..count {
        let name = Name::new(&format!("article-{nth:06}")).expect("a name");
        let text = words.text(nth);
        bytes += text.len();
        fs::write(project.layout.text_of(&name), &text).expect("writable");
        let document = annotated(project, &text, nth);
        fs::write(layers.join(format!("{name}.ron")), native::to_ron(&document).expect("can be written"))
            .expect("writable");
    }
    bytes
}

/// Words as often as in a language: few of them often, most of them seldom.
struct Words {
    known: Vec<String>,
    seed: u64,
}

impl Words {
    fn new() -> Self {
        let word = |nth: u32| -> String {
            let mixed = nth.wrapping_mul(2_654_435_761) ^ (nth >> 3);
            (0..3 + mixed % 7).map(|at| char::from(b'a' + ((mixed >> (at * 3)) % 26) as u8)).collect()
        };
        let mut known: Vec<String> = ["the", "of", "and", "to", "in"].map(str::to_owned).to_vec();
        known.extend((0..20_000).map(word));
        Self { known, seed: 1 }
    }

    fn next(&mut self) -> f64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) as f64 / (1_u64 << 31) as f64
    }

    fn text(&mut self, nth: usize) -> String {
        let mut text = format!("Article {nth}\n\nArmenia and Azerbaijan met. ");
        while text.len() < BYTES {
            let rank = self.next().powi(4) * (self.known.len() - 1) as f64;
            let word = self.known.get(rank as usize).cloned().unwrap_or_default();
            let is_name = self.next() < 0.1;
            let mut letters = word.chars();
            match letters.next().filter(|_| is_name) {
                Some(first) => text.extend(first.to_uppercase().chain(letters)),
                None => text.push_str(&word),
            }
            text.push_str(match (self.next() * 60.0) as u32 {
                0 => ".\n\n",
                1..4 => ". ",
                4 => ", “Größe” ",
                _ => " ",
            });
        }
        if nth.is_multiple_of(500) {
            text.push_str("A ceasefire holds since both sides signed the treaty.");
        }
        text
    }
}

/// Every fourth word with a capital is a mention; one event in each document.
fn annotated(project: &Project, text: &str, nth: usize) -> Document {
    let spans = |at: usize, length: usize| [Span::of(at as u32, (at + length) as u32)].into_iter().collect();
    let mut mentions: Vec<Mention> = Vec::new();
    let mut at = 0;
    for word in text.split(' ') {
        let letters = word.len() - word.trim_start_matches(char::is_alphabetic).len();
        let is_name = word.starts_with(|c: char| c.is_ascii_uppercase()) && letters > 2;
        if is_name {
            let number = mentions.len();
            mentions.push(Mention {
                id: Id::from(format!("m{}", number + 1).as_str()),
                label: LABELS[(number + 2) % LABELS.len()].into(),
                spans: spans(at, letters),
                entity: (number == 0 && nth.is_multiple_of(10)).then(|| Id::from("n1")),
                attributes: Default::default(),
                note: None.into(),
                provenance: Provenance::default().into(),
            });
        }
        at += word.len() + 1;
    }
    let armenia = Entity {
        id: Id::from("n1"),
        r#type: "Country".into(),
        name: "Armenia".into(),
        aliases: vec!["Republic of Armenia".into()],
        link: None,
        note: None.into(),
        provenance: Provenance::default().into(),
    };
    let mut attributes = manicule::model::Attributes::default();
    let polarity = if nth.is_multiple_of(3) { "negative" } else { "positive" };
    attributes.insert("polarity".into(), manicule::model::AttributeValue::Text(polarity.into()));
    let event = Event {
        id: Id::from("e1"),
        r#type: "Consult".into(),
        trigger: spans(text.find("met").unwrap_or(0), 3),
        arguments: vec![Argument { role: "Actor".into(), filler: Filler::Mention(Id::from("m1")) }],
        claimed_in: None,
        attributes: attributes.into(),
        note: None.into(),
        provenance: Provenance::default().into(),
    };
    let text = Text::new(text).expect("short enough");
    let header = manicule::model::Header {
        metadata: manicule::model::Metadata { title: format!("Article {nth}"), ..Default::default() },
        schema: project.schema_ref(),
        annotator: Some("Anna".into()),
        ..Default::default()
    };
    Document::with_annotations(text, header, [armenia], mentions, [event], [], [])
}
