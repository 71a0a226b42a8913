//! What is true of every document that the program holds, however it came by it.

use std::sync::Arc;

use manicule::edit::{Editor, Intent};
use manicule::formats::native::{self, Source};
use manicule::model::schema::builtin;
use manicule::model::{Document, Filler, Schema, validate};
use manicule::text::{BytePos, Span};

/// Falls unless the document is sound and comes back from both native files.
pub fn check(document: &Document, schema: Option<&Schema>) {
    spans_are_inside(document);
    let news = builtin("news").expect("ships");
    for schema in schema.into_iter().chain([news]) {
        for problem in validate(document, schema) {
            assert!(!problem.message.is_empty());
        }
    }
    comes_back(document);
    can_be_edited(document);
}

/// Every span lies in the text, on characters.
pub fn spans_are_inside(document: &Document) {
    let text = document.text();
    let is_inside = |span: &Span, what: &str| assert!(text.get(*span).is_some(), "{what}: {span:?} is not in the text");
    let filler = |filler: &Filler, what: &str| {
        if let Filler::Span(spans) = filler {
            spans.iter().for_each(|span| is_inside(span, what));
        }
    };
    for m in document.mentions().values() {
        m.spans.iter().for_each(|span| is_inside(span, m.id.as_str()));
    }
    for e in document.events().values() {
        e.trigger.iter().for_each(|span| is_inside(span, e.id.as_str()));
        e.arguments.iter().for_each(|argument| filler(&argument.filler, e.id.as_str()));
    }
    for q in document.quotes().values() {
        q.content.iter().chain(q.cue.iter().flatten()).for_each(|span| is_inside(span, q.id.as_str()));
        q.arguments.iter().for_each(|argument| filler(&argument.filler, q.id.as_str()));
        q.speaker.iter().chain(&q.addressee).for_each(|speaker| filler(speaker, q.id.as_str()));
    }
    document.header().zones.iter().for_each(|zone| is_inside(&zone.span, "a zone"));
    for rejection in document.rejected() {
        rejection.spans.iter().for_each(|span| is_inside(span, "what was refused"));
    }
}

fn comes_back(document: &Document) {
    let ron = native::to_ron(document).expect("every document can be written");
    let json = native::to_json_line(document).expect("every document can be written");
    for source in [Source::Ron(&ron), Source::Json { text: &json, first_line: 1 }] {
        match native::read(source) {
            Ok(read) => assert!(read.document == *document, "{source:?} is read as another document"),
            Err(problems) => panic!("{source:?} is not read: {problems:?}"),
        }
    }
}

/// The first letter is marked, and that is taken back; nothing else changes.
fn can_be_edited(document: &Document) {
    let first = Span::new(BytePos(0), document.text().next_grapheme(BytePos(0)));
    if first.is_empty() {
        return;
    }
    let schema = Arc::new(builtin("news").expect("ships").clone());
    let mut editor = Editor::new(document.clone(), schema);
    let mark = Intent::AddMention { label: "Person".into(), spans: [first].into_iter().collect() };
    // The same words may be marked already.
    let Ok(done) = editor.execute(&mark) else { return };
    if done.transaction.is_some() {
        assert_eq!(editor.document().mentions().len(), document.mentions().len() + 1);
        assert!(editor.undo().is_some());
    }
    assert!(editor.document() == document, "taken back, it is not what it was");
}
