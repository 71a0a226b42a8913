//! What other programs do to the files of the open document: noticed, told, merged, kept or reloaded.
//!
//! The session knows the document as its file held it last (`Session::held`) and that file's SHA-256; [`Watch`] tells
//! what is there now. Where the two differ, nothing is overwritten before the user has said so.

use std::path::Path;
use std::sync::Arc;

use super::App;
use super::action::Action;
use super::banner::{Banner, BannerKind, elide_middle};
use super::dialog::Dialog;
use super::files::notify;
use super::importing::is_native;
use super::journal::{Found, last_saved, restore};
use super::messages::Message;
use super::session::Session;
use super::watch::{Files, Seen, Watch};
use crate::edit::{Editor, Merge, OtherText};
use crate::model::{Document, Header, Problem, Schema};
use crate::store::{self, Base, OpenError, OpenOptions, Opened};
use crate::ui::dialogs::merge::MergeDialog;

/// At most so many characters of a file's name stand in a banner.
const LONGEST: usize = 40;

/// What was seen of the files last.
#[derive(Debug, Default)]
pub struct Outside {
    /// The annotated file.
    pub native: Option<Seen>,
    /// The file that the text was read from.
    pub text: Option<Seen>,
    /// The user knows about the text's file.
    pub is_text_known: bool,
}

/// What another program did to the annotated file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// It has another content, with this SHA-256.
    Content(&'a str),
    /// It was deleted or moved.
    Gone,
}

/// What the user wants done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutsideAction {
    /// Show what either side did, and choose.
    Merge,
    /// Go on with what is here; the next save replaces the file.
    KeepMine,
    /// Take what the file holds.
    Reload,
    /// Write a file that is gone again.
    SaveAgain,
    /// Do not tell again that the text's file was changed.
    HideText,
    /// Merge as was chosen in the dialog.
    Apply,
}

/// What a file is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To merge it.
    Merge,
    /// To take it.
    Reload,
}

/// What another program made of the file.
#[derive(Debug)]
pub struct Theirs {
    document: Arc<Document>,
    sha256: String,
    /// The revision of the document that the merge was planned for.
    revision: u64,
    merge: Result<Merge, OtherText>,
}

/// A journal that was opened although another program changed its file.
pub struct Diverged {
    /// The document as the file held it last, as the journal tells it.
    pub held: Document,
    /// The SHA-256 of the file then.
    pub held_sha256: String,
    /// The document as the file holds it now and its SHA-256, if it is to be taken over: nothing was unsaved.
    pub taken: Option<(Document, String)>,
}

/// Puts together what a journal knows and a file that another program changed: the document begins as the journal's did,
/// so that nothing of it is lost. `None` if the journal is of no use for this document; it stays in `found.diverged`.
pub fn diverge(opened: &mut Opened, found: &mut Found, schema: &Arc<Schema>) -> Option<Diverged> {
    let diverged = found.diverged.take()?;
    let held = last_saved(&diverged, schema);
    let base = diverged.header.base_document().and_then(Result::ok);
    let (Ok(held), Some(base)) = (held, base) else {
        found.diverged = Some(diverged);
        return None;
    };
    let mut mine = Editor::new(base.clone(), Arc::clone(schema));
    let is_whole = restore(&mut mine, diverged.clone()).is_ok();
    let held_sha256 = diverged.last_saved().map(|(sha256, _)| sha256.to_owned()).unwrap_or_default();
    let is_unsaved = !is_whole || *mine.document() != held || diverged.is_kept();
    let is_same_text = held.text().sha256() == opened.document.text().sha256();
    if !(is_unsaved || is_same_text && is_native(opened.format)) {
        // Only old steps, on a text that is no more or from a file that is not ours.
        found.diverged = Some(diverged);
        return None;
    }
    let theirs = std::mem::replace(&mut opened.document, base);
    found.held = if is_unsaved { diverged.held_changes() } else { usize::MAX };
    found.recovered = Some(diverged);
    Some(Diverged { held, held_sha256, taken: (!is_unsaved).then(|| (theirs, opened.sha256.clone())) })
}

