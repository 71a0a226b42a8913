//! Intentions, and that each of them is taken back exactly.

use std::sync::Arc;

use proptest::prelude::*;

use super::test_support::{TEXT, any_intent, editor};
use super::*;
use crate::model::schema::builtin;
use crate::model::test_support::spans;
use crate::model::{Filler, Id, Origin, Part, Search, Status, validate};
use crate::text::Span;

fn at(words: &str) -> crate::text::Spans {
    let start = TEXT.find(words).expect("in the text") as u32;
    spans(&[(start, start + words.len() as u32)])
}

fn mark(editor: &mut Editor, label: &str, words: &str) -> Id {
    let intent = Intent::AddMention { label: label.into(), spans: at(words) };
    editor.execute(&intent).expect("legal").created.expect("made")
}

#[test]
fn a_whole_event_is_marked_and_taken_back() {
    let mut editor = editor();
    let empty = editor.document().clone();
    let anna = mark(&mut editor, "Person", "Anna");
    let event = editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
    let event = event.created.expect("made");
    let fill =
        Intent::SetArgument { id: event.clone(), role: "Actor".into(), nth: 0, filler: Some(Filler::Mention(anna)) };
    editor.execute(&fill).expect("legal");
    let place = Intent::AddArgumentFromText { id: event.clone(), role: "Place".into(), spans: at("Paris") };
    editor.execute(&place).expect("legal");
    assert_eq!(arguments_of(editor.document(), &event).len(), 2);
    assert_eq!(editor.document().mentions().len(), 2, "the place became a mention");
    assert_eq!(validate(editor.document(), editor.schema()), []);
    assert_eq!(editor.document().header().status, Status::InProgress);
    for _ in 0..4 {
        editor.undo().expect("four steps");
    }
    assert_eq!(editor.document(), &empty);
    assert_eq!(editor.undo(), None);
}

#[test]
fn the_last_number_there_is_does_not_end_the_counting() {
    // The last one, the first that is not counted from, and the last that is.
    let numbers = ["m18446744073709551615", "m9223372036854775808", "m9223372036854775807"];
    let mentions = numbers.map(|id| crate::model::test_support::mention(id, "Person", &[(0, 4)]));
    let text = crate::text::Text::new(TEXT).expect("short");
    let document = crate::model::Document::with_annotations(text, Default::default(), [], mentions, [], [], []);
    let mut editor = Editor::new(document, Arc::new(builtin("news").expect("ships").clone()));
    let ids = [mark(&mut editor, "Person", "Bob"), mark(&mut editor, "Place", "Paris")];
    assert_eq!(editor.document().mentions().len(), 5, "none took the place of another: {ids:?}");
    let far = Transaction { group: Some(Group(u64::MAX)), ..Transaction::clone(&editor.history().done()[0]) };
    let mut other = super::test_support::editor();
    other.replay(far).expect("fits");
    assert_ne!(other.new_group(), other.new_group());
}

#[test]
fn a_group_is_one_step_with_the_title_of_its_first() {
    let mut editor = editor();
    mark(&mut editor, "Person", "Anna");
    let before = editor.document().clone();
    let group = editor.new_group();
    let event = Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") };
    editor.execute_in(&event, Some(group)).expect("legal");
    let actor = Filler::Mention("m1".into());
    let fill = Intent::SetArgument { id: "e1".into(), role: "Actor".into(), nth: 0, filler: Some(actor) };
    editor.execute_in(&fill, Some(group)).expect("legal");
    assert_eq!(editor.history().undo_title(), Some("Mark Consult “met”"));
    let step = editor.undo().expect("one step");
    assert_eq!((step.title.as_str(), step.ids), ("Mark Consult “met”", vec!["e1".into()]));
    assert_eq!(editor.document(), &before);
    assert_eq!(editor.history().redo_title(), Some("Mark Consult “met”"));
    editor.redo().expect("one step");
    assert_eq!(arguments_of(editor.document(), &"e1".into()).len(), 1);

    // Two groups side by side stay two steps, and a group that is not the last is left alone.
    let other = editor.new_group();
    let paris = Intent::AddMention { label: "Place".into(), spans: at("Paris") };
    editor.execute_in(&paris, Some(other)).expect("legal");
    assert_eq!(editor.undo_group(group), None);
    editor.undo_group(other).expect("the last");
    assert_eq!(arguments_of(editor.document(), &"e1".into()).len(), 1);
}

