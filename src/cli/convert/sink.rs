//! Where the documents of one output (or one part of a dataset) go while they are converted, and the names of their
//! files at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Converted, Run, Sums, dataset};
use crate::formats::split::Labels;
use crate::formats::{Joins, Named, Options, OutputFile};
use crate::model::{Document, Schema, SchemaRef};
use crate::store::confined;
use crate::store::stage::{Growing, Stage, Staged};

/// What a document became.
pub enum Content {
    /// Files of its own, in the stage.
    Files(Vec<(PathBuf, Staged)>),
    /// Pieces of files that it shares with others.
    Pieces(Vec<OutputFile>),
    /// It is written together with all others.
    Document(Box<(Document, Option<Schema>)>),
    /// It is not written: the run is lost anyway.
    Nothing,
}

impl Content {
    /// Stages the files of a document.
    ///
    /// # Errors
    /// In words, if the disk gives up.
    pub fn of_files(files: Vec<OutputFile>, joins: Joins, stage: &Stage) -> Result<Self, String> {
        if joins == Joins::Appended {
            return Ok(Self::Pieces(files));
        }
        let staged = |file: OutputFile| match stage.write(&file.bytes) {
            Ok(staged) => Ok((file.name, staged)),
            Err(error) => Err(format!("{}: it cannot be written: {error}", file.name.display())),
        };
        files.into_iter().map(staged).collect::<Result<_, _>>().map(Self::Files)
    }
}

/// A document of a part, for the manifest.
pub struct Entry {
    /// Its identifier.
    pub id: String,
    /// The file that it was read from.
    pub file: PathBuf,
    /// SHA-256 of its text.
    pub text_sha256: String,
}

/// See the module.
pub struct Sink {
    /// The name of the part; empty if there is only one.
    pub name: String,
    /// Its documents, if it is a part of a dataset.
    pub entries: Vec<Entry>,
    /// How many documents it has.
    count: usize,
    /// Its labels.
    pub labels: Labels,
    /// What was spread evenly.
    pub strata: Labels,
    /// The schemas that its documents name.
    pub schemas: Vec<SchemaRef>,
    files: BTreeMap<PathBuf, Staged>,
    /// Files that grow, by what follows the document's name in theirs.
    growing: BTreeMap<String, Growing>,
    gathered: Vec<(String, Document, Option<Schema>)>,
    /// The name of the only document.
    first_name: String,
}

impl Sink {
    /// An empty part.
    pub fn new(name: String) -> Self {
        Self {
            name,
            entries: Vec::new(),
            count: 0,
            labels: Labels::new(),
            strata: Labels::new(),
            schemas: Vec::new(),
            files: BTreeMap::new(),
            growing: BTreeMap::new(),
            gathered: Vec::new(),
            first_name: String::new(),
        }
    }

    /// Takes a document of `file`.
    ///
    /// # Errors
    /// In words, if it cannot be written.
    pub fn take(&mut self, file: &Path, converted: Converted, stage: &Stage) -> Result<(), String> {
        let content = converted.content?;
        if self.count == 0 {
            self.first_name.clone_from(&converted.name);
        }
        self.count += 1;
        if !self.name.is_empty() {
            let entry = Entry { id: converted.id, file: file.to_owned(), text_sha256: converted.text_sha256 };
            self.entries.push(entry);
        }
        for (into, counts) in [(&mut self.labels, converted.labels), (&mut self.strata, converted.strata)] {
            for (label, count) in counts {
                *into.entry(label).or_default() += count;
            }
        }
        if !self.schemas.contains(&converted.schema) {
            self.schemas.push(converted.schema);
        }
        match content {
            Content::Files(files) => {
                for (name, staged) in files {
                    // Documents of one schema share its file; a file that bears the document's name is its own.
                    let is_own = name.to_string_lossy().starts_with(converted.name.as_str());
                    let is_other = |known: &Staged| is_own || known.sha256 != staged.sha256;
                    if self.files.get(&name).is_some_and(is_other) {
                        let name = name.display();
                        return Err(format!("{name}: two documents would be written there (convert them one by one)"));
                    }
                    self.files.insert(name, staged);
                }
                Ok(())
            }
            Content::Pieces(files) => {
                for piece in files {
                    let name = piece.name.to_string_lossy();
                    let ending = name.strip_prefix(converted.name.as_str()).unwrap_or(&name).to_owned();
                    let failed = |error: std::io::Error| format!("{name}: it cannot be written: {error}");
                    let growing = match self.growing.entry(ending) {
                        std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                        std::collections::btree_map::Entry::Vacant(new) => new.insert(stage.begin().map_err(failed)?),
                    };
                    growing.append(&piece.bytes).map_err(failed)?;
                }
                Ok(())
            }
            Content::Document(document) => {
                let (document, schema) = *document;
                self.gathered.push((converted.name, document, schema));
                Ok(())
            }
            Content::Nothing => Ok(()),
        }
    }

    /// The files by their names, everything being written.
    fn finish(&mut self, run: &Run<'_>, options: &Options, stage: &Stage) -> Result<BTreeMap<PathBuf, Staged>, String> {
        let mut files = std::mem::take(&mut self.files);
        let shared = match (self.name.as_str(), self.count) {
            ("", 1) => self.first_name.as_str(),
            ("", _) => "documents",
            (part, _) => part,
        };
        for (ending, growing) in std::mem::take(&mut self.growing) {
            let name = if ending.starts_with('.') { format!("{shared}{ending}") } else { ending };
            let staged = growing.finish().map_err(|error| format!("{name}: it cannot be written: {error}"))?;
            files.insert(name.into(), staged);
        }
        let gathered = std::mem::take(&mut self.gathered);
        if !gathered.is_empty() {
            let named: Vec<Named<'_>> = (gathered.iter())
                .map(|(name, document, schema)| Named { name, document, schema: schema.as_ref() })
                .collect();
            let written = run.format.write(&named, options).map_err(|error| error.to_string())?;
            for file in written {
                let failed = |error| format!("{}: it cannot be written: {error}", file.name.display());
                files.insert(file.name.clone(), stage.write(&file.bytes).map_err(failed)?);
            }
        }
        Ok(files)
    }
}

