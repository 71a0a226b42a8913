//! Changes that take longer than a frame has: a thread works them out on a copy of the editor, and the window puts the
//! copy in the editor's place.
//!
//! Meanwhile the document can be looked at. Whatever would change it, or leave it, waits with everything that comes after
//! it and is carried out in its order once the change has landed: as on a machine so slow that all of it came within one
//! frame. Esc gives the change up.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use egui::{Context, Event};

use super::App;
use super::action::Action;
use super::again::{Again, AgainAction};
use super::changing::{Changed, Changing, Did, LARGE, Then, Worked, weight_of};
use super::command::{Command, Section};
use super::dialog::AfterClosing;
use super::editing::capitalised;
use super::filling::Mode;
use super::input::{Asked, KeyFocus};
use super::messages::Message;
use super::session::Session;
use super::suggesting::Proposed;
use crate::canvas::ReaderEvent;
use crate::edit::{Done, EditError, Intent};
use crate::model::Document;
use crate::ui::widgets::{counted, number};

/// The change that is worked out, and what waits for it.
#[derive(Default)]
pub struct LargeChange {
    running: Option<Running>,
    waiting: VecDeque<Waiting>,
}

/// A change on a thread.
struct Running {
    /// Which of the window's changes it is.
    number: u64,
    /// What is being done, as part of a sentence.
    words: String,
    /// The revision that it is made of.
    revision: u64,
    /// What was proposed then.
    proposed: Proposed,
    /// Tells the thread that nobody waits any more.
    is_vain: Arc<AtomicBool>,
    /// The preview that asked for it, to go on with if nothing comes of it.
    again: Option<Box<Again>>,
}

/// Something that waits.
enum Waiting {
    /// Keys, with who had the keyboard.
    Keys(Vec<Event>, KeyFocus),
    /// What was clicked.
    Action(Box<Action>),
    /// What a job brought back.
    Message(Box<Message>),
    /// What comes after leaving the document.
    Leave(AfterClosing),
}

impl LargeChange {
    /// Whether a change is under way.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Whether a change is under way, or something waits for one.
    pub fn is_busy(&self) -> bool {
        self.running.is_some() || !self.waiting.is_empty()
    }

    /// Forgets the keys and clicks that wait, since what they were to come after has not come. Returns whether there were
    /// any. What jobs brought goes on waiting: nobody asked for it after the change.
    pub fn drop_pressed(&mut self) -> bool {
        let count = self.waiting.len();
        self.waiting.retain(|waiting| matches!(waiting, Waiting::Message(_)));
        self.waiting.len() < count
    }

    /// What the status bar says of it.
    pub fn text(&self) -> Option<String> {
        let running = self.running.as_ref()?;
        let keys = |waiting: &Waiting| match waiting {
            Waiting::Keys(events, _) => events.iter().filter(|event| is_press(event)).count(),
            Waiting::Action(_) | Waiting::Leave(_) => 1,
            Waiting::Message(_) => 0,
        };
        let waiting = match self.waiting.iter().map(keys).sum() {
            0 => String::new(),
            1 => "one key or click waits, ".to_owned(),
            count => format!("{count} keys or clicks wait, "),
        };
        Some(format!("{}… {waiting}Esc stops it", running.words))
    }
}

fn is_press(event: &Event) -> bool {
    // Platforms report these as events of their own, not as keys.
    matches!(event, Event::Key { pressed: true, .. } | Event::Copy | Event::Cut | Event::Paste(_))
}

/// Whether an event comes from the keyboard.
fn is_of_keyboard(event: &Event) -> bool {
    matches!(event, Event::Key { .. } | Event::Text(_) | Event::Copy | Event::Cut | Event::Paste(_))
}

/// Whether a command only looks at the document.
fn looks(command: Command) -> bool {
    use Command::{
        Cancel, Copy, EditKeymap, Find, FindCase, FindNext, FindPrevious, FindRegex, FindWords, FocusQueue, Guidelines,
        NextTodo, PickAtCaret, PreviousTodo, ReloadKeymap, ShowHistory, Statistics, ToggleQueue,
    };
    match command.info().section {
        // What is walked to is decided on next; these keys must not part.
        Section::Move => !matches!(command, NextTodo | PreviousTodo | PickAtCaret),
        Section::View => true,
        Section::Project => matches!(command, ToggleQueue | FocusQueue | Guidelines | Statistics),
        Section::Help => !matches!(command, EditKeymap | ReloadKeymap),
        _ => matches!(
            command,
            Cancel | Copy | Find | FindCase | FindNext | FindPrevious | FindRegex | FindWords | ShowHistory
        ),
    }
}

