//! What becomes of a panic: an answer instead of an end, and a report file that holds no word of any document.
//!
//! [`install`] takes the place of Rust's own message. Whoever can go on without what panicked calls [`catch`].
//! Knows nothing of windows, jobs and documents; needs no more than a folder for the reports.
//!
//! **No text in reports.** What a panic says may quote a document: slicing a text in the middle of a character prints
//! the text, and so does the debug form of almost everything. So a report holds a message only if it was written in the
//! source as it stands, or as far as it is one of the standard library's messages with numbers in them
//! (`without_text`). The place in the source and the calls that led there tell the rest. Standard error, which ends
//! up in the journals of systems, gets no more than the report.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, Location, PanicHookInfo, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::ThreadId;

#[cfg(not(panic = "unwind"))]
compile_error!("the program goes on after a panic in a worker: build it with panic = \"unwind\"");

/// How many reports are kept.
const MOST_REPORTS: usize = 20;

/// The folder for reports, once [`install`] was called with one.
static FOLDER: OnceLock<PathBuf> = OnceLock::new();
/// Numbers the reports of this process.
static COUNT: AtomicU64 = AtomicU64::new(0);
static LAST_DEED: Mutex<Option<LastDeed>> = Mutex::new(None);

/// Gets the report, if one could be written.
type Deed = Box<dyn Fn(Option<&Path>) + Send>;

/// What a thread that panics does first.
struct LastDeed {
    thread: ThreadId,
    deed: Deed,
}

thread_local! {
    /// The report of the last panic of this thread that nobody has taken yet.
    static REPORT: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// A panic that was caught.
#[derive(Debug)]
pub struct Fallen {
    /// The file that tells of it, if one could be written.
    pub report: Option<PathBuf>,
    payload: Box<dyn Any + Send>,
}

/// Does `work`; a panic in it is an answer. What `work` has changed by then is as it is: the caller sees to it.
///
/// # Errors
/// [`Fallen`] if it panicked.
pub fn catch<R>(work: impl FnOnce() -> R) -> Result<R, Fallen> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| Fallen { report: REPORT.take(), payload })
}

/// Goes on with a panic that was caught, perhaps on another thread, without telling of it a second time.
pub fn go_on(fallen: Fallen) -> ! {
    REPORT.set(fallen.report);
    resume_unwind(fallen.payload)
}

/// From now on every panic writes a report into `folder`, which need not exist yet, and says on standard error where it
/// is. With `RUST_BACKTRACE` set, whoever looks for a mistake gets Rust's own message too, with all that it quotes.
pub fn install(folder: Option<PathBuf>) {
    let is_first = folder.is_none_or(|folder| FOLDER.set(folder).is_ok());
    if !is_first {
        return;
    }
    let before = std::panic::take_hook();
    let is_developing = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
    std::panic::set_hook(Box::new(move |panic| {
        if is_developing {
            before(panic);
        }
        told(panic);
    }));
}

/// What this thread is to do first when it panics, before anything is unwound. It may have any lock at that moment: the
/// deed must not wait for one without end.
pub fn before_this_thread_falls(deed: impl Fn(Option<&Path>) + Send + 'static) {
    let last = LastDeed { thread: std::thread::current().id(), deed: Box::new(deed) };
    *LAST_DEED.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
}

/// The reports in a folder, the latest first.
pub fn reports_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut reports: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    // Names begin with the time.
    reports.sort_unstable_by(|a, b| b.cmp(a));
    reports
}

fn told(panic: &PanicHookInfo<'_>) {
    let now = jiff::Timestamp::now();
    let text = report(panic, now);
    let written = FOLDER.get().map(|folder| write(folder, now, &text));
    // Nobody may be listening; a panic in here would end the program at once.
    let _ = match &written {
        Some(Ok(path)) => writeln!(
            io::stderr(),
            "manicule: something went wrong in the program; what is known of it is in {}",
            path.display()
        ),
        Some(Err(error)) => {
            writeln!(io::stderr(), "manicule: something went wrong in the program; no report can be written: {error}")
        }
        None => writeln!(io::stderr(), "manicule: something went wrong in the program at {}", place(panic.location())),
    };
    let report = written.and_then(Result::ok);
    // Of two threads that fall at once, only one is the one whose deed this is; the other need not wait.
    if let Ok(last) = LAST_DEED.try_lock()
        && let Some(last) = last.as_ref().filter(|last| last.thread == std::thread::current().id())
    {
        (last.deed)(report.as_deref());
    }
    // A thread that is ending may have given up its variables.
    let _ = REPORT.try_with(|slot| slot.replace(report));
}

