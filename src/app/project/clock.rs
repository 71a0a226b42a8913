//! Time spent on documents, without the time in which nothing was done. Kept in the user's own data folder and nowhere
//! else: for the analyst's own eyes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::store;

/// After so long without key or pointer nobody works, in seconds.
const IDLE_SECS: f64 = 60.0;
/// Between two readings of the clock that count as one stretch, in seconds.
const STEP_SECS: f64 = 5.0;

/// Seconds and marks of one document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Time spent on it, in seconds.
    pub secs: f64,
    /// Marks that were added in that time, less those that were removed.
    pub marks: i64,
}

impl Pace {
    /// Marks in an hour; `None` where too little time was spent to tell.
    pub fn per_hour(&self) -> Option<f64> {
        (self.secs >= 60.0).then(|| self.marks.max(0) as f64 * 3600.0 / self.secs)
    }
}

/// Time spent on the documents of a project by one annotator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clock {
    /// By the name of the document.
    pub documents: BTreeMap<String, Pace>,
    #[serde(skip)]
    last: Option<Reading>,
    #[serde(skip)]
    is_changed: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Reading {
    document: String,
    at_secs: f64,
    marks: usize,
}

impl Clock {
    /// Reads the clock: `document` is open with so many marks; the user did something `idle_secs` ago.
    pub fn read(&mut self, document: Option<&str>, marks: usize, at_secs: f64, idle_secs: f64) {
        let Some(document) = document else {
            self.last = None;
            return;
        };
        let reading = Reading { document: document.to_owned(), at_secs, marks };
        let Some(before) = self.last.replace(reading).filter(|before| before.document == document) else { return };
        let pace = self.documents.entry(document.to_owned()).or_default();
        let step = at_secs - before.at_secs;
        if idle_secs < IDLE_SECS && step > 0.0 {
            // Nothing was drawn meanwhile if nothing was done; then only the time until somebody would be idle counts.
            pace.secs += step.min(IDLE_SECS);
            self.is_changed = true;
        }
        let count = |marks: usize| i64::try_from(marks).unwrap_or(i64::MAX);
        pace.marks += count(marks) - count(before.marks);
    }

    /// All documents together.
    pub fn total(&self) -> Pace {
        let add = |sum: Pace, pace: &Pace| Pace { secs: sum.secs + pace.secs, marks: sum.marks + pace.marks };
        self.documents.values().fold(Pace::default(), add)
    }
}

/// Where the clock of an annotator in a project is kept.
fn path_of(data: Option<&Path>, root: &Path, annotator: &str) -> Option<PathBuf> {
    let key = store::sha256_of(format!("{}\n{annotator}", root.display()).as_bytes());
    Some(data?.join("time").join(format!("{}.ron", key.get(..16)?)))
}

impl App {
    fn clock_path(&self) -> Option<PathBuf> {
        let project = self.project.as_ref()?;
        path_of(self.data.folder(), project.project.layout.root(), project.my_name()?)
    }

    /// Takes up the clock where it stood last time.
    pub(super) fn load_clock(&mut self) {
        let read = self.clock_path().and_then(|path| store::confined::read(&path).ok());
        let clock = read.and_then(|bytes| ron::de::from_bytes(&bytes).ok()).unwrap_or_default();
        if let Some(project) = &mut self.project {
            project.clock = clock;
        }
    }

    /// Keeps what the clock says; it is small, and lost time is no lost work.
    pub(in crate::app) fn save_clock(&mut self) {
        let path = self.clock_path();
        let Some(project) = &mut self.project else { return };
        let (Some(path), true) = (path, std::mem::take(&mut project.clock.is_changed)) else { return };
        let Ok(ron) = ron::ser::to_string_pretty(&project.clock, ron::ser::PrettyConfig::new()) else { return };
        let write = move || {
            let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            if let Err(error) = made.and_then(|()| store::write_atomically(&path, ron.as_bytes())) {
                tracing::warn!("{}: {error}", path.display());
            }
        };
        // Nobody waits for it.
        std::thread::spawn(write);
    }

    /// Reads the clock for the document that is open.
    pub(super) fn tick_clock(&mut self, ctx: &egui::Context) {
        let (now, is_active) = ctx.input(|input| (input.time, !input.events.is_empty()));
        if is_active {
            self.active_secs = now;
        }
        let Some(project) = &mut self.project else { return };
        let is_due = project.clock.last.as_ref().is_none_or(|last| now - last.at_secs >= STEP_SECS);
        let session = self.session.as_ref().filter(|session| !session.is_being_opened());
        let name = session.and_then(|session| session.document_name());
        let is_other =
            project.clock.last.as_ref().map(|last| last.document.as_str()) != name.map(crate::project::Name::as_str);
        if is_due || is_other {
            let marks = session.map_or(0, |session| session.document().annotation_count());
            project.clock.read(name.map(crate::project::Name::as_str), marks, now, now - self.active_secs);
        }
    }
}

/// A time as people say it.
pub fn time_text(secs: f64) -> String {
    let minutes = Duration::from_secs_f64(secs.max(0.0)).as_secs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "under a minute".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_time_does_not_count() {
        let mut clock = Clock::default();
        clock.read(Some("a"), 3, 0.0, 0.0);
        clock.read(Some("a"), 5, 10.0, 0.0);
        clock.read(Some("a"), 5, 300.0, 290.0);
        clock.read(Some("a"), 5, 305.0, 0.0);
        let pace = clock.documents["a"];
        assert_eq!((pace.secs, pace.marks), (15.0, 2));
        // After a pause without any frame, no more than one counts in which somebody may still have been reading.
        clock.read(Some("a"), 6, 3000.0, 0.0);
        assert_eq!(clock.documents["a"].secs, 15.0 + IDLE_SECS);
        // Another document has its own time; what it had before it was opened is not counted.
        clock.read(Some("b"), 100, 3010.0, 0.0);
        clock.read(Some("b"), 101, 3012.0, 0.0);
        assert_eq!((clock.documents["b"].secs, clock.documents["b"].marks), (2.0, 1));
        clock.read(None, 0, 3015.0, 0.0);
        clock.read(Some("b"), 101, 3020.0, 0.0);
        assert_eq!(clock.documents["b"].secs, 2.0);
        assert_eq!(clock.total().marks, 4);
    }

    #[test]
    fn times_are_told_as_people_say_them() {
        assert_eq!(time_text(5.0), "under a minute");
        assert_eq!(time_text(125.0), "2 min");
        assert_eq!(time_text(3_700.0), "1 h 01 min");
        assert_eq!(Pace { secs: 1800.0, marks: 30 }.per_hour(), Some(60.0));
        assert_eq!(Pace { secs: 20.0, marks: 30 }.per_hour(), None);
    }
}
