//! Choosing: which annotation fills a slot of an event or quote, and where a relation leads.

use super::App;
use super::action::Slot;
use super::dialog::Dialog;
use super::filling::{self, Filling, Mode, Relating};
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

    /// Asks for a slot of an event or quote: the given one, or the first that is empty.
    pub(super) fn ask_for(&mut self, owner: &Id, slot: Option<Slot>) {
        let Some(session) = &mut self.session else { return };
        let (document, schema) = (session.editor.document(), session.editor.schema().clone());
        let slot = slot.or_else(|| filling::first_slot(document, &schema, owner));
        session.selected = Some(owner.clone());
        session.mode = match slot {
            Some(slot) => Mode::Fill(Filling { owner: owner.clone(), slot, typed: String::new() }),
            None => Mode::Mark,
        };
        // The words that were selected are the trigger or the content; they are no filler.
        session.selection = TextSelection::caret(session.selection.head);
    }

    pub(super) fn fill_with(&mut self, filler: Filler) {
        let Some(Mode::Fill(filling)) = self.session.as_ref().map(|s| s.mode.clone()) else { return };
        let Slot::Role(role) = &filling.slot else { return };
        let Some(session) = &self.session else { return };
        let nth = filling::count(session.document(), &filling.owner, &filling.slot);
        let intent = Intent::SetArgument { id: filling.owner.clone(), role: role.clone(), nth, filler: Some(filler) };
        if self.edit(&intent).is_some() {
            self.slot_filled(&filling);
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
        if self.edit(&intent).is_some() {
            self.slot_filled(&filling);
        }
    }

    fn slot_filled(&mut self, filling: &Filling) {
        let Some(session) = &mut self.session else { return };
        session.selection = TextSelection::caret(session.selection.head);
        let schema = session.editor.schema().clone();
        let next = filling::after_filling(session.editor.document(), &schema, &filling.owner, &filling.slot);
        let owner = filling.owner.clone();
        session.mode = next.map_or(Mode::Mark, |slot| Mode::Fill(Filling { owner, slot, typed: String::new() }));
    }

    pub(super) fn next_slot(&mut self) {
        self.step_slot(filling::next_slot);
    }

    fn step_slot(&mut self, step: fn(&crate::model::Document, &crate::model::Schema, &Id, &Slot) -> Option<Slot>) {
        let Some(session) = &mut self.session else { return };
        let Mode::Fill(filling) = &session.mode else { return };
        let schema = session.editor.schema().clone();
        let slot = step(session.editor.document(), &schema, &filling.owner, &filling.slot);
        let owner = filling.owner.clone();
        session.mode = slot.map_or(Mode::Mark, |slot| Mode::Fill(Filling { owner, slot, typed: String::new() }));
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
                    self.step_slot(filling::previous_slot);
                }
            }
            (Mode::Fill(mut filling), KeyMeaning::Hint(c)) => {
                filling.typed.push(c);
                match self.hinted(&filling.typed) {
                    Hinted::One(id) => self.fill_with_annotation(&id),
                    Hinted::Some => self.set_mode(Mode::Fill(filling)),
                    Hinted::None => self.toasts.refused("No such letters on the page"),
                }
            }
            (Mode::Relate(relating), KeyMeaning::Hint(c)) => self.relating_key(relating, c),
            (Mode::Relate(mut relating), KeyMeaning::Back) => {
                if relating.typed.pop().is_none() {
                    relating.to = None;
                }
                self.set_mode(Mode::Relate(relating));
            }
            (Mode::Propose(_), meaning) => self.proposing_key(meaning),
            (Mode::Mend(problem), KeyMeaning::Confirm) => self.mend(&problem),
            (Mode::Mend(_), _) => {
                self.toasts.done("A problem goes away when it is mended; Delete removes the annotation");
            }
            (Mode::Mark | Mode::Relate(_), _) => {}
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

    fn hinted(&self, typed: &str) -> Hinted {
        let Some(session) = &self.session else { return Hinted::None };
        let mut fitting = session.hints.iter().filter(|(code, _)| code.starts_with(typed));
        match fitting.next() {
            Some((code, id)) if code == typed => Hinted::One(id.clone()),
            Some(_) => Hinted::Some,
            None => Hinted::None,
        }
    }

    pub(super) fn start_relation(&mut self) {
        let Some(session) = &self.session else { return };
        match session.selected.clone() {
            _ if session.editor.schema().relations.is_empty() => {
                self.toasts.refused(format!("The schema {} has no relations", session.editor.schema().name));
            }
            Some(from) if session.document().kind_of(&from) != Some(Kind::Relation) => {
                self.set_mode(Mode::Relate(Relating { from, to: None, typed: String::new() }));
            }
            _ => self.toasts.refused("Select where the relation starts first: click an annotation, or press Alt+Down"),
        }
    }

    fn relating_key(&mut self, mut relating: Relating, c: char) {
        let Some(session) = &self.session else { return };
        if let Some(to) = &relating.to {
            let labels = filling::legal_relations(session.document(), session.editor.schema(), &relating.from, to);
            let chosen = c.to_digit(10).and_then(|digit| labels.get((digit as usize).checked_sub(1)?));
            if let Some(label) = chosen.map(|l| (*l).to_owned()) {
                self.add_relation(&label);
            }
            return;
        }
        relating.typed.push(c);
        match self.hinted(&relating.typed) {
            Hinted::One(to) => self.relate_to(to),
            Hinted::Some => self.set_mode(Mode::Relate(relating)),
            Hinted::None => self.toasts.refused("No such letters on the page"),
        }
    }

    /// The relation leads to `to`; if only one label is legal, that is it.
    pub(super) fn relate_to(&mut self, to: Id) {
        let Some(session) = &self.session else { return };
        let Mode::Relate(relating) = session.mode.clone() else { return };
        let schema = session.editor.schema().clone();
        match filling::legal_relations(session.document(), &schema, &relating.from, &to).as_slice() {
            [] => {
                let (from, to) = (session.document().label_of(&relating.from), session.document().label_of(&to));
                self.toasts.refused(format!("No relation of the schema leads from {from} to {to}"));
            }
            [only] => {
                self.set_mode(Mode::Relate(Relating { to: Some(to), ..relating }));
                self.add_relation(only);
            }
            _ => self.set_mode(Mode::Relate(Relating { to: Some(to), typed: String::new(), ..relating })),
        }
    }

    pub(super) fn add_relation(&mut self, label: &str) {
        let Some(Mode::Relate(Relating { from, to: Some(to), .. })) = self.session.as_ref().map(|s| s.mode.clone())
        else {
            return;
        };
        self.set_mode(Mode::Mark);
        if let Some(id) =
            self.edit(&Intent::AddRelation { label: label.to_owned(), from, to }).and_then(|done| done.created)
        {
            self.made(&id, false);
        }
    }
}

/// What typed hint letters mean.
enum Hinted {
    One(Id),
    Some,
    None,
}