impl Run<'_> {
    /// Every file with its place; refuses to replace what should not be replaced.
    pub fn placed(&self, sinks: Vec<Sink>, sums: &Sums, stage: &Stage) -> Result<Vec<(PathBuf, Staged)>, String> {
        let output = &self.command.output;
        let placed = if self.command.split.shares.is_some() {
            self.dataset(sinks, sums, stage)?
        } else {
            let mut files = BTreeMap::new();
            for mut sink in sinks {
                files.append(&mut sink.finish(self, &self.options, stage)?);
            }
            self.in_place(files)?
        };
        if output == Path::new("-") {
            return Ok(placed);
        }
        for (path, staged) in &placed {
            if !path.exists() || self.command.overwrite || staged.is_at(path) {
                continue;
            }
            let path_text = path.display();
            return Err(if self.command.inputs.paths.iter().any(|input| same_file(input, path)) {
                format!("{path_text}: this is the input; nothing was written (choose another name, or --overwrite)")
            } else {
                format!("{path_text}: this file exists; nothing was written (choose another name, or --overwrite)")
            });
        }
        Ok(placed)
    }

    /// One file goes where the user said; several go into a folder of that name.
    fn in_place(&self, files: BTreeMap<PathBuf, Staged>) -> Result<Vec<(PathBuf, Staged)>, String> {
        let output = &self.command.output;
        let ends_like_folder =
            output.as_os_str().as_encoded_bytes().ends_with(std::path::MAIN_SEPARATOR_STR.as_bytes());
        let has_folder_input = self.command.inputs.paths.iter().any(|path| path.is_dir());
        let is_folder = output.is_dir()
            || ends_like_folder
            || files.len() > 1
            || (has_folder_input && self.format.info().joins == Joins::Apart);
        if is_folder && output.is_file() {
            return Err(format!(
                "{}: this is a file, but {} files are to be written (name a folder)",
                output.display(),
                files.len()
            ));
        }
        let place = |(name, staged): (PathBuf, Staged)| {
            Ok((if is_folder { in_folder(output, &name)? } else { output.clone() }, staged))
        };
        files.into_iter().map(place).collect()
    }

    /// What is chosen for each part of a dataset: the dataset has a card of its own, and all parts number the same labels.
    fn options_of_parts(&self, sinks: &[Sink]) -> Options {
        let (info, mut options) = (self.format.info(), self.options.clone());
        let has = |name: &str| info.options.iter().any(|option| option.name == name);
        if has("card") {
            let _ = options.set(&info, "card", "no");
        }
        if has("labels") {
            let labels = sinks.iter().flat_map(|sink| sink.labels.keys()).filter_map(|l| l.strip_prefix("mention:"));
            let chosen = std::iter::once(self.options.get(&info, "labels")).filter(|labels| !labels.is_empty());
            let all: BTreeSet<&str> = chosen.chain(labels).collect();
            let _ = options.set(&info, "labels", &all.into_iter().collect::<Vec<_>>().join(","));
        }
        options
    }

    /// The parts of a dataset with its manifest and card. A part of one file is that file, any other a folder.
    fn dataset(&self, mut sinks: Vec<Sink>, sums: &Sums, stage: &Stage) -> Result<Vec<(PathBuf, Staged)>, String> {
        let output = &self.command.output;
        if output.is_file() {
            return Err(format!("{}: this is a file, but a dataset is a folder (name a folder)", output.display()));
        }
        let joins = self.format.info().joins;
        let options = self.options_of_parts(&sinks);
        let mut placed: Vec<(PathBuf, Staged)> = Vec::new();
        let mut of_parts = Vec::new();
        for sink in &mut sinks {
            let files = sink.finish(self, &options, stage)?;
            let is_one = joins != Joins::Apart && files.len() == 1;
            let name = |file: &Path| match file.extension() {
                Some(extension) if is_one => PathBuf::from(format!("{}.{}", sink.name, extension.to_string_lossy())),
                _ => Path::new(&sink.name).join(file),
            };
            let files: Vec<_> = files.into_iter().map(|(file, staged)| (name(&file), staged)).collect();
            let listed = |(name, staged): &(PathBuf, Staged)| dataset::FileEntry::new(name, staged);
            of_parts.push(files.iter().map(listed).collect::<Vec<_>>());
            placed.extend(files);
        }
        for (name, text) in dataset::descriptions(self, &sinks, &of_parts, sums) {
            let failed = |error| format!("{name}: it cannot be written: {error}");
            placed.push((PathBuf::from(name), stage.write(text.as_bytes()).map_err(failed)?));
        }
        placed.into_iter().map(|(name, staged)| Ok((in_folder(output, &name)?, staged))).collect()
    }
}

/// A place in the folder that the user named, for a name that comes from data.
fn in_folder(output: &Path, name: &Path) -> Result<PathBuf, String> {
    if output == Path::new("-") {
        return Ok(name.to_owned());
    }
    confined::inside(output, name).map_err(|error| error.to_string())
}

/// Whether they are one file, or `path` is in the folder `input`.
fn same_file(input: &Path, path: &Path) -> bool {
    let (Ok(input), Ok(path)) = (input.canonicalize(), path.canonicalize()) else { return false };
    path.starts_with(input)
}
