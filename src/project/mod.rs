//! A project: a folder of documents with each annotator's layers over them, one label set, and an index to find things by.
//!
//! ```text
//! FOLDER/
//!   project.ron                   what the project says of itself ([`settings`])
//!   schema.ron                    the label set
//!   guidelines.md                 how to annotate
//!   documents/ID.txt, ID.ron      verbatim text, and what is known of it ([`sidecar`])
//!   annotations/ANNOTATOR/ID.ron  a native file: one annotator's layer; made when it is first saved
//!   .manicule/                    journals and records of this copy: must not be lost, not for git
//!   .cache/                       may be deleted at any time ([`index`])
//! ```
//!
//! Knows files, formats, the store and what changes documents; knows nothing of windows. Files may be changed by hand and by
//! git at any time: nothing here takes the index for the truth, and what is broken is told and leaves the rest usable.

pub mod adding;
pub mod documents;
pub mod index;
pub mod kept;
pub mod layout;
pub mod operation;
pub mod queue;
pub mod search;
pub mod settings;
pub mod sidecar;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::schema::BUILTIN;
use crate::model::{Problem, Schema, SchemaRef};
use crate::store::confined;
use crate::store::disk::Disk;

pub use layout::{Layout, Name, Place};
pub use settings::{Annotator, ProjectFile, Recipe};

/// An open project: what it says of itself and its schema, as they were read. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Project {
    /// Where everything lies.
    pub layout: Layout,
    /// What it says of itself.
    pub file: Arc<ProjectFile>,
    /// The label set; one without labels if the file cannot be read.
    pub schema: Arc<Schema>,
    /// Whether `project.ron` may be written without losing anything.
    pub may_write_file: bool,
    /// Whether files can be written in the folder at all.
    pub is_writable: bool,
    /// What is wrong with the project itself; documents have theirs in the index.
    pub problems: Vec<Problem>,
}

/// Why a project cannot be opened or changed.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The folder has no `project.ron`.
    #[error("{}: this folder is no project (make one of it, or open a file in it)", .0.display())]
    NoProject(PathBuf),
    /// There is a project already.
    #[error("{}: this folder is a project already (open it)", .0.display())]
    IsProject(PathBuf),
    /// The project file may not be written: it is of a newer version, or has fields that would be lost.
    #[error("{}: it is not written, because the program does not understand all of it (see its problems)", .0.display())]
    NotUnderstood(PathBuf),
    /// Another window or program changed the project file since it was read.
    #[error("{}: it was changed by another program (the project is read again; try once more)", .0.display())]
    Changed(PathBuf),
    /// An annotator of this name or folder is there already.
    #[error("there is an annotator {0:?} already (choose it, or another name)")]
    SameAnnotator(String),
    /// The disk refused.
    #[error("{}: {source} ({hint})", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
        /// What to do.
        hint: &'static str,
    },
}

impl ProjectError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let hint = match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "the folder may not be written; change its permissions, or copy the project"
            }
            io::ErrorKind::StorageFull => "the disk is full; make room and try again",
            io::ErrorKind::NotFound => "the folder is gone, or its share is not connected",
            _ => "look at the disk, and try again",
        };
        Self::Io { path: path.to_owned(), source, hint }
    }
}

/// Whether the project is there now: its folder may be on a stick or a share that was taken away. Whoever makes folders in it
/// asks first, since what is made in its place would be in the way when it comes back.
///
/// # Errors
/// [`ProjectError::Io`], if it is not.
pub fn look_for(layout: &Layout) -> Result<(), ProjectError> {
    match fs::metadata(layout.project_file()) {
        Ok(_) => Ok(()),
        Err(error) => Err(ProjectError::io(layout.root(), error)),
    }
}

