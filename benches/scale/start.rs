//! The real program, started on a real display: how long until the article can be seen.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::figures::{Figures, millis};

const TIMES: usize = 5;

/// From the start of the process to the article on the screen, by the clock; the renderer of this machine is part of it.
/// Nothing is told where there is no display.
pub fn measure(folder: &Path, figures: &mut Figures) {
    if ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none()) {
        return eprintln!("  no display (xvfb-run makes one), so the start of the program is not measured");
    }
    let mut times: Vec<f64> = (0..TIMES).filter_map(|n| start(folder, &format!("data{n}"))).collect();
    times.sort_by(f64::total_cmp);
    if let Some(median) = times.get(times.len() / 2) {
        figures.put("process start to the article on the screen, ms", *median);
    }
}

fn start(folder: &Path, data: &str) -> Option<f64> {
    let begun = Instant::now();
    let mut program = Command::new(env!("CARGO_BIN_EXE_manicule"))
        .arg(folder.join("article.ron"))
        .env("MANICULE_DATA_DIR", folder.join(data))
        .env("RUST_LOG", "manicule::app::first_article=info")
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(program.stderr.take().expect("piped")).lines();
    let is_seen = lines.map_while(Result::ok).any(|line| line.contains("the first article is on the screen"));
    let took = millis(begun.elapsed());
    program.kill().expect("it runs");
    program.wait().expect("it ends");
    is_seen.then_some(took)
}
