//! Choosing by letters: which annotation fills a slot of an event or quote, and which one to go to.

use super::App;
use super::action::Slot;
use super::command::{Command, Section};
use super::dialog::Dialog;
use super::filling::{self, Filling, Jumping, Mode, Run};
use super::input::KeyMeaning;
use crate::canvas::TextSelection;
use crate::edit::Intent;
use crate::model::{Filler, Id, Kind, Part};

impl App {
    pub(super) fn set_mode(&mut self, mode: Mode) {
        if let Some(session) = &mut self.session {
            session.mode = mode;
        }
    }

    /// Makes an event or quote and asks for its roles. Making and filling is one step of undo.
    pub(super) fn make_and_fill(&mut self, intent: &Intent) {
        self.end_filling();
        let Some(session) = &mut self.session else { return };
        let run = Run {
            group: session.editor.new_group(),
            trail: Vec::new(),
            words_before: session.selection.clone(),
            selected_before: session.selected.clone(),
        };
        if let Some(id) = self.edit_in(intent, Some(run.group)).and_then(|done| done.created) {
            self.made(&id, false);
            self.ask_in(&id, None, run);
        }
    }

    /// Asks for a slot of an event or quote that is there: the given one, or the first that is empty.
    pub(super) fn ask_for(&mut self, owner: &Id, slot: Option<Slot>) {
        let Some(session) = &mut self.session else { return };
        let run = match std::mem::take(&mut session.mode) {
            // Another slot of the same card: the run goes on.
            Mode::Fill(mut filling) if &filling.owner == owner => {
                filling.run.trail.push((filling.slot, None));
                filling.run
            }
            _ => Run {
                group: session.editor.new_group(),
                trail: Vec::new(),
                words_before: session.selection.clone(),
                selected_before: session.selected.clone(),
            },
        };
        self.ask_in(owner, slot, run);
    }

    /// Asks for the roles of the selected event or quote.
    pub(super) fn fill_roles(&mut self) {
        let Some(session) = &self.session else { return };
        let owner = session.selected.clone();
        let owner = owner.filter(|id| matches!(session.document().kind_of(id), Some(Kind::Event | Kind::Quote)));
        match owner {
            Some(owner) => self.ask_for(&owner, None),
            None => self.toasts.refused("Select an event or a quote first"),
        }
    }

    fn ask_in(&mut self, owner: &Id, slot: Option<Slot>, run: Run) {
        let Some(session) = &mut self.session else { return };
        let (document, schema) = (session.editor.document(), session.editor.schema().clone());
        let slot = slot.or_else(|| filling::first_slot(document, &schema, owner));
        session.selected = Some(owner.clone());
        session.mode = match slot {
            Some(slot) => Mode::Fill(Filling { owner: owner.clone(), slot, typed: String::new(), run }),
            None => Mode::Mark,
        };
        // The words that were selected are the trigger or the content; they are no filler.
        session.selection = TextSelection::caret(session.selection.head);
    }

    /// Leaves the fill mode; what was filled stays.
    pub(super) fn end_filling(&mut self) {
        if let Some(session) = &mut self.session
            && matches!(session.mode, Mode::Fill(_))
        {
            session.mode = Mode::Mark;
        }
    }

    /// Leaves the fill mode and takes everything back that was done in it, as one step.
    pub(super) fn give_up_filling(&mut self, filling: Filling) {
        let Some(session) = &mut self.session else { return };
        session.mode = Mode::Mark;
        session.selection = filling.run.words_before;
        session.selected = filling.run.selected_before;
        if !self.may_change() {
            return;
        }
        let step = self.change_now(|changing| changing.undo_group(filling.run.group)).flatten();
        let Some(step) = step else { return };
        self.toasts.done(format!("Taken back: {}. Redo brings it back", step.title));
    }

    /// Backspace with no letter typed: back to the slot that was left last, which is as it was then; else to the slot
    /// before this one. It stays at the first one: once more would delete the event.
    fn back(&mut self, mut filling: Filling) {
        if !self.may_change() {
            return;
        }
        let Some((slot, filled)) = filling.run.trail.pop() else {
            let Some(session) = &self.session else { return };
            let (document, schema) = (session.document(), session.editor.schema());
            if filling::previous_slot(document, schema, &filling.owner, &filling.slot).is_some() {
                self.step_slot(filling::previous_slot);
            } else {
                self.toasts.done("This is the first to be asked for; Enter ends, Esc gives up");
            }
            return;
        };
        if let Some(filled) = filled
            && let Some(Err(conflict)) = self.change_now(|changing| changing.reverse(&filled, filling.run.group))
        {
            tracing::error!(%conflict, "a filler cannot be taken back");
        }
        let Some(session) = &mut self.session else { return };
        session.mode = Mode::Fill(Filling { slot, ..filling });
        session.tidy();
    }

