//! Every reader, every writer, the journal, the keymap and schemas, given files that nobody wrote.
//!
//! Here, each target ([`targets`]) is run once over its inputs in `corpus/`: files of every format, and whatever once made
//! the program fall. The same targets are run by libFuzzer, which looks for new ones. That needs no nightly compiler: with
//! these flags cargo-fuzz asks for nothing unstable, and `RUSTC_BOOTSTRAP` need not be set. The first build may take an hour
//! on two busy cores, and several gigabytes of memory, since the window is built along and all of it is instrumented.
//!
//! ```sh
//! cargo install cargo-fuzz
//! cp Cargo.lock tests/fuzz/        # the same versions of what the program is built from
//! mkdir -p ../found/brat      # new inputs come here, not into the tree
//! MANICULE_FUZZ=brat cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none --no-cfg-fuzzing -O one \
//!     ../found/brat tests/fuzz/corpus/brat -- -max_total_time=3600 -timeout=10 -rss_limit_mb=2048 -max_len=65536
//! ```
//!
//! Without `MANICULE_FUZZ` it names the targets: formats by their ids (`brat`: a file is read; `write-brat`: a document
//! is written and read again, its inputs are in `corpus/native`), and a few others. An input that makes it fall is left in
//! `tests/fuzz/artifacts/one`; `cargo fuzz tmin` makes it small. What fell goes into `corpus/` when it is mended, so that
//! it is tried here ever after. There is no sanitizer because the program has no unsafe code of its own, and
//! `cfg(fuzzing)` is off because some libraries skip their checks with it.
//!
//! `MANICULE_BLESS=1 cargo test --test fuzz` writes the inputs named `hard` again: `tests/data/hard.ron` in every format.

mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use manicule::formats::{FORMATS, Input, by_id};
use targets::{Target, seed};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

fn inputs(target: Target) -> Vec<PathBuf> {
    let folder = corpus().join(target.corpus());
    let all = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut all: Vec<PathBuf> = all.map(|entry| entry.expect("readable").path()).collect();
    all.sort();
    all
}

/// Runs targets over their inputs and names what falls.
fn run(wanted: impl Fn(Target) -> bool) {
    let mut fallen = Vec::new();
    for target in Target::all().into_iter().filter(|target| wanted(*target)) {
        let inputs = inputs(target);
        assert!(!inputs.is_empty(), "{} has no inputs", target.name());
        let mut documents = 0;
        for path in inputs {
            let bytes = fs::read(&path).expect("readable");
            match catch_unwind(AssertUnwindSafe(|| target.run(&bytes))) {
                Ok(read) => documents += read,
                Err(_) => fallen.push(format!("{} falls over {}", target.name(), path.display())),
            }
        }
        // Changing what is refused at once finds nothing.
        assert!(documents > 0 || !matches!(target, Target::Read(_)), "none of the inputs of {} is read", target.name());
    }
    assert!(fallen.is_empty(), "{fallen:#?}");
}

#[test]
fn readers_keep_their_promises_about_any_file() {
    bless();
    run(|target| matches!(target, Target::Read(_)));
}

#[test]
fn what_is_written_is_read_again() {
    run(|target| matches!(target, Target::Write(_)));
}

#[test]
fn journals_keymaps_and_schemas_keep_their_promises_about_any_file() {
    run(|target| matches!(target, Target::Other(_)));
}

#[test]
fn every_folder_of_the_corpus_belongs_to_a_target() {
    let known: BTreeSet<String> = Target::all().into_iter().map(Target::corpus).collect();
    let mut size = 0;
    for folder in fs::read_dir(corpus()).expect("a folder") {
        let folder = folder.expect("readable");
        let name = folder.file_name().to_string_lossy().into_owned();
        assert!(known.contains(&name), "{name} is no target");
        assert!(Target::all().into_iter().any(|target| Target::named(&target.name()).is_some()));
        size += fs::read_dir(folder.path())
            .expect("a folder")
            .map(|file| file.expect("readable").metadata().expect("readable").len())
            .sum::<u64>();
    }
    assert!(size < 1 << 20, "the corpus has {size} bytes; make the inputs smaller");
}

/// Writes the inputs named `hard`, if that is asked for.
fn bless() {
    if std::env::var_os("MANICULE_BLESS").is_none() {
        return;
    }
    let hard = include_bytes!("../data/hard.ron");
    let read = by_id("ron").expect("ships").read(&Input::of_bytes(hard)).expect("it is whole");
    for format in FORMATS.iter().filter(|format| format.info().reads && format.info().writes) {
        let folder = corpus().join(format.info().id);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("hard"), seed(*format, &read[0].document)).expect("writable");
    }
}
