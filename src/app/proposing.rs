//! Deciding on one suggestion: taking it, with another speaker, or refusing it.
//!
//! A suggestion is met on the walk, where Enter and Backspace decide and everything else goes on as ever, or asked for
//! with the key of quotes: then letters, digits and Tab choose who speaks. Nothing of it is in the document before.

use super::App;
use super::command::Command;
use super::dialog::Dialog;
use super::filling::{Mode, filler_text, speaker_name};
use super::input::KeyMeaning;
use super::suggesting::{forget_gone, key_of};
use crate::canvas::TextSelection;
use crate::edit::{Intent, guess_kind};
use crate::model::schema::LabelTarget;
use crate::model::{Document, Filler, Id, Kind, Schema};
use crate::suggest::{Proposal, QuoteProposal, SpeakerCandidate, Suggestion, quotes};
use crate::text::{BytePos, Span, Spans};

/// How many speakers a search shows.
const MOST_FOUND: usize = 9;

/// A suggestion that is being decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposing {
    /// What is proposed.
    pub suggestion: Suggestion,
    /// Whether it was asked for: then letters, digits and Tab choose the speaker.
    pub is_asked: bool,
    /// Whether its words were selected by hand.
    is_own: bool,
    /// Which of [`Proposing::candidates`].
    pub chosen: usize,
    /// Letters typed to find a speaker.
    pub typed: String,
    /// Who they find, the best first.
    found: Vec<SpeakerCandidate>,
    /// The words and the annotation that were selected when it was asked for, for whoever leaves it.
    before: Option<(TextSelection, Option<Id>)>,
}

impl Proposing {
    /// A suggestion met on the walk.
    pub fn met(suggestion: Suggestion) -> Self {
        Self {
            suggestion,
            is_asked: false,
            is_own: false,
            chosen: 0,
            typed: String::new(),
            found: Vec::new(),
            before: None,
        }
    }

    /// A quote that was asked for.
    pub fn asked(quote: QuoteProposal) -> Self {
        let suggestion = Suggestion { suggester: SUGGESTER, proposal: Proposal::Quote(quote), reason: String::new() };
        Self { is_asked: true, ..Self::met(suggestion) }
    }

    /// The quote, if it is one.
    pub fn quote(&self) -> Option<&QuoteProposal> {
        match &self.suggestion.proposal {
            Proposal::Quote(quote) => Some(quote),
            Proposal::Mention { .. } => None,
        }
    }

    /// Who may have said it, the likeliest first; with letters typed, those whom they find.
    pub fn candidates(&self) -> &[SpeakerCandidate] {
        match self.quote() {
            Some(quote) if self.typed.is_empty() => &quote.speakers,
            Some(_) => &self.found,
            None => &[],
        }
    }

    /// Who is chosen.
    pub fn speaker(&self) -> Option<&Filler> {
        self.candidates().get(self.chosen).map(|candidate| &candidate.filler)
    }

    fn start(&self) -> BytePos {
        self.suggestion.spans().first().map_or(BytePos(0), |span| span.start)
    }

    /// The next or previous speaker, round and round.
    fn cycle(&mut self, forward: bool) {
        let count = self.candidates().len().max(1);
        self.chosen = (self.chosen + if forward { 1 } else { count - 1 }) % count;
    }

    fn search(&mut self, document: &Document, schema: &Schema) {
        self.found = self.quote().map_or_else(Vec::new, |quote| search(document, schema, quote, &self.typed));
        self.chosen = 0;
    }

    /// Whether the words of the speaker were selected by hand.
    fn is_spoken_by_hand(&self) -> bool {
        self.candidates().get(self.chosen).is_some_and(|candidate| candidate.reason == SELECTED_WORDS)
    }

    /// What accepting it asks of the editor.
    fn intent(&self, schema: &Schema, speaker: Option<Filler>) -> Intent {
        let suggester = Some(self.suggestion.suggester.to_owned());
        match &self.suggestion.proposal {
            Proposal::Mention { label, spans, entity } => {
                Intent::AcceptMention { label: label.clone(), spans: spans.clone(), entity: entity.clone(), suggester }
            }
            Proposal::Quote(quote) => {
                let known = schema.quotes.as_ref();
                let has_kind = known.is_some_and(|q| q.kinds.iter().any(|k| k.kind == quote.kind));
                let has_speaker = known.is_some_and(|q| q.role(SPEAKER).is_some());
                Intent::AcceptQuote {
                    kind: has_kind.then(|| quote.kind.to_owned()),
                    content: quote.content.clone(),
                    cue: quote.cue.clone(),
                    speaker_suggester: suggester.clone().filter(|_| !self.is_spoken_by_hand()),
                    speaker: speaker.filter(|_| has_speaker),
                    suggester: suggester.filter(|_| !self.is_own),
                }
            }
        }
    }
}

