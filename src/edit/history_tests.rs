//! Nothing is forgotten: every state that ever was can be reached, and told about.

use proptest::prelude::*;

use super::test_support::{TEXT, any_intent, editor};
use super::*;
use crate::model::test_support::spans;
use crate::model::{Document, Filler, Id, Search};

fn at(words: &str) -> crate::text::Spans {
    let start = TEXT.find(words).expect("in the text") as u32;
    spans(&[(start, start + words.len() as u32)])
}

fn mark(editor: &mut Editor, label: &str, words: &str) -> Id {
    let intent = Intent::AddMention { label: label.into(), spans: at(words) };
    editor.execute(&intent).expect("legal").created.expect("made")
}

#[test]
fn what_was_undone_before_a_new_change_can_still_be_reached() {
    let mut editor = editor();
    mark(&mut editor, "Person", "Anna");
    let base = editor.history().now();
    let bob = mark(&mut editor, "Person", "Bob");
    let abandoned = (editor.history().now(), editor.document().clone());
    editor.undo();
    let paris = mark(&mut editor, "Place", "Paris");
    let present = (editor.history().now(), editor.document().clone());
    assert!(!editor.history().can_redo(), "redo does not lead there");
    let standings = [base, abandoned.0, present.0].map(|state| editor.history().standing(state));
    assert_eq!(standings, [Standing::Past, Standing::Abandoned, Standing::Present]);

    let done = editor.go_back_to(abandoned.0).expect("there was such a state");
    let transaction = done.transaction.expect("it is another state");
    assert_eq!(transaction.title, "Go back to “Mark Person ‘Bob’”");
    let touched: Vec<&Id> = transaction.ops.iter().filter_map(Op::id).collect();
    assert_eq!(touched, [&bob, &paris], "what is the same is not touched");
    assert_eq!(editor.document(), &abandoned.1);

    let again = editor.go_back_to(State::BEGINNING).expect("always").transaction.expect("another state");
    assert_eq!(again.title, "Go back to the beginning");
    assert!(editor.document().mentions().is_empty());
    editor.undo();
    let state = editor.history().now();
    editor.go_back_to(present.0).expect("there");
    assert_eq!(editor.document(), &present.1);
    let twice = editor.go_back_to(state).expect("there").transaction.expect("another state");
    assert_eq!(twice.title, transaction.title, "where that went back to, this goes back to");
    for _ in 0..2 {
        editor.undo();
    }
    assert_eq!(editor.document(), &abandoned.1);
}

#[test]
fn going_back_to_where_the_document_is_does_nothing() {
    let mut editor = editor();
    mark(&mut editor, "Person", "Anna");
    let state = editor.history().now();
    mark(&mut editor, "Person", "Bob");
    editor.execute(&Intent::Delete { ids: vec!["m2".into()] }).expect("there");
    assert_eq!(editor.go_back_to(state).expect("there").transaction, None, "the same document by another way");
    assert_eq!(editor.history().latest().number(), 3);
    let never = State(17);
    assert_eq!(editor.go_back_to(never), Err(EditError::NoState));
    assert_eq!(difference(editor.document(), editor.history(), never), None);
}

/// Regression: after a restart, an identifier of an abandoned branch was given to something else, and going back to that
/// branch would have found it taken.
#[test]
fn identifiers_of_what_was_abandoned_are_not_given_again_after_a_restart() {
    let mut first = editor();
    mark(&mut first, "Person", "Anna");
    let bob = mark(&mut first, "Person", "Bob");
    first.undo();
    first.execute(&Intent::SetDocumentNote("x".into())).expect("legal");
    let mut second = Editor::new(first.document().clone(), first.schema().clone());
    second.adopt_history(first.history().clone());
    assert_ne!(mark(&mut second, "Place", "Paris"), bob);
}

#[test]
fn a_group_is_one_step_of_the_list_and_two_steps_are_two() {
    let mut editor = editor();
    mark(&mut editor, "Person", "Anna");
    let group = editor.new_group();
    for words in ["Bob", "Paris"] {
        let intent = Intent::AddMention { label: "Person".into(), spans: at(words) };
        editor.execute_in(&intent, Some(group)).expect("legal");
    }
    mark(&mut editor, "Person", "she");
    let history = editor.history();
    let steps: Vec<(u64, u64)> =
        (0..history.step_count()).filter_map(|nth| history.step(nth)).map(|s| (s.first.0, s.last.0)).collect();
    assert_eq!(steps, [(1, 1), (2, 3), (4, 4)]);
    assert_eq!([0, 1, 2, 3, 4].map(|n| history.step_of(State(n))), [None, Some(0), Some(1), Some(1), Some(2)]);
    assert_eq!(history.step(3), None);
}

