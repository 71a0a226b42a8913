//! That merging takes what each side did, asks where both did, and leaves nothing dangling.

use proptest::prelude::*;

use super::*;
use crate::edit::test_support::{TEXT, any_intent, editor};
use crate::edit::{Editor, Intent};
use crate::model::test_support::spans;
use crate::model::{AttributeValue, Batch, Filler, Rejection, Status, Unknown, UnknownField, validate};

fn at(words: &str) -> crate::text::Spans {
    let start = TEXT.find(words).expect("in the text") as u32;
    spans(&[(start, start + words.len() as u32)])
}

fn mark(editor: &mut Editor, label: &str, words: &str) -> Id {
    let intent = Intent::AddMention { label: label.into(), spans: at(words) };
    editor.execute(&intent).expect("legal").created.expect("made")
}

/// Anna, Bob and Paris, a meeting with Anna, and what she said.
fn base() -> Editor {
    let mut editor = editor();
    let anna = mark(&mut editor, "Person", "Anna");
    mark(&mut editor, "Person", "Bob");
    mark(&mut editor, "Place", "Paris");
    editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
    let actor = Some(Filler::Mention(anna));
    let fill = Intent::SetArgument { id: "e1".into(), role: "Actor".into(), nth: 0, filler: actor };
    editor.execute(&fill).expect("legal");
    editor
}

fn done(editor: &Editor, intents: &[Intent]) -> Editor {
    let mut editor = editor.clone();
    for intent in intents {
        editor.execute(intent).expect("legal");
    }
    editor
}

fn plan(base: &Editor, mine: &Editor, theirs: &Editor) -> Merge {
    mine.merger().plan(base.document(), theirs.document()).expect("one text")
}

fn note(id: &str, note: &str) -> Intent {
    Intent::SetNote { id: id.into(), note: note.into() }
}

fn delete(id: &str) -> Intent {
    Intent::Delete { ids: vec![id.into()] }
}

fn dangling(document: &Document) -> Option<crate::model::Problem> {
    let schema = editor().schema().clone();
    validate(document, &schema).into_iter().find(|problem| problem.code.starts_with("dangling"))
}

#[test]
fn different_fields_of_one_annotation_go_together() {
    let base = base();
    let mine = done(&base, &[note("m3", "capital")]);
    let theirs = done(&base, &[Intent::Relabel { id: "m3".into(), label: "Country".into() }]);
    let merge = plan(&base, &mine, &theirs);
    assert_eq!(merge.conflicts(), []);
    let incoming: Vec<_> = merge.incoming().iter().map(|i| (i.how, i.words.as_str())).collect();
    assert_eq!(incoming, [(How::Changed, "Place “Paris”: label")]);
    let merged = merge.merged(&[]);
    let paris = &merged.mentions()[&Id::from("m3")];
    assert_eq!((paris.label.as_str(), paris.note.as_deref()), ("Country", Some("capital")));
}

#[test]
fn the_same_field_changed_differently_is_a_choice_in_words() {
    let base = base();
    let mine = done(&base, &[note("m3", "mine"), Intent::SetStatus(Status::Done)]);
    let theirs = done(&base, &[note("m3", "theirs"), Intent::SetStatus(Status::Flagged)]);
    let merge = plan(&base, &mine, &theirs);
    let told: Vec<_> = (merge.conflicts().iter())
        .map(|c| (c.about.as_str(), c.field.as_str(), c.mine.as_str(), c.theirs.as_str()))
        .collect();
    assert_eq!(told, [("This document", "status", "done", "flagged"), ("Place “Paris”", "note", "“mine”", "“theirs”")]);
    let merged = merge.merged(&[Side::Theirs, Side::Mine]);
    assert_eq!(merged.header().status, Status::Flagged);
    assert_eq!(merged.mentions()[&Id::from("m3")].note.as_deref(), Some("mine"));
}

#[test]
fn what_one_deleted_and_the_other_changed_is_a_choice() {
    let base = base();
    let mine = done(&base, &[delete("m3")]);
    let theirs = done(&base, &[note("m3", "capital")]);
    let merge = plan(&base, &mine, &theirs);
    let [conflict] = merge.conflicts() else { panic!("{:?}", merge.conflicts()) };
    assert_eq!((conflict.mine.as_str(), conflict.theirs.as_str()), ("Deleted", "Kept, with a change of note"));
    assert!(merge.merged(&[Side::Mine]).mentions().get(&Id::from("m3")).is_none());
    assert!(merge.merged(&[Side::Theirs]).mentions().get(&Id::from("m3")).is_some());
}

