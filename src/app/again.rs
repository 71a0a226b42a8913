//! All occurrences: the preview of what a propagation would mark, and what the keys do in it.
//!
//! What is found is worked out in `looking`. The preview is a question to the user; the document changes only when it is accepted, in one step of undo.

use std::collections::BTreeSet;

use egui::{Event, Key, Modifiers};

use super::App;
use super::changing::LARGE;
use super::command::Command;
use super::input::{Asked, KeyFocus};
use super::keymap::Keymap;
use super::looking::{Looked, Looking, Question};
use crate::edit::Intent;
use crate::model::{Document, Id, Kind, Part, Search};
use crate::suggest::occurrences::{Hit, SearchText, Why};
use crate::text::Span;
use crate::ui::lists::Tab;
use crate::ui::widgets::number;

/// What accepting does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Marks what this mention is also elsewhere.
    Propagate(Id),
    /// Adds to this batch.
    Extend(Id),
}

/// What can be asked for about occurrences and batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgainAction {
    /// Work on this occurrence.
    GoTo(Span),
    /// Bring a hit into view that is not to be marked.
    Look(Span),
    /// Leave an occurrence out, or take it in again.
    Toggle(Span),
    /// Look for this text of the preview or not.
    SetText(usize, bool),
    /// Count upper and lower case as the same or not.
    SetIgnoreCase(bool),
    /// Mark what is checked.
    Accept,
    /// Leave all as it was.
    Close,
    /// Preview what a batch could be extended by.
    Extend(Id),
    /// Select the next mention of a batch.
    Show(Id),
    /// Show a batch in the list of batches.
    List(Id),
    /// Take a batch back.
    Retract(Id),
}

/// The preview.
#[derive(Clone, Debug)]
pub struct Again {
    /// What accepting does.
    pub goal: Goal,
    /// The label that is given.
    pub label: String,
    /// What stands for the mention or the entity.
    pub texts: Vec<SearchText>,
    /// Whether upper and lower case count as the same.
    pub ignore_case: bool,
    /// Where the texts that are on stand.
    pub hits: Vec<Hit>,
    /// How many of them each text has; `None` for those that are not looked for. Empty until somebody has looked.
    pub counts: Vec<Option<usize>>,
    /// Those where nothing is marked, in the order of the text.
    pub free: Vec<Span>,
    /// Numbers of the hits where nothing is marked, that overlap, that are marked already.
    pub groups: [Vec<usize>; 3],
    /// The entity that all of it refers to, if there is one before anything is marked.
    pub entity: Option<Id>,
    /// Mentions that are marked already and refer to nothing yet: they join.
    pub unjoined: Vec<Id>,
    /// Those of them that are left out.
    pub left_out: BTreeSet<Span>,
    /// The one that the keys work on.
    pub current: Option<Span>,
    /// What a thread looks for, while one does.
    pub looking: Option<Looking>,
    /// The texts before these are those of the rule that a batch has; `None` until somebody has looked what stands for the
    /// mention or the batch.
    rule: Option<usize>,
    /// Whether nothing has been found yet, so that it may turn out that there is nothing to ask.
    is_new: bool,
    /// The revision of the document that the hits belong to.
    revision: u64,
}

impl Again {
    /// What the texts and the case rule look for.
    pub fn search(&self) -> Search {
        let texts = self.texts.iter().filter(|text| text.is_on).map(|text| text.text.clone()).collect();
        Search { texts, ignore_case: self.ignore_case }
    }

    /// What accepting would mark.
    pub fn chosen(&self) -> Vec<Span> {
        self.free.iter().filter(|span| !self.left_out.contains(span)).copied().collect()
    }

    /// How many accepting would mark.
    pub fn chosen_count(&self) -> usize {
        // Few are left out, and some of these may be hits no more.
        let left_out = self.left_out.iter().filter(|span| self.free.binary_search(span).is_ok()).count();
        self.free.len() - left_out
    }

    /// The words that the preview is about.
    pub fn name(&self) -> &str {
        self.texts.first().map_or("", |text| &text.text)
    }