/// In the provenance of quotes that were asked for.
const SUGGESTER: &str = "quotes";
const SPEAKER: &str = "Speaker";
/// Why a speaker is among those proposed whose words were selected.
const SELECTED_WORDS: &str = "selected words";

/// Those proposed as speakers, and mentions that may speak, whose words, or the name of whose entity, hold what is
/// typed: beginnings before beginnings of a later word before the rest, those proposed first, then the nearest. Each
/// name once.
fn search(document: &Document, schema: &Schema, quote: &QuoteProposal, typed: &str) -> Vec<SpeakerCandidate> {
    let typed = typed.to_lowercase();
    let Some(role) = schema.quotes.as_ref().and_then(|quotes| quotes.role(SPEAKER)) else { return Vec::new() };
    let near = quote.content.first().map_or(0, |span| span.start.0);
    let mut found: Vec<(u8, u32, String, SpeakerCandidate)> = Vec::new();
    for candidate in &quote.speakers {
        let name = speaker_name(document, &candidate.filler);
        let words = filler_text(document, &candidate.filler);
        if let Some(rank) = [&words, &name].into_iter().filter_map(|text| rank(text, &typed)).min() {
            found.push((rank, 0, name, candidate.clone()));
        }
    }
    for mention in document.mentions().values() {
        let filler = Filler::Mention(mention.id.clone());
        if schema.check_filler(document, role, &filler).is_err() {
            continue;
        }
        let (words, name) = (filler_text(document, &filler), speaker_name(document, &filler));
        let Some(rank) = [&words, &name].into_iter().filter_map(|text| rank(text, &typed)).min() else { continue };
        let distance = mention.spans.first().map_or(u32::MAX, |span| span.start.0.abs_diff(near));
        let candidate = SpeakerCandidate { filler, reason: "found by its name" };
        found.push((rank, distance.max(1), name, candidate));
    }
    found.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
    let mut seen = std::collections::HashSet::new();
    let found = found.into_iter().filter(|(_, _, name, _)| seen.insert(name.clone()));
    found.take(MOST_FOUND).map(|(_, _, _, candidate)| candidate).collect()
}

/// How well a text fits what is typed; less is better.
fn rank(text: &str, typed: &str) -> Option<u8> {
    let text = text.to_lowercase();
    if text.starts_with(typed) {
        Some(0)
    } else if text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(typed)) {
        Some(1)
    } else {
        text.contains(typed).then_some(2)
    }
}

/// Whether the selected words only point at what was found (its cue, the clause with its cue), and are not themselves
/// what was said.
fn points_at(found: &QuoteProposal, selected: &Spans) -> bool {
    let overlaps = |spans: &Spans| spans.iter().any(|a| selected.iter().any(|b| a.overlaps(*b)));
    found.cue.as_ref().is_some_and(overlaps) || !overlaps(&found.content)
}

/// The selected words as a quote, with what was found around them.
fn of_selection(document: &Document, selected: &Spans, found: Option<QuoteProposal>) -> QuoteProposal {
    let (cue, speakers) = found.map(|quote| (quote.cue, quote.speakers)).unwrap_or_default();
    QuoteProposal { kind: guess_kind(document, selected), content: selected.clone(), cue, speakers }
}

impl App {
    /// The key of quotes: proposes the quote at the caret, or the selected words as one.
    pub(super) fn mark_quote(&mut self) {
        let Some(session) = &mut self.session else { return };
        let document = session.editor.document();
        if session.editor.schema().quotes.is_none() {
            self.toasts.refused(format!("The schema {} has no quotes", session.editor.schema().name));
            return;
        }
        if let Mode::Propose(proposing) = &mut session.mode
            && proposing.quote().is_some()
        {
            proposing.is_asked = true;
            return;
        }
        let selected = session.selection.spans();
        let place = match (selected.first(), selected.last()) {
            (Some(first), Some(last)) => Span::new(first.start, last.end),
            _ => Span::empty(session.selection.head),
        };
        let mut is_own = false;
        let proposal = match quotes::at(document, place) {
            Some(found) if selected.is_empty() || points_at(&found, &selected) => found,
            None if selected.is_empty() => {
                let how = self.how(Command::MarkQuote);
                self.toasts.refused(format!("No quotation at the caret; select what was said, or its cue, then {how}"));
                return;
            }
            found => {
                is_own = true;
                of_selection(document, &selected, found)
            }
        };
        let twin = document.quotes().values().find(|quote| quote.content == proposal.content).map(|q| q.id.clone());
        if let Some(twin) = twin {
            session.selected = Some(twin);
            self.toasts.refused("These words are marked as a quote already");
            return;
        }
        let before = Some((session.selection.clone(), session.selected.clone()));
        self.decide_on(Proposing { is_own, before, ..Proposing::asked(proposal) });
    }

