//! Bringing the index up to date with the files.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{Transaction, params};

use super::record::LayerRecord;
use super::{Index, IndexError, fold, stamp};
use crate::jobs::ordered::in_order;
use crate::model::{Kind, Metadata, Problem};
use crate::project::documents::{self, layer_folders};
use crate::project::{Layout, Name, Project, ProjectError, document_names};
use crate::store::{self, OpenOptions, confined};
use crate::text::Text;

/// Documents that are read before what is known of them is written: whoever reads the index waits for no more than that.
const BATCH: usize = 400;

/// How far a scan is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Documents that were looked at.
    pub done: usize,
    /// Documents that are looked at.
    pub of: usize,
}

/// What a scan found.
#[derive(Debug, Default)]
pub struct Scanned {
    /// Documents that were read anew.
    pub read: usize,
    /// Documents that are gone.
    pub gone: usize,
    /// What is wrong with the folder; documents have theirs in the index.
    pub problems: Vec<Problem>,
    /// Whether it was stopped before the end.
    pub is_stopped: bool,
}

/// What was read of a document.
struct ReadDocument {
    name: Name,
    stamp: String,
    text: Option<(Text, Metadata)>,
    problem: String,
    layers: Vec<ReadLayer>,
}

/// What was read of a layer.
struct ReadLayer {
    folder: Name,
    stamp: String,
    record: Option<LayerRecord>,
    problem: String,
}

/// What the index knows of the files of a document.
#[derive(Default)]
struct Stamps {
    document: String,
    /// By folder: stamp, and the schema that it was checked with.
    layers: HashMap<String, (String, String)>,
}

/// A schema as layers remember it: what they are worth under another one is not known.
fn schema_mark(project: &Project) -> String {
    let sha256 = store::sha256_of(crate::project::schema_ron(&project.schema).as_bytes());
    sha256.get(..16).unwrap_or_default().to_owned()
}

impl Index {
    /// Looks at every document and layer of the project, and reads what the index does not know as it is now.
    /// `go_on` is asked after every few documents; what was written before it says no stays.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn scan(&mut self, project: &Project, mut go_on: impl FnMut(Looked) -> bool) -> Result<Scanned, IndexError> {
        let layout = &project.layout;
        let (names, problems) = document_names(layout)?;
        let mut scanned = Scanned { problems, ..Scanned::default() };
        let layers = layers_of(layout)?;
        scanned.problems.extend(orphans(layout, &names, &layers));
        let mark = schema_mark(project);
        let known = self.stamps()?;
        let of = names.len();
        let changed = self.changed(project, &names, &layers, &known, &mark);
        let there: HashSet<&str> = names.iter().map(Name::as_str).collect();
        let gone: Vec<&String> = known.keys().filter(|name| !there.contains(name.as_str())).collect();
        scanned.gone = gone.len();
        let transaction = self.connection.transaction()?;
        for name in gone {
            forget(&transaction, name)?;
        }
        transaction.commit()?;
        let mut done = of - changed.len();
        for batch in changed.chunks(BATCH) {
            if !go_on(Looked { done, of }) {
                scanned.is_stopped = true;
                return Ok(scanned);
            }
            self.take(project, &mark, batch)?;
            done += batch.len();
            scanned.read += batch.len();
        }
        go_on(Looked { done: of, of });
        Ok(scanned)
    }

    /// Reads one document anew, with all layers over it: after it was saved, added or removed.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn update(&mut self, project: &Project, name: &Name) -> Result<(), IndexError> {
        if !project.layout.text_of(name).exists() {
            let transaction = self.connection.transaction()?;
            forget(&transaction, name.as_str())?;
            return Ok(transaction.commit()?);
        }
        let folders = layer_folders(&project.layout)?;
        let folders = folders.into_iter().filter(|folder| project.layout.layer_of(folder, name).exists()).collect();
        self.take(project, &schema_mark(project), &[(name.clone(), folders)])
    }

    fn stamps(&self) -> Result<HashMap<String, Stamps>, IndexError> {
        let mut known: HashMap<String, Stamps> = HashMap::new();
        let mut statement = self.connection.prepare("SELECT name, stamp FROM documents")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        for row in rows {
            let (name, document) = row?;
            known.insert(name, Stamps { document, layers: HashMap::new() });
        }
        let mut statement = self.connection.prepare(
            "SELECT d.name, l.folder, l.stamp, l.schema FROM layers l JOIN documents d ON d.id = l.document",
        )?;
        let rows = statement
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?)))?;
        for row in rows {
            let (name, folder, stamp, schema) = row?;
            if let Some(stamps) = known.get_mut(&name) {
                stamps.layers.insert(folder, (stamp, schema));
            }
        }
        Ok(known)
    }

    /// The documents that are not as the index knows them, with the folders of their layers.
    fn changed(
        &self,
        project: &Project,
        names: &[Name],
        layers: &HashMap<Name, Vec<Name>>,
        known: &HashMap<String, Stamps>,
        mark: &str,
    ) -> Vec<(Name, Vec<Name>)> {
        let none = Vec::new();
        let is_known = |name: &Name, folders: &[Name]| {
            let Some(stamps) = known.get(name.as_str()) else { return false };
            stamps.layers.len() == folders.len()
                && stamp::is_same(&stamps.document, &document_stamp(&project.layout, name))
                && folders.iter().all(|folder| {
                    stamps.layers.get(folder.as_str()).is_some_and(|(then, schema)| {
                        schema == mark && stamp::is_same(then, &stamp::of(&project.layout.layer_of(folder, name)))
                    })
                })
        };
        let with_layers = names.iter().map(|name| (name, layers.get(name).unwrap_or(&none)));
        let changed = with_layers.filter(|(name, folders)| !is_known(name, folders));
        changed.map(|(name, folders)| (name.clone(), folders.clone())).collect()
    }

    /// Reads some documents on all cores and writes what is known of them.
    fn take(&mut self, project: &Project, mark: &str, documents: &[(Name, Vec<Name>)]) -> Result<(), IndexError> {
        let transaction = self.connection.transaction()?;
        in_order(
            documents,
            |_, (name, folders)| read(project, name, folders),
            |_, document| write(&transaction, mark, document),
        )?;
        Ok(transaction.commit()?)
    }
}

