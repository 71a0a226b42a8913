use std::collections::BTreeSet;

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event as Xml;
use unicode_segmentation::UnicodeSegmentation as _;

use super::faces::Face;
use super::lines::Setting;
use super::view::View;
use super::{Html, Png, Svg, is_shown};
use crate::formats::test_support::{document, sane_document};
use crate::formats::{Format, Input, Named, Options};
use crate::model::test_support::{entity, event, mention, quote};
use crate::model::{AttributeValue, Document, Header, Metadata};
use crate::text::Text;

fn options(format: &dyn Format, list: &[(&str, &str)]) -> Options {
    let mut options = Options::default();
    for (name, value) in list {
        options.set(&format.info(), name, value).expect("an option");
    }
    options
}

fn written(format: &dyn Format, document: &Document, chosen: &[(&str, &str)]) -> String {
    let named = Named { name: "doc", document, schema: None };
    let files = format.write(&[named], &options(format, chosen)).expect("written");
    String::from_utf8(files.into_iter().next().expect("a file").bytes).expect("UTF-8")
}

/// The name of an element and its attributes.
type Element = (String, Vec<(String, String)>);

/// Elements and text of a well-formed page: names with attributes, and the text of all elements of one name.
fn parsed(page: &str) -> (Vec<Element>, Vec<String>) {
    let mut reader = Reader::from_str(page);
    let (mut elements, mut paragraphs) = (Vec::new(), Vec::new());
    let (mut within, mut is_paragraph) = (false, false);
    loop {
        match reader.read_event().expect("well-formed") {
            Xml::Eof => return (elements, paragraphs),
            Xml::Start(tag) | Xml::Empty(tag) => {
                let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
                let attributes: Vec<(String, String)> = tag
                    .attributes()
                    .map(|a| a.expect("an attribute"))
                    .map(|a| {
                        (
                            String::from_utf8_lossy(a.key.as_ref()).into_owned(),
                            String::from_utf8_lossy(&a.value).into_owned(),
                        )
                    })
                    .collect();
                if name == "article" {
                    within = true;
                } else if within && (name == "p" || name == "h1") {
                    paragraphs.push(String::new());
                    is_paragraph = true;
                } else if within && name == "section" {
                    within = false;
                }
                elements.push((name, attributes));
            }
            Xml::End(tag) if tag.name().as_ref() == b"article" => within = false,
            Xml::End(tag) if matches!(tag.name().as_ref(), b"p" | b"h1") => is_paragraph = false,
            Xml::Text(text) if is_paragraph => {
                if let Some(last) = paragraphs.last_mut() {
                    last.push_str(std::str::from_utf8(&text).expect("UTF-8"));
                }
            }
            Xml::GeneralRef(name) if is_paragraph => {
                let c = match &*name {
                    b"amp" => '&',
                    b"lt" => '<',
                    b"gt" => '>',
                    b"quot" => '"',
                    b"#39" => '\'',
                    other => panic!("{other:?}"),
                };
                paragraphs.last_mut().expect("in a paragraph").push(c);
            }
            _ => {}
        }
    }
}

fn wicked() -> Document {
    let bad = "</title><script>alert(1)</script>\" onload='x'";
    let text = format!("{bad}\nAnna <b>met</b> Bob & Co.");
    let metadata = Metadata {
        title: bad.into(),
        source: Some(bad.into()),
        language: Some("en\" x".into()),
        ..Metadata::default()
    };
    let header = Header { metadata, annotator: Some(bad.into()), note: Some(bad.into()), ..Header::default() };
    let mut m = mention("m1", bad, &[(0, 9)]);
    *m.note = Some(bad.into());
    m.attributes.insert(bad.into(), AttributeValue::Text(bad.into()));
    let mut n = entity("n1", bad, bad);
    n.link = Some("javascript:alert(1)".into());
    m.entity = Some("n1".into());
    let (e, q) = (event("e1", bad, &[(3, 12)]), quote("q1", bad, &[(1, 50)]));
    Document::with_annotations(Text::new(text).expect("short"), header, [n], [m], [e], [q], [])
}

