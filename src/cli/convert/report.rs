//! Reports of losses and of what was not understood: JSON Lines, written as the run goes on.

use std::fmt::Display;
use std::io::{self, BufWriter, Write as _};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use atomic_write_file::AtomicWriteFile;
use serde::Serialize;

use crate::formats::Loss;
use crate::model::{Problem, Severity};

/// What a report lists.
pub trait Listed {
    /// As it is called in messages.
    const NAME: &'static str;
}

/// What a format cannot hold.
pub struct LossReport;

/// What was not understood while reading.
pub struct ImportReport;

impl Listed for LossReport {
    const NAME: &'static str = "loss report";
}

impl Listed for ImportReport {
    const NAME: &'static str = "import report";
}

/// A file that is being written, or nothing if no report was asked for. It appears when it is finished.
pub struct Report<T> {
    file: Option<(PathBuf, BufWriter<AtomicWriteFile>)>,
    of: PhantomData<T>,
}

impl<T: Listed> Report<T> {
    fn failed(path: &Path, error: impl Display) -> String {
        format!("{}: error: the {} cannot be written: {error}", path.display(), T::NAME)
    }

    /// Begins a report.
    ///
    /// # Errors
    /// In words, if the file cannot be written.
    pub fn open(path: Option<&Path>) -> Result<Self, String> {
        let open = |path: &Path| {
            let file = AtomicWriteFile::open(path).map_err(|error| Self::failed(path, error))?;
            Ok::<_, String>((path.to_owned(), BufWriter::new(file)))
        };
        Ok(Self { file: path.map(open).transpose()?, of: PhantomData })
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let Some((_, file)) = &mut self.file else { return Ok(()) };
        serde_json::to_writer(&mut *file, value)?;
        file.write_all(b"\n")
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// In words.
    pub fn finish(self) -> Result<(), String> {
        let Some((path, file)) = self.file else { return Ok(()) };
        let written = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(AtomicWriteFile::commit);
        written.map_err(|error| Self::failed(&path, error))
    }
}

/// One loss.
#[derive(Serialize)]
struct LossLine<'a> {
    file: String,
    id: Option<&'a str>,
    treatment: &'static str,
    what: &'a str,
}

impl Report<LossReport> {
    /// Lists what would be lost of a document of `file`.
    ///
    /// # Errors
    /// Those of writing.
    pub fn put_all(&mut self, file: &Path, losses: &[Loss]) -> io::Result<()> {
        for loss in losses {
            self.line(&LossLine {
                file: file.display().to_string(),
                id: loss.id.as_ref().map(crate::model::Id::as_str),
                treatment: loss.treatment.into(),
                what: &loss.what,
            })?;
        }
        Ok(())
    }
}

/// One thing that was not understood.
#[derive(Serialize)]
struct ImportLine<'a> {
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    id: Option<&'a str>,
    severity: &'static str,
    code: &'a str,
    what: &'a str,
    hint: &'a str,
}

impl Report<ImportReport> {
    /// Lists a problem.
    ///
    /// # Errors
    /// Those of writing.
    pub fn put(&mut self, problem: &Problem) -> io::Result<()> {
        let place = &problem.place;
        self.line(&ImportLine {
            file: place.file.as_ref().map(|file| file.display().to_string()),
            line: place.line,
            column: place.column,
            id: place.id.as_ref().map(crate::model::Id::as_str),
            severity: match problem.severity {
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            code: problem.code,
            what: &problem.message,
            hint: &problem.hint,
        })
    }
}
