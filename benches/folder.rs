//! What the command line takes for a folder of ten thousand articles: `cargo bench --bench folder`, or with another
//! number: `cargo bench --bench folder -- 1000`.
//!
//! Runs the program itself, so reading, checking, writing and starting count; the operating system has the files in memory.
//! Prints megabytes of the files and annotations for each second, and the most memory that the program had.

mod article;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use manicule::formats::native;

const ARTICLES: usize = 10_000;
/// About as long as the sample article.
const BYTES: usize = 6_000;
const MENTIONS: usize = 100;

fn main() {
    let count = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ARTICLES);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let articles = folder.path().join("articles");
    let (bytes, annotations) = write(&articles, count);
    let megabytes = bytes as f64 / 1e6;
    println!("{count} articles, {megabytes:.0} MB, {annotations} annotations\n");
    println!("| | s | MB/s | annotations/s | memory at most, MB |\n|---|---:|---:|---:|---:|");
    let out = folder.path().join("out");
    let works: [(&str, Vec<&str>); 5] = [
        ("validate", vec!["validate"]),
        ("stats", vec!["stats"]),
        ("convert to JSON Lines", vec!["convert", "--to", "jsonl", "-o"]),
        ("convert to JSON files", vec!["convert", "--to", "json", "-o"]),
        ("convert to spaCy", vec!["convert", "--to", "spacy", "-o"]),
    ];
    for (nth, (name, arguments)) in works.into_iter().enumerate() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_manicule"));
        command.args(&arguments);
        if arguments.last() == Some(&"-o") {
            let name = if name.ends_with("Lines") { format!("{nth}.jsonl") } else { format!("{nth}") };
            command.arg(out.join(name));
        }
        command.arg(&articles);
        let (secs, memory) = run(&mut command);
        let rate = |of: f64| of / secs;
        println!("| {name} | {secs:.2} | {:.0} | {:.0} | {memory:.0} |", rate(megabytes), rate(annotations as f64));
    }
}

/// Writes so many articles, each another one; gives their bytes and annotations.
fn write(folder: &Path, count: usize) -> (usize, usize) {
    std::fs::create_dir_all(folder).expect("the disk has room");
    let (mut bytes, mut annotations) = (0, 0);
    for nth in 0..count {
        let document = article::numbered(nth, BYTES, MENTIONS);
        let ron = native::to_ron(&document).expect("can be written");
        bytes += ron.len();
        annotations += document.annotation_count();
        std::fs::write(folder.join(format!("{nth:05}.ron")), ron).expect("the disk has room");
    }
    (bytes, annotations)
}

/// Seconds and megabytes.
fn run(command: &mut Command) -> (f64, f64) {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    let mut memory = 0.0_f64;
    let status = loop {
        memory = memory.max(memory_of(child.id()));
        match child.try_wait().expect("it can be asked") {
            Some(status) => break status,
            None => std::thread::sleep(std::time::Duration::from_millis(5)),
        }
    };
    // Problems that it finds are no failure of the benchmark.
    assert!(status.code().is_some_and(|code| code <= 1), "{command:?} fell: {status}");
    (begun.elapsed().as_secs_f64(), memory)
}

/// The most that a process has had; 0 where the system does not say.
fn memory_of(process: u32) -> f64 {
    let told = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().split(' ').next()?.parse::<f64>().ok()).map_or(0.0, |kilobytes| kilobytes / 1024.0)
}
