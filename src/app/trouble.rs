//! Trouble with disks: saves that fail or hang, files that do not open, a journal that cannot be written. The window goes
//! on, the work stays in memory, the strip above the article says what is wrong, and what failed is tried again.
//!
//! Decides when to try again and what to say; how a file is written is `store`'s business.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::App;
use super::action::Action;
use super::banner::{Banner, BannerKind, short_path};
use super::dialog::{AfterClosing, Dialog, FilePurpose};
use super::files::{base_of, notify};
use super::journal::Found;
use super::session::Session;
use crate::model::Document;
use crate::store::{OnDisk, SaveError, Saved};

/// After how long a save counts as hanging, in seconds, and how much longer for each megabyte that is to be written: putting
/// a million annotations into words takes longer than a disk may hang, and a save that was given up for it would be tried
/// again for ever.
const SLOW_SECS: f64 = 8.0;
const SECS_A_MEGABYTE: f64 = 0.5;
/// About so many bytes of a file are an annotation.
const BYTES_AN_ANNOTATION: usize = 200;
/// How long to wait before the first time something is tried again, in seconds; then twice as long, and so on.
const FIRST_RETRY_SECS: f64 = 5.0;
/// The longest wait, in seconds.
const LAST_RETRY_SECS: f64 = 60.0;
/// How much of a path the strip shows, in characters.
const PATH_CHARS: usize = 48;

/// A save that is under way. All times are seconds of the context's clock.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Which of the window's saves it is: results of earlier ones are not taken for those of this one.
    pub number: u64,
    /// Where to.
    pub path: PathBuf,
    /// What may be replaced.
    pub on_disk: OnDisk,
    /// Whether the program tries again by itself; then it asks nothing.
    pub is_retry: bool,
    /// When it began.
    pub begun_secs: f64,
    /// After how many seconds something must be wrong.
    pub patience_secs: f64,
    /// Whether it takes so long that something must be wrong.
    pub is_slow: bool,
}

/// After how many seconds a save of this document counts as hanging.
pub(super) fn patience_secs(document: &Document) -> f64 {
    let bytes = document.text().as_str().len() + BYTES_AN_ANNOTATION * document.annotation_count();
    SLOW_SECS + SECS_A_MEGABYTE * (bytes as f64 / 1e6).floor()
}

impl Attempt {
    /// What the user agreed to replace. Where it is not known what that was, it has to be asked again.
    pub fn agreed(&self) -> Option<OnDisk> {
        matches!(self.on_disk, OnDisk::Agreed(_)).then(|| self.on_disk.clone())
    }
}

/// A save that failed.
#[derive(Clone, Debug)]
pub struct SaveTrouble {
    /// Where to.
    path: PathBuf,
    /// What the user agreed to replace, if anything.
    agreed: Option<OnDisk>,
    /// Where and what is wrong, as the end of a sentence.
    why: String,
    /// What the system said, and what to do.
    detail: String,
    /// What to do by itself, and when.
    retry: Retry,
}

impl SaveTrouble {
    /// Whether it is this file that cannot be written.
    pub fn is_of(&self, path: &Path) -> bool {
        self.path == path
    }
}

/// When to try again: 5 seconds after the first failure, then twice as long, a minute at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retry {
    failures: u32,
    at_secs: Option<f64>,
}

impl Retry {
    /// It failed at `now`, in seconds.
    fn failed(&mut self, now: f64) {
        let wait = FIRST_RETRY_SECS * f64::from(1_u32 << self.failures.min(8));
        self.failures += 1;
        self.at_secs = Some(now + wait.min(LAST_RETRY_SECS));
    }

    /// Whether it is time; asks for a frame when it will be.
    fn is_due(&self, ctx: &egui::Context) -> bool {
        let Some(at) = self.at_secs else { return false };
        let left = at - ctx.input(|input| input.time);
        if left > 0.0 {
            ctx.request_repaint_after(Duration::from_secs_f64(left));
        }
        left <= 0.0
    }
}

impl Session {
    /// Whether the file is being written and answers.
    pub fn is_saving(&self) -> bool {
        self.saving.as_ref().is_some_and(|attempt| !attempt.is_slow)
    }

    /// Whether the file cannot be written now: it hangs, or failed last time.
    fn has_trouble(&self) -> bool {
        self.trouble.is_some() || self.saving.as_ref().is_some_and(|attempt| attempt.is_slow)
    }

    /// Where the work is while it is not in the file, as the end of a sentence.
    fn whereabouts(&self) -> &'static str {
        if self.is_in_journal() { "your work is safe in the journal" } else { "your work is in memory only" }
    }

    /// Whether all of it is in the journal.
    pub fn is_in_journal(&self) -> bool {
        self.journal_error.is_none() && !self.journal.is_missing()
    }
}

