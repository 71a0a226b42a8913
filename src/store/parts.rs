//! Large files of many documents, opened piece by piece.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::formats::watch::Unwatched;

use super::open::{OpenError, OpenOptions, Opened, open_bytes};
use crate::formats::pieces::Cut;
use crate::formats::{self, Format};
use crate::model::Problem;

/// Files that are smaller are read at once.
const LARGE: u64 = 8 << 20;

/// Bytes of a piece, or a little more.
const PIECE: u64 = 1 << 20;

/// Bytes from which the format of a large file is told.
const START: u64 = 1 << 18;

/// A large file that is opened piece by piece.
pub struct Parts {
    path: PathBuf,
    format: &'static dyn Format,
    cut: Cut,
}

impl Parts {
    /// The pieces of a file; `None` if it is small, cannot be cut, or cannot be read (which is told when it is opened).
    pub fn of(path: &Path, options: &OpenOptions) -> Option<Self> {
        Self::larger_than(path, options, LARGE, PIECE)
    }

    fn larger_than(path: &Path, options: &OpenOptions, large: u64, piece: u64) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        let is_utf8 = |label: &String| label.to_ascii_lowercase().replace('-', "") == "utf8";
        if !metadata.is_file() || metadata.len() < large || !options.encoding.as_ref().is_none_or(is_utf8) {
            return None;
        }
        let mut file = File::open(path).ok()?;
        let format = match &options.format {
            Some(id) => formats::by_id(id)?,
            None => {
                let mut start = Vec::new();
                (&mut file).take(START).read_to_end(&mut start).ok()?;
                // A line that is cut in two says nothing.
                let whole = start.iter().rposition(|b| *b == b'\n').unwrap_or(0);
                start.truncate(whole);
                formats::detect(Some(path), &start)?
            }
        };
        file.seek(SeekFrom::Start(0)).ok()?;
        let cut = format.cut(&mut file, piece).ok()??;
        (cut.pieces.len() > 1).then(|| Self { path: path.to_owned(), format, cut })
    }

    /// How many pieces there are.
    pub fn count(&self) -> usize {
        self.cut.pieces.len()
    }

    /// How many documents there are at most.
    pub fn documents(&self) -> usize {
        self.cut.documents
    }

    /// How many documents there are at most before a piece (from 0).
    pub fn documents_before(&self, nth: usize) -> usize {
        self.cut.pieces.get(nth).map_or(self.cut.documents, |piece| piece.documents_before)
    }

    /// Opens the documents of a piece (from 0). Lines are those of the file.
    ///
    /// # Errors
    /// [`OpenError`] with every problem, if the piece cannot be opened without loss.
    pub fn open(&self, nth: usize, options: &OpenOptions) -> Result<Vec<Opened>, OpenError> {
        let Some(piece) = self.cut.pieces.get(nth) else { return Ok(Vec::new()) };
        let in_file = |mut problem: Problem| {
            problem.place.line = problem.place.line.map(|line| self.cut.line_in_file(piece, line));
            problem
        };
        let bytes = self.bytes(&piece.bytes).map_err(|error| {
            let problem = Problem::error("not-readable", format!("the file cannot be read: {error}"), "try again");
            OpenError { path: self.path.clone(), problems: vec![problem.in_file(&self.path)] }
        })?;
        let options = OpenOptions { format: Some(self.format.info().id.to_owned()), ..options.clone() };
        match open_bytes(&self.path, &bytes, &options, &Unwatched) {
            Ok(mut all) => {
                for opened in &mut all {
                    opened.line = opened.line.map(|line| self.cut.line_in_file(piece, line));
                    opened.problems = std::mem::take(&mut opened.problems).into_iter().map(in_file).collect();
                }
                Ok(all)
            }
            Err(OpenError { path, problems }) => {
                Err(OpenError { path, problems: problems.into_iter().map(in_file).collect() })
            }
        }
    }

    fn bytes(&self, range: &Range<u64>) -> io::Result<Vec<u8>> {
        let mut file = File::open(&self.path)?;
        let mut bytes = Vec::new();
        for range in [&self.cut.head, range] {
            file.seek(SeekFrom::Start(range.start))?;
            let length = range.end - range.start;
            if (&mut file).take(length).read_to_end(&mut bytes)? as u64 != length {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter meanwhile"));
            }
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open_all;

    fn told(all: &[Opened]) -> Vec<(String, Option<usize>)> {
        all.iter().map(|opened| (opened.document.text().as_str().to_owned(), opened.line)).collect()
    }

    #[test]
    fn pieces_are_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let row = |i: usize| format!("{i},\"Text {i}\n\nof \"\"Anna\"\", 😀\"\n");
        let rows = (0..50).map(row).collect::<Vec<_>>().concat();
        let line = |i: usize| format!("{{\"text\": \"Text {i} of Anna\", \"id\": {i}}}\n\n");
        let lines = (0..50).map(line).collect::<Vec<_>>().concat();
        for (name, content) in [("a.csv", format!("id,text\n{rows}")), ("a.jsonl", lines)] {
            let path = folder.path().join(name);
            std::fs::write(&path, content).expect("writable");
            let options = OpenOptions::default();
            let whole = open_all(&path, &options).expect("opens");
            for size in [1, 20, 100, 333] {
                let parts = Parts::larger_than(&path, &options, 1, size).expect("cut");
                let all: Vec<Opened> =
                    (0..parts.count()).flat_map(|nth| parts.open(nth, &options).expect("opens")).collect();
                assert_eq!(told(&all), told(&whole), "{name} {size}");
                assert_eq!(parts.documents(), whole.len());
            }
            assert!(Parts::of(&path, &options).is_none(), "small files are read at once");
        }
    }

    #[test]
    fn problems_have_the_lines_of_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jsonl");
        let good = "{\"text\": \"Anna met Bob\"}\n";
        std::fs::write(&path, format!("{}{{broken\n{good}", good.repeat(9))).expect("writable");
        let options = OpenOptions::default();
        let parts = Parts::larger_than(&path, &options, 1, 40).expect("cut");
        let problems = (0..parts.count()).flat_map(|nth| match parts.open(nth, &options) {
            Ok(all) => all.into_iter().flat_map(|opened| opened.problems).collect(),
            Err(error) => error.problems,
        });
        assert_eq!(problems.map(|p| p.place.line).collect::<Vec<_>>(), [Some(10)]);
    }
}