#[test]
fn undo_and_redo_bring_the_same_ids_back() {
    let mut editor = editor();
    let anna = mark(&mut editor, "Person", "Anna");
    editor.execute(&Intent::Delete { ids: vec![anna.clone()] }).expect("there");
    editor.undo();
    assert!(editor.document().mentions().contains_key(&anna));
    editor.undo();
    let bob = mark(&mut editor, "Person", "Bob");
    assert_ne!(anna, bob, "an identifier is not given twice");
    assert!(editor.redo().is_none(), "a new change forgets what was undone");
}

#[test]
fn illegal_fillers_are_refused_with_what_is_legal() {
    let mut editor = editor();
    let paris = mark(&mut editor, "Date", "Paris");
    let event = editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
    let id = event.created.expect("made");
    let before = editor.document().clone();
    let fill = Intent::SetArgument { id, role: "Place".into(), nth: 0, filler: Some(Filler::Mention(paris)) };
    let error = editor.execute(&fill).expect_err("a date is no place").to_string();
    assert!(error.contains("Date") && error.contains("Place, "), "{error}");
    assert_eq!(editor.document(), &before);
}

#[test]
fn deleting_a_mention_takes_its_references_along() {
    let mut editor = editor();
    let anna = mark(&mut editor, "Person", "Anna");
    editor.execute(&Intent::Join { mentions: vec![anna.clone()], entity: None }).expect("legal");
    let quote = editor.execute(&Intent::AddQuote { kind: None, content: at("\"We agreed,\"") }).expect("legal");
    let quote = quote.created.expect("made");
    let speaker = |filler| Intent::SetArgument { id: quote.clone(), role: "Speaker".into(), nth: 0, filler };
    editor.execute(&speaker(Some(Filler::Mention(anna.clone())))).expect("legal");
    let before = editor.document().clone();
    editor.execute(&Intent::Delete { ids: vec![anna] }).expect("there");
    let document = editor.document();
    assert_eq!(document.quotes()[&quote].speaker, None);
    assert!(document.entities().is_empty(), "an entity without mentions goes too");
    editor.undo();
    assert_eq!(editor.document(), &before);
}

#[test]
fn entities_are_joined_merged_and_split() {
    let mut editor = editor();
    let (anna, she) = (mark(&mut editor, "Person", "Anna"), mark(&mut editor, "Person", "she"));
    let entity = editor.execute(&Intent::Join { mentions: vec![anna.clone(), she.clone()], entity: None });
    let entity = entity.expect("legal").created.expect("made");
    assert_eq!(editor.document().entities()[&entity].name, "Anna");
    let joined = editor.document().clone();
    let other = editor.execute(&Intent::Split { mention: she.clone(), own_entity: true }).expect("legal");
    let other = other.created.expect("made");
    assert_ne!(editor.document().mentions()[&she].entity, editor.document().mentions()[&anna].entity);
    editor.execute(&Intent::MergeEntities { into: entity.clone(), from: other }).expect("legal");
    assert_eq!(editor.document().entities()[&entity].aliases, ["she"]);
    assert_eq!(editor.document().mention_count_of(&entity), 2);
    editor.undo();
    editor.undo();
    assert_eq!(editor.document(), &joined);
}