impl App {
    fn now(&self) -> f64 {
        self.ctx.input(|input| input.time)
    }

    // --- what the strip says -----------------------------------------------------------------------------------

    /// What the strip says about disks.
    pub(super) fn trouble_banners(&self) -> Vec<Banner> {
        let all = [self.opening_banner(), self.journal_banner(), self.slow_banner(), self.failed_banner()];
        all.into_iter().flatten().collect()
    }

    fn journal_banner(&self) -> Option<Banner> {
        let session = self.session.as_ref().filter(|session| session.read_only.is_none())?;
        let why = session.journal_error.as_ref()?;
        let (kind, text) = if session.is_dirty() {
            (BannerKind::Error, "Your changes are in memory only: the journal cannot be written")
        } else {
            (
                BannerKind::Warning,
                "What you change will be in memory only until you save: the journal cannot be written",
            )
        };
        let banner = Banner::new(kind, text).detail(why).button("Save elsewhere…", Action::SaveElsewhere);
        Some(banner.button("Try again", Action::RetryJournal))
    }

    fn slow_banner(&self) -> Option<Banner> {
        let session = self.session.as_ref()?;
        let attempt = session.saving.as_ref().filter(|attempt| attempt.is_slow)?;
        let path = short_path(&attempt.path, PATH_CHARS);
        let text = format!("Still saving {path}: its disk or network does not answer; {}", session.whereabouts());
        let detail = format!("{}\nThe save goes on as soon as the disk answers", attempt.path.display());
        let kind = if session.is_in_journal() { BannerKind::Warning } else { BannerKind::Error };
        Some(Banner::new(kind, text).detail(detail).button("Save elsewhere…", Action::SaveElsewhere))
    }

    fn failed_banner(&self) -> Option<Banner> {
        let session = self.session.as_ref()?;
        // Being tried again, it would flicker.
        let trouble = session.trouble.as_ref().filter(|_| !session.saving.as_ref().is_some_and(|a| a.is_slow))?;
        let name = trouble.path.file_name().unwrap_or_default().to_string_lossy();
        let text = format!("{name} cannot be saved{}; {}", trouble.why, session.whereabouts());
        let again = if trouble.retry.at_secs.is_some() { "\nIt is tried again by itself" } else { "" };
        let detail = format!("{}\n{}{again}", trouble.path.display(), trouble.detail);
        let kind = if session.is_in_journal() { BannerKind::Warning } else { BannerKind::Error };
        let banner = Banner::new(kind, text).detail(detail).button("Save elsewhere…", Action::SaveElsewhere);
        Some(banner.button("Try again", Action::RetrySave))
    }

    // --- what happens by itself --------------------------------------------------------------------------------

    /// Notices what hangs, and tries again what failed.
    pub(super) fn watch_disks(&mut self, ctx: &egui::Context) {
        let now = self.now();
        let Some(session) = &mut self.session else { return };
        if let Some(attempt) = &mut session.saving {
            ctx.request_repaint_after(Duration::from_secs(1));
            if !attempt.is_slow && now - attempt.begun_secs > attempt.patience_secs {
                attempt.is_slow = true;
                // What is changed from now on goes to the journal at once. If the file is not touched yet, this save
                // comes to nothing, and another one follows when the disk answers.
                session.journal.give_up_saving();
                if let Some(then) = self.after_saving.take() {
                    self.ask_about_unwritten(then);
                }
            }
            return;
        }
        if !session.is_held() && session.trouble.as_ref().is_some_and(|trouble| trouble.retry.is_due(ctx)) {
            self.retry_save(true);
            return;
        }
        if session.journal_error.is_none() {
            session.journal_retry = Retry::default();
        } else if session.journal_retry.at_secs.is_none() {
            session.journal_retry.failed(now);
        } else if session.journal_retry.is_due(ctx) {
            session.journal_retry.failed(now);
            self.retry_journal();
        }
    }

    /// Saves again what could not be saved.
    pub(super) fn retry_save(&mut self, by_itself: bool) {
        let Some(trouble) = self.session.as_mut().and_then(|session| session.trouble.as_mut()) else { return };
        trouble.retry.at_secs = None;
        let (path, agreed) = (trouble.path.clone(), trouble.agreed.clone());
        match agreed {
            Some(on_disk) => self.write_over(on_disk, path, by_itself),
            None => self.write_to(path, false, by_itself),
        }
    }