    pub(super) fn fill_with(&mut self, filler: Filler) {
        let Some(Mode::Fill(filling)) = self.session.as_ref().map(|s| s.mode.clone()) else { return };
        let Slot::Role(role) = &filling.slot else { return };
        let Some(session) = &self.session else { return };
        let nth = filling::count(session.document(), &filling.owner, &filling.slot);
        let intent = Intent::SetArgument { id: filling.owner.clone(), role: role.clone(), nth, filler: Some(filler) };
        self.fill_by(&intent, filling);
    }

    fn fill_by(&mut self, intent: &Intent, mut filling: Filling) {
        if let Some(done) = self.edit_in(intent, Some(filling.run.group)) {
            filling.run.trail.push((filling.slot.clone(), done.transaction));
            self.slot_filled(filling);
        }
    }

    /// Fills the slot with the selected words.
    pub(super) fn fill_with_words(&mut self) {
        let Some(session) = &self.session else { return };
        let Mode::Fill(filling) = session.mode.clone() else { return };
        let spans = session.selection.spans();
        let id = filling.owner.clone();
        let intent = match &filling.slot {
            Slot::Cue => Intent::SetSpans { id, part: Part::Cue, spans },
            Slot::Role(role) => Intent::AddArgumentFromText { id, role: role.clone(), spans },
        };
        self.fill_by(&intent, filling);
    }

    fn slot_filled(&mut self, filling: Filling) {
        let Some(session) = &mut self.session else { return };
        session.selection = TextSelection::caret(session.selection.head);
        session.is_adding_part = false;
        let schema = session.editor.schema().clone();
        let next = filling::after_filling(session.editor.document(), &schema, &filling.owner, &filling.slot);
        session.mode = next.map_or(Mode::Mark, |slot| Mode::Fill(Filling { slot, typed: String::new(), ..filling }));
    }

    pub(super) fn next_slot(&mut self) {
        if let Some(session) = &mut self.session
            && let Mode::Fill(filling) = &mut session.mode
        {
            filling.run.trail.push((filling.slot.clone(), None));
        }
        self.step_slot(filling::next_slot);
    }

    /// Asks for the role with this number in the card, from 1.
    fn go_to_role(&mut self, owner: &Id, digit: char) {
        let Some(session) = &self.session else { return };
        let slots = filling::slots(session.document(), session.editor.schema(), owner);
        let nth = digit.to_digit(10).and_then(|digit| (digit as usize).checked_sub(1));
        match nth.and_then(|nth| slots.get(nth)).cloned() {
            Some(slot) => self.ask_for(owner, Some(slot)),
            None => self.toasts.refused(format!("There is no role {digit}")),
        }
    }

    fn step_slot(&mut self, step: fn(&crate::model::Document, &crate::model::Schema, &Id, &Slot) -> Option<Slot>) {
        let Some(session) = &mut self.session else { return };
        let Mode::Fill(filling) = session.mode.clone() else { return };
        let schema = session.editor.schema().clone();
        let slot = step(session.editor.document(), &schema, &filling.owner, &filling.slot);
        session.mode = slot.map_or(Mode::Mark, |slot| Mode::Fill(Filling { slot, typed: String::new(), ..filling }));
    }

    /// A key while something is being chosen.
    pub(super) fn choosing_key(&mut self, meaning: KeyMeaning) {
        let Some(mode) = self.session.as_ref().map(|s| s.mode.clone()) else { return };
        match (mode, meaning) {
            (Mode::Fill(_), KeyMeaning::Skip) => self.next_slot(),
            (Mode::Fill(filling), KeyMeaning::Implicit) => {
                if matches!(filling.slot, Slot::Role(_)) {
                    self.dialog = Some(Dialog::Implicit { text: String::new() });
                }
            }
            (Mode::Fill(_), KeyMeaning::Confirm) => {
                if self.session.as_ref().is_some_and(|s| s.selection.spans().is_empty()) {
                    self.set_mode(Mode::Mark);
                } else {
                    self.fill_with_words();
                }
            }
            (Mode::Fill(mut filling), KeyMeaning::Back) => {
                if filling.typed.pop().is_some() {
                    self.set_mode(Mode::Fill(filling));
                } else {
                    self.back(filling);
                }
            }
            (Mode::Fill(filling), KeyMeaning::Hint(c)) if c.is_ascii_digit() => self.go_to_role(&filling.owner, c),
            (Mode::Fill(mut filling), KeyMeaning::Hint(c)) => {
                filling.typed.push(c);
                match self.hinted(&filling.typed) {
                    Hinted::One(id) => self.fill_with_annotation(&id),
                    Hinted::Some => self.set_mode(Mode::Fill(filling)),
                    Hinted::None => self.no_such_letters(&filling.typed),
                }
            }
            (Mode::Relate(relating), KeyMeaning::Hint(c)) => self.relating_key(relating, c),
            (Mode::Relate(relating), KeyMeaning::Back) => self.relating_back(relating),
            (Mode::Jump(jumping), KeyMeaning::Hint(c)) => self.jumping_key(jumping, c),
            (Mode::Jump(mut jumping), KeyMeaning::Back) => {
                let is_over = jumping.typed.pop().is_none();
                self.set_mode(if is_over { Mode::Mark } else { Mode::Jump(jumping) });
            }
            (Mode::Propose(_), meaning) => self.proposing_key(meaning),
            (Mode::Mend(problem), KeyMeaning::Confirm) => self.mend(&problem),
            (Mode::Mend(_), _) => {
                self.toasts.done("A problem goes away when it is mended; Delete removes the annotation");
            }
            (Mode::Mark | Mode::Relate(_) | Mode::Jump(_), _) => {}
        }
    }

