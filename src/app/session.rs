//! An open document: its editor, what is selected, what is going on, and where it is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::again::Again;
use super::cache::DocumentCache;
use super::changing::LARGE;
use super::filling::Mode;
use super::find::Find;
use super::large_change::LargeChange;
use super::outside::Outside;
use super::read_only::{Elsewhere, ReadOnly};
use super::suggesting::Suggestions;
use super::trouble::{Attempt, Retry, SaveTrouble};
use super::watch::Watch;
use crate::canvas::{Reader, TextSelection};
use crate::edit::Editor;
use crate::model::schema::{KeyTable, LabelTarget, RESERVED_LETTERS};
use crate::model::{Document, Id, Problem, Schema};
use crate::text::find::AT_ONCE;
use crate::text::{BytePos, Span};
use crate::ui::status_bar::SavedState;

use super::journal::SessionJournal;

/// Where a document came from and where it is saved.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The annotated file, once there is one.
    pub native: Option<PathBuf>,
    /// The file of another format that it was made from.
    pub text: Option<PathBuf>,
    /// Which document of that file it is, from 0, if the file holds several.
    pub nth: Option<usize>,
    /// Where it is saved first, if it is a document of a project that this annotator has not saved yet.
    pub target: Option<PathBuf>,
    /// The document of the project that it is.
    pub document: Option<crate::project::Name>,
    /// The name of the format of that file, if it brings annotations of another program.
    pub format: Option<&'static str>,
    /// Whether that file can be read in another encoding.
    pub has_encoding: bool,
    /// SHA-256 of the annotated file's bytes as we know it, to notice changes by others.
    pub native_sha256: Option<String>,
    /// SHA-256 of the bytes of the file that the text was read from.
    pub text_sha256: Option<String>,
}

impl Origin {
    /// The file to show in the title.
    pub fn shown(&self) -> Option<&Path> {
        self.native.as_deref().or(self.text.as_deref())
    }

    /// The file that the text was read from.
    pub fn source(&self) -> Option<super::beside::Source> {
        self.text.clone().map(|text| (text, self.nth))
    }

    /// Where “save” writes when nothing was chosen: the annotated file, or beside the file that it was made from.
    pub fn proposed(&self) -> Option<PathBuf> {
        self.native.clone().or_else(|| self.target.clone()).or_else(|| {
            let text = self.text.as_ref()?;
            match (self.nth, text.file_stem()) {
                (Some(nth), Some(stem)) => {
                    Some(text.with_file_name(format!("{}-{}.ron", stem.to_string_lossy(), nth + 1)))
                }
                _ => Some(text.with_extension("ron")),
            }
        })
    }
}

/// See the module.
pub struct Session {
    /// The document and its history.
    pub editor: Editor,
    /// Which key sets which label.
    pub keys: KeyTable,
    /// The schemas that were in use, for undo and redo.
    pub schemas: Vec<Arc<Schema>>,
    /// Where it is kept.
    pub origin: Origin,
    /// Which session of this window it is; results of jobs carry it, so that none reaches another document.
    pub number: u64,
    /// Whether its text is in no file: it must not be left without a question.
    pub is_homeless: bool,
    /// What is written between saves.
    pub journal: SessionJournal,
    /// Why it cannot be changed here, if it cannot.
    pub read_only: Option<ReadOnly>,
    /// The other window that has it, if one has.
    pub elsewhere: Option<Elsewhere>,
    /// Why the journal cannot be written, if it cannot; as of this frame.
    pub journal_error: Option<String>,
    /// The revision that it was opened with: later, if its schema was found later.
    pub begun_revision: u64,
    /// The revision that the file holds.
    pub saved_revision: Option<u64>,
    /// The document as its file held it when it was last read or written here: what a merge begins with.
    pub held: Option<Arc<Document>>,
    /// Looks after its files, once it has any.
    pub watch: Option<Watch>,
    /// What was seen of them last.
    pub outside: Outside,
    /// Whether another save was asked for while the file is being written.
    pub save_again: bool,
    /// The save that is under way.
    pub saving: Option<Attempt>,
    /// Files that saves may still replace for which nobody waits any more.
    pub strays: Vec<PathBuf>,
    /// The last save, if it failed.
    pub trouble: Option<SaveTrouble>,
    /// When the journal is tried again.
    pub journal_retry: Retry,

