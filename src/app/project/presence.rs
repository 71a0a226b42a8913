//! Whether the folder of the project is there: it may lie on a share that is not connected any more, or on a stick that
//! somebody pulled out.
//!
//! A thread looks every two seconds, and when it is asked to; a share that hangs holds up that thread and nothing else.
//! While the folder is gone, nothing is made in its place, the documents stay listed, and what is open stays open. When it
//! is back, everything that waits for it is tried again.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use crate::app::App;
use crate::app::banner::{Banner, BannerKind, short_path};
use crate::project::{self, Layout};

use super::ProjectAction;

/// How long after the last look the next one comes by itself.
const PERIOD: Duration = Duration::from_secs(2);
/// After how many seconds without an answer the disk does not answer.
const PATIENCE_SECS: f64 = 8.0;
/// How much of a path the strip shows, in characters.
const PATH_CHARS: usize = 48;

/// What was seen of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// It is there.
    There,
    /// It is not, or cannot be read.
    Gone,
}

/// See the module. Dropping it ends the thread, without waiting for it.
pub struct Presence {
    requests: Sender<u64>,
    reports: Receiver<(u64, Seen)>,
    asked: u64,
    answered: u64,
    /// When it was asked last that is not answered, or was; in seconds of the context's clock.
    asked_secs: f64,
    seen: Seen,
    /// Whether the disk has not answered for long.
    is_silent: bool,
}

impl Presence {
    /// Of a folder that was there just now. `wake` is called when something is new.
    pub fn new(layout: &Layout, wake: impl Fn() + Send + 'static) -> Self {
        let (requests, taken) = unbounded();
        let (found, reports) = unbounded();
        let layout = layout.clone();
        let body = move || run(&layout, &taken, &found, &wake);
        if let Err(error) = std::thread::Builder::new().name("project".into()).spawn(body) {
            tracing::warn!("the folder of the project is not watched: {error}");
        }
        Self { requests, reports, asked: 0, answered: 0, asked_secs: 0.0, seen: Seen::There, is_silent: false }
    }

    /// Looks at once.
    fn look(&mut self, now_secs: f64) {
        if self.answered < self.asked {
            // It is looking.
            return;
        }
        self.asked += 1;
        self.asked_secs = now_secs;
        if self.requests.send(self.asked).is_err() {
            self.answered = self.asked;
        }
    }

    /// Takes what was seen. Answers whether the folder has come back.
    fn follow(&mut self, now_secs: f64) -> bool {
        let was_away = self.is_away();
        while let Ok((request, seen)) = self.reports.try_recv() {
            self.answered = self.answered.max(request);
            self.seen = seen;
        }
        if now_secs - self.asked_secs >= PERIOD.as_secs_f64() {
            self.look(now_secs);
        }
        self.is_silent = self.answered < self.asked && now_secs - self.asked_secs > PATIENCE_SECS;
        was_away && !self.is_away()
    }

    /// Whether nothing of the project can be read or written now.
    pub fn is_away(&self) -> bool {
        self.seen == Seen::Gone || self.is_silent
    }

    /// Whether every request is answered and taken.
    pub fn is_settled(&self) -> bool {
        self.answered == self.asked
    }
}

fn run(layout: &Layout, requests: &Receiver<u64>, reports: &Sender<(u64, Seen)>, wake: &dyn Fn()) {
    let (mut request, mut told) = (0, Some((0, Seen::There)));
    loop {
        let seen = if project::look_for(layout).is_ok() { Seen::There } else { Seen::Gone };
        if told != Some((request, seen)) {
            if reports.send((request, seen)).is_err() {
                return;
            }
            told = Some((request, seen));
            wake();
        }
        match requests.recv_timeout(PERIOD) {
            Ok(next) => request = requests.try_iter().last().unwrap_or(next),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl App {
    /// Whether the folder of the project that is open is gone, or does not answer.
    pub(in crate::app) fn is_project_away(&self) -> bool {
        self.project.as_ref().is_some_and(|project| project.presence.is_away())
    }

    /// Says so where something needs the folder of the project and it is gone.
    pub(in crate::app) fn refuse_if_away(&mut self) -> bool {
        let is_away = self.is_project_away();
        if is_away {
            self.toasts.refused("The folder of the project is gone; that can be done when it is back");
            self.look_for_project();
        }
        is_away
    }

    /// Looks whether the folder of the project is there.
    pub(in crate::app) fn look_for_project(&mut self) {
        let now = self.ctx.input(|input| input.time);
        if let Some(project) = &mut self.project {
            project.presence.look(now);
        }
    }

    /// Follows whether the folder of the project is there; goes on with what has waited when it is back.
    pub(super) fn watch_presence(&mut self, now_secs: f64) {
        let Some(project) = &mut self.project else { return };
        if !project.presence.follow(now_secs) {
            return;
        }
        self.toasts.done("The folder of the project is back");
        self.retry_journal();
        if self.session.as_ref().is_some_and(|session| session.trouble.is_some()) {
            self.retry_save(true);
        }
        self.look_at_files();
        self.look_for_unsaved();
        self.scan();
        if self.project.as_ref().is_some_and(|open| open.search.failed.is_some()) {
            let ctx = self.ctx.clone();
            self.run_search(&ctx, false);
        }
    }

    /// What the strip says of a folder that is gone.
    pub(in crate::app) fn presence_banner(&self) -> Option<Banner> {
        let project = self.project.as_ref().filter(|project| project.presence.is_away())?;
        let root = project.project.layout.root();
        let path = short_path(root, PATH_CHARS);
        let text = match project.presence.seen {
            Seen::Gone => {
                format!("The folder of the project is gone: {path}")
            }
            Seen::There => format!("The folder of the project does not answer: {path}"),
        };
        let detail = format!(
            "{}\nIt is not there, or its disk is not connected. Nothing is lost: what is open stays open, and it goes on as soon as the folder is back",
            root.display()
        );
        let banner = Banner::new(BannerKind::Warning, text).detail(detail);
        Some(banner.button("Look again", ProjectAction::LookForFolder.into()))
    }
}
