//! Tells of the program's mistakes: of jobs that failed, and of a panic that ended the program last time.

use std::path::{Path, PathBuf};

use super::App;
use super::dialog::Dialog;
use crate::jobs::{Failed, Why};
use crate::panics;
use crate::ui::widgets::counted;

impl App {
    /// A job has no result. Whoever waits for one gets another message.
    pub(super) fn job_failed(&mut self, failed: &Failed) {
        match &failed.why {
            Why::Panicked { report } => {
                let text = format!("{} failed by a mistake in the program; everything else goes on", failed.name);
                self.toasts.failed(text, report.clone());
            }
            Why::NotStarted(why) => {
                self.toasts.refused(format!("{} cannot be started: {why}; close other programs", failed.name));
            }
        }
    }

    /// If the program ended by a panic last time, says so, once; `recovered` = so many changes of the document that was
    /// just opened were in the journal only.
    pub(super) fn tell_of_last_time(&mut self, recovered: Option<usize>) {
        let Some(last) = self.last_time.take() else { return };
        let waiting: usize = self.unsaved.iter().map(|work| work.change_count).sum();
        let changes = match (recovered, waiting) {
            (Some(0), _) | (None, 0) => "nothing was left to recover".to_owned(),
            (Some(1), _) => "1 change was recovered".to_owned(),
            (Some(changes), _) => format!("{changes} changes were recovered"),
            (None, changes) => format!("{} can be recovered", counted(changes, "change")),
        };
        let report = last.report.as_ref().map(|report| format!("; the report is {}", report.display()));
        let text = format!("Manicule ended unexpectedly last time; {changes}{}", report.unwrap_or_default());
        self.toasts.failed(text, last.report);
    }

    /// Shows a report.
    pub(super) fn show_report(&mut self, path: PathBuf) {
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                self.close_dialog();
                self.toasts.forget_report(&path);
                self.dialog = Some(Dialog::Report { path, text });
            }
            Err(error) => self.toasts.refused(format!("{}: the report cannot be read: {error}", path.display())),
        }
    }

    /// Shows the latest report.
    pub(super) fn show_latest_report(&mut self) {
        let latest = self.data.reports().and_then(|folder: PathBuf| latest_in(&folder));
        match latest {
            Some(path) => self.show_report(path),
            None => self.toasts.done("There is no report: nothing has gone wrong"),
        }
    }
}

fn latest_in(folder: &Path) -> Option<PathBuf> {
    panics::reports_in(folder).into_iter().next()
}