    /// Leaves the suggestion; all is as it was before it was asked for.
    pub(super) fn leave_proposing(&mut self) {
        let Some(session) = &mut self.session else { return };
        let Mode::Propose(proposing) = std::mem::take(&mut session.mode) else { return };
        if let Some((words, selected)) = proposing.before {
            session.reader.reveal(Span::empty(words.head));
            session.selection = words;
            session.selected = selected;
            session.tidy();
        }
    }

    /// Makes a suggestion the current one, and brings it into view.
    pub(super) fn decide_on(&mut self, mut proposing: Proposing) {
        let Some(session) = &mut self.session else { return };
        // Somebody may have been deleted since it was proposed.
        forget_gone(&mut proposing.suggestion, session.editor.document());
        if let Some(span) = proposing.suggestion.spans().first() {
            session.reader.scroll_to(*span);
        }
        session.selection = TextSelection::caret(proposing.start());
        session.is_adding_part = false;
        session.selected = None;
        session.mode = Mode::Propose(Box::new(proposing));
    }

    fn proposing(&mut self) -> Option<&mut Proposing> {
        match &mut self.session.as_mut()?.mode {
            Mode::Propose(proposing) => Some(proposing),
            _ => None,
        }
    }

    /// Whether a quote that was asked for waits for its speaker.
    pub(super) fn is_choosing_speaker(&self) -> bool {
        matches!(self.session.as_ref().map(|s| &s.mode), Some(Mode::Propose(p)) if p.is_asked)
    }

    /// A key while a suggestion is being decided on.
    pub(super) fn proposing_key(&mut self, meaning: KeyMeaning) {
        let Some(proposing) = self.proposing() else { return };
        let is_typing = !proposing.typed.is_empty();
        match meaning {
            KeyMeaning::Confirm => self.accept(),
            KeyMeaning::Back if !proposing.is_asked => self.reject(),
            // Nothing typed: whoever was chosen by Tab stays.
            KeyMeaning::Back if proposing.typed.is_empty() => {}
            KeyMeaning::Back => {
                proposing.typed.pop();
                self.search_speaker();
            }
            KeyMeaning::Skip => drop(self.accept_with(None)),
            KeyMeaning::Implicit if !is_typing => self.dialog = Some(Dialog::Implicit { text: String::new() }),
            KeyMeaning::Implicit => self.type_speaker('i'),
            KeyMeaning::Hint(c) => match c.to_digit(10) {
                Some(0) => self.toasts.refused("There is no speaker 0"),
                Some(digit) => self.choose_speaker(digit as usize - 1),
                None => self.type_speaker(c),
            },
        }
    }

    fn type_speaker(&mut self, c: char) {
        let Some(proposing) = self.proposing() else { return };
        proposing.typed.push(c);
        self.search_speaker();
        let Some(proposing) = self.proposing() else { return };
        if proposing.found.is_empty() {
            let typed = std::mem::take(&mut proposing.typed);
            proposing.typed = typed.chars().take(typed.chars().count() - 1).collect();
            self.search_speaker();
            self.toasts.refused(format!("No mention with “{typed}” can be the speaker"));
        }
    }

    fn search_speaker(&mut self) {
        let Some(session) = &mut self.session else { return };
        if let Mode::Propose(proposing) = &mut session.mode {
            proposing.search(session.editor.document(), session.editor.schema());
        }
    }

    /// Chooses a speaker by number, from 0.
    pub(super) fn choose_speaker(&mut self, nth: usize) {
        let Some(proposing) = self.proposing() else { return };
        if nth < proposing.candidates().len() {
            proposing.chosen = nth;
        } else {
            self.toasts.refused(format!("There is no speaker {}", nth + 1));
        }
    }

    pub(super) fn cycle_speaker(&mut self, forward: bool) {
        if let Some(proposing) = self.proposing() {
            proposing.cycle(forward);
        }
    }

