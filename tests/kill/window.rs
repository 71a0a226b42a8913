//! The real program in a real window, killed while somebody types at speed.
//!
//! The program itself writes down each state before it goes to the journal, and each one that its status bar calls
//! saved before that is on the screen (`MANICULE_TELL`). After the kill the file is opened without a window: it must be
//! a state that was called saved or one that came after it. The next round goes on from there.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use manicule::app::data::DataDir;
use manicule::app::journal::{Found, restore};
use manicule::app::telling::{CAN_TELL, state_of};
use manicule::edit::Editor;
use manicule::model::schema::builtin;
use manicule::store::{Base, OnDisk, OpenOptions, SaveOptions, open_path, save};

use crate::display::{GLANCE, PATIENCE, Running, Screen, apart, has};
use crate::random::Random;

/// A new document is begun after so many kills.
const KILLS_OF_A_DOCUMENT: u64 = 7;
/// So many keys are typed in one go; more than there is time for.
const KEYS: usize = 400;

/// What is counted for the last line.
#[derive(Default)]
struct Counts {
    changes: usize,
    saved: usize,
    /// How many of the kills came before everything that was done had been called saved.
    in_between: usize,
}

/// Kills the program so often, and says how that went.
pub fn rounds(kills: u64, random: &mut Random) {
    if kills == 0 || !has(&["Xvfb", "xdotool"], "a kill through the real window") {
        return;
    }
    if !CAN_TELL {
        let message = "a kill through the real window needs a program that tells: add --features inspection";
        assert!(std::env::var_os("CI").is_none(), "{message}");
        println!("SKIPPED: {message}");
        return;
    }
    let begun = Instant::now();
    let screen = Rc::new(Screen::start());
    let mut counts = Counts::default();
    let mut at = 0;
    while at < kills {
        let folder = tempfile::tempdir().expect("a temporary folder");
        lay_out(folder.path());
        let mut known = opened(folder.path());
        for round in at..kills.min(at + KILLS_OF_A_DOCUMENT) {
            known = round_of(&screen, folder.path(), round, &known, random, &mut counts);
        }
        at += KILLS_OF_A_DOCUMENT;
    }
    println!(
        "{kills} kills through the window, {} changes, {} times called saved, {} kills before that, 0 saved changes lost, \
         in {:.0} s",
        counts.changes,
        counts.saved,
        counts.in_between,
        begun.elapsed().as_secs_f64()
    );
}

/// The sample without what is marked in it.
fn lay_out(folder: &Path) {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/000_1a5c9ff20c0ee09c.txt");
    let opened = open_path(&seed, &OpenOptions::default()).expect("the seed is there");
    let document = opened.document.prepared(builtin("news").expect("ships"), None);
    save(&document, &folder.join("article.ron"), &SaveOptions::over(OnDisk::Absent))
        .expect("the folder can be written");
}

/// What is on disk, as the next start finds it.
fn opened(folder: &Path) -> String {
    let file = folder.join("article.ron");
    let opened = open_path(&file, &OpenOptions::default()).expect("the file is whole");
    let base = Base::native(&file, &opened.sha256, &opened.document);
    let data = DataDir::at(folder.join("data"));
    let begun = Instant::now();
    let found = loop {
        let notify = Box::new(|| ());
        match Found::open(&data, base.clone(), notify) {
            Ok(found) => break found,
            // The system takes a moment to clear up after a process that was killed.
            Err(error) => assert!(begun.elapsed() < PATIENCE, "{error}"),
        }
        std::thread::sleep(GLANCE);
    };
    // A record that was torn is no loss; one that does not fit the file is.
    let problems: Vec<String> =
        found.problems.iter().filter(|p| p.code != "damaged-journal").map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{problems:?}");
    let mut editor = Editor::new(opened.document, Arc::new(builtin("news").expect("ships").clone()));
    if let Some(recovered) = found.recovered {
        restore(&mut editor, recovered).expect("the journal fits the file");
    }
    state_of(&editor).expect("it can be written")
}

