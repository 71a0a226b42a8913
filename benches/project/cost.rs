//! Everything but searching, on one project: opening, the list, going from document to document, a label renamed everywhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use manicule::edit::{Editor, Intent, LabelKind, SchemaChange, SchemaStep, Transaction};
use manicule::model::{Document, Status};
use manicule::project::index::{Catalogue, Index, IndexPlace};
use manicule::project::operation::{Operation, OperationId, OperationKind, Operations, Progress, Replacement};
use manicule::project::queue::{Counts, Query, SortBy, neighbour};
use manicule::project::{Layout, Name, Project, documents};
use manicule::store::disk::Disk;
use manicule::store::{self, Base, Entry, JournalWriter, Journals, OnDisk, OpenOptions, SaveOptions, restore};

use crate::figures::{self, Figures, millis};
use crate::window;

/// How long a change of all documents may take; after that it is paused, and what comes after it is left out. On a disk that
/// others use, each document takes many milliseconds.
const PATIENCE: Duration = Duration::from_secs(150);
/// Documents that are walked to.
const STEPS: usize = 100;
const ME: Option<&str> = Some("anna");

/// Measures the project in `folder`, which no index knows.
pub fn measure(folder: &Path) {
    let mut figures = Figures::default();
    let root = folder.join("p");
    let project = Project::open(&root).expect("it was made");
    let place = IndexPlace::of(&project.layout).expect("writable");
    from_nothing(&project, &place, &mut figures);
    let catalogue = open(&root, &mut figures);
    lists(&place, &catalogue, &mut figures);
    walk(&project, &place, &catalogue, &mut figures);
    drop(catalogue);
    window::measure(folder, &mut figures);
    if migrate(&project, &mut figures) {
        time(&mut figures, "index after all documents changed, s", 1e-3, || {
            Index::open(&place).and_then(|mut index| index.scan(&project, |_| true)).expect("readable");
        });
    }
    figures.put("memory at the end, MB", figures::memory("VmRSS:"));
    figures.put("memory at most, MB", figures::memory("VmHWM:"));
    print!("{}", figures.lines());
}

fn time<T>(figures: &mut Figures, name: &str, unit: f64, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let made = work();
    figures.put(name, millis(began.elapsed()) * unit);
    made
}

/// The quickest of five.
fn best<T>(figures: &mut Figures, name: &str, mut work: impl FnMut() -> T) -> T {
    let mut quickest = f64::INFINITY;
    let mut last = None;
    for _ in 0..5 {
        let began = Instant::now();
        last = Some(work());
        quickest = quickest.min(millis(began.elapsed()));
    }
    figures.put(name, quickest);
    last.expect("it was done")
}

fn from_nothing(project: &Project, place: &IndexPlace, figures: &mut Figures) {
    let scanned = time(figures, "open: complete index from nothing, s", 1e-3, || {
        Index::open(place).and_then(|mut index| index.scan(project, |_| true)).expect("readable")
    });
    assert!(scanned.problems.is_empty(), "{:?}", scanned.problems);
}

/// As the window opens it: what the index knows is shown, then all files are looked at.
fn open(root: &Path, figures: &mut Figures) -> Catalogue {
    let catalogue = best(figures, "open: list from a kept index, ms", || {
        let project = Project::open(root).expect("readable");
        let place = IndexPlace::of(&project.layout).expect("writable");
        let catalogue = Index::open(&place).and_then(|index| index.catalogue()).expect("readable");
        operations(&project.layout).unfinished().expect("readable");
        std::hint::black_box((Query::default().run(&catalogue, ME), Counts::of(&catalogue, ME)));
        catalogue
    });
    let project = Project::open(root).expect("readable");
    let place = IndexPlace::of(&project.layout).expect("writable");
    // What was written a moment before it was read is read once more.
    while Index::open(&place).and_then(|mut index| index.scan(&project, |_| true)).expect("readable").read > 0 {
        std::thread::sleep(Duration::from_millis(500));
    }
    best(figures, "open: looking whether files have changed, ms", || {
        let scanned = Index::open(&place).and_then(|mut index| index.scan(&project, |_| true)).expect("readable");
        assert_eq!(scanned.read, 0, "nothing has changed");
    });
    catalogue
}

