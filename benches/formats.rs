//! How fast each format is written and read.
//!
//! `cargo bench --bench formats` takes the sample article as often as makes a megabyte of text, writes it in every
//! format that writes and reads it back in every one that reads, and prints a line for each: megabytes of files and
//! annotations a second, the best of several runs on one thread. Annotations are those that are read again, or those
//! that were given if the format does not read. Of formats that are only read, `formats/made.rs` makes the files.
//! `-- FORMAT …` measures these formats only.
//!
//! Where the environment of the real clients is at hand (`MANICULE_PYTHON`, default the one that their `setup.sh`
//! makes), the Python library of a format reads the same files in the same run: `formats/peers.py`.

#[path = "article/mod.rs"]
mod article;
#[path = "formats/made.rs"]
mod made;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use manicule::formats::{Companions, FORMATS, Format, Input, Joins, Named, Options, OutputFile};
use manicule::model::Document;
use manicule::model::schema::builtin;

/// Bytes of text that are written.
const TEXT: usize = 1 << 20;

/// How long each measurement goes on.
const PATIENCE: Duration = Duration::from_secs(2);

/// A picture of a page takes a second: this many documents are enough for these.
const FEW: (&[&str], usize) = (&["png"], 3);

/// Written files by their names.
struct Written(BTreeMap<PathBuf, Vec<u8>>);

impl Companions for Written {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let sample = article::sample();
    let count = TEXT.div_ceil(sample.text().as_str().len());
    let documents: Vec<(String, &Document)> = (1..=count).map(|i| (format!("{i:03}"), &sample)).collect();
    let annotations = count * sample.annotation_count();
    println!(
        "{count} documents, {:.2} MB of text, {annotations} annotations\n",
        mb(count * sample.text().as_str().len())
    );
    println!(
        "{:<15} {:>9} {:>11} {:>13} {:>11} {:>13}   Python reads",
        "format", "files MB", "write MB/s", "write ann./s", "read MB/s", "read ann./s"
    );
    for format in FORMATS {
        let info = format.info();
        if wanted.is_empty() || wanted.iter().any(|id| id == info.id) {
            let count = if FEW.0.contains(&info.id) { FEW.1 } else { count };
            measure(*format, &documents[..count], count * sample.annotation_count());
        }
    }
}