fn report(panic: &PanicHookInfo<'_>, now: jiff::Timestamp) -> String {
    let thread = std::thread::current();
    let version = env!("CARGO_PKG_VERSION");
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    let message = message(panic.payload());
    let message = message.as_deref().unwrap_or("(left out: it could quote an article)");
    let mut text = String::from("Something went wrong in Manicule. This report holds no text of your articles.\n\n");
    let _ = writeln!(text, "program: manicule {version} ({build})");
    let _ = writeln!(text, "system: {} {}", std::env::consts::OS, std::env::consts::ARCH);
    let _ = writeln!(text, "time: {now}");
    let _ = writeln!(text, "thread: {}", thread.name().unwrap_or("without a name"));
    let _ = writeln!(text, "place: {}", place(panic.location()));
    let _ = writeln!(text, "message: {message}");
    let _ = writeln!(text, "\n{}", calls(&Backtrace::force_capture().to_string()));
    text
}

/// What the panic says, as far as it cannot be text of a document.
fn message(payload: &dyn Any) -> Option<String> {
    // Written in the source as it stands: what is put together at run time is a `String`.
    if let Some(message) = payload.downcast_ref::<&'static str>() {
        return Some((*message).to_owned());
    }
    payload.downcast_ref::<String>().and_then(|message| without_text(message))
}

/// The beginnings of the standard library's messages; `#` is a number.
const KNOWN: &[&str] = &[
    "index out of bounds: the len is # but the index is #",
    "range start index # out of range for slice of length #",
    "range end index # out of range for slice of length #",
    "slice index starts at # but ends at #",
    "byte index # is not a char boundary",
    "start byte index # is not a char boundary",
    "end byte index # is not a char boundary",
    "byte index # is out of bounds",
    "start byte index # is out of bounds",
    "end byte index # is out of bounds",
    "byte range starts at # but ends at #",
    "begin <= end (# <= #) when slicing",
    "called `Result::unwrap()` on an `Err` value",
    "assertion `left == right` failed",
    "assertion `left != right` failed",
    "assertion failed",
    "internal error: entered unreachable code",
    "not implemented",
    "not yet implemented",
    "already borrowed",
    "already mutably borrowed",
    "RefCell already borrowed",
    "RefCell already mutably borrowed",
    "copy_from_slice: source slice length (#) does not match destination slice length (#)",
    "failed to spawn thread",
];

/// The part of a message that is known to hold no text: a beginning that the standard library writes, and its numbers.
fn without_text(message: &str) -> Option<String> {
    // The longest, since one may be the beginning of another.
    KNOWN.iter().filter_map(|known| matched(known, message)).max_by_key(|part| part.len()).map(str::to_owned)
}

/// The part of `message` that is as `pattern` says.
fn matched<'a>(pattern: &str, message: &'a str) -> Option<&'a str> {
    let mut rest = message;
    for (nth, words) in pattern.split('#').enumerate() {
        if nth > 0 {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            rest = rest.get(digits..).filter(|_| digits > 0)?;
        }
        rest = rest.strip_prefix(words)?;
    }
    message.get(..message.len() - rest.len())
}

fn place(location: Option<&Location<'_>>) -> String {
    location
        .map_or_else(|| "unknown".to_owned(), |at| format!("{}:{}:{}", short_source(at.file()), at.line(), at.column()))
}

/// The path of a source file without where it lay on the machine that built the program.
fn short_source(path: &str) -> &str {
    for mark in ["/registry/src/", "/git/checkouts/", "/rustc/"] {
        if let Some((_, rest)) = path.split_once(mark) {
            return rest.split_once('/').map_or(rest, |(_, rest)| rest);
        }
    }
    if let Some(library) = path.find("/library/").and_then(|at| path.get(at + 1..)) {
        return library;
    }
    path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/")).unwrap_or(path)
}

/// The calls that led to a panic, with short names of files.
fn calls(trace: &str) -> String {
    let mut out = String::with_capacity(trace.len());
    for line in trace.lines() {
        match line.split_once(" at ") {
            Some((before, file)) if before.trim().is_empty() => {
                let file = file.trim().trim_start_matches("./");
                let _ = writeln!(out, "{before} at {}", short_source(file));
            }
            _ => {
                let _ = writeln!(out, "{}", line.trim_end());
            }
        }
    }
    out
}