    /// Writes the journal again, or opens it if there is none.
    pub(super) fn retry_journal(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.journal.is_missing() {
            self.reopen_journal();
        } else {
            session.journal.try_again();
        }
    }

    /// Opens the journal of a document that has none, and puts in what it lacks. Where that cannot be told, because the
    /// document was saved since it was opened and changed again, the next save sees to it.
    pub(super) fn reopen_journal(&mut self) {
        let Some(session) = self.session.as_mut().filter(|session| session.read_only.is_none()) else { return };
        let is_never_saved = session.saved_revision.is_none_or(|revision| revision <= session.begun_revision);
        let (document, changes) = if !session.is_dirty() && !is_never_saved {
            (session.document().clone(), Vec::new())
        } else if is_never_saved {
            let mut as_opened = session.editor.clone();
            let changes = as_opened.history().done().to_vec();
            while as_opened.undo().is_some() {}
            (as_opened.document().clone(), changes)
        } else {
            return;
        };
        let base = base_of(session, &document);
        let notify = || notify(&self.ctx);
        // What could not be read when the document was opened is not in it.
        match Found::open_empty(&self.data, &base, notify) {
            Ok((journal, kept)) => {
                session.journal = journal;
                if let Some(kept) = kept {
                    self.toasts.done(kept);
                }
                if session.is_homeless {
                    session.journal.begun();
                }
                for change in &changes {
                    session.journal.applied(change);
                }
            }
            Err(error) => tracing::error!(%error, "the journal is open elsewhere"),
        }
    }

    /// A save failed because of the disk.
    pub(super) fn save_failed(&mut self, attempt: &Attempt, error: &SaveError) {
        let now = self.now();
        let Some(session) = &mut self.session else { return };
        let mut retry = session.trouble.take().map(|trouble| trouble.retry).unwrap_or_default();
        if is_transient(error) {
            retry.failed(now);
        }
        let why = in_words(&attempt.path, error);
        if !attempt.is_retry {
            self.toasts.refused(format!("Not saved{why}"));
        }
        let (path, agreed) = (attempt.path.clone(), attempt.agreed());
        session.trouble = Some(SaveTrouble { path, agreed, why, detail: error.to_string(), retry });
    }