#[test]
fn nothing_of_the_text_becomes_markup() {
    let page = written(&Html, &wicked(), &[]);
    assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
    assert!(page.contains("Content-Security-Policy") && !page.contains("http://") && !page.contains("https://"));
    let (elements, paragraphs) = parsed(&page);
    for (name, attributes) in &elements {
        assert_ne!(name, "script");
        for (key, value) in attributes {
            assert!(!key.starts_with("on") && key != "src", "{key}");
            assert!(key != "href" || value.starts_with('#'), "{value}");
        }
    }
    assert_eq!(paragraphs.last().map(String::as_str), Some("Anna <b>met</b> Bob & Co."));
}

#[test]
fn crossing_marks_are_cut_and_lie_in_lanes() {
    let text = Text::new("one two three four").expect("short");
    let mentions = [mention("m1", "A", &[(0, 13)]), mention("m2", "B", &[(8, 18)]), mention("m3", "C", &[(4, 7)])];
    let document = Document::with_annotations(text, Header::default(), [], mentions, [], [], []);
    let view = View::new(&Named { name: "doc", document: &document, schema: None });
    let mut lanes: Vec<_> = view.paragraphs[0].marks.iter().map(|m| (m.tag.as_str(), m.lane)).collect();
    lanes.sort_unstable();
    assert_eq!(lanes, [("A", 2), ("B", 0), ("C", 0)].map(|(tag, lane)| (tag, if tag == "A" { 1 } else { lane })));
    let (elements, paragraphs) = parsed(&written(&Html, &document, &[]));
    assert_eq!(paragraphs, ["one two three four"]);
    assert_eq!(elements.iter().filter(|(name, _)| name == "mark").count(), 4);
}

#[test]
fn a_page_is_read_as_an_article() {
    let body = "The ministers met in the capital on Monday and talked for four hours about the treaty. ".repeat(8);
    let text = Text::new(format!("Ministers meet in the capital\n\n{body}\n\n{body}")).expect("short");
    let metadata = Metadata { title: "Ministers meet in the capital".into(), ..Metadata::default() };
    let header = Header { metadata, ..Header::default() };
    let mentions = [mention("m1", "Person", &[(31, 44)])];
    let document = Document::with_annotations(text, header, [], mentions, [], [], []);
    let page = written(&Html, &document, &[]);
    assert!(matches!(crate::formats::detect(None, page.as_bytes()), Some(f) if f.info().id == "html"));
    let read = Html.read(&Input::of_bytes(page.as_bytes())).expect("an article");
    assert!(read[0].document.text().contains("The ministers met in the capital on Monday"), "{:?}", read[0].document);
}

proptest! {
    #[test]
    fn any_document_makes_a_well_formed_page_with_all_of_its_text(document in document()) {
        let page = written(&Html, &document, &[]);
        prop_assert_eq!(&page, &written(&Html, &document, &[]));
        let (_, found) = parsed(&page);
        let view = View::new(&Named { name: "doc", document: &document, schema: None });
        let shown = |c: char| if is_shown(c) { c } else { '\u{fffd}' };
        let expected: Vec<String> =
            view.paragraphs.iter().map(|p| document.text().slice(p.span).chars().map(shown).collect()).collect();
        prop_assert_eq!(found, expected);
        Html.losses(&document, &Options::default());
        for theme in ["light", "dark"] {
            parsed(&written(&Html, &document, &[("theme", theme), ("show", "text")]));
        }
    }

    #[test]
    fn every_annotation_appears_once(document in sane_document()) {
        let (elements, _) = parsed(&written(&Html, &document, &[]));
        let ids: Vec<String> = elements.iter().flat_map(|(_, a)| a).filter(|(k, _)| k == "id").map(|(_, v)| v.clone()).collect();
        let set: BTreeSet<&String> = ids.iter().collect();
        prop_assert_eq!(set.len(), ids.len());
        let count = |prefix: &str| {
            ids.iter().filter(|id| id.strip_prefix(prefix).is_some_and(|n| n.parse::<usize>().is_ok())).count()
        };
        prop_assert_eq!(count("mention-"), document.mentions().len());
        prop_assert_eq!(count("event-"), document.events().len());
        prop_assert_eq!(count("quote-"), document.quotes().len());
        prop_assert_eq!(count("card-entity-"), document.entities().len());
        prop_assert_eq!(count("card-event-"), document.events().len());
        prop_assert_eq!(count("card-quote-"), document.quotes().len());
        prop_assert_eq!(count("card-relation-"), document.relations().len());
    }
}

