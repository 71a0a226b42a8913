//! The documents that a command works on: files, and folders with everything readable in them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Console;
use crate::formats::decode;
use crate::jobs::ordered::in_order;
use crate::model::{Problem, Schema, Severity};
use crate::panics;
use crate::project::layout::PROJECT_FILE;
use crate::project::{Project, documents};
use crate::store::gather::Folder;
use crate::store::parts::Parts;
use crate::store::{self, OpenOptions, Opened, open_all};

/// What to read and how.
#[derive(Debug, Args)]
pub struct Inputs {
    /// Files, or folders to look for files in
    #[arg(value_name = "IN", required = true)]
    pub paths: Vec<PathBuf>,
    /// Format of the files, if their names and contents do not tell
    #[arg(long, short, value_name = "FMT", value_parser = super::reading_format)]
    pub from: Option<String>,
    /// Encoding of text files, if the guess is wrong
    #[arg(long, value_name = "NAME", value_parser = known_encoding)]
    pub encoding: Option<String>,
    /// Choose how the format is read (column=story for tables, part=all for pages)
    #[arg(long, short = 'R', value_name = "NAME=VALUE", value_parser = choice)]
    pub reading: Vec<(String, String)>,
}

fn choice(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn known_encoding(label: &str) -> Result<String, String> {
    match decode::decode_as(b"x", label) {
        Ok(_) => Ok(label.to_owned()),
        Err(_) => {
            let names: Vec<&str> = decode::MENU.iter().map(|(name, _)| *name).collect();
            Err(format!("there is no encoding {label:?}; some that there are: {}", names.join(", ")))
        }
    }
}

/// A document with the file that it is in.
pub struct Found {
    /// The file, as the user would name it.
    pub path: PathBuf,
    /// The file's name relative to the folder that was searched, without extension; numbered if the file holds
    /// several documents.
    pub name: String,
    /// The document.
    pub opened: Opened,
    /// The label set of the project that it belongs to.
    pub schema: Option<Arc<Schema>>,
}

/// What all documents gave.
pub struct Gathered<T> {
    /// Of each document, in the order of the arguments and of file names.
    pub found: Vec<T>,
    /// Why some files cannot be read.
    pub problems: Vec<Problem>,
    /// The number of files that were looked at.
    pub file_count: usize,
}

/// A file to read or a piece of one, and its name relative to the searched folder.
pub struct Candidate {
    /// The file, as the user would name it.
    pub path: PathBuf,
    relative: PathBuf,
    /// The pieces of the file, and which of them this is; `None` for a whole file.
    part: Option<(Arc<Parts>, usize)>,
    /// The label set of the project that it belongs to.
    schema: Option<Arc<Schema>>,
}

impl Candidate {
    fn whole(path: PathBuf, relative: PathBuf) -> Self {
        Self { path, relative, part: None, schema: None }
    }

    /// An annotator's layer in a project.
    fn layer(path: PathBuf, relative: PathBuf, schema: &Arc<Schema>) -> Self {
        Self { path, relative, part: None, schema: Some(Arc::clone(schema)) }
    }

    /// Whether it is a file or the first piece of one.
    pub fn begins_file(&self) -> bool {
        self.part.as_ref().is_none_or(|(_, nth)| *nth == 0)
    }

    /// Whether it is a piece of a file.
    pub fn is_piece(&self) -> bool {
        self.part.is_some()
    }

    /// The pieces, if it is large and can be cut.
    fn in_pieces(self, options: &OpenOptions) -> Vec<Self> {
        let Some(parts) = Parts::of(&self.path, options).map(Arc::new) else { return vec![self] };
        let piece = |nth| Self {
            path: self.path.clone(),
            relative: self.relative.clone(),
            part: Some((Arc::clone(&parts), nth)),
            schema: self.schema.clone(),
        };
        (0..parts.count()).map(piece).collect()
    }
}

impl Inputs {
    /// The files to read, in the order of the arguments and of file names, and what is wrong with folders. Remarks about
    /// files in folders that are passed over go to standard error.
    ///
    /// # Errors
    /// Those of writing to the console; problems with folders are part of the answer.
    pub fn candidates(&self, console: &mut Console<'_>) -> io::Result<(Vec<Candidate>, Vec<Problem>)> {
        let (mut candidates, mut problems) = (Vec::new(), Vec::new());
        for path in &self.paths {
            if path.join(PROJECT_FILE).is_file() {
                layers_of(path, &mut candidates, &mut problems);
            } else if path.is_dir() {
                let before = candidates.len();
                let folder = Folder::look(path, self.from.as_deref());
                for (path, why) in &folder.passed_over {
                    writeln!(console.err, "{}: passed over, {why}", path.display())?;
                }
                problems.extend(folder.problems);
                candidates.extend(folder.files.into_iter().map(|(path, relative)| Candidate::whole(path, relative)));
                if candidates.len() == before {
                    let hint = "name a folder with documents in it; manicule formats lists what can be read";
                    let problem = Problem::error("nothing-to-read", "there is no document in this folder", hint);
                    problems.push(problem.in_file(path));
                }
            } else {
                let relative = path.file_name().map(PathBuf::from).unwrap_or_default();
                candidates.push(Candidate::whole(path.clone(), relative));
            }
        }
        let options = self.options();
        let candidates = candidates.into_iter().flat_map(|candidate| candidate.in_pieces(&options)).collect();
        Ok((candidates, problems))
    }

    fn options(&self) -> OpenOptions {
        OpenOptions {
            encoding: self.encoding.clone(),
            format: self.from.clone(),
            reading: self.reading.clone(),
            ..OpenOptions::default()
        }
    }

    /// Opens every document of a file. May be called from several threads.
    ///
    /// # Errors
    /// Every problem, if the file cannot be opened without loss.
    pub fn open(&self, candidate: &Candidate) -> Result<Vec<Found>, Vec<Problem>> {
        panics::catch(|| self.open_or_panic(candidate)).unwrap_or_else(|_| {
            let message = "the program made a mistake while it read this file";
            let hint = "report it; all other files are read";
            Err(vec![Problem::error("program-failed", message, hint).in_file(&candidate.path)])
        })
    }

    fn open_or_panic(&self, candidate: &Candidate) -> Result<Vec<Found>, Vec<Problem>> {
        let name = candidate.path.file_name().unwrap_or_default().to_string_lossy();
        panics::trap(store::data_dir().as_deref(), &format!("reading {name}"));
        let options = self.options();
        let stem = candidate.relative.with_extension("").to_string_lossy().into_owned();
        let (all, before, count) = match &candidate.part {
            Some((parts, nth)) => (parts.open(*nth, &options), parts.documents_before(*nth), Some(parts.documents())),
            None => (open_all(&candidate.path, &options), 0, None),
        };
        let all = all.map_err(|error| error.problems)?;
        let count = count.unwrap_or(all.len());
        let digits = count.to_string().len();
        let is_alone = count == 1;
        let named = |(index, mut opened): (usize, Opened)| {
            if let Some(schema) = &candidate.schema {
                opened.schema.get_or_insert_with(|| schema.as_ref().clone());
            }
            let name = if is_alone { stem.clone() } else { format!("{stem}-{:0digits$}", before + index + 1) };
            Found { path: candidate.path.clone(), name, opened, schema: candidate.schema.clone() }
        };
        Ok(all.into_iter().enumerate().map(named).collect())
    }

    /// Reads every document and keeps of it what `look` gives, on all cores: no more than a few documents are in memory
    /// at a time. Remarks about files in folders that are passed over go to standard error.
    ///
    /// # Errors
    /// Those of writing to the console; problems with files are part of the answer.
    pub fn gather<T: Send>(
        &self,
        console: &mut Console<'_>,
        look: impl Fn(Found) -> T + Sync,
    ) -> io::Result<Gathered<T>> {
        let mut found = Vec::new();
        let (problems, file_count) = self.gather_into(console, look, |looked| found.push(looked))?;
        Ok(Gathered { found, problems, file_count })
    }

    /// The same, with what `look` gives handed to `take` in the order of the documents. Gives the problems, and the number
    /// of files that were looked at.
    ///
    /// # Errors
    /// See [`Self::gather`].
    pub fn gather_into<T: Send>(
        &self,
        console: &mut Console<'_>,
        look: impl Fn(Found) -> T + Sync,
        mut take: impl FnMut(T),
    ) -> io::Result<(Vec<Problem>, usize)> {
        let (candidates, mut problems) = self.candidates(console)?;
        let file_count = candidates.iter().filter(|candidate| candidate.begins_file()).count();
        let progress = progress(candidates.len());
        let open = |candidate: &Candidate| -> Result<Vec<T>, Vec<Problem>> {
            Ok(self.open(candidate)?.into_iter().map(&look).collect())
        };
        let in_turn = |_, read: Result<Vec<T>, Vec<Problem>>| {
            match read {
                Ok(found) => found.into_iter().for_each(&mut take),
                Err(of_file) => problems.extend(of_file),
            }
            progress.inc(1);
            Ok::<(), io::Error>(())
        };
        in_order(&candidates, |_, candidate| open(candidate), in_turn)?;
        progress.finish_and_clear();
        Ok((problems, file_count))
    }
}

/// All layers of a project, in the order of annotators and documents; its texts without annotations are no data yet.
fn layers_of(root: &Path, candidates: &mut Vec<Candidate>, problems: &mut Vec<Problem>) {
    let layers = Project::open(root).and_then(|project| {
        problems.extend(project.problems.iter().filter(|p| p.severity == Severity::Error).cloned());
        Ok((documents::layers(&project.layout)?, project.schema))
    });
    match layers {
        Ok((layers, _)) if layers.is_empty() => {
            let hint = "annotate something first, or name the folder of its texts";
            let problem = Problem::error("nothing-to-read", "nobody has annotated anything in this project", hint);
            problems.push(problem.in_file(root));
        }
        Ok((layers, schema)) => {
            // One annotator's files need no folder of their own.
            let is_alone = layers.iter().all(|(folder, ..)| Some(folder) == layers.first().map(|(folder, ..)| folder));
            for (folder, document, path) in layers {
                let name = PathBuf::from(format!("{document}.ron"));
                let relative = if is_alone { name } else { Path::new(folder.as_str()).join(name) };
                candidates.push(Candidate::layer(path, relative, &schema));
            }
        }
        Err(error) => problems.push(Problem::error("project", error.to_string(), "").in_file(root)),
    }
}

/// A bar on a terminal, if there is enough to wait for.
pub fn progress(count: usize) -> ProgressBar {
    if count < 20 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}").unwrap_or(ProgressStyle::default_bar());
    ProgressBar::new(count as u64).with_style(style)
}
