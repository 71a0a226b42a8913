//! The sample's annotation can be made from nothing by what the window asks the editor for.

use std::sync::Arc;

use manicule::edit::{Editor, Intent, arguments_of};
use manicule::formats::native::NativeRon;
use manicule::formats::{Format as _, Input};
use manicule::model::schema::builtin;
use manicule::model::{Document, Header, Id, Metadata, Part};

use crate::common::seed;

fn gold() -> Document {
    let bytes = std::fs::read(seed("ron")).expect("ships");
    NativeRon.read(&Input::of_bytes(&bytes)).expect("opens").remove(0).document
}

fn run(editor: &mut Editor, intent: Intent) -> Option<Id> {
    editor.execute(&intent).unwrap_or_else(|error| panic!("{intent:?}: {error}")).created
}

#[test]
fn the_gold_annotation_is_made_step_by_step_and_undone_again() {
    let gold = gold();
    let bare = Metadata { id: gold.header().metadata.id.clone(), ..Metadata::default() };
    let schema = builtin("news").expect("ships");
    let start =
        Document::new(gold.text().clone(), Header { metadata: bare, ..Header::default() }).prepared(schema, None);
    let mut editor = Editor::new(start.clone(), Arc::new(schema.clone())).with_clock(|| "now".into());
    let e = &mut editor;

    // Ids are given in the order of making, and the gold file numbers everything in the order of the text.
    for m in gold.mentions().values() {
        let made = run(e, Intent::AddMention { label: m.label.to_string(), spans: m.spans.clone() });
        assert_eq!(made.as_ref(), Some(&m.id));
        for (name, value) in &m.attributes {
            run(e, Intent::SetAttribute { id: m.id.clone(), name: name.clone(), value: Some(value.clone()) });
        }
        run(e, Intent::SetNote { id: m.id.clone(), note: m.note.as_deref().unwrap_or_default().to_owned() });
    }
    for n in gold.entities().values() {
        let mentions = gold.mentions_of(&n.id).map(|m| m.id.clone()).collect();
        let made = run(e, Intent::Join { mentions, entity: None });
        assert_eq!(made.as_ref(), Some(&n.id));
        let (name, aliases, link) = (Some(n.name.clone()), Some(n.aliases.clone()), n.link.clone());
        run(e, Intent::UpdateEntity { id: n.id.clone(), name, aliases, link });
        run(e, Intent::Relabel { id: n.id.clone(), label: n.r#type.to_string() });
        run(e, Intent::SetNote { id: n.id.clone(), note: n.note.as_deref().unwrap_or_default().to_owned() });
    }
    for event in gold.events().values() {
        let made = run(e, Intent::AddEvent { r#type: event.r#type.to_string(), trigger: event.trigger.clone() });
        assert_eq!(made.as_ref(), Some(&event.id));
        for (name, value) in &event.attributes {
            run(e, Intent::SetAttribute { id: event.id.clone(), name: name.clone(), value: Some(value.clone()) });
        }
        run(e, Intent::SetNote { id: event.id.clone(), note: event.note.as_deref().unwrap_or_default().to_owned() });
    }
    for quote in gold.quotes().values() {
        let made = run(e, Intent::AddQuote { kind: Some(quote.kind.to_string()), content: quote.content.clone() });
        assert_eq!(made.as_ref(), Some(&quote.id));
        if let Some(cue) = &quote.cue {
            run(e, Intent::SetSpans { id: quote.id.clone(), part: Part::Cue, spans: cue.clone() });
        }
        for (name, value) in &quote.attributes {
            run(e, Intent::SetAttribute { id: quote.id.clone(), name: name.clone(), value: Some(value.clone()) });
        }
        run(e, Intent::SetNote { id: quote.id.clone(), note: quote.note.as_deref().unwrap_or_default().to_owned() });
    }
    for id in gold.events().keys().chain(gold.quotes().keys()) {
        for argument in arguments_of(&gold, id) {
            let nth = usize::MAX;
            let filler = Some(argument.filler);
            run(e, Intent::SetArgument { id: id.clone(), role: argument.role.to_string(), nth, filler });
        }
    }
    for event in gold.events().values() {
        run(e, Intent::SetClaimedIn { id: event.id.clone(), quote: event.claimed_in.clone() });
    }
    for r in gold.relations().values() {
        let made = run(e, Intent::AddRelation { label: r.label.to_string(), from: r.from.clone(), to: r.to.clone() });
        assert_eq!(made.as_ref(), Some(&r.id));
    }
    let header = gold.header();
    run(e, Intent::SetMetadata(Box::new(header.metadata.clone())));
    run(e, Intent::SetAnnotator(header.annotator.clone()));
    for (group, values) in &header.labels {
        run(e, Intent::SetDocumentLabels { group: group.clone(), values: values.clone() });
    }
    run(e, Intent::SetDocumentNote(header.note.as_deref().unwrap_or_default().to_owned()));
    run(e, Intent::SetStatus(header.status));

    let written = |document: &Document| {
        let named = [manicule::formats::Named { name: "x", document, schema: None }];
        let bytes = NativeRon.write(&named, &manicule::formats::Options::default()).expect("writable").remove(0).bytes;
        // The gold file carries no times and no origin but the hand.
        String::from_utf8(bytes)
            .expect("UTF-8")
            .replace(", provenance: (by: Hand, at: Some(\"now\"))", "")
            .replace(", provenance: (by: Hand, at: None)", "")
    };
    let (made, wanted) = (written(editor.document()), written(&gold));
    let differing = made.lines().zip(wanted.lines()).find(|(made, wanted)| made != wanted);
    assert!(made == wanted, "{differing:#?}");

    while editor.undo().is_some() {}
    assert_eq!(editor.document(), &start);
}
