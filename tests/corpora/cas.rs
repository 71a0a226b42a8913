//! UIMA CAS: the files on which a Python library for it is tested, and those of `INCEpTION`'s own writer.

use std::path::{Path, PathBuf};

use manicule::formats::cas::{CasJson, Xmi};
use manicule::formats::webanno_tsv::WebannoTsv;
use manicule::formats::{Companions, Format, Input, Named, Options, Read};
use manicule::model::{Annotation, Document, Problem};

/// Files that were written, or a type system that lies elsewhere.
struct Beside(Vec<(PathBuf, Vec<u8>)>);

impl Companions for Beside {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let found = self.0.iter().find(|(name, _)| name.file_name() == path.file_name());
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
}

fn read(format: &dyn Format, path: &Path, bytes: &[u8], beside: &Beside) -> Result<Read, Vec<Problem>> {
    let input = Input { path: Some(path), companions: beside, ..Input::of_bytes(bytes) };
    format.read(&input).map(|mut all| all.remove(0))
}

fn essence(document: &Document) -> Vec<String> {
    let of = |id: &manicule::model::Id| format!("{} {:?}", document.label_of(id), document.spans_of(id));
    let mut lines: Vec<String> = Vec::new();
    for m in document.mentions().values() {
        let entity = m.entity.as_ref().and_then(|id| document.entities().get(id));
        let entity = entity.map(|n| (&n.r#type, &n.name, &n.link, document.mention_count_of(&n.id)));
        lines.push(format!("{} {:?} {:?} {:?} {entity:?}", m.label, m.spans, m.attributes, m.note));
    }
    for e in document.events().values() {
        let filler = |a: &manicule::model::Argument| match a.filler.target() {
            Some(id) => format!("{} {}", a.role, of(id)),
            None => format!("{a:?}"),
        };
        let arguments: Vec<String> = e.arguments.iter().map(filler).collect();
        lines.push(format!("{} {:?} {arguments:?} {:?}", e.r#type, e.anchors(), e.attributes));
    }
    for r in document.relations().values() {
        lines.push(format!("{} {} {} {:?}", r.label, of(&r.from), of(&r.to), r.attributes));
    }
    lines.sort();
    lines
}

#[derive(Default)]
struct Sum {
    documents: usize,
    counts: [usize; 4],
    warnings: usize,
}

impl Sum {
    /// Writes what was read in both forms and reads it again.
    fn through(&mut self, name: &str, first: &Read) {
        let d = &first.document;
        self.documents += 1;
        self.warnings += first.problems.len();
        let of_kinds = [d.mentions().len(), d.events().len(), d.relations().len(), d.entities().len()];
        for (count, n) in self.counts.iter_mut().zip(of_kinds) {
            *count += n;
        }
        for format in [&CasJson as &dyn Format, &Xmi] {
            let named = Named { name: "doc", document: d, schema: None };
            let files = format.write(&[named], &Options::default()).expect("writable");
            let beside = Beside(files.iter().map(|file| (file.name.clone(), file.bytes.clone())).collect());
            let second = read(format, &files[0].name, &files[0].bytes, &beside)
                .unwrap_or_else(|problems| panic!("{name}: {problems:#?}"));
            assert_eq!(second.document.text(), d.text(), "{name}");
            assert_eq!(essence(&second.document), essence(d), "{name}");
            assert_eq!(second.document.header().metadata, d.header().metadata, "{name}");
            assert!(second.problems.is_empty(), "{name}: {:#?}", second.problems);
            assert!(format.losses(d, &Options::default()).iter().all(|loss| loss.id.is_none()), "{name}");
        }
    }

    fn print(&self, name: &str) {
        let [mentions, events, relations, entities] = self.counts;
        println!(
            "{name}: {} documents, {mentions} mentions, {events} events, {relations} relations, {entities} entities came \
             back; {} warnings",
            self.documents, self.warnings
        );
    }
}

/// The type system of a file of the library's tests.
fn type_system(stem: &str) -> &'static str {
    match stem {
        "cas_has_fs_with_no_namespace" => "typesystem_has_types_with_no_namespace",
        "cas_with_array_features" => "typesystem_with_array_features",
        "cas_with_collections" => "typesystem_with_collections",
        "cas_with_floating_point_special_values" => "typesystem_with_floating_points",
        "cas_with_inheritance" => "typesystem_with_inheritance",
        "cas_with_list_features" => "typesystem_with_list_features",
        "cas_with_multiple_references_allowed_string_array" => "typesystem_with_multiple_references_allowed",
        "cas_with_reserved_names" => "typesystem_with_reserved_names",
        "cas_with_empty_array_reference" | "cas_with_nonindexed_fs" | "cas_with_references" => "important_dkpro_types",
        "cas_with_smileys" => "inception_typesystem",
        _ => "small_typesystem",
    }
}

/// Files of the library without a text: there is no article in them.
const WITHOUT_TEXT: &[&str] = &["cas_with_array_features", "cas_with_list_features", "child_type_before_parent"];

#[test]
fn the_fixtures_of_cassis_come_back() {
    let Some(folder) = super::corpus("cassis-fixtures") else { return };
    let (mut xmi, mut json, mut without) = (Sum::default(), Sum::default(), 0);
    for ending in [".xmi", ".json"] {
        for path in super::files(&folder, ending) {
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).expect("a file");
            let own = path.with_file_name(format!("{stem}-typesystem.xml"));
            let known = folder.join("typesystems").join(format!("{}.xml", type_system(&stem)));
            let types = std::fs::read(&own).or_else(|_| std::fs::read(known)).expect("a type system");
            let beside = Beside(vec![("TypeSystem.xml".into(), types)]);
            let format: &dyn Format = if ending == ".xmi" { &Xmi } else { &CasJson };
            assert_eq!(format.sniff(&bytes), manicule::formats::Likeness::Yes, "{}", path.display());
            match read(format, &path, &bytes, &beside) {
                Ok(first) => {
                    let sum = if ending == ".xmi" { &mut xmi } else { &mut json };
                    sum.through(&path.display().to_string(), &first);
                }
                Err(problems) => {
                    assert!(WITHOUT_TEXT.contains(&stem.as_str()), "{}: {problems:#?}", path.display());
                    assert_eq!(problems.last().map(|p| p.code), Some("no-text"), "{problems:#?}");
                    without += 1;
                }
            }
        }
    }
    xmi.print("cassis-fixtures, XMI");
    json.print("cassis-fixtures, JSON");
    println!("cassis-fixtures: {without} files without a text refused");
    assert!(xmi.documents > 0 && json.documents > 0 && without == WITHOUT_TEXT.len());
}

#[test]
fn the_suite_of_inception_comes_back_and_has_as_much_as_its_tables() {
    let Some(folder) = super::corpus("inception-tsv3-suite") else { return };
    let (mut sum, mut tables) = (Sum::default(), 0);
    for path in super::files(&folder, ".xmi") {
        let bytes = std::fs::read(&path).expect("a file");
        let first = read(&Xmi, &path, &bytes, &Beside(Vec::new()))
            .unwrap_or_else(|problems| panic!("{}: {problems:#?}", path.display()));
        sum.through(&path.display().to_string(), &first);
        // The same document as a table. Some of its layers have other names there, and white space at ends is taken off.
        // Which layers have slots is not in these files where none is filled.
        let Ok(table) = std::fs::read(path.with_extension("tsv")) else { continue };
        let table = WebannoTsv.read(&Input::of_bytes(&table)).expect("readable").remove(0);
        let counts = |d: &Document| (d.mentions().len() + d.events().len(), d.relations().len(), d.entities().len());
        assert_eq!(counts(&table.document), counts(&first.document), "{}", path.display());
        tables += 1;
    }
    sum.print("inception-tsv3-suite, XMI");
    println!("inception-tsv3-suite: {tables} have as much as their tables");
    let [mentions, events, relations, entities] = sum.counts;
    assert!(mentions > 0 && events > 0 && relations > 0 && entities > 0);
}
