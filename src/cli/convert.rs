//! `manicule convert`: documents to another format. Nothing is written unless everything can be.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::inputs::{Found, Inputs};
use super::{Console, Outcome, counted};
use crate::formats::{self, Format, Joins, Loss, Named, Options, OutputFile};
use crate::model::schema::builtin;
use crate::store::file::write_atomically;

/// Losses of one document that are shown; all of them are in the loss report.
const LOSSES_SHOWN: usize = 10;

/// Arguments.
#[derive(Debug, Args)]
pub struct Convert {
    #[command(flatten)]
    inputs: Inputs,
    /// Format to write
    #[arg(long, short, value_name = "FMT", value_parser = super::writing_format)]
    to: String,
    /// File or folder to write; - for standard output
    #[arg(long, short, value_name = "OUT")]
    output: PathBuf,
    /// Choose how the format is written; manicule formats lists what there is
    #[arg(long = "option", short = 'O', value_name = "NAME=VALUE")]
    options: Vec<String>,
    /// Write nothing if the format cannot hold everything
    #[arg(long)]
    strict: bool,
    /// File for the list of everything that the format cannot hold, as JSON Lines
    #[arg(long, value_name = "FILE")]
    loss_report: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long)]
    overwrite: bool,
}

/// Runs the command.
pub fn run(command: &Convert, console: &mut Console<'_>) -> io::Result<Outcome> {
    let Some(format) = formats::by_id(&command.to) else { return Ok(Outcome::UsageProblem) };
    let options = match options_of(format, &command.options) {
        Ok(options) => options,
        Err(message) => {
            writeln!(console.err, "manicule: {message}")?;
            return Ok(Outcome::UsageProblem);
        }
    };
    let documents = command.inputs.read(console)?;
    for found in &documents.found {
        for problem in &found.opened.problems {
            writeln!(console.err, "{problem}")?;
        }
    }
    for problem in &documents.problems {
        writeln!(console.err, "{problem}")?;
    }
    if !documents.problems.is_empty() {
        let (refused, all) = (documents.refused_count, documents.file_count);
        writeln!(console.err, "manicule: {refused} of {} cannot be read; nothing was written", counted(all, "file"))?;
        return Ok(Outcome::DataProblem);
    }
    let found = documents.found;
    let losses: Vec<(&Path, Vec<Loss>)> =
        found.iter().map(|f| (f.path.as_path(), format.losses(&f.opened.document, &options))).collect();
    if let Some(report) = &command.loss_report
        && let Err(error) = write_report(report, &losses)
    {
        writeln!(console.err, "{}: error: the loss report cannot be written: {error}", report.display())?;
        return Ok(Outcome::DataProblem);
    }
    let loss_count = tell_losses(format, &losses, console)?;
    if loss_count > 0 && command.strict {
        writeln!(console.err, "manicule: {loss_count} things would be lost; nothing was written (--strict)")?;
        return Ok(Outcome::DataProblem);
    }
    let files = match written(format, &found, &options) {
        Ok(files) => files,
        Err(message) => {
            writeln!(console.err, "manicule: {message}")?;
            return Ok(Outcome::DataProblem);
        }
    };
    if command.output == Path::new("-") {
        let [file] = files.as_slice() else {
            writeln!(console.err, "manicule: {} files do not fit standard output; name a folder", files.len())?;
            return Ok(Outcome::UsageProblem);
        };
        console.out.write_all(&file.bytes)?;
        return Ok(Outcome::Done);
    }
    match place(command, format, files, &found).and_then(|placed| write_all(&placed)) {
        Ok(count) => {
            let (documents, files) = (counted(found.len(), "document"), counted(count, "file"));
            writeln!(console.err, "{documents} converted to {}, {files} written", format.info().name)?;
            Ok(Outcome::Done)
        }
        Err(message) => {
            writeln!(console.err, "manicule: {message}")?;
            Ok(Outcome::DataProblem)
        }
    }
}

fn options_of(format: &dyn Format, given: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    for text in given {
        let (name, value) = text.split_once('=').ok_or_else(|| format!("--option {text}: write it as NAME=VALUE"))?;
        options.set(&format.info(), name.trim(), value.trim()).map_err(|error| error.to_string())?;
    }
    Ok(options)
}