fn lists(place: &IndexPlace, catalogue: &Catalogue, figures: &mut Figures) {
    let mut run = |name: &str, query: Query| {
        let shown = best(figures, name, || query.run(catalogue, ME));
        assert!(!shown.is_empty(), "{name}");
    };
    run("list: words, ms", Query { words: "article 7".into(), ..Query::default() });
    run("list: status, ms", Query { statuses: vec![Status::New], ..Query::default() });
    for (name, sort) in [
        ("list: sorted by name, ms", SortBy::Name),
        ("list: sorted by title, ms", SortBy::Title),
        ("list: sorted by marks, ms", SortBy::Marks),
        ("list: sorted by when it was worked on, ms", SortBy::Changed),
    ] {
        run(name, Query { sort, descending: true, ..Query::default() });
    }
    best(figures, "list: documents with a label, ms", || {
        let names = Index::open(place).and_then(|index| index.with_label("anna", "Person")).expect("readable");
        let label = Some(("Person".into(), Arc::new(names.into_iter().collect())));
        Query { label, ..Query::default() }.run(catalogue, ME)
    });
}

/// A document with its journal.
struct Open {
    path: PathBuf,
    editor: Editor,
    sha256: String,
    writer: JournalWriter,
}

fn journals(layout: &Layout) -> Journals {
    Journals::in_folder(layout.journals()).going_with(layout.root())
}

fn open_document(project: &Project, name: &Name) -> Open {
    let path = project.layout.layer_of(&Name::new("anna").expect("a name"), name);
    let options = OpenOptions { format: Some("ron".to_owned()), ..OpenOptions::default() };
    let opened = store::open_path(&path, &options).expect("it was made");
    let base = Base::native(&path, &opened.sha256, &opened.document);
    let opening = journals(&project.layout).open::<Transaction>(base, None).expect("nobody has it");
    let mut editor = Editor::new(opened.document, Arc::clone(&project.schema));
    if let Some(recovered) = opening.recovered {
        restore(&mut editor, recovered).expect("it fits");
    }
    Open { path, editor, sha256: opened.sha256, writer: opening.writer }
}

fn walk(project: &Project, place: &IndexPlace, catalogue: &Catalogue, figures: &mut Figures) {
    let shown = Query::default().run(catalogue, ME);
    let name = |row: usize| shown.get(row).and_then(|at| catalogue.entries.get(*at as usize)).map(|e| e.name.clone());
    let middle = shown.len() / 2;
    let mut current = name(middle).expect("there are documents");
    let mut steps = Vec::new();
    for _ in 0..STEPS.min(shown.len() - middle - 1) {
        let began = Instant::now();
        let next = neighbour(catalogue, &shown, Some(&current), true).and_then(&name).expect("there are more");
        let open = open_document(project, &next);
        steps.push(millis(began.elapsed()));
        drop(open);
        current = next;
    }
    figures.put_frames("next document, ms", steps);
    let (mut saved, mut listed) = (Vec::new(), Vec::new());
    let mut catalogue = catalogue.clone();
    for row in 0..STEPS.min(shown.len() - 1) {
        let open = open_document(project, &name(row).expect("shown"));
        let began = Instant::now();
        done(open);
        let next = name(row + 1).expect("shown");
        drop(open_document(project, &next));
        saved.push(millis(began.elapsed()));
        // On a job, while the next one is read.
        let began = Instant::now();
        let mut index = Index::open(place).expect("readable");
        index.update(project, &name(row).expect("shown")).expect("writable");
        catalogue = index.with_entry(&catalogue, &name(row).expect("shown")).expect("readable");
        std::hint::black_box(Query::default().run(&catalogue, ME));
        listed.push(millis(began.elapsed()));
    }
    figures.put_frames("done and next, with the save, ms", saved);
    figures.put_frames("done and next: the list knows, ms", listed);
    assert!(catalogue.entries.iter().any(|entry| entry.status(ME) == Status::Done));
}