#[test]
fn a_transaction_names_who_made_it_and_says_nothing_where_nobody_said() {
    let mut editor = editor();
    mark(&mut editor, "Person", "Anna");
    let plain = serde_json::to_string(&editor.history().done()[0]).expect("it can be written");
    assert!(!plain.contains("\"by\":null"), "{plain}");
    editor.execute(&Intent::SetAnnotator(Some("Éva".into()))).expect("legal");
    mark(&mut editor, "Person", "Bob");
    editor.set_author(Some("Noor".into()));
    mark(&mut editor, "Place", "Paris");
    editor.go_back_to(State::BEGINNING).expect("always");
    let by: Vec<Option<&str>> = editor.history().done().iter().map(|t| t.by.as_deref()).collect();
    assert_eq!(by, [None, None, Some("Éva"), Some("Noor"), Some("Noor")]);
    let written = serde_json::to_string(&editor.history().done()[3]).expect("it can be written");
    assert_eq!(&serde_json::from_str::<Transaction>(&written).expect("readable"), &*editor.history().done()[3]);
}

// --- the history of an annotation ---------------------------------------------------------------------------------

/// A moment in one line.
fn line(moment: &Moment) -> String {
    let fields = moment.fields.iter().map(|f| {
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".into());
        format!("{}: {} → {}", f.field, side(&f.before), side(&f.after))
    });
    let origin = moment.origin.iter().map(|origin| format!("({origin})"));
    std::iter::once(moment.title.clone()).chain(fields).chain(origin).collect::<Vec<_>>().join("; ")
}

fn lines(editor: &Editor, id: &str) -> Vec<String> {
    timeline(editor.document(), editor.history(), &id.into()).iter().map(line).collect()
}

#[test]
fn the_history_of_a_mention_tells_each_change_in_words_also_those_by_way_of_others() {
    let mut editor = editor();
    mark(&mut editor, "Person", "Anna");
    let search = Search { texts: vec!["Anna".into()], ignore_case: false };
    let propagate = Intent::Propagate { source: "m1".into(), search, spans: at("she").to_vec() };
    editor.execute(&propagate).expect("legal");
    editor.execute(&Intent::Relabel { id: "m2".into(), label: "Organization".into() }).expect("legal");
    editor.execute(&Intent::SetNote { id: "m2".into(), note: "look".into() }).expect("legal");
    editor.execute(&Intent::Delete { ids: vec!["n1".into()] }).expect("there");
    assert_eq!(
        lines(&editor, "m2"),
        [
            "Mark 1 more Person “Anna”; Label: – → Person; Words: – → “she” 36–39; Entity: – → Person “Anna”; \
             (made by the batch b1 (“Anna”))",
            "Change Person “she” to Organization; Label: Person → Organization; \
             (made by the batch b1 (“Anna”), edited by hand since)",
            "Change note; Note: – → look",
            "Delete Person “Anna”; Entity: Person “Anna” → –",
        ],
        "an entity that is gone is called as it was"
    );
    // The other way: what the propagation did to the mention that it began with.
    assert_eq!(lines(&editor, "m1")[1], "Mark 1 more Person “Anna”; Entity: – → Person “Anna”",);
}

#[test]
fn the_history_of_an_event_and_a_quote_tells_their_roles() {
    let mut editor = editor();
    mark(&mut editor, "Person", "Anna");
    mark(&mut editor, "Person", "Bob");
    editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
    for id in ["m1", "m2"] {
        let filler = Some(Filler::Mention(id.into()));
        let nth = usize::from(id == "m2");
        let fill = Intent::SetArgument { id: "e1".into(), role: "Actor".into(), nth, filler };
        editor.execute(&fill).expect("legal");
    }
    editor.execute(&Intent::Delete { ids: vec!["m1".into()] }).expect("there");
    let quote = Intent::AcceptQuote {
        kind: Some("direct".into()),
        content: at("\"We agreed,\""),
        cue: Some(at("said")),
        speaker: Some(Filler::Span(at("she"))),
        suggester: Some("quotes".into()),
        speaker_suggester: Some("quotes".into()),
    };
    editor.execute(&quote).expect("legal");
    assert_eq!(
        lines(&editor, "e1")[1..],
        [
            "Fill Actor; Actor: – → Person “Anna”",
            "Fill Actor; Actor: Person “Anna” → Person “Anna”, Person “Bob”",
            "Delete Person “Anna”; Actor: Person “Anna”, Person “Bob” → Person “Bob”",
        ]
    );
    assert_eq!(
        lines(&editor, "q1"),
        ["Accept quote \"We agreed,\"; Kind: – → direct; Content: – → \"We agreed,\" 23–35; Cue: – → “said” 40–44; \
          Speaker: – → Person “she”; (suggested by quotes)"]
    );
}

