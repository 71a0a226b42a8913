//! The program that is killed: the store, the journal and the editor of the real one, without its window.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use manicule::app::journal::{Found, SessionJournal, restore};
use manicule::edit::{Editor, Transaction};
use manicule::formats::native;
use manicule::model::schema::builtin;
use manicule::model::{Document, Header};
use manicule::store::{
    Base, JournalError, Journals, Key, OnDisk, OpenOptions, Opening, SaveOptions, open_path, save,
    save_unless_given_up, sha256_of,
};
use manicule::text::Text;

use crate::commands;
use crate::random::Random;

const ARTICLE: &str = "Talks in Paris end 😀\r\n\r\nAnna Berg met Bob in Paris on Monday. She left at noon.\r\n\r\n\
    “We will sign the treaty”, said Anna Berg. Bob thanked the mayor of Zürich, Éva Nagy, who was there.\r\n";

fn file(folder: &Path) -> PathBuf {
    folder.join("article.ron")
}

/// Where it stands that the file counts as long: then the journal begins with a copy of it.
fn mark(folder: &Path) -> PathBuf {
    folder.join("long")
}

/// Puts the article there.
pub fn lay_out(folder: &Path, is_long: bool) {
    if is_long {
        std::fs::write(mark(folder), "").expect("the folder can be written");
    }
    let document = Document::new(Text::new(ARTICLE).expect("short"), Header::default());
    save(&document, &file(folder), &SaveOptions::over(OnDisk::Absent)).expect("the folder can be written");
}

/// Opens what is there, says what it is, and works on it until it is killed; with seed 0 it only opens.
pub fn run(folder: &Path, seed: u64) {
    let mut child = Child::open(folder);
    say("opened", &child.state());
    if seed == 0 {
        return child.journal.close().expect("the disk answers");
    }
    let mut random = Random::new(seed);
    loop {
        match random.below(20) {
            0 => child.save(&mut random),
            1..=3 => child.step(true),
            4..=5 => child.step(false),
            _ => child.mark(&mut random),
        }
        // The window does so when the document is still, and more rarely.
        if random.once_in(4) {
            child.journal.snapshot(child.editor.document());
        }
        child.settle(random.once_in(3));
    }
}

/// Writes a line at once, past every buffer, so that it is there when the program is not.
fn say(word: &str, rest: &str) {
    let mut out = std::io::stdout().lock();
    let line = format!("{word} {rest}\n");
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).expect("somebody listens");
}

fn journals(folder: &Path) -> Journals {
    let journals = Journals::in_folder(folder.join("data/journals"));
    if mark(folder).exists() { journals.copying_from(1) } else { journals }
}

/// What comes back if another program has removed the file, or put another one there, when the program was killed; the
/// file is there again when this returns. `None`: there is no journal.
pub fn without_file(folder: &Path, is_removed: bool) -> Option<String> {
    let file = file(folder);
    let bytes = std::fs::read(&file).expect("the file is there");
    std::fs::remove_file(&file).expect("it may be removed");
    let key = Key::of_path(&file);
    let opening: Option<Opening<Transaction>> = if is_removed {
        match journals(folder).resume(&key, None) {
            Err(JournalError::Missing { .. }) => None,
            opened => Some(opened.expect("nobody has it, and the document is there")),
        }
    } else {
        let theirs = Document::new(Text::new("Something else.").expect("short"), Header::default());
        let sha256 = save(&theirs, &file, &SaveOptions::over(OnDisk::Absent)).expect("writable").sha256;
        Some(journals(folder).open(Base::native(&file, &sha256, &theirs), None).expect("nobody has it"))
    };
    let found = opening.map(Found::from);
    let found = found.and_then(|found| {
        assert!(is_removed || found.recovered.is_none(), "the other file is not taken for ours");
        let recovered = found.recovered.or(found.diverged)?;
        let base = recovered.header.base_document().expect("the journal has it").expect("it is whole");
        let mut editor = Editor::new(base, Arc::new(builtin("news").expect("ships").clone()));
        restore(&mut editor, recovered).expect("it fits");
        Some(state_of(&editor))
    });
    std::fs::write(&file, bytes).expect("writable");
    found
}