    /// A preview of which nothing is known but what it is about. `words` stand for it until more is known.
    pub(super) fn new(goal: Goal, label: String, words: String, ignore_case: bool, current: Option<Span>) -> Self {
        let texts = vec![SearchText { text: words, why: Why::Words, is_on: true }];
        Self {
            goal,
            label,
            texts,
            ignore_case,
            hits: Vec::new(),
            counts: Vec::new(),
            free: Vec::new(),
            groups: Default::default(),
            entity: None,
            unjoined: Vec::new(),
            left_out: BTreeSet::new(),
            current,
            looking: None,
            rule: None,
            is_new: true,
            // None that a document has: it is to be looked for.
            revision: u64::MAX,
        }
    }

    /// Whether somebody looks for it still.
    pub fn is_looking(&self) -> bool {
        self.looking.is_some()
    }

    /// Whether all that will be found is to be marked at once.
    pub fn is_accepted(&self) -> bool {
        self.looking.as_ref().is_some_and(|looking| looking.pressed.contains(&PreviewKey::Accept))
    }

    /// Whether nothing was found yet.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Whether the hits are those of this revision.
    pub(super) fn is_known_of(&self, revision: u64) -> bool {
        self.revision == revision && self.looking.is_none()
    }

    /// The hits are no longer those that are asked for.
    fn forget(&mut self) {
        self.revision = u64::MAX;
        if let Some(looking) = &mut self.looking {
            looking.revision = u64::MAX;
        }
    }

    /// What is to be looked for.
    pub(super) fn question(&self) -> Question {
        Question {
            goal: self.goal.clone(),
            label: self.label.clone(),
            texts: self.texts.clone(),
            rule: self.rule,
            ignore_case: self.ignore_case,
            is_new: self.is_new,
        }
    }

    /// Takes what was found in this revision.
    pub(super) fn take(&mut self, looked: Looked, revision: u64) {
        let Looked { texts, rule, hits, counts, free, groups, entity, unjoined, left_out, .. } = looked;
        self.revision = revision;
        self.looking = None;
        self.is_new = false;
        self.texts = texts;
        self.rule = Some(rule);
        self.hits = hits;
        self.counts = counts;
        self.free = free;
        self.groups = groups;
        self.entity = entity;
        self.unjoined = unjoined;
        self.left_out.extend(left_out);
        if self.current.is_none_or(|span| self.free.binary_search(&span).is_err()) {
            let next = self.current.map_or(0, |old| self.free.partition_point(|span| *span < old));
            self.current = self.free.get(next).or(self.free.last()).copied();
        }
    }

    /// Follows the mention or the batch after a change; `false` if it is gone.
    pub(super) fn refresh(&mut self, document: &Document) -> bool {
        let label = match &self.goal {
            Goal::Propagate(source) => document.mentions().get(source).map(|m| m.label.as_str()),
            Goal::Extend(batch) => document.batches().get(batch).map(|b| b.label.as_str()),
        };
        let Some(label) = label else { return false };
        if self.label != *label {
            label.clone_into(&mut self.label);
        }
        true
    }

    fn step(&mut self, forward: bool) {
        let at = self.current.and_then(|span| self.free.binary_search(&span).ok());
        let next = match (at, forward) {
            (None, _) => Some(0),
            (Some(at), true) => at.checked_add(1),
            (Some(at), false) => at.checked_sub(1),
        };
        if let Some(span) = next.and_then(|at| self.free.get(at)) {
            self.current = Some(*span);
        }
    }

    fn leave_out(&mut self, span: Span, is_left_out: bool) {
        if is_left_out {
            self.left_out.insert(span);
        } else {
            self.left_out.remove(&span);
        }
    }
}

/// What a key means while the preview is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviewKey {
    /// Mark what is checked.
    Accept,
    /// Leave all as it was.
    Close,
    /// Take the current one in or leave it out.
    Toggle,
    /// Take the current one in, go on.
    Yes,
    /// Leave the current one out, go on.
    No,
    /// The next one.
    Next,
    /// The one before.
    Previous,
}

