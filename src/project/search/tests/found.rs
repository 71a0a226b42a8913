use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::*;
use crate::model::test_support::{entity, event, mention, quote};
use crate::model::{Argument, AttributeValue, Document, Filler, Header, Id, Status};
use crate::project::adding::{self, Adding, Known as KnownTexts};
use crate::project::index::{Index, IndexPlace};
use crate::project::{Name, Project, default_schema};
use crate::store::disk::Disk;
use crate::store::{OnDisk, SaveOptions, save};
use crate::text::Span;

const TALKS: &str = "Armenia and Azerbaijan met in Arlington. “We want peace”, said Anna Berg of Armenia.\n";
const KYIV: &str =
    "Ärger in Kyiv: der CEASEFIRE hält nicht.\nThe\n  ceasefire failed; a ceasefire-like pause, ceasefires.\n";
const STRASSE: &str = "ÇA VA? İstanbul und die STRASSE; 亚美尼亚外长说。\n";

struct Made {
    _folder: tempfile::TempDir,
    project: Project,
    place: IndexPlace,
}

fn name(name: &str) -> Name {
    Name::new(name).expect("a name")
}

fn layer(project: &Project, folder: &str, document: &str, change: impl FnOnce(&Document) -> Document) {
    let fresh = project.fresh(&name(document), Some("Anna")).expect("opens").document;
    let changed = change(&fresh);
    let path = project.layout.layer_of(&name(folder), &name(document));
    fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
    save(&changed, &path, &SaveOptions::over(OnDisk::Any)).expect("writable");
}

/// Where some words stand in a text.
fn at(text: &str, words: &str) -> (u32, u32) {
    let start = text.find(words).expect("there") as u32;
    (start, start + words.len() as u32)
}

/// Three documents, with a layer of Anna's and one of Bob's over the first.
fn made() -> Made {
    let folder = tempfile::tempdir().expect("temporary folder");
    let project = Project::create(&folder.path().join("p"), "P", &default_schema()).expect("writable");
    let project = project.with_annotator("Anna").and_then(|project| project.with_annotator("Bob")).expect("writable");
    let from = tempfile::tempdir().expect("temporary folder");
    for (name, text) in [("a.txt", TALKS), ("b.txt", KYIV), ("c.txt", STRASSE)] {
        fs::write(from.path().join(name), text).expect("writable");
    }
    let adding = Adding { sources: vec![from.path().to_owned()], ..Adding::default() };
    let known = KnownTexts::read(&project).expect("readable");
    let project = adding::add(&Disk::default(), &project, known, &adding, |_| true).expect("writable").0;
    layer(&project, "anna", "a", |fresh| {
        let mut armenia = entity("n1", "Country", "Armenia");
        armenia.aliases = vec!["Republic of  Armenia".into()];
        armenia.link = Some("wikidata:Q399".into());
        let mut country = mention("m1", "Country", &[at(TALKS, "Armenia")]);
        country.entity = Some(Id::from("n1"));
        let other = mention("m2", "Country", &[at(TALKS, "Azerbaijan")]);
        let place = mention("m3", "Place", &[at(TALKS, "Arlington")]);
        let person = mention("m4", "Person", &[at(TALKS, "Anna Berg")]);
        let mut talks = event("e1", "Consult", &[at(TALKS, "met")]);
        talks.arguments =
            ["m1", "m2"].map(|id| Argument { role: "Actor".into(), filler: Filler::Mention(id.into()) }).into();
        talks
            .arguments
            .push(Argument { role: "Place".into(), filler: Filler::Implicit("the old town of Arlington".into()) });
        talks.attributes.insert("polarity".into(), AttributeValue::Text("negative".into()));
        let mut said = quote("q1", "direct", &[at(TALKS, "We want peace")]);
        said.speaker = Some(Filler::Mention("m4".into()));
        let header = Header { status: Status::Done, ..fresh.header().clone() };
        Document::with_annotations(
            fresh.text().clone(),
            header,
            [armenia],
            [country, other, place, person],
            [talks],
            [said],
            [],
        )
    });
    layer(&project, "bob", "a", |fresh| {
        let header = fresh.header().clone();
        let all = [mention("m1", "Person", &[at(TALKS, "Armenia")])];
        Document::with_annotations(fresh.text().clone(), header, [], all, [], [], [])
    });
    let place = IndexPlace::of(&project.layout).expect("writable");
    Index::open(&place).and_then(|mut index| index.scan(&project, |_| true)).expect("readable");
    Made { _folder: folder, project, place }
}