    /// How high the strip above the article was drawn last, in points.
    pub banner_height: Option<f32>,
    /// The page.
    pub reader: Reader,
    /// Caret and selected words.
    pub selection: TextSelection,
    /// Whether more words are being selected for a discontinuous annotation.
    pub is_adding_part: bool,
    /// The selected annotation or entity.
    pub selected: Option<Id>,
    /// Under the pointer, in the reader or a list.
    pub hovered: Option<Id>,
    /// The selected problem.
    pub problem: Option<Problem>,
    /// What the keys are for.
    pub mode: Mode,
    /// The preview of all occurrences, while it is open.
    pub again: Option<Again>,
    /// The bar that finds in the document, while it is open.
    pub find: Option<Find>,
    /// The hit that was selected when the bar was closed last.
    pub last_hit: Option<Span>,
    /// The sticky label.
    pub brush: Option<LabelTarget>,
    /// The label that was set last.
    pub last_label: Option<LabelTarget>,
    /// Annotations on screen in the order of the text.
    pub visible: Vec<Id>,
    /// Hint letters and what they stand for.
    pub hints: Vec<(String, Id)>,
    /// Lists for panels.
    pub cache: DocumentCache,
    /// What is proposed.
    pub suggestions: Suggestions,
    /// The change that is worked out on a thread, and what waits for it.
    pub large: LargeChange,
    /// What changed since the lists were brought up to date; `None` = everything.
    touched: Option<Vec<Id>>,
}

impl Session {
    /// A session on a document that was just read or made.
    ///
    /// `read`: as it was read, before anything was done again.
    pub fn new(editor: Editor, read: Document, origin: Origin, journal: SessionJournal) -> Self {
        let keys = KeyTable::new(editor.schema(), RESERVED_LETTERS);
        let is_untouched_file = origin.native.is_some();
        let held = is_untouched_file.then(|| Arc::new(read));
        Self {
            schemas: Vec::new(),
            editor,
            keys,
            origin,
            number: 0,
            is_homeless: false,
            save_again: false,
            journal,
            read_only: None,
            elsewhere: None,
            journal_error: None,
            begun_revision: 0,
            saved_revision: is_untouched_file.then_some(0),
            held,
            watch: None,
            outside: Outside::default(),
            saving: None,
            strays: Vec::new(),
            trouble: None,
            journal_retry: Retry::default(),
            banner_height: None,
            reader: Reader::default(),
            selection: TextSelection::caret(BytePos(0)),
            is_adding_part: false,
            selected: None,
            hovered: None,
            problem: None,
            mode: Mode::Mark,
            again: None,
            find: None,
            last_hit: None,
            brush: None,
            last_label: None,
            visible: Vec::new(),
            hints: Vec::new(),
            cache: DocumentCache::default(),
            suggestions: Suggestions::default(),
            large: LargeChange::default(),
            touched: None,
        }
    }

    /// The document as it is now.
    pub fn document(&self) -> &Document {
        self.editor.document()
    }

    /// The document of the project that it is.
    pub fn document_name(&self) -> Option<&crate::project::Name> {
        self.origin.document.as_ref()
    }

    /// Whether there is something that the file does not hold.
    pub fn is_dirty(&self) -> bool {
        match self.saved_revision {
            Some(saved) => saved != self.editor.revision(),
            None => self.editor.revision() > self.begun_revision || self.is_homeless,
        }
    }

    /// Whether keys and clicks that change it have to wait: a change is worked out, or what is to be marked is looked for.
    pub fn is_held(&self) -> bool {
        self.large.is_running() || self.again.as_ref().is_some_and(Again::is_accepted)
    }

    /// Whether there is so much in it, or to be compared with it, that a look at all of it takes longer than a frame.
    pub fn is_long(&self) -> bool {
        self.document().annotation_count() >= LARGE || self.document().text().len() > AT_ONCE
    }

    /// Whether everything is on disk.
    pub fn saved_state(&self) -> SavedState {
        if self.is_being_opened() {
            SavedState::Opening
        } else if let Some(why) = &self.read_only {
            SavedState::ReadOnly(why.short())
        } else if self.is_saving() || self.large.is_busy() {
            SavedState::Saving
        } else if !self.is_dirty() {
            if self.saved_revision.is_some() { SavedState::Saved } else { SavedState::Untouched }
        } else if let Some(why) = &self.journal_error {
            SavedState::Failed(why.clone())
        } else if self.journal.is_synced() {
            SavedState::InJournal
        } else {
            SavedState::Saving
        }
    }