/// What a key means: those of commands that fit are the user's, the answers are fixed.
fn meaning(key: Key, held: Modifiers, keymap: &Keymap) -> Option<PreviewKey> {
    let command = keymap.command_for(key, held, |command| command.info().needs_document);
    match command {
        Some(Command::AllOccurrences) => return Some(PreviewKey::Accept),
        Some(Command::Cancel) => return Some(PreviewKey::Close),
        Some(Command::NextTodo) => return Some(PreviewKey::Next),
        Some(Command::PreviousTodo) => return Some(PreviewKey::Previous),
        Some(Command::Delete) => return Some(PreviewKey::No),
        _ => {}
    }
    Some(match (key, held.shift) {
        (Key::Enter, false) => PreviewKey::Accept,
        (Key::Escape, _) => PreviewKey::Close,
        (Key::Space, false) => PreviewKey::Toggle,
        // Letters that the user gave to a command mean that, or nothing here.
        (Key::Y, false) if command.is_none() => PreviewKey::Yes,
        (Key::N, false) if command.is_none() => PreviewKey::No,
        (Key::Delete | Key::Backspace, false) => PreviewKey::No,
        (Key::ArrowDown | Key::Tab, false) => PreviewKey::Next,
        (Key::ArrowUp, false) | (Key::Tab, true) => PreviewKey::Previous,
        _ => return None,
    })
}

/// The letters that decide on one occurrence, for the status bar: those that no command has.
pub fn deciding_letters(keymap: &Keymap) -> String {
    let decides = |(key, _): &(Key, &str)| {
        matches!(meaning(*key, Modifiers::NONE, keymap), Some(PreviewKey::Yes | PreviewKey::No))
    };
    let letters = [(Key::Y, "y"), (Key::N, "n")].into_iter().filter(decides).map(|(_, letter)| letter);
    letters.collect::<Vec<&str>>().join(" ")
}

/// Keys that would change the document, and must not while a question about it is open.
fn marks(key: Key) -> bool {
    let is_character = key.name().len() == 1;
    is_character
        || matches!(key, Key::OpenBracket | Key::CloseBracket | Key::OpenCurlyBracket | Key::CloseCurlyBracket)
        || matches!(key, Key::Delete | Key::Backspace | Key::Enter | Key::Space)
}

/// As [`super::input::take_key`], while the preview is open: its own keys first, then `others` for one event at a time.
pub(super) fn take_key(
    events: &mut Vec<Event>,
    at: &mut usize,
    keymap: &Keymap,
    focus: KeyFocus,
    mut others: impl FnMut(&mut Vec<Event>, &mut usize) -> Option<Asked>,
) -> Option<Asked> {
    while let Some(event) = events.get(*at) {
        if focus != KeyFocus::Blocked
            && let Event::Key { key, pressed: true, modifiers, repeat, .. } = *event
            && !(modifiers.command || modifiers.ctrl || modifiers.alt)
            && !(focus == KeyFocus::Elsewhere && super::input::moves_focus(key))
        {
            let meaning = meaning(key, modifiers, keymap);
            let repeats = matches!(meaning, Some(PreviewKey::Next | PreviewKey::Previous));
            if let Some(meaning) = meaning.filter(|_| repeats || !repeat) {
                events.remove(*at);
                return Some(Asked::Preview(meaning));
            }
            if meaning.is_some() || marks(key) {
                events.remove(*at);
                continue;
            }
        }
        let rest = events.split_off((*at + 1).min(events.len()));
        let asked = others(events, at);
        events.extend(rest);
        if asked.is_some() {
            return asked;
        }
    }
    None
}