impl Made {
    fn run(&self, line: &str) -> (Vec<Hit>, Summary) {
        let query = parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let mut hits = Vec::new();
        let stop = AtomicBool::new(false);
        let summary =
            run(&self.place, &query, Some("anna"), 1_000, &stop, &mut |found| hits.extend(found)).expect("readable");
        sort(&self.place, &mut hits, Order::Document, false).expect("readable");
        assert_eq!((summary.kept, summary.hits), (hits.len(), hits.len()), "{line}");
        (hits, summary)
    }

    /// `document: words`, in their order.
    fn found(&self, line: &str) -> Vec<String> {
        let (hits, _) = self.run(line);
        let all = contexts(&self.place, &hits, Some("anna")).expect("readable");
        hits.iter().zip(all).map(|(hit, kwic)| format!("{}: {}", hit.document, kwic.hit)).collect()
    }
}

#[test]
fn words_are_found_with_their_exact_places() {
    let made = made();
    let all = ["b: CEASEFIRE", "b: ceasefire", "b: ceasefire", "b: ceasefire"];
    assert_eq!(made.found("Ceasefire"), all);
    assert_eq!(made.found("ceasefire case:yes"), &all[1..]);
    assert_eq!(made.found("ceasefire whole:yes"), &all[..3]);
    assert_eq!(made.found("\"the ceasefire failed\""), ["b: The ceasefire failed"], "over the end of a line");
    assert_eq!(made.found("/cease\\w+s/"), ["b: ceasefires"]);
    assert_eq!(made.found("arlington peace"), ["a: Arlington", "a: peace"], "all of them in a document");
    assert_eq!(made.found("arlington ceasefire"), Vec::<String>::new());
    let (hits, summary) = made.run("ceasefire");
    assert_eq!((summary.found_in, summary.documents, summary.unreadable), (1, 3, 0));
    for hit in hits {
        let words = &KYIV[hit.span.start.to_usize()..hit.span.end.to_usize()];
        assert_eq!(words.to_lowercase(), "ceasefire");
    }
    // The same place is one hit, whatever is looked for there.
    assert_eq!(made.found("ceasefires /ceasefires/"), ["b: ceasefires"]);
}

#[test]
fn capitals_of_all_scripts_are_told_apart_only_when_asked_to() {
    let made = made();
    assert_eq!(made.found("ärger"), ["b: Ärger"]);
    assert_eq!(made.found("ça"), ["c: ÇA"]);
    assert_eq!(made.found("straſſe"), ["c: STRASSE"]);
    assert_eq!(made.found("外长"), ["c: 外长"]);
    assert_eq!(made.found("外长 whole:yes"), ["c: 外长"]);
    assert_eq!(made.found("ärger case:yes"), Vec::<String>::new());
}