#[test]
fn a_name_is_propagated_extended_and_retracted_each_in_one_step() {
    let mut editor = editor();
    let paris = mark(&mut editor, "Place", "Paris");
    let second = Span::of(TEXT.rfind("Paris").expect("there") as u32, TEXT.rfind("Paris").expect("there") as u32 + 5);
    let before = editor.document().clone();
    let search = Search { texts: vec!["Paris".into()], ignore_case: false };
    let first = before.mentions()[&paris].spans[0];
    let propagate =
        Intent::Propagate { source: paris.clone(), search: search.clone(), spans: vec![first, second, second] };
    editor.execute(&propagate).expect("legal");
    let document = editor.document();
    assert_eq!(document.mentions().len(), 2, "what is marked is passed over, and nothing is made twice");
    let entity = document.mentions()[&paris].entity.clone();
    assert!(entity.is_some());
    assert_eq!(document.mentions_of_batch(&"b1".into())[0].entity, entity);
    assert_eq!(document.batches()[&Id::from("b1")].search, search);
    assert_eq!(editor.execute(&propagate), Err(EditError::NoOccurrence));

    let texts = vec!["Paris".to_owned(), "France".to_owned()];
    let extend =
        Intent::Extend { batch: "b1".into(), search: Search { texts, ..search }, spans: at("France").to_vec() };
    editor.execute(&extend).expect("legal");
    assert_eq!(editor.document().mentions_of_batch(&"b1".into()).len(), 2);
    assert_eq!(editor.document().batches()[&Id::from("b1")].search.texts.len(), 2);

    editor.execute(&Intent::Retract { batch: "b1".into() }).expect("there");
    assert_eq!(editor.document().mentions().len(), 1);
    assert!(editor.document().batches().is_empty());
    for _ in 0..3 {
        editor.undo().expect("one step each");
    }
    assert_eq!(editor.document(), &before);
}

#[test]
fn retracting_leaves_what_was_edited_or_is_used() {
    let mut editor = editor();
    let anna = mark(&mut editor, "Person", "Anna");
    let words = ["Anna met", "Bob", "Paris", "she", "France", "agreed", "in"];
    let spans: Vec<Span> = words.iter().map(|w| at(w)[0]).collect();
    editor.execute(&Intent::Propagate { source: anna.clone(), search: Search::default(), spans }).expect("legal");
    let ids: Vec<Id> = (2..9).map(|n| Id::new(format!("m{n}"))).collect();
    let edits = [
        Intent::Relabel { id: ids[1].clone(), label: "Place".into() },
        Intent::Resize { id: ids[2].clone(), part: Part::Mention, index: 0, span: at("in Paris")[0] },
        Intent::SetNote { id: ids[3].clone(), note: "look".into() },
        Intent::Split { mention: ids[4].clone(), own_entity: true },
        Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") },
        Intent::SetArgument {
            id: "e1".into(),
            role: "Actor".into(),
            nth: 0,
            filler: Some(Filler::Mention(ids[5].clone())),
        },
    ];
    for intent in &edits {
        editor.execute(intent).expect("legal");
    }
    let entity = editor.document().mentions()[&anna].entity.clone().expect("made");
    editor
        .execute(&Intent::UpdateEntity { id: entity, name: Some("Anna Berg".into()), aliases: None, link: None })
        .expect("changing the entity changes none of its mentions");
    let plan = retraction(editor.document(), &"b1".into());
    assert_eq!(
        (plan.removed, plan.edited, plan.used),
        (vec![ids[0].clone(), ids[6].clone()], ids[1..5].to_vec(), vec![ids[5].clone()],)
    );
    editor.execute(&Intent::Retract { batch: "b1".into() }).expect("there");
    let document = editor.document();
    assert!(!document.mentions().contains_key(&ids[0]) && document.mentions().contains_key(&ids[5]));
    assert!(document.mentions().values().all(|m| m.provenance.by.batch().is_none()), "what stays is made by hand");
    assert_eq!(fillers_of(document, &"e1".into(), "Actor"), [Filler::Mention(ids[5].clone())]);
}

#[test]
fn undoing_an_edit_gives_the_mention_back_to_its_batch() {
    let mut editor = editor();
    let anna = mark(&mut editor, "Person", "Anna");
    let propagate = Intent::Propagate { source: anna, search: Search::default(), spans: at("Bob").to_vec() };
    editor.execute(&propagate).expect("legal");
    editor.execute(&Intent::SetNote { id: "m2".into(), note: "look".into() }).expect("there");
    assert_eq!(editor.document().mentions()[&Id::from("m2")].provenance.by, Origin::Edited("b1".into()));
    editor.undo();
    assert_eq!(retraction(editor.document(), &"b1".into()).removed, ["m2".into()]);
}