/// Whether an action only looks at the document, while the keys are for `mode`.
fn is_look(action: &Action, mode: &Mode, has_brush: bool) -> bool {
    match action {
        Action::Run(command) | Action::RunFromPalette(command) => looks(*command),
        Action::Hover(_)
        | Action::Reveal(_)
        | Action::RevealSpan(_)
        | Action::ShowHistory(_)
        | Action::Find(_)
        | Action::ShowReport(_)
        | Action::RetryJournal
        | Action::StopOpening
        | Action::CloseDialog
        | Action::CloseToast(_) => true,
        Action::Again(action) => {
            !matches!(action, AgainAction::Accept | AgainAction::Extend(_) | AgainAction::Retract(_))
        }
        Action::Reader(event) => match event {
            ReaderEvent::Hover(_) | ReaderEvent::ContextMenu { .. } => true,
            ReaderEvent::Select(_) | ReaderEvent::Pick { .. } | ReaderEvent::PickNothing => *mode == Mode::Mark,
            ReaderEvent::SelectionDone => *mode == Mode::Mark && !has_brush,
            ReaderEvent::Resize { .. } | ReaderEvent::PickGhost { .. } => false,
        },
        _ => false,
    }
}

/// Whether an action means nothing to the document, whatever waits.
fn is_aside(action: &Action) -> bool {
    matches!(
        action,
        Action::Hover(_)
            | Action::Reader(ReaderEvent::Hover(_))
            | Action::CloseToast(_)
            | Action::ShowReport(_)
            | Action::RetryJournal
    )
}

/// What an intention does, as part of a sentence.
fn words_for(document: &Document, intent: &Intent) -> String {
    match intent {
        Intent::Propagate { spans, .. } | Intent::MarkAll { spans, .. } | Intent::Extend { spans, .. } => {
            let places = if spans.len() == 1 { "place" } else { "places" };
            format!("Marking {} {places}", number(spans.len()))
        }
        Intent::Retract { .. } => "Retracting a batch".to_owned(),
        Intent::MergeEntities { .. } => "Merging two entities".to_owned(),
        Intent::Join { mentions, .. } => format!("Joining {}", counted(mentions.len(), "mention")),
        Intent::Delete { .. } => "Deleting".to_owned(),
        _ => format!("Changing an entity with {}", counted(weight_of(document, intent), "mention")),
    }
}