    /// A save came back that nobody waited for any more: the document was saved elsewhere meanwhile, or is being.
    pub(super) fn stray_saved(
        &mut self,
        path: &Path,
        (revision, document): (u64, Arc<Document>),
        result: Result<Saved, SaveError>,
    ) {
        let Some(session) = &mut self.session else { return };
        session.strays.retain(|stray| stray != path);
        let Ok(saved) = result else { return };
        if session.origin.native.as_deref() == Some(path) {
            // Still the document's file: what is in it now is our own.
            session.origin.native_sha256 = Some(saved.sha256);
            session.saved_revision = Some(revision);
            session.held = Some(document);
            session.outside.native = None;
            self.look_at_files();
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.toasts.done(format!("{name} was written after all, as the document was then"));
    }

    // --- leaving -----------------------------------------------------------------------------------------------

    /// Whether leaving must be asked about in other words, because the file cannot be written now.
    pub(super) fn has_trouble(&self) -> bool {
        self.session.as_ref().is_some_and(Session::has_trouble)
    }

    /// Leaves a document whose file cannot be written now. The journal keeps the work for next time.
    pub(super) fn leave_unwritten(&mut self, ctx: &egui::Context) {
        if let Some(Dialog::NotWritten { then, .. }) = self.dialog.take() {
            self.after_saving = None;
            self.close_session();
            self.proceed(ctx, then);
        }
    }

    /// Saves under another name; then goes on with what was wanted, if the dialog asked about that.
    pub(super) fn save_elsewhere(&mut self) {
        if let Some(Dialog::NotWritten { then, .. }) = self.dialog.take_if(|d| matches!(d, Dialog::NotWritten { .. })) {
            self.after_saving = Some(then);
        }
        self.choose_file(FilePurpose::SaveAs);
    }

    /// The folder that gives trouble: no dialog is to begin there, it might hang too.
    pub(super) fn folder_in_trouble(&self) -> Option<&Path> {
        let session = self.session.as_ref().filter(|session| session.has_trouble())?;
        let slow = session.saving.as_ref().map(|attempt| attempt.path.as_path());
        slow.or(session.trouble.as_ref().map(|trouble| trouble.path.as_path()))?.parent()
    }

    /// Asks what to do about leaving a document whose file cannot be written.
    pub(super) fn ask_about_unwritten(&mut self, then: AfterClosing) {
        let is_kept = self.session.as_ref().is_some_and(Session::is_in_journal);
        self.dialog = Some(Dialog::NotWritten { then, is_kept });
    }

    /// A job ended without an answer, and no other is going on: nothing is waited for any more.
    pub(super) fn job_fell(&mut self) {
        if self.jobs.is_busy() {
            return;
        }
        self.stop_opening();
        self.after_saving = None;
        if let Some(session) = self.session.as_mut().filter(|session| session.saving.is_some()) {
            session.saving = None;
            session.journal.end_saving(None);
        }
    }
}

/// Whether what failed may work later although nobody asks for anything else.
fn is_transient(error: &SaveError) -> bool {
    let SaveError::Io { source, .. } = error else { return false };
    !matches!(
        source.kind(),
        ErrorKind::IsADirectory | ErrorKind::InvalidFilename | ErrorKind::InvalidInput | ErrorKind::FileTooLarge
    )
}

/// Why a file cannot be saved, with its folder, as the end of a sentence.
fn in_words(path: &Path, error: &SaveError) -> String {
    let folder = short_path(path.parent().unwrap_or(Path::new("")), PATH_CHARS);
    let SaveError::Io { source, .. } = error else {
        return match error {
            SaveError::ChangedOnDisk { .. } => ": another program has changed it meanwhile".to_owned(),
            SaveError::Exists { .. } => ": another file of this name is there".to_owned(),
            SaveError::OpenElsewhere { .. } => ": it is open in another window".to_owned(),
            SaveError::HasNewerWork { .. } => ": a newer program keeps unsaved work on it".to_owned(),
            other => format!(": {other}"),
        };
    };
    let why = match source.kind() {
        ErrorKind::NotFound => return format!(": there is no folder {folder}"),
        ErrorKind::NotADirectory => return format!(": {folder} is not a folder"),
        ErrorKind::PermissionDenied if !is_protected(source) => return format!(": you may not write into {folder}"),
        ErrorKind::PermissionDenied => "the file is read-only",
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::QuotaExceeded => "your share of the disk is full",
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        ErrorKind::IsADirectory => "this is a folder",
        ErrorKind::InvalidFilename => "the system does not take this name",
        ErrorKind::TimedOut
        | ErrorKind::StaleNetworkFileHandle
        | ErrorKind::NetworkDown
        | ErrorKind::NetworkUnreachable
        | ErrorKind::HostUnreachable
        | ErrorKind::NotConnected => "the network folder does not answer",
        _ => return format!(" in {folder}: {source}"),
    };
    format!(" in {folder}: {why}")
}

/// Whether it is the file that may not be replaced, as `store` says it, and not its folder.
fn is_protected(error: &std::io::Error) -> bool {
    error.raw_os_error().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io(kind: ErrorKind) -> SaveError {
        SaveError::Io { path: "/a/b.ron".into(), source: kind.into(), hint: "" }
    }

    /// Putting a million annotations into words must not look like a disk that hangs: it would be begun again for ever.
    #[test]
    fn a_long_document_may_take_longer_to_be_saved() {
        let of = |bytes: usize| {
            let text = crate::text::Text::new("a".repeat(bytes)).expect("short enough");
            patience_secs(&Document::new(text, Default::default()))
        };
        assert!((of(3_000) - SLOW_SECS).abs() < 0.01);
        assert!(of(20_000_000) >= SLOW_SECS + 10.0);
    }

    #[test]
    fn it_is_tried_again_after_five_seconds_then_less_and_less_often() {
        let mut retry = Retry::default();
        let mut now = 100.0;
        let mut waits = Vec::new();
        for _ in 0..7 {
            retry.failed(now);
            let at = retry.at_secs.expect("again");
            waits.push(at - now);
            now = at;
        }
        assert_eq!(waits, [5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0]);
    }

    #[test]
    fn causes_are_told_in_plain_words() {
        let path = Path::new("/a/b.ron");
        for (kind, words) in [
            (ErrorKind::StorageFull, " in /a: the disk is full"),
            (ErrorKind::ReadOnlyFilesystem, " in /a: the disk is read-only"),
            (ErrorKind::NotFound, ": there is no folder /a"),
            (ErrorKind::NotADirectory, ": /a is not a folder"),
            (ErrorKind::TimedOut, " in /a: the network folder does not answer"),
        ] {
            assert_eq!(in_words(path, &io(kind)), words);
        }
        assert!(is_transient(&io(ErrorKind::StorageFull)) && is_transient(&io(ErrorKind::Other)));
        assert!(!is_transient(&io(ErrorKind::IsADirectory)));
        assert!(!is_transient(&SaveError::ChangedOnDisk { path: path.into() }));
    }
}