proptest! {
    #[test]
    fn any_document_makes_a_well_formed_drawing_with_every_annotation(document in sane_document()) {
        let svg = written(&Svg, &document, &[]);
        prop_assert_eq!(&svg, &written(&Svg, &document, &[]));
        let (elements, _) = parsed(&svg);
        let ids: Vec<String> = elements.iter().flat_map(|(_, a)| a).filter(|(k, _)| k == "id").map(|(_, v)| v.clone()).collect();
        let set: BTreeSet<&String> = ids.iter().collect();
        prop_assert_eq!(set.len(), ids.len());
        let count = |prefix: &str| {
            ids.iter().filter(|id| id.strip_prefix(prefix).is_some_and(|n| n.parse::<usize>().is_ok())).count()
        };
        prop_assert_eq!(count("mention-"), document.mentions().len());
        prop_assert_eq!(count("event-"), document.events().len());
        prop_assert_eq!(count("quote-"), document.quotes().len());
        prop_assert_eq!(count("card-entity-"), document.entities().len());
        prop_assert_eq!(count("card-relation-"), document.relations().len());
    }

    #[test]
    fn any_document_makes_a_drawing(document in document()) {
        parsed(&written(&Svg, &document, &[("theme", "dark")]));
        Svg.losses(&document, &Options::default());
        Png.losses(&document, &Options::default());
    }

    /// Lines take up all words in their order, and none is wider than it may be.
    #[test]
    fn lines_hold_all_words(words in "[a-zäخ日ﬁfiA🙂👩\u{200d}👧 \u{301}\u{202e}\n-]{0,120}", width in 20.0f32..300.0) {
        let setting = Setting::new(&words, Face::Text, 17.0);
        let lines = setting.lines(width);
        let joined: String = lines.iter().map(|line| &words[line.range.clone()]).collect();
        prop_assert_eq!(&joined, &words);
        for line in &lines {
            let right = line.runs.iter().map(|run| run.left + run.width).fold(0.0, f32::max);
            // A picture of several characters is not broken.
            let is_one = words[line.range.clone()].trim().graphemes(true).count() < 2;
            prop_assert!(right <= width + 0.1 || is_one, "{} {:?}", right, line);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_document_makes_a_picture(document in document()) {
        let named = Named { name: "doc", document: &document, schema: None };
        let files = Png.write(&[named], &options(&Png, &[("scale", "1")])).expect("a picture");
        prop_assert!(files[0].bytes.starts_with(b"\x89PNG"));
        let again = Png.write(&[named], &options(&Png, &[("scale", "1")])).expect("a picture");
        prop_assert_eq!(&files, &again);
    }
}

#[test]
fn drawings_have_no_markup_of_the_text() {
    let svg = written(&Svg, &wicked(), &[]);
    assert!(!svg.contains("<script") && !svg.contains("<b>"), "{svg}");
    for (_, attributes) in parsed(&svg).0 {
        assert!(attributes.iter().all(|(key, _)| !key.starts_with("on") && !key.ends_with("href")));
    }
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let document = Document::new(Text::new("Anna in 北京\r\n").expect("short"), Header::default());
    let losses: Vec<String> = Png.losses(&document, &Options::default()).into_iter().map(|loss| loss.what).collect();
    assert_eq!(
        losses.first().map(String::as_str),
        Some("2 characters that the program's fonts do not have (京) are shown as boxes; svg and html have them")
    );
    assert!(losses.contains(&"line ends of the text are not kept".to_owned()), "{losses:?}");
}
