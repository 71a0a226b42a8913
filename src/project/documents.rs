//! The documents of a project: reading one without annotations, writing a new one, removing one.

use std::io;
use std::path::Path;

use super::sidecar::Sidecar;
use super::{Layout, Name, Project, ProjectError};
use crate::model::{Document, Header, Metadata, Problem, Zone, guess_title};
use crate::store::disk::Disk;
use crate::store::{OpenError, confined};
use crate::text::Text;

/// A document of a project as nobody has annotated it.
#[derive(Debug)]
pub struct Fresh {
    /// Text and what is known of it; schema and annotator are not set.
    pub document: Document,
    /// What is wrong with its files.
    pub problems: Vec<Problem>,
}

fn refused(path: &Path, problem: Problem) -> OpenError {
    OpenError { path: path.to_owned(), problems: vec![problem.in_file(path)] }
}

/// Reads the text of a document and what is known of it. Without a readable sidecar the text is a document all the same.
///
/// # Errors
/// If there is no text, or it cannot be one.
pub fn read(layout: &Layout, name: &Name) -> Result<Fresh, OpenError> {
    let path = layout.text_of(name);
    let bytes = confined::read(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            let hint = "take it back from git or a copy; annotations of it still open by themselves";
            refused(&path, Problem::error("no-such-file", "the text of this document is gone", hint))
        }
        _ => refused(
            &path,
            Problem::error("not-readable", format!("the text cannot be read: {error}"), "look at the disk"),
        ),
    })?;
    let text = String::from_utf8(bytes).map_err(|_| {
        let hint = "take back the text as it was added, or remove the document and add it again";
        refused(&path, Problem::error("not-utf-8", "the text is not in UTF-8 any more", hint))
    })?;
    let text = Text::new(text)
        .map_err(|error| refused(&path, Problem::error("text-too-long", error.to_string(), "split it")))?;
    let (header, problems) = known_of(layout, name, &text);
    Ok(Fresh { document: Document::new(text, header), problems })
}

/// What the sidecar says, or what can be guessed without one.
pub(super) fn known_of(layout: &Layout, name: &Name, text: &Text) -> (Header, Vec<Problem>) {
    let guessed = || Header {
        metadata: Metadata { id: name.as_str().to_owned(), title: guess_title(text), ..Metadata::default() },
        ..Header::default()
    };
    let path = layout.sidecar_of(name);
    let ron = match confined::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        // Put there by hand.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (guessed(), Vec::new()),
        Err(error) => {
            let message = format!("what is known of the document cannot be read: {error}");
            let problem = Problem::warning("not-readable", message, "look at the disk").in_file(&path);
            return (guessed(), vec![problem]);
        }
    };
    match Sidecar::read(&ron) {
        Ok(sidecar) => {
            let (mut header, problems) = sidecar.header(text, &path);
            if header.metadata.id.is_empty() {
                header.metadata.id = name.as_str().to_owned();
            }
            (header, problems)
        }
        Err(problem) => (guessed(), vec![problem.in_file(&path)]),
    }
}

impl Project {
    /// A document of the project for an annotator who has not begun on it.
    ///
    /// # Errors
    /// As [`read`].
    pub fn fresh(&self, name: &Name, annotator: Option<&str>) -> Result<Fresh, OpenError> {
        let Fresh { document, problems } = read(&self.layout, name)?;
        let document = document.prepared(&self.schema, annotator.map(str::to_owned));
        Ok(Fresh { document, problems })
    }
}

/// Writes the text of a new document and what is known of it.
///
/// # Errors
/// [`ProjectError::Io`]; half a document is not left behind.
pub fn write_new(
    disk: &Disk,
    layout: &Layout,
    name: &Name,
    text: &Text,
    metadata: &Metadata,
    zones: &[Zone],
) -> Result<(), ProjectError> {
    let (text_path, sidecar_path) = (layout.text_of(name), layout.sidecar_of(name));
    let put = |path: &Path, bytes: &[u8]| disk.replace(path, bytes).map_err(|error| ProjectError::io(path, error));
    // The text comes last: with it, the document is there.
    put(&sidecar_path, Sidecar::of(text, metadata, zones).to_ron().as_bytes())?;
    put(&text_path, text.as_str().as_bytes()).inspect_err(|_| {
        let _ = disk.remove(&sidecar_path);
    })
}