/// Sets the status in the journal and saves, as the window does.
fn done(open: Open) {
    let Open { path, mut editor, sha256, writer } = open;
    let status = Intent::SetStatus(Status::Done);
    let done = editor.execute(&status).expect("possible").transaction.expect("it was not done");
    writer.append(&Entry::Apply(&*done));
    let marker = |sha256: &str| Entry::<Transaction>::Saved { path: path.clone(), sha256: sha256.to_owned() };
    let options = SaveOptions::over(OnDisk::Unchanged(sha256));
    let about = |sha256: &str| {
        writer.append(&marker(sha256));
        writer.flush().expect("writable");
    };
    let saved = store::save_with(editor.document(), &path, &options, about).expect("writable");
    writer.append(&marker(&saved.sha256));
    writer.flush().expect("writable");
}

pub fn operations(layout: &Layout) -> Operations {
    Operations::in_folder(layout.operations(), layout.root().to_owned(), Disk::default())
        .with_journals(journals(layout))
}

/// Every layer, from the project's folder on.
pub fn layers(layout: &Layout) -> Vec<PathBuf> {
    let all = documents::layers(layout).expect("readable");
    all.into_iter().map(|(.., path)| path.strip_prefix(layout.root()).expect("inside").to_owned()).collect()
}

/// Begins to rename the label `Person` everywhere.
pub fn rename(project: &Project, operations: &Operations) -> OperationId {
    let step = SchemaStep::Rename { of: LabelKind::Mention, from: "Person".into(), to: "Human".into() };
    let change = SchemaChange { steps: vec![step] };
    let migration = change.on(&project.schema).expect("it fits");
    let path = project.schema_file().expect("inside");
    let before = std::fs::read_to_string(&path).expect("readable");
    let after = migration.schema().to_ron();
    let name = path.strip_prefix(project.layout.root()).expect("inside").to_string_lossy().into_owned();
    let replacement = Replacement { path: name, before: Some(before), after: Some(after.clone()) };
    let kind = OperationKind::SchemaChange { change, before: project.schema.to_ron(), after };
    let operation = Operation { title: "Rename".to_owned(), made_at: AT.to_owned(), by: None, kind };
    let plan = |_: &Path, document: &Document| migration.plan(document, AT, None).transaction;
    let layers = layers(&project.layout);
    let planned = operations.plan(&layers, &plan);
    operations.begin(&operation, planned, &[replacement], &mut |_| true).expect("writable")
}

/// When everything here is done.
pub const AT: &str = "2026-01-01T00:00:00Z";

/// Renames a label everywhere, and takes that back; tells whether that came to its end.
fn migrate(project: &Project, figures: &mut Figures) -> bool {
    let operations = operations(&project.layout);
    let count = layers(&project.layout).len();
    let id = time(figures, "rename a label: planned, s", 1e-3, || rename(project, &operations));
    let mut run = |name: &str, id: &OperationId| {
        let (began, mut begun) = (Instant::now(), 0);
        let mut go_on = |progress: &Progress<'_>| {
            begun = progress.done;
            began.elapsed() < PATIENCE
        };
        let outcome = operations.run(id, None, &mut go_on).expect("writable");
        assert!(outcome.left.is_empty() && outcome.changed == if outcome.is_finished { count } else { begun });
        figures.put(name, millis(began.elapsed()) / outcome.changed as f64);
        outcome.is_finished
    };
    if !run("rename a label: done, ms a document", &id) {
        return false;
    }
    let began = Instant::now();
    let undo = operations.begin_undo(&id, AT, None, &mut |_| true).expect("writable");
    let planned = millis(began.elapsed()) * 1e-3;
    let is_back = run("rename a label: taken back, ms a document", &undo);
    figures.put("rename a label: planned to be taken back, s", planned);
    is_back
}