/// Writes a report that only its user may read, whole or not at all, and forgets the oldest ones.
fn write(folder: &Path, now: jiff::Timestamp, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".report-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    let time = now.strftime("%Y-%m-%dT%H-%M-%S.%3f");
    let name = format!("{time}Z-{}-{}.txt", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let path = folder.join(name);
    file.persist(&path)?;
    for old in reports_in(folder).iter().skip(MOST_REPORTS) {
        let _ = fs::remove_file(old);
    }
    Ok(path)
}

/// A way to make the program panic at a named place, for its tests: a file of that name in the folder `traps` of the
/// user's data makes it panic with what is in the file, like a message that quotes an article. Not in a program that is
/// built for users.
///
/// # Panics
/// If there is such a file.
#[cfg(debug_assertions)]
pub fn trap(data: Option<&Path>, name: &str) {
    let Some(quoted) = data.and_then(|data| fs::read_to_string(data.join("traps").join(name)).ok()) else { return };
    // A pipe into which nobody writes is one that hangs until it is let go, as a disk does.
    if quoted.is_empty() {
        return;
    }
    panic!("byte index 1 is not a char boundary; it is inside something of `{quoted}`");
}

/// Nothing: see the other one.
#[cfg(not(debug_assertions))]
pub fn trap(_: Option<&Path>, _: &str) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_messages_and_their_numbers_are_kept() {
        let said = |work: fn()| {
            let payload = catch_unwind(work).expect_err("it panics");
            message(&*payload)
        };
        assert_eq!(said(|| panic!("as it stands")).as_deref(), Some("as it stands"));
        assert_eq!(said(|| panic!("{}", "Anna met Bob".to_owned())), None);
        assert_eq!(said(|| assert!("Anna é".get(1..9).expect("Anna is there").is_empty())), None, "put together");
        let cut = said(|| {
            let text = "é Anna met Bob".to_owned();
            let at = std::hint::black_box(1);
            drop(text[at..].to_owned());
        });
        assert!(cut.as_deref().is_some_and(|cut| cut.ends_with("byte index 1 is not a char boundary")), "{cut:?}");
        let behind = said(|| {
            let text = "Anna".to_owned();
            let at = std::hint::black_box(9);
            drop(text[..at].to_owned());
        });
        assert!(behind.as_deref().is_some_and(|b| b.contains("byte index 9") && !b.contains("Anna")), "{behind:?}");
        let index = said(|| assert_eq!(Vec::<u8>::new()[std::hint::black_box(3)], 0));
        assert_eq!(index.as_deref(), Some("index out of bounds: the len is 0 but the index is 3"));
        let range = said(|| drop("Anna".as_bytes()[..std::hint::black_box(7)].to_owned()));
        assert_eq!(range.as_deref(), Some("range end index 7 out of range for slice of length 4"));
        let compared = said(|| assert_eq!("Anna".to_owned(), "Bob".to_owned(), "of Paris"));
        assert_eq!(compared.as_deref(), Some("assertion `left == right` failed"));
        let unwrapped = said(|| {
            let number: Result<u8, String> = "Anna".parse().map_err(|error| format!("Anna: {error}"));
            assert_eq!(number.unwrap(), 0);
        });
        assert_eq!(unwrapped.as_deref(), Some("called `Result::unwrap()` on an `Err` value"));
    }

    #[test]
    fn a_pattern_takes_its_numbers_and_no_more() {
        assert_eq!(matched("a # b", "a 12 b and more"), Some("a 12 b"));
        assert_eq!(matched("a # b", "a twelve b"), None);
        assert_eq!(matched("a # b", "a  b"), None);
        assert_eq!(matched("a #", "a 1"), Some("a 1"));
    }

    #[test]
    fn places_do_not_tell_where_the_program_was_built() {
        let crates = "/home/anna/.cargo/registry/src/registry-1949cf8c6b5b557f/egui-0.37.0/src/ui.rs";
        assert_eq!(short_source(crates), "egui-0.37.0/src/ui.rs");
        assert_eq!(short_source("/rustc/0123abc/library/core/src/str/mod.rs"), "library/core/src/str/mod.rs");
        let source = "/home/anna/.rustup/toolchains/stable/lib/rustlib/src/rust/library/std/src/panicking.rs";
        assert_eq!(short_source(source), "library/std/src/panicking.rs");
        assert_eq!(short_source(concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs")), "src/main.rs");
        let trace = format!("   0: core::panicking::panic\n             at {crates}:10:5\n   1: at_home::run");
        let short = "   0: core::panicking::panic\n             at egui-0.37.0/src/ui.rs:10:5\n   1: at_home::run\n";
        assert_eq!(calls(&trace), short);
    }

    #[test]
    fn twenty_reports_are_kept_and_only_their_user_reads_them() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let reports = folder.path().join("reports");
        let mut now = jiff::Timestamp::UNIX_EPOCH;
        let mut last = None;
        for nth in 0..MOST_REPORTS + 5 {
            now += std::time::Duration::from_secs(61);
            last = Some(write(&reports, now, &format!("{nth}")).expect("it can be written"));
        }
        let kept = reports_in(&reports);
        assert_eq!((kept.len(), kept.first()), (MOST_REPORTS, last.as_ref()));
        assert_eq!(fs::read_dir(&reports).expect("there").count(), MOST_REPORTS, "nothing else is left there");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(last.expect("written")).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_panic_is_an_answer_and_goes_on_if_it_has_to() {
        assert_eq!(catch(|| 42).expect("no panic"), 42);
        let fallen = catch(|| panic!("expected by the test")).expect_err("it panicked");
        let again = catch(|| go_on(fallen)).expect_err("it goes on");
        assert_eq!(again.payload.downcast_ref::<&str>(), Some(&"expected by the test"));
    }
}