    /// Chooses an annotation that was clicked as the speaker.
    pub(super) fn speak(&mut self, id: &Id) {
        let Some(session) = &mut self.session else { return };
        let (document, schema) = (session.editor.document(), session.editor.schema().clone());
        let filler = match document.kind_of(id) {
            Some(Kind::Event) => Filler::Event(id.clone()),
            _ => Filler::Mention(id.clone()),
        };
        let role = schema.quotes.as_ref().and_then(|quotes| quotes.role(SPEAKER));
        if let Some(Err(why)) = role.map(|role| schema.check_filler(document, role, &filler)) {
            self.toasts.refused(super::editing::capitalised(&why.to_string()));
            return;
        }
        self.put_speaker(SpeakerCandidate { filler, reason: "chosen by hand" });
    }

    /// Chooses the selected words as the speaker.
    pub(super) fn speak_words(&mut self) {
        let Some(session) = &mut self.session else { return };
        let spans = session.selection.spans();
        if spans.is_empty() {
            return;
        }
        session.selection = TextSelection::caret(session.selection.head);
        self.put_speaker(SpeakerCandidate { filler: Filler::Span(spans), reason: SELECTED_WORDS });
    }

    fn put_speaker(&mut self, candidate: SpeakerCandidate) {
        let Some(proposing) = self.proposing() else { return };
        proposing.typed.clear();
        if let Proposal::Quote(quote) = &mut proposing.suggestion.proposal {
            quote.speakers.retain(|known| known.filler != candidate.filler);
            quote.speakers.insert(0, candidate);
        }
        proposing.chosen = 0;
    }

    /// Accepts the current suggestion with the chosen speaker, or with the words that were selected meanwhile.
    pub(super) fn accept(&mut self) {
        if self.is_choosing_speaker() {
            self.speak_words();
        }
        let Some(proposing) = self.proposing().cloned() else { return };
        let speaker = proposing.speaker().cloned();
        match &self.session {
            // Nobody was found: ask as for a quote that was marked by hand, in the same step of undo.
            Some(session) if speaker.is_none() && proposing.is_asked => {
                let intent = proposing.intent(session.editor.schema(), None);
                self.make_and_fill(&intent);
            }
            _ => drop(self.accept_with(speaker)),
        }
    }

    /// Accepts the current suggestion; on the walk, goes on to the next thing to do.
    pub(super) fn accept_with(&mut self, speaker: Option<Filler>) -> Option<Id> {
        let proposing = self.proposing()?.clone();
        let session = self.session.as_ref()?;
        let intent = proposing.intent(session.editor.schema(), speaker);
        self.accepted(&proposing, &intent)
    }

    fn accepted(&mut self, proposing: &Proposing, intent: &Intent) -> Option<Id> {
        let id = self.edit(intent)?.created?;
        self.set_mode(Mode::Mark);
        if proposing.is_asked || !self.go_on_from(proposing.start()) {
            self.made(&id, false);
        }
        Some(id)
    }

    /// Accepts a proposed mention under another label. Returns whether one was waiting.
    pub(super) fn accept_as(&mut self, target: &LabelTarget) -> bool {
        let Some(proposing) = self.proposing().cloned() else { return false };
        let Proposal::Mention { label, spans, entity } = &proposing.suggestion.proposal else { return false };
        if target.kind != Kind::Mention {
            return false;
        }
        let intent = Intent::AcceptMention {
            label: target.label.clone(),
            spans: spans.clone(),
            // Under another label it is hardly the same thing.
            entity: entity.clone().filter(|_| *label == target.label),
            suggester: (*label == target.label).then(|| proposing.suggestion.suggester.to_owned()),
        };
        self.accepted(&proposing, &intent);
        true
    }