impl App {
    /// Whether a change is being worked out on a thread.
    pub(super) fn is_changing(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.large.is_running())
    }

    /// Whether keys and clicks that change the document have to wait.
    pub(super) fn is_held(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_held)
    }

    /// Changes the document: now, or on a thread if that takes long; says why if it is refused. `then` is told what was
    /// done.
    pub(super) fn edit_then(&mut self, intent: Intent, then: impl FnOnce(&mut Self, Done) + Send + 'static) {
        let Some(session) = &self.session else { return };
        if weight_of(session.document(), &intent) < LARGE {
            if let Some(done) = self.edit(&intent) {
                then(self, done);
            }
            return;
        }
        self.end_filling();
        let Some(session) = &self.session else { return };
        let words = words_for(session.document(), &intent);
        self.change(Some(words), move |changing| match changing.execute(&intent, None) {
            Ok(done) => Box::new(move |app| then(app, done)),
            Err(error) => Box::new(move |app| app.edit_refused(error)),
        });
    }

    /// Says why the document was not changed.
    pub(super) fn edit_refused(&mut self, error: EditError) {
        if let EditError::Twice { label, id } = error {
            if let Some(session) = &mut self.session {
                session.selected = Some(id);
            }
            self.toasts.refused(format!("These words are marked as {label} already"));
        } else {
            self.toasts.refused(capitalised(&error.to_string()));
        }
    }

    /// Does what changes the document, and then what it gives: at once, or on a thread while the status bar says `words`.
    /// Every change comes this way.
    pub(super) fn change(
        &mut self,
        words: Option<String>,
        work: impl FnOnce(&mut Changing<'_>) -> Then + Send + 'static,
    ) {
        if !self.may_change() {
            return;
        }
        match words {
            None => {
                let then = self.change_now(work);
                if let Some(then) = then {
                    then(self);
                }
            }
            Some(words) => self.change_on_thread(words, work),
        }
    }

    /// Does what changes the document within the frame. [`App::may_change`] was asked. `None` without a document.
    pub(super) fn change_now<T>(&mut self, work: impl FnOnce(&mut Changing<'_>) -> T) -> Option<T> {
        let session = self.session.as_mut()?;
        let schema = Arc::clone(session.editor.schema());
        let mut changing = Changing::new(&mut session.editor, self.teller.tells());
        let value = work(&mut changing);
        let (did, touched) = changing.end();
        if !Arc::ptr_eq(&schema, session.editor.schema()) {
            session.touch_all();
        }
        if !did.is_empty() {
            session.touch(touched);
            session.tidy();
            self.take_down(did);
        }
        Some(value)
    }

    /// Hands over to the journal what was done.
    fn take_down(&mut self, did: Vec<Did>) {
        let Some(session) = &mut self.session else { return };
        for Did { line, told } in did {
            if let Some(state) = told {
                self.teller.does(&state);
            }
            session.journal.append_line(line);
        }
    }

    fn change_on_thread(&mut self, words: String, work: impl FnOnce(&mut Changing<'_>) -> Then + Send + 'static) {
        let tells = self.teller.tells();
        let Some(session) = &mut self.session else { return };
        self.change_count += 1;
        let (session_number, number) = (session.number, self.change_count);
        let is_vain = Arc::new(AtomicBool::new(false));
        let proposed = session.suggestions.proposed();
        session.large.running = Some(Running {
            number,
            words,
            revision: session.editor.revision(),
            proposed: proposed.clone(),
            is_vain: Arc::clone(&is_vain),
            again: None,
        });
        let editor = session.editor.clone();
        let message = move |worked| Message::Worked { session: session_number, number, worked: Box::new(worked) };
        self.jobs.spawn_or(
            "Changing the document",
            move || message(Worked::default()),
            move || {
                let goes_on = || !is_vain.load(Ordering::Relaxed);
                message(Worked::new(editor, proposed, tells, goes_on, work))
            },
        );
    }

    /// Lays the preview aside that asked for the change under way; it comes back if nothing comes of that.
    pub(super) fn lay_preview_aside(&mut self) {
        if let Some(session) = &mut self.session
            && let Some(running) = &mut session.large.running
        {
            running.again = session.again.take().map(Box::new);
        }
    }

    /// Puts in place what a thread has made.
    pub(super) fn worked(&mut self, session: u64, number: u64, worked: Worked) {
        let is_waited_for = |running: &mut Running| running.number == number;
        let open = self.session.as_mut().filter(|open| open.number == session);
        let Some((session, running)) =
            open.and_then(|open| open.large.running.take_if(is_waited_for).map(|running| (open, running)))
        else {
            return self.jobs.throw_away(worked.changed);
        };
        let Worked { changed, then } = worked;
        let is_refused = changed.is_none();
        if let Some(changed) = changed {
            // Nothing reaches the editor while a change is under way.
            if session.editor.revision() != running.revision {
                tracing::error!("the document was changed while a change was worked out");
                session.again = running.again.map(|again| *again);
                self.toasts.refused("Nothing was changed: something else was changed meanwhile; try again");
                return self.jobs.throw_away(changed);
            }
            let Changed { editor, did, cache, proposed } = *changed;
            let old_editor = std::mem::replace(&mut session.editor, editor);
            let old_cache = session.replace_lists(cache);
            session.suggestions.replaced(&running.proposed, proposed);
            session.tidy();
            self.take_down(did);
            self.jobs.throw_away((old_editor, old_cache, running.proposed));
        }
        if is_refused && let Some(session) = &mut self.session {
            session.again = running.again.map(|again| *again);
        }
        match then {
            Some(then) => then(self),
            // It failed, which was told.
            None => {
                let was_pressed = self.session.as_mut().is_some_and(|session| session.large.drop_pressed());
                let after = if was_pressed { ", nor was anything done that was pressed after it" } else { "" };
                self.toasts.refused(format!("Nothing was changed{after}"));
            }
        }
        self.ctx.request_repaint();
    }

    /// Gives the change up that is under way, and what waits for it; `was_pressed` = something was pressed after it that
    /// does not even wait yet.
    pub(super) fn give_change_up(&mut self, was_pressed: bool) {
        let Some(session) = &mut self.session else { return };
        let Some(running) = session.large.running.take() else {
            // What was to be marked is only looked for.
            session.large.drop_pressed();
            return self.close_occurrences();
        };
        running.is_vain.store(true, Ordering::Relaxed);
        session.again = running.again.map(|again| *again);
        let what = running.words;
        let was_pressed = session.large.drop_pressed() || was_pressed;
        let after = if was_pressed { ", and what was pressed after it does nothing" } else { "" };
        self.toasts.done(format!("{what} was stopped: nothing is changed{after}"));
        self.ctx.request_repaint();
    }

    // --- waiting -----------------------------------------------------------------------------------------------

    /// Keeps an action until the change that is under way has landed; gives it back if it need not wait.
    pub(super) fn or_wait(&mut self, action: Action) -> Option<Action> {
        let Some(session) = self.session.as_mut().filter(|session| session.is_held()) else {
            return Some(action);
        };
        if is_aside(&action) {
            return Some(action);
        }
        if matches!(action, Action::Run(Command::Cancel)) {
            self.give_change_up(false);
            return None;
        }
        let is_accepted = session.again.as_ref().is_some_and(Again::is_accepted);
        if is_accepted && matches!(action, Action::Again(AgainAction::Close)) {
            self.give_change_up(false);
            return None;
        }
        if session.large.waiting.is_empty() && is_look(&action, &session.mode, session.brush.is_some()) {
            return Some(action);
        }
        session.large.waiting.push_back(Waiting::Action(Box::new(action)));
        None
    }

    /// The same of leaving the document.
    pub(super) fn leave_or_wait(&mut self, then: AfterClosing) -> Option<AfterClosing> {
        match self.session.as_mut().filter(|session| session.is_held()) {
            Some(session) => {
                session.large.waiting.push_back(Waiting::Leave(then));
                None
            }
            None => Some(then),
        }
    }

    /// The same of what a job brought that may change the document.
    pub(super) fn take_or_wait(&mut self, message: Message) -> Option<Message> {
        let may_change = matches!(
            message,
            // The document that is open has to be whole before another one takes its place.
            Message::Opened { .. }
                | Message::Resumed(_)
                | Message::TheirsRead { .. }
                | Message::SchemaRead(_)
                | Message::SchemaFound { .. }
                | Message::Chosen { .. }
        );
        match self.session.as_mut().filter(|session| may_change && session.is_held()) {
            Some(session) => {
                session.large.waiting.push_back(Waiting::Message(Box::new(message)));
                None
            }
            None => Some(message),
        }
    }

    /// Whether a key has to wait for the change that is under way.
    fn has_to_wait(&self, asked: &Asked) -> bool {
        let Some(session) = self.session.as_ref().filter(|session| session.is_held()) else { return false };
        if !session.large.waiting.is_empty() {
            return true;
        }
        match asked {
            Asked::Action(action) => !is_look(action, &session.mode, session.brush.is_some()),
            Asked::Choice(_) => !matches!(session.mode, Mode::Jump(_)),
            Asked::Preview(_) => true,
        }
    }

    /// Keeps the key that asks for this, and those after it, until the change that is under way has landed. `before` are
    /// the events as they were before it was taken, `at` is where the others begin now. Gives the key back if it need not
    /// wait.
    pub(super) fn key_or_wait(
        &mut self,
        ctx: &Context,
        asked: Asked,
        before: Option<Vec<Event>>,
        at: usize,
        focus: KeyFocus,
    ) -> Option<Asked> {
        let Some(before) = before.filter(|_| self.has_to_wait(&asked)) else { return Some(asked) };
        if asked.leaves() {
            self.give_change_up(false);
            return None;
        }
        let events = ctx.input_mut(|input| {
            let rest = input.events.split_off(at.min(input.events.len()));
            let first = before.len().saturating_sub(rest.len() + 1);
            let (keys, others): (Vec<Event>, Vec<Event>) = rest.into_iter().partition(is_of_keyboard);
            input.events.extend(others);
            before.into_iter().nth(first).into_iter().chain(keys).collect::<Vec<Event>>()
        });
        self.keep_keys(events, focus);
        None
    }

    /// Lets keys wait, unless one of them is Escape: that gives up what is under way.
    fn keep_keys(&mut self, mut events: Vec<Event>, focus: KeyFocus) {
        let is_escape = |event: &Event| match event {
            Event::Key { key, pressed: true, modifiers, .. } => {
                let cancels = |command| command == Command::Cancel;
                self.keymap.command_for(*key, *modifiers, cancels).is_some()
            }
            _ => false,
        };
        if events.iter().any(is_escape) {
            return self.give_change_up(!events.iter().all(is_escape));
        }
        // A key that is held down moves as far as it would, but must not change the document again and again.
        let moves = |command: Command| command.info().section == Section::Move;
        events.retain(|event| match event {
            Event::Key { key, modifiers, repeat: true, .. } => {
                self.keymap.command_for(*key, *modifiers, moves).is_some()
            }
            _ => true,
        });
        if let Some(session) = self.session.as_mut().filter(|_| events.iter().any(is_press)) {
            session.large.waiting.push_back(Waiting::Keys(events, focus));
        }
    }

    /// Keeps all keys of this frame, whatever they will mean by then, if something waits already. Escape gives up what is
    /// under way.
    pub(super) fn wait_with_keys(&mut self, ctx: &Context, focus: KeyFocus) -> bool {
        let Some(session) = self.session.as_mut().filter(|session| session.is_held()) else { return false };
        if session.large.waiting.is_empty() {
            return false;
        }
        let events = ctx.input_mut(|input| {
            let (keys, others): (Vec<Event>, Vec<Event>) =
                std::mem::take(&mut input.events).into_iter().partition(is_of_keyboard);
            input.events = others;
            keys
        });
        self.keep_keys(events, focus);
        true
    }

    /// Carries out what has waited, in its order, once there is nothing to wait for. A dialog or menu that was opened
    /// meanwhile comes first.
    pub(super) fn catch_up(&mut self, ctx: &Context) {
        let is_covered = self.is_covered(ctx);
        let Some(session) = &mut self.session else { return };
        if session.is_held() || session.large.waiting.is_empty() || is_covered {
            return;
        }
        // What was clicked since comes after it.
        let clicked = std::mem::take(&mut self.actions);
        let focused = ctx.memory(egui::Memory::focused);
        let mut left = Vec::new();
        for waiting in std::mem::take(&mut session.large.waiting) {
            // If one of them takes long, the others wait again.
            match waiting {
                Waiting::Keys(events, focus) => left.extend(self.press_again(ctx, events, focus, focused)),
                Waiting::Action(action) => self.act(ctx, *action),
                Waiting::Message(message) => {
                    if let Some(message) = self.take_or_wait(*message) {
                        self.take_message(ctx, message);
                    }
                }
                Waiting::Leave(then) => self.leave_then(ctx, then),
            }
            self.carry_out(ctx);
            self.refresh(ctx);
        }
        ctx.input_mut(|input| drop(input.events.splice(0..0, left)));
        self.actions.extend(clicked);
        ctx.request_repaint();
    }

    /// Carries out keys that have waited. Gives those back that come after one by which something else got the keyboard
    /// that `focused` had: a dialog, or a field in which they are typed.
    fn press_again(
        &mut self,
        ctx: &Context,
        events: Vec<Event>,
        focus: KeyFocus,
        focused: Option<egui::Id>,
    ) -> Vec<Event> {
        if let Some(session) = self.session.as_mut().filter(|session| session.is_held()) {
            session.large.waiting.push_back(Waiting::Keys(events, focus));
            return Vec::new();
        }
        let now = ctx.input_mut(|input| std::mem::replace(&mut input.events, events));
        let is_ours = |app: &Self| !app.is_covered(ctx) && ctx.memory(egui::Memory::focused) == focused;
        let at = self.press(ctx, |app| is_ours(app).then_some(focus));
        let mut left = ctx.input_mut(|input| std::mem::replace(&mut input.events, now));
        // What was passed over means nothing any more, as the letters of keys that are done.
        if is_ours(self) { Vec::new() } else { left.split_off(at.min(left.len())) }
    }
}