/// The folders with a layer over each document.
fn layers_of(layout: &Layout) -> Result<HashMap<Name, Vec<Name>>, ProjectError> {
    let mut layers: HashMap<Name, Vec<Name>> = HashMap::new();
    for (folder, name, _) in documents::layers(layout)? {
        layers.entry(name).or_default().push(folder);
    }
    Ok(layers)
}

/// Layers over documents that are not there.
fn orphans(layout: &Layout, names: &[Name], layers: &HashMap<Name, Vec<Name>>) -> Vec<Problem> {
    let there: HashSet<&Name> = names.iter().collect();
    let mut found: Vec<Problem> = Vec::new();
    for (name, folders) in layers.iter().filter(|(name, _)| !there.contains(name)) {
        for folder in folders {
            let hint = "take the text back, or add this file again: it holds its text";
            let problem = Problem::warning("no-document", "the text of this layer is not in the project", hint);
            found.push(problem.in_file(layout.layer_of(folder, name)));
        }
    }
    found.sort_by(|a, b| a.place.cmp(&b.place));
    found
}

fn document_stamp(layout: &Layout, name: &Name) -> String {
    stamp::both(&stamp::of(&layout.text_of(name)), &stamp::of(&layout.sidecar_of(name)))
}

fn read(project: &Project, name: &Name, folders: &[Name]) -> ReadDocument {
    // Before it is read: what is written meanwhile is read again.
    let stamp = document_stamp(&project.layout, name);
    let (text, problem) = match documents::read(&project.layout, name) {
        Ok(fresh) => {
            let problem = fresh.problems.first().map(ToString::to_string).unwrap_or_default();
            (Some((fresh.document.text().clone(), fresh.document.header().metadata.clone())), problem)
        }
        Err(error) => (None, error.problems.first().map(ToString::to_string).unwrap_or_default()),
    };
    let sha256 = text.as_ref().map(|(text, _)| text.sha256());
    let layers = folders.iter().map(|folder| read_layer(project, name, folder, sha256)).collect();
    ReadDocument { name: name.clone(), stamp, text, problem, layers }
}

fn read_layer(project: &Project, name: &Name, folder: &Name, sha256: Option<&str>) -> ReadLayer {
    let path = project.layout.layer_of(folder, name);
    let stamp = stamp::of(&path);
    let failed = |problem: String| ReadLayer { folder: folder.clone(), stamp: stamp.clone(), record: None, problem };
    let options = OpenOptions { format: Some("ron".to_owned()), ..OpenOptions::default() };
    let opened = match store::open_path(&path, &options) {
        Ok(opened) => opened,
        Err(error) => {
            let has_marks = || {
                confined::read(&path)
                    .ok()
                    .and_then(|b| crate::project::settings::conflict_line(&String::from_utf8_lossy(&b)))
            };
            return failed(match has_marks() {
                Some(line) => {
                    format!("{}:{line}: git could not merge this file, and left marks in it", path.display())
                }
                None => error.problems.first().map(ToString::to_string).unwrap_or_default(),
            });
        }
    };
    if sha256.is_some_and(|sha256| sha256 != opened.document.text().sha256()) {
        return failed(format!("{}: the text in this layer is not that of the document", path.display()));
    }
    let record = LayerRecord::of(&opened.document, &project.schema);
    ReadLayer { folder: folder.clone(), stamp, record: Some(record), problem: String::new() }
}

