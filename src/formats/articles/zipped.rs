//! Archives of files of any format. Each file in it is read as if it lay in a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::Reader;
use super::archive::{self, Archive, confined};
use crate::formats::{self, Companions, Input, Likeness, Options, Read};
use crate::model::Problem;

/// See the module.
pub struct Zip;

impl Reader for Zip {
    const ID: &'static str = "zip";
    const NAME: &'static str = "ZIP archive of files of any format";
    const EXTENSIONS: &'static [&'static str] = &["zip"];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        let is_other = archive::mimetype(bytes).is_some() || archive::holds(bytes, "[Content_Types].xml");
        if archive::is_archive(bytes) && !is_other { Likeness::Maybe } else { Likeness::No }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        read(input)
    }
}

/// The files of an archive as files beside one another. Each is unpacked when it is asked for.
struct Inside<'a> {
    archive: Mutex<Archive<'a>>,
    /// Confined paths and numbers in the archive.
    paths: BTreeMap<PathBuf, usize>,
    asked: Mutex<BTreeSet<PathBuf>>,
}

impl Companions for Inside<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = confined(path).ok_or(io::ErrorKind::NotFound)?;
        let index = self.paths.get(&path).ok_or(io::ErrorKind::NotFound)?;
        let mut archive = self.archive.lock().map_err(|_| io::ErrorKind::Other)?;
        let bytes = archive.read_at(*index).map_err(|problem| io::Error::other(problem.message))?;
        if let Ok(mut asked) = self.asked.lock() {
            asked.insert(path);
        }
        Ok(bytes)
    }
}

fn read(input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
    let mut archive = Archive::open(input.bytes).map_err(|problem| vec![problem])?;
    let (entries, mut problems) = archive.entries();
    let mut paths = BTreeMap::new();
    for entry in entries {
        let Some(path) = confined(Path::new(&entry.name.replace('\\', "/"))) else { continue };
        // What programs and systems leave in archives.
        let is_hidden = path.iter().any(|part| {
            let part = part.to_string_lossy();
            part.starts_with('.') || part == "__MACOSX" || part == "Thumbs.db"
        });
        if !is_hidden {
            paths.insert(path, entry.index);
        }
    }
    let inside = Inside { archive: Mutex::new(archive), paths, asked: Mutex::default() };
    let mut found: Vec<(PathBuf, Vec<Read>)> = Vec::new();
    let (mut left, mut broken) = (Vec::new(), Vec::new());
    for path in inside.paths.keys() {
        match file(&inside, path, input.encoding) {
            Ok(Some(read)) => found.push((path.clone(), read)),
            Ok(None) => left.push(path.display().to_string()),
            Err(refused) => broken.push((path.clone(), refused)),
        }
    }
    // The text of a file with annotations is no document of its own, nor is its type system.
    let asked = inside.asked.into_inner().unwrap_or_default();
    found.retain(|(path, _)| !asked.contains(path));
    for (path, refused) in broken.into_iter().filter(|(path, _)| !asked.contains(path)) {
        problems.extend(refused.into_iter().map(|problem| named(problem, &path)));
    }
    if !left.is_empty() {
        let message = format!("files that are no documents are left out: {}", left.join(", "));
        problems.push(Problem::warning("left-out", message, "manicule formats lists what can be read"));
    }
    let mut all = Vec::new();
    for (path, read) in found {
        for mut read in read {
            read.problems = read.problems.into_iter().map(|problem| named(problem, &path)).collect();
            all.push(read);
        }
    }
    match all.first_mut() {
        Some(first) => {
            first.problems.splice(0..0, problems);
            Ok(all)
        }
        None => {
            problems.push(Problem::error("no-text", "there is no document in the archive", "choose another archive"));
            Err(problems)
        }
    }
}

/// The documents of a file; `None` if no format reads it.
fn file(inside: &Inside<'_>, path: &Path, encoding: Option<&str>) -> Result<Option<Vec<Read>>, Vec<Problem>> {
    if formats::by_name(path).next().is_none() {
        return Ok(None);
    }
    let bytes = {
        let index = inside.paths.get(path).copied().unwrap_or(usize::MAX);
        let mut archive = inside.archive.lock().map_err(|_| Vec::new())?;
        archive.read_at(index).map_err(|problem| vec![problem])?
    };
    let Some(format) = formats::detect(Some(path), &bytes) else { return Ok(None) };
    if format.info().id == Zip::ID {
        let message = "an archive inside an archive is not unpacked";
        return Err(vec![Problem::error("nested-archive", message, "unpack it first")]);
    }
    format.read(&Input { path: Some(path), encoding, companions: inside, ..Input::of_bytes(&bytes) }).map(Some)
}

