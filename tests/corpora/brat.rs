//! brat: the tutorials of its authors, events of commodity news, and entities, events and coreference of novels.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use manicule::formats::brat::Brat;
use manicule::formats::{Companions, Format, Input, Named, Options, Read};
use manicule::model::{Document, Severity};

/// The folder that a file is in, and files that were written.
struct Folder(BTreeMap<PathBuf, Vec<u8>>);

impl Companions for Folder {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.get(path).map_or_else(|| std::fs::read(path), |bytes| Ok(bytes.clone()))
    }
}

fn read(path: &Path, bytes: &[u8], folder: &Folder) -> Read {
    let input = Input { path: Some(path), companions: folder, ..Input::of_bytes(bytes) };
    let mut read = Brat.read(&input).unwrap_or_else(|problems| panic!("{}: {problems:#?}", path.display()));
    assert!(read[0].problems.iter().all(|problem| problem.severity == Severity::Warning));
    read.remove(0)
}

/// The lines of a file but for their numbers: what must come back.
fn essence(document: &Document) -> Vec<String> {
    let of = |id: &manicule::model::Id| format!("{} {}", document.label_of(id), document.excerpt_of(id));
    let mut lines: Vec<String> = Vec::new();
    for m in document.mentions().values() {
        let entity =
            m.entity.as_ref().and_then(|id| document.entities().get(id)).map(|n| (&n.name, &n.link, &n.r#type));
        lines.push(format!("{} {:?} {:?} {:?} {entity:?}", m.label, m.spans, m.attributes, m.note));
    }
    for e in document.events().values() {
        let arguments: Vec<String> = (e.arguments.iter())
            .map(|a| format!("{}={}", a.role, a.filler.target().map_or_else(|| format!("{:?}", a.filler), of)))
            .collect();
        lines.push(format!("{} {:?} {arguments:?} {:?} {:?}", e.r#type, e.trigger, e.attributes, e.note));
    }
    for r in document.relations().values() {
        lines.push(format!("{} {} {} {:?} {:?}", r.label, of(&r.from), of(&r.to), r.attributes, r.note));
    }
    lines.sort();
    lines
}

fn count(lines: &str, kind: char) -> usize {
    lines.lines().filter(|line| line.starts_with(kind)).count()
}

/// Reads, writes and reads every file again; the counts of `T`, `E`, `R` and attribute lines.
fn through(name: &str, folder: &Path) -> Option<[usize; 4]> {
    let mut total = [0; 4];
    let mut entities = 0;
    let mut warnings: BTreeMap<&str, usize> = BTreeMap::new();
    let files = super::files(folder, ".ann");
    for path in &files {
        let bytes = std::fs::read(path).expect("a file");
        let first = read(path, &bytes, &Folder(BTreeMap::new()));
        for problem in &first.problems {
            *warnings.entry(problem.code).or_default() += 1;
        }
        let named = Named { name: "doc", document: &first.document, schema: first.schema.as_ref() };
        let written = Brat.write(&[named], &Options::default()).expect("writable");
        let beside: BTreeMap<PathBuf, Vec<u8>> =
            written.iter().map(|file| (path.with_file_name(&file.name), file.bytes.clone())).collect();
        let second = read(&path.with_file_name("doc.ann"), &written[0].bytes, &Folder(beside));
        assert_eq!(second.document.text(), first.document.text(), "{}", path.display());
        assert_eq!(essence(&second.document), essence(&first.document), "{}", path.display());
        let (own, again) = (String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&written[0].bytes));
        for (n, kinds) in [&['T'][..], &['E'], &['R'], &['A', 'M']].into_iter().enumerate() {
            let of = |lines: &str| kinds.iter().map(|kind| count(lines, *kind)).sum::<usize>();
            total[n] += of(&own);
            // Triggers are shared by the events of one type on the same words, whether they were in the file or not.
            if n > 0 {
                assert_eq!(of(&own), of(&again), "{kinds:?} of {}", path.display());
            }
        }
        entities += second.document.entities().len();
    }
    let [words, events, relations, attributes] = total;
    println!(
        "{name}: {} documents, {words} spans, {events} events, {relations} relations, {attributes} attributes, {entities} \
         entities came back; warnings {warnings:?}",
        files.len()
    );
    (!files.is_empty()).then_some(total)
}

#[test]
fn tutorials_of_brat_come_back() {
    let Some(folder) = super::corpus("brat-example-data") else { return };
    through("brat-example-data", &folder).expect("files");
}

#[test]
fn commodity_news_come_back() {
    let Some(folder) = super::corpus("crudeoil-events") else { return };
    let [words, events, _, attributes] = through("crudeoil-events", &folder).expect("files");
    assert_eq!((words, events, attributes), (1273, 366, 100));
}

#[test]
fn novels_come_back() {
    let Some(folder) = super::corpus("litbank") else { return };
    for part in ["entities/brat", "events/brat", "coref/brat"] {
        through(&format!("litbank/{part}"), &folder.join(part)).expect("files");
    }
}