    pub(super) fn fill_with_annotation(&mut self, id: &Id) {
        let Some(session) = &self.session else { return };
        let Mode::Fill(filling) = &session.mode else { return };
        let schema = session.editor.schema();
        match filling::as_filler(session.document(), schema, &filling.owner, &filling.slot, id) {
            Some(filler) => self.fill_with(filler),
            None => {
                let filler = match session.document().kind_of(id) {
                    Some(Kind::Event) => Filler::Event(id.clone()),
                    _ => Filler::Mention(id.clone()),
                };
                // Refused, with the reason.
                self.fill_with(filler);
            }
        }
    }

    /// Says why letters lead nowhere.
    pub(super) fn no_such_letters(&mut self, typed: &str) {
        let Some(session) = &self.session else { return };
        let message = match &session.mode {
            Mode::Fill(filling) if filling.slot == Slot::Cue => {
                "A cue is chosen by its words: select them, then press Enter".to_owned()
            }
            Mode::Fill(filling) if session.hints.is_empty() => {
                let role = filling.slot.name();
                format!(
                    "Nothing more on the page can be {role}: select words and press Enter, or Space for the next role"
                )
            }
            _ if session.hints.is_empty() => "Nothing on the page can be chosen; Esc leaves".to_owned(),
            _ => format!("Nothing on the page has the letters {typed}: what can be chosen shows its own"),
        };
        self.toasts.refused(message);
    }

    pub(super) fn hinted(&self, typed: &str) -> Hinted {
        let Some(session) = &self.session else { return Hinted::None };
        let mut fitting = session.hints.iter().filter(|(code, _)| code.starts_with(typed));
        match fitting.next() {
            Some((code, id)) if code == typed => Hinted::One(id.clone()),
            Some(_) => Hinted::Some,
            None => Hinted::None,
        }
    }
}

impl App {
    /// Letters on every annotation of the page.
    pub(super) fn start_jump(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.visible.is_empty() {
            self.toasts.refused("There is no annotation on the page");
        } else {
            session.mode = Mode::Jump(Jumping::default());
        }
    }

    fn jumping_key(&mut self, mut jumping: Jumping, c: char) {
        jumping.typed.push(c);
        match self.hinted(&jumping.typed) {
            Hinted::One(id) => {
                self.set_mode(Mode::Mark);
                self.reveal(&id);
            }
            Hinted::Some => self.set_mode(Mode::Jump(jumping)),
            Hinted::None => self.no_such_letters(&jumping.typed),
        }
    }
}

/// Commands in between which roles may go on being filled. All others leave what is filled and end that; undo and
/// Escape see to it themselves.
pub(super) fn keeps_filling(command: Command) -> bool {
    use Command::{
        Cancel, Copy, ExtendEnd, ExtendStart, Jump, KeepPart, NextAnnotation, NextProblem, PickAtCaret,
        PreviousAnnotation, PreviousProblem, Redo, ShrinkEnd, ShrinkStart, ToggleBrush, Undo,
    };
    match command.info().section {
        Section::Move => {
            !matches!(command, NextAnnotation | PreviousAnnotation | PickAtCaret | Jump | NextProblem | PreviousProblem)
        }
        Section::View | Section::Help => true,
        Section::File | Section::Project => false,
        Section::Edit => matches!(command, Undo | Redo | Copy | Cancel),
        Section::Mark => {
            matches!(command, KeepPart | ExtendEnd | ShrinkEnd | ExtendStart | ShrinkStart | ToggleBrush)
        }
    }
}

/// What typed hint letters mean.
pub(super) enum Hinted {
    One(Id),
    Some,
    None,
}
