//! Random commands, all of them, against a plain reference model.
//!
//! The real editor works on a real file with a real journal; beside it stands a model that knows plain maps only
//! ([`plain`]) and what each intention must and must not change ([`rules`]). Undo, redo and going back must give the
//! very states that were kept, also after saving and reopening.
//!
//! `MANICULE_STEPS` says how many commands (100000), `MANICULE_SEED` which (1). Each document has a seed of its own: what
//! fails says how to have it again alone, and prints the commands that are needed for it.

mod commands;
mod plain;
#[path = "../kill/random.rs"]
mod random;
mod rules;

use std::collections::{BTreeMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use manicule::app::data::DataDir;
use manicule::app::journal::{Found, SessionJournal, restore};
use manicule::edit::{Editor, Group, Intent, Standing};
use manicule::model::schema::builtin;
use manicule::model::{Document, Header, Id};
use manicule::store::{Base, OnDisk, OpenOptions, SaveOptions, open_path, save, save_unless_given_up};
use manicule::text::Text;
use strum::VariantNames as _;

use commands::Command;
use plain::{Model, Plain};
use random::Random;

const ARTICLE: &str = "Talks in Paris end 😀\r\n\r\nAnna Berg met Bob in Paris on Monday. She left at noon.\r\n\r\n\
    “We will sign the treaty”, said Anna Berg. Bob thanked the mayor of Zürich, Éva Nagy, who was there.\r\n";

/// A new document is begun after so many commands, so that reopening does not take ever longer.
const COMMANDS_OF_A_DOCUMENT: usize = 500;

/// How long a failure may be made smaller.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often what was done: intentions that changed something by their name, and the other commands.
type Counts = BTreeMap<&'static str, usize>;

#[test]
fn the_program_does_what_a_plain_model_says() {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
    };
    let (steps, seed) = (number("MANICULE_STEPS", 100_000) as usize, number("MANICULE_SEED", 1));
    let begun = Instant::now();
    let documents = steps.div_ceil(COMMANDS_OF_A_DOCUMENT);
    let (next, counts, failure) = (AtomicUsize::new(0), Mutex::new(Counts::new()), Mutex::new(None));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from).min(4) {
            scope.spawn(|| {
                let mut mine = Counts::new();
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    if nth >= documents {
                        break;
                    }
                    let count = COMMANDS_OF_A_DOCUMENT.min(steps - nth * COMMANDS_OF_A_DOCUMENT);
                    let (seed, mut done) = (seed + nth as u64, Vec::new());
                    if let Err(why) = work(seed, count, &mut done, &mut mine) {
                        *failure.lock().expect("nobody panicked") = Some((seed, done, why));
                        next.store(documents, Ordering::Relaxed);
                    }
                }
                let mut counts = counts.lock().expect("nobody panicked");
                for (name, count) in mine {
                    *counts.entry(name).or_default() += count;
                }
            });
        }
    });
    if let Some((seed, done, why)) = failure.into_inner().expect("nobody panicked") {
        tell(seed, done, &why);
    }
    let counts = counts.into_inner().expect("nobody panicked");
    println!("{steps} commands in {:.0} s (seed {seed}): {counts:?}", begun.elapsed().as_secs_f64());
    if steps >= 20_000 {
        let never: Vec<&&str> = Intent::VARIANTS.iter().filter(|name| !counts.contains_key(**name)).collect();
        assert!(never.is_empty(), "these intentions were never carried out: {never:?}; tests/model/commands.rs");
    }
}

/// Works on one document with random commands.
fn work(seed: u64, count: usize, done: &mut Vec<Command>, counts: &mut Counts) -> Result<(), String> {
    let mut random = Random::new(seed);
    let mut desk = Desk::new()?;
    for _ in 0..count {
        let command = commands::next(desk.editor.document(), desk.model.states.len(), &mut random);
        done.push(command.clone());
        desk.carry_out(&command, counts)?;
    }
    // Whatever it is, it is there the next time.
    done.push(Command::Reopen);
    desk.carry_out(&Command::Reopen, counts)
}

/// Makes a failure small and says it.
fn tell(seed: u64, done: Vec<Command>, why: &str) -> ! {
    let count = done.len().min(COMMANDS_OF_A_DOCUMENT);
    let fails = |commands: &[Command]| {
        let mut desk = Desk::new()?;
        commands.iter().try_for_each(|command| desk.carry_out(command, &mut Counts::new()))
    };
    let (mut needed, mut why) = (done, why.to_owned());
    let begun = Instant::now();
    let mut chunk = needed.len().div_ceil(2);
    while chunk > 0 && begun.elapsed() < PATIENCE {
        let mut at = 0;
        while at < needed.len() && begun.elapsed() < PATIENCE {
            let end = (at + chunk).min(needed.len());
            let fewer = [&needed[..at], &needed[end..]].concat();
            match fails(&fewer) {
                Err(reason) => (needed, why) = (fewer, reason),
                Ok(()) => at = end,
            }
        }
        chunk /= 2;
    }
    let last = needed.iter().rev().take(40).rev();
    let commands: Vec<String> = last.map(|command| format!("  {command:?}")).collect();
    panic!(
        "again with MANICULE_SEED={seed} MANICULE_STEPS={count}; needed are {} commands, the last of them:\n{}\n{why}",
        needed.len(),
        commands.join("\n")
    );
}

