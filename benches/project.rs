//! What a project costs: `cargo bench --bench project` measures 100, 10,000 and 100,000 documents and prints a table with the
//! exponent with which each row grows; `-- 100 5000` measures these numbers instead. With `MANICULE_BLESS=1` the table
//! goes into the README.
//!
//! `-- search` measures searches instead: to the first hits, and to all. Beside each search of words stands what a full-text index
//! (FTS5) would take to name the documents, and what that costs when documents are read: why texts are scanned instead.
//! `-- at-once` measures a change of all documents with different numbers of files at a time.
//!
//! Each project is made in a temporary folder (100,000 documents take two gigabytes there, on the disk of that folder, which is
//! what operations wait for) and measured in a process of its own.

#[path = "project/at_once.rs"]
mod at_once;
#[path = "project/cost.rs"]
mod cost;
#[path = "scale/figures.rs"]
mod figures;
#[path = "project/readme.rs"]
mod readme;
#[path = "project/search.rs"]
mod search;
#[path = "project/window.rs"]
mod window;

use std::path::Path;
use std::process::{Command, Stdio};

use figures::{Figures, table};

/// Documents of about 2 kB.
const SIZES: [usize; 3] = [100, 10_000, 100_000];
/// What is smaller does not count for the growth: there, what costs the same at every size hides the rest.
const GROWING: usize = 10_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let [one, folder] = arguments.as_slice()
        && one == "in"
    {
        return cost::measure(Path::new(folder));
    }
    let chosen: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = |usual: &[usize]| if chosen.is_empty() { usual.to_vec() } else { chosen.clone() };
    let is_asked = |what: &str| arguments.iter().any(|argument| argument == what);
    if is_asked("search") {
        return sizes(&[100, 10_000, 50_000]).into_iter().for_each(search::measure);
    }
    if is_asked("at-once") {
        return sizes(&[1_000]).into_iter().for_each(at_once::measure);
    }
    let sizes = sizes(&SIZES);
    let names: Vec<String> = sizes.iter().map(|count| grouped(*count)).collect();
    let mut columns = Vec::new();
    for (count, name) in sizes.into_iter().zip(&names) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        eprintln!("{name} documents");
        search::make(&folder.path().join("p"), count);
        let program = std::env::current_exe().expect("known");
        let mut command = Command::new(program);
        let output = command.arg("in").arg(folder.path()).stderr(Stdio::inherit()).output().expect("it runs");
        assert!(output.status.success(), "{name} fell");
        columns.push((name.as_str(), count, Figures::parse(&String::from_utf8_lossy(&output.stdout))));
        println!("{}", table(&columns, GROWING));
    }
    if std::env::var_os("MANICULE_BLESS").is_some() {
        readme::put("project", &table(&columns, GROWING)).expect("it can be written");
    }
}

/// A number as people read it.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}