#[test]
fn a_batch_follows_its_entity_when_that_is_merged_or_deleted() {
    let mut editor = editor();
    let (anna, bob) = (mark(&mut editor, "Person", "Anna"), mark(&mut editor, "Person", "Bob"));
    let bob =
        editor.execute(&Intent::Join { mentions: vec![bob], entity: None }).expect("legal").created.expect("made");
    let propagate = Intent::Propagate { source: anna, search: Search::default(), spans: at("she").to_vec() };
    editor.execute(&propagate).expect("legal");
    let batch = |editor: &Editor| editor.document().batches()[&Id::from("b1")].clone();
    let from = batch(&editor).entity.expect("made");
    editor.execute(&Intent::MergeEntities { into: bob.clone(), from }).expect("there");
    assert_eq!(batch(&editor).entity, Some(bob.clone()));
    assert_eq!(retraction(editor.document(), &"b1".into()).removed.len(), 1, "merging is no edit of the mentions");
    editor.execute(&Intent::Delete { ids: vec![bob] }).expect("there");
    assert_eq!(batch(&editor).entity, None);
    assert_eq!(validate(editor.document(), editor.schema()), []);
}

#[test]
fn an_event_inside_a_quote_is_claimed_in_it_whichever_comes_first() {
    for quote_first in [true, false] {
        let mut editor = editor();
        let quote = Intent::AddQuote { kind: None, content: at("\"We agreed,\"") };
        let event = Intent::AddEvent { r#type: "Agree".into(), trigger: at("agreed") };
        let order = if quote_first { [&quote, &event] } else { [&event, &quote] };
        for intent in order {
            editor.execute(intent).expect("legal");
        }
        assert_eq!(editor.document().events()[&Id::from("e1")].claimed_in, Some("q1".into()));
        assert_eq!(editor.document().quotes()[&Id::from("q1")].kind, "direct");
    }
}

#[test]
fn resizing_keeps_id_and_links() {
    let mut editor = editor();
    let anna = mark(&mut editor, "Person", "Anna");
    editor.execute(&Intent::Join { mentions: vec![anna.clone()], entity: None }).expect("legal");
    let resize = Intent::Resize { id: anna.clone(), part: Part::Mention, index: 0, span: Span::of(0, 8) };
    editor.execute(&resize).expect("legal");
    let mention = &editor.document().mentions()[&anna];
    assert_eq!((mention.spans.as_slice(), mention.entity.is_some()), ([Span::of(0, 8)].as_slice(), true));
    let found = editor.document().span_index().touching(Span::of(6, 7));
    assert_eq!(found.len(), 1, "the index moved along");
}

#[test]
fn the_same_label_on_the_same_words_is_refused_but_another_is_not() {
    let mut editor = editor();
    mark(&mut editor, "Place", "Paris");
    let twice = Intent::AddMention { label: "Place".into(), spans: at("Paris") };
    assert!(matches!(editor.execute(&twice), Err(EditError::Twice { .. })));
    mark(&mut editor, "Country", "Paris");
}

#[test]
fn the_same_filler_enters_a_role_once() {
    let mut editor = editor();
    let anna = mark(&mut editor, "Person", "Anna");
    editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
    let fill = |nth| Intent::SetArgument {
        id: "e1".into(),
        role: "Actor".into(),
        nth,
        filler: Some(Filler::Mention(anna.clone())),
    };
    editor.execute(&fill(0)).expect("legal");
    assert!(matches!(editor.execute(&fill(1)), Err(EditError::AlreadyFills { .. })));
    assert_eq!(arguments_of(editor.document(), &"e1".into()).len(), 1);
}

#[test]
fn an_entity_is_no_mention_although_its_type_is_legal() {
    let mut editor = editor();
    let anna = mark(&mut editor, "Person", "Anna");
    let entity = editor.execute(&Intent::Join { mentions: vec![anna], entity: None }).expect("legal");
    let entity = entity.created.expect("made");
    editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
    for filler in [Filler::Mention(entity), Filler::Event("m1".into()), Filler::Mention("e1".into())] {
        let fill = Intent::SetArgument { id: "e1".into(), role: "Topic".into(), nth: 0, filler: Some(filler) };
        assert!(editor.execute(&fill).is_err(), "{fill:?}");
    }
}

#[test]
fn a_full_role_refuses_one_more() {
    let mut schema = builtin("news").expect("ships").clone();
    schema.events.iter_mut().filter(|e| e.r#type == "Consult").for_each(|e| {
        e.roles.iter_mut().filter(|r| r.role == "Place").for_each(|r| r.max = Some(1));
    });
    let mut editor = editor();
    editor.use_schema(Arc::new(schema));
    editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
    let place = |words| Intent::AddArgumentFromText { id: "e1".into(), role: "Place".into(), spans: at(words) };
    editor.execute(&place("Paris")).expect("room for one");
    assert!(matches!(editor.execute(&place("France")), Err(EditError::RoleFull { .. })));
}

