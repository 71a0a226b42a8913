//! Mending a problem in one step, where the document leaves no choice how.

use std::collections::BTreeSet;

use super::arguments::{arguments_of, fillers_of, roles_of};
use super::intent::Intent;
use super::naming::{Named, by_name};
use crate::model::schema::RoleType;
use crate::model::{Document, Filler, Id, Kind, Mend, Part, Problem, Schema};
use crate::text::{BytePos, Span, Spans, quoted};

/// What would mend a problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// In words, for a button.
    pub text: String,
    /// The intention.
    pub intent: Intent,
}

/// What would mend a problem; `None` if there is nothing obvious. Looks only at the surroundings of the problem.
pub fn mend(document: &Document, schema: &Schema, problem: &Problem) -> Option<Offer> {
    let id = problem.place.id.as_ref()?;
    let offer = |text: &str, intent: Intent| Some(Offer { text: text.to_owned(), intent });
    match problem.mend.as_ref()? {
        Mend::Trim(part) => {
            let spans = trimmed(document, &spans_of(document, id, *part)?);
            let intent = Intent::SetSpans { id: id.clone(), part: *part, spans: spans.clone() };
            if spans.is_empty() { None } else { offer("Take the white space off", intent) }
        }
        Mend::Fill { role } => {
            let known = roles_of(document, schema, id).iter().find(|r| &r.role == role)?;
            let filler = only_candidate(document, schema, id, known)?;
            let words = document.excerpt_of(filler.target()?);
            let nth = fillers_of(document, id, role).len();
            let intent = Intent::SetArgument { id: id.clone(), role: role.clone(), nth, filler: Some(filler) };
            offer(&format!("Fill {role} with {}", quoted(&words)), intent)
        }
        Mend::Empty { role, nth } => {
            let words = match fillers_of(document, id, role).get(*nth)? {
                Filler::Mention(target) | Filler::Event(target) if document.kind_of(target).is_none() => {
                    target.to_string()
                }
                Filler::Mention(target) | Filler::Event(target) => document.excerpt_of(target),
                Filler::Span(spans) => document.text().excerpt(spans),
                Filler::Implicit(words) => words.clone(),
            };
            let intent = Intent::SetArgument { id: id.clone(), role: role.clone(), nth: *nth, filler: None };
            offer(&format!("Take {} out of {role}", quoted(&words)), intent)
        }
        Mend::GiveEntity(mention) => give_entity(document, mention),
        Mend::LeaveEntity => {
            offer("Let it refer to no entity", Intent::Split { mention: id.clone(), own_entity: false })
        }
        Mend::Unclaim => offer("Forget the quote", Intent::SetClaimedIn { id: id.clone(), quote: None }),
        Mend::Reverse => {
            let relation = document.relations().get(id)?;
            let known = schema.relation(&relation.label)?;
            let fits = |allowed: &[String], end: &Id| schema.check_end(document, allowed, "", end).is_ok();
            let is_mended = fits(&known.from, &relation.to) && fits(&known.to, &relation.from);
            if is_mended { offer("Turn it around", Intent::Reverse { id: id.clone() }) } else { None }
        }
        Mend::Delete => offer("Delete it", Intent::Delete { ids: vec![id.clone()] }),
    }
}

fn spans_of(document: &Document, id: &Id, part: Part) -> Option<Spans> {
    match part {
        Part::Cue => document.quotes().get(id)?.cue.clone(),
        _ => Some(document.spans_of(id)),
    }
}

fn trimmed(document: &Document, spans: &Spans) -> Spans {
    let text = document.text();
    let trim = |span: &Span| {
        let words = text.get(*span)?;
        let start = span.start.plus(words.len() - words.trim_start().len());
        let kept = words.trim().len();
        (kept > 0).then(|| Span::new(start, start.plus(kept)))
    };
    spans.iter().filter_map(trim).collect()
}

