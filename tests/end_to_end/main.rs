//! The real program in a real window: an article is opened, marked by keyboard, and saved; the program falls and is
//! ended from outside; what it asks the system for is watched.

mod display;
mod falls;
#[cfg(target_os = "linux")]
mod network;

use std::fs;
use std::path::{Path, PathBuf};

use display::Program;

const NAME: &str = "000_1a5c9ff20c0ee09c";

/// The article in a folder of its own.
fn article(folder: &Path) -> PathBuf {
    let article = folder.join(format!("{NAME}.txt"));
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("seeds/{NAME}.txt"));
    fs::copy(seed, &article).expect("the seed is there");
    article
}

/// The file without the times at which annotations were made.
fn without_times(ron: &str) -> String {
    let mut out = String::new();
    let mut rest = ron;
    while let Some((before, after)) = rest.split_once("at: Some(\"") {
        let (_, after) = after.split_once('"').expect("the quotation mark that ends the time");
        out.push_str(before);
        out.push_str("at: Some(\"…\"");
        rest = after;
    }
    out + rest
}

#[test]
fn an_article_is_marked_by_keyboard_and_saved() {
    if !display::has(&["Xvfb", "xdotool"], "the real window") {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let article = article(folder.path());

    let mut program = Program::open(folder.path(), &article);
    for (words, key) in [("Armenia", "c"), ("Azerbaijan", "c"), ("Blinken", "p")] {
        program.select(words);
        program.change(&[key]);
    }
    // The talks of Armenia and Azerbaijan: both by their hint letters.
    program.select("Talks");
    program.change(&["shift+c"]);
    program.change(&["j"]);
    program.change(&["f"]);
    program.press(&["Return"]);
    // What was said; its speaker from words that are no mention yet.
    program.select("“demonstrated a sincere commitment to normalize relations”");
    program.press(&["q"]);
    program.select("Anthony Blinken");
    program.change(&["Return"]);

    program.press(&["ctrl+s"]);
    let saved = article.with_extension("ron");
    let ron = program.wait_for("a saved file", |_| fs::read_to_string(&saved).ok());
    assert_eq!(
        fs::read(&article).expect("still there"),
        fs::read(root.join(format!("seeds/{NAME}.txt"))).expect("seed")
    );

    let expected = root.join("tests/data/end_to_end.ron");
    let found = without_times(&ron);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&expected, &found).expect("can be written");
    }
    let wanted = fs::read_to_string(&expected).expect("the expected file is there");
    let differing = wanted.lines().zip(found.lines()).position(|(wanted, found)| wanted != found);
    assert_eq!(found, wanted, "line {:?} differs from {}", differing.map(|at| at + 1), expected.display());

    // Everything is saved, so that it does not ask.
    assert!(program.quit().success());
}