fn measure(format: &dyn Format, documents: &[(String, &Document)], given: usize) {
    let (info, options) = (format.info(), Options::default());
    let schema = builtin("news");
    let named: Vec<Named<'_>> = documents.iter().map(|(name, document)| Named { name, document, schema }).collect();
    let write = || -> Result<Vec<OutputFile>, String> {
        let pieces: Vec<&[Named<'_>]> =
            if info.joins == Joins::Whole { vec![&named] } else { named.chunks(1).collect() };
        let mut files = Vec::new();
        for piece in pieces {
            files.extend(format.write(piece, &options).map_err(|error| error.to_string())?);
        }
        Ok(files)
    };
    let (files, opened) = if info.writes {
        match write() {
            Ok(files) => {
                let files = joined(files, info.joins);
                let opened = files.0.keys().filter(|name| is_opened(format, name)).cloned().collect();
                (files, opened)
            }
            Err(error) => return println!("{:<15} cannot write the sample: {error}", info.id),
        }
    } else {
        match made_of(info.id, documents) {
            Some(made) => made,
            None => return println!("{:<15} is only read, and nothing is made of it here", info.id),
        }
    };
    let bytes: usize = files.0.values().map(Vec::len).sum();
    let read = || -> usize {
        let mut annotations = 0;
        for name in &opened {
            let bytes = files.0.get(name).map(Vec::as_slice).unwrap_or_default();
            let input = Input { path: Some(name), companions: &files, ..Input::of_bytes(bytes) };
            match black_box(format.read(&input)) {
                Ok(found) => annotations += found.iter().map(|read| read.document.annotation_count()).sum::<usize>(),
                Err(problems) => {
                    let first = problems.first().map(ToString::to_string).unwrap_or_default();
                    panic!("{} does not read its own files: {first}", info.id);
                }
            }
        }
        annotations
    };
    let annotations = if info.reads { read() } else { given };
    let none = || format!("{:>11} {:>13}", "-", "-");
    let rate = |is_measured: bool, run: &dyn Fn()| -> String {
        if is_measured { rates(bytes, annotations, best(run)) } else { none() }
    };
    let writing = rate(info.writes, &|| drop(black_box(write())));
    let reading = rate(info.reads, &|| {
        black_box(read());
    });
    let peer = peer(info.id, &files, &opened, bytes);
    println!("{:<15} {:>9.2} {writing} {reading}   {peer}", info.id, mb(bytes));
}

/// The files of a format that is only read, and those of them that are opened; `None` if none are made.
fn made_of(format: &str, documents: &[(String, &Document)]) -> Option<(Written, Vec<PathBuf>)> {
    let (mut files, mut opened) = (BTreeMap::new(), Vec::new());
    for (name, document) in documents {
        let made = made::files(format, name, document)?;
        opened.extend(made.first().map(|(name, _)| name.clone()));
        files.extend(made);
    }
    Some((Written(files), opened))
}

/// Pieces of files that hold several documents put together.
fn joined(files: Vec<OutputFile>, joins: Joins) -> Written {
    let mut written: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for file in files {
        let ending =
            file.name.to_string_lossy().split_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default();
        let name = if joins == Joins::Appended { format!("all.{ending}").into() } else { file.name };
        match written.get_mut(&name) {
            Some(known) if joins == Joins::Appended => known.extend(file.bytes),
            _ => drop(written.insert(name, file.bytes)),
        }
    }
    Written(written)
}

/// Whether a file is one that the format opens, and not one beside it.
fn is_opened(format: &dyn Format, name: &Path) -> bool {
    let extension = name.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if name.to_string_lossy().ends_with(".coref.jsonl") {
        return false;
    }
    format
        .info()
        .extensions
        .first()
        .is_some_and(|first| extension == *first || first.ends_with(&format!(".{extension}")))
}

fn best(run: &dyn Fn()) -> Duration {
    let begun = Instant::now();
    let mut best = Duration::MAX;
    while begun.elapsed() < PATIENCE {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    best
}

fn mb(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn rates(bytes: usize, annotations: usize, time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let of_annotations = if annotations == 0 { "-".to_owned() } else { format!("{:.0}", annotations as f64 / seconds) };
    format!("{:>11.1} {of_annotations:>13}", mb(bytes) / seconds)
}

/// What the Python library of the format needs for the same files.
fn peer(id: &str, files: &Written, opened: &[PathBuf], bytes: usize) -> String {
    let default = || std::env::home_dir().unwrap_or_default().join(".cache/manicule-clients/main/bin/python");
    let python = std::env::var_os("MANICULE_PYTHON").map_or_else(default, PathBuf::from);
    if !python.is_file() {
        return "-".to_owned();
    }
    let Ok(folder) = tempfile::tempdir() else { return "no temporary folder".to_owned() };
    for (name, bytes) in &files.0 {
        let path = folder.path().join(name);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = made.and_then(|()| std::fs::write(path, bytes)) {
            return error.to_string();
        }
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/formats/peers.py");
    let paths = opened.iter().map(|name| folder.path().join(name));
    match Command::new(python).arg(script).arg(id).args(paths).output() {
        Ok(output) => {
            let answer = String::from_utf8_lossy(&output.stdout);
            let mut words = answer.split_whitespace();
            match (words.next(), words.next().and_then(|seconds| seconds.parse::<f64>().ok())) {
                (Some(library), Some(seconds)) => format!("{:.1} MB/s ({library})", mb(bytes) / seconds),
                _ => "-".to_owned(),
            }
        }
        Err(error) => error.to_string(),
    }
}
