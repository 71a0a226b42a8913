//! Showing a document that was just read or made, with its journal.

use std::path::Path;

use super::App;
use super::dialog::Dialog;
use super::importing::PROJECT_GONE;
use super::journal::Found;
use super::ready::Ready;
use super::schemas;
use super::session::{Origin, Session};
use crate::formats::Format as _;
use crate::model::{Document, Header, Metadata, Problem, guess_title};
use crate::store::{Base, Notify, OpenError, OpenOptions};
use crate::text::Text;
use crate::ui::inspector::InspectorState;

/// The sample article and its annotation, which ship with the program.
const SAMPLE: &[u8] = include_bytes!("../../seeds/000_1a5c9ff20c0ee09c.ron");

impl App {
    /// Shows a document that was just read or made. Its schema is looked for then, unless it is at hand.
    pub(super) fn start(
        &mut self,
        ctx: &egui::Context,
        document: Document,
        origin: Origin,
        found: Found,
        problems: Vec<Problem>,
    ) {
        let in_use = self.session.as_ref().map_or(&[][..], |session| &session.schemas);
        let at_hand = schemas::at_hand(&document.header().schema, in_use);
        let is_at_hand = at_hand.is_some();
        let mut found = found;
        let ready = Ready::new(document, at_hand, found.recovered.take());
        self.start_with(ctx, ready, origin, found, problems);
        if !is_at_hand {
            self.look_for_schema();
        }
    }

    /// Shows a document that was made ready.
    pub(super) fn start_with(
        &mut self,
        _ctx: &egui::Context,
        ready: Ready,
        origin: Origin,
        found: Found,
        mut problems: Vec<Problem>,
    ) {
        self.close_session();
        let Ready { read, editor, restored, cache, schema } = ready;
        problems.extend(found.problems);
        let is_misfit = found.diverged.is_some();
        let mut session = Session::new(editor, read, origin, found.journal);
        session.schemas.extend(schema);
        session.set_keys(&self.keymap.reserved());
        session.has_lists(cache);
        session.editor.set_author(self.settings.annotator.clone());
        self.session_count += 1;
        session.number = self.session_count;
        let held = found.held;
        let restored = restored.map(|changes| changes.map(|changes| changes.saturating_sub(held)));
        // The remark about a damaged journal says what was recovered.
        let is_told = self.last_time.is_some() || problems.iter().any(|problem| problem.code == "damaged-journal");
        self.tell_of_last_time(Some(restored.as_ref().map_or(0, |restored| *restored.as_ref().unwrap_or(&0))));
        match restored {
            None | Some(Ok(0)) => {}
            Some(Ok(_)) if is_told => {}
            Some(Ok(1)) => self.toasts.done("Recovered 1 unsaved change of last time"),
            Some(Ok(changes)) => self.toasts.done(format!("Recovered {changes} unsaved changes of last time")),
            Some(Err(problem)) => problems.push(begin_anew(&mut session, problem)),
        }
        if is_misfit {
            problems.push(begin_anew(&mut session, super::outside::misfit()));
        }
        if !problems.is_empty() {
            let (title, message) = session.origin.remarks(problems.len());
            self.dialog = Some(Dialog::Problems { title, message, problems });
        }
        self.session = Some(session);
        self.lists.forget_document();
        self.inspector = InspectorState::default();
        self.follow_schema();
        self.look_at_files();
    }

    pub(super) fn open_failed(&mut self, error: &OpenError) {
        self.tell_of_last_time(None);
        // Whoever tried to open it knows; its disk may hang by now.
        if error.problems.iter().any(|problem| problem.code == PROJECT_GONE) {
            // The strip tells it as soon as it is seen.
            self.look_for_project();
            return self.toasts.refused("The document cannot be opened: the folder of the project is gone");
        }
        if error.problems.iter().any(|problem| problem.code == "no-such-file") {
            self.settings.recent.retain(|known| known != &error.path);
        }
        self.dialog = Some(Dialog::Problems {
            title: "The file cannot be opened".into(),
            message: error.path.display().to_string(),
            problems: error.problems.clone(),
        });
    }