#[test]
fn what_one_deleted_and_the_other_newly_refers_to_is_a_choice_and_nothing_dangles() {
    let base = base();
    let fill = Intent::SetArgument {
        id: "e1".into(),
        role: "Actor".into(),
        nth: 1,
        filler: Some(Filler::Mention("m2".into())),
    };
    let user = done(&base, &[fill]);
    let deleter = done(&base, &[delete("m2")]);
    for (mine, theirs, keeps) in [(&user, &deleter, Side::Mine), (&deleter, &user, Side::Theirs)] {
        let merge = plan(&base, mine, theirs);
        let [conflict] = merge.conflicts() else { panic!("{:?}", merge.conflicts()) };
        assert_eq!(conflict.about, "Person “Bob”");
        for side in [Side::Mine, Side::Theirs] {
            let merged = merge.merged(&[side]);
            assert_eq!(dangling(&merged), None);
            assert_eq!(merged.mentions().contains_key(&Id::from("m2")), side == keeps);
            assert_eq!(merged.events()[&Id::from("e1")].arguments.len(), if side == keeps { 2 } else { 1 });
        }
    }
}

#[test]
fn new_things_with_one_identifier_both_stay_and_references_follow() {
    let base = base();
    let mut mine = base.clone();
    mark(&mut mine, "Person", "she");
    let mut theirs = base.clone();
    let france = mark(&mut theirs, "Country", "France");
    let part = Intent::AddRelation { label: "PartOf".into(), from: "m3".into(), to: france.clone() };
    theirs.execute(&part).expect("legal");
    assert_eq!(france, Id::from("m4"));
    let merge = plan(&base, &mine, &theirs);
    assert_eq!(merge.conflicts(), []);
    let merged = merge.merged(&[]);
    assert_eq!(merged.mentions()[&Id::from("m4")].label, "Person");
    assert_eq!(merged.mentions()[&Id::from("m5")].label, "Country");
    assert_eq!(merged.relations()[&Id::from("r1")].to, Id::from("m5"));
    mine.merge(&merge, &[]).expect("as planned").expect("something changed");
    assert_eq!(mark(&mut mine, "Person", "We"), Id::from("m6"), "the identifier is used up");
}

#[test]
fn what_both_marked_is_marked_once() {
    let base = base();
    let mut mine = base.clone();
    mark(&mut mine, "Person", "she");
    mark(&mut mine, "Country", "France");
    let mut theirs = base.clone();
    let france = mark(&mut theirs, "Country", "France");
    theirs.execute(&Intent::Join { mentions: vec![france.clone()], entity: None }).expect("legal");
    theirs.execute(&note(france.as_str(), "the republic")).expect("legal");
    let merged = plan(&base, &mine, &theirs).merged(&[]);
    assert_eq!(merged.mentions().len(), 5);
    let france = &merged.mentions()[&Id::from("m5")];
    assert_eq!(france.note.as_deref(), Some("the republic"));
    assert!(merged.entities().contains_key(france.entity.as_ref().expect("joined")));
}

#[test]
fn fillers_that_both_added_to_a_role_go_together_where_there_is_room() {
    let base = base();
    let fill = |id: &str| Intent::SetArgument {
        id: "e1".into(),
        role: "Actor".into(),
        nth: 1,
        filler: Some(Filler::Mention(id.into())),
    };
    let mine = done(&base, &[fill("m2")]);
    let mut theirs = base.clone();
    let she = mark(&mut theirs, "Person", "she");
    theirs.execute(&fill(she.as_str())).expect("legal");
    let merge = plan(&base, &mine, &theirs);
    assert_eq!(merge.conflicts(), []);
    assert_eq!(merge.merged(&[]).events()[&Id::from("e1")].arguments.len(), 3);

    let mut schema = (**base.schema()).clone();
    schema.events.iter_mut().for_each(|e| e.roles.iter_mut().for_each(|r| r.max = Some(2)));
    let mut mine = mine;
    mine.use_schema(Arc::new(schema));
    let merge = plan(&base, &mine, &theirs);
    let [conflict] = merge.conflicts() else { panic!("{:?}", merge.conflicts()) };
    assert_eq!(conflict.field, "Actor");
    assert!(conflict.mine.contains("“Bob”") && conflict.theirs.contains("“she”"), "{conflict:?}");
}