impl Project {
    /// Opens the project in a folder. What is wrong with its parts is among the problems; the rest is usable.
    ///
    /// # Errors
    /// [`ProjectError::NoProject`], or [`ProjectError::Io`] if the project file is there and cannot be read.
    pub fn open(root: &Path) -> Result<Self, ProjectError> {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let layout = Layout::new(root);
        let path = layout.project_file();
        let bytes = match confined::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound && layout.root().is_dir() => {
                return Err(ProjectError::NoProject(layout.root().to_owned()));
            }
            Err(error) => return Err(ProjectError::io(&path, error)),
        };
        let read = ProjectFile::read(&String::from_utf8_lossy(&bytes), &path);
        let is_utf8 = std::str::from_utf8(&bytes).is_ok();
        let mut problems = read.problems;
        let mut file = read.file;
        if file.title.trim().is_empty() {
            file.title = layout.root().file_name().unwrap_or_default().to_string_lossy().into_owned();
        }
        let schema = read_schema(&layout, &file).unwrap_or_else(|found| {
            problems.extend(found);
            Arc::new(Schema::empty("none", 1))
        });
        let is_writable = is_writable(&layout);
        if !is_writable {
            let hint = "change its permissions, or copy the project; until then it can be looked at";
            problems.push(Problem::warning("read-only", "the folder may not be written", hint).in_file(layout.root()));
        }
        let may_write_file = read.may_write && is_utf8;
        Ok(Self { layout, file: Arc::new(file), schema, may_write_file, is_writable, problems })
    }

    /// Makes a project of a folder, which is made if it is not there. Files that are in it already stay as they are.
    ///
    /// # Errors
    /// [`ProjectError::IsProject`], [`ProjectError::Io`].
    pub fn create(root: &Path, title: &str, schema: &Schema) -> Result<Self, ProjectError> {
        let disk = Disk::default();
        disk.create_folder(root).map_err(|error| ProjectError::io(root, error))?;
        let root = root.canonicalize().map_err(|error| ProjectError::io(root, error))?;
        let layout = Layout::new(root);
        if layout.project_file().exists() {
            return Err(ProjectError::IsProject(layout.root().to_owned()));
        }
        for folder in [layout.documents(), layout.annotations()] {
            disk.create_folder(&folder).map_err(|error| ProjectError::io(&folder, error))?;
        }
        let file = ProjectFile::new(title.trim());
        let schema_ron = schema_ron(schema);
        let put = |path: PathBuf, text: &str| -> Result<(), ProjectError> {
            if path.exists() {
                return Ok(());
            }
            disk.replace(&path, text.as_bytes()).map_err(|error| ProjectError::io(&path, error))
        };
        put(layout.root().join(&file.schema), &schema_ron)?;
        put(layout.root().join(&file.guidelines), &guidelines_begun(&file.title, schema))?;
        put(layout.root().join(".gitignore"), layout::IGNORED)?;
        // Last: with it, the folder is a project, and a whole one.
        put(layout.project_file(), &file.to_ron())?;
        Self::open(layout.root())
    }

    /// The format as its file calls it, if a newer program made the project: then it may be looked at only.
    pub fn newer(&self) -> Option<&str> {
        self.file.is_newer().then_some(self.file.format.as_str())
    }

    /// Whether this is that one or a copy of it, and not what another look at the files gave.
    pub fn is_same_reading(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file) && Arc::ptr_eq(&self.schema, &other.schema)
    }

    /// What documents of this project name as their schema.
    pub fn schema_ref(&self) -> SchemaRef {
        SchemaRef { name: self.schema.name.clone(), version: self.schema.version }
    }

    /// The annotator of this name.
    pub fn annotator(&self, name: &str) -> Option<&Annotator> {
        self.file.annotators.iter().find(|annotator| annotator.name == name)
    }

    /// The folder of an annotator's layers, if there is an annotator of this name with a folder that may be one.
    pub fn folder_of(&self, annotator: &str) -> Option<Name> {
        self.annotator(annotator).and_then(|annotator| Name::new(&annotator.folder))
    }

    /// The file of the guidelines.
    pub fn guidelines(&self) -> Option<PathBuf> {
        confined::inside(self.layout.root(), Path::new(&self.file.guidelines)).ok()
    }

    /// The file of the schema.
    pub fn schema_file(&self) -> Option<PathBuf> {
        confined::inside(self.layout.root(), Path::new(&self.file.schema)).ok()
    }

    /// The same project with another word about itself, on disk when this returns.
    ///
    /// # Errors
    /// [`ProjectError`]; the file is then as it was. If another program has changed it, nothing is written.
    pub fn with_file(&self, change: impl FnOnce(&mut ProjectFile)) -> Result<Self, ProjectError> {
        let path = self.layout.project_file();
        if !self.may_write_file {
            return Err(ProjectError::NotUnderstood(path));
        }
        let now = confined::read(&path).map_err(|error| ProjectError::io(&path, error))?;
        let there = ProjectFile::read(&String::from_utf8_lossy(&now), &path);
        if !there.may_write || differs(&there.file, &self.file) {
            return Err(ProjectError::Changed(path));
        }
        let mut file = self.file.as_ref().clone();
        change(&mut file);
        Disk::default().replace(&path, file.to_ron().as_bytes()).map_err(|error| ProjectError::io(&path, error))?;
        Ok(Self { file: Arc::new(file), ..self.clone() })
    }

    /// The same project with one more annotator, who gets a folder of a free name.
    ///
    /// # Errors
    /// As [`Self::with_file`], and [`ProjectError::SameAnnotator`].
    pub fn with_annotator(&self, name: &str) -> Result<Self, ProjectError> {
        let name = name.trim();
        if self.annotator(name).is_some() {
            return Err(ProjectError::SameAnnotator(name.to_owned()));
        }
        let taken = |folder: &Name| {
            self.file.annotators.iter().any(|other| other.folder.to_lowercase() == folder.folded())
                || self.layout.layers(folder).exists()
        };
        let first = Name::of_words(&name.to_lowercase(), "annotator");
        let mut folder = first.clone();
        let mut number = 2;
        while taken(&folder) {
            folder = first.numbered(number);
            number += 1;
        }
        let annotator = Annotator { name: name.to_owned(), folder: folder.as_str().to_owned() };
        self.with_file(|file| file.annotators.push(annotator))
    }
}

