//! `WebAnno` TSV: the suite of `INCEpTION`'s own writer.

use manicule::formats::webanno_tsv::WebannoTsv;
use manicule::formats::{Format, Input, Named, Options, Read};
use manicule::model::{Annotation, Document};

fn read(name: &str, bytes: &[u8]) -> Read {
    let input = Input::of_bytes(bytes);
    WebannoTsv.read(&input).unwrap_or_else(|problems| panic!("{name}: {problems:#?}")).remove(0)
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

#[test]
fn the_suite_of_inception_comes_back() {
    let Some(folder) = super::corpus("inception-tsv3-suite") else { return };
    let (mut counts, mut warnings) = ([0; 4], 0);
    let files = super::files(&folder, ".tsv");
    for path in &files {
        let name = path.display().to_string();
        let first = read(&name, &std::fs::read(path).expect("a file"));
        warnings += first.problems.len();
        let named = Named { name: "doc", document: &first.document, schema: None };
        let written = WebannoTsv.write(&[named], &Options::default()).expect("writable");
        let second = read(&name, &written[0].bytes);
        let d = &first.document;
        assert_eq!(second.document.text(), d.text(), "{name}");
        assert_eq!(essence(&second.document), essence(d), "{name}");
        assert!(WebannoTsv.losses(d, &Options::default()).iter().all(|loss| loss.id.is_none()), "{name}");
        for (count, n) in
            counts.iter_mut().zip([d.mentions().len(), d.events().len(), d.relations().len(), d.entities().len()])
        {
            *count += n;
        }
    }
    let [mentions, events, relations, entities] = counts;
    println!(
        "inception-tsv3-suite: {} documents, {mentions} mentions, {events} events, {relations} relations, {entities} entities \
         came back; {warnings} warnings",
        files.len()
    );
    assert!(!files.is_empty() && mentions > 0 && events > 0 && relations > 0 && entities > 0);
}