#[test]
fn marks_are_found_by_all_that_is_known_of_them() {
    let made = made();
    assert_eq!(made.found("label:country"), ["a: Armenia", "a: Azerbaijan"]);
    assert_eq!(made.found("mention:*").len(), 4);
    assert_eq!(made.found("event:Country"), Vec::<String>::new());
    for entity in ["armenia", "\"republic of armenia\"", "wikidata:Q399"] {
        assert_eq!(made.found(&format!("entity:{entity}")), ["a: Armenia"]);
        // An entity's other name fills the role as well.
        assert_eq!(made.found(&format!("event:Consult actor:{entity}")), ["a: met"], "{entity}");
        assert_eq!(made.found(&format!("event:* entity:{entity}")), ["a: met"], "{entity}");
    }
    assert_eq!(made.found("event:Consult Actor:Azerbaijan"), ["a: met"], "by words");
    assert_eq!(made.found("event:Consult Actor:Country Place:*"), ["a: met"], "by label");
    assert_eq!(made.found("event:* Place:\"old TOWN\""), ["a: met"], "by words that stand nowhere");
    assert_eq!(made.found("event:* Place:\"old tow\""), Vec::<String>::new(), "whole words");
    assert_eq!(made.found("event:* Actor:Arlington"), Vec::<String>::new());
    assert_eq!(made.found("event:* Mediator:*"), Vec::<String>::new());
    assert_eq!(made.found("event:* Actor:…"), Vec::<String>::new());
    assert_eq!(made.found("speaker:\"anna berg\""), ["a: We want peace"]);
    assert_eq!(made.found("quote:direct Speaker:Person"), ["a: We want peace"]);
    assert_eq!(made.found("attr:Polarity=Negative"), ["a: met"]);
    assert_eq!(made.found("attr:polarity"), ["a: met"]);
    assert_eq!(made.found("attr:polarity=positive"), Vec::<String>::new());
    assert_eq!(made.found("label:Nothing"), Vec::<String>::new());
    let (hits, _) = made.run("event:Consult Actor:Armenia");
    assert_eq!(hits[0].mark, Some(Id::from("e1")));
    let start = at(TALKS, "met").0;
    assert_eq!(hits[0].span, Span::of(start, start + 3));
    assert_eq!((hits[0].folder.as_deref(), hits[0].kind), (Some("anna"), Some(MarkKind::Event)));
}

#[test]
fn conditions_go_together() {
    let made = made();
    assert_eq!(made.found("armenia label:Country"), ["a: Armenia"], "words in the mark");
    assert_eq!(made.found("peace speaker:*"), ["a: We want peace"]);
    assert_eq!(made.found("war speaker:*"), Vec::<String>::new());
    assert_eq!(made.found("azerbaijan event:Consult"), ["a: met"], "words in what fills a role");
    assert_eq!(made.found("kyiv event:Consult"), Vec::<String>::new());
    assert_eq!(made.found("label:Country entity:Armenia"), ["a: Armenia"]);
    // Whose, and how far.
    assert_eq!(made.found("label:Person"), ["a: Anna Berg"], "mine");
    assert_eq!(made.found("label:Person annotator:bob"), ["a: Armenia"]);
    assert_eq!(made.found("label:Person annotator:Bob"), ["a: Armenia"]);
    assert_eq!(made.found("label:Person annotator:*").len(), 2);
    assert_eq!(made.found("label:Person status:new"), Vec::<String>::new());
    assert_eq!(made.found("label:Person status:done"), ["a: Anna Berg"]);
    assert_eq!(made.found("in whole:yes status:done"), ["a: in"]);
    assert_eq!(made.found("in whole:yes status:new"), ["b: in"]);
    assert_eq!(made.found("in whole:yes annotator:bob").len(), 1);
    assert_eq!(made.run("status:new").0.len(), 2, "documents");
    assert_eq!(made.run("annotator:bob").1.found_in, 1);
}

#[test]
fn a_search_stops_gives_out_no_more_than_was_asked_for_and_survives_what_is_missing() {
    let made = made();
    let query = parse("e").expect("a query");
    let (mut hits, stop) = (Vec::new(), AtomicBool::new(false));
    let summary = run(&made.place, &query, None, 3, &stop, &mut |found| hits.extend(found)).expect("readable");
    assert_eq!((hits.len(), summary.kept), (3, 3));
    assert_eq!(
        summary.hits,
        [TALKS, KYIV, STRASSE].map(|text| text.to_lowercase().matches('e').count()).iter().sum::<usize>()
    );
    stop.store(true, Ordering::Relaxed);
    let summary = run(&made.place, &query, None, 3, &stop, &mut |_| panic!("nothing more")).expect("readable");
    assert!(summary.is_stopped);
    // What the index does not know yet is not searched; what it knows that is gone is told.
    let (hits, _) = made.run("ceasefire");
    fs::remove_file(made.project.layout.text_of(&name("b"))).expect("there");
    Index::open(&made.place).and_then(|mut index| index.update(&made.project, &name("b"))).expect("readable");
    assert_eq!(made.run("ceasefire").1, Summary { documents: 2, ..Summary::default() });
    let all = contexts(&made.place, &hits, None).expect("readable");
    assert!(all.iter().all(|kwic| kwic.missing.contains("gone")));
    assert!(!Kwic::of("short", Span::of(2, 9)).missing.is_empty());
    assert!(!Kwic::of("é", Span::of(0, 1)).missing.is_empty());
}

