//! Figures by name, as lines between processes and as a table with the exponents of growth.

use std::time::{Duration, Instant};

/// Figures in the order in which they were taken; times in milliseconds.
#[derive(Default)]
pub struct Figures(Vec<(String, f64)>);

impl Figures {
    /// Tells it at once too: a large size takes minutes.
    pub fn put(&mut self, name: &str, value: f64) {
        eprintln!("  {name}: {}", shown(value));
        self.0.push((name.to_owned(), value));
    }

    /// The median and the slowest of one in a hundred.
    pub fn put_frames(&mut self, name: &str, mut frames: Vec<f64>) {
        frames.sort_by(f64::total_cmp);
        let at = |share: f64| frames.get(((frames.len() as f64 * share) as usize).min(frames.len() - 1)).copied();
        self.put(&format!("{name}, p50"), at(0.5).unwrap_or_default());
        self.put(&format!("{name}, p99"), at(0.99).unwrap_or_default());
    }

    pub fn lines(&self) -> String {
        let line = |(name, value): &(String, f64)| format!("{name}\t{value}");
        self.0.iter().map(line).collect::<Vec<String>>().join("\n") + "\n"
    }

    pub fn parse(lines: &str) -> Self {
        let parse =
            |line: &str| line.split_once('\t').and_then(|(name, value)| Some((name.into(), value.parse().ok()?)));
        Self(lines.lines().filter_map(parse).collect())
    }

    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

/// Milliseconds that this thread has been on a processor.
#[cfg(unix)]
pub fn on_processor(_since: Instant) -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Milliseconds of the clock, where the system does not tell more.
#[cfg(not(unix))]
pub fn on_processor(since: Instant) -> f64 {
    millis(since.elapsed())
}

pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// A line of what the system says of this process's memory, in megabytes; 0 where it says nothing.
pub fn memory(line: &str) -> f64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|told| told.strip_prefix(line));
    line.and_then(|rest| rest.trim().split(' ').next()?.parse::<f64>().ok()).map_or(0.0, |kilobytes| kilobytes / 1024.0)
}

/// In Markdown; the last column is the exponent `k` of the best line through the logarithms, cost ~ size^k, over the sizes
/// from `growing` on: below, what costs the same at every size hides the rest.
pub fn table(columns: &[(&str, usize, Figures)], growing: usize) -> String {
    let Some((.., first)) = columns.first() else { return String::new() };
    let mut out = String::from("| |");
    for (name, ..) in columns {
        out += &format!(" {name} |");
    }
    out += " growth |\n|---|";
    out += &"---:|".repeat(columns.len() + 1);
    out += "\n";
    for (name, _) in &first.0 {
        out += &format!("| {name} |");
        let mut points = Vec::new();
        for (_, size, figures) in columns {
            match figures.get(name) {
                Some(value) => {
                    out += &format!(" {} |", shown(value));
                    if *size >= growing && value > 0.0 {
                        points.push(((*size as f64).ln(), value.ln()));
                    }
                }
                None => out += " – |",
            }
        }
        out += &format!(" {} |\n", exponent(&points).map_or_else(|| "–".to_owned(), |k| format!("{k:.2}")));
    }
    out
}

fn shown(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let over: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let under: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    (points.len() > 1 && under > 0.0).then(|| over / under)
}
