//! Looking at all files of the project, again and again, because other programs change them.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::super::App;
use super::super::dialog::Dialog;
use super::super::messages::Message;
use super::{ProjectMessage, ScanProgress, Seen};
use crate::project::Project;
use crate::project::index::{Index, IndexPlace};

/// How often documents that a scan has found are shown while it goes on.
const SHOW: Duration = Duration::from_millis(900);

/// So many times as long as reading the list takes, a scan goes on before the list is read again.
const SELDOM: u32 = 10;

/// After how long the files are looked at again when the window is come back to, in seconds.
const SCAN_AGAIN_SECS: f64 = 5.0;

impl App {
    /// Looks at all files of the project, on a job.
    pub(in crate::app) fn scan(&mut self) {
        let Some(open) = &mut self.project else { return };
        if open.presence.is_away() {
            // Looked at when it is back; what is known of it stays.
            return;
        }
        if open.scan.is_some() {
            open.scan_again = true;
            return;
        }
        let progress = Arc::new(ScanProgress::default());
        open.scan = Some(Arc::clone(&progress));
        let (project, place, number) = (open.project.clone(), open.place.clone(), open.number);
        let ctx = self.ctx.clone();
        let failed = || Box::new(Err("the program made a mistake while it looked at the files".to_owned()));
        self.jobs.spawn_or(
            "Looking at the documents",
            move || Message::Project(ProjectMessage::Scanned { number, result: failed() }),
            move || {
                let result = Box::new(scan(&project, &place, &progress, &ctx));
                Message::Project(ProjectMessage::Scanned { number, result })
            },
        );
    }

    /// Shows what a scan has found so far.
    pub(in crate::app) fn watch_project(&mut self, ctx: &egui::Context) {
        self.tick_clock(ctx);
        self.read_beneath();
        if self.dialog.is_none() {
            self.dialog = self.project.as_mut().and_then(|open| open.add_question.take()).map(Dialog::Adding);
        }
        // Whoever comes back from another program may have changed files there.
        let has_come_back = ctx.input(|input| input.events.contains(&egui::Event::WindowFocused(true)));
        let now = ctx.input(|input| input.time);
        self.watch_presence(now);
        if has_come_back && self.project.as_ref().is_some_and(|project| now - project.scanned_secs > SCAN_AGAIN_SECS) {
            self.scan();
        }
        let Some(project) = &self.project else { return };
        let Some(scan) = &project.scan else { return };
        ctx.request_repaint_after(Duration::from_millis(250));
        let found = scan.found.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(catalogue) = found {
            self.has_catalogue(catalogue);
        }
    }

    pub(super) fn scanned(&mut self, ctx: &egui::Context, result: Result<Seen, String>) {
        let Some(project) = &mut self.project else { return };
        project.scan = None;
        project.scanned_secs = ctx.input(|input| input.time);
        match result {
            Ok(Seen { began_with, project: now, scanned, catalogue }) => {
                project.scan_problems = scanned.problems;
                // What this window has read or written since is newer than what the scan saw.
                let is_current = project.project.is_same_reading(&began_with);
                self.has_catalogue(catalogue);
                if is_current {
                    self.project_is(now);
                } else if let Some(project) = &mut self.project {
                    project.scan_again = true;
                }
                self.changed_beside_scan();
            }
            Err(why) => {
                self.toasts.refused(why);
                self.look_for_project();
            }
        }
        if self.project.as_mut().is_some_and(|project| std::mem::take(&mut project.scan_again)) {
            self.scan();
        }
        self.documents_known(ctx);
        ctx.request_repaint();
    }

    /// The project's own files say this now: by hand, by git, by another window.
    fn project_is(&mut self, now: Project) {
        let Some(open) = &mut self.project else { return };
        let has_other_schema = now.schema != open.project.schema;
        let is_worse = now.problems.len() > open.project.problems.len();
        open.project = now;
        if is_worse {
            open.is_told = false;
        }
        if has_other_schema && let Some(session) = self.session.as_mut().filter(|s| s.document_name().is_some()) {
            session.use_schema(Arc::clone(&open.project.schema));
            session.set_keys(&self.keymap.reserved());
            self.toasts.done("The label set of the project was changed by another program");
        }
        if is_worse && self.dialog.is_none() {
            self.tell_of_project();
        }
    }
}

fn scan(
    began_with: &Project,
    place: &IndexPlace,
    progress: &ScanProgress,
    ctx: &egui::Context,
) -> Result<Seen, String> {
    let project = &Project::open(began_with.layout.root()).map_err(|error| error.to_string())?;
    let mut index = Index::open(place).map_err(|error| error.to_string())?;
    let reader = Index::open(place).map_err(|error| error.to_string())?;
    let (mut shown_at, mut wait) = (Instant::now(), SHOW);
    let scanned = index.scan(project, |looked| {
        progress.done.store(looked.done as u64, Ordering::Relaxed);
        progress.of.store(looked.of as u64, Ordering::Relaxed);
        if shown_at.elapsed() > wait {
            let began = Instant::now();
            if let Ok(catalogue) = reader.catalogue() {
                *progress.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(catalogue);
                ctx.request_repaint();
            }
            // Of many documents the list is read less often, or reading it would take longer than finding them.
            wait = SHOW.max(began.elapsed() * SELDOM);
            shown_at = Instant::now();
        }
        !progress.is_stopped.load(Ordering::Relaxed)
    });
    let scanned = scanned.map_err(|error| error.to_string())?;
    let catalogue = reader.catalogue().map_err(|error| error.to_string())?;
    Ok(Seen { began_with: began_with.clone(), project: project.clone(), scanned, catalogue })
}