impl Session {
    /// What another program did to the annotated file, if it did something that the user has not answered.
    pub fn change_outside(&self) -> Option<Change<'_>> {
        let known = self.origin.native_sha256.as_ref().filter(|_| self.saving.is_none())?;
        match self.outside.native.as_ref()? {
            Seen::File(sha256) if sha256 != known => Some(Change::Content(sha256)),
            Seen::Gone => Some(Change::Gone),
            Seen::File(_) | Seen::Unknown => None,
        }
    }

    /// Whether the file that the text was read from is not as it was.
    pub fn is_text_changed(&self) -> bool {
        let is_other = matches!(
            (&self.outside.text, &self.origin.text_sha256),
            (Some(Seen::File(sha256)), Some(known)) if sha256 != known
        );
        is_other && !self.outside.is_text_known
    }

    /// The file is known to have this content now.
    fn accept(&mut self, theirs: &Arc<Document>, sha256: &str) {
        self.held = Some(Arc::clone(theirs));
        self.origin.native_sha256 = Some(sha256.to_owned());
    }

    /// The document is what the file holds, without having been written here.
    fn is_in_file(&mut self, sha256: &str) {
        if let Some(path) = &self.origin.native {
            self.journal.is_in_file(path, sha256);
        }
        self.saved_revision = Some(self.editor.revision());
        self.is_homeless = false;
    }
}

impl App {
    /// Looks at the files of the open document now, and every two seconds from now on.
    pub(super) fn look_at_files(&mut self) {
        let Some(session) = &mut self.session else { return };
        let files = Files {
            native: session.origin.native.clone(),
            text: session.origin.text.clone().filter(|_| session.origin.text_sha256.is_some()),
        };
        if files == Files::default() {
            return;
        }
        let ctx = self.ctx.clone();
        session.watch.get_or_insert_with(|| Watch::new(move || ctx.request_repaint())).look(files);
    }

    /// Takes what was seen of the files; looks again when the window is turned to.
    pub(super) fn watch_files(&mut self, ctx: &egui::Context) {
        let is_turned_to = |event: &egui::Event| matches!(event, egui::Event::WindowFocused(true));
        if ctx.input(|input| input.events.iter().any(is_turned_to)) {
            self.look_at_files();
        }
        let Some(session) = &mut self.session else { return };
        if let Some(report) = session.watch.as_mut().and_then(Watch::poll) {
            session.outside.is_text_known &= session.outside.text == report.text;
            session.outside.native = report.native;
            session.outside.text = report.text;
        }
    }

    /// What the strip above the article says of other programs.
    pub(super) fn outside_banners(&self) -> Vec<Banner> {
        let Some(session) = &self.session else { return Vec::new() };
        let mut banners = Vec::new();
        // Where the strip tells that the file cannot be written, and why, that it is gone is no news.
        let is_told = |path: &Path, change| {
            let has_trouble = session.trouble.as_ref().is_some_and(|trouble| trouble.is_of(path));
            change == Change::Gone && (has_trouble || self.is_project_away())
        };
        if let (Some(change), Some(path)) = (session.change_outside(), &session.origin.native)
            && !is_told(path, change)
        {
            let name = elide_middle(&name_of(path), LONGEST);
            let ask = |banner: Banner, text: &str, action| banner.button(text, Action::Outside(action));
            let banner = |what: &str| Banner::new(BannerKind::Warning, format!("{name} was {what}"));
            let banner = match change {
                // There is nothing here that could be lost.
                Change::Content(_) if session.read_only.is_some() => {
                    ask(banner("changed by another program"), "Reload", OutsideAction::Reload)
                }
                Change::Gone if session.read_only.is_some() => banner("deleted or moved by another program"),
                Change::Gone => {
                    ask(banner("deleted or moved by another program"), "Save again", OutsideAction::SaveAgain)
                }
                Change::Content(_) if session.is_dirty() => {
                    let banner = banner("changed by another program, and you have unsaved work");
                    let banner = ask(banner, "Merge…", OutsideAction::Merge);
                    let banner = ask(banner, "Keep mine", OutsideAction::KeepMine);
                    ask(banner, "Reload theirs", OutsideAction::Reload)
                }
                Change::Content(_) => {
                    let banner = ask(banner("changed by another program"), "Reload", OutsideAction::Reload);
                    ask(banner, "Keep mine", OutsideAction::KeepMine)
                }
            };
            banners.push(banner.detail(path.display().to_string()));
        }
        if let Some(path) = session.origin.text.as_ref().filter(|_| session.is_text_changed()) {
            let name = elide_middle(&name_of(path), LONGEST);
            let text = format!("{name} was changed by another program; your work is on the text as it was read");
            let banner = Banner::new(BannerKind::Info, text).detail(path.display().to_string());
            banners.push(banner.button("Hide", Action::Outside(OutsideAction::HideText)));
        }
        banners
    }

