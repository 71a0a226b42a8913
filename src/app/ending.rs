//! How the program ends when nobody in the window asked for it: at the end of the desktop's session, by Ctrl+C in the
//! terminal that it was started from, or by a panic.
//!
//! Without a question, since nobody may be there to answer: what no file holds is in the journal, and the next start
//! offers it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::App;
use super::data::DataDir;
use super::journal::JournalWatch;
use super::session::Session;
use crate::panics;

/// So long the window has to close by itself when it is asked to.
const GRACE: Duration = Duration::from_secs(20);
/// So long the journal has to reach the disk when the program ends without its window.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks.
const GLANCE: Duration = Duration::from_millis(5);
/// Names the report of a panic that the user has not been told of.
const UNTOLD: &str = "untold";

/// Shared by the window and whoever ends the program without it.
#[derive(Debug, Default)]
pub struct Ending {
    is_asked: AtomicBool,
    journal: Mutex<JournalWatch>,
    window: Mutex<Option<egui::Context>>,
}

impl Ending {
    /// Asks the window to close.
    pub fn ask(&self) {
        self.is_asked.store(true, Ordering::Release);
        if let Some(window) = &*self.window.lock().unwrap_or_else(PoisonError::into_inner) {
            window.request_repaint();
        }
    }

    /// Whether somebody asked.
    pub(super) fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::Acquire)
    }

    /// Which window to wake.
    pub(super) fn of_window(&self, ctx: &egui::Context) {
        *self.window.lock().unwrap_or_else(PoisonError::into_inner) = Some(ctx.clone());
    }

    /// Which journal to wait for.
    pub(super) fn watch(&self, journal: JournalWatch) {
        *self.journal.lock().unwrap_or_else(PoisonError::into_inner) = journal;
    }

    /// Waits a moment for the journal. Its thread writes whatever happens elsewhere; it only needs the time.
    pub(super) fn wait_for_journal(&self) {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            // Whoever panicked may have held it.
            if self.journal.try_lock().is_ok_and(|journal| journal.is_safe()) {
                return;
            }
            std::thread::sleep(GLANCE);
        }
    }
}

/// From now on, SIGTERM, SIGHUP, Ctrl+C and their like close the window in order; if it does not answer, the program ends
/// as soon as the journal is on disk.
pub(super) fn listen(ending: &Arc<Ending>) {
    let ending = Arc::clone(ending);
    let asked = move || {
        ending.ask();
        std::thread::sleep(GRACE);
        // A window that closed has ended the program by now.
        ending.wait_for_journal();
        std::process::exit(1);
    };
    if let Err(error) = ctrlc::set_handler(asked) {
        tracing::warn!(%error, "the end of the session will not be noticed");
    }
}

/// If this thread panics, the journal reaches the disk before anything else happens, and the next start tells of it.
pub(super) fn prepare_for_panics(ending: &Arc<Ending>, data: &DataDir) {
    let (ending, reports) = (Arc::clone(ending), data.reports());
    panics::before_this_thread_falls(move |report| {
        if let Some(reports) = &reports {
            let name = report.and_then(Path::file_name).map_or(Path::new(""), Path::new);
            let written = fs::create_dir_all(reports)
                .and_then(|()| fs::write(reports.join(UNTOLD), name.as_os_str().as_encoded_bytes()));
            if let Err(error) = written {
                tracing::warn!(%error, "the next start will not tell of this");
            }
        }
        ending.wait_for_journal();
    });
}

/// How the program ended last time, if it was a panic in the window that nobody was told of.
#[derive(Clone, Debug)]
pub(super) struct LastTime {
    /// The report, if there is one.
    pub report: Option<PathBuf>,
}

/// Whether the program ended by a panic; that is told once.
pub(super) fn last_time(data: &DataDir) -> Option<LastTime> {
    let reports = data.reports()?;
    let name = fs::read_to_string(reports.join(UNTOLD)).ok()?;
    was_told(data);
    let report = Some(reports.join(&name)).filter(|report| !name.is_empty() && report.is_file());
    Some(LastTime { report })
}

/// The user knows.
pub(super) fn was_told(data: &DataDir) {
    if let Some(reports) = data.reports() {
        let _ = fs::remove_file(reports.join(UNTOLD));
    }
}

impl App {
    /// Asks the window to close without a question, as the desktop does at the end of a session.
    pub fn ask_to_end(&self) {
        self.ending.ask();
    }

    /// Closes the window because the program is to end. Gives whether this frame is over.
    pub(super) fn end(&mut self, ctx: &egui::Context) -> bool {
        if !self.ending.is_asked() || self.may_quit {
            return false;
        }
        // What is being typed becomes an edit when its field is left, in the next frame.
        if self.inspector.drafts.is_typing()
            && let Some(field) = ctx.memory(egui::Memory::focused).filter(|_| ctx.text_edit_focused())
        {
            ctx.memory_mut(|memory| memory.surrender_focus(field));
            ctx.request_repaint();
            return false;
        }
        if self.session.as_ref().is_some_and(Session::is_saving) {
            // Its result wakes the window.
            return false;
        }
        // The edit of the field that was left in the last frame.
        self.carry_out(ctx);
        self.close_session();
        self.may_quit = true;
        ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        true
    }

    /// Tells whoever ends the program without the window which journal there is.
    pub(super) fn show_journal_to_ending(&self) {
        let journal = self.session.as_ref().map(|session: &Session| session.journal.watch()).unwrap_or_default();
        self.ending.watch(journal);
    }
}