/// The entity that has the mention's words as a name and its label as a type, else a new one.
fn give_entity(document: &Document, mention: &Id) -> Option<Offer> {
    let known = document.mentions().get(mention)?;
    let words = document.excerpt_of(mention);
    let (text, entity) = match by_name(document, &known.label, &words) {
        Named::One(entity) => (format!("Join it to {}", entity.name), Some(entity.id.clone())),
        Named::Nobody => (format!("Make an entity {}", quoted(&words)), None),
        // Two of the same name: nobody but the annotator knows which.
        Named::Several => return None,
    };
    Some(Offer { text, intent: Intent::Join { mentions: vec![mention.clone()], entity } })
}

/// The one mention or event that may fill the role, if there is only one: in the sentence of the trigger; for a quote in
/// the sentences that it stands in, outside what is said. Several mentions of one entity are one, and the nearest is it.
fn only_candidate(document: &Document, schema: &Schema, owner: &Id, role: &RoleType) -> Option<Filler> {
    let own = document.spans_of(owner);
    let (first, last) = (own.first()?, own.last()?);
    let is_quote = document.kind_of(owner) == Some(Kind::Quote);
    let text = document.text();
    let from = text.sentence_at(first.start).map(|sentence| sentence.start).filter(|start| *start <= first.start)?;
    let to = text.next_sentence_end(BytePos(last.end.0.saturating_sub(1)));
    let is_used: BTreeSet<Id> =
        arguments_of(document, owner).iter().filter_map(|a| a.filler.target().cloned()).collect();
    let mut fitting: Vec<(u32, Filler)> = Vec::new();
    let mut seen = BTreeSet::new();
    for anchor in document.span_index().touching(Span::new(from, to)) {
        let filler = match anchor.part {
            Part::Mention => Filler::Mention(anchor.id.clone()),
            Part::Trigger => Filler::Event(anchor.id.clone()),
            _ => continue,
        };
        let is_said = is_quote && own.iter().any(|span| span.covers(anchor.span));
        let is_free = &anchor.id != owner && !is_used.contains(&anchor.id) && !is_said;
        if is_free && schema.check_filler(document, role, &filler).is_ok() && seen.insert(anchor.id.clone()) {
            let distance = anchor.span.start.0.abs_diff(first.start.0).min(anchor.span.start.0.abs_diff(last.end.0));
            fitting.push((distance, filler));
        }
    }
    let entity = |filler: &Filler| {
        let id = filler.target()?;
        document.mentions().get(id).and_then(|m| m.entity.clone()).or_else(|| Some(id.clone()))
    };
    let referents: BTreeSet<Option<Id>> = fitting.iter().map(|(_, filler)| entity(filler)).collect();
    if referents.len() != 1 {
        return None;
    }
    fitting.into_iter().min_by_key(|(distance, _)| *distance).map(|(_, filler)| filler)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::test_support::{TEXT, editor};
    use crate::edit::{EditError, Editor};
    use crate::model::schema::builtin;
    use crate::model::test_support::spans;
    use crate::model::{Header, validate};
    use crate::text::Text;
    use std::sync::Arc;

    fn at(words: &str) -> Spans {
        let start = TEXT.find(words).expect("in the text") as u32;
        spans(&[(start, start + words.len() as u32)])
    }

    fn mark(editor: &mut Editor, label: &str, words: &str) -> Id {
        let intent = Intent::AddMention { label: label.into(), spans: at(words) };
        editor.execute(&intent).expect("legal").created.expect("made")
    }

    fn offers(editor: &Editor) -> Vec<Option<String>> {
        let problems = validate(editor.document(), editor.schema());
        problems.iter().map(|p| mend(editor.document(), editor.schema(), p).map(|offer| offer.text)).collect()
    }

    /// Mends the first problem that can be mended.
    fn mend_first(editor: &mut Editor) -> Result<(), EditError> {
        let problems = validate(editor.document(), editor.schema());
        let offer = problems.iter().find_map(|p| mend(editor.document(), editor.schema(), p)).expect("an offer");
        editor.execute(&offer.intent).map(drop)
    }

    #[test]
    fn white_space_is_taken_off() {
        let mut editor = editor();
        let id = mark(&mut editor, "Person", " Bob ");
        mend_first(&mut editor).expect("legal");
        assert_eq!(editor.document().excerpt_of(&id), "Bob");
        assert_eq!(validate(editor.document(), editor.schema()), []);
    }

    #[test]
    fn the_only_legal_filler_of_the_sentence_is_offered_and_no_choice_is_made() {
        let mut editor = editor();
        mark(&mut editor, "Date", "in");
        editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
        assert_eq!(offers(&editor), [None], "a date is no actor");
        mark(&mut editor, "Person", "Anna");
        assert_eq!(offers(&editor), [Some("Fill Actor with “Anna”".to_owned())]);
        let other = mark(&mut editor, "Person", "Bob");
        assert_eq!(offers(&editor), [None], "two could be meant");
        editor.execute(&Intent::Delete { ids: vec![other] }).expect("there");
        mark(&mut editor, "Person", "she");
        mend_first(&mut editor).expect("legal");
        assert_eq!(fillers_of(editor.document(), &"e1".into(), "Actor"), [Filler::Mention("m2".into())]);
        assert_eq!(validate(editor.document(), editor.schema()), []);
    }

    /// The list of problems asks this in a frame, also while a long text is still being cut.
    #[test]
    fn the_sentence_of_a_long_text_is_found_without_cutting_all_of_it() {
        let text = Text::new(format!("{TEXT}\n{}", "The sun shone all day. ".repeat(20_000))).expect("short");
        let document = Document::new(text, Header::default());
        let mut editor = Editor::new(document, Arc::new(builtin("news").expect("ships").clone()));
        mark(&mut editor, "Person", "Anna");
        editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
        assert_eq!(offers(&editor), [Some("Fill Actor with “Anna”".to_owned())]);
        assert_eq!(editor.document().text().is_cut(), (false, false));
    }

    #[test]
    fn a_speaker_is_sought_outside_the_quote() {
        let mut editor = editor();
        editor.execute(&Intent::AddQuote { kind: None, content: at("\"We agreed,\"") }).expect("legal");
        mark(&mut editor, "Person", "We");
        assert_eq!(offers(&editor), [None]);
        mark(&mut editor, "Person", "she");
        assert_eq!(offers(&editor), [Some("Fill Speaker with “she”".to_owned())]);
        mend_first(&mut editor).expect("legal");
        // Now the speaker wants an entity.
        assert_eq!(offers(&editor), [Some("Make an entity “she”".to_owned())]);
        mend_first(&mut editor).expect("legal");
        assert_eq!(validate(editor.document(), editor.schema()), []);
    }

    #[test]
    fn a_wrong_filler_is_taken_out_and_a_wrong_relation_turned_around() {
        let mut editor = editor();
        let anna = mark(&mut editor, "Person", "Anna");
        let bob = mark(&mut editor, "Position", "Bob");
        editor.execute(&Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") }).expect("legal");
        let fill = Intent::SetArgument {
            id: "e1".into(),
            role: "Actor".into(),
            nth: 0,
            filler: Some(Filler::Mention(anna.clone())),
        };
        editor.execute(&fill).expect("legal");
        let relation = Intent::AddRelation { label: "PositionOf".into(), from: bob.clone(), to: anna.clone() };
        editor.execute(&relation).expect("legal");
        for (id, label) in [(&anna, "Position"), (&bob, "Person")] {
            editor.execute(&Intent::Relabel { id: id.clone(), label: label.into() }).expect("known");
        }
        assert!(offers(&editor).contains(&Some("Turn it around".to_owned())), "{:?}", offers(&editor));
        editor.execute(&Intent::Relabel { id: anna.clone(), label: "Date".into() }).expect("known");
        assert!(offers(&editor).contains(&Some("Take “Anna” out of Actor".to_owned())), "{:?}", offers(&editor));
    }
}