/// Opens, types, kills, and looks at what is left; `known` is what was there before.
fn round_of(
    screen: &Rc<Screen>,
    folder: &Path,
    round: u64,
    known: &str,
    random: &mut Random,
    counts: &mut Counts,
) -> String {
    let told = folder.join("told");
    let _ = fs::remove_file(&told);
    let mut command = apart(env!("CARGO_BIN_EXE_manicule"), screen, folder);
    command.arg(folder.join("article.ron")).env("MANICULE_TELL", &told);
    let mut program = Running(command.stderr(Stdio::null()).spawn().expect("the program starts"));
    // One in ten does not come as far as a window.
    if random.once_in(10) {
        std::thread::sleep(Duration::from_millis(random.below(400) as u64));
    } else {
        let window = wait_for(&mut program, "a window that is drawn", || {
            fs::read_to_string(&told).ok().filter(|told| told.ends_with('\n'))?;
            let found = screen.xdotool(&["search", "--onlyvisible", "--name", "Blinken Says"])?;
            found.lines().next().map(str::to_owned)
        });
        screen.xdotool(&["windowfocus", "--sync", &window]).expect("the window takes the keys");
        let mut typing = Command::new("xdotool");
        typing.env("DISPLAY", &screen.display).args(["key", "--delay", "4"]).args(keys(random));
        let _typing = Running(typing.stderr(Stdio::null()).spawn().expect("xdotool starts"));
        // The moment is in the middle of whatever is typed then.
        std::thread::sleep(Duration::from_micros(100_000 + random.below(1_900_000) as u64));
        program.0.kill().expect("it may be killed");
    }
    drop(program);

    let heard = fs::read_to_string(&told).unwrap_or_default();
    let mut states = vec![known];
    let mut saved = 0;
    for line in heard.lines() {
        match line.split_once(' ') {
            Some(("does", state)) => {
                counts.changes += 1;
                states.push(state);
            }
            Some(("saved", state)) => {
                assert_eq!(
                    states.last(),
                    Some(&state),
                    "round {round}: what is called saved is not what was done last"
                );
                counts.saved += 1;
                saved = states.len() - 1;
            }
            _ => panic!("round {round}: {line:?}"),
        }
    }
    if saved + 1 < states.len() {
        counts.in_between += 1;
    }
    let found = opened(folder);
    let at = states.iter().rposition(|state| *state == found);
    assert!(
        at.is_some_and(|at| at >= saved),
        "round {round}: called saved was state {saved} of {}, found was {at:?}",
        states.len()
    );
    found
}

fn wait_for<T>(program: &mut Running, what: &str, look: impl Fn() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        if let Ok(Some(status)) = program.0.try_wait() {
            panic!("the program ended ({status}) before there was {what}");
        }
        assert!(begun.elapsed() < PATIENCE, "no {what} after {} seconds", PATIENCE.as_secs());
        std::thread::sleep(GLANCE);
    }
}

/// What somebody in a great hurry types: words are selected and marked, taken back, done again, deleted, saved.
fn keys(random: &mut Random) -> Vec<&'static str> {
    let mut keys = Vec::with_capacity(KEYS + 8);
    while keys.len() < KEYS {
        match random.below(14) {
            0 => keys.push("ctrl+s"),
            1 | 2 => keys.push("ctrl+z"),
            3 => keys.push("ctrl+shift+z"),
            4 => keys.extend(["Delete", "Escape"]),
            5 => keys.extend(["q", "Return", "Escape"]),
            _ => {
                keys.extend(std::iter::repeat_n("Right", 1 + random.below(3)));
                keys.extend(std::iter::repeat_n("shift+Right", 1 + random.below(2)));
                keys.extend([["p", "o", "c", "l"][random.below(4)], "Escape"]);
            }
        }
    }
    keys
}