impl App {
    /// Asks where the selected mention, or the one at the caret, stands elsewhere; pressed again, it marks all of it.
    pub(super) fn all_occurrences(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.again.is_some() {
            self.accept_occurrences();
            return;
        }
        let document = session.editor.document();
        let selected = session.selected.as_ref().filter(|_| session.selection.spans().is_empty());
        let source = match selected.and_then(|id| Some((id, document.kind_of(id)?))) {
            Some((id, Kind::Mention)) => Some(id.clone()),
            Some((id, Kind::Entity)) => document.first_mention_of(id).map(|m| m.id.clone()),
            Some(_) => {
                self.toasts.refused("Only mentions can be marked everywhere: select one");
                return;
            }
            None => {
                let touched = document.span_index().touching(session.selection.span());
                let mentions = touched.into_iter().filter(|anchor| anchor.part == Part::Mention);
                mentions.min_by_key(|anchor| anchor.span.len()).map(|anchor| anchor.id)
            }
        };
        let Some(mention) = source.and_then(|id| document.mentions().get(&id)) else {
            self.toasts.refused(format!("Select a mention first: click it, or {}", self.how(Command::NextAnnotation)));
            return;
        };
        let (label, source) = (mention.label.to_string(), mention.id.clone());
        let words = document.excerpt_of(&source);
        let current = mention.spans.first().copied();
        session.again = Some(Again::new(Goal::Propagate(source), label, words, false, current));
        self.look_for_occurrences();
    }

    /// Marks every free occurrence without a look at them; the preview stays open where there is none.
    pub(super) fn all_occurrences_at_once(&mut self) {
        if self.session.as_ref().is_some_and(|session| session.again.is_none()) {
            self.all_occurrences();
        }
        self.accept_occurrences();
    }

    /// Carries out what a panel asks for.
    pub(super) fn again_action(&mut self, action: AgainAction) {
        match action {
            AgainAction::Accept => self.accept_occurrences(),
            AgainAction::Close => self.close_occurrences(),
            AgainAction::Extend(batch) => self.extend_batch(&batch),
            AgainAction::Show(batch) => self.show_batch(&batch),
            AgainAction::List(batch) => {
                self.lists.tab = Tab::Batches;
                self.lists.batches.highlighted = Some(batch);
                self.settings.show_panel = true;
            }
            AgainAction::Retract(batch) => self.retract_batch(&batch),
            AgainAction::GoTo(span) => self.in_preview(|again| again.current = Some(span)),
            AgainAction::Look(span) => {
                if let Some(session) = &mut self.session {
                    session.reader.scroll_to(span);
                }
            }
            AgainAction::Toggle(span) => self.in_preview(|again| {
                again.current = Some(span);
                let is_left_out = again.left_out.contains(&span);
                again.leave_out(span, !is_left_out);
            }),
            AgainAction::SetText(index, is_on) => self.ask_anew(|again| {
                if let Some(text) = again.texts.get_mut(index) {
                    text.is_on = is_on;
                }
            }),
            AgainAction::SetIgnoreCase(ignore_case) => self.ask_anew(|again| again.ignore_case = ignore_case),
        }
    }

    pub(super) fn preview_key(&mut self, key: PreviewKey) {
        let looking = self.session.as_mut().and_then(|session| session.again.as_mut()?.looking.as_mut());
        if let Some(looking) = looking.filter(|_| key != PreviewKey::Close) {
            // Carried out once there is something that it can mean.
            looking.pressed.push(key);
            return;
        }
        match key {
            PreviewKey::Accept => self.accept_occurrences(),
            PreviewKey::Close => self.close_occurrences(),
            PreviewKey::Next => self.in_preview(|again| again.step(true)),
            PreviewKey::Previous => self.in_preview(|again| again.step(false)),
            PreviewKey::Toggle => {
                let current = self.session.as_ref().and_then(|s| s.again.as_ref()?.current);
                if let Some(span) = current {
                    self.again_action(AgainAction::Toggle(span));
                }
            }
            PreviewKey::Yes | PreviewKey::No => self.in_preview(|again| {
                if let Some(span) = again.current {
                    again.leave_out(span, key == PreviewKey::No);
                    again.step(true);
                }
            }),
        }
    }

    /// Changes the preview and brings its current occurrence into view.
    fn in_preview(&mut self, change: impl FnOnce(&mut Again)) {
        let Some(session) = &mut self.session else { return };
        let Some(again) = &mut session.again else { return };
        let before = again.current;
        change(again);
        if let Some(span) = again.current.filter(|_| again.current != before) {
            session.reader.scroll_to(span);
        }
    }