/// Whether two files say something else; a title that was made up says nothing.
fn differs(there: &ProjectFile, known: &ProjectFile) -> bool {
    let title = if there.title.trim().is_empty() { known.title.clone() } else { there.title.clone() };
    ProjectFile { title, ..there.clone() } != *known
}

/// A schema as a file of its own.
pub fn schema_ron(schema: &Schema) -> String {
    schema.to_ron()
}

fn read_schema(layout: &Layout, file: &ProjectFile) -> Result<Arc<Schema>, Vec<Problem>> {
    let hint = "put the schema there, or correct its name in project.ron; until then labels are not known";
    let path = confined::inside(layout.root(), Path::new(&file.schema))
        .map_err(|error| vec![Problem::error("outside", error.to_string(), hint).in_file(layout.project_file())])?;
    let unreadable = |message: String| vec![Problem::error("schema-read", message, hint).in_file(&path)];
    let bytes = confined::read(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => unreadable("there is no schema".to_owned()),
        _ => unreadable(format!("the schema cannot be read: {error}")),
    })?;
    let ron = String::from_utf8(bytes).map_err(|_| unreadable("the schema is not in UTF-8".to_owned()))?;
    if let Some(line) = settings::conflict_line(&ron) {
        let mut problem = Problem::error(
            "merge-conflict",
            "git could not merge the schema, and left marks in it",
            "choose one of the two versions between the marks, and remove the marks",
        );
        problem.place.line = Some(line);
        return Err(vec![problem.in_file(&path)]);
    }
    Schema::parse(&ron, Some(&path)).map(Arc::new)
}

/// Tries it with a file that goes away again: permissions alone do not tell.
fn is_writable(layout: &Layout) -> bool {
    tempfile::Builder::new().prefix(".manicule-").tempfile_in(layout.root()).is_ok()
}

