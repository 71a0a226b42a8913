//! Looks after the files of the open document: whether another program changed, removed or moved them.
//!
//! A thread looks every two seconds, and when it is asked to; a share that hangs holds up that thread and nothing else.
//! It reads a file only when its size, time or number on the disk is another than at the last look. What the content
//! means, and whether it was ourselves who wrote it, is decided by whoever takes the reports.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use crate::store::sha256_of;

/// How long after the last look the next one comes by itself.
const PERIOD: Duration = Duration::from_secs(2);

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A file with this SHA-256.
    File(String),
    /// Nothing.
    Gone,
    /// Something that cannot be read now; whoever tries to save will hear why.
    Unknown,
}

/// What a look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The last request before the look; a report from before the last request may be out of date.
    pub request: u64,
    /// The annotated file, if one is looked after.
    pub native: Option<Seen>,
    /// The file that the text was read from, if one is looked after.
    pub text: Option<Seen>,
}

/// What to look after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The annotated file.
    pub native: Option<PathBuf>,
    /// The file that the text was read from.
    pub text: Option<PathBuf>,
}

struct Request {
    number: u64,
    files: Files,
}

/// See the module. Dropping it ends the thread, without waiting for it.
pub struct Watch {
    requests: Sender<Request>,
    reports: Receiver<Report>,
    asked: u64,
    answered: u64,
}

impl Watch {
    /// A thread that calls `wake` when it has found something new. Nothing is looked at before the first request.
    pub fn new(wake: impl Fn() + Send + 'static) -> Self {
        let (requests, taken) = unbounded();
        let (found, reports) = unbounded();
        let body = move || run(&taken, &found, &wake);
        if let Err(error) = std::thread::Builder::new().name("watch".into()).spawn(body) {
            // Saving looks at the file itself.
            tracing::warn!("files are not watched: {error}");
        }
        Self { requests, reports, asked: 0, answered: 0 }
    }

    /// Looks at once, and at these files from now on.
    pub fn look(&mut self, files: Files) {
        self.asked += 1;
        if self.requests.send(Request { number: self.asked, files }).is_err() {
            self.answered = self.asked;
        }
    }

    /// The latest report, if there is a new one and it is not out of date.
    pub fn poll(&mut self) -> Option<Report> {
        let mut latest = None;
        while let Ok(report) = self.reports.try_recv() {
            self.answered = self.answered.max(report.request);
            latest = Some(report);
        }
        latest.filter(|report| report.request == self.asked)
    }

    /// Whether every request is answered and taken.
    pub fn is_settled(&self) -> bool {
        self.answered == self.asked
    }
}

fn run(requests: &Receiver<Request>, reports: &Sender<Report>, wake: &dyn Fn()) {
    let Ok(mut request) = requests.recv() else { return };
    let (mut native, mut text) = (Look::default(), Look::default());
    let mut told: Option<Report> = None;
    loop {
        // Only the latest of the requests that piled up while the disk did not answer.
        request = requests.try_iter().last().unwrap_or(request);
        let report = Report {
            request: request.number,
            native: request.files.native.as_deref().map(|path| native.at(path)),
            text: request.files.text.as_deref().map(|path| text.at(path)),
        };
        if told.as_ref() != Some(&report) {
            if reports.send(report.clone()).is_err() {
                return;
            }
            told = Some(report);
            wake();
        }
        match requests.recv_timeout(PERIOD) {
            Ok(next) => request = next,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// What changes with a file's content, as cheaply as the system tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    number: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let number = 0;
        Self { bytes: metadata.len(), modified: metadata.modified().ok(), number }
    }

    /// Whether the file was written so lately that it may be written again within the same tick of its clock.
    fn is_fresh(&self) -> bool {
        let age = self.modified.map(|at| SystemTime::now().duration_since(at).unwrap_or_default());
        age.is_none_or(|age| age < PERIOD)
    }
}

/// The last look at a path.
#[derive(Default)]
struct Look {
    last: Option<(PathBuf, Stamp, Seen)>,
}

impl Look {
    fn at(&mut self, path: &Path) -> Seen {
        let metadata = match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() && metadata.len() <= crate::limits::FILE => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Seen::Gone,
            Ok(_) | Err(_) => return Seen::Unknown,
        };
        let stamp = Stamp::of(&metadata);
        if let Some((known, last, seen)) = &self.last
            && known == path
            && *last == stamp
            && !stamp.is_fresh()
        {
            return seen.clone();
        }
        match fs::read(path) {
            Ok(bytes) => {
                let seen = Seen::File(sha256_of(&bytes));
                self.last = Some((path.to_owned(), stamp, seen.clone()));
                seen
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Seen::Gone,
            Err(_) => Seen::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(watch: &mut Watch) -> Report {
        loop {
            if let Some(report) = watch.poll() {
                return report;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn each_request_is_answered_by_what_is_there_then() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.ron");
        let files = Files { native: Some(path.clone()), text: None };
        let mut watch = Watch::new(|| ());
        let mut look = |content: Option<&str>| {
            match content {
                Some(content) => fs::write(&path, content).expect("writable"),
                None => fs::remove_file(&path).expect("removable"),
            }
            watch.look(files.clone());
            assert!(!watch.is_settled());
            let report = taken(&mut watch);
            assert!(watch.is_settled());
            report.native.expect("looked after")
        };
        assert_eq!(look(Some("one")), Seen::File(sha256_of(b"one")));
        // Of the same size, within the same tick.
        assert_eq!(look(Some("two")), Seen::File(sha256_of(b"two")));
        assert_eq!(look(None), Seen::Gone);
        assert_eq!(look(Some("two")), Seen::File(sha256_of(b"two")));
    }

    #[test]
    fn an_unchanged_old_file_is_not_read_again() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.ron");
        fs::write(&path, "one").expect("writable");
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        let set_time = || {
            let file = fs::File::options().write(true).open(&path).expect("there");
            file.set_modified(long_ago).expect("ours");
        };
        set_time();
        let mut look = Look::default();
        let one = Seen::File(sha256_of(b"one"));
        assert_eq!(look.at(&path), one);
        // Somebody who sets the time back on purpose is not noticed here: then the file was not read.
        fs::write(&path, "two").expect("writable");
        set_time();
        assert_eq!(look.at(&path), one);
        fs::write(&path, "three").expect("writable");
        set_time();
        assert_eq!(look.at(&path), Seen::File(sha256_of(b"three")));
        assert_eq!(look.at(folder.path()), Seen::Unknown);
    }
}
