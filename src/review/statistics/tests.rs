//! Figures of small documents that can be counted by hand, and that threads and files change nothing.

use std::sync::Arc;

use super::behind::{Filled, Within};
use super::*;
use crate::formats::split::{Labels, Parts, assign, labels_of};
use crate::model::test_support::{entity, event, mention, quote};
use crate::model::{Argument, Document, Event, Filler, Header, Id, Mention, Metadata, Quote, Schema};
use crate::text::Text;

fn header(id: &str, published: Option<&str>, annotator: Option<&str>) -> Header {
    let metadata = Metadata {
        id: id.into(),
        title: format!("About {id}"),
        published: published.map(Into::into),
        ..Metadata::default()
    };
    Header { metadata, annotator: annotator.map(Into::into), status: Status::Done, ..Header::default() }
}

/// Where a word stands for the nth time.
fn place(text: &str, word: &str, nth: usize) -> (u32, u32) {
    let (at, word) = text.match_indices(word).nth(nth).expect("the word is there");
    (at as u32, (at + word.len()) as u32)
}

fn marked(mut mention: Mention, entity: &str, at: &str) -> Mention {
    mention.entity = Some(Id::from(entity));
    mention.provenance.at = Some(at.into());
    mention
}

const TALKS: &str = "Anna met Bob. “Bob lied to us,” Anna Kowalska said. Bob left for Yerevan.";

/// Three people and places, a meeting, and a quote about Bob.
fn talks(id: &str, published: Option<&str>, annotator: Option<&str>, name: &str, link: Option<&str>) -> Document {
    let at = |word: &str, nth: usize| [place(TALKS, word, nth)];
    let mut anna = entity("n1", "Person", name);
    anna.link = link.map(Into::into);
    let entities = [anna, entity("n2", "Person", "Bob"), entity("n3", "Place", "Yerevan")];
    let mentions = [
        marked(mention("m1", "Person", &at("Anna", 0)), "n1", "2024-01-30T23:30:00Z"),
        marked(mention("m2", "Person", &at("Bob", 0)), "n2", "2024-01-31T08:00:00Z"),
        marked(mention("m3", "Person", &at("Bob", 1)), "n2", "2024-02-01T08:00:00Z"),
        marked(mention("m4", "Person", &at("Anna Kowalska", 0)), "n1", "2024-02-01T08:00:00Z"),
        marked(mention("m5", "Person", &at("Bob", 2)), "n2", "2024-02-01T08:00:00Z"),
        marked(mention("m6", "Place", &at("Yerevan", 0)), "n3", "2024-02-01T08:00:00Z"),
    ];
    let role = |role: &str, filler| Argument { role: role.into(), filler };
    let meet = Event {
        arguments: vec![
            role("Participant", Filler::Mention("m1".into())),
            role("Participant", Filler::Implicit("others".into())),
            role("Place", Filler::Implicit("Yerevan".into())),
        ],
        ..event("e1", "Meet", &at("met", 0))
    };
    let leave = event("e2", "Leave", &at("left", 0));
    let content = [(place(TALKS, "Bob lied", 0).0, place(TALKS, ",”", 0).0)];
    let said = Quote { speaker: Some(Filler::Mention("m4".into())), ..quote("q1", "direct", &content) };
    let text = Text::new(TALKS).expect("short");
    Document::with_annotations(text, header(id, published, annotator), entities, mentions, [meet, leave], [said], [])
}

fn schema() -> Schema {
    let ron = r#"(format: "manicule-schema/1", name: "t", version: 1, title: "T",
        mentions: [(label: "Person", definition: "", examples: []), (label: "Place", definition: "", examples: [])],
        events: [(r#type: "Meet", definition: "", examples: [], roles: [
            (role: "Participant", min: 1), (role: "Topic", min: 1), (role: "Place")])])"#;
    Schema::parse(ron, None).expect("a schema")
}

fn fed(documents: &[Document]) -> Statistics {
    let mut statistics = Statistics::new();
    for document in documents {
        statistics.feed(&Fed::of(&document.header().metadata.id, document));
    }
    statistics
}

fn counted(statistics: Statistics, wanted: Wanted) -> Figures {
    Figures::count(Arc::new(statistics), wanted, &[&schema()])
}