/// The first guidelines: the definitions of the schema's labels, to be gone on with.
fn guidelines_begun(title: &str, schema: &Schema) -> String {
    let mut out = format!("# Guidelines: {title}\n\nWhat to mark, and how to decide in doubt.\n");
    let mut section = |heading: &str, entries: Vec<(&str, &str)>| {
        if entries.is_empty() {
            return;
        }
        out.push_str(&format!("\n## {heading}\n"));
        for (label, definition) in entries {
            out.push_str(&format!("\n### {label}\n\n{definition}\n"));
        }
    };
    section("Mentions", schema.mentions.iter().map(|m| (m.label.as_str(), m.definition.as_str())).collect());
    section("Events", schema.events.iter().map(|e| (e.r#type.as_str(), e.definition.as_str())).collect());
    let kinds = schema.quotes.iter().flat_map(|quotes| &quotes.kinds);
    section("Quotes", kinds.map(|kind| (kind.kind.as_str(), kind.definition.as_str())).collect());
    section("Relations", schema.relations.iter().map(|r| (r.label.as_str(), r.definition.as_str())).collect());
    out
}

/// The schema of a new project where none is chosen: the first that ships.
pub fn default_schema() -> Schema {
    let shipped = BUILTIN.first().and_then(|(name, _)| crate::model::schema::builtin(name));
    shipped.cloned().unwrap_or_else(|| Schema::empty("none", 1))
}

/// The names of documents that have a text, in their order. Other files in the folder are told as problems.
///
/// # Errors
/// If the folder cannot be read.
pub fn document_names(layout: &Layout) -> Result<(Vec<Name>, Vec<Problem>), ProjectError> {
    let folder = layout.documents();
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound && layout.root().is_dir() => {
            return Ok((Vec::new(), Vec::new()));
        }
        Err(error) => return Err(ProjectError::io(&folder, error)),
    };
    let (mut names, mut problems) = (Vec::new(), Vec::new());
    for entry in entries {
        let entry = entry.map_err(|error| ProjectError::io(&folder, error))?;
        let file_name = entry.file_name();
        let words = file_name.to_string_lossy();
        if words.starts_with('.') || !words.ends_with(".txt") {
            continue;
        }
        match file_name.to_str().and_then(|name| Name::new(name.strip_suffix(".txt")?)) {
            Some(name) => names.push(name),
            None => {
                let message = "this cannot be the name of a document on every system";
                problems.push(
                    Problem::warning("name", message, "rename it; until then it is left out").in_file(entry.path()),
                );
            }
        }
    }
    names.sort();
    Ok((names, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(folder: &Path) -> Project {
        Project::create(&folder.join("talks"), "Talks", &default_schema()).expect("writable")
    }

    #[test]
    fn a_project_is_made_once_and_opens_as_it_was_made() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let project = made(folder.path());
        assert_eq!((project.file.title.as_str(), &project.problems), ("Talks", &Vec::new()));
        assert_eq!(*project.schema, default_schema());
        let again = Project::create(project.layout.root(), "Other", &default_schema());
        assert!(matches!(again, Err(ProjectError::IsProject(_))));
        assert!(matches!(Project::open(folder.path()), Err(ProjectError::NoProject(_))));
        assert_eq!(Layout::around(&project.layout.documents()), Some(project.layout.clone()));
        let ignored = fs::read_to_string(project.layout.root().join(".gitignore")).expect("there");
        assert_eq!(ignored, layout::IGNORED);
    }

    #[test]
    fn annotators_get_folders_of_their_own() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let project = made(folder.path());
        let project = project.with_annotator("Anna B.").and_then(|p| p.with_annotator("anna b")).expect("writable");
        let folders: Vec<&str> = project.file.annotators.iter().map(|a| a.folder.as_str()).collect();
        assert_eq!(folders, ["anna-b", "anna-b-2"]);
        assert!(matches!(project.with_annotator("Anna B."), Err(ProjectError::SameAnnotator(_))));
        assert_eq!(*Project::open(project.layout.root()).expect("opens").file, *project.file);
    }

    #[test]
    fn what_another_program_wrote_is_not_written_over() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let project = made(folder.path());
        let theirs = project.with_annotator("Bob").expect("writable");
        assert!(matches!(project.with_annotator("Anna"), Err(ProjectError::Changed(_))));
        assert_eq!(*Project::open(project.layout.root()).expect("opens").file, *theirs.file);
    }

    #[test]
    fn another_look_at_the_same_files_is_another_reading() {
        let folder = tempfile::tempdir().expect("a folder");
        let project = Project::create(&folder.path().join("talks"), "Talks", &default_schema()).expect("writable");
        assert!(project.is_same_reading(&project.clone()));
        let again = Project::open(project.layout.root()).expect("there");
        assert!(!project.is_same_reading(&again));
    }

    #[test]
    fn a_broken_schema_leaves_the_rest_usable() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let project = made(folder.path());
        let path = project.schema_file().expect("inside");
        for (ron, code) in [("<<<<<<< HEAD\n(\n", "merge-conflict"), ("(", "schema-syntax")] {
            fs::write(&path, ron).expect("writable");
            let again = Project::open(project.layout.root()).expect("opens");
            assert!(again.schema.is_empty());
            let found = &again.problems[0];
            assert!(code == found.code || code == "schema-syntax", "{found:?}");
        }
        fs::remove_file(&path).expect("there");
        let again = Project::open(project.layout.root()).expect("opens");
        assert_eq!(again.problems[0].code, "schema-read");
    }
}