    pub(super) fn outside_action(&mut self, ctx: &egui::Context, action: OutsideAction) {
        let is_read_only = self.session.as_ref().is_some_and(|session| session.read_only.is_some());
        if is_read_only && action == OutsideAction::Reload {
            return self.reopen(ctx);
        }
        if action != OutsideAction::HideText && !self.may_change() {
            return;
        }
        match action {
            OutsideAction::Merge => self.read_theirs(Purpose::Merge),
            OutsideAction::Reload => self.read_theirs(Purpose::Reload),
            OutsideAction::KeepMine => self.keep_mine(),
            OutsideAction::Apply => self.apply_merge(),
            OutsideAction::SaveAgain => {
                if let Some(path) = self.session.as_ref().and_then(|session| session.origin.native.clone()) {
                    // Asks if something else came into its place meanwhile.
                    self.save_to(path, false);
                }
            }
            OutsideAction::HideText => {
                if let Some(session) = &mut self.session {
                    session.outside.is_text_known = true;
                }
            }
        }
    }

    /// Reads the changed file on a thread of its own, and plans the merge there.
    fn read_theirs(&mut self, purpose: Purpose) {
        if matches!(self.dialog, Some(Dialog::ChangedOnDisk { .. })) {
            self.dialog = None;
        }
        self.after_saving = None;
        self.end_filling();
        let Some(session) = &self.session else { return };
        let Some(path) = session.origin.native.clone() else { return };
        let (merger, revision, number) = (session.editor.merger(), session.editor.revision(), session.number);
        // Without a known base nothing of either side counts as deleted.
        let held = session.held.clone();
        self.jobs.spawn("Reading the changed file", move || {
            let result = store::open_path(&path, &OpenOptions::default()).map(|opened| {
                let nothing = || Document::new(opened.document.text().clone(), Header::default());
                let merge = match held {
                    Some(held) => merger.plan(&held, &opened.document),
                    None => merger.plan(&nothing(), &opened.document),
                };
                Theirs { document: Arc::new(opened.document), sha256: opened.sha256, revision, merge }
            });
            Message::TheirsRead { session: number, purpose, result: Box::new(result) }
        });
    }

    /// The changed file was read.
    pub(super) fn theirs_read(&mut self, ctx: &egui::Context, purpose: Purpose, result: Result<Theirs, OpenError>) {
        let theirs = match result {
            Ok(theirs) => theirs,
            Err(error) => {
                let title = "The changed file cannot be read".to_owned();
                let message = error.path.display().to_string();
                self.dialog = Some(Dialog::Problems { title, message, problems: error.problems });
                return;
            }
        };
        match purpose {
            Purpose::Reload => self.reload(ctx, theirs),
            Purpose::Merge => self.offer_merge(theirs),
        }
    }

    fn offer_merge(&mut self, theirs: Theirs) {
        let Some(session) = &mut self.session else { return };
        let Some(path) = session.origin.native.clone() else { return };
        if theirs.revision != session.editor.revision() {
            // Something was changed while the file was read.
            return self.read_theirs(Purpose::Merge);
        }
        match theirs.merge {
            Err(OtherText) => self.dialog = Some(Dialog::ChangedOnDisk { path, is_other_text: true }),
            Ok(merge) if merge.is_empty() => {
                session.accept(&theirs.document, &theirs.sha256);
                if session.document() == &*theirs.document {
                    session.is_in_file(&theirs.sha256);
                }
                self.toasts.done("The file holds nothing new; your work goes on");
            }
            Ok(merge) => {
                let dialog = MergeDialog::new(merge, path, theirs.document, theirs.sha256, theirs.revision);
                self.dialog = Some(Dialog::Merge(Box::new(dialog)));
            }
        }
    }

    /// Merges as was chosen: one step of undo. The next save replaces the file that was merged.
    fn apply_merge(&mut self) {
        let Some(Dialog::Merge(dialog)) = self.dialog.take() else { return };
        let Some(session) = &mut self.session else { return };
        if dialog.revision() != session.editor.revision() {
            return self.read_theirs(Purpose::Merge);
        }
        let words = session.is_long().then(|| "Merging".to_owned());
        self.change(words, move |changing| {
            let merged = changing.merge(dialog.merge(), dialog.choices());
            let is_theirs = changing.document() == &**dialog.theirs();
            Box::new(move |app| match merged {
                Ok(is_changed) => app.merged(&dialog, is_changed, is_theirs),
                Err(error) => app.toasts.refused(error.to_string()),
            })
        });
    }