/// Two articles by Anna with one link and two names, one of them by two annotators, and one without anything.
fn three() -> Vec<Document> {
    let plain = Document::new(Text::new("Nothing here.").expect("short"), header("c", Some("soon"), None));
    vec![
        talks("a", Some("2024-01-15"), Some("Kim"), "Anna", Some("wikidata:Q1")),
        talks("b", Some("2024-02"), Some("Kim"), "Anna Kowalska", Some("wikidata:Q1")),
        talks("b", Some("2024-02"), Some("Lee"), "Anna Kowalska", Some("wikidata:Q1")),
        plain,
    ]
}

fn figures() -> Figures {
    counted(fed(&three()), Wanted::default())
}

#[test]
fn marks_are_counted_by_label_and_document() {
    let figures = figures();
    assert_eq!((figures.documents, figures.layers), (3, 4));
    let rows: Vec<_> = (figures.labels.iter()).map(|r| (r.label.label.as_str(), r.marks, r.documents)).collect();
    let expected = [("Person", 15, 2), ("Place", 3, 2), ("Leave", 3, 2), ("Meet", 3, 2), ("direct", 3, 2)];
    assert_eq!(rows, expected);
    let mut total = Counts::default();
    for document in three() {
        total.add(&document);
    }
    assert_eq!(figures.marks.mentions, total.mentions.values().sum::<usize>() as u64);
    let place = figures.labels.iter().find(|row| row.label.label == "Place").expect("counted").number;
    assert_eq!(figures.documents_behind(&Behind::Label(place)), [0, 1]);
    assert_eq!(figures.documents_behind(&Behind::All), [0, 1, 2]);
}

#[test]
fn time_is_told_as_exactly_as_it_is_known() {
    let figures = figures();
    let names = |period| -> Vec<(&str, u32, u64)> {
        let rows = figures.time.published.get(&period).into_iter().flatten();
        rows.map(|row| (row.name.as_str(), row.documents, row.marks.total())).collect()
    };
    assert_eq!(names(Period::Day), [("2024-01-15", 1, 9)]);
    assert_eq!(names(Period::Month), [("2024-01", 1, 9), ("2024-02", 1, 18)]);
    assert_eq!(names(Period::Year), [("2024", 2, 27)]);
    assert_eq!(figures.time.documents_undated, 1);
    let made: Vec<_> = figures.time.made[&Period::Day].iter().map(|r| (r.name.as_str(), r.marks.mentions)).collect();
    assert_eq!(made, [("2024-01-30", 3), ("2024-01-31", 3), ("2024-02-01", 12)]);
    assert_eq!(figures.time.marks_undated, 9, "events and quotes do not say");
    let february = figures.time.published[&Period::Month][1].begin;
    assert_eq!(figures.documents_behind(&Behind::Published(Period::Month, february, None)), [1]);
    assert_eq!(figures.documents_behind(&Behind::Published(Period::Month, february, Some(Mark::Relation))), [0; 0]);
    assert_eq!(figures.documents_behind(&Behind::Made(Period::Month, february, Some(Mark::Mention))), [0, 1]);
}