    /// Uses the schema that the document names, which is no change of the document.
    pub fn use_schema(&mut self, schema: Arc<Schema>) {
        let is_dirty = self.is_dirty();
        self.editor.use_schema(schema);
        self.touched = None;
        if !is_dirty {
            self.begun_revision = self.editor.revision();
            self.saved_revision = self.saved_revision.map(|_| self.begun_revision);
        }
    }

    /// Gives labels their keys: those of another schema, or others than before. Labels get no letter of `reserved`.
    pub fn set_keys(&mut self, reserved: &[char]) {
        self.keys = KeyTable::new(self.editor.schema(), reserved);
        self.brush = None;
        self.last_label = None;
    }

    /// The title for lists and the window.
    pub fn title(&self) -> String {
        let title = &self.document().header().metadata.title;
        if !title.is_empty() {
            return title.clone();
        }
        let name = self.origin.shown().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
        name.unwrap_or_else(|| "Untitled".into())
    }

    /// The words that are being selected now, without those that are kept.
    pub fn current_part(&self) -> TextSelection {
        let mut part = self.selection.clone();
        if self.is_adding_part {
            part.more.clear();
        }
        part
    }

    /// Remembers what changed, for the lists.
    pub fn touch(&mut self, ids: impl IntoIterator<Item = Id>) {
        let ids: Vec<Id> = ids.into_iter().collect();
        self.suggestions.changed(self.editor.document(), &ids);
        if let Some(touched) = &mut self.touched {
            touched.extend(ids);
        }
    }

    /// Remembers that the lists have to be made anew.
    pub fn touch_all(&mut self) {
        self.touched = None;
    }

    /// Forgets how the document is shown and what was going on; the document itself stays as it is.
    pub fn view_anew(&mut self) {
        self.reader = Reader::default();
        self.selection = TextSelection::caret(BytePos(0));
        self.is_adding_part = false;
        self.selected = None;
        self.hovered = None;
        self.problem = None;
        self.mode = Mode::Mark;
        self.again = None;
        self.find = None;
        self.last_hit = None;
        self.visible = Vec::new();
        self.hints = Vec::new();
        self.cache = DocumentCache::default();
        self.suggestions = Suggestions::default();
        self.large = LargeChange::default();
        self.touched = None;
    }

    /// Takes lists that were made of the document as it is now.
    pub fn has_lists(&mut self, cache: DocumentCache) {
        drop(self.replace_lists(cache));
    }

    /// The same; gives those of before.
    pub fn replace_lists(&mut self, cache: DocumentCache) -> DocumentCache {
        self.touched = Some(Vec::new());
        std::mem::replace(&mut self.cache, cache)
    }

    /// Brings the lists up to date.
    pub fn refresh_cache(&mut self) {
        let (document, schema) = (self.editor.document(), self.editor.schema());
        match &self.touched {
            None => self.cache = DocumentCache::rebuild(document, schema),
            Some(touched) if touched.is_empty() => {}
            // So much at once is put into lists one by one more slowly than all of it anew.
            Some(touched) if touched.len() > 400 => self.cache = DocumentCache::rebuild(document, schema),
            Some(touched) => self.cache.update(document, schema, touched),
        }
        self.touched = Some(Vec::new());
        let document = self.editor.document();
        self.again.take_if(|again| !again.refresh(document));
    }

    /// Forgets what no longer exists.
    pub fn tidy(&mut self) {
        let document = self.editor.document();
        let gone = |id: &Id| document.kind_of(id).is_none();
        if self.selected.as_ref().is_some_and(gone) {
            self.selected = None;
        }
        if self.hovered.as_ref().is_some_and(gone) {
            self.hovered = None;
        }
        let ends = match &self.mode {
            Mode::Mark | Mode::Jump(_) => false,
            // Whatever was decided, it was about the document as it was.
            Mode::Propose(_) | Mode::Mend(_) => true,
            Mode::Fill(filling) => gone(&filling.owner),
            Mode::Relate(relating) => relating.from.iter().chain(&relating.to).any(gone),
        };
        if ends {
            self.mode = Mode::Mark;
        }
    }
}