    /// The changed file is merged; `is_theirs` = the document is what that holds.
    fn merged(&mut self, dialog: &MergeDialog, is_changed: bool, is_theirs: bool) {
        let Some(session) = &mut self.session else { return };
        session.accept(dialog.theirs(), dialog.sha256());
        if is_theirs {
            session.is_in_file(dialog.sha256());
        }
        session.tidy();
        self.follow_schema();
        let how = self.how(super::command::Command::Save);
        let is_dirty = self.session.as_ref().is_some_and(Session::is_dirty);
        self.toasts.done(match (is_changed, is_dirty) {
            (true, true) => format!("Merged; {how} to put it into the file"),
            (true, false) => "Merged".to_owned(),
            (false, true) => format!("Your version stays as it is; {how} to put it into the file"),
            (false, false) => "Nothing had to be changed".to_owned(),
        });
    }

    /// Goes on with what is here; the next save replaces what was seen.
    fn keep_mine(&mut self) {
        let Some(session) = &mut self.session else { return };
        let Some(Change::Content(sha256)) = session.change_outside() else { return };
        session.origin.native_sha256 = Some(sha256.to_owned());
        // What is here is in no file now.
        session.saved_revision = None;
        session.is_homeless = true;
        session.journal.begun();
        self.toasts.done("Your version stays; saving replaces the changed file");
    }

    /// Makes the document what the file holds: an undoable step where the text is the same, else a new beginning; then
    /// unsaved work stays in a journal of its own.
    fn reload(&mut self, ctx: &egui::Context, theirs: Theirs) {
        let Some(session) = &mut self.session else { return };
        let Some(path) = session.origin.native.clone() else { return };
        let name = name_of(&path);
        let (words, title) = (format!("Reloading {name}"), format!("Reload {name}"));
        let ctx = ctx.clone();
        let words = session.is_long().then_some(words);
        self.change(words, move |changing| {
            let taken = changing.take_over(&theirs.document, &title);
            Box::new(move |app| app.reloaded(&ctx, &theirs, taken))
        });
    }

    /// The document was made what the file holds, unless that has another text.
    fn reloaded(&mut self, ctx: &egui::Context, theirs: &Theirs, taken: Result<(), OtherText>) {
        let Some(session) = &mut self.session else { return };
        let Some(path) = session.origin.native.clone() else { return };
        let name = name_of(&path);
        match taken {
            Ok(()) => {
                session.accept(&theirs.document, &theirs.sha256);
                session.is_in_file(&theirs.sha256);
                session.tidy();
                self.follow_schema();
                let how = self.how(super::command::Command::Undo);
                self.toasts.done(format!("Reloaded {name}; {how} to have your version back"));
            }
            Err(OtherText) => {
                let is_dirty = session.is_dirty();
                if let Err(error) = session.journal.leave(is_dirty) {
                    return self.toasts.refused(error.to_string());
                }
                let base = Base::native(&path, &theirs.sha256, &theirs.document);
                let found = match Found::open(&self.data, base, notify(ctx)) {
                    Ok(found) => found,
                    Err(error) => return self.toasts.refused(error.to_string()),
                };
                let native_sha256 = Some(theirs.sha256.clone());
                let origin = super::session::Origin { native: Some(path), native_sha256, ..Default::default() };
                self.start(ctx, (*theirs.document).clone(), origin, found, Vec::new());
                self.toasts.done(if is_dirty {
                    format!("Reloaded {name} with its new text; your work is kept under Not saved last time")
                } else {
                    format!("Reloaded {name} with its new text; earlier steps cannot be undone")
                });
            }
        }
    }

    /// Takes up what a journal knows of a file that another program changed, after the document was started.
    pub(super) fn diverged(&mut self, diverged: Diverged) {
        let Some(session) = &mut self.session else { return };
        let Some(path) = session.origin.native.clone() else { return };
        let Some((theirs, sha256)) = diverged.taken else {
            session.held = Some(Arc::new(diverged.held));
            // Also where nothing was changed: then this version is kept against that of the file.
            session.is_homeless = true;
            return;
        };
        // Whatever becomes of the reloading, this is what the file held last.
        session.held = Some(Arc::new(diverged.held));
        let (name, theirs) = (name_of(&path), Arc::new(theirs));
        let (words, title) = (format!("Reloading {name}"), format!("Reload {name}"));
        let words = session.is_long().then_some(words);
        self.change(words, move |changing| {
            let taken = changing.take_over(&theirs, &title);
            Box::new(move |app| {
                if let (Ok(()), Some(session)) = (taken, &mut app.session) {
                    session.accept(&theirs, &sha256);
                    session.is_in_file(&sha256);
                    app.toasts.done(format!("{name} was changed by another program since it was open here"));
                }
            })
        });
    }
}

/// A journal that does not fit its file and cannot be merged with it.
pub fn misfit() -> Problem {
    let message = "the file was changed by another program; earlier steps cannot be undone";
    Problem::warning("stale-journal", message, "")
}

/// The name of a file, for sentences.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
