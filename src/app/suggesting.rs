//! What is proposed for the open document: worked out on a thread when the user pauses, kept until the next change,
//! and walked together with the problems, in the order of the text.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::App;
use super::command::Command;
use super::filling::{Mode, speaker_name};
use super::messages::Message;
use super::proposing::Proposing;
use crate::canvas::{Ghost, Ghosts};
use crate::model::{Document, Filler, Id, Kind, Problem};
use crate::suggest::{self, Proposal, Suggestion};
use crate::text::{BytePos, Span, Spans};

/// So long the document must stay as it is before suggesters run, in seconds.
const PAUSE: f64 = 0.15;

/// Suggesters that failed so often in a row are left alone until suggestions are switched off and on.
const MOST_FAILURES: u8 = 3;

/// What is proposed; a copy shares it until one of the two changes.
#[derive(Clone, Debug, Default)]
pub struct Proposed {
    /// In the order of the text; in place, so that the one that shows is found by where it stands.
    list: Arc<Vec<Suggestion>>,
    /// The longest way from the beginning of one to its end, in bytes.
    longest: u32,
    /// The same, as the reader draws it.
    ghosts: Arc<Ghosts>,
}

/// What is proposed, and when that was worked out.
#[derive(Debug, Default)]
pub struct Suggestions {
    proposed: Proposed,
    /// What was touched since suggesters began to look, which they do not know.
    touched: Vec<Id>,
    /// The revision that it was worked out for.
    revision: Option<u64>,
    /// The revision that suggesters look at now.
    running: Option<u64>,
    /// Whether so much was changed since that what they find is of no use.
    is_in_vain: bool,
    /// The revision that was seen last, and when it was seen first.
    seen: Option<(u64, f64)>,
    /// How often in a row suggesters have failed.
    failures: u8,
}

impl Suggestions {
    /// In the order of the text.
    pub fn list(&self) -> &[Suggestion] {
        &self.proposed.list
    }

    /// As the reader draws it.
    pub fn ghosts(&self) -> &Ghosts {
        &self.proposed.ghosts
    }

    /// The one with this key.
    pub fn get(&self, key: u64) -> Option<&Suggestion> {
        self.list().iter().find(|suggestion| key_of(suggestion) == key)
    }

    /// Whether the one with this key is proposed.
    pub fn contains(&self, key: u64) -> bool {
        self.ghosts().list().iter().any(|ghost| ghost.key == key)
    }

    /// Whether suggesters have looked at this revision.
    pub fn is_settled(&self, revision: u64) -> bool {
        self.revision == Some(revision) || self.failures >= MOST_FAILURES
    }

    fn of(list: Vec<Suggestion>, ghosts: Ghosts) -> Self {
        let extent = |s: &Suggestion| s.spans().last().map_or(0, |last| last.end.0.saturating_sub(start_of(s).0));
        let longest = list.iter().map(extent).max().unwrap_or(0);
        Self { proposed: Proposed { longest, list: Arc::new(list), ghosts: Arc::new(ghosts) }, ..Self::default() }
    }

    /// What is proposed now, to take out on a thread what a large change settles.
    pub fn proposed(&self) -> Proposed {
        self.proposed.clone()
    }

    /// A large change was made; `after` is what it has left of `before`.
    pub fn replaced(&mut self, before: &Proposed, after: Proposed) {
        let is_same = Arc::ptr_eq(&self.proposed.list, &before.list);
        // Whatever came meanwhile was not compared with the change: none of it shows until suggesters have looked again.
        self.proposed = if is_same { after } else { Proposed::default() };
        self.touched.clear();
        self.is_in_vain = self.running.is_some();
    }

    /// Takes out what a change has settled, until suggesters have looked again. Costs what is near the change, not what is
    /// proposed elsewhere.
    pub fn changed(&mut self, document: &Document, touched: &[Id]) {
        if self.running.is_some() {
            self.touched.extend_from_slice(touched);
        }
        self.proposed.settle(document, touched);
    }

    /// Takes out the one with this key.
    pub fn forget(&mut self, key: u64) {
        self.proposed.take_out(0..self.list().len(), |suggestion| key_of(suggestion) == key);
    }
}