#[test]
fn batches_and_refusals_are_merged_too() {
    let base = base();
    let propagate = |words: &str| Intent::Propagate {
        source: "m3".into(),
        search: crate::model::Search { texts: vec![words.into()], ignore_case: false },
        spans: vec![TEXT.rfind(words).map(|at| at as u32).map(|at| crate::text::Span::of(at, at + 5)).expect("there")],
    };
    let refuse = |suggester: &str| Intent::Reject(Rejection::new(at("Bob"), "Place", suggester));
    let mine = done(&base, &[propagate("Paris"), refuse("names")]);
    let theirs = done(&base, &[propagate("Franc"), refuse("quotes")]);
    let merge = plan(&base, &mine, &theirs);
    let merged = merge.merged(&[]);
    assert_eq!((merged.batches().len(), merged.rejected().len()), (2, 2));
    assert_eq!(dangling(&merged), None);
    let of = |batch: &str| merged.mentions_of_batch(&batch.into()).len();
    assert_eq!((of("b1"), of("b2")), (1, 1), "their mentions follow their batch");
}

#[test]
fn labels_of_the_document_are_merged_by_group() {
    let base = base();
    let group = |group: &str, values: &[&str]| Intent::SetDocumentLabels {
        group: group.into(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let mine = done(&base, &[group("topic", &["sport"]), group("tone", &["calm"])]);
    let theirs = done(&base, &[group("topic", &["sport", "trade"]), group("place", &["Paris"])]);
    let labels = plan(&base, &mine, &theirs).merged(&[]).header().labels.clone();
    assert_eq!(labels["topic"], ["sport", "trade"]);
    assert_eq!(
        (labels["tone"].as_slice(), labels["place"].as_slice()),
        (&["calm".to_owned()][..], &["Paris".to_owned()][..])
    );
}

#[test]
fn other_texts_are_not_merged() {
    let base = base();
    let text = crate::text::Text::new("Another text.").expect("short");
    let other = Document::new(text, base.document().header().clone());
    assert_eq!(base.merger().plan(base.document(), &other).err(), Some(OtherText));
    assert_eq!(base.clone().take_over(&other, "Reload"), Err(OtherText));
}

#[test]
fn a_thousand_conflicts_are_planned_quickly() {
    let mut mentions = Vec::new();
    for i in 0..1000_u32 {
        let mut mention = crate::model::test_support::mention(&format!("m{i}"), "Person", &[(i % 60, i % 60 + 1)]);
        *mention.note = Some("base".into());
        mentions.push(mention);
    }
    let with_note = |note: &str| {
        let mentions = mentions.iter().cloned().map(|m| Mention { note: Some(note.to_owned()).into(), ..m });
        let text = crate::text::Text::new(TEXT).expect("short");
        Document::with_annotations(text, crate::model::Header::default(), [], mentions, [], [], [])
    };
    let mine = Editor::new(with_note("mine"), editor().schema().clone());
    let merge = mine.merger().plan(&with_note("base"), &with_note("theirs")).expect("one text");
    assert_eq!(merge.conflicts().len(), 1000);
    assert_eq!(merge.merged(&[Side::Theirs; 1000]), with_note("theirs"));
}

/// Two editors on what the first intentions made, each gone on by its own.
fn sides(first: &[Intent], mine: &[Intent], theirs: &[Intent]) -> (Editor, Editor, Editor) {
    let go_on = |editor: &Editor, intents: &[Intent]| {
        let mut editor = editor.clone();
        for intent in intents {
            // Many are refused; what is left is enough.
            let _ = editor.execute(intent);
        }
        editor
    };
    let base = go_on(&editor(), first);
    (go_on(&base, mine), go_on(&base, theirs), base)
}

/// Without what depends on whose turn came first.
fn normalised(document: &Document) -> Document {
    let mut document = document.clone();
    document.events.for_each_mut(|e| e.arguments.sort_by_key(|a| format!("{a:?}")));
    document.quotes.for_each_mut(|q| q.arguments.sort_by_key(|a| format!("{a:?}")));
    document.entities.for_each_mut(|n| n.aliases.sort());
    document
}

/// Its new things with identifiers that nobody else makes.
fn apart(editor: &Editor, base: &Editor) -> Editor {
    let mut ids = editor.merger().ids;
    for kind in ["m", "n", "e", "q", "r", "b"] {
        ids.skip(&Id::new(format!("{kind}500")));
    }
    Editor::new(twins::with_fresh_names(base.document(), editor.document(), &mut ids), editor.schema().clone())
}

fn intents(most: usize) -> impl Strategy<Value = Vec<Intent>> {
    prop::collection::vec(any_intent(), 0..most)
}

proptest! {
    #[test]
    fn a_side_that_did_nothing_changes_nothing(first in intents(25), then in intents(15)) {
        let (changed, _, base) = sides(&first, &then, &[]);
        let mine = plan(&base, &changed, &base);
        prop_assert!(mine.is_empty());
        prop_assert_eq!(&mine.merged(&[]), changed.document());
        let theirs = plan(&base, &base, &changed);
        prop_assert_eq!(theirs.conflicts(), []);
        prop_assert_eq!(&theirs.merged(&[]), changed.document());
        let both = plan(&base, &changed, &changed);
        prop_assert!(both.is_empty());
        prop_assert_eq!(&both.merged(&[]), changed.document());
    }

    #[test]
    fn nothing_dangles_whatever_is_chosen_and_all_of_it_is_one_step(
        first in intents(25), mine in intents(15), theirs in intents(15), choices in prop::collection::vec(any::<bool>(), 40),
    ) {
        let (mut mine, theirs, base) = sides(&first, &mine, &theirs);
        let merge = plan(&base, &mine, &theirs);
        let choices: Vec<Side> = choices.into_iter().map(|is_mine| if is_mine { Side::Mine } else { Side::Theirs }).collect();
        for choices in [&[][..], &choices, &[Side::Theirs; 60]] {
            let merged = merge.merged(choices);
            prop_assert_eq!(dangling(&merged), None, "{:?}", merge.conflicts());
        }
        let before = mine.document().clone();
        let steps = mine.history().done().len();
        let done = mine.merge(&merge, &choices).expect("as planned");
        let merged = merge.merged(&choices);
        prop_assert_eq!(mine.document(), &merged);
        prop_assert_eq!(mine.history().done().len() - steps, usize::from(done.is_some()));
        let mut fresh = merged.clone();
        fresh.reindex();
        let all = crate::text::Span::of(0, TEXT.len() as u32);
        prop_assert_eq!(fresh.span_index().touching(all), mine.document().span_index().touching(all));
        if done.is_some() {
            mine.undo().expect("one step");
            prop_assert_eq!(mine.document(), &before);
            mine.redo().expect("one step");
            prop_assert_eq!(mine.document(), &merged);
        }
        // What was merged has nothing more to merge.
        let again = mine.merger().plan(theirs.document(), theirs.document()).expect("one text");
        prop_assert!(again.is_empty());
    }

    #[test]
    fn it_does_not_matter_whose_file_it_is(first in intents(25), mine in intents(10), theirs in intents(10)) {
        let (mine, theirs, base) = sides(&first, &mine, &theirs);
        let theirs = apart(&theirs, &base);
        let (here, there) = (plan(&base, &mine, &theirs), plan(&base, &theirs, &mine));
        prop_assert_eq!(here.conflicts().len(), there.conflicts().len());
        // What both made alike has the identifier of whoever merges.
        let is_alike = here.theirs != *theirs.document();
        if here.conflicts().is_empty() && !is_alike {
            prop_assert_eq!(normalised(&here.merged(&[])), normalised(&there.merged(&[])));
        }
    }

    #[test]
    fn taking_over_makes_it_like_the_other_and_inverts(first in intents(20), mine in intents(10), theirs in intents(10)) {
        let (mut mine, theirs, _) = sides(&first, &mine, &theirs);
        let before = mine.document().clone();
        let done = mine.take_over(theirs.document(), "Reload").expect("one text");
        prop_assert_eq!(mine.document(), theirs.document());
        if done.is_some() {
            mine.undo().expect("one step");
            prop_assert_eq!(mine.document(), &before);
        }
    }
}

#[test]
fn attributes_are_merged_by_name() {
    let base = base();
    let set = |name: &str, value: &str| Intent::SetAttribute {
        id: "e1".into(),
        name: name.into(),
        value: Some(AttributeValue::Text(value.into())),
    };
    let mine = done(&base, &[set("polarity", "negative"), set("tense", "past")]);
    let theirs = done(&base, &[set("modality", "asserted"), set("tense", "future")]);
    let merge = plan(&base, &mine, &theirs);
    let [conflict] = merge.conflicts() else { panic!("{:?}", merge.conflicts()) };
    assert_eq!(
        (conflict.field.as_str(), conflict.mine.as_str(), conflict.theirs.as_str()),
        ("tense", "past", "future")
    );
    let attributes = merge.merged(&[Side::Theirs]).events()[&Id::from("e1")].attributes.clone();
    assert_eq!(attributes.len(), 3);
    assert_eq!(attributes["tense"], AttributeValue::Text("future".into()));
}

/// A field of a newer program, in a part of its owner.
fn unknown(fields: &[(&str, &str, &str)]) -> Unknown {
    let field = |(at, name, value): &(&str, &str, &str)| UnknownField {
        at: (*at).to_owned(),
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    };
    Unknown::new(fields.iter().map(field).collect())
}

fn edited(editor: &Editor, change: impl FnOnce(&mut Document)) -> Editor {
    let mut document = editor.document().clone();
    change(&mut document);
    Editor::new(document, editor.schema().clone())
}

fn with_refusal(editor: &Editor, said: &[(&str, &str, &str)]) -> Editor {
    let refusal = Rejection { unknown: unknown(said), ..Rejection::new(at("Bob"), "Place", "names") };
    edited(editor, |document| drop(document.rejected.replace(refusal)))
}

fn said_of_refusal(document: &Document) -> Unknown {
    document.rejected().first().expect("refused").unknown.clone()
}

#[test]
fn what_a_newer_program_says_of_a_batch_is_merged() {
    let with_batch = |said: &[(&str, &str, &str)], label: &str| {
        let batch = Batch {
            id: "b1".into(),
            label: label.to_owned(),
            entity: None,
            search: crate::model::Search::default(),
            at: None,
            unknown: unknown(said),
        };
        edited(&base(), |document| drop(document.batches.insert("b1".into(), batch)))
    };
    let (base, mine) = (with_batch(&[], "Place"), with_batch(&[("", "a", "1")], "Country"));
    let merge = plan(&base, &mine, &with_batch(&[("", "b", "2")], "Place"));
    assert_eq!(merge.conflicts(), []);
    let batch = merge.merged(&[]).batches()[&Id::from("b1")].clone();
    assert_eq!((batch.label.as_str(), batch.unknown), ("Country", unknown(&[("", "a", "1"), ("", "b", "2")])));
}

#[test]
fn what_a_newer_program_says_of_a_refusal_is_merged_and_undone() {
    let nothing = with_refusal(&base(), &[]);
    let mut mine = with_refusal(&nothing, &[("", "a", "1")]);
    let theirs = with_refusal(&nothing, &[("", "b", "2")]);
    let both = unknown(&[("", "a", "1"), ("", "b", "2")]);
    let merge = plan(&nothing, &mine, &theirs);
    let incoming: Vec<_> = merge.incoming().iter().map(|i| (i.how, i.words.as_str())).collect();
    assert_eq!(incoming, [(How::Changed, "refusal of Place “Bob”: nothing that is shown")]);
    let before = mine.document().clone();
    mine.merge(&merge, &[]).expect("as planned").expect("it differs");
    assert_eq!(said_of_refusal(mine.document()), both);
    mine.undo().expect("one step");
    assert_eq!(mine.document(), &before);
    // Also what both refused on their own.
    let (mine, theirs) = (with_refusal(&base(), &[("", "a", "1")]), with_refusal(&base(), &[("", "b", "2")]));
    assert_eq!(said_of_refusal(&plan(&base(), &mine, &theirs).merged(&[])), both);
}

#[test]
fn taking_over_takes_what_a_newer_program_says_too() {
    let mut mine = with_refusal(&base(), &[("", "a", "1")]);
    let before = mine.document().clone();
    // Of two fillers the first went, and what is said of the second stays with it.
    let bob = Intent::SetArgument {
        id: "e1".into(),
        role: "Actor".into(),
        nth: 1,
        filler: Some(Filler::Mention("m2".into())),
    };
    mine.execute(&bob).expect("legal");
    let theirs = edited(&with_refusal(&mine, &[("", "b", "2")]), |document| {
        let event = document.events.get_mut(&Id::from("e1")).expect("there");
        event.arguments.remove(0);
        event.provenance.unknown = unknown(&[("arguments[0]", "sure", "1")]);
    });
    let merged = plan(&mine, &mine, &theirs);
    let mut merging = mine.clone();
    merging.merge(&merged, &[]).expect("as planned").expect("it differs");
    assert_eq!(merging.document(), theirs.document());
    mine.take_over(theirs.document(), "Reload").expect("one text").expect("it differs");
    assert_eq!(mine.document(), theirs.document());
    assert_eq!(mine.take_over(theirs.document(), "Reload"), Ok(None));
    // Going back all the way gives each what was said of it then.
    mine.go_back_to(crate::edit::State::BEGINNING).expect("it was");
    assert_eq!(mine.document(), &before);
}

#[test]
fn going_back_brings_back_what_a_newer_program_says_of_a_filler() {
    let bob = Some(Filler::Mention("m2".into()));
    let fill = |nth, filler| Intent::SetArgument { id: "e1".into(), role: "Actor".into(), nth, filler };
    let mut editor = edited(&done(&base(), &[fill(1, bob)]), |document| {
        let event = document.events.get_mut(&Id::from("e1")).expect("there");
        event.provenance.unknown = unknown(&[("arguments[1]", "sure", "1")]);
    });
    let before = editor.document().clone();
    editor.execute(&fill(0, None)).expect("legal");
    let said = editor.document().events()[&Id::from("e1")].provenance.unknown.clone();
    assert_eq!(said, unknown(&[("arguments[0]", "sure", "1")]));
    editor.go_back_to(crate::edit::State::BEGINNING).expect("it was");
    assert_eq!(editor.document(), &before);
}

#[test]
fn a_refusal_that_is_asked_for_again_keeps_what_is_said_of_it() {
    let mut editor = with_refusal(&base(), &[("", "a", "1")]);
    let before = editor.document().clone();
    let refusal = Rejection::new(at("Bob"), "Place", "names");
    assert_eq!(editor.execute(&Intent::Reject(refusal.clone())).expect("legal").transaction, None);
    editor.execute(&Intent::Unreject(refusal)).expect("legal");
    assert!(editor.document().rejected().is_empty());
    editor.undo().expect("one step");
    assert_eq!(editor.document(), &before);
}

#[test]
fn names_of_any_length_are_shortened_in_words() {
    let long = "x".repeat(10_000);
    let base = edited(&base(), |document| {
        document.mentions.get_mut(&Id::from("m3")).expect("there").label = long.as_str().into();
    });
    let change = |value: &str| {
        edited(&base, |document| {
            let mention = document.mentions.get_mut(&Id::from("m3")).expect("there");
            *mention.note = Some(value.repeat(5_000));
            mention.attributes.insert(long.clone(), AttributeValue::Text(value.repeat(5_000)));
            let names = (0..100).map(|nth| (format!("{nth}{long}"), AttributeValue::Text(value.to_owned())));
            mention.attributes.extend(names);
            document.rejected.insert(Rejection::new(at("Bob"), long.clone(), value));
        })
    };
    let (mine, theirs) = (change("mine"), change("theirs"));
    for merge in [plan(&base, &mine, &theirs), plan(&base, &base, &theirs)] {
        let told = merge.conflicts().iter().flat_map(|c| [&c.about, &c.field, &c.mine, &c.theirs]);
        let incoming = merge.incoming().iter().map(|incoming| &incoming.words);
        for words in told.chain(incoming) {
            assert!(words.chars().count() <= 1_000, "{} characters", words.chars().count());
        }
    }
    let deleted = edited(&base, |document| drop(document.mentions.remove(&Id::from("m3"))));
    let merge = plan(&base, &mine, &deleted);
    assert!(merge.conflicts().iter().all(|conflict| conflict.mine.chars().count() <= 1_000));
}
