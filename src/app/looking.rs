//! What the preview of all occurrences shows: looked for within the frame in a short article, on a thread in a long one.
//!
//! The latest question wins: a thread that looks for something else ends as soon as nobody waits for it. Keys that come
//! before the answer are carried out when it is there.

use std::collections::BTreeSet;
use std::sync::{Arc, Weak};

use super::App;
use super::again::{Again, Goal, PreviewKey};
use super::batches::new_texts;
use super::command::Command;
use super::messages::Message;
use crate::edit::{Intent, entity_named};
use crate::model::{Document, Id, Search};
use crate::suggest::occurrences::{Hit, HitState, SearchText, Why, find_while, texts_of_mention};
use crate::text::Span;
use crate::text::find::AT_ONCE;
use crate::ui::widgets::counted;

/// A search on a thread.
#[derive(Clone, Debug)]
pub struct Looking {
    /// Which of the window's searches it is.
    number: u64,
    /// The revision that is searched.
    pub(super) revision: u64,
    /// The keys that were pressed since, in their order.
    pub(super) pressed: Vec<PreviewKey>,
    /// The thread goes on as long as this is there.
    _asker: Arc<()>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Question {
    /// What accepting does.
    pub goal: Goal,
    /// The label that is given.
    pub label: String,
    /// What stands for it, as far as that is known.
    pub texts: Vec<SearchText>,
    /// How many of them are those of a rule; `None`: what stands for it is to be found too.
    pub rule: Option<usize>,
    /// Whether upper and lower case count as the same.
    pub ignore_case: bool,
    /// Whether it is asked for the first time.
    pub is_new: bool,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Looked {
    /// What stands for the mention or the batch.
    pub texts: Vec<SearchText>,
    /// How many of them are those of a rule.
    pub rule: usize,
    /// Where the texts that are on stand.
    pub hits: Vec<Hit>,
    /// How many of them each text has; `None` for those that are not looked for.
    pub counts: Vec<Option<usize>>,
    /// Those where nothing is marked, in the order of the text.
    pub free: Vec<Span>,
    /// Numbers of the hits where nothing is marked, that overlap, that are marked already.
    pub groups: [Vec<usize>; 3],
    /// The entity that all of it refers to, if there is one.
    pub entity: Option<Id>,
    /// Mentions that are marked already and refer to nothing yet.
    pub unjoined: Vec<Id>,
    /// Those that are not to be checked at first.
    pub left_out: BTreeSet<Span>,
    /// Whether there is anything to see, even if nothing would be marked.
    pub is_worth_a_look: bool,
}

/// How many hits each text has; `None` for those that are not looked for.
fn counts(texts: &[SearchText], hits: &[Hit]) -> Vec<Option<usize>> {
    let mut counts: Vec<Option<usize>> = texts.iter().map(|text| text.is_on.then_some(0)).collect();
    let mut on: Vec<&mut usize> = counts.iter_mut().flatten().collect();
    for hit in hits {
        if let Some(count) = on.get_mut(hit.text) {
            **count += 1;
        }
    }
    counts
}

impl Question {
    /// Looks for it; `None` as soon as `goes_on` does not hold any more.
    pub fn answer(self, document: &Document, goes_on: impl Fn() -> bool) -> Option<Looked> {
        let (texts, rule) = match self.rule {
            Some(rule) => (self.texts, rule),
            None => self.texts_and_rule(document),
        };
        let on = texts.iter().filter(|text| text.is_on).map(|text| text.text.clone()).collect();
        let search = Search { texts: on, ignore_case: self.ignore_case };
        let hits = find_while(document, &self.label, &search, &goes_on)?;
        let free: Vec<Span> = hits.iter().filter(|hit| hit.state == HitState::Free).map(|hit| hit.span).collect();
        let (source, entity) = match &self.goal {
            Goal::Propagate(source) => {
                let mention = document.mentions().get(source);
                let entity = mention.and_then(|m| m.entity.clone().or_else(|| entity_named(document, m)));
                (Some(source), entity)
            }
            Goal::Extend(batch) => (None, document.batches().get(batch).and_then(|batch| batch.entity.clone())),
        };
        let is_unjoined = |id: &Id| document.mentions().get(id).is_some_and(|m| m.entity.is_none());
        let mut unjoined = Vec::new();
        let mut groups: [Vec<usize>; 3] = Default::default();
        let [unmarked, overlapping, marked] = &mut groups;
        for (i, hit) in hits.iter().enumerate() {
            match &hit.state {
                HitState::Free => unmarked.push(i),
                HitState::Overlapping(_) => overlapping.push(i),
                HitState::Marked(id) => {
                    marked.push(i);
                    if source != Some(id) && is_unjoined(id) {
                        unjoined.push(id.clone());
                    }
                }
            }
        }
        // What the old rule finds was left out or deleted once; it is offered, but not checked.
        let is_old = |hit: &&Hit| self.is_new && hit.state == HitState::Free && hit.text < rule;
        let left_out = hits.iter().filter(is_old).map(|hit| hit.span).collect();
        let is_asked = self.is_new && free.is_empty();
        let is_worth_a_look = !is_asked || is_worth_a_look(document, &self.label, &texts, &hits, &goes_on)?;
        let counts = counts(&texts, &hits);
        Some(Looked { texts, rule, hits, counts, free, groups, entity, unjoined, left_out, is_worth_a_look })
    }

    /// What stands for it. What is on or off by now stays so.
    fn texts_and_rule(&self, document: &Document) -> (Vec<SearchText>, usize) {
        let mut known: Vec<SearchText> = Vec::new();
        let mut rule = 0;
        match &self.goal {
            Goal::Propagate(source) => {
                known.extend(document.mentions().get(source).iter().flat_map(|m| texts_of_mention(document, m)));
            }
            Goal::Extend(batch) => {
                let texts = document.batches().get(batch).map(|batch| batch.search.texts.clone()).unwrap_or_default();
                known.extend(texts.into_iter().map(|text| SearchText { text, why: Why::Rule, is_on: true }));
                rule = known.len();
                known.extend(new_texts(document, batch));
            }
        }
        for text in &mut known {
            if let Some(set) = self.texts.iter().find(|set| set.text == text.text && !set.is_on) {
                text.is_on = set.is_on;
            }
        }
        (known, rule)
    }
}

/// Whether there is anything to see although nothing would be marked: overlaps, or hits of a wider search. Words in lower
/// case alone are not worth a question: “may” is hardly ever “May”.
fn is_worth_a_look(
    document: &Document,
    label: &str,
    texts: &[SearchText],
    hits: &[Hit],
    goes_on: impl Fn() -> bool,
) -> Option<bool> {
    if hits.iter().any(|hit| matches!(hit.state, HitState::Overlapping(_))) {
        return Some(true);
    }
    let texts = texts.iter().map(|text| text.text.clone()).collect();
    let wider = find_while(document, label, &Search { texts, ignore_case: true }, goes_on)?;
    let is_name = |hit: &Hit| document.text().slice(hit.span).contains(char::is_uppercase);
    Some(wider.iter().any(|hit| hit.state == HitState::Free && is_name(hit)))
}

impl App {
    /// Looks for what the preview asks for, if that is not known of the document as it is now.
    pub(super) fn look_for_occurrences(&mut self) {
        let Some(session) = &mut self.session else { return };
        let Some(again) = &mut session.again else { return };
        let revision = session.editor.revision();
        let is_under_way = again.looking.as_ref().is_some_and(|looking| looking.revision == revision);
        if is_under_way || again.is_known_of(revision) {
            return;
        }
        let question = again.question();
        let document = session.editor.document();
        if document.text().len() <= AT_ONCE {
            let looked = question.answer(document, || true);
            return self.take_occurrences(looked, Vec::new());
        }
        self.look_count += 1;
        let (session_number, number) = (session.number, self.look_count);
        let asker = Arc::new(());
        let is_asked: Weak<()> = Arc::downgrade(&asker);
        let pressed = again.looking.take().map(|looking| looking.pressed).unwrap_or_default();
        again.looking = Some(Looking { number, revision, pressed, _asker: asker });
        let document = document.clone();
        let message = move |looked: Option<Looked>| Message::OccurrencesLooked {
            session: session_number,
            number,
            looked: looked.map(Box::new),
        };
        self.jobs.spawn_or(
            "Looking for occurrences",
            move || message(None),
            move || message(question.answer(&document, || is_asked.strong_count() > 0)),
        );
    }

    /// Takes what a thread has found.
    pub(super) fn occurrences_looked(&mut self, session: u64, number: u64, looked: Option<Looked>) {
        let open = self.session.as_mut().filter(|open| open.number == session);
        let revision = open.as_ref().map(|open| open.editor.revision());
        let again = open.and_then(|open| open.again.as_mut());
        let is_asked = |again: &&mut Again| again.looking.as_ref().is_some_and(|looking| looking.number == number);
        let Some(looking) = again.filter(is_asked).and_then(|again| again.looking.as_mut()) else {
            return self.jobs.throw_away(looked);
        };
        if revision != Some(looking.revision) {
            // It was looked for in a document that has changed; that is asked again.
            return self.jobs.throw_away(looked);
        }
        let pressed = std::mem::take(&mut looking.pressed);
        self.take_occurrences(looked, pressed);
    }

    /// Takes what was found in the document as it is now, and carries out the keys that were pressed meanwhile.
    fn take_occurrences(&mut self, looked: Option<Looked>, pressed: Vec<PreviewKey>) {
        let Some(session) = &mut self.session else { return };
        let Some(again) = &mut session.again else { return };
        let Some(looked) = looked else {
            // It failed, which was told; what was to come after it has nothing to come after.
            session.again = None;
            session.large.drop_pressed();
            return;
        };
        let (before, is_new, is_worth_a_look) = (again.current, again.is_new(), looked.is_worth_a_look);
        again.take(looked, session.editor.revision());
        if is_new {
            self.preview_found(is_worth_a_look);
        } else if let Some(span) = again.current.filter(|_| again.current != before) {
            session.reader.scroll_to(span);
        }
        for key in pressed {
            self.preview_key(key);
        }
        self.ctx.request_repaint();
    }

    /// The first hits of a preview are known: maybe there is nothing to ask.
    fn preview_found(&mut self, is_worth_a_look: bool) {
        let Some(session) = &mut self.session else { return };
        let Some(again) = &mut session.again else { return };
        if let Goal::Extend(_) = again.goal {
            again.current = again.chosen().first().copied().or(again.current);
            if again.free.is_empty() {
                session.again = None;
                self.toasts.done("The batch has every occurrence; add an alias to its entity to find more");
            }
            return;
        }
        let Goal::Propagate(source) = again.goal.clone() else { return };
        let is_alone = session.editor.document().mentions().get(&source).is_some_and(|m| m.entity.is_none());
        let can_join = !again.unjoined.is_empty() || (is_alone && again.entity.is_some());
        if again.free.is_empty() && can_join {
            if let Some(again) = session.again.take() {
                self.join_occurrences(source, again, is_alone);
            }
        } else if again.free.is_empty() && !is_worth_a_look {
            let marked = again.hits.len();
            session.again = None;
            let words = session.document().excerpt_of(&source);
            self.toasts.done(if marked > 1 {
                format!("“{words}” is marked everywhere already ({})", counted(marked, "time"))
            } else {
                format!("No other occurrence of “{words}”")
            });
        } else {
            session.selected = Some(source);
        }
    }

    /// There is nothing to mark, but what is marked does not all refer to one entity yet.
    fn join_occurrences(&mut self, source: Id, again: Again, is_alone: bool) {
        let count = again.unjoined.len() + usize::from(is_alone);
        let mentions = std::iter::once(source).chain(again.unjoined).collect();
        self.edit_then(Intent::Join { mentions, entity: again.entity }, move |app, done| {
            let Some((session, joined)) = app.session.as_ref().zip(done.created) else { return };
            let name = session.document().excerpt_of(&joined);
            let how = app.how(Command::Undo);
            let what = counted(count, "mention");
            app.toasts.done(format!("Marked everywhere already; {what} joined to {name}; {how} to take that back"));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::test_support::editor;
    use crate::edit::{Editor, Intent};
    use crate::model::test_support::spans;

    fn anna(editor: &mut Editor) -> Question {
        let intent = Intent::AddMention { label: "Person".into(), spans: spans(&[(0, 4)]) };
        let source = editor.execute(&intent).expect("legal").created.expect("made");
        let goal = Goal::Propagate(source);
        Question { goal, label: "Person".into(), texts: Vec::new(), rule: None, ignore_case: false, is_new: true }
    }

    #[test]
    fn nobody_who_waits_no_more_gets_an_answer() {
        let mut editor = editor();
        let question = anna(&mut editor);
        assert!(question.clone().answer(editor.document(), || true).is_some());
        assert!(question.answer(editor.document(), || false).is_none());
    }

    #[test]
    fn what_was_switched_off_before_all_texts_are_known_stays_off() {
        let mut editor = editor();
        let question = anna(&mut editor);
        let texts = question.clone().answer(editor.document(), || true).expect("asked").texts;
        assert!(texts.iter().all(|text| text.is_on) && !texts.is_empty());
        let off = texts.into_iter().map(|text| SearchText { is_on: false, ..text }).collect();
        let looked = Question { texts: off, ..question }.answer(editor.document(), || true).expect("asked");
        assert!(looked.texts.iter().all(|text| !text.is_on) && looked.hits.is_empty());
    }
}
