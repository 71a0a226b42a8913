//! A file that is being opened: how far that is, and its text, which is shown before its annotations are read.
//!
//! What is shown then is a session of its own that cannot be changed; the document that was open before waits beneath it
//! and comes back if nothing comes of the opening.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::App;
use super::action::Action;
use super::banner::{Banner, BannerKind, short_path};
use super::data::DataDir;
use super::journal::Found;
use super::read_only::ReadOnly;
use super::ready::Ready;
use super::schemas;
use super::session::{Origin, Session};
use super::suggesting::Suggestions;
use crate::formats::watch::Watch;
use crate::model::{Document, Header};
use crate::panics;
use crate::text::Text;

/// After how long an opening counts as hanging, in seconds.
const SLOW_SECS: f64 = 8.0;
/// After how long an opening is told, in seconds: most are over by then.
const TOLD_SECS: f64 = 0.5;
/// How often the window looks how far it is, in seconds.
const LOOK_SECS: f64 = 0.1;
/// How much of the time of an opening goes into reading; the rest is checking and lists.
const READING: f32 = 0.7;
/// How much of a path the strip shows, in characters.
const PATH_CHARS: usize = 48;

/// A file that is being opened.
pub struct OpeningFile {
    /// The file.
    path: PathBuf,
    /// When it was asked for, in seconds of the context's clock.
    begun_secs: f64,
    /// Whether it takes so long that it is to be told.
    is_told: bool,
    /// Whether it takes so long that something must be wrong.
    is_slow: bool,
    /// What the thread that reads it tells.
    told: Arc<Told>,
    /// What was open before, once the text of the file is shown.
    beneath: Option<Box<Session>>,
}

/// What is known of a file that is being read.
#[derive(Default)]
struct Told {
    is_cancelled: AtomicBool,
    /// The bits of a share from 0 to 1.
    share: AtomicU32,
    /// The document without its annotations, until the window has taken it.
    text: Mutex<Option<Ready>>,
}