#[test]
fn roles_are_filled_from_the_text_implicitly_or_not() {
    let figures = figures();
    let meet = figures.events.iter().find(|row| row.r#type == "Meet").expect("counted");
    let roles: Vec<_> =
        (meet.roles.iter()).map(|r| (r.role.as_str(), r.is_required, [r.filled, r.implicit, r.missing])).collect();
    let expected =
        [("Participant", Some(true), [3, 0, 0]), ("Topic", Some(true), [0, 0, 3]), ("Place", Some(false), [0, 3, 0])];
    assert_eq!(roles, expected);
    assert_eq!((meet.events, meet.documents, meet.complete), (3, 2, Some(0)));
    let leave = figures.events.iter().find(|row| row.r#type == "Leave").expect("counted");
    assert_eq!((leave.complete, leave.roles.len()), (None, 0), "no schema knows it");
    let behind = |role, filled| Behind::Events { label: meet.number, role: Some((role, filled)) };
    let (participant, topic) = (meet.roles[0].number, meet.roles[1].number);
    assert_eq!(figures.documents_behind(&behind(participant, Filled::FromText)), [0, 1]);
    assert_eq!(figures.documents_behind(&behind(participant, Filled::Implicit)), [0; 0]);
    assert_eq!(figures.documents_behind(&behind(topic, Filled::Not)), [0, 1]);
    assert_eq!(figures.documents_behind(&Behind::Events { label: leave.number, role: None }), [0, 1]);
}

#[test]
fn speakers_are_one_over_documents_by_their_link() {
    let figures = figures();
    let [row] = figures.speech.speakers.as_slice() else { panic!("{:?}", figures.speech.speakers) };
    let who = row.speaker.as_ref().expect("known");
    assert_eq!((who.name.as_str(), who.link.as_deref()), ("Anna Kowalska", Some("wikidata:Q1")), "the usual name");
    assert_eq!((row.quotes, row.words, row.documents), (3, 12, 2), "Bob lied to us");
    assert_eq!(row.names, ["Anna Kowalska", "Anna"]);
    let [about] = figures.speech.about.as_slice() else { panic!("{:?}", figures.speech.about) };
    assert_eq!((about.about.name.as_str(), about.quotes, about.words), ("Bob", 3, 12));
    assert_eq!(figures.documents_behind(&Behind::About(Some(who.number), about.about.number)), [0, 1]);
    assert_eq!(figures.documents_behind(&Behind::Speaker(None)), [0; 0]);
}

#[test]
fn without_entities_names_stand_for_themselves_and_pronouns_for_nobody() {
    let text = "“Yes,” she said. “No,” Anna said. “So,” the mayor's office said. Bob met Anna.";
    let at = |word: &str, nth: usize| [place(text, word, nth)];
    let mentions = [
        mention("m1", "Person", &at("she", 0)),
        mention("m2", "Person", &at("Anna", 0)),
        mention("m3", "Person", &at("Bob", 0)),
        mention("m4", "Person", &at("Anna", 1)),
    ];
    let says = |id: &str, word: &str, speaker| Quote { speaker: Some(speaker), ..quote(id, "direct", &at(word, 0)) };
    let quotes = [
        says("q1", "Yes", Filler::Mention("m1".into())),
        says("q2", "No", Filler::Mention("m2".into())),
        says("q3", "So", Filler::Implicit("Cabinet".into())),
    ];
    let text = Text::new(text).expect("short");
    let document = Document::with_annotations(text, header("a", None, None), [], mentions, [], quotes, []);
    let figures = counted(fed(&[document]), Wanted::default());
    let speakers: Vec<_> =
        figures.speech.speakers.iter().map(|r| r.speaker.as_ref().map(|who| who.name.as_str())).collect();
    assert_eq!(speakers, [Some("Anna"), Some("Cabinet"), None]);
    assert_eq!(figures.together.entities, 2);
    assert_eq!(figures.together.pairs[0].sentences, 1);
}

#[test]
fn who_only_begins_in_a_quote_is_not_mentioned_in_it() {
    let text = "“We know Bob” Smith from Oslo, Anna said.";
    let at = |words: &str| [place(text, words, 0)];
    let mentions = [
        marked(mention("m1", "Person", &at("Anna")), "n1", ""),
        marked(mention("m2", "Person", &at("Bob” Smith")), "n2", ""),
    ];
    let said = Quote { speaker: Some(Filler::Mention("m1".into())), ..quote("q1", "direct", &at("We know Bob")) };
    let entities = [entity("n1", "Person", "Anna"), entity("n2", "Person", "Bob Smith")];
    let text = Text::new(text).expect("short");
    let document = Document::with_annotations(text, header("a", None, None), entities, mentions, [], [said], []);
    let speech = counted(fed(&[document]), Wanted::default()).speech;
    assert_eq!((speech.speakers.len(), speech.about.len()), (1, 0));
}

#[test]
fn entities_of_a_sentence_and_of_a_document_are_together() {
    let figures = figures();
    let pairs: Vec<_> = (figures.together.pairs.iter())
        .map(|p| (p.a.name.as_str(), p.b.name.as_str(), p.sentences, p.documents))
        .collect();
    let expected = [("Anna Kowalska", "Bob", 6, 3), ("Bob", "Yerevan", 3, 3), ("Anna Kowalska", "Yerevan", 0, 3)];
    assert_eq!(pairs, expected);
    let first = &figures.together.pairs[0];
    assert!((first.jaccard_sentences - 6.0 / 9.0).abs() < 1e-9, "{first:?}");
    assert_eq!(first.jaccard_documents, 1.0);
    let last = &figures.together.pairs[2];
    let behind = |within| figures.documents_behind(&Behind::Together(last.a.number, last.b.number, within));
    assert_eq!((behind(Within::Document), behind(Within::Sentence)), (vec![0, 1], vec![]));
    assert!(figures.together.is_complete);
}

#[test]
fn the_split_is_that_of_a_dataset() {
    let mut documents = Vec::new();
    for nth in 0..60 {
        let text = Text::new(format!("Text {nth}. {TALKS}")).expect("short");
        // Labels that are equally frequent: of these, the draw takes the one first whose name comes first.
        let labels = ["Person", "Place", "Act", "Zone", "Date"].into_iter().zip(0u32..);
        let there = labels.filter(|(_, at)| (nth * (at + 3) + at) % 5 < 2);
        let mentions: Vec<_> =
            there.map(|(label, at)| mention(&format!("m{at}"), label, &[(at, at + 1 + nth % 2)])).collect();
        let mut header = header(&format!("{nth}"), None, None);
        header.status = if nth % 3 == 0 { Status::New } else { Status::Flagged };
        documents.push(Document::with_annotations(text, header, [], mentions, [], [], []));
    }
    for name in <crate::formats::split::Stratify as strum::VariantNames>::VARIANTS {
        let stratify: crate::formats::split::Stratify = name.parse().expect("one of them");
        let parts = Parts::parse("60/20/20").expect("a split");
        let as_exported: Vec<(String, Labels)> =
            documents.iter().map(|d| (d.text().sha256().to_owned(), stratify.labels(d))).collect();
        let assigned = assign(&as_exported, &parts, 5);
        let split = SplitRule { parts, seed: 5, stratify };
        let figures = counted(fed(&documents), Wanted { split, ..Wanted::default() });
        assert_eq!(figures.split.assigned, assigned, "{name}");
        let of_part = documents.iter().zip(&assigned).filter(|(_, part)| **part == 1);
        let people: usize = of_part.filter_map(|(d, _)| labels_of(d).get("mention:Person").copied()).sum();
        let row = figures.split.labels.iter().find(|row| row.label.label == "Person").expect("counted");
        assert_eq!(row.marks[1], people as u64);
        let behind = figures.documents_behind(&Behind::Part(2, None));
        assert_eq!(behind.len() as u32, figures.split.parts[2].documents);
    }
}

#[test]
fn a_split_that_is_given_is_taken() {
    let documents = three();
    let mut statistics = Statistics::new();
    for (document, split) in documents.iter().zip([Some("test"), Some("train"), Some("train"), None]) {
        statistics.feed(&Fed { split, ..Fed::of(&document.header().metadata.id, document) });
    }
    let split = counted(statistics, Wanted::default()).split;
    let parts: Vec<_> = split.parts.iter().map(|part| (part.name.as_str(), part.documents)).collect();
    assert_eq!(parts, [("train", 2), ("test", 1), ("", 1)]);
    assert!(!split.is_drawn);
}

#[test]
fn a_document_of_another_density_strikes() {
    let with = |nth: u32, marks: u32, status| {
        let text = Text::new(format!("{nth}{}", " word".repeat(199))).expect("short");
        let mentions = (0..marks).map(|m| mention(&format!("m{m}"), "Person", &[(m, m + 1)]));
        let mut header = header(&format!("{nth}"), None, None);
        header.status = status;
        Document::with_annotations(text, header, [], mentions, [], [], [])
    };
    let mut documents: Vec<Document> = (0..20).map(|nth| with(nth, 18 + nth % 5, Status::Done)).collect();
    documents.extend([with(20, 150, Status::Done), with(21, 0, Status::Done), with(22, 0, Status::New)]);
    let load = counted(fed(&documents), Wanted::default()).load;
    let verdicts: Vec<_> = load.rows.iter().filter_map(|row| Some((row.document, row.verdict?))).collect();
    assert_eq!(verdicts, [(20, figures::Verdict::Dense), (21, figures::Verdict::Sparse)]);
    assert_eq!(load.median, Some(10.0));
    let few = counted(fed(&documents[15..21]), Wanted::default()).load;
    assert_eq!((few.median, few.rows.len()), (None, 6), "six documents have no outliers");
}

#[test]
fn annotator_and_status_choose() {
    let of = |annotator: Option<&str>, statuses: &[Status]| {
        let annotator = annotator.map(Into::into);
        let figures = counted(fed(&three()), Wanted { annotator, statuses: statuses.to_vec(), ..Wanted::default() });
        (figures.documents, figures.marks.total())
    };
    assert_eq!(of(None, &[]), (3, 27));
    assert_eq!(of(Some("Lee"), &[]), (1, 9));
    assert_eq!(of(Some("Nobody"), &[]), (0, 0));
    assert_eq!(of(None, &[Status::New]), (0, 0));
    assert_eq!(fed(&three()).annotators(), ["Kim", "Lee"]);
}

#[test]
fn what_is_fed_again_replaces_and_what_goes_is_forgotten() {
    let mut statistics = fed(&three());
    let mut again = talks("b", Some("2023"), Some("Lee"), "Anna", None);
    again.mentions = Default::default();
    again.reindex();
    statistics.feed(&Fed::of("b", &again));
    let figures = counted(statistics.clone(), Wanted { annotator: Some("Lee".into()), ..Wanted::default() });
    assert_eq!((figures.documents, figures.marks.mentions, figures.marks.events), (1, 0, 2));
    statistics.retain(|article, annotator| article.key != "c" && annotator != Some("Lee"));
    assert_eq!((statistics.articles().len(), statistics.layers().len()), (2, 2));
    let figures = counted(statistics, Wanted::default());
    assert_eq!(figures.documents_behind(&Behind::All), [0, 1]);
}

#[test]
fn threads_and_files_change_nothing() {
    let documents = three();
    let told = |statistics: Statistics| serde_json::to_value(counted(statistics, Wanted::default())).expect("plain");
    let one_by_one = told(fed(&documents));
    let mut merged = Statistics::new();
    for document in &documents {
        // Another order of names in what is merged.
        let mut other = fed(&[Document::new(Text::new("").expect("short"), header("x", None, Some("Zoe")))]);
        other.feed(&Fed::of(&document.header().metadata.id, document));
        other.retain(|article, _| article.key != "x");
        merged.merge(other);
    }
    assert_eq!(told(merged.clone()), one_by_one);
    let mut turned = fed(&documents[2..]);
    turned.merge(fed(&documents[..2]));
    assert_eq!(told(turned)["speech"], one_by_one["speech"]);
    let bytes = rmp_serde::to_vec(&merged).expect("plain data");
    let mut read: Statistics = rmp_serde::from_slice(&bytes).expect("what was written");
    assert_eq!(told(read.clone()), one_by_one);
    read.feed(&Fed::of("a", &documents[0]));
    assert_eq!(told(read), one_by_one, "what is read knows what it has");
}

/// What programs keep from one day to the next must not be taken for something else. If this fails, raise [`VERSION`], and
/// write the new digest here.
#[test]
fn records_of_one_version_are_the_same() {
    let mut statistics = fed(&three());
    let sample = include_str!("../../../seeds/000_1a5c9ff20c0ee09c.ron");
    let input = crate::formats::Input::of_bytes(sample.as_bytes());
    let read = crate::formats::Format::read(&crate::formats::native::NativeRon, &input).expect("ships");
    for read in &read {
        statistics.feed(&Fed::of("sample", &read.document));
    }
    let bytes = rmp_serde::to_vec(&statistics).expect("plain data");
    let digest = sha2::Digest::finalize(sha2::Digest::chain_update(<sha2::Sha256 as sha2::Digest>::new(), &bytes));
    let beginning = digest.iter().take(8).fold(0_u64, |digits, byte| digits << 8 | u64::from(*byte));
    assert_eq!((VERSION, beginning), (1, 0xb567_d367_5c63_fe02), "it is {beginning:#x} now");
}

/// A file of another version may say anything; it must not bring the program down.
#[test]
fn records_that_make_no_sense_are_counted_as_far_as_they_go() {
    let text = serde_json::to_string(&fed(&three())).expect("plain data");
    for (from, to) in [("\"names\":[", "\"names\":[\"x\",\"x\"], \"old\":["), ("\"article\":1", "\"article\":99")] {
        if let Ok(statistics) = serde_json::from_str::<Statistics>(&text.replace(from, to)) {
            let figures = counted(statistics, Wanted::default());
            figures.documents_behind(&Behind::Speaker(None));
        }
    }
}

#[test]
fn a_crowded_document_is_counted_in_bounded_time() {
    let words = "Anna ".repeat(2_000);
    let mentions = (0..2_000).map(|nth| mention(&format!("m{nth}"), &format!("L{nth}"), &[(nth * 5, nth * 5 + 4)]));
    let end = words.len() as u32;
    let quotes = (0..4_000).map(|nth| quote(&format!("q{nth}"), "direct", &[(0, end - nth)]));
    let text = Text::new(words).expect("short");
    let document = Document::with_annotations(text, header("a", None, None), [], mentions, [], quotes, []);
    let figures = counted(fed(&[document]), Wanted { top: 5, ..Wanted::default() });
    assert_eq!(figures.documents_cut, 1);
    assert_eq!(figures.speech.speakers[0].quotes, 4_000);
    assert!(!figures.together.is_complete);
}
