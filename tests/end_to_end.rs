//! The real program in a real window: an article is opened, marked by keyboard, and saved.
//!
//! Needs Xvfb and xdotool, and a Vulkan driver such as Mesa's software renderer. Nothing is slept for: every step
//! waits for what it must bring about (a window, a line in the journal, a file).

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use manicule::text::Text;

/// For each step; a software renderer on a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at whether something has happened.
const GLANCE: Duration = Duration::from_millis(20);

const NAME: &str = "000_1a5c9ff20c0ee09c";
const PACKAGES: &str = "xvfb xdotool mesa-vulkan-drivers libvulkan1 libxkbcommon-x11-0 libxcursor1 libxi6 libx11-xcb1";

/// A program that ends with the test, however the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen without a monitor.
struct Screen {
    _server: Running,
    display: String,
}

impl Screen {
    /// Starts a server on a display that is free.
    fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
        let mut server = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb starts"));
        let mut number = String::new();
        let stdout = server.0.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut number).expect("Xvfb says which display it has");
        assert!(!number.trim().is_empty(), "Xvfb ended without a display");
        Self { _server: server, display: format!(":{}", number.trim()) }
    }

    fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("xdotool").env("DISPLAY", &self.display).args(arguments).output().expect("runs");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// The program with an article open.
struct Program {
    screen: Screen,
    process: Running,
    folder: PathBuf,
    text: Text,
}

impl Program {
    fn open(folder: &Path, file: &Path) -> Self {
        let screen = Screen::start();
        let text = Text::new(fs::read_to_string(file).expect("the article is there")).expect("short");
        let mut command = Command::new(env!("CARGO_BIN_EXE_manicule"));
        command.arg(file).env("DISPLAY", &screen.display).env("MANICULE_DATA_DIR", folder.join("data"));
        // Nothing of the user who runs the test: no settings, no desktop, no session bus.
        command.env("HOME", folder).env("XDG_RUNTIME_DIR", folder).env("LC_ALL", "C.UTF-8");
        for variable in ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DBUS_SESSION_BUS_ADDRESS", "XMODIFIERS"] {
            command.env_remove(variable);
        }
        let process = Running(command.spawn().expect("the program starts"));
        let mut program = Self { screen, process, folder: folder.to_owned(), text };
        // Its title tells that the article is open; ASCII only, since xdotool knows no more in every locale.
        let window = program.wait_for("a window with the article", |program| {
            let found = program.screen.xdotool(&["search", "--onlyvisible", "--name", "Blinken Says"])?;
            found.lines().next().map(str::to_owned)
        });
        program.screen.xdotool(&["windowfocus", "--sync", &window]).expect("the window takes the keys");
        program
    }

    fn wait_for<T>(&mut self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            if let Ok(Some(status)) = self.process.0.try_wait() {
                panic!("the program ended ({status}) before there was {what}");
            }
            assert!(begun.elapsed() < PATIENCE, "no {what} after {} seconds", PATIENCE.as_secs());
            std::thread::sleep(GLANCE);
        }
    }

    fn press(&self, keys: &[&str]) {
        let arguments: Vec<&str> = ["key", "--delay", "12"].into_iter().chain(keys.iter().copied()).collect();
        self.screen.xdotool(&arguments).expect("the keys are pressed");
    }

    /// How many changes are in the journal.
    fn changes(&self) -> usize {
        let journals = fs::read_dir(self.folder.join("data/journals"));
        let files = journals.into_iter().flatten().flatten().map(|entry| entry.path());
        let journal = files.into_iter().find(|path| path.extension().is_some_and(|e| e == "journal"));
        let lines = journal.map_or(0, |path| fs::read_to_string(path).unwrap_or_default().lines().count());
        // The first line says what the journal is about.
        lines.saturating_sub(1)
    }

    /// Presses keys that make one change each, and waits until all are on disk.
    fn change(&mut self, keys: &[&str]) {
        let wanted = self.changes() + keys.len();
        self.press(keys);
        self.wait_for(&format!("change {wanted} in the journal ({keys:?})"), |p| (p.changes() >= wanted).then_some(()));
    }

    /// Selects words by the keyboard, where they occur first.
    fn select(&self, words: &str) {
        let at = self.text.as_str().find(words).expect("in the article");
        let tokens = self.text.tokens();
        let before = tokens.iter().filter(|token| token.start.to_usize() < at).count();
        let within = (at..at + words.len(), tokens);
        let within = within.1.iter().filter(|token| within.0.contains(&token.start.to_usize())).count();
        let mut keys = vec!["ctrl+Home"];
        keys.extend(vec!["Right"; before]);
        keys.extend(vec!["shift+Right"; within]);
        self.press(&keys);
    }

    /// Quits by key and waits for the end.
    fn quit(mut self) -> ExitStatus {
        self.press(&["ctrl+q"]);
        let begun = Instant::now();
        loop {
            if let Some(status) = self.process.0.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "the program does not end");
            std::thread::sleep(GLANCE);
        }
    }
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
    let is_missing = |tool: &&str| Command::new(tool).arg("-version").output().is_err();
    let missing: Vec<&str> = ["Xvfb", "xdotool"].into_iter().filter(is_missing).collect();
    if !missing.is_empty() {
        let message = format!("{} not found; on Debian: apt-get install {PACKAGES}", missing.join(" and "));
        assert!(std::env::var_os("CI").is_none(), "{message}");
        println!("SKIPPED, the real window was not tested: {message}");
        return;
    }

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let article = folder.path().join(format!("{NAME}.txt"));
    fs::copy(root.join(format!("seeds/{NAME}.txt")), &article).expect("the seed is there");

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