/// Where the files of a removed document are, until somebody wants them back or empties that folder.
pub fn removed_folder(layout: &Layout) -> std::path::PathBuf {
    layout.local().join("removed")
}

/// Takes a document and everybody's layers over it out of the project, into a folder of this copy from which it can be taken
/// back. Answers where that is.
///
/// # Errors
/// [`ProjectError::Io`]; what was moved before it is put back as far as that goes.
pub fn remove(disk: &Disk, project: &Project, name: &Name) -> Result<std::path::PathBuf, ProjectError> {
    let layout = &project.layout;
    super::look_for(layout)?;
    let mut moves = vec![(layout.text_of(name), Path::new("documents").join(format!("{name}.txt")))];
    moves.push((layout.sidecar_of(name), Path::new("documents").join(format!("{name}.ron"))));
    for folder in layer_folders(layout)? {
        let relative = Path::new("annotations").join(folder.as_str()).join(format!("{name}.ron"));
        moves.push((layout.layer_of(&folder, name), relative));
    }
    let mut target = removed_folder(layout).join(name.as_str());
    let mut number = 2;
    while target.exists() {
        target = removed_folder(layout).join(name.numbered(number).as_str());
        number += 1;
    }
    let mut done: Vec<(std::path::PathBuf, std::path::PathBuf)> = Vec::new();
    for (from, relative) in moves.into_iter().filter(|(from, _)| from.exists()) {
        let to = target.join(relative);
        let moved = disk.create_folder(to.parent().unwrap_or(&target)).and_then(|()| disk.rename(&from, &to));
        if let Err(error) = moved {
            for (from, to) in done.iter().rev() {
                let _ = disk.rename(to, from);
            }
            return Err(ProjectError::io(&from, error));
        }
        done.push((from, to));
    }
    Ok(target)
}

/// Puts back what [`remove`] took out.
///
/// # Errors
/// [`ProjectError::Io`]; a file that has come there since is not replaced, and the rest stays where it is.
pub fn put_back(disk: &Disk, layout: &Layout, removed: &Path) -> Result<(), ProjectError> {
    fn files(folder: &Path, out: &mut Vec<std::path::PathBuf>) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { files(&path, out)? } else { out.push(path) }
        }
        Ok(())
    }
    super::look_for(layout)?;
    let mut all = Vec::new();
    files(removed, &mut all).map_err(|error| ProjectError::io(removed, error))?;
    let place = |from: &Path| layout.root().join(from.strip_prefix(removed).unwrap_or(from));
    if let Some(taken) = all.iter().map(|from| place(from)).find(|to| to.exists()) {
        return Err(ProjectError::io(&taken, io::ErrorKind::AlreadyExists.into()));
    }
    for from in &all {
        let to = place(from);
        let moved = disk.create_folder(to.parent().unwrap_or(layout.root())).and_then(|()| disk.rename(from, &to));
        moved.map_err(|error| ProjectError::io(&to, error))?;
    }
    let _ = std::fs::remove_dir_all(removed);
    Ok(())
}

/// The folders of annotators that are there, in the order of their names.
///
/// # Errors
/// If the folder of annotations cannot be read.
pub fn layer_folders(layout: &Layout) -> Result<Vec<Name>, ProjectError> {
    let folder = layout.annotations();
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(ProjectError::io(&folder, error)),
    };
    let mut names: Vec<Name> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| Name::new(entry.file_name().to_str()?))
        .collect();
    names.sort();
    Ok(names)
}

/// All layers: the annotator's folder, the document, and the file, in that order.
///
/// # Errors
/// If a folder cannot be read.
pub fn layers(layout: &Layout) -> Result<Vec<(Name, Name, std::path::PathBuf)>, ProjectError> {
    let mut all = Vec::new();
    for folder in layer_folders(layout)? {
        let path = layout.layers(&folder);
        let entries = std::fs::read_dir(&path).map_err(|error| ProjectError::io(&path, error))?;
        for entry in entries.flatten() {
            let file = entry.file_name();
            if let Some(name) = file.to_str().and_then(|file| Name::new(file.strip_suffix(".ron")?)) {
                all.push((folder.clone(), name, entry.path()));
            }
        }
    }
    all.sort();
    Ok(all)
}
