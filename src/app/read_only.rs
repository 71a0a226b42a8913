//! Documents that this window shows and does not change: why, what is refused then, and how one becomes editable.
//!
//! Whatever changes a document asks `App::may_change` first: the paths from an intention to the editor, undo, redo,
//! the schema, saving to the document's own file.

use std::time::Duration;

use super::App;
use super::action::Action;
use super::banner::{Banner, BannerKind};
use super::command::Command;
use super::files::notify;
use super::journal::Found;
use super::session::Session;
use crate::canvas::ReaderEvent;
use crate::store::{Base, Key, OpenOptions, Owner};

/// How often it is looked whether the other window has closed, in seconds.
const LOOK_SECS: f64 = 3.0;

/// Why a document cannot be changed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadOnly {
    /// Another window has it, and who that is, if that is known.
    OpenElsewhere {
        /// Who has it.
        owner: Option<Owner>,
    },
    /// A newer program wrote the file, in a format of which this one does not know everything.
    NewerFormat {
        /// The format, as the file names it.
        format: String,
    },
    /// The folder of the project may not be written.
    Folder,
    /// The user does not want to be an annotator of the project.
    Looking,
    /// The user wanted it so.
    Asked,
    /// Its annotations are still being read.
    Opening,
}

impl ReadOnly {
    /// As the status bar says it.
    pub fn short(&self) -> &'static str {
        match self {
            Self::OpenElsewhere { .. } => "Read-only: open in another window",
            Self::NewerFormat { .. } => "Read-only: from a newer program",
            Self::Folder => "Read-only: the folder may not be written",
            Self::Looking => "Read-only: you only look",
            Self::Asked => "Read-only",
            Self::Opening => "Opening…",
        }
    }

    /// As part of a sentence.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::OpenElsewhere { .. } => "it is open in another window",
            Self::NewerFormat { .. } => "a newer program wrote it",
            Self::Folder => "the folder of the project may not be written",
            Self::Looking => "you only look; choose who you are to work on it",
            Self::Asked => "it was opened to be read only",
            Self::Opening => "its annotations are still being read",
        }
    }

    /// What the strip says; nothing where it speaks of the opening itself.
    fn banner(&self) -> Option<Banner> {
        let copy = ("Work on a copy…", Action::Run(Command::SaveAs));
        Some(match self {
            Self::Opening => return None,
            Self::OpenElsewhere { owner } => {
                let who = owner.as_ref().map(|owner| format!(" ({})", in_words(owner))).unwrap_or_default();
                Banner::new(BannerKind::Info, format!("Read-only: another window has this document open{who}"))
                    .detail("It can be edited here as soon as it is closed there")
                    .button(copy.0, copy.1)
                    .button("Try again", Action::TakeOver)
            }
            Self::NewerFormat { format } => {
                let text =
                    format!("Read-only: a newer program wrote this file ({format}); a copy may lack what is new");
                Banner::new(BannerKind::Info, text).button(copy.0, copy.1)
            }
            Self::Folder => {
                let text = "Read-only: the folder of the project may not be written";
                Banner::new(BannerKind::Info, text)
                    .detail("Change its permissions, or copy the project, and open it again")
                    .button(copy.0, copy.1)
            }
            Self::Looking => Banner::new(BannerKind::Info, "Read-only: you only look at this project")
                .detail(
                    "Annotations are kept by annotator; those of others are shown beneath by the menu of the project",
                )
                .button(format!("{}…", Command::ChooseAnnotator.plain_name()), Action::Run(Command::ChooseAnnotator)),
            Self::Asked => {
                Banner::new(BannerKind::Info, "Read-only: nothing can be changed here").button(copy.0, copy.1)
            }
        })
    }
}

/// `anna on desk-3, process 4711, for 12 minutes`.
fn in_words(owner: &Owner) -> String {
    let mut parts = Vec::new();
    match (owner.user.as_str(), owner.host.as_str()) {
        ("", "") => {}
        (user, "") => parts.push(user.to_owned()),
        ("", host) => parts.push(format!("on {host}")),
        (user, host) => parts.push(format!("{user} on {host}")),
    }
    parts.push(format!("process {}", owner.process));
    if let Some(since) = owner.since {
        let secs = jiff::Timestamp::now().duration_since(since).as_secs();
        parts.push(duration_in_words(u64::try_from(secs).unwrap_or_default()));
    }
    parts.join(", ")
}

fn duration_in_words(secs: u64) -> String {
    let counted = |count: u64, what: &str| format!("for {count} {what}{}", if count == 1 { "" } else { "s" });
    match secs {
        0..60 => "for less than a minute".to_owned(),
        60..3600 => counted(secs / 60, "minute"),
        3600..172_800 => counted(secs / 3600, "hour"),
        _ => counted(secs / 86_400, "day"),
    }
}

/// What is known of the other window that has a document.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// The name of its journal and lock.
    pub key: Key,
    /// When to look again whether it is free, in seconds of the context's clock; infinite after a failure.
    look_at_secs: f64,
}

impl Elsewhere {
    /// To be looked at soon.
    pub fn new(key: Key) -> Self {
        Self { key, look_at_secs: 0.0 }
    }
}