#[test]
fn what_was_there_before_the_history_has_its_provenance_and_what_was_undone_is_told_as_such() {
    let mut first = editor();
    mark(&mut first, "Person", "Anna");
    let mut editor = Editor::new(first.document().clone(), first.schema().clone());
    let moments = timeline(editor.document(), editor.history(), &"m1".into());
    let [only] = moments.as_slice() else { panic!("{moments:?}") };
    assert_eq!(
        (only.title.as_str(), only.state, only.at.as_deref()),
        ("Made by hand", None, Some("2026-01-01T00:00:00Z"))
    );

    editor.execute(&Intent::SetNote { id: "m1".into(), note: "a".into() }).expect("there");
    editor.undo();
    editor.execute(&Intent::SetNote { id: "m1".into(), note: "b".into() }).expect("there");
    editor.undo();
    editor.redo();
    let moments = timeline(editor.document(), editor.history(), &"m1".into());
    let told: Vec<(Fate, Standing)> = moments.iter().map(|m| (m.fate, m.standing)).collect();
    assert_eq!(
        told,
        [(Fate::Made, Standing::Past), (Fate::Changed, Standing::Abandoned), (Fate::Changed, Standing::Past)]
    );
    assert_eq!(timeline(editor.document(), editor.history(), &"m9".into()), []);
}

// --- any run --------------------------------------------------------------------------------------------------------

#[derive(Clone, Debug)]
enum Act {
    Do(Intent),
    Group(Vec<Intent>),
    Undo,
    Redo,
    GoBack(prop::sample::Index),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => any_intent().prop_map(Act::Do),
        1 => prop::collection::vec(any_intent(), 2..5).prop_map(Act::Group),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
        1 => any::<prop::sample::Index>().prop_map(Act::GoBack),
    ]
}

/// Does it, and keeps the document of each state by its number.
fn act(editor: &mut Editor, act: &Act, states: &mut Vec<Document>) {
    let mut keep = |editor: &Editor| {
        if states.len() as u64 == editor.history().latest().number() {
            states.push(editor.document().clone());
        }
    };
    match act {
        Act::Do(intent) => drop(editor.execute(intent)),
        Act::Group(intents) => {
            let group = editor.new_group();
            for intent in intents {
                drop(editor.execute_in(intent, Some(group)));
                keep(editor);
            }
        }
        Act::Undo => drop(editor.undo()),
        Act::Redo => drop(editor.redo()),
        Act::GoBack(index) => {
            let state = State(index.index(editor.history().latest().number() as usize + 1) as u64);
            editor.go_back_to(state).expect("it was");
        }
    }
    keep(editor);
}

proptest! {
    /// From the end of any run every state can be gone back to, and undo gives what was before.
    #[test]
    fn every_state_can_be_gone_back_to(acts in prop::collection::vec(any_act(), 0..40)) {
        let mut editor = editor();
        let mut states = vec![editor.document().clone()];
        for it in &acts {
            act(&mut editor, it, &mut states);
            let history = editor.history();
            prop_assert_eq!(&states[history.now().number() as usize], editor.document());
            prop_assert_eq!(history.done().last().map(AsRef::as_ref), history.transaction(history.now()));
        }
        prop_assert_eq!(states.len() as u64, editor.history().latest().number() + 1);
        prop_assert_eq!(editor.history().all().count() + 1, states.len());
        let last = editor.document().clone();
        for (number, state) in states.iter().enumerate() {
            let went = editor.go_back_to(State(number as u64)).expect("it was").transaction;
            prop_assert_eq!(state, editor.document(), "state {}", number);
            prop_assert_eq!(went.is_none(), state == &last);
            if went.is_some() {
                editor.undo().expect("one step");
                prop_assert_eq!(&last, editor.document());
            }
        }
        // Everything can be told about.
        let ids: Vec<Id> = editor.history().all().flat_map(|t| t.ops.iter().filter_map(Op::id).cloned()).collect();
        for id in ids {
            let moments = timeline(editor.document(), editor.history(), &id);
            prop_assert!(!moments.is_empty());
            prop_assert!(moments.iter().all(|m| m.fate != Fate::Changed || !m.fields.is_empty() || m.origin.is_some()));
        }
    }
}