    /// Refuses the current suggestion for good, and goes on to the next thing to do.
    pub(super) fn reject(&mut self) {
        let Some(proposing) = self.proposing().cloned() else { return };
        if self.edit(&Intent::Reject(proposing.suggestion.rejection())).is_none() {
            return;
        }
        if let Some(session) = &mut self.session {
            session.suggestions.forget(key_of(&proposing.suggestion));
        }
        self.set_mode(Mode::Mark);
        if !self.go_on_from(proposing.start()) {
            self.toasts.done("Rejected; it stays away. Nothing to do after this");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;
    use crate::model::schema::builtin;
    use crate::model::test_support::{entity, mention, spans};
    use crate::text::Text;

    fn document() -> Document {
        let text = Text::new("Anna Berg met Bob. “We agreed,” she said. Bobby left on Monday.").expect("short");
        let mut she = mention("m3", "Person", &[(36, 39)]);
        she.entity = Some("n1".into());
        let mut anna = mention("m1", "Person", &[(0, 9)]);
        anna.entity = Some("n1".into());
        let mentions = [anna, mention("m2", "Person", &[(14, 17)]), she, mention("m4", "Person", &[(46, 51)])];
        let entities = [entity("n1", "Person", "Anna Berg")];
        Document::with_annotations(text, Header::default(), entities, mentions, [], [], [])
    }

    fn quote(content: &[(u32, u32)], cue: Option<(u32, u32)>) -> QuoteProposal {
        let speakers = ["m3", "m2"].map(|id| SpeakerCandidate { filler: Filler::Mention(id.into()), reason: "" });
        QuoteProposal {
            kind: "direct",
            content: spans(content),
            cue: cue.map(|span| spans(&[span])),
            speakers: speakers.into(),
        }
    }

    #[test]
    fn letters_find_speakers_by_words_and_by_the_name_of_the_entity_each_once() {
        let (document, schema) = (document(), builtin("news").expect("ships"));
        let found = |speakers: Vec<SpeakerCandidate>, typed: &str| -> Vec<String> {
            let quote = QuoteProposal { speakers, ..quote(&[(19, 35)], None) };
            let found = search(&document, schema, &quote, typed);
            found.iter().map(|c| filler_text(&document, &c.filler)).collect()
        };
        let none = Vec::new;
        assert_eq!(found(none(), "b"), ["Bob", "Bobby", "she"], "beginnings first, then by later words: Berg");
        assert_eq!(found(none(), "anna"), ["she"], "the mention of Anna Berg that is nearest");
        assert_eq!(found(none(), "obb"), ["Bobby"]);
        assert!(found(none(), "zz").is_empty());
        let monday = SpeakerCandidate { filler: Filler::Span(spans(&[(60, 66)])), reason: "" };
        assert_eq!(found(vec![monday], "mon"), ["Monday"], "words that are proposed but not marked");
    }

    #[test]
    fn speakers_are_cycled_and_searched() {
        let (document, schema) = (document(), builtin("news").expect("ships"));
        let mut proposing = Proposing::asked(quote(&[(19, 35)], None));
        assert_eq!(proposing.speaker(), Some(&Filler::Mention("m3".into())));
        proposing.cycle(true);
        assert_eq!(proposing.speaker(), Some(&Filler::Mention("m2".into())));
        proposing.cycle(true);
        assert_eq!(proposing.chosen, 0);
        proposing.cycle(false);
        assert_eq!(proposing.chosen, 1);
        proposing.typed = "bobb".into();
        proposing.search(&document, schema);
        assert_eq!(proposing.speaker(), Some(&Filler::Mention("m4".into())));
    }

    #[test]
    fn selected_words_are_the_quote_unless_they_point_at_one() {
        let document = document();
        let found = quote(&[(19, 35)], Some((40, 44)));
        let selected = |a, b| spans(&[(a, b)]);
        assert!(points_at(&found, &selected(40, 44)), "the cue");
        assert!(points_at(&found, &selected(19, 44)), "the clause with its cue");
        assert!(points_at(&found, &selected(36, 39)), "beside it");
        assert!(!points_at(&found, &selected(22, 34)), "what was said, without the marks");
        let own = of_selection(&document, &selected(22, 34), Some(found.clone()));
        assert_eq!((own.kind, own.cue, own.speakers.len()), ("indirect", found.cue, 2));
        assert_eq!(of_selection(&document, &selected(19, 35), None).kind, "direct");
        let swedish = Document::new(Text::new("”Vi skriver under”, sade Anna.").expect("short"), Header::default());
        let words = |to: &str| spans(&[(0, swedish.text().as_str().find(to).expect("there") as u32)]);
        assert_eq!(of_selection(&swedish, &words(", sade"), None).kind, "direct");
        assert_eq!(of_selection(&swedish, &words(" skriver"), None).kind, "direct");
    }

    #[test]
    fn what_the_schema_does_not_know_is_left_out_when_a_quote_is_accepted() {
        let mut schema = builtin("news").expect("ships").clone();
        let proposing = Proposing::asked(quote(&[(19, 35)], None));
        let speaker = proposing.speaker().cloned();
        let parts = |schema: &Schema| match proposing.intent(schema, speaker.clone()) {
            Intent::AcceptQuote { kind, speaker, .. } => (kind, speaker.is_some()),
            other => panic!("{other:?}"),
        };
        assert_eq!(parts(&schema), (Some("direct".to_owned()), true));
        if let Some(quotes) = &mut schema.quotes {
            quotes.roles.clear();
            quotes.kinds.clear();
        }
        assert_eq!(parts(&schema), (None, false));
    }
}
