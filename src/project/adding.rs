//! Adding documents to a project: files and folders of every format that is read, archives among them.
//!
//! Each text is there once: one that is there already is told with the document that has it, and passed over unless it is
//! wanted all the same. Annotations that come with a text become the layer of whoever made them. [`look`] tells what would
//! become of everything before anything is written.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::documents::write_new;
use super::sidecar::Sidecar;
use super::{Name, Project, ProjectError, document_names};
use crate::model::{Document, Metadata, Problem, Status, guess_title};
use crate::store::disk::Disk;
use crate::store::gather::Folder;
use crate::store::parts::Parts;
use crate::store::{self, OnDisk, OpenOptions, Opened, SaveOptions, confined};

/// What is to be added.
#[derive(Clone, Debug, Default)]
pub struct Adding {
    /// Files and folders, as the user named them.
    pub sources: Vec<PathBuf>,
    /// How to read the files.
    pub options: OpenOptions,
    /// Whose the annotations are that come without a name.
    pub annotator: Option<String>,
    /// Whether texts that are there already become documents of their own.
    pub adds_known: bool,
}

/// What became of one document.
#[derive(Clone, Debug, PartialEq)]
pub enum Added {
    /// It is in the project now.
    Document {
        /// Its name there.
        name: Name,
        /// Whether annotations came with it.
        has_layer: bool,
    },
    /// Its text was there already; what is new is an annotator's layer over it.
    Layer {
        /// The document that has the text.
        name: Name,
        /// Whose layer it is.
        annotator: String,
    },
    /// Its text was there already, and nothing of it is new.
    Duplicate {
        /// Where it came from.
        source: PathBuf,
        /// Its title.
        title: String,
        /// The document that has the text.
        of: Name,
    },
}

/// What came of all of it.
#[derive(Debug, Default)]
pub struct Report {
    /// Each document, in the order of the sources.
    pub added: Vec<Added>,
    /// Files that were passed over, and why, in words.
    pub passed_over: Vec<(PathBuf, String)>,
    /// What is wrong with files: those of errors were not added.
    pub problems: Vec<Problem>,
    /// Whether it was stopped before the end; what was added stays.
    pub is_stopped: bool,
}

impl Report {
    /// How many documents are new.
    pub fn documents(&self) -> usize {
        self.added.iter().filter(|added| matches!(added, Added::Document { .. })).count()
    }

    /// How many texts were there already, of which nothing is new.
    pub fn duplicates(&self) -> usize {
        self.added.iter().filter(|added| matches!(added, Added::Duplicate { .. })).count()
    }
}

/// The texts and names that a project has.
#[derive(Clone, Debug, Default)]
pub struct Known {
    by_sha256: HashMap<String, Name>,
    names: HashSet<String>,
}

impl Known {
    /// Reads what is known of every document.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn read(project: &Project) -> Result<Self, ProjectError> {
        let mut known = Self::default();
        for name in document_names(&project.layout)?.0 {
            let sidecar = confined::read(&project.layout.sidecar_of(&name)).ok();
            let sidecar = sidecar.and_then(|bytes| Sidecar::read(&String::from_utf8_lossy(&bytes)).ok());
            let sha256 = match sidecar.map(|sidecar| sidecar.sha256).filter(|sha256| !sha256.is_empty()) {
                Some(sha256) => sha256,
                None => match confined::read(&project.layout.text_of(&name)) {
                    Ok(bytes) => store::sha256_of(&bytes),
                    Err(_) => String::new(),
                },
            };
            known.insert(&name, sha256);
        }
        Ok(known)
    }

    /// Of documents with their texts' SHA-256, as an index knows them.
    pub fn of(documents: impl IntoIterator<Item = (Name, String)>) -> Self {
        let mut known = Self::default();
        for (name, sha256) in documents {
            known.insert(&name, sha256);
        }
        known
    }

    fn insert(&mut self, name: &Name, sha256: String) {
        self.names.insert(name.folded());
        if !sha256.is_empty() {
            self.by_sha256.entry(sha256).or_insert_with(|| name.clone());
        }
    }

    /// A name that no document has, made of what is known of one: that of its file, or, of several in a file, its own.
    fn free_name(&self, project: &Project, metadata: &Metadata, stem: &str, is_alone: bool) -> Name {
        let id = metadata.id.as_str();
        let words = if is_alone { [stem, id, &metadata.title] } else { [id, stem, &metadata.title] };
        let words = words.into_iter().find(|words| !words.trim().is_empty()).unwrap_or_default();
        let first = Name::of_words(words, "document");
        let is_taken = |name: &Name| self.names.contains(&name.folded()) || project.layout.text_of(name).exists();
        let mut name = first.clone();
        let mut number = 2;
        while is_taken(&name) {
            name = first.numbered(number);
            number += 1;
        }
        name
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files that were read.
    pub done: usize,
    /// Files that there are.
    pub of: usize,
}