/// A document that is worked on, and the model beside it.
struct Desk {
    folder: tempfile::TempDir,
    editor: Editor,
    journal: SessionJournal,
    sha256: String,
    /// The group of the last change.
    group: Option<Group>,
    model: Model,
    /// Every identifier that ever was.
    seen: HashSet<Id>,
}

impl Desk {
    fn new() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let document = Document::new(Text::new(ARTICLE).expect("short"), Header::default());
        save(&document, &folder.path().join("article.ron"), &SaveOptions::over(OnDisk::Absent))
            .map_err(|error| error.to_string())?;
        let (editor, journal, sha256) = open(&folder)?;
        let model = Model::new(Plain::of(editor.document(), None)?);
        Ok(Self { folder, editor, journal, sha256, group: None, model, seen: HashSet::new() })
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("article.ron")
    }

    /// Carries out a command and compares; a panic is a failure like any other.
    fn carry_out(&mut self, command: &Command, counts: &mut Counts) -> Result<(), String> {
        let result = std::panic::catch_unwind(AssertUnwindSafe(|| self.dispatch(command, counts)));
        result.unwrap_or_else(|_| Err(format!("a panic in {command:?}")))
    }

    fn dispatch(&mut self, command: &Command, counts: &mut Counts) -> Result<(), String> {
        match command {
            Command::Do(intent, is_grouped) => {
                self.group = is_grouped.then(|| self.group.unwrap_or_else(|| self.editor.new_group()));
                self.intend(intent, counts)
            }
            Command::Undo => self.step(true, counts),
            Command::Redo => self.step(false, counts),
            Command::GoBack(number) => self.go_back(*number, counts),
            Command::Save(meanwhile) => self.save(meanwhile, counts),
            Command::Reopen => self.reopen(counts),
        }
    }

    fn intend(&mut self, intent: &Intent, counts: &mut Counts) -> Result<(), String> {
        let before = self.model.present().clone();
        let result = self.editor.execute_in(intent, self.group);
        let after = Plain::of(self.editor.document(), Some(&before))?;
        let Ok(done) = result else {
            return same(&after, &before, "a refused intention changed something");
        };
        let Some(transaction) = done.transaction else {
            return same(&after, &before, "without a transaction something changed");
        };
        let text = self.editor.document().text();
        rules::check(text, &before, intent, &after, done.created.as_ref())?;
        rules::is_whole(text, &after)?;
        let new: Vec<Id> = after.things.keys().filter(|id| !before.things.contains_key(*id)).cloned().collect();
        if let Some(twice) = new.iter().find(|id| self.seen.contains(*id)) {
            return Err(format!("{twice} was given a second time"));
        }
        self.seen.extend(new);
        self.journal.applied(&transaction);
        self.model.push(after, self.group);
        *counts.entry(intent.into()).or_default() += 1;
        self.compare_place()
    }

    fn step(&mut self, is_undo: bool, counts: &mut Counts) -> Result<(), String> {
        let was_there = if is_undo { self.model.undo() } else { self.model.redo() };
        let step = if is_undo { self.editor.undo() } else { self.editor.redo() };
        if step.is_some() != was_there {
            return Err(format!("undo {is_undo}: a step was {}there", if was_there { "" } else { "not " }));
        }
        if was_there {
            self.journal.stepped(is_undo);
            *counts.entry(if is_undo { "Undo" } else { "Redo" }).or_default() += 1;
        }
        self.compare()
    }

    fn go_back(&mut self, number: u64, counts: &mut Counts) -> Result<(), String> {
        let Some(state) = self.editor.history().state(number) else {
            return if (number as usize) < self.model.states.len() {
                Err(format!("state {number} is lost"))
            } else {
                Ok(())
            };
        };
        let wanted = self.model.states[number as usize].clone();
        let is_same = *self.model.present() == wanted;
        let done = self.editor.go_back_to(state).map_err(|error| error.to_string())?;
        if done.transaction.is_none() != is_same {
            return Err(format!("going back to {number} where the document is like that: {is_same}"));
        }
        if let Some(transaction) = done.transaction {
            let present = self.model.present();
            let touched = transaction.ops.iter().filter_map(manicule::edit::Op::id);
            if let Some(id) = touched.into_iter().find(|id| present.things.get(*id) == wanted.things.get(*id)) {
                return Err(format!("{id} is the same then and now, and was touched"));
            }
            self.journal.applied(&transaction);
            self.model.push((*wanted).clone(), None);
            *counts.entry("GoBack").or_default() += 1;
        }
        self.compare()?;
        self.compare_standings()
    }

    /// Saves on a thread of its own while the work goes on, as the window does.
    fn save(&mut self, meanwhile: &[Intent], counts: &mut Counts) -> Result<(), String> {
        let marker = self.journal.begin_saving();
        let (document, file) = (self.editor.document().clone(), self.file());
        let options = SaveOptions::over(OnDisk::Unchanged(self.sha256.clone()));
        let saving = std::thread::spawn(move || {
            save_unless_given_up(&document, &file, &options, |sha256| marker.put(&file, sha256))
                .map(|saved| saved.sha256)
        });
        let worked = meanwhile.iter().try_for_each(|intent| self.intend(intent, counts));
        self.sha256 = saving.join().map_err(|_| "saving panicked")?.map_err(|error| error.to_string())?;
        let file = self.file();
        self.journal.end_saving(Some(&file));
        *counts.entry("Save").or_default() += 1;
        worked
    }

    fn reopen(&mut self, counts: &mut Counts) -> Result<(), String> {
        // As the window does; without one every change is done again.
        if self.editor.revision().is_multiple_of(2) {
            self.journal.snapshot(self.editor.document());
        }
        self.journal.close().map_err(|error| error.to_string())?;
        (self.editor, self.journal, self.sha256) = open(&self.folder)?;
        self.group = None;
        *counts.entry("Reopen").or_default() += 1;
        self.compare()?;
        self.compare_standings()
    }

    /// Whether the document is what it must be, and undo and redo lead as far as they must.
    fn compare(&self) -> Result<(), String> {
        let wanted = self.model.present();
        same(&Plain::of(self.editor.document(), Some(wanted))?, wanted, "the document is not what it was")?;
        let (done, undone) = self.model.reachable();
        let history = self.editor.history();
        let found = (history.done().len(), history.undone().len());
        if found != (done.len(), undone.len()) {
            return Err(format!("{found:?} are done and undone, not {done:?} and {undone:?}"));
        }
        self.compare_place()
    }

    /// Whether every state that was is known to the history, and stands where it must.
    fn compare_standings(&self) -> Result<(), String> {
        let (done, undone) = self.model.reachable();
        let (done, undone): (HashSet<usize>, HashSet<usize>) =
            (done.into_iter().collect(), undone.into_iter().collect());
        let history = self.editor.history();
        for number in 0..self.model.states.len() {
            let wanted = match number {
                _ if number == self.model.now() => Standing::Present,
                _ if number == 0 || done.contains(&number) => Standing::Past,
                _ if undone.contains(&number) => Standing::Undone,
                _ => Standing::Abandoned,
            };
            let found = history.state(number as u64).map(|state| history.standing(state));
            if found != Some(wanted) {
                return Err(format!("state {number} is {found:?}, not {wanted:?}"));
            }
        }
        Ok(())
    }

    fn compare_place(&self) -> Result<(), String> {
        let history = self.editor.history();
        let (now, latest) = (history.now().number() as usize, history.latest().number() as usize);
        let wanted = (self.model.now(), self.model.states.len() - 1);
        if (now, latest) == wanted { Ok(()) } else { Err(format!("in state {now} of {latest}, not {wanted:?}")) }
    }
}

fn same(found: &Plain, wanted: &Plain, what: &str) -> Result<(), String> {
    let differences = if found == wanted { Vec::new() } else { found.differences(wanted) };
    if differences.is_empty() { Ok(()) } else { Err(format!("{what}:\n{}", differences.join("\n"))) }
}

/// Opens the file as the window does: what the journal knows beyond it is done again.
fn open(folder: &tempfile::TempDir) -> Result<(Editor, SessionJournal, String), String> {
    let file = folder.path().join("article.ron");
    let opened = open_path(&file, &OpenOptions::default()).map_err(|error| error.to_string())?;
    let schema = Arc::new(builtin("news").expect("ships").clone());
    let base = Base::native(&file, &opened.sha256, &opened.document);
    let data = DataDir::at(folder.path().join("data"));
    let found = Found::open(&data, base, Box::new(|| {})).map_err(|error| error.to_string())?;
    if let Some(problem) = found.problems.first() {
        return Err(problem.to_string());
    }
    let mut editor = Editor::new(opened.document, schema);
    if let Some(recovered) = found.recovered {
        restore(&mut editor, recovered).map_err(|problem| problem.to_string())?;
    }
    Ok((editor, found.journal, opened.sha256))
}