impl Proposed {
    /// As [`Suggestions::changed`].
    pub fn settle(&mut self, document: &Document, touched: &[Id]) {
        // Sorted and apart, since a propagation touches thousands of words and settles thousands of suggestions.
        let mut spans: Spans = touched.iter().flat_map(|id| document.spans_of(id)).collect();
        crate::text::normalise(&mut spans);
        let is_touched = |a: &Span| {
            let after = spans.partition_point(|b| b.end <= a.start);
            spans.get(after).is_some_and(|b| b.overlaps(*a))
        };
        let is_near = |s: &Suggestion| s.spans().iter().any(is_touched);
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return };
        let from = BytePos(first.start.0.saturating_sub(self.longest));
        let near =
            self.list.partition_point(|s| start_of(s) < from)..self.list.partition_point(|s| start_of(s) < last.end);
        let is_settled = |s: &Suggestion| is_near(s) && !suggest::is_open(document, s);
        self.take_out(near, is_settled);
    }

    fn take_out(&mut self, within: std::ops::Range<usize>, is_out: impl Fn(&Suggestion) -> bool) {
        let within = self.list.get(within.clone()).into_iter().flatten().zip(within);
        let out: Vec<(usize, u64)> = within.filter(|(s, _)| is_out(s)).map(|(s, at)| (at, key_of(s))).collect();
        if out.is_empty() {
            return;
        }
        let keys: HashSet<u64> = out.iter().map(|(_, key)| *key).collect();
        let mut numbers = out.iter().map(|(at, _)| *at).peekable();
        let mut at = 0;
        Arc::make_mut(&mut self.list).retain(|_| {
            at += 1;
            numbers.next_if_eq(&(at - 1)).is_none()
        });
        Arc::make_mut(&mut self.ghosts).take_out(&keys);
    }
}

fn start_of(suggestion: &Suggestion) -> BytePos {
    suggestion.spans().first().map_or(BytePos(0), |span| span.start)
}

/// Takes the entity that a mention would refer to and the speakers out that are no longer in the document.
pub fn forget_gone(suggestion: &mut Suggestion, document: &Document) {
    let is_there = |id: &Id| document.kind_of(id).is_some();
    match &mut suggestion.proposal {
        Proposal::Mention { entity, .. } => *entity = entity.take().filter(is_there),
        Proposal::Quote(quote) => quote.speakers.retain(|c| c.filler.target().is_none_or(is_there)),
    }
}

/// Names a suggestion as long as it proposes the same; who may have said a quote does not count.
pub fn key_of(suggestion: &Suggestion) -> u64 {
    let mut hasher = DefaultHasher::new();
    suggestion.rejection().hash(&mut hasher);
    hasher.finish()
}

/// What the reader draws of a suggestion, with whoever would have said it.
pub fn ghost_of(document: &Document, suggestion: &Suggestion, speaker: Option<&Filler>) -> Ghost {
    let text = document.text();
    let words = text.excerpt(suggestion.spans());
    let (kind, cue, name) = match &suggestion.proposal {
        Proposal::Mention { label, .. } => (Kind::Mention, Spans::new(), format!("{label} {words}")),
        Proposal::Quote(quote) => {
            (Kind::Quote, quote.cue.clone().unwrap_or_default(), format!("Quote {} {words}", quote.kind))
        }
    };
    let speaker_spans = match speaker {
        Some(Filler::Mention(id) | Filler::Event(id)) => document.spans_of(id),
        Some(Filler::Span(spans)) => spans.clone(),
        Some(Filler::Implicit(_)) | None => Spans::new(),
    };
    Ghost {
        key: key_of(suggestion),
        kind,
        label: suggestion.label().to_owned(),
        spans: suggestion.spans().clone(),
        cue,
        speaker: speaker_spans,
        speaker_name: speaker.map(|filler| speaker_name(document, filler)).unwrap_or_default(),
        name,
    }
}

/// Who is likeliest to have said it.
fn likeliest(suggestion: &Suggestion) -> Option<&Filler> {
    match &suggestion.proposal {
        Proposal::Quote(quote) => quote.speakers.first().map(|candidate| &candidate.filler),
        Proposal::Mention { .. } => None,
    }
}

/// What suggesters found in one revision of a document.
pub struct Found {
    /// Of which session.
    session: u64,
    revision: u64,
    list: Vec<Suggestion>,
    ghosts: Ghosts,
}

/// Something to decide on or to mend.
#[derive(Clone, Debug, PartialEq)]
enum Todo {
    Suggestion(Suggestion),
    Problem(Problem),
}

impl Todo {
    fn start(&self) -> BytePos {
        match self {
            Self::Suggestion(suggestion) => suggestion.spans().first().map_or(BytePos(0), |span| span.start),
            Self::Problem(problem) => problem.place.span.map_or(BytePos(0), |span| span.start),
        }
    }
}

