use std::sync::Arc;

use super::super::*;
use crate::edit::{Editor, Intent};
use crate::model::test_support::{mention, quote};
use crate::model::{Document, Header, Id};
use crate::project::{Name, default_schema};
use crate::text::{Span, Text};

const TEXT: &str = "Bob met Anna. Bob said: “Anna left”.";

fn document() -> Document {
    let mentions = [mention("m1", "Person", &[(0, 3)]), mention("m2", "Place", &[(8, 12)])];
    let text = Text::new(TEXT).expect("short");
    Document::with_annotations(text, Header::default(), [], mentions, [], [quote("q1", "direct", &[(27, 36)])], [])
}

fn name() -> Name {
    Name::new("one").expect("a name")
}

fn word(start: u32, end: u32) -> Hit {
    Hit { document: name(), span: Span::of(start, end), folder: None, mark: None, kind: None, label: "".into() }
}

fn mark(id: &str, kind: MarkKind, label: &str, folder: &str) -> Hit {
    let mark = Some(Id::from(id));
    Hit { folder: Some(folder.into()), mark, kind: Some(kind), label: label.into(), ..word(0, 3) }
}

fn change(change: HitChange, hits: &[Hit]) -> HitsChange {
    let query = parse("bob /x/").expect("a query");
    HitsChange::new(change, hits, &query, Arc::new(default_schema()), "anna")
}

fn done(change: &HitsChange, document: Document) -> Editor {
    let transaction = change.plan(&name(), &document).expect("something to do");
    let mut editor = Editor::new(document, Arc::new(default_schema()));
    editor.replay(transaction).expect("fits");
    editor
}

fn marks(editor: &Editor) -> Vec<String> {
    let document = editor.document();
    let mentions = document.mentions().values();
    mentions.map(|mention| format!("{}: {}", mention.label, document.brief_of(&mention.id))).collect()
}

#[test]
fn words_become_a_batch_that_can_be_retracted() {
    let hits = [word(0, 3), word(14, 17), word(14, 17), word(500, 503)];
    let label = change(HitChange::Label("Person".into()), &hits);
    assert_eq!((label.count(), label.documents().count(), label.title().as_str()), (3, 1, "Label 3 hits as Person"));
    let mut editor = done(&label, document());
    // What was marked so already stays what it is.
    assert_eq!(marks(&editor), ["Person: Bob", "Place: Anna", "Person: Bob"]);
    let batch = editor.document().batches().values().next().expect("a batch").clone();
    assert_eq!((batch.search.texts.as_slice(), batch.search.ignore_case), (&["bob".to_owned()][..], true));
    assert_eq!(label.plan(&name(), editor.document()), None, "all is done");
    editor.execute(&Intent::Retract { batch: batch.id }).expect("there");
    assert_eq!(marks(&editor), ["Person: Bob", "Place: Anna"]);
    let unknown = change(HitChange::Label("Nothing".into()), &hits);
    assert_eq!((unknown.count(), unknown.unfit), (0, 4));
}

#[test]
fn marks_get_another_label_in_one_step() {
    let hits = [
        mark("m1", MarkKind::Mention, "Person", "anna"),
        mark("m2", MarkKind::Mention, "Place", "anna"),
        mark("m1", MarkKind::Mention, "Person", "bob"),
        mark("q1", MarkKind::Quote, "direct", "anna"),
        // Somebody has changed it since.
        mark("m9", MarkKind::Mention, "Person", "anna"),
        word(0, 3),
    ];
    let relabel = change(HitChange::Relabel("Country".into()), &hits);
    assert_eq!((relabel.count(), relabel.unfit), (3, 3));
    let mut editor = done(&relabel, document());
    assert_eq!(marks(&editor), ["Country: Bob", "Country: Anna"]);
    assert_eq!(relabel.plan(&name(), editor.document()), None);
    editor.undo().expect("one step");
    assert_eq!(marks(&editor), ["Person: Bob", "Place: Anna"]);
}

#[test]
fn marks_are_deleted_if_they_are_what_was_found() {
    let hits = [mark("m1", MarkKind::Mention, "Person", "anna"), mark("m2", MarkKind::Mention, "Date", "anna")];
    let delete = change(HitChange::Delete, &hits);
    let editor = done(&delete, document());
    assert_eq!(marks(&editor), ["Place: Anna"]);
    assert_eq!(delete.plan(&name(), editor.document()), None);
    assert_eq!(delete.plan(&Name::new("two").expect("a name"), &document()), None);
}
