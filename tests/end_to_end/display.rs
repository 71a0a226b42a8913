//! A display without a monitor, and the real program on it; the only place that starts one.
//!
//! Needs Xvfb and xdotool, and a Vulkan driver such as Mesa's software renderer. Nothing is slept for: every step
//! waits for what it must bring about (a window, a line in the journal, a file).

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use manicule::text::Text;

/// For each step; a software renderer on a busy machine takes its time.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at whether something has happened.
pub const GLANCE: Duration = Duration::from_millis(20);

const PACKAGES: &str = "xvfb xdotool strace mesa-vulkan-drivers libvulkan1 libxkbcommon-x11-0 libxcursor1 libxi6 \
    libx11-xcb1";

/// Whether the programs are there that a test needs. On a machine that must have them (`CI`), it fails if not; elsewhere
/// it says that `what` was not tested.
pub fn has(tools: &[&str], what: &str) -> bool {
    let is_missing = |tool: &&&str| Command::new(tool).arg("-version").output().is_err();
    let missing: Vec<&str> = tools.iter().filter(is_missing).copied().collect();
    if missing.is_empty() {
        return true;
    }
    let message = format!("{} not found; on Debian: apt-get install {PACKAGES}", missing.join(" and "));
    assert!(std::env::var_os("CI").is_none(), "{message}");
    println!("SKIPPED, {what} was not tested: {message}");
    false
}

/// A program that ends with the test, however the test ends.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen without a monitor.
pub struct Screen {
    _server: Running,
    pub display: String,
}

impl Screen {
    /// Starts a server on a display that is free.
    pub fn start() -> Self {
        let mut command = Command::new("Xvfb");
        // Otherwise it begins anew when its last client goes, and is not there for the next one for a moment.
        command.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]);
        let mut server = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb starts"));
        let mut number = String::new();
        let stdout = server.0.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut number).expect("Xvfb says which display it has");
        assert!(!number.trim().is_empty(), "Xvfb ended without a display");
        Self { _server: server, display: format!(":{}", number.trim()) }
    }

    pub fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("xdotool").env("DISPLAY", &self.display).args(arguments).output().expect("runs");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// The program with an article open.
pub struct Program {
    pub screen: Rc<Screen>,
    pub process: Running,
    pub folder: PathBuf,
    text: Text,
}

/// A program on this screen with nothing of the user who runs the test: no settings, no desktop, no session bus.
pub fn apart(program: &str, screen: &Screen, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("DISPLAY", &screen.display).env("MANICULE_DATA_DIR", folder.join("data"));
    command.env("HOME", folder).env("XDG_RUNTIME_DIR", folder).env("LC_ALL", "C.UTF-8");
    for variable in ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DBUS_SESSION_BUS_ADDRESS", "XMODIFIERS", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    command
}

impl Program {
    /// On a screen of its own.
    pub fn open(folder: &Path, file: &Path) -> Self {
        Self::open_on(&Rc::new(Screen::start()), folder, file)
    }

    /// On this screen.
    pub fn open_on(screen: &Rc<Screen>, folder: &Path, file: &Path) -> Self {
        let command = apart(env!("CARGO_BIN_EXE_manicule"), screen, folder);
        let mut program = Self::start(screen, folder, file, command);
        program.wait_for_window();
        program
    }

    /// Starts it with `command`, which is made by [`apart`], and waits for nothing.
    pub fn start(screen: &Rc<Screen>, folder: &Path, file: &Path, mut command: Command) -> Self {
        let text = fs::read_to_string(file.with_extension("txt")).expect("the article is there");
        let text = Text::new(text).expect("short");
        let process = Running(command.arg(file).spawn().expect("the program starts"));
        Self { screen: Rc::clone(screen), process, folder: folder.to_owned(), text }
    }

    /// Waits until the article is open and has the keyboard.
    pub fn wait_for_window(&mut self) {
        // Its title tells that the article is open; ASCII only, since xdotool knows no more in every locale.
        let window = self.wait_for("a window with the article", |program| {
            let found = program.screen.xdotool(&["search", "--onlyvisible", "--name", "Blinken Says"])?;
            found.lines().next().map(str::to_owned)
        });
        self.screen.xdotool(&["windowfocus", "--sync", &window]).expect("the window takes the keys");
    }

    pub fn wait_for<T>(&mut self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
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

    pub fn press(&self, keys: &[&str]) {
        let arguments: Vec<&str> = ["key", "--delay", "12"].into_iter().chain(keys.iter().copied()).collect();
        self.screen.xdotool(&arguments).expect("the keys are pressed");
    }

    /// How many changes are in the journal.
    pub fn changes(&self) -> usize {
        let journals = fs::read_dir(self.folder.join("data/journals"));
        let files = journals.into_iter().flatten().flatten().map(|entry| entry.path());
        let journal = files.into_iter().find(|path| path.extension().is_some_and(|e| e == "journal"));
        let lines = journal.map_or(0, |path| fs::read_to_string(path).unwrap_or_default().lines().count());
        // The first line says what the journal is about.
        lines.saturating_sub(1)
    }

    /// Presses keys that make one change each, and waits until all are on disk.
    pub fn change(&mut self, keys: &[&str]) {
        let wanted = self.changes() + keys.len();
        self.press(keys);
        self.wait_for(&format!("change {wanted} in the journal ({keys:?})"), |p| (p.changes() >= wanted).then_some(()));
    }

    /// Selects words by the keyboard, where they occur first.
    pub fn select(&self, words: &str) {
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
    pub fn quit(self) -> ExitStatus {
        self.press(&["ctrl+q"]);
        self.ended()
    }

    /// Waits for the end.
    pub fn ended(mut self) -> ExitStatus {
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