fn forget(transaction: &Transaction<'_>, name: &str) -> rusqlite::Result<()> {
    let id: Option<i64> = transaction
        .prepare_cached("SELECT id FROM documents WHERE name = ?1")?
        .query_map([name], |row| row.get(0))?
        .next()
        .transpose()?;
    let Some(id) = id else { return Ok(()) };
    let layers: Vec<i64> = transaction
        .prepare_cached("SELECT id FROM layers WHERE document = ?1")?
        .query_map([id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for layer in layers {
        for table in ["marks", "labels", "entities", "names", "arguments", "attributes"] {
            transaction.prepare_cached(&format!("DELETE FROM {table} WHERE layer = ?1"))?.execute([layer])?;
        }
    }
    for (table, column) in [("layers", "document"), ("texts", "document"), ("documents", "id")] {
        transaction.prepare_cached(&format!("DELETE FROM {table} WHERE {column} = ?1"))?.execute([id])?;
    }
    Ok(())
}

fn write(transaction: &Transaction<'_>, mark: &str, document: ReadDocument) -> Result<(), IndexError> {
    let ReadDocument { name, stamp, text, problem, layers } = document;
    forget(transaction, name.as_str())?;
    let metadata = text.as_ref().map(|(_, metadata)| metadata.clone()).unwrap_or_default();
    let (sha256, length) = match &text {
        Some((text, _)) => (text.sha256().to_owned(), text.codepoints()),
        None => (String::new(), 0),
    };
    transaction
        .prepare_cached(
            "INSERT INTO documents (name, stamp, article, title, source, published, language, sha256, length, problem)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            name.as_str(),
            stamp,
            metadata.id,
            metadata.title,
            metadata.source.unwrap_or_default(),
            metadata.published.unwrap_or_default(),
            metadata.language.unwrap_or_default(),
            sha256,
            length,
            problem
        ])?;
    let id = transaction.last_insert_rowid();
    if let Some((text, _)) = text {
        transaction
            .prepare_cached("INSERT INTO texts (document, name, text) VALUES (?1, ?2, ?3)")?
            .execute(params![id, name.as_str(), text.as_str()])?;
    }
    for layer in layers {
        write_layer(transaction, mark, id, layer)?;
    }
    Ok(())
}

fn write_layer(transaction: &Transaction<'_>, mark: &str, document: i64, layer: ReadLayer) -> Result<(), IndexError> {
    let ReadLayer { folder, stamp, record, problem } = layer;
    let record = record.as_ref();
    transaction
        .prepare_cached(
            "INSERT INTO layers (document, folder, stamp, schema, annotator, status, marks, problems, changed, problem)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            document,
            folder.as_str(),
            stamp,
            mark,
            record.map_or(folder.as_str(), |record| record.annotator.as_str()),
            record.map_or(0, |record| record.status as i64),
            record.map_or(0, |record| record.marks.len() as u32),
            record.map_or(0, |record| record.problems as u32),
            record.map_or("", |record| record.changed.as_str()),
            problem
        ])?;
    let id = transaction.last_insert_rowid();
    let Some(record) = record else { return Ok(()) };
    let mut insert = transaction.prepare_cached("INSERT INTO marks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for mark in &record.marks {
        let kind = number_of(mark.kind);
        let (start, end) = (mark.span.start.0, mark.span.end.0);
        insert.execute(params![id, mark.id.as_str(), kind, mark.label, start, end, mark.entity])?;
    }
    let mut insert = transaction.prepare_cached("INSERT INTO labels VALUES (?1, ?2)")?;
    for label in record.marks.iter().map(|mark| &mark.label).collect::<BTreeSet<_>>() {
        insert.execute(params![label, id])?;
    }
    let mut insert = transaction.prepare_cached("INSERT INTO entities VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for entity in &record.entities {
        insert.execute(params![id, entity.id.as_str(), entity.r#type, entity.name, entity.names, entity.link])?;
    }
    let mut insert = transaction.prepare_cached("INSERT INTO names VALUES (?1, ?2, ?3, ?4)")?;
    for entity in &record.entities {
        for shown in &entity.known_as {
            insert.execute(params![id, entity.id.as_str(), fold::name(shown), shown])?;
        }
    }
    let mut insert = transaction.prepare_cached("INSERT INTO arguments VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    for argument in &record.arguments {
        let (owner, filler) = (argument.owner.as_str(), &argument.filler);
        insert.execute(params![
            id,
            owner,
            argument.role,
            filler,
            argument.label,
            argument.words,
            argument.name,
            argument.entity,
            fold::words(&argument.words)
        ])?;
    }
    let mut insert = transaction.prepare_cached("INSERT INTO attributes VALUES (?1, ?2, ?3, ?4)")?;
    for (owner, name, value) in &record.attributes {
        insert.execute(params![id, owner.as_str(), name, value])?;
    }
    Ok(())
}

/// The number of a kind of mark in the index.
pub fn number_of(kind: Kind) -> i64 {
    match kind {
        Kind::Mention => 0,
        Kind::Event => 1,
        Kind::Quote => 2,
        Kind::Relation => 3,
        Kind::Entity => 4,
    }
}

/// The kind of mark of a number in the index.
pub fn kind_of_number(number: i64) -> Kind {
    match number {
        0 => Kind::Mention,
        1 => Kind::Event,
        2 => Kind::Quote,
        3 => Kind::Relation,
        _ => Kind::Entity,
    }
}
