//! The program makes a mistake, or is told to end: nothing that was marked is lost, and no report quotes the article.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::display::{Program, Screen, has};
use crate::{NAME, article};

/// What the trap makes the panic say, as a message of the standard library that quotes the article.
const QUOTED: &str = "“demonstrated a sincere commitment to normalize relations” Armenia and Azerbaijan";

struct Desk {
    folder: tempfile::TempDir,
    article: PathBuf,
    screen: Rc<Screen>,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let article = article(folder.path());
        Self { article, folder, screen: Rc::new(Screen::start()) }
    }

    fn open(&self) -> Program {
        Program::open_on(&self.screen, self.folder.path(), &self.article)
    }

    /// The program panics at this place until the trap is taken away.
    fn lay_trap(&self, name: &str) -> PathBuf {
        let traps = self.folder.path().join("data/traps");
        fs::create_dir_all(&traps).expect("a folder for traps");
        let trap = traps.join(name);
        fs::write(&trap, QUOTED).expect("the trap is laid");
        trap
    }

    fn reports(&self) -> Vec<PathBuf> {
        manicule::panics::reports_in(&self.folder.path().join("data/reports"))
    }

    fn saved(&self) -> String {
        fs::read_to_string(self.article.with_extension("ron")).unwrap_or_default()
    }
}

/// No word of the article that is not common: names and whatever is longer than seven letters.
fn quotes_nothing(report: &Path) {
    let report = fs::read_to_string(report).expect("the report is there");
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("seeds/{NAME}.txt"));
    let article = fs::read_to_string(seed).expect("the seed is there");
    let is_telling = |word: &&str| word.len() > 3 && (word.starts_with(char::is_uppercase) || word.len() > 7);
    let words = article.split(|c: char| !c.is_alphanumeric()).filter(is_telling);
    // The first line is the same in all reports.
    let (_, told) = report.split_once('\n').expect("more than a line");
    let quoted: Vec<&str> = words.filter(|word| told.contains(&format!(" {word}"))).collect();
    assert!(quoted.is_empty(), "{quoted:?} in {report}");
    for word in QUOTED.split(' ').filter(|word| word.len() > 3) {
        assert!(!report.contains(word), "{word} in {report}");
    }
    for line in ["place: src/panics.rs:", "thread: main", "message: ", "program: manicule "] {
        assert!(report.contains(line), "no {line} in {report}");
    }
}

/// Marks a word and waits until that is in the journal.
fn mark(program: &mut Program, words: &str) {
    program.select(words);
    program.change(&["c"]);
}

fn is_marked(ron: &str, words: &str) -> bool {
    ron.contains(&format!("text: \"{words}\")], entity"))
}

#[test]
fn a_panic_in_the_window_loses_nothing_and_the_work_goes_on() {
    if !has(&["Xvfb", "xdotool"], "a panic in the window") {
        return;
    }
    for place in ["drawing", "before a frame", "holding the journal"] {
        let desk = Desk::new();
        let mut program = desk.open();
        mark(&mut program, "Armenia");
        let trap = desk.lay_trap(place);
        program.press(&["Left"]);
        let report = program.wait_for("a report", |_| desk.reports().into_iter().next());
        quotes_nothing(&report);
        assert!(
            desk.folder.path().join("data/reports/untold").exists(),
            "whoever is killed now is told at the next start"
        );
        fs::remove_file(trap).expect("the trap is there");
        // “Go on” has the keyboard, once it is drawn.
        let mut pressed: Option<Instant> = None;
        program.wait_for("the user to know", |program| {
            if pressed.is_none_or(|at| at.elapsed() > Duration::from_secs(3)) {
                pressed = Some(Instant::now());
                program.press(&["Return"]);
            }
            (!desk.folder.path().join("data/reports/untold").exists()).then_some(())
        });
        program.wait_for_window();
        // The document is read again; the window takes its keys when it is there.
        program.wait_for("a mark after the panic", |program| {
            program.select("Azerbaijan");
            program.press(&["c"]);
            (program.changes() >= 2).then_some(())
        });
        program.press(&["ctrl+s"]);
        program.wait_for("the saved file", |_| is_marked(&desk.saved(), "Azerbaijan").then_some(()));
        assert!(is_marked(&desk.saved(), "Armenia"), "{place}: {}", desk.saved());
        assert_eq!(desk.reports().len(), 1, "{place}: one panic, one report");
        assert!(program.quit().success(), "{place}");
    }
}

#[test]
fn a_panic_beside_our_own_code_ends_the_program_and_loses_nothing() {
    if !has(&["Xvfb", "xdotool"], "a panic in the event loop") {
        return;
    }
    let desk = Desk::new();
    let mut program = desk.open();
    mark(&mut program, "Armenia");
    let trap = desk.lay_trap("painting");
    program.press(&["Left"]);
    assert_eq!(program.ended().code(), Some(1), "it ends by itself");
    let reports = desk.reports();
    assert_eq!(reports.len(), 1);
    quotes_nothing(&reports[0]);
    let untold = desk.folder.path().join("data/reports/untold");
    assert!(untold.exists(), "the next start is to tell of it");
    fs::remove_file(trap).expect("the trap is there");

    let mut again = desk.open();
    assert!(!untold.exists(), "it is told once");
    again.press(&["ctrl+s"]);
    again.wait_for("what was marked before", |_| is_marked(&desk.saved(), "Armenia").then_some(()));
    assert!(again.quit().success());
}

#[cfg(unix)]
#[test]
fn the_end_of_the_session_closes_the_window_and_keeps_the_work() {
    if !has(&["Xvfb", "xdotool"], "the end of the session") {
        return;
    }
    for signal in ["TERM", "HUP", "INT"] {
        let desk = Desk::new();
        let mut program = desk.open();
        mark(&mut program, "Armenia");
        let kill = format!("kill -{signal} {}", program.process.0.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
        assert!(program.ended().success(), "{signal}: it ends in order, without a question");
        assert!(desk.folder.path().join("data/window.ron").exists(), "{signal}: its settings are kept");

        let mut again = desk.open();
        again.press(&["ctrl+s"]);
        again.wait_for("what was marked before", |_| is_marked(&desk.saved(), "Armenia").then_some(()));
        assert!(again.quit().success());
        assert!(desk.reports().is_empty());
    }
}
