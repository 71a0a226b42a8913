//! A program that is killed at any moment has lost nothing that it called saved.
//!
//! A child process marks, undoes, saves and reopens a document through the program's own store and journal, and writes
//! down each state before it goes to the journal and each one that the journal called saved. It is killed with SIGKILL
//! at a moment that nobody chose. The next child opens what is there: it must be a state that was saved or one that
//! came after it, with its whole history; and it goes on from there. Every other document counts as long, so that its
//! journal begins with a copy of its file; and the same must come back where another program has replaced or removed the
//! file in between.
//!
//! `MANICULE_KILLS` says how often (200); `MANICULE_WINDOW_KILLS` how often through the real window, where somebody types
//! (20); `MANICULE_SEED` which moments (1).

mod child;
mod commands;
#[path = "../end_to_end/display.rs"]
#[allow(dead_code)] // Half of it is for those who mark by keyboard.
mod display;
mod random;
mod window;

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use random::Random;

/// A new document is begun after so many kills, so that the journal does not grow for ever.
const KILLS_OF_A_DOCUMENT: u64 = 25;

/// What a document may be when it is opened next: its states since the last one that was saved, by number.
#[derive(Default)]
struct Allowed {
    states: Vec<String>,
    /// The first of `states` that may come back; those before it were overtaken by one that was saved.
    saved: usize,
}

impl Allowed {
    /// What is there must be what was saved or came after it.
    fn check(&self, found: &str, round: u64) {
        let known = self.states.iter().rposition(|state| state == found);
        let is_right = self.states.is_empty() || known.is_some_and(|known| known >= self.saved);
        assert!(
            is_right,
            "round {round}: saved was state {} of {}, found was {}",
            self.saved,
            self.states.len(),
            known.map_or_else(|| "none of them".to_owned(), |known| known.to_string())
        );
    }
}

/// What is counted for the last line.
#[derive(Default)]
struct Counts {
    commands: u64,
    saved: u64,
    snapshots: u64,
    without_file: u64,
    kinds: HashMap<String, u64>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("child") {
        let folder = arguments.next().expect("a folder");
        let seed = arguments.next().and_then(|seed| seed.parse().ok()).expect("a number");
        return child::run(Path::new(&folder), seed);
    }
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
    };
    let (kills, seed) = (number("MANICULE_KILLS", 200), number("MANICULE_SEED", 1));
    let begun = Instant::now();
    let mut counts = Counts::default();
    let mut random = Random::new(seed);
    let mut at = 0;
    while at < kills {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // Every other one counts as long.
        child::lay_out(folder.path(), (at / KILLS_OF_A_DOCUMENT) % 2 == 1);
        let mut allowed = Allowed::default();
        for round in at..kills.min(at + KILLS_OF_A_DOCUMENT) {
            // Some are killed while they are still opening, some after a long while.
            let patience = [0, 0, 1, 4, 20, 80, 200][random.below(7)];
            round_of(folder.path(), round, Some(patience), &mut random, &mut allowed, &mut counts);
        }
        // What the last one left behind is looked at, too.
        round_of(folder.path(), u64::MAX, None, &mut random, &mut allowed, &mut counts);
        at += KILLS_OF_A_DOCUMENT;
    }
    println!(
        "{kills} kills, {} commands, {} times saved, {} snapshots, {} times without the file, 0 saved changes lost, in \
         {:.0} s (seed {seed}; killed after {:?})",
        counts.commands,
        counts.saved,
        counts.snapshots,
        counts.without_file,
        begun.elapsed().as_secs_f64(),
        counts.kinds
    );
    window::rounds(number("MANICULE_WINDOW_KILLS", 20), &mut random);
}

/// One child: opens, works, and is killed after `patience` lines and a moment; with none it is left to open and close.
fn round_of(
    folder: &Path,
    round: u64,
    patience: Option<usize>,
    random: &mut Random,
    allowed: &mut Allowed,
    counts: &mut Counts,
) {
    let program = std::env::current_exe().expect("this program");
    let seed = if patience.is_some() { random.next().max(1) } else { 0 };
    let mut command = Command::new(program);
    command.arg("child").arg(folder).arg(seed.to_string());
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a child");
    let mut lines = BufReader::new(child.stdout.take().expect("its words")).lines();
    let mut heard: Vec<String> = Vec::new();
    if let Some(patience) = patience {
        heard.extend(lines.by_ref().take(patience).map(|line| line.expect("UTF-8")));
        // The moment is in the middle of whatever comes next.
        let moment = Duration::from_micros(random.below(if patience == 0 { 40_000 } else { 4_000 }) as u64);
        let start = Instant::now();
        while start.elapsed() < moment {
            std::hint::spin_loop();
        }
        child.kill().expect("it may be killed");
    }
    // What it said before it was killed is still in the pipe.
    heard.extend(lines.map_while(Result::ok));
    let status = child.wait().expect("it ends");
    for line in &heard {
        understood(line, round, allowed, counts);
    }
    // Once in three times another program takes the file away meanwhile, or puts another one there.
    if random.once_in(3)
        && let Some(state) = child::without_file(folder, random.once_in(2))
    {
        counts.without_file += 1;
        allowed.check(&state, round);
    }
    let last = heard.last().and_then(|line| line.split(' ').next()).unwrap_or("nothing");
    *counts.kinds.entry(last.to_owned()).or_default() += 1;
    if patience.is_none() {
        assert!(status.success(), "the last one failed: {status}");
    }
}

fn understood(line: &str, round: u64, allowed: &mut Allowed, counts: &mut Counts) {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "opened" => {
            allowed.check(rest, round);
            *allowed = Allowed { states: vec![rest.to_owned()], saved: 0 };
        }
        "does" => {
            counts.commands += 1;
            allowed.states.push(rest.to_owned());
        }
        "saved" => {
            counts.saved += 1;
            allowed.saved = allowed.states.len() - 1;
        }
        "saves" => {}
        "snapshot" => counts.snapshots += 1,
        _ => panic!("round {round}: {line}"),
    }
}