/// One source that was read, before anything of it is written.
struct Source {
    path: PathBuf,
    /// The file's name without extension, numbered if it holds several documents.
    stem: String,
    /// Whether it is the only one of its file.
    is_alone: bool,
    opened: Opened,
}

struct Adder<'a> {
    /// `None`: nothing is written, only told.
    disk: Option<&'a Disk>,
    project: Project,
    known: Known,
    adding: &'a Adding,
    /// Layers that would be there by now, where nothing is written: annotator and document.
    foreseen: HashSet<(String, Name)>,
    report: Report,
}

/// Adds documents; the project that is given back has the annotators that came with them.
///
/// `go_on` is asked after each file; what was added before it says no stays.
///
/// # Errors
/// [`ProjectError`] if the project cannot be written. What is wrong with single files is in the report.
pub fn add(
    disk: &Disk,
    project: &Project,
    known: Known,
    adding: &Adding,
    go_on: impl FnMut(Progress) -> bool,
) -> Result<(Project, Report), ProjectError> {
    super::look_for(&project.layout)?;
    for folder in [project.layout.documents(), project.layout.annotations()] {
        disk.create_folder(&folder).map_err(|error| ProjectError::io(&folder, error))?;
    }
    let adder = Adder::new(Some(disk), project, known, adding);
    adder.run(go_on)
}

/// Tells what [`add`] would do, and writes nothing. `go_on` is asked after each file.
///
/// # Errors
/// None of the project's; the type is that of [`add`].
pub fn look(
    project: &Project,
    known: Known,
    adding: &Adding,
    go_on: impl FnMut(Progress) -> bool,
) -> Result<Report, ProjectError> {
    Ok(Adder::new(None, project, known, adding).run(go_on)?.1)
}

/// The files that are to be read, each with its name without extension. What else is said goes into the report.
fn files_of(adding: &Adding, report: &mut Report) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for source in &adding.sources {
        if source.is_dir() {
            let folder = Folder::look(source, adding.options.format.as_deref());
            report.passed_over.extend(folder.passed_over);
            report.problems.extend(folder.problems);
            if folder.files.is_empty() {
                let hint = "choose a folder with articles in it";
                let problem = Problem::error("nothing-to-read", "there is no document in this folder", hint);
                report.problems.push(problem.in_file(source));
            }
            files.extend(folder.files.into_iter().map(|(path, relative)| (path, stem_of(&relative))));
        } else {
            files.push((source.clone(), stem_of(source)));
        }
    }
    files
}

fn stem_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

impl<'a> Adder<'a> {
    fn new(disk: Option<&'a Disk>, project: &Project, known: Known, adding: &'a Adding) -> Self {
        let (foreseen, report) = (HashSet::new(), Report::default());
        Self { disk, project: project.clone(), known, adding, foreseen, report }
    }

    fn run(mut self, mut go_on: impl FnMut(Progress) -> bool) -> Result<(Project, Report), ProjectError> {
        let files = files_of(self.adding, &mut self.report);
        let of = files.len();
        for (done, (path, stem)) in files.iter().enumerate() {
            if !go_on(Progress { done, of }) {
                self.report.is_stopped = true;
                break;
            }
            self.add_file(path, stem)?;
        }
        go_on(Progress { done: of, of });
        Ok((self.project, self.report))
    }

    fn add_file(&mut self, path: &Path, stem: &str) -> Result<(), ProjectError> {
        let options = &self.adding.options;
        // A large file of many documents is not read as a whole.
        let parts = Parts::of(path, options);
        let count = parts.as_ref().map_or(1, Parts::count);
        let mut before = 0;
        for nth in 0..count {
            let all = match &parts {
                Some(parts) => parts.open(nth, options),
                None => store::open_all(path, options),
            };
            let all = match all {
                Ok(all) => all,
                Err(error) => {
                    self.report.problems.extend(error.problems);
                    continue;
                }
            };
            let is_alone = parts.is_none() && all.len() == 1;
            for opened in all {
                before += 1;
                let stem = if is_alone { stem.to_owned() } else { format!("{stem}-{before}") };
                self.add_document(Source { path: path.to_owned(), stem, is_alone, opened })?;
            }
        }
        Ok(())
    }