/// Whether an action would change the document, or begin something that ends in a change.
pub(super) fn changes(action: &Action) -> bool {
    matches!(
        action,
        Action::Edit(_)
            | Action::TypeIn(_)
            | Action::ApplyLabel(_)
            | Action::SetBrush(_)
            | Action::FixProblem(_)
            | Action::Fill { .. }
            | Action::FillWith(_)
            | Action::FillImplicit
            | Action::Accept
            | Action::AcceptWithoutSpeaker
            | Action::Reject
            | Action::ChooseRelation(_)
            | Action::GoBack(_)
            | Action::UseBuiltinSchema(_)
            | Action::LoadSchema
            | Action::Reader(ReaderEvent::Resize { .. })
    )
}

impl App {
    /// Why the open document cannot be changed here, if it cannot.
    pub fn read_only(&self) -> Option<&ReadOnly> {
        self.session.as_ref()?.read_only.as_ref()
    }

    /// Whether the open document may be changed; says why if not. Every change asks here.
    pub(super) fn may_change(&mut self) -> bool {
        if self.is_changing() {
            // What comes by keys and clicks waits; nothing else may come in between.
            self.toasts
                .refused("Nothing was changed: a large change is under way; wait for it, or press Esc to stop it");
            return false;
        }
        let Some(why) = self.read_only() else { return true };
        let message = match why {
            ReadOnly::Opening => format!("Nothing was changed: {}; try again in a moment", why.reason()),
            ReadOnly::Looking => format!("Nothing was changed: {}", why.reason()),
            _ => format!("Nothing was changed: {}; work on a copy to go on", why.reason()),
        };
        self.toasts.refused(message);
        false
    }

    /// What the strip says about a document that cannot be changed.
    pub(super) fn read_only_banner(&self) -> Option<Banner> {
        self.read_only().and_then(ReadOnly::banner)
    }

    /// Looks now and then whether the window that has the document was closed, and goes on with it then. Nothing can be
    /// lost by that: here was nothing changed.
    pub(super) fn watch_other_window(&mut self, ctx: &egui::Context) {
        let is_free = self.dialog.is_none() && !self.jobs.is_busy();
        let Some(elsewhere) = self.session.as_mut().and_then(|session| session.elsewhere.as_mut()) else { return };
        let now = ctx.input(|input| input.time);
        if now >= elsewhere.look_at_secs && is_free {
            elsewhere.look_at_secs = now + LOOK_SECS;
            let key = elsewhere.key.clone();
            if self.data.journals().is_ok_and(|journals| !journals.is_open(&key)) {
                self.reopen(ctx);
            }
        }
        ctx.request_repaint_after(Duration::from_secs_f64(LOOK_SECS));
    }

    /// The user wants to have the document here.
    pub(super) fn take_over(&mut self, ctx: &egui::Context) {
        let Some(elsewhere) = self.session.as_ref().and_then(|session| session.elsewhere.as_ref()) else { return };
        if self.data.journals().is_ok_and(|journals| journals.is_open(&elsewhere.key)) {
            self.toasts.refused("It is still open in the other window; close it there first");
        } else {
            self.reopen(ctx);
        }
    }

    /// Reads the file of a read-only document again; the journal comes with it if it is free by now.
    pub(super) fn reopen(&mut self, ctx: &egui::Context) {
        let Some(session) = &mut self.session else { return };
        let Some(path) = session.origin.shown().map(std::path::Path::to_owned) else { return };
        if let Some(elsewhere) = &mut session.elsewhere {
            // If it cannot be read, that is said once.
            elsewhere.look_at_secs = f64::INFINITY;
        }
        let options = OpenOptions { document: session.origin.nth, ..OpenOptions::default() };
        self.open(ctx, path, options);
    }

    /// A read-only document was replaced by the same one, read again.
    pub(super) fn reopened(&mut self, before: Session) {
        let Some(session) = &mut self.session else { return };
        if session.document().text() == before.document().text() {
            session.selection = before.selection;
            session.selected = before.selected;
            session.banner_height = before.banner_height;
            session.reader = before.reader;
            // Its revisions are those of another session.
            session.reader.forget_marks();
            session.find = before.find;
            session.tidy();
        }
        let was_elsewhere = matches!(before.read_only, Some(ReadOnly::OpenElsewhere { .. }));
        if was_elsewhere && session.read_only.is_none() {
            self.toasts.done("The other window was closed: the document can be edited here now");
        }
    }

    /// A read-only document was saved under another name: from now on it is that one, and editable.
    pub(super) fn became_a_copy(&mut self, ctx: &egui::Context) {
        let Some(session) = self.session.as_mut().filter(|session| !session.is_being_opened()) else { return };
        let (Some(path), Some(sha256)) = (&session.origin.native, &session.origin.native_sha256) else { return };
        let base = Base::native(path, sha256, session.document());
        // Work on a file that had this name before is not work on this one.
        match Found::open_empty(&self.data, &base, || notify(ctx)) {
            Ok((journal, kept)) => {
                session.journal = journal;
                if let Some(kept) = kept {
                    self.toasts.done(kept);
                }
                session.read_only = None;
                session.elsewhere = None;
            }
            Err(error) => self.toasts.refused(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_one_is_told_in_words() {
        let since = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(12 * 60 + 5);
        let owner = Owner { process: 4711, host: "desk-3".into(), user: "anna".into(), since: Some(since) };
        assert_eq!(in_words(&owner), "anna on desk-3, process 4711, for 12 minutes");
        let nameless = Owner { process: 1, host: String::new(), user: String::new(), since: None };
        assert_eq!(in_words(&nameless), "process 1");
        for (secs, words) in
            [(0, "for less than a minute"), (61, "for 1 minute"), (7300, "for 2 hours"), (864_000, "for 10 days")]
        {
            assert_eq!(duration_in_words(secs), words);
        }
    }
}