    /// Looks for something else, and brings the current occurrence into view once that is found.
    fn ask_anew(&mut self, change: impl FnOnce(&mut Again)) {
        let Some(again) = self.session.as_mut().and_then(|session| session.again.as_mut()) else { return };
        change(again);
        again.forget();
        self.look_for_occurrences();
    }

    pub(super) fn accept_occurrences(&mut self) {
        let Some(again) = self.session.as_mut().and_then(|s| s.again.as_mut()) else { return };
        if let Some(looking) = &mut again.looking {
            looking.pressed.push(PreviewKey::Accept);
            return;
        }
        let (spans, search, label) = (again.chosen(), again.search(), again.label.clone());
        let count = spans.len();
        if count == 0 {
            self.toasts.refused("No occurrence is checked; Space checks one, Esc leaves");
            return;
        }
        let intent = match &again.goal {
            Goal::Propagate(source) => Intent::Propagate { source: source.clone(), search, spans },
            Goal::Extend(batch) => Intent::Extend { batch: batch.clone(), search, spans },
        };
        let (goal, unjoined) = (again.goal.clone(), again.unjoined.clone());
        self.end_filling();
        let is_large = count + unjoined.len() >= LARGE;
        let words = is_large.then(|| format!("Marking {} places", number(count)));
        self.change(words, move |changing| {
            let group = changing.new_group();
            if let Err(error) = changing.execute(&intent, Some(group)) {
                return Box::new(move |app| app.edit_refused(error));
            }
            let entity = entity_of(changing.document(), &goal);
            let mut joined = 0;
            if entity.is_some() && !unjoined.is_empty() {
                let count = unjoined.len();
                // Part of the same step.
                if changing.execute(&Intent::Join { mentions: unjoined, entity }, Some(group)).is_ok() {
                    joined = count;
                }
            }
            Box::new(move |app| app.occurrences_marked(count, &label, joined))
        });
        self.lay_preview_aside();
    }

    /// All that was checked is marked, and so many that were marked before have joined.
    fn occurrences_marked(&mut self, count: usize, label: &str, joined: usize) {
        self.close_occurrences();
        let joined = if joined > 0 { format!(", {joined} marked before joined") } else { String::new() };
        let how = self.how(Command::Undo);
        self.toasts.done(format!(
            "{} more marked as {label}{joined}; {how} to take {} back",
            number(count),
            them(count)
        ));
    }

    pub(super) fn close_occurrences(&mut self) {
        let Some(session) = &mut self.session else { return };
        session.again = None;
        // Back to where the user was reading.
        let head = Span::empty(session.selection.head);
        session.reader.reveal(head);
    }
}

/// The entity that what was marked refers to.
fn entity_of(document: &Document, goal: &Goal) -> Option<Id> {
    match goal {
        Goal::Propagate(source) => document.mentions().get(source)?.entity.clone(),
        Goal::Extend(batch) => document.batches().get(batch)?.entity.clone(),
    }
}

pub(super) fn them(count: usize) -> &'static str {
    if count == 1 { "it" } else { "them" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Modifiers;

    fn key(key: Key, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    /// Label keys and deleting do nothing while a question is open; commands with Ctrl go on, each in its turn.
    #[test]
    fn keys_of_the_preview_come_in_order_and_letters_are_swallowed() {
        let mut events = vec![
            key(Key::P, Modifiers::NONE),
            key(Key::Z, Modifiers::COMMAND),
            key(Key::N, Modifiers::NONE),
            key(Key::Enter, Modifiers::NONE),
        ];
        let (mut at, mut seen) = (0, Vec::new());
        let mut others = |events: &mut Vec<Event>, at: &mut usize| {
            seen.push(events.get(*at).cloned());
            *at += 1;
            None
        };
        let keymap = Keymap::default();
        let mut next = || take_key(&mut events, &mut at, &keymap, KeyFocus::Reader, &mut others);
        let is = |asked: Option<Asked>, expected| matches!(asked, Some(Asked::Preview(key)) if key == expected);
        assert!(is(next(), PreviewKey::No));
        assert!(is(next(), PreviewKey::Accept));
        assert!(next().is_none());
        assert_eq!(seen, [Some(key(Key::Z, Modifiers::COMMAND))]);
    }
}