/// A document with its name and its schema, where that is known.
fn named(found: &Found) -> Named<'_> {
    let document = &found.opened.document;
    let schema = found.opened.schema.as_ref().or_else(|| {
        let named = &document.header().schema;
        builtin(&named.name).filter(|schema| schema.version == named.version)
    });
    Named { name: &found.name, document, schema }
}

/// One loss in the report.
#[derive(serde::Serialize)]
struct Reported<'a> {
    file: String,
    id: Option<&'a str>,
    treatment: &'static str,
    what: &'a str,
}

fn write_report(path: &Path, losses: &[(&Path, Vec<Loss>)]) -> io::Result<()> {
    let mut lines = String::new();
    for (file, losses) in losses {
        for loss in losses {
            let reported = Reported {
                file: file.display().to_string(),
                id: loss.id.as_ref().map(crate::model::Id::as_str),
                treatment: loss.treatment.into(),
                what: &loss.what,
            };
            lines.push_str(&serde_json::to_string(&reported)?);
            lines.push('\n');
        }
    }
    write_atomically(path, lines.as_bytes())
}

fn line(file: &Path, loss: &Loss) -> String {
    match &loss.id {
        Some(id) => format!("{}: {id}: {}", file.display(), loss.what),
        None => format!("{}: {}", file.display(), loss.what),
    }
}

fn tell_losses(format: &dyn Format, losses: &[(&Path, Vec<Loss>)], console: &mut Console<'_>) -> io::Result<usize> {
    let count = losses.iter().map(|(_, losses)| losses.len()).sum();
    if count == 0 {
        return Ok(0);
    }
    writeln!(console.err, "{} cannot hold everything:", format.info().name)?;
    for (file, losses) in losses {
        for loss in losses.iter().take(LOSSES_SHOWN) {
            writeln!(console.err, "{}", line(file, loss))?;
        }
        if let Some(more) = losses.len().checked_sub(LOSSES_SHOWN).filter(|more| *more > 0) {
            writeln!(console.err, "{}: and {more} more (--loss-report FILE lists all)", file.display())?;
        }
    }
    Ok(count)
}

fn written(format: &dyn Format, found: &[Found], options: &Options) -> Result<Vec<OutputFile>, String> {
    let named: Vec<Named<'_>> = found.iter().map(named).collect();
    format.write(&named, options).map_err(|error| error.to_string())
}

/// Decides where each file goes, and refuses to replace what should not be replaced.
fn place(
    command: &Convert,
    format: &dyn Format,
    files: Vec<OutputFile>,
    found: &[Found],
) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
    let output = &command.output;
    let ends_like_folder = output.as_os_str().as_encoded_bytes().ends_with(std::path::MAIN_SEPARATOR_STR.as_bytes());
    let has_folder_input = command.inputs.paths.iter().any(|path| path.is_dir());
    let is_folder = output.is_dir()
        || ends_like_folder
        || files.len() > 1
        || (has_folder_input && format.info().joins == Joins::Apart);
    if is_folder && output.is_file() {
        return Err(format!(
            "{}: this is a file, but {} files are to be written (name a folder)",
            output.display(),
            files.len()
        ));
    }
    let mut placed: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for file in files {
        let path = if is_folder { output.join(&file.name) } else { output.clone() };
        if placed.insert(path.clone(), file.bytes).is_some() {
            return Err(format!("{}: two documents would be written there (convert them one by one)", path.display()));
        }
    }
    for (path, bytes) in &placed {
        let Ok(existing) = fs::read(path) else { continue };
        if existing == *bytes || command.overwrite {
            continue;
        }
        let is_input = |f: &Found| same_file(&f.path, path);
        return Err(if found.iter().any(is_input) {
            format!("{}: this is the input; nothing was written (choose another name, or --overwrite)", path.display())
        } else {
            format!("{}: this file exists; nothing was written (choose another name, or --overwrite)", path.display())
        });
    }
    Ok(placed.into_iter().collect())
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn write_all(placed: &[(PathBuf, Vec<u8>)]) -> Result<usize, String> {
    let mut count = 0;
    for (path, bytes) in placed {
        let failed =
            |error: io::Error| format!("{}: {error} ({count} of {} files were written)", path.display(), placed.len());
        if fs::read(path).is_ok_and(|existing| existing == *bytes) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        write_atomically(path, bytes).map_err(failed)?;
        count += 1;
    }
    Ok(count)
}