    pub(super) fn open_sample(&mut self, ctx: &egui::Context) {
        let input = crate::formats::Input::of_bytes(SAMPLE);
        match crate::formats::native::NativeRon.read(&input).map(|mut read| read.pop()) {
            Ok(Some(read)) => self.start_without_file(ctx, read.document),
            Ok(None) => {}
            Err(problems) => self.open_failed(&OpenError { path: "sample".into(), problems }),
        }
    }

    pub(super) fn new_from_text(&mut self, ctx: &egui::Context, title: &str, text: String) {
        let text = match Text::new(text) {
            Ok(text) => text,
            Err(error) => return self.toasts.refused(error.to_string()),
        };
        let title = if title.trim().is_empty() { guess_title(&text) } else { title.trim().to_owned() };
        let id = format!("pasted-{}", text.sha256().get(..12).unwrap_or_default());
        let header = Header { metadata: Metadata { id, title, ..Metadata::default() }, ..Header::default() };
        let schema = schemas::default_schema();
        let document = Document::new(text, header).prepared(&schema, self.settings.annotator.clone());
        self.start_without_file(ctx, document);
        self.make_homeless();
        if let Some(session) = &mut self.session {
            session.journal.begun();
        }
    }

    /// The text of the open document is in no file.
    pub(super) fn make_homeless(&mut self) {
        if let Some(session) = &mut self.session {
            session.is_homeless = true;
        }
    }

    fn start_without_file(&mut self, ctx: &egui::Context, document: Document) {
        match Found::open(&self.data, Base::pasted(&document), notify(ctx)) {
            Ok(found) => self.start(ctx, document, Origin::default(), found, Vec::new()),
            Err(error) => self.toasts.refused(error.to_string()),
        }
    }

    /// Reads the open text file again, in another encoding. Only before anything is marked.
    pub(super) fn reencode(&mut self, ctx: &egui::Context, encoding: &'static str) {
        let Some(session) = &self.session else { return };
        match (&session.origin.text, session.editor.revision()) {
            (Some(path), 0) => {
                let document = session.origin.nth;
                let options = OpenOptions { encoding: Some(encoding.to_owned()), document, ..OpenOptions::default() };
                let path = path.clone();
                self.open(ctx, path, options);
            }
            _ => self.toasts.refused("The text can be read in another encoding only before something is marked"),
        }
    }
}

/// The journal does not fit: it is kept, and a new one begins with the document as it is now.
fn begin_anew(session: &mut Session, problem: Problem) -> Problem {
    // Some of its changes may fit; they are in no file.
    let lacking = usize::try_from(session.editor.revision()).unwrap_or(usize::MAX);
    let base = base_of(session, session.editor.document()).lacking(lacking);
    match session.journal.begin_anew(base) {
        Ok(kept) => Problem { hint: format!("the record is kept in {}", kept.display()), ..problem },
        Err(error) => Problem { hint: format!("save now under another name: {error}"), ..problem },
    }
}

/// What the journal of a session is about, if `document` is what its file holds.
pub(super) fn base_of(session: &Session, document: &Document) -> Base {
    match (&session.origin.native, &session.origin.text, &session.origin.native_sha256) {
        // It was not read from the file just now.
        (Some(path), _, Some(sha256)) => Base::native(path, sha256, document).lacking(0),
        // A document of a project that is in no file yet.
        _ if session.origin.target.is_some() => {
            Base::native(session.origin.target.as_deref().unwrap_or(Path::new("")), "", document).lacking(0)
        }
        (_, Some(path), _) => {
            // As it was read: what is there now may be another text.
            let sha256 = session.origin.text_sha256.as_deref().unwrap_or_default();
            let base = Base::text(path, sha256, document.header().metadata.encoding.as_deref(), document);
            session.origin.nth.map_or(base.clone(), |nth| base.of_several(path, nth))
        }
        _ => Base::pasted(document),
    }
}

/// Wakes the window when the journal has reached the disk.
pub(super) fn notify(ctx: &egui::Context) -> Notify {
    let ctx = ctx.clone();
    Box::new(move || ctx.request_repaint())
}
