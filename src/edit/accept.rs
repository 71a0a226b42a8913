//! Accepting suggestions, and refusing them for good.
//!
//! What is accepted is planned like what is made by hand; only its provenance says who proposed it. All of a proposal
//! is one transaction.

use super::intent::EditError;
use super::plan::Planner;
use crate::model::{Entity, Filler, Id, Kind, Mention, Origin, Quote, Rejection};
use crate::text::Spans;

/// What is accepted of a proposed quote.
pub struct Accepted<'a> {
    pub kind: Option<&'a str>,
    pub content: &'a Spans,
    pub cue: Option<&'a Spans>,
    pub speaker: Option<&'a Filler>,
    pub suggester: Option<&'a str>,
    pub speaker_suggester: Option<&'a str>,
}

/// Where something comes from that this suggester proposed, or nobody.
fn origin(suggester: Option<&str>) -> Origin {
    suggester.map_or(Origin::Hand, |name| Origin::Suggestion(name.to_owned()))
}

impl Planner<'_> {
    pub(super) fn accept_mention(
        &mut self,
        label: &str,
        spans: &Spans,
        entity: Option<&Id>,
        suggester: Option<&str>,
    ) -> Result<Id, EditError> {
        if let Some(entity) = entity {
            self.require::<Entity>(entity, "entity")?;
        }
        let id = self.add_mention(label, spans)?;
        self.draft.update::<Mention>(&id, |mention| {
            mention.entity = entity.cloned();
            mention.provenance.by = origin(suggester);
        });
        self.allow_again(label, spans, suggester);
        Ok(id)
    }

    pub(super) fn accept_quote(&mut self, accepted: Accepted<'_>) -> Result<Id, EditError> {
        let id = self.add_quote(accepted.kind, accepted.content)?;
        let cue = accepted.cue.map(|cue| self.checked(cue)).transpose()?;
        let speaker = accepted.speaker.map(|filler| self.speaker(filler, accepted.speaker_suggester)).transpose()?;
        if let Some(Filler::Mention(mention)) = &speaker {
            self.name_speaker(mention, &origin(accepted.speaker_suggester));
        }
        self.draft.update::<Quote>(&id, |quote| {
            quote.cue = cue;
            quote.speaker = speaker;
            quote.provenance.by = origin(accepted.suggester);
        });
        let kind = self.draft.get::<Quote>(&id).map(|quote| quote.kind.clone()).unwrap_or_default();
        self.allow_again(&kind, accepted.content, accepted.suggester);
        Ok(id)
    }

    /// The speaker as it enters the quote: words become a mention.
    fn speaker(&mut self, filler: &Filler, suggester: Option<&str>) -> Result<Filler, EditError> {
        let schema = self.schema;
        let Some(role) = schema.quotes.as_ref().and_then(|quotes| quotes.role("Speaker")) else {
            return self.known("role", "Speaker", false).map(|()| filler.clone());
        };
        let Filler::Span(words) = filler else {
            schema.check_filler(self.document, role, filler)?;
            return Ok(filler.clone());
        };
        let words = self.checked(words)?;
        let there = words.first().and_then(|first| {
            let anchors = self.document.span_index().touching(*first);
            anchors
                .into_iter()
                .filter_map(|anchor| self.document.mentions().get(&anchor.id))
                .find(|m| m.spans == words && schema.allows(&role.fillers, Kind::Mention, &m.label))
        });
        if let Some(mention) = there {
            return Ok(Filler::Mention(mention.id.clone()));
        }
        let takes_words = role.fillers.iter().any(|filler| filler == "*span");
        match schema.first_mention_label(role).filter(|_| !takes_words) {
            Some(label) => {
                let mention = self.add_mention(label, &words)?;
                self.draft.update::<Mention>(&mention, |m| m.provenance.by = origin(suggester));
                Ok(Filler::Mention(mention))
            }
            None => {
                let words = Filler::Span(words);
                schema.check_filler(self.document, role, &words)?;
                Ok(words)
            }
        }
    }

    pub(super) fn set_rejected(&mut self, rejection: &Rejection, is_rejected: bool) -> Result<(), EditError> {
        let spans = self.checked(&rejection.spans)?;
        self.draft.set_rejected(Rejection { spans, ..rejection.clone() }, is_rejected);
        Ok(())
    }

    /// What is accepted is refused no longer.
    fn allow_again(&mut self, label: &str, spans: &Spans, suggester: Option<&str>) {
        let Some(suggester) = suggester else { return };
        // As it was refused: in order.
        let Ok(spans) = self.checked(spans) else { return };
        let rejection = Rejection::new(spans, label, suggester);
        self.draft.set_rejected(rejection, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::test_support::{TEXT, editor};
    use crate::edit::{Editor, Intent};
    use crate::model::test_support::spans;
    use crate::model::validate;

    fn at(words: &str) -> Spans {
        let start = TEXT.find(words).expect("in the text") as u32;
        spans(&[(start, start + words.len() as u32)])
    }

    fn quote(speaker: Option<Filler>) -> Intent {
        Intent::AcceptQuote {
            kind: Some("direct".into()),
            content: at("\"We agreed,\""),
            cue: Some(at("said")),
            speaker,
            suggester: Some("quotes".into()),
            speaker_suggester: Some("quotes".into()),
        }
    }

    fn accepted(editor: &mut Editor, intent: &Intent) -> Id {
        editor.execute(intent).expect("legal").created.expect("made")
    }

    #[test]
    fn a_quote_is_accepted_with_cue_and_speaker_in_one_step() {
        let mut editor = editor();
        let empty = editor.document().clone();
        let id = accepted(&mut editor, &quote(Some(Filler::Span(at("she")))));
        let found = &editor.document().quotes()[&id];
        assert_eq!(found.cue, Some(at("said")));
        assert_eq!(found.provenance.by, Origin::Suggestion("quotes".into()));
        let Some(Filler::Mention(speaker)) = &found.speaker else { panic!("{:?}", found.speaker) };
        let speaker = &editor.document().mentions()[speaker];
        assert_eq!((speaker.label.as_str(), &speaker.spans), ("Person", &at("she")));
        assert_eq!(speaker.provenance.by, Origin::Suggestion("quotes".into()));
        let problems = validate(editor.document(), editor.schema());
        assert!(problems.iter().all(|p| p.code == "speaker-without-entity"), "{problems:?}");
        editor.undo().expect("one step");
        assert_eq!(editor.document(), &empty);
    }

    #[test]
    fn words_that_are_a_mention_already_are_that_mention() {
        let mut editor = editor();
        let she = accepted(&mut editor, &Intent::AddMention { label: "Person".into(), spans: at("she") });
        let id = accepted(&mut editor, &quote(Some(Filler::Span(at("she")))));
        assert_eq!(editor.document().quotes()[&id].speaker, Some(Filler::Mention(she)));
        assert_eq!(editor.document().mentions().len(), 1);
    }

    #[test]
    fn a_speaker_with_a_name_gets_the_entity_of_that_name_or_a_new_one() {
        let mut editor = editor();
        let empty = editor.document().clone();
        let id = accepted(&mut editor, &quote(Some(Filler::Span(at("Anna")))));
        let names = |editor: &Editor| editor.document().entities().values().map(|n| n.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&editor), ["Anna"]);
        assert_eq!(validate(editor.document(), editor.schema()), []);
        editor.undo().expect("one step");
        assert_eq!(editor.document(), &empty);

        let anna = accepted(&mut editor, &Intent::AddMention { label: "Person".into(), spans: at("Bob") });
        let entity = accepted(&mut editor, &Intent::Join { mentions: vec![anna], entity: None });
        let renamed = Intent::UpdateEntity {
            id: entity.clone(),
            name: Some("Bob Berg".into()),
            aliases: Some(vec!["Anna".into()]),
            link: None,
        };
        editor.execute(&renamed).expect("legal");
        let again = accepted(&mut editor, &quote(Some(Filler::Span(at("Anna")))));
        assert_ne!(again, id);
        let mention = editor.document().quotes()[&again].speaker.as_ref().and_then(Filler::target).expect("a mention");
        assert_eq!(editor.document().mentions()[mention].entity, Some(entity));
        assert_eq!(names(&editor), ["Bob Berg"]);
    }

    #[test]
    fn part_of_a_name_that_is_marked_makes_no_entity() {
        let mut editor = editor();
        accepted(&mut editor, &Intent::AddMention { label: "Person".into(), spans: at("Anna met") });
        accepted(&mut editor, &quote(Some(Filler::Span(at("Anna")))));
        assert!(editor.document().entities().is_empty());
    }

    /// Regression: found by the model, with words in two places that were accepted in another order than refused.
    #[test]
    fn what_is_accepted_is_refused_no_longer_in_whichever_order_its_words_come() {
        let mut editor = editor();
        let spans: Spans = [at("Bob"), at("Anna")].concat().into_iter().collect();
        let rejection = Rejection::new(spans.clone(), "Person", "names");
        editor.execute(&Intent::Reject(rejection)).expect("legal");
        assert_eq!(editor.document().rejected().len(), 1);
        let label = "Person".into();
        let accept = Intent::AcceptMention { label, spans, entity: None, suggester: Some("names".into()) };
        accepted(&mut editor, &accept);
        assert!(editor.document().rejected().is_empty());
    }

    #[test]
    fn an_illegal_speaker_is_refused_and_nothing_changes() {
        let mut editor = editor();
        let event = accepted(&mut editor, &Intent::AddEvent { r#type: "Consult".into(), trigger: at("met") });
        let before = editor.document().clone();
        assert!(matches!(editor.execute(&quote(Some(Filler::Event(event)))), Err(EditError::Illegal(_))));
        assert!(editor.execute(&quote(Some(Filler::Mention("m9".into())))).is_err());
        assert_eq!(editor.document(), &before);
    }

    #[test]
    fn a_mention_is_accepted_with_its_entity() {
        let mut editor = editor();
        let anna = accepted(&mut editor, &Intent::AddMention { label: "Person".into(), spans: at("Anna") });
        let entity = accepted(&mut editor, &Intent::Join { mentions: vec![anna], entity: None });
        let accept = |entity| Intent::AcceptMention {
            label: "Person".into(),
            spans: at("she"),
            entity,
            suggester: Some("names".into()),
        };
        assert!(editor.execute(&accept(Some("n9".into()))).is_err());
        let id = accepted(&mut editor, &accept(Some(entity.clone())));
        let mention = &editor.document().mentions()[&id];
        assert_eq!(mention.entity, Some(entity));
        assert_eq!(mention.provenance.by, Origin::Suggestion("names".into()));
    }

    #[test]
    fn what_is_refused_is_remembered_until_it_is_allowed_or_accepted() {
        let mut editor = editor();
        let rejection = Rejection::new(at("Paris"), "Place", "names");
        let reject = Intent::Reject(rejection.clone());
        assert!(editor.execute(&reject).expect("legal").transaction.is_some());
        assert!(editor.execute(&reject).expect("legal").transaction.is_none(), "twice is once");
        assert!(editor.document().rejected().contains(&rejection));
        editor.undo();
        assert!(editor.document().rejected().is_empty());
        editor.redo();
        editor.execute(&Intent::Unreject(rejection.clone())).expect("legal");
        assert!(editor.document().rejected().is_empty());
        editor.undo();
        let accept = Intent::AcceptMention {
            label: "Place".into(),
            spans: at("Paris"),
            entity: None,
            suggester: Some("names".into()),
        };
        editor.execute(&accept).expect("legal");
        assert!(editor.document().rejected().is_empty());
    }
}