/// The document and its history, in a few letters.
fn state_of(editor: &Editor) -> String {
    let document = native::to_json_line(editor.document()).expect("it can be written");
    let history = editor.history();
    let steps = serde_json::to_string(&(history.done(), history.undone())).expect("it can be written");
    let short = |text: &str| sha256_of(text.as_bytes())[..16].to_owned();
    let (done, undone) = (history.done().len(), history.undone().len());
    format!("{} {} {done}+{undone}", short(&document), short(&steps))
}

struct Child {
    file: PathBuf,
    editor: Editor,
    journal: SessionJournal,
    sha256: String,
    /// Whether the last state was called saved.
    is_told: bool,
    /// How many snapshots were written, as was said.
    snapshots: u64,
}

impl Child {
    fn open(folder: &Path) -> Self {
        let file = file(folder);
        let opened = open_path(&file, &OpenOptions::default()).expect("the file is whole");
        let schema = Arc::new(builtin("news").expect("ships").clone());
        let base = Base::native(&file, &opened.sha256, &opened.document);
        let found = Found::from(journals(folder).open(base, Some(Box::new(|| {}))).expect("nobody has it"));
        // A record that was torn is no loss; one that does not fit the file is.
        if found.diverged.is_some() {
            say("problem", "the journal does not know its file");
        }
        for problem in found.problems.iter().filter(|problem| problem.code != "damaged-journal") {
            say("problem", &problem.to_string());
        }
        let mut editor = Editor::new(opened.document, schema);
        if let Some(recovered) = found.recovered
            && let Err(problem) = restore(&mut editor, recovered)
        {
            say("problem", &problem.to_string());
        }
        Self { file, editor, journal: found.journal, sha256: opened.sha256, is_told: true, snapshots: 0 }
    }

    fn state(&self) -> String {
        state_of(&self.editor)
    }

    fn mark(&mut self, random: &mut Random) {
        let intent = commands::any(self.editor.document(), random);
        let group = random.once_in(8).then(|| self.editor.new_group());
        for _ in 0..if group.is_some() { 3 } else { 1 } {
            let Ok(done) = self.editor.execute_in(&intent, group) else { return };
            if let Some(transaction) = done.transaction {
                say("does", &self.state());
                self.journal.applied(&transaction);
                self.is_told = false;
            }
        }
    }

    fn step(&mut self, is_undo: bool) {
        let step = if is_undo { self.editor.undo() } else { self.editor.redo() };
        if step.is_some() {
            say("does", &self.state());
            self.journal.stepped(is_undo);
            self.is_told = false;
        }
    }

    /// Saves on a thread of its own while the work goes on, as the window does.
    fn save(&mut self, random: &mut Random) {
        say("saves", "");
        let marker = self.journal.begin_saving();
        let (document, file) = (self.editor.document().clone(), self.file.clone());
        let options = SaveOptions::over(OnDisk::Unchanged(self.sha256.clone()));
        let saving = std::thread::spawn(move || {
            save_unless_given_up(&document, &file, &options, |sha256| marker.put(&file, sha256))
                .map(|saved| saved.sha256)
        });
        for _ in 0..random.below(4) {
            self.mark(random);
        }
        match saving.join().expect("saving ends") {
            Ok(sha256) => self.sha256 = sha256,
            Err(error) => say("problem", &error.to_string()),
        }
        let file = self.file.clone();
        self.journal.end_saving(Some(&file));
    }

    /// Says that everything is saved if the status bar would; waits for it if that is wanted.
    fn settle(&mut self, wanted: bool) {
        if wanted {
            while !self.journal.is_settled() {
                std::thread::yield_now();
            }
        }
        if !self.is_told && self.journal.is_synced() {
            self.is_told = true;
            say("saved", "");
        }
        while self.snapshots < self.journal.snapshot_count() {
            self.snapshots += 1;
            say("snapshot", "");
        }
        if let Some(error) = self.journal.error() {
            let error = error.to_owned();
            say("problem", &error);
        }
    }
}
