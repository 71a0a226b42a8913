//! What the whole window costs on documents from a page to fifty megabytes: opening, keys, scrolling, saving, memory.
//!
//! `cargo bench --bench scale` runs each size in a process of its own and prints a table with the exponent with which
//! each row grows; with `MANICULE_BLESS=1` it draws the picture of the README, too.
//! `cargo bench --bench scale -- 3kB 1MB` runs some sizes only, and `-- paragraph`
//! 50 MB without a newline. The start of the process is that of the real program on a
//! display (`xvfb-run cargo bench --bench scale` makes one). Frames are those of the program, without turning shapes into
//! triangles and drawing them; times of frames are times of the window's thread on a processor, where the system tells
//! them (Linux), so that a busy machine does not count.

mod article;
#[path = "scale/figures.rs"]
mod figures;
#[path = "scale/plot.rs"]
mod plot;
#[path = "scale/start.rs"]
mod start;
#[path = "scale/window.rs"]
mod window;

use std::path::Path;
use std::process::{Command, Stdio};

use figures::{Figures, table};
use manicule::formats::{self, Named, Options};
use manicule::model::Document;
use window::Window;

/// Name, bytes of text, mentions.
const SIZES: [(&str, usize, usize); 5] = [
    ("3kB", 3_000, 60),
    ("100kB", 100_000, 2_000),
    ("1MB", 1_000_000, 20_000),
    ("10MB", 10_000_000, 200_000),
    ("50MB", 50_000_000, 1_000_000),
];

/// The largest again in one paragraph; runs if it is named.
const ONE_PARAGRAPH: (&str, usize, usize) = ("paragraph", 50_000_000, 1_000_000);

/// What is smaller does not count for the growth, in bytes.
const GROWING: usize = 100_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let [one, folder] = arguments.as_slice()
        && one == "in"
    {
        return measure(Path::new(folder));
    }
    let is_named = |name: &str| arguments.iter().any(|one| one == name);
    let chosen = SIZES.iter().filter(|(name, ..)| arguments.is_empty() || is_named(name));
    let mut columns = Vec::new();
    for (name, bytes, mentions) in chosen.chain(is_named(ONE_PARAGRAPH.0).then_some(&ONE_PARAGRAPH)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let make = if *name == ONE_PARAGRAPH.0 { article::on_one_line } else { article::sized };
        write(&folder.path().join("first.ron"), &article::sized(2_000, 40));
        write(&folder.path().join("article.ron"), &make(*bytes, *mentions));
        let program = std::env::current_exe().expect("known");
        eprintln!("{name}");
        let mut command = Command::new(program);
        let output = command.arg("in").arg(folder.path()).stderr(Stdio::inherit()).output().expect("it runs");
        assert!(output.status.success(), "{name} fell");
        columns.push((*name, *bytes, Figures::parse(&String::from_utf8_lossy(&output.stdout))));
        println!("{}", table(&columns, GROWING));
    }
    if std::env::var_os("MANICULE_BLESS").is_some() {
        let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/scale.svg");
        plot::write(&picture, &columns).expect("it can be drawn");
    }
}

/// The document as a file.
fn write(file: &Path, document: &Document) {
    let format = formats::by_id("ron").expect("exists");
    let named = [Named { name: "article", document, schema: None }];
    let files = format.write(&named, &Options::default()).expect("can be written");
    std::fs::write(file, &files[0].bytes).expect("the disk has room");
}

/// All rows of one size.
fn measure(folder: &Path) {
    let mut figures = Figures::default();
    start::measure(folder, &mut figures);
    let mut window = Window::open(folder, &mut figures);
    window.move_about(&mut figures);
    window.edit(&mut figures);
    window.scroll(&mut figures);
    window.propagate(&mut figures);
    window.rest(&mut figures);
    window.save(&mut figures);
    figures.put("memory at the end, MB", figures::memory("VmRSS:"));
    figures.put("memory at most, MB", figures::memory("VmHWM:"));
    print!("{}", figures.lines());
}