impl App {
    /// Lets suggesters run if the document has changed and the user pauses. One job at a time: what it finds of an
    /// older revision shows until the next one has run.
    pub(super) fn suggest(&mut self, ctx: &egui::Context) {
        if !self.settings.show_suggestions {
            return;
        }
        let now = ctx.input(|i| i.time);
        let Some(session) = self.session.as_mut().filter(|session| !session.is_being_opened()) else { return };
        let revision = session.editor.revision();
        let suggestions = &mut session.suggestions;
        if suggestions.running.is_some() || suggestions.is_settled(revision) {
            return;
        }
        let since = match suggestions.seen {
            Some((seen, since)) if seen == revision => since,
            _ => now,
        };
        suggestions.seen = Some((revision, since));
        let rest = PAUSE - (now - since);
        if rest > 0.0 {
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(rest));
            return;
        }
        suggestions.running = Some(revision);
        suggestions.touched.clear();
        let (document, schema) = (session.editor.document().clone(), session.editor.schema().clone());
        let number = session.number;
        let failed = move || Message::NotSuggested { session: number, revision };
        self.jobs.spawn_or("Looking for suggestions", failed, move || {
            let list = suggest::suggestions(&document, &schema);
            let ghosts = Ghosts::new(list.iter().map(|s| ghost_of(&document, s, likeliest(s))).collect());
            Message::Suggested(Box::new(Found { session: number, revision, list, ghosts }))
        });
    }

    /// Takes what suggesters found.
    pub(super) fn suggested(&mut self, found: Found) {
        let Some(session) = self.session.as_mut().filter(|session| session.number == found.session) else { return };
        if std::mem::take(&mut session.suggestions.is_in_vain) {
            session.suggestions.running = None;
            self.jobs.throw_away(found);
            return;
        }
        let seen = session.suggestions.seen;
        let new = Suggestions { revision: Some(found.revision), seen, ..Suggestions::of(found.list, found.ghosts) };
        let mut old = std::mem::replace(&mut session.suggestions, new);
        let touched = std::mem::take(&mut old.touched);
        session.suggestions.proposed.settle(session.editor.document(), &touched);
        // Giving back the memory of a hundred thousand takes longer than a frame.
        self.jobs.throw_away(old);
    }

    /// Suggesters failed, which was said: what they found before stays, and the same is not tried again.
    pub(super) fn not_suggested(&mut self, session: u64, revision: u64) {
        let Some(session) = self.session.as_mut().filter(|open| open.number == session) else { return };
        let suggestions = &mut session.suggestions;
        suggestions.running = None;
        suggestions.is_in_vain = false;
        suggestions.revision = Some(revision);
        suggestions.failures = suggestions.failures.saturating_add(1);
        if suggestions.failures == MOST_FAILURES {
            self.toasts.refused("Suggestions failed three times and rest; switch them off and on to try again");
        }
    }

    pub(super) fn toggle_suggestions(&mut self) {
        self.settings.show_suggestions = !self.settings.show_suggestions;
        let is_shown = self.settings.show_suggestions;
        let Some(session) = &mut self.session else { return };
        session.suggestions = Suggestions::default();
        if session.mode.is_review() {
            session.mode = Mode::Mark;
        }
        self.toasts.done(if is_shown { "Suggestions are shown" } else { "Suggestions are off" });
    }

    // --- walking -----------------------------------------------------------------------------------------------

    /// Suggestions and problems in the order of the text; at one place the suggestion first.
    fn todos(&self) -> Vec<Todo> {
        let Some(session) = &self.session else { return Vec::new() };
        let problems = session.cache.problems.iter().filter(|problem| problem.place.span.is_some());
        let shown = session.suggestions.list().iter().filter(|_| self.settings.show_suggestions);
        let mut todos: Vec<Todo> = shown.cloned().map(Todo::Suggestion).collect();
        todos.extend(problems.cloned().map(Todo::Problem));
        todos.sort_by_key(|todo| (todo.start(), matches!(todo, Todo::Problem(_))));
        todos
    }

    /// Goes to the next or previous thing to do; to the next or previous annotation if there is nothing to do.
    pub(super) fn walk_todos(&mut self, forward: bool) {
        let Some(session) = &self.session else { return };
        let todos = if session.mode.is_marking() { self.todos() } else { Vec::new() };
        if todos.is_empty() {
            self.walk(forward);
            return;
        }
        let at = todos.iter().position(|todo| match (&session.mode, todo) {
            (Mode::Propose(proposing), Todo::Suggestion(suggestion)) => {
                key_of(&proposing.suggestion) == key_of(suggestion)
            }
            (Mode::Mend(current), Todo::Problem(problem)) => **current == *problem,
            _ => false,
        });
        let head = session.selection.head;
        let next = match (at, forward) {
            (Some(at), true) => at.checked_add(1),
            (Some(at), false) => at.checked_sub(1),
            (None, true) => Some(todos.partition_point(|todo| todo.start() < head)),
            (None, false) => todos.partition_point(|todo| todo.start() < head).checked_sub(1),
        };
        match next.and_then(|at| todos.into_iter().nth(at)) {
            Some(todo) => self.go_to(todo),
            None => self.toasts.done(if forward {
                format!("Nothing to do after this; {} to go back", self.how(Command::PreviousTodo))
            } else {
                format!("Nothing to do before this; {} to go on", self.how(Command::NextTodo))
            }),
        }
    }

    /// Goes on after something at `start` was decided. Returns whether there is anything.
    pub(super) fn go_on_from(&mut self, start: BytePos) -> bool {
        let is_next = |todo: &Todo| match todo {
            Todo::Suggestion(_) => todo.start() >= start,
            // What was just accepted may have a problem of its own; that is for a later round.
            Todo::Problem(_) => todo.start() > start,
        };
        match self.todos().into_iter().find(is_next) {
            Some(todo) => {
                self.go_to(todo);
                true
            }
            None => false,
        }
    }

    fn go_to(&mut self, todo: Todo) {
        match todo {
            Todo::Suggestion(suggestion) => self.decide_on(Proposing::met(suggestion)),
            Todo::Problem(problem) => {
                self.go_to_problem(problem.clone());
                self.set_mode(Mode::Mend(Box::new(problem)));
            }
        }
    }

    /// Enter on a problem: mends it if there is one obvious way; says what to do otherwise.
    pub(super) fn mend(&mut self, problem: &Problem) {
        if !self.fix_problem(problem) {
            self.toasts.done(if problem.hint.is_empty() { problem.message.clone() } else { problem.hint.clone() });
        }
    }

    /// Makes the suggestion at the caret the current one, the shortest if there are several. Returns whether there is one.
    pub(super) fn pick_suggestion_at_caret(&mut self) -> bool {
        let Some(session) = self.session.as_ref().filter(|_| self.settings.show_suggestions) else { return false };
        let head = session.selection.head;
        let length = |s: &&Suggestion| s.spans().iter().map(|span| span.len()).sum::<u32>();
        let is_here = |s: &&Suggestion| s.spans().iter().any(|span| span.contains(head) || span.end == head);
        match session.suggestions.list().iter().filter(is_here).min_by_key(length).cloned() {
            Some(suggestion) => {
                self.decide_on(Proposing::met(suggestion));
                true
            }
            None => false,
        }
    }

    /// A suggestion was clicked.
    pub(super) fn pick_suggestion(&mut self, key: u64) {
        let Some(session) = &self.session else { return };
        let is_current = matches!(&session.mode, Mode::Propose(proposing) if key_of(&proposing.suggestion) == key);
        if is_current || matches!(session.mode, Mode::Fill(_) | Mode::Relate(_)) {
            return;
        }
        if let Some(suggestion) = session.suggestions.get(key).cloned() {
            self.decide_on(Proposing::met(suggestion));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Intent;
    use crate::edit::test_support::editor;
    use crate::model::test_support::spans;

    #[test]
    fn what_a_change_settles_goes_at_once_and_the_rest_stays() {
        let mut editor = editor();
        let anna = Intent::AddMention { label: "Person".into(), spans: spans(&[(0, 4)]) };
        let paris = Intent::AddMention { label: "Place".into(), spans: spans(&[(16, 21)]) };
        let suggestion = |label: &str, start, end| Suggestion {
            suggester: "names",
            proposal: Proposal::Mention { label: label.into(), spans: spans(&[(start, end)]), entity: None },
            reason: String::new(),
        };
        let list = vec![suggestion("Person", 0, 4), suggestion("Place", 16, 21)];
        let ghosts = Ghosts::new(list.iter().map(|s| ghost_of(editor.document(), s, None)).collect());
        let mut suggestions = Suggestions::of(list, ghosts);
        let made = editor.execute(&paris).expect("legal").created.expect("made");
        suggestions.changed(editor.document(), &[made]);
        assert_eq!(suggestions.list(), [suggestion("Person", 0, 4)]);
        assert_eq!(suggestions.ghosts().list().len(), 1);
        let made = editor.execute(&anna).expect("legal").created.expect("made");
        suggestions.changed(editor.document(), &[made]);
        assert!(suggestions.list().is_empty() && suggestions.ghosts().list().is_empty());
    }

    proptest::proptest! {
        /// Only what is near is looked at, and that is as good as looking at all of it.
        #[test]
        fn looking_near_a_change_is_looking_everywhere(
            places in proptest::collection::vec((0u32..40, 1u32..12), 0..12),
            marked in (0u32..34, 1u32..5),
        ) {
            let mut editor = editor();
            let mut places: Vec<(u32, u32)> = places.into_iter().map(|(at, len)| (at, (at + len).min(45))).collect();
            places.sort_unstable();
            places.dedup();
            let list: Vec<Suggestion> = places.iter().map(|(start, end)| Suggestion {
                suggester: "names",
                proposal: Proposal::Mention { label: "Person".into(), spans: spans(&[(*start, *end)]), entity: None },
                reason: String::new(),
            }).collect();
            let ghosts = Ghosts::new(list.iter().map(|s| ghost_of(editor.document(), s, None)).collect());
            let mut suggestions = Suggestions::of(list.clone(), ghosts);
            let intent = Intent::AddMention { label: "Person".into(), spans: spans(&[(marked.0, marked.0 + marked.1)]) };
            // White space alone is not marked.
            let Ok(done) = editor.execute(&intent) else { return Ok(()) };
            suggestions.changed(editor.document(), &[done.created.expect("made")]);
            let open: Vec<Suggestion> = list.into_iter().filter(|s| suggest::is_open(editor.document(), s)).collect();
            let keys: Vec<u64> = open.iter().map(key_of).collect();
            proptest::prop_assert_eq!(suggestions.list(), open);
            proptest::prop_assert_eq!(suggestions.ghosts().list().iter().map(|g| g.key).collect::<Vec<_>>(), keys);
        }
    }

    #[test]
    fn who_was_deleted_is_proposed_no_more() {
        let mut editor = editor();
        let mut mark = |start, end| {
            let intent = Intent::AddMention { label: "Person".into(), spans: spans(&[(start, end)]) };
            editor.execute(&intent).expect("legal").created.expect("made")
        };
        let (anna, bob) = (mark(0, 4), mark(9, 12));
        let join = Intent::Join { mentions: vec![bob.clone()], entity: None };
        let entity = editor.execute(&join).expect("legal").created.expect("made");
        let speakers =
            [&anna, &bob].map(|id| suggest::SpeakerCandidate { filler: Filler::Mention(id.clone()), reason: "" });
        let quote = suggest::QuoteProposal {
            kind: "direct",
            content: spans(&[(23, 35)]),
            cue: None,
            speakers: speakers.into(),
        };
        let proposals = [
            Proposal::Quote(quote),
            Proposal::Mention { label: "Person".into(), spans: spans(&[(36, 39)]), entity: Some(entity.clone()) },
        ];
        let list = proposals.map(|proposal| Suggestion { suggester: "x", proposal, reason: String::new() }).into();
        let mut suggestions = Suggestions::of(list, Ghosts::default());
        editor.execute(&Intent::Delete { ids: vec![bob.clone()] }).expect("there");
        suggestions.changed(editor.document(), &[bob, entity]);
        let [mut quote, mut mention] = suggestions.list().to_vec().try_into().expect("both stay");
        forget_gone(&mut quote, editor.document());
        forget_gone(&mut mention, editor.document());
        let (quote, mention) = (&quote, &mention);
        assert_eq!(likeliest(quote), Some(&Filler::Mention(anna)));
        assert!(matches!(&quote.proposal, Proposal::Quote(q) if q.speakers.len() == 1));
        assert!(matches!(mention.proposal, Proposal::Mention { entity: None, .. }));
    }

    #[test]
    fn the_key_is_of_what_is_proposed_and_not_of_who_said_it() {
        let quote = |speakers| Suggestion {
            suggester: "quotes",
            proposal: Proposal::Quote(suggest::QuoteProposal {
                kind: "direct",
                content: spans(&[(0, 4)]),
                cue: None,
                speakers,
            }),
            reason: String::new(),
        };
        let speaker = suggest::SpeakerCandidate { filler: Filler::Mention("m1".into()), reason: "" };
        assert_eq!(key_of(&quote(Vec::new())), key_of(&quote(vec![speaker])));
    }
}