    fn add_document(&mut self, source: Source) -> Result<(), ProjectError> {
        let Source { path, stem, is_alone, opened } = source;
        let Opened { mut document, problems, .. } = opened;
        self.report.problems.extend(problems);
        if document.text().as_str().trim().is_empty() {
            let problem = Problem::error("empty", "there are no words in it", "leave it out");
            self.report.problems.push(problem.in_file(&path));
            return Ok(());
        }
        let sha256 = document.text().sha256().to_owned();
        let is_annotated = has_work(&document);
        if let Some(of) = self.known.by_sha256.get(&sha256).cloned() {
            let title = || document.header().metadata.title.clone();
            let added = match is_annotated.then(|| self.add_layer(&of, &document)).transpose()?.flatten() {
                Some(annotator) => Some(Added::Layer { name: of, annotator }),
                None if self.adding.adds_known => None,
                None => Some(Added::Duplicate { source: path, title: title(), of }),
            };
            if let Some(added) = added {
                self.report.added.push(added);
                return Ok(());
            }
        }
        let mut metadata = document.header().metadata.clone();
        let name = self.known.free_name(&self.project, &metadata, &stem, is_alone);
        if metadata.id.trim().is_empty() {
            metadata.id = name.as_str().to_owned();
        }
        if metadata.title.trim().is_empty() {
            metadata.title = guess_title(document.text());
        }
        document = document.with_metadata(metadata.clone());
        let zones = document.header().zones.clone();
        if let Some(disk) = self.disk {
            write_new(disk, &self.project.layout, &name, document.text(), &metadata, &zones)?;
        }
        self.known.insert(&name, sha256);
        let has_layer = is_annotated && self.add_layer(&name, &document)?.is_some();
        self.report.added.push(Added::Document { name, has_layer });
        Ok(())
    }

    /// Writes the annotations of a document as a layer over `name`; answers whose it is, or `None` if that annotator has one
    /// already.
    fn add_layer(&mut self, name: &Name, document: &Document) -> Result<Option<String>, ProjectError> {
        let given = document.header().annotator.clone().filter(|name| !name.trim().is_empty());
        let annotator = given.or_else(|| self.adding.annotator.clone()).unwrap_or_else(|| "imported".to_owned());
        let Some(disk) = self.disk else { return Ok(self.foresee_layer(name, annotator)) };
        if self.project.annotator(&annotator).is_none() {
            self.project = self.project.with_annotator(&annotator)?;
        }
        // Its folder may be none; that is a problem of the project, which is told.
        let Some(folder) = self.project.folder_of(&annotator) else { return Ok(None) };
        let path = self.project.layout.layer_of(&folder, name);
        if path.exists() {
            return Ok(None);
        }
        let layers = self.project.layout.layers(&folder);
        disk.create_folder(&layers).map_err(|error| ProjectError::io(&layers, error))?;
        let document = document.clone().with_schema(self.project.schema_ref()).with_annotator(&annotator);
        let saved = store::save_on(disk, &document, &path, &SaveOptions::over(OnDisk::Absent), |_| true);
        match saved {
            Ok(_) => Ok(Some(annotator)),
            Err(error) => {
                let hint = "the text was added without them";
                let problem = Problem::error("save", error.to_string(), hint).in_file(&path);
                self.report.problems.push(problem);
                Ok(None)
            }
        }
    }

    /// What adding a layer would answer.
    fn foresee_layer(&mut self, name: &Name, annotator: String) -> Option<String> {
        let folder = self.project.folder_of(&annotator);
        let is_there = folder.is_some_and(|folder| self.project.layout.layer_of(&folder, name).exists());
        let is_new = !is_there && self.foreseen.insert((annotator.clone(), name.clone()));
        is_new.then_some(annotator)
    }
}

/// Whether somebody has done something on it.
fn has_work(document: &Document) -> bool {
    let header = document.header();
    document.annotation_count() > 0
        || !header.labels.is_empty()
        || header.note.is_some()
        || header.status != Status::New
}

#[cfg(test)]
#[path = "adding_tests.rs"]
mod tests;