#[test]
fn hits_stand_on_one_line_with_what_is_beside_them() {
    let made = made();
    let (hits, _) = made.run("failed");
    let kwic = &contexts(&made.place, &hits, Some("anna")).expect("readable")[0];
    assert!(kwic.left.ends_with("nicht. The ceasefire "), "{:?}", kwic.left);
    assert!(kwic.right.starts_with("; a ceasefire-like pause"), "{:?}", kwic.right);
    assert!(kwic.title.starts_with("Ärger in Kyiv"));
    // Marks over the words are told, the shortest first.
    let labels = |line: &str, me| contexts(&made.place, &made.run(line).0, me).expect("readable")[0].labels.clone();
    assert_eq!(labels("Armen", Some("anna")), ["Country"]);
    assert_eq!(labels("Armen", Some("bob")), ["Person"]);
    assert!(labels("Armen", None).is_empty());
    // Bounded, whatever the text.
    let text = format!("{}x\n\n{}y{}", "é ".repeat(5_000), "ab ".repeat(5_000), " z".repeat(5_000));
    let start = text.find("ab").expect("there");
    let kwic = Kwic::of(&text, Span::of(start as u32, (start + 15_000) as u32));
    let most = crate::limits::LINE_SHOWN + 3;
    for part in [&kwic.left, &kwic.hit, &kwic.right] {
        assert!(part.chars().count() <= most && !part.contains('\n'), "{part}");
    }
    assert!(kwic.left.ends_with("é x ") && kwic.right.starts_with("y z") && kwic.hit.contains(" … "));
}

#[test]
fn hits_are_sorted_by_what_stands_beside_them() {
    let made = made();
    let (hits, _) = made.run("ceasefire");
    let by = |order, descending| {
        let mut hits = hits.clone();
        sort(&made.place, &mut hits, order, descending).expect("readable");
        let all = contexts(&made.place, &hits, None).expect("readable");
        all.iter()
            .map(|kwic| format!("{}|{}", kwic.left.split_whitespace().last().unwrap_or_default(), &kwic.right))
            .collect::<Vec<_>>()
    };
    let left: Vec<String> =
        by(Order::Left, false).iter().map(|line| line.split('|').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(left, ["a", "der", "pause,", "The"]);
    let right: Vec<String> = by(Order::Right, true)
        .iter()
        .map(|line| line.split('|').nth(1).unwrap_or_default().chars().take(3).collect())
        .collect();
    assert_eq!(right, ["s.", "-li", " hä", " fa"]);
    let mut marks = made.run("mention:*").0;
    sort(&made.place, &mut marks, Order::Hit, false).expect("readable");
    let all = contexts(&made.place, &marks, None).expect("readable");
    assert_eq!(
        all.iter().map(|kwic| kwic.hit.as_str()).collect::<Vec<_>>(),
        ["Anna Berg", "Arlington", "Armenia", "Azerbaijan"]
    );
    sort(&made.place, &mut marks, Order::Label, true).expect("readable");
    assert_eq!(marks[0].label, "Place");
}

#[test]
fn entities_are_offered_by_their_beginning() {
    let made = made();
    let like = |typed: &str| entities_like(&made.place, typed, 10).expect("readable");
    assert_eq!(like("ARM"), ["Armenia"]);
    assert_eq!(like("rep"), ["Republic of  Armenia"]);
    assert_eq!(like(""), ["Armenia", "Republic of  Armenia", "wikidata:Q399"]);
    assert_eq!(like("x"), Vec::<String>::new());
}