/// Says which file of the archive it is about.
fn named(mut problem: Problem, path: &Path) -> Problem {
    problem.message = format!("{}: {}", path.display(), problem.message);
    problem
}

#[cfg(test)]
mod tests {
    use super::super::tests::zipped;
    use super::*;
    use crate::formats::Format as _;

    #[test]
    fn files_of_all_formats_are_read_in_order() {
        let bytes = zipped(&[
            ("b/two.html", b"<html><body><p>Two in a page.</p></body></html>"),
            ("a.txt", b"One as text."),
            ("picture.png", b"\x89PNG\r\n\x1a\n\0\0"),
            ("__MACOSX/a.txt", b"x"),
            ("../climbs.txt", b"x"),
            ("inner.zip", b"PK\x03\x04"),
        ]);
        assert_eq!(Zip.sniff(&bytes), Likeness::Maybe);
        let read = Zip.read(&Input::of_bytes(&bytes)).expect("opens");
        let texts: Vec<_> = read.iter().map(|r| r.document.text().as_str()).collect();
        assert_eq!(texts, ["One as text.", "Two in a page."]);
        let codes: Vec<_> = read[0].problems.iter().map(|p| p.code).collect();
        assert_eq!(codes, ["path-climbs", "nested-archive", "left-out"]);
    }

    #[test]
    fn links_second_names_and_names_of_other_systems_are_left_out() {
        use std::io::Write as _;
        use zip::write::SimpleFileOptions;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in ["a.txt", "./a.txt", "B.txt", "b.txt", "/etc/x.txt", "C:\\x.txt", "a\0b.txt", "..\\..\\x.txt"] {
            zip.start_file(name, SimpleFileOptions::default()).expect("a name");
            zip.write_all(name.as_bytes()).expect("memory");
        }
        zip.add_symlink("link.txt", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
        let bytes = zip.finish().expect("memory").into_inner();
        let read = Zip.read(&Input::of_bytes(&bytes)).expect("opens");
        let texts: Vec<_> = read.iter().map(|r| r.document.text().as_str()).collect();
        // Names that differ by case are two files here, and numbered ones where they are written.
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert!(texts.contains(&"B.txt") && texts.contains(&"b.txt"));
        let count = |code: &str| read[0].problems.iter().filter(|p| p.code == code).count();
        assert_eq!((count("link-in-archive"), count("duplicate-name")), (1, 1), "{:?}", read[0].problems);
        assert_eq!(count("path-climbs"), 4, "{:?}", read[0].problems);
    }

    #[test]
    fn what_was_packed_too_well_is_refused() {
        let letter = vec![b'a'; usize::try_from(super::super::limits::UNPACKED_SMALL).expect("small") + 1];
        let bytes = zipped(&[("a.txt", &letter)]);
        let problems = Zip.read(&Input::of_bytes(&bytes)).expect_err("refused");
        assert!(problems[0].code == "too-large" && problems[0].message.starts_with("a.txt: "), "{problems:?}");
        assert!(Zip.read(&Input::of_bytes(&zipped(&[("a.txt", &letter[1..])]))).is_ok());
    }

    #[test]
    fn bombs_are_refused() {
        use super::super::limits;
        let zeros = vec![b'a'; usize::try_from(limits::UNPACKED_FILE).expect("small") + 1];
        let bytes = zipped(&[("a.txt", &zeros)]);
        assert!(bytes.len() < 1 << 20);
        assert_eq!(Zip.read(&Input::of_bytes(&bytes)).expect_err("refused")[0].code, "too-large");
    }

    #[test]
    fn broken_archives_are_refused() {
        let bytes = zipped(&[("a.txt", b"One as text.")]);
        for length in 0..bytes.len() {
            assert!(Zip.read(&Input::of_bytes(&bytes[..length])).is_err(), "{length}");
        }
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0xff;
            let _ = Zip.read(&Input::of_bytes(&bytes));
        }
    }
}