/// What reads a file tells this one.
pub struct Watcher {
    told: Arc<Told>,
    path: PathBuf,
    data: DataDir,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl Watch for Watcher {
    fn text(&self, text: &Text, header: &Header) {
        let schema = schemas::find(&header.schema, &self.path, &self.data).ok();
        let ready = Ready::of_text(Document::new(text.clone(), header.clone()), schema);
        *self.told.text.lock().unwrap_or_else(PoisonError::into_inner) = Some(ready);
        (self.wake)();
        panics::trap(self.data.folder(), "annotations");
    }

    fn progress(&self, share: f32) {
        self.told.share.store(share.to_bits(), Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.told.is_cancelled.load(Ordering::Relaxed)
    }
}

impl OpeningFile {
    /// Begins now; what reads the file tells the watcher.
    pub fn new(ctx: &egui::Context, path: &Path, data: &DataDir) -> (Self, Watcher) {
        let told = Arc::new(Told::default());
        let woken = ctx.clone();
        let wake = Box::new(move || woken.request_repaint());
        let watcher = Watcher { told: Arc::clone(&told), path: path.to_owned(), data: data.clone(), wake };
        let begun_secs = ctx.input(|input| input.time);
        let opening = Self { path: path.to_owned(), begun_secs, is_told: false, is_slow: false, told, beneath: None };
        (opening, watcher)
    }

    fn share(&self) -> f32 {
        f32::from_bits(self.told.share.load(Ordering::Relaxed))
    }
}

impl App {
    /// What the strip says about the file that is being opened.
    pub(super) fn opening_banner(&self) -> Option<Banner> {
        let opening = self.opening.as_ref().filter(|opening| opening.is_told)?;
        let path = short_path(&opening.path, PATH_CHARS);
        let share = opening.share();
        let (kind, text) = if share >= 1.0 {
            (BannerKind::Info, format!("Opening {path}: the annotations are being checked"))
        } else if share > 0.0 {
            // Of whole percents one can see that it goes on.
            let percent = (share * 100.0) as u32;
            (BannerKind::Info, format!("Opening {path}: {percent} % of the annotations are read"))
        } else if opening.is_slow {
            (BannerKind::Warning, format!("Still opening {path}: it is large, or its disk or network does not answer"))
        } else {
            (BannerKind::Info, format!("Opening {path}…"))
        };
        let banner = Banner::new(kind, text).detail(opening.path.display().to_string());
        let banner = if share > 0.0 { banner.share(share * READING) } else { banner };
        Some(banner.button("Stop waiting", Action::StopOpening))
    }

    /// Follows the file that is being opened: tells how long it takes, and shows its text as soon as it is known.
    pub(super) fn watch_opening(&mut self, ctx: &egui::Context) {
        let now = ctx.input(|input| input.time);
        let may_be_hidden = self.may_be_hidden();
        let Some(opening) = &mut self.opening else { return };
        opening.is_told = now - opening.begun_secs > TOLD_SECS;
        opening.is_slow = now - opening.begun_secs > SLOW_SECS;
        ctx.request_repaint_after(Duration::from_secs_f64(if opening.is_told { LOOK_SECS } else { TOLD_SECS }));
        if !may_be_hidden {
            return;
        }
        let text = opening.told.text.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(ready) = text {
            self.show_text(ready);
        }
    }

    /// Whether the document that is open may wait beneath another's text: nothing of it is unsaved, under way or being
    /// asked, so that nobody has to ask about it and nothing comes back for it. One that is only read may be the same
    /// file, which is being opened again.
    fn may_be_hidden(&self) -> bool {
        let is_at_rest = |session: &Session| {
            session.read_only.is_none()
                && !session.is_dirty()
                && session.saving.is_none()
                && session.trouble.is_none()
                && session.journal_error.is_none()
                && session.again.is_none()
                && !session.large.is_busy()
        };
        self.dialog.is_none()
            && !self.is_choosing_file
            && !self.inspector.drafts.is_typing()
            && self.session.as_ref().is_none_or(is_at_rest)
    }

    /// Shows the text of the file that is being opened; what was open waits beneath it.
    fn show_text(&mut self, ready: Ready) {
        let Some(opening) = &mut self.opening else { return };
        let origin = Origin { native: Some(opening.path.clone()), ..Origin::default() };
        let Ready { read, editor, cache, schema, .. } = ready;
        let mut session = Session::new(editor, read, origin, Found::default().journal);
        session.schemas.extend(schema);
        session.set_keys(&self.keymap.reserved());
        session.has_lists(cache);
        session.read_only = Some(ReadOnly::Opening);
        self.session_count += 1;
        session.number = self.session_count;
        if let Some(before) = self.session.replace(session) {
            if before.is_being_opened() {
                // It can only be a text of the same file, told twice.
                drop(before);
            } else {
                opening.beneath = Some(Box::new(before));
            }
        }
        self.lists.forget_document();
        self.follow_schema();
    }

    /// A file was read, or not: nobody waits any more. Gives the text that was shown meanwhile, if any was.
    pub(super) fn opening_ended(&mut self) -> Option<Session> {
        let opening = self.opening.take()?;
        opening.told.is_cancelled.store(true, Ordering::Relaxed);
        let shown = self.session.take_if(|session| session.is_being_opened());
        if let Some(mut before) = opening.beneath {
            // What a job brought meanwhile found nobody.
            before.suggestions = Suggestions::default();
            self.session = Some(*before);
        }
        if shown.is_some() {
            self.lists.forget_document();
            self.inspector = Default::default();
            self.follow_schema();
        }
        shown
    }

    /// Nobody waits for the file that is being opened any more.
    pub(super) fn stop_opening(&mut self) {
        let shown = self.opening_ended();
        // What comes back is not the answer to the latest request.
        self.open_request += 1;
        if let Some(shown) = shown {
            self.jobs.throw_away(shown.reader);
        }
    }

    /// Whether the annotations of the open document are all there; says so if not.
    pub(super) fn is_all_read(&mut self) -> bool {
        let is_being_opened = self.session.as_ref().is_some_and(Session::is_being_opened);
        if is_being_opened {
            self.toasts.refused("The annotations are still being read; that is possible in a moment");
        }
        !is_being_opened
    }
}

impl Session {
    /// Whether only its text is read so far.
    pub fn is_being_opened(&self) -> bool {
        self.read_only == Some(ReadOnly::Opening)
    }
}