#[test]
fn a_history_survives_a_restart() {
    let mut first = editor();
    mark(&mut first, "Person", "Anna");
    mark(&mut first, "Person", "Bob");
    let mut second = Editor::new(first.document().clone(), first.schema().clone());
    second.adopt_history(first.history().clone());
    second.undo().expect("one step");
    assert_eq!(second.document().mentions().len(), 1);
    let mut third = editor();
    for transaction in first.history().done() {
        third.replay(transaction.clone()).expect("fits");
    }
    assert_eq!(third.document(), first.document());
    assert!(third.replay(first.history().done()[0].clone()).is_err(), "does not fit twice");
}

proptest! {
    /// Groups are undone and redone whole, wherever they begin and end, and whatever a change in between undoes.
    #[test]
    fn groups_invert(
        steps in prop::collection::vec((any::<bool>(), prop::collection::vec(any_intent(), 1..6)), 0..12),
        undo_between in any::<bool>(),
    ) {
        let mut editor = editor();
        let mut states = vec![editor.document().clone()];
        for (i, (is_group, intents)) in steps.iter().enumerate() {
            if *is_group {
                let group = editor.new_group();
                let before = editor.document().clone();
                let mut last = None;
                for intent in intents {
                    last = editor.execute_in(intent, Some(group)).ok().and_then(|done| done.transaction).or(last);
                }
                // Taking a part back is one more member of the group.
                if let (Some(last), true) = (last, i % 2 == 0) {
                    editor.reverse(&last, group).expect("the last change");
                }
                if undo_between && editor.undo_group(group).is_some() {
                    prop_assert_eq!(&before, editor.document());
                    editor.redo().expect("just undone");
                }
                if editor.history().undo_step().last().is_some_and(|last| last.group == Some(group)) {
                    states.push(editor.document().clone());
                }
            } else {
                for intent in intents {
                    if editor.execute(intent).is_ok_and(|done| done.transaction.is_some()) {
                        states.push(editor.document().clone());
                    }
                }
            }
        }
        for state in states.iter().rev().skip(1) {
            editor.undo().expect("a step for each state");
            prop_assert_eq!(state, editor.document());
        }
        prop_assert_eq!(editor.undo(), None);
        for state in states.iter().skip(1) {
            editor.redo().expect("a step for each state");
            prop_assert_eq!(state, editor.document());
        }
        prop_assert_eq!(editor.redo(), None);
    }

    /// Whatever is done, undo leads back through every state and redo forward again; nothing ever dangles, and
    /// the span index stays true.
    #[test]
    fn everything_inverts(intents in prop::collection::vec(any_intent(), 0..40)) {
        let mut editor = editor();
        let mut states = vec![editor.document().clone()];
        for intent in &intents {
            let before = editor.document().clone();
            match editor.execute(intent) {
                Ok(Done { transaction: Some(_), .. }) => states.push(editor.document().clone()),
                _ => prop_assert_eq!(&before, editor.document()),
            }
            let dangling = validate(editor.document(), editor.schema()).into_iter().find(|p| p.code.starts_with("dangling"));
            prop_assert_eq!(dangling, None, "after {:?}", intent);
            let mut fresh = editor.document().clone();
            fresh.reindex();
            let all = Span::of(0, TEXT.len() as u32);
            prop_assert_eq!(fresh.span_index().touching(all), editor.document().span_index().touching(all));
        }
        for state in states.iter().rev().skip(1) {
            editor.undo();
            prop_assert_eq!(state, editor.document());
        }
        for state in states.iter().skip(1) {
            editor.redo();
            prop_assert_eq!(state, editor.document());
        }
    }
}
